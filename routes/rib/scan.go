package rib

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"net/netip"
	"slices"

	"constat/internal/decompress"
	"constat/moment"
	"constat/wire/mrt"
)

// ScanInput is one file to read.
type ScanInput struct {
	Name       string // base name
	Kind       string // "updates" or "rib" if the name tells, else empty
	Start, End moment.Time
	Open       func() (io.ReadCloser, error)
	// Records reads the records of the unpacked stream; nil for MRT.
	Records func(io.Reader) Records
	Format  string           // what it is if not MRT
	Asked   *moment.Interval // of an answer: the time it was asked of
	Scope   []string         // and the prefixes or AS numbers; it speaks of nothing else
	// Route is called for every announcement and every entry of a table, if
	// not nil. The element is the walker's own.
	Route func(*mrt.Elem)
	// Elem is called for every element that has a prefix, those that Route is not
	// called for too (withdrawals, multicast, what the collector sends), and
	// before it; Record behind the elements of each record that could be framed.
	// Who reads for routes as well has them from the same reading. Nil for none.
	Elem   func(*mrt.Elem)
	Record func(*mrt.Record, mrt.Kind) error
}

// Records gives the records of a file, as [mrt.Reader] does.
type Records interface{ Next() (mrt.Record, error) }

// Scan is what reading one file whole gave: the file's own facts, and those of
// its peers, to be joined with those of its neighbours by [Join].
type Scan struct {
	File   File
	peers  map[peerKey]*peerScan // by the AS that the records name
	logged []logged
}

// ScanFile reads one file from its first byte to its last. Damage is counted
// in the result; the error is of opening or reading the stored bytes, or the
// context's.
func ScanFile(ctx context.Context, in ScanInput) (*Scan, error) {
	f, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := &scanner{
		Scan: &Scan{peers: map[peerKey]*peerScan{}, File: File{Name: in.Name, Kind: in.Kind,
			Unread: []Unread{}, Lost: []Lost{}, Tables: []TableSize{}}},
		route: in.Route, elem: in.Elem, also: in.Record,
		named: map[peerKey]bool{},
	}
	s.File.Format, s.File.Asked, s.File.Scope = in.Format, in.Asked, in.Scope
	if in.Start != in.End {
		start, end := in.Start, in.End
		s.File.Start, s.File.End = &start, &end
	}
	sum := &hashing{r: f, h: sha256.New()}
	d, err := decompress.NewReader(sum)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	var rd Records
	if in.Records != nil {
		rd = in.Records(d)
	} else {
		rd = mrt.NewReader(d)
	}
	err = s.read(ctx, rd)
	d.Close()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	if _, err := io.Copy(io.Discard, sum); err != nil { // the digest is of the whole file
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	s.File.SHA256, s.File.Size = hex.EncodeToString(sum.h.Sum(nil)), sum.n
	s.finish()
	return s.Scan, nil
}

// hashing digests what is read through it. An error of the stored bytes is
// kept apart from what decompression makes of it.
type hashing struct {
	r io.Reader
	h interface {
		io.Writer
		Sum([]byte) []byte
	}
	n   int64
	err error
}

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.h.Write(p[:n])
	h.n += int64(n)
	if err != nil && err != io.EOF {
		h.err = err
	}
	return n, err
}

type scanner struct {
	*Scan
	route    func(*mrt.Elem)
	elem     func(*mrt.Elem)
	also     func(*mrt.Record, mrt.Kind) error
	rib, upd bool
	last     moment.Time // of the last record read
	has      bool
	open     []int // indices of Lost whose end is not known yet
	lastPeer *peerScan
	lastKey  peerKey
	spare    []*distinct      // of bursts that are over
	named    map[peerKey]bool // everybody whom a record names; true if a change of state does
}

// MaxPeers is how many peers one file may name, as sources of routes or in changes
// of state. The largest collectors have some hundreds. Each costs about three
// kilobytes in what follows, so a file of some megabytes that names a million is
// made to exhaust memory.
const MaxPeers = 20_000

