package source

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"

	"constat/internal/decompress"
)

// leastCopy is the size in bytes from which on two files that are alike are one: packed
// files of quiet times have nothing in them, and are alike at all collectors.
const leastCopy = 64

// WithoutCopies is the set without files that are read already under another name: files
// whose bytes are those of one that comes before. They are among Absent, with the name of
// that one. A collector of which no file is left was never heard, and has no holes.
//
// Of two the one that comes before is that of the collector with more files, or whose name
// comes first. So are tables that unpack to the same, also if the times in them differ ([tableSum]).
// Examples: rib.bz2 of rrc80 was packed again as rib.gz of rrc99; a second was added to the time of each
// of its records. Updates that were packed again are found once they were read
// ([constat/routes/scan.Repacked]).
//
// Example: a folder and a copy of it are given. Its peers are counted once.
//
// Files are compared if they are alike in size and kind, tables unpacked if their first
// records are alike, so that it costs next to nothing where no copy is; what fetching or
// opening one says is said when it is read.
func (s *Set) WithoutCopies(ctx context.Context) *Set {
	type alike struct {
		size   int64
		kind   Kind
		format string
		part   string
	}
	by := map[alike][]int{} // places in s.Files of files that are no copy
	sums := map[int][]byte{}
	sum := func(i int) []byte {
		if b, ok := sums[i]; ok {
			return b
		}
		sums[i] = digest(ctx, &s.Files[i])
		return sums[i]
	}
	copied := map[int]int{}
	for _, i := range s.Fullest() {
		f := &s.Files[i]
		k := alike{f.Size, f.Kind, f.Format, f.Part}
		if f.Size < leastCopy || f.slack != 0 {
			continue
		}
		for _, j := range by[k] {
			if b := sum(i); b != nil && bytes.Equal(b, sum(j)) {
				copied[i] = j
				break
			}
		}
		if _, is := copied[i]; !is {
			by[k] = append(by[k], i)
		}
	}
	out := s
	if len(copied) > 0 {
		out = s.Without(copied, BytesOf)
	}
	if again, restamped := out.repacked(ctx); len(again) > 0 {
		out = out.without(again, func(i int) string {
			if restamped[i] {
				return ButForTimes
			}
			return UnpacksTo
		})
	}
	return out
}

// Reasons why a file is a copy, with the collector and the name of the file that is read.
const (
	BytesOf     = "its bytes are those of %s %s, which is read"
	UnpacksTo   = "it unpacks to what %s %s holds, which is read"
	ButForTimes = "but for the times in it, it unpacks to what %s %s holds, which is read"
)

// repacked finds tables of this machine that unpack to the same as one of another
// collector that comes before, and which of them do but for their times.
func (s *Set) repacked(ctx context.Context) (out map[int]int, restamped map[int]bool) {
	type first struct{ part, head string }
	var tables []int
	several := false
	for _, i := range s.Fullest() {
		if f := &s.Files[i]; f.Kind == RIB && f.URL == "" {
			several = several || len(tables) > 0 && s.Files[tables[0]].Collector != f.Collector
			tables = append(tables, i)
		}
	}
	if !several {
		return nil, nil
	}
	out, restamped = map[int]int{}, map[int]bool{}
	by := map[first][]int{}
	sums := map[int]*tableSum{}
	sum := func(i int) *tableSum {
		if _, ok := sums[i]; !ok {
			sums[i] = sumTable(ctx, &s.Files[i])
		}
		return sums[i]
	}
	for _, i := range tables {
		f := &s.Files[i]
		k := first{part: f.Part}
		if !f.unpacked(func(r io.Reader) error {
			t, err := sumRecords(ctx, r, headRecords)
			if err == nil {
				k.head = string(t.timeless)
			}
			return err
		}) {
			continue // nothing, or nothing that can be read
		}
		if f.Size < leastCopy {
			continue
		}
		copied := slices.ContainsFunc(by[k], func(j int) bool {
			if s.Files[j].Collector == f.Collector {
				return false // the peers are the same, and a peer holds a route once
			}
			exact, is := sum(i).same(sum(j))
			if is {
				out[i], restamped[i] = j, !exact
			}
			return is
		})
		if !copied {
			by[k] = append(by[k], i)
		}
	}
	return out, restamped
}

// unpacked reads what a file unpacks to, and reports whether that went well.
func (f *File) unpacked(read func(io.Reader) error) bool {
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	d, err := decompress.NewReader(r)
	if err != nil {
		return false
	}
	defer d.Close()
	return read(d) == nil
}

// Without is the set without some files, each by its place, that are copies of another:
// they are among Absent, for a reason. A collector of which no file is left was never
// heard, and has no holes.
func (s *Set) Without(copied map[int]int, reason string) *Set {
	return s.without(copied, func(int) string { return reason })
}

// without is Without with a reason for each.
func (s *Set) without(copied map[int]int, reason func(int) string) *Set {
	out := *s
	out.Files, out.Missing = nil, nil
	out.Absent, out.Partly = slices.Clone(s.Absent), maps.Clone(s.Partly)
	if out.Partly == nil {
		out.Partly = map[[2]string]bool{}
	}
	has := map[string]bool{}
	for i := range s.Files {
		f := s.Files[i]
		if j, is := copied[i]; is {
			of := &s.Files[j]
			if of.Collector != f.Collector {
				out.Partly[[2]string{f.Collector, of.Collector}] = true
			}
			out.Absent = append(out.Absent, Skipped{f.Collector + " " + f.Name, fmt.Sprintf(reason(i), of.Collector, of.Name)})
			continue
		}
		has[f.Collector] = true
		out.Files = append(out.Files, f)
	}
	for _, h := range s.Missing {
		if has[h.Collector] {
			out.Missing = append(out.Missing, h)
		}
	}
	return &out
}

// Fullest are the places of all files, those of the collector that has most of them first,
// of several by their names: of two copies the one in the fuller folder stays.
func (s *Set) Fullest() []int {
	n := map[string]int{}
	order := make([]int, len(s.Files))
	for i := range s.Files {
		order[i] = i
		n[s.Files[i].Collector]++
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(n[s.Files[j].Collector], n[s.Files[i].Collector])
	})
	return order
}

// digest is that of a file as it is stored; nil if it cannot be read.
func digest(ctx context.Context, f *File) []byte {
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	h := sha256.New()
	for ctx.Err() == nil {
		if _, err := io.CopyN(h, r, 1<<20); err == io.EOF {
			return h.Sum(nil)
		} else if err != nil {
			return nil
		}
	}
	return nil
}
