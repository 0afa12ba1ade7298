package statement

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"constat/internal/worded"
	"constat/moment"
)

// textFields are the lines of a statement in the text form, in the order in
// which they are written. Every value of a statement is in exactly one line.
var textFields = []struct {
	name  string
	write func(*Statement) []string // a value a line; an empty one is not written
	read  func(*Statement, string) error
}{
	{"speaker", one(func(s *Statement) *string { return &s.Speaker.As }), setText(func(s *Statement) *string { return &s.Speaker.As })},
	{"name", one(func(s *Statement) *string { return &s.Speaker.Name }), setText(func(s *Statement) *string { return &s.Speaker.Name })},
	{"for", one(func(s *Statement) *string { return &s.Speaker.For }), setText(func(s *Statement) *string { return &s.Speaker.For })},
	{"role", func(s *Statement) []string { return []string{string(s.Speaker.Role)} }, func(s *Statement, v string) error { s.Speaker.Role = Role(v); return nil }},
	{"record", func(s *Statement) []string { return []string{string(s.Record)} }, func(s *Statement, v string) error { s.Record = Record(v); return nil }},
	{"outlets", func(s *Statement) []string { return []string{strings.Join(s.Outlets, " < ")} }, func(s *Statement, v string) error {
		for _, o := range strings.Split(v, " < ") {
			s.Outlets = append(s.Outlets, strings.TrimSpace(o))
		}
		return nil
	}},
	{"kind", func(s *Statement) []string { return []string{string(s.Kind)} }, func(s *Statement, v string) error { s.Kind = Kind(v); return nil }},
	{"negative", func(s *Statement) []string {
		if s.Negative {
			return []string{"true"}
		}
		return nil
	}, func(s *Statement, v string) error {
		if v != "true" && v != "false" {
			return worded.Errorf("%.20q: want true or false", v)
		}
		s.Negative = v == "true"
		return nil
	}},
	{"form", func(s *Statement) []string { return []string{string(s.Form)} }, func(s *Statement, v string) error { s.Form = Form(v); return nil }},
	{"said", optInterval(func(s *Statement) **moment.Interval { return &s.Said }), setInterval(func(s *Statement) **moment.Interval { return &s.Said })},
	{"published", func(s *Statement) []string { return []string{s.Published.String()} }, func(s *Statement, v string) (err error) {
		s.Published, err = parseInterval(v)
		return err
	}},
	{"learned", func(s *Statement) []string {
		if s.Learned == 0 {
			return nil // a proposal; it is learned when it is accepted
		}
		return []string{s.Learned.String()}
	}, func(s *Statement, v string) (err error) {
		s.Learned, err = moment.ParseTime(v)
		return err
	}},
	{"about", optInterval(func(s *Statement) **moment.Interval { return &s.About }), setInterval(func(s *Statement) **moment.Interval { return &s.About })},
	{"words", one(func(s *Statement) *string { return &s.Words }), setText(func(s *Statement) *string { return &s.Words })},
	{"lang", one(func(s *Statement) *string { return &s.Lang }), setText(func(s *Statement) *string { return &s.Lang })},
	{"gist", one(func(s *Statement) *string { return &s.Gist }), setText(func(s *Statement) *string { return &s.Gist })},
	{"proposition", one(func(s *Statement) *string { return &s.Proposition.Text }), setText(func(s *Statement) *string { return &s.Proposition.Text })},
	{"hypothesis", func(s *Statement) []string {
		var out []string
		for _, h := range s.Proposition.Class {
			out = append(out, h.String())
		}
		return out
	}, func(s *Statement, v string) error {
		h, err := ParseHypothesis(v)
		s.Proposition.Class = append(s.Proposition.Class, h)
		return err
	}},
	{"act", actPart(func(a *Act) *string { return &a.What }), setAct(func(a *Act) *string { return &a.What })},
	{"act by", actPart(func(a *Act) *string { return &a.By }), setAct(func(a *Act) *string { return &a.By })},
	{"act on", actPart(func(a *Act) *string { return &a.On }), setAct(func(a *Act) *string { return &a.On })},
	{"grade", func(s *Statement) []string { return []string{s.Grade.String()} }, func(s *Statement, v string) error {
		if len(v) != 2 {
			return worded.Errorf("%.20q: want the source's letter and the information's digit, such as B2", v)
		}
		s.Grade = Grade{v[:1], v[1:]}
		return nil
	}},
	{"repeats", one(func(s *Statement) *string { return &s.Repeats }), setText(func(s *Statement) *string { return &s.Repeats })},
	{"through", one(func(s *Statement) *string { return &s.Through }), setText(func(s *Statement) *string { return &s.Through })},
	{"document", one(func(s *Statement) *string { return &s.Document.Name }), setText(func(s *Statement) *string { return &s.Document.Name })},
	{"sha256", one(func(s *Statement) *string { return &s.Document.SHA256 }), setText(func(s *Statement) *string { return &s.Document.SHA256 })},
	{"read by", readPart(func(r *ReadFrom) string { return r.Reader }), setRead(func(r *ReadFrom, v string) error { r.Reader = v; return nil })},
	{"words at", readPart(func(r *ReadFrom) string { return spansText(r.Words) }), setRead(func(r *ReadFrom, v string) (err error) { r.Words, err = parseSpans(v); return err })},
	{"speaker at", readPart(func(r *ReadFrom) string { return spansText(r.Speaker) }), setRead(func(r *ReadFrom, v string) (err error) { r.Speaker, err = parseSpans(v); return err })},
	{"cue at", readPart(func(r *ReadFrom) string { return spansText(r.Cue) }), setRead(func(r *ReadFrom, v string) (err error) { r.Cue, err = parseSpans(v); return err })},
	{"unsure", readPart(func(r *ReadFrom) string { return r.Unsure }), setRead(func(r *ReadFrom, v string) error { r.Unsure = v; return nil })},
	{"accepted by", func(s *Statement) []string {
		if s.Accepted == nil {
			return nil
		}
		return []string{s.Accepted.By}
	}, func(s *Statement, v string) error { acc(s).By = v; return nil }},
	{"accepted at", func(s *Statement) []string {
		if s.Accepted == nil {
			return nil
		}
		return []string{s.Accepted.At.String()}
	}, func(s *Statement, v string) (err error) {
		acc(s).At, err = moment.ParseTime(v)
		return err
	}},
	{"note", one(func(s *Statement) *string { return &s.Note }), setText(func(s *Statement) *string { return &s.Note })},
}

