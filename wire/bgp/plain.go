package bgp

// Plain is an UPDATE of the commonest shape: routes of IPv4 unicast in its own fields,
// with attributes of the kinds that nearly all have, and nothing wrong with them. It is for who
// reads millions of messages for their prefixes and paths, and puts all others to
// [Update].
type Plain struct {
	Withdrawn []byte // lists of IPv4 prefixes, none of which is the default route
	Announced []byte
	// How many prefixes are in them, and how long the shortest of all is; 33 if there is none.
	Withdrawals, Announcements, Shortest int

	path []byte
	as4  bool
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
	var ok1, ok2 bool
	p.Shortest = 33
	p.Withdrawals, ok1 = p.list(p.Withdrawn)
	p.Announcements, ok2 = p.list(p.Announced)
	if !ok1 || !ok2 {
		return false
	}
	seen, ok := p.attributes(body[at+2 : end])
	if len(p.Announced) == 0 {
		return ok
	}
	const needed = 1<<AttrOrigin | 1<<AttrASPath | 1<<AttrNextHop
	return ok && seen&needed == needed
}

// list walks over a list, and returns how many prefixes are in it; false if it is not plain.
func (p *Plain) list(b []byte) (n int, ok bool) {
	i, shortest := 0, p.Shortest
	for i < len(b) {
		bits := int(b[i])
		if uint(bits-1) > 31 {
			return 0, false
		}
		shortest = min(shortest, bits)
		i += 1 + (bits+7)>>3
		n++
	}
	p.Shortest = shortest
	return n, i == len(b)
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
var plainRules = func() (r [AttrOnlyToCustomer + 1]rule) {
	for i := range r {
		r[i] = rule{want: 1} // nothing fits
	}
	set := func(code, flags int, lengthMask, length uint32) {
		r[code] = rule{(FlagOptional|FlagTransitive)<<16 | lengthMask, uint32(flags)<<16 | length}
	}
	set(AttrOrigin, FlagTransitive, 0xffff, 1)
	set(AttrASPath, FlagTransitive, 0, 0)
	set(AttrNextHop, FlagTransitive, 0xffff, 4)
	set(AttrMED, FlagOptional, 0xffff, 4)
	set(AttrLocalPref, FlagTransitive, 0xffff, 4)
	set(AttrAtomicAggregate, FlagTransitive, 0xffff, 0)
	set(AttrCommunities, FlagOptional|FlagTransitive, 3, 0)
	set(AttrExtCommunities, FlagOptional|FlagTransitive, 7, 0)
	set(AttrOnlyToCustomer, FlagOptional|FlagTransitive, 0xffff, 4)
	return r
}()

// attributes walks over attributes.
func (p *Plain) attributes(b []byte) (seen uint64, ok bool) {
	for len(b) >= 3 {
		flags, code, n, at := b[0], b[1], int(b[2]), 3
		if flags&FlagExtended != 0 {
			if len(b) < 4 {
				return 0, false
			}
			n, at = n<<8|int(b[3]), 4
		}
		if int(code) >= len(plainRules) || at+n > len(b) || seen>>code&1 != 0 {
			return 0, false
		}
		if r := &plainRules[code]; (uint32(flags)<<16|uint32(n))&r.mask != r.want && !p.isPlainLong(flags, code, n) {
			return 0, false
		}
		seen |= 1 << code
		switch v := b[at : at+n]; code {
		case AttrOrigin:
			if v[0] > byte(OriginIncomplete) {
				return 0, false
			}
		case AttrASPath:
			if !isPlainPath(v, p.as4) {
				return 0, false
			}
			p.path = v
		case AttrCommunities, AttrExtCommunities:
			if n == 0 {
				return 0, false
			}
		}
		b = b[at+n:]
	}
	return seen, len(b) == 0
}

// isPlainLong reports whether an attribute is plain whose length no mask tells: nobody asks
// for what is in it.
func (p *Plain) isPlainLong(flags, code byte, n int) bool {
	if flags&(FlagOptional|FlagTransitive) != FlagOptional|FlagTransitive {
		return false
	}
	switch code {
	case AttrAggregator: // depends on the session
		return p.as4 && n == 8 || !p.as4 && n == 6
	case AttrLargeComm:
		return n != 0 && n%12 == 0
	}
	return false
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

// Origin is the last AS of the path, which originated what is announced. It is only asked
// for if something is.
func (p *Plain) Origin() uint32 {
	if n := len(p.path); p.as4 && n >= 4 {
		return be32(p.path[n-4:])
	} else if n >= 2 {
		return uint32(be16(p.path[n-2:]))
	}
	return 0
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
