package html

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"constat/claims/standing"
	"constat/internal/locale"
	"constat/report/document"
	"constat/report/figure"
)

var update = flag.Bool("update", false, "write the golden file")

// hostile is text that would be markup if nobody escaped it.
const hostile = `</td><script>alert(1)</script>"'><img src=x onerror=y>&amp;`

// every is a document with each block there is, and with the same words in every text.
func every(l locale.Lang, hostile string) *document.Document {
	text := document.Text{{Text: hostile}, {Text: hostile, Strong: true}, {Text: hostile, Bold: true}, {Text: hostile, Code: true}, {Text: hostile, Whole: true}, {Text: hostile, To: "#o1"}}
	cell := document.Cell{Text: text, Note: hostile, Lang: hostile}
	row := document.Row{ID: "o1", Hot: true, Cells: []document.Cell{cell, cell}}
	table := document.Table{Name: "outages", Numbered: true, Caption: text, Columns: []document.Column{{Head: hostile}, {Head: hostile, Number: true, Means: hostile}}, Rows: []document.Row{row}, More: hostile,
		Folded: &document.Folded{Summary: hostile, Long: true, Rows: []document.Row{{Cells: []document.Cell{cell, cell}}}, More: hostile}}
	dense := table
	dense.Numbered, dense.Dense, dense.Anchor, dense.Folded = false, true, "d1", nil
	dense.Rows = []document.Row{{Cells: []document.Cell{cell, {Text: text, Note: hostile, Beside: true}}}}
	special := document.Table{Name: "blind", Numbered: true, Caption: text, Mark: &document.Extent{Left: "1", Width: "2"}, Groups: []document.Group{{Title: hostile, Note: hostile, Standing: figure.InClass, Rows: []document.Row{
		{Cells: []document.Cell{{As: document.Place{Number: 1, Words: hostile, Note: hostile, Code: hostile}}, {As: document.Links{To: []document.Span{{Text: hostile, To: "#o1"}}}}, {As: document.Links{None: hostile}},
			{As: document.Words{Text: hostile, Lang: hostile, Notes: []string{hostile}}}, {As: document.Stand{Standing: standing.Neither, Word: hostile, Why: text}}, {As: document.Bar{Extent: document.Extent{Left: "1", Width: "2"}}}}},
	}}}, Columns: append(document.Columns(hostile, hostile, hostile, hostile, hostile), document.Column{Head: hostile, Bars: true, Key: hostile})}
	numbers := document.Table{Dense: true, Anchor: "n9", Caption: text, Columns: document.Columns(hostile), Rows: []document.Row{{Cells: document.Cells(hostile)}}, More: hostile}
	timeline := &document.Timeline{Timeline: figure.Timeline{Title: hostile, Sub: hostile, Label: hostile, Height: hostile, Note: hostile, High: 10, Seen: "M0 0",
		Brackets: []figure.Bracket{{Left: "1", Width: "2", Text: hostile}}, Ticks: []figure.Tick{{Left: "3", Strong: hostile, Text: hostile}}, Blind: []figure.Box{{Left: "0", Top: "0", Width: "1", Height: "2"}}},
		Numbers: numbers, Said: &document.Said{Label: hostile, More: hostile, Bars: true, Key: []document.SaidKey{{Standing: standing.Supported, Text: hostile}},
			Rows: []document.SaidRow{{Number: 1, Left: "5", Side: "r", Off: hostile, Off2: hostile, Who: hostile, What: hostile, Lang: hostile, Label: hostile}}}}
	d := &document.Document{Lang: l, Language: hostile, Title: hostile, Headline: text, Case: hostile, Opened: hostile, InCase: true, Band: text, Why: text, Asked: text, Foot: []string{hostile, hostile},
		Editions: []document.Edition{{Lang: "fr", File: "report.fr.html", Name: hostile}}}
	d.Sections = []document.Section{
		{ID: "answer", Heading: hostile, Blocks: []document.Block{document.Answer{Paras: []document.Lead{{Text: text}, {Text: text, Small: true}}, Glance: 1, Keys: []document.Key{{Label: hostile, Value: hostile, Note: hostile}},
			Figures: []document.Block{timeline}, Quote: &document.Quote{Heading: hostile, Words: hostile, Source: hostile, Note: hostile}}, document.Verdicts{{Title: hostile, Lines: []document.Text{text}, More: hostile}}}},
		{ID: "country", Heading: hostile, Blocks: []document.Block{&document.Country{Country: figure.Country{Title: hostile, Sub: hostile, Label: hostile, Height: hostile, Marks: []figure.Stage{{Left: "1", Text: hostile}}}, SeenKey: hostile, Note: hostile, Numbers: numbers},
			document.Magnified{{ID: "m1", Title: hostile, Sub: hostile, Numbers: numbers, Panels: []figure.Panel{{ID: "q", Title: hostile, Sub: hostile, Label: hostile, First: hostile, Mid: hostile, Last: hostile, Lines: []figure.WitnessLine{{Name: hostile}}}}}},
			&document.Strip{Strip: figure.Strip{Title: hostile, Sub: hostile, Label: hostile, Groups: []figure.Group{{Name: hostile, Network: hostile, Note: hostile}}}, Numbers: numbers},
			&document.Paths{Title: hostile, Sub: hostile, Names: hostile, Folded: hostile, In: []string{"1"}, Panels: []document.PathPanel{{Title: hostile, Sub: hostile, SVG: "<svg></svg>"}}, Numbers: numbers}}},
		{ID: "rest", Heading: hostile, Apart: true, Blocks: []document.Block{document.Para{Text: text}, document.Para{Text: text, Style: document.Prose}, document.Para{Text: text, Style: document.Aside}, document.Para{Text: text, Style: document.Bare},
			document.Para{Text: document.Plain("not on a page"), Where: document.OffPage}, document.Heading{Text: hostile}, document.List{Heading: hostile, Items: []document.Text{text}, Reasons: true},
			document.Listing{Label: hostile, Lines: []string{hostile, hostile}}, document.Listing{Label: hostile, Lines: []string{hostile}, Commands: true}, document.Quotation{Title: hostile, Note: hostile, Words: hostile, More: hostile},
			document.Choices{{Title: hostile, Where: hostile, Lost: []int{1}, Kept: []int{2}, Note: hostile}}, document.Fold{Summary: hostile, Long: true, Blocks: []document.Block{dense}},
			document.Fold{Summary: hostile, Blocks: []document.Block{document.Records{Heading: hostile, Lists: []document.RecordList{{N: 1, Parts: []document.Text{text}}}}}}, table, special}},
	}
	return d
}

