package examine

import (
	"cmp"
	"context"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"constat/judge/assess"
	"constat/routes/rib"
	"constat/wire/mrt"
)

// ControlsName is the file that lists the controls of a case.
const (
	ControlsName   = "controls.json"
	ControlsFormat = "constat-controls/1"
)

// controls are prefixes of others: they tell what else went with the subject. They
// are chosen by their paths before the loss, so that nobody chooses them by what
// became of them. A hash draws a sample of each network's prefixes, the same whatever
// the order in which they come, and of the sample those are taken that most peers
// had.
type controls struct {
	Format string         `json:"format"`
	Near   []nearControl  `json:"near"`
	Far    []netip.Prefix `json:"far"`
}

// nearControl is a prefix whose paths cross networks that the subject's cross.
type nearControl struct {
	Prefix netip.Prefix `json:"prefix"`
	AS     []uint32     `json:"as"` // the networks it was chosen for
}

// How many controls are chosen, and out of how many.
const (
	nearPerAS = 8
	nearCore  = 64 // of the two networks next to the origin, where it matters most
	farTotal  = 40
	// … and so many for each session that carried the subject, twice what it takes
	// to be a vantage.
	farPerSession = 6
	poolNear      = 64
	poolFar       = 512
)

// trunk says which networks' other routes are near, and which are so near to
// the subject that far controls must avoid them.
type trunk struct {
	near, core map[uint32]bool
	origins    map[uint32]bool
}

// trunkOf reads the subject's paths: every network on them is near; the core
// are the two next to the origin.
func trunkOf(ev *assess.Evidence) trunk {
	t := trunk{near: map[uint32]bool{}, core: map[uint32]bool{}, origins: map[uint32]bool{}}
	for _, p := range ev.Prefixes {
		for _, o := range ev.Origins[p] {
			t.origins[o] = true
		}
	}
	for _, p := range ev.Prefixes {
		i := ev.Table.Index(p)
		for _, peer := range ev.Table.Carriers(i) {
			for _, s := range ev.Table.Steps(peer, i) {
				if s.State != rib.RouteHeld || s.Path == rib.NoPath {
					continue
				}
				path := ev.Table.Paths.Path(s.Path)
				for j, a := range path {
					if a == 0 || t.origins[a] {
						continue
					}
					t.near[a] = true
					if d := len(path) - 1 - j; j > 0 && d <= 2 || d == 1 {
						t.core[a] = true
					}
				}
			}
		}
	}
	return t
}

// pool keeps candidates. That of a file takes the first prefixes that it meets, twice
// as many as are kept, and no other after them; of those of all files together the
// ones with the least hashes are kept, whatever the order in which files are joined.
type pool struct {
	most int
	of   map[netip.Prefix]*candidate // nil: taken, but its hash is too large to be kept in the end
	full bool                        // it takes no more
	// top is a hash that none of those exceeds that are kept in the end; valid if
	// bounded.
	top     uint64
	bounded bool
}

// refuses reports whether there is nothing to note of a prefix with this hash. So it
// is with nearly all, so that this is what a route costs.
func (p *pool) refuses(h uint64) bool { return p.full && p.bounded && h > p.top }

type candidate struct {
	hash  uint64
	peers map[netip.Addr]bool // that had it; true: before the first loss
}

// early counts the peers that had it before the first loss: only these can tell
// what became of it.
func (c *candidate) early() int {
	n := 0
	for _, before := range c.peers {
		if before {
			n++
		}
	}
	return n
}

func (p *pool) add(q netip.Prefix, h uint64, peer netip.Addr, early bool) {
	if p.refuses(h) {
		return
	}
	c, ok := p.of[q]
	if !ok {
		if p.full {
			return
		}
		if !p.bounded || h <= p.top {
			c = &candidate{hash: h, peers: map[netip.Addr]bool{}}
		}
		if p.of == nil {
			p.of = map[netip.Prefix]*candidate{}
		}
		p.of[q] = c
		if len(p.of) == 2*p.most {
			p.close()
		}
	}
	if c != nil {
		c.peers[peer] = c.peers[peer] || early
	}
}

// close ends the taking. Of what was taken only the half with the least hashes can
// be kept.
func (p *pool) close() {
	p.full = true
	var hs []uint64
	for _, c := range p.of {
		if c != nil {
			hs = append(hs, c.hash)
		}
	}
	if len(hs) >= p.most {
		slices.Sort(hs)
		p.top, p.bounded = hs[p.most-1], true
	}
}

// shrink drops all but the candidates with the least hashes.
func (p *pool) shrink() {
	if len(p.of) <= p.most {
		return
	}
	ps := slices.SortedFunc(maps.Keys(p.of), func(a, b netip.Prefix) int {
		return cmp.Or(cmp.Compare(p.of[a].hash, p.of[b].hash), a.Compare(b))
	})
	for _, q := range ps[p.most:] {
		delete(p.of, q)
	}
	p.top, p.bounded = p.of[ps[p.most-1]].hash, true
}

