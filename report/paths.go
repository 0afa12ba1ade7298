package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
)

// pathRows is how many paths the table lists.
const pathRows = 30

// pathSection shows which way the routes went.
func pathSection(p *printer, fig *document.Paths) []document.Block {
	if fig == nil {
		return nil
	}
	key := "paths.text"
	switch {
	case len(fig.In)+len(fig.Open)+len(fig.Out) > 0:
		key = "paths.text.marks"
	case fig.Learned:
		key = "paths.text.learned"
	}
	return []document.Block{document.Para{Text: p.h(key), Where: document.OnPage}, fig}
}

func drawPaths(p *printer, c *facts) *document.Paths {
	var sets [][]finding.Path
	fig := &document.Paths{}
	var columns []string
	switch {
	case c.head != nil && c.head.Paths != nil && len(c.head.Paths.Before)+len(c.head.Paths.Trough)+len(c.head.Paths.After) > 0:
		sets = [][]finding.Path{c.head.Paths.Before, c.head.Paths.Trough}
		columns = []string{p.t("paths.before"), p.t("paths.trough")}
		if c.head.Recovery != nil || len(c.head.Paths.After) > 0 { // no panel for what was not seen
			sets = append(sets, c.head.Paths.After)
			columns = append(columns, p.t("paths.after"))
		}
	case len(c.f.Learned) > 0:
		sets = [][]finding.Path{c.f.Learned}
		columns = []string{p.t("paths.learned")}
		fig.Learned = true
	default:
		return nil
	}
	var rows []figure.Break
	var links []finding.Link
	if !fig.Learned && c.cause >= 0 {
		links = c.f.Cause[c.cause].Links
		for _, r := range c.hyps {
			rows = append(rows, figure.Break{Number: r.number, Group: r.group, Places: r.places})
		}
	}
	var region *cause.Region
	if x := c.placed(); x != nil && !fig.Learned {
		region = &x.Region
	}
	g := figure.Layout(sets, rows, links, region, figure.Words{Network: p.network, Others: p.t("paths.others"), Controls: p.t("paths.controls")})
	if g.Empty() {
		return nil
	}
	fig.Region = g.HasRegion()
	fig.In, fig.Open, fig.Out = g.Numbers(figure.InClass), g.Numbers(figure.IsOpen), g.Numbers(figure.IsExcluded)
	fig.Undrawn = g.Undrawn()
	_, _, fig.Controls = g.Controls()
	fig.Title = pathTitle(p, sets[0], fig.Learned)
	fig.Sub = p.t("paths.sub")
	subs := pathSubs(p, c, fig.Learned)
	for i := range sets {
		trough := !fig.Learned && i == 1
		fig.Panels = append(fig.Panels, document.PathPanel{Title: columns[i], Sub: subs[i], SVG: g.SVG(i, panelWords(p, g, i, columns[i], trough), trough)})
	}
	fig.Names = unnamed(p, g)
	if n := g.Folded(); n > 0 {
		fig.Folded = p.count("paths.folded", int64(n))
	}
	fig.Numbers = pathTable(p, sets, columns)
	for _, set := range sets {
		fig.Inferred = fig.Inferred || slices.ContainsFunc(set, func(x finding.Path) bool { return x.Inferred })
	}
	return fig
}

// panelWords words a panel: how many peers hold the routes, and how many control
// routes there are. A peer that hears two prefixes along two paths is in both; when the
// paths together count more peers than there are, the number would be wrong and is left
// out.
func panelWords(p *printer, g *figure.Graph, i int, title string, trough bool) figure.PanelWords {
	w := figure.PanelWords{Peers: p.count("unit.peer", int64(g.Peers(i)))}
	if g.Peers(i) > len(p.f.Strip) && len(p.f.Strip) > 0 {
		w.Peers = p.t("paths.peers")
	}
	w.Label = p.t("paths.label", "title", title, "peers", w.Peers)
	if g.Peers(i) == 0 {
		w.Label = p.t("paths.label.none", "title", title)
	}
	if in := g.Numbers(figure.InClass); trough && len(in) > 0 {
		w.Label += " " + p.t("paths.label.marks", "class", p.and(in))
	}
	all, left, _ := g.Controls()
	switch i {
	case 0:
		w.Controls = p.n(int64(all))
	case 1:
		w.Controls = p.t("paths.controls.kept", "k", p.n(int64(left)), "n", p.n(int64(all)))
	case 2: // after the recovery nobody read them
		w.Controls = p.t("paths.controls.after")
	}
	return w
}

