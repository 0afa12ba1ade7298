package sim

import (
	"net/netip"
	"slices"
)

// HeldState is what is known of a route from a moment on.
type HeldState uint8

// States of what a vantage held.
const (
	Unknown HeldState = iota // nobody was watching, or nothing was said yet
	Absent
	Present
)

// Held is what a vantage held of a prefix from a second on. Paths are shared and
// must not be changed.
type Held struct {
	At    int64
	State HeldState
	Path  []uint32 // set only if State is Present; nil if a route was withdrawn that nobody had seen
	Heard int64    // when the route was last said, up to the next step
}

// Route is the history of one prefix at one vantage: over the two hours before
// the act, the act, and until all had come back.
type Route struct {
	Vantage int
	Steps   []Held
}

// Prefix is one prefix as the vantages saw it.
type Prefix struct {
	Prefix netip.Prefix
	// Origin announces it; of prefixes with several origins, the first.
	Origin uint32
	// Line is the index of the line of announcements that it belongs to: 0 is
	// the subject's own, then come those of [Case.Beside]. -1: a control's.
	Line   int
	Routes []Route
}

// Down is an interval in which the session of a vantage was down, or its
// collector.
type Down struct {
	Vantage     int
	From, Until int64
	How         Reset
}

// Night is what was seen of a case. It holds until its player plays again.
type Night struct {
	Case *Case
	// Subject holds the prefixes that the case is about, Beside other prefixes
	// of the same origin or over the same addresses.
	Subject, Beside, Near, Far []Prefix
	From                       int64 // when histories begin
	First                      int64 // the moment of the act
	Recovery                   int64 // when all that broke was mended
	Downs                      []Down
	// Truly counts the vantages that had a route to the subject just before the
	// act, full feeds or not, and how many of them routing left without one, or
	// with another one, at the worst moment.
	Truly struct{ Carried, Lost, Moved int }

	skew   []int64
	fates  [][]fate // of line and vantage, see [Night.Stop]
	tracks []track
}

// fate is what routing made of a vantage's route from a second on, as far as it
// had the time to: a stop, or a route.
type fate struct {
	at   int64
	lost bool
	stop Stop
	// displaced says that another origin's route took the place of the lost one.
	displaced bool
}

// Stop is where the route of a vantage to the prefixes of a line had stopped at a
// second. It reports false for a vantage to which routing gave a route then, or
// never gave one; what noise took from it is no stop.
func (n *Night) Stop(line, vantage int, at int64) (Stop, bool) {
	if line < 0 || line >= len(n.fates)/max(1, n.vantages()) {
		return Stop{}, false
	}
	var out fate
	for _, f := range n.fates[line*n.vantages()+vantage] {
		if f.at <= at {
			out = f
		}
	}
	return out.stop, out.lost
}

// Skew is how far the clock of a vantage's collector is ahead, in seconds.
func (n *Night) Skew(vantage int) int64 { return n.skew[vantage] }

func (n *Night) vantages() int { return len(n.fates) / (1 + len(n.Case.Beside)) }

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

// Times of a night, in seconds after the act.
const (
	troughAfter   = 720
	quietAfter    = 420 // from here on only what is alive is said again
	recoveryAfter = 900
	longestDelay  = 110
	// A path held for less is one that was explored: a router waits up to 30 s
	// between two announcements of a route (RFC 4271 §10).
	settledFor = 30
)

