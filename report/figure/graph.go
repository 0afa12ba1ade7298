package figure

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
)

// Limits of the path graph. Paths are drawn by their last networks before the
// origin, as what matters lies there; in each layer the heaviest networks have
// a node of their own and the others share one.
const (
	graphDepth = 4
	graphWide  = 7  // nodes in a layer of a small panel
	graphFew   = 5  // if there are more: boxes wide enough for their names
	graphWider = 10 // of a single, wide panel
)

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

// Words are what a graph writes at its nodes.
type Words struct {
	Network  func(as uint32) string // the name of a network, "" if it has none
	Others   string                 // several networks in one node
	Controls string                 // the origins of the control routes
}

// PanelWords are the words of one panel.
type PanelWords struct {
	Label    string // the panel in a sentence
	Peers    string // who holds the routes
	Controls string // how many of the control routes there are
}

// Break is a row of the table of hypotheses, whose number is drawn where its places
// lie.
type Break struct {
	Number int
	Group  Standing
	Places []place.Place
}

// Standing is what the records say of a break.
type Standing int

// Standings of breaks, in the order of the table.
const (
	InClass    Standing = iota // one act that suffices
	IsOpen                     // one that does not, and is not excluded
	IsExcluded                 // a network that was not down for everything
)

// Graph is the paths of several sets, one panel a set, in one layout. Its numbers of
// breaks stand in the panel of the trough, the second.
type Graph struct {
	words  Words
	width  float64
	height float64
	nodes  []*graphNode
	edges  []*graphEdge
	layers [][]*graphNode
	peers  []int // peers in each panel
	folded int   // networks that share a node
	widest int   // most peers on any edge
	roots  map[uint32]bool
	rows   []Break        // hypotheses whose breaks are drawn
	links  []finding.Link // where control routes ran
	region *cause.Region  // the stretch that the verdict names; nil without
	marks  []candidate    // the breaks, at the trough
	others *graphNode     // stands for the origins of control routes; nil without
}

func tail(path []uint32) []uint32 {
	if len(path) > graphDepth {
		return path[len(path)-graphDepth:]
	}
	return path
}

// Layout places the networks of all sets of paths. Breaks and links are those of a
// verdict, region the stretch that it names; without one they are nil.
func Layout(sets [][]finding.Path, rows []Break, links []finding.Link, region *cause.Region, words Words) *Graph {
	g := &Graph{words: words, region: region, width: 300, peers: make([]int, len(sets)), roots: map[uint32]bool{}, rows: rows, links: links}
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
	g.candidates()
	return g
}

// Empty reports whether there is nothing to draw.
func (g *Graph) Empty() bool { return len(g.nodes) == 0 }

// Peers is how many peers hold the routes of a panel; one that holds two routes along two
// paths is counted twice.
func (g *Graph) Peers(panel int) int { return g.peers[panel] }

// Folded is how many networks share a node with others.
func (g *Graph) Folded() int { return g.folded }

// HasRegion reports whether sessions of the region are drawn.
func (g *Graph) HasRegion() bool { return slices.ContainsFunc(g.edges, g.inRegion) }

// Unnamed are the networks whose nodes have no room for a name.
func (g *Graph) Unnamed() []uint32 {
	var out []uint32
	for l := len(g.layers) - 1; l >= 0; l-- {
		for _, n := range g.layers[l] {
			if !n.named && len(n.ases) == 1 {
				out = append(out, n.ases[0])
			}
		}
	}
	return out
}

