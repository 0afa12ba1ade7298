// Package evidence reads and weighs what analysts hold as evidence: items that
// people rated against hypotheses that a case declares.
//
// A [Matrix] has the items and the ratings. [Weigh] puts them together under a
// standard of proof (Heuer's analysis of competing hypotheses): the hypothesis with
// the fewest ratings against it comes first, for each rater apart. Two raters who
// put different hypotheses first contradict each other, and no average hides it.
//
// It promises that a file that is damaged, incomplete or contradicts itself is
// refused with the place; that the same files give the same bytes; and that one item,
// or one source, that turns the conclusion is named. It reads no files, and it
// measures nothing: a rating is somebody's judgement, and says whose.
package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/internal/strictjson"
	"constat/internal/tomlfile"
	"constat/internal/worded"
	"constat/judge/proof"
)

// Format names the version of files of analysts' evidence
// (docs/formats/evidence.md).
const Format = "constat-evidence/1"

// Bounds of a file of evidence.
const (
	MaxSize       = 1 << 20   // bytes, as JSON
	MaxTOML       = 128 << 10 // bytes, as TOML, whose decoder is slower the more tables there are
	maxHypotheses = 20        // each has a letter
	maxItems      = 1000
	maxRaters     = 50
)

// ErrUnusable is wrapped by every refusal of [Parse].
var ErrUnusable = errors.New("not usable as evidence")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrUnusable}, args...)...)
}

// Matrix is what routing cannot measure: items that people rated against
// hypotheses that a case declares. Who signed it is the case file's business.
type Matrix struct {
	Format     string   `toml:"format" json:"format"`
	Question   string   `toml:"question" json:"question"`
	Hypotheses []Option `toml:"hypothesis" json:"hypothesis"`
	Items      []Item   `toml:"item" json:"item"`
	Ratings    []Rating `toml:"rating" json:"rating"`
}

// Option is one of the hypotheses that compete. The text is the case's.
type Option struct {
	ID   string `toml:"id" json:"id"`
	Text string `toml:"text" json:"text"`
}

// Item is one piece of evidence. Source says from whom it is, in the same
// words throughout a file; Document and SHA256 name a file that holds it.
type Item struct {
	ID       string      `toml:"id" json:"id"`
	Text     string      `toml:"text" json:"text"`
	Source   string      `toml:"source" json:"source"`
	Grade    proof.Grade `toml:"grade" json:"grade"`
	Document string      `toml:"document" json:"document,omitempty"`
	SHA256   string      `toml:"sha256" json:"sha256,omitempty"`
}

// Rating is how one person rates one item against every hypothesis.
type Rating struct {
	Item string           `toml:"item" json:"item"`
	By   string           `toml:"by" json:"by"`
	Of   map[string]Rated `toml:"of" json:"of"` // by the hypothesis's ID
	Why  string           `toml:"why" json:"why,omitempty"`
}

// Rated is how an item goes with a hypothesis: would one expect to see it, if
// the hypothesis were true?
type Rated string

// The ratings. What is Neutral or NotApplicable speaks neither way.
const (
	VeryConsistent   Rated = "CC"
	Consistent       Rated = "C"
	Neutral          Rated = "N"
	NotApplicable    Rated = "NA"
	Inconsistent     Rated = "I"
	VeryInconsistent Rated = "II"
)

var rateds = []Rated{VeryConsistent, Consistent, Neutral, NotApplicable, Inconsistent, VeryInconsistent}

// In gives the words of a rating.
func (r Rated) In(l proof.Lang) string { return locale.Must(l).T("rated." + string(r)) }

// Points is how much a rating speaks against a hypothesis. What speaks for one
// gives none: evidence that fits a hypothesis usually fits others too (Heuer).
func (r Rated) Points() int {
	switch r {
	case Inconsistent:
		return 1
	case VeryInconsistent:
		return 2
	}
	return 0
}

func (r Rated) supports() bool { return r == Consistent || r == VeryConsistent }

