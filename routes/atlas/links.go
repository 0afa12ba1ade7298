package atlas

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Link is one line of a file of relations: A is a provider of B, or they are peers.
type Link struct {
	A, B uint32
	Peer bool
}

// Links is a whole file of relations.
type Links struct {
	Of      Table
	Links   []Link
	Damaged []Damage
	Unread  int
}

// Links reads the file of relations in use whole; nil if the atlas has none.
func (a *Atlas) Links() (*Links, error) {
	t := a.tableInUse(isRelations)
	if t == nil {
		return nil, nil
	}
	return readLinksFile(*t)
}

// ReadLinks reads a file of relations, plain or packed. Besides CAIDA's form, "A|B|-1"
// for a provider and its customer and "A|B|0" for peers, it takes "A|B|1" for a
// customer and its provider, as derived graphs have it.
func ReadLinks(path string) (*Links, error) {
	l, err := readLinksFile(newTable(isRelations, path, ""))
	if err == nil && len(l.Links) == 0 {
		err = fmt.Errorf("atlas: %s holds no relations", filepath.Base(path))
	}
	return l, err
}

func readLinksFile(t table) (*Links, error) {
	r, done, err := openPacked(t.path)
	if err != nil {
		return nil, fmt.Errorf("atlas: relations: %w", err)
	}
	defer done()
	out := &Links{Of: Table{t.file, t.date}}
	d := damages{file: t.file}
	readLinks(r, &d, func(l Link) { out.Links = append(out.Links, l) })
	out.Damaged, out.Unread = d.named, d.count
	return out, nil
}

func readLinks(r io.Reader, d *damages, each func(Link)) {
	l := newLineReader(r)
	for s := range l.content(d, "#") {
		f := strings.Split(s, "|")
		if len(f) != 3 && len(f) != 4 {
			d.add(l.n, "not three or four fields: %q", clip(s))
			continue
		}
		x, err1 := parseASNumber(f[0])
		y, err2 := parseASNumber(f[1])
		switch {
		case err1 != nil || err2 != nil || x == 0 || y == 0:
			d.add(l.n, "no two AS numbers: %q", clip(s))
		case f[2] == "-1":
			each(Link{x, y, false})
		case f[2] == "1":
			each(Link{y, x, false})
		case f[2] == "0":
			each(Link{x, y, true})
		default:
			d.add(l.n, "unknown relation %q", clip(f[2]))
		}
	}
}
