package assess

import (
	"cmp"
	"net/netip"
	"slices"
	"sort"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// Times of the weighing, in seconds.
const (
	converging  = 180 // after the last loss: paths are still explored
	settling    = 600 // into the trough: when states are read, if it lasts so long
	resetMinute = 60  // a session lost within this of an onset may be its cause
	mostWeighed = 24  // losses that are weighed; the largest of them
)

// causes weighs the losses of each origin, of many the largest by addresses and time, and those of the
// whole subject if several origins were lost together.
func (e *evidence) causes(in outage.Input, found []outage.Outage, sizes *outage.Sizer) []finding.Cause {
	var losses []int
	for i, o := range found {
		if o.Scope == outage.ScopeOrigin || o.Scope == outage.ScopeSubject && e.origin(in, o) == 0 {
			losses = append(losses, i)
		}
	}
	if len(losses) > mostWeighed {
		of, weight := map[int]float64{}, e.weight(sizes)
		for _, l := range losses {
			of[l] = weight(found[l])
		}
		slices.SortStableFunc(losses, func(a, b int) int {
			whole := func(l int) int { return b2i(found[l].Scope == outage.ScopeSubject) }
			return cmp.Or(cmp.Compare(whole(b), whole(a)), cmp.Compare(of[b], of[a]))
		})
		losses = losses[:mostWeighed]
	}
	slices.Sort(losses)
	out := []finding.Cause{}
	e.unseen = map[int]bool{}
	for _, l := range losses {
		e.unseen[l] = e.unseenBefore(in, found[l])
		out = append(out, e.weigh(in, found, l))
	}
	return out
}

// origin is the one origin of what was lost, 0 if there are several.
func (e *evidence) origin(in outage.Input, o outage.Outage) uint32 {
	if o.Scope == outage.ScopeOrigin {
		return o.Origin
	}
	one := uint32(0)
	for _, i := range o.Prefixes {
		for _, x := range in.Prefixes[i].Origins {
			if one != 0 && x != one {
				return 0
			}
			one = x
		}
	}
	return one
}

// weigh asks cause about one loss.
func (e *evidence) weigh(in outage.Input, found []outage.Outage, index int) finding.Cause {
	ci, first := e.causeInput(in, found[index])
	c := e.findCause(ci, cause.Examine(ci, e.Standard), index)
	c.Beside = e.beside(in, found[index], first, c.Rival)
	if e.Rules >= 2 {
		c.Takers = e.takers(in, found[index], ci.Trough)
	}
	return c
}

// causeInput gathers what is weighed about one loss; first is when the first
// vantages lost the routes.
func (e *evidence) causeInput(in outage.Input, o outage.Outage) (ci cause.Input, first int64) {
	ci = cause.Input{Origin: e.origin(in, o), Onset: o.From, Trough: e.readAt(o),
		Operator: e.Operator, Country: e.Country, Large: e.Large}
	if o.Onset.Median.Seen {
		ci.Onset = o.Onset.Median.At
	}
	for _, p := range e.Table.Peers {
		ci.Vantages = append(ci.Vantages, cause.Vantage{Name: p.Peer.String(), Collector: vantage.HostOf(p.Collector), AS: p.AS})
	}
	v := viewer{e: e, pauses: make([][]vantage.Reset, len(e.Table.Peers))}
	for i, p := range e.Table.Peers {
		v.pauses[i] = e.Ledger.Pauses(p.Peer)
	}
	v.loss = v.moments(in, o, ci.Trough)
	ci.Converged = v.loss.Converged
	lost := map[int]bool{}
	for _, i := range o.Prefixes {
		lost[i] = true
		p := in.Prefixes[i]
		origin := o.Origin
		if origin == 0 && len(p.Origins) > 0 {
			origin = p.Origins[0]
		}
		ci.Subject = append(ci.Subject, v.prefix(p.Prefix, origin, true))
	}
	near := func(p cause.Prefix) {
		if len(p.Sights) > 0 {
			ci.Near = append(ci.Near, p)
		}
	}
	// What the subject did not lose speaks for the networks that it crosses.
	for i, p := range in.Prefixes {
		if !lost[i] && len(p.Origins) > 0 {
			near(v.prefix(p.Prefix, p.Origins[0], true))
		}
	}
	for _, n := range e.Near {
		near(v.prefix(n, 0, false))
	}
	for _, q := range e.Far {
		if p := v.prefix(q, 0, false); len(p.Sights) > 0 {
			ci.Far = append(ci.Far, p)
		}
	}
	if ci.Origin == 0 {
		ci.Origin = lastOrigin(ci.Subject)
	}
	ci.ObserverResets = e.resetsNear(o)
	ci.Replaced = outage.ReplacementIn(in, o).Stood() && !e.stoodBefore(o, in, v.loss)
	if ci.Origin != 0 {
		ci.Renumbered = e.renumbered(in, o, v.loss.First)
	}
	return ci, v.loss.First
}

// lastOrigin is the origin of all last paths of routes that were lost, 0 if there are several:
// of a prefix that another network took over and then lost, nothing of the first was lost.
// The prefixes are its, then.
func lastOrigin(of []cause.Prefix) uint32 {
	one := uint32(0)
	for _, p := range of {
		for _, s := range p.Sights {
			n := len(s.Baseline)
			if s.State != cause.Gone || n == 0 {
				continue
			}
			if x := s.Baseline[n-1]; one != 0 && x != one {
				return 0
			} else {
				one = x
			}
		}
	}
	if one != 0 {
		for i := range of {
			of[i].Origin = one
		}
	}
	return one
}

// stoodBefore reports whether an origin whose routes are held at the trough, where
// those of the subject were, announced the same prefix before anybody lost it. Then
// it replaced nothing: who has two ways and loses one takes the other. Example: a
// prefix that two networks announce all along, of which one is cut off.
func (e *evidence) stoodBefore(o outage.Outage, in outage.Input, l cause.Loss) bool {
	for _, k := range o.Prefixes {
		i := e.Table.Index(in.Prefixes[k].Prefix)
		now, before := map[uint32]bool{}, map[uint32]bool{}
		for _, peer := range e.Table.Carriers(i) {
			for at, of := range map[int64]map[uint32]bool{l.Trough: now, l.First - resetMinute: before} {
				if s := e.Table.At(peer, i, at); s.State == rib.RouteHeld && s.Path != rib.NoPath && !e.oursAt(e.Table.Prefixes[i], s.Path) {
					for _, x := range rib.Origins(e.Table.Paths.Path(s.Path)) {
						of[x] = true
					}
				}
			}
		}
		for x := range now {
			if before[x] {
				return true
			}
		}
	}
	return false
}

// moments finds when the vantages lost the routes that they do not hold at the
// trough. First leaves out the twentieth of them that lost theirs first, which may
// be noise; Converged is the second from which on an announcement is news.
func (v *viewer) moments(in outage.Input, o outage.Outage, trough int64) cause.Loss {
	l := cause.Loss{First: o.From, Converged: o.From + converging, Trough: trough}
	var at []int64
	for _, i := range o.Prefixes {
		for _, c := range in.Prefixes[i].Carriers {
			k := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > trough }) - 1
			if k < 0 || c.Steps[k].State != outage.Lost && c.Steps[k].State != outage.Replaced {
				continue
			}
			for k > 0 && (c.Steps[k-1].State == outage.Lost || c.Steps[k-1].State == outage.Replaced) {
				k--
			}
			if c.Steps[k].At >= o.From-cause.Lookback {
				at = append(at, c.Steps[k].At)
			}
		}
	}
	if len(at) == 0 {
		return l
	}
	slices.Sort(at)
	l.First = min(at[len(at)/20], o.From)
	l.Converged = at[len(at)-1] + converging
	return l
}

