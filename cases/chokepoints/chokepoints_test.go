package chokepoints

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"constat/internal/realdata"
	"constat/judge/transit"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/source"
	"constat/routes/vantage"
)

// loaded reads a file as the command does.
func loaded(t *testing.T, file string) (*live.View, *vantage.Watch) {
	t.Helper()
	set, err := source.Open(t.Context(), []string{file}, moment.Interval{From: 0, Until: moment.Unix(1<<32, 0)}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, w, err := live.Load(t.Context(), live.Loading{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	return s.View(), w
}

// TestNorthKorea: on the table of 23 October 2015 and the relations of that year AS4837
// is the one that could; Intelsat is a possible other way by the derived graph alone.
func TestNorthKorea(t *testing.T) {
	v, w := loaded(t, realdata.Path(t, "mrt/bgpdump-suite/input/updates.et-header.2015.gz"))
	a, err := atlas.Open(realdata.Path(t, "registry"))
	if err != nil {
		t.Fatal(err)
	}
	a = a.At(v.At().Std())
	sub, err := a.Resolve("KP")
	if err != nil {
		t.Fatal(err)
	}
	req := Request{Subjects: []*atlas.Subject{sub}, View: v, Watch: w, Atlas: a}
	for _, f := range []string{"20150201.as-rel.txt.gz", "20150101.whole-internet-rel.txt.gz"} {
		l, err := atlas.OpenRelations(realdata.Path(t, "relations/"+f))
		if err != nil {
			t.Fatal(err)
		}
		req.Lists = append(req.Lists, l)
	}
	out, err := Ask(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	r := out.Subjects[0]
	f := r.Families[0]
	if len(r.Families) != 1 || f.Prefixes != 4 || f.Space != 1024 || !slices.Equal(r.Origins, []uint32{131279}) || f.Vantages != 1 || !f.Partial {
		t.Errorf("%+v", f)
	}
	if r.Frontier.Class != transit.Severe || r.Frontier.Count != 1 || r.Frontier.Sure != transit.NoClass || !slices.Equal(r.Frontier.Listed, []int{1, 1}) {
		t.Errorf("%+v", r.Frontier)
	}
	c := r.Could[0]
	if c.AS != 4837 || !c.OneVantage || !c.Direct || !slices.Equal(c.Lists, []string{"20150201.as-rel.txt of 2015-02-01"}) || !slices.Equal(c.Against, []string{"20150101.whole-internet-rel.txt of 2015-01-01"}) {
		t.Errorf("%+v", c)
	}
	for _, x := range r.Could[1:] {
		if x.AS != 131279 && len(x.Lists) > 0 {
			t.Errorf("%+v", x)
		}
	}
	if len(r.Possible) != 1 || r.Possible[0].AS != 22351 || r.Possible[0].Of != 131279 || r.Possible[0].Relation != transit.Provider || !slices.Equal(r.Possible[0].Lists, []string{"20150101.whole-internet-rel.txt of 2015-01-01"}) {
		t.Errorf("%+v", r.Possible)
	}
	for _, n := range out.Who {
		if n.AS == 4837 && (n.Country != "CN" || len(n.State) != 1 || n.State[0].Country != "CN") {
			t.Errorf("%+v", n)
		}
	}
	if !slices.Contains(out.Absent, "ARIN") || len(out.Sources) != 1 || len(out.Sources[0].SHA256) != 64 || out.Sources[0].Unread != 1 {
		t.Errorf("%+v %+v", out.Absent, out.Sources)
	}

	// One of all countries is the same as the country alone.
	req.All = true
	all, err := Ask(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Subjects) < 150 || len(all.Subjects)+len(all.NotSeen) < 200 {
		t.Errorf("%d countries, %d not seen", len(all.Subjects), len(all.NotSeen))
	}
	i := slices.IndexFunc(all.Subjects, func(r *transit.Result) bool { return r.Subject == "KP" })
	one, other := &transit.Answer{Subjects: []*transit.Result{r}}, &transit.Answer{Subjects: []*transit.Result{all.Subjects[i]}}
	x, err1 := one.Encode()
	y, err2 := other.Encode()
	if err1 != nil || err2 != nil || string(x) != string(y) {
		t.Errorf("KP among all is another:\n%s\n%s", x, y)
	}
	if !slices.IsSortedFunc(all.Subjects, transit.Compare) {
		t.Error("the countries are not ranked")
	}

	// A network that does not announce anything is no network that nobody can cut off.
	if sub, err = a.Resolve("AS4210000001"); err != nil {
		t.Fatal(err)
	}
	if _, err := Ask(context.Background(), Request{Subjects: []*atlas.Subject{sub}, View: v, Watch: w, Atlas: a}); !errors.Is(err, ErrNotSeen) {
		t.Error(err)
	}
}

// TestOldTable: a full table of 2002 with several peers; whoever is asked first, the answer
// has the same bytes.
func TestOldTable(t *testing.T) {
	v, w := loaded(t, realdata.Path(t, "mrt/bgpdump-suite/input/bview.20020722.2337.gz"))
	if v.NumPeers() == 0 {
		t.Fatal("no peers")
	}
	a, err := atlas.Open("")
	if err != nil {
		t.Fatal(err)
	}
	var last []byte
	for _, workers := range []int{1, 4} {
		var subs []*atlas.Subject
		for _, n := range []string{"AS8452", "AS2500", "AS3561"} {
			s, err := a.Resolve(n)
			if err != nil {
				t.Fatal(err)
			}
			subs = append(subs, s)
		}
		out, err := Ask(context.Background(), Request{Subjects: subs, View: v, Watch: w, Atlas: a, Workers: workers, Origins: true})
		if errors.Is(err, ErrNotSeen) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := out.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if last != nil && string(b) != string(last) {
			t.Error("other bytes with other workers")
		}
		last = b
	}
}

// TestState: what the judge is handed is what the view holds.
func TestState(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	dir := t.TempDir()
	text := ""
	for p := range 5 {
		for i := range 700 {
			if r.IntN(3) > 0 {
				path := fmt.Sprintf("%d %d %d", 64600+p, 64700+r.IntN(4), 64800+r.IntN(3))
				if r.IntN(9) == 0 {
					path += " {64901,64902}"
				}
				text += fmt.Sprintf("TABLE_DUMP2|1400000000|B|192.0.2.%d|%d|10.%d.%d.0/24|%s|IGP|192.0.2.1|0|0||NAG||\n", p+1, 64600+p, i/256, i%256, path)
			}
		}
	}
	writeFile(t, filepath.Join(dir, "rib.txt"), text)
	v, _ := loaded(t, dir)
	s, err := newState(v, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.NumPeers() != 5 {
		t.Fatalf("%d peers", s.NumPeers())
	}
	ids := make([]uint32, s.NumPrefixes())
	for i := range ids {
		ids[i] = uint32(i)
	}
	r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	dst := make([]transit.Route, len(ids))
	origins := make([]map[uint32]bool, s.NumPrefixes())
	for p := range s.peers {
		s.Fill(p, ids, dst)
		for i, q := range ids {
			x, ok := v.Route(s.peers[p], live.PrefixID(q))
			if ok != (dst[i] != 0) || ok && (dst[i].Node() != uint32(x.Node()) || dst[i].Own() != x.Own()) {
				t.Fatalf("peer %d, prefix %s: %v, want %v %v", p, s.Prefix(q), dst[i], x, ok)
			}
			if !ok {
				continue
			}
			if origins[q] == nil {
				origins[q] = map[uint32]bool{}
			}
			n := uint32(x.Node())
			for {
				as, up := s.Node(n)
				if up == 0 {
					for _, m := range append(slices.Clone(s.Members(n)), as) {
						if m != 0 {
							origins[q][m] = true
						}
					}
					break
				}
				n = up
			}
		}
	}
	for q, want := range origins {
		got := s.Origins(uint32(q))
		if len(got) != len(want) || slices.ContainsFunc(got, func(o uint32) bool { return !want[o] }) {
			t.Fatalf("%s comes from %v, not %v", netip.Prefix(s.Prefix(uint32(q))), got, want)
		}
	}
}
