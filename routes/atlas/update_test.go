package atlas

import (
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"constat/internal/fetch"
)

// registryServer serves the registries' folders on loopback.
func registryServer(t *testing.T, files map[string]string, broken func(w http.ResponseWriter, path string) bool) *int {
	var mu sync.Mutex
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := strings.TrimPrefix(r.URL.Path, "/")
		mu.Lock()
		asked++
		mu.Unlock()
		if broken != nil && broken(w, p) {
			return
		}
		if body, ok := files[p]; ok {
			w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 01:00:00 GMT")
			fmt.Fprint(w, body)
			return
		}
		names := map[string]bool{}
		for f := range files {
			if rest, ok := strings.CutPrefix(f, p); ok && strings.HasSuffix(p, "/") {
				dir, _, sub := strings.Cut(rest, "/")
				if sub {
					dir += "/"
				}
				names[dir] = true
			}
		}
		if len(names) == 0 {
			http.NotFound(w, r)
			return
		}
		var sorted []string
		for n := range names {
			sorted = append(sorted, n)
		}
		sort.Strings(sorted)
		fmt.Fprintf(w, "<title>Index of /%s</title>\n", p)
		for _, n := range sorted {
			fmt.Fprintf(w, "<a href=%q>%s</a>\n", n, n)
		}
	}))
	t.Cleanup(s.Close)
	t.Setenv(URLEnv, s.URL)
	return &asked
}

func list(reg, day string) string {
	d := strings.ReplaceAll(day, "-", "")
	return "2|" + reg + "|" + d + "|1|19830613|" + d + "|+1000\n" + reg + "|KP|asn|131279|1|20091221|allocated\n"
}

// archive2014 has each registry's files where it keeps them.
func archive2014() map[string]string {
	return map[string]string{
		"afrinic/2014/delegated-afrinic-20141222":            list("afrinic", "2014-12-22"),
		"afrinic/2014/delegated-afrinic-20141223":            list("afrinic", "2014-12-23"), // after the day
		"apnic/2014/delegated-apnic-20141222":                list("apnic", "2014-12-22"),
		"apnic/2014/delegated-apnic-extended-20141222":       list("apnic", "2014-12-22"),
		"apnic/2014/delegated-apnic-ipv6-assigned-20141222":  "something else",
		"apnic/delegated-apnic-latest":                       list("apnic", "2026-11-23"),
		"arin/archive/2014/delegated-arin-extended-20141221": list("arin", "2014-12-21"),
		"lacnic/delegated-lacnic-20141222":                   list("lacnic", "2014-12-22"),
		"lacnic/delegated-lacnic-20141222.md5":               "d41d8cd98f00b204e9800998ecf8427e",
		"ripencc/2014/delegated-ripencc-20141101":            list("ripencc", "2014-11-01"), // too old
		"asnames/asn.txt":                                    "1 LVLT-1, US\n131279 STAR-KP, KP\n",
	}
}

func quick() *fetch.Client {
	return &fetch.Client{Backoff: time.Millisecond, MaxBackoff: time.Millisecond, Tries: 2}
}

func TestUpdate(t *testing.T) {
	asked := registryServer(t, archive2014(), nil)
	dir := filepath.Join(t.TempDir(), "new")
	day := time.Date(2014, 12, 22, 0, 0, 0, 0, time.UTC)
	got, absent, err := Update(context.Background(), day, dir, quick())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range got {
		lines = append(lines, strings.Join([]string{f.What, f.Date, f.File, f.Note}, "|"))
	}
	want := []string{
		"AFRINIC|2014-12-22|delegated-afrinic-20141222|",
		"APNIC|2014-12-22|delegated-apnic-extended-20141222|",
		"ARIN|2014-12-21|delegated-arin-extended-20141221|the newest not after 2014-12-22",
		"LACNIC|2014-12-22|delegated-lacnic-20141222|",
		"AS names|2026-11-23|asnames-20261123.txt|older names are not kept",
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
	if len(absent) != 1 || !strings.HasPrefix(absent[0], "RIPE NCC: its archive has no list of that time (2014-11-21 to 2014-12-22") {
		t.Errorf("%q", absent)
	}
	a := openDir(t, dir)
	if s := resolve(t, a, "KP"); fmt.Sprint(s.Absent) != "[RIPE NCC]" || len(s.Lists) != 4 {
		t.Errorf("%v %v", s.Absent, s.Lists)
	}
	if n, _ := a.Name(131279); n != "STAR-KP, KP" || a.NamesOf() != "asnames-20261123.txt of 2026-11-23" {
		t.Error(n, a.NamesOf())
	}
	// Again: nothing is fetched but listings.
	before := *asked
	got, _, err = Update(context.Background(), day, dir, quick())
	if err != nil || len(got) != 5 || *asked-before > 16 {
		t.Errorf("%v %d more requests, %v", got, *asked-before, err)
	}
	for _, f := range got {
		if f.New {
			t.Errorf("fetched again: %+v", f)
		}
	}
	// On New Year's Day the list may be last year's.
	got, _, err = Update(context.Background(), time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), t.TempDir(), quick())
	if err != nil || got[0].Date != "2014-12-23" {
		t.Errorf("%v %v", got, err)
	}
}

