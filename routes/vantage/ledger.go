package vantage

import (
	"cmp"
	"net/netip"
	"slices"

	"constat/moment"
)

// Blind is an interval in which a collector (Peer nil) or one peer was not
// watching. With Forget everything known of its routes becomes unknown.
type Blind struct {
	Collector string
	Peer      *netip.Addr
	AS        uint32 // with Peer
	From      moment.Time
	Until     moment.Time
	Reason    string
	Forget    bool
	// late says that records were still read in its first second, so that it
	// begins for them one second later.
	late bool
}

// Of reports whether it was this peer that was not watching.
func (b *Blind) Of(p Peer) bool {
	return b.Collector == p.Collector && (b.Peer == nil || *b.Peer == p.Addr && b.AS == p.AS)
}

// Reasons of blindness, in the words of findings.json.
const (
	MissingFile   = "missing file"
	NotAsked      = "not asked"
	GapInFile     = "gap in file"
	TruncatedFile = "truncated file"
	Unreadable    = "unreadable records"
	SessionDown   = "session down"
	TableTransfer = "table transfer"
	Stale         = "stale"
	SilenceOfAll  = "silence of all"
	SilentWith    = "silent together"
)

// Ledger is the blindness of an interval of time, ordered by collector, peer
// (the collector itself first), time and reason.
type Ledger struct {
	Blind []Blind
	// Begin is, for each collector of the watch, the first moment covered.
	Begin []moment.Time
}

// Ledger derives the blindness within q from who was looking. Knowledge from
// before q counts, so forgetting before q is listed too.
func (w *Watch) Ledger(q moment.Interval) Ledger {
	var l Ledger
	for i := range w.Collectors {
		c := &w.Collectors[i]
		begin := q.From
		for _, f := range c.Files {
			if f.First != nil && *f.First < begin {
				begin = *f.First
			}
		}
		begin = begin.Floor()
		in := moment.Interval{From: begin, Until: q.Until}
		holes := c.holes(in)
		l.Begin = append(l.Begin, begin)
		for _, h := range holes {
			h.Collector = c.Name
			l.Blind = append(l.Blind, h)
		}
		for _, f := range c.Files {
			for _, x := range f.Lost {
				if from, until := max(x.From, in.From), min(x.Until, in.Until); x.Peer == nil && !x.Framing && from < until {
					l.Blind = append(l.Blind, Blind{Collector: c.Name, From: from, Until: until, Reason: Unreadable})
				}
			}
		}
		for j := range c.Peers {
			p := &c.Peers[j]
			addr := p.Peer
			add := func(from, until moment.Time, reason string, forget bool) {
				from, until = max(from, in.From), min(until, in.Until)
				if from < until {
					l.Blind = append(l.Blind, Blind{Collector: c.Name, Peer: &addr, AS: p.AS, From: from, Until: until, Reason: reason, Forget: forget})
				}
			}
			for _, d := range p.down(in, holes) {
				add(d.From, d.Until, SessionDown, true)
			}
			if at, ok := c.succeeded(p); ok {
				add(at, in.Until, SessionDown, true)
			}
			for _, t := range p.Transfers {
				from, until := t.blind()
				add(from, until, TableTransfer, true)
			}
			for _, s := range p.stale(in, holes) {
				if c.answers() {
					break // silence about what was asked for is no silence of the peer
				}
				add(s.From, s.Until, Stale, false)
			}
			for _, s := range p.Silent {
				add(s.From, s.Until, SilentWith, true)
			}
			for _, f := range c.Files {
				for _, x := range f.Lost {
					if x.Peer != nil && *x.Peer == addr && x.AS == p.AS {
						add(x.From, x.Until, Unreadable, false)
					}
				}
			}
		}
	}
	slices.SortStableFunc(l.Blind, Blind.compare)
	return l
}

// compare orders by collector, peer (the collector itself first), time and reason.
func (b Blind) compare(o Blind) int {
	if d := cmp.Compare(b.Collector, o.Collector); d != 0 {
		return d
	}
	switch {
	case b.Peer == nil && o.Peer == nil:
	case b.Peer == nil:
		return -1
	case o.Peer == nil:
		return 1
	default:
		if d := cmp.Or(b.Peer.Compare(*o.Peer), cmp.Compare(b.AS, o.AS)); d != 0 {
			return d
		}
	}
	return cmp.Or(cmp.Compare(b.From, o.From), cmp.Compare(b.Until, o.Until), cmp.Compare(b.Reason, o.Reason))
}

// blind is the time in which nothing is known of a peer that sent its table: from a second after it was last
// heard, if nothing is logged of its session, which was reset also if one moment has the whole table.
func (t *Transfer) blind() (from, until moment.Time) {
	if t.Since == nil {
		return t.From, t.Until
	}
	from, until = min(t.From, t.Since.Floor()+moment.Second), t.Until
	if until <= from {
		until = from.Floor() + moment.Second
	}
	return from, until
}

