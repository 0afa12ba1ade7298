package sim

import (
	"cmp"
	"net/netip"
	"slices"
)

// State is what a vantage's route had become when states were read.
type State uint8

const (
	Unseen State = iota // the vantage was known not to be watching
	Gone
	Kept
	Moved
)

// Hop is a path held between baseline and trough.
type Hop struct {
	At   int64
	Path []uint32
}

// Sight is one vantage's view of one prefix around the event, as it could be
// read from files. Paths are shared and must not be changed.
type Sight struct {
	Vantage  int
	Baseline []uint32
	Inferred bool
	State    State
	Now      []uint32
	Since    int64
	Lost     int64
	Explored []Hop
	// Final is the path that routing gives in the end, where the vantage shows
	// it, as if nothing went wrong in between. Only the simulator knows it.
	Final []uint32
	// Stale says, as only the simulator can, that what is held is not what
	// routing gives: a zombie, or from behind a stuck AS or a stale feed.
	Stale bool
}

// Prefix is one prefix as the vantages saw it.
type Prefix struct {
	Prefix netip.Prefix
	Origin uint32
	Sights []Sight
}

// Night is what was seen of a case. It holds until its player plays again.
type Night struct {
	Case               *Case
	Subject, Near, Far []Prefix
	First              int64 // when the first thing broke
	Onset              int64 // median, in seconds; 0 if no vantage lost a route
	Converged, Trough  int64
	Recovery           int64 // when all that broke was mended
	// Of the sights that lost the subject, how many hold something in its
	// place, by kind.
	ReplacedMore, ReplacedLess, ReplacedOrigin, LostSights int
	Renumbered                                             []netip.Prefix
	ObserverResets                                         int
	// Truly counts the vantages with a route to the subject, full feeds or
	// not, and how many of them routing left without one in the end.
	Truly struct{ Carried, Lost, Moved int }

	tracks []track
}

// track is what one vantage showed of one prefix, for writing it as files.
type track struct {
	vantage int
	prefix  netip.Prefix
	base    []uint32
	changes []change
}

// change is a route from a moment on; no path is a withdrawal.
type change struct {
	at   int64
	path []uint32
}

// Times of a night, in seconds after the first break.
const (
	troughAfter   = 720
	quietAfter    = 420 // from here on only what is alive is said again
	recoveryAfter = 900
	longestDelay  = 110
	converging    = 180 // after the last loss
)

// Player plays cases of one world, one at a time. It is scratch space: one for
// each goroutine.
type Player struct {
	w         *World
	s         *Router
	before    view // of the subject
	after     []view
	control   view
	vantageAS []uint32
	others    [][][]uint32 // per vantage, other routes it could have had
	sights    []Sight
	changes   []change
	keep      bool
}

// Player makes a player. keep says that nights can be written as files.
func (w *World) Player(keep bool) *Player {
	p := &Player{w: w, s: newRouter(w.m, w.push), keep: keep}
	for _, v := range w.Vantages {
		p.vantageAS = append(p.vantageAS, v.AS)
	}
	return p
}

func (p *Player) announce(c *Case) []Announce {
	o, _ := p.w.g.Index(c.Origin)
	a := Announce{AS: o}
	for as, n := range c.Prepend {
		if i, ok := p.w.g.Index(as); ok {
			if a.Prepend == nil {
				a.Prepend = map[int32]int{}
			}
			a.Prepend[i] = n
		}
	}
	return []Announce{a}
}

// base routes the subject with nothing broken.
func (p *Player) base(c *Case) error {
	ann := p.announce(c)
	if err := p.s.Run(ann, nil, nil); err != nil {
		return err
	}
	p.before.origin = ann[0].AS
	p.w.read(p.s, &p.before)
	return nil
}

