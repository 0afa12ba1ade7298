package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"constat/internal/fetch"
	"constat/moment"
)

// record is one packed MRT record of some type at a time.
func record(at moment.Time, typ uint16) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(at.Sec()))
	b = binary.BigEndian.AppendUint16(b, typ)
	b = binary.BigEndian.AppendUint16(b, 0)
	b = binary.BigEndian.AppendUint32(b, 4)
	b = append(b, 0, 0, 0, 0)
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(b)
	w.Close()
	return z.Bytes()
}

// world is an archive on loopback: files by path, with listings as a web server
// makes them, and ways to misbehave.
type world struct {
	*httptest.Server
	mu     sync.Mutex
	files  map[string][]byte
	asked  map[string]int
	broken map[string]func(w http.ResponseWriter, r *http.Request, n int) bool // true: done
}

func newWorld(t testing.TB) *world {
	w := &world{files: map[string][]byte{}, asked: map[string]int{},
		broken: map[string]func(http.ResponseWriter, *http.Request, int) bool{}}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	p := strings.TrimPrefix(r.URL.Path, "/")
	w.mu.Lock()
	w.asked[p]++
	n := w.asked[p]
	f, ok := w.files[p]
	broken := w.broken[p]
	if broken == nil {
		broken = w.broken["*"]
	}
	entries := map[string]string{}
	for name, data := range w.files {
		if rest, under := strings.CutPrefix(name, p); under && (p == "" || strings.HasSuffix(p, "/")) {
			if dir, _, sub := strings.Cut(rest, "/"); sub {
				entries[dir+"/"] = "-"
			} else {
				entries[rest] = fmt.Sprint(len(data))
			}
		}
	}
	w.mu.Unlock()
	if broken != nil && broken(rw, r, n) {
		return
	}
	switch {
	case ok:
		rw.Header().Set("ETag", fmt.Sprintf(`"%x"`, len(f)))
		http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(f))
	case len(entries) > 0:
		var names []string
		for n := range entries {
			names = append(names, n)
		}
		sort.Strings(names)
		fmt.Fprintf(rw, "<html><head><title>Index of /%s</title></head><body><pre><a href=\"../\">../</a>\n", p)
		for _, n := range names {
			fmt.Fprintf(rw, "<a href=%q>%s</a>  23-Dec-2014 02:00  %s\n", n, n, entries[n])
		}
		fmt.Fprint(rw, "</pre></body></html>")
	default:
		http.NotFound(rw, r)
	}
}

func (w *world) total() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, k := range w.asked {
		n += k
	}
	return n
}

// ris puts a collector's updates of some hours, and its snapshots, on the server.
func (w *world) ris(collector string, from, until time.Time, step time.Duration) {
	for at := from; at.Before(until); at = at.Add(step) {
		w.files[path.Join(collector, at.Format("2006.01"), at.Format("updates.20060102.1504.gz"))] = record(moment.FromTime(at), 16)
		if at.Hour()%8 == 0 && at.Minute() == 0 {
			w.files[path.Join(collector, at.Format("2006.01"), at.Format("bview.20060102.1504.gz"))] = record(moment.FromTime(at), 13)
		}
	}
}

func (w *world) routeviews(dir string, from, until time.Time) {
	for at := from; at.Before(until); at = at.Add(15 * time.Minute) {
		w.files[path.Join(dir, at.Format("2006.01"), "UPDATES", at.Format("updates.20060102.1504")+".bz2")] = record(moment.FromTime(at), 16)
		if at.Hour()%2 == 0 && at.Minute() == 0 {
			w.files[path.Join(dir, at.Format("2006.01"), "RIBS", at.Format("rib.20060102.1504")+".bz2")] = record(moment.FromTime(at), 13)
		}
	}
}

func (w *world) options(cache string) Options {
	return Options{Cache: cache, URLs: map[string]string{"ris": w.URL, "routeviews": w.URL},
		Client: &fetch.Client{Backoff: time.Millisecond, MaxBackoff: 2 * time.Millisecond, Tries: 3, Stall: 5 * time.Second}}
}

