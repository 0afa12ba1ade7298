// Package rislive reads what people keep of RIS Live, the RIPE NCC's stream of
// BGP messages: JSON, one message a line, as the WebSocket and the "firehose"
// give it ({"type":"ris_message","data":{…}}), or the data alone; or the same as the
// members of a list, or pretty-printed ([build.Objects]).
//
// Where a message comes with its raw bytes (includeRaw) these are taken, as
// they were sent, and the fields beside them only say how to read them.
// Otherwise the fields are. The shapes are those of the service's manual,
// https://ris-live.ripe.net/manual/.
package rislive

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
)

// Reader reads messages, those of all collectors.
type Reader struct {
	objects *build.Objects
	// Of a message that is several events: the rest of them.
	m       *message
	at      moment.Time
	prefix  []route
	given   int
	peer    netip.Addr
	as      uint32
	path    []build.Segment
	comm    []uint32
	hasPath bool
	only    string
}

// route is one prefix of a message.
type route struct {
	prefix netip.Prefix
	hop    netip.Addr
	gone   bool
}

// NewReader reads messages from r. If a collector is named, those that do not
// mention it are passed over unread.
func NewReader(r io.Reader, collector string) *Reader {
	return &Reader{objects: build.NewObjects(r), only: collector}
}

// Recognise reports whether a text begins like this format: with an object
// that is an envelope of RIS Live or the data of one.
func Recognise(head []byte) bool {
	head = bytes.TrimLeft(head, "\ufeff \t\r\n[,")
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	if bytes.Contains(head, []byte(`"ris_`)) || bytes.Contains(head, []byte(`"RIS_PEER_STATE"`)) {
		return true
	}
	for _, key := range []string{`"timestamp"`, `"peer"`, `"peer_asn"`, `"host"`, `"type"`} {
		if !bytes.Contains(head, []byte(key)) {
			return false
		}
	}
	return true
}

// envelope is what stands around a message, and also the message where nothing
// does.
type envelope struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

type message struct {
	Timestamp     json.Number       `json:"timestamp"`
	Peer          string            `json:"peer"`
	PeerASN       build.ASN         `json:"peer_asn"`
	Host          string            `json:"host"`
	Type          string            `json:"type"`
	Raw           string            `json:"raw"`
	Direction     string            `json:"direction"`
	State         string            `json:"state"`
	Path          []json.RawMessage `json:"path"`
	Community     [][]uint32        `json:"community"`
	Origin        string            `json:"origin"`
	MED           *uint32           `json:"med"`
	Aggregator    string            `json:"aggregator"`
	Announcements []struct {
		NextHop  string   `json:"next_hop"`
		Prefixes []string `json:"prefixes"`
	} `json:"announcements"`
	Withdrawals []string `json:"withdrawals"`
	Message     string   `json:"message"` // of an error
}

// Next implements [build.Source].
func (r *Reader) Next(e *build.Event) error {
	for {
		if r.given < len(r.prefix) {
			r.route(e, r.prefix[r.given])
			r.given++
			return nil
		}
		object, err := r.objects.Next()
		if err != nil {
			return err
		}
		if r.another(object) {
			continue
		}
		ok, err := r.read(e, object)
		if err != nil {
			return r.objects.Damage(err)
		}
		if ok {
			return nil
		}
	}
}

// another reports whether a message is surely another collector's. One that
// names no host may be anybody's, and is read for each.
func (r *Reader) another(object []byte) bool {
	return r.only != "" && bytes.Contains(object, []byte(`"host"`)) && !bytes.Contains(object, []byte(r.only)) && !bytes.Contains(object, []byte("\\"))
}

