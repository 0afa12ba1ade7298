package locale

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

var placeholder = regexp.MustCompile(`\{([a-z]+)(?::([a-z]+))?\}`)

// names are the placeholders of a message over all its variants.
func names(w *Words, key string) []string {
	var out []string
	for _, text := range w.Variants(key) {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// needed are the plural classes that a language has for whole numbers.
func needed(w *Words) []string {
	seen := map[string]bool{}
	for n := range int64(1000) {
		seen[w.Class(n)] = true
	}
	seen["other"] = true
	return slices.Sorted(maps.Keys(seen))
}

// each runs a check for every message of every language, one text at a time.
func each(t *testing.T, do func(w *Words, key, variant, text string)) {
	for _, l := range All() {
		w, err := Of(l)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range w.Keys() {
			for variant, text := range w.Variants(key) {
				do(w, key, variant, text)
			}
		}
	}
}

// TestLanguagesAreComplete: every language has every message of the default and
// none beside, each with the same placeholders and with every plural class that
// the language needs.
func TestLanguagesAreComplete(t *testing.T) {
	base := Must(Default)
	for _, l := range All() {
		w, err := Of(l)
		if err != nil {
			t.Errorf("%s: %v", l, err)
			continue
		}
		for _, key := range base.Keys() {
			if !w.Has(key) {
				t.Errorf("%s lacks %q", l, key)
				continue
			}
			if got, want := names(w, key), names(base, key); !slices.Equal(got, want) {
				t.Errorf("%s %q: placeholders %v; want %v", l, key, got, want)
			}
		}
		for _, key := range w.Keys() {
			if !base.Has(key) {
				t.Errorf("%s has %q, which %s lacks", l, key, Default)
			}
			lacking(t, w, key)
		}
	}
}

// lacking tells of plural classes that a message lacks. Where any variant of a
// form has a class, the form has all of them.
func lacking(t *testing.T, w *Words, key string) {
	t.Helper()
	have := w.Variants(key)
	forms := map[string]bool{}
	for v := range have {
		form, class, ok := strings.Cut(v, ".")
		if !ok {
			form, class = "", v
		}
		if isClass(class) && class != "other" {
			forms[form] = true
		}
	}
	for form := range forms {
		for _, c := range needed(w) {
			name := c
			if form != "" {
				name = form + "." + c
			}
			if _, ok := have[name]; !ok {
				t.Errorf("%s %q lacks the variant %s", w.Lang, key, name)
			}
		}
	}
}

// TestForms: a form that a message asks for is one that some message has, so
// that a slip of the pen ("{n:dta}") is seen.
func TestForms(t *testing.T) {
	have := map[Lang]map[string]bool{}
	each(t, func(w *Words, _, variant, _ string) {
		if form, _, _ := strings.Cut(variant, "."); !isClass(form) {
			if have[w.Lang] == nil {
				have[w.Lang] = map[string]bool{}
			}
			have[w.Lang][form] = true
		}
	})
	each(t, func(w *Words, key, _, text string) {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			if m[2] != "" && !have[w.Lang][m[2]] {
				t.Errorf("%s %q asks for the form %q, which no message has", w.Lang, key, m[2])
			}
		}
	})
}

// TestWellFormed: braces and marks are closed, and no text is empty or of more
// than one line.
func TestWellFormed(t *testing.T) {
	each(t, func(w *Words, key, variant, text string) {
		plain := placeholder.ReplaceAllString(text, "")
		switch {
		case text == "", strings.ContainsAny(text, "\n\t"):
			t.Errorf("%s %q %s: %q is no line of text", w.Lang, key, variant, text)
		case strings.ContainsAny(plain, "{}"):
			t.Errorf("%s %q %s: a placeholder is not well formed: %s", w.Lang, key, variant, text)
		case strings.Count(text, "**")%2+strings.Count(text, "`")%2 != 0:
			t.Errorf("%s %q %s leaves a mark open: %s", w.Lang, key, variant, text)
		}
	})
}

// TestRules holds every message, text and pattern to the rules that the
// language's own format has: blanks before marks, quotation marks, words that
// would claim too much.
func TestRules(t *testing.T) {
	for _, l := range All() {
		w := Must(l)
		if len(w.Format.Rules) == 0 {
			t.Errorf("%s has no rules of typography", l)
		}
		for _, r := range w.Format.Rules {
			never, err := regexp.Compile(r.Never)
			if err != nil {
				t.Errorf("%s: %v", l, err)
				continue
			}
			hold := func(key, text string) {
				if m := never.FindString(text); m != "" {
					t.Errorf("%s %q: %q breaks the rule: %s\n%s", l, key, m, r.Why, text)
				}
			}
			for _, key := range w.Keys() {
				for _, text := range w.Variants(key) {
					hold(key, text)
				}
			}
			for source, text := range w.texts {
				hold(source, text)
			}
			for _, file := range sentenceFiles {
				in, err := SentencesOf(l, file)
				if err != nil {
					t.Fatal(err)
				}
				for source, text := range in {
					hold(source, prose(source, text))
				}
			}
		}
	}
}

// value is a place for a value in a format.
var value = regexp.MustCompile(`%(?:\[[0-9]\])?[.0-9]*[a-z]`)

// prose is a sentence without what stands in the default language too: command lines,
// flags, addresses, which have a typography of their own.
func prose(source, text string) string {
	text = value.ReplaceAllString(text, "x")
	code := strings.Fields(source)
	for word := range strings.FieldsSeq(text) {
		if bare := strings.Trim(word, ".,;:!?()«»„“’"); strings.ContainsAny(bare, "0123456789-:/=%") && slices.ContainsFunc(code, func(c string) bool { return strings.Contains(c, bare) }) {
			text = strings.Replace(text, bare, "x", 1)
		}
	}
	return text
}

// TestSentences: no language has an empty translation, and none of more than a line.
func TestSentences(t *testing.T) {
	for _, l := range All() {
		for _, file := range sentenceFiles {
			in, err := SentencesOf(l, file)
			if err != nil || (len(in) == 0) != (l == Default) {
				t.Errorf("%s %s: %d sentences, %v", l, file, len(in), err)
			}
			for source, text := range in {
				if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "\n\t") {
					t.Errorf("%s %s: %q is translated as %q", l, file, source, text)
				}
			}
		}
	}
	if in, err := SentencesOf("xx", HelpFile); in != nil || err == nil {
		t.Errorf("sentences of xx: %v, %v", in, err)
	}
	if got := Sentences(nil).Of("as it is"); got != "as it is" {
		t.Error(got)
	}
}

