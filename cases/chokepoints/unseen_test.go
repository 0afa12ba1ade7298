package chokepoints

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/judge/relation"
	"constat/judge/transit"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/source"
)

// What an outside adversary asked: paths that ward somebody off, several paths of one
// peer, sessions that fall, vantages that stand next to the subject, numbers that name
// nobody.

const night = 1420070400 // 1 January 2015

func sec(s int64) moment.Time { return moment.Unix(night+s, 0) }

// vantages are peers with the AS numbers 100 and on.
func vantages(n int) (out []mrttest.Peer) {
	for i := range n {
		out = append(out, mrttest.P(fmt.Sprintf("198.18.0.%d", i+1), uint32(100+i)))
	}
	return out
}

// table is a table of peers: for each prefix the paths of the peers by their places,
// `100 10 1`, or none; several of one peer are parted by a slash and have identifiers. All
// peers have thirty more prefixes, so that they send full tables.
func table(peers []mrttest.Peer, routes map[string][]string) *mrttest.File {
	f := &mrttest.File{}
	f.PeerIndex(sec(0), peers...)
	add := func(prefix string, paths []string) {
		var es []mrttest.Entry
		many := strings.Contains(strings.Join(paths, ""), "/")
		for i, words := range paths {
			for id, one := range strings.Split(words, "/") {
				if one = strings.TrimSpace(one); one != "" {
					es = append(es, mrttest.Entry{Peer: i, Path: path(one), AddPath: many, ID: uint32(id + 1)})
				}
			}
		}
		f.RIB(sec(0), prefix, es...)
	}
	for k := range 30 {
		var all []string
		for _, p := range peers {
			all = append(all, fmt.Sprintf("%d 50 %d", p.AS, 900+k))
		}
		add(fmt.Sprintf("11.%d.0.0/16", k), all)
	}
	names := make([]string, 0, len(routes))
	for p := range routes {
		names = append(names, p)
	}
	slices.Sort(names)
	for _, p := range names {
		add(p, routes[p])
	}
	return f
}

func path(words string) (out []uint32) {
	for w := range strings.FieldsSeq(words) {
		var n uint32
		fmt.Sscan(w, &n)
		out = append(out, n)
	}
	return out
}

// each makes a path for each of some peers, from a pattern with its number.
func each(n int, pattern string) (out []string) {
	for i := range n {
		out = append(out, strings.ReplaceAll(pattern, "#", fmt.Sprint(i)))
	}
	return out
}

// loads reads files of rrc89 as the command does.
func loads(t *testing.T, at moment.Time, files map[string]*mrttest.File) Request {
	t.Helper()
	_, r := loadsState(t, at, files)
	return r
}

