package live

// Compact gives back the nodes on which no route rests any more, and numbers the others
// anew, in their order. Nobody feeds meanwhile; views and nodes from before mean nothing
// after. It is one pass over all routes and one over all nodes, so call it when
// [View.NumNodes] has doubled since the last time. It returns how many nodes it gave back.
func (s *State) Compact() int {
	defer s.hold()()
	n := s.tree.count.Load()
	used := make([]uint64, n/64+1)
	s.values(func(x uint32) uint32 {
		used[x&maxNodes>>6] |= 1 << (x & 63)
		return x
	})
	for id := n; id > 0; id-- { // a parent comes before its child
		if used[id>>6]>>(id&63)&1 != 0 {
			p := s.tree.nodes.at(id).parent &^ setFlag
			used[p>>6] |= 1 << (p & 63)
		}
	}
	to := make([]uint32, n+1)
	t := newTree()
	t.sets, t.bySet = s.tree.sets, s.tree.bySet
	for id := uint32(1); id <= n; id++ {
		if used[id>>6]>>(id&63)&1 == 0 {
			continue
		}
		x := *s.tree.nodes.at(id)
		to[id] = t.count.Load() + 1
		t.nodes.grow(to[id] + 1)
		*t.nodes.at(to[id]) = node{x.as, to[x.parent&^setFlag] | x.parent&setFlag}
		t.count.Store(to[id])
	}
	t.index()
	s.values(func(x uint32) uint32 { return x&^maxNodes | to[x&maxNodes] })
	s.tree = t
	for _, f := range s.feeders {
		f.in = interner{t: t, full: f.in.full}
	}
	for _, p := range s.peers {
		p.memo = pathMemo{}
	}
	return int(n - t.count.Load())
}

// values replaces the value of every route.
func (s *State) values(f func(uint32) uint32) {
	for _, p := range s.peers {
		for k := range p.row.blocks {
			b := &p.row.blocks[k]
			if b.n == 0 {
				continue
			}
			run := s.arena.run(b.run, b.n)
			for i, x := range run {
				if x&manyFlag == 0 {
					run[i] = f(x)
					continue
				}
				l := *s.lists.all.at(x &^ manyFlag)
				for k := range l {
					l[k].route = Route(f(uint32(l[k].route)))
				}
			}
		}
	}
}
