package cause

import "slices"

// HeldState is what is known of a vantage's route from a second on.
type HeldState uint8

// What a vantage held.
const (
	Unknown HeldState = iota // nothing: not watching, or never spoken of
	Absent                   // it holds no route of the subject's
	Present                  // it holds one
)

// Held is one step of a vantage's history of one prefix: it lasts until the
// next. Steps are in rising order of time.
type Held struct {
	At    int64 // seconds since the epoch
	State HeldState
	Path  Path // set only if State is Present; nil if the route is held but its path was never told
	// Heard is when the route was last announced before the next step; 0 if it
	// only stood in a table.
	Heard int64
	// Displaced says of Absent that another origin's route stands there.
	Displaced bool
}

// Loss says when routes were lost, so that a history can be read around it.
type Loss struct {
	First     int64 // the first vantages lost them
	Converged int64 // from here on an announcement is news, not exploration
	Trough    int64 // states are read at this second
}

// Times of reading a history, in seconds.
const (
	// StableFor is how long a path must have been held to be the one that was
	// lost. Paths that are only explored on the way down are held for less: a
	// router waits up to 30 s between announcements, and tries a few.
	StableFor = 120
	// AwhileFor is how long a later path must have been held to be possibly the
	// last one, as when a standby takes over and fails within two minutes.
	AwhileFor = 20
	// Lookback is how far before the loss a lost route is still part of it.
	Lookback = 3600
	// UsualFor is how far back it is looked for what path was held for the longest.
	UsualFor = 86400
)

// segment is an interval in which one path was held.
type segment struct {
	path        Path
	from, until int64
	guessed     bool // some of it was not watched
}

// Sight reads what a vantage saw of one prefix out of its history. It reports
// false if the history says nothing: no route was known before the loss, and
// none is held now.
//
// The baseline of a lost route is the last path that was held for [StableFor],
// not the one held longest. Example: an origin moved from AS1 to AS2 sixteen
// minutes before AS2 failed; the baseline runs through AS2, Usual through AS1,
// and Changed is the moment of the move. Where a path was held for less, but
// for [AwhileFor], or stood when the first vantages lost theirs, it is in Also:
// nobody can tell whether it was the last one or only explored.
func (l Loss) Sight(vantage int, steps []Held) (Sight, bool) {
	s, ok, _ := l.sight(vantage, steps, true, true)
	return s, ok
}

// Since is the second from which on a history is mostly enough to read a sight.
func (l Loss) Since() int64 { return l.First - Lookback - UsualFor }

// SightOf is [Loss.Sight] for part of a history: up to the last step at or before the
// trough, from the first one on or from one at which it may be cut ([Cut]). It reports
// whether the whole history would say the same for sure.
//
// *Example: a route that flaps for a week is lost on the sixth day. Which path it had for
// two minutes before, and which for the longest of the last day, the last two days tell.
// If no path stood for two minutes in them, one of the first day may have.*
func (l Loss) SightOf(vantage int, part []Held, first bool) (s Sight, ok, sure bool) {
	return l.sight(vantage, part, first, false)
}

// Cut returns the last step at or before a second from which on a history can be read
// alone, because no path goes on there that was held before; 0 if there is none behind the
// first.
func Cut(steps []Held, at int64) int {
	for i := len(steps) - 1; i > 0; i-- {
		s, before := &steps[i], &steps[i-1]
		switch {
		case s.At > at || s.State == Unknown:
		case s.State == Absent || s.Path == nil, before.State == Absent,
			before.State == Present && !slices.Equal(before.Path, s.Path):
			return i
		}
	}
	return 0
}

// sight reads a history, or the part of it that has the first step, the last one, or
// neither. Of the whole it is always sure.
func (l Loss) sight(vantage int, steps []Held, first, last bool) (s Sight, ok, sure bool) {
	s.Vantage = vantage
	k := -1
	for k+1 < len(steps) && steps[k+1].At <= l.Trough {
		k++
	}
	if k < 0 {
		return s, false, first
	}
	now := steps[k]
	end := l.First
	switch now.State {
	case Unknown:
		s.State = Unseen
	case Absent:
		s.State = Gone
		j := k
		for j > 0 && steps[j-1].State == Absent {
			j--
		}
		if j == 0 { // never held within sight
			return s, false, first
		}
		s.Displaced = steps[j].Displaced
		if steps[j-1].State == Present {
			s.Lost = steps[j].At
		} else if !slices.ContainsFunc(steps[:j], func(h Held) bool { return h.State == Present }) {
			return s, false, first // it may never have held one
		}
		end = steps[j].At
		if s.Lost != 0 && s.Lost < l.First-Lookback {
			return s, false, true // lost long before
		}
	}
	if !first && steps[0].At > end-UsualFor {
		return s, false, false
	}
	if now.State == Present {
		s.since(l.First, steps[:k+1])
	}
	if stood := s.readPaths(l, steps, end); !first && !stood {
		return s, false, false
	}
	switch {
	case now.State == Present && now.Path == nil:
		s.State, s.Now, s.Since = Kept, s.Baseline, now.Heard
	case now.State == Present:
		s.State, s.Now, s.Since = Moved, now.Path, now.Heard
		if slices.Equal(now.Path, s.Baseline) {
			s.State = Kept
		}
	}
	if s.Baseline == nil && now.State == Absent {
		if !last {
			return s, false, false
		}
		// A path that was never told: the first one after the loss stands in.
		for _, st := range steps[k+1:] {
			if st.State == Present && st.Path != nil {
				s.Baseline, s.Inferred = st.Path, true
				break
			}
		}
	}
	return s, s.Baseline != nil || s.Now != nil, true
}

