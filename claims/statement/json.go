package statement

import (
	"fmt"
	"slices"
	"strings"

	"constat/internal/strictjson"
	"constat/internal/worded"
)

// maxRegister bounds what is read into memory.
const maxRegister = 256 << 20

// shape is what a register's objects may have, and what they say nothing without.
var shape = strictjson.Shape{
	Known: map[string][]string{
		"":                                   {"format", "statements"},
		"statements":                         {"id", "speaker", "outlets", "record", "said", "published", "learned", "about", "kind", "negative", "form", "lang", "words", "gist", "proposition", "document", "grade", "repeats", "through", "read", "accepted", "note"},
		"statements.speaker":                 {"as", "name", "for", "role"},
		"statements.said":                    {"from", "until"},
		"statements.published":               {"from", "until"},
		"statements.about":                   {"from", "until"},
		"statements.proposition":             {"text", "class", "act"},
		"statements.proposition.act":         {"what", "by", "on"},
		"statements.document":                {"name", "sha256"},
		"statements.grade":                   {"source", "information"},
		"statements.accepted":                {"by", "at"},
		"statements.read":                    {"reader", "words", "speaker", "cue", "unsure"},
		"statements.read.words":              {"from", "to"},
		"statements.read.speaker":            {"from", "to"},
		"statements.read.cue":                {"from", "to"},
		"statements.proposition.class":       {"parts"},
		"statements.proposition.class.parts": {"kind", "a", "b", "s", "wide"},
	},
	Required: map[string][]string{
		"":                     {"format", "statements"},
		"statements":           {"id", "speaker", "outlets", "record", "said", "published", "learned", "about", "kind", "form", "lang", "words", "proposition", "document", "grade", "accepted"},
		"statements.speaker":   {"as", "role"},
		"statements.said":      {"from", "until"},
		"statements.published": {"from", "until"},
		"statements.about":     {"from", "until"},
		"statements.document":  {"name", "sha256"},
		"statements.grade":     {"source", "information"},
		"statements.accepted":  {"by", "at"},
	},
	Depth: 16,
}

// Decode reads a register from JSON, strictly: unknown, missing and repeated
// members, another format and anything behind the end are errors, and the
// register is validated. Its error names the place.
func Decode(data []byte) (*Register, error) {
	if len(data) > maxRegister {
		return nil, worded.Errorf("register: %d bytes; at most %d are read", len(data), maxRegister)
	}
	var r Register
	if err := strictjson.Read(data, shape, &r); err != nil {
		return nil, worded.Errorf("register: %w", err)
	}
	if err := r.Validate(); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	return &r, nil
}

// Encode sorts and validates the register and writes it as JSON: the same
// bytes for the same statements.
func (r *Register) Encode() ([]byte, error) {
	c := r.normal()
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	b, err := strictjson.Indented(c)
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	return b, nil
}

// normal is a copy with one form for everything that can be written in two.
func (r *Register) normal() *Register {
	c := &Register{Format: r.Format, Statements: slices.Clone(r.Statements)}
	if c.Format == "" {
		c.Format = Format
	}
	if c.Statements == nil {
		c.Statements = []Statement{}
	}
	slices.SortStableFunc(c.Statements, func(a, b Statement) int { return strings.Compare(a.ID, b.ID) })
	for i := range c.Statements {
		s := &c.Statements[i]
		if s.Outlets == nil {
			s.Outlets = []string{}
		}
		if len(s.Proposition.Class) > 0 {
			s.Proposition.Class = canonical(s.Proposition.Class)
		}
		if s.Read != nil {
			x := *s.Read
			for _, p := range []*[]Span{&x.Words, &x.Speaker, &x.Cue} {
				if *p == nil {
					*p = []Span{}
				}
			}
			s.Read = &x
		}
	}
	return c
}
