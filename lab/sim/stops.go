package sim

// Session is one hop of a route on its way from the origin outward: Near passes
// it to Far.
type Session struct{ Near, Far uint32 }

// Stop is where the route of a vantage stopped: on Path, the last on which
// routing had settled at the vantage before it lost the route, the first session
// from the origin outward over which no route of the origin was passed any more.
// For example: on the path [5 4 3 1], if AS3 still hands AS4 a route and AS4
// hands AS5 none, the stop is {4 5}.
type Stop struct {
	Session
	Path []uint32
	At   int64 // when what stopped it happened, in seconds
	// Displaced says that nothing was cut there: the network preferred another
	// origin's route, and passed that on.
	Displaced bool
}

// passes reports whether u passes a route to one of the origins on to v, and v
// could take it.
func (s *Router) passes(u, v int32, origins map[int32]bool) bool {
	if s.r[u].class == none || !origins[s.originOf(u)] {
		return false
	}
	k := s.g.kin(u, v)
	if k == stranger {
		return false
	}
	_, ok := s.offer(u, v, k)
	return ok && !s.blocked(u, v) && !s.through(u, v)
}

// originOf is the AS at which the route of u ends.
func (s *Router) originOf(u int32) int32 {
	for {
		r := s.r[u]
		switch {
		case r.next == -1:
			return u
		case r.next < -1:
			t := s.stuck[-2-r.next].Tail
			return t[len(t)-1]
		}
		u = r.next
	}
}

// stop finds the stop on a path of AS numbers, from the vantage to the origin,
// in the state of the last run. There is none if every session on it still
// passes a route.
func (s *Router) stop(path []uint32, origins map[int32]bool) (Stop, bool) {
	for i := len(path) - 1; i > 0; i-- {
		u, ok := s.g.Index(path[i])
		v, ok2 := s.g.Index(path[i-1])
		if !ok || !ok2 || !s.passes(u, v, origins) {
			x := Stop{Session: Session{path[i], path[i-1]}, Path: path}
			x.Displaced = ok && ok2 && s.r[u].class != none && !origins[s.originOf(u)] && !s.blocked(u, v)
			return x, true
		}
	}
	return Stop{}, false
}
