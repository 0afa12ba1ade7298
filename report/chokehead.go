package report

import (
	"slices"
	"strings"

	"constat/judge/transit"
)

// The headline of an answer about chokepoints: who could, of what, and on how many eyes
// that rests.

// manyVantages is from how many vantage networks on what they all show is said of the
// subject. Of fewer, what is near them stands on all paths as well.
const manyVantages = 3

// foreign are the networks that could, without the subject's own, the surest first.
func foreign(r *transit.Result) (out []transit.Could) {
	for _, x := range r.Could {
		if !slices.Contains(r.Inside, x.AS) {
			out = append(out, x)
		}
	}
	return out
}

// families are those of which anybody outside showed ways.
func families(r *transit.Result) (out []string) {
	for _, f := range r.Families {
		if f.Vantages > 0 {
			out = append(out, f.Family)
		}
	}
	return out
}

// everywhere reports whether every path that was seen crosses a network, in all
// families.
func everywhere(r *transit.Result, x transit.Could) bool {
	return len(x.Observed) > 0 && len(x.Observed) == len(families(r))
}

// surely reports whether a network that could is one by what was seen, next to the
// subject or by a list too: on the paths of few vantages, those near the vantages are
// on all of them as well.
func surely(x transit.Could) bool {
	return len(x.Observed) > 0 && (len(x.Lists) > 0 || x.Direct || !x.OneVantage && len(x.Against) == 0)
}

// thin reports whether so few vantage networks show ways that what is on all of them may be
// theirs and not the subject's.
func thin(r *transit.Result) bool { return r.Between() < manyVantages }

// nobodyBetween reports whether all who looked are connected with the subject themselves,
// in each family.
func nobodyBetween(r *transit.Result) bool {
	for i := range r.Families {
		if f := &r.Families[i]; f.OnlyDirect < f.Vantages {
			return false
		}
	}
	return true
}

// headline is the answer: of what it is known, who could, and what it leaves out.
func (c *chokes) headline(r *transit.Result) string {
	var out []string
	if r.RegistryAbsent != "" {
		out = append(out, c.part(r))
	}
	return strings.Join(append(append(out, c.headlineWho(r)...), c.headlineMore(r)...), " ")
}

// part says that a country's own registry's list was not read, and how little is known.
func (c *chokes) part(r *transit.Result) string {
	var known []string
	for i := range r.Families {
		f := &r.Families[i]
		known = append(known, c.t("choke.head.part.known", "prefixes", c.count("choke.prefixes", int64(f.Prefixes)), "space", c.count("choke.space."+f.Family, f.Space)))
	}
	return c.t("choke.head.part", "subject", c.w.Country(r.Subject), "registry", r.RegistryAbsent, "known", c.w.And(known))
}

// headlineWho says who could.
func (c *chokes) headlineWho(r *transit.Result) []string {
	name := c.name(r)
	o := r.Cut(transit.Networks, true)
	if o == nil {
		return []string{c.t("choke.head.inside", "subject", name)}
	}
	if nobodyBetween(r) {
		n := int64(r.Vantages())
		return []string{c.tn("choke.head.direct", n, "n", c.n(n), "subject", name)}
	}
	if out := c.headlineAlone(r); out != nil {
		return out
	}
	all := r.Cut(transit.Networks, false)
	switch {
	case all != nil && all.Exact() && all.Upper < 4 && (!o.Exact() || all.Upper < o.Upper):
		return []string{c.few123(r, all, "choke.head.few.all")}
	case o.Exact() && o.Upper > 1 && o.Upper < 4 && r.Frontier == nil:
		return []string{c.few123(r, o, "choke.head.few.all")}
	case o.Exact() && o.Upper > 1 && o.Upper < 4:
		return []string{c.few123(r, o, "choke.head.few")}
	}
	if all == nil {
		all = o
	}
	return c.headlineMany(r, all)
}

