package atlas

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/text/language"

	"constat/internal/worded"
)

// Kinds of subject.
const (
	KindAS      = "as"
	KindPrefix  = "prefix"
	KindCountry = "country"
	KindFile    = "file"
)

// Subject is what an examination is about. A route belongs to it if its origin
// is one of Origins or its prefix lies within Blocks, unless struck: see
// [Subject.Match].
type Subject struct {
	Name    string         `json:"name"` // "AS22047", "175.45.176.0/22", "KP", or the subject file's name
	Kind    string         `json:"kind"`
	Origins []uint32       `json:"origins"` // sorted; struck ones are not in it
	Blocks  []netip.Prefix `json:"blocks"`  // IPv4 then IPv6, aggregated, struck addresses cut out
	Strike  Strike         `json:"struck"`
	// Reasons has a line for each origin and each block as it was delegated or
	// asked for – Blocks may join two of them – origins first, then blocks in
	// the order of Blocks.
	Reasons []Reason `json:"reasons"`

	Lists   []List   `json:"lists"`    // delegation files that were looked at for it
	Absent  []string `json:"absent"`   // registries whose delegations were not looked at although a country needs them
	LeftOff []Reason `json:"left_off"` // delegations dated after the day asked about
	Damaged []Damage `json:"damaged"`  // lines that could not be read, the first of each file
	Unread  int      `json:"unread"`   // how many there are in all

	why map[netip.Prefix][]string // reasons of blocks
	def []netip.Prefix            // their keys, sorted
	asn map[uint32][]string       // reasons of origins
}

// Strike is what a subject file takes off. It wins over everything that puts
// something on.
type Strike struct {
	Origins []uint32       `json:"origins"`
	Blocks  []netip.Prefix `json:"blocks"`
	Reasons []Reason       `json:"reasons"`
}

// Reason says why something is on the subject, or was taken off it.
type Reason struct {
	What   string `json:"what"` // "AS131279" or "175.45.176.0/22"
	Reason string `json:"reason"`
}

// Match reports whether a route belongs to the subject: not struck, and of one
// of its origins or within one of its blocks. The default route is of no origin: it
// leads to all addresses and is nobody's. Example: AS64500 loses 192.0.2.0/24 and
// 0.0.0.0/0; what it lost are 256 addresses.
func (s *Subject) Match(p netip.Prefix, origin uint32) bool {
	if _, struck := slices.BinarySearch(s.Strike.Origins, origin); struck {
		return false
	}
	if within(s.Strike.Blocks, p) {
		return false
	}
	return p.Bits() > 0 && s.HasOrigin(origin) || within(s.Blocks, p)
}

// Class puts prefixes into classes: two of one class are the subject's with the same
// origins ([Subject.Match]).
func (s *Subject) Class(p netip.Prefix) int {
	c := 0
	if within(s.Strike.Blocks, p) {
		c = 2
	}
	if within(s.Blocks, p) {
		c++
	}
	return c
}

// HasOrigin reports whether the AS is one of the subject's.
func (s *Subject) HasOrigin(origin uint32) bool {
	_, ok := slices.BinarySearch(s.Origins, origin)
	return ok
}

// Matching returns those of the possible origins of a route with which it is the
// subject's; see [Subject.Match]. A path that ends in a set has several, and one
// of them is enough.
func (s *Subject) Matching(p netip.Prefix, origins []uint32) []uint32 {
	var out []uint32
	for _, o := range origins {
		if s.Match(p, o) {
			out = append(out, o)
		}
	}
	return out
}

// MatchOtherOrigin says what another origin means for a prefix of the subject.
// True: the addresses themselves are the subject, so the prefix is visible
// whoever announces it. False: it is on the subject only because one of the
// origins announced it, so another origin's announcement is a loss to be
// explained. (Struck origins never count: [Subject.Match].)
func (s *Subject) MatchOtherOrigin(p netip.Prefix) bool { return within(s.Blocks, p) }

