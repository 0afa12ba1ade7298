package sim

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// The archive of a night: how long before the first break it begins, how long
// after the recovery it ends, and how its files are cut, in seconds.
const (
	archiveBefore = 7200
	archiveAfter  = 900
	slot          = 300
	chatter       = 40 // a peer says a route again about as often
	silentBefore  = 4500
)

// Archive is a night as files.
type Archive struct {
	Dir         string
	From, Until int64 // what a question should cover, in seconds
	Files       int
}

// event is one record of an updates file.
type event struct {
	at       int64
	vantage  int
	order    int
	prefix   netip.Prefix
	path     []uint32 // nil: withdrawn
	state    [2]uint16
	isChange bool   // of the session's state
	as       uint32 // of the peer, if it is no longer what it was
}

// WriteArchive writes a night as collectors would: a folder for each, a table
// dump at the start unless the case has none, and updates of five minutes each,
// gzip, named and laid out as RIPE RIS does. The player must keep tracks. Beside
// them lies the note by which a reader knows that no collector wrote this.
func (p *Player) WriteArchive(n *Night, dir string) (*Archive, error) {
	if !p.keep {
		return nil, fmt.Errorf("this player does not keep what it would have to write")
	}
	a := &Archive{Dir: dir}
	a.From = (n.First - archiveBefore) / slot * slot
	a.Until = (n.Recovery+archiveAfter)/slot*slot + slot
	tables, events := p.records(n, a)
	for _, c := range p.collectors() {
		if err := p.writeCollector(n, a, c, tables, events); err != nil {
			return nil, err
		}
	}
	note, err := json.MarshalIndent(map[string]any{
		"format": "constat-recording/1", "note": "reconstruction",
		"text": fmt.Sprintf("a simulated Internet of %d networks, case %d", p.w.g.Len(), n.Case.Seed),
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	return a, os.WriteFile(filepath.Join(dir, "constat-recording.json"), append(note, '\n'), 0o644)
}

func (p *Player) collectors() []string {
	var out []string
	for _, v := range p.w.Vantages {
		out = append(out, v.Collector)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// records turns tracks into tables and events: what vantages held, what became of
// their sessions, and what others said meanwhile.
func (p *Player) records(n *Night, a *Archive) (map[int][]track, []event) {
	c := n.Case
	tables := map[int][]track{}
	var events []event
	add := func(e event) {
		e.order = len(events)
		e.at += c.Skew[p.w.Vantages[e.vantage].Collector]
		events = append(events, e)
	}
	for _, t := range n.tracks {
		a16 := t.prefix.Addr().As16()
		d := newDice(c.Seed, 0x61726368, uint64(t.vantage), binary.BigEndian.Uint64(a16[:8]), binary.BigEndian.Uint64(a16[8:]), uint64(t.prefix.Bits()))
		if t.base != nil {
			tables[t.vantage] = append(tables[t.vantage], t)
		}
		i, cur := 0, t.base
		say := func(until int64, heard bool) {
			for ; i < len(t.changes) && t.changes[i].at < until; i++ {
				cur = t.changes[i].path
				if heard {
					add(event{at: t.changes[i].at, vantage: t.vantage, prefix: t.prefix, path: cur})
				}
			}
		}
		for _, down := range p.downs[t.vantage] {
			say(down.From, true)
			if down.How == Silent && cur != nil {
				add(event{at: down.From, vantage: t.vantage, prefix: t.prefix})
			}
			say(down.Until, false)
			if down.Until < 1<<61 {
				back := down.Until + int64(d.below(20))
				say(back+1, false)
				if cur != nil {
					add(event{at: back, vantage: t.vantage, prefix: t.prefix, path: cur})
				}
			}
		}
		if as, ok := c.Renamed[t.vantage]; ok {
			p.renamed(n, &t, as, add)
			continue
		}
		say(1<<62, true)
	}
	controls := map[netip.Prefix]bool{}
	for _, x := range slices.Concat(n.Near, n.Far) {
		controls[x.Prefix] = true
	}
	for k := range p.w.Vantages {
		until := a.Until
		for _, down := range p.downs[k] {
			switch {
			case down.Until > 1<<61:
				until = down.From
				if down.How == Noted {
					add(event{at: down.From, vantage: k, isChange: true, state: [2]uint16{6, 1}})
				}
			case down.How == Noted || down.How == Unwatched:
				add(event{at: down.From, vantage: k, isChange: true, state: [2]uint16{6, 1}})
				add(event{at: down.Until - 1, vantage: k, isChange: true, state: [2]uint16{5, 6}})
			}
		}
		// What others say meanwhile, so that silence means something.
		d := newDice(c.Seed, 0x63686174, uint64(k))
		var quiet []track
		for _, t := range tables[k] {
			if len(t.changes) == 0 && controls[t.prefix] {
				quiet = append(quiet, t)
			}
		}
	chatting:
		for at := a.From + int64(d.below(chatter)); len(quiet) > 0 && at < until; at += 1 + int64(d.below(2*chatter)) {
			t := pick(d, quiet)
			for _, down := range p.downs[k] {
				if at >= down.From && at <= down.Until+20 {
					continue chatting
				}
			}
			add(event{at: at, vantage: k, prefix: t.prefix, path: t.base})
		}
	}
	slices.SortStableFunc(events, func(x, y event) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.order, y.order)) })
	return tables, events
}

// renamed writes what a vantage says of a prefix when its session is back under
// another AS: what it holds then, and what changes.
func (p *Player) renamed(n *Night, t *track, as uint32, add func(event)) {
	down := p.downs[t.vantage][0]
	back := down.From + 40 + int64(mix(n.Case.Seed, uint64(t.vantage))%40)
	put := func(at int64, path []uint32) {
		if path != nil {
			path = append([]uint32{as}, path[1:]...)
		}
		add(event{at: at, vantage: t.vantage, prefix: t.prefix, path: path, as: as})
	}
	if held := at(t.base, t.changes, back); held != nil {
		put(back, held)
	}
	for _, ch := range t.changes {
		if ch.at > back {
			put(ch.at, ch.path)
		}
	}
}

func (p *Player) writeCollector(n *Night, a *Archive, collector string, tables map[int][]track, events []event) error {
	var own []int
	for k, v := range p.w.Vantages {
		if v.Collector == collector {
			own = append(own, k)
		}
	}
	file := func(kind string, at int64, body []byte) error {
		t := time.Unix(at, 0).UTC()
		dir := filepath.Join(a.Dir, collector, t.Format("2006.01"))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, gzip.BestSpeed)
		w.Write(body)
		if err := w.Close(); err != nil {
			return err
		}
		a.Files++
		return os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s.%s.gz", kind, t.Format("20060102.1504"))), z.Bytes(), 0o644)
	}
	if !n.Case.NoSnapshot {
		if err := file("bview", a.From, p.table(n, a.From, own, tables)); err != nil {
			return err
		}
	}
	k := 0
	for at := a.From; at < a.Until; at += slot {
		var body []byte
		for ; k < len(events) && events[k].at < at+slot; k++ {
			e := &events[k]
			if p.w.Vantages[e.vantage].Collector == collector && e.at >= at {
				body = p.update(body, n, e)
			}
		}
		if err := file("updates", at, body); err != nil {
			return err
		}
	}
	return nil
}

