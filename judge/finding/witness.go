package finding

// RenewedAt are the peers that held a route through an outage that was announced after it began. Of
// several prefixes they may have lost others, and bear witness to that; they have not lost them all.
func (o *Outage) RenewedAt() map[PeerName]bool {
	out := map[PeerName]bool{}
	for _, p := range o.Witnesses.Renewed {
		out[p] = true
	}
	return out
}

// LostBy counts the peers that lost what an outage took, and their networks, without those of which a
// renewed route of it stood: what "gone from all" is said of. It is at most Witnesses.Lost. If these kept no more
// than one in twenty of their routes, they count: that is told as routes.
//
// Example: 37 peers had two prefixes, and three of them kept one of the two. 37 lost some, and 34
// lost both. Of the 60 prefixes of a country 16 of 34 peers kept one or two: it was gone from all 34, but for 26 routes.
func (o *Outage) LostBy() (peers, networks int) {
	held := o.RenewedAt()
	as := map[uint32]bool{}
	away := 0
	for _, t := range o.Peers {
		if held[PeerName{Collector: t.Collector, Peer: t.Peer}] {
			away++
		} else if t.AS != 0 {
			as[t.AS] = true
		}
	}
	if away == 0 || 20*o.Routes.Stuck <= away*o.Lost.Prefixes { // also of one that is told in brief
		return o.Witnesses.Lost, o.Witnesses.ASes
	}
	return o.Witnesses.Lost - away, len(as)
}
