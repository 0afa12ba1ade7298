package press

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"constat/claims/statement"
	"constat/internal/strictjson"
	"constat/internal/worded"
	"constat/moment"
)

// OutsideFormat is the form in which another reader gives its proposals;
// docs/formats/proposals.md describes it.
const OutsideFormat = "constat-outside/1"

// maxOutside bounds what another reader may propose.
const (
	maxOutside      = 16 << 20
	maxOutsideCount = 2000
)

// Refused is a proposal of another reader that is not taken, and why.
type Refused struct {
	Number int    `json:"number"` // in its list, from 1
	Why    string `json:"why"`
}

type outside struct {
	Format, Reader, SHA256 string
	Proposals              []json.RawMessage
}

// listOutside reads the list as such, strictly. What is wrong within one proposal
// refuses that one alone, so these are left as they are.
func listOutside(b []byte) (*outside, error) {
	var in outside
	members := map[string]any{"format": &in.Format, "reader": &in.Reader, "sha256": &in.SHA256, "proposals": &in.Proposals}
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("it is no JSON object")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, strictjson.Plain(err)
		}
		name, _ := t.(string)
		to := members[name]
		if to == nil {
			return nil, fmt.Errorf("member %.40q is unknown, or there twice", name)
		}
		if err := d.Decode(to); err != nil {
			return nil, fmt.Errorf("%s: %w", name, strictjson.Plain(err))
		}
		delete(members, name)
	}
	if _, err := d.Token(); err != nil {
		return nil, errors.New("it breaks off")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is more behind its end")
	}
	for _, name := range []string{"format", "reader", "proposals"} {
		if members[name] != nil {
			return nil, fmt.Errorf("member %q is missing", name)
		}
	}
	return &in, nil
}

type outsideOne struct {
	Words    []string          `json:"words"`
	Speaker  statement.Speaker `json:"speaker"`
	Kind     statement.Kind    `json:"kind"`
	Negative bool              `json:"negative"`
	Form     statement.Form    `json:"form"`
	Lang     string            `json:"lang"`
	Record   statement.Record  `json:"record"`
	Outlets  []string          `json:"outlets"`
	Said     *moment.Interval  `json:"said"`
	About    *moment.Interval  `json:"about"`
	Gist     string            `json:"gist"`
	Unsure   string            `json:"unsure"`
}

var (
	oneShape = strictjson.Shape{
		Known: map[string][]string{
			"":        {"words", "speaker", "kind", "negative", "form", "lang", "record", "outlets", "said", "about", "gist", "unsure"},
			"speaker": {"as", "name", "for", "role"}, "said": {"from", "until"}, "about": {"from", "until"},
		},
		Required: map[string][]string{"": {"words", "speaker", "kind"}, "speaker": {"as", "role"}, "said": {"from", "until"}, "about": {"from", "until"}},
		Depth:    8,
	}
)

// Outside takes what another reader proposes of a document – a model, a person
// with a list – and makes proposals of it that are accepted as those of [Read]
// are. The words must stand in the document, letter by letter but for blanks and
// line ends, and so must what it calls the speaker. Whatever is not so is refused
// with the reason; a file that is no such list at all is an error.
func Outside(data, proposals []byte, o Options) (*Reading, error) {
	r, out, err := begin(data, o)
	if err != nil {
		return nil, err
	}
	if len(proposals) > maxOutside {
		return nil, worded.Errorf("the proposals have %d bytes; at most %d are read", len(proposals), maxOutside)
	}
	in, err := listOutside(proposals)
	if err != nil {
		return nil, worded.Errorf("the proposals: %w", err)
	}
	switch {
	case in.Format != OutsideFormat:
		return nil, worded.Errorf("the proposals: format %.40q; want %q", in.Format, OutsideFormat)
	case strings.TrimSpace(in.Reader) == "" || len(in.Reader) > 200 || strings.IndexFunc(in.Reader, statement.Barred) >= 0:
		return nil, errors.New("the proposals: the reader must give its name and version, in at most 200 bytes")
	case in.SHA256 != "" && in.SHA256 != r.sum:
		return nil, worded.Errorf("the proposals are of another document: its SHA-256 is %.64q, that of this one %s", in.SHA256, r.sum)
	case len(in.Proposals) > maxOutsideCount:
		return nil, worded.Errorf("%d proposals; at most %d are read", len(in.Proposals), maxOutsideCount)
	}
	out.Reader = in.Reader
	tag := sha256.Sum256([]byte(in.Reader))
	f := newFinder(r.src.text)
	for i, raw := range in.Proposals {
		s, err := r.outsider(raw, in.Reader, f)
		if err == nil {
			s.ID = fmt.Sprintf("%s-%s-%02d", r.sum[:8], hex.EncodeToString(tag[:2]), i+1)
			err = s.Validate()
		}
		if err != nil {
			out.Refused = append(out.Refused, Refused{i + 1, strings.TrimPrefix(err.Error(), fmt.Sprintf("statement %q: ", s.ID))})
			continue
		}
		out.Proposals = append(out.Proposals, s)
	}
	slices.SortStableFunc(out.Proposals, func(a, b statement.Statement) int { return int(a.Read.Words[0].From - b.Read.Words[0].From) })
	return out, nil
}

