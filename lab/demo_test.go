package lab

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// A second opinion on the recording in the box, by the words of the
// definitions and nothing of the package's own reading: slow, obvious, IPv4.

type heard struct {
	at      time.Time
	peer    string // collector and address
	prefix  netip.Prefix
	path    []uint32
	held    bool
	session bool // a state change, not a route
}

// field reads big-endian numbers until the reader is empty.
type field struct {
	t *testing.T
	r *bytes.Reader
}

func (f field) n(size int) uint64 { return new64(f.b(size)) }
func (f field) b(size int) []byte {
	b := make([]byte, size)
	if _, err := io.ReadFull(f.r, b); err != nil {
		f.t.Fatalf("record ends early: %v", err)
	}
	return b
}
func (f field) sub(size int) field { return field{f.t, bytes.NewReader(f.b(size))} }
func (f field) prefix() netip.Prefix {
	bits := int(f.n(1))
	a := [4]byte{}
	copy(a[:], f.b((bits+7)/8))
	return netip.PrefixFrom(netip.AddrFrom4(a), bits)
}
func new64(b []byte) (n uint64) {
	for _, x := range b {
		n = n<<8 | uint64(x)
	}
	return n
}

func (f field) asPath() (path []uint32) {
	for f.r.Len() > 0 {
		flags, typ := f.n(1), f.n(1)
		var size int
		if flags&0x10 != 0 {
			size = int(f.n(2))
		} else {
			size = int(f.n(1))
		}
		v := f.sub(size)
		if typ != 2 {
			continue
		}
		for v.r.Len() > 0 {
			if v.n(1) != 2 {
				f.t.Fatal("AS_PATH with something other than a sequence")
			}
			for range v.n(1) {
				path = append(path, uint32(v.n(4)))
			}
		}
	}
	return path
}

// hear decodes one file.
func hear(t *testing.T, dir fs.FS, name string) (out []heard) {
	t.Helper()
	collector, _, _ := strings.Cut(name, "/")
	z := must(gzip.NewReader(bytes.NewReader(must(fs.ReadFile(dir, name))(t))))(t)
	f := field{t, bytes.NewReader(must(io.ReadAll(z))(t))}
	var peers []string
	for f.r.Len() > 0 {
		at := time.Unix(int64(f.n(4)), 0).UTC()
		typ := f.n(4)
		r := f.sub(int(f.n(4)))
		peer := func() string { return collector + " " + netip.AddrFrom4([4]byte(r.b(4))).String() }
		switch typ {
		case 13<<16 | 1:
			r.b(4)
			r.b(int(r.n(2)))
			for range r.n(2) {
				switch k := r.n(1); k {
				case 2:
					r.b(4)
					peers = append(peers, peer())
					r.b(4)
				case 3: // BIRD's peer number 0 stands for itself, with address ::
					if new64(r.b(4+16+4)) != 0 || len(peers) != 0 {
						t.Fatalf("%s: a peer over IPv6", name)
					}
					peers = append(peers, "itself")
				default:
					t.Fatalf("%s: peer of type %d", name, k)
				}
			}
		case 13<<16 | 2:
			r.b(4)
			p := r.prefix()
			for range r.n(2) {
				who := peers[r.n(2)]
				r.b(4)
				out = append(out, heard{at: at, peer: who, prefix: p, held: true, path: r.sub(int(r.n(2))).asPath()})
			}
		case 16<<16 | 4:
			r.b(4 + 4 + 2 + 2)
			who := peer()
			r.b(4 + 18)
			if r.n(1) != 2 {
				r.b(r.r.Len()) // no UPDATE
				break
			}
			for w := r.sub(int(r.n(2))); w.r.Len() > 0; {
				out = append(out, heard{at: at, peer: who, prefix: w.prefix()})
			}
			path := r.sub(int(r.n(2))).asPath()
			for r.r.Len() > 0 {
				out = append(out, heard{at: at, peer: who, prefix: r.prefix(), held: true, path: path})
			}
		case 16<<16 | 5:
			r.b(4 + 4 + 2 + 2)
			out = append(out, heard{at: at, peer: peer(), session: true})
			r.b(r.r.Len())
		default:
			t.Fatalf("%s: record of type %#x", name, typ)
		}
		if r.r.Len() > 0 {
			t.Fatalf("%s: %d bytes left over in a record", name, r.r.Len())
		}
	}
	return out
}