// beside lists what stood in while the routes were gone: it does not clear who
// cut them.
func (e *evidence) beside(in outage.Input, o outage.Outage, first int64, rival bool) []finding.BesideCut {
	out := []finding.BesideCut{}
	if rival {
		return out
	}
	lost := map[int]bool{}
	var replaced, began []string
	end := e.end
	if o.Until.Seen {
		end = o.Until.At
	}
	for _, i := range o.Prefixes {
		lost[i] = true
		as := map[uint32]bool{}
		for _, c := range in.Prefixes[i].Carriers {
			for _, s := range c.Steps {
				if s.State == outage.Replaced && s.At >= first-settling && s.At < end {
					as[e.Table.Peers[c.Peer].AS] = true
				}
			}
		}
		if len(as) >= 2 {
			replaced = append(replaced, in.Prefixes[i].Prefix.String())
		}
	}
	for i, p := range in.Prefixes {
		if lost[i] || !slices.ContainsFunc(p.Origins, func(x uint32) bool { return o.Origin == 0 || x == o.Origin }) {
			continue
		}
		// Known to be absent before, not merely unseen.
		before, absent, as := false, 0, map[uint32]bool{}
		for _, c := range p.Carriers {
			switch was := stateAt(c, first-1); {
			case was >= outage.Held:
				before = true
			case was == outage.Absent || was == outage.Without:
				absent++
			}
			for _, s := range c.Steps {
				if s.State == outage.Held && s.At >= first && s.At < end {
					as[e.Table.Peers[c.Peer].AS] = true
					break
				}
			}
		}
		if !before && absent >= 2 && len(as) >= 2 {
			began = append(began, p.Prefix.String())
		}
	}
	if len(replaced) > 0 {
		out = append(out, finding.BesideCut{Key: finding.BesideReplaced, Prefixes: replaced})
	}
	if len(began) > 0 {
		out = append(out, finding.BesideCut{Key: finding.BesideBegan, Prefixes: began})
	}
	return out
}

