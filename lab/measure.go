package lab

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"constat/wire/mrt"
)

// A vantage is a peer of a collector.
type vantage struct {
	collector string
	addr      netip.Addr
}

// change is what one record said about one of the subject's prefixes.
type change struct {
	at     uint32
	who    vantage
	prefix netip.Prefix
	held   bool
}

// changes reads what a collector's updates say about some prefixes and those
// inside them.
func changes(collector string, b []byte, of []netip.Prefix) ([]change, error) {
	if len(of) == 0 {
		return nil, nil // a filter without prefixes would let everything through
	}
	f, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: of, Kinds: mrt.Announcements | mrt.Withdrawals})
	if err != nil {
		return nil, err
	}
	var (
		out []change
		w   mrt.Walker
		r   = mrt.NewReader(bytes.NewReader(b))
	)
	w.SetFilter(f)
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if _, err := w.Record(rec); err != nil {
			return nil, err
		}
		for w.Next() {
			e := w.Elem()
			out = append(out, change{uint32(e.Time.Sec()), vantage{collector, e.PeerAddr}, e.Prefix, e.Kind == mrt.Announce})
		}
		if err := w.Err(); err != nil {
			return nil, err
		}
	}
}

// median is the lower middle value.
func median(ts []uint32) (uint32, bool) {
	if len(ts) == 0 {
		return 0, false
	}
	ts = slices.Clone(ts)
	slices.Sort(ts)
	return ts[(len(ts)-1)/2], true
}

// medianOf dates what happened in [from, until) by its median over vantages. A
// vantage's loss is when it lost the last of the prefixes, if it still holds
// none at the end; its return is when the first came back, if it held none
// before. cs holds the changes of all collectors from the beginning of the
// recording's session.
func medianOf(cs []change, loss bool, from, until uint32) (at uint32, vantages int, err error) {
	type seen struct {
		held   map[netip.Prefix]bool
		before int    // prefixes held when the interval began
		at     uint32 // last loss of everything, or first return
	}
	all := map[vantage]*seen{}
	// Collectors' files follow one another in cs: each vantage's own changes
	// are in order, which is all that is needed.
	for _, c := range cs {
		v := all[c.who]
		if v == nil {
			v = &seen{held: map[netip.Prefix]bool{}}
			all[c.who] = v
		}
		if c.at >= until {
			continue
		}
		had := len(v.held)
		if c.held {
			v.held[c.prefix] = true
		} else {
			delete(v.held, c.prefix)
		}
		switch {
		case c.at < from:
			v.before = len(v.held)
		case loss && had > 0 && len(v.held) == 0:
			v.at = c.at
		case !loss && v.before == 0 && had == 0 && len(v.held) > 0 && v.at == 0:
			v.at = c.at
		}
	}
	var ts []uint32
	for _, v := range all {
		if v.at != 0 && (!loss || len(v.held) == 0 && v.before > 0) {
			ts = append(ts, v.at)
		}
	}
	at, ok := median(ts)
	if !ok {
		return 0, 0, fmt.Errorf("no vantage %s the subject's prefixes then", map[bool]string{true: "lost", false: "got back"}[loss])
	}
	return at, len(ts), nil
}
