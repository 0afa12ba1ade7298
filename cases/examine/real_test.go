package examine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/judge/finding"
	"constat/moment"
	"constat/wire/mrt"
)

// instant reads a time of day of the reference table on a date.
func instant(t *testing.T, s string) moment.Time {
	t.Helper()
	m, err := moment.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func askReal(t *testing.T, subject, from, until, atlas string, specs ...string) *finding.Findings {
	t.Helper()
	f, dir := ask(t, asked{subject: subject, from: float64(instant(t, from)-noon) / 1e6, until: float64(instant(t, until)-noon) / 1e6, atlas: atlas, specs: specs})
	if _, _, err := Again(context.Background(), dir); err != nil {
		t.Errorf("again: %v", err)
	}
	return f
}

// table writes outages of a scope as the reference table of the data's README
// does: onset, recovery, duration, total, by time of day.
func referenceRow(f *finding.Findings, scope, name string) string {
	clock := func(t *moment.Time) string {
		if t == nil {
			return "-"
		}
		return t.Std().Format("15:04:05")
	}
	var out []string
	for _, o := range f.Outages {
		if o.Scope != scope || o.Name != name {
			continue
		}
		l := fmt.Sprintf("%s/%s/%s", clock(o.Onset.First), clock(o.Onset.Median), clock(o.Onset.Last))
		if r := o.Recovery; r != nil {
			l += fmt.Sprintf(" %s/%s/%s", clock(r.First), clock(r.Median), clock(r.Last))
		}
		if o.DurationS != nil {
			l += fmt.Sprintf(" %d s", *o.DurationS)
		}
		if o.Censored != nil {
			l += " " + *o.Censored
		}
		for _, t := range o.Total {
			l += fmt.Sprintf(" %s-%s", clock(&t.From), clock(t.Until))
		}
		out = append(out, fmt.Sprintf("%s, %d of %d prefixes, %d addresses, %d of %d peers", l, o.Lost.Prefixes, o.Lost.Of, o.Lost.V4, o.Witnesses.Lost, o.Witnesses.Carried))
	}
	return strings.Join(out, "\n")
}

// TestReference reproduces the reference values of the real files, which another
// program computed.
func TestReference(t *testing.T) {
	rrc15, rrc04 := realdata.Path(t, "mrt/ris/rrc15"), realdata.Path(t, "mrt/ris/rrc04")
	t.Run("AS22047", func(t *testing.T) {
		f := askReal(t, "AS22047", "2010-02-27T16:00", "2010-02-27T16:15", "", rrc15)
		want := `16:00:47/16:00:48/16:00:57 16:01:16/16:01:16/16:01:27 28 s 16:00:57-16:01:16, 98 of 98 prefixes, 179200 addresses, 4 of 4 peers
16:02:49/16:02:50/16:02:58 16:03:19/16:03:19/16:03:28 29 s 16:02:58-16:03:19, 98 of 98 prefixes, 179200 addresses, 4 of 4 peers
16:04:22/16:04:22/16:04:30 16:04:50/16:04:50/- 28 s blind 16:04:30-16:04:50, 98 of 98 prefixes, 179200 addresses, 4 of 4 peers
16:10:57/16:10:58/16:11:08 16:11:27/16:11:27/16:11:39 29 s 16:11:08-16:11:27, 98 of 98 prefixes, 179200 addresses, 4 of 4 peers
16:12:29/16:12:30/16:12:40 16:12:59/16:13:00/16:13:11 30 s 16:12:40-16:12:59, 98 of 98 prefixes, 179200 addresses, 4 of 4 peers
16:14:02/16:14:02/16:14:12 16:14:30/16:14:30/16:14:43 28 s 16:14:12-16:14:30, 98 of 98 prefixes, 179200 addresses, 4 of 4 peers`
		same(t, "subject", referenceRow(f, "subject", "AS22047"), want)
		same(t, "origin", referenceRow(f, "origin", "AS22047"), want)
		var missing []string
		for _, b := range f.Watch.Blind {
			if b.Peer == nil {
				missing = append(missing, fmt.Sprintf("%s-%s %s", b.From, b.Until, b.Reason))
			}
		}
		same(t, "blind", strings.Join(missing, ", "), "2010-02-27T16:05:00Z-2010-02-27T16:10:00Z file-not-given")
		for _, o := range f.Outages {
			if o.Paths == nil {
				continue
			}
			for _, p := range append(slices.Clone(o.Paths.Before), o.Paths.After...) {
				if n := len(p.Path); n < 2 || p.Path[n-2] != 3549 || p.Path[n-1] != 22047 {
					t.Errorf("path %v does not end in 3549 22047", p.Path)
				}
			}
		}
	})
	t.Run("AS1916's burst", func(t *testing.T) {
		// 48,682 announcements, all through AS20080, without a change of state:
		// a table transfer of that peer, and no news of anybody.
		f := askReal(t, "AS20080", "2010-02-27T16:00", "2010-02-27T16:15", "", rrc15)
		same(t, "outages", referenceRow(f, "subject", "AS20080"), "")
		of := map[netip.Addr]uint32{}
		for _, r := range f.Strip {
			of[r.Peer] = r.AS
		}
		var got []string
		for _, b := range f.Watch.Blind {
			if b.Peer != nil && b.Reason == finding.TableTransfer && of[*b.Peer] == 1916 {
				got = append(got, b.From.Std().Format("15:04:05"))
			}
		}
		if len(got) == 0 || got[0] < "16:04:25" || got[0] > "16:04:40" {
			t.Errorf("table transfers of AS1916 at %v, want one from about 16:04:32", got)
		}
	})
	t.Run("AS53113", func(t *testing.T) {
		f := askReal(t, "AS53113", "2022-02-09T10:35", "2022-02-09T10:45", "", rrc04)
		same(t, "subject", referenceRow(f, "subject", "AS53113"),
			"10:38:05/10:38:30/10:38:43 10:40:13/10:40:15/10:40:43 105 s 10:38:43-10:40:13, 6 of 6 prefixes, 1536 addresses, 6 of 6 peers")
	})
	t.Run("AS202583", func(t *testing.T) {
		f := askReal(t, "AS202583", "2022-02-09T10:35", "2022-02-09T10:45", "", rrc04)
		got := referenceRow(f, "subject", "AS202583")
		if want := "10:35:32/10:35:35/10:36:13 10:36:48/10:36:49/10:37:13 74 s 10:36:13-10:36:48, 8 of 8 prefixes, 4096 addresses, "; !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s…", got, want)
		}
	})
	t.Run("AS53225, a trap", func(t *testing.T) {
		f := askReal(t, "AS53225", "2022-02-09T10:35", "2022-02-09T10:45", "", rrc04)
		for _, scope := range []string{"subject", "origin"} {
			got := referenceRow(f, scope, "AS53225")
			if want := "10:37:15/10:37:15/10:37:16 end-of-data, 12 of "; !strings.HasPrefix(got, want) || !strings.Contains(got, " 3072 addresses") || strings.Contains(got, "\n") {
				t.Errorf("%s: got %s, want one of 12 prefixes, open and without a total", scope, got)
			}
		}
		out := map[string]bool{}
		for _, o := range f.Outages {
			if o.Scope == "prefix" {
				out[o.Name] = true
				if o.Until != nil {
					t.Errorf("%s came back", o.Name)
				}
			}
		}
		if len(out) != 12 {
			t.Errorf("out: %v", slices.Sorted(maps.Keys(out)))
		}
		for i := 18; i <= 29; i++ {
			if n := fmt.Sprintf("177.137.%d.0/24", i); !out[n] {
				t.Errorf("%s is not out", n)
			}
		}
		covered, unknown := 0, 0
		near, far := netip.MustParsePrefix("186.251.136.0/21"), netip.MustParsePrefix("186.251.128.0/21")
		for _, p := range f.Subject.Prefixes {
			if p.Prefix.Bits() != 24 {
				continue
			}
			switch {
			case near.Contains(p.Prefix.Addr()):
				if p.Covered == 0 || p.Replaced != 0 {
					t.Errorf("under %s: %+v", near, p)
				}
				covered++
			case far.Contains(p.Prefix.Addr()):
				if p.Unknown == 0 {
					t.Errorf("under %s: %+v", far, p)
				}
				unknown++
			}
		}
		if covered+unknown != 16 {
			t.Errorf("%d /24s under one /21, %d under the other, of 16", covered, unknown)
		}
	})
}

