package html

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"unicode/utf8"

	"constat/judge/proof"
	"constat/report/document"
)

func (g *page) write(ss ...string) {
	for _, s := range ss {
		g.b.WriteString(s)
	}
}

// sections writes all sections.
func (g *page) sections() {
	for i, s := range g.Sections {
		g.section, g.paras = i+1, 0
		if i > 0 {
			g.write("\n")
		}
		g.write(`<section id="`, esc(s.ID), `"`)
		if s.Apart {
			g.write(` class="apart"`)
		}
		g.write(">\n<h2>", esc(s.Heading), "</h2>\n")
		for _, b := range s.Blocks {
			if p, ok := b.(document.Para); ok && p.Where == document.OffPage {
				continue
			}
			g.block(b)
			if !drawn(b) {
				g.write("\n")
			}
		}
		g.write("</section>\n")
	}
}

// drawn reports whether a block is written by a template, which ends its lines.
func drawn(b document.Block) bool {
	switch b.(type) {
	case document.Answer, *document.Timeline, *document.Country, document.Magnified, *document.Strip, *document.Paths:
		return true
	}
	return false
}

// block writes a block without the end of its line.
func (g *page) block(b document.Block) {
	switch b := b.(type) {
	case document.Para:
		g.para(b)
	case document.Heading:
		g.write("<h3>", esc(b.Text), "</h3>")
	case document.List:
		g.list(b)
	case document.Listing:
		g.listing(b)
	case document.Quotation:
		g.quotation(b)
	case document.Fold:
		g.fold(b.Summary, b.Long, func() {
			for _, x := range b.Blocks {
				g.block(x)
			}
		})
	case document.Answer:
		g.answer(b)
	case document.Verdicts:
		g.verdicts(b)
	case document.Choices:
		g.choices(b)
	case document.Records:
		g.records(b)
	case document.Table:
		g.table(b)
	case *document.Timeline:
		g.figures++
		g.template("timeline", b)
	case *document.Country:
		g.figures++
		g.template("country", b)
	case document.Magnified:
		g.figures++
		g.template("magnified", b)
	case *document.Strip:
		g.figures++
		g.template("strip", b)
	case *document.Paths:
		g.figures++
		g.template("paths", b)
	default:
		if g.err == nil {
			g.err = fmt.Errorf("a block that pages do not know: %T", b)
		}
	}
}

// part hands a block and the page to a template.
type part struct {
	Page   *page
	Block  any
	Figure int // its number
}

func (g *page) template(name string, block any) {
	g.execute(name, part{g, block, g.figures})
}

// With is the page with another block for a part of a template.
func (p part) With(block any) part { return part{p.Page, block, p.Figure} }

// T words a message.
func (p part) T(key string, a ...any) string { return p.Page.T(key, a...) }

// SVG is a drawing of package figure, which escapes what is in it.
func (p part) SVG(s string) template.HTML { return template.HTML(s) }

// Numbers is the table behind a figure.
func (p part) Numbers(t document.Table, summary string) template.HTML {
	in := &page{Document: p.Page.Document, w: p.Page.w}
	in.fold(summary, long(len(t.Rows)), func() {
		in.write("\n")
		in.table(t)
	})
	return template.HTML(in.b.String())
}

// long reports whether a folded table of n rows stays folded on paper.
func long(n int) bool { return n > 12 }

func (g *page) fold(summary string, long bool, in func()) {
	g.write("<details")
	if long {
		g.write(` class="lg"`)
	}
	g.write("><summary>", esc(summary), "</summary>")
	in()
	g.write("</details>")
}

// numbered begins a numbered paragraph, in a class if it is not "".
func (g *page) numbered(class string, after string) {
	g.paras++
	id := fmt.Sprintf("p%d-%d", g.section, g.paras)
	g.write("<p", class, ` id="`, id, `"`, after, `><a class="pn" href="#`, id, `">`, fmt.Sprintf("%d.%d", g.section, g.paras), "</a>")
}

func (g *page) para(p document.Para) {
	switch p.Style {
	case document.Numbered:
		g.numbered(` class="tx1"`, "")
	case document.Prose:
		g.write(`<p class="tx1">`)
	case document.Aside:
		g.write(`<p class="src">`)
	default:
		g.write("<p>")
	}
	g.write(prose(p.Text), "</p>")
}

func (g *page) aside(s string) {
	if s != "" {
		g.write(`<p class="src">`, esc(s), "</p>")
	}
}

func (g *page) list(l document.List) {
	class := "notes"
	if l.Reasons {
		class += " why"
	}
	g.write(`<div class="`, class, `">`)
	if l.Heading != "" {
		g.write("<h3>", esc(l.Heading), "</h3>")
	}
	g.write("<ul>\n")
	for _, t := range l.Items {
		g.write("<li>", prose(t), "</li>\n")
	}
	g.write("</ul></div>")
}

