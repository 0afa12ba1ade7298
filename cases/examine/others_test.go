package examine

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/proof"
)

// othersOf are the announcements by or within another network that are told, one a
// line.
func othersOf(f *finding.Findings, keep func(finding.OtherOrigin) bool) string {
	var out []string
	for _, o := range f.Others {
		if !keep(o) {
			continue
		}
		l := fmt.Sprintf("AS%d %s %s %s %d peers %d networks beside AS%d %s %s", o.Origin, o.Prefix, o.Began, o.From.First.Std().Format("15:04:05"),
			o.Peers, o.Networks, o.Holder.Origin, o.Holder.Prefix, o.Holder.Stood)
		if o.Until.Last != nil {
			l += " until " + o.Until.Last.Std().Format("15:04:05")
		}
		if o.Own != nil {
			l += fmt.Sprintf(" own %s %s", o.Own.Prefix, o.Own.Stood)
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// TestYouTube: on 24 February 2008 AS17557 announced a part of a prefix of AS36561, and
// AS36561 answered with the same and with more specific ones. Both sides are told the
// same of who stood before, though the files have no table and the victim's less
// specific is told hours later by one peer alone.
func TestYouTube(t *testing.T) {
	dir := realdata.Path(t, "events/rv2-2008-02-24")
	about := func(subject string) *finding.Findings {
		return askReal(t, subject, "2008-02-24T18:00", "2008-02-24T22:00", "", dir)
	}
	const hijack = "AS17557 208.65.153.0/24 wave 18:47:57 42 peers 36 networks beside AS36561 208.65.152.0/22 inferred until 21:01:34"
	f := about("AS36561")
	same(t, "victim's answer", f.Answer, finding.AnswerStayed)
	same(t, "told of the victim", othersOf(f, func(finding.OtherOrigin) bool { return true }), hijack)
	if len(f.Others) == 1 && (f.Others[0].Subject || !f.Others[0].Holder.Subject || f.Others[0].Holder.Through != 1239) {
		t.Errorf("sides %+v", f.Others[0])
	}
	f = about("AS17557")
	same(t, "told of the subject AS17557", othersOf(f, func(o finding.OtherOrigin) bool { return o.Subject }), hijack)
	same(t, "told of what answered", othersOf(f, func(o finding.OtherOrigin) bool { return o.Origin == 36561 }),
		"AS36561 208.65.153.0/24 unknown 20:07:25 42 peers 36 networks beside AS17557 208.65.153.0/24 seen own 208.65.152.0/22 inferred\n"+
			"AS36561 208.65.153.0/25 wave 20:18:43 5 peers 4 networks beside AS17557 208.65.153.0/24 seen own 208.65.152.0/22 inferred\n"+
			"AS36561 208.65.153.128/25 wave 20:18:43 5 peers 4 networks beside AS17557 208.65.153.0/24 seen own 208.65.152.0/22 inferred")
}

// TestYouTubeByName: whatever the folder of these files is called, which file is missing, and when
// the question ends: that AS17557 stopped announcing a part of AS36561's prefix is no outage of it, and it is told.
func TestYouTubeByName(t *testing.T) {
	if testing.Short() {
		t.Skip("reads an evening several times")
	}
	from := realdata.Path(t, "events/rv2-2008-02-24")
	hijack := netip.MustParsePrefix("208.65.153.0/24")
	for _, c := range []struct{ folder, without, until string }{
		{"route-views2", "", "20:30"}, // 18:24 and 20:26 are late, and nothing says yet whose it was
		{"route-views2", "2009", "22:00"},
	} {
		dir := filepath.Join(t.TempDir(), c.folder)
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(from, "updates.20080224.[12]*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if name := filepath.Base(f); c.without == "" || !strings.Contains(name, "."+c.without+".") {
				if f, err = filepath.Abs(f); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(f, filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
		}
		f := askReal(t, "AS17557", "2008-02-24T18:30", "2008-02-24T"+c.until, "", filepath.Dir(dir))
		what := fmt.Sprintf("%s until %s without %q", c.folder, c.until, c.without)
		if !slices.ContainsFunc(f.Others, func(o finding.OtherOrigin) bool {
			return o.Subject && o.Aside && o.Prefix == hijack && o.From.First.Std().Format("15:04:05") == "18:47:57"
		}) {
			t.Errorf("%s: the hijack is not told: %s", what, othersOf(f, func(finding.OtherOrigin) bool { return true }))
		}
		for _, o := range f.Outages {
			if o.Scope == "prefix" && o.Name == hijack.String() {
				t.Errorf("%s: its end is an outage: %+v", what, o)
			}
		}
		holes := 0
		for _, b := range f.Watch.Blind {
			if b.Peer == nil {
				holes++
			}
		}
		want := 0
		if c.without != "" {
			want = 1
		}
		if holes != want {
			t.Errorf("%s: %d holes, want %d: %+v", what, holes, want, f.Watch.Blind)
		}
	}
}

// TestTelegram: on 16 June 2026 AS18101 announced all prefixes of AS62041 that were
// asked of RIPEstat. No table was given: of most it follows from networks that were
// watching that AS62041 stood before, and of none that it came later.
func TestTelegram(t *testing.T) {
	dir := realdata.Path(t, "events/telegram-2026-06-16")
	f := askReal(t, "AS62041", "2026-06-16T07:00", "2026-06-17T06:00", "", dir)
	// Peers changed from AS62041 to AS62014, another network of the same operator:
	// the report had said that the routes were cut.
	if len(f.Cause) != 1 || f.Cause[0].Level != proof.NotEstablished || !slices.Equal(f.Cause[0].Reasons, []string{cause.NotScreened, cause.OtherRoutes}) {
		t.Errorf("%+v", f.Cause)
	}
	n, known := 0, 0
	for _, o := range f.Others {
		if o.Subject {
			t.Errorf("the victim is told to have begun within another's: %+v", o)
		}
		if o.Origin != 18101 {
			continue
		}
		n++
		switch o.Holder.Stood {
		case finding.HolderBefore, finding.HolderInferred:
			known++
		case finding.HolderUnknown, finding.HolderSeen:
		default:
			t.Errorf("%s: AS%d %s", o.Prefix, o.Holder.Origin, o.Holder.Stood)
		}
		if o.Holder.Origin != 62041 || o.Own != nil || o.Until.Last == nil {
			t.Errorf("%+v", o)
		}
	}
	if n != 26 || known != 22 {
		t.Errorf("%d prefixes, 26 expected; of %d it is known who stood before, of 22 it was", n, known)
	}
	// Asked of the hijacker: all 34 were others' before, or nothing says whose they
	// were, so that their end is no outage of AS18101.
	f = askReal(t, "AS18101", "2026-06-16T07:00", "2026-06-17T06:00", "", dir)
	same(t, "answer", f.Answer, finding.AnswerOthers)
	same(t, "outages, prefixes judged", fmt.Sprint(len(f.Outages), len(f.Subject.Prefixes)), "0 0")
	began, known, first := 0, 0, ""
	for _, o := range f.Others {
		if o.Subject && o.Aside {
			began++
			known += len(slices.DeleteFunc([]string{o.Holder.Stood}, func(s string) bool { return s != finding.HolderBefore && s != finding.HolderInferred }))
			if at := o.From.First.String(); first == "" || at < first {
				first = at
			}
		}
	}
	same(t, "prefixes set aside, known to be others', first", fmt.Sprintf("%d %d %s", began, known, first), "34 29 2026-06-16T07:08:57Z")
}