// demoNight is the whole recording: the first snapshots, then every update in
// order of time.
func demoNight(t *testing.T) (tables, updates []heard) {
	t.Helper()
	files := must(fs.Glob(Demo(), "lab*/2014.12/*.gz"))(t)
	for _, name := range files {
		h := hear(t, Demo(), name)
		switch {
		case strings.Contains(name, "bview.20141221.1200"):
			tables = append(tables, h...)
		case strings.Contains(name, "updates."):
			slot := must(time.Parse("20060102.1504", name[len(name)-len("20141221.1200.gz"):len(name)-3]))(t)
			for i, x := range h {
				if x.at.Before(slot) || !x.at.Before(slot.Add(2*time.Hour)) {
					t.Fatalf("%s: %s is not in its time", name, x.at)
				}
				if i > 0 && x.at.Before(h[i-1].at) {
					t.Fatalf("%s: time runs backwards at %s", name, x.at)
				}
			}
			if h[0].at.Sub(slot) > 12*time.Minute || slot.Add(2*time.Hour).Sub(h[len(h)-1].at) > 12*time.Minute {
				t.Errorf("%s: from %s to %s, which does not cover its two hours", name, h[0].at, h[len(h)-1].at)
			}
			updates = append(updates, h...)
		}
	}
	slices.SortStableFunc(updates, func(a, b heard) int { return a.at.Compare(b.at) })
	return tables, updates
}

func demoTime(t *testing.T, s string) time.Time { return must(time.Parse(time.RFC3339, s))(t) }

var demoNets = netip.MustParsePrefix(DemoSubject)

