package impact

import (
	"bufio"
	"bytes"
	"math"
	"slices"
	"strings"

	"constat/internal/locale"
	"constat/judge/block"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
)

// Measure is what was written of an acknowledged impact.
type Measure struct {
	ID      string
	Expires moment.Time
	Case    string // digest of the case or findings it belongs to; empty: of none
	Files   []File
}

// File is one file of a measure with what undoes it.
type File struct {
	Dialect       string
	Name, SHA256  string
	Undo, UndoSHA string
	EndsByItself  bool
}

// rows is how many rows a table of the page has; JSON has them all.
const rows = 200

// Who names a network: its name and the country in which it is registered, or nothing.
type Who func(as uint32) string

// Document is an impact as a document, for a page. m may be nil: then nothing was
// written, and the page says what to acknowledge.
func Document(im *block.Impact, hash string, m *Measure, lang locale.Lang, who Who) (*document.Document, error) {
	t, err := locale.Of(lang)
	if err != nil {
		return nil, err
	}
	p := &page{Words: t, w: bufio.NewWriter(&bytes.Buffer{}), name: who}
	d := &document.Document{Lang: lang, Language: t.Format.Name, Title: p.title(im), Headline: document.Plain(p.headline(im)), Foot: []string{t.T("block.page.caution")}}
	asked := []string{strings.TrimSuffix(p.n("block.seen", len(im.Vantages), "at", p.when(im.Moment)), ".")}
	if im.Relations != "" {
		asked = append(asked, p.T("block.relations", "list", document.ListName(im.Relations, p.T)))
	}
	d.Asked = document.Plain(strings.Join(asked, ". "))
	d.Sections = []document.Section{p.answer(im), p.beside(im), p.cut(im), p.onward(im), p.watchers(im), p.outside(im), p.measure(im, hash, m), p.toKnow(im), p.sources(im)}
	d.Sections = slices.DeleteFunc(d.Sections, func(s document.Section) bool { return len(s.Blocks) == 0 })
	return d, nil
}

// title says what is asked.
func (p *page) title(im *block.Impact) string {
	at := p.list(im.At)
	if im.Country != "" {
		at = p.n("block.country", len(im.At), "country", cmpOr(p.Country(im.Country), im.Country), "on", p.Format.N(int64(len(im.On))))
	}
	return p.T("block.title", "target", im.Target, "at", at, "way", p.T("block.way."+im.Direction))
}

// hitNow are the routes of others that the measure asked for would hit.
func hitNow(im *block.Impact) []block.Other {
	if im.Match == block.MatchWithin {
		return im.Collateral.HitBy(block.Inside)
	}
	return im.Collateral.HitBy(block.Exact)
}

// headline says what others would lose, and then what the target would.
func (p *page) headline(im *block.Impact) string {
	first := p.T("block.page.none")
	lists, addresses := len(hitNow(im)), len(im.Collateral.HitBy(block.Addresses))
	switch ms := im.Measures(); {
	case len(ms) == 0:
		first = sentence(p.T("block.warn.own-hit"))
	case !slices.Contains(ms, block.Addresses) && lists > 0:
		first = p.n("block.page.hit.lists", lists)
	case slices.Contains(ms, block.Addresses) && addresses+lists > 0:
		first = p.n("block.page.hit", addresses, "routes", p.Format.N(int64(lists)))
	}
	n := im.Totals()
	if im.Unheld() {
		return p.T("block.page.unheld")
	}
	return first + " " + p.n("block.page.lost", n[block.Lost], "all", p.Format.N(int64(len(im.Prefixes))))
}

func plain(s string) document.Text { return document.Plain(s) }

func paras(ss ...string) []document.Block {
	var out []document.Block
	for _, s := range ss {
		if s != "" {
			out = append(out, document.Para{Text: plain(s), Style: document.Bare})
		}
	}
	return out
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), ":")) // French has a space before the colon
	if s == "" {
		return ""
	}
	r := []rune(s)
	return locale.Stop(strings.ToUpper(string(r[:1])) + string(r[1:]))
}

// lines are what a part of the text for a terminal says, as sentences; the first is its
// heading.
func (p *page) lines(part func()) []string {
	var b bytes.Buffer
	p.w = bufio.NewWriter(&b)
	part()
	_ = p.w.Flush()
	var out []string
	for _, l := range strings.Split(b.String(), "\n") {
		if l = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l), "- ")); l != "" {
			out = append(out, l)
		}
	}
	return out[min(1, len(out)):]
}

