package examine

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"constat/internal/decompress"
	"constat/internal/regular"
	"constat/moment"
	"constat/routes/scan"
	"constat/routes/source"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// A source is read once if that can be. Which records of it are needed is known
// only when all sources were read: a prefix may be found to be the subject's in the
// last file, and what the first said of it is needed too. So while a file is scanned,
// two things are put down on disk: the records that bear on what is known to be the
// subject's by then, and the prefixes of all others. In the end a file has to be read
// again only if one of these others turns out to be needed, which is seldom: what an
// origin announces is mostly announced by it from the start.

// spool is a file that is there while sources are read. It is used by several
// goroutines.
type spool struct {
	f    *os.File
	at   atomic.Int64
	room atomic.Int64 // for files that are kept whole
	// heavy has room for files whose unpacking takes much memory: up to 20 MB for
	// bzip2, whose blocks are unpacked on all cores anyway.
	heavy chan struct{}
}

const heavyFiles = 2

// spoolName is the spool's name in the folder of the unfinished case, so that it
// goes with it whatever happens.
const spoolName = ".reading"

func newSpool(dir string) (*spool, error) {
	f, err := os.OpenFile(filepath.Join(dir, spoolName), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keeping records: %w", err)
	}
	s := &spool{f: f, heavy: make(chan struct{}, heavyFiles)}
	s.room.Store(packedMost)
	return s, nil
}

func (s *spool) close() {
	s.f.Close()
	os.Remove(s.f.Name())
}

// shelf is what one goroutine puts into a spool: bytes in order.
type shelf struct {
	s     *spool
	buf   []byte
	parts [][2]int64 // offset and length in the spool
}

const shelfBuffer = 32 << 10

// room takes a buffer if there is none.
func (h *shelf) room() {
	if h.buf == nil {
		h.buf = *shelfBuffers.Get().(*[]byte)
	}
}

func (h *shelf) Write(b []byte) (int, error) {
	h.room()
	h.buf = append(h.buf, b...)
	if len(h.buf) >= shelfBuffer {
		return len(b), h.flush()
	}
	return len(b), nil
}

// flush is called once more at the end.
func (h *shelf) flush() error {
	err := h.put(h.buf)
	h.buf = h.buf[:0]
	return err
}

// write puts bytes behind all that was put there.
func (s *spool) write(b []byte) (at int64, err error) {
	n := int64(len(b))
	at = s.at.Add(n) - n
	if _, err := s.f.WriteAt(b, at); err != nil {
		return 0, fmt.Errorf("keeping records: %w", err)
	}
	return at, nil
}

// put writes past the buffer.
func (h *shelf) put(b []byte) error {
	n := int64(len(b))
	if n == 0 {
		return nil
	}
	at, err := h.s.write(b)
	if err != nil {
		return err
	}
	if k := len(h.parts); k > 0 && h.parts[k-1][0]+h.parts[k-1][1] == at {
		h.parts[k-1][1] += n
	} else {
		h.parts = append(h.parts, [2]int64{at, n})
	}
	return nil
}

// put keeps bytes, and returns how they are had again.
func (s *spool) put(b []byte) (get func() ([]byte, error), err error) {
	h := shelf{s: s}
	if err := h.put(b); err != nil {
		return nil, err
	}
	return func() ([]byte, error) { return io.ReadAll(h.reader()) }, nil
}

// done lets go of the buffer.
func (h *shelf) done() error {
	err := h.flush()
	if b := h.buf[:0]; cap(b) >= shelfBuffer {
		shelfBuffers.Put(&b)
	}
	h.buf = nil
	return err
}

var shelfBuffers = sync.Pool{New: func() any { b := make([]byte, 0, shelfBuffer+shelfBuffer/8); return &b }}

func (h *shelf) reader() io.Reader {
	var parts []io.Reader
	for _, p := range h.parts {
		parts = append(parts, io.NewSectionReader(h.s.f, p[0], p[1]))
	}
	return io.MultiReader(parts...)
}

// short prefixes are kept whatever they are: there are few, and they cover much.
const (
	short4 = 8
	short6 = 19
)

func isShort(p netip.Prefix) bool {
	if p.Addr().Is4() {
		return p.Bits() <= short4
	}
	return p.Bits() <= short6
}

