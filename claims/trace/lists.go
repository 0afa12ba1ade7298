package trace

import (
	"maps"
	"slices"

	"constat/routes/atlas"
)

// lists gathers which files were asked.
type lists struct {
	delegations, absent, origins, names, relations, owned, damaged map[string]bool
	unread                                                         int
}

func newLists() *lists {
	s := func() map[string]bool { return map[string]bool{} }
	return &lists{s(), s(), s(), s(), s(), s(), s(), 0}
}

func (l *lists) note(a *atlas.Atlas) {
	for _, x := range a.Lists() {
		l.delegations[x.String()] = true
	}
	for _, r := range a.Absent() {
		l.absent[r] = true
	}
	for to, of := range map[*map[string]bool]func() (atlas.Table, bool){&l.origins: a.OriginsOf, &l.relations: a.RelationsOf, &l.owned: a.StateOwnedOf} {
		if t, ok := of(); ok {
			(*to)[t.String()] = true
		}
	}
	if n := a.NamesOf(); n != "" {
		l.names[n] = true
	}
}

func (l *lists) damage(named []atlas.Damage, count int) {
	fresh := 0
	for _, d := range named {
		if s := d.String(); !l.damaged[s] {
			l.damaged[s] = true
			fresh++
		}
	}
	if fresh > 0 { // a file that was read for two days is counted once
		l.unread += count
	}
}

func (l *lists) done() Lists {
	sorted := func(m map[string]bool) []string {
		if len(m) == 0 {
			return []string{}
		}
		return slices.Sorted(maps.Keys(m))
	}
	return Lists{sorted(l.delegations), sorted(l.absent), sorted(l.origins), sorted(l.names), sorted(l.relations), sorted(l.owned), sorted(l.damaged), l.unread}
}