func loadsState(t *testing.T, at moment.Time, files map[string]*mrttest.File) (*live.State, Request) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "rrc89")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, f := range files {
		if err := os.WriteFile(filepath.Join(dir, name), f.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set, err := source.Open(t.Context(), []string{dir}, moment.Interval{From: sec(0), Until: sec(300)}, source.Options{Early: true})
	if err != nil {
		t.Fatal(err)
	}
	s, w, err := live.Load(t.Context(), live.Loading{Set: set, Until: at})
	if err != nil {
		t.Fatal(err)
	}
	a, err := atlas.Open("")
	if err != nil {
		t.Fatal(err)
	}
	return s, Request{View: s.View(), Ledger: s.Ledger(), Watch: w, Atlas: a}
}

func (r *Request) about(t *testing.T, subjects ...string) *transit.Answer {
	t.Helper()
	r.Subjects = nil
	for _, n := range subjects {
		s, err := r.Atlas.Resolve(n)
		if err != nil {
			t.Fatal(err)
		}
		r.Subjects = append(r.Subjects, s)
	}
	out, err := Ask(t.Context(), *r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWhoCould: by tables alone.
func TestWhoCould(t *testing.T) {
	t.Parallel()
	three, four := vantages(3), vantages(4)
	for name, c := range map[string]struct {
		peers   []mrttest.Peer
		paths   []string
		subject string
		want    string // the smallest sets over IPv4, or why there is none
		direct  []uint32
		voices  int
	}{
		"one carries all":                {three, each(3, "10# 10 1"), "AS1", "AS10", nil, 3},
		"AS20 is warded off":             {three, each(3, "10# 1# 1 20 1"), "AS1", "AS10 AS11 AS12", nil, 3},
		"prepended":                      {three, each(3, "10# 1# 21 21 1"), "AS1", "AS21", nil, 3},
		"a loop on the way":              {three, each(3, "10# 40 1# 40 1"), "AS1", "AS40", nil, 3},
		"the vantage's own number again": {three, each(3, "10# 1# 10# 1"), "AS1", "none", []uint32{100, 101, 102}, 3},
		"two paths each":                 {four, each(4, "10# 10 1 / 10# 20 1"), "AS1", "AS10 AS20", nil, 4},
		"two paths, the other way round": {four, each(4, "10# 20 1 / 10# 10 1"), "AS1", "AS10 AS20", nil, 4},
		"two paths that share a network": {four, each(4, "10# 10 30 1 / 10# 20 30 1"), "AS1", "AS30", nil, 4},
		"all are next to it":             {three, each(3, "10# 1"), "AS1", "none", []uint32{100, 101, 102}, 3},
		"one is next to it":              {three, []string{"100 1", "101 10 1", "102 10 1"}, "AS1", "AS10", []uint32{100}, 3},
		"one is, and carries":            {three, []string{"100 1", "101 100 1", "102 10 1"}, "AS1", "AS10 AS100", nil, 3},
		"AS_TRANS names nobody":          {three, each(3, "10# 1# 23456 1"), "AS1", "AS10 AS11 AS12", nil, 3},
		"nor does a private number":      {three, each(3, "10# 1# 64512 1"), "AS1", "AS10 AS11 AS12", nil, 3},
		"nor the last of 16 bits":        {three, each(3, "10# 1# 65535 1"), "AS1", "AS10 AS11 AS12", nil, 3},
		"nor the last of 32":             {three, each(3, "10# 1# 4294967295 1"), "AS1", "AS10 AS11 AS12", nil, 3},
		"nobody can be asked":            {three, each(3, "10# 64512 1"), "AS1", "none", nil, 3},
	} {
		r := loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(c.peers, map[string][]string{"20.1.0.0/16": c.paths})})
		f := r.about(t, c.subject).Subjects[0].Families[0]
		got := "none"
		if cut := f.Cuts[0]; cut.Upper > 0 {
			var members []string
			for _, s := range cut.Sets {
				members = append(members, s.Members...)
			}
			slices.Sort(members)
			got = strings.Join(members, " ")
			if len(cut.Sets) != 1 {
				got = fmt.Sprint(len(cut.Sets), " sets: ", got)
			}
		}
		if got != c.want || !slices.Equal(f.Direct, c.direct) || f.Voices != c.voices || f.Vantages != len(c.peers) {
			t.Errorf("%s: %s, next to it %v, shares of %d; want %s, %v, %d", name, got, f.Direct, f.Voices, c.want, c.direct, c.voices)
		}
	}
}

// TestShares: of a peer that does not send a full table the ways count, and it has no
// share; several paths share a peer's weight out.
func TestShares(t *testing.T) {
	t.Parallel()
	peers := vantages(2)
	f := &mrttest.File{}
	f.PeerIndex(sec(0), peers...)
	f.RIB(sec(0), "20.1.0.0/16", mrttest.Entry{Peer: 0, Path: path("100 10 1")}, mrttest.Entry{Peer: 1, Path: path("101 20 1")})
	f.RIB(sec(0), "20.2.0.0/16", mrttest.Entry{Peer: 0, Path: path("100 10 2")}, mrttest.Entry{Peer: 1, Path: path("101 20 2")})
	f.RIB(sec(0), "20.3.0.0/16", mrttest.Entry{Peer: 0, Path: path("100 10 3")})
	r := loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": f})
	x := r.about(t, "AS1").Subjects[0].Families[0]
	if x.Vantages != 2 || x.Voices != 1 || len(x.Ways) != 2 || *x.Ways[0].Share != 1 || *x.Ways[1].Share != 0 || !slices.Equal(x.Ways[1].By, []uint32{101}) {
		t.Errorf("%+v", x)
	}
	// Only a peer whose table is a part shows AS4: what share goes that way is not known, and not 0.
	f = &mrttest.File{}
	f.PeerIndex(sec(0), peers...)
	for _, p := range []string{"20.1.0.0/16", "20.2.0.0/16", "20.3.0.0/16"} {
		f.RIB(sec(0), p, mrttest.Entry{Peer: 0, Path: path("100 10 1")})
	}
	f.RIB(sec(0), "20.4.0.0/16", mrttest.Entry{Peer: 1, Path: path("101 20 4")})
	r = loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": f})
	x = r.about(t, "AS4").Subjects[0].Families[0]
	if x.Voices != 0 || len(x.Ways) != 1 || x.Ways[0].Share != nil || len(x.Cuts[0].Sets) != 1 || x.Cuts[0].Sets[0].Share != nil || x.Hegemony == nil {
		t.Errorf("%+v", x)
	}
	r = loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(vantages(4), map[string][]string{"20.1.0.0/16": each(4, "10# 10 1 / 10# 20 1")})})
	for _, h := range r.about(t, "AS1").Subjects[0].Families[0].Hegemony {
		if (h.AS == 10 || h.AS == 20) && h.Hegemony != 0.5 {
			t.Errorf("%+v", h)
		}
	}
}

