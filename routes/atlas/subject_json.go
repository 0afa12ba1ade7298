package atlas

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// UnmarshalJSON reads a subject as it was written to a case, so that it gives
// the same answers as the one that was resolved: the reasons that [Subject.Why]
// needs are taken from Reasons.
func (s *Subject) UnmarshalJSON(b []byte) error {
	type plain Subject
	var p plain
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	*s = Subject(p)
	s.why, s.asn, s.def = map[netip.Prefix][]string{}, map[uint32][]string{}, nil
	for _, r := range s.Reasons {
		if strings.HasPrefix(r.What, "AS") {
			if asn, err := strconv.ParseUint(r.What[2:], 10, 32); err == nil {
				s.asn[uint32(asn)] = append(s.asn[uint32(asn)], r.Reason)
			}
			continue
		}
		if p, err := netip.ParsePrefix(r.What); err == nil {
			if s.why[p] == nil {
				s.def = append(s.def, p)
			}
			s.why[p] = append(s.why[p], r.Reason)
		}
	}
	slices.SortFunc(s.def, comparePrefix)
	return nil
}
