package score

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"constat/judge/cause"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/lab/sim"
)

// judge examines the nights of one world, one after the other.
type judge struct {
	graph    *sim.Graph
	world    *sim.World
	player   *sim.Player
	std      proof.Standard
	vantages []cause.Vantage

	prefixes []cause.Prefix
	sights   []cause.Sight
	steps    []cause.Held
}

func newJudge(g *sim.Graph, w *sim.World, p *sim.Player, std proof.Standard) *judge {
	j := &judge{graph: g, world: w, player: p, std: std}
	for _, v := range w.Vantages {
		j.vantages = append(j.vantages, cause.Vantage{Name: v.Name(), Collector: v.Collector, AS: v.AS})
	}
	return j
}

// input says what was seen in the words of the examiner. It holds until the
// next call. What only the simulator knows stays behind.
func (j *judge) input(n *sim.Night, r *reader, l *loss) cause.Input {
	total, routes := 0, 0
	for _, ps := range [][]sim.Prefix{n.Subject, n.Near, n.Far} {
		total += len(ps)
		for _, p := range ps {
			routes += len(p.Routes)
		}
	}
	j.prefixes = slices.Grow(j.prefixes[:0], total)
	j.sights = slices.Grow(j.sights[:0], routes)
	convert := func(p *sim.Prefix) {
		at := len(j.sights)
		for _, h := range p.Routes {
			if s, ok := j.sight(r, l, p, &h); ok {
				j.sights = append(j.sights, s)
			}
		}
		j.prefixes = append(j.prefixes, cause.Prefix{Prefix: p.Prefix, Origin: p.Origin, Sights: j.sights[at:len(j.sights):len(j.sights)]})
	}
	since := func(from int) []cause.Prefix { return j.prefixes[from:len(j.prefixes):len(j.prefixes)] }
	in := cause.Input{
		Vantages: j.vantages, Origin: n.Case.Asked(), Onset: l.onset, Converged: l.converged, Trough: l.trough,
		Operator: j.operators(n.Case), Country: j.world.Who.Country, Large: j.world.Who.Large,
	}
	for _, i := range l.subject {
		convert(&n.Subject[i])
	}
	in.Subject = since(0)
	from := len(j.prefixes)
	for i := range n.Near {
		convert(&n.Near[i])
	}
	in.Near = since(from)
	from = len(j.prefixes)
	for i := range n.Far {
		convert(&n.Far[i])
	}
	in.Far = since(from)
	r.standIns(l, &in)
	return in
}

// operators are the siblings of the world and of the case.
func (j *judge) operators(c *sim.Case) map[uint32]uint32 {
	if len(c.Siblings) == 0 {
		return j.world.Who.Operator
	}
	out := maps.Clone(j.world.Who.Operator)
	for _, p := range c.Siblings {
		out[p[0]], out[p[1]] = min(p[0], p[1]), min(p[0], p[1])
	}
	return out
}

// Fault is how a verdict fails, worst last.
type Fault uint8

// Faults, and what is none.
const (
	Right          Fault = iota
	Abstained            // not established
	Missed               // said to be no cut, of a cut
	OneOfTwo             // a true break, of several; of recordings
	Unfounded            // a loss was found where nobody lost the routes; of recordings
	FalselyPointed       // indicated, and false
	FalselyAccused       // established, and false
)

func (f Fault) String() string {
	return [...]string{"right", "abstained", "missed", "one of two", "unfounded", "falsely indicated", "falsely accused"}[f]
}

// MarshalText gives the name.
func (f Fault) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Outcome is one case and what the examiner made of it.
type Outcome struct {
	Name  string   `json:"case"`
	Kind  string   `json:"kind"`
	Note  string   `json:"note,omitempty"`
	Truth []string `json:"truth"`
	// Undrawn says why there is no such case; all else is then empty.
	Undrawn string `json:"undrawn,omitempty"`

	Lost    int  `json:"lost"`    // vantages that lost the subject, as far as could be seen
	Stopped int  `json:"stopped"` // of them, those that routing took it from
	Total   bool `json:"total"`   // routing left nobody a route
	Several bool `json:"several"` // several acts, none of which explains all
	Out     bool `json:"out"`     // by the definition of an outage

	Level   string   `json:"level"`
	Rival   string   `json:"rival,omitempty"`
	Fault   Fault    `json:"fault"`
	Reasons []string `json:"reasons"`
	// Region is what is claimed, and Outside how many of the stopped vantages
	// stopped elsewhere; Places are where one act would suffice, and
	// OutsidePlaces likewise.
	Region        []uint32 `json:"region"`
	Outside       int      `json:"outside"`
	FalseClaim    bool     `json:"false_claim,omitempty"`
	Places        []string `json:"places"`
	OutsidePlaces int      `json:"outside_places"`
	FalsePlaces   bool     `json:"false_places,omitempty"`
	// Excluded counts networks excluded as down for everything; FalselyExcluded
	// are those that were.
	Excluded        int      `json:"excluded"`
	FalselyExcluded []uint32 `json:"falsely_excluded,omitempty"`
	// FalseNoCut says that a cut was called none, UnfoundedNoCut that something
	// else was: an origin stopped that nothing stood in for.
	FalseNoCut     bool `json:"false_no_cut,omitempty"`
	UnfoundedNoCut bool `json:"unfounded_no_cut,omitempty"`
	// Other is set if nothing was cut.
	Other string `json:"no_cut,omitempty"`
}

