package block

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"constat/judge/cause"
	"constat/judge/place"
	"constat/judge/proof"
)

// Confusable says with which acts the block could be confused by whoever sees
// nothing but what the vantages would show.
type Confusable struct {
	// Places are those at each of which one act alone would show the same, the
	// nearest to the origin first; the block's own is among them if it is one act.
	Places []place.Hypothesis `json:"places"`
	// Level is how far an examination of the block could go under the standard, and
	// Region the networks inside which it could say that the routes stopped.
	Level    string       `json:"level"`
	Region   []uint32     `json:"region"`
	Acts     []cause.Acts `json:"acts"`
	Vantages int          `json:"vantages"` // that would have lost a route
	Standard string       `json:"standard"`
	Reasons  []string     `json:"reasons"`
}

// Times of the imagined night, in seconds: they stand for "long before", "at once"
// and "long after".
const (
	blockedAt = 1_000_000
	settledAt = blockedAt + 600
	askedAt   = blockedAt + 3600
)

// ReasonSets is why nothing is asked of routes on whose paths sets stand in front of
// other networks.
const ReasonSets = "sets"

// id is a vantage's route.
type id struct {
	vantage int
	prefix  netip.Prefix
}

// standardOf is the standard of proof that an examination would be held to.
const standardOf = "clear"

// night is the loss as an examination would see it, being put together.
type night struct {
	in      *Input
	im      *Impact
	ci      cause.Input
	crossed map[uint32]bool // by routes that would be lost, vantages' own networks left out
	core    map[uint32]bool // those of them that are next to the origin or one further
	at      map[int]int     // places of the prefixes in the subject
	origins map[uint32]bool
	lost    map[int]bool // vantages
	sets    bool         // a set stands inside a path
	double  map[int][]int
	also    map[id][]*Route // what vantages hold beside the route that was announced last
}

// confuse lets the method of an examination look at the predicted loss: the fewest
// acts that would show the same (docs/design/cause.md).
func confuse(in *Input, im *Impact, ones []one) Confusable {
	c := Confusable{Places: []place.Hypothesis{}, Region: []uint32{}, Acts: []cause.Acts{}, Standard: standardOf, Reasons: []string{}}
	std, _, err := proof.Load(standardOf)
	if err != nil {
		return c // a test loads it
	}
	n := newNight(in, im)
	for _, x := range ones {
		if im.Prefixes[x.prefix].Lost > 0 {
			n.take(x)
		}
	}
	if c.Vantages = len(n.lost); n.sets {
		c.Reasons = append(c.Reasons, ReasonSets)
	}
	if len(n.lost) == 0 {
		for _, v := range im.Vantages {
			if n.sets && v.Lost > 0 {
				c.Vantages++
			}
		}
		return c
	}
	r := cause.Examine(n.input(), std)
	c.Level, c.Acts = r.Level.String(), r.Acts
	for _, why := range r.Reasons {
		c.Reasons = append(c.Reasons, cause.Former(why))
	}
	if c.Acts == nil {
		c.Acts = []cause.Acts{}
	}
	c.Region = append(c.Region, r.Region.Networks...)
	for _, w := range r.Weighed {
		if !w.Excluded {
			c.Places = append(c.Places, w.Hypothesis)
		}
	}
	return c
}

func newNight(in *Input, im *Impact) *night {
	n := &night{in: in, im: im, crossed: map[uint32]bool{}, core: map[uint32]bool{}, at: map[int]int{}, origins: map[uint32]bool{}, lost: map[int]bool{},
		double: map[int][]int{}, also: map[id][]*Route{},
		ci: cause.Input{Onset: blockedAt, Converged: settledAt, Trough: askedAt, Operator: in.Operator, Country: in.Countries, Large: in.Large}}
	for _, v := range in.Vantages {
		n.ci.Vantages = append(n.ci.Vantages, cause.Vantage{Name: v.Name, Collector: v.Collector, AS: v.AS})
	}
	for i := range in.Routes {
		if r := &in.Routes[i]; r.Past == Also {
			k := id{r.Vantage, r.Prefix}
			n.also[k] = append(n.also[k], r)
		}
	}
	return n
}

// prefix gives a prefix its place in the subject.
func (n *night) prefix(k int) *cause.Prefix {
	i, ok := n.at[k]
	if !ok {
		o := n.im.Prefixes[k]
		i = len(n.ci.Subject)
		n.at[k] = i
		p := cause.Prefix{Prefix: o.Prefix}
		if len(o.Origins) == 1 {
			p.Origin = o.Origins[0]
		}
		for _, as := range o.Origins {
			n.origins[as] = true
		}
		n.ci.Subject = append(n.ci.Subject, p)
	}
	return &n.ci.Subject[i]
}

