// Package atlas says who is who on a date: to which country the registries had
// delegated an AS number or a block of addresses, what an AS is called, which
// AS a table of that time had as the origin of an address, and what a subject – an AS, a prefix, a country, a list that people keep – stands
// for, with a reason on every line.
//
// It promises that a country is decided by delegation alone, never by
// geolocation; that every origin and block of a [Subject] carries its reason
// and the date of the list it was found in; and that what could not be read or
// was not given (damaged lines, absent registries) is named. The same files
// give the same subject, whatever their packing and wherever they lie.
//
// It fetches nothing and watches no routes: a delegation is a claim to use
// something, not evidence that it was used, and an origin table is what somebody
// else made of a routing table, on the day of its file and on no other.
package atlas

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"constat/internal/decompress"
	"constat/internal/regular"
	"constat/internal/worded"
)

// List is one delegation file.
type List struct {
	Registry string `json:"registry"` // "apnic"
	File     string `json:"file"`     // base name without the packing's suffix, never a path of the machine
	Date     string `json:"date"`     // YYYY-MM-DD of the last day it covers; empty if it does not say
	Extended bool   `json:"extended"` // by its name; decides between two of one day
	path     string
}

func (l List) String() string {
	if l.Date == "" {
		return l.File + " (undated)"
	}
	return l.File + " of " + l.Date
}

// staleDays is how many days a list may be off a question without a word about it.
const staleDays = 180

// Stale reports whether a list is of another time than the one from until until.
func (l List) Stale(from, until time.Time) bool {
	day, err := time.Parse(time.DateOnly, l.Date)
	return err == nil && (from.Sub(day) > staleDays*24*time.Hour || until.Sub(day) < -staleDays*24*time.Hour)
}

// Atlas is the set of lists found in a folder. The zero value and nil know
// nothing and can be asked. An Atlas does not change and may be shared.
type Atlas struct {
	lists   []List // sorted by registry, date, plain before extended, file
	names   []nameList
	tables  []table // origin tables, relations, state-owned operators, organisations
	ignored []string
	date    string // YYYY-MM-DD; empty: the newest
	dir     string // as the caller named it, for messages
}

// maxFolderDepth bounds how far Open descends; dated folders are one deep.
const maxFolderDepth = 4

// Open finds the delegation files, lists of AS names, origin tables, relations,
// lists of organisations and of state-owned operators in dir and below it, or
// takes the one file that dir names. They are recognised by their content, plain or packed. Lists
// of names are read at once, the others not before something asks for them.
// Open("") knows nothing.
func Open(dir string) (*Atlas, error) {
	a := &Atlas{dir: dir}
	if dir == "" {
		return a, nil
	}
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, worded.Errorf("atlas: %w", err)
	}
	var namePaths []string
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if strings.HasPrefix(e.Name(), ".") && rel != "." {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			if strings.Count(rel, string(filepath.Separator)) >= maxFolderDepth {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			return err
		}
		what, h, err := recognise(path)
		if err != nil {
			return err
		}
		switch what {
		case isList:
			a.lists = append(a.lists, List{Registry: h.registry, File: unpackedName(e.Name()), Date: h.date,
				Extended: strings.Contains(e.Name(), "extended"), path: path})
		case isNames:
			namePaths = append(namePaths, path)
		case isOrigins, isRelations, isOwned, isOrganisations, isCustomers:
			a.tables = append(a.tables, newTable(what, path, h.date))
		default:
			a.ignored = append(a.ignored, e.Name())
		}
		return nil
	})
	if err != nil {
		return nil, worded.Errorf("atlas %s: %w", dir, err)
	}
	slices.SortFunc(a.lists, func(x, y List) int {
		if c := strings.Compare(x.Registry, y.Registry); c != 0 {
			return c
		}
		if c := strings.Compare(x.Date, y.Date); c != 0 {
			return c
		}
		if x.Extended != y.Extended {
			if y.Extended {
				return -1
			}
			return 1
		}
		return strings.Compare(x.File, y.File)
	})
	sortTables(a.tables)
	slices.Sort(namePaths)
	for _, p := range namePaths {
		n, err := loadNames(p)
		if err != nil {
			return nil, worded.Errorf("atlas: AS names: %w", err)
		}
		a.names = append(a.names, n)
	}
	if len(a.lists) == 0 && len(a.names) == 0 && len(a.tables) == 0 {
		return nil, worded.Errorf("atlas %s: no delegation file and no list of AS names in it (%d other files); "+
			"`constat atlas update --date D --dir %s` fetches them", dir, len(a.ignored), dir)
	}
	return a, nil
}

