package sim

import (
	"errors"
	"slices"
)

// class is where an AS has its route from.
type class uint8

const (
	own class = iota
	fromCustomer
	fromPeer
	fromProvider
	none
)

// route is what an AS holds: the next AS and how long the path is from there.
// Eight bytes, so that the state of 50,000 ASes stays in the second-level cache.
type route struct {
	next   int32 // -1 of an origin, -2-k of the k-th stuck AS
	length uint16
	class  class
	kept   bool // for customers only
}

var nothing = route{next: -1, class: none}

// ErrUnsettled is a routing system that does not come to rest: preferences that
// chase one another, as they can on the Internet.
var ErrUnsettled = errors.New("the routes do not settle")

// Announce is an AS that originates the routes.
type Announce struct {
	AS int32
	// Prepend says how many times more an AS names itself towards a
	// neighbour. It may be nil.
	Prepend map[int32]int
}

// Stuck is an AS that holds on to a route it had, whatever its neighbours say,
// and goes on passing it to those it would.
type Stuck struct {
	AS     int32
	Class  class
	Kept   bool
	Length uint16
	Tail   []int32 // from the next AS to the origin
}

// Bits of Router.mark.
const (
	markHurt uint8 = 1 << iota
	markTail       // on the tail of a stuck route
	markStuck
	markQueued
	markDeaf // refuses the routes from everybody
)

// Router computes the routes to one origin at a time. It is scratch space: one
// for each goroutine. After [Router.Run] it answers for the last run.
type Router struct {
	g *Graph
	m *Manners
	// push holds, of customers and peers, those whose state anyone asks for.
	push *Graph

	// leaf are the ASes without customers there: most of the Internet.
	leaf []bool

	r       []route
	mark    []uint8
	touched []int32
	levels  [][]int32
	dmg     damage
	stuck   []Stuck
	origin  int32
	ann     []Announce
	queue   [][]int32 // ASes that reconsider, by their depth below the top
	loops   []oddPair // better routes refused because they led back
}

// NewRouter makes a router for the whole graph.
func NewRouter(m *Manners) *Router { return newRouter(m, m.g) }

func newRouter(m *Manners, push *Graph) *Router {
	n := m.g.Len()
	s := &Router{g: m.g, m: m, push: push, r: make([]route, n), mark: make([]uint8, n), queue: make([][]int32, int(slices.Max(m.g.depth))+1)}
	s.leaf = make([]bool, n)
	for i := range s.r {
		s.r[i] = nothing
		s.leaf[i] = len(push.customers(int32(i))) == 0
	}
	return s
}

// restrict makes the graph in which routes are pushed only to where somebody
// asks for them: to the ASes asked for, their providers up to the top, and to
// those whose unusual manners could touch these.
func restrict(m *Manners, asked []int32) *Graph {
	g := m.g
	in := make([]bool, g.Len())
	var todo []int32
	want := func(i int32) {
		if !in[i] {
			in[i] = true
			todo = append(todo, i)
		}
	}
	for _, i := range asked {
		want(i)
	}
	for _, i := range m.tasters {
		if len(g.customers(i)) > 0 {
			want(i)
		}
	}
	for _, ps := range [][]oddPair{m.leaks, m.sibs} {
		for _, p := range ps {
			want(p.from)
			want(p.to)
		}
	}
	for len(todo) > 0 {
		u := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, p := range g.providers(u) {
			want(p)
		}
	}
	push := &Graph{asn: g.asn, off: make([]uint32, 0, len(g.off))}
	add := func(of []int32, all bool) {
		push.off = append(push.off, uint32(len(push.adj)))
		for _, v := range of {
			if all || in[v] {
				push.adj = append(push.adj, v)
			}
		}
	}
	for i := range int32(g.Len()) {
		add(g.customers(i), false)
		add(g.peers(i), false)
		add(g.providers(i), true)
	}
	push.off = append(push.off, uint32(len(push.adj)))
	return push
}

