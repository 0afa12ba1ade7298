package live

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"constat/moment"
	"constat/routes/rib"
	"constat/routes/scan"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/mrt"

	"golang.org/x/sync/errgroup"
)

// Loading says what to load and how.
type Loading struct {
	Set *source.Set
	// Until bounds what is applied: updates before it, and tables at or before it.
	// Zero is no bound.
	Until moment.Time
	// Asked is the moment that the question is about; zero is the end of what the files
	// of all collectors have. A peer of whose collector nothing reaches to there, neither
	// updates nor a table of that time, is not watching: a table alone watches at its
	// own moment. What it told stands.
	Asked   moment.Time
	Options Options
	Past    *Past // keeps what was held before; nil: nothing is kept
	Workers int   // files read at once; 0 for as many as there are processors
	// Done is called after each file was read, with how many reads are done and how
	// many there are. It may be called by several goroutines, one at a time.
	Done func(file string, done, of int)
	// Copied is told of files that are left out because another collector's unpack to the
	// same, and of collectors with peers in the same sessions as another's; nil for nobody.
	Copied func([]source.Skipped)
}

// Load reads tables and updates into a new state, and returns the account of who was
// watching with it. Updates are read twice, because whether a burst of announcements is
// a table transfer, and whose a change of state is, only later records tell; tables
// once. Of a collector with updates the rules of package vantage say who was watching; at a
// table that no updates reach, whoever is in it: what was known before is forgotten, and
// what it tells is forgotten again if the files go on later than it ends. What is there
// under two names counts once, as in an examination: updates that unpack to the same as
// another collector's, and peers in the same session as one of another collector.
func Load(ctx context.Context, l Loading) (*State, *vantage.Watch, error) {
	if l.Workers == 0 {
		l.Workers = runtime.GOMAXPROCS(0)
	}
	x := &loading{Loading: l, s: New(l.Options), scans: make([]*scan.Scan, len(l.Set.Files))}
	for _, f := range l.Set.Files {
		x.of++
		if f.Kind != source.RIB {
			x.of++
		}
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(l.Workers)
	for i := range l.Set.Files {
		if l.Set.Files[i].Kind != source.RIB {
			g.Go(func() (err error) {
				x.scans[i], err = x.scan(gctx, i, nil, nil)
				return err
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	if err := x.leaveCopies(ctx); err != nil {
		return nil, nil, err
	}
	g, gctx = errgroup.WithContext(ctx)
	g.SetLimit(l.Workers)
	for _, name := range x.Set.Collectors() {
		g.Go(func() error { return x.collector(gctx, name) })
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	x.fade()
	w := &vantage.Watch{Format: vantage.WatchFormat, Collectors: []vantage.Collector{}}
	for _, name := range x.Set.Collectors() {
		c, err := x.join(name, true)
		if err != nil {
			return nil, nil, err
		}
		if peers := x.originals(&c); len(peers) > 0 || len(c.Peers) == 0 {
			c.Peers = peers
			w.Collectors = append(w.Collectors, c)
		}
	}
	return x.s, w, nil
}

type loading struct {
	Loading
	s     *State
	scans []*scan.Scan // by file

	mu       sync.Mutex
	done, of int
	sights   []*sight

	copies map[vantage.Peer]bool // in the same session as a peer of another collector, as records name them
}

// scan reads a file, with a function for its elements, and one that is called behind
// those of a record.
func (x *loading) scan(ctx context.Context, i int, elem func(*mrt.Elem), behind func()) (*scan.Scan, error) {
	f := &x.Set.Files[i]
	in := scan.Of(f)
	in.Content = x.scans[i] == nil
	if elem != nil {
		in.Entry, in.List = scan.Each(elem)
		in.Record = func(*mrt.Record, mrt.Kind) error { behind(); return nil }
	}
	s, err := scan.Read(ctx, in)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.done++
	if x.Done != nil {
		x.Done(f.Name, x.done, x.of)
	}
	return s, nil
}

// join makes an account of a collector's files, with or without its tables.
func (x *loading) join(name string, tables bool) (vantage.Collector, error) {
	var scans []*scan.Scan
	for i, f := range x.Set.Files {
		if f.Collector == name && x.scans[i] != nil && (tables || x.scans[i].File.Kind != "rib") {
			scans = append(scans, x.scans[i])
		}
	}
	return scan.Collector(x.Set, name, scans)
}

// collector feeds the files of one collector, in order of time.
func (x *loading) collector(ctx context.Context, name string) error {
	joined, err := x.join(name, false)
	if err != nil {
		return err
	}
	joined.Peers = x.originals(&joined)
	watch := &vantage.Watch{Format: vantage.WatchFormat, Collectors: []vantage.Collector{joined}}
	var files []int
	for i, f := range x.Set.Files {
		if f.Collector == name {
			files = append(files, i)
		}
	}
	slices.SortStableFunc(files, func(a, b int) int {
		f, g := &x.Set.Files[a], &x.Set.Files[b]
		return cmp.Or(cmp.Compare(x.begin(a), x.begin(b)), cmp.Compare(f.Kind, g.Kind))
	})
	c := x.s.Collector(name, nil)
	defer c.Close()
	sight := newSight(x.s, watch, x.Until)
	sight.past = x.Past.at(c.Feeder)
	c.who = sight.who(name)
	for n, i := range files {
		var scan *scan.Scan
		table := x.scans[i] == nil || x.scans[i].File.Kind == "rib"
		inside := x.Until == 0 || x.begin(i) <= x.Until
		if inside {
			sight.file(n == 0, table, x.begin(i))
		}
		sight.past.file()
		var named []uint8 // by peer: of which families the table has routes, as bits
		at := moment.Time(0)
		scan, err := x.scan(ctx, i, func(e *mrt.Elem) {
			if x.passed(name, table, e) {
				return
			}
			if sight.due(e.Time) {
				c.leave()
				sight.reach(e.Time)
			}
			at = max(at, e.Time)
			c.apply(e)
			sight.past.note(c.last.id, e)
			if e.Kind == mrt.RIBEntry && e.SAFI != 2 {
				for int(c.last.id) >= len(named) {
					named = append(named, 0)
				}
				named[c.last.id] |= 1 << (e.AFI - 1)
			}
		}, c.leave)
		c.leave()
		if err != nil {
			return err
		}
		x.s.Moment(at)
		x.scans[i] = scan
		if f := scan.File; f.Kind == "rib" && !f.Truncated && whole(f) && f.Asked == nil {
			for id, families := range named {
				for f := range 2 {
					if families>>f&1 != 0 {
						x.s.Complete(PeerID(id), f == v6, at)
					}
				}
			}
		}
		if table && inside && at > 0 {
			next := moment.Time(-1)
			if n+1 < len(files) && (x.Until == 0 || x.begin(files[n+1]) <= x.Until) {
				next = x.begin(files[n+1])
			}
			sight.told(named, x.begin(i), at, next)
		}
	}
	sight.reach(sight.until)
	x.mu.Lock()
	x.sights = append(x.sights, sight)
	x.mu.Unlock()
	return nil
}

// passed reports whether an element of a collector is passed over: what comes after the
// moment, and what a copy of a peer says.
func (x *loading) passed(name string, table bool, e *mrt.Elem) bool {
	if x.Until != 0 && (e.Time >= x.Until && !table || e.Time > x.Until) {
		return true
	}
	return x.copies != nil && x.copies[vantage.Peer{Collector: name, Addr: e.PeerAddr, AS: e.PeerAS}]
}

// begin is when a file begins, by its records if they were read.
func (x *loading) begin(i int) moment.Time {
	if s := x.scans[i]; s != nil && s.File.First != nil {
		return *s.File.First
	}
	return x.Set.Files[i].Start
}

// whole reports whether every entry of a table was read.
func whole(f vantage.File) bool {
	return !slices.ContainsFunc(f.Unread, func(u vantage.Unread) bool { return !u.Attributes })
}

// sight tells a state when the peers of a collector were watching, as far as updates
// tell.
type sight struct {
	s      *State
	name   string // of the collector
	index  *vantage.PeerIndex
	peers  []rib.Peer
	named  map[vantage.Peer]bool // they as a set
	ledger vantage.Ledger
	steps  []sightStep
	next   int
	from   moment.Time // what updates tell reaches from here; 0 if there are none
	until  moment.Time // to here
	slack  moment.Time // what is no gap between files
	past   *pastOf     // may be nil
	// alone is the end of the table that was read last, if no updates reach it; −1
	// if they do.
	alone moment.Time
	since moment.Time // when that table began
}

type sightStep struct {
	at     int64
	order  int // of what happens in a second: resumed, then down
	peer   vantage.Peer
	reason string
	forget bool
	rest   bool // it is of all peers of the collector that updates do not name
}

func newSight(s *State, w *vantage.Watch, until moment.Time) *sight {
	c := &w.Collectors[0]
	x := &sight{s: s, name: c.Name, alone: -1, slack: 30 * moment.Second}
	if c.CadenceS > 0 {
		x.slack = moment.Time(c.CadenceS) * moment.Second / 10
	}
	if len(c.Files) == 0 {
		_, x.index = rib.TablePeers(w, vantage.Ledger{Begin: []moment.Time{0}})
		return x
	}
	q := moment.Interval{From: moment.Time(1<<63 - 1)}
	for _, f := range c.Files {
		if f.First != nil {
			q.From, q.Until = min(q.From, *f.First), max(q.Until, *f.Last+1)
		}
	}
	if until != 0 {
		q.Until = until // without one, nothing is asked about what comes after the last record
	}
	q.From = min(q.From, q.Until)
	x.from, x.until = q.From, q.Until
	x.ledger = w.Ledger(q)
	x.peers, x.index = rib.TablePeers(w, x.ledger)
	x.named = map[vantage.Peer]bool{}
	for _, p := range x.peers {
		x.named[p.Peer] = true
	}
	// A hole is one for peers too that no update is of, such as those in tables alone.
	nobody := vantage.Peer{Collector: c.Name}
	for _, z := range x.ledger.Resets(nobody) {
		x.steps = append(x.steps, sightStep{at: z.From, order: 1, reason: x.reason(nobody, z.From), forget: true, rest: true}, sightStep{at: z.Until, rest: true})
	}
	for _, p := range x.peers {
		pauses := x.ledger.Pauses(p.Peer)
		for _, z := range p.Resets {
			for _, at := range z.Causes {
				x.steps = append(x.steps, sightStep{at: at, order: 1, peer: p.Peer, reason: x.reason(p.Peer, at), forget: true})
			}
			if !slices.ContainsFunc(pauses, func(v vantage.Reset) bool { return v.From < z.Until && z.Until < v.Until }) {
				x.steps = append(x.steps, sightStep{at: z.Until, peer: p.Peer})
			}
		}
		for _, v := range pauses {
			in := func(at int64) bool {
				return slices.ContainsFunc(p.Resets, func(z vantage.Reset) bool { return z.From <= at && at < z.Until })
			}
			if !in(v.From) {
				x.steps = append(x.steps, sightStep{at: v.From, order: 1, peer: p.Peer, reason: x.reason(p.Peer, v.From)})
			}
			if !in(v.Until) {
				x.steps = append(x.steps, sightStep{at: v.Until, peer: p.Peer})
			}
		}
	}
	// Who does not watch at the end does not begin to there.
	x.steps = slices.DeleteFunc(x.steps, func(t sightStep) bool { return t.order == 0 && t.at >= q.Until.SecUp() })
	slices.SortStableFunc(x.steps, func(a, b sightStep) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
	return x
}

// reason is why a peer stopped watching at a second.
func (x *sight) reason(p vantage.Peer, at int64) string {
	for i := range x.ledger.Blind {
		if b := &x.ledger.Blind[i]; b.Of(p) && (b.From.Sec() == at || b.From.Sec()+1 == at) {
			return b.Reason
		}
	}
	return vantage.SessionDown
}

// who tells whose an element is: records may name a peer by several ASes.
func (x *sight) who(collector string) func(*mrt.Elem) (vantage.Peer, bool) {
	return func(e *mrt.Elem) (vantage.Peer, bool) {
		if i, ok := x.index.Of(collector, e); ok {
			return x.peers[i].Peer, true
		}
		return vantage.Peer{}, false
	}
}

// due reports whether there is a step up to a moment.
func (x *sight) due(at moment.Time) bool {
	return x.next < len(x.steps) && x.steps[x.next].at <= at.Sec()
}

// reach takes the steps up to a moment.
func (x *sight) reach(at moment.Time) {
	for x.due(at) {
		x.take(x.steps[x.next])
		x.next++
	}
}

func (x *sight) take(s sightStep) {
	if s.rest {
		for _, id := range x.s.of(x.name, x.named) {
			x.step(id, s)
		}
		return
	}
	x.step(x.s.Peer(s.peer), s)
}

func (x *sight) step(id PeerID, s sightStep) {
	at := moment.Unix(s.at, 0)
	switch {
	case s.order == 0:
		x.s.Resume(id, at)
		x.past.resume(id, at)
	case s.forget:
		x.past.blind(id, at)
		x.s.Down(id, at, s.reason)
	default:
		x.past.blind(id, at)
		x.s.Pause(id, at, s.reason)
	}
}
