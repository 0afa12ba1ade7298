package assess

import (
	"maps"
	"net/netip"
	"slices"
	"sort"
	"strings"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/rib"
)

// severalOperators reports whether the subject is one of several operators: a
// country, or a list that people keep.
func (e *evidence) severalOperators() bool {
	return e.Subject.Kind == atlas.KindCountry || e.Subject.Kind == atlas.KindFile
}

// withoutMembers takes off the origins of a subject of several operators what stands in sets alone: the
// members of an AS_SET with which paths end, of which no list has put them on the subject, and which no
// route to its prefixes has as its one origin. They are the parts of somebody's aggregate, and no operators
// beside it. Where a prefix had no other origin they stay.
//
// Example: 192.0.2.0/22 is announced with {AS1, AS64500}, and AS1 is the country's. It has one operator.
func (e *evidence) withoutMembers() {
	if !e.severalOperators() {
		return
	}
	alone := map[uint32]bool{}
	var several []netip.Prefix
	for _, p := range e.Prefixes {
		of := e.Origins[p]
		if len(of) == 1 {
			alone[of[0]] = true
		}
		if len(of) < 2 {
			continue
		}
		several = append(several, p)
		i := e.Table.Index(p)
		if i < 0 {
			continue
		}
		for _, peer := range e.Table.Carriers(i) {
			for _, s := range e.Table.Steps(peer, i) {
				if s.State != rib.RouteHeld || s.Path == rib.NoPath {
					continue
				}
				if o := rib.Origins(e.Table.Paths.Path(s.Path)); len(o) == 1 {
					alone[o[0]] = true
				}
			}
		}
	}
	if len(several) == 0 {
		return
	}
	e.Origins = maps.Clone(e.Origins)
	for _, p := range several {
		own := slices.DeleteFunc(slices.Clone(e.Origins[p]), func(o uint32) bool { return !alone[o] && !e.Subject.HasOrigin(o) })
		if len(own) > 0 {
			e.Origins[p] = own
		}
	}
}

// country computes what is said of a subject of several operators beyond its
// outages: its address space, and its events.
func (e *evidence) country(in outage.Input, found []outage.Outage) (*finding.Space, []finding.Event) {
	if !e.severalOperators() {
		return nil, nil
	}
	if len(in.Origins) < 2 && e.Groups == nil { // its outages say all there is to say
		return e.space(in), nil
	}
	var events []finding.Event
	for _, ev := range eventsOf(found) {
		if slices.ContainsFunc(ev.parts(), func(p outPart) bool { return p.until > e.start || !p.seen }) {
			events = append(events, e.findEvent(in, ev))
		}
	}
	return e.space(in), events
}

// sinceFirst finds the outages of a subject of several operators again, from when the first
// that touches the question began: what had come back before the question is a part of it.
//
// Example: three operators go at 12:30, two are back at 13:00, and the question begins at
// 13:30. At 12:30 all three were out.
func (e *evidence) sinceFirst(in outage.Input, found []outage.Outage) (outage.Input, []outage.Outage) {
	if !e.severalOperators() {
		return in, found
	}
	for range 8 { // with each the first may be found to have begun in an earlier one
		first := in.Start
		for i := range found {
			if o := &found[i]; o.Scope == outage.ScopeSubject && !o.Partial {
				first = min(first, o.From)
			}
		}
		if first == in.Start {
			return in, found
		}
		in.Start = first
		found = outage.Find(in)
	}
	return in, found
}

