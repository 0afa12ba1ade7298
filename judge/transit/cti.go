package transit

// cti is country-level transit influence as CAIDA defines it (arXiv 2110.05772 §3): the
// mean over monitors of the part of the subject's addresses that reach the monitor
// through a network, divided by the network's distance from the origin; only the part
// of a path below its peak counts, from the origin up to the first link on which, seen
// from the monitor, a provider hands down to a customer. Monitors of one network share
// one voice; those inside the subject have none.
//
// What is left of the definition to the caller: the monitors of collectors that are
// many hops away are not left out, since no table says which these are.
func (x *sight) cti(g *Graph) []Score {
	score := map[uint32]float64{}
	path := []int32{}
	for i := range x.ends {
		if x.ends[i].share == 0 {
			continue
		}
		path = path[:0]
		from := int32(i)
		if x.ends[i].ahead {
			from = x.l.nodes[i].parent // a monitor's own network is no transit
		}
		for n := from; n >= 0; n = x.l.nodes[n].parent {
			path = append(path, x.l.nodes[n].net)
		}
		// From the monitor: the first link from a provider to its customer.
		peak := -1
		for k := 0; k+1 < len(path) && peak < 0; k++ {
			if path[k] >= 0 && path[k+1] >= 0 && g.provides(x.l.ases[path[k]], x.l.ases[path[k+1]]) {
				peak = k
			}
		}
		if peak < 0 {
			continue
		}
		for k := peak; k+1 < len(path); k++ {
			if path[k] >= 0 {
				score[x.l.ases[path[k]]] += x.ends[i].share / float64(len(path)-1-k)
			}
		}
	}
	out := []Score{}
	for as, v := range score {
		out = append(out, Score{as, tidy(v)})
	}
	sortScores(out)
	return out
}

// provides reports whether a is a provider of b.
func (g *Graph) provides(a, b uint32) bool {
	i, j := g.at(a), g.at(b)
	if i < 0 || j < 0 {
		return false
	}
	for _, k := range g.up[j] {
		if k == i {
			return true
		}
	}
	return false
}
