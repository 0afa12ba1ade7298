package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"constat/internal/worded"
	"constat/judge/proof"
)

// WeighingFormat names the version of the encoding of a [Weighing].
const WeighingFormat = "constat-weighing/1"

// Weighing is what competing hypotheses come to under a standard (Heuer's
// analysis of competing hypotheses): ranked by what speaks against them, for
// each rater apart. Nothing in it is an average over raters.
type Weighing struct {
	Format   string       `json:"format"`
	Question string       `json:"question"`
	Standard string       `json:"standard"`
	Demands  []AnalystMet `json:"demands"`
	// Level and Lead are the conclusion: the hypothesis that every rater has
	// first (an index), -1 where there is none.
	Level proof.Spaced `json:"level"`
	Lead  int          `json:"lead"`
	Why   []Reason     `json:"why"`
	// Contradiction says that raters have different hypotheses first.
	Contradiction bool      `json:"contradiction"`
	Hypotheses    []Weighed `json:"hypotheses"` // as declared
	Raters        []Rater   `json:"raters"`
	Items         []Row     `json:"items"`
	Flips         []Flip    `json:"flips"` // what, left out, changes what a rater has first
}

// Weighed is one hypothesis. Its letter stands for it in every conclusion, so
// that no sentence of the program says what the case's own words say.
type Weighed struct {
	Letter string `json:"letter"`
	Option
	Level proof.Spaced `json:"level"`
}

// Rater is one rater's result.
type Rater struct {
	By      string `json:"by"`
	Items   int    `json:"items"`   // that count and tell hypotheses apart
	Sources int    `json:"sources"` // of these
	Points  []int  `json:"points"`  // against each hypothesis
	Against []int  `json:"against"` // how many counting items speak against each
	Order   []int  `json:"order"`   // hypotheses, the one with the fewest points first
	First   []int  `json:"first"`   // those with the fewest; none if nothing counts
	Margin  int    `json:"margin"`  // points between the first and the next; 0 in a tie
}

// Row is one item with the ratings of all raters.
type Row struct {
	Item
	Aside    string      `json:"aside"`    // why it does not count at all; empty if it does
	Ratings  []RowRating `json:"ratings"`  // in the order of the raters; those who did not rate it are left out
	Disputed []int       `json:"disputed"` // hypotheses that one rater finds it consistent with and another inconsistent
}

// RowRating is one rater's row of the matrix.
type RowRating struct {
	Rater int     `json:"rater"`
	Of    []Rated `json:"of"`
	// Diagnostic says that the row tells hypotheses apart: that it does not
	// speak against all of them alike.
	Diagnostic bool   `json:"diagnostic"`
	Why        string `json:"why"`
}

// Why an item does not count for anybody.
const (
	AsideGrade   = "grade"   // its grade is below what the standard demands
	AsideUnrated = "unrated" // nobody rated it
	AsideAlike   = "alike"   // every rater's row speaks against all hypotheses alike
)

// Flip is a change of what a rater has first when something is left out.
type Flip struct {
	Rater   int    `json:"rater"`
	Without string `json:"without"` // WithoutItem, WithoutSource, WithoutDisputed
	Name    string `json:"name"`    // of the item or source
	First   []int  `json:"first"`   // then
}

// What is left out.
const (
	WithoutItem     = "item"
	WithoutSource   = "source"
	WithoutDisputed = "disputed" // all items on which raters oppose each other
)

// AnalystMet is one demand of the standard with what there is, the least over
// the raters.
type AnalystMet struct {
	Key  string `json:"key"` // as in the standard: "items", "raters", …
	Want int    `json:"want"`
	Have int    `json:"have"`
}

// Met reports whether the demand is met.
func (d AnalystMet) Met() bool { return d.Have >= d.Want }

// Reason is why a conclusion goes no further, by key; Args are its particulars.
type Reason struct {
	Key  string   `json:"key"`
	Args []string `json:"args"`
}