// Play plays a case.
func (p *Player) Play(c *Case) (*Night, error) {
	w := p.w
	ann := p.announce(c)
	if err := p.base(c); err != nil {
		return nil, err
	}
	d := newDice(c.Seed, 0x6e696768)
	n := &Night{Case: c, First: 1_420_070_400 + int64(d.below(300*86400))}
	n.Trough, n.Recovery = n.First+troughAfter, n.First+recoveryAfter+int64(d.below(600))
	p.alternatives(c)
	var stuck []Stuck
	for _, as := range c.Stuck {
		if i, ok := w.g.Index(as); ok {
			if x, ok := p.s.freeze(i); ok {
				stuck = append(stuck, x)
			}
		}
	}
	forged := ann
	if c.Forged == OtherOrigin {
		if i, ok := w.g.Index(c.By); ok {
			forged = append(forged, Announce{AS: i})
		}
	}
	for len(p.after) < len(c.Steps) {
		p.after = append(p.after, view{})
	}
	for k, st := range c.Steps {
		if err := p.s.Run(forged, st.Breaks, stuck); err != nil {
			return nil, err
		}
		w.read(p.s, &p.after[k])
	}
	final := &p.after[len(c.Steps)-1]
	for k := range w.Vantages {
		if b := p.before.path(k); len(b) > 0 {
			n.Truly.Carried++
			switch a := final.path(k); {
			case len(a) == 0 || a[len(a)-1] != c.Origin:
				n.Truly.Lost++
			case !slices.Equal(a, b):
				n.Truly.Moved++
			}
		}
	}

	near, far := p.controls(c)
	total := c.Prefixes + len(near) + len(far)
	p.sights = slices.Grow(p.sights[:0], total*len(w.Vantages))
	n.Subject = p.subject(n, stuck)
	n.Near = p.controlPrefixes(n, near, firstControl)
	n.Far = p.controlPrefixes(n, far, firstControl+len(near))
	n.date()
	return n, nil
}

// alternatives finds, for each vantage, other routes to the subject that its
// neighbours would have given it: what it explores before it gives up.
func (p *Player) alternatives(c *Case) {
	w := p.w
	p.others = slices.Grow(p.others[:0], len(w.Vantages))[:len(w.Vantages)]
	d := newDice(c.Seed, 0x616c7465)
	for k, v := range w.Vantages {
		p.others[k] = p.others[k][:0]
		deg := w.g.degree(v.node)
		for range min(5, deg) {
			u := w.g.adj[int(w.g.off[3*v.node])+d.below(deg)]
			if p.s.r[u].class == none || u == p.s.r[v.node].next {
				continue
			}
			if _, ok := p.s.offer(u, v.node, w.g.kin(u, v.node)); !ok || p.s.through(u, v.node) {
				continue
			}
			x := p.s.AppendPath([]uint32{v.AS}, u)
			if !slices.ContainsFunc(p.others[k], func(y []uint32) bool { return slices.Equal(x, y) }) {
				p.others[k] = append(p.others[k], x)
			}
		}
	}
}

// otherPath is another route of a vantage: one that a neighbour would have
// given it or, where none is known, the same by a detour.
func (p *Player) otherPath(k int, base []uint32, subject bool, d *dice) []uint32 {
	if subject && len(p.others[k]) > 0 {
		return pick(d, p.others[k])
	}
	v := p.w.Vantages[k].node
	ns := p.w.g.providers(v)
	if len(ns) == 0 {
		ns = p.w.g.peers(v)
	}
	if len(ns) == 0 || len(base) < 2 {
		return nil
	}
	x := p.w.g.asn[pick(d, ns)]
	if slices.Contains(base, x) {
		return nil
	}
	return append([]uint32{base[0], x}, base[1:]...)
}

// firstControl is the index of the first prefix that is not the subject's.
const firstControl = 100

// prefixOf gives the prefixes of an index: the subject's first, then controls.
func prefixOf(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(20 + i>>16), byte(i >> 8), byte(i), 0}), 24)
}

