// Package scan finds what went down in files of records, without being told a subject:
// which networks lost their routes, when, for how long and how much of them.
//
// It promises that every loss it lists is an outage by the rules of package outage,
// computed from the evidence that an examination of that network over the same files
// would have: so the examination finds it too. What is behind a hole, a lost session or
// a table transfer is unknown and no loss, and what another origin's routes took the place
// of stands apart. The order is by size, time, share of peers and number of prefixes; IPv4
// and IPv6 are never added up.
//
// It is a search and no finding: it does not say where routes were cut, weighs nothing
// and concludes nothing. A prefix that another origin took over is not looked for unless
// it was withdrawn as well.
package scan

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"runtime"
	"slices"
	"sync"

	"constat/judge/assess"
	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/atlas"
	filescan "constat/routes/scan"
	"constat/routes/source"
	"constat/routes/vantage"

	"golang.org/x/sync/errgroup"
)

// Request is what is scanned.
type Request struct {
	Sources     *source.Set
	From, Until moment.Time
	// Atlas tells names and countries of registration; nil if there is none.
	Atlas   *atlas.Atlas
	Workers int // files read at once; 0 for as many as there are processors
	// Done is called after each file was read, with how many reads are done and how many
	// there are. It may be called by several goroutines, one at a time.
	Done func(file string, done, of int)
	// Copied is told of files that are left out because another collector's unpack to the
	// same, and of collectors with peers in the same sessions as another's; nil for nobody.
	Copied func([]source.Skipped)
}

// Result is what went down.
type Result struct {
	From, Until moment.Time
	Losses      []Loss // the gravest first
	// Taken are networks of which another origin's routes took the place: nothing went
	// down. They may have losses too.
	Taken []Loss
	// Undecided are networks that had no outage, and of which it is not known whether their
	// routes stayed.
	Undecided []Loss
	Countries []Country // the gravest first, those of which only a part is known last; nil if nobody was asked
	// Absent are the registries whose lists were not given, if anybody was asked.
	Absent []string
	Watch  *vantage.Watch
	Ledger vantage.Ledger
	Looked int // origins, and prefixes of unknown origin, that were looked into
	Events int // announcements, withdrawals and entries of tables that were read
}

// Loss is one network, or one prefix whose origin is not known, with its outages.
type Loss struct {
	AS     uint32       // 0 if Prefix is set
	Prefix netip.Prefix // invalid if AS is set
	With   []uint32     // other networks that lost the same routes, as members of a set
	Name   string       // of the AS, if the atlas knows it
	// Countries are those in which the lost prefixes or their network are registered,
	// sorted; empty if nobody was asked or none is known.
	Countries []string
	Outages   []Outage          // by rising time
	Taken     []Outage          // in which another origin's routes took the place of what was lost
	By        []uint32          // whose, rising
	Unshown   []finding.Unshown // in which it is not known whether its routes stayed; nil if it had an outage
	Worst     int               // the gravest of the outages
	V4, V6    float64           // sums over the outages; see [Outage.V4]

	lost []netip.Prefix
}

// Few reports whether at no time half of those who carried it lost it.
func (l *Loss) Few() bool {
	return !slices.ContainsFunc(l.Outages, func(o Outage) bool { return !o.Partial })
}

// Outage is one outage of a [Loss].
type Outage struct {
	From     moment.Time
	Until    moment.Time // where it ended, or sight of it did
	Ended    bool
	Blind    bool // it did not end because nobody was watching any more
	Partial  bool
	Total    bool // for a time nobody held anything
	Prefixes int  // lost
	Of       int  // of so many of the origin
	Peers    int  // that lost them
	Carried  int  // of so many that are known to have carried them
	// Watchers are the peers that would have told of it: those that carried it, and at
	// least those that tell of much. Of one that said nothing it is not known whether it
	// still holds the routes.
	Watchers int
	Routes   outage.Routes
	Size     outage.Size
	Losses   int     // how often it was lost, if not in one piece; 0 otherwise
	Seconds  int64   // how long it was gone then
	Duration int64   // seconds between the medians of onset and recovery; −1 if one was not seen
	Bare     float64 // the part of what was lost, by addresses and time, of which no route stood
	V4, V6   float64 // addresses (or /48s) × seconds × share of Watchers that lost it × Bare
}

// Country is what the networks of one country of registration lost together.
type Country struct {
	Code        string
	Losses      []int // in [Result.Losses]
	From, Until moment.Time
	V4, V6      float64 // as far as the lost prefixes, or their networks, are registered there
	// RegistryAbsent is the registry that serves the country, if its list was not given: what
	// others delegated there is a part, and has no rank among the others. Example: without
	// ARIN's list, Canada is one /24 that RIPE NCC delegated.
	RegistryAbsent string
}

