package report

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/routes/atlas"
)

// sentence is a message with its values; it can be worded with its looks and without.
type sentence struct {
	key string
	n   int64
	a   args
}

// para is one numbered paragraph.
type para []sentence

func say(key string, n int64, a ...any) para { return para{{key, n, a}} }

func (p *printer) text(s para) string {
	var out []string
	for _, s := range s {
		out = append(out, p.tn(s.key, s.n, s.a...))
	}
	return strings.Join(out, " ")
}

// prose words a paragraph with its looks.
func (p *printer) prose(s para) document.Text {
	var out []document.Text
	for _, s := range s {
		out = append(out, p.hn(s.key, s.n, s.a...))
	}
	return document.Sentences(out...)
}

// lead is the report's first section: what answers the question, and what goes
// with it. A verdict takes the place of the general words on what routes cannot
// show; its long lists come after what answers the question.
func lead(p *printer, c *facts) (top, rest []para) {
	all := answer(p, c)
	if len(all) == 0 {
		return nil, nil
	}
	if c.event != nil && c.head != nil && len(c.head.Total) > 0 { // what the sentence on a country leaves to say: seen by whom, and how far that goes
		k := int64(c.head.Lost.Prefixes)
		a := []any{"reach", p.reachWords(c.reach(c.head), k)}
		key := "answer.seen"
		if !c.inPiece(c.head) { // of one moment alone
			key, a = "lapse.seen", append(a, "at", p.at(c.head.Total[0].From))
		}
		more := say(key, k, a...)
		if l, ok := c.level(); ok {
			more = say(key+".level", k, append(a, "level", p.level(l))...)
		}
		all[0] = append(all[0], more...)
	}
	head := 1
	if c.event != nil && len(all) > 1 { // and of what that is a part
		head = 2
	}
	// That another network announced the same addresses comes next, whatever the answer.
	others := othersProse(p, c)
	if !c.stayedSince() { // else it is the answer
		others = append(arrivedProse(p, c), others...)
	}
	if s := askedProse(p); s != nil {
		all[0] = append(s, all[0]...)
	}
	at := head
	if c.othersFirst() {
		at = 0
	}
	all = slices.Insert(all, at, others...)
	head += len(others)
	top, rest = all[:head:head], all[head:]
	if first, more := verdictProse(p, c); len(first)+len(more) > 0 {
		if c.cause >= 0 && c.event == nil && !c.dominant && len(rest) > 0 { // of a series, the outage that the verdict is on
			top, rest = append(top, rest[0]), rest[1:]
		}
		top = append(top, first...)
		rest = append(more, slices.DeleteFunc(rest, func(s para) bool { return s[0].key == "answer.limits" })...)
	}
	return top, rest
}

// answer is the plain prose of the report's first section.
func answer(p *printer, c *facts) []para {
	span := []any{"span", p.span(), "subject", p.told(), "of", p.ofSubject()}
	all := len(c.f.Subject.Prefixes)
	var out []para
	switch {
	case c.f.Answer == finding.AnswerOutage && c.head != nil:
		out = outageProse(p, c)
	case c.f.Answer == finding.AnswerPartial && c.head != nil:
		out = partialProse(p, c)
	case c.f.Answer == finding.AnswerStayed:
		if c.stayedSince() {
			out = append(out, arrivedStayed(p, c)...)
		} else {
			out = append(out, stayedProse(p, c))
		}
		out = append(out, say("answer.stayed.traffic", locale.None))
	case c.f.Answer == finding.AnswerUndecided:
		out = append(out, undecidedProse(p, c))
		out = append(out, say("answer.stayed.traffic", locale.None))
	case c.f.Answer == finding.AnswerNoClaim:
		out = append(out, say("answer.noclaim", locale.None, span...))
		if all == 0 {
			out = append(out, say("answer.noclaim.none", locale.None))
		} else {
			out = append(out, say("answer.noclaim.why", locale.None))
		}
		out = append(out, nextProse(p, c))
	case c.f.Answer == finding.AnswerOthers:
		apart := map[netip.Prefix]bool{}
		for _, o := range c.f.Others {
			if o.Aside {
				apart[o.Prefix] = true
			}
		}
		n := int64(len(apart))
		key := "answer.others"
		if c.f.Subject.Kind == atlas.KindPrefix { // a prefix announces nothing
			key = "answer.others.prefix"
		}
		out = append(out, say(key, n, append(span, "n", p.n(n))...))
	case c.f.Answer == finding.AnswerNobodyWatching:
		out = append(out, say("answer.nobody", locale.None, span...))
		out = append(out, say("answer.nobody.why", locale.None))
	default: // an answer this report does not know is printed as it is
		out = append(out, say("answer.other", locale.None, append(span, "answer", c.f.Answer)...))
	}
	if s := unseenProse(p); s != nil {
		out[0] = append(out[0], s...)
	}
	if n := int64(len(c.partial) + c.foldedPartial); n > 0 && c.f.Answer == finding.AnswerOutage {
		out = append(out, say("partial.beside", n, "n", p.n(n)))
	}
	if s := undecidedBeside(p, c); s != nil {
		out = append(out, s)
	}
	if n := int64(all - c.prefixes); n > 0 && (c.f.Answer == finding.AnswerOutage || c.f.Answer == finding.AnswerPartial || c.f.Answer == finding.AnswerStayed || c.f.Answer == finding.AnswerUndecided) {
		out = append(out, say("answer.unclaimed", n, "n", p.n(n), "of", p.n(int64(all))))
	}
	if c.carriers > 0 {
		out = append(out, blindProse(p, c))
	}
	if c.f.Answer == finding.AnswerOutage || c.f.Answer == finding.AnswerPartial {
		out = append(out, say("answer.limits", locale.None))
	}
	return out
}