func day(h, m int) time.Time { return time.Date(2014, 12, 22, h, m, 0, 0, time.UTC) }

func holesOf(s *Set) []string {
	var out []string
	for _, l := range show(s) {
		if strings.HasPrefix(l, "hole") || strings.HasPrefix(l, "absent") {
			out = append(out, l)
		}
	}
	return out
}

func TestArchiveRIS(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	w.ris("rrc15", day(6, 0), day(18, 0), 5*time.Minute)
	delete(w.files, "rrc15/2014.12/updates.20141222.0905.gz") // the archive has a hole
	q := span(t, "2014-12-22 09:02", "2014-12-22 09:20")
	cache := t.TempDir()
	s := open(t, q, w.options(cache), "ris:rrc00,rrc15")
	if d := cmp.Diff([]string{"hole rrc15 22T09:05 22T09:10 file not in the archive not in the archive's listing"}, holesOf(s)); d != "" {
		t.Error(d)
	}
	// The snapshot of 08:00 and the updates from it to the end of the question.
	if got, want := len(s.Files), 2*(1+16)-1; got != want || s.Files[0].Kind != RIB {
		t.Errorf("%d files, want %d: %q", got, want, show(s))
	}
	for _, f := range s.Files {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if sum, size, err := r.Sum(); err != nil || size != f.Size || len(sum) != 64 {
			t.Errorf("%s: %v %d %v", f.Name, sum, size, err)
		}
		r.Close()
	}
	// A second time nothing is fetched, not even the listings; nor offline,
	// with the server gone; and the answer is the same.
	before := w.total()
	again := open(t, q, w.options(cache), "ris:rrc00,rrc15")
	w.Close()
	opts := w.options(cache)
	opts.Offline = true
	offline := open(t, q, opts, "ris:rrc00,rrc15")
	if w.total() != before {
		t.Errorf("%d more requests", w.total()-before)
	}
	for _, other := range []*Set{again, offline} {
		if d := cmp.Diff(show(s), show(other)); d != "" {
			t.Error(d)
		}
	}
}

func TestArchiveRouteViews(t *testing.T) {
	w := newWorld(t)
	w.routeviews("bgpdata", day(12, 0), day(18, 0))
	w.routeviews("route-views.sydney/bgpdata", day(12, 0), day(18, 0))
	delete(w.files, "route-views.sydney/bgpdata/2014.12/RIBS/rib.20141222.1600.bz2")
	s := open(t, span(t, "2014-12-22 16:10", "2014-12-22 16:40"), w.options(t.TempDir()), "routeviews")
	var files []string
	for _, l := range show(s) {
		if !strings.HasPrefix(l, "absent") {
			files = append(files, l)
		}
	}
	want := []string{
		"route-views.sydney rib 22T14:00 - rib.20141222.1400.bz2", // the nearest there is
		"route-views.sydney updates 22T14:00 22T14:15 updates.20141222.1400.bz2",
	}
	for m := 15; m < 160; m += 15 {
		at := day(14, 0).Add(time.Duration(m) * time.Minute)
		want = append(want, "route-views.sydney updates "+at.Format("02T15:04")+" "+at.Add(15*time.Minute).Format("02T15:04")+" updates."+at.Format("20060102.1504")+".bz2")
	}
	want = append(want, "route-views2 rib 22T16:00 - rib.20141222.1600.bz2")
	for m := 0; m < 40; m += 15 {
		at := day(16, 0).Add(time.Duration(m) * time.Minute)
		want = append(want, "route-views2 updates "+at.Format("02T15:04")+" "+at.Add(15*time.Minute).Format("02T15:04")+" updates."+at.Format("20060102.1504")+".bz2")
	}
	if d := cmp.Diff(want, files); d != "" {
		t.Error(d)
	}
	// Collectors without a folder, of which nothing says that they were there, are named and not blind.
	if len(s.Absent) < 20 || len(s.Missing) != 0 {
		t.Errorf("%d absent, %v missing", len(s.Absent), s.Missing)
	}
}

