package bgp

import (
	"iter"
	"net/netip"
)

// Context says how to read path attributes: it depends on the session or on
// the kind of record they were kept in.
type Context struct {
	AS4     bool // AS numbers in AS_PATH and AGGREGATOR have four bytes
	AddPath bool // NLRI in MP attributes carries path identifiers
	// RIB says that the attributes stand in a table dump, where
	// MP_REACH_NLRI may be cut down to its next hop (RFC 6396 §4.3.4).
	RIB bool
}

func (c Context) check(flags, code uint8, v []byte) (Action, string, int) {
	if c.RIB {
		return checkValue(code, v, c.AS4)
	}
	return checkAttr(flags, code, v, c.AS4)
}

// Attrs is the path attributes of a route. Reuse one value: [Attrs.Parse]
// overwrites it. Views are valid as long as the bytes that were parsed.
type Attrs struct {
	// The fields mean something only where Has reports the attribute.
	Origin         Origin
	Atomic         bool
	NextHop        netip.Addr // NEXT_HOP, IPv4
	MED            uint32
	LocalPref      uint32
	AggregatorAS   uint32 // merged with AS4_AGGREGATOR (RFC 6793 §4.2.3)
	AggregatorAddr netip.Addr
	OriginatorID   netip.Addr
	OnlyToCustomer uint32 // RFC 9234
	MPReach        MPAttr // without NLRI where a table dump cut it down
	// MPNextHop is the next hop of MP_REACH_NLRI, the global one where there
	// are two; MPLinkLocal is the second.
	MPNextHop   netip.Addr
	MPLinkLocal netip.Addr

	met         [4]uint64 // attribute codes met, good or bad
	seen        [4]uint64 // those of them that stand
	path        Path      // AS_PATH as it came
	path4       Path      // AS4_PATH as it came
	merged      Path      // what the two say together
	stale4      bool      // see [Attrs.AS4Stale]
	communities []byte
	ext         []byte
	large       []byte
	clusters    []byte
	raw         []byte
	buf         []byte // storage of merged
	err         AttrError
	errs        int
}

// Has reports whether the attribute with this type code is there and not
// discarded.
func (a *Attrs) Has(code uint8) bool { return a.seen[code>>6]>>(code&63)&1 != 0 }

// Raw is the attributes as they came.
func (a *Attrs) Raw() []byte { return a.raw }

// Path is AS_PATH, merged with AS4_PATH where the session had two-byte AS
// numbers (RFC 6793 §4.2.3).
func (a *Attrs) Path() Path { return a.merged }

// AS4Stale reports whether AS4_PATH and AS4_AGGREGATOR are ignored, since AGGREGATOR shows that
// a speaker that does not know of them wrote it after they were added (RFC 6793 §4.2.3).
func (a *Attrs) AS4Stale() bool { return a.stale4 }

// RawPaths returns AS_PATH and AS4_PATH as they came, not merged.
func (a *Attrs) RawPaths() (path, path4 Path) { return a.path, a.path4 }

// Err returns the gravest thing wrong with the attributes, nil if nothing is,
// and how many such there are.
func (a *Attrs) Err() (*AttrError, int) {
	if a.errs == 0 {
		return nil, 0
	}
	return &a.err, a.errs
}

func (a *Attrs) fail(act Action, code uint8, detail string, got int) {
	a.errs++
	if act > a.err.Action {
		a.err = AttrError{act, code, detail, got}
	}
}

// NumCommunities is how many communities there are (RFC 1997).
func (a *Attrs) NumCommunities() int { return len(a.communities) / 4 }

// NumExtCommunities is how many extended communities there are (RFC 4360).
func (a *Attrs) NumExtCommunities() int { return len(a.ext) / 8 }

// NumLarge is how many large communities there are (RFC 8092).
func (a *Attrs) NumLarge() int { return len(a.large) / 12 }

// NumClusters is how many identifiers CLUSTER_LIST has (RFC 4456).
func (a *Attrs) NumClusters() int { return len(a.clusters) / 4 }

// Community returns community i (RFC 1997): AS number in the upper half.
func (a *Attrs) Community(i int) uint32 { return be32(a.communities[4*i:]) }

// ExtCommunity returns extended community i (RFC 4360), eight bytes.
func (a *Attrs) ExtCommunity(i int) [8]byte { return [8]byte(a.ext[8*i:]) }

