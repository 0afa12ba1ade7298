package assess

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/routes/vantage"
)

// countryOf makes histories of prefixes, each held by two peers in two networks
// from second 0 on and out in the intervals given.
func countryOf(end int64, prefixes map[string][][2]int64) (outage.Input, []outage.Outage) {
	in := outage.Input{Start: 0, End: end, Name: "XX", Peers: []outage.Peer{
		{Peer: vantage.Peer{Collector: "c", Addr: netip.MustParseAddr("10.0.0.1")}, AS: 1},
		{Peer: vantage.Peer{Collector: "c", Addr: netip.MustParseAddr("10.0.0.2")}, AS: 2}}}
	var names []netip.Prefix
	for p := range prefixes {
		names = append(names, netip.MustParsePrefix(p))
	}
	slices.SortFunc(names, netip.Prefix.Compare)
	for i, p := range names {
		origin := uint32(100 + i)
		in.Origins = append(in.Origins, origin)
		steps := []outage.Step{{At: 0, State: outage.Held}}
		for _, s := range prefixes[p.String()] {
			steps = append(steps, outage.Step{At: s[0], State: outage.Lost})
			if s[1] < end {
				steps = append(steps, outage.Step{At: s[1], State: outage.Held})
			}
		}
		in.Prefixes = append(in.Prefixes, outage.Prefix{Prefix: p, Origins: []uint32{origin},
			Carriers: []outage.Carrier{{Peer: 0, Steps: steps}, {Peer: 1, Steps: steps}}})
	}
	return in, outage.Find(in)
}

// shape is the stages of each event, by their beginnings.
func shape(evs []countryEvent) [][]int64 {
	var out [][]int64
	for _, e := range evs {
		var at []int64
		for _, s := range e.stages {
			at = append(at, s.outage.From)
		}
		out = append(out, at)
	}
	return out
}

func TestEvents(t *testing.T) {
	many := func(n int, from, until int64, more map[string][][2]int64) map[string][][2]int64 {
		for i := range n {
			more[netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16, byte(i), 0}), 24).String()] = [][2]int64{{from, until}}
		}
		return more
	}
	for _, x := range []struct {
		name     string
		prefixes map[string][][2]int64
		want     [][]int64
	}{
		{"three gateways, all back together", map[string][][2]int64{"10.0.0.0/24": {{1000, 9000}}, "10.0.1.0/24": {{1400, 9000}}, "10.0.2.0/24": {{1800, 9000}}},
			[][]int64{{1000, 1400, 1800}}},
		{"one after the other", map[string][][2]int64{"10.0.0.0/24": {{1000, 1100}}, "10.0.1.0/24": {{1400, 1500}}},
			[][]int64{{1000}, {1400}}},
		{"back at the very second", map[string][][2]int64{"10.0.0.0/24": {{1000, 1400}}, "10.0.1.0/24": {{1400, 1500}}},
			[][]int64{{1000}, {1400}}},
		{"half of the first is back", map[string][][2]int64{"10.0.0.0/24": {{1000, 1300}}, "10.0.1.0/24": {{1000, 9000}}, "10.0.2.0/24": {{1400, 9000}}},
			[][]int64{{1000, 1400}}},
		{"most of the first is back", map[string][][2]int64{"10.0.0.0/24": {{1000, 1300}}, "10.0.3.0/24": {{1000, 1300}}, "10.0.1.0/24": {{1000, 9000}}, "10.0.2.0/24": {{1400, 9000}}},
			[][]int64{{1000}, {1400}}},
		{"a straggler is not the beginning of the night", many(11, 5000, 9000, map[string][][2]int64{"10.0.0.0/24": {{1000, 10000}}}),
			[][]int64{{1000}, {5000}}},
		{"ten times as many join", many(10, 5000, 9000, map[string][][2]int64{"10.0.0.0/24": {{1000, 10000}}}),
			[][]int64{{1000, 5000}}},
		{"seven hours later", map[string][][2]int64{"10.0.0.0/24": {{1000, 40000}}, "10.0.1.0/24": {{1000 + 7*3600, 40000}}},
			[][]int64{{1000}, {1000 + 7*3600}}},
	} {
		_, found := countryOf(50000, x.prefixes)
		if got := shape(eventsOf(found)); !slices.EqualFunc(got, x.want, slices.Equal) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
		n := 0
		for _, e := range eventsOf(found) {
			n += len(e.parts())
		}
		if k := len(slices.DeleteFunc(found, func(o outage.Outage) bool { return o.Scope != outage.ScopePrefix || o.Partial })); n != k {
			t.Errorf("%s: %d parts of %d outages of prefixes", x.name, n, k)
		}
	}
}

