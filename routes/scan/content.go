package scan

import (
	"fmt"
	"hash/maphash"
	"io"

	"constat/routes/source"
	"constat/routes/vantage"
)

// content tells what a file unpacks to from what others do. The sum is of this process
// alone: its seed is drawn anew each time, so that nobody can make two files that are
// taken for one.
type content struct {
	n   int64 // bytes; 0 if it was not summed up
	sum uint64
}

var contentSeed = maphash.MakeSeed()

// contents sums up what is read through it.
type contents struct {
	r io.Reader
	n int64
	h maphash.Hash
}

func newContents(r io.Reader) *contents {
	c := &contents{r: r}
	c.h.SetSeed(contentSeed)
	return c
}

func (c *contents) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.h.Write(p[:n])
	return n, err
}

func (c *contents) sum() content { return content{c.n, c.h.Sum64()} }

// Repacked returns which files unpack to what a file of another collector does, as
// [Copies] does for those with the same bytes.
//
// Only files that were read with [Input].Content are compared.
//
// Example: the folder of rrc80, packed with another program, as rrc99.
func Repacked(set *source.Set, scans []*Scan) map[int]int {
	type key struct {
		content
		part string
	}
	return copies(set, scans, func(i int) (key, bool) { return key{scans[i].content, set.Files[i].Part}, scans[i].content.n > 0 })
}

// Sessions says of a watch which collectors have peers whose sessions are another's
// ([vantage.Watch.MarkCopies]), and how many.
func Sessions(w *vantage.Watch) []source.Skipped {
	var out []source.Skipped
	for i := range w.Collectors {
		c := &w.Collectors[i]
		n := map[string]int{}
		var of []string
		for _, p := range c.Peers {
			if p.CopyOf == "" {
				continue
			}
			if n[p.CopyOf]++; n[p.CopyOf] == 1 {
				of = append(of, p.CopyOf)
			}
		}
		for _, name := range of {
			out = append(out, source.Skipped{Name: c.Name, Reason: fmt.Sprintf("%d of its peers are in the same sessions as those of %s, and are counted there", n[name], name)})
		}
	}
	return out
}
