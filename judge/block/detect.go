package block

import (
	"cmp"
	"net/netip"
	"slices"
)

// DetectedFormat names the form in JSON (docs/formats/impact.md).
const DetectedFormat = "constat-detected/1"

// Detected says where a block of the target seems to be in force.
type Detected struct {
	Format  string   `json:"format"`
	Target  string   `json:"target"`
	Moment  string   `json:"moment"`
	Sources []Source `json:"sources"`
	// NoPast says that no route of the target from before the moment was seen: who had what
	// earlier is not known, and Before of every suspect is 0.
	NoPast bool `json:"no_past,omitempty"`
	// Suspects are sets of networks; the routes that one set explains could have been
	// stopped by any one of its members, and nothing that was seen tells them apart.
	Suspects []Suspect `json:"suspects"`
	Prefixes []Held    `json:"prefixes"`
	// Drawn are announcements of others within the target's prefixes.
	Drawn []Drawn `json:"drawn"`
}

// Suspect is a set of networks one of which seems to stop some routes.
type Suspect struct {
	Networks []uint32       `json:"networks"`
	Prefixes []netip.Prefix `json:"prefixes"`
	Lack     int            `json:"lack"`   // vantages without the routes whose way led over it
	Behind   int            `json:"behind"` // vantages whose way leads, or led, over it
	// Before is how many of those that lack the routes had them over it earlier; of
	// the others it is known that they reach the target's neighbours over it.
	Before int `json:"before"`
	// Keeps says that a vantage in one of the networks holds the routes: it would
	// withhold them, not refuse them.
	Keeps bool `json:"keeps"`
}

// Held says who has a prefix.
type Held struct {
	Prefix netip.Prefix `json:"prefix"`
	Hold   int          `json:"hold"`
	Lack   int          `json:"lack"`
	// Unexplained lack it, and no way of theirs to its neighbours was seen.
	Unexplained int `json:"unexplained"`
	Unknown     int `json:"unknown"` // without it, and not known to lack it
	// Long says that it is longer than most networks take, so that nothing follows from its
	// lacking; all that are without it are unknown.
	Long bool `json:"long,omitempty"`
}

// watched is how many routes of others a vantage must show to be watching.
const watched = 3

// Detect looks for networks over which some vantages reach, or reached, the target's
// neighbours, over which nobody has the target's routes now, and without which those
// that lack them are not explained. It says where a block would show as what is
// seen, not that there is one: a partial table, a network's own policy and an act of
// the target's own towards one neighbour look the same.
func Detect(in *Input) *Detected {
	d := &Detected{Format: DetectedFormat, Target: in.Target, Sources: []Source{}, Suspects: []Suspect{}, Prefixes: []Held{}}
	x := newDetector(in)
	for _, p := range x.prefixes {
		x.prefix(d, p)
	}
	d.Suspects, d.Drawn, d.NoPast = x.suspects(), drawn(in), len(x.past) == 0
	return d
}

// pair is a prefix that a vantage lacks.
type pair struct {
	prefix  netip.Prefix
	vantage int
}

type detector struct {
	in       *Input
	prefixes []netip.Prefix
	now      map[netip.Prefix]map[int][]uint32
	past     map[netip.Prefix]map[int][]uint32
	gates    map[netip.Prefix]map[uint32]bool
	toward   map[uint32]map[int][][]uint32 // ways of vantages to a neighbour of the target, by neighbour and vantage
	shows    [2]map[int]int                // routes of others by family and vantage
	lacks    map[pair]bool                 // known, because the route was taken back

	over   map[uint32]map[pair]bool // pairs that a network explains; the value says that the route was there before
	behind map[uint32]map[int]bool  // vantages whose ways lead over a network
	passes map[netip.Prefix]map[uint32]bool
	keeps  map[netip.Prefix]map[uint32]bool

	origins map[netip.Prefix]map[uint32]bool
	beside  map[uint32]map[uint32]bool // neighbours of an origin, by any of its prefixes
}

