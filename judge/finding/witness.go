package finding

// KeptSome are the peers among [Outage.Peers] that held a route of what was lost through it, announced since it
// began: of several prefixes they lost some and not all. If together they kept no more than one in twenty of their
// routes, there are none: that is told as routes.
//
// Example: 37 peers had two prefixes, and three of them kept one of the two. Of the 60 prefixes of a country
// 16 of 34 peers kept one or two: it was gone from all 34, but for 26 routes.
func (o *Outage) KeptSome() map[PeerName]bool {
	renewed := map[PeerName]bool{}
	for _, p := range o.Witnesses.Renewed {
		renewed[p] = true
	}
	out := map[PeerName]bool{}
	for _, t := range o.Peers {
		if p := (PeerName{Collector: t.Collector, Peer: t.Peer}); renewed[p] {
			out[p] = true
		}
	}
	if 20*o.Routes.Stuck <= len(out)*o.Lost.Prefixes {
		return nil
	}
	return out
}

// LostBy counts the peers that lost what an outage took, and their networks, without those of [Outage.KeptSome]: what
// "gone from all" is said of. It is at most Witnesses.Lost.
func (o *Outage) LostBy() (peers, networks int) {
	kept := o.KeptSome()
	if len(kept) == 0 { // also of one that is told in brief
		return o.Witnesses.Lost, o.Witnesses.ASes
	}
	as := map[uint32]bool{}
	for _, t := range o.Peers {
		if t.AS != 0 && !kept[PeerName{Collector: t.Collector, Peer: t.Peer}] {
			as[t.AS] = true
		}
	}
	return o.Witnesses.Lost - len(kept), len(as)
}
