package score

import (
	"net/netip"
	"slices"
	"testing"

	"constat/judge/cause"
	"constat/lab/sim"
)

// night is a night of histories written by hand: the act is at second 10,000, and
// all is mended at 11,000. Vantage k holds the path {100+k, 2, 1}.
type handmade struct {
	n *sim.Night
	w *sim.World
}

func newHandmade(vantages int) *handmade {
	h := &handmade{n: &sim.Night{Case: &sim.Case{Origin: 1}, From: 1000, First: 10_000, Recovery: 11_000}, w: &sim.World{}}
	for k := range vantages {
		h.w.Vantages = append(h.w.Vantages, sim.Vantage{AS: uint32(100 + k)})
	}
	return h
}

func (h *handmade) path(k int) []uint32 { return []uint32{uint32(100 + k), 2, 1} }

func (h *handmade) subject(q string, routes ...sim.Route) {
	h.n.Subject = append(h.n.Subject, sim.Prefix{Prefix: netip.MustParsePrefix(q), Origin: 1, Routes: routes})
}

// route holds the path but for the intervals given: from and until, in turn.
func (h *handmade) route(k int, gone ...int64) sim.Route {
	r := sim.Route{Vantage: k, Steps: []sim.Held{{At: 1000, State: sim.Present, Path: h.path(k)}}}
	for i, at := range gone {
		if i%2 == 0 {
			r.Steps = append(r.Steps, sim.Held{At: at, State: sim.Absent})
		} else {
			r.Steps = append(r.Steps, sim.Held{At: at, State: sim.Present, Path: h.path(k), Heard: at})
		}
	}
	return r
}

func TestFindLoss(t *testing.T) {
	h := newHandmade(6)
	// Vantage 5 lost it an hour before, for a reason of its own, and 4 flickers.
	h.subject("20.0.0.0/24", h.route(0, 10_004, 11_003), h.route(1, 10_010, 11_008), h.route(2, 10_030, 11_020), h.route(3), h.route(4, 10_200, 10_220), h.route(5, 6400))
	l := newReader(h.n).find(h.w)
	if !l.found || l.first != 10_004 || l.onset != 10_010 || l.converged != 10_030+converging || l.trough != 10_030+settling {
		t.Errorf("%+v", l)
	}
	if len(l.lost) != 4 || l.lost[3] || l.lost[4] || !l.out {
		t.Errorf("lost by %v, out %t", l.lost, l.out)
	}
	// One network alone lost it: nothing to be examined.
	h = newHandmade(3)
	h.subject("20.0.0.0/24", h.route(0, 10_004, 11_003), h.route(1), h.route(2))
	if l := newReader(h.n).find(h.w); l.found {
		t.Errorf("one network: %+v", l)
	}
	// Nobody was watching: unknown is not lost.
	h = newHandmade(3)
	x := h.route(0)
	x.Steps = append(x.Steps, sim.Held{At: 10_001, State: sim.Unknown})
	h.subject("20.0.0.0/24", x, h.route(1), h.route(2))
	if l := newReader(h.n).find(h.w); l.found {
		t.Errorf("unknown: %+v", l)
	}
}

// TestCoveredIsNotLost withdraws a /22 while four /24s of the origin stand in, and
// while three do.
func TestCoveredIsNotLost(t *testing.T) {
	for _, n := range []int{4, 3} {
		h := newHandmade(4)
		h.subject("20.0.0.0/22", h.route(0, 10_004), h.route(1, 10_004), h.route(2, 10_004), h.route(3, 10_004))
		for i := range n {
			q := netip.PrefixFrom(netip.AddrFrom4([4]byte{20, 0, byte(i), 0}), 24)
			h.n.Beside = append(h.n.Beside, sim.Prefix{Prefix: q, Origin: 1, Line: 1, Routes: []sim.Route{h.route(0), h.route(1), h.route(2), h.route(3)}})
		}
		if l := newReader(h.n).find(h.w); l.found != (n == 3) {
			t.Errorf("%d of 4: %+v", n, l)
		}
	}
	// A covering route of another origin covers nothing.
	h := newHandmade(4)
	h.subject("20.0.0.0/24", h.route(0, 10_004), h.route(1, 10_004), h.route(2, 10_004), h.route(3, 10_004))
	h.n.Beside = []sim.Prefix{{Prefix: netip.MustParsePrefix("20.0.0.0/22"), Origin: 2, Line: 1, Routes: []sim.Route{h.route(0), h.route(1), h.route(2), h.route(3)}}}
	if l := newReader(h.n).find(h.w); !l.found {
		t.Error("covered by another origin, and not found")
	}
}

func TestRenumbered(t *testing.T) {
	for name, x := range map[string]struct {
		back, seen bool // the lost prefix returns; the new one was seen to be absent
		want       int
	}{
		"new, and the old one stays away":    {false, true, 1},
		"an emergency: the old one is back":  {true, true, 0},
		"nobody knows what was there before": {false, false, 0},
	} {
		h := newHandmade(3)
		lost := []int64{10_004}
		if x.back {
			lost = append(lost, 11_005)
		}
		h.subject("20.0.0.0/24", h.route(0, lost...), h.route(1, lost...), h.route(2, lost...))
		var rs []sim.Route
		for k := range 3 {
			s := sim.Absent
			if !x.seen {
				s = sim.Unknown
			}
			rs = append(rs, sim.Route{Vantage: k, Steps: []sim.Held{{At: 1000, State: s}, {At: 10_060, State: sim.Present, Path: h.path(k)}}})
		}
		h.n.Beside = []sim.Prefix{{Prefix: netip.MustParsePrefix("19.0.0.0/24"), Origin: 1, Line: 1, Routes: rs}}
		r := newReader(h.n)
		l := r.find(h.w)
		var in cause.Input
		r.standIns(&l, &in)
		if len(in.Renumbered) != x.want {
			t.Errorf("%s: %v", name, in.Renumbered)
		}
	}
}

// TestDisplaced reads a route that another origin's took the place of.
func TestDisplaced(t *testing.T) {
	h := newHandmade(2)
	r := h.route(0)
	r.Steps = append(r.Steps, sim.Held{At: 10_005, State: sim.Present, Path: []uint32{100, 9}, Heard: 10_005})
	h.subject("20.0.0.0/24", r, h.route(1, 10_005))
	rd := newReader(h.n)
	l := rd.find(h.w)
	j := &judge{}
	a, ok := j.sight(rd, &l, &h.n.Subject[0], &h.n.Subject[0].Routes[0])
	b, ok2 := j.sight(rd, &l, &h.n.Subject[0], &h.n.Subject[0].Routes[1])
	if !ok || !ok2 || a.State != cause.Gone || b.State != cause.Gone || !a.Displaced || b.Displaced || !slices.Equal(a.Baseline, cause.Path(h.path(0))) {
		t.Errorf("%+v, %+v", a, b)
	}
}