func newDetector(in *Input) *detector {
	x := &detector{in: in, now: map[netip.Prefix]map[int][]uint32{}, past: map[netip.Prefix]map[int][]uint32{}, gates: map[netip.Prefix]map[uint32]bool{},
		toward: map[uint32]map[int][][]uint32{}, shows: [2]map[int]int{{}, {}}, over: map[uint32]map[pair]bool{}, behind: map[uint32]map[int]bool{},
		passes: map[netip.Prefix]map[uint32]bool{}, keeps: map[netip.Prefix]map[uint32]bool{}, lacks: map[pair]bool{},
		origins: map[netip.Prefix]map[uint32]bool{}, beside: map[uint32]map[uint32]bool{}}
	for _, l := range in.Lacks {
		x.lacks[pair{l.Prefix, l.Vantage}] = true
	}
	put := func(m map[netip.Prefix]map[int][]uint32, r *Route) {
		if m[r.Prefix] == nil {
			m[r.Prefix] = map[int][]uint32{}
		}
		m[r.Prefix][r.Vantage] = r.Path
	}
	all := map[uint32]bool{}
	for i := range in.Routes {
		r := &in.Routes[i]
		if len(r.Path) == 0 {
			continue
		}
		x.prefixes = append(x.prefixes, r.Prefix)
		if g := gate(r.Path); g != 0 && len(r.Origins) == 0 {
			if x.gates[r.Prefix] == nil {
				x.gates[r.Prefix] = map[uint32]bool{}
			}
			x.gates[r.Prefix][g] = true
			all[g] = true
			x.of(r.Prefix, r.origins()[0], g)
		}
		switch r.Past {
		case Now:
			put(x.now, r)
		case Also: // passed on all the same
		default:
			put(x.past, r)
			continue
		}
		if x.passes[r.Prefix] == nil {
			x.passes[r.Prefix], x.keeps[r.Prefix] = map[uint32]bool{}, map[uint32]bool{}
		}
		for j, as := range r.Path {
			if j > 0 || as != in.Vantages[r.Vantage].AS {
				x.passes[r.Prefix][as] = true
			} else {
				x.keeps[r.Prefix][as] = true
			}
		}
	}
	slices.SortFunc(x.prefixes, compare)
	x.prefixes = slices.Compact(x.prefixes)
	for i := range in.Controls {
		r := &in.Controls[i]
		f := 0
		if r.Prefix.Addr().Is6() {
			f = 1
		}
		x.shows[f][r.Vantage]++
		for j, as := range r.Path {
			if !all[as] {
				continue
			}
			if x.toward[as] == nil {
				x.toward[as] = map[int][][]uint32{}
			}
			if way := r.Path[:j+1]; len(x.toward[as][r.Vantage]) < 16 {
				x.toward[as][r.Vantage] = append(x.toward[as][r.Vantage], way)
			}
		}
	}
	return x
}

// of notes the origin of a prefix and a neighbour of it.
func (x *detector) of(p netip.Prefix, origin, gate uint32) {
	if x.origins[p] == nil {
		x.origins[p] = map[uint32]bool{}
	}
	x.origins[p][origin] = true
	if x.beside[origin] == nil {
		x.beside[origin] = map[uint32]bool{}
	}
	x.beside[origin][gate] = true
}

// prefix asks who lacks a prefix, and which networks would explain it.
func (x *detector) prefix(d *Detected, p netip.Prefix) {
	h := Held{Prefix: p, Hold: len(x.now[p]), Long: tooLong(p)}
	f := 0
	if p.Addr().Is6() {
		f = 1
	}
	for v, n := range x.shows[f] {
		if _, has := x.now[p][v]; has || n < watched || x.in.Vantages[v].Blind != "" {
			continue
		}
		was := x.past[p][v]
		// A session that ended is no withdrawal: what it had is not known to be lacking.
		if h.Long || !x.lacks[pair{p, v}] && !x.in.Vantages[v].Whole[f] {
			h.Unknown++
			continue
		}
		h.Lack++
		if h.Hold == 0 {
			continue // nobody has it: that is an outage, not a block
		}
		ways := x.ways(p, v, was)
		if len(ways) == 0 {
			h.Unexplained++
			continue
		}
		// What most of its ways cross, and nobody passes the routes over.
		count := map[uint32]int{}
		for _, w := range ways {
			for _, as := range w {
				count[as]++
			}
		}
		some := false
		for as, n := range count {
			if 2*n > len(ways) && !x.passes[p][as] {
				if x.over[as] == nil {
					x.over[as] = map[pair]bool{}
				}
				x.over[as][pair{p, v}] = was != nil
				some = true
			}
		}
		if !some {
			h.Unexplained++
		}
	}
	for v := range x.past[p] {
		if x.in.Vantages[v].Blind != "" {
			h.Unknown++
		}
	}
	// Everybody whose way leads, or would lead, over a network.
	for g := range x.gates[p] {
		for v, ways := range x.toward[g] {
			for _, w := range ways {
				for _, as := range w {
					x.lead(as, v)
				}
			}
		}
	}
	for _, m := range []map[int][]uint32{x.now[p], x.past[p]} {
		for v, w := range m {
			for _, as := range w[:len(w)-1] {
				x.lead(as, v)
			}
		}
	}
	d.Prefixes = append(d.Prefixes, h)
}

