package score

import (
	"cmp"
	"fmt"
	"slices"

	"constat/cause"
	"constat/lab/sim"
	"constat/proof"
)

// judge examines the nights of one world, one after the other.
type judge struct {
	graph      *sim.Graph
	world      *sim.World
	std        proof.Standard
	vantages   []cause.Vantage
	collectors int
	night      *sim.Night
	criticals  map[float64][]int // see [judge.critical]

	prefixes []cause.Prefix
	sights   []cause.Sight
}

func newJudge(g *sim.Graph, w *sim.World, std proof.Standard) *judge {
	j := &judge{graph: g, world: w, std: std, criticals: map[float64][]int{}}
	seen := map[string]bool{}
	for _, v := range w.Vantages {
		j.vantages = append(j.vantages, cause.Vantage{Name: v.Name(), Collector: v.Collector, AS: v.AS})
		seen[v.Collector] = true
	}
	j.collectors = len(seen)
	return j
}

// input says what was seen in the words of the examiner. It holds until the
// next call. What only the simulator knows stays behind.
func (j *judge) input(n *sim.Night) cause.Input {
	j.night = n
	total, sights := 0, 0
	for _, ps := range [][]sim.Prefix{n.Subject, n.Near, n.Far} {
		total += len(ps)
		for _, p := range ps {
			sights += len(p.Sights)
		}
	}
	j.prefixes = slices.Grow(j.prefixes[:0], total)
	j.sights = slices.Grow(j.sights[:0], sights)
	convert := func(ps []sim.Prefix) []cause.Prefix {
		from := len(j.prefixes)
		for _, p := range ps {
			at := len(j.sights)
			for _, s := range p.Sights {
				x := cause.Sight{Vantage: s.Vantage, Baseline: s.Baseline, Inferred: s.Inferred, State: cause.State(s.State), Now: s.Now, Since: s.Since, Lost: s.Lost}
				for _, h := range s.Explored {
					x.Explored = append(x.Explored, cause.Hop{At: h.At, Path: h.Path})
				}
				j.sights = append(j.sights, x)
			}
			j.prefixes = append(j.prefixes, cause.Prefix{Prefix: p.Prefix, Origin: p.Origin, Sights: j.sights[at:len(j.sights):len(j.sights)]})
		}
		return j.prefixes[from:len(j.prefixes):len(j.prefixes)]
	}
	return cause.Input{
		Vantages: j.vantages, Subject: convert(n.Subject), Origin: n.Case.Origin, Near: convert(n.Near), Far: convert(n.Far),
		Onset: n.Onset, Converged: n.Converged, Trough: n.Trough,
		Renumbered: n.Renumbered, ObserverResets: n.ObserverResets,
	}
}

// Fault is how a verdict fails, worst first.
type Fault uint8

const (
	Right          Fault = iota
	Abstained            // not established
	Missed               // indicated as no cut, though something broke
	OneOfTwo             // a true break, of several
	Unfounded            // a loss was found where nobody lost the routes; of recordings
	FalselyPointed       // indicated, for a set without a true break
	FalselyAccused       // established, for a set without a true break
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
	Truth []string `json:"truth"`
	// Undrawn says why there is no such case; all else is then empty.
	Undrawn string `json:"undrawn,omitempty"`

	Lost  int    `json:"lost"`  // vantages that lost the subject, as far as could be seen
	Total bool   `json:"total"` // routing left nobody a route
	Out   bool   `json:"out"`   // by the definition of an outage
	Level string `json:"level"`
	Rival string `json:"rival,omitempty"`
	Fault Fault  `json:"fault"`

	TrueNamed bool     `json:"true_named"` // a true break is in the named set
	Class     []string `json:"class"`
	Named     int      `json:"named"` // single breaks not excluded
	Ideal     int      `json:"ideal"` // those that the standard would leave without noise
	Strict    int      `json:"strict"`
	Joint     bool     `json:"joint,omitempty"`
	Reasons   []string `json:"reasons"`
}

// none says whether nothing was there to be examined.
func (o *Outcome) none() bool { return o.Undrawn != "" || o.Lost == 0 }

// examine plays no part in the judgement but to ask for it.
func (j *judge) examine(n *sim.Night) (Outcome, cause.Result) {
	in := j.input(n)
	o := Outcome{Kind: n.Case.Kind, Truth: []string{}, Class: []string{}, Reasons: []string{}}
	for _, t := range n.Case.Truth() {
		o.Truth = append(o.Truth, t.String())
	}
	o.Lost, o.Out = j.lost(n)
	o.Total = n.Truly.Carried > 0 && n.Truly.Lost == n.Truly.Carried
	if o.Lost == 0 {
		return o, cause.Result{}
	}
	r := cause.Examine(in, j.std)
	o.Level = r.Level.String()
	o.Reasons = append(o.Reasons, r.Reasons...)
	for _, h := range r.Class {
		o.Class = append(o.Class, h.String())
		o.Joint = o.Joint || h.Joint()
	}
	o.Named = singles(r.Class)
	if r.Rival {
		o.Rival = r.Class[0].Parts[0][0].Kind.String()
	}
	o.TrueNamed = j.verity(r.Class) > untrue
	o.Fault = j.fault(&o, &r)
	return o, r
}

