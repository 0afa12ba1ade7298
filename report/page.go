package report

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"constat/finding"
	"constat/observe"
)

//go:embed page.tmpl style.css
var files embed.FS

var styleSheet = func() template.CSS {
	b, err := files.ReadFile("style.css")
	if err != nil {
		panic(err)
	}
	return template.CSS(b)
}()

// Methods that words need are called with the printer at hand: {{$.T "key"}}.
var pageTemplate = template.Must(template.New("page.tmpl").ParseFS(files, "page.tmpl"))

// Limits of tables. What is beyond a limit is counted, never just left out.
const (
	shownRows  = 12  // in sight; the rest of a table is folded away
	tableRows  = 60  // of a folded table of one line a thing
	subjectCap = 300 // prefixes of the subject list
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
	Other    string
	OtherID  Lang
	Band     template.HTML // the words of a reconstruction
	Asked    template.HTML

	Sections []string // ids in order, for the contents
	Answer   []template.HTML
	Notes    []template.HTML
	Keys     []keyFigure

	Timeline  *timelineFigure
	Magnified []*magnified
	Strip     *stripFigure
	Paths     *pathFigure
	Outages   *outageTables
	Operators *operatorTable
	Blind     *blindTable
	Subject   *subjectTable
	Check     *checkTables
	Credits   string
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

// Section is the number of a section, 0 if the page has none of that name.
func (g *page) Section(id string) int { return slices.Index(g.Sections, id) + 1 }

// paraHead is the number of a paragraph and its stable address.
type paraHead struct{ ID, Number string }

// Para is the head of the i-th paragraph of a section.
func (g *page) Para(id string, i int) paraHead {
	n := g.Section(id)
	return paraHead{fmt.Sprintf("p%d-%d", n, i+1), fmt.Sprintf("%d.%d", n, i+1)}
}

// Figure is the number of a figure among those the page has.
func (g *page) Figure(id string) int {
	n := 0
	for _, f := range []struct {
		id    string
		there bool
	}{{"timeline", g.Timeline != nil}, {"magnified", len(g.Magnified) > 0}, {"who", g.Strip != nil}, {"paths", g.Paths != nil}} {
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
	g := &page{p: p, Lang: p.lang, Style: styleSheet, Title: p.title(c), Headline: p.headline(c), Case: o.CaseName, Other: o.Other, OtherID: French}
	if p.lang == French {
		g.OtherID = English
	}
	if a, ok := c.note(noteReconstruction); ok {
		g.Band = p.html(p.note(finding.Note{Key: noteReconstruction, Args: a}))
	}
	g.Asked = p.h("asked", "subject", p.subject(), "span", p.span())
	for _, s := range answer(p, c) {
		g.Answer = append(g.Answer, p.html(s))
	}
	for _, s := range notes(p, c) {
		g.Notes = append(g.Notes, p.html(s))
	}
	g.Keys = keyFigures(p, c)
	g.Sections = []string{"answer"}
	section := func(id string, there bool) bool {
		if there {
			g.Sections = append(g.Sections, id)
		}
		return there
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
	g.Outages = newOutages(p, c)
	section("outages", g.Outages != nil)
	g.Operators = newOperators(p, c)
	section("operators", g.Operators != nil)
	g.Blind = newBlind(p, c)
	section("blind", g.Blind != nil)
	g.Subject = newSubject(p, c)
	section("subject", g.Subject != nil)
	g.Check = newCheck(p, c, o)
	section("check", true)
	g.Credits = credits(p, c.f.Watch.Collectors)
	return g
}

// magnifyAll magnifies the headline outage and, folded away, up to three others
// of the whole subject, the longest ones.
func magnifyAll(p *printer, c *facts) []*magnified {
	var out []*magnified
	if m := magnify(p, c.head, "fig-magnified"); m != nil {
		out = append(out, m)
	}
	rest := slices.DeleteFunc(slices.Clone(c.whole), func(o *finding.Outage) bool { return o == c.head })
	slices.SortStableFunc(rest, func(a, b *finding.Outage) int { return cmp.Compare(c.length(b), c.length(a)) })
	rest = rest[:min(len(rest), 3)]
	slices.SortStableFunc(rest, func(a, b *finding.Outage) int { return cmp.Compare(a.From, b.From) })
	for i, o := range rest {
		letter := string(rune('a' + i))
		if m := magnify(p, o, "fig-magnified-"+letter); m != nil && len(out) > 0 {
			m.Title = p.at(onset(o)) + ". " + m.Title
			out = append(out, m)
		}
	}
	return out
}

type timelineFigure struct {
	Title, Sub, Label, Height, Note string
	High                            int
	Seen                            string // path of what is seen, from the bottom
	Blind                           []box
	Outline                         string // instead of boxes, where they would be too many
	Brackets                        []bracket
	Marks                           []mark
	Ticks                           []tickMark
	Rows                            []timelineRow
	RowsCaption                     string
}

type bracket struct {
	Left, Width string
	Text        string
	Head, Wide  bool
	Side        string // "", "l" or "r": the text starts or ends at the bracket near an edge
}

type mark struct{ Letter, Href, Left, Label, Side string }

type timelineRow struct{ At, Seen, Gone, Unknown string }

func drawTimeline(p *printer, c *facts, magnified bool) *timelineFigure {
	q, tl := c.f.Question, &c.f.Timeline
	s := scale{q.From, q.Until}
	cols, high := timelineColumns(tl, q)
	t := &timelineFigure{
		Title: timelineTitle(p, c), Sub: p.t("timeline.sub", "days", p.days(q.From, lastMoment(q))),
		Height: p.count("unit.route", int64(tl.Height)), High: high,
		Seen:  skyline(len(cols), high, func(i int) int { return cols[i].seen }),
		Blind: hatches(cols, high), Ticks: p.ticks(s, 6),
	}
	if len(t.Blind) > 80 {
		t.Blind, t.Outline = nil, outline(cols, high)
	}
	least := cell{seen: tl.Height}
	var at observe.Time
	most := 0
	eachStep(tl, q, func(from, _ observe.Time, x cell) {
		if x.seen < least.seen {
			least, at = x, from
		}
		most = max(most, x.unknown)
	})
	t.Label = p.t("timeline.label", "height", t.Height, "least", p.n(int64(least.seen)), "unknown", p.n(int64(most)))
	if at > 0 {
		t.Label += " " + p.t("timeline.label.at", "least", p.n(int64(least.seen)), "at", p.at(at))
	}
	if !tl.Exact {
		t.Note = p.t("timeline.inexact")
	}
	t.Brackets = brackets(p, c, s)
	if h := c.head; h != nil && magnified {
		a := mark{"A", "#fig-magnified-onset", s.percent(onset(h)), p.t("timeline.mark.onset"), ""}
		t.Marks = append(t.Marks, a)
		if h.Recovery != nil && h.Recovery.Median != nil {
			b := mark{"B", "#fig-magnified-recovery", s.percent(*h.Recovery.Median), p.t("timeline.mark.recovery"), ""}
			if s.share(*h.Recovery.Median)-s.share(onset(h)) < 0.06 { // side by side, not one over the other
				t.Marks[0].Side, b.Side = "l", "r"
			}
			t.Marks = append(t.Marks, b)
		}
	}
	t.Rows, t.RowsCaption = timelineRows(p, c)
	return t
}

func timelineTitle(p *printer, c *facts) string {
	switch c.f.Answer {
	case finding.AnswerOutage:
		if c.head == nil {
			return p.t("timeline.title")
		}
		switch {
		case !c.dominant && c.allTotal():
			return p.tn("timeline.title.series", int64(len(c.whole)), "n", p.n(int64(len(c.whole))))
		case !c.dominant:
			return p.tn("timeline.title.outages", int64(len(c.whole)), "n", p.n(int64(len(c.whole))))
		}
		length := p.brief(int64(c.length(c.head) / observe.Second))
		if len(c.head.Total) == 0 {
			key := "timeline.title.part"
			if c.head.DurationS == nil {
				key += ".open"
			}
			return p.tn(key, int64(c.head.Lost.Prefixes), "length", length, "k", p.n(int64(c.head.Lost.Prefixes)), "n", p.n(int64(c.head.Lost.Of)))
		}
		if c.head.DurationS == nil {
			return p.t("timeline.title.open", "length", length)
		}
		if c.before > 0 {
			return p.tn("timeline.title.before", int64(c.before), "length", length, "n", p.n(int64(c.before)))
		}
		return p.t("timeline.title.one", "length", length)
	case finding.AnswerStayed:
		return p.t("timeline.title.stayed")
	}
	return p.t("timeline.title")
}

// brackets stand above the outages. Labels that would meet are left out, the
// headline's never.
func brackets(p *printer, c *facts, s scale) []bracket {
	if c.head == nil {
		return nil
	}
	var out []bracket
	type label struct{ mid, half float64 }
	var labelled []label
	place := func(o *finding.Outage, headline bool) {
		from := onset(o)
		until := c.end(nil, o)
		if o.Recovery != nil && o.Recovery.Median != nil {
			until = *o.Recovery.Median
		}
		b := bracket{Left: s.percent(from), Width: s.width(from, until), Head: headline}
		text := p.brief(int64(c.length(o) / observe.Second))
		if o.DurationS == nil {
			text = "≥" + nbsp + text
		}
		// A character takes about 2.4 % of the narrowest screen.
		l := label{(s.share(from) + s.share(until)) / 2, float64(utf8.RuneCountInString(text)) * 0.012}
		clear := true
		for _, x := range labelled {
			clear = clear && max(l.mid-x.mid, x.mid-l.mid) > l.half+x.half
		}
		if clear && (headline || len(c.whole) <= 8) {
			b.Text = text
			switch {
			case l.mid < 0.12:
				b.Side = "r"
			case l.mid > 0.88:
				b.Side = "l"
			}
			labelled = append(labelled, l)
		}
		out = append(out, b)
	}
	place(c.head, true)
	if c.dominant && c.before >= 3 { // the instability before, as one
		first, last := onset(c.whole[0]), c.head.From
		b := bracket{Left: s.percent(first), Width: s.width(first, last-(s.until-s.from)/300), Wide: true}
		if w := s.share(last) - s.share(first); w > 0.2 {
			b.Text = p.tn("timeline.instability", int64(c.before), "n", p.n(int64(c.before)))
		}
		out = append(out, b)
	}
	for i, o := range c.whole {
		if o == c.head || c.dominant && c.before >= 3 && o.From < c.head.From || i >= 60 {
			continue
		}
		place(o, false)
	}
	return out
}

// timelineRows is the table beside the timeline: every step while they are
// few, else the worst step of equal intervals. Each row adds up.
func timelineRows(p *printer, c *facts) ([]timelineRow, string) {
	q, tl := c.f.Question, &c.f.Timeline
	row := func(at observe.Time, x cell) timelineRow {
		return timelineRow{p.stamp(at), p.n(int64(x.seen)), p.n(int64(x.gone)), p.n(int64(x.unknown))}
	}
	var out []timelineRow
	if len(tl.Steps) < tableRows {
		eachStep(tl, q, func(from, _ observe.Time, x cell) { out = append(out, row(from, x)) })
		return out, p.t("timeline.rows", "day", p.days(q.From, lastMoment(q)))
	}
	step := tickSteps[len(tickSteps)-1]
	for _, t := range tickSteps {
		if (q.Until-q.From)/t <= 48 {
			step = t
			break
		}
	}
	var cur observe.Time = -1
	var worst cell
	flush := func() {
		if cur >= 0 {
			out = append(out, row(max(cur, q.From), worst))
		}
	}
	eachStep(tl, q, func(from, until observe.Time, x cell) {
		for b := from / step * step; b < until; b += step {
			if b != cur {
				flush()
				cur, worst = b, x
			} else if x.seen < worst.seen || x.seen == worst.seen && x.gone > worst.gone {
				worst = x
			}
		}
	})
	flush()
	return out, p.t("timeline.rows.worst", "step", p.brief(int64(step/observe.Second)), "day", p.days(q.From, lastMoment(q)))
}

// outageTables list every outage: of the whole subject in sight, of origins
// and prefixes folded away.
type outageTables struct {
	Caption string
	Whole   []outageRow
	Folded  []outageRow // the rest of the whole subject's
	More    string
	Folds   []outageFold
}

type outageFold struct {
	Summary, Caption string
	Rows             []outageRow
	More             string
}

type outageRow struct {
	Name, Onset, Recovery, Duration, Lost, Size, Witnesses, Total, Censored string
	Number                                                                  int  // place among the outages of the whole subject; 0 for others
	Head                                                                    bool // the headline outage, where there are others
}

func newOutages(p *printer, c *facts) *outageTables {
	if len(c.f.Outages) == 0 {
		return nil
	}
	t := &outageTables{Caption: p.tn("outages.caption", int64(len(c.whole)), "n", p.n(int64(len(c.whole))), "days", p.days(c.f.Question.From, lastMoment(c.f.Question)))}
	// In sight are all outages of the whole subject or, of many, the longest,
	// in order of time; each keeps its number in that order.
	show := map[*finding.Outage]bool{}
	longest := slices.Clone(c.whole)
	slices.SortStableFunc(longest, func(a, b *finding.Outage) int { return cmp.Compare(c.length(b), c.length(a)) })
	for i, o := range longest {
		show[o] = o == c.head || i < shownRows || len(longest) <= shownRows+3
	}
	for i, o := range c.whole {
		r := p.outageRow(o, o == c.head && len(c.whole) > 1)
		r.Name, r.Number = "", i+1
		if o.Lost.Prefixes == o.Lost.Of {
			r.Size = "" // the same for all of them, and among the key figures
		}
		switch {
		case show[o]:
			t.Whole = append(t.Whole, r)
		case len(t.Folded) < 4*tableRows:
			t.Folded = append(t.Folded, r)
		}
	}
	if len(t.Whole) < len(c.whole) {
		t.Caption = p.t("outages.longest", "k", p.n(int64(len(t.Whole))), "n", p.n(int64(len(c.whole))))
	}
	fold := func(key, scope string) outageFold {
		var f outageFold
		n := 0
		for _, o := range c.others {
			if o.Scope != scope {
				continue
			}
			n++
			if n <= 2*tableRows {
				f.Rows = append(f.Rows, p.outageRow(o, false))
			}
		}
		f.Summary = p.count(key, int64(n))
		f.Caption = f.Summary + " (UTC)"
		if n > len(f.Rows) {
			f.More = p.more(int64(n - len(f.Rows)))
		}
		return f
	}
	if n := len(c.whole) - len(t.Whole) - len(t.Folded); n > 0 {
		t.More = p.more(int64(n))
	}
	for _, f := range []outageFold{fold("outages.origins", "origin"), fold("outages.prefixes", "prefix")} {
		if len(f.Rows) > 0 {
			t.Folds = append(t.Folds, f)
		}
	}
	return t
}

func (p *printer) outageRow(o *finding.Outage, head bool) outageRow {
	r := outageRow{Name: clip(o.Name, 60), Onset: p.stamp(onset(o)), Recovery: "–", Duration: "–", Head: head,
		Lost:      p.t("key.of", "k", p.n(int64(o.Lost.Prefixes)), "n", p.n(int64(o.Lost.Of))),
		Witnesses: p.t("key.of", "k", p.n(int64(o.Witnesses.Lost)), "n", p.n(int64(o.Witnesses.Carried))),
		Censored:  p.censored(o)}
	if o.Recovery != nil && o.Recovery.Median != nil {
		r.Recovery = p.stamp(*o.Recovery.Median)
	}
	if o.DurationS != nil {
		r.Duration = p.exact(*o.DurationS)
	}
	var size []string
	if o.Lost.V4 > 0 {
		size = append(size, p.count("unit.address", o.Lost.V4))
	}
	if o.Lost.V6 > 0 {
		size = append(size, p.count("unit.v6", o.Lost.V6))
	}
	r.Size = strings.Join(size, p.t("semicolon"))
	var total []string
	for _, s := range o.Total {
		total = append(total, p.stamp(s.From)+"–"+p.untilStamp(s.From, s.Until))
	}
	r.Total = list(total, 3)
	if r.Total == "" {
		r.Total = p.t("outages.nottotal")
	}
	return r
}

// untilStamp is the end of a span whose start was just written.
func (p *printer) untilStamp(from observe.Time, until *observe.Time) string {
	switch {
	case until == nil:
		return "…"
	case sameDay(from.Std(), until.Std()):
		return clock(*until)
	}
	return p.stamp(*until)
}

// operatorTable is a country's table by origin AS.
type operatorTable struct {
	Caption      string
	Rows, Folded []operatorRow
	More         string
	Summary      string
}

type operatorRow struct{ Name, Prefixes, Outages, Lost, Size, Longest string }

func newOperators(p *printer, c *facts) *operatorTable {
	if len(c.f.Operators) < 2 {
		return nil
	}
	ops := slices.Clone(c.f.Operators)
	slices.SortStableFunc(ops, func(a, b finding.Operator) int {
		return cmp.Or(cmp.Compare(b.Lost.V4, a.Lost.V4), cmp.Compare(b.Lost.V6, a.Lost.V6), cmp.Compare(b.Prefixes, a.Prefixes), cmp.Compare(a.AS, b.AS))
	})
	lost := 0
	for _, o := range ops {
		if o.Outages > 0 {
			lost++
		}
	}
	t := &operatorTable{Caption: p.tn("operators.caption", int64(lost), "n", p.n(int64(lost)), "of", p.n(int64(len(ops))))}
	for i, o := range ops {
		r := operatorRow{Name: p.as(o.AS), Prefixes: p.n(int64(o.Prefixes)), Outages: p.n(int64(o.Outages)), Lost: "–", Longest: "–"}
		if o.Outages > 0 {
			r.Lost = p.t("key.of", "k", p.n(int64(o.Lost.Prefixes)), "n", p.n(int64(o.Lost.Of)))
			if o.LongestS != nil {
				r.Longest = p.exact(*o.LongestS)
			}
			if o.Open {
				r.Longest = p.t("operators.open")
			}
			var size []string
			if o.Lost.V4 > 0 {
				size = append(size, p.count("unit.address", o.Lost.V4))
			}
			if o.Lost.V6 > 0 {
				size = append(size, p.count("unit.v6", o.Lost.V6))
			}
			r.Size = strings.Join(size, p.t("semicolon"))
		}
		switch {
		case i < 2*shownRows:
			t.Rows = append(t.Rows, r)
		case i < 400:
			t.Folded = append(t.Folded, r)
		}
	}
	if n := len(ops) - len(t.Rows) - len(t.Folded); n > 0 {
		t.More = p.more(int64(n))
	}
	t.Summary = p.count("operators.rest", int64(len(t.Folded)))
	return t
}

// blindTable is the blindness ledger. Peers of one collector that were blind
// from and until the same moments for the same reason share a line.
type blindTable struct {
	Caption, Span string
	Rows, Folded  []blindRow
	Summary, More string
	// The headline outage under every bar.
	OutageLeft, OutageWidth string
}

type blindRow struct {
	Number                                 int
	Who, Note, From, Until, Length, Reason string
	Bar                                    box
	Hot                                    bool // it overlaps the headline outage
}

func newBlind(p *printer, c *facts) *blindTable {
	type entry struct {
		finding.Blind
		peers []netip.Addr
	}
	type key struct {
		collector, reason string
		from, until       observe.Time
		whole             bool
	}
	index := map[key]int{}
	var all []entry
	for _, b := range c.f.Watch.Blind {
		k := key{b.Collector, b.Reason, b.From, b.Until, b.Peer == nil}
		i, ok := index[k]
		if !ok {
			i = len(all)
			index[k] = i
			all = append(all, entry{Blind: b})
		}
		if b.Peer != nil {
			all[i].peers = append(all[i].peers, *b.Peer)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Collector, b.Collector), cmp.Compare(a.Until, b.Until))
	})
	q := c.f.Question
	s := scale{q.From, q.Until}
	t := &blindTable{Caption: p.tn("blind.caption", int64(len(all)), "n", p.n(int64(len(all)))), Span: p.days(q.From, lastMoment(q))}
	var hot observe.Interval
	if h := c.head; h != nil {
		hot = observe.Interval{From: h.From, Until: c.end(nil, h)}
		t.OutageLeft, t.OutageWidth = s.percent(hot.From), s.width(hot.From, hot.Until)
	}
	for i, e := range all {
		r := blindRow{Number: i + 1, Who: clip(e.Collector, 40), From: p.stamp(e.From), Until: p.stamp(e.Until),
			Length: p.exact(int64((e.Until - e.From) / observe.Second)), Reason: p.reason(e.Reason),
			Bar: box{Left: s.percent(e.From), Width: s.width(e.From, e.Until)}}
		slices.SortFunc(e.peers, netip.Addr.Compare)
		switch len(e.peers) {
		case 0:
			r.Note = p.t("blind.all")
		case 1:
			r.Note = e.peers[0].String()
		default:
			r.Note = p.count("unit.peer", int64(len(e.peers)))
		}
		r.Hot = c.head != nil && hot.Overlaps(observe.Interval{From: e.From, Until: e.Until})
		switch {
		case i < 2*shownRows:
			t.Rows = append(t.Rows, r)
		case len(t.Folded) < tableRows:
			t.Folded = append(t.Folded, r)
		}
	}
	if n := len(all) - len(t.Rows) - len(t.Folded); n > 0 {
		t.More = p.more(int64(n))
	}
	t.Summary = p.count("blind.rest", int64(len(t.Folded)))
	return t
}

// reason words a reason of blindness; one it does not know is printed as is.
func (p *printer) reason(r string) string {
	if _, ok := p.table["reason."+r]; ok {
		return p.t("reason." + r)
	}
	return clip(r, 80)
}

// subjectTable is the subject list with a reason on every line.
type subjectTable struct {
	Text          template.HTML
	Reasons       []finding.Reason
	MoreReasons   string
	Caption       string
	Counts        bool // any prefix is covered, replaced or unknown
	Rows, Folded  []subjectRow
	Summary, More string
	NamesOf       string
}

type subjectRow struct{ Prefix, Origins, Carriers, Covered, Replaced, Unknown, Reasons string }

func newSubject(p *printer, c *facts) *subjectTable {
	s := &c.f.Subject
	if len(s.Prefixes)+len(s.Reasons) == 0 {
		return nil
	}
	n := int64(len(s.Prefixes))
	t := &subjectTable{Text: p.hn("subject.text", n, "n", p.n(n), "subject", p.subject()), NamesOf: clip(s.NamesOf, 120),
		Caption: p.tn("subject.caption", n, "n", p.n(n))}
	for i, r := range s.Reasons {
		if i == tableRows {
			t.MoreReasons = p.more(int64(len(s.Reasons) - i))
			break
		}
		t.Reasons = append(t.Reasons, finding.Reason{What: clip(r.What, 60), Reason: clip(r.Reason, 200)})
	}
	for _, x := range s.Prefixes {
		t.Counts = t.Counts || x.Covered+x.Replaced+x.Unknown > 0
	}
	for i, x := range s.Prefixes {
		var origins, reasons []string
		for _, o := range x.Origins {
			origins = append(origins, p.asNumber(o))
		}
		for _, y := range x.Reasons {
			reasons = append(reasons, clip(y, 120))
		}
		r := subjectRow{x.Prefix.String(), list(origins, 4), p.n(int64(x.Carriers)), p.n(int64(x.Covered)), p.n(int64(x.Replaced)),
			p.n(int64(x.Unknown)), strings.Join(reasons, "; ")}
		switch {
		case i < shownRows || len(s.Prefixes) <= 2*shownRows:
			t.Rows = append(t.Rows, r)
		case i < subjectCap:
			t.Folded = append(t.Folded, r)
		}
	}
	if m := len(s.Prefixes) - len(t.Rows) - len(t.Folded); m > 0 {
		t.More = p.more(int64(m))
	}
	t.Summary = p.count("subject.rest", int64(len(t.Folded)))
	return t
}

// checkTables is what a reader needs to check the case: commands, exhibits,
// sources, and what could not be read.
type checkTables struct {
	Commands             []string
	Exhibits             []exhibitRow
	MoreExhibits         string
	Sources, FoldSources []sourceRow
	SourcesCaption       string
	SourcesSummary       string
	MoreSources          string
	Unread               []unreadRow
	UnreadCaption        string
	MoreUnread           string
	ReadText             template.HTML
}

type exhibitRow struct{ Name, Records, SHA256 string }
type sourceRow struct{ Name, Collector, Kind, Records, Span, Size, SHA256 string }
type unreadRow struct{ File, Collector, Count, Offset, Reason string }

func newCheck(p *printer, c *facts, o Options) *checkTables {
	w, q := &c.f.Watch, c.f.Question
	t := &checkTables{}
	if o.CaseName != "" {
		t.Commands = append(t.Commands, "constat examine --again "+shell(o.CaseName))
	}
	t.Commands = append(t.Commands, fmt.Sprintf("constat examine %s --from %s --until %s --case again", shell(q.Subject), q.From, q.Until))
	for i, e := range o.Exhibits {
		if i == tableRows {
			t.MoreExhibits = p.more(int64(len(o.Exhibits) - i))
			break
		}
		r := exhibitRow{clip(e.Name, 80), "–", e.SHA256}
		if e.Records >= 0 {
			r.Records = p.n(e.Records)
		}
		t.Exhibits = append(t.Exhibits, r)
	}
	for i, s := range w.Sources {
		r := sourceRow{clip(s.Name, 60), clip(s.Collector, 40), p.t("sources.updates"), p.n(s.Records), "–", p.bytes(s.Size), s.SHA256}
		if s.Kind == "rib" {
			r.Kind = p.t("sources.rib")
		}
		if s.First != nil && s.Last != nil {
			r.Span = p.stamp(*s.First) + "–" + p.untilStamp(*s.First, s.Last)
		}
		switch {
		case i < shownRows:
			t.Sources = append(t.Sources, r)
		case i < tableRows:
			t.FoldSources = append(t.FoldSources, r)
		default:
			t.MoreSources = p.more(int64(len(w.Sources) - i))
		}
		if t.MoreSources != "" {
			break
		}
	}
	t.SourcesCaption = p.tn("sources.caption", int64(len(w.Sources)), "n", p.n(int64(len(w.Sources))))
	t.SourcesSummary = p.count("sources.rest", int64(len(t.FoldSources)))
	t.ReadText = p.hn("read.text", w.Unreadable, "files", p.count("unit.file", int64(w.Files)), "records", p.count("unit.record", w.Records),
		"unread", p.n(w.Unreadable))
	for i, u := range w.Unread {
		if i == tableRows {
			t.MoreUnread = p.more(int64(len(w.Unread) - i))
			break
		}
		t.Unread = append(t.Unread, unreadRow{clip(u.File, 60), clip(u.Collector, 40), p.n(u.Count), p.n(u.Offset), clip(u.Reason, 120)})
	}
	t.UnreadCaption = p.tn("unread.caption", int64(len(w.Unread)), "n", p.n(w.Unreadable))
	return t
}

// bytes is a size as stored.
func (p *printer) bytes(n int64) string {
	switch {
	case n < 10_000:
		return p.count("unit.byte", n)
	case n < 10_000_000:
		return p.n(n/1000) + nbsp + p.t("unit.kb")
	}
	return p.n(n/1_000_000) + nbsp + p.t("unit.mb")
}

// shell quotes a word for a POSIX shell where it needs it.
func shell(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/:+,@%=", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// credits names the owners of the archives the collectors belong to.
func credits(p *printer, collectors []string) string {
	var ris, views bool
	for _, c := range collectors {
		ris = ris || len(c) == 5 && strings.HasPrefix(c, "rrc")
		views = views || strings.HasPrefix(c, "route-views")
	}
	var out []string
	if ris {
		out = append(out, "RIPE NCC RIS")
	}
	if views {
		out = append(out, "RouteViews (CC"+nbsp+"BY"+nbsp+"4.0)")
	}
	if len(out) == 0 {
		return ""
	}
	return p.t("credits", "archives", strings.Join(out, ", "))
}