// TestFormats: every pattern is there and has its placeholders, and the words
// that judge are folded as they are looked for.
func TestFormats(t *testing.T) {
	for _, l := range All() {
		f, err := FormatOf(l)
		if err != nil {
			t.Error(err)
			continue
		}
		for pattern, want := range map[string]string{
			f.Number.Percent: "n", f.Date.Number: "d", f.Date.Day: "d month year", f.Date.DayMonth: "d month", f.Date.Table: "d month",
			f.Date.TableYear: "d month year", f.Date.Range: "from until", f.Date.RangeMonths: "from until",
			f.Length.Day: "n", f.Length.Hour: "n", f.Length.Minute: "n", f.Length.Second: "n",
		} {
			for name := range strings.FieldsSeq(want) {
				if strings.Count(pattern, "{"+name+"}") != 1 {
					t.Errorf("%s: the pattern %q lacks {%s}", l, pattern, name)
				}
			}
			if strings.Contains(pattern, "{n} ") {
				t.Errorf("%s: in %q a number can be parted from its unit", l, pattern)
			}
		}
		for _, s := range slices.Concat([]string{f.Name, f.Link, f.Number.Decimal, f.Clock.Second, f.Clock.Minute, f.Clock.Hour}, f.Date.Months, f.Date.Short) {
			if s == "" {
				t.Errorf("%s: something in its format is empty", l)
			}
		}
		if len(f.Judging.Likelihood) == 0 || len(f.Judging.Confidence) == 0 {
			t.Errorf("%s: which words state a likelihood or a confidence is not said", l)
		}
		if n := Must(l).Country("KP"); n == "" {
			t.Errorf("%s: countries have no names", l)
		}
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]Lang{"en": "en", "fr": "fr", "fr_FR.UTF-8": "fr", "en-GB": "en", "xx": "", "": "", "french": "", "f": "", "C.UTF-8": ""} {
		got, err := Parse(s)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Parse(%q) = %q, %v", s, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), Codes()) {
			t.Errorf("Parse(%q): %v does not list the languages there are", s, err)
		}
	}
	if _, err := Of("xx"); err == nil || !strings.Contains(err.Error(), Codes()) {
		t.Errorf("the words of xx: %v", err)
	}
	if All()[0] != Default {
		t.Errorf("the languages are %v; the default comes first", All())
	}
}