func (g *page) listing(l document.Listing) {
	class := "ckp"
	if l.Commands {
		class = "cmd"
	}
	g.write(`<pre class="`, class, `" tabindex="0" role="region" aria-label="`, esc(l.Label), `"><code>`)
	for i, s := range l.Lines {
		switch {
		case l.Commands:
			g.write("<span>", esc(s), "</span>")
		case i > 0:
			g.write("\n", esc(s))
		default:
			g.write(esc(s))
		}
	}
	g.write("</code></pre>")
}

func (g *page) quotation(q document.Quotation) {
	g.write(`<div class="reply"><h4>`, esc(q.Title), `</h4><p class="src">`, esc(q.Note), "</p>")
	if q.Words != "" {
		g.write("<blockquote>", esc(q.Words), "</blockquote>")
	}
	g.aside(q.More)
	g.write("</div>")
}

func (g *page) answer(a document.Answer) {
	lead := func(ps []document.Lead) {
		g.write("<div class=\"lead\">\n")
		for _, p := range ps {
			small := ""
			if p.Small {
				small = ` class="sm"`
			}
			g.numbered("", small)
			g.write(prose(p.Text), "</p>\n")
		}
		g.write("</div>\n")
	}
	g.write("<div class=\"glance\">\n")
	lead(a.Paras[:a.Glance])
	if len(a.Keys) > 0 {
		g.write("<dl class=\"keys\">\n")
		for _, k := range a.Keys {
			class := ""
			if utf8.RuneCountInString(k.Value) > 10 { // it needs a smaller type
				class = ` class="lo"`
			}
			g.write("<div><dt>", esc(k.Label), "</dt><dd><b", class, ">", esc(k.Value), "</b><span>", esc(k.Note), "</span></dd></div>\n")
		}
		g.write("</dl>\n")
	}
	g.write("</div>\n")
	for _, f := range a.Figures {
		g.block(f)
	}
	if q := a.Quote; q != nil {
		g.write(`<div class="quote" id="quote"><h3>`, esc(q.Heading), "</h3><blockquote><p>", esc(q.Words), `</p><p class="by">`, esc(q.Source), `</p></blockquote><p class="src">`,
			esc(q.Note), "</p></div>\n")
	}
	if a.Glance < len(a.Paras) {
		lead(a.Paras[a.Glance:])
	}
}

// levelMarks are the shapes of levels.
var levelMarks = map[proof.Level]string{proof.Established: "est", proof.Indicated: "ind", proof.NotEstablished: "not", proof.Excluded: "exc"}

func (g *page) verdicts(vs document.Verdicts) {
	g.write("<div class=\"verd\">\n")
	for _, v := range vs {
		g.write(`<div><h3><i class="vm `, levelMarks[v.Level], `"></i>`, esc(v.Title), "</h3><ul>\n")
		for _, l := range v.Lines {
			g.write("<li>", prose(l), "</li>\n")
		}
		if v.More != "" {
			g.write("<li>", esc(v.More), "</li>\n")
		}
		g.write("</ul></div>\n")
	}
	g.write("</div>")
}

func (g *page) choices(cs document.Choices) {
	left := func(key string, ns []int) {
		if len(ns) == 0 {
			return
		}
		g.write("<i>", esc(g.T(key)), `</i><span class="g">`)
		for _, n := range ns {
			g.write(`<span class="h in">`, strconv.Itoa(n), "</span>")
		}
		g.write("</span>")
	}
	g.write("<ol class=\"set\">\n")
	for _, c := range cs {
		g.write("<li><div><b>", esc(c.Title), "</b><span>", esc(c.Where), "</span></div>")
		if len(c.Lost)+len(c.Kept) > 0 {
			g.write(`<div class="split">`)
			left("settle.lost", c.Lost)
			left("settle.kept", c.Kept)
			g.write("</div>")
		}
		g.write("<p>", esc(c.Note), "</p></li>\n")
	}
	g.write("</ol>")
}

func (g *page) records(r document.Records) {
	g.write("\n<h3>", esc(r.Heading), "</h3><ul class=\"recl\">\n")
	for _, l := range r.Lists {
		n := strconv.Itoa(l.N)
		g.write(`<li id="x`, n, `"><b>`, n, "</b>")
		for _, t := range l.Parts {
			g.write("<span>", prose(t), "</span>")
		}
		g.write("</li>\n")
	}
	g.write("</ul>")
}

// classes is the class attribute of an element.
func classes(cs ...string) string {
	var out []string
	for _, c := range cs {
		if c != "" {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return ` class="` + strings.Join(out, " ") + `"`
}