func TestTrough(t *testing.T) {
	// The /24 goes while its upper half stands until 1600; two /16 of IPv6 are
	// no more than the /48s they are.
	in, found := countryOf(3000, map[string][][2]int64{
		"192.0.2.0/24": {{1000, 2000}}, "192.0.2.128/25": {{1600, 1900}}, "10.0.0.0/30": {{1100, 2900}}, "2001:db8::/47": {{1100, 3000}}, "2001:db8::/56": {{1100, 3000}}})
	ev := eventsOf(found)
	if len(ev) != 1 {
		t.Fatalf("%v", shape(ev))
	}
	parts := ev[0].parts()
	got := levelsOf(in, parts)
	want := []level{
		{1000, finding.Size{Prefixes: 1, V4: 128}},
		{1100, finding.Size{Prefixes: 4, V4: 132, V6: 2}},
		{1600, finding.Size{Prefixes: 5, V4: 260, V6: 2}},
		{1900, finding.Size{Prefixes: 4, V4: 132, V6: 2}},
		{2000, finding.Size{Prefixes: 3, V4: 4, V6: 2}},
		{2900, finding.Size{Prefixes: 2, V6: 2}},
		{3000, finding.Size{}},
	}
	if !slices.Equal(got, want) {
		t.Errorf("levels %v\nwant %v", got, want)
	}
	at, until, most := troughOf(got, in.End)
	if at != 1600 || until != 1900 || most != want[2].size {
		t.Errorf("trough %d–%d, %+v", at, until, most)
	}
	if back, ok := recoveredAt(in, parts, at, most); ok { // of the two /48s none is back
		t.Errorf("recovered %d", back)
	}
	in, found = countryOf(3000, map[string][][2]int64{"192.0.2.0/24": {{1000, 2000}}})
	parts = eventsOf(found)[0].parts()
	at, _, most = troughOf(levelsOf(in, parts), in.End)
	if back, ok := recoveredAt(in, parts, at, most); !ok || back != 2000 {
		t.Errorf("recovered %d, %t", back, ok)
	}
	// What nobody saw come back is not back.
	for i := range parts {
		parts[i].seen = false
	}
	if back, ok := recoveredAt(in, parts, at, most); ok {
		t.Errorf("recovered %d, though nobody saw it", back)
	}
}

