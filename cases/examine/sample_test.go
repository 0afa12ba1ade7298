package examine

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/wire/mrt"
)

// TestSample: the sampler takes what the slow one takes, which keeps maps by prefix
// and peer and asks everything of every route.
func TestSample(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 5))
		tr := trunk{near: map[uint32]bool{}, core: map[uint32]bool{}, origins: map[uint32]bool{64496: true}}
		for as := range uint32(30) {
			if r.IntN(3) == 0 {
				tr.near[65000+as] = true
				tr.core[65000+as] = r.IntN(4) == 0
			}
		}
		own := new(nest)
		for range 1 + r.IntN(5) {
			own.add(randomPrefix(r))
		}
		avoid := own.has
		if seed%2 == 0 {
			avoid = own.holds
		}
		all, slow, mine := newSampler(tr, avoid), newSlowSampler(tr, avoid), newSampler(tr, avoid)
		peers := make([]mrttest.Peer, 1+r.IntN(90))
		for i := range peers {
			peers[i] = mrttest.P(fmt.Sprintf("192.0.2.%d", i+1), 65000+uint32(r.IntN(40)))
		}
		for range 1 + r.IntN(4) {
			f := new(mrttest.File)
			if r.IntN(2) == 0 {
				f.PeerIndex(at(0), peers...)
				for range r.IntN(400) {
					var es []mrttest.Entry
					for p := range peers {
						if r.IntN(8) == 0 {
							es = append(es, mrttest.Entry{Peer: p, Path: randomPath(r, peers[p].AS)})
						}
					}
					f.RIB(at(0), randomPrefix(r).String(), es...)
				}
			}
			for range r.IntN(6000) {
				u := mrttest.Update{}
				p := peers[r.IntN(len(peers))]
				for range r.IntN(4) {
					u.Announce = append(u.Announce, randomPrefix(r))
				}
				for range r.IntN(2) {
					u.Withdraw = append(u.Withdraw, randomPrefix(r))
				}
				u.Path = randomPath(r, p.AS)
				f.Update(at(r.Float64()*100), p, u)
			}
			early := at(50).Sec()
			l := slow.local()
			mine.begin(all)
			if err := walk(context.Background(), mrt.NewReader(bytes.NewReader(f.Bytes())), func(w *mrt.Walker, rec *mrt.Record, _ mrt.Kind) error {
				for w.Next() {
					if e := w.Elem(); e.SAFI != 2 && (e.Kind == mrt.Announce || e.Kind == mrt.RIBEntry) {
						l.route(e, rec.Time.Sec() < early)
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if err := mine.read(context.Background(), mrt.NewReader(bytes.NewReader(f.Bytes())), moment.Time(1<<62), early); err != nil {
				t.Fatal(err)
			}
			slow.join(l)
			all.join(mine)
		}
		same := func(what string, p *pool, q *slowPool) {
			if q == nil {
				q = &slowPool{most: poolNear}
			}
			numbers, addrs := []int{}, []netip.Addr{}
			for i, a := range all.peers.list {
				numbers, addrs = append(numbers, i), append(addrs, a)
			}
			got := p.perSession(p.best(8), numbers, 3)
			want := q.perSession(q.best(8), addrs, 3)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, %s: %v, want %v", seed, what, got, want)
			}
		}
		for as := range tr.near {
			same(fmt.Sprint("near ", as), all.lane(as).others, slow.near[as])
			same(fmt.Sprint("own ", as), all.lane(as).own, slow.own[as])
		}
		same("far", &all.far[0], slow.far[0])
		same("far 6", &all.far[1], slow.far[1])
	}
}

func randomPrefix(r *rand.Rand) netip.Prefix {
	if r.IntN(5) == 0 {
		return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, byte(r.IntN(3)), 0, byte(r.IntN(200)), 0, 1}), 20+r.IntN(50)).Masked()
	}
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(r.IntN(6)), byte(r.IntN(256)), 128}), r.IntN(26)).Masked()
}

func randomPath(r *rand.Rand, peer uint32) []uint32 {
	path := []uint32{peer}
	for range r.IntN(4) {
		path = append(path, 65000+uint32(r.IntN(40)))
	}
	if r.IntN(30) == 0 {
		path = append(path, 64496)
	}
	return path
}

// slowPool keeps candidates. That of a file takes the first prefixes that it meets, twice
// as many as are kept, and no other after them; of those of all files together the
// ones with the least hashes are kept, whatever the order in which files are joined.
type slowPool struct {
	most int
	of   map[netip.Prefix]*slowCandidate // nil: taken, but its hash is too large to be kept in the end
	full bool                            // it takes no more
	// top is a hash that none of those exceeds that are kept in the end; valid if
	// bounded.
	top     uint64
	bounded bool
}

