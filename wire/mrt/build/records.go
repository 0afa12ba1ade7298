package build

import (
	"encoding/binary"
	"errors"
	"io"
	"net/netip"

	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// Source is a reader of a format. Next fills the next event; io.EOF at the end.
// Another error is a [*mrt.Damage]; after one that is resumable Next goes on.
type Source interface{ Next(*Event) error }

// Records makes records of a source's events, like [mrt.Reader] those of a
// stream. An offset is where the source says it, so that several records may
// have the same one.
type Records struct {
	src       Source
	collector string
	ev        Event
	queue     []item
	at        int // of the queue, to be given
	end       error

	// The table at hand: entries of one prefix, until another comes, and the
	// peers of all that came.
	entries []byte
	count   int
	head    Event // of the first of them
	peers   []peer
	index   map[peer]int
	told    int // peers in the last index table that was given
}

type peer struct {
	addr netip.Addr
	as   uint32
}

type item struct {
	rec mrt.Record
	err error
}

// NewRecords reads what a source says of one collector; of all if none is named.
func NewRecords(src Source, collector string) *Records {
	return &Records{src: src, collector: collector, index: map[peer]int{}, told: -1}
}

// Next returns the next record; io.EOF at the end. See [mrt.Reader.Next].
func (r *Records) Next() (rec mrt.Record, err error) {
	err = r.ReadRecord(&rec)
	return rec, err
}

// ReadRecord is [Records.Next] into a record of the caller's.
func (r *Records) ReadRecord(rec *mrt.Record) error {
	for {
		if r.at < len(r.queue) {
			i := r.queue[r.at]
			r.at++
			*rec = i.rec
			return i.err
		}
		r.queue, r.at = r.queue[:0], 0
		if r.end != nil {
			return r.end
		}
		r.ev.Reset()
		err := r.src.Next(&r.ev)
		var d *mrt.Damage
		switch {
		case err == nil:
			r.event(&r.ev)
		case errors.As(err, &d) && d.Resumable:
			r.flush()
			r.queue = append(r.queue, item{err: err})
		case errors.As(err, &d):
			r.flush()
			r.queue = append(r.queue, item{err: err})
			r.end = io.EOF
		default:
			r.flush()
			r.end = err
		}
	}
}

func (r *Records) event(e *Event) {
	if r.collector != "" && e.Collector != r.collector {
		return
	}
	if err := e.check(); err != nil {
		r.damage(e.Offset, err)
		return
	}
	if e.Kind == Entry {
		r.entry(e)
		return
	}
	r.flush()
	raw, err := e.record()
	if err != nil {
		r.damage(e.Offset, err)
		return
	}
	r.put(e.Offset, e.Time, raw)
}

func (r *Records) damage(at int64, err error) {
	r.flush()
	r.queue = append(r.queue, item{err: &mrt.Damage{Offset: at, Reason: err.Error(), Resumable: true, Line: -1}})
}

func (r *Records) put(at int64, t moment.Time, raw []byte) {
	typ := binary.BigEndian.Uint16(raw[4:])
	if typ != mrt.TypeBGP4MPET {
		t = moment.Unix(t.Sec(), 0)
	}
	r.queue = append(r.queue, item{rec: mrt.Record{Offset: at, Raw: raw, Time: t, Type: typ, Subtype: binary.BigEndian.Uint16(raw[6:])}})
}

// maxEntries is how many entries a record of ours has at most: its count has 16
// bits (RFC 6396 §4.3.2), and longer records than this are slow to pass over.
const maxEntries = 1 << 14

// entry adds an entry to the table at hand (RFC 6396 §4.3.2, RFC 8050 §4.2).
func (r *Records) entry(e *Event) {
	h := &r.head
	if r.count > 0 && (h.Prefix != e.Prefix || h.safi() != e.safi() || h.HasID != e.HasID || h.Time.Sec() != e.Time.Sec() || r.count == maxEntries) {
		r.flush()
	}
	k := peer{e.Peer, e.AS}
	i, ok := r.index[k]
	if !ok {
		if i = len(r.peers); i == 1<<16-1 {
			r.damage(e.Offset, errors.New("a table of more than 65,535 peers"))
			return
		}
		r.index[k] = i
		r.peers = append(r.peers, k)
	}
	attrs := e.Route.attributes(nil, e, false, true)
	if len(attrs) > 1<<16-1 {
		r.damage(e.Offset, errors.New("its attributes have more bytes than a record has room for"))
		return
	}
	if r.count == 0 {
		r.head = Event{Offset: e.Offset, Time: e.Time, Prefix: e.Prefix, SAFI: e.SAFI, HasID: e.HasID}
	}
	r.count++
	r.entries = binary.BigEndian.AppendUint16(r.entries, uint16(i))
	r.entries = binary.BigEndian.AppendUint32(r.entries, uint32(max(0, e.Originated.Sec())))
	if e.HasID {
		r.entries = binary.BigEndian.AppendUint32(r.entries, e.ID)
	}
	r.entries = binary.BigEndian.AppendUint16(r.entries, uint16(len(attrs)))
	r.entries = append(r.entries, attrs...)
}

// flush gives the table at hand, behind an index of its peers if one of them is
// new.
func (r *Records) flush() {
	if r.count == 0 {
		return
	}
	e := &r.head
	if r.told != len(r.peers) {
		r.told = len(r.peers)
		b := make([]byte, 6, 6+2+len(r.peers)*21) // no identifier, no name of a view
		b = binary.BigEndian.AppendUint16(b, uint16(len(r.peers)))
		for _, p := range r.peers {
			kind := byte(2) // an AS number of four bytes
			if p.addr.Is6() {
				kind |= 1
			}
			b = append(b, kind, 0, 0, 0, 0)
			b = append(b, p.addr.AsSlice()...)
			b = binary.BigEndian.AppendUint32(b, p.as)
		}
		r.put(e.Offset, e.Time, appendRecord(nil, e.Time, mrt.TypeTableDumpV2, mrt.V2PeerIndexTable, b))
	}
	b := make([]byte, 4, 32+len(r.entries)) // sequence numbers count nothing here
	id := e.HasID
	e.HasID = false
	b = append(b, e.nlri()...)
	b = binary.BigEndian.AppendUint16(b, uint16(r.count))
	b = append(b, r.entries...)
	r.put(e.Offset, e.Time, appendRecord(nil, e.Time, mrt.TypeTableDumpV2, tableSubtype(afi(e.Prefix.Addr()), e.safi(), id), b))
	r.entries, r.count = r.entries[:0], 0
}

// tableSubtype is the subtype of a table's records. There is none for "unicast
// and multicast", which counts as unicast here as everywhere.
func tableSubtype(afi uint16, safi uint8, addPath bool) uint16 {
	t := uint16(mrt.V2IPv4Unicast)
	if afi == bgp.AFIv6 {
		t = mrt.V2IPv6Unicast
	}
	if safi == bgp.SAFIMulticast {
		t++
	}
	if addPath {
		t += mrt.V2IPv4UnicastAddPath - mrt.V2IPv4Unicast
	}
	return t
}
