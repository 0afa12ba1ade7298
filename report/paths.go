package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/moment"
)

// Limits of the path graph. Paths are drawn by their last networks before the
// origin, as what matters lies there; in each layer the heaviest networks have
// a node of their own and the others share one.
const (
	graphDepth = 4
	graphWide  = 7  // nodes in a layer of a small panel
	graphFew   = 5  // if there are more: boxes wide enough for their names
	graphWider = 10 // of a single, wide panel
	pathRows   = 30
)

type pathFigure struct {
	Title, Sub, Names string
	Folded            string // how much is folded, "" if nothing is
	Panels            []pathPanel
	Rows              []pathRow
	Columns           []string
	More              string
	Learned           bool
	Inferred          bool     // some path was inferred
	Marks             bool     // candidate breaks are drawn on it
	In, Open, Out     []string // numbers drawn: acts that suffice, that do not, excluded
	Region            bool     // lines of the stretch that the verdict names are drawn
	Undrawn           bool
	Controls          bool // control routes are drawn
}

type pathPanel struct {
	Title, Sub string
	SVG        template.HTML
}

type pathRow struct {
	Path  string
	Peers []string
}

type graphNode struct {
	id     int
	layer  int
	ases   []uint32 // one, or all that share a folded node
	weight int
	x, y   float64
	w, h   float64
	port   float64 // where the subject's routes meet the box, from its left edge; 0: in its middle
	named  bool
}

// px is where the subject's routes meet the node.
func (n *graphNode) px() float64 {
	if n.port > 0 {
		return n.x + n.port
	}
	return n.x + n.w/2
}

// cx is where control routes meet the node: beside the subject's.
func (n *graphNode) cx() float64 {
	if n.port > 0 {
		return n.x + n.w - n.port
	}
	return n.x + n.w/2 + 5
}

type graphEdge struct {
	from, to int   // node ids; from is topNode for an edge to the peers
	peers    []int // a number for each panel
	inferred []int // of these, along paths that were inferred
}

const topNode = -1

// graph is one layout for all panels.
type graph struct {
	p      *printer
	width  float64
	height float64
	nodes  []*graphNode
	edges  []*graphEdge
	layers [][]*graphNode
	peers  []int // peers in each panel
	folded int   // networks that share a node
	widest int   // most peers on any edge
	roots  map[uint32]bool
	rows   []hypRow       // hypotheses whose breaks are drawn
	links  []finding.Link // where control routes ran
	region *cause.Region  // the stretch that the verdict names; nil without
	marks  []candidate    // the breaks, at the trough
	others *graphNode     // stands for the origins of control routes; nil without
}

func drawPaths(p *printer, c *facts) *pathFigure {
	var sets [][]finding.Path
	fig := &pathFigure{}
	switch {
	case c.head != nil && c.head.Paths != nil && len(c.head.Paths.Before)+len(c.head.Paths.Trough)+len(c.head.Paths.After) > 0:
		sets = [][]finding.Path{c.head.Paths.Before, c.head.Paths.Trough}
		fig.Columns = []string{p.t("paths.before"), p.t("paths.trough")}
		if c.head.Recovery != nil || len(c.head.Paths.After) > 0 { // no panel for what was not seen
			sets = append(sets, c.head.Paths.After)
			fig.Columns = append(fig.Columns, p.t("paths.after"))
		}
	case len(c.f.Learned) > 0:
		sets = [][]finding.Path{c.f.Learned}
		fig.Columns = []string{p.t("paths.learned")}
		fig.Learned = true
	default:
		return nil
	}
	var rows []hypRow
	var links []finding.Link
	if !fig.Learned && c.cause >= 0 {
		rows, links = c.hyps, c.f.Cause[c.cause].Links
	}
	g := layout(p, sets, rows, links)
	if x := c.placed(); x != nil && !fig.Learned {
		g.region = &x.Region
		fig.Region = slices.ContainsFunc(g.edges, g.inRegion)
	}
	if len(g.nodes) == 0 {
		return nil
	}
	fig.mark(g)
	fig.Controls = g.others != nil
	fig.Title = pathTitle(p, sets[0], fig.Learned)
	fig.Sub = p.t("paths.sub")
	subs := pathSubs(p, c, fig.Learned)
	for i := range sets {
		fig.Panels = append(fig.Panels, pathPanel{fig.Columns[i], subs[i], g.draw(i, fig.Columns[i], !fig.Learned && i == 1)})
	}
	fig.Names = g.names()
	if g.folded > 0 {
		fig.Folded = p.count("paths.folded", int64(g.folded))
	}
	fig.Rows, fig.More = pathTable(p, sets)
	for _, set := range sets {
		fig.Inferred = fig.Inferred || slices.ContainsFunc(set, func(x finding.Path) bool { return x.Inferred })
	}
	return fig
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
	if h.Recovery != nil && h.Recovery.Median != nil {
		after = p.when("paths.from", *h.Recovery.Median)
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
		return p.tn("paths.title.learned", int64(len(paths)), "as", p.as(via))
	}
	return p.tn("paths.title.one", int64(len(paths)), "as", p.as(via))
}