// partialProse tells the largest partial loss: its share, size and dates.
func partialProse(p *printer, c *facts) []para {
	h := c.head
	k := int64(h.Lost.Prefixes)
	r := c.reach(h)
	a := []any{"from", p.at(h.From), "what", p.whatLost(h), "lost", p.n(int64(r.lost)), "carried", p.counted("unit.peer", int64(r.carried)),
		"networks", p.counted("unit.network", int64(r.networks)), "at", p.collectors(r.collectors)}
	key := "partial.lead"
	if r.lost > r.carried { // more lost it over the time than carried it at its worst
		key = "partial.lead.lost"
		a = append(a, "peers", p.counted("unit.peer", int64(r.lost)))
	}
	if h.Until == nil {
		key += ".open"
		a = append(a, "why", p.censored(h))
	} else {
		a = append(a, "until", p.then(*h.Until, h.From))
	}
	lead := say(key, k, a...)
	if r.lost > h.Routes.Lost && h.Routes.Of > 0 && h.Trough > 0 { // not all of them at once
		key := "lapse.partial"
		if k > 1 {
			key = "lapse.partial.routes"
		}
		lead = append(lead, say(key, locale.None, "most", p.n(int64(h.Routes.Lost)), "of", p.n(int64(h.Routes.Of)), "when", p.then(h.Trough, h.From))...)
	}
	lead = append(lead, leftIn(p, c, h)...)
	if l, ok := c.level(); ok {
		lead = append(lead, say("partial.level", locale.None, "level", p.level(l))...)
	}
	if size := p.lostSize(h); size != "" {
		lead = append(lead, say("partial.size", locale.None, "size", size)...)
	}
	lead = append(lead, stoodInProse(p, c)...)
	out := []para{lead}
	if n := int64(len(c.partial) + c.foldedPartial - 1); n > 0 {
		out = append(out, say("partial.others", n, "n", p.n(n)))
	}
	return out
}

// lostSize is how many addresses an outage took, in words.
func (p *printer) lostSize(o *finding.Outage) string {
	var size []string
	if o.Lost.V4 > 0 {
		size = append(size, p.count("unit.address", o.Lost.V4))
	}
	if o.Lost.V6 > 0 {
		size = append(size, p.count("unit.v6", o.Lost.V6))
	}
	return strings.Join(size, p.t("semicolon"))
}