// answer has what is hit first, then the ways before and after.
func (p *page) answer(im *block.Impact) document.Section {
	s := document.Section{ID: "answer", Heading: p.T("h.answer")}
	for _, f := range []struct {
		id    string
		lanes []block.Lane
	}{{"before", im.Flow.Before}, {"after", im.Flow.After}} {
		if g := p.flow(im, f.id, f.lanes); g != nil {
			s.Blocks = append(s.Blocks, g)
		}
	}
	totals := im.Totals()
	var lead []string
	for _, m := range im.Measures() {
		if n := len(im.Collateral.HitBy(m)); n > 0 {
			lead = append(lead, sentence(p.n("block.hit."+m, n)))
		}
	}
	if n := len(im.OwnHit()); n > 0 {
		lead = append(lead, sentence(p.n("block.hit.own", n)))
	}
	for _, r := range []string{block.Lost, block.Partly, block.Elsewhere, block.Uncertain, block.Stays, block.Kept, block.Unheld} {
		if totals[r] > 0 {
			lead = append(lead, sentence(p.n("block.result."+r, totals[r])))
		}
	}
	if im.Match == block.MatchWithin {
		lead = append(lead, sentence(p.T("block.match.within")))
	}
	if len(im.ByOrigin) > 0 {
		lead = append(lead, sentence(p.T("block.match.origin", "list", p.list(im.ByOrigin))))
	}
	s.Blocks = append(s.Blocks, paras(lead...)...)
	return s
}

// Numbers of bars that are no networks: 0 is never one, and the last is reserved (RFC
// 7300).
const (
	barLost    = 0
	barUnknown = math.MaxUint32
)

// flow draws which way the routes go; nil if there are none.
func (p *page) flow(im *block.Impact, id string, lanes []block.Lane) *document.Flow {
	share := map[[2]uint32]float64{}
	sum, lost, unknown := 0.0, 0.0, 0.0
	for _, l := range lanes {
		k := [2]uint32{l.First, l.Second}
		switch l.State {
		case block.LaneLost:
			k = [2]uint32{barLost, barLost}
			lost += float64(l.Routes)
		case block.LaneUnknown:
			k = [2]uint32{barUnknown, barUnknown}
			unknown += float64(l.Routes)
		}
		share[k] += float64(l.Routes)
		sum += float64(l.Routes)
	}
	if sum == 0 {
		return nil
	}
	totals := im.Totals()
	g := figure.NewFlows(share)
	g.Sum = sum
	g.Gone = func(as uint32) bool { return as == barLost || as == barUnknown }
	fig := &document.Flow{Flow: figure.Flow{ID: "fig-" + id, Label: p.T("block.fig." + id + ".label"), Sub: p.T("block.fig.sub", "routes", p.Format.N(int64(sum)))}}
	if id == "before" {
		fig.Title = p.T("block.fig.before")
	} else {
		fig.Title = p.T("block.fig.after", "lost", p.Format.Percent(lost/sum), "unknown", p.Format.Percent(unknown/sum))
	}
	fig.Wide, fig.Narrow = g.Draw(func(b figure.FlowBar, column int, full bool) (name, note string) {
		part := p.Format.Percent(figure.Part(b.Share, sum))
		switch {
		case column == 0:
			return short(im.Target, 26, full), p.n("block.fig.prefixes", len(im.Prefixes)-totals[block.Kept]-totals[block.Unheld])
		case column == 3:
			return p.T("block.fig.vantages"), p.Format.N(int64(len(im.Vantages)))
		case b.Rest > 0:
			return p.n("block.fig.rest", b.Rest), part
		case column == 2 && g.Gone(b.AS):
			return "", ""
		case b.AS == barLost:
			return p.T("block.fig.lost"), part
		case b.AS == barUnknown:
			return p.T("block.fig.unknown"), part
		}
		if _, ok := slices.BinarySearch(im.At, b.AS); ok {
			part = p.T("block.fig.applies") + " · " + part
		}
		name = number(b.AS)
		if n := visible(p.name(b.AS)); n != "" && full {
			part = short(n, 18, true) + " · " + part
		}
		return name, part
	})
	return fig
}

// short cuts a name for a figure.
func short(s string, most int, full bool) string {
	if !full {
		most /= 2
	}
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimRight(string(r[:most-1]), " ,.-") + "…"
}

// table puts rows under heads; numbers are the columns from one on.
func (p *page) table(name, caption string, numbers int, heads []string, cells [][]string) []document.Block {
	if len(cells) == 0 {
		return nil
	}
	x := document.Table{Name: name, Caption: plain(caption), Columns: document.Columns(heads...)}
	for i := range x.Columns {
		x.Columns[i].Number = numbers > 0 && i >= numbers
	}
	for _, c := range cells[:min(len(cells), rows)] {
		x.Rows = append(x.Rows, document.Row{Cells: document.Cells(c...)})
	}
	out := []document.Block{x}
	if more := len(cells) - rows; more > 0 {
		out = append(out, document.Para{Text: plain(p.n("block.more.json", more)), Style: document.Aside})
	}
	return out
}