// TestBornAndDead: who did not exist is not blind; who surely did is.
func TestBornAndDead(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	s := open(t, span(t, "2014-12-22 09:00", "2014-12-22 09:20"), w.options(t.TempDir()), "ris")
	var blind []string
	for _, h := range s.Missing {
		blind = append(blind, h.Collector)
	}
	if got, want := strings.Join(blind, " "), "rrc01 rrc03 rrc04 rrc05 rrc06 rrc07 rrc10 rrc11 rrc12 rrc13 rrc14 rrc15 rrc16"; got != want {
		t.Errorf("blind: %s\nwant   %s", got, want)
	}
	for _, a := range s.Absent {
		if a.Name == "rrc02" || a.Name == "rrc26" {
			return
		}
	}
	t.Errorf("absent: %v", s.Absent)
}

func TestJuly2003(t *testing.T) {
	w := newWorld(t)
	change := time.Date(2003, 7, 23, 12, 0, 0, 0, time.UTC)
	w.ris("rrc00", change.Add(-12*time.Hour), change, 15*time.Minute)
	w.ris("rrc00", change, change.Add(12*time.Hour), 5*time.Minute)
	w.ris("rrc00", change.AddDate(0, -2, 0), change.AddDate(0, -2, 0).Add(6*time.Hour), 15*time.Minute)
	delete(w.files, "rrc00/2003.05/updates.20030523.1345.gz")
	delete(w.files, "rrc00/2003.07/updates.20030723.2100.gz")
	cache := t.TempDir()
	s := open(t, span(t, "2003-05-23 13:00", "2003-05-23 15:00"), w.options(cache), "ris:rrc00")
	if d := cmp.Diff([]string{"hole rrc00 23T13:45 23T14:00 file not in the archive not in the archive's listing"}, holesOf(s)); d != "" {
		t.Error(d)
	}
	// On the very day, before the change, nothing is missing from 15-minute files.
	s = open(t, span(t, "2003-07-23 04:00", "2003-07-23 05:00"), w.options(cache), "ris:rrc00")
	if len(holesOf(s)) != 0 || s.Cadence["rrc00"].Updates != 15*time.Minute {
		t.Error(show(s))
	}
	s = open(t, span(t, "2003-07-23 20:00", "2003-07-23 21:30"), w.options(cache), "ris:rrc00")
	if d := cmp.Diff([]string{"hole rrc00 23T21:00 23T21:05 file not in the archive not in the archive's listing"}, holesOf(s)); d != "" {
		t.Error(d)
	}
}

