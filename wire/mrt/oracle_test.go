package mrt_test

import (
	"fmt"
	"math/big"
	"net/netip"
	"strings"
)

// The oracle: a second decoder, slow and obvious, that shares no code with the
// one it judges. It takes one record at a time, whole, and returns text for
// every element. It copies everything, checks every step, and knows nothing of
// speed. Its state is the peers of the last index table.
type oracle struct {
	peers []oraclePeer // nil: no table yet
	cut   bool         // the message at hand is longer than its record
}

type oraclePeer struct {
	addr string
	as   uint64
}

// oracleElem is an element as text, field by field.
type oracleElem struct {
	kind, time, originated, peer   string
	as                             uint64
	prefix, pathID, family, states string
	route                          string // path, origin, next hop and so on
}

func (e oracleElem) String() string {
	return fmt.Sprintf("%s %s %s %s AS%d %s %s %s %s %s", e.kind, e.time, e.originated, e.peer, e.as, e.prefix, e.pathID, e.family, e.states, e.route)
}

// cursor reads big-endian values and remembers whether it ran out.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) take(n int) []byte {
	if n > len(c.b) {
		c.bad = true
		c.b = nil
		return make([]byte, min(n, 64))
	}
	out := append([]byte(nil), c.b[:n]...)
	c.b = c.b[n:]
	return out
}

func (c *cursor) num(n int) uint64 {
	return new(big.Int).SetBytes(c.take(n)).Uint64()
}

func (c *cursor) addr(n int) string {
	a, _ := netip.AddrFromSlice(c.take(n))
	return a.String()
}

// record decodes one record. ok is false if anything of it could not be read.
func (o *oracle) record(raw []byte) (out []oracleElem, ok bool) {
	c := &cursor{b: raw}
	sec, typ, sub := c.num(4), c.num(2), c.num(2)
	c.num(4)
	when := fmt.Sprint(sec)
	ok = true
	if typ == 17 {
		us := c.num(4)
		if c.bad {
			return nil, false
		}
		if us < 1000000 {
			when = fmt.Sprintf("%d.%06d", sec, us)
		} else {
			ok = false
		}
	}
	damaged := !ok
	var good bool
	switch {
	case typ == 5:
		out, good = o.old(c, int(sub))
	case typ == 12:
		out, good = o.dump(c, int(sub))
	case typ == 13:
		out, good = o.dump2(c, int(sub))
	case typ == 16 || typ == 17:
		out, good = o.bgp4mp(c, int(sub))
	default:
		good = true
	}
	if damaged { // a damaged record is no End-of-RIB
		out = without(out, "end-of-rib")
	}
	for i := range out {
		out[i].time = when
	}
	return out, ok && good
}

func (o *oracle) old(c *cursor, sub int) ([]oracleElem, bool) {
	switch sub {
	case 3:
		as, peer, from, to := c.num(2), c.addr(4), c.num(2), c.num(2)
		if c.bad {
			return nil, false
		}
		return []oracleElem{{kind: "state", peer: peer, as: as, states: fmt.Sprint(from, to)}}, true
	case 1, 5, 6, 7:
		as, peer := c.num(2), c.addr(4)
		c.take(6)
		if c.bad {
			return nil, false
		}
		if sub == 1 {
			return o.update(c.b, 2, false, peer, as, false)
		}
	}
	return nil, true
}

