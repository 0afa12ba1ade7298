package outage

import "slices"

// Below is what the rules of an outage and of a partial loss leave aside, of the time that
// was asked about: who lacked a route all the same, and the times of which nobody knows
// whether the routes stayed. Without it "they stayed" would say more than was seen. Example:
// 38 of 40 sessions close at 12:30:05, and the two peers that go on watching had lost the
// prefix at 12:30:00: no outage began, since looking away begins nothing, and nobody saw
// that anything stayed.
type Below struct {
	Losses   int // how often a carrier was seen to lose a prefix
	Peers    int // that lacked one at any second, or more
	Networks int // the known ASes of these
	Prefixes int // that were lacking anywhere

	// Of one prefix, the most carriers that lacked it at once, out of so many that watched, by
	// their share; but for times of the kind [Left].
	Most, Of int
	MostAt   int64

	// Losses in part of one prefix that were too short to be told as such ([partialLeast]):
	// how many, their seconds added up, and the longest.
	Short                      int
	ShortSeconds, ShortLongest int64

	Unshown []Unshown // in order of prefixes and time
}

// Why nobody knows whether a prefix stayed.
type Why uint8

// Reasons why.
const (
	// LookedAway: at least half of those that were still watching lacked it, or the only one that
	// was; the others had looked away, so that no outage began.
	LookedAway Why = iota
	// Open: it was lost in part, and sight of that ended before it had lasted for long enough
	// to be a loss in part.
	Open
	// Unlisted: if those lost it whose complete tables are without it, though no withdrawal
	// was seen, it would be lost in part or out, for long enough.
	Unlisted
	// Perhaps: fewer than half would hold it, for long enough, if those lost it that withdrew it, and of which it is not
	// known whether another route of the subject stood in.
	Perhaps
)

// Unshown is a time of which nobody knows whether a prefix stayed.
type Unshown struct {
	Prefix      int // index into Input.Prefixes
	From, Until int64
	Why         Why
	// Without lacked it, out of Watching, when the most did by their share; Away had carried
	// it, and it was not known any more whether they did.
	Without, Watching, Away int
	// Recent says that a carrier was seen to lose it in this time, or at most [joinWave]
	// before. Else they had lacked it for long, while most others held it.
	Recent bool
}

// worse takes the greatest share of those that watch that was without the prefix; of two of
// the same share, that of more. It reports whether it took it.
func (x *Unshown) worse(v *poll) bool {
	a, b := v.gone*max(x.Watching, 1), x.Without*v.n
	if v.gone == 0 || a < b || a == b && v.n <= x.Watching {
		return false
	}
	x.Without, x.Watching, x.Away = v.gone, v.n, v.away
	return true
}

// below follows one prefix.
type below struct {
	start, end int64
	losses     int
	begun      bool   // the question
	lacked     []bool // by carrier, in the question
	most       Unshown
	last       int64 // when a carrier was last seen to lose it
	open       bool  // the last of left goes on
	left       []Unshown
	unlisted   []Unshown
	perhaps    []Unshown
	hid        int64     // when a carrier was last seen to withdraw it, and perhaps another route stood in
	hurt       Unshown   // the loss in part that goes on
	unended    []Unshown // those of which the end was not seen
}

// lacks notes that a carrier was seen to lose the prefix at second t.
func (b *below) lacks(carrier int, t int64) {
	b.last = max(b.last, t)
	if t >= b.start {
		b.losses++
		b.lacked[carrier] = true
	}
}

// begin notes who lacks it when the question begins.
func (b *below) begin(now []State) {
	if b.begun {
		return
	}
	b.begun = true
	for c, s := range now {
		b.lacked[c] = b.lacked[c] || s.gone()
	}
}

// step judges the time from second t until the next change: out says that the prefix has an
// outage, hurt that it has a loss in part, which unseen says ended at t without being seen to.
func (b *below) step(t, next int64, v *poll, out, hurt, unseen bool) {
	if unseen {
		b.hurt.Until = t
		b.unended = append(b.unended, b.hurt)
	}
	if !hurt {
		b.hurt = Unshown{}
	} else {
		b.hurt.worse(v)
	}
	is := !out && (v.out() || v.n == 1 && v.gone == 1 && v.away > 0)
	b.open = b.open && is
	from, until := max(t, b.start), min(next, b.end)
	if from >= until {
		return
	}
	if !is && b.most.worse(v) {
		b.most.From = from
	}
	b.withoutTables(from, until, v, out)
	if !out && !is {
		b.withdrawn(from, until, v)
	}
	if !is {
		return
	}
	if !b.open {
		b.open = true
		b.left = append(b.left, Unshown{From: from, Why: LookedAway})
	}
	x := &b.left[len(b.left)-1]
	x.Until = until
	x.Recent = x.Recent || b.last >= x.From-joinWave
	x.worse(v)
}

