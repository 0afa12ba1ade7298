package filter

import (
	"fmt"
	"strconv"
	"strings"

	"constat/judge/block"
)

// The lists of routes of six routers. Each hangs into the neighbour's policy as
// its first statement, so that what it passes is judged by the rest as before.

// ways are the policies that a direction concerns, in a router's own words.
func (s *sheet) ways(in, out string) []string {
	switch s.Direction {
	case block.In:
		return []string{in}
	case block.Out:
		return []string{out}
	}
	return []string{in, out}
}

// policy is the name of the neighbours' policy.
func (s *sheet) policy() string {
	if s.Policy != "" {
		return s.Policy
	}
	return "YOUR-POLICY"
}

// hang writes a line that hangs the filter in, as a comment if nobody named the policy.
func (s *sheet) hang(format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	if s.Policy == "" {
		s.printf("%s ", s.d.mark)
	}
	s.printf("%s\n", text)
}

func bird(s *sheet) {
	s.say("", "Include this file above your protocols, and begin the %s filters of the neighbours", strings.Join(s.ways("import", "export"), " and "))
	s.say("", "concerned with: if %s() then reject; Then: birdc configure", s.lower())
	s.printf("function %s() {\n", s.lower())
	for _, v6 := range []bool{false, true} {
		lines := s.family(v6)
		if len(lines) == 0 {
			continue
		}
		kind := "NET_IP4"
		if v6 {
			kind = "NET_IP6"
		}
		s.printf("\tif net.type = %s then {\n\t\tif net ~ [\n", kind)
		for i, l := range lines {
			s.say("\t\t\t", "%s", l.reason)
			s.printf("\t\t\t%s", l.Prefix)
			if !l.Exact() {
				s.printf("{%d,%d}", l.Ge, l.Le)
			}
			if i < len(lines)-1 {
				s.printf(",")
			}
			s.printf("\n")
		}
		s.printf("\t\t] then return true;\n\t}\n")
	}
	for _, o := range s.Origins {
		s.say("\t", "%s", o.Reason)
		s.printf("\tif bgp_path ~ [= * %d =] then return true;\n", o.AS)
	}
	s.printf("\treturn false;\n}\n")
}

func unbird(s *sheet) {
	s.say("", "Put this file in the place of the measure's, then: birdc configure. It passes everything, so that")
	s.say("", "filters that call it still stand; take the calls and the include away when you like.")
	s.printf("function %s() {\n\treturn false;\n}\n", s.lower())
}

// prefixLists writes prefix lists as FRR has them.
func (s *sheet) prefixLists() (used []string) {
	for _, f := range []struct {
		v6   bool
		name string
		ip   string
	}{{false, "V4", "ip"}, {true, "V6", "ipv6"}} {
		name := s.upper() + "-" + f.name
		for i, l := range s.family(f.v6) {
			if i == 0 {
				used = append(used, f.ip)
			}
			s.say("", "%s", l.reason)
			s.printf("%s prefix-list %s seq %d permit %s\n", f.ip, name, 5*(i+1), l.Range)
		}
	}
	return used
}

// routeMap writes a map that denies what is on the lists; from is its first number.
func (s *sheet) routeMap(name string, from int, used []string, path string) {
	for _, ip := range used {
		s.printf("route-map %s deny %d\n match %s address prefix-list %s-V%s\nexit\n", name, from, ip, s.upper(), map[string]string{"ip": "4", "ipv6": "6"}[ip])
		from++
	}
	if len(s.Origins) > 0 {
		s.printf("route-map %s deny %d\n match as-path %s\nexit\n", name, from, path)
	}
}

func frr(s *sheet) {
	used := s.prefixLists()
	for i, o := range s.Origins {
		s.say("", "%s", o.Reason)
		s.printf("bgp as-path access-list %s seq %d permit _%d$\n", s.upper(), 5*(i+1), o.AS)
	}
	s.routeMap(s.upper(), 10, used, s.upper())
	s.printf("route-map %s permit 65535\nexit\n", s.upper())
	s.say("", "The route-map of the neighbours concerned (%s) calls it first; number 1 must be free there:", strings.Join(s.ways("in", "out"), " and "))
	s.hang("route-map %s permit 1", s.policy())
	s.hang(" call %s", s.upper())
	s.hang(" on-match next")
	s.hang("exit")
}