func (o *oracle) bgp4mp(c *cursor, sub int) ([]oracleElem, bool) {
	size, local, addPath, state := 2, false, false, false
	switch sub {
	case 0:
		state = true
	case 5:
		state, size = true, 4
	case 1:
	case 4:
		size = 4
	case 6:
		local = true
	case 7:
		size, local = 4, true
	case 8:
		addPath = true
	case 9:
		size, addPath = 4, true
	case 10:
		local, addPath = true, true
	case 11:
		size, local, addPath = 4, true, true
	default:
		return nil, true
	}
	if n := len(c.b) - 2*size - 4; state && (n == 0 || n == 2) { // no addresses, with or without an interface
		as := c.num(size)
		c.num(size)
		c.take(n)
		return []oracleElem{{kind: "state", peer: "invalid IP", as: as, states: fmt.Sprint(c.num(2), c.num(2))}}, true
	}
	as := c.num(size)
	c.num(size)
	rest := c.b
	c.num(2)
	afi := c.num(2)
	if c.bad {
		return nil, false
	}
	peer := "invalid IP"
	switch {
	case afi == 1:
		peer = c.addr(4)
		c.take(4)
	case afi == 2:
		peer = c.addr(16)
		c.take(16)
	case afi == 0xffff && !state && len(rest) >= 19 && strings.HasPrefix(string(rest), strings.Repeat("\xff", 16)):
		c.b = rest
	default:
		return nil, false
	}
	if c.bad {
		return nil, false
	}
	if state {
		from, to := c.num(2), c.num(2)
		if c.bad {
			return nil, false
		}
		return []oracleElem{{kind: "state", peer: peer, as: as, states: fmt.Sprint(from, to)}}, true
	}
	marker, length, typ := c.take(16), int(c.num(2)), c.num(1)
	if c.bad || string(marker) != strings.Repeat("\xff", 16) || length < 19 {
		return nil, false
	}
	ok := length == len(c.b)+19
	body := c.b
	if length-19 < len(body) {
		body = body[:length-19]
	}
	switch typ {
	case 1, 3, 4, 5, 128:
		return nil, ok
	case 2:
		if length-19 > len(body) {
			o.cut = true
		}
		out, good := o.update(body, size, addPath, peer, as, local)
		o.cut = false
		if !ok { // a damaged message is no End-of-RIB
			out = without(out, "end-of-rib")
		}
		return out, ok && good
	}
	return nil, false
}

func without(in []oracleElem, kind string) (out []oracleElem) {
	for _, e := range in {
		if e.kind != kind {
			out = append(out, e)
		}
	}
	return out
}

// attribute is one path attribute.
type attribute struct {
	flags, code int
	value       []byte
}

// split cuts a list of attributes.
func split(b []byte) (out []attribute, ok bool) {
	c := &cursor{b: b}
	for len(c.b) > 0 {
		flags, code := int(c.num(1)), int(c.num(1))
		var n int
		if flags&0x10 != 0 {
			n = int(c.num(2))
		} else {
			n = int(c.num(1))
		}
		v := c.take(n)
		if c.bad {
			return out, false
		}
		out = append(out, attribute{flags, code, v})
	}
	return out, true
}

// verdict is what RFC 7606 makes of an attribute: "", "discard", "withdraw".
// In a table flags say nothing.
func verdict(a attribute, size int, rib bool) string {
	class := map[int]int{1: 0x40, 2: 0x40, 3: 0x40, 4: 0x80, 5: 0x40, 6: 0x40, 7: 0xc0, 8: 0xc0, 9: 0x80, 10: 0x80, 16: 0xc0, 17: 0xc0, 18: 0xc0, 25: 0xc0, 32: 0xc0, 35: 0xc0}
	lenient := map[int]bool{5: true, 6: true, 7: true, 9: true, 10: true, 17: true, 18: true}
	fault := "withdraw"
	if lenient[a.code] {
		fault = "discard"
	}
	if want, known := class[a.code]; known && !rib && a.flags&0xc0 != want {
		return fault
	}
	n := len(a.value)
	good := true
	switch a.code {
	case 1:
		good = n == 1 && a.value[0] <= 2
	case 3, 4, 5, 9, 35:
		good = n == 4
	case 6:
		good = n == 0
	case 7:
		good = n == size+4
	case 18:
		good = n == 8
	case 8, 10:
		good = n > 0 && n%4 == 0
	case 16:
		good = n > 0 && n%8 == 0
	case 32:
		good = n > 0 && n%12 == 0
	case 25:
		good = n > 0 && n%20 == 0
	case 17:
		var p []segment
		p, good = segments(a.value, 4)
		good = good && !zeroAS(p)
	}
	if good {
		return ""
	}
	return fault
}

// segment is one segment of a path.
type segment struct {
	typ int
	as  []uint64
}