// covered returns the interval that a file covers: from its first to its last
// record, each end moved outward to the cadence grid if it is within a tenth
// of the cadence. Without a grid the file's own length stands for the cadence.
// In a truncated file the end is not moved. An answer covers what it was asked of,
// a truncated one up to its last record.
//
// A slot that is longer than the cadence ends where the next file began, late, and no file can be
// missing between the two. A collector that stands still while it writes its table loses nothing if that
// takes less than its sessions' hold time: what its peers sent meanwhile waits, and is the first that the next file tells. A
// fifth of the cadence is allowed for it, which is 180 s of 15 minutes, the usual hold time. Example:
// route-views2 of 24 February 2008 writes nothing from 18:22:12 to 18:24:21, and then in ten seconds 3,441 records of all
// its 45 peers, where 240 are usual.
func (f *File) covered(cadence int64) (moment.Interval, bool) {
	if f.Asked != nil && !f.Truncated {
		return moment.Interval{From: f.Asked.From.Floor(), Until: f.Asked.Until.Ceil()}, true
	}
	if f.First == nil {
		return moment.Interval{}, false
	}
	if f.Asked != nil {
		return moment.Interval{From: f.Asked.From.Floor(), Until: f.Last.Floor()}, true
	}
	v := moment.Interval{From: f.First.Floor(), Until: f.Last.Floor()}
	if f.Kind == "rib" {
		v.Until += moment.Second
		return v, true
	}
	if f.Start != nil && f.End != nil && *f.Start < *f.End {
		tenth := (*f.End - *f.Start) / 10
		late := tenth
		if step := moment.Time(cadence) * moment.Second; step > 0 && *f.End-*f.Start > step {
			late = step / 5
		}
		if v.From > *f.Start && v.From-*f.Start <= tenth {
			v.From = *f.Start
		}
		if v.Until < *f.End && *f.End-v.Until <= late && !f.Truncated {
			v.Until = *f.End
		}
	} else {
		v.Until += moment.Second
		tenth := (v.Until - v.From) / 10
		if cadence > 0 {
			tenth = moment.Time(cadence) * moment.Second / 10
		}
		tenth = tenth.Floor()
		v.From -= tenth
		if !f.Truncated {
			v.Until += tenth
		}
	}
	return v, true
}

// holes returns what the collector's files leave open of an interval.
func (c *Collector) holes(in moment.Interval) []Blind {
	var cover []moment.Interval
	for i := range c.Files {
		f := &c.Files[i]
		v, ok := f.covered(c.CadenceS)
		if !ok {
			continue
		}
		// What framing damage swallowed is a hole in the file.
		for _, x := range f.Lost {
			if x.Framing {
				if x.From > v.From {
					cover = append(cover, moment.Interval{From: v.From, Until: min(x.From, v.Until)})
				}
				v.From = max(v.From, x.Until)
			}
		}
		if v.From < v.Until {
			cover = append(cover, v)
		}
	}
	cover = without(cover, c.Silent)
	slices.SortFunc(cover, func(a, b moment.Interval) int { return cmp.Compare(a.From, b.From) })
	var out []Blind
	at := in.From
	gap := func(until moment.Time) {
		if at >= until {
			return
		}
		n := len(out)
		out = append(out, c.explain(moment.Interval{From: at, Until: until})...)
		for i := range c.Files {
			if f := &c.Files[i]; f.Last != nil && f.Last.Floor() == at {
				out[n].late = true
			}
		}
	}
	for _, v := range cover {
		gap(min(v.From, in.Until))
		at = max(at, v.Until)
	}
	gap(in.Until)
	return out
}

// without returns what is left of intervals without others.
func without(all, others []moment.Interval) []moment.Interval {
	for _, o := range others {
		var left []moment.Interval
		for _, v := range all {
			if o.From >= v.Until || o.Until <= v.From {
				left = append(left, v)
				continue
			}
			if v.From < o.From {
				left = append(left, moment.Interval{From: v.From, Until: o.From})
			}
			if o.Until < v.Until {
				left = append(left, moment.Interval{From: o.Until, Until: v.Until})
			}
		}
		all = left
	}
	return all
}

