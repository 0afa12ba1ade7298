package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
)

// leastCopy is the size in bytes from which on two files that are alike are one: packed
// files of quiet times have nothing in them, and are alike at all collectors.
const leastCopy = 64

// WithoutCopies is the set without files that are read already under another name: files
// whose bytes are those of one that comes before. They are among Absent, with the name of
// that one. A collector of which no file is left was never heard, and has no holes.
//
// Example: a folder and a copy of it are given. Its peers are counted once.
//
// Files are compared if they are alike in size and kind, so that it costs nothing where no
// copy is; what fetching or opening one says is said when it is read.
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
	for i := range s.Files {
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
	if len(copied) == 0 {
		return s
	}
	return s.Without(copied)
}

// Without is the set without some files, each by its place, that are copies of another:
// they are among Absent. A collector of which no file is left was never heard, and has no
// holes.
func (s *Set) Without(copied map[int]int) *Set {
	out := *s
	out.Files, out.Missing = nil, nil
	out.Absent = slices.Clone(s.Absent)
	has := map[string]bool{}
	for i := range s.Files {
		f := s.Files[i]
		if j, is := copied[i]; is {
			of := &s.Files[j]
			out.Absent = append(out.Absent, Skipped{f.Collector + " " + f.Name, fmt.Sprintf("its bytes are those of %s %s, which is read", of.Collector, of.Name)})
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