// none reports whether nothing was there to be examined.
func (o *Outcome) none() bool { return o.Undrawn != "" || o.Lost == 0 }

// claims reports whether a region is claimed.
func (o *Outcome) claims() bool {
	return o.Rival == "" && o.Lost > 0 && o.Level != "" && o.Level != proof.NotEstablished.String()
}

// cut reports whether something was cut and seen.
func (o *Outcome) cut() bool { return o.Other == "" && o.Stopped > 0 }

// otherNames are what a loss may be that is no cut, as the examiner calls it.
var otherNames = map[sim.NoCut]string{
	sim.Watching: place.Observer.String(), sim.Replaced: place.Replaced.String(), sim.Renumbered: place.Renumbered.String(),
}

// examination is one case with all that was made of it on the way.
type examination struct {
	Outcome
	night  *sim.Night
	loss   loss
	stops  map[int][]sim.Stop
	input  cause.Input
	result cause.Result
	graph  *sim.Graph
}

// examine asks for a verdict and judges it.
func (j *judge) examine(n *sim.Night) *examination {
	r := newReader(n)
	x := &examination{night: n, loss: r.find(j.world), graph: j.graph}
	o := &x.Outcome
	o.Kind, o.Note, o.Several, o.Other = n.Case.Kind, n.Case.Note, n.Case.Several, otherNames[n.Case.NoCut]
	o.Truth, o.Places, o.Reasons, o.Region = []string{}, []string{}, []string{}, []uint32{}
	for _, t := range n.Case.Truth() {
		if len(o.Truth) == 12 {
			o.Truth = append(o.Truth, fmt.Sprintf("and %d more", len(n.Case.Truth())-12))
			break
		}
		o.Truth = append(o.Truth, t.String())
	}
	x.input.Operator, x.input.Country, x.input.Large = j.operators(n.Case), j.world.Who.Country, j.world.Who.Large
	o.Total = n.Truly.Carried > 0 && n.Truly.Lost == n.Truly.Carried
	if !x.loss.found {
		return x
	}
	o.Lost, o.Out = len(x.loss.lost), x.loss.out
	x.stops = stops(n, &x.loss, r)
	o.Stopped = len(x.stops)
	x.input = j.input(n, r, &x.loss)
	x.result = cause.Examine(x.input, j.std)
	j.judge(x)
	return x
}

// judge sets a verdict against the stops.
func (j *judge) judge(x *examination) {
	o, r, c := &x.Outcome, &x.result, x.night.Case
	o.Level = r.Level.String()
	o.Reasons = append(o.Reasons, former(r.Reasons)...)
	if r.Rival {
		o.Rival = r.Class[0].Parts[0][0].Kind.String()
	}
	for _, w := range r.Weighed {
		if !w.Excluded || w.Parts[0][0].Kind != place.Node {
			continue
		}
		o.Excluded++
		if a := w.Parts[0][0].A; j.player.Down(c, a) {
			o.FalselyExcluded = append(o.FalselyExcluded, a)
		}
	}
	o.Fault = Abstained
	switch {
	case r.Level == proof.NotEstablished:
	case r.Rival:
		o.Fault = Right
		switch {
		case o.Rival == o.Other:
		case o.Rival == place.Observer.String() && len(c.Resets) > 0:
			// Peers broke off in the minute of a cut, and it holds back.
			o.Fault = Abstained
		case o.Other == "" && x.wasCut():
			o.FalseNoCut, o.Fault = true, Missed
		case o.Rival == place.Replaced.String() && x.displaced():
		default:
			o.UnfoundedNoCut, o.Fault = true, Missed
		}
	default:
		o.Region = append(o.Region, r.Region.Networks...)
		o.Outside = outside(x.stops, inRegion(&r.Region))
		o.FalseClaim = falseShare(o.Outside, o.Stopped)
		for _, h := range r.Class {
			o.Places = append(o.Places, h.String())
		}
		if len(r.Class) > 0 {
			o.OutsidePlaces = outside(x.stops, inPlaces(r.Class))
			o.FalsePlaces = falseShare(o.OutsidePlaces, o.Stopped)
		}
		switch {
		case o.FalseClaim && r.Level == proof.Established:
			o.Fault = FalselyAccused
		case o.FalseClaim || o.FalsePlaces:
			o.Fault = FalselyPointed
		default:
			o.Fault = Right
		}
	}
}