// keeper watches one file being scanned.
type keeper struct {
	own    *local
	until  moment.Time
	known  *known  // what was known to be the subject's when the file was begun
	knew   int     // how many there were of it
	fresh  *nest   // what was found since, in this file; nil at first
	kept   shelf   // records that may be needed
	others shelf   // prefixes of those that were not kept
	seen   *keySet // those of updates
	plain  *places // where those of plain messages lie
	where  shelf   // the same on disk
	table  uint64  // the last one of a table

	heavy  bool         // it is one of the heavy ones, and being read
	packed *packed      // all records of the file; nil if they are not kept
	opened func(string) // told when the file is opened; nil for nobody

	pending []netip.Prefix // of the table's record at hand, that are not the subject's as far as is known
	keys    []uint64       // the same of an UPDATE
	lists   [2][]byte      // of a plain one, instead
	session int            // of that
	last    netip.Prefix
	match   bool
	news    int // prefixes found before the record at hand
	chain   []linked
	spare   [][]byte
}

// linked is a record of a table that covers the one at hand. A table is sorted, so
// that what covers a prefix of the subject comes before it.
type linked struct {
	prefix netip.Prefix
	raw    []byte // as it is kept
}

// known are the prefixes of the subject that were found by a moment.
type known struct {
	prefixes map[netip.Prefix]bool
	near     *mrt.Filter // lets through what has to do with them; nil if nothing has
}

func newKeeper(s *spool, own *local, until moment.Time, known *known) *keeper {
	return &keeper{own: own, until: until, known: known, kept: shelf{s: s}, others: shelf{s: s}, where: shelf{s: s},
		seen: keySets.Get().(*keySet), plain: allPlaces.Get().(*places)}
}

// source reads the records of the file that is scanned.
func (k *keeper) source(f *source.File, r io.Reader) scan.Records {
	d, ok := r.(*decompress.Reader)
	if ok {
		k.enter(d)
	}
	if ok && d.Format() == decompress.Bzip2 && k.kept.s.room.Load() > 0 {
		k.packed = newPacked(k.kept.s)
	}
	return f.Records(r)
}

// enter waits for room for a heavy file, leave makes it again.
func (k *keeper) enter(d *decompress.Reader) {
	if f := d.Format(); f == decompress.Bzip2 || f == decompress.Zstd {
		k.kept.s.heavy <- struct{}{}
		k.heavy = true
	}
}

func (k *keeper) leave() {
	if k.heavy {
		<-k.kept.s.heavy
		k.heavy = false
	}
}

// whole reports whether the file need not be unpacked again.
func (k *keeper) whole() bool { return k.packed != nil && !k.packed.off }

// open reads a file again: the records that were kept of it, or else the source.
func (k *keeper) open(f *source.File) (scan.Records, io.Closer, error) {
	if k.whole() {
		r := k.packed.records()
		return r, r, nil
	}
	if k.opened != nil {
		k.opened(f.Name)
	}
	in, err := regular.Open(f.Path) // it was summed up when it was scanned
	if err != nil {
		return nil, nil, err
	}
	d, err := decompress.NewReader(in)
	if err != nil {
		in.Close()
		return nil, nil, err
	}
	k.enter(d)
	return steady(f, d), closer(func() { d.Close(); in.Close(); k.leave() }), nil
}

// steady reads a file as it was scanned.
func steady(f *source.File, r io.Reader) scan.Records {
	return scan.Steady(f.Records(r), scan.Of(f))
}

type closer func()

func (c closer) Close() error {
	c()
	return nil
}

// entry looks at the prefix of a table's entry.
func (k *keeper) entry(e *mrt.Elem) {
	if e.SAFI != 2 {
		k.own.route(e)
	}
	p := e.Prefix
	if k.match || p == k.last || e.Time >= k.until {
		return
	}
	k.last = p
	if isShort(p) || k.known.near != nil && k.known.near.MatchPrefix(p) || k.fresh.has(p) {
		k.match = true
		return
	}
	k.pending = append(k.pending, p)
}

// list looks at a list of prefixes of an UPDATE.
func (k *keeper) list(e *mrt.Elem, l bgp.NLRI) {
	if e.Kind == mrt.Announce && e.SAFI != 2 && !e.Local && e.PeerAddr.IsValid() {
		k.own.routes(e, l)
	}
	if k.match || e.Time >= k.until {
		return
	}
	if k.known.near != nil && k.known.near.MatchList(l) {
		k.match = true
		return
	}
	short, add := byte(short4), 0
	if l.AFI == bgp.AFIv6 {
		short = short6
	}
	if l.AddPath {
		add = 4
	}
	for i := add; i < len(l.Bytes); {
		n, rest := l.Bytes[i], l.Bytes[i+1:]
		raw := rest[:(int(n)+7)>>3]
		i += 1 + len(raw) + add
		if n <= short || k.fresh != nil && k.fresh.has(bgp.MakePrefix(raw, int(n), l.AFI)) {
			k.match = true
			return
		}
		if k.packed == nil {
			k.keys = append(k.keys, keyOfRaw(rest, n, l.AFI))
		}
	}
}

