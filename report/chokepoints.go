package report

import (
	"slices"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/judge/transit"
	"constat/report/document"
	"constat/report/figure"
	"constat/routes/atlas"
)

// An answer about chokepoints is worded once, as a document of sentences and tables,
// which the terminal and the page show each in its own way.

// chokeDoc is what is said of one subject, or of all countries.
type chokeDoc struct {
	Title    string
	Headline string
	Asked    string
	Lead     []string
	Flows    []*figure.Flow
	Tables   []chokeTable
}

// chokeTable is a table of words. The first column names the row.
type chokeTable struct {
	ID      string
	Title   string
	Caption string
	Head    []string
	Numbers []bool // columns of numbers
	Rows    []chokeRow
	More    string
}

type chokeRow struct {
	Cells []string
	Href  string // of the first cell
}

// document is the same as a document.
func (c *chokes) document(d *chokeDoc) *document.Document {
	out := &document.Document{Lang: c.lang, Language: c.w.Format.Name, Title: d.Title, Headline: document.Plain(d.Headline), Asked: document.Plain(d.Asked), Foot: []string{c.t("choke.caution")}}
	first := document.Section{ID: "answer", Heading: c.t("h.answer")}
	for _, f := range d.Flows {
		first.Blocks = append(first.Blocks, &document.Flow{Flow: *f})
	}
	for _, s := range d.Lead {
		first.Blocks = append(first.Blocks, document.Para{Text: document.Plain(s), Style: document.Bare})
	}
	out.Sections = append(out.Sections, first)
	for _, t := range d.Tables {
		x := document.Table{Name: t.ID, Caption: document.Plain(t.Caption), Columns: document.Columns(t.Head...)}
		for i := range t.Numbers {
			x.Columns[i].Number, x.Columns[i].Page = t.Numbers[i], t.Head[i] == digestColumn
		}
		for _, r := range t.Rows {
			cells := document.Cells(r.Cells...)
			if r.Href != "" {
				cells[0].Text[0].To = r.Href
			}
			x.Rows = append(x.Rows, document.Row{Cells: cells})
		}
		blocks := []document.Block{x}
		if t.More != "" {
			blocks = append(blocks, document.Para{Text: document.Plain(t.More), Style: document.Aside})
		}
		out.Sections = append(out.Sections, document.Section{ID: "s-" + t.ID, Heading: t.Title, Blocks: blocks})
	}
	return out
}

// digestColumn heads a column of digests, which a terminal does without.
const digestColumn = "SHA-256"

// Rows of tables that are shown; the rest is counted.
const (
	chokeWays    = 16
	chokeWeights = 20
	chokeSets    = 6
	chokeNames   = 6
	chokeName    = 36 // letters of a network's name
	chokeBrief   = 18 // in the tables of a terminal
)

// chokes words an answer.
type chokes struct {
	*printer
	a   *transit.Answer
	who map[uint32]*transit.Network
	// brief networks have short names and nothing about their owners.
	terminal, brief bool
}

func newChokes(a *transit.Answer, lang Lang) (*chokes, error) {
	p, err := newPrinter(lang, &finding.Findings{})
	if err != nil {
		return nil, err
	}
	c := &chokes{printer: p, a: a, who: map[uint32]*transit.Network{}}
	for i := range a.Who {
		c.who[a.Who[i].AS] = &a.Who[i]
	}
	return c, nil
}

// ChokepointsSummary words an answer in short: each subject, or with all the ranked table
// of countries.
func ChokepointsSummary(a *transit.Answer, lang Lang, all bool) (document.Summary, error) {
	c, err := newChokes(a, lang)
	if err != nil {
		return nil, err
	}
	c.terminal = true
	b := &brief{}
	if all {
		c.summarise(b, c.document(c.ranking(false)))
		return b.Summary, nil
	}
	for _, r := range a.Subjects {
		c.summarise(b, c.document(c.subject(r)))
	}
	return b.Summary, nil
}

