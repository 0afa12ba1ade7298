package examine

import (
	"maps"
	"slices"
	"strconv"

	"constat/judge/assess"
	"constat/routes/atlas"
)

// addActors writes down, of the ASes met, in which country they were
// registered, who operated them and which were large, as of the day on which the
// question begins. Deriving reads it from the case and from nowhere else.
func (r *Request) addActors(q *question, met []uint32) error {
	a, err := r.Atlas.At(r.From.Std()).Actors(met)
	if err != nil {
		return err
	}
	q.Countries, q.Operators = map[string]string{}, map[string]string{}
	for as, cc := range a.Countries {
		q.Countries[asKey(as)] = cc
	}
	for as, org := range a.Organisations {
		q.Operators[asKey(as)] = org
	}
	q.Large, q.Registers = a.Large, a.Registers
	// Of the relations only those of the subject's own networks: who announces its
	// addresses may be its provider or its customer.
	for _, c := range a.Customers {
		if r.Subject.HasOrigin(c[0]) || r.Subject.HasOrigin(c[1]) {
			q.Customers = append(q.Customers, c)
		}
	}
	return nil
}

// holdings looks up to whom the addresses were delegated that several networks announced.
func (r *Request) holdings(ev *assess.Evidence) ([]atlas.Holding, error) {
	if r.Atlas == nil {
		return nil, nil
	}
	prefixes, networks := assess.Contested(ev)
	return r.Atlas.At(r.From.Std()).Holdings(prefixes, networks)
}

func asKey(as uint32) string { return strconv.FormatUint(uint64(as), 10) }

// asOfKey is the AS of a key; false if the key names none.
func asOfKey(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil
}

// countryOf is where each AS met was registered. An AS that is not in it is of
// unknown country.
func (q *question) countryOf() map[uint32]string {
	out := map[uint32]string{}
	for k, cc := range q.Countries {
		if as, ok := asOfKey(k); ok && cc != "" {
			out[as] = cc
		}
	}
	return out
}

// operatorOf joins siblings: ASes of one organisation have the same number, the
// lowest of those met. An AS that is not in it is its own operator.
//
// Example: AS701, AS702 and AS703 of MCICS-ARIN were met: all three have 701.
func (q *question) operatorOf() map[uint32]uint32 {
	byOrg := map[string][]uint32{}
	for k, org := range q.Operators {
		if as, ok := asOfKey(k); ok && org != "" {
			byOrg[org] = append(byOrg[org], as)
		}
	}
	out := map[uint32]uint32{}
	for _, org := range slices.Sorted(maps.Keys(byOrg)) {
		first := slices.Min(byOrg[org])
		for _, as := range byOrg[org] {
			out[as] = first
		}
	}
	return out
}

// customersOf are the pairs of a provider and its customer.
func (q *question) customersOf() map[[2]uint32]bool {
	out := map[[2]uint32]bool{}
	for _, c := range q.Customers {
		out[c] = true
	}
	return out
}

// largeASes are the ASes met that have at least [atlas.LargeCustomers]
// customers; nil if no list of relations was at hand.
func (q *question) largeASes() map[uint32]bool {
	if !atlas.HasRegister(q.Registers, atlas.RegisterRelations) {
		return nil
	}
	out := map[uint32]bool{}
	for _, as := range q.Large {
		out[as] = true
	}
	return out
}
