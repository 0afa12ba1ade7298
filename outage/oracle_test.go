package outage

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"constat/observe"
)

// The oracle judges every second for itself, from the sentences of
// docs/definitions.md and not from the code beside it. It knows no events, no
// cursors and no merging: whoever wants to know what held at a second looks
// that second up.
type oracle struct {
	in    Input
	begin int64       // the first second of the data
	state [][][]State // [prefix][peer][second − begin]
	raw   [][]bool    // [prefix][second − begin]: out, before near outages are joined
	blind [][]bool    // [prefix][second − begin]: out the second before, and not seen to return
	out   [][]bool    // raw, with gaps under 30 s closed
}

func newOracle(in Input) *oracle {
	o := &oracle{in: in, begin: in.Start}
	for _, p := range in.Prefixes {
		for _, c := range p.Carriers {
			for _, s := range c.Steps {
				o.begin = min(o.begin, s.At)
			}
		}
	}
	for _, p := range in.Prefixes {
		peers := make([][]State, len(in.Peers))
		for i := range peers {
			peers[i] = make([]State, in.End-o.begin)
		}
		for _, c := range p.Carriers {
			for _, s := range c.Steps {
				for t := s.At; t < in.End; t++ {
					peers[c.Peer][t-o.begin] = s.State
				}
			}
		}
		o.state = append(o.state, peers)
	}
	for p := range in.Prefixes {
		raw, blind, out := o.judge(p)
		o.raw, o.blind, o.out = append(o.raw, raw), append(o.blind, blind), append(o.out, out)
	}
	return o
}

// at is the state of a pair at the end of a second; None before the data.
func (o *oracle) at(prefix, peer int, t int64) State {
	if t < o.begin {
		return None
	}
	return o.state[prefix][peer][t-o.begin]
}

func carries(s State) bool { return s == Held || s == Lost || s == Covered || s == Replaced }
func holds(s State) bool   { return s == Held || s == Covered }
func without(s State) bool { return s == Lost || s == Replaced }

// isOut: "at most half of its carriers hold it and carriers in at least two
// distinct ASes have lost it"; "fewer than two carriers: no claim".
func (o *oracle) isOut(states []State) bool {
	n, h := 0, 0
	ases := map[uint32]bool{}
	for peer, s := range states {
		if carries(s) {
			n++
		}
		if holds(s) {
			h++
		}
		if as := o.in.Peers[peer].AS; without(s) && as != 0 {
			ases[as] = true
		}
	}
	return n >= 2 && 2*h <= n && len(ases) >= 2
}

func (o *oracle) judge(p int) (raw, blind, out []bool) {
	n := o.in.End - o.begin
	raw, blind, out = make([]bool, n), make([]bool, n), make([]bool, n)
	column := func(t int64) []State {
		var c []State
		for peer := range o.in.Peers {
			c = append(c, o.state[p][peer][t])
		}
		return c
	}
	for t := range n {
		raw[t] = o.isOut(column(t))
		if t == 0 || raw[t] || !raw[t-1] {
			continue
		}
		// It ends here. Had those that stopped watching kept what they had,
		// would it still be out? Then nobody saw it end.
		now, was := column(t), column(t-1)
		for i := range now {
			if carries(was[i]) && !carries(now[i]) {
				now[i] = was[i]
			}
		}
		blind[t] = o.isOut(now)
	}
	copy(out, raw)
	for t := int64(1); t < n; t++ {
		if raw[t] || !raw[t-1] || blind[t] {
			continue
		}
		for u := t; u < n && u-t < 30; u++ {
			if raw[u] {
				for g := t; g < u; g++ {
					out[g] = true
				}
				break
			}
		}
	}
	return raw, blind, out
}

func (o *oracle) isOutAt(p int, t int64) bool { return t >= o.begin && o.out[p][t-o.begin] }

// goesOut says that an outage of a prefix begins at a second. One that was not
// seen to end and one that begins at that very second are two; states of one
// second cannot make that happen, so "not out before" is enough.
func (o *oracle) goesOut(p int, t int64) bool { return o.isOutAt(p, t) && !o.isOutAt(p, t-1) }

