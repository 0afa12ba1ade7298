package cause

import (
	"cmp"
	"fmt"
	"slices"

	"constat/judge/place"
	"constat/judge/proof"
)

// net is what the routes of one loss ran over, as sets of lost units. A lost
// unit counts once, whichever of its possible last paths is meant.
type net struct {
	in *Input
	screened
	moved  []Path // paths of a move seconds before the loss, see moves
	home   string // the country of several origins, whose networks act as one; empty for one origin
	units  []unit
	zombie float64 // a high estimate of the share of withdrawn routes that stay
	loss   float64 // the share of routes lost in the same minutes for reasons of their own
	alpha  float64 // how rare a coincidence must be before it is no longer taken for one
	lost   []int   // units that lost the routes and were not displaced
	n      int     // how many
	spread int64   // how long the losses took, in seconds
	had    int     // units with a baseline
	held   int     // of them, those that still hold a route
	slack  int     // lost units that may have been lost to something else
	// few is how many lost units one act must explain. It does not grow with the
	// noise of a standard: else a stricter one could claim what a laxer does not.
	few int

	sess   []place.Session
	id     map[place.Session]int32
	cross  []bitset        // per session: lost units with a last path over it
	only   []bitset        // … all of whose possible last paths run over it
	paths  [][][]int32     // per lost unit and possible last path: sessions, from the origin outward
	alive  []bool          // per session: routes still pass, beyond what noise explains
	weak   []bool          // per session: something says that routes still pass
	goes   map[uint32]bool // networks that still pass the routes on to somebody, beyond what noise explains
	passes map[uint32]bool // networks that still pass the routes on to somebody, as something says
	in_    []bool          // per session: inside the region
	actors []actor
	by     map[uint64]int // operator → actor
}

// actor is one operator with all its networks: what it can do on its own.
type actor struct {
	operator uint64
	as       []uint32
	sess     []int32 // sessions that one of its networks is an end of
	depth    int     // least number of sessions between it and an origin
	all      bitset  // lost units over any of its sessions that are not alive
	out      bitset  // … over those outside the region
	vantage  bool    // it stands on lost paths only as the network of a vantage itself
}

// operatorOf is the number that joins a network with its siblings, and with all
// networks of the country of several origins: that these stopped together, on
// an order or for want of power, is one act.
func (w *net) operatorOf(as uint32) uint64 {
	if w.home != "" && w.in.Country[as] == w.home {
		return 1 << 32
	}
	if o, ok := w.in.Operator[as]; ok {
		return uint64(o)
	}
	return uint64(as)
}

// home is the country in which the most of several origins are registered, if
// that is more than half of them; empty for one origin.
func home(in *Input) string {
	origins := map[uint32]bool{}
	for _, p := range in.Subject {
		origins[p.Origin] = true
	}
	if len(origins) < 2 {
		return ""
	}
	count := map[string]int{}
	for o := range origins {
		if c := in.Country[o]; c != "" {
			count[c]++
		}
	}
	for _, c := range sortedKeys(count) {
		if 2*count[c] > len(origins) {
			return c
		}
	}
	return ""
}

