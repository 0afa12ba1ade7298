package lab

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
)

// FRR's bgpd runs alone: without zebra it takes every next hop for reachable,
// and nothing here needs routes in a kernel.
//
// Its configuration is made of sections, so that a change of the model can be
// told to a running bgpd as the sections that changed. A section is a line and
// what belongs inside it.
type frrSection struct {
	head  string
	lines []string
}

// frrConfig writes the configuration of a router as the model has it: what
// stays the same, then what a script may change, in the order in which it can
// be told.
func (m *model) frrConfig(dir string, as ASN) (fixed string, changing []frrSection, own map[netip.Prefix]string) {
	st := m.routers[as]
	idx := slices.IndexFunc(m.s.Routers, func(r Router) bool { return r.AS == as })
	var b, fam strings.Builder
	own = map[netip.Prefix]string{}
	frrHead(&b, dir, as.String(), as, fmt.Sprintf("100.127.%d.%d", (idx+1)>>8, (idx+1)&255))

	// Lists first: a route-map that names an unknown one matches nothing.
	lists := map[string]bool{}
	list := func(head string) {
		if !lists[head] {
			lists[head] = true
			changing = append(changing, frrSection{head: head})
		}
	}
	var maps []frrSection
	deny := func(name string, ps []policy, other ASN, kind Kind) {
		seq := 0
		for _, p := range ps {
			if p.whom.AS != 0 && p.whom.AS != other || p.whom.AS == 0 && p.whom.Kind != Anybody && p.whom.Kind != kind {
				continue
			}
			seq++
			var match string
			switch {
			case p.what.Origin == as: // its own routes have no path yet
				list("bgp as-path access-list NONE seq 1 permit ^$")
				match = " match as-path NONE"
			case p.what.Origin != 0:
				list(fmt.Sprintf("bgp as-path access-list BY%d seq 1 permit _%d$", uint32(p.what.Origin), uint32(p.what.Origin)))
				match = fmt.Sprintf(" match as-path BY%d", uint32(p.what.Origin))
			default:
				ip, id := "ip", strings.Map(symbol, joinPrefixes(p.what.Prefixes))
				if m.s.v6() {
					ip = "ipv6"
				}
				for i, x := range p.what.Prefixes {
					list(fmt.Sprintf("%s prefix-list N%s seq %d permit %s", ip, id, i+1, x))
				}
				if !m.s.v6() {
					match = " match ip address prefix-list N" + id
				} else {
					match = " match ipv6 address prefix-list N" + id
				}
			}
			maps = append(maps, frrSection{fmt.Sprintf("route-map %s deny %d", name, seq), []string{match}})
		}
	}
	neighbour := func(mine, theirs netip.Addr, other ASN, hold int, filters bool, more ...string) {
		fmt.Fprintf(&b, " neighbor %s remote-as %d\n", theirs, uint32(other))
		fmt.Fprintf(&b, " neighbor %s update-source %s\n neighbor %s disable-connected-check\n", theirs, mine, theirs)
		fmt.Fprintf(&b, " neighbor %s timers %d %d\n neighbor %s timers connect 1\n neighbor %s advertisement-interval 0\n", theirs, max(1, hold/3), hold, theirs, theirs)
		fmt.Fprintf(&fam, "  neighbor %s activate\n  neighbor %s next-hop-self\n", theirs, theirs)
		if filters {
			fmt.Fprintf(&fam, "  neighbor %s soft-reconfiguration inbound\n", theirs)
		}
		for _, x := range more {
			fmt.Fprintf(&fam, "  neighbor %s %s\n", theirs, x)
		}
	}
	for i, l := range m.s.Links {
		if l.A != as && l.B != as {
			continue
		}
		mine, theirs := linkAddrs(i, m.s.v6())
		other := l.B
		if l.B == as {
			mine, theirs, other = theirs, mine, l.A
		}
		kind := l.kindOf(as)
		in, out := fmt.Sprintf("IN%d", uint32(other)), fmt.Sprintf("OUT%d", uint32(other))
		neighbour(mine, theirs, other, int(timerOf(l.Hold).Seconds()), true, "route-map "+in+" in", "route-map "+out+" out")
		deny(in, st.refuses, other, kind)
		maps = append(maps, frrSection{"route-map " + in + " permit 1000", []string{fmt.Sprintf(" set local-preference %d", prefFor[kind])}})
		deny(out, st.withholds, other, kind)
		pass := frrSection{"route-map " + out + " permit 1000", nil}
		if kind != Customers {
			pass.lines = []string{fmt.Sprintf(" match local-preference %d", prefFor[Customers])}
		}
		maps = append(maps, pass)
	}
	for _, c := range m.s.Collectors {
		i := slices.Index(c.Peers, as)
		if i < 0 {
			continue
		}
		// A collector is given everything, as a customer is.
		out := "OUT" + strings.Map(symbol, c.Name)
		more := []string{"route-map NOTHING in", "route-map " + out + " out"}
		if c.AddPath {
			more = append(more, "addpath-tx-all-paths")
		}
		neighbour(c.peerAddr(i), c.Addr, c.AS, int(timerOf(0).Seconds()), false, more...)
		deny(out, st.withholds, c.AS, Customers)
		pass := frrSection{"route-map " + out + " permit 1000", nil}
		if slices.Contains(c.Partial, as) {
			pass.lines = []string{fmt.Sprintf(" match local-preference %d", prefFor[Customers])}
		}
		maps = append(maps, pass)
	}
	for _, o := range st.owns {
		// Its own routes bear the customers' preference, by which they are
		// passed to everybody.
		name := fmt.Sprintf("OWN%d_%d_%d", o.prepend, uint32(o.of), o.tag)
		own[o.prefix] = name
		s := frrSection{"route-map " + name + " permit 1", []string{fmt.Sprintf(" set local-preference %d", prefFor[Customers])}}
		if o.prepend > 0 {
			s.lines = append(s.lines, " set as-path prepend"+strings.Repeat(fmt.Sprintf(" %d", uint32(as)), o.prepend))
		}
		if o.tag != 0 {
			s.lines = append(s.lines, fmt.Sprintf(" set community %d:%d additive", uint32(o.of), o.tag))
		}
		if !slices.ContainsFunc(maps, func(x frrSection) bool { return x.head == s.head }) {
			maps = append(maps, s)
		}
		fmt.Fprintf(&fam, "  network %s route-map %s\n", o.prefix, name)
	}
	if m.s.Routers[idx].Dampens {
		// A half-life of two minutes, else no performance would see the end of it.
		fam.WriteString("  bgp dampening 2 750 2000 8\n")
	}
	fmt.Fprintf(&b, " address-family %s unicast\n%s exit-address-family\nexit\n", familyName(m.s.v6()), fam.String())
	return b.String(), append(changing, maps...), own
}

