package assess

import (
	"cmp"
	"math/bits"
	"net/netip"
	"slices"
	"sort"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
)

// What happened to a country at one time is one event, also if it happened in
// stages. Everything here is computed from outages and histories of prefixes
// alone; docs/definitions.md, "Countries", has the rules.

const (
	// eventGap is the longest time, in seconds, between the beginnings of two
	// stages that follow each other in one event.
	eventGap = 6 * 3600
	// eventScale is how many times more prefixes than are out of an event a
	// stage may have and still join it. A few prefixes that are out for days are
	// not the beginning of the night on which a country goes dark.
	eventScale = 10
)

// outPart is an interval in which one prefix was out.
type outPart struct {
	prefix      int
	from, until int64
	seen        bool          // it was seen to end
	spans       []outage.Span // of a prefix that came and went: when it was out
}

// countryEvent is the outages of the whole subject that belong together, with the
// outages of prefixes that they consist of.
type countryEvent struct {
	stages []stage
}

// stage is one outage of the whole subject with its parts, in order of time.
type stage struct {
	outage *outage.Outage
	parts  []outPart
}

// eventsOf groups the outages of the whole subject. A stage joins the newest
// event if it began at most eventGap after that event's latest stage, while at
// least half of the prefixes that had gone out in it were still out, and with at
// most eventScale times as many prefixes as these. Otherwise it opens a new one.
//
// Example: the three gateways of a country fail at 14:05, 14:12 and 14:19, and
// all of it comes back at 14:54: one event of three stages. A network that fails
// at 14:05 and is back at 14:06 and another that fails at 14:12: two events.
func eventsOf(found []outage.Outage) []countryEvent {
	stages := stagesOf(found)
	var out []countryEvent
	for _, s := range stages {
		if k := len(out) - 1; k >= 0 && out[k].takes(s) {
			out[k].stages = append(out[k].stages, s)
			continue
		}
		out = append(out, countryEvent{stages: []stage{s}})
	}
	return out
}

// stagesOf takes the outages of the whole subject in order of time, each with
// the outages of prefixes that formed it. A prefix that goes out joins the
// newest outage of the subject or opens a new one, so those are its parts that
// began from its own beginning on and before the next one's.
func stagesOf(found []outage.Outage) []stage {
	var stages []stage
	var parts []outPart
	for i := range found {
		switch o := &found[i]; {
		case o.Partial: // is no outage of half of the carriers
		case o.Scope == outage.ScopeSubject:
			stages = append(stages, stage{outage: o})
		case o.Scope == outage.ScopePrefix:
			p := outPart{prefix: o.Prefix, from: o.From, until: o.Until.At, seen: o.Until.Seen}
			if o.Gone != nil && o.Gone.Losses > 1 {
				p.spans = o.Gone.Spans
			}
			parts = append(parts, p)
		}
	}
	slices.SortStableFunc(stages, func(a, b stage) int { return cmp.Compare(a.outage.From, b.outage.From) })
	slices.SortStableFunc(parts, func(a, b outPart) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.prefix, b.prefix))
	})
	k := -1
	for _, p := range parts {
		for k+1 < len(stages) && stages[k+1].outage.From <= p.from {
			k++
		}
		if k >= 0 {
			stages[k].parts = append(stages[k].parts, p)
		}
	}
	return stages
}

// takes reports whether a stage belongs to the event.
func (e *countryEvent) takes(s stage) bool {
	at := s.outage.From
	if at-e.stages[len(e.stages)-1].outage.From > eventGap {
		return false
	}
	went, out := map[int]bool{}, map[int]bool{}
	for _, p := range e.parts() {
		went[p.prefix] = true
		if p.until > at || !p.seen {
			out[p.prefix] = true
		}
	}
	more := map[int]bool{}
	for _, p := range s.parts {
		more[p.prefix] = true
	}
	return 2*len(out) >= len(went) && len(out) > 0 && len(more) <= eventScale*len(out)
}

// parts are those of all stages, in order of time.
func (e *countryEvent) parts() []outPart {
	var out []outPart
	for _, s := range e.stages {
		out = append(out, s.parts...)
	}
	return out
}

