package live

import (
	"constat/moment"
	"constat/routes/vantage"
)

// Between a table and the next file that is far from it nobody was looking, if no
// updates reach it: a table of eight o'clock begins anew, whatever one of midnight
// had. Where updates reach, the ledger of package vantage says who was watching.

// tablesTogether is how far apart tables of a collector may be that are of one moment,
// such as one of each family.
const tablesTogether = 300 * moment.Second

// covers reports whether updates say what happened at a moment.
func (x *sight) covers(at moment.Time) bool {
	if x.until == 0 || at < x.from-x.slack || at > x.until+x.slack {
		return false
	}
	for i := range x.ledger.Blind {
		b := &x.ledger.Blind[i]
		if b.Peer == nil && b.Forget && b.From <= at && (at < b.Until || b.Until >= x.until) {
			return false
		}
	}
	return true
}

// file says that a file begins; first: the first of the collector's.
func (x *sight) file(first, table bool, begin moment.Time) {
	x.reach(begin)
	apart := x.slack
	if table {
		apart = tablesTogether
	}
	lone := table && !x.covers(begin)
	switch {
	case x.alone >= 0 && begin > x.alone+apart:
		x.lapse(x.alone)
		if !table && begin <= x.from+x.slack {
			// The first updates: whoever is not watching then, the ledger says.
			for _, id := range x.s.of(x.name, nil) {
				x.s.Resume(id, begin)
			}
		}
	case lone && !first && x.alone < 0:
		from := begin
		if x.until != 0 {
			from = min(from, moment.Unix(x.until.SecUp(), 0)) // the second that was read stands
		}
		x.lapse(from)
	}
	if !table || !lone {
		x.alone = -1
	}
}

// told says that a table was read whose entries are of begin to at; named has the peers
// that are in it. next is when the next file begins; −1 if there is none.
func (x *sight) told(named []uint8, begin, at, next moment.Time) {
	if x.covers(begin) {
		return
	}
	x.alone, x.since = max(x.alone, at), begin
	if next >= 0 && next <= at+x.slack && x.until != 0 && begin > x.from {
		return // in a hole, at whose end the ledger says who is watching
	}
	for i, families := range named {
		if families != 0 {
			x.s.Resume(PeerID(i), at)
			x.past.resume(PeerID(i), at)
		}
	}
}

// end is when what the collector's files have ends, and the moment that they are of: a
// table is of its beginning.
func (x *sight) end() (end, of moment.Time) {
	if x.alone >= 0 {
		return x.alone, x.since
	}
	return x.until, x.until
}

// fade says of collectors whose files end before the moment that is asked about that
// their peers are not watching there. If updates are given and a bound, the ledger has
// said so.
func (x *loading) fade() {
	asked := x.Asked
	for _, s := range x.sights {
		if _, of := s.end(); x.Asked == 0 {
			asked = max(asked, of)
		}
	}
	for _, s := range x.sights {
		end, _ := s.end()
		if asked <= end+tablesTogether {
			continue
		}
		for _, id := range x.s.of(s.name, nil) {
			if x.s.watching(id) {
				s.past.blind(id, end)
				x.s.Pause(id, end, vantage.MissingFile)
			}
		}
	}
}

// watching reports whether a peer is.
func (s *State) watching(id PeerID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peers[id].watching
}

// lapse forgets what is known of the collector's peers.
func (x *sight) lapse(at moment.Time) {
	for _, id := range x.s.of(x.name, nil) {
		x.past.blind(id, at)
		x.s.Down(id, at, vantage.MissingFile)
	}
}

// of returns the peers of a collector, without some.
func (s *State) of(collector string, without map[vantage.Peer]bool) []PeerID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []PeerID
	for i, p := range s.peers {
		if p.Collector == collector && !without[p.Peer] {
			out = append(out, PeerID(i))
		}
	}
	return out
}
