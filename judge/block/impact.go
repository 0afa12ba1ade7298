package block

import (
	"cmp"
	"net/netip"
	"slices"
)

// Format names the impact's form in JSON (docs/formats/impact.md).
const Format = "constat-impact/1"

// Impact is what the block would do.
type Impact struct {
	Format    string   `json:"format"`
	Target    string   `json:"target"`
	At        []uint32 `json:"at"`
	Country   string   `json:"country,omitempty"`
	Direction string   `json:"direction"`
	// Match and ByOrigin are what filters would stop: [MatchExact] or [MatchWithin], and
	// origins whatever they announce.
	Match     string    `json:"match"`
	ByOrigin  []uint32  `json:"by_origin"`
	Moment    string    `json:"moment"`
	Sources   []Source  `json:"sources"`
	Relations string    `json:"relations,omitempty"`
	Prefixes  []Outcome `json:"prefixes"`
	Vantages  []Seen    `json:"vantages"`
	Flow      Flow      `json:"flow"`
	// Blind are the vantages that held any of it and of which nothing is known at the
	// moment.
	Blind []Unseen `json:"blind"`
	// On is how many of the appliers are on any path of the target now.
	On         []uint32   `json:"on_paths"`
	Collateral Collateral `json:"collateral"`
	Confusable Confusable `json:"confusable"`
	Critical   []Touched  `json:"critical"`
	LeftOut    []LeftOut  `json:"left_out"` // prefixes that no filter has
	// Warnings are keys of what a reader must be told.
	Warnings []string `json:"warnings"`
}

// Source is a file that was read.
type Source struct {
	Collector string `json:"collector"`
	Name      string `json:"name"`
	SHA256    string `json:"sha256"`
}

// Results for a prefix.
const (
	Lost      = "lost"      // nobody who was asked would have a way
	Partly    = "partly"    // some would have none
	Elsewhere = "elsewhere" // all who lose their way would have another
	Stays     = "stays"     // no path crosses an applier
	Uncertain = "uncertain" // nobody is known to lose it, and of some it is not known
	Unheld    = "unheld"    // nobody who is watching holds it: nothing is said of it
	Kept      = "left-out"  // no filter has it, so that nothing happens to it: see [LeftOut]
)

// Outcome is what would become of one prefix.
type Outcome struct {
	Prefix  netip.Prefix `json:"prefix"`
	Origins []uint32     `json:"origins"`
	// Set are those of the origins that no route names alone: they stand in a set at the end
	// of routes, and one of its members originated the prefix.
	Set     []uint32 `json:"set,omitempty"`
	Result  string   `json:"result"`
	Held    int      `json:"held"` // vantages that hold it
	Cut     int      `json:"cut"`  // whose way crosses an applier
	Lost    int      `json:"lost"`
	Found   int      `json:"found"`
	Unknown int      `json:"unknown"`
	Blind   int      `json:"blind"` // that held it, and are not watching
	// Thin is how many of the lost and found rest on little: one relation that is
	// listed wrongly, or not at all, would turn them round.
	Thin int   `json:"thin"`
	Ways []Way `json:"ways"`
}

// Way is a way that would be left: through which neighbour of the origin, and on
// what evidence.
type Way struct {
	Through  uint32   `json:"through"`
	Basis    Basis    `json:"basis"`
	Vantages int      `json:"vantages"`
	Example  []uint32 `json:"example"` // 0 stands for the set in which it ends
}

// Seen is what one vantage would lose.
type Seen struct {
	Name    string `json:"name"`
	AS      uint32 `json:"as"`
	Country string `json:"country,omitempty"`
	Held    int    `json:"held"`
	Lost    int    `json:"lost"`
	Found   int    `json:"found"`
	Unknown int    `json:"unknown"`
}