// FromCountry reports whether a prefix is on the subject only because a country was asked
// for: all blocks that hold it, or lie within it, were delegated to one. Of addresses that
// somebody named the addresses themselves are meant, of a country's what its operators
// announce.
func (s *Subject) FromCountry(p netip.Prefix) bool {
	found := false
	all := func(block netip.Prefix) bool {
		return !slices.ContainsFunc(s.why[block], func(r string) bool {
			found = true
			return !strings.HasPrefix(r, delegatedTo)
		})
	}
	for n := 0; n <= p.Bits(); n++ {
		if !all(netip.PrefixFrom(p.Addr(), n).Masked()) {
			return false
		}
	}
	i := sort.Search(len(s.def), func(i int) bool { return comparePrefix(s.def[i], p) > 0 })
	for ; i < len(s.def) && contains(p, s.def[i]); i++ {
		if !all(s.def[i]) {
			return false
		}
	}
	return found
}

// delegatedTo is how the reasons begin with which a country's blocks are on a subject.
const delegatedTo = "delegated to "

// Why returns the reasons why a prefix announced by an origin belongs to the
// subject: blocks that hold it or lie within it, then the origin. It is empty
// if the route does not belong.
func (s *Subject) Why(p netip.Prefix, origin uint32) []string {
	if !s.Match(p, origin) {
		return nil
	}
	var out []string
	if within(s.Blocks, p) {
		for n := 0; n < p.Bits(); n++ {
			up := netip.PrefixFrom(p.Addr(), n).Masked()
			for _, r := range s.why[up] {
				out = append(out, "within "+up.String()+", "+r)
			}
		}
		out = append(out, s.why[p]...)
		i := sort.Search(len(s.def), func(i int) bool { return comparePrefix(s.def[i], p) > 0 })
		for ; i < len(s.def) && contains(p, s.def[i]); i++ {
			for _, r := range s.why[s.def[i]] {
				out = append(out, "holds "+s.def[i].String()+", "+r)
			}
		}
	}
	if s.HasOrigin(origin) {
		for _, r := range s.asn[origin] {
			out = append(out, fmt.Sprintf("announced by AS%d, %s", origin, r))
		}
	}
	return out
}

// builder collects what goes on and off a subject.
type builder struct {
	s *Subject
}

func newBuilder(name, kind string) *builder {
	return &builder{
		s: &Subject{Name: name, Kind: kind, why: map[netip.Prefix][]string{}, asn: map[uint32][]string{}},
	}
}

func (b *builder) addAS(asn uint32, reason string) {
	if !slices.Contains(b.s.asn[asn], reason) {
		b.s.asn[asn] = append(b.s.asn[asn], reason)
	}
}

func (b *builder) addBlock(p netip.Prefix, reason string) {
	if !slices.Contains(b.s.why[p], reason) {
		b.s.why[p] = append(b.s.why[p], reason)
	}
}

// done sorts everything and applies the strikes.
func (b *builder) done() *Subject {
	s := b.s
	slices.Sort(s.Strike.Origins)
	s.Strike.Origins = slices.Compact(s.Strike.Origins)
	s.Strike.Blocks = aggregate(s.Strike.Blocks)

	s.Origins = []uint32{}
	for asn := range s.asn {
		if _, struck := slices.BinarySearch(s.Strike.Origins, asn); !struck {
			s.Origins = append(s.Origins, asn)
		}
	}
	slices.Sort(s.Origins)
	s.Reasons = []Reason{}
	for _, asn := range s.Origins {
		for _, r := range s.asn[asn] {
			s.Reasons = append(s.Reasons, Reason{fmt.Sprintf("AS%d", asn), r})
		}
	}
	for p := range s.why {
		if !within(s.Strike.Blocks, p) {
			s.def = append(s.def, p)
		}
	}
	slices.SortFunc(s.def, comparePrefix)
	for _, p := range s.def {
		for _, r := range s.why[p] {
			s.Reasons = append(s.Reasons, Reason{p.String(), r})
		}
	}
	s.Blocks = subtract(aggregate(slices.Clone(s.def)), s.Strike.Blocks)

	// Empty lists are empty, not null, wherever they are written.
	s.Strike.Origins = orEmpty(s.Strike.Origins)
	s.Strike.Blocks = orEmpty(s.Strike.Blocks)
	s.Strike.Reasons = orEmpty(s.Strike.Reasons)
	s.Blocks = orEmpty(s.Blocks)
	s.Lists = orEmpty(s.Lists)
	s.Absent = orEmpty(s.Absent)
	s.LeftOff = orEmpty(s.LeftOff)
	s.Damaged = orEmpty(s.Damaged)
	return s
}

