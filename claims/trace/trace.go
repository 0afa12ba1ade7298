// Package trace says where an attack's facilities stood: for the addresses that
// a file of indicators names, each at its time, the prefix that covered it and
// the AS that originated it, the operator's name, the country to which the
// address was registered, the networks upstream, and whether it was routed.
//
// It promises that a country is decided by a registry's delegation alone, and
// never guessed: where no list has an address, the answer is unknown and says
// which registries' lists were not given. Every answer names the file that it
// is from and the date of that file. Damaged entries are counted and named,
// duplicates merged, and addresses that stand at no public place are flagged
// and not looked up. The same files give the same bytes.
//
// It does not say who used an address. The place of a machine is not its user,
// and every form in which a trace is shown says so. It fetches nothing itself,
// and what a file of indicators says beside an address is passed on unchecked.
package trace

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"constat/claims/indicator"
	"constat/internal/locale"
	"constat/internal/plain"
	"constat/internal/strictjson"
	"constat/internal/tomlfile"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// Format names the version of the encoding (docs/formats/trace.md).
const Format = "constat-trace/1"

// Request is what to trace, and by what.
type Request struct {
	Indicators *indicator.List
	At         *moment.Time // for addresses that have no time of their own
	Atlas      *atlas.Atlas // may be nil
	// Sources finds routing data for an interval; nil where none was given.
	Sources func(context.Context, moment.Interval) (*source.Set, error)
	Done    func(file string, n, of int) // progress; may be nil
}

// Trace is the whole of a trace.
type Trace struct {
	Format string `json:"format"`
	// Caution stands in every trace, so that no copy of it goes without.
	Caution    locale.Text     `json:"caution"`
	Indicators *indicator.List `json:"indicators"`
	At         *moment.Time    `json:"at"`
	Lists      Lists           `json:"lists"`
	Routing    *Routing        `json:"routing"` // null where no routing data was given
	Facilities []Facility      `json:"facilities"`
	Countries  []Country       `json:"countries"`
}

//go:embed caution.toml
var caution []byte

// PlaceIsNotUser is the sentence that a trace never goes without, in the
// languages that traces keep it in. Readers of other languages get it from the
// words of theirs.
var PlaceIsNotUser = sync.OnceValue(func() locale.Text {
	var t locale.Text
	if err := tomlfile.Decode(caution, &t); err != nil {
		panic("trace: the caution that comes with the program is damaged: " + err.Error()) // a test reads it
	}
	return t
})

// Lists are the files that answers are from, with their dates; each answer
// names its own.
type Lists struct {
	Delegations []string `json:"delegations"`
	Absent      []string `json:"absent"` // registries of which no list was given
	Origins     []string `json:"origins"`
	Names       []string `json:"names"`
	Relations   []string `json:"relations"`
	StateOwned  []string `json:"state_owned"`
	Damaged     []string `json:"damaged"` // lines that could not be read, the first of each file
	Unread      int      `json:"unread"`
}

// Routing is the routing data that was read.
type Routing struct {
	Sources []Source `json:"sources"`
	Missing int      `json:"missing"` // files that should be there and are not
}

// Source is one file of routing data.
type Source struct {
	Collector string `json:"collector"`
	Name      string `json:"name"`
	SHA256    string `json:"sha256"`
}

// TimeAsked says that a facility's time is the one asked about, beside what a
// file of indicators says of its own times.
const TimeAsked = "asked"

const maxName = 500 // bytes of an operator's name

// key is what a facility is, among those of a trace.
type key struct {
	addr netip.Addr
	at   moment.Time
}