// summarise puts a document of tables into a summary: a line for each row, without the
// columns that only pages have.
func (c *chokes) summarise(b *brief, d *document.Document) {
	b.part()
	b.title(d.Title)
	for _, t := range []document.Text{d.Headline, d.Asked} {
		if len(t) > 0 {
			b.para(t)
		}
	}
	for _, s := range d.Sections {
		for _, x := range s.Blocks {
			switch x := x.(type) {
			case document.Para:
				if x.Style == document.Aside {
					b.item(x.Text.String())
				} else {
					b.para(x.Text)
				}
			case document.Table:
				b.part()
				b.title(s.Heading)
				for _, r := range x.Rows {
					b.item(rowLine(x.Columns, r))
				}
			}
		}
	}
}

// rowLine is a row in a line: numbers with what they count.
func rowLine(cs []document.Column, r document.Row) string {
	var rest []string
	for i, x := range r.Cells {
		s := x.Text.String()
		switch {
		case i == 0 || s == "" || cs[i].Page:
		case cs[i].Number:
			rest = append(rest, cs[i].Head+nbsp+s)
		default:
			rest = append(rest, s)
		}
	}
	if len(rest) == 0 {
		return r.Cells[0].Text.String()
	}
	return r.Cells[0].Text.String() + ": " + strings.Join(rest, "; ")
}

// short is a network without its name.
func short(as uint32) string { return "AS" + strconv.FormatUint(uint64(as), 10) }

// net is a network with its name, its country and the states that own it.
func (c *chokes) net(as uint32) string {
	n := c.who[as]
	out := short(as)
	if n == nil {
		return out
	}
	most := chokeName
	if c.brief {
		most = chokeBrief
	}
	if name := plainName(n.Name); name != "" {
		out += " " + clip(name, most)
	}
	var in []string
	if !atlas.One(as) {
		in = append(in, c.t("choke.nobody"))
	}
	if n.Country != "" && !c.brief {
		in = append(in, n.Country)
	}
	if c.brief {
		n = &transit.Network{}
	}
	for _, s := range n.State {
		if w := c.owned(s.Country, n.Country); !slices.Contains(in, w) {
			in = append(in, w)
		}
	}
	if len(in) > 0 {
		out += " (" + strings.Join(in, ", ") + ")"
	}
	return out
}

// owned says that a state owns a network, and which if it is not that of its country.
func (c *chokes) owned(state, country string) string {
	if state == country {
		return c.t("choke.state.own")
	}
	return c.t("choke.state", "state", state)
}

// plainName is a name without the country that lists put at its end, and without the
// number that some begin with: "AS6453 - TATA COMMUNICATIONS, US".
func plainName(name string) string {
	if first, rest, ok := strings.Cut(name, " - "); ok && len(first) > 2 && strings.HasPrefix(first, "AS") && strings.Trim(first[2:], "0123456789") == "" {
		name = rest
	}
	if n := len(name); n > 4 && name[n-4:n-2] == ", " {
		return name[:n-4]
	}
	return name
}

// member is a member of a set: a network, a country or an operator.
func (c *chokes) member(m string) string {
	if n, err := strconv.ParseUint(strings.TrimPrefix(m, "AS"), 10, 32); err == nil && strings.HasPrefix(m, "AS") {
		return c.net(uint32(n))
	}
	if name := c.w.Country(m); name != "" {
		return name + " (" + m + ")"
	}
	return m
}

func (c *chokes) list(name string) string { return document.ListName(name, c.t) }

func (c *chokes) lists(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, c.list(n))
	}
	return c.w.And(out)
}

func (c *chokes) members(ms []string) string {
	var out []string
	for _, m := range ms[:min(len(ms), chokeNames)] {
		out = append(out, c.member(m))
	}
	if n := int64(len(ms) - len(out)); n > 0 {
		return strings.Join(append(out, c.count("choke.rest", n)), ", ")
	}
	return c.w.And(out)
}

func (c *chokes) nets(ases []uint32) string {
	var out []string
	for _, as := range ases {
		out = append(out, short(as))
	}
	return c.members(out)
}

// name is what a subject is called.
func (c *chokes) name(r *transit.Result) string {
	if n := c.w.Country(r.Subject); n != "" {
		if r.RegistryAbsent != "" {
			return c.t("choke.part", "subject", n)
		}
		return n
	}
	if n, err := strconv.ParseUint(strings.TrimPrefix(r.Subject, "AS"), 10, 32); err == nil && strings.HasPrefix(r.Subject, "AS") {
		if w := c.who[uint32(n)]; w != nil && w.Name != "" {
			return r.Subject + " " + clip(plainName(w.Name), chokeName)
		}
	}
	return r.Subject
}

