package outage

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"constat/routes/vantage"
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

	// The same of being lost by some and never out in all the time that it is.
	someRaw, someBlind, some [][]bool

	heavier bool // something was measured that weighs more than what was out at the most
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
		raw, blind, out := o.judge(p, o.isOut)
		o.raw, o.blind, o.out = append(o.raw, raw), append(o.blind, blind), append(o.out, out)
		raw, blind, some := o.judge(p, o.isHurt)
		o.notOut(p, some, blind)
		o.someRaw, o.someBlind, o.some = append(o.someRaw, raw), append(o.someBlind, blind), append(o.some, some)
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

// isHurt: "lost by carriers in at least two ASes and by more than one carrier in
// twenty".
func (o *oracle) isHurt(states []State) bool {
	n, gone := 0, 0
	ases := map[uint32]bool{}
	for peer, s := range states {
		if carries(s) {
			n++
		}
		if without(s) {
			gone++
			if as := o.in.Peers[peer].AS; as != 0 {
				ases[as] = true
			}
		}
	}
	return n >= 2 && gone*100 > n*5 && len(ases) >= 2
}

// notOut strikes out the times in which the prefix was also out at a second,
// and those that last less than a minute.
func (o *oracle) notOut(p int, some, blind []bool) {
	for t := 0; t < len(some); t++ {
		if !some[t] {
			continue
		}
		u, out := t, false
		for u < len(some) && some[u] && (u == t || !blind[u]) {
			out = out || o.out[p][u]
			u++
		}
		if out || u-t < 60 {
			for k := t; k < u; k++ {
				some[k] = false
			}
		}
		t = u - 1
	}
}