// many are the fields of which a statement may have several lines.
var many = []string{"hypothesis"}

// Text writes statements in the form that people edit: the first line names
// the format, a statement begins with "statement ID", a line has one field.
// [ParseText] gives the same statements back.
func Text(ss []Statement) []byte {
	var b bytes.Buffer
	b.WriteString(Format + "\n")
	for i := range ss {
		fmt.Fprintf(&b, "\nstatement %s\n", ss[i].ID)
		for _, f := range textFields {
			for _, v := range f.write(&ss[i]) {
				if v == "" {
					continue
				}
				b.WriteString(f.name + ":")
				if strings.Contains(v, "\n") || v != strings.TrimSpace(v) {
					// As is, each line behind a bar, so that blanks at
					// either end are seen and kept.
					for line := range strings.SplitSeq(v, "\n") {
						b.WriteString("\n  |" + line)
					}
				} else {
					b.WriteString(" " + v)
				}
				b.WriteByte('\n')
			}
		}
	}
	return b.Bytes()
}

// ParseText reads the text form. Lines that begin with '#' and empty lines
// mean nothing. What is not given has the value that says the least: record
// unknown, grade F6. Its error names the line. The statements are not
// validated: a proposal may lack what a person is yet to fill in.
func ParseText(data []byte) ([]Statement, error) {
	if len(data) > maxRegister {
		return nil, worded.Errorf("%d bytes; at most %d are read", len(data), maxRegister)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	lines := strings.Split(text, "\n")
	var out []Statement
	var cur *Statement
	seen := map[string]int{}
	begun := false
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " \t")
		fail := func(err error) ([]Statement, error) { return nil, fmt.Errorf("line %d: %w", i+1, err) }
		switch {
		case line == "" || line[0] == '#':
			continue
		case !begun:
			if line != Format {
				return fail(worded.Errorf("%.40q: the first line must be %q", line, Format))
			}
			begun = true
			continue
		}
		if id, ok := strings.CutPrefix(line, "statement "); ok {
			out = append(out, Statement{ID: strings.TrimSpace(id), Record: RecordUnknown, Grade: Ungraded})
			cur = &out[len(out)-1]
			clear(seen)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		at := slices.IndexFunc(textFields, func(f struct {
			name  string
			write func(*Statement) []string
			read  func(*Statement, string) error
		}) bool {
			return f.name == name
		})
		switch {
		case !ok:
			return fail(worded.Errorf("%.40q: want \"statement ID\" or \"FIELD: VALUE\"; a value of several lines has each behind a bar (|)", line))
		case cur == nil:
			return fail(worded.Errorf("field %.40q before the first \"statement ID\"", name))
		case at < 0:
			return fail(worded.Errorf("unknown field %.40q; the fields are %s", name, fieldNames()))
		case seen[name] > 0 && !slices.Contains(many, name):
			return fail(worded.Errorf("field %q is there twice, first in line %d", name, seen[name]))
		}
		seen[name] = i + 1
		first := i
		value = strings.TrimSpace(value)
		if value == "" {
			var v []string
			for i+1 < len(lines) && strings.HasPrefix(strings.TrimLeft(lines[i+1], " \t"), "|") {
				i++
				_, x, _ := strings.Cut(lines[i], "|")
				v = append(v, x)
			}
			if v == nil {
				continue // an emptied field is a field not given
			}
			value = strings.Join(v, "\n")
		}
		if err := textFields[at].read(cur, value); err != nil {
			return nil, worded.Errorf("line %d: %s: %w", first+1, name, err)
		}
	}
	if !begun {
		return nil, worded.Errorf("line 1: nothing there; the first line must be %q", Format)
	}
	return out, nil
}