// Run computes the routes to what is announced, by up to a few ASes at once,
// under breaks and with stuck ASes. It runs in three phases as if everybody
// followed the rules – up from the origin, once over the peers, and down – and
// then lets those who do not reconsider until nothing changes.
func (s *Router) Run(ann []Announce, breaks []Break, stuck []Stuck) error {
	s.clear()
	s.setBreaks(breaks)
	s.stuck, s.ann = stuck, ann
	s.origin = ann[0].AS
	for k, x := range stuck {
		s.mark[x.AS] |= markStuck
		for _, t := range x.Tail {
			s.mark[t] |= markTail
		}
		s.r[x.AS] = route{next: int32(-2 - k), length: x.Length, class: x.Class, kept: x.Kept}
		s.touched = append(s.touched, x.AS)
	}
	for _, a := range ann {
		if s.mark[a.AS]&markStuck == 0 && !s.silent(a.AS) {
			s.r[a.AS] = route{next: -1, class: own}
			s.touched = append(s.touched, a.AS)
		}
	}
	s.up()
	s.across()
	s.down()
	return s.settle()
}

func (s *Router) clear() {
	for _, i := range s.touched {
		s.r[i] = nothing
	}
	s.touched = s.touched[:0]
	for _, x := range s.stuck {
		s.mark[x.AS] = 0
		for _, t := range x.Tail {
			s.mark[t] = 0
		}
	}
	s.stuck = nil
}

// level adds an AS to those with paths of a length.
func (s *Router) level(length uint16, i int32) {
	for int(length) >= len(s.levels) {
		s.levels = append(s.levels, nil)
	}
	s.levels[length] = append(s.levels[length], i)
}

// prepended is how much longer a path is towards v if u originates it and
// prepends.
func (s *Router) prepended(u, v int32) uint16 {
	if s.r[u].class == own {
		for i := range s.ann {
			if a := &s.ann[i]; a.AS == u && a.Prepend != nil {
				return uint16(a.Prepend[v])
			}
		}
	}
	return 0
}

// closed says whether a route may not pass from u to v although the rules let
// it: a break, an AS that is stuck, a loop through a stuck route.
func (s *Router) closed(u, v int32) bool {
	if s.mark[v]&(markStuck|markTail) != 0 {
		if s.mark[v]&markStuck != 0 || s.through(u, v) {
			return true
		}
	}
	return s.blocked(u, v)
}

// through says whether the path from u goes through v, or to nowhere.
func (s *Router) through(u, v int32) bool {
	for range 1 << 12 {
		if u == v {
			return true
		}
		r := s.r[u]
		if r.class == none {
			return true
		}
		if r.next == -1 {
			return false
		}
		if r.next < -1 {
			return slices.Contains(s.stuck[-2-r.next].Tail, v)
		}
		u = r.next
	}
	return true
}

// up gives everybody above an origin a route from a customer.
func (s *Router) up() {
	for _, i := range s.touched {
		if s.r[i].class <= fromCustomer {
			s.level(s.r[i].length, i)
		}
	}
	for l := 0; l < len(s.levels); l++ {
		// An AS is levelled again if a shorter path turns up; it is then done
		// once at the shorter one.
		for k := 0; k < len(s.levels[l]); k++ {
			u := s.levels[l][k]
			ru := s.r[u]
			if int(ru.length) != l || ru.kept {
				continue
			}
			first := ru.class == own && s.ann[0].Prepend != nil
			for _, p := range s.g.providers(u) {
				length := ru.length + 1
				if first {
					length += s.prepended(u, p)
				}
				rp := &s.r[p]
				if rp.class <= fromCustomer && (rp.length < length || rp.length == length && rp.next <= u) {
					continue
				}
				if s.mark[p]|s.mark[u] != 0 && s.closed(u, p) {
					continue
				}
				if rp.class == none {
					s.touched = append(s.touched, p)
				}
				if rp.class != fromCustomer || rp.length != length {
					s.level(length, p)
				}
				*rp = route{next: u, length: length, class: fromCustomer}
				if s.m.odd[u] != 0 && s.m.edge(u, p)&kept != 0 {
					rp.kept = true
				}
			}
		}
		s.levels[l] = s.levels[l][:0]
	}
}

