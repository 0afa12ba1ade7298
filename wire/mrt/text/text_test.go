package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// TestDebianBgpdump: the installed bgpdump prints the same of every real file
// that neither we nor it find fault with.
func TestDebianBgpdump(t *testing.T) {
	bin, err := exec.LookPath("bgpdump")
	if err != nil {
		t.Skip("bgpdump is not installed")
	}
	// Where they differ, and why: docs/formats/bgpdump-m.md.
	known := map[string]string{
		"bview.20000111.0032.gz":                "record lengths 4 bytes short: bgpdump stops after one line",
		"updates.20000325.0345.gz":              "damaged framing: bgpdump prints garbage",
		"updates.20220119.1645.first-6s.et.mrt": "path identifiers that nothing announces: bgpdump prints garbage",
		"frr844-as2.mrt":                        "a state change of FRR, which bgpdump passes over",
		"updates.nlri_mask_trailing_bits.gz":    "bgpdump 1.6.2 does not clear bits behind a prefix, later versions do",
	}
	for _, path := range realdata.Glob(t, "mrt/bgpdump-suite/input/*", "mrt/ris/*/*/*", "mrt/routeviews/*", "mrt/odd/*",
		"public-faults/frr*-as2.mrt", "public-faults/bird*-as2.mrt", "public-faults/openbgpd*-as2.all", "public-faults/as4path-*.mrt") {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			if why, ok := known[name]; ok {
				t.Skip(why)
			}
			t.Parallel()
			if strings.HasPrefix(name, "rib.") { // it has no way to read what a truncated stream holds
				path = unpackTo(t, path)
			}
			want, err := exec.Command(bin, "-q", "-m", path).Output()
			if err != nil {
				t.Fatal(err)
			}
			got, _ := dump(t, path)
			diffLines(t, got, want)
		})
	}
}

// unpackTo unpacks what there is of a file into a temporary one.
func unpackTo(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	out := filepath.Join(t.TempDir(), "unpacked")
	w, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := io.Copy(w, d); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	return out
}

// TestFormsKeepNothingStale: what a writer keeps from element to element never
// shows: a fresh one for every element writes the same.
func TestFormsKeepNothingStale(t *testing.T) {
	for _, name := range []string{"mrt/ris/rrc15/2010.02/updates.20100227.1610.gz", "mrt/bgpdump-suite/input/bview.64k_stream_overflow.gz",
		"mrt/bgpdump-suite/input/bview.ipv4_unicast_add_path.gz", "mrt/ris/rrc00/2000.01/updates.20000102.2014.gz",
		"mrt/routeviews/updates.20220119.1645.first-6s.et.mrt"} {
		data, err := os.ReadFile(unpackTo(t, realdata.Path(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		var w mrt.Walker
		b, l, j := new(Bgpdump), new(Line), NewJSON(name)
		r := mrt.NewReader(bytes.NewReader(data))
		for {
			rec, err := r.Next()
			if err == io.EOF {
				break
			}
			w.Record(rec)
			for w.Next() {
				e := w.Elem()
				if got, want := b.Append(nil, &rec, e), new(Bgpdump).Append(nil, &rec, e); !bytes.Equal(got, want) {
					t.Fatalf("bgpdump form: %s, fresh %s", got, want)
				}
				if got, want := l.Append(nil, &rec, e), new(Line).Append(nil, &rec, e); !bytes.Equal(got, want) {
					t.Fatalf("line: %s, fresh %s", got, want)
				}
				got := j.Append(nil, &rec, e)
				if want := NewJSON(name).Append(nil, &rec, e); !bytes.Equal(got, want) {
					t.Fatalf("JSON: %s, fresh %s", got, want)
				}
				if !json.Valid(got) {
					t.Fatalf("not JSON: %s", got)
				}
			}
		}
	}
}

// TestIPv6LikeBgpdump: where its form differs from RFC 5952.
func TestIPv6LikeBgpdump(t *testing.T) {
	for in, want := range map[string]string{
		"::":                    "::",
		"::1":                   "::1",
		"::2":                   "::0.0.0.2",
		"::1:0":                 "::0.1.0.0",
		"::ffff:192.0.2.1":      "::ffff:192.0.2.1",
		"::1:0:0":               "::1:0:0",
		"2001:db8::":            "2001:db8::",
		"2001:db8::1":           "2001:db8::1",
		"2001:0:1:1:1:1:1:1":    "2001::1:1:1:1:1:1", // one group of zeros
		"1:2:3:4:5:6:7:0":       "1:2:3:4:5:6:7::",
		"0:1:2:3:4:5:6:7":       "::1:2:3:4:5:6:7",
		"2001:0:0:1:0:0:0:1":    "2001:0:0:1::1",
		"2001:0:0:1:0:0:1:1":    "2001::1:0:0:1:1", // the first of equals
		"fe80::a00:27ff:fe:1":   "fe80::a00:27ff:fe:1",
		"2001:7f8:30::2:1:8447": "2001:7f8:30::2:1:8447",
	} {
		if got := string(appendAddr(nil, netip.MustParseAddr(in))); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) { // it is always the same address
		b := rapid.SliceOfN(rapid.ByteRange(0, 2), 16, 16).Draw(t, "b")
		a := netip.AddrFrom16([16]byte(b))
		got, err := netip.ParseAddr(string(appendAddr(nil, a)))
		if err != nil || got != a {
			t.Fatalf("%v written %s, read %v, %v", a, appendAddr(nil, a), got, err)
		}
	})
}

func TestAppendTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := moment.Unix(rapid.Int64Range(-10, 1<<33).Draw(t, "s"), 0) + moment.Time(rapid.SampledFrom([]int64{0, 1, 999999, 123456}).Draw(t, "us"))
		if got := string(appendTime(nil, at)); got != at.String() {
			t.Fatalf("%s, want %v", got, at)
		}
	})
	at := moment.FromTime(time.Date(2000, 2, 29, 23, 59, 59, 0, time.UTC))
	if got := string(appendTime(nil, at)); got != "2000-02-29T23:59:59Z" {
		t.Error(got)
	}
}

// The limits of bgpdump's buffers show in its text.
func TestBgpdumpLimits(t *testing.T) {
	path := func(n int) *bgp.Attrs {
		var v []byte
		for n > 0 {
			k := min(n, 255)
			n -= k
			v = append(v, 2, byte(k))
			for range k {
				v = append(v, 0, 1, 0x86, 0xa1) // 100001
			}
		}
		var a bgp.Attrs
		a.Parse(append([]byte{0x50, 2, byte(len(v) >> 8), byte(len(v))}, v...), bgp.Context{AS4: true})
		return &a
	}
	// 100001 and a space are seven characters; after more than 7,900 it stops.
	if got := string(appendPath(nil, path(1128))); strings.HasSuffix(got, "...") || len(got) != 1128*7-1 {
		t.Errorf("1128 ASes: %d characters ending %q", len(got), got[len(got)-5:])
	}
	if got := string(appendPath(nil, path(1400))); !strings.HasSuffix(got, "100001...") || len(got) != 1129*7-1+3 {
		t.Errorf("1400 ASes: %d characters ending %q", len(got), got[len(got)-10:])
	}
	v := bytes.Repeat([]byte{0xff, 0xff, 0xff, 0xfe}, 1000) // 65535:65534
	var a bgp.Attrs
	a.Parse(append([]byte{0xd0, 8, byte(len(v) >> 8), byte(len(v))}, v...), bgp.Context{})
	if got := appendCommunities(nil, &a); len(got) != 8190 {
		t.Errorf("1000 communities: %d characters, want 8190", len(got))
	}
}
