package document

import (
	"reflect"
	"testing"

	"constat/internal/locale"
	"constat/judge/proof"
)

// TestMessageKeepsValues: a level in a sentence is found by its value in every language,
// and so is text with a link; neighbours that are only words are one span.
func TestMessageKeepsValues(t *testing.T) {
	for _, l := range locale.All() {
		w := locale.Must(l)
		word := proof.Indicated.In(l)
		m := Message(w, "standard.sentence", locale.None, "level", Span{Text: word, Of: Level(proof.Indicated)}, "text", "**not** `a` {mark}")
		n := 0
		for i, s := range m {
			if s.Of == Level(proof.Indicated) && s.Text == word {
				n++
			}
			if i > 0 && m[i-1].sameLook(s) {
				t.Errorf("%s: %q and %q are two spans", l, m[i-1].Text, s.Text)
			}
		}
		if n != 1 {
			t.Errorf("%s: the level is %d times in %+v", l, n, m)
		}
		if want := w.T("standard.sentence", "level", word, "text", "**not** `a` {mark}"); m.String() != want {
			t.Errorf("%s: %q, want %q", l, m.String(), want)
		}
		b := Message(w, "between.contradicts", locale.None, "a", Text{{Text: "3", To: "#s3"}}, "b", Text{{Text: "5", To: "#s5"}})
		if to := leads(b); !reflect.DeepEqual(to, []string{"#s3", "#s5"}) && !reflect.DeepEqual(to, []string{"#s5", "#s3"}) {
			t.Errorf("%s: links to %v", l, to)
		}
	}
}

func leads(t Text) (to []string) {
	for _, s := range t {
		if s.To != "" {
			to = append(to, s.To)
		}
	}
	return to
}

func TestSentences(t *testing.T) {
	got := Sentences(nil, Plain("One."), Text{}, Text{{Text: "Two", Strong: true}}, Plain("Three."))
	want := Text{{Text: "One. "}, {Text: "Two", Strong: true}, {Text: " Three."}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if Plain("") != nil || len(Sentences()) != 0 {
		t.Error("text of nothing")
	}
}

// TestFlat: forms without a page have every row, folded away or left out there, and every
// note; and nothing that is drawn.
func TestFlat(t *testing.T) {
	row := func(s, note string) Row {
		r := Row{Cells: append(Cells(s, "12"), Cell{As: Bar{}}, Cell{Text: Plain("7 addresses")})}
		r.Cells[0].Note = note
		return r
	}
	table := Table{Name: "blind", Caption: Plain("Blind"), Columns: []Column{{Head: "who"}, {Head: "from", Number: true}, {Head: "bar", Page: true, Bars: true}, {Head: "size", Joins: true}},
		Rows: []Row{row("a", "all")}, Folded: &Folded{Summary: "1 more", Rows: []Row{row("b", "")}, More: "and 5 more"}, Rest: []Row{row("c", "")}}
	table.Rows[0].Hot = true
	d := &Document{Sections: []Section{
		{ID: "drawn", Blocks: []Block{Para{Text: Plain("This figure shows …"), Where: OnPage}, &Strip{}}},
		{ID: "page", Page: true, Blocks: []Block{Para{Text: Plain("words")}}},
		{ID: "blind", Heading: "Blindness", Blocks: []Block{Para{Text: Plain("Text.")}, Fold{Summary: "in a fold", Blocks: []Block{table}}}},
	}}
	got := d.Flat()
	want := []Flat{{"blind", "Blindness", []FlatBlock{{Para: Plain("Text.")}, {Table: &FlatTable{Caption: Plain("Blind"), Head: []string{"who", "from"},
		Rows: [][]Text{{{{Text: "a (all)", Strong: true}}, Plain("12 (7 addresses)")}, {Plain("b"), Plain("12 (7 addresses)")}, {Plain("c"), Plain("12 (7 addresses)")}}}},
		{Para: Plain("and 5 more")}}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	// What was flattened is as it was: the same document makes the page.
	if table.Rows[0].Cells[0].Text.String() != "a" || table.Rows[0].Cells[0].Text[0].Strong {
		t.Error("the page's cell was changed")
	}
}

func TestFigures(t *testing.T) {
	timeline, strip := &Timeline{}, &Strip{}
	d := &Document{Sections: []Section{{Blocks: []Block{Answer{Figures: []Block{timeline}, Quote: &Quote{Words: "w"}}}}, {Blocks: []Block{Para{}, Magnified{{}}}}, {Blocks: []Block{strip}}}}
	if f := d.Figures(); len(f) != 3 || f[0] != Block(timeline) || f[2] != Block(strip) {
		t.Errorf("%+v", f)
	}
	if q := d.Quote(); q == nil || q.Words != "w" {
		t.Errorf("%+v", q)
	}
}