// Facility is one address at one time.
type Facility struct {
	Address netip.Addr          `json:"address"`
	At      *moment.Time        `json:"at"`
	TimeOf  string              `json:"time_of"` // TimeSeen, TimeValid, TimeAsked
	Ports   []string            `json:"ports"`
	Named   []indicator.Mention `json:"named"`
	More    int                 `json:"named_more"` // mentions that are not listed
	// Special says why an address stands at no public place ("private",
	// "documentation", …); nothing else is then known of it.
	Special string `json:"special"`

	Holders  []atlas.Holder `json:"holders"` // whom the registries had delegated it to
	Prefix   string         `json:"prefix"`  // the most specific that covered it; empty if unknown
	Origins  []Network      `json:"origins"`
	OriginOf string         `json:"origin_of"` // the table, or OfRoutes; empty if unknown
	// OriginDate is the day of the table; empty for routes and undated tables.
	OriginDate string `json:"origin_date"`
	Set        bool   `json:"origin_set,omitempty"`
	// Routed is what routing data says of that moment.
	Routed   Routed    `json:"routed"`
	Upstream []Network `json:"upstreams"`
	// UpstreamOf is the file of relations, or OfRoutes; empty if unknown.
	UpstreamOf string `json:"upstream_of"`
}

// OfRoutes says that an answer is from the routes of the moment.
const OfRoutes = "routes"

// Network is an AS as far as the lists know it.
type Network struct {
	AS      uint32         `json:"as"`
	Name    string         `json:"name"`     // in the words of the list; empty if none has it
	NameOf  string         `json:"name_of"`  // the list
	Country []atlas.Holder `json:"holders"`  // whom the registries had delegated the AS number to
	Owners  []atlas.Owner  `json:"owners"`   // states that own the operator
	OwnerOf string         `json:"owner_of"` // the list
	// Peers is how many peers' routes named it; 0 where it is from a table.
	Peers int `json:"peers"`
}

// States of Routed.
const (
	IsRouted  = "routed"
	NotRouted = "not routed"
	Unknown   = "unknown"
)

// Routed says whether there was a route to an address. That there was is no
// evidence that the machine answered.
type Routed struct {
	State  string `json:"state"`
	Held   int    `json:"held"`   // peers that held a route
	Absent int    `json:"absent"` // peers that are known to have had none: they withdrew it, or their whole table is known
	Silent int    `json:"silent"` // peers that were not watching, or of which too little is known
}

// Country groups the facilities that were registered to one country; the code
// is empty for those of which no list says it. Facilities are indices.
type Country struct {
	Code       string     `json:"code"`
	Addresses  int        `json:"addresses"` // distinct
	Facilities []int      `json:"facilities"`
	Operators  []Operator `json:"operators"`
}

// Operator groups the facilities of one origin AS in a country; AS is 0 for
// those of which no origin is known.
type Operator struct {
	AS         uint32 `json:"as"`
	Name       string `json:"name"`
	Addresses  int    `json:"addresses"`
	Facilities []int  `json:"facilities"`
}

// ErrNoTime is returned where an address has no time and none was asked about.
type ErrNoTime struct {
	Addr  netip.Addr
	Count int
}

func (e *ErrNoTime) Error() string {
	return fmt.Sprintf("%d addresses have no time of their own (the first is %s): who stood behind an address is a question about a moment", e.Count, e.Addr)
}

// Run traces.
func Run(ctx context.Context, r Request) (*Trace, error) {
	t := &Trace{Format: Format, Caution: PlaceIsNotUser(), Indicators: r.Indicators, At: r.At, Facilities: []Facility{}, Countries: []Country{}}
	var err error
	if t.Facilities, err = facilities(&r); err != nil {
		return nil, err
	}
	var routes *routing
	if r.Sources != nil {
		var keys []key
		for i := range t.Facilities {
			if f := &t.Facilities[i]; f.Special == "" {
				keys = append(keys, f.key())
			}
		}
		if routes, err = follow(ctx, &r, keys); err != nil {
			return nil, err
		}
		t.Routing = &Routing{Sources: slices.Collect(maps.Values(routes.sources)), Missing: routes.missing}
		if t.Routing.Sources == nil {
			t.Routing.Sources = []Source{}
		}
		slices.SortFunc(t.Routing.Sources, func(a, b Source) int {
			return cmp.Or(strings.Compare(a.Collector, b.Collector), strings.Compare(a.Name, b.Name), strings.Compare(a.SHA256, b.SHA256))
		})
	}
	if err := t.lookUp(ctx, r.Atlas, routes); err != nil {
		return nil, err
	}
	t.group()
	return t, nil
}

