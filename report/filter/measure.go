package filter

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"constat/internal/worded"
	"constat/judge/block"
)

// Route is one route of the target and why it is on it.
type Route struct {
	Prefix netip.Prefix
	Reason string
}

// Origin is one origin AS of the target and why it is on it.
type Origin struct {
	AS     uint32
	Reason string
}

// Order is what is to be written.
type Order struct {
	Target    string
	At        []uint32 // the networks that would apply it
	Direction block.Direction
	Routes    []Route  // as they are announced
	Origins   []Origin // stops these origins whatever they announce; empty: by prefix alone
	Within    bool     // also stops every other route inside the target's addresses
	Blocks    []Route  // addresses for packet filters; nil: those of Routes

	Impact  string    // SHA-256 of the acknowledged impact, in hex
	Case    string    // SHA-256 of the case or findings it belongs to, in hex; empty: of none, which is said
	Norms   []string  // what was acknowledged, a sentence each
	Expires time.Time // when it is to be undone
	Policy  string    // name of the policy at the neighbour that the filter is hung into; may be empty
	Discard [2]netip.Addr
	Most    int // lines at most; 0: all
}

// line is one line of a list of routes.
type line struct {
	block.Range
	reason string
}

// Measure is an order in lists, ready to be written in any dialect.
type Measure struct {
	Order
	lines  []line
	blocks []Route
	holes  []Route       // one blackhole route each
	flow   []Route       // one block of FlowSpec rules each
	left   [kinds]string // what Most left out, a sentence, by kind of list
}

// Kinds of lists, which a limit on lines cuts each by itself.
type kind int

const (
	ofRoutes kind = iota
	ofAddresses
	ofHoles
	ofFlow
	kinds
)

