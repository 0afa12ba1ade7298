package press

import (
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"constat/claims/statement"
	"constat/claims/wording"
	"constat/moment"
)

// Share is how many of how many.
type Share struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

func (s *Share) count(ok bool) { s.N, s.Of = s.N+b2i(ok), s.Of+1 }

func (s *Share) sum(t Share) { s.N, s.Of = s.N+t.N, s.Of+t.Of }

// Value is the share itself; 1 of nothing.
func (s Share) Value() float64 { return share(s.N, s.Of) }

// Wilson is the 95 % interval by Wilson's score: where the true share lies, if
// the cases are like those to come. Of nothing it is everything.
func (s Share) Wilson() (low, high float64) {
	if s.Of == 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(s.Of), s.Value()
	mid, wide := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, (mid-wide)/(1+z*z/n)), min(1, (mid+wide)/(1+z*z/n))
}

// Tally counts one part of the gold set.
type Tally struct {
	Articles int `json:"articles"`
	Refused  int `json:"refused"` // of these, that were not read at all
	// Speaker and words: a proposal is right if its words overlap a gold
	// statement's by half of what either has, and it names the same speaker.
	Gold     int `json:"gold"`
	Proposed int `json:"proposed"` // less those that are a matter of taste
	Right    int `json:"right"`
	Found    int `json:"found"` // gold statements that were
	// WordsOnly counts gold statements of which the words were found, and another speaker.
	WordsOnly int `json:"words_only"`
	// Among what was found: Kinds[gold][proposed].
	Kinds map[statement.Kind]map[statement.Kind]int `json:"kinds"`

	Kind     Share `json:"kind"` // of those found, right
	Role     Share `json:"role"`
	Form     Share `json:"form"`
	Time     Share `json:"time"`
	Negative Share `json:"negative"` // of assertions found that deny something or not
	Outlet   Share `json:"outlet"`   // of the outlets that sentences of found statements name
	// DenialFound is of the gold denials those found as denials, DenialRight of the
	// proposed denials those that are denials in gold.
	DenialFound Share `json:"denial_found"`
	DenialRight Share `json:"denial_right"`
	// Misattributed are proposals with words of a gold statement and another party
	// as their speaker; NoSpeaker proposals whose speaker is nobody whom gold knows,
	// has no name and no role.
	Misattributed Share `json:"misattributed"`
	NoSpeaker     Share `json:"no_speaker"`

	Tracker [len(TrackerOverlaps)]TrackerTally `json:"gender_gap_tracker"`
	Exact   ExactTally                         `json:"exact_content"`
}

// Precision and Recall are of speaker and words.
func (t *Tally) Precision() float64 { return share(t.Right, t.Proposed) }

// Recall is the share of gold statements that were found.
func (t *Tally) Recall() float64 { return share(t.Found, t.Gold) }

// KindPrecision is the share of proposals of these kinds that are of that kind
// in gold, KindRecall the share of gold of these kinds proposed as such, among
// the statements found.
func (t *Tally) KindPrecision(kinds ...statement.Kind) float64 {
	right, of := 0, 0
	for g, row := range t.Kinds {
		for p, n := range row {
			if slices.Contains(kinds, p) {
				of += n
				if g == p {
					right += n
				}
			}
		}
	}
	return share(right, of)
}

// KindRecall is described at KindPrecision.
func (t *Tally) KindRecall(kinds ...statement.Kind) float64 {
	right, of := 0, 0
	for g, row := range t.Kinds {
		for p, n := range row {
			if slices.Contains(kinds, g) {
				of += n
				if g == p {
					right += n
				}
			}
		}
	}
	return share(right, of)
}

