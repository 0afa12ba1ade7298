package atlas

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Holder is what a registry's list says about an address or an AS number: to
// which country it had been delegated.
type Holder struct {
	Country  string         `json:"country"`  // as the list has it; "EU" and "AP" are no countries but are written there
	Registry string         `json:"registry"` // as it writes its own name
	Since    string         `json:"since"`    // YYYY-MM-DD of the delegation; empty if the list does not say
	Blocks   []netip.Prefix `json:"blocks"`   // of the record, for an address
	List     string         `json:"list"`     // "delegated-apnic-latest of 2014-06-30"
	// Later says that the record is dated after the day asked about.
	Later bool `json:"later,omitempty"`
}

// Holders is what the lists in use say about addresses and AS numbers.
type Holders struct {
	Damaged []Damage
	Unread  int

	addr map[netip.Addr][]Holder
	asn  map[uint32][]Holder
}

// Addr returns what the lists say about an address: nothing where none has it,
// several where several do.
func (h *Holders) Addr(a netip.Addr) []Holder { return h.addr[a] }

// AS returns what the lists say about an AS number.
func (h *Holders) AS(asn uint32) []Holder { return h.asn[asn] }

// Holders looks up addresses and AS numbers in the lists in use, in one pass
// over each. Nothing is guessed: what no list has is not in the answer.
func (a *Atlas) Holders(addrs []netip.Addr, asns []uint32) (*Holders, error) {
	h := &Holders{addr: map[netip.Addr][]Holder{}, asn: map[uint32][]Holder{}}
	asked := sortedAddrs(addrs)
	ases := slices.Clone(asns)
	slices.Sort(ases)
	ases = slices.Compact(ases)
	for _, l := range a.Lists() {
		d := damages{file: l.File}
		r, done, err := openPacked(l.path)
		if err != nil {
			return nil, fmt.Errorf("atlas: %w", err)
		}
		_, err = readDelegations(r, &d, func(rec delegation) error {
			holder := Holder{Country: strings.ToUpper(rec.cc), Registry: RegistryName(l.Registry), Since: rec.date,
				Blocks: []netip.Prefix{}, List: l.String(), Later: a.dayAfter(rec.date)}
			if rec.kind == "asn" {
				i, _ := slices.BinarySearch(ases, rec.asn)
				for ; i < len(ases) && uint64(ases[i]) < uint64(rec.asn)+rec.value; i++ {
					h.asn[ases[i]] = append(h.asn[ases[i]], holder)
				}
				return nil
			}
			var within []netip.Addr
			blocks := rec.prefixes()
			for _, p := range blocks {
				within = append(within, addrsWithin(asked, p)...)
			}
			if len(within) > 0 {
				holder.Blocks = blocks
				for _, x := range within {
					h.addr[x] = append(h.addr[x], holder)
				}
			}
			return nil
		})
		done()
		if err != nil {
			return nil, err
		}
		h.Damaged = append(h.Damaged, d.named...)
		h.Unread += d.count
	}
	return h, nil
}
