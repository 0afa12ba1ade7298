package scan

import (
	"encoding/binary"
	"errors"
	"net/netip"

	"constat/moment"
	"constat/routes/vantage"
)

// A scan of one file has some hundred bytes for each peer and minute, and whose a
// record is may follow from any file. So that a month of files takes no more memory
// than a day, what a scan says of peers can be put aside until it is joined.

// Shelve hands over what the scan has of peers, as bytes, and lets go of it. put
// returns how they are had again; [Join] has them twice.
func (s *Scan) Shelve(put func([]byte) (get func() ([]byte, error), err error)) error {
	get, err := put(s.append(nil))
	if err != nil {
		return err
	}
	s.shelved, s.peers, s.logged, s.pauses = get, nil, nil, nil
	return nil
}

// open returns the peers and the changes of state of a scan, and its pauses.
func (s *Scan) open() (map[peerKey]*peerScan, []logged, []moment.Interval, error) {
	if s.shelved == nil {
		return s.peers, s.logged, s.pauses, nil
	}
	b, err := s.shelved()
	if err != nil {
		return nil, nil, nil, err
	}
	r := shelfReader{b: b}
	peers := map[peerKey]*peerScan{}
	for range r.count() {
		k := r.key()
		peers[k] = r.peer()
	}
	var changes []logged
	for range r.count() {
		l := logged{peer: r.key(), self: r.key()}
		l.At, l.Old, l.New, l.Heard = r.time(), uint16(r.uint()), uint16(r.uint()), r.bool()
		l.Named = string(r.bytes(r.count()))
		changes = append(changes, l)
	}
	var pauses []moment.Interval
	for range r.count() {
		from := r.time()
		pauses = append(pauses, moment.Interval{From: from, Until: from + r.time()})
	}
	if r.bad || len(r.b) > 0 {
		return nil, nil, nil, errShelf
	}
	return peers, changes, pauses, nil
}

var errShelf = errors.New("what was put aside of a file is not what it was")

func (s *Scan) append(b []byte) []byte {
	w := shelfWriter{b}
	w.uint(uint64(len(s.peers)))
	for k, p := range s.peers {
		w.key(k)
		w.peer(p)
	}
	w.uint(uint64(len(s.logged)))
	for _, l := range s.logged {
		w.key(l.peer)
		w.key(l.self)
		w.int(int64(l.At))
		w.uint(uint64(l.Old))
		w.uint(uint64(l.New))
		w.bool(l.Heard)
		w.bytes([]byte(l.Named))
	}
	w.uint(uint64(len(s.pauses)))
	for _, p := range s.pauses {
		w.int(int64(p.From))
		w.int(int64(p.Until - p.From))
	}
	return w.b
}

func (w *shelfWriter) peer(p *peerScan) {
	w.addr(p.local)
	w.bool(p.nameless)
	w.bool(p.mixed)
	w.uint(uint64(p.lead))
	for _, n := range []int64{int64(p.first), int64(p.last), p.ann, p.wd, p.v4, p.v6} {
		w.int(n)
	}
	w.uint(uint64(len(p.marks)))
	for _, m := range p.marks {
		w.int(m)
	}
	w.uint(uint64(len(p.sample)))
	for _, x := range p.sample {
		w.int(x.Slot)
		w.uint(uint64(len(x.Elems)))
		for _, e := range x.Elems {
			w.b = binary.LittleEndian.AppendUint64(w.b, e)
		}
	}
	w.uint(uint64(len(p.eors)))
	for _, e := range p.eors {
		w.int(int64(e.at))
		w.uint(uint64(e.afi))
		for _, n := range []int64{int64(e.from), int64(e.last), int64(e.before), e.announced} {
			w.int(n)
		}
	}
	w.uint(uint64(len(p.bursts)))
	for _, x := range p.bursts {
		w.int(int64(x.from))
		w.int(int64(x.last - x.from))
		w.int(x.announced)
		w.bool(x.cut)
	}
	w.uint(uint64(len(p.tellings)))
	for _, t := range p.tellings {
		for _, n := range []int64{int64(t.from), int64(t.last), int64(t.before), t.announced, t.withdrawn, t.distinct, t.gone} {
			w.int(n)
		}
		w.bool(t.snapshot)
		w.uint(uint64(len(t.sketch)))
		for _, x := range t.sketch {
			w.uint(uint64(x))
		}
	}
	w.uint(uint64(len(p.dense)))
	for _, d := range p.dense {
		for _, n := range []int64{int64(d.from), int64(d.last), d.announced, d.withdrawn, d.distinct} {
			w.int(n)
		}
		w.bool(d.seen != nil)
		if d.seen != nil {
			w.uint(uint64(len(d.seen.list)))
			for _, i := range d.seen.list {
				w.uint(uint64(i))
			}
			w.uint(uint64(len(d.seen.words)))
			for _, x := range d.seen.words {
				w.b = binary.LittleEndian.AppendUint64(w.b, x)
			}
		}
	}
}

