package score

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"constat/lab/sim"
	"constat/proof"
)

// Tally counts the cases of one kind, or of all.
type Tally struct {
	Kind        string         `json:"kind"`
	Cases       int            `json:"cases"`
	Undrawn     int            `json:"undrawn"`
	Quiet       int            `json:"quiet"` // no vantage lost the subject: nothing to examine
	Examined    int            `json:"examined"`
	Established int            `json:"established"`
	Indicated   int            `json:"indicated"`
	Abstained   int            `json:"not_established"`
	FalseAccuse int            `json:"false_accusations"`
	FalsePoint  int            `json:"false_indications"`
	OneOfTwo    int            `json:"one_of_two"`
	Missed      int            `json:"missed"`      // cuts taken for something else
	Rival       map[string]int `json:"rivals"`      // verdicts that it was no cut
	RivalRight  int            `json:"rival_right"` // of them, true ones
	Cut         int            `json:"cut"`         // verdicts that name a cut
	TrueNamed   int            `json:"true_named"`  // of them, with a true break among what is named
	Placed      int            `json:"placed"`      // of these, total losses
	Smallest    int            `json:"smallest"`    // of those, sets as small as the standard allows
	Extra       int            `json:"extra"`       // single breaks named beyond that, in all
	Reasons     map[string]int `json:"reasons"`     // of abstentions
}

func (t *Tally) add(o *Outcome) {
	t.Cases++
	switch {
	case o.Undrawn != "":
		t.Undrawn++
		return
	case o.none():
		t.Quiet++
		return
	}
	t.Examined++
	switch o.Level {
	case proof.Established.String():
		t.Established++
	case proof.Indicated.String():
		t.Indicated++
	}
	switch o.Fault {
	case FalselyAccused:
		t.FalseAccuse++
	case FalselyPointed:
		t.FalsePoint++
	case OneOfTwo:
		t.OneOfTwo++
	case Missed:
		t.Missed++
	}
	if o.Level == proof.NotEstablished.String() {
		t.Abstained++
		for _, r := range o.Reasons {
			t.Reasons[r]++
		}
		return
	}
	if o.Rival != "" {
		t.Rival[o.Rival]++
		if o.Fault == Right {
			t.RivalRight++
		}
		return
	}
	t.Cut++
	if o.TrueNamed {
		t.TrueNamed++
		if o.Total {
			t.Placed++
			if o.Named <= o.Ideal {
				t.Smallest++
			}
			t.Extra += max(0, o.Named-o.Ideal)
		}
	}
}

func newTally(kind string) *Tally {
	return &Tally{Kind: kind, Rival: map[string]int{}, Reasons: map[string]int{}}
}

// Tallies counts all kinds, and then all cases, those that routing made total,
// and the others.
func (s *Score) Tallies() []*Tally {
	by := map[string]*Tally{}
	all, totals, partial, out := newTally("all"), newTally("all total losses"), newTally("all partial losses"), newTally("all outages by definition")
	for i := range s.Outcomes {
		o := &s.Outcomes[i]
		if by[o.Kind] == nil {
			by[o.Kind] = newTally(o.Kind)
		}
		by[o.Kind].add(o)
		all.add(o)
		if o.Out {
			out.add(o)
		}
		switch {
		case !isCut(o.Kind):
		case o.Total:
			totals.add(o)
		default:
			partial.add(o)
		}
	}
	var list []*Tally
	for _, k := range sim.Kinds() {
		if by[k] != nil {
			list = append(list, by[k])
		}
	}
	return append(list, totals, partial, out, all)
}

// isCut says whether something was cut in cases of a kind.
func isCut(kind string) bool {
	return !slices.Contains([]string{"observer", "hijack", "more specific", "less specific", "renumbered", "nothing"}, kind)
}

