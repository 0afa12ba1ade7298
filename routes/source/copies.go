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
// comes first. So are tables that unpack to the same. Example: rib.bz2 of rrc80 was packed again as
// rib.gz of rrc99. Updates that were packed again are found once they were read
// ([constat/routes/scan.Repacked]).
//
// Example: a folder and a copy of it are given. Its peers are counted once.
//
// Files are compared if they are alike in size and kind, tables unpacked if their first
// bytes are alike, so that it costs next to nothing where no copy is; what fetching or
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
	if again := out.repacked(ctx); len(again) > 0 {
		out = out.Without(again, UnpacksTo)
	}
	return out
}

// Reasons why a file is a copy, with the collector and the name of the file that is read.
const (
	BytesOf   = "its bytes are those of %s %s, which is read"
	UnpacksTo = "it unpacks to what %s %s holds, which is read"
)

// headLength is how many unpacked bytes of two tables are compared before all are. A table
// of TABLE_DUMP_V2 begins with its peers and its collector.
const headLength = 1 << 12

// repacked finds tables of this machine that unpack to the same as one of another
// collector that comes before.
func (s *Set) repacked(ctx context.Context) map[int]int {
	type first struct {
		part string
		n    int
		head [headLength]byte
	}
	var tables []int
	several := false
	for _, i := range s.Fullest() {
		if f := &s.Files[i]; f.Kind == RIB && f.URL == "" {
			several = several || len(tables) > 0 && s.Files[tables[0]].Collector != f.Collector
			tables = append(tables, i)
		}
	}
	if !several {
		return nil
	}
	out := map[int]int{}
	by := map[first][]int{}
	sums := map[int][]byte{}
	for _, i := range tables {
		f := &s.Files[i]
		k := first{part: f.Part}
		if !f.unpacked(func(r io.Reader) (err error) {
			if k.n, err = io.ReadFull(r, k.head[:]); err == io.ErrUnexpectedEOF && k.n >= leastCopy {
				err = nil
			}
			return err
		}) {
			continue // nothing, or nothing that can be read
		}
		sum := func(i int) []byte {
			if _, ok := sums[i]; !ok {
				sums[i] = nil
				h := sha256.New()
				if s.Files[i].unpacked(func(r io.Reader) error { return copyUntil(ctx, h, r) }) {
					sums[i] = h.Sum(nil)
				}
			}
			return sums[i]
		}
		is := false
		for _, j := range by[k] {
			if s.Files[j].Collector == f.Collector {
				continue // the peers are the same, and a peer holds a route once
			}
			if b := sum(i); b != nil && bytes.Equal(b, sum(j)) {
				out[i], is = j, true
				break
			}
		}
		if !is {
			by[k] = append(by[k], i)
		}
	}
	return out
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

// copyUntil copies to the end, or until a context is over.
func copyUntil(ctx context.Context, w io.Writer, r io.Reader) error {
	for ctx.Err() == nil {
		if _, err := io.CopyN(w, r, 1<<20); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Without is the set without some files, each by its place, that are copies of another:
// they are among Absent, for a reason. A collector of which no file is left was never
// heard, and has no holes.
func (s *Set) Without(copied map[int]int, reason string) *Set {
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
			out.Absent = append(out.Absent, Skipped{f.Collector + " " + f.Name, fmt.Sprintf(reason, of.Collector, of.Name)})
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
