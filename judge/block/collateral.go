package block

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// Measures that hit routes of others.
const (
	Exact     = "exact"     // a filter of the target's own prefixes
	Inside    = "within"    // a filter of everything inside its addresses
	Addresses = "addresses" // packets, FlowSpec
)

// collateral says what others would lose.
func (im *Impact) collateral(in *Input) {
	type id struct {
		prefix  netip.Prefix
		origins string
	}
	// What no filter has hits nobody, and neither does what lies in it alone.
	target, filtered := map[netip.Prefix]bool{}, im.Filtered()
	var all []netip.Prefix
	for _, o := range filtered {
		target[o.Prefix] = true
		all = append(all, o.Prefix)
	}
	// Two halves of a /15 hold it whole, though neither does.
	within := NewIndex(Within(all))
	p := &predictor{in: in}
	struck := NewIndex(Within(in.Struck))
	by := map[id]*Other{}
	for i := range in.Others {
		r := &in.Others[i]
		os := slices.Clone(r.origins())
		slices.Sort(os)
		k := id{r.Prefix, key(os)}
		x := by[k]
		if x == nil {
			x = &Other{Prefix: r.Prefix, Origins: os, Hit: []string{}}
			switch {
			case target[r.Prefix]:
				x.Is, x.Hit = "same", []string{Exact, Inside, Addresses}
			case slices.ContainsFunc(filtered, func(o Outcome) bool { return contains(o.Prefix, r.Prefix) }):
				x.Is, x.Hit = "inside", []string{Inside, Addresses}
			case within.Has(r.Prefix):
				x.Is, x.Hit = "covers", []string{Inside, Addresses}
			case slices.ContainsFunc(filtered, func(o Outcome) bool { return contains(r.Prefix, o.Prefix) }):
				x.Is = "covers"
			case slices.ContainsFunc(im.Prefixes, func(o Outcome) bool { return o.Prefix == r.Prefix }):
				x.Is = "same"
			case slices.ContainsFunc(im.Prefixes, func(o Outcome) bool { return contains(o.Prefix, r.Prefix) }):
				x.Is = "inside"
			default:
				x.Is = "covers"
			}
			if struck.Has(r.Prefix) {
				x.Hit = slices.DeleteFunc(x.Hit, func(h string) bool { return h == Addresses })
			}
			by[k] = x
		}
		x.Vantages++
		if p.cut(r) >= 0 {
			x.Through++
		}
	}
	for _, x := range by {
		im.Collateral.Routes = append(im.Collateral.Routes, *x)
	}
	slices.SortFunc(im.Collateral.Routes, func(a, b Other) int {
		return cmp.Or(compare(a.Prefix, b.Prefix), slices.Compare(a.Origins, b.Origins))
	})
	customers := func(of map[uint32]int) []Customer {
		out := []Customer{}
		for _, as := range slices.Sorted(maps.Keys(of)) {
			out = append(out, Customer{AS: as, Prefixes: of[as]})
		}
		return out
	}
	im.Collateral.Behind, im.Collateral.Shared, im.Collateral.Beside = customers(in.Behind), customers(in.Shared), []Customer{}
	for _, as := range slices.Sorted(maps.Keys(in.Beside)) {
		im.Collateral.Beside = append(im.Collateral.Beside, Customer{AS: as, Prefixes: len(in.Beside[as]), Routes: in.Beside[as]})
	}
	countries := map[string]int{}
	for _, o := range im.Prefixes {
		of := map[string]bool{} // two networks of one country announce a prefix once
		for _, as := range o.Origins {
			if c := in.Countries[as]; c != "" && !of[c] {
				of[c] = true
				countries[c]++
			}
		}
	}
	for c, n := range countries {
		im.Collateral.Countries = append(im.Collateral.Countries, Count{c, n})
	}
	slices.SortFunc(im.Collateral.Countries, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Prefixes, a.Prefixes), cmp.Compare(a.Country, b.Country))
	})
}

// OnlyBehind are the networks behind the target without those that stand in a set with it:
// of these it is told that they would be cut.
func (c *Collateral) OnlyBehind() []Customer {
	return slices.DeleteFunc(slices.Clone(c.Behind), func(x Customer) bool {
		return slices.ContainsFunc(c.Shared, func(s Customer) bool { return s.AS == x.AS })
	})
}

// HitBy gives the routes of others that a measure would hit.
func (c *Collateral) HitBy(measure string) []Other {
	var out []Other
	for _, o := range c.Routes {
		if slices.Contains(o.Hit, measure) {
			out = append(out, o)
		}
	}
	return out
}

// OwnHit gives the routes that networks which would apply the block originate
// themselves, and that a filter by address would hit, or one of everything inside the
// target's addresses if that is asked for.
func (im *Impact) OwnHit() []Other {
	var out []Other
	for _, o := range im.Collateral.Routes {
		hit := slices.Contains(o.Hit, Addresses) || im.Match == MatchWithin && slices.Contains(o.Hit, Inside)
		if hit && slices.ContainsFunc(o.Origins, im.applies) {
			out = append(out, o)
		}
	}
	return out
}

