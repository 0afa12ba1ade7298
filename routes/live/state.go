package live

import (
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"

	"constat/moment"
	"constat/routes/vantage"
)

// PeerID numbers a peer, from 0 in the order in which they were named.
type PeerID int32

// Families, as indices.
const (
	v4 = 0
	v6 = 1
)

// Options say what a state keeps beside routes.
type Options struct {
	// Groups is how many groups of prefixes there are, such as countries, and Group
	// tells which one a prefix belongs to, 0 to Groups−1. It is asked once for each
	// prefix, when it is first seen, with the origin of the route that was seen first;
	// 0 if that is not known. Several goroutines may ask at once. Which of several
	// origins is seen first depends on the order of feeding.
	Groups int
	Group  func(p netip.Prefix, origin uint32) uint16
}

// State is the routes of everybody at one moment. Its methods may be called by
// several goroutines.
type State struct {
	opts     Options
	tree     *tree
	prefixes prefixes
	arena    arena
	matrix   matrix
	lists    lists

	late struct {
		sync.Mutex
		sets    atomic.Bool // the sets of a state that was read are not filled
		carried []carriedBy // in them, and not held
	}

	mu      sync.Mutex // peers, feeders, ledger; feeders take it only to find a peer
	peers   []*peer
	byPeer  map[vantage.Peer]PeerID
	feeders []*Feeder
	ledger  []vantage.Blind
	at      moment.Time
}

// peer is one peer and its routes in the present session.
type peer struct {
	vantage.Peer
	column   int
	watching bool
	// sending: it is not watching, and what it says meanwhile is its table.
	sending bool
	since   moment.Time // of the present knowledge
	whole   [2]bool     // by family: what it did not tell it does not have
	held    [2]uint32
	before  uint32 // prefixes that it held when what was known of it was last forgotten
	carried [2]uint32
	alone   alone
	row     row
	groups  []groupCount
	memo    pathMemo
	blind   int // the open entry of the ledger; -1 if none
}

// groupCount is how many of a group's prefixes a peer holds and carried, by family.
type groupCount struct{ held, carried [2]uint32 }

// New returns an empty state.
func New(o Options) *State {
	s := &State{opts: o, tree: newTree(), byPeer: map[vantage.Peer]PeerID{}}
	s.prefixes.init()
	s.matrix.init()
	return s
}

// hold keeps everybody from feeding, with what they have gathered put in, until the returned function is called.
func (s *State) hold() (release func()) {
	release = s.still()
	s.fillSets()
	return release
}

// still is hold for those who do not need the sets.
func (s *State) still() (release func()) {
	s.mu.Lock()
	for _, f := range s.feeders {
		f.mu.Lock()
		f.settle()
	}
	return func() {
		for _, f := range s.feeders {
			f.mu.Unlock()
		}
		s.mu.Unlock()
	}
}

// Peer returns the number of a peer. A new one is watching, and nothing is known of
// its routes.
func (s *State) Peer(v vantage.Peer) PeerID {
	s.mu.Lock()
	id, ok := s.byPeer[v]
	s.mu.Unlock()
	if ok {
		return id
	}
	defer s.hold()()
	if id, ok := s.byPeer[v]; ok {
		return id
	}
	id = PeerID(len(s.peers))
	p := &peer{Peer: v, column: s.matrix.column(), watching: true, blind: -1}
	if s.opts.Group != nil {
		p.groups = make([]groupCount, s.opts.Groups)
	}
	s.matrix.watching(p.column, true)
	s.peers = append(s.peers, p)
	s.byPeer[v] = id
	return id
}

// Down says that from a moment on nothing is known of a peer's routes and that it is
// not watching, and why, in a word of package vantage. What it tells before [State.Resume]
// is taken for its table. It costs the same whatever the peer carried.
func (s *State) Down(id PeerID, at moment.Time, reason string) {
	defer s.hold()()
	p := s.peers[id]
	if held := p.held[v4] + p.held[v6]; !p.lacks() {
		p.before = held // who falls again before it told its table had that of before
	}
	s.forget(p)
	p.sending = true
	s.blind(p, at, reason, true)
}

// lacks reports whether a peer, since what was known of it was forgotten, has told less than half as much
// as it held then, and no table says that this is all.
func (p *peer) lacks() bool {
	return !p.whole[v4] && !p.whole[v6] && 2*uint64(p.held[v4]+p.held[v6]) < uint64(p.before)
}

// Pause says that a peer stops watching although what is known of its routes stands.
func (s *State) Pause(id PeerID, at moment.Time, reason string) {
	defer s.hold()()
	s.blind(s.peers[id], at, reason, false)
}

// Resume says that a peer is watching again.
func (s *State) Resume(id PeerID, at moment.Time) {
	defer s.hold()()
	p := s.peers[id]
	p.watching, p.sending = true, false
	s.matrix.watching(p.column, true)
	if p.blind >= 0 {
		if b := &s.ledger[p.blind]; b.Forget {
			p.since = at
		}
		s.ledger[p.blind].Until = max(at, s.ledger[p.blind].From)
		p.blind = -1
	}
	s.at = max(s.at, at)
}

// Complete says that a peer's table of a family is known whole: of a prefix that it did
// not tell it has no route.
func (s *State) Complete(id PeerID, ipv6 bool, at moment.Time) {
	defer s.hold()()
	f := v4
	if ipv6 {
		f = v6
	}
	s.peers[id].whole[f] = true
	s.at = max(s.at, at)
}

// Moment notes the time of what was fed last; it does not go back.
func (s *State) Moment(at moment.Time) {
	s.mu.Lock()
	s.at = max(s.at, at)
	s.mu.Unlock()
}

func (s *State) forget(p *peer) {
	s.arena.drop(p.row.blocks, s.lists.drop)
	s.matrix.give(p.column)
	p.column = s.matrix.column()
	p.row, p.alone = row{}, alone{}
	p.whole, p.held, p.carried = [2]bool{}, [2]uint32{}, [2]uint32{}
	clear(p.groups)
}

// blind begins an entry of the ledger, and ends the one before.
func (s *State) blind(p *peer, at moment.Time, reason string, forget bool) {
	p.watching = false
	s.matrix.watching(p.column, false)
	if p.blind >= 0 {
		s.ledger[p.blind].Until = max(at, s.ledger[p.blind].From)
	}
	addr := p.Addr
	p.blind = len(s.ledger)
	s.ledger = append(s.ledger, vantage.Blind{Collector: p.Collector, Peer: &addr, AS: p.AS, From: at, Until: openEnd, Reason: reason, Forget: forget})
	s.at = max(s.at, at)
}

// openEnd is the end of blindness that lasts.
const openEnd = moment.Time(1<<63 - 1)

// Lasts reports whether blindness of a state's ledger has no end.
func Lasts(b vantage.Blind) bool { return b.Until == openEnd }

// Ledger returns who was not watching, and why, in the order in which it began. What
// lasts has the latest of all moments for its end.
func (s *State) Ledger() []vantage.Blind {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ledger)
}
