package rib

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"constat/routes/vantage"
)

// plain is a table that keeps the history of each pair for itself, as a list that is
// never shared and never packed.
type plain struct {
	peers  []Peer
	record int64
	of     map[[2]int]*plainRoute // by peer and prefix
	v6     []bool                 // of each prefix
	empty  map[[2]int]bool        // pairs of which the peer withdrew twice what it never held
}

type plainRoute struct {
	steps  []RouteStep
	heard  []int64
	record []int64
	held   []idPath
	next   int
	ids    map[uint32]int64 // path IDs that were sent and not withdrawn, and when
	many   bool             // there was any
	more   int64            // the second in which it last came and went, counted from 1
}

func (r *plainRoute) state() RouteState {
	if n := len(r.steps); n > 0 {
		return r.steps[n-1].State
	}
	return RouteUnknown
}

func (r *plainRoute) lastAt() int64 {
	if n := len(r.steps); n > 0 {
		return r.steps[n-1].At
	}
	return -1 << 62
}

func (r *plainRoute) put(s RouteStep, record int64) {
	n := len(r.steps)
	for n > 0 && r.steps[n-1].At >= s.At {
		n--
	}
	r.steps, r.heard, r.record = r.steps[:n], r.heard[:n], r.record[:n]
	if n > 0 && r.steps[n-1].State == s.State && r.steps[n-1].Path == s.Path {
		r.heard[n-1], r.record[n-1] = s.At, record
		return
	}
	r.steps, r.heard, r.record = append(r.steps, s), append(r.heard, s.At), append(r.record, record)
}

func (t *plain) catchUp(r *plainRoute, p *Peer, v6 bool, at int64) (begin int64) {
	snapshots := p.Snapshots4
	if v6 {
		snapshots = p.Snapshots6
	}
	begin = p.Begin
	if r.next > 0 {
		begin = p.Resets[r.next-1].Until
	}
	absent := func(at int64) {
		for _, s := range snapshots {
			if r.state() == RouteUnknown && s >= max(begin, r.lastAt()) && s < at {
				r.put(RouteStep{s, RouteAbsent, NoPath}, 0)
			}
		}
	}
	for ; r.next < len(p.Resets) && p.Resets[r.next].From <= at; r.next++ {
		z := p.Resets[r.next]
		absent(z.From)
		if r.state() != RouteUnknown {
			r.put(RouteStep{max(z.From, r.lastAt()), RouteUnknown, NoPath}, 0)
		}
		r.held, begin = nil, z.Until
	}
	absent(at)
	return begin
}

func (t *plain) say(what string, at int64, peer, prefix int, id uint32, path PathID, learned int64) {
	k := [2]int{peer, prefix}
	r, p := t.of[k], &t.peers[peer]
	if r == nil {
		r = &plainRoute{}
		t.of[k] = r
	}
	begin := t.catchUp(r, p, t.v6[prefix], at)
	if at < begin && r.next > 0 && slices.ContainsFunc(p.Resets[r.next-1].Causes, func(c int64) bool { return c > at }) {
		return
	}
	eff := max(at, begin, r.lastAt())
	i := slices.IndexFunc(r.held, func(h idPath) bool { return h.id == id })
	r.many = r.many || id != 0
	if id == 0 || r.ids == nil {
		r.ids = map[uint32]int64{}
	}
	if what == "withdraw" {
		delete(r.ids, id)
	} else if id != 0 {
		r.ids[id] = eff
	}
	switch what {
	case "announce":
		if i >= 0 {
			r.held = slices.Delete(r.held, i, i+1)
		}
		r.held = append(r.held, idPath{id, path})
		r.put(RouteStep{eff, RouteHeld, path}, t.record)
	case "snapshot":
		switch {
		case r.state() == RouteUnknown || r.state() == RouteAbsent:
			r.held = []idPath{{id, path}}
			if since := max(begin, r.lastAt()); r.state() == RouteUnknown && learned > 0 && learned <= since && since < eff {
				eff = since // it stood unspoken of
			}
			r.put(RouteStep{eff, RouteHeld, path}, t.record)
		case r.state() == RouteHeld && i < 0:
			r.held = slices.Insert(r.held, 0, idPath{id, path})
		case r.state() == RouteHeld && r.held[i].path == NoPath:
			r.held[i].path = path
		}
	case "withdraw":
		gone := RouteStep{eff, RouteWithdrawn, NoPath}
		if at < begin {
			gone.State = RouteAbsent
		}
		snapshots := p.Snapshots4
		if t.v6[prefix] {
			snapshots = p.Snapshots6
		}
		for _, told := range r.ids {
			if !slices.ContainsFunc(snapshots, func(s int64) bool { return s > told && s < eff }) {
				gone.State = RouteUnknown // and no table of the peer was without it
			}
		}
		switch r.state() {
		case RouteUnknown:
			if from := max(begin, r.lastAt()); at >= begin && from < eff {
				r.put(RouteStep{from, RouteHeld, NoPath}, 0)
			}
			if len(r.steps) > 0 || gone.State != RouteUnknown {
				r.put(gone, t.record)
			}
		case RouteHeld:
			if r.lastAt() == eff {
				r.more = eff + 1
			}
			if i >= 0 {
				r.held = slices.Delete(r.held, i, i+1)
			}
			if n := len(r.held); n > 0 {
				gone = RouteStep{eff, RouteHeld, r.held[n-1].path}
			}
			r.put(gone, t.record)
		case RouteWithdrawn:
			n := len(r.steps)
			first := r.steps[n-1].At
			if r.many || r.more > first || at < begin || eff == first || !r.alone(n-1) {
				return
			}
			t.empty[k] = true
			r.forget(n - 1)
		}
	}
}

