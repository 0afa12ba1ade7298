package block

import (
	"cmp"
	"slices"
)

// What becomes of the routes of a lane.
const (
	LaneHeld    = "held"
	LaneLost    = "lost"
	LaneUnknown = "unknown"
)

// Lane is routes that go the same way: from the target over the neighbour of the origin
// and a network further on to the vantages. Before a block the second is the network
// that would stop them, if there is one, else the next. It is the first again if that is
// the vantage's own. Both are 0 if no way is known.
type Lane struct {
	First  uint32 `json:"first"`
	Second uint32 `json:"second"`
	State  string `json:"state"`
	Routes int    `json:"routes"`
}

// Flow is which way routes go before and after.
type Flow struct {
	Before []Lane `json:"before"`
	After  []Lane `json:"after"`
}

// flow adds up the ways of all routes that are held now.
func (p *predictor) flow() Flow {
	before, after := map[Lane]int{}, map[Lane]int{}
	for _, x := range p.ones {
		if len(x.path) < 2 {
			continue // the vantage's own
		}
		l := lane(x.path)
		for i := len(x.path) - 2; i >= 0; i-- {
			if p.applies(x.path[i]) && x.path[i] != l.First && x.basis != Untouched {
				l.Second = x.path[i]
				break
			}
		}
		before[l]++
		switch {
		case x.basis.Loses():
			after[Lane{State: LaneLost}]++
		case x.basis.Open():
			after[Lane{State: LaneUnknown}]++
		case len(x.now) > 1:
			after[lane(x.now)]++
		default:
			after[l]++
		}
	}
	return Flow{lanes(before), lanes(after)}
}

// lane is a path's.
func lane(path []uint32) Lane {
	l := Lane{First: gate(path), State: LaneHeld}
	l.Second = path[max(len(path)-3, 0)]
	return l
}

func lanes(m map[Lane]int) []Lane {
	out := []Lane{}
	for l, n := range m {
		l.Routes = n
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b Lane) int {
		return cmp.Or(cmp.Compare(b.Routes, a.Routes), cmp.Compare(a.State, b.State), cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second))
	})
	return out
}
