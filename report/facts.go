package report

import (
	"cmp"
	"net/netip"
	"slices"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/figure"
)

// facts are the numbers that summary and page both state, computed once from
// the findings so that they cannot disagree.
type facts struct {
	f             *finding.Findings
	whole         []*finding.Outage // outages of the subject as a whole, in order of time
	others        []*finding.Outage // of its origins and prefixes
	partial       []*finding.Outage // partial losses of the subject or, where it has none, of its origins and prefixes
	foldedPartial int               // of those, losses of prefixes that are only counted
	head          *finding.Outage   // the headline outage, or partial loss where there is no outage; nil without
	event         *finding.Event    // of a subject of several operators, the largest; nil for others
	dominant      bool              // the headline outage is far larger than any other
	before        int               // outages of the subject that began before it
	during        int               // while it lasted
	after         int

	least, most *int64 // bounds of its duration; nil where an end was not seen

	carriers int     // peers in the strip
	networks int     // their distinct ASes
	unknown  float64 // share of the carriers' time in which it is unknown what they carried
	about    bool    // that share is drawn from shortened strips
	blind    float64 // share of the carriers' time in which the ledger says they were not watching

	ledger []ledgerEntry // blindness, as its table counts it

	cause int      // index of the cause that is shown in full; -1 without
	hyps  []hypRow // its hypotheses

	prefixes int   // prefixes of the subject that two carriers or more vouch for
	v4, v6   int64 // size of the headline outage's scope; -1 where it cannot be told
}

// dominance is how many times larger than the next, in address space times
// duration, an outage must be for the report to open with it rather than with
// the series.
const dominance = 5

func gather(f *finding.Findings) *facts {
	c := &facts{f: f, v4: -1, v6: -1}
	var rest []*finding.Outage // partial losses of origins and prefixes
	for i := range f.Outages {
		switch o := &f.Outages[i]; {
		case o.Partial && o.Scope == "subject":
			c.partial = append(c.partial, o)
		case o.Partial:
			rest = append(rest, o)
		case o.Scope == "subject":
			c.whole = append(c.whole, o)
		default:
			c.others = append(c.others, o)
		}
	}
	if len(c.partial) == 0 {
		c.partial = rest
		c.foldedPartial = foldedOf(f, true)
	}
	byTime := func(a, b *finding.Outage) int { return cmp.Compare(a.From, b.From) }
	for _, list := range [][]*finding.Outage{c.whole, c.others, c.partial} {
		slices.SortStableFunc(list, byTime)
	}
	if f.Head != nil && *f.Head >= 0 && *f.Head < len(f.Outages) && (!f.Outages[*f.Head].Partial || f.Answer == finding.AnswerPartial) {
		c.head = &f.Outages[*f.Head]
	}
	for _, pool := range [][]*finding.Outage{c.whole, c.others, c.partial} {
		if c.head == nil && len(pool) > 0 {
			c.head = c.largest(pool, 1)[0]
		}
	}
	if f.Head != nil && *f.Head >= 0 && *f.Head < len(f.Outages) {
		c.head = &f.Outages[*f.Head] // the largest; findings of format 1 do not say
	}
	if c.event = headEvent(c); c.event != nil {
		if o := stageOutage(c.whole, c.event); o != nil {
			c.head = o
		}
	}
	if c.head != nil {
		c.measureHead()
	}
	c.measureWatch()
	if c.cause = c.theCause(); c.cause >= 0 {
		c.hyps = hypRows(&f.Cause[c.cause])
	}
	c.ledger = gatherLedger(f.Watch.Blind)
	for _, p := range f.Subject.Prefixes {
		if p.Carriers >= 2 {
			c.prefixes++
		}
	}
	return c
}

// foldedOf is how many losses of prefixes of one kind the findings only count.
func foldedOf(f *finding.Findings, partial bool) (n int) {
	for _, x := range f.Folded {
		if x.Partial == partial {
			n += x.Losses
		}
	}
	return n
}