func tail(path []uint32) []uint32 {
	if len(path) > graphDepth {
		return path[len(path)-graphDepth:]
	}
	return path
}

func layout(p *printer, sets [][]finding.Path, rows []hypRow, links []finding.Link) *graph {
	g := &graph{p: p, width: 300, peers: make([]int, len(sets)), roots: map[uint32]bool{}, rows: rows, links: links}
	weight, layer := map[uint32]int{}, map[uint32]int{}
	for i, set := range sets {
		for _, x := range set {
			g.peers[i] += x.Peers
			t := tail(x.Path)
			for j, as := range t {
				weight[as] += max(x.Peers, 1)
				layer[as] = max(layer[as], len(t)-1-j)
			}
			if len(t) > 0 {
				g.roots[t[len(t)-1]] = true
			}
		}
	}
	ases := make([]uint32, 0, len(weight))
	for as := range weight {
		ases = append(ases, as)
	}
	slices.SortFunc(ases, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(layer[a], layer[b]), cmp.Compare(weight[b], weight[a]), cmp.Compare(a, b))
	})
	g.layers = make([][]*graphNode, graphDepth)
	node := map[uint32]*graphNode{}
	count := map[int]int{}
	most := 0
	for _, as := range ases {
		count[layer[as]]++
		most = max(most, count[layer[as]])
	}
	wide := graphWide
	if len(sets) == 1 && most > graphWide {
		g.width, wide = 460, graphWider
	}
	for _, as := range ases {
		l := layer[as]
		most := wide
		if wide == graphWide {
			most = graphFew
		}
		if row := g.layers[l]; count[l] > wide && len(row) == most {
			last := row[most-1]
			if len(last.ases) == 1 {
				g.folded++
			}
			g.folded++
			last.ases = append(last.ases, as)
			last.weight += weight[as]
			node[as] = last
			continue
		}
		n := &graphNode{id: len(g.nodes), layer: l, ases: []uint32{as}, weight: weight[as]}
		g.nodes = append(g.nodes, n)
		g.layers[l] = append(g.layers[l], n)
		node[as] = n
	}
	g.layers = slices.DeleteFunc(g.layers, func(r []*graphNode) bool { return len(r) == 0 })
	g.connect(sets, node)
	g.place()
	return g
}