// stayedProse says that the routes stayed, of the time that somebody watched.
func stayedProse(p *printer, c *facts) para {
	w := c.f.Watched
	a := []any{"span", p.span(), "what", p.what(c.prefixes-c.arrivedLate(), len(c.f.Subject.Prefixes)), "watched", p.hours(w.Seconds), "asked", p.hours(w.Of), "rest", p.hours(w.Of - w.Seconds - w.Absent), "absent", p.hours(w.Absent)}
	but := append(lackedProse(p, c), unshownProse(p, c, func(*finding.Unshown) bool { return true })...)
	lead := func(key string) para { return append(say(key, locale.None, a...), but...) }
	without := "answer.stayed.absent"
	if c.arrivedLate() == 0 { // they had been there before, and another network's stood behind a hole of the files
		without = "answer.stayed.without"
	}
	var out para
	switch {
	case w.Of == 0: // findings of the first format do not say
		return say("answer.stayed", locale.None, a...)
	case w.Seconds >= w.Of:
		key := "answer.stayed.all"
		if _, is := c.note(finding.NoteAnswers); is {
			key = "answer.stayed.answers"
		}
		out = append(lead("answer.stayed"), say(key, locale.None)...)
	case w.Absent > 0 && w.Seconds+w.Absent < w.Of:
		return append(lead("answer.stayed.known"), append(say(without, locale.None, a...), say("answer.stayed.unknown", locale.None, a...)...)...)
	case w.Absent > 0:
		return append(lead("answer.stayed.known"), say(without, locale.None, a...)...)
	case w.Whole():
		out = lead("answer.stayed.most")
	default:
		return append(lead("answer.stayed.part"), say("answer.stayed.rest", locale.None, a...)...)
	}
	return append(append(out, coveredProse(p, c)...), dimProse(p, c)...)
}

// coveredProse says that other routes of the subject led to the same addresses, if they stood
// in for prefixes that were withdrawn.
func coveredProse(p *printer, c *facts) para {
	var withdrawn []netip.Prefix
	for _, q := range c.f.Verdict.Propositions {
		if k := standIn(q); k == "less" || k == "more" {
			withdrawn = append(withdrawn, q.Prefixes...)
		}
	}
	if len(withdrawn) == 0 {
		return nil
	}
	first, open := moment.Time(-1), false
	for _, x := range c.f.Subject.Prefixes {
		if !slices.Contains(withdrawn, x.Prefix) {
			continue
		}
		for _, r := range x.StandIns {
			if r.Kind != finding.CoveredBy {
				continue
			}
			if first < 0 || r.From < first {
				first = r.From
			}
			open = open || r.Until >= c.f.Question.Until && 2*r.Peers >= x.Covered
		}
	}
	if first < 0 {
		return say("answer.stayed.covered", locale.None, "of", p.ofSubject())
	}
	key := "answer.stayed.withdrawn"
	if open {
		key += ".open"
	}
	n := int64(len(withdrawn))
	return say(key, n, "n", p.n(n), "prefix", ofPrefix(withdrawn[0]), "from", p.at(first), "of", p.ofSubject())
}

// dimProse says when much was unknown although somebody watched.
func dimProse(p *printer, c *facts) para {
	d, ok := dimmest(c.f)
	if !ok {
		return nil
	}
	a := []any{"from", p.at(d.from), "long", p.words(int64((d.until - d.from) / moment.Second)), "share", p.percent(d.share)}
	if d.share == d.most {
		return say("answer.stayed.dim", locale.None, a...)
	}
	return say("answer.stayed.dim.most", locale.None, append(a, "most", p.percent(d.most), "brief", p.words(max(1, int64(d.mostOf/moment.Second))), "at", p.at(d.mostAt))...)
}

// dim is a time in which much is unknown: for at least half of it share of the routes or more, and at
// its worst most of them, from mostAt on for mostOf.
type dim struct {
	from, until moment.Time
	share       float64
	most        float64
	mostAt      moment.Time
	mostOf      moment.Time
}

