package atlas

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// A delegation file is what the five regional registries publish each day, in
// the "RIR statistics exchange format": a version line
//
//	version|registry|serial|records|startdate|enddate|UTCoffset
//
// summary lines (registry|*|type|*|count|summary) and records
//
//	registry|cc|type|start|value|date|status[|opaque-id[|extensions]]
//
// where type is asn, ipv4 or ipv6; value counts AS numbers or IPv4 addresses
// and is the prefix length for IPv6; the date may be empty or zeros. The
// extended form adds the opaque-id and the statuses available and reserved.

// listHeader is what the version line of a delegation file says.
type listHeader struct {
	registry string // lower case
	date     string // YYYY-MM-DD of the last day the file covers; empty if it says none
	records  int    // -1 if not said
	line     int    // number of the version line
}

// delegation is one record that says who holds something.
type delegation struct {
	cc       string
	kind     string // "asn", "ipv4", "ipv6"
	asn      uint32 // first AS
	addr     netip.Addr
	value    uint64
	date     string // YYYY-MM-DD, or empty
	extended bool
	holder   string // opaque-id, the same in all records of one holder; empty if the file does not say
}

// Damage names a line, or a file as a whole (Line 0), that could not be read.
type Damage struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Reason string `json:"reason"`
}

func (d Damage) String() string {
	if d.Line == 0 {
		return d.File + ": " + d.Reason
	}
	return fmt.Sprintf("%s line %d: %s", d.File, d.Line, d.Reason)
}

// maxLine bounds a line; the longest real ones are under 200 bytes. Longer
// lines are damage.
const maxLine = 4 << 10

// lineReader gives lines without their end, in bounded memory.
type lineReader struct {
	r   *bufio.Reader
	n   int
	cut bool // see content
}

var errLongLine = errors.New("the line is longer than any real one")

func newLineReader(r io.Reader) *lineReader { return &lineReader{r: bufio.NewReaderSize(r, maxLine)} }

// next returns the next line, valid until the next call; errLongLine for one
// that is too long (reading goes on after it), io.EOF at the end.
func (l *lineReader) next() ([]byte, error) {
	b, err := l.r.ReadSlice('\n')
	if err == io.EOF && len(b) == 0 {
		return nil, io.EOF
	}
	l.n++
	if err == bufio.ErrBufferFull {
		for err == bufio.ErrBufferFull {
			_, err = l.r.ReadSlice('\n')
		}
		if err != nil && err != io.EOF {
			return nil, err
		}
		return nil, errLongLine
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	return bytes.TrimRight(b, "\r\n"), nil
}

// content yields the lines that say something, trimmed; those that begin with one
// of marks are comments. Lines that cannot be read are damage, and so is an end
// before that of the file, after which cut is set.
func (l *lineReader) content(d *damages, marks string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			b, err := l.next()
			switch {
			case err == io.EOF:
				return
			case err == errLongLine:
				d.add(l.n, "%v", err)
				continue
			case err != nil:
				d.add(0, "after line %d: %v", l.n, err)
				l.cut = true
				return
			}
			s := strings.TrimSpace(string(b))
			if s == "" || strings.IndexByte(marks, s[0]) >= 0 {
				continue
			}
			if !yield(s) {
				return
			}
		}
	}
}

var registries = []string{"afrinic", "apnic", "arin", "lacnic", "ripencc"}

// RegistryName is how a registry writes its own name: "RIPE NCC" of "ripencc".
func RegistryName(r string) string {
	if r == "ripencc" {
		return "RIPE NCC"
	}
	return strings.ToUpper(r)
}

func knownRegistry(s string) bool {
	for _, r := range registries {
		if r == s {
			return true
		}
	}
	return false
}

// parseHeader reads a version line.
func parseHeader(line string) (listHeader, bool) {
	f := strings.Split(line, "|")
	if len(f) < 4 || len(f[0]) == 0 || f[0][0] < '0' || f[0][0] > '9' {
		return listHeader{}, false
	}
	if _, err := strconv.ParseFloat(f[0], 64); err != nil {
		return listHeader{}, false
	}
	h := listHeader{registry: strings.ToLower(strings.TrimSpace(f[1])), records: -1}
	if h.registry == "ripe" || h.registry == "ripe-ncc" {
		h.registry = "ripencc"
	}
	if !knownRegistry(h.registry) {
		return listHeader{}, false
	}
	if n, err := strconv.Atoi(f[3]); err == nil && n >= 0 {
		h.records = n
	}
	if len(f) > 5 {
		h.date = isoDate(f[5])
	}
	if h.date == "" {
		h.date = isoDate(f[2]) // the serial is a date, or in RIPE's case a Unix time
	}
	return h, true
}

