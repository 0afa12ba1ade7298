package report

import (
	"html/template"
	"slices"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/figure"
)

// countrySection shows the headline event of a subject of several operators:
// how much was out over time with its stages, and the tables of stages and
// groups.
type countrySection struct {
	Text []template.HTML
	Plot *countryPlot

	StagesCaption string
	Stages        []stageRow
	MoreStages    string
	GroupsCaption string
	Groups        []groupRow
	MoreGroups    string
}

type countryPlot struct {
	figure.Country
	SeenKey, Note string
	Caption, More string
	Rows          []courseRow
}

type courseRow struct{ At, Prefixes, Size string }

type stageRow struct{ Number, From, Latest, Until, Operators, Prefixes, Size string }

type groupRow struct{ Name, Operators, Lost, Size, At string }

func newCountry(p *printer, c *facts) *countrySection {
	e := c.event
	if e == nil {
		return nil
	}
	s := &countrySection{Plot: drawCountry(p, c)}
	s.Text = append(s.Text, p.h("country.text"))
	if e.Of.Snapshot != nil {
		s.Text[0] += " " + p.h("country.snapshot", "at", p.at(*e.Of.Snapshot))
	}
	n := int64(len(e.Stages))
	if n < 2 {
		return c.withGroups(p, s)
	}
	s.StagesCaption = p.tn("country.stages.caption", n, "n", p.n(n))
	for i, x := range e.Stages {
		if i == 4*shownRows {
			s.MoreStages = p.more(n - int64(i))
			break
		}
		r := stageRow{Number: p.t("country.stage.name", "n", i+1), From: p.stamp(x.From), Latest: p.untilStamp(x.From, &x.Latest), Until: "–",
			Operators: p.n(int64(len(x.Operators))), Prefixes: p.n(int64(x.Lost.Prefixes)), Size: p.addresses(x.Lost)}
		if x.Until != nil {
			r.Until = p.untilStamp(x.From, x.Until)
		}
		s.Stages = append(s.Stages, r)
	}
	return c.withGroups(p, s)
}

// withGroups adds the table of groups.
func (c *facts) withGroups(p *printer, s *countrySection) *countrySection {
	e := c.event
	s.GroupsCaption = p.t("country.groups.caption")
	for i := range e.Groups {
		g := &e.Groups[i]
		if i == tableRows {
			s.MoreGroups = p.more(int64(len(e.Groups) - i))
			break
		}
		r := groupRow{Name: p.groupName(g), Operators: p.n(int64(g.Operators)), At: "–", Size: p.sizeOf(g.Lost, g.Of),
			Lost: p.t("key.of", "k", p.n(int64(g.Lost.Prefixes)), "n", p.n(int64(g.Of.Prefixes)))}
		if g.At != nil {
			r.At = p.stamp(*g.At)
		}
		s.Groups = append(s.Groups, r)
	}
	return s
}

// addresses is a size in addresses and /48s, "–" if it has none.
func (p *printer) addresses(s finding.Size) string {
	if s.V4+s.V6 == 0 {
		return "–"
	}
	return p.size(s)
}