// withoutTables follows the times in which complete tables speak against routes that nobody
// was seen to withdraw, and those in which most are without it of whom nothing was known for a time, as they were before.
func (b *below) withoutTables(from, until int64, v *poll, out bool) {
	if out || v.missing+v.without == 0 {
		return
	}
	w := poll{n: v.n + v.missing, gone: v.gone + v.missing, away: v.away - v.missing, lost: v.lost}
	switch {
	case v.without > 0 && v.outStill():
		w.n, w.gone = w.n+v.without, w.gone+v.without
	case v.missing == 0 || !w.hurtBy(v.unlisted):
		return
	}
	if n := len(b.unlisted); n == 0 || b.unlisted[n-1].Until != from {
		b.unlisted = append(b.unlisted, Unshown{From: from, Why: Unlisted, Recent: true})
	}
	x := &b.unlisted[len(b.unlisted)-1]
	x.Until = until
	x.worse(&w)
}

// withdrawn follows the times in which most withdrew it, and nobody knows whether another route
// of the subject stood in at enough of them.
func (b *below) withdrawn(from, until int64, v *poll) {
	if v.hidden == 0 || !v.outBy() {
		return
	}
	if n := len(b.perhaps); n == 0 || b.perhaps[n-1].Until != from {
		b.perhaps = append(b.perhaps, Unshown{From: from, Why: Perhaps})
	}
	x := &b.perhaps[len(b.perhaps)-1]
	x.Until = until
	x.Recent = x.Recent || b.hid >= x.From-joinWave
	x.worse(&poll{n: v.n + v.hidden, gone: v.gone + v.hidden, away: v.away - v.hidden})
}

// tell adds what was found of prefixes that are alike, whose losses in part are hurts and
// whose outages are out.
func (b *below) tell(all *Below, like likes, hurts, out []span) {
	all.Losses += b.losses * like.n
	if slices.Contains(b.lacked, true) {
		all.Prefixes += like.n
		x := Unshown{Without: all.Most, Watching: all.Of}
		if x.worse(&poll{gone: b.most.Without, n: b.most.Watching}) {
			all.Most, all.Of, all.MostAt = x.Without, x.Watching, b.most.From
		}
	}
	i := 0
	outAt := func(from, until int64) bool { // asked in order of time
		for i < len(out) && out[i].until <= from {
			i++
		}
		return i < len(out) && out[i].From < until
	}
	for _, x := range b.left {
		if x.Prefix = like.prefix; !outAt(x.From, x.Until) {
			all.Unshown = append(all.Unshown, x)
		}
	}
	i = 0
	for _, x := range b.unlisted {
		if x.Prefix = like.prefix; x.Until-x.From >= partialLeast && !outAt(x.From, x.Until) {
			all.Unshown = append(all.Unshown, x)
		}
	}
	i = 0
	for _, x := range b.perhaps {
		if x.Prefix = like.prefix; x.Until-x.From >= partialLeast && !outAt(x.From, x.Until) {
			all.Unshown = append(all.Unshown, x)
		}
	}
	i = 0
	k := 0
	for _, s := range hurts {
		from, until := max(s.From, b.start), min(s.until, b.end)
		switch long := s.until - s.From; {
		case outAt(s.From, s.until) || long >= partialLeast || from >= until:
		case s.ended == returned:
			all.Short += like.n
			all.ShortSeconds += (until - from) * int64(like.n)
			all.ShortLongest = max(all.ShortLongest, long)
		default:
			for k < len(b.unended) && b.unended[k].Until < s.until {
				k++
			}
			if k < len(b.unended) {
				x := b.unended[k]
				x.Prefix, x.From, x.Until, x.Why, x.Recent = like.prefix, from, until, Open, true
				all.Unshown = append(all.Unshown, x)
			}
		}
	}
}

// leave ends what was followed below the rules for prefixes that are alike, and adds it to
// that of all; now is the last state of each carrier.
func (f *finder) leave(b *below, like likes, now []State, hurts, out []span) {
	b.begin(now)
	if b.hurt.Watching > 0 { // it goes on
		b.hurt.Until = f.in.End
		b.unended = append(b.unended, b.hurt)
	}
	for c, is := range b.lacked {
		peer := f.in.Prefixes[like.prefix].Carriers[c].Peer
		f.lacked[peer] = f.lacked[peer] || is
	}
	b.tell(&f.below, like, hurts, out)
}

// lacking counts who lacked anything.
func (f *finder) lacking() {
	networks := map[uint32]bool{}
	for peer, is := range f.lacked {
		if is {
			f.below.Peers++
			if as := f.in.Peers[peer].AS; as != 0 {
				networks[as] = true
			}
		}
	}
	f.below.Networks = len(networks)
}