// byWhom names the operators that announced a prefix right before a second: of each carrier
// the one whose route it had last, if it had it within [waveOf] seconds before.
//
// Example: AS1 hands a prefix over to AS2 at 12:00, and at 13:00 it goes out. That is a loss
// of AS2.
func (e *evidence) byWhom(in outage.Input, prefix int, at int64) []uint32 {
	p := &in.Prefixes[prefix]
	i := e.Table.Index(p.Prefix)
	if len(p.Origins) < 2 || i < 0 {
		return p.Origins
	}
	var out, ever []uint32
	latest := int64(-1)
	for _, peer := range e.Table.Carriers(i) {
		steps := e.steps(peer, i)
		for k := len(steps) - 1; k >= 0; k-- {
			s := steps[k]
			if s.At >= at || s.State != rib.RouteHeld || !e.oursAt(p.Prefix, s.Path) {
				continue
			}
			until := at
			if k+1 < len(steps) {
				until = min(at, steps[k+1].At)
			}
			of := slices.DeleteFunc(slices.Clone(rib.Origins(e.Table.Paths.Path(s.Path))), func(o uint32) bool { return !slices.Contains(p.Origins, o) })
			if until >= at-waveOf {
				out = append(out, of...)
			}
			if until > latest {
				ever, latest = nil, until
			}
			if until == latest {
				ever = append(ever, of...)
			}
			break
		}
	}
	if len(out) == 0 {
		out = ever
	}
	if len(out) == 0 {
		return p.Origins
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ownersOf names the operators of the prefixes of an event: of what went out in it those who
// announced it right before, of the rest those who did when it began.
func (e *evidence) ownersOf(in outage.Input, parts []outPart) func(int) []uint32 {
	since := map[int]int64{}
	for i := len(parts) - 1; i >= 0; i-- {
		since[parts[i].prefix] = parts[i].from
	}
	known := map[int][]uint32{}
	return func(p int) []uint32 {
		if len(in.Prefixes[p].Origins) < 2 {
			return in.Prefixes[p].Origins
		}
		of, ok := known[p]
		if !ok {
			at, is := since[p]
			if !is {
				at = parts[0].from
			}
			of = e.byWhom(in, p, at)
			known[p] = of
		}
		return of
	}
}

// groupLosses are the parts that the groups of the grouping file had in an
// event, in the order of the file; behind the groups of a grouping stands what is
// in none of them.
func (e *evidence) groupLosses(in outage.Input, base []int, parts []outPart, owners func(int) []uint32) []finding.GroupLoss {
	if e.Groups == nil {
		return nil
	}
	var out []finding.GroupLoss
	for i := range e.Groups.Groupings {
		g := &e.Groups.Groupings[i]
		of := func(p int) string { return g.Of(in.Prefixes[p].Prefix, in.Prefixes[p].Origins) }
		for _, name := range append(slices.Clone(g.Names), "") {
			mine := slices.DeleteFunc(slices.Clone(base), func(p int) bool { return of(p) != name })
			if name == "" && len(mine) == 0 {
				continue
			}
			x := finding.GroupLoss{Grouping: g.Name, Group: name, Operators: len(ownersAll(owners, mine)), Of: sizeOf(in, mine)}
			gone := slices.DeleteFunc(slices.Clone(parts), func(p outPart) bool { return of(p.prefix) != name })
			if at, _, most := troughOf(levelsOf(in, gone), in.End); most != (finding.Size{}) {
				t := moment.Unix(at, 0)
				x.Lost, x.At = most, &t
			}
			out = append(out, x)
		}
	}
	return out
}

// space measures the subject's address space.
func (e *evidence) space(in outage.Input) *finding.Space {
	s := &finding.Space{Heard: sizeOf(in, everyPrefix(in)), Operators: len(in.Origins), Lists: []finding.DelegationList{}}
	if e.Subject.Kind != atlas.KindCountry {
		return s
	}
	blocks := outage.Input{}
	for _, b := range e.Subject.Blocks {
		blocks.Prefixes = append(blocks.Prefixes, outage.Prefix{Prefix: b})
	}
	d := sizeOf(blocks, everyPrefix(blocks))
	s.Delegated = &d
	for _, l := range e.usedLists() {
		s.Lists = append(s.Lists, finding.DelegationList{Registry: atlas.RegistryName(l.Registry), Date: l.Date})
	}
	return s
}

func everyPrefix(in outage.Input) []int {
	all := make([]int, len(in.Prefixes))
	for i := range all {
		all[i] = i
	}
	return all
}

// usedLists are the delegation files of which something is on the subject.
func (e *evidence) usedLists() []atlas.List {
	var out []atlas.List
	for _, l := range e.Subject.Lists {
		if slices.ContainsFunc(e.Subject.Reasons, func(r atlas.Reason) bool { return strings.Contains(r.Reason, "("+l.String()+")") }) {
			out = append(out, l)
		}
	}
	return out
}

// staleLists names the delegation lists that are of another time than the
// question, each with its date.
func (e *evidence) staleLists() []finding.DelegationList {
	var out []finding.DelegationList
	for _, l := range e.usedLists() {
		if l.Stale(e.Question.From.Std(), e.Question.Until.Std()) {
			out = append(out, finding.DelegationList{Registry: atlas.RegistryName(l.Registry), Date: l.Date})
		}
	}
	return out
}

// findEvent words one event in the terms of findings.json.
func (e *evidence) findEvent(in outage.Input, ev countryEvent) finding.Event {
	parts := ev.parts()
	out := finding.Event{From: moment.Unix(parts[0].from, 0), Stages: []finding.Stage{}, Total: []finding.Span{}}
	out.Until, out.Censored = endOf(in, parts)
	owners := e.ownersOf(in, parts)
	for _, s := range ev.stages {
		st := finding.Stage{From: moment.Unix(s.parts[0].from, 0), Latest: moment.Unix(s.parts[len(s.parts)-1].from, 0)}
		st.Until, _ = endOf(in, s.parts)
		prefixes := prefixesOf(s.parts)
		st.Lost = sizeOf(in, prefixes)
		st.Operators = ownersAll(owners, prefixes)
		out.Stages = append(out.Stages, st)
		for _, t := range s.outage.Total {
			span := finding.Span{From: moment.Unix(t.From, 0)}
			if t.Ended {
				u := moment.Unix(t.Until, 0)
				span.Until = &u
			}
			out.Total = append(out.Total, span)
		}
	}
	slices.SortStableFunc(out.Total, func(a, b finding.Span) int { return int((a.From - b.From) / moment.Second) })

	base := e.eventBase(in, parts, owners)
	parts = apart(parts)
	out.Of = base.EventBase
	was := ownersAll(owners, base.prefixes)
	for _, o := range in.Origins {
		if _, ok := slices.BinarySearch(was, o); !ok {
			out.Silent = append(out.Silent, o)
		}
	}
	levels := levelsOf(in, parts)
	out.Course, out.Exact = courseOf(levels, parts, in.End)
	at, until, most := troughOf(levels, in.End)
	out.Trough = finding.Trough{At: moment.Unix(at, 0), Until: moment.Unix(until, 0), Lost: most}
	if e.Subject.Kind == atlas.KindCountry {
		now := sizeAt(levelsWithin(in, parts, e.Subject.Blocks), at)
		out.Trough.Delegated = &now
	}
	if back, ok := recoveredAt(in, parts, at, most); ok {
		t := moment.Unix(back, 0)
		out.Trough.Recovered = &t
	}
	out.Groups = e.groupLosses(in, base.prefixes, parts, owners)
	out.Trough.Unknown, out.Trough.UnknownSize = unknownAt(in, owners, base.prefixes, outAt(parts, at), at)
	out.Trough.Out, out.Trough.Partly = operatorsOut(owners, base.prefixes, outAt(parts, at))
	return out
}

// endOf is when none of the parts is out any more; nil if that was not seen,
// with the reason.
func endOf(in outage.Input, parts []outPart) (*moment.Time, *string) {
	last := int64(0)
	why := ""
	for _, p := range parts {
		last = max(last, p.until)
		switch {
		case p.seen:
		case p.until >= in.End:
			why = finding.EndOfData
		case why == "":
			why = finding.BlindEnd
		}
	}
	if why != "" {
		return nil, &why
	}
	t := moment.Unix(last, 0)
	return &t, nil
}

func prefixesOf(parts []outPart) []int {
	var out []int
	for _, p := range parts {
		out = append(out, p.prefix)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ownersAll are the operators of some prefixes, sorted.
func ownersAll(owners func(int) []uint32, prefixes []int) []uint32 {
	out := []uint32{}
	for _, p := range prefixes {
		out = append(out, owners(p)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// eventBase is what the shares of an event are of, with its prefixes.
type eventBase struct {
	finding.EventBase
	prefixes []int
}

// eventBase takes what was announced when the event began, if a snapshot before
// it tells, else everything of which the files say anything. What went out in
// the event was announced, whoever had seen it before.
func (e *evidence) eventBase(in outage.Input, parts []outPart, owners func(int) []uint32) eventBase {
	b := eventBase{EventBase: finding.EventBase{By: finding.BaseHeard}, prefixes: everyPrefix(in)}
	from := parts[0].from
	for _, c := range e.Watch.Collectors {
		for _, f := range c.Files {
			if len(f.Tables) > 0 && f.First != nil && f.Last != nil && f.Last.Sec() < from && (b.Snapshot == nil || *f.First > *b.Snapshot) {
				t := *f.First
				b.Snapshot = &t
			}
		}
	}
	if b.Snapshot != nil {
		b.By = finding.BaseSnapshot
		b.prefixes = append(announcedAt(in, from-1), prefixesOf(parts)...)
		slices.Sort(b.prefixes)
		b.prefixes = slices.Compact(b.prefixes)
	}
	b.Size = sizeOf(in, b.prefixes)
	b.Operators = len(ownersAll(owners, b.prefixes))
	return b
}

// unknownAt are the operators of whose prefixes nothing was known at a second, and the size of
// these prefixes: of none of them were carriers in two networks watching, and none was out.
//
// Example: an operator is seen through two peers alone, whose sessions close five minutes before
// the country goes dark. Whether it went too, nobody knows.
func unknownAt(in outage.Input, owners func(int) []uint32, base, gone []int, at int64) ([]uint32, *finding.Size) {
	seen := map[uint32]bool{}
	for _, p := range base {
		if _, out := slices.BinarySearch(gone, p); out || watchedAt(in, p, at) {
			for _, o := range owners(p) {
				seen[o] = true
			}
		}
	}
	var unknown []uint32
	var of []int
	for _, p := range base {
		if o := owners(p); len(o) > 0 && !slices.ContainsFunc(o, func(o uint32) bool { return seen[o] }) {
			unknown, of = append(unknown, o...), append(of, p)
		}
	}
	if len(of) == 0 {
		return nil, nil
	}
	slices.Sort(unknown)
	size := sizeOf(in, of)
	return slices.Compact(unknown), &size
}

// watchedAt reports whether carriers in two networks know at a second whether they have a prefix.
func watchedAt(in outage.Input, prefix int, at int64) bool {
	first := uint32(0)
	for _, c := range in.Prefixes[prefix].Carriers {
		i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > at })
		if as := in.Peers[c.Peer].AS; i > 0 && c.Steps[i-1].State >= outage.Held && as != 0 {
			if first != 0 && first != as {
				return true
			}
			first = as
		}
	}
	return false
}

// operatorsOut tells the operators of which every prefix of the base was out
// from those of which some were.
func operatorsOut(owners func(int) []uint32, base, gone []int) (out, partly []uint32) {
	out, partly = []uint32{}, []uint32{}
	all, lost := map[uint32]int{}, map[uint32]int{}
	for _, p := range base {
		for _, o := range owners(p) {
			all[o]++
		}
	}
	for _, p := range gone {
		for _, o := range owners(p) {
			lost[o]++
		}
	}
	for _, o := range ownersAll(owners, gone) {
		if lost[o] >= all[o] {
			out = append(out, o)
		} else {
			partly = append(partly, o)
		}
	}
	return out, partly
}

// ofOrigin finds the outages of an origin by its own routes alone, as those of a subject: another
// origin's route to a prefix of it is a loss. It is for origins that handed a prefix over, or
// took one over.
//
// Example: AS1 stops announcing a prefix at 12:30, and AS2 of the same country announces
// it from then on until 13:00. The country loses it at 13:00, AS1 at 12:30.
func (e *evidence) ofOrigin(in outage.Input, origin uint32) (*outage.Sizer, []outage.Outage) {
	ev := *e.Evidence
	own := *e
	own.Evidence, own.only, own.first, own.ticks, own.seen = &ev, origin, nil, nil, nil
	own.Prefixes = nil
	for _, p := range e.Prefixes {
		if slices.Contains(e.Origins[p], origin) {
			own.Prefixes = append(own.Prefixes, p)
		}
	}
	mine := outage.Input{Start: in.Start, End: in.End, Name: in.Name, Peers: in.Peers}
	mine.Prefixes, _ = own.carriers()
	found, _ := outage.FindSubject(mine)
	found = slices.DeleteFunc(found, func(o outage.Outage) bool { return o.Partial && o.Until.Seen && o.Until.At <= e.start })
	return outage.NewSizer(mine), found
}

// operators is the table by origin AS.
func (e *evidence) operators(in outage.Input, found []outage.Outage, sizes *outage.Sizer) []finding.Operator {
	out := []finding.Operator{}
	if !e.severalOperators() {
		return out
	}
	prefixes, outages := map[uint32][]int{}, map[uint32][]outage.Outage{}
	for i, p := range in.Prefixes {
		for _, o := range p.Origins {
			prefixes[o] = append(prefixes[o], i)
		}
	}
	for _, o := range found {
		if o.Scope == outage.ScopeOrigin && (o.Until.At > e.start || !o.Until.Seen || !o.Partial) {
			outages[o.Origin] = append(outages[o.Origin], o)
		}
	}
	for _, origin := range in.Origins {
		sizes, outages := sizes, outages[origin]
		if slices.ContainsFunc(prefixes[origin], func(p int) bool { return in.Prefixes[p].Shared }) {
			sizes, outages = e.ofOrigin(in, origin)
		}
		all := sizeOf(in, prefixes[origin])
		op := finding.Operator{AS: origin, Prefixes: all.Prefixes, V4: all.V4, V6: all.V6}
		op.Lost.Of = op.Prefixes
		for _, p := range prefixes[origin] {
			if x := &in.Prefixes[p]; x.Shared && slices.Contains(e.handedOver(e.Table.Index(x.Prefix)), origin) {
				op.HandedOver++
			}
		}
		if e.Subject.Kind == atlas.KindCountry && !e.isSubject(origin) && e.Country[origin] != e.Subject.Name {
			op.Country = e.Country[origin]
		}
		e.operatorLosses(&op, outages, found, sizes)
		out = append(out, op)
	}
	return out
}

// operatorLosses fills in what an operator lost: of its outages the largest, those first in which the whole subject lost
// something, of equals the longest.
//
// Example: half of the peers go over from one prefix of AS2 to AS1 of the same country for 15 minutes, and half an hour later
// another of AS2, as large, is out. The row of AS2 has the time of the second, and the first is a prefix that went over.
func (e *evidence) operatorLosses(op *finding.Operator, outages, found []outage.Outage, sizes *outage.Sizer) {
	ofAll := func(o outage.Outage) bool {
		return slices.ContainsFunc(found, func(x outage.Outage) bool { return x.Scope == outage.ScopeSubject && !x.Partial && overlap(o, x) })
	}
	type rank struct {
		all  bool
		size finding.Size
		long int64
	}
	var most rank
	above := func(a, b rank) bool {
		switch {
		case a.all != b.all:
			return a.all
		case a.size != b.size:
			return a.size.Above(b.size)
		}
		return a.long > b.long
	}
	for _, o := range outages {
		if o.Partial {
			op.Partial++
			continue
		}
		op.Outages++
		l := lost(o, sizes)
		if r := (rank{ofAll(o), finding.Size{Prefixes: l.Prefixes, V4: l.V4, V6: l.V6}, e.lasted(&o)}); op.From == nil || above(r, most) {
			op.Lost, most = l, r
			op.From, op.Until = times(o)
		}
		if d := goneFor(o); d >= 0 && (op.LongestS == nil || d > *op.LongestS) {
			op.LongestS = &d
		}
		op.Open = op.Open || !o.Until.Seen
	}
}

// times are from when until when an outage is told to have been: where it was not in one piece,
// the seconds at which half of its prefixes were out, else the medians over peers; nil where
// its end was not seen.
func times(o outage.Outage) (from, until *moment.Time) {
	if g := o.Gone; g != nil {
		return when(outage.Moment{At: g.From, Seen: true}), when(g.Until)
	}
	if from = when(o.Onset.Median); from == nil {
		from = when(outage.Moment{At: o.From, Seen: true})
	}
	return from, when(o.Recovery.Median)
}

// goneFor is how long an outage is told to have lasted, in seconds; -1 if its end was not seen.
func goneFor(o outage.Outage) int64 {
	switch {
	case o.Gone == nil:
		return o.Duration
	case !o.Gone.Until.Seen:
		return -1
	}
	return o.Gone.Seconds
}
