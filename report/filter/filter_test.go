package filter

import (
	"bytes"
	"errors"
	"flag"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"constat/judge/block"
)

var update_ = flag.Bool("update", false, "write the golden files")

const someHash = "3fa9c2d41b7e0a6658c1d2e3f40516273849505a6b7c8d9eafb0c1d2e3f40516"

// hostile is what a stranger could call his network.
const hostile = "*/ evil {\n}\nno router bgp 1 \"; drop; # \\ \u202e é /*"

func order() Order {
	o := Order{
		Target: "North Korea", At: []uint32{4837},
		Origins: []Origin{{131279, "AS131279 Star JV, delegated to KP"}},
		Impact:  someHash, Case: strings.Repeat("ab", 32),
		Norms:   []string{"collateral: none was found", "critical infrastructure: none was found"},
		Expires: time.Date(2014, 12, 24, 16, 15, 0, 0, time.UTC),
	}
	for _, p := range []string{"175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"} {
		o.Routes = append(o.Routes, Route{netip.MustParsePrefix(p), "announced by AS131279"})
	}
	for _, p := range []string{"192.0.2.0/25", "192.0.2.0/26", "192.0.2.64/26", "2001:db8::/33", "2001:db8:8000::/33", "2001:db9::/32"} {
		o.Routes = append(o.Routes, Route{netip.MustParsePrefix(p), "within 2001:db8::/31, made up"})
	}
	o.Discard[0] = netip.MustParseAddr("192.0.2.129") // the usual one is in the target
	return o
}