// readAt is the second at which states are read: well into the trough, but
// before anybody returns.
func (e *evidence) readAt(o outage.Outage) int64 {
	from := o.Trough()
	until := e.end
	if n := len(o.Total); n > 0 {
		until = o.Total[0].Until
	} else {
		if o.Until.Seen {
			until = o.Until.At
		}
		if o.Recovery.First.Seen && o.Recovery.First.At > from {
			until = min(until, o.Recovery.First.At)
		}
	}
	return max(from, min(from+settling, until-1))
}

func stateAt(c outage.Carrier, t int64) outage.State {
	i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > t })
	if i == 0 {
		return outage.None
	}
	return c.Steps[i-1].State
}

// viewer reads sights around one loss out of the table.
type viewer struct {
	e      *evidence
	loss   cause.Loss
	pauses [][]vantage.Reset
	held   []cause.Held            // of the sight at hand: memory to be used again
	of     map[alikeKey]alikeSight // what is seen of prefixes that are alike is read once
}

// alikeKey is prefixes of which all vantages see the same.
type alikeKey struct {
	first int // of the table
	class int // of the subject's; −1 for others
}

type alikeSight struct {
	sights []cause.Sight
	origin uint32 // where the first baseline leads; 0: none
}

// prefix gathers what every vantage saw of a prefix. Of a prefix of the subject
// only the subject's own routes count: another origin's route is a loss.
func (v *viewer) prefix(p netip.Prefix, origin uint32, subject bool) cause.Prefix {
	e := v.e
	i, class := e.Table.Index(p), -1
	if subject {
		class = e.class(p)
	}
	key := alikeKey{e.alike()[i], class}
	x, ok := v.of[key]
	if !ok {
		for _, peer := range e.Table.Carriers(i) {
			s, ok := v.sight(peer, i, subject)
			if !ok {
				continue
			}
			if b := s.Baseline; x.origin == 0 && len(b) > 0 {
				x.origin = b[len(b)-1]
			}
			x.sights = append(x.sights, s)
		}
		x.sights = slices.Clip(x.sights)
		if v.of == nil {
			v.of = map[alikeKey]alikeSight{}
		}
		v.of[key] = x
	}
	if origin == 0 {
		origin = x.origin
	}
	return cause.Prefix{Prefix: p, Origin: origin, Sights: x.sights}
}

// alike gives for each prefix of the table the first one with the same histories.
func (e *evidence) alike() []int {
	if e.first == nil {
		e.first = e.Table.Alike()
	}
	return e.first
}

// sight is what a vantage saw of a prefix of the table. It is read from a part of the
// history if that is as good as the whole: of a route that flaps all the time, and of days,
// the part is short.
func (v *viewer) sight(peer, prefix int, subject bool) (cause.Sight, bool) {
	s, ok, sure := v.partSight(peer, prefix, subject)
	if !sure {
		steps, heard := v.e.Table.Steps(peer, prefix), v.e.Table.Heard(peer, prefix)
		v.held = v.history(v.held[:0], steps, heard, 0, prefix, subject)
		s, ok = v.loss.Sight(peer, v.held)
	}
	if !ok {
		return s, false
	}
	for _, z := range v.pauses[peer] {
		if z.From <= v.loss.Trough && v.loss.Trough < z.Until {
			return cause.Sight{Vantage: peer, Baseline: s.Baseline}, true // unseen
		}
	}
	return s, true
}

func (v *viewer) partSight(peer, prefix int, subject bool) (s cause.Sight, ok, sure bool) {
	since := v.loss.Since()
	steps, heard, first, ok := v.e.Table.Around(peer, prefix, since, v.loss.Trough)
	if !ok {
		return s, false, false
	}
	if first {
		v.held = v.history(v.held[:0], steps, heard, 0, prefix, subject)
		return v.loss.SightOf(peer, v.held, true)
	}
	v.held = v.history(v.held[:0], steps, heard, 1, prefix, subject)
	i := cause.Cut(v.held, since)
	if i == 0 {
		return s, false, false
	}
	return v.loss.SightOf(peer, v.held[i:], false)
}

