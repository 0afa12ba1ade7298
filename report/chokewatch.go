package report

import (
	"slices"
	"strings"

	"constat/judge/finding"
	"constat/judge/transit"
)

// What an answer about chokepoints cannot see, and who it is that looks.

// nearlyAll is the share of which is said that a smaller set has nearly all.
const nearlyAll = 0.99

// blindWorth is of how many peers one has to be blind for the headline to say so.
const blindWorth = 10

// peers is how many there are, of whom those that are not watching may hold nothing.
func (c *chokes) peers() int {
	n := c.a.Peers
	for _, b := range c.a.Blind {
		if !b.Told {
			n++
		}
	}
	return n
}

// headlineMore are sentences behind the headline: those it is not true of, and by whom
// it takes fewer.
func (c *chokes) headlineMore(r *transit.Result) (out []string) {
	f := r.Main()
	if f == nil || r.Cut(transit.Networks, true) == nil {
		return nil
	}
	out = append(out, c.byFamily(r)...)
	var some []string // families of which others than those who are left out show ways
	for _, f := range r.Families {
		if f.OnlyDirect < f.Vantages {
			some = append(some, f.Family)
		}
	}
	if n := int64(len(apart(r, some...))); n > 0 && len(some) > 0 {
		out = append(out, c.tn("choke.head.but", n, "n", c.n(n)))
	}
	for _, x := range []struct {
		key  string
		list []transit.Blind
	}{{"choke.head.blind", c.unwatching(false)}, {"choke.head.again", c.unwatching(true)}} {
		if n, all := len(x.list), c.peers(); n*blindWorth >= all && n > 0 {
			out = append(out, c.tn(x.key, int64(n), "n", c.n(int64(n)), "of", c.n(int64(all))))
		}
	}
	nets, ops := r.Cut(transit.Networks, true), r.Cut(transit.Operators, true)
	known := slices.ContainsFunc(c.a.Lists, func(l transit.Register) bool { return l.What == "organisations" })
	if known && ops != nil && ops.Exact() && nets.Upper > 1 && ops.Upper < nets.Upper {
		n := int64(ops.Upper)
		out = append(out, c.tn("choke.head.operators", n, "n", c.n(n), "names", c.members(ops.Sets[0].Members)))
	}
	return out
}

// nearly says of sets smaller than the smallest that they hit nearly everything.
func (c *chokes) nearly(r *transit.Result) []string {
	f := r.Main()
	if f == nil || len(r.Both) > 0 || f.Voices < f.Vantages {
		return nil // shares are of some alone, or of one family
	}
	o := f.Cut(transit.Networks, r.Frontier == nil)
	if o == nil || o.Upper < 2 {
		return nil
	}
	for i, s := range o.Best {
		if i+1 < o.Lower && *s.Share >= nearlyAll {
			return []string{c.t("choke.nearly", "names", c.members(s.Members), "share", c.percent(*s.Share))}
		}
	}
	return nil
}

// unwatching are the peers that were not watching, or those that came back without their tables.
func (c *chokes) unwatching(again bool) []transit.Blind {
	return slices.DeleteFunc(slices.Clone(c.a.Blind), func(b transit.Blind) bool { return b.Again != again })
}

// blind says which peers were not watching at that moment, and which had not told their
// tables since they came back.
func (c *chokes) blind() []string {
	return append(c.blindOf("choke.blind", c.unwatching(false)), c.blindOf("choke.again", c.unwatching(true))...)
}

func (c *chokes) blindOf(key string, list []transit.Blind) []string {
	n := int64(len(list))
	if n == 0 {
		return nil
	}
	var names []string
	told := int64(0)
	for i, b := range list {
		if b.Told {
			told++
		}
		if i < chokeNames {
			names = append(names, c.t("choke.blind.peer", "peer", b.Collector+" "+b.Peer, "who", short(b.AS), "since", b.Since, "reason", c.t("reason."+finding.Blindness(b.Reason))))
		}
	}
	said := strings.Join(names, "; ")
	if rest := n - int64(len(names)); rest > 0 {
		said += "; " + c.count("choke.rest", rest)
	}
	out := []string{c.tn(key, n, "n", c.n(n), "names", said)}
	if told > 0 && key == "choke.blind" {
		out = append(out, c.tn("choke.blind.told", told, "n", c.n(told)))
	}
	return out
}

// apart are the vantage networks that are next to the subject and left out, in any family
// or in some of them, rising.
func apart(r *transit.Result, families ...string) (out []uint32) {
	for i := range r.Families {
		if f := &r.Families[i]; len(families) == 0 || slices.Contains(families, f.Family) {
			out = append(out, f.Direct...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// direct says who looks and is next to the subject, of each family if it is not the same.
func (c *chokes) direct(r *transit.Result) (out []string) {
	all, same := apart(r), true
	for _, f := range families(r) {
		same = same && slices.Equal(apart(r, f), all)
	}
	say := func(nets []uint32) string {
		n := int64(len(nets))
		text := c.tn("choke.direct.apart", n, "n", c.n(n), "names", c.nets(nets))
		if !slices.ContainsFunc(r.Families, func(f transit.InFamily) bool { return f.Voices < f.Vantages }) { // else it is not known whether they have a voice
			text += " " + c.tn("choke.direct.shares", n)
		}
		return text
	}
	if same && len(all) > 0 {
		return []string{say(all)}
	}
	for _, f := range families(r) {
		if nets := apart(r, f); len(nets) > 0 {
			out = append(out, c.t("choke.direct.family", "family", familyName(f), "text", say(nets)))
		}
	}
	return out
}

// but is the key of a sentence about every path that was seen: the one with an exception
// if paths in these families are left out ([transit.InFamily.Direct]).
func but(r *transit.Result, every, but string, families ...string) string {
	if len(apart(r, families...)) > 0 {
		return but
	}
	return every
}

// voices says of whom shares are, if they are not of all who show ways.
func (c *chokes) voices(f *transit.InFamily) []string {
	if f.Voices == f.Vantages {
		return nil
	}
	return []string{c.tn("choke.voices", int64(f.Voices), "family", familyName(f.Family), "n", c.n(int64(f.Voices)), "of", c.n(int64(f.Vantages)))}
}