func share(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

func (t *Tally) add(u *Tally) {
	t.Articles += u.Articles
	t.Refused += u.Refused
	t.Gold += u.Gold
	t.Proposed += u.Proposed
	t.Right += u.Right
	t.Found += u.Found
	t.WordsOnly += u.WordsOnly
	for _, x := range []struct {
		to   *Share
		from Share
	}{{&t.Kind, u.Kind}, {&t.Role, u.Role}, {&t.Form, u.Form}, {&t.Time, u.Time}, {&t.Negative, u.Negative}, {&t.Outlet, u.Outlet}, {&t.DenialFound, u.DenialFound}, {&t.DenialRight, u.DenialRight},
		{&t.Misattributed, u.Misattributed}, {&t.NoSpeaker, u.NoSpeaker}, {&t.Exact.Precision, u.Exact.Precision}, {&t.Exact.Recall, u.Exact.Recall}} {
		x.to.sum(x.from)
	}
	for i := range t.Tracker {
		t.Tracker[i].sum(u.Tracker[i])
	}
	for g, row := range u.Kinds {
		for p, n := range row {
			t.kind(g, p, n)
		}
	}
}

func (t *Tally) kind(gold, proposed statement.Kind, n int) {
	if t.Kinds == nil {
		t.Kinds = map[statement.Kind]map[statement.Kind]int{}
	}
	if t.Kinds[gold] == nil {
		t.Kinds[gold] = map[statement.Kind]int{}
	}
	t.Kinds[gold][proposed] += n
}

// ArticleScore is one article's.
type ArticleScore struct {
	Name    string
	HeldOut bool
	Lang    string
	Tally   Tally
	Missed  []string // gold lines not found
	Wrong   []string // proposals not in gold
	Kinds   []string // found, but of another kind
	Refused string   // why it was not read; empty if it was
}

// Proposer gives the proposals of an article to be scored: of [Read], or of
// another reader.
type Proposer func(name string, article []byte, g *Gold) ([]statement.Statement, error)

// ByRead is the proposer of this package.
func ByRead(name string, article []byte, g *Gold) ([]statement.Statement, error) {
	r, err := Read(article, Options{Published: g.Published, Learned: moment.FromTime(g.Published.AddDate(0, 0, 1)), Name: name})
	if err != nil {
		return nil, err
	}
	return r.Proposals, nil
}

// Score compares what is proposed of every NAME.txt in a folder with its gold:
// NAME.gold.json, else NAME.gold; without either, of PolNeAR's text/NAME.txt with
// attributions/NAME_WHO.ann. An article that is refused counts as one in
// which nothing was found.
func Score(dir fs.FS, propose Proposer) ([]ArticleScore, error) {
	names, err := fs.Glob(dir, "*.gold*")
	if err != nil {
		return nil, err
	}
	gold := map[string]string{}
	for _, name := range names {
		if stem, ok := strings.CutSuffix(name, ".gold.json"); ok {
			gold[stem] = name
		} else if stem, ok := strings.CutSuffix(name, ".gold"); ok && gold[stem] == "" {
			gold[stem] = name
		}
	}
	folder := ""
	if len(gold) == 0 {
		if gold, err = polnear(dir); err != nil {
			return nil, err
		}
		folder = "text/"
	}
	if len(gold) == 0 {
		return nil, fmt.Errorf("no *.gold file there")
	}
	var out []ArticleScore
	for _, stem := range slices.Sorted(maps.Keys(gold)) {
		data, err := fs.ReadFile(dir, gold[stem])
		if err != nil {
			return nil, err
		}
		article, err := fs.ReadFile(dir, folder+stem+".txt")
		if err != nil {
			return nil, err
		}
		var g *Gold
		switch path.Ext(gold[stem]) {
		case ".json":
			g, err = ParseGoldJSON(data, article)
		case ".ann":
			g, err = parseStandoff(stem, data, article)
		default:
			g, err = ParseGold(data, article)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", gold[stem], err)
		}
		ps, err := propose(stem+".txt", article, g)
		s := compare(g, ps, string(article))
		if err != nil {
			s.Refused, s.Tally.Refused = err.Error(), 1
		}
		s.Name = stem
		out = append(out, s)
	}
	return out, nil
}

// Sum adds up the articles of one part.
func Sum(all []ArticleScore, in func(*ArticleScore) bool) *Tally {
	t := &Tally{}
	for i := range all {
		if in(&all[i]) {
			t.add(&all[i].Tally)
		}
	}
	return t
}

func compare(g *Gold, ps []statement.Statement, text string) ArticleScore {
	s := ArticleScore{HeldOut: g.HeldOut, Lang: g.Lang}
	t := &s.Tally
	t.Articles = 1
	taken := make([]bool, len(ps))
	matched := make([]bool, len(ps))
	taste := make([]bool, len(ps))    // matches what is a matter of taste
	sameWords := make([]int, len(ps)) // the gold line whose words it has, -1
	for i := range sameWords {
		sameWords[i] = -1
	}
	denies := make([]bool, len(ps)) // gold says so too
	for li := range g.Lines {
		l := &g.Lines[li]
		// The best overlap among proposals with the right speaker, then any.
		best, bestShare, words := -1, 0.0, -1
		for i := range ps {
			o := l.overlap(ps[i].Read.Words)
			if o < .5 {
				continue
			}
			words, sameWords[i] = i, li
			if !taken[i] && o > bestShare && l.saidBy(&ps[i]) {
				best, bestShare = i, o
			}
		}
		if !l.Optional {
			t.Gold++
			if l.Kind == statement.Denial {
				t.DenialFound.count(best >= 0 && ps[best].Kind == statement.Denial)
			}
		}
		line := fmt.Sprintf("%s | %s | %s | %s", l.Kind, l.Speaker, l.Role, piecesText(text, l.Pieces))
		switch {
		case best < 0 && l.Optional:
			if words >= 0 {
				matched[words], taste[words] = true, true
			}
		case best < 0:
			if words >= 0 {
				t.WordsOnly++
				line += "   ← speaker: " + speakerText(ps[words].Speaker)
			}
			s.Missed = append(s.Missed, line)
		default:
			taken[best], matched[best], taste[best] = true, true, l.Optional
			denies[best] = l.Kind == statement.Denial || slices.Contains(l.AlsoKinds, statement.Denial)
			if !l.Optional {
				t.Found++
				t.Right++
				t.Proposed++
				if !g.Bare {
					s.details(l, &ps[best], g.Signs)
				}
			}
		}
	}
	for i := range ps {
		p := &ps[i]
		if !matched[i] {
			t.Proposed++
			s.Wrong = append(s.Wrong, fmt.Sprintf("%s | %s | %s | %s | %s", p.Kind, p.Form, speakerText(p.Speaker), p.Speaker.Role, p.Words))
		}
		if taste[i] {
			continue
		}
		known := slices.ContainsFunc(g.Lines, func(l GoldLine) bool { return l.saidBy(p) })
		party := known || p.Speaker.Name != "" || p.Speaker.Role != statement.Other
		t.Misattributed.count(!matched[i] && sameWords[i] >= 0 && party && !g.Lines[sameWords[i]].saidBy(p))
		t.NoSpeaker.count(!party)
		if p.Kind == statement.Denial && !g.Bare {
			t.DenialRight.count(denies[i])
		}
	}
	for i, o := range TrackerOverlaps {
		t.Tracker[i] = tracker(g, ps, o)
	}
	t.Exact = exact(g, ps, text)
	return s
}

// details counts what is right of a statement that was found.
func (s *ArticleScore) details(l *GoldLine, p *statement.Statement, signs bool) {
	t := &s.Tally
	t.kind(l.Kind, p.Kind, 1)
	right := l.Kind == p.Kind || slices.Contains(l.AlsoKinds, p.Kind)
	t.Kind.count(right)
	if !right {
		s.Kinds = append(s.Kinds, fmt.Sprintf("%s, proposed %s: %s", l.Kind, p.Kind, p.Words))
	}
	t.Role.count(l.Role == p.Speaker.Role || slices.Contains(l.AlsoRoles, p.Speaker.Role))
	t.Form.count(l.Form == p.Form)
	if signs && l.Kind == statement.Assertion && p.Kind == statement.Assertion {
		t.Negative.count(l.Negative == p.Negative)
	}
	if l.Said != nil {
		day := moment.Interval{From: moment.FromTime(*l.Said), Until: moment.FromTime(l.Said.AddDate(0, 0, 1))}
		// The interval holds the day, or is a part of it.
		t.Time.count(p.Said != nil && (p.Said.From <= day.From && p.Said.Until >= day.Until || p.Said.From >= day.From && p.Said.Until <= day.Until))
	}
	for _, o := range l.Outlets {
		want := nameWords(o)
		t.Outlet.count(slices.ContainsFunc(p.Outlets, func(have string) bool {
			h := nameWords(have)
			return len(h) > 0 && len(want) > 0 && (subset(want, h) || subset(h, want))
		}) || p.Speaker.Role == statement.Outlet && sameName(o, p.Speaker))
	}
}

// saidBy says whether a proposal names the gold's speaker, or points at the place
// where gold has him: "he".
func (l *GoldLine) saidBy(p *statement.Statement) bool {
	return sameName(l.Speaker, p.Speaker) || len(l.Source) > 0 && covered(l.Source, p.Read.Speaker) > 0
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(w string) bool { return !slices.Contains(b, w) })
}