// wasCut reports whether the origin went on announcing to somebody, and the
// routes did not get through: whether more than noise makes of the vantages
// stopped neither where the origin itself ceased to announce nor where another
// origin's route was preferred.
func (x *examination) wasCut() bool {
	cut := 0
	for _, ss := range x.stops {
		if slices.ContainsFunc(ss, func(s sim.Stop) bool { return !s.Displaced && !x.night.Case.Withdrew(s.Session) }) {
			cut++
		}
	}
	return len(x.stops) > 0 && falseShare(cut, len(x.stops))
}

// displaced reports whether most of the vantages stopped where another origin's
// route was preferred.
func (x *examination) displaced() bool {
	n := 0
	for _, ss := range x.stops {
		n += one(slices.ContainsFunc(ss, func(s sim.Stop) bool { return s.Displaced }))
	}
	return 2*n > len(x.stops)
}

// describe prints a case in full.
func (j *judge) describe(x *examination) []string {
	n, o, r := x.night, &x.Outcome, &x.result
	c := n.Case
	var out []string
	add := func(f string, a ...any) { out = append(out, fmt.Sprintf(f, a...)) }
	add("case      %s: %s, AS%d, %d prefixes, %d vantages", o.Name, c.Kind, c.Origin, c.Prefixes, len(j.world.Vantages))
	if c.Note != "" {
		add("act       %s", c.Note)
	}
	if len(c.Base) > 0 {
		add("at first  %v", c.Base)
	}
	for _, s := range c.Steps {
		add("at %+ds   %v%s", s.After, s.Breaks, by(s.By))
	}
	for _, l := range c.Beside {
		add("beside    %v%s", l.Prefixes, by(l.By))
		for _, s := range l.Steps {
			add("at %+ds   %v%s", s.After, s.Breaks, by(s.By))
		}
	}
	add("noise     stuck %v, resets of %d vantages (%v), clocks %v, prepending %v, without snapshots %t", c.Stuck, len(c.Resets), c.Reset, c.Skew, c.Prepend, c.NoSnapshot)
	add("routing   %d vantages carried it, %d lost it, %d moved", n.Truly.Carried, n.Truly.Lost, n.Truly.Moved)
	if !x.loss.found {
		add("verdict   nothing was lost")
		return out
	}
	add("loss      first %+d s, median %+d s, read at %+d s; %d vantages lost it, %d of them by the act", x.loss.first-n.First, x.loss.onset-n.First, x.loss.trough-n.First, o.Lost, o.Stopped)
	add("verdict   %s%s; fault: %s", o.Level, word(o.Rival), o.Fault)
	add("region    %v; %d of %d stopped outside", o.Region, o.Outside, o.Stopped)
	add("places    %v; %d of %d stopped outside", o.Places, o.OutsidePlaces, o.Stopped)
	add("excluded  %d networks, falsely %v", o.Excluded, o.FalselyExcluded)
	for _, a := range r.Acts {
		add("acts      by %s: at least %d, found %d: %v %v", a.By, a.AtLeast, a.Found, a.Who, a.In)
	}
	add("reasons   %v", o.Reasons)
	for _, d := range r.Demands {
		add("demand    %s: %v, found %v, met %t", cause.Former(d.What), d.Demanded, d.Found, d.Met)
	}
	for _, w := range r.Weighed {
		by := "named"
		if w.Excluded {
			by = "excluded: " + cause.Former(w.By)
		}
		add("weighed   %-60.60s %s; controls stayed %d, went %d", w.Hypothesis.String(), by, len(w.ControlsSurvive), len(w.ControlsLost))
	}
	count := map[sim.Session]int{}
	for _, ss := range x.stops {
		for _, s := range ss {
			count[s.Session]++
		}
	}
	for _, s := range slices.SortedFunc(maps.Keys(count), func(a, b sim.Session) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.Near, b.Near), cmp.Compare(a.Far, b.Far))
	}) {
		add("stop      AS%d to AS%d: %d vantages", s.Near, s.Far, count[s])
	}
	for i, p := range x.input.Subject {
		ss := slices.Clone(p.Sights)
		slices.SortStableFunc(ss, func(a, b cause.Sight) int { return cmp.Compare(a.State, b.State) })
		for _, s := range ss {
			v := j.world.Vantages[s.Vantage]
			note := ""
			if v.Feed != sim.FullFeed {
				note = " feed:" + v.Feed.String()
			}
			when := fmt.Sprintf("is %v since %+d s", s.Now, s.Since-n.First)
			switch s.State {
			case cause.Gone:
				when = fmt.Sprintf("lost at %+d s after %d other paths", s.Lost-n.First, len(s.Explored))
			case cause.Unseen:
				when = "not watching"
			}
			for _, t := range x.stops[s.Vantage] {
				when += fmt.Sprintf("; stopped at AS%d to AS%d on %v", t.Near, t.Far, t.Path)
			}
			add("prefix %d  %s %s: %s%s; was %v, %s", i+1, v.Collector, v.Addr, s.State, note, s.Baseline, when)
		}
	}
	return out
}

func by(as []uint32) string {
	if as == nil {
		return ""
	}
	return fmt.Sprintf(" announced by %v", as)
}

func word(s string) string {
	if s == "" {
		return ""
	}
	return ", " + strings.TrimSpace(s)
}