func (s *scanner) read(ctx context.Context, rd Records) error {
	var w mrt.Walker
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(s.named) > MaxPeers {
			return fmt.Errorf("it names more than %d peers, and no collector has so many: it is not read", MaxPeers)
		}
		rec, err := rd.Next()
		if err == io.EOF {
			break
		}
		var d *mrt.Damage
		if errors.As(err, &d) {
			s.unread(d)
			if !d.Resumable {
				s.File.Truncated = true
				continue
			}
			s.open = append(s.open, len(s.File.Lost))
			s.File.Lost = append(s.File.Lost, Lost{From: s.last, Framing: d.Line == 0})
			continue
		}
		if err != nil {
			return err
		}
		kind := s.record(&w, rec)
		if s.also != nil {
			if err := s.also(&rec, kind); err != nil {
				return err
			}
		}
	}
	for _, n := range w.Skipped() {
		s.File.Skipped += n
	}
	for _, i := range s.open { // nothing was read behind it
		s.File.Lost[i].Until = s.last + moment.Second
		s.File.Truncated = true
	}
	return nil
}

func (s *scanner) unread(d *mrt.Damage) {
	for i := range s.File.Unread {
		if u := &s.File.Unread[i]; u.Reason == d.Reason && u.Attributes == d.Attributes {
			u.Count++
			return
		}
	}
	s.File.Unread = append(s.File.Unread, Unread{d.Reason, 1, d.Offset, d.Attributes})
}

func (s *scanner) record(w *mrt.Walker, rec mrt.Record) mrt.Kind {
	kind, _ := w.Record(rec)
	s.File.Records++
	t := rec.Time
	if s.File.First == nil {
		first := t
		s.File.First, s.File.Last = &first, new(moment.Time)
	}
	if s.has && t < s.last {
		s.File.Backwards++
	}
	*s.File.Last = max(*s.File.Last, t)
	s.last, s.has = t, true
	for _, i := range s.open {
		l := &s.File.Lost[i]
		if l.From == 0 {
			l.From = floor(t)
		}
		// At least the second in which it was: something of it is not known.
		l.Until = max(t, floor(l.From)+moment.Second)
	}
	s.open = s.open[:0]

	switch kind {
	case mrt.KindPeerIndex:
		s.rib = true
	case mrt.KindRIB:
		s.rib = true
		s.table(w)
	case mrt.KindState:
		s.upd = true
		for w.Next() {
			if e := w.Elem(); !e.Local {
				s.state(e, t)
			}
		}
	case mrt.KindUpdate:
		s.upd = true
		e := w.Elem()
		if e.Local || !e.PeerAddr.IsValid() {
			for w.Next() { // what the collector sends is nobody's route
				if s.elem != nil {
					s.elem(e)
				}
			}
			break
		}
		p := s.peer(e)
		p.heard(t)
		for w.Next() {
			e := w.Elem()
			if s.elem != nil && e.Kind != mrt.EndOfRIB {
				s.elem(e)
			}
			switch e.Kind {
			case mrt.Announce:
				p.announce(e.Prefix, t)
				p.leads(e)
				if s.route != nil && e.SAFI != 2 {
					s.route(e)
				}
			case mrt.Withdraw:
				p.withdraw(t)
			case mrt.EndOfRIB:
				p.eors = append(p.eors, eor{t, e.AFI})
			}
		}
	case mrt.KindOpen, mrt.KindNotification, mrt.KindKeepalive, mrt.KindRefresh:
		s.upd = true
		if e := w.Elem(); e.PeerAddr.IsValid() && !e.Local {
			s.peer(e) // which marks it as heard
		}
	}
	if err := w.Err(); err != nil {
		d := err.(*mrt.Damage)
		s.unread(d)
		if d.Attributes {
			return kind // of a table's entries: no route was lost
		}
		l := Lost{From: floor(t), Until: floor(t) + moment.Second}
		if kind == mrt.KindUpdate {
			if e := w.Elem(); e.PeerAddr.IsValid() {
				a := e.PeerAddr
				l.Peer, l.AS = &a, e.PeerAS
			}
		}
		s.lose(l)
	}
	return kind
}

