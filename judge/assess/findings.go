package assess

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// findings computes what findings.json says.
func (e *evidence) findings() *finding.Findings {
	return e.findingsOf(e.input())
}

// findingsOf computes it from the histories of the subject's prefixes.
func (e *evidence) findingsOf(in outage.Input, notes []aside) *finding.Findings {
	prefixes := in.Prefixes
	found, below := outage.FindBelow(in)

	f := &finding.Findings{
		Format:   finding.Format,
		Question: e.Question,
		Subject:  e.findSubject(prefixes, notes),
		Watch:    e.findWatch(),
		Notes:    e.Notes,
		Learned:  e.learnedPaths(),
	}
	// Rules before the second knew nothing of what lies below them.
	var unshown map[*outage.Carrier][]edge
	if e.Rules >= 2 {
		if slices.ContainsFunc(found, func(o outage.Outage) bool { return !o.Partial }) {
			below = doubtsOf(below)
		}
		unshown, f.Below = unshownOf(prefixes, below), e.belowOf(prefixes, below)
	}
	f.Watched = e.watched(prefixes, f.Subject.Prefixes, unshown)
	f.Outages = []finding.Outage{}
	sizes := outage.NewSizer(in)
	f.Head = e.head(found, sizes)
	f.Cause = e.causes(in, found, sizes)
	f.How = e.how(in, found)
	full := map[int]bool{}
	if f.Head != nil {
		full[*f.Head] = true
	}
	for _, c := range f.Cause {
		full[c.Outage] = true
	}
	for _, h := range f.How {
		full[h.Outage] = true
	}
	tell := e.tell(found, f.Head, full)
	f.Folded = e.folded(in, found, tell)
	for i, o := range found { // those of prefixes come last, so that no index of another moves
		if !tell.left[i] {
			f.Outages = append(f.Outages, e.findOutage(in, o, sizes, tell.brief[i]))
		}
	}
	for i := range f.Cause {
		if o := &f.Outages[f.Cause[i].Outage]; !o.Partial && o.Witnesses.Few() {
			f.Cause[i].Doubt()
		}
	}
	since, whole := e.sinceFirst(in, found)
	f.Operators = e.operators(since, whole, sizes)
	if e.Rules >= 2 {
		e.undecided(f.Operators, prefixes, below)
	}
	f.Space, f.Events = e.country(since, whole)
	if f.Others = mostOf(e.announced); len(f.Others) < len(e.announced) {
		f.OthersOf = len(e.announced)
	}
	if e.Rules >= 2 {
		f.Arrived = e.arrived(prefixes)
		if n := len(f.Arrived); n > mostOthers {
			f.Arrived, f.ArrivedOf = f.Arrived[:mostOthers], n
		}
	}
	f.Timeline, f.Strip = e.timeline(prefixes)
	f.Answer = e.answer(f)
	f.Verdict = e.verdict(f)
	e.addNotes(f)
	return f
}

// input is what outages are found in.
func (e *evidence) input() (outage.Input, []aside) {
	prefixes, notes := e.carriers()
	return outage.Input{Start: e.start, End: e.end, Name: e.Subject.Name, Peers: e.outagePeers(), Prefixes: prefixes, Origins: e.scopes()}, notes
}

// scopes lists the origins that get outages of their own: the subject's, and
// those seen announcing its addresses.
func (e *evidence) scopes() []uint32 {
	set := map[uint32]bool{}
	for _, p := range e.Prefixes {
		for _, o := range e.Origins[p] {
			set[o] = true
		}
	}
	out := make([]uint32, 0, len(set))
	for o := range set {
		out = append(out, o)
	}
	slices.Sort(out)
	return out
}

