package score

import (
	"slices"
	"testing"

	"constat/judge/cause"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/lab/sim"
)

// verdictOn judges a verdict on a night whose stops are given, by vantage.
func verdictOn(t *testing.T, c *sim.Case, stops []sim.Stop, r cause.Result) Outcome {
	t.Helper()
	o := options(1, 10)
	w, err := o.world(10, 1)
	if err != nil {
		t.Fatal(err)
	}
	p := w.Player(false)
	j := newJudge(o.Graph, w, p, o.Standard)
	x := &examination{night: &sim.Night{Case: c}, stops: map[int][]sim.Stop{}, result: r}
	x.Other = otherNames[c.NoCut]
	for k, s := range stops {
		x.stops[k] = []sim.Stop{s}
	}
	x.Lost, x.Stopped = max(1, len(stops)), len(stops)
	j.judge(x)
	return x.Outcome
}

func stop(near, far uint32) sim.Stop { return sim.Stop{Session: sim.Session{Near: near, Far: far}} }

func times(n int, s sim.Stop) []sim.Stop { return slices.Repeat([]sim.Stop{s}, n) }

// region is what networks pass on.
func region(networks ...uint32) cause.Region { return cause.Region{Networks: networks} }

func TestJudgeClaims(t *testing.T) {
	single := func(b place.Break) []place.Hypothesis { return []place.Hypothesis{place.Single(b)} }
	cut := &sim.Case{Origin: 1, Steps: []sim.Step{{Breaks: []sim.Break{{Kind: sim.Import, A: 2, Neighbours: []uint32{1}}}}}}
	for name, x := range map[string]struct {
		stops  []sim.Stop
		result cause.Result
		want   Fault
		places bool // false
	}{
		"names all that stopped": {times(20, stop(1, 2)), cause.Result{Level: proof.Established, Region: region(1)}, Right, false},
		"names more than that":   {times(20, stop(1, 2)), cause.Result{Level: proof.Established, Region: region(1, 2)}, Right, false},
		"names another network":  {times(20, stop(1, 2)), cause.Result{Level: proof.Established, Region: region(2)}, FalselyAccused, false},
		"names who would not take them, not who passed them on": {times(20, stop(1, 2)), cause.Result{Level: proof.Established, Region: region(2, 3)},
			FalselyAccused, false},
		"names nothing":                {times(20, stop(1, 2)), cause.Result{Level: proof.Established}, FalselyAccused, false},
		"one in ten outside is noise":  {append(times(18, stop(1, 2)), times(2, stop(7, 8))...), cause.Result{Level: proof.Established, Region: region(1)}, Right, false},
		"three in twenty are too many": {append(times(17, stop(1, 2)), times(3, stop(7, 8))...), cause.Result{Level: proof.Established, Region: region(1)}, FalselyAccused, false},
		"indicated, and false":         {times(20, stop(1, 2)), cause.Result{Level: proof.Indicated, Region: region(2)}, FalselyPointed, false},
		"says nothing":                 {times(20, stop(1, 2)), cause.Result{Level: proof.NotEstablished, Region: region(2)}, Abstained, false},
		"a region where only noise took routes": {nil, cause.Result{Level: proof.Established, Region: region(1)},
			FalselyAccused, false},
		"places that hold the stops": {times(20, stop(1, 2)), cause.Result{Level: proof.Established, Region: region(1),
			Class: single(place.Break{Kind: place.TransitImport, A: 2})}, Right, false},
		"places that do not": {times(20, stop(1, 2)), cause.Result{Level: proof.Established, Region: region(1),
			Class: single(place.Break{Kind: place.TransitExport, A: 2})}, FalselyPointed, true},
		"no cut, of a cut": {times(20, stop(1, 2)), cause.Result{Level: proof.Indicated, Rival: true, Class: single(place.Break{Kind: place.Replaced})}, Missed, false},
	} {
		o := verdictOn(t, cut, x.stops, x.result)
		if o.Fault != x.want || o.FalsePlaces != x.places {
			t.Errorf("%s: %v, places false %t; want %v, %t", name, o.Fault, o.FalsePlaces, x.want, x.places)
		}
	}
}

func TestJudgeNoCut(t *testing.T) {
	stops := sim.Break{Kind: sim.OriginStops, A: 1}
	said := func(k place.Kind) cause.Result {
		return cause.Result{Level: proof.Indicated, Rival: true, Class: []place.Hypothesis{place.Single(place.Break{Kind: k})}}
	}
	displaced := stop(4, 5)
	displaced.Displaced = true
	for name, x := range map[string]struct {
		c          *sim.Case
		stops      []sim.Stop
		said       place.Kind
		want       Fault
		cut, other bool
	}{
		"renumbered, and it was": {&sim.Case{Origin: 1, NoCut: sim.Renumbered, Steps: []sim.Step{{Breaks: []sim.Break{stops}}}}, times(9, stop(1, 2)), place.Renumbered, Right, false, false},
		"renumbered, of a link that was cut": {&sim.Case{Origin: 1, Steps: []sim.Step{{Breaks: []sim.Break{{Kind: sim.Adjacency, A: 2, B: 1}}}}}, times(9, stop(1, 2)),
			place.Renumbered, Missed, true, false},
		"renumbered, of an origin that stopped and announced nothing else": {&sim.Case{Origin: 1, Steps: []sim.Step{{Breaks: []sim.Break{stops}}}}, times(9, stop(1, 2)),
			place.Renumbered, Missed, false, true},
		"replaced, of a hijack beside a cut that took most": {&sim.Case{Origin: 1, Steps: []sim.Step{{Breaks: []sim.Break{{Kind: sim.Import, A: 2}}}}},
			append(times(9, stop(1, 2)), displaced), place.Replaced, Missed, true, false},
		"replaced, where another origin's route was preferred nearly everywhere": {&sim.Case{Origin: 1, Steps: []sim.Step{{Breaks: []sim.Break{{Kind: sim.Import, A: 2}}}}},
			times(9, displaced), place.Replaced, Right, false, false},
		"peers broke off, in the minute of a cut: it holds back": {&sim.Case{Origin: 1, Resets: []int{3}, Steps: []sim.Step{{Breaks: []sim.Break{{Kind: sim.Import, A: 2}}}}},
			times(9, stop(1, 2)), place.Observer, Abstained, false, false},
	} {
		o := verdictOn(t, x.c, x.stops, said(x.said))
		if o.Fault != x.want || o.FalseNoCut != x.cut || o.UnfoundedNoCut != x.other {
			t.Errorf("%s: %v, a cut %t, unfounded %t; want %v, %t, %t", name, o.Fault, o.FalseNoCut, o.UnfoundedNoCut, x.want, x.cut, x.other)
		}
	}
}

