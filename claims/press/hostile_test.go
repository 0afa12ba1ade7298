package press

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// hostile are texts made to hurt: each piece repeated to the same length.
var hostile = map[string]string{
	"quotation never closed": "\"The bridge said ", "guillemets": "« a ", "quotation marks": "\"", "brackets": "(", "one word": "a", "words": "a ", "commas": ", ", "lines": "\n", "paragraphs": "a\n\n",
	"speech": "said ", "speech nested": "the mayor said that ", "dit": "a dit que ", "selon": "Selon X, ", "relative": ", who said", "passive": "was denied by ", "hung": "dit-il ", "incise": "« a, a dit ", "open brackets": "(a said ",
	"names": "Ada Quine ", "abbreviations": "Mr. ", "times": "Monday ", "dashes": "– ", "apostrophes": "'a ", "labels": "A: b?\n", "bullets": "x:\n- a\n- b\n", "ticker": "14:32 x said y\n", "posts": "Ada (@a): RT @b: x\n\n",
	"pages": "a-\nb\f\n", "heads": "The Gazette 3\n\f", "accents": "e\u0301", "marks on one letter": "\u0301", "soft hyphens": "a\u00ad", "signed": "“a b c d e” — ",
}

// hostilePages are the same as HTML.
var hostilePages = map[string]string{
	"deep": "<div>", "paragraphs": "<p>x", "crossed": "<div><span class=ad>x</b></i>", "entities": "&amp;", "half entities": "&", "brackets": "<", "attributes": "<a b=c d='", "ends": "</div></p>", "lists": "<li>a", "comments": "<!--", "scripts": "<script>x", "nested skip": "<nav><aside>a", "links": "<a href=x>a",
}

// TestHostile holds that no text takes more than its share of time: a quarter of
// a megabyte of what took minutes once is done in seconds, on a slow machine too.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads twelve megabytes")
	}
	try := func(name, text string) {
		begun := time.Now()
		_, err := Read([]byte(text), Options{Published: someDay, Lang: "en"})
		if err != nil && !errors.Is(err, ErrNoArticle) && !errors.Is(err, ErrTooMany) && !errors.Is(err, ErrEmpty) {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(begun); d > 20*time.Second {
			t.Errorf("%s: %v for a quarter of a megabyte", name, d)
		}
	}
	for name, s := range hostile {
		try(name, strings.Repeat(s, 1<<18/len(s)))
	}
	for name, s := range hostilePages {
		try("page: "+name, "<!doctype html><body>"+strings.Repeat(s, 1<<18/len(s)))
	}
}

// TestLimits holds what is refused for its size.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		text string
		want error
	}{
		{strings.Repeat("a", MaxText+1), ErrTooLong},
		{strings.Repeat("a\n\n", maxParas+1), ErrTooMany},
		{"<!doctype html>" + strings.Repeat("<p>a", maxParas+1), ErrTooMany},
	} {
		if _, err := Read([]byte(c.text), Options{Published: someDay, Lang: "en"}); !errors.Is(err, c.want) {
			t.Errorf("%.10q: %v; want %v", c.text, err, c.want)
		}
	}
	// A text in one line is read to its end.
	line := strings.Repeat("The bridge was old, and nobody went there. ", 4000) + "The mayor said that it was safe."
	if r := read(t, line); len(r.Proposals) != 1 || r.Proposals[0].Words != "it was safe" {
		t.Errorf("%d proposals of a line of %d bytes", len(r.Proposals), len(line))
	}
}