// explain cuts a hole at the borders of files that should have been there, and
// gives each piece its reason.
func (c *Collector) explain(h moment.Interval) []Blind {
	var out []Blind
	at := h.From
	for at < h.Until {
		until, reason := h.Until, ""
		for i, m := range c.Missing {
			if m.Contains(at) {
				until, reason = min(until, m.Until), MissingFile
				if i < len(c.Why) {
					reason = c.Why[i]
				}
			} else if m.From > at {
				until = min(until, m.From)
			}
		}
		for _, m := range c.Silent {
			if m.From > at {
				until = min(until, m.From)
			} else if m.Contains(at) {
				until = min(until, m.Until)
			}
		}
		if reason == "" {
			reason = c.reason(at)
		}
		if n := len(out); n > 0 && out[n-1].Reason == reason {
			out[n-1].Until = until
		} else {
			out = append(out, Blind{From: at, Until: until, Reason: reason, Forget: true})
		}
		at = until
	}
	return out
}

// answers reports whether the collector's files are answers to questions.
func (c *Collector) answers() bool {
	return slices.ContainsFunc(c.Files, func(f File) bool { return f.Asked != nil })
}

// reason says why a moment that no expected file is missing for is not covered.
func (c *Collector) reason(at moment.Time) string {
	if slices.ContainsFunc(c.Silent, func(s moment.Interval) bool { return s.Contains(at) }) {
		return SilenceOfAll
	}
	near := MissingFile // no file was given for it
	if c.answers() {
		near = NotAsked
	}
	for i := range c.Files {
		f := &c.Files[i]
		for _, x := range f.Lost {
			if x.Framing && x.From <= at && at < x.Until {
				return Unreadable
			}
		}
		v, ok := f.covered(c.CadenceS)
		inSlot := f.Start != nil && f.End != nil && *f.Start <= at && at < *f.End
		if !inSlot && !(ok && v.Until == at && f.Truncated) {
			continue
		}
		if f.Truncated && ok && at >= v.Until {
			return TruncatedFile
		}
		near = GapInFile
	}
	return near
}

// lastUp returns until when a session may have been up of which the first that was logged, at a
// moment, is that it is on its way up again: the beginning of the last slot before in which
// the peer was heard or, if the collector has a hole after that, which hides the loss, that of the
// hole. Who was not heard before was down before.
//
// Example: a peer sends updates until 12:40, the files of 12:40 to 12:55 are missing, and at 12:57 it
// opens its session. It was up until 12:40.
func (p *PeerWatch) lastUp(opening moment.Time, in moment.Interval, holes []Blind) moment.Time {
	slot := opening - opening%(MarkLength*moment.Second) // the opening itself was heard in it
	at := moment.Time(-1)
	for _, m := range p.Alive {
		if m.From < slot {
			at = min(m.Until, slot) - MarkLength*moment.Second
		}
	}
	if at < 0 {
		return in.From
	}
	for _, h := range holes {
		if h.Until > at && h.From < opening {
			at = max(at, h.From)
			break
		}
	}
	return max(in.From, at)
}

// down returns the intervals in which the session was not established.
func (p *PeerWatch) down(in moment.Interval, holes []Blind) []moment.Interval {
	var out []moment.Interval
	since := moment.Time(-1)
	up := false // seen to be established
	for i, s := range p.States {
		if i == 0 && s.Old != Established && s.Old != 0 {
			since = p.lastUp(s.At, in, holes)
		}
		if s.New != Established {
			if up && s.Old != Established && s.Old != 0 {
				// Of another connection, which lost against the one that is up
				// (RFC 4271 §6.8): Quagga and FRR log its end under the peer's name.
				continue
			}
			up = false
			if since < 0 {
				since = s.At.Floor()
			}
			continue
		}
		up = true
		if since >= 0 {
			// A session that went and came within a second still lost its routes.
			out = append(out, moment.Interval{From: since, Until: max(s.At.Floor(), since+moment.Second)})
			since = -1
		}
	}
	if since >= 0 {
		out = append(out, moment.Interval{From: since, Until: in.Until})
	}
	return out
}

// Staleness: a peer is stale that is silent for over an hour and over twelve
// times as long as nine in ten of its silences last.
const (
	staleLeast = 3600 * moment.Second
	staleTimes = 12
)

// stale returns the silences that are far beyond the peer's own habit. Time in
// which the collector's files have holes is no silence of the peer.
func (p *PeerWatch) stale(in moment.Interval, holes []Blind) []moment.Interval {
	if len(p.Alive) == 0 {
		return nil
	}
	heard := func(a, b moment.Time) moment.Time { // a..b without holes
		d := b - a
		for _, h := range holes {
			if lo, hi := max(a, h.From), min(b, h.Until); lo < hi {
				d -= hi - lo
			}
		}
		return d
	}
	type silence struct {
		moment.Interval
		length moment.Time
	}
	var all []silence
	for i, m := range p.Alive {
		until := in.Until
		if i+1 < len(p.Alive) {
			until = p.Alive[i+1].From
		}
		if m.Until < until {
			all = append(all, silence{moment.Interval{From: m.Until, Until: until}, heard(m.Until, until)})
		}
	}
	if len(all) == 0 {
		return nil
	}
	habit := moment.Time(MarkLength) * moment.Second
	if len(p.Alive) > 1 {
		ls := make([]moment.Time, 0, len(all))
		for _, s := range all[:len(p.Alive)-1] {
			ls = append(ls, s.length)
		}
		slices.Sort(ls)
		habit = max(habit, ls[(len(ls)*9-1)/10])
	}
	var out []moment.Interval
	for _, s := range all {
		if s.length > staleLeast && s.length > staleTimes*habit {
			out = append(out, s.Interval)
		}
	}
	return out
}