// TestHostile: whatever the words of a document, none becomes an element or an attribute,
// and each is there for the reader.
func TestHostile(t *testing.T) {
	want := 0
	for _, l := range locale.All() {
		var b bytes.Buffer
		if err := Write(&b, every(l, hostile)); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for n := range doc.Descendants() {
			switch {
			case n.Type == html.TextNode:
				seen += strings.Count(n.Data, hostile)
			case n.Type == html.ElementNode:
				if n.Data == "script" || n.Data == "img" {
					t.Errorf("%s: an element <%s>", l, n.Data)
				}
				for _, a := range n.Attr {
					if strings.HasPrefix(a.Key, "on") || a.Key == "src" {
						t.Errorf("%s: <%s %s>", l, n.Data, a.Key)
					}
					seen += strings.Count(a.Val, hostile)
				}
			}
		}
		if strings.Contains(page, "not on a page") {
			t.Errorf("%s: what is for other forms", l)
		}
		if want == 0 {
			want = seen
		}
		if seen < 150 || seen != want {
			t.Errorf("%s: the words are there %d times, in another language %d", l, seen, want)
		}
	}
}

// TestGolden: each block as it is written; what else a page is made of is held by the
// tests of package report.
func TestGolden(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, every(locale.Default, "words")); err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(b.String(), "<style>")
	_, rest, _ = strings.Cut(rest, "</style>")
	got := head + "<style></style>" + rest
	const file = "testdata/every.html"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the difference\n%s", file, got)
	}
}

// TestBlocksAreRendered: a block of a new kind is not left out in silence.
func TestBlocksAreRendered(t *testing.T) {
	var kinds []string
	note := func(bs []document.Block) {
		for _, b := range bs {
			if k := fmt.Sprint(reflect.TypeOf(b)); !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	d := every(locale.Default, hostile)
	for _, s := range d.Sections {
		note(s.Blocks)
		for _, b := range s.Blocks {
			g := &page{Document: d, w: locale.Must(d.Lang)}
			if g.block(b); g.b.Len() == 0 || g.err != nil {
				t.Errorf("%T gives %d bytes, %v", b, g.b.Len(), g.err)
			}
			switch b := b.(type) {
			case document.Answer:
				note(b.Figures)
			case document.Fold:
				note(b.Blocks)
			}
		}
	}
	g := &page{Document: d, w: locale.Must(d.Lang)}
	if g.block(nil); g.err == nil {
		t.Error("a block that nobody knows is left out in silence")
	}
	if len(kinds) != 16 { // all but the flow, which surveys have
		t.Errorf("%d kinds of blocks: %v", len(kinds), kinds)
	}
}

func TestFullDisk(t *testing.T) {
	full := errors.New("full")
	if err := Write(writer(func([]byte) (int, error) { return 0, full }), every(locale.Default, hostile)); !errors.Is(err, full) {
		t.Error(err)
	}
	if err := Write(&bytes.Buffer{}, &document.Document{Lang: "xx"}); err == nil {
		t.Error("a language that is not there")
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