// piece is one outage of one prefix, for the oracle.
type piece struct {
	prefix      int
	from, until int64
	how         ending
}

func (o *oracle) piece(p int, from int64) piece {
	for t := from; t < o.in.End; t++ {
		if !o.isOutAt(p, t) {
			how := returned
			if o.blind[p][t-o.begin] {
				how = unseen
			}
			return piece{p, from, t, how}
		}
	}
	return piece{p, from, o.in.End, stillOut}
}

type group struct{ pieces []piece }

func (g *group) from() int64 { return g.pieces[0].from }
func (g *group) until() int64 {
	var u int64
	for i, x := range g.pieces {
		if i == 0 || x.until > u {
			u = x.until
		}
	}
	return u
}

func (g *group) ending() ending {
	how := returned
	for _, x := range g.pieces {
		if x.until == g.until() && x.how != returned {
			how = x.how
		}
	}
	return how
}

// groups: "a prefix joins the newest entry if the latest prefix went out at
// most 300 s before and fewer than half of its prefixes are back".
func (o *oracle) groups(of []int) []*group {
	var all []*group
	for t := o.begin; t < o.in.End; t++ {
		for _, p := range of {
			if !o.goesOut(p, t) {
				continue
			}
			joined := false
			if len(all) > 0 {
				g := all[len(all)-1]
				latest := int64(-1 << 62)
				members, out := map[int]bool{}, map[int]bool{}
				for _, x := range g.pieces {
					latest = max(latest, x.from)
					members[x.prefix] = true
					if x.until > t {
						out[x.prefix] = true
					}
				}
				if t-latest <= 300 && 2*(len(members)-len(out)) < len(members) {
					g.pieces = append(g.pieces, o.piece(p, t))
					joined = true
				}
			}
			if !joined {
				all = append(all, &group{[]piece{o.piece(p, t)}})
			}
		}
	}
	return all
}

// peerAt counts the prefixes of a scope that a peer carries and holds.
func (o *oracle) peerAt(peer int, of []int, t int64) (carried, held int) {
	for _, p := range of {
		s := o.at(p, peer, t)
		if carries(s) {
			carried++
		}
		if holds(s) {
			held++
		}
	}
	return carried, held
}

// sight is one second of a scope.
type sight struct {
	claim   bool // enough carriers, and no prefix may be standing unseen
	holders []int
	few     bool
}

func (o *oracle) sight(of []int, t int64) sight {
	var s sight
	carriers := 0
	ases := map[uint32]bool{}
	for peer := range o.in.Peers {
		c, h := o.peerAt(peer, of, t)
		if c > 0 {
			carriers++
			if as := o.in.Peers[peer].AS; as != 0 {
				ases[as] = true
			}
		}
		if h > 0 {
			s.holders = append(s.holders, peer)
		}
	}
	s.claim = carriers >= 2 && len(ases) >= 2
	for _, p := range of {
		known, unknown := false, false
		for peer := range o.in.Peers {
			st := o.at(p, peer, t)
			known = known || carries(st)
			unknown = unknown || st == Unknown
		}
		if unknown && !known {
			s.claim = false
		}
	}
	allowed := 0
	if carriers >= 20 {
		allowed = carriers * 5 / 100
	}
	s.few = s.claim && len(s.holders) <= allowed
	return s
}

type dark struct {
	from, until int64
	ended       bool
	zombies     []int
}

