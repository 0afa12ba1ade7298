package plays

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
)

// All worlds begin at noon of 10 March 2016 and last two hours; the first table is of then.
const (
	noon  = 1457611200
	span  = 7200
	slot  = 300 // of a file of updates
	quiet = 900 // a route that a peer spoke of so long before a table is held against it
)

// The networks of a world.
const (
	subjectAS  = 396001 // the operators are it and those after it
	strangerAS = 2666
	providerAS = 2001
	secondAS   = 2002
)

// Peer is a router that feeds a collector.
type Peer struct {
	Collector int
	Addr      netip.Addr
	AS        uint32
	transit   uint32
	base      map[netip.Prefix][]uint32 // what it holds as the world begins
	changes   []change
	breaks    []rest
	Watching  []bool // by second: its session is up and its file is there
}

// change is what a peer holds of a prefix from a second on; no path: nothing.
type change struct {
	at     int64
	prefix netip.Prefix
	path   []uint32
	mute   bool // the collector has no record of it
}

// rest is a time in which a session is down. What the peer comes to hold meanwhile it tells
// when the session is up, with its whole table.
type rest struct {
	from, until int64
	noted       bool // with changes of state
	marked      bool // an End-of-RIB ends the table
	silent      bool // no pause: the table is sent again as if nothing had been
}

// World is one event with everything that collectors saw of it.
type World struct {
	Family string
	Seed   uint64
	Peers  []*Peer

	Collectors []string
	tables     []int64 // times of table dumps
	holes      []hole
	copied     *copied
	account    *account
	several    bool // prefixes are announced by several networks at once, as a rule

	blocks []block   // delegations of addresses, whose holder is named by its first network
	same   []uint32  // further networks of the holder of subjectAS
	down   []downFor // networks that were down for everything
	rng    *rand.Rand
}

type hole struct {
	collector   int // -1: all
	from, until int64
}

// copied is a collector whose files are those of the first under another name.
type copied struct {
	shift func(slot int64) int64 // seconds by which a file's records are moved
	skip  int64                  // one file that is not there; 0: none
}

type block struct {
	prefix netip.Prefix
	holder uint32
}

type downFor struct {
	as          uint32
	from, until int64
}

// newWorld makes a world of two collectors with some peers each, and routes of others.
func newWorld(family string, seed uint64, r *rand.Rand) *World {
	w := &World{Family: family, Seed: seed, Collectors: []string{"rrc80", "rrc81"}, rng: r, tables: []int64{noon}}
	n := 6 + r.IntN(9)
	for c := range w.Collectors {
		for j := range n {
			p := &Peer{Collector: c, Addr: netip.AddrFrom4([4]byte{193, byte(c), 0, byte(j + 1)}), AS: uint32(5000 + 100*c + j), base: map[netip.Prefix][]uint32{}}
			p.transit = uint32(1001 + (j+3*c)%7)
			w.Peers = append(w.Peers, p)
		}
	}
	for k := range 36 {
		w.stand(prefix4(60, k, 0, 0, 16), func(p *Peer) []uint32 { return []uint32{p.AS, p.transit, uint32(1500 + k%7), uint32(3000 + k)} })
	}
	for k := range 4 {
		w.stand(prefix4(61, k, 0, 0, 16), func(p *Peer) []uint32 {
			path := []uint32{p.AS, p.transit, providerAS}
			if k > 0 {
				path = append(path, uint32(3500+k))
			}
			return path
		})
	}
	return w
}

func prefix4(a, b, c, d, bits int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(a), byte(b), byte(c), byte(d)}), bits)
}

// via gives the usual path to an origin.
func via(p *Peer, origin uint32) []uint32 {
	up := uint32(providerAS)
	if origin == strangerAS {
		up = secondAS
	}
	return []uint32{p.AS, p.transit, up, origin}
}

func (w *World) stand(q netip.Prefix, path func(*Peer) []uint32) {
	for _, p := range w.Peers {
		if x := path(p); x != nil {
			p.base[q] = x
		}
	}
}

// has makes a prefix stand from the beginning, announced by an origin.
func (w *World) has(q netip.Prefix, origin uint32) {
	w.stand(q, func(p *Peer) []uint32 { return via(p, origin) })
}

// jitter is up to a third of a minute.
func (w *World) jitter() int64 { return int64(w.rng.IntN(20)) }

func (w *World) between(from, until int64) int64 { return from + w.rng.Int64N(until-from) }

// announce lets peers come to hold a prefix, each some seconds after at.
func (w *World) announce(at int64, q netip.Prefix, origin uint32, who func(int) bool) {
	for i, p := range w.Peers {
		if who == nil || who(i) {
			p.changes = append(p.changes, change{at: at + w.jitter(), prefix: q, path: via(p, origin)})
		}
	}
}

// withdraw lets peers lose a prefix, each some seconds after at.
func (w *World) withdraw(at int64, q netip.Prefix, who func(int) bool) {
	for i, p := range w.Peers {
		if who == nil || who(i) {
			p.changes = append(p.changes, change{at: at + w.jitter(), prefix: q})
		}
	}
}

// order sorts what was played and takes out what is no change.
func (w *World) order() {
	for _, p := range w.Peers {
		slices.SortStableFunc(p.changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
		held := maps.Clone(p.base)
		kept := p.changes[:0]
		for _, c := range p.changes {
			if c.at >= noon+span || c.path == nil && held[c.prefix] == nil {
				continue
			}
			held[c.prefix] = c.path
			kept = append(kept, c)
		}
		p.changes = kept
		slices.SortFunc(p.breaks, func(a, b rest) int { return cmp.Compare(a.from, b.from) })
	}
	slices.Sort(w.tables)
}

// at gives what a peer holds at the end of a second.
func (p *Peer) at(t int64) map[netip.Prefix][]uint32 {
	held := maps.Clone(p.base)
	for _, c := range p.changes {
		if c.at > t {
			break
		}
		if c.path == nil {
			delete(held, c.prefix)
		} else {
			held[c.prefix] = c.path
		}
	}
	return held
}

// off reports whether a session is down at a second.
func (p *Peer) off(t int64) bool {
	for _, b := range p.breaks {
		if !b.silent && b.from <= t && t < b.until {
			return true
		}
	}
	return false
}

// transfer is how long, in seconds, the sending of a small table is at most.
const transfer = 185

// sends reports whether a peer is about to send its whole table, or sends it, of a session that nobody saw break.
func (p *Peer) sends(t int64) bool {
	return slices.ContainsFunc(p.breaks, func(b rest) bool { return b.silent && b.until-least <= t && t < b.until+transfer })
}

// sending reports whether a peer sends its whole table.
func (p *Peer) sending(t int64) bool {
	return slices.ContainsFunc(p.breaks, func(b rest) bool { return b.until <= t && t < b.until+transfer })
}

func (w *World) missing(collector int, t int64) bool {
	for _, h := range w.holes {
		if (h.collector < 0 || h.collector == collector) && h.from <= t && t < h.until {
			return true
		}
	}
	return false
}
