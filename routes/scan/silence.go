package scan

import (
	"cmp"
	"slices"

	"constat/moment"
	"constat/routes/vantage"
)

// A file that is not there tells that nobody was looking. Within a file, or in a stream, only the silence does: of
// everybody, or of half of a collector's peers at once. One peer may have nothing to say; that all have
// nothing to say, who spoke every second until then and do so again behind it, is no news of routes.
//
// Example: 24 peers of a stream each say something once a second. The client is cut off for two minutes.
const (
	// A silence of everybody is one of a minute or more, and twenty times as long as any other beside it.
	// If records come at random, and the longest pause of as long a time is a twentieth of it, some twenty
	// were to come in it at the least, and the chance of none is below one in a hundred million.
	silenceOfAll     = 60 * moment.Second
	silenceTimes     = 20
	silenceOfMany    = 300 * moment.Second // of some peers together, and their pauses are not looked at as closely
	silenceManyTimes = 10
	silencePeers     = 3                   // as many must have spoken before it, and in the first case behind it
	silenceBeside    = 300 * moment.Second // what is looked at on either side, if the silence is no longer
	silenceBegin     = 60 * moment.Second  // within this, silences begin together
	silenceRhythm    = 900 * moment.Second // so much on both sides together shows a rhythm
	silenceSideLeast = 75 * moment.Second
	pauseLeast       = 3 * moment.Second // pauses below it are not kept
)

// pause notes the time without a record before this one.
func (s *scanner) pause(t moment.Time) {
	if s.File.Last == nil || !s.has {
		return
	}
	if before := *s.File.Last; t-before >= pauseLeast {
		s.pauses = append(s.pauses, moment.Interval{From: before, Until: t})
	}
}

// spoken is the time in which records came of a collector, in order, without pauses: of all of its
// files but tables and answers. Of two files that lie at one time either may have them.
func spoken(all []*fileTime) []moment.Interval {
	var out []moment.Interval
	for _, f := range all {
		at := f.from
		for _, p := range f.pauses {
			out = append(out, moment.Interval{From: at, Until: p.From})
			at = p.Until
		}
		out = append(out, moment.Interval{From: at, Until: f.until})
	}
	return union(out)
}

// fileTime is the time from a file's first to its last record, with its pauses.
type fileTime struct {
	from, until moment.Time
	pauses      []moment.Interval
}

// union joins intervals that touch. Those of one moment count.
func union(all []moment.Interval) []moment.Interval {
	slices.SortFunc(all, func(a, b moment.Interval) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until))
	})
	var out []moment.Interval
	for _, v := range all {
		if n := len(out); n > 0 && v.From <= out[n-1].Until {
			out[n-1].Until = max(out[n-1].Until, v.Until)
			continue
		}
		out = append(out, v)
	}
	return out
}

// silent returns the places of those pauses of what was spoken that are far longer than any other beside
// them: of at least a time, and so many times as long. Pauses that are about as long are not
// compared, as a silence may be one of several; but then there must have been a rhythm for longer.
// A pause is named by the place of what comes behind it; len(spoken) is that up to the end.
func silent(spoken []moment.Interval, end, least, times moment.Time) []int {
	var out []int
	for i := 1; i <= len(spoken); i++ {
		gap := moment.Interval{From: spoken[i-1].Until, Until: end}
		if i < len(spoken) {
			gap.Until = spoken[i].From
		}
		length := gap.Until - gap.From
		if length < least {
			continue
		}
		before, without, cut, ok := beside(spoken, gap, i-1, -1, times)
		if !ok || !cut && before < min(silenceSideLeast, length/4) {
			continue
		}
		after := moment.Time(0)
		if i < len(spoken) {
			var more moment.Time
			after, more, cut, ok = beside(spoken, gap, i, 1, times)
			ok = ok && (cut || after >= min(silenceSideLeast, length/4))
			without += more
		}
		if ok && before+after >= max(least, without, min(length/2, silenceRhythm)) {
			out = append(out, i)
		}
	}
	return out
}