func TestJudgeExclusions(t *testing.T) {
	excluded := cause.Result{Level: proof.NotEstablished, Weighed: []cause.Weighed{
		{Hypothesis: place.Single(place.Break{Kind: place.Node, A: 2, Wide: true}), Excluded: true},
		{Hypothesis: place.Single(place.Break{Kind: place.Node, A: 3, Wide: true}), Excluded: true},
		{Hypothesis: place.Single(place.Break{Kind: place.Node, A: 4, Wide: true})},
	}}
	c := &sim.Case{Origin: 1, Steps: []sim.Step{{Breaks: []sim.Break{{Kind: sim.NodeDown, A: 2, Wide: true}, {Kind: sim.NodeDown, A: 4, Wide: true}}}}}
	o := verdictOn(t, c, times(9, stop(1, 2)), excluded)
	if o.Excluded != 2 || !slices.Equal(o.FalselyExcluded, []uint32{2}) {
		t.Errorf("%d excluded, falsely %v; want 2, [2]", o.Excluded, o.FalselyExcluded)
	}
}

// TestPlaces wants each kind of place to hold its sessions and no others.
func TestPlaces(t *testing.T) {
	for _, x := range []struct {
		b    place.Break
		in   []sim.Session
		not  []sim.Session
		name string
	}{
		{place.Break{Kind: place.Origin, A: 1}, []sim.Session{{Near: 1, Far: 2}, {Near: 1, Far: 3}}, []sim.Session{{Near: 2, Far: 1}, {Near: 2, Far: 3}}, "origin"},
		{place.Break{Kind: place.Adjacency, A: 2, B: 1}, []sim.Session{{Near: 1, Far: 2}, {Near: 2, Far: 1}}, []sim.Session{{Near: 1, Far: 3}}, "adjacency"},
		{place.Break{Kind: place.TransitImport, A: 2}, []sim.Session{{Near: 1, Far: 2}, {Near: 9, Far: 2}}, []sim.Session{{Near: 2, Far: 3}}, "import"},
		{place.Break{Kind: place.TransitExport, A: 2}, []sim.Session{{Near: 2, Far: 3}}, []sim.Session{{Near: 1, Far: 2}}, "export to nobody"},
		{place.Break{Kind: place.Export, A: 2, S: []uint32{3, 4}}, []sim.Session{{Near: 2, Far: 3}, {Near: 2, Far: 4}}, []sim.Session{{Near: 2, Far: 5}, {Near: 3, Far: 2}}, "export to some"},
		{place.Break{Kind: place.Node, A: 2}, []sim.Session{{Near: 1, Far: 2}, {Near: 2, Far: 3}}, []sim.Session{{Near: 1, Far: 3}}, "network"},
	} {
		for _, s := range x.in {
			if !inPlace(x.b, s) {
				t.Errorf("%s: %v is not in it", x.name, s)
			}
		}
		for _, s := range x.not {
			if inPlace(x.b, s) {
				t.Errorf("%s: %v is in it", x.name, s)
			}
		}
	}
}

// TestSightShortcut compares the shortcut for routes that never changed with the
// reading of a history.
func TestSightShortcut(t *testing.T) {
	path := []uint32{3, 2, 1}
	p := &sim.Prefix{Origin: 1, Line: -1}
	l := &loss{first: 10_000, converged: 10_300, trough: 10_600}
	r := &reader{n: &sim.Night{}}
	j := &judge{}
	short, ok := j.sight(r, l, p, &sim.Route{Vantage: 4, Steps: []sim.Held{{At: 1000, State: sim.Present, Path: path, Heard: 1500}}})
	long, ok2 := cause.Loss{First: l.first, Converged: l.converged, Trough: l.trough}.Sight(4, []cause.Held{{At: 1000, State: cause.Present, Path: path, Heard: 1500}})
	if !ok || !ok2 || short.State != long.State || !slices.Equal(short.Baseline, long.Baseline) || !slices.Equal(short.Now, long.Now) || short.Since != long.Since ||
		short.Inferred != long.Inferred || len(long.Also)+len(long.Explored) > 0 || long.Usual != nil {
		t.Errorf("%+v, %+v", short, long)
	}
}
