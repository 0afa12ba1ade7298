package sim

import (
	"net/netip"
	"slices"
)

// at is what a route is at a second.
func at(base []uint32, chs []change, sec int64) []uint32 {
	for _, ch := range chs {
		if ch.at > sec {
			break
		}
		base = ch.path
	}
	return base
}

// overlay lets a vantage hold a path, or none, from a second to another one,
// whatever routing gave it meanwhile; but a route that routing takes away goes.
func overlay(base []uint32, chs []change, from, until int64, path []uint32) []change {
	if at(base, chs, from) == nil {
		return chs
	}
	out := make([]change, 0, len(chs)+2)
	i := 0
	for ; i < len(chs) && chs[i].at < from; i++ {
		out = append(out, chs[i])
	}
	out = append(out, change{from, path})
	for ; i < len(chs) && chs[i].at <= until; i++ {
		if path != nil && chs[i].path == nil {
			return append(out, chs[i:]...)
		}
	}
	if back := at(base, chs, until); back != nil || path != nil {
		out = append(out, change{until, back})
	}
	return append(out, chs[i:]...)
}

// churn adds what happens to a route of itself: in the two hours before it is
// another one for a while, or was another one at first; about the time of the act it
// is lost, lost and back, or another one.
func (p *Player) churn(n *Night, base []uint32, chs []change, k int, subject bool, d *dice) ([]uint32, []change) {
	if p.w.Vantages[k].Feed == StaleFeed {
		return base, chs
	}
	rate := n.Case.Conditions.Churn
	if d.chance(rate) {
		from := n.From + 60 + int64(d.below(int(n.First-n.From-1200)))
		until := from + 20 + int64(d.below(900))
		held := at(base, chs, from)
		switch y := p.otherPath(k, held, subject, d); {
		case held == nil:
		case d.chance(0.3):
			chs = overlay(base, chs, from, until, nil)
		case y == nil:
		case d.chance(0.5) && (len(chs) == 0 || chs[0].at > from):
			base, chs = y, append([]change{{from, held}}, chs...)
		default:
			chs = overlay(base, chs, from, until, y)
		}
	}
	if !d.chance(rate) {
		return base, chs
	}
	from := n.First - 60 + int64(d.below(240))
	held := at(base, chs, from)
	if held == nil {
		return base, chs
	}
	switch d.below(3) {
	case 0:
		chs = overlay(base, chs, from, n.Recovery+int64(d.below(120)), nil)
	case 1:
		chs = overlay(base, chs, from, from+20+int64(d.below(70)), nil)
	case 2:
		if y := p.otherPath(k, held, subject, d); y != nil {
			chs = overlay(base, chs, from, n.Recovery+int64(d.below(120)), y)
		}
	}
	return base, chs
}

// again lets a vantage say a route that is alive once more.
func (p *Player) again(n *Night, base []uint32, chs []change, d *dice) []change {
	if !d.chance(0.03) {
		return chs
	}
	when := n.First + quietAfter + int64(d.below(troughAfter-quietAfter))
	held := at(base, chs, when)
	if held == nil || slices.ContainsFunc(n.Case.Stuck, func(as uint32) bool { return slices.Contains(held, as) }) {
		return chs
	}
	i := 0
	for i < len(chs) && chs[i].at <= when {
		i++
	}
	return slices.Insert(chs, i, change{when, held})
}

// show turns what a vantage held into what a reader of its collector's files
// knows of it, and keeps it.
func (p *Player) show(n *Night, q netip.Prefix, k int, base []uint32, chs []change, d *dice) {
	c := n.Case
	for len(chs) > 0 && chs[0].at <= n.From {
		base, chs = chs[0].path, chs[1:]
	}
	if base == nil && !slices.ContainsFunc(chs, func(ch change) bool { return ch.path != nil }) {
		return
	}
	skew := c.Skew[p.w.Vantages[k].Collector]
	from := len(p.held)
	put := func(at int64, s HeldState, path []uint32) {
		at += skew
		if len(p.held) > from {
			last := &p.held[len(p.held)-1]
			if last.At >= at {
				at = last.At // a record cannot be before the one before it
			}
			if last.State == s && slices.Equal(last.Path, path) {
				last.Heard = at
				return
			}
			if last.At == at {
				*last = Held{at, s, path, at}
				return
			}
		}
		p.held = append(p.held, Held{at, s, path, at})
	}
	state := func(path []uint32) HeldState {
		if path == nil {
			return Absent
		}
		return Present
	}
	known := !c.NoSnapshot
	switch {
	case known:
		put(n.From, state(base), base)
		p.held[len(p.held)-1].Heard = 0 // it stands in a table
	case base != nil && d.chance(0.3):
		put(n.From, Unknown, nil)
		if t := n.From + int64(d.below(3600)); len(chs) == 0 || t < chs[0].at {
			put(t, Present, base)
			known = true
		}
	default:
		put(n.From, Unknown, nil)
	}
	i := 0
	cur := base
	say := func(until int64, heard bool) {
		for ; i < len(chs) && chs[i].at < until; i++ {
			cur = chs[i].path
			if !heard {
				continue
			}
			if !known && cur == nil {
				// What it withdraws it must have held.
				p.held[from] = Held{n.From + skew, Present, nil, n.From + skew}
			}
			known = true
			put(chs[i].at, state(cur), cur)
		}
	}
	for _, down := range p.downs[k] {
		say(down.From, true)
		if down.How == Silent {
			if cur != nil && known {
				put(down.From, Absent, nil)
			}
		} else if known {
			put(down.From, Unknown, nil)
		}
		say(down.Until, false)
		if back := down.Until + int64(d.below(20)); cur != nil && down.Until < 1<<61 {
			for i < len(chs) && chs[i].at <= back {
				cur = chs[i].path
				i++
			}
			if cur != nil {
				put(back, Present, cur)
				known = true
			}
		}
	}
	say(1<<62, true)
	if len(p.held) == from+1 && p.held[from].State == Unknown {
		p.held = p.held[:from]
		return
	}
	p.routes = append(p.routes, Route{Vantage: k, Steps: p.held[from:len(p.held):len(p.held)]})
	if p.keep {
		n.tracks = append(n.tracks, track{k, q, base, slices.Clone(chs)})
	}
}

