package source

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"constat/moment"
)

// spoil changes a byte of a file and nothing else of it but its time.
func spoil(t *testing.T, path string, at int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[(at+len(b))%len(b)] ^= 1
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
	// The clock of a file system may be coarse.
	if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
}

// TestCacheHeals: a cached file of the right size with a wrong byte is fetched again,
// once, and the right bytes take its place; a good one is not asked for.
func TestCacheHeals(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	cache := t.TempDir()
	q := span(t, "2014-12-22 08:00", "2014-12-22 08:20")
	open(t, q, w.options(cache), "ris:rrc00")
	name := "rrc00/2014.12/updates.20141222.0810.gz"
	path := filepath.Join(cache, "ris", name)
	for _, at := range []int{-8, -2, 12} { // checksum, length, data
		spoil(t, path, at)
		before := w.asked[name]
		opts := w.options(cache)
		opts.Offline = true
		s := open(t, q, opts, "ris:rrc00")
		if n := s.Files[3].Note; !strings.Contains(n, "in the cache is damaged (gzip: ") || !strings.Contains(n, "without --offline") {
			t.Errorf("offline, byte %d: %q", at, n)
		}
		if w.asked[name] != before {
			t.Error("asked a server offline")
		}
		s = open(t, q, w.options(cache), "ris:rrc00")
		if n := s.Files[3].Note; !strings.Contains(n, "was damaged (gzip: ") || !strings.Contains(n, "fetched again") {
			t.Errorf("byte %d: %q", at, n)
		}
		if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, w.files[name]) {
			t.Errorf("byte %d: the file was not replaced (%v)", at, err)
		}
		if n := w.asked[name] - before; n != 1 {
			t.Errorf("byte %d: asked %d times", at, n)
		}
		s = open(t, q, w.options(cache), "ris:rrc00")
		if s.Files[3].Note != "" || w.asked[name] != before+1 {
			t.Errorf("byte %d, once more: %q, asked %d times", at, s.Files[3].Note, w.asked[name]-before)
		}
	}
}

// TestCacheDamagedNoServer: without a server the damaged copy stays, and the error says
// what could not be had.
func TestCacheDamagedNoServer(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	cache := t.TempDir()
	q := span(t, "2014-12-22 08:00", "2014-12-22 08:20")
	open(t, q, w.options(cache), "ris:rrc00")
	name := "rrc00/2014.12/updates.20141222.0810.gz"
	path := filepath.Join(cache, "ris", name)
	spoil(t, path, -8)
	was, _ := os.ReadFile(path)
	w.broken["*"] = func(rw http.ResponseWriter, _ *http.Request, _ int) bool {
		rw.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	_, err := Open(context.Background(), []string{"ris:rrc00"}, q, w.options(cache))
	var u *Unavailable
	if !errors.As(err, &u) || u.Have != 4 || len(u.What) != 1 || !strings.Contains(err.Error(), "updates.20141222.0810.gz") {
		t.Errorf("%v", err)
	}
	if b, _ := os.ReadFile(path); !bytes.Equal(b, was) {
		t.Error("the copy in the cache was touched")
	}
}

// TestArchiveDamageRemembered: what is the archive's own damage is fetched twice, once,
// and said each time.
func TestArchiveDamageRemembered(t *testing.T) {
	w := newWorld(t)
	w.ris("rrc00", day(6, 0), day(18, 0), 5*time.Minute)
	cache := t.TempDir()
	q := span(t, "2014-12-22 08:00", "2014-12-22 08:20")
	name := "rrc00/2014.12/updates.20141222.0810.gz"
	w.files[name] = w.files[name][:20]
	for range 3 {
		s := open(t, q, w.options(cache), "ris:rrc00")
		if n := s.Files[3].Note; !strings.HasPrefix(n, "the archive's own copy is damaged: gzip: ") {
			t.Errorf("%q", n)
		}
	}
	if w.asked[name] != 2 {
		t.Errorf("asked %d times", w.asked[name])
	}
	// Mended there, and of another size: its listing tells.
	w.files[name] = record(moment.FromTime(day(8, 10)), 16)
	os.Remove(filepath.Join(cache, "ris/rrc00/2014.12", listingName))
	if s := open(t, q, w.options(cache), "ris:rrc00"); s.Files[3].Note != "" {
		t.Errorf("%q", s.Files[3].Note)
	}
	// What cannot be read of the folder's memory costs a check.
	if err := os.WriteFile(filepath.Join(cache, "ris/rrc00/2014.12", checkedName), []byte("null"), 0o666); err != nil {
		t.Fatal(err)
	}
	open(t, q, w.options(cache), "ris:rrc00")
}
