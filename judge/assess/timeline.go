package assess

import (
	"cmp"
	"slices"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/rib"
)

// How many steps a picture keeps before it is drawn in bins.
const (
	timelineSteps = 2000
	rowRuns       = 1000
	bins          = 1000
)

// tally counts routes by what is seen of them.
type tally struct{ seen, gone, unknown int }

func (t *tally) add(s outage.State, d int) {
	switch s {
	case outage.Held, outage.Covered:
		t.seen += d
	case outage.Lost, outage.Replaced, outage.Absent, outage.Without:
		t.gone += d
	default:
		t.unknown += d
	}
}

// point is a tally from a second on.
type point struct {
	at int64
	tally
}

// heap is histories, each with the number of routes that have it.
type heap struct {
	steps [][]outage.Step
	n     []int
	at    map[*outage.Step]int
	sum   int
}

// add adds a route. Its history has a step.
func (h *heap) add(steps []outage.Step, n int) {
	if h.at == nil {
		h.at = map[*outage.Step]int{}
	}
	i, ok := h.at[&steps[0]]
	if !ok || len(h.steps[i]) != len(steps) {
		i = len(h.steps)
		h.at[&steps[0]] = i
		h.steps, h.n = append(h.steps, steps), append(h.n, 0)
	}
	h.n[i] += n
	h.sum += n
}

// series follows a set of histories through the question. Seconds in which
// nothing changes have no point.
func series(hs *heap, start, end int64) []point {
	type change struct {
		at      int64
		n       int
		was, is outage.State
	}
	var now tally
	most := 0
	for _, steps := range hs.steps {
		most += len(steps)
	}
	all := make([]change, 0, most)
	for i, steps := range hs.steps {
		was := outage.None
		for _, s := range steps {
			if s.At <= start {
				was = s.State
				continue
			}
			break
		}
		now.add(was, hs.n[i])
		for _, s := range steps {
			if s.At > start && s.At < end {
				all = append(all, change{s.At, hs.n[i], was, s.State})
				was = s.State
			}
		}
	}
	slices.SortFunc(all, func(a, b change) int { return cmp.Compare(a.at, b.at) }) // those of one second are summed
	out := []point{{start, now}}
	for i := 0; i < len(all); {
		at := all[i].at
		for ; i < len(all) && all[i].at == at; i++ {
			now.add(all[i].was, -all[i].n)
			now.add(all[i].is, all[i].n)
		}
		if now != out[len(out)-1].tally {
			out = append(out, point{at, now})
		}
	}
	return out
}

// thin draws a long series in equal bins, each with the point at which least is
// seen and, among these, most is gone.
func thin(ps []point, most int, start, end int64) ([]point, bool) {
	if len(ps) <= most {
		return ps, true
	}
	worse := func(a, b tally) bool {
		if a.seen != b.seen {
			return a.seen < b.seen
		}
		return a.gone > b.gone
	}
	var out []point
	i, now := 0, ps[0].tally
	for b := range int64(bins) {
		from, until := start+(end-start)*b/bins, start+(end-start)*(b+1)/bins
		if from == until {
			continue
		}
		least, first := now, true
		for ; i < len(ps) && ps[i].at < until; i++ {
			now = ps[i].tally
			if first && ps[i].at <= from || worse(now, least) {
				least = now
			}
			first = false
		}
		if n := len(out); n == 0 || out[n-1].tally != least {
			out = append(out, point{from, least})
		}
	}
	return out, false
}

// timeline computes the timeline of all routes and the strip of each carrier.
func (e *evidence) timeline(prefixes []outage.Prefix) (finding.Timeline, []finding.Row) {
	byPeer := map[int]*heap{}
	all := &heap{}
	like := map[*outage.Carrier]int{} // by the list of carriers: how many prefixes share it
	for _, p := range prefixes {
		if len(p.Carriers) > 0 {
			like[&p.Carriers[0]]++
		}
	}
	for _, p := range prefixes {
		if len(p.Carriers) == 0 || like[&p.Carriers[0]] == 0 {
			continue
		}
		n := like[&p.Carriers[0]]
		like[&p.Carriers[0]] = 0
		for _, c := range p.Carriers {
			if e.inQuestion(c) {
				all.add(c.Steps, n)
				if byPeer[c.Peer] == nil {
					byPeer[c.Peer] = &heap{}
				}
				byPeer[c.Peer].add(c.Steps, n)
			}
		}
	}
	tl := finding.Timeline{Height: all.sum, Steps: []finding.Step{}}
	var ps []point
	ps, tl.Exact = thin(series(all, e.start, e.end), timelineSteps, e.start, e.end)
	for _, p := range ps {
		tl.Steps = append(tl.Steps, finding.Step{At: moment.Unix(p.at, 0), Seen: p.seen, Gone: p.gone, Unknown: p.unknown})
	}
	rows := []finding.Row{}
	for peer, hs := range byPeer {
		p := e.Table.Peers[peer]
		row := finding.Row{Collector: p.Collector, Peer: p.Addr, AS: p.AS, Routes: hs.sum, Runs: []finding.Run{}}
		ps, row.Exact = thin(series(hs, e.start, e.end), rowRuns, e.start, e.end)
		for _, p := range ps {
			r := finding.Run{At: moment.Unix(p.at, 0), Held: p.seen}
			switch {
			case p.unknown == hs.sum:
				r.State = finding.Unknown
			case p.seen == hs.sum:
				r.State = finding.Seen
			case p.gone == hs.sum:
				r.State = finding.Gone
			default:
				r.State, r.Unknown = finding.Part, p.unknown
			}
			if n := len(row.Runs); n > 0 && row.Runs[n-1].State == r.State && row.Runs[n-1].Held == r.Held && row.Runs[n-1].Unknown == r.Unknown {
				continue
			}
			row.Runs = append(row.Runs, r)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b finding.Row) int {
		return cmp.Or(cmp.Compare(a.AS, b.AS), cmp.Compare(a.Collector, b.Collector), a.Peer.Compare(b.Peer))
	})
	return tl, rows
}

