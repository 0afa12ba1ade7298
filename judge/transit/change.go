package transit

import "slices"

// Change is what became different between two answers about one subject.
type Change struct {
	Subject string `json:"subject"`
	Before  string `json:"before"` // the moment of the earlier answer
	// Class and Frontier are the class and the number of frontier networks before; null if
	// the subject is one network.
	Class    *string `json:"class"`
	Frontier *int    `json:"frontier"`
	// Vantages are the vantage networks of the first family then: with others watching, ways
	// come and go that were there all along.
	Vantages int        `json:"vantages"`
	New      []uint32   `json:"new"`   // first networks outside, on no path before
	Gone     []uint32   `json:"gone"`  // and on no path now
	Cut      *Cut       `json:"cut"`   // by networks, then
	Moved    []Movement `json:"moved"` // networks whose hegemony changed by a hundredth or more
}

// Movement is the hegemony of a network then and now, in one family.
type Movement struct {
	AS     uint32  `json:"as"`
	Family string  `json:"family"`
	Before float64 `json:"before"`
	Now    float64 `json:"now"`
}

// moved is the least change of hegemony that is told.
const moved = 0.01

// Since compares a result with an earlier one of the same subject.
func (r *Result) Since(old *Result, at string) *Change {
	c := &Change{Subject: r.Subject, Before: at, New: []uint32{}, Gone: []uint32{}, Moved: []Movement{}}
	if old.Frontier != nil {
		c.Class, c.Frontier = &old.Frontier.Class, &old.Frontier.Count
	}
	if len(old.Families) > 0 {
		c.Vantages = old.Families[0].Vantages
	}
	for _, abroad := range []bool{false, true} {
		if o := old.observed(Networks, abroad); o != nil {
			c.Cut = &o.Cut
			break
		}
	}
	first := func(r *Result) []uint32 {
		var out []uint32
		for _, f := range r.Families {
			for _, w := range f.Ways {
				if w.First != 0 {
					out = append(out, w.First)
				}
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	then, now := first(old), first(r)
	for _, as := range now {
		if !slices.Contains(then, as) {
			c.New = append(c.New, as)
		}
	}
	for _, as := range then {
		if !slices.Contains(now, as) {
			c.Gone = append(c.Gone, as)
		}
	}
	for _, fam := range []string{V4.String(), V6.String()} {
		c.Moved = append(c.Moved, movements(old.hegemonies(fam), r.hegemonies(fam), fam)...)
	}
	return c
}

func (r *Result) hegemonies(fam string) []Hegemony {
	for _, f := range r.Families {
		if f.Family == fam {
			return f.Hegemony
		}
	}
	return nil
}

func movements(old, now []Hegemony, fam string) []Movement {
	at := map[uint32]*Movement{}
	var order []uint32
	get := func(as uint32) *Movement {
		if at[as] == nil {
			at[as] = &Movement{AS: as, Family: fam}
			order = append(order, as)
		}
		return at[as]
	}
	for _, h := range old {
		get(h.AS).Before = h.Hegemony
	}
	for _, h := range now {
		get(h.AS).Now = h.Hegemony
	}
	slices.Sort(order)
	var out []Movement
	for _, as := range order {
		if m := at[as]; m.Now-m.Before >= moved || m.Before-m.Now >= moved {
			out = append(out, *m)
		}
	}
	return out
}
