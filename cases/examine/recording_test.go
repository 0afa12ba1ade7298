package examine_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/cases/examine"
	"constat/cases/page"
	"constat/judge/finding"
	"constat/lab"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// The recording in the box is evidence like any other: what is changed in it
// changes what is found.

// altered unpacks the recording with every MRT file passed through change.
func altered(t *testing.T, change func([]byte) []byte) string {
	t.Helper()
	dir := t.TempDir()
	err := fs.WalkDir(lab.Demo(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(lab.Demo(), name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if strings.HasSuffix(name, ".gz") {
			r, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				return err
			}
			if b, err = io.ReadAll(r); err != nil {
				return err
			}
			b = change(b)
			to = strings.TrimSuffix(to, ".gz")
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func examineDemo(t *testing.T, dir, subject string, shift moment.Time) *finding.Findings {
	t.Helper()
	q := moment.Interval{}
	var err error
	if q.From, err = moment.ParseTime(lab.DemoFrom); err != nil {
		t.Fatal(err)
	}
	if q.Until, err = moment.ParseTime(lab.DemoUntil); err != nil {
		t.Fatal(err)
	}
	q.From, q.Until = q.From+shift, q.Until+shift
	a, err := atlas.Open("")
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Resolve(subject)
	if err != nil {
		t.Fatal(err)
	}
	set, err := source.Open(context.Background(), []string{filepath.Join(dir, "lab00"), filepath.Join(dir, "lab01")}, q, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := examine.Run(context.Background(), examine.Request{Asked: subject, Subject: s, Atlas: a, From: q.From, Until: q.Until,
		Sources: set, Dir: filepath.Join(t.TempDir(), "case"), Extra: page.Writer("en")})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// night returns the longest outage of the whole subject.
func night(t *testing.T, f *finding.Findings) finding.Outage {
	t.Helper()
	var best finding.Outage
	for _, o := range f.Outages {
		if o.Scope == "subject" && o.DurationS != nil && (best.DurationS == nil || *o.DurationS > *best.DurationS) {
			best = o
		}
	}
	if best.DurationS == nil {
		t.Fatalf("no closed outage among %d; answer %q", len(f.Outages), f.Answer)
	}
	return best
}

func TestFindingsFollowTheRecording(t *testing.T) {
	same := func(b []byte) []byte { return b }
	plain := examineDemo(t, altered(t, same), lab.DemoSubject, 0)
	was := night(t, plain)
	if got := was.Onset.Median.String() + " " + was.Recovery.Median.String(); got != "2014-12-22T16:15:07Z 2014-12-23T01:46:14Z" {
		t.Errorf("the night is %s", got)
	}
	if *was.DurationS != 9*3600+31*60+7 {
		t.Errorf("it lasted %d s, not 9 h 31 min 7 s", *was.DurationS)
	}

	t.Run("an hour later", func(t *testing.T) {
		const hour = 3600 * moment.Second
		dir := altered(t, func(b []byte) []byte {
			b = bytes.Clone(b)
			if err := lab.Restamp(b, func(sec uint32) uint32 { return sec + 3600 }); err != nil {
				t.Fatal(err)
			}
			return b
		})
		renameByAnHour(t, dir)
		o := night(t, examineDemo(t, dir, lab.DemoSubject, hour))
		if *o.Onset.Median != *was.Onset.Median+hour || *o.Recovery.Median != *was.Recovery.Median+hour || *o.DurationS != *was.DurationS {
			t.Errorf("got %s to %s, want an hour after %s to %s", o.Onset.Median, o.Recovery.Median, was.Onset.Median, was.Recovery.Median)
		}
	})

	t.Run("without a peer", func(t *testing.T) {
		const peer = 2907
		o := night(t, examineDemo(t, altered(t, func(b []byte) []byte { return withoutPeer(t, b, peer) }), lab.DemoSubject, 0))
		if o.Witnesses.Lost != was.Witnesses.Lost-1 {
			t.Errorf("%d witnesses, want one fewer than %d", o.Witnesses.Lost, was.Witnesses.Lost)
		}
		for _, p := range o.Peers {
			if p.AS == peer {
				t.Errorf("AS%d is still a witness", peer)
			}
		}
	})

	t.Run("from another origin", func(t *testing.T) {
		swap := func(b []byte) []byte {
			return bytes.ReplaceAll(b, binary.BigEndian.AppendUint32(nil, 131279), binary.BigEndian.AppendUint32(nil, 64999))
		}
		dir := altered(t, swap)
		if f := examineDemo(t, dir, "AS131279", 0); len(f.Outages) != 0 || len(f.Subject.Prefixes) != 0 {
			t.Errorf("the old origin still has %d prefixes and %d outages", len(f.Subject.Prefixes), len(f.Outages))
		}
		f := examineDemo(t, dir, "AS64999", 0)
		if o := night(t, f); *o.DurationS != *was.DurationS || o.Name != "AS64999" {
			t.Errorf("%s is out for %d s, want AS64999 for %d s", o.Name, *o.DurationS, *was.DurationS)
		}
	})
}

// renameByAnHour moves the times in the files' names along, since names tell the
// slots of files.
func renameByAnHour(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "lab0?", "*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for _, f := range files {
		kind, rest, _ := strings.Cut(filepath.Base(f), ".")
		at, err := moment.ParseTime(rest[:4] + "-" + rest[4:6] + "-" + rest[6:8] + "T" + rest[9:11] + ":" + rest[11:13])
		if err != nil {
			t.Fatal(err)
		}
		name := kind + "." + (at + 3600*moment.Second).Std().Format("20060102.1504")
		if err := os.Rename(f, filepath.Join(filepath.Dir(f), "new-"+name)); err != nil {
			t.Fatal(err)
		}
	}
	moved, _ := filepath.Glob(filepath.Join(dir, "lab0?", "*", "new-*"))
	for _, f := range moved {
		if err := os.Rename(f, filepath.Join(filepath.Dir(f), strings.TrimPrefix(filepath.Base(f), "new-"))); err != nil {
			t.Fatal(err)
		}
	}
}

// withoutPeer drops the messages of a peer, by its AS, and its entries of
// tables (RFC 6396 §4.3 and §4.4).
func withoutPeer(t *testing.T, b []byte, as uint32) []byte {
	t.Helper()
	var out []byte
	index := -1
	for len(b) >= 12 {
		n := 12 + int(binary.BigEndian.Uint32(b[8:]))
		rec, typ, sub := b[:n], binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:])
		b = b[n:]
		body := rec[12:]
		switch {
		case typ == 16 && (sub == 4 || sub == 5): // four-byte ASes
			if binary.BigEndian.Uint32(body) == as {
				continue
			}
		case typ == 13 && sub == 1:
			p := body[4:]
			p = p[2+binary.BigEndian.Uint16(p):]
			count := int(binary.BigEndian.Uint16(p))
			p = p[2:]
			for i := range count {
				size := 1 + 4 + 4 + 4
				if p[0]&1 != 0 {
					size += 12
				}
				if p[0]&2 == 0 {
					t.Fatal("a peer with a two-byte AS")
				}
				if binary.BigEndian.Uint32(p[size-4:]) == as {
					index = i
				}
				p = p[size:]
			}
		case typ == 13 && sub == 2:
			bits := int(body[4])
			head := 5 + (bits+7)/8
			p := body[head+2:]
			kept, entries := uint16(0), []byte(nil)
			for len(p) > 0 {
				size := 8 + int(binary.BigEndian.Uint16(p[6:]))
				if int(binary.BigEndian.Uint16(p)) != index {
					kept, entries = kept+1, append(entries, p[:size]...)
				}
				p = p[size:]
			}
			changed := append(bytes.Clone(rec[:12+head]), byte(kept>>8), byte(kept))
			changed = append(changed, entries...)
			binary.BigEndian.PutUint32(changed[8:], uint32(len(changed)-12))
			rec = changed
		}
		out = append(out, rec...)
	}
	return out
}
