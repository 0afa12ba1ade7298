package score

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"constat/judge/proof"
	"constat/lab/sim"
)

// Tally counts the cases of one kind, or of all.
type Tally struct {
	Kind     string `json:"kind"`
	Cases    int    `json:"cases"`
	Undrawn  int    `json:"undrawn"`
	Quiet    int    `json:"quiet"` // no vantage lost the subject: nothing to examine
	Examined int    `json:"examined"`

	Established      int `json:"established"` // claims of a region, by level
	Indicated        int `json:"indicated"`
	Abstained        int `json:"not_established"`
	FalseEstablished int `json:"false_established"`
	FalseIndicated   int `json:"false_indicated"`

	WithPlaces  int `json:"with_places"` // claims that name places where one act suffices
	FalsePlaces int `json:"false_places"`

	Excluded      int `json:"excluded"` // networks said not to be down for everything
	FalseExcluded int `json:"false_excluded"`

	NoCut          map[string]int `json:"no_cut"` // verdicts that it was no cut
	NoCutRight     int            `json:"no_cut_right"`
	FalseNoCut     int            `json:"false_no_cut"`
	UnfoundedNoCut int            `json:"unfounded_no_cut"`

	Networks int            `json:"networks"` // in the regions that are established, in all
	Reasons  map[string]int `json:"reasons"`  // of abstentions
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
	t.Excluded += o.Excluded
	t.FalseExcluded += len(o.FalselyExcluded)
	switch {
	case o.Level == proof.NotEstablished.String():
		t.Abstained++
		for _, r := range o.Reasons {
			t.Reasons[r]++
		}
		return
	case o.Rival != "":
		t.NoCut[o.Rival]++
		switch {
		case o.FalseNoCut:
			t.FalseNoCut++
		case o.UnfoundedNoCut:
			t.UnfoundedNoCut++
		case o.Fault == Right:
			t.NoCutRight++
		}
		return
	case o.Level == proof.Established.String():
		t.Established++
		t.Networks += len(o.Region)
		t.FalseEstablished += one(o.FalseClaim)
	default:
		t.Indicated++
		t.FalseIndicated += one(o.FalseClaim)
	}
	t.WithPlaces += one(len(o.Places) > 0)
	t.FalsePlaces += one(o.FalsePlaces)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *Tally) noCuts() int {
	n := 0
	for _, k := range t.NoCut {
		n += k
	}
	return n
}

func newTally(kind string) *Tally {
	return &Tally{Kind: kind, NoCut: map[string]int{}, Reasons: map[string]int{}}
}