// Run scans.
func Run(ctx context.Context, r Request) (*Result, error) {
	if r.Workers == 0 {
		r.Workers = runtime.GOMAXPROCS(0)
	}
	x := &scanner{Request: r, files: make([]*file, len(r.Sources.Files)), byPrefix: newNumbers()}
	if err := x.read(ctx); err != nil {
		return nil, err
	}
	all, err := joined(x.Sources, x.files)
	if err != nil {
		return nil, err
	}
	// As an examination has it: a session at two collectors is one.
	var copies []vantage.Peer
	x.watch, copies = all.Originals()
	x.withoutEvents(copies)
	x.told(filescan.Sessions(all))
	x.ledger = x.watch.Ledger(moment.Interval{From: r.From, Until: r.Until})
	res := &Result{From: r.From, Until: r.Until, Watch: x.watch, Ledger: x.ledger, Looked: len(x.wanted), Events: x.events}
	x.follow()
	found, err := x.judge(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range found {
		if len(l.Outages) > 0 {
			res.Losses = append(res.Losses, l)
		}
		if len(l.Taken) > 0 {
			res.Taken = append(res.Taken, l)
		}
		if len(l.Unshown) > 0 {
			res.Undecided = append(res.Undecided, l)
		}
	}
	slices.SortFunc(res.Taken, byNumber)
	slices.SortFunc(res.Undecided, byNumber)
	if r.Atlas != nil {
		res.Absent = r.Atlas.Absent()
		res.Countries, err = x.countries(res.Losses)
	}
	return res, err
}

// judge computes the outages of everything that was followed.
func (x *scanner) judge(ctx context.Context) ([]Loss, error) {
	var mu sync.Mutex
	var out []Loss
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(x.Workers)
	for _, w := range x.wanted {
		g.Go(func() error {
			if gctx.Err() != nil {
				return gctx.Err()
			}
			l, err := x.loss(w)
			if err != nil || len(l.Outages)+len(l.Taken)+len(l.Unshown) == 0 {
				return err
			}
			mu.Lock()
			out = append(out, l)
			mu.Unlock()
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(out, byNumber)
	out = joinSame(out)
	slices.SortFunc(out, compareLosses)
	return out, nil
}

func byNumber(a, b Loss) int {
	return cmp.Or(cmp.Compare(a.AS, b.AS), a.Prefix.Compare(b.Prefix))
}

// compareLosses puts what lost IPv4 addresses before what lost none; of those, what half
// of the carriers lost at a time before what fewer did; and then by [Loss.rank]. In the
// end by number, so that the order is always one.
func compareLosses(a, b Loss) int {
	a4, a6 := a.rank()
	b4, b6 := b.rank()
	truth := func(x bool) int {
		if x {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(truth(a4 == 0), truth(b4 == 0)), cmp.Compare(truth(a.Few()), truth(b.Few())),
		cmp.Compare(b4, a4), cmp.Compare(b6, a6), byNumber(a, b))
}

// rank is what was lost times the number of prefixes and once more the share of the peers,
// over all outages. What goes down together is an event, while single prefixes come and go
// every minute; what all lost is surer than what two of six did.
func (l *Loss) rank() (v4, v6 float64) {
	for _, o := range l.Outages {
		n := float64(o.Prefixes) * float64(o.Peers) / float64(max(1, o.Watchers))
		v4, v6 = v4+o.V4*n, v6+o.V6*n
	}
	return v4, v6
}

// loss finds the outages of one subject.
func (x *scanner) loss(w wanted) (Loss, error) {
	l := Loss{AS: w.as, Prefix: w.prefix}
	asked := w.prefix.String()
	if w.as != 0 {
		asked = fmt.Sprintf("AS%d", w.as)
	}
	none := &atlas.Atlas{}
	s, err := none.Resolve(asked)
	if err != nil {
		return l, fmt.Errorf("%s: %w", asked, err)
	}
	ev := &assess.Evidence{Rules: assess.Rules, Question: finding.Question{Subject: asked, From: x.From, Until: x.Until}, Subject: s, Prefixes: w.prefixes,
		Origins: map[netip.Prefix][]uint32{}, Covers: x.coversOf(w.prefixes), Table: x.table, Watch: x.watch, Ledger: x.ledger}
	for _, p := range w.prefixes {
		if w.as != 0 {
			ev.Origins[p] = []uint32{w.as}
		}
	}
	in := assess.Input(ev)
	sizes := outage.NewSizer(in)
	table := x.table.Reader()
	found, below := outage.FindSubject(in)
	if len(found) == 0 && slices.ContainsFunc(below.Unshown, func(u outage.Unshown) bool { return u.Recent }) {
		if b := assess.Below(ev, in, below); b != nil && b.Doubt {
			l.Unshown = slices.DeleteFunc(b.Unshown, func(u finding.Unshown) bool { return !u.Doubt })
		}
	}
	for _, o := range found {
		t := takenIn(table, in, o)
		if l.add(x, o, sizes, t); t.stood {
			continue
		}
		for _, p := range o.Prefixes {
			l.lost = append(l.lost, in.Prefixes[p].Prefix)
		}
	}
	slices.Sort(l.By)
	l.By = slices.DeleteFunc(slices.Compact(l.By), func(o uint32) bool { return o == w.as })
	if x.Atlas != nil && w.as != 0 {
		l.Name, _ = x.Atlas.Name(w.as)
	}
	return l, nil
}

func (l *Loss) add(x *scanner, o outage.Outage, sizes *outage.Sizer, t taken) {
	n := Outage{From: moment.Unix(o.From, 0), Until: moment.Unix(o.Until.At, 0), Ended: o.Until.Seen, Blind: o.Censored == outage.Blind,
		Partial: o.Partial, Total: len(o.Total) > 0, Prefixes: len(o.Prefixes), Of: o.Of, Peers: len(o.Ticks), Carried: o.Carried,
		Routes: o.Routes, Size: sizes.Of(o), Duration: o.Duration, Bare: t.bare}
	seconds := float64(min(o.Until.At, x.Until.SecUp()) - max(o.From, x.From.Sec()))
	if o.Gone != nil { // what came and went was not gone in between
		n.Losses, n.Seconds = o.Gone.Losses, o.Gone.Seconds
		seconds = min(seconds, float64(n.Seconds))
	}
	f := 0
	if n.Size.V4 == 0 {
		f = 1
	}
	n.Watchers = max(n.Carried, n.Peers, x.watchers(f, o.From))
	share := float64(n.Peers) / float64(max(1, n.Watchers))
	n.V4, n.V6 = float64(n.Size.V4)*seconds*share*t.bare, float64(n.Size.V6)*seconds*share*t.bare
	if t.stood {
		l.Taken, l.By = append(l.Taken, n), append(l.By, t.by...)
		return
	}
	l.Outages = append(l.Outages, n)
	l.V4, l.V6 = l.V4+n.V4, l.V6+n.V6
	if w := l.Outages[l.Worst]; n.V4 > w.V4 || n.V4 == w.V4 && n.V6 > w.V6 {
		l.Worst = len(l.Outages) - 1
	}
}

// countries says where what was lost is registered, by the registries' lists, and adds
// it up: in each country by the share of its prefixes that are its.
func (x *scanner) countries(losses []Loss) ([]Country, error) {
	var addrs []netip.Addr
	var ases []uint32
	for _, l := range losses {
		if l.AS != 0 {
			ases = append(ases, l.AS)
		}
		for _, p := range l.lost {
			addrs = append(addrs, p.Addr())
		}
	}
	h, err := x.Atlas.Holders(addrs, ases)
	if err != nil {
		return nil, err
	}
	by := map[string]*Country{}
	for i := range losses {
		l := &losses[i]
		// A prefix is a country's by its addresses and by its network, as an examination of
		// the country has it. Example: a network of France announces addresses of ARIN's.
		n := map[string]int{}
		network := country(h.AS(l.AS))
		for _, p := range l.lost {
			here := country(h.Addr(p.Addr()))
			if here != "" {
				n[here]++
			}
			if network != "" && network != here {
				n[network]++
			}
		}
		l.Countries = slices.Sorted(maps.Keys(n))
		for _, cc := range l.Countries {
			c := by[cc]
			if c == nil {
				c = &Country{Code: cc, From: l.Outages[0].From}
				by[cc] = c
			}
			c.Losses = append(c.Losses, i)
			share := float64(n[cc]) / float64(len(l.lost))
			c.V4 += l.V4 * share
			c.V6 += l.V6 * share
			for _, o := range l.Outages {
				c.From, c.Until = min(c.From, o.From), max(c.Until, o.Until)
			}
		}
	}
	var out []Country
	absent := x.Atlas.Absent()
	for _, c := range by {
		if home := atlas.RegistryName(atlas.HomeRegistry(c.Code)); slices.Contains(absent, home) {
			c.RegistryAbsent = home
		}
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Country) int {
		return cmp.Or(cmp.Compare(min(1, len(a.RegistryAbsent)), min(1, len(b.RegistryAbsent))), cmp.Compare(b.V4, a.V4), cmp.Compare(b.V6, a.V6), cmp.Compare(a.Code, b.Code))
	})
	return out, nil
}

// country is that of the first holder that was one at the time; empty if none was.
func country(holders []atlas.Holder) string {
	for _, h := range holders {
		if !h.Later {
			return h.Country
		}
	}
	return ""
}

// Watched reports whether anybody was watching at any time of the question.
func (r *Result) Watched() bool {
	for _, c := range r.Watch.Collectors {
		whole := false
		for _, b := range r.Ledger.Blind {
			whole = whole || b.Collector == c.Name && b.Peer == nil && b.From <= r.From && b.Until >= r.Until
		}
		if !whole && len(c.Peers) > 0 {
			return true
		}
	}
	return false
}
