// Package lines reads the texts that two programs make of MRT files and that
// people keep instead of them: the lines of bgpdump -m, and those of bgpreader
// (libBGPStream). docs/formats/bgpdump-m.md and docs/formats/bgpreader.md say
// which fields a line has, and what it has lost.
package lines

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"

	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
)

// Form is which of the two a text is.
type Form uint8

// Forms, named after the programs that write them; None is another text.
const (
	None Form = iota
	Bgpdump
	Bgpreader
)

// Recognise tells by the first line of a text what it is.
func Recognise(head []byte) Form {
	for line := range bytes.SplitSeq(head, []byte("\n")) {
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		f := strings.Split(string(line), "|")
		if len(f) < 6 {
			return None
		}
		if _, ok := labels[f[0]]; ok {
			if _, err := parseTime(f[1]); err == nil && kinds[f[2]] {
				return Bgpdump
			}
		}
		if (f[0] == "R" || f[0] == "U") && len(f[1]) == 1 && strings.Contains("RAWSBE", f[1]) {
			if _, err := parseTime(f[2]); err == nil {
				return Bgpreader
			}
		}
		return None
	}
	return None
}

// label is what the first field of bgpdump -m says of the record.
type label struct{ et, local, addPath, table, old bool }

var labels = map[string]label{
	"BGP":        {old: true},
	"TABLE_DUMP": {table: true}, "TABLE_DUMP2": {table: true}, "TABLE_DUMP2_AP": {table: true, addPath: true},
	"BGP4MP": {}, "BGP4MP_AP": {addPath: true}, "BGP4MP_LOCAL": {local: true}, "BGP4MP_LOCAL_AP": {local: true, addPath: true},
	"BGP4MP_ET": {et: true}, "BGP4MP_ET_AP": {et: true, addPath: true},
	"BGP4MP_ET_LOCAL": {et: true, local: true}, "BGP4MP_ET_LOCAL_AP": {et: true, local: true, addPath: true},
}

var kinds = map[string]bool{"A": true, "W": true, "B": true, "STATE": true}

// Reader reads the lines of one of the two forms.
type Reader struct {
	form  Form
	lines *build.Lines
	only  string // "|rrc00|", to look for; empty: all collectors
	f     []string
}

// NewReader reads a text. If a collector is named, only its lines of bgpreader
// are read; those of bgpdump name none.
func NewReader(r io.Reader, form Form, collector string) *Reader {
	x := &Reader{form: form, lines: build.NewLines(r)}
	if form == Bgpreader && collector != "" {
		x.only = "|" + collector + "|"
	}
	return x
}

// Next implements [build.Source].
func (r *Reader) Next(e *build.Event) error {
	for {
		line, err := r.lines.Next()
		if err != nil {
			return err
		}
		if r.lines.Number() == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if r.only != "" && !bytes.Contains(line, []byte(r.only)) && bytes.Count(line, []byte("|")) >= 13 {
			continue
		}
		r.f = split(r.f[:0], string(line))
		e.Offset = r.lines.Offset()
		ok := true
		if r.form == Bgpdump {
			err = r.bgpdump(e)
		} else {
			ok, err = r.bgpreader(e)
		}
		if err != nil {
			return r.lines.Damage(err)
		}
		if ok {
			return nil
		}
	}
}

func split(dst []string, s string) []string {
	for {
		f, rest, more := strings.Cut(s, "|")
		dst = append(dst, f)
		if !more {
			return dst
		}
		s = rest
	}
}

