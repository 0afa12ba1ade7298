package html

import (
	"html/template"
	"strconv"

	"constat/claims/standing"
	"constat/internal/locale"
	"constat/report/document"
	"constat/report/figure"
)

// looks are the classes of tables by their names, as cards and dense.
var looks = map[string]struct {
	cards, dense string
	tight        bool // the caption follows on the same line
	bare         bool // what is folded has no heads
}{
	"standard": {dense: "std"}, "losses": {dense: "num los"}, "order": {dense: "num los", tight: true}, "stood": {dense: "num los"}, "others": {dense: "num los"},
	"evidence": {dense: "mtx"},
	"stages":   {cards: "sta"}, "groups": {cards: "grp"},
	"hypotheses": {cards: "hyp"}, "how": {cards: "how"},
	"outages": {cards: "out", dense: "num"}, "operators": {cards: "ops"}, "blind": {cards: "bl"},
	"reasons": {cards: "sbj", tight: true}, "subject": {cards: "sbj", tight: true},
	"exhibits": {cards: "ex", dense: "num los ex"}, "sources": {cards: "ex", dense: "num los ex", tight: true}, "unread": {cards: "un", tight: true},
	"statements": {cards: "stm"}, "trace": {cards: "trc"}, "countries": {cards: "trc"}, "codes": {cards: "cod", tight: true},
	"log": {cards: "lgt", bare: true},
}

// table writes a table, and what is folded away of it.
func (g *page) table(t document.Table) {
	look := looks[t.Name]
	id, caption := "", words(t.Caption)
	if t.Numbered {
		g.tables++
		id = ` id="t-` + t.Name + `"`
		caption = prose(document.Message(g.w, "table", locale.None, "n", g.tables)) + " " + caption
	}
	feed := "\n"
	if look.tight || !t.Numbered && t.Name != "trace" && t.Name != "countries" && t.Name != "evidence" {
		feed = ""
	}
	if t.Dense {
		class := look.dense
		if class == "" {
			class = "num"
		}
		g.dense(&t, class, id, feed, t.Anchor, caption, t.Rows)
	} else {
		g.cards(&t, look.cards, id, feed, caption, t.Rows, t.Groups, true)
	}
	g.aside(t.More)
	if f := t.Folded; f != nil && len(f.Rows) > 0 {
		g.write("\n")
		g.fold(f.Summary, f.Long, func() {
			if f.Dense {
				g.dense(&t, look.dense, "", "", f.Anchor, esc(f.Summary), f.Rows)
			} else {
				g.cards(&t, look.cards, "", "", esc(f.Summary), f.Rows, nil, !look.bare)
			}
			g.aside(f.More)
		})
	}
}

func (g *page) dense(t *document.Table, class, id, feed, anchor, caption string, rows []document.Row) {
	g.write(`<div class="scroll" role="region" aria-labelledby="`, anchor, `" tabindex="0"><table`, classes(class), id, ">", feed, `<caption id="`, anchor, `">`, caption, "</caption>\n<thead><tr>")
	for _, c := range t.Columns {
		g.write(`<th scope="col"`, number(c, t.Name), ">")
		if c.Means != "" {
			g.write(`<abbr title="`, esc(c.Means), `">`, esc(c.Head), "</abbr>")
		} else {
			g.write(esc(c.Head))
		}
		g.write("</th>")
	}
	g.write("</tr></thead><tbody>\n")
	for _, r := range rows {
		g.write("<tr", rowID(r), ">")
		for i, c := range r.Cells {
			tag, end := "<td"+number(t.Columns[i], t.Name), "</td>"
			if i == t.RowHead {
				tag, end = `<th scope="row"`, "</th>"
			}
			g.write(tag, ">")
			g.cell(c)
			g.write(end)
		}
		g.write("</tr>\n")
	}
	g.write("</tbody></table></div>")
}

// number is the class of a column of numbers. Small tables have none, but that of the
// standard, which is set like the others.
func number(c document.Column, table string) string {
	if c.Number && table == "standard" {
		return ` class="n"`
	}
	return ""
}

func rowID(r document.Row) string {
	if r.ID == "" {
		return ""
	}
	return ` id="` + esc(r.ID) + `"`
}

func (g *page) cards(t *document.Table, class, id, feed, caption string, rows []document.Row, groups []document.Group, heads bool) {
	g.write(`<div class="tw"`)
	if t.Mark != nil {
		g.write(` style="--ol:`, t.Mark.Left, `%;--ow:`, t.Mark.Width, `%"`)
	}
	g.write("><table", classes(class), ` role="table"`, id, ">", feed, "<caption>", caption, "</caption>")
	if heads {
		g.write("\n")
		g.heads(t)
	}
	if groups != nil {
		g.write("\n")
		for _, x := range groups {
			g.write(`<tbody role="rowgroup"`)
			if x.Standing == figure.InClass {
				g.write(` class="cls"`)
			}
			g.write(">\n", `<tr role="row" class="ch"><th role="rowheader" scope="rowgroup" colspan="`, strconv.Itoa(len(t.Columns)), `">`, esc(x.Title), " <span>", esc(x.Note), "</span></th></tr>\n")
			g.rows(t, x.Rows)
			g.write("</tbody>\n")
		}
		g.write("</table></div>")
		return
	}
	if heads {
		g.write("\n")
	}
	g.write("<tbody role=\"rowgroup\">\n")
	g.rows(t, rows)
	g.write("</tbody></table></div>")
}