// At returns the atlas as of a day: of each registry the newest list not after
// it, or, where all are newer, the oldest. Without At the newest are used.
// Records that a newer list dates after the day are left off a subject and
// named in [Subject.LeftOff].
func (a *Atlas) At(day time.Time) *Atlas {
	if a == nil {
		return nil
	}
	b := *a
	b.date = day.UTC().Format(time.DateOnly)
	return &b
}

// Lists returns the delegation files in use: one of each registry, sorted by
// registry.
func (a *Atlas) Lists() []List {
	if a == nil {
		return nil
	}
	var out []List
	for _, l := range a.lists {
		if n := len(out); n == 0 || out[n-1].Registry != l.Registry {
			out = append(out, l)
		} else if a.date == "" || l.Date <= a.date {
			out[n-1] = l // ascending by date: newer, and still not after the day
		}
	}
	return out
}

// Absent returns the registries of which no list was given, as they write
// their names.
func (a *Atlas) Absent() []string {
	have := map[string]bool{}
	for _, l := range a.Lists() {
		have[l.Registry] = true
	}
	out := []string{}
	for _, r := range registries {
		if !have[r] {
			out = append(out, RegistryName(r))
		}
	}
	return out
}

// Ignored returns the base names of the files that are nothing an atlas reads.
func (a *Atlas) Ignored() []string {
	if a == nil {
		return nil
	}
	return a.ignored
}

type content int

const (
	isOther content = iota
	isList
	isNames
	isOrigins
	isRelations
	isOwned
	isOrganisations
	isCustomers
)

// recogniseBytes is how far recognition looks: past the conditions of use that
// some registries put before the version line.
const recogniseBytes = 16 << 10

// recognise tells what a file is by its first lines.
func recognise(path string) (content, listHeader, error) {
	f, err := regular.Open(path)
	if err != nil {
		return isOther, listHeader{}, err
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		return isOther, listHeader{}, fmt.Errorf("%s: %w", path, err)
	}
	defer d.Close()
	head, err := io.ReadAll(io.LimitReader(d, recogniseBytes))
	if err != nil && len(head) == 0 {
		// Packed and damaged from the start: whatever it was, it is worth an
		// error if its name says that it is ours.
		if base := filepath.Base(path); strings.HasPrefix(base, "delegated-") || strings.HasPrefix(base, "asn") {
			return isOther, listHeader{}, fmt.Errorf("%s: %w", path, err)
		}
		return isOther, listHeader{}, nil
	}
	var pe *os.PathError
	if errors.As(err, &pe) {
		return isOther, listHeader{}, err
	}
	if h, ok, _ := readHeader(newLineReader(strings.NewReader(string(head)))); ok {
		return isList, h, nil
	}
	if date, ok := looksLikeCustomers(head); ok {
		return isCustomers, listHeader{date: date}, nil
	}
	if looksLikeOrganisations(head) {
		return isOrganisations, listHeader{}, nil
	}
	if looksLikeNames(filepath.Base(path), head) {
		return isNames, listHeader{}, nil
	}
	if what, date := looksLikeTable(head); what != isOther {
		return what, listHeader{date: date}, nil
	}
	return isOther, listHeader{}, nil
}

// openPacked opens a file and unpacks it.
func openPacked(path string) (io.Reader, func(), error) {
	f, err := regular.Open(path)
	if err != nil {
		return nil, nil, err
	}
	d, err := decompress.NewReader(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return bufio.NewReader(d), func() { d.Close(); f.Close() }, nil
}

// unpackedName is a file's name without the suffix of its packing, so that the
// same list gives the same words packed or not.
func unpackedName(name string) string {
	for _, suffix := range []string{".gz", ".bz2", ".zst"} {
		if rest, ok := strings.CutSuffix(name, suffix); ok && rest != "" {
			return rest
		}
	}
	return name
}
