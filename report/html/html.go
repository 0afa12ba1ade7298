// Package html renders a document as one self-contained HTML page: no script, no
// request, the style within it.
//
// It promises the same bytes for the same document, a page that can be read from 320
// pixels up, on paper, in dark and in light, and without a mouse; and that no text of the
// document becomes markup. Its own words – "Contents", "Figure 2" – are those of the
// document's language. It leaves nothing out that the document has.
package html

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"constat/internal/locale"
	"constat/report/document"
)

//go:embed page.tmpl survey.tmpl figures.tmpl said.tmpl style.css case.css country.css survey.css
var files embed.FS

func sheet(name string) string {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // a test renders pages with all of them
	}
	return string(b)
}

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page.tmpl").Funcs(template.FuncMap{"mark": mark, "stop": locale.Stop, "standing": standingMark}).ParseFS(files, "*.tmpl"))
})

// Write writes the page of a document.
func Write(w io.Writer, d *document.Document) error {
	g, err := newPage(d)
	if err != nil {
		return err
	}
	g.execute("page head", g)
	g.sections()
	g.execute("page foot", g)
	return g.flush(w)
}

func newPage(d *document.Document) (*page, error) {
	words, err := locale.Of(d.Lang)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return &page{Document: d, w: words}, nil
}

// execute writes a template.
func (g *page) execute(name string, x any) {
	if err := templates().ExecuteTemplate(&g.b, name, x); err != nil && g.err == nil {
		g.err = err
	}
}

// flush writes what was gathered; nothing if anything failed.
func (g *page) flush(w io.Writer) error {
	if g.err != nil {
		return fmt.Errorf("page: %w", g.err)
	}
	if _, err := compact.WriteString(w, g.b.String()); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

// compact leaves out the end tags and the quotes that HTML lets one leave out;
// in a page of tables they are a tenth of all bytes. Text holds no "<" and no
// quote that is not written as an entity.
var compact = strings.NewReplacer("</td>", "", "</th>", "", "</tr>", "", "</li>", "",
	` role="row"`, " role=row", ` role="cell"`, " role=cell", ` role="rowheader"`, " role=rowheader", ` role="columnheader"`, " role=columnheader",
	` scope="row"`, " scope=row", ` scope="col"`, " scope=col", ` class="n"`, " class=n")

// page is a document while it is rendered.
type page struct {
	*document.Document
	w *locale.Words

	b       strings.Builder
	section int // number of the section
	paras   int // numbered paragraphs in it so far
	tables  int // numbered tables so far
	figures int // numbered figures so far
	err     error
}

// T words a message for the templates.
func (g *page) T(key string, a ...any) string { return g.w.T(key, a...) }

// Style is the sheet of the page: what it has no parts for is left out.
func (g *page) Style() template.CSS {
	s := sheet("style.css") + notPrinted(g.w)
	for _, x := range g.Sections {
		if x.ID == "country" {
			s += sheet("country.css")
		}
	}
	if g.InCase {
		s += sheet("case.css")
	}
	return template.CSS(s)
}

// notPrinted is the rule that says on paper, in the reader's language, that a
// long table is on the page alone.
func notPrinted(w *locale.Words) string {
	words := strings.NewReplacer(`"`, "", `\`, "", "<", "", "\n", " ").Replace(w.T("print.folded"))
	return "@media print{details.lg>summary::after{content:\" – " + words + "\"}}\n"
}

// Top is the id of the first section.
func (g *page) Top() string { return g.Sections[0].ID }

// HeadlineHTML, BandHTML, WhyHTML and AskedHTML are texts for the template.
func (g *page) HeadlineHTML() template.HTML { return template.HTML(prose(g.Headline)) }
func (g *page) BandHTML() template.HTML     { return template.HTML(prose(g.Band)) }
func (g *page) WhyHTML() template.HTML      { return template.HTML(prose(g.Why)) }
func (g *page) AskedHTML() template.HTML    { return template.HTML(prose(g.Asked)) }

// FootWords are the sentences at the foot.
func (g *page) FootWords() string { return strings.Join(g.Foot, " ") }

// prose writes text with its looks.
func prose(t document.Text) string {
	var b strings.Builder
	for _, s := range t {
		span(&b, s, template.HTMLEscapeString)
	}
	return b.String()
}

// words writes text of a cell, a heading or a label.
func words(t document.Text) string {
	var b strings.Builder
	for _, s := range t {
		span(&b, s, esc)
	}
	return b.String()
}

func span(b *strings.Builder, s document.Span, esc func(string) string) {
	var ends []string
	open := func(tag, end string) {
		b.WriteString(tag)
		ends = append(ends, end)
	}
	if s.To != "" {
		open(`<a href="`+template.HTMLEscapeString(s.To)+`">`, "</a>")
	}
	if s.Strong {
		open("<strong>", "</strong>")
	}
	if s.Bold {
		open("<b>", "</b>")
	}
	if s.Code {
		open("<code>", "</code>")
	}
	if s.Whole {
		open(`<span class="nb">`, "</span>")
	}
	b.WriteString(esc(s.Text))
	for i := len(ends) - 1; i >= 0; i-- {
		b.WriteString(ends[i])
	}
}

// escaper is that of html/template, so that what is written here and what the
// templates write is the same.
var escaper = strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;", "<", "&lt;", ">", "&gt;")

func esc(s string) string { return escaper.Replace(s) }