func (r *shelfReader) peer() *peerScan {
	p := &peerScan{local: r.addr(), nameless: r.bool(), mixed: r.bool(), lead: uint32(r.uint())}
	p.first, p.last, p.ann, p.wd, p.v4, p.v6 = r.time(), r.time(), r.int(), r.int(), r.int(), r.int()
	for range r.count() {
		p.marks = append(p.marks, r.int())
	}
	for range r.count() {
		x := vantage.Sample{Slot: r.int()}
		for b := r.bytes(8 * r.count()); len(b) > 0; b = b[8:] {
			x.Elems = append(x.Elems, binary.LittleEndian.Uint64(b))
		}
		p.sample = append(p.sample, x)
	}
	for range r.count() {
		p.eors = append(p.eors, eor{r.time(), uint16(r.uint()), run{r.time(), r.time(), r.time(), r.int()}})
	}
	for range r.count() {
		from := r.time()
		p.bursts = append(p.bursts, burst{from, from + r.time(), r.int(), r.bool()})
	}
	for range r.count() {
		t := telling{from: r.time(), last: r.time(), before: r.time(), announced: r.int(), withdrawn: r.int(), distinct: r.int(), gone: r.int(), snapshot: r.bool()}
		for range r.count() {
			t.sketch = append(t.sketch, uint32(r.uint()))
		}
		p.tellings = append(p.tellings, t)
	}
	for range r.count() {
		d := &denseBurst{from: r.time(), last: r.time(), announced: r.int(), withdrawn: r.int(), distinct: r.int()}
		if r.bool() {
			d.seen = new(distinct)
			for range r.count() {
				d.seen.list = append(d.seen.list, uint32(r.uint()))
			}
			if n := r.count(); n > 0 {
				b := r.bytes(8 * n)
				for ; len(b) > 0; b = b[8:] {
					d.seen.words = append(d.seen.words, binary.LittleEndian.Uint64(b))
				}
			}
		}
		p.dense = append(p.dense, d)
	}
	return p
}

// shelfWriter and shelfReader are the form of what is put aside. Nobody else reads
// it, and it does not outlive the process.
type shelfWriter struct{ b []byte }

func (w *shelfWriter) uint(n uint64) { w.b = binary.AppendUvarint(w.b, n) }
func (w *shelfWriter) int(n int64)   { w.b = binary.AppendVarint(w.b, n) }

func (w *shelfWriter) bool(x bool) {
	if x {
		w.uint(1)
	} else {
		w.uint(0)
	}
}

func (w *shelfWriter) bytes(b []byte) {
	w.uint(uint64(len(b)))
	w.b = append(w.b, b...)
}

func (w *shelfWriter) addr(a netip.Addr) {
	b, _ := a.MarshalBinary() // of an address it does not fail
	w.bytes(b)
}

func (w *shelfWriter) key(k peerKey) {
	w.addr(k.addr)
	w.uint(uint64(k.as))
}

type shelfReader struct {
	b   []byte
	bad bool
}

func (r *shelfReader) uint() uint64 {
	n, k := binary.Uvarint(r.b)
	if k <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[k:]
	return n
}

func (r *shelfReader) int() int64 {
	n, k := binary.Varint(r.b)
	if k <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[k:]
	return n
}

// count is of things that take at least a byte each.
func (r *shelfReader) count() int {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.b, r.bad = nil, true
		return 0
	}
	return int(n)
}

func (r *shelfReader) bytes(n int) []byte {
	if n > len(r.b) {
		r.b, r.bad = nil, true
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *shelfReader) bool() bool        { return r.uint() == 1 }
func (r *shelfReader) time() moment.Time { return moment.Time(r.int()) }

func (r *shelfReader) addr() (a netip.Addr) {
	if a.UnmarshalBinary(r.bytes(r.count())) != nil {
		r.bad = true
	}
	return a
}

func (r *shelfReader) key() peerKey { return peerKey{r.addr(), uint32(r.uint())} }