func (f *Facility) key() key { return key{f.Address, *f.At} }

// facilities gives every address its time. A time that dates the indicator and
// not the address yields to the one asked about.
func facilities(r *Request) ([]Facility, error) {
	out := []Facility{}
	index := map[key]int{}
	var lack ErrNoTime
	for _, x := range r.Indicators.Items {
		at, of := x.At, x.Of
		if r.At != nil && of != indicator.TimeSeen {
			at, of = r.At, TimeAsked
		}
		sp := special(x.Addr)
		if at == nil {
			if lack.Count++; lack.Count == 1 {
				lack.Addr = x.Addr
			}
			continue
		}
		k := key{x.Addr, *at}
		i, had := index[k]
		if !had {
			i = len(out)
			index[k] = i
			out = append(out, Facility{Address: x.Addr, At: at, TimeOf: of, Special: sp, Ports: []string{}, Named: []indicator.Mention{},
				Holders: []atlas.Holder{}, Origins: []Network{}, Upstream: []Network{}, Routed: Routed{State: Unknown}})
		}
		f := &out[i]
		if of == indicator.TimeSeen {
			f.TimeOf = of
		}
		for _, p := range x.Ports {
			if !slices.Contains(f.Ports, p) {
				f.Ports = append(f.Ports, p)
			}
		}
		slices.SortFunc(f.Ports, indicator.ComparePorts)
		f.Named = append(f.Named, x.Mentions...)
		f.More += x.More
	}
	if lack.Count > 0 {
		return nil, &lack
	}
	return out, nil
}

// lookUp asks the atlas and the routes. Days that the same files speak for are
// answered in one reading of them.
func (t *Trace) lookUp(ctx context.Context, a *atlas.Atlas, routes *routing) error {
	type group struct {
		of *atlas.Atlas
		at []int
	}
	groups := map[string]*group{}
	var order []string
	for i := range t.Facilities {
		f := &t.Facilities[i]
		if f.Special != "" {
			continue
		}
		day := a.At(f.At.Std())
		k := inUse(day)
		if groups[k] == nil {
			groups[k] = &group{of: day}
			order = append(order, k)
		}
		groups[k].at = append(groups[k].at, i)
	}
	l := newLists()
	if len(order) == 0 {
		l.note(a)
	}
	for _, k := range order {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := t.lookUpGroup(groups[k].of, groups[k].at, routes, l); err != nil {
			return err
		}
	}
	t.Lists = l.done()
	return nil
}

// inUse names the files that the atlas of a day would ask.
func inUse(a *atlas.Atlas) string {
	var b strings.Builder
	for _, l := range a.Lists() {
		b.WriteString(l.String() + "\n")
	}
	o, _ := a.OriginsOf()
	r, _ := a.RelationsOf()
	s, _ := a.StateOwnedOf()
	fmt.Fprintf(&b, "%s\n%v\n%v\n%v", a.NamesOf(), o, r, s)
	return b.String()
}

func (t *Trace) lookUpGroup(a *atlas.Atlas, at []int, routes *routing, l *lists) error {
	l.note(a)
	var addrs []netip.Addr
	for _, i := range at {
		addrs = append(addrs, t.Facilities[i].Address)
	}
	table, err := a.Origins(addrs)
	if err != nil {
		return err
	}
	if table != nil {
		l.damage(table.Damaged, table.Unread)
	}
	var asns []uint32
	for _, i := range at {
		f := &t.Facilities[i]
		f.origins(table, routes)
		for _, o := range f.Origins {
			asns = append(asns, o.AS)
		}
	}
	relations, err := a.Relations(asns)
	if err != nil {
		return err
	}
	if relations != nil {
		l.damage(relations.Damaged, relations.Unread)
	}
	for _, i := range at {
		f := &t.Facilities[i]
		f.upstreams(relations)
		for _, o := range f.Upstream {
			asns = append(asns, o.AS)
		}
	}
	owned, err := a.StateOwned()
	if err != nil {
		return err
	}
	if owned != nil {
		l.damage(owned.Damaged, owned.Unread)
	}
	l.damage(a.NamesDamage())
	holders, err := a.Holders(addrs, asns)
	if err != nil {
		return err
	}
	l.damage(holders.Damaged, holders.Unread)
	for _, i := range at {
		f := &t.Facilities[i]
		day := f.At.Std().Format("2006-01-02")
		f.Holders = heldOn(holders.Addr(f.Address), day)
		for _, list := range [][]Network{f.Origins, f.Upstream} {
			for j := range list {
				n := &list[j]
				if name, ok := a.Name(n.AS); ok {
					n.Name, n.NameOf = plain.Clip(name, maxName), a.NamesOf()
				}
				n.Country = heldOn(holders.AS(n.AS), day)
				if o := owned.Owners(n.AS); len(o) > 0 {
					n.Owners, n.OwnerOf = o, owned.Of.String()
				}
			}
		}
	}
	return nil
}