// dimmest is the time in which most is unknown although somebody watched, by its share and how
// long it is, where that is a tenth of the routes or more for a minute: what is said to have stayed stayed at the others.
// If ten of 28 sessions reset and never speak of the prefix again, a loss behind
// them is not seen.
func dimmest(f *finding.Findings) (most dim, ok bool) {
	const least = moment.Time(60) * moment.Second
	steps, height := f.Timeline.Steps, f.Timeline.Height
	light := func(s finding.Step) bool {
		return s.Unknown == 0 || s.Unknown == height || 10*s.Unknown < height
	}
	type part struct {
		unknown int
		from    moment.Time
		long    moment.Time
	}
	for i := 0; i < len(steps); {
		if light(steps[i]) {
			i++
			continue
		}
		d := dim{from: steps[i].At, until: f.Question.Until}
		var parts []part
		for ; i < len(steps); i++ {
			if light(steps[i]) {
				d.until = steps[i].At
				break
			}
			until := f.Question.Until
			if i+1 < len(steps) {
				until = steps[i+1].At
			}
			parts = append(parts, part{steps[i].Unknown, steps[i].At, until - steps[i].At})
		}
		slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.unknown, a.unknown) })
		d.most, d.mostAt, d.mostOf = float64(parts[0].unknown)/float64(height), parts[0].from, parts[0].long
		sum := moment.Time(0)
		for _, x := range parts { // down to what holds for half of the time
			if sum += x.long; 2*sum >= d.until-d.from {
				d.share = float64(x.unknown) / float64(height)
				break
			}
		}
		if d.until-d.from >= least && d.share*float64(d.until-d.from) > most.share*float64(most.until-most.from) {
			most, ok = d, true
		}
	}
	return most, ok
}

// hours is a length in words with hours instead of days up to three days, as in
// "10 minutes of 24 hours".
func (p *printer) hours(s int64) length {
	if s < 86400 || s > 3*86400 {
		return p.words(s)
	}
	out := length{p.counted("unit.hour", s/3600)}
	if m := s / 60 % 60; m > 0 {
		out = append(out, p.counted("unit.minute", m))
	}
	return out
}

// nextProse says what to try where no claim can be made.
func nextProse(p *printer, c *facts) para {
	var steps []string
	if len(c.f.Subject.Prefixes) == 0 {
		steps = append(steps, p.t("next.meant", "subject", p.subject()))
	}
	if c.f.Watch.FullFeedPeers == nil {
		steps = append(steps, p.t("next.snapshot"))
	}
	if len(c.f.Watch.Collectors) < 2 {
		steps = append(steps, p.t("next.collector"))
	}
	if len(steps) == 0 {
		steps = append(steps, p.t("next.time"))
	}
	return say("next", locale.None, "steps", strings.Join(steps, p.t("semicolon")))
}

// lostNote is the key of what stands beside the figure of prefixes lost.
func lostNote(p *printer) string {
	if p.heard() {
		return "key.lost.heard"
	}
	return "key.lost.note"
}

func outageProse(p *printer, c *facts) []para {
	if c.event != nil {
		return countryProse(p, c)
	}
	var out []para
	h := c.head
	if !c.dominant {
		out = append(out, seriesProse(p, c))
	}
	head := headProse(p, c)
	head[0] = append(append(head[0], touchedProse(p, c)...), stoppedProse(p, h)...)
	head[0] = append(head[0], newWayProse(p, c)...)
	head[0] = append(head[0], stoodInProse(p, c)...)
	head[0] = append(append(head[0], bareProse(p, c)...), largerProse(p, c)...)
	out = append(out, head...)
	out[0] = append(out[0], deeperProse(p, c)...)
	out = append(out, besideHead(p, c)...)
	w := h.Witnesses
	if r := c.reach(h); (!r.all || !c.inPiece(h)) && len(h.Total) == 0 { // else the first sentence says it
		key := "answer.witnesses"
		switch {
		case w.Lost > w.Carried:
			key = "answer.witnesses.lost"
		case w.Lost == w.Carried && w.Lost == 2:
			key = "answer.witnesses.both"
		case w.Lost == w.Carried && w.Lost > 1:
			key = "answer.witnesses.all"
		}
		out = append(out, say(key, int64(w.Lost), "lost", p.n(int64(w.Lost)), "peers", p.counted("unit.peer", int64(w.Lost)), "carried", p.counted("unit.peer", int64(w.Carried)),
			"networks", p.counted("unit.network", int64(w.ASes))))
	}
	if z := len(w.ZombieSuspects); z > 0 {
		out = append(out, say("answer.zombies", int64(z), "n", p.n(int64(z)), "who", list(peerNames(w.ZombieSuspects), 3)))
	}
	if z := len(w.Renewed); z > 0 {
		key := "answer.renewed"
		if w.Late > 0 {
			key = "answer.renewed.late"
		}
		out = append(out, say(key, int64(z), "n", p.n(int64(z)), "who", list(peerNames(w.Renewed), 3)))
	}
	return out
}

