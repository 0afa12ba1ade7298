package lab

import (
	"bufio"
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxScenario bounds a scenario file; ours are a few kilobytes.
const maxScenario = 1 << 20

// ScenarioError says what is wrong with a scenario, and where.
type ScenarioError struct {
	File string
	Line int // 0: the file as a whole
	Text string
}

func (e *ScenarioError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("scenario %s: %s", e.File, e.Text)
	}
	return fmt.Sprintf("scenario %s, line %d: %s", e.File, e.Line, e.Text)
}

// parser reads a scenario one statement at a time; its words are the
// statement's, and take them from the front.
type parser struct {
	file  string
	line  int
	words []string
	s     *Scenario
	seen  map[string]int // statements that stand once, by their line
}

type parseFailure struct{ err *ScenarioError }

func (p *parser) fail(format string, args ...any) {
	panic(parseFailure{&ScenarioError{p.file, p.line, fmt.Sprintf(format, args...)}})
}

// Parse reads a scenario file and checks that it can be played: every name is
// known, every command is possible at its time, every prefix has one owner.
// Errors are [*ScenarioError].
func Parse(file string, src []byte) (sc *Scenario, err error) {
	p := &parser{file: file, s: &Scenario{Source: bytes.Clone(src), Idle: 20 * time.Second}, seen: map[string]int{}}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case parseFailure:
			sc, err = nil, r.err
		default:
			panic(r)
		}
	}()
	if len(src) > maxScenario {
		p.fail("larger than %d bytes: that is no scenario", maxScenario)
	}
	if !utf8.Valid(src) || bytes.ContainsRune(src, 0) {
		p.fail("not a text file (UTF-8)")
	}
	p.statements(src)
	p.line = 0
	p.check()
	return p.s, nil
}

// statements splits the file: a statement is a line and the indented lines
// below it; '#' begins a comment.
func (p *parser) statements(src []byte) {
	sc := bufio.NewScanner(bytes.NewReader(src))
	sc.Buffer(nil, maxScenario+1)
	n, start := 0, 0
	var words []string
	flush := func() {
		if len(words) > 0 {
			p.line, p.words = start, words
			p.statement()
			if len(p.words) > 0 {
				p.fail("%q: nothing more was expected here", p.words[0])
			}
		}
		words = nil
	}
	for sc.Scan() {
		n++
		text := sc.Text()
		if i := strings.IndexByte(text, '#'); i >= 0 {
			text = text[:i]
		}
		indented := text != "" && (text[0] == ' ' || text[0] == '\t')
		fields := strings.Fields(text)
		if len(fields) == 0 {
			continue
		}
		if indented {
			if len(words) == 0 {
				p.line = n
				p.fail("an indented line goes on with the statement above it, and there is none")
			}
			words = append(words, fields...)
			continue
		}
		flush()
		start, words = n, fields
	}
	flush()
}

func (p *parser) more() bool { return len(p.words) > 0 }

func (p *parser) next(what string) string {
	if !p.more() {
		p.fail("%s is missing", what)
	}
	w := p.words[0]
	p.words = p.words[1:]
	return w
}

// word takes w if it is the next word.
func (p *parser) word(w string) bool {
	if p.more() && p.words[0] == w {
		p.words = p.words[1:]
		return true
	}
	return false
}

func (p *parser) expect(w string) {
	if got := p.next(strconv.Quote(w)); got != w {
		p.fail("%q: %q was expected", got, w)
	}
}

func (p *parser) rest(what string) string {
	if !p.more() {
		p.fail("%s is missing", what)
	}
	t := strings.Join(p.words, " ")
	p.words = nil
	return t
}

func (p *parser) once(what string) {
	if l, ok := p.seen[what]; ok {
		p.fail("a second %q; the first is on line %d", what, l)
	}
	p.seen[what] = p.line
}

func parseASN(w string) (ASN, bool) {
	digits, ok := strings.CutPrefix(w, "AS")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	return ASN(n), err == nil && n > 0 && digits[0] != '+'
}

func (p *parser) asn(what string) ASN {
	w := p.next(what)
	a, ok := parseASN(w)
	if !ok {
		p.fail("%q: %s is written AS4837", w, what)
	}
	return a
}