// MRT (RFC 6396) and BGP (RFC 4271) as far as they are written here.
const (
	mrtTableDumpV2  = 13
	mrtBGP4MP       = 16
	subPeerIndex    = 1
	subRIBUnicast4  = 2
	subRIBUnicast6  = 4
	subStateChange4 = 5
	subMessageAS4   = 4

	collectorAS = 12654
)

var collectorAddr = netip.AddrFrom4([4]byte{198, 19, 0, 1})

func mrtRecord(dst []byte, at int64, typ, sub uint16, body []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(at))
	dst = binary.BigEndian.AppendUint16(dst, typ)
	dst = binary.BigEndian.AppendUint16(dst, sub)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(body)))
	return append(dst, body...)
}

// attributes are ORIGIN, AS_PATH with prepending, and where the next hop is:
// NEXT_HOP, or MP_REACH_NLRI with the prefix (RFC 4760), which in a table dump
// holds the next hop alone (RFC 6396 §4.3.4).
func (p *Player) attributes(n *Night, v *Vantage, path []uint32, q netip.Prefix, dump bool) []byte {
	as := slices.Clone(path)
	if len(path) > 1 && path[len(path)-1] == n.Case.Origin {
		for range n.Case.Prepend[path[len(path)-2]] {
			as = append(as, n.Case.Origin)
		}
	}
	b := []byte{0x40, 1, 1, 0, 0x40, 2}
	if mix(p.w.seed, 0x636f6e66, uint64(v.node))%12 == 0 {
		// It is a confederation, and shows which of its members it is (RFC 5065).
		b = append(b, byte(2+4*len(as)+6), 3, 1)
		b = binary.BigEndian.AppendUint32(b, 64900+uint32(v.node%100))
	} else {
		b = append(b, byte(2+4*len(as)))
	}
	b = append(b, 2, byte(len(as)))
	for _, x := range as {
		b = binary.BigEndian.AppendUint32(b, x)
	}
	if q.Addr().Is4() {
		next := v.Addr.As4()
		return append(append(b, 0x40, 3, 4), next[:]...)
	}
	next := netip.AddrFrom16(v.Addr.As16()).As16()
	if dump {
		return append(append(b, 0x80, 14, 17, 16), next[:]...)
	}
	r := append(append([]byte{0, 2, 1, 16}, next[:]...), 0)
	r = nlri(r, q)
	return append(append(b, 0x80, 14, byte(len(r))), r...)
}