// outsider makes a statement of one proposal.
func (r *reader) outsider(raw []byte, reader string, f *finder) (statement.Statement, error) {
	var p outsideOne
	s := statement.Statement{}
	if err := strictjson.Read(raw, oneShape, &p); err != nil {
		return s, err
	}
	s = statement.Statement{
		Speaker: p.Speaker, Outlets: p.Outlets, Record: p.Record, Said: p.Said, About: p.About, Published: r.published, Learned: r.o.Learned,
		Kind: p.Kind, Negative: p.Negative, Form: p.Form, Lang: p.Lang, Gist: p.Gist, Document: statement.Document{Name: r.o.Name, SHA256: r.sum}, Grade: statement.Ungraded,
		Read: &statement.ReadFrom{Reader: reader, Words: []statement.Span{}, Speaker: []statement.Span{}, Cue: []statement.Span{}, Unsure: p.Unsure},
	}
	if s.Outlets == nil {
		s.Outlets = []string{}
	}
	if o := clean(r.o.Outlet); o != "" && !slices.Contains(s.Outlets, o) {
		s.Outlets = append([]string{o}, s.Outlets...)
	}
	if s.Record == "" {
		s.Record = statement.RecordUnknown
	}
	if s.Form == "" {
		s.Form = statement.Indirect
	}
	if len(p.Words) == 0 || len(p.Words) > 100 {
		return s, fmt.Errorf("%d pieces of words; want 1 to 100", len(p.Words))
	}
	places, ok := f.all(p.Words)
	if !ok {
		return s, fmt.Errorf("its words are not in the text in this order, letter by letter: %.80q", strings.Join(p.Words, " […] "))
	}
	var words []string
	for _, at := range places {
		s.Read.Words = append(s.Read.Words, r.span(at))
		words = append(words, clean(r.src.text[at[0]:at[1]]))
	}
	s.Words = strings.Join(words, " […] ")
	// Of several places where it is so called, the nearest.
	if p.Speaker.As != unnamedSpeaker {
		at, ok := f.near(p.Speaker.As, places[0][0])
		if !ok {
			return s, fmt.Errorf("the text calls nobody %.80q", p.Speaker.As)
		}
		s.Read.Speaker = append(s.Read.Speaker, r.span(at))
	}
	if s.Lang == "" {
		if s.Lang = countTongues(s.Words).verdict(); s.Lang == "" || s.Lang == unnamedTongue {
			return s, errors.New("its language is not given, and nothing in its words tells it")
		}
	}
	return s, nil
}

// finder finds words in a text, blanks and line ends being alike.
type finder struct {
	text string // blanks one each
	from *source
}

func newFinder(text string) *finder {
	w := weave(&source{text: text})
	blank := true
	done := 0
	for i := 0; i < len(text); i++ {
		n := 0
		switch c := text[i]; {
		case c == ' ' || c == '\n' || c == '\r' || c == '\t':
			n = 1
		case statement.Barred(rune(c)) && c < 0x80:
			n = 1
		}
		if n == 0 {
			blank = false
			continue
		}
		w.keep(done, i)
		if !blank {
			w.put(" ", i, 1)
		}
		blank, done = true, i+1
	}
	w.keep(done, len(text))
	s := w.source()
	return &finder{text: s.text, from: s}
}

// ready gives words in the form in which they are looked for.
func ready(words string) string { return strings.TrimSpace(clean(normal(&source{text: words}).text)) }

// all finds pieces one behind the other, from the earliest place on.
func (f *finder) all(pieces []string) ([][2]int, bool) {
	var out [][2]int
	from := 0
	for _, p := range pieces {
		p = ready(p)
		k := -1
		if p != "" {
			k = f.index(p, from)
		}
		if k < 0 {
			return nil, false
		}
		out = append(out, f.place(k, k+len(p)))
		from = k + len(p)
	}
	return out, true
}

// index finds words as words: not within another one.
func (f *finder) index(p string, from int) int {
	for {
		k := strings.Index(f.text[from:], p)
		if k < 0 {
			return -1
		}
		k += from
		if f.whole(k, k+len(p)) {
			return k
		}
		from = k + 1
	}
}

// whole says whether a stretch of text parts no word.
func (f *finder) whole(a, b int) bool {
	return !(a > 0 && letterAt(f.text, a-1, true) && letterAt(f.text, a, false)) && !(b < len(f.text) && letterAt(f.text, b-1, true) && letterAt(f.text, b, false))
}

// letterAt says whether a letter stands at a byte, or ends there.
func letterAt(s string, i int, ends bool) bool {
	if s[i] < 0x80 {
		return letterByte(s[i]) || s[i] >= '0' && s[i] <= '9'
	}
	if ends {
		for i > 0 && !utf8Start(s[i]) {
			i--
		}
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return letter(r)
}

// near finds words nearest to a place of the text.
func (f *finder) near(words string, to int) ([2]int, bool) {
	p := ready(words)
	if p == "" {
		return [2]int{}, false
	}
	best, found := [2]int{}, false
	for from, tries := 0, 0; tries < 1000; tries++ {
		k := f.index(p, from)
		if k < 0 {
			break
		}
		at := f.place(k, k+len(p))
		if !found || abs(at[0]-to) < abs(best[0]-to) {
			best, found = at, true
		} else if at[0] > to {
			break
		}
		from = k + 1
	}
	return best, found
}

func (f *finder) place(a, b int) [2]int {
	return [2]int{int(f.from.pos(a)), int(f.from.end(b))}
}

// ByOutside is the [Proposer] of another reader: its proposals of NAME.txt are
// what get gives for that name.
func ByOutside(get func(name string) ([]byte, error)) Proposer {
	return func(name string, article []byte, g *Gold) ([]statement.Statement, error) {
		ps, err := get(name)
		if err != nil {
			return nil, err
		}
		r, err := Outside(article, ps, Options{Published: g.Published, Learned: moment.FromTime(g.Published.AddDate(0, 0, 1)), Name: name})
		if err != nil {
			return nil, err
		}
		return r.Proposals, nil
	}
}
