package scan

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"constat/moment"
	"constat/routes/vantage"
)

// Join makes one collector of the scans of its files. The files' order does
// not matter. The error is of having again what was shelved. In memory there is, beside
// the collector itself, one file at a time.
func join(name string, cadenceS int64, missing []moment.Interval, scans []*Scan) (vantage.Collector, error) {
	c := vantage.Collector{Name: name, CadenceS: cadenceS, Missing: missing, Files: []vantage.File{}, Peers: []vantage.PeerWatch{}}
	if c.Missing == nil {
		c.Missing = []moment.Interval{}
	}
	scans = slices.Clone(scans)
	slices.SortFunc(scans, func(a, b *Scan) int {
		return cmp.Or(cmp.Compare(a.first(), b.first()), cmp.Compare(a.File.Name, b.File.Name), cmp.Compare(a.File.SHA256, b.File.SHA256))
	})
	who, err := newWhose(scans)
	if err != nil {
		return c, err
	}
	peers := map[peerKey]*joined{}
	peer := func(k peerKey, t moment.Time) *joined {
		if peers[k] == nil {
			peers[k] = &joined{PeerWatch: vantage.PeerWatch{Peer: k.addr, AS: k.as, First: t, Last: t,
				Alive: []vantage.Marks{}, States: []vantage.StateChange{}, Transfers: []vantage.Transfer{}}}
		}
		return peers[k]
	}
	var byAS []logged
	var times []*fileTime
	for _, s := range scans {
		c.Files = append(c.Files, who.file(s.File))
		of, changes, pauses, err := s.open()
		if err != nil {
			return c, fmt.Errorf("%s: %w", s.File.Name, err)
		}
		if s.File.Kind != "rib" && s.File.First != nil && s.File.Asked == nil {
			times = append(times, &fileTime{*s.File.First, *s.File.Last, pauses})
		}
		// In order, as several in the records may be one here.
		for _, k := range slices.SortedFunc(maps.Keys(of), compareKeys) {
			p := of[k]
			j := peer(who.of(k), p.first)
			j.add(p)
			j.also(k.as)
		}
		for _, l := range changes {
			k, named := who.change(l)
			if named == vantage.NamedByAS {
				byAS = append(byAS, l)
				continue
			}
			j := peer(k, l.At)
			l.Named = named
			j.change(l.StateChange)
			if named == "" {
				j.also(l.peer.as)
			} else {
				j.also(l.self.as)
			}
		}
	}
	for _, j := range peers {
		j.sortStates()
		j.Guessed = j.AS != 0 && !slices.Contains(who.named[j.Peer], j.AS) && len(j.Also) > 0
	}
	lost(peers, byAS)
	var all []*joined
	for _, k := range slices.SortedFunc(maps.Keys(peers), compareKeys) {
		peers[k].finish()
		peers[k].dense, peers[k].Sample = nil, peers[k].sample
		all = append(all, peers[k])
	}
	silences(&c, times, all)
	restarted(all)
	for _, j := range all {
		c.Peers = append(c.Peers, j.PeerWatch)
	}
	return c, nil
}

// file returns a file whose tables and losses are those of the peers here.
func (w *whose) file(f vantage.File) vantage.File {
	f.Tables, f.Lost = slices.Clone(f.Tables), slices.Clone(f.Lost)
	for i, t := range f.Tables {
		f.Tables[i].AS = w.of(peerKey{t.Peer, t.AS}).as
	}
	slices.SortStableFunc(f.Tables, compareTables)
	for i, l := range f.Lost {
		if l.Peer != nil {
			f.Lost[i].AS = w.of(peerKey{*l.Peer, l.AS}).as
		}
	}
	return f
}

// also notes under which AS a record of the peer stands.
func (j *joined) also(as uint32) {
	if as != j.AS && !slices.Contains(j.Also, as) {
		j.Also = append(j.Also, as)
		slices.Sort(j.Also)
	}
}

// change notes a change of state, which is a sign of life as well.
func (j *joined) change(s vantage.StateChange) {
	j.First, j.Last = min(j.First, s.At), max(j.Last, s.At)
	j.mark(s.At.Sec() / vantage.MarkLength)
	j.States = append(j.States, s)
}

func (s *Scan) first() moment.Time {
	if s.File.First == nil {
		return 0
	}
	return *s.File.First
}

// joined gathers one peer over its files.
type joined struct {
	vantage.PeerWatch
	marks    [][2]int64 // runs of slots, first and last, as they came
	bursts   []burst
	dense    []*denseBurst
	mine     bool // what the last of them has seen is no scan's
	eors     []eor
	sample   sampled
	table    int64 // its largest in a snapshot, of one family
	tellings []telling
	listed   []moment.Time // when snapshots that list it were read
}

