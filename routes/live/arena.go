package live

import (
	"sync"

	"constat/internal/hugepage"
)

// arena gives out runs of route numbers in a few sizes, from slabs that hold no
// pointers and never move. What is given back is given out again.
type arena struct {
	mu    sync.Mutex
	slabs chunks[*slab]
	count uint32   // of slabs
	room  []uint32 // of slabs to come
	next  uint32   // free unit in the newest
	free  [len(classes)][]uint32
	old   []oldRow // rows that were dropped, to be taken apart when room is needed
}

const (
	unit      = 4 // routes: the grain of runs
	slabBits  = 16
	slabUnits = 1 << slabBits

	slabsTogether = 16
)

type slab [slabUnits * unit]uint32

// classes are the lengths of runs, in routes.
var classes = [...]uint16{0, 4, 8, 12, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 216, 224, 232, 240, 248, 256}

// classOf is the smallest class that holds n routes, by n in units.
var classOf [256/unit + 1]uint8

func init() {
	c := uint8(0)
	for n := range classOf {
		for int(classes[c]) < n*unit {
			c++
		}
		classOf[n] = c
	}
}

// run returns the routes of a handle: a run's place in units.
func (a *arena) run(h uint32, n uint16) []uint32 {
	at := (h & (slabUnits - 1)) * unit
	return (*a.slabs.at(h >> slabBits))[at : at+uint32(n) : at+uint32(n)]
}

// take returns a run of a class.
func (a *arena) take(class uint8) uint32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.free[class]) == 0 && len(a.old) > 0 {
		a.dismantle(64)
	}
	if f := a.free[class]; len(f) > 0 {
		a.free[class] = f[:len(f)-1]
		return f[len(f)-1]
	}
	need := uint32(classes[class] / unit)
	if a.count == 0 || a.next+need > slabUnits {
		a.slabs.grow(a.count + 1)
		*a.slabs.at(a.count) = a.slab()
		a.count++
		// What is left of a slab is less than the largest run: it is lost.
		a.next = 0
	}
	h := (a.count-1)<<slabBits | a.next
	a.next += need
	return h
}

// slab returns a new slab. Large states take several at a time, in large pages.
func (a *arena) slab() *slab {
	if len(a.room) == 0 {
		if a.count < slabsTogether {
			return new(slab)
		}
		a.room = hugepage.Make[uint32](slabsTogether * slabUnits * unit)
	}
	s := (*slab)(a.room)
	a.room = a.room[len(s):]
	return s
}

func (a *arena) give(class uint8, h uint32) {
	if class == 0 {
		return
	}
	a.mu.Lock()
	a.free[class] = append(a.free[class], h)
	a.mu.Unlock()
}

// oldRow is a row that a peer has lost, as far as it was not taken apart.
type oldRow struct {
	blocks []block
	lists  func(uint32) // gives a list of several routes back
}

// drop takes a row that is no longer needed: one step, whatever its length.
func (a *arena) drop(blocks []block, lists func(uint32)) {
	if len(blocks) == 0 {
		return
	}
	a.mu.Lock()
	a.old = append(a.old, oldRow{blocks, lists})
	a.mu.Unlock()
}

// dismantle gives back up to n runs of dropped rows.
func (a *arena) dismantle(n int) {
	for ; n > 0 && len(a.old) > 0; n-- {
		o := &a.old[len(a.old)-1]
		if len(o.blocks) == 0 {
			a.old = a.old[:len(a.old)-1]
			continue
		}
		b := &o.blocks[len(o.blocks)-1]
		o.blocks = o.blocks[:len(o.blocks)-1]
		if b.class == 0 {
			continue
		}
		if b.many > 0 {
			for _, r := range a.run(b.run, b.n) {
				if r&manyFlag != 0 {
					o.lists(r &^ manyFlag)
				}
			}
		}
		a.free[b.class] = append(a.free[b.class], b.run)
	}
}
