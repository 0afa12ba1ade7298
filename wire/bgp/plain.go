package bgp

// Plain is an UPDATE of the commonest shape: routes of IPv4 unicast in its own fields,
// with attributes of the kinds that nearly all have, and nothing wrong with them. It is for who
// reads millions of messages for their prefixes and paths, and puts all others to
// [Update].
type Plain struct {
	Withdrawn []byte // lists of IPv4 prefixes, none of which is the default route
	Announced []byte
	path      []byte
	as4       bool
}

// Parse takes the body of an UPDATE apart; false if it is not plain, which says nothing
// about it. If it is, [Update.Parse] and [Update.CheckPath] have nothing against it, and find the
// same lists, the same path and no MP attribute.
func (p *Plain) Parse(body []byte, as4 bool) bool {
	if len(body) < 4 {
		return false
	}
	at := 2 + int(be16(body)) // where the withdrawn routes end
	if at+2 > len(body) {
		return false
	}
	end := at + 2 + int(be16(body[at:])) // and the attributes
	if end > len(body) {
		return false
	}
	p.Withdrawn, p.Announced, p.path, p.as4 = body[2:at], body[end:], nil, as4
	if !IsPlainList(p.Withdrawn) || !IsPlainList(p.Announced) {
		return false
	}
	seen, ok := p.attributes(body[at+2 : end])
	if len(p.Announced) == 0 {
		return ok
	}
	const needed = 1<<AttrOrigin | 1<<AttrASPath | 1<<AttrNextHop
	return ok && seen&needed == needed
}

// IsPlainList reports whether a list of IPv4 prefixes can be read to its end and has no
// default route, beside which others might be path identifiers.
func IsPlainList(b []byte) bool {
	i := 0
	for i < len(b) {
		bits := int(b[i])
		if uint(bits-1) > 31 {
			return false
		}
		i += 1 + (bits+7)>>3
	}
	return i == len(b)
}

// plainRules say how attributes look that are plain: flags above and length below, after
// masking, as in [rules]. Codes beyond are not plain.
var plainRules = func() (r [AttrCommunities + 1]rule) {
	for i := range r {
		r[i] = rule{want: 1} // nothing fits
	}
	set := func(code, flags int, lengthMask, length uint32) {
		r[code] = rule{(FlagOptional|FlagTransitive|FlagExtended)<<16 | lengthMask, uint32(flags)<<16 | length}
	}
	set(AttrOrigin, FlagTransitive, 0xffff, 1)
	set(AttrASPath, FlagTransitive, 0, 0)
	set(AttrNextHop, FlagTransitive, 0xffff, 4)
	set(AttrMED, FlagOptional, 0xffff, 4)
	set(AttrLocalPref, FlagTransitive, 0xffff, 4)
	set(AttrAtomicAggregate, FlagTransitive, 0xffff, 0)
	set(AttrCommunities, FlagOptional|FlagTransitive, 3, 0)
	return r
}()

// attributes walks over attributes of one byte of length.
func (p *Plain) attributes(b []byte) (seen uint32, ok bool) {
	for len(b) >= 3 {
		code, n := b[1], int(b[2])
		if int(code) >= len(plainRules) || 3+n > len(b) {
			return 0, false
		}
		flags := b[0]
		r := &plainRules[code]
		if (uint32(flags)<<16|uint32(n))&r.mask != r.want || seen>>code&1 != 0 {
			// Its length depends on the session, and nobody asks for what is in it.
			aggregator := 6
			if p.as4 {
				aggregator = 8
			}
			if code != AttrAggregator || n != aggregator || flags&(FlagOptional|FlagTransitive|FlagExtended) != FlagOptional|FlagTransitive || seen>>code&1 != 0 {
				return 0, false
			}
		}
		seen |= 1 << code
		switch v := b[3 : 3+n]; code {
		case AttrOrigin:
			if v[0] > byte(OriginIncomplete) {
				return 0, false
			}
		case AttrASPath:
			if !isPlainPath(v, p.as4) {
				return 0, false
			}
			p.path = v
		case AttrCommunities:
			if n == 0 {
				return 0, false
			}
		}
		b = b[3+n:]
	}
	return seen, len(b) == 0
}

// isPlainPath reports whether a path is one sequence without the AS number 0.
func isPlainPath(b []byte, as4 bool) bool {
	if len(b) <= 2 || b[0] != SegSequence {
		return false
	}
	n := int(b[1])
	if b = b[2:]; as4 {
		if len(b) != 4*n {
			return false
		}
		for ; len(b) >= 4; b = b[4:] {
			if be32(b) == 0 {
				return false
			}
		}
		return true
	}
	if len(b) != 2*n {
		return false
	}
	for ; len(b) >= 2; b = b[2:] {
		if be16(b) == 0 {
			return false
		}
	}
	return true
}

// AppendPath appends the AS numbers of the path to dst, in order.
func (p *Plain) AppendPath(dst []uint32) []uint32 {
	if len(p.path) == 0 {
		return dst
	}
	b := p.path[2:]
	if p.as4 {
		return appendNumbers4(dst, b)
	}
	for ; len(b) >= 2; b = b[2:] {
		dst = append(dst, uint32(be16(b)))
	}
	return dst
}