// Player plays cases of one world, one at a time. It is scratch space: one for
// each goroutine.
type Player struct {
	w         *World
	s         *Router
	before    view     // of the subject, just before the act
	states    [][]view // of each line, the state before its first step, then each step's
	alone     view     // of a line whose origin alone announces
	control   []view
	vantageAS []uint32
	others    [][][]uint32 // per vantage, other routes it could have had
	routes    []Route
	held      []Held
	changes   []change
	downs     [][]Down // by vantage
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

// announce says who announces: by number, with the prepending of the subject.
func (p *Player) announce(by []uint32, prepend map[uint32]int) []Announce {
	var out []Announce
	for k, as := range by {
		i, ok := p.w.g.Index(as)
		if !ok {
			continue
		}
		a := Announce{AS: i}
		for as, n := range prepend {
			if j, ok := p.w.g.Index(as); ok && k == 0 {
				if a.Prepend == nil {
					a.Prepend = map[int32]int{}
				}
				a.Prepend[j] = n
			}
		}
		out = append(out, a)
	}
	return out
}

// base routes the subject as it was just before the act.
func (p *Player) base(c *Case) error {
	ann := p.announce(append([]uint32{c.Origin}, c.Also...), c.Prepend)
	if err := p.s.Run(ann, c.before(), nil); err != nil {
		return err
	}
	p.before.origin = ann[0].AS
	p.w.read(p.s, &p.before)
	return nil
}

// Play plays a case.
func (p *Player) Play(c *Case) (*Night, error) {
	w := p.w
	if err := p.base(c); err != nil {
		return nil, err
	}
	d := newDice(c.Seed, 0x6e696768)
	n := &Night{Case: c, First: 1_420_070_400 + int64(d.below(300*86400))}
	n.From = (n.First - archiveBefore) / slot * slot
	n.Recovery = n.First + recoveryAfter + int64(d.below(600))
	lines := c.lines()
	n.fates = make([][]fate, len(lines)*len(w.Vantages))
	for _, v := range w.Vantages {
		n.skew = append(n.skew, c.Skew[v.Collector])
	}
	for len(p.states) < len(lines) {
		p.states = append(p.states, nil)
	}
	p.interrupt(n)
	total := 0
	for l := range lines {
		total += len(lines[l].Prefixes)
	}
	near, far := p.controls(c)
	total += len(near) + len(far)
	p.routes = slices.Grow(p.routes[:0], total*len(w.Vantages))
	p.held = p.held[:0]
	for l := range lines {
		x, err := p.line(n, l, &lines[l])
		if err != nil {
			return nil, err
		}
		if lines[l].Asked || l == 0 {
			n.Subject = append(n.Subject, x...)
		} else {
			n.Beside = append(n.Beside, x...)
		}
	}
	n.Near = p.controlPrefixes(n, near, firstControl, c.Six)
	n.Far = p.controlPrefixes(n, far, firstControl+len(near), c.Six)
	if c.Six {
		// Other controls are of the other family.
		n.Far = append(n.Far, p.controlPrefixes(n, far[:len(far)/2], firstControl+len(near)+len(far), false)...)
	}
	return n, nil
}

// lines are the subject's own and those beside it.
func (c *Case) lines() []Line {
	own := Line{By: append([]uint32{c.Origin}, c.Also...), Prepend: c.Prepend, Base: c.Base, Steps: c.Steps, Stays: c.Stays, Prefixes: c.Own}
	if c.Own == nil {
		for i := range c.Prefixes {
			own.Prefixes = append(own.Prefixes, prefixOf(i))
		}
	}
	return append([]Line{own}, c.Beside...)
}

// interrupt lists when which session is down.
func (p *Player) interrupt(n *Night) {
	c, w := n.Case, p.w
	p.downs = slices.Grow(p.downs[:0], len(w.Vantages))[:len(w.Vantages)]
	for k := range p.downs {
		p.downs[k] = p.downs[k][:0]
		add := func(from, until int64, how Reset) {
			x := Down{k, from, until, how}
			p.downs[k] = append(p.downs[k], x)
			n.Downs = append(n.Downs, x)
		}
		if w.Vantages[k].Silent {
			add(n.First-silentBefore, 1<<62, Unwatched)
			continue
		}
		if after, dead := p.nodeDown(c, k); dead {
			add(n.First+after, n.Recovery+60, Noted)
			continue
		}
		if _, ok := c.Renamed[k]; ok {
			// To a reader it is another peer from then on.
			d := newDice(c.Seed, 0x72656e61, uint64(k))
			add(n.First-30+int64(d.below(60)), 1<<62, Noted)
			continue
		}
		if _, ok := slices.BinarySearch(c.Resets, k); ok {
			d := newDice(c.Seed, 0x72657365, uint64(k))
			from := n.First + c.ResetAfter
			if c.Reset != Unlogged {
				from += int64(d.below(20))
			}
			add(from, from+60+int64(d.below(180)), c.Reset)
		}
	}
}

// nodeDown says whether a vantage's own AS is down, and since when its session
// is: it ends with the hold time, 90 s later.
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
			if _, ok := p.s.offer(u, v.node, w.g.kin(u, v.node)); !ok || p.s.blocked(u, v.node) || p.s.through(u, v.node) {
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
// given it or, if none is known, the same by a detour.
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

// prefix6Of gives the IPv6 prefixes of an index.
func prefix6Of(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, byte(i >> 8), byte(i)}), 48)
}

// carries reports whether the session of a vantage carries routes of a prefix's
// family. Only cases about IPv6 ask: there some sessions carry one family and some
// the other one, and few both.
func (p *Player) carries(c *Case, k int, q netip.Prefix) bool {
	if !c.Six {
		return true
	}
	x := unit(mix(p.w.seed, 0x66616d69, uint64(k)))
	return x < bothFamilies || q.Addr().Is6() == (x < bothFamilies+(1-bothFamilies)/2)
}

// bothFamilies is the share of sessions that carry IPv4 and IPv6.
const bothFamilies = 0.25

