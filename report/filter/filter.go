package filter

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"constat/internal/worded"
)

// dialect is one language that a measure can be written in.
type dialect struct {
	name    string
	kind    kind
	file    string // the name of the file, without the folder
	what    string // what it is for, in one line
	mark    string // begins a comment; "/*" is closed on its line
	expires string // what undoes it when it has expired
	write   func(*sheet)
	undo    func(*sheet)
	warn    func(*Measure) []string
	refuse  func(*Measure) error
}

// byHand is what most routers need.
const byHand = "nothing undoes it by itself: apply the undoing at that time"

// dialects is the one table of them, in the order in which they are written.
var dialects = []dialect{
	{name: "bird", kind: ofRoutes, file: "bird.conf", what: "routes, BIRD 2", mark: "#", expires: byHand, write: bird, undo: unbird},
	{name: "frr", kind: ofRoutes, file: "frr.conf", what: "routes, FRR", mark: "!", expires: byHand, write: frr, undo: unfrr},
	{name: "openbgpd", kind: ofRoutes, file: "openbgpd.conf", what: "routes, OpenBGPD", mark: "#", expires: byHand, write: openbgpd, undo: unopenbgpd},
	{name: "iosxr", kind: ofRoutes, file: "iosxr.cfg", what: "routes, IOS XR", mark: "!", expires: byHand, write: iosxr, undo: uniosxr},
	{name: "junos", kind: ofRoutes, file: "junos.conf", what: "routes, Junos", mark: "/*", expires: byHand, write: junos, undo: unjunos},
	{name: "eos", kind: ofRoutes, file: "eos.cfg", what: "routes, EOS", mark: "!", expires: byHand, write: eos, undo: uneos},
	{name: "rtbh-bird", kind: ofHoles, file: "rtbh-bird.conf", what: "blackhole routes, BIRD 2", mark: "#", expires: byHand, write: rtbhBird, undo: unrtbhBird, warn: warnRTBH, refuse: refuseRTBH},
	{name: "rtbh-frr", kind: ofHoles, file: "rtbh-frr.conf", what: "blackhole routes, FRR", mark: "!", expires: byHand, write: rtbhFRR, undo: unrtbhFRR, warn: warnRTBH, refuse: refuseRTBH},
	{name: "rtbh-openbgpd", kind: ofHoles, file: "rtbh-openbgpd.conf", what: "blackhole routes, OpenBGPD", mark: "#", expires: byHand, write: rtbhOpenBGPD, undo: unrtbhOpenBGPD, warn: warnRTBH, refuse: refuseRTBH},
	{name: "rtbh-exabgp", kind: ofHoles, file: "rtbh-exabgp.conf", what: "blackhole routes, ExaBGP", mark: "#", expires: byHand, write: rtbhExaBGP, undo: unrtbhExaBGP, warn: warnRTBH, refuse: refuseRTBH},
	{name: "flowspec-bird", kind: ofFlow, file: "flowspec-bird.conf", what: "FlowSpec rules, BIRD 2", mark: "#", expires: byHand, write: flowBird, undo: unflowBird, warn: warnFlow},
	{name: "flowspec-exabgp", kind: ofFlow, file: "flowspec-exabgp.conf", what: "FlowSpec rules, ExaBGP", mark: "#", expires: byHand, write: flowExaBGP, undo: unflowExaBGP, warn: warnFlow},
	{name: "flowspec-bgp", kind: ofFlow, file: "flowspec.bgp", what: "FlowSpec rules as BGP messages (RFC 4271, RFC 8955)", expires: byHand, write: flowBGP, undo: unflowBGP, warn: warnFlow},
	{name: "nftables", kind: ofAddresses, file: "nftables.nft", what: "packets, nftables", mark: "#", expires: "the rules match nothing from then on; the undoing takes them away", write: nftables, undo: unnftables, refuse: refuseNFT},
	{name: "ipset", kind: ofAddresses, file: "ipset.restore", what: "packets, ipset", mark: "#", expires: "the rules given in the comments end by themselves; the undoing takes the sets away", write: ipset, undo: unipset, refuse: refuseIPSet},
	{name: "nginx", kind: ofAddresses, file: "nginx.conf", what: "requests to servers, nginx", mark: "#", expires: byHand, write: nginx, undo: unnginx, warn: warnNginx},
}

// Dialects lists the names of all dialects.
func Dialects() []string {
	var out []string
	for _, d := range dialects {
		out = append(out, d.name)
	}
	return out
}

// find gives a dialect, or an error that lists them.
func find(name string) (*dialect, error) {
	i := slices.IndexFunc(dialects, func(d dialect) bool { return d.name == name })
	if i < 0 {
		return nil, worded.Errorf("dialect %.40q: not one of %s", name, strings.Join(Dialects(), ", "))
	}
	return &dialects[i], nil
}

// Known says whether there is such a dialect; the error lists them.
func Known(name string) error {
	_, err := find(name)
	return err
}

// Files gives the names of the files of a dialect: the measure's and the undoing's.
func Files(name string) (measure, undo string, err error) {
	d, err := find(name)
	if err != nil {
		return "", "", err
	}
	return d.file, "undo-" + d.file, nil
}