// answer is one of those of docs/definitions.md. Nobody was watching if no collector covered any
// moment of the question with a session up; there is no claim if no prefix ever
// had two carriers at once.
func (e *evidence) answer(f *finding.Findings) string {
	switch {
	case slices.ContainsFunc(f.Outages, func(o finding.Outage) bool { return !o.Partial }):
		return finding.AnswerOutage
	case len(f.Outages) > 0:
		return finding.AnswerPartial
	case !e.anyoneWatching():
		return finding.AnswerNobodyWatching
	case f.Below != nil && f.Below.Doubt:
		return finding.AnswerUndecided
	case f.Watched.Seconds > 0:
		return finding.AnswerStayed
	case len(e.Prefixes) == 0 && len(e.aside) > 0:
		return finding.AnswerOthers
	}
	return finding.AnswerNoClaim
}

func (e *evidence) anyoneWatching() bool {
	q := moment.Interval{From: e.Question.From, Until: e.Question.Until}
	for _, c := range e.Watch.Collectors {
		for _, p := range c.Peers {
			if p.First >= q.Until {
				continue
			}
			var off []vantage.Reset
			for _, b := range e.Ledger.Blind {
				if b.Forget && b.Of(vantage.Peer{Collector: c.Name, Addr: p.Peer, AS: p.AS}) && (b.Peer == nil || b.Reason == vantage.SessionDown) {
					off = append(off, vantage.Reset{From: b.From.Sec(), Until: b.Until.SecUp()})
				}
			}
			slices.SortFunc(off, func(a, b vantage.Reset) int { return cmp.Compare(a.From, b.From) })
			at := max(e.start, p.First.Sec())
			for _, o := range off {
				if o.From > at {
					break
				}
				at = max(at, o.Until)
			}
			if at < e.end {
				return true
			}
		}
	}
	return false
}

func (e *evidence) findSubject(prefixes []outage.Prefix, notes []aside) finding.Subject {
	s := e.Subject
	out := finding.Subject{Name: s.Name, Kind: s.Kind, Origins: slices.Clone(s.Origins), Prefixes: []finding.Prefix{},
		Reasons: []finding.Reason{}, Networks: e.Networks, NamesOf: e.NamesOf}
	if out.Origins == nil {
		out.Origins = []uint32{}
	}
	for _, r := range s.Reasons {
		out.Reasons = append(out.Reasons, finding.NewReason(r.What, r.Reason))
	}
	why := map[string]finding.OnList{} // many prefixes are there for one reason
	for i, p := range prefixes {
		fp := finding.Prefix{Prefix: p.Prefix, Origins: p.Origins, Reasons: []finding.OnList{}}
		if fp.Origins == nil {
			fp.Origins = []uint32{}
		}
		for _, o := range append([]uint32{0}, fp.Origins...) {
			for _, w := range s.Why(p.Prefix, o) {
				r, ok := why[w]
				if !ok {
					r = finding.NewOnList(w)
					why[w] = r
				}
				if !slices.Contains(fp.Reasons, r) {
					fp.Reasons = append(fp.Reasons, r)
				}
			}
		}
		for _, c := range p.Carriers {
			n := notes[i].peers[c.Peer]
			if e.inQuestion(c) {
				fp.Carriers++
			}
			if n.covered {
				fp.Covered++
			}
			if n.replaced {
				fp.Replaced++
			}
			if n.unknown {
				fp.Unknown++
			}
			if n.standing {
				fp.Standing++
			}
		}
		fp.StandIns = e.standInsOf(notes[i])
		out.Prefixes = append(out.Prefixes, fp)
	}
	return out
}

// inQuestion reports whether a peer was a carrier at some time of the question,
// also one whose covering route is unknown.
func (e *evidence) inQuestion(c outage.Carrier) bool {
	for i, s := range c.Steps {
		until := e.end
		if i+1 < len(c.Steps) {
			until = c.Steps[i+1].At
		}
		if s.State >= outage.Held && until > e.start && s.At < e.end {
			return true
		}
	}
	return false
}