// subject plays the subject's prefixes through all steps.
func (p *Player) subject(n *Night, stuck []Stuck) []Prefix {
	c, w := n.Case, p.w
	steps := p.after[:len(c.Steps)]
	out := make([]Prefix, c.Prefixes)
	frozen := map[uint32]bool{}
	for _, s := range stuck {
		frozen[w.g.asn[s.AS]] = true
	}
	// A vantage's routes to all prefixes of an origin change in one burst.
	delay := make([]int64, len(w.Vantages)*len(steps))
	for i := range delay {
		k := i / len(steps)
		d := newDice(c.Seed, 0x64656c61, uint64(i))
		delay[i] = min(longestDelay, 1+int64(d.skewed(12, 0.8)))
		if mix(w.seed, 0x62617463, uint64(k))%5 == 0 { // sends in batches
			delay[i] = (n.First+delay[i])/30*30 + 30 - n.First
		}
	}
	for i := range out {
		from := len(p.sights)
		out[i] = Prefix{Prefix: prefixOf(i), Origin: c.Origin}
		for k := range w.Vantages {
			base := p.before.path(k)
			if !w.shows(k, p.before.class[k], i) {
				base = nil
			}
			d := newDice(c.Seed, 0x7369676874, uint64(i), uint64(k))
			chs := p.changes[:0]
			cur, stale := base, false
			for j := range steps {
				to := steps[j].path(k)
				if !w.shows(k, steps[j].class[k], i) {
					to = nil
				}
				ours := len(to) == 0 || to[len(to)-1] == c.Origin
				if w.Vantages[k].Feed == StaleFeed || slices.Equal(to, cur) {
					continue
				}
				began := n.First + c.Steps[j].After
				at := began + delay[k*len(steps)+j] + int64(d.below(2))
				if j+1 < len(steps) && at > n.First+c.Steps[j+1].After+delay[k*len(steps)+j+1] {
					continue // overtaken
				}
				if len(to) == 0 {
					if d.chance(c.Conditions.Zombie) {
						stale = true
						continue
					}
					// Most routers try something else first.
					for range d.below(3) {
						if x := p.otherPath(k, base, true, d); x != nil && at-began > 2 && !slices.Equal(x, cur) {
							hop := began + 1 + int64(d.below(int(at-began)-1))
							if len(chs) == 0 || hop > chs[len(chs)-1].at {
								chs = append(chs, change{hop, x})
								cur = x
							}
						}
					}
				}
				if !ours && len(base) == 0 {
					continue
				}
				chs = append(chs, change{at, to})
				cur, stale = to, false
			}
			chs = p.churn(n, chs, base, k, true, d)
			p.changes = chs[:0]
			s := p.look(n, base, chs, k)
			for j, as := range s.Now {
				if frozen[as] && j < len(s.Now)-1 {
					stale = true
				}
			}
			s.Final = base
			if f := &steps[len(steps)-1]; len(base) > 0 && w.Vantages[k].Feed != StaleFeed {
				s.Final = nil
				if w.shows(k, f.class[k], i) {
					s.Final = f.path(k)
				}
			}
			s.Stale = (stale || w.Vantages[k].Feed == StaleFeed) && len(s.Now) > 0
			p.reset(n, &s, k)
			p.stand(n, &s, d)
			if c.NoSnapshot && !p.infer(&s, d) {
				continue
			}
			if len(s.Baseline) > 0 || len(s.Now) > 0 {
				p.sights = append(p.sights, s)
			}
			if p.keep && len(base) > 0 {
				n.tracks = append(n.tracks, track{k, out[i].Prefix, base, slices.Clone(chs)})
			}
		}
		out[i].Sights = p.sights[from:len(p.sights):len(p.sights)]
	}
	if c.Forged == NewPrefixes {
		for i := range c.Prefixes {
			n.Renumbered = append(n.Renumbered, netip.PrefixFrom(netip.AddrFrom4([4]byte{19, 0, byte(i), 0}), 24))
		}
	}
	return out
}

// churn adds what happens to a route of itself: lost in the same minutes, lost
// and back, or by another way for a while; and the repetitions of routes that
// are alive.
func (p *Player) churn(n *Night, chs []change, base []uint32, k int, subject bool, d *dice) []change {
	f := p.w.Vantages[k].Feed
	if len(base) == 0 || f == StaleFeed {
		return chs
	}
	last := base
	if len(chs) > 0 {
		last = chs[len(chs)-1].path
	}
	if !d.chance(n.Case.Conditions.Churn) {
		return chs
	}
	at := n.First - 60 + int64(d.below(240))
	var x []change
	switch d.below(3) {
	case 0:
		// Lost: whatever came, it is gone at the trough.
		if len(last) == 0 {
			return chs
		}
		if len(chs) > 0 {
			at = max(at, chs[len(chs)-1].at+1)
		}
		return append(chs, change{at, nil})
	case 1:
		x = []change{{at, nil}, {at + 20 + int64(d.below(70)), base}}
	case 2:
		y := p.otherPath(k, base, subject, d)
		if y == nil {
			return chs
		}
		x = []change{{at, y}}
		if len(chs) == 0 {
			return x
		}
	}
	// What ends before the route's own changes goes before them.
	if len(chs) == 0 {
		return x
	}
	if x[len(x)-1].at < chs[0].at {
		return append(x, chs...)
	}
	return chs
}