// darks: "no carrier holds any prefix of the scope, from the last loss to the
// first return. Where at most 5 % of at least 20 carriers hold on throughout,
// they are zombie suspects and the last loss is that of the others."
func (o *oracle) darks(of []int) []dark {
	var sights []sight
	for t := o.begin; t < o.in.End; t++ {
		sights = append(sights, o.sight(of, t))
	}
	var all []dark
	for i := 0; i < len(sights); i++ {
		if !sights[i].few {
			continue
		}
		j := i
		for j < len(sights) && sights[j].few {
			j++
		}
		var always []int
		for _, h := range sights[i].holders {
			throughout := true
			for k := i; k < j; k++ {
				throughout = throughout && slices.Contains(sights[k].holders, h)
			}
			if throughout {
				always = append(always, h)
			}
		}
		for k := i; k < j; k++ {
			if !slices.Equal(sights[k].holders, always) || k > i && slices.Equal(sights[k-1].holders, always) {
				continue
			}
			l := k
			for l < j && slices.Equal(sights[l].holders, always) {
				l++
			}
			d := dark{o.begin + int64(k), o.begin + int64(l), true, always}
			if l == j { // it ends with the interval: seen, unless sight ended there
				d.ended = j < len(sights) && sights[j].claim
			}
			all = append(all, d)
		}
		i = j
	}
	return slices.DeleteFunc(all, func(d dark) bool { return o.mayStand(d, of) })
}

// mayStand: a prefix of which nothing was known before the total, and whose
// first sign of life does not come with the return, may have stood unseen.
func (o *oracle) mayStand(d dark, of []int) bool {
	for _, p := range of {
		first, absent := int64(-1), false
		for t := o.begin; t < o.in.End; t++ {
			for peer := range o.in.Peers {
				s := o.at(p, peer, t)
				if s == Absent && t <= d.from {
					absent = true
				}
				if carries(s) && first < 0 {
					first = t
				}
			}
		}
		if first > d.from && !absent && (!d.ended || first > d.until+300) {
			return true
		}
	}
	return false
}

func (o *oracle) find() []Outage {
	var out []Outage
	var all []int
	for p := range o.in.Prefixes {
		all = append(all, p)
	}
	out = append(out, o.scope(Outage{Scope: ScopeSubject, Prefix: -1}, all)...)
	for _, origin := range o.in.Origins {
		var of []int
		for _, p := range all {
			if slices.Contains(o.in.Prefixes[p].Origins, origin) {
				of = append(of, p)
			}
		}
		out = append(out, o.scope(Outage{Scope: ScopeOrigin, Origin: origin, Prefix: -1}, of)...)
	}
	for _, p := range all {
		for t := o.begin; t < o.in.End; t++ {
			if !o.goesOut(p, t) {
				continue
			}
			g := &group{[]piece{o.piece(p, t)}}
			if g.until() <= o.in.Start && g.ending() != stillOut {
				continue
			}
			x := Outage{Scope: ScopePrefix, Prefix: p, Of: 1, Prefixes: []int{p}}
			o.partial(&x, g)
			o.measure(&x, g)
			out = append(out, x)
		}
	}
	return out
}

func (o *oracle) scope(like Outage, of []int) []Outage {
	var out []Outage
	gs := o.groups(of)
	darks := o.darks(of)
	for i, g := range gs {
		if g.until() <= o.in.Start && g.ending() != stillOut {
			continue
		}
		x := like
		x.Of = len(of)
		// "A total belongs to the newest entry" that is open at its start.
		var mine []dark
		for _, d := range darks {
			newest := -1
			for k, h := range gs {
				if h.from() <= d.from && h.until() > d.from {
					newest = k
				}
			}
			if newest == i {
				mine = append(mine, d)
			}
		}
		if len(mine) == 0 {
			o.partial(&x, g)
		} else {
			o.total(&x, mine, of)
		}
		o.measure(&x, g)
		out = append(out, x)
	}
	return out
}

