package report

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/routes/atlas"
)

// arrivals are prefixes that arrived alike: with one origin, by tables or without; or not at once.
type arrivals struct {
	origin uint32
	began  string
	slow   bool
	rows   []*finding.Arrival
}

func groupArrivals(c *facts) []arrivals {
	var out []arrivals
	for i := range c.f.Arrived {
		a := &c.f.Arrived[i]
		if a.From.First == nil {
			continue
		}
		at := slices.IndexFunc(out, func(g arrivals) bool {
			return g.slow && a.Half != nil || !g.slow && a.Half == nil && g.origin == a.Origin && g.began == a.Began
		})
		if at < 0 {
			at = len(out)
			out = append(out, arrivals{origin: a.Origin, began: a.Began, slow: a.Half != nil})
		}
		out[at].rows = append(out[at].rows, a)
	}
	return out[:min(len(out), mostGroups)]
}

// arrivedLate is how many prefixes arrived within the question: they did not stay from its start. Of
// more than are listed those that are not are the latest.
func (c *facts) arrivedLate() (n int) {
	n = max(0, c.f.ArrivedOf-len(c.f.Arrived))
	for _, a := range c.f.Arrived {
		if a.Half != nil || a.From.First != nil && *a.From.First > c.f.Question.From {
			n++
		}
	}
	return n
}

// allArrived reports whether every prefix that is vouched for arrived within the question:
// then nothing stayed all the time.
func (c *facts) allArrived() bool {
	n := c.arrivedLate()
	return n > 0 && n >= c.prefixes
}

// stayedSince reports whether the answer is that the routes stayed since they arrived.
func (c *facts) stayedSince() bool { return c.f.Answer == finding.AnswerStayed && c.allArrived() }

// arrivedProse tells of prefixes that were not there when the data begin when they were first
// seen, by whom they were announced and to how many peers they came. Each group is a
// paragraph.
//
// Example: "No route to 208.65.153.0/24 was seen before 24 February 2008 at 18:47:57 UTC:
// then AS17557 was first seen to announce it, and 42 peers in 36 networks came to have it."
func arrivedProse(p *printer, c *facts) []para {
	var out []para
	for _, g := range groupArrivals(c) {
		n := int64(len(g.rows))
		if g.slow {
			if c.f.Answer == finding.AnswerStayed { // beside a loss, who came to have routes is not the question
				out = append(out, slowProse(p, c, g))
			}
			continue
		}
		first, most := g.rows[0], g.rows[0]
		for _, a := range g.rows {
			if a.Networks > most.Networks {
				most = a
			}
		}
		var who any = p.t("arrived.several")
		if g.origin != 0 {
			who = p.is(g.origin)
		}
		a := []any{"as", who, "prefix", ofPrefix(first.Prefix), "n", p.n(n), "of", p.ofSubject(), "from", p.at(*first.From.First),
			"peers", p.counted("unit.peer", int64(most.Peers)), "networks", p.counted("unit.network", int64(most.Networks))}
		key := "arrived"
		if p.f.Subject.Kind != atlas.KindPrefix { // others may have announced it, and it is the network's that is told
			key = "arrived.of"
		}
		s := say(key, n, a...)
		if i := slices.IndexFunc(c.f.Others, func(o finding.OtherOrigin) bool {
			return o.Prefix == first.Prefix && o.Origin == g.origin && sayable(c, &o)
		}); i >= 0 && !c.stayedSince() {
			continue // it is told beside whom it was announced, with when and to how many
		}
		told := slices.ContainsFunc(c.f.Others, func(o finding.OtherOrigin) bool { return o.Prefix == first.Prefix })
		switch {
		case g.began == finding.OtherNew && first.Table != nil:
			s = append(s, say("arrived.new", n, append(a, "table", p.at(*first.Table))...)...)
			if n == 1 && first.Within.IsValid() && !told {
				s = append(s, say("arrived.within", locale.None, "within", ofPrefix(first.Within), "holder", p.is(first.Holder))...)
			}
			if p.f.Subject.Kind == atlas.KindPrefix && !told {
				s = append(s, say("arrived.whose", locale.None)...)
			}
		case !told: // else it is told beside whom it was announced, and what stood
			s = append(s, say("arrived.unknown", n, a...)...)
		}
		s = append(s, cutProse(p, c, g)...)
		if c.f.Answer == finding.AnswerStayed && !c.stayedSince() && *first.From.First > c.f.Question.From && !standsIn(c, g) {
			s = append(s, say("arrived.since", n, a...)...)
		}
		out = append(out, s)
	}
	if n := c.f.ArrivedOf; n > 0 && len(out) > 0 {
		out[len(out)-1] = append(out[len(out)-1], say("arrived.listed", locale.None, "n", p.n(int64(n)), "k", p.n(int64(len(c.f.Arrived))))...)
	}
	return out
}