func newNet(in *Input, sc screened, us []unit, n proof.Noise) *net {
	w := &net{in: in, screened: sc, home: home(in), units: us, zombie: zombieRate(in, n), loss: n.Churn / 2, alpha: n.Alpha, id: map[place.Session]int32{}, by: map[uint64]int{}}
	for i := range us {
		if us[i].path != nil {
			w.had++
			w.held += b2i(us[i].state != Gone)
		}
		if us[i].state == Gone && !us[i].displaced && len(us[i].path) > 1 {
			w.lost = append(w.lost, i)
		}
	}
	w.n = len(w.lost)
	w.spread = spread(us, func(u *unit) bool { return !u.displaced })
	w.moves()
	w.paths = make([][][]int32, w.n)
	for i, k := range w.lost {
		u := &us[k]
		for _, p := range append([]Path{u.path}, u.also...) {
			if len(p) < 2 {
				continue
			}
			ids := make([]int32, 0, len(p)-1)
			for j := len(p) - 1; j > 0; j-- {
				s := w.session(place.Session{Near: p[j], Far: p[j-1]})
				w.cross[s].set(i)
				ids = append(ids, s)
			}
			w.paths[i] = append(w.paths[i], ids)
		}
	}
	w.only = make([]bitset, len(w.sess))
	for s := range w.only {
		w.only[s] = w.cross[s].clone()
	}
	for i, ps := range w.paths {
		for _, ids := range ps[min(1, len(ps)):] {
			for _, s := range ps[0] {
				if !slices.Contains(ids, s) {
					w.only[s].unset(i)
				}
			}
			for _, s := range ids {
				if !slices.Contains(ps[0], s) {
					w.only[s].unset(i)
				}
			}
		}
	}
	for s := range w.sess {
		for _, as := range []uint32{w.sess[s].Near, w.sess[s].Far} {
			a := w.actorOf(as)
			if x := &w.actors[a]; len(x.sess) == 0 || x.sess[len(x.sess)-1] != int32(s) {
				x.sess = append(x.sess, int32(s))
			}
		}
	}
	for i := range w.paths {
		for _, ids := range w.paths[i] {
			for j, s := range ids {
				near, far := &w.actors[w.actorOf(w.sess[s].Near)], &w.actors[w.actorOf(w.sess[s].Far)]
				near.depth = min(near.depth, j)
				far.depth = min(far.depth, j+1)
				near.vantage = false
			}
		}
	}
	w.in_ = make([]bool, len(w.sess))
	w.findAlive()
	for a := range w.actors {
		x := &w.actors[a]
		x.all, x.out = newBitset(w.n), newBitset(w.n)
		for _, s := range x.sess {
			if !w.alive[s] {
				x.all.add(w.cross[s])
			}
		}
	}
	return w
}

// moves adds, to the possible last paths, those that were held for a moment over
// a session that stood on no baseline, if more vantages than noise explains held
// one over it: the routes had just moved there, and what broke may have broken
// there. Example: the link to AS1 fails, five seconds later the routes go over
// the standby AS2, and ten seconds later that fails too. What is explored over
// sessions that others used before adds nothing.
func (w *net) moves() {
	used := map[place.Session]bool{}
	sessions := func(p Path, do func(place.Session)) {
		for j := 0; j+1 < len(p); j++ {
			do(place.Session{Near: p[j+1], Far: p[j]})
		}
	}
	for i := range w.units {
		sessions(w.units[i].path, func(s place.Session) { used[s] = true })
	}
	by := map[place.Session]map[uint32]bool{}
	for _, i := range w.lost {
		u := &w.units[i]
		for _, p := range slices.Concat(u.explored, u.also) {
			sessions(p, func(s place.Session) {
				if used[s] {
					return
				}
				if by[s] == nil {
					by[s] = map[uint32]bool{}
				}
				by[s][w.in.Vantages[u.vantage].AS] = true
			})
		}
	}
	most := noise(w.n, w.loss, w.alpha) + w.n/20
	for _, i := range w.lost {
		u := &w.units[i]
		for _, p := range slices.Concat(u.explored, u.also) {
			moved := false
			sessions(p, func(s place.Session) { moved = moved || len(by[s]) > most })
			if moved {
				u.also = appendPath(slices.Clip(u.also), p)
				w.moved = append(w.moved, p)
			}
		}
	}
}

func (w *net) session(s place.Session) int32 {
	id, ok := w.id[s]
	if !ok {
		id = int32(len(w.sess))
		w.id[s] = id
		w.sess = append(w.sess, s)
		w.cross = append(w.cross, newBitset(w.n))
	}
	return id
}