// total: a peer that carries something of the scope and holds nothing of it at
// the first total's start speaks.
func (o *oracle) total(x *Outage, ds []dark, of []int) {
	start, end := ds[0].from, ds[len(ds)-1]
	for _, d := range ds {
		x.Total = append(x.Total, Span{d.from, d.until, d.ended})
		for _, z := range d.zombies {
			if !slices.Contains(x.Zombies, z) {
				x.Zombies = append(x.Zombies, z)
			}
		}
	}
	slices.Sort(x.Zombies)
	for _, p := range of { // "`lost` counts what is out at its start"
		if o.isOutAt(p, start) {
			x.Prefixes = append(x.Prefixes, p)
		}
	}
	for peer := range o.in.Peers {
		carried, held := o.peerAt(peer, of, start)
		if carried == 0 {
			continue
		}
		x.Carried++
		if held > 0 {
			continue
		}
		tick := Tick{Peer: peer}
		for t := start; t >= o.begin && !tick.Lost.Seen; t-- { // "its last loss up to then"
			for _, p := range of {
				if o.loses(p, peer, t) {
					tick.Lost = Moment{t, true}
				}
			}
		}
		if !tick.Lost.Seen {
			continue
		}
		// "its return its first at or after the trough's end, even after the
		// entry closed, up to a hole or the data's end"
		tick.Back, tick.why = Moment{o.in.End, false}, EndOfData
		for t := end.until; ; t++ {
			u := min(t, o.in.End-1)
			c, h := o.peerAt(peer, of, u)
			if h > 0 {
				tick.Back, tick.why = Moment{t, true}, Seen
				break
			}
			if c == 0 {
				tick.Back, tick.why = Moment{t, false}, Blind
				break
			}
			if t >= o.in.End {
				break
			}
		}
		if !end.ended && tick.why == Seen {
			tick.Back, tick.why = Moment{end.until, false}, Blind
		}
		x.Ticks = append(x.Ticks, tick)
	}
}

// loses: at the end of the second it is gone, and when last known it was not.
func (o *oracle) loses(p, peer int, t int64) bool {
	before := t - 1
	for before >= o.begin && o.at(p, peer, before) == Unknown {
		before--
	}
	return without(o.at(p, peer, t)) && !without(o.at(p, peer, before))
}

// partial: "without a total: each peer's last loss and first return among the
// entry's prefixes" – the first return after that loss, which is of a prefix
// that the peer had lost while it was out.
func (o *oracle) partial(x *Outage, g *group) {
	prefixes := map[int]bool{}
	carried := map[int]bool{}
	type gone struct {
		lost, back int64
		why        Censor
	}
	runs := map[int][]gone{}
	for _, pc := range g.pieces {
		prefixes[pc.prefix] = true
		for peer := range o.in.Peers {
			if carries(o.at(pc.prefix, peer, pc.from)) {
				carried[peer] = true
			}
			for t := o.begin; t < pc.until; t++ {
				if !o.loses(pc.prefix, peer, t) {
					continue
				}
				r := gone{t, o.in.End, EndOfData}
				for u := t; u < o.in.End; u++ {
					if s := o.at(pc.prefix, peer, u); holds(s) {
						r.back, r.why = u, Seen
						break
					} else if !without(s) {
						r.back, r.why = u, Blind
						break
					}
				}
				if r.back > pc.from {
					runs[peer] = append(runs[peer], r)
				}
			}
		}
	}
	for p := range o.in.Prefixes {
		if prefixes[p] {
			x.Prefixes = append(x.Prefixes, p)
		}
	}
	if x.Scope == ScopePrefix {
		x.Prefixes = []int{x.Prefix}
	}
	x.Carried = len(carried)
	for peer := range o.in.Peers {
		if len(runs[peer]) == 0 {
			continue
		}
		tick := Tick{Peer: peer, Back: Moment{o.in.End, false}, why: EndOfData}
		for _, r := range runs[peer] {
			if !tick.Lost.Seen || r.lost > tick.Lost.At {
				tick.Lost = Moment{r.lost, true}
			}
		}
		for _, r := range runs[peer] {
			if r.back < tick.Lost.At {
				continue
			}
			if r.why == Seen && (tick.why != Seen || r.back < tick.Back.At) {
				tick.Back, tick.why = Moment{r.back, true}, Seen
			}
			if r.why == Blind && tick.why == EndOfData {
				tick.Back, tick.why = Moment{r.back, false}, Blind
			}
		}
		x.Ticks = append(x.Ticks, tick)
	}
}

