package bmp

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
)

// expected is a line of what pmacct made of a capture.
type expected struct {
	Type    string          `json:"bmp_msg_type"`
	Log     string          `json:"log_type"`
	AFI     int             `json:"afi"`
	SAFI    int             `json:"safi"`
	Prefix  string          `json:"ip_prefix"`
	Peer    string          `json:"peer_ip"`
	AS      uint32          `json:"peer_asn"`
	BGPID   string          `json:"bgp_id"`
	Rib     string          `json:"bmp_rib_type"`
	Path    json.RawMessage `json:"as_path"`
	NextHop string          `json:"bgp_nexthop"`
	RD      *string         `json:"rd"`
	RDFrom  *string         `json:"rd_origin"`
}

// TestReal holds captures of three makes of routers against what pmacct made of
// them: the same changes of state, and the same routes of IPv4 and IPv6
// unicast, each of the same peer in the same view.
func TestReal(t *testing.T) {
	for _, dir := range realdata.Glob(t, "events/bmp/*") {
		want, got := map[string]int{}, map[string]int{}
		for _, x := range readExpected(t, dir) {
			view := map[string]string{"Loc-Rib": "loc-rib", "Adj-Rib-In Post-Policy": "post-policy", "Adj-Rib-In Pre-Policy": ""}[x.Rib]
			addr := x.Peer
			if view == "loc-rib" {
				addr, x.AS = x.BGPID, 0 // pmacct gives FRR's the AS of another peer without an address
			}
			vrf := x.RD != nil && (x.RDFrom == nil || *x.RDFrom == "bmp")
			switch {
			case x.Type == "peer_up" || x.Type == "peer_down":
				want[fmt.Sprint(x.Type, " ", addr, " ", x.AS, " ", view, vrf)]++
			case x.Type == "route_monitor" && x.SAFI == 1 && x.Log != "end-of-rib":
				path := strings.Join(strings.FieldsFunc(string(x.Path), func(c rune) bool { return strings.ContainsRune(`[]", `, c) }), " ")
				if x.Log == "withdraw" || path == "null" {
					path = "" // pmacct shows what it knew before
				}
				want[fmt.Sprint(x.Log, " ", addr, " ", x.AS, " ", view, vrf, " ", x.Prefix, " ", path)]++
			case x.Type == "route_monitor" && x.Log == "end-of-rib" && x.SAFI == 1:
				want[fmt.Sprint(x.Log, " ", addr, " ", x.AS, " ", view, vrf, " ", x.AFI)]++
			}
		}
		f, err := os.Open(filepath.Join(dir, "traffic-00.pcap"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		collect(t, NewPcap(f), func(collector string, e *mrt.Elem) {
			view, vrf := "", strings.Contains(collector, "-vrf-")
			for _, v := range []string{"loc-rib", "post-policy"} {
				if strings.Contains(collector, "-"+v) {
					view = v
				}
			}
			as := e.PeerAS
			if view == "loc-rib" {
				as = 0
			}
			head := fmt.Sprint(" ", e.PeerAddr, " ", as, " ", view, vrf)
			switch e.Kind {
			case mrt.State:
				kind := "peer_up"
				if e.NewState != mrt.StateEstablished {
					kind = "peer_down"
				}
				got[kind+head]++
			case mrt.EndOfRIB:
				if e.SAFI == 1 {
					got[fmt.Sprint("end-of-rib", head, " ", e.AFI)]++
				}
			case mrt.Announce:
				got[fmt.Sprint("update", head, " ", e.Prefix, " ", e.Path())]++
			case mrt.Withdraw:
				got[fmt.Sprint("withdraw", head, " ", e.Prefix, " ")]++
			}
		})
		if len(want) < 10 {
			t.Fatalf("%s: %d", dir, len(want))
		}
		n := 0
		for _, k := range slices.Sorted(maps.Keys(want)) {
			if got[k] != want[k] {
				if n++; n < 12 {
					t.Errorf("%s: %q: %d, want %d", filepath.Base(dir), k, got[k], want[k])
				}
			}
		}
		for _, k := range slices.Sorted(maps.Keys(got)) {
			// A session that is down is so in all views; pmacct shows that of the message.
			if strings.HasPrefix(k, "peer_down ") {
				f := strings.Fields(k)
				if slices.ContainsFunc(slices.Collect(maps.Keys(want)), func(w string) bool { return strings.HasPrefix(w, strings.Join(f[:2], " ")+" ") }) {
					continue
				}
			}
			// pmacct does not show the withdrawal of what it did not know.
			if want[k] == 0 && !strings.HasPrefix(k, "withdraw ") {
				if n++; n < 24 {
					t.Errorf("%s: %q: %d, want none", filepath.Base(dir), k, got[k])
				}
			}
		}
	}
}

func readExpected(t *testing.T, dir string) (out []expected) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "output-bmp-00.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(z); s.Scan(); {
		var x expected
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

// collect gives the elements of all that a source says, with their collectors.
func collect(t *testing.T, src build.Source, do func(collector string, e *mrt.Elem)) {
	t.Helper()
	tap := &tap{Source: src}
	r := build.NewRecords(tap, "")
	var w mrt.Walker
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return
		}
		var d *mrt.Damage
		if errors.As(err, &d) {
			t.Error(d)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w.Record(rec)
		for w.Next() {
			do(tap.collector, w.Elem())
		}
		if err := w.Err(); err != nil {
			t.Error(err)
		}
	}
}

// tap remembers whose the last event was.
type tap struct {
	build.Source
	collector string
}

func (t *tap) Next(e *build.Event) error {
	err := t.Source.Next(e)
	t.collector = e.Collector
	return err
}