// refuses reports whether there is nothing to note of a prefix with this hash. So it
// is with nearly all, so that this is what a route costs.
func (p *slowPool) refuses(h uint64) bool { return p.full && p.bounded && h > p.top }

type slowCandidate struct {
	hash  uint64
	peers map[netip.Addr]bool // that had it; true: before the first loss
}

// early counts the peers that had it before the first loss: only these can tell
// what became of it.
func (c *slowCandidate) early() int {
	n := 0
	for _, before := range c.peers {
		if before {
			n++
		}
	}
	return n
}

func (p *slowPool) add(q netip.Prefix, h uint64, peer netip.Addr, early bool) {
	if p.refuses(h) {
		return
	}
	c, ok := p.of[q]
	if !ok {
		if p.full {
			return
		}
		if !p.bounded || h <= p.top {
			c = &slowCandidate{hash: h, peers: map[netip.Addr]bool{}}
		}
		if p.of == nil {
			p.of = map[netip.Prefix]*slowCandidate{}
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
func (p *slowPool) close() {
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
func (p *slowPool) shrink() {
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

func (p *slowPool) join(o *slowPool) {
	for q, c := range o.of {
		if c == nil || p.bounded && c.hash > p.top {
			continue
		}
		if p.of == nil {
			p.of = map[netip.Prefix]*slowCandidate{}
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
func (p *slowPool) best(n int) []netip.Prefix {
	all := p.ordered()
	return all[:min(n, len(all))]
}

func (p *slowPool) ordered() []netip.Prefix {
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
func (p *slowPool) perSession(chosen []netip.Prefix, peers []netip.Addr, least int) []netip.Prefix {
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

// slowSampler gathers candidates from one file.
type slowSampler struct {
	trunk trunk
	near  map[uint32]*slowPool
	own   map[uint32]*slowPool // what a network of the trunk announces itself
	far   [2]*slowPool         // IPv4 and IPv6
	avoid func(netip.Prefix) bool
	path  []uint32
	seq   uint64
	on    []uint32    // networks of the trunk on the path at hand
	into  []*slowPool // that the routes of the path at hand may go into, without far
	isFar bool
}

func newSlowSampler(t trunk, avoid func(netip.Prefix) bool) *slowSampler {
	return &slowSampler{trunk: t, near: map[uint32]*slowPool{}, own: map[uint32]*slowPool{}, far: [2]*slowPool{{most: poolFar}, {most: poolFar}}, avoid: avoid}
}

// local begins a sampler of one file, which need not gather what is known to be
// left out in the end.
func (s *slowSampler) local() *slowSampler {
	l := newSlowSampler(s.trunk, s.avoid)
	for _, pair := range [][2]map[uint32]*slowPool{{l.near, s.near}, {l.own, s.own}} {
		for a, p := range pair[1] {
			pair[0][a] = &slowPool{most: p.most, top: p.top, bounded: p.bounded}
		}
	}
	for f, p := range s.far {
		l.far[f] = &slowPool{most: p.most, top: p.top, bounded: p.bounded}
	}
	return l
}

// slowHash draws the sample. It is FNV over the address and the length, spread:
// FNV's last bytes barely reach the top bits.
func slowHash(p netip.Prefix) uint64 {
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
func (s *slowSampler) route(e *mrt.Elem, early bool) {
	if q := e.AttrSeq(); q != s.seq {
		s.seq = q
		s.take(e.AppendPath(s.path[:0]))
	}
	if !s.isFar && len(s.into) == 0 || e.Prefix.Bits() == 0 {
		return
	}
	h := slowHash(e.Prefix)
	avoided, asked := false, false
	add := func(p *slowPool) {
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
func (s *slowSampler) take(path []uint32) {
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
	pick := func(of map[uint32]*slowPool, a uint32) {
		p := of[a]
		if p == nil {
			p = &slowPool{most: poolNear}
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

func (s *slowSampler) join(o *slowSampler) {
	for _, pair := range [][2]map[uint32]*slowPool{{s.near, o.near}, {s.own, o.own}} {
		for a, p := range pair[1] {
			if pair[0][a] == nil {
				pair[0][a] = &slowPool{most: poolNear}
			}
			pair[0][a].join(p)
		}
	}
	for f := range s.far {
		s.far[f].join(o.far[f])
	}
}
