// Package indicator reads lists of the addresses that an attack came from or used:
// CSV with or without a header, STIX 2.1 bundles, and events of MISP, told apart by
// their content.
//
// It promises that every address it gives stands in the file, with the place, the
// time and the words that the file has beside it; that what cannot be read is
// counted and named, not passed over; and that the same bytes give the same list.
// Defanged addresses are read: 1[.]2[.]3[.]4.
//
// It does not say whether an indicator is right, nor who stands behind an address:
// claims/trace says where it stood.
package indicator

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"constat/internal/plain"
	"constat/internal/strictjson"
	"constat/internal/worded"
	"constat/moment"
)

// Forms of indicator files.
const (
	FormCSV  = "csv"
	FormSTIX = "stix"
	FormMISP = "misp"
)

// Bounds of what is read.
const (
	MaxSize    = 64 << 20 // bytes of a file
	maxItems   = 100_000  // addresses with times
	maxNamed   = 20       // damaged places that are named; the others are counted
	maxText    = 500      // bytes of a note
	maxSources = 20       // places of one address that are kept
	maxWords   = 16 << 20 // bytes of all that is kept of the file's words; then only places are
)

// List is what a file of indicators says about addresses.
type List struct {
	File   string `json:"file"`   // base name
	SHA256 string `json:"sha256"` // of the file as it was read
	Form   string `json:"form"`   // FormCSV, FormSTIX, FormMISP
	// Mentions is how often an address was named, Duplicates how many of these
	// said again what another had said.
	Mentions   int `json:"mentions"`
	Duplicates int `json:"duplicates"`
	// Passed counts what the file holds and what is no address: domain names,
	// malware, relationships.
	Passed []Passed `json:"passed"`
	// Damaged names what could not be read, the first of it; Unread is how much
	// there is in all.
	Damaged []Damage `json:"damaged"`
	Unread  int      `json:"unread"`

	// Items are the addresses, sorted by address and time. A trace keeps them as
	// its facilities.
	Items []Item `json:"-"`
}

// Passed counts things of one kind.
type Passed struct {
	What  string `json:"what"`
	Count int    `json:"count"`
}

// Damage is a place of the file that could not be read.
type Damage struct {
	Place  string `json:"place"` // "line 7", "object 3 (indicator--…)"
	Reason string `json:"reason"`
}

// Mention is where the file names an address, and what it says beside it.
type Mention struct {
	Place string `json:"place"`
	By    string `json:"by"`   // who named it, as the file has it
	Note  string `json:"note"` // the file's own words; not checked
}

// Of what a time in the file is.
const (
	TimeSeen  = "seen"  // the file says that the address was seen then
	TimeValid = "valid" // the file dates the indicator or the event, not the address
)

// Item is an address at a time.
type Item struct {
	Addr     netip.Addr
	At       *moment.Time // nil if the file gives none
	Of       string       // TimeSeen or TimeValid; empty without a time
	Ports    []string
	Mentions []Mention
	More     int // mentions that are not kept
}

// reader gathers items.
type reader struct {
	*List
	index  map[itemKey]int
	passed map[string]int
	words  int  // bytes of notes and sources that are kept
	full   bool // no more are
}

type itemKey struct {
	addr netip.Addr
	at   moment.Time
	has  bool
}

