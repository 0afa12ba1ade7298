package plays

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"constat/judge/finding"
	"constat/moment"
)

// Kind is a kind of false statement.
type Kind string

// The kinds of false statements.
const (
	FalseOutage   Kind = "outage that was none"
	FalseStay     Kind = "stayed, and was out"
	FalseSubject  Kind = "another's end told as an outage"
	FalseTime     Kind = "onset or return at another time"
	FalseTotal    Kind = "total that was none, or longer than it was"
	FalseNoCut    Kind = "no cut, and it was one"
	FalseExcluded Kind = "excluded, and it did it"
	FalseWatch    Kind = "not watching, and it watched"
	FalseTwo      Kind = "established by copies"
	FalseBare     Kind = "no route, and there was one"
	FalseNew      Kind = "new or gone, and it was not"
	FalseCount    Kind = "counts of peers"
	NotTold       Kind = "outage that is not told"
)

// Kinds are all of them, in the order of tables.
var Kinds = []Kind{FalseOutage, FalseStay, FalseSubject, FalseTime, FalseTotal, FalseNoCut, FalseExcluded, FalseWatch, FalseTwo, FalseBare, FalseNew, FalseCount, NotTold}

// Falsehood is one statement of findings that the world contradicts.
type Falsehood struct {
	Kind Kind   `json:"kind"`
	Text string `json:"text"`
}

// Question is what is asked about a world, with what is known about the answer by the way
// the world was made.
type Question struct {
	Asked       string
	Origins     []uint32     // of an AS or a country; none: the prefix is the subject, whoever announces it
	Prefix      netip.Prefix // of a prefix as subject
	From, Until int64

	// Aside are prefixes that the subject announced and that are another's. Their end is no
	// outage of the subject.
	Aside map[netip.Prefix]bool
	// Foreign are networks whose routes to the country's addresses are not the country's.
	Foreign []uint32
	// Single says that one collector alone recorded what happened.
	Single bool
}

// How far times may be off, and how long a state must last to count, in seconds.
const (
	slack = 3
	least = 60
	apart = 35 // more than what joins two outages
)

// judge is the reading of the answer to one question.
type judge struct {
	a     *account
	q     Question
	f     *finding.Findings
	all   []netip.Prefix // of the subject
	who   origins
	read  map[string]map[netip.Prefix][]line // by networks
	found []Falsehood
	start int // what was before is not read
}

// Judge gives the statements of findings that are false of a world.
func (w *World) Judge(q Question, f *finding.Findings) []Falsehood {
	if w.account == nil {
		w.account = follow(w)
	}
	j := &judge{a: w.account, q: q, f: f, read: map[string]map[netip.Prefix][]line{}}
	for _, t := range w.tables {
		if t <= q.From && !(w.missing(0, t) || w.missing(1, t)) {
			j.start = int(t - noon)
		}
	}
	// The files are given, so those of two hours before the question are read, too, if none is missing.
	if int(q.From-noon) <= 7200 && w.unbroken(j.start) {
		j.start = 0
	}
	if q.Origins != nil {
		j.who = of(q.Origins...)
	}
	if q.Prefix.IsValid() {
		j.all = []netip.Prefix{q.Prefix}
	} else {
		j.aside()
		j.all = j.a.subject(j.who, j.q.Aside, j.q.Until)
	}
	for k := range f.Outages {
		j.outage(k, &f.Outages[k])
	}
	j.stayed()
	j.propositions()
	j.watch()
	j.watched()
	j.course()
	j.others()
	j.operators()
	return j.found
}

// unbroken reports whether no file is missing from the beginning to a second after noon.
func (w *World) unbroken(until int) bool {
	for t := int64(noon); t < noon+int64(until); t += 300 {
		if w.missing(0, t) || w.missing(1, t) {
			return false
		}
	}
	return true
}

// aside takes over what the findings set aside as another's, if it was.
func (j *judge) aside() {
	all := map[netip.Prefix]bool{}
	for q := range j.q.Aside {
		all[q] = true
	}
	for _, x := range j.f.Others {
		if !x.Aside || !x.Subject || all[x.Prefix] || j.a.routes[x.Prefix] == nil {
			continue
		}
		another := false
		for _, q := range append([]netip.Prefix{x.Prefix}, j.a.near[x.Prefix]...) {
			for as := range j.a.by[q] {
				another = another || !j.who.has(as) && !slices.Contains(j.a.w.same, as)
			}
		}
		if !another {
			j.say(FalseSubject, "%s is set aside, and nobody else announced its addresses", x.Prefix)
		}
		all[x.Prefix] = true
	}
	j.q.Aside = all
}

