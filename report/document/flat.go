package document

import (
	"slices"
	"strconv"
	"strings"
)

// Flat is a section for forms without pages: one thing after the other, nothing folded,
// nothing drawn.
type Flat struct {
	ID, Heading string
	Blocks      []FlatBlock
}

// FlatBlock is one of a paragraph, a list, a table, lines as machines write them, or a
// heading.
type FlatBlock struct {
	Para    Text
	List    []Text
	Table   *FlatTable
	Lines   []string
	Heading string
}

// FlatTable is a table of text whose first column names the row.
type FlatTable struct {
	Caption Text
	Head    []string
	Rows    [][]Text
}

// Flat gives the sections that have more to them than drawings.
func (d *Document) Flat() []Flat {
	var out []Flat
	for _, s := range d.Sections {
		if s.Page {
			continue
		}
		var f flattener
		f.blocks(s.Blocks)
		if len(f.out) > 0 {
			out = append(out, Flat{s.ID, s.Heading, f.out})
		}
	}
	return out
}

type flattener struct{ out []FlatBlock }

func (f *flattener) add(b FlatBlock) { f.out = append(f.out, b) }

func (f *flattener) para(ts ...Text) {
	for _, t := range ts {
		if len(t) > 0 {
			f.add(FlatBlock{Para: t})
		}
	}
}

func (f *flattener) words(ss ...string) {
	for _, s := range ss {
		f.para(Plain(s))
	}
}

func (f *flattener) heading(s string) {
	if s != "" {
		f.add(FlatBlock{Heading: s})
	}
}

func (f *flattener) list(heading string, ts []Text) {
	if len(ts) > 0 {
		f.heading(heading)
		f.add(FlatBlock{List: ts})
	}
}

func (f *flattener) blocks(bs []Block) {
	for _, b := range bs {
		f.block(b)
	}
}

func (f *flattener) block(b Block) {
	switch b := b.(type) {
	case Para:
		if b.Where != OnPage {
			f.para(b.Text)
		}
	case Heading:
		f.heading(b.Text)
	case List:
		f.list(b.Heading, b.Items)
	case Listing:
		f.add(FlatBlock{Lines: b.Lines})
	case Quotation:
		f.para(Text{{Text: b.Title, Strong: true}, {Text: ". " + b.Note}})
		for l := range strings.SplitSeq(b.Words, "\n") {
			f.words(l)
		}
		f.words(b.More)
	case Fold:
		f.blocks(b.Blocks)
	case Answer:
		f.answer(b)
	case Verdicts:
		for _, v := range b {
			f.list(v.Title, slices.Concat(v.Lines, Plains(some(v.More))))
		}
	case Choices:
		var items []Text
		for _, c := range b {
			items = append(items, Text{{Text: c.Title, Strong: true}, {Text: " (" + c.Where + "). " + c.Note}})
		}
		f.list("", items)
	case Records:
		f.records(b)
	case Table:
		f.table(b)
	case *Paths:
		f.table(b.Numbers)
		f.words(b.Names)
	}
}

func some(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (f *flattener) answer(b Answer) {
	for _, p := range b.Paras {
		f.para(p.Text)
	}
	var keys []Text
	for _, k := range b.Keys {
		keys = append(keys, Text{{Text: k.Label, Strong: true}, {Text: ": " + k.Value + " – " + k.Note}})
	}
	f.list("", keys)
	if b.Quote != nil {
		f.heading(b.Quote.Heading)
		f.words(b.Quote.Words, b.Quote.Source)
	}
}

func (f *flattener) records(b Records) {
	var lists []Text
	for _, l := range b.Lists {
		t := Text{{Text: strconv.Itoa(l.N) + ": ", Strong: true}}
		for i, part := range l.Parts {
			if i > 0 {
				t = append(t, Span{Text: "; "})
			}
			t = append(t, part...)
		}
		lists = append(lists, t)
	}
	f.list(b.Heading, lists)
}

// table writes a table with all its rows: those in sight, those folded away, and those
// that a page leaves out. Each group is a table of its own.
func (f *flattener) table(t Table) {
	var head []string
	for _, c := range t.Columns {
		if !c.Page && !c.Joins {
			head = append(head, c.Head)
		}
	}
	if t.Short != nil {
		t.Caption = t.Short
	}
	write := func(caption Text, rows []Row) {
		if len(rows) == 0 {
			return
		}
		x := &FlatTable{Caption: caption, Head: head}
		for _, r := range rows {
			x.Rows = append(x.Rows, t.flat(r))
		}
		f.add(FlatBlock{Table: x})
	}
	for _, g := range t.Groups {
		write(Text{{Text: g.Title, Strong: true}, {Text: ": " + g.Note}}, g.Rows)
	}
	rows := t.Rows
	more := t.More
	if t.Folded != nil {
		rows = slices.Concat(rows, t.Folded.Rows)
		more = t.Folded.More
	}
	write(t.Caption, slices.Concat(rows, t.Rest))
	f.words(more)
}

// flat is a row of text: notes in brackets, what joins a column with it. The name of
// the row that the report is about stands out.
func (t *Table) flat(r Row) []Text {
	var out []Text
	for i, c := range r.Cells {
		switch {
		case t.Columns[i].Page:
			continue
		case t.Columns[i].Joins:
			n := len(out) - 1
			out[n] = Plain(Beside(out[n].String(), c.Text.String()))
			continue
		}
		x := c.Text
		if c.Note != "" {
			x = slices.Clone(x)
			if n := len(x) - 1; n >= 0 && !x[n].Code {
				x[n].Text = Beside(x[n].Text, c.Note)
			} else {
				x = append(x, Span{Text: c.Note})
			}
		}
		if i == 0 && r.Hot {
			x = slices.Clone(x)
			for k := range x {
				x[k].Strong = true
			}
		}
		out = append(out, x)
	}
	return out
}