func (g *page) heads(t *document.Table) {
	g.write(`<thead role="rowgroup"><tr role="row">`)
	for _, c := range t.Columns {
		g.write(`<th role="columnheader" scope="col"`)
		switch {
		case c.Bars:
			g.write(` class="w">`, esc(c.Head))
			if c.Key != "" {
				g.write(`<br><i class="ot"></i>`, esc(c.Key))
			}
		case c.Number:
			g.write(` class="n">`, esc(c.Head))
		default:
			g.write(">", esc(c.Head))
		}
		g.write("</th>")
	}
	g.write("</tr></thead>")
}

func (g *page) rows(t *document.Table, rows []document.Row) {
	for _, r := range rows {
		g.write(`<tr role="row"`, rowID(r))
		if r.Hot {
			g.write(` class="hot"`)
		}
		g.write(">")
		for i, c := range r.Cells {
			g.card(t, i, c)
		}
		g.write("</tr>\n")
	}
}

func (g *page) card(t *document.Table, i int, c document.Cell) {
	col := t.Columns[i]
	if i == t.RowHead {
		g.write(`<th role="rowheader" scope="row">`)
		g.cell(c)
		g.write("</th>")
		return
	}
	g.write(`<td role="cell"`)
	switch x := c.As.(type) {
	case document.Bar:
		g.write(` class="w"><span class="mini"><i class="blind" style="left:`, x.Left, "%;width:", x.Width, `%"></i></span></td>`)
		return
	case document.Stand:
		g.write(` data-l="`, esc(col.Head), `" class="bs `, standMarks[x.Standing], `">`)
	default:
		if col.Number {
			g.write(` class="n"`)
		}
		g.write(` data-l="`, esc(col.Head), `"`)
		if c.Lang != "" {
			g.write(` lang="`, esc(c.Lang), `"`)
		}
		g.write(">")
	}
	if col.Dash && len(c.Text) == 0 {
		g.write("–")
	}
	g.cell(c)
	g.write("</td>")
}

// cell writes what is in a cell.
func (g *page) cell(c document.Cell) {
	switch x := c.As.(type) {
	case document.Place:
		g.write(`<div><span class="h `, placeMarks[x.Standing], `">`, strconv.Itoa(x.Number), "</span><span>", esc(x.Words))
		g.small(x.Note)
		g.write("<code>", esc(x.Code), "</code></span></div>")
		return
	case document.Links:
		for _, s := range x.To {
			g.write(words(document.Text{s}), " ")
		}
		if len(x.To) == 0 {
			g.write(esc(x.None))
		}
		return
	case document.Words:
		g.write("<span")
		if x.Lang != "" {
			g.write(` lang="`, esc(x.Lang), `"`)
		}
		g.write(">", esc(x.Text), "</span>")
		for _, n := range x.Notes {
			g.small(n)
		}
		return
	case document.Stand:
		g.write("<b>", string(mark(standMarks[x.Standing])), esc(x.Word), "</b>", words(x.Why))
		return
	}
	g.write(words(c.Text))
	switch {
	case c.Note == "" || c.Off:
	case c.Beside:
		g.write(" (", esc(c.Note), ")")
	default:
		g.small(c.Note)
	}
}

func (g *page) small(s string) {
	if s != "" {
		g.write("<small>", esc(s), "</small>")
	}
}

// placeMarks are the classes of numbers of places.
var placeMarks = map[figure.Standing]string{figure.InClass: "in", figure.IsOpen: "op", figure.IsExcluded: "ex"}

// standMarks are the marks of a statement's standing: a shape, a colour and a word each.
var standMarks = map[standing.Standing]string{
	standing.Supported:    "sup",
	standing.Contradicted: "con",
	standing.Neither:      "nei",
	standing.NotTestable:  "nt",
	standing.OtherTime:    "oth",
}

func standingMark(s standing.Standing) string { return standMarks[s] }

// mark draws the mark of a standing.
func mark(class string) template.HTML {
	var in string
	switch class {
	case "sup":
		in = `<circle cx="8" cy="8" r="7" class="f"/><path d="M4.6 8.2l2.4 2.4 4.4-5" class="k"/>`
	case "con":
		in = `<path d="M1.5 1.5h13v13h-13z" class="f"/><path d="M5 5l6 6M11 5l-6 6" class="k"/>`
	case "nei":
		in = `<path d="M8 2a6 6 0 0 0 0 12z" class="f"/><circle cx="8" cy="8" r="6" class="o"/>`
	case "nt":
		in = `<circle cx="8" cy="8" r="6" class="o"/>`
	default:
		in = `<path d="M8 1.4L14.6 8 8 14.6 1.4 8z" class="o"/>`
	}
	return template.HTML(`<svg aria-hidden="true" viewBox="0 0 16 16">` + in + "</svg>")
}
