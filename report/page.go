package report

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/judge/finding"
)

//go:embed page.tmpl case.tmpl country.tmpl chokepoints.tmpl style.css case.css country.css chokepoints.css
var files embed.FS

// caseSheet and countrySheet are what a page needs for the sections of a case
// and of a country alone.
var styleSheet, caseSheet, countrySheet = sheet("style.css"), sheet("case.css"), sheet("country.css")

func sheet(name string) template.CSS {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return template.CSS(b)
}

// Methods that words need are called with the printer at hand: {{$.T "key"}}.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page.tmpl").ParseFS(files, "page.tmpl", "case.tmpl", "country.tmpl"))
})

// Limits of tables. What is beyond a limit is counted, never just left out.
const (
	shownRows    = 12  // in sight; the rest of a table is folded away
	tableRows    = 60  // of a folded table of one line a thing
	reasonsShown = 6   // why the subject is what it is, in sight if there are many
	hashShown    = 6   // lines that end in a hash, in sight
	hashRows     = 16  // and with those folded away
	subjectCap   = 300 // prefixes of the subject list
)

// page is what the template shows. Sections without content are nil or empty
// and are not shown.
type page struct {
	p        *printer
	Lang     Lang
	Style    template.CSS
	Title    string
	Headline template.HTML
	Case     string

	CaseTitle string // what the case was called when it was opened; empty outside one
	Language  string
	Others    []otherPage
	Band      template.HTML // the words of a reconstruction
	Asked     template.HTML

	Sections []string // ids in order, for the contents
	Tables   []string // names of the numbered tables, in order
	Answer   []leadPara
	Glance   []leadPara // of the answer, what stands beside the key figures
	After    []leadPara // and the rest, after figure 1
	Quote    *quote
	Notes    []template.HTML
	Keys     []keyFigure
	Verdict  []verdictColumn
	Standard *standardTable
	Losses   *lossTable

	Country   *countrySection
	Timeline  *timelineFigure
	Magnified []*magnified
	Strip     *stripFigure
	Paths     *pathFigure
	Hyps      *hypTable
	Settle    *settleList
	How       *howBox
	Outages   *outageTables
	Operators *operatorTable
	Blind     *blindTable
	Subject   *subjectTable
	Check     *checkTables
	Credits   string
	CasePart  *casePart
}

