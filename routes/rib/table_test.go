package rib

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"constat/routes/vantage"
)

// table makes a table of one peer and one IPv4 prefix; data begin at second 0.
func table(p Peer) *Table {
	p.Peer = vantage.Peer{Collector: "rrc00", Addr: netip.MustParseAddr("192.0.2.1")}
	return NewTable([]Peer{p}, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")})
}

// history writes the steps of the pair: "0 unknown, 10 held 1, 20 withdrawn".
func history(t *Table) string {
	var out []string
	for _, s := range t.Steps(0, 0) {
		w := fmt.Sprintf("%d %s", s.At, stateWord(s.State))
		if s.State == RouteHeld && s.Path != NoPath {
			w += fmt.Sprintf(" %d", s.Path)
		}
		out = append(out, w)
	}
	return strings.Join(out, ", ")
}

func stateWord(s RouteState) string {
	return [...]string{"unknown", "absent", "held", "withdrawn"}[s]
}

func TestTable(t *testing.T) {
	reset := func(from, until int64) vantage.Reset {
		return vantage.Reset{From: from, Until: until, Causes: []int64{from}}
	}
	cases := []struct {
		name string
		peer Peer
		do   func(*Table)
		want string
	}{
		{"an announcement holds until the withdrawal", Peer{}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Withdraw(20, 0, 0, 0)
		}, "10 held 1, 20 withdrawn"},
		{"an announcement replaces the one before: an implicit withdrawal", Peer{}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Announce(20, 0, 0, 0, 2)
			t.Withdraw(30, 0, 0, 0)
		}, "10 held 1, 20 held 2, 30 withdrawn"},
		{"duplicates change nothing", Peer{}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Announce(20, 0, 0, 0, 1)
			t.Withdraw(30, 0, 0, 0)
			t.Withdraw(40, 0, 0, 0)
		}, "10 held 1, 30 withdrawn"},
		{"the state is that of the second's end", Peer{}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Withdraw(20, 0, 0, 0)
			t.Announce(20, 0, 0, 0, 1)
		}, "10 held 1"},
		{"what a peer withdraws it must have carried", Peer{}, func(t *Table) {
			t.Withdraw(20, 0, 0, 0)
		}, "0 held, 20 withdrawn"},
		{"in the first second of sight there is no time before", Peer{}, func(t *Table) {
			t.Withdraw(0, 0, 0, 0)
		}, "0 withdrawn"},
		{"a withdrawal speaks back only to the end of the hole", Peer{Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Withdraw(60, 0, 0, 0)
		}, "40 held, 60 withdrawn"},
		{"a hole makes what is known unknown", Peer{Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Finish(100)
		}, "10 held 1, 20 unknown"},
		{"also what was withdrawn", Peer{Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Announce(5, 0, 0, 0, 1)
			t.Withdraw(10, 0, 0, 0)
			t.Announce(50, 0, 0, 0, 2)
		}, "5 held 1, 10 withdrawn, 20 unknown, 50 held 2"},
		{"what a transfer announces counts from its end", Peer{Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Announce(25, 0, 0, 0, 2)
			t.Finish(100)
		}, "10 held 1, 20 unknown, 40 held 2"},
		{"said and taken back inside a transfer is not carried", Peer{Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Announce(25, 0, 0, 0, 2)
			t.Withdraw(30, 0, 0, 0)
		}, "40 absent"},
		{"taken back alone too", Peer{Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Withdraw(30, 0, 0, 0)
		}, "40 absent"},
		{"what is said before another cause of the same blindness counts for nothing", Peer{Resets: []vantage.Reset{{From: 20, Until: 60, Causes: []int64{20, 40}}}}, func(t *Table) {
			t.Announce(25, 0, 0, 0, 1)
			t.Finish(100)
		}, ""},
		{"after its last cause it counts from the end", Peer{Resets: []vantage.Reset{{From: 20, Until: 60, Causes: []int64{20, 40}}}}, func(t *Table) {
			t.Announce(25, 0, 0, 0, 1)
			t.Announce(45, 0, 0, 0, 2)
			t.Finish(100)
		}, "60 held 2"},
		{"several resets on the way are all applied", Peer{Resets: []vantage.Reset{reset(20, 30), reset(50, 60)}}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Announce(40, 0, 0, 0, 1)
			t.Withdraw(90, 0, 0, 0)
		}, "10 held 1, 20 unknown, 40 held 1, 50 unknown, 60 held, 90 withdrawn"},
		{"a snapshot tells what was not known", Peer{}, func(t *Table) {
			t.Snapshot(10, 0, 0, 0, 1, 0)
		}, "10 held 1"},
		{"and nothing where updates have spoken", Peer{}, func(t *Table) {
			t.Announce(5, 0, 0, 0, 1)
			t.Withdraw(9, 0, 0, 0)
			t.Snapshot(10, 0, 0, 0, 2, 0) // the dump was begun before
			t.Announce(20, 0, 0, 0, 3)
			t.Snapshot(30, 0, 0, 0, 2, 0)
		}, "5 held 1, 9 withdrawn, 20 held 3"},
		{"what stands in a snapshot, learned before anybody watched, stood unspoken of", Peer{Begin: 2}, func(t *Table) {
			t.Snapshot(40, 0, 0, 0, 1, 1)
		}, "2 held 1"},
		{"learned while the peer was watched, it does not: of that nothing was told", Peer{Begin: 2}, func(t *Table) {
			t.Snapshot(40, 0, 0, 0, 1, 3)
		}, "40 held 1"},
		{"since the last reset, if it was held before that", Peer{Resets: []vantage.Reset{reset(20, 30)}}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Snapshot(40, 0, 0, 0, 1, 10)
		}, "10 held 1, 20 unknown, 30 held 1"},
		{"and not since then, if a snapshot was without it", Peer{Snapshots4: []int64{15}}, func(t *Table) {
			t.Snapshot(40, 0, 0, 0, 1, 1)
		}, "15 absent, 40 held 1"},
		{"what a snapshot does not list is not carried", Peer{Snapshots4: []int64{15}}, func(t *Table) {
			t.Announce(30, 0, 0, 0, 1)
		}, "15 absent, 30 held 1"},
		{"so a withdrawal after it says nothing", Peer{Snapshots4: []int64{15}}, func(t *Table) {
			t.Withdraw(30, 0, 0, 0)
		}, "15 absent"},
		{"a snapshot of the other family says nothing", Peer{Snapshots6: []int64{15}}, func(t *Table) {
			t.Withdraw(30, 0, 0, 0)
		}, "0 held, 30 withdrawn"},
		{"nor does one from inside a hole", Peer{Snapshots4: []int64{25}, Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Withdraw(60, 0, 0, 0)
		}, "40 held, 60 withdrawn"},
		{"nor one that updates contradict", Peer{Snapshots4: []int64{15}}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Finish(100)
		}, "10 held 1"},
		{"one of several paths withdrawn leaves the others", Peer{}, func(t *Table) {
			t.Announce(10, 0, 0, 1, 11)
			t.Announce(20, 0, 0, 2, 12)
			t.Withdraw(30, 0, 0, 2)
			t.Withdraw(40, 0, 0, 1)
		}, "10 held 11, 20 held 12, 30 held 11, 40 withdrawn"},
		{"an unknown path withdrawn leaves the others", Peer{}, func(t *Table) {
			t.Announce(10, 0, 0, 1, 11)
			t.Withdraw(30, 0, 0, 2)
		}, "10 held 11"},
		{"a hole forgets all paths", Peer{Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Announce(10, 0, 0, 1, 11)
			t.Announce(10, 0, 0, 2, 12)
			t.Announce(50, 0, 0, 1, 11)
			t.Withdraw(60, 0, 0, 1)
		}, "10 held 12, 20 unknown, 50 held 11, 60 unknown"}, // what became of the other, nobody saw
		{"the withdrawal of the other path ends it", Peer{Resets: []vantage.Reset{reset(20, 40)}}, func(t *Table) {
			t.Announce(10, 0, 0, 1, 11)
			t.Announce(10, 0, 0, 2, 12)
			t.Withdraw(60, 0, 0, 1)
			t.Withdraw(70, 0, 0, 2)
		}, "10 held 12, 20 unknown, 40 held, 70 withdrawn"},
		{"so does a snapshot without it", Peer{Resets: []vantage.Reset{reset(20, 40)}, Snapshots4: []int64{55}}, func(t *Table) {
			t.Announce(10, 0, 0, 1, 11)
			t.Announce(10, 0, 0, 2, 12)
			t.Announce(50, 0, 0, 1, 11)
			t.Withdraw(60, 0, 0, 1)
		}, "10 held 12, 20 unknown, 50 held 11, 60 withdrawn"},
		{"two withdrawals in a row show that nothing was held", Peer{}, func(t *Table) {
			t.Withdraw(10, 0, 0, 0)
			t.Withdraw(30, 0, 0, 0)
			t.Withdraw(50, 0, 0, 0)
		}, "10 absent"},
		{"but not of a route that was announced", Peer{}, func(t *Table) {
			t.Announce(5, 0, 0, 0, 1)
			t.Withdraw(10, 0, 0, 0)
			t.Withdraw(30, 0, 0, 0)
		}, "5 held 1, 10 withdrawn"},
		{"time that steps back within a file does not undo", Peer{}, func(t *Table) {
			t.Announce(10, 0, 0, 0, 1)
			t.Withdraw(8, 0, 0, 0)
		}, "10 withdrawn"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tb := table(c.peer)
			c.do(tb)
			if got := history(tb); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTableAt(t *testing.T) {
	p := Peer{Snapshots4: []int64{15}, Resets: []vantage.Reset{{From: 40, Until: 50, Causes: []int64{40}}}}
	tb := table(p)
	for _, c := range []struct {
		at   int64
		want RouteState
	}{{0, RouteUnknown}, {14, RouteUnknown}, {15, RouteAbsent}, {39, RouteAbsent}, {40, RouteUnknown}, {60, RouteUnknown}} {
		if got := tb.At(0, 0, c.at); got.State != c.want {
			t.Errorf("a pair that was never spoken of, at %d: %s, want %s", c.at, stateWord(got.State), stateWord(c.want))
		}
	}
}

// op is one word on a pair, for the comparison with the model.
type op struct {
	at   int64
	what string // announce, withdraw, snapshot
	id   uint32
	path PathID
}

// model follows one pair second by second.
type model struct {
	state RouteState
	held  []idPath
	since int64 // how far back a withdrawal may speak
	past  []RouteStep

	ids       map[uint32]int64 // path IDs sent and not withdrawn, and when
	many      bool             // there was any
	snapshots []int64
	// Of the withdrawal that is the state: since when it has the route held, and that it alone does.
	from, gone int64
	alone      bool
}

func (m *model) top() PathID {
	if n := len(m.held); n > 0 && m.state == RouteHeld {
		return m.held[n-1].path
	}
	return NoPath
}

func (m *model) drop(id uint32) {
	m.held = slices.DeleteFunc(m.held, func(h idPath) bool { return h.id == id })
}

// say applies a word at second t; waited says that it was said inside a reset.
func (m *model) say(o op, t int64, waited bool) {
	m.many = m.many || o.id != 0
	if o.id == 0 || m.ids == nil {
		m.ids = map[uint32]int64{}
	}
	if o.what == "withdraw" {
		delete(m.ids, o.id)
	} else if o.id != 0 {
		m.ids[o.id] = t
	}
	switch o.what {
	case "announce":
		m.drop(o.id)
		m.held = append(m.held, idPath{o.id, o.path})
		m.state = RouteHeld
	case "snapshot":
		switch m.state {
		case RouteUnknown, RouteAbsent:
			m.state, m.held = RouteHeld, []idPath{{o.id, o.path}}
		case RouteHeld:
			if !slices.ContainsFunc(m.held, func(h idPath) bool { return h.id == o.id }) {
				m.held = slices.Insert(m.held, 0, idPath{o.id, o.path})
			}
		}
	case "withdraw":
		m.withdraw(o, t, waited)
	}
}

func (m *model) withdraw(o op, t int64, waited bool) {
	switch {
	case m.state == RouteWithdrawn && !m.many && !waited && m.alone && t > m.gone:
		for i := range m.past {
			switch s := &m.past[i]; {
			case s.At >= m.gone:
				s.State = RouteAbsent
			case s.At >= m.from:
				s.State = RouteUnknown
			}
		}
		m.state = RouteAbsent
		return
	case m.state == RouteAbsent || m.state == RouteWithdrawn:
		return
	}
	unknown, from := m.state == RouteUnknown, t
	if unknown && !waited {
		for i := len(m.past) - 1; i >= 0 && m.past[i].At >= m.since && m.past[i].State == RouteUnknown; i-- {
			m.past[i].State, from = RouteHeld, m.past[i].At
		}
	}
	m.drop(o.id)
	if len(m.held) > 0 {
		return
	}
	m.state, m.from, m.gone, m.alone = RouteWithdrawn, from, t, unknown
	if waited {
		m.state = RouteAbsent
	}
	for _, told := range m.ids {
		if !slices.ContainsFunc(m.snapshots, func(s int64) bool { return s > told && s < t }) {
			m.state = RouteUnknown // nobody saw what became of that one
		}
	}
}

// play gives the state of a pair at the end of every second of [0, end).
func play(p Peer, ops []op, end int64) []RouteStep {
	m := &model{snapshots: p.Snapshots4}
	var waiting []op
	for t := range end {
		var in *vantage.Reset
		for i := range p.Resets {
			r := &p.Resets[i]
			if r.From == t {
				m.state, m.held = RouteUnknown, nil
			}
			if r.Until == t {
				m.since = t
				for _, o := range waiting {
					m.say(o, t, true)
				}
				waiting = nil
			}
			if r.From <= t && t < r.Until {
				in = r
			}
		}
		for _, o := range ops {
			if o.at != t {
				continue
			}
			if in == nil {
				m.say(o, t, false)
			} else if !slices.ContainsFunc(in.Causes, func(c int64) bool { return c > t }) {
				waiting = append(waiting, o)
			}
		}
		if in == nil && m.state == RouteUnknown && slices.Contains(p.Snapshots4, t) {
			m.state = RouteAbsent
		}
		m.past = append(m.past, RouteStep{t, m.state, m.top()})
	}
	return m.past
}

func drawPeer(t *rapid.T, end int64) Peer {
	var p Peer
	at := int64(0)
	for range rapid.IntRange(0, 3).Draw(t, "resets") {
		from := at + rapid.Int64Range(0, end/4).Draw(t, "from")
		until := from + rapid.Int64Range(1, 12).Draw(t, "for")
		z := vantage.Reset{From: from, Until: until, Causes: []int64{from}}
		if rapid.IntRange(0, 2).Draw(t, "causes") == 0 {
			z.Causes = append(z.Causes, rapid.Int64Range(from, until-1).Draw(t, "cause"))
		}
		p.Resets = append(p.Resets, z)
		at = until + 1
	}
	for range rapid.IntRange(0, 2).Draw(t, "snapshots") {
		p.Snapshots4 = append(p.Snapshots4, rapid.Int64Range(0, end).Draw(t, "snapshot"))
	}
	slices.Sort(p.Snapshots4)
	return p
}

// TestTableAgainstModel compares the table, which knows only steps, with a
// model that looks at every second.
func TestTableAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const end = 60
		p := drawPeer(t, end)
		var ops []op
		for range rapid.IntRange(0, 8).Draw(t, "ops") {
			ops = append(ops, op{
				at:   rapid.Int64Range(0, end-1).Draw(t, "at"),
				what: rapid.SampledFrom([]string{"announce", "announce", "withdraw", "withdraw", "snapshot"}).Draw(t, "what"),
				id:   rapid.Uint32Range(0, 2).Draw(t, "id"),
				path: PathID(rapid.IntRange(1, 2).Draw(t, "path")),
			})
		}
		slices.SortStableFunc(ops, func(a, b op) int { return int(a.at - b.at) })
		compare(t, p, ops, end)
	})
}