// lose notes a lost moment, once.
func (s *scanner) lose(l Lost) {
	if n := len(s.File.Lost); n > 0 {
		p := s.File.Lost[n-1]
		same := p.Peer == l.Peer || p.Peer != nil && l.Peer != nil && *p.Peer == *l.Peer && p.AS == l.AS
		if same && !p.Framing && p.From <= l.From && l.From <= p.Until {
			s.File.Lost[n-1].Until = max(p.Until, l.Until)
			return
		}
	}
	s.File.Lost = append(s.File.Lost, l)
}

// table counts what a snapshot's record holds for each peer.
func (s *scanner) table(w *mrt.Walker) {
	for w.Next() {
		e := w.Elem()
		if e.Kind != mrt.RIBEntry {
			continue
		}
		if s.elem != nil {
			s.elem(e)
		}
		e.CheckAttrs()
		p := s.peer(e)
		p.leads(e)
		if e.SAFI != 2 && p.listed != e.Prefix { // with ADD-PATH a prefix has several entries
			p.listed = e.Prefix
			if e.Prefix.Addr().Is4() {
				p.v4++
			} else {
				p.v6++
			}
		}
		if s.route != nil && e.SAFI != 2 {
			s.route(e)
		}
	}
}

// peer returns the account of the element's peer.
func (s *scanner) peer(e *mrt.Elem) *peerScan {
	if k := (peerKey{e.PeerAddr, e.PeerAS}); s.lastPeer == nil || s.lastKey != k {
		p := s.peers[k]
		if p == nil {
			p = &peerScan{first: e.Time, spare: &s.spare, begin: *s.File.First, nameless: !isName(k.as), local: e.LocalAddr()}
			p.cut = s.named[k]
			s.named[k] = p.cut
			s.peers[k] = p
		}
		s.lastPeer, s.lastKey = p, k
	}
	s.lastPeer.at(e.Time)
	return s.lastPeer
}

// state notes a change of state. Whose it is is decided when all files were
// read ([whose]).
func (s *scanner) state(e *mrt.Elem, t moment.Time) {
	l := logged{StateChange{At: t, Old: e.OldState, New: e.NewState}, peerKey{e.PeerAddr, e.PeerAS}, peerKey{e.LocalAddr(), e.LocalAS}}
	if p := s.peers[l.peer]; p != nil {
		p.cut = true
	} else if p := s.peers[l.self]; p != nil {
		p.cut = true
	}
	s.logged = append(s.logged, l)
	s.named[l.peer], s.named[l.self] = true, true
}

func (s *scanner) finish() {
	f := &s.File
	switch {
	case s.upd:
		f.Kind = "updates"
	case s.rib:
		f.Kind = "rib"
	}
	for k, p := range s.peers {
		p.close(p.current != nil && s.last-p.current.last <= densePause)
		if f.Scope != nil {
			p.v4, p.v6 = 0, 0 // a part of a table tells nothing of what the peer lacks
		}
		if p.v4+p.v6 > 0 {
			f.Tables = append(f.Tables, TableSize{k.addr, k.as, p.v4, p.v6})
		}
	}
	slices.SortFunc(f.Tables, compareTables)
}

// Rates that tell a table from news. A burst is dense while more than
// denseRate prefixes are announced in a second, with pauses of at most
// densePause; activity is one burst while pauses stay under quietPause.
const (
	denseRate  = 100
	densePause = 10 * moment.Second
	quietPause = 30 * moment.Second
)

