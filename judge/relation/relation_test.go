package relation

import (
	"slices"
	"testing"
)

// TestNew: what a list says twice, or of a network and itself, is there once, or not;
// neighbours rise.
func TestNew(t *testing.T) {
	t.Parallel()
	g := New([]Link{{A: 20, B: 10}, {A: 30, B: 10}, {A: 20, B: 10}, {A: 5, B: 10}, {A: 20, B: 30, Peer: true}, {A: 30, B: 20, Peer: true}, {A: 7, B: 7}, {A: 8, B: 8, Peer: true}})
	if !slices.Equal(g.ASes, []uint32{5, 7, 8, 10, 20, 30}) || g.At(10) != 3 || g.At(11) != -1 || !g.Has(7) || g.Has(9) {
		t.Errorf("%v", g.ASes)
	}
	of := func(list [][]int32, as uint32) (out []uint32) {
		for _, i := range list[g.At(as)] {
			out = append(out, g.ASes[i])
		}
		return out
	}
	for _, c := range []struct {
		list [][]int32
		as   uint32
		want []uint32
	}{
		{g.Up, 10, []uint32{5, 20, 30}}, {g.Down, 20, []uint32{10}}, {g.Side, 20, []uint32{30}}, {g.Side, 30, []uint32{20}}, {g.Side, 8, nil},
		{g.Up, 7, nil}, {g.Down, 7, nil}, {g.Up, 20, nil}, {g.Down, 10, nil},
	} {
		if got := of(c.list, c.as); !slices.Equal(got, c.want) {
			t.Errorf("AS%d: %v, not %v", c.as, got, c.want)
		}
	}
	n, first := Contradictory([]Link{{A: 1, B: 2}, {A: 1, B: 2}, {A: 9, B: 4}, {A: 4, B: 9}, {A: 4, B: 9, Peer: true}, {A: 3, B: 5, Peer: true}, {A: 5, B: 3, Peer: true}, {A: 6, B: 7}, {A: 6, B: 7, Peer: true}, {A: 7, B: 7}, {A: 7, B: 7, Peer: true}})
	if n != 2 || first != [2]uint32{4, 9} {
		t.Errorf("%d pairs contradict each other, the first %v", n, first)
	}
	if none := (*Graph)(nil); none.Has(1) || New(nil).Has(1) {
		t.Error("a graph of nothing has a network")
	}
}
