package plain

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"
)

func TestEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"Côte d’Ivoire – ذكرى می\u200cخواهم 北 👩\u200d🚀": "Côte d’Ivoire – ذكرى می\u200cخواهم 北 👩\u200d🚀",
		"a\nb\tc\r":              `a\nb\tc\u000d`,
		"\x1b[2Kgone":            `\u001b[2Kgone`,
		"a\u009b1A":              `a\u009b1A`,
		"a\x9b1A":                `a\x9b1A`,
		"user\u202etxt.exe":      `user\u202etxt.exe`,
		"\u2066x\u2069\u200f":    `\u2066x\u2069\u200f`,
		"a\u2028b\u2029":         `a\u2028b\u2029`,
		"\x7f\ufeff\U000e0041":   `\u007f\ufeff\U000e0041`,
		"replacement \ufffd one": "replacement \ufffd one",
	} {
		if got := Line(in); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
	if got := Text("a\n\tb\x1b"); got != "a\n\tb\\u001b" {
		t.Errorf("%q", got)
	}
	var b bytes.Buffer
	Fprintf(&b, "%s: %v (%d) %v\n", "a\nforged", errors.Join(errors.New("x"), errors.New("y\x1b")), 3, []string{"\n"})
	if b.String() != "a\\nforged: x; y\\u001b (3) [\\n]\n" {
		t.Errorf("%q", b.String())
	}
}

// TestNothingHidden: whatever is written, in whatever pieces, nothing hidden
// comes out, and what was not hidden comes out as it was.
func TestNothingHidden(t *testing.T) {
	err := quick.Check(func(a []byte, b string, c []rune, cut uint8) bool {
		s := string(a) + b + string(c) + "\u202e\u009b\xe2\x80"
		var out bytes.Buffer
		w := NewWriter(&out)
		for rest := s; len(rest) > 0; {
			n := min(len(rest), 1+int(cut%5))
			w.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		w.Flush()
		got := out.String()
		return got == Text(s) && utf8.ValidString(got) && !strings.ContainsFunc(got, func(r rune) bool { return Hidden(r) && r != '\n' && r != '\t' })
	}, nil)
	if err != nil {
		t.Error(err)
	}
}

// TestJSONStays: the escapes in the strings of JSON mean what they stand for.
func TestJSONStays(t *testing.T) {
	in := "a\u202eb\u009bc\x7fd\n"
	var out bytes.Buffer
	e := json.NewEncoder(NewWriter(&out))
	if err := e.Encode(in); err != nil {
		t.Fatal(err)
	}
	var back string
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back != in || strings.ContainsRune(out.String(), '\u202e') {
		t.Errorf("%s: %q %v", out.String(), back, err)
	}
}

func TestShort(t *testing.T) {
	for _, x := range []struct {
		in   string
		n    int
		want string
	}{{"a name", 6, "a name"}, {"a name", 5, "a na…"}, {"a b c", 4, "a b…"}, {"a b  c", 3, "a…"}, {"a\u202eb\x1b[31m\nc", 40, "a b [31m c"}, {"", 3, ""}, {"äöü", 3, "äöü"}} {
		if got := Short(x.in, x.n); got != x.want {
			t.Errorf("%q in %d: %q, want %q", x.in, x.n, got, x.want)
		}
	}
}
