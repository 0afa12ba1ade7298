package filter

import (
	"fmt"
	"time"

	"constat/internal/worded"
	"constat/judge/block"
)

// Sets of addresses, for hosts and servers: here an aggregated block is right.

// mostIntervals is how many elements a set of intervals of nftables may have: a
// million took 763 MB to check.
const mostIntervals = 200_000

func refuseNFT(m *Measure) error {
	if n := len(m.blocks); n > mostIntervals {
		return worded.Errorf("nftables: %d blocks are more than the %d that its sets of intervals hold in reasonable memory; write ipset, or keep the largest with --max-entries", n, mostIntervals)
	}
	return nil
}

func nftables(s *sheet) {
	s.say("", "Load with: nft -f %s. Packets of the kernel's own routes (forward) and of this host (input, output) are dropped.", s.d.file)
	s.printf("table inet %s {\n", s.lower())
	for _, v6 := range []bool{false, true} {
		blocks := of(s.blocks, v6)
		if len(blocks) == 0 {
			continue
		}
		s.printf("\tset v%s {\n\t\ttype ipv%s_addr\n\t\tflags interval\n\t\telements = {\n", digit(v6), digit(v6))
		for i, b := range blocks {
			s.say("\t\t\t", "%s", b.Reason)
			s.printf("\t\t\t%s%s\n", b.Prefix, comma(i, len(blocks)))
		}
		s.printf("\t\t}\n\t}\n")
	}
	for _, hook := range []string{"input", "output", "forward"} {
		// In the direction "in" the target's packets come in, "out" those to it go out.
		src := hook != "output" && s.Direction != block.Out
		dst := hook != "input" && s.Direction != block.In
		if !src && !dst {
			continue
		}
		s.printf("\tchain %s {\n\t\ttype filter hook %s priority -10; policy accept;\n", hook, hook)
		for _, v6 := range []bool{false, true} {
			if len(of(s.blocks, v6)) == 0 {
				continue
			}
			ip := map[bool]string{false: "ip", true: "ip6"}[v6]
			if src {
				s.printf("\t\tmeta time < %d %s saddr @v%s counter drop\n", s.Expires.Unix(), ip, digit(v6))
			}
			if dst {
				s.printf("\t\tmeta time < %d %s daddr @v%s counter drop\n", s.Expires.Unix(), ip, digit(v6))
			}
		}
		s.printf("\t}\n")
	}
	s.printf("}\n")
}

func digit(v6 bool) string {
	if v6 {
		return "6"
	}
	return "4"
}

func unnftables(s *sheet) {
	s.printf("delete table inet %s\n", s.lower())
}

// lastStop is the last moment that iptables takes as the end of a rule: it refuses years
// after 2038.
var lastStop = time.Date(2038, 12, 31, 23, 59, 59, 0, time.UTC)

// refuseIPSet: its sets of blocks have no room for the shortest ones, and
// their names end at 31 characters, which ours do. The rules that use them cannot end
// later than iptables can say.
func refuseIPSet(m *Measure) error {
	if m.Expires.After(lastStop) {
		return fmt.Errorf("ipset: iptables takes no end of a rule after %s (--datestop): let the block end before, or write nftables", lastStop.Format(time.RFC3339))
	}
	for _, b := range m.blocks {
		if b.Prefix.Bits() < 1 {
			return worded.Errorf("ipset: %s does not fit into a set of blocks", b.Prefix)
		}
	}
	return nil
}

func ipset(s *sheet) {
	s.say("", "Load with: ipset restore -f %s, then the rules:", s.d.file)
	for _, rule := range s.ipsetRules() {
		s.printf("# %s -I %s\n", rule[0], rule[1])
	}
	for _, v6 := range []bool{false, true} {
		blocks := of(s.blocks, v6)
		if len(blocks) == 0 {
			continue
		}
		room := 1024
		for room < len(blocks) {
			room *= 2
		}
		s.printf("create %s_v%s hash:net family inet%s maxelem %d comment\n", s.lower(), digit(v6), map[bool]string{true: "6"}[v6], room)
		for _, b := range blocks {
			s.printf("add %s_v%s %s comment \"%s\"\n", s.lower(), digit(v6), b.Prefix, word(b.Reason, 120))
		}
	}
}

// ipsetRules are the rules that use the sets: the command, and its arguments
// behind -I or -D.
func (s *sheet) ipsetRules() [][2]string {
	var out [][2]string
	until := s.Expires.UTC().Format("2006-01-02T15:04:05")
	for _, v6 := range []bool{false, true} {
		if len(of(s.blocks, v6)) == 0 {
			continue
		}
		command := map[bool]string{false: "iptables", true: "ip6tables"}[v6]
		for _, x := range [][2]string{{"INPUT", "src"}, {"OUTPUT", "dst"}, {"FORWARD", "src"}, {"FORWARD", "dst"}} {
			if x[1] == "src" && s.Direction == block.Out || x[1] == "dst" && s.Direction == block.In {
				continue
			}
			out = append(out, [2]string{command, fmt.Sprintf("%s -m set --match-set %s_v%s %s -m time --datestop %s -j DROP", x[0], s.lower(), digit(v6), x[1], until)})
		}
	}
	return out
}

func unipset(s *sheet) {
	s.say("", "First take the rules away:")
	for _, rule := range s.ipsetRules() {
		s.printf("# %s -D %s\n", rule[0], rule[1])
	}
	s.say("", "then: ipset restore -f undo-%s", s.d.file)
	for _, v6 := range []bool{false, true} {
		if len(of(s.blocks, v6)) > 0 {
			s.printf("destroy %s_v%s\n", s.lower(), digit(v6))
		}
	}
}

func warnNginx(m *Measure) []string {
	if m.Direction == block.Out {
		return []string{"stops requests from the target. Packets to the target, which --direction out is about, it cannot stop."}
	}
	return nil
}

func nginx(s *sheet) {
	s.say("", "Include this file in http, server or location, then: nginx -s reload. Requests from the target get 403.")
	for _, b := range s.blocks {
		s.say("", "%s", b.Reason)
		s.printf("deny %s;\n", b.Prefix)
	}
}

func unnginx(s *sheet) {
	s.say("", "Put this file, which denies nobody, in the place of the measure's, then: nginx -s reload")
}