func (e *evidence) findWatch() finding.Watch {
	w := finding.Watch{Collectors: []string{}, Blind: []finding.Blind{}, Sources: []finding.Source{}, Unread: []finding.Unread{}}
	for _, c := range e.Watch.Collectors {
		w.Collectors = append(w.Collectors, c.Name)
		type listing struct {
			addr netip.Addr
			as   uint32
		}
		listed := map[listing]bool{}
		for _, f := range c.Files {
			for _, t := range f.Tables {
				listed[listing{t.Peer, t.AS}] = true
			}
		}
		for _, p := range c.Peers {
			// Who was only heard to be alive is in watch.json.
			if p.Announced+p.Withdrawn > 0 || len(p.States) > 0 || listed[listing{p.Peer, p.AS}] {
				w.Peers++
			}
		}
		for _, f := range c.Files {
			w.Files++
			w.Records += f.Records
			w.Sources = append(w.Sources, finding.Source{Name: f.Name, Collector: c.Name, SHA256: f.SHA256, Size: f.Size,
				Kind: f.Kind, Records: f.Records, First: f.First, Last: f.Last})
			for _, u := range f.Unread {
				w.Unreadable += u.Count
				w.Unread = append(w.Unread, finding.Unread{File: f.Name, Collector: c.Name, Count: u.Count, Offset: u.Offset, Reason: u.Reason})
			}
		}
	}
	if full, partial := e.feeds(); len(full)+len(partial) > 0 {
		n := len(full)
		w.FullFeedPeers = &n
	}
	q := moment.Interval{From: e.Question.From, Until: e.Question.Until}
	for _, b := range e.Ledger.Blind {
		i := moment.Interval{From: max(b.From, q.From), Until: min(b.Until, q.Until)}
		if i.From < i.Until {
			w.Blind = append(w.Blind, finding.Blind{Collector: b.Collector, Peer: b.Peer, From: i.From, Until: i.Until, Reason: finding.Blindness(b.Reason)})
		}
	}
	return w
}

func when(m outage.Moment) *moment.Time {
	if !m.Seen {
		return nil
	}
	t := moment.Unix(m.At, 0)
	return &t
}

func moments(m outage.Moments) finding.Moments {
	return finding.Moments{First: when(m.First), Median: when(m.Median), Last: when(m.Last)}
}

