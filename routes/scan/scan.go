package scan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/netip"
	"slices"

	"constat/internal/decompress"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// Input is one file to read.
type Input struct {
	Name       string // base name
	Kind       string // "updates" or "rib" if the name tells, else empty
	Start, End moment.Time
	// Open opens the stored bytes. If what it returns sums them up itself, as
	// [constat/routes/source.Stored] does, they are not summed up twice.
	Open func() (io.ReadCloser, error)
	// Records reads the records of the unpacked stream; nil for MRT.
	Records func(io.Reader) Records
	Format  string           // what it is if not MRT
	Asked   *moment.Interval // of an answer: the time it was asked of
	Scope   []string         // and the prefixes or AS numbers; it speaks of nothing else
	Content bool             // what it unpacks to is summed up, for [Repacked]
	// Route is called for every announcement and every entry of a table, if
	// not nil. The element is the walker's own.
	Route func(*mrt.Elem)
	// Entry, List and Record are for who reads for routes as well, and has them
	// from the same reading: Entry is called for every entry of a table, List for
	// every list of prefixes of an UPDATE, those that Route is not called for too
	// (withdrawals, multicast, what the collector sends), with the element that
	// has what they share ([mrt.Walker.NextList]); Record behind them, for each
	// record that could be framed. Nil for none.
	Entry  func(*mrt.Elem)
	List   func(*mrt.Elem, bgp.NLRI)
	Record func(*mrt.Record, mrt.Kind) error
	// Message is called instead of List for records that are told whole, and quicker: the
	// commonest messages. Nil for none: then all lists are put to List.
	Message func(*Message)
}

// Each returns what [Input]'s Entry and List are to be for somebody who wants
// the elements one by one: f is called for each entry of a table, and for each
// prefix of a list with the element that [mrt.Walker.Next] would give.
func Each(f func(*mrt.Elem)) (entry func(*mrt.Elem), list func(*mrt.Elem, bgp.NLRI)) {
	var one mrt.Elem
	return f, func(e *mrt.Elem, l bgp.NLRI) {
		one = *e
		for b := l.Bytes; ; {
			p, id, rest, ok := l.Next(b)
			if !ok {
				return
			}
			one.Prefix, one.PathID, b = p, id, rest
			f(&one)
		}
	}
}

// Records gives the records of a file, as [mrt.Reader] does.
type Records interface{ ReadRecord(*mrt.Record) error }

// Scan is what reading one file whole gave: the file's own facts, and those of
// its peers, to be joined with those of its neighbours by [Join].
type Scan struct {
	File    vantage.File
	peers   map[peerKey]*peerScan // by the AS that the records name
	logged  []logged
	pauses  []moment.Interval // without a record
	content content
	shelved func() ([]byte, error) // instead of both; see [Scan.Shelve]
}

// Read reads one file from its first byte to its last. Damage is counted
// in the result; the error is of opening or reading the stored bytes, or the
// context's.
func Read(ctx context.Context, in Input) (*Scan, error) {
	f, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := &scanner{
		Scan: &Scan{peers: map[peerKey]*peerScan{}, File: vantage.File{Name: in.Name, Kind: in.Kind,
			Unread: []vantage.Unread{}, Lost: []vantage.Lost{}, Tables: []vantage.TableSize{}}},
		route: in.Route, entry: in.Entry, list: in.List, also: in.Record, tell: in.Message,
		quick: in.Route == nil && (in.List == nil || in.Message != nil),
		named: map[peerKey]bool{},
	}
	s.File.Format, s.File.Asked, s.File.Scope = in.Format, in.Asked, in.Scope
	if in.Start != in.End {
		start, end := in.Start, in.End
		s.File.Start, s.File.End = &start, &end
	}
	sum, ok := f.(summed)
	if !ok {
		sum = &hashing{r: f, h: sha256.New()}
	}
	d, err := decompress.NewReader(sum)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	var rd Records
	var plain io.Reader = d
	var sums *contents
	if in.Content {
		sums = newContents(d)
		plain = sums
	}
	if in.Records != nil {
		rd = in.Records(plain)
	} else {
		rd = mrt.NewReader(plain)
	}
	err = s.read(ctx, Steady(rd, in))
	if in.Content {
		s.content = sums.sum()
	}
	d.Close()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	if s.File.SHA256, s.File.Size, err = sum.Sum(); err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	s.finish()
	return s.Scan, nil
}

