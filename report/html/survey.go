package html

import (
	"html/template"
	"io"
	"strings"

	"constat/report/document"
)

// survey is a page of tables, without numbers of paragraphs, figures and tables.
type survey struct {
	*page
	Index string
}

// Style is the sheet of the page.
func (g *survey) Style() template.CSS {
	return template.CSS(sheet("style.css") + sheet("survey.css"))
}

// WriteSurvey writes a document that is tables in the main, such as who could cut a
// network off. Index is the name of the page that leads to it; empty if there is none.
func WriteSurvey(w io.Writer, d *document.Document, index string) error {
	g, err := newPage(d)
	if err != nil {
		return err
	}
	x := &survey{g, index}
	g.execute("survey head", x)
	for i, s := range g.Sections {
		g.surveySection(s, i == 0)
	}
	g.execute("survey foot", x)
	return g.flush(w)
}

func (g *page) surveySection(s document.Section, first bool) {
	class := ""
	if first {
		class = classes("first")
	}
	g.write(`<section id="`, esc(s.ID), `"`, class, ">\n<h2>", esc(s.Heading), "</h2>\n")
	lead := false
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case *document.Flow:
			g.template("flow", b)
			continue
		case document.Table:
			g.surveyTable(b)
		default:
			if !lead && first {
				g.write("<div class=\"lead\">\n")
				lead = true
			}
			g.block(b)
		}
		g.write("\n")
	}
	if lead {
		g.write("</div>\n")
	}
	g.write("</section>\n")
}

func (g *page) surveyTable(t document.Table) {
	class := "ck"
	if t.Name == "sources" {
		class += " ex"
	}
	g.cards(&t, class, ` id="t-`+esc(t.Name)+`"`, "\n", words(t.Caption), t.Rows, nil, true)
}

// Flow draws both forms of a figure, for wide pages and for narrow ones.
func (p part) Flow(f *document.Flow) template.HTML {
	return template.HTML(strings.Join([]string{f.Wide.SVG(f.Label, "wd"), f.Narrow.SVG(f.Label, "nw")}, ""))
}