// overlap is the best share of bytes that a gold statement and a proposal have
// in common, among the words that gold takes as right.
func (l *GoldLine) overlap(words []statement.Span) float64 {
	best := overlap(l.Pieces, words)
	for _, also := range l.AlsoPieces {
		best = max(best, overlap(also, words))
	}
	return best
}

func speakerText(s statement.Speaker) string {
	out := s.As
	if s.Name != "" && !strings.Contains(s.As, s.Name) {
		out += " = " + s.Name
	}
	return out
}

func piecesText(text string, ps [][2]int) string {
	var out []string
	for _, p := range ps {
		out = append(out, clean(text[p[0]:p[1]]))
	}
	return strings.Join(out, " + ")
}

// overlap is the share of bytes in common among the bytes of both.
func overlap(a [][2]int, b []statement.Span) float64 {
	common, na, nb := 0, 0, 0
	for _, x := range a {
		na += x[1] - x[0]
		for _, y := range b {
			common += max(0, min(x[1], int(y.To))-max(x[0], int(y.From)))
		}
	}
	for _, y := range b {
		nb += int(y.To - y.From)
	}
	if na+nb-common == 0 {
		return 0
	}
	return float64(common) / float64(na+nb-common)
}

// sameName says whether a proposal names the gold's speaker: the gold's words
// are in the proposal's name or description, or the other way round.
func sameName(gold string, s statement.Speaker) bool {
	if gold == unnamedSpeaker || s.As == unnamedSpeaker {
		return gold == unnamedSpeaker && s.As == unnamedSpeaker
	}
	g := nameWords(gold)
	in := func(a, b []string) bool {
		for _, w := range a {
			if !slices.Contains(b, w) {
				return false
			}
		}
		return len(a) > 0
	}
	for _, x := range []string{s.As + " " + s.Name, s.As, s.Name} {
		w := nameWords(x)
		if in(g, w) || in(w, g) {
			return true
		}
	}
	return false
}

func nameWords(s string) []string {
	return slices.DeleteFunc(wording.Words(s), func(w string) bool {
		switch w {
		case "the", "a", "an", "of", "le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "its", "their", "his", "her", "s", "son", "sa", "ses", "leur", "cette", "ce":
			return true
		}
		return false
	})
}