// OwnLeft gives a prefix of the target that is in no filter since a network that would
// apply the block announces it too, and one that filters have and that shares addresses
// with it.
func (im *Impact) OwnLeft() (left, filtered netip.Prefix, ok bool) {
	has := im.Filtered()
	for _, l := range im.LeftOut {
		if l.Why != LeftOwn {
			continue
		}
		for _, o := range has {
			if l.Prefix.Overlaps(o.Prefix) {
				return l.Prefix, o.Prefix, true
			}
		}
	}
	return left, filtered, false
}

// Measures are what filters of this impact may do: [Exact] or, if that was asked for,
// [Inside], and [Addresses]. Those that would stop what a network that would apply the
// block announces itself are not among them, since they are not written.
func (im *Impact) Measures() []string {
	_, _, left := im.OwnLeft()
	own := left || len(im.OwnHit()) > 0
	switch {
	case im.Match == MatchWithin && own:
		return nil
	case im.Match == MatchWithin:
		return []string{Inside, Addresses}
	case own:
		return []string{Exact}
	}
	return []string{Exact, Addresses}
}

func (im *Impact) applies(as uint32) bool {
	_, ok := slices.BinarySearch(im.At, as)
	return ok
}

// critical names what must not be cut without a word, in what filters have.
func (im *Impact) critical(in *Input) {
	filtered := im.Filtered()
	for _, c := range in.Critical {
		for _, o := range filtered {
			switch {
			case c.AS != 0 && slices.Contains(o.Origins, c.AS):
				im.Critical = append(im.Critical, Touched{c.Name, fmt.Sprintf("AS%d", c.AS), c.Never})
			case c.AS == 0 && (contains(o.Prefix, c.Prefix) || contains(c.Prefix, o.Prefix)):
				im.Critical = append(im.Critical, Touched{c.Name, o.Prefix.String(), c.Never})
			}
		}
	}
	// Outside of the target too: what its filters hit of others, and who stands in a set
	// with it.
	for _, c := range in.Critical {
		for _, o := range im.Collateral.Routes {
			if len(o.Hit) > 0 && (c.AS != 0 && slices.Contains(o.Origins, c.AS) || c.AS == 0 && (contains(o.Prefix, c.Prefix) || contains(c.Prefix, o.Prefix))) {
				im.Critical = append(im.Critical, Touched{c.Name, o.Prefix.String(), c.Never})
			}
		}
		for _, x := range im.Collateral.Beside {
			for _, q := range x.Routes {
				if c.AS == 0 && (contains(q, c.Prefix) || contains(c.Prefix, q)) && q.Bits() > 0 {
					im.Critical = append(im.Critical, Touched{c.Name, q.String(), c.Never})
				}
			}
		}
		for _, x := range im.Collateral.Shared {
			if c.AS == x.AS {
				im.Critical = append(im.Critical, Touched{c.Name, fmt.Sprintf("AS%d", c.AS), c.Never})
			}
		}
	}
	slices.SortFunc(im.Critical, func(a, b Touched) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.What, b.What)) })
	im.Critical = slices.Compact(im.Critical)
}

// warn adds what a reader must be told.
func (im *Impact) warn(in *Input, p *predictor) {
	say := func(key string, when bool) {
		if when {
			im.Warnings = append(im.Warnings, key)
		}
	}
	self, lapsed := false, false
	for _, o := range im.Prefixes {
		lapsed = lapsed || in.Lapsed[o.Prefix] && slices.ContainsFunc(o.Ways, func(w Way) bool { return w.Basis == ByPolicy || w.Basis == ThinPolicy })
		for _, as := range o.Origins {
			self = self || p.applies(as)
		}
	}
	outside := slices.ContainsFunc(im.Vantages, func(v Seen) bool { return !p.applies(v.AS) })
	say(WarnSelf, self)
	_, _, left := im.OwnLeft()
	say(WarnOwnHit, left || len(im.OwnHit()) > 0)
	say(WarnOffPath, in.Country == "" && len(im.On) < len(in.At))
	say(WarnOneTable, len(im.Vantages) < 3)
	say(WarnNoWatcher, len(im.Vantages) > 0 && !outside)
	say(WarnNoGraph, in.Graph == nil)
	say(WarnOld, in.Graph != nil && in.Old)
	say(WarnLapsed, lapsed)
	say(WarnNoPast, !p.past)
	say(WarnUnknown, p.strange)
	say(WarnDoubtful, p.doubtful)
	say(WarnBlind, len(im.Blind) > 0)
	say(WarnUnheld, im.Totals()[Unheld] > 0)
	say(WarnCovered, len(im.Covering()) > 0)
}
