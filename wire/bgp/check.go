package bgp

// flagClass groups attribute codes by the flags they must carry.
type flagClass uint8

const (
	anyFlags      flagClass = iota
	wellKnown               // transitive, not optional
	optTransitive           // optional and transitive
	optLocal                // optional, not transitive
)

var classOf = [256]flagClass{
	AttrOrigin:          wellKnown,
	AttrASPath:          wellKnown,
	AttrNextHop:         wellKnown,
	AttrMED:             optLocal,
	AttrLocalPref:       wellKnown,
	AttrAtomicAggregate: wellKnown,
	AttrAggregator:      optTransitive,
	AttrCommunities:     optTransitive,
	AttrOriginatorID:    optLocal,
	AttrClusterList:     optLocal,
	AttrExtCommunities:  optTransitive,
	AttrAS4Path:         optTransitive,
	AttrAS4Aggregator:   optTransitive,
	AttrIPv6ExtComm:     optTransitive,
	AttrLargeComm:       optTransitive,
	AttrOnlyToCustomer:  optTransitive,
}

var classFlags = [...]byte{
	wellKnown:     FlagTransitive,
	optTransitive: FlagOptional | FlagTransitive,
	optLocal:      FlagOptional,
}

// checkAttr applies RFC 7606 §3(c) and §7 to one attribute of an UPDATE: its
// flags and its length. Inside AS_PATH it does not look. Action 0 means nothing
// is wrong.
func checkAttr(flags, code uint8, v []byte, as4 bool) (Action, string, int) {
	if c := classOf[code]; c != anyFlags && flags&(FlagOptional|FlagTransitive) != classFlags[c] {
		return severity(code), "flags contradict the type, flags", int(flags)
	}
	return checkValue(code, v, as4)
}

// checkValue is checkAttr without the flags, which in a table dump say nothing
// about the route.
func checkValue(code uint8, v []byte, as4 bool) (Action, string, int) {
	n := len(v)
	switch code {
	case AttrOrigin:
		if n != 1 {
			return TreatAsWithdraw, "length is not 1", n
		}
		if v[0] > uint8(OriginIncomplete) {
			return TreatAsWithdraw, "value is undefined", int(v[0])
		}
	case AttrNextHop:
		if n != 4 {
			return TreatAsWithdraw, "length is not 4", n
		}
	case AttrMED:
		if n != 4 {
			return TreatAsWithdraw, "length is not 4", n
		}
	case AttrLocalPref, AttrOriginatorID:
		if n != 4 {
			return Discard, "length is not 4", n
		}
	case AttrAtomicAggregate:
		if n != 0 {
			return Discard, "length is not 0", n
		}
	case AttrAggregator:
		// RFC 7607 §2 discards one that names the AS 0. Files of 1999 to 2002 are
		// full of "AS 0, 0.0.0.0", and nobody concludes anything from it: it stays.
		if as4 && n != 8 {
			return Discard, "length is not 8", n
		}
		if !as4 && n != 6 {
			return Discard, "length is not 6", n
		}
	case AttrAS4Aggregator:
		if n != 8 {
			return Discard, "length is not 8", n
		}
	case AttrCommunities:
		if n == 0 || n%4 != 0 {
			return TreatAsWithdraw, "length is not a multiple of 4", n
		}
	case AttrClusterList:
		if n == 0 || n%4 != 0 {
			return Discard, "length is not a multiple of 4", n
		}
	case AttrExtCommunities:
		if n == 0 || n%8 != 0 {
			return TreatAsWithdraw, "length is not a multiple of 8", n
		}
	case AttrIPv6ExtComm: // RFC 5701 §2, RFC 7606 §7.15
		if n == 0 || n%20 != 0 {
			return TreatAsWithdraw, "length is not a multiple of 20", n
		}
	case AttrLargeComm:
		if n == 0 || n%12 != 0 {
			return TreatAsWithdraw, "length is not a multiple of 12", n
		}
	case AttrOnlyToCustomer: // RFC 9234 §5
		if n != 4 {
			return TreatAsWithdraw, "length is not 4", n
		}
	case AttrAS4Path:
		p := MakePath(v, true)
		if p.Check() != nil {
			return Discard, "malformed segment", -1
		}
		if p.HasZero() {
			return Discard, zeroInPath, -1
		}
	}
	return 0, "", -1
}

// severity is the action for flags that contradict the type: routes are
// withdrawn (§3(c)), but attributes that §7 has discarded for a bad length are
// discarded for bad flags too. Peers of
// a collector are external, for whom RFC 7606 §7.5, §7.9 and §7.10 discard
// LOCAL_PREF, ORIGINATOR_ID and CLUSTER_LIST.
func severity(code uint8) Action {
	switch code {
	case AttrLocalPref, AttrOriginatorID, AttrClusterList,
		AttrAtomicAggregate, AttrAggregator, AttrAS4Aggregator, AttrAS4Path:
		return Discard
	}
	return TreatAsWithdraw
}
