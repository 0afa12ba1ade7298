package outage

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"constat/routes/vantage"
)

// secondly reads "In one piece" of docs/definitions.md second by second.
type secondly struct {
	*oracle
	x *Outage
}

// outAt says that at least half of the outage's prefixes are out.
func (o secondly) outAt(t int64) bool {
	n := 0
	for _, p := range o.x.Prefixes {
		if o.raw[p][t-o.begin] {
			n++
		}
	}
	return n > 0 && 2*n >= len(o.x.Prefixes)
}

// count counts the routes to its prefixes that are gone, of those that are known.
func (o secondly) count(t int64) (lost, of int) {
	for _, p := range o.x.Prefixes {
		for peer := range o.in.Peers {
			s := o.at(p, peer, t)
			if carries(s) {
				of++
			}
			if without(s) {
				lost++
			}
		}
	}
	return lost, of
}

// inPiece says that a time in which all lacked it begins and ends with the medians and
// makes up at least half of what lies between.
func (o secondly) inPiece(s Span) bool {
	x := o.x
	if !x.Onset.Median.Seen || !x.Recovery.Median.Seen || x.Recovery.Last.Seen && !s.Ended {
		return false
	}
	a, b := x.Onset.Median.At, x.Recovery.Median.At
	n := int64(0)
	for t := a; t < b; t++ {
		if t >= s.From && t < s.Until {
			n++
		}
	}
	return x.From <= a+60 && s.From <= a+60 && s.Until >= b-60 && 2*n >= b-a
}

func (o secondly) gone() *Gone {
	x := o.x
	g := &Gone{Fewest: -1, Any: -1}
	was := false
	last := int64(0)
	for t := x.From; t < x.Until.At; t++ {
		is := o.outAt(t)
		if is && !was {
			if g.Losses == 0 {
				g.From = t
			}
			g.Losses++
		}
		if was = is; !is {
			continue
		}
		g.Seconds++
		last = t + 1
		lost, of := o.count(t)
		if g.Fewest < 0 || lost < g.Fewest {
			g.Fewest = lost
		}
		if lost > g.Most {
			g.Most, g.Of, g.MostAt = lost, of, t
		}
	}
	if g.Losses == 0 {
		return nil
	}
	g.Until = Moment{last, last < x.Until.At || x.Until.Seen}
	var all []Span
	if x.byTotal {
		for _, t := range x.Total {
			g.Together += t.Until - t.From
		}
		all = x.Total
	} else {
		was = false
		for t := x.From; t < x.Until.At; t++ {
			lost, of := o.count(t)
			is := lost > 0 && lost == of
			if is && !was {
				all = append(all, Span{t, t, true})
			}
			if was = is; is {
				g.Together++
				all[len(all)-1].Until = t + 1
			}
		}
	}
	if g.Losses == 1 && len(all) == 1 && o.inPiece(all[0]) {
		return nil
	}
	if x.Recovery.Last.Seen && x.Until.Seen {
		g.Any = 0
		from := x.From
		if x.Onset.First.Seen {
			from = min(from, x.Onset.First.At)
		}
		for t := from; t < max(x.Until.At, x.Recovery.Last.At); t++ {
			if lost, _ := o.count(t); lost > 0 {
				g.Any++
			}
		}
	}
	if x.Recovery.Median.Seen {
		return g
	}
	o.after(g)
	if g.Losses == 1 && g.Again == 0 && g.BackBy == 0 && g.Together > 0 && (!x.byTotal || len(x.Total) <= 1) && x.Onset.Median.Seen && x.From <= x.Onset.Median.At+60 {
		at := x.trough
		if at <= x.Onset.Median.At+60 {
			return nil
		}
	}
	return g
}

// after follows what was gone at the trough to the end of the data.
func (o secondly) after(g *Gone) {
	type route struct{ prefix, peer int }
	var gone []route
	for _, p := range o.x.Prefixes {
		for peer := range o.in.Peers {
			if without(o.at(p, peer, o.x.trough)) {
				gone = append(gone, route{p, peer})
			}
		}
	}
	g.Gone = len(gone)
	back := map[route]bool{}
	for t := o.x.trough + 1; t < o.in.End; t++ {
		for _, r := range gone {
			if holds(o.at(r.prefix, r.peer, t)) {
				back[r] = true
			}
		}
		if 2*len(back) >= len(gone) && len(back) > 0 && g.BackBy == 0 && o.x.Censored == Blind {
			g.BackBy = t
		}
	}
	for _, r := range gone {
		t := o.in.End - 1
		for t > o.x.trough && holds(o.at(r.prefix, r.peer, t)) {
			t--
		}
		if t < o.in.End-1 {
			g.Again++
			g.Since = max(g.Since, t+1)
		}
	}
}