// heldOn marks the delegations that are dated after a day. They stand in the
// answer, but put nothing on a country.
func heldOn(hs []atlas.Holder, day string) []atlas.Holder {
	out := []atlas.Holder{}
	for _, h := range hs {
		h.Later = h.Since > day
		out = append(out, h)
	}
	return out
}

func network(as uint32, peers int) Network {
	return Network{AS: as, Country: []atlas.Holder{}, Owners: []atlas.Owner{}, Peers: peers}
}

// origins takes prefix and origins from the routes of the moment, or from the
// table where these say nothing.
func (f *Facility) origins(table *atlas.Origins, routes *routing) {
	if routes != nil {
		if s := routes.seen[f.key()]; s != nil {
			f.Routed = Routed{Held: len(s.routes), Absent: s.absent, Silent: s.silent, State: Unknown}
			if len(s.routes) > 0 {
				f.Routed.State = IsRouted
				if f.fromRoutes(s.routes); len(f.Origins) > 0 || f.Set {
					return
				}
			} else if s.absent >= leastAbsent {
				f.Routed.State = NotRouted
			}
		}
	}
	// Routes that are known only by their later withdrawal have no path; of
	// their prefix the table may know the origin.
	rs := table.Routes(f.Address)
	if f.Prefix != "" {
		rs = slices.DeleteFunc(slices.Clone(rs), func(r atlas.OriginRoute) bool { return r.Prefix.String() != f.Prefix })
	}
	if len(rs) == 0 {
		return
	}
	f.Prefix, f.OriginOf, f.OriginDate, f.Set = rs[0].Prefix.String(), table.Of.String(), table.Of.Date, rs[0].Set
	for _, as := range rs[0].Origins {
		f.Origins = append(f.Origins, network(as, 0))
	}
}

// fromRoutes takes what the peers held: the most specific prefix that any of
// them did, its origins, and the networks before the origin.
func (f *Facility) fromRoutes(rs []peerRoute) {
	best := rs[0].prefix
	for _, r := range rs {
		if r.prefix.Bits() > best.Bits() {
			best = r.prefix
		}
	}
	f.Prefix = best.String()
	origin, before := map[uint32]int{}, map[uint32]int{}
	for _, r := range rs {
		if r.prefix != best || len(r.path) == 0 {
			continue
		}
		last := r.path[len(r.path)-1]
		if last == 0 {
			f.Set = true
			continue
		}
		origin[last]++
		if n := len(r.path); n > 1 {
			before[r.path[n-2]]++
		}
	}
	f.Origins, f.Upstream = count(origin), count(before)
	if len(f.Origins) > 0 || f.Set {
		f.OriginOf = OfRoutes
	}
	if len(f.Upstream) > 0 {
		f.UpstreamOf = OfRoutes
	}
}

// count lists networks, the one most peers named first.
func count(n map[uint32]int) []Network {
	out := []Network{}
	for as, peers := range n {
		out = append(out, network(as, peers))
	}
	slices.SortFunc(out, func(a, b Network) int { return cmp.Or(b.Peers-a.Peers, cmp.Compare(a.AS, b.AS)) })
	return out
}