func (w *net) actorOf(as uint32) int {
	o := w.operatorOf(as)
	a, ok := w.by[o]
	if !ok {
		a = len(w.actors)
		w.by[o] = a
		w.actors = append(w.actors, actor{operator: o, depth: 1 << 30, vantage: true})
	}
	x := &w.actors[a]
	if !slices.Contains(x.as, as) {
		x.as = append(x.as, as)
		slices.Sort(x.as)
	}
	return a
}

// group is one network beyond a session, with all that was heard through it.
type group struct {
	had, held int
	through   map[uint32]int // networks on the held routes beyond the session → units
}

// findAlive tells over which sessions routes still pass. Evidence are groups:
// the networks next beyond a session. One that keeps most of its routes over the
// session speaks for it, unless zombies explain that many, with all or without
// the one network that explains the most. A path that nobody had before and
// that was announced after convergence is no zombie: two networks that hold one
// are enough.
func (w *net) findAlive() {
	known := map[string]bool{} // ends of paths that were held before
	for i := range w.units {
		u := &w.units[i]
		for _, p := range append([]Path{u.path, u.usual}, u.also...) {
			for j := range p {
				known[pathKey(p[j:])] = true
			}
		}
	}
	type ends struct {
		groups map[uint64]*group
		news   map[uint32]bool // ASes of vantages with a new path over it
		had    int             // units
		held   int
		fresh  bool
	}
	all := map[place.Session]*ends{}
	at := func(s place.Session) *ends {
		e := all[s]
		if e == nil {
			e = &ends{groups: map[uint64]*group{}, news: map[uint32]bool{}}
			all[s] = e
		}
		return e
	}
	key := func(p Path, j, vantage int) uint64 { // of the group beyond p[j]
		if j == 0 {
			return 1<<40 + uint64(vantage)
		}
		return uint64(p[j-1])
	}
	for i := range w.units {
		u := &w.units[i]
		had := map[place.Session]uint64{}
		for j := 0; j+1 < len(u.path); j++ {
			had[place.Session{Near: u.path[j+1], Far: u.path[j]}] = key(u.path, j, u.vantage)
		}
		for s, k := range had {
			e := at(s)
			e.had++
			g := e.groups[k]
			if g == nil {
				g = &group{through: map[uint32]int{}}
				e.groups[k] = g
			}
			g.had++
		}
		for j := 0; j+1 < len(u.now); j++ {
			s := place.Session{Near: u.now[j+1], Far: u.now[j]}
			e := at(s)
			if _, ok := had[s]; !ok {
				e.had++
			}
			e.held++
			e.fresh = e.fresh || u.fresh
			k := key(u.now, j, u.vantage)
			g := e.groups[k]
			if g == nil {
				g = &group{through: map[uint32]int{}}
				e.groups[k] = g
			}
			if old, ok := had[s]; !ok || old != k {
				g.had++
			}
			g.held++
			for _, a := range u.now[:j] {
				g.through[a]++
			}
			if u.fresh && !known[pathKey(u.now[j:])] {
				e.news[u.now[0]] = true
			}
		}
	}
	w.alive, w.weak = make([]bool, len(w.sess)), make([]bool, len(w.sess))
	live := func(e *ends) bool {
		if len(e.news) >= 2 {
			return true
		}
		held := 0
		through := map[uint32]int{}
		for _, g := range e.groups {
			if 2*g.held > g.had {
				held++
				for a := range g.through {
					through[a]++
				}
			}
		}
		if held < 2 || tail(len(e.groups), held, w.zombie) >= w.alpha {
			return false
		}
		worst, most := uint32(0), 0
		for a, n := range through {
			if n > most || n == most && a < worst {
				worst, most = a, n
			}
		}
		if most == 0 {
			return true
		}
		rest, of := 0, 0
		for k, g := range e.groups {
			if k == uint64(worst) {
				continue
			}
			of++
			if 2*(g.held-g.through[worst]) > g.had {
				rest++
			}
		}
		return rest >= 1 && tail(of, rest, w.zombie) < w.alpha
	}
	alive := map[place.Session]bool{}
	for s, e := range all {
		if live(e) {
			alive[s] = true
		}
	}
	// What passes over a session has passed over those nearer the origin, unless
	// one frozen network beyond them may have told it all.
	type support struct {
		vantages int
		through  map[uint32]int
	}
	inward := map[place.Session]*support{}
	for i := range w.units {
		u := &w.units[i]
		reached := false
		for j := 0; j+1 < len(u.now); j++ {
			s := place.Session{Near: u.now[j+1], Far: u.now[j]}
			if reached {
				x := inward[s]
				if x == nil {
					x = &support{through: map[uint32]int{}}
					inward[s] = x
				}
				x.vantages++
				for _, a := range u.now[:j] {
					x.through[a]++
				}
			}
			reached = reached || alive[s]
		}
	}
	for s, x := range inward {
		most := 0
		for _, n := range x.through {
			most = max(most, n)
		}
		if x.vantages-most >= 2 {
			alive[s] = true
		}
	}
	weak := map[place.Session]bool{}
	for s, e := range all {
		if alive[s] || e.fresh || e.held > 0 && tail(e.had, e.held, w.zombie) < w.alpha {
			weak[s] = true
		}
	}
	w.findPassing()
	for s := range weak {
		w.passes[s.Near] = true
	}
	for s := range alive {
		w.goes[s.Near] = true
	}
	for id, s := range w.sess {
		w.alive[id], w.weak[id] = alive[s], weak[s]
	}
}

