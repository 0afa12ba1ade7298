package statement

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"constat/internal/worded"
)

// Break is one place at which announcements may have stopped, in the words of
// the findings: the same members in JSON and the same text. The values are
// plain so that a statement can be kept and checked without the examiner.
type Break struct {
	Kind string   `json:"kind"`
	A    uint32   `json:"a"`
	B    uint32   `json:"b,omitempty"`
	S    []uint32 `json:"s,omitempty"` // neighbours of an export, sorted
	Wide bool     `json:"wide,omitempty"`
}

// breakArgs is how many networks each kind of break names; -1 is one and a
// set of neighbours.
var breakArgs = map[string]int{
	"origin": 1, "adjacency": 2, "transit-import": 1, "transit-export": 1, "export": -1, "node": 1,
	"observer": 0, "replaced": 0, "renumbered": 0,
}

// Hypothesis is a set of breaks that happened together; of each part any one
// of its breaks is meant.
type Hypothesis struct {
	Parts [][]Break `json:"parts"`
}

// Single is the hypothesis of one break.
func Single(b Break) Hypothesis { return Hypothesis{[][]Break{{b}}} }

func (b Break) String() string {
	s := b.Kind
	switch breakArgs[b.Kind] {
	case 1:
		s = fmt.Sprintf("%s(AS%d)", b.Kind, b.A)
	case 2:
		s = fmt.Sprintf("%s(AS%d, AS%d)", b.Kind, b.A, b.B)
	case -1:
		as := make([]string, len(b.S))
		for i, a := range b.S {
			as[i] = fmt.Sprintf("AS%d", a)
		}
		s = fmt.Sprintf("%s(AS%d, {%s})", b.Kind, b.A, strings.Join(as, ", "))
	}
	if b.Wide && b.Kind != "node" {
		s += " for everything"
	}
	return s
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

func (b Break) compare(c Break) int {
	return cmp.Or(cmp.Compare(b.Kind, c.Kind), cmp.Compare(b.A, c.A), cmp.Compare(b.B, c.B),
		slices.Compare(b.S, c.S), cmp.Compare(fmt.Sprint(b.Wide), fmt.Sprint(c.Wide)))
}

func (h Hypothesis) compare(g Hypothesis) int {
	return slices.CompareFunc(h.Parts, g.Parts, func(p, q []Break) int { return slices.CompareFunc(p, q, Break.compare) })
}

func (h Hypothesis) same(g Hypothesis) bool { return h.compare(g) == 0 }

// canonical sorts what has no order: breaks in a part, parts, hypotheses.
func canonical(class []Hypothesis) []Hypothesis {
	out := make([]Hypothesis, len(class))
	for i, h := range class {
		parts := make([][]Break, len(h.Parts))
		for j, p := range h.Parts {
			parts[j] = slices.Clone(p)
			slices.SortFunc(parts[j], Break.compare)
		}
		slices.SortFunc(parts, func(p, q []Break) int { return slices.CompareFunc(p, q, Break.compare) })
		out[i].Parts = parts
	}
	slices.SortFunc(out, Hypothesis.compare)
	return out
}

func (b Break) validate() error {
	n, ok := breakArgs[b.Kind]
	if !ok {
		return worded.Errorf("%.40q is no kind of break; want one of %s", b.Kind, strings.Join(breakKinds(), ", "))
	}
	want := func(is, must bool, what string) error {
		if is != must {
			if must {
				return fmt.Errorf("%s: %s is missing", b.Kind, what)
			}
			return fmt.Errorf("%s: takes no %s", b.Kind, what)
		}
		return nil
	}
	if b.Kind == "node" && !b.Wide {
		return fmt.Errorf("node: a network that is down is down for everything; wide must be true")
	}
	if !slices.IsSorted(b.S) {
		return fmt.Errorf("%s: the neighbours are not sorted", b.Kind)
	}
	return cmp.Or(want(b.A != 0, n != 0, "network"), want(b.B != 0, n == 2, "second network"), want(len(b.S) > 0, n == -1, "set of neighbours"))
}

func breakKinds() []string {
	return []string{"origin", "adjacency", "transit-import", "transit-export", "export", "node", "observer", "replaced", "renumbered"}
}

// ParseHypothesis reads what [Hypothesis.String] prints, which is also what
// findings and reports print.
func ParseHypothesis(s string) (Hypothesis, error) {
	var h Hypothesis
	for _, part := range strings.Split(s, ", and ") {
		var bs []Break
		for _, x := range strings.Split(part, " or ") {
			b, err := parseBreak(strings.TrimSpace(x))
			if err != nil {
				return Hypothesis{}, err
			}
			bs = append(bs, b)
		}
		h.Parts = append(h.Parts, bs)
	}
	return h, nil
}

func parseBreak(s string) (Break, error) {
	bad := func() (Break, error) {
		return Break{}, worded.Errorf("hypothesis %.60q: want a kind of break and its networks, such as adjacency(AS4837, AS131279) or origin(AS131279)", s)
	}
	var b Break
	rest, wide := strings.CutSuffix(s, " for everything")
	name, args, has := strings.Cut(rest, "(")
	b.Kind, b.Wide = name, wide || name == "node"
	if has {
		inner, ok := strings.CutSuffix(args, ")")
		if !ok {
			return bad()
		}
		one, set, hasSet := strings.Cut(inner, "{")
		for _, f := range strings.Split(strings.TrimSuffix(strings.TrimSpace(one), ","), ",") {
			n, ok := parseAS(f)
			switch {
			case !ok:
				return bad()
			case b.A == 0:
				b.A = n
			case b.B == 0:
				b.B = n
			default:
				return bad()
			}
		}
		if hasSet {
			set, ok := strings.CutSuffix(strings.TrimSpace(set), "}")
			if !ok {
				return bad()
			}
			for _, f := range strings.Split(set, ",") {
				n, ok := parseAS(f)
				if !ok {
					return bad()
				}
				b.S = append(b.S, n)
			}
			slices.Sort(b.S)
		}
	}
	if err := b.validate(); err != nil {
		return Break{}, worded.Errorf("hypothesis %.60q: %w", s, err)
	}
	return b, nil
}

func parseAS(s string) (uint32, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(s), "AS"), 10, 32)
	return uint32(n), err == nil && n != 0
}