// TestDemoTimes finds the night's outage by the definitions: total from the
// last loss to the first return, medians the lower middle over peers.
func TestDemoTimes(t *testing.T) {
	tables, updates := demoNight(t)
	held := map[string]map[netip.Prefix]bool{}
	for _, h := range tables {
		if demoNets.Contains(h.prefix.Addr()) {
			if held[h.peer] == nil {
				held[h.peer] = map[netip.Prefix]bool{}
			}
			held[h.peer][h.prefix] = true
		}
	}
	if len(held) != 24 {
		t.Fatalf("%d peers carry the subject in the first snapshots, not 24", len(held))
	}
	for p, m := range held {
		if len(m) != 4 {
			t.Errorf("%s carries %d of the four", p, len(m))
		}
	}
	type total struct{ from, until time.Time }
	var totals []total
	var longest total
	nobody := func() bool {
		for _, m := range held {
			if len(m) > 0 {
				return false
			}
		}
		return true
	}
	lost, back := map[string][]time.Time{}, map[string][]time.Time{}
	flaps := 0
	for i := 0; i < len(updates); {
		at := updates[i].at
		was := nobody()
		for ; i < len(updates) && updates[i].at.Equal(at); i++ {
			h := updates[i]
			if h.session {
				t.Errorf("%s: the session of %s changed", at, h.peer)
			}
			if !demoNets.Contains(h.prefix.Addr()) {
				continue
			}
			m := held[h.peer]
			had := len(m)
			if h.held {
				m[h.prefix] = true
			} else {
				delete(m, h.prefix)
				flaps++
			}
			if had == 1 && len(m) == 0 {
				lost[h.peer] = append(lost[h.peer], at)
			}
			if had == 0 && len(m) == 1 {
				back[h.peer] = append(back[h.peer], at)
			}
		}
		switch is := nobody(); {
		case is && !was:
			totals = append(totals, total{from: at})
		case was && !is:
			x := &totals[len(totals)-1]
			x.until = at
			if x.until.Sub(x.from) > longest.until.Sub(longest.from) {
				longest = *x
			}
		}
	}
	if len(totals) < 8 || flaps < 200 {
		t.Errorf("%d total losses and %d withdrawals: no day of instability", len(totals), flaps)
	}
	mid := func(m map[string][]time.Time, pick func([]time.Time) time.Time) time.Time {
		var ts []time.Time
		for _, v := range m {
			ts = append(ts, pick(v))
		}
		slices.SortFunc(ts, time.Time.Compare)
		if len(ts) != 24 || ts[0].IsZero() {
			t.Fatalf("%d peers took part: %v", len(ts), ts)
		}
		t.Logf("first %s, median %s, last %s", ts[0], ts[(len(ts)-1)/2], ts[len(ts)-1])
		if d := ts[len(ts)-1].Sub(ts[0]); d < 3*time.Second || d > 2*time.Minute {
			t.Errorf("it spread over the peers within %v", d)
		}
		return ts[(len(ts)-1)/2]
	}
	onset := mid(lost, func(ts []time.Time) (at time.Time) {
		for _, x := range ts {
			if !x.After(longest.from) {
				at = x
			}
		}
		return at
	})
	recovery := mid(back, func(ts []time.Time) (at time.Time) {
		for _, x := range slices.Backward(ts) {
			if !x.Before(longest.until) {
				at = x
			}
		}
		return at
	})
	if want := demoTime(t, "2014-12-22T16:15:07Z"); !onset.Equal(want) {
		t.Errorf("onset %s, want %s", onset, want)
	}
	if want := demoTime(t, "2014-12-23T01:46:14Z"); !recovery.Equal(want) {
		t.Errorf("recovery %s, want %s", recovery, want)
	}
	if d := recovery.Sub(onset); d != 9*time.Hour+31*time.Minute+7*time.Second {
		t.Errorf("it lasted %v", d)
	}
	if !nobodyIsOut(held) {
		t.Errorf("at the end: %v", held)
	}
}

func nobodyIsOut(held map[string]map[netip.Prefix]bool) bool {
	for _, m := range held {
		if len(m) != 4 {
			return false
		}
	}
	return true
}

// TestDemoLooksLikeTheInternet: paths are those of the topology's policies,
// several independent neighbours of AS4837 show, and nobody else's routes
// suffer when the subject's go.
func TestDemoLooksLikeTheInternet(t *testing.T) {
	tables, updates := demoNight(t)
	neighbours := map[uint32]map[string]bool{} // of AS4837, with the peers behind them
	for _, h := range tables {
		if !demoNets.Contains(h.prefix.Addr()) {
			continue
		}
		n := len(h.path)
		if n < 3 || h.path[n-1] != 131279 || h.path[n-2] != 4837 {
			t.Errorf("%s: %s by %v", h.peer, h.prefix, h.path)
			continue
		}
		if n != 4 {
			t.Errorf("%s: %v, not two networks away from AS4837", h.peer, h.path)
		}
		if neighbours[h.path[n-3]] == nil {
			neighbours[h.path[n-3]] = map[string]bool{}
		}
		neighbours[h.path[n-3]][h.peer] = true
		if h.path[0] == 5511 && !slices.Equal(h.path, []uint32{5511, 1239, 4837, 131279}) {
			t.Errorf("%s: %v", h.peer, h.path)
		}
	}
	if len(neighbours) != 12 {
		t.Errorf("neighbours of AS4837 on the vantages' side: %v", neighbours)
	}
	for as, peers := range neighbours {
		if len(peers) != 2 {
			t.Errorf("AS%d is on the way to %d peers of 24, more than a tenth or fewer than two: %v", as, len(peers), peers)
		}
	}
	rec := must(ReadRecording(Demo()))(t)
	explored := 0
	for _, e := range rec.Events {
		for _, h := range updates {
			if h.at.Before(e.At) || h.at.After(e.At.Add(40*time.Second)) || h.session {
				continue
			}
			if !demoNets.Contains(h.prefix.Addr()) {
				t.Errorf("%s: %s says something about %s in the middle of %v", h.at, h.peer, h.prefix, e.Do)
			} else if h.held && len(h.path) > 4 {
				explored++
			}
		}
	}
	if explored < 20 {
		t.Errorf("only %d longer paths were explored", explored)
	}
	// Every peer has something to say all night.
	last := map[string]time.Time{}
	for _, h := range updates {
		if was, ok := last[h.peer]; ok && h.at.Sub(was) > 15*time.Minute {
			t.Errorf("%s is silent from %s to %s", h.peer, was, h.at)
		}
		last[h.peer] = h.at
	}
}

