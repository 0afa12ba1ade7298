package rib

import (
	"encoding/binary"
	"sort"
)

// log is a long history, packed. Its last two steps, which may still be changed, lie
// beside it.
//
// A step is a number of its distance in seconds from the step before and its state, in
// two bits. Of a held one there follow its path, as a place among those of the log, with
// two bits that say what else follows: how much later it was last heard, if it was; and
// the record's distance from that of the held step before, if it is another: in its upper
// 24 bits if they differ, and then all of the lower 40, or else in the lower ones alone. So
// numbers that are an exhibit and an offset are short.
type log struct {
	packed []byte
	at     int64 // of the last packed step
	record int64 // of the last held one that is packed
	n      int32 // steps in all
	next   int32
	marks  []logMark // one for each markEvery packed bytes

	before logStep
	has    bool // there is a step before that is not packed
	last   logStep
	held   []idPath
	paths  []PathID
}

type logStep struct {
	step          RouteStep
	heard, record int64
}

// logMark is a place from which a log can be unpacked, but for its records: the distance in
// packed bytes, and the time of the step before it.
type logMark struct {
	off int32
	at  int64
}

const markEvery = 128

// push makes room for another last step.
func (l *log) push() {
	if l.has {
		l.pack(l.before)
	}
	l.before, l.has = l.last, true
}

// pop makes the step before the last one.
func (l *log) pop() {
	if !l.has {
		l.unpack()
	}
	l.last, l.has = l.before, false
}

func (l *log) empty() {
	l.packed, l.at, l.record, l.has, l.marks = l.packed[:0], 0, 0, false, l.marks[:0]
}

// Bits behind the place of a path.
const (
	otherRecord = 1 << iota
	heardLater
)

const lowBits = 40

func zigzag(n int64) uint64   { return uint64(n)<<1 ^ uint64(n>>63) }
func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

func (l *log) pack(s logStep) {
	if n := len(l.marks); len(l.packed) >= (n+1)*markEvery {
		l.marks = append(l.marks, logMark{int32(len(l.packed)), l.at})
	}
	b := binary.AppendUvarint(l.packed, zigzag(s.step.At-l.at)<<2|uint64(s.step.State))
	l.at = s.step.At
	if s.step.State == RouteHeld {
		n := uint64(l.path(s.step.Path)) << 2
		if s.heard != s.step.At {
			n |= heardLater
		}
		if s.record != l.record {
			n |= otherRecord
		}
		b = binary.AppendUvarint(b, n)
		if s.heard != s.step.At {
			b = binary.AppendUvarint(b, zigzag(s.heard-s.step.At))
		}
		if s.record == l.record {
			l.packed = b
			return
		}
		if hi := s.record>>lowBits - l.record>>lowBits; hi != 0 {
			b = binary.AppendUvarint(b, zigzag(hi)<<1|1)
			b = binary.AppendUvarint(b, uint64(s.record)&(1<<lowBits-1))
		} else {
			b = binary.AppendUvarint(b, zigzag(s.record-l.record)<<1)
		}
		l.record = s.record
	}
	l.packed = b
}

// unpacker gives the packed steps one by one.
type unpacker struct {
	l          *log
	off        int
	at, record int64
}

func (u *unpacker) uint() uint64 {
	if b := u.l.packed[u.off]; b < 0x80 {
		u.off++
		return uint64(b)
	}
	n, k := binary.Uvarint(u.l.packed[u.off:])
	u.off += k
	return n
}

func (u *unpacker) next() (s logStep) {
	n := u.uint()
	u.at += unzigzag(n >> 2)
	s.step = RouteStep{At: u.at, State: RouteState(n & 3), Path: NoPath}
	s.heard = u.at
	if s.step.State != RouteHeld {
		return s
	}
	n = u.uint()
	s.step.Path = u.l.paths[n>>2]
	if n&heardLater != 0 {
		s.heard += unzigzag(u.uint())
	}
	if n&otherRecord == 0 {
		s.record = u.record
		return s
	}
	if n := u.uint(); n&1 != 0 {
		u.record = (u.record>>lowBits+unzigzag(n>>1))<<lowBits | int64(u.uint())
	} else {
		u.record += unzigzag(n >> 1)
	}
	s.record = u.record
	return s
}