// Tallies counts all kinds, and then groups of them: single breaks and acts, total
// losses by one act and by several, partial ones, those that are outages by
// definition, and all.
func (s *Score) Tallies() []*Tally {
	by := map[string]*Tally{}
	breaks, acts := newTally("all single breaks and pairs"), newTally("all acts")
	totals, several, partial := newTally("all total losses by one act"), newTally("all total losses by several"), newTally("all partial losses")
	out, all := newTally("all outages by definition"), newTally("all")
	for i := range s.Outcomes {
		o := &s.Outcomes[i]
		if by[o.Kind] == nil {
			by[o.Kind] = newTally(o.Kind)
		}
		by[o.Kind].add(o)
		all.add(o)
		if sim.IsAct(o.Kind) {
			acts.add(o)
		} else {
			breaks.add(o)
		}
		if o.Out {
			out.add(o)
		}
		switch {
		case !o.cut():
		case !o.Total:
			partial.add(o)
		case o.Several:
			several.add(o)
		default:
			totals.add(o)
		}
	}
	var list []*Tally
	for _, k := range sim.Kinds() {
		if by[k] != nil {
			list = append(list, by[k])
		}
	}
	return append(list, breaks, acts, totals, several, partial, out, all)
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

// binomialTail is the chance of at least k of n at a rate, summed in the plain
// way with logarithms.
func binomialTail(n, k int, rate float64) float64 {
	if k <= 0 {
		return 1
	}
	sum := 0.0
	for i := k; i <= n; i++ {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(a - b - c + float64(i)*math.Log(rate) + float64(n-i)*math.Log1p(-rate))
	}
	return sum
}

// Goal is one line of the table of goals.
type Goal struct {
	What   string `json:"what"`
	Goal   string `json:"goal"`
	Found  string `json:"found"`
	Met    bool   `json:"met"`
	Judged bool   `json:"judged"` // false if nothing is to be met
}

// none is a goal that nothing may fail: so many of so many, and the rate that
// it proves.
func none(what string, k, n int) Goal {
	return Goal{what, "0", bounded(k, n), k == 0, true}
}

func bounded(k, n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprintf("%d of %d; under %.3f %% (95 %%)", k, n, 100*UpperBound(k, n))
}

// Goals are the measured goals of a score; hard says that the conditions are
// worse than what the standard allows for.
func (s *Score) Goals(hard bool) []Goal {
	all, totals, partial := newTally("all"), newTally("totals"), newTally("partial")
	noCut, calledCut, named := 0, 0, 0
	for i := range s.Outcomes {
		o := &s.Outcomes[i]
		all.add(o)
		if o.none() {
			continue
		}
		switch {
		case o.cut() && o.Total && !o.Several:
			totals.add(o)
		case o.cut() && !o.Total:
			partial.add(o)
		}
		if o.Other != "" && o.Out {
			noCut++
			named += one(o.Fault == Right)
			calledCut += one(o.claims())
		}
	}
	out := []Goal{
		none("false claims, of those established", all.FalseEstablished, all.Established),
		{"false claims, of those indicated", "≤ 0.5 %", bounded(all.FalseIndicated, all.Indicated), atMost(all.FalseIndicated, all.Indicated, 0.005), true},
		{"places where one act suffices: false, of claims that list some", "", bounded(all.FalsePlaces, all.WithPlaces), true, false},
		none("false exclusions: networks that were down for everything, of those excluded", all.FalseExcluded, all.Excluded),
		none("cuts called no cut, of verdicts of no cut", all.FalseNoCut, all.noCuts()),
		{"no cut, for another reason than the true one", "", share(all.UnfoundedNoCut, all.noCuts()), true, false},
	}
	if hard {
		return append(out, Goal{What: "abstentions", Goal: "instead", Found: share(all.Abstained, all.Examined)})
	}
	size := 0.0
	if totals.Established > 0 {
		size = float64(totals.Networks) / float64(totals.Established)
	}
	return append(out,
		Goal{"total losses by one act: established", "≥ 90 %", share(totals.Established, totals.Examined), atLeast(totals.Established, totals.Examined, 0.9), true},
		Goal{"total losses by one act: networks in the region, on average", "≤ 7", fmt.Sprintf("%.2f", size), size <= 7, true},
		Goal{"total losses by one act: abstentions", "≤ 6 %", share(totals.Abstained, totals.Examined), atMost(totals.Abstained, totals.Examined, 0.06), true},
		Goal{"partial losses: established", "≥ 20 %", share(partial.Established, partial.Examined), atLeast(partial.Established, partial.Examined, 0.2), true},
		Goal{"all: abstentions where somebody lost the routes", "low", share(all.Abstained, all.Examined), true, false},
		Goal{"observer and replaced: called a cut", "0", share(calledCut, noCut), calledCut == 0, true},
		Goal{"observer and replaced: named as such", "≥ 95 %", share(named, noCut), atLeast(named, noCut, 0.95), true},
		Goal{"simulated examinations an hour", "≥ 100,000", fmt.Sprintf("%.0f on %d cores", float64(all.Cases)/max(1e-9, s.Took.Hours()), s.Workers),
			float64(all.Cases)/max(1e-9, s.Took.Hours()) >= 100_000, true},
	)
}

// FileGoals are the goals that only nights written as files can measure.
func FileGoals(xs []FileOutcome) []Goal {
	expected, found, quiet, wrong, judged, agree := 0, 0, 0, 0, 0, 0
	claims, falseClaims := 0, 0
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
			agree += one(x.Agrees)
		}
		claims += one(x.FileClaim)
		falseClaims += one(x.FileFalse)
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
		{"files: the level is that on observations, or an abstention", "", share(agree, judged), true, false},
		none("files: false claims", falseClaims, claims),
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

// FalseExclusions lists the outcomes that exclude what was so.
func (s *Score) FalseExclusions() []*Outcome {
	var out []*Outcome
	for i := range s.Outcomes {
		if o := &s.Outcomes[i]; len(o.FalselyExcluded) > 0 {
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

// WriteKinds prints the counts by kind, each of false ones beside all, and the rate
// of false ones among the established that the count excludes.
func (s *Score) WriteKinds(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "cases\tquiet\texamined\testablished\tof them false\tunder\tindicated\tof them false\tabstained\tfalse places\tfalse exclusions\tno cut\tof them false\tnetworks\t kind")
	for _, t := range s.Tallies() {
		under, size := "", ""
		if t.Established > 0 {
			under = fmt.Sprintf("%.3g %%", 100*UpperBound(t.FalseEstablished, t.Established))
			size = fmt.Sprintf("%.1f", float64(t.Networks)/float64(t.Established))
		}
		fmt.Fprintf(tw, "%d\t%d\t%d\t%d\t%d\t%s\t%d\t%d\t%d\t%d/%d\t%d/%d\t%d\t%d\t%s\t %s\n", t.Cases-t.Undrawn, t.Quiet, t.Examined,
			t.Established, t.FalseEstablished, under, t.Indicated, t.FalseIndicated, t.Abstained, t.FalsePlaces, t.WithPlaces, t.FalseExcluded, t.Excluded,
			t.noCuts(), t.FalseNoCut, size, t.Kind)
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
			undrawn[o.Kind+": "+why]++
		}
	}
	for _, k := range slices.Sorted(maps.Keys(undrawn)) {
		fmt.Fprintf(w, "%d cases were not played: %s\n", undrawn[k], k)
	}
	return nil
}