// truths is what a case is at bottom: the rival that explains it, or a cut.
func trueRival(c *sim.Case) string {
	switch {
	case c.Kind == "observer":
		return cause.Observer.String()
	case c.Forged == sim.NewPrefixes:
		return cause.Renumbered.String()
	case c.Forged != sim.Nothing:
		return cause.Replaced.String()
	}
	return ""
}

func (j *judge) fault(o *Outcome, r *cause.Result) Fault {
	if r.Level == proof.NotEstablished {
		return Abstained
	}
	v := j.verity(r.Class)
	rival := trueRival(j.night.Case)
	switch {
	case r.Rival && o.Rival == rival:
		return Right
	case r.Rival && rival == "" && o.Rival == cause.Observer.String() && len(j.night.Case.Resets) > 0:
		// Peers were reset in the minute of a cut, and it holds back.
		return Abstained
	case v == whole && !r.Rival && rival == "":
		return Right
	case v == oneOf && !r.Rival && rival == "":
		return OneOfTwo
	case r.Level == proof.Established:
		return FalselyAccused
	case r.Rival:
		return Missed
	}
	// Several classes are left and the truth may be in another one.
	if !r.Rival && rival == "" && len(r.Class) > 1 && j.verity(r.Class) > untrue {
		return Right
	}
	return FalselyPointed
}

// lost counts the vantages that lost the subject, and applies the definition of
// an outage at the trough: at most half of the carriers hold it, and carriers in
// at least two ASes have lost it.
func (j *judge) lost(n *sim.Night) (int, bool) {
	lost := map[int]bool{}
	out := false
	for _, p := range n.Subject {
		held, gone := 0, map[uint32]bool{}
		carriers := 0
		for _, s := range p.Sights {
			if len(s.Baseline) == 0 || s.State == sim.Unseen {
				continue
			}
			carriers++
			if s.State == sim.Gone {
				lost[s.Vantage] = true
				gone[j.world.Vantages[s.Vantage].AS] = true
			} else {
				held++
			}
		}
		out = out || 2*held <= carriers && len(gone) >= 2
	}
	return len(lost), out
}

// describe prints a case in full.
func (j *judge) describe(n *sim.Night, o *Outcome, r *cause.Result) []string {
	c := n.Case
	var out []string
	add := func(f string, a ...any) { out = append(out, fmt.Sprintf(f, a...)) }
	add("case      %s: %s, AS%d, %d prefixes, %d vantages", o.Name, c.Kind, c.Origin, c.Prefixes, len(j.world.Vantages))
	for _, s := range c.Steps {
		add("at +%ds   %v", s.After, s.Breaks)
	}
	if c.Forged != sim.Nothing {
		add("forged    %s by AS%d", c.Forged, c.By)
	}
	add("noise     stuck %v, resets of %d vantages (%v), prepending %v, without snapshots %t", c.Stuck, len(c.Resets), c.Reset, c.Prepend, c.NoSnapshot)
	add("routing   %d vantages carried it, %d lost it, %d moved", n.Truly.Carried, n.Truly.Lost, n.Truly.Moved)
	add("verdict   %s; fault: %s; true break named: %t", o.Level, o.Fault, o.TrueNamed)
	add("reasons   %v", o.Reasons)
	for _, d := range r.Demands {
		add("demand    %s: %v, found %v, met %t", d.What, d.Demanded, d.Found, d.Met)
	}
	for _, h := range r.Class {
		add("class     %s", h)
	}
	add("named     %d classes of %d; %d single breaks, without noise %d under the standard and %d strictly", len(r.Class), len(r.Class), o.Named, o.Ideal, o.Strict)
	for _, w := range r.Weighed {
		by := "named"
		if w.Excluded {
			by = "excluded: " + w.By
		}
		add("weighed   %-60.60s %s; crossing %d, gone outside %d, kept across %d, fresh across %d, controls stayed %d, went %d", w.Hypothesis.String(), by,
			w.Crossing, 0, 0, 0, len(w.ControlsSurvive), len(w.ControlsLost))
	}
	states := [...]string{"unseen", "gone", "kept", "moved"}
	for i, p := range n.Subject {
		ss := slices.Clone(p.Sights)
		slices.SortStableFunc(ss, func(a, b sim.Sight) int { return cmp.Compare(a.State, b.State) })
		for _, s := range ss {
			v := j.world.Vantages[s.Vantage]
			note := ""
			if s.Stale {
				note = " stale"
			}
			if v.Feed != sim.FullFeed {
				note += " feed:" + v.Feed.String()
			}
			when := fmt.Sprintf("is %v since %+d s", s.Now, s.Since-n.First)
			switch s.State {
			case sim.Gone:
				when = fmt.Sprintf("lost at %+d s after %d other paths", s.Lost-n.First, len(s.Explored))
			case sim.Unseen:
				when = "not watching"
			}
			add("prefix %d  %s %s: %s%s; was %v, %s; routing gives %v", i+1, v.Collector, v.Addr, states[s.State], note, s.Baseline, when, s.Final)
		}
	}
	return out
}