// findPassing tells which networks still pass the routes on to somebody: more
// units hold a route through them than zombies explain, and for goes also without
// the one network beyond that explains the most of these.
func (w *net) findPassing() {
	type count struct {
		had, held int
		hadBy     map[uint32]int // networks beyond → units
		heldBy    map[uint32]int
	}
	by := map[uint32]*count{}
	at := func(as uint32) *count {
		c := by[as]
		if c == nil {
			c = &count{hadBy: map[uint32]int{}, heldBy: map[uint32]int{}}
			by[as] = c
		}
		return c
	}
	for i := range w.units {
		u := &w.units[i]
		for j := 1; j < len(u.path); j++ {
			c := at(u.path[j])
			c.had++
			for _, a := range u.path[:j] {
				c.hadBy[a]++
			}
		}
		for j := 1; j < len(u.now); j++ {
			c := at(u.now[j])
			c.held++
			for _, a := range u.now[:j] {
				c.heldBy[a]++
			}
			if !slices.Contains(u.path, u.now[j]) {
				c.had++
				for _, a := range u.now[:j] {
					c.hadBy[a]++
				}
			}
		}
	}
	w.passes, w.goes = map[uint32]bool{}, map[uint32]bool{}
	for as, c := range by {
		if c.held == 0 || tail(c.had, c.held, w.zombie) >= w.alpha {
			continue
		}
		w.passes[as] = true
		worst, most := uint32(0), 0
		for a, n := range c.heldBy {
			if n > most || n == most && a < worst {
				worst, most = a, n
			}
		}
		rest, of := c.held-most, c.had-c.hadBy[worst]
		if rest >= 2 && tail(max(of, rest), rest, w.zombie) < w.alpha {
			w.goes[as] = true
		}
	}
}

// refresh recomputes what every actor could stop outside the region.
func (w *net) refresh() {
	for a := range w.actors {
		x := &w.actors[a]
		x.out.clear()
		for _, s := range x.sess {
			if !w.alive[s] && !w.in_[s] {
				x.out.add(w.cross[s])
			}
		}
	}
}