// Unseen is a vantage of which it is not known whether it still holds some prefixes.
type Unseen struct {
	Name   string `json:"name"`
	AS     uint32 `json:"as"`
	Reason string `json:"reason"` // a word of docs/formats/watch.md
	Since  string `json:"since"`
	Held   int    `json:"held"` // prefixes of the target that it held before
	// Again says that its session came back and that it told nothing of these prefixes since,
	// nor sends a full table: Reason and Since are those of the fall.
	Again bool `json:"again,omitempty"`
}

// Collateral is what else would be hit.
type Collateral struct {
	// Routes are those of other origins that hold addresses of the target's.
	Routes []Other `json:"routes"`
	// Behind are other origins that are reached through an origin of the target.
	Behind []Customer `json:"behind"`
	// Shared are networks that stand with an origin of the target in a set at the end of
	// its routes, and Beside origins of the target that would be stopped by origin, with
	// what they announce that is not the target's.
	Shared []Customer `json:"shared"`
	Beside []Customer `json:"beside"`
	// Countries are those in which origins of the target are registered, with how
	// many prefixes they announce.
	Countries []Count `json:"countries"`
}

// Other is a route of another origin.
type Other struct {
	Prefix   netip.Prefix `json:"prefix"`
	Origins  []uint32     `json:"origins"`
	Is       string       `json:"is"` // "same", "inside" or "covers"
	Vantages int          `json:"vantages"`
	Through  int          `json:"through"` // whose way crosses an applier
	// Hit names the measures that would hit it: "exact", "within", "addresses".
	Hit []string `json:"hit"`
}

// Customer is a network behind the target.
type Customer struct {
	AS       uint32 `json:"as"`
	Prefixes int    `json:"prefixes"`
	// Routes are these prefixes, of Beside alone.
	Routes []netip.Prefix `json:"routes,omitempty"`
}

// Count is a country and how many prefixes.
type Count struct {
	Country  string `json:"country"`
	Prefixes int    `json:"prefixes"`
}

// Touched is something critical in the target's addresses or networks.
type Touched struct {
	Name  string `json:"name"`
	What  string `json:"what"`
	Never bool   `json:"never"`
}

// Warnings of an impact.
const (
	WarnOffPath   = "off-path"   // an applier is on no path of the target
	WarnOneTable  = "one-table"  // fewer than three vantages hold anything of it
	WarnNoGraph   = "no-graph"   // no relations were given
	WarnOld       = "old-graph"  // the relations are of another time
	WarnLapsed    = "lapsed"     // a way by policy was not used when nobody held the routes
	WarnNoPast    = "no-past"    // one moment alone was read: what was held before is not known
	WarnSelf      = "self"       // an applier is an origin of the target
	WarnOwnHit    = "own-hit"    // an applier originates routes that filters by address would hit
	WarnCovered   = "covered"    // a covering route of others would still carry packets
	WarnUnknown   = "unknown"    // the relations do not know some vantages
	WarnDoubtful  = "doubtful"   // the relations leave some vantages no way, and others hold the routes
	WarnNoWatcher = "no-watcher" // no vantage is outside the appliers
	WarnBlind     = "blind"      // vantages that held routes of it are not watching
	WarnUnheld    = "unheld"     // of its prefixes some are held by nobody who is watching
)

// one is what becomes of one route.
type one struct {
	vantage int
	prefix  int // index into the outcomes
	path    []uint32
	basis   Basis
	now     []uint32 // the path that would be held, if one is known
}

