package examine

import (
	"cmp"
	"context"
	"encoding/binary"
	"io"
	"maps"
	"math/bits"
	"net/netip"
	"slices"

	"constat/moment"
	"constat/routes/scan"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// A pool keeps candidates. That of a file takes the first prefixes that it meets,
// twice as many as are kept, and no other after them; of those of all files together
// the ones with the least hashes are kept, whatever the order in which files are
// joined.
//
// Every route of every file is looked at, so what is not kept must cost next to
// nothing: nearly all are turned away by their hash.
type pool struct {
	most int
	all  []candidate
	at   []uint32 // places in all, and one, by hash; len is a power of two
	full bool     // it takes no more
	// top is a hash that none of those exceeds that are kept in the end; valid if
	// bounded.
	top     uint64
	bounded bool
}

type candidate struct {
	prefix netip.Prefix
	hash   uint64
	none   bool    // its hash is too large to be kept in the end
	had    peerSet // peers that had it
	early  peerSet // that had it before the first loss: only these can tell what became of it
}

// highest is a hash above which it refuses all; it may only fall.
func (p *pool) highest() uint64 {
	if p.full && p.bounded {
		return p.top
	}
	return ^uint64(0)
}

// refuses reports whether there is nothing to note of a prefix with this hash.
func (p *pool) refuses(h uint64) bool { return p.full && p.bounded && h > p.top }

// find returns the place of a prefix in all, or −1.
func (p *pool) find(q netip.Prefix, h uint64) int {
	if len(p.at) == 0 {
		return -1
	}
	mask := uint64(len(p.at) - 1)
	for k := h & mask; p.at[k] != 0; k = (k + 1) & mask {
		if c := &p.all[p.at[k]-1]; c.hash == h && c.prefix == q {
			return int(p.at[k]) - 1
		}
	}
	return -1
}

// put appends a candidate that is not there.
func (p *pool) put(c candidate) *candidate {
	p.all = append(p.all, c)
	if 2*len(p.all) > len(p.at) {
		p.index()
	} else {
		p.enter(len(p.all) - 1)
	}
	return &p.all[len(p.all)-1]
}

// index finds places again.
func (p *pool) index() {
	n := max(64, 1<<bits.Len(uint(2*len(p.all))))
	if n <= cap(p.at) {
		p.at = p.at[:n]
		clear(p.at)
	} else {
		p.at = make([]uint32, n)
	}
	for i := range p.all {
		p.enter(i)
	}
}

func (p *pool) enter(i int) {
	mask := uint64(len(p.at) - 1)
	k := p.all[i].hash & mask
	for p.at[k] != 0 {
		k = (k + 1) & mask
	}
	p.at[k] = uint32(i + 1)
}

// begin empties the pool for a file; what is known to be left out in the end it need
// not gather.
func (p *pool) begin(of *pool) {
	*p = pool{most: p.most, all: p.all[:0], at: p.at[:0]}
	if of != nil {
		p.top, p.bounded = of.top, of.bounded
	}
}

// close ends the taking. Of what was taken only the half with the least hashes can
// be kept.
func (p *pool) close() {
	p.full = true
	var hs []uint64
	for i := range p.all {
		if !p.all[i].none {
			hs = append(hs, p.all[i].hash)
		}
	}
	if len(hs) >= p.most {
		slices.Sort(hs)
		p.top, p.bounded = hs[p.most-1], true
	}
}

// shrink drops all but the candidates with the least hashes.
func (p *pool) shrink() {
	if len(p.all) <= p.most {
		return
	}
	slices.SortFunc(p.all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), a.prefix.Compare(b.prefix))
	})
	clear(p.all[p.most:])
	p.all = p.all[:p.most]
	p.top, p.bounded = p.all[p.most-1].hash, true
	p.index()
}

// join adds what a file gathered; as gives its peers their numbers here.
func (p *pool) join(o *pool, as []int) {
	for i := range o.all {
		c := &o.all[i]
		if c.none || p.bounded && c.hash > p.top {
			continue
		}
		var m *candidate
		if k := p.find(c.prefix, c.hash); k >= 0 {
			m = &p.all[k]
		} else {
			m = p.put(candidate{prefix: c.prefix, hash: c.hash})
		}
		c.had.each(func(peer int) { m.had.add(as[peer]) })
		c.early.each(func(peer int) { m.early.add(as[peer]) })
	}
	p.shrink()
}

// best returns the candidates that most peers had before the first loss, and of
// equals those that most had at all.
func (p *pool) best(n int) []netip.Prefix {
	var out []netip.Prefix
	all := p.ordered()
	for _, c := range all[:min(n, len(all))] {
		out = append(out, c.prefix)
	}
	return out
}

