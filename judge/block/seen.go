package block

import (
	"cmp"
	"net/netip"
	"slices"
)

// What each vantage holds, and which hold what nobody knows.

// sum counts by vantage.
func (im *Impact) sum(in *Input, ones []one) {
	by := map[int]*Seen{}
	on := map[uint32]bool{}
	for i := range in.Routes { // also those that no filter has: they are held, and lead over whom they lead
		r := &in.Routes[i]
		if r.Past != Now && r.Past != Also {
			continue
		}
		for _, as := range r.Path {
			if _, ok := slices.BinarySearch(in.At, as); ok {
				on[as] = true
			}
		}
		if r.Past == Also {
			continue
		}
		v := by[r.Vantage]
		if v == nil {
			w := in.Vantages[r.Vantage]
			v = &Seen{Name: w.Name, AS: w.AS, Country: in.Countries[w.AS]}
			by[r.Vantage] = v
		}
		v.Held++
	}
	for _, x := range ones {
		v := by[x.vantage]
		switch {
		case x.basis.Loses():
			v.Lost++
		case x.basis.Finds():
			v.Found++
		case x.basis.Open():
			v.Unknown++
		}
	}
	for _, v := range by {
		im.Vantages = append(im.Vantages, *v)
	}
	slices.SortFunc(im.Vantages, func(a, b Seen) int { return cmp.Compare(a.Name, b.Name) })
	for as := range on {
		im.On = append(im.On, as)
	}
	slices.Sort(im.On)
}

// unseen are the prefixes of which it is not known whether a vantage that held them still
// does: it is not watching, or its session fell and came back, and told nothing of them
// since, nor sends a full table, of which that would say that it has none.
func unseen(in *Input) map[int]map[netip.Prefix]bool {
	type of struct {
		vantage int
		prefix  netip.Prefix
	}
	known := map[of]bool{}
	for i := range in.Routes {
		if r := &in.Routes[i]; r.Past == Now || r.Past == Also {
			known[of{r.Vantage, r.Prefix}] = true
		}
	}
	for _, l := range in.Lacks {
		known[of{l.Vantage, l.Prefix}] = true
	}
	fell := map[of]bool{} // by the latest route
	for i := range in.Routes {
		r := &in.Routes[i]
		fell[of{r.Vantage, r.Prefix}] = r.Blind
	}
	out := map[int]map[netip.Prefix]bool{}
	for k, blind := range fell {
		v := &in.Vantages[k.vantage]
		family := 0
		if k.prefix.Addr().Is6() {
			family = 1
		}
		if v.Blind == "" && (!blind || known[k] || v.Whole[family]) {
			continue
		}
		if out[k.vantage] == nil {
			out[k.vantage] = map[netip.Prefix]bool{}
		}
		out[k.vantage][k.prefix] = true
	}
	return out
}

// blind says of which vantages that held any of the target nothing is known.
func (im *Impact) blind(in *Input) {
	for i, ps := range unseen(in) {
		v := in.Vantages[i]
		u := Unseen{Name: v.Name, AS: v.AS, Reason: v.Blind, Since: v.Since, Held: len(ps)}
		if u.Again = v.Blind == ""; u.Again {
			u.Reason, u.Since = v.Fell, v.FellAt
		}
		im.Blind = append(im.Blind, u)
	}
	slices.SortFunc(im.Blind, func(a, b Unseen) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.AS, b.AS)) })
}

// Unheld reports whether nobody who is watching holds any prefix of the target: then
// nothing can be said of a block.
func (im *Impact) Unheld() bool {
	return !slices.ContainsFunc(im.Prefixes, func(o Outcome) bool { return o.Result != Unheld })
}

// Totals counts prefixes by result.
func (im *Impact) Totals() map[string]int {
	out := map[string]int{}
	for _, o := range im.Prefixes {
		out[o.Result]++
	}
	return out
}

// Empty reports whether no path of the target would be cut.
func (im *Impact) Empty() bool {
	return !slices.ContainsFunc(im.Prefixes, func(o Outcome) bool { return o.Cut > 0 })
}
