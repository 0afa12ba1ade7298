package atlas

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"constat/internal/worded"
)

// Networks do not act alone: the networks of one operator act together, those
// of one country may be ordered to, and a rule such as route origin validation
// is applied by large ones first. Actors says who they are, by lists that the
// atlas holds and by nothing else.

// LargeCustomers is the number of direct customers from which on a network is
// called large.
const LargeCustomers = 100

// What a [Register] was read for.
const (
	RegisterDelegations   = "delegations"
	RegisterOrganisations = "organisations"
	RegisterRelations     = "relations"
)

// Register is one list that [Actors] were read from.
type Register struct {
	What   string `json:"what"`   // "delegations", "organisations" or "relations"
	File   string `json:"file"`   // base name without the packing's suffix
	Date   string `json:"date"`   // YYYY-MM-DD; empty if neither name nor content tells
	SHA256 string `json:"sha256"` // of the list as unpacked, so that packing changes nothing
	Unread int    `json:"unread"` // lines that could not be read
}

func (r Register) String() string { return table{file: r.File, date: r.Date}.String() }

// Actors says of some ASes in which country they were registered, which
// organisation operated them, and which were large. An AS of which the lists
// say nothing is in none of the maps.
type Actors struct {
	// Countries are ISO 3166 codes, by delegation; of an AS that no list of
	// delegations has, the country of its organisation. "EU" and "AP" are no
	// countries, and an AS that two lists give to two countries has none.
	Countries map[uint32]string
	// Organisations are identifiers of the list, such as "LPL-141-ARIN"; ASes
	// with the same one are siblings.
	Organisations map[uint32]string
	// Large are the ASes with at least LargeCustomers direct customers, sorted.
	// It says nothing unless a register of relations was read.
	Large []uint32
	// Customers are pairs of a provider and its direct customer, both of those asked
	// about, sorted; as the list of relations has them.
	Customers [][2]uint32
	Registers []Register // in the order of reading
}

// HasRegister reports whether a list of a kind was read.
func HasRegister(rs []Register, what string) bool {
	return slices.ContainsFunc(rs, func(r Register) bool { return r.What == what })
}

// Actors looks up ASes in the lists of delegations, of organisations and of
// relations in use, in one pass over each. Nil or an atlas without them knows
// nobody.
func (a *Atlas) Actors(asns []uint32) (*Actors, error) {
	out := &Actors{Countries: map[uint32]string{}, Organisations: map[uint32]string{}, Large: []uint32{}, Registers: []Register{}}
	ases := slices.Clone(asns)
	slices.Sort(ases)
	ases = slices.Compact(ases)
	if err := a.actorCountries(out, ases); err != nil {
		return nil, err
	}
	if err := a.actorOrganisations(out, ases); err != nil {
		return nil, err
	}
	if err := a.actorsLarge(out, ases); err != nil {
		return nil, err
	}
	return out, nil
}

// actorCountries reads the delegations.
func (a *Atlas) actorCountries(out *Actors, ases []uint32) error {
	several := map[uint32]bool{}
	for _, l := range a.Lists() {
		err := out.read(RegisterDelegations, table{file: l.File, date: l.Date, path: l.path}, func(r io.Reader, d *damages) error {
			_, err := readDelegations(r, d, func(rec delegation) error {
				if rec.kind != "asn" || a.dayAfter(rec.date) {
					return nil
				}
				i, _ := slices.BinarySearch(ases, rec.asn)
				for ; i < len(ases) && uint64(ases[i]) < uint64(rec.asn)+rec.value; i++ {
					as := ases[i]
					if had, ok := out.Countries[as]; ok && had != rec.cc {
						several[as] = true
					}
					out.Countries[as] = rec.cc
				}
				return nil
			})
			return err
		})
		if err != nil {
			return worded.Errorf("atlas: delegations: %w", err)
		}
	}
	for as, cc := range out.Countries {
		if several[as] || !isCountry(cc) {
			out.Countries[as] = "" // known to be in no single country
		}
	}
	return nil
}

func isCountry(cc string) bool { return len(cc) == 2 && cc != "EU" && cc != "AP" && cc != "ZZ" }

