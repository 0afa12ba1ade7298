package lab

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// linkNet4 is where the cables between routers have their addresses: the
// shared address space of RFC 6598, which no network of a scenario announces.
// linkNet6 is one of the local networks of RFC 4193.
var (
	linkNet4 = netip.MustParsePrefix("100.64.0.0/10")
	linkNet6 = netip.MustParsePrefix("fd64:40::/32")
)

func linkNet(v6 bool) netip.Prefix {
	if v6 {
		return linkNet6
	}
	return linkNet4
}

// linkAddrs returns the two ends of cable i, in the order of the link's ASes.
func linkAddrs(i int, v6 bool) (a, b netip.Addr) {
	if v6 {
		x := linkNet6.Addr().As16()
		x[12], x[13], x[14], x[15] = 0, byte(2*i>>16), byte(2*i>>8), byte(2*i)
		a = netip.AddrFrom16(x)
		return a, a.Next()
	}
	base := uint32(100)<<24 | uint32(64)<<16 | uint32(2*i)
	v4 := func(n uint32) netip.Addr {
		return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
	}
	return v4(base), v4(base + 1)
}

// peerAddr is the address of the i-th peer of a collector.
func (c *Collector) peerAddr(i int) netip.Addr {
	a := c.Addr
	for range i + 1 {
		a = a.Next()
	}
	return a
}

// Timers of the sessions. Real ones would make a run longer and the recording
// no truer: a session is meant to fail when the script says so, and to come
// back promptly after that.
func birdTimers(hold time.Duration) string {
	s := int(timerOf(hold) / time.Second)
	return fmt.Sprintf("\thold time %d; keepalive time %d;\n\tconnect delay time 1; connect retry time 3; error wait time 1, 2; startup hold time 60;\n", s, max(1, s/3))
}

// timerOf is a session's hold time.
func timerOf(hold time.Duration) time.Duration {
	if hold == 0 {
		return 30 * time.Minute
	}
	return hold
}

func familyName(v6 bool) string {
	if v6 {
		return "ipv6"
	}
	return "ipv4"
}

// Routes are told apart by where they were learned, in the usual way of the
// Internet (Gao and Rexford 2001): customers' routes are liked best and go to
// everybody; peers' and providers' routes go to customers only. The local
// preference never leaves the AS, so it serves as the mark, too.
var prefFor = [...]int{Customers: 300, Peers: 200, Providers: 100}

