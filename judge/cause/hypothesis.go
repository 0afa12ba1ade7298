package cause

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Kind is a kind of break, or a rival that is no cut at all.
type Kind uint8

const (
	Origin     Kind = iota // A stopped announcing
	Adjacency              // the link or session between A, on the vantages' side, and B
	Import                 // A refuses the routes, and so loses them itself
	Export                 // A keeps them and passes them to nobody
	ExportTo               // A keeps them and withholds them from the neighbours S
	Node                   // A is down for everything
	Observer               // collectors or peers were reset: nothing happened to the subject
	Replaced               // another route stands in: other origin, more or less specific
	Renumbered             // the origin announced other prefixes instead
)

var kindNames = [...]string{"origin", "adjacency", "transit-import", "transit-export", "export", "node", "observer", "replaced", "renumbered"}

func (k Kind) String() string { return kindNames[k] }

// MarshalText gives the name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(kindNames[k]), nil }

// UnmarshalText reads a name.
func (k *Kind) UnmarshalText(b []byte) error {
	i := slices.Index(kindNames[:], string(b))
	if i < 0 {
		return fmt.Errorf("%q is no kind of break", b)
	}
	*k = Kind(i)
	return nil
}

// Break is one place at which announcements may have stopped.
type Break struct {
	Kind Kind     `json:"kind"`
	A    uint32   `json:"a"`
	B    uint32   `json:"b,omitempty"`
	S    []uint32 `json:"s,omitempty"` // of ExportTo, sorted
	// Wide says that the break is of everything that crosses; without it, of
	// the subject's routes alone.
	Wide bool `json:"wide,omitempty"`
}

func (b Break) String() string {
	var s string
	switch b.Kind {
	case Adjacency:
		s = fmt.Sprintf("adjacency(AS%d, AS%d)", b.A, b.B)
	case ExportTo:
		as := make([]string, len(b.S))
		for i, a := range b.S {
			as[i] = fmt.Sprintf("AS%d", a)
		}
		s = fmt.Sprintf("export(AS%d, {%s})", b.A, strings.Join(as, ", "))
	case Observer, Replaced, Renumbered:
		return b.Kind.String()
	default:
		s = fmt.Sprintf("%s(AS%d)", b.Kind, b.A)
	}
	if b.Wide && b.Kind != Node {
		s += " for everything"
	}
	return s
}

// Compare orders breaks by kind, networks and scope.
func (b Break) Compare(c Break) int {
	wide := func(x Break) int {
		if x.Wide {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(b.Kind, c.Kind), cmp.Compare(b.A, c.A), cmp.Compare(b.B, c.B), slices.Compare(b.S, c.S), cmp.Compare(wide(b), wide(c)))
}

// Same says whether two breaks are the same place and scope.
func (b Break) Same(c Break) bool { return b.Compare(c) == 0 }

// Crosses says whether a route with this path needs what the break breaks.
func (b Break) Crosses(p Path) bool {
	last := len(p) - 1
	switch b.Kind {
	case Origin:
		return last >= 0 && p[last] == b.A
	case Adjacency:
		for i := 0; i < last; i++ {
			if p[i] == b.A && p[i+1] == b.B {
				return true
			}
		}
	case Import, Node:
		for i := 0; i < last; i++ {
			if p[i] == b.A {
				return true
			}
		}
	case Export:
		for i := 1; i < last; i++ {
			if p[i] == b.A {
				return true
			}
		}
	case ExportTo:
		for i := 1; i < last; i++ {
			if p[i] == b.A {
				_, in := slices.BinarySearch(b.S, p[i-1])
				return in
			}
		}
	}
	return false
}

// Within says whether a break is a network's refusal towards some neighbours, and
// its passing the routes to nobody is among others. To a reader they are one
// place, the network's passing the routes on.
func (b Break) Within(others []Break) bool {
	return b.Kind == ExportTo && slices.ContainsFunc(others, func(x Break) bool { return x.Kind == Export && x.A == b.A })
}

// Hypothesis is a set of breaks that happened together. Of each part any one
// of its breaks is meant: they cannot be told apart.
type Hypothesis struct {
	Parts [][]Break `json:"parts"`
}

// Single is the hypothesis of one break.
func Single(b Break) Hypothesis { return Hypothesis{[][]Break{{b}}} }

// Joint says whether it takes several breaks.
func (h Hypothesis) Joint() bool { return len(h.Parts) > 1 }

// Has says whether a break is among those meant.
func (h Hypothesis) Has(b Break) bool {
	for _, p := range h.Parts {
		for _, x := range p {
			if x.Same(b) {
				return true
			}
		}
	}
	return false
}

func (h Hypothesis) String() string {
	parts := make([]string, len(h.Parts))
	for i, p := range h.Parts {
		bs := make([]string, len(p))
		for j, b := range p {
			bs[j] = b.String()
		}
		parts[i] = strings.Join(bs, " or ")
	}
	return strings.Join(parts, ", and ")
}

// Crosses says whether a route needs what any of its parts breaks; the breaks
// of one part agree on every baseline but those of vantages inside, so the
// first speaks for them.
func (h Hypothesis) Crosses(p Path) bool {
	for _, part := range h.Parts {
		if part[0].Crosses(p) {
			return true
		}
	}
	return false
}