// pathCount gathers paths with the peers and routes that used them.
type pathCount struct {
	of map[rib.PathID]*pathUse
}

type pathUse struct {
	peers    map[int]bool
	routes   int
	inferred bool
}

// add counts so many routes of a peer.
func (c *pathCount) add(id rib.PathID, peer int, inferred bool, n int) {
	if c.of == nil {
		c.of = map[rib.PathID]*pathUse{}
	}
	u := c.of[id]
	if u == nil {
		u = &pathUse{peers: map[int]bool{}, inferred: true}
		c.of[id] = u
	}
	u.peers[peer] = true
	u.routes += n
	u.inferred = u.inferred && inferred
}

func (e *evidence) list(c pathCount) []finding.Path {
	out := []finding.Path{}
	for id, u := range c.of {
		path := slices.Clone(e.Table.Paths.Path(id))
		path = slices.DeleteFunc(path, func(as uint32) bool { return as == 0 }) // the marks of a set
		out = append(out, finding.Path{Path: path, Peers: len(u.peers), Routes: u.routes, Inferred: u.inferred})
	}
	slices.SortFunc(out, func(a, b finding.Path) int {
		return cmp.Or(cmp.Compare(b.Routes, a.Routes), slices.Compare(a.Path, b.Path), cmp.Compare(b.Peers, a.Peers), cmp.Compare(b2i(a.Inferred), b2i(b.Inferred)))
	})
	return out
}

// paths are those of the subject's routes just before the onset, at the trough,
// and when all that came back had come back. Where none was seen before, the
// first after stands in, marked as inferred.
func (e *evidence) paths(in outage.Input, o outage.Outage) *finding.Paths {
	before := o.From - 1
	if o.Onset.First.Seen {
		before = min(before, o.Onset.First.At-1)
	}
	trough := o.Trough()
	after := int64(-1)
	for _, m := range []outage.Moment{o.Recovery.First, o.Recovery.Median, o.Recovery.Last, o.Until} {
		if m.Seen {
			after = max(after, m.At)
		}
	}
	if after >= e.end {
		after = e.end - 1
	}
	var b, t, a pathCount
	// Routes of one history have one path, if the prefixes are the subject's alike.
	likes := map[peerHistory]int{}
	firsts := map[peerHistory]int{} // a prefix that has it
	for k, p := range in.Prefixes {
		i, class := e.Table.Index(p.Prefix), e.class(p.Prefix)
		for _, c := range p.Carriers {
			key := peerHistory{c.Peer, historyName{e.Table.Name(c.Peer, i), class}}
			if likes[key]++; likes[key] == 1 {
				firsts[key] = k
			}
		}
	}
	for key, n := range likes {
		p := in.Prefixes[firsts[key]].Prefix
		i := e.Table.Index(p)
		asked, yes := rib.NoPath, true // the path asked about last
		at := func(sec int64) (rib.PathID, bool) {
			s := e.Table.At(key.peer, i, sec)
			id := s.Path
			if rib.PathUnread(e.Table.Paths.Path(id)) {
				id = rib.NoPath
			}
			if s.State == rib.RouteHeld && s.Path != asked {
				asked, yes = s.Path, e.oursAt(p, s.Path)
			}
			return id, s.State == rib.RouteHeld && yes
		}
		id, ok := at(before)
		if ok && id != rib.NoPath {
			b.add(id, key.peer, false, n)
		}
		if ok && id == rib.NoPath {
			for _, s := range e.Table.Steps(key.peer, i) {
				if s.At >= trough && s.State == rib.RouteHeld && s.Path != rib.NoPath && e.ours(p, e.Table.Paths.Path(s.Path)) {
					b.add(s.Path, key.peer, true, n)
					break
				}
			}
		}
		if id, ok := at(trough); ok && id != rib.NoPath {
			t.add(id, key.peer, false, n)
		}
		if after >= 0 {
			if id, ok := at(after); ok && id != rib.NoPath {
				a.add(id, key.peer, false, n)
			}
		}
	}
	return &finding.Paths{Before: e.list(b), Trough: e.list(t), After: e.list(a)}
}

// learnedPaths are the first known path of every route of the subject.
func (e *evidence) learnedPaths() []finding.Path {
	var c pathCount
	type like struct {
		first rib.PathID // the first known path, NoPath if there is none
		n     int
	}
	likes := map[peerHistory]*like{}
	for _, p := range e.Prefixes {
		i := e.Table.Index(p)
		for _, peer := range e.Table.Carriers(i) {
			key := peerHistory{peer, historyName{name: e.Table.Name(peer, i)}}
			x := likes[key]
			if x == nil {
				x = &like{first: rib.NoPath}
				likes[key] = x
				for _, s := range e.Table.Steps(peer, i) {
					if s.State == rib.RouteHeld && s.Path != rib.NoPath && s.At < e.end {
						x.first = s.Path
						break
					}
				}
			}
			x.n++
		}
	}
	for key, x := range likes {
		if x.first != rib.NoPath {
			c.add(x.first, key.peer, false, x.n)
		}
	}
	return e.list(c)
}