// message looks at the lists of a plain message, as list does.
func (k *keeper) message(m *scan.Message) {
	if m.Announcements > 0 {
		k.own.announced(m)
	}
	if m.Time >= k.until {
		return
	}
	k.session = m.Session + 1
	k.match = m.Shortest <= short4 || k.known.near != nil && (isWanted(k.known.near, m.Withdrawn) || isWanted(k.known.near, m.Announced)) ||
		k.fresh != nil && (k.fresh.hasAny(m.Withdrawn) || k.fresh.hasAny(m.Announced))
	if !k.match && k.packed == nil {
		k.lists = [2][]byte{m.Withdrawn, m.Announced}
	}
}

// record decides on the record whose elements were looked at.
func (k *keeper) record(rec *mrt.Record, kind mrt.Kind) error {
	for ; k.news < len(k.own.list); k.news++ {
		k.match = true
		if p := k.own.list[k.news]; !k.known.prefixes[p] {
			if k.fresh == nil {
				k.fresh = new(nest)
			}
			k.fresh.add(p)
		}
	}
	match := k.match && rec.Time < k.until
	k.match, k.last = false, netip.Prefix{}
	pending := k.pending
	k.pending = k.pending[:0]
	keys, lists, session := k.keys, k.lists, k.session
	k.keys, k.lists, k.session = k.keys[:0], [2][]byte{}, 0
	index := kind == mrt.KindPeerIndex || rec.Type == mrt.TypeTableDumpV2 && rec.Subtype == mrt.V2PeerIndexTable
	if k.packed != nil && (index || kind == mrt.KindUpdate || kind == mrt.KindRIB) {
		k.packed.add(rec, session)
	}
	switch {
	case index:
		if err := k.unlink(0); err != nil {
			return err
		}
		return k.keep(rec)
	case match:
		// What covers it in the table is needed with it.
		if kind == mrt.KindRIB {
			for _, l := range k.chain {
				if k.fresh.has(l.prefix) {
					if _, err := k.kept.Write(l.raw); err != nil {
						return err
					}
				} else if err := k.other(l.prefix); err != nil {
					return err
				}
				k.spare = append(k.spare, l.raw)
			}
			k.chain = k.chain[:0]
		}
		return k.keep(rec)
	case kind == mrt.KindRIB && len(pending) == 1:
		return k.link(rec, pending[0])
	case kind == mrt.KindRIB:
		for _, p := range pending {
			if err := k.other(p); err != nil {
				return err
			}
		}
		return nil
	}
	for _, key := range keys {
		k.seen.add(key)
	}
	for _, l := range lists {
		if len(l) > 0 {
			k.plain.addList(l)
		}
	}
	return nil
}

// link puts a table's record behind those that cover it.
func (k *keeper) link(rec *mrt.Record, p netip.Prefix) error {
	n := len(k.chain)
	for n > 0 && !(k.chain[n-1].prefix.Bits() <= p.Bits() && k.chain[n-1].prefix.Contains(p.Addr())) {
		n--
	}
	if n >= chainMost {
		n = 0
	}
	if err := k.unlink(n); err != nil {
		return err
	}
	var raw []byte
	if m := len(k.spare); m > 0 {
		raw, k.spare = k.spare[m-1][:0], k.spare[:m-1]
	}
	k.chain = append(k.chain, linked{p, appendRecord(raw, rec)})
	return nil
}

// chainMost bounds the chain: in a table of old an entry is a record.
const chainMost = 2048

// unlink lets go of all but the first n: no more specific of them is to come.
func (k *keeper) unlink(n int) error {
	for _, l := range k.chain[n:] {
		if err := k.other(l.prefix); err != nil {
			return err
		}
		k.spare = append(k.spare, l.raw)
	}
	if len(k.spare) > 64 {
		k.spare = k.spare[:64]
	}
	k.chain = k.chain[:n]
	return nil
}

// other notes a prefix of a table's record that is not kept.
func (k *keeper) other(p netip.Prefix) error {
	key := keyOf(p)
	if key == k.table || k.packed != nil {
		return nil
	}
	k.table = key
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], key)
	_, err := k.others.Write(b[:])
	return err
}

func (k *keeper) keep(rec *mrt.Record) error {
	k.kept.room()
	k.kept.buf = appendRecord(k.kept.buf, rec)
	if len(k.kept.buf) >= shelfBuffer {
		return k.kept.flush()
	}
	return nil
}