func (p *parser) asns(what string) []ASN {
	as := []ASN{p.asn(what)}
	for p.more() && strings.HasPrefix(p.words[0], "AS") {
		a := p.asn(what)
		if slices.Contains(as, a) {
			p.fail("%s stands twice", a)
		}
		as = append(as, a)
	}
	return as
}

func isPrefix(w string) bool { return strings.ContainsRune(w, '/') }

// prefixes takes all prefixes that follow; there may be none.
func (p *parser) prefixes() []netip.Prefix {
	var ps []netip.Prefix
	for p.more() && isPrefix(p.words[0]) {
		w := p.next("a prefix")
		x, err := netip.ParsePrefix(w)
		if err != nil {
			p.fail("%q is no prefix such as 175.45.176.0/24: %v", w, err)
		}
		if x != x.Masked() {
			p.fail("%s: bits are set beyond the prefix length; did you mean %s?", w, x.Masked())
		}
		if slices.Contains(ps, x) {
			p.fail("%s stands twice", x)
		}
		ps = append(ps, x)
	}
	return ps
}

func (p *parser) duration(what string) time.Duration {
	w := p.next(what)
	d, err := time.ParseDuration(w)
	if err != nil || d <= 0 || d > 1000*24*time.Hour {
		p.fail("%q: %s is a length of time such as 90s, 10m or 2h", w, what)
	}
	return d
}

func (p *parser) time(what string) time.Time {
	w := p.next(what)
	t, err := time.Parse(time.RFC3339, w)
	if err != nil {
		p.fail("%q: %s is written 2014-12-22T16:15:00Z", w, what)
	}
	t = t.UTC()
	// MRT keeps seconds since 1970 in 32 bits (RFC 6396 §2).
	if t.Unix() < 0 || t.Unix() > 1<<32-1 || t.Nanosecond() != 0 {
		p.fail("%q: MRT cannot date it; whole seconds from 1970 to 2106 are possible", w)
	}
	return t
}

func (p *parser) number(what string, most int) int {
	w := p.next(what)
	n, err := strconv.Atoi(w)
	if err != nil || n < 0 || n > most {
		p.fail("%q: %s is a number from 0 to %d", w, what, most)
	}
	return n
}

func (p *parser) quoted(what string) string {
	w := p.next(what)
	t, ok := strings.CutPrefix(w, `"`)
	if !ok {
		p.fail("%q: %s stands in double quotes", w, what)
	}
	for !strings.HasSuffix(t, `"`) {
		t += " " + p.next("the closing double quote of "+what)
	}
	return strings.TrimSuffix(t, `"`)
}

func (p *parser) statement() {
	switch w := p.next("a statement"); w {
	case "scenario":
		p.once(w)
		p.s.Name = p.next("the scenario's name")
	case "title":
		p.once(w)
		p.s.Title = p.rest("the title")
	case "summary":
		p.once(w)
		p.s.Summary = p.rest("the summary")
	case "summary-fr":
		p.once(w)
		p.s.SummaryFR = p.rest("the summary in French")
	case "note":
		p.s.Notes = append(p.s.Notes, p.rest("the note"))
	case "act":
		p.once(w)
		p.s.Act = p.next("the kind of act")
	case "subject":
		p.once(w)
		p.s.Subject = Subject{Name: p.quoted("the subject's name"), Origins: p.asns("the subject's origin"), Prefixes: p.prefixes()}
	case "from":
		p.once(w)
		p.s.From = p.time("the beginning")
	case "until":
		p.once(w)
		p.s.Until = p.time("the end")
	case "files":
		p.once(w)
		p.expect("every")
		p.s.FilesEvery = p.duration("the length of a file")
	case "snapshots":
		p.once(w)
		p.expect("every")
		p.s.SnapshotsEvery = p.duration("the time between snapshots")
	case "idle":
		p.once(w)
		p.s.Idle = p.duration("the longest pause")
	case "router":
		p.router()
	case "link":
		p.link()
	case "collector":
		p.collector()
	case "background":
		p.once(w)
		p.background()
	case "truth":
		p.truth()
	case "at":
		p.at()
	case "then":
		p.then()
	case "settle":
		p.settle()
	default:
		p.fail("unknown statement %q; there are scenario, title, summary, summary-fr, note, act, subject, truth, from, until, files, snapshots, idle, router, link, collector, background, at, then, settle", w)
	}
}

