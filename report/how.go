package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"constat/judge/finding"
	"constat/judge/timing"
	"constat/moment"
)

// howBox is how the subject went dark, apart from where and never about who.
type howBox struct {
	Text  []template.HTML
	Order []orderRow
	More  string
	Signs []signRow
	After []template.HTML
}

type orderRow struct{ Name, At, After, Prefixes string }

type signRow struct{ What, Here, Note, Ratio, Weight, For, Why string }

func newHow(p *printer, c *facts) *howBox {
	i := slices.IndexFunc(c.f.How, func(h finding.How) bool {
		return c.head != nil && h.Outage >= 0 && h.Outage < len(c.f.Outages) && &c.f.Outages[h.Outage] == c.head
	})
	if i < 0 {
		return nil
	}
	a := &c.f.How[i].Account
	h := &howBox{}
	h.Text = append(h.Text, p.hn("how.order."+string(a.Shape), int64(len(a.Order)), "n", p.n(int64(len(a.Order))), "as", firstOrigin(p, a), "length", p.words(a.SpreadS)))
	if !p.has("how.order." + string(a.Shape)) {
		h.Text[0] = p.h("how.order.unknown")
	}
	if len(a.Order) > 1 {
		h.order(p, a)
	}
	f := a.Flapping
	key := "how.steady"
	switch {
	case f.Present:
		key = "how.flapping"
	case f.Count > 0:
		key = "how.few"
	}
	h.Text = append(h.Text, p.hn(key, int64(f.Count), "n", p.n(int64(f.Count)), "span", p.words(f.SpanS), "watched", p.words(f.WatchedS)))
	if b := a.Bursts; b.Peers > 0 {
		key := "how.bursts"
		if b.InOne == b.Peers {
			key = "how.burst"
		}
		h.Text = append(h.Text, p.hn(key, int64(b.Peers), "k", p.n(int64(b.InOne)), "n", p.n(int64(b.Peers)), "median", p.words(b.MedianSpan), "longest", p.words(b.LongestS)))
	}
	switch a.Off {
	case timing.NotOff:
		h.signs(p, a)
	case timing.OffRestamped:
		h.After = append(h.After, p.h("how.off.restamped"))
	case timing.OffStandard:
		h.After = append(h.After, p.h("how.off.standard", "name", clip(c.f.Verdict.Standard.Name, 40)))
	default:
		h.After = append(h.After, p.h("how.off", "why", clip(string(a.Off), 80)))
	}
	return h
}

func firstOrigin(p *printer, a *timing.Account) string {
	if len(a.Order) == 0 {
		return ""
	}
	return p.as(a.Order[0].AS)
}

func (h *howBox) order(p *printer, a *timing.Account) {
	for i, s := range a.Order {
		if i == tableRows {
			h.More = p.more(int64(len(a.Order) - i))
			break
		}
		r := orderRow{Name: p.as(s.AS), At: p.stamp(moment.Unix(s.At, 0)), After: "–", Prefixes: p.n(int64(s.Prefixes))}
		if i > 0 {
			r.After = p.exact(s.AfterS)
		}
		h.Order = append(h.Order, r)
	}
}

func (h *howBox) signs(p *printer, a *timing.Account) {
	capped := false
	var sources []string
	for _, s := range a.Signs {
		r := signRow{What: p.word("how.sign.", string(s.Key)), Here: p.word("how.v.", s.Value), Ratio: "–", Weight: "–", For: "–"}
		if s.Key == timing.KeyClock {
			var at []string
			for _, l := range a.Local {
				at = append(at, fmt.Sprintf("%02d:%02d:%02d %s", l.Hour, l.Minute, l.Second, clip(l.Zone, 40)))
			}
			r.Note = list(at, 2)
		}
		if s.Ratio != nil {
			r.Ratio = p.ratio(*s.Ratio)
		}
		if s.Weight != nil {
			r.Weight = p.ratio(*s.Weight)
			if s.Capped {
				r.Weight += " *"
				capped = true
			}
		}
		if s.For != timing.Neither {
			r.For = p.word("how.for.", string(s.For))
		}
		if s.Why != timing.Weighed {
			r.Why = p.word("how.why.", string(s.Why))
		}
		if s.Source != "" && !slices.Contains(sources, s.Source) {
			sources = append(sources, s.Source)
		}
		h.Signs = append(h.Signs, r)
	}
	o := a.Overall
	switch {
	case o.For == timing.BothWays:
		h.After = append(h.After, p.h("how.overall.both"))
	case o.Weight == nil || o.For == timing.Neither:
		h.After = append(h.After, p.h("how.overall.none"))
	default:
		w := *o.Weight
		if w > 0 && w < 1 {
			w = 1 / w
		}
		h.After = append(h.After, p.h("how.overall", "side", p.word("how.for.", string(o.For)), "times", p.ratio(w), "sign", p.word("how.sign.", string(o.Of))))
	}
	if len(sources) > 0 {
		h.After = append(h.After, p.h("how.source", "source", clip(strings.Join(sources, "; "), 200)))
	}
	if capped {
		h.After = append(h.After, p.h("how.capped", "cap", p.ratio(timing.Cap)))
	}
}

// ratio writes a likelihood ratio with two decimals at most.
func (p *printer) ratio(v float64) string {
	return p.w.Format.Decimal(v, 0, 2)
}

// word words a value of the findings; one that has no words is printed as it
// is, and nothing as unknown.
func (p *printer) word(prefix, value string) string {
	if p.has(prefix + value) {
		return p.t(prefix + value)
	}
	return cmp.Or(clip(value, 80), p.t("unknown"))
}
