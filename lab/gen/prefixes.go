package gen

import "net/netip"

// prefix is one destination. Prefixes are generated in runs: neighbours that
// one origin announces with the same attributes.
type prefix struct {
	addr  [16]byte // IPv4 in the first four
	bits  uint8
	v6    bool
	opens bool // the first of a run
}

// How many prefixes fit the address space that they are taken from, with the
// gaps between them.
const (
	maxV4 = 4_000_000
	maxV6 = 4_000_000
)

// Kim's four /24s and the /22 around them: the networks that left on
// 22 December 2014.
var (
	homeNet  = netip.MustParsePrefix("175.45.176.0/22")
	homeBase = uint64(0xaf2db000)
)

// prefixes4 returns n IPv4 prefixes in the order of a table dump, with the
// lengths of today's table (three in five are /24s).
func prefixes4(seed uint64, n int) []prefix {
	out := make([]prefix, 0, n)
	const first, last = 0x01000000, 0xdfffffff
	fixed := []prefix{{bits: 22, opens: true}, {bits: 24}, {bits: 24}, {bits: 24}, {bits: 24}}
	for i := range fixed {
		put32(&fixed[i].addr, homeBase+uint64(max(0, i-1))<<8)
	}
	placed := n < len(fixed)
	left := 0 // of the run
	at := uint64(first)
	for i := 0; len(out) < n; i++ {
		if remain := n - len(out); !placed && (at >= homeBase || remain <= len(fixed)) {
			out = append(out, fixed...)
			placed, left = true, 0
			at = max(at, homeBase+1024)
			continue
		}
		h := hash(seed, 10, uint64(i))
		bits := length(h, lengths4)
		size := uint64(1) << (32 - bits)
		// Spend the space that remains evenly on the prefixes that remain.
		room := (last - at) / uint64(n-len(out))
		for size > 256 && size > room*8 {
			size >>= 1
			bits++
		}
		start := (at + size - 1) &^ (size - 1)
		if !placed && start+size > homeBase {
			at = homeBase
			continue
		}
		p := prefix{bits: uint8(bits), opens: left == 0}
		if left == 0 {
			left = runLength(h)
		}
		left--
		put32(&p.addr, start)
		out = append(out, p)
		at = start + size
		if gap := room * 2; left == 0 && room > size && gap > 0 {
			at += hash(h, 11) % gap
		}
	}
	return out
}

// prefixes6 returns n IPv6 prefixes within 2000::/3.
func prefixes6(seed uint64, n int) []prefix {
	out := make([]prefix, 0, n)
	left := 0
	at := uint64(0x2001_0200_0000) // in /48s
	const last = uint64(1)<<46 - 1 // 3fff:ffff:ffff::/48
	for i := 0; len(out) < n; i++ {
		h := hash(seed, 20, uint64(i))
		bits := length(h, lengths6)
		size := uint64(1) << (48 - bits)
		room := (last - at) / uint64(n-len(out))
		for size > 1 && size > room {
			size >>= 1
			bits++
		}
		start := (at + size - 1) &^ (size - 1)
		p := prefix{bits: uint8(bits), v6: true, opens: left == 0}
		if left == 0 {
			left = runLength(h)
		}
		left--
		for b := range 6 {
			p.addr[b] = byte(start >> (40 - 8*b))
		}
		out = append(out, p)
		at = start + size
		if left == 0 && room > size {
			at += hash(h, 21) % room
		}
	}
	return out
}

// share is a prefix length and how many of a thousand prefixes have it or one
// named before it.
type share struct{ bits, upTo int }

var (
	lengths4 = []share{{24, 600}, {23, 700}, {22, 820}, {21, 870}, {20, 920}, {19, 955}, {18, 970}, {17, 980}, {16, 1000}}
	lengths6 = []share{{48, 470}, {32, 620}, {44, 770}, {40, 870}, {36, 930}, {46, 960}, {42, 985}, {29, 1000}}
)

func length(h uint64, shares []share) int {
	x := int(h >> 32 % 1000)
	for _, s := range shares {
		if x < s.upTo {
			return s.bits
		}
	}
	return shares[0].bits
}

// runLength is 1 in half of the cases, 2 in a quarter, and so on up to 64.
func runLength(h uint64) int {
	n := 1
	for h&1 == 1 && n < 64 {
		n++
		if n > 3 { // the few that announce many
			n += int(h >> 8 & 7)
		}
		h >>= 1
	}
	return n
}

func put32(addr *[16]byte, v uint64) {
	addr[0], addr[1], addr[2], addr[3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}

// homeIndex returns where the /22 is in a list, or zero.
func homeIndex(all []prefix) int {
	want := homeNet.Addr().As4()
	for j := range all {
		if !all[j].v6 && all[j].bits == 22 && [4]byte(all[j].addr[:4]) == want {
			return j
		}
	}
	return 0
}
