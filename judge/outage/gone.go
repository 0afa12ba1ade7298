package outage

import (
	"cmp"
	"slices"
	"sort"
)

// Gone says how an outage went that was not in one piece: its routes came and went, or
// peers lost them at different times. Of such an outage the medians over peers tell
// neither how long it lasted nor that anybody lacked anything together with others.
//
// Example: of 40 peers the one half lacks a prefix for ten seconds and the other for the
// next ten, in turns for an hour. Each peer has lost it and has it back, with medians an
// hour apart; and yet at no moment more than 20 of the 40 lacked it.
type Gone struct {
	From    int64  // the first second at which at least half of the outage's prefixes are out
	Until   Moment // behind the last one; not seen if they are out where sight ends
	Losses  int    // how often that began
	Seconds int64  // in how many seconds of it that was so
	Spans   []Span // these

	// Of the routes to the outage's prefixes, in those seconds:
	Fewest, Most, Of int   // so many at least and at most were gone at one moment, of so many at that
	MostAt           int64 // the first at which the most were

	Together int64 // seconds at which nobody held any of them, but for stuck routes
	Any      int64 // seconds at which anybody had lost any of them, from the first loss to the last return; -1 if an end was not seen

	// Where the return of half was not seen:
	BackBy int64 // the first second behind a time of blindness at which half of what was gone at the trough is held; 0: none
	Again  int   // of what was gone at the trough, so many are held when the data end …
	Gone   int   // … of so many,
	Since  int64 // and have been since; 0 if none is
}

// Lasted is how long an outage's routes were gone, in seconds: from median to median or,
// if they came and went, as often as they were; -1 if its end was not seen.
func (o *Outage) Lasted() int64 {
	switch {
	case o.Gone == nil || o.Gone.Losses == 1:
		return o.Duration
	case !o.Gone.Until.Seen:
		return -1
	}
	return o.Gone.Seconds
}

// level is what holds of some routes from a second until the next level.
type level struct {
	at   int64
	lost int
	of   int
}

// measure fills in how an outage went, unless it was in one piece: it began and
// ended once, and the time in which all lacked it makes up most of it.
func (f *finder) measure(o *Outage, e *entry) {
	_, until, how := e.end()
	o.Stopped, o.Unlisted = f.stopped(o)
	out := f.outLevels(o.Prefixes, o.From, until)
	if len(out) == 0 {
		return
	}
	g := &Gone{From: out[0].From, Any: -1, Fewest: -1}
	last := out[len(out)-1]
	g.Until = Moment{last.Until, last.Until < until || how == returned}
	g.Losses, g.Spans = len(out), out
	for _, s := range out {
		g.Seconds += s.Until - s.From
	}
	var total []Span
	if o.byTotal {
		total = o.Total
	}
	for _, t := range total {
		g.Together += t.Until - t.From
	}
	if len(out) == 1 && len(total) == 1 && o.piece(total[0]) {
		return
	}
	first, end := o.lossTimes(until)
	levels := f.levels(o.Prefixes, first, end)
	g.count(levels, out)
	if o.Recovery.Last.Seen && o.Until.Seen {
		g.Any = anyLost(levels, end)
	}
	if !o.byTotal {
		all := allLost(levels, o.From, until)
		for _, s := range all {
			g.Together += s.Until - s.From
		}
		if len(out) == 1 && len(all) == 1 && o.piece(all[0]) {
			return
		}
	}
	if o.Recovery.Median.Seen {
		o.Gone = g
		return
	}
	f.after(g, o)
	if len(out) > 1 || g.Again > 0 || g.BackBy > 0 || g.Together == 0 || !o.pieceBegins() {
		o.Gone = g
	}
}

// piece says that the outage is in one piece, of which all lacked it in a span: the
// span begins and ends with the medians, and is at least half of what lies between.
func (o *Outage) piece(s Span) bool {
	if !o.Onset.Median.Seen || !o.Recovery.Median.Seen || o.Recovery.Last.Seen && !s.Ended {
		return false
	}
	from, until := o.Onset.Median.At, o.Recovery.Median.At
	return o.From-from <= pieceSlack && s.From-from <= pieceSlack && until-s.Until <= pieceSlack && 2*(min(s.Until, until)-max(s.From, from)) >= until-from
}

