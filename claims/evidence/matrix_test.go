package evidence

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"constat/judge/proof"
)

const matrixTOML = `format = "constat-evidence/1"
question = "How did they get in?"

[[hypothesis]]
id = "phishing"
text = "By a message to an employee."

[[hypothesis]]
id = "insider"
text = "With help from inside."

[[item]]
id = "mail"
text = "A message with an attachment was kept."
source = "the company"
grade = "B2"
document = "mail.eml"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

[[item]]
id = "log"
text = "No entry before the night."
source = "the provider"
grade = "C3"

[[rating]]
item = "mail"
by = "A. Analyst"
of = { phishing = "CC", insider = "I" }
why = "A message would not have been needed."

[[rating]]
item = "log"
by = "A. Analyst"
of = { phishing = "N", insider = "NA" }
`

func TestParse(t *testing.T) {
	e, err := Parse([]byte(matrixTOML))
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Items) != 2 || e.Items[0].ID != "log" || e.Items[1].Grade.Reliability() != 'B' || e.Items[1].Grade.Credibility() != '2' || e.Ratings[1].Of["insider"] != Inconsistent {
		t.Errorf("%+v", e)
	}
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if c, _ := again.Encode(); !bytes.Equal(b, c) {
		t.Error("not the same bytes again")
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`constat-evidence/1`, `constat-evidence/2`, `this program reads "constat-evidence/1"`},
		{`question = "How did they get in?"`, ``, "question is empty"},
		{`id = "insider"`, `id = "phishing"`, `id = "phishing" is there twice`},
		{`id = "insider"`, `id = "In Sider"`, "allowed are 1 to 40 of a-z, 0-9 and -"},
		{`text = "With help from inside."`, `text = "a\u202eb"`, "one line of printable text"},
		{`id = "log"`, `id = "mail"`, "item mail is there twice"},
		{`grade = "C3"`, `grade = "Z9"`, "reliability A to F"},
		{`grade = "C3"`, ``, "item log has no grade"},
		{`source = "the provider"`, ``, "item log: source is empty"},
		{`document = "mail.eml"`, ``, "document and sha256 go together"},
		{`sha256 = "0123`, `sha256 = "X123`, "want 64 digits"},
		{`item = "log"`, `item = "lag"`, "there is no item of that id"},
		{`insider = "I"`, `insider = "maybe"`, "want CC, C, N, NA, I or II"},
		{`, insider = "I"`, ``, "hypothesis insider is not rated"},
		{`insider = "I"`, `insider = "I", outsider = "I"`, `there is no hypothesis "outsider"`},
		{`by = "A. Analyst"
of = { phishing = "N"`, `by = "a analyst"
of = { phishing = "N"`, "also written"},
		{`item = "log"`, `item = "mail"`, "rates the item twice"},
		{`why = "A`, `whi = "A`, "no evidence has the key rating.whi"},
		{`format = `, `format `, "line 1"},
	} {
		text := strings.Replace(matrixTOML, c.old, c.new, 1)
		if text == matrixTOML {
			t.Errorf("%q is not in the file: this case tests nothing", c.old)
			continue
		}
		_, err := Parse([]byte(text))
		if err == nil || !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want one line with %q", c.new, err, c.want)
		}
	}
	e, _ := Parse([]byte(matrixTOML))
	b, _ := e.Encode()
	for _, c := range []struct{ old, new, want string }{
		{`"question"`, `"Question"`, `top: unknown member "Question"`},
		{`"question": `, `"question": "x", "question": `, "there twice"},
		{`"insider": "I"`, `"insider": "I", "insider": "C"`, "there twice"},
		{`"question"`, `"quest"`, `top: unknown member "quest"`},
	} {
		_, err := Parse([]byte(strings.Replace(string(b), c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.new, err, c.want)
		}
	}
	for _, text := range []string{string(b) + "{}", string(b[:len(b)/2]), "{", `{"format":`, "[]", "", strings.Repeat("[", 5000), `{"of":` + strings.Repeat(`{"a":`, 5000)} {
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrUnusable) || len(err.Error()) > 600 {
			t.Errorf("%.20q…: %v", text, err)
		}
	}
	if _, err := Parse(make([]byte, MaxTOML+1)); err == nil || !strings.Contains(err.Error(), "as TOML at most") {
		t.Errorf("%v", err)
	}
}

func TestJoin(t *testing.T) {
	one, _ := Parse([]byte(matrixTOML))
	two, _ := Parse([]byte(strings.ReplaceAll(matrixTOML, "A. Analyst", "B. Other")))
	e, err := Join(one, two)
	if err != nil || len(e.Items) != 2 || len(e.Ratings) != 4 {
		t.Fatal(err, e)
	}
	for _, c := range []struct{ old, new, want string }{
		{"How did", "Why did", "answers another question"},
		{"With help from inside.", "With no help.", "declares other hypotheses"},
		{"No entry", "An entry", "has another item log"},
		{"x", "x", "rates the item twice"},
	} {
		other, err := Parse([]byte(strings.Replace(matrixTOML, c.old, c.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Join(one, other); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
	if _, err := Join(); err == nil {
		t.Error("evidence out of nothing")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(matrixTOML))
	e, _ := Parse([]byte(matrixTOML))
	b, _ := e.Encode()
	f.Add(b)
	f.Add([]byte(`{"of":{"of":[{"a":1}]}}`))
	s := proof.Clear()
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 32<<10 {
			return
		}
		e, err := Parse(raw)
		if err != nil {
			if !errors.Is(err, ErrUnusable) {
				t.Fatalf("a refusal that is not ErrUnusable: %v", err)
			}
			return
		}
		b, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(b)
		if err != nil {
			t.Fatalf("what was written is refused: %v\n%s", err, b)
		}
		if c, _ := again.Encode(); !bytes.Equal(b, c) {
			t.Fatal("not the same bytes again")
		}
		w, err := Weigh(e, s)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := w.Text(&out, s, french); err != nil || len(bytes.TrimSpace(raw)) == 0 {
			t.Fatal(err)
		}
	})
}