// upstreams takes the providers of the origins from a file of relations where
// no path tells them.
func (f *Facility) upstreams(r *atlas.Relations) {
	if f.UpstreamOf != "" || r == nil {
		return
	}
	for _, o := range f.Origins {
		for _, as := range r.Providers(o.AS) {
			if !slices.ContainsFunc(f.Upstream, func(n Network) bool { return n.AS == as }) {
				f.Upstream = append(f.Upstream, network(as, 0))
			}
		}
	}
	if len(f.Upstream) > 0 {
		f.UpstreamOf = r.Of.String()
	}
}

// Codes gives the countries of registration of a facility, sorted; none where
// no list says it.
func (f *Facility) Codes() []string {
	var out []string
	for _, h := range f.Holders {
		if !h.Later {
			out = append(out, h.Country)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// group groups by country and operator. A facility that lists give to two
// countries stands in both.
func (t *Trace) group() {
	byCode := map[string]*Country{}
	ops := map[string]map[uint32]*Operator{}
	for i := range t.Facilities {
		f := &t.Facilities[i]
		if f.Special != "" {
			continue
		}
		codes := f.Codes()
		if len(codes) == 0 {
			codes = []string{""}
		}
		for _, code := range codes {
			c := byCode[code]
			if c == nil {
				c = &Country{Code: code}
				byCode[code], ops[code] = c, map[uint32]*Operator{}
			}
			c.Facilities = append(c.Facilities, i)
			origins := f.Origins
			if len(origins) == 0 {
				origins = []Network{{}}
			}
			for _, n := range origins {
				o := ops[code][n.AS]
				if o == nil {
					o = &Operator{AS: n.AS, Name: n.Name}
					ops[code][n.AS] = o
				}
				o.Facilities = append(o.Facilities, i)
			}
		}
	}
	for code, c := range byCode {
		c.Addresses = t.distinct(c.Facilities)
		for _, o := range ops[code] {
			o.Addresses = t.distinct(o.Facilities)
			c.Operators = append(c.Operators, *o)
		}
		slices.SortFunc(c.Operators, func(a, b Operator) int {
			return cmp.Or(b.Addresses-a.Addresses, cmp.Compare(a.AS-1, b.AS-1)) // 0 sorts last
		})
		t.Countries = append(t.Countries, *c)
	}
	slices.SortFunc(t.Countries, func(a, b Country) int {
		if (a.Code == "") != (b.Code == "") {
			if a.Code == "" {
				return 1
			}
			return -1
		}
		return cmp.Or(b.Addresses-a.Addresses, strings.Compare(a.Code, b.Code))
	})
}

func (t *Trace) distinct(at []int) int {
	seen := map[netip.Addr]bool{}
	for _, i := range at {
		seen[t.Facilities[i].Address] = true
	}
	return len(seen)
}

// Encode gives the bytes of a trace: indented by one space, a line feed at the
// end, nothing escaped for HTML.
func (t *Trace) Encode() ([]byte, error) {
	b, err := strictjson.Indented(t)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	return b, nil
}

// Decode reads what [Trace.Encode] wrote.
func Decode(b []byte) (*Trace, error) {
	var t Trace
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	if t.Format != Format {
		return nil, worded.Errorf("trace: format %.60q is not %q", t.Format, Format)
	}
	for _, c := range t.Countries {
		for _, i := range c.Facilities {
			if i < 0 || i >= len(t.Facilities) {
				return nil, worded.Errorf("trace: country %.20q names facility %d of %d", c.Code, i, len(t.Facilities))
			}
		}
	}
	for i := range t.Facilities {
		if f := &t.Facilities[i]; f.At == nil || !f.Address.IsValid() {
			return nil, worded.Errorf("trace: facility %d has no address or no time", i)
		}
	}
	if !maps.Equal(t.Caution, PlaceIsNotUser()) {
		return nil, worded.Errorf("trace: its caution is missing or another: a trace is not shown without it")
	}
	if t.Indicators == nil {
		return nil, worded.Errorf("trace: it does not say which indicators it is of")
	}
	return &t, nil
}
