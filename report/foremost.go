package report

import (
	"net/netip"
	"slices"
	"strings"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
)

// What comes first in a report: the loss, or what another network announced of the
// subject's addresses, or the subject of another's. Of both the space is taken as a share of
// the subject's, IPv4 and IPv6 never added up, times how long, median to median, times the
// peers that lost it or had it. Announcements come first if they are larger and reached as
// many peers as lost the routes; where nothing was lost, if they reached half of the carriers.
//
// Example: AS18101 announces 26 prefixes of AS62041 for 14 hours, and up to 16 peers have
// them; 7 peers lose one of them for 11 hours. The announcements come first.

// toldOthers are the announcements by networks that go into the answer: the subject's of
// others' addresses, and others' of the subject's, with what answered them.
func toldOthers(c *facts) (ours, theirs []ofOthers, answers []*finding.OtherOrigin) {
	var of, by []*finding.OtherOrigin
	apart := map[netip.Prefix]bool{} // of the subject's announcements, those that are set aside
	for _, o := range c.f.Others {
		if o.Aside && o.Subject {
			apart[o.Prefix] = true
		}
	}
	for i := range c.f.Others {
		switch o := &c.f.Others[i]; {
		case o.Own != nil && !o.Subject:
			answers = append(answers, o)
		case !o.Subject && o.Holder.Subject && apart[o.Holder.Prefix]: // what the subject announced there is told
		case !sayable(c, o):
		case o.Subject:
			of = append(of, o)
		default:
			by = append(by, o)
		}
	}
	ours, theirs = groupOthers(of), groupOthers(by)
	for _, groups := range [][]ofOthers{ours, theirs} { // neighbours last
		slices.SortStableFunc(groups, func(a, b ofOthers) int { return b2i(a.neighbours()) - b2i(b.neighbours()) })
	}
	return ours, theirs, answers
}