// delay is how long after a step its effect shows at a vantage. All routes of an
// origin change there in one burst, so it is the same for all lines.
func (p *Player) delay(n *Night, k int, after int64) int64 {
	d := newDice(n.Case.Seed, 0x64656c61, uint64(k), uint64(after))
	x := min(longestDelay, 1+int64(d.skewed(12, 0.8)))
	if p.batches(k) {
		at := n.First + after + x
		x += (30 - at%30) % 30
	}
	return x
}

// batches reports whether a vantage sends its changes every half minute.
func (p *Player) batches(k int) bool { return mix(p.w.seed, 0x62617463, uint64(k))%5 == 0 }

// line plays the prefixes of one line of announcements through all its steps.
func (p *Player) line(n *Night, l int, x *Line) ([]Prefix, error) {
	at, shown, err := p.run(n, l, x)
	if err != nil {
		return nil, err
	}
	c, w := n.Case, p.w
	states := p.states[l]
	mended := max(0, x.lastBefore())
	out := make([]Prefix, len(x.Prefixes))
	for i, q := range x.Prefixes {
		key := i
		if len(c.Beside) > 0 {
			// A partial feed shows all of them or none.
			key = 1000 + int(p.before.origin)
		}
		from := len(p.routes)
		out[i] = Prefix{Prefix: q, Origin: x.By[0], Line: l}
		for k := range w.Vantages {
			d := newDice(c.Seed, 0x7369676874, uint64(l), uint64(i), uint64(k))
			if !p.carries(c, k, q) {
				continue
			}
			view := func(j int) []uint32 {
				if !w.shows(k, states[j].class[k], key) {
					return nil
				}
				return states[j].path(k)
			}
			base := view(0)
			chs, cur, stale := p.changes[:0], base, false
			frozen := w.Vantages[k].Feed == StaleFeed
			for j := range x.Steps {
				to := view(j + 1)
				if frozen || !shown[k*len(x.Steps)+j] || slices.Equal(to, cur) {
					continue
				}
				began := n.First + x.Steps[j].After
				when := at[k*len(x.Steps)+j] + int64(d.below(2))
				if len(to) == 0 {
					if d.chance(c.Conditions.Zombie) {
						stale = true
						continue
					}
					chs = p.explore(chs, &cur, k, cur, began, when, l == 0, d)
				}
				chs = append(chs, change{when, to})
				cur, stale = to, false
			}
			if !frozen {
				if back := view(mended); !slices.Equal(back, cur) && !x.Stays {
					chs = append(chs, change{n.Recovery + 1 + min(longestDelay, int64(d.skewed(15, 0.8))), back})
				}
			}
			p.changes = chs[:0]
			base, chs = p.churn(n, base, chs, k, l == 0, d)
			if !frozen && !stale {
				chs = p.again(n, base, chs, d)
			}
			p.show(n, out[i].Prefix, k, base, chs, d)
		}
		out[i].Routes = p.routes[from:len(p.routes):len(p.routes)]
	}
	return out, nil
}

