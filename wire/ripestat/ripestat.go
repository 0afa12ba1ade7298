// Package ripestat reads answers of RIPEstat, the RIPE NCC's data service, that
// people keep as evidence: bgp-updates, bgplay and bgp-state
// (https://stat.ripe.net/docs/data-api/).
//
// An answer is one JSON object. It speaks of the resource that was asked for and
// of nothing else, and of the time that was asked for; whose sessions were up it
// does not say. [Reader.Answer] gives both, so that nobody takes the silence of
// an answer for the silence of a peer.
package ripestat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"constat/moment"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
)

// MaxAnswer is the longest answer that is read, in bytes. It is kept in memory
// whole, because what explains its events stands behind them. The service
// itself gives at most some tens of megabytes.
const MaxAnswer = 1 << 30

// Names of the data calls that are read.
const (
	Updates = "bgp-updates"
	Play    = "bgplay"
	State   = "bgp-state"
)

// Answer is what an answer says of itself.
type Answer struct {
	Call     string   // Updates, Play or State; empty if it is none of them
	Resource string   // as the service repeats it: prefixes, addresses, AS numbers
	Targets  []string // of bgplay: the prefixes that the resource came to
	// Asked is the time that was asked for: query_starttime to query_endtime, or
	// the one second of a state. Nil if the answer does not say.
	Asked *moment.Interval
	// Status and Messages are what the service says about its own answer; Status
	// is "ok" or empty if nothing is wrong.
	Status   string
	Messages []string
}