// Large returns large community i (RFC 8092): global administrator and two
// numbers of its own.
func (a *Attrs) Large(i int) [3]uint32 {
	b := a.large[12*i:]
	return [3]uint32{be32(b), be32(b[4:]), be32(b[8:])}
}

// Cluster returns identifier i of CLUSTER_LIST (RFC 4456).
func (a *Attrs) Cluster(i int) netip.Addr { return netip.AddrFrom4([4]byte(a.clusters[4*i:])) }

// Hop is the next hop of the route: that of MP_REACH_NLRI if there is one,
// otherwise NEXT_HOP; invalid where there is none.
func (a *Attrs) Hop() netip.Addr {
	if a.MPNextHop.IsValid() {
		return a.MPNextHop
	}
	if a.Has(AttrNextHop) {
		return a.NextHop
	}
	return netip.Addr{}
}

// Parse reads path attributes, laid end to end. Malformed ones are dropped and
// noted in [Attrs.Err]; parsing goes on behind them as long as lengths allow.
func (a *Attrs) Parse(b []byte, c Context) {
	a.raw = b
	a.met, a.seen = [4]uint64{}, [4]uint64{}
	a.Atomic = false
	a.path, a.path4, a.merged, a.stale4 = Path{}, Path{}, Path{}, false
	a.communities, a.ext, a.large, a.clusters = nil, nil, nil, nil
	a.MPReach = MPAttr{}
	a.MPNextHop, a.MPLinkLocal = netip.Addr{}, netip.Addr{}
	if a.errs != 0 {
		a.errs, a.err = 0, AttrError{}
	}
	var agg4 []byte
	for len(b) > 0 {
		if len(b) < 3 {
			a.fail(TreatAsWithdraw, 0, "attribute list ends inside an attribute's header", len(b))
			break
		}
		flags, code := b[0], b[1]
		n, h := int(b[2]), 3
		if flags&FlagExtended != 0 {
			if len(b) < 4 {
				a.fail(TreatAsWithdraw, code, "attribute list ends inside an attribute's header", len(b))
				break
			}
			n, h = int(be16(b[2:])), 4
		}
		if n > len(b)-h {
			a.fail(TreatAsWithdraw, code, "attribute runs past the end of the list, length", n)
			break
		}
		v := b[h : h+n]
		b = b[h+n:]
		word, bit := code>>6, uint64(1)<<(code&63)
		if a.met[word]&bit != 0 {
			if code != AttrMPReach && code != AttrMPUnreach {
				a.fail(Discard, code, "appears twice, the first stands", -1)
			}
			continue
		}
		a.met[word] |= bit
		if act, detail, got := c.check(flags, code, v); act != 0 {
			a.fail(act, code, detail, got)
			continue
		}
		a.seen[word] |= bit
		switch code {
		case AttrOrigin:
			a.Origin = Origin(v[0])
		case AttrASPath:
			p := MakePath(v, c.AS4)
			if p.Check() != nil {
				a.fail(TreatAsWithdraw, code, "malformed segment", -1)
				a.seen[word] &^= bit
				break
			}
			if p.HasZero() {
				a.fail(TreatAsWithdraw, code, zeroInPath, -1)
				if !c.RIB { // in a table it is what the router had accepted
					a.seen[word] &^= bit
				}
			}
			a.path = p
		case AttrNextHop:
			a.NextHop = netip.AddrFrom4([4]byte(v))
		case AttrMED:
			a.MED = be32(v)
		case AttrLocalPref:
			a.LocalPref = be32(v)
		case AttrAtomicAggregate:
			a.Atomic = true
		case AttrAggregator:
			if c.AS4 {
				a.AggregatorAS = be32(v)
				v = v[4:]
			} else {
				a.AggregatorAS = uint32(be16(v))
				v = v[2:]
			}
			a.AggregatorAddr = netip.AddrFrom4([4]byte(v))
		case AttrCommunities:
			a.communities = v
		case AttrOriginatorID:
			a.OriginatorID = netip.AddrFrom4([4]byte(v))
		case AttrClusterList:
			a.clusters = v
		case AttrMPReach:
			a.mpReach(v, c)
		case AttrExtCommunities:
			a.ext = v
		case AttrAS4Path:
			a.path4 = MakePath(v, true)
		case AttrAS4Aggregator:
			agg4 = v
		case AttrLargeComm:
			a.large = v
		case AttrOnlyToCustomer:
			a.OnlyToCustomer = be32(v)
		}
	}
	if a.Has(AttrASPath) {
		a.merged = a.path
	}
	if !c.AS4 && (agg4 != nil || !a.path4.Empty()) {
		a.merge4(agg4)
	}
}