// measure fills what follows from the ticks.
func (o *oracle) measure(x *Outage, g *group) {
	x.From, x.Until = g.from(), Moment{g.until(), g.ending() == returned}
	ases := map[uint32]bool{}
	blind, unseenBack := false, false
	var lost, back []int64 // an unseen moment is later than all
	const never = int64(1) << 60
	for _, t := range x.Ticks {
		if as := o.in.Peers[t.Peer].AS; as != 0 {
			ases[as] = true
		}
		l, b := t.Lost.At, t.Back.At
		if !t.Lost.Seen {
			l = never
		}
		if !t.Back.Seen {
			b = never
		}
		lost, back = append(lost, l), append(back, b)
		blind = blind || t.why == Blind
		unseenBack = unseenBack || !t.Back.Seen
	}
	x.ASes = len(ases)
	three := func(ts []int64) Moments {
		slices.Sort(ts)
		pick := func(i int) Moment {
			if len(ts) == 0 || ts[i] == never {
				return Moment{}
			}
			return Moment{ts[i], true}
		}
		// The lower middle: of four, the second.
		return Moments{pick(0), pick((len(ts) - 1) / 2), pick(len(ts) - 1)}
	}
	x.Onset, x.Recovery = three(lost), three(back)
	x.Duration = -1
	if x.Onset.Median.Seen && x.Recovery.Median.Seen {
		x.Duration = x.Recovery.Median.At - x.Onset.Median.At
	}
	switch how := g.ending(); {
	case how == stillOut:
		x.Censored = EndOfData
	case how == unseen || blind:
		x.Censored = Blind
	case unseenBack:
		x.Censored = EndOfData
	}
}

// drawInput makes histories that are short, crowded and full of blindness.
func drawInput(t *rapid.T) Input {
	in := Input{Name: "S", Start: 1000}
	in.End = in.Start + rapid.Int64Range(40, 900).Draw(t, "length")
	begin := in.Start - rapid.Int64Range(0, 300).Draw(t, "baseline")
	crowd := rapid.IntRange(0, 2).Draw(t, "crowd") == 0
	peers := rapid.IntRange(1, 6).Draw(t, "peers")
	if crowd { // enough for the rule of 5 %
		peers = rapid.IntRange(19, 41).Draw(t, "many peers")
	}
	odds := 14
	if crowd {
		odds = 40
	}
	for i := range peers {
		as := uint32(64500 + i)
		switch rapid.IntRange(0, 9).Draw(t, "AS") {
		case 0:
			as = 0
		case 1:
			as = 64500
		}
		in.Peers = append(in.Peers, Peer{observe.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}, as})
	}
	in.Origins = []uint32{64496, 64497}
	prefixes := rapid.IntRange(1, 4).Draw(t, "prefixes")
	// Blackouts that everybody follows give the random steps a shape.
	type wave struct{ down, up int64 }
	var waves []wave
	for range rapid.IntRange(0, 3).Draw(t, "waves") {
		d := rapid.Int64Range(begin, in.End).Draw(t, "down")
		waves = append(waves, wave{d, d + rapid.Int64Range(1, 400).Draw(t, "for")})
	}
	// So do holes, in which a peer forgets all of its routes.
	holes := map[int]wave{}
	for peer := range peers {
		if rapid.IntRange(0, 5).Draw(t, "hole") == 0 {
			d := rapid.Int64Range(begin, in.End).Draw(t, "hole at")
			holes[peer] = wave{d, d + rapid.Int64Range(1, 200).Draw(t, "hole for")}
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "gap") == 0 { // a hole of everybody
		d := rapid.Int64Range(begin, in.End).Draw(t, "gap at")
		w := wave{d, d + rapid.Int64Range(1, 200).Draw(t, "gap for")}
		for peer := range peers {
			holes[peer] = w
		}
	}
	for p := range prefixes {
		px := Prefix{Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(p), 0}), 24)}
		px.Origins = in.Origins[:1+p%2]
		for peer := range peers {
			if !crowd && rapid.IntRange(0, 5).Draw(t, "no carrier") == 0 {
				continue
			}
			zombie := rapid.IntRange(0, odds).Draw(t, "zombie") == 0
			at := map[int64]State{}
			at[begin+rapid.Int64Range(0, 60).Draw(t, "known")] = Held
			if !zombie {
				for _, w := range waves {
					jitter := rapid.Int64Range(0, 12).Draw(t, "jitter")
					at[w.down+jitter] = Lost
					at[w.up+jitter] = Held
				}
			}
			for range rapid.IntRange(0, 3).Draw(t, "more") {
				if crowd {
					break
				}
				at[rapid.Int64Range(begin, in.End+10).Draw(t, "at")] = State(rapid.IntRange(1, 6).Draw(t, "state"))
			}
			if h, ok := holes[peer]; ok {
				for s := range at {
					if s >= h.down && s < h.up {
						delete(at, s)
					}
				}
				at[h.down] = Unknown
				if _, ok := at[h.up]; !ok && rapid.Bool().Draw(t, "after hole") {
					at[h.up] = State(rapid.IntRange(2, 6).Draw(t, "state after"))
				}
			}
			c := Carrier{Peer: peer, Steps: steps(at)}
			if len(c.Steps) > 0 {
				px.Carriers = append(px.Carriers, c)
			}
		}
		in.Prefixes = append(in.Prefixes, px)
	}
	return in
}

