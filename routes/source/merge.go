package source

import (
	"container/heap"
	"fmt"
	"io"

	"constat/moment"
)

// Iterator gives the items of one file in stored order; the error after the
// last is [io.EOF]. An item may be reused by the next call.
type Iterator[T any] interface {
	Next() (item T, at moment.Time, err error)
	Close() error
}

// Input is one file to merge.
type Input[T any] struct {
	Collector string
	File      string
	// Start is before or at the file's first item, give or take
	// [MergeAhead]: until the merge gets there the file is not opened.
	Start moment.Time
	Open  func() (Iterator[T], error)
}

// MergeAhead is how long before an input's Start it is opened, so that a first
// record stamped a little early still finds its place.
const MergeAhead = 60 * moment.Second

// Merger gives the items of many files in the order of time, collector, file,
// offset. It holds one item of each open file, and a file is open only while
// the merge passes through it.
//
// The stored order of a file is never changed: where its time goes backwards
// the item takes the place of the latest time before it, and Backwards counts
// it. So does an item that comes before the time the merge has reached because
// its file began earlier than its Start said.
type Merger[T any] struct {
	Backwards int64

	waiting inputHeap[T]
	open    headHeap[T]
	last    *head[T] // whose item was returned last
	now     moment.Time
}

// Merge makes a Merger. Close must be called.
func Merge[T any](inputs []Input[T]) *Merger[T] {
	m := &Merger[T]{}
	for i := range inputs {
		m.waiting = append(m.waiting, &inputs[i])
	}
	heap.Init(&m.waiting)
	return m
}

// Next returns the next item, its time and the input it is from; [io.EOF] after
// the last. An item is valid until the next call.
func (m *Merger[T]) Next() (item T, at moment.Time, from *Input[T], err error) {
	var zero T
	if h := m.last; h != nil {
		m.last = nil
		more, err := m.read(h)
		if err != nil {
			return zero, 0, h.in, err
		}
		if more && m.isNext(h) { // as nearly always: files of a collector follow each other
			m.now, m.last = h.key, h
			return h.item, h.at, h.in, nil
		}
		if more {
			heap.Push(&m.open, h)
		}
	}
	for len(m.waiting) > 0 && (len(m.open) == 0 || m.waiting[0].Start-MergeAhead <= m.open[0].key) {
		in := heap.Pop(&m.waiting).(*Input[T])
		it, err := in.Open()
		if err != nil {
			return zero, 0, in, fmt.Errorf("%s %s: %w", in.Collector, in.File, err)
		}
		if err := m.advance(&head[T]{in: in, it: it, key: m.now}); err != nil {
			return zero, 0, in, err
		}
	}
	if len(m.open) == 0 {
		return zero, 0, nil, io.EOF
	}
	h := heap.Pop(&m.open).(*head[T])
	m.now, m.last = h.key, h
	return h.item, h.at, h.in, nil
}

// isNext reports whether the item of a file that is in no heap comes before all others.
func (m *Merger[T]) isNext(h *head[T]) bool {
	if len(m.waiting) > 0 && m.waiting[0].Start-MergeAhead <= h.key {
		return false
	}
	return len(m.open) == 0 || h.before(m.open[0])
}

// advance reads the next item of a file and puts the file back in order, or
// closes it at its end.
func (m *Merger[T]) advance(h *head[T]) error {
	more, err := m.read(h)
	if more {
		heap.Push(&m.open, h)
	}
	return err
}

// read reads the next item of a file; at its end the file is closed, and there is no more.
func (m *Merger[T]) read(h *head[T]) (more bool, err error) {
	item, at, err := h.it.Next()
	if err == io.EOF {
		return false, h.it.Close()
	}
	if err != nil {
		h.it.Close()
		return false, fmt.Errorf("%s %s: %w", h.in.Collector, h.in.File, err)
	}
	if at < h.key {
		m.Backwards++
	}
	h.item, h.at, h.key = item, at, max(h.key, at)
	return true, nil
}

// Close closes the files that are open.
func (m *Merger[T]) Close() error {
	var first error
	if m.last != nil {
		m.open = append(m.open, m.last)
		m.last = nil
	}
	for _, h := range m.open {
		if err := h.it.Close(); err != nil && first == nil {
			first = err
		}
	}
	m.open, m.waiting = nil, nil
	return first
}

type head[T any] struct {
	in   *Input[T]
	it   Iterator[T]
	item T
	at   moment.Time
	key  moment.Time // at, or the latest before it
}

// before reports whether its item comes before that of another.
func (h *head[T]) before(o *head[T]) bool {
	if h.key != o.key {
		return h.key < o.key
	}
	if h.in.Collector != o.in.Collector {
		return h.in.Collector < o.in.Collector
	}
	return h.in.File < o.in.File
}

type headHeap[T any] []*head[T]

func (h headHeap[T]) Len() int           { return len(h) }
func (h headHeap[T]) Less(i, j int) bool { return h[i].before(h[j]) }
func (h headHeap[T]) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *headHeap[T]) Push(x any)        { *h = append(*h, x.(*head[T])) }
func (h *headHeap[T]) Pop() any {
	old := *h
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return x
}

type inputHeap[T any] []*Input[T]

func (h inputHeap[T]) Len() int           { return len(h) }
func (h inputHeap[T]) Less(i, j int) bool { return h[i].Start < h[j].Start }
func (h inputHeap[T]) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *inputHeap[T]) Push(x any)        { *h = append(*h, x.(*Input[T])) }
func (h *inputHeap[T]) Pop() any {
	old := *h
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return x
}