func TestArchiveMisbehaves(t *testing.T) {
	q := span(t, "2014-12-22 09:02", "2014-12-22 09:20")
	const victim = "rrc00/2014.12/updates.20141222.0910.gz"
	fail := func(code int) func(http.ResponseWriter, *http.Request, int) bool {
		return func(w http.ResponseWriter, r *http.Request, n int) bool { http.Error(w, "sorry", code); return true }
	}
	for name, tc := range map[string]struct {
		at     string
		break_ func(http.ResponseWriter, *http.Request, int) bool
		words  []string // of the error; none: it comes right
	}{
		"500":                  {victim, fail(500), []string{"1 of 17 files", "rrc00 updates.20141222.0910.gz", "500", "run the same command again", "--offline"}},
		"listing":              {"rrc00/2014.12/", fail(503), []string{"the listing of rrc00/2014.12/", "503"}},
		"404 of a listed file": {victim, fail(404), []string{"rrc00 updates.20141222.0910.gz", "404"}},
		"web page": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			fmt.Fprint(w, "<!doctype html><title>Please log in</title>")
			return true
		}, []string{"web page"}},
		"web page for a listing": {"rrc00/2014.12/", func(w http.ResponseWriter, r *http.Request, n int) bool {
			fmt.Fprint(w, "<!doctype html><title>Please log in</title><p>now")
			return true
		}, []string{"some other page"}},
		"links for a listing": {"rrc00/2014.12/", func(w http.ResponseWriter, r *http.Request, n int) bool {
			fmt.Fprint(w, "<!doctype html><title>Please log in</title><a href='login.php'>here</a>")
			return true
		}, []string{"none to a file of records"}},
		"cut": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte("\x1f\x8b\x08 and no more"[:10]))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, []string{"cut short"}},
		"an error in JSON": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			fmt.Fprint(w, `{"error": "quota exceeded, try again"}`)
			return true
		}, []string{"not the kind of file", "it begins with", "quota"}},
		"no end of it": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			w.Write([]byte("\x1f\x8b"))
			for range 1 << 10 {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					break
				}
			}
			return true
		}, []string{"wrong size", "more than ", "the listing says"}},
		"wrong size": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			w.Write(record(at(t, "2014-12-22 09:10"), 16)[:20])
			return true
		}, []string{"wrong size", "the listing says"}},
		"another content": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			b := record(at(t, "2014-12-22 09:10"), 16)
			copy(b[10:], fmt.Sprint(n)) // as long as promised, and damaged each time another way
			w.Write(b)
			return true
		}, []string{"cannot be read"}},
		"429 once": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			if n == 1 {
				w.Header().Set("Retry-After", "0")
				http.Error(w, "slow down", 429)
			}
			return n == 1
		}, nil},
		"500 twice": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			if n < 3 {
				http.Error(w, "sorry", 500)
			}
			return n < 3
		}, nil},
		"slow": {victim, func(w http.ResponseWriter, r *http.Request, n int) bool {
			b := record(at(t, "2014-12-22 09:10"), 16)
			for i := range b {
				w.Write(b[i : i+1])
				w.(http.Flusher).Flush()
			}
			return true
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
			w.broken[tc.at] = tc.break_
			cache := t.TempDir()
			s, err := Open(context.Background(), []string{"ris:rrc00"}, q, w.options(cache))
			if tc.words == nil {
				if err != nil || len(s.Files) != 17 || len(s.Missing) != 0 {
					t.Errorf("%v, %q", err, show(s))
				}
				return
			}
			var u *Unavailable
			if !errors.As(err, &u) {
				t.Fatalf("%v", err)
			}
			for _, word := range tc.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q is not in: %v", word, err)
				}
			}
			// The server recovers: the same again goes on from what is there.
			delete(w.broken, tc.at)
			had := u.Have
			before := w.total()
			s, err = Open(context.Background(), []string{"ris:rrc00"}, q, w.options(cache))
			if err != nil || len(s.Files) != 17 || len(s.Missing) != 0 {
				t.Fatalf("%v", err)
			}
			if had > 0 && w.total()-before > 17-had+1 {
				t.Errorf("%d requests for the %d files that were missing", w.total()-before, 17-had)
			}
			var left []string
			filepath.WalkDir(cache, func(p string, d os.DirEntry, err error) error {
				if strings.Contains(p, ".part") || strings.Contains(p, ".lock") || strings.Contains(p, ".tmp") {
					left = append(left, p)
				}
				return nil
			})
			if len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestGoneSinceListed: the cached listing is old, and the file has gone from
// the archive since: that is blindness, not an error.
func TestGoneSinceListed(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	cache := t.TempDir()
	open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:10"), w.options(cache), "ris:rrc00")
	delete(w.files, "rrc00/2014.12/updates.20141222.0810.gz")
	s := open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:20"), w.options(cache), "ris:rrc00")
	if d := cmp.Diff([]string{"hole rrc00 22T08:10 22T08:15 file not in the archive no longer in the archive's listing"}, holesOf(s)); d != "" {
		t.Error(d)
	}
}

// TestDamagedInTheArchive: the same unreadable bytes twice are the archive's
// own; they are kept, and the reader will find the damage.
func TestDamagedInTheArchive(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	f := "rrc00/2014.12/updates.20141222.0810.gz"
	w.files[f] = w.files[f][:20]
	s := open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:20"), w.options(t.TempDir()), "ris:rrc00")
	if len(s.Files) != 5 || !strings.Contains(s.Files[3].Note, "the archive's own copy is damaged") {
		t.Errorf("%+v", s.Files)
	}
}

