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

	// The first AS_PATH, by its place: a slice would cost more to keep.
	pathFrom, pathTo int
	pathSize         int  // of its numbers, 0 if there is none
	pathGood         bool // it can be walked to its end

	seen [4]uint64 // attribute codes met
	err  AttrError // the gravest
	errs int
	taw  bool
	cut  bool // the message is longer than what there is of it
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
	if !u.pathGood {
		return Path{}
	}
	return Path{u.Attributes[u.pathFrom:u.pathTo], u.pathSize}
}

// PathOK reports whether there is an AS_PATH that is well formed.
func (u *Update) PathOK() bool { return u.pathGood }

// CheckPath is what [Attrs.Parse] says of an AS_PATH that is there: nil if
// nothing is wrong with it. zero says that it is well formed and holds the AS
// number 0 (RFC 7607 §2).
func (u *Update) CheckPath() (err *AttrError, zero bool) {
	if u.pathGood && u.pathSize == 4 { // one segment without a 0, as nearly always
		b := u.Attributes[u.pathFrom:u.pathTo]
		if len(b) > 2 && 2+4*int(b[1]) == len(b) {
			for b = b[2:]; len(b) >= 8; b = b[8:] {
				if v := be64(b); uint32(v) == 0 || v>>32 == 0 {
					break
				}
			}
			if len(b) == 0 || len(b) == 4 && be32(b) != 0 {
				return nil, false
			}
		}
	}
	return u.checkPath()
}

// checkPath is CheckPath for whatever there is.
func (u *Update) checkPath() (err *AttrError, zero bool) {
	switch {
	case u.pathSize == 0:
	case !u.pathGood:
		return &AttrError{TreatAsWithdraw, AttrASPath, "malformed segment", -1}, false
	case Path{u.Attributes[u.pathFrom:u.pathTo], u.pathSize}.HasZero():
		return &AttrError{TreatAsWithdraw, AttrASPath, zeroInPath, -1}, true
	}
	return nil, false
}

// AppendPath is Path().Append.
func (u *Update) AppendPath(dst []uint32) []uint32 {
	if !u.pathGood {
		return dst
	}
	b := u.Attributes[u.pathFrom:u.pathTo]
	if u.pathSize == 4 && len(b) >= 2 && 2+4*int(b[1]) == len(b) { // one segment, as nearly always
		return appendNumbers4(dst, b[2:])
	}
	return Path{b, u.pathSize}.Append(dst)
}