// Assess says what a block would do.
func Assess(in *Input) *Impact {
	im := &Impact{Format: Format, Target: in.Target, At: in.At, Country: in.Country, Direction: in.Direction.String(),
		Sources: []Source{}, Prefixes: []Outcome{}, Vantages: []Seen{}, Blind: []Unseen{}, On: []uint32{}, ByOrigin: []uint32{}, Critical: []Touched{}, LeftOut: []LeftOut{}, Warnings: []string{},
		Collateral: Collateral{Routes: []Other{}, Behind: []Customer{}, Shared: []Customer{}, Beside: []Customer{}, Countries: []Count{}}}
	if in.Graph != nil {
		im.Relations = in.Relations
	}
	im.Match = in.Match
	if im.Match == "" {
		im.Match = MatchExact
	}
	im.ByOrigin = append(im.ByOrigin, in.ByOrigin...)
	p := predict(in, im)
	im.sum(in, p.ones)
	im.blind(in)
	im.Flow = p.flow()
	im.leave(p)
	im.collateral(in)
	im.critical(in)
	im.Confusable = confuse(in, im, p.ones)
	im.warn(in, p)
	return im
}

// Covering gives the routes of others that would still carry packets: those over the
// target's that no filter would stop.
func (im *Impact) Covering() []Other {
	var out []Other
	for _, o := range im.Collateral.Routes {
		if o.Is == "covers" && !(im.Match == MatchWithin && slices.Contains(o.Hit, Inside)) {
			out = append(out, o)
		}
	}
	return out
}

// Answer is what would become of one route that a vantage holds now.
type Answer struct {
	Vantage int
	Prefix  netip.Prefix
	Basis   Basis
	Path    []uint32 // that it would hold, if one is known
}

// Predict says what would become of each route, one by one: what [Assess] counts.
func Predict(in *Input) []Answer {
	im := &Impact{}
	p := predict(in, im)
	out := make([]Answer, len(p.ones))
	for i, x := range p.ones {
		out[i] = Answer{x.vantage, im.Prefixes[x.prefix].Prefix, x.basis, x.now}
	}
	return out
}

// predictor holds what is asked about each route.
type predictor struct {
	in   *Input
	ones []one
	ways map[string]*ways // by origins
	past bool
	// present is, for the prefix at hand, what networks on present paths hold: the rest
	// of the path from them on.
	present map[uint32][]uint32
	// back are the paths, or the rest of them, that were stand-ins ([Route].Back).
	back map[string]bool
	// took are, for the prefix at hand, the networks of vantages that took the route back
	// and hold none; by prefix, all of them.
	took   map[uint32]bool
	unseen map[int]map[netip.Prefix]bool
	lacked map[netip.Prefix]map[uint32]bool
	// gates are the links between neighbours and origins over which any of the target's
	// routes is held now.
	gates map[[2]uint32]bool
	// ownToo are prefixes of the target that an applier originates beside it.
	ownToo map[netip.Prefix]bool
	// dropped are the networks that took a route to it back themselves, of several.
	dropped map[uint32]bool
	// doubtful and strange: some answers are open because the relations leave no way,
	// or do not know the vantage.
	doubtful, strange bool
	many              bool // the prefix at hand was seen by vantages in firmSeen networks
	moving            bool // its routes are: networks of two vantages have theirs for less than five minutes
}

// predict fills the outcomes' prefixes and says what becomes of each route.
func predict(in *Input, im *Impact) *predictor {
	p := &predictor{in: in, ways: map[string]*ways{}, lacked: map[netip.Prefix]map[uint32]bool{}, gates: map[[2]uint32]bool{}, ownToo: map[netip.Prefix]bool{}, unseen: unseen(in)}
	for i := range in.Others {
		if r := &in.Others[i]; slices.ContainsFunc(r.origins(), p.applies) {
			p.ownToo[r.Prefix] = true
		}
	}
	for _, l := range in.Lacks {
		if p.lacked[l.Prefix] == nil {
			p.lacked[l.Prefix] = map[uint32]bool{}
		}
		p.lacked[l.Prefix][in.Vantages[l.Vantage].AS] = true
	}
	// Routes of one prefix lie together, the present ones first.
	rs := make([]*Route, 0, len(in.Routes))
	for i := range in.Routes {
		rs = append(rs, &in.Routes[i])
		held := in.Routes[i].Past == Now || in.Routes[i].Past == Also
		p.past = p.past || !held
		if path := in.Routes[i].whole(); held && len(path) > 1 && names(path[len(path)-2]) {
			p.gates[link(path)] = true
		}
	}
	slices.SortStableFunc(rs, func(a, b *Route) int { return cmp.Or(compare(a.Prefix, b.Prefix), cmp.Compare(a.Past, b.Past)) })
	for len(rs) > 0 {
		n := 0
		for n < len(rs) && rs[n].Prefix == rs[0].Prefix {
			n++
		}
		p.prefix(im, rs[:n])
		rs = rs[n:]
	}
	return p
}

