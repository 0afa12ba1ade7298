package build

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"constat/wire/bgp"
)

// ASN is an AS number as text ("11708") or as a number.
type ASN uint32

// UnmarshalJSON reads it.
func (n *ASN) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 32)
	if err != nil {
		return fmt.Errorf("%s is no AS number", b)
	}
	*n = ASN(v)
	return nil
}

// JSONPath reads a path as JSON: AS numbers, as numbers or text; a list among them
// is a set (RFC 4271 §4.3), and so is text in braces.
func JSONPath(list []json.RawMessage) ([]Segment, error) {
	var out []Segment
	var line []uint32
	for _, v := range list {
		b := bytes.TrimSpace(v)
		if len(b) > 0 && b[0] == '[' || bytes.HasPrefix(b, []byte(`"{`)) {
			set, err := numbers(b)
			if err != nil {
				return nil, err
			}
			if len(line) > 0 {
				out, line = append(out, Segment{Type: bgp.SegSequence, AS: line}), nil
			}
			out = append(out, Segment{Type: bgp.SegSet, AS: set})
			continue
		}
		var n ASN
		if err := n.UnmarshalJSON(b); err != nil {
			return nil, fmt.Errorf("path: %w", err)
		}
		line = append(line, uint32(n))
	}
	if len(line) > 0 {
		out = append(out, Segment{Type: bgp.SegSequence, AS: line})
	}
	return out, nil
}

// numbers reads the members of a set: [1,2], ["1","2"] or "{1,2}".
func numbers(b []byte) ([]uint32, error) {
	var out []uint32
	for s := range strings.SplitSeq(strings.Trim(string(b), "[]\"{} \t\r\n"), ",") {
		n, err := strconv.ParseUint(strings.Trim(s, "\" \t\r\n"), 10, 32)
		if err != nil {
			return nil, fmt.Errorf("path: %q is no AS number", s)
		}
		out = append(out, uint32(n))
	}
	return out, nil
}