// Recognise reports whether a text begins like an answer of RIPEstat, or like what
// people cut out of one.
func Recognise(head []byte) bool {
	head = bytes.TrimLeft(head, bom+" \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	has := func(key string) bool { return bytes.Contains(head, []byte(`"`+key+`"`)) }
	switch {
	case has("data_call_name"), has("bgp_state"), has("initial_state"), has("source_id") && has("target_prefix"):
		return true
	}
	return has("query_starttime") && (has("data") || has("resource") || has("updates") || has("events") || has("sources"))
}

// bom is a mark that some programs put before a text.
const bom = "\ufeff"

// start is where the first value of a text begins.
func start(b []byte) int {
	i := 0
	if bytes.HasPrefix(b, []byte(bom)) {
		i = len(bom)
	}
	return build.Blank(b, i)
}

// Reader reads the events of an answer: the entries of its tables first, prefix
// by prefix, then its updates in the order in which they stand.
type Reader struct {
	r    io.Reader
	only []byte // of a source_id, to look for: `"00-`; nil for all collectors
	a    Answer
	body []byte
	// fault is given behind the events: what keeps the answer from being whole.
	fault  *mrt.Damage
	read   bool
	tables []entry
	at     int // of body, behind the last of its elements that was read
	in     bool
	peers  map[string]uint32
}

type entry struct {
	at     int // offset
	prefix netip.Prefix
	fault  error // why it cannot be read
	attrs
}

// NewReader reads an answer from r: what it says of one collector, such as
// "rrc00", or of all if none is named.
func NewReader(r io.Reader, collector string) *Reader {
	x := &Reader{r: r}
	if collector != "" {
		x.only = []byte(`"` + strings.TrimPrefix(collector, "rrc") + "-")
	}
	return x
}

// Answer returns what the answer says of itself, reading it if it has not been
// read. The error is of an answer of which nothing can be used.
func (x *Reader) Answer() (*Answer, error) {
	x.load()
	if x.a.Call == "" {
		return &x.a, x.fault
	}
	return &x.a, nil
}

// attrs are those of an element: of a table they stand in it, of an update
// below "attrs".
type attrs struct {
	SourceID  string            `json:"source_id"`
	Prefix    string            `json:"target_prefix"`
	Path      []json.RawMessage `json:"path"`
	Community []string          `json:"community"`
}

type update struct {
	Timestamp json.RawMessage `json:"timestamp"`
	Type      string          `json:"type"`
	Attrs     attrs           `json:"attrs"`
}

// damage is that something at an offset of the answer could not be read, and
// nothing else was lost.
func damage(at int, err error) *mrt.Damage {
	return &mrt.Damage{Offset: int64(at), Line: -1, Reason: err.Error(), Resumable: true, Err: err}
}

// parts are where the members of an answer begin; 0, or none, if it has no such.
type parts struct {
	data, messages, sources int
	table, events           []int
	from, until, stands     moment.Time
	has                     [3]bool // of those times
	whole                   bool    // the answer ends where its JSON does
	twice                   error   // a member that is there twice
	at                      int     // where its second value begins
}

// once returns a function that notes the members of one object that are there twice.
func (p *parts) once() func(key string, at int) {
	seen := map[string]bool{}
	return func(key string, at int) {
		if key = strings.ToLower(key); seen[key] && p.twice == nil {
			p.twice, p.at = fmt.Errorf("the member %.40q of the answer is there twice, and which of the two holds is not known", key), at
		}
		seen[key] = true
	}
}

// stop notes what keeps the answer from being whole, from an offset on.
func (x *Reader) stop(at int, err error, format string, args ...any) {
	x.fault = &mrt.Damage{Offset: int64(at), Length: int64(len(x.body) - at), Reason: fmt.Sprintf(format, args...), Err: err}
}

// load reads the answer and finds its parts.
func (x *Reader) load() {
	if x.read {
		return
	}
	x.read = true
	b, err := io.ReadAll(io.LimitReader(x.r, MaxAnswer+1))
	x.body = b
	if len(b) > MaxAnswer {
		x.stop(0, nil, "an answer of more than %d bytes; ask for a shorter time, or for fewer prefixes", MaxAnswer)
		return
	}
	at := start(b)
	if at < len(b) && b[at] == '[' {
		x.stop(0, nil, "%s", listed(b[at:]))
		return
	}
	p := x.parts(at)
	x.call(p)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		x.stop(len(b), err, "the compressed stream is truncated: %v", err)
	case err != nil:
		x.stop(len(b), err, "reading stopped: %v", err)
	case x.fault == nil && !p.whole:
		x.stop(len(b), io.ErrUnexpectedEOF, "the answer is truncated: it ends inside its JSON")
	case x.fault == nil:
		if end, ok := skip(b, at); ok && build.Blank(b, end) < len(b) {
			x.stop(build.Blank(b, end), nil, "something else stands behind the answer and is not read: each answer has to be in a file of its own")
		}
	}
	if p.twice != nil {
		x.stop(p.at, p.twice, "%v", p.twice)
		x.a.Call = ""
	}
	if x.a.Call == "" {
		return
	}
	for _, m := range elements(b, p.messages) {
		x.a.Messages = append(x.a.Messages, string(b[m[0]:m[1]]))
	}
	if lack := lacking(x.a.Call, len(p.table), len(p.events)); lack != "" && x.fault == nil {
		if x.a.Status != "" && x.a.Status != "ok" {
			x.stop(len(b), nil, "the service answered with an error (status %.40q%s), and what it would have said is unknown: ask it again", x.a.Status, said(x.a.Messages))
		} else {
			x.stop(len(b), nil, "the answer has no %s: what it would have said is unknown", lack)
		}
	}
	x.sources(p.sources)
	if len(p.table) > 0 {
		x.table(p.table[0])
	}
	if len(p.events) > 0 {
		x.at, x.in = p.events[0]+1, true
	}
}

// listed says what a list is that stands where an answer should.
func listed(b []byte) string {
	b = b[:min(len(b), 4096)]
	if bytes.Contains(b, []byte(`"data_call_name"`)) || bytes.Contains(b, []byte(`"query_starttime"`)) {
		return "a list of answers of RIPEstat: each has to be in a file of its own (jq -c '.[]' FILE | split -l 1)"
	}
	return "a list out of an answer of RIPEstat, without what was asked and when: keep the whole answer, or its member data (jq .data)"
}