func nlri(dst []byte, q netip.Prefix) []byte {
	return append(append(dst, byte(q.Bits())), q.Addr().AsSlice()[:(q.Bits()+7)/8]...)
}

func (p *Player) update(dst []byte, n *Night, e *event) []byte {
	v := &p.w.Vantages[e.vantage]
	as := v.AS
	if e.as != 0 {
		as = e.as
	}
	var b []byte
	b = binary.BigEndian.AppendUint32(b, as)
	b = binary.BigEndian.AppendUint32(b, collectorAS)
	b = append(b, 0, 0, 0, 1) // interface, IPv4
	peer, local := v.Addr.As4(), collectorAddr.As4()
	b = append(append(b, peer[:]...), local[:]...)
	if e.isChange {
		b = binary.BigEndian.AppendUint16(b, e.state[0])
		b = binary.BigEndian.AppendUint16(b, e.state[1])
		return mrtRecord(dst, e.at, mrtBGP4MP, subStateChange4, b)
	}
	var withdrawn, attrs, announced []byte
	switch {
	case e.path == nil && e.prefix.Addr().Is6():
		r := nlri([]byte{0, 2, 1}, e.prefix)
		attrs = append([]byte{0x80, 15, byte(len(r))}, r...)
	case e.path == nil:
		withdrawn = nlri(nil, e.prefix)
	default:
		attrs = p.attributes(n, v, e.path, e.prefix, false)
		if e.prefix.Addr().Is4() {
			announced = nlri(nil, e.prefix)
		}
	}
	b = append(b, bytes.Repeat([]byte{0xff}, 16)...)
	b = binary.BigEndian.AppendUint16(b, uint16(19+4+len(withdrawn)+len(attrs)+len(announced)))
	b = append(b, 2)
	b = binary.BigEndian.AppendUint16(b, uint16(len(withdrawn)))
	b = append(b, withdrawn...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(attrs)))
	b = append(append(b, attrs...), announced...)
	return mrtRecord(dst, e.at, mrtBGP4MP, subMessageAS4, b)
}

// table is a dump of what the vantages of a collector hold at the start.
func (p *Player) table(n *Night, at int64, own []int, tables map[int][]track) []byte {
	id := collectorAddr.As4()
	b := append([]byte{}, id[:]...)
	b = append(b, 0, 0) // no view name
	b = binary.BigEndian.AppendUint16(b, uint16(len(own)))
	byPrefix := map[netip.Prefix][]byte{}
	entries := map[netip.Prefix]uint16{}
	for i, k := range own {
		v := &p.w.Vantages[k]
		addr := v.Addr.As4()
		b = append(b, 2) // IPv4, AS number of four bytes
		b = append(append(b, addr[:]...), addr[:]...)
		b = binary.BigEndian.AppendUint32(b, v.AS)
		for _, t := range tables[k] {
			x := binary.BigEndian.AppendUint16(byPrefix[t.prefix], uint16(i))
			x = binary.BigEndian.AppendUint32(x, uint32(at-3600))
			attrs := p.attributes(n, v, t.base, t.prefix, true)
			x = binary.BigEndian.AppendUint16(x, uint16(len(attrs)))
			byPrefix[t.prefix] = append(x, attrs...)
			entries[t.prefix]++
		}
	}
	out := mrtRecord(nil, at, mrtTableDumpV2, subPeerIndex, b)
	qs := make([]netip.Prefix, 0, len(byPrefix))
	for q := range byPrefix {
		qs = append(qs, q)
	}
	slices.SortFunc(qs, func(x, y netip.Prefix) int {
		return cmp.Or(x.Addr().Compare(y.Addr()), cmp.Compare(x.Bits(), y.Bits()))
	})
	for seq, q := range qs {
		r := binary.BigEndian.AppendUint32(nil, uint32(seq))
		r = nlri(r, q)
		r = binary.BigEndian.AppendUint16(r, entries[q])
		sub := uint16(subRIBUnicast4)
		if q.Addr().Is6() {
			sub = subRIBUnicast6
		}
		out = mrtRecord(out, at, mrtTableDumpV2, sub, append(r, byPrefix[q]...))
	}
	return out
}

