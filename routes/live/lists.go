package live

import (
	"slices"
	"sync"
)

// idRoute is one of several routes that a peer sends for a prefix (RFC 7911).
type idRoute struct {
	id    uint32
	route Route
}

// lists are the routes of pairs of peer and prefix that have several, or one with a
// path identifier. The last of a list is the one that was announced last.
type lists struct {
	mu   sync.Mutex
	all  chunks[[]idRoute]
	n    uint32
	free []uint32
}

func (l *lists) add(rs ...idRoute) uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	var i uint32
	if n := len(l.free); n > 0 {
		i = l.free[n-1]
		l.free = l.free[:n-1]
	} else {
		i = l.n
		l.all.grow(i + 1)
		l.n++
	}
	*l.all.at(i) = rs
	return i
}

func (l *lists) drop(i uint32) {
	l.mu.Lock()
	*l.all.at(i) = nil
	l.free = append(l.free, i)
	l.mu.Unlock()
}

// announce makes a route the last of a list.
func announce(rs []idRoute, r idRoute) []idRoute {
	if i := slices.IndexFunc(rs, func(x idRoute) bool { return x.id == r.id }); i >= 0 {
		rs = slices.Delete(rs, i, i+1)
	}
	return append(rs, r)
}