// apart takes the outages of prefixes that came and went apart into the times at which
// they were out: in between they were not.
func apart(parts []outPart) []outPart {
	var out []outPart
	for _, p := range parts {
		if len(p.spans) == 0 {
			out = append(out, p)
			continue
		}
		for i, s := range p.spans {
			out = append(out, outPart{prefix: p.prefix, from: s.From, until: s.Until, seen: p.seen || i+1 < len(p.spans), spans: p.spans})
		}
	}
	slices.SortStableFunc(out, func(a, b outPart) int { return cmp.Compare(a.from, b.from) })
	return out
}

// level is how much was out from a second until the next level.
type level struct {
	at   int64
	size finding.Size
}

// levelsOf follows how much of the parts' address space was out, second by
// second. Addresses of a prefix that is out are not counted while a more
// specific prefix of the subject stands: more than half of its carriers hold
// it, and at least two. An IPv6 /48 of which any part is out counts whole.
//
// Example: 192.0.2.0/24 and 192.0.2.128/25 are announced, and the /24 goes: 128
// addresses are out, of one prefix.
func levelsOf(in outage.Input, parts []outPart) []level {
	inside := standingInside(in, parts)
	return levelsIn(in, parts, inside, newCells(in, parts, inside, nil))
}

// levelsWithin is [levelsOf] of those addresses that lie within some blocks, which are in
// order and do not overlap. Prefixes count if they share an address with one of them.
//
// Example: 192.0.2.0/23 is out, and 192.0.3.0/24 is delegated to the country: of what
// is delegated to it 256 addresses are out.
func levelsWithin(in outage.Input, parts []outPart, blocks []netip.Prefix) []level {
	ranges := rangesOf(blocks)
	parts = slices.DeleteFunc(slices.Clone(parts), func(p outPart) bool {
		return !ranges.meet(bounds(in.Prefixes[p.prefix].Prefix))
	})
	inside := standingInside(in, parts)
	cells := newCells(in, parts, inside, ranges)
	cells.only(func(c *cell) bool { return ranges.meet(c.first, c.first) })
	return levelsIn(in, parts, inside, cells)
}

// levelsOfThose is [levelsOf] of those prefixes and addresses that were out at a second:
// how much of these was out before and after.
func levelsOfThose(in outage.Input, parts []outPart, at int64) []level {
	gone := outAt(parts, at)
	inside := standingInside(in, parts)
	cells := newCells(in, parts, inside, nil)
	then := func(sign int) {
		for _, p := range gone {
			cells.change(in.Prefixes[p].Prefix, p, sign, 0)
		}
		for p, spans := range inside {
			if slices.ContainsFunc(spans, func(s [2]int64) bool { return s[0] <= at && at < s[1] }) {
				cells.change(in.Prefixes[p].Prefix, p, 0, sign)
			}
		}
	}
	then(1)
	were := make([]bool, len(cells.of))
	for i := range cells.of {
		were[i] = cells.of[i].isOut()
	}
	then(-1)
	i := -1
	cells.only(func(*cell) bool { i++; return were[i] })
	parts = slices.DeleteFunc(slices.Clone(parts), func(p outPart) bool {
		_, is := slices.BinarySearch(gone, p.prefix)
		return !is
	})
	return levelsIn(in, parts, inside, cells)
}