// merge4 applies RFC 6793 §4.2.3 to what came over a two-byte session. If both
// AGGREGATOR and AS4_AGGREGATOR are there and AGGREGATOR does not say AS_TRANS,
// it was written by a speaker that does not know of AS4 attributes, so that
// those are stale. An AGGREGATOR alone says nothing: its AS fits two bytes.
func (a *Attrs) merge4(agg4 []byte) {
	if a.Has(AttrAggregator) && agg4 != nil {
		if a.AggregatorAS != ASTrans {
			a.stale4 = true
			return
		}
		a.AggregatorAS = be32(agg4)
		a.AggregatorAddr = netip.AddrFrom4([4]byte(agg4[4:]))
	}
	if !a.path4.Empty() && a.Has(AttrASPath) {
		var ok bool
		if a.buf, ok = a.path.merge(a.buf[:0], a.path4); ok {
			a.merged = Path{a.buf, 4}
		}
	}
}

// mpReach reads MP_REACH_NLRI, whole or cut down to the next hop. A table
// dump's short form begins with the next hop's length, which is not 0; the
// full form, found in such dumps all the same, begins with the upper byte of
// the family, which is.
func (a *Attrs) mpReach(v []byte, c Context) {
	if c.RIB && len(v) > 0 && v[0] != 0 {
		if 1+int(v[0]) > len(v) {
			a.fail(Discard, AttrMPReach, "next hop runs past the end of the attribute, length", int(v[0]))
			return
		}
		a.MPReach.NextHop = v[1 : 1+int(v[0])]
	} else {
		if len(v) < 5 || 5+int(v[3]) > len(v) {
			a.fail(Discard, AttrMPReach, "shorter than its next hop", len(v))
			return
		}
		nh := int(v[3])
		a.MPReach = MPAttr{AFI: be16(v), SAFI: v[2], NextHop: v[4 : 4+nh], NLRI: v[5+nh:]}
	}
	switch nh := a.MPReach.NextHop; len(nh) {
	case 4:
		a.MPNextHop = netip.AddrFrom4([4]byte(nh))
	case 16:
		a.MPNextHop = netip.AddrFrom16([16]byte(nh))
	case 32:
		a.MPNextHop = netip.AddrFrom16([16]byte(nh))
		a.MPLinkLocal = netip.AddrFrom16([16]byte(nh[16:]))
	}
}

// FindPath returns the AS path of a route without reading its other
// attributes: AS_PATH, merged with AS4_PATH into buf where the session had
// two-byte AS numbers and both are there. It returns the zero Path where there
// is none that can be read. The buffer is returned for reuse.
func FindPath(b []byte, c Context, buf []byte) (Path, []byte) {
	path := findPath(b, c.AS4)
	if path.Check() != nil {
		return Path{}, buf
	}
	if !c.RIB && path.HasZero() {
		return Path{}, buf
	}
	if c.AS4 || !path.IsValid() {
		return path, buf
	}
	return mergePath(b, c, path, buf)
}

// FindPath4 is [FindPath] in a table dump whose AS numbers have four bytes, so
// that there is nothing to merge.
func FindPath4(b []byte) Path {
	path := findPath(b, true)
	if path.Check() != nil {
		return Path{}
	}
	return path
}

// ListFits reports whether path attributes, laid end to end, end where their
// list ends.
func ListFits(b []byte) bool {
	i := 0
	for i+3 <= len(b) {
		if b[i]&FlagExtended == 0 {
			i += 3 + int(b[i+2])
		} else if i+4 <= len(b) {
			i += 4 + int(be16(b[i+2:]))
		} else {
			return false
		}
	}
	return i == len(b)
}

// findPath returns the first AS_PATH, unchecked.
func findPath(b []byte, as4 bool) Path {
	v, ok := findPathValue(b)
	if !ok {
		return Path{}
	}
	return MakePath(v, as4)
}

