package assess

import (
	"cmp"
	"net/netip"
	"slices"
	"sort"

	"constat/judge/finding"
	"constat/moment"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// waveOf is how many seconds after the first peer that was seen to have a route the
// others may follow and still be one wave: announcements reach most peers within two
// minutes, and the rest by the next advertisement of a slow network.
const waveOf = 300

// longBefore is how many seconds before another a network must have been seen to
// announce a prefix for that to say more than the order in which routes come into sight.
const longBefore = 3600

// mostOthers is how many announcements of other networks are listed: those that
// began in the question before those that stood, and those at more networks first.
const mostOthers = 256

// sight says how well it is known since when a peer had a route.
type sight uint8

const (
	listed sight = iota // a table has it: it may have stood for years
	told                // an update said so, and nothing was known before
	anew                // the peer was known not to have it before
)

// start is when a peer was first seen to have a route.
type start struct {
	peer   int
	at     int64
	sight  sight
	record int64
}

// claim is one origin announcing one prefix, as all peers had it.
type claim struct {
	prefix int // of the table
	origin uint32
	starts []start         // of each peer the first, in order of time
	holds  []span          // in the order in which they were found
	ends   map[int]int64   // of each peer, when its last route ended; −1: it was not seen to end
	behind map[uint32]bool // networks through which its routes ran
	next   map[uint32]bool // of these, those next to the origin
}

// span is a time in which a peer had a route. Lost is true if it is known that it had none after it.
type span struct {
	from, until int64
	lost        bool
}

func (c *claim) from() int64 { return c.starts[0].at }

// heldIn reports whether anybody had it in an interval.
func (c *claim) heldIn(from, until int64) bool {
	return slices.ContainsFunc(c.holds, func(s span) bool { return s.from < until && s.until > from })
}

// claims tells who announced a prefix of the table. A route whose origin is not
// certain, as behind an AS_SET, is nobody's claim.
func (e *evidence) claims(prefix int) []*claim {
	var out []*claim
	of := func(o uint32) *claim {
		for _, c := range out {
			if c.origin == o {
				return c
			}
		}
		c := &claim{prefix: prefix, origin: o, ends: map[int]int64{}, behind: map[uint32]bool{}, next: map[uint32]bool{}}
		out = append(out, c)
		return c
	}
	for _, peer := range e.Table.Carriers(prefix) {
		steps := e.steps(peer, prefix)
		for k, s := range steps {
			path := e.Table.Paths.Path(s.Path)
			o := rib.Origins(path)
			if !e.claimed(s, o) {
				continue
			}
			c := of(o[0])
			if _, had := c.ends[peer]; !had {
				c.starts = append(c.starts, start{peer, s.At, e.sightOf(peer, steps, k), e.Table.RecordOf(peer, prefix, k)})
			}
			until, end := e.end, int64(-1)
			if k+1 < len(steps) {
				until = min(steps[k+1].At, e.end)
				if steps[k+1].State != rib.RouteUnknown && steps[k+1].At < e.end {
					end = until
				}
			}
			c.holds, c.ends[peer] = append(c.holds, span{s.At, until, end >= 0}), end
			for i, a := range path[:len(path)-1] {
				if a != o[0] {
					c.behind[a] = true
					if path[i+1] == o[0] {
						c.next[a] = true
					}
				}
			}
		}
	}
	for _, c := range out {
		slices.SortStableFunc(c.starts, func(a, b start) int { return cmp.Compare(a.at, b.at) })
	}
	return out
}

// sightOf says how well it is known since when a peer has the route of a step: what
// was known at the beginning of the stretch in which everything is known.
//
// Example: no table was read. At 18:47 a peer announces 10.0.0.0/24 with origin AS2,
// and at 20:07 with AS1. That AS1 came later is not known: it may have been what AS2
// took the place of. With a table of 16:00 that has AS1 there, AS2 is new.
func (e *evidence) sightOf(peer int, steps []rib.RouteStep, k int) sight {
	for b := k; ; b-- {
		for b > 0 && steps[b-1].State != rib.RouteUnknown {
			b--
		}
		switch s := steps[b]; {
		case s.State == rib.RouteAbsent:
			return anew
		case b == k && e.listed(peer, s.At):
			return listed
		case b == k:
		case s.State != rib.RouteHeld || s.Path == rib.NoPath:
			return told // what it withdrew may have been this
		case e.listed(peer, s.At):
			return anew // another's stood in the table
		}
		for b > 0 && steps[b-1].State == rib.RouteUnknown {
			b--
		}
		if b == 0 {
			return told
		}
	}
}

// listed reports whether what a peer is first known to have at a second is from a
// table: a snapshot, or the transfer with which a session begins.
func (e *evidence) listed(peer int, at int64) bool {
	p := e.Table.Peers[peer]
	for _, z := range p.Resets {
		if at == z.Until {
			return true
		}
	}
	for _, c := range e.Watch.Collectors {
		if c.Name != p.Collector {
			continue
		}
		for _, f := range c.Files {
			if f.Kind == "rib" && f.First != nil && f.Last != nil && f.First.Sec() <= at && at <= f.Last.Sec() {
				return true
			}
		}
	}
	return false
}

// networksOf counts the distinct ASes of peers.
func (e *evidence) networksOf(starts []start, of func(start) bool) int {
	as := map[uint32]bool{}
	for _, s := range starts {
		if a := e.Table.Peers[s.peer].AS; a != 0 && of(s) {
			as[a] = true
		}
	}
	return len(as)
}

// beganOf says whether an announcement began while somebody could see that, by a
// rule that is the same for everybody.
func (e *evidence) beganOf(c *claim) string {
	first := c.starts[0]
	if first.sight == listed {
		return finding.OtherStood
	}
	fresh := 0
	for _, s := range c.starts {
		if s.sight == anew {
			fresh++
		}
	}
	if 2*fresh >= len(c.starts) && e.networksOf(c.starts, func(s start) bool { return s.sight == anew }) >= 2 {
		return finding.OtherNew
	}
	wave := 0
	for _, s := range c.starts {
		if s.at <= first.at+waveOf && s.sight != listed {
			wave++
		}
	}
	if 2*wave >= len(c.starts) && e.networksOf(c.starts, func(s start) bool { return s.at <= first.at+waveOf && s.sight != listed }) >= 2 {
		return finding.OtherWave
	}
	return finding.OtherUnknown
}

// holderStood says whether an announcement stood before a second, at which another
// was first seen. That nobody spoke of it before does not say that it did not.
func (e *evidence) holderStood(c, other *claim, at int64) string {
	switch {
	case c.heldIn(at-waveOf, at):
		if e.knownBefore(c, other, at) {
			return finding.HolderBefore
		}
		return finding.HolderSeen
	case c.from() < at && e.mayStand(c, at) && e.knownBefore(c, other, at):
		return finding.HolderBefore
	case c.from() < at && e.mayStand(c, at):
		return finding.HolderSeen
	case c.from() < at:
		return finding.HolderGone
	case e.stoodUnspoken(c, at) != 0:
		return finding.HolderInferred
	}
	if e.beganOf(c) == finding.OtherNew {
		return finding.HolderLater
	}
	return finding.HolderUnknown
}

// knownBefore reports whether an announcement that was seen before another stood
// before it, too. Order of sight alone does not tell, as without a table nobody knows what
// stood unspoken; it does if a table had the first or shows that the second was not
// there, or if the first was seen for an hour in two networks, and its beginning was not.
//
// Example: no table; at 18:47 42 peers are first seen to have a prefix from AS2, and at
// 20:07 from AS1. Which of the two stood before is not known.
func (e *evidence) knownBefore(c, other *claim, at int64) bool {
	if e.tableOf(c, at) != nil || e.beganOf(other) == finding.OtherNew {
		return true
	}
	if e.beganOf(c) != finding.OtherUnknown {
		return false
	}
	long := func(s start) bool { return s.at <= at-longBefore }
	return e.networksOf(c.starts, long) >= 2
}

// tableOf is the last table before a second that has an announcement; nil if none has.
func (e *evidence) tableOf(c *claim, at int64) *moment.Time {
	var last *moment.Time
	for _, s := range c.starts {
		if s.sight == listed && s.at < at && (last == nil || s.at > last.Sec()) {
			t := moment.Unix(s.at, 0)
			last = &t
		}
	}
	return last
}

// mayStand reports whether of most of those who had an announcement nobody knows before a second whether
// they have it yet, as nobody was watching since, and nothing was told of it: it is not known to be gone.
//
// Example: tables of 12:00 have 10.0.0.0/22 of AS1, and one file is missing after them. That none of the
// files speaks of it again does not say that it ended with the first of them.
func (e *evidence) mayStand(c *claim, at int64) bool {
	open, had := 0, 0
	for _, s := range c.starts {
		if s.at < at {
			had++
			steps := e.steps(s.peer, c.prefix)
			k := sort.Search(len(steps), func(i int) bool { return steps[i].At >= at }) - 1
			if steps[k].State == rib.RouteUnknown && slices.Equal(rib.Origins(e.Table.Paths.Path(lastPath(steps, k))), []uint32{c.origin}) {
				open++
			}
		}
	}
	return 2*open > had
}

// goneSince is when the last who had an announcement had let it go; nil if somebody had
// it in the minutes before a second.
func (e *evidence) goneSince(c *claim, at int64) *moment.Time {
	last := int64(-1)
	for _, h := range c.holds {
		if h.from < at && h.lost {
			last = max(last, h.until)
		}
	}
	if last < 0 || last >= at-waveOf {
		return nil
	}
	t := moment.Unix(last, 0)
	return &t
}

// stoodUnspoken gives the network from which it follows that a route that was first
// told later stood before; 0 if there is none: it ran through a network that is itself a peer, that was watching all the
// time, and that never spoke of it. Had the network learned it in that time, it would
// have announced it.
//
// Example: at 21:06 a peer announces 208.65.152.0/22 with the path 5056 1239 36561.
// AS1239 is a peer too, has sent routes since 18:07 and not this one: it had it at 18:07.
func (e *evidence) stoodUnspoken(c *claim, at int64) (through uint32) {
	last := c.starts[0]
	for i, peer := range e.Table.Peers {
		if !c.behind[peer.AS] || peer.AS == 0 || peer.Begin >= at || len(e.Table.Steps(i, c.prefix)) > 0 {
			continue
		}
		if slices.ContainsFunc(peer.Resets, func(z vantage.Reset) bool { return z.Until > at-waveOf && z.From <= last.at }) {
			continue
		}
		// That a table does not list it says that it is not told here at all.
		if e.Table.At(i, c.prefix, last.at).State != rib.RouteUnknown {
			continue
		}
		// It tells routes of such addresses.
		for _, k := range append(e.heldBy(e.Table.Prefixes[c.prefix]), e.within(c.prefix)[1:]...) {
			if len(e.Table.Steps(i, k)) > 0 {
				return peer.AS
			}
		}
	}
	return 0
}

// sides reports whether two origins stand on two sides of the question: the
// subject's and another's. Where the addresses themselves are the subject, any
// two origins do; a country's own networks, by the lists, are of one side.
func (e *evidence) sides(p netip.Prefix, a, b uint32) bool {
	if a == b {
		return false
	}
	x, y := e.isSubject(a), e.isSubject(b)
	if x != y {
		return true
	}
	return !x && e.Subject.MatchOtherOrigin(p)
}

func (e *evidence) isSubject(origin uint32) bool { return e.Subject.HasOrigin(origin) }

// stoodRank orders what is known of a holder, the best known first.
func stoodRank(s string) int {
	return slices.Index([]string{finding.HolderBefore, finding.HolderInferred, finding.HolderSeen, finding.HolderUnknown, finding.HolderGone, finding.HolderLater}, s)
}

// others lists the announcements of the subject's prefixes, or of more specific
// ones, by other networks; and those by the subject itself that began while
// another network's route, for the same prefix or a less specific one, stood, or of
// which nothing says whose they were. Those that matter most come first ([mostOf]).
//
// Who announced last decides nothing. Of each announcement it is said what stood
// before it, and whether the same network had announced what holds it before.
func (e *evidence) others() []finding.OtherOrigin {
	cache := map[int][]*claim{}
	claims := func(i int) []*claim {
		c, ok := cache[i]
		if !ok {
			c = e.claims(i)
			cache[i] = c
		}
		return c
	}
	var out []finding.OtherOrigin
	e.gave = map[netip.Prefix]bool{}
	w := who{e: e, of: map[int][]uint32{}, byName: map[uint32][]uint32{}}
	for _, p := range slices.Concat(e.Prefixes, e.Inside) {
		i := e.Table.Index(p)
		if i < 0 {
			continue
		}
		above := append([]int{i}, e.heldBy(p)...)
		if !w.twoSides(p, above) {
			continue
		}
		for _, c := range claims(i) {
			// Of the subject's own also what one network alone had: it may be set aside.
			if !c.heldIn(e.start, e.end) || !e.isSubject(c.origin) && e.networksOf(c.starts, func(start) bool { return true }) < 2 {
				continue
			}
			if o, ok := e.other(c, above, claims); ok {
				out = append(out, o)
			}
		}
	}
	out = append(out, e.amongOwn(&w, claims)...)
	e.mixed = map[int]bool{}
	for i, of := range w.of {
		if len(of) > 1 {
			e.mixed[i] = true
		}
	}
	began := func(o finding.OtherOrigin) int {
		return slices.Index([]string{finding.OtherNew, finding.OtherWave, finding.OtherUnknown, finding.OtherStood}, o.Began)
	}
	slices.SortStableFunc(out, func(a, b finding.OtherOrigin) int {
		return cmp.Or(cmp.Compare(began(a), began(b)), cmp.Compare(b.Networks, a.Networks), a.Prefix.Compare(b.Prefix), cmp.Compare(a.Origin, b.Origin))
	})
	return out
}

// amongOwn lists announcements of a country's addresses by one of its operators that began while another's route
// to the same or a less specific prefix stood, as is known, and no relation of the two, nor a common holder, explains it. The country's routes
// stay with that, and nothing is judged otherwise because of it: whose they are is not what was before.
//
// Example: AS64496 and AS64497 are of one country, tables have 10.0.2.0/24 from AS64497, and at 12:15 AS64496
// announces it to all. "Stayed" alone would leave that out.
func (e *evidence) amongOwn(w *who, claims func(int) []*claim) []finding.OtherOrigin {
	var out []finding.OtherOrigin
	for _, p := range e.Prefixes {
		i := e.Table.Index(p)
		if i < 0 || !e.Subject.FromCountry(p) {
			continue
		}
		above := append([]int{i}, e.heldBy(p)...)
		if !slices.ContainsFunc(above, func(q int) bool {
			return slices.ContainsFunc(w.origins(q), func(b uint32) bool { return e.isSubject(b) && !slices.Equal(w.origins(i), []uint32{b}) })
		}) {
			continue // of nearly all prefixes one network
		}
		for _, c := range claims(i) {
			if !e.isSubject(c.origin) || !c.heldIn(e.start, e.end) || e.beganOf(c) != finding.OtherNew {
				continue
			}
			var holder *claim
			own := false // it answers within what it had
			for _, q := range above {
				for _, v := range claims(q) {
					switch {
					case !e.isSubject(v.origin):
					case v.origin == c.origin:
						own = own || v.from() < c.from()
					case e.holderStood(v, c, c.from()) == finding.HolderBefore && (holder == nil || v.prefix == holder.prefix && len(v.starts) > len(holder.starts)):
						holder = v
					}
				}
			}
			if own || holder == nil || e.relation(c, holder) != "" {
				continue
			}
			o := finding.OtherOrigin{Origin: c.origin, Prefix: p, Subject: true, Began: finding.OtherNew, Country: e.Country[c.origin],
				Holder: *e.asHolder(holder, finding.HolderBefore, c.from()), Delegated: e.delegated(p, c.origin, holder.origin)}
			if explained(&o) {
				continue
			}
			e.seenOf(&o, c)
			out = append(out, o)
		}
	}
	return out
}

// mostOf are those of the announcements that are listed, in order of time.
func mostOf(all []finding.OtherOrigin) []finding.OtherOrigin {
	out := slices.Clone(all[:min(len(all), mostOthers)])
	slices.SortStableFunc(out, func(a, b finding.OtherOrigin) int {
		return cmp.Or(cmp.Compare(*a.From.First, *b.From.First), a.Prefix.Compare(b.Prefix), cmp.Compare(a.Origin, b.Origin))
	})
	return out
}

// who tells which origins announced a prefix, at little cost: of nearly all prefixes
// that is one side alone, and no announcement stands against another.
type who struct {
	e      *evidence
	of     map[int][]uint32    // by prefix of the table
	byName map[uint32][]uint32 // by history of the table
}

// twoSides reports whether an announcement of the first of some prefixes and one of any
// of them may stand on two sides.
func (w *who) twoSides(p netip.Prefix, above []int) bool {
	for _, a := range w.origins(above[0]) {
		for _, q := range above {
			for _, b := range w.origins(q) {
				if w.e.sides(p, a, b) {
					return true
				}
			}
		}
	}
	return false
}

// origins lists the origins of the claims to a prefix ([evidence.claims]).
func (w *who) origins(prefix int) []uint32 {
	if of, ok := w.of[prefix]; ok {
		return of
	}
	var out []uint32
	last := uint32(0)
	for _, peer := range w.e.Table.Carriers(prefix) {
		name := w.e.Table.Name(peer, prefix)
		if name == last {
			continue
		}
		last = name
		of, ok := w.byName[name]
		if !ok {
			for _, s := range w.e.Table.Steps(peer, prefix) {
				if o := rib.Origins(w.e.Table.Paths.Path(s.Path)); w.e.claimed(s, o) && !slices.Contains(of, o[0]) {
					of = append(of, o[0])
				}
			}
			w.byName[name] = of
		}
		for _, o := range of {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	w.of[prefix] = out
	return out
}

// claimed reports whether a step is an announcement whose origin is certain.
func (e *evidence) claimed(s rib.RouteStep, origins []uint32) bool {
	return s.State == rib.RouteHeld && len(origins) == 1 && origins[0] != 0 && s.At < e.end
}

// heldBy lists the followed less specifics of a prefix, the most specific first.
func (e *evidence) heldBy(p netip.Prefix) []int {
	var out []int
	for n := p.Bits() - 1; n >= 1; n-- {
		if i := e.Table.Index(netip.PrefixFrom(p.Addr(), n).Masked()); i >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// firstOf is when an origin was first seen to announce any of some prefixes.
func firstOf(origin uint32, prefixes []int, claims func(int) []*claim) int64 {
	first := int64(-1)
	for _, q := range prefixes {
		for _, c := range claims(q) {
			if c.origin == origin && (first < 0 || c.from() < first) {
				first = c.from()
			}
		}
	}
	return first
}

// within lists a prefix of the table and the more specific ones, which follow it, as the
// table is sorted.
func (e *evidence) within(prefix int) []int {
	p := e.Table.Prefixes[prefix]
	out := []int{prefix}
	for i := prefix + 1; i < len(e.Table.Prefixes) && p.Overlaps(e.Table.Prefixes[i]); i++ {
		out = append(out, i)
	}
	return out
}

// other tells one announcement, if it stands against another's. Above are the
// prefix and the less specifics of it, the most specific first.
//
// Two networks are compared by all that they announced of the addresses: who
// announces a /24 within its own /22, which stood, answers another's /24, though that
// was there first. Example: AS17557 announces 208.65.153.0/24 at 18:47, and AS36561 at
// 20:07. AS36561 had 208.65.152.0/22 before both.
func (e *evidence) other(c *claim, above []int, claims func(int) []*claim) (finding.OtherOrigin, bool) {
	p := e.Table.Prefixes[c.prefix]
	first := firstOf(c.origin, above, claims)
	holder, stood := e.holderOf(c, first, above, claims)
	if holder == nil {
		return finding.OtherOrigin{}, false
	}
	o := finding.OtherOrigin{Origin: c.origin, Prefix: p, Subject: e.isSubject(c.origin), Began: e.beganOf(c),
		Relation: e.relation(c, holder), Country: e.Country[c.origin]}
	// If a holder is inferred to have stood, or may have, it had its route before
	// anything was told, or may have: nothing of the other's is known to be earlier.
	if stood != finding.HolderInferred && stood != finding.HolderUnknown {
		at := firstOf(holder.origin, above, claims)
		for _, q := range above[1:] {
			for _, v := range claims(q) {
				if v.origin != c.origin {
					continue
				}
				if s := e.holderStood(v, holder, at); stoodRank(s) <= stoodRank(finding.HolderInferred) && (o.Own == nil || stoodRank(s) < stoodRank(o.Own.Stood)) {
					o.Own = e.asHolder(v, s, at)
				}
			}
		}
		if o.Own != nil {
			first = c.from()
			holder, stood = e.holderOf(c, first, above, claims)
		}
	}
	o.Holder = *e.asHolder(holder, stood, first)
	o.Delegated = e.delegated(p, c.origin, holder.origin)
	same := holder.prefix == c.prefix || o.Subject && e.contested(c, holder.origin, claims)
	o.Aside = e.bornWithin(&o, c, holder) || e.setsAside(&o, c, holder, same)
	o.Stranger = e.isStranger(&o, c)
	if o.Subject && !o.Aside && !(o.Began == finding.OtherNew && o.Own == nil && o.Relation == "" && known(stood)) {
		return o, false // also of two that stand side by side nothing is told
	}
	e.seenOf(&o, c)
	return o, true
}

// seenOf notes at how many an announcement was seen, from when to when, and by which record.
func (e *evidence) seenOf(o *finding.OtherOrigin, c *claim) {
	o.Peers, o.Networks = len(c.starts), e.networksOf(c.starts, func(start) bool { return true })
	at := map[string]bool{}
	ends := []int64{}
	open := 0
	for _, s := range c.starts {
		at[vantage.HostOf(e.Table.Peers[s.peer].Collector)] = true
		if end := c.ends[s.peer]; end >= 0 {
			ends = append(ends, end)
		} else {
			open++
		}
		if s.record != 0 && o.Exhibit == "" {
			o.Exhibit, o.Offset = e.Locate(s.record)
		}
	}
	o.Collectors = len(at)
	starts := make([]int64, len(c.starts))
	for i, s := range c.starts {
		starts[i] = s.at
	}
	o.From = momentsOf(starts, 0)
	slices.Sort(ends)
	o.Until = momentsOf(ends, open)
}

// holderOf is the announcement of the other side that holds a prefix and of which it
// is known best that it stood before a second; of equals the most specific, and of these
// the one at the most peers. Nil: none was seen.
func (e *evidence) holderOf(c *claim, at int64, above []int, claims func(int) []*claim) (holder *claim, stood string) {
	for _, q := range above {
		for _, v := range claims(q) {
			if !e.sides(e.Table.Prefixes[c.prefix], c.origin, v.origin) {
				continue
			}
			if s := e.holderStood(v, c, at); holder == nil || stoodRank(s) < stoodRank(stood) ||
				s == stood && v.prefix == holder.prefix && len(v.starts) > len(holder.starts) {
				holder, stood = v, s
			}
		}
	}
	return holder, stood
}

// asHolder is an announcement as one beside another, of which it is known how it
// stood before a second.
func (e *evidence) asHolder(c *claim, stood string, at int64) *finding.Holder {
	h := &finding.Holder{Origin: c.origin, Prefix: e.Table.Prefixes[c.prefix], Subject: e.isSubject(c.origin), Stood: stood,
		First: moment.Unix(c.from(), 0), Peers: len(c.starts), Country: e.Country[c.origin], Table: e.tableOf(c, at)}
	if stood == finding.HolderGone {
		h.Gone = e.goneSince(c, at)
	}
	if stood == finding.HolderInferred {
		h.Through = e.stoodUnspoken(c, at)
	}
	return h
}

// momentsOf are first, median and last of sorted seconds; so many others were not
// seen, and sort last.
func momentsOf(at []int64, unseen int) finding.Moments {
	var m finding.Moments
	n := len(at) + unseen
	get := func(i int) *moment.Time {
		if i >= len(at) {
			return nil
		}
		t := moment.Unix(at[i], 0)
		return &t
	}
	if n > 0 {
		m.First, m.Median, m.Last = get(0), get((n-1)/2), get(n-1)
	}
	return m
}

// contested reports whether another network announced a prefix of the subject,
// or something within it, too.
func (e *evidence) contested(c *claim, other uint32, claims func(int) []*claim) bool {
	return slices.ContainsFunc(e.within(c.prefix), func(i int) bool {
		return slices.ContainsFunc(claims(i), func(x *claim) bool { return x.origin == other })
	})
}

// relation says how two networks are known to stand to each other: by the list of
// organisations, by their routes, or by the list of relations.
func (e *evidence) relation(c, holder *claim) string {
	x, y := e.Operator[c.origin], e.Operator[holder.origin]
	switch {
	case x != 0 && x == y:
		return finding.RelationSibling
	case c.behind[holder.origin]:
		return finding.RelationCustomer // its routes ran through the holder
	case holder.next[c.origin]:
		return finding.RelationProvider // it is next to the holder on the holder's routes
	case e.Customers[[2]uint32{holder.origin, c.origin}]:
		return finding.RelationCustomer
	case e.Customers[[2]uint32{c.origin, holder.origin}]:
		return finding.RelationProvider
	}
	return ""
}