func TestDemoIsWhole(t *testing.T) {
	sums := strings.TrimSpace(string(must(fs.ReadFile(Demo(), SumsFile))(t)))
	listed := map[string]bool{SumsFile: true}
	for line := range strings.SplitSeq(sums, "\n") {
		sum, name, _ := strings.Cut(line, "  ")
		listed[name] = true
		if got := fmt.Sprintf("%x", sha256.Sum256(must(fs.ReadFile(Demo(), name))(t))); got != sum {
			t.Errorf("%s: SHA-256 %s, the list says %s", name, got, sum)
		}
	}
	var size int64
	err := fs.WalkDir(Demo(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !listed[path] {
			t.Errorf("%s is not on the list", path)
		}
		size += must(d.Info())(t).Size()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if size > 400_000 {
		t.Errorf("%d bytes; the recording is part of every binary and stays under 400,000", size)
	}
	rec := must(ReadRecording(Demo()))(t)
	inBox := must(Load(DemoScenario))(t)
	if !bytes.Equal(must(fs.ReadFile(Demo(), ScenarioFile))(t), inBox.Source) {
		t.Error("the scenario in the box is not the one that was played: remake the recording")
	}
	if rec.Note != "reconstruction" || rec.Text == "" || !rec.Restamped {
		t.Errorf("the recording does not say what it is: %+v", rec)
	}
	if rec.From.Format(time.RFC3339) != DemoFrom || rec.Until.Format(time.RFC3339) != DemoUntil || rec.Subject.Prefixes[0].String() != DemoSubject {
		t.Errorf("the constants do not match: %+v", rec)
	}
	// Every file is there.
	for _, c := range rec.Collectors {
		for at := rec.From; at.Before(rec.Until); at = at.Add(time.Duration(rec.FilesEveryS) * time.Second) {
			if _, err := fs.Stat(Demo(), c.Name+"/"+at.Format("2006.01")+"/updates."+at.Format("20060102.1504")+".gz"); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestDemoMeasure: the package's own measuring agrees with the second opinion.
func TestDemoMeasure(t *testing.T) {
	var cs []change
	for _, name := range must(fs.Glob(Demo(), "lab*/2014.12/updates.*.gz"))(t) {
		z := must(gzip.NewReader(bytes.NewReader(must(fs.ReadFile(Demo(), name))(t))))(t)
		cs = append(cs, must(changes(name[:5], must(io.ReadAll(z))(t), []netip.Prefix{demoNets}))(t)...)
	}
	for _, c := range []struct {
		loss        bool
		from, until string
		want        string
	}{
		{true, "2014-12-22T16:00:00Z", "2014-12-23T01:40:00Z", "2014-12-22T16:15:07Z"},
		{false, "2014-12-23T01:40:00Z", "2014-12-23T06:00:00Z", "2014-12-23T01:46:14Z"},
	} {
		at, n, err := medianOf(cs, c.loss, uint32(demoTime(t, c.from).Unix()), uint32(demoTime(t, c.until).Unix()))
		if err != nil || n != 24 || !time.Unix(int64(at), 0).Equal(demoTime(t, c.want)) {
			t.Errorf("%v %d %v, want %s", time.Unix(int64(at), 0).UTC(), n, err, c.want)
		}
	}
}
