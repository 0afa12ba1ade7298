package examine

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"sort"

	"constat/cause"
	"constat/finding"
	"constat/observe"
	"constat/outage"
	"constat/proof"
	"constat/rib"
)

// Times of the weighing, in seconds.
const (
	baselineHour = 3600 // a baseline is what was held longest in the hour before
	converging   = 180  // after the last loss: paths are still explored
	settling     = 600  // into the trough: when states are read, if it lasts so long
	resetMinute  = 60   // a session lost within this of an onset may be its cause
	mostWeighed  = 24   // losses that are weighed; the largest of them
	// A path held for less than this before the first loss may have been
	// explored on the way down: it is no baseline that was seen.
	heldLeast = 120
)

// causes weighs the losses of each origin, the largest first.
func (e *evidence) causes(in outage.Input, found []outage.Outage, f *finding.Findings) []finding.Cause {
	type loss struct{ index int }
	var losses []loss
	for i, o := range found {
		if o.Scope == outage.ScopeOrigin {
			losses = append(losses, loss{i})
		}
	}
	sort.SliceStable(losses, func(i, j int) bool {
		a, b := found[losses[i].index], found[losses[j].index]
		if len(a.Prefixes) != len(b.Prefixes) {
			return len(a.Prefixes) > len(b.Prefixes)
		}
		return a.Duration > b.Duration
	})
	if len(losses) > mostWeighed {
		losses = losses[:mostWeighed]
	}
	sort.SliceStable(losses, func(i, j int) bool { return losses[i].index < losses[j].index })
	out := []finding.Cause{}
	for _, l := range losses {
		out = append(out, e.weigh(in, found, l.index))
	}
	return out
}

// weigh asks cause about one loss.
func (e *evidence) weigh(in outage.Input, found []outage.Outage, index int) finding.Cause {
	o := found[index]
	ci := cause.Input{Origin: o.Origin, Onset: o.From}
	first := o.From
	if o.Onset.First.Seen {
		first = min(first, o.Onset.First.At)
	}
	last := first
	if o.Onset.Median.Seen {
		ci.Onset = o.Onset.Median.At
	}
	if o.Onset.Last.Seen {
		last = o.Onset.Last.At
	}
	ci.Converged = last + converging
	ci.Trough = e.readAt(o)
	for _, p := range e.table.Peers {
		ci.Vantages = append(ci.Vantages, cause.Vantage{Name: p.Peer.String(), Collector: p.Collector, AS: p.AS})
	}
	v := viewer{e: e, first: first, trough: ci.Trough, veils: make([][]rib.Reset, len(e.table.Peers))}
	for i, p := range e.table.Peers {
		v.veils[i] = e.ledger.Veils(p.Peer)
	}
	for _, i := range o.Prefixes {
		p := in.Prefixes[i]
		ci.Subject = append(ci.Subject, v.prefix(p.Prefix, o.Origin, true))
		for _, c := range p.Carriers {
			switch stateAt(c, ci.Trough) {
			case outage.Covered:
				ci.ReplacedLess++
				ci.LostSights++
			case outage.Replaced:
				ci.ReplacedOrigin++
				ci.LostSights++
			case outage.Lost:
				ci.LostSights++
			}
		}
	}
	for _, n := range e.controls.Near {
		if p := v.prefix(n.Prefix, 0, false); len(p.Sights) > 0 {
			ci.Near = append(ci.Near, p)
		}
	}
	for _, q := range e.controls.Far {
		if p := v.prefix(q, 0, false); len(p.Sights) > 0 {
			ci.Far = append(ci.Far, p)
		}
	}
	ci.ObserverResets = e.resetsNear(o)
	ci.Renumbered = e.renumbered(in, o, first)
	return e.findCause(ci, cause.Examine(ci, e.standard), index)
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
	e             *evidence
	first, trough int64
	veils         [][]rib.Reset
}

// prefix gathers what every vantage saw of a prefix. For a prefix of the
// subject only routes of the subject count, those of others are a loss.
func (v *viewer) prefix(p netip.Prefix, origin uint32, subject bool) cause.Prefix {
	e := v.e
	out := cause.Prefix{Prefix: p, Origin: origin}
	i := e.index[p]
	for _, peer := range e.table.Carriers(i) {
		s, ok := v.sight(peer, i, subject)
		if !ok {
			continue
		}
		if out.Origin == 0 {
			out.Origin = s.Baseline[len(s.Baseline)-1]
		}
		out.Sights = append(out.Sights, s)
	}
	return out
}