func (p *pool) join(o *pool) {
	for q, c := range o.of {
		if c == nil || p.bounded && c.hash > p.top {
			continue
		}
		if p.of == nil {
			p.of = map[netip.Prefix]*candidate{}
		}
		m := p.of[q]
		if m == nil {
			p.of[q] = c
			continue
		}
		for a, early := range c.peers {
			m.peers[a] = m.peers[a] || early
		}
	}
	p.shrink()
}

// best returns the candidates that most peers had before the first loss, and of
// equals those that most had at all.
func (p *pool) best(n int) []netip.Prefix {
	all := p.ordered()
	return all[:min(n, len(all))]
}

func (p *pool) ordered() []netip.Prefix {
	p.shrink()
	early := map[netip.Prefix]int{}
	for q, c := range p.of {
		early[q] = c.early()
	}
	return slices.SortedFunc(maps.Keys(p.of), func(a, b netip.Prefix) int {
		return cmp.Or(cmp.Compare(early[b], early[a]), cmp.Compare(len(p.of[b].peers), len(p.of[a].peers)),
			cmp.Compare(p.of[a].hash, p.of[b].hash), a.Compare(b))
	})
}

// perSession tops a choice up, so that each of the given peers has at least
// least of them, as far as there are candidates that it had before the first
// loss.
func (p *pool) perSession(chosen []netip.Prefix, peers []netip.Addr, least int) []netip.Prefix {
	has, in := map[netip.Addr]int{}, map[netip.Prefix]bool{}
	count := func(q netip.Prefix) {
		in[q] = true
		for a, early := range p.of[q].peers {
			if early {
				has[a]++
			}
		}
	}
	for _, q := range chosen {
		count(q)
	}
	rest := p.ordered()
	for _, a := range peers {
		for _, q := range rest {
			if has[a] >= least {
				break
			}
			if !in[q] && p.of[q].peers[a] {
				chosen = append(chosen, q)
				count(q)
			}
		}
	}
	return chosen
}

// sampler gathers candidates from one file.
type sampler struct {
	trunk trunk
	near  map[uint32]*pool
	own   map[uint32]*pool // what a network of the trunk announces itself
	far   [2]*pool         // IPv4 and IPv6
	avoid func(netip.Prefix) bool
	path  []uint32
	seq   uint64
	on    []uint32 // networks of the trunk on the path at hand
	into  []*pool  // that the routes of the path at hand may go into, without far
	isFar bool
}

func newSampler(t trunk, avoid func(netip.Prefix) bool) *sampler {
	return &sampler{trunk: t, near: map[uint32]*pool{}, own: map[uint32]*pool{}, far: [2]*pool{{most: poolFar}, {most: poolFar}}, avoid: avoid}
}

// local begins a sampler of one file, which need not gather what is known to be
// left out in the end.
func (s *sampler) local() *sampler {
	l := newSampler(s.trunk, s.avoid)
	for _, pair := range [][2]map[uint32]*pool{{l.near, s.near}, {l.own, s.own}} {
		for a, p := range pair[1] {
			pair[0][a] = &pool{most: p.most, top: p.top, bounded: p.bounded}
		}
	}
	for f, p := range s.far {
		l.far[f] = &pool{most: p.most, top: p.top, bounded: p.bounded}
	}
	return l
}

// hashPrefix draws the sample. It is FNV over the address and the length, spread:
// FNV's last bytes barely reach the top bits.
func hashPrefix(p netip.Prefix) uint64 {
	x := uint64(14695981039346656037)
	if a := p.Addr(); a.Is4() {
		for _, b := range a.As4() {
			x = (x ^ uint64(b)) * 1099511628211
		}
	} else {
		for _, b := range a.As16() {
			x = (x ^ uint64(b)) * 1099511628211
		}
	}
	x = (x ^ uint64(uint8(p.Bits()))) * 1099511628211
	x ^= x >> 32
	x *= 0xd6e8feb86659fd93
	return x ^ x>>32
}

// route looks at one route; early says that it was told before the first loss.
func (s *sampler) route(e *mrt.Elem, early bool) {
	if q := e.AttrSeq(); q != s.seq {
		s.seq = q
		s.take(e.AppendPath(s.path[:0]))
	}
	if !s.isFar && len(s.into) == 0 || e.Prefix.Bits() == 0 {
		return
	}
	h := hashPrefix(e.Prefix)
	avoided, asked := false, false
	add := func(p *pool) {
		if p.refuses(h) {
			return
		}
		if !asked {
			asked, avoided = true, s.avoid(e.Prefix)
		}
		if !avoided {
			p.add(e.Prefix, h, e.PeerAddr, early)
		}
	}
	for _, p := range s.into {
		add(p)
	}
	if s.isFar {
		add(s.far[familyOf(e.Prefix)])
	}
}

