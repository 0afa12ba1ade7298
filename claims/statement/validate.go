package statement

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"constat/internal/worded"
)

// Longest values that a register takes. They bound what one statement can do
// to a report; no press statement comes near them.
const (
	maxWords = 1 << 20
	maxField = 1 << 12
	maxChain = 32
)

// Validate checks a register: every statement, ids that are unique and sorted,
// repetitions that name a statement of the register and do not go round.
func (r *Register) Validate() error {
	if r.Format != Format {
		return worded.Errorf("register: format %.40q; this program reads %q", r.Format, Format)
	}
	at := map[string]*Statement{}
	for i := range r.Statements {
		s := &r.Statements[i]
		if err := s.Validate(); err != nil {
			return err
		}
		if s.Accepted == nil {
			return s.bad("accepted", "nobody accepted it; a proposal enters a register only when a person has")
		}
		if at[s.ID] != nil {
			return s.bad("id", "is there twice")
		}
		at[s.ID] = s
		if i > 0 && r.Statements[i-1].ID > s.ID {
			return s.bad("id", "comes after "+r.Statements[i-1].ID+"; statements are sorted by id")
		}
	}
	// A chain of repetitions is walked until it meets a statement from which
	// the end is known to be reached; meeting itself first, it is a circle.
	walked := map[string]int{} // by which walk
	for i := range r.Statements {
		for s := &r.Statements[i]; s.Repeats != "" && walked[s.ID] == 0; {
			walked[s.ID] = i + 1
			next := at[s.Repeats]
			if next == nil {
				return s.bad("repeats", fmt.Sprintf("%.80q is not in the register", s.Repeats))
			}
			if walked[next.ID] == i+1 {
				return s.bad("repeats", "goes round: following it comes back to "+next.ID)
			}
			s = next
		}
	}
	for i := range r.Statements {
		if s := &r.Statements[i]; s.Through != "" && (at[s.Through] == nil || s.Through == s.ID) {
			return s.bad("through", fmt.Sprintf("%.80q is not another statement of the register", s.Through))
		}
	}
	return nil
}

// FieldError says which field of which statement cannot be.
type FieldError struct {
	ID, Field, Why string
}

func (e *FieldError) Error() string {
	id := e.ID
	if len(id) > 80 {
		id = id[:80] + "…"
	}
	return fmt.Sprintf("statement %q: %s: %s", id, e.Field, e.Why)
}

func (s *Statement) bad(field, why string) error { return &FieldError{s.ID, field, why} }