// findOutage puts one outage in the terms of findings.json; a brief one without what is of single peers.
func (e *evidence) findOutage(in outage.Input, o outage.Outage, sizes *outage.Sizer, brief bool) finding.Outage {
	out := finding.Outage{Scope: o.Scope.String(), Partial: o.Partial, From: moment.Unix(o.From, 0), Until: when(o.Until), Onset: moments(o.Onset),
		Trough: moment.Unix(o.Trough(), 0), Total: []finding.Span{}, Peers: []finding.Tick{}, Began: []finding.OtherRoute{},
		Routes: finding.Routes{Lost: o.Routes.Lost, Stuck: o.Routes.Stuck, Of: o.Routes.Of}}
	switch o.Scope {
	case outage.ScopeSubject:
		out.Name = in.Name
	case outage.ScopeOrigin:
		out.Name = "AS" + strconv.FormatUint(uint64(o.Origin), 10)
	default:
		out.Name = in.Prefixes[o.Prefix].Prefix.String()
	}
	if o.Recovery.First.Seen {
		m := moments(o.Recovery)
		out.Recovery = &m
	}
	switch o.Censored {
	case outage.EndOfData:
		s := finding.EndOfData
		out.Censored = &s
	case outage.Blind:
		s := finding.BlindEnd
		out.Censored = &s
		if !o.Until.Seen {
			// An open outage ends when the sight of it ends.
			t := moment.Unix(o.Until.At, 0)
			out.Until = &t
		}
	}
	if o.Duration >= 0 {
		d := o.Duration
		out.DurationS = &d
	}
	for _, t := range o.Total {
		s := finding.Span{From: moment.Unix(t.From, 0)}
		if t.Ended {
			u := moment.Unix(t.Until, 0)
			s.Until = &u
		}
		out.Total = append(out.Total, s)
	}
	out.Gone = gone(o.Gone)
	if l := o.Left; l.Of > 0 {
		out.Left = &finding.Left{Routes: l.Of, Gone: l.Gone, Peers: l.Peers, Unseen: l.Unseen}
	}
	if b := o.Bare; b != nil {
		out.Bare = &finding.Bare{From: moment.Unix(b.From, 0), Until: moment.Unix(b.Until, 0), Seconds: b.Seconds, Times: b.Times, Stood: b.Stood, Routes: b.Of}
	}
	out.Lost = lost(o, sizes)
	if o.Scope == outage.ScopeOrigin && !o.Partial {
		out.Began = e.began(in, o)
	}
	out.Witnesses = finding.Witnesses{Carried: o.Carried, Lost: len(o.Ticks), ASes: o.ASes, Stopped: o.Stopped, Unlisted: o.Unlisted, Silent: e.silent(in, o), ZombieSuspects: []finding.PeerName{}}
	for _, z := range o.Zombies {
		name, w := finding.PeerName{Collector: in.Peers[z].Collector, Peer: in.Peers[z].Addr}, &out.Witnesses
		switch heard := e.heardSince(in, o, z); {
		case heard == 0:
			w.ZombieSuspects = append(w.ZombieSuspects, name)
		default:
			w.Renewed = append(w.Renewed, name)
			w.Late += min(1, int(max(0, heard-o.From-converging)))
		}
	}
	out.Brief = brief
	if !brief {
		out.Peers = e.ticksOf(in, o)
	}
	if _, partial := e.feeds(); len(partial) > 0 {
		whole := map[uint32]bool{}
		for _, t := range o.Ticks {
			if p := in.Peers[t.Peer]; p.AS != 0 && !partial[vantage.Peer{Collector: p.Collector, Addr: p.Addr, AS: p.AS}] {
				whole[p.AS] = true
			}
		}
		out.Witnesses.PartialASes = o.ASes - len(whole)
	}
	if o.Scope == outage.ScopeSubject && !brief {
		out.Paths = e.paths(in, o)
	}
	return out
}

// heardSince is when a peer last announced, within an outage, a route that it held through it;
// 0 if what it held stood since before.
func (e *evidence) heardSince(in outage.Input, o outage.Outage, peer int) int64 {
	from, until := o.From, e.end
	if o.Onset.First.Seen {
		from = min(from, o.Onset.First.At)
	}
	if o.Until.Seen {
		until = min(until, o.Until.At)
	}
	last := int64(0)
	for _, k := range o.Prefixes {
		i := e.Table.Index(in.Prefixes[k].Prefix)
		steps, heard, _, ok := e.Table.Around(peer, i, from, until) // histories may be long, and outages many
		if !ok {
			steps, heard = e.Table.Steps(peer, i), e.Table.Heard(peer, i)
		}
		for j, s := range steps {
			if s.State == rib.RouteHeld && from <= heard[j] && heard[j] < until && s.At < until && e.oursAt(e.Table.Prefixes[i], s.Path) {
				last = max(last, heard[j])
			}
		}
	}
	return last
}

// gone puts how an outage went in the terms of findings.json.
func gone(g *outage.Gone) *finding.Lapses {
	if g == nil {
		return nil
	}
	out := &finding.Lapses{From: moment.Unix(g.From, 0), Until: when(g.Until), Losses: g.Losses, Seconds: g.Seconds, Together: g.Together,
		Fewest: g.Fewest, Most: g.Most, Of: g.Of, MostAt: moment.Unix(g.MostAt, 0)}
	if g.Any >= 0 {
		any := g.Any
		out.Any = &any
	}
	if g.BackBy > 0 {
		out.BackBy = when(outage.Moment{At: g.BackBy, Seen: true})
	}
	if g.Again > 0 {
		out.Again = &finding.Again{Routes: g.Again, Of: g.Gone, Since: moment.Unix(g.Since, 0)}
	}
	return out
}