// levelsIn follows the parts in the cells of their address space.
func levelsIn(in outage.Input, parts []outPart, inside map[int][][2]int64, cells *cells) []level {
	type edge struct {
		at     int64
		prefix int
		out    int // +1: it goes out, -1: it comes back
		stands int // +1: it begins to stand, -1: it ceases to
	}
	var edges []edge
	for _, p := range parts {
		if p.until > p.from {
			edges = append(edges, edge{at: p.from, prefix: p.prefix, out: 1}, edge{at: p.until, prefix: p.prefix, out: -1})
		}
	}
	for p, spans := range inside {
		for _, s := range spans {
			edges = append(edges, edge{at: s[0], prefix: p, stands: 1}, edge{at: s[1], prefix: p, stands: -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) }) // within a second the order does not matter
	var out []level
	n := map[int]int{}
	var now finding.Size
	for i, e := range edges {
		if n[e.prefix] += e.out; n[e.prefix] == 0 {
			delete(n, e.prefix)
		}
		cells.change(in.Prefixes[e.prefix].Prefix, e.prefix, e.out, e.stands)
		if i+1 < len(edges) && edges[i+1].at == e.at {
			continue
		}
		now = finding.Size{Prefixes: len(n), V4: cells.v4, V6: cells.v6}
		if k := len(out) - 1; k < 0 && now != (finding.Size{}) || k >= 0 && out[k].size != now {
			out = append(out, level{e.at, now})
		}
	}
	return out
}

// standingInside gives, for each prefix of the subject that lies strictly inside
// one of the parts' prefixes, the intervals in which it stands.
func standingInside(in outage.Input, parts []outPart) map[int][][2]int64 {
	lost := map[netip.Prefix]bool{}
	least := 128
	for _, p := range parts {
		q := in.Prefixes[p.prefix].Prefix
		lost[q], least = true, min(least, q.Bits())
	}
	out := map[int][][2]int64{}
	for i := range in.Prefixes {
		p := in.Prefixes[i].Prefix
		if p.Addr().Is6() && p.Bits() > 48 {
			continue // a part of a /48 that stands does not make it whole
		}
		for n := least; n < p.Bits(); n++ {
			if lost[netip.PrefixFrom(p.Addr(), n).Masked()] {
				if s := stands(in, i); len(s) > 0 {
					out[i] = s
				}
				break
			}
		}
	}
	return out
}

// stands gives the intervals in which more than half of a prefix's carriers, and
// at least two, hold it by itself.
func stands(in outage.Input, prefix int) [][2]int64 {
	type edge struct {
		at      int64
		n, held int
	}
	var edges []edge
	for _, c := range in.Prefixes[prefix].Carriers {
		was := outage.None
		for _, s := range c.Steps {
			if s.At >= in.End {
				break
			}
			edges = append(edges, edge{s.At, b2i(s.State >= outage.Held) - b2i(was >= outage.Held), b2i(s.State == outage.Held) - b2i(was == outage.Held)})
			was = s.State
		}
	}
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var out [][2]int64
	n, held, from := 0, 0, int64(0)
	open := false
	for i, e := range edges {
		n, held = n+e.n, held+e.held
		if i+1 < len(edges) && edges[i+1].at == e.at {
			continue
		}
		switch is := held >= 2 && 2*held > n; {
		case is && !open:
			open, from = true, e.at
		case !is && open:
			open = false
			out = append(out, [2]int64{from, e.at})
		}
	}
	if open {
		out = append(out, [2]int64{from, in.End})
	}
	return out
}

// cells cuts the address space of some prefixes where any of them begins or
// ends, so that each prefix is a run of cells, and counts what is out.
type cells struct {
	runs   map[int][2]int // by prefix: the first cell and the one after the last
	of     []cell
	v4, v6 int64
}

// cell is a run of addresses in the same prefixes. Of each length at most one
// prefix holds it, of IPv6 prefixes longer than /48 any number.
type cell struct {
	first  uint64 // see [bounds]
	weight int64  // IPv4 addresses or IPv6 /48s
	is6    bool
	out    uint64 // the lengths of prefixes that are out, a bit each; longer than /48 is 49
	long   int    // prefixes longer than /48 that are out
	stands uint64 // the lengths of prefixes that stand
}

// isOut reports whether a prefix that is out holds the cell, and none that is
// more specific stands.
func (c *cell) isOut() bool { return c.out != 0 && bits.Len64(c.out) >= bits.Len64(c.stands) }

// bounds gives the first and the last address of a prefix, of IPv6 prefixes the
// first and the last /48, as numbers with IPv6 behind IPv4.
func bounds(p netip.Prefix) (first, last uint64) {
	if p.Addr().Is4() {
		b := p.Addr().As4()
		first = uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])
		return first, first + 1<<(32-p.Bits()) - 1
	}
	b := p.Addr().As16()
	first = 1 << 62
	for i, x := range b[:6] {
		first |= uint64(x) << (8 * (5 - i))
	}
	return first, first + 1<<(48-min(48, p.Bits())) - 1
}

// ranges are runs of addresses, as [bounds] has them, in order.
type ranges [][2]uint64