// Parse reads a file of evidence: TOML, or JSON if the first character is a brace.
// It refuses what is unknown, missing
// or contradicts itself, and names the place.
func Parse(b []byte) (*Matrix, error) {
	e := &Matrix{}
	if text := bytes.TrimSpace(b); len(text) > 0 && text[0] == '{' {
		if len(b) > MaxSize {
			return nil, refuse("%d bytes; at most %d are read", len(b), MaxSize)
		}
		if err := strictjson.Read(b, shape, e); err != nil {
			return nil, refuse("%.200s", strings.ReplaceAll(err.Error(), "\n", " "))
		}
	} else {
		if len(b) > MaxTOML {
			return nil, refuse("%d bytes; as TOML at most %d are read, as JSON %d", len(b), MaxTOML, MaxSize)
		}
		if err := tomlfile.Decode(b, e); err != nil {
			var u *tomlfile.Unknown
			if errors.As(err, &u) {
				return nil, refuse("no evidence has the key %s; docs/formats/evidence.md lists them all", strings.Join(u.Keys, ", "))
			}
			return nil, refuse("%w", err)
		}
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	e.sort()
	return e, nil
}

// shape is what the objects of a JSON file may have. Ratings are named by the
// hypotheses, which the file declares.
var shape = strictjson.Shape{
	Known: map[string][]string{
		"":           {"format", "question", "hypothesis", "item", "rating"},
		"hypothesis": {"id", "text"},
		"item":       {"id", "text", "source", "grade", "document", "sha256"},
		"rating":     {"item", "by", "of", "why"},
	},
	Free:  []string{"rating.of"},
	Depth: 10,
}

func (e *Matrix) check() error {
	if e.Format != Format {
		return refuse("format = %.60q; this program reads %q", e.Format, Format)
	}
	if err := checkLine("question", e.Question, 500); err != nil {
		return err
	}
	if n := len(e.Hypotheses); n < 2 || n > maxHypotheses {
		return refuse("%d hypotheses; allowed are 2 to %d: one that competes with none is confirmed by anything", n, maxHypotheses)
	}
	ids := map[string]bool{}
	for i, h := range e.Hypotheses {
		what := fmt.Sprintf("hypothesis %d", i+1)
		if err := checkID(what, h.ID); err != nil {
			return err
		}
		if ids[h.ID] {
			return refuse("%s: id = %q is there twice", what, h.ID)
		}
		ids[h.ID] = true
		if err := checkLine("hypothesis "+h.ID+": text", h.Text, 500); err != nil {
			return err
		}
	}
	if len(e.Items) > maxItems {
		return refuse("%d items; at most %d are read", len(e.Items), maxItems)
	}
	items := map[string]bool{}
	for i, x := range e.Items {
		what := fmt.Sprintf("item %d", i+1)
		if err := checkID(what, x.ID); err != nil {
			return err
		}
		what = "item " + x.ID
		if items[x.ID] {
			return refuse("%s is there twice", what)
		}
		items[x.ID] = true
		if err := checkLine(what+": text", x.Text, 2000); err != nil {
			return err
		}
		if err := checkLine(what+": source", x.Source, 200); err != nil {
			return err
		}
		if _, _, err := proof.ParseGrade(x.Grade.String()); err != nil {
			return refuse("%s has no grade: F6 is what nobody can judge", what)
		}
		if (x.Document == "") != (x.SHA256 == "") {
			return refuse("%s: document and sha256 go together", what)
		}
		if x.Document != "" {
			if err := checkLine(what+": document", x.Document, 200); err != nil {
				return err
			}
			if len(x.SHA256) != 64 || strings.Trim(x.SHA256, "0123456789abcdef") != "" {
				return refuse("%s: sha256 = %.80q; want 64 digits, a to f in lower case", what, x.SHA256)
			}
		}
	}
	return e.checkRatings(ids, items)
}

func (e *Matrix) checkRatings(ids, items map[string]bool) error {
	raters := map[string]string{} // folded → as written
	seen := map[[2]string]bool{}
	for i, r := range e.Ratings {
		what := fmt.Sprintf("rating %d (%.40q of %.40q)", i+1, r.Item, r.By)
		if !items[r.Item] {
			return refuse("%s: there is no item of that id", what)
		}
		if err := checkLine(fmt.Sprintf("rating %d: by", i+1), r.By, 100); err != nil {
			return err
		}
		f := proof.Fold(r.By)
		if was, ok := raters[f]; ok && was != r.By {
			return refuse("%s: the rater is also written %q; write one rater in one way, and two in ways that tell them apart", what, was)
		}
		if raters[f] = r.By; len(raters) > maxRaters {
			return refuse("more than %d raters", maxRaters)
		}
		if k := [2]string{r.Item, r.By}; seen[k] {
			return refuse("%s: this rater rates the item twice", what)
		} else {
			seen[k] = true
		}
		for h, v := range r.Of {
			if !ids[h] {
				return refuse("%s: there is no hypothesis %.40q", what, h)
			}
			if !slices.Contains(rateds, v) {
				return refuse("%s: %s = %.20q; want CC, C, N, NA, I or II", what, h, string(v))
			}
		}
		for _, h := range e.Hypotheses {
			if _, ok := r.Of[h.ID]; !ok {
				return refuse("%s: hypothesis %s is not rated; an item is rated against every hypothesis (N or NA where it says nothing)", what, h.ID)
			}
		}
		if r.Why != "" {
			if err := checkLine(what+": why", r.Why, 2000); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkID(what, id string) error {
	ok := id != "" && len(id) <= 40
	for _, r := range id {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
	}
	if !ok {
		return refuse("%s: id = %.60q; allowed are 1 to 40 of a-z, 0-9 and -", what, id)
	}
	return nil
}

// checkLine refuses what is empty, too long, or would play tricks on a screen.
func checkLine(what, s string, most int) error {
	switch n := utf8.RuneCountInString(s); {
	case strings.TrimSpace(s) == "":
		return refuse("%s is empty", what)
	case n > most:
		return refuse("%s has %d characters; allowed are at most %d", what, n, most)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsPrint(r) && r != '\u00a0' && r != '\u202f' || unicode.Is(unicode.Bidi_Control, r)
	}):
		return refuse("%s: allowed is one line of printable text", what)
	}
	return nil
}

// sort puts into order what has none: items and ratings. The order of the
// hypotheses gives them their letters and stays.
func (e *Matrix) sort() {
	slices.SortFunc(e.Items, func(a, b Item) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(e.Ratings, func(a, b Rating) int {
		if c := strings.Compare(a.Item, b.Item); c != 0 {
			return c
		}
		return strings.Compare(a.By, b.By)
	})
}

// Join puts files of one question together, as where each rater has a
// file of their own. Question and hypotheses must be the same in all, and so
// must an item that is in several.
func Join(es ...*Matrix) (*Matrix, error) {
	if len(es) == 0 {
		return nil, refuse("there is none")
	}
	out := &Matrix{Format: Format, Question: es[0].Question, Hypotheses: slices.Clone(es[0].Hypotheses)}
	items := map[string]Item{}
	for n, e := range es {
		if e.Question != out.Question {
			return nil, refuse("file %d answers another question: %.80q, not %.80q", n+1, e.Question, out.Question)
		}
		if !slices.Equal(e.Hypotheses, out.Hypotheses) {
			return nil, refuse("file %d declares other hypotheses, or in another order", n+1)
		}
		for _, x := range e.Items {
			if was, ok := items[x.ID]; ok && was != x {
				return nil, refuse("file %d has another item %s than the files before it; what is rated must be the same", n+1, x.ID)
			} else if !ok {
				items[x.ID] = x
				out.Items = append(out.Items, x)
			}
		}
		out.Ratings = append(out.Ratings, e.Ratings...)
	}
	if err := out.check(); err != nil {
		return nil, err
	}
	out.sort()
	return out, nil
}

// Encode writes evidence as JSON in one form: the same evidence, the same
// bytes.
func (e *Matrix) Encode() ([]byte, error) {
	c := *e
	c.Hypotheses, c.Items, c.Ratings = orNone(e.Hypotheses), orNone(slices.Clone(e.Items)), orNone(slices.Clone(e.Ratings))
	c.sort()
	b, err := strictjson.Indented(&c)
	if err != nil {
		return nil, worded.Errorf("evidence: %w", err)
	}
	return b, nil
}

func orNone[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
