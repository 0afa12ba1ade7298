package outage

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"constat/routes/vantage"
)

// belowOf reads what lies below the rules second by second, from the sentences of
// docs/definitions.md and the outages and losses in part that the oracle finds.
func (o *oracle) belowOf() Below {
	var out Below
	peers, networks := map[int]bool{}, map[uint32]bool{}
	for p := range o.in.Prefixes {
		var most Unshown
		var left *Unshown
		lacked := false
		last, was := int64(-1)<<60, int64(-1)<<60
		for t := o.begin; t < o.in.End; t++ {
			var v poll
			for peer := range o.in.Peers {
				s := o.at(p, peer, t)
				if without(s) && !without(o.at(p, peer, t-1)) {
					last = t
					if t >= o.in.Start {
						out.Losses++
					}
				}
				as := o.in.Peers[peer].AS
				if without(s) && t >= o.in.Start {
					if peers[peer] = true; as != 0 {
						networks[as] = true
					}
				}
				v.count(s, as, 1)
			}
			if t < o.in.Start {
				continue
			}
			lefts := !o.raw[p][t-o.begin] && (v.out() || v.n == 1 && v.gone == 1 && v.away > 0)
			lacked = lacked || v.gone > 0
			if v.gone > 0 && !lefts && (most.Watching == 0 || v.gone*most.Watching > most.Without*v.n || v.gone*most.Watching == most.Without*v.n && v.n > most.Watching) {
				most = Unshown{From: t, Without: v.gone, Watching: v.n}
			}
			states := make([]State, len(o.in.Peers))
			for peer := range states {
				states[peer] = o.at(p, peer, t)
			}
			if !o.isOut(states) && (v.n != 1 || v.gone != 1 || v.away == 0) || o.raw[p][t-o.begin] {
				left = nil
				continue
			}
			if left == nil || t != was+1 {
				out.Unshown = append(out.Unshown, Unshown{Prefix: p, From: t, Why: LookedAway})
			}
			left, was = &out.Unshown[len(out.Unshown)-1], t
			left.Until = t + 1
			left.Recent = left.Recent || last >= left.From-300
			if left.Watching == 0 || v.gone*left.Watching > left.Without*v.n || v.gone*left.Watching == left.Without*v.n && v.n > left.Watching {
				left.Without, left.Watching, left.Away = v.gone, v.n, v.away
			}
		}
		// Where the outage is that near ones were joined to, nothing is left open.
		kept := out.Unshown[:0]
		for _, x := range out.Unshown {
			is := false
			for t := x.From; x.Prefix == p && t < x.Until; t++ {
				is = is || o.isOutAt(p, t)
			}
			if !is {
				kept = append(kept, x)
			}
		}
		if out.Unshown = kept; len(kept) == 0 {
			out.Unshown = nil
		}
		if lacked {
			out.Prefixes++
		}
		if most.Watching > 0 {
			if w := (Unshown{Without: out.Most, Watching: out.Of}); w.worse(&poll{gone: most.Without, n: most.Watching}) {
				out.Most, out.Of, out.MostAt = most.Without, most.Watching, most.From
			}
		}
		o.unlisted(p, &out)
		o.perhaps(p, &out)
		o.shorts(p, &out)
	}
	out.Peers, out.Networks = len(peers), len(networks)
	return out
}

// unlisted finds the times in which, with those counted as having lost it whose tables are
// without it, it would be lost in part for a minute or more; or out, with those that are still without it, too.
func (o *oracle) unlisted(p int, out *Below) {
	var x *Unshown
	end := func() {
		if x != nil && x.Until-x.From >= 60 {
			for t := x.From; t < x.Until; t++ {
				if o.isOutAt(p, t) {
					return
				}
			}
			out.Unshown = append(out.Unshown, *x)
		}
	}
	for t := o.in.Start; t < o.in.End; t++ {
		states, still := make([]State, len(o.in.Peers)), make([]State, len(o.in.Peers))
		missing, stillWithout, away := 0, 0, 0
		for peer := range states {
			states[peer] = o.at(p, peer, t)
			switch states[peer] {
			case Missing:
				states[peer] = Lost
				missing++
			case Unknown, Hidden:
				away++
			}
			if still[peer] = states[peer]; still[peer] == Without {
				still[peer] = Lost
				stillWithout++
			}
		}
		is := missing > 0 && o.isHurt(states)
		if stillWithout > 0 && o.isOut(still) { // half lack it, with those that had lost it before a time of which nothing is known
			is, states = true, still
		}
		if !is || o.raw[p][t-o.begin] {
			if end(); x != nil {
				x = nil
			}
			continue
		}
		if x == nil {
			x = &Unshown{Prefix: p, From: t, Why: Unlisted, Recent: true}
		}
		var v poll
		for peer, s := range states {
			v.count(s, o.in.Peers[peer].AS, 1)
		}
		v.away = away
		x.worse(&v)
		x.Until = t + 1
	}
	end()
}