func rangesOf(prefixes []netip.Prefix) ranges {
	var out ranges
	for _, p := range prefixes {
		first, last := bounds(p)
		out = append(out, [2]uint64{first, last})
	}
	slices.SortFunc(out, func(a, b [2]uint64) int { return cmp.Compare(a[0], b[0]) })
	return out
}

// meet reports whether one of the ranges shares an address with another.
func (r ranges) meet(first, last uint64) bool {
	i := sort.Search(len(r), func(i int) bool { return r[i][1] >= first })
	return i < len(r) && r[i][0] <= last
}

// newCells cuts the address space of the parts and of what stands inside them, also where
// some other ranges begin or end.
func newCells(in outage.Input, parts []outPart, inside map[int][][2]int64, other ranges) *cells {
	c := &cells{runs: map[int][2]int{}}
	for _, p := range parts {
		c.runs[p.prefix] = [2]int{}
	}
	for p := range inside {
		c.runs[p] = [2]int{}
	}
	var cuts []uint64
	for p := range c.runs {
		first, last := bounds(in.Prefixes[p].Prefix)
		cuts = append(cuts, first, last+1)
	}
	for _, r := range other {
		cuts = append(cuts, r[0], r[1]+1)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for p := range c.runs {
		first, last := bounds(in.Prefixes[p].Prefix)
		i, _ := slices.BinarySearch(cuts, first)
		j, _ := slices.BinarySearch(cuts, last+1)
		c.runs[p] = [2]int{i, j}
	}
	c.of = make([]cell, max(0, len(cuts)-1))
	for i := range c.of {
		// A cell between two prefixes is in no run; its weight does not matter.
		c.of[i] = cell{first: cuts[i], weight: int64(cuts[i+1] - cuts[i]), is6: cuts[i] >= 1<<62}
	}
	return c
}

// only lets all cells but some count nothing. Nothing may be out.
func (c *cells) only(of func(*cell) bool) {
	for i := range c.of {
		if x := &c.of[i]; !of(x) {
			x.weight = 0
		}
	}
}

// change counts a prefix that goes out (+1) or comes back (-1), or that begins
// (+1) or ceases (-1) to stand.
func (c *cells) change(p netip.Prefix, prefix, out, stands int) {
	length := p.Bits()
	if p.Addr().Is6() {
		length = min(length, 49)
	}
	bit := uint64(1) << length
	r := c.runs[prefix]
	for i := r[0]; i < r[1]; i++ {
		x := &c.of[i]
		was := x.isOut()
		switch {
		case out != 0 && length == 49:
			x.long += out
			x.out &^= bit
			if x.long > 0 {
				x.out |= bit
			}
		case out != 0:
			x.out ^= bit
		}
		if stands != 0 {
			x.stands ^= bit
		}
		d := int64(b2i(x.isOut())-b2i(was)) * x.weight
		if x.is6 {
			c.v6 += d
		} else {
			c.v4 += d
		}
	}
}

// The number of steps that findings keep of an event's course, and of one whose prefixes
// came and went; and from which interval on of those in which half or more came and went
// every second one has its least.
const (
	courseSteps     = 240
	courseStepsFlap = 1000
	flapBins        = 4
)

// courseOf is how much was out over time: every level while they are few, else
// the largest of each of so many equal intervals. Where half or more of it came and went
// in every interval, it is the least of every second one: a bar would say that it was
// out all the time.
func courseOf(levels []level, parts []outPart, end int64) (course []finding.EventStep, exact bool) {
	course = []finding.EventStep{}
	courseSteps := int64(courseSteps)
	flaps := slices.ContainsFunc(parts, func(p outPart) bool { return p.spans != nil })
	if flaps {
		courseSteps = courseStepsFlap
	}
	if int64(len(levels)) <= courseSteps {
		for _, l := range levels {
			course = append(course, finding.EventStep{At: moment.Unix(l.at, 0), Out: l.size})
		}
		return course, true
	}
	first := levels[0].at
	last := max(levels[len(levels)-1].at+1, first+courseSteps)
	i, flapping := 0, 0
	for k := range courseSteps {
		from, until := first+(last-first)*k/courseSteps, first+(last-first)*(k+1)/courseSteps
		for i+1 < len(levels) && levels[i+1].at <= from {
			i++
		}
		most, least := levels[i].size, levels[i].size
		for j := i + 1; j < len(levels) && levels[j].at < until; j++ {
			if levels[j].size.Above(most) {
				most = levels[j].size
			}
			if least.Above(levels[j].size) {
				least = levels[j].size
			}
		}
		// What comes and goes is no bar.
		if flapping++; 2*least.Prefixes > most.Prefixes || 2*least.V4 > most.V4 || 2*least.V6 > most.V6 {
			flapping = 0
		}
		if flaps && flapping >= flapBins && flapping%2 == 0 {
			most = least
		}
		if n := len(course); n == 0 || course[n-1].Out != most {
			course = append(course, finding.EventStep{At: moment.Unix(from, 0), Out: most})
		}
	}
	// The last level is what was out when the last change had come.
	if tail := levels[len(levels)-1]; tail.at < end {
		course = append(course, finding.EventStep{At: moment.Unix(tail.at, 0), Out: tail.size})
	}
	return course, false
}

// troughOf returns the interval in which the most was out.
func troughOf(levels []level, end int64) (at, until int64, most finding.Size) {
	k := -1
	for i, l := range levels {
		if k < 0 || l.size.Above(levels[k].size) {
			k = i
		}
	}
	if k < 0 {
		return 0, 0, most
	}
	at, until = levels[k].at, end
	if k+1 < len(levels) {
		until = levels[k+1].at
	}
	return at, until, levels[k].size
}

// sizeAt is how much is out at a second.
func sizeAt(levels []level, at int64) finding.Size {
	var s finding.Size
	for _, l := range levels {
		if l.at <= at {
			s = l.size
		}
	}
	return s
}

// recoveredAt returns the second from which on at least half of what was out at
// the trough was back; false if that was not seen. What was not seen to come
// back is not back. It is half of the IPv4 addresses and half of the IPv6 /48s, as far as
// any of either were out: the two are never added up, and neither stands for the other.
// Prefixes that went out later are not counted against it.
//
// Example: A is out from 12:30 to 12:51, B from 12:50 to 13:11, C from 13:10 to 13:31,
// each as large as the others. At the trough A and B are out; half of that is back from
// 12:51 on.
func recoveredAt(in outage.Input, parts []outPart, trough int64, most finding.Size) (int64, bool) {
	parts = slices.Clone(parts)
	for i, p := range parts {
		if !p.seen {
			parts[i].until = in.End
		}
	}
	back := func(s finding.Size) bool {
		if most.V4 == 0 && most.V6 == 0 {
			return 2*s.Prefixes <= most.Prefixes
		}
		return 2*s.V4 <= most.V4 && 2*s.V6 <= most.V6
	}
	at := in.End
	levels := levelsOfThose(in, parts, trough)
	for i := len(levels) - 1; i >= 0 && levels[i].at > trough && back(levels[i].size); i-- {
		at = levels[i].at
	}
	return at, at < in.End
}

// outAt are the prefixes of the parts that were out at a second, sorted.
func outAt(parts []outPart, at int64) []int {
	var out []int
	for _, p := range parts {
		if p.from <= at && at < p.until {
			out = append(out, p.prefix)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// announcedAt are the prefixes that somebody was last known to hold at a
// second, sorted.
func announcedAt(in outage.Input, at int64) []int {
	var out []int
	for i, p := range in.Prefixes {
		if slices.ContainsFunc(p.Carriers, func(c outage.Carrier) bool {
			held := false
			for _, s := range c.Steps {
				if s.At > at {
					break
				}
				if s.State >= outage.Held || s.State == outage.Absent || s.State == outage.Without {
					held = s.State == outage.Held || s.State == outage.Covered
				}
			}
			return held
		}) {
			out = append(out, i)
		}
	}
	return out
}

// sizeOf counts prefixes and the union of their addresses. A /48 of which a part
// is lost counts.
func sizeOf(in outage.Input, prefixes []int) finding.Size {
	n := outage.SizeOf(in, prefixes)
	return finding.Size{Prefixes: len(prefixes), V4: n.V4, V6: n.V6}
}