func unfrr(s *sheet) {
	s.hang("no route-map %s permit 1", s.policy())
	s.printf("no route-map %s\n", s.upper())
	if len(s.Origins) > 0 {
		s.printf("no bgp as-path access-list %s\n", s.upper())
	}
	if len(s.family(false)) > 0 {
		s.printf("no ip prefix-list %s-V4\n", s.upper())
	}
	if len(s.family(true)) > 0 {
		s.printf("no ipv6 prefix-list %s-V6\n", s.upper())
	}
}

func openbgpd(s *sheet) {
	s.say("", "Include this file in bgpd.conf before any rule that passes routes with \"allow quick\", then: bgpctl reload")
	s.printf("prefix-set \"%s\" {\n", s.upper())
	for _, l := range s.lines {
		s.say("\t", "%s", l.reason)
		s.printf("\t%s", l.Prefix)
		switch {
		case l.Exact():
		case l.Ge == l.Le:
			s.printf(" prefixlen = %d", l.Ge)
		default:
			s.printf(" prefixlen %d - %d", l.Ge, l.Le)
		}
		s.printf("\n")
	}
	s.printf("}\n")
	if len(s.Origins) > 0 {
		s.printf("as-set \"%s\" {\n", s.upper())
		for _, o := range s.Origins {
			s.say("\t", "%s", o.Reason)
			s.printf("\t%d\n", o.AS)
		}
		s.printf("}\n")
	}
	for _, way := range s.ways("from", "to") {
		s.printf("deny quick %s any prefix-set \"%s\"\n", way, s.upper())
		if len(s.Origins) > 0 {
			s.printf("deny quick %s any source-as as-set \"%s\"\n", way, s.upper())
		}
	}
}

func unopenbgpd(s *sheet) {
	s.say("", "Put this file, which holds no rule, in the place of the measure's, then: bgpctl reload")
}

func iosxr(s *sheet) {
	var conditions []string
	for _, v6 := range []bool{false, true} {
		lines := s.family(v6)
		if len(lines) == 0 {
			continue
		}
		name := s.upper() + map[bool]string{false: "-V4", true: "-V6"}[v6]
		s.printf("prefix-set %s\n", name)
		for i, l := range lines {
			s.printf("  # %s\n", oneLine(l.reason))
			s.printf("  %s%s\n", l.Range, comma(i, len(lines)))
		}
		s.printf("end-set\n!\n")
		conditions = append(conditions, "destination in "+name)
	}
	if len(s.Origins) > 0 {
		s.printf("as-path-set %s\n", s.upper())
		for i, o := range s.Origins {
			s.printf("  # %s\n", oneLine(o.Reason))
			s.printf("  ios-regex '_%d$'%s\n", o.AS, comma(i, len(s.Origins)))
		}
		s.printf("end-set\n!\n")
		conditions = append(conditions, "as-path in "+s.upper())
	}
	s.printf("route-policy %s\n  if %s then\n    drop\n  endif\nend-policy\n!\n", s.upper(), strings.Join(conditions, " or "))
	s.say("", "Begin the policies of the neighbours concerned (%s) with: apply %s", strings.Join(s.ways("in", "out"), " and "), s.upper())
}

func comma(i, n int) string {
	if i < n-1 {
		return ","
	}
	return ""
}

func uniosxr(s *sheet) {
	s.say("", "Before this, take the line apply %s out of the policies that have it: the router", s.upper())
	s.say("", "refuses to remove a policy that is in use.")
	s.printf("no route-policy %s\n", s.upper())
	if len(s.Origins) > 0 {
		s.printf("no as-path-set %s\n", s.upper())
	}
	for _, v6 := range []bool{false, true} {
		if len(s.family(v6)) > 0 {
			s.printf("no prefix-set %s%s\n", s.upper(), map[bool]string{false: "-V4", true: "-V6"}[v6])
		}
	}
}