// peerScan is one peer in one file.
type peerScan struct {
	local       netip.Addr // the collector's address in the session; invalid if unknown
	nameless    bool       // the records do not name its AS
	lead        uint32     // then: the AS that all its paths begin with
	mixed       bool       // then: they do not
	first, last moment.Time
	ann, wd     int64
	marks       []int64
	eors        []eor
	bursts      []burst
	dense       []*denseBurst
	v4, v6      int64
	listed      netip.Prefix

	spare   *[]*distinct
	begin   moment.Time // of the file
	cut     bool        // a state change ended the last burst
	sec     int64
	annSec  int64
	current *denseBurst
}

type eor struct {
	at  moment.Time
	afi uint16
}

// burst is activity without a pause or a change of state.
type burst struct {
	from, last moment.Time
	announced  int64
	cut        bool // it began after a change of state
}

// denseBurst is a part of a burst that may be a table.
type denseBurst struct {
	from, last           moment.Time
	announced, withdrawn int64
	distinct             int64     // if seen is nil
	seen                 *distinct // kept only if a neighbouring file may hold the rest
}

// size returns the estimated number of distinct prefixes.
func (d *denseBurst) size() int64 {
	if d.seen != nil {
		return d.seen.count()
	}
	return d.distinct
}

// join adds the part that the next file holds.
func (d *denseBurst) join(o *denseBurst) {
	d.last = max(d.last, o.last)
	d.announced += o.announced
	d.withdrawn += o.withdrawn
	if d.seen != nil && o.seen != nil {
		d.seen.join(o.seen)
		return
	}
	d.distinct, d.seen = d.size()+o.size(), nil
}

func (p *peerScan) at(t moment.Time) {
	p.last = max(p.last, t)
	p.mark(t)
}

// leads notes with which AS the paths begin of a peer whose AS the records do
// not name: an AS puts itself first in what it announces to others (RFC 4271
// §5.1.2), unless it is a route server.
func (p *peerScan) leads(e *mrt.Elem) {
	if !p.nameless || p.mixed {
		return
	}
	as, ok := e.Path().First()
	if !ok || !isName(as) || p.lead != 0 && p.lead != as {
		p.mixed = true
		return
	}
	p.lead = as
}

func (p *peerScan) mark(t moment.Time) {
	slot := t.Sec() / MarkLength
	if n := len(p.marks); n == 0 || p.marks[n-1] != slot {
		p.marks = append(p.marks, slot)
	}
}

func (p *peerScan) heard(t moment.Time) {
	if n := len(p.bursts); n > 0 && !p.cut && t-p.bursts[n-1].last < quietPause {
		p.bursts[n-1].last = max(p.bursts[n-1].last, t)
	} else {
		p.bursts = append(p.bursts, burst{from: t, last: t, cut: p.cut})
		p.cut = false
	}
}

func (p *peerScan) announce(q netip.Prefix, t moment.Time) {
	p.ann++
	p.bursts[len(p.bursts)-1].announced++
	if sec := t.Sec(); sec != p.sec {
		p.roll(t)
	}
	p.annSec++
	if p.current == nil {
		if p.annSec <= denseRate {
			return
		}
		p.current = &denseBurst{from: floor(t), seen: p.take()}
	}
	c := p.current
	if p.annSec > denseRate {
		c.last = t
	}
	c.announced++
	c.seen.add(q)
}

func (p *peerScan) withdraw(t moment.Time) {
	p.wd++
	if t.Sec() != p.sec {
		p.roll(t)
	}
	if p.current != nil {
		p.current.withdrawn++
	}
}

// roll begins a new second.
func (p *peerScan) roll(t moment.Time) {
	p.sec, p.annSec = t.Sec(), 0
	if p.current != nil && t-p.current.last > densePause {
		p.close(false)
	}
}

// Bursts smaller than these are forgotten, and cut at the border of a file
// without counting what the two parts share.
const (
	burstLeast = 250
	edgeLeast  = 2000
)