// frrHead writes how every configuration begins.
func frrHead(b *strings.Builder, dir, name string, as ASN, id string) {
	fmt.Fprintf(b, "hostname %s\nlog file %s errors\n", name, filepath.Join(dir, name+".log"))
	// Routes are judged anew when the lab says so, not by a timer.
	fmt.Fprintf(b, "bgp route-map delay-timer 0\nrouter bgp %d\n bgp router-id %s\n", uint32(as), id)
	b.WriteString(" no bgp default ipv4-unicast\n no bgp ebgp-requires-policy\n no bgp network import-check\n no bgp suppress-duplicates\n")
}

// frrText puts the lists and maps first: a bgpd that reads of a map before it
// is there does without it.
func frrText(fixed string, changing []frrSection) string {
	var b strings.Builder
	b.WriteString("route-map NOTHING deny 1\nexit\n")
	for _, s := range changing {
		b.WriteString(s.head + "\n")
		for _, l := range s.lines {
			b.WriteString(l + "\n")
		}
		if len(s.lines) > 0 || strings.HasPrefix(s.head, "route-map") {
			b.WriteString("exit\n")
		}
	}
	b.WriteString(fixed)
	return b.String()
}

// frrChange says what to tell a running bgpd so that it comes from one
// configuration to another. Lists and maps that are needed come first, what is
// not any more goes last.
func frrChange(as ASN, v6 bool, was, is []frrSection, had, has map[netip.Prefix]string) []string {
	var cmds []string
	old := map[string]frrSection{}
	for _, s := range was {
		old[s.head] = s
	}
	for _, s := range is {
		if o, ok := old[s.head]; ok && slices.Equal(o.lines, s.lines) {
			continue
		}
		cmds = append(append(cmds, s.head), s.lines...)
		if strings.HasPrefix(s.head, "route-map") {
			cmds = append(cmds, "exit")
		}
	}
	cmds = append(cmds, fmt.Sprintf("router bgp %d", uint32(as)), "address-family "+familyName(v6)+" unicast")
	order := func(m map[netip.Prefix]string) []netip.Prefix {
		var ps []netip.Prefix
		for p := range m {
			ps = append(ps, p)
		}
		slices.SortFunc(ps, func(a, b netip.Prefix) int { return strings.Compare(a.String(), b.String()) })
		return ps
	}
	for _, p := range order(had) {
		if _, ok := has[p]; !ok {
			cmds = append(cmds, fmt.Sprintf("no network %s", p))
		}
	}
	for _, p := range order(has) {
		if had[p] != has[p] {
			cmds = append(cmds, fmt.Sprintf("network %s route-map %s", p, has[p]))
		}
	}
	cmds = append(cmds, "exit-address-family", "exit")
	var gone []string
	for _, s := range was {
		if !slices.ContainsFunc(is, func(x frrSection) bool { return x.head == s.head }) {
			gone = append(gone, "no "+s.head)
		}
	}
	slices.Reverse(gone) // maps before the lists that they name
	cmds = append(append([]string{"configure terminal"}, append(cmds, gone...)...), "end")
	filters := func(ss []frrSection) (heads []string) {
		for _, s := range ss {
			if strings.HasPrefix(s.head, "route-map IN") || strings.HasPrefix(s.head, "route-map OUT") {
				heads = append(heads, s.head)
			}
		}
		return heads
	}
	if !slices.Equal(filters(was), filters(is)) {
		// Routes heard before are judged anew, and everybody is told again
		// what stayed, as by an operator who does the same.
		cmds = append(cmds, "clear bgp * soft")
	}
	return cmds
}

// frrCollector writes the configuration of a collector, which logs every
// message and state change as MRT, with microseconds.
func (m *model) frrCollector(dir, mrt string, c *Collector) string {
	var b, fam strings.Builder
	b.WriteString("route-map NOTHING deny 1\nexit\n")
	frrHead(&b, dir, c.Name, c.AS, c.id().String())
	for i, p := range c.Peers {
		a := c.peerAddr(i)
		s := int(timerOf(0).Seconds())
		fmt.Fprintf(&b, " neighbor %s remote-as %d\n neighbor %s update-source %s\n neighbor %s disable-connected-check\n neighbor %s timers %d %d\n neighbor %s passive\n",
			a, uint32(p), a, c.Addr, a, a, s/3, s, a)
		fmt.Fprintf(&fam, "  neighbor %s activate\n  neighbor %s route-map NOTHING out\n", a, a)
	}
	fmt.Fprintf(&b, " address-family %s unicast\n%s exit-address-family\nexit\ndump bgp all-et %s\n", familyName(m.s.v6()), fam.String(), mrt)
	return b.String()
}
