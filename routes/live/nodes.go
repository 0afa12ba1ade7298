package live

import (
	"math"
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

// tree is all paths. Each origin has a table of its own for the nodes behind it, which
// stays in the processor's cache while the routes to one origin are told: of a thousand
// peers one waits for memory, and two that tell of different origins do not wait for
// each other.
type tree struct {
	nodes chunks[node]
	count atomic.Uint32 // of nodes, without 0

	origins chunks[origin]
	slots   atomic.Pointer[[]uint32] // number of an origin + 1, by the hash of what it is
	number  uint32                   // of origins
	late    bool                     // origins and their tables are not made yet: nobody has fed

	mu    sync.Mutex // of growing, origins and sets
	sets  [][]uint32 // rising members, each once
	bySet map[string]uint32
}

// origin is a node without a parent, and all nodes behind it.
type origin struct {
	node              // as, and setFlag or 0
	id     uint32     // of the node
	behind uint32     // nodes in the table
	mu     sync.Mutex // of adding to it
	table  atomic.Pointer[[]uint32]
}

func newTree() *tree {
	t := &tree{bySet: map[string]uint32{}}
	t.nodes.grow(1)
	s := make([]uint32, 1<<10)
	t.slots.Store(&s)
	return t
}

func nodeHash(as, parent uint32) uint64 { return mix(uint64(parent)<<32 | uint64(as)) }

// origin returns the origin that a network, or a set if flag is setFlag, is. It is nil
// if there are too many nodes.
func (t *tree) origin(as, flag uint32) *origin {
	h := nodeHash(as, flag)
	if o, _ := t.findOrigin(*t.slots.Load(), h, as, flag); o != nil {
		return o
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	slots := *t.slots.Load()
	o, at := t.findOrigin(slots, h, as, flag)
	if o != nil {
		return o
	}
	id := t.next()
	if id == 0 {
		return nil
	}
	t.growNodes(id)
	*t.nodes.at(id) = node{as, flag}
	if uint64(t.number+1)*3 > uint64(len(slots))*2 {
		slots = t.rehash(2 * len(slots))
		_, at = t.findOrigin(slots, h, as, flag)
	}
	t.origins.grow(t.number + 1)
	o = t.origins.at(t.number)
	o.node, o.id = node{as, flag}, id
	t.number++
	atomic.StoreUint32(&slots[at], t.number)
	return o
}

func (t *tree) findOrigin(slots []uint32, h uint64, as, flag uint32) (*origin, uint32) {
	mask := uint32(len(slots) - 1)
	for i := uint32(h>>32) & mask; ; i = (i + 1) & mask {
		s := atomic.LoadUint32(&slots[i])
		if s == 0 {
			return nil, i
		}
		if o := t.origins.at(s - 1); o.as == as && o.parent == flag {
			return o, i
		}
	}
}

// rehash makes slots for origins, a power of two.
func (t *tree) rehash(n int) []uint32 {
	slots := make([]uint32, n)
	for i := range t.number {
		o := t.origins.at(i)
		_, at := t.findOrigin(slots, nodeHash(o.as, o.parent), o.as, o.parent)
		slots[at] = i + 1
	}
	t.slots.Store(&slots)
	return slots
}

// child returns the node of a network in front of parent, which may have setFlag, on a
// way to an origin; h is their hash. It returns 0 if there are too many nodes.
func (t *tree) child(o *origin, as, parent uint32, h uint64) uint32 {
	if p := o.table.Load(); p != nil {
		if id, _ := t.find(*p, h, as, parent); id != 0 {
			return id
		}
	}
	return t.add(o, as, parent, h)
}

// add is child for a node that was not found a moment ago.
func (t *tree) add(o *origin, as, parent uint32, h uint64) uint32 {
	o.mu.Lock()
	defer o.mu.Unlock()
	var table []uint32
	at := uint32(0)
	if p := o.table.Load(); p != nil {
		var id uint32
		if id, at = t.find(*p, h, as, parent); id != 0 {
			return id
		}
		table = *p
	}
	id := t.next()
	if id == 0 {
		return 0
	}
	if int(id) >= t.nodes.len() {
		t.mu.Lock()
		t.growNodes(id)
		t.mu.Unlock()
	}
	*t.nodes.at(id) = node{as, parent}
	if need := int(o.behind) + 1; need*5 > len(table)*4 {
		more := t.spread(table, need+need/2+3)
		_, at = t.find(more, h, as, parent)
		more[at] = tagged(id, h)
		o.table.Store(&more)
	} else {
		atomic.StoreUint32(&table[at], tagged(id, h))
	}
	o.behind++
	return id
}

// places is the table of the nodes behind an origin; nil if there are none.
func (o *origin) places() []uint32 {
	if p := o.table.Load(); p != nil {
		return *p
	}
	return nil
}

// tagged is a node as it stands in a table: the upper bits are some of its hash, so that
// few nodes of another hash are looked at.
func tagged(id uint32, h uint64) uint32 { return id | uint32(h)&^maxNodes }

// find returns the node in a table, or the free place where it would be.
func (t *tree) find(table []uint32, h uint64, as, parent uint32) (id, at uint32) {
	n := uint64(len(table))
	for i := h >> 32 * n >> 32; ; {
		s := atomic.LoadUint32(&table[i])
		if s == 0 {
			return 0, uint32(i)
		}
		if (s^uint32(h))&^maxNodes == 0 {
			if x := t.nodes.at(s & maxNodes); x.as == as && x.parent == parent {
				return s & maxNodes, uint32(i)
			}
		}
		if i++; i == n {
			i = 0
		}
	}
}

// spread makes a table of n places with what is in another.
func (t *tree) spread(from []uint32, n int) []uint32 {
	to := make([]uint32, n)
	for _, s := range from {
		if s != 0 {
			t.place(to, s&maxNodes)
		}
	}
	return to
}

// place puts a node into a table that is nobody else's yet.
func (t *tree) place(table []uint32, id uint32) {
	x := t.nodes.at(id)
	h := nodeHash(x.as, x.parent)
	n := uint64(len(table))
	i := h >> 32 * n >> 32
	for table[i] != 0 {
		if i++; i == n {
			i = 0
		}
	}
	table[i] = tagged(id, h)
}

// next takes the next number of a node; 0 if there is none left.
func (t *tree) next() uint32 {
	for {
		n := t.count.Load()
		if n == maxNodes {
			return 0
		}
		if t.count.CompareAndSwap(n, n+1) {
			return n + 1
		}
	}
}

// growNodes makes room for a node, with the lock held.
func (t *tree) growNodes(id uint32) { t.nodes.grow(id + 1) }

// index makes the tables of a tree that has nodes alone, a parent before its child.
func (t *tree) index() {
	t.late = false
	n := t.count.Load()
	of := make([]uint32, n+1) // the origin's number
	var sizes []uint32
	for id := uint32(1); id <= n; id++ {
		x := t.nodes.at(id)
		if p := x.parent &^ setFlag; p != 0 {
			of[id] = of[p]
			sizes[of[id]]++
			continue
		}
		of[id] = t.number
		sizes = append(sizes, 0)
		t.origins.grow(t.number + 1)
		o := t.origins.at(t.number)
		o.node, o.id = *x, id
		t.number++
	}
	size := len(*t.slots.Load())
	for uint64(t.number)*3 > uint64(size)*2 {
		size *= 2
	}
	t.rehash(size)
	for i, n := range sizes {
		if n > 0 {
			table := make([]uint32, int(math.Ceil(float64(n)*5/4))+1)
			o := t.origins.at(uint32(i))
			o.behind = n
			o.table.Store(&table)
		}
	}
	for id := uint32(1); id <= n; id++ {
		if t.nodes.at(id).parent&^setFlag != 0 {
			t.place(*t.origins.at(of[id]).table.Load(), id)
		}
	}
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