// bgpdump reads a line of bgpdump -m.
func (r *Reader) bgpdump(e *build.Event) error {
	f := r.f
	l, ok := labels[f[0]]
	if !ok || len(f) < 6 {
		return errors.New("no line of bgpdump -m: it has too few fields, or another first one")
	}
	var err error
	if e.Time, err = parseTime(f[1]); err != nil {
		return err
	}
	e.ET, e.Sent = l.et, l.local
	if err := peer(e, f[3], f[4]); err != nil {
		return err
	}
	if f[2] == "STATE" {
		if len(f) < 7 {
			return errors.New("a change of state without the new one")
		}
		e.Kind = build.State
		old, err := strconv.ParseUint(f[5], 10, 16)
		now, err2 := strconv.ParseUint(f[6], 10, 16)
		e.Old, e.New = uint16(old), uint16(now)
		return errors.Join(err, err2)
	}
	switch f[2] {
	case "A":
		e.Kind = build.Announce
	case "W":
		e.Kind = build.Withdraw
	case "B":
		e.Kind = build.Entry
	default:
		return fmt.Errorf("%q is none of A, W, B and STATE", f[2])
	}
	if l.table != (e.Kind == build.Entry) {
		return fmt.Errorf("%s does not go with %s", f[2], f[0])
	}
	if l.old && e.Kind == build.Withdraw {
		return errors.New("a withdrawal of the deprecated type 5: bgpdump prints the peer's address in the place of the prefix, and what was withdrawn is lost")
	}
	if err := prefix(e, f[5]); err != nil {
		return err
	}
	f = f[6:]
	if l.addPath {
		if len(f) == 0 {
			return errors.New("it lacks the path identifier")
		}
		id, err := strconv.ParseUint(f[0], 10, 32)
		if err != nil {
			return fmt.Errorf("path identifier %q is no number", f[0])
		}
		e.HasID, e.ID = true, uint32(id)
		f = f[1:]
	}
	if e.Kind == build.Withdraw {
		return nil
	}
	if l.old && len(f) >= 6 { // nothing separates the MED from the communities
		med, rest := f[4], ""
		if i := strings.IndexFunc(med, func(c rune) bool { return c < '0' || c > '9' }); i >= 0 {
			// Where one ends and the other begins is only known of a MED of 0.
			if med[0] == '0' {
				med, rest = "0", med[1:]
			} else {
				med = "0"
			}
		}
		f = append([]string{f[0], f[1], f[2], f[3], med, rest}, f[5:]...)
	}
	if len(f) < 8 {
		return fmt.Errorf("a route of %d fields, want path, origin, next hop, local preference, MED, communities, AG or NAG, aggregator", len(f))
	}
	// An empty path and none look the same; no announcement is without one.
	e.Route.HasPath = e.Kind == build.Announce || f[0] != ""
	return attributes(&e.Route, f)
}

// attributes reads the attributes of bgpdump -m.
func attributes(t *build.Route, f []string) (err error) {
	if strings.HasSuffix(f[0], "...") {
		return errors.New("bgpdump cut its path off, so that its origin is lost")
	}
	if t.Path, err = appendPath(t.Path, f[0]); err != nil {
		return err
	}
	switch f[1] {
	case "IGP":
		t.Origin, t.HasOrigin = bgp.OriginIGP, true
	case "EGP":
		t.Origin, t.HasOrigin = bgp.OriginEGP, true
	case "INCOMPLETE": // it prints a missing one so too
		t.Origin, t.HasOrigin = bgp.OriginIncomplete, true
	default:
		return fmt.Errorf("origin %q is none of RFC 4271 §5.1.1", f[1])
	}
	if f[2] != "255.255.255.255" && f[2] != "" { // which stands for none
		if t.NextHop, err = address(f[2]); err != nil {
			return fmt.Errorf("next hop: %w", err)
		}
	}
	// Zero is also what it prints where there is none.
	if t.LocalPref, err = signed(f[3]); err != nil {
		return err
	}
	if t.MED, err = signed(f[4]); err != nil {
		return err
	}
	t.HasLocalPref, t.HasMED = t.LocalPref != 0, t.MED != 0
	comm := strings.Fields(f[5])
	if len(f[5]) >= communitiesEnd && len(comm) > 0 {
		comm = comm[:len(comm)-1] // its buffer ended there, inside a community or not
	}
	for _, c := range comm {
		if err := t.AddCommunity(c); err != nil {
			return err
		}
	}
	switch f[6] {
	case "AG":
		t.Atomic = true
	case "NAG":
	default:
		return fmt.Errorf("%q is neither AG nor NAG", f[6])
	}
	if f[7] != "" {
		as, addr, _ := strings.Cut(f[7], " ")
		n, err := strconv.ParseUint(as, 10, 32)
		if err != nil {
			return fmt.Errorf("aggregator %q: want an AS number and an address", f[7])
		}
		if t.Aggregator, err = address(addr); err != nil {
			return fmt.Errorf("aggregator: %w", err)
		}
		t.AggregatorAS = uint32(n)
	}
	return nil
}

// communitiesEnd is where bgpdump's buffer for communities ends, in characters.
const communitiesEnd = 8190

