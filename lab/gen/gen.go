// Package gen makes large MRT inputs for benchmarks: table dumps and updates
// with the shape of a modern table, whose path attributes are those of a real
// file, laid out again and again like tiles.
//
// It promises that the same pool, shape and seed give the same bytes on any
// machine, that every record is well formed (RFC 6396, RFC 4271, RFC 4760),
// and that 175.45.176.0/22 and its four /24s are among the prefixes (if five or
// more of IPv4 are asked for), so that a filter has something to find.
//
// What it makes has the size and the texture of routing data and no meaning:
// no path leads anywhere, and no outage is in it. Recordings with a known
// truth come from other parts of the lab.
package gen

import (
	"errors"
	"fmt"
	"io"
	"net/netip"

	"constat/moment"
)

// Stats counts what was written.
type Stats struct {
	Records  int   // MRT records
	Elements int   // announcements, withdrawals or table entries
	Bytes    int64 // before any compression
}

// Shape is the size of what is to be made.
type Shape struct {
	Seed     uint64
	V4, V6   int // number of distinct prefixes
	Peers    int // 1 to 1000
	Start    moment.Time
	Elements int // of updates; a table dump has as many as its peers carry
}

func (s Shape) check(pool *Pool) error {
	switch {
	case len(pool.attrs) == 0:
		return errors.New("gen: the pool holds no path attributes")
	case s.Peers < 1 || s.Peers > 1000:
		return fmt.Errorf("gen: %d peers: want 1 to 1000", s.Peers)
	case s.V4 < 0 || s.V4 > maxV4 || s.V6 < 0 || s.V6 > maxV6 || s.V4+s.V6 == 0:
		return fmt.Errorf("gen: %d IPv4 and %d IPv6 prefixes: want at most %d and %d", s.V4, s.V6, maxV4, maxV6)
	case s.Elements < 0:
		return fmt.Errorf("gen: %d elements", s.Elements)
	case s.Start.Sec() < 0 || s.Start.Sec() > 1<<32-1-7200:
		return fmt.Errorf("gen: %s does not fit an MRT time stamp", s.Start)
	}
	return nil
}

// Hundredths: of the peers that send a full table, and of the table that the
// others send.
const (
	fullShare    = 45
	partialShare = 4
)

// Table writes a TABLE_DUMP_V2 snapshot (RFC 6396 §4.3): a peer index table,
// then a record a prefix, IPv4 before IPv6.
//
// Of the peers, 45 % send a full table and the rest a twenty-fifth of it, as
// on a collector that takes whatever it is offered; so a prefix has about 19
// entries with 40 peers.
func Table(w io.Writer, pool *Pool, s Shape) (Stats, error) {
	if err := s.check(pool); err != nil {
		return Stats{}, err
	}
	e := newEncoder(w)
	sec := uint32(s.Start.Sec())

	e.begin(sec, typeTableDumpV2, subPeerIndex)
	e.addr4(collectorAddr)
	e.u16(0) // no view name
	e.u16(uint16(s.Peers))
	for p := range s.Peers {
		e.u8(0x02)           // IPv4 address, AS of 4 bytes
		e.addr4(peerAddr(p)) // BGP identifier
		e.addr4(peerAddr(p))
		e.u32(peerAS(p))
	}
	e.end()

	full := func(p int) bool { return p*fullShare/100 != (p-1)*fullShare/100 || p == 0 }
	seq := uint32(0)
	dump := func(prefixes []prefix, subtype uint16, v6 bool) {
		run := uint64(0)
		attrs := pool.tile(0)
		for i, pfx := range prefixes {
			if pfx.opens {
				run = hash(s.Seed, 2, uint64(i))
				attrs = pool.tile(run)
			}
			e.begin(sec, typeTableDumpV2, subtype)
			e.u32(seq)
			e.prefix(pfx)
			seq++
			count := e.hole16()
			n := 0
			for p := range s.Peers {
				// Whole runs are carried or not: peers filter by origin.
				if !full(p) && hash(run, 3, uint64(p))%100 >= partialShare {
					continue
				}
				e.u16(uint16(p))
				// Routes are older than a day. Those of a run came together
				// in one case of two.
				age := run
				if hash(run, 12, uint64(i))%2 == 0 {
					age = uint64(i)
				}
				e.u32(sec - 86400 - uint32(hash(s.Seed, 4, age, uint64(p))%(90*86400)))
				a := attrs.at(n)
				if v6 {
					e.u16(uint16(len(a.bare) + len(mpReachRIB)))
					e.bytes(a.bare)
					e.bytes(mpReachRIB)
				} else {
					e.u16(uint16(len(a.v4)))
					e.bytes(a.v4)
				}
				n++
			}
			e.fill16(count, uint16(n))
			e.stats.Elements += n
			e.end()
		}
	}
	dump(prefixes4(s.Seed, s.V4), subRIB4, false)
	dump(prefixes6(s.Seed, s.V6), subRIB6, true)
	return e.finish()
}

// Updates writes BGP4MP_MESSAGE_AS4 records (RFC 6396 §4.4.3) of UPDATE
// messages spread over fifteen minutes: one in ten withdraws, prefixes come in
// the runs of an origin, and what one peer tells several tell soon after.
func Updates(w io.Writer, pool *Pool, s Shape) (Stats, error) {
	if err := s.check(pool); err != nil {
		return Stats{}, err
	}
	all := append(prefixes4(s.Seed, s.V4), prefixes6(s.Seed, s.V6)...)
	home := homeIndex(all)
	e := newEncoder(w)
	const seconds = 900
	for burst := uint64(0); e.stats.Elements < s.Elements; burst++ {
		at := hash(s.Seed, 5, burst)
		i := int(at % uint64(len(all)))
		if hash(at, 6)%4096 == 0 {
			i = home
		}
		j := i + 1
		for j < len(all) && !all[j].opens && all[j].v6 == all[i].v6 && j-i < 1+int(hash(at, 10)%4) {
			j++
		}
		tellers := 1 + int(hash(at, 7)%8)
		first := hash(at, 8)
		withdraw := hash(at, 9)%10 == 0
		attrs := pool.tile(at)
		for t := range min(tellers, s.Peers) {
			if e.stats.Elements >= s.Elements {
				break
			}
			sec := uint32(s.Start.Sec()) + uint32(min(seconds-1, e.stats.Elements*seconds/max(1, s.Elements)))
			p := int((first + uint64(t)) % uint64(s.Peers))
			run := all[i:min(j, i+s.Elements-e.stats.Elements)]
			e.update(sec, p, attrs.at(t), run, withdraw)
		}
	}
	return e.finish()
}

// hash mixes its arguments (splitmix64's finaliser), so that a choice depends
// on what it is about and not on the choices before it.
func hash(seed uint64, parts ...uint64) uint64 {
	h := seed
	for _, p := range parts {
		h += 0x9e3779b97f4a7c15 + p
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

var collectorAddr = netip.AddrFrom4([4]byte{192, 0, 2, 1})

// peerAddr and peerAS are from the ranges for documentation and private use.
func peerAddr(p int) netip.Addr {
	return netip.AddrFrom4([4]byte{198, 18, byte(p >> 8), byte(p)})
}
func peerAS(p int) uint32 { return 4_200_000_000 + uint32(p) }