// look reads the state at the trough off the changes.
func (p *Player) look(n *Night, base []uint32, chs []change, k int) Sight {
	d := newDice(n.Case.Seed, 0x73696e63, uint64(k))
	s := Sight{Vantage: k, Baseline: base, Now: base, Since: n.First - 600 - int64(d.below(86400))}
	for j, ch := range chs {
		if ch.at > n.Trough {
			break
		}
		if len(ch.path) == 0 {
			s.Lost = ch.at
		} else {
			s.Since = ch.at
			if j < len(chs)-1 {
				s.Explored = append(s.Explored, Hop{ch.at, ch.path})
			}
		}
		s.Now = ch.path
	}
	switch {
	case len(s.Now) == 0:
		s.State = Gone
	case slices.Equal(s.Now, s.Baseline):
		s.State = Kept
		// What is alive is said again now and then.
		if p.w.Vantages[k].Feed != StaleFeed && len(chs) == 0 && d.chance(0.03) && p.alive(n, k, s.Now) {
			s.Since = n.First + quietAfter + int64(d.below(troughAfter-quietAfter))
		}
	default:
		s.State = Moved
	}
	if s.State != Gone {
		s.Lost = 0
	}
	return s
}

// alive says whether a route to the subject is what routing gives in the end.
func (p *Player) alive(n *Night, k int, now []uint32) bool {
	final := &p.after[len(n.Case.Steps)-1]
	if now[len(now)-1] == n.Case.Origin && !slices.Equal(final.path(k), now) {
		return false
	}
	return !slices.ContainsFunc(n.Case.Stuck, func(as uint32) bool { return slices.Contains(now, as) })
}

// reset takes away what a vantage showed while it was silent or its session was
// down: the collector noted it and the vantage is known not to have been watching, or
// all that is seen is that its routes went.
func (p *Player) reset(n *Night, s *Sight, k int) {
	c := n.Case
	if p.w.Vantages[k].Silent {
		s.State, s.Now, s.Explored, s.Lost = Unseen, nil, nil, 0
		return
	}
	if _, ok := slices.BinarySearch(c.Resets, k); !ok {
		if i, down := p.nodeDown(c, k); down {
			s.State, s.Now, s.Explored, s.Lost = Gone, nil, nil, n.First+i
		}
		return
	}
	d := newDice(c.Seed, 0x72657365, uint64(k))
	at := n.First + int64(d.below(20))
	if c.Reset == Unknown {
		s.State, s.Now, s.Explored, s.Lost = Unseen, nil, nil, 0
		return
	}
	s.State, s.Now, s.Explored, s.Lost = Gone, nil, nil, at
}

// nodeDown says whether a vantage's own AS is down, and since when. Its session
// ends without a word.
func (p *Player) nodeDown(c *Case, k int) (int64, bool) {
	for _, st := range c.Steps {
		for _, b := range st.Breaks {
			if b.Kind == NodeDown && b.A == p.w.Vantages[k].AS {
				return st.After + 90, true
			}
		}
	}
	return 0, false
}

// stand counts what stands in for a lost route, and turns a route of another
// origin into a loss.
func (p *Player) stand(n *Night, s *Sight, d *dice) {
	c := n.Case
	if len(s.Now) > 0 && s.Now[len(s.Now)-1] != c.Origin {
		if len(s.Baseline) == 0 {
			s.Now, s.State = nil, Unseen
			return
		}
		s.State, s.Lost, s.Now = Gone, s.Since, nil
		n.LostSights++
		n.ReplacedOrigin++
		return
	}
	if s.State != Gone || len(s.Baseline) == 0 {
		return
	}
	n.LostSights++
	// Nearly all of those who took the one route take the other.
	switch {
	case c.Forged == MoreSpecific && d.chance(0.97):
		n.ReplacedMore++
	case c.Forged == LessSpecific && d.chance(0.97):
		n.ReplacedLess++
	}
}