// falling has six peers, of which the three over AS20 end their session at 200 s, or
// withdraw the route.
func falling(withdraw bool) map[string]*mrttest.File {
	peers := vantages(6)
	var paths []string
	for i := range peers {
		paths = append(paths, fmt.Sprintf("%d %d 1", 100+i, 10+10*(i/3)))
	}
	u := &mrttest.File{}
	for s := int64(0); s < 300; s += 10 {
		for i, p := range peers {
			if s == 200 && i >= 3 && withdraw {
				u.Withdraw(sec(s), p, "20.1.0.0/16")
			} else if s == 200 && i >= 3 {
				u.State(sec(s), p, 6, 1)
			}
			if s < 200 || i < 3 || withdraw {
				u.Announce(sec(s), p, []uint32{p.AS, 50, 900}, "11.0.0.0/16")
			}
		}
	}
	return map[string]*mrttest.File{"bview.20150101.0000": table(peers, map[string][]string{"20.1.0.0/16": paths}), "updates.20150101.0000": u}
}

// TestUnseen: sessions that fell are named, and what they showed is not gone; what was
// withdrawn is.
func TestUnseen(t *testing.T) {
	t.Parallel()
	r := loads(t, sec(180), falling(false))
	before := r.about(t, "AS1")
	if len(before.Blind) != 0 || len(before.Watching) != 6 || before.Subjects[0].Families[0].Cuts[0].Upper != 2 {
		t.Errorf("%+v", before)
	}
	for withdraw, want := range map[bool]string{false: "gone [] unseen [20] lost [103 104 105]", true: "gone [20] unseen [] lost []"} {
		r := loads(t, 0, falling(withdraw))
		after := r.about(t, "AS1")
		if c := after.Subjects[0].Could[0]; c.AS != 10 {
			t.Errorf("%+v", c)
		}
		if n := len(after.Blind); n != 3 && !withdraw || n != 0 && withdraw {
			t.Errorf("%+v", after.Blind)
		}
		if !withdraw {
			if b := after.Blind[0]; b.AS != 103 || b.Reason != "session down" || b.Since != sec(200) || b.Told {
				t.Errorf("%+v", b)
			}
		}
		if err := after.Since(before); err != nil {
			t.Fatal(err)
		}
		c := after.Changes[0]
		if got := fmt.Sprintf("gone %v unseen %v lost %v", c.Gone, c.Unseen, c.Lost); got != want {
			t.Errorf("withdrawn %v: %s, want %s", withdraw, got, want)
		}
		// An answer of an earlier version does not say who showed what: nothing is gone.
		old := *before
		old.Subjects = []*transit.Result{{Subject: "AS1", Families: slices.Clone(before.Subjects[0].Families)}}
		f := &old.Subjects[0].Families[0]
		f.Seers, f.Ways = nil, slices.Clone(f.Ways)
		for i := range f.Ways {
			f.Ways[i].By = nil
		}
		after.Changes = nil
		if err := after.Since(&old); err != nil {
			t.Fatal(err)
		}
		if c := after.Changes[0]; len(c.Gone) != 0 || !slices.Equal(c.Unseen, []uint32{20}) {
			t.Errorf("%+v", c)
		}
	}
}

// TestSubjects: of two subjects of which one is not seen the other is answered, and the
// same one twice is answered once.
func TestSubjects(t *testing.T) {
	t.Parallel()
	r := loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(vantages(3), map[string][]string{"20.1.0.0/16": each(3, "10# 10 1")})})
	a := r.about(t, "AS1", "AS77", "AS1")
	if len(a.Subjects) != 1 || !slices.Equal(a.NotSeen, []string{"AS77"}) || !errors.Is(NotSeen(a), ErrNotSeen) {
		t.Errorf("%d subjects, not seen %v", len(a.Subjects), a.NotSeen)
	}
}