// across passes what was learned from customers to the peers. Nobody passes a
// peer's route to a peer, so the order does not matter.
func (s *Router) across() {
	for k, n := 0, len(s.touched); k < n; k++ {
		u := s.touched[k]
		ru := s.r[u]
		if ru.class > fromCustomer || ru.kept {
			continue
		}
		first := ru.class == own && s.ann[0].Prepend != nil
		for _, p := range s.push.peers(u) {
			length := ru.length + 1
			if first {
				length += s.prepended(u, p)
			}
			rp := &s.r[p]
			if rp.class < fromPeer || rp.class == fromPeer && (rp.length < length || rp.length == length && rp.next <= u) {
				continue
			}
			if s.mark[p]|s.mark[u] != 0 && s.closed(u, p) {
				continue
			}
			if rp.class == none {
				s.touched = append(s.touched, p)
			}
			*rp = route{next: u, length: length, class: fromPeer}
		}
	}
}

// down passes everything to the customers, the shortest first.
func (s *Router) down() {
	for _, i := range s.touched {
		if !s.leaf[i] {
			s.level(s.r[i].length, i)
		}
	}
	for l := 0; l < len(s.levels); l++ {
		for k := 0; k < len(s.levels[l]); k++ {
			u := s.levels[l][k]
			ru := s.r[u]
			if int(ru.length) != l {
				continue
			}
			first := ru.class == own && s.ann[0].Prepend != nil
			odd := ru.class > fromCustomer && s.m.odd[u] != 0
			for _, c := range s.push.customers(u) {
				length := ru.length + 1
				if first {
					length += s.prepended(u, c)
				}
				rc := &s.r[c]
				if rc.class < fromProvider || rc.class == fromProvider && (rc.length < length || rc.length == length && rc.next <= u) {
					continue
				}
				if odd && s.m.edge(u, c)&withholds != 0 || s.mark[c]|s.mark[u] != 0 && s.closed(u, c) {
					continue
				}
				if rc.class == none {
					s.touched = append(s.touched, c)
				}
				if (rc.class != fromProvider || rc.length != length) && !s.leaf[c] {
					s.level(length, c)
				}
				*rc = route{next: u, length: length, class: fromProvider}
			}
		}
		s.levels[l] = s.levels[l][:0]
	}
}

// offer is the route that v would have from u, if u passes it on. kin is what v
// is to u.
func (s *Router) offer(u, v int32, k kinship) (route, bool) {
	ru := s.r[u]
	if ru.class == none || ru.next == v {
		return nothing, false
	}
	var e uint8
	if s.m.odd[u] != 0 {
		e = s.m.edge(u, v)
	}
	c := [...]class{customer: fromProvider, peer: fromPeer, provider: fromCustomer}[k]
	switch {
	case e&sibling != 0:
		// Siblings are one network with two numbers: what one has from a
		// peer, the other has from a peer.
		c = max(ru.class, fromCustomer)
	case k == customer:
		if ru.class > fromCustomer && e&withholds != 0 {
			return nothing, false
		}
	case ru.class > fromCustomer || ru.kept:
		if e&leaking == 0 || !s.m.leaksFor(u, s.origin) {
			return nothing, false
		}
	}
	return route{next: u, length: ru.length + 1 + s.prepended(u, v), class: c, kept: e&kept != 0 || e&sibling != 0 && ru.kept}, true
}

// better says whether v prefers x to y.
func (s *Router) better(v int32, x, y route) bool {
	if x.class == none || y.class == none {
		return x.class != none
	}
	if px, py := s.m.preference(v, x.class, x.next), s.m.preference(v, y.class, y.next); px != py {
		return px < py
	}
	if x.length != y.length {
		return x.length < y.length
	}
	return x.next < y.next
}

