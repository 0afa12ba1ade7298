package block

import (
	"net/netip"
	"slices"

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

// standardOf is the standard of proof that an examination would be held to.
const standardOf = "clear"

// confuse lets the method of an examination look at the predicted loss: the fewest
// acts that would show the same (docs/design/cause.md).
func confuse(in *Input, im *Impact, ones []one) Confusable {
	c := Confusable{Places: []place.Hypothesis{}, Region: []uint32{}, Acts: []cause.Acts{}, Standard: standardOf, Reasons: []string{}}
	std, _, err := proof.Load(standardOf)
	if err != nil {
		return c // a test loads it
	}
	ci := cause.Input{Onset: blockedAt, Converged: settledAt, Trough: askedAt, Operator: in.Operator, Country: in.Countries, Large: in.Large}
	for _, v := range in.Vantages {
		ci.Vantages = append(ci.Vantages, cause.Vantage{Name: v.Name, Collector: v.Collector, AS: v.AS})
	}
	crossed := map[uint32]bool{} // by routes that would be lost, vantages' own networks left out
	core := map[uint32]bool{}    // those of them that are next to the origin or one further
	var ps []cause.Prefix
	at := map[int]int{}
	origins := map[uint32]bool{}
	lost := map[int]bool{}
	for _, x := range ones {
		o := im.Prefixes[x.prefix]
		if o.Lost == 0 {
			continue
		}
		i, ok := at[x.prefix]
		if !ok {
			i = len(ps)
			at[x.prefix] = i
			p := cause.Prefix{Prefix: o.Prefix}
			if len(o.Origins) == 1 {
				p.Origin = o.Origins[0]
			}
			for _, as := range o.Origins {
				origins[as] = true
			}
			ps = append(ps, p)
		}
		path, now := bare(x.path), bare(x.now)
		s := cause.Sight{Vantage: x.vantage, Baseline: path, State: cause.Kept, Now: path}
		switch {
		case x.basis.Loses():
			s.State, s.Now, s.Lost = cause.Gone, nil, blockedAt
			lost[x.vantage] = true
			for j, as := range path {
				d := len(path) - 1 - j
				crossed[as] = crossed[as] || j > 0
				core[as] = core[as] || j > 0 && d <= 2 || d == 1
			}
		case x.basis.Finds():
			s.State, s.Now, s.Since = cause.Moved, now, blockedAt+60
		case x.basis.Open():
			s.State = cause.Unseen
		}
		ps[i].Sights = append(ps[i].Sights, s)
	}
	c.Vantages = len(lost)
	if len(ps) == 0 {
		return c
	}
	ci.Subject = ps
	if len(origins) == 1 {
		for as := range origins {
			ci.Origin = as
		}
	}
	ci.Near, ci.Far = controls(in, crossed, core)
	r := cause.Examine(ci, std)
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