// since fills what was held between the first loss and the last step, which is held.
func (s *Sight) since(first int64, steps []Held) {
	now := steps[len(steps)-1]
	for j := len(steps) - 1; j > 0 && steps[j].At > first; j-- {
		switch before := steps[j-1]; {
		case before.State == Absent:
			s.Broken = true
		case before.Path != nil && !slices.Equal(before.Path, now.Path) &&
			!slices.ContainsFunc(s.Between, func(p Path) bool { return slices.Equal(p, before.Path) }):
			s.Between = append(s.Between, before.Path)
		}
	}
}

// readPaths fills the paths before end: the second at which the route was lost,
// or the first loss of anybody where it was not. It reports whether one of them was held
// for [StableFor].
func (s *Sight) readPaths(l Loss, steps []Held, end int64) (stood bool) {
	var few [8]segment
	segs := few[:0]
	if n := len(steps); n > 2*len(few) { // half of the steps of what comes and goes are held
		segs = make([]segment, 0, n/2+1)
	}
	for i, st := range steps {
		if st.At >= end {
			break
		}
		until := end
		if i+1 < len(steps) {
			until = min(until, steps[i+1].At)
		}
		if n := len(segs); st.State == Unknown && n > 0 && segs[n-1].until == st.At {
			// Nobody watched: the path is taken to have stood until the next
			// thing that is known.
			segs[n-1].until, segs[n-1].guessed = until, true
			continue
		}
		if st.State != Present || st.Path == nil || until <= st.At {
			continue
		}
		if n := len(segs); n > 0 && segs[n-1].until == st.At && slices.Equal(segs[n-1].path, st.Path) {
			segs[n-1].until = until
			continue
		}
		segs = append(segs, segment{path: st.Path, from: st.At, until: until})
	}
	base := -1
	for i := len(segs) - 1; i >= 0; i-- {
		if segs[i].until-segs[i].from >= StableFor {
			base = i
			break
		}
	}
	if base < 0 {
		// Nothing stood for long: the path held longest stands in, and it is
		// not known to be the one that was lost.
		for i := range segs {
			if base < 0 || segs[i].until-segs[i].from >= segs[base].until-segs[base].from {
				base = i
			}
		}
		if base < 0 {
			return false
		}
		s.Inferred = true
	}
	stood = segs[base].until-segs[base].from >= StableFor
	s.Baseline = segs[base].path
	s.Inferred = s.Inferred || segs[base].guessed
	// Another path long before: who was the way out until then.
	var held tally
	var usual Path
	best := int64(0)
	for _, g := range segs[:base+1] {
		from := max(g.from, end-UsualFor)
		if g.until <= from {
			continue
		}
		if n := held.add(g.path, g.until-from); n > best {
			best, usual = n, g.path
		}
	}
	if usual != nil && !slices.Equal(usual, s.Baseline) {
		s.Usual, s.Changed = usual, segs[base].from
	}
	for i := range segs {
		g := segs[i]
		if i == base || i < base && stood || slices.Equal(g.path, s.Baseline) {
			continue
		}
		if g.until-g.from >= AwhileFor || g.from < l.First && l.First <= g.until {
			if !slices.ContainsFunc(s.Also, func(p Path) bool { return slices.Equal(p, g.path) }) {
				s.Also = append(s.Also, g.path)
			}
		} else if i > base {
			s.Explored = append(s.Explored, Hop{g.from, g.path})
		}
	}
	return stood
}

// tally adds up how long paths were held. They are mostly few.
type tally struct {
	few []struct {
		path Path
		sum  int64
	}
	many map[string]int64 // instead, beyond fewPaths
}

const fewPaths = 16

// add returns how long the path was held in all.
func (t *tally) add(p Path, n int64) int64 {
	if t.many == nil {
		for i := range t.few {
			if h := &t.few[i]; slices.Equal(h.path, p) {
				h.sum += n
				return h.sum
			}
		}
		if len(t.few) < fewPaths {
			t.few = append(t.few, struct {
				path Path
				sum  int64
			}{p, n})
			return n
		}
		t.many = map[string]int64{}
		for _, h := range t.few {
			t.many[pathKey(h.path)] = h.sum
		}
	}
	key := pathKey(p)
	t.many[key] += n
	return t.many[key]
}

func pathKey(p Path) string {
	b := make([]byte, 0, 4*len(p))
	for _, a := range p {
		b = append(b, byte(a>>24), byte(a>>16), byte(a>>8), byte(a))
	}
	return string(b)
}