// Keys of reasons.
const (
	WhyNoRating      = "no rating"     // nobody rated anything that counts
	WhyTie           = "tie"           // a rater has several hypotheses first; args: rater, letters
	WhyContradiction = "contradiction" // args: rater, letter, rater, letter, …
	WhyTooFew        = "too few"       // args: key of the demand, have, want
	WhyStrong        = "strong"        // an item is very inconsistent with the first; args: item, rater
	WhyFlips         = "flips"         // args: what is left out, its name, rater
)

// ErrNoAnalysts says that a standard has no section on analysts' evidence.
var ErrNoAnalysts = errors.New("the standard says nothing of analysts' evidence (it has no section [analysts]), so none can be weighed under it")

// weigher is evidence in numbers.
type weigher struct {
	e       *Matrix
	s       proof.Analysts
	raters  []string
	rows    []Row
	sources []string
	counts  [][]bool // by item and rater: the row counts
	left    []left   // what each rater has when something is left out
}

// left is what remains when something is left out.
type left struct {
	omission
	of []sum // by rater
}

// sum is what speaks against each hypothesis for one rater.
type sum struct {
	points, against, first []int
	items                  int
}

// Weigh ranks the hypotheses of evidence under a standard.
func Weigh(e *Matrix, s proof.Standard) (*Weighing, error) {
	if !s.Analysts.Declared() {
		return nil, worded.Errorf("standard %s: %w", s.Name, ErrNoAnalysts)
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	x := newWeigher(e, s.Analysts)
	w := &Weighing{Format: WeighingFormat, Question: e.Question, Standard: s.Name, Lead: -1, Why: []Reason{}, Items: x.rows, Flips: []Flip{}, Raters: []Rater{}}
	for i, h := range e.Hypotheses {
		w.Hypotheses = append(w.Hypotheses, Weighed{Letter: string(rune('A' + i)), Option: h})
	}
	for r := range x.raters {
		w.Raters = append(w.Raters, x.rater(r))
	}
	w.Flips = x.flips(w.Raters)
	w.demands(s.Analysts)
	w.conclude(x)
	w.exclude(x)
	return w, nil
}

func newWeigher(e *Matrix, s proof.Analysts) *weigher {
	x := &weigher{e: e, s: s, rows: []Row{}}
	for _, r := range e.Ratings {
		if !slices.Contains(x.raters, r.By) {
			x.raters = append(x.raters, r.By)
		}
	}
	slices.Sort(x.raters)
	rated := map[[2]string]*Rating{}
	for i := range e.Ratings {
		rated[[2]string{e.Ratings[i].Item, e.Ratings[i].By}] = &e.Ratings[i]
	}
	items := slices.Clone(e.Items)
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.ID, b.ID) })
	for _, it := range items {
		row := Row{Item: it, Ratings: []RowRating{}, Disputed: []int{}}
		counts := make([]bool, len(x.raters))
		diagnostic := false
		for r, by := range x.raters {
			t := rated[[2]string{it.ID, by}]
			if t == nil {
				continue
			}
			rr := RowRating{Rater: r, Why: t.Why}
			for _, h := range e.Hypotheses {
				rr.Of = append(rr.Of, t.Of[h.ID])
			}
			for _, v := range rr.Of {
				rr.Diagnostic = rr.Diagnostic || v.Points() != rr.Of[0].Points()
			}
			diagnostic = diagnostic || rr.Diagnostic
			counts[r] = rr.Diagnostic && it.Grade.Reaches(s.Grade)
			row.Ratings = append(row.Ratings, rr)
		}
		for h := range e.Hypotheses {
			var pro, con bool
			for _, rr := range row.Ratings {
				pro, con = pro || rr.Of[h].supports(), con || rr.Of[h].Points() > 0
			}
			if pro && con {
				row.Disputed = append(row.Disputed, h)
			}
		}
		switch {
		case len(row.Ratings) == 0:
			row.Aside = AsideUnrated
		case !it.Grade.Reaches(s.Grade):
			row.Aside = AsideGrade
		case !diagnostic:
			row.Aside = AsideAlike
		}
		x.rows, x.counts = append(x.rows, row), append(x.counts, counts)
		if f := proof.Fold(it.Source); row.Aside == "" && !slices.Contains(x.sources, f) {
			x.sources = append(x.sources, f)
		}
	}
	slices.Sort(x.sources)
	for _, o := range x.omissions() {
		l := left{omission: o}
		for r := range x.raters {
			l.of = append(l.of, x.sum(r, o.skip))
		}
		x.left = append(x.left, l)
	}
	return x
}