// The slow reading looks at every second and at every address. It must find the
// same levels on random histories.
func TestLevelsAgainstOracle(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		const end = 400
		in := outage.Input{End: end}
		for i := range 4 {
			in.Peers = append(in.Peers, outage.Peer{Peer: vantage.Peer{Collector: "c", Addr: netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})}, AS: uint32(i + 1)})
		}
		have := map[netip.Prefix]bool{}
		for range 2 + r.IntN(8) {
			p := netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(r.IntN(64))}), 26+r.IntN(7)).Masked()
			if r.IntN(3) == 0 {
				p = netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0, byte(r.IntN(4)), byte(r.IntN(2))}), 44+r.IntN(8)).Masked()
			}
			if have[p] {
				continue
			}
			have[p] = true
			op := outage.Prefix{Prefix: p, Origins: []uint32{uint32(100 + r.IntN(3))}}
			for peer := range in.Peers {
				steps := []outage.Step{{At: 0, State: outage.Held}}
				for at := int64(20 + r.IntN(60)); at < end; at += int64(1 + r.IntN(90)) {
					if s := outage.State(r.IntN(7)); s != steps[len(steps)-1].State {
						steps = append(steps, outage.Step{At: at, State: s})
					}
				}
				op.Carriers = append(op.Carriers, outage.Carrier{Peer: peer, Steps: steps})
			}
			in.Prefixes = append(in.Prefixes, op)
		}
		slices.SortFunc(in.Prefixes, func(a, b outage.Prefix) int { return a.Prefix.Compare(b.Prefix) })
		in.Origins = []uint32{100, 101, 102}
		for k, ev := range eventsOf(outage.Find(in)) {
			levels := levelsOf(in, ev.parts())
			var most finding.Size
			mostAt := int64(-1)
			for at := int64(0); at < end; at++ {
				want := slowSize(in, ev.parts(), at)
				var got finding.Size
				for _, l := range levels {
					if l.at <= at {
						got = l.size
					}
				}
				if got != want {
					t.Fatalf("seed %d event %d second %d: %+v, slowly %+v", seed, k, at, got, want)
				}
				if want.Above(most) {
					most, mostAt = want, at
				}
			}
			at, _, size := troughOf(levels, end)
			if at != mostAt || size != most {
				t.Fatalf("seed %d event %d: trough at %d %+v, slowly at %d %+v", seed, k, at, size, mostAt, most)
			}
			blocks := someBlocks(r)
			if got, want := sizeAt(levelsWithin(in, ev.parts(), blocks), at), slowWithin(in, ev.parts(), at, blocks); got != want {
				t.Fatalf("seed %d event %d: at %d within %v %+v, slowly %+v", seed, k, at, blocks, got, want)
			}
			those := levelsOfThose(in, ev.parts(), at)
			for sec := int64(0); sec < end; sec++ {
				if got, want := sizeAt(those, sec), slowOfThose(in, ev.parts(), at, sec); got != want {
					t.Fatalf("seed %d event %d: of what was out at %d, at %d %+v, slowly %+v", seed, k, at, sec, got, want)
				}
			}
		}
	}
}

// someBlocks are blocks that do not overlap, in order, as the delegations of a country.
func someBlocks(r *rand.Rand) []netip.Prefix {
	var out []netip.Prefix
	for i := range 16 {
		if r.IntN(3) == 0 {
			out = append(out, netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(4 * i)}), 30+r.IntN(3)))
		}
	}
	for i := range 4 {
		if r.IntN(2) == 0 {
			out = append(out, netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0, byte(i)}), 48+r.IntN(3)))
		}
	}
	return out
}

func slowSize(in outage.Input, parts []outPart, at int64) finding.Size {
	out, cells := slowOut(in, parts, at)
	return slowCount(out, cells)
}

// slowWithin is what of that lies within some blocks.
func slowWithin(in outage.Input, parts []outPart, at int64, blocks []netip.Prefix) finding.Size {
	out, cells := slowOut(in, parts, at)
	for p := range out {
		if !slices.ContainsFunc(blocks, func(b netip.Prefix) bool { return slow48(b).Overlaps(in.Prefixes[p].Prefix) }) {
			delete(out, p)
		}
	}
	for a := range cells {
		if !slices.ContainsFunc(blocks, func(b netip.Prefix) bool { return slow48(b).Contains(a) }) {
			delete(cells, a)
		}
	}
	return slowCount(out, cells)
}

func slow48(b netip.Prefix) netip.Prefix {
	if b.Addr().Is6() {
		return netip.PrefixFrom(b.Addr(), min(b.Bits(), 48)).Masked()
	}
	return b
}

// slowOfThose is what of that which was out at one second is out at another.
func slowOfThose(in outage.Input, parts []outPart, then, at int64) finding.Size {
	out, cells := slowOut(in, parts, then)
	var those []outPart
	for _, p := range parts {
		if out[p.prefix] {
			those = append(those, p)
		}
	}
	still, now := slowOut(in, those, at)
	for a := range now {
		if !cells[a] {
			delete(now, a)
		}
	}
	return slowCount(still, now)
}

func slowCount(out map[int]bool, cells map[netip.Addr]bool) finding.Size {
	s := finding.Size{Prefixes: len(out)}
	for a := range cells {
		if a.Is4() {
			s.V4++
		} else {
			s.V6++
		}
	}
	return s
}

