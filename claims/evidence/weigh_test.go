package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/judge/proof"

	"pgregory.net/rapid"
)

// Languages whose words the tests of this package know.
const (
	english locale.Lang = "en"
	french  locale.Lang = "fr"
)

// hyp makes evidence from a matrix: a line an item, "id grade source by=RATINGS
// by=RATINGS", with ratings of the hypotheses h0, h1, … joined by commas.
func hyp(t testing.TB, n int, matrix string) *Matrix {
	t.Helper()
	e := &Matrix{Format: Format, Question: "What happened?"}
	for i := range n {
		e.Hypotheses = append(e.Hypotheses, Option{fmt.Sprintf("h%d", i), fmt.Sprintf("Text of %d.", i)})
	}
	for line := range strings.Lines(matrix) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		it := Item{ID: f[0], Text: "Text of " + f[0], Source: f[2]}
		if err := it.Grade.UnmarshalText([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
		e.Items = append(e.Items, it)
		for _, r := range f[3:] {
			by, of, _ := strings.Cut(r, "=")
			rating := Rating{Item: f[0], By: by, Of: map[string]Rated{}}
			for i, v := range strings.Split(of, ",") {
				rating.Of[fmt.Sprintf("h%d", i)] = Rated(v)
			}
			e.Ratings = append(e.Ratings, rating)
		}
	}
	if err := e.check(); err != nil {
		t.Fatal(err)
	}
	return e
}

func weigh(t testing.TB, e *Matrix, s proof.Standard) *Weighing {
	t.Helper()
	w, err := Weigh(e, s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// levels writes the conclusion in one line: the levels of the hypotheses and
// the keys of the reasons.
func levels(w *Weighing) string {
	var out []string
	for _, h := range w.Hypotheses {
		out = append(out, h.Letter+" "+h.Level.String())
	}
	var why []string
	for _, y := range w.Why {
		if k := strings.Join(append([]string{y.Key}, y.Args...), " "); !slices.Contains(why, k) {
			why = append(why, k)
		}
	}
	return strings.Join(out, ", ") + "; " + strings.Join(why, "; ")
}

const agreed = `
a B2 s1 X=C,II,I Y=CC,II,I
b B2 s2 X=C,II,N Y=C,I,I
c B2 s3 X=N,I,II Y=C,II,I
d C3 s4 X=C,I,I  Y=N,I,II
e A1 s5 X=C,C,II Y=C,N,II
f B2 s1 X=I,I,I  Y=C,C,N
g D4 s6 X=II,C,C Y=II,C,C
h B2 s6
`

func TestWeigh(t *testing.T) {
	for _, c := range []struct{ name, matrix, want string }{
		{"agreement of two, whatever is left out", agreed,
			"A established, B excluded, C excluded; "},
		{"one rater alone", "a B2 s1 X=C,II,II\nb B2 s2 X=C,II,I\nc B2 s3 X=C,I,II\nd B2 s4 X=C,I,I\ne B2 s5 X=C,I,I\n",
			"A indicated, B not established, C not established; too few raters 1 2"},
		{"raters that contradict each other", "a B2 s1 X=C,II,II Y=II,C,II\nb B2 s2 X=C,II,I Y=I,C,II\nc B2 s3 X=C,I,II Y=II,N,II\nd B2 s4 X=C,I,I Y=I,C,I\ne B2 s5 X=C,I,I Y=II,C,I\n",
			"A not established, B not established, C not established; contradiction X A Y B"},
		{"a tie", "a B2 s1 X=C,C,II Y=C,C,II\n", "A not established, B not established, C not established; tie X A, B; tie Y A, B"},
		{"one item overturns it", "a B2 s1 X=N,II,II Y=N,II,II\nb B2 s2 X=I,N,I Y=I,N,I\nc B2 s3 X=N,N,I Y=N,N,I\nd B2 s4 X=N,N,I Y=N,N,I\ne B2 s5 X=N,N,I Y=N,N,I\n",
			"A indicated, B not established, C excluded; too few margin 1 2; flips item a X; flips item a Y; flips source s1 X; flips source s1 Y"},
		{"nothing tells them apart", "a B2 s1 X=C,C,C Y=I,I,I\nb F6 s1 X=C,II,II Y=C,II,II\n", "A not established, B not established, C not established; no rating"},
		{"nobody rated anything", "a B2 s1\n", "A not established, B not established, C not established; no rating"},
		{"one source for all", strings.NewReplacer("s2", "s1", "s3", "S1", "s4", "s1", "s5", "s1").Replace(agreed),
			"A indicated, B not established, C not established; too few sources 1 3; flips source s1 X; flips source s1 Y"},
		{"something speaks strongly against the first", agreed + "i B2 s7 X=II,N,N Y=N,I,I\nj B2 s8 X=C,II,II Y=C,II,II\n",
			"A indicated, B excluded, C excluded; strong i X"},
		{"they agree, but only over items on which they oppose each other", "a B2 s1 X=C,II,I Y=C,C,II\nb B2 s2 X=C,C,II Y=C,II,I\nc B2 s3 X=C,II,I Y=C,C,II\nd B2 s4 X=C,C,II Y=C,II,I\ne B2 s5 X=C,II,I Y=C,C,II\nf B2 s6 X=C,C,II Y=C,II,I\n",
			"A indicated, B not established, C not established; flips disputed  X; flips disputed  Y"},
		{"a third who rated only what does not count has no voice", agreed + "k F6 s9 Z=II,C,C\n", "A established, B excluded, C excluded; "},
	} {
		got := levels(weigh(t, hyp(t, 3, c.matrix), proof.Clear()))
		if got != c.want {
			t.Errorf("%s:\n  %s\nwant\n  %s", c.name, got, c.want)
		}
	}
}

func TestAside(t *testing.T) {
	w := weigh(t, hyp(t, 3, agreed+"z B2 s1 X=C,II,N Y=I,C,N\n"), proof.Clear())
	got := map[string]string{}
	for _, r := range w.Items {
		got[r.ID] = r.Aside
		if len(r.Disputed) > 0 {
			got[r.ID] += fmt.Sprint(r.Disputed)
		}
	}
	for id, want := range map[string]string{"a": "", "b": "", "f": AsideAlike + "[0 1]", "g": AsideGrade, "h": AsideUnrated, "z": "[0 1]"} {
		if id == "f" { // Y finds f consistent where X does not, and N is no point: alike for both
			want = "[0 1]"
		}
		if id == "f" && !strings.HasSuffix(got[id], want) || id != "f" && got[id] != want {
			t.Errorf("%s: %q, want %q", id, got[id], want)
		}
	}
}

// TestVerdictNamesNobody: the program's own sentences hold letters, numbers and
// the raters' names; the case's words stay in the list of hypotheses.
func TestVerdictNamesNobody(t *testing.T) {
	e := hyp(t, 3, agreed)
	e.Hypotheses[0] = Option{"h0", "Ruritania did it."}
	for _, lang := range []proof.Lang{english, french} {
		var b strings.Builder
		s := proof.Clear()
		if err := weigh(t, e, s).Text(&b, s, lang); err != nil {
			t.Fatal(err)
		}
		heading := map[proof.Lang]string{english: "\nVerdict\n", french: "\nVerdict\n"}[lang]
		_, verdict, ok := strings.Cut(b.String(), heading)
		if !ok || strings.Count(b.String(), "Ruritania") != 1 || strings.Contains(verdict, "Ruritania") {
			t.Errorf("%s:\n%s", lang, &b)
		}
		want := map[proof.Lang][]string{english: {"X and Y", "it is A", "names nobody as author", "Excluded: B, C."}, french: {"X et Y", "c’est A", "ne désigne personne comme auteur", "Exclu\u00a0: B, C."}}[lang]
		for _, x := range want {
			if !strings.Contains(verdict, x) {
				t.Errorf("%s: no %q in\n%s", lang, x, verdict)
			}
		}
		if bad := proof.Mixed(b.String()); len(bad) > 0 || strings.Contains(b.String(), "%!") {
			t.Errorf("%s: %q\n%s", lang, bad, &b)
		}
	}
}

// TestWordsOfReasons: every reason, aside and omission has its words.
func TestWordsOfReasons(t *testing.T) {
	for _, l := range locale.All() {
		w := locale.Must(l)
		for prefix, keys := range map[string][]string{
			"weigh.why.":     {WhyNoRating, WhyTie, WhyContradiction, WhyTooFew, WhyStrong, WhyFlips},
			"weigh.aside.":   {AsideGrade, AsideUnrated, AsideAlike},
			"weigh.without.": {WithoutItem, WithoutSource, WithoutDisputed},
			"weigh.demand.":  {"raters", "items", "sources", "margin"},
		} {
			for _, k := range keys {
				if !w.Has(prefix + k) {
					t.Errorf("%s has no words for %s%s", l, prefix, k)
				}
			}
		}
		for _, y := range []Reason{{WhyTie, []string{"X", "A, B"}}, {WhyTooFew, []string{"items", "1", "2"}}, {WhyStrong, []string{"i1", "X"}}, {WhyFlips, []string{WithoutItem, "i1", "X"}}, {WhyContradiction, []string{"X", "A", "Y", "B"}}} {
			s := reason(w, y)
			for i, a := range y.Args {
				if (y.Key != WhyTooFew && y.Key != WhyFlips || i > 0) && !strings.Contains(s, a) {
					t.Errorf("%s: %s lacks %q: %s", l, y.Key, a, s)
				}
			}
		}
	}
}

func TestNoAnalysts(t *testing.T) {
	s := proof.Clear()
	s.Analysts = proof.Analysts{}
	if _, err := Weigh(hyp(t, 2, "a B2 s X=C,I\n"), s); !errors.Is(err, ErrNoAnalysts) {
		t.Error(err)
	}
}

// oracle says what may be said of every hypothesis by the definitions, slowly
// and apart from the code: with everything there, and with each thing left out.
func oracle(e *Matrix, s proof.Analysts) (lead int, established, contradiction bool) {
	raters := map[string]bool{}
	for _, r := range e.Ratings {
		raters[r.By] = true
	}
	grade := map[string]proof.Grade{}
	source := map[string]string{}
	for _, it := range e.Items {
		grade[it.ID], source[it.ID] = it.Grade, it.Source
	}
	type row struct {
		item string
		p    []int
	}
	rows := map[string][]row{}
	for _, r := range e.Ratings {
		var p []int
		for _, h := range e.Hypotheses {
			p = append(p, r.Of[h.ID].Points())
		}
		if g := grade[r.Item]; g[0] <= s.Grade[0] && g[1] <= s.Grade[1] && slices.Max(p) != slices.Min(p) {
			rows[r.By] = append(rows[r.By], row{r.Item, p})
		}
	}
	leader := func(rs []row, skip func(string) bool) (int, int, int) { // -1: none or tied; margin, items
		total, n := make([]int, len(e.Hypotheses)), 0
		for _, r := range rs {
			if !skip(r.item) {
				n++
				for i, v := range r.p {
					total[i] += v
				}
			}
		}
		if n == 0 {
			return -1, 0, 0
		}
		sorted := slices.Sorted(slices.Values(total))
		if sorted[0] == sorted[1] {
			return -1, 0, n
		}
		return slices.Index(total, sorted[0]), sorted[1] - sorted[0], n
	}
	none := func(string) bool { return false }
	lead, established = -2, len(rows) >= s.Raters
	for by := range rows {
		l, m, n := leader(rows[by], none)
		if l >= 0 && lead >= 0 && l != lead {
			contradiction = true
		}
		if l < 0 {
			established = false
			if lead == -2 {
				lead = -1
			}
		} else if lead == -2 {
			lead = l
		} else if l != lead {
			lead, established = -1, false
		}
		established = established && m >= s.Margin && n >= s.Items
	}
	return lead, established, contradiction
}

func genMatrix(t *rapid.T) *Matrix {
	n := rapid.IntRange(2, 4).Draw(t, "hypotheses")
	e := &Matrix{Format: Format, Question: "q"}
	for i := range n {
		e.Hypotheses = append(e.Hypotheses, Option{fmt.Sprintf("h%d", i), "t"})
	}
	rated := rapid.SampledFrom([]Rated{VeryConsistent, Consistent, Neutral, NotApplicable, Inconsistent, VeryInconsistent})
	favour := rapid.IntRange(0, n-1).Draw(t, "favoured")
	raters := rapid.IntRange(0, 3).Draw(t, "raters")
	plain := rapid.Bool().Draw(t, "plain") // most speaks one way
	least := 0
	if plain {
		raters, least = max(raters, 2), 6
		rated = rapid.SampledFrom([]Rated{Neutral, Inconsistent, VeryInconsistent, VeryInconsistent})
	}
	for i := range rapid.IntRange(least, 9).Draw(t, "items") {
		it := Item{ID: fmt.Sprint("i", i), Text: "t", Source: fmt.Sprint("s", rapid.IntRange(0, 5).Draw(t, "source"))}
		it.Grade = proof.Grade{rapid.SampledFrom([]byte("AABBCF")).Draw(t, "reliability"), rapid.SampledFrom([]byte("112236")).Draw(t, "credibility")}
		if plain {
			it.Grade = proof.Grade{'B', '2'}
		}
		e.Items = append(e.Items, it)
		for r := range raters {
			if rapid.IntRange(0, 5).Draw(t, "skip") == 0 {
				continue
			}
			of := map[string]Rated{}
			for h := range n {
				v := rated.Draw(t, "rated")
				if h == favour && (plain || rapid.IntRange(0, 9).Draw(t, "leans") > 1) {
					v = Consistent
				}
				of[fmt.Sprintf("h%d", h)] = v
			}
			e.Ratings = append(e.Ratings, Rating{Item: it.ID, By: fmt.Sprint("r", r), Of: of})
		}
	}
	return e
}

// TestOracle: what is concluded follows from the definitions; established never
// says more than they allow; left-out items do not change it; the order in a
// file and the direction of the ranking change nothing.
func TestOracle(t *testing.T) {
	seen := map[proof.Level]int{}
	contradictions := 0
	check := func(t *rapid.T) {
		e := genMatrix(t)
		s := proof.Clear()
		w, err := Weigh(e, s)
		if err != nil {
			t.Fatal(err)
		}
		lead, enough, contradiction := oracle(e, s.Analysts)
		if w.Lead != max(lead, -1) && !(lead >= 0 && w.Lead == -1) {
			t.Fatalf("lead %d, by the definitions %d", w.Lead, lead)
		}
		if contradiction != w.Contradiction && w.Lead >= 0 {
			t.Fatalf("contradiction %v", w.Contradiction)
		}
		if w.Contradiction {
			contradictions++
		}
		seen[w.Level.Level]++
		established := 0
		for i, h := range w.Hypotheses {
			switch h.Level.Level {
			case proof.Established:
				established++
				if !enough || i != lead {
					t.Fatalf("%s established, and the definitions do not allow it", h.Letter)
				}
			case proof.Excluded:
				if i == lead {
					t.Fatalf("%s is first and excluded", h.Letter)
				}
			}
		}
		if established > 1 || established == 1 && (w.Contradiction || len(w.Flips) > 0) {
			t.Fatalf("%d established, contradiction %v, flips %v", established, w.Contradiction, w.Flips)
		}
		if established == 1 {
			for i := range e.Items { // the same file without any one item has the same first
				c := *e
				id := e.Items[i].ID
				c.Items = slices.Delete(slices.Clone(e.Items), i, i+1)
				c.Ratings = slices.DeleteFunc(slices.Clone(e.Ratings), func(r Rating) bool { return r.Item == id })
				if v, err := Weigh(&c, s); err != nil || v.Lead != w.Lead {
					t.Fatalf("without %s the lead is %d, not %d (%v)", id, v.Lead, w.Lead, err)
				}
			}
		}
		one, _ := w.Encode()
		slices.Reverse(e.Items)
		slices.Reverse(e.Ratings)
		v, err := Weigh(e, s)
		if err != nil {
			t.Fatal(err)
		}
		if two, _ := v.Encode(); !bytes.Equal(one, two) {
			t.Fatal("the order of the file matters")
		}
		for _, l := range []proof.Lang{english, french} {
			var b strings.Builder
			if err := w.Text(&b, s, l); err != nil || strings.Contains(b.String(), "%!") {
				t.Fatalf("%v %s", err, &b)
			}
		}
	}
	enough := func() bool {
		return seen[proof.Established] > 0 && seen[proof.Indicated] > 0 && seen[proof.NotEstablished] > 0 && contradictions > 0
	}
	rapid.Check(t, check)
	if testing.Short() {
		return // rapid draws a fifth as many cases
	}
	// A contradiction is drawn once in fifty cases: a hundred may hold none.
	for round := 0; round < 20 && !enough(); round++ {
		rapid.Check(t, check)
	}
	if !enough() {
		t.Errorf("the cases drawn hold %v and %d contradictions: this tests too little", seen, contradictions)
	}
}
