// Package chokepoints asks who could cut a subject off: it takes what peers held at a
// moment, registers and lists of relations, hands them to package transit, and joins
// the answers with who the networks are.
//
// It promises that everything an answer rests on is named with its digest, and that a
// subject of which no peer holds a route is told from one that nothing cuts off. It
// keeps nothing, and words nothing.
package chokepoints

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"constat/internal/worded"
	"constat/judge/transit"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/vantage"
)

// ErrNotSeen is wrapped by the error for a subject of which no peer holds a route: that
// says nothing of who could cut it off.
var ErrNotSeen = errors.New("no peer holds a route to it")

// ErrNobody is wrapped by the error for a moment at which no peer was watching.
var ErrNobody = worded.Errorf("nobody was watching")

// Request says what is asked.
type Request struct {
	Subjects []*atlas.Subject
	All      bool // all countries, instead
	View     *live.View
	Watch    *vantage.Watch
	// Kept is the checkpoint that the state was read from, in place of a watch; nil if
	// files were read.
	Kept    *transit.Source
	Asked   moment.Time     // the moment that was asked about; 0: the end of the files
	Ledger  []vantage.Blind // of the state: who was not watching
	Atlas   *atlas.Atlas
	Lists   []*atlas.RelationList
	Origins bool // the hegemony of each origin too
	Workers int
	Done    func(what string, done, of int)
}

// Ask computes the answer.
func Ask(ctx context.Context, r Request) (*transit.Answer, error) {
	if r.Workers == 0 {
		r.Workers = runtime.GOMAXPROCS(0)
	}
	s, err := newState(r.View, r.Ledger)
	if err != nil {
		return nil, err
	}
	out := &transit.Answer{Format: transit.Format, At: r.View.At(), Sources: []transit.Source{}, Missing: []transit.Missing{}, Watching: []uint32{}, Blind: []transit.Blind{}, Lists: []transit.Register{}, Absent: []string{},
		Who: []transit.Network{}, Subjects: []*transit.Result{}, NotSeen: []string{}, Changes: []*transit.Change{}}
	account(out, &r, s)
	// What peers told before that are not watching may add ways to those of others; of
	// theirs alone nothing is said.
	if n := len(s.blind); len(s.looking) == 0 && n > 0 {
		return nil, worded.Errorf("%w at %s: of none of the %d peers is it known what it held then; do the files reach to that moment?", ErrNobody, max(out.At, r.Asked), n)
	}
	if len(s.peers) == 0 {
		return nil, errors.New("the files hold no route of any peer: there is nothing to say who depends on whom")
	}
	who, err := newWho(r, s, out)
	if err != nil {
		return nil, err
	}
	asks, err := r.asks(s, who, out)
	if err != nil {
		return nil, err
	}
	var graphs []*transit.Graph
	for _, l := range r.Lists {
		graphs = append(graphs, transit.NewGraph(l.Register.String(), l.Links, l.Core))
		out.Lists = append(out.Lists, transit.Register{What: l.What, File: l.File, Date: l.Date, SHA256: l.SHA256, Unread: l.Unread})
	}
	results := make([]*transit.Result, len(asks))
	t := transit.NewTable(s)
	if err := inTurn(ctx, asks, r.Workers, func(i int) {
		x := transit.Assess(t, asks[i].scope, who.judge(), graphs, transit.Options{Origins: r.Origins})
		x.Subject, x.Kind = asks[i].name, asks[i].kind
		if x.Kind == atlas.KindCountry {
			x.RegistryAbsent = homeAbsent(x.Subject, out.Absent)
		}
		results[i] = x
	}, func(i, done int) {
		if r.Done != nil {
			r.Done(asks[i].name, done, len(asks))
		}
	}); err != nil {
		return nil, err
	}
	for _, x := range results {
		switch {
		case len(x.Families) > 0:
			out.Subjects = append(out.Subjects, x)
		default:
			out.NotSeen = append(out.NotSeen, x.Subject)
		}
	}
	if !r.All && len(out.Subjects) == 0 {
		return nil, NotSeen(out)
	}
	if r.All {
		slices.SortStableFunc(out.Subjects, transit.Compare)
	}
	name(out, who)
	return out, nil
}

// inTurn does what is asked, several at once. One goroutine takes the largest first, and
// the others the smallest: what two large ones need does not stand in memory together,
// and at the end, when they meet, there is no large one that all wait for. Done is called
// after each, by one goroutine at a time, with how many are done.
func inTurn(ctx context.Context, asks []ask, workers int, do func(i int), done func(i, n int)) error {
	order := make([]int, len(asks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(len(asks[b].scope.Prefixes), len(asks[a].scope.Prefixes))
	})
	var mu sync.Mutex
	n := 0
	take := func(large bool) (i int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case len(order) == 0:
			return 0, false
		case large:
			i, order = order[0], order[1:]
		default:
			i, order = order[len(order)-1], order[:len(order)-1]
		}
		return i, true
	}
	g, gctx := errgroup.WithContext(ctx)
	for w := range max(1, min(workers, len(asks))) {
		g.Go(func() error {
			for {
				if err := gctx.Err(); err != nil {
					return err
				}
				i, ok := take(w == 0)
				if !ok {
					return nil
				}
				do(i)
				mu.Lock()
				n++
				done(i, n)
				mu.Unlock()
			}
		})
	}
	return g.Wait()
}