// Validate checks one statement on its own, accepted or proposed. The order of
// times is refused only where it is impossible: intervals say between which
// moments something happened, so said may end after published, not begin after
// its end.
func (s *Statement) Validate() error {
	if s.ID == "" || len(s.ID) > 120 || strings.IndexFunc(s.ID, notID) >= 0 {
		return s.bad("id", "want 1 to 120 letters a–z, A–Z, digits, '-', '.', '_'")
	}
	for _, check := range []func() error{s.checkTexts, s.checkKinds, s.checkTimes, s.checkDocument, s.checkProposition, s.checkRead} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkTexts checks what is free text: that it is there, printable and not too long.
func (s *Statement) checkTexts() error {
	for _, f := range []struct {
		name, value string
		must        bool
		max         int
	}{
		{"speaker as", s.Speaker.As, true, maxField}, {"speaker name", s.Speaker.Name, false, maxField}, {"speaker for", s.Speaker.For, false, maxField},
		{"words", s.Words, true, maxWords}, {"gist", s.Gist, false, maxField}, {"proposition", s.Proposition.Text, false, maxWords},
		{"document name", s.Document.Name, true, maxField}, {"note", s.Note, false, maxWords}, {"repeats", s.Repeats, false, maxField}, {"through", s.Through, false, maxField},
	} {
		if err := checkText(f.value, f.must, f.max); err != nil {
			return s.bad(f.name, err.Error())
		}
	}
	if len(s.Outlets) > maxChain {
		return s.bad("outlets", fmt.Sprintf("%d in one chain; at most %d", len(s.Outlets), maxChain))
	}
	for _, o := range s.Outlets {
		if err := checkText(o, true, maxField); err != nil {
			return s.bad("outlets", err.Error())
		}
		if strings.Contains(o, " < ") || strings.ContainsAny(o, "\n") {
			return s.bad("outlets", fmt.Sprintf("%.40q: \" < \" and line ends separate outlets", o))
		}
	}
	return nil
}

// checkKinds checks what is one of a few words.
func (s *Statement) checkKinds() error {
	if err := OneOf(s.Speaker.Role, Roles); err != nil {
		return s.bad("role", err.Error())
	}
	if err := OneOf(s.Record, Records); err != nil {
		return s.bad("record", err.Error())
	}
	if err := OneOf(s.Kind, Kinds); err != nil {
		return s.bad("kind", err.Error())
	}
	if s.Negative && s.Kind != Assertion {
		return s.bad("negative", fmt.Sprintf("goes with an assertion, not with: %s", s.Kind))
	}
	if err := OneOf(s.Form, Forms); err != nil {
		return s.bad("form", err.Error())
	}
	if len(s.Lang) < 2 || len(s.Lang) > 16 || strings.IndexFunc(s.Lang, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' }) >= 0 {
		return s.bad("lang", fmt.Sprintf("%.20q: want a code such as en or fr", s.Lang))
	}
	return nil
}

// checkDocument checks the document, the grade, and who accepted the statement.
func (s *Statement) checkDocument() error {
	if len(s.Document.SHA256) != 64 || strings.Trim(s.Document.SHA256, "0123456789abcdef") != "" {
		return s.bad("document sha256", fmt.Sprintf("%.70q: want 64 lower-case hex digits", s.Document.SHA256))
	}
	if len(s.Grade.Source) != 1 || s.Grade.Source < "A" || s.Grade.Source > "F" {
		return s.bad("grade source", fmt.Sprintf("%.10q: want A to F, F where it cannot be judged", s.Grade.Source))
	}
	if len(s.Grade.Information) != 1 || s.Grade.Information < "1" || s.Grade.Information > "6" {
		return s.bad("grade information", fmt.Sprintf("%.10q: want 1 to 6, 6 where it cannot be judged", s.Grade.Information))
	}
	if s.Repeats == s.ID {
		return s.bad("repeats", "names itself")
	}
	if s.Accepted != nil {
		if err := checkText(s.Accepted.By, true, maxField); err != nil {
			return s.bad("accepted by", err.Error())
		}
	}
	return nil
}

// checkProposition checks what the statement says: places, or an act.
func (s *Statement) checkProposition() error {
	for _, h := range s.Proposition.Class {
		if len(h.Parts) == 0 {
			return s.bad("class", "a hypothesis without a break")
		}
		for _, p := range h.Parts {
			if len(p) == 0 {
				return s.bad("class", "a part without a break")
			}
			for _, b := range p {
				if err := b.validate(); err != nil {
					return s.bad("class", err.Error())
				}
			}
		}
	}
	if a := s.Proposition.Act; a != nil {
		for _, f := range []struct {
			name, value string
			must        bool
		}{{"act", a.What, true}, {"act by", a.By, false}, {"act on", a.On, false}} {
			if err := checkText(f.value, f.must, maxField); err != nil {
				return s.bad(f.name, err.Error())
			}
		}
	}
	return nil
}

// checkRead checks where in the document a reader found it.
func (s *Statement) checkRead() error {
	if s.Read == nil {
		return nil
	}
	if s.Read.Reader == "" {
		return s.bad("read", "the reader is not named")
	}
	if err := errors.Join(checkText(s.Read.Reader, true, maxField), checkText(s.Read.Unsure, false, maxField)); err != nil {
		return s.bad("read", err.Error())
	}
	if len(s.Read.Words) == 0 {
		return s.bad("read words", "no place in the document")
	}
	for _, spans := range [][]Span{s.Read.Words, s.Read.Speaker, s.Read.Cue} {
		for _, x := range spans {
			if x.From < 0 || x.To <= x.From {
				return s.bad("read", "span "+x.String()+" is empty or runs backwards")
			}
		}
	}
	return nil
}

func (s *Statement) checkTimes() error {
	if s.Published.Until <= s.Published.From {
		return s.bad("published", "interval "+s.Published.String()+" is empty or runs backwards")
	}
	if s.Said != nil {
		if s.Said.Until <= s.Said.From {
			return s.bad("said", "interval "+s.Said.String()+" is empty or runs backwards")
		}
		if s.Said.From >= s.Published.Until {
			return s.bad("said", fmt.Sprintf("from %v, but published before %v: nothing is published before it is said", s.Said.From, s.Published.Until))
		}
	}
	if s.About != nil && s.About.Until <= s.About.From {
		return s.bad("about", "interval "+s.About.String()+" is empty or runs backwards")
	}
	if s.Learned < s.Published.From && !(s.Learned == 0 && s.Accepted == nil) {
		return s.bad("learned", fmt.Sprintf("%v, but published not before %v: nothing is learned before it is published", s.Learned, s.Published.From))
	}
	if s.Accepted != nil && s.Accepted.At < s.Learned {
		return s.bad("accepted", fmt.Sprintf("at %v, but learned at %v", s.Accepted.At, s.Learned))
	}
	return nil
}

func notID(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
}

func checkText(s string, must bool, max int) error {
	switch {
	case must && strings.TrimSpace(s) == "":
		return errors.New("is empty")
	case len(s) > max:
		return worded.Errorf("has %d bytes; at most %d", len(s), max)
	case !utf8.ValidString(s):
		return errors.New("is not UTF-8")
	case strings.IndexFunc(s, Barred) >= 0:
		return errors.New("holds a control character")
	}
	return nil
}

// Barred reports whether a text may not hold a character: it could
// rearrange a terminal or a page. These are C0 but tab and line end, C1, and the
// marks that turn the direction of writing.
func Barred(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// OneOf refuses a word that is not one of those that a field may have.
func OneOf[T ~string](v T, all []T) error {
	if slices.Contains(all, v) {
		return nil
	}
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = string(a)
	}
	return worded.Errorf("%.40q: want one of %s", string(v), strings.Join(names, ", "))
}