func (j *judge) say(k Kind, format string, args ...any) {
	// One of a kind is enough: scopes repeat each other.
	if !slices.ContainsFunc(j.found, func(f Falsehood) bool { return f.Kind == k }) {
		j.found = append(j.found, Falsehood{k, fmt.Sprintf(format, args...)})
	}
}

func clock(s int) string {
	return time.Unix(int64(noon+s), 0).UTC().Format("15:04:05")
}

func sec(t moment.Time) int { return int(t.Sec()) - noon }

func bound(s int) int { return max(0, min(s, span-1)) }

// of gives the lines of a prefix for the routes of some networks.
func (j *judge) of(q netip.Prefix, key string, o origins) []line {
	if j.read[key] == nil {
		j.read[key] = map[netip.Prefix][]line{}
	}
	ls, ok := j.read[key][q]
	if !ok && j.a.routes[q] != nil {
		if o == nil {
			o = j.anybody(q)
		}
		ls = j.a.lines(q, o, j.start)
		j.read[key][q] = ls
	}
	return ls
}

// anybody gives the networks whose routes count for a prefix as subject, and for those within it:
// whoever announces any of these. What such a network announces over it stands in, too.
func (j *judge) anybody(q netip.Prefix) origins {
	o := origins{}
	for _, x := range append([]netip.Prefix{q}, j.a.near[q]...) {
		if x == q || j.q.Prefix.IsValid() && j.q.Prefix.Bits() <= x.Bits() {
			for as := range j.a.by[x] {
				o[as] = true
			}
		}
	}
	return o
}

// scope gives the prefixes that an outage is of, with the networks whose routes count.
func (j *judge) scope(o *finding.Outage) (string, origins, []netip.Prefix) {
	switch o.Scope {
	case "prefix":
		q, err := netip.ParsePrefix(o.Name)
		if err != nil {
			return "", j.who, nil
		}
		return "", j.who, []netip.Prefix{q}
	case "origin":
		var n uint32
		fmt.Sscanf(o.Name, "AS%d", &n)
		own := of(n)
		var ps []netip.Prefix
		for _, q := range j.a.subject(own, j.q.Aside, j.q.Until) {
			if !j.q.Prefix.IsValid() || j.q.Prefix.Overlaps(q) {
				ps = append(ps, q)
			}
		}
		return o.Name, own, ps
	}
	if j.q.Prefix.IsValid() { // with what is announced within it, as far as that is not set aside
		var ps []netip.Prefix
		for _, p := range j.f.Subject.Prefixes {
			ps = append(ps, p.Prefix)
		}
		return "", j.who, ps
	}
	return "", j.who, j.all
}

// out reports whether a prefix is out by what is known at a second. Loosely, what a table
// lacks and what went back to another's usual route count as gone, and one network is enough.
func (j *judge) out(ls []line, s int, loosely bool) bool {
	n, networks := j.a.count(ls, s)
	if loosely {
		gone := n[lost] + n[lacks] + n[usual] + n[stale]
		return gone > 0 && n[holds] <= gone
	}
	return networks >= 2 && n[lacks] == 0 && n[holds]+n[stale] <= n[lost]
}

// stands reports whether a prefix is known not to be out, however it is read.
func (j *judge) stands(ls []line, s int) bool {
	n, _ := j.a.count(ls, s)
	return n[holds] > n[lost]+n[lacks]+n[usual]+n[stale]
}

