package press

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"constat/claims/statement"
	"constat/claims/wording"
	"constat/moment"
)

// Gold is what a careful reader takes from an article.
type Gold struct {
	Published time.Time
	Lang      string
	HeldOut   bool
	Lines     []GoldLine
}

// GoldLine is one statement of it.
type GoldLine struct {
	Line     int // of the file
	Optional bool
	Kind     statement.Kind
	Form     statement.Form
	Speaker  string // "unknown" where the article gives none
	Role     statement.Role
	Pieces   [][2]int   // bytes of the article
	Said     *time.Time // a day within which it was said
}

// ParseGold reads a gold file; testdata/gold/README.md describes the form.
func ParseGold(data, article []byte) (*Gold, error) {
	g := &Gold{}
	zone, day := time.UTC, ""
	text := string(article)
	for i, line := range strings.Split(string(data), "\n") {
		bad := func(err error) (*Gold, error) { return nil, fmt.Errorf("line %d: %w", i+1, err) }
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if !strings.Contains(line, "|") {
			key, value, _ := strings.Cut(line, " ")
			var err error
			switch key {
			case "published":
				day = value
			case "zone":
				zone, err = time.LoadLocation(value)
			case "lang":
				g.Lang = value
			case "part":
				g.HeldOut = value == "held-out"
			default:
				err = fmt.Errorf("%.40q: want published, zone, lang or part, or a line with bars", key)
			}
			if err != nil {
				return bad(err)
			}
			continue
		}
		l := GoldLine{Line: i + 1}
		line, l.Optional = strings.CutPrefix(line, "?")
		f := strings.Split(line, "|")
		for k := range f {
			f[k] = strings.TrimSpace(f[k])
		}
		if len(f) < 5 || len(f) > 6 {
			return bad(fmt.Errorf("%d fields; want kind | form | speaker | role | words [| said DAY]", len(f)))
		}
		l.Kind, l.Form, l.Speaker, l.Role = statement.Kind(f[0]), statement.Form(f[1]), f[2], statement.Role(f[3])
		if err := cmp.Or(statement.OneOf(l.Kind, statement.Kinds), statement.OneOf(l.Form, statement.Forms), statement.OneOf(l.Role, statement.Roles)); err != nil {
			return bad(err)
		}
		at := 0
		for _, piece := range strings.Split(f[4], " + ") {
			head, tail, cut := strings.Cut(piece, "…")
			head, tail = strings.TrimSpace(head), strings.TrimSpace(tail)
			k := strings.Index(text[at:], head)
			if k < 0 {
				k, at = strings.Index(text, head), 0
			}
			if k < 0 || head == "" {
				return bad(fmt.Errorf("%.60q is not in the article", head))
			}
			from := at + k
			to := from + len(head)
			if cut {
				k := strings.Index(text[to:], tail)
				if k < 0 || tail == "" {
					return bad(fmt.Errorf("%.60q is not in the article behind %.60q", tail, head))
				}
				to += k + len(tail)
			}
			l.Pieces = append(l.Pieces, [2]int{from, to})
			at = to
		}
		if len(f) == 6 {
			d, err := time.ParseInLocation("said 2006-01-02", f[5], zone)
			if err != nil {
				return bad(err)
			}
			l.Said = &d
		}
		g.Lines = append(g.Lines, l)
	}
	var err error
	g.Published, err = time.ParseInLocation(time.DateOnly, day, zone)
	return g, err
}