// settle lets the ASes with manners of their own, and whoever they touch, choose
// again until nobody wants to.
func (s *Router) settle() error {
	s.loops = s.loops[:0]
	for _, i := range s.m.tasters {
		if s.r[i].class != none {
			s.enqueue(i)
		}
	}
	for _, p := range s.m.leaks {
		if (s.r[p.from].class > fromCustomer || s.r[p.from].kept) && s.m.leaksFor(p.from, s.origin) {
			s.enqueue(p.to)
		}
	}
	for _, p := range s.m.sibs {
		s.enqueue(p.to)
	}
	// Providers before customers, so that a change high up reaches an AS below
	// once and not by every way down.
	budget := 2*len(s.touched) + 20_000
	for d := 0; ; {
		for d < len(s.queue) && len(s.queue[d]) == 0 {
			d++
		}
		if d == len(s.queue) {
			if s.unlooped() {
				d = 0
				continue
			}
			return nil
		}
		q := s.queue[d]
		v := q[len(q)-1]
		s.queue[d] = q[:len(q)-1]
		s.mark[v] &^= markQueued
		if budget--; budget < 0 {
			for d, q := range s.queue {
				for _, v := range q {
					s.mark[v] &^= markQueued
				}
				s.queue[d] = q[:0]
			}
			return ErrUnsettled
		}
		if s.reconsider(v) {
			// Whoever was told may be above.
			d = 0
		}
	}
}

// unlooped looks again at routes that were refused because they led back, since
// a path can change without the routes that lead to it.
func (s *Router) unlooped() bool {
	found, still := false, s.loops[:0]
	for _, p := range s.loops {
		switch {
		case s.r[p.from].class == none:
		case s.through(p.from, p.to):
			still = append(still, p)
		default:
			s.enqueue(p.to)
			found = true
		}
	}
	s.loops = still
	return found
}

func (s *Router) enqueue(v int32) {
	if s.mark[v]&(markQueued|markStuck) == 0 {
		s.mark[v] |= markQueued
		d := s.g.depth[v]
		s.queue[d] = append(s.queue[d], v)
	}
}

// reconsider chooses v's route among all that its neighbours offer and, if it
// changed, queues those whom it concerns.
func (s *Router) reconsider(v int32) bool {
	was := s.r[v]
	if was.class == own {
		return false
	}
	best := nothing
	try := func(ns []int32, vIs kinship) {
		for _, n := range ns {
			if s.r[n].class == none {
				continue
			}
			x, ok := s.offer(n, v, vIs)
			if !ok || !s.better(v, x, best) || s.blocked(n, v) {
				continue
			}
			if s.through(n, v) {
				s.loops = append(s.loops, oddPair{n, v})
				continue
			}
			best = x
		}
	}
	try(s.g.customers(v), provider)
	try(s.g.peers(v), peer)
	try(s.g.providers(v), customer)
	if best == was {
		return false
	}
	if best.class != none && was.class == none {
		s.touched = append(s.touched, v)
	}
	s.r[v] = best
	tell := func(ns []int32, wIs kinship) {
		for _, w := range ns {
			rw := s.r[w]
			if rw.class == own {
				continue
			}
			if rw.next == v && rw.class != none {
				s.enqueue(w)
				continue
			}
			if x, ok := s.offer(v, w, wIs); ok && s.better(w, x, rw) {
				s.enqueue(w)
			}
		}
	}
	tell(s.push.customers(v), customer)
	tell(s.push.peers(v), peer)
	tell(s.g.providers(v), provider)
	return true
}

// Has says whether an AS holds a route, and from whom.
func (s *Router) Has(i int32) bool { return s.r[i].class != none }

// AppendPath appends the path of AS i, from i itself to the origin, as AS
// numbers without prepending; nothing if it holds no route.
func (s *Router) AppendPath(dst []uint32, i int32) []uint32 {
	if s.r[i].class == none {
		return dst
	}
	for {
		dst = append(dst, s.g.asn[i])
		r := s.r[i]
		if r.next == -1 {
			return dst
		}
		if r.next < -1 {
			for _, t := range s.stuck[-2-r.next].Tail {
				dst = append(dst, s.g.asn[t])
			}
			return dst
		}
		i = r.next
	}
}

// freeze is the stuck AS that i would be, holding what it holds now.
func (s *Router) freeze(i int32) (Stuck, bool) {
	r := s.r[i]
	if r.class == none || r.class == own {
		return Stuck{}, false
	}
	x := Stuck{AS: i, Class: r.class, Kept: r.kept, Length: r.length}
	for j := r.next; ; j = s.r[j].next {
		if j < 0 {
			return x, true
		}
		x.Tail = append(x.Tail, j)
		if s.r[j].next == -1 {
			return x, true
		}
		if s.r[j].next < -1 {
			return Stuck{}, false
		}
	}
}