// slowOut are the prefixes that are out at a second, and their addresses and /48s.
func slowOut(in outage.Input, parts []outPart, at int64) (out map[int]bool, cells map[netip.Addr]bool) {
	out, cells = map[int]bool{}, map[netip.Addr]bool{}
	for _, p := range parts {
		if p.from <= at && at < p.until {
			out[p.prefix] = true
		}
	}
	for p := range out {
		q := in.Prefixes[p].Prefix
		if q.Addr().Is4() {
			for a := q.Addr(); q.Contains(a); a = a.Next() {
				if !slowStands(in, q, netip.PrefixFrom(a, 32), at) {
					cells[a] = true
				}
			}
			continue
		}
		for a := q.Addr(); ; {
			b, _ := a.Prefix(48)
			if !slowStands(in, q, b, at) {
				cells[b.Addr()] = true
			}
			raw := b.Addr().As16()
			for i := 5; i >= 0; i-- {
				if raw[i]++; raw[i] != 0 {
					break
				}
			}
			if a = netip.AddrFrom16(raw); !q.Contains(a) {
				break
			}
		}
	}
	return out, cells
}

// slowStands reports whether a prefix more specific than one that is out stands
// over a block.
func slowStands(in outage.Input, gone, block netip.Prefix, at int64) bool {
	for i := range in.Prefixes {
		q := in.Prefixes[i].Prefix
		if q.Bits() > block.Bits() || !q.Contains(block.Addr()) || q.Bits() <= gone.Bits() {
			continue
		}
		n, held := 0, 0
		for _, c := range in.Prefixes[i].Carriers {
			st := outage.None
			for _, s := range c.Steps {
				if s.At <= at {
					st = s.State
				}
			}
			if st >= outage.Held {
				n++
			}
			if st == outage.Held {
				held++
			}
		}
		if held >= 2 && 2*held > n {
			return true
		}
	}
	return false
}

// Half of what was out at the trough is what was out then, not what went out later.
func TestRecoveredOfTheTrough(t *testing.T) {
	in, found := countryOf(9000, map[string][][2]int64{"10.0.0.0/22": {{1000, 2260}}, "10.1.0.0/22": {{2200, 3460}}, "10.2.0.0/22": {{3400, 4660}}})
	ev := eventsOf(found)
	if len(ev) != 1 {
		t.Fatalf("%v", shape(ev))
	}
	parts := ev[0].parts()
	at, _, most := troughOf(levelsOf(in, parts), in.End)
	if back, ok := recoveredAt(in, parts, at, most); at != 2200 || !ok || back != 2260 {
		t.Errorf("trough at %d, half back at %d, %t", at, back, ok)
	}
}

// IPv4 addresses and IPv6 /48s are never added up, so half back is half of each.
func TestRecoveredOfEachFamily(t *testing.T) {
	for name, x := range map[string]struct {
		prefixes map[string][][2]int64
		back     int64
	}{
		"no IPv6":         {map[string][][2]int64{"10.0.0.0/22": {{1000, 1600}}, "2001:db8::/32": {{1000, 9000}}}, 0},
		"no IPv4":         {map[string][][2]int64{"10.0.0.0/22": {{1000, 9000}}, "2001:db8::/32": {{1000, 1600}}}, 0},
		"IPv6 later":      {map[string][][2]int64{"10.0.0.0/22": {{1000, 1600}}, "2001:db8::/32": {{1000, 2600}}}, 2600},
		"half of each":    {map[string][][2]int64{"10.0.0.0/22": {{1000, 1600}}, "10.1.0.0/22": {{1000, 9000}}, "2001:db8::/32": {{1000, 2600}}, "2001:db9::/32": {{1000, 9000}}}, 2600},
		"a third of IPv6": {map[string][][2]int64{"10.0.0.0/22": {{1000, 1600}}, "2001:db8::/32": {{1000, 2600}}, "2001:db9::/32": {{1000, 9000}}, "2001:dba::/32": {{1000, 9000}}}, 0},
		"IPv6 alone":      {map[string][][2]int64{"2001:db8::/32": {{1000, 2600}}, "2001:db9::/32": {{1000, 9000}}}, 2600},
	} {
		in, found := countryOf(9000, x.prefixes)
		parts := eventsOf(found)[0].parts()
		at, _, most := troughOf(levelsOf(in, parts), in.End)
		if back, ok := recoveredAt(in, parts, at, most); ok != (x.back > 0) || ok && back != x.back {
			t.Errorf("%s: half back at %d, %t; want %d", name, back, ok, x.back)
		}
	}
}

