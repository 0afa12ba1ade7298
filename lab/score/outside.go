package score

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"text/tabwriter"

	"constat/cases/examine"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/lab/plays"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// OutsideOptions say which events that outsiders thought of are played.
type OutsideOptions struct {
	Families []string // empty: all
	N        int      // worlds of each
	Seed     uint64   // of the first
	Standard proof.Standard
	Dir      string // for their files, which are taken away again; empty: the system's
	Keep     bool
	Workers  int // at once; 0: as many as there are processors
	Progress func(done, of int)
}

// OutsideOutcome is what came of one question about one world.
type OutsideOutcome struct {
	Family      string            `json:"family"`
	Seed        uint64            `json:"seed"`
	Asked       string            `json:"asked"`
	Answer      string            `json:"answer"`
	Established bool              `json:"established"` // an outage is
	False       []plays.Falsehood `json:"false,omitempty"`
	Trouble     string            `json:"trouble,omitempty"`
}

// errSeen ends an examination whose findings are known: its case is not kept.
var errSeen = errors.New("seen")

// Outside plays families of events of which the truth is known second by second, writes
// each as collectors would, and has the examiner answer. The outcomes are in the order of
// families, seeds and questions, on any number of processors.
func Outside(ctx context.Context, o OutsideOptions) ([]OutsideOutcome, error) {
	var fs []plays.Family
	for _, f := range plays.Families {
		if len(o.Families) == 0 || slices.Contains(o.Families, f.Name) {
			fs = append(fs, f)
		}
	}
	for _, name := range o.Families {
		if _, ok := plays.FamilyOf(name); !ok {
			return nil, fmt.Errorf("family %q; there are %v: %w", name, familyNames(), ErrOptions)
		}
	}
	if o.N < 1 {
		return nil, fmt.Errorf("%d worlds of each family: %w", o.N, ErrOptions)
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	dir, err := os.MkdirTemp(o.Dir, "constat-outside-")
	if err != nil {
		return nil, err
	}
	if !o.Keep {
		defer os.RemoveAll(dir)
	}
	text, ok := proof.Source(o.Standard.Name)
	if !ok {
		return nil, fmt.Errorf("standard %q does not ship with the program: %w", o.Standard.Name, ErrOptions)
	}
	all := make([][]OutsideOutcome, len(fs)*o.N)
	errs := make([]error, o.Workers)
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for k := range o.Workers {
		wg.Go(func() {
			for ctx.Err() == nil && errs[k] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(all) {
					return
				}
				f, seed := fs[i/o.N], o.Seed+uint64(i%o.N)
				at := filepath.Join(dir, fmt.Sprintf("%s-%d", f.Name, seed))
				all[i], errs[k] = playOutside(ctx, f, seed, at, &o, text)
				if !o.Keep {
					errs[k] = errors.Join(errs[k], os.RemoveAll(at))
				}
				if n := done.Add(1); o.Progress != nil {
					o.Progress(int(n), len(all))
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		return nil, err
	}
	return slices.Concat(all...), nil
}

func familyNames() []string {
	var out []string
	for _, f := range plays.Families {
		out = append(out, f.Name)
	}
	return out
}

func playOutside(ctx context.Context, f plays.Family, seed uint64, dir string, o *OutsideOptions, text []byte) ([]OutsideOutcome, error) {
	w, questions := f.Play(seed)
	if err := w.Write(dir); err != nil {
		return nil, err
	}
	at, err := atlas.Open(filepath.Join(dir, "atlas"))
	if err != nil {
		return nil, err
	}
	var out []OutsideOutcome
	for k, q := range questions {
		x := OutsideOutcome{Family: f.Name, Seed: seed, Asked: q.Asked}
		found, err := askOutside(ctx, q, at, dir, k, o, text)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			x.Trouble = err.Error()
		} else {
			x.Answer = found.Answer
			x.Established = slices.ContainsFunc(found.Verdict.Propositions, func(p finding.Proposition) bool {
				return p.Key == finding.PropOutage && p.Level == proof.Established
			})
			x.False = w.Judge(q, found)
		}
		out = append(out, x)
	}
	return out, nil
}

func askOutside(ctx context.Context, q plays.Question, at *atlas.Atlas, dir string, k int, o *OutsideOptions, text []byte) (*finding.Findings, error) {
	iv := moment.Interval{From: moment.Unix(q.From, 0), Until: moment.Unix(q.Until, 0)}
	set, err := source.Open(ctx, []string{filepath.Join(dir, "src")}, iv, source.Options{})
	if err != nil {
		return nil, err
	}
	subject, err := at.At(iv.From.Std()).Resolve(q.Asked)
	if err != nil {
		return nil, err
	}
	r := examine.Request{Asked: q.Asked, Subject: subject, Atlas: at, From: iv.From, Until: iv.Until, Sources: set, Workers: 1,
		Standard: o.Standard, StandardText: text, StandardHash: proof.Hash(text), Dir: filepath.Join(dir, fmt.Sprintf("case-%d", k))}
	if o.Keep {
		return examine.Run(ctx, r)
	}
	var found *finding.Findings
	r.Extra = func(_, _ string, f *finding.Findings) error { found = f; return errSeen }
	if _, err := examine.Run(ctx, r); err != nil && !errors.Is(err, errSeen) {
		return nil, err
	}
	return found, nil
}

// WriteOutside writes the table of families, and of each kind of false statement how many
// answers have one.
func WriteOutside(to io.Writer, xs []OutsideOutcome) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "family\tworlds\tanswers\toutages established\tanswers with a false statement")
	type sum struct{ answers, established, wrong int }
	worlds, of := map[string]map[uint64]bool{}, map[string]*sum{}
	kinds := map[plays.Kind]int{}
	var all sum
	for _, x := range xs {
		if of[x.Family] == nil {
			of[x.Family], worlds[x.Family] = &sum{}, map[uint64]bool{}
		}
		worlds[x.Family][x.Seed] = true
		s := of[x.Family]
		for _, s := range []*sum{s, &all} {
			s.answers++
			if x.Established {
				s.established++
			}
			if len(x.False) > 0 {
				s.wrong++
			}
		}
		seen := map[plays.Kind]bool{}
		for _, y := range x.False {
			if !seen[y.Kind] {
				kinds[y.Kind]++
			}
			seen[y.Kind] = true
		}
	}
	n := 0
	for _, f := range plays.Families {
		if s := of[f.Name]; s != nil {
			n += len(worlds[f.Name])
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\n", f.Name, len(worlds[f.Name]), s.answers, s.established, s.wrong)
		}
	}
	fmt.Fprintf(w, "all\t%d\t%d\t%d\t%d\n", n, all.answers, all.established, all.wrong)
	if err := w.Flush(); err != nil {
		return err
	}
	for _, k := range plays.Kinds {
		if kinds[k] > 0 {
			if _, err := fmt.Fprintf(to, "  %s: %d\n", k, kinds[k]); err != nil {
				return err
			}
		}
	}
	return nil
}
