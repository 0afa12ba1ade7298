package atlas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// AS names come in two forms: a JSON object {"131279": "NAME Text, CC", …}, and
// text with one AS a line, "131279 NAME Text, CC", as RIPE NCC publishes it.
// Neither carries a date: it is taken from the file's name
// (asnames-2014-12-22.txt), and a file without one is undated.

// nameList is one list of names.
type nameList struct {
	file    string
	date    string
	names   map[uint32]string
	damaged damages
}

func (n nameList) String() string {
	if n.date == "" {
		return n.file + " (undated)"
	}
	return n.file + " of " + n.date
}

// namesInUse is the list that Name consults: a dated one by the rule of At,
// else an undated one.
func (a *Atlas) namesInUse() *nameList {
	if a == nil {
		return nil
	}
	var best *nameList
	better := func(n, b *nameList) bool {
		switch {
		case b == nil:
			return true
		case (n.date == "") != (b.date == ""):
			return n.date != ""
		case a.date == "":
			return n.date > b.date
		case (n.date <= a.date) != (b.date <= a.date):
			return n.date <= a.date
		case n.date <= a.date:
			return n.date > b.date
		default:
			return n.date < b.date
		}
	}
	for i := range a.names {
		if n := &a.names[i]; better(n, best) {
			best = n
		}
	}
	return best
}

// Name returns what an AS is called, in the words of the list.
func (a *Atlas) Name(asn uint32) (name string, ok bool) {
	if n := a.namesInUse(); n != nil {
		name, ok = n.names[asn]
	}
	return name, ok
}

// NamesOf says which list the names are from and of which date, as in
// "asnames-20141222.txt of 2014-12-22"; empty when there is none.
func (a *Atlas) NamesOf() string {
	if n := a.namesInUse(); n != nil {
		return n.String()
	}
	return ""
}

// NamesDamage names the lines of the list of names that could not be read.
func (a *Atlas) NamesDamage() (named []Damage, count int) {
	if n := a.namesInUse(); n != nil {
		return n.damaged.named, n.damaged.count
	}
	return nil, 0
}

var (
	jsonNames = regexp.MustCompile(`^\s*\{\s*"[0-9]{1,10}"\s*:\s*"`)
	textName  = regexp.MustCompile(`^(?:AS)?([0-9]{1,10})[ \t]+(\S.*)$`)
	nameDate  = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})-?([01][0-9])-?([0-3][0-9])(?:[^0-9]|$)`)
)

// looksLikeNames judges by the first lines of a file. Of one that is called
// asnames or the like most must be names, of any other all.
func looksLikeNames(file string, head []byte) bool {
	if jsonNames.Match(head) {
		return true
	}
	good, bad := 0, 0
	lines := bytes.Split(head, []byte("\n"))
	if len(lines) > 1 {
		lines = lines[:len(lines)-1] // the last may be cut
	}
	for _, line := range lines[:min(len(lines), 50)] {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		// A table of numbers is no list of names.
		if m := textName.FindSubmatch(line); m != nil && bytes.IndexFunc(m[2], isLetter) >= 0 {
			good++
		} else {
			bad++
		}
	}
	if strings.HasPrefix(file, "asn") {
		return good > bad
	}
	return good > 0 && bad == 0
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0x7f }

func loadNames(path string) (nameList, error) {
	n := nameList{file: unpackedName(filepath.Base(path))}
	if m := nameDate.FindStringSubmatch(n.file); m != nil {
		n.date = isoDate(m[1] + m[2] + m[3])
	}
	r, done, err := openPacked(path)
	if err != nil {
		return n, err
	}
	defer done()
	n.damaged.file = n.file
	if err := n.read(r); err != nil {
		return n, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

// maxNames bounds a list of names in memory: there are 2^32 AS numbers, some
// 100,000 of them are in use.
const maxNames = 2_000_000

func (n *nameList) read(r io.Reader) error {
	n.names = map[uint32]string{}
	var first [64]byte
	m, err := io.ReadFull(r, first[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	r = io.MultiReader(bytes.NewReader(first[:m]), r)
	if bytes.HasPrefix(bytes.TrimSpace(first[:m]), []byte("{")) {
		return n.readJSON(r)
	}
	return n.readText(r)
}

func (n *nameList) put(asn uint32, name string) error {
	if len(n.names) >= maxNames {
		return fmt.Errorf("more than %d names", maxNames)
	}
	n.names[asn] = strings.ToValidUTF8(strings.TrimSpace(name), "\uFFFD")
	return nil
}

func (n *nameList) readJSON(r io.Reader) error {
	d := json.NewDecoder(r)
	if _, err := d.Token(); err != nil { // {
		return err
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return n.brokenJSON(d, err)
		}
		var v any
		if err := d.Decode(&v); err != nil {
			return n.brokenJSON(d, err)
		}
		key, _ := k.(string)
		asn, err := strconv.ParseUint(key, 10, 32)
		name, isString := v.(string)
		if err != nil || !isString {
			n.damaged.add(0, "no AS number with a name: %q", clip(key))
			continue
		}
		if err := n.put(uint32(asn), name); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return n.brokenJSON(d, err)
	}
	return nil
}

// brokenJSON keeps what came before the damage and names it.
func (n *nameList) brokenJSON(d *json.Decoder, err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	n.damaged.add(0, "ends after byte %d: %v", d.InputOffset(), err)
	return nil
}

func (n *nameList) readText(r io.Reader) error {
	l := newLineReader(r)
	for s := range l.content(&n.damaged, "#") {
		m := textName.FindStringSubmatch(s)
		if m == nil {
			n.damaged.add(l.n, "no AS number with a name: %q", clip(s))
			continue
		}
		asn, err := strconv.ParseUint(m[1], 10, 32)
		if err != nil {
			n.damaged.add(l.n, "no AS number: %q", clip(s))
			continue
		}
		if err := n.put(uint32(asn), m[2]); err != nil {
			return err
		}
	}
	return nil
}
