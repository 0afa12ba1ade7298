package live

// Fill puts a peer's route of each of some prefixes into dst, 0 for those that it does
// not hold: as [View.Route] does, at a lower cost where prefixes with neighbouring
// numbers stand together.
func (v *View) Fill(id PeerID, prefixes []uint32, dst []Route) {
	blocks := v.peers[id].row.blocks
	last := uint32(1<<32 - 1)
	var b *block
	var run []uint32
	for i, q := range prefixes {
		dst[i] = 0
		k := q / blockLen
		if k != last {
			last, b = k, nil
			if int(k) < len(blocks) && blocks[k].n > 0 {
				b = &blocks[k]
				run = v.s.arena.run(b.run, b.n)
			}
		}
		if at := q % blockLen; b != nil && b.has[at>>6]>>(at&63)&1 != 0 {
			dst[i] = v.one(run[b.rank(at)])
		}
	}
}