func (v *viewer) sight(peer, prefix int, subject bool) (cause.Sight, bool) {
	e := v.e
	steps := e.table.Steps(peer, prefix)
	s := cause.Sight{Vantage: peer}
	ours := func(st rib.RouteStep) bool {
		return st.State == rib.RouteHeld && (!subject || st.Path == rib.NoPath || e.ours(e.table.Prefixes[prefix], e.table.Paths.Path(st.Path)))
	}
	// The route held longest in the hour before; the later one of equals.
	held := map[rib.PathID]int64{}
	best, had := rib.NoPath, false
	for i, st := range steps {
		until := int64(1) << 62
		if i+1 < len(steps) {
			until = steps[i+1].At
		}
		from, until := max(st.At, v.first-baselineHour), min(until, v.first)
		if from >= until || !ours(st) {
			continue
		}
		had = true
		if st.Path == rib.NoPath {
			continue
		}
		held[st.Path] += until - from
		if best == rib.NoPath || held[st.Path] >= held[best] {
			best = st.Path
		}
	}
	if !had {
		return s, false
	}
	if best == rib.NoPath {
		if !subject {
			return s, false
		}
		for _, st := range steps {
			if st.At > v.trough && ours(st) && st.Path != rib.NoPath {
				best, s.Inferred = st.Path, true
				break
			}
		}
		if best == rib.NoPath {
			return s, false
		}
	}
	if subject && !s.Inferred && held[best] < heldLeast {
		s.Inferred = true
	}
	s.Baseline = v.path(best)
	k := sort.Search(len(steps), func(i int) bool { return steps[i].At > v.trough }) - 1
	if k < 0 {
		return s, false
	}
	for _, z := range v.veils[peer] {
		if z.From <= v.trough && v.trough < z.Until {
			return s, true // unseen
		}
	}
	st := steps[k]
	switch {
	case st.State == rib.RouteUnknown:
	case !ours(st):
		s.State = cause.Gone
		for j := k; j > 0 && !ours(steps[j]); j-- {
			s.Lost = steps[j].At
		}
	case st.Path == rib.NoPath || st.Path == best:
		s.State, s.Now = cause.Kept, s.Baseline
		s.Since = e.table.Infos(peer, prefix)[k].Heard
	default:
		s.State, s.Now = cause.Moved, v.path(st.Path)
		s.Since = e.table.Infos(peer, prefix)[k].Heard
	}
	for _, st := range steps {
		if st.At >= v.first && st.At <= v.trough && st.State == rib.RouteHeld && st.Path != rib.NoPath && st.Path != best {
			s.Explored = append(s.Explored, cause.Hop{At: st.At, Path: v.path(st.Path)})
		}
	}
	return s, true
}

// path is a path of the table without the mark of an uncertain origin.
func (v *viewer) path(id rib.PathID) cause.Path {
	p := v.e.table.Paths.Path(id)
	if n := len(p); n > 1 && p[n-1] == 0 {
		p = p[:n-1]
	}
	return cause.Path(p)
}

// resetsNear counts the peers whose own session was reset within the minute
// before they were seen to lose the subject.
func (e *evidence) resetsNear(o outage.Outage) int {
	n := 0
	for _, t := range o.Ticks {
		p := e.table.Peers[t.Peer]
		if slices.ContainsFunc(e.ledger.Blind, func(b rib.Blind) bool {
			return b.Peer != nil && b.Of(p.Peer) &&
				(b.Reason == rib.SessionDown || b.Reason == rib.TableTransfer) &&
				b.From.Sec() > p.Begin && b.From.Sec() <= t.Lost.At && t.Lost.At <= b.From.Sec()+resetMinute
		}) {
			n++
		}
	}
	return n
}

// renumbered lists prefixes that the origin began to announce within ten
// minutes of the loss and that do not overlap what was lost.
func (e *evidence) renumbered(in outage.Input, o outage.Outage, first int64) []netip.Prefix {
	gone := map[int]bool{}
	for _, i := range o.Prefixes {
		gone[i] = true
	}
	var out []netip.Prefix
	for i, p := range in.Prefixes {
		if gone[i] || !slices.Contains(p.Origins, o.Origin) {
			continue
		}
		began, before := 0, 0
		for _, c := range p.Carriers {
			if stateAt(c, first-settling-1) >= outage.Held {
				before++
			}
			if stateAt(c, e.readAt(o)) == outage.Held {
				for _, s := range c.Steps {
					if s.State == outage.Held && s.At >= first-settling && s.At <= first+settling {
						began++
						break
					}
				}
			}
		}
		if before == 0 && began >= 2 {
			out = append(out, p.Prefix)
		}
	}
	return out
}

