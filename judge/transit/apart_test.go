package transit

import (
	"slices"
	"testing"

	"constat/judge/relation"
)

// TestProviderOfAnother: who looks and stands next to a subject of several networks is
// asked if a list has it as a provider of any of them, of one on no path too; as a peer,
// or as a provider of strangers, it is not.
func TestProviderOfAnother(t *testing.T) {
	for _, c := range []struct {
		name  string
		link  relation.Link // A is B's provider
		apart bool
	}{
		{"a network on no path", relation.Link{A: 11, B: 2}, false},
		{"the network on the path", relation.Link{A: 11, B: 1}, false},
		{"a peer", relation.Link{A: 11, B: 2, Peer: true}, true},
		{"a customer of it", relation.Link{A: 2, B: 11}, true},
		{"a provider of strangers", relation.Link{A: 11, B: 99}, true},
	} {
		s := newTold()
		s.route(s.peer("rrc00", 11), "198.51.100.0/24", "11 1")
		s.route(s.peer("rrc00", 101), "198.51.100.0/24", "101 15 1")
		scope := &Scope{Whole: true, Prefixes: []uint32{0}, Belongs: func(_, o uint32) bool { return o == 1 }, Inside: func(as uint32) bool { return as == 1 || as == 2 }}
		g := NewGraph("list", []relation.Link{c.link, {A: 15, B: 101}}, []uint32{15})
		r := Assess(NewTable(s), scope, Who{}, []*Graph{g}, Options{})
		if got := slices.Contains(r.Families[0].Direct, 11); got != c.apart {
			t.Errorf("%s: left out: %v", c.name, got)
		}
		cut, want := r.Cut(Networks, true), 2 // AS11 and AS15
		if c.apart {
			want = 1
		}
		if cut.Upper != want || !cut.Exact() {
			t.Errorf("%s: %+v", c.name, cut)
		}
	}
}
