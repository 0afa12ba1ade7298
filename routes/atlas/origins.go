package atlas

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sort"
	"strconv"
	"strings"

	"constat/internal/worded"
)

// An origin table says which AS a routing table had as the origin of a prefix.
// Two forms are read: pyasn's, "1.0.0.0/24<TAB>15169" with comments behind
// semicolons, and that of CAIDA's prefix-to-AS files, "1.0.0.0<TAB>24<TAB>15169".
// Several origins of one prefix stand on lines of their own, or joined by "_";
// the members of an AS set are joined by "," or stand in braces.

// OriginRoute is one prefix that covers an address, with its origins.
type OriginRoute struct {
	Prefix  netip.Prefix `json:"prefix"`
	Origins []uint32     `json:"origins"` // sorted
	// Set says that the table had a set of ASes, of which any may be the origin.
	Set bool `json:"set,omitempty"`
}

// Origins is what an origin table says about addresses.
type Origins struct {
	Of      Table
	Damaged []Damage // lines that could not be read, the first of them
	Unread  int      // how many there are in all

	routes map[netip.Addr][]OriginRoute
}

// Routes returns the prefixes of the table that cover an address, the most
// specific first; the default route is none.
func (o *Origins) Routes(a netip.Addr) []OriginRoute {
	if o == nil {
		return nil
	}
	return o.routes[a]
}

// Origins looks up addresses in the origin table in use, in one pass over it;
// nil if the atlas has none.
func (a *Atlas) Origins(addrs []netip.Addr) (*Origins, error) {
	t := a.tableInUse(isOrigins)
	if t == nil {
		return nil, nil
	}
	o := &Origins{Of: Table{t.file, t.date}, routes: map[netip.Addr][]OriginRoute{}}
	asked := sortedAddrs(addrs)
	r, done, err := openPacked(t.path)
	if err != nil {
		return nil, worded.Errorf("atlas: origin table: %w", err)
	}
	defer done()
	d := damages{file: t.file}
	readOrigins(r, &d, func(route OriginRoute) {
		for _, x := range addrsWithin(asked, route.Prefix) {
			o.add(x, route)
		}
	})
	for _, rs := range o.routes {
		slices.SortFunc(rs, func(x, y OriginRoute) int { return y.Prefix.Bits() - x.Prefix.Bits() })
	}
	o.Damaged, o.Unread = d.named, d.count
	return o, nil
}

func (o *Origins) add(a netip.Addr, r OriginRoute) {
	for i := range o.routes[a] {
		if had := &o.routes[a][i]; had.Prefix == r.Prefix {
			had.Origins = append(slices.Clone(had.Origins), r.Origins...)
			slices.Sort(had.Origins)
			had.Origins = slices.Compact(had.Origins)
			had.Set = had.Set || r.Set
			return
		}
	}
	o.routes[a] = append(o.routes[a], r)
}

// sortedAddrs sorts and compacts a copy.
func sortedAddrs(addrs []netip.Addr) []netip.Addr {
	s := slices.Clone(addrs)
	slices.SortFunc(s, netip.Addr.Compare)
	return slices.Compact(s)
}

// addrsWithin returns the run of sorted addresses that lie in p.
func addrsWithin(sorted []netip.Addr, p netip.Prefix) []netip.Addr {
	i := sort.Search(len(sorted), func(i int) bool { return sorted[i].Compare(p.Addr()) >= 0 })
	n := i
	for n < len(sorted) && p.Contains(sorted[n]) {
		n++
	}
	return sorted[i:n]
}

// readOrigins calls each for every line of an origin table that can be read;
// others are damage.
func readOrigins(r io.Reader, d *damages, each func(OriginRoute)) {
	l := newLineReader(r)
	for s := range l.content(d, ";#") {
		route, skip, err := parseOrigin(s)
		if err != nil {
			d.add(l.n, "%v: %q", err, clip(s))
			continue
		}
		if !skip {
			each(route)
		}
	}
}

// parseOrigin reads one line. skip is true for the default route, which says
// nothing about an address.
func parseOrigin(s string) (r OriginRoute, skip bool, err error) {
	var f [3]string
	n := 0
	for x := range strings.FieldsSeq(s) {
		if n == len(f) {
			return r, false, errors.New("neither two fields nor three")
		}
		f[n] = x
		n++
	}
	as := f[1]
	switch n {
	case 2:
		r.Prefix, err = netip.ParsePrefix(f[0])
	case 3:
		r.Prefix, err = netip.ParsePrefix(f[0] + "/" + f[1])
		as = f[2]
	default:
		return r, false, errors.New("neither two fields nor three")
	}
	if err != nil || r.Prefix.Addr().Is4In6() {
		return r, false, errors.New("no prefix")
	}
	if r.Prefix.Masked() != r.Prefix {
		return r, false, errors.New("address bits beyond the prefix length")
	}
	r.Set = strings.ContainsAny(as, ",{")
	for x := range strings.FieldsFuncSeq(as, func(c rune) bool { return c == '_' || c == ',' || c == '{' || c == '}' }) {
		a, err := parseASNumber(strings.TrimPrefix(x, "AS"))
		if err != nil {
			return r, false, err
		}
		r.Origins = append(r.Origins, a)
	}
	if len(r.Origins) == 0 {
		return r, false, errors.New("no origin")
	}
	slices.Sort(r.Origins)
	r.Origins = slices.Compact(r.Origins)
	return r, r.Prefix.Bits() == 0, nil
}