// alone: nothing but the withdrawal that is step i shows that the route was held.
func (r *plainRoute) alone(i int) bool {
	if r.steps[i].State != RouteWithdrawn {
		return false
	}
	return i == 0 || r.steps[i-1].State == RouteUnknown || r.steps[i-1] == RouteStep{r.steps[i-1].At, RouteHeld, NoPath} && r.record[i-1] == 0
}

// forget makes the withdrawal that is step i show nothing of what was before it.
func (r *plainRoute) forget(i int) {
	r.steps[i].State = RouteAbsent
	cut := func(i int) {
		r.steps, r.heard, r.record = slices.Delete(r.steps, i, i+1), slices.Delete(r.heard, i, i+1), slices.Delete(r.record, i, i+1)
	}
	if i > 0 && r.steps[i-1].State == RouteHeld {
		i--
		cut(i)
	}
	if i > 0 && r.steps[i-1].State == RouteAbsent {
		cut(i)
	}
}

func (t *plain) finish(end int64) {
	for k, r := range t.of {
		t.catchUp(r, &t.peers[k[0]], t.v6[k[1]], max(end, r.lastAt()))
	}
	for peer := range t.peers {
		n := 0
		for k := range t.empty {
			if k[0] == peer {
				n++
			}
		}
		alone := map[*plainRoute]bool{}
		for k, r := range t.of {
			for i := range r.steps {
				if k[0] == peer && r.alone(i) {
					alone[r] = true
				}
			}
		}
		if n < 2 || float64(n) < 0.1*float64(n+len(alone)) {
			continue
		}
		for r := range alone {
			for i := len(r.steps) - 1; i >= 0; i-- {
				if r.alone(i) {
					r.forget(i)
				}
			}
		}
	}
}