// take finds out which pools the routes of a path go into.
func (s *sampler) take(path []uint32) {
	s.path, s.on, s.into = path, s.on[:0], s.into[:0]
	s.isFar = len(path) > 0
	last := uint32(0) // the origin, if it is on the trunk
	if n := len(path); n > 1 && s.trunk.near[path[n-1]] {
		last = path[n-1]
	}
	for i, a := range path {
		if s.trunk.origins[a] {
			s.isFar = false
			return
		}
		if s.trunk.near[a] {
			if i < len(path)-1 && !slices.Contains(s.on, a) {
				s.on = append(s.on, a)
			}
			if s.trunk.core[a] {
				s.isFar = false
			}
		}
	}
	pick := func(of map[uint32]*pool, a uint32) {
		p := of[a]
		if p == nil {
			p = &pool{most: poolNear}
			of[a] = p
		}
		s.into = append(s.into, p)
	}
	for _, a := range s.on {
		pick(s.near, a)
	}
	if last != 0 {
		pick(s.own, last)
	}
}

// familyOf is 0 for IPv4 and 1 for IPv6.
func familyOf(p netip.Prefix) int {
	if p.Addr().Is6() {
		return 1
	}
	return 0
}

func (s *sampler) join(o *sampler) {
	for _, pair := range [][2]map[uint32]*pool{{s.near, o.near}, {s.own, o.own}} {
		for a, p := range pair[1] {
			if pair[0][a] == nil {
				pair[0][a] = &pool{most: poolNear}
			}
			pair[0][a].join(p)
		}
	}
	for f := range s.far {
		s.far[f].join(o.far[f])
	}
}

// choose reads the sources once more for controls. They are chosen by who had
// them before the first loss, in each family that the subject has and for each
// session that carried it, and before it is known what became of them.
func choose(ctx context.Context, r *Request, ev *assess.Evidence, keepers []*keeper, first int64, done func(string)) (*controls, error) {
	t := trunkOf(ev)
	avoid := func(p netip.Prefix) bool {
		for _, q := range ev.Prefixes {
			if q.Overlaps(p) {
				return true
			}
		}
		return false
	}
	if len(ev.Prefixes) > 64 { // too many to ask one by one
		set := map[netip.Prefix]bool{}
		for _, q := range ev.Prefixes {
			set[q] = true
		}
		avoid = func(p netip.Prefix) bool {
			for n := p.Bits(); n > 0; n-- {
				if set[netip.PrefixFrom(p.Addr(), n).Masked()] {
					return true
				}
			}
			return false
		}
	}
	all := newSampler(t, avoid)
	var mu sync.Mutex
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Workers)
	for i := range r.Sources.Files {
		f := &r.Sources.Files[i]
		g.Go(func() error {
			mu.Lock()
			s := all.local()
			mu.Unlock()
			rd, c, err := keepers[i].open(f)
			if err != nil {
				return err
			}
			defer c.Close()
			if err := walk(gctx, rd, func(w *mrt.Walker, rec *mrt.Record, _ mrt.Kind) error {
				for w.Next() {
					if el := w.Elem(); el.SAFI != 2 && !el.Local && rec.Time < r.Until && (el.Kind == mrt.Announce || el.Kind == mrt.RIBEntry) {
						s.route(el, rec.Time.Sec() < first)
					}
				}
				return nil
			}); err != nil {
				return err
			}
			mu.Lock()
			all.join(s)
			mu.Unlock()
			done(f.Name)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	c := &controls{Format: ControlsFormat, Near: []nearControl{}, Far: []netip.Prefix{}}
	near := map[netip.Prefix][]uint32{}
	for _, a := range slices.Sorted(maps.Keys(t.near)) {
		n := nearPerAS
		if t.core[a] {
			n = nearCore
		}
		// A network's own prefixes speak for it first.
		for _, of := range []map[uint32]*pool{all.own, all.near} {
			if of[a] == nil {
				continue
			}
			for _, p := range of[a].best(n) {
				if !slices.Contains(near[p], a) {
					near[p] = append(near[p], a)
				}
			}
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(near), netip.Prefix.Compare) {
		c.Near = append(c.Near, nearControl{p, near[p]})
	}
	for f, peers := range sessions(ev) {
		if len(peers) > 0 {
			far := all.far[f]
			c.Far = append(c.Far, far.perSession(far.best(farTotal), peers, farPerSession)...)
		}
	}
	slices.SortFunc(c.Far, netip.Prefix.Compare)
	return c, nil
}

// sessions lists, by family, the addresses of the peers that carried a prefix of
// the subject.
func sessions(ev *assess.Evidence) [2][]netip.Addr {
	var set [2]map[netip.Addr]bool
	for _, p := range ev.Prefixes {
		f := familyOf(p)
		if set[f] == nil {
			set[f] = map[netip.Addr]bool{}
		}
		for _, peer := range ev.Table.Carriers(ev.Table.Index(p)) {
			set[f][ev.Table.Peers[peer].Addr] = true
		}
	}
	var out [2][]netip.Addr
	for f := range set {
		out[f] = slices.SortedFunc(maps.Keys(set[f]), netip.Addr.Compare)
	}
	return out
}