func (j *judge) outage(k int, o *finding.Outage) {
	key, who, ps := j.scope(o)
	from, until := sec(o.From), int(j.q.Until-noon)-1
	if o.Until != nil {
		until = sec(*o.Until)
	}
	name := fmt.Sprintf("%s %s %s–%s", o.Scope, o.Name, clock(from), clock(until))
	if o.Scope == "prefix" && len(ps) == 1 && j.q.Aside[ps[0]] {
		j.say(FalseSubject, "outage of %s, which is another's", name)
		return
	}
	var all [][]line
	for _, q := range ps {
		if ls := j.of(q, key, who); ls != nil {
			all = append(all, ls)
		}
	}
	if len(all) == 0 {
		kind := FalseOutage
		if o.Scope != "prefix" && len(j.q.Aside) > 0 {
			kind = FalseSubject
		}
		j.say(kind, "%s: nothing of its own was ever there", name)
		return
	}
	any := func(s int, loosely bool) bool {
		for _, ls := range all {
			if j.out(ls, s, loosely) {
				return true
			}
		}
		return false
	}
	if o.Partial {
		j.partial(name, o, all, from, until)
		return
	}
	was, run := false, 0
	for s := bound(from - slack); s <= bound(until+slack); s++ {
		was = was || any(s, true)
	}
	if !was {
		kind := FalseOutage
		if len(j.q.Aside) > 0 {
			kind = FalseSubject
		}
		j.say(kind, "%s: at no second was it out", name)
		return
	}
	for s := bound(from + slack); s < until-slack; s++ {
		standing := true
		for _, ls := range all {
			standing = standing && j.stands(ls, s)
		}
		if run++; !standing {
			run = 0
		}
		if run == apart {
			j.say(FalseOutage, "%s: from %s on more than half held all of it", name, clock(s-apart))
			break
		}
	}
	if len(all) == 1 {
		j.bounds(name, o, any, from, until)
	}
	j.totals(name, o, all)
	j.ticks(name, o, key, ps, all)
	j.bare(name, o, ps, all)
	j.gone(name, o, all)
	j.lostPrefixes(name, o, all)
	j.witnesses(name, o, all)
}

// bounds holds the ends of an outage against seconds at which it was out beyond them.
func (j *judge) bounds(name string, o *finding.Outage, any func(int, bool) bool, from, until int) {
	early := from-apart >= 0
	for s := from - apart; early && s < from-slack; s++ {
		early = any(s, false)
	}
	if early && int64(noon+from) > j.q.From && o.Onset.First != nil {
		j.say(FalseTime, "%s: it was out before, at %s", name, clock(from-apart))
	}
	if o.Until == nil || o.Censored != nil {
		return
	}
	late := until+apart < span
	for s := until + slack; late && s < until+apart; s++ {
		late = any(s, false)
	}
	if late {
		j.say(FalseTime, "%s: it was still out at %s", name, clock(until+apart))
	}
}

func (j *judge) partial(name string, o *finding.Outage, all [][]line, from, until int) {
	for s := bound(from - slack); s <= bound(until+slack); s++ {
		for _, ls := range all {
			n, _ := j.a.count(ls, s)
			if n[lost]+n[lacks]+n[usual] >= 2 {
				return
			}
		}
	}
	j.say(FalseOutage, "partial %s: at no second did two lack it", name)
}

// coming counts the peers that hold a prefix and are sending their tables: what these have counts from their end.
func (j *judge) coming(ls []line, s int) int {
	n := 0
	for i := range ls {
		if ls[i].state[s] == holds && j.a.w.Peers[i].sending(int64(noon+s)) {
			n++
		}
	}
	return n
}

// carriers counts the peers that ever held a prefix.
func carriers(ls []line) int {
	n := 0
	for i := range ls {
		if slices.Contains(ls[i].state, holds) {
			n++
		}
	}
	return n
}

func (j *judge) totals(name string, o *finding.Outage, all [][]line) {
	most := 0
	for _, ls := range all {
		most = max(most, carriers(ls))
	}
	for _, x := range o.Total {
		until := int(j.q.Until - noon)
		if o.Until != nil { // if its end was not seen, it is not said to have lasted longer
			until = sec(*o.Until)
		}
		if x.Until != nil {
			until = sec(*x.Until)
		}
		for s := sec(x.From) + 1; s < until-1; s++ {
			held, routes := 0, 0
			for _, ls := range all {
				n, _ := j.a.count(ls, bound(s))
				held += n[holds] - j.coming(ls, bound(s))
				routes += len(ls) - n[no]
			}
			stuck := 0
			if most >= 20 {
				stuck = routes / 20
			}
			if s >= 0 && s < span && held > stuck {
				j.say(FalseTotal, "%s: total %s–%s, and at %s %d of %d routes were held", name, clock(sec(x.From)), clock(until), clock(s), held, routes)
				return
			}
		}
	}
}

