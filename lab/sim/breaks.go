package sim

import (
	"fmt"
	"slices"
	"strings"
)

// BreakKind is what broke.
type BreakKind uint8

const (
	OriginStops BreakKind = iota // A announces nothing any more
	Adjacency                    // nothing passes between A and B
	Import                       // A refuses the routes, from everybody or from Neighbours
	Export                       // A keeps the routes and does not pass them on, see Towards
	NodeDown                     // A is gone with everything it has
)

var breakNames = [...]string{"origin", "adjacency", "import", "export", "node"}

func (k BreakKind) String() string { return breakNames[k] }

// Towards says to whom an export is refused.
type Towards uint8

const (
	Everybody Towards = iota
	NotCustomers
	Some // of Neighbours
)

// Break is one thing that broke.
type Break struct {
	Kind       BreakKind
	A, B       uint32
	Towards    Towards
	Neighbours []uint32 // sorted
	// Wide is a break of everything that crosses; otherwise it concerns the
	// subject's routes alone.
	Wide bool
}

func (b Break) String() string {
	var s string
	switch b.Kind {
	case Adjacency:
		s = fmt.Sprintf("adjacency(AS%d, AS%d)", b.A, b.B)
	case Export:
		to := [...]string{"everybody", "peers and providers", "some"}[b.Towards]
		if b.Towards == Some {
			to = names(b.Neighbours)
		}
		s = fmt.Sprintf("export(AS%d, not to %s)", b.A, to)
	case Import:
		from := "everybody"
		if len(b.Neighbours) > 0 {
			from = names(b.Neighbours)
		}
		s = fmt.Sprintf("import(AS%d, not from %s)", b.A, from)
	default:
		s = fmt.Sprintf("%s(AS%d)", b.Kind, b.A)
	}
	if b.Wide {
		return s + " for all"
	}
	return s + " for the subject"
}

func names(as []uint32) string {
	var s []string
	for _, a := range as {
		s = append(s, fmt.Sprintf("AS%d", a))
	}
	return strings.Join(s, "+")
}

// hurt is a break in terms of indices.
type hurt struct {
	kind    BreakKind
	a, b    int32
	towards Towards
	some    []int32
}

// damage marks the ASes that a set of breaks concerns, so that propagation asks
// about the others by one byte.
type damage struct {
	marked []int32
	hurts  []hurt
}

func (s *Router) setBreaks(bs []Break) {
	for _, i := range s.dmg.marked {
		s.mark[i] &^= markHurt
	}
	s.dmg.marked, s.dmg.hurts = s.dmg.marked[:0], s.dmg.hurts[:0]
	for _, b := range bs {
		h := hurt{kind: b.Kind, towards: b.Towards}
		var ok bool
		if h.a, ok = s.g.Index(b.A); !ok {
			continue
		}
		if b.Kind == Adjacency {
			if h.b, ok = s.g.Index(b.B); !ok {
				continue
			}
			s.hurtAt(h.b)
		}
		for _, n := range b.Neighbours {
			if i, ok := s.g.Index(n); ok {
				h.some = append(h.some, i)
			}
		}
		s.hurtAt(h.a)
		s.dmg.hurts = append(s.dmg.hurts, h)
	}
}

func (s *Router) hurtAt(i int32) {
	s.mark[i] |= markHurt
	s.dmg.marked = append(s.dmg.marked, i)
}

// blocked says whether a break keeps routes from passing from u to v.
func (s *Router) blocked(u, v int32) bool {
	if (s.mark[u]|s.mark[v])&markHurt == 0 {
		return false
	}
	for i := range s.dmg.hurts {
		h := &s.dmg.hurts[i]
		switch h.kind {
		case OriginStops:
			if u == h.a && s.r[u].class == own {
				return true
			}
		case NodeDown:
			if u == h.a || v == h.a {
				return true
			}
		case Adjacency:
			if u == h.a && v == h.b || u == h.b && v == h.a {
				return true
			}
		case Import:
			if v == h.a && (len(h.some) == 0 || slices.Contains(h.some, u)) {
				return true
			}
		case Export:
			if u != h.a {
				continue
			}
			switch h.towards {
			case Everybody:
				return true
			case NotCustomers:
				if s.g.kin(u, v) != customer {
					return true
				}
			case Some:
				if slices.Contains(h.some, v) {
					return true
				}
			}
		}
	}
	return false
}

// silent says whether a break keeps an AS from originating at all.
func (s *Router) silent(o int32) bool {
	for i := range s.dmg.hurts {
		if h := &s.dmg.hurts[i]; h.a == o && (h.kind == NodeDown || h.kind == OriginStops) {
			return true
		}
	}
	return false
}