func TestAnnouncedAndOperatorsOut(t *testing.T) {
	in, _ := countryOf(1000, map[string][][2]int64{"10.0.0.0/24": {{100, 200}}, "10.0.1.0/24": nil})
	in.Prefixes[1].Origins = in.Prefixes[0].Origins
	in.Prefixes = append(in.Prefixes, outage.Prefix{Prefix: netip.MustParsePrefix("10.0.2.0/24"), Origins: []uint32{7},
		Carriers: []outage.Carrier{{Peer: 0, Steps: []outage.Step{{At: 50, State: outage.Held}, {At: 90, State: outage.Unknown}}}}})
	for at, want := range map[int64][]int{40: {0, 1}, 60: {0, 1, 2}, 95: {0, 1, 2}, 150: {1, 2}, 200: {0, 1, 2}} {
		if got := announcedAt(in, at); !slices.Equal(got, want) {
			t.Errorf("at %d %v, want %v", at, got, want)
		}
	}
	out, partly := operatorsOut(func(p int) []uint32 { return in.Prefixes[p].Origins }, []int{0, 1, 2}, []int{0, 2})
	if !slices.Equal(out, []uint32{7}) || !slices.Equal(partly, []uint32{100}) {
		t.Errorf("out %v, partly %v", out, partly)
	}
}

// A course that is cut short never says less than what was out.
func TestCourse(t *testing.T) {
	var levels []level
	for i := range int64(2000) {
		levels = append(levels, level{1000 + 3*i, finding.Size{Prefixes: int(i*7919%101) + 1, V4: i * 7919 % 1009}})
	}
	if c, exact := courseOf(levels[:courseSteps], nil, 99999); !exact || len(c) != courseSteps {
		t.Fatalf("%d steps, %t", len(c), exact)
	}
	c, exact := courseOf(levels, nil, 99999)
	if exact || len(c) > courseSteps+1 || c[0].At.Sec() != 1000 || c[len(c)-1].Out != levels[len(levels)-1].size {
		t.Fatalf("%d steps, %t, %+v", len(c), exact, c[len(c)-1])
	}
	for _, l := range levels {
		var got finding.Size
		for _, s := range c {
			if s.At.Sec() <= l.at {
				got = s.Out
			}
		}
		if l.size.Above(got) {
			t.Fatalf("at %d %+v, the course has %+v", l.at, l.size, got)
		}
	}
}

// TestCourseOfWhatFlaps: what is out for two seconds in every 25 is told as that, and of too
// many changes as a comb, not as a bar.
func TestCourseOfWhatFlaps(t *testing.T) {
	flap := func(n int) ([]level, []outPart) {
		p := outPart{from: 1000, until: 1000 + int64(25*n), seen: true}
		for k := range int64(n) {
			p.spans = append(p.spans, outage.Span{From: 1000 + 25*k, Until: 1002 + 25*k, Ended: true})
		}
		parts := apart([]outPart{p})
		if len(parts) != n {
			t.Fatalf("%d parts of %d losses", len(parts), n)
		}
		in := outage.Input{End: 1 << 20, Prefixes: []outage.Prefix{{Prefix: netip.MustParsePrefix("192.0.2.0/24")}}}
		return levelsOf(in, parts), parts
	}
	levels, parts := flap(144)
	course, exact := courseOf(levels, parts, 1<<20)
	if !exact || len(course) != 288 || course[0].Out.V4 != 256 || course[1].Out.V4 != 0 {
		t.Errorf("%v, %d steps: %+v", exact, len(course), course[:2])
	}
	levels, parts = flap(4000)
	course, exact = courseOf(levels, parts, 1<<20)
	bar, low := 0, 0
	for _, s := range course {
		if s.Out.V4 == 0 {
			low++
		} else {
			bar++
		}
	}
	if exact || low < 400 || bar < 400 {
		t.Errorf("%v: %d intervals with none out, %d with some", exact, low, bar)
	}
}