func (o secondly) stopped() (n, unlisted int) {
	for peer := range o.in.Peers {
		before, know, tables := false, false, false
		for _, p := range o.x.Prefixes {
			if carries(o.at(p, peer, o.x.trough)) {
				know = true
			}
			carried := false
			for t := o.begin; t < o.x.From; t++ {
				carried = carried || carries(o.at(p, peer, t))
			}
			before = before || carried && o.at(p, peer, o.x.From-1).blank()
			tables = tables || carries(o.at(p, peer, o.x.From-1)) && o.at(p, peer, o.x.trough) == Missing
		}
		if (before || tables) && !know {
			n++
			if tables {
				unlisted++
			}
		}
	}
	return n, unlisted
}

func describeGone(g *Gone) string {
	if g == nil {
		return "in one piece"
	}
	x := *g
	x.Spans = nil
	return fmt.Sprintf("%+v", x)
}

// holdGone holds how outages went against the slow reading.
func holdGone(t failer, in Input) (seen map[string]bool) {
	o := newOracle(in)
	seen = map[string]bool{}
	for _, x := range Find(in) {
		if x.Partial {
			continue
		}
		s := secondly{o, &x}
		if got, want := describeGone(x.Gone), describeGone(s.gone()); got != want {
			t.Fatalf("%s %d from %d until %+v: %s, want %s\n%s", x.Scope, x.Prefixes, x.From, x.Until, got, want, describeInput(in))
		}
		if n, unlisted := s.stopped(); x.Stopped != n || x.Unlisted != unlisted {
			t.Fatalf("%s %d from %d: %d stopped, %d unlisted, want %d, %d\n%s", x.Scope, x.Prefixes, x.From, x.Stopped, x.Unlisted, n, unlisted, describeInput(in))
		}
		if g := x.Gone; g != nil {
			seen["flaps"] = seen["flaps"] || g.Losses > 1
			seen["never all"] = seen["never all"] || g.Together == 0
			seen["hidden"] = seen["hidden"] || g.BackBy > 0
			seen["again"] = seen["again"] || g.Again > 0 && g.BackBy == 0
		} else {
			seen["one piece"] = true
		}
		seen["stopped"] = seen["stopped"] || x.Stopped > 0
	}
	return seen
}

func TestGoneAgainstSeconds(t *testing.T) {
	all := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		for k := range holdGone(t, drawInput(t)) {
			all[k] = true
		}
	})
	for _, k := range []string{"flaps", "never all", "hidden", "again", "one piece", "stopped"} {
		if !all[k] {
			t.Errorf("no history was drawn of an outage that is %q", k)
		}
	}
}

// peersOf40 is an input of one prefix and 40 peers in as many networks, held from the start.
func peersOf40(end int64, steps func(peer int) []Step) Input {
	in := Input{Start: 100, End: end, Name: "AS64496", Prefixes: []Prefix{{Prefix: netip.MustParsePrefix("198.51.100.0/22"), Origins: []uint32{64496}}}}
	for i := range 40 {
		in.Peers = append(in.Peers, Peer{vantage.Peer{Collector: "rrc80", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}, uint32(65000 + i)})
		in.Prefixes[0].Carriers = append(in.Prefixes[0].Carriers, Carrier{i, append([]Step{{0, Held}}, steps(i)...)})
	}
	return in
}