// beside returns how long there was a rhythm on one side of a pause, how long there was none, and whether what is known ends there; it is not
// ok if there is a pause that is shorter, but not many times.
func beside(spoken []moment.Interval, gap moment.Interval, i, step int, times moment.Time) (rhythm, without moment.Time, cut, ok bool) {
	length := gap.Until - gap.From
	left := max(length, silenceBeside)
	for {
		v := spoken[i]
		n := min(left, v.Until-v.From)
		rhythm, left = rhythm+n, left-n
		if i += step; left <= 0 {
			return rhythm, without, false, true
		}
		if i < 0 || i >= len(spoken) {
			return rhythm, without, true, true
		}
		p := spoken[i].From - v.Until
		if step < 0 {
			p = v.From - spoken[i].Until
		}
		switch {
		case 2*p >= length:
			without += min(left, p)
		case p*times > length:
			return 0, 0, false, false
		default:
			rhythm += min(left, p)
		}
		if left -= p; left <= 0 {
			return rhythm, without, false, true
		}
	}
}

// silences notes when nobody spoke, of a collector, and when peers were silent together.
func silences(c *vantage.Collector, times []*fileTime, peers []*joined) {
	all := spoken(times)
	if len(all) == 0 {
		return
	}
	for _, i := range silent(all, all[len(all)-1].Until, silenceOfAll, silenceTimes) {
		gap := moment.Interval{From: all[i-1].Until, Until: all[i].From}
		if outside(gap, c.Missing) < silenceOfAll {
			continue // the file is missing, and what the one before it says ended a moment earlier
		}
		n := 0
		w := max(gap.Until-gap.From, silenceBeside)
		for _, j := range peers {
			if j.spoke(gap.From-w, gap.From) && j.spoke(gap.Until, gap.Until+w) && !j.changed(gap) {
				n++
			}
		}
		if n >= silencePeers {
			c.Silent = append(c.Silent, wholeSeconds(gap))
		}
	}
	type one struct {
		peer *joined
		moment.Interval
	}
	var many []one
	for _, j := range peers {
		var bs []moment.Interval
		for _, b := range j.bursts {
			bs = append(bs, moment.Interval{From: b.from, Until: b.last})
		}
		bs = union(bs)
		end := all[len(all)-1].Until
		for _, i := range silent(bs, end, silenceOfMany, silenceManyTimes) {
			gap := moment.Interval{From: bs[i-1].Until, Until: end}
			if i < len(bs) {
				gap.Until = bs[i].From
			}
			if !j.changed(gap) && !j.alive(gap) {
				many = append(many, one{j, gap})
			}
		}
	}
	for _, x := range many {
		if slices.ContainsFunc(c.Silent, func(s moment.Interval) bool { return s.From < x.Until && x.From < s.Until }) {
			continue // of everybody
		}
		n, of := 0, 0
		for _, y := range many {
			both := min(x.Until, y.Until) - max(x.From, y.From)
			if max(x.From-y.From, y.From-x.From) <= silenceBegin && 2*both >= x.Until-x.From {
				n++
			}
		}
		for _, j := range peers {
			if j.spoke(x.From-silenceBeside, x.From) {
				of++
			}
		}
		if n >= silencePeers && 2*n >= of {
			x.peer.Silent = append(x.peer.Silent, wholeSeconds(x.Interval))
		}
	}
}

// outside is how much of an interval lies outside others, which do not overlap.
func outside(v moment.Interval, others []moment.Interval) moment.Time {
	left := v.Until - v.From
	for _, o := range others {
		left -= max(0, min(v.Until, o.Until)-max(v.From, o.From))
	}
	return left
}

// wholeSeconds is what lies between two records: not the seconds in which they were heard.
func wholeSeconds(v moment.Interval) moment.Interval {
	return moment.Interval{From: v.From.Floor() + moment.Second, Until: v.Until.Floor()}
}

// spoke reports whether a peer sent updates between two moments.
func (j *joined) spoke(from, until moment.Time) bool {
	return slices.ContainsFunc(j.bursts, func(b burst) bool { return b.from <= until && b.last >= from })
}

// changed reports whether a change of state explains a silence.
func (j *joined) changed(gap moment.Interval) bool {
	return slices.ContainsFunc(j.States, func(s vantage.StateChange) bool {
		return s.At >= gap.From-quietPause && s.At <= gap.Until
	})
}

// alive reports whether a peer was heard in a silence otherwise than by updates.
func (j *joined) alive(gap moment.Interval) bool {
	const slot = vantage.MarkLength * moment.Second
	return slices.ContainsFunc(j.Alive, func(m vantage.Marks) bool {
		return max(m.From, gap.From-gap.From%slot+slot) < min(m.Until, gap.Until-gap.Until%slot)
	})
}
