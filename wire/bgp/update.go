package bgp

// MPAttr is an MP_REACH_NLRI or MP_UNREACH_NLRI attribute (RFC 4760).
type MPAttr struct {
	AFI     uint16
	SAFI    uint8
	NextHop []byte // MP_REACH only: as on the wire, 4, 16 or 32 bytes for IP
	NLRI    []byte
}

// MaxMP is how many MP attributes of a kind one UPDATE may have before the
// rest is refused. RFC 7606 §3(g) allows one; speakers of about 2000 sent one
// for each family.
const MaxMP = 4

// Update is an UPDATE message cut into its parts, all of them views on the
// message. Reuse one value: [Update.Parse] overwrites it.
type Update struct {
	Withdrawn  []byte // NLRI, IPv4 unicast
	Attributes []byte // the path attributes
	Announced  []byte // NLRI, IPv4 unicast

	reach, unreach   [MaxMP]MPAttr
	nreach, nunreach int

	path Path
	seen [4]uint64 // attribute codes met
	err  AttrError // the gravest
	errs int
	taw  bool
}

// Reach returns the MP_REACH_NLRI attributes, nearly always one or none, by
// family.
func (u *Update) Reach() []MPAttr { return u.reach[:u.nreach] }

// Unreach returns the MP_UNREACH_NLRI attributes, nearly always one or none, by
// family.
func (u *Update) Unreach() []MPAttr { return u.unreach[:u.nunreach] }

// Has reports whether the UPDATE has an attribute with this type code.
func (u *Update) Has(code uint8) bool { return u.seen[code>>6]>>(code&63)&1 != 0 }

// Err returns the gravest thing wrong with the message as far as lengths and
// flags tell, nil if nothing is, and how many such there are. The values inside
// AS_PATH are checked by [Attrs.Parse].
func (u *Update) Err() (*AttrError, int) {
	if u.errs == 0 {
		return nil, 0
	}
	return &u.err, u.errs
}

// Path is AS_PATH as it came, the zero Path where there is none or it is
// malformed.
func (u *Update) Path() Path {
	if u.path.Check() != nil {
		return Path{}
	}
	return u.path
}

// TreatAsWithdraw reports whether anything wrong with the message is such that
// what it announces is to be treated as withdrawn (RFC 7606 §2).
func (u *Update) TreatAsWithdraw() bool { return u.taw }

func (u *Update) fail(a Action, code uint8, detail string, got int) {
	u.errs++
	u.taw = u.taw || a == TreatAsWithdraw
	if a > u.err.Action {
		u.err = AttrError{a, code, detail, got}
	}
}

// Parse cuts the body of an UPDATE, which is the message without its header,
// into its parts. as4 says that AS numbers in it have four bytes. What is wrong
// is in [Update.Err]; parts that could be told are set all the same.
func (u *Update) Parse(body []byte, as4 bool) {
	u.Withdrawn, u.Attributes, u.Announced = nil, nil, nil
	u.nreach, u.nunreach = 0, 0
	u.path = Path{}
	u.seen = [4]uint64{}
	if u.errs != 0 {
		u.errs, u.err, u.taw = 0, AttrError{}, false
	}
	if len(body) < 2 {
		u.fail(Unreadable, 0, "UPDATE shorter than its two length fields", len(body))
		return
	}
	n := int(be16(body))
	b := body[2:]
	if n > len(b) {
		u.Withdrawn = b
		u.fail(Unreadable, 0, "withdrawn routes run past the end of the message", n)
		return
	}
	u.Withdrawn, b = b[:n], b[n:]
	if len(b) < 2 {
		u.fail(Unreadable, 0, "message ends before the length of its attributes", len(b))
		return
	}
	n = int(be16(b))
	b = b[2:]
	if n > len(b) {
		u.fail(Unreadable, 0, "attributes run past the end of the message", n)
		n = len(b)
	}
	u.Attributes, u.Announced = b[:n], b[n:]
	if n > 0 {
		u.attributes(as4)
	}
	if u.nreach > 0 || len(u.Announced) > 0 {
		u.mandatory()
	}
}

// mandatory checks the attributes that routes cannot be without (RFC 4271
// §6.3, RFC 4760 §3, RFC 7606 §3(d)).
func (u *Update) mandatory() {
	switch {
	case !u.Has(AttrOrigin):
		u.fail(TreatAsWithdraw, AttrOrigin, "missing", -1)
	case !u.Has(AttrASPath):
		u.fail(TreatAsWithdraw, AttrASPath, "missing", -1)
	case len(u.Announced) > 0 && !u.Has(AttrNextHop):
		u.fail(TreatAsWithdraw, AttrNextHop, "missing", -1)
	}
}

