package plain

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"constat/report/document"
)

func lines(t testing.TB, s document.Summary, columns int) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s, columns); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrite(t *testing.T) {
	s := document.Summary{
		{{Text: document.Plain("A title"), Title: true}},
		{{Text: document.Text{{Text: "Words of a sentence, "}, {Text: "stressed", Strong: true}, {Text: ", at 16\u00a0h\u00a015."}}}},
		{{Text: document.Plain("9 h – from then"), Label: "Duration"}, {Text: document.Plain("4 of 4"), Label: "Lost"}},
		{{Text: document.Plain("established"), Depth: 1, Whole: true}, {Text: document.Plain("that the routes of all peers were gone"), Depth: 1, Bullet: true}, {Text: document.Plain("and 3 more"), Depth: 2}},
		{{Text: document.Plain("a warning"), Bullet: true}},
	}
	if got, want := lines(t, s, 30), `A title

Words of a sentence, stressed,
at 16 h 15.

  Duration
    9 h – from then
  Lost
    4 of 4

  established
  - that the routes of all
    peers were gone
    and 3 more

- a warning
`; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got, want := lines(t, s, 0), `A title

Words of a sentence, stressed, at 16 h 15.

  Duration  9 h – from then
  Lost      4 of 4

  established
  - that the routes of all peers were gone
    and 3 more

- a warning
`; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestWidth: whatever the words and the width, no line is wider but for a word, and no
// word is lost, doubled or moved.
func TestWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zA-Z0-9äé.,]{1,12}`)
		var part document.Part
		var want []string
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			words := rapid.SliceOfN(word, 1, 30).Draw(t, "words")
			want = append(want, words...)
			part = append(part, document.Line{Text: document.Plain(strings.Join(words, " ")), Depth: rapid.IntRange(0, 2).Draw(t, "depth"), Title: rapid.Bool().Draw(t, "title")})
		}
		columns := rapid.IntRange(-3, 200).Draw(t, "columns")
		var b bytes.Buffer
		if err := Write(&b, document.Summary{part}, columns); err != nil {
			t.Fatal(err)
		}
		if got := strings.Fields(b.String()); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("%q, want %q", got, want)
		}
		most := columns
		if most <= 0 || most > Columns {
			most = Columns
		}
		for l := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(l, "\n")); n > max(most, Least) {
				t.Fatalf("%d columns of %d: %q", n, columns, l)
			}
		}
	})
}

func TestFullDisk(t *testing.T) {
	full := errors.New("full")
	if err := Write(writer(func([]byte) (int, error) { return 0, full }), document.Summary{{{Text: document.Plain("x")}}}, 0); !errors.Is(err, full) {
		t.Error(err)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
