package scan

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"io"

	"constat/moment"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// content tells what a file unpacks to from what others do, whatever times its MRT records
// are stamped with. The sum is of this process
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
	timeless
}

func newContents(r io.Reader) *contents {
	c := &contents{r: r}
	c.h.SetSeed(contentSeed)
	return c
}

func (c *contents) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.timeless.write(&c.h, p[:n])
	return n, err
}

// timeless sums up MRT records without the times in their headers (RFC 6396 §2, §3), so
// that the same records with other times are the same. What does not look like a record is
// summed up as it is, to the end.
type timeless struct {
	head  [16]byte
	in    int   // bytes of the header so far
	body  int64 // bytes of the record that are to come
	plain bool
}

func (t *timeless) write(h *maphash.Hash, p []byte) {
	for len(p) > 0 {
		switch {
		case t.plain:
			h.Write(p)
			return
		case t.body > 0:
			n := min(int64(len(p)), t.body)
			h.Write(p[:n])
			t.body -= n
			p = p[n:]
			continue
		}
		need := 12
		if t.in >= 12 { // with microseconds behind it
			need = 16
		}
		n := copy(t.head[t.in:need], p)
		t.in += n
		p = p[n:]
		if t.in < need {
			return
		}
		kind, length := binary.BigEndian.Uint16(t.head[4:]), int64(binary.BigEndian.Uint32(t.head[8:]))
		extended := kind == mrt.TypeBGP4MPET || kind == mrt.TypeISISET || kind == mrt.TypeOSPFv3ET
		switch {
		case kind == 0 || kind > 64 || length > 1<<24 || extended && length < 4:
			t.plain = true
			h.Write(t.head[:t.in])
		case extended && need == 12:
			continue
		default:
			h.Write(t.head[4:12])
			t.body = length
			if extended {
				t.body -= 4
			}
		}
		t.in = 0
	}
}

func (c *contents) sum() content { return content{c.n, c.h.Sum64()} }

// Repacked returns which files unpack to what a file of another collector does, as
// [Copies] does for those with the same bytes.
//
// Only files that were read with [Input].Content are compared. The times in the headers of
// records do not count, unless the first of two files lie more than an hour apart.
//
// Examples: the folder of rrc80, packed with another program, as rrc99; the same, each
// record a second later.
func Repacked(set *source.Set, scans []*Scan) map[int]int {
	type key struct {
		content
		part string
	}
	first, out := map[key][]int{}, map[int]int{}
	for _, i := range set.Fullest() {
		s := scans[i]
		if s == nil || s.File.Records == 0 || s.content.n == 0 || s.File.First == nil {
			continue
		}
		name := key{s.content, set.Files[i].Part}
		nearest, apart := -1, timesApart+1 // that of the same time, if one collector's files repeat themselves
		for _, k := range first[name] {
			if d := max(*s.File.First-*scans[k].File.First, *scans[k].File.First-*s.File.First); d < apart && set.Files[k].Collector != set.Files[i].Collector {
				nearest, apart = k, d
			}
		}
		if nearest >= 0 {
			out[i] = nearest
		} else {
			first[name] = append(first[name], i)
		}
	}
	return out
}

// timesApart is how far the times of two files' first records may lie apart if all else in
// them is the same.
const timesApart = moment.Time(3600) * moment.Second

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