func made(t testing.TB, o Order) *Measure {
	t.Helper()
	m, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// variants are the orders of the golden files.
func variants() map[string]Order {
	plain := order()
	plain.Policy = "TRANSIT"
	within := order()
	within.Within, within.Direction, within.Origins, within.Case = true, block.In, nil, ""
	out := order()
	out.Direction, out.Most, out.At = block.Out, 2, []uint32{4837, 4134}
	bad := order()
	bad.Target = hostile
	bad.Norms = append(bad.Norms, hostile)
	for i := range bad.Routes {
		bad.Routes[i].Reason = hostile
	}
	bad.Origins[0].Reason = hostile
	return map[string]Order{"plain": plain, "within": within, "limited": out, "hostile": bad}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for variant, o := range variants() {
		m := made(t, o)
		for _, d := range dialects {
			for _, undo := range []bool{false, true} {
				var b bytes.Buffer
				if err := write(&b, m, d.name, undo); err != nil {
					t.Fatal(err)
				}
				name := d.file
				if undo {
					name = "undo-" + name
				}
				path := filepath.Join("testdata", variant, name)
				if *update_ {
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(b.Bytes(), want) {
					t.Errorf("%s is not what is written now; look, then: go test ./report/filter -update", path)
				}
				if d.mark == "" {
					continue
				}
				for i, line := range strings.Split(b.String(), "\n") {
					if strings.Contains(line, "evil") && !strings.Contains(line, d.mark) && !strings.HasPrefix(strings.TrimSpace(line), "#") && !strings.HasPrefix(line, "add ") {
						t.Errorf("%s, line %d: what a stranger wrote left its comment: %s", path, i+1, line)
					}
					for _, r := range line {
						if r > '~' || r < ' ' && r != '\t' {
							t.Errorf("%s, line %d: %q is not printable ASCII", path, i+1, r)
						}
					}
				}
				for _, must := range []string{m.ID(), m.Impact} {
					if !strings.Contains(b.String(), must) {
						t.Errorf("%s does not say %s", path, must)
					}
				}
			}
		}
	}
}

func TestRefusedOrders(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Order){
		"not acknowledged":           func(o *Order) { o.Impact = "" },
		"no hash":                    func(o *Order) { o.Impact = "yes" },
		"empty":                      func(o *Order) { o.Routes = nil },
		"no expiry":                  func(o *Order) { o.Expires = time.Time{} },
		"host bits":                  func(o *Order) { o.Routes[0].Prefix = netip.MustParsePrefix("175.45.176.1/24") },
		"everybody":                  func(o *Order) { o.Routes[0].Prefix = netip.MustParsePrefix("0.0.0.0/0") },
		"a policy that is a command": func(o *Order) { o.Policy = "X\nno router bgp" },
		"a case without a hash":      func(o *Order) { o.Case = "case-1" },
	} {
		o := order()
		spoil(&o)
		if m, err := New(o); err == nil {
			t.Errorf("%s: %v was made", name, m)
		}
	}
	o := order()
	o.Impact = ""
	if _, err := New(o); !errors.Is(err, ErrUnacknowledged) {
		t.Error(err)
	}
	if err := Known("cisco"); err == nil || !strings.Contains(err.Error(), "iosxr") {
		t.Error(err)
	}
	if err := Write(&bytes.Buffer{}, made(t, order()), "cisco"); err == nil {
		t.Error("an unknown dialect was written")
	}
}

// TestLimit: what a limit leaves out is said, and no line is too many.
func TestLimit(t *testing.T) {
	t.Parallel()
	o := order()
	o.Most = 2
	m := made(t, o)
	if len(m.lines) != 2 || len(m.blocks) != 2 || len(m.Left(Dialects())) != 4 {
		t.Fatalf("%v %v %v", m.lines, m.blocks, m.Left(Dialects()))
	}
	if m.lines[0].String() != "175.45.176.0/22 ge 24 le 24" {
		t.Error(m.lines[0])
	}
	if want := "lists of routes: lines left out: 2, routes that they would stop: 3, the first 2001:db8::/32 ge 33 le 33"; !strings.HasPrefix(m.Left([]string{"bird"})[0], want) {
		t.Errorf("%s, not %s", m.Left([]string{"bird"})[0], want)
	}
}

// TestLimitOfEachKind: with a limit no dialect has more lines than it allows, and each
// file says what its own list lacks, and not what another's does.
func TestLimitOfEachKind(t *testing.T) {
	t.Parallel()
	count := regexp.MustCompile(`(?m)^\s*(route flow[46] |route constat|unicast [0-9a-f]|network [0-9a-f].*(nexthop|CONSTAT)|route [0-9a-f:./]+ blackhole|ip(v6)? route |add constat)`)
	for _, most := range []int{1, 2, 3} {
		o := order()
		o.Most = most
		m := made(t, o)
		for _, name := range Dialects() {
			var b bytes.Buffer
			err := Write(&b, m, name)
			if most == 1 && strings.HasPrefix(name, "flowspec") {
				if !errors.Is(err, ErrEmpty) { // a block takes two rules
					t.Errorf("%s, limit 1: %v", name, err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if n := len(count.FindAllString(b.String(), -1)); n > most && name != "rtbh-frr" || n > 2*most {
				t.Errorf("%s, limit %d: %d lines\n%s", name, most, n, b.String())
			}
			said := strings.Count(b.String(), "Left out by the limit")
			d, _ := find(name)
			if d.mark != "" && (said == 0) != (m.left[d.kind] == "") || said > 1 {
				t.Errorf("%s, limit %d: says %d times what is left out, which is %q", name, most, said, m.left[d.kind])
			}
			if strings.Contains(b.String(), "lists of routes: lines left out") && d.kind != ofRoutes {
				t.Errorf("%s says what lists of routes lack", name)
			}
		}
	}
	// What is kept is the most.
	o := order()
	o.Most = 1
	o.Direction = block.Both
	if m := made(t, o); len(m.flow) != 0 || len(m.holes) != 1 || m.left[ofFlow] == "" || m.left[ofHoles] == "" {
		t.Errorf("%v %v %q", m.flow, m.holes, m.left)
	}
}

// TestNextHopInside: routes to be discarded are not sent to an address that they hold.
func TestNextHopInside(t *testing.T) {
	t.Parallel()
	o := order()
	o.Discard = DiscardDefaults()
	m := made(t, o)
	for _, name := range Dialects() {
		err := Refused(m, name)
		if holes := strings.HasPrefix(name, "rtbh"); (err != nil) != holes {
			t.Errorf("%s: %v", name, err)
		}
	}
	o.Discard[0] = netip.MustParseAddr("198.51.100.1")
	if err := Refused(made(t, o), "rtbh-bird"); err != nil {
		t.Error(err)
	}
}

// TestNginxCannotStopWhatGoesOut: a server refuses requests, and that is said if the
// packets to the target are meant.
func TestNginxCannotStopWhatGoesOut(t *testing.T) {
	t.Parallel()
	o := order()
	for dir, n := range map[block.Direction]int{block.In: 0, block.Both: 0, block.Out: 1} {
		o.Direction = dir
		if w := Warnings(made(t, o), "nginx"); len(w) != n {
			t.Errorf("%s: %q", dir, w)
		}
	}
}

func TestNFTablesIsCapped(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a large set")
	}
	t.Parallel()
	o := order()
	o.Routes = nil
	for i := range mostIntervals + 1 {
		o.Routes = append(o.Routes, Route{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 15), byte(i >> 7), byte(i << 1)}), 32), "x"})
	}
	m := made(t, o)
	if err := Refused(m, "nftables"); err == nil || !strings.Contains(err.Error(), "--max-entries") {
		t.Error(err)
	}
	if err := Refused(m, "ipset"); err != nil {
		t.Error(err)
	}
}