// attributes walks the path attributes, checks lengths and flags (RFC 7606 §3
// and §7) and finds the MP attributes.
func (u *Update) attributes(as4 bool) {
	b := u.Attributes
	for i := 0; i < len(b); {
		if i+3 > len(b) {
			u.fail(TreatAsWithdraw, 0, "attribute list ends inside an attribute's header", len(b)-i)
			return
		}
		flags, code := b[i], b[i+1]
		n, v := int(b[i+2]), i+3
		if flags&FlagExtended != 0 {
			if v >= len(b) {
				u.fail(TreatAsWithdraw, code, "attribute list ends inside an attribute's header", len(b)-i)
				return
			}
			n, v = n<<8|int(b[v]), v+1
		}
		i = v + n
		if i > len(b) {
			// What follows cannot be told, MP routes among it (§3(j) and §4).
			u.fail(TreatAsWithdraw, code, "attribute runs past the end of the list, length", n)
			return
		}
		word, bit := code>>6, uint64(1)<<(code&63)
		dup := u.seen[word]&bit != 0
		u.seen[word] |= bit
		// The attributes that nearly all routes have, as they should be.
		if !dup {
			switch class := flags & (FlagOptional | FlagTransitive); code {
			case AttrOrigin:
				if class == FlagTransitive && n == 1 && b[v] <= byte(OriginIncomplete) {
					continue
				}
			case AttrASPath:
				u.path = MakePath(b[v:i], as4)
				if class == FlagTransitive {
					continue
				}
			case AttrNextHop:
				if class == FlagTransitive && n == 4 {
					continue
				}
			case AttrMED:
				if class == FlagOptional && n == 4 {
					continue
				}
			case AttrCommunities:
				if class == FlagOptional|FlagTransitive && n&3 == 0 && n != 0 {
					continue
				}
			}
		}
		u.attribute(flags, code, b[v:i], as4, dup)
	}
}

// attribute looks at one attribute closely.
func (u *Update) attribute(flags, code uint8, v []byte, as4, dup bool) {
	switch {
	case code == AttrMPReach:
		u.mpReach(v)
	case code == AttrMPUnreach:
		u.mpUnreach(v)
	case dup:
		u.fail(Discard, code, "appears twice, the first stands", -1)
	default:
		if act, detail, got := checkAttr(flags, code, v, as4); act != 0 {
			u.fail(act, code, detail, got)
		}
	}
}

func (u *Update) mpReach(v []byte) {
	if len(v) < 5 {
		u.fail(Unreadable, AttrMPReach, "shorter than its header", len(v))
		return
	}
	m := MPAttr{AFI: be16(v), SAFI: v[2]}
	nh := int(v[3])
	if 4+nh+1 > len(v) {
		u.fail(Unreadable, AttrMPReach, "next hop runs past the end of the attribute, length", nh)
		return
	}
	m.NextHop = v[4 : 4+nh]
	v = v[4+nh:]
	// The octet after the next hop is reserved; until RFC 4760 it counted
	// SNPAs, each a length in half octets and so many octets.
	snpas := int(v[0])
	v = v[1:]
	for range snpas {
		if len(v) == 0 || 1+(int(v[0])+1)/2 > len(v) {
			u.fail(Unreadable, AttrMPReach, "SNPA runs past the end of the attribute, count", snpas)
			return
		}
		v = v[1+(int(v[0])+1)/2:]
	}
	m.NLRI = v
	for _, o := range u.Reach() {
		if o.AFI == m.AFI && o.SAFI == m.SAFI {
			u.fail(Unreadable, AttrMPReach, "appears twice for one family, the first stands", -1)
			return
		}
	}
	if u.nreach == MaxMP {
		u.fail(Unreadable, AttrMPReach, "appears too often", MaxMP+1)
		return
	}
	if m.AFI == AFIv4 || m.AFI == AFIv6 {
		switch nh {
		case 4, 16, 32:
		case 24, 48: // with a route distinguisher, which unicast has not
			fallthrough
		default:
			if m.SAFI <= SAFIBoth {
				u.fail(TreatAsWithdraw, AttrMPReach, "next hop length is not that of an address", nh)
			}
		}
	}
	insertMP(&u.reach, u.nreach, m)
	u.nreach++
}

// insertMP adds m to the n attributes in a, which it keeps in the order of
// their families.
func insertMP(a *[MaxMP]MPAttr, n int, m MPAttr) {
	for ; n > 0 && (a[n-1].AFI > m.AFI || a[n-1].AFI == m.AFI && a[n-1].SAFI > m.SAFI); n-- {
		a[n] = a[n-1]
	}
	a[n] = m
}

func (u *Update) mpUnreach(v []byte) {
	if len(v) < 3 {
		u.fail(Unreadable, AttrMPUnreach, "shorter than its header", len(v))
		return
	}
	m := MPAttr{AFI: be16(v), SAFI: v[2], NLRI: v[3:]}
	for _, o := range u.Unreach() {
		if o.AFI == m.AFI && o.SAFI == m.SAFI {
			u.fail(Unreadable, AttrMPUnreach, "appears twice for one family, the first stands", -1)
			return
		}
	}
	if u.nunreach == MaxMP {
		u.fail(Unreadable, AttrMPUnreach, "appears too often", MaxMP+1)
		return
	}
	insertMP(&u.unreach, u.nunreach, m)
	u.nunreach++
}

// EndOfRIB reports whether the message is an End-of-RIB marker and for which
// family (RFC 4724 §2): an UPDATE with nothing in it, or with nothing but an
// MP_UNREACH_NLRI without prefixes.
func (u *Update) EndOfRIB() (afi uint16, safi uint8, ok bool) {
	if len(u.Withdrawn)+len(u.Announced) > 0 || u.nreach > 0 || u.errs > 0 {
		return 0, 0, false
	}
	switch {
	case len(u.Attributes) == 0:
		return AFIv4, SAFIUnicast, true
	case u.nunreach == 1 && len(u.unreach[0].NLRI) == 0:
		return u.unreach[0].AFI, u.unreach[0].SAFI, true
	}
	return 0, 0, false
}
