package block

import (
	"net/netip"
	"slices"
)

// Match says which routes a filter of prefixes stops.
const (
	MatchExact  = "exact"  // the target's, as they are announced
	MatchWithin = "within" // every route inside its addresses too
)

// Reasons why a prefix of the target is in no filter.
const (
	LeftUnheld  = "unheld"  // nobody who is watching holds it
	LeftOwn     = "own"     // a network that would apply the block originates it itself
	LeftDefault = "default" // it is everybody's route
	LeftSpecial = "special" // its addresses are nobody's to announce
	LeftMapped  = "mapped"  // IPv4 addresses written as IPv6
)

// LeftOut is a prefix of the target that no filter has, and why.
type LeftOut struct {
	Prefix netip.Prefix `json:"prefix"`
	Why    string       `json:"why"`
}

// specials are blocks that routers and hosts need for themselves or their own networks,
// or that are reserved (RFC 6890 and the registries that it set up). Whoever stops them
// stops his own: 127.0.0.0/8 and fe80::/10 are on every host. Blocks for documentation
// and benchmarks are not among them, as they are on nobody's links.
var specials = func() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range []string{"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16",
		"224.0.0.0/4", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}()

// leftOut says why a prefix is in no filter; empty if it is in them.
func (p *predictor) leftOut(o *Outcome) string {
	switch q := o.Prefix; {
	case q.Bits() == 0:
		return LeftDefault
	case q.Addr().Is4In6():
		return LeftMapped
	case slices.ContainsFunc(specials, func(s netip.Prefix) bool { return s.Overlaps(q) }):
		return LeftSpecial
	case slices.ContainsFunc(o.Origins, p.applies), p.ownToo[q]:
		return LeftOwn
	case o.Result == Unheld:
		return LeftUnheld
	}
	return ""
}

// byOrigin reports whether a filter by origin stops a prefix that no list has.
func (p *predictor) byOrigin(origins []uint32) bool {
	return len(origins) > 0 && !slices.ContainsFunc(origins, func(as uint32) bool { return !slices.Contains(p.in.ByOrigin, as) })
}

// leave names the prefixes that no filter has.
func (im *Impact) leave(p *predictor) {
	for i := range im.Prefixes {
		if why := p.leftOut(&im.Prefixes[i]); why != "" {
			im.LeftOut = append(im.LeftOut, LeftOut{im.Prefixes[i].Prefix, why})
		}
	}
}

// Filtered are the prefixes that filters have, in order.
func (im *Impact) Filtered() []Outcome {
	left := map[netip.Prefix]bool{}
	for _, l := range im.LeftOut {
		left[l.Prefix] = true
	}
	var out []Outcome
	for _, o := range im.Prefixes {
		if !left[o.Prefix] {
			out = append(out, o)
		}
	}
	return out
}
