package text

import (
	"encoding/json"
	"strconv"

	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// JSON writes elements as JSON objects, one a line, with true values: see
// docs/formats/cat-json.md. One value serves one walker.
type JSON struct {
	Untold  Untold
	file    []byte // as a JSON string
	tail    []byte
	tailKey tailKey
}

// NewJSON returns a writer of the elements of one file, which the objects name
// as given.
func NewJSON(file string) *JSON {
	b, err := json.Marshal(file)
	if err != nil { // a string always has a form
		b = []byte(`""`)
	}
	return &JSON{file: b}
}

// Append appends the object of e, an element of rec, with a newline.
func (t *JSON) Append(dst []byte, rec *mrt.Record, e *mrt.Elem) []byte {
	dst = append(dst, `{"file":`...)
	dst = append(dst, t.file...)
	dst = append(dst, `,"offset":`...)
	dst = strconv.AppendInt(dst, rec.Offset, 10)
	dst = append(dst, `,"record":"`...)
	dst = append(dst, mrt.TypeName(rec.Type, rec.Subtype)...)
	dst = append(dst, `","kind":"`...)
	dst = append(dst, e.Kind.String()...)
	dst = append(dst, `","time":"`...)
	dst = appendTime(dst, e.Time)
	dst = append(dst, `","peer":`...)
	if e.PeerAddr.IsValid() {
		dst = append(dst, '"')
		dst = e.PeerAddr.AppendTo(dst)
		dst = append(dst, '"')
	} else {
		dst = append(dst, "null"...)
	}
	dst = append(dst, `,"peer_as":`...)
	dst = bgp.AppendUint(dst, e.PeerAS)
	if e.Local {
		dst = append(dst, `,"sent_by_collector":true`...)
	}
	switch e.Kind {
	case mrt.State:
		dst = append(dst, `,"old_state":`...)
		dst = appendState(dst, e.OldState)
		dst = append(dst, `,"new_state":`...)
		dst = appendState(dst, e.NewState)
		return append(dst, '}', '\n')
	case mrt.EndOfRIB:
		dst = append(dst, `,"family":"`...)
		dst = append(dst, FamilyName(e.AFI, e.SAFI)...)
		return append(dst, '"', '}', '\n')
	}
	dst = append(dst, `,"family":"`...)
	dst = append(dst, FamilyName(e.AFI, e.SAFI)...)
	dst = append(dst, `","prefix":"`...)
	dst = e.Prefix.AppendTo(dst)
	dst = append(dst, '"')
	if e.HasPathID {
		dst = append(dst, `,"path_id":`...)
		dst = bgp.AppendUint(dst, e.PathID)
	}
	if e.Malformed {
		dst = append(dst, `,"announced_malformed":true`...)
	}
	if e.Kind == mrt.Withdraw {
		return append(dst, '}', '\n')
	}
	if e.Kind == mrt.RIBEntry {
		dst = append(dst, `,"originated":"`...)
		dst = appendTime(dst, e.Originated)
		dst = append(dst, '"')
	}
	if key := (tailKey{e.AttrSeq(), e.AFI, e.SAFI, e.MP}); t.tailKey != key {
		t.tailKey = key
		t.tail = t.jsonTail(t.tail[:0], e)
	}
	return append(dst, t.tail...)
}

func appendState(dst []byte, s uint16) []byte {
	dst = append(dst, '"')
	dst = append(dst, StateName(s)...)
	return append(dst, '"')
}

// jsonTail writes the attributes, the closing brace and the newline. What a
// route does not have is left out.
func (t *JSON) jsonTail(dst []byte, e *mrt.Elem) []byte {
	a := e.Attrs()
	if a.Has(bgp.AttrASPath) {
		dst = append(dst, `,"path":`...)
		dst = appendJSONPath(dst, a.Path())
		if as, ok := a.Path().Origin(); ok {
			dst = append(dst, `,"origin_as":`...)
			dst = bgp.AppendUint(dst, as)
		}
	}
	if a.Has(bgp.AttrOrigin) && !t.Untold.Origin {
		dst = append(dst, `,"origin":"`...)
		dst = append(dst, a.Origin.String()...)
		dst = append(dst, '"')
	}
	if hop := e.NextHop(); hop.IsValid() && !(t.Untold.NextHop && hop.IsUnspecified()) {
		dst = append(dst, `,"next_hop":"`...)
		dst = hop.AppendTo(dst)
		dst = append(dst, '"')
	}
	if a.MPLinkLocal.IsValid() && (e.MP || e.Kind == mrt.RIBEntry) {
		dst = append(dst, `,"next_hop_link_local":"`...)
		dst = a.MPLinkLocal.AppendTo(dst)
		dst = append(dst, '"')
	}
	if a.Has(bgp.AttrMED) {
		dst = append(dst, `,"med":`...)
		dst = bgp.AppendUint(dst, a.MED)
	}
	if a.Has(bgp.AttrLocalPref) {
		dst = append(dst, `,"local_pref":`...)
		dst = bgp.AppendUint(dst, a.LocalPref)
	}
	if a.Atomic {
		dst = append(dst, `,"atomic_aggregate":true`...)
	}
	if a.Has(bgp.AttrAggregator) {
		dst = append(dst, `,"aggregator":{"as":`...)
		dst = bgp.AppendUint(dst, a.AggregatorAS)
		dst = append(dst, `,"address":"`...)
		dst = a.AggregatorAddr.AppendTo(dst)
		dst = append(dst, '"', '}')
	}
	dst = appendList(dst, "communities", a.NumCommunities(), func(dst []byte, i int) []byte { return appendCommunity(dst, a.Community(i)) })
	dst = appendList(dst, "extended_communities", a.NumExtCommunities(), func(dst []byte, i int) []byte { return appendExtCommunity(dst, a.ExtCommunity(i)) })
	dst = appendList(dst, "large_communities", a.NumLarge(), func(dst []byte, i int) []byte { return appendLarge(dst, a.Large(i)) })
	if a.Has(bgp.AttrOriginatorID) {
		dst = append(dst, `,"originator_id":"`...)
		dst = a.OriginatorID.AppendTo(dst)
		dst = append(dst, '"')
	}
	dst = appendList(dst, "cluster_list", a.NumClusters(), func(dst []byte, i int) []byte { return a.Cluster(i).AppendTo(dst) })
	if a.Has(bgp.AttrOnlyToCustomer) {
		dst = append(dst, `,"only_to_customer":`...)
		dst = bgp.AppendUint(dst, a.OnlyToCustomer)
	}
	dst = appendOthers(dst, a)
	return append(dst, '}', '\n')
}

func appendList(dst []byte, name string, n int, item func([]byte, int) []byte) []byte {
	if n == 0 {
		return dst
	}
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	dst = append(dst, `":[`...)
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = item(dst, i)
		dst = append(dst, '"')
	}
	return append(dst, ']')
}

