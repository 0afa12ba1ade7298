package document

import (
	"constat/claims/standing"
	"constat/report/figure"
)

// Table is rows under columns. The column RowHead names the row.
type Table struct {
	Name     string // what kind of table it is: "outages"
	Numbered bool   // it has a number, and Name as its address
	Dense    bool   // a page sets it small and lets it scroll; else its rows become cards on a telephone
	Anchor   string // address of a dense table's caption
	Caption  Text
	Short    Text // the caption in forms without folds, if it is another
	Columns  []Column
	RowHead  int
	Rows     []Row
	Groups   []Group // instead of rows
	Folded   *Folded // rows that a page folds away
	Rest     []Row   // rows that a page leaves out
	More     string  // how many rows are missing; said after the table
	Mark     *Extent // marked in every bar of its cells
}

// Column is the head of a column.
type Column struct {
	Head   string
	Means  string // what a short head stands for
	Number bool
	Page   bool   // only pages have it
	Joins  bool   // forms without a page write it with the column before, in brackets
	Dash   bool   // a page writes a dash for nothing
	Bars   bool   // its cells are drawn
	Key    string // of bars: what is marked in them
}

// Row is one row; ID is its address.
type Row struct {
	ID    string
	Hot   bool // the one that the report is about
	Cells []Cell
}

// Group is rows with a heading.
type Group struct {
	Title, Note string
	Standing    figure.Standing
	Rows        []Row
}

// Folded are rows under a summary of their own.
type Folded struct {
	Summary string
	Long    bool
	Dense   bool
	Anchor  string
	Rows    []Row
	More    string // how many are missing
}

// Cell is a cell.
type Cell struct {
	Text   Text
	Note   string // small below it; in brackets in other forms
	Beside bool   // on a page the note stands in brackets too
	Off    bool   // on a page there is no note
	Lang   string // of the words, if it is not the document's
	As     Special
}

// Special is what a page writes in place of a cell's text.
type Special interface{ special() }

// Bar is a stretch on an axis.
type Bar struct{ Extent }

// Extent is where something begins and how wide it is, in percent.
type Extent struct{ Left, Width string }

// Place is a numbered place at which announcements may have stopped.
type Place struct {
	Number   int
	Standing figure.Standing
	Words    string
	Note     string
	Code     string
}

// Links are several links, and what is said if there are none.
type Links struct {
	To   []Span
	None string
}

// Words are what somebody said, in their own language, with notes.
type Words struct {
	Text  string
	Lang  string
	Notes []string
}

// Stand is where a statement stands.
type Stand struct {
	Standing standing.Standing
	Word     string
	Why      Text
}

func (Bar) special()   {}
func (Place) special() {}
func (Links) special() {}
func (Words) special() {}
func (Stand) special() {}

// Cells is a row of plain cells.
func Cells(ss ...string) []Cell {
	out := make([]Cell, len(ss))
	for i, s := range ss {
		out[i].Text = Plain(s)
	}
	return out
}

// Columns are columns of words.
func Columns(heads ...string) []Column {
	out := make([]Column, len(heads))
	for i, h := range heads {
		out[i].Head = h
	}
	return out
}

// Numbers says of some columns that they hold numbers.
func Numbers(cs []Column, which ...int) []Column {
	for _, i := range which {
		cs[i].Number = true
	}
	return cs
}

// Beside adds a note in brackets.
func Beside(s, note string) string {
	switch {
	case note == "":
		return s
	case s == "":
		return note
	}
	return s + " (" + note + ")"
}