// unnamed lists the networks whose nodes had no room for a name.
func unnamed(p *printer, g *figure.Graph) string {
	var out []string
	for _, as := range g.Unnamed() {
		if name := p.network(as); name != "" {
			out = append(out, strconv.FormatUint(uint64(as), 10)+nbsp+name)
		}
	}
	return strings.Join(out, ", ")
}

func pathSubs(p *printer, c *facts, learned bool) []string {
	if learned {
		return []string{""}
	}
	h := c.head
	trough := onset(h)
	if len(h.Total) > 0 {
		trough = h.Total[0].From
	}
	after := ""
	if until := ended(h); until != nil {
		after = p.when("paths.from", *until)
	}
	return []string{p.when("paths.until", h.From), p.when("paths.from", trough), after}
}

// when words a message about a moment {at}; some languages put an article before
// a date and none before a time of day.
func (p *printer) when(key string, t moment.Time, a ...any) string {
	if !p.oneDay {
		key += ".day"
	}
	return p.t(key, append(a, "at", p.stamp(t))...)
}

// pathTitle says the one thing a path set may say at a glance: all of it ran
// through one neighbour of the origin.
func pathTitle(p *printer, paths []finding.Path, learned bool) string {
	var via uint32
	for i, x := range paths {
		if len(x.Path) < 2 {
			return p.t("paths.title")
		}
		n := x.Path[len(x.Path)-2]
		if i > 0 && n != via {
			return p.t("paths.title")
		}
		via = n
	}
	switch {
	case len(paths) == 0:
		return p.t("paths.title")
	case learned:
		return p.tn("paths.title.learned", int64(len(paths)), "as", p.is(via))
	}
	return p.tn("paths.title.one", int64(len(paths)), "as", p.is(via))
}

// pathTable is the union of the sets, heaviest first.
func pathTable(p *printer, sets [][]finding.Path, columns []string) document.Table {
	type entry struct {
		path  string
		peers []int
		sum   int
		cells []string // marks of the panels
	}
	m := map[string]*entry{}
	for i, set := range sets {
		for _, x := range set {
			hops := make([]string, len(x.Path))
			for j, as := range x.Path {
				hops[j] = strconv.FormatUint(uint64(as), 10)
			}
			k := strings.Join(hops, " ")
			if m[k] == nil {
				m[k] = &entry{path: k, peers: make([]int, len(sets)), cells: make([]string, len(sets))}
			}
			m[k].peers[i] += x.Peers
			m[k].sum += x.Peers
			if x.Inferred {
				m[k].cells[i] = " (" + p.t("paths.inferred") + ")"
			}
		}
	}
	all := make([]*entry, 0, len(m))
	for _, e := range m {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *entry) int { return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.path, b.path)) })
	t := document.Table{Dense: true, Anchor: "n4", Caption: document.Plain(p.t("paths.caption")), Columns: document.Columns(append([]string{p.t("col.path")}, columns...)...)}
	for i, e := range all {
		if i == pathRows {
			t.More = p.more(int64(len(all) - i))
			break
		}
		cells := []document.Cell{{Text: document.Text{{Text: e.path, Code: true}}}}
		for j, v := range e.peers {
			cells = append(cells, document.Cells(p.n(int64(v))+e.cells[j])...)
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	return t
}
