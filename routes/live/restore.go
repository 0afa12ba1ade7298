package live

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"
	"net/netip"
	"strings"

	"constat/internal/regular"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/vantage"
)

// Read reads a state that [State.Write] wrote. Groups are asked for anew. A file that
// is damaged, or holds what no state can, is refused with an error that wraps
// [ErrDamaged] and says where, one of another version with [ErrVersion].
func Read(name string, o Options) (*State, error) {
	return read(name, o, func(r io.Reader) io.Reader { return r })
}

// ReadNamed is [Read], and returns the SHA-256 of the file too.
func ReadNamed(name string, o Options) (*State, [sha256.Size]byte, error) {
	h := sha256.New()
	// Decode reads to the end of the file, or fails.
	s, err := read(name, o, func(r io.Reader) io.Reader { return io.TeeReader(r, h) })
	return s, [sha256.Size]byte(h.Sum(nil)), err
}

func read(name string, o Options, by func(io.Reader) io.Reader) (*State, error) {
	f, err := regular.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := Decode(by(f), o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// IsCheckpoint reports whether a file begins as a checkpoint does, of whatever version:
// [Read] says of another that it is one.
func IsCheckpoint(name string) bool {
	f, err := regular.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	var m [len(family)]byte
	_, err = io.ReadFull(f, m[:])
	return err == nil && string(m[:]) == family
}

// Decode is [Read] of a stream, which must end where the state does. The stream is read
// ahead of what is made of it, by a goroutine of its own.
func Decode(r io.Reader, o Options) (s *State, err error) {
	d := &reader{}
	defer func() {
		// One way out of the many places at which a file may be wrong.
		if p := recover(); p != nil {
			bad, ok := p.(damage)
			if !ok {
				panic(p)
			}
			s, err = nil, bad.err
		}
	}()
	var m [len(magic)]byte
	if _, err := io.ReadFull(r, m[:]); err != nil || string(m[:]) != magic && string(m[:]) != magic1 {
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return nil, err
		}
		if v, ok := strings.CutPrefix(string(m[:]), family); ok && err == nil && v[0] >= '3' && v[0] <= '9' && v[1] == '\n' {
			return nil, worded.Errorf("%w, %.8q, and this program reads versions 1 and 2: make it anew from the tables, or use the program that wrote it", ErrVersion, v)
		}
		return nil, worded.Errorf("%w: it does not begin with %q", ErrDamaged, magic)
	}
	defer d.begin(r, int64(len(m)))()
	s = New(o)
	s.at = moment.Time(d.varint())
	s.readTree(d)
	s.readPeers(d)
	s.readPrefixes(d)
	six := s.sixes()
	for _, p := range s.peers {
		s.readRow(d, p, six)
	}
	s.late.sets.Store(true) // whoever asks about routes alone does without
	s.readCarried(d)
	s.readLedger(d)
	if string(m[:]) == magic {
		s.readAlone(d)
	}
	s.tally()
	d.end()
	return s, nil
}

// damage is what [reader] panics with; [Decode] returns it.
type damage struct{ err error }

// reader gives the content of a stream of frames.
type reader struct {
	frame
	left   []byte // of the frame
	over   bool
	frames <-chan frame
	spare  chan<- []byte
}

// frame is a frame that was read and whose checksum was looked at.
type frame struct {
	at   int64 // in the file
	buf  []byte
	err  error  // of reading it
	why  string // it is not as it was written
	more bool   // of the last: something stands behind it
}

func (d *reader) fail(format string, args ...any) {
	panic(damage{worded.Errorf("%w: frame at byte %d: %s", ErrDamaged, d.at, fmt.Sprintf(format, args...))})
}

// ahead is how many frames are read ahead.
const ahead = 3

// begin reads frames until the last, or until the returned function is called, which
// waits for the end of reading.
func (d *reader) begin(r io.Reader, at int64) (end func()) {
	frames, spare, stop := make(chan frame, ahead), make(chan []byte, ahead+2), make(chan struct{})
	d.frames, d.spare, d.at = frames, spare, at
	go func() {
		defer close(frames)
		sum := uint32(0)
		for {
			var f frame
			f, sum = readFrame(r, at, sum, spare)
			select {
			case frames <- f:
			case <-stop:
				return
			}
			if f.err != nil || f.why != "" || len(f.buf) == 0 {
				return
			}
			at += int64(len(f.buf)) + 8
		}
	}()
	return func() {
		close(stop)
		for range frames {
		}
	}
}

// readFrame reads a frame, into a spare buffer if there is one.
func readFrame(r io.Reader, at int64, sum uint32, spare <-chan []byte) (frame, uint32) {
	f := frame{at: at}
	full := func(b []byte) bool {
		switch _, err := io.ReadFull(r, b); err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			f.why = "the file ends inside it"
		default:
			f.err = err
		}
		return f.why == "" && f.err == nil
	}
	var head [8]byte
	if !full(head[:]) {
		return f, sum
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > frameMost {
		f.why = fmt.Sprintf("a length of %d bytes; the most is %d", n, frameMost)
		return f, sum
	}
	select {
	case f.buf = <-spare:
	default:
	}
	if cap(f.buf) < int(n) {
		f.buf = make([]byte, n)
	}
	f.buf = f.buf[:n]
	if !full(f.buf) {
		return f, sum
	}
	sum = crc32.Update(sum, castagnoli, f.buf)
	if want := binary.LittleEndian.Uint32(head[4:]); want != sum {
		f.why = fmt.Sprintf("checksum %08x, and the content has %08x", want, sum)
	}
	if n == 0 && f.why == "" {
		_, err := io.ReadFull(r, head[:1])
		f.more = err == nil
	}
	return f, sum
}

// next takes the next frame.
func (d *reader) next() {
	if d.over {
		d.fail("it ends before the state does")
	}
	if d.buf != nil {
		select {
		case d.spare <- d.buf:
		default:
		}
	}
	d.frame = <-d.frames
	if d.err != nil {
		panic(damage{d.err})
	}
	if d.why != "" {
		d.fail("%s", d.why)
	}
	d.left = d.buf
	d.over = len(d.buf) == 0
}

// end reads the empty frame and the end of the file.
func (d *reader) end() {
	if len(d.left) != 0 {
		d.fail("%d bytes behind the state", len(d.left))
	}
	if !d.over {
		d.next()
	}
	if !d.over {
		d.fail("more behind the state")
	}
	if d.more {
		d.fail("more behind the last frame")
	}
}

// take returns the next n bytes, which lie in one frame.
func (d *reader) take(n int) []byte {
	for len(d.left) == 0 {
		d.next()
		if d.over {
			d.fail("it ends before the state does")
		}
	}
	if len(d.left) < n {
		d.fail("a value of %d bytes does not fit it", n)
	}
	b := d.left[:n]
	d.left = d.left[n:]
	return b
}

func (d *reader) u32() uint32 { return binary.LittleEndian.Uint32(d.take(4)) }
func (d *reader) u64() uint64 { return binary.LittleEndian.Uint64(d.take(8)) }

func (d *reader) uvarint() uint64 {
	d.take(0)
	x, n := binary.Uvarint(d.left)
	if n <= 0 {
		d.fail("a number without an end")
	}
	d.left = d.left[n:]
	return x
}

func (d *reader) varint() int64 {
	d.take(0)
	x, n := binary.Varint(d.left)
	if n <= 0 {
		d.fail("a number without an end")
	}
	d.left = d.left[n:]
	return x
}

// count reads a number that is at most most.
func (d *reader) count(what string, most uint64) uint32 {
	x := d.uvarint()
	if x > most {
		d.fail("%d %s; the most is %d", x, what, most)
	}
	return uint32(x)
}

func (d *reader) text() string {
	n := d.count("bytes of text", textMost)
	if n == 0 {
		return ""
	}
	return string(d.take(int(n)))
}

func (d *reader) addr() netip.Addr {
	text := d.text()
	if text == "" {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		d.fail("%v", err)
	}
	return a
}

func (s *State) readTree(d *reader) {
	for range d.count("sets", 1<<31-1) {
		n := d.count("members of a set", 1<<16)
		set := make([]uint32, 0, min(n, 256))
		for i := range n {
			as := d.u32()
			if i == 0 && as == 0 || i > 0 && as <= set[i-1] {
				d.fail("the members of a set do not rise")
			}
			set = append(set, as)
		}
		if n < 2 || int(s.tree.set(set)) != len(s.tree.sets)-1 {
			d.fail("a set of %d, or one that is there twice", n)
		}
	}
	t := s.tree
	n := d.count("nodes", maxNodes)
	for id := uint32(1); id <= n; id++ {
		x := d.u64()
		nd := node{uint32(x), uint32(x >> 32)}
		p := nd.parent &^ setFlag
		if p >= id || nd.parent&setFlag == 0 && nd.as == 0 || nd.parent&setFlag != 0 && nd.as >= uint32(len(t.sets)) {
			d.fail("node %d (%x) makes no sense", id, x)
		}
		t.nodes.grow(id + 1)
		*t.nodes.at(id) = nd
	}
	t.count.Store(n)
	t.late = true // whoever only asks does without
}

func (s *State) readPrefixes(d *reader) {
	x := &s.prefixes
	n := d.count("prefixes", 1<<31)
	for id := range n {
		length, origin := d.u32(), d.u32()
		k := key{hi: d.u64(), length: uint16(length)}
		most := 32
		if k.v6() {
			k.lo, most = d.u64(), 128
		}
		if length > 0xffff || k.bits() > most || keyOf(k.prefix().Masked()) != k {
			d.fail("prefix %d makes no sense", id)
		}
		if got := x.id(k, func(q PrefixID) {
			if s.opts.Group != nil {
				x.list.at(uint32(q)).group = s.opts.Group(k.prefix(), origin)
			}
		}); got != PrefixID(id) {
			d.fail("%v is there twice", k.prefix())
		}
		x.list.at(id).origin.Store(origin)
	}
}

// peersMost is the most peers of a state that is read: all collectors together have
// some thousands, and each costs a bit a prefix.
const peersMost = 1 << 16

func (s *State) readPeers(d *reader) {
	for i := range d.count("peers", peersMost) {
		v := vantage.Peer{Collector: d.text(), Addr: d.addr(), AS: d.u32()}
		if id := s.Peer(v); id != PeerID(i) {
			d.fail("peer %v is there twice", v)
		}
		p := s.peers[i]
		flags := d.uvarint()
		p.watching, p.sending = flags&flagWatching != 0, flags&flagSending != 0
		p.whole = [2]bool{flags&flagWhole4 != 0, flags&flagWhole6 != 0}
		if flags >= 1<<5 || p.watching && p.sending {
			d.fail("flags %x of peer %v", flags, v)
		}
		s.matrix.watching(p.column, p.watching)
		p.since = moment.Time(d.varint())
		blind := d.varint()
		if blind < -1 || blind > 1<<31-1 || blind >= 0 == p.watching {
			d.fail("peer %v has entry %d of the ledger", v, blind)
		}
		p.blind = int(blind)
		if flags&flagBefore != 0 {
			n := d.uvarint()
			if n == 0 || n > 1<<32-1 {
				d.fail("peer %v held %d prefixes before", v, n)
			}
			p.before = uint32(n)
		}
	}
}

// sixes are the prefixes of IPv6, as the bits of blocks.
func (s *State) sixes() []uint64 {
	n := s.prefixes.count.Load()
	out := make([]uint64, (n/blockLen+1)*(blockLen/64))
	for q := range n {
		if s.prefixes.list.at(q).v6() {
			out[q>>6] |= 1 << (q & 63)
		}
	}
	return out
}

func (s *State) readRow(d *reader, p *peer, six []uint64) {
	prefixes, nodes := s.prefixes.count.Load(), s.tree.count.Load()
	good := func(x uint32) bool { return x&^routeMask == 0 && x&maxNodes <= nodes && x != ownFlag }
	n := d.count("blocks of a row", uint64(prefixes)/blockLen+1)
	p.row.blocks = make([]block, n)
	for k := range p.row.blocks {
		b := &p.row.blocks[k]
		for i := range b.has {
			x := d.u64()
			if first := uint32(k*blockLen + 64*i); first+64 > prefixes && x != 0 && (first >= prefixes || x>>(prefixes-first) != 0) {
				d.fail("peer %v holds a prefix that there is not", p.Peer)
			}
			b.has[i] = x
			c := bits.OnesCount64(x)
			b.n += uint16(c)
			c6 := bits.OnesCount64(x & six[k*len(b.has)+i])
			p.held[v4] += uint32(c - c6)
			p.held[v6] += uint32(c6)
		}
		if b.n == 0 {
			continue
		}
		b.class = classOf[(b.n+unit-1)/unit]
		b.run = s.arena.take(b.class)
		run, raw := s.arena.run(b.run, b.n), d.take(4*int(b.n))
		for i := range run {
			x := binary.LittleEndian.Uint32(raw[4*i:])
			if x == manyFlag {
				b.many = 1
			} else if !good(x) {
				d.fail("peer %v has a route %x", p.Peer, x)
			}
			run[i] = x
		}
		if b.many == 0 {
			continue
		}
		for i := range run {
			if run[i] != manyFlag {
				continue
			}
			var l []idRoute
			for range d.count("routes of a peer to a prefix", 1<<20) {
				r := idRoute{d.u32(), Route(d.u32())}
				if !good(uint32(r.route)) {
					d.fail("peer %v has a route %x", p.Peer, uint32(r.route))
				}
				l = append(l, r)
			}
			if len(l) == 0 {
				d.fail("peer %v has a list without routes", p.Peer)
			}
			run[i] = s.lists.add(l...) | manyFlag
		}
	}
	p.carried = p.held
}

// carriedBy is a prefix that a peer carried and does not hold.
type carriedBy struct {
	prefix PrefixID
	peer   PeerID
}

// fillSets fills the sets of a state that was read, if it was not done. Nobody feeds yet.
func (s *State) fillSets() {
	if !s.late.sets.Load() {
		return
	}
	s.late.Lock()
	defer s.late.Unlock()
	if !s.late.sets.Load() {
		return
	}
	s.matrix.grow(s.prefixes.count.Load())
	s.transpose()
	for _, c := range s.late.carried {
		_, carried := s.matrix.sets(c.prefix)
		put(carried, s.peers[c.peer].column)
	}
	s.late.carried = nil
	s.late.sets.Store(false)
}

// transpose fills the sets of holders from the rows, 64 prefixes and 64 peers at a
// time. Peers have the columns of their numbers.
func (s *State) transpose() {
	n := int(s.prefixes.count.Load())
	var m [64]uint64
	for base := 0; base < n; base += 64 {
		k, i := base/blockLen, base%blockLen/64
		for w := range s.matrix.words {
			any := uint64(0)
			for c := range m {
				m[c] = 0
				if id := 64*w + c; id < len(s.peers) && k < len(s.peers[id].row.blocks) {
					m[c] = s.peers[id].row.blocks[k].has[i]
					any |= m[c]
				}
			}
			if any == 0 {
				continue
			}
			transpose64(&m)
			for q := range min(64, n-base) {
				held, carried := s.matrix.sets(PrefixID(base + q))
				held[w], carried[w] = m[q], m[q]
			}
		}
	}
}

// transpose64 makes rows of columns: bit i of word k becomes bit k of word i.
func transpose64(m *[64]uint64) {
	mask := uint64(0x00000000ffffffff)
	for j := 32; j != 0; j, mask = j>>1, mask^mask<<(j>>1) {
		for k := 0; k < 64; k = (k + j + 1) &^ j {
			t := (m[k]>>j ^ m[k+j]) & mask
			m[k] ^= t << j
			m[k+j] ^= t
		}
	}
}

func (s *State) readCarried(d *reader) {
	n := uint64(s.prefixes.count.Load())
	for q := uint64(0); ; {
		step := d.uvarint()
		if step == 0 {
			return
		}
		if step > n || q+step > n {
			d.fail("prefix %d was carried, and there are %d", q+step-1, n)
		}
		q += step
		last := -1
		f := v4
		if s.prefixes.list.at(uint32(q - 1)).v6() {
			f = v6
		}
		for range d.count("peers", uint64(len(s.peers))) {
			p := d.uvarint()
			if p >= uint64(len(s.peers)) || int(p) <= last || s.peers[p].row.find(&s.arena, PrefixID(q-1)) != nil {
				d.fail("peer %d carried prefix %d, and there is no such peer or it was said before", p, q-1)
			}
			last = int(p)
			s.late.carried = append(s.late.carried, carriedBy{PrefixID(q - 1), PeerID(p)})
			s.peers[p].carried[f]++
		}
	}
}

func (s *State) readLedger(d *reader) {
	for range d.count("entries of the ledger", 1<<31) {
		b := vantage.Blind{Collector: d.text()}
		a := d.addr()
		b.Peer, b.AS = &a, d.u32()
		b.From, b.Until = moment.Time(d.varint()), moment.Time(d.varint())
		b.Reason = d.text()
		b.Forget = d.uvarint() == 1
		if b.Until < b.From {
			d.fail("an entry of the ledger ends before it begins")
		}
		s.ledger = append(s.ledger, b)
	}
	for _, p := range s.peers {
		if p.blind < 0 {
			continue
		}
		if p.blind >= len(s.ledger) || !s.ledger[p.blind].Of(p.Peer) {
			d.fail("peer %v has no entry %d of the ledger", p.Peer, p.blind)
		}
	}
}

func (s *State) readAlone(d *reader) {
	n := uint64(s.prefixes.count.Load())
	for _, p := range s.peers {
		p.alone.empty = int(d.count("prefixes withdrawn twice", 1<<31-1))
		twice := 0
		q := uint64(0)
		for range d.count("prefixes of which withdrawals alone speak", n) {
			step := d.uvarint()
			if step == 0 || step > n || q+step > n {
				d.fail("peer %v withdrew prefix %d, and there are %d", p.Peer, q+step-1, n)
			}
			q += step
			l := lastSaid{second: d.varint(), twice: d.count("times twice", 1) == 1}
			if l.twice {
				twice++
			}
			s.fillSets()
			if held, carried := s.matrix.sets(PrefixID(q - 1)); has(held, p.column) || has(carried, p.column) {
				d.fail("peer %v: more than withdrawals speaks of prefix %d", p.Peer, q-1)
			}
			p.alone.add(PrefixID(q-1), l)
		}
		if twice > p.alone.empty {
			d.fail("peer %v withdrew %d prefixes twice, and counts %d", p.Peer, twice, p.alone.empty)
		}
	}
}

// tally counts the routes of groups.
func (s *State) tally() {
	if s.opts.Group == nil {
		return
	}
	s.fillSets()
	for _, p := range s.peers {
		for k := range p.row.blocks {
			for i, x := range p.row.blocks[k].has {
				for ; x != 0; x &= x - 1 {
					e := s.prefixes.list.at(uint32(k*blockLen + 64*i + bits.TrailingZeros64(x)))
					f := v4
					if e.v6() {
						f = v6
					}
					p.groups[e.group].held[f]++
					p.groups[e.group].carried[f]++
				}
			}
		}
	}
	for q := range s.prefixes.count.Load() {
		held, carried := s.matrix.sets(PrefixID(q))
		e := s.prefixes.list.at(q)
		f := v4
		if e.v6() {
			f = v6
		}
		for i := range carried {
			for x := carried[i] &^ held[i]; x != 0; x &= x - 1 {
				s.peers[64*i+bits.TrailingZeros64(x)].groups[e.group].carried[f]++
			}
		}
	}
}