// headlineAlone says which network alone could, or that all paths of the few who looked
// cross it; nil if none does.
func (c *chokes) headlineAlone(r *transit.Result) []string {
	name := c.name(r)
	for _, x := range foreign(r) {
		if !everywhere(r, x) || !surely(x) {
			continue
		}
		switch {
		case len(x.Lists) > 0 && len(x.Against) == 0 && !x.OneVantage:
			return []string{c.t("choke.head.one", "who", c.net(x.AS), "subject", name)}
		case len(x.Lists) > 0:
			return []string{c.t("choke.head.one.seen", "who", c.net(x.AS), "subject", name)}
		}
		out := []string{c.t("choke.head.one.seen", "who", c.net(x.AS), "subject", name)}
		if thin(r) {
			out[0] = c.over(r, c.net(x.AS))
		}
		if len(x.Against) > 0 {
			out = append(out, c.t("choke.could.against", "lists", c.lists(x.Against)))
		}
		return out
	}
	return nil
}

// headlineMany says how many it takes, and what crosses most of it.
func (c *chokes) headlineMany(r *transit.Result, all *transit.Cut) []string {
	name := c.name(r)
	who, share := r.Most()
	if who == "" || all.Upper < 0 && all.Lower <= 1 {
		return []string{c.t("choke.head.none", "subject", name)}
	}
	most := all.Upper
	if !all.Exact() {
		most = 2 // "1 to 9 networks"
	}
	of := c.t("choke.head.of.all")
	if len(r.Both) > 0 {
		of = c.t("choke.head.of.family", "family", familyName(r.Main().Family))
	}
	out := []string{c.tn("choke.head.many", int64(most), "subject", name, "few", c.few(all), "share", c.percent(share), "of", of, "who", c.member(who))}
	if thin(r) {
		n := int64(r.Between())
		out = append(out, c.tn("choke.head.thin", n, "n", c.n(n)))
	}
	return out
}

// few123 names the smallest set, of up to three.
func (c *chokes) few123(r *transit.Result, cut *transit.Cut, key string) string {
	set := cut.Sets[0].Members
	names := c.members(set)
	switch {
	case thin(r) && len(set) > 1:
		return c.overAny(r, set)
	case thin(r):
		return c.over(r, names)
	case cut.Upper == 1:
		return c.t("choke.head.one.seen", "who", names, "subject", c.name(r))
	}
	return c.t(key, "n", c.n(int64(cut.Upper)), "subject", c.name(r), "names", names)
}

// over says what is on all paths of a few vantage networks.
func (c *chokes) over(r *transit.Result, names string) string {
	n := int64(r.Between())
	return c.tn("choke.head.over", n, "n", c.n(n), "subject", c.name(r), "names", names)
}

// overAny says of a set of several that each path of a few vantage networks crosses one of
// them.
//
// Example: one path crosses AS10, another AS12, and none both.
func (c *chokes) overAny(r *transit.Result, set []string) string {
	var names []string
	for _, m := range set {
		names = append(names, c.member(m))
	}
	n := int64(r.Between())
	return c.tn("choke.head.over.any", n, "n", c.n(n), "subject", c.name(r), "names", c.w.Or(names))
}

// byFamily says what it takes to cut off one family, if that is less than both take.
func (c *chokes) byFamily(r *transit.Result) []string {
	abroad := r.Frontier == nil
	both := r.Cut(transit.Networks, abroad)
	if len(r.Both) == 0 || both == nil || both.Upper < 2 {
		return nil
	}
	var out []string
	for i := range r.Families {
		f := &r.Families[i]
		if o := f.Cut(transit.Networks, abroad); o != nil && o.Exact() && o.Upper > 0 && o.Upper < both.Lower {
			out = append(out, c.t("choke.head.family", "family", familyName(f.Family), "names", c.members(o.Sets[0].Members)))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return []string{c.t("choke.head.families", "families", c.w.And(out))}
}