// UpperBound is the rate of what was seen k times in n that is excluded with
// 95 % confidence (Clopper and Pearson, one-sided; three in n where k is 0).
func UpperBound(k, n int) float64 {
	if n == 0 || k >= n {
		return 1
	}
	lo, hi := float64(k)/float64(n), 1.0
	for range 60 {
		p := (lo + hi) / 2
		if 1-binomialTail(n, k+1, p) > 0.05 {
			lo = p
		} else {
			hi = p
		}
	}
	return hi
}

// Goal is one line of the table of goals.
type Goal struct {
	What   string `json:"what"`
	Goal   string `json:"goal"`
	Found  string `json:"found"`
	Met    bool   `json:"met"`
	Judged bool   `json:"judged"` // false where there is nothing to be met
}

// Goals are the measured goals of a score; hard says that the conditions are
// worse than what the standard allows for.
func (s *Score) Goals(hard bool) []Goal {
	all, totals := newTally("all"), newTally("totals")
	established, cuts, noCut, calledCut, named := 0, 0, 0, 0, 0
	for i := range s.Outcomes {
		o := &s.Outcomes[i]
		all.add(o)
		if o.none() {
			continue
		}
		if isCut(o.Kind) && o.Total {
			totals.add(o)
		}
		if o.Level == proof.Established.String() {
			established++
		}
		if o.Rival == "" && o.Level != proof.NotEstablished.String() {
			cuts++
		}
		if !isCut(o.Kind) && o.Kind != "nothing" && o.Out {
			noCut++
			switch {
			case o.Fault == Right:
				named++
			case o.Rival == "" && o.Level != proof.NotEstablished.String():
				calledCut++
			}
		}
	}
	out := []Goal{{What: "false accusations: established for a set without a true break", Goal: "0",
		Found: fmt.Sprintf("%d of %d established in %d cases; under %.3f %% of established, %.4f %% of cases (95 %%)", all.FalseAccuse, established, all.Examined,
			100*UpperBound(all.FalseAccuse, established), 100*UpperBound(all.FalseAccuse, all.Examined)), Met: all.FalseAccuse == 0, Judged: true}}
	if hard {
		return append(out, Goal{What: "abstentions", Goal: "instead", Found: share(all.Abstained, all.Examined)})
	}
	return append(out,
		Goal{"two breaks, only one named", "≤ 1 %", share(all.OneOfTwo, cuts), atMost(all.OneOfTwo, cuts, 0.01), true},
		Goal{"true break in the named set, of verdicts that name one", "≥ 99.5 %", share(all.TrueNamed, cuts), atLeast(all.TrueNamed, cuts, 0.995), true},
		Goal{"total losses: set as small as identifiability allows", "≥ 95 %", share(totals.Smallest, totals.Placed), atLeast(totals.Smallest, totals.Placed, 0.95), true},
		Goal{"total losses: abstentions", "≤ 6 %", share(totals.Abstained, totals.Examined), atMost(totals.Abstained, totals.Examined, 0.06), true},
		Goal{"all breaks: abstentions where somebody lost the routes", "low", share(all.Abstained, all.Examined), true, false},
		Goal{"observer and replaced: called a cut", "0", share(calledCut, noCut), calledCut == 0, true},
		Goal{"observer and replaced: named as such", "≥ 95 %", share(named, noCut), atLeast(named, noCut, 0.95), true},
		Goal{"simulated examinations an hour", "≥ 100,000", fmt.Sprintf("%.0f on %d cores", float64(all.Cases)/max(1e-9, s.Took.Hours()), s.Workers),
			float64(all.Cases)/max(1e-9, s.Took.Hours()) >= 100_000, true},
	)
}