// sum adds up what speaks against each hypothesis for a rater, without the
// rows that skip names.
func (x *weigher) sum(r int, skip func(int) bool) sum {
	s := sum{points: make([]int, len(x.e.Hypotheses)), against: make([]int, len(x.e.Hypotheses))}
	for i := range x.rows {
		if !x.counts[i][r] || skip != nil && skip(i) {
			continue
		}
		s.items++
		for h, v := range x.row(i, r).Of {
			s.points[h] += v.Points()
			if v.Points() > 0 {
				s.against[h]++
			}
		}
	}
	s.first = first(s.points, s.items)
	return s
}

func (x *weigher) row(item, rater int) *RowRating {
	i := slices.IndexFunc(x.rows[item].Ratings, func(r RowRating) bool { return r.Rater == rater })
	return &x.rows[item].Ratings[i]
}

// first gives the hypotheses with the fewest points; none where nothing counts.
func first(points []int, items int) []int {
	out := []int{}
	if items == 0 {
		return out
	}
	least := slices.Min(points)
	for h, n := range points {
		if n == least {
			out = append(out, h)
		}
	}
	return out
}

func (x *weigher) rater(r int) Rater {
	all := x.sum(r, nil)
	out := Rater{By: x.raters[r], Items: all.items, Points: all.points, Against: all.against, First: all.first, Order: []int{}}
	var sources []string
	for i := range x.rows {
		if f := proof.Fold(x.rows[i].Source); x.counts[i][r] && !slices.Contains(sources, f) {
			sources = append(sources, f)
		}
	}
	out.Sources = len(sources)
	for h := range out.Points {
		out.Order = append(out.Order, h)
	}
	slices.SortStableFunc(out.Order, func(a, b int) int { return cmp.Compare(out.Points[a], out.Points[b]) })
	if len(out.First) == 1 {
		out.Margin = out.Points[out.Order[1]] - out.Points[out.Order[0]]
	}
	return out
}

// omission is something to leave out.
type omission struct {
	what, name string
	skip       func(int) bool
}

// omissions are what the standard says may be left out, one at a time, and all
// disputed items together.
func (x *weigher) omissions() []omission {
	var out []omission
	disputed := false
	for i := range x.rows {
		if x.rows[i].Aside == "" {
			out = append(out, omission{WithoutItem, x.rows[i].ID, func(j int) bool { return j == i }})
		}
		disputed = disputed || len(x.rows[i].Disputed) > 0
	}
	if x.s.Sensitivity.Source {
		for _, f := range x.sources {
			name := ""
			for i := range x.rows {
				if proof.Fold(x.rows[i].Source) == f {
					name = x.rows[i].Source
					break
				}
			}
			out = append(out, omission{WithoutSource, name, func(j int) bool { return proof.Fold(x.rows[j].Source) == f }})
		}
	}
	if disputed {
		out = append(out, omission{WithoutDisputed, "", func(j int) bool { return len(x.rows[j].Disputed) > 0 }})
	}
	return out
}

// flips lists what, left out, changes what a rater has first.
func (x *weigher) flips(raters []Rater) []Flip {
	out := []Flip{}
	for _, l := range x.left {
		for r := range raters {
			if f := l.of[r].first; !slices.Equal(f, raters[r].First) {
				out = append(out, Flip{r, l.what, l.name, f})
			}
		}
	}
	return out
}

