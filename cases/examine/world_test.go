package examine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"constat/cases/page"
	"constat/internal/mrttest"
	"constat/judge/finding"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// world is a small archive built by hand: collectors in RIS's layout with a
// file every five minutes. Times are seconds after noon of 1 March 2020.
type world struct {
	t      testing.TB
	dir    string
	events []event
	held   map[string]bool // files that are written even without an event
	absent map[string]bool
}

type event struct {
	collector string
	at        moment.Time
	do        func(*mrttest.File, moment.Time)
	rib       bool
}

var noon = moment.FromTime(time.Date(2020, 3, 1, 12, 0, 0, 0, time.UTC))

func at(s float64) moment.Time { return noon + moment.Time(s*1e6) }

func newWorld(t testing.TB) *world {
	return &world{t: t, dir: t.TempDir(), held: map[string]bool{}, absent: map[string]bool{}}
}

// Peers of the collectors; the beacon sends nothing but a sign of life at the
// ends of every file.
var (
	pA     = mrttest.P("192.0.2.1", 64501)
	pB     = mrttest.P("192.0.2.2", 64502)
	pC     = mrttest.P("192.0.2.3", 64503)
	pD     = mrttest.P("2001:db8:0:1::4", 64504)
	beacon = mrttest.P("192.0.2.99", 64599)
)

const own, other, transit = 64496, 64497, 64510

// on adds something that a collector saw.
func (w *world) on(collector string, s float64, do func(*mrttest.File, moment.Time)) {
	w.events = append(w.events, event{collector: collector, at: at(s), do: do})
}

func (w *world) announce(s float64, origin uint32, p mrttest.Peer, prefixes ...string) {
	w.on("rrc00", s, func(f *mrttest.File, t moment.Time) { f.Announce(t, p, []uint32{p.AS, transit, origin}, prefixes...) })
}

func (w *world) withdraw(s float64, p mrttest.Peer, prefixes ...string) {
	w.on("rrc00", s, func(f *mrttest.File, t moment.Time) { f.Withdraw(t, p, prefixes...) })
}

// dark withdraws prefixes on peers and brings them back with the same origin.
func (w *world) dark(from, until float64, origin uint32, ps []mrttest.Peer, prefixes ...string) {
	for i, p := range ps {
		w.withdraw(from+float64(i), p, prefixes...)
		w.announce(until+float64(i), origin, p, prefixes...)
	}
}

// snapshot writes a table dump at a second: a route of each peer to each prefix.
func (w *world) snapshot(s float64, origin uint32, ps []mrttest.Peer, prefixes ...string) {
	w.events = append(w.events, event{"rrc00", at(s), func(f *mrttest.File, t moment.Time) {
		f.PeerIndex(t, ps...)
		for _, q := range prefixes {
			var es []mrttest.Entry
			for i, p := range ps {
				es = append(es, mrttest.Entry{Peer: i, Path: []uint32{p.AS, transit, origin}})
			}
			f.RIB(t, q, es...)
		}
	}, true})
}

// lacks leaves the file of a five-minute slot out, by its first second.
func (w *world) lacks(collector string, s float64) {
	w.absent[collector+"/"+updatesName(at(s))] = true
}

// keeps writes a collector's files of an interval, whether or not anything
// happened in them.
func (w *world) keeps(collector string, from, until float64) {
	for s := from; s < until; s += 300 {
		w.held[collector+"/"+updatesName(at(s))] = true
	}
}

func updatesName(t moment.Time) string {
	t -= t % (300 * moment.Second)
	return "updates." + t.Std().Format("20060102.1504")
}

// write lays the files down and returns their folder.
func (w *world) write() string {
	slices.SortStableFunc(w.events, func(a, b event) int { return int(a.at - b.at) })
	files := map[string]*mrttest.File{}
	names := map[string]bool{}
	for n := range w.held {
		names[n] = true
	}
	for _, e := range w.events {
		if !e.rib {
			names[e.collector+"/"+updatesName(e.at)] = true
		}
	}
	slot := func(name string) moment.Time {
		t, err := time.Parse("20060102.1504", strings.TrimPrefix(filepath.Base(name), "updates."))
		if err != nil {
			w.t.Fatal(err)
		}
		return moment.FromTime(t)
	}
	for n := range names {
		files[n] = new(mrttest.File).Keepalive(slot(n), beacon)
	}
	for _, e := range w.events {
		name := e.collector + "/" + updatesName(e.at)
		if e.rib {
			name = e.collector + "/bview." + e.at.Std().Format("20060102.1504")
			files[name] = new(mrttest.File)
		}
		e.do(files[name], e.at)
	}
	for n := range names {
		files[n].Keepalive(slot(n)+299*moment.Second, beacon)
	}
	for n, f := range files {
		if w.absent[n] {
			continue
		}
		p := filepath.Join(w.dir, filepath.Dir(n), "2020.03", filepath.Base(n))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(p, f.Bytes(), 0o666); err != nil {
			w.t.Fatal(err)
		}
	}
	return w.dir
}

