package filter

import (
	"encoding/binary"
	"iter"
	"net/netip"

	"constat/judge/block"
)

// FlowSpec rules (RFC 8955, RFC 8956): packets to or from a block of addresses, at a
// rate of nothing. Addresses are a set here, so that aggregated blocks are right.

func warnFlow(*Measure) []string {
	return []string{
		"a rule for another network's addresses fails validation (RFC 8955 section 6): routers take it only from a session that was told to skip it (for example within the applier's own network, RFC 9117), and other networks will not take it at all.",
		"FRR holds such a rule and forwards the packets all the same (show bgp ipv4 flowspec detail says \"not installed in PBR\"): its zebra has nothing that puts a rule to discard into the kernel. BIRD and ExaBGP pass rules on and apply none. Send packets before you count on it.",
	}
}

// Components of a rule.
const (
	toBlock   = 1 // destination prefix, RFC 8955 §4.2.2.1
	fromBlock = 2 // source prefix, RFC 8955 §4.2.2.2
)

// rule is one FlowSpec rule.
type rule struct {
	Route
	component byte
}

// components are the parts of a packet that a direction concerns.
func (s *sheet) components() []byte {
	switch s.Direction {
	case block.In:
		return []byte{fromBlock}
	case block.Out:
		return []byte{toBlock}
	}
	return []byte{toBlock, fromBlock}
}

// eachRules gives the rules of each family that has any: to the target, from the
// target, or both.
func (s *sheet) eachRules(f func(v6 bool, rules iter.Seq[rule])) {
	for _, v6 := range []bool{false, true} {
		if blocks := of(s.blocks, v6); len(blocks) > 0 {
			f(v6, func(yield func(rule) bool) {
				for _, b := range blocks {
					for _, c := range s.components() {
						if !yield(rule{b, c}) {
							return
						}
					}
				}
			})
		}
	}
}

func flowBird(s *sheet) {
	s.say("", "Needs tables of your own for channels flow4 and flow6; BIRD passes rules on and applies none itself.")
	s.eachRules(func(v6 bool, rs iter.Seq[rule]) {
		s.printf("protocol static %s_flow%s {\n\tflow%s;\n", s.lower(), digit(v6), digit(v6))
		for r := range rs {
			s.say("\t", "%s", r.Reason)
			s.printf("\troute flow%s { %s %s; } {\n\t\tbgp_ext_community.add((generic, 0x80060000, 0x0));\n\t\tbgp_community.add((65535,65281));\n\t};\n",
				digit(v6), map[byte]string{toBlock: "dst", fromBlock: "src"}[r.component], r.Prefix)
		}
		s.printf("}\n")
	})
}

func unflowBird(s *sheet) {
	s.say("", "Put this file, which holds no rule, in the place of the measure's, then: birdc configure")
}

func flowExaBGP(s *sheet) {
	s.say("", "A template of neighbours: sessions inside the network say inherit %s_flow;", s.lower())
	s.printf("template {\n\tneighbor %s_flow {\n\t\tflow {\n", s.lower())
	n := 0
	s.eachRules(func(_ bool, rs iter.Seq[rule]) {
		for r := range rs {
			n++
			s.say("\t\t\t", "%s", r.Reason)
			s.printf("\t\t\troute constat%d {\n\t\t\t\tmatch {\n\t\t\t\t\t%s %s;\n\t\t\t\t}\n\t\t\t\tthen {\n\t\t\t\t\tdiscard;\n\t\t\t\t\tcommunity [ %s ];\n\t\t\t\t}\n\t\t\t}\n",
				n, map[byte]string{toBlock: "destination", fromBlock: "source"}[r.component], r.Prefix, noExport)
		}
	})
	s.printf("\t\t}\n\t}\n}\n")
}

func unflowExaBGP(s *sheet) {
	s.say("", "Put this file, whose template announces nothing, in the place of the measure's, then reload ExaBGP.")
	s.printf("template {\n\tneighbor %s_flow {\n\t}\n}\n", s.lower())
}

// Numbers of messages and attributes.
const (
	bgpUpdate    = 2  // RFC 4271 §4.1
	mpReach      = 14 // RFC 4760 §3
	mpUnreach    = 15 // RFC 4760 §4
	safiFlow     = 133
	mostMessage  = 4096 // RFC 4271 §4.1
	optionalLong = 0x90 // optional, extended length
)

// fixed are the other attributes of a rule inside the network: ORIGIN, an empty
// AS_PATH, LOCAL_PREF 100, NO_EXPORT, and a traffic rate of nothing (RFC 8955
// §7.1).
var fixed = []byte{
	0x40, 1, 1, 0,
	0x40, 2, 0,
	0x40, 5, 4, 0, 0, 0, 100,
	0xc0, 8, 4, 0xff, 0xff, 0xff, 0x01,
	0xc0, 16, 8, 0x80, 0x06, 0, 0, 0, 0, 0, 0,
}

// nlri encodes a rule of one component: RFC 8955 §4.1 and §4.2.2.1; of IPv6
// prefixes RFC 8956 §3.1, with an offset of 0.
func nlri(r rule) []byte {
	p := r.Prefix
	b := []byte{0, r.component, byte(p.Bits())}
	if p.Addr().Is6() {
		b = append(b, 0)
	}
	b = append(b, p.Addr().AsSlice()[:(p.Bits()+7)/8]...)
	b[0] = byte(len(b) - 1) // never 240, from which on the length has two bytes
	return b
}

// update is one message that announces or withdraws rules of one family.
func update(v6, withdraw bool, rules []byte) []byte {
	afi := byte(1)
	if v6 {
		afi = 2
	}
	var mp []byte
	attrs := []byte{optionalLong, mpReach, 0, 0, 0, afi, safiFlow, 0, 0} // no next hop, RFC 8955 §4
	if withdraw {
		attrs = []byte{optionalLong, mpUnreach, 0, 0, 0, afi, safiFlow}
	}
	mp = append(attrs, rules...)
	binary.BigEndian.PutUint16(mp[2:], uint16(len(mp)-4))
	if !withdraw {
		mp = append(mp, fixed...)
	}
	m := make([]byte, 0, 23+len(mp))
	for range 16 {
		m = append(m, 0xff)
	}
	m = binary.BigEndian.AppendUint16(m, uint16(23+len(mp)))
	m = append(m, bgpUpdate, 0, 0)
	m = binary.BigEndian.AppendUint16(m, uint16(len(mp)))
	return append(m, mp...)
}

// messages are the UPDATE messages of all rules.
func (s *sheet) messages(withdraw bool) {
	const room = mostMessage - 23 - 9 - 40
	s.eachRules(func(v6 bool, rs iter.Seq[rule]) {
		var some []byte
		for r := range rs {
			n := nlri(r)
			if len(some)+len(n) > room {
				_, _ = s.w.Write(update(v6, withdraw, some)) // Flush reports what failed
				some = some[:0]
			}
			some = append(some, n...)
		}
		_, _ = s.w.Write(update(v6, withdraw, some))
	})
}

func flowBGP(s *sheet)   { s.messages(false) }
func unflowBGP(s *sheet) { s.messages(true) }

// DiscardDefaults are the next hops that stand if none are named: blocks that
// nobody uses (RFC 5737) or that are made for it (RFC 6666).
func DiscardDefaults() [2]netip.Addr {
	return [2]netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("100::1")}
}