// TestIPSetEnd: iptables 1.8.9 takes 2038-12-31T23:59:59 as the end of a rule, and nothing
// later ("Invalid date").
func TestIPSetEnd(t *testing.T) {
	for end, fits := range map[string]bool{"2037-12-31T00:00:00Z": true, "2038-12-31T23:59:59Z": true, "2039-01-01T00:00:00Z": false, "2099-01-01T00:00:00Z": false} {
		o := order()
		var err error
		if o.Expires, err = time.Parse(time.RFC3339, end); err != nil {
			t.Fatal(err)
		}
		m := made(t, o)
		if err := Refused(m, "ipset"); (err == nil) != fits {
			t.Errorf("%s: %v", end, err)
		}
		if err := Refused(m, "nftables"); err != nil {
			t.Errorf("%s: %v", end, err)
		}
	}
}

// TestNothingLeft: a list that would hold nothing is refused, others are written.
func TestNothingLeft(t *testing.T) {
	o := order()
	o.Direction, o.Most = block.Both, 1 // a block takes two FlowSpec rules
	m := made(t, o)
	for _, d := range Dialects() {
		err := Refused(m, d)
		if flow := strings.HasPrefix(d, "flowspec"); errors.Is(err, ErrEmpty) != flow || !flow && err != nil {
			t.Errorf("%s: %v", d, err)
		}
	}
	o.Direction = block.Out
	if err := Refused(made(t, o), "flowspec-bird"); err != nil {
		t.Error(err)
	}
	o.Most, o.Blocks = 0, []Route{} // a subject file strikes all addresses
	m = made(t, o)
	for d, left := range map[string]bool{"bird": true, "rtbh-frr": true, "nftables": false, "nginx": false, "flowspec-bgp": false} {
		if err := Refused(m, d); (err == nil) != left {
			t.Errorf("%s: %v", d, err)
		}
	}
}

// TestHolesThatStopTheMost: of random routes, some within others, those kept stop as many
// addresses as any others would, counted address by address.
func TestHolesThatStopTheMost(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 1))
	for range 300 {
		o := order()
		o.Routes, o.Blocks = nil, nil
		seen := map[netip.Prefix]bool{}
		for range 2 + r.IntN(5) {
			p := netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(r.IntN(256))}), 25+r.IntN(5)).Masked()
			if !seen[p] {
				seen[p] = true
				o.Routes = append(o.Routes, Route{p, "x"})
			}
		}
		o.Most = 1 + r.IntN(len(o.Routes))
		// stopped: the longest route of the target that has the address is a blackhole.
		stopped := func(kept map[netip.Prefix]bool) (n int) {
			for b := range 256 {
				a := netip.AddrFrom4([4]byte{192, 0, 2, byte(b)})
				var best netip.Prefix
				for _, x := range o.Routes {
					if x.Prefix.Contains(a) && (!best.IsValid() || x.Prefix.Bits() > best.Bits()) {
						best = x.Prefix
					}
				}
				if kept[best] {
					n++
				}
			}
			return n
		}
		most := 0
		for set := range 1 << len(o.Routes) {
			kept := map[netip.Prefix]bool{}
			for i, x := range o.Routes {
				if set>>i&1 == 1 {
					kept[x.Prefix] = true
				}
			}
			if len(kept) <= o.Most {
				most = max(most, stopped(kept))
			}
		}
		kept := map[netip.Prefix]bool{}
		for _, h := range made(t, o).holes {
			kept[h.Prefix] = true
		}
		if got := stopped(kept); got != most || len(kept) > o.Most {
			t.Fatalf("%v, %d lines: %d kept stop %d addresses, %d are possible", prefixesOf(o.Routes), o.Most, len(kept), got, most)
		}
	}
}