// names reports whether a number in a path names a network: AS_TRANS stands for any that
// two bytes cannot hold, so that two networks written so are not one (RFC 6793).
func names(as uint32) bool { return as != 0 && as != 23456 && as != 65535 && as != 4294967295 }

// link is the neighbour of the origin and the origin on a path of two or more.
func link(path []uint32) [2]uint32 { return [2]uint32{path[len(path)-2], path[len(path)-1]} }

func (p *predictor) applies(as uint32) bool {
	_, ok := slices.BinarySearch(p.in.At, as)
	return ok
}

// cut finds the applier of a route that is nearest the vantage; -1 if no applier
// stops it. An origin stops nothing of its own, and a network that withholds keeps
// the route for its own vantages.
func (p *predictor) cut(r *Route) int {
	last := len(r.Path)
	if len(r.Origins) == 0 {
		last-- // the origin itself
	}
	for i := range last {
		if !p.applies(r.Path[i]) {
			continue
		}
		if i == 0 && p.in.Direction == Out {
			continue
		}
		return i
	}
	return -1
}

// prefix says what becomes of one prefix.
func (p *predictor) prefix(im *Impact, rs []*Route) {
	o := Outcome{Prefix: rs[0].Prefix, Origins: []uint32{}, Ways: []Way{}}
	for _, r := range rs {
		if r.Past == Now {
			o.Origins = append(o.Origins, r.origins()...)
		}
	}
	slices.Sort(o.Origins)
	o.Origins = slices.Compact(o.Origins)
	o.Set = onlyInSet(o.Origins, rs)
	blind := map[int]bool{}
	for _, r := range rs {
		if p.unseen[r.Vantage][r.Prefix] {
			blind[r.Vantage] = true
		}
	}
	o.Blind = len(blind)
	if len(o.Origins) == 0 {
		for _, r := range rs {
			o.Origins = append(o.Origins, r.origins()...)
		}
		slices.Sort(o.Origins)
		o.Origins, o.Result = slices.Compact(o.Origins), Unheld
		im.Prefixes = append(im.Prefixes, o)
		return
	}
	if p.leftOut(&o) != "" && !p.byOrigin(o.Origins) {
		for _, r := range rs {
			if r.Past == Now {
				o.Held++
			}
		}
		o.Result = Kept
		im.Prefixes = append(im.Prefixes, o)
		return
	}
	p.took = p.lacked[o.Prefix]
	left := p.left(rs)
	seen, fresh := map[uint32]bool{}, map[uint32]bool{}
	for _, r := range rs {
		seen[p.in.Vantages[r.Vantage].AS] = true
		if r.Fresh {
			fresh[p.in.Vantages[r.Vantage].AS] = true
		}
	}
	p.many, p.moving = len(seen) >= firmSeen, len(fresh) >= 2
	k := len(im.Prefixes)
	ways := map[wayID]*Way{}
	for _, r := range rs {
		if r.Past != Now {
			continue
		}
		o.Held++
		x := one{vantage: r.Vantage, prefix: k, path: r.whole(), now: r.whole()}
		if i := p.cut(r); i >= 0 {
			o.Cut++
			x.basis, x.now = p.other(r, i, left, o.Origins)
		}
		if !x.basis.Firm() && !x.basis.Open() {
			o.Thin++
		}
		switch {
		case x.basis.Loses():
			o.Lost++
		case x.basis.Open():
			o.Unknown++
		case x.basis.Finds():
			o.Found++
			id := wayID{gate(x.now), x.basis}
			w := ways[id]
			if w == nil {
				w = &Way{Through: id.through, Basis: id.basis, Example: x.now}
				ways[id] = w
			}
			w.Vantages++
		}
		p.ones = append(p.ones, x)
	}
	for _, w := range ways {
		o.Ways = append(o.Ways, *w)
	}
	slices.SortFunc(o.Ways, func(a, b Way) int {
		return cmp.Or(cmp.Compare(a.Basis, b.Basis), cmp.Compare(b.Vantages, a.Vantages), cmp.Compare(a.Through, b.Through))
	})
	switch {
	case o.Cut == 0:
		o.Result = Stays
	case o.Lost == o.Held:
		o.Result = Lost
	case o.Lost > 0:
		o.Result = Partly
	case o.Unknown > 0:
		o.Result = Uncertain
	default:
		o.Result = Elsewhere
	}
	im.Prefixes = append(im.Prefixes, o)
}