// read reads a message. It reports whether e is an event; if not there is none, or
// several are to come.
func (r *Reader) read(e *build.Event, object []byte) (bool, error) {
	var env envelope
	if err := json.Unmarshal(object, &env); err != nil {
		return false, fmt.Errorf("not a JSON object: %w", err)
	}
	if err := build.Doubled(object); err != nil {
		return false, err
	}
	m := new(message)
	data := []byte(env.Data)
	switch {
	case env.Type == "ris_message" || env.Type == "ris_error":
	case data == nil && env.Type != "" && !strings.HasPrefix(env.Type, "ris_") && env.Type != "pong":
		data = object // the message alone
	default:
		return false, nil // what the service answers to requests
	}
	if err := json.Unmarshal(data, m); err != nil {
		return false, fmt.Errorf("not a message of RIS Live: %w", err)
	}
	if env.Type == "ris_error" {
		return false, fmt.Errorf("here the service reported an error, and what it did not send is unknown: %s", m.Message)
	}
	var err error
	if r.at, err = parseTime(string(m.Timestamp)); err != nil {
		return false, err
	}
	if r.peer, err = netip.ParseAddr(m.Peer); err != nil || r.peer.Zone() != "" {
		return false, fmt.Errorf("peer %q is no address", m.Peer)
	}
	r.as, r.m, r.prefix, r.given = uint32(m.PeerASN), m, r.prefix[:0], 0
	e.Sent = m.Direction == "sent"
	if m.Raw != "" && m.Type != "RIS_PEER_STATE" {
		return true, r.raw(e)
	}
	switch m.Type {
	case "RIS_PEER_STATE":
		r.fill(e)
		e.Kind = build.State
		// What the state was before is not told: "connected" was none that
		// carries routes, and before "down" it may have been any.
		switch m.State {
		case "connected", "up":
			e.Old, e.New = mrt.StateIdle, mrt.StateEstablished
		case "down":
			e.Old, e.New = 0, mrt.StateIdle
		default:
			return false, fmt.Errorf("state %q is none that the service's manual has", m.State)
		}
		return true, nil
	case "UPDATE":
		return false, r.update()
	case "OPEN", "NOTIFICATION", "KEEPALIVE":
		// Without its bytes no more is known than that it was there: which is what
		// a message of that type without a body says.
		r.fill(e)
		e.Kind, e.Body = build.Message, bare[m.Type]
		return true, nil
	}
	return false, fmt.Errorf("message type %q is unknown", m.Type)
}

// bare are messages of which no more is kept than their type.
var bare = map[string][]byte{"OPEN": header(bgp.MsgOpen), "NOTIFICATION": header(bgp.MsgNotification), "KEEPALIVE": header(bgp.MsgKeepalive)}

func header(typ byte) []byte {
	return append(bytes.Repeat([]byte{0xff}, 16), 0, bgp.HeaderLen, typ)
}

// fill sets what all events of the message at hand share.
func (r *Reader) fill(e *build.Event) {
	e.Offset, e.Time, e.ET = r.objects.Offset(), r.at, true
	e.Collector = strings.TrimSuffix(r.m.Host, ".ripe.net")
	e.Peer, e.AS = r.peer, r.as
}

// raw makes the event of a message that came with its bytes.
func (r *Reader) raw(e *build.Event) error {
	b, err := hex.DecodeString(r.m.Raw)
	if err != nil {
		return fmt.Errorf("its raw bytes: %w", err)
	}
	r.fill(e)
	e.Kind, e.Body = build.Message, b
	if len(b) > bgp.HeaderLen && b[bgp.HeaderLen-1] == bgp.MsgUpdate {
		want, err := flatten(r.m.Path)
		e.AS2 = err == nil && len(want) > 0 && twoBytes(b[bgp.HeaderLen:], want)
	}
	return nil
}

// twoBytes reports whether the path of an UPDATE is the wanted one with AS
// numbers of two bytes, and not with four. The service does not say what the
// session agreed on.
func twoBytes(body []byte, want []uint32) bool {
	var u bgp.Update
	u.Parse(body, true)
	if slices.Equal(u.AppendPath(nil), want) {
		return false
	}
	u.Parse(body, false)
	return slices.Equal(u.AppendPath(nil), want)
}