// history appends what steps of the table say, from one of them on.
func (v *viewer) history(held []cause.Held, steps []rib.RouteStep, heard []int64, first, prefix int, subject bool) []cause.Held {
	asked, yes := rib.NoPath, true // the path asked about last: what comes and goes has few
	ours := func(st rib.RouteStep) bool {
		if subject && st.Path != asked {
			asked, yes = st.Path, v.e.oursAt(v.e.Table.Prefixes[prefix], st.Path)
		}
		return yes
	}
	for i := first; i < len(steps); i++ {
		st := steps[i]
		h := cause.Held{At: st.At}
		switch {
		case st.State == rib.RouteUnknown:
		case st.State == rib.RouteHeld && ours(st):
			h.State, h.Heard = cause.Present, heard[i]
			if st.Path != rib.NoPath {
				h.Path = v.path(st.Path)
			}
		case st.State == rib.RouteHeld:
			h.State, h.Displaced = cause.Absent, true
		default:
			h.State = cause.Absent
			if st.State == rib.RouteWithdrawn && (i == 0 || steps[i-1].State == rib.RouteUnknown) {
				// What is withdrawn was carried before.
				held = append(held, cause.Held{At: st.At - 1, State: cause.Present})
			}
		}
		held = append(held, h)
	}
	return held
}

// path is a path of the table; none if it ends in a set, whose members stand in
// no order behind the aggregator. It ends where its origin stands first, seen from
// the vantage: what an origin writes behind itself no route has crossed.
//
// *Example: AS1 announces "1 2 1" so that AS2, which sees itself in it, does not take it.
// Of "9 2 1 2 1" the route ran over AS9, AS2 and AS1; of "9 3 1 2 1" never over AS2.*
func (v *viewer) path(id rib.PathID) cause.Path {
	p := v.e.Table.Paths.Path(id)
	n := len(p)
	if n > 0 && p[n-1] == 0 {
		return nil
	}
	if n > 2 {
		p = p[:slices.Index(p, p[n-1])+1]
	}
	return cause.Path(p)
}

// resetsNear counts the peers whose own session was reset within the minute
// before they were seen to lose the subject.
func (e *evidence) resetsNear(o outage.Outage) int {
	n := 0
	for _, t := range o.Ticks {
		p := e.Table.Peers[t.Peer]
		if slices.ContainsFunc(e.Ledger.Blind, func(b vantage.Blind) bool {
			return b.Peer != nil && b.Of(p.Peer) &&
				(b.Reason == vantage.SessionDown || b.Reason == vantage.TableTransfer) &&
				b.From.Sec() > p.Begin && b.From.Sec() <= t.Lost.At && t.Lost.At <= b.From.Sec()+resetMinute
		}) {
			n++
		}
	}
	return n
}