// drawCountry draws what of the event's base stands and what is out: IPv4
// addresses or, if none were out, IPv6 /48s.
func drawCountry(p *printer, c *facts) *countryPlot {
	e := c.event
	of, out, title, unit := e.Of.V4, func(s finding.Size) int64 { return s.V4 }, "country.title.v4", "country.axis.v4"
	if e.Trough.Lost.V4 == 0 {
		of, out, title, unit = e.Of.V6, func(s finding.Size) int64 { return s.V6 }, "country.title.v6", "country.axis.v6"
	}
	if of <= 0 || len(e.Course) == 0 {
		return nil
	}
	s := figure.Around(e.From, c.eventEnd(e))
	// Beyond the question nothing is known, so nothing is drawn.
	q := c.f.Question
	s = figure.Scale{From: max(s.From, min(q.From, e.From)), Until: min(s.Until, q.Until)}
	var course []figure.Out
	for i, x := range e.Course {
		y := figure.Out{From: x.At, Until: c.eventEnd(e), Size: out(x.Out)}
		if i+1 < len(e.Course) {
			y.Until = e.Course[i+1].At
		}
		course = append(course, y)
	}
	t := &countryPlot{Country: figure.NewCountry(s, of, course)}
	t.Ticks = p.ticks(s, 6)
	var begins []moment.Time
	for _, x := range e.Stages {
		begins = append(begins, x.From)
	}
	t.Marks = figure.Stages(begins, s)
	most, share := out(e.Trough.Lost), p.percent(float64(out(e.Trough.Lost))/float64(of))
	t.Title = p.t(heardKey(title, e), "share", share, "k", p.n(most), "n", p.n(of), "at", p.stamp(e.Trough.At))
	t.SeenKey = p.t("country.key.seen")
	if heard(e) {
		t.SeenKey = p.t("country.key.seenheard")
	}
	t.Sub = p.t("country.sub", "unit", capital(p.t(unit)), "days", p.days(e.From, c.eventEnd(e)))
	t.Height = p.n(of) + nbsp + p.t(unit)
	t.Label = p.t("country.label", "n", p.n(of), "k", p.n(most), "at", p.at(e.Trough.At))
	if !e.Exact {
		t.Note = p.t("country.inexact")
	}
	t.Caption = p.t("country.rows", "days", p.days(e.From, c.eventEnd(e)))
	for i, x := range e.Course {
		if i == tableRows {
			t.More = p.more(int64(len(e.Course) - i))
			break
		}
		t.Rows = append(t.Rows, courseRow{p.stamp(x.At), p.n(int64(x.Out.Prefixes)), p.addresses(x.Out)})
	}
	return t
}

// operatorTable is a country's table by origin AS.
type operatorTable struct {
	Caption      string
	Rows, Folded []operatorRow
	More         string
	Summary      string
}

type operatorRow struct{ Name, Outages, Lost, Size, Times, Longest string }

// newOperators lists the operators, the largest loss of address space first.
func newOperators(p *printer, c *facts) *operatorTable {
	if len(c.f.Operators) < 2 {
		return nil
	}
	ops := sortOperators(c.f.Operators)
	lost := len(slices.DeleteFunc(slices.Clone(ops), func(o finding.Operator) bool { return o.Outages == 0 }))
	t := &operatorTable{Caption: p.tn("operators.caption", int64(lost), "n", p.n(int64(lost)), "of", p.n(int64(len(ops))))}
	for i := range ops {
		o := &ops[i]
		r := operatorRow{Name: p.as(o.AS), Outages: p.n(int64(o.Outages)), Times: "–", Longest: "–",
			Lost: p.t("key.of", "k", p.n(0), "n", p.n(int64(o.Prefixes)))}
		if o.Outages > 0 {
			r.Lost, r.Size = p.operatorLost(o)
			if o.LongestS != nil {
				r.Longest = p.exact(*o.LongestS)
			}
			if o.Open {
				r.Longest = p.t("operators.open")
			}
			if s := p.operatorTimes(o); s != "" {
				r.Times = s
			}
		}
		switch {
		case i < shownRows || len(ops) <= shownRows+3:
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

// country is the section for other forms than HTML.
func (w *outliner) country() {
	x, p := w.g.Country, w.p
	w.para(riches(x.Text)...)
	var rows [][]Text
	for _, r := range x.Stages {
		rows = append(rows, cells(r.Number, r.From, r.Latest, r.Until, r.Operators, beside(r.Prefixes, r.Size)))
	}
	w.table(Plain(x.StagesCaption), rows, p.t("col.stage"), p.t("col.from"), p.t("col.latest"), p.t("col.none"), p.t("col.operators"), p.t("col.prefixes"))
	w.plain(x.MoreStages)
	rows = nil
	for _, r := range x.Groups {
		rows = append(rows, cells(r.Name, r.Operators, beside(r.Lost, r.Size), r.At))
	}
	w.table(Plain(x.GroupsCaption), rows, p.t("col.group"), p.t("col.operators"), p.t("col.most"), p.t("col.worst"))
	w.plain(x.MoreGroups)
}