// infer leaves what a night without snapshots tells of a route: the path that
// came back, where it went; of the others, that some had been said before.
func (p *Player) infer(s *Sight, d *dice) bool {
	if s.State == Gone || s.State == Moved {
		s.Inferred = true
		return true
	}
	return d.chance(0.3)
}

// date computes from what was seen what an examiner would: the onset, when
// routing had converged, how many of those that lost the subject were reset.
func (n *Night) date() {
	var lost []int64
	reset := map[int]bool{}
	for _, x := range n.Subject {
		for _, s := range x.Sights {
			if s.State != Gone || s.Lost == 0 || len(s.Baseline) == 0 {
				continue
			}
			lost = append(lost, s.Lost)
			if _, ok := slices.BinarySearch(n.Case.Resets, s.Vantage); ok && n.Case.Reset == Noted {
				reset[s.Vantage] = true
			}
		}
	}
	n.ObserverResets = len(reset)
	n.Onset, n.Converged = n.First, n.First+converging
	if len(lost) > 0 {
		slices.Sort(lost)
		n.Onset = lost[(len(lost)-1)/2]
		n.Converged = lost[len(lost)-1] + converging
	}
}

// controlPrefixes plays controls: under breaks of everything, if their routes
// cross one, and under noise of their own.
func (p *Player) controlPrefixes(n *Night, of []*view, number int) []Prefix {
	c, w := n.Case, p.w
	var wide []Break
	for _, b := range c.Truth() {
		if b.Wide {
			wide = append(wide, b)
		}
	}
	began := n.First + c.Steps[len(c.Steps)-1].After
	out := make([]Prefix, 0, len(of))
	for i, v := range of {
		prefix := number + i
		x := Prefix{Prefix: prefixOf(prefix), Origin: w.g.asn[v.origin]}
		after := v
		if p.meets(v, wide) {
			if p.s.Run([]Announce{{AS: v.origin}}, wide, nil) != nil {
				continue
			}
			w.read(p.s, &p.control)
			after = &p.control
		}
		from := len(p.sights)
		for k := range w.Vantages {
			// By origin, so that a partial feed is the same in every case.
			if !w.shows(k, v.class[k], 1000+int(v.origin)) {
				continue
			}
			base := v.path(k)
			d := newDice(c.Seed, 0x636f6e74, uint64(prefix), uint64(k))
			chs := p.changes[:0]
			to := base
			if after != v && w.Vantages[k].Feed != StaleFeed {
				to = after.path(k)
				if !w.shows(k, after.class[k], 1000+int(v.origin)) {
					to = nil
				}
				if !slices.Equal(to, base) && !(len(to) == 0 && d.chance(c.Conditions.Zombie)) {
					if to != nil {
						to = slices.Clone(to)
					}
					chs = append(chs, change{began + min(longestDelay, 1+int64(d.skewed(12, 0.8))), to})
				}
			}
			chs = p.churn(n, chs, base, k, false, d)
			p.changes = chs[:0]
			s := Sight{Vantage: k, Baseline: base, Now: base, State: Kept, Since: n.First - 3000}
			if len(chs) > 0 {
				s = p.look(n, base, chs, k)
			}
			p.reset(n, &s, k)
			p.sights = append(p.sights, s)
			if p.keep {
				n.tracks = append(n.tracks, track{k, x.Prefix, base, slices.Clone(chs)})
			}
		}
		x.Sights = p.sights[from:len(p.sights):len(p.sights)]
		out = append(out, x)
	}
	return out
}

// meets says whether a vantage's route in a view crosses any of the breaks.
func (p *Player) meets(v *view, bs []Break) bool {
	for _, b := range bs {
		last := p.w.g.asn[v.origin]
		if b.Kind == NodeDown && b.A == last {
			return true
		}
		for k := range p.w.Vantages {
			x := v.path(k)
			for j, as := range x {
				if as == b.A && (b.Kind != Adjacency || j+1 < len(x) && x[j+1] == b.B) || b.Kind == Adjacency && as == b.B && j+1 < len(x) && x[j+1] == b.A {
					return true
				}
			}
		}
	}
	return false
}