// weight orders outages for the headline: total before partial, then longer,
// then larger.
type weight struct {
	total, length moment.Time
	lost          int
}

func (w weight) above(v weight) bool {
	switch {
	case (w.total > 0) != (v.total > 0):
		return w.total > 0
	case w.length != v.length:
		return w.length > v.length
	case w.total != v.total:
		return w.total > v.total
	}
	return w.lost > v.lost
}

func (c *facts) weight(o *finding.Outage) weight {
	w := weight{lost: o.Lost.Prefixes}
	for _, s := range o.Total {
		w.total += c.end(s.Until, o) - s.From
	}
	if len(o.Total) > 0 && w.total == 0 {
		w.total = 1
	}
	w.length = c.length(o)
	return w
}

// end is the end of a span, or where nothing more was seen of its outage.
func (c *facts) end(t *moment.Time, o *finding.Outage) moment.Time {
	switch {
	case t != nil:
		return *t
	case o.Until != nil:
		return *o.Until
	}
	return c.f.Question.Until
}

// length is the duration of an outage, or how long it was watched.
func (c *facts) length(o *finding.Outage) moment.Time {
	if s := lasted(o); s != nil {
		return moment.Time(*s) * moment.Second
	}
	if o.Gone != nil {
		return moment.Time(o.Gone.Seconds) * moment.Second
	}
	return c.end(nil, o) - onset(o)
}

func (c *facts) measureHead() {
	h := c.head
	var next float64
	for _, o := range c.whole {
		switch {
		case o == h:
			continue
		case o.From < h.From:
			c.before++
		case o.From < c.end(nil, h):
			c.during++
		default:
			c.after++
		}
		next = max(next, c.product(h, o))
	}
	c.dominant = len(c.whole) <= 1 || h.Partial || c.product(h, h) >= dominance*next
	switch {
	case h.Gone != nil:
		c.least, c.most = &h.Gone.Together, h.Gone.Any
	case h.Recovery != nil:
		c.least = between(h.Onset.Last, h.Recovery.First)
		c.most = between(h.Onset.First, h.Recovery.Last)
	}
	c.v4, c.v6 = c.scopeSize(h)
}

// between is the whole seconds from a to b, never less than none.
func between(a, b *moment.Time) *int64 {
	if a == nil || b == nil {
		return nil
	}
	s := max(0, int64((*b-*a)/moment.Second))
	return &s
}

// scopeSize is the size of what the outage could have lost. The findings give
// the number of prefixes in the scope; the addresses are those of the
// subject's prefixes, if these are the same ones.
func (c *facts) scopeSize(o *finding.Outage) (v4, v6 int64) {
	if o.Lost.Prefixes == o.Lost.Of {
		return o.Lost.V4, o.Lost.V6
	}
	if o.Scope != "subject" {
		return -1, -1
	}
	for least := range 3 {
		var of []netip.Prefix
		for _, p := range c.f.Subject.Prefixes {
			if p.Carriers >= least {
				of = append(of, p.Prefix)
			}
		}
		if len(of) == o.Lost.Of {
			return size(of)
		}
	}
	return -1, -1
}

// size is the union of prefixes in IPv4 addresses and IPv6 /48s.
func size(ps []netip.Prefix) (v4, v6 int64) {
	ps = slices.Clone(ps)
	for i, p := range ps {
		if !p.Addr().Is4() && p.Bits() > 48 {
			p = netip.PrefixFrom(p.Addr(), 48)
		}
		ps[i] = p.Masked()
	}
	slices.SortFunc(ps, netip.Prefix.Compare)
	var last netip.Prefix
	for _, p := range ps {
		if last.IsValid() && last.Bits() <= p.Bits() && last.Contains(p.Addr()) {
			continue
		}
		last = p
		if p.Addr().Is4() {
			v4 += 1 << (32 - p.Bits())
		} else {
			v6 += 1 << (48 - p.Bits())
		}
	}
	return v4, v6
}

