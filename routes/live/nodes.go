package live

import (
	"sync"
	"sync/atomic"
)

// Node is an AS path, from the network that the node names down to an origin. Zero is
// a path that is not known: it could not be read, or holds the AS number 0.
type Node uint32

// A Node has nodeBits, which leaves room for flags in a [Route].
const (
	nodeBits = 27
	maxNodes = 1<<nodeBits - 1
)

// node is one network on a path. If the parent has setFlag, as is the number of a
// set of networks.
type node struct{ as, parent uint32 }

const setFlag = 1 << 31

// tree is all paths. Slots name nodes by a hash of what they are; the upper bits of a
// slot are some of the hash, so that few nodes of another hash are looked at.
type tree struct {
	nodes chunks[node]
	slots atomic.Pointer[[]uint32]
	count atomic.Uint32 // of nodes, without 0

	mu    sync.Mutex
	sets  [][]uint32 // rising members, each once
	bySet map[string]uint32
}

func newTree() *tree {
	t := &tree{bySet: map[string]uint32{}}
	t.nodes.grow(1)
	s := make([]uint32, 1<<12)
	t.slots.Store(&s)
	return t
}

func nodeHash(as, parent uint32) uint64 { return mix(uint64(parent)<<32 | uint64(as)) }

// child returns the node of a network in front of parent, which is 0 in front of
// nothing. Parent may have setFlag. It returns 0 if there are too many nodes.
func (t *tree) child(as, parent uint32) uint32 {
	h := nodeHash(as, parent)
	if id, _ := t.find(*t.slots.Load(), h, as, parent); id != 0 {
		return id
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.add(h, as, parent)
}

// find returns the node, or the free slot where it would be.
func (t *tree) find(slots []uint32, h uint64, as, parent uint32) (id, at uint32) {
	mask := uint32(len(slots) - 1)
	tag := uint32(h>>nodeBits) &^ maxNodes
	for i := uint32(h>>32) & mask; ; i = (i + 1) & mask {
		s := atomic.LoadUint32(&slots[i])
		if s == 0 {
			return 0, i
		}
		if s&^maxNodes == tag {
			if n := t.nodes.at(s & maxNodes); n.as == as && n.parent == parent {
				return s & maxNodes, i
			}
		}
	}
}

// add adds a node, with the lock held.
func (t *tree) add(h uint64, as, parent uint32) uint32 {
	slots := *t.slots.Load()
	id, at := t.find(slots, h, as, parent)
	if id != 0 {
		return id
	}
	id = t.count.Load() + 1
	if id > maxNodes {
		return 0
	}
	if uint64(id)*10 > uint64(len(slots))*7 {
		slots = t.rehash(2 * len(slots))
		_, at = t.find(slots, h, as, parent)
	}
	t.nodes.grow(id + 1)
	*t.nodes.at(id) = node{as, parent}
	t.count.Store(id)
	atomic.StoreUint32(&slots[at], id|uint32(h>>nodeBits)&^maxNodes)
	return id
}

// rehash makes a table of n slots, a power of two.
func (t *tree) rehash(n int) []uint32 {
	slots := make([]uint32, n)
	mask := uint32(n - 1)
	for id := uint32(1); id <= t.count.Load(); id++ {
		x := t.nodes.at(id)
		h := nodeHash(x.as, x.parent)
		i := uint32(h>>32) & mask
		for slots[i] != 0 {
			i = (i + 1) & mask
		}
		slots[i] = id | uint32(h>>nodeBits)&^maxNodes
	}
	t.slots.Store(&slots)
	return slots
}

// set returns the number of a set of rising, distinct networks.
func (t *tree) set(members []uint32) uint32 {
	key := make([]byte, 0, 4*len(members))
	for _, a := range members {
		key = append(key, byte(a>>24), byte(a>>16), byte(a>>8), byte(a))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	id, ok := t.bySet[string(key)]
	if !ok {
		id = uint32(len(t.sets))
		t.sets = append(t.sets, append([]uint32(nil), members...))
		t.bySet[string(key)] = id
	}
	return id
}
