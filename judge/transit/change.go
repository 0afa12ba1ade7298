package transit

import (
	"maps"
	"slices"
)

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
	Vantages int `json:"vantages"`
	// Lost are the vantage networks then of which nobody is watching now: what they
	// showed may be as it was.
	Lost []uint32 `json:"vantages_lost"`
	New  []uint32 `json:"new"`  // first networks outside, on no path before
	Gone []uint32 `json:"gone"` // on no path now, although a vantage network that showed them is watching
	// Unseen are on no path now, and nobody who is known to have shown them is watching;
	// or the list of ways is too long to have all.
	Unseen []uint32   `json:"unseen"`
	Cut    *Cut       `json:"cut"`   // by networks, then
	Moved  []Movement `json:"moved"` // networks whose hegemony changed by a hundredth or more
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

// Since compares a result with an earlier one of the same subject. Watching are the
// networks of which a peer is watching now.
func (r *Result) Since(old *Result, at string, watching []uint32) *Change {
	c := &Change{Subject: r.Subject, Before: at, Lost: []uint32{}, New: []uint32{}, Gone: []uint32{}, Unseen: []uint32{}, Moved: []Movement{}}
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
	looks := map[uint32]bool{}
	for _, as := range watching {
		looks[as] = true
	}
	for _, f := range old.Families {
		for _, as := range f.Seers {
			if !looks[as] {
				c.Lost = append(c.Lost, as)
			}
		}
	}
	slices.Sort(c.Lost)
	c.Lost = slices.Compact(c.Lost)
	then, more := old.firsts()
	now, clipped := r.firsts()
	for _, as := range slices.Sorted(maps.Keys(now)) {
		if then[as] == nil && !more {
			c.New = append(c.New, as)
		}
	}
	for _, as := range slices.Sorted(maps.Keys(then)) {
		switch {
		case now[as] != nil:
		case !clipped && slices.ContainsFunc(then[as], func(w *Way) bool { return w.watched(looks, c.Lost) }):
			c.Gone = append(c.Gone, as)
		default:
			c.Unseen = append(c.Unseen, as)
		}
	}
	for _, fam := range []string{V4.String(), V6.String()} {
		c.Moved = append(c.Moved, movements(old.hegemonies(fam), r.hegemonies(fam), fam)...)
	}
	return c
}

// firsts are the ways by the first network outside, and whether there are more than are
// listed.
func (r *Result) firsts() (by map[uint32][]*Way, more bool) {
	by = map[uint32][]*Way{}
	for i := range r.Families {
		f := &r.Families[i]
		more = more || f.MoreWays > 0
		for k := range f.Ways {
			if w := &f.Ways[k]; w.First != 0 {
				by[w.First] = append(by[w.First], w)
			}
		}
	}
	return by, more
}

// watched reports whether a vantage network that showed the way is watching now: one that
// is named, or one of the others if fewer are lost than showed it.
func (w *Way) watched(looks map[uint32]bool, lost []uint32) bool {
	named := slices.ContainsFunc(w.By, func(as uint32) bool { return looks[as] })
	return named || len(w.By) > 0 && w.Vantages > len(lost)
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