func TestOffline(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	cache := t.TempDir()
	open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:10"), w.options(cache), "ris:rrc00")
	n := w.total()
	opts := w.options(cache)
	opts.Offline = true
	s := open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:20"), opts, "ris:rrc00,rrc01")
	if d := cmp.Diff([]string{
		"hole rrc00 22T08:10 22T08:20 file not in the cache not in the cache, and --offline was asked for",
		"hole rrc01 22T08:00 22T08:20 file not in the cache nothing of it is in the cache, and --offline was asked for",
	}, holesOf(s)); d != "" {
		t.Error(d)
	}
	// Even without a listing, what lies in the cache is found.
	if err := os.Remove(filepath.Join(cache, "ris/rrc00/2014.12", listingName)); err != nil {
		t.Fatal(err)
	}
	s = open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:15"), opts, "ris:rrc00")
	if d := cmp.Diff([]string{"hole rrc00 22T08:10 22T08:15 file not in the cache not in the cache, and --offline was asked for"}, holesOf(s)); d != "" {
		t.Error(d)
	}
	// Collectors that were never fetched are no blindness of a question about all.
	s = open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:10"), opts)
	if len(s.Missing) != 0 || len(s.Files) != 3 {
		t.Errorf("%q", show(s))
	}
	if w.total() != n {
		t.Error("asked a server offline")
	}
}

func TestUnknownCollector(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	_, err := Open(context.Background(), []string{"ris:rrc77"}, span(t, "2014-12-22 08:00", "2014-12-22 08:10"), w.options(t.TempDir()))
	if !errors.Is(err, ErrUsage) || !strings.Contains(err.Error(), "no such collector") {
		t.Error(err)
	}
	// One that is new, and only the archive's front page knows.
	w.ris("rrc88", day(6, 0), day(18, 0), 5*time.Minute)
	s := open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:10"), w.options(t.TempDir()), "ris")
	if c := s.Collectors(); c[len(c)-1] != "rrc88" {
		t.Errorf("%v", c)
	}
}

func TestServerUnreachable(t *testing.T) {
	w := newWorld(t)
	w.Close()
	_, err := Open(context.Background(), []string{"ris:rrc00,rrc01"}, span(t, "2014-12-22 08:00", "2014-12-22 08:10"), w.options(t.TempDir()))
	var u *Unavailable
	if !errors.As(err, &u) || len(u.What) != 2 {
		t.Error(err)
	}
}

