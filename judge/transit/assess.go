package transit

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"constat/routes/atlas"
)

// Who says who is who, for networks that stand on paths. Either function may be nil,
// and returns "" for what is not known.
type Who struct {
	Operator func(as uint32) string // networks with the same operator refuse together
	Country  func(as uint32) string
}

// Options say what is computed.
type Options struct {
	// Origins asks for the hegemony of each origin too, for the mean over them.
	Origins bool
}

// Name writes an AS.
func Name(as uint32) string { return "AS" + strconv.FormatUint(uint64(as), 10) }

// Assess says on whom a scope depends. Subject and Kind of the result are the caller's.
func Assess(t *Table, s *Scope, who Who, graphs []*Graph, o Options) *Result {
	r := &Result{Origins: []uint32{}, Inside: []uint32{}, Families: []InFamily{}, Both: []Joint{}, Graphs: []ByGraph{}, Possible: []Possible{}, Could: []Could{},
		CTI: []Score{}, CountryHegemony: []Score{}}
	var sights []*sight
	for fam := range Family(2) {
		x := look(t, s, fam)
		if x.total > 0 {
			sights = append(sights, x)
		}
	}
	if len(sights) == 0 {
		return r
	}
	r.networks(sights)
	for _, x := range sights {
		x.keepProviders(graphs, s)
		r.Families = append(r.Families, x.family(t, s, who))
	}
	r.both(sights, s, who)
	if s.Whole {
		r.frontier(sights)
	}
	for _, g := range graphs {
		r.Graphs = append(r.Graphs, g.cuts(r, s, who))
		if r.Frontier != nil {
			r.Frontier.Listed = append(r.Frontier.Listed, g.frontiers(r.Inside, s.Inside))
		}
	}
	r.possible(sights, graphs, s)
	r.could(sights)
	if len(graphs) > 0 && sights[0].fam == V4 {
		r.CTI = sights[0].cti(graphs[0])
	}
	if o.Origins {
		r.CountryHegemony = countryHegemony(t, s, r.Origins, sights[0].fam)
	}
	r.clip()
	return r
}

// family is what was seen in one family.
func (x *sight) family(t *Table, s *Scope, who Who) InFamily {
	f := InFamily{Family: x.fam.String(), Peers: x.peers, Vantages: x.nets, Within: x.within, Seers: append([]uint32{}, x.seers...), Direct: append([]uint32{}, x.direct...),
		OnlyDirect: x.onlyDirect, Voices: int(x.voices), Full: x.scores.all, Partial: x.partial,
		Hegemony: x.scores.result(), Ways: x.waysOut(), Cuts: []Observed{}}
	if f.Partial {
		f.Full = 0
	}
	var ids []uint32
	for i, id := range x.read.ids {
		if x.seen[i] {
			ids = append(ids, id)
		}
	}
	f.Prefixes, f.Space = len(ids), t.space(ids)
	if x.nets == 0 {
		return f
	}
	for _, c := range colourings(s, who) {
		w := newWalk(x, x.colour(c))
		o := Observed{By: c.by, Abroad: c.abroad, Cut: w.cut()}
		if o.Best, o.BestExact = w.best(); o.Best == nil {
			o.Best = []Set{}
		}
		f.Cuts = append(f.Cuts, o)
	}
	return f
}

// colour gives the networks of what was seen their colours. Who looks and is next to the
// subject has none: its refusal would hit nobody else.
func (x *sight) colour(c colourer) *colouring {
	out := c.colour(x.l.ases)
	for i := range out.of {
		if x.apart[i] {
			out.of[i] = 0
		}
	}
	return out
}

// colourer is one way of asking who might refuse.
type colourer struct {
	by     string
	abroad bool
	of     func(as uint32) string // "" if it cannot refuse
}

// colourings are the ways of asking that apply to a scope. The own networks of a single
// network cannot cut it off, they are it; those of a country can, and are
// left out where the question is who abroad could.
func colourings(s *Scope, who Who) []colourer {
	outside := func(f func(uint32) string) func(uint32) string {
		return func(as uint32) string {
			if s.Inside(as) {
				return ""
			}
			return f(as)
		}
	}
	name := func(as uint32) string {
		if !atlas.One(as) {
			return "" // several networks may be behind it, and they are not one
		}
		return Name(as)
	}
	operator := func(as uint32) string {
		if who.Operator != nil {
			if o := who.Operator(as); o != "" {
				return o
			}
		}
		return name(as)
	}
	var out []colourer
	if s.Whole {
		out = append(out, colourer{Networks, false, name}, colourer{Operators, false, operator})
	}
	out = append(out, colourer{Networks, true, outside(name)}, colourer{Operators, true, outside(operator)})
	if who.Country != nil {
		out = append(out, colourer{Countries, true, outside(who.Country)})
	}
	return out
}