func (j *joined) add(p *peerScan) {
	if !unknown(p.local) && !slices.Contains(j.Local, p.local) {
		j.Local = append(j.Local, p.local)
		slices.SortFunc(j.Local, netip.Addr.Compare)
	}
	j.First, j.Last = min(j.First, p.first), max(j.Last, p.last)
	j.Announced += p.ann
	for _, m := range p.marks {
		j.mark(m)
	}
	j.sample.join(p.sample)
	j.eors = append(j.eors, p.eors...)
	for _, b := range p.bursts {
		if n := len(j.bursts); n > 0 && !b.cut && b.from-j.bursts[n-1].last < quietPause && b.from >= j.bursts[n-1].from {
			j.bursts[n-1].last = max(j.bursts[n-1].last, b.last)
			j.bursts[n-1].announced += b.announced
			continue
		}
		j.bursts = append(j.bursts, b)
	}
	for _, d := range p.dense {
		if n := len(j.dense); n > 0 && d.from-j.dense[n-1].last <= densePause && d.from >= j.dense[n-1].from {
			if last := j.dense[n-1]; !j.mine && last.seen != nil {
				last.seen, j.mine = last.seen.clone(), true // a scan stays what it was
			}
			j.dense[n-1].join(d)
			continue
		}
		if n := len(j.dense); n > 0 {
			j.dense[n-1].forget() // it is joined with nothing any more
		}
		c := *d
		j.dense, j.mine = append(j.dense, &c), false
	}
	if j.table = max(j.table, p.v4, p.v6); p.v4+p.v6 > 0 {
		j.listed = append(j.listed, p.last)
	}
	j.tell(p)
}

// mark notes a slot in which the peer was heard.
func (j *joined) mark(slot int64) {
	if n := len(j.marks); n > 0 && j.marks[n-1][0] <= slot && slot <= j.marks[n-1][1]+1 {
		j.marks[n-1][1] = max(j.marks[n-1][1], slot)
		return
	}
	j.marks = append(j.marks, [2]int64{slot, slot})
}

func (j *joined) finish() {
	slices.SortFunc(j.marks, func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, m := range j.marks {
		from, until := moment.Unix(m[0]*vantage.MarkLength, 0), moment.Unix((m[1]+1)*vantage.MarkLength, 0)
		if n := len(j.Alive); n > 0 && j.Alive[n-1].Until >= from {
			j.Alive[n-1].Until = max(j.Alive[n-1].Until, until)
			continue
		}
		j.Alive = append(j.Alive, vantage.Marks{From: from, Until: until})
	}
	j.hear()
	j.transfers()
}

// hear puts in the session openings that were not logged: a peer that sends
// updates is established.
func (j *joined) hear() {
	var out []vantage.StateChange
	b := 0
	for i, s := range j.States {
		out = append(out, s)
		if s.New == vantage.Established {
			continue
		}
		until := moment.Time(1 << 62)
		if i+1 < len(j.States) {
			until = j.States[i+1].At
		}
		for b < len(j.bursts) && j.bursts[b].from < s.At {
			b++
		}
		if b < len(j.bursts) && j.bursts[b].from < until && j.bursts[b].from > s.At {
			out = append(out, vantage.StateChange{At: j.bursts[b].from, Old: s.New, New: vantage.Established, Heard: true})
		}
	}
	if out != nil {
		j.States = out
	}
}

// What makes a table transfer of a burst without a new session: nearly every
// announcement is of another prefix, hardly anything is withdrawn, and it is as
// large as the peer's table or, if that is unknown, too large for news.
const (
	transferLeast  = 20_000 // distinct prefixes, if no snapshot tells the table's size
	transferTable  = 500    // tables below this are not told from news by size
	openingWait    = 120 * moment.Second
	openingWithout = 180 * moment.Second // longest transfer that has no dense part
)

func (j *joined) transfers() {
	used := map[*denseBurst]bool{}
	for i, s := range j.States {
		if s.New != vantage.Established {
			continue
		}
		until := moment.Time(1 << 62)
		if i+1 < len(j.States) {
			until = j.States[i+1].At
		}
		t := vantage.Transfer{From: s.At, Until: s.At, Opened: true}
		k := slices.IndexFunc(j.bursts, func(b burst) bool { return b.from >= s.At })
		if k < 0 || j.bursts[k].from >= until || j.bursts[k].from > s.At+openingWait {
			continue
		}
		b := j.bursts[k]
		t.Until = min(b.last, b.from+openingWithout) + moment.Second
		t.Announced = b.announced
		for _, d := range j.dense {
			if d.from >= b.from.Floor() && d.from <= b.from+openingWait && d.from < until {
				used[d] = true
				t.Until = d.last + moment.Second
				t.Announced, t.Distinct = d.announced, d.size()
				break
			}
		}
		if at, ok := j.endOfRIB(s.At, until); ok {
			t.Until, t.EndOfRIB = at, true
		}
		t.Until = max(min(t.Until, until), s.At)
		j.Transfers = append(j.Transfers, t)
	}
	j.markedTransfers(used)
	for _, d := range j.dense {
		if used[d] {
			continue
		}
		n := d.size()
		least := int64(transferLeast)
		if j.table >= transferTable {
			least = j.table * 3 / 4
		}
		if n >= least && n*100 >= d.announced*95 && d.withdrawn*50 <= d.announced {
			j.Transfers = append(j.Transfers, vantage.Transfer{From: d.from, Until: d.last + moment.Second, Announced: d.announced, Distinct: n})
		}
	}
	j.alikeTransfers()
	j.tellings = nil
	sortTransfers(j.Transfers)
}

// endOfRIB returns the End-of-RIB of the session between two moments, of the
// family of the session's addresses if there is one (RFC 4724 §2).
func (j *joined) endOfRIB(from, until moment.Time) (moment.Time, bool) {
	afi := uint16(1)
	if j.Peer.Is6() && !j.Peer.Is4In6() {
		afi = 2
	}
	var any moment.Time
	for _, e := range j.eors {
		if e.at < from || e.at >= until || e.at > from+3600*moment.Second {
			continue
		}
		if e.afi == afi {
			return e.at, true
		}
		if any == 0 {
			any = e.at
		}
	}
	return any, any != 0
}
