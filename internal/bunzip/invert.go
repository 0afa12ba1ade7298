package bunzip

import (
	"encoding/binary"
	"sync"
	"unsafe"
)

// invert undoes the Burrows-Wheeler transform of b.column into b.text (§2.2.2).
//
// Row j of the sorted rotations begins with the j-th byte of the sorted
// column, and the row that begins one byte later is the one whose last byte
// that is. So the text is a walk through a table that leads from row to row;
// every step waits for memory. To have several steps under way at once, the
// walk is begun at many rows and each part ends where another began; the
// parts are put together in the end.
//
// Columns exist that no transform wrote, and for repetitive text the rows make
// several rings of which only one is walked; it is walked again until the text
// has its length, as everywhere.
//
// The table says all that the column does, so the text is written over the column.
func (b *block) invert() {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	n := b.n
	if cap(s.table) < n {
		s.table = make([]uint32, max(n, 1<<14))
	}
	s.table = s.table[:cap(s.table)]
	b.sort(s.table)
	b.text = b.column[:n]
	if n < lanes*minPart || !b.walkLanes(s) {
		b.walk(s.table)
	}
}

// scratch is what the inversion of a block needs and nobody after it.
type scratch struct {
	table []uint32
	lanes []byte
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// sort fills the table: for each row, the number of the next one, and in the
// lowest eight bits the byte that it begins with.
func (b *block) sort(table []uint32) {
	var at [256]uint32
	sum := uint32(0)
	for i, c := range b.count {
		at[i] = sum
		sum += c
	}
	column := b.column[:b.n+slack]
	for i := 0; i < b.n; {
		v := column[i]
		j := at[v]
		w := uint32(i)<<8 | uint32(v)
		if binary.LittleEndian.Uint64(column[i:]) == uint64(v)*0x0101010101010101 && i+8 <= b.n {
			t := table[j : j+8 : j+8]
			for k := range t {
				t[k] = w + uint32(k)<<8
			}
			at[v] = j + 8
			i += 8
			continue
		}
		table[j] = w
		at[v] = j + 1
		i++
	}
}

// walk is the inversion without any art, for small blocks and odd ones.
func (b *block) walk(table []uint32) {
	p := uint32(b.origin)
	for i := range b.text {
		e := table[p]
		b.text[i] = byte(e)
		p = e &^ mark >> 8
	}
}

const (
	lanes   = 8
	minPart = 4096
	parts   = 256
	mark    = 1 << 31 // of a row where a part begins
)

type part struct {
	from, len int // in the lanes
	next      int // the part that follows
}

// walkLanes walks from many rows at once. It gives up (false) where one lane
// gets far more than its share, which happens where a part is as long as a
// quarter of the block: in texts of few and long repetitions.
func (b *block) walkLanes(s *scratch) bool {
	n, table := b.n, s.table
	stride := max(minPart, (n+parts-1)/parts)
	count := (n + stride - 1) / stride
	// Part i begins at row i*stride, and one more at the origin.
	partAt := func(row int) int {
		if row%stride == 0 {
			return row / stride
		}
		return count
	}
	rowOf := func(part int) int {
		if part < count {
			return part * stride
		}
		return b.origin
	}
	total := count
	if b.origin%stride != 0 {
		total++
	}
	var all [parts + 2]part
	for i := range total {
		table[rowOf(i)] |= mark
	}
	room := n/lanes + n/4
	if cap(s.lanes) < lanes*room {
		s.lanes = make([]byte, lanes*room)
	}
	out := s.lanes[:lanes*room]

	// Each lane writes its parts one after another.
	var l [lanes]struct{ part, at, end int }
	var rows [lanes]uint32
	todo := 0
	// begin takes the first step of a part, at the marked row.
	begin := func(k int) bool {
		if todo == total || l[k].at == l[k].end {
			return false
		}
		l[k].part = todo
		all[todo].from = l[k].at
		e := table[rowOf(todo)]
		todo++
		out[l[k].at] = byte(e)
		l[k].at++
		rows[k] = e &^ mark >> 8
		return true
	}
	// end ends the part of a lane that has come to a marked row.
	end := func(k int) {
		p := &all[l[k].part]
		p.len = l[k].at - p.from
		p.next = partAt(int(rows[k]))
	}
	active := true
	for k := range lanes {
		l[k].at, l[k].end = k*room, (k+1)*room
		active = begin(k) && active
	}
	for active {
		var at [lanes]int
		limit := room
		for k := range lanes {
			at[k] = l[k].at
			limit = min(limit, l[k].end-l[k].at)
		}
		if limit == 0 {
			return false
		}
		steps := chase(table, &rows, out, at, limit)
		for k := range lanes {
			l[k].at += steps
		}
		for k := range lanes {
			for table[rows[k]]&mark != 0 {
				end(k)
				if !begin(k) {
					active = false
					rows[k] = ^uint32(0) // this lane is done
					break
				}
			}
		}
	}
	for k := range lanes {
		if rows[k] == ^uint32(0) {
			continue
		}
		for {
			e := table[rows[k]]
			if e&mark != 0 {
				break
			}
			if l[k].at == l[k].end {
				return false
			}
			out[l[k].at] = byte(e)
			l[k].at++
			rows[k] = e >> 8
		}
		end(k)
	}

	if todo < total {
		return false
	}

	for i, at := partAt(b.origin), 0; at < n; {
		p := all[i]
		at += copy(b.text[at:], out[p.from:p.from+p.len])
		i = p.next
	}
	return true
}

// chase walks all lanes until one of them is at a marked row or limit steps are
// done, and returns their number. Rows are below len(table) as they were all
// counted; out has limit bytes behind each of at.
func chase(table []uint32, rows *[lanes]uint32, out []byte, at [lanes]int, limit int) int {
	t := unsafe.Pointer(unsafe.SliceData(table))
	o := unsafe.Pointer(unsafe.SliceData(out))
	o0, o1, o2, o3 := unsafe.Add(o, at[0]), unsafe.Add(o, at[1]), unsafe.Add(o, at[2]), unsafe.Add(o, at[3])
	o4, o5, o6, o7 := unsafe.Add(o, at[4]), unsafe.Add(o, at[5]), unsafe.Add(o, at[6]), unsafe.Add(o, at[7])
	r0, r1, r2, r3 := rows[0], rows[1], rows[2], rows[3]
	r4, r5, r6, r7 := rows[4], rows[5], rows[6], rows[7]
	i := 0
	for i < limit {
		e0 := *(*uint32)(unsafe.Add(t, uintptr(r0)*4))
		e1 := *(*uint32)(unsafe.Add(t, uintptr(r1)*4))
		e2 := *(*uint32)(unsafe.Add(t, uintptr(r2)*4))
		e3 := *(*uint32)(unsafe.Add(t, uintptr(r3)*4))
		e4 := *(*uint32)(unsafe.Add(t, uintptr(r4)*4))
		e5 := *(*uint32)(unsafe.Add(t, uintptr(r5)*4))
		e6 := *(*uint32)(unsafe.Add(t, uintptr(r6)*4))
		e7 := *(*uint32)(unsafe.Add(t, uintptr(r7)*4))
		if (e0|e1|e2|e3|e4|e5|e6|e7)&mark != 0 {
			break
		}
		*(*byte)(unsafe.Add(o0, i)) = byte(e0)
		*(*byte)(unsafe.Add(o1, i)) = byte(e1)
		*(*byte)(unsafe.Add(o2, i)) = byte(e2)
		*(*byte)(unsafe.Add(o3, i)) = byte(e3)
		*(*byte)(unsafe.Add(o4, i)) = byte(e4)
		*(*byte)(unsafe.Add(o5, i)) = byte(e5)
		*(*byte)(unsafe.Add(o6, i)) = byte(e6)
		*(*byte)(unsafe.Add(o7, i)) = byte(e7)
		i++
		r0, r1, r2, r3 = e0>>8, e1>>8, e2>>8, e3>>8
		r4, r5, r6, r7 = e4>>8, e5>>8, e6>>8, e7>>8
	}
	*rows = [lanes]uint32{r0, r1, r2, r3, r4, r5, r6, r7}
	return i
}