// parts walks the answer that begins at a byte, and notes what it says of itself.
func (x *Reader) parts(at int) *parts {
	b, p := x.body, &parts{}
	once := p.once()
	bare := false // of an answer its member "data" alone was kept
	p.whole = x.object(at, func(key string, at int) {
		once(key, at)
		switch key {
		case "updates", "events", "initial_state", "bgp_state":
			bare = true
		case "data":
			p.data = at
		case "data_call_name":
			x.a.Call, _ = jsonText(b, at)
		case "status":
			x.a.Status, _ = jsonText(b, at)
		case "messages":
			p.messages = at
		}
	})
	switch {
	case p.data == 0 && bare && x.a.Call == "":
		p.data = at
	case p.data == 0:
		return p
	}
	once = p.once()
	x.object(p.data, func(key string, at int) {
		once(key, at)
		switch key {
		case "resource":
			x.a.Resource = resource(b, at)
		case "query_starttime":
			p.from, p.has[0] = when(b, at)
		case "query_endtime":
			p.until, p.has[1] = when(b, at)
		case "timestamp":
			p.stands, p.has[2] = when(b, at)
		case "updates", "events":
			p.events = append(p.events, at)
			x.name(map[string]string{"updates": Updates, "events": Play}[key])
		case "initial_state", "bgp_state":
			p.table = append(p.table, at)
			x.name(map[string]string{"initial_state": Play, "bgp_state": State}[key])
		case "sources":
			p.sources = at
		case "targets":
			var list []struct{ Prefix string }
			if json.Unmarshal(value(b, at), &list) == nil {
				for _, t := range list {
					x.a.Targets = append(x.a.Targets, t.Prefix)
				}
			}
		}
	})
	return p
}

// call notes the time that was asked for, and refuses calls that are not read.
func (x *Reader) call(p *parts) {
	switch x.a.Call {
	case Updates, Play:
		if p.has[0] && p.has[1] && p.from < p.until {
			x.a.Asked = &moment.Interval{From: p.from, Until: p.until}
		}
	case State:
		if p.has[2] {
			x.a.Asked = &moment.Interval{From: p.stands, Until: p.stands + moment.Second}
		}
	case "":
		if !p.whole {
			break // what it is may stand behind its end
		}
		x.stop(0, nil, "an answer of RIPEstat to no data call that is read: those are bgp-updates, bgplay and bgp-state")
	default:
		x.stop(0, nil, "an answer of RIPEstat to the data call %s, which is not read: those are bgp-updates, bgplay and bgp-state", x.a.Call)
		x.a.Call = ""
	}
}

// sources reads of which network each peer is.
func (x *Reader) sources(at int) {
	x.peers = map[string]uint32{}
	for _, m := range elements(x.body, at) {
		var s struct {
			ID string    `json:"id"`
			AS build.ASN `json:"as_number"`
		}
		if json.Unmarshal(x.body[m[0]:m[1]], &s) != nil {
			continue
		}
		if as, ok := x.peers[s.ID]; ok && as != uint32(s.AS) {
			if x.fault == nil {
				x.stop(m[0], nil, "the source %.40q is named twice, of AS%d and of AS%d: of which it is, is not known", s.ID, as, s.AS)
			}
			s.AS = 0
		}
		x.peers[s.ID] = uint32(s.AS)
	}
}

// said gives the first message of an answer that is there.
func said(messages []string) string {
	if len(messages) == 0 {
		return ""
	}
	return fmt.Sprintf(": %.200s", messages[0])
}

// lacking names the list that an answer to a call must have and has not.
func lacking(call string, tables, events int) string {
	switch {
	case call == Updates && events == 0:
		return `list "updates"`
	case call == Play && events == 0:
		return `list "events"`
	case call == Play && tables == 0:
		return `list "initial_state"`
	case call == State && tables == 0:
		return `list "bgp_state"`
	}
	return ""
}

// name notes the data call of an answer that does not name it.
func (x *Reader) name(call string) {
	if x.a.Call == "" {
		x.a.Call = call
	}
}

// table reads the entries of a table, prefix by prefix.
func (x *Reader) table(at int) {
	for _, m := range elements(x.body, at) {
		raw := x.body[m[0]:m[1]]
		if x.another(raw) {
			continue
		}
		e := entry{at: m[0], fault: build.Doubled(raw)}
		if json.Unmarshal(raw, &e.attrs) == nil {
			e.prefix, _ = netip.ParsePrefix(e.Prefix)
		}
		x.tables = append(x.tables, e)
	}
	slices.SortStableFunc(x.tables, func(a, b entry) int {
		if c := a.prefix.Addr().Compare(b.prefix.Addr()); c != 0 {
			return c
		}
		return a.prefix.Bits() - b.prefix.Bits()
	})
}