// summed digests what is read of it. Sum reads what has not been read, and returns
// the SHA-256 of the whole file in hexadecimal and its size.
type summed interface {
	io.Reader
	Sum() (string, int64, error)
}

// hashing is summed for any reader.
type hashing struct {
	r io.Reader
	h hash.Hash
	n int64
}

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.h.Write(p[:n])
	h.n += int64(n)
	return n, err
}

func (h *hashing) Sum() (string, int64, error) {
	_, err := io.Copy(io.Discard, h) // a decoder stops at damage
	return hex.EncodeToString(h.h.Sum(nil)), h.n, err
}

type scanner struct {
	*Scan
	route    func(*mrt.Elem)
	entry    func(*mrt.Elem)
	list     func(*mrt.Elem, bgp.NLRI)
	also     func(*mrt.Record, mrt.Kind) error
	rib, upd bool
	last     moment.Time // of the last record read
	has      bool
	open     []int // indices of Lost whose end is not known yet
	rec      mrt.Record
	recent   [64]recentPeer
	tell     func(*Message)
	quick    bool // plain messages are not put to the walker
	plain    Message
	sessions sessions
	head     []byte // of the record at hand, if its session is not known; nil for others
	headKind uint32
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
	strays := map[int]bool{} // which of Lost
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(s.named) > MaxPeers {
			return worded.Errorf("it names more than %d peers, and no collector has so many: it is not read", MaxPeers)
		}
		err := rd.ReadRecord(&s.rec)
		if err == io.EOF {
			break
		}
		if d, ok := damageOf(err); ok {
			s.unread(d)
			if !d.Resumable {
				s.File.Truncated = true
				continue
			}
			l := vantage.Lost{From: s.last, Framing: d.Line == 0}
			if d.Reason == StrayReason {
				strays[len(s.File.Lost)] = true
				l.Peer, l.AS = s.whose(&w)
			}
			s.open = append(s.open, len(s.File.Lost))
			s.File.Lost = append(s.File.Lost, l)
			continue
		}
		if err != nil {
			return err
		}
		kind := mrt.KindUpdate
		if !s.quick || !s.message() {
			kind = s.record(&w)
			if s.head != nil {
				s.met(&w, kind)
			}
		}
		if s.also != nil {
			if err := s.also(&s.rec, kind); err != nil {
				return err
			}
		}
	}
	for _, n := range w.Skipped() {
		s.File.Skipped += n
	}
	for _, i := range s.open { // nothing was read behind it
		s.File.Lost[i].Until = s.last + moment.Second
		s.File.Truncated = s.File.Truncated || !strays[i]
	}
	return nil
}

// whose is the peer of the stray record at hand, if it is an update's.
func (s *scanner) whose(w *mrt.Walker) (*netip.Addr, uint32) {
	if s.rec.Type == mrt.TypeTableDumpV2 {
		return nil, 0 // which would change what the table's records are read by
	}
	if kind, _ := w.Start(&s.rec); kind != mrt.KindUpdate {
		return nil, 0
	}
	e := w.Elem()
	if !e.PeerAddr.IsValid() {
		return nil, 0
	}
	a := e.PeerAddr
	return &a, e.PeerAS
}

// damageOf is for nearly every record, which has none.
func damageOf(err error) (*mrt.Damage, bool) {
	if err == nil {
		return nil, false
	}
	return errors.AsType[*mrt.Damage](err)
}

func (s *scanner) unread(d *mrt.Damage) {
	for i := range s.File.Unread {
		if u := &s.File.Unread[i]; u.Reason == d.Reason && u.Attributes == d.Attributes {
			u.Count++
			return
		}
	}
	s.File.Unread = append(s.File.Unread, vantage.Unread{Reason: d.Reason, Count: 1, Offset: d.Offset, Attributes: d.Attributes})
}

