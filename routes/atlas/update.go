package atlas

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"constat/internal/fetch"
	"constat/internal/worded"
)

// Where the registries keep their delegation files of the past. Each has a
// folder of its own; below it the files of a year lie in a folder named after
// it (AFRINIC, APNIC, RIPE NCC), in one below archive/ (ARIN, LACNIC), or, the
// recent ones, in the folder itself. Which of these holds a day has changed
// over the years, so all are looked into and the listings decide.
var registryURLs = map[string]string{
	"afrinic": "https://ftp.afrinic.net/pub/stats/afrinic",
	"apnic":   "https://ftp.apnic.net/stats/apnic",
	"arin":    "https://ftp.arin.net/pub/stats/arin",
	"lacnic":  "https://ftp.lacnic.net/pub/stats/lacnic",
	"ripencc": "https://ftp.ripe.net/pub/stats/ripencc",
}

// namesURL is RIPE NCC's list of AS names. It is replaced every day, and no
// older ones are kept.
const namesURL = "https://ftp.ripe.net/ripe/asnames/asn.txt"

// URLEnv names the variable that moves all lists to another server: the
// registries' folders are then below it under their names, and the AS names at
// asnames/asn.txt.
const URLEnv = "CONSTAT_REGISTRIES_URL"

// maxListAge is how much older than the day asked for a list may be. The
// registries publish daily and skip a day now and then; ARIN's and AFRINIC's
// first years have gaps of weeks.
const maxListAge = 31 * 24 * time.Hour

// Fetched is one list that Update brought, or found already there.
type Fetched struct {
	What string // "APNIC" or "AS names"
	File string // base name
	Date string // YYYY-MM-DD
	URL  string
	New  bool
	Note string // what is odd about it
}

// Update fetches, into dir, each registry's newest delegation file not after
// day, and the AS names. Files that are there already are not fetched again. A
// registry whose archive has no such file is in absent; if a server did not
// answer, the error says what is missing, the rest is kept, and calling Update
// again goes on from there.
func Update(ctx context.Context, day time.Time, dir string, client *fetch.Client) (got []Fetched, absent []string, err error) {
	if client == nil {
		client = &fetch.Client{}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, nil, err
	}
	base := strings.TrimRight(os.Getenv(URLEnv), "/")
	var failed []string
	var first error
	fail := func(what string, err error) {
		failed = append(failed, what)
		if first == nil {
			first = err
		}
	}
	if client.Progress != nil {
		client.Progress.Plan(len(registries)+1, 0)
	}
	for _, reg := range registries {
		u := registryURLs[reg]
		if base != "" {
			u = base + "/" + reg
		}
		f, err := updateRegistry(ctx, client, reg, u, day, dir)
		if client.Progress != nil {
			client.Progress.Finished(reg, err)
		}
		switch {
		case ctx.Err() != nil:
			return got, absent, ctx.Err()
		case errors.Is(err, errNoList):
			absent = append(absent, fmt.Sprintf("%s: %v", RegistryName(reg), err))
		case err != nil:
			fail(RegistryName(reg), err)
		default:
			got = append(got, f)
		}
	}
	u := namesURL
	if base != "" {
		u = base + "/asnames/asn.txt"
	}
	f, err := updateNames(ctx, client, u, day, dir)
	if client.Progress != nil {
		client.Progress.Finished("asn.txt", err)
	}
	switch {
	case ctx.Err() != nil:
		return got, absent, ctx.Err()
	case err != nil:
		fail(asNames, err)
	default:
		got = append(got, f)
	}
	if len(failed) > 0 {
		what := worded.Phrasef("the AS names")
		if rest, also := strings.CutSuffix(strings.Join(failed, ", "), asNames); rest != "" {
			what = worded.Phrasef("the delegations of %s", strings.TrimSuffix(rest, ", "))
			if also {
				what = worded.Phrasef("the delegations of %s and the AS names", strings.TrimSuffix(rest, ", "))
			}
		}
		err := worded.Errorf("atlas: could not fetch %s: %w", what, first)
		if len(got) > 0 {
			err = worded.Errorf("%w; what was fetched is kept in %s, run the same command again to go on", err, dir)
		}
		return got, absent, err
	}
	return got, absent, nil
}

const asNames = "AS names"

var (
	errNoList = errors.New("its archive has no list of that time")
	listFile  = regexp.MustCompile(`^delegated-([a-z]+)(-extended)?-([0-9]{8})(?:\.(?:gz|bz2|zst))?$`)
)

type listChoice struct {
	name, url string
	date      string // YYYY-MM-DD
	extended  bool
	entry     fetch.Entry
}