// Tally counts one part of the gold set.
type Tally struct {
	Articles int `json:"articles"`
	// Speaker and words: a proposal is right if its words overlap a gold
	// statement's by half of what either has, and it names the same speaker.
	Gold     int `json:"gold"`
	Proposed int `json:"proposed"` // less those that are a matter of taste
	Right    int `json:"right"`
	Found    int `json:"found"` // gold statements that were
	// WordsOnly counts proposals with the right words and another speaker.
	WordsOnly int `json:"words_only"`
	// Assertion or denial, among what is right: Kinds[gold][proposed].
	Kinds map[statement.Kind]map[statement.Kind]int `json:"kinds"`
	Roles [2]int                                    `json:"roles"` // right, of
	Forms [2]int                                    `json:"forms"`
	Times [2]int                                    `json:"times"`
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
	t.Gold += u.Gold
	t.Proposed += u.Proposed
	t.Right += u.Right
	t.Found += u.Found
	t.WordsOnly += u.WordsOnly
	for i := range 2 {
		t.Roles[i] += u.Roles[i]
		t.Forms[i] += u.Forms[i]
		t.Times[i] += u.Times[i]
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
}

// Score reads every NAME.txt with a NAME.gold in a folder and compares.
func Score(dir fs.FS) ([]ArticleScore, error) {
	names, err := fs.Glob(dir, "*.gold")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no *.gold file there")
	}
	slices.Sort(names)
	var out []ArticleScore
	for _, name := range names {
		stem := strings.TrimSuffix(path.Base(name), ".gold")
		gold, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		article, err := fs.ReadFile(dir, stem+".txt")
		if err != nil {
			return nil, err
		}
		g, err := ParseGold(gold, article)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r, err := Read(article, Options{Published: g.Published, Learned: moment.FromTime(g.Published.AddDate(0, 0, 1)), Name: stem + ".txt"})
		if err != nil {
			return nil, fmt.Errorf("%s.txt: %w", stem, err)
		}
		s := compare(g, r, string(article))
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

func compare(g *Gold, r *Reading, text string) ArticleScore {
	s := ArticleScore{HeldOut: g.HeldOut, Lang: g.Lang}
	s.Tally.Articles = 1
	taken := make([]bool, len(r.Proposals))
	matched := make([]bool, len(r.Proposals))
	show := func(p *statement.Statement) string {
		return fmt.Sprintf("%s | %s | %s | %s | %s", p.Kind, p.Form, speakerText(p.Speaker), p.Speaker.Role, p.Words)
	}
	for li := range g.Lines {
		l := &g.Lines[li]
		if !l.Optional {
			s.Tally.Gold++
		}
		// The best overlap among proposals with the right speaker, then any.
		best, bestShare, words := -1, 0.0, -1
		for i := range r.Proposals {
			p := &r.Proposals[i]
			o := overlap(l.Pieces, p.Read.Words)
			if o < .5 {
				continue
			}
			words = i
			if !taken[i] && o > bestShare && sameName(l.Speaker, p.Speaker) {
				best, bestShare = i, o
			}
		}
		line := fmt.Sprintf("%s | %s | %s | %s", l.Kind, l.Speaker, l.Role, piecesText(text, l.Pieces))
		if best < 0 {
			if words >= 0 {
				matched[words] = matched[words] || l.Optional
				if !l.Optional {
					s.Tally.WordsOnly++
					line += "   ← speaker: " + speakerText(r.Proposals[words].Speaker)
				}
			}
			if !l.Optional {
				s.Missed = append(s.Missed, line)
			}
			continue
		}
		taken[best], matched[best] = true, true
		if l.Optional {
			continue
		}
		p := &r.Proposals[best]
		s.Tally.Found++
		s.Tally.Right++
		s.Tally.Proposed++
		s.Tally.kind(l.Kind, p.Kind, 1)
		if l.Kind != p.Kind {
			s.Kinds = append(s.Kinds, fmt.Sprintf("%s, proposed %s: %s", l.Kind, p.Kind, p.Words))
		}
		count := func(n *[2]int, ok bool) {
			n[1]++
			if ok {
				n[0]++
			}
		}
		count(&s.Tally.Roles, l.Role == p.Speaker.Role)
		count(&s.Tally.Forms, l.Form == p.Form)
		if l.Said != nil {
			day := moment.Interval{From: moment.FromTime(*l.Said), Until: moment.FromTime(l.Said.AddDate(0, 0, 1))}
			count(&s.Tally.Times, p.Said != nil && p.Said.From <= day.From && p.Said.Until >= day.Until)
		}
	}
	for i := range r.Proposals {
		if !matched[i] {
			s.Tally.Proposed++
			s.Wrong = append(s.Wrong, show(&r.Proposals[i]))
		}
	}
	return s
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