// setPath notes where AS_PATH stands and whether it is well formed.
func (u *Update) setPath(from, to int, as4 bool) {
	u.pathFrom, u.pathTo, u.pathSize = from, to, 2
	if as4 {
		u.pathSize = 4
	}
	// One sequence that fills it, the shape of nearly all.
	if b := u.Attributes[from:to]; len(b) > 2 && b[0] == SegSequence && 2+u.pathSize*int(b[1]) == len(b) {
		u.pathGood = true
	} else {
		u.pathGood = Path{b, u.pathSize}.Check() == nil
	}
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
//
// If the two length fields do not fit the message, no part of it can be told
// (RFC 4271 §6.3): where the withdrawn routes end is then anybody's guess, and
// reading on would invent withdrawals.
func (u *Update) Parse(body []byte, as4 bool) {
	u.nreach, u.nunreach = 0, 0
	u.pathSize, u.pathGood = 0, false
	u.seen = [4]uint64{}
	if u.errs != 0 {
		u.errs, u.err, u.taw = 0, AttrError{}, false
	}
	// Places rather than slices on the way: making a slice costs more than
	// what is looked at, and this is done for every message.
	if len(body) < 2 {
		u.Withdrawn, u.Attributes, u.Announced = nil, nil, nil
		u.fail(Unreadable, 0, "UPDATE shorter than its two length fields", len(body))
		return
	}
	at := 2 + int(be16(body)) // where the withdrawn routes end
	if at+2 > len(body) {
		u.Withdrawn, u.Attributes, u.Announced = nil, nil, nil
		if u.cut {
			u.Withdrawn = body[2:min(at, len(body))]
		}
		if at > len(body) {
			u.fail(Unreadable, 0, "withdrawn routes run past the end of the message", at-2)
		} else {
			u.fail(Unreadable, 0, "message ends before the length of its attributes", len(body)-at)
		}
		return
	}
	n := int(be16(body[at:]))
	end := at + 2 + n
	if end > len(body) {
		u.fail(Unreadable, 0, "attributes run past the end of the message", n)
		if !u.cut {
			u.Withdrawn, u.Attributes, u.Announced = nil, nil, nil
			return
		}
		end = len(body)
		n = end - at - 2
	}
	u.Withdrawn, u.Attributes, u.Announced = body[2:at], body[at+2:end], body[end:]
	if n > 0 {
		u.attributes(as4)
	}
	if u.nreach > 0 || len(u.Announced) > 0 {
		u.mandatory()
	}
}

// ParseCut is [Update.Parse] of a message of which only the first bytes were
// kept: what stands before the cut is given.
func (u *Update) ParseCut(body []byte, as4 bool) {
	u.cut = true
	u.Parse(body, as4)
	u.cut = false
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

// rule says how the commonest attributes look when nothing is wrong with them,
// so that this is tested without branching on the code: their flags, above, and
// their length, below, are want after masking. An attribute that does not fit
// its rule, and one without length, is looked at closely.
type rule struct{ mask, want uint32 }

// rules is by attribute code. Nothing is known that could be wrong with codes
// of 64 and more.
var rules = makeRules()

func makeRules() (r [64]rule) {
	for code := range r {
		if classOf[code] != anyFlags || code == AttrMPReach || code == AttrMPUnreach {
			r[code] = rule{want: 1} // nothing fits
		}
	}
	set := func(code int, lengthMask, length uint32) {
		r[code] = rule{(FlagOptional|FlagTransitive)<<16 | lengthMask, uint32(classFlags[classOf[code]])<<16 | length}
	}
	set(AttrNextHop, 0xffff, 4)
	set(AttrMED, 0xffff, 4)
	set(AttrLocalPref, 0xffff, 4)
	set(AttrCommunities, 3, 0)
	set(AttrExtCommunities, 7, 0)
	return r
}

// attributes walks the path attributes, checks lengths and flags (RFC 7606 §3
// and §7) and finds the AS path and the MP attributes.
func (u *Update) attributes(as4 bool) {
	b := u.Attributes
	var seen uint64 // codes below 64
	i := 0
	// Nearly all lists begin with ORIGIN as it should be.
	if len(b) >= 4 && be32(b)&((FlagExtended|FlagOptional|FlagTransitive)<<24|0xffff00) == FlagTransitive<<24|AttrOrigin<<16|1<<8 && b[3] <= byte(OriginIncomplete) {
		seen, i = 1<<AttrOrigin, 4
	}
	for i < len(b) {
		if i+3 > len(b) {
			u.fail(TreatAsWithdraw, 0, "attribute list ends inside an attribute's header", len(b)-i)
			break
		}
		flags, code := b[i], b[i+1]
		n, v := int(b[i+2]), i+3
		if flags&FlagExtended != 0 {
			if v >= len(b) {
				u.fail(TreatAsWithdraw, code, "attribute list ends inside an attribute's header", len(b)-i)
				break
			}
			n, v = n<<8|int(b[v]), v+1
		}
		i = v + n
		if i > len(b) {
			// What follows cannot be told, MP routes among it (§3(j) and §4).
			u.fail(TreatAsWithdraw, code, "attribute runs past the end of the list, length", n)
			break
		}
		if code >= 64 {
			word, bit := code>>6, uint64(1)<<(code&63)
			if u.seen[word]&bit != 0 {
				u.attribute(flags, code, b[v:i], as4, true)
			}
			u.seen[word] |= bit
			continue
		}
		bit := uint64(1) << code
		dup := seen&bit != 0
		seen |= bit
		if !dup {
			if r := &rules[code]; (uint32(flags)<<16|uint32(n))&r.mask == r.want && n != 0 {
				continue
			}
			if code == AttrASPath {
				u.setPath(v, i, as4)
				if flags&(FlagOptional|FlagTransitive) == FlagTransitive {
					continue
				}
			}
		}
		u.attribute(flags, code, b[v:i], as4, dup)
	}
	u.seen[0] |= seen
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