// perhaps finds the times in which it would be out for a minute or more, with those counted as having lost it
// that withdrew it and may hold another route, and is not out by the others alone.
func (o *oracle) perhaps(p int, out *Below) {
	var x *Unshown
	end := func() {
		if x != nil && x.Until-x.From >= 60 {
			for t := x.From; t < x.Until; t++ {
				if o.isOutAt(p, t) {
					return
				}
			}
			out.Unshown = append(out.Unshown, *x)
		}
	}
	hid := int64(-1 << 40)
	for t := o.begin; t < o.in.End; t++ {
		plain, states := make([]State, len(o.in.Peers)), make([]State, len(o.in.Peers))
		hidden, away := 0, 0
		var now poll
		for peer := range states {
			s := o.at(p, peer, t)
			plain[peer], states[peer] = s, s
			now.count(s, o.in.Peers[peer].AS, 1)
			if s == Hidden {
				states[peer] = Lost
				hidden++
				if before := o.at(p, peer, t-1); before == Held || before == Covered {
					hid = t
				}
			} else if s == Unknown || s == Missing {
				away++
			}
		}
		counted, holds, networks := 0, 0, map[uint32]bool{}
		for peer, s := range states {
			switch s {
			case Held, Covered:
				counted, holds = counted+1, holds+1
			case Lost, Replaced:
				counted++
				networks[o.in.Peers[peer].AS] = true
			}
		}
		delete(networks, 0)
		alone := now.n == 1 && now.gone == 1 && now.away > 0
		if t < o.in.Start {
			continue
		}
		if hidden == 0 || counted < 2 || 2*holds >= counted || len(networks) < 2 || o.isOut(plain) || alone || o.raw[p][t-o.begin] {
			if end(); x != nil {
				x = nil
			}
			continue
		}
		if x == nil {
			x = &Unshown{Prefix: p, From: t, Why: Perhaps}
		}
		var v poll
		for peer, s := range states {
			v.count(s, o.in.Peers[peer].AS, 1)
		}
		v.away = away
		x.worse(&v)
		x.Until = t + 1
		x.Recent = x.Recent || hid >= x.From-300
	}
	end()
}

// shorts counts the losses in part of less than a minute, and those whose end was not seen.
func (o *oracle) shorts(p int, out *Below) {
	_, blind, some := o.judge(p, o.isHurt)
	n := int64(len(some))
	for t := int64(0); t < n; t++ {
		if !some[t] {
			continue
		}
		u, outs := t, false
		var at Unshown
		for ; u < n && some[u] && (u == t || !blind[u]); u++ {
			outs = outs || o.out[p][u]
			var v poll
			for peer := range o.in.Peers {
				v.count(o.state[p][peer][u], o.in.Peers[peer].AS, 1)
			}
			if v.hurt() {
				at.worse(&v)
			} else {
				at = Unshown{} // of the last of those that were joined
			}
		}
		from, until := max(t+o.begin, o.in.Start), min(u+o.begin, o.in.End)
		seen := u < n && !blind[u]
		switch long := u - t; {
		case outs || long >= 60 || from >= until:
		case seen:
			out.Short++
			out.ShortSeconds += until - from
			out.ShortLongest = max(out.ShortLongest, long)
		default:
			at.Prefix, at.From, at.Until, at.Why, at.Recent = p, from, until, Open, true
			out.Unshown = append(out.Unshown, at)
		}
		t = u - 1
	}
}

func TestBelowAgainstSeconds(t *testing.T) {
	t.Parallel()
	compare := func(t failer, in Input) Below {
		_, got := FindBelow(in)
		if want := newOracle(in).belowOf(); !reflect.DeepEqual(got, want) {
			t.Fatalf("got\n%+v\nwant\n%+v\nof\n%s", got, want, describeInput(in))
		}
		return got
	}
	rapid.Check(t, func(t *rapid.T) { compare(t, drawInput(t)) })
	// The same histories every time, which reach what is to be compared.
	seen := map[string]int{}
	gen := rapid.Custom(drawInput)
	for seed := range 400 {
		got := compare(t, gen.Example(seed))
		for _, x := range got.Unshown {
			seen[fmt.Sprint(x.Why, x.Recent)]++
		}
		seen["short"] += got.Short
	}
	if len(seen) < 5 || seen["3 true"] == 0 {
		t.Errorf("only %v were drawn", seen)
	}
}