func orEmpty[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// item is what one word of a question or of a subject file names.
type item struct {
	kind   string
	asn    uint32
	prefix netip.Prefix
	cc     string
}

// ErrNotASubject is wrapped by the errors of [Atlas.Resolve] for an argument
// that is wrong in itself, whatever lists are at hand: wrong usage.
var ErrNotASubject = errors.New("not a subject")

// ErrNoLists is wrapped by the errors of [Atlas.Resolve] for a country without any
// delegation file.
var ErrNoLists = errors.New("a country is what the registries delegated to it, and no delegation file was given: " +
	"--atlas names a folder of them, `constat atlas update --date D` fetches them")

type notASubject struct{ error }

func (notASubject) Is(target error) bool { return target == ErrNotASubject }
func (e notASubject) Unwrap() error      { return e.error }

// errNoItem is for a word that is neither AS, prefix nor country; it may be the
// path of a file.
var errNoItem = errors.New("neither an AS (AS131279), a prefix (175.45.176.0/22), a country by its two letters (KP) nor a subject file")

// parseItem reads "AS131279", "175.45.176.0/22" or "KP".
func parseItem(word string) (item, error) {
	if p, err := netip.ParsePrefix(word); err == nil {
		if p.Addr().Is4In6() {
			return item{}, worded.Errorf("%s: an IPv4 prefix in IPv6 form; write it as IPv4", word)
		}
		if m := p.Masked(); m != p {
			return item{}, worded.Errorf("%s: there are address bits beyond the prefix length; %s is meant?", word, m)
		}
		return item{kind: KindPrefix, prefix: p}, nil
	}
	if a, err := netip.ParseAddr(word); err == nil {
		return item{}, worded.Errorf("%s is an address; routes are for prefixes, such as %s", word, enclosing(a))
	}
	if len(word) > 2 && strings.EqualFold(word[:2], "as") && word[2] >= '0' && word[2] <= '9' {
		n, err := parseASNumber(word[2:])
		if err != nil {
			return item{}, err
		}
		switch n {
		case 0:
			return item{}, errors.New("AS0 originates nothing (RFC 7607)")
		case asTrans:
			return item{}, errors.New("AS23456 stands in for any 32-bit AS number (RFC 6793) and names none")
		}
		return item{kind: KindAS, asn: n}, nil
	}
	if allDigits(word) {
		return item{}, worded.Errorf("%s: AS%s is meant? An AS number is written with AS before it", word, word)
	}
	if len(word) == 2 && isASCIILetter(word[0]) && isASCIILetter(word[1]) {
		cc, err := countryCode(word)
		return item{kind: KindCountry, cc: cc}, err
	}
	return item{}, errNoItem
}

// asTrans is written where a router without 32-bit AS numbers should name one (RFC 6793).
const asTrans = 23456

// Names reports whether a number names a network. AS0 originates nothing (RFC 7607), and
// AS23456 stands in for any 32-bit number (RFC 6793).
func Names(as uint32) bool { return as != 0 && as != asTrans }

// One reports whether a number names one network everywhere: of AS0, AS23456, numbers for
// private use (RFC 6996) and the last ones (RFC 7300) two routers may mean two networks.
// Numbers for documentation (RFC 5398) do, as examples are made with them.
func One(as uint32) bool {
	switch {
	case !Names(as), 64512 <= as && as <= 65535, as >= 4200000000:
		return false
	}
	return true
}

// asAsked is a word of a question as a file would have it: an AS number may be
// written "22047" or "AS 22047" where a person asks. In a file it may not, since a
// bare number there is more often a slip.
func asAsked(word string) string {
	if n := strings.TrimLeft(strings.TrimPrefix(strings.ToUpper(word), "AS"), " "); allDigits(n) {
		return "AS" + n
	}
	return word
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func enclosing(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits)
	return p
}

// countryCode validates a code of ISO 3166-1, present or past. The registries
// also use EU and AP for holders in no single country.
func countryCode(s string) (string, error) {
	cc := strings.ToUpper(s)
	switch cc {
	case "UK":
		return "", errors.New("UK is no country code; the registries write GB")
	case "EU", "AP", "UN", "EZ":
		return "", worded.Errorf("%s is no country", cc)
	}
	r, err := language.ParseRegion(cc)
	if err != nil || !r.IsCountry() {
		return "", worded.Errorf("%s is no country code of ISO 3166", cc)
	}
	return cc, nil
}

// Resolve says what a subject stands for. arg is an AS ("AS22047", "22047"), a
// prefix ("175.45.176.0/22"), a country by its ISO 3166 code ("KP"), several of them
// ("AS22047,AS3549"), or the path of a subject file (docs/formats/subject.md). A
// country needs delegation files.
func (a *Atlas) Resolve(arg string) (*Subject, error) {
	arg = strings.TrimSpace(arg)
	if arg == "" {
		return nil, notASubject{errors.New("subject: none given")}
	}
	if words := listed(arg); len(words) != 1 {
		if _, err := os.Stat(arg); err != nil { // a file may be named so
			return a.resolveList(words)
		}
	}
	it, err := parseItem(asAsked(arg))
	if errors.Is(err, errNoItem) {
		if info, serr := os.Stat(arg); serr == nil && info.Mode().IsRegular() {
			return a.resolveFile(arg)
		} else if serr == nil {
			return nil, notASubject{worded.Errorf("subject %s: a folder or device, not a subject file", arg)}
		}
		return nil, notASubject{worded.Errorf("subject %q: %w", arg, err)}
	}
	if err != nil {
		return nil, notASubject{worded.Errorf("subject: %w", err)}
	}
	switch it.kind {
	case KindAS:
		b := newBuilder(fmt.Sprintf("AS%d", it.asn), KindAS)
		b.addAS(it.asn, askedFor)
		return b.done(), nil
	case KindPrefix:
		b := newBuilder(it.prefix.String(), KindPrefix)
		b.addBlock(it.prefix, askedFor)
		return b.done(), nil
	default:
		b := newBuilder(it.cc, KindCountry)
		if err := a.addCountries(b, []string{it.cc}); err != nil {
			return nil, worded.Errorf("subject %s: %w", it.cc, err)
		}
		return b.done(), nil
	}
}

// listed splits a list of subjects at commas and spaces; AS keeps its number.
// Example: "AS 22047, AS3549" are two.
func listed(arg string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(arg, func(r rune) bool { return r == ',' || r == ' ' }) {
		if n := len(out); n > 0 && strings.EqualFold(out[n-1], "as") && allDigits(w) {
			out[n-1] += w
			continue
		}
		out = append(out, w)
	}
	return out
}

// resolveList puts several subjects together. Its name is the list, each once, in the
// order in which they were given.
func (a *Atlas) resolveList(words []string) (*Subject, error) {
	if len(words) == 0 {
		return nil, notASubject{errNoItem}
	}
	var names, ccs []string
	b := newBuilder("", KindFile)
	for _, w := range words {
		it, err := parseItem(asAsked(w))
		if err != nil {
			return nil, notASubject{worded.Errorf("subject %q: %w", w, err)}
		}
		name := it.cc
		switch it.kind {
		case KindAS:
			name = fmt.Sprintf("AS%d", it.asn)
			b.addAS(it.asn, askedFor)
		case KindPrefix:
			name = it.prefix.String()
			b.addBlock(it.prefix, askedFor)
		}
		if slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		if it.kind == KindCountry {
			ccs = append(ccs, it.cc)
		}
	}
	b.s.Name = strings.Join(names, ", ")
	if len(ccs) > 0 {
		if err := a.addCountries(b, ccs); err != nil {
			return nil, worded.Errorf("subject %s: %w", b.s.Name, err)
		}
	}
	return b.done(), nil
}

// addCountries puts on everything that is delegated to the countries, in one
// reading of the lists.
func (a *Atlas) addCountries(b *builder, ccs []string) error {
	lists := a.Lists()
	if len(lists) == 0 {
		return ErrNoLists
	}
	found := map[string]int{}
	left := map[string]int{}
	for _, l := range lists {
		r, done, err := openPacked(l.path)
		if err != nil {
			return fmt.Errorf("delegations: %w", err)
		}
		d := damages{file: l.File}
		_, err = readDelegations(r, &d, func(rec delegation) error {
			if !slices.Contains(ccs, rec.cc) {
				return nil
			}
			reason := fmt.Sprintf(delegatedTo+"%s by %s", rec.cc, RegistryName(l.Registry))
			if rec.date != "" {
				reason += " on " + rec.date
			}
			reason += " (" + l.String() + ")"
			late := a.date != "" && rec.date > a.date
			if late {
				left[rec.cc]++
			} else {
				found[rec.cc]++
			}
			if rec.kind == "asn" {
				if rec.value > maxASRange {
					d.add(0, "a delegation of %d AS numbers to %s from AS%d on was not believed", rec.value, rec.cc, rec.asn)
					return nil
				}
				for i := range rec.value {
					asn := rec.asn + uint32(i)
					if late {
						b.s.LeftOff = append(b.s.LeftOff, Reason{fmt.Sprintf("AS%d", asn), reason})
					} else {
						b.addAS(asn, reason)
					}
				}
				return nil
			}
			for _, p := range rec.prefixes() {
				if late {
					b.s.LeftOff = append(b.s.LeftOff, Reason{p.String(), reason})
				} else {
					b.addBlock(p, reason)
				}
			}
			return nil
		})
		done()
		if err != nil {
			return err
		}
		b.s.Damaged = append(b.s.Damaged, d.named...)
		b.s.Unread += d.count
	}
	b.s.Lists = lists
	b.s.Absent = a.Absent()
	for _, cc := range ccs {
		if found[cc] > 0 {
			continue
		}
		var looked []string
		for _, l := range lists {
			looked = append(looked, l.String())
		}
		msg := "nothing is delegated to " + cc + " in " + strings.Join(looked, ", ")
		if left[cc] > 0 {
			msg += fmt.Sprintf("; %d delegations to it are dated after %s", left[cc], a.date)
		}
		if absent := a.Absent(); len(absent) > 0 {
			msg += "; no list was given of " + strings.Join(absent, ", ")
		}
		if b.s.Unread > 0 {
			msg += fmt.Sprintf("; %d lines could not be read, first %s", b.s.Unread, b.s.Damaged[0])
		}
		return errors.New(msg)
	}
	return nil
}

// maxASRange bounds what one record may put on a subject: registries delegate
// a few AS numbers at a time, and to each other 1,024.
const maxASRange = 1 << 16

// resolveFile reads a subject file.
func (a *Atlas) resolveFile(path string) (*Subject, error) {
	raw, err := readSubjectFile(path)
	if err != nil {
		return nil, worded.Errorf("subject file %s: %w", path, err)
	}
	sf, err := parseSubjectFile(raw)
	if err != nil {
		return nil, worded.Errorf("subject file %s: %w", path, err)
	}
	name := sf.name
	if name == "" {
		base := filepath.Base(path)
		name = strings.TrimSuffix(base, filepath.Ext(base))
	}
	if err := sf.mayBeCalled(name); err != nil {
		return nil, notASubject{worded.Errorf("subject file %s: %w", path, err)}
	}
	b := newBuilder(name, KindFile)
	var ccs []string
	for _, l := range sf.lines {
		reason := "added by hand"
		if l.off {
			reason = "struck by hand"
		}
		if l.comment != "" {
			reason += ": " + l.comment
		}
		switch {
		case l.kind == KindCountry:
			if !slices.Contains(ccs, l.cc) {
				ccs = append(ccs, l.cc)
			}
		case l.kind == KindAS && l.off:
			b.s.Strike.Origins = append(b.s.Strike.Origins, l.asn)
			b.s.Strike.Reasons = append(b.s.Strike.Reasons, Reason{fmt.Sprintf("AS%d", l.asn), reason})
		case l.kind == KindAS:
			b.addAS(l.asn, reason)
		case l.off:
			b.s.Strike.Blocks = append(b.s.Strike.Blocks, l.prefix)
			b.s.Strike.Reasons = append(b.s.Strike.Reasons, Reason{l.prefix.String(), reason})
		default:
			b.addBlock(l.prefix, reason)
		}
	}
	if len(ccs) > 0 {
		if err := a.addCountries(b, ccs); err != nil {
			return nil, worded.Errorf("subject file %s: %w", path, err)
		}
	}
	s := b.done()
	if len(s.Origins) == 0 && len(s.Blocks) == 0 {
		return nil, worded.Errorf("subject file %s: everything on it is struck; nothing is left to examine", path)
	}
	return s, nil
}