var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// policyName is what all routers take for a name without quotes.
var policyName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,40}$`)

// Errors of an order.
var (
	ErrEmpty          = errors.New("the measure is empty: there is nothing to block")
	ErrUnacknowledged = errors.New("the impact was not acknowledged")
)

// New checks an order and makes its lists. Nothing is written of an order without
// an acknowledged impact, an expiry and at least one route.
func New(o Order) (*Measure, error) {
	switch {
	case !hash.MatchString(o.Impact):
		return nil, ErrUnacknowledged
	case o.Case != "" && !hash.MatchString(o.Case):
		return nil, worded.Errorf("case %q: not a SHA-256 in hex", o.Case)
	case len(o.Routes) == 0:
		return nil, ErrEmpty
	case o.Expires.IsZero():
		return nil, errors.New("the measure has no expiry")
	case o.Policy != "" && !policyName.MatchString(o.Policy):
		return nil, worded.Errorf("policy %q: letters, digits, - and _ only, beginning with a letter", o.Policy)
	}
	for i, a := range DiscardDefaults() {
		switch d := o.Discard[i]; {
		case !d.IsValid():
			o.Discard[i] = a
		case d.IsUnspecified(), d.IsLoopback(), d.IsMulticast(), d == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
			return nil, worded.Errorf("next hop %s for blackhole routes: no router can have it", d)
		}
	}
	for _, rs := range [][]Route{o.Routes, o.Blocks} {
		if err := check(rs); err != nil {
			return nil, err
		}
	}
	o.Routes = inOrder(o.Routes)
	if o.Blocks == nil {
		o.Blocks = o.Routes
	} else {
		o.Blocks = inOrder(o.Blocks)
	}
	m := &Measure{Order: o}
	lists := block.Routes
	if o.Within {
		lists = block.Within
	}
	list := m.mostRoutes(lists(prefixesOf(o.Routes)))
	why := gather(o.Routes, list)
	m.lines = make([]line, len(list))
	for i, r := range list {
		m.lines[i] = line{r, why.say(i)}
	}
	kept, left := block.Largest(block.Aggregate(prefixesOf(o.Blocks)), o.Most)
	if len(left) > 0 {
		m.left[ofAddresses] = fmt.Sprintf("address lists: blocks left out: %d (%s), the first %s", len(left), block.SizeOf(left), left[0])
	}
	m.blocks = reasoned(o.Blocks, kept)
	m.limitHoles()
	m.limitFlow()
	return m, nil
}

// reasoned gives blocks the reasons of the routes inside them.
func reasoned(of []Route, blocks []netip.Prefix) []Route {
	why := gather(of, whole(blocks))
	out := make([]Route, len(blocks))
	for i, p := range blocks {
		out[i] = Route{p, why.say(i)}
	}
	return out
}

// limitHoles keeps the blackhole routes that stop the most addresses: there is one for each
// route of the target.
func (m *Measure) limitHoles() {
	m.holes = m.announced()
	if m.Most < 1 || len(m.holes) <= m.Most {
		return
	}
	own := ownSizes(m.holes)
	by := make([]int, len(m.holes))
	for i := range by {
		by[i] = i
	}
	slices.SortStableFunc(by, func(a, b int) int { return cmp.Compare(own[b], own[a]) })
	left := slices.Clone(by[m.Most:])
	slices.Sort(left)
	m.left[ofHoles] = fmt.Sprintf("blackhole routes left out: %d, the first %s", len(left), m.holes[left[0]].Prefix)
	by = by[:m.Most]
	slices.Sort(by)
	kept := make([]Route, 0, m.Most)
	for _, i := range by {
		kept = append(kept, m.holes[i])
	}
	m.holes = kept
}

// ownSizes are the addresses of each route that no more specific one of the list has, since a
// blackhole route stops no packet for which a longer match stands: none of a /22 whose four
// /24s are in the list. An IPv6 /64 counts as one. The routes are in order.
func ownSizes(rs []Route) []float64 {
	out := make([]float64, len(rs))
	var open []int // routes that hold the one at hand, the innermost last
	for i, r := range rs {
		for len(open) > 0 && !contains(rs[open[len(open)-1]].Prefix, r.Prefix) {
			open = open[:len(open)-1]
		}
		free := 32
		if r.Prefix.Addr().Is6() {
			free = 64
		}
		out[i] = math.Ldexp(1, free-r.Prefix.Bits())
		if n := len(open); n > 0 {
			out[open[n-1]] -= out[i]
		}
		open = append(open, i)
	}
	return out
}

// contains says whether every address of q is one of p's.
func contains(p, q netip.Prefix) bool { return p.Bits() <= q.Bits() && p.Contains(q.Addr()) }

// limitFlow keeps the blocks of the most addresses: each has a rule for the packets
// to it, one for those from it, or both.
func (m *Measure) limitFlow() {
	m.flow = reasoned(m.Blocks, block.Aggregate(prefixesOf(m.Blocks)))
	rules := len(m.components())
	if m.Most < 1 || rules*len(m.flow) <= m.Most {
		return
	}
	kept, left := block.Largest(prefixesOf(m.flow), m.Most/rules)
	if m.Most < rules {
		kept, left = nil, prefixesOf(m.flow)
	}
	m.flow = reasoned(m.Blocks, kept)
	m.left[ofFlow] = fmt.Sprintf("FlowSpec: blocks left out: %d (%s), %d rules, the first %s", len(left), block.SizeOf(left), rules*len(left), left[0])
}

// check refuses what nobody may be made to block.
func check(rs []Route) error {
	ps := prefixesOf(rs)
	if err := block.Check(ps); err != nil {
		return err
	}
	if i := slices.IndexFunc(ps, func(p netip.Prefix) bool { return p.Bits() == 0 }); i >= 0 {
		return worded.Errorf("%s is everybody's route: it is not blocked", ps[i])
	}
	return nil
}

// mostRoutes keeps the lines that stop the most of the target's routes.
func (m *Measure) mostRoutes(list []block.Range) []block.Range {
	if m.Most < 1 || len(list) <= m.Most {
		return list
	}
	n := make([]int, len(list))
	block.Join(list, len(m.Routes), func(i int) netip.Prefix { return m.Routes[i].Prefix }, func(_, line int) { n[line]++ })
	by := make([]int, len(list))
	for i := range by {
		by[i] = i
	}
	slices.SortStableFunc(by, func(a, b int) int { return cmp.Compare(n[b], n[a]) })
	lost := 0
	for _, i := range by[m.Most:] {
		lost += n[i]
	}
	still := ""
	if len(m.Origins) > 0 {
		still = "; the filter by origin still stops those of the origins"
	}
	m.left[ofRoutes] = fmt.Sprintf("lists of routes: lines left out: %d, routes that they would stop: %d, the first %s%s", len(by)-m.Most, lost, list[by[m.Most]], still)
	by = by[:m.Most]
	slices.Sort(by)
	out := make([]block.Range, 0, m.Most)
	for _, i := range by {
		out = append(out, list[i])
	}
	return out
}

// Left says what the limit on lines left out of the lists of some dialects, a sentence
// for each kind of list.
func (m *Measure) Left(dialects []string) []string {
	var out []string
	for _, n := range dialects {
		if d, err := find(n); err == nil && m.left[d.kind] != "" && !slices.Contains(out, m.left[d.kind]) {
			out = append(out, m.left[d.kind])
		}
	}
	return out
}

// ID names the measure in every file: the beginning of the impact's hash.
func (m *Measure) ID() string { return m.Impact[:8] }

func (m *Measure) upper() string { return "CONSTAT-" + m.ID() }
func (m *Measure) lower() string { return "constat_" + m.ID() }

// family gives the lines of one family. Lists have IPv4 first.
func (m *Measure) family(v6 bool) []line {
	return half(m.lines, v6, func(l line) bool { return l.Prefix.Addr().Is6() })
}

func of(rs []Route, v6 bool) []Route {
	return half(rs, v6, func(r Route) bool { return r.Prefix.Addr().Is6() })
}

// half is one family's part of a list that has IPv4 first.
func half[T any](list []T, v6 bool, is6 func(T) bool) []T {
	i := sort.Search(len(list), func(i int) bool { return is6(list[i]) })
	if v6 {
		return list[i:]
	}
	return list[:i]
}

// announced gives the target's routes one by one, in order, each once.
func (m *Measure) announced() []Route {
	for i := 1; i < len(m.Routes); i++ {
		if m.Routes[i].Prefix == m.Routes[i-1].Prefix {
			return slices.CompactFunc(slices.Clone(m.Routes), func(a, b Route) bool { return a.Prefix == b.Prefix })
		}
	}
	return m.Routes
}

func prefixesOf(rs []Route) []netip.Prefix {
	out := make([]netip.Prefix, len(rs))
	for i, r := range rs {
		out[i] = r.Prefix
	}
	return out
}

// reasons are the distinct reasons of each line of a list.
type reasons [][]string

// gather puts the reason of each route on the first line that holds it.
func gather(sorted []Route, list []block.Range) reasons {
	out := make(reasons, len(list))
	block.Join(list, len(sorted), func(i int) netip.Prefix { return sorted[i].Prefix }, func(i, line int) {
		if r := sorted[i].Reason; len(out[line]) < 64 && !slices.Contains(out[line], r) {
			out[line] = append(out[line], r)
		}
	})
	return out
}

// say joins the reasons of a line, three at most.
func (r reasons) say(i int) string {
	all := r[i]
	switch {
	case len(all) == 1:
		return all[0]
	case len(all) > 3:
		return strings.Join(all[:3], "; ") + fmt.Sprintf("; and %d more reasons", len(all)-3)
	}
	return strings.Join(all, "; ")
}

// whole makes lines of blocks: everything inside each.
func whole(list []netip.Prefix) []block.Range {
	all := make([]block.Range, len(list))
	for i, p := range list {
		all[i] = block.Range{Prefix: p, Ge: p.Bits(), Le: p.Addr().BitLen()}
	}
	return all
}

// inOrder sorts routes as lists are sorted, each prefix and reason once.
func inOrder(rs []Route) []Route {
	rs = slices.Clone(rs)
	slices.SortStableFunc(rs, func(a, b Route) int { return block.Compare(a.Prefix, b.Prefix) })
	return slices.Compact(rs)
}
