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
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"constat/judge/transit"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/rib"
)

// ErrNotSeen is wrapped by the error for a subject of which no peer holds a route: that
// says nothing of who could cut it off.
var ErrNotSeen = errors.New("no peer holds a route to it")

// Request says what is asked.
type Request struct {
	Subjects []*atlas.Subject
	All      bool // all countries, instead
	View     *live.View
	Watch    *rib.Watch
	Atlas    *atlas.Atlas
	Lists    []*atlas.RelationList
	Origins  bool // the hegemony of each origin too
	Workers  int
	Done     func(what string, done, of int)
}

// Answer is what chokepoints.json holds; see docs/formats/chokepoints.md.
type Answer struct {
	Format   string      `json:"format"`
	At       moment.Time `json:"at"` // of the last record that was applied
	Sources  []Source    `json:"sources"`
	Missing  []Missing   `json:"missing"`
	Peers    int         `json:"peers"`    // that hold any route
	Networks int         `json:"networks"` // their networks
	Full     [2]int      `json:"full"`     // peers that send full tables, of IPv4 and of IPv6
	Lists    []Register  `json:"lists"`
	Absent   []string    `json:"absent"` // registries of which no list was given
	Who      []Network   `json:"who"`    // the networks named in the answer, by number

	Subjects []*transit.Result `json:"subjects"`
	NotSeen  []string          `json:"not_seen"` // countries of which no peer holds a route
	Changes  []*transit.Change `json:"changes"`  // since an earlier answer, if one was given
}

// Source is one file that was read.
type Source struct {
	Collector string `json:"collector"`
	File      string `json:"file"`
	SHA256    string `json:"sha256"`
	Kind      string `json:"kind"`
	Records   int64  `json:"records"`
	Truncated bool   `json:"truncated"`
	Unread    int64  `json:"unread"` // places that could not be read
}

// Missing is a time of which a collector's files are not there.
type Missing struct {
	Collector string      `json:"collector"`
	From      moment.Time `json:"from"`
	Until     moment.Time `json:"until"`
}

// Register is a list that an answer rests on.
type Register struct {
	What   string `json:"what"`
	File   string `json:"file"`
	Date   string `json:"date"`
	SHA256 string `json:"sha256"` // empty for lists of which a part was looked at
	Unread int    `json:"unread"`
}

// Network says who a network is.
type Network struct {
	AS       uint32        `json:"as"`
	Name     string        `json:"name"`
	Country  string        `json:"country"`
	Operator string        `json:"operator"`
	State    []atlas.Owner `json:"state_owned"`
}

// Ask computes the answer.
func Ask(ctx context.Context, r Request) (*Answer, error) {
	if r.Workers == 0 {
		r.Workers = runtime.GOMAXPROCS(0)
	}
	s, err := newState(r.View)
	if err != nil {
		return nil, err
	}
	out := &Answer{Format: transit.Format, At: r.View.At(), Sources: []Source{}, Missing: []Missing{}, Lists: []Register{}, Absent: []string{},
		Who: []Network{}, Subjects: []*transit.Result{}, NotSeen: []string{}, Changes: []*transit.Change{}}
	out.account(r.Watch, s)
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
		links := make([]transit.Link, len(l.Links))
		for i, x := range l.Links {
			links[i] = transit.Link(x)
		}
		graphs = append(graphs, transit.NewGraph(l.Register.String(), links, l.Core))
		out.Lists = append(out.Lists, Register{l.What, l.File, l.Date, l.SHA256, l.Unread})
	}
	results := make([]*transit.Result, len(asks))
	t := transit.NewTable(s)
	// The largest first, so that none is left to one processor at the end.
	order := make([]int, len(asks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(len(asks[b].scope.Prefixes), len(asks[a].scope.Prefixes))
	})
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Workers)
	done := make(chan struct{}, len(asks))
	for _, i := range order {
		g.Go(func() error {
			if err := gctx.Err(); err != nil {
				return err
			}
			x := transit.Assess(t, asks[i].scope, transit.Who{Operator: who.operator, Country: who.country}, graphs, transit.Options{Origins: r.Origins})
			x.Subject, x.Kind = asks[i].name, asks[i].kind
			results[i] = x
			done <- struct{}{}
			if r.Done != nil {
				r.Done(asks[i].name, len(done), len(asks))
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, x := range results {
		switch {
		case len(x.Families) > 0:
			out.Subjects = append(out.Subjects, x)
		case r.All:
			out.NotSeen = append(out.NotSeen, x.Subject)
		default:
			return nil, fmt.Errorf("%s: %w in these files, of %d peers at %s: that says nothing of who could cut it off", x.Subject, ErrNotSeen, out.Peers, out.At)
		}
	}
	if r.All {
		slices.SortStableFunc(out.Subjects, transit.Compare)
	}
	out.name(who)
	return out, nil
}

// account says what was read and who was watching.
func (a *Answer) account(w *rib.Watch, s *state) {
	for _, c := range w.Collectors {
		for _, f := range c.Files {
			n := int64(0)
			for _, u := range f.Unread {
				n += u.Count
			}
			a.Sources = append(a.Sources, Source{c.Name, f.Name, f.SHA256, f.Kind, f.Records, f.Truncated, n})
		}
		for _, m := range c.Missing {
			a.Missing = append(a.Missing, Missing{c.Name, m.From, m.Until})
		}
	}
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
func (r *Request) asks(s *state, w *who, out *Answer) ([]ask, error) {
	if r.All {
		return allCountries(s, w)
	}
	var asks []ask
	for _, sub := range r.Subjects {
		sc := &transit.Scope{Whole: sub.Kind == atlas.KindCountry || sub.Kind == atlas.KindFile,
			Belongs: func(q, o uint32) bool { return sub.Match(s.Prefix(q), o) },
			Inside:  sub.HasOrigin}
		if sub.Kind == atlas.KindPrefix || sub.Kind == atlas.KindFile && len(sub.Origins) == 0 {
			// Addresses alone are the subject: its own networks are those that announce them.
			own := map[uint32]bool{}
			for q := range s.origins {
				for _, o := range s.origins[q] {
					if sub.Match(s.Prefix(uint32(q)), o) {
						own[o] = true
					}
				}
			}
			sc.Inside = func(as uint32) bool { return own[as] }
		}
		for q, origins := range s.origins {
			p := s.Prefix(uint32(q))
			if p.Bits() > 0 && slices.ContainsFunc(origins, func(o uint32) bool { return sub.Match(p, o) }) {
				sc.Prefixes = append(sc.Prefixes, uint32(q))
			}
		}
		asks = append(asks, ask{sub.Name, sub.Kind, sc})
		for _, l := range sub.Lists {
			out.list(Register{What: atlas.RegisterDelegations, File: l.File, Date: l.Date})
		}
		for _, x := range sub.Absent {
			if !slices.Contains(out.Absent, x) {
				out.Absent = append(out.Absent, x)
			}
		}
	}
	return asks, nil
}

func (a *Answer) list(r Register) {
	if !slices.ContainsFunc(a.Lists, func(x Register) bool { return x.What == r.What && x.File == r.File }) {
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
