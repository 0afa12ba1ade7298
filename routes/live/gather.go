package live

import (
	"math/bits"
	"sync/atomic"
)

// A table tells a prefix of all peers and then the next, and the state is rows of
// peers: put where it belongs at once, each entry would cost waiting for memory several
// times. So a feeder gathers the entries of a block of prefixes and puts them into the
// rows peer by peer, and into the sets 64 prefixes and 64 peers at a time.

// windows is how many blocks are gathered at once: one whose prefixes were seen before,
// and one of those that are new, of a table that has some of both.
const windows = 2

// window is a block of prefixes whose entries are gathered.
type window struct {
	block uint32
	lanes []*lane // of peers that told something
	six   [blockLen / 64]uint64
}

// lane is what a feeder has heard of one peer's table and not put into the state.
type lane struct {
	p      *peer
	told   [windows]bool
	has    [windows][blockLen / 64]uint64
	values [windows][blockLen]uint32
}

// gather keeps an entry of a table in the window of its block, until the block is put into the state. The peer's
// first entry for a prefix stands, as [Feeder.entry] has it.
func (f *Feeder) gather(n int, id PeerID, q PrefixID, r Route) {
	for int(id) >= len(f.lanes) {
		f.lanes = append(f.lanes, nil)
	}
	l := f.lanes[id]
	if l == nil {
		l = &lane{p: f.s.peers[id]}
		f.lanes[id] = l
	}
	if !l.told[n] {
		l.told[n] = true
		f.windows[n].lanes = append(f.windows[n].lanes, l)
	}
	i := uint32(q) % blockLen
	has := &l.has[n][i>>6]
	if *has>>(i&63)&1 == 0 {
		*has |= 1 << (i & 63)
		l.values[n][i] = uint32(r)
	}
}

// window returns the window of a prefix's block. The one that was not used last makes
// room for it.
func (f *Feeder) window(q PrefixID) int {
	k := uint32(q) / blockLen
	n := f.recent
	switch {
	case f.windows[n].block == k:
	case f.windows[1-n].block == k:
		n = 1 - n
	default:
		if len(f.windows[n].lanes) > 0 {
			n = 1 - n
		}
		f.put(n)
		f.windows[n].block = k
	}
	f.recent = n
	if f.s.prefixes.list.at(uint32(q)).v6() {
		f.windows[n].six[uint32(q)%blockLen>>6] |= 1 << (q & 63)
	}
	return n
}

// settle puts everything that was told into the state.
func (f *Feeder) settle() {
	f.drain()
	f.resolve()
	for n := range f.windows {
		f.put(n)
	}
}

// settled puts what was gathered into the state if some of it is a peer's.
func (f *Feeder) settled(id PeerID) {
	f.resolve()
	if int(id) >= len(f.lanes) || f.lanes[id] == nil || f.lanes[id].told == [windows]bool{} {
		return
	}
	for n := range f.windows {
		f.put(n)
	}
}

// put puts what was gathered in a window into the state.
func (f *Feeder) put(n int) {
	w := &f.windows[n]
	if len(w.lanes) == 0 {
		return
	}
	if len(f.columns) != 64*f.s.matrix.words {
		f.columns = make([]*lane, 64*f.s.matrix.words)
		f.fresh = make([][blockLen / 64]uint64, len(f.columns))
	}
	for _, l := range w.lanes {
		f.columns[l.p.column] = l
		if len(l.p.alone.at) > 0 {
			l.p.alone.told(w.block, &l.has[n])
		}
	}
	for word := range f.s.matrix.words {
		f.mark(w.block, word, n, f.columns[64*word:64*word+64], f.fresh[64*word:64*word+64])
	}
	for _, l := range w.lanes {
		f.row(w, l, n, &f.fresh[l.p.column])
		l.told[n] = false
		l.has[n] = [blockLen / 64]uint64{}
	}
	clear(f.columns)
	w.lanes = w.lanes[:0]
	w.six = [blockLen / 64]uint64{}
}

// mark puts what 64 peers told of a block's prefixes into the sets, and returns what of
// it was not there. A prefix that a peer carried in the present session it holds, or it
// took it back: an entry tells nothing new.
func (f *Feeder) mark(block uint32, word, n int, lanes []*lane, fresh [][blockLen / 64]uint64) {
	var m [64]uint64
	for i := range blockLen / 64 {
		all := uint64(0)
		for c, l := range lanes {
			m[c], fresh[c][i] = 0, 0
			if l != nil {
				m[c] = l.has[n][i]
				all |= m[c]
			}
		}
		if all == 0 {
			continue
		}
		transpose64(&m)
		for x := all; x != 0; x &= x - 1 {
			k := bits.TrailingZeros64(x)
			held, carried := f.s.matrix.sets(PrefixID(block*blockLen + uint32(64*i+k)))
			m[k] &^= atomic.LoadUint64(&carried[word])
			if m[k] != 0 {
				atomic.OrUint64(&held[word], m[k])
				atomic.OrUint64(&carried[word], m[k])
			}
		}
		transpose64(&m)
		for c := range lanes {
			fresh[c][i] = m[c]
		}
	}
}

// row puts what a peer told of a block into its row.
func (f *Feeder) row(w *window, l *lane, n int, fresh *[blockLen / 64]uint64) {
	s, p := f.s, l.p
	first := w.block * blockLen
	if k := int(w.block); k < len(p.row.blocks) && p.row.blocks[k].many != 0 {
		// It may have routes with identifiers to what it named without one.
		for i := range fresh {
			for x := l.has[n][i] &^ fresh[i]; x != 0; x &= x - 1 {
				at := uint32(64*i + bits.TrailingZeros64(x))
				f.entry(p, PrefixID(first+at), 0, Route(l.values[n][at]))
			}
		}
	}
	p.row.merge(&s.arena, w.block, fresh, &l.values[n])
	for i, x := range fresh {
		six := bits.OnesCount64(x & w.six[i])
		p.count(v6, six)
		p.count(v4, bits.OnesCount64(x)-six)
		if p.groups == nil {
			continue
		}
		for ; x != 0; x &= x - 1 {
			e := s.prefixes.list.at(first + uint32(64*i+bits.TrailingZeros64(x)))
			g, fam := &p.groups[e.group], v4
			if e.v6() {
				fam = v6
			}
			g.held[fam]++
			g.carried[fam]++
		}
	}
}

// count counts prefixes that a peer holds now and did not carry before.
func (p *peer) count(family, n int) {
	p.held[family] += uint32(n)
	p.carried[family] += uint32(n)
}