// TestLossesAtDifferentTimes: losses of peers at different times are not added up, and
// short ones are not merged into a long one.
func TestLossesAtDifferentTimes(t *testing.T) {
	out := func(from, until int64) []Step { return []Step{{from, Lost}, {until, Held}} }
	for name, c := range map[string]struct {
		steps func(peer int) []Step
		want  string
	}{
		"in one piece": {func(i int) []Step { return out(1000+int64(i)/2, 2000+int64(i)/2) }, "in one piece"},
		"one half after the other": {func(i int) []Step {
			return out(1000+1000*int64(i%2), 2010+1000*int64(i%2))
		}, "{From:1000 Until:{At:3010 Seen:true} Losses:1 Seconds:2010 Spans:[] Fewest:20 Most:40 Of:40 MostAt:2000 Together:10 Any:2010 BackBy:0 Again:0 Gone:0 Since:0}"},
		"halves in turns": {func(i int) (s []Step) {
			for k := range int64(20) {
				s = append(s, out(1000+20*k+10*int64(i%2), 1010+20*k+10*int64(i%2))...)
			}
			return s
		}, "{From:1000 Until:{At:1400 Seen:true} Losses:1 Seconds:400 Spans:[] Fewest:20 Most:20 Of:40 MostAt:1000 Together:0 Any:400 BackBy:0 Again:0 Gone:0 Since:0}"},
		"all for a second in every 29": {func(int) (s []Step) {
			for k := range int64(50) {
				s = append(s, out(1000+29*k, 1001+29*k)...)
			}
			return s
		}, "{From:1000 Until:{At:2422 Seen:true} Losses:50 Seconds:50 Spans:[] Fewest:40 Most:40 Of:40 MostAt:1000 Together:50 Any:50 BackBy:0 Again:0 Gone:0 Since:0}"},
		"a third after the other": {func(i int) []Step {
			return out(1000+600*int64(i%3), 1630+600*int64(i%3))
		}, "{From:1600 Until:{At:1630 Seen:true} Losses:1 Seconds:30 Spans:[] Fewest:27 Most:27 Of:40 MostAt:1600 Together:0 Any:1230 BackBy:0 Again:0 Gone:0 Since:0}"},
		"back behind a hole": {func(i int) []Step {
			return []Step{{1000, Lost}, {2000, Unknown}, {2300 + int64(i)/10, Held}}
		}, "{From:1000 Until:{At:2000 Seen:false} Losses:1 Seconds:1000 Spans:[] Fewest:40 Most:40 Of:40 MostAt:1000 Together:1000 Any:-1 BackBy:2301 Again:40 Gone:40 Since:2303}"},
		"18 of 40 have it again": {func(i int) []Step {
			s := []Step{{1000, Lost}}
			if i < 18 {
				s = append(s, Step{2000 + int64(i), Held})
			}
			return s
		}, "{From:1000 Until:{At:4000 Seen:false} Losses:1 Seconds:3000 Spans:[] Fewest:22 Most:40 Of:40 MostAt:1000 Together:1000 Any:-1 BackBy:0 Again:18 Gone:40 Since:2017}"},
	} {
		in := peersOf40(4000, c.steps)
		holdGone(t, in)
		found, _ := FindSubject(in)
		if len(found) == 0 {
			t.Errorf("%s: no outage", name)
			continue
		}
		if got := describeGone(found[0].Gone); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
	in := peersOf40(4000, func(i int) []Step {
		if i < 30 {
			return []Step{{400, Unknown}}
		}
		return out(1000, 2000)
	})
	if found, _ := FindSubject(in); len(found) != 1 || found[0].Stopped != 30 || found[0].Unlisted != 0 || found[0].Carried != 10 {
		t.Errorf("of 40 peers 30 stop watching before: %+v", found)
	}
	in = peersOf40(4000, func(i int) []Step {
		switch {
		case i < 18:
			return []Step{{1600, Missing}, {2800, Held}}
		case i < 20:
			return []Step{{1200, Unknown}, {2800, Held}}
		}
		return out(1000, 2800)
	})
	holdGone(t, in)
	if found, _ := FindSubject(in); len(found) != 1 || found[0].Stopped != 18 || found[0].Unlisted != 18 || found[0].Carried != 20 {
		t.Errorf("of 40 peers 20 withdraw, 18 lack it in a later table, and 2 stop watching while it lasts: %+v", found)
	}
}

// TestLookingAwayIsNoTotal: that the last who hold it stop watching makes no total.
func TestLookingAwayIsNoTotal(t *testing.T) {
	in := peersOf40(4000, func(i int) []Step {
		if i < 3 {
			return []Step{{1500, Unknown}, {2500, Held}}
		}
		return []Step{{1000, Lost}, {2500, Held}}
	})
	if found, _ := FindSubject(in); len(found) != 1 || len(found[0].Total) != 0 {
		t.Errorf("of 40 peers 37 withdraw, and the three that hold it stop watching: %+v", found)
	}
}

// TestLevelsOfAWindow: what an outage costs to measure does not grow with what came before
// and after it. Example: one of 2,000 short losses looks at the changes of its own time.
func TestLevelsOfAWindow(t *testing.T) {
	t.Parallel()
	var steps []Step
	for i := range int64(2000) {
		steps = append(steps, Step{At: 100 + 70*i, State: Lost}, Step{At: 102 + 70*i, State: Held})
	}
	steps = append([]Step{{At: 0, State: Held}}, steps...)
	in := Input{End: 200_000, Prefixes: []Prefix{{Prefix: netip.MustParsePrefix("10.0.0.0/24"), Carriers: []Carrier{{Steps: steps}}}}, Peers: []Peer{{AS: 1}}}
	f := newFinder(in)
	got := f.levels([]int{0}, 100+70*1000, 103+70*1000)
	want := []level{{at: 70_100, lost: 1, of: 1}, {at: 70_102, of: 1}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
	if got := f.levels([]int{0}, 50, 100); !slices.Equal(got, []level{{at: 50, of: 1}}) {
		t.Errorf("before any: %+v", got)
	}
}