// colour gives networks their colours.
func (c colourer) colour(ases []uint32) *colouring {
	out := &colouring{}
	number := map[string]int32{}
	for _, as := range ases {
		name := c.of(as)
		n := int32(0)
		if name != "" {
			if n = number[name]; n == 0 {
				out.names = append(out.names, name)
				n = int32(len(out.names))
				number[name] = n
			}
		}
		out.of = append(out.of, n)
	}
	return out
}

// networks are the origins and the own networks on paths.
func (r *Result) networks(sights []*sight) {
	origins, inside := map[uint32]bool{}, map[uint32]bool{}
	for _, x := range sights {
		on := make([]bool, len(x.l.nodes)) // on a path of the scope
		copy(on, x.used)
		for i := len(on) - 1; i >= 0; i-- { // parents have lower numbers
			n := &x.l.nodes[i]
			if !on[i] {
				continue
			}
			if n.parent >= 0 {
				on[n.parent] = true
			}
			if n.net < 0 {
				for _, m := range x.l.ownOf(x.l.sets[int32(i)]) {
					if n.parent < 0 {
						origins[x.l.ases[m]] = true
					}
				}
				continue
			}
			if n.parent < 0 {
				origins[x.l.ases[n.net]] = true
			}
			if x.l.in[n.net] {
				inside[x.l.ases[n.net]] = true
			}
		}
	}
	r.Origins = slices.AppendSeq(r.Origins, maps.Keys(origins))
	r.Inside = slices.AppendSeq(r.Inside, maps.Keys(inside))
	slices.Sort(r.Origins)
	slices.Sort(r.Inside)
}

// frontier counts the frontier networks of all families, by the vantage networks that
// show them: the most of one family.
func (r *Result) frontier(sights []*sight) {
	f := &Frontier{Networks: []FrontierNetwork{}, Listed: []int{}}
	by := map[uint32]int{}
	for _, x := range sights {
		for as, n := range x.gates() {
			by[as] = max(by[as], n)
		}
	}
	two := 0
	for as, n := range by {
		f.Networks = append(f.Networks, FrontierNetwork{as, n})
		if n > 1 {
			two++
		}
	}
	slices.SortFunc(f.Networks, func(a, b FrontierNetwork) int {
		return cmp.Or(cmp.Compare(b.Vantages, a.Vantages), cmp.Compare(a.AS, b.AS))
	})
	f.Count = len(f.Networks)
	f.Class, f.Sure = Class(f.Count), Class(two)
	r.Frontier = f
}

// gates counts, for each frontier network, the vantage networks that show it.
func (x *sight) gates() map[uint32]int {
	by := map[uint32]map[uint32]bool{}
	for k, e := range x.ways {
		if k[0] < 0 {
			continue
		}
		as := x.l.ases[k[0]]
		if by[as] == nil {
			by[as] = map[uint32]bool{}
		}
		for v := range e.who {
			by[as][v] = true
		}
	}
	out := map[uint32]int{}
	for as, vs := range by {
		out[as] = len(vs)
	}
	return out
}

// frontiers counts the own networks that a list connects with a provider or a peer that
// is not.
func (g *Graph) frontiers(own []uint32, inside func(uint32) bool) int {
	seen := map[uint32]bool{}
	for _, n := range g.Neighbours(own, inside) {
		if n.Relation != Customer {
			seen[n.Of] = true
		}
	}
	return len(seen)
}

// cuts asks a list of relations.
func (g *Graph) cuts(r *Result, s *Scope, who Who) ByGraph {
	out := ByGraph{List: g.Name, Cuts: []GraphCut{}}
	var from []int32
	for _, as := range r.Origins {
		if i := g.at(as); i >= 0 {
			from = append(from, i)
		} else {
			out.Missing++
		}
	}
	to := map[int32]bool{}
	for _, i := range g.core {
		if !s.Inside(g.ases[i]) {
			to[i] = true
		}
	}
	out.Core = len(to)
	if len(from) == 0 || len(to) == 0 {
		return out
	}
	c := g.newCone(from, to)
	ases := make([]uint32, len(c.nets))
	for n, i := range c.nets {
		ases[n] = g.ases[i]
	}
	if len(to) == 1 {
		for i := range to {
			out.sole = g.ases[i]
		}
	}
	for _, q := range colourings(s, who) {
		col := q.colour(ases)
		for n, as := range ases {
			if out.sole != 0 && as == out.sole {
				col.of[n] = 0 // who is to be reached cuts nobody off from itself
			}
		}
		cut := (&reach{cone: c, colour: col.of, names: col.names}).cut(q.by == Networks)
		out.Cuts = append(out.Cuts, GraphCut{By: q.by, Abroad: q.abroad, NoPath: len(c.start) == 0, Cut: cut})
	}
	return out
}