func compare(t interface {
	Helper()
	Fatalf(string, ...any)
}, p Peer, ops []op, end int64) {
	t.Helper()
	tb := table(p)
	for _, o := range ops {
		switch o.what {
		case "announce":
			tb.Announce(o.at, 0, 0, o.id, o.path)
		case "withdraw":
			tb.Withdraw(o.at, 0, 0, o.id)
		case "snapshot":
			tb.Snapshot(o.at, 0, 0, o.id, o.path, 0)
		}
	}
	tb.Finish(end)
	for sec, want := range play(p, ops, end) {
		got := tb.At(0, 0, int64(sec))
		if got.State != want.State || got.State == RouteHeld && got.Path != want.Path {
			t.Fatalf("second %d: table %s %d, model %s %d\nresets %v snapshots %v\nops %+v\nsteps %s",
				sec, stateWord(got.State), got.Path, stateWord(want.State), want.Path, p.Resets, p.Snapshots4, ops, history(tb))
		}
	}
	at := int64(-1) << 62
	for _, s := range tb.Steps(0, 0) {
		if s.At <= at {
			t.Fatalf("steps do not rise: %s", history(tb))
		}
		at = s.At
	}
}

// FuzzTable gives the comparison any sequence of words.
func FuzzTable(f *testing.F) {
	f.Add([]byte{0, 5, 0, 1, 1, 20, 0, 1})
	f.Add([]byte{1, 5, 0, 1, 0, 20, 0, 1, 3, 9, 3, 12, 2, 30, 1, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		const end = 64
		var p Peer
		var ops []op
		next := int64(0)
		for ; len(b) >= 4; b = b[4:] {
			at := int64(b[1] % end)
			switch b[0] % 5 {
			case 0:
				ops = append(ops, op{at, "announce", uint32(b[2] % 3), PathID(b[3] % 3)})
			case 1:
				ops = append(ops, op{at, "withdraw", uint32(b[2] % 3), 0})
			case 2:
				ops = append(ops, op{at, "snapshot", uint32(b[2] % 3), PathID(b[3] % 3)})
			case 3:
				if at >= next {
					until := at + 1 + int64(b[2]%9)
					p.Resets = append(p.Resets, vantage.Reset{From: at, Until: until, Causes: []int64{at, min(at+int64(b[3]%9), until-1)}})
					next = until + 1
				}
			case 4:
				p.Snapshots4 = append(p.Snapshots4, at)
			}
		}
		slices.Sort(p.Snapshots4)
		slices.SortStableFunc(ops, func(a, b op) int { return int(a.at - b.at) })
		compare(t, p, ops, end)
	})
}

