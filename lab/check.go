package lab

import (
	"net/netip"
	"slices"
	"time"
)

// Bounds of what is played. A namespace and a process cost a few megabytes, so
// a hundred routers fit a laptop.
const (
	maxRouters = 120
	maxEvents  = 2000 // scripted ones; each takes seconds to play
	minPace    = 200 * time.Millisecond
	maxPace    = 60 * time.Second
	minHold    = 3 * time.Second
	maxHold    = 180 * time.Second
	maxSkew    = 10 * time.Minute
	maxName    = 40
)

// check refuses what cannot be played.
func (p *parser) check() {
	s := p.s
	for _, w := range []string{"scenario", "summary", "from", "until", "files"} {
		if _, ok := p.seen[w]; !ok {
			p.fail("the statement %q is missing", w)
		}
	}
	if !plainName(s.Name, maxName) {
		p.fail("the name %q is made of letters, digits, '-' and '.' (%d at most)", s.Name, maxName)
	}
	if !s.From.Before(s.Until) {
		p.fail("it ends (%s) before it begins (%s)", s.Until.Format(time.RFC3339), s.From.Format(time.RFC3339))
	}
	const day = 24 * time.Hour
	if s.Until.Sub(s.From) > 31*day {
		p.fail("longer than 31 days")
	}
	for _, g := range []struct {
		name string
		d    time.Duration
	}{{"files", s.FilesEvery}, {"snapshots", s.SnapshotsEvery}} {
		if g.d != 0 && (g.d < time.Minute || day%g.d != 0 || g.d%time.Minute != 0) {
			p.fail("%s every %v: archives cut the day into equal parts of whole minutes", g.name, g.d)
		}
	}
	if s.SnapshotsEvery%s.FilesEvery != 0 {
		p.fail("snapshots every %v, files every %v: a snapshot stands at the beginning of a file", s.SnapshotsEvery, s.FilesEvery)
	}
	if s.Idle < time.Second {
		p.fail("idle %v: at least 1s is needed for routers to act at all", s.Idle)
	}
	p.checkTopology()
	p.checkScript()
}

func (p *parser) checkTopology() {
	s := p.s
	if len(s.Routers) == 0 {
		p.fail("there is no router")
	}
	if len(s.Routers) > maxRouters {
		p.fail("%d routers; up to %d can be played", len(s.Routers), maxRouters)
	}
	if len(s.Collectors) == 0 {
		p.fail("there is no collector: nothing would be recorded")
	}
	owner := map[netip.Prefix]ASN{}
	for _, r := range s.Routers {
		for _, x := range r.Announces {
			p.family(x)
			if n := linkNet(s.v6()); n.Overlaps(x) {
				p.fail("%s announces %s, which the cables of the lab use (%s)", r.AS, x, n)
			}
			if o, ok := owner[x]; ok {
				p.fail("%s is announced by %s and by %s from the beginning; let the script do that", x, o, r.AS)
			}
			owner[x] = r.AS
		}
		p.checkRouter(&r)
	}
	for _, l := range s.Links {
		for _, as := range []ASN{l.A, l.B} {
			if _, ok := s.router(as); !ok {
				p.fail("the link between %s and %s: there is no router %s", l.A, l.B, as)
			}
		}
	}
	for _, l := range s.Links {
		a, _ := s.router(l.A)
		b, _ := s.router(l.B)
		if l.Graceful && (a.FRR || b.FRR) {
			p.fail("%s and %s: a graceful link has a BIRD at either end", l.A, l.B)
		}
	}
	if as := s.providerCycle(); as != 0 {
		p.fail("%s is a customer of its own customers: routes would never settle", as)
	}
	taken := map[netip.Addr]string{}
	for _, c := range s.Collectors {
		if _, ok := s.router(c.AS); ok {
			p.fail("collector %s: %s is a router", c.Name, c.AS)
		}
		if c.Addr.Is4() == s.v6() {
			p.fail("collector %s: its address is of another family than that of collector %s; a scenario is played in one", c.Name, s.Collectors[0].Name)
		}
		if c.FRR && c.AddPath {
			p.fail("collector %s: add-path needs a BIRD, whose files say which paths are meant (RFC 8050)", c.Name)
		}
		a := c.Addr
		for i := range len(c.Peers) + 1 {
			if i > 0 {
				a = a.Next()
			}
			if o, ok := taken[a]; ok || !a.IsValid() || linkNet(s.v6()).Contains(a) {
				p.fail("collector %s at %s: it and its peers need %d addresses of their own (%v; taken by %q)", c.Name, c.Addr, len(c.Peers)+1, a, o)
			}
			taken[a] = c.Name
		}
		for _, as := range c.Peers {
			if _, ok := s.router(as); !ok {
				p.fail("collector %s: there is no router %s", c.Name, as)
			}
		}
		for _, as := range c.Partial {
			if !slices.Contains(c.Peers, as) {
				p.fail("collector %s: %s is partial, but no peer of it", c.Name, as)
			}
		}
	}
}

