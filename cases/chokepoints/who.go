package chokepoints

import (
	"fmt"
	"slices"
	"strings"

	"constat/judge/transit"
	"constat/routes/atlas"
	"constat/routes/live"
)

// who knows the networks of a state by the registers.
type who struct {
	atlas     *atlas.Atlas
	actors    *atlas.Actors
	owned     *atlas.StateOwned
	delegated *atlas.Delegated
}

func newWho(r Request, s *state, out *transit.Answer) (*who, error) {
	w := &who{atlas: r.Atlas}
	seen := map[uint32]bool{}
	for n := live.Node(1); int(n) <= s.View.NumNodes(); n++ {
		if as := s.AS(n); as != 0 {
			seen[as] = true
		}
		for _, m := range s.SetOf(n) {
			seen[m] = true
		}
	}
	for i := range s.peers {
		seen[s.Peer(i).AS] = true
	}
	// The networks of lists of relations may stand in sets too.
	for _, l := range r.Lists {
		for _, x := range l.Links {
			seen[x.A], seen[x.B] = true, true
		}
	}
	all := make([]uint32, 0, len(seen))
	for as := range seen {
		all = append(all, as)
	}
	slices.Sort(all)
	var err error
	if w.actors, err = r.Atlas.Actors(all); err != nil {
		return nil, err
	}
	for _, x := range w.actors.Registers {
		if x.What != atlas.RegisterRelations {
			list(out, transit.Register{What: x.What, File: x.File, Date: x.Date, SHA256: x.SHA256, Unread: x.Unread})
		}
	}
	if w.owned, err = r.Atlas.StateOwned(); err != nil {
		return nil, err
	}
	if w.owned != nil {
		list(out, transit.Register{What: "state-owned", File: w.owned.Of.File, Date: w.owned.Of.Date, Unread: w.owned.Unread})
	}
	if r.All {
		if w.delegated, err = r.Atlas.Delegated(); err != nil {
			return nil, err
		}
		out.Absent = append(out.Absent, w.delegated.Absent...)
	}
	return w, nil
}

// judge is what the judge is told; without any list that has countries nothing is asked
// about them.
func (w *who) judge() transit.Who {
	out := transit.Who{Operator: w.operator}
	if len(w.actors.Countries) > 0 {
		out.Country = w.country
	}
	return out
}

func (w *who) operator(as uint32) string { return w.actors.Organisations[as] }

func (w *who) country(as uint32) string { return w.actors.Countries[as] }

// network is what is known of a network.
func (w *who) network(as uint32) transit.Network {
	n := transit.Network{AS: as, Country: w.country(as), Operator: w.operator(as), State: w.owned.Owners(as)}
	n.Name, _ = w.atlas.Name(as)
	if n.State == nil {
		n.State = []atlas.Owner{}
	}
	return n
}

// name says who the networks are that an answer names.
func name(a *transit.Answer, w *who) {
	seen := map[uint32]bool{}
	put := func(as uint32) {
		if as != 0 {
			seen[as] = true
		}
	}
	member := func(s string) {
		var n uint32
		if strings.HasPrefix(s, "AS") {
			if _, err := fmt.Sscanf(s, "AS%d", &n); err == nil && transit.Name(n) == s {
				put(n)
			}
		}
	}
	for _, r := range a.Subjects {
		r.Name(put, member)
	}
	for as := range seen {
		a.Who = append(a.Who, w.network(as))
	}
	slices.SortFunc(a.Who, func(x, y transit.Network) int { return int(int64(x.AS) - int64(y.AS)) })
}