// NotSeen is the error for the subjects of an answer that are on no route.
func NotSeen(a *transit.Answer) error {
	if len(a.NotSeen) == 0 {
		return nil
	}
	return worded.Errorf("%s: %w in these files (peers: %d, at %s): that says nothing of who could cut it off", strings.Join(a.NotSeen, ", "), ErrNotSeen, a.Peers, a.At)
}

// account says what was read and who was watching.
func account(a *transit.Answer, r *Request, s *state) {
	for _, c := range r.Watch.Collectors {
		for _, f := range c.Files {
			n := int64(0)
			for _, u := range f.Unread {
				n += u.Count
			}
			a.Sources = append(a.Sources, transit.Source{Collector: c.Name, File: f.Name, SHA256: f.SHA256, Kind: f.Kind, Records: f.Records, Truncated: f.Truncated, Unread: n})
		}
		for _, m := range c.Missing {
			if m.From > max(a.At, r.Asked) {
				continue // what comes after the moment is not missed
			}
			a.Missing = append(a.Missing, transit.Missing{Collector: c.Name, From: m.From, Until: m.Until})
		}
	}
	if r.Kept != nil {
		a.Sources = append(a.Sources, *r.Kept)
	}
	a.Watching, a.Blind = append(a.Watching, s.telling...), append(a.Blind, s.blind...)
	nets := map[uint32]bool{}
	for i := range s.peers {
		p := s.Peer(i)
		nets[p.AS] = true
		for f, full := range p.Full {
			if full {
				a.Full[f]++
			}
		}
	}
	a.Peers, a.Networks = len(s.peers), len(nets)
}

// ask is one subject as the judge takes it.
type ask struct {
	name, kind string
	scope      *transit.Scope
}

// asks makes scopes of the subjects.
func (r *Request) asks(s *state, w *who, out *transit.Answer) ([]ask, error) {
	if r.All {
		return allCountries(s, w)
	}
	var asks []ask
	h := newHeld(s.Prefix, s.origins, len(r.Subjects))
	for i, sub := range r.Subjects {
		if slices.ContainsFunc(r.Subjects[:i], func(x *atlas.Subject) bool { return x.Name == sub.Name && x.Kind == sub.Kind }) {
			continue
		}
		prefixes, origins := h.of(sub)
		sc := &transit.Scope{Prefixes: prefixes, Whole: sub.Kind == atlas.KindCountry || sub.Kind == atlas.KindFile,
			Belongs: func(q, o uint32) bool { return sub.Match(s.Prefix(q), o) },
			Inside:  sub.HasOrigin}
		if sub.Kind == atlas.KindPrefix || sub.Kind == atlas.KindFile && len(sub.Origins) == 0 {
			// Addresses alone are the subject: its own networks are those that announce them.
			sc.Inside = func(as uint32) bool { return origins[as] }
		}
		asks = append(asks, ask{sub.Name, sub.Kind, sc})
		for _, l := range sub.Lists {
			list(out, transit.Register{What: atlas.RegisterDelegations, File: l.File, Date: l.Date})
		}
		for _, x := range sub.Absent {
			if !slices.Contains(out.Absent, x) {
				out.Absent = append(out.Absent, x)
			}
		}
	}
	return asks, nil
}

// homeAbsent is the registry that serves a country, if it is among those whose lists were
// not read: what others delegated there is a part of it.
func homeAbsent(country string, absent []string) string {
	home := atlas.HomeRegistry(country)
	if home != "" && slices.Contains(absent, atlas.RegistryName(home)) {
		return atlas.RegistryName(home)
	}
	return ""
}

func list(a *transit.Answer, r transit.Register) {
	if !slices.ContainsFunc(a.Lists, func(x transit.Register) bool { return x.What == r.What && x.File == r.File }) {
		a.Lists = append(a.Lists, r)
	}
}

// allCountries are the scopes of all countries: a route belongs to the country of its
// origin, and to that of the block within which its prefix lies.
func allCountries(s *state, w *who) ([]ask, error) {
	if w.delegated == nil {
		return nil, atlas.ErrNoLists
	}
	block := make([]string, len(s.origins))
	of := map[string][]uint32{}
	for q, origins := range s.origins {
		p := s.Prefix(uint32(q))
		if p.Bits() == 0 || len(origins) == 0 {
			continue
		}
		block[q] = w.delegated.Prefix(p)
		var ccs []string
		for _, o := range origins {
			if cc := w.delegated.AS(o); cc != "" && !slices.Contains(ccs, cc) {
				ccs = append(ccs, cc)
			}
		}
		if cc := block[q]; cc != "" && !slices.Contains(ccs, cc) {
			ccs = append(ccs, cc)
		}
		for _, cc := range ccs {
			of[cc] = append(of[cc], uint32(q))
		}
	}
	var asks []ask
	for _, cc := range w.delegated.Codes() {
		asks = append(asks, ask{cc, atlas.KindCountry, &transit.Scope{Prefixes: of[cc], Whole: true,
			Belongs: func(q, o uint32) bool { return block[q] == cc || w.delegated.AS(o) == cc },
			Inside:  func(as uint32) bool { return w.delegated.AS(as) == cc }}})
	}
	return asks, nil
}