// TestSoleCore: a network that alone is the core of a list cuts nobody off from itself.
func TestSoleCore(t *testing.T) {
	t.Parallel()
	r := loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(vantages(2), map[string][]string{"20.1.0.0/16": each(2, "10# 10 1")})})
	for name, c := range map[string]struct {
		links []relation.Link
		want  string
	}{
		"behind one":             {[]relation.Link{{A: 10, B: 1}, {A: 5, B: 10}, {A: 5, B: 6}}, "1 [{[AS10]"},
		"behind two":             {[]relation.Link{{A: 10, B: 1}, {A: 11, B: 1}, {A: 5, B: 10}, {A: 5, B: 11}}, "2 [{[AS10 AS11]"},
		"next to it":             {[]relation.Link{{A: 5, B: 1}}, "-1 []"},
		"of two each can refuse": {[]relation.Link{{A: 5, B: 1}, {A: 6, B: 1}}, "2 [{[AS5 AS6]"},
	} {
		r.Lists = []*atlas.RelationList{{Links: c.links}}
		x := r.about(t, "AS1").Subjects[0]
		if got := fmt.Sprint(x.Graphs[0].Cuts[0].Upper, " ", x.Graphs[0].Cuts[0].Sets); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		for _, could := range x.Could {
			if could.AS == 5 {
				t.Errorf("%s: the core could: %+v", name, could)
			}
		}
	}
}

// TestListLacks: a list that lacks a network of the subject does not confirm what is said
// of the whole.
func TestListLacks(t *testing.T) {
	t.Parallel()
	r := loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(vantages(2), map[string][]string{"20.1.0.0/16": each(2, "10# 10 1001"), "20.2.0.0/16": each(2, "10# 10 2222")})})
	r.Lists = []*atlas.RelationList{{Links: []relation.Link{{A: 10, B: 1001}, {A: 5, B: 10}, {A: 5, B: 6}}}}
	c := r.about(t, "AS1001,AS2222").Subjects[0]
	if c.Graphs[0].Missing != 1 {
		t.Fatalf("%+v", c.Graphs)
	}
	for _, x := range c.Could {
		if len(x.Lists) != 0 || len(x.Partly) == 0 && x.AS != 1001 {
			t.Errorf("%+v", x)
		}
	}
}

// TestCameBackBare: a session that fell and came up again, over which nothing was told since, is named, and
// shows nobody gone; one that told its table again is not.
func TestCameBackBare(t *testing.T) {
	t.Parallel()
	files := func(tells bool) map[string]*mrttest.File {
		peers := vantages(6)
		var paths []string
		for i := range peers {
			paths = append(paths, fmt.Sprintf("%d %d 1", 100+i, 10+10*(i/3)))
		}
		routes := map[string][]string{}
		for i := range 60 {
			routes[fmt.Sprintf("20.%d.0.0/16", i+1)] = paths
		}
		u := &mrttest.File{}
		for s := int64(0); s < 600; s += 10 {
			for i, p := range peers {
				switch {
				case s == 100 && i >= 3:
					u.State(sec(s), p, 6, 1)
				case s == 150 && i >= 3:
					u.State(sec(s), p, 1, 6)
					for k := range 60 {
						if tells {
							u.Announce(sec(s), p, []uint32{p.AS, uint32(10 + 10*(i/3)), 1}, fmt.Sprintf("20.%d.0.0/16", k+1))
						}
					}
				case s < 100 || s > 300 || i < 3:
					u.Announce(sec(s), p, []uint32{p.AS, 50, 900}, "11.0.0.0/16")
				}
			}
		}
		return map[string]*mrttest.File{"bview.20150101.0000": table(peers, routes), "updates.20150101.0000": u}
	}
	r := loads(t, sec(90), files(false))
	before := r.about(t, "AS1")
	for tells, want := range map[bool]string{false: "3 blind, watching [100 101 102], gone [] unseen [20]", true: "0 blind, watching [100 101 102 103 104 105], gone [] unseen []"} {
		r := loads(t, sec(590), files(tells))
		after := r.about(t, "AS1")
		if err := after.Since(before); err != nil {
			t.Fatal(err)
		}
		var gone, unseen []uint32
		for _, c := range after.Changes {
			gone, unseen = append(gone, c.Gone...), append(unseen, c.Unseen...)
		}
		if got := fmt.Sprintf("%d blind, watching %v, gone %v unseen %v", len(after.Blind), after.Watching, gone, unseen); got != want {
			t.Errorf("the table told again: %v; %s, want %s", tells, got, want)
		}
		for _, b := range after.Blind {
			if !b.Again || !b.Told || b.Since != sec(100) || b.Reason != "session down" {
				t.Errorf("%+v", b)
			}
		}
	}
}