// ticksOf tells each peer's part. Prefixes that are alike have outages that are, each with
// some words of every peer: these are made once.
func (e *evidence) ticksOf(in outage.Input, o outage.Outage) []finding.Tick {
	if len(o.Ticks) == 0 {
		return []finding.Tick{}
	}
	if e.ticks == nil {
		e.ticks = map[*outage.Tick][]finding.Tick{}
	}
	out, ok := e.ticks[&o.Ticks[0]]
	if ok {
		return out
	}
	out = make([]finding.Tick, 0, len(o.Ticks))
	for _, t := range o.Ticks {
		p := in.Peers[t.Peer]
		out = append(out, finding.Tick{Collector: p.Collector, Peer: p.Addr, AS: p.AS, Lost: when(t.Lost), Back: when(t.Back)})
	}
	e.ticks[&o.Ticks[0]] = out
	return out
}

// lost sizes an outage.
func lost(o outage.Outage, sizes *outage.Sizer) finding.Lost {
	n := sizes.Of(o)
	return finding.Lost{Prefixes: len(o.Prefixes), Touched: o.Touched, Of: o.Of, V4: n.V4, V6: n.V6}
}

// addNotes says what limits the findings.
func (e *evidence) addNotes(f *finding.Findings) {
	f.Notes = slices.Clone(f.Notes)
	if hosts(f.Watch.Collectors) == 1 {
		f.Notes = append(f.Notes, finding.Note{Key: finding.NoteOneCollector, Collector: f.Watch.Collectors[0]})
	}
	if stale := e.staleLists(); len(stale) > 0 {
		f.Notes = append(f.Notes, finding.Note{Key: finding.NoteStaleLists, Lists: stale})
	}
	if f.Watch.FullFeedPeers == nil && f.Watch.Files > 0 {
		f.Notes = append(f.Notes, finding.Note{Key: finding.NoteNoSnapshot})
	}
	f.Notes = append(f.Notes, e.formatNotes()...)
	guessed, unknown := e.namelessPeers(f.Strip)
	if len(guessed) > manyNameless {
		guessed = guessed[:0] // of a source that names no AS it is everybody
		f.Notes = append(f.Notes, finding.Note{Key: finding.NoteASFromPaths})
	}
	if len(guessed) > 0 {
		f.Notes = append(f.Notes, finding.Note{Key: finding.NoteASFromPaths, Peers: guessed})
	}
	if len(unknown) > 0 {
		f.Notes = append(f.Notes, finding.Note{Key: finding.NoteASUnknown, Peers: unknown})
	}
	for _, o := range f.Outages {
		if o.Paths != nil && slices.ContainsFunc(o.Paths.Before, func(p finding.Path) bool { return p.Inferred }) {
			f.Notes = append(f.Notes, finding.Note{Key: finding.NoteInferred})
			break
		}
	}
	if f.Notes == nil {
		f.Notes = []finding.Note{}
	}
}

// manyNameless is how many peers are still named one by one.
const manyNameless = 40

// namelessPeers lists the peers whose AS no record names: those with an AS that
// stands first in all their paths, and those of which none is known.
func (e *evidence) namelessPeers(rows []finding.Row) (guessed, unknown []finding.PeerName) {
	from := map[vantage.Peer]bool{}
	for _, c := range e.Watch.Collectors {
		for _, p := range c.Peers {
			if p.Guessed {
				from[vantage.Peer{Collector: c.Name, Addr: p.Peer, AS: p.AS}] = true
			}
		}
	}
	for _, r := range rows {
		p := vantage.Peer{Collector: r.Collector, Addr: r.Peer, AS: r.AS}
		switch {
		case from[p]:
			guessed = append(guessed, finding.PeerName{Collector: r.Collector, Peer: r.Peer, AS: r.AS})
		case p.AS == 0:
			unknown = append(unknown, finding.PeerName{Collector: r.Collector, Peer: r.Peer})
		}
	}
	return guessed, unknown
}