// another reports whether an element is surely another collector's.
func (x *Reader) another(raw []byte) bool {
	return x.only != nil && bytes.Contains(raw, []byte(`"source_id"`)) && !bytes.Contains(raw, x.only) && !bytes.Contains(raw, []byte(`\`))
}

// Next implements [build.Source].
func (x *Reader) Next(e *build.Event) error {
	x.load()
	if x.a.Call == "" {
		return x.end()
	}
	if len(x.tables) > 0 {
		t := x.tables[0]
		x.tables = x.tables[1:]
		if x.a.Asked == nil {
			return damage(t.at, errors.New("an entry of a table whose time the answer does not say"))
		}
		if t.fault != nil {
			return damage(t.at, t.fault)
		}
		e.Time = x.a.Asked.From
		e.Kind = build.Entry
		if err := x.fill(e, t.at, &t.attrs); err != nil {
			return damage(t.at, err)
		}
		return nil
	}
	for x.in {
		from, to, ok := element(x.body, x.at)
		if !ok {
			x.in = false
			break
		}
		x.at = to
		raw := x.body[from:to]
		if x.another(raw) {
			continue
		}
		var u update
		if err := json.Unmarshal(raw, &u); err != nil {
			return damage(from, fmt.Errorf("not an update: %w", err))
		}
		if err := build.Doubled(raw); err != nil {
			return damage(from, err)
		}
		t, ok := when(u.Timestamp, 0)
		if !ok {
			return damage(from, fmt.Errorf("timestamp %s is none", u.Timestamp))
		}
		e.Time = t
		switch u.Type {
		case "A":
			e.Kind = build.Announce
		case "W":
			e.Kind = build.Withdraw
		default:
			return damage(from, fmt.Errorf("type %q is neither A nor W", u.Type))
		}
		if err := x.fill(e, from, &u.Attrs); err != nil {
			return damage(from, err)
		}
		return nil
	}
	return x.end()
}

// end gives what is wrong with the whole, once.
func (x *Reader) end() error {
	if f := x.fault; f != nil {
		x.fault = nil
		return f
	}
	return io.EOF
}

// fill sets what tables and updates share.
func (x *Reader) fill(e *build.Event, at int, a *attrs) error {
	e.Offset = int64(at)
	rrc, addr, ok := strings.Cut(a.SourceID, "-")
	peer, err := netip.ParseAddr(addr)
	if !ok || err != nil || peer.Zone() != "" || len(rrc) != 2 || strings.Trim(rrc, "0123456789") != "" {
		return fmt.Errorf("source %q names no collector and peer, as in 00-192.0.2.1", a.SourceID)
	}
	e.Collector, e.Peer, e.AS = "rrc"+rrc, peer, x.peers[a.SourceID]
	p, err := netip.ParsePrefix(a.Prefix)
	if err != nil {
		return fmt.Errorf("prefix %q: want one such as 192.0.2.0/24", a.Prefix)
	}
	e.Prefix = p.Masked()
	if e.Kind == build.Withdraw {
		return nil
	}
	r := &e.Route
	if r.Path, err = build.JSONPath(a.Path); err != nil {
		return err
	}
	r.HasPath = a.Path != nil
	for _, c := range a.Community {
		if err := r.AddCommunity(c); err != nil {
			return err
		}
	}
	return nil
}

// resource reads the resource: one, as text, or several in a list.
func resource(b []byte, at int) string {
	if s, ok := jsonText(b, at); ok {
		return s
	}
	var list []string
	var n json.Number
	switch v := value(b, at); {
	case json.Unmarshal(v, &list) == nil:
		return strings.Join(list, ",")
	case json.Unmarshal(v, &n) == nil:
		return n.String()
	}
	return ""
}

// when reads a time: 2026-06-16T07:18:30, in UTC, or seconds since 1970, which the
// service gives where unix_timestamps is asked for.
func when(b []byte, at int) (moment.Time, bool) {
	if s, ok := jsonText(b, at); ok {
		t, err := moment.ParseTime(s)
		return t, err == nil
	}
	v := string(value(b, at))
	whole, frac, _ := strings.Cut(v, ".")
	sec, err := strconv.ParseUint(whole, 10, 32)
	micro, err2 := strconv.ParseUint((frac + "000000")[:6], 10, 32)
	return moment.Unix(int64(sec), uint32(micro)), err == nil && err2 == nil
}