func (p *pool) ordered() []candidate {
	p.shrink()
	return slices.SortedFunc(slices.Values(p.all), func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.early.count(), a.early.count()), cmp.Compare(b.had.count(), a.had.count()),
			cmp.Compare(a.hash, b.hash), a.prefix.Compare(b.prefix))
	})
}

// perSession tops a choice up, so that each of the given peers has at least
// least of them, as far as there are candidates that it had before the first
// loss.
func (p *pool) perSession(chosen []netip.Prefix, peers []int, least int) []netip.Prefix {
	has, in := map[int]int{}, map[netip.Prefix]bool{}
	count := func(c *candidate) {
		in[c.prefix] = true
		c.early.each(func(peer int) { has[peer]++ })
	}
	for _, q := range chosen {
		count(&p.all[p.find(q, hashPrefix(q))])
	}
	rest := p.ordered()
	for _, a := range peers {
		for i := range rest {
			c := &rest[i]
			if has[a] >= least {
				break
			}
			if !in[c.prefix] && c.early.has(a) {
				chosen = append(chosen, c.prefix)
				count(c)
			}
		}
	}
	return chosen
}

// peerSet is a set of small numbers.
type peerSet struct {
	first uint64
	more  []uint64
}

func (s *peerSet) has(i int) bool {
	if i < 64 {
		return i >= 0 && s.first>>i&1 != 0
	}
	i -= 64
	return i/64 < len(s.more) && s.more[i/64]>>(i%64)&1 != 0
}

func (s *peerSet) add(i int) {
	if i < 64 {
		s.first |= 1 << i
		return
	}
	i -= 64
	for i/64 >= len(s.more) {
		s.more = append(s.more, 0)
	}
	s.more[i/64] |= 1 << (i % 64)
}

func (s *peerSet) count() int {
	n := bits.OnesCount64(s.first)
	for _, w := range s.more {
		n += bits.OnesCount64(w)
	}
	return n
}

func (s *peerSet) each(do func(int)) {
	for w := s.first; w != 0; w &= w - 1 {
		do(bits.TrailingZeros64(w))
	}
	for i, w := range s.more {
		for ; w != 0; w &= w - 1 {
			do(64 + 64*i + bits.TrailingZeros64(w))
		}
	}
}

// peerNumbers gives addresses numbers in the order in which they come.
type peerNumbers struct {
	of     map[netip.Addr]int
	list   []netip.Addr
	recent [64]struct {
		addr netip.Addr
		n    int
	}
}

func (p *peerNumbers) number(a netip.Addr) int {
	b := a.As16()
	r := &p.recent[(b[15]^b[7]*5)%64]
	if r.addr == a && a.IsValid() {
		return r.n
	}
	n, ok := p.of[a]
	if !ok {
		if p.of == nil {
			p.of = map[netip.Addr]int{}
		}
		n = len(p.list)
		p.of[a] = n
		p.list = append(p.list, a)
	}
	r.addr, r.n = a, n
	return n
}

// lane is a network of the trunk with its pools.
type lane struct {
	as         uint32
	near, core bool
	origin     bool
	others     *pool // what crosses it
	own        *pool // what it announces itself
}

// sampler gathers candidates, those of one file or all.
type sampler struct {
	lanes []lane   // one for each AS of the trunk and each origin of the subject
	table []uint32 // places in lanes, and one, by AS; len is a power of two
	far   [2]pool  // IPv4 and IPv6
	peers peerNumbers
	avoid func(netip.Prefix) bool
	path  []uint32
	seq   uint64
	into  []*pool // that the routes of the path at hand may go into, without far
	isFar bool
	most4 uint64 // no pool of these takes an IPv4 prefix with a higher hash
	plain bgp.Plain
}

func newSampler(t trunk, avoid func(netip.Prefix) bool) *sampler {
	s := &sampler{far: [2]pool{{most: poolFar}, {most: poolFar}}, avoid: avoid}
	at := map[uint32]int{}
	of := func(as uint32) *lane {
		i, ok := at[as]
		if !ok {
			i = len(s.lanes)
			at[as] = i
			s.lanes = append(s.lanes, lane{as: as})
		}
		return &s.lanes[i]
	}
	// In order, so that the lanes of samplers of one trunk are the same.
	for _, as := range slices.Sorted(maps.Keys(t.origins)) {
		of(as).origin = true
	}
	for _, as := range slices.Sorted(maps.Keys(t.near)) {
		l := of(as)
		l.near, l.core = true, t.core[as]
		l.others, l.own = &pool{most: poolNear}, &pool{most: poolNear}
	}
	s.table = make([]uint32, max(64, 1<<bits.Len(uint(4*len(s.lanes)))))
	for i := range s.lanes {
		k := s.home(s.lanes[i].as)
		for s.table[k] != 0 {
			k = (k + 1) & uint32(len(s.table)-1)
		}
		s.table[k] = uint32(i + 1)
	}
	return s
}

