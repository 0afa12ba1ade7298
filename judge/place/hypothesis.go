package place

import (
	"slices"
	"strings"
)

// Hypothesis is a set of breaks that happened together. Of each part any one
// of its breaks is meant: they cannot be told apart.
type Hypothesis struct {
	Parts [][]Break `json:"parts"`
}

// Single is the hypothesis of one break.
func Single(b Break) Hypothesis { return Hypothesis{[][]Break{{b}}} }

// Is reports whether the hypothesis is one break of a kind.
func (h Hypothesis) Is(k Kind) bool {
	return len(h.Parts) == 1 && len(h.Parts[0]) == 1 && h.Parts[0][0].Kind == k
}

// Joint reports whether the hypothesis takes several breaks at once.
func (h Hypothesis) Joint() bool { return len(h.Parts) > 1 }

// Has reports whether a break is among those meant.
func (h Hypothesis) Has(b Break) bool {
	for _, p := range h.Parts {
		if slices.ContainsFunc(p, b.Same) {
			return true
		}
	}
	return false
}

// Same reports whether two hypotheses have the same breaks in the same order.
func (h Hypothesis) Same(g Hypothesis) bool {
	return slices.EqualFunc(h.Parts, g.Parts, func(x, y []Break) bool { return slices.EqualFunc(x, y, Break.Same) })
}

// String is the hypothesis as reports and statements write it: "A or B, and C".
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

// Crosses reports whether a route needs what any of the parts breaks. The breaks
// of one part agree on every path but those of vantages inside the network, so
// that the first speaks for them.
func (h Hypothesis) Crosses(path []uint32) bool {
	for _, part := range h.Parts {
		if part[0].Crosses(path) {
			return true
		}
	}
	return false
}

// Over reports whether one of the breaks may stop routes over a session.
func (h Hypothesis) Over(s Session) bool {
	for _, part := range h.Parts {
		for _, b := range part {
			if b.Over(s) {
				return true
			}
		}
	}
	return false
}

// Means reports whether somebody who names g names this hypothesis: of each part
// of g one break is a break of the same part of h. For example, "the link between
// AS131279 and AS4837" names adjacency(AS4837, AS131279) for everything.
func (h Hypothesis) Means(g Hypothesis) bool {
	if len(h.Parts) != len(g.Parts) {
		return false
	}
	for i := range g.Parts {
		if !slices.ContainsFunc(g.Parts[i], func(b Break) bool {
			return slices.ContainsFunc(h.Parts[i], func(x Break) bool { return x.means(b) })
		}) {
			return false
		}
	}
	return len(g.Parts) > 0
}

// Place is what a reader takes for one place in the graph: a break whatever its
// scope, so that "these routes alone" and "everything that crosses" of one link
// are one place.
type Place struct {
	Break             // its Wide says nothing
	Narrow, Wide bool // which scopes there are of it
	// Joint has the parts of a hypothesis of several breaks, which is a place of
	// its own; Break is then empty.
	Joint [][]Break
}

// Places merges hypotheses into places, in their order. A break that only stands
// beside another one that it lies within makes no place of its own unless it was
// weighed on its own.
func Places(hs, weighed []Hypothesis) []Place {
	var out []Place
	var singles []Break
	for _, h := range hs {
		if !h.Joint() && len(h.Parts) > 0 {
			singles = append(singles, h.Parts[0]...)
		}
	}
	for _, h := range hs {
		if h.Joint() {
			out = append(out, Place{Joint: h.Parts})
			continue
		}
		if len(h.Parts) == 0 {
			continue
		}
		for _, b := range h.Parts[0] {
			if b.Within(singles) && !slices.ContainsFunc(weighed, func(x Hypothesis) bool { return !x.Joint() && x.Has(b) }) {
				continue
			}
			i := slices.IndexFunc(out, func(x Place) bool { return x.Joint == nil && x.samePlace(b) })
			if i < 0 {
				i = len(out)
				out = append(out, Place{Break: b})
			}
			out[i].Wide = out[i].Wide || b.Wide
			out[i].Narrow = out[i].Narrow || !b.Wide
		}
	}
	return out
}