// asked is what a test asks of an archive.
type asked struct {
	subject     string
	from, until float64
	atlas       string
	specs       []string
	workers     int
	dir         string
	opened      func(string)
}

// ask examines and returns the findings and the case's folder.
func ask(t testing.TB, q asked) (*finding.Findings, string) {
	t.Helper()
	f, dir, err := tryAsk(t, q)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

func tryAsk(t testing.TB, q asked) (*finding.Findings, string, error) {
	t.Helper()
	a, err := atlas.Open(q.atlas)
	if err != nil {
		t.Fatal(err)
	}
	from, until := at(q.from), at(q.until)
	s, err := a.At(from.Std()).Resolve(q.subject)
	if err != nil {
		t.Fatal(err)
	}
	set, err := source.Open(context.Background(), q.specs, moment.Interval{From: from, Until: until}, source.Options{})
	if err != nil {
		return nil, "", err
	}
	if q.dir == "" {
		q.dir = filepath.Join(t.TempDir(), "case")
	}
	name := q.subject
	if s.Kind == atlas.KindFile {
		name = filepath.Base(name)
	}
	f, err := Run(context.Background(), Request{Asked: name, Subject: s, Atlas: a, From: from, Until: until, Sources: set,
		Dir: q.dir, Extra: page.Writer("en"), Workers: q.workers, opened: q.opened})
	if err == nil {
		inFormat2(t, f)
	}
	return f, q.dir, err
}

// inFormat2 holds that findings are the same by way of format 2, and that nothing of
// them is of a form that format 2 has not: cases of it are computed for ever.
func inFormat2(t testing.TB, f *finding.Findings) {
	t.Helper()
	write := func(f *finding.Findings, format string) []byte {
		t.Helper()
		x := *f
		x.Format = format
		b, err := x.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	read := func(b []byte) *finding.Findings {
		t.Helper()
		f, err := finding.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f = f.InFormat2()
	three := write(f, finding.Format)
	two := write(f, finding.Format2)
	back := read(two)
	if !bytes.Equal(write(back, finding.Format), three) || !bytes.Equal(write(read(three), finding.Format2), two) {
		t.Error("findings are not the same by way of format 2")
	}
	if bytes.Contains(three, []byte(`"key": "other"`)) {
		t.Error("a note or a proposition is of no known form")
	}
}

// examine asks about the world's own archive.
func (w *world) examine(subject string, from, until float64) *finding.Findings {
	w.t.Helper()
	f, _ := ask(w.t, asked{subject: subject, from: from, until: until, specs: []string{w.write()}})
	return f
}

// brief writes findings in a few lines: the answer, then the outages, in seconds
// after noon.
func brief(f *finding.Findings) string {
	var b strings.Builder
	sec := func(t *moment.Time) string {
		if t == nil {
			return "-"
		}
		return fmt.Sprint((*t - noon).Sec())
	}
	three := func(m finding.Moments) string { return sec(m.First) + "/" + sec(m.Median) + "/" + sec(m.Last) }
	b.WriteString(f.Answer)
	for _, o := range f.Outages {
		fmt.Fprintf(&b, "\n%s %s %s-%s onset %s", o.Scope, o.Name, sec(&o.From), sec(o.Until), three(o.Onset))
		if o.Recovery != nil {
			fmt.Fprintf(&b, " recovery %s", three(*o.Recovery))
		}
		if o.DurationS != nil {
			fmt.Fprintf(&b, " duration %d", *o.DurationS)
		}
		if o.Censored != nil {
			fmt.Fprintf(&b, " censored %s", *o.Censored)
		}
		for _, t := range o.Total {
			fmt.Fprintf(&b, " total %s-%s", sec(&t.From), sec(t.Until))
		}
		fmt.Fprintf(&b, " lost %d/%d", o.Lost.Prefixes, o.Lost.Of)
		if o.Lost.V4 > 0 {
			fmt.Fprintf(&b, " v4 %d", o.Lost.V4)
		}
		if o.Lost.V6 > 0 {
			fmt.Fprintf(&b, " v6 %d", o.Lost.V6)
		}
		fmt.Fprintf(&b, " witnesses %d/%d", o.Witnesses.Lost, o.Witnesses.Carried)
	}
	return b.String()
}

// subjects keeps of a brief what is said of the whole subject, and the answer.
func subjects(f *finding.Findings) string {
	var out []string
	for i, l := range strings.Split(brief(f), "\n") {
		if i == 0 || strings.HasPrefix(l, "subject ") {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

func blinds(f *finding.Findings) string {
	var out []string
	for _, b := range f.Watch.Blind {
		w := fmt.Sprintf("%s %d-%d %s", b.Collector, (b.From - noon).Sec(), (b.Until - noon).Sec(), b.Reason)
		if b.Peer != nil {
			w += " " + b.Peer.String()
		}
		out = append(out, w)
	}
	return strings.Join(out, ", ")
}

func same(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot:  %s\nwant: %s", what, strings.ReplaceAll(got, "\n", "\n      "), strings.ReplaceAll(want, "\n", "\n      "))
	}
}