// steps orders states by time and drops what changes nothing.
func steps(at map[int64]State) []Step {
	var out []Step
	was := None
	for _, t := range slices.Sorted(mapKeys(at)) {
		if at[t] != was {
			was = at[t]
			out = append(out, Step{t, was})
		}
	}
	return out
}

func mapKeys[K cmp.Ordered, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func describeAll(in Input, os []Outage) string {
	var b strings.Builder
	for _, o := range os {
		fmt.Fprintln(&b, describe(in, o, true))
	}
	return b.String()
}

// TestFindAgainstOracle compares the event-driven computation with the one that
// looks at every second.
func TestFindAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { agree(t, drawInput(t)) })
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func agree(t failer, in Input) []Outage {
	t.Helper()
	o := newOracle(in).find()
	if got, want := describeAll(in, Find(in)), describeAll(in, o); got != want {
		t.Fatalf("histories:\n%s\nFind:\n%s\noracle:\n%s", describeInput(in), got, want)
	}
	return o
}

// TestOracleMeetsTheRules makes the comparison on the same histories every time,
// and makes sure that they reach what is to be compared: without that the
// comparison would say little.
func TestOracleMeetsTheRules(t *testing.T) {
	seen := map[string]int{}
	gen := rapid.Custom(drawInput)
	for seed := range 500 {
		in := gen.Example(seed)
		for _, o := range agree(t, in) {
			seen[o.Scope.String()]++
			if len(o.Total) > 0 {
				seen["total"]++
			}
			if len(o.Total) > 1 {
				seen["several totals"]++
			}
			if len(o.Zombies) > 0 {
				seen["zombies"]++
			}
			switch o.Censored {
			case Blind:
				seen["blind"]++
			case EndOfData:
				seen["end of data"]++
			}
			if o.Recovery.First.Seen && !o.Recovery.Last.Seen {
				seen["last return unseen"]++
			}
			if o.Onset.Median.Seen && !o.Recovery.Median.Seen {
				seen["median unseen"]++
			}
			if o.From < in.Start {
				seen["begun before the question"]++
			}
		}
	}
	for _, what := range []string{"subject", "origin", "prefix", "total", "several totals", "zombies", "blind",
		"end of data", "last return unseen", "median unseen", "begun before the question"} {
		if seen[what] == 0 {
			t.Errorf("no random history had: %s", what)
		}
	}
}

func describeInput(in Input) string {
	var b strings.Builder
	fmt.Fprintf(&b, "question %d..%d\n", in.Start, in.End)
	for i, p := range in.Peers {
		fmt.Fprintf(&b, "peer %d AS%d\n", i, p.AS)
	}
	for i, p := range in.Prefixes {
		for _, c := range p.Carriers {
			fmt.Fprintf(&b, "prefix %d peer %d:", i, c.Peer)
			for _, s := range c.Steps {
				fmt.Fprintf(&b, " %d %s", s.At, s.State)
			}
			fmt.Fprintln(&b)
		}
	}
	return b.String()
}