func segments(b []byte, size int) (out []segment, ok bool) {
	c := &cursor{b: b}
	for len(c.b) > 0 {
		s := segment{typ: int(c.num(1))}
		n := int(c.num(1))
		if s.typ < 1 || s.typ > 4 || n == 0 {
			return nil, false
		}
		for range n {
			s.as = append(s.as, c.num(size))
		}
		if c.bad {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// zeroAS reports whether the AS number 0 stands in a path.
func zeroAS(p []segment) bool {
	for _, s := range p {
		for _, n := range s.as {
			if n == 0 {
				return true
			}
		}
	}
	return false
}

func pathText(p []segment) string {
	var parts []string
	for _, s := range p {
		var as []string
		for _, n := range s.as {
			as = append(as, fmt.Sprint(n))
		}
		switch s.typ {
		case 1:
			parts = append(parts, "{"+strings.Join(as, ",")+"}")
		case 2:
			parts = append(parts, strings.Join(as, " "))
		case 3:
			parts = append(parts, "("+strings.Join(as, " ")+")")
		case 4:
			parts = append(parts, "["+strings.Join(as, ",")+"]")
		}
	}
	return strings.Join(parts, " ")
}

// hops counts a path as route selection does.
func hops(p []segment) (n int) {
	for _, s := range p {
		switch s.typ {
		case 1:
			n++
		case 2:
			n += len(s.as)
		}
	}
	return n
}

// route describes attributes: what is well formed of them, AS4 merged.
func route(b []byte, size int, rib bool, mpHop string) (string, bool) {
	list, ok := split(b)
	got, met := map[int][]byte{}, map[int]bool{}
	for _, a := range list {
		if met[a.code] {
			if a.code != 14 && a.code != 15 {
				ok = false
			}
			continue
		}
		met[a.code] = true
		if verdict(a, size, rib) != "" {
			ok = false
			continue
		}
		if a.code == 2 {
			p, good := segments(a.value, size)
			if !good || zeroAS(p) {
				ok = false
			}
			if !good || zeroAS(p) && !rib {
				continue
			}
		}
		got[a.code] = a.value
	}
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	as, addr := uint64(0), ""
	if v, has := got[7]; has {
		c := &cursor{b: v}
		as, addr = c.num(size), c.addr(4)
	}
	stale := size == 4 || got[7] != nil && got[18] != nil && as != 23456
	if v, has := got[2]; has {
		path, _ := segments(v, size)
		if v4, has := got[17]; has && !stale && len(v4) > 0 {
			path4, _ := segments(v4, 4)
			if keep := hops(path) - hops(path4); keep >= 0 {
				// As many ASes as the path has more than path4, and the segments
				// of a confederation that no AS left out stands before.
				var merged []segment
				out := false
				for _, s := range path {
					switch {
					case s.typ == 1 && keep > 0 && !out:
						keep--
						merged = append(merged, s)
					case s.typ == 2 && keep > 0 && !out:
						if len(s.as) > keep {
							s.as, out = s.as[:keep], true
						}
						keep -= len(s.as)
						merged = append(merged, s)
					case s.typ > 2 && !out:
						merged = append(merged, s)
					default:
						out = true
					}
				}
				for _, s := range path4 {
					if s.typ == 1 || s.typ == 2 {
						merged = append(merged, s)
					}
				}
				path = merged
			}
		}
		say("path %s", pathText(path))
	}
	if v, has := got[1]; has {
		say("origin %d", v[0])
	}
	hop := mpHop
	if v, has := got[3]; has && hop == "" {
		a, _ := netip.AddrFromSlice(v)
		hop = a.String()
	}
	if v, has := got[14]; has && rib {
		nh := []byte(nil)
		if len(v) > 0 && v[0] != 0 { // cut down to the next hop
			if 1+int(v[0]) <= len(v) {
				nh = v[1 : 1+int(v[0])]
			} else {
				ok = false
			}
		} else if len(v) >= 5 && 5+int(v[3]) <= len(v) {
			nh = v[4 : 4+int(v[3])]
		} else {
			ok = false
		}
		if h := hopText(nh); h != "" {
			hop = h
		}
	}
	say("hop %s", hop)
	for _, k := range []int{4, 5, 35} {
		if v, has := got[k]; has {
			say("a%d %d", k, (&cursor{b: v}).num(4))
		}
	}
	if _, has := got[6]; has {
		say("atomic")
	}
	if _, has := got[7]; has {
		if v, has := got[18]; has && !stale {
			c := &cursor{b: v}
			as, addr = c.num(4), c.addr(4)
		}
		say("agg %d %s", as, addr)
	}
	for _, k := range []int{8, 16, 32, 10, 9} {
		if v, has := got[k]; has {
			say("a%d %x", k, v)
		}
	}
	return strings.Join(out, "; "), ok
}

func hopText(b []byte) string {
	switch len(b) {
	case 4, 16:
		a, _ := netip.AddrFromSlice(b)
		return a.String()
	case 32:
		a, _ := netip.AddrFromSlice(b[:16])
		return a.String()
	}
	return ""
}

// oraclePrefix is a prefix of NLRI.
type oraclePrefix struct {
	text, id string
}

// nlri reads a list of prefixes. cut says that it only ends too early.
func nlri(b []byte, afi int, addPath bool) (out []oraclePrefix, zeros int, ok, cut bool) {
	size, limit := 4, 32
	if afi == 2 {
		size, limit = 16, 128
	}
	c := &cursor{b: b}
	for len(c.b) > 0 {
		id := "-"
		if addPath {
			id = fmt.Sprint(c.num(4))
		}
		bits := int(c.num(1))
		if c.bad {
			return out, zeros, false, true
		}
		if bits > limit {
			return out, zeros, false, false
		}
		v := c.take((bits + 7) / 8)
		if c.bad {
			return out, zeros, false, true
		}
		a, _ := netip.AddrFromSlice(append(v, make([]byte, size-len(v))...))
		p, _ := a.Prefix(bits)
		if bits == 0 {
			zeros++
		}
		out = append(out, oraclePrefix{p.String(), id})
	}
	return out, zeros, true, false
}

// neat reports whether the prefixes of a list are such as are announced. What
// was written beyond a prefix's length shows when the list is written anew.
func neat(ps []oraclePrefix, raw []byte, ids bool) bool {
	var again []byte
	for _, o := range ps {
		p := netip.MustParsePrefix(o.text)
		first := p.Addr().AsSlice()[0]
		low := p.Addr().Is4() && (p.Bits() < 8 || first == 0 || first == 127 || first > 223) || p.Addr().Is6() && (p.Bits() < 16 || first < 0x20 || first > 0x3f)
		if p.Bits() > 0 && low {
			return false
		}
		if ids {
			again = append(again, raw[len(again):len(again)+4]...)
		}
		again = append(again, byte(p.Bits()))
		again = append(again, p.Addr().AsSlice()[:(p.Bits()+7)/8]...)
	}
	return string(again) == string(raw)
}

// oneOctet reports whether all prefixes begin with the same eight bits.
func oneOctet(ps []oraclePrefix) bool {
	for _, o := range ps {
		if netip.MustParsePrefix(o.text).Addr().AsSlice()[0] != netip.MustParsePrefix(ps[0].text).Addr().AsSlice()[0] {
			return false
		}
	}
	return true
}

// mp is an MP attribute.
type mp struct {
	afi, safi int
	hop, nlri []byte
}

func (o *oracle) update(body []byte, size int, addPath bool, peer string, as uint64, local bool) (out []oracleElem, ok bool) {
	ok = true
	withdraw := false // RFC 7606: what is announced counts as withdrawn
	c := &cursor{b: body}
	n := int(c.num(2))
	if c.bad {
		return nil, false
	}
	var withdrawn, attrs, announced []byte
	if n > len(c.b) {
		withdrawn, ok = c.b, false
	} else {
		withdrawn = c.take(n)
		n = int(c.num(2))
		switch {
		case c.bad:
			ok = false
		case n > len(c.b):
			attrs, ok = c.b, false
		default:
			attrs = c.take(n)
			announced = c.b
		}
	}
	if !ok && !o.cut { // the lengths contradict the message: nothing can be told
		return nil, false
	}
	list, whole := split(attrs)
	if !whole {
		ok, withdraw = false, true
	}
	var reach, unreach []mp
	seen := map[int]bool{}
	var path []byte
	for _, a := range list {
		dup := seen[a.code]
		seen[a.code] = true
		switch a.code {
		case 14:
			m, good, bad := parseReach(a.value)
			if !good || has(reach, m) || len(reach) == 4 {
				ok = false
				continue
			}
			if bad {
				ok, withdraw = false, true
			}
			reach = insert(reach, m)
			continue
		case 15:
			v := &cursor{b: a.value}
			m := mp{afi: int(v.num(2)), safi: int(v.num(1)), nlri: v.b}
			if v.bad || has(unreach, m) || len(unreach) == 4 {
				ok = false
				continue
			}
			unreach = insert(unreach, m)
			continue
		}
		if dup {
			ok = false
			continue
		}
		switch verdict(a, size, false) {
		case "discard":
			ok = false
		case "withdraw":
			ok, withdraw = false, true
		}
		if a.code == 2 {
			path = a.value
		}
	}
	if (len(reach) > 0 || len(announced) > 0) && !(seen[1] && seen[2] && (len(announced) == 0 || seen[3])) {
		ok, withdraw = false, true
	}
	if ok && len(withdrawn)+len(announced) == 0 && len(reach) == 0 {
		if len(attrs) == 0 {
			return []oracleElem{{kind: "end-of-rib", peer: peer, as: as, family: "1/1"}}, true
		}
		if len(unreach) == 1 && len(unreach[0].nlri) == 0 {
			return []oracleElem{{kind: "end-of-rib", peer: peer, as: as, family: fmt.Sprintf("%d/%d", unreach[0].afi, unreach[0].safi)}}, true
		}
	}
	lists := []struct {
		kind string
		mp   mp
		isMP bool
	}{{"withdraw", mp{afi: 1, safi: 1, nlri: withdrawn}, false}}
	for _, m := range unreach {
		lists = append(lists, struct {
			kind string
			mp   mp
			isMP bool
		}{"withdraw", m, true})
	}
	lists = append(lists, struct {
		kind string
		mp   mp
		isMP bool
	}{"announce", mp{afi: 1, safi: 1, nlri: announced}, false})
	for _, m := range reach {
		lists = append(lists, struct {
			kind string
			mp   mp
			isMP bool
		}{"announce", m, true})
	}
	pathBad := false
	for _, l := range lists {
		if len(l.mp.nlri) == 0 || l.mp.afi < 1 || l.mp.afi > 2 || l.mp.safi < 1 || l.mp.safi > 3 {
			continue
		}
		prefixes, zeros, good, cut := nlri(l.mp.nlri, l.mp.afi, addPath)
		if p, z, g, _ := nlri(l.mp.nlri, l.mp.afi, !addPath); g {
			var turn bool // the record is wrong about path identifiers
			switch {
			case !good:
				turn = z <= 1
			case !addPath && zeros > 1:
				turn = z <= 1
			case !addPath:
				turn = zeros == 1 && z == 0 && neat(p, l.mp.nlri, true) && !neat(prefixes, l.mp.nlri, false)
			default:
				otherFamily := strings.Contains(peer, ":") != (l.mp.afi == 2)
				turn = z == 0 && neat(p, l.mp.nlri, false) && (otherFamily || len(p) >= 4 || oneOctet(p))
			}
			if turn {
				prefixes, good = p, true
			}
		}
		if !good {
			ok = false
			if !cut {
				continue
			}
		}
		for _, p := range prefixes {
			e := oracleElem{kind: l.kind, peer: peer, as: as, prefix: p.text, pathID: p.id, family: fmt.Sprintf("%d/%d", l.mp.afi, l.mp.safi)}
			if l.kind == "announce" {
				if p, good := segments(path, size); (!good || zeroAS(p)) && !withdraw {
					pathBad = true
				}
				if withdraw || pathBad {
					e.kind = "withdraw"
				} else {
					hop := ""
					if l.isMP {
						if hop = hopText(l.mp.hop); hop == "" {
							hop = "none"
						}
					}
					e.route, _ = route(attrs, size, false, hop)
				}
			}
			out = append(out, e)
		}
	}
	return out, ok && !pathBad
}

func has(list []mp, m mp) bool {
	for _, o := range list {
		if o.afi == m.afi && o.safi == m.safi {
			return true
		}
	}
	return false
}

func insert(list []mp, m mp) []mp {
	var out []mp
	done := false
	for _, o := range list {
		if !done && (o.afi > m.afi || o.afi == m.afi && o.safi > m.safi) {
			out, done = append(out, m), true
		}
		out = append(out, o)
	}
	if !done {
		out = append(out, m)
	}
	return out
}

// parseReach reads MP_REACH_NLRI; bad says that its next hop is none.
func parseReach(v []byte) (m mp, ok, bad bool) {
	c := &cursor{b: v}
	m.afi, m.safi = int(c.num(2)), int(c.num(1))
	m.hop = c.take(int(c.num(1)))
	snpas := int(c.num(1))
	if c.bad {
		return m, false, false
	}
	for range snpas {
		c.take((int(c.num(1)) + 1) / 2)
	}
	m.nlri = c.b
	bad = (m.afi == 1 || m.afi == 2) && m.safi <= 3 && hopText(m.hop) == ""
	return m, !c.bad, bad
}

func (o *oracle) dump2(c *cursor, sub int) (out []oracleElem, ok bool) {
	afi, safi, addPath := 1, 1, false
	switch sub {
	case 1:
		return nil, o.index(c)
	case 2:
	case 3:
		safi = 2
	case 4:
		afi = 2
	case 5:
		afi, safi = 2, 2
	case 8:
		addPath = true
	case 9:
		safi, addPath = 2, true
	case 10:
		afi, addPath = 2, true
	case 11:
		afi, safi, addPath = 2, 2, true
	default:
		return nil, true
	}
	c.num(4)
	start := c.b
	if c.bad || len(start) == 0 {
		return nil, false
	}
	size := 1 + (int(start[0])+7)/8
	if size > len(start) {
		return nil, false
	}
	prefix, _, good, _ := nlri(start[:size], afi, false)
	if !good {
		return nil, false
	}
	c.take(size)
	count := int(c.num(2))
	if c.bad || o.peers == nil {
		return nil, false
	}
	ok = true
	for range count {
		peer, when := int(c.num(2)), c.num(4)
		id := "-"
		if addPath {
			id = fmt.Sprint(c.num(4))
		}
		attrs := c.take(int(c.num(2)))
		if c.bad {
			return out, false
		}
		if peer >= len(o.peers) {
			ok = false
			continue
		}
		r, good := route(attrs, 4, true, "")
		ok = ok && good
		out = append(out, oracleElem{kind: "rib", peer: o.peers[peer].addr, as: o.peers[peer].as, prefix: prefix[0].text, pathID: id,
			originated: fmt.Sprint(when), family: fmt.Sprintf("%d/%d", afi, safi), route: r})
	}
	if len(c.b) > 0 {
		ok = false
	}
	return out, ok
}

func (o *oracle) index(c *cursor) bool {
	o.peers = nil
	c.num(4)
	c.take(int(c.num(2)))
	count := int(c.num(2))
	if c.bad {
		return false
	}
	o.peers = []oraclePeer{}
	for range count {
		typ := c.num(1)
		c.num(4)
		addr, as := 4, 2
		if typ&1 != 0 {
			addr = 16
		}
		if typ&2 != 0 {
			as = 4
		}
		p := oraclePeer{c.addr(addr), c.num(as)}
		if c.bad {
			return false
		}
		o.peers = append(o.peers, p)
	}
	return true
}

func (o *oracle) dump(c *cursor, sub int) (out []oracleElem, ok bool) {
	if sub < 1 || sub > 4 {
		return nil, true
	}
	afi, ip, size := 1, 4, 2
	if sub == 2 || sub == 4 {
		afi, ip = 2, 16
	}
	if sub > 2 {
		size = 4
	}
	c.num(4)
	if c.bad {
		return nil, false
	}
	ok = true
	for first := true; first || len(c.b) > 0; first = false {
		addr, bits := c.take(ip), int(c.num(1))
		c.num(1)
		when, peer, as := c.num(4), c.addr(ip), c.num(size)
		attrs := c.take(int(c.num(2)))
		if c.bad || bits > 8*ip {
			return out, false
		}
		a, _ := netip.AddrFromSlice(addr)
		p, _ := a.Prefix(bits)
		r, good := route(attrs, size, true, "")
		ok = ok && good
		out = append(out, oracleElem{kind: "rib", peer: peer, as: as, prefix: p.String(), pathID: "-",
			originated: fmt.Sprint(when), family: fmt.Sprintf("%d/1", afi), route: r})
	}
	return out, ok
}