// actorOrganisations reads the list of organisations, and takes their countries
// for the ASes that no list of delegations has.
func (a *Atlas) actorOrganisations(out *Actors, ases []uint32) error {
	country := map[string]string{}
	if t := a.tableInUse(isOrganisations); t != nil {
		err := out.read(RegisterOrganisations, *t, func(r io.Reader, d *damages) error {
			readOrganisations(r, d, func(o orgRecord) {
				if o.asn == 0 {
					country[o.org] = o.country
				} else if _, asked := slices.BinarySearch(ases, o.asn); asked && out.Organisations[o.asn] == "" {
					out.Organisations[o.asn] = o.org
				}
			})
			return nil
		})
		if err != nil {
			return worded.Errorf("atlas: organisations: %w", err)
		}
	}
	for as, org := range out.Organisations {
		if _, known := out.Countries[as]; !known && isCountry(country[org]) {
			out.Countries[as] = country[org]
		}
	}
	for as, cc := range out.Countries {
		if cc == "" {
			delete(out.Countries, as)
		}
	}
	return nil
}

// actorsLarge counts customers.
func (a *Atlas) actorsLarge(out *Actors, ases []uint32) error {
	t := a.tableInUse(isRelations)
	if t == nil {
		return a.actorsCounted(out, ases)
	}
	customers := map[uint32]map[uint32]bool{}
	err := out.read(RegisterRelations, *t, func(r io.Reader, d *damages) error {
		readRelations(r, d, func(provider, customer uint32) {
			if _, asked := slices.BinarySearch(ases, provider); !asked {
				return
			}
			if customers[provider] == nil {
				customers[provider] = map[uint32]bool{}
			}
			customers[provider][customer] = true
			if _, both := slices.BinarySearch(ases, customer); both {
				out.Customers = append(out.Customers, [2]uint32{provider, customer})
			}
		})
		return nil
	})
	if err != nil {
		return worded.Errorf("atlas: relations: %w", err)
	}
	for _, as := range ases {
		if len(customers[as]) >= LargeCustomers {
			out.Large = append(out.Large, as)
		}
	}
	slices.SortFunc(out.Customers, func(a, b [2]uint32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	out.Customers = slices.Compact(out.Customers)
	return nil
}

// CustomersFormat begins a list of how many direct customers networks have, for
// where nobody has a list of all relations: a line "# constat-customers/1
// 2015-02-01", and lines such as "3356|4096". Other lines that begin with "#" are
// comments.
const CustomersFormat = "constat-customers/1"

var customersHead = regexp.MustCompile(`^# constat-customers/1 ([0-9]{4}-[0-9]{2}-[0-9]{2})\r?\n`)

// looksLikeCustomers judges by the first line, which has the list's date.
func looksLikeCustomers(head []byte) (date string, ok bool) {
	m := customersHead.FindSubmatch(head)
	if m == nil {
		return "", false
	}
	return string(m[1]), true
}

// actorsCounted reads a list of numbers of customers.
func (a *Atlas) actorsCounted(out *Actors, ases []uint32) error {
	t := a.tableInUse(isCustomers)
	if t == nil {
		return nil
	}
	err := out.read(RegisterRelations, *t, func(r io.Reader, d *damages) error {
		l := newLineReader(r)
		for s := range l.content(d, "#") {
			as, count, _ := strings.Cut(s, "|")
			n, err := parseASNumber(as)
			c, cerr := strconv.ParseUint(count, 10, 32)
			if err != nil || cerr != nil {
				d.add(l.n, "want AS|CUSTOMERS: %q", clip(s))
				continue
			}
			if _, asked := slices.BinarySearch(ases, n); asked && c >= LargeCustomers {
				out.Large = append(out.Large, n)
			}
		}
		return nil
	})
	if err != nil {
		return worded.Errorf("atlas: customers: %w", err)
	}
	slices.Sort(out.Large)
	out.Large = slices.Compact(out.Large)
	return nil
}

// read reads one list whole, so that its digest is that of all its bytes, and
// notes it.
func (out *Actors) read(what string, t table, do func(io.Reader, *damages) error) error {
	r, done, err := openPacked(t.path)
	if err != nil {
		return err
	}
	defer done()
	d := damages{file: t.file}
	h := &hashing{r: r, h: sha256.New()}
	if err := do(h, &d); err != nil {
		return err
	}
	// A list that breaks off was counted as damage by its reader.
	_, _ = io.Copy(io.Discard, h)
	out.Registers = append(out.Registers, Register{What: what, File: t.file, Date: t.date,
		SHA256: hex.EncodeToString(h.h.Sum(nil)), Unread: d.count})
	return nil
}

// hashing digests what is read through it.
type hashing struct {
	r io.Reader
	h hash.Hash
}

func (h *hashing) Read(b []byte) (int, error) {
	n, err := h.r.Read(b)
	h.h.Write(b[:n])
	return n, err
}

// orgRecord is one line of a list of organisations: an organisation with its
// country (asn 0), or an AS with its organisation.
type orgRecord struct {
	asn     uint32
	org     string
	country string
}

var (
	orgJSONLine = regexp.MustCompile(`(?m)^\s*\{[^\n]*"organizationId"\s*:`)
	orgFormat   = regexp.MustCompile(`^#\s*format:\s*((?:org_id|aut)\|\S*)\s*$`)
	orgTextHead = regexp.MustCompile(`(?m)^#\s*format:\s*(?:org_id|aut)\|`)
)

// looksLikeOrganisations judges by the first lines of a file.
func looksLikeOrganisations(head []byte) bool {
	return orgTextHead.Match(head) || orgJSONLine.Match(head)
}

// readOrganisations reads CAIDA's list of AS organisations in either form: JSON
// lines with a type, or text of which each part begins with a line such as
// "# format:aut|changed|aut_name|org_id|source". Lines that cannot be read are
// damage.
func readOrganisations(r io.Reader, d *damages, each func(orgRecord)) {
	l := newLineReader(r)
	var columns []string
	for s := range l.content(d, "") {
		if m := orgFormat.FindStringSubmatch(s); m != nil {
			columns = strings.Split(m[1], "|")
			continue
		}
		if s[0] == '#' {
			continue
		}
		var o orgRecord
		var err error
		if s[0] == '{' {
			o, err = parseOrgJSON(s)
		} else {
			o, err = parseOrgText(s, columns)
		}
		if err != nil {
			d.add(l.n, "%v: %q", err, clip(s))
			continue
		}
		each(o)
	}
}

func parseOrgJSON(s string) (o orgRecord, err error) {
	var v struct {
		Type    string `json:"type"`
		ASN     string `json:"asn"`
		Org     string `json:"organizationId"`
		Country string `json:"country"`
	}
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return o, errors.New("no JSON of an organisation or an AS")
	}
	if v.Org == "" {
		return o, errors.New("no identifier of an organisation")
	}
	switch v.Type {
	case "ASN":
		return asOfOrganisation(v.ASN, v.Org)
	case "Organization":
		return orgRecord{org: v.Org, country: strings.ToUpper(v.Country)}, nil
	}
	return o, fmt.Errorf("unknown type %q", clip(v.Type))
}

func parseOrgText(s string, columns []string) (o orgRecord, err error) {
	f := strings.Split(s, "|")
	if columns == nil {
		return o, errors.New("no line before it says what the columns are")
	}
	if len(f) != len(columns) {
		return o, fmt.Errorf("%d fields instead of %d", len(f), len(columns))
	}
	field := func(name string) string {
		if i := slices.Index(columns, name); i >= 0 {
			return strings.TrimSpace(f[i])
		}
		return ""
	}
	org := field("org_id")
	if org == "" {
		return o, errors.New("no identifier of an organisation")
	}
	if columns[0] == "aut" {
		return asOfOrganisation(f[0], org)
	}
	return orgRecord{org: org, country: strings.ToUpper(field("country"))}, nil
}

func asOfOrganisation(asn, org string) (orgRecord, error) {
	n, err := parseASNumber(strings.TrimSpace(asn))
	if err != nil || n == 0 {
		return orgRecord{}, fmt.Errorf("no AS number: %q", clip(asn))
	}
	return orgRecord{asn: n, org: org}, nil
}
