package place

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Kind is a kind of break, or a rival that is no cut at all. The constants have
// the names that findings.json writes.
type Kind uint8

// Kinds of breaks.
const (
	Origin        Kind = iota // A stopped announcing
	Adjacency                 // the link or session between A, on the vantages' side, and B
	TransitImport             // A refuses the routes, and so loses them itself
	TransitExport             // A keeps them and passes them to nobody
	Export                    // A keeps them and withholds them from the neighbours S
	Node                      // A is down for everything
	Observer                  // collectors or peers were reset: nothing happened to the subject
	Replaced                  // another route stands in: other origin, more or less specific
	Renumbered                // the origin announced other prefixes instead
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
	B    uint32   `json:"b,omitempty"` // set only if Kind is Adjacency
	S    []uint32 `json:"s,omitempty"` // set only if Kind is Export; sorted
	// Wide is true if the break is of everything that crosses the place, and false
	// if it is of the subject's routes alone.
	Wide bool `json:"wide,omitempty"`
}

// String is the break as reports and statements write it:
// "adjacency(AS4837, AS131279)".
func (b Break) String() string {
	var s string
	switch b.Kind {
	case Adjacency:
		s = fmt.Sprintf("adjacency(AS%d, AS%d)", b.A, b.B)
	case Export:
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

// Same reports whether two breaks are the same place and scope.
func (b Break) Same(c Break) bool { return b.Compare(c) == 0 }

// samePlace is Same but for the scope.
func (b Break) samePlace(c Break) bool {
	b.Wide, c.Wide = false, false
	return b.Same(c)
}

// Crosses reports whether a route with this AS path, vantage first, needs what
// the break breaks.
func (b Break) Crosses(path []uint32) bool {
	last := len(path) - 1
	switch b.Kind {
	case Origin:
		return last >= 0 && path[last] == b.A
	case Adjacency:
		for i := 0; i < last; i++ {
			if path[i] == b.A && path[i+1] == b.B {
				return true
			}
		}
	case TransitImport, Node:
		for i := 0; i < last; i++ {
			if path[i] == b.A {
				return true
			}
		}
	case TransitExport:
		for i := 1; i < last; i++ {
			if path[i] == b.A {
				return true
			}
		}
	case Export:
		for i := 1; i < last; i++ {
			if path[i] == b.A {
				_, in := slices.BinarySearch(b.S, path[i-1])
				return in
			}
		}
	}
	return false
}

// Over reports whether the break may stop routes over a session. For example, a
// refusal by AS4837 stops what AS131279 passes to it, and a link stops both
// directions.
func (b Break) Over(s Session) bool {
	switch b.Kind {
	case Origin, TransitExport:
		return b.A == s.Near
	case Export:
		return b.A == s.Near && slices.Contains(b.S, s.Far)
	case TransitImport:
		return b.A == s.Far
	case Adjacency:
		return b.A == s.Far && b.B == s.Near || b.A == s.Near && b.B == s.Far
	case Node:
		return b.A == s.Near || b.A == s.Far
	}
	return false
}

// Within reports whether the break is a network's withholding from some of its
// neighbours, and the same network's passing the routes to nobody is among
// others. To a reader they are one place: that network's passing the routes on.
func (b Break) Within(others []Break) bool {
	return b.Kind == Export && slices.ContainsFunc(others, func(x Break) bool { return x.Kind == TransitExport && x.A == b.A })
}

// means reports whether c names b. Whoever names a link does not say which side
// is which, nor whether it was the link as a whole.
func (b Break) means(c Break) bool {
	if b.Kind == Adjacency && c.Kind == Adjacency {
		return b.A == c.A && b.B == c.B || b.A == c.B && b.B == c.A
	}
	return b.Same(c)
}
