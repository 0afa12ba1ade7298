package outage

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// left follows each route that is gone at the trough, second by second.
func (o secondly) left() (l NotBack) {
	peers := map[int]bool{}
	for _, p := range o.x.Prefixes {
		for peer := range o.in.Peers {
			if !without(o.at(p, peer, o.x.trough)) {
				continue
			}
			l.Of++
			held := false
			for t := o.x.trough + 1; t < o.in.End; t++ {
				held = held || holds(o.at(p, peer, t))
			}
			switch last := o.at(p, peer, o.in.End-1); {
			case held:
			case without(last):
				l.Gone++
				peers[peer] = true
			default:
				l.Unseen++
			}
		}
	}
	if l.Gone+l.Unseen == 0 {
		return NotBack{}
	}
	l.Peers = len(peers)
	return l
}

// bare reads "What stood in, and what is new" of docs/definitions.md second by second.
func (o secondly) bare() *Bare {
	x := o.x
	carriers := map[int]bool{}
	replaced := false
	type second struct{ at, n, stood int }
	var all []second
	for t := x.From; t < x.Until.At; t++ {
		s := second{at: int(t)}
		others := 0
		for _, p := range x.Prefixes {
			for peer := range o.in.Peers {
				st := o.at(p, peer, t)
				if !carries(st) {
					continue
				}
				if t == x.From {
					carriers[peer] = true
				}
				s.n++
				if st != Lost {
					s.stood++
				}
				if st == Replaced {
					others++
				}
			}
		}
		replaced = replaced || 20*others > s.n
		all = append(all, s)
	}
	if !replaced {
		return nil
	}
	least := -1
	ok := func(s second) bool {
		allowed := 0
		if len(carriers) >= 20 {
			allowed = s.n / 20
		}
		return s.n >= 2 && s.stood <= allowed
	}
	for _, s := range all {
		if ok(s) && (least < 0 || s.stood < least) {
			least = s.stood
		}
	}
	var b *Bare
	was := false
	for _, s := range all {
		is := ok(s) && s.stood == least
		if is && b == nil {
			b = &Bare{From: int64(s.at), Stood: s.stood, Of: s.n}
		}
		if is && !was {
			b.Times++
		}
		if was = is; is {
			b.Seconds++
			b.Until = int64(s.at) + 1
		}
	}
	return b
}

func TestLeftAgainstSeconds(t *testing.T) {
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		o := newOracle(in)
		for _, x := range Find(in) {
			if x.Partial {
				continue
			}
			s := secondly{o, &x}
			want := NotBack{}
			if x.Recovery.Median.Seen {
				want = s.left()
			}
			if x.Left != want {
				t.Fatalf("%s %d from %d: left %+v, want %+v\n%s", x.Scope, x.Prefixes, x.From, x.Left, want, describeInput(in))
			}
			if got, want := fmt.Sprintf("%+v", x.Bare), fmt.Sprintf("%+v", s.bare()); got != want {
				t.Fatalf("%s %d from %d until %d: bare %s, want %s\n%s", x.Scope, x.Prefixes, x.From, x.Until.At, got, want, describeInput(in))
			}
			seen["gone"] = seen["gone"] || x.Left.Gone > 0
			seen["unseen"] = seen["unseen"] || x.Left.Unseen > 0
			seen["bare"] = seen["bare"] || x.Bare != nil
		}
	})
	for _, k := range []string{"gone", "unseen", "bare"} {
		if !seen[k] {
			t.Errorf("no history was drawn with %s", k)
		}
	}
}

// TestWhatDoesNotComeBack: the return of the median peer is not that of all.
func TestWhatDoesNotComeBack(t *testing.T) {
	in := peersOf40(4000, func(i int) []Step {
		switch {
		case i < 22:
			return []Step{{1000, Lost}, {2000, Held}}
		case i < 25:
			return []Step{{1000, Lost}, {1500, Unknown}}
		}
		return []Step{{1000, Lost}}
	})
	x, _ := FindSubject(in)
	if len(x) != 1 || x[0].Left != (NotBack{Of: 40, Gone: 15, Unseen: 3, Peers: 15}) || !x[0].Recovery.Median.Seen {
		t.Errorf("22 of 40 have it again: %+v", x)
	}
	// Another's routes stand from 1000 to 2000, nobody's from 2000 to 3000, but at one stuck peer.
	in = peersOf40(4000, func(i int) []Step {
		if i == 7 {
			return []Step{{1000, Replaced}, {3000, Held}}
		}
		return []Step{{1000, Replaced}, {2000 + int64(i)/10, Lost}, {3000, Held}}
	})
	x, _ = FindSubject(in)
	want := Bare{From: 2003, Until: 3000, Seconds: 997, Times: 1, Stood: 1, Of: 40}
	if len(x) != 1 || x[0].Bare == nil || *x[0].Bare != want {
		t.Errorf("replaced, and then nothing: %+v", x[0].Bare)
	}
}
