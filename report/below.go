package report

import (
	"cmp"
	"slices"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
)

// undecidedProse says that it is not known whether the routes stayed, of which time, and what
// is known of the rest.
func undecidedProse(p *printer, c *facts) para {
	w := c.f.Watched
	out := say("answer.undecided", locale.None, "span", p.span(), "what", p.what(c.prefixes, len(c.f.Subject.Prefixes)))
	out = append(out, unshownProse(p, c, func(u *finding.Unshown) bool { return u.Doubt })...)
	if 0 < w.Seconds && w.Seconds < w.Of { // of several prefixes others may have been watched throughout
		out = append(out, say("answer.undecided.rest", locale.None, "watched", p.hours(w.Seconds), "asked", p.hours(w.Of))...)
	}
	if c.f.Below.Short.Losses > 0 {
		out = append(out, lackedProse(p, c)...)
	}
	return out
}

// unshownProse tells the longest of the times in which it is not known whether routes stayed,
// and how many there are.
func unshownProse(p *printer, c *facts, is func(*finding.Unshown) bool) para {
	b := c.f.Below
	if b == nil {
		return nil
	}
	var of []*finding.Unshown
	for i := range b.Unshown {
		if is(&b.Unshown[i]) {
			of = append(of, &b.Unshown[i])
		}
	}
	if len(of) == 0 {
		return nil
	}
	u := slices.MaxFunc(of, func(a, b *finding.Unshown) int {
		return cmp.Or(cmp.Compare(a.Prefixes, b.Prefixes), cmp.Compare(a.Until-a.From, b.Until-b.From), cmp.Compare(b.From, a.From))
	})
	a := []any{"from", p.at(u.From), "long", p.words(int64((u.Until - u.From) / moment.Second)), "n", p.n(int64(u.Without)), "of", p.counted("unit.peer", int64(u.Watching)),
		"away", p.counted("unit.peer", int64(u.Away))}
	var out para
	switch {
	case u.Why == finding.UnshownOpen:
		out = say("below.open", int64(u.Without), a...)
	case u.Why == finding.UnshownUnlisted:
		out = say("below.unlisted", int64(u.Without), a...)
	case u.Why == finding.UnshownPerhaps:
		out = say("below.perhaps", int64(u.Without), a...)
	case u.Without == u.Watching && u.Without == 2:
		out = say("below.left.both", locale.None, a...)
	case u.Without == u.Watching:
		out = say("below.left", int64(u.Without), a...)
	default:
		out = say("below.left.part", int64(u.Without), a...)
	}
	if u.Why == finding.UnshownLeft && u.Away > 0 {
		out = append(out, say("below.away", int64(u.Away), a...)...)
	}
	if n := len(c.f.Subject.Prefixes); n > 1 {
		out = append(out, say("below.prefixes", int64(u.Prefixes), "k", p.n(int64(u.Prefixes)), "n", p.n(int64(n)))...)
	}
	if n := int64(len(of) - 1 + b.UnshownOf - len(b.Unshown)); n > 0 {
		out = append(out, say("below.more", n, "n", p.n(n))...)
	}
	return out
}

// lackedProse tells who lacked routes that are said to have stayed: fewer, or for less long,
// than what counts as a loss.
func lackedProse(p *printer, c *facts) para {
	b := c.f.Below
	if b == nil || b.Most == 0 || b.MostAt == nil {
		return nil
	}
	out := say("below.lacked", int64(b.Peers), "n", p.n(int64(b.Peers)), "carriers", p.counted("unit.peer", int64(max(c.carriers, b.Peers))),
		"most", p.n(int64(b.Most)), "of", p.n(int64(b.Of)), "at", p.at(*b.MostAt))
	if s := b.Short; s.Losses > 0 {
		out = append(out, say("below.short", int64(s.Losses), "n", p.n(int64(s.Losses)), "longest", p.words(s.Longest), "sum", p.words(s.Seconds))...)
	}
	return append(out, say("below.rule", locale.None)...)
}

// undecidedBeside tells, beside an outage or a partial loss, of which other time it is not known
// whether routes stayed.
func undecidedBeside(p *printer, c *facts) para {
	if c.f.Answer != finding.AnswerOutage && c.f.Answer != finding.AnswerPartial || c.head == nil {
		return nil
	}
	out := unshownProse(p, c, func(u *finding.Unshown) bool {
		return u.Doubt && (c.f.Answer == finding.AnswerOutage || !inLeft(c.head, u))
	})
	if out == nil {
		return nil
	}
	return append(say("below.beside", locale.None), out...)
}

// leftIn tells of a loss in part in which times those who still watched lacked it.
func leftIn(p *printer, c *facts, h *finding.Outage) para {
	return unshownProse(p, c, func(u *finding.Unshown) bool { return inLeft(h, u) })
}

// inLeft reports whether a time lies in an outage, and those who still watched lacked it there.
func inLeft(h *finding.Outage, u *finding.Unshown) bool {
	return u.Why == finding.UnshownLeft && (h.Until == nil || u.From < *h.Until) && h.From < u.Until
}