func (p *page) heads(keys ...string) []string {
	var out []string
	for _, k := range keys {
		out = append(out, p.T("block.head."+k))
	}
	return out
}

// beside is what else would be hit.
func (p *page) beside(im *block.Impact) document.Section {
	s := document.Section{ID: "s-collateral", Heading: p.T("block.h.collateral")}
	c := &im.Collateral
	var cells [][]string
	for _, o := range c.Routes {
		var hit []string
		for _, h := range o.Hit {
			hit = append(hit, p.T("block.hit.short."+h))
		}
		if len(hit) == 0 {
			hit = []string{"–"}
		}
		cells = append(cells, []string{o.Prefix.String(), p.list(o.Origins), p.T("block.is." + o.Is), strings.Join(hit, ", "), p.Format.N(int64(o.Vantages)), p.Format.N(int64(o.Through))})
	}
	if len(cells) == 0 {
		s.Blocks = append(s.Blocks, paras(sentence(p.T("block.hit.none")))...)
	}
	s.Blocks = append(s.Blocks, p.table("collateral", p.T("block.cap.collateral"), 4, p.heads("prefix", "origin", "is", "hit", "held", "through"), cells)...)
	var say []string
	if behind := c.OnlyBehind(); len(behind) > 0 {
		say = append(say, p.n("block.behind", len(behind), "list", p.list(networks(behind))))
	}
	if len(c.Shared) > 0 {
		say = append(say, p.n("block.shared", len(c.Shared), "list", p.list(networks(c.Shared))))
	}
	for _, x := range c.Beside {
		say = append(say, p.n("block.beside", x.Prefixes, "as", p.as(x.AS), "list", prefixes(x.Routes)))
	}
	for _, x := range im.Critical {
		key := "block.critical"
		if x.Never {
			key = "block.critical.never"
		}
		say = append(say, p.T(key, "name", x.Name, "what", x.What))
	}
	for _, x := range say {
		s.Blocks = append(s.Blocks, paras(sentence(x))...)
	}
	return s
}

// cut is what becomes of each prefix.
func (p *page) cut(im *block.Impact) document.Section {
	s := document.Section{ID: "s-prefixes", Heading: p.T("block.h.outcome")}
	var cells [][]string
	for _, o := range im.Prefixes {
		n := func(v int) string { return p.Format.N(int64(v)) }
		cells = append(cells, []string{o.Prefix.String(), p.by(&o, p.as), p.T("block.short." + o.Result), n(o.Held), n(o.Cut), n(o.Lost), n(o.Found), n(o.Unknown), n(o.Thin), n(o.Blind)})
	}
	s.Blocks = p.table("prefixes", p.T("block.cap.prefixes"), 3, p.heads("prefix", "origin", "result", "held", "cut", "lost", "found", "unknown", "thin", "blind"), cells)
	for _, l := range p.lines(func() { p.line(0, "-"); p.leftOut(im) }) {
		s.Blocks = append(s.Blocks, paras(sentence(l))...)
	}
	return s
}

// onward is through whom the routes would go on.
func (p *page) onward(im *block.Impact) document.Section {
	s := document.Section{ID: "s-ways", Heading: p.T("block.h.ways")}
	var cells [][]string
	for _, w := range waysOf(im) {
		cells = append(cells, []string{p.through(w), p.T("block.basis." + w.basis.String()), path(w.example), p.Format.N(int64(w.prefixes)), p.Format.N(int64(w.vantages))})
	}
	if len(cells) == 0 {
		s.Blocks = paras(sentence(p.T("block.ways.none")))
		return s
	}
	s.Blocks = p.table("ways", p.T("block.cap.ways"), 3, p.heads("gate", "basis", "path", "prefixes", "vantages"), cells)
	return s
}

// watchers are the vantages, and those that were not watching.
func (p *page) watchers(im *block.Impact) document.Section {
	s := document.Section{ID: "s-vantages", Heading: p.T("block.h.vantages")}
	var cells [][]string
	by := slices.Clone(im.Vantages)
	slices.SortStableFunc(by, func(a, b block.Seen) int { return b.Lost - a.Lost })
	for _, v := range by {
		cells = append(cells, []string{v.Name, p.as(v.AS), p.Format.N(int64(v.Held)), p.Format.N(int64(v.Lost)), p.Format.N(int64(v.Found)), p.Format.N(int64(v.Unknown))})
	}
	s.Blocks = p.table("vantages", p.T("block.cap.vantages"), 2, p.heads("vantage", "network", "held", "lost", "found", "unknown"), cells)
	cells = nil
	for _, u := range im.Blind {
		cells = append(cells, []string{u.Name, p.as(u.AS), p.T("reason." + finding.Blindness(u.Reason)), p.when(u.Since), p.Format.N(int64(u.Held))})
	}
	s.Blocks = append(s.Blocks, p.table("blind", sentence(p.n("block.blind", len(im.Blind))), 4, p.heads("vantage", "network", "why", "since", "held"), cells)...)
	return s
}

