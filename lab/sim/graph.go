package sim

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Graph is a graph of ASes and their relationships. ASes are numbered by
// ascending AS number, so that the lower index is the lower neighbour. It is
// read-only once built and may be shared.
type Graph struct {
	asn []uint32
	// The neighbours of i are three ascending runs of adj: customers, peers,
	// providers. off has three starts for each AS, and the end.
	off []uint32
	adj []int32
	// depth is how far an AS is below the top, by the longest way up.
	depth []uint16
}

// Relation is one line of a graph: the first is the provider of the second, or
// they are peers.
type Relation struct {
	A, B uint32
	Peer bool
}

// Errors of graphs.
var (
	ErrCycle    = errors.New("customers in a cycle")
	ErrRelation = errors.New("not a relation")
)

// Len is the number of ASes.
func (g *Graph) Len() int { return len(g.asn) }

// AS is the number of the AS with index i.
func (g *Graph) AS(i int32) uint32 { return g.asn[i] }

// Index finds an AS.
func (g *Graph) Index(as uint32) (int32, bool) {
	i, ok := slices.BinarySearch(g.asn, as)
	return int32(i), ok
}

func (g *Graph) customers(i int32) []int32 { return g.adj[g.off[3*i]:g.off[3*i+1]] }
func (g *Graph) peers(i int32) []int32     { return g.adj[g.off[3*i+1]:g.off[3*i+2]] }
func (g *Graph) providers(i int32) []int32 { return g.adj[g.off[3*i+2]:g.off[3*i+3]] }
func (g *Graph) degree(i int32) int        { return int(g.off[3*i+3] - g.off[3*i]) }

// ASNs lists the AS numbers, ascending. It must not be changed.
func (g *Graph) ASNs() []uint32 { return g.asn }

// Customers lists the customers of an AS.
func (g *Graph) Customers(as uint32) []uint32 {
	i, ok := g.Index(as)
	if !ok {
		return nil
	}
	var out []uint32
	for _, c := range g.customers(i) {
		out = append(out, g.asn[c])
	}
	return out
}

// kinship is what a neighbour is to an AS.
type kinship uint8

const (
	customer kinship = iota
	peer
	provider
	stranger
)

// kin says what v is to u.
func (g *Graph) kin(u, v int32) kinship {
	if _, ok := slices.BinarySearch(g.providers(u), v); ok {
		return provider
	}
	if _, ok := slices.BinarySearch(g.peers(u), v); ok {
		return peer
	}
	if _, ok := slices.BinarySearch(g.customers(u), v); ok {
		return customer
	}
	return stranger
}

// NewGraph builds a graph. Each pair of ASes may be given once; customers in a
// cycle are an error that names one.
func NewGraph(rel []Relation) (*Graph, error) {
	g := &Graph{}
	for _, r := range rel {
		if r.A == r.B || r.A == 0 || r.B == 0 {
			return nil, fmt.Errorf("AS%d and AS%d: %w", r.A, r.B, ErrRelation)
		}
		g.asn = append(g.asn, r.A, r.B)
	}
	slices.Sort(g.asn)
	g.asn = slices.Clip(slices.Compact(g.asn))
	n := len(g.asn)
	type half struct {
		of, to int32
		kind   kinship
	}
	halves := make([]half, 0, 2*len(rel))
	for _, r := range rel {
		a, _ := g.Index(r.A)
		b, _ := g.Index(r.B)
		if r.Peer {
			halves = append(halves, half{a, b, peer}, half{b, a, peer})
		} else {
			halves = append(halves, half{a, b, customer}, half{b, a, provider})
		}
	}
	slices.SortFunc(halves, func(x, y half) int {
		if x.of != y.of {
			return int(x.of - y.of)
		}
		if x.kind != y.kind {
			return int(x.kind) - int(y.kind)
		}
		return int(x.to - y.to)
	})
	g.off = make([]uint32, 3*n+1)
	g.adj = make([]int32, 0, len(halves))
	for _, h := range halves {
		g.off[3*int(h.of)+int(h.kind)+1]++
		g.adj = append(g.adj, h.to)
	}
	for i := 1; i < len(g.off); i++ {
		g.off[i] += g.off[i-1]
	}
	for i := range int32(n) {
		all := slices.Clone(g.adj[g.off[3*i]:g.off[3*i+3]])
		slices.Sort(all)
		for k := 1; k < len(all); k++ {
			if all[k] == all[k-1] {
				return nil, fmt.Errorf("AS%d and AS%d are related twice: %w", g.asn[i], g.asn[all[k]], ErrRelation)
			}
		}
	}
	if c := g.cycle(); c != nil {
		names := make([]string, len(c))
		for i, v := range c {
			names[i] = "AS" + strconv.FormatUint(uint64(g.asn[v]), 10)
		}
		return nil, fmt.Errorf("%s: each is a customer of the one before: %w", strings.Join(names, ", "), ErrCycle)
	}
	return g, nil
}