func (p *parser) router() {
	r := Router{AS: p.asn("the router's AS"), Label: p.quoted("the router's name")}
	for p.more() {
		switch w := p.next("what the router is"); w {
		case "frr":
			r.FRR = true
		case "dampens":
			r.Dampens = true
		case "route-server":
			r.RouteServer = true
		case "blackholes":
			r.Blackhole = p.number("the community", 65535)
		case "pace":
			r.Pace = p.duration("the router's pace")
			if r.Pace < minPace || r.Pace > maxPace {
				p.fail("pace %v: from %v to %v is possible", r.Pace, minPace, maxPace)
			}
		case "announces":
			if r.Announces = p.prefixes(); r.Announces == nil {
				p.fail("what %s announces is missing", r.AS)
			}
		default:
			p.fail("%q: of a router there are frr, dampens, route-server, blackholes, pace and announces", w)
		}
	}
	if _, ok := p.s.router(r.AS); ok {
		p.fail("%s is there already: one router an AS", r.AS)
	}
	p.s.Routers = append(p.s.Routers, r)
}

func (p *parser) link() {
	l := Link{A: p.asn("the link's first AS")}
	switch w := p.next("-> or --"); w {
	case "->":
		l.Rel = CustomerOf
	case "--":
		l.Rel = PeerOf
	default:
		p.fail("%q: a link is written AS1 -> AS2 (customer, provider) or AS1 -- AS2 (peers)", w)
	}
	// Several neighbours of one kind may stand on one line.
	first := len(p.s.Links)
	for _, b := range p.asns("the link's second AS") {
		l.B = b
		switch {
		case l.A == l.B:
			p.fail("%s cannot be linked to itself", l.A)
		case p.s.link(l.A, l.B) >= 0:
			p.fail("%s and %s are linked already", l.A, l.B)
		}
		p.s.Links = append(p.s.Links, l)
	}
	if p.word("down") {
		p.s.Links[len(p.s.Links)-1].Down = true
	}
	if p.word("graceful") {
		for i := first; i < len(p.s.Links); i++ {
			p.s.Links[i].Graceful = true
		}
	}
	if p.word("hold") {
		d := p.duration("the hold time")
		if d < minHold || d > maxHold || d%time.Second != 0 {
			p.fail("hold %v: whole seconds from %v (RFC 4271 §4.2) to %v are possible", d, minHold, maxHold)
		}
		for i := first; i < len(p.s.Links); i++ {
			p.s.Links[i].Hold = d
		}
	}
}

func (p *parser) collector() {
	c := Collector{Name: p.next("the collector's name"), AS: p.asn("the collector's AS")}
	if !plainName(c.Name, 15) {
		p.fail("collector %q: a name is made of letters, digits, '-' and '.', and names a folder and an interface (15 at most)", c.Name)
	}
options:
	for {
		switch w := p.next(`"at"`); w {
		case "at":
			break options
		case "frr":
			c.FRR = true
		case "add-path":
			c.AddPath = true
		case "skew":
			w := p.next("how far its clock is ahead")
			d, err := time.ParseDuration(w)
			if err != nil || d%time.Second != 0 || d < -maxSkew || d > maxSkew {
				p.fail("skew %q: whole seconds such as 37s or -2m, up to %v", w, maxSkew)
			}
			c.Skew = d
		default:
			p.fail("%q: of a collector there are frr, add-path, skew, at and peers", w)
		}
	}
	w := p.next("the collector's address")
	a, err := netip.ParseAddr(w)
	if err != nil || a.Zone() != "" {
		p.fail("%q is no address: %v", w, err)
	}
	c.Addr = a
	p.expect("peers")
	c.Peers = p.asns("the collector's peer")
	if p.word("partial") {
		c.Partial = p.asns("the peer that tells its customers' routes only")
	}
	if _, ok := p.s.collector(c.Name); ok {
		p.fail("collector %s is there already", c.Name)
	}
	p.s.Collectors = append(p.s.Collectors, c)
}

