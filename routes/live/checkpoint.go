package live

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math/bits"
	"net/netip"
	"slices"

	"constat/internal/durable"
	"constat/internal/worded"
)

// A checkpoint is docs/formats/checkpoint.md.
const (
	family    = "constat-state/" // of any version
	magic     = family + "2\n"
	magic1    = family + "1\n" // without prefixes that withdrawals alone speak of
	frameMost = 4 << 20        // bytes of a frame's content
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Write writes the state to a file, which is there whole or not at all. Nobody feeds
// meanwhile.
func (s *State) Write(name string) error {
	return durable.Write(name, 0o644, s.Encode)
}

// Encode writes the state to a stream. Nobody feeds meanwhile.
func (s *State) Encode(w io.Writer) error {
	defer s.hold()()
	s.show(false) // it stands in a place of its own
	defer s.show(true)
	if _, err := io.WriteString(w, magic); err != nil {
		return err
	}
	e := &frames{w: w, buf: make([]byte, 8, 8+frameMost+1<<16)}
	e.varint(int64(s.at))
	s.writeTree(e)
	s.writePeers(e)
	s.writePrefixes(e)
	for _, p := range s.peers {
		s.writeRow(e, p)
	}
	s.writeCarried(e)
	s.writeLedger(e)
	s.writeAlone(e)
	e.flush()
	e.flush() // an empty frame ends it
	return e.err
}

// frames writes a stream in frames: length, checksum, content.
type frames struct {
	w   io.Writer
	buf []byte // eight bytes for the head, and the content
	sum uint32 // of all content before
	err error
}

func (e *frames) flush() {
	content := e.buf[8:]
	e.sum = crc32.Update(e.sum, castagnoli, content)
	binary.LittleEndian.PutUint32(e.buf, uint32(len(content)))
	binary.LittleEndian.PutUint32(e.buf[4:], e.sum)
	if e.err == nil {
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:8]
}

// room flushes if the frame has no room for n more bytes, which are at most 64 KiB.
func (e *frames) room(n int) {
	if len(e.buf)-8+n > frameMost {
		e.flush()
	}
}

func (e *frames) varint(x int64) {
	e.room(binary.MaxVarintLen64)
	e.buf = binary.AppendVarint(e.buf, x)
}

func (e *frames) uvarint(x uint64) {
	e.room(binary.MaxVarintLen64)
	e.buf = binary.AppendUvarint(e.buf, x)
}

func (e *frames) u32(x uint32) {
	e.room(4)
	e.buf = binary.LittleEndian.AppendUint32(e.buf, x)
}

func (e *frames) u64(x uint64) {
	e.room(8)
	e.buf = binary.LittleEndian.AppendUint64(e.buf, x)
}

func (e *frames) text(s string) {
	s = s[:min(len(s), textMost)]
	e.uvarint(uint64(len(s)))
	e.room(len(s))
	e.buf = append(e.buf, s...)
}

// addr writes an address, "" if it is none.
func (e *frames) addr(a netip.Addr) {
	if !a.IsValid() {
		e.text("")
		return
	}
	e.text(a.String())
}

// textMost is the longest name or reason in a checkpoint.
const textMost = 1 << 12

func (s *State) writeTree(e *frames) {
	e.uvarint(uint64(len(s.tree.sets)))
	for _, set := range s.tree.sets {
		e.uvarint(uint64(len(set)))
		for _, as := range set {
			e.u32(as)
		}
	}
	n := s.tree.count.Load()
	e.uvarint(uint64(n))
	for id := uint32(1); id <= n; id++ {
		x := s.tree.nodes.at(id)
		e.u64(uint64(x.parent)<<32 | uint64(x.as))
	}
}

func (s *State) writePrefixes(e *frames) {
	n := s.prefixes.count.Load()
	e.uvarint(uint64(n))
	for id := range n {
		x := s.prefixes.list.at(id)
		e.u32(uint32(x.length))
		e.u32(x.origin.Load())
		e.u64(x.hi)
		if x.v6() {
			e.u64(x.lo)
		}
	}
}

// Flags of a peer.
const (
	flagWatching = 1 << iota
	flagSending
	flagWhole4
	flagWhole6
	flagBefore // how much it held before it was forgotten stands behind
)

func (s *State) writePeers(e *frames) {
	e.uvarint(uint64(len(s.peers)))
	for _, p := range s.peers {
		e.text(p.Collector)
		e.addr(p.Addr)
		e.u32(p.AS)
		var flags uint64
		for i, is := range []bool{p.watching, p.sending, p.whole[v4], p.whole[v6], p.before > 0} {
			if is {
				flags |= 1 << i
			}
		}
		e.uvarint(flags)
		e.varint(int64(p.since))
		e.varint(int64(p.blind))
		if p.before > 0 {
			e.uvarint(uint64(p.before))
		}
	}
}

func (s *State) writeRow(e *frames, p *peer) {
	e.uvarint(uint64(len(p.row.blocks)))
	for k := range p.row.blocks {
		b := &p.row.blocks[k]
		for _, x := range b.has {
			e.u64(x)
		}
		if b.n == 0 {
			continue
		}
		run := s.arena.run(b.run, b.n)
		e.room(4 * len(run))
		for _, x := range run {
			if x&manyFlag != 0 {
				x = manyFlag
			}
			e.buf = binary.LittleEndian.AppendUint32(e.buf, x)
		}
		if b.many == 0 {
			continue
		}
		for _, x := range run {
			if x&manyFlag == 0 {
				continue
			}
			l := *s.lists.all.at(x &^ manyFlag)
			e.uvarint(uint64(len(l)))
			for _, r := range l {
				e.u32(r.id)
				e.u32(uint32(r.route))
			}
		}
	}
}

// writeCarried writes which prefixes were carried and are not held.
func (s *State) writeCarried(e *frames) {
	owner := map[int]int{}
	mine := make([]uint64, s.matrix.words) // columns that are somebody's
	for i, p := range s.peers {
		owner[p.column] = i
		mine[p.column>>6] |= 1 << (p.column & 63)
	}
	last := -1
	var who []int
	for q := range int(s.prefixes.count.Load()) {
		held, carried := s.matrix.sets(PrefixID(q))
		who = who[:0]
		for i, x := range carried {
			for x &^= held[i] | ^mine[i]; x != 0; x &= x - 1 {
				who = append(who, owner[64*i+bits.TrailingZeros64(x)])
			}
		}
		if len(who) == 0 {
			continue
		}
		slices.Sort(who) // columns are given out anew when it is read
		e.uvarint(uint64(q - last))
		last = q
		e.uvarint(uint64(len(who)))
		for _, id := range who {
			e.uvarint(uint64(id))
		}
	}
	e.uvarint(0)
}

func (s *State) writeLedger(e *frames) {
	e.uvarint(uint64(len(s.ledger)))
	for _, b := range s.ledger {
		e.text(b.Collector)
		e.addr(*b.Peer)
		e.u32(b.AS)
		e.varint(int64(b.From))
		e.varint(int64(b.Until))
		e.text(b.Reason)
		flags := uint64(0)
		if b.Forget {
			flags = 1
		}
		e.uvarint(flags)
	}
}

// writeAlone writes of which prefixes withdrawals alone speak.
func (s *State) writeAlone(e *frames) {
	for _, p := range s.peers {
		e.uvarint(uint64(p.alone.empty))
		e.uvarint(uint64(len(p.alone.at)))
		last := -1
		for _, q := range p.alone.sorted() {
			l := p.alone.at[q]
			e.uvarint(uint64(int(q) - last))
			last = int(q)
			e.varint(l.second)
			twice := uint64(0)
			if l.twice {
				twice = 1
			}
			e.uvarint(twice)
		}
	}
}

// ErrVersion is wrapped by errors about a checkpoint of another version.
var ErrVersion = worded.Errorf("a checkpoint of another version")

// ErrDamaged is wrapped by errors about a checkpoint that is not as it was written.
var ErrDamaged = worded.Errorf("damaged checkpoint")