// outside is how it would look from outside.
func (p *page) outside(im *block.Impact) document.Section {
	s := document.Section{ID: "s-confusable", Heading: p.T("block.h.confusable")}
	c := &im.Confusable
	ls := p.lines(func() { p.confusable(im) })
	if len(c.Places) == 0 || c.Vantages == 0 || slices.Contains(c.Reasons, cause.NotScreened) && len(c.Places) == 0 {
		for _, l := range ls {
			s.Blocks = append(s.Blocks, paras(sentence(l))...)
		}
		return s
	}
	var items []document.Text
	for _, h := range c.Places {
		items = append(items, plain(p.hypothesis(h)))
	}
	s.Blocks = append(s.Blocks, document.List{Heading: strings.TrimSpace(strings.TrimSuffix(firstUpper(p.T("block.confusable.places")), ":")), Items: items})
	for _, l := range ls[min(len(ls), 1+len(c.Places)):] {
		s.Blocks = append(s.Blocks, paras(sentence(l))...)
	}
	return s
}

func firstUpper(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// measure is what is acknowledged, and the files that were written.
func (p *page) measure(im *block.Impact, hash string, m *Measure) document.Section {
	s := document.Section{ID: "s-measure", Heading: p.T("block.h.measure")}
	totals := im.Totals()
	var items []document.Text
	add := func(x string) { items = append(items, plain(sentence(x))) }
	for _, r := range []string{block.Lost, block.Partly, block.Elsewhere, block.Uncertain, block.Stays, block.Kept, block.Unheld} {
		if totals[r] > 0 {
			add(p.n("block.result."+r, totals[r]))
		}
	}
	for _, k := range im.Measures() {
		if n := len(im.Collateral.HitBy(k)); n > 0 {
			add(p.n("block.hit."+k, n))
		} else {
			add(p.T("block.norm.none." + k))
		}
	}
	if len(im.Critical) == 0 {
		add(p.T("block.norm.critical"))
	}
	for _, x := range im.Critical {
		add(p.T("block.critical", "name", x.Name, "what", x.What))
	}
	s.Blocks = append(s.Blocks, document.List{Heading: p.T("block.norm.heading"), Items: items})
	s.Blocks = append(s.Blocks, paras(p.T("block.norm.hash"))...)
	s.Blocks = append(s.Blocks, document.Listing{Label: p.T("block.norm.hash"), Lines: []string{hash}})
	if m == nil {
		s.Blocks = append(s.Blocks, paras(p.T("block.measure.none"))...)
		return s
	}
	belongs := p.T("block.measure.nocase")
	if m.Case != "" {
		belongs = p.T("block.measure.case", "hash", m.Case)
	}
	s.Blocks = append(s.Blocks, paras(p.T("block.measure.expires", "id", m.ID, "at", p.when(m.Expires.String())), belongs)...)
	var cells [][]string
	for _, f := range m.Files {
		ends := p.T("block.measure.byhand")
		if f.EndsByItself {
			ends = p.T("block.measure.byitself")
		}
		cells = append(cells, []string{f.Name, f.Dialect, ends, f.SHA256}, []string{f.Undo, p.T("block.measure.undoes", "file", f.Name), "", f.UndoSHA})
	}
	s.Blocks = append(s.Blocks, p.table("files", p.T("block.cap.files"), 0, append(p.heads("file", "dialect", "ends"), "SHA-256"), cells)...)
	return s
}

// toKnow are the warnings.
func (p *page) toKnow(im *block.Impact) document.Section {
	s := document.Section{ID: "s-warnings", Heading: p.T("block.h.warnings")}
	var items []document.Text
	for _, w := range im.Warnings {
		items = append(items, plain(sentence(p.T("block.warn."+w))))
	}
	if len(items) > 0 {
		s.Blocks = []document.Block{document.List{Items: items}}
	}
	return s
}

// sources are the files that were read.
func (p *page) sources(im *block.Impact) document.Section {
	var cells [][]string
	for _, x := range im.Sources {
		cells = append(cells, []string{x.Name, x.Collector, x.SHA256})
	}
	return document.Section{ID: "s-sources", Heading: p.T("block.h.sources"), Blocks: p.table("sources", p.T("block.cap.sources"), 0, append(p.heads("file", "collector"), "SHA-256"), cells)}
}