// findCause puts what package cause said in the terms of findings.json.
func (e *evidence) findCause(ci cause.Input, r cause.Result, index int) finding.Cause {
	c := finding.Cause{Outage: index, Origin: ci.Origin, At: moment.Unix(ci.Trough, 0), Level: r.Level, Rival: r.Rival, Total: r.Total,
		Region: r.Region, Acts: r.Acts, Class: r.Class,
		Vantages: r.Vantages, Lost: r.Lost, Kept: r.Kept, Moved: r.Moved, Displaced: r.Displaced, Noise: r.Noise,
		FactWitnesses: r.FactWitnesses, PlaceWitnesses: r.PlaceWitnesses, Leave: r.Leave, Inside: r.Inside, Inferred: r.Inferred > 0, Screened: r.Screened,
		Demands: r.Demands, Reasons: r.Reasons, Hypotheses: []finding.Hypothesis{}, Settle: r.Settle, Blind: []finding.PeerName{}, Near: []finding.Control{}, Far: []finding.Control{},
		Beside: []finding.BesideCut{}}
	if x := r.Elsewhere; len(x.At) > 0 {
		c.Elsewhere = &finding.Elsewhere{At: x.At, Prefixes: x.Prefixes, Routes: x.Routes, Of: x.Of, Vantages: x.Vantages}
	}
	if r.Changed > 0 {
		c.Changed = &finding.Changed{Vantages: r.Changed, Since: moment.Unix(r.ChangedAt, 0)}
		from, to := map[uint32]bool{}, map[uint32]bool{}
		for _, p := range ci.Subject {
			for _, x := range p.Sights {
				if x.State == cause.Gone && x.Usual != nil {
					for _, a := range x.Usual {
						from[a] = true
					}
					for _, a := range x.Baseline {
						to[a] = true
					}
				}
			}
		}
		c.Changed.From, c.Changed.To = only(from, to), only(to, from)
	}
	orEmpty(&c.Region.Networks)
	orEmpty(&c.Region.Sessions)
	orEmpty(&c.Acts)
	for i := range c.Acts {
		orEmpty(&c.Acts[i].Who)
		orEmpty(&c.Acts[i].In)
	}
	orEmpty(&c.Class)
	orEmpty(&c.Demands)
	orEmpty(&c.Reasons)
	orEmpty(&c.Settle)
	for i := range c.Settle {
		orEmpty(&c.Settle[i].Lost)
		orEmpty(&c.Settle[i].Kept)
	}
	for _, v := range r.Blind {
		p := e.Table.Peers[v].Peer
		c.Blind = append(c.Blind, finding.PeerName{Collector: p.Collector, Peer: p.Addr})
	}
	prefixes := func(is []int) []string {
		out := []string{}
		for _, i := range is {
			out = append(out, ci.Near[i].Prefix.String())
		}
		return out
	}
	for _, h := range r.Weighed {
		c.Hypotheses = append(c.Hypotheses, finding.Hypothesis{Hypothesis: h.Hypothesis, Excluded: h.Excluded, By: h.By, Crossing: h.Crossing,
			ControlsSurvive: prefixes(h.ControlsSurvive), ControlsLost: prefixes(h.ControlsLost)})
	}
	controls := func(ps []cause.Prefix) []finding.Control {
		out := []finding.Control{}
		for _, p := range ps {
			x := finding.Control{Prefix: p.Prefix.String(), Origin: p.Origin}
			for _, s := range p.Sights {
				switch s.State {
				case cause.Gone:
					x.Gone++
				case cause.Kept, cause.Moved:
					x.Kept++
				}
			}
			out = append(out, x)
		}
		return out
	}
	c.Near, c.Far = controls(ci.Near), controls(ci.Far)
	c.Links = controlLinks(&ci)
	return c
}

// sharers are prefixes that share their sights, by one of them.
type sharers struct {
	cause.Prefix
	n int
}

func shareSights(of []cause.Prefix) []sharers {
	var out []sharers
	at := map[*cause.Sight]int{}
	for _, p := range of {
		if len(p.Sights) == 0 {
			continue
		}
		i, ok := at[&p.Sights[0]]
		if !ok {
			i = len(out)
			at[&p.Sights[0]] = i
			out = append(out, sharers{Prefix: p})
		}
		out[i].n++
	}
	return out
}

// controlLinks counts where routes of the near controls ran along the subject's
// own, before the onset and at the trough. A control's route is followed from
// the vantage for as long as it crosses the same links.
func controlLinks(ci *cause.Input) []finding.Link {
	type pair struct{ a, b uint32 }
	ours, origins := map[pair]bool{}, map[uint32]bool{}
	for _, p := range ci.Subject {
		for _, s := range p.Sights {
			for i := 0; i+1 < len(s.Baseline); i++ {
				ours[pair{s.Baseline[i], s.Baseline[i+1]}] = true
			}
			if n := len(s.Baseline); n > 0 {
				ours[pair{0, s.Baseline[0]}] = true
				origins[s.Baseline[n-1]] = true
			}
		}
	}
	along := func(p cause.Path) []pair {
		var out []pair
		at := uint32(0)
		for _, a := range p {
			if !ours[pair{at, a}] || origins[a] {
				break
			}
			out = append(out, pair{at, a})
			at = a
		}
		if at != 0 {
			out = append(out, pair{at, 0})
		}
		return out
	}
	count := map[pair]*finding.Link{}
	for _, p := range shareSights(ci.Near) {
		for _, s := range p.Sights {
			if s.State == cause.Unseen {
				continue
			}
			now := along(s.Now)
			for _, x := range along(s.Baseline) {
				l := count[x]
				if l == nil {
					l = &finding.Link{A: x.a, B: x.b}
					count[x] = l
				}
				l.Before += p.n
				if slices.Contains(now, x) {
					l.Kept += p.n
				}
			}
		}
	}
	out := []finding.Link{}
	for _, l := range count {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(x, y finding.Link) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return out
}