// FileGoals are the goals that only nights written as files can measure.
func FileGoals(xs []FileOutcome) []Goal {
	expected, found, quiet, wrong, judged, agree := 0, 0, 0, 0, 0, 0
	var from, first, until []float64
	for i := range xs {
		x := &xs[i]
		switch {
		case x.Trouble != "":
			wrong++
		case x.Expected:
			expected++
			if x.Found {
				found++
				from, first, until = append(from, x.FromError), append(first, x.FirstError), append(until, x.UntilError)
			}
		case !x.Brief:
			quiet++
			if x.Found {
				wrong++
			}
		}
		if x.FileLevel != "" {
			judged++
			if x.Agrees {
				agree++
			}
		}
	}
	median := func(s []float64) float64 {
		if len(s) == 0 {
			return 0
		}
		slices.Sort(s)
		return s[(len(s)-1)/2]
	}
	return []Goal{
		{"files: outages of 60 s with two fact witnesses found", "≥ 99.5 %", share(found, expected), atLeast(found, expected, 0.995), true},
		{"files: false outages on nights without one", "≤ 0.1 %", share(wrong, quiet), atMost(wrong, quiet, 0.001), true},
		{"files: median error of from, of the first loss against the first record, of until", "≤ 1 s",
			fmt.Sprintf("%v s, %v s, %v s", median(from), median(first), median(until)), median(from) <= 1 && median(first) <= 1, true},
		{"files: the verdict is that on observations, or an abstention", "", share(agree, judged), true, false},
	}
}

func share(k, n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprintf("%.2f %% (%d of %d)", 100*float64(k)/float64(n), k, n)
}

func atLeast(k, n int, want float64) bool { return n == 0 || float64(k) >= want*float64(n) }
func atMost(k, n int, want float64) bool  { return n == 0 || float64(k) <= want*float64(n) }

// Worst lists the outcomes of a fault.
func (s *Score) Worst(f Fault) []*Outcome {
	var out []*Outcome
	for i := range s.Outcomes {
		if o := &s.Outcomes[i]; !o.none() && o.Fault == f {
			out = append(out, o)
		}
	}
	return out
}

// WriteGoals prints goals beside what was found.
func WriteGoals(w io.Writer, gs []Goal) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, g := range gs {
		met := "met"
		switch {
		case !g.Judged:
			met = ""
		case !g.Met:
			met = "not met"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", g.What, g.Goal, g.Found, met)
	}
	return tw.Flush()
}

// WriteKinds prints the counts by kind.
func (s *Score) WriteKinds(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "cases\tquiet\texamined\testablished\tindicated\tabstained\tfalse\tfalsely indicated\tone of two\tmissed\tno cut\ttrue named\tsmallest\textra\t kind")
	for _, t := range s.Tallies() {
		rivals := 0
		for _, n := range t.Rival {
			rivals += n
		}
		fmt.Fprintf(tw, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d/%d\t%d/%d\t%d\t %s\n", t.Cases-t.Undrawn, t.Quiet, t.Examined, t.Established, t.Indicated, t.Abstained,
			t.FalseAccuse, t.FalsePoint, t.OneOfTwo, t.Missed, rivals, t.TrueNamed, t.Cut, t.Smallest, t.Placed, t.Extra, t.Kind)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	var lines []string
	for _, t := range s.Tallies() {
		if t.Abstained == 0 {
			continue
		}
		keys := slices.SortedFunc(maps.Keys(t.Reasons), func(a, b string) int {
			return cmp.Or(cmp.Compare(t.Reasons[b], t.Reasons[a]), cmp.Compare(a, b))
		})
		var rs []string
		for _, k := range keys {
			rs = append(rs, fmt.Sprintf("%s %d", k, t.Reasons[k]))
		}
		lines = append(lines, fmt.Sprintf("  %s, %d of %d: %s", t.Kind, t.Abstained, t.Examined, strings.Join(rs, "; ")))
	}
	if len(lines) > 0 {
		fmt.Fprintf(w, "\nAbstentions and their reasons (a case may have several):\n%s\n", strings.Join(lines, "\n"))
	}
	undrawn := map[string]int{}
	for i := range s.Outcomes {
		if o := &s.Outcomes[i]; o.Undrawn != "" {
			_, why, _ := strings.Cut(o.Undrawn, ": ")
			if why == "" {
				why = o.Undrawn
			}
			undrawn[why]++
		}
	}
	for _, k := range slices.Sorted(maps.Keys(undrawn)) {
		fmt.Fprintf(w, "%d cases were not played: %s\n", undrawn[k], k)
	}
	return nil
}
