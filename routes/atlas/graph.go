package atlas

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"constat/internal/worded"
)

// Link is what a list of relations says of two networks: A is a provider of B, or they
// are peers.
type Link struct {
	A, B uint32
	Peer bool
}

// RelationList is a list of relations as a whole.
type RelationList struct {
	Register
	Links []Link
	// Core are the networks that the list names as those without providers
	// ("# inferred clique:"); empty if it names none.
	Core    []uint32
	Damaged []Damage
}

// RelationList reads the list of relations in use whole; nil if the atlas has none.
func (a *Atlas) RelationList() (*RelationList, error) {
	t := a.tableInUse(isRelations)
	if t == nil {
		return nil, nil
	}
	return readRelationList(*t)
}

// OpenRelations reads a list of relations, whatever the atlas takes it for: CAIDA's
// form, and that of graphs derived from it, which have each link in both directions:
// "provider|customer|-1", "customer|provider|1", "peer|peer|0".
func OpenRelations(path string) (*RelationList, error) {
	return readRelationList(newTable(isRelations, path, ""))
}

// maxLinks bounds a list in memory. The largest have half a million.
const maxLinks = 20_000_000

func readRelationList(t table) (*RelationList, error) {
	r, done, err := openPacked(t.path)
	if err != nil {
		return nil, worded.Errorf("relations: %w", err)
	}
	defer done()
	h := &hashing{r: r, h: sha256.New()}
	var heads bytes.Buffer
	d := damages{file: t.file}
	out := &RelationList{}
	l := newLineReader(io.TeeReader(h, &headLines{&heads}))
	for x := range l.links(&d) {
		if len(out.Links) >= maxLinks {
			return nil, worded.Errorf("relations: %s: more than %d links", t.file, maxLinks)
		}
		out.Links = append(out.Links, x)
	}
	_, _ = io.Copy(io.Discard, h) // a list that breaks off was counted as damage by its reader
	if len(out.Links) == 0 {
		return nil, worded.Errorf("relations: %s: no line such as 4837|131279|-1 in it (%s)", filepath.Base(t.path), firstOf(d.named, "it is empty"))
	}
	for line := range strings.Lines(heads.String()) {
		if _, core, ok := strings.Cut(line, "inferred clique:"); ok {
			out.Core = nil
			for w := range strings.FieldsSeq(core) {
				if n, err := parseASNumber(w); err == nil {
					out.Core = append(out.Core, n)
				}
			}
		}
	}
	out.Register = Register{What: RegisterRelations, File: t.file, Date: t.date, SHA256: hex.EncodeToString(h.h.Sum(nil)), Unread: d.count}
	out.Damaged = d.named
	return out, nil
}

// links gives the lines of a list of relations that can be read; others are damage.
// Lists that have a link in both directions give it twice.
func (l *lineReader) links(d *damages) iter.Seq[Link] {
	return func(yield func(Link) bool) {
		for s := range l.content(d, "#") {
			f := strings.Split(s, "|")
			if len(f) != 3 && len(f) != 4 {
				d.add(l.n, "not three or four fields: %q", clip(s))
				continue
			}
			a, err1 := parseASNumber(f[0])
			b, err2 := parseASNumber(f[1])
			if err1 != nil || err2 != nil {
				d.add(l.n, "no two AS numbers: %q", clip(s))
				continue
			}
			x := Link{A: a, B: b}
			switch f[2] {
			case "-1":
			case "1":
				x = Link{A: b, B: a}
			case "0":
				x.Peer = true
			default:
				d.add(l.n, "unknown relation %q", clip(f[2]))
				continue
			}
			if !yield(x) {
				return
			}
		}
	}
}

func firstOf(named []Damage, none string) string {
	if len(named) == 0 {
		return none
	}
	return named[0].String()
}

// headLines keeps the comments at the head of a list.
type headLines struct{ b *bytes.Buffer }

const headMost = 64 << 10

func (h *headLines) Write(p []byte) (int, error) {
	if room := headMost - h.b.Len(); room > 0 {
		h.b.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