// finish is called when the file was read.
func (k *keeper) finish() error {
	if err := k.unlink(0); err != nil {
		return err
	}
	for _, key := range k.seen.keys {
		if key == 0 {
			continue
		}
		k.others.room()
		k.others.buf = binary.LittleEndian.AppendUint64(k.others.buf, key)
		if len(k.others.buf) >= shelfBuffer {
			if err := k.others.flush(); err != nil {
				return err
			}
		}
	}
	// What is left is small: there may be thousands of files.
	if err := k.plain.put(&k.where); err != nil {
		return err
	}
	k.seen.reset()
	keySets.Put(k.seen)
	allPlaces.Put(k.plain)
	k.seen, k.plain, k.knew = nil, nil, len(k.known.prefixes)
	k.spare, k.chain, k.pending, k.keys, k.fresh, k.known, k.own = nil, nil, nil, nil, nil, nil, nil
	if k.packed != nil {
		k.packed.done()
	}
	return errors.Join(k.kept.done(), k.others.done(), k.where.done())
}

// has reports whether every record that has to do with all of the subject's prefixes,
// so many, was kept: near lets through what has to do with these. Of a file of which all records are there
// nobody noted which prefixes others have. It may say no where it was so.
func (k *keeper) has(near *mrt.Filter, prefixes []netip.Prefix, n int) (bool, error) {
	if n == k.knew {
		return true, nil
	}
	if k.packed != nil {
		return false, nil
	}
	if some, err := placesHold(k.where.reader(), prefixes); some || err != nil {
		return false, err
	}
	rd := bufio.NewReaderSize(k.others.reader(), shelfBuffer)
	var b [8]byte
	for {
		if _, err := io.ReadFull(rd, b[:]); err == io.EOF {
			return true, nil
		} else if err != nil {
			return false, err
		}
		if near.MatchPrefix(prefixOf(binary.LittleEndian.Uint64(b[:]))) {
			return false, nil
		}
	}
}

// records reads what was kept.
func (k *keeper) records() *keptRecords {
	return &keptRecords{r: bufio.NewReaderSize(k.kept.reader(), shelfBuffer)}
}

// keptRecords gives records as they were read first.
type keptRecords struct {
	r   *bufio.Reader
	raw []byte
}

const keptHead = 8 + 8 + 2 + 2 + 1 + 4

func appendRecord(b []byte, rec *mrt.Record) []byte {
	le := binary.LittleEndian
	b = le.AppendUint64(b, uint64(rec.Offset))
	b = le.AppendUint64(b, uint64(rec.Time))
	b = le.AppendUint16(b, rec.Type)
	b = le.AppendUint16(b, rec.Subtype)
	b = append(b, rec.Short)
	b = le.AppendUint32(b, uint32(len(rec.Raw)))
	return append(b, rec.Raw...)
}

// keptHeader reads all of a record but its bytes, and returns how many these are.
func keptHeader(rec *mrt.Record, h []byte) int {
	le := binary.LittleEndian
	*rec = mrt.Record{Offset: int64(le.Uint64(h[:])), Time: moment.Time(le.Uint64(h[8:])),
		Type: le.Uint16(h[16:]), Subtype: le.Uint16(h[18:]), Short: h[20]}
	return int(le.Uint32(h[21:]))
}

// ReadRecord implements [scan.Records].
func (r *keptRecords) ReadRecord(rec *mrt.Record) error {
	h, err := r.r.Peek(keptHead)
	if err != nil {
		if len(h) > 0 && err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	n := keptHeader(rec, h)
	if cap(r.raw) < n {
		r.raw = make([]byte, n)
	}
	r.raw = r.raw[:n]
	rec.Raw = r.raw
	r.r.Discard(keptHead)
	_, err = io.ReadFull(r.r, r.raw)
	return err
}

// keyOf puts a prefix into a number that is not 0. Of IPv6 prefixes longer than 48 bits the
// one of 48 bits that holds them stands, which errs towards reading again.
func keyOf(p netip.Prefix) uint64 {
	if p.Addr().Is4() {
		a := p.Addr().As4()
		return 1<<62 | uint64(binary.BigEndian.Uint32(a[:]))<<8 | uint64(p.Bits())
	}
	a := p.Addr().As16()
	return 1<<63 | binary.BigEndian.Uint64(a[:])>>16<<8 | uint64(min(p.Bits(), 48))
}

// keyOfRaw is keyOf of a prefix as it stands in an UPDATE; anything may stand behind it.
func keyOfRaw(raw []byte, bits byte, afi uint16) uint64 {
	var v uint64
	if len(raw) >= 8 {
		v = binary.BigEndian.Uint64(raw)
	} else {
		for i, b := range raw {
			v |= uint64(b) << (56 - 8*i)
		}
	}
	if afi == bgp.AFIv4 {
		return 1<<62 | v>>32&(^uint64(0)<<(32-bits))&0xffffffff<<8 | uint64(bits)
	}
	bits = min(bits, 48)
	return 1<<63 | v&(^uint64(0)<<(64-bits))>>16<<8 | uint64(bits)
}

func prefixOf(key uint64) netip.Prefix {
	if key>>62 == 1 {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], uint32(key>>8))
		return netip.PrefixFrom(netip.AddrFrom4(a), int(key&0xff))
	}
	var a [16]byte
	binary.BigEndian.PutUint64(a[:], key>>8<<16)
	return netip.PrefixFrom(netip.AddrFrom16(a), int(key&0xff))
}

