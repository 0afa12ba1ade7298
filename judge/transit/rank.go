package transit

import (
	"cmp"
	"slices"
)

// Limits of what an answer lists. What is left out is counted.
const (
	listedNetworks = 60
	listedWays     = 120
	listedScores   = 60
)

// clip leaves out the long tails of an answer's lists: networks without hegemony and
// the smallest ways.
func (r *Result) clip() {
	for i := range r.Families {
		f := &r.Families[i]
		n := 0
		for n < len(f.Hegemony) && n < listedNetworks && (f.Hegemony[n].Hegemony > 0 || n < 12) {
			n++
		}
		f.MoreHegemony = len(f.Hegemony) - n
		f.Hegemony = f.Hegemony[:n]
		n = min(len(f.Ways), listedWays)
		f.MoreWays = len(f.Ways) - n
		f.Ways = f.Ways[:n]
	}
	r.CTI = r.CTI[:min(len(r.CTI), listedScores)]
	r.CountryHegemony = r.CountryHegemony[:min(len(r.CountryHegemony), listedScores)]
	if n := len(r.Possible) - listedNetworks; n > 0 {
		r.MorePossible, r.Possible = n, r.Possible[:listedNetworks]
	}
	if f := r.Frontier; f != nil && len(f.Networks) > listedWays {
		f.Networks = f.Networks[:listedWays]
	}
}

// Main is the first family of which ways were seen: IPv4 if there is any. Shares are told
// of it. It is nil if nobody outside shows a way.
func (r *Result) Main() *InFamily {
	for i := range r.Families {
		if f := &r.Families[i]; f.Vantages > 0 {
			return f
		}
	}
	return nil
}

// Cut is how few of a kind would have to refuse in a family by what was seen; nil if that
// was not asked.
func (f *InFamily) Cut(by string, abroad bool) *Observed {
	for i := range f.Cuts {
		if o := &f.Cuts[i]; o.By == by && o.Abroad == abroad {
			return o
		}
	}
	return nil
}

// Cut is how few of a kind would have to refuse by what was seen, so that the subject has
// no way in any family; nil if that was not asked, or nobody outside shows a way.
//
// Example: all of IPv4 crosses AS10, all of IPv6 AS20. It takes both.
func (r *Result) Cut(by string, abroad bool) *Cut {
	for i := range r.Both {
		if j := &r.Both[i]; j.By == by && j.Abroad == abroad {
			return &j.Cut
		}
	}
	if f := r.Main(); f != nil && len(r.Both) == 0 {
		if o := f.Cut(by, abroad); o != nil {
			return &o.Cut
		}
	}
	return nil
}

// Most is the largest share of the main family that crosses one network.
func (r *Result) Most() (name string, share float64) {
	f := r.Main()
	if f == nil {
		return "", 0
	}
	for _, abroad := range []bool{false, true} {
		if o := f.Cut(Networks, abroad); o != nil {
			if len(o.Best) == 0 {
				return "", 0
			}
			return o.Best[0].Members[0], *o.Best[0].Share
		}
	}
	return "", 0
}

// Vantages are how many vantage networks outside the subject look at it, in the family of
// which most do; Between how many of them show that somebody stands between.
func (r *Result) Vantages() int {
	n := 0
	for _, f := range r.Families {
		n = max(n, f.Vantages)
	}
	return n
}

// Between is explained beside Vantages.
func (r *Result) Between() int {
	n := 0
	for _, f := range r.Families {
		n = max(n, f.Vantages-f.OnlyDirect)
	}
	return n
}

// Compare orders subjects by the thread that they hang by: by the number of frontier
// networks, then by how few networks hit all that was seen, then how few abroad, then by
// the share of the largest, then by name. A subject of which no way out was seen comes
// last, but for countries of which a part alone is known: what is seen of them is no
// measure of the country.
func Compare(a, b *Result) int {
	part := func(r *Result) int { return min(len(r.RegistryAbsent), 1) }
	return cmp.Or(cmp.Compare(part(a), part(b)), cmp.Compare(a.threads(), b.threads()), cmp.Compare(a.few(false), b.few(false)), cmp.Compare(a.few(true), b.few(true)), -cmp.Compare(a.most(), b.most()), cmp.Compare(a.Subject, b.Subject))
}

func (r *Result) threads() int {
	if r.Frontier == nil || r.Frontier.Count == 0 {
		return 1 << 30
	}
	return r.Frontier.Count
}

func (r *Result) few(abroad bool) int {
	if o := r.Cut(Networks, abroad); o != nil && (o.Upper >= 0 || o.Lower > 1) {
		return o.Lower
	}
	return 1 << 30
}

func (r *Result) most() float64 {
	_, s := r.Most()
	return s
}

// Name calls as with each network that the result names by number, and member with each
// member of a set.
func (r *Result) Name(as func(uint32), member func(string)) {
	for _, o := range r.Origins[:min(len(r.Origins), listedNetworks)] {
		as(o)
	}
	if r.Frontier != nil {
		for _, n := range r.Frontier.Networks {
			as(n.AS)
		}
	}
	sets := func(ss []Set) {
		for _, s := range ss {
			for _, m := range s.Members {
				member(m)
			}
		}
	}
	for _, f := range r.Families {
		for _, h := range f.Hegemony {
			as(h.AS)
		}
		for _, w := range f.Ways {
			as(w.Frontier)
			as(w.First)
			as(w.Second)
			for _, m := range slices.Concat(w.FrontierSet, w.FirstSet, w.SecondSet) {
				as(m)
			}
		}
		for _, c := range f.Cuts {
			sets(c.Sets)
			sets(c.Best)
		}
	}
	for _, c := range r.Both {
		sets(c.Sets)
	}
	for _, g := range r.Graphs {
		for _, c := range g.Cuts {
			sets(c.Sets)
		}
	}
	for _, p := range r.Possible {
		as(p.AS)
		as(p.Of)
	}
	for _, c := range r.Could {
		as(c.AS)
	}
	for _, s := range r.CTI {
		as(s.AS)
	}
	for _, s := range r.CountryHegemony {
		as(s.AS)
	}
}