func TestPaths(t *testing.T) {
	var p Paths
	a := p.ID([]uint32{1, 2, 3})
	b := p.ID([]uint32{1, 2})
	in := []uint32{1, 2, 3}
	if p.ID(in) != a || a == b {
		t.Errorf("equal paths have one number: %d, %d, %d", a, b, p.ID(in))
	}
	in[0] = 9
	if got := p.Path(a); !slices.Equal(got, []uint32{1, 2, 3}) {
		t.Errorf("a path changed with its caller's slice: %v", got)
	}
	if p.Path(NoPath) != nil {
		t.Error("NoPath has a path")
	}
}

// TestEmptyWithdrawals: of a peer that withdraws prefixes which it does not carry, a
// withdrawal alone shows nothing; of another it does.
func TestEmptyWithdrawals(t *testing.T) {
	var prefixes []netip.Prefix
	for i := range 20 {
		prefixes = append(prefixes, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i), 0}), 24))
	}
	tb := NewTable(make([]Peer, 2), prefixes)
	for p := range prefixes {
		for peer := range 2 {
			tb.Withdraw(10, peer, p, 0)
		}
	}
	for p := range 2 { // one in ten
		tb.Withdraw(20, 0, p, 0)
	}
	tb.Withdraw(20, 1, 0, 0) // once is too little to go by
	tb.Announce(30, 0, 19, 0, 7)
	tb.Withdraw(40, 0, 19, 0)
	tb.Finish(100)
	for p := range prefixes {
		want := []RouteState{RouteAbsent, RouteWithdrawn}
		if p == 0 {
			want[1] = RouteAbsent
		}
		for peer, w := range want {
			if got := tb.At(peer, p, 15).State; got != w {
				t.Errorf("peer %d, prefix %d: %s, want %s", peer, p, stateWord(got), stateWord(w))
			}
		}
	}
	if got := tb.At(0, 19, 50).State; got != RouteWithdrawn {
		t.Errorf("what it announced and withdrew is %s", stateWord(got))
	}
}