// controlPrefixes plays controls: under breaks of everything, if their routes
// cross one, and under noise of their own.
func (p *Player) controlPrefixes(n *Night, of []*view, number int, six bool) []Prefix {
	c, w := n.Case, p.w
	wide := [][]Break{widely(c.Base)}
	for _, s := range c.Steps {
		wide = append(wide, widely(s.Breaks))
	}
	for len(p.control) < len(wide) {
		p.control = append(p.control, view{})
	}
	mended := 0
	for j, s := range c.Steps {
		if s.After < 0 {
			mended = j + 1
		}
	}
	states := make([]*view, len(wide))
	out := make([]Prefix, 0, len(of))
next:
	for i, v := range of {
		q := prefixOf(number + i)
		if six {
			q = prefix6Of(number + i)
		}
		x := Prefix{Prefix: q, Origin: w.g.asn[v.origin], Line: -1}
		for j, bs := range wide {
			switch {
			case !p.meets(v, bs):
				states[j] = v
			case j > 0 && states[j-1] != v && slices.EqualFunc(bs, wide[j-1], Break.equal):
				states[j] = states[j-1]
			default:
				if p.s.Run([]Announce{{AS: v.origin}}, bs, nil) != nil {
					continue next
				}
				w.read(p.s, &p.control[j])
				states[j] = &p.control[j]
			}
		}
		from := len(p.routes)
		for k := range w.Vantages {
			// By origin, so that a partial feed is the same in every case.
			key := 1000 + int(v.origin)
			if !p.carries(c, k, q) {
				continue
			}
			d := newDice(c.Seed, 0x636f6e74, uint64(number+i), uint64(k))
			view := func(j int) []uint32 {
				if !w.shows(k, states[j].class[k], key) {
					return nil
				}
				// A state is computed anew for every control.
				if states[j] != v {
					return slices.Clone(states[j].path(k))
				}
				return v.path(k)
			}
			base := view(0)
			chs, cur := p.changes[:0], base
			if w.Vantages[k].Feed != StaleFeed {
				for j, s := range c.Steps {
					if states[j+1] == states[j] {
						continue
					}
					to := view(j + 1)
					if slices.Equal(to, cur) || len(to) == 0 && d.chance(c.Conditions.Zombie) {
						continue
					}
					when := n.First + s.After + p.delay(n, k, s.After)
					if len(chs) > 0 && when <= chs[len(chs)-1].at {
						when = chs[len(chs)-1].at + 1
					}
					chs = append(chs, change{when, to})
					cur = to
				}
				if back := view(mended); !slices.Equal(back, cur) {
					chs = append(chs, change{n.Recovery + 1 + min(longestDelay, int64(d.skewed(15, 0.8))), back})
				}
			}
			p.changes = chs[:0]
			base, chs = p.churn(n, base, chs, k, false, d)
			p.show(n, x.Prefix, k, base, chs, d)
		}
		x.Routes = p.routes[from:len(p.routes):len(p.routes)]
		out = append(out, x)
	}
	return out
}

// widely are the breaks of everything among breaks.
func widely(bs []Break) []Break {
	var out []Break
	for _, b := range bs {
		if b.Wide {
			out = append(out, b)
		}
	}
	return out
}

func (b Break) equal(c Break) bool {
	return b.Kind == c.Kind && b.A == c.A && b.B == c.B && b.Towards == c.Towards && b.Wide == c.Wide && slices.Equal(b.Neighbours, c.Neighbours)
}

// meets reports whether a vantage's route in a view crosses any of the breaks.
func (p *Player) meets(v *view, bs []Break) bool {
	if len(bs) == 0 {
		return false
	}
	last := p.w.g.asn[v.origin]
	type pair struct{ a, b uint32 }
	at, links := map[uint32]bool{}, map[pair]bool{}
	for _, b := range bs {
		switch {
		case b.Kind == OriginStops:
			if b.A == last {
				return true
			}
		case b.Kind == Adjacency:
			links[pair{b.A, b.B}], links[pair{b.B, b.A}] = true, true
		case b.A == last && b.Kind == NodeDown:
			return true
		default:
			at[b.A] = true
		}
	}
	for k := range p.w.Vantages {
		x := v.path(k)
		for j, as := range x {
			if at[as] || j+1 < len(x) && links[pair{as, x[j+1]}] {
				return true
			}
		}
	}
	return false
}