// plainName reports whether a name can be a folder's, or an interface's (of
// which the kernel takes 15 bytes).
func plainName(s string, most int) bool {
	if s == "" || len(s) > most || s[0] == '.' || s[0] == '-' {
		return false
	}
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.') {
			return false
		}
	}
	return true
}

func (p *parser) background() {
	b := &Background{}
	p.expect("every")
	b.Every = p.duration("the time between changes")
	p.expect("seed")
	b.Seed = uint64(p.number("the seed", 1<<31-1))
	p.expect("from")
	b.From = p.asns("a router of the background")
	p.s.Background = b
}

// breaks are the hypotheses of the examiner (design, "Cause"), with the number
// of members each has at least.
var breaks = map[string]int{
	"origin": 1, "adjacency": 2, "transit-import": 1, "transit-export": 1, "export": 2, "node": 1,
	"observer": 0, "replaced": 0, "renumbered": 0, "none": 0,
	// A session over which routers themselves did not pass the subject's routes.
	"stop": 2,
}

func (p *parser) truth() {
	t := Truth{What: p.next("what is true")}
	if t.What == "note" {
		t.Text = p.rest("the note")
		p.s.Truth = append(p.s.Truth, t)
		return
	}
	least, ok := breaks[t.What]
	if !ok {
		p.fail("unknown break %q; there are origin, adjacency, transit-import, transit-export, export, node, observer, replaced, renumbered, none, stop, note", t.What)
	}
	if p.more() && strings.HasPrefix(p.words[0], "AS") {
		t.Members = p.asns("a member of the break")
	}
	if len(t.Members) < least {
		p.fail("truth %s: %d members are needed", t.What, least)
	}
	if t.What == "stop" && len(t.Members) > 2 {
		p.fail("truth stop: the two ends of one session are needed, the nearer to the origin first")
	}
	if p.word("from") {
		t.From = p.time("the beginning of the break")
		p.expect("until")
		t.Until = p.time("the end of the break")
		if !t.From.Before(t.Until) {
			p.fail("the break ends before it begins")
		}
	}
	p.s.Truth = append(p.s.Truth, t)
}

// at reads "at TIME: COMMAND"; the time may count from the beginning ("90s").
func (p *parser) at() {
	w := p.next("the time")
	w, ok := strings.CutSuffix(w, ":")
	if !ok {
		p.fail("a colon is missing after the time %q", w)
	}
	var t time.Time
	if d, err := time.ParseDuration(w); err == nil {
		if p.s.From.IsZero() {
			p.fail("a time that counts from the beginning needs the statement \"from\" above it")
		}
		if d < 0 || d > 1000*24*time.Hour || d%time.Second != 0 {
			p.fail("%q: whole seconds after the beginning are possible", w)
		}
		t = p.s.From.Add(d)
	} else {
		p.words = append([]string{w}, p.words...)
		t = p.time("the time")
	}
	p.s.Script = append(p.s.Script, Event{At: t, Line: p.line, Do: []Step{{Cmd: p.command(), Line: p.line}}})
}

// then reads "then DURATION: COMMAND": a further step of the event above, the
// given time after the step before it, in real seconds.
func (p *parser) then() {
	if len(p.s.Script) == 0 {
		p.fail("\"then\" goes on with an \"at\", and there is none above it")
	}
	w := p.next("the time after the step above")
	w, ok := strings.CutSuffix(w, ":")
	d, err := time.ParseDuration(w)
	if !ok || err != nil || d < 0 || d > time.Hour {
		p.fail("%q: a step is written \"then 3s: COMMAND\"", w)
	}
	e := &p.s.Script[len(p.s.Script)-1]
	last := e.Do[len(e.Do)-1].After
	e.Do = append(e.Do, Step{After: last + d, Cmd: p.command(), Line: p.line})
}