// providerCycle returns an AS that is, through others, its own provider, or 0.
func (s *Scenario) providerCycle() ASN {
	up := map[ASN][]ASN{}
	for _, l := range s.Links {
		if l.Rel == CustomerOf {
			up[l.A] = append(up[l.A], l.B)
		}
	}
	const visiting, done = 1, 2
	state := map[ASN]int{}
	var visit func(ASN) bool
	visit = func(as ASN) bool {
		switch state[as] {
		case visiting:
			return true
		case done:
			return false
		}
		state[as] = visiting
		if slices.ContainsFunc(up[as], visit) {
			return true
		}
		state[as] = done
		return false
	}
	for _, r := range s.Routers {
		if visit(r.AS) {
			return r.AS
		}
	}
	return 0
}

// checkScript plays the script on a model.
func (p *parser) checkScript() {
	s := p.s
	if len(s.Script) > maxEvents {
		p.fail("%d events; up to %d can be played", len(s.Script), maxEvents)
	}
	m := newModel(s)
	end := s.From
	endLine := 0
	for i := range s.Script {
		e := &s.Script[i]
		p.line = e.Line
		if e.At.Before(s.From) || !e.At.Before(s.Until) {
			p.fail("%s is not between %s and %s", e.At.Format(time.RFC3339), s.From.Format(time.RFC3339), s.Until.Format(time.RFC3339))
		}
		if e.At.Before(end) {
			p.fail("it begins before the event on line %d is over; events stand in order of time, and steps of one event under it (\"then\")", endLine)
		}
		for _, st := range e.Do {
			p.line = st.Line
			p.checkPrefixes(st.Cmd)
			if err := m.apply(st.Cmd); err != nil {
				p.fail("%v", err)
			}
		}
		end, endLine = e.At.Add(e.Do[len(e.Do)-1].After+time.Second), e.Line
		if e.Settle != nil {
			if len(s.Subject.Prefixes) == 0 {
				p.fail("\"settle\" measures the subject's prefixes, and the subject has none")
			}
			if d := e.Settle.On.Sub(e.At); d < 0 || d > 10*time.Minute {
				p.fail("settle on %s: that is %v after the event; from 0 to 10 minutes are possible", e.Settle.On.Format(time.RFC3339), d)
			}
		}
	}
	p.line = 0
	if end.After(s.Until) {
		p.fail("the last event is not over at the end, %s", s.Until.Format(time.RFC3339))
	}
	if s.Background != nil {
		p.line = p.seen["background"]
		for _, as := range s.Background.From {
			r, ok := s.router(as)
			if !ok {
				p.fail("there is no router %s", as)
			}
			if len(r.Announces) == 0 || as > 65535 {
				p.fail("%s cannot make weather: it needs networks and a number of 16 bits (RFC 1997)", as)
			}
		}
		if s.Until.Sub(s.From)/s.Background.Every > 10*maxEvents {
			p.fail("every %v makes more than %d changes", s.Background.Every, 10*maxEvents)
		}
		if s.Background.Every < 2*weatherGap {
			p.fail("every %v: at least %v is needed", s.Background.Every, 2*weatherGap)
		}
	}
	evs := s.events()
	m = newModel(s) // once more, with the weather between
	for _, e := range evs {
		for _, st := range e.Do {
			if err := m.apply(st.Cmd); err != nil {
				p.fail("at %s: %v", e.At.Format(time.RFC3339), err)
			}
		}
	}
}

func (p *parser) checkPrefixes(c Command) {
	for _, x := range c.Prefixes {
		p.family(x)
	}
	for _, x := range c.What.Prefixes {
		p.family(x)
	}
	if c.Verb == Lose {
		if i := p.s.link(c.Who, c.Whom.AS); i >= 0 && p.s.Links[i].Hold == 0 {
			p.fail("%s and %s have no hold time that could expire: write it behind their link (hold 9s)", c.Who, c.Whom)
		}
	}
}

// family refuses a prefix that the collectors' sessions do not carry.
func (p *parser) family(x netip.Prefix) {
	if x.Addr().Is4() == p.s.v6() {
		p.fail("%s: a scenario is played in one family, that of its collectors' addresses", x)
	}
}

// checkRouter refuses what a router cannot be.
func (p *parser) checkRouter(r *Router) {
	if r.Blackhole != 0 && r.FRR {
		p.fail("%s blackholes: only a BIRD is configured for that here", r.AS)
	}
	if r.Dampens && !r.FRR {
		p.fail("%s dampens: only an FRR can", r.AS)
	}
	if r.Blackhole != 0 && r.AS > 65535 {
		p.fail("%s blackholes: it is too long for a community's first half (RFC 1997)", r.AS)
	}
	if !r.RouteServer {
		return
	}
	if r.FRR || len(r.Announces) > 0 || r.Blackhole != 0 {
		p.fail("%s: a route server is a BIRD that announces and blackholes nothing", r.AS)
	}
	for _, l := range p.s.Links {
		if (l.A == r.AS || l.B == r.AS) && l.Rel != PeerOf {
			p.fail("%s: the members of a route server are its peers (%s -- %s)", r.AS, l.A, l.B)
		}
	}
}

// v6 says that the scenario is played over IPv6.
func (s *Scenario) v6() bool { return len(s.Collectors) > 0 && !s.Collectors[0].Addr.Is4() }