// isoDate turns YYYYMMDD or YYYY-MM-DD into the latter; empty for anything
// else, zeros included.
func isoDate(s string) string {
	for _, layout := range []string{"20060102", time.DateOnly} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil && t.Year() >= 1970 {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// readHeader finds the version line; what comes before it is comment. ok is
// false if this is no delegation file.
func readHeader(l *lineReader) (h listHeader, ok bool, err error) {
	for {
		b, err := l.next()
		switch {
		case err == io.EOF || err == errLongLine:
			return listHeader{}, false, nil
		case err != nil:
			return listHeader{}, false, err
		}
		s := strings.TrimSpace(string(b))
		if s == "" || s[0] == '#' {
			continue
		}
		h, ok = parseHeader(s)
		h.line = l.n
		return h, ok, nil
	}
}

// damages collects damage of one file, all counted, the first ones named.
type damages struct {
	file  string
	named []Damage
	count int
}

const maxNamed = 20

func (d *damages) add(line int, format string, args ...any) {
	d.count++
	if len(d.named) < maxNamed {
		d.named = append(d.named, Damage{d.file, line, fmt.Sprintf(format, args...)})
	}
}

// readDelegations reads a delegation file from its start and calls each for
// every record that delegates something. Lines that cannot be read are damage;
// so are counts that differ from what the file says of itself, and a stream
// that ends early. The only errors are those of each.
func readDelegations(r io.Reader, d *damages, each func(delegation) error) (listHeader, error) {
	l := newLineReader(r)
	h, ok, err := readHeader(l)
	if err != nil {
		d.add(0, "%v", err)
		return h, nil
	}
	if !ok {
		d.add(0, "not a delegation file: no version line of a registry")
		return h, nil
	}
	said := map[string]int{}
	got := map[string]int{}   // records of a type
	holds := map[string]int{} // those that delegate something
	for s := range l.content(d, "#") {
		f := strings.Split(s, "|")
		if len(f) >= 6 && f[5] == "summary" {
			if n, err := strconv.Atoi(f[4]); err == nil {
				said[f[2]] = n
			} else {
				d.add(l.n, "summary without a count: %q", clip(s))
			}
			continue
		}
		rec, skip, err := parseDelegation(f)
		if err != nil {
			d.add(l.n, "%v: %q", err, clip(s))
			continue
		}
		got[f[2]]++
		if skip {
			continue
		}
		holds[f[2]]++
		if err := each(rec); err != nil {
			return h, err
		}
	}
	if l.cut {
		return h, nil // counts are off for the same reason
	}
	for _, k := range []string{"asn", "ipv4", "ipv6"} {
		// Some registries count what is available and reserved, some do not.
		if n, ok := said[k]; ok && n != got[k] && n != holds[k] {
			d.add(0, "its summary says %d %s records, %d could be read", n, k, got[k])
		}
	}
	return h, nil
}

// parseDelegation reads the fields of a record. skip is true for a record that
// delegates nothing to a country: available, reserved, of an unknown type.
func parseDelegation(f []string) (r delegation, skip bool, err error) {
	if len(f) < 7 {
		return r, false, errors.New("not seven fields")
	}
	r.cc = strings.ToUpper(strings.TrimSpace(f[1]))
	r.kind = f[2]
	r.extended = len(f) > 7
	if r.extended {
		r.holder = strings.TrimSpace(f[7])
	}
	switch f[6] {
	case "allocated", "assigned":
	case "available", "reserved", "unallocated", "":
		skip = true
	default:
		return r, false, fmt.Errorf("unknown status %q", clip(f[6]))
	}
	r.value, err = strconv.ParseUint(f[4], 10, 64)
	if err != nil || r.value == 0 {
		return r, false, errors.New("no count")
	}
	switch r.kind {
	case "asn":
		n, err := parseASNumber(f[3])
		if err != nil {
			return r, false, err
		}
		if r.value > 1<<32-uint64(n) {
			return r, false, errors.New("AS numbers beyond the last")
		}
		r.asn = n
	case "ipv4":
		r.addr, err = netip.ParseAddr(f[3])
		if err != nil || !r.addr.Is4() {
			return r, false, errors.New("no IPv4 address")
		}
		if r.value > 1<<32-uint64(v4(r.addr)) {
			return r, false, errors.New("addresses beyond the last")
		}
	case "ipv6":
		r.addr, err = netip.ParseAddr(f[3])
		if err != nil || !r.addr.Is6() || r.addr.Is4In6() || r.addr.Zone() != "" {
			return r, false, errors.New("no IPv6 address")
		}
		if r.value > 128 {
			return r, false, errors.New("no prefix length")
		}
		if p := netip.PrefixFrom(r.addr, int(r.value)); p.Masked() != p {
			return r, false, errors.New("address bits beyond the prefix length")
		}
	default:
		return r, false, fmt.Errorf("unknown type %q", clip(r.kind))
	}
	if !skip && len(r.cc) != 2 {
		return r, false, errors.New("delegated, but to no country code")
	}
	r.date = isoDate(f[5])
	return r, skip, nil
}

// prefixes returns the blocks of an address record.
func (r delegation) prefixes() []netip.Prefix {
	switch r.kind {
	case "ipv4":
		return rangeToCIDRs(v4(r.addr), r.value)
	case "ipv6":
		return []netip.Prefix{netip.PrefixFrom(r.addr, int(r.value))}
	}
	return nil
}

func v4(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// ParseAS reads an AS number as people write it: 22047, AS22047, "AS 22047", AS2.207.
func ParseAS(s string) (uint32, error) {
	if len(s) > 2 && strings.EqualFold(s[:2], "AS") {
		s = strings.TrimLeft(s[2:], " ")
	}
	return parseASNumber(s)
}

// parseASNumber reads a number in plain or dotted form (RFC 5396).
func parseASNumber(s string) (uint32, error) {
	if hi, lo, ok := strings.Cut(s, "."); ok {
		h, err1 := strconv.ParseUint(hi, 10, 16)
		l, err2 := strconv.ParseUint(lo, 10, 16)
		if err1 != nil || err2 != nil {
			return 0, fmt.Errorf("no AS number: %q", clip(s))
		}
		return uint32(h<<16 | l), nil
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("no AS number: %q", clip(s))
	}
	return uint32(n), nil
}

// clip shortens what is quoted in a message.
func clip(s string) string {
	if len(s) > 60 {
		return s[:57] + "..."
	}
	return s
}
