package atlas

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Besides delegations and names an atlas holds what others made of routing
// tables: origin tables (prefix → origin AS), relations (provider and
// customer), a list of state-owned operators, and one of organisations with
// their ASes. Each is dated by its file, by
// its name or by what it says of itself; the rule of [Atlas.At] chooses.

// table is one such file.
type table struct {
	what content
	file string
	date string // YYYY-MM-DD; empty if neither name nor head tells
	path string
}

func newTable(what content, path, date string) table {
	t := table{what: what, file: unpackedName(filepath.Base(path)), date: date, path: path}
	if m := nameDate.FindStringSubmatch(t.file); m != nil {
		if d := isoDate(m[1] + m[2] + m[3]); d != "" {
			t.date = d
		}
	}
	return t
}

func (t table) String() string {
	if t.date == "" {
		return t.file + " (undated)"
	}
	return t.file + " of " + t.date
}

// sortTables orders by kind, date, file: undated ones first.
func sortTables(ts []table) {
	slices.SortFunc(ts, func(x, y table) int {
		if x.what != y.what {
			return int(x.what) - int(y.what)
		}
		if c := strings.Compare(x.date, y.date); c != 0 {
			return c
		}
		return strings.Compare(x.file, y.file)
	})
}

// tableInUse is the table of a kind by the rule of At: the newest not after the
// day, or, where all are newer, the oldest; an undated one only where no other
// is there. Of two of one day the one first by name.
func (a *Atlas) tableInUse(what content) *table {
	if a == nil {
		return nil
	}
	var best *table
	for i := range a.tables {
		t := &a.tables[i]
		switch {
		case t.what != what:
		case best == nil, best.date == "" && t.date != "":
			best = t
		case t.date > best.date && (a.date == "" || t.date <= a.date):
			best = t
		}
	}
	return best
}

// Table names a file that answers came from.
type Table struct {
	File string `json:"file"` // base name without the packing's suffix
	Date string `json:"date"` // YYYY-MM-DD; empty if nothing tells
}

func (t Table) String() string { return table{file: t.File, date: t.Date}.String() }

func (a *Atlas) tableOf(what content) (Table, bool) {
	t := a.tableInUse(what)
	if t == nil {
		return Table{}, false
	}
	return Table{t.file, t.date}, true
}

// OriginsOf names the origin table in use; false if there is none.
func (a *Atlas) OriginsOf() (Table, bool) { return a.tableOf(isOrigins) }

// RelationsOf names the file of relations in use; false if there is none.
func (a *Atlas) RelationsOf() (Table, bool) { return a.tableOf(isRelations) }

// StateOwnedOf names the list of state-owned operators in use; false if there
// is none.
func (a *Atlas) StateOwnedOf() (Table, bool) { return a.tableOf(isOwned) }

// Day is the day the atlas was asked to hold for; empty for the newest.
func (a *Atlas) Day() string {
	if a == nil {
		return ""
	}
	return a.date
}

var (
	originsHead   = regexp.MustCompile(`(?i)^;\s*original file\s*:.*?((?:19|20)[0-9]{6})`)
	relationLine  = regexp.MustCompile(`^[0-9]{1,10}\|[0-9]{1,10}\|(?:-1|0)(?:\|[a-z,]+)?$`)
	otherRelation = regexp.MustCompile(`^[0-9]{1,10}\|[0-9]{1,10}\|-?[0-9]+$`)
)

// looksLikeTable judges by the first lines of a file: three in four must be of
// one kind. A graph with relations of other kinds, such as one derived from
// CAIDA's, is not taken for CAIDA's.
func looksLikeTable(head []byte) (what content, date string) {
	lines := bytes.Split(head, []byte("\n"))
	if len(lines) > 1 {
		lines = lines[:len(lines)-1] // the last may be cut
	}
	n, good := 0, map[content]int{}
	for _, line := range lines {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if line[0] == ';' || line[0] == '#' {
			if m := originsHead.FindSubmatch(line); m != nil {
				date = isoDate(string(m[1]))
			}
			continue
		}
		switch {
		case n == 0 && isOwnedHeader(line):
			return isOwned, ""
		case relationLine.Match(line):
			good[isRelations]++
		case otherRelation.Match(line):
			return isOther, ""
		default:
			if _, _, err := parseOrigin(string(line)); err == nil {
				good[isOrigins]++
			}
		}
		if n++; n == 50 {
			break
		}
	}
	for _, k := range []content{isOrigins, isRelations} {
		if good[k]*4 > n*3 {
			what = k
		}
	}
	if n == 0 && bytes.HasPrefix(head, []byte("# source:topology|BGP|")) {
		return isRelations, "" // CAIDA's begin with more of these lines than the head has room for
	}
	if what != isOrigins {
		date = ""
	}
	return what, date
}

// dayAfter reports whether a dated record is of a day after the one asked
// about.
func (a *Atlas) dayAfter(date string) bool { return a != nil && a.date != "" && date > a.date }