// possible are the connections that lists have and that no path shows.
func (r *Result) possible(sights []*sight, graphs []*Graph, s *Scope) {
	shown := map[[2]uint32]bool{}
	for _, x := range sights {
		for k := range x.ways {
			if k[0] >= 0 && k[1] >= 0 {
				shown[[2]uint32{x.l.ases[k[0]], x.l.ases[k[1]]}] = true
			}
		}
	}
	at := map[[2]uint32]int{}
	for _, g := range graphs {
		for _, n := range g.Neighbours(r.Inside, s.Inside) {
			k := [2]uint32{n.Of, n.AS}
			if shown[k] || n.Relation == Customer {
				continue // a customer passes nothing on to the rest
			}
			i, had := at[k]
			if !had {
				i = len(r.Possible)
				at[k] = i
				r.Possible = append(r.Possible, Possible{AS: n.AS, Of: n.Of, Relation: n.Relation})
			}
			r.Possible[i].Lists = append(r.Possible[i].Lists, g.Name)
		}
	}
	rank := map[string]int{Provider: 0, PeerOf: 1}
	slices.SortFunc(r.Possible, func(a, b Possible) int {
		return cmp.Or(cmp.Compare(rank[a.Relation], rank[b.Relation]), cmp.Compare(a.Of, b.Of), cmp.Compare(a.AS, b.AS))
	})
}

// could joins the networks that alone hit every path that was seen with what the lists
// say of them.
func (r *Result) could(sights []*sight) {
	by := map[string]*Could{}
	get := func(name string) *Could {
		c := by[name]
		if c == nil {
			n, _ := strconv.ParseUint(name[2:], 10, 32)
			c = &Could{AS: uint32(n), Observed: []string{}, Lists: []string{}, Partly: []string{}, Against: []string{}}
			by[name] = c
		}
		return c
	}
	for i := range r.Families {
		f := &r.Families[i]
		for _, o := range f.Cuts {
			if o.By != Networks || o.Upper != 1 || !o.Exact() {
				continue
			}
			for _, set := range o.Sets {
				c := get(set.Members[0])
				if !slices.Contains(c.Observed, f.Family) {
					c.Observed = append(c.Observed, f.Family)
				}
				c.Vantages = max(c.Vantages, f.Vantages-f.OnlyDirect)
				c.OneVantage = c.OneVantage || o.OneVantage
			}
		}
	}
	for _, g := range r.Graphs {
		alone := map[string]bool{}
		for _, q := range g.Cuts {
			if q.By == Networks && q.Upper == 1 && q.Exact() {
				for _, set := range q.Sets {
					alone[set.Members[0]] = true
				}
			}
		}
		for name := range alone {
			get(name)
		}
	}
	for name, c := range by {
		for _, g := range r.Graphs {
			said := false
			for _, q := range g.Cuts {
				if q.By == Networks && q.Upper == 1 && slices.ContainsFunc(q.Sets, func(s Set) bool { return s.Members[0] == name }) {
					if said = true; g.Missing > 0 {
						c.Partly = append(c.Partly, g.List)
					} else {
						c.Lists = append(c.Lists, g.List)
					}
					break
				}
			}
			if !said && len(g.Cuts) > 0 && !g.Cuts[0].NoPath && g.sole != c.AS {
				c.Against = append(c.Against, g.List)
			}
		}
		for _, x := range sights {
			for k := range x.ways {
				if k[1] >= 0 && x.l.ases[k[1]] == c.AS || k[0] >= 0 && x.l.ases[k[0]] == c.AS {
					c.Direct = true
				}
			}
		}
		r.Could = append(r.Could, *c)
	}
	// What observation and lists agree on comes first, then what is next to the subject.
	rank := func(c Could) int {
		n := 0
		if len(c.Observed) > 0 {
			n += 4
		}
		if len(c.Lists) > 0 {
			n += 2
		}
		if c.Direct {
			n++
		}
		return n
	}
	slices.SortFunc(r.Could, func(a, b Could) int { return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(a.AS, b.AS)) })
}

// countryHegemony is the mean, over the origins, of the hegemony for each: IHR's for a
// country, with the weight 1 that it gives an AS of which it knows no users. An origin is
// no dependency of itself. A network of others that announces some of the country's
// addresses is none of its origins, unless there are no others.
func countryHegemony(t *Table, s *Scope, origins []uint32, fam Family) []Score {
	sum := map[uint32]float64{}
	n := 0.0
	if slices.ContainsFunc(origins, s.Inside) {
		origins = slices.DeleteFunc(slices.Clone(origins), func(o uint32) bool { return !s.Inside(o) })
	}
	for _, o := range origins {
		one := &Scope{Belongs: func(p, as uint32) bool { return as == o && s.Belongs(p, as) }, Inside: func(as uint32) bool { return as == o }}
		for _, p := range s.Prefixes {
			if slices.Contains(t.Origins(p), o) {
				one.Prefixes = append(one.Prefixes, p)
			}
		}
		x := heard(t, one, fam, false)
		if x.total == 0 {
			continue
		}
		n++
		for _, h := range x.scores.result() {
			if h.AS != o {
				sum[h.AS] += h.Hegemony
			}
		}
	}
	out := []Score{}
	for as, v := range sum {
		if v > 0 {
			out = append(out, Score{as, v / n})
		}
	}
	sortScores(out)
	return out
}

func sortScores(s []Score) {
	slices.SortFunc(s, func(a, b Score) int { return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.AS, b.AS)) })
}