// onset is the moment a report dates an outage by: from which on half or more lacked it. If
// fewer than all peers lost it, the median of those that did may come before half of
// the peers had: 15 of 60 in the first minute, 15 more ten minutes later.
func onset(o *finding.Outage) moment.Time {
	switch {
	case o.Gone != nil:
		return o.Gone.From
	case o.Onset.Median != nil:
		return max(*o.Onset.Median, o.From)
	}
	return o.From
}

// back is when the last of an outage was back, as far as that was seen: the last peer
// of the last prefix.
func (c *facts) back(o *finding.Outage) moment.Time {
	end := c.end(nil, o)
	if o.Recovery != nil && o.Recovery.Last != nil {
		end = max(end, *o.Recovery.Last)
	}
	return end
}

// span is how long anything of an outage was out, from its first prefix until none was:
// what was gone at once for two minutes may have gone and come back one by one over an hour.
func (c *facts) span(o *finding.Outage) moment.Time { return c.end(nil, o) - o.From }

// ragged reports whether the two medians speak of another time than the one in
// which prefixes were out. They are of the trough, when the most was gone. Example:
// a /16 goes and does not return, and a /24 is out for two minutes: the medians lie two
// minutes apart, and most addresses are gone to the end.
func ragged(o *finding.Outage) bool {
	const slack = 60 * moment.Second
	if o.Gone != nil || o.Recovery == nil || o.Recovery.Median == nil || o.Onset.Median == nil {
		return false
	}
	return o.Until == nil || *o.Until-*o.Recovery.Median > slack || *o.Onset.Median-o.From > slack
}

func headProse(p *printer, c *facts) []para {
	h := c.head
	k := int64(h.Lost.Prefixes)
	if !c.inPiece(h) {
		out := []para{lapseProse(p, c, k)}
		if h.Gone == nil || h.Gone.Together > 0 {
			out = append(out, neverProse(p, c)...)
		}
		return out
	}
	at := onset(h)
	a := []any{"onset", p.at(at), "what", p.whatLost(h), "reach", p.reachWords(c.reach(h), k)}
	key := "answer.total"
	if !c.dominant {
		key += ".longest"
	}
	lead := say(key, k, a...)
	if l, ok := c.level(); ok {
		lead = say(key+".level", k, append(a, "level", p.level(l))...)
	}
	more := backProse(p, c, k, at)
	if h.Gone != nil {
		more = openProse(p, c, k)
	}
	more = append(more, leftProse(p, c, h)...)
	return append([]para{append(lead, more...)}, neverProse(p, c)...)
}

// neverProse says that some of the subject's prefixes always stood.
func neverProse(p *printer, c *facts) []para {
	h := c.head
	var out []para
	if h.Scope == "subject" && h.Lost.Prefixes < h.Lost.Of && !slices.ContainsFunc(c.whole, func(o *finding.Outage) bool { return len(o.Total) > 0 }) {
		out = append(out, say("answer.part.never", locale.None, "of", p.ofHeard(p.ofSubject(), h.Lost.Of)))
	}
	return out
}

// stoodIn reports whether routes of another origin stood at any time of a total at any
// vantage: then the prefixes had a route, and the subject had none.
func (c *facts) stoodIn(s finding.Span, h *finding.Outage) bool {
	end := c.end(s.Until, h)
	return slices.ContainsFunc(c.f.Subject.Prefixes, func(x finding.Prefix) bool {
		return slices.ContainsFunc(x.StandIns, func(r finding.OtherRoute) bool {
			return r.Kind == finding.ReplacedBy && r.From < end && r.Until > s.From
		})
	})
}