// home is where the search in the table begins.
func (s *sampler) home(as uint32) uint32 { return as * 0x9e3779b1 >> 12 & uint32(len(s.table)-1) }

func (s *sampler) lane(as uint32) *lane {
	for k := s.home(as); ; k = (k + 1) & uint32(len(s.table)-1) {
		i := s.table[k]
		if i == 0 {
			return nil
		}
		if l := &s.lanes[i-1]; l.as == as {
			return l
		}
	}
}

// begin makes of a sampler of the same trunk that of a file. What of says is known
// to be left out in the end need not be gathered.
func (s *sampler) begin(of *sampler) {
	for i := range s.lanes {
		if l := &s.lanes[i]; l.near {
			l.others.begin(of.lanes[i].others)
			l.own.begin(of.lanes[i].own)
		}
	}
	for f := range s.far {
		s.far[f].begin(&of.far[f])
	}
	s.peers, s.seq = peerNumbers{}, 0
}

// hashPrefix draws the sample. It is FNV over the address and the length, spread:
// FNV's last bytes barely reach the top bits.
func hashPrefix(p netip.Prefix) uint64 {
	if a := p.Addr(); a.Is4() {
		b := a.As4()
		return hash4(binary.BigEndian.Uint32(b[:]), p.Bits())
	}
	x := uint64(14695981039346656037)
	for _, b := range p.Addr().As16() {
		x = (x ^ uint64(b)) * 1099511628211
	}
	return hashEnd(x, p.Bits())
}

func hash4(a uint32, n int) uint64 {
	x := uint64(14695981039346656037)
	x = (x ^ uint64(a>>24)) * 1099511628211
	x = (x ^ uint64(a>>16&0xff)) * 1099511628211
	x = (x ^ uint64(a>>8&0xff)) * 1099511628211
	x = (x ^ uint64(a&0xff)) * 1099511628211
	return hashEnd(x, n)
}

func hashEnd(x uint64, n int) uint64 {
	x = (x ^ uint64(uint8(n))) * 1099511628211
	x ^= x >> 32
	x *= 0xd6e8feb86659fd93
	return x ^ x>>32
}

// read looks at the routes of a file up to a moment; before the second first they
// are early. Nearly all messages are plain, and need not be decoded whole.
func (s *sampler) read(ctx context.Context, rd scan.Records, until moment.Time, first int64) error {
	var w mrt.Walker
	r := newMessages(ctx, rd)
	for {
		m, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if m.isPlain && s.message(m, until, first) {
			continue
		}
		rec := r.record()
		kind, _ := w.Start(rec)
		s.record(&w, rec, kind, until, first)
	}
}

// message looks at the routes of a plain message; false if it is not one.
func (s *sampler) message(m *message, until moment.Time, first int64) bool {
	if m.time >= until {
		return true
	}
	if !s.plain.Parse(m.body, m.as4) {
		return false
	}
	if len(s.plain.Announced) == 0 {
		return true
	}
	s.seq = 0 // of no walker
	s.take(s.plain.AppendPath(s.path[:0]))
	if s.isFar || len(s.into) > 0 {
		s.list4(s.plain.Announced, m.peer, m.time.Sec() < first)
	}
	return true
}

// record looks at the routes of a record.
func (s *sampler) record(w *mrt.Walker, rec *mrt.Record, kind mrt.Kind, until moment.Time, first int64) {
	if rec.Time >= until {
		return
	}
	early, e := rec.Time.Sec() < first, w.Elem()
	switch kind {
	case mrt.KindUpdate:
		for {
			l, ok := w.NextList()
			if !ok {
				return
			}
			if e.Kind == mrt.Announce && e.SAFI != 2 && !e.Local {
				s.list(e, l, early)
			}
		}
	case mrt.KindRIB:
		for w.Next() {
			if e.Kind == mrt.RIBEntry && e.SAFI != 2 && !e.Local {
				s.entry(e, early)
			}
		}
	}
}

// entry looks at one route of a table; early says that it was told before the first
// loss.
func (s *sampler) entry(e *mrt.Elem, early bool) {
	s.begun(e)
	if (s.isFar || len(s.into) > 0) && e.Prefix.Bits() > 0 {
		s.route(e.Prefix, hashPrefix(e.Prefix), e.PeerAddr, early)
	}
}