// TestKoreaOfOnePeer: one peer's table transfer is a path to learn from and no
// baseline that two witnesses share.
func TestKoreaOfOnePeer(t *testing.T) {
	file := realdata.Path(t, "mrt/bgpdump-suite/input/updates.et-header.2015.gz")
	f := askReal(t, "KP", "2015-10-23T00:00", "2015-10-24T00:00", realdata.Path(t, "registry/delegated-2014-06-30"), file)
	same(t, "answer", brief(f), finding.AnswerNoClaim)
	var ps []string
	for _, p := range f.Subject.Prefixes {
		ps = append(ps, p.Prefix.String())
		if len(p.Reasons) == 0 {
			t.Errorf("%s is on the list for no reason", p.Prefix)
		}
	}
	same(t, "prefixes", strings.Join(ps, " "), "175.45.176.0/24 175.45.177.0/24 175.45.178.0/24 175.45.179.0/24")
	if len(f.Learned) != 1 || !slices.Equal(f.Learned[0].Path, []uint32{2914, 1239, 4837, 131279}) || f.Learned[0].Routes != 4 {
		t.Errorf("learned %+v", f.Learned)
	}
}

// TestUnreadable: all that is readable, and what was not, by count and place
// (complaint 8 of the field: silent truncation, crashes and hangs on damage).
func TestUnreadable(t *testing.T) {
	for _, c := range []struct {
		name, subject, from, until string
		file                       string
		unread                     int64 // at least
		reason                     string
	}{
		{"a snapshot cut off", "AS3356", "2014-05-23T06:00", "2014-05-23T07:00", "mrt/routeviews/rib.20140523.0600.first-1MB.bz2", 1, ""},
		{"short lengths", "AS701", "2000-01-11T00:00", "2000-01-11T02:00", "mrt/ris/rrc00/2000.01/bview.20000111.0032.gz", 0, ""},
		{"1999", "AS701", "1999-09-03T08:41", "1999-09-03T08:52", "mrt/ris/rrc00/1999.09/updates.19990903.1041.gz", 0, ""},
		{"1999, December", "AS701", "1999-12-14T00:00", "1999-12-15T00:00", "mrt/ris/rrc00/1999.12/updates.19991214.1621.gz", 0, ""},
		{"2000", "AS701", "2000-03-25T00:00", "2000-03-26T00:00", "mrt/ris/rrc00/2000.03/updates.20000325.0345.gz", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := askReal(t, c.subject, c.from, c.until, "", realdata.Path(t, c.file))
			if f.Watch.Unreadable < c.unread || f.Watch.Records == 0 {
				t.Errorf("%d records, %d unreadable", f.Watch.Records, f.Watch.Unreadable)
			}
			var sum int64
			for _, u := range f.Watch.Unread {
				if u.Reason == "" || u.File == "" || u.Count == 0 {
					t.Errorf("unread %+v", u)
				}
				sum += u.Count
			}
			if sum != f.Watch.Unreadable {
				t.Errorf("%d unreadable, %d with a place", f.Watch.Unreadable, sum)
			}
			t.Logf("%d records, unread %+v, answer %s", f.Watch.Records, f.Watch.Unread, f.Answer)
		})
	}
}