func junos(s *sheet) {
	s.say("", "Load with: load merge. Put %s before the other policies of the neighbours concerned:", s.upper())
	for _, way := range s.ways("import", "export") {
		s.say("", "set protocols bgp group GROUP %s [ %s %s ]", way, s.upper(), s.policy())
	}
	s.printf("policy-options {\n")
	s.printf("    policy-statement %s {\n", s.upper())
	for _, v6 := range []bool{false, true} {
		lines := s.family(v6)
		if len(lines) == 0 {
			continue
		}
		name := map[bool]string{false: "v4", true: "v6"}[v6]
		s.printf("        term %s {\n            from {\n                family %s;\n", name, map[bool]string{false: "inet", true: "inet6"}[v6])
		for _, l := range lines {
			s.say("                ", "%s", l.reason)
			s.printf("                route-filter %s;\n", junosRange(l.Range))
		}
		s.printf("            }\n            then reject;\n        }\n")
	}
	if len(s.Origins) > 0 {
		s.printf("        term origin {\n            from as-path-group %s;\n            then reject;\n        }\n", s.upper())
	}
	s.printf("    }\n")
	if len(s.Origins) > 0 {
		s.printf("    as-path-group %s {\n", s.upper())
		for _, o := range s.Origins {
			s.say("        ", "%s", o.Reason)
			s.printf("        as-path as%d \".* %d\";\n", o.AS, o.AS)
		}
		s.printf("    }\n")
	}
	s.printf("}\n")
}

// junosRange is a line as Junos writes it.
func junosRange(r block.Range) string {
	switch {
	case r.Exact():
		return r.Prefix.String() + " exact"
	case r.Ge == r.Prefix.Bits() && r.Le == r.Prefix.Addr().BitLen():
		return r.Prefix.String() + " orlonger"
	case r.Ge == r.Prefix.Bits():
		return r.Prefix.String() + " upto /" + strconv.Itoa(r.Le)
	}
	return fmt.Sprintf("%s prefix-length-range /%d-/%d", r.Prefix, r.Ge, r.Le)
}

func unjunos(s *sheet) {
	s.say("", "The lines that begin with delete are commands: enter them at the configuration prompt, or give")
	s.say("", "them to: load set terminal. load merge does not take them. Then: commit.")
	for _, way := range s.ways("import", "export") {
		s.printf("delete protocols bgp group GROUP %s %s\n", way, s.upper())
	}
	s.printf("delete policy-options policy-statement %s\n", s.upper())
	if len(s.Origins) > 0 {
		s.printf("delete policy-options as-path-group %s\n", s.upper())
	}
}

func eos(s *sheet) {
	var used []string
	for _, v6 := range []bool{false, true} {
		ip := map[bool]string{false: "ip", true: "ipv6"}[v6]
		for i, l := range s.family(v6) {
			if i == 0 {
				used = append(used, ip)
				s.printf("%s prefix-list %s-V%s\n", ip, s.upper(), digit(v6))
			}
			s.say("   ", "%s", l.reason)
			s.printf("   seq %d permit %s\n", 5*(i+1), l.Range)
		}
	}
	if len(used) > 0 {
		s.printf("exit\n")
	}
	for _, o := range s.Origins {
		s.say("", "%s", o.Reason)
		s.printf("ip as-path access-list %s permit _%d$ any\n", s.upper(), o.AS)
	}
	s.say("", "The first statements of the route-map of the neighbours concerned (%s); numbers 1 to 3 must be free there:", strings.Join(s.ways("in", "out"), " and "))
	s.routeMap(s.policy(), 1, used, s.upper())
}

func uneos(s *sheet) {
	n := 0
	for _, used := range []bool{len(s.family(false)) > 0, len(s.family(true)) > 0, len(s.Origins) > 0} {
		if used {
			n++
		}
	}
	for i := range n {
		s.printf("no route-map %s deny %d\n", s.policy(), i+1)
	}
	if len(s.Origins) > 0 {
		s.printf("no ip as-path access-list %s\n", s.upper())
	}
	if len(s.family(false)) > 0 {
		s.printf("no ip prefix-list %s-V4\n", s.upper())
	}
	if len(s.family(true)) > 0 {
		s.printf("no ipv6 prefix-list %s-V6\n", s.upper())
	}
}
