package scan

import (
	"fmt"
	"net/netip"
	"strings"

	"constat/moment"
	"constat/routes/vantage"
)

func sec(s int64) moment.Time { return moment.Unix(s, 0) }

var peerA = netip.MustParseAddr("192.0.2.1")

// blind writes a ledger's entries: "192.0.2.1 50-120 session down".
func blind(l vantage.Ledger) string {
	var out []string
	for _, b := range l.Blind {
		w := fmt.Sprintf("%d-%d %s", b.From.Sec(), b.Until.Sec(), b.Reason)
		if b.Peer != nil {
			w = b.Peer.String() + " " + w
		}
		out = append(out, w)
	}
	return strings.Join(out, ", ")
}

func watch(c vantage.Collector) *vantage.Watch {
	c.Name = "rrc00"
	return &vantage.Watch{Format: vantage.WatchFormat, Collectors: []vantage.Collector{c}}
}

func question(from, until int64) moment.Interval {
	return moment.Interval{From: sec(from), Until: sec(until)}
}
