package live

import (
	"encoding/binary"
	"net/netip"

	"constat/routes/vantage"
	"constat/wire/mrt"
)

// Collector feeds a state with the records of one collector. It belongs to one
// goroutine, and two of one collector must not be used at once, as they would feed the
// same peers.
type Collector struct {
	*Feeder
	name  string
	index []known    // by place in a peer index table
	seen  [256]known // by a hash of the address
	who   func(*mrt.Elem) (vantage.Peer, bool)
	last  known
}

// known is a peer that was looked up before, as records name it.
type known struct {
	addr netip.Addr
	as   uint32
	id   PeerID
}

func (k *known) is(e *mrt.Elem) bool { return k.as == e.PeerAS && k.addr == e.PeerAddr }

// Collector returns a feeder for records of a collector. Who tells whose an element is,
// if that takes more than its address and AS ([rib.PeerIndex]); nil if not.
func (s *State) Collector(name string, who func(*mrt.Elem) (vantage.Peer, bool)) *Collector {
	return &Collector{Feeder: s.Feeder(), name: name, who: who}
}

// Apply applies an element as [Feeder.Apply] does, to the peer that it is of. What the
// collector itself sends is nobody's route.
func (c *Collector) Apply(e *mrt.Elem) {
	c.apply(e)
	c.leave()
}

// Record applies the elements of the record that a walker is at.
func (c *Collector) Record(w *mrt.Walker) {
	for w.Next() {
		c.apply(w.Elem())
	}
	c.leave()
}

// apply is Apply, after which the lock is kept.
func (c *Collector) apply(e *mrt.Elem) {
	if e.Local || !e.PeerAddr.IsValid() {
		return
	}
	id := c.Peer(e)
	c.enter()
	c.Feeder.apply(id, e)
}

// Peer returns the peer of an element.
func (c *Collector) Peer(e *mrt.Elem) PeerID {
	var k *known
	switch i := e.PeerIndex; {
	case i < 0:
		if c.last.is(e) {
			return c.last.id
		}
		a := e.PeerAddr.As16()
		h := mix(binary.BigEndian.Uint64(a[:8]) ^ mix(binary.BigEndian.Uint64(a[8:])+uint64(e.PeerAS)))
		k = &c.seen[h%uint64(len(c.seen))]
	default:
		for i >= len(c.index) {
			c.index = append(c.index, known{})
		}
		k = &c.index[i]
	}
	if !k.is(e) || !k.addr.IsValid() {
		c.leave()
		v := vantage.Peer{Collector: c.name, Addr: e.PeerAddr, AS: e.PeerAS}
		if c.who != nil {
			if w, ok := c.who(e); ok {
				v = w
			}
		}
		*k = known{e.PeerAddr, e.PeerAS, c.s.Peer(v)}
	}
	c.last = *k
	return k.id
}