// routerConfig writes the BIRD configuration of a router as the model has it.
func (m *model) routerConfig(dir string, as ASN) string {
	var b strings.Builder
	st := m.routers[as]
	r, _ := m.s.router(as)
	idx := 0
	for i := range m.s.Routers {
		if m.s.Routers[i].AS == as {
			idx = i
		}
	}
	family := familyName(m.s.v6())
	fmt.Fprintf(&b, "# %s %s\n", as, strings.Map(printable, r.Label))
	fmt.Fprintf(&b, "log %q all;\n", filepath.Join(dir, as.String()+".log"))
	fmt.Fprintf(&b, "router id 100.127.%d.%d;\n", (idx+1)>>8, (idx+1)&255)
	fmt.Fprintf(&b, "protocol device { scan time 3600; }\n")
	fmt.Fprintf(&b, "protocol static own {\n\t%s;\n", family)
	for _, o := range st.owns {
		fmt.Fprintf(&b, "\troute %s unreachable {", o.prefix)
		for range o.prepend {
			fmt.Fprintf(&b, " bgp_path.prepend(%d);", uint32(as))
		}
		if o.tag != 0 {
			fmt.Fprintf(&b, " bgp_community.add((%d,%d));", uint32(o.of), o.tag)
		}
		b.WriteString(" };\n")
	}
	b.WriteString("}\n")
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
		fmt.Fprintf(&b, "protocol bgp to%d {\n\tlocal %s as %d; neighbor %s as %d;\n%s",
			uint32(other), mine, uint32(as), theirs, uint32(other), birdTimers(l.Hold))
		if r.RouteServer {
			b.WriteString("\trs client;\n")
		}
		if l.Graceful {
			b.WriteString("\tgraceful restart on; graceful restart time 4000;\n")
		}
		fmt.Fprintf(&b, "\t%s {\n\t\tnext hop self;\n\t\timport table; # a new filter judges what was heard before, too\n\t\timport filter {\n", family)
		writePolicies(&b, as, st.refuses, other, kind)
		if r.Blackhole != 0 && kind == Customers {
			fmt.Fprintf(&b, "\t\t\tif (%d,%d) ~ bgp_community || (65535,666) ~ bgp_community then bgp_community.add((65535,65281)); # NO_EXPORT (RFC 7999 §3.2)\n", uint32(as), r.Blackhole)
		}
		fmt.Fprintf(&b, "\t\t\tbgp_local_pref = %d; accept;\n\t\t};\n", prefFor[kind])
		fmt.Fprintf(&b, "\t\texport filter {\n")
		writePolicies(&b, as, st.withholds, other, kind)
		if kind == Customers || r.RouteServer {
			b.WriteString("\t\t\taccept;\n")
		} else {
			fmt.Fprintf(&b, "\t\t\tif source = RTS_STATIC || bgp_local_pref >= %d then accept;\n\t\t\treject;\n", prefFor[Customers])
		}
		b.WriteString("\t\t};\n\t};\n}\n")
	}
	for _, c := range m.s.Collectors {
		for i, p := range c.Peers {
			if p != as {
				continue
			}
			fmt.Fprintf(&b, "protocol bgp to_%s {\n\tlocal %s as %d; neighbor %s as %d;\n%s",
				strings.Map(symbol, c.Name), c.peerAddr(i), uint32(as), c.Addr, uint32(c.AS), birdTimers(0))
			if r.RouteServer {
				b.WriteString("\trs client;\n")
			}
			fmt.Fprintf(&b, "\t%s {\n\t\tnext hop self;\n\t\timport none;\n", family)
			if c.AddPath {
				b.WriteString("\t\tadd paths tx;\n")
			}
			b.WriteString("\t\texport filter {\n")
			// A collector is given everything, as a customer is.
			writePolicies(&b, as, st.withholds, c.AS, Customers)
			if slices.Contains(c.Partial, as) {
				fmt.Fprintf(&b, "\t\t\tif source != RTS_STATIC && bgp_local_pref < %d then reject;\n", prefFor[Customers])
			}
			b.WriteString("\t\t\taccept;\n\t\t};\n\t};\n}\n")
		}
	}
	return b.String()
}

// writePolicies writes the rejections that concern a neighbour.
func writePolicies(b *strings.Builder, me ASN, ps []policy, other ASN, kind Kind) {
	for _, p := range ps {
		if p.whom.AS != 0 && p.whom.AS != other || p.whom.AS == 0 && p.whom.Kind != Anybody && p.whom.Kind != kind {
			continue
		}
		if p.what.Origin == me { // its own routes have no path yet
			b.WriteString("\t\t\tif source = RTS_STATIC then reject;\n")
			continue
		}
		if p.what.Origin != 0 {
			fmt.Fprintf(b, "\t\t\tif bgp_path.last = %d then reject;\n", uint32(p.what.Origin))
			continue
		}
		fmt.Fprintf(b, "\t\t\tif net ~ [ %s ] then reject;\n", strings.ReplaceAll(joinPrefixes(p.what.Prefixes), " ", ", "))
	}
}

// collectorConfig writes the BIRD configuration of a collector. It logs every
// message and state change as MRT (whole seconds) and dumps tables on demand.
func (m *model) collectorConfig(dir, mrt string, c *Collector) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# collector %s\n", c.Name)
	fmt.Fprintf(&b, "log %q all;\n", filepath.Join(dir, c.Name+".log"))
	fmt.Fprintf(&b, "router id %s;\n", c.id())
	fmt.Fprintf(&b, "mrtdump %q;\nmrtdump protocols { states, messages };\n", mrt)
	fmt.Fprintf(&b, "protocol device { scan time 3600; }\n")
	paths := ""
	if c.AddPath {
		paths = " add paths rx;"
	}
	for i, p := range c.Peers {
		fmt.Fprintf(&b, "protocol bgp from%d {\n\tlocal %s as %d; neighbor %s as %d; passive;\n%s\t%s { import all; export none;%s };\n}\n",
			uint32(p), c.Addr, uint32(c.AS), c.peerAddr(i), uint32(p), birdTimers(0), familyName(m.s.v6()), paths)
	}
	return b.String()
}

// id is the collector's BGP identifier.
func (c *Collector) id() netip.Addr {
	if c.Addr.Is4() {
		return c.Addr
	}
	x := c.Addr.As16()
	return netip.AddrFrom4([4]byte{100, 127, 255, x[15]})
}

// symbol keeps what may stand in a name of BIRD's configuration.
func symbol(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return r
	}
	return '_'
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}