// watchers is a prefix and peers in networks of their own with histories of theirs.
func watchers(end int64, histories ...[]Step) Input {
	in := Input{Name: "S", End: end}
	p := Prefix{Prefix: netip.MustParsePrefix("192.0.2.0/24")}
	for i, h := range histories {
		in.Peers = append(in.Peers, Peer{vantage.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}, uint32(64500 + i)})
		p.Carriers = append(p.Carriers, Carrier{Peer: i, Steps: h})
	}
	in.Prefixes = []Prefix{p}
	return in
}

// of gives so many peers one history.
func of(n int, h ...Step) [][]Step {
	var out [][]Step
	for range n {
		out = append(out, h)
	}
	return out
}

func TestBelow(t *testing.T) {
	join := func(hs ...[][]Step) (out [][]Step) {
		for _, h := range hs {
			out = append(out, h...)
		}
		return out
	}
	held := Step{0, Held}
	for _, c := range []struct {
		name string
		in   Input
		want Below
	}{
		{"nothing", watchers(1000, of(40, held)...), Below{}},
		{"the two that go on watching lacked it since five seconds before the others went",
			watchers(1000, join(of(2, held, Step{500, Lost}, Step{740, Held}), of(38, held, Step{505, Unknown}, Step{800, Held}))...),
			Below{Losses: 2, Peers: 2, Networks: 2, Prefixes: 1, Most: 2, Of: 40, MostAt: 500,
				Unshown: []Unshown{{From: 505, Until: 740, Why: LookedAway, Without: 2, Watching: 2, Away: 38, Recent: true}}}},
		{"the only one that goes on watching lacked it",
			watchers(1000, join(of(1, held, Step{500, Lost}, Step{740, Held}), of(39, held, Step{505, Unknown}, Step{800, Held}))...),
			Below{Losses: 1, Peers: 1, Networks: 1, Prefixes: 1, Most: 1, Of: 40, MostAt: 500,
				Unshown: []Unshown{{From: 505, Until: 740, Why: LookedAway, Without: 1, Watching: 1, Away: 39, Recent: true}}}},
		{"they lacked it for long before",
			watchers(1000, join(of(2, held, Step{100, Lost}, Step{740, Held}), of(38, held, Step{505, Unknown}, Step{800, Held}))...),
			Below{Losses: 2, Peers: 2, Networks: 2, Prefixes: 1, Most: 2, Of: 40, MostAt: 100,
				Unshown: []Unshown{{From: 505, Until: 740, Why: LookedAway, Without: 2, Watching: 2, Away: 38}}}},
		{"nineteen of forty for less than a minute, twice",
			watchers(1000, join(of(19, held, Step{500, Lost}, Step{559, Held}, Step{590, Lost}, Step{649, Held}), of(21, held))...),
			Below{Losses: 38, Peers: 19, Networks: 19, Prefixes: 1, Most: 19, Of: 40, MostAt: 500, Short: 2, ShortSeconds: 118, ShortLongest: 59}},
		{"ten of forty in the last five seconds",
			watchers(1000, join(of(10, held, Step{995, Lost}), of(30, held))...),
			Below{Losses: 10, Peers: 10, Networks: 10, Prefixes: 1, Most: 10, Of: 40, MostAt: 995,
				Unshown: []Unshown{{From: 995, Until: 1000, Why: Open, Without: 10, Watching: 40, Recent: true}}}},
		{"ten of forty lose it, and ten seconds later all sessions close",
			watchers(1000, join(of(10, held, Step{500, Lost}, Step{510, Unknown}, Step{600, Held}), of(30, held, Step{510, Unknown}, Step{600, Held}))...),
			Below{Losses: 10, Peers: 10, Networks: 10, Prefixes: 1, Most: 10, Of: 40, MostAt: 500,
				Unshown: []Unshown{{From: 500, Until: 510, Why: Open, Without: 10, Watching: 40, Recent: true}}}},
		{"what was lost before the question and is lost in it", func() Input {
			in := watchers(1000, join(of(1, held, Step{100, Lost}, Step{600, Held}), of(39, held))...)
			in.Start = 500
			return in
		}(), Below{Peers: 1, Networks: 1, Prefixes: 1, Most: 1, Of: 40, MostAt: 500}},
	} {
		found, got := FindBelow(c.in)
		if len(found) > 0 {
			t.Errorf("%s: an outage: %s", c.name, describeAll(c.in, found))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
}
