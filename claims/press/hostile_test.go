package press

import (
	"errors"
	"maps"
	"runtime"
	"slices"
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

// TestHostile holds that no text asks for more than its share: four times as long,
// it takes at most six times the memory. [BenchmarkHostile] has the time.
func TestHostile(t *testing.T) {
	read := func(name, text string) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read([]byte(text), Options{Published: someDay, Lang: "en"})
		runtime.ReadMemStats(&after)
		if err != nil && !errors.Is(err, ErrNoArticle) && !errors.Is(err, ErrTooMany) && !errors.Is(err, ErrEmpty) {
			t.Errorf("%s: %v", name, err)
		}
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	eachHostile(func(name string, text func(int) string) {
		short, long := read(name, text(1<<15)), read(name, text(1<<17))
		if long > 6*short+1<<20 {
			t.Errorf("%s: %.0f bytes of memory for 32 KiB, %.0f for 128 KiB", name, short, long)
		}
	})
}

// BenchmarkHostile tells the time for a quarter of a megabyte of each.
func BenchmarkHostile(b *testing.B) {
	eachHostile(func(name string, text func(int) string) {
		b.Run(name, func(b *testing.B) {
			in := []byte(text(1 << 18))
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				_, _ = Read(in, Options{Published: someDay, Lang: "en"})
			}
		})
	})
}

// eachHostile gives every hostile text as a function of its length.
func eachHostile(f func(name string, text func(n int) string)) {
	for _, name := range slices.Sorted(maps.Keys(hostile)) {
		f(name, func(n int) string { return strings.Repeat(hostile[name], n/len(hostile[name])) })
	}
	for _, name := range slices.Sorted(maps.Keys(hostilePages)) {
		f("page: "+name, func(n int) string {
			return "<!doctype html><body>" + strings.Repeat(hostilePages[name], n/len(hostilePages[name]))
		})
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

// TestMarkInSignature holds that a mark of quotation in a post's signature, which nothing
// pairs, does no harm.
func TestMarkInSignature(t *testing.T) {
	text := "Can someone stop this ferry at the pier, please, before the storm comes?\n\n— Tidewater’ Crew (@tidewater) May 3, 2031\n\nThe mayor said the bridge was closed.\n"
	r, err := Read([]byte(text), Options{Published: time.Date(2031, 5, 14, 0, 0, 0, 0, time.UTC), Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(r.Proposals); n == 0 || r.Proposals[n-1].Words != "the bridge was closed" {
		t.Errorf("%d proposals; want the mayor's at the end", n)
	}
}