// begin counts a record of a time.
func (s *scanner) begin(t moment.Time) {
	s.File.Records++
	if s.File.First == nil {
		first := t
		s.File.First, s.File.Last = &first, new(moment.Time)
	}
	if s.has && t < s.last {
		s.File.Backwards++
	}
	s.pause(t)
	*s.File.Last = max(*s.File.Last, t)
	s.last, s.has = t, true
	for _, i := range s.open {
		l := &s.File.Lost[i]
		if l.From == 0 {
			l.From = t.Floor()
		}
		// At least the second in which it was: something of it is not known.
		l.Until = max(t, l.From.Floor()+moment.Second)
	}
	s.open = s.open[:0]
}

func (s *scanner) record(w *mrt.Walker) mrt.Kind {
	kind, _ := w.Start(&s.rec)
	t := s.rec.Time
	s.begin(t)

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
		s.update(w, t)
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
		l := vantage.Lost{From: t.Floor(), Until: t.Floor() + moment.Second}
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

// update counts what an UPDATE says.
func (s *scanner) update(w *mrt.Walker, t moment.Time) {
	e := w.Elem()
	if e.Local || !e.PeerAddr.IsValid() {
		for { // what the collector sends is nobody's route
			l, ok := w.NextList()
			if !ok {
				return
			}
			if s.list != nil {
				s.list(e, l)
			}
		}
	}
	p := s.peer(e)
	p.heard(t)
	for {
		l, ok := w.NextList()
		if !ok {
			break
		}
		if s.list != nil {
			s.list(e, l)
		}
		switch e.Kind {
		case mrt.Announce:
			p.announce(l, count(l), t)
			p.sample.add(l, true, t)
			p.leads(e)
			p.path = p.now.add(e, l, p.path)
			if s.route != nil && e.SAFI != 2 {
				for rest := l.Bytes; len(rest) > 0; {
					e.Prefix, e.PathID, rest, _ = l.Next(rest)
					s.route(e)
				}
			}
		case mrt.Withdraw:
			p.withdraw(t, count(l))
			p.sample.add(l, false, t)
		}
	}
	for w.Next() {
		if e.Kind == mrt.EndOfRIB {
			p.eors = append(p.eors, eor{t, e.AFI, p.run})
		}
	}
}

// lose notes a lost moment, once.
func (s *scanner) lose(l vantage.Lost) {
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
		e.CheckAttrs()
		if s.entry != nil {
			s.entry(e)
		}
		p := s.peer(e)
		p.leads(e)
		if e.SAFI != 2 && p.listed != e.Prefix { // with ADD-PATH a prefix has several entries
			p.listed = e.Prefix
			if e.Prefix.Addr().Is4() {
				p.v4++
			} else {
				p.v6++
			}
			if !p.list.over {
				p.path = e.AppendPath(p.path[:0])
				p.list.one(position(e.Prefix), pathSum(p.path))
			}
		}
		if s.route != nil && e.SAFI != 2 {
			s.route(e)
		}
	}
}

// recentPeer saves looking for a peer that was met a moment ago.
type recentPeer struct {
	key peerKey
	of  *peerScan
}

// peer returns the account of the element's peer.
func (s *scanner) peer(e *mrt.Elem) *peerScan {
	k := peerKey{e.PeerAddr, e.PeerAS}
	r := &s.recent[(e.PeerAS*0x9e3779b1>>24^uint32(lastByte(e.PeerAddr)))%uint32(len(s.recent))]
	if r.of == nil || r.key != k {
		p := s.peers[k]
		if p == nil {
			p = &peerScan{first: e.Time, spare: &s.spare, begin: *s.File.First, nameless: !isName(k.as), local: e.LocalAddr()}
			p.cut = s.named[k]
			s.named[k] = p.cut
			s.peers[k] = p
		}
		*r = recentPeer{k, p}
	}
	r.of.at(e.Time)
	return r.of
}