// appendOthers writes the attributes that have no field of their own, in hex.
func appendOthers(dst []byte, a *bgp.Attrs) []byte {
	open := false
	for attr := range a.Others() {
		if open {
			dst = append(dst, ',')
		} else {
			dst = append(dst, `,"other_attributes":[`...)
			open = true
		}
		dst = append(dst, `{"type":`...)
		dst = bgp.AppendUint(dst, uint32(attr.Code))
		dst = append(dst, `,"flags":`...)
		dst = bgp.AppendUint(dst, uint32(attr.Flags))
		dst = append(dst, `,"value":"`...)
		for _, b := range attr.Value {
			dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
		}
		dst = append(dst, '"', '}')
	}
	if open {
		dst = append(dst, ']')
	}
	return dst
}

// appendJSONPath writes a path as an array of numbers; a set or a segment of a
// confederation is an object with one member, named for it, in its place.
func appendJSONPath(dst []byte, p bgp.Path) []byte {
	dst = append(dst, '[')
	first := true
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			return append(dst, ']')
		}
		rest = r
		if !first {
			dst = append(dst, ',')
		}
		first = false
		switch s.Type {
		case bgp.SegSet:
			dst = append(dst, `{"set":[`...)
		case bgp.SegConfedSequence:
			dst = append(dst, `{"confed_sequence":[`...)
		case bgp.SegConfedSet:
			dst = append(dst, `{"confed_set":[`...)
		}
		for i := range s.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = bgp.AppendUint(dst, s.At(i))
		}
		if s.Type != bgp.SegSequence {
			dst = append(dst, ']', '}')
		}
	}
}

// appendTime writes RFC 3339 in UTC, with six digits of a fraction where there
// is one, as [moment.Time.String] does but without its cost.
func appendTime(dst []byte, t moment.Time) []byte {
	sec := t.Sec()
	if sec < 0 || sec > 1<<32 {
		return append(dst, t.String()...)
	}
	days, s := sec/86400, uint32(sec%86400)
	y, m, d := civil(days)
	dst = append2(dst, uint32(y/100))
	dst = append2(dst, uint32(y%100))
	dst = append(dst, '-')
	dst = append2(dst, uint32(m))
	dst = append(dst, '-')
	dst = append2(dst, uint32(d))
	dst = append(dst, 'T')
	dst = append2(dst, s/3600)
	dst = append(dst, ':')
	dst = append2(dst, s/60%60)
	dst = append(dst, ':')
	dst = append2(dst, s%60)
	if us := t.Micro(); us != 0 {
		dst = append(dst, '.')
		dst = append2(dst, us/10000)
		dst = append2(dst, us/100%100)
		dst = append2(dst, us%100)
	}
	return append(dst, 'Z')
}

func append2(dst []byte, v uint32) []byte { return append(dst, byte('0'+v/10), byte('0'+v%10)) }

// civil turns days since 1970 into a date of the Gregorian calendar, counting
// years from March so that the leap day is the last of its year.
func civil(days int64) (y, m, d int64) {
	z := days + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	m = mp + 3
	if m > 12 {
		m -= 12
	}
	y = yoe + era*400
	if m <= 2 {
		y++
	}
	return y, m, d
}