// bgpreader reads a line of bgpreader. It reports whether it holds an element.
func (r *Reader) bgpreader(e *build.Event) (bool, error) {
	f := r.f
	if len(f) < 3 || f[0] != "R" && f[0] != "U" {
		return false, errors.New("no line of bgpreader: it begins with neither R nor U")
	}
	if f[1] == "B" || f[1] == "E" {
		return false, nil // where a dump begins and ends (bgpreader -r)
	}
	switch len(f) {
	case 14: // version 1 had no router
	case 16:
		f = append(f[:5], f[7:]...)
	default:
		return false, fmt.Errorf("a line of %d fields; bgpreader writes 16, and in its version 1 wrote 14", len(f))
	}
	var err error
	if e.Time, err = parseTime(f[2]); err != nil {
		return false, err
	}
	// It prints six digits whatever the record had.
	e.Collector = f[4]
	if err := peer(e, f[6], f[5]); err != nil {
		return false, err
	}
	switch f[1] {
	case "S":
		e.Kind = build.State
		var ok1, ok2 bool
		e.Old, ok1 = states[strings.ToUpper(f[12])]
		e.New, ok2 = states[strings.ToUpper(f[13])]
		if !ok1 || !ok2 {
			return false, fmt.Errorf("states %q and %q: want two of RFC 4271 §8.2.2", f[12], f[13])
		}
		return true, nil
	case "A":
		e.Kind = build.Announce
	case "W":
		e.Kind = build.Withdraw
	case "R":
		e.Kind = build.Entry
	default:
		return false, fmt.Errorf("%q is none of R, A, W and S", f[1])
	}
	if err := prefix(e, f[7]); err != nil {
		return false, err
	}
	if e.Kind == build.Withdraw {
		return true, nil
	}
	t := &e.Route
	if f[8] != "" {
		if t.NextHop, err = address(f[8]); err != nil {
			return false, fmt.Errorf("next hop: %w", err)
		}
	}
	if t.Path, err = appendPath(t.Path, f[9]); err != nil {
		return false, err
	}
	t.HasPath = e.Kind == build.Announce || f[9] != ""
	for _, c := range strings.Fields(f[11]) {
		if err := t.AddCommunity(c); err != nil {
			return false, err
		}
	}
	return true, nil
}

// states are the names that bgpreader prints (bgpstream_elem_peerstate_t).
var states = map[string]uint16{"": 0, "UNKNOWN": 0, "IDLE": mrt.StateIdle, "CONNECT": mrt.StateConnect, "ACTIVE": mrt.StateActive,
	"OPENSENT": mrt.StateOpenSent, "OPEN-SENT": mrt.StateOpenSent, "OPENCONFIRM": mrt.StateOpenConfirm, "OPEN-CONFIRM": mrt.StateOpenConfirm,
	"ESTABLISHED": mrt.StateEstablished, "CLEARING": 7, "DELETED": 8}

func peer(e *build.Event, addr, as string) (err error) {
	if e.Peer, err = address(addr); err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	n, err := strconv.ParseUint(as, 10, 32)
	if err != nil {
		return fmt.Errorf("peer AS %q is no number", as)
	}
	e.AS = uint32(n)
	return nil
}

func address(s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, fmt.Errorf("%q is no address", s)
	}
	return a, nil
}

func prefix(e *build.Event, s string) error {
	addr, bits, _ := strings.Cut(s, "/")
	a, err := address(addr)
	n, err2 := strconv.ParseUint(bits, 10, 8)
	if err != nil || err2 != nil || int(n) > a.BitLen() {
		return fmt.Errorf("prefix %q: want one such as 192.0.2.0/24", s)
	}
	e.Prefix = netip.PrefixFrom(a, int(n)).Masked()
	return nil
}

// parseTime reads seconds since 1970, with a fraction or not.
func parseTime(s string) (moment.Time, error) {
	whole, frac, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseUint(whole, 10, 32)
	micro, err2 := strconv.ParseUint((frac + "000000")[:6], 10, 32)
	if err != nil || err2 != nil || strings.Trim(frac, "0123456789") != "" {
		return 0, fmt.Errorf("time %q is no number of seconds since 1970", s)
	}
	return moment.Unix(int64(sec), uint32(micro)), nil
}

// signed reads a number of 32 bits, which bgpdump prints as negative above 2^31
// in one case.
func signed(s string) (uint32, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < -1<<31 || n > 1<<32-1 {
		return 0, fmt.Errorf("%q is no number of 32 bits", s)
	}
	return uint32(n), nil
}

// appendPath reads a path: "1 2", a set as "{3,4}", a confederation sequence as
// "(5 6)", a confederation set as "[7,8]".
func appendPath(dst []build.Segment, s string) ([]build.Segment, error) {
	wrong := func() error { return fmt.Errorf("path %q: want AS numbers, sets as {1,2}", clip(s)) }
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimLeft(s, " ") {
		typ, end, body := uint8(bgp.SegSequence), "", s
		switch s[0] {
		case '{':
			typ, end = bgp.SegSet, "}"
		case '(':
			typ, end = bgp.SegConfedSequence, ")"
		case '[':
			typ, end = bgp.SegConfedSet, "]"
		}
		if end != "" {
			i := strings.Index(s, end)
			if i < 0 {
				return dst, wrong()
			}
			body, s = s[1:i], s[i+1:]
		} else if i := strings.IndexAny(s, "{(["); i >= 0 {
			body, s = s[:i], s[i:]
		} else {
			s = ""
		}
		var as []uint32
		for w := range strings.FieldsFuncSeq(body, func(c rune) bool { return c == ' ' || c == ',' }) {
			n, err := strconv.ParseUint(w, 10, 32)
			if err != nil {
				return dst, wrong()
			}
			as = append(as, uint32(n))
		}
		if len(as) == 0 {
			return dst, wrong()
		}
		dst = append(dst, build.Segment{Type: typ, AS: as})
	}
	return dst, nil
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