// How many controls a case has.
const (
	nearEach = 8
	nearCore = 16 // of networks within two steps of the origin
	nearMost = 100
	farMost  = 40
)

// controls chooses prefixes of others as an examiner would who has the tables
// of the vantages and nothing else: near ones until each AS that the subject's
// routes cross has its number of them, as far as there are; far ones that avoid
// the networks within two steps of the origin and meet as few as possible of the
// others that many of its routes cross.
func (p *Player) controls(c *Case) (near, far []*view) {
	w := p.w
	type crossing struct {
		as   int32
		n    int // vantages
		dist int // from the origin, the least
	}
	at := map[int32]*crossing{}
	routes := 0
	for k := range w.Vantages {
		x := p.before.path(k)
		if len(x) > 0 {
			routes++
		}
		for j := 0; j < len(x)-1; j++ {
			i, _ := w.g.Index(x[j])
			cr := at[i]
			if cr == nil {
				cr = &crossing{as: i, dist: len(x)}
				at[i] = cr
			}
			cr.n++
			cr.dist = min(cr.dist, len(x)-1-j)
		}
	}
	all := make([]*crossing, 0, len(at))
	for _, cr := range at {
		all = append(all, cr)
	}
	slices.SortFunc(all, func(a, b *crossing) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.dist, b.dist), cmp.Compare(a.as, b.as))
	})
	pool := make([]*view, 0, len(w.pool))
	for _, o := range w.pool {
		if v := p.quiet(o); v.settled && o != p.before.origin {
			pool = append(pool, v)
		}
	}
	have := map[int32]int{} // AS → near controls that cross it
	used := map[int32]bool{p.before.origin: true}
	take := func(v *view) {
		used[v.origin] = true
		near = append(near, v)
		seen := map[uint32]bool{}
		for k := range w.Vantages {
			x := v.path(k)
			for _, as := range x[:max(0, len(x)-1)] {
				if !seen[as] {
					seen[as] = true
					i, _ := w.g.Index(as)
					have[i]++
				}
			}
		}
	}
	crosses := func(v *view, as uint32) bool {
		n := 0
		for k := range w.Vantages {
			if x := v.path(k); slices.Contains(x[:max(0, len(x)-1)], as) {
				if n++; n == 2 {
					return true
				}
			}
		}
		return false
	}
	for _, cr := range all {
		if len(near) >= nearMost || cr.n < 2 && cr.dist > 1 {
			continue
		}
		as := w.g.asn[cr.as]
		want := nearEach
		if cr.dist <= 2 {
			want = nearCore
		}
		// Its customers' first: they are what is in the tables of a network
		// near the origin.
		cs := slices.Clone(w.g.customers(cr.as))
		shuffle(newDice(uint64(as), 0x6e656172), cs)
		if len(cs) > 2*want {
			cs = cs[:2*want]
		}
		for _, o := range cs {
			if have[cr.as] >= want || len(near) >= nearMost {
				break
			}
			if !used[o] {
				if v := p.quiet(o); v.settled && crosses(v, as) {
					take(v)
				}
			}
		}
		for _, v := range pool {
			if have[cr.as] >= want || len(near) >= nearMost {
				break
			}
			if !used[v.origin] && crosses(v, as) {
				take(v)
			}
		}
	}
	zone := map[uint32]bool{}
	for _, cr := range all {
		if 10*cr.n >= routes && cr.n >= 2 || cr.dist <= 2 && cr.n >= 2 {
			zone[w.g.asn[cr.as]] = true
		}
	}
	type meeting struct {
		v *view
		n int
	}
	var ms []meeting
	for _, v := range pool {
		if used[v.origin] {
			continue
		}
		m := meeting{v: v}
		for k := range w.Vantages {
			if slices.ContainsFunc(v.path(k), func(as uint32) bool { return zone[as] }) {
				m.n++
			}
		}
		ms = append(ms, m)
	}
	slices.SortStableFunc(ms, func(a, b meeting) int { return cmp.Compare(a.n, b.n) })
	for _, m := range ms {
		if len(far) == farMost {
			break
		}
		far = append(far, m.v)
	}
	return near, far
}