// Expected is the outage that a night holds by definition, replayed from what
// is written: a prefix is out while at most half of its carriers hold it and
// carriers in two ASes have lost it.
type Expected struct {
	Out         bool
	From, Until int64 // the first prefix out, and none any more
	FirstLoss   int64 // the first record by which a carrier lost a prefix for good or a while, at or after the first break
}

// Expect replays a night. Routes of other origins do not count as held. A prefix
// that is covered at a carrier, by a route of the subject over it or by more
// specific ones that together cover it, is not lost there.
func (p *Player) Expect(n *Night) Expected {
	tables, events := p.records(n, &Archive{From: n.From, Until: n.Recovery + archiveAfter})
	type carrier struct{ held, lost, known bool }
	type place struct {
		q       netip.Prefix
		vantage int
	}
	subject := map[netip.Prefix]bool{}
	for _, x := range n.Subject {
		subject[x.Prefix] = true
	}
	beside := map[netip.Prefix]bool{}
	for _, x := range n.Beside {
		if x.Origin == n.Case.Origin {
			beside[x.Prefix] = true
		}
	}
	standIns := map[place]bool{}
	covered := func(q netip.Prefix, k int) bool {
		size := 0
		for b := range beside {
			if !standIns[place{b, k}] {
				continue
			}
			switch {
			case b.Bits() <= q.Bits() && b.Contains(q.Addr()):
				return true
			case q.Bits() < b.Bits() && q.Contains(b.Addr()):
				size += 1 << (q.Addr().BitLen() - b.Bits())
			}
		}
		return size > 0 && size == 1<<(q.Addr().BitLen()-q.Bits())
	}
	routes := map[netip.Prefix]map[int]*carrier{}
	for k, ts := range tables {
		for _, t := range ts {
			ours := t.base[len(t.base)-1] == n.Case.Origin
			if subject[t.prefix] && ours {
				if routes[t.prefix] == nil {
					routes[t.prefix] = map[int]*carrier{}
				}
				routes[t.prefix][k] = &carrier{held: !n.Case.NoSnapshot, known: !n.Case.NoSnapshot}
			}
			if beside[t.prefix] && ours {
				standIns[place{t.prefix, k}] = true
			}
		}
	}
	if n.Case.NoSnapshot {
		// Who withdraws a route must have carried it; of the others nothing is
		// known until they speak.
		spoke := map[*carrier]bool{}
		for _, e := range events {
			if c := routes[e.prefix][e.vantage]; c != nil && !spoke[c] {
				spoke[c] = true
				c.held, c.known = e.path == nil, e.path == nil
			}
		}
	}
	isOut := func(q netip.Prefix, cs map[int]*carrier) bool {
		held, all := 0, 0
		as := map[uint32]bool{}
		for k, c := range cs {
			if !c.known {
				continue
			}
			all++
			if c.held || covered(q, k) {
				held++
			} else if c.lost {
				as[p.w.Vantages[k].AS] = true
			}
		}
		return len(as) >= 2 && 2*held <= all
	}
	var x Expected
	out := map[netip.Prefix]bool{}
	for i := 0; i < len(events); {
		at := events[i].at
		for ; i < len(events) && events[i].at == at; i++ {
			e := &events[i]
			if e.as != 0 {
				continue // another peer by now
			}
			if e.isChange {
				for _, cs := range routes {
					if c := cs[e.vantage]; c != nil && e.state[0] == 6 {
						*c = carrier{}
					}
				}
				for b := range beside {
					if e.state[0] == 6 {
						delete(standIns, place{b, e.vantage})
					}
				}
				continue
			}
			held := e.path != nil && e.path[len(e.path)-1] == n.Case.Origin
			if beside[e.prefix] {
				standIns[place{e.prefix, e.vantage}] = held
			}
			c := routes[e.prefix][e.vantage]
			if c == nil {
				continue
			}
			if c.held && !held && at >= n.First && x.FirstLoss == 0 {
				x.FirstLoss = at
			}
			if !held && !c.known {
				continue // a route of another origin: whether it took the place of one is not known
			}
			*c = carrier{held: held, lost: !held, known: true}
		}
		for q, cs := range routes {
			switch is := isOut(q, cs); {
			case is && !out[q]:
				out[q] = true
				if !x.Out {
					x.Out, x.From = true, at
				}
			case !is && out[q]:
				delete(out, q)
				x.Until = at
			}
		}
	}
	if len(out) > 0 {
		x.Until = 0
	}
	return x
}