func (g *Graph) connect(sets [][]finding.Path, node map[uint32]*graphNode) {
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
func (g *Graph) place() {
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
func (g *Graph) room(l int) float64 { return g.width/float64(len(g.layers[l])) - 5 }

// SVG is one panel. Its text is drawn at its own size: the picture scales as
// a whole and is never stretched.
func (g *Graph) SVG(i int, w PanelWords, trough bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="pg" viewBox="-2 0 %s %s" role="img" aria-label="%s">`, Fixed(g.width+4), Fixed(g.height), esc(w.Label))
	var lines strokes
	g.drawControls(&b, &lines, i, w.Controls)
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
		Fixed(g.width-4), Fixed(g.width/2), esc(w.Peers))
	for _, n := range g.nodes {
		g.node(&b, n, i, trough)
	}
	if trough {
		g.drawMarks(&b)
	}
	b.WriteString("</svg>")
	return b.String()
}

// inRegion reports whether an edge is a session of the stretch that the verdict
// names: the route comes up it from near to far.
func (g *Graph) inRegion(e *graphEdge) bool {
	if g.region == nil || e.from == topNode {
		return false
	}
	far, near := g.nodes[e.from], g.nodes[e.to]
	return slices.ContainsFunc(g.region.Sessions, func(s place.Session) bool {
		return slices.Contains(near.ases, s.Near) && slices.Contains(far.ases, s.Far)
	})
}

func (g *Graph) edge(s *strokes, e *graphEdge, stroke string) {
	to := g.nodes[e.to]
	x2, y2 := to.px(), to.y
	x1, y1 := x2, 32.0
	if e.from != topNode {
		from := g.nodes[e.from]
		x1, y1 = from.px(), from.y+from.h
		if from.y >= to.y { // a path that climbs: an arc below both
			y2 = to.y + to.h
			deep := max(y1, y2) + 26
			fmt.Fprintf(s.of(stroke), "M%s %sC%s %s %s %s %s %s", Fixed(x1), Fixed(y1), Fixed(x1), Fixed(deep), Fixed(x2), Fixed(deep), Fixed(x2), Fixed(y2))
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
		fmt.Fprintf(b, "M%s %sV%s", Fixed(x1), Fixed(y1), Fixed(y2))
		return
	}
	mid := (y1 + y2) / 2
	fmt.Fprintf(b, "M%s %sC%s %s %s %s %s %s", Fixed(x1), Fixed(y1), Fixed(x1), Fixed(mid+8), Fixed(x2), Fixed(mid-8), Fixed(x2), Fixed(y2))
}

func (s *strokes) write(b *strings.Builder) {
	for i, look := range s.looks {
		fmt.Fprintf(b, `<path%s d="%s"/>`, look, s.paths[i])
	}
}

// stroke is the look of an edge: as wide as its peers, dotted without any,
// broken where all that runs along it was inferred.
func (g *Graph) stroke(peers, inferred int) string {
	if peers == 0 {
		return ` class="sub off"`
	}
	class := "sub"
	if inferred == peers {
		class = "sub inf"
	}
	return ` class="` + class + `" style="stroke-width:` + Fixed(max(1.2, 9*float64(peers)/float64(max(g.widest, 9)))) + `"`
}

func (g *Graph) node(b *strings.Builder, n *graphNode, panel int, trough bool) {
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
	fmt.Fprintf(b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, Fixed(n.x), Fixed(n.y), Fixed(n.w), Fixed(n.h))
	num := strconv.FormatUint(uint64(n.ases[0]), 10)
	name := g.words.Network(n.ases[0])
	if len(n.ases) > 1 {
		num, name = "+"+strconv.Itoa(len(n.ases)), g.words.Others
	} else if n.w > 66 {
		num = "AS" + num
	}
	middle, room := n.x+n.w/2, n.w
	if n.port > 0 { // beside the numbers
		middle, room = middle+n.port/2+4, room-2*n.port
	}
	cx := Fixed(middle)
	if !n.named {
		size := ""
		if float64(len(num))*7 > n.w-2 {
			size = ` style="font-size:` + Fixed((n.w-4)/(float64(len(num))*0.6)) + `px"`
		}
		fmt.Fprintf(b, `<text class="t%s" x="%s" y="%s"%s>%s</text>`, inv, cx, Fixed(n.y+17.3), size, esc(num))
		return
	}
	y := n.y + 19
	if name == "" {
		y = n.y + 27.3
	}
	fmt.Fprintf(b, `<text class="b%s" x="%s" y="%s">%s</text>`, inv, cx, Fixed(y), esc(num))
	if name != "" {
		fmt.Fprintf(b, `<text class="s%s" x="%s" y="%s">%s</text>`, inv, cx, Fixed(n.y+36), esc(fitName(name, room-8)))
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

func layerOf(g *Graph, n *graphNode) int {
	for i, row := range g.layers {
		if slices.Contains(row, n) {
			return i
		}
	}
	return 0
}