// backProse says when k prefixes of the headline outage, gone at a moment, were back.
func backProse(p *printer, c *facts, k int64, at moment.Time) para {
	h := c.head
	blind := h.Censored != nil && *h.Censored == "blind"
	switch {
	case h.Recovery != nil && h.Recovery.Median != nil && h.DurationS != nil && ragged(h):
		keys := []string{"answer.back.ragged", "answer.back.ragged.open", "answer.back.ragged.blind"}
		back, long := *h.Recovery.Median, *lasted(h)
		if len(h.Total) == 1 { // that none had a route is known of the total alone
			keys = []string{"answer.back.nothing", "answer.back.nothing.open", "answer.back.nothing.blind"}
			if c.stoodIn(h.Total[0], h) {
				keys = []string{"answer.back.own", "answer.back.own.open", "answer.back.own.blind"}
			}
			back = c.end(h.Total[0].Until, h)
			long = int64((back - h.Total[0].From) / moment.Second)
		}
		key := keys[0]
		switch {
		case h.Until == nil && blind:
			key = keys[2]
		case h.Until == nil:
			key = keys[1]
		}
		return say(key, k, "back", p.then(back, at), "length", p.words(long), "of", p.ofSubject(),
			"from", p.then(h.From, at), "until", p.then(c.end(nil, h), at))
	case h.Recovery != nil && h.Recovery.Median != nil && h.DurationS != nil:
		// From the moment that the sentence names; the figures below have the medians.
		return say("answer.back", k, "back", p.then(*h.Recovery.Median, at), "length", p.words(int64((*h.Recovery.Median-at)/moment.Second)))
	case blind:
		return say("answer.open.blind", k, "until", p.then(c.end(nil, h), at))
	}
	return say("answer.open.end", k, "until", p.at(c.end(nil, h)))
}

// blindProse says through whom the subject is seen and how much of their time
// is unknown: because they were not watching, or because what they carried
// cannot be told, as before the first change seen without a snapshot.
func blindProse(p *printer, c *facts) para {
	share, blind := p.percent(c.unknown), p.percent(c.blind)
	key := "answer.unknown"
	_, answers := c.note(finding.NoteAnswers)
	switch {
	case c.unknown <= 0 && answers: // they show no sessions
		key = "answer.unknown.answers"
	case c.unknown <= 0:
		key = "answer.unknown.none"
	case c.about:
		key = "answer.unknown.about"
	case c.blind <= 0:
		key = "answer.unknown.watching"
	case share == blind:
		key = "answer.unknown.blind"
	}
	return say(key, int64(c.carriers), "share", share, "blind", blind, "peers", p.counted("unit.peer", int64(c.carriers)),
		"networks", p.counted("unit.network", int64(c.networks)))
}

// keyFigure is one of the four numbers under the answer.
type keyFigure = document.Key

func keyOf(label, value, note string) keyFigure {
	return keyFigure{Label: label, Value: value, Note: note}
}

// partial warns of witnesses that tell a part of their routes only, and counts the carriers of
// which nothing was known any more.
func partial(p *printer, o *finding.Outage) (note string) {
	if n := int64(o.Witnesses.PartialASes); n > 0 {
		note = p.tn("key.witnesses.partial", n, "n", p.n(n))
	}
	if n := int64(o.Witnesses.Unlisted); n > 0 {
		note += p.tn("key.witnesses.unlisted", n, "n", p.n(n))
	}
	return note
}

func keyFigures(p *printer, c *facts) []keyFigure {
	q := wholeSeconds(c.f.Question)
	asked := int64((q.Until - q.From) / moment.Second)
	blind := keyOf(p.t("key.blind"), p.percent(c.blind), p.tn("key.blind.note", int64(len(c.ledger)), "n", p.n(int64(len(c.ledger)))))
	if _, answers := c.note(finding.NoteAnswers); answers && c.blind <= 0 {
		blind = keyOf(p.t("key.blind"), p.t("unknown"), p.t("key.blind.answers"))
	}
	if c.f.Answer == finding.AnswerOutage && c.event != nil {
		return countryFigures(p, c, blind)
	}
	if (c.f.Answer == finding.AnswerOutage || c.f.Answer == finding.AnswerPartial) && c.head != nil {
		h := c.head
		lost, networks := h.LostBy()
		figs := []keyFigure{durationFigure(p, c), lostFigure(p, c),
			keyOf(p.t("key.witnesses"), p.of(int64(lost), int64(h.Witnesses.Carried)),
				p.tn("key.witnesses.note", int64(networks), "networks", p.counted("unit.network", int64(networks)))+partial(p, h)),
			blind}
		if c.othersFirst() {
			figs = slices.Insert(figs, 0, othersFigure(p, c))
		}
		return figs
	}
	var figs []keyFigure
	if c.othersFirst() {
		figs = append(figs, othersFigure(p, c))
	}
	figs = append(figs, keyOf(p.t("key.asked"), p.brief(asked), p.t("key.asked.note", "span", p.span())))
	n := len(c.f.Subject.Prefixes)
	figs = append(figs, keyOf(p.t("key.prefixes"), p.n(int64(n)), p.tn("key.prefixes.note", int64(c.prefixes), "n", p.n(int64(c.prefixes)))))
	if c.carriers > 0 {
		figs = append(figs, keyOf(p.t("key.carriers"), p.n(int64(c.carriers)),
			p.tn("key.carriers.note", int64(c.networks), "networks", p.counted("unit.network", int64(c.networks)))))
	} else {
		figs = append(figs, keyOf(p.t("key.files"), p.n(int64(c.f.Watch.Files)), p.tn("key.files.note", c.f.Watch.Records, "records", p.n(c.f.Watch.Records))))
	}
	if c.carriers > 0 || c.f.Answer == finding.AnswerNobodyWatching {
		figs = append(figs, blind)
	}
	return figs
}