// measureWatch counts the carriers and the shares of their time that are
// unknown and blind. With no carrier at all, and nobody watching, both are all.
func (c *facts) measureWatch() {
	q := c.f.Question
	c.carriers = len(c.f.Strip)
	seen := map[uint32]bool{}
	var unknown, blind, all moment.Time
	for i := range c.f.Strip {
		r := &c.f.Strip[i]
		seen[r.AS] = true
		c.about = c.about || !r.Exact
		unknown += inState(r, q, finding.Unknown)
		all += q.Until - q.From
	}
	c.networks = len(seen)
	blind = blindTime(c.f)
	switch {
	case all > 0:
		c.unknown, c.blind = float64(unknown)/float64(all), float64(blind)/float64(all)
	case c.f.Answer == finding.AnswerNobodyWatching:
		c.unknown, c.blind = 1, 1
	}
}

// blindTime is the time, summed over the carriers, that lies in an entry of the
// ledger for the carrier or its whole collector. Entries may overlap.
func blindTime(f *finding.Findings) (sum moment.Time) {
	type who struct {
		collector string
		peer      netip.Addr // zero: the whole collector
	}
	entries := map[who][]finding.Blind{}
	for _, b := range f.Watch.Blind {
		w := who{collector: b.Collector}
		if b.Peer != nil {
			w.peer = *b.Peer
		}
		entries[w] = append(entries[w], b)
	}
	for i := range f.Strip {
		r := &f.Strip[i]
		mine := slices.Concat(entries[who{r.Collector, r.Peer}], entries[who{collector: r.Collector}])
		slices.SortFunc(mine, func(a, b finding.Blind) int { return cmp.Compare(a.From, b.From) })
		at := f.Question.From
		for _, b := range mine {
			from, until := max(b.From, at), min(b.Until, f.Question.Until)
			if until > from {
				sum += until - from
				at = until
			}
		}
	}
	return sum
}

// ledgerEntry is one line of the blindness ledger. Peers of one collector that
// were blind from and until the same moments for the same reason share a line;
// no peers mean the whole collector.
type ledgerEntry struct {
	finding.Blind
	peers []netip.Addr
}

func gatherLedger(blind []finding.Blind) []ledgerEntry {
	type key struct {
		collector, reason string
		from, until       moment.Time
		whole             bool
	}
	index := map[key]int{}
	var all []ledgerEntry
	for _, b := range blind {
		k := key{b.Collector, b.Reason, b.From, b.Until, b.Peer == nil}
		i, ok := index[k]
		if !ok {
			i = len(all)
			index[k] = i
			all = append(all, ledgerEntry{Blind: b})
		}
		if b.Peer != nil {
			all[i].peers = append(all[i].peers, *b.Peer)
		}
	}
	for _, e := range all {
		slices.SortFunc(e.peers, netip.Addr.Compare)
	}
	slices.SortStableFunc(all, func(a, b ledgerEntry) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Collector, b.Collector), cmp.Compare(a.Until, b.Until))
	})
	return all
}

// inState is how long a row was in a state within the question. Before its
// first run it is unknown.
func inState(r *finding.Row, q finding.Question, state string) (sum moment.Time) {
	figure.EachRun(r, q, func(from, until moment.Time, run finding.Run) {
		if run.State == state {
			sum += until - from
		}
	})
	return sum
}

// allTotal reports whether every outage of the whole subject was total, in one piece.
func (c *facts) allTotal() bool {
	for _, o := range c.whole {
		if !c.byTotal(o) {
			return false
		}
	}
	return len(c.whole) > 0
}

// note returns a note, and whether it is there.
func (c *facts) note(key string) (finding.Note, bool) {
	for _, n := range c.f.Notes {
		if n.Key == key {
			return n, true
		}
	}
	return finding.Note{}, false
}