// notPrinted is the rule that says on paper, in the reader's language, that a
// long table is on the page alone.
func notPrinted(p *printer) template.CSS {
	words := strings.NewReplacer(`"`, "", `\`, "", "<", "", "\n", " ").Replace(p.t("print.folded"))
	return template.CSS("@media print{details.lg>summary::after{content:\" – " + words + "\"}}\n")
}

// otherPage leads to the same page in another language.
type otherPage struct {
	Lang       Lang
	File, Link string
}

// T and H word messages for the template.
func (g *page) T(key string, a ...any) string        { return g.p.t(key, a...) }
func (g *page) H(key string, a ...any) template.HTML { return g.p.h(key, a...) }

// with hands rows and the page to a part of the template.
type with struct {
	Page *page
	Rows any
}

// With is the page with rows for a part of the template.
func (g *page) With(rows any) with { return with{g, rows} }

// leadPara is one paragraph of the first section; the rest is set smaller than
// what answers the question.
type leadPara struct {
	N     int // its place in the section, from 0
	HTML  template.HTML
	Small bool
}

// glanceWords is how many characters stand beside the key figures, so that
// figure 1 follows on the same screen and the same sheet. The first paragraph
// stands there however long it is.
const (
	glanceWords = 900
	glanceSmall = 420 // what goes with the answer stands there only as long as the answer is short
)

// glance divides the answer in what stands before figure 1 and what follows it.
func glance(all []leadPara) (first, after []leadPara) {
	size := 0
	for i, a := range all {
		size += utf8.RuneCountInString(rich(a.HTML).String())
		if i > 0 && (size > glanceWords || a.Small && size > glanceSmall) {
			return all[:i:i], all[i:]
		}
	}
	return all, nil
}

// Long reports whether a folded table of n rows stays folded on paper.
func (g *page) Long(n int) bool { return n > shownRows }

// TimelineFirst reports whether the timeline is figure 1.
func (g *page) TimelineFirst() bool { return g.Timeline != nil && g.Figure("timeline") == 1 }

// Top is the id of the first section.
func (g *page) Top() string { return g.Sections[0] }

// Heading is the heading of a section.
func (g *page) Heading(id string) string {
	if id == "paths" && g.Paths != nil && g.Paths.Marks {
		return g.T("h.paths.stopped")
	}
	return g.T("h." + id)
}

// Section is the number of a section, 0 if the page has none of that name.
func (g *page) Section(id string) int { return slices.Index(g.Sections, id) + 1 }

// paraHead is the number of a paragraph and its stable address.
type paraHead struct{ ID, Number string }

// Para is the head of the i-th paragraph of a section.
func (g *page) Para(id string, i int) paraHead {
	n := g.Section(id)
	return paraHead{fmt.Sprintf("p%d-%d", n, i+1), fmt.Sprintf("%d.%d", n, i+1)}
}

// Next is the head of the i-th paragraph that follows the first.
func (g *page) Next(id string, i int) paraHead { return g.Para(id, i+1) }

// Table is the number of a table among those the page has.
func (g *page) Table(id string) template.HTML {
	n := slices.Index(g.Tables, id) + 1
	return g.p.h("table", "n", n)
}

// Figure is the number of a figure among those the page has.
func (g *page) Figure(id string) int {
	n := 0
	for _, f := range []struct {
		id    string
		there bool
	}{{"country", g.Country != nil && g.Country.Plot != nil}, {"timeline", g.Timeline != nil}, {"magnified", len(g.Magnified) > 0}, {"who", g.Strip != nil}, {"paths", g.Paths != nil}} {
		if f.there {
			n++
		}
		if f.id == id {
			return n
		}
	}
	return 0
}

func (p *printer) more(n int64) string { return p.count("more", n) }

func newPage(p *printer, c *facts, o Options) *page {
	q := c.f.Question
	g := &page{p: p, Lang: p.lang, Style: styleSheet, Title: p.title(c), Headline: p.headline(c), Case: o.CaseName, Language: p.w.Format.Name}
	if o.Case != nil {
		g.CaseTitle = clip(o.Case.Title, 120)
	}
	for _, x := range o.Others {
		if f, err := locale.FormatOf(x.Lang); err == nil {
			g.Others = append(g.Others, otherPage{x.Lang, x.File, f.Link})
		}
	}
	if n, ok := c.note(finding.NoteReconstruction); ok {
		g.Band = p.html(p.note(n))
	}
	g.Asked = p.h("asked", "of", p.ofSubject(), "span", p.span())
	top, rest := lead(p, c)
	for i, s := range slices.Concat(top, rest) {
		g.Answer = append(g.Answer, leadPara{i, p.html(s), i >= len(top)})
	}
	g.Glance, g.After = glance(g.Answer)
	g.Quote = newQuote(p, c, o)
	g.Style += notPrinted(p)
	for _, s := range notes(p, c) {
		g.Notes = append(g.Notes, p.html(s))
	}
	g.Keys = keyFigures(p, c)
	g.Sections = []string{"answer"}
	if len(c.f.Verdict.Propositions) > 0 {
		g.Sections = []string{"verdict"}
		g.Verdict = verdictColumns(p, c)
		g.Standard = newStandard(p, c)
		g.Losses = newLosses(p, c)
	}
	section := func(id string, there bool) bool {
		if there {
			g.Sections = append(g.Sections, id)
		}
		return there
	}
	if g.Country = newCountry(p, c); section("country", g.Country != nil) {
		g.Style += countrySheet
	}
	if section("timeline", c.f.Timeline.Height > 0 && q.Until > q.From) {
		if c.head != nil {
			g.Magnified = magnifyAll(p, c)
		}
		g.Timeline = drawTimeline(p, c, len(g.Magnified) > 0)
	}
	g.Strip = drawStrip(p, c)
	section("who", g.Strip != nil)
	g.Paths = drawPaths(p, c)
	section("paths", g.Paths != nil)
	g.Hyps = newHypotheses(p, c)
	section("hypotheses", g.Hyps != nil)
	g.Settle = newSettle(p, c)
	section("settle", g.Settle != nil)
	g.How = newHow(p, c)
	section("how", g.How != nil)
	if g.CasePart = newCasePart(p, c, o, g.Hyps); g.CasePart != nil {
		g.Style += caseSheet
		section("statements", g.CasePart.Statements != nil)
		section("trace", len(g.CasePart.Trace) > 0)
		section("evidence", len(g.CasePart.Evidence) > 0)
		section("codes", g.CasePart.Codes != nil)
	}
	g.Outages = newOutages(p, c, o)
	section("outages", g.Outages != nil)
	g.Operators = newOperators(p, c)
	section("operators", g.Operators != nil)
	g.Blind = newBlind(p, c)
	section("blind", g.Blind != nil)
	g.Subject = newSubject(p, c)
	section("subject", g.Subject != nil)
	g.Check = newCheck(p, c, o)
	section("check", true)
	section("log", g.CasePart != nil && g.CasePart.Log != nil)
	for _, t := range []struct {
		id    string
		there bool
	}{
		{"standard", g.Standard != nil && len(g.Standard.Rows) > 0},
		{"stages", g.Country != nil && len(g.Country.Stages) > 0}, {"groups", g.Country != nil && len(g.Country.Groups) > 0},
		{"hypotheses", g.Hyps != nil},
		{"order", g.How != nil && len(g.How.Order) > 0}, {"how", g.How != nil && len(g.How.Signs) > 0},
		{"statements", g.CasePart != nil && g.CasePart.Statements != nil && len(g.CasePart.Statements.Rows) > 0},
		{"trace", g.CasePart != nil && len(g.CasePart.Trace) > 0}, {"countries", g.CasePart != nil && len(g.CasePart.Trace) > 0},
		{"evidence", g.CasePart != nil && len(g.CasePart.Evidence) > 0},
		{"outages", g.Outages != nil && len(g.Outages.Whole) > 0}, {"operators", g.Operators != nil}, {"blind", g.Blind != nil},
		{"reasons", g.Subject != nil && len(g.Subject.Reasons) > 0}, {"subject", g.Subject != nil && len(g.Subject.Rows) > 0},
		{"exhibits", len(g.Check.Exhibits) > 0}, {"sources", len(g.Check.Sources) > 0}, {"unread", len(g.Check.Unread) > 0},
		{"log", g.CasePart != nil && g.CasePart.Log != nil},
	} {
		if t.there {
			g.Tables = append(g.Tables, t.id)
		}
	}
	if g.Band == "" { // records made in a laboratory are nobody's archive
		g.Credits = credits(p, c.f.Watch.Collectors)
	}
	return g
}

// magnifyAll magnifies the headline outage and, folded away, up to three others
// of the whole subject, the longest ones; one where the headline outage is far
// longer than any other.
func magnifyAll(p *printer, c *facts) []*magnified {
	var out []*magnified
	if m := magnify(p, c.head, "fig-magnified", true); m != nil {
		out = append(out, m)
	}
	rest := slices.DeleteFunc(slices.Clone(c.whole), func(o *finding.Outage) bool { return o == c.head })
	slices.SortStableFunc(rest, func(a, b *finding.Outage) int { return cmp.Compare(c.length(b), c.length(a)) })
	most := 3
	if c.dominant { // the others are small beside it; the table has them all
		most = 1
	}
	rest = rest[:min(len(rest), most)]
	slices.SortStableFunc(rest, func(a, b *finding.Outage) int { return cmp.Compare(a.From, b.From) })
	for i, o := range rest {
		letter := string(rune('a' + i))
		if m := magnify(p, o, "fig-magnified-"+letter, false); m != nil && len(out) > 0 {
			m.Title = p.at(onset(o)) + ". " + m.Title
			out = append(out, m)
		}
	}
	return out
}