func durationFigure(p *printer, c *facts) keyFigure {
	h := c.head
	k := keyFigure{Label: p.t("key.duration")}
	if !c.dominant {
		k.Label = p.t("key.duration.longest")
	}
	least, most := p.t("unknown"), p.t("unknown")
	if c.least != nil {
		least = p.exact(*c.least)
	}
	if c.most != nil {
		most = p.exact(*c.most)
	}
	if h.Gone != nil {
		return lapseFigure(p, c, k, least, most)
	}
	if h.DurationS == nil {
		k.Value = "≥" + nbsp + p.brief(int64(c.length(h)/moment.Second))
		k.Note = p.when("key.duration.open", onset(h), "why", p.censored(h))
		return k
	}
	k.Value = p.brief(int64(c.length(h) / moment.Second))
	until := c.end(nil, h)
	if h.Recovery != nil && h.Recovery.Median != nil {
		until = *h.Recovery.Median
	}
	k.Note = p.t("key.duration.note", "from", clock(onset(h)), "until", clock(until), "least", least, "most", most)
	if l := h.Left; l != nil && l.Gone > 0 {
		k.Note += p.t("semicolon") + p.leftWords(l)
	}
	if ragged(h) {
		if h.Until == nil {
			k.Note += p.t("key.duration.parts.open", "from", clock(h.From))
		} else {
			k.Note += p.t("key.duration.parts", "from", clock(h.From), "until", clock(*h.Until))
		}
	}
	return k
}

// censored says why no end was seen.
func (p *printer) censored(o *finding.Outage) string {
	switch {
	case o.Censored == nil:
		return ""
	case *o.Censored == finding.BlindEnd:
		return p.t("censored.blind")
	case *o.Censored == finding.EndOfData:
		return p.t("censored.end")
	}
	return clip(*o.Censored, 40)
}

func lostFigure(p *printer, c *facts) keyFigure {
	l := c.head.Lost
	var size []string
	part := func(key string, v, of int64) {
		if v == 0 && of <= 0 {
			return
		}
		if of < 0 {
			size = append(size, p.count(key, v))
			return
		}
		size = append(size, p.t("key.of", "k", p.n(v), "n", p.counted(key, of)))
	}
	part("unit.address", l.V4, c.v4)
	part("unit.v6", l.V6, c.v6)
	k := keyOf(p.t("key.lost"), p.of(int64(l.Prefixes), int64(l.Of)), p.tn(lostNote(p), int64(l.Of), "size", strings.Join(size, p.t("semicolon"))))
	if l.Touched > l.Prefixes {
		k.Note += p.tn("key.lost.touched", int64(l.Touched), "n", p.n(int64(l.Touched)))
	}
	return k
}

// peerNames are peers as people are told them: "rrc00 192.0.2.1".
func peerNames(ps []finding.PeerName) []string {
	out := make([]string, 0, len(ps))
	for _, p := range ps {
		out = append(out, p.String())
	}
	return out
}

// list names a few and counts the rest.
func list(s []string, most int) string {
	if len(s) > most {
		return strings.Join(s[:most], ", ") + fmt.Sprintf(" … (+%d)", len(s)-most)
	}
	return strings.Join(s, ", ")
}

// notes words the findings' notes, all but the band's.
func notes(p *printer, c *facts) []para {
	out := damage(p, c)
	for _, n := range c.f.Notes {
		if n.Key != finding.NoteReconstruction {
			out = append(out, p.note(n))
		}
	}
	return out
}