// setRegion makes the region that opening some actors gives: on each lost path
// through one of them, everything from the origin to what it passes on.
func (w *net) setRegion(open []int) {
	clear(w.in_)
	opened := map[uint32]bool{}
	for _, a := range open {
		for _, as := range w.actors[a].as {
			opened[as] = true
		}
	}
	for i := range w.paths {
		for _, ids := range w.paths[i] {
			far := -1
			for j, s := range ids {
				if opened[w.sess[s].Near] {
					far = j
				} else if opened[w.sess[s].Far] {
					far = j // its import; what it passes on is the next one
				}
			}
			for j := 0; j <= far; j++ {
				w.in_[ids[j]] = true
			}
		}
	}
	// Closed towards the origin on every lost path.
	for again := true; again; {
		again = false
		for i := range w.paths {
			for _, ids := range w.paths[i] {
				inside := false
				for j := len(ids) - 1; j >= 0; j-- {
					if w.in_[ids[j]] {
						inside = true
					} else if inside {
						w.in_[ids[j]], again = true, true
					}
				}
			}
		}
	}
	w.refresh()
}

// widen takes in all that the networks of the region pass on, also what no last
// path was seen to cross.
func (w *net) widen() {
	near := map[uint32]bool{}
	for s, in := range w.in_ {
		if in {
			near[w.sess[s].Near] = true
		}
	}
	for s := range w.in_ {
		w.in_[s] = near[w.sess[s].Near]
	}
	w.refresh()
}

// leave counts the lost units with a last path that goes on outside the region,
// and those that lie wholly inside.
func (w *net) leave() (leave, inside int) {
	for i := range w.paths {
		out := false
		for _, ids := range w.paths[i] {
			for _, s := range ids {
				out = out || !w.in_[s]
			}
		}
		if out {
			leave++
		} else {
			inside++
		}
	}
	return leave, inside
}

// beyond lists, for each lost unit, the network next beyond the region on its
// last path, or the vantage's own if the path lies wholly inside.
func (w *net) beyond() []uint32 {
	out := make([]uint32, w.n)
	for i := range w.paths {
		ids := w.paths[i][0]
		out[i] = w.units[w.lost[i]].path[0]
		for _, s := range ids {
			if !w.in_[s] {
				out[i] = w.sess[s].Far
				break
			}
		}
	}
	return out
}

// witnesses counts the distinct networks next beyond the region, and the least
// of them if any one collector or, if asked, any one network on the way is left
// out.
func (w *net) witnesses(collector, transit bool) (n, least int) {
	next := w.beyond()
	all := map[uint32]int{}
	without := map[string]map[uint32]int{}
	for i, a := range next {
		all[a]++
		u := &w.units[w.lost[i]]
		keys := map[string]bool{}
		if collector {
			keys["c"+w.in.Vantages[u.vantage].Collector] = true
		}
		if transit {
			for j := len(w.paths[i][0]) - 1; j >= 0 && !w.in_[w.paths[i][0][j]]; j-- {
				keys[fmt.Sprint("a", w.sess[w.paths[i][0][j]].Far)] = true
			}
		}
		for k := range keys {
			if without[k] == nil {
				without[k] = map[uint32]int{}
			}
			without[k][a]++
		}
	}
	n, least = len(all), len(all)
	for _, m := range without {
		left := 0
		for a, c := range all {
			left += b2i(m[a] < c)
		}
		least = min(least, left)
	}
	return n, least
}

// region lists the region for the reader: the networks that pass the routes on
// inside it, the nearest to an origin first.
func (w *net) region() Region {
	var r Region
	depth := map[uint32]int{}
	for i := range w.paths {
		for _, ids := range w.paths[i] {
			for j, s := range ids {
				if near := w.sess[s].Near; w.in_[s] {
					if d, ok := depth[near]; !ok || j < d {
						depth[near] = j
					}
				}
			}
		}
	}
	r.Networks = sortedKeys(depth)
	slices.SortStableFunc(r.Networks, func(a, b uint32) int { return cmp.Compare(depth[a], depth[b]) })
	for s, in := range w.in_ {
		if in {
			r.Sessions = append(r.Sessions, w.sess[s])
		}
	}
	slices.SortFunc(r.Sessions, func(a, b place.Session) int { return cmp.Or(cmp.Compare(a.Near, b.Near), cmp.Compare(a.Far, b.Far)) })
	return r
}