// pieceBegins says the same of an outage of which no end was seen.
func (o *Outage) pieceBegins() bool {
	if !o.Onset.Median.Seen || o.From-o.Onset.Median.At > pieceSlack {
		return false
	}
	from := o.Trough()
	return from-o.Onset.Median.At <= pieceSlack && (!o.byTotal || len(o.Total) <= 1)
}

// outLevels are the times of [from, until) in which at least half of some prefixes are
// out, before near outages are joined.
func (f *finder) outLevels(of []int, from, until int64) []Span {
	type edge struct {
		at int64
		n  int
	}
	var edges []edge
	for _, g := range f.groups(of) {
		spans := f.raw[g.prefix]
		if spans == nil {
			spans = f.out[g.prefix]
		}
		i := sort.Search(len(spans), func(i int) bool { return spans[i].until > from })
		for ; i < len(spans) && spans[i].From < until; i++ {
			edges = append(edges, edge{max(spans[i].From, from), g.n}, edge{min(spans[i].until, until), -g.n})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var out []Span
	now, open := 0, false
	for i := 0; i < len(edges); {
		t := edges[i].at
		for ; i < len(edges) && edges[i].at == t; i++ {
			now += edges[i].n
		}
		switch is := now > 0 && 2*now >= len(of); {
		case is && !open:
			open, out = true, append(out, Span{From: t})
		case !is && open:
			open, out[len(out)-1].Until = false, t
		}
	}
	return out
}

// levels counts the routes to some prefixes at a second and at each change until another.
func (f *finder) levels(of []int, from, until int64) []level {
	type run struct {
		steps []Step
		was   State
		n     int
	}
	now := level{at: from}
	var runs []run
	changes := 0
	for _, g := range f.groups(of) {
		for _, c := range f.in.Prefixes[g.prefix].Carriers {
			was := c.at(from)
			now.count(was, g.n)
			i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > from })
			k := i
			for k < len(c.Steps) && c.Steps[k].At < until {
				k++
			}
			if k > i {
				runs = append(runs, run{c.Steps[i:k], was, g.n})
				changes += k - i
			}
		}
	}
	// What changed in each second: many changes have their place by the second, few are
	// sorted. Example: the beacons of a day have more changes than there are seconds.
	var seconds []level
	add := func(l *level, was, is State, n int) {
		l.count(was, -n)
		l.count(is, n)
	}
	if changes >= 64 && (until-from)/8 < int64(changes) {
		f.seconds = slices.Grow(f.seconds[:0], int(until-from))
		bySecond := f.seconds[:until-from]
		clear(bySecond)
		for _, r := range runs {
			for _, s := range r.steps {
				l := &bySecond[s.At-from]
				l.at = s.At
				add(l, r.was, s.State, r.n)
				r.was = s.State
			}
		}
		seconds = slices.DeleteFunc(bySecond, func(l level) bool { return l.at == 0 })
	} else {
		for _, r := range runs {
			for _, s := range r.steps {
				l := level{at: s.At}
				add(&l, r.was, s.State, r.n)
				seconds = append(seconds, l)
				r.was = s.State
			}
		}
		seconds = byTime(seconds, func(l *level) int64 { return l.at })
	}
	out := append(make([]level, 0, len(seconds)+1), now)
	for _, l := range seconds {
		now = level{l.at, now.lost + l.lost, now.of + l.of}
		if k := len(out) - 1; k > 0 && out[k].at == l.at {
			out[k] = now
			continue
		}
		out = append(out, now)
	}
	return out
}

// count adds routes in a state.
func (l *level) count(s State, n int) {
	if s.counted() {
		l.of += n
		if s.gone() {
			l.lost += n
		}
	}
}

// eachLevel calls do with the stretches of [from, until) that levels consist of.
func eachLevel(levels []level, from, until int64, do func(from, until int64, l level)) {
	for i, l := range levels {
		end := until
		if i+1 < len(levels) {
			end = min(end, levels[i+1].at)
		}
		if a := max(l.at, from); a < end {
			do(a, end, l)
		}
	}
}