// take gives an empty account of distinct prefixes, a used one if there is one.
func (p *peerScan) take() *distinct {
	n := len(*p.spare)
	if n == 0 {
		return new(distinct)
	}
	d := (*p.spare)[n-1]
	*p.spare = (*p.spare)[:n-1]
	d.reset()
	return d
}

// close ends the dense burst at hand. Only one that touches the beginning or
// the end of its file keeps which prefixes it had.
func (p *peerScan) close(edge bool) {
	c := p.current
	p.current = nil
	if c == nil {
		return
	}
	edge = edge || c.from-p.begin <= densePause
	if !edge || c.announced < edgeLeast {
		c.distinct = c.seen.count()
		*p.spare = append(*p.spare, c.seen)
		c.seen = nil
	} else {
		c.seen.shrink()
	}
	if edge || c.announced >= burstLeast {
		p.dense = append(p.dense, c)
	}
}

// distinct estimates how many distinct prefixes were added, by linear counting in
// whole numbers, so that every machine gets the same estimate. Few are kept as a list,
// many as a bitmap of half a megabyte: a burst of two thousand prefixes takes eight
// kilobytes, and a day of them is no matter.
type distinct struct {
	list   []uint32 // positions; sorted and each once up to sorted
	sorted int
	words  []uint64 // instead of the list, of bitmapBits
}

const (
	bitmapBits = 1 << 22
	listMost   = 1 << 15 // positions in a list, before it is a bitmap
)

// position is where a prefix falls.
func position(q netip.Prefix) uint32 {
	a := q.Addr().As16()
	h := uint64(14695981039346656037)
	for _, x := range a {
		h = (h ^ uint64(x)) * 1099511628211
	}
	h = (h ^ uint64(q.Bits())) * 1099511628211
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 32
	return uint32(h % bitmapBits)
}

func (d *distinct) add(q netip.Prefix) { d.set(position(q)) }

func (d *distinct) set(i uint32) {
	if d.words != nil {
		d.words[i/64] |= 1 << (i % 64)
		return
	}
	d.list = append(d.list, i)
	if len(d.list) >= 256 && len(d.list) >= 2*d.sorted {
		d.tidy()
	}
}

// tidy sorts the list, and makes it a bitmap if it is long.
func (d *distinct) tidy() {
	slices.Sort(d.list)
	d.list = slices.Compact(d.list)
	d.sorted = len(d.list)
	if d.sorted < listMost {
		return
	}
	d.words = make([]uint64, bitmapBits/64)
	for _, i := range d.list {
		d.words[i/64] |= 1 << (i % 64)
	}
	d.list, d.sorted = nil, 0
}

// reset empties it for another burst, and keeps the memory of a list.
func (d *distinct) reset() { d.list, d.sorted, d.words = d.list[:0], 0, nil }

// shrink gives back what the list has grown into and does not need.
func (d *distinct) shrink() {
	if d.words == nil {
		d.tidy()
	}
	d.list = slices.Clip(slices.Clone(d.list))
}

func (d *distinct) join(o *distinct) {
	for _, i := range o.list {
		d.set(i)
	}
	if o.words == nil {
		return
	}
	if d.words == nil {
		list := d.list
		d.list, d.sorted, d.words = nil, 0, slices.Clone(o.words)
		for _, i := range list {
			d.set(i)
		}
		return
	}
	for i, w := range o.words {
		d.words[i] |= w
	}
}

// count returns −m·ln(1−p/m) for p positions of m, by the first terms of its
// series: p + p²/2m + p³/3m² + p⁴/4m³.
func (d *distinct) count() int64 {
	var p int64
	if d.words == nil {
		d.tidy()
		p = int64(len(d.list))
	}
	for _, w := range d.words {
		p += int64(bits.OnesCount64(w))
	}
	const m = bitmapBits
	p2 := p * p / m
	p3 := p2 * p / m
	p4 := p3 * p / m
	return p + p2/2 + p3/3 + p4/4
}