func (w *Weighing) demands(s proof.Analysts) {
	items, sources, margin := 0, 0, 0
	rating := 0
	for _, r := range w.Raters {
		if r.Items == 0 { // rated nothing that counts: no voice
			continue
		}
		if rating++; rating == 1 {
			items, sources, margin = r.Items, r.Sources, r.Margin
		}
		items, sources, margin = min(items, r.Items), min(sources, r.Sources), min(margin, r.Margin)
	}
	w.Demands = []AnalystMet{{"raters", s.Raters, rating}, {"items", s.Items, items}, {"sources", s.Sources, sources}, {"margin", s.Margin, margin}}
}

func (w *Weighing) why(key string, args ...string) {
	if args == nil {
		args = []string{}
	}
	w.Why = append(w.Why, Reason{key, args})
}

func (w *Weighing) letters(hs []int) string {
	var l []string
	for _, h := range hs {
		l = append(l, w.Hypotheses[h].Letter)
	}
	return strings.Join(l, ", ")
}

// conclude finds the hypothesis that all raters have first, if there is one, and how
// far that goes. Raters whose conclusions differ are both right about what they think,
// and nothing is established.
func (w *Weighing) conclude(x *weigher) {
	var args []string
	lead, same, ties := -1, true, 0
	rating := 0
	for i := range w.Raters {
		r := &w.Raters[i]
		if r.Items == 0 {
			continue
		}
		rating++
		if len(r.First) > 1 {
			ties++
			w.why(WhyTie, r.By, w.letters(r.First))
			continue
		}
		args = append(args, r.By, w.letters(r.First))
		same = same && (lead < 0 || lead == r.First[0])
		lead = r.First[0]
	}
	switch {
	case rating == 0:
		w.why(WhyNoRating)
		return
	case !same:
		w.Contradiction = true
		w.why(WhyContradiction, args...)
		return
	case ties > 0:
		return
	}
	w.Lead, w.Level.Level = lead, proof.Established
	weaken := func(key string, args ...string) {
		w.Level.Level = proof.Indicated
		w.why(key, args...)
	}
	for _, d := range w.Demands {
		if !d.Met() {
			weaken(WhyTooFew, d.Key, fmt.Sprint(d.Have), fmt.Sprint(d.Want))
		}
	}
	for i := range w.Items {
		for _, rr := range w.Items[i].Ratings {
			if x.counts[i][rr.Rater] && rr.Of[lead] == VeryInconsistent {
				weaken(WhyStrong, w.Items[i].ID, w.Raters[rr.Rater].By)
			}
		}
	}
	for _, f := range w.Flips {
		weaken(WhyFlips, f.Without, f.Name, w.Raters[f.Rater].By)
	}
	w.Hypotheses[lead].Level = w.Level
}

// leastAgainst is how many items must speak against a hypothesis before it is
// excluded: one can be wrong.
const leastAgainst = 2

// exclude excludes the hypotheses that every rater has well behind, with
// several items against them, whatever single thing is left out.
func (w *Weighing) exclude(x *weigher) {
	for _, d := range w.Demands {
		if !d.Met() && d.Key != "margin" {
			return
		}
	}
	for h := range w.Hypotheses {
		out := h != w.Lead
		for r := range w.Raters {
			if w.Raters[r].Items == 0 {
				continue
			}
			all := x.sum(r, nil)
			out = out && all.points[h]-slices.Min(all.points) >= x.s.Margin && all.against[h] >= leastAgainst
			for _, l := range x.left {
				s := &l.of[r]
				out = out && s.items > 0 && s.points[h]-slices.Min(s.points) >= x.s.Margin
			}
		}
		if out {
			w.Hypotheses[h].Level.Level = proof.Excluded
		}
	}
}