// state is next without the record and when the step was last heard: these are passed over.
// The path is given by its place; −1 if there is none.
func (u *unpacker) state() (s RouteStep, path int) {
	n := u.uint()
	u.at += unzigzag(n >> 2)
	s = RouteStep{At: u.at, State: RouteState(n & 3), Path: NoPath}
	if s.State != RouteHeld {
		return s, -1
	}
	n = u.uint()
	path = int(n >> 2)
	if n&heardLater != 0 {
		u.skip()
	}
	if n&otherRecord != 0 && u.uint()&1 != 0 {
		u.skip()
	}
	return s, path
}

// skip passes over a number.
func (u *unpacker) skip() {
	b := u.l.packed
	for b[u.off] >= 0x80 {
		u.off++
	}
	u.off++
}

// unpack takes the last packed step out.
func (l *log) unpack() {
	u := unpacker{l: l}
	var was unpacker
	for u.off < len(l.packed) {
		was = u
		l.before = u.next()
	}
	l.packed, l.at, l.record, l.has = l.packed[:was.off], was.at, was.record, true
	if n := len(l.marks); n > 0 && int(l.marks[n-1].off) > len(l.packed) {
		l.marks = l.marks[:n-1]
	}
}

// around appends the steps from the second-last mark before a second on, or all from the
// first one on if there is none, up to the last one at or before another. If first is false,
// at least one of them lies before from.
func (l *log) around(steps []RouteStep, heard []int64, from, until int64) (_ []RouteStep, _ []int64, first bool) {
	u := unpacker{l: l}
	i := sort.Search(len(l.marks), func(i int) bool { return l.marks[i].at > from }) - 2
	if i >= 0 {
		u.off, u.at = int(l.marks[i].off), l.marks[i].at
	}
	add := func(s logStep) bool {
		if s.step.At > until {
			return false
		}
		steps, heard = append(steps, s.step), append(heard, s.heard)
		return true
	}
	for u.off < len(l.packed) {
		if !add(u.next()) {
			return steps, heard, i < 0
		}
	}
	if (!l.has || add(l.before)) && l.n > 0 {
		add(l.last)
	}
	return steps, heard, i < 0
}

// until is the last step at or before a second; false if there is none.
func (l *log) until(at int64) (step RouteStep, ok bool) {
	// The last mark whose step before it is not later: the step asked for is that one, or
	// comes behind the mark. If it is that one, it is found from the mark before.
	i := sort.Search(len(l.marks), func(i int) bool { return l.marks[i].at > at }) - 1
	if step, ok = l.untilFrom(i, at); !ok && i >= 0 {
		step, ok = l.untilFrom(i-1, at)
	}
	return step, ok
}

// untilFrom is until among the steps behind a mark; −1 is the beginning.
func (l *log) untilFrom(mark int, at int64) (step RouteStep, ok bool) {
	u := unpacker{l: l}
	if mark >= 0 {
		u.off, u.at = int(l.marks[mark].off), l.marks[mark].at
	}
	path := -1 // of the step, by its place
	for u.off < len(l.packed) {
		s, p := u.state()
		if s.At > at {
			if path >= 0 {
				step.Path = l.paths[path]
			}
			return step, ok
		}
		step, path, ok = s, p, true
	}
	if path >= 0 {
		step.Path = l.paths[path]
	}
	see := func(s RouteStep) bool {
		if s.At > at {
			return false
		}
		step, ok = s, true
		return true
	}
	if (!l.has || see(l.before.step)) && l.n > 0 {
		see(l.last.step)
	}
	return step, ok
}

// all lists the steps with what belongs to each.
func (l *log) all() (steps []RouteStep, heard, records []int64) {
	steps, heard, records = make([]RouteStep, 0, l.n), make([]int64, 0, l.n), make([]int64, 0, l.n)
	add := func(s logStep) {
		steps, heard, records = append(steps, s.step), append(heard, s.heard), append(records, s.record)
	}
	for u := (unpacker{l: l}); u.off < len(l.packed); {
		add(u.next())
	}
	if l.has {
		add(l.before)
	}
	if l.n > 0 {
		add(l.last)
	}
	return steps, heard, records
}

// clip lets go of what was reserved for more steps.
func (l *log) clip() {
	if cap(l.packed)-len(l.packed) > len(l.packed)/16 {
		l.packed = append(make([]byte, 0, len(l.packed)), l.packed...)
	}
}

// path is the place of a path among those of the log.
func (l *log) path(id PathID) int {
	for i, p := range l.paths {
		if p == id {
			return i
		}
	}
	l.paths = append(l.paths, id)
	return len(l.paths) - 1
}