// TestListsHeal: a packed list of the cache that lost a byte is fetched again.
func TestListsHeal(t *testing.T) {
	packed := func(reg string) string {
		var b strings.Builder
		w := gzip.NewWriter(&b)
		fmt.Fprint(w, list(reg, "2014-12-22"))
		w.Close()
		return b.String()
	}
	files := archive2014()
	name := "delegated-lacnic-20141222"
	delete(files, "lacnic/"+name)
	name += ".gz"
	files["lacnic/"+name] = packed("lacnic")
	asked := registryServer(t, files, nil)
	cache, day := t.TempDir(), time.Date(2014, 12, 22, 0, 0, 0, 0, time.UTC)
	dir, _, err := Cached(context.Background(), day, cache, false, quick())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	for _, at := range []int{2, len(files["lacnic/"+name]) - 8} { // the method; the checksum
		b := []byte(files["lacnic/"+name])
		b[at] ^= 1
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Cached(context.Background(), day, cache, true, quick()); err != nil {
			t.Errorf("offline: %v", err)
		}
		if b, _ := os.ReadFile(path); string(b) == files["lacnic/"+name] {
			t.Error("fetched offline")
		}
		if _, _, err := Cached(context.Background(), day, cache, false, quick()); err != nil {
			t.Error(err)
		}
		if b, _ := os.ReadFile(path); string(b) != files["lacnic/"+name] {
			t.Errorf("byte %d: not replaced", at)
		}
		before := *asked
		if _, _, err := Cached(context.Background(), day, cache, false, quick()); err != nil || *asked != before {
			t.Errorf("byte %d: asked again, %v", at, err)
		}
	}
}

func TestUpdateMisbehaves(t *testing.T) {
	files := archive2014()
	sick := "lacnic"
	how := func(w http.ResponseWriter) { http.Error(w, "", 503) }
	registryServer(t, files, func(w http.ResponseWriter, p string) bool {
		if strings.HasPrefix(p, sick) {
			how(w)
			return true
		}
		return false
	})
	day := time.Date(2014, 12, 22, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		sick  string
		how   func(w http.ResponseWriter)
		words []string
	}{
		{"lacnic", func(w http.ResponseWriter) { http.Error(w, "", 503) }, []string{"the delegations of LACNIC", "503", "run the same command again"}},
		{"apnic/2014/delegated-apnic-extended", func(w http.ResponseWriter) { fmt.Fprint(w, "<html>maintenance") }, []string{"the delegations of APNIC", "web page"}},
		{"apnic/2014/delegated-apnic-extended", func(w http.ResponseWriter) { http.NotFound(w, nil) }, []string{"the delegations of APNIC", "404"}},
		{"apnic/2014/", func(w http.ResponseWriter) { fmt.Fprint(w, "<html>maintenance") }, []string{"no listing"}},
		{"apnic/2014/delegated-apnic-extended", func(w http.ResponseWriter) { fmt.Fprint(w, `{"error":"quota exceeded"}`) }, []string{"the delegations of APNIC", "not a delegation file"}},
		{"apnic/2014/delegated-apnic-extended", func(w http.ResponseWriter) {
			fmt.Fprint(w, "The service is down.\nPlease come again.\n")
		}, []string{"the delegations of APNIC", "not a delegation file"}},
		{"asnames", func(w http.ResponseWriter) { fmt.Fprint(w, "nothing of the kind") }, []string{"the AS names"}},
	} {
		sick, how = tc.sick, tc.how
		dir := t.TempDir()
		got, _, err := Update(context.Background(), day, dir, quick())
		if err == nil || len(got) != 4 {
			t.Fatalf("%s: %v %v", tc.sick, got, err)
		}
		for _, w := range tc.words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is not in %v", tc.sick, w, err)
			}
		}
		sick = "nobody"
		if got, _, err = Update(context.Background(), day, dir, quick()); err != nil || len(got) != 5 {
			t.Errorf("%s, recovered: %v %v", tc.sick, got, err)
		}
	}
	_ = how
}