// allLost are the times at which all routes are gone.
func allLost(levels []level, from, until int64) []Span {
	var out []Span
	eachLevel(levels, from, until, func(from, until int64, l level) {
		if l.lost == 0 || l.lost < l.of {
			return
		}
		if k := len(out) - 1; k >= 0 && out[k].Until == from {
			out[k].Until = until
			return
		}
		out = append(out, Span{from, until, true})
	})
	return out
}

// count fills in how many routes were gone at once.
func (g *Gone) count(levels []level, out []Span) {
	for _, s := range out {
		eachLevel(levels, s.From, s.Until, func(from, _ int64, l level) {
			if g.Fewest < 0 || l.lost < g.Fewest {
				g.Fewest = l.lost
			}
			if l.lost > g.Most {
				g.Most, g.Of, g.MostAt = l.lost, l.of, from
			}
		})
	}
	g.Fewest = max(g.Fewest, 0)
}

// lossTimes are when the first loss was and when the last return, or else where the
// outage begins and where it ends at the latest.
func (o *Outage) lossTimes(until int64) (first, last int64) {
	first, last = o.From, until
	if o.Onset.First.Seen {
		first = min(first, o.Onset.First.At)
	}
	if o.Recovery.Last.Seen && o.Until.Seen {
		last = max(last, o.Recovery.Last.At)
	}
	return first, last
}

// anyLost is how long any route is gone, in seconds.
func anyLost(levels []level, until int64) (n int64) {
	eachLevel(levels, levels[0].at, until, func(from, until int64, l level) {
		if l.lost > 0 {
			n += until - from
		}
	})
	return n
}

// after says what is known of the return where that of half was not seen.
func (f *finder) after(g *Gone, o *Outage) {
	type back struct {
		at int64
		n  int
	}
	var backs []back
	for _, x := range f.groups(o.Prefixes) {
		for _, c := range f.in.Prefixes[x.prefix].Carriers {
			if !c.at(o.trough).gone() {
				continue
			}
			g.Gone += x.n
			first, since := int64(-1), int64(-1)
			for _, s := range c.Steps {
				if s.At <= o.trough || s.At >= f.in.End {
					continue
				}
				switch {
				case !s.State.holds():
					since = -1
				case since < 0:
					since = s.At
				}
				if first < 0 && s.State.holds() {
					first = s.At
				}
			}
			if first >= 0 {
				backs = append(backs, back{first, x.n})
			}
			if since >= 0 {
				g.Again += x.n
				g.Since = max(g.Since, since)
			}
		}
	}
	slices.SortFunc(backs, func(a, b back) int { return cmp.Compare(a.at, b.at) })
	n := 0
	for _, b := range backs {
		if n += b.n; 2*n >= g.Gone && o.Censored == Blind {
			g.BackBy = b.at
			return
		}
	}
}

// stopped counts the peers that carried some of what was lost before the outage began,
// and of which nothing is known at its trough: as they were not watching any more when it began, or
// as a complete table of theirs was without it by then, though no withdrawal was recorded. unlisted are
// those of the tables. Example: of 40 peers 20 withdraw it at 12:30; by the tables of 12:40 all are without it.
func (f *finder) stopped(o *Outage) (n, unlisted int) {
	known, knew, missing := map[int]bool{}, map[int]bool{}, map[int]bool{}
	for _, x := range f.groups(o.Prefixes) {
		for _, c := range f.in.Prefixes[x.prefix].Carriers {
			switch at := c.at(o.trough); {
			case at.counted():
				known[c.Peer] = true
			case at == Missing && c.at(o.From-1).counted():
				knew[c.Peer], missing[c.Peer] = true, true
			case !knew[c.Peer] && slices.ContainsFunc(c.Steps, func(s Step) bool { return s.At < o.From && s.State.counted() }):
				knew[c.Peer] = c.at(o.From - 1).blank()
			}
		}
	}
	for peer, is := range knew {
		switch {
		case !is || known[peer]:
		case missing[peer]:
			unlisted++
			n++
		default:
			n++
		}
	}
	return n, unlisted
}
