package build

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"constat/wire/mrt"
)

// objects lists what stands in a text: objects without their blanks, what is no object in
// quotes, damage by its reason.
func objects(t *testing.T, text string) (out []string) {
	t.Helper()
	for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
		var list []string
		o := NewObjects(r)
		for {
			b, err := o.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				d := err.(*mrt.Damage)
				if d.Offset < 0 || d.Length < 0 || d.Offset+d.Length > int64(len(text)) {
					t.Fatalf("%q: damage beyond the text: %+v", text, d)
				}
				list = append(list, "! "+d.Reason)
				continue
			}
			d := o.Damage(errors.New("at"))
			at := text[d.Offset : d.Offset+d.Length]
			if !strings.HasPrefix(at, string(b[:min(len(b), 64)])) {
				t.Fatalf("%q: %q is said to stand at %d, where %q is", text, b, d.Offset, at)
			}
			if n := int64(strings.Count(text[:d.Offset], "\n")) + 1; n != d.Line {
				t.Fatalf("%q: %q is said to stand in line %d, and is in %d", text, b, d.Line, n)
			}
			var c bytes.Buffer
			if json.Compact(&c, b) == nil && c.Bytes()[0] == '{' {
				list = append(list, c.String())
			} else {
				list = append(list, fmt.Sprintf("%.20q", b))
			}
		}
		if out != nil && fmt.Sprint(out) != fmt.Sprint(list) {
			t.Fatalf("%q: %q, and byte by byte %q", text, out, list)
		}
		out = list
	}
	return out
}

func TestObjectsLayouts(t *testing.T) {
	const a, b = `{"a":[{"x":1},{"y":"}\"{"}],"b":{}}`, `{"c":"é","d":[]}`
	pretty := func(s, prefix, indent string) string {
		var c bytes.Buffer
		if err := json.Indent(&c, []byte(s), prefix, indent); err != nil {
			t.Fatal(err)
		}
		return c.String()
	}
	for name, text := range map[string]string{
		"a line each":       a + "\n" + b + "\n",
		"CRLF":              a + "\r\n" + b + "\r\n",
		"no end of line":    a + "\n" + b,
		"behind each other": a + b,
		"blank lines":       "\n\n" + a + "\n\n" + b + "\n\n",
		"byte order mark":   "\ufeff" + a + "\n" + b,
		"list on a line":    "[" + a + "," + b + "]",
		"list of lines":     "[\n" + a + ",\n" + b + "\n]\n",
		"commas first":      "[" + a + "\n," + b + "\n]\n",
		"jq":                pretty(a, "", "  ") + "\n" + pretty(b, "", "  ") + "\n",
		"jq, a list":        pretty("["+a+","+b+"]", "", "  ") + "\n",
		"tabs":              pretty("["+a+","+b+"]", "", "\t") + "\n",
		"indented by none":  pretty("["+a+","+b+"]", "", "") + "\n",
		"list in a list":    "[[" + a + "],\n[" + b + "]]",
		"pretty CRLF":       strings.ReplaceAll(pretty("["+a+","+b+"]", "", "    "), "\n", "\r\n"),
	} {
		if got := objects(t, text); len(got) != 2 || got[0] != a || got[1] != b {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := objects(t, ""); got != nil {
		t.Errorf("%q", got)
	}
}

// TestObjectsDamage: of what is cut one object is lost, and those behind it are read.
func TestObjectsDamage(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":1}` + "\n" + `{"a":"tw` + "\n" + `{"a":3}`:                               `[{"a":1} "{\"a\":\"tw" {"a":3}]`,
		`{"a":1}` + "\n" + `{"a":` + "\n" + `{"a":3}`:                                  `[{"a":1} "{\"a\":" {"a":3}]`,
		`{"a":"o` + "\n" + `{"a":2}` + "\n" + `{"a":3}`:                                `["{\"a\":\"o" {"a":2} {"a":3}]`,
		"{\n  \"a\": 1\n}\n{\n  \"a\": [\n    {\n{\n  \"a\": 3\n}":                     `[{"a":1} "{\n  \"a\": [\n    {" {"a":3}]`,
		"{\n  \"a\": 1\n}\n{\n  \"a\": \"x\n  \"b\": 2\n}\n{\n  \"a\": 3\n}":           `[{"a":1} "{\n  \"a\": \"x" {"a":3}]`,
		"[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\"\n  {\n    \"a\": 3\n  }\n]":        `[{"a":1} "{\n    \"a\"" {"a":3}]`,
		"[{\"a\":1},\n{\"a\":2}\n":                                                     `[{"a":1} {"a":2} ! the list is not closed: it was cut, or was still being written]`,
		"odd\n{\"a\":1}\nalso odd":                                                     `["odd" {"a":1} "also odd"]`,
		`{"a":1} {"b":"` + strings.Repeat("x", MaxLine) + `"} {"c":1}` + "\n{\"d\":1}": `[{"a":1} ! longer than 4194304 bytes, which no message of this format is {"c":1} {"d":1}]`,
	} {
		if got := fmt.Sprint(objects(t, in)); got != want {
			t.Errorf("%.80q:\n%s, want\n%s", in, got, want)
		}
	}
	o := NewObjects(io.MultiReader(strings.NewReader(`{"a":1}{"b"`), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if b, err := o.Next(); err != nil || string(b) != `{"a":1}` {
		t.Fatalf("%s %v", b, err)
	}
	if _, err := o.Next(); err == nil || !strings.Contains(err.Error(), "the compressed stream is truncated") {
		t.Fatal(err)
	}
	if _, err := o.Next(); err != io.EOF {
		t.Fatal(err)
	}
}

// FuzzObjects: whatever comes, it ends, and objects that another reader of JSON finds in
// a text of nothing else are found in it.
func FuzzObjects(f *testing.F) {
	for _, s := range []string{`{"a":1}`, "[{\"a\":1},\n{}]", "{\n \"a\": [\n  {}\n ]\n}\n{}", "{\"a\n{}", "[[{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		got := objects(t, string(b))
		var want []string
		d := json.NewDecoder(bytes.NewReader(b))
		for {
			var v json.RawMessage
			err := d.Decode(&v)
			if err == io.EOF {
				break
			}
			if err != nil || v[0] != '{' || bytes.ContainsAny(v, "\n") {
				return
			}
			var c bytes.Buffer
			if json.Compact(&c, v) != nil {
				return
			}
			want = append(want, c.String())
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("%q: %q, want %q", b, got, want)
		}
	})
}
