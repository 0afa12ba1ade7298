package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"constat/judge/finding"
	"constat/judge/timing"
	"constat/moment"
	"constat/report/document"
)

// howSection is how the subject went dark, apart from where and never about who.
func howSection(p *printer, c *facts) []document.Block {
	i := slices.IndexFunc(c.f.How, func(h finding.How) bool {
		return c.head != nil && h.Outage >= 0 && h.Outage < len(c.f.Outages) && &c.f.Outages[h.Outage] == c.head
	})
	if i < 0 {
		return nil
	}
	a := &c.f.How[i].Account
	var out []document.Block
	para := func(t document.Text) { out = append(out, document.Para{Text: t}) }
	para(p.h("how.apart"))
	order := p.h("how.order.unknown")
	if p.has("how.order." + string(a.Shape)) {
		order = p.hn("how.order."+string(a.Shape), int64(len(a.Order)), "n", p.n(int64(len(a.Order))), "as", firstOrigin(p, a), "length", p.words(a.SpreadS))
	}
	para(order)
	f := a.Flapping
	key := "how.steady"
	var earlier document.Span
	switch o := c.openBefore(c.head); {
	case f.Present:
		key = "how.flapping"
	case f.Count > 0:
		key = "how.few"
	case o != nil:
		key, earlier = "how.open", p.then(o.From, c.head.From)
	}
	para(p.hn(key, int64(f.Count), "earlier", earlier, "n", p.n(int64(f.Count)), "span", p.words(f.SpanS), "watched", p.words(f.WatchedS)))
	if b := a.Bursts; b.Peers > 0 {
		key := "how.bursts"
		if b.InOne == b.Peers {
			key = "how.burst"
		}
		para(p.hn(key, int64(b.Peers), "k", p.n(int64(b.InOne)), "n", p.n(int64(b.Peers)), "median", p.words(b.MedianSpan), "longest", p.words(b.LongestS)))
	}
	if len(a.Order) > 1 {
		out = append(out, orderTable(p, a))
	}
	after := func(t document.Text) { out = append(out, document.Para{Text: t, Style: document.Prose}) }
	switch a.Off {
	case timing.NotOff:
		table, texts := signTable(p, a)
		if len(table.Rows) > 0 {
			out = append(out, table)
		}
		for _, t := range texts {
			after(t)
		}
	case timing.OffRestamped:
		after(p.h("how.off.restamped"))
	case timing.OffStandard:
		after(p.h("how.off.standard", "name", clip(c.f.Verdict.Standard.Name, 40)))
	default:
		after(p.h("how.off", "why", clip(string(a.Off), 80)))
	}
	return out
}

// openBefore is the first outage of the subject that began before another and went on when that began;
// nil if there is none.
//
// Example: one prefix is out from 12:10 on, and ten more from 12:30 on: the second was not steady before.
func (c *facts) openBefore(x *finding.Outage) *finding.Outage {
	for i := range c.f.Outages {
		o := &c.f.Outages[i]
		if o.Scope == x.Scope && o.Name == x.Name && !o.Partial && o.From < x.From && (o.Until == nil || *o.Until > x.From) {
			return o
		}
	}
	return nil
}

func firstOrigin(p *printer, a *timing.Account) string {
	if len(a.Order) == 0 {
		return ""
	}
	return p.as(a.Order[0].AS)
}

// orderTable is in which order the operators went, folded away if it is long.
func orderTable(p *printer, a *timing.Account) document.Block {
	caption := p.t("how.order.caption")
	t := document.Table{Name: "order", Numbered: true, Dense: true, Anchor: "ord", Caption: document.Plain(caption),
		Columns: document.Columns(p.t("col.operator"), p.t("col.onset"), p.t("col.after"), p.t("col.prefixes"))}
	for i, s := range a.Order {
		if i == tableRows {
			t.More = p.more(int64(len(a.Order) - i))
			break
		}
		after := "–"
		if i > 0 {
			after = p.exact(s.AfterS)
		}
		t.Rows = append(t.Rows, document.Row{Cells: document.Cells(p.as(s.AS), p.stamp(moment.Unix(s.At, 0)), after, p.n(int64(s.Prefixes)))})
	}
	if long(len(t.Rows)) {
		return document.Fold{Summary: caption, Long: true, Blocks: []document.Block{t}}
	}
	return t
}

// signTable is the signs that were weighed, and what they come to.
func signTable(p *printer, a *timing.Account) (t document.Table, after []document.Text) {
	t = document.Table{Name: "how", Numbered: true, Caption: document.Plain(p.t("how.caption")),
		Columns: document.Numbers(document.Columns(p.t("col.feature"), p.t("col.here"), p.t("col.ratio"), p.t("col.weight"), p.t("col.for")), 2, 3)}
	capped := false
	var sources []string
	for _, s := range a.Signs {
		r := struct{ Note, Ratio, Weight, For, Why string }{Ratio: "–", Weight: "–", For: "–"}
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
		cells := document.Cells(p.word("how.sign.", string(s.Key)), p.word("how.v.", s.Value), r.Ratio, r.Weight, r.For)
		cells[1].Note, cells[4].Note = r.Note, r.Why
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	o := a.Overall
	switch {
	case o.For == timing.BothWays:
		after = append(after, p.h("how.overall.both"))
	case o.Weight == nil || o.For == timing.Neither:
		after = append(after, p.h("how.overall.none"))
	default:
		w := *o.Weight
		if w > 0 && w < 1 {
			w = 1 / w
		}
		after = append(after, p.h("how.overall", "side", p.word("how.for.", string(o.For)), "times", p.ratio(w), "sign", p.word("how.sign.", string(o.Of))))
	}
	if len(sources) > 0 {
		after = append(after, p.h("how.source", "source", clip(strings.Join(sources, "; "), 200)))
	}
	if capped {
		after = append(after, p.h("how.capped", "cap", p.ratio(timing.Cap)))
	}
	return t, after
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