// againstPlain tells both tables the same, drawn, and compares what they have.
func againstPlain(t interface {
	Helper()
	Fatalf(string, ...any)
}, draw func(n int) int, words int) {
	t.Helper()
	const end = 4000
	prefixes := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("10.0.1.0/24"), netip.MustParsePrefix("10.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	var peers []Peer
	for i := range 3 {
		p := Peer{Peer: vantage.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}}
		at := int64(0)
		for range draw(4) {
			from := at + int64(draw(900))
			until := from + 1 + int64(draw(60))
			p.Resets = append(p.Resets, vantage.Reset{From: from, Until: until, Causes: []int64{from, min(from+int64(draw(50)), until-1)}})
			at = until + 1
		}
		for range draw(3) {
			p.Snapshots4 = append(p.Snapshots4, int64(draw(end)))
			p.Snapshots6 = append(p.Snapshots6, int64(draw(end)))
		}
		slices.Sort(p.Snapshots4)
		slices.Sort(p.Snapshots6)
		peers = append(peers, p)
	}
	fast := NewTable(peers, prefixes)
	first := NewTable(peers, prefixes) // asked for the steps alone
	first.Unrepeated = true
	numbered := draw(2) == 0 // path IDs are sent
	slow := &plain{peers: peers, of: map[[2]int]*plainRoute{}, empty: map[[2]int]bool{}, v6: []bool{false, false, false, true}}
	at := int64(0)
	for i := range words {
		switch draw(4) {
		case 0: // in the same second
		case 1:
			at += int64(draw(200))
		default:
			at += int64(draw(9))
		}
		now := max(0, at-int64(draw(8)/7*draw(30))) // within a file time steps back now and then
		if now >= end {
			break
		}
		fast.Record = int64(draw(3)+1)<<40 | int64(i)
		slow.record = fast.Record
		peer, many := draw(3), draw(2) == 0
		what := []string{"announce", "announce", "withdraw", "snapshot"}[draw(4)]
		learned := []int64{0, now, max(0, now-int64(draw(60))), 1}[draw(4)]
		id, path := uint32(draw(5)/3), PathID(draw(3))
		if !numbered {
			id = 0
		}
		for prefix := range prefixes { // several told the same at once, or one
			if !many && prefix != int(now)%len(prefixes) {
				continue
			}
			slow.say(what, now, peer, prefix, id, path, learned)
			switch what {
			case "announce":
				fast.Announce(now, peer, prefix, id, path)
				first.Announce(now, peer, prefix, id, path)
			case "withdraw":
				fast.Withdraw(now, peer, prefix, id)
				first.Withdraw(now, peer, prefix, id)
			default:
				fast.Snapshot(now, peer, prefix, id, path, learned)
				first.Snapshot(now, peer, prefix, id, path, learned)
			}
		}
		if draw(40) == 0 {
			samePlain(t, fast, slow) // reading changes nothing
		}
	}
	fast.Finish(end)
	first.Finish(end)
	slow.finish(end)
	samePlain(t, fast, slow)
	for prefix := range prefixes {
		for peer := range peers {
			if got, want := first.Steps(peer, prefix), fast.Steps(peer, prefix); !slices.Equal(got, want) {
				t.Fatalf("peer %d, prefix %d, without repetitions: steps %v, want %v", peer, prefix, got, want)
			}
		}
	}
	users := map[uint32]uint32{}
	for prefix := range prefixes {
		for peer := range peers {
			if n := fast.Name(peer, prefix); n != 0 && n&isLog == 0 {
				users[n]++
			}
		}
	}
	for name := uint32(1); name <= fast.past.steps.n; name++ {
		if x := fast.past.steps.at(name); x.users > 0 && x.value.below != 0 {
			users[x.value.below]++
		}
	}
	for name := uint32(1); name <= fast.past.steps.n; name++ {
		if x := fast.past.steps.at(name); x.users != users[name] {
			t.Fatalf("history %d has %d users, counted %d", name, users[name], x.users)
		}
	}
}

func samePlain(t interface {
	Helper()
	Fatalf(string, ...any)
}, fast *Table, slow *plain) {
	t.Helper()
	for peer := range fast.Peers {
		for prefix := range fast.Prefixes {
			r := slow.of[[2]int{peer, prefix}]
			if r == nil {
				r = &plainRoute{}
			}
			steps, heard := fast.Steps(peer, prefix), fast.Heard(peer, prefix)
			if !slices.Equal(steps, r.steps) {
				t.Fatalf("peer %d, prefix %d: steps %v, want %v", peer, prefix, steps, r.steps)
			}
			for i, s := range steps {
				if s.State != RouteHeld {
					continue
				}
				if heard[i] != r.heard[i] || fast.RecordOf(peer, prefix, i) != r.record[i] {
					t.Fatalf("peer %d, prefix %d, step %d of %v: heard %d by record %x, want %d by %x", peer, prefix, i, steps, heard[i], fast.RecordOf(peer, prefix, i), r.heard[i], r.record[i])
				}
			}
			if _, spoken := slow.of[[2]int{peer, prefix}]; spoken != slices.Contains(fast.Carriers(prefix), peer) {
				t.Fatalf("peer %d, prefix %d: spoken of: %v", peer, prefix, spoken)
			}
		}
	}
	for a := range fast.Prefixes {
		for b := range fast.Prefixes {
			for peer := range fast.Peers {
				if n := fast.Name(peer, a); n != 0 && n == fast.Name(peer, b) && !slices.Equal(fast.Steps(peer, a), fast.Steps(peer, b)) {
					t.Fatalf("two histories of one name")
				}
			}
		}
	}
}

// TestTableAgainstPlain: sharing and packing change nothing.
func TestTableAgainstPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		againstPlain(t, r.IntN, rapid.IntRange(0, 300).Draw(t, "words"))
	})
}

// FuzzTableAgainstPlain draws from bytes.
func FuzzTableAgainstPlain(f *testing.F) {
	f.Add([]byte("a table of a few words"))
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 7, 7, 7, 7})
	f.Fuzz(func(t *testing.T, b []byte) {
		i := 0
		againstPlain(t, func(n int) int {
			if len(b) == 0 {
				return 0
			}
			i++
			return (int(b[i%len(b)]) + i/len(b)) % n
		}, min(2*len(b), 400))
	})
}