// Read reads a file of indicators: CSV with or without a header, a STIX 2.1
// bundle, or an event of MISP, told apart by their content. What cannot be read
// of it is damage; an error means that nothing can.
func Read(name string, data []byte) (*List, error) {
	if len(data) > MaxSize {
		return nil, worded.Errorf("%s: %d bytes; at most %d are read as indicators", name, len(data), MaxSize)
	}
	sum := sha256.Sum256(data)
	r := &reader{
		List:  &List{File: name, SHA256: hex.EncodeToString(sum[:]), Passed: []Passed{}, Damaged: []Damage{}},
		index: map[itemKey]int{}, passed: map[string]int{},
	}
	if err := r.read(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for what, n := range r.passed {
		r.Passed = append(r.Passed, Passed{what, n})
	}
	slices.SortFunc(r.Passed, func(a, b Passed) int { return strings.Compare(a.What, b.What) })
	for i := range r.Items {
		slices.SortFunc(r.Items[i].Ports, ComparePorts)
	}
	slices.SortFunc(r.Items, func(a, b Item) int {
		return cmp.Or(a.Addr.Compare(b.Addr), compareTimes(a.At, b.At))
	})
	return r.List, nil
}

func (r *reader) read(data []byte) error {
	body := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if len(body) == 0 {
		return worded.Errorf("it is empty")
	}
	if bytes.IndexByte(body[:min(len(body), 4096)], 0) >= 0 {
		return worded.Errorf("it is neither UTF-8 text nor JSON: it holds zero bytes; if it is text, save it as UTF-8")
	}
	if body[0] == '{' || body[0] == '[' && json.Valid(body) {
		return r.readJSON(body)
	}
	return r.readCSV(data)
}

// readJSON tells STIX from MISP.
func (r *reader) readJSON(body []byte) error {
	var top map[string]json.RawMessage
	if body[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(body, &list); err != nil {
			return jsonError(body, err)
		}
		var first map[string]json.RawMessage
		if len(list) > 0 && json.Unmarshal(list[0], &first) == nil && first["Event"] != nil {
			r.Form = FormMISP
			r.mispList(list)
			return nil
		}
		if len(list) > 0 && first["type"] != nil {
			r.Form = FormSTIX
			r.stixObjects(list)
			return nil
		}
		return worded.Errorf("a JSON list of neither STIX objects nor events of MISP")
	}
	if err := json.Unmarshal(body, &top); err != nil {
		return jsonError(body, err)
	}
	var typ string
	_ = json.Unmarshal(top["type"], &typ)
	switch {
	case top["Event"] != nil || top["response"] != nil:
		r.Form = FormMISP
		return r.misp(top)
	case typ == "bundle":
		r.Form = FormSTIX
		var list []json.RawMessage
		if top["objects"] != nil {
			if err := json.Unmarshal(top["objects"], &list); err != nil {
				return worded.Errorf("STIX bundle: objects is not a list")
			}
		}
		r.stixObjects(list)
		return nil
	case typ != "":
		r.Form = FormSTIX
		r.stixObjects([]json.RawMessage{body})
		return nil
	}
	return worded.Errorf("JSON that is neither a STIX bundle (\"type\": \"bundle\") nor an event of MISP (\"Event\")")
}

// jsonError says where JSON stops being JSON.
func jsonError(body []byte, err error) error {
	if se, ok := err.(*json.SyntaxError); ok {
		n := min(int(se.Offset), len(body))
		return worded.Errorf("not whole JSON: line %d: %v", 1+bytes.Count(body[:n], []byte("\n")), err)
	}
	return worded.Errorf("not the JSON that is expected: %v", strictjson.Plain(err))
}

func (r *reader) damage(place, format string, args ...any) {
	r.Unread++
	if len(r.Damaged) < maxNamed {
		r.Damaged = append(r.Damaged, Damage{plain.Clip(place, 120), plain.Clip(fmt.Sprintf(format, args...), 300)})
	}
}

// add notes that the file names an address.
func (r *reader) add(addr netip.Addr, port string, at *moment.Time, of string, m Mention) {
	r.Mentions++
	k := itemKey{addr: addr}
	if at != nil {
		k.at, k.has = *at, true
	} else {
		of = ""
	}
	i, had := r.index[k]
	switch {
	case had:
		r.Duplicates++
	case len(r.Items) >= maxItems:
		r.damage(m.Place, "more than %d addresses; this one is left out", maxItems)
		return
	default:
		i = len(r.Items)
		r.index[k] = i
		r.Items = append(r.Items, Item{Addr: addr, At: at, Of: of, Ports: []string{}})
	}
	x := &r.Items[i]
	if of == TimeSeen {
		x.Of = of
	}
	for _, p := range strings.FieldsFunc(port, func(c rune) bool { return c < '0' || c > '9' }) {
		if p = checkPort(p); p != "" && !slices.Contains(x.Ports, p) && len(x.Ports) < 100 {
			x.Ports = append(x.Ports, p)
		}
	}
	if r.words > maxWords {
		m.By, m.Note = "", ""
	}
	m.Place, m.By, m.Note = plain.Clip(m.Place, 120), plain.Clip(m.By, maxText), plain.Clip(m.Note, maxText)
	if len(x.Mentions) < maxSources {
		if r.words += len(m.By) + len(m.Note); r.words > maxWords && !r.full {
			r.full = true
			r.damage(m.Place, "%d bytes of notes and sources were read; from here on only places are kept of them", maxWords)
		}
		x.Mentions = append(x.Mentions, m)
	} else {
		x.More++
	}
}

// ownTime reads a time that a file gives; an empty one is none.
func (r *reader) ownTime(place, s string) *moment.Time {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	t, err := moment.ParseTime(s)
	if n, e := strconv.ParseInt(s, 10, 64); err != nil && e == nil && n > 0 && n < 1<<33 {
		t, err = moment.Unix(n, 0), nil
	}
	if err != nil {
		r.damage(place, "its time cannot be read, so it has none of its own: %v", err)
		return nil
	}
	return &t
}

func compareTimes(a, b *moment.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// ComparePorts orders ports by their number.
func ComparePorts(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }
