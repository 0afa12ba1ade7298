package examine

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"constat/routes/rib"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// Of how many elements a batch is, and how many batches there are.
const (
	followBatch = 1024
	followAhead = 4
)

// decode gives what records say of the prefixes of the table, in order of time, in batches
// that it takes from those that are free.
func (l *loader) decode(ctx context.Context, in []source.Input[*exhibit], byName map[string]int, peerOf *vantage.PeerIndex, free <-chan *rib.Batch, batches chan<- *rib.Batch) error {
	m := source.Merge(in)
	defer m.Close()
	d := decoder{loader: l, peers: peerOf, asked: l.asked(), index: newPlainIndex(l.ev.Table), into: <-free}
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		x, at, from, err := m.Next()
		if err == io.EOF {
			batches <- d.into
			return nil
		}
		if err != nil {
			return err
		}
		if at >= l.q.Question.Until {
			continue
		}
		record := recordID(byName[from.File], x.rec.Offset)
		d.into.Record()
		if x.isPlain {
			err = d.message(x, from.Collector, at.Sec(), record)
		} else {
			err = d.record(x, from.Collector, at.Sec(), record)
		}
		if err != nil {
			return err
		}
		if d.into.Len() >= followBatch {
			batches <- d.into
			d.into = <-free
		}
	}
}

// decoder gives what records say of the prefixes of a table.
type decoder struct {
	*loader
	peers *vantage.PeerIndex
	asked []bool
	index *plainIndex
	into  *rib.Batch
	met   [64]metPeer
}

// metPeer is a peer whose record was read lately.
type metPeer struct {
	vantage.Peer
	place int
	ok    bool
}

// told is what is noted of a record that tells of a prefix.
func (d *decoder) told(p int, record int64) int64 {
	if d.asked[p] {
		return record
	}
	return someRecord
}

// peer is the place of a peer whom a record names. It is not ok if the peer is heard at another
// collector with the same records.
func (d *decoder) peer(p vantage.Peer) (place int, ok bool, err error) {
	place, ok = d.peers.Named(p)
	if !ok && !d.copies[p] {
		return 0, false, fmt.Errorf("%s does not know the peer %s AS%d of %s, which an exhibit has", WatchName, p.Addr, p.AS, p.Collector)
	}
	return place, ok, nil
}

// message gives what a plain message says.
func (d *decoder) message(x *exhibit, collector string, at, record int64) error {
	var from *metPeer
	for i, list := range [2][]byte{x.plain.Withdrawn, x.plain.Announced} {
		kind := mrt.Withdraw
		if i == 1 {
			kind = mrt.Announce
		}
		for k := 0; k < len(list); {
			n := int(list[k])
			raw := list[k+1 : k+1+(n+7)>>3]
			k += 1 + len(raw)
			p := d.index.find(raw, n)
			if p < 0 {
				continue
			}
			if from == nil {
				m := &x.message
				from = &d.met[(lastByte(m.peer)^byte(m.as))%64]
				if from.Addr != m.peer || from.AS != m.as || from.Collector != collector {
					of := vantage.Peer{Collector: collector, Addr: m.peer, AS: m.as}
					place, ok, err := d.peer(of)
					if err != nil {
						return err
					}
					*from = metPeer{of, place, ok}
				}
			}
			if !from.ok {
				return nil
			}
			d.into.AddPlain(at, from.place, p, d.told(p, record), kind, &x.plain)
		}
	}
	return nil
}

func lastByte(a netip.Addr) byte {
	b := a.As16()
	return b[15]
}

// record gives what any record says.
func (d *decoder) record(x *exhibit, collector string, at, record int64) error {
	table := d.ev.Table
	for x.w.Next() {
		el := x.w.Elem()
		p := table.Index(el.Prefix)
		if p < 0 || el.SAFI == 2 || el.Local {
			continue
		}
		peer, ok, err := d.peer(vantage.Peer{Collector: collector, Addr: el.PeerAddr, AS: el.PeerAS})
		if err != nil {
			return err
		}
		if ok {
			d.into.Add(at, peer, table.Peers[peer].AS, p, d.told(p, record), el)
		}
	}
	return nil
}

// plainIndex finds IPv4 prefixes of a table as they stand in messages.
type plainIndex struct {
	keys []uint64 // addresses with lengths; len is a power of two, and 0 is none
	at   []int32
}

func newPlainIndex(t *rib.Table) *plainIndex {
	n := 64
	for n < 4*len(t.Prefixes) {
		n *= 2
	}
	x := &plainIndex{make([]uint64, n), make([]int32, n)}
	for i, p := range t.Prefixes {
		if !p.Addr().Is4() || p.Bits() == 0 {
			continue
		}
		a := p.Addr().As4()
		k, slot := x.slot(a[:(p.Bits()+7)>>3], p.Bits())
		x.keys[slot], x.at[slot] = k, int32(i)
	}
	return x
}

// slot returns the key of a prefix and its place, or the one where it would be.
func (x *plainIndex) slot(raw []byte, bits int) (key uint64, slot int) {
	var a [4]byte
	switch len(raw) {
	case 3:
		a = [4]byte{raw[0], raw[1], raw[2]}
	default:
		copy(a[:], raw)
	}
	addr := binary.BigEndian.Uint32(a[:]) & uint32(^uint64(0)<<(32-bits))
	key = uint64(addr)<<8 | uint64(bits)
	mask := len(x.keys) - 1
	for i := int(key*0x9e3779b97f4a7c15>>32) & mask; ; i = (i + 1) & mask {
		if k := x.keys[i]; k == key || k == 0 {
			return key, i
		}
	}
}

// find is the place of a prefix in the table, or -1.
func (x *plainIndex) find(raw []byte, bits int) int {
	key, i := x.slot(raw, bits)
	if x.keys[i] != key {
		return -1
	}
	return int(x.at[i])
}

// someRecord stands for any record that tells of a control. Nobody asks which one it was,
// and a flapping route of days takes half as much room without it.
const someRecord = 1

// asked tells of each prefix of the table whether findings may name records of it: those of
// the subject, and those that cover or lie inside one.
func (l *loader) asked() []bool {
	out := make([]bool, len(l.ev.Table.Prefixes))
	for _, q := range slices.Concat(l.ev.Prefixes, l.ev.Covers, l.ev.Inside) {
		if i := l.ev.Table.Index(q); i >= 0 {
			out[i] = true
		}
	}
	return out
}