// few is how few it takes.
func (c *chokes) few(cut *transit.Cut) string {
	switch {
	case cut.Upper < 0 && cut.Lower <= 1:
		return c.t("choke.few.nobody")
	case cut.Upper < 0:
		return c.t("choke.few.least", "n", c.n(int64(cut.Lower)))
	case cut.Exact():
		return c.t("choke.few.exact", "n", c.n(int64(cut.Lower)))
	}
	return c.t("choke.few.range", "from", c.n(int64(cut.Lower)), "to", c.n(int64(cut.Upper)))
}

// subject words what is said of one subject.
func (c *chokes) subject(r *transit.Result) *chokeDoc {
	d := &chokeDoc{Title: c.t("choke.title", "subject", c.name(r)), Asked: c.t("choke.at", "at", c.at(c.a.At))}
	d.Headline = c.headline(r)
	d.Lead = c.lead(r)
	for i := range r.Families {
		if f := c.flow(r, &r.Families[i]); f != nil {
			d.Flows = append(d.Flows, f)
		}
	}
	c.brief = c.terminal
	d.table(c.cuts(r))
	for i := range r.Families {
		d.table(c.best(r, &r.Families[i]))
		d.table(c.ways(&r.Families[i]))
	}
	for i := range r.Families {
		d.table(c.weights(r, &r.Families[i]))
	}
	d.table(c.possible(r))
	for _, x := range c.a.Changes {
		if x.Subject == r.Subject {
			d.table(c.change(r, x))
		}
	}
	d.table(c.sources())
	c.brief = false
	return d
}

// table adds a table that has rows.
func (d *chokeDoc) table(t chokeTable) {
	if len(t.Rows) > 0 {
		d.Tables = append(d.Tables, t)
	}
}

// lead is what the answer means and how far it goes.
func (c *chokes) lead(r *transit.Result) []string {
	var out []string
	if r.Frontier != nil {
		out = append(out, c.class(r))
	}
	out = append(out, c.could(r)...)
	out = append(out, c.nearly(r)...)
	out = append(out, c.blind()...)
	out = append(out, c.direct(r)...)
	if len(c.a.Lists) == 0 || len(r.Graphs) == 0 {
		out = append(out, c.t("choke.nolists"))
	}
	for _, g := range r.Graphs {
		if g.Missing == len(r.Origins) {
			out = append(out, c.t("choke.list.none", "list", c.list(g.List)))
		} else if g.Missing > 0 {
			out = append(out, c.tn("choke.list.partly", int64(g.Missing), "list", c.list(g.List), "n", c.n(int64(g.Missing)), "of", c.n(int64(len(r.Origins)))))
		}
	}
	for i, x := range r.Possible {
		if x.Relation == transit.Provider && i < 3 {
			out = append(out, c.t("choke.possible", "who", c.net(x.AS), "relation", c.t("choke.relation."+x.Relation), "of", short(x.Of), "lists", c.lists(x.Lists)))
		}
	}
	for i := range r.Families {
		f := &r.Families[i]
		out = append(out, c.t("choke.seen", "prefixes", c.count("choke.prefixes", int64(f.Prefixes)), "space", c.count("choke.space."+f.Family, f.Space),
			"peers", c.count("choke.peers", int64(f.Peers)), "vantages", c.count("choke.vantages", int64(f.Vantages))))
		out = append(out, c.voices(f)...)
		if f.Partial {
			out = append(out, c.t("choke.partial", "family", map[string]string{"ipv4": "IPv4", "ipv6": "IPv6"}[f.Family]))
		}
	}
	if r.Kind == "country" {
		out = append(out, c.t("choke.registered"))
	}
	return append(out, c.t("choke.caution"))
}