// quietOrigins reads files in one pass and returns the origins with five
// prefixes or more of which no file shows any to be lost: nobody withdraws one,
// and nobody announces one with another origin.
func quietOrigins(t *testing.T, files []string) []uint32 {
	t.Helper()
	of := map[netip.Prefix]uint32{}
	noisy := map[netip.Prefix]bool{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := decompress.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		r := mrt.NewReader(d)
		var w mrt.Walker
		for {
			rec, err := r.Next()
			if err == io.EOF {
				break
			}
			var damage *mrt.Damage
			if errors.As(err, &damage) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			w.Record(rec)
			for w.Next() {
				switch e := w.Elem(); e.Kind {
				case mrt.Withdraw:
					noisy[e.Prefix] = true
				case mrt.Announce, mrt.RIBEntry:
					o, ok := e.OriginAS()
					if was, seen := of[e.Prefix]; seen && was != o || !ok {
						noisy[e.Prefix] = true
						noisy[netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(was >> 24), byte(was >> 16), byte(was >> 8), byte(was)}), 32)] = true
					}
					of[e.Prefix] = o
				}
			}
		}
		d.Close()
		f.Close()
	}
	prefixes, loud := map[uint32]int{}, map[uint32]bool{}
	for p, o := range of {
		prefixes[o]++
		if noisy[p] {
			loud[o] = true
		}
	}
	for p := range noisy { // the origins that were taken over, kept in the form of an address
		if p.Bits() == 32 && p.Addr().Is4() {
			b := p.Addr().As4()
			loud[uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8|uint32(b[3])] = true
		}
	}
	var out []uint32
	for o, n := range prefixes {
		if n >= 5 && !loud[o] && o != 0 && o != 23456 {
			out = append(out, o)
		}
	}
	slices.Sort(out)
	return out
}