// cycle measures how far everybody is below the top and finds ASes that are
// customers of one another in a ring, or nil.
func (g *Graph) cycle() []int32 {
	n := len(g.asn)
	left := make([]int32, n) // providers not yet taken away
	var free []int32
	for i := range int32(n) {
		left[i] = int32(len(g.providers(i)))
		if left[i] == 0 {
			free = append(free, i)
		}
	}
	taken := 0
	g.depth = make([]uint16, n)
	for len(free) > 0 {
		u := free[len(free)-1]
		free = free[:len(free)-1]
		taken++
		for _, c := range g.customers(u) {
			g.depth[c] = max(g.depth[c], g.depth[u]+1)
			if left[c]--; left[c] == 0 {
				free = append(free, c)
			}
		}
	}
	if taken == n {
		return nil
	}
	// Whoever is left has a provider that is left: going up must come round.
	at := map[int32]int{}
	var walk []int32
	v := int32(slices.IndexFunc(left, func(x int32) bool { return x > 0 }))
	for {
		if i, ok := at[v]; ok {
			ring := walk[i:]
			slices.Reverse(ring)
			return ring
		}
		at[v] = len(walk)
		walk = append(walk, v)
		for _, p := range g.providers(v) {
			if left[p] > 0 {
				v = p
				break
			}
		}
	}
}

// OpenGraph reads a file of relations, plain or gzip.
func OpenGraph(path string) (*Graph, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	br := bufio.NewReaderSize(f, 1<<16)
	var r io.Reader = br
	if head, _ := br.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		r = z
	}
	g, err := ReadGraph(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return g, nil
}

// ReadGraph reads relations in CAIDA's serial-1 form: lines "provider|customer|-1"
// and "peer|peer|0", comments after #. Further fields are passed over.
func ReadGraph(r io.Reader) (*Graph, error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	var rel []Relation
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.SplitN(line, "|", 4)
		bad := func(why string) error { return fmt.Errorf("line %d, %.60q: %s: %w", n, line, why, ErrRelation) }
		if len(f) < 3 {
			return nil, bad("want AS|AS|-1 or AS|AS|0")
		}
		a, errA := strconv.ParseUint(f[0], 10, 32)
		b, errB := strconv.ParseUint(f[1], 10, 32)
		if errA != nil || errB != nil || a == 0 || b == 0 || a == b {
			return nil, bad("want two AS numbers that differ")
		}
		switch f[2] {
		case "-1":
			rel = append(rel, Relation{uint32(a), uint32(b), false})
		case "0":
			rel = append(rel, Relation{uint32(a), uint32(b), true})
		default:
			return nil, bad("the relation is neither -1 (provider to customer) nor 0 (peers)")
		}
	}
	if err := sc.Err(); err != nil {
		return nil, err
	}
	if len(rel) == 0 {
		return nil, errors.New("holds no relations")
	}
	return NewGraph(rel)
}

// IsCustomer says whether a is a customer of b.
func (g *Graph) IsCustomer(a, b uint32) bool {
	i, ok := g.Index(a)
	j, ok2 := g.Index(b)
	return ok && ok2 && g.kin(j, i) == customer
}

// Relations lists the graph's relations: each peering once, the lower number first.
func (g *Graph) Relations() []Relation {
	var out []Relation
	for i := range int32(g.Len()) {
		for _, c := range g.customers(i) {
			out = append(out, Relation{g.asn[i], g.asn[c], false})
		}
		for _, p := range g.peers(i) {
			if i < p {
				out = append(out, Relation{g.asn[i], g.asn[p], true})
			}
		}
	}
	return out
}