// class is the class of a country, and what it hangs on.
func (c *chokes) class(r *transit.Result) string {
	f := r.Frontier
	var names []string
	for _, n := range f.Networks[:min(len(f.Networks), chokeNames)] {
		names = append(names, c.net(n.AS))
	}
	list := c.w.And(names)
	if rest := int64(f.Count - len(names)); rest > 0 { // the answer has the first of many
		list = strings.Join(append(names, c.count("choke.rest", rest)), ", ")
	}
	networks := c.tn("choke.frontier", int64(f.Count), "n", c.n(int64(f.Count)), "names", list)
	s := c.t("choke.class."+f.Class, "networks", networks)
	if f.Class == transit.NoClass && r.Main() != nil {
		s = c.t("choke.class.others")
	}
	switch {
	case r.RegistryAbsent != "" && f.Class != transit.NoClass:
		s = c.t("choke.class.part", "networks", networks)
	case r.Kind != "country" && f.Class != transit.NoClass: // the classes are for countries
		s = c.t("choke.class.only", "networks", networks)
	case f.Class == transit.NoClass || f.Sure == f.Class:
	case f.Sure == transit.NoClass:
		s += " " + c.t("choke.class.alone")
	default:
		s += " " + c.t("choke.class.hangs", "class", c.t("choke.word."+f.Sure))
	}
	for i, n := range f.Listed {
		s += " " + c.tn("choke.class.listed", int64(n), "list", c.list(r.Graphs[i].List), "n", c.n(int64(n)))
	}
	return s
}

// could says of each network that alone could, what that rests on.
func (c *chokes) could(r *transit.Result) []string {
	var out, around, thin, home []string
	for _, x := range r.Could {
		switch {
		case slices.Contains(r.Inside, x.AS):
			if everywhere(r, x) {
				home = append(home, short(x.AS))
			}
			continue
		case len(x.Observed) > 0 && !surely(x):
			if len(x.Against) > 0 {
				around = append(around, short(x.AS))
			} else {
				thin = append(thin, short(x.AS))
			}
			continue
		}
		s := c.t("choke.could.listsonly", "who", c.net(x.AS), "lists", c.lists(x.Lists))
		if len(x.Lists) == 0 {
			s = c.t("choke.could.partlyonly", "who", c.net(x.AS), "lists", c.lists(x.Partly))
		}
		if len(x.Observed) > 0 {
			s = c.t(but(r, "choke.could.observed", "choke.could.observed.but", x.Observed...), "who", c.net(x.AS))
			if !everywhere(r, x) {
				s = c.t(but(r, "choke.could.family", "choke.could.family.but", x.Observed...), "who", c.net(x.AS), "family", familyName(x.Observed[0]))
			}
			s += " " + c.t("choke.could.vantages", "vantages", c.count("choke.vantages", int64(x.Vantages)))
			if x.OneVantage && x.Vantages > 1 {
				s += " " + c.t("choke.could.onevantage")
			}
			if len(x.Lists) > 0 {
				s += " " + c.t("choke.could.lists", "lists", c.lists(x.Lists))
			}
			if len(x.Partly) > 0 {
				s += " " + c.t("choke.could.partly", "lists", c.lists(x.Partly))
			}
		}
		if len(x.Against) > 0 {
			s += " " + c.t("choke.could.against", "lists", c.lists(x.Against))
		}
		out = append(out, s)
	}
	if len(around) > 0 {
		out = append(out, c.t(but(r, "choke.could.others", "choke.could.others.but"), "names", c.members(around)))
	}
	if len(thin) > 0 {
		out = append(out, c.t(but(r, "choke.could.thin", "choke.could.thin.but"), "names", c.members(thin)))
	}
	if len(home) > 0 {
		out = append(out, c.t("choke.home", "names", c.members(home)))
	}
	return out
}

// by is who is asked to refuse.
func (c *chokes) by(r *transit.Result, by string, abroad bool) string {
	switch {
	case by == transit.Countries:
		return c.t("choke.by.countries")
	case r.Frontier == nil && by == transit.Networks:
		return c.t("choke.by.others")
	case r.Frontier == nil:
		return c.t("choke.by.operators.others")
	case by == transit.Networks && abroad:
		return c.t("choke.by.networks.abroad")
	case by == transit.Networks:
		return c.t("choke.by.networks")
	case abroad:
		return c.t("choke.by.operators.abroad")
	}
	return c.t("choke.by.operators")
}

