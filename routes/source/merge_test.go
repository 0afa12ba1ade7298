package source

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"constat/moment"
)

type item struct {
	collector, file string
	offset          int
	at              moment.Time
}

type list struct {
	items []item
	n     int
	open  *int
	err   error
}

func (l *list) Next() (item, moment.Time, error) {
	if l.n == len(l.items) {
		if l.err != nil {
			return item{}, 0, l.err
		}
		return item{}, 0, io.EOF
	}
	l.n++
	return l.items[l.n-1], l.items[l.n-1].at, nil
}

func (l *list) Close() error { *l.open--; return nil }

// TestMergeAgainstSort compares the merge with sorting everything in memory.
func TestMergeAgainstSort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		var inputs []Input[item]
		var all []item
		open, most := 0, 0
		backwards := int64(0)
		for c := range 1 + r.IntN(4) {
			for f := range 1 + r.IntN(6) {
				start := moment.Time(f) * 300 * moment.Second
				var l []item
				at := start
				key := moment.Time(0)
				var keys []moment.Time
				for o := range r.IntN(20) {
					at += moment.Time(r.IntN(30)) * moment.Second
					this := at
					if r.IntN(10) == 0 {
						this -= 20 * moment.Second // the clock goes backwards
					}
					l = append(l, item{fmt.Sprint("c", c), fmt.Sprint("f", f), o, this})
					if this < key {
						backwards++
					}
					key = max(key, this)
					keys = append(keys, key)
				}
				for i, it := range l {
					it.at = keys[i] // the place it takes
					all = append(all, it)
				}
				inputs = append(inputs, Input[item]{Collector: fmt.Sprint("c", c), File: fmt.Sprint("f", f), Start: start,
					Open: func() (Iterator[item], error) {
						open++
						most = max(most, open)
						return &list{items: l, open: &open}, nil
					}})
			}
		}
		slices.SortFunc(all, func(a, b item) int {
			return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.collector, b.collector),
				strings.Compare(a.file, b.file), cmp.Compare(a.offset, b.offset))
		})
		r.Shuffle(len(inputs), func(i, j int) { inputs[i], inputs[j] = inputs[j], inputs[i] })
		m := Merge(inputs)
		for i := 0; ; i++ {
			it, at, from, err := m.Next()
			if err == io.EOF {
				if i != len(all) {
					t.Fatalf("round %d: %d items, want %d", round, i, len(all))
				}
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			w := all[i]
			if it.collector != w.collector || it.file != w.file || it.offset != w.offset || it.at != at || from.File != it.file {
				t.Fatalf("round %d: item %d is %v, want %v", round, i, it, w)
			}
		}
		if err := m.Close(); err != nil || open != 0 {
			t.Errorf("round %d: %d left open, %v", round, open, err)
		}
		if m.Backwards != backwards {
			t.Errorf("round %d: %d counted backwards, want %d", round, m.Backwards, backwards)
		}
	}
}

// TestMergeOpensLate: files lie open only while the merge passes through them.
func TestMergeOpensLate(t *testing.T) {
	open, most := 0, 0
	var inputs []Input[item]
	for f := range 1000 {
		start := moment.Time(f) * 300 * moment.Second
		inputs = append(inputs, Input[item]{Collector: "c", File: fmt.Sprint(f), Start: start, Open: func() (Iterator[item], error) {
			open++
			most = max(most, open)
			return &list{items: []item{{at: start}, {at: start + 299*moment.Second}}, open: &open}, nil
		}})
	}
	m := Merge(inputs)
	n := 0
	for {
		if _, _, _, err := m.Next(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 2000 || most > 2 || open != 0 {
		t.Errorf("%d items, %d open at most, %d left", n, most, open)
	}
}

func TestMergeErrors(t *testing.T) {
	open := 0
	broken := errors.New("broken")
	m := Merge([]Input[item]{
		{Collector: "a", File: "1", Open: func() (Iterator[item], error) { open++; return &list{items: make([]item, 2), open: &open}, nil }},
		{Collector: "b", File: "2", Open: func() (Iterator[item], error) {
			open++
			return &list{items: make([]item, 1), open: &open, err: broken}, nil
		}},
	})
	var err error
	for err == nil {
		_, _, _, err = m.Next()
	}
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "b 2") {
		t.Error(err)
	}
	m.Close()
	if open != 0 {
		t.Errorf("%d left open", open)
	}
}