// sheet is one file being written.
type sheet struct {
	*Measure
	d    *dialect
	undo bool
	w    *bufio.Writer
}

func (s *sheet) printf(format string, a ...any) { fmt.Fprintf(s.w, format, a...) }

// say writes a comment. Whatever it says stays in it.
func (s *sheet) say(indent, format string, a ...any) {
	text := oneLine(fmt.Sprintf(format, a...))
	if s.d.mark == "/*" {
		fmt.Fprintf(s.w, "%s/* %s */\n", indent, text)
		return
	}
	fmt.Fprintf(s.w, "%s%s %s\n", indent, s.d.mark, text)
}

// longest is how long a comment may be: less than any router's line.
const longest = 200

// oneLine makes a text that strangers had a hand in one line of printable ASCII
// that ends no comment, quotes nothing and continues on no other line. Example: an
// operator called "x */ deny all" becomes "x * / deny all".
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '–' || r == '—':
			return '-'
		case r < ' ' || r > '~':
			return '?'
		case r == '"' || r == '`':
			return '\''
		case r == '\\':
			return '/'
		}
		return r
	}, s)
	s = strings.ReplaceAll(strings.ReplaceAll(s, "*/", "* /"), "/*", "/ *")
	if len(s) > longest {
		s = s[:longest-3] + "..."
	}
	return strings.TrimSpace(s)
}

// word is a text of at most so many characters that fits between quotes.
func word(s string, most int) string {
	s = oneLine(s)
	if len(s) > most {
		s = s[:most-3] + "..."
	}
	return s
}

func asNames(as []uint32) string {
	var out []string
	for _, a := range as {
		out = append(out, "AS"+strconv.FormatUint(uint64(a), 10))
	}
	if len(out) > 8 {
		return strings.Join(out[:8], ", ") + fmt.Sprintf(" and %d more", len(out)-8)
	}
	return strings.Join(out, ", ")
}

// head writes what every file begins with.
func (s *sheet) head() {
	if s.undo {
		s.say("", "Constat: the UNDOING of the block of %s at %s (%s).", s.Target, asNames(s.At), s.d.what)
	} else {
		s.say("", "Constat: a block of %s at %s, direction %s (%s).", s.Target, asNames(s.At), s.Direction, s.d.what)
	}
	s.say("", "Measure %s. Impact acknowledged: sha256 %s", s.ID(), s.Impact)
	if s.Case != "" {
		s.say("", "Belongs to the case or findings: sha256 %s", s.Case)
	} else {
		s.say("", "Belongs to no case: no finding was named as its reason.")
	}
	expires := s.Expires.UTC().Format(time.RFC3339)
	if !s.undo {
		s.say("", "Expires %s; %s.", expires, s.d.expires)
		for _, n := range s.Norms {
			s.say("", "Acknowledged: %s", n)
		}
		if l := s.left[s.d.kind]; l != "" {
			s.say("", "Left out by the limit of %d: %s.", s.Most, l)
		}
		if s.d.warn != nil {
			for _, x := range s.d.warn(s.Measure) {
				s.say("", "Warning: %s", x)
			}
		}
		return
	}
	s.say("", "To be applied at %s at the latest.", expires)
}

// Write writes the measure in a dialect.
func Write(w io.Writer, m *Measure, name string) error { return write(w, m, name, false) }

// Undo writes what undoes the measure in a dialect.
func Undo(w io.Writer, m *Measure, name string) error { return write(w, m, name, true) }

// EndsByItself reports whether what a dialect writes stops by itself when it expires.
func EndsByItself(name string) bool {
	d, err := find(name)
	return err == nil && d.expires != byHand
}

// Warnings are what whoever applies the measure must be told about a dialect.
func Warnings(m *Measure, name string) []string {
	if d, err := find(name); err == nil && d.warn != nil {
		return d.warn(m)
	}
	return nil
}

// Refused says why a measure cannot be written in a dialect; nil if it can.
func Refused(m *Measure, name string) error {
	d, err := find(name)
	if err == nil {
		err = m.nothing(d.kind, name)
	}
	if err == nil && d.refuse != nil {
		err = d.refuse(m)
	}
	return err
}

// nothing refuses a kind of list that would hold nothing, though routes are to be blocked.
func (m *Measure) nothing(k kind, name string) error {
	empty := k == ofAddresses && len(m.blocks) == 0 || k == ofFlow && len(m.flow) == 0
	switch {
	case empty && len(m.Blocks) == 0:
		return fmt.Errorf("%s: %w: all addresses are struck off; lists of routes do without them", name, ErrEmpty)
	case empty:
		return fmt.Errorf("%s: %w: each block takes %d rules in this direction, and --max-entries allows %d; ask for more, or for other dialects", name, ErrEmpty, len(m.components()), m.Most)
	}
	return nil
}

func write(w io.Writer, m *Measure, name string, undo bool) error {
	if err := Refused(m, name); err != nil {
		return err
	}
	d, _ := find(name)
	s := &sheet{Measure: m, d: d, undo: undo, w: bufio.NewWriterSize(w, 64<<10)}
	if d.mark != "" { // messages have no room for comments
		s.head()
	}
	if undo {
		d.undo(s)
	} else {
		d.write(s)
	}
	return s.w.Flush()
}