// keySet is a set of such numbers.
type keySet struct {
	keys []uint64
	n    int
}

// keySets are kept for the next file.
var keySets = sync.Pool{New: func() any { return new(keySet) }}

// reset empties it. Memory that the last file did not need is let go.
func (s *keySet) reset() {
	if len(s.keys) > 1024 && 8*s.n < len(s.keys) {
		s.keys = nil
	}
	clear(s.keys)
	s.n = 0
}

func (s *keySet) add(k uint64) {
	if 2*s.n >= len(s.keys) {
		old := s.keys
		s.keys = make([]uint64, max(1024, 2*len(old)))
		s.n = 0
		for _, o := range old {
			if o != 0 {
				s.put(o)
			}
		}
	}
	s.put(k)
}

func (s *keySet) put(k uint64) {
	mask := uint64(len(s.keys) - 1)
	h := k * 0x9e3779b97f4a7c15
	for i := h >> 32 & mask; ; i = (i + 1) & mask {
		switch s.keys[i] {
		case k:
			return
		case 0:
			s.keys[i] = k
			s.n++
			return
		}
	}
}

// nest holds prefixes and tells of others whether they are one, lie inside one or
// cover one. Most are turned away by their leading bits.
type nest struct {
	in, over map[netip.Prefix]bool
	lens     [2][129]bool
	lead     [2][1 << 10]uint64 // leading 16 bits of IPv4, 32 of IPv6 folded to 16
	wide     [2]bool            // one is shorter than that
}

func lead(p netip.Prefix) (h uint16, ok bool) {
	if p.Addr().Is4() {
		a := p.Addr().As4()
		return binary.BigEndian.Uint16(a[:]), p.Bits() >= 16
	}
	a := p.Addr().As16()
	return binary.BigEndian.Uint16(a[:]) ^ binary.BigEndian.Uint16(a[2:]), p.Bits() >= 32
}

func (n *nest) add(p netip.Prefix) {
	if n.in == nil {
		n.in, n.over = map[netip.Prefix]bool{}, map[netip.Prefix]bool{}
	}
	f := familyOf(p)
	n.in[p], n.lens[f][p.Bits()] = true, true
	if h, ok := lead(p); ok {
		n.lead[f][h>>6] |= 1 << (h & 63)
	} else {
		n.wide[f] = true
	}
	for b := p.Bits(); b >= 0; b-- {
		q := netip.PrefixFrom(p.Addr(), b).Masked()
		if n.over[q] {
			break
		}
		n.over[q] = true
	}
}

func (n *nest) has(p netip.Prefix) bool {
	if n == nil || n.in == nil {
		return false
	}
	f := familyOf(p)
	if h, ok := lead(p); ok && !n.wide[f] && n.lead[f][h>>6]>>(h&63)&1 == 0 {
		return false
	}
	if n.over[p] {
		return true
	}
	return n.inside(p, 0)
}

// hasAny is has for any prefix of a plain list.
func (n *nest) hasAny(b []byte) bool {
	for i := 0; i < len(b); {
		bits := int(b[i])
		raw := b[i+1 : i+1+(bits+7)>>3]
		i += 1 + len(raw)
		if n.has(bgp.MakePrefix4(raw, bits)) {
			return true
		}
	}
	return false
}

// holds tells of a prefix whether it is one or lies inside one, the default route
// aside.
func (n *nest) holds(p netip.Prefix) bool {
	return p.Bits() > 0 && (n.in[p] || n.inside(p, 1))
}

// inside tells of a prefix whether it lies inside one of at least so many bits.
func (n *nest) inside(p netip.Prefix, least int) bool {
	f := familyOf(p)
	for b := least; b < p.Bits(); b++ {
		if n.lens[f][b] && n.in[netip.PrefixFrom(p.Addr(), b).Masked()] {
			return true
		}
	}
	return false
}