func fieldNames() string {
	var names []string
	for _, f := range textFields {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

func one(p func(*Statement) *string) func(*Statement) []string {
	return func(s *Statement) []string { return []string{*p(s)} }
}

func setText(p func(*Statement) *string) func(*Statement, string) error {
	return func(s *Statement, v string) error { *p(s) = v; return nil }
}

func optInterval(p func(*Statement) **moment.Interval) func(*Statement) []string {
	return func(s *Statement) []string {
		if i := *p(s); i != nil {
			return []string{i.String()}
		}
		return nil
	}
}

func setInterval(p func(*Statement) **moment.Interval) func(*Statement, string) error {
	return func(s *Statement, v string) error {
		i, err := parseInterval(v)
		*p(s) = &i
		return err
	}
}

func parseInterval(v string) (moment.Interval, error) {
	a, b, ok := strings.Cut(v, "/")
	if !ok {
		return moment.Interval{}, worded.Errorf("%.60q: want FROM/UNTIL, such as 2014-12-22/2014-12-23", v)
	}
	from, err := moment.ParseTime(strings.TrimSpace(a))
	if err != nil {
		return moment.Interval{}, err
	}
	until, err := moment.ParseTime(strings.TrimSpace(b))
	return moment.Interval{From: from, Until: until}, err
}

func actPart(p func(*Act) *string) func(*Statement) []string {
	return func(s *Statement) []string {
		if s.Proposition.Act == nil {
			return nil
		}
		return []string{*p(s.Proposition.Act)}
	}
}

func setAct(p func(*Act) *string) func(*Statement, string) error {
	return func(s *Statement, v string) error {
		if s.Proposition.Act == nil {
			s.Proposition.Act = &Act{}
		}
		*p(s.Proposition.Act) = v
		return nil
	}
}

func readPart(p func(*ReadFrom) string) func(*Statement) []string {
	return func(s *Statement) []string {
		if s.Read == nil {
			return nil
		}
		return []string{p(s.Read)}
	}
}

func setRead(f func(*ReadFrom, string) error) func(*Statement, string) error {
	return func(s *Statement, v string) error {
		if s.Read == nil {
			s.Read = &ReadFrom{}
		}
		return f(s.Read, v)
	}
}

func acc(s *Statement) *Accepted {
	if s.Accepted == nil {
		s.Accepted = &Accepted{}
	}
	return s.Accepted
}

func spansText(ss []Span) string {
	out := make([]string, len(ss))
	for i, s := range ss {
		out[i] = s.String()
	}
	return strings.Join(out, ", ")
}

func parseSpans(v string) ([]Span, error) {
	var out []Span
	for _, f := range strings.Split(v, ",") {
		a, b, ok := strings.Cut(strings.TrimSpace(f), "-")
		from, err1 := strconv.ParseInt(a, 10, 64)
		to, err2 := strconv.ParseInt(b, 10, 64)
		if !ok || errors.Join(err1, err2) != nil {
			return nil, worded.Errorf("%.40q: want FROM-TO, such as 120-180", f)
		}
		out = append(out, Span{from, to})
	}
	return out, nil
}