// ticks holds the moments at which peers are said to have lost the last of it and to have had
// some of it again against what they held.
func (j *judge) ticks(name string, o *finding.Outage, key string, ps []netip.Prefix, all [][]line) {
	// Of an outage of several the moments are those of the prefixes that are measured, which are all of
	// them if the total is.
	if len(all) > 1 && (len(o.Total) == 0 || o.Lost.Prefixes < len(all)) {
		return
	}
	for _, x := range o.Peers {
		i := j.peer(x.Collector, x.Peer)
		// What is stuck at a peer counts for neither moment.
		stuck := slices.ContainsFunc(o.Witnesses.ZombieSuspects, func(p finding.PeerName) bool { return p.Collector == x.Collector && p.Peer == x.Peer })
		if i < 0 || stuck {
			continue
		}
		held := func(s int) bool {
			for _, ls := range all {
				if ls[i].truly[bound(s)] {
					return true
				}
			}
			return false
		}
		near := func(t moment.Time, want bool) bool {
			for s := sec(t) - 2; s <= sec(t)+2; s++ {
				// Of a session that broke without a word the files have the last word before.
				unseen := slices.ContainsFunc(all, func(ls []line) bool { return ls[i].state[bound(s)] == hidden })
				if held(s) == want || unseen {
					return true
				}
			}
			return false
		}
		if x.Lost != nil && !near(*x.Lost, false) {
			j.say(FalseTime, "%s: AS%d lost it at %s, and held it", name, x.AS, clock(sec(*x.Lost)))
			return
		}
		if x.Back != nil && !near(*x.Back, true) && !j.over(key, ps, i, sec(*x.Back)) {
			j.say(FalseTime, "%s: AS%d had it again at %s, and had not", name, x.AS, clock(sec(*x.Back)))
			return
		}
	}
}

// over reports whether a loss ended at a peer without the subject's route: the peer went back
// to the route of another that it had as the world began, while the subject's own were held
// elsewhere, or came within five minutes.
func (j *judge) over(key string, ps []netip.Prefix, i, s int) bool {
	for _, q := range ps {
		base := originOf(j.a.w.Peers[i].base[q])
		if base == 0 || j.a.routes[q][i].truth[bound(s)] != base {
			continue
		}
		for t := s; t < min(s+300, span); t++ {
			n, _ := j.a.count(j.read[key][q], t)
			if n[holds] >= 2 && 20*n[holds] > len(j.a.w.Peers) {
				return true
			}
		}
	}
	return false
}

func (j *judge) peer(collector string, addr netip.Addr) int {
	for i, p := range j.a.w.Peers {
		if p.Addr == addr && (j.a.w.Collectors[p.Collector] == collector || j.a.w.copied != nil) {
			return i
		}
	}
	return -1
}

// bare holds a time without any route against what those that had lost it held, by whomever.
func (j *judge) bare(name string, o *finding.Outage, ps []netip.Prefix, all [][]line) {
	if o.Bare == nil || o.Bare.Times != 1 || len(all) != 1 {
		return
	}
	for s := sec(o.Bare.From) + 1; s < sec(o.Bare.Until)-1; s++ {
		stood := 0
		for i := range all[0] {
			if x := all[0][i].state[s]; (x == lost || x == lacks) && j.a.routes[ps[0]][i].truth[s] != 0 {
				stood++
			}
		}
		if stood > max(1, len(all[0])/20) {
			j.say(FalseBare, "%s: bare %s–%s, and at %s %d had another's route", name, clock(sec(o.Bare.From)), clock(sec(o.Bare.Until)), clock(s), stood)
			return
		}
	}
}

// witnesses holds counts of peers against the world.
func (j *judge) witnesses(name string, o *finding.Outage, all [][]line) {
	carried, away := map[int]bool{}, map[int]bool{}
	trough := bound(sec(o.Trough))
	for _, ls := range all {
		for i := range ls {
			for s := 0; s < span; s++ {
				if ls[i].state[s] == holds || ls[i].truly[s] {
					carried[i] = true
					break
				}
			}
			for s := bound(trough - 2); s <= bound(trough+2); s++ {
				// Of a session that was reset without a word nobody knows when it was.
				x := ls[i].state[s]
				if x == hidden || x == lacks || x == usual || j.a.w.Peers[i].sends(int64(noon+s)) {
					away[i] = true
				}
			}
		}
	}
	if o.Witnesses.Carried > len(carried) {
		j.say(FalseCount, "%s: %d carried it, and it was %d", name, o.Witnesses.Carried, len(carried))
	}
	if o.Witnesses.Stopped > len(away) {
		j.say(FalseWatch, "%s: of %d peers nothing was known at %s, and it was of %d", name, o.Witnesses.Stopped, clock(trough), len(away))
	}
	if l := o.Left; l != nil && len(all) == 1 {
		gone := 0
		for i := range all[0] {
			if !all[0][i].truly[span-1] {
				gone++
			}
		}
		if l.Gone > gone && j.q.Until >= noon+span {
			j.say(FalseCount, "%s: %d were without it at the end, and it was %d", name, l.Gone, gone)
		}
	}
}