// onlyInSet are those of some origins that no route held now ends with alone; nil if there are none.
func onlyInSet(origins []uint32, rs []*Route) []uint32 {
	var out []uint32
	for _, as := range origins {
		if !slices.ContainsFunc(rs, func(r *Route) bool {
			return r.Past == Now && len(r.Origins) == 0 && len(r.Path) > 0 && r.Path[len(r.Path)-1] == as
		}) {
			out = append(out, as)
		}
	}
	return out
}

// rests are the rests of paths by when they were held – those that are fresh apart – and by each network on
// them.
type rests [4]map[uint32][]uint32

// freshly is the place in [rests] of paths that are held now, and for less than five minutes.
const freshly Past = 3

// any reports whether there is any.
func (r *rests) any() bool {
	return slices.ContainsFunc(r[:], func(m map[uint32][]uint32) bool { return len(m) > 0 })
}

// left are the paths that would still be there, by when they were held and by each network
// on them: the whole rest. It notes what is held at present, too.
func (p *predictor) left(rs []*Route) (left rests) {
	p.present, p.dropped, p.back = map[uint32][]uint32{}, map[uint32]bool{}, map[string]bool{}
	for _, r := range rs {
		path, past := r.whole(), r.Past
		if past == Also {
			past = Now
		}
		if past == Now && r.Fresh {
			past = freshly
		}
		cut := p.cut(r) >= 0
		// What a network withholds is nobody else's way; what lies behind it may be.
		home := p.in.Direction == Out && len(r.Path) > 0 && p.applies(r.Path[0])
		for i, as := range r.Path {
			if r.Past == Now {
				p.present[as] = path[i:]
			}
			if r.Back {
				p.back[key(path[i:])] = true
			}
			if cut || home && (i == 0 || i == len(r.Path)-1) || !names(as) {
				continue
			}
			if i == 0 && r.GivenUp {
				p.dropped[as] = true
				continue
			}
			if left[past] == nil {
				left[past] = map[uint32][]uint32{}
			}
			if old, ok := left[past][as]; !ok || len(path)-i < len(old) {
				left[past][as] = path[i:]
			}
		}
	}
	return left
}

// wayID tells ways apart.
type wayID struct {
	through uint32
	basis   Basis
}

// gate is the neighbour of the origin on a path; 0 if the vantage is the origin.
func gate(path []uint32) uint32 {
	if len(path) < 2 {
		return 0
	}
	return path[len(path)-2]
}

