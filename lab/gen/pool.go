package gen

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// attributes are the path attributes of one real announcement, with AS numbers
// of four bytes: as an IPv4 route has them, and without NEXT_HOP, for an IPv6
// route to add its MP_REACH_NLRI to.
type attributes struct{ v4, bare []byte }

// Pool is the path attributes found in a real file, in its order: there,
// neighbours tend to be one destination as several peers see it, or several
// destinations of one origin, and laid out as tiles they keep this texture.
type Pool struct {
	attrs []attributes
}

// maxPool bounds the number of attributes kept; more make no larger table.
const maxPool = 1 << 18

// Len is the number of announcements whose attributes the pool holds.
func (p *Pool) Len() int { return len(p.attrs) }

// tile is a stretch of the pool that belongs to one run of prefixes.
type tile struct {
	pool  *Pool
	start uint64
}

func (p *Pool) tile(run uint64) tile { return tile{p, run % uint64(len(p.attrs))} }

func (t tile) at(i int) attributes {
	return t.pool.attrs[(t.start+uint64(i))%uint64(len(t.pool.attrs))]
}

// ReadPool collects path attributes from an uncompressed MRT file: from
// TABLE_DUMP, TABLE_DUMP_V2 and BGP4MP updates. Records of other types and
// routes that are not complete IPv4 routes are passed over; what cannot be
// read ends the pool without an error unless nothing came before it.
func ReadPool(r io.Reader) (*Pool, error) {
	p := &Pool{}
	var head [headerLen]byte
	var last []byte
	var body bytes.Buffer
	var err error
	for len(p.attrs) < maxPool {
		if _, err = io.ReadFull(r, head[:]); err != nil {
			break
		}
		body.Reset()
		n := int64(binary.BigEndian.Uint32(head[8:]))
		if _, err = io.CopyN(&body, r, n); err != nil {
			break
		}
		typ, sub := binary.BigEndian.Uint16(head[4:]), binary.BigEndian.Uint16(head[6:])
		eachAttributes(typ, sub, body.Bytes(), func(raw []byte, wide bool) {
			if bytes.Equal(raw, last) || len(p.attrs) >= maxPool {
				return
			}
			last = append(last[:0], raw...)
			if a, ok := normalise(raw, wide); ok {
				p.attrs = append(p.attrs, a)
			}
		})
	}
	if len(p.attrs) == 0 {
		if err == nil || err == io.EOF || err == io.ErrUnexpectedEOF {
			err = errors.New("no IPv4 announcement in it")
		}
		return nil, fmt.Errorf("gen: attributes to tile: %w", err)
	}
	return p, nil
}

// eachAttributes calls f with every attribute block of a record; wide says
// that AS numbers have four bytes.
func eachAttributes(typ, sub uint16, b []byte, f func(raw []byte, wide bool)) {
	c := cut{b: b}
	switch typ {
	case typeTableDump: // RFC 6396 §4.2
		if sub == 1 {
			c.take(2 + 2 + 4 + 1 + 1 + 4 + 4 + 2)
			c.block16(f, false)
		}
	case typeTableDumpV2: // §4.3.2
		if sub != subRIB4 {
			return
		}
		c.take(4)
		bits := c.u8()
		c.take((bits + 7) / 8)
		for n := c.u16(); n > 0 && !c.short; n-- {
			c.take(2 + 4)
			c.block16(f, true)
		}
	case typeBGP4MPET, typeBGP4MP: // §4.4.2, §4.4.3, RFC 6396 §3
		if typ == typeBGP4MPET {
			c.take(4)
		}
		wide := sub == subMessageAS4
		if wide {
			c.take(4)
		} else if sub != subMessage {
			return
		}
		c.take(4 + 2)
		switch c.u16() {
		case 1:
			c.take(8)
		case 2:
			c.take(32)
		default:
			return
		}
		c.take(bgpHeaderLen - 1)
		if c.u8() != bgpUpdate {
			return
		}
		c.take(c.u16()) // withdrawn routes
		c.block16(f, wide)
	}
}

// cut takes fields off a record; past its end it gives zeros and says short.
type cut struct {
	b     []byte
	short bool
}

func (c *cut) take(n int) []byte {
	if n > len(c.b) {
		c.b, c.short = nil, true
		return nil
	}
	b := c.b[:n]
	c.b = c.b[n:]
	return b
}

func (c *cut) u8() int {
	if b := c.take(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (c *cut) u16() int {
	if b := c.take(2); b != nil {
		return int(binary.BigEndian.Uint16(b))
	}
	return 0
}

func (c *cut) block16(f func([]byte, bool), wide bool) {
	if b := c.take(c.u16()); len(b) > 0 {
		f(b, wide)
	}
}

// normalise copies an attribute block of an IPv4 route, widening its AS
// numbers and leaving out what belongs to other routes. It refuses a block
// that is damaged, or not that of a whole IPv4 route.
func normalise(raw []byte, wide bool) (attributes, bool) {
	var a attributes
	c := cut{b: raw}
	path, hop := false, false
	for len(c.b) > 0 {
		flags, code := c.u8(), c.u8()
		var n int
		if flags&flagExtended != 0 {
			n = c.u16()
		} else {
			n = c.u8()
		}
		v := c.take(n)
		if c.short || len(v) != n {
			return a, false
		}
		switch code {
		case attrMPReach, attrMPUnreach, attrAS4Path, attrAS4Aggregator:
			continue
		case attrAggregator:
			if len(v) == 6 { // with an AS number of two bytes
				v = append([]byte{0, 0}, v...)
			}
		case attrASPath:
			if !wide {
				var ok bool
				if v, ok = widen(v); !ok {
					return a, false
				}
			}
			path = true
		case attrNextHop:
			hop = n == 4
		}
		one := appendAttr(nil, flags, code, v)
		a.v4 = append(a.v4, one...)
		if code != attrNextHop {
			a.bare = append(a.bare, one...)
		}
	}
	// A message of BGP has 4096 bytes; leave room for prefixes.
	return a, path && hop && len(a.v4) < 2048
}

func appendAttr(b []byte, flags, code int, v []byte) []byte {
	if len(v) > 255 {
		b = append(b, byte(flags|flagExtended), byte(code), byte(len(v)>>8), byte(len(v)))
	} else {
		b = append(b, byte(flags&^flagExtended), byte(code), byte(len(v)))
	}
	return append(b, v...)
}

// widen makes an AS_PATH of two-byte numbers one of four-byte numbers.
func widen(v []byte) ([]byte, bool) {
	var out []byte
	c := cut{b: v}
	for len(c.b) > 0 {
		kind, n := c.u8(), c.u8()
		out = append(out, byte(kind), byte(n))
		for range n {
			as := c.u16()
			out = append(out, 0, 0, byte(as>>8), byte(as))
		}
	}
	return out, !c.short
}
