package build

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// wellKnown are the communities that bgpdump prints by name (RFC 1997).
var wellKnown = map[string]uint32{"no-export": 0xffffff01, "no-advertise": 0xffffff02, "local-as": 0xffffff03}

// AddCommunity adds a community in the form in which the field writes it: "1:2"
// (RFC 1997), "1:2:3" (RFC 8092), "rt:1:2", "soo:192.0.2.1:2" or 16 hex digits
// (RFC 4360), or one of the well-known names.
func (r *Route) AddCommunity(s string) error {
	wrong := fmt.Errorf("community %q: want one such as 64500:1, 64500:1:2 or rt:64500:1", s)
	if c, ok := wellKnown[strings.ToLower(s)]; ok {
		r.Communities = append(r.Communities, c)
		return nil
	}
	parts := strings.Split(s, ":")
	if kind := strings.ToLower(parts[0]); len(parts) == 3 && (kind == "rt" || kind == "soo") {
		c, ok := extended(kind, parts[1], parts[2])
		if !ok {
			return wrong
		}
		r.Ext = append(r.Ext, c)
		return nil
	}
	if len(parts) == 1 && len(s) == 16 {
		b, err := hex.DecodeString(s)
		if err != nil {
			return wrong
		}
		r.Ext = append(r.Ext, [8]byte(b))
		return nil
	}
	var n [3]uint64
	if len(parts) != 2 && len(parts) != 3 {
		return wrong
	}
	bits := map[int]int{2: 16, 3: 32}[len(parts)]
	for i, p := range parts {
		var err error
		if n[i], err = strconv.ParseUint(p, 10, bits); err != nil {
			return wrong
		}
	}
	if len(parts) == 2 {
		r.Communities = append(r.Communities, uint32(n[0])<<16|uint32(n[1]))
	} else {
		r.Large = append(r.Large, [3]uint32{uint32(n[0]), uint32(n[1]), uint32(n[2])})
	}
	return nil
}

// extended makes a route target or route origin (RFC 4360 §3 and §4, RFC 5668).
func extended(kind, first, second string) (c [8]byte, ok bool) {
	c[1] = 2
	if kind == "soo" {
		c[1] = 3
	}
	if a, err := netip.ParseAddr(first); err == nil && a.Is4() {
		n, err := strconv.ParseUint(second, 10, 16)
		c[0] = 1
		b := a.As4()
		copy(c[2:], b[:])
		c[6], c[7] = byte(n>>8), byte(n)
		return c, err == nil
	}
	as, err := strconv.ParseUint(first, 10, 32)
	if err != nil {
		return c, false
	}
	if as < 1<<16 {
		n, err := strconv.ParseUint(second, 10, 32)
		c[2], c[3] = byte(as>>8), byte(as)
		c[4], c[5], c[6], c[7] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
		return c, err == nil
	}
	n, err := strconv.ParseUint(second, 10, 16)
	c[0] = 2
	c[2], c[3], c[4], c[5], c[6], c[7] = byte(as>>24), byte(as>>16), byte(as>>8), byte(as), byte(n>>8), byte(n)
	return c, err == nil
}