// ways are those of a vantage to the neighbours of a prefix: the one that it had, those
// that its routes of others show, or those to neighbours over which other prefixes of the
// same origin are held.
func (x *detector) ways(p netip.Prefix, v int, was []uint32) (ways [][]uint32) {
	if was != nil {
		return [][]uint32{was[:len(was)-1]}
	}
	for g := range x.gates[p] {
		ways = append(ways, x.toward[g][v]...)
	}
	if len(ways) == 0 {
		for g := range x.others(p) {
			ways = append(ways, x.toward[g][v]...)
		}
	}
	return ways
}

// others are the neighbours over which other prefixes of a prefix's origins are held.
func (x *detector) others(p netip.Prefix) map[uint32]bool {
	out := map[uint32]bool{}
	for o := range x.origins[p] {
		for g := range x.beside[o] {
			out[g] = true
		}
	}
	return out
}

func (x *detector) lead(as uint32, v int) {
	if x.behind[as] == nil {
		x.behind[as] = map[int]bool{}
	}
	x.behind[as][v] = true
}

// suspects takes, again and again, the networks that explain the most of what is
// left, together with those that explain the very same.
func (x *detector) suspects() []Suspect {
	out := []Suspect{}
	left := map[pair]bool{}
	for _, ps := range x.over {
		for p := range ps {
			left[p] = true
		}
	}
	for len(left) > 0 {
		best, most := []uint32(nil), 0
		for as, ps := range x.over {
			n := 0
			for p := range ps {
				if left[p] {
					n++
				}
			}
			switch {
			case n > most:
				best, most = []uint32{as}, n
			case n == most && n > 0:
				best = append(best, as)
			}
		}
		if most == 0 {
			break
		}
		slices.Sort(best)
		// Of several that explain as many, those that explain the same as the first.
		first := best[0]
		s := Suspect{}
		same := func(as uint32) bool {
			for p := range x.over[first] {
				if _, ok := x.over[as][p]; left[p] && !ok {
					return false
				}
			}
			return true
		}
		for _, as := range best {
			if same(as) {
				s.Networks = append(s.Networks, as)
			}
		}
		lack, behind, before := map[int]bool{}, map[int]bool{}, map[int]bool{}
		for p, was := range x.over[first] {
			if !left[p] {
				continue
			}
			lack[p.vantage] = true
			if was {
				before[p.vantage] = true
			}
			s.Prefixes = append(s.Prefixes, p.prefix)
			delete(left, p)
		}
		for _, as := range s.Networks {
			for v := range x.behind[as] {
				behind[v] = true
			}
			for _, p := range s.Prefixes {
				s.Keeps = s.Keeps || x.keeps[p][as]
			}
		}
		slices.SortFunc(s.Prefixes, compare)
		s.Prefixes = slices.Compact(s.Prefixes)
		s.Lack, s.Behind, s.Before = len(lack), len(behind), len(before)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Suspect) int {
		return cmp.Or(cmp.Compare(b.Lack*len(b.Prefixes), a.Lack*len(a.Prefixes)), slices.Compare(a.Networks, b.Networks))
	})
	return out
}