// other looks for another way for a route that an applier stops: the networks
// between the vantage and the applier are asked, the vantage's own first.
func (p *predictor) other(r *Route, applier int, left rests, origins []uint32) (Basis, []uint32) {
	if applier == 0 {
		return IsApplier, nil
	}
	before := r.Path[:applier]
	// What the relations say of the first network on the way that they know.
	var w *ways
	known, byGraph := -1, []uint32(nil)
	if p.in.Graph != nil {
		w = p.graph(origins, 0)
		known = slices.IndexFunc(before, p.in.Graph.Has)
	}
	if known >= 0 {
		if path := w.path(before[known]); path != nil {
			byGraph = append(slices.Clone(before[:known]), path...)
		}
	}
	basis, seen, gave := p.seen(before, left, known < 0 || byGraph != nil)
	if seen != nil && basis != SeenThin {
		return basis, seen
	}
	switch {
	case byGraph != nil && !gave && p.several(w, before[known], byGraph, origins):
		return ByPolicy, byGraph
	case seen != nil:
		return SeenThin, seen
	case byGraph != nil:
		return ThinPolicy, byGraph
	case p.in.Graph == nil && left.any():
		return NotKnown, nil
	case p.in.Graph != nil && known < 0:
		p.strange = true
		return NotKnown, nil
	case p.in.Graph != nil && (left.any() || fewLeft*w.left() > len(w.class)):
		p.doubtful = true
		return Doubtful, nil
	case p.in.Graph == nil || !p.many || p.in.Old:
		return ThinNoWay, nil
	}
	return NoWay, nil
}

// seen looks for another way among the paths that were seen, those held now first. free
// says that nothing in the relations speaks against a path that a network further on
// holds. gave reports that a network has given up a path that it held before.
//
// A path that is held for less than five minutes is no firm way: what moved the routes may take it, too. Nor is
// one that was tried, if the routes are moving now. Example: an origin is cut off at 10:38, and its prefix goes over three
// other neighbours, each for half a minute, before nobody holds it.
func (p *predictor) seen(before []uint32, left rests, free bool) (basis Basis, way []uint32, gave bool) {
	gave = p.dropped[before[0]]
	for past, basis := range [...]Basis{Now: SeenNow, Before: SeenBefore, Explored: WasExplored, freshly: SeenThin} {
		path, at := rejoin(before, left[past])
		left := stays
		if Past(past) == Before || Past(past) == Explored {
			left = p.anyLeft(path, at)
		}
		if left == gaveUp {
			gave = true
			continue
		}
		// A network further on may hold another path and not be free to pass it on,
		// as a peer's to a peer: then the relations decide.
		if path == nil || at != 0 && !free && !p.passes(path, at) {
			continue
		}
		firm := basis != SeenThin && !(basis == WasExplored && p.moving)
		if firm && left == stays && (Past(past) == Now || len(path) < 2 || p.gates[link(path)]) {
			return basis, path, gave
		}
		if way == nil || Past(past) == freshly {
			way = path
		}
	}
	return SeenThin, way, gave
}

// leaving is what tells, of a network that held a path before and holds another now,
// whether it could still have the first.
type leaving uint8

const (
	stays   leaving = iota // nothing speaks against it
	forLike                // it left the path for one that is as good: a network seldom does unless it must
	gaveUp                 // it would prefer the path to what it holds now
)

// anyLeft is the gravest of the networks on a path, from a place on.
func (p *predictor) anyLeft(path []uint32, at int) leaving {
	most := stays
	for i := at; i < len(path)-1; i++ {
		most = max(most, p.leaves(path[i:]))
	}
	return most
}

