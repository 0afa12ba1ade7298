package score

import (
	"net/netip"
	"slices"

	"constat/judge/cause"
	"constat/lab/sim"
)

// Times of a loss, in seconds, as an examiner of files has them.
const (
	windowBefore = 60  // a loss may show so long before the act: noise
	lossWave     = 600 // losses so long before the trough belong to it
	converging   = 180 // after the last loss: paths are still explored
	settling     = 600 // into the trough: when states are read, if it lasts so long
	resetMinute  = 60  // a session that broke off so long before a loss may be its cause
	watchedLeast = 600 // a prefix must have been absent for so long to be new
)

// loss is what an examiner finds before he asks who: that routes were lost, and
// when.
type loss struct {
	found                           bool
	first, onset, converged, trough int64
	subject                         []int // the prefixes of the night that lost routes
	lost                            map[int]bool
	out                             bool // by the definition of an outage
}

// held is what a route is at a second; nil before anything is known of it.
func held(steps []sim.Held, at int64) *sim.Held {
	var out *sim.Held
	for i := range steps {
		if steps[i].At > at {
			break
		}
		out = &steps[i]
	}
	return out
}

// reader reads the histories of one night.
type reader struct {
	n *sim.Night
	// beside has, by vantage, the histories of the other prefixes.
	beside map[int][]other
}

type other struct {
	prefix netip.Prefix
	line   int
	origin uint32
	steps  []sim.Held
}

func newReader(n *sim.Night) *reader {
	r := &reader{n: n}
	if len(n.Beside) > 0 {
		r.beside = map[int][]other{}
		for _, x := range n.Beside {
			for _, h := range x.Routes {
				r.beside[h.Vantage] = append(r.beside[h.Vantage], other{x.Prefix, x.Line, x.Origin, h.Steps})
			}
		}
	}
	return r
}

// ours reports whether a step is a route of the subject.
func (r *reader) ours(h *sim.Held, origin uint32) bool {
	return h != nil && h.State == sim.Present && (len(h.Path) == 0 || h.Path[len(h.Path)-1] == origin)
}

// gone reports whether a step is known to be no route of the subject.
func (r *reader) gone(h *sim.Held, origin uint32) bool {
	return h != nil && h.State != sim.Unknown && !r.ours(h, origin)
}

// covered reports whether a vantage holds a route of the subject over a prefix,
// or more specific ones that together cover it.
func (r *reader) covered(vantage int, q netip.Prefix, origin uint32, at int64) bool {
	var size uint64
	for _, o := range r.beside[vantage] {
		if o.origin != origin || !q.Overlaps(o.prefix) || !r.ours(held(o.steps, at), origin) {
			continue
		}
		if o.prefix.Bits() <= q.Bits() {
			return true
		}
		size += 1 << (q.Addr().BitLen() - o.prefix.Bits())
	}
	return size > 0 && size == 1<<(q.Addr().BitLen()-q.Bits())
}

// find finds the loss of the night: the longest time during which nearly as many
// routes were lost as at the worst moment.
func (r *reader) find(world *sim.World) loss {
	n := r.n
	type event struct {
		at int64
		d  int
	}
	var events []event
	from, until := n.First-windowBefore, n.Recovery
	for _, p := range n.Subject {
		for _, h := range p.Routes {
			carried := false
			for i := range h.Steps {
				s := &h.Steps[i]
				if r.ours(s, p.Origin) {
					carried = true
				}
				end := until
				if i+1 < len(h.Steps) {
					end = min(end, h.Steps[i+1].At)
				}
				if start := max(from, s.At); carried && start < end && r.gone(s, p.Origin) && !r.covered(h.Vantage, p.Prefix, p.Origin, end-1) {
					events = append(events, event{start, 1}, event{end, -1})
				}
			}
		}
	}
	var l loss
	if len(events) == 0 {
		return l
	}
	slices.SortFunc(events, func(a, b event) int { return int(a.at - b.at) })
	var at []int64
	var count []int
	now, most := 0, 0
	for i := 0; i < len(events); {
		t := events[i].at
		for ; i < len(events) && events[i].at == t; i++ {
			now += events[i].d
		}
		at, count = append(at, t), append(count, now)
		most = max(most, now)
	}
	if most == 0 {
		return l
	}
	// One route that flickers for reasons of its own does not end the time.
	least := most - most/20
	if most >= 5 {
		least = most - max(1, most/20)
	}
	var start, stop int64
	for i := 0; i < len(count); i++ {
		j := i
		for j < len(count) && count[j] >= least {
			j++
		}
		if j > i {
			end := until
			if j < len(at) {
				end = at[j]
			}
			if end-at[i] > stop-start {
				start, stop = at[i], end
			}
			i = j
		}
	}
	l.trough = max(start, min(start+settling, stop-1))
	l.lost = map[int]bool{}
	var times []int64
	for i, p := range n.Subject {
		carriers, gone, as := 0, 0, map[uint32]bool{}
		for _, h := range p.Routes {
			s := held(h.Steps, l.trough)
			if !slices.ContainsFunc(h.Steps, func(x sim.Held) bool { return x.At <= l.trough && r.ours(&x, p.Origin) }) || s == nil || s.State == sim.Unknown {
				continue
			}
			carriers++
			if r.ours(s, p.Origin) || r.covered(h.Vantage, p.Prefix, p.Origin, l.trough) {
				continue
			}
			gone++
			as[world.Vantages[h.Vantage].AS] = true
			l.lost[h.Vantage] = true
			if t := r.lostAt(h.Steps, p.Origin, l.trough); t >= start-lossWave {
				times = append(times, t)
			}
		}
		if gone > 0 {
			l.subject = append(l.subject, i)
		}
		l.out = l.out || 2*(carriers-gone) <= carriers && len(as) >= 2
	}
	// What carriers in one network lost is no loss of the subject.
	as := map[uint32]bool{}
	for k := range l.lost {
		as[world.Vantages[k].AS] = true
	}
	if len(times) == 0 || len(as) < 2 {
		return loss{}
	}
	slices.Sort(times)
	l.found = true
	l.first, l.onset, l.converged = times[0], times[(len(times)-1)/2], times[len(times)-1]+converging
	return l
}

