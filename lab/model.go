package lab

import (
	"fmt"
	"net/netip"
	"slices"
)

// The model is what a scenario's small Internet is supposed to look like at a
// moment: which router announces what, which cables are plugged in, who
// refuses what. Commands change it; configurations are written from it. A
// script is tried on a model before anything is started, so that an impossible
// command costs nothing.

type runState int

const (
	running runState = iota
	stopped
	frozen
)

// own is a prefix a router announces itself.
type own struct {
	prefix  netip.Prefix
	prepend int
	tag     int // community of:tag; 0 none
	of      ASN
}

type policy struct {
	what What
	whom Whom
}

func (p policy) equal(q policy) bool { return p.whom == q.whom && p.what.equal(q.what) }

type routerState struct {
	run       runState
	owns      []own
	refuses   []policy
	withholds []policy
}

type model struct {
	s       *Scenario
	routers map[ASN]*routerState
	plugged []bool // by index of the scenario's links
	lossy   []int  // likewise: packets lost of a hundred
	coll    map[string]runState
}

func newModel(s *Scenario) *model {
	m := &model{s: s, routers: map[ASN]*routerState{}, coll: map[string]runState{}}
	for _, r := range s.Routers {
		st := &routerState{}
		for _, p := range r.Announces {
			st.owns = append(st.owns, own{prefix: p})
		}
		m.routers[r.AS] = st
	}
	for _, l := range s.Links {
		m.plugged, m.lossy = append(m.plugged, !l.Down), append(m.lossy, 0)
	}
	for _, c := range s.Collectors {
		m.coll[c.Name] = running
	}
	return m
}

// apply changes the model, or says why the command is impossible now.
func (m *model) apply(c Command) error {
	switch c.Verb {
	case Cut, Mend:
		i := m.s.link(c.Who, c.Whom.AS)
		if i < 0 {
			return fmt.Errorf("%s and %s are not linked", c.Who, c.Whom)
		}
		if m.plugged[i] == (c.Verb == Mend) {
			return fmt.Errorf("the link between %s and %s is %s already", c.Who, c.Whom, map[bool]string{true: "up", false: "cut"}[m.plugged[i]])
		}
		m.plugged[i] = c.Verb == Mend
		return nil
	case Lose:
		i := m.s.link(c.Who, c.Whom.AS)
		if i < 0 {
			return fmt.Errorf("%s and %s are not linked", c.Who, c.Whom)
		}
		if m.lossy[i] == c.N {
			return fmt.Errorf("the cable between %s and %s loses %d%% already", c.Who, c.Whom, c.N)
		}
		m.lossy[i] = c.N
		return nil
	case Stop, Start, Freeze, Thaw:
		return m.run(c)
	}
	r, ok := m.routers[c.Who]
	if !ok {
		return fmt.Errorf("there is no router %s", c.Who)
	}
	if r.run != running {
		return fmt.Errorf("%s is not running, so it can be told nothing", c.Who)
	}
	switch c.Verb {
	case Announce:
		for _, p := range c.Prefixes {
			if r.find(p) >= 0 {
				return fmt.Errorf("%s announces %s already", c.Who, p)
			}
			r.owns = append(r.owns, own{prefix: p})
		}
	case Unannounce:
		if len(c.Prefixes) == 0 {
			if len(r.owns) == 0 {
				return fmt.Errorf("%s announces nothing", c.Who)
			}
			r.owns = nil
		}
		for _, p := range c.Prefixes {
			i := r.find(p)
			if i < 0 {
				return fmt.Errorf("%s does not announce %s", c.Who, p)
			}
			r.owns = slices.Delete(r.owns, i, i+1)
		}
	case Prepend, Tag:
		ps := c.Prefixes
		if len(ps) == 0 {
			for _, o := range r.owns {
				ps = append(ps, o.prefix)
			}
		}
		if len(ps) == 0 {
			return fmt.Errorf("%s announces nothing", c.Who)
		}
		for _, p := range ps {
			i := r.find(p)
			if i < 0 {
				return fmt.Errorf("%s does not announce %s", c.Who, p)
			}
			if c.Verb == Prepend {
				r.owns[i].prepend = c.N
			} else {
				r.owns[i].tag, r.owns[i].of = c.N, c.Of
			}
		}
		if c.Verb == Tag && c.Of > 65535 {
			return fmt.Errorf("%s is too long for a community's first half (RFC 1997)", c.Of)
		}
	case Refuse:
		return m.add(&r.refuses, c)
	case Withhold:
		return m.add(&r.withholds, c)
	case Accept:
		return drop(&r.refuses, c, "refuse")
	case Pass:
		return drop(&r.withholds, c, "withhold")
	}
	return nil
}

func (r *routerState) find(p netip.Prefix) int {
	return slices.IndexFunc(r.owns, func(o own) bool { return o.prefix == p })
}

func (m *model) add(to *[]policy, c Command) error {
	p := policy{c.What, c.Whom}
	if c.Whom.AS != 0 && m.s.link(c.Who, c.Whom.AS) < 0 && !m.feeds(c.Who, c.Whom.AS) {
		return fmt.Errorf("%s is no neighbour of %s", c.Whom, c.Who)
	}
	if slices.ContainsFunc(*to, p.equal) {
		return fmt.Errorf("%q is so already", c)
	}
	*to = append(*to, p)
	return nil
}

func (m *model) feeds(as, collector ASN) bool {
	return slices.ContainsFunc(m.s.Collectors, func(c Collector) bool {
		return c.AS == collector && slices.Contains(c.Peers, as)
	})
}

func drop(from *[]policy, c Command, verb string) error {
	i := slices.IndexFunc(*from, policy{c.What, c.Whom}.equal)
	if i < 0 {
		return fmt.Errorf("%s does not %s %s towards %s, so there is nothing to undo", c.Who, verb, c.What, c.Whom)
	}
	*from = slices.Delete(*from, i, i+1)
	return nil
}

func (m *model) run(c Command) error {
	var (
		now runState
		set func(runState)
	)
	name := c.Name
	if name != "" {
		st, ok := m.coll[name]
		if !ok {
			return fmt.Errorf("there is no collector %s", name)
		}
		now, set = st, func(s runState) { m.coll[name] = s }
	} else {
		r, ok := m.routers[c.Who]
		if !ok {
			return fmt.Errorf("there is no router %s", c.Who)
		}
		name = c.Who.String()
		now, set = r.run, func(s runState) { r.run = s }
	}
	need := map[Verb]runState{Stop: running, Freeze: running, Start: stopped, Thaw: frozen}[c.Verb]
	if now != need {
		return fmt.Errorf("%s is %s", name, [...]string{"running", "stopped", "frozen"}[now])
	}
	set(map[Verb]runState{Stop: stopped, Freeze: frozen, Start: running, Thaw: running}[c.Verb])
	return nil
}