func (o *oracle) judge(p int, is func([]State) bool) (raw, blind, out []bool) {
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
		now, was := column(t), make([]State, len(o.in.Peers))
		if t > 0 {
			was = column(t - 1)
		}
		holds, lost := is(now), false
		// Had those that stop watching now kept what they had, would it be so?
		kept := slices.Clone(now)
		for i := range now {
			if carries(was[i]) && !carries(now[i]) {
				kept[i] = was[i]
			}
			lost = lost || without(now[i]) && !without(was[i])
		}
		switch {
		case t > 0 && raw[t-1]:
			raw[t] = holds
			blind[t] = !holds && is(kept) // it ends, and nobody saw it end
		default:
			raw[t] = holds && lost && is(kept) // looking away begins nothing
		}
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

// piece is one outage of one prefix, for the oracle.
type piece struct {
	prefix      int
	from, until int64
	how         ending
}

func (o *oracle) pieceOf(out, blind []bool, p int, from int64) piece {
	for t := from; t < o.in.End; t++ {
		if !out[t-o.begin] {
			how := returned
			if blind[t-o.begin] {
				how = unseen
			}
			return piece{p, from, t, how}
		}
	}
	return piece{p, from, o.in.End, stillOut}
}

// pieces lists the outages, or the partial losses, of prefixes by the second at
// which they begin.
func (o *oracle) pieces(of []int, partial bool) []piece {
	var all []piece
	for t := o.begin; t < o.in.End; t++ {
		for _, p := range of {
			out, blind := o.out[p], o.blind[p]
			if partial {
				out, blind = o.some[p], o.someBlind[p]
			}
			if i := t - o.begin; out[i] && (i == 0 || !out[i-1]) {
				all = append(all, o.pieceOf(out, blind, p, t))
			}
		}
	}
	return all
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
func (o *oracle) groups(pieces []piece) []*group {
	var all []*group
	for _, pc := range pieces {
		joined := false
		if len(all) > 0 {
			g := all[len(all)-1]
			latest := int64(-1 << 62)
			members, out := map[int]bool{}, map[int]bool{}
			for _, x := range g.pieces {
				latest = max(latest, x.from)
				members[x.prefix] = true
				if x.until > pc.from {
					out[x.prefix] = true
				}
			}
			if pc.from-latest <= 300 && 2*(len(members)-len(out)) < len(members) {
				g.pieces = append(g.pieces, pc)
				joined = true
			}
		}
		if !joined {
			all = append(all, &group{[]piece{pc}})
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

// oraclePair is a carrier of a prefix, for the oracle.
type oraclePair struct{ prefix, peer int }

// glance is one second of a scope.
type glance struct {
	claim   bool // enough carriers, and no prefix may be standing unseen
	carried int
	holders []oraclePair
	few     bool
}

func (o *oracle) glance(of []int, t int64) glance {
	var s glance
	carriers := 0
	ases := map[uint32]bool{}
	for peer := range o.in.Peers {
		c, _ := o.peerAt(peer, of, t)
		s.carried += c
		if c > 0 {
			carriers++
			if as := o.in.Peers[peer].AS; as != 0 {
				ases[as] = true
			}
		}
		for _, p := range of {
			if holds(o.at(p, peer, t)) {
				s.holders = append(s.holders, oraclePair{p, peer})
			}
		}
	}
	s.claim = carriers >= 2 && len(ases) >= 2
	for _, p := range of {
		known, unknown := false, false
		for peer := range o.in.Peers {
			st := o.at(p, peer, t)
			known = known || carries(st)
			unknown = unknown || st.blank()
		}
		if unknown && !known {
			s.claim = false
		}
	}
	allowed := 0
	if carriers >= 20 {
		allowed = s.carried * 5 / 100
	}
	s.few = s.claim && len(s.holders) <= allowed
	return s
}

type dark struct {
	from, until int64
	ended       bool
	stuck       []oraclePair
}

// darks: "no carrier holds any prefix of the scope, from the last loss to the
// first return". While at most 5 % of the pairs of carrier and prefix hold, of
// at least twenty carriers, those that are never seen to lose it are stuck, and
// the last loss is that of the others.
func (o *oracle) darks(of []int) []dark {
	var sights []glance
	for t := o.begin; t < o.in.End; t++ {
		sights = append(sights, o.glance(of, t))
	}
	var all []dark
	// Somebody comes to be known to be without something, or his tables are.
	loss := func(k int) bool {
		for _, p := range of {
			for peer := range o.in.Peers {
				t := o.begin + int64(k)
				if s := o.at(p, peer, t); s != o.at(p, peer, t-1) && (without(s) || s == Absent || s == Without || s == Missing) {
					return true
				}
			}
		}
		return false
	}
	for i := 0; i < len(sights); i++ {
		if !sights[i].few || !loss(i) {
			continue
		}
		j := i
		for j < len(sights) && sights[j].few {
			j++
		}
		var stuck []oraclePair
		for _, h := range sights[i].holders {
			lost := false
			for k := i; k < j; k++ {
				s := o.at(h.prefix, h.peer, o.begin+int64(k))
				lost = lost || without(s) || s == Absent || s == Without
			}
			if !lost {
				stuck = append(stuck, h)
			}
		}
		dim := func(k int) bool { // only stuck routes hold
			for _, h := range sights[k].holders {
				if !slices.Contains(stuck, h) {
					return false
				}
			}
			return true
		}
		for k, l := i, i; k < j; k = max(k+1, l) {
			if !dim(k) || !loss(k) {
				continue
			}
			for l = k; l < j && dim(l); {
				l++
			}
			d := dark{o.begin + int64(k), o.begin + int64(l), true, stuck}
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
		out = append(out, o.scope(Outage{Scope: ScopePrefix, Prefix: p}, []int{p})...)
	}
	return out
}

func (o *oracle) scope(like Outage, of []int) []Outage {
	var out []Outage
	gather := o.groups
	if like.Scope == ScopePrefix { // each by itself
		gather = func(ps []piece) (gs []*group) {
			for _, p := range ps {
				gs = append(gs, &group{[]piece{p}})
			}
			return gs
		}
	}
	gs := gather(o.pieces(of, false))
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
		o.measured(&x, g, mine, of)
		o.touched(&x, g)
		o.measure(&x, g)
		out = append(out, x)
	}
	// "What is lost in part while the scope has an outage, or within 300 s
	// before one, belongs to that outage."
	var parts []piece
	for _, pc := range o.pieces(of, true) {
		belongs := false
		for _, g := range gs {
			belongs = belongs || pc.from >= g.from()-300 && (pc.from < g.until() || g.ending() == stillOut)
		}
		if !belongs {
			parts = append(parts, pc)
		}
	}
	for _, g := range gather(parts) {
		if g.until() <= o.in.Start && g.ending() != stillOut {
			continue
		}
		x := like
		x.Of, x.Partial = len(of), true
		o.notTotal(&x, g, o.troughOf(g))
		o.touched(&x, g)
		o.measure(&x, g)
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Outage) int { return cmp.Compare(a.From, b.From) })
	return out
}

// touched counts what was out at any time.
func (o *oracle) touched(x *Outage, g *group) {
	all := map[int]bool{}
	for _, p := range x.Prefixes {
		all[p] = true
	}
	for _, pc := range g.pieces {
		all[pc.prefix] = true
	}
	x.Touched = len(all)
}

// total: a peer that carries something of the scope and holds nothing of it at
// the first total's start, but for stuck routes, speaks.
func (o *oracle) total(x *Outage, ds []dark, of []int) {
	start, end := ds[0].from, ds[len(ds)-1]
	stuck := map[oraclePair]bool{}
	for _, d := range ds {
		x.Total = append(x.Total, Span{d.from, d.until, d.ended})
		for _, z := range d.stuck {
			stuck[z] = true
			if !slices.Contains(x.Zombies, z.peer) {
				x.Zombies = append(x.Zombies, z.peer)
			}
		}
	}
	slices.Sort(x.Zombies)
	x.trough = start
	for _, p := range of { // "`lost` counts what is out at its start"
		if o.isOutAt(p, start) {
			x.Prefixes = append(x.Prefixes, p)
		}
	}
	o.routes(x, of)
	for peer := range o.in.Peers {
		if carried, _ := o.peerAt(peer, of, start); carried == 0 {
			continue
		}
		x.Carried++
		var loose []int // what it has besides stuck routes
		for _, p := range of {
			if !stuck[oraclePair{p, peer}] {
				loose = append(loose, p)
			}
		}
		if carried, held := o.peerAt(peer, loose, start); carried == 0 || held > 0 {
			continue
		}
		tick := Tick{Peer: peer}
		for t := start; t >= o.begin && !tick.Lost.Seen; t-- { // "its last loss up to then"
			for _, p := range loose {
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
			c, h := o.peerAt(peer, loose, u)
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

// routes counts pairs at the trough.
func (o *oracle) routes(x *Outage, of []int) {
	for _, p := range of {
		for peer := range o.in.Peers {
			s := o.at(p, peer, x.trough)
			if carries(s) {
				x.Routes.Of++
			}
			if without(s) {
				x.Routes.Lost++
			}
			if x.byTotal && holds(s) {
				x.Routes.Stuck++
			}
		}
	}
}

// loses: at the end of the second it is gone, and when last known it was not.
func (o *oracle) loses(p, peer int, t int64) bool {
	before := t - 1
	for before >= o.begin && (o.at(p, peer, before).blank() || o.at(p, peer, before) == Without) {
		before--
	}
	return without(o.at(p, peer, t)) && !without(o.at(p, peer, before))
}

// outAt counts the prefixes of a group that are out at a second.
func (g *group) outAt(t int64) map[int]bool {
	out := map[int]bool{}
	for _, pc := range g.pieces {
		if pc.from <= t && t < pc.until {
			out[pc.prefix] = true
		}
	}
	return out
}

// trough: "from the first to the last second at which nine tenths of the most
// prefixes that were ever out at once are out", and the prefixes that are out
// for at least half of it.
func (o *oracle) trough(g *group) (from, until int64, core map[int]bool) {
	most := 0
	for t := g.from(); t < g.until(); t++ {
		most = max(most, len(g.outAt(t)))
	}
	from = -1
	for t := g.from(); t < g.until(); t++ {
		if len(g.outAt(t))*10 < most*9 {
			continue
		}
		if from < 0 {
			from = t
		}
		until = t + 1
	}
	seconds := map[int]int64{}
	for t := from; t < until; t++ {
		for p := range g.outAt(t) {
			seconds[p]++
		}
	}
	core = map[int]bool{}
	for p, n := range seconds {
		if 2*n >= until-from {
			core[p] = true
		}
	}
	if len(core) == 0 { // "the time in which those out at its first second all are"
		core = g.outAt(from)
		for until = from; len(g.outAt(until)) > 0; until++ {
			all := true
			for p := range core {
				all = all && g.outAt(until)[p]
			}
			if !all {
				break
			}
		}
	}
	return from, until, core
}

func (o *oracle) troughOf(g *group) trough {
	from, until, core := o.trough(g)
	return trough{from, until, core}
}

// measured: by the total, unless "nothing of what was lost came back within 60 s of its end", else by the
// trough; unless another stretch "weighs more than twice as much by addresses and time", and "five times as
// much as a total". All prefixes of the histories are of one size.
func (o *oracle) measured(x *Outage, g *group, mine []dark, of []int) {
	at, times := o.troughOf(g), 2
	lost := at.core
	if len(mine) > 0 {
		first := map[int]bool{}
		for _, p := range of {
			if o.isOutAt(p, mine[0].from) {
				first[p] = true
			}
		}
		if !o.outlasts(mine[len(mine)-1], first) {
			x.byTotal, times, lost = true, 5, first
		}
	}
	told := 0
	for t := g.from(); t < g.until(); t++ {
		n := 0
		for p := range lost {
			if o.raw[p][t-o.begin] {
				n++
			}
		}
		if n > 0 && 2*n >= len(lost) {
			told += len(lost)
		}
	}
	most := times * told
	for _, pc := range g.pieces {
		if x.Scope == ScopePrefix || told == 0 || pc.until-pc.from < 60 {
			continue
		}
		seconds := map[int]int{}
		for t := pc.from; t < pc.until; t++ {
			for p := range o.in.Prefixes {
				if g.outAt(t)[p] && o.raw[p][t-o.begin] {
					seconds[p]++
				}
			}
		}
		core, sum := map[int]bool{}, 0
		for p, n := range seconds {
			if int64(2*n) >= pc.until-pc.from {
				core[p] = true
				sum += n
			}
		}
		if sum > most {
			at, most = trough{pc.from, pc.until, core}, sum
			x.byTotal, o.heavier = false, true
		}
	}
	if x.byTotal {
		o.total(x, mine, of)
		return
	}
	for _, d := range mine {
		x.Total = append(x.Total, Span{d.from, d.until, d.ended})
	}
	o.notTotal(x, g, at)
}

// outlasts: of what was gone in the last second of a total nothing is back in the 60 s behind it.
func (o *oracle) outlasts(d dark, lost map[int]bool) bool {
	if !d.ended || len(lost) == 0 || d.until+60 > o.in.End {
		return false
	}
	gone := func(t int64) (n int) {
		for p := range lost {
			for peer := range o.in.Peers {
				if without(o.at(p, peer, t)) {
					n++
				}
			}
		}
		return n
	}
	n := gone(d.until - 1)
	for t := d.until; t < d.until+60; t++ {
		if gone(t) < n {
			return false
		}
	}
	return n > 0
}

// notTotal: "without a total each peer's last loss and first return among the
// prefixes that were out through the trough" – of a prefix lost several times
// the loss with which the trough begins, and the last return; and the first
// return after that loss.
func (o *oracle) notTotal(x *Outage, g *group, at trough) {
	from, until, core := at.from, at.until, at.core
	type gone struct {
		lost, back int64
		why        Censor
	}
	ticks := map[int][]gone{}
	carried := map[int]bool{}
	for p := range o.in.Prefixes {
		if !core[p] {
			continue
		}
		x.Prefixes = append(x.Prefixes, p)
		// The prefix's own time: all of its outages that reach into the trough.
		a, b := int64(1)<<60, int64(-1)
		for _, pc := range g.pieces {
			if pc.prefix == p && pc.from < until && pc.until > from {
				a, b = min(a, pc.from), max(b, pc.until)
			}
		}
		for peer := range o.in.Peers {
			for t := a; t < b; t++ {
				if carries(o.at(p, peer, t)) {
					carried[peer] = true
				}
			}
			var one *gone
			for t := o.begin; t < min(b, until); t++ {
				if !o.loses(p, peer, t) {
					continue
				}
				r := gone{t, o.in.End, EndOfData}
				for u := t; u < o.in.End; u++ {
					if s := o.at(p, peer, u); holds(s) {
						r.back, r.why = u, Seen
						break
					} else if !without(s) {
						r.back, r.why = u, Blind
						break
					}
				}
				if r.back <= a || r.back <= from {
					continue
				}
				if one == nil || r.lost <= from {
					one = &gone{lost: r.lost}
				}
				one.back, one.why = r.back, r.why
			}
			if one != nil {
				ticks[peer] = append(ticks[peer], *one)
			}
		}
	}
	x.Carried = len(carried)
	for peer := range o.in.Peers {
		rs := ticks[peer]
		if len(rs) == 0 {
			continue
		}
		tick := Tick{Peer: peer, Back: Moment{o.in.End, false}, why: EndOfData}
		for _, r := range rs {
			if !tick.Lost.Seen || r.lost > tick.Lost.At {
				tick.Lost = Moment{r.lost, true}
			}
		}
		for _, r := range rs {
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
	// "the first second at which the most of its routes are gone"
	most := -1
	for t := from; t < until; t++ {
		n := 0
		for _, p := range x.Prefixes {
			for peer := range o.in.Peers {
				if without(o.at(p, peer, t)) {
					n++
				}
			}
		}
		if n > most {
			most, x.trough = n, t
		}
	}
	o.routes(x, x.Prefixes)
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
		in.Peers = append(in.Peers, Peer{vantage.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}, as})
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
				when := rapid.Int64Range(begin, in.End+10).Draw(t, "at")
				at[when] = stateOf(rapid.IntRange(1, 7).Draw(t, "state"), when)
			}
			if h, ok := holes[peer]; ok {
				for s := range at {
					if s >= h.down && s < h.up {
						delete(at, s)
					}
				}
				at[h.down] = Unknown
				if _, ok := at[h.up]; !ok && rapid.Bool().Draw(t, "after hole") {
					at[h.up] = stateOf(rapid.IntRange(2, 8).Draw(t, "state after"), h.up)
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

// stateOf is the state of a number that was drawn; of those that are unknown every other one is hidden.
func stateOf(n int, at int64) State {
	s := [...]State{None, Absent, Unknown, Missing, Held, Lost, Covered, Replaced, Without}[n]
	if s == Unknown && at%2 == 0 {
		s = Hidden
	}
	return s
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
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { agree(t, drawInput(t)) })
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func agree(t failer, in Input) (out []Outage, heavier bool) {
	t.Helper()
	o := newOracle(in)
	out = o.find()
	checkFirst(t, in)
	if got, want := describeAll(in, Find(in)), describeAll(in, out); got != want {
		t.Fatalf("histories:\n%s\nFind:\n%s\noracle:\n%s", describeInput(in), got, want)
	}
	return out, o.heavier
}

// TestOracleMeetsTheRules makes the comparison on the same histories every time,
// and makes sure that they reach what is to be compared: without that the
// comparison would say little.
func TestOracleMeetsTheRules(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	gen := rapid.Custom(drawInput)
	for seed := range 500 {
		in := gen.Example(seed)
		out, heavier := agree(t, in)
		if heavier {
			seen["measured by what weighs more"]++
		}
		for _, o := range out {
			seen[o.Scope.String()]++
			if len(o.Total) > 0 {
				seen["total"]++
			}
			if len(o.Total) > 1 {
				seen["several totals"]++
			}
			if len(o.Total) > 0 && !o.byTotal {
				seen["measured by something else than its total"]++
			}
			if len(o.Zombies) > 0 {
				seen["zombies"]++
			}
			if len(o.Zombies) > 0 && len(o.Ticks)+len(o.Zombies) > o.Carried {
				seen["a peer that lost some and is stuck with some"]++
			}
			if o.Partial {
				seen["partial "+o.Scope.String()]++
			}
			if o.Scope == ScopePrefix && len(o.Total) > 0 {
				seen["total of a prefix"]++
			}
			if len(o.Total) == 0 && o.Touched > len(o.Prefixes) {
				seen["flapping prefixes"]++
			}
			if len(o.Total) == 0 && o.Trough() != o.From {
				seen["a trough behind the onset"]++
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
		"end of data", "last return unseen", "median unseen", "begun before the question", "partial subject", "partial origin", "partial prefix",
		"total of a prefix", "flapping prefixes", "a trough behind the onset", "a peer that lost some and is stuck with some",
		"measured by something else than its total", "measured by what weighs more"} {
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

// checkFirst holds First against what Find returns.
func checkFirst(t failer, in Input) {
	t.Helper()
	found := Find(in)
	var first int64
	for i, o := range found {
		if i == 0 || o.From < first {
			first = o.From
		}
	}
	if from, ok := First(in); ok != (len(found) > 0) || from != first {
		t.Fatalf("First: %d, %v; Find has %d outages, the first from %d", from, ok, len(found), first)
	}
}