// TestPick has a language with classes and forms that the ones in the box may
// not have.
func TestPick(t *testing.T) {
	w := &Words{Lang: "pl", tag: language.MustParse("pl"), messages: map[string]message{}}
	for key, v := range map[string]any{
		"unit.net":  map[string]any{"one": "{n} sieć", "few": "{n} sieci", "many": "{n} sieci+", "other": "{n} sieci/", "loc": map[string]any{"one": "{n} sieci1", "few": "{n} sieciach", "many": "{n} sieciach+", "other": "{n} sieciach/"}},
		"what.both": map[string]any{"other": "beide Präfixe", "dat": "beiden Präfixen"},
		"in":        "w {nets:loc}",
		"to":        "zu {what:dat}, {what:gen}, {what}",
		"none":      "**x** {n}",
	} {
		m, err := newMessage(v)
		if err != nil {
			t.Fatal(err)
		}
		w.messages[key] = m
	}
	for n, want := range map[int64]string{1: "1 sieć", 2: "2 sieci", 5: "5 sieci+", 22: "22 sieci", 10_000_001: "10000001 sieci+", None: "-1 sieci/"} {
		if got := w.TN("unit.net", n, "n", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{1: "w 1 sieci1", 2: "w 2 sieciach", 5: "w 5 sieciach+"} {
		if got := w.T("in", "nets", w.Phrase("unit.net", n, "n", n)); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := w.T("to", "what", w.Phrase("what.both", None)); got != "zu beiden Präfixen, beide Präfixe, beide Präfixe" {
		t.Error(got)
	}
	if got := w.T("none", "n", "**{n}`"); got != "x **{n}`" {
		t.Errorf("a value was searched for marks: %q", got)
	}
	if got := w.T("no.words"); got != "[no.words]" {
		t.Errorf("a message without words: %q", got)
	}
	for _, v := range []any{1, map[string]any{"one": "x"}, map[string]any{"other": 1}, map[string]any{"other": map[string]any{"x": "y"}}, map[string]any{"other": "x", "dat": map[string]any{"one": map[string]any{}}}} {
		if _, err := newMessage(v); err == nil {
			t.Errorf("%v is taken for a message", v)
		}
	}
}

func TestText(t *testing.T) {
	x := Text{"en": "a sentence nobody translated", "fr": "une phrase"}
	for l, want := range map[Lang]string{"en": x["en"], "fr": "une phrase", "xx": "[en] a sentence nobody translated"} {
		if got := x.In(l); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
	if got := (Text{"fr": "une phrase"}).In(Default); got != "[fr] une phrase" {
		t.Errorf("a text without the default language: %q", got)
	}
	if got := (Text{}).In("fr"); got != "" {
		t.Errorf("no text: %q", got)
	}
	if got := fmt.Sprint(Text{"zz": "?", "fr": "x", "en": "y"}.Langs()); got != "[en fr zz]" {
		t.Error(got)
	}
}

// TestNumbers holds numbers to what strconv writes, in a language with the
// signs of a program.
func TestNumbers(t *testing.T) {
	f := &Format{}
	f.Number.Decimal, f.Number.Group, f.Number.GroupFrom = ".", "'", 5
	for v, want := range map[int64]string{0: "0", 999: "999", 1234: "1234", 12345: "12'345", 1234567: "1'234'567", -12345: "-12'345"} {
		if got := f.N(v); got != want {
			t.Errorf("%d: %q, want %q", v, got, want)
		}
	}
	for i := range 1000 {
		v := float64(i*i) / 64
		if got, want := strings.ReplaceAll(f.Decimal(v, 1, 1), "'", ""), strconv.FormatFloat(v, 'f', 1, 64); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
	for _, x := range []struct {
		v    float64
		want string
	}{{3, "3"}, {3.1, "3.1"}, {3.14159, "3.14"}, {12345.5, "12'345.5"}, {math.Inf(1), "∞"}, {math.Inf(-1), "-∞"}, {math.NaN(), "NaN"}} {
		if got := f.Decimal(x.v, 0, 2); got != x.want {
			t.Errorf("%v: %q, want %q", x.v, got, x.want)
		}
	}
}

// TestDates has a date, a range and a time of day in each language that a
// reader of this file can be expected to know.
func TestDates(t *testing.T) {
	sp := strings.NewReplacer("\u00a0", "~", "\u202f", "_")
	at := func(s string) time.Time {
		x, err := time.Parse(time.DateTime, s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	en, _ := FormatOf("en")
	fr, _ := FormatOf("fr")
	for _, x := range []struct{ got, want string }{
		{en.Days(at("2014-12-22 00:00:00"), at("2014-12-23 00:00:00")), "22–23~December 2014"},
		{fr.Days(at("2014-11-30 00:00:00"), at("2014-12-01 00:00:00")), "30~novembre~– 1er~décembre 2014"},
		{en.Days(at("2014-12-31 00:00:00"), at("2015-01-01 00:00:00")), "31~December 2014~– 1~January 2015"},
		{fr.DayShort(at("2014-02-01 00:00:00"), true), "1~févr.~2014"},
		{fr.Hour(at("2014-12-22 09:05:00"), true), "9~h~05"},
		{fr.Hour(at("2014-12-22 09:00:00"), false), "9~h~00~min~00~s"},
		{strings.Join(en.Units(90061), " "), "1~d 1~h 01~min 01~s"},
		{strings.Join(en.Units(86400+60), " "), "1~d 0~h 01~min"},
		{strings.Join(fr.Units(0), " "), "0~s"},
		{fr.Of("BR", "Brésil", "Brésil (BR)"), "du Brésil (BR)"},
		{fr.Of("CU", "Cuba", "Cuba (CU)"), ""},
	} {
		if got := sp.Replace(x.got); got != x.want {
			t.Errorf("got %q, want %q", got, x.want)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := read(Default, func() (*Format, error) { return readFormat(Default) }); err != nil {
			b.Fatal(err)
		}
	}
}

// TestStop: a name that ends a sentence with a mark of its own takes the full stop that
// the message has behind it, through the marks of bold and code; a stop that is no end
// of a value stays.
func TestStop(t *testing.T) {
	t.Parallel()
	say := func(m, v string) string {
		var b strings.Builder
		Expand(m, []any{"who", v}, Writer{
			Text:  func(s string) { b.WriteString(s) },
			Mark:  func(string, bool) {},
			Value: func(v any, form string) { b.WriteString(Value(v, form)) },
		})
		return b.String()
	}
	for _, c := range []struct{ message, value, want string }{
		{"It was {who}.", "NTT Ameri…", "It was NTT Ameri…"},
		{"It was {who}. Then nothing.", "NTT Ameri…", "It was NTT Ameri… Then nothing."},
		{"It was {who}.", "Level 3, Inc.", "It was Level 3, Inc."},
		{"It was **{who}**.", "NTT Ameri…", "It was NTT Ameri…"},
		{"It was {who}.", "NTT", "It was NTT."},
		{"It was {who}, then.", "NTT Ameri…", "It was NTT Ameri…, then."},
		{"{who}… and more.", "Inc.", "Inc.… and more."},
		{"{who}...", "a.", "a...."},
	} {
		if got := say(c.message, c.value); got != c.want {
			t.Errorf("%q with %q: %q, not %q", c.message, c.value, got, c.want)
		}
	}
	for s, want := range map[string]string{"": "", "a": "a.", "a.": "a.", "a…": "a…", "“a.”": "“a.”", "a)": "a)."} {
		if got := Stop(s); got != want {
			t.Errorf("%q: %q, not %q", s, got, want)
		}
	}
}
