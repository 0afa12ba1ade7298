package rib

import (
	"slices"

	"constat/wire/bgp"
	"constat/wire/mrt"
)

// Batch holds elements of records for a table, in order, so that one goroutine decodes and
// another applies. The zero Batch is empty.
type Batch struct {
	elems []elem
	paths []uint32
	seq   uint64 // of the record's attributes whose path was put there last
}

// elem is one element, as far as a table needs it.
type elem struct {
	at, record   int64
	learned      int64 // of a table's entry: see [Table.Snapshot]
	peer, prefix int32
	id           uint32
	from, to     uint32 // its path in paths, if it is not known
	kind         mrt.ElemKind
	malformed    bool
	known        bool // its path is that of the element before it that has one
}

// Len is how many elements it holds.
func (b *Batch) Len() int { return len(b.elems) }

// Reset empties it.
func (b *Batch) Reset() { *b = Batch{elems: b.elems[:0], paths: b.paths[:0]} }

// Record says that the elements that follow are of another record.
func (b *Batch) Record() { b.seq = 0 }

// Add adds one element, at a second, for a peer of the given AS and a prefix by their places
// in the table. record is what the table notes as having told of it.
func (b *Batch) Add(at int64, peer int, as uint32, prefix int, record int64, e *mrt.Elem) {
	x := elem{at: at, record: record, peer: int32(peer), prefix: int32(prefix), id: e.PathID, kind: e.Kind, malformed: e.Malformed, known: true}
	if e.Kind == mrt.RIBEntry {
		x.learned = e.Originated.Sec()
	}
	if e.Kind != mrt.Withdraw {
		if b.seq != e.AttrSeq() {
			from := uint32(len(b.paths))
			b.seq, x.known = e.AttrSeq(), false
			path := RoutePath(b.paths[from:], e, as)
			b.paths = append(b.paths[:from], path...)
			x.from, x.to = from, uint32(len(b.paths))
		}
	}
	b.elems = append(b.elems, x)
}

// AddPlain adds one element without a path ID of a message that announces all prefixes by one path, which has one
// sequence and no AS 0 ([constat/wire/bgp.Plain]); or a withdrawal, for which the path counts for nothing.
func (b *Batch) AddPlain(at int64, peer, prefix int, record int64, kind mrt.ElemKind, p *bgp.Plain) {
	x := elem{at: at, record: record, peer: int32(peer), prefix: int32(prefix), kind: kind, known: true}
	if kind != mrt.Withdraw && b.seq != plainSeq {
		from := len(b.paths)
		b.seq, x.known = plainSeq, false
		b.paths = p.AppendPath(b.paths)
		b.paths = b.paths[:from+len(slices.Compact(b.paths[from:]))]
		x.from, x.to = uint32(from), uint32(len(b.paths))
	}
	b.elems = append(b.elems, x)
}

// plainSeq is that of no walker's attributes.
const plainSeq = ^uint64(0)

// Batch applies the elements of a batch, as [Feed.Apply] does one by one.
func (f *Feed) Batch(b *Batch) {
	t := f.table
	for i := range b.elems {
		x := &b.elems[i]
		t.Record = x.record
		if !x.known {
			f.id = t.Paths.ID(b.paths[x.from:x.to])
		}
		switch x.kind {
		case mrt.Announce:
			t.Announce(x.at, int(x.peer), int(x.prefix), x.id, f.id)
		case mrt.Withdraw:
			if x.malformed {
				t.Refused(x.at, int(x.peer), int(x.prefix), x.id)
			} else {
				t.Withdraw(x.at, int(x.peer), int(x.prefix), x.id)
			}
		case mrt.RIBEntry:
			t.Snapshot(x.at, int(x.peer), int(x.prefix), x.id, f.id, x.learned)
		}
	}
}