// take puts in what becomes of one route.
func (n *night) take(x one) {
	path, now := bare(x.path), bare(x.now)
	if slices.Contains(path, 0) || slices.Contains(now, 0) {
		n.sets = true
		return
	}
	p := n.prefix(x.prefix)
	s := cause.Sight{Vantage: x.vantage, Baseline: path, State: cause.Kept, Now: path}
	switch {
	case x.basis.Loses():
		s.State, s.Now, s.Lost = cause.Gone, nil, blockedAt
		for _, r := range n.also[id{x.vantage, p.Prefix}] {
			if !slices.Contains(bare(r.whole()), 0) {
				p.Sights = append(p.Sights, n.again(r))
			}
		}
		n.lost[x.vantage] = true
		for j, as := range path {
			d := len(path) - 1 - j
			n.crossed[as] = n.crossed[as] || j > 0
			n.core[as] = n.core[as] || j > 0 && d <= 2 || d == 1
		}
	case x.basis.Finds():
		s.State, s.Now, s.Since = cause.Moved, now, blockedAt+60
	case x.basis.Open():
		s.State = cause.Unseen
	}
	p.Sights = append(p.Sights, s)
}

// input is the whole, with routes of others that would stay.
func (n *night) input() cause.Input {
	if len(n.origins) == 1 {
		for as := range n.origins {
			n.ci.Origin = as
		}
	}
	n.ci.Near, n.ci.Far = controls(n.in, n.crossed, n.core)
	twins(n.ci.Near, n.double)
	twins(n.ci.Far, n.double)
	return n.ci
}

// again is the sight of a route that a vantage holds beside another (ADD-PATH): a
// vantage more, as an act must explain that it is lost too. Example: of two ways over AS10
// and AS20, both stopped, no act at AS10 alone shows the same.
func (n *night) again(r *Route) cause.Sight {
	v := n.ci.Vantages[r.Vantage]
	v.Name += " " + pathText(r.Path)
	n.ci.Vantages = append(n.ci.Vantages, v)
	n.double[r.Vantage] = append(n.double[r.Vantage], len(n.ci.Vantages)-1)
	return cause.Sight{Vantage: len(n.ci.Vantages) - 1, Baseline: bare(r.whole()), State: cause.Gone, Lost: blockedAt}
}

// twins lets the vantages that [night.again] made see of others' routes what theirs see.
func twins(ps []cause.Prefix, of map[int][]int) {
	for i := range ps {
		for _, s := range ps[i].Sights {
			for _, v := range of[s.Vantage] {
				s.Vantage = v
				ps[i].Sights = append(ps[i].Sights, s)
			}
		}
	}
}

func pathText(path []uint32) string {
	var b strings.Builder
	for _, as := range path {
		fmt.Fprintf(&b, " %d", as)
	}
	return strings.TrimSpace(b.String())
}

// bare is a path without what stands for the set in which it ends.
func bare(path []uint32) []uint32 {
	if n := len(path); n > 0 && path[n-1] == 0 {
		return path[:n-1]
	}
	return path
}

// controls are prefixes of others that the block would leave alone: near ones cross
// what the lost routes crossed, far ones avoid the networks next to the origin from
// some vantage. This is how an examination chooses them; one may be both.
func controls(in *Input, crossed, core map[uint32]bool) (near, far []cause.Prefix) {
	by := map[netip.Prefix][]*Route{}
	var order []netip.Prefix
	for i := range in.Controls {
		r := &in.Controls[i]
		if by[r.Prefix] == nil {
			order = append(order, r.Prefix)
		}
		by[r.Prefix] = append(by[r.Prefix], r)
	}
	slices.SortFunc(order, compare)
	for _, pfx := range order {
		p := cause.Prefix{Prefix: pfx}
		on, avoids := false, false
		for _, r := range by[pfx] {
			if os := r.origins(); len(p.Sights) == 0 && len(os) == 1 {
				p.Origin = os[0]
			}
			p.Sights = append(p.Sights, cause.Sight{Vantage: r.Vantage, Baseline: r.Path, State: cause.Kept, Now: r.Path})
			off := true
			for j, as := range r.Path {
				on = on || j > 0 && crossed[as]
				off = off && !core[as]
			}
			avoids = avoids || off
		}
		if on {
			near = append(near, p)
		}
		if avoids {
			far = append(far, p)
		}
	}
	return near, far
}