// cuts is the table of how few.
func (c *chokes) cuts(r *transit.Result) chokeTable {
	t := chokeTable{ID: "cuts", Title: c.t("choke.h.cuts"), Caption: c.t("choke.c.cuts"), Numbers: []bool{false, false, true, false},
		Head: []string{c.t("choke.col.who"), c.t("choke.col.by"), c.t("choke.col.few"), c.t("choke.col.which")}}
	known := slices.ContainsFunc(c.a.Lists, func(l transit.Register) bool { return l.What == "organisations" })
	for i := range r.Both {
		if o := &r.Both[i]; o.By != transit.Operators || known {
			t.Rows = append(t.Rows, chokeRow{Cells: []string{c.by(r, o.By, o.Abroad), c.t("choke.by.both"), c.few(&o.Cut), c.sets(&o.Cut)}})
		}
	}
	for i := range r.Families {
		f := &r.Families[i]
		for _, o := range f.Cuts {
			if o.By == transit.Operators && !known {
				continue // each network is its own operator
			}
			which := c.sets(&o.Cut)
			if o.OneVantage {
				which += " – " + c.t("choke.onevantage")
			}
			t.Rows = append(t.Rows, chokeRow{Cells: []string{c.by(r, o.By, o.Abroad), c.t("choke.by.seen") + ", " + familyName(f.Family), c.few(&o.Cut), which}})
		}
	}
	for _, g := range r.Graphs {
		for _, o := range g.Cuts {
			if o.By == transit.Operators && !known {
				continue
			}
			few := c.few(&o.Cut)
			if o.NoPath {
				few = c.t("choke.few.nopath")
			}
			list := c.list(g.List)
			if g.Missing > 0 {
				list += ", " + c.tn("choke.lacks", int64(g.Missing), "n", c.n(int64(g.Missing)), "of", c.n(int64(len(r.Origins))))
			}
			t.Rows = append(t.Rows, chokeRow{Cells: []string{c.by(r, o.By, o.Abroad), list, few, c.sets(&o.Cut)}})
		}
	}
	return t
}

func familyName(f string) string { return map[string]string{"ipv4": "IPv4", "ipv6": "IPv6"}[f] }

func (c *chokes) sets(cut *transit.Cut) string {
	var out []string
	for _, s := range cut.Sets[:min(len(cut.Sets), chokeSets)] {
		out = append(out, c.members(s.Members))
	}
	if n := int64(cut.More + len(cut.Sets) - len(out)); n > 0 {
		out = append(out, c.count("choke.sets.more", n))
	}
	return strings.Join(out, "; ")
}

// best is the table of those whose refusal hits most.
func (c *chokes) best(r *transit.Result, f *transit.InFamily) chokeTable {
	t := chokeTable{ID: "best-" + f.Family, Title: c.t("choke.h.best") + " (" + familyName(f.Family) + ")", Numbers: []bool{false, false, true},
		Head: []string{c.t("choke.col.together"), c.t("choke.col.who"), c.t("choke.col.share")}}
	caption := "choke.c.best"
	for _, o := range f.Cuts {
		if o.By == transit.Operators {
			continue
		}
		if !o.BestExact {
			caption = "choke.c.best.open"
		}
		for _, s := range o.Best {
			t.Rows = append(t.Rows, chokeRow{Cells: []string{c.members(s.Members), c.by(r, o.By, o.Abroad), c.percent(*s.Share)}})
		}
	}
	t.Caption = c.t(caption, "family", c.t("choke.family."+f.Family))
	return t
}

// ways is the table of the ways out.
func (c *chokes) ways(f *transit.InFamily) chokeTable {
	t := chokeTable{ID: "ways-" + f.Family, Title: c.t("choke.h.ways") + " (" + familyName(f.Family) + ")", Caption: c.t("choke.c.ways", "family", c.t("choke.family."+f.Family), "vantages", c.count("choke.vantages", int64(f.Voices))),
		Head:    []string{c.t("choke.col.frontier"), c.t("choke.col.first"), c.t("choke.col.second"), c.t("choke.col.share"), c.t("choke.col.vantages")},
		Numbers: []bool{false, false, false, true, true}}
	for _, w := range f.Ways[:min(len(f.Ways), chokeWays)] {
		name := func(as uint32, set []uint32, none string) string {
			switch {
			case len(set) > 0:
				return c.t("choke.set", "names", c.nets(set))
			case as == 0:
				return none
			}
			return c.net(as)
		}
		t.Rows = append(t.Rows, chokeRow{Cells: []string{name(w.Frontier, w.FrontierSet, c.t("choke.foreign")), name(w.First, w.FirstSet, ""), name(w.Second, w.SecondSet, c.t("choke.direct")), c.share(w.Share), c.n(int64(w.Vantages))}})
	}
	t.More = c.rest(f.MoreWays + len(f.Ways) - len(t.Rows))
	return t
}