func (g *graph) connect(sets [][]finding.Path, node map[uint32]*graphNode) {
	type pair struct{ from, to int }
	edges := map[pair]*graphEdge{}
	for i, set := range sets {
		for _, x := range set {
			prev := topNode
			for _, as := range tail(x.Path) {
				n := node[as].id
				if n == prev {
					continue
				}
				k := pair{prev, n}
				if edges[k] == nil {
					edges[k] = &graphEdge{prev, n, make([]int, len(sets)), make([]int, len(sets))}
					g.edges = append(g.edges, edges[k])
				}
				edges[k].peers[i] += x.Peers
				if x.Inferred {
					edges[k].inferred[i] += x.Peers
				}
				g.widest = max(g.widest, edges[k].peers[i])
				prev = n
			}
		}
	}
	slices.SortFunc(g.edges, func(a, b *graphEdge) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
}

// place orders each layer by where its networks lead (the mean place of their
// lower neighbours, then weight) and gives nodes their boxes.
func (g *graph) place() {
	const air = 54.0
	y := 32 + air
	for l := len(g.layers) - 1; l >= 0; l-- {
		high := 26.0
		if g.room(l) >= 84 {
			high = 46
		}
		for _, n := range g.layers[l] {
			n.y, n.h, n.named = y, high, high > 30
		}
		y += high + air
	}
	g.height = y - air + 8
	for l, row := range g.layers {
		if l > 0 {
			centre := map[int]float64{}
			for _, n := range row {
				var sum, all float64
				for _, e := range g.edges {
					if e.from == n.id && g.nodes[e.to].layer < n.layer {
						w := 0.0
						for _, v := range e.peers {
							w += float64(v)
						}
						sum += w * (g.nodes[e.to].x + g.nodes[e.to].w/2)
						all += w
					}
				}
				if all > 0 {
					centre[n.id] = sum / all
				} else {
					centre[n.id] = g.width / 2
				}
			}
			slices.SortStableFunc(row, func(a, b *graphNode) int {
				return cmp.Or(cmp.Compare(min(len(a.ases), 2), min(len(b.ases), 2)), cmp.Compare(int(centre[a.id]*10), int(centre[b.id]*10)), cmp.Compare(b.weight, a.weight))
			})
		}
		room := g.room(l)
		w := min(room, 150)
		if l == 0 {
			g.placeOthers()
		}
		if len(row) == 1 && g.inClass(row[0]) {
			n := row[0]
			n.x, n.w = 50, 200
			if l == 0 && g.others != nil {
				n.w = 112
			}
			if len(g.layers) > 1 && len(g.layers[1]) == 1 {
				n.port = 24 // the numbers of the class stand in one column at the left
			}
			continue
		}
		for i, n := range row {
			n.w = w
			n.x = (float64(i)+0.5)*g.width/float64(len(row)) - w/2
		}
	}
}

// room is the width a node of layer l can have.
func (g *graph) room(l int) float64 { return g.width/float64(len(g.layers[l])) - 5 }

// draw is one panel. Its text is drawn at its own size: the picture scales as
// a whole and is never stretched.
func (g *graph) draw(i int, title string, trough bool) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="pg" viewBox="-2 0 %s %s" role="img" aria-label="%s">`, fixed(g.width+4), fixed(g.height), esc(g.label(i, title, trough)))
	var lines strokes
	g.drawControls(&b, &lines, i)
	for pass := range 2 { // what is gone first, under what is there
		for _, e := range g.edges {
			if (e.peers[i] > 0) == (pass == 1) {
				g.edge(&lines, e, g.stroke(e.peers[i], e.inferred[i]))
			}
		}
	}
	if trough {
		var under strokes
		for _, e := range g.edges {
			if g.inRegion(e) {
				g.edge(&under, e, ` class="reg"`)
			}
		}
		under.write(&b)
	}
	lines.write(&b)
	fmt.Fprintf(&b, `<rect class="nd" x="2" y="6" width="%s" height="26"/><text x="%s" y="23.5">%s</text>`,
		fixed(g.width-4), fixed(g.width/2), esc(g.top(i)))
	for _, n := range g.nodes {
		g.node(&b, n, i, trough)
	}
	if trough {
		g.drawMarks(&b)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// inRegion reports whether an edge is a session of the stretch that the verdict
// names: the route comes up it from near to far.
func (g *graph) inRegion(e *graphEdge) bool {
	if g.region == nil || e.from == topNode {
		return false
	}
	far, near := g.nodes[e.from], g.nodes[e.to]
	return slices.ContainsFunc(g.region.Sessions, func(s place.Session) bool {
		return slices.Contains(near.ases, s.Near) && slices.Contains(far.ases, s.Far)
	})
}

func esc(s string) string { return template.HTMLEscapeString(s) }

func (g *graph) edge(s *strokes, e *graphEdge, stroke string) {
	to := g.nodes[e.to]
	x2, y2 := to.px(), to.y
	x1, y1 := x2, 32.0
	if e.from != topNode {
		from := g.nodes[e.from]
		x1, y1 = from.px(), from.y+from.h
		if from.y >= to.y { // a path that climbs: an arc below both
			y2 = to.y + to.h
			deep := max(y1, y2) + 26
			fmt.Fprintf(s.of(stroke), "M%s %sC%s %s %s %s %s %s", fixed(x1), fixed(y1), fixed(x1), fixed(deep), fixed(x2), fixed(deep), fixed(x2), fixed(y2))
			return
		}
	}
	s.line(stroke, x1, y1, x2, y2)
}

// strokes gathers lines of one look into one path, in the order of the looks.
type strokes struct {
	looks []string
	paths []*strings.Builder
}

func (s *strokes) of(look string) *strings.Builder {
	i := slices.Index(s.looks, look)
	if i < 0 {
		i = len(s.looks)
		s.looks, s.paths = append(s.looks, look), append(s.paths, &strings.Builder{})
	}
	return s.paths[i]
}

// line is a line down, straight or bent.
func (s *strokes) line(look string, x1, y1, x2, y2 float64) {
	b := s.of(look)
	if x1 == x2 {
		fmt.Fprintf(b, "M%s %sV%s", fixed(x1), fixed(y1), fixed(y2))
		return
	}
	mid := (y1 + y2) / 2
	fmt.Fprintf(b, "M%s %sC%s %s %s %s %s %s", fixed(x1), fixed(y1), fixed(x1), fixed(mid+8), fixed(x2), fixed(mid-8), fixed(x2), fixed(y2))
}

func (s *strokes) write(b *strings.Builder) {
	for i, look := range s.looks {
		fmt.Fprintf(b, `<path%s d="%s"/>`, look, s.paths[i])
	}
}

// stroke is the look of an edge: as wide as its peers, dotted without any,
// broken where all that runs along it was inferred.
func (g *graph) stroke(peers, inferred int) string {
	if peers == 0 {
		return ` class="sub off"`
	}
	class := "sub"
	if inferred == peers {
		class = "sub inf"
	}
	return ` class="` + class + `" style="stroke-width:` + fixed(max(1.2, 9*float64(peers)/float64(max(g.widest, 9)))) + `"`
}

func (g *graph) node(b *strings.Builder, n *graphNode, panel int, trough bool) {
	root := len(n.ases) == 1 && g.roots[n.ases[0]]
	held := 0
	for _, e := range g.edges {
		if e.to == n.id {
			held += e.peers[panel]
		}
	}
	class, inv := "nd", ""
	if root || len(g.layers[layerOf(g, n)]) == 1 {
		class += " big"
	}
	if root && trough && held == 0 {
		class += " dark"
		inv = " inv"
	}
	fmt.Fprintf(b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, fixed(n.x), fixed(n.y), fixed(n.w), fixed(n.h))
	num := strconv.FormatUint(uint64(n.ases[0]), 10)
	name := g.p.network(n.ases[0])
	if len(n.ases) > 1 {
		num, name = "+"+strconv.Itoa(len(n.ases)), g.p.t("paths.others")
	} else if n.w > 66 {
		num = "AS" + num
	}
	middle, room := n.x+n.w/2, n.w
	if n.port > 0 { // beside the numbers
		middle, room = middle+n.port/2+4, room-2*n.port
	}
	cx := fixed(middle)
	if !n.named {
		size := ""
		if float64(len(num))*7 > n.w-2 {
			size = ` style="font-size:` + fixed((n.w-4)/(float64(len(num))*0.6)) + `px"`
		}
		fmt.Fprintf(b, `<text class="t%s" x="%s" y="%s"%s>%s</text>`, inv, cx, fixed(n.y+17.3), size, esc(num))
		return
	}
	y := n.y + 19
	if name == "" {
		y = n.y + 27.3
	}
	fmt.Fprintf(b, `<text class="b%s" x="%s" y="%s">%s</text>`, inv, cx, fixed(y), esc(num))
	if name != "" {
		fmt.Fprintf(b, `<text class="s%s" x="%s" y="%s">%s</text>`, inv, cx, fixed(n.y+36), esc(fitName(name, room-8)))
	}
}

// fitName cuts a name to a width in units of the graph, by the usual widths of
// letters at its size.
func fitName(name string, room float64) string {
	wide := 0.0
	cut := 0
	for i, r := range name {
		switch {
		case r >= 'A' && r <= 'Z', r == 'm', r == 'w', r > 0x2000:
			wide += 8
		case r == ' ', r == 'i', r == 'l', r == '.', r == ',':
			wide += 3.4
		default:
			wide += 6.4
		}
		if wide <= room-8 {
			cut = i + utf8.RuneLen(r)
		}
	}
	if wide <= room {
		return name
	}
	return strings.TrimSpace(name[:cut]) + "…"
}

func layerOf(g *graph, n *graphNode) int {
	for i, row := range g.layers {
		if slices.Contains(row, n) {
			return i
		}
	}
	return 0
}

// top counts the peers of a panel. A peer that hears two prefixes along two
// paths is in both; when the paths together count more peers than there are,
// the number would be wrong and is left out.
func (g *graph) top(i int) string {
	if g.peers[i] > len(g.p.f.Strip) && len(g.p.f.Strip) > 0 {
		return g.p.t("paths.peers")
	}
	return g.p.count("unit.peer", int64(g.peers[i]))
}

// label says a panel in a sentence.
func (g *graph) label(i int, title string, trough bool) string {
	words := g.p.t("paths.label", "title", title, "peers", g.top(i))
	if g.peers[i] == 0 {
		words = g.p.t("paths.label.none", "title", title)
	}
	if in := g.numbers(inClass); trough && len(in) > 0 {
		words += " " + g.p.t("paths.label.marks", "class", g.p.and(in))
	}
	return words
}

// names lists the networks whose nodes had no room for a name.
func (g *graph) names() string {
	var out []string
	for l := len(g.layers) - 1; l >= 0; l-- {
		for _, n := range g.layers[l] {
			if name := g.p.network(n.ases[0]); !n.named && len(n.ases) == 1 && name != "" {
				out = append(out, strconv.FormatUint(uint64(n.ases[0]), 10)+nbsp+name)
			}
		}
	}
	return strings.Join(out, ", ")
}

// pathTable is the union of the sets, heaviest first.
func pathTable(p *printer, sets [][]finding.Path) (rows []pathRow, more string) {
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
	for i, e := range all {
		if i == pathRows {
			more = p.more(int64(len(all) - i))
			break
		}
		r := pathRow{Path: e.path}
		for j, v := range e.peers {
			r.Peers = append(r.Peers, p.n(int64(v))+e.cells[j])
		}
		rows = append(rows, r)
	}
	return rows, more
}