// Reset is an interval in which a peer was not watching, and at whose start
// everything known of its routes becomes unknown: a hole in the data, a session
// down, a table transfer, or several that overlap. What is announced inside it
// counts from its end, unless another of its causes begins after.
type Reset struct {
	From, Until int64
	Causes      []int64 // the seconds at which its causes begin
}

// Resets returns what makes everything known of one peer's routes unknown, in
// whole seconds, in order and without overlaps.
func (l *Ledger) Resets(p Peer) []Reset {
	var out []Reset
	for i := range l.Blind {
		b := &l.Blind[i]
		if b.Forget && b.Of(p) {
			from := b.From.Sec()
			if b.late {
				from++
			}
			if until := b.Until.Ceil().Sec(); from < until {
				out = append(out, Reset{from, until, []int64{from}})
			}
		}
	}
	return joinResets(out)
}

// Pauses returns the intervals in which a peer was not watching although what
// is known of its routes stands.
func (l *Ledger) Pauses(p Peer) []Reset {
	var out []Reset
	for i := range l.Blind {
		b := &l.Blind[i]
		if !b.Forget && b.Of(p) {
			out = append(out, Reset{From: b.From.Sec(), Until: b.Until.Ceil().Sec()})
		}
	}
	return joinResets(out)
}

func joinResets(rs []Reset) []Reset {
	slices.SortFunc(rs, func(a, b Reset) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until)) })
	var out []Reset
	for _, r := range rs {
		if n := len(out); n > 0 && r.From <= out[n-1].Until {
			out[n-1].Until = max(out[n-1].Until, r.Until)
			out[n-1].Causes = append(out[n-1].Causes, r.Causes...)
			continue
		}
		out = append(out, r)
	}
	return out
}

// succeeded reports since when another AS has spoken under the address of a peer
// that has not been heard since: the peer was given another AS, and its session
// is no more.
func (c *Collector) succeeded(p *PeerWatch) (moment.Time, bool) {
	at, ok := moment.Time(0), false
	for i := range c.Peers {
		q := &c.Peers[i]
		if q.Peer == p.Peer && q.AS != p.AS && q.First > p.Last && (!ok || q.First < at) {
			at, ok = q.First, true
		}
	}
	return at.Floor(), ok
}

// Feeds returns the peers whose table was at least three quarters of the largest
// of its family on that collector and day, in a snapshot or in a transfer that
// ended with an End-of-RIB, and those of which a table is known but never such a
// one. Of all others it is unknown.
func (w *Watch) Feeds() (full, partial map[Peer]bool) {
	type seen struct {
		peer Peer
		day  int64
		v6   bool
		size int64
	}
	var all []seen
	for _, c := range w.Collectors {
		for _, f := range c.Files {
			if f.First == nil || f.Truncated {
				continue
			}
			day := f.First.Sec() / 86400
			for _, t := range f.Tables {
				p := Peer{Collector: c.Name, Addr: t.Peer, AS: t.AS}
				all = append(all, seen{p, day, false, t.V4}, seen{p, day, true, t.V6})
			}
		}
		for _, p := range c.Peers {
			for _, t := range p.Transfers {
				if t.EndOfRIB && t.Distinct > 0 {
					all = append(all, seen{Peer{Collector: c.Name, Addr: p.Peer, AS: p.AS}, t.From.Sec() / 86400, p.Peer.Is6(), t.Distinct})
				}
			}
		}
	}
	type key struct {
		collector string
		day       int64
		v6        bool
	}
	most := map[key]int64{}
	for _, s := range all {
		k := key{s.peer.Collector, s.day, s.v6}
		most[k] = max(most[k], s.size)
	}
	full, partial = map[Peer]bool{}, map[Peer]bool{}
	for _, s := range all {
		if m := most[key{s.peer.Collector, s.day, s.v6}]; m > 0 && 4*s.size >= 3*m {
			full[s.peer] = true
		}
	}
	for _, s := range all {
		if s.size > 0 && !full[s.peer] {
			partial[s.peer] = true
		}
	}
	return full, partial
}
