package atlas

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// Holding is a delegated block of addresses with the AS numbers, of those asked about,
// that the same registry delegated to the same holder.
type Holding struct {
	Block    netip.Prefix `json:"block"`
	Registry string       `json:"registry"` // "ripencc"
	List     string       `json:"list"`     // the file that says so, with its date
	ASes     []uint32     `json:"ases"`     // sorted; empty: to the holder of none of them
}

// Holdings says of prefixes to the holders of which ASes they were delegated, as the
// opaque-ids of extended delegation files tell: one entry for each block that has one of
// the prefixes whole, sorted. Nil or an atlas of plain files knows of none, and what is
// delegated in several blocks is in none of them.
//
// Example: 185.10.0.0/22 and AS396001 have the same opaque-id. Of 185.10.0.0/24, with
// AS396001 and AS2666 asked about, the entry is 185.10.0.0/22 with AS396001 alone.
//
// It is a claim to use the addresses, and no more: who leases them, or announces them for a
// customer, is not in the files.
func (a *Atlas) Holdings(prefixes []netip.Prefix, asns []uint32) ([]Holding, error) {
	type holder struct{ registry, id string }
	type block struct {
		Holding
		of holder
	}
	if len(prefixes) == 0 || len(asns) == 0 {
		return nil, nil
	}
	asked := slices.Compact(slices.Sorted(slices.Values(asns)))
	byHolder := map[holder][]uint32{}
	var blocks []block
	for _, l := range a.Lists() {
		r, done, err := openPacked(l.path)
		if err != nil {
			return nil, fmt.Errorf("atlas: delegations: %w", err)
		}
		d := damages{file: l.File}
		_, err = readDelegations(r, &d, func(rec delegation) error {
			if rec.holder == "" || a.dayAfter(rec.date) {
				return nil
			}
			of := holder{l.Registry, rec.holder}
			if rec.kind == "asn" {
				i, _ := slices.BinarySearch(asked, rec.asn)
				for ; i < len(asked) && uint64(asked[i]) < uint64(rec.asn)+rec.value; i++ {
					byHolder[of] = append(byHolder[of], asked[i])
				}
				return nil
			}
			if !slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return rec.overlaps(p) }) {
				return nil
			}
			for _, b := range rec.prefixes() {
				if slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return contains(b, p) }) {
					blocks = append(blocks, block{Holding{Block: b, Registry: l.Registry, List: l.String()}, of})
				}
			}
			return nil
		})
		done()
		if err != nil {
			return nil, err
		}
	}
	out := []Holding{}
	for _, b := range blocks {
		b.ASes = slices.Clone(byHolder[b.of])
		slices.Sort(b.ASes)
		b.ASes = orEmpty(slices.Compact(b.ASes))
		out = append(out, b.Holding)
	}
	slices.SortStableFunc(out, func(a, b Holding) int {
		return cmp.Or(comparePrefix(a.Block, b.Block), cmp.Compare(a.Registry, b.Registry))
	})
	return out, nil
}

// overlaps reports whether an address record and a prefix share an address.
func (r delegation) overlaps(p netip.Prefix) bool {
	if r.kind == "ipv6" {
		return p.Overlaps(netip.PrefixFrom(r.addr, int(r.value)))
	}
	if r.kind != "ipv4" || !p.Addr().Is4() {
		return false
	}
	first, from := uint64(v4(r.addr)), uint64(v4(p.Masked().Addr()))
	return from < first+r.value && first < from+1<<(32-p.Bits())
}