func (p *parser) settle() {
	if len(p.s.Script) == 0 {
		p.fail("\"settle\" dates the \"at\" above it, and there is none")
	}
	e := &p.s.Script[len(p.s.Script)-1]
	if e.Settle != nil {
		p.fail("the event is settled already")
	}
	st := &Settle{}
	switch w := p.next("loss or return"); w {
	case "loss":
		st.Loss = true
	case "return":
	default:
		p.fail("%q: \"settle loss on TIME\" or \"settle return on TIME\"", w)
	}
	p.expect("on")
	st.On = p.time("the time to settle on")
	e.Settle = st
}

// command reads one command of a script.
func (p *parser) command() Command {
	switch w := p.next("a command"); w {
	case "cut", "mend":
		c := Command{Verb: Cut, Who: p.asn("the link's first AS")}
		if w == "mend" {
			c.Verb = Mend
		}
		c.Whom.AS = p.asn("the link's second AS")
		return c
	case "lose":
		c := Command{Verb: Lose}
		w := p.next("how much is lost")
		n, err := strconv.Atoi(strings.TrimSuffix(w, "%"))
		if err != nil || n < 0 || n > 100 || !strings.HasSuffix(w, "%") || w[0] == '+' {
			p.fail("%q: how much is lost is written 95%%", w)
		}
		c.N, c.Who, c.Whom.AS = n, p.asn("the link's first AS"), p.asn("the link's second AS")
		return c
	case "stop", "start", "freeze", "thaw":
		c := Command{Verb: map[string]Verb{"stop": Stop, "start": Start, "freeze": Freeze, "thaw": Thaw}[w]}
		who := p.next("the router or collector")
		if a, ok := parseASN(who); ok {
			c.Who = a
		} else {
			c.Name = who
		}
		return c
	default:
		a, ok := parseASN(w)
		if !ok {
			p.fail("unknown command %q; there are cut, mend, lose, stop, start, freeze, thaw, and those that begin with an AS", w)
		}
		return p.commandOf(a)
	}
}

func (p *parser) commandOf(who ASN) Command {
	c := Command{Who: who}
	switch w := p.next("what " + who.String() + " does"); w {
	case "announces":
		c.Verb = Announce
		if c.Prefixes = p.prefixes(); c.Prefixes == nil {
			p.fail("what %s announces is missing", who)
		}
	case "stops":
		p.expect("announcing")
		c.Verb, c.Prefixes = Unannounce, p.prefixes()
	case "refuses", "accepts":
		c.Verb = Refuse
		if w == "accepts" {
			c.Verb = Accept
		}
		c.What = p.what()
		if p.word("from") {
			c.Whom = p.whom()
		}
	case "withholds":
		c.Verb, c.What = Withhold, p.what()
		if p.word("from") {
			c.Whom = p.whom()
		}
	case "passes":
		c.Verb, c.What = Pass, p.what()
		if p.word("to") {
			c.Whom = p.whom()
		}
	case "prepends":
		c.Verb, c.N, c.Prefixes = Prepend, p.number("how often", 20), p.prefixes()
	case "tags":
		c.Verb, c.Of = Tag, who
		if p.more() {
			if of, n, ok := strings.Cut(p.words[0], ":"); ok && !isPrefix(p.words[0]) {
				a, ok := parseASN("AS" + of)
				if !ok {
					p.fail("%q: a community is written 666 or 64510:666", p.words[0])
				}
				c.Of, p.words[0] = a, n
			}
		}
		c.N, c.Prefixes = p.number("the community", 65535), p.prefixes()
	default:
		p.fail("unknown command %q; an AS announces, stops announcing, refuses, accepts, withholds, passes, prepends or tags", w)
	}
	return c
}

func (p *parser) what() What {
	if ps := p.prefixes(); ps != nil {
		return What{Prefixes: ps}
	}
	return What{Origin: p.asn("the origin or prefixes meant")}
}

func (p *parser) whom() Whom {
	if p.more() {
		if k := slices.Index(kindNames[:], p.words[0]); k >= 0 {
			p.words = p.words[1:]
			return Whom{Kind: Kind(k)}
		}
	}
	return Whom{AS: p.asn("the neighbour, customers, peers, providers or all")}
}