// share is a share as tables have it.
func (c *chokes) share(share *float64) string {
	if share == nil {
		return c.t("choke.change.unknown")
	}
	return c.percent(*share)
}

func (c *chokes) rest(n int) string {
	if n <= 0 {
		return ""
	}
	return c.count("choke.more", int64(n))
}

// weights is the table of hegemony and CTI.
func (c *chokes) weights(r *transit.Result, f *transit.InFamily) chokeTable {
	t := chokeTable{ID: "weights-" + f.Family, Title: c.t("choke.h.weights") + " (" + familyName(f.Family) + ")",
		Caption: c.t("choke.c.weights", "family", c.t("choke.family."+f.Family), "full", c.count("choke.full", int64(f.Full))),
		Head:    []string{c.t("choke.col.network"), c.t("choke.col.hegemony"), c.t("choke.col.sparse"), c.t("choke.col.cti")}, Numbers: []bool{false, true, true, true}}
	cti := map[uint32]float64{}
	if f.Family == transit.V4.String() {
		for _, s := range r.CTI {
			cti[s.AS] = s.Value
		}
	}
	for _, h := range f.Hegemony[:min(len(f.Hegemony), chokeWeights)] {
		v := ""
		if x, ok := cti[h.AS]; ok {
			v = c.w.Format.Decimal(x, 3, 3)
		}
		t.Rows = append(t.Rows, chokeRow{Cells: []string{c.net(h.AS), c.w.Format.Decimal(h.Hegemony, 3, 3), c.w.Format.Decimal(h.Sparse, 3, 3), v}})
	}
	t.More = c.rest(f.MoreHegemony + len(f.Hegemony) - len(t.Rows))
	return t
}

// possible is the table of connections that no path shows.
func (c *chokes) possible(r *transit.Result) chokeTable {
	t := chokeTable{ID: "possible", Title: c.t("choke.h.possible"), Caption: c.t("choke.c.possible"),
		Head: []string{c.t("choke.col.network"), c.t("choke.col.relation"), c.t("choke.col.of"), c.t("choke.col.lists")}, Numbers: make([]bool, 4)}
	for _, x := range r.Possible[:min(len(r.Possible), chokeWeights)] {
		t.Rows = append(t.Rows, chokeRow{Cells: []string{c.net(x.AS), c.t("choke.relation." + x.Relation), short(x.Of), c.lists(x.Lists)}})
	}
	t.More = c.rest(r.MorePossible + len(r.Possible) - len(t.Rows))
	return t
}

func abs(x float64) float64 { return max(x, -x) }

// sources is the table of what everything rests on.
func (c *chokes) sources() chokeTable {
	t := chokeTable{ID: "sources", Title: c.t("choke.h.sources"), Caption: c.t("choke.c.sources"), Numbers: make([]bool, 3),
		Head: []string{c.t("choke.col.file"), c.t("choke.col.kind"), digestColumn}}
	for _, s := range c.a.Sources[:min(len(c.a.Sources), tableRows)] {
		kind := c.t("choke.source.updates")
		switch s.Kind {
		case "rib":
			kind = c.t("choke.source.rib")
		case transit.Checkpoint:
			kind = c.t("choke.source.checkpoint")
		}
		if s.Truncated {
			kind += ", " + c.t("choke.truncated")
		}
		if s.Unread > 0 {
			kind += ", " + c.count("choke.unread", s.Unread)
		}
		t.Rows = append(t.Rows, chokeRow{Cells: []string{strings.TrimPrefix(s.Collector+" "+s.File, " "), kind, s.SHA256}})
	}
	t.More = c.rest(len(c.a.Sources) - len(t.Rows))
	for _, l := range c.a.Lists {
		name := l.File
		if l.Date != "" {
			name += ", " + l.Date
		}
		t.Rows = append(t.Rows, chokeRow{Cells: []string{name, c.t("choke.register." + l.What), l.SHA256}})
	}
	for _, m := range c.a.Missing[:min(len(c.a.Missing), chokeSets)] {
		t.Rows = append(t.Rows, chokeRow{Cells: []string{c.t("choke.missing", "collector", m.Collector, "from", m.From, "until", m.Until), "", ""}})
	}
	return t
}
