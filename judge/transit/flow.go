package transit

import "slices"

// network is a flow network with whole capacities, for maximum flow by Dinic's method.
type network struct {
	head  [][]int32 // edges of a node
	to    []int32
	room  []int32
	level []int32
	at    []int
}

const endless = 1 << 30

func (n *network) node() int32 {
	n.head = append(n.head, nil)
	return int32(len(n.head) - 1)
}

func (n *network) edge(a, b, room int32) {
	n.head[a] = append(n.head[a], int32(len(n.to)))
	n.to, n.room = append(n.to, b), append(n.room, room)
	n.head[b] = append(n.head[b], int32(len(n.to)))
	n.to, n.room = append(n.to, a), append(n.room, 0)
}

// levels puts the nodes into layers by their distance from s.
func (n *network) levels(s, t int32) bool {
	n.level = n.level[:0]
	for range n.head {
		n.level = append(n.level, -1)
	}
	n.level[s] = 0
	queue := []int32{s}
	for i := 0; i < len(queue); i++ {
		for _, e := range n.head[queue[i]] {
			if v := n.to[e]; n.room[e] > 0 && n.level[v] < 0 {
				n.level[v] = n.level[queue[i]] + 1
				queue = append(queue, v)
			}
		}
	}
	return n.level[t] >= 0
}

func (n *network) push(v, t, much int32) int32 {
	if v == t {
		return much
	}
	for ; n.at[v] < len(n.head[v]); n.at[v]++ {
		e := n.head[v][n.at[v]]
		w := n.to[e]
		if n.room[e] <= 0 || n.level[w] != n.level[v]+1 {
			continue
		}
		if d := n.push(w, t, min(much, n.room[e])); d > 0 {
			n.room[e] -= d
			n.room[e^1] += d
			return d
		}
	}
	return 0
}

// flow is the maximum flow from s to t; endless if nothing limits it.
func (n *network) flow(s, t int32) int32 {
	total := int32(0)
	for n.levels(s, t) {
		n.at = make([]int, len(n.head))
		for {
			d := n.push(s, t, endless)
			if d == 0 {
				break
			}
			if total += d; total >= endless {
				return endless
			}
		}
	}
	return total
}

// bounds are what the flow through the two layers of a graph says of the smallest
// number of networks that have to refuse.
type bounds struct {
	lower, upper int // upper -1: nobody can
	set          []int32
}

// flow bounds the smallest set of networks on all paths. Each network stands twice, as
// one that is climbed to and as one that is fallen to, each with room for one path;
// what has to be reached stands once. A network in both costs twice what it
// should, so the flow is no lower bound: half of it is, and so is the flow less the
// networks that carry in both. The networks of the smallest cut are an upper
// bound. Equal bounds are exact; they always are if the core has to be reached, since
// nobody falls to a network without providers.
//
// Example: one path climbs through v, another falls through v, and they share nothing
// else. The flow is 2, the smallest set is {v}.
func (r *reach) flow() bounds {
	n := &network{}
	s, t := n.node(), n.node()
	in, through := make([]int32, len(r.nets)), make([]int32, len(r.nets))
	for i := range r.nets {
		room := int32(1)
		if r.colour[i] == 0 {
			room = endless
		}
		in[i] = n.node()
		out := n.node()
		through[i] = int32(len(n.to))
		n.edge(in[i], out, room)
		if r.end[i] {
			n.edge(out, t, endless)
		}
	}
	for i, next := range r.next {
		for _, j := range next {
			n.edge(in[i]+1, in[j], endless)
		}
	}
	for _, i := range r.start {
		n.edge(s, in[i], endless)
	}
	f := n.flow(s, t)
	if f >= endless {
		return bounds{lower: 1, upper: -1}
	}
	n.levels(s, t) // what can still be reached is on the subject's side
	b := bounds{}
	both := 0
	carries := map[int32]bool{}
	for i, e := range through {
		if n.level[in[i]] >= 0 && n.level[in[i]+1] < 0 {
			b.set = append(b.set, r.colour[i])
		}
		if n.room[e^1] > 0 {
			if carries[r.nets[i]] {
				both++
			}
			carries[r.nets[i]] = true
		}
	}
	slices.Sort(b.set)
	b.set = slices.Compact(b.set)
	b.lower, b.upper = max((int(f)+1)/2, int(f)-both), len(b.set)
	return b
}