// list looks at the routes of a list.
func (s *sampler) list(e *mrt.Elem, l bgp.NLRI, early bool) {
	s.begun(e)
	if !s.isFar && len(s.into) == 0 {
		return
	}
	if l.AFI == bgp.AFIv4 && !l.AddPath {
		s.list4(l.Bytes, e.PeerAddr, early)
		return
	}
	skip := 0
	if l.AddPath {
		skip = 4
	}
	for i := skip; i < len(l.Bytes); {
		n := int(l.Bytes[i])
		raw := l.Bytes[i+1 : i+1+(n+7)>>3]
		i += 1 + len(raw) + skip
		if n == 0 {
			continue
		}
		p := bgp.MakePrefix(raw, n, l.AFI)
		s.route(p, hashPrefix(p), e.PeerAddr, early)
	}
}

// list4 looks at a list of IPv4 prefixes, of which nearly all are turned away by their
// hashes.
func (s *sampler) list4(b []byte, peer netip.Addr, early bool) {
	for i := 0; i < len(b); {
		n := int(b[i])
		raw := b[i+1 : i+1+(n+7)>>3]
		i += 1 + len(raw)
		if n == 0 {
			continue
		}
		var a uint32
		for k, x := range raw {
			a |= uint32(x) << (24 - 8*k)
		}
		h := hash4(a&uint32(^uint64(0)<<(32-n)), n)
		if h <= s.most4 {
			s.route(bgp.MakePrefix4(raw, n), h, peer, early)
		}
	}
}

// begun finds out what the path of an element means, once for all that share it.
func (s *sampler) begun(e *mrt.Elem) {
	if q := e.AttrSeq(); q != s.seq {
		s.seq = q
		s.take(e.AppendPath(s.path[:0]))
	}
}

func (s *sampler) route(q netip.Prefix, h uint64, peer netip.Addr, early bool) {
	x := drawn{prefix: q, hash: h, peer: peer, number: -1, early: early}
	for _, p := range s.into {
		s.offer(p, &x)
	}
	if s.isFar {
		s.offer(&s.far[familyOf(q)], &x)
	}
}

// drawn is a route that pools are offered.
type drawn struct {
	prefix         netip.Prefix
	hash           uint64
	peer           netip.Addr
	number         int // of the peer; -1 if it was not asked for
	early          bool
	asked, avoided bool // whether it is to be avoided
}

// offer has a pool note a route.
func (s *sampler) offer(p *pool, x *drawn) {
	if p.refuses(x.hash) {
		return
	}
	var c *candidate
	if i := p.find(x.prefix, x.hash); i >= 0 {
		c = &p.all[i]
	} else {
		if p.full {
			return
		}
		if !x.asked {
			x.asked, x.avoided = true, s.avoid(x.prefix)
		}
		if x.avoided {
			return
		}
		c = p.put(candidate{prefix: x.prefix, hash: x.hash, none: p.bounded && x.hash > p.top})
		if len(p.all) == 2*p.most {
			p.close()
		}
	}
	if c.none {
		return
	}
	if x.number < 0 {
		x.number = s.peers.number(x.peer)
	}
	c.had.add(x.number)
	if x.early {
		c.early.add(x.number)
	}
}

// take finds out which pools the routes of a path go into.
func (s *sampler) take(path []uint32) {
	s.path, s.into = path, s.into[:0]
	s.isFar = len(path) > 0
	for i, a := range path {
		l := s.lane(a)
		if l == nil {
			continue
		}
		if l.origin {
			s.isFar, s.into = false, s.into[:0]
			return
		}
		if i < len(path)-1 {
			if !slices.Contains(s.into, l.others) {
				s.into = append(s.into, l.others)
			}
		} else if len(path) > 1 {
			s.into = append(s.into, l.own)
		}
		if l.core {
			s.isFar = false
		}
	}
	s.most4 = 0
	if s.isFar {
		s.most4 = s.far[0].highest()
	}
	for _, p := range s.into {
		s.most4 = max(s.most4, p.highest())
	}
}

// join adds what a file gathered.
func (s *sampler) join(o *sampler) {
	as := make([]int, len(o.peers.list))
	for i, a := range o.peers.list {
		as[i] = s.peers.number(a)
	}
	for i := range s.lanes {
		if l := &s.lanes[i]; l.near {
			l.others.join(o.lanes[i].others, as)
			l.own.join(o.lanes[i].own, as)
		}
	}
	for f := range s.far {
		s.far[f].join(&o.far[f], as)
	}
}