// witness is a vantage with the record by which it speaks of the subject.
func (e *evidence) witness(ci *cause.Input, vantage int) finding.Witness {
	w := finding.Witness{Vantage: ci.Vantages[vantage].Name, AS: ci.Vantages[vantage].AS}
	for _, p := range ci.Subject {
		i := e.index[p.Prefix]
		steps := e.table.Steps(vantage, i)
		k := sort.Search(len(steps), func(i int) bool { return steps[i].At > ci.Trough }) - 1
		if k < 0 {
			continue
		}
		if w.Exhibit, w.Offset = e.record(e.table.Infos(vantage, i)[k].Record); w.Exhibit != "" {
			return w
		}
	}
	return w
}

// findCause words what cause said in the terms of findings.json.
func (e *evidence) findCause(ci cause.Input, r cause.Result, index int) finding.Cause {
	c := finding.Cause{Outage: index, Origin: ci.Origin, At: observe.Unix(ci.Trough, 0), Level: r.Level, Rival: r.Rival, Total: r.Total,
		Class: r.Class, Named: r.Named, Points: r.Points, Pairs: r.Pairs, PairsOf: len(r.Pairs), Classes: r.Classes, Left: r.Left, NamedClasses: r.NamedClasses,
		Vantages: r.Vantages, Lost: r.Lost, Kept: r.Kept, Moved: r.Moved,
		FactWitnesses: r.FactWitnesses, PlaceWitnesses: r.PlaceWitnesses, Inferred: r.Inferred, Screened: r.Screened,
		Demands: r.Demands, Reasons: r.Reasons, Hypotheses: []finding.Hypothesis{}, Settle: r.Settle, Blind: []string{}, Near: []finding.Control{}, Far: []finding.Control{}}
	const mostPairs = 10
	if len(c.Pairs) > mostPairs {
		c.Pairs = c.Pairs[:mostPairs]
	}
	orEmpty(&c.Class)
	orEmpty(&c.Named)
	orEmpty(&c.Pairs)
	orEmpty(&c.Points)
	orEmpty(&c.Demands)
	orEmpty(&c.Reasons)
	orEmpty(&c.Settle)
	for i := range c.Settle {
		orEmpty(&c.Settle[i].Lost)
		orEmpty(&c.Settle[i].Kept)
	}
	for _, v := range r.Blind {
		c.Blind = append(c.Blind, ci.Vantages[v].Name)
	}
	witnesses := func(vs []int) []finding.Witness {
		out := []finding.Witness{}
		for _, v := range vs {
			out = append(out, e.witness(&ci, v))
		}
		return out
	}
	prefixes := func(is []int) []string {
		out := []string{}
		for _, i := range is {
			out = append(out, ci.Near[i].Prefix.String())
		}
		return out
	}
	for _, h := range r.Weighed {
		c.Hypotheses = append(c.Hypotheses, finding.Hypothesis{Hypothesis: h.Hypothesis, Excluded: h.Excluded, Aside: h.Aside, By: h.By, Crossing: h.Crossing,
			GoneOutside: witnesses(h.GoneOutside), KeptAcross: witnesses(h.KeptAcross), FreshAcross: witnesses(h.FreshAcross),
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
	for _, p := range ci.Near {
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
				l.Before++
				if slices.Contains(now, x) {
					l.Kept++
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

func orEmpty[T any](s *[]T) {
	if *s == nil {
		*s = []T{}
	}
}

// verdict draws the propositions from what was measured and weighed.
func (e *evidence) verdict(f *finding.Findings) finding.Verdict {
	v := finding.Verdict{Standard: e.q.Standard, Propositions: []finding.Proposition{}}
	add := func(key string, level proof.Level, c *int, class []cause.Hypothesis, args ...string) {
		p := finding.Proposition{Key: key, Level: level, Cause: c, Class: class, Args: args}
		orEmpty(&p.Class)
		orEmpty(&p.Args)
		v.Propositions = append(v.Propositions, p)
	}
	for i := range f.Cause {
		c := &f.Cause[i]
		o := &f.Outages[c.Outage]
		at := i
		name := fmt.Sprintf("AS%d", c.Origin)
		fact, enough := proof.NotEstablished, e.witnesses(o) >= e.standard.FactWitnesses
		collectors := map[string]bool{}
		for _, t := range o.Peers {
			collectors[t.Collector] = true
		}
		switch {
		case enough && len(collectors) >= e.standard.Collectors:
			fact = proof.Established
		case o.Witnesses.ASes >= 2:
			fact = proof.Indicated
		}
		if c.Rival {
			switch c.Class[0].Parts[0][0].Kind {
			case cause.Observer:
				add(finding.PropObserver, c.Level, &at, c.Class, name)
			case cause.Replaced:
				add(finding.PropReplaced, c.Level, &at, c.Class, name)
			default:
				add(finding.PropRenumber, c.Level, &at, c.Class, name)
			}
			continue
		}
		args := []string{name}
		if !enough && o.Witnesses.ASes >= e.standard.FactWitnesses {
			args = append(args, finding.FewFullFeeds)
		}
		add(finding.PropOutage, fact, &at, nil, args...)
		if len(o.Total) > 0 {
			add(finding.PropTotal, fact, &at, nil, name)
		}
		place := c.Level
		add(finding.PropPlace, place, &at, c.Class, name)
		switch {
		case len(c.Points) > 0 && place != proof.NotEstablished:
			add(finding.PropMember, proof.Indicated, &at, c.Points, name)
		case len(c.Class) > 1:
			add(finding.PropMember, proof.NotEstablished, &at, c.Class, name)
		}
		for _, h := range c.Hypotheses {
			if h.Excluded && !h.Joint() && h.Parts[0][0].Kind == cause.Node && h.By == "controls survive" {
				add(finding.PropNode, proof.Excluded, &at, []cause.Hypothesis{h.Hypothesis}, fmt.Sprintf("AS%d", h.Parts[0][0].A))
			}
		}
		if place == proof.Established {
			add(finding.PropElsewhere, proof.Excluded, &at, c.Class, name)
		}
	}
	e.standIns(f, add)
	if len(f.Outages) == 0 {
		e.observers(f, add)
	}
	if len(f.Cause) > 0 {
		add(finding.PropAuthor, proof.NotEstablished, nil, nil)
	}
	return v
}

// witnesses counts the distinct networks whose loss establishes an outage: but for
// those known to tell a part of their routes only, and where others went on
// telling theirs, so that the loss may be a reroute, only those known to tell all.
func (e *evidence) witnesses(o *finding.Outage) int {
	return networks(o.Peers, func(p observe.Peer) bool { return !e.partial[p] && (len(o.Total) > 0 || e.full[p]) })
}

// networks counts the distinct networks among peers.
func networks(ticks []finding.Tick, of func(observe.Peer) bool) int {
	as := map[uint32]bool{}
	for _, t := range ticks {
		if t.AS != 0 && of(observe.Peer{Collector: t.Collector, Addr: t.Peer, AS: t.AS}) {
			as[t.AS] = true
		}
	}
	return len(as)
}

type addProposition func(key string, level proof.Level, c *int, class []cause.Hypothesis, args ...string)

// standIns says where another route stood in for withdrawn prefixes at most of
// their carriers: nothing was cut there. A prefix that was out as well is no
// such case, whatever stood in for it at other times.
func (e *evidence) standIns(f *finding.Findings, add addProposition) {
	out := map[string]bool{}
	for _, o := range f.Outages {
		if o.Scope == outage.ScopePrefix.String() {
			out[o.Name] = true
		}
	}
	for _, way := range []struct {
		name string
		of   func(finding.Prefix) int
	}{
		{"less specific", func(p finding.Prefix) int { return p.Covered }},
		{"other origin", func(p finding.Prefix) int { return p.Replaced }},
	} {
		args := []string{way.name}
		level := proof.NotEstablished
		for _, p := range f.Subject.Prefixes {
			n := way.of(p)
			if n == 0 || 2*n < p.Carriers-p.Unknown || out[p.Prefix.String()] {
				continue
			}
			args = append(args, p.Prefix.String())
			l := proof.Indicated
			if n >= e.standard.FactWitnesses && len(f.Watch.Collectors) >= e.standard.Collectors {
				l = proof.Established
			}
			if len(args) == 2 || l < level {
				level = l // the weakest speaks for all
			}
		}
		if len(args) > 1 {
			add(finding.PropReplaced, level, nil, []cause.Hypothesis{cause.Single(cause.Break{Kind: cause.Replaced})}, args...)
		}
	}
}

// observers says, where no route was lost, that it was the watching that broke
// off: at least half of the carriers had their session reset.
func (e *evidence) observers(f *finding.Findings, add addProposition) {
	reset := 0
	for _, r := range f.Strip {
		if slices.ContainsFunc(f.Watch.Blind, func(b finding.Blind) bool {
			return b.Collector == r.Collector && b.Peer != nil && *b.Peer == r.Peer &&
				(b.Reason == finding.SessionDown || b.Reason == finding.TableTransfer)
		}) {
			reset++
		}
	}
	if reset == 0 || 2*reset < len(f.Strip) {
		return
	}
	level := proof.Indicated
	if reset >= e.standard.FactWitnesses {
		level = proof.Established
	}
	add(finding.PropObserver, level, nil, []cause.Hypothesis{cause.Single(cause.Break{Kind: cause.Observer})}, fmt.Sprint(reset), fmt.Sprint(len(f.Strip)))
}