// TestQuietNetworksHaveNone takes every origin with five prefixes or more in
// the given files that no file shows losing anything, and asserts zero outages
// – of the origins, of their prefixes, and of all together.
func TestQuietNetworksHaveNone(t *testing.T) {
	for _, c := range []struct {
		name, from, until string
		specs             []string
	}{
		{"rrc15", "2010-02-27T16:00", "2010-02-27T16:15", []string{"mrt/ris/rrc15/2010.02/*.gz"}},
		{"rrc04", "2022-02-09T10:35", "2022-02-09T10:45", []string{"mrt/ris/rrc04/2022.02/*.gz"}},
		{"routeviews", "2022-01-19T16:45", "2022-01-19T16:46", []string{"mrt/routeviews/*.mrt"}},
		{"1999", "1999-09-03T08:41", "1999-09-03T08:52", []string{"mrt/ris/rrc00/1999.09/*.gz"}},
		{"suite, 2007", "2007-02-11T00:00", "2007-02-12T00:00", []string{"mrt/bgpdump-suite/input/updates.20070211.0141.gz"}},
		{"suite, 2002", "2002-07-22T20:00", "2002-07-23T04:00", []string{"mrt/bgpdump-suite/input/*20020722*.gz"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := realdata.Glob(t, c.specs...)
			quiet := quietOrigins(t, files)
			if len(quiet) == 0 {
				t.Skip("the files have no quiet origin with five prefixes")
			}
			var list strings.Builder
			list.WriteString("name: quiet\n")
			for _, o := range quiet {
				fmt.Fprintf(&list, "AS%d\n", o)
			}
			subject := filepath.Join(t.TempDir(), "quiet.txt")
			if err := os.WriteFile(subject, []byte(list.String()), 0o666); err != nil {
				t.Fatal(err)
			}
			f, _ := ask(t, asked{subject: subject, from: float64(instant(t, c.from)-noon) / 1e6, until: float64(instant(t, c.until)-noon) / 1e6, specs: files})
			if len(f.Outages) != 0 {
				t.Errorf("%d outages: %s", len(f.Outages), brief(f))
			}
			t.Logf("%d quiet origins, %d prefixes, answer %s", len(quiet), len(f.Subject.Prefixes), f.Answer)
		})
	}
}
