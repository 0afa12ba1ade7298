package scan

import (
	"maps"
	"net/netip"
	"slices"

	"constat/judge/outage"
	"constat/routes/rib"
)

// taken is how much of an outage was without a route, and by whom the rest was announced.
type taken struct {
	// bare is the part of what was lost, by addresses and time over the peers, of which no
	// route stood: between 0 and 1.
	bare float64
	// stood says that routes of another origin took the place of more than half of what was
	// lost, at two networks or more ([outage.Replacement]): then nothing went down.
	stood bool
	by    []uint32 // origins of these routes, as far as they are for the same prefixes; rising
}

// takenIn looks at what stood in for what was lost while an outage lasted.
//
// Example: all peers replace AS1's route to 192.0.2.0/24 by one of AS2, and none withdraws
// it. No address was without a route.
func takenIn(table *rib.Table, in outage.Input, o outage.Outage) taken {
	until := in.End
	if o.Until.Seen {
		until = o.Until.At
	}
	four := slices.ContainsFunc(o.Prefixes, func(p int) bool { return in.Prefixes[p].Prefix.Addr().Is4() })
	none, other := 0.0, 0.0
	by := map[uint32]bool{}
	for _, p := range o.Prefixes {
		prefix := in.Prefixes[p].Prefix
		at := table.Index(prefix)
		for _, c := range in.Prefixes[p].Carriers {
			for k, s := range c.Steps {
				if s.State != outage.Lost && s.State != outage.Replaced {
					continue
				}
				from, to := max(s.At, o.From), until
				if k+1 < len(c.Steps) {
					to = min(to, c.Steps[k+1].At)
				}
				if to <= from {
					continue
				}
				if s.State == outage.Replaced {
					if r := table.At(c.Peer, at, from); r.State == rib.RouteHeld {
						for _, origin := range rib.Origins(table.Paths.Path(r.Path)) {
							by[origin] = true
						}
					}
				}
				if prefix.Addr().Is4() != four {
					continue // the families are never added up
				}
				if n := float64(to-from) * addresses(prefix); s.State == outage.Lost {
					none += n
				} else {
					other += n
				}
			}
		}
	}
	out := taken{bare: 1, stood: outage.ReplacementIn(in, o).Stood(), by: slices.Sorted(maps.Keys(by))}
	if none+other > 0 {
		out.bare = none / (none + other)
	}
	return out
}

// addresses is the size of a prefix: IPv4 addresses, or /48s.
func addresses(p netip.Prefix) float64 {
	bits := 32
	if p.Addr().Is6() {
		bits = 48
	}
	return float64(uint64(1) << max(0, bits-p.Bits()))
}

// joinSame makes one loss of those that are the same routes: the members of a set at the
// end of a path share its prefixes, and what was lost is lost once.
//
// Example: 192.0.2.0/24 with the path 100 10 {9,99} is withdrawn. AS9 and AS99 lost it.
func joinSame(losses []Loss) []Loss {
	var out []Loss
	first := map[netip.Prefix][]int{} // places in out, by the first prefix that was lost
	for _, l := range losses {
		if l.AS == 0 || len(l.lost) == 0 {
			out = append(out, l)
			continue
		}
		i := slices.IndexFunc(first[l.lost[0]], func(i int) bool { return sameRoutes(&out[i], &l) })
		if i >= 0 {
			x := &out[first[l.lost[0]][i]]
			x.With = append(x.With, l.AS)
			continue
		}
		first[l.lost[0]] = append(first[l.lost[0]], len(out))
		out = append(out, l)
	}
	return out
}

// sameRoutes reports whether two networks lost the same prefixes at the same times, at as
// many peers.
func sameRoutes(a, b *Loss) bool {
	same := func(x, y Outage) bool {
		return x.From == y.From && x.Until == y.Until && x.Peers == y.Peers && x.Carried == y.Carried && x.Prefixes == y.Prefixes
	}
	return slices.Equal(a.lost, b.lost) && slices.EqualFunc(a.Outages, b.Outages, same) && slices.EqualFunc(a.Taken, b.Taken, same)
}