// run finds the states of a line, and for each vantage and step when it showed at
// the vantage and whether it did: a step is overtaken if the next one arrives
// first. It also finds the stops.
func (p *Player) run(n *Night, l int, x *Line) (at []int64, shown []bool, err error) {
	c, w := n.Case, p.w
	for len(p.states[l]) < len(x.Steps)+1 {
		p.states[l] = append(p.states[l], view{})
	}
	states := p.states[l]
	pre := x.lastBefore()
	if err := p.s.Run(p.announce(x.By, x.Prepend), x.Base, nil); err != nil {
		return nil, nil, err
	}
	w.read(p.s, &states[0])
	if l == 0 && pre < 0 {
		p.alternatives(c)
	}
	freeze := func(as []uint32) (out []Stuck) {
		for _, a := range as {
			if i, ok := w.g.Index(a); ok {
				if x, ok := p.s.freeze(i); ok && !slices.ContainsFunc(out, func(y Stuck) bool { return slices.Contains(y.Tail, i) || slices.Contains(x.Tail, y.AS) }) {
					out = append(out, x)
				}
			}
		}
		return out
	}
	var stuck, sleeping []Stuck
	if l == 0 {
		stuck = freeze(c.Stuck)
		for j := range x.Steps {
			if len(x.Steps[j].Revive) > 0 {
				sleeping = freeze(x.Steps[j].Revive)
			}
		}
	}
	ns := len(x.Steps)
	at, shown = make([]int64, ns*len(w.Vantages)), make([]bool, ns*len(w.Vantages))
	worst := -1
	for j := range x.Steps {
		st := &x.Steps[j]
		by := x.By
		if st.By != nil {
			by = st.By
		}
		hold := stuck
		if len(st.Revive) > 0 {
			hold = append(slices.Clone(stuck), sleeping...)
		}
		if len(by) > 1 && j > 0 {
			// What there would be without the others' announcements.
			if err := p.s.Run(p.announce(by[:1], x.Prepend), st.Breaks, hold); err != nil {
				return nil, nil, err
			}
			w.read(p.s, &p.alone)
		}
		if err := p.s.Run(p.announce(by, x.Prepend), st.Breaks, hold); err != nil {
			return nil, nil, err
		}
		v := &states[j+1]
		w.read(p.s, v)
		if l == 0 && j == pre-1 {
			p.alternatives(c)
		}
		ours := map[uint32]bool{x.By[0]: true}
		origins := p.indices(ours)
		lost, moved, carried := 0, 0, 0
		for k := range w.Vantages {
			mine := func(path []uint32) bool { return len(path) > 0 && ours[path[len(path)-1]] }
			now := mine(v.path(k))
			if st.After >= 0 {
				if b := states[max(0, pre)].path(k); mine(b) {
					carried++
					switch {
					case !now:
						lost++
					case !slices.Equal(b, v.path(k)):
						moved++
					}
				}
			}
			when := n.First + st.After + p.delay(n, k, st.After)
			// The last state that the vantage had settled on.
			last := 0
			settle := func() {
				last = 0
				for i := range j {
					if o := k*ns + i; shown[o] && at[o]+settledFor <= when {
						last = i + 1
					}
				}
			}
			settle()
			before := func(t int64) []fate {
				fs := n.fates[l*len(w.Vantages)+k]
				for len(fs) > 0 && fs[len(fs)-1].at >= t {
					fs = fs[:len(fs)-1]
				}
				return fs
			}
			f := fate{lost: !now, displaced: len(v.path(k)) > 0 && !now}
			if !now {
				path := states[last].path(k)
				if !mine(path) {
					// It had lost the route before, and perhaps got another one for a
					// moment.
					for i := j - 1; i >= 0; i-- {
						if o := k*ns + i; shown[o] && at[o] < when {
							path = states[i+1].path(k)
							break
						}
					}
				}
				fs := before(when)
				if len(fs) > 0 && fs[len(fs)-1].displaced && (len(by) == 1 || len(p.alone.path(k)) == 0) {
					// Without the others it would have no route by now: what keeps
					// it away is what has happened since.
					path = fs[len(fs)-1].stop.Path
				}
				switch {
				case mine(path):
					f.stop, f.lost = p.s.stop(path, origins)
					f.stop.At = n.First + st.After
					if st.Spread > 0 && f.lost {
						when += int64(unit(mix(c.Seed, 0x73707264, uint64(f.stop.Far))) * float64(st.Spread))
						settle()
					}
				case len(fs) > 0 && fs[len(fs)-1].lost:
					f = fs[len(fs)-1]
				default:
					f.lost = false
				}
			} else if st.Spread > 0 {
				when += int64(unit(mix(c.Seed, 0x73707264, uint64(v.path(k)[0]))) * float64(st.Spread))
				settle()
			}
			f.at = when
			for i := range j {
				if o := k*ns + i; at[o] >= when {
					shown[o] = false
				}
			}
			at[k*ns+j], shown[k*ns+j] = when, true
			n.fates[l*len(w.Vantages)+k] = append(before(when), f)
		}
		if l == 0 && st.After >= 0 && lost > worst {
			worst = lost
			n.Truly.Carried, n.Truly.Lost, n.Truly.Moved = carried, lost, moved
		}
	}
	return at, shown, nil
}

// indices gives the places of ASes in the graph.
func (p *Player) indices(as map[uint32]bool) map[int32]bool {
	out := map[int32]bool{}
	for a := range as {
		if i, ok := p.w.g.Index(a); ok {
			out[i] = true
		}
	}
	return out
}

// lastBefore is the number of the last step before the act, counted from one; -1
// if there is none.
func (x *Line) lastBefore() int {
	last := -1
	for j, s := range x.Steps {
		if s.After < 0 {
			last = j + 1
		}
	}
	return last
}

// explore lets a vantage try other paths before it gives up.
func (p *Player) explore(chs []change, cur *[]uint32, k int, base []uint32, began, gone int64, subject bool, d *dice) []change {
	for range d.below(3) {
		x := p.otherPath(k, base, subject, d)
		if x == nil || gone-began <= 2 || slices.Equal(x, *cur) {
			continue
		}
		hop := began + 1 + int64(d.below(int(gone-began)-1))
		if p.batches(k) || len(chs) > 0 && hop <= chs[len(chs)-1].at {
			continue
		}
		chs = append(chs, change{hop, x})
		*cur = x
	}
	return chs
}
