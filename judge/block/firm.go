package block

// offers counts the neighbours of a network that would pass it a route.
func (w *ways) offers(as uint32, refuse, keep func(int32) bool) int {
	i := w.g.At(as)
	if i < 0 || refuse(i) {
		return 0
	}
	n := 0
	for _, c := range w.g.Down[i] { // customers pass their own and customers' routes up
		if w.class[c] <= fromCustomer && !(keep(c) && w.class[c] != own) && w.next[c] != i {
			n++
		}
	}
	for _, c := range w.g.Side[i] {
		if w.class[c] <= fromCustomer && !(keep(c) && w.class[c] != own) && w.next[c] != i {
			n++
		}
	}
	for _, c := range w.g.Up[i] {
		if w.class[c] != none && !(keep(c) && w.class[c] != own) && w.next[c] != i {
			n++
		}
	}
	return n
}

// left counts the networks that still have a route, the origins too.
func (w *ways) left() int {
	n := 0
	for _, c := range w.class {
		if c != none {
			n++
		}
	}
	return n
}
