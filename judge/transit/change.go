package transit

import (
	"maps"
	"slices"

	"constat/routes/atlas"
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
	// Fresh are the vantage networks now of which nobody was watching then: what they show
	// may have been so before. Moments with either are not comparable as a whole.
	Fresh []uint32 `json:"vantages_new"`
	// New are first networks outside that were on no path before, and that a vantage network
	// shows that was watching then too; FreshAlone those that only fresh ones show, or of
	// which it is not known who showed them.
	New        []uint32 `json:"new"`
	FreshAlone []uint32 `json:"shown_by_new_alone"`
	// Gone are on no path now, although all vantage networks that showed them are watching.
	Gone []uint32 `json:"gone"`
	// Unseen are on no path now, and not all who showed them are known to be watching; or
	// the list of ways is too long to have all.
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
	// BeforeMost and NowMost say that the network is not among those that the answer of
	// that moment lists: its hegemony was at most the least that is listed.
	BeforeMost bool `json:"before_at_most,omitempty"`
	NowMost    bool `json:"now_at_most,omitempty"`
}

// moved is the least change of hegemony that is told.
const moved = 0.01

// Comparable reports whether the same vantage networks look now as then.
func (c *Change) Comparable() bool { return len(c.Lost) == 0 && len(c.Fresh) == 0 }

// Since compares a result with an earlier one of the same subject, at a moment. Then and
// now are the networks of which a peer was watching at each.
func (r *Result) Since(old *Result, at string, then, now []uint32) *Change {
	c := &Change{Subject: r.Subject, Before: at, Lost: []uint32{}, Fresh: []uint32{}, New: []uint32{}, FreshAlone: []uint32{}, Gone: []uint32{}, Unseen: []uint32{}, Moved: []Movement{}}
	if old.Frontier != nil {
		c.Class, c.Frontier = &old.Frontier.Class, &old.Frontier.Count
	}
	if len(old.Families) > 0 {
		c.Vantages = old.Families[0].Vantages
	}
	for _, abroad := range []bool{false, true} {
		if c.Cut = old.Cut(Networks, abroad); c.Cut != nil {
			break
		}
	}
	c.Lost, c.Fresh = missing(old, now), missing(r, then)
	before, more := old.firsts()
	after, clipped := r.firsts()
	for _, as := range slices.Sorted(maps.Keys(after)) {
		switch {
		case before[as] != nil:
		case !more && slices.ContainsFunc(after[as], func(w *Way) bool { return w.byOthers(c.Fresh) }):
			c.New = append(c.New, as)
		default:
			c.FreshAlone = append(c.FreshAlone, as)
		}
	}
	for _, as := range slices.Sorted(maps.Keys(before)) {
		switch {
		case after[as] != nil:
		case !clipped && !slices.ContainsFunc(before[as], func(w *Way) bool { return w.byAny(c.Lost) }):
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
// listed. A number that names no single network is none: two that write it may be two.
func (r *Result) firsts() (by map[uint32][]*Way, more bool) {
	by = map[uint32][]*Way{}
	for i := range r.Families {
		f := &r.Families[i]
		more = more || f.MoreWays > 0
		for k := range f.Ways {
			if w := &f.Ways[k]; w.First != 0 && atlas.One(w.First) {
				by[w.First] = append(by[w.First], w)
			}
		}
	}
	return by, more
}

// missing are the vantage networks of a result of which nobody was watching at another
// moment, rising.
func missing(r *Result, watching []uint32) []uint32 {
	out := []uint32{}
	for _, f := range r.Families {
		for _, as := range f.Seers {
			if !slices.Contains(watching, as) {
				out = append(out, as)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// byOthers reports whether a vantage network that is not among some is known to show the
// way: one that is named, or one of the others if there are fewer of those.
func (w *Way) byOthers(some []uint32) bool {
	named := slices.ContainsFunc(w.By, func(as uint32) bool { return !slices.Contains(some, as) })
	return named || len(w.By) > 0 && w.Vantages > len(some)
}

// byAny reports whether one of some vantage networks shows the way, as far as is known:
// who showed it may not all be named.
func (w *Way) byAny(some []uint32) bool {
	if len(w.By) == 0 { // an answer of an earlier version names nobody
		return true
	}
	if slices.ContainsFunc(w.By, func(as uint32) bool { return slices.Contains(some, as) }) {
		return true
	}
	return len(some) > 0 && w.Vantages > len(w.By)
}

func (r *Result) hegemonies(fam string) []Hegemony {
	for _, f := range r.Families {
		if f.Family == fam {
			return f.Hegemony
		}
	}
	return nil
}

// movements compares lists of hegemony, which have the largest alone. Of a network that one
// of them leaves out it is known that it had no more than the last.
//
// Example: 60 networks are listed, the last with 0.02. One that is listed now with 0.025 may
// have moved by next to nothing, and one with 0.4 has moved.
func movements(old, now []Hegemony, fam string) []Movement {
	at := map[uint32]*Movement{}
	bound := func(list []Hegemony) (most float64, more bool) {
		if len(list) < listedNetworks {
			return 0, false
		}
		most = list[len(list)-1].Hegemony
		return most, most > 0
	}
	before, more := bound(old)
	after, clipped := bound(now)
	var order []uint32
	get := func(as uint32) *Movement {
		if at[as] == nil {
			at[as] = &Movement{AS: as, Family: fam, Before: before, Now: after, BeforeMost: more, NowMost: clipped}
			order = append(order, as)
		}
		return at[as]
	}
	for _, h := range old {
		m := get(h.AS)
		m.Before, m.BeforeMost = h.Hegemony, false
	}
	for _, h := range now {
		m := get(h.AS)
		m.Now, m.NowMost = h.Hegemony, false
	}
	slices.Sort(order)
	var out []Movement
	for _, as := range order {
		m := at[as]
		up, down := m.Now-m.Before >= moved, m.Before-m.Now >= moved
		if up && !m.NowMost || down && !m.BeforeMost {
			out = append(out, *m)
		}
	}
	return out
}