// note words one note; a key that has no words is printed as it is, with its
// arguments: a warning must never be lost for want of a translation.
func (p *printer) note(n finding.Note) para {
	if n.Key == finding.NoteNoSnapshot && p.beginsWithState() {
		return say("note.no-snapshot.answers", locale.None)
	}
	all := strings.Join(n.Args(), ", ")
	key := "note." + n.Key
	if p.has(key) {
		key2 := key + ".of"
		if p.has(key2) && all != "" {
			key = key2
		}
		return say(key, locale.None, "args", all)
	}
	if all == "" {
		return say("note", locale.None, "key", n.Name())
	}
	return say("note.of", locale.None, "key", n.Name(), "args", all)
}

// beginsWithState reports whether a source is an answer that begins with what peers had of
// the prefixes that were asked for: a BGPlay answer, or a state.
func (p *printer) beginsWithState() bool {
	return slices.ContainsFunc(p.f.Notes, func(n finding.Note) bool {
		return n.Key == finding.NoteAnswers && slices.ContainsFunc(n.Formats, func(s string) bool { return strings.Contains(s, "bgplay") || strings.Contains(s, "bgp-state") })
	})
}

// damage says what of the data could not be used: records that could not be
// read, and files that are not there, each for its own reason.
func damage(p *printer, c *facts) []para {
	var out []para
	w := &c.f.Watch
	if len(w.Unread) == 0 && w.Unreadable > 0 {
		out = append(out, say("damage.unread.count", w.Unreadable, "n", p.n(w.Unreadable)))
	}
	// One line a reason: a missing peer table is another thing than a record cut
	// short, and neither is to hide the other.
	var reasons []string
	by := map[string][]finding.Unread{}
	for _, u := range w.Unread {
		if by[u.Reason] == nil {
			reasons = append(reasons, u.Reason)
		}
		by[u.Reason] = append(by[u.Reason], u)
	}
	for i, r := range reasons {
		if i == damageLines && len(reasons) > damageLines+1 {
			out = append(out, say("damage.reasons", int64(len(reasons)-i), "n", p.n(int64(len(reasons)-i))))
			break
		}
		var n int64
		files := map[string]bool{}
		for _, u := range by[r] {
			n += u.Count
			files[u.Collector+" "+u.File] = true
		}
		u := by[r][0]
		out = append(out, say("damage.unread", n, "n", p.n(n), "files", p.counted("unit.file", int64(len(files))),
			"file", clip(u.Collector, 40)+" "+clip(u.File, 60), "offset", p.n(u.Offset), "reason", clip(r, 120)))
	}
	type hole struct{ collector, reason string }
	var holes []hole
	spans := map[hole][]moment.Interval{}
	for _, e := range c.ledger {
		if len(e.peers) > 0 || !ofFiles[e.Reason] {
			continue
		}
		h := hole{e.Collector, e.Reason}
		if spans[h] == nil {
			holes = append(holes, h)
		}
		spans[h] = append(spans[h], moment.Interval{From: e.From, Until: e.Until})
	}
	for i, h := range holes {
		if i == damageLines && len(holes) > damageLines+1 {
			out = append(out, say("damage.more", int64(len(holes)-i), "n", p.n(int64(len(holes)-i))))
			break
		}
		var when []string
		for j, s := range spans[h] {
			if j == 3 && len(spans[h]) > 4 {
				when = append(when, p.count("what.more", int64(len(spans[h])-j)))
				break
			}
			when = append(when, p.stamp(s.From)+"–"+p.untilStamp(s.From, &s.Until))
		}
		out = append(out, say("damage.file", locale.None, "collector", clip(h.collector, 40), "reason", p.reason(h.reason), "when", p.and(when)))
	}
	return out
}

// damageLines is how many collectors' holes are told one by one.
const damageLines = 6

// ofFiles are the reasons of blindness that lie in the files, not in sessions.
var ofFiles = map[string]bool{
	finding.MissingFile: true, finding.FileNotGiven: true, finding.FileNotCached: true, finding.FileNotArchived: true,
	finding.GapInFile: true, finding.TruncatedFile: true, finding.UnreadableRecords: true, finding.SilenceOfAll: true,
}
