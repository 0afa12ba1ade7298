package statement

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxRegister bounds what is read into memory.
const maxRegister = 256 << 20

// members are the names that a register's objects may have, by path. Go's
// decoder takes any case of a name and the last of two; a register that two
// programs read differently is of no use to two sides.
var members = map[string][]string{
	"":                                   {"format", "statements"},
	"statements":                         {"id", "speaker", "outlets", "record", "said", "published", "learned", "about", "kind", "form", "lang", "words", "gist", "proposition", "document", "grade", "repeats", "through", "read", "accepted", "note"},
	"statements.speaker":                 {"as", "name", "for", "role"},
	"statements.said":                    {"from", "until"},
	"statements.published":               {"from", "until"},
	"statements.about":                   {"from", "until"},
	"statements.proposition":             {"text", "class", "act"},
	"statements.proposition.act":         {"what", "by", "on"},
	"statements.document":                {"name", "sha256"},
	"statements.grade":                   {"source", "information"},
	"statements.accepted":                {"by", "at"},
	"statements.read":                    {"reader", "words", "speaker", "cue"},
	"statements.read.words":              {"from", "to"},
	"statements.read.speaker":            {"from", "to"},
	"statements.read.cue":                {"from", "to"},
	"statements.proposition.class":       {"parts"},
	"statements.proposition.class.parts": {"kind", "a", "b", "s", "wide"},
}

// required are the members without which an object says nothing.
var required = map[string][]string{
	"":                     {"format", "statements"},
	"statements":           {"id", "speaker", "outlets", "record", "said", "published", "learned", "about", "kind", "form", "lang", "words", "proposition", "document", "grade", "accepted"},
	"statements.speaker":   {"as", "role"},
	"statements.said":      {"from", "until"},
	"statements.published": {"from", "until"},
	"statements.about":     {"from", "until"},
	"statements.document":  {"name", "sha256"},
	"statements.grade":     {"source", "information"},
	"statements.accepted":  {"by", "at"},
}

// Decode reads a register from JSON, strictly: unknown, missing and repeated
// members, another format and anything behind the end are errors, and the
// register is validated. Its error names the place.
func Decode(data []byte) (*Register, error) {
	if len(data) > maxRegister {
		return nil, fmt.Errorf("register: %d bytes; at most %d are read", len(data), maxRegister)
	}
	if err := checkMembers(data); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	var r Register
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("register: %w", err)
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
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(c); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	return b.Bytes(), nil
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

// checkMembers walks the tokens and checks the names of members.
func checkMembers(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := checkValue(d, "", 0); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("the JSON ends too early")
		}
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("something follows the end, at byte %d", d.InputOffset())
	}
	return nil
}

func checkValue(d *json.Decoder, path string, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if depth > 16 {
		return fmt.Errorf("nested too deeply, at byte %d", d.InputOffset())
	}
	switch t {
	case json.Delim('['):
		for d.More() {
			if err := checkValue(d, path, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	case json.Delim('{'):
		known, seen := members[path], []string{}
		for d.More() {
			t, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := t.(string)
			switch {
			case !slices.Contains(known, name):
				return fmt.Errorf("%s: unknown member %.40q, at byte %d", where(path), name, d.InputOffset())
			case slices.Contains(seen, name):
				return fmt.Errorf("%s: member %q is there twice, at byte %d", where(path), name, d.InputOffset())
			}
			seen = append(seen, name)
			if err := checkValue(d, strings.TrimPrefix(path+"."+name, "."), depth+1); err != nil {
				return err
			}
		}
		if _, err := d.Token(); err != nil {
			return err
		}
		for _, name := range required[path] {
			if !slices.Contains(seen, name) {
				return fmt.Errorf("%s: member %q is missing, at byte %d", where(path), name, d.InputOffset())
			}
		}
	}
	return nil
}

func where(path string) string {
	if path == "" {
		return "top"
	}
	return path
}