// leaves holds a path that a network held before against what it holds now. Of a
// customer's route and a peer's a network takes the customer's, and else the shorter: if it holds what it
// would prefer less it has lost the other; if not the link itself, somebody behind it. It has, too, if
// its own vantage took the route back and holds none. Of two that are alike it keeps the
// one that it has, or the one that it prefers by rules of its own. So if it went from one
// to the other it mostly had to – unless it went back to the one that it had held before
// both: the other was a stand-in, and may be again.
func (p *predictor) leaves(held []uint32) leaving {
	now := p.present[held[0]]
	if now == nil && p.took[held[0]] {
		return gaveUp
	}
	if len(now) < 2 || len(held) < 2 || slices.Equal(now, held) {
		return stays
	}
	from := func(path []uint32) int {
		if p.in.Graph == nil {
			return 0
		}
		i, j := p.in.Graph.At(path[0]), p.in.Graph.At(path[1])
		if i < 0 || j < 0 {
			return 0
		}
		for k, list := range [][]int32{p.in.Graph.Down[i], p.in.Graph.Side[i], p.in.Graph.Up[i]} {
			if _, ok := slices.BinarySearch(list, j); ok {
				return k + 1
			}
		}
		return 0
	}
	a, b := from(held), from(now)
	worse := cmp.Compare(len(held), len(now))
	if a != 0 && b != 0 && a != b {
		worse = cmp.Compare(a, b)
	}
	switch {
	case worse < 0:
		return gaveUp
	case worse == 0 && !p.back[key(held)]:
		return forLike
	}
	return stays
}

// passes reports whether the relations say that a network on a path passes the rest of
// it to the one before: its customers get everything, and everybody gets what it has
// from a customer. Of a link that the list does not have it says nothing.
func (p *predictor) passes(path []uint32, at int) bool {
	customer := func(of, as uint32) bool {
		i, j := p.in.Graph.At(of), p.in.Graph.At(as)
		if i < 0 || j < 0 {
			return false
		}
		_, ok := slices.BinarySearch(p.in.Graph.Down[i], j)
		return ok
	}
	return p.in.Graph != nil && (customer(path[at], path[at-1]) || at+1 < len(path) && customer(path[at], path[at+1]))
}

// How many ways make an answer firm, as was found by simulated blocks with relations
// known in part: a network to which four neighbours would pass a route, and that
// keeps one if the neighbour of the origin refuses too. And a loss is firm if no more
// than a quarter of all networks keep a route, and every path that was seen of the
// prefix, by vantages in at least three networks, crosses a network that blocks.
const (
	firmOffers = 4
	fewLeft    = 4
	firmSeen   = 3
)

// several reports whether the ways of a network are many enough to be firm.
func (p *predictor) several(w *ways, as uint32, path, origins []uint32) bool {
	if p.in.Old {
		return false // of another year's list seven in ten such ways were right, few or many
	}
	refuse, keep := p.rules()
	if w.offers(as, refuse, keep) < firmOffers {
		return false
	}
	return p.graph(origins, gate(path)).path(as) != nil
}

// rules are what the appliers do in the graph.
func (p *predictor) rules() (refuse, keep func(int32) bool) {
	applier := func(i int32) bool { return p.applies(p.in.Graph.ASes[i]) }
	nobody := func(int32) bool { return false }
	if p.in.Direction == Out {
		return nobody, applier
	}
	return applier, nobody
}

// rejoin is the way of the first network that still has one, and its place.
func rejoin(before []uint32, left map[uint32][]uint32) (path []uint32, at int) {
	for i, as := range before {
		if rest, ok := left[as]; ok {
			return append(slices.Clone(before[:i]), rest...), i
		}
	}
	return nil, -1
}

// graph gives the routes of everybody to some origins under the block, and if one
// more network refused; 0 for none.
func (p *predictor) graph(origins []uint32, also uint32) *ways {
	id := key(append(slices.Clone(origins), also))
	if w, ok := p.ways[id]; ok {
		return w
	}
	refuse, keep := p.rules()
	if i := p.in.Graph.At(also); also != 0 && i >= 0 {
		appliers := refuse
		refuse = func(j int32) bool { return j == i || appliers(j) }
	}
	w := p.in.Graph.routes(origins, refuse, keep)
	if len(p.ways) > 64 {
		clear(p.ways)
	}
	p.ways[id] = w
	return w
}

func key(as []uint32) string {
	b := make([]byte, 0, 4*len(as))
	for _, a := range as {
		b = append(b, byte(a>>24), byte(a>>16), byte(a>>8), byte(a))
	}
	return string(b)
}