// findPathValue returns the value of the first AS_PATH.
func findPathValue(b []byte) ([]byte, bool) {
	i := 0
	if len(b) >= 4 && be32(b)&(FlagExtended<<24|0xffff00) == AttrOrigin<<16|1<<8 {
		i = 4 // ORIGIN, which nearly all lists begin with
	}
	for i+3 <= len(b) {
		h := b[i:]
		n, v := int(h[2]), i+3
		if h[0]&FlagExtended != 0 {
			if len(h) < 4 {
				break
			}
			n, v = n<<8|int(h[3]), i+4
		}
		i = v + n
		if i > len(b) {
			break
		}
		if h[1] == AttrASPath {
			return b[v:i], true
		}
	}
	return nil, false
}

// AppendPath4 appends to dst what FindPath4(b).Append appends, without making
// a Path where the path is one sequence, as nearly all are.
func AppendPath4(dst []uint32, b []byte) []uint32 {
	// ORIGIN, then AS_PATH of one sequence that is not empty.
	if len(b) >= 10 && be32(b)&(FlagExtended<<24|0xffff00) == AttrOrigin<<16|1<<8 && b[5] == AttrASPath {
		n, v := int(b[6]), 7
		if b[4]&FlagExtended != 0 {
			n, v = n<<8|int(b[7]), 8
		}
		if count := int(b[v+1]); b[v] == SegSequence && count > 0 && n == 2+4*count && v+n <= len(b) {
			return appendNumbers4(dst, b[v+2:v+n])
		}
	}
	return FindPath4(b).Append(dst)
}

// mergePath looks for what may change the AS_PATH of a two-byte session: an
// AS4_PATH, unless the two AGGREGATORs show it to be stale (RFC 6793 §4.2.3).
func mergePath(b []byte, c Context, path Path, buf []byte) (Path, []byte) {
	var path4 Path
	var metAgg, metAgg4, met4 bool // the first of each is met
	var named, agg4 bool           // AGGREGATOR names another AS than AS_TRANS; AS4_AGGREGATOR stands
	for len(b) >= 3 {
		n, h := int(b[2]), 3
		if b[0]&FlagExtended != 0 {
			if len(b) < 4 {
				break
			}
			n, h = int(be16(b[2:])), 4
		}
		if n > len(b)-h {
			break
		}
		switch code, v := b[1], b[h:h+n]; {
		case code == AttrAggregator && !metAgg:
			metAgg = true
			act, _, _ := c.check(b[0], code, v)
			named = act == 0 && be16(v) != ASTrans
		case code == AttrAS4Aggregator && !metAgg4:
			metAgg4 = true
			act, _, _ := c.check(b[0], code, v)
			agg4 = act == 0
		case code == AttrAS4Path && !met4:
			met4 = true
			if act, _, _ := c.check(b[0], code, v); act == 0 {
				path4 = MakePath(v, true)
			}
		}
		b = b[h+n:]
	}
	if path4.Empty() || named && agg4 {
		return path, buf
	}
	m, ok := path.merge(buf[:0], path4)
	if !ok {
		return path, m
	}
	return Path{m, 4}, m
}

// RawAttr is a path attribute as it came.
type RawAttr struct {
	Flags, Code uint8
	Value       []byte
}

// Others gives the attributes that have no field or method of their own, in
// their order.
func (a *Attrs) Others() iter.Seq[RawAttr] {
	return func(yield func(RawAttr) bool) {
		for b := a.raw; len(b) >= 3; {
			n, h := int(b[2]), 3
			if b[0]&FlagExtended != 0 {
				if len(b) < 4 {
					return
				}
				n, h = int(be16(b[2:])), 4
			}
			if n > len(b)-h {
				return
			}
			switch b[1] {
			case AttrIPv6ExtComm: // has no field, but may have been discarded
				if a.Has(AttrIPv6ExtComm) && !yield(RawAttr{b[0], b[1], b[h : h+n]}) {
					return
				}
			case AttrOrigin, AttrASPath, AttrNextHop, AttrMED, AttrLocalPref, AttrAtomicAggregate, AttrAggregator,
				AttrCommunities, AttrOriginatorID, AttrClusterList, AttrMPReach, AttrMPUnreach, AttrExtCommunities,
				AttrAS4Path, AttrAS4Aggregator, AttrLargeComm, AttrOnlyToCustomer:
			default:
				if !yield(RawAttr{b[0], b[1], b[h : h+n]}) {
					return
				}
			}
			b = b[h+n:]
		}
	}
}