// updateRegistry fetches one registry's list.
func updateRegistry(ctx context.Context, client *fetch.Client, reg, base string, day time.Time, dir string) (Fetched, error) {
	oldest := day.Add(-maxListAge)
	var years []string
	for y := day.Year(); y >= oldest.Year(); y-- {
		years = append(years, fmt.Sprint(y))
	}
	var folders []string
	for _, y := range years {
		folders = append(folders, y+"/", "archive/"+y+"/")
	}
	folders = append(folders, "")
	var choices []listChoice
	for _, folder := range folders {
		page, err := client.Bytes(ctx, base+"/"+folder, 32<<20)
		if errors.Is(err, fetch.ErrNotFound) {
			continue
		}
		if err != nil {
			return Fetched{}, err
		}
		entries, ok := fetch.ParseListing(page)
		if !ok {
			return Fetched{}, fmt.Errorf("%s/%s: no listing of a folder, but some other page", base, folder)
		}
		for _, e := range entries {
			m := listFile.FindStringSubmatch(e.Name)
			if m == nil || m[1] != reg || e.Dir {
				continue
			}
			date := isoDate(m[3])
			if date == "" || date > day.Format(time.DateOnly) || date < oldest.Format(time.DateOnly) {
				continue
			}
			choices = append(choices, listChoice{e.Name, base + "/" + folder + e.Name, date, m[2] != "", e})
		}
	}
	if len(choices) == 0 {
		return Fetched{}, fmt.Errorf("%w (%s to %s, at %s)", errNoList, oldest.Format(time.DateOnly), day.Format(time.DateOnly), base)
	}
	best := slices.MaxFunc(choices, func(a, b listChoice) int {
		if c := strings.Compare(a.date, b.date); c != 0 {
			return c
		}
		if a.extended != b.extended {
			if b.extended {
				return -1
			}
			return 1
		}
		return strings.Compare(b.name, a.name)
	})
	path := filepath.Join(dir, best.name)
	check := func(path string) error { return checkList(path, reg) }
	was, err := os.Stat(path)
	f := Fetched{What: RegistryName(reg), File: best.name, Date: best.date, URL: best.url, New: err != nil}
	if best.date != day.Format(time.DateOnly) {
		f.Note = "the newest not after " + day.Format(time.DateOnly)
	}
	var bad error // of the list that is there
	if !f.New {
		if bad = check(path); bad == nil {
			return f, nil
		}
		f.New = true
	}
	res, err := client.Get(ctx, fetch.Request{URL: best.url, Path: path, Size: best.entry.Size, Slack: best.entry.Slack, Check: check, Replaces: was})
	if err != nil {
		return Fetched{}, err
	}
	also := ""
	switch {
	case res.Damage != nil:
		also = "the archive's own copy is damaged: " + res.Damage.Error()
	case bad != nil:
		also = fmt.Sprintf("the copy that was there was damaged (%v) and was fetched again", bad)
	}
	if f.Note != "" && also != "" {
		also = f.Note + "; " + also
	}
	f.Note = cmp.Or(also, f.Note)
	return f, nil
}

// checkList reads a delegation file to its end: it must be of its registry and
// come out of its packing whole.
func checkList(path, reg string) error {
	r, done, err := openPacked(path)
	if err != nil {
		return err
	}
	defer done()
	h, ok, err := readHeader(newLineReader(r))
	if err != nil && !ok {
		return fmt.Errorf("%w: not a delegation file of %s: %w", fetch.ErrNotData, RegistryName(reg), err)
	}
	if err != nil {
		return err
	}
	if !ok || h.registry != reg {
		return fmt.Errorf("%w: not a delegation file of %s", fetch.ErrNotData, RegistryName(reg))
	}
	_, err = io.Copy(io.Discard, r)
	return err
}

// updateNames fetches the AS names under a name with their date. They are
// today's, whatever the day asked for.
func updateNames(ctx context.Context, client *fetch.Client, url string, day time.Time, dir string) (Fetched, error) {
	f := Fetched{What: asNames, URL: url}
	// Any dated list in the folder will do: there is no older one to be had.
	if have, _ := filepath.Glob(filepath.Join(dir, "asnames-*.txt")); len(have) > 0 {
		f.File = filepath.Base(have[len(have)-1])
		if m := nameDate.FindStringSubmatch(f.File); m != nil {
			f.Date = isoDate(m[1] + m[2] + m[3])
		}
		return f, nil
	}
	tmp := filepath.Join(dir, ".asn.txt")
	os.Remove(tmp)
	res, err := client.Get(ctx, fetch.Request{URL: url, Path: tmp, Check: func(path string) error {
		n, err := loadNames(path)
		if err == nil && len(n.names) == 0 {
			err = errors.New("not a list of AS names")
		}
		return err
	}})
	if err != nil {
		return f, err
	}
	if res.Damage != nil {
		os.Remove(tmp)
		return f, fmt.Errorf("%s: %w", url, res.Damage)
	}
	when := res.LastModified
	if when.IsZero() {
		when = time.Now()
	}
	f.Date = when.UTC().Format(time.DateOnly)
	f.File = "asnames-" + when.UTC().Format("20060102") + ".txt"
	f.New = true
	if f.Date > day.Format(time.DateOnly) {
		f.Note = "older names are not kept"
	}
	return f, os.Rename(tmp, filepath.Join(dir, f.File))
}