func TestInterrupt(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	ctx, cancel := context.WithCancel(context.Background())
	w.broken["rrc00/2014.12/updates.20141222.0810.gz"] = func(http.ResponseWriter, *http.Request, int) bool { cancel(); return false }
	_, err := Open(ctx, []string{"ris:rrc00"}, span(t, "2014-12-22 08:00", "2014-12-22 10:00"), w.options(t.TempDir()))
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestSnapshotsWorthFetching: inside a question a snapshot is fetched only
// where it tells something new.
func TestSnapshotsWorthFetching(t *testing.T) {
	w := newWorld(t)
	w.routeviews("route-views4/bgpdata", day(6, 0), day(18, 0))
	q := span(t, "2014-12-22 08:10", "2014-12-22 16:30")
	ribs := func() string {
		var out []string
		for _, f := range open(t, q, w.options(t.TempDir()), "routeviews:route-views4").Files {
			if f.Kind == RIB {
				out = append(out, f.Start.Std().Format("1504"))
			}
		}
		return strings.Join(out, " ")
	}
	if got := ribs(); got != "0800" {
		t.Errorf("without holes: %s", got)
	}
	delete(w.files, "route-views4/bgpdata/2014.12/UPDATES/updates.20141222.1100.bz2")
	if got := ribs(); got != "0800 1200" {
		t.Errorf("with a hole at 11:00: %s", got)
	}
	for _, n := range []string{"0600", "0800"} {
		delete(w.files, "route-views4/bgpdata/2014.12/RIBS/rib.20141222."+n+".bz2")
	}
	if got := ribs(); got != "1000 1200" {
		t.Errorf("without a baseline: %s", got)
	}
}

// TestFrontPage: collectors are found in a front page however it links to them,
// and a host's name is not taken for one.
func TestFrontPage(t *testing.T) {
	for i, tc := range []struct{ page, want string }{
		{`<a href="rrc00/">rrc00</a> <a href='/rrc99'>x</a> <A HREF=https://data.ris.ripe.net/rrc26/>y</A> <a href="rrc1/">n</a>`, "rrc00 rrc99 rrc26"},
		{`<a href="/route-views3/bgpdata/">3</a> <A HREF="http://archive.routeviews.org/hkix.hkg/bgpdata">h</A> <a href="bgpdata/">2</a> <a href="/route-views6/">x</a>`, "route-views3 hkix.hkg"},
	} {
		var got []string
		for _, m := range allArchives[i].links.FindAllStringSubmatch(tc.page, -1) {
			got = append(got, m[1])
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%q", got)
		}
	}
	// A front page that says nothing is no error: the table stands.
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	w.broken[""] = func(w http.ResponseWriter, r *http.Request, n int) bool { fmt.Fprint(w, "<p>Welcome</p>"); return true }
	s := open(t, span(t, "2014-12-22 08:00", "2014-12-22 08:10"), w.options(t.TempDir()), "ris")
	if len(s.Files) != 3 {
		t.Errorf("%q", show(s))
	}
}

// TestNewYear: the snapshot of a question on New Year's Day is last year's.
func TestNewYear(t *testing.T) {
	w := newWorld(t)
	eve := time.Date(2014, 12, 31, 12, 0, 0, 0, time.UTC)
	w.ris("rrc00", eve, eve.Add(18*time.Hour), 5*time.Minute)
	delete(w.files, "rrc00/2015.01/bview.20150101.0000.gz")
	s := open(t, span(t, "2015-01-01 00:30", "2015-01-01 00:40"), w.options(t.TempDir()), "ris:rrc00")
	if s.Files[0].Name != "bview.20141231.1600.gz" || len(s.Missing) != 0 || len(s.Files) != 1+8*12+8 {
		t.Errorf("%d files from %s, %v", len(s.Files), s.Files[0].Name, s.Missing)
	}
}

// TestCoverage: for any set of files on the grid, every slot of the question is
// either a file that is read or in exactly one hole.
func TestCoverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := moment.FromTime(day(0, 0))
		step := 300 * moment.Second
		q := moment.Interval{From: base + moment.Time(rapid.IntRange(7200, 10800).Draw(t, "from"))*moment.Second}
		q.Until = q.From + moment.Time(rapid.IntRange(1, 7200).Draw(t, "length"))*moment.Second
		var files []File
		for slot := range 72 {
			if rapid.Bool().Draw(t, "there") {
				files = append(files, File{Name: fmt.Sprint("updates", slot), Collector: "rrc00", Archive: "ris", Kind: Updates, Start: base + moment.Time(slot)*step})
			}
		}
		if rapid.Bool().Draw(t, "snapshot") {
			at := base + moment.Time(rapid.IntRange(0, 71).Draw(t, "at"))*step
			files = append(files, File{Name: "bview", Collector: "rrc00", Archive: "ris", Kind: RIB, Start: at})
		}
		if len(files) == 0 {
			return
		}
		c := choose(files, q, before{}, NotArchived, "")
		kept := map[moment.Time]bool{}
		for _, f := range c.keep {
			if f.Kind == Updates {
				kept[f.Start] = true
			}
		}
		for at := q.From - q.From%step; at < q.Until; at += step {
			in := 0
			for _, h := range c.missing {
				if h.From <= at && at+step <= h.Until {
					in++
				}
			}
			if kept[at] && in != 0 || !kept[at] && in != 1 {
				t.Fatalf("slot %v: read %v, in %d holes of %v", at, kept[at], in, c.missing)
			}
		}
		if len(c.keep)+len(c.outside) != len(files) {
			t.Fatalf("%d files: %d read, %d outside", len(files), len(c.keep), len(c.outside))
		}
		for i, h := range c.missing {
			if h.Until-h.From != moment.Time(h.Files)*step || i > 0 && c.missing[i-1].Until >= h.From {
				t.Fatalf("%v", c.missing)
			}
		}
	})
}