// neighbours reports whether a relation is known of all the announcements of a group.
func (g ofOthers) neighbours() bool {
	return !slices.ContainsFunc(g.rows, func(o *finding.OtherOrigin) bool { return o.Relation == "" })
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// othersFirst reports whether announcements come before what was lost: they are larger or,
// where nothing was lost, at least half of the peers had them that carry the routes.
func (c *facts) othersFirst() bool {
	groups := c.strangers()
	switch {
	case len(groups) == 0 || c.event != nil:
		return false
	case c.f.Answer == finding.AnswerStayed:
		return slices.ContainsFunc(groups, func(g ofOthers) bool { return 2*g.most().Peers >= c.carriers })
	case c.head == nil:
		return false
	}
	largest := 0.0
	for _, g := range groups {
		if g.most().Peers >= c.head.Witnesses.Lost { // what few had is not what was seen
			largest = max(largest, c.announced(g))
		}
	}
	lost := 0.0
	all := c.whole
	if c.head.Partial {
		all = c.partial
	}
	if !slices.Contains(all, c.head) {
		all = append(slices.Clone(all), c.head)
	}
	for _, o := range all {
		lost += c.share(o.Lost.V4, o.Lost.V6) * float64(max(moment.Second, c.length(o))) * float64(o.Witnesses.Lost)
	}
	return largest > lost
}

// strangers are the announcements that may come first: not those of neighbours alone, which
// often announce for each other, as a provider does that has an attack thrown away.
func (c *facts) strangers() []ofOthers {
	ours, theirs, _ := toldOthers(c)
	return slices.DeleteFunc(slices.Concat(ours, theirs), ofOthers.neighbours)
}

// share is space as a share of the subject's.
func (c *facts) share(v4, v6 int64) float64 {
	var ps []netip.Prefix
	for _, p := range c.f.Subject.Prefixes {
		ps = append(ps, p.Prefix)
	}
	of4, of6 := size(ps)
	return max(float64(v4)/float64(max(of4, 1)), float64(v6)/float64(max(of6, 1)))
}

// announced is the size of a network's announcements. Of two of which one lies within the
// other the larger counts.
func (c *facts) announced(g ofOthers) (sum float64) {
	for _, o := range g.rows {
		if o.From.Median == nil || slices.ContainsFunc(g.rows, func(x *finding.OtherOrigin) bool {
			return x != o && x.Prefix.Bits() < o.Prefix.Bits() && x.Prefix.Contains(o.Prefix.Addr())
		}) {
			continue
		}
		until := c.f.Question.Until
		if o.Until.Median != nil {
			until = *o.Until.Median
		}
		from := max(*o.From.Median, c.f.Question.From)
		v4, v6 := size([]netip.Prefix{o.Prefix})
		sum += c.share(v4, v6) * float64(max(0, until-from)) * float64(o.Peers)
	}
	return sum
}

// most is the announcement that most networks had.
func (g ofOthers) most() *finding.OtherOrigin {
	most := g.rows[0]
	for _, o := range g.rows {
		if o.Networks > most.Networks {
			most = o
		}
	}
	return most
}

// othersTitle says in a title who announced what of whose.
func othersTitle(p *printer, c *facts) string {
	g := c.strangers()[0]
	key := "others.title"
	if len(g.holders) > 1 {
		key += ".several"
	}
	n := int64(len(g.rows))
	return p.tn(key, n, "as", p.asNumber(g.origin), "of", p.asNumber(g.holders[0]), "n", p.n(n), "prefix", g.rows[0].Prefix.String())
}

// othersFigure is the key figure of what was announced.
func othersFigure(p *printer, c *facts) keyFigure {
	g := c.strangers()[0]
	first, last, open := *g.rows[0].From.First, g.rows[0].Until.Last, false
	for _, o := range g.rows {
		first = min(first, *o.From.First)
		switch {
		case o.Until.Last == nil:
			open = true
		case last == nil || *o.Until.Last > *last:
			last = o.Until.Last
		}
	}
	until := "…"
	if !open && last != nil {
		until = p.untilStamp(first, last)
	}
	n, most := int64(len(g.rows)), g.most()
	value := g.rows[0].Prefix.String()
	if n > 1 {
		value = p.count("unit.prefix", n)
	}
	return keyOf(p.t("key.others"), value, p.t("key.others.note", "title", othersTitle(p, c), "peers", p.counted("unit.peer", int64(most.Peers)),
		"networks", p.counted("unit.network", int64(most.Networks)), "from", p.stamp(first), "until", until))
}

// quotedProse are the paragraphs that others may print: what comes first, and what must not be
// left out beside it.
func quotedProse(p *printer, c *facts) []para {
	all := answer(p, c)
	if len(all) == 0 {
		return nil
	}
	top, _ := lead(p, c)
	n := 1
	// Of a series the first paragraph says how often, the second what the largest
	// was and how sure that is. That routes stayed is not quoted without what it
	// leaves open.
	series := c.f.Answer == finding.AnswerOutage && c.head != nil && c.event == nil && !c.dominant
	if (series && !c.othersFirst() || c.f.Answer == finding.AnswerStayed || c.f.Answer == finding.AnswerUndecided) && len(all) > 1 {
		n = 2
	}
	out := slices.Clone(all[:n])
	if !c.othersFirst() {
		out[0] = top[0]
	} else if s := askedProse(p); s != nil {
		out[0] = append(slices.Clone(s), out[0]...)
	}
	others := othersProse(p, c)
	others = others[:min(1, len(others))]
	switch {
	case c.othersFirst():
		out = slices.Concat(others, out)
	case c.f.Answer == finding.AnswerOthers || c.f.Answer == finding.AnswerStayed: // what stayed, or was set aside, is half of it
		out = append(out, others...)
	}
	// That what is said to be lost, or to have stayed, was new is not left out.
	if !c.stayedSince() {
		for _, s := range arrivedProse(p, c) {
			if c.f.Answer == finding.AnswerStayed || slices.ContainsFunc(s, func(x sentence) bool { return x.key == "arrived.cut" }) {
				out = append(out, s)
			}
		}
	}
	return out
}

// quotedWords are these paragraphs in one.
func quotedWords(p *printer, c *facts) string {
	var out []string
	for _, s := range quotedProse(p, c) {
		out = append(out, p.text(s))
	}
	return strings.Join(out, " ")
}

// beforeTitle is a title with what comes before it.
func (p *printer) beforeTitle(c *facts, title string) string {
	if !c.othersFirst() {
		return title
	}
	if c.f.Answer == finding.AnswerStayed { // what stayed in that time is said beside it, with since when
		return othersTitle(p, c)
	}
	return document.Sentences(document.Plain(othersTitle(p, c)+"."), document.Plain(title)).String()
}

// OthersFirst reports whether a report tells of announcements by other networks, or of
// others' addresses, before what was lost.
func OthersFirst(f *finding.Findings) bool { return gather(f).othersFirst() }
