package outage

import (
	"cmp"
	"slices"
	"sort"
)

// What an outage is measured by is what weighs most in it by addresses and time. Losses that run into one
// another are one entry, and the time in which the most of its prefixes were out, or all of them, may be
// the least of it.
//
// Example: 150 /24s flap for seconds each, and a /22 is gone for 20 minutes meanwhile. At the
// most 36 /24s are out at once, for 22 s; the /22 is 1,024 addresses for 1,200 s.

const (
	weighsMore          = 2  // times what would be measured otherwise, from which on something else is …
	weighsMoreThanTotal = 5  // … and times a total
	candidates          = 64 // stretches that are looked at: those of the largest outages of single prefixes
)

// trough is a stretch of time with the prefixes that were out for at least half of it.
type trough struct {
	from, until int64
	core        map[int]bool
}

// heavier is the stretch of an entry whose prefixes weigh most, if it is so many times more than what others weigh
// by which it would be measured: their size times the seconds in which at least half of them are out. The
// stretches are those of its outages of a minute and longer; each prefix weighs by the time that it is out in the stretch.
func (f *finder) heavier(e *entry, measured []int, times float64, all Size) (most trough, ok bool) {
	from, until, _ := e.end()
	seconds := int64(0)
	for _, s := range f.outLevels(measured, from, until) {
		seconds += s.Until - s.From
	}
	told := share(SizeOf(f.in, measured), all) * float64(seconds)
	if told == 0 {
		return most, false
	}
	weight := times * told
	for _, s := range f.largestParts(e.parts) {
		if s.until-s.From < pieceSlack {
			continue
		}
		t := trough{s.From, s.until, map[int]bool{}}
		out := map[int]int64{}
		for _, p := range e.parts {
			if d := f.outIn(p, t.from, t.until); d > 0 {
				out[p.prefix] += d
			}
		}
		var core []int
		bound := 0.0 // sizes that overlap are counted more than once
		for p, d := range out {
			if 2*d >= t.until-t.from {
				core = append(core, p)
				t.core[p] = true
				bound += share(SizeOf(f.in, []int{p}), all) * float64(d)
			}
		}
		if bound <= weight {
			continue
		}
		slices.Sort(core)
		if w := f.weigh(core, out, all); w > weight {
			most, weight, ok = t, w, true
		}
	}
	return most, ok
}

// outIn is for how many seconds of [from, until) a prefix was out by one of its outages, but for what lay
// between near ones that were joined.
func (f *finder) outIn(p part, from, until int64) (n int64) {
	from, until = max(from, p.From), min(until, p.until)
	raw := f.raw[p.prefix]
	if raw == nil {
		return max(0, until-from)
	}
	for i := sort.Search(len(raw), func(i int) bool { return raw[i].until > from }); i < len(raw) && raw[i].From < until; i++ {
		n += min(raw[i].until, until) - max(raw[i].From, from)
	}
	return n
}

// weigh is the share of some prefixes together times the mean of the seconds that each is out.
func (f *finder) weigh(of []int, out map[int]int64, all Size) float64 {
	sum, by := 0.0, 0.0
	for _, p := range of {
		s := share(SizeOf(f.in, []int{p}), all)
		sum, by = sum+s, by+s*float64(out[p])
	}
	if sum == 0 {
		return 0
	}
	return share(SizeOf(f.in, of), all) * by / sum
}

// largestParts are the largest by size and time, in order of time, one of those that begin and
// end in the same seconds.
func (f *finder) largestParts(parts []part) []part {
	seen := map[[2]int64]bool{}
	var out []part
	weight := map[part]float64{}
	for _, p := range parts {
		if k := [2]int64{p.From, p.until}; !seen[k] && p.until > p.From {
			seen[k] = true
			out = append(out, p)
		}
		n := SizeOf(f.in, []int{p.prefix})
		weight[p] = float64(n.V4+n.V6<<8) * float64(f.outIn(p, p.From, p.until))
	}
	if len(out) > candidates {
		slices.SortStableFunc(out, func(a, b part) int { return cmp.Compare(weight[b], weight[a]) })
		out = out[:candidates]
		slices.SortStableFunc(out, func(a, b part) int { return cmp.Compare(a.From, b.From) })
	}
	return out
}

// share is a size as a share of another, IPv4 or IPv6, whichever is larger.
func share(part, of Size) float64 {
	return max(float64(part.V4)/float64(max(1, of.V4)), float64(part.V6)/float64(max(1, of.V6)))
}

// outlasts reports whether nothing that was lost in an entry's totals came back within a minute of their
// end: what ended them was another prefix, and they are not how long the loss was.
//
// Example: a network withdraws its only prefix for good at 12:30:00 and announces another at
// 12:30:35. For 35 s nothing of it has a route; the prefix is gone to the end.
func (f *finder) outlasts(totals []total, lost []int) bool {
	last := totals[len(totals)-1]
	if !last.Ended || len(lost) == 0 || last.Until+pieceSlack > f.in.End {
		return false
	}
	levels := f.levels(lost, last.Until-1, last.Until+pieceSlack)
	return levels[0].lost > 0 && !slices.ContainsFunc(levels, func(l level) bool { return l.lost < levels[0].lost })
}

// outAt lists those prefixes of a scope that are out at a second.
func (f *finder) outAt(of []int, t int64) (out []int) {
	for _, p := range of {
		if slices.ContainsFunc(f.out[p], func(s span) bool { return s.From <= t && (s.until > t || s.ended == stillOut) }) {
			out = append(out, p)
		}
	}
	return out
}