// update lists the routes of a message whose bytes were not kept, withdrawals
// first.
func (r *Reader) update() error {
	m := r.m
	for _, s := range m.Withdrawals {
		p, err := parsePrefix(s)
		if err != nil {
			return err
		}
		r.prefix = append(r.prefix, route{prefix: p, gone: true})
	}
	for _, a := range m.Announcements {
		hop, _, _ := strings.Cut(a.NextHop, ",") // the global one before the link's own
		h, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil && a.NextHop != "" {
			r.prefix = r.prefix[:0]
			return fmt.Errorf("next hop %q is no address", a.NextHop)
		}
		for _, s := range a.Prefixes {
			p, err := parsePrefix(s)
			if err != nil {
				r.prefix = r.prefix[:0]
				return err
			}
			r.prefix = append(r.prefix, route{prefix: p, hop: h.WithZone("")})
		}
	}
	var err error
	if r.path, err = build.JSONPath(m.Path); err == nil {
		r.comm, err = communities(m.Community)
	}
	if err == nil && m.Origin != "" {
		_, err = parseOrigin(m.Origin)
	}
	if err != nil {
		r.prefix = r.prefix[:0]
		return err
	}
	r.hasPath = m.Path != nil
	return nil
}

func (r *Reader) route(e *build.Event, p route) {
	r.fill(e)
	e.Prefix = p.prefix
	if p.gone {
		e.Kind = build.Withdraw
		return
	}
	e.Kind = build.Announce
	t := &e.Route
	t.NextHop = p.hop
	t.Path, t.HasPath = append(t.Path, r.path...), r.hasPath
	t.Communities = append(t.Communities, r.comm...)
	if o, err := parseOrigin(r.m.Origin); err == nil {
		t.Origin, t.HasOrigin = o, true
	}
	if r.m.MED != nil {
		t.MED, t.HasMED = *r.m.MED, true
	}
	if as, addr, ok := strings.Cut(r.m.Aggregator, ":"); ok {
		n, err := strconv.ParseUint(as, 10, 32)
		if a, err2 := netip.ParseAddr(addr); err == nil && err2 == nil && a.Is4() {
			t.AggregatorAS, t.Aggregator = uint32(n), a
		}
	}
}

func parseOrigin(s string) (bgp.Origin, error) {
	switch strings.ToUpper(s) {
	case "IGP":
		return bgp.OriginIGP, nil
	case "EGP":
		return bgp.OriginEGP, nil
	case "INCOMPLETE":
		return bgp.OriginIncomplete, nil
	}
	return 0, fmt.Errorf("origin %q is none of RFC 4271 §5.1.1", s)
}

func parsePrefix(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("prefix %q: want one such as 192.0.2.0/24", s)
	}
	return p.Masked(), nil
}

// parseTime reads seconds with a fraction, without the rounding of a float.
func parseTime(s string) (moment.Time, error) {
	whole, frac, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseUint(whole, 10, 32)
	if err != nil || strings.Trim(frac, "0123456789") != "" {
		return 0, fmt.Errorf("timestamp %q is no number of seconds since 1970", s)
	}
	micro, _ := strconv.ParseUint((frac + "000000")[:6], 10, 32)
	return moment.Unix(int64(sec), uint32(micro)), nil
}

// flatten reads the AS numbers of a path, sets among the others.
func flatten(list []json.RawMessage) ([]uint32, error) {
	segs, err := build.JSONPath(list)
	var out []uint32
	for _, s := range segs {
		out = append(out, s.AS...)
	}
	return out, err
}

var errCommunity = errors.New("a community is not two numbers of 16 bits")

// communities reads communities as pairs (RFC 1997).
func communities(list [][]uint32) ([]uint32, error) {
	var out []uint32
	for _, c := range list {
		if len(c) != 2 || c[0] > 1<<16-1 || c[1] > 1<<16-1 {
			return nil, errCommunity
		}
		out = append(out, c[0]<<16|c[1])
	}
	return out, nil
}