// lostAt is when a route that is gone at a second was last lost.
func (r *reader) lostAt(steps []sim.Held, origin uint32, at int64) int64 {
	out := int64(0)
	for i := range steps {
		if steps[i].At > at {
			break
		}
		switch {
		case !r.gone(&steps[i], origin):
			out = 0
		case out == 0:
			out = steps[i].At
		}
	}
	return out
}

// standIns finds what speaks for a loss that is no cut: prefixes that came instead
// of those that went and did not return, and sessions that broke off.
func (r *reader) standIns(l *loss, in *cause.Input) {
	n := r.n
	returned, lost := 0, 0
	for _, i := range l.subject {
		p := &n.Subject[i]
		for _, h := range p.Routes {
			if r.gone(held(h.Steps, l.trough), p.Origin) {
				lost++
				if r.ours(held(h.Steps, 1<<62), p.Origin) {
					returned++
				}
			}
		}
	}
	// What the origin began to announce meanwhile.
	for _, x := range n.Beside {
		if x.Origin != n.Case.Origin || slices.ContainsFunc(n.Subject, func(p sim.Prefix) bool { return p.Prefix.Overlaps(x.Prefix) }) {
			continue
		}
		began, before := 0, 0
		for _, h := range x.Routes {
			if s := held(h.Steps, l.first-watchedLeast); s != nil && s.State != sim.Absent {
				before++
			}
			if s := held(h.Steps, l.trough); s != nil && s.State == sim.Present && s.At >= l.first-settling && s.At <= l.first+settling {
				began++
			}
		}
		if before == 0 && began >= 2 && 2*returned < lost {
			in.Renumbered = append(in.Renumbered, x.Prefix)
		}
	}
	in.Replaced = r.replaced(l)
	for _, d := range n.Downs {
		if d.How != sim.Noted || !l.lost[d.Vantage] {
			continue
		}
		for _, i := range l.subject {
			p := &n.Subject[i]
			if slices.ContainsFunc(p.Routes, func(h sim.Route) bool {
				t := r.lostAt(h.Steps, p.Origin, l.trough)
				return h.Vantage == d.Vantage && t >= d.From && t <= d.From+resetMinute
			}) {
				in.ObserverResets++
				break
			}
		}
	}
}

// replaced reports whether most of the routes lost at the trough were replaced:
// another origin's came at most a minute after the loss and stood until the
// subject's were back, the vantage stopped watching, or the night ended.
func (r *reader) replaced(l *loss) bool {
	lost, stood := 0, 0
	for _, i := range l.subject {
		p := &r.n.Subject[i]
		for _, h := range p.Routes {
			at := r.lostAt(h.Steps, p.Origin, l.trough)
			if at == 0 {
				continue
			}
			lost++
			if r.stood(h.Steps, p.Origin, at) {
				stood++
			}
		}
	}
	return 2*stood > lost && !r.stoodBefore(l)
}

// stoodBefore reports whether an origin whose routes stand at the trough where the
// subject's were announced the same prefix before the first loss.
func (r *reader) stoodBefore(l *loss) bool {
	for _, i := range l.subject {
		p := &r.n.Subject[i]
		now, before := map[uint32]bool{}, map[uint32]bool{}
		for _, h := range p.Routes {
			for at, of := range map[int64]map[uint32]bool{l.trough: now, l.first - 60: before} {
				if s := held(h.Steps, at); s != nil && s.State == sim.Present && !r.ours(s, p.Origin) {
					of[s.Path[len(s.Path)-1]] = true
				}
			}
		}
		for as := range now {
			if before[as] {
				return true
			}
		}
	}
	return false
}

// stood reports whether another origin's route stood in for one lost at a second.
func (r *reader) stood(steps []sim.Held, origin uint32, at int64) bool {
	came := false
	for i := range steps {
		s := &steps[i]
		switch {
		case s.At < at:
		case !r.gone(s, origin): // back, or not watching
			return came
		case s.State == sim.Present:
			if !came && s.At > at+60 {
				return false
			}
			came = true
		case came: // gone in its turn
			return false
		}
	}
	return came
}
