package sim

import (
	"fmt"
	"slices"
	"strings"
)

// BreakKind is what broke.
type BreakKind uint8

// Kinds of breaks.
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

// Towards whom a break holds.
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
// about the others by one byte, and keeps the breaks of each.
type damage struct {
	marked []int32
	hurts  []hurt
	of     map[int32][]int32 // AS → indices into hurts
	silent map[int32]bool    // ASes that originate nothing
}

// setBreaks puts breaks into force. The ASes that announce must be known.
func (s *Router) setBreaks(bs []Break) {
	for _, i := range s.dmg.marked {
		s.mark[i] &^= markHurt | markDeaf
	}
	if s.dmg.of == nil {
		s.dmg.of, s.dmg.silent = map[int32][]int32{}, map[int32]bool{}
	}
	clear(s.dmg.of)
	clear(s.dmg.silent)
	s.dmg.marked, s.dmg.hurts = s.dmg.marked[:0], s.dmg.hurts[:0]
	for _, b := range bs {
		h := hurt{kind: b.Kind, towards: b.Towards}
		var ok bool
		if h.a, ok = s.g.Index(b.A); !ok {
			continue
		}
		switch {
		case b.Kind == OriginStops:
			s.dmg.silent[h.a] = true
			continue
		case b.Kind == Import && len(b.Neighbours) == 0:
			// So many networks may refuse at once that they are not listed.
			s.mark[h.a] |= markDeaf
			s.dmg.marked = append(s.dmg.marked, h.a)
			continue
		case b.Kind == NodeDown:
			s.dmg.silent[h.a] = true
		case b.Kind == Adjacency:
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

// hurtAt notes that the break to be added next concerns an AS.
func (s *Router) hurtAt(i int32) {
	s.mark[i] |= markHurt
	s.dmg.marked = append(s.dmg.marked, i)
	s.dmg.of[i] = append(s.dmg.of[i], int32(len(s.dmg.hurts)))
}

// blocked reports whether a break keeps routes from passing from u to v.
func (s *Router) blocked(u, v int32) bool {
	if s.mark[v]&markDeaf != 0 {
		return true
	}
	return s.mark[u]&markHurt != 0 && s.blockedAt(u, u, v) || s.mark[v]&markHurt != 0 && s.blockedAt(v, u, v)
}

func (s *Router) blockedAt(at, u, v int32) bool {
	for _, i := range s.dmg.of[at] {
		h := &s.dmg.hurts[i]
		switch h.kind {
		case NodeDown:
			return true
		case Adjacency:
			if u == h.a && v == h.b || u == h.b && v == h.a {
				return true
			}
		case Import:
			if v == h.a && slices.Contains(h.some, u) {
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

// silent reports whether a break keeps an AS from originating at all.
func (s *Router) silent(o int32) bool { return s.dmg.silent[o] }