// Relations is what a file of relations says about ASes.
type Relations struct {
	Of      Table
	Damaged []Damage
	Unread  int

	providers map[uint32][]uint32
}

// Providers returns the networks that the file has as providers of an AS,
// sorted.
func (r *Relations) Providers(asn uint32) []uint32 {
	if r == nil {
		return nil
	}
	return r.providers[asn]
}

// Relations looks up ASes in the file of relations in use, in one pass over
// it; nil if the atlas has none. Read is CAIDA's form: "provider|customer|-1",
// "peer|peer|0", and the same with a fourth field that names the method; and lists that
// have each link in both directions ([OpenRelations]).
func (a *Atlas) Relations(asns []uint32) (*Relations, error) {
	t := a.tableInUse(isRelations)
	if t == nil {
		return nil, nil
	}
	out := &Relations{Of: Table{t.file, t.date}, providers: map[uint32][]uint32{}}
	asked := map[uint32]bool{}
	for _, as := range asns {
		asked[as] = true
	}
	r, done, err := openPacked(t.path)
	if err != nil {
		return nil, fmt.Errorf("atlas: relations: %w", err)
	}
	defer done()
	d := damages{file: t.file}
	readRelations(r, &d, func(provider, customer uint32) {
		if asked[customer] {
			out.providers[customer] = append(out.providers[customer], provider)
		}
	})
	for as, ps := range out.providers {
		slices.Sort(ps)
		out.providers[as] = slices.Compact(ps)
	}
	out.Damaged, out.Unread = d.named, d.count
	return out, nil
}

// readRelations gives the providers of customers that a list of relations has.
func readRelations(r io.Reader, d *damages, each func(provider, customer uint32)) {
	for x := range newLineReader(r).links(d) {
		if !x.Peer {
			each(x.A, x.B)
		}
	}
}

// Owner is a state that owns an operator, in the words of the list.
type Owner struct {
	Country string `json:"country"` // ISO 3166 code of the state
	Name    string `json:"name"`    // the operator as the list has it
}

// StateOwned is a list of operators that states own.
type StateOwned struct {
	Of      Table
	Damaged []Damage
	Unread  int

	owners map[uint32][]Owner
}

// Owners returns the states that own the operator of an AS.
func (s *StateOwned) Owners(asn uint32) []Owner {
	if s == nil {
		return nil
	}
	return s.owners[asn]
}

// StateOwned reads the list of state-owned operators in use; nil if the atlas
// has none. Read is a CSV file with the columns asn, org_name and ownership_cc.
func (a *Atlas) StateOwned() (*StateOwned, error) {
	t := a.tableInUse(isOwned)
	if t == nil {
		return nil, nil
	}
	r, done, err := openPacked(t.path)
	if err != nil {
		return nil, worded.Errorf("atlas: state-owned operators: %w", err)
	}
	defer done()
	s := &StateOwned{Of: Table{t.file, t.date}}
	d := damages{file: t.file}
	s.owners = readOwned(r, &d)
	s.Damaged, s.Unread = d.named, d.count
	return s, nil
}

var ownedColumns = []string{"asn", "org_name", "ownership_cc"}

func isOwnedHeader(line []byte) bool {
	f := strings.Split(strings.ToLower(string(line)), ",")
	for _, c := range ownedColumns {
		if !slices.Contains(f, c) {
			return false
		}
	}
	return true
}

func readOwned(r io.Reader, d *damages) map[uint32][]Owner {
	out := map[uint32][]Owner{}
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.ReuseRecord, c.LazyQuotes = -1, true, true
	var at [3]int
	for first := true; ; first = false {
		rec, err := c.Read()
		if err == io.EOF {
			return out
		}
		if err != nil {
			line, _ := c.FieldPos(0)
			d.add(line, "%v", err)
			var pe *csv.ParseError
			if errors.As(err, &pe) {
				continue
			}
			return out
		}
		line, _ := c.FieldPos(0)
		if first {
			for i, want := range ownedColumns {
				if at[i] = slices.IndexFunc(rec, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), want) }); at[i] < 0 {
					d.add(line, "no column %s", want)
					return out
				}
			}
			continue
		}
		if len(rec) <= max(at[0], at[1], at[2]) {
			d.add(line, "%d fields are too few", len(rec))
			continue
		}
		asn, err := strconv.ParseUint(strings.TrimSpace(rec[at[0]]), 10, 32)
		cc := strings.ToUpper(strings.TrimSpace(rec[at[2]]))
		if err != nil || len(cc) != 2 {
			d.add(line, "no AS number and state: %q, %q", clip(rec[at[0]]), clip(cc))
			continue
		}
		o := Owner{cc, strings.ToValidUTF8(strings.TrimSpace(strings.Clone(rec[at[1]])), "\uFFFD")}
		if had := out[uint32(asn)]; !slices.Contains(had, o) && len(out) < maxNames {
			out[uint32(asn)] = append(had, o)
		}
	}
}
