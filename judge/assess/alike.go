package assess

import (
	"slices"

	"constat/judge/outage"
)

// Most prefixes of an origin have one history at each peer. Such a history is judged
// once, and prefixes whose carriers are the same share one list of them, by which
// package outage knows that it need judge them once. What is shared is the same as
// what would be had for each prefix alone (TestAlike).

// historyName names what a judged history follows from if it rests on no other prefix:
// the table's history, and the class of the prefix, by which routes are the subject's.
type historyName struct {
	name  uint32 // of the table; 0 is none
	class int
}

// judged is a history as the definitions of an outage take it.
type judged struct {
	steps []outage.Step // nil if the peer was never a carrier
	id    uint32        // the same for the same steps
	lost  bool          // it may rest on other prefixes, if there are any
}

// likeness finds what is alike.
type likeness struct {
	last []struct { // of each peer: the next prefix mostly has it too
		name historyName
		judged
	}
	byName map[peerHistory]judged
	byHash map[uint64][]judged
	ids    uint32

	now   carrierList // of the prefix at hand
	lists map[uint64][]carrierList
}

type peerHistory struct {
	peer int
	historyName
}

// carrierList is the carriers of a prefix with the ids of their histories.
type carrierList struct {
	of  []outage.Carrier
	ids []uint32
}

func newLikeness(peers int) *likeness {
	l := &likeness{byName: map[peerHistory]judged{}, byHash: map[uint64][]judged{}, lists: map[uint64][]carrierList{}}
	l.last = slices.Grow(l.last, peers)[:peers]
	return l
}

// known returns a history of a name that was noted.
func (l *likeness) known(peer int, name historyName) (judged, bool) {
	if x := &l.last[peer]; x.name == name {
		return x.judged, true
	}
	h, ok := l.byName[peerHistory{peer, name}]
	if ok {
		l.last[peer].name, l.last[peer].judged = name, h
	}
	return h, ok
}

func (l *likeness) note(peer int, name historyName, h judged) {
	l.byName[peerHistory{peer, name}] = h
	l.last[peer].name, l.last[peer].judged = name, h
}

// history is the steps, as they were met first.
func (l *likeness) history(steps []outage.Step) judged {
	if steps == nil {
		return judged{}
	}
	sum := uint64(len(steps))
	for _, s := range steps {
		sum = spread(sum, uint64(s.At)<<3|uint64(s.State))
	}
	for _, h := range l.byHash[sum] {
		if slices.Equal(h.steps, steps) {
			return h
		}
	}
	l.ids++
	h := judged{steps: slices.Clip(steps), id: l.ids}
	l.byHash[sum] = append(l.byHash[sum], h)
	return h
}

// spread adds a number to a hash.
func spread(sum, x uint64) uint64 {
	sum = (sum ^ x) * 0x9e3779b97f4a7c15
	return sum ^ sum>>29
}

// begin is called for each prefix.
func (l *likeness) begin() { l.now.of, l.now.ids = l.now.of[:0], l.now.ids[:0] }

func (l *likeness) carrier(peer int, h judged) {
	l.now.of, l.now.ids = append(l.now.of, outage.Carrier{Peer: peer, Steps: h.steps}), append(l.now.ids, h.id)
}

// carriers is the list of the prefix, one for all that have the same.
func (l *likeness) carriers() []outage.Carrier {
	sum := uint64(len(l.now.of))
	for i, c := range l.now.of {
		sum = spread(sum, uint64(c.Peer)<<32|uint64(l.now.ids[i]))
	}
	for _, x := range l.lists[sum] {
		if slices.Equal(x.ids, l.now.ids) && slices.EqualFunc(x.of, l.now.of, func(a, b outage.Carrier) bool { return a.Peer == b.Peer }) {
			return x.of
		}
	}
	x := carrierList{append([]outage.Carrier{}, l.now.of...), slices.Clone(l.now.ids)}
	l.lists[sum] = append(l.lists[sum], x)
	return x.of
}