func lastByte(a netip.Addr) byte {
	b := a.As16()
	return b[15]
}

// state notes a change of state. Whose it is is decided when all files were
// read ([whose]).
func (s *scanner) state(e *mrt.Elem, t moment.Time) {
	l := logged{vantage.StateChange{At: t, Old: e.OldState, New: e.NewState}, peerKey{e.PeerAddr, e.PeerAS}, peerKey{e.LocalAddr(), e.LocalAS}}
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
		p.spare = nil // which would keep the scanner
		p.endTelling(f.Scope != nil)
		if f.Scope != nil {
			p.v4, p.v6 = 0, 0 // a part of a table tells nothing of what the peer lacks
		}
		if p.v4+p.v6 > 0 {
			f.Tables = append(f.Tables, vantage.TableSize{Peer: k.addr, AS: k.as, V4: p.v4, V6: p.v6})
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
	runPause   = 5 * moment.Second // the longest within a run
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
	tellings    []telling
	v4, v6      int64
	listed      netip.Prefix
	sample      sampled

	spare   *[]*distinct
	begin   moment.Time // of the file
	cut     bool        // a state change ended the last burst
	sec     int64
	annSec  int64
	current *denseBurst
	run     run
	now     told     // of the run
	list    told     // of a snapshot
	path    []uint32 // for reuse
}

// eor is an End-of-RIB, and the run that it ends.
type eor struct {
	at  moment.Time
	afi uint16
	run
}

// run is what was announced without a pause of [runPause], and when the peer was last heard
// before it; 0 if it was not in the file.
type run struct {
	from, last, before moment.Time
	announced          int64
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

// forget keeps of its prefixes their number.
func (d *denseBurst) forget() { d.distinct, d.seen = d.size(), nil }

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
	slot := t.Sec() / vantage.MarkLength
	if n := len(p.marks); n == 0 || p.marks[n-1] != slot {
		p.marks = append(p.marks, slot)
	}
}

func (p *peerScan) heard(t moment.Time) {
	if p.run.from == 0 || t-p.run.last >= runPause {
		p.endRun()
		p.run = run{from: t, before: p.run.last}
	}
	p.run.last = max(p.run.last, t)
	if n := len(p.bursts); n > 0 && !p.cut && t-p.bursts[n-1].last < quietPause {
		p.bursts[n-1].last = max(p.bursts[n-1].last, t)
	} else {
		p.bursts = append(p.bursts, burst{from: t, last: t, cut: p.cut})
		p.cut = false
	}
}

// announce notes the n prefixes of a list.
func (p *peerScan) announce(l bgp.NLRI, n int64, t moment.Time) {
	p.ann += n
	p.run.announced += n
	p.bursts[len(p.bursts)-1].announced += n
	if sec := t.Sec(); sec != p.sec {
		p.roll(t)
	}
	before := p.annSec
	p.annSec += n
	skip := int64(0)
	if p.current == nil {
		if p.annSec <= denseRate {
			return
		}
		// The prefix that makes it dense is its first.
		skip = max(denseRate-before, 0)
		p.current = &denseBurst{from: t.Floor(), seen: p.take()}
	}
	c := p.current
	if p.annSec > denseRate {
		c.last = t
	}
	c.announced += n - skip
	c.seen.addList(l, int(skip))
}

// withdraw notes n prefixes that are withdrawn.
func (p *peerScan) withdraw(t moment.Time, n int64) {
	p.wd += n
	p.now.withdrawn += n
	if t.Sec() != p.sec {
		p.roll(t)
	}
	if p.current != nil {
		p.current.withdrawn += n
	}
}

// count returns how many prefixes are in a list that can be read to its end.
func count(l bgp.NLRI) (n int64) {
	at := 0
	if l.AddPath {
		at = 4
	}
	for i := at; i < len(l.Bytes); i += 1 + at + (int(l.Bytes[i])+7)>>3 {
		n++
	}
	return n
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
