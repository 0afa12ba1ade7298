package filter

import (
	"fmt"
	"net/netip"

	"constat/internal/worded"
	"constat/judge/block"
)

// Blackhole routes, on destinations (RFC 5635 §3): a router of the applier's own
// announces the target's routes to the applier's others with a next hop that they
// discard. Each route is written as it is announced by the target: an aggregated
// /22 attracts nothing while four /24s stand, since the longest match wins. They
// carry BLACKHOLE (RFC 7999) and NO_EXPORT, so that no other network hears of them;
// BIRD heeds that for routes that it has learned by BGP alone, and needs a filter.

// Communities, as router, text and number.
const (
	blackhole = "65535:666"   // RFC 7999
	noExport  = "65535:65281" // RFC 1997
)

func warnRTBH(m *Measure) []string {
	out := []string{
		"for the applier's own routers alone: another network accepts a BLACKHOLE route only for addresses of the sender's own (RFC 7999 section 3.3).",
		"while these routes are the best ones, an applier that passes on only its best route withdraws the target's from its neighbours, since NO_EXPORT stops it: from outside it looks like a refusal.",
	}
	if m.Direction == block.In {
		out = append(out, "drops packets to the target; those from it pass, unless loose unicast RPF is on (RFC 5635 section 4).")
	}
	if m.Within || len(m.Origins) > 0 {
		out = append(out, "stops the routes that are announced now: a more specific one that the target announces later passes.")
	}
	return out
}

// refuseRTBH: a route that holds the next hop to be discarded would be reached over itself.
func refuseRTBH(m *Measure) error {
	for _, r := range m.holes {
		for _, a := range m.Discard {
			if r.Prefix.Contains(a) {
				return worded.Errorf("rtbh: %s holds %s, the next hop that blackhole routes are sent to; name another with --discard", r.Prefix, a)
			}
		}
	}
	return nil
}

// discard is the next hop of a prefix's blackhole route.
func (s *sheet) discard(p netip.Prefix) netip.Addr {
	if p.Addr().Is6() {
		return s.Discard[1]
	}
	return s.Discard[0]
}

func (s *sheet) eachFamily(f func(v6 bool, routes []Route)) {
	for _, v6 := range []bool{false, true} {
		if rs := of(s.holes, v6); len(rs) > 0 {
			f(v6, rs)
		}
	}
}

func rtbhBird(s *sheet) {
	s.say("", "Include on the triggering router, above its protocols; its sessions inside the network must export these routes.")
	s.say("", "BIRD passes static routes to other networks whatever their communities: begin the export filters of")
	s.say("", "ALL sessions with other networks with: if %s_rtbh() then reject;", s.lower())
	s.say("", "Without it you would announce the target's routes as your own.")
	s.printf("function %s_rtbh() {\n\treturn source = RTS_STATIC && (proto = \"%s_rtbh4\" || proto = \"%s_rtbh6\");\n}\n", s.lower(), s.lower(), s.lower())
	s.eachFamily(func(v6 bool, rs []Route) {
		s.printf("protocol static %s_rtbh%s {\n\tipv%s;\n", s.lower(), digit(v6), digit(v6))
		for _, r := range rs {
			s.say("\t", "%s", r.Reason)
			s.printf("\troute %s blackhole {\n\t\tbgp_community.add((65535,666));\n\t\tbgp_community.add((65535,65281));\n\t\tbgp_local_pref = 200;\n\t\tbgp_next_hop = %s;\n\t};\n", r.Prefix, s.discard(r.Prefix))
		}
		s.printf("}\n")
	})
}

func unrtbhBird(s *sheet) {
	s.say("", "Put this file, which holds no route, in the place of the measure's, then: birdc configure")
	s.printf("function %s_rtbh() {\n\treturn false;\n}\n", s.lower())
}

func rtbhFRR(s *sheet) {
	name := s.upper() + "-RTBH"
	s.printf("route-map %s permit 10\n set community %s no-export\n set local-preference 200\n set ip next-hop %s\n set ipv6 next-hop global %s\nexit\n", name, blackhole, s.Discard[0], s.Discard[1])
	s.eachFamily(func(v6 bool, rs []Route) {
		ip := map[bool]string{false: "ip", true: "ipv6"}[v6]
		for _, r := range rs {
			s.say("", "%s", r.Reason)
			s.printf("%s route %s blackhole\n", ip, r.Prefix)
		}
	})
	if len(s.At) != 1 {
		s.say("", "Put in the number of the network where AS-NUMBER stands:")
	}
	s.printf("router bgp %s\n", s.one())
	s.eachFamily(func(v6 bool, rs []Route) {
		s.printf(" address-family ipv%s unicast\n", digit(v6))
		for _, r := range rs {
			s.printf("  network %s route-map %s\n", r.Prefix, name)
		}
		s.printf(" exit-address-family\n")
	})
	s.printf("exit\n")
}

// one is the number of the applier, if it is one.
func (s *sheet) one() string {
	if len(s.At) == 1 {
		return fmt.Sprint(s.At[0])
	}
	return "AS-NUMBER"
}

func unrtbhFRR(s *sheet) {
	s.printf("router bgp %s\n", s.one())
	s.eachFamily(func(v6 bool, rs []Route) {
		s.printf(" address-family ipv%s unicast\n", digit(v6))
		for _, r := range rs {
			s.printf("  no network %s\n", r.Prefix)
		}
		s.printf(" exit-address-family\n")
	})
	s.printf("exit\n")
	s.eachFamily(func(v6 bool, rs []Route) {
		for _, r := range rs {
			s.printf("no %s route %s blackhole\n", map[bool]string{false: "ip", true: "ipv6"}[v6], r.Prefix)
		}
	})
	s.printf("no route-map %s-RTBH\n", s.upper())
}

func rtbhOpenBGPD(s *sheet) {
	s.say("", "Include on the triggering router, then: bgpctl reload")
	s.eachFamily(func(_ bool, rs []Route) {
		for _, r := range rs {
			s.say("", "%s", r.Reason)
			s.printf("network %s set { community BLACKHOLE community NO_EXPORT localpref 200 nexthop %s }\n", r.Prefix, s.discard(r.Prefix))
		}
	})
}

func unrtbhOpenBGPD(s *sheet) {
	s.say("", "Put this file, which holds no route, in the place of the measure's, then: bgpctl reload")
}

func rtbhExaBGP(s *sheet) {
	s.say("", "A template of neighbours: sessions inside the network say inherit %s;", s.lower())
	s.printf("template {\n\tneighbor %s {\n\t\tannounce {\n", s.lower())
	s.eachFamily(func(v6 bool, rs []Route) {
		s.printf("\t\t\tipv%s {\n", digit(v6))
		for _, r := range rs {
			s.say("\t\t\t\t", "%s", r.Reason)
			s.printf("\t\t\t\tunicast %s next-hop %s local-preference 200 community [ %s %s ];\n", r.Prefix, s.discard(r.Prefix), blackhole, noExport)
		}
		s.printf("\t\t\t}\n")
	})
	s.printf("\t\t}\n\t}\n}\n")
}

func unrtbhExaBGP(s *sheet) {
	s.say("", "Put this file, whose template announces nothing, in the place of the measure's, then reload ExaBGP.")
	s.printf("template {\n\tneighbor %s {\n\t}\n}\n", s.lower())
}