// slowProse tells of prefixes that did not come at once until when at least half of those who had
// them at some time are known not to have had them: the last of them by name.
func slowProse(p *printer, c *facts, g arrivals) para {
	n := int64(len(g.rows))
	last := slices.MaxFunc(g.rows, func(a, b *finding.Arrival) int { return cmp.Compare(*a.Half, *b.Half) })
	a := []any{"prefix", ofPrefix(last.Prefix), "half", p.at(*last.Half), "peers", p.counted("unit.peer", int64(last.Peers)), "n", p.n(n), "more", p.n(n - 1), "of", p.ofSubject()}
	of := ""
	if p.f.Subject.Kind != atlas.KindPrefix { // they may have had another's
		of = ".of"
	}
	s := say("arrived.half"+of, locale.None, a...)
	switch {
	case n > 1:
		s = append(s, say("arrived.half.more", n-1, a...)...)
	case last.Began == finding.OtherNew: // in order of time: behind a hole it may be seen later than that
		first := say("arrived.half.first"+of, locale.None, append(a, "from", p.at(*last.From.First))...)
		if *last.From.First > *last.Half {
			s = append(s, first...)
		} else {
			s = append(first, s...)
		}
	}
	if !c.stayedSince() && !standsIn(c, g) {
		s = append(s, say("arrived.since", n, a...)...)
	}
	return s
}

// standsIn reports whether other routes stood in for a prefix of a group: then it did not stay.
func standsIn(c *facts, g arrivals) bool {
	return slices.ContainsFunc(c.f.Subject.Prefixes, func(x finding.Prefix) bool {
		return x.Covered+x.Replaced+x.Unknown+x.Standing > 0 && slices.ContainsFunc(g.rows, func(a *finding.Arrival) bool { return a.Prefix == x.Prefix })
	})
}

// cutProse says of one prefix that arrived, and was lost later, how long it had been there.
func cutProse(p *printer, c *facts, g arrivals) para {
	if len(g.rows) != 1 {
		return nil
	}
	a := g.rows[0]
	for _, o := range c.f.Outages {
		if o.Scope == "prefix" && o.Name == a.Prefix.String() && o.From > *a.From.First && *a.From.First > c.f.Question.From {
			return say("arrived.cut", locale.None, "long", p.words(int64((o.From-*a.From.First)/moment.Second)))
		}
	}
	return nil
}

// arrivedStayed says that routes that arrived stayed from then on.
func arrivedStayed(p *printer, c *facts) []para {
	out := arrivedProse(p, c)
	if len(out) == 0 {
		return nil
	}
	w := c.f.Watched
	out[0] = append(out[0], say("arrived.stayed", locale.None, "watched", p.hours(w.Seconds), "until", p.then(c.f.Question.Until, *c.f.Arrived[0].From.First))...)
	out[0] = append(append(out[0], lackedProse(p, c)...), unshownProse(p, c, func(*finding.Unshown) bool { return true })...)
	out[0] = append(append(out[0], coveredProse(p, c)...), dimProse(p, c)...)
	return out
}

// askedProse says that the prefix that was asked about had no route of its own, if what is
// told is of prefixes within it, or of such that hold it.
func askedProse(p *printer) para {
	s := &p.f.Subject
	asked, err := netip.ParsePrefix(s.Name)
	if s.Kind != atlas.KindPrefix || err != nil || len(s.Prefixes) == 0 {
		return nil
	}
	var names []string
	within := 0
	for _, x := range s.Prefixes {
		if x.Prefix == asked.Masked() {
			return nil
		}
		if x.Prefix.Bits() > asked.Bits() {
			within++
		}
		names = append(names, x.Prefix.String())
	}
	key := "asked.mixed"
	switch within {
	case len(names):
		key = "asked.within"
	case 0:
		key = "asked.holding"
	}
	return say(key, int64(len(names)), "subject", p.subject(), "prefixes", p.prefixes(names))
}

// onlyOne names the one prefix that stands for a prefix that was asked about; "" if that
// is the prefix itself.
func (p *printer) onlyOne() string {
	s := &p.f.Subject
	if len(s.Prefixes) != 1 || strings.EqualFold(s.Prefixes[0].Prefix.String(), s.Name) {
		return ""
	}
	return s.Prefixes[0].Prefix.String()
}

// arrivedTitle is the title of the timeline where nothing was seen before a moment.
func arrivedTitle(p *printer, c *facts) string {
	if h := c.f.Arrived[0].Half; h != nil {
		return p.t("timeline.title.half", "at", document.Text{p.at(*h)}.String())
	}
	return p.t("timeline.title.arrived", "at", document.Text{p.at(*c.f.Arrived[0].From.First)}.String())
}
