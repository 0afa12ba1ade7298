package score

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"constat/judge/proof"
	"constat/lab/sim"
)

// perPlacement is how many cases share vantages and manners.
const perPlacement = 1000

// Options say what to play.
type Options struct {
	Graph      *sim.Graph
	Vantages   []int    // how many, in turn; each has its share of the cases
	N          int      // cases in all
	Seed       uint64   // of placements and cases
	Placements []uint64 // instead of those of the seed
	Odd        float64  // share of networks that break the rules
	Conditions sim.Conditions
	Standard   proof.Standard
	Kind       string            // only this kind, or sim.AllActs or sim.AllBreaks; empty: all
	Country    map[uint32]string // where networks are registered; nil: drawn
	Workers    int               // at once; 0: as many as there are processors
	Progress   func(done, of int)
}

// ErrOptions is wrapped by errors about the options themselves.
var ErrOptions = errors.New("cannot be played")

// Validate says what is wrong with options before anything starts.
func (o *Options) Validate() error {
	bad := func(f string, a ...any) error { return fmt.Errorf(f+": %w", append(a, ErrOptions)...) }
	switch {
	case o.Graph == nil:
		return bad("no graph")
	case o.N < 1:
		return bad("%d cases", o.N)
	case len(o.Vantages) == 0:
		return bad("no vantages")
	case o.Odd < 0 || o.Odd > 1:
		return bad("a share of %v networks that break the rules", o.Odd)
	case o.Kind != "" && o.Kind != sim.AllActs && o.Kind != sim.AllBreaks && !slices.Contains(sim.Kinds(), o.Kind):
		return bad("kind %q; there are %s, and %s and %s for all of a sort", o.Kind, strings.Join(sim.Kinds(), ", "), sim.AllActs, sim.AllBreaks)
	}
	for _, x := range []struct {
		what string
		rate float64
	}{{"zombies", o.Conditions.Zombie}, {"churn", o.Conditions.Churn}, {"stuck", o.Conditions.Stuck}} {
		if !(x.rate >= 0 && x.rate <= 1) {
			return bad("%s %v, want 0 to 1", x.what, x.rate)
		}
	}
	for _, v := range o.Vantages {
		if v < 1 || v > o.Graph.Len()/2 {
			return bad("%d vantages in a graph of %d ASes, want 1 to %d", v, o.Graph.Len(), o.Graph.Len()/2)
		}
	}
	return nil
}

// Score is what came of it.
type Score struct {
	Outcomes []Outcome
	Took     time.Duration // of playing and examining, without placing vantages
	Workers  int
}

// job is the cases of one world.
type job struct {
	vantages  int
	placement uint64
	cases     []int // indices into the outcomes
}

func (o *Options) jobs() []job {
	var out []job
	for k, v := range o.Vantages {
		var mine []int
		for i := k; i < o.N; i += len(o.Vantages) {
			mine = append(mine, i)
		}
		if o.Placements != nil {
			for p, seed := range o.Placements {
				from, to := p*len(mine)/len(o.Placements), (p+1)*len(mine)/len(o.Placements)
				if from < to {
					out = append(out, job{v, seed, mine[from:to]})
				}
			}
			continue
		}
		for p := 0; len(mine) > 0; p++ {
			n := min(perPlacement, len(mine))
			out = append(out, job{v, o.Seed*1000 + uint64(p), mine[:n]})
			mine = mine[n:]
		}
	}
	return out
}

func (o *Options) world(vantages int, placement uint64) (*sim.World, error) {
	return sim.NewWorld(sim.Setting{Graph: o.Graph, Odd: o.Odd, Seed: placement, Vantages: vantages, Placement: placement, Country: o.Country})
}

// Run plays and examines all cases.
func Run(ctx context.Context, o Options) (*Score, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	s := &Score{Outcomes: make([]Outcome, o.N), Workers: o.Workers}
	var done atomic.Int64
	for _, jb := range o.jobs() {
		w, err := o.world(jb.vantages, jb.placement)
		if err != nil {
			return nil, err
		}
		start := time.Now()
		var next atomic.Int64
		var wg sync.WaitGroup
		for range o.Workers {
			wg.Go(func() {
				p := w.Player(false)
				j := newJudge(o.Graph, w, p, o.Standard)
				for ctx.Err() == nil {
					k := int(next.Add(1)) - 1
					if k >= len(jb.cases) {
						return
					}
					i := jb.cases[k]
					s.Outcomes[i] = o.one(p, j, jb.vantages, jb.placement, o.Seed<<32|uint64(i))
					if n := done.Add(1); o.Progress != nil {
						o.Progress(int(n), o.N)
					}
				}
			})
		}
		wg.Wait()
		s.Took += time.Since(start)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (o *Options) one(p *sim.Player, j *judge, vantages int, placement, seed uint64) Outcome {
	return o.play(p, j, vantages, placement, seed).Outcome
}

// play draws, plays and examines one case. Of a case that cannot be drawn there is
// no night.
func (o *Options) play(p *sim.Player, j *judge, vantages int, placement, seed uint64) *examination {
	name := fmt.Sprintf("%d/%d/%d", vantages, placement, seed)
	c, err := p.Draw(seed, o.Kind, o.Conditions)
	if err != nil {
		return &examination{Outcome: Outcome{Name: name, Kind: sim.KindOf(seed, o.Kind), Undrawn: err.Error()}}
	}
	n, err := p.Play(c)
	if err != nil {
		return &examination{Outcome: Outcome{Name: name, Kind: c.Kind, Undrawn: err.Error()}}
	}
	x := j.examine(n)
	x.Name = name
	return x
}

// One plays the case of a name again and describes it line by line.
func One(o Options, name string) ([]string, error) {
	f := strings.Split(name, "/")
	if len(f) != 3 {
		return nil, fmt.Errorf("case %q: want VANTAGES/PLACEMENT/SEED, as the score prints it: %w", name, ErrOptions)
	}
	var x [3]uint64
	for i := range f {
		var err error
		if x[i], err = strconv.ParseUint(f[i], 10, 64); err != nil {
			return nil, fmt.Errorf("case %q: want VANTAGES/PLACEMENT/SEED, as the score prints it: %w", name, ErrOptions)
		}
	}
	o.N, o.Vantages = 1, []int{int(x[0])}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	w, err := o.world(int(x[0]), x[1])
	if err != nil {
		return nil, err
	}
	p := w.Player(false)
	j := newJudge(o.Graph, w, p, o.Standard)
	y := o.play(p, j, int(x[0]), x[1], x[2])
	if y.Undrawn != "" {
		return nil, fmt.Errorf("case %s: %s", name, y.Undrawn)
	}
	return j.describe(y), nil
}
