package atlas

import (
	"net/netip"
	"slices"
	"sort"

	"constat/internal/worded"
)

// Delegated is what the lists in use delegate to all countries, in one reading. It
// answers as [Atlas.Resolve] would for one country after the other.
type Delegated struct {
	Lists   []List
	Absent  []string
	Damaged []Damage
	Unread  int

	asns   []asRange
	blocks []addrRange
	codes  []string
}

type asRange struct {
	from, to uint32
	cc       string
}

type addrRange struct {
	from, to netip.Addr
	cc       string
}

// Delegated reads the lists in use for all countries.
func (a *Atlas) Delegated() (*Delegated, error) {
	lists := a.Lists()
	if len(lists) == 0 {
		return nil, ErrNoLists
	}
	out := &Delegated{Lists: lists, Absent: a.Absent()}
	codes := map[string]bool{}
	for _, l := range lists {
		r, done, err := openPacked(l.path)
		if err != nil {
			return nil, worded.Errorf("delegations: %w", err)
		}
		d := damages{file: l.File}
		_, err = readDelegations(r, &d, func(rec delegation) error {
			if !isCountry(rec.cc) || a.dayAfter(rec.date) {
				return nil
			}
			codes[rec.cc] = true
			if rec.kind == "asn" {
				if rec.value > maxASRange {
					d.add(0, "a delegation of %d AS numbers to %s from AS%d on was not believed", rec.value, rec.cc, rec.asn)
					return nil
				}
				out.asns = append(out.asns, asRange{rec.asn, uint32(uint64(rec.asn) + rec.value - 1), rec.cc})
				return nil
			}
			for _, p := range rec.prefixes() {
				out.blocks = append(out.blocks, addrRange{p.Addr(), lastOf(p), rec.cc})
			}
			return nil
		})
		done()
		if err != nil {
			return nil, err
		}
		out.Damaged = append(out.Damaged, d.named...)
		out.Unread += d.count
	}
	for cc := range codes {
		out.codes = append(out.codes, cc)
	}
	slices.Sort(out.codes)
	slices.SortFunc(out.asns, func(x, y asRange) int { return int(int64(x.from) - int64(y.from)) })
	slices.SortFunc(out.blocks, func(x, y addrRange) int { return x.from.Compare(y.from) })
	// A prefix may be announced over two blocks of one country that lie side by side.
	joined := out.blocks[:0]
	for _, b := range out.blocks {
		if n := len(joined); n > 0 && joined[n-1].cc == b.cc && b.from.Is4() == joined[n-1].from.Is4() && b.from.Compare(joined[n-1].to.Next()) <= 0 {
			if b.to.Compare(joined[n-1].to) > 0 {
				joined[n-1].to = b.to
			}
			continue
		}
		joined = append(joined, b)
	}
	out.blocks = joined
	return out, nil
}

// lastOf is the last address of a prefix.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < 8*len(b); i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// Codes are the countries to which anything was delegated, sorted.
func (d *Delegated) Codes() []string { return d.codes }

// AS is the country to which an AS number was delegated; empty if to none.
func (d *Delegated) AS(asn uint32) string {
	i := sort.Search(len(d.asns), func(i int) bool { return d.asns[i].from > asn })
	if i == 0 || d.asns[i-1].to < asn {
		return ""
	}
	return d.asns[i-1].cc
}

// Prefix is the country of the blocks within which a prefix lies; empty if it lies in
// none, or in those of several.
func (d *Delegated) Prefix(p netip.Prefix) string {
	i := sort.Search(len(d.blocks), func(i int) bool { return d.blocks[i].from.Compare(p.Addr()) > 0 })
	if i == 0 || d.blocks[i-1].from.Is4() != p.Addr().Is4() || d.blocks[i-1].to.Compare(lastOf(p)) < 0 {
		return ""
	}
	return d.blocks[i-1].cc
}
