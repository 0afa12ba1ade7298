package lab

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"constat/judge/block"
	"constat/report/filter"
)

// A block is applied on a real router between three neighbours: the target, an
// upstream and another customer, and taken off again. What the neighbours hold and
// what the kernels forward must be exactly what was there, less the target.
//
//	upstream AS64502 ── applier AS64500 ── target AS64501
//	                          └─────────── other AS64503
type blockLab struct {
	t   *testing.T
	w   *world
	dir string
	out map[string]*bytes.Buffer
}

// neighbours of the applier, and the number of their cables.
var blockNeighbours = []struct {
	name string
	as   int
	has  []string // what it announces
	live []string // its addresses in these
}{
	{"target", 64501, []string{"10.66.0.0/24", "10.66.1.0/24", "10.66.2.0/24", "10.66.3.0/24", "10.66.8.0/24", "2001:db8:66::/48", "2001:db8:67::/48"},
		[]string{"10.66.0.1", "10.66.1.1", "10.66.2.1", "10.66.3.1", "10.66.8.1", "2001:db8:66::1", "2001:db8:67::1"}},
	{"upstream", 64502, []string{"10.88.0.0/24", "2001:db8:88::/48"}, []string{"10.88.0.1", "2001:db8:88::1"}},
	// A route that covers the target and one inside it, by others.
	{"other", 64503, []string{"10.66.0.0/22", "10.66.1.128/25", "10.77.0.0/24", "2001:db8:77::/48"}, []string{"10.66.1.129", "10.77.0.1", "2001:db8:77::1"}},
}

// blocked are the target's routes that the measure is about; it announces two more.
var blocked = []string{"10.66.0.0/24", "10.66.1.0/24", "10.66.2.0/24", "10.66.3.0/24", "2001:db8:66::/48"}

func blockMeasure(t *testing.T, dir block.Direction, origin bool) *filter.Measure {
	t.Helper()
	o := filter.Order{Target: "the target", At: []uint32{64500}, Direction: dir, Impact: strings.Repeat("0123456789abcdef", 4),
		Norms: []string{"this is a laboratory"}, Expires: time.Now().Add(time.Hour), Policy: "TRANSIT"}
	for _, p := range blocked {
		o.Routes = append(o.Routes, filter.Route{Prefix: netip.MustParsePrefix(p), Reason: "announced by AS64501"})
	}
	if origin {
		o.Origins = []filter.Origin{{AS: 64501, Reason: "the target"}}
	}
	m, err := filter.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func newBlockLab(t *testing.T) *blockLab {
	t.Helper()
	l := &blockLab{t: t, dir: t.TempDir(), out: map[string]*bytes.Buffer{}}
	for _, d := range []string{l.dir, filepath.Dir(l.dir)} { // FRR and OpenBGPD change their user
		must0(t, os.Chmod(d, 0o755))
	}
	l.w = &world{dir: l.dir, nodes: map[string]*node{}, start: make(chan func()), gone: make(chan struct{})}
	go func() {
		runtime.LockOSThread()
		defer close(l.w.gone)
		for f := range l.w.start {
			f()
		}
	}()
	var procs sync.WaitGroup
	t.Cleanup(func() { procs.Wait(); l.w.close() })
	for _, name := range []string{"applier", "target", "upstream", "other"} {
		l.w.add(&node{name: name})
		hold, err := l.w.spawn("sleep", []string{"infinity"}, nil, syscall.CLONE_NEWNET)
		if err != nil {
			t.Fatal(err)
		}
		l.w.nodes[name].hold = hold
		l.in(name, "ip", "link set lo up\n", "-batch", "-")
		// bgpd gives IPv6 up if it comes before the kernel has tried the link's own address.
		l.in(name, "sh", "", "-c", "sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0")
	}
	for i, n := range blockNeighbours {
		a, b := l.w.nodes["applier"], l.w.nodes[n.name]
		must0(t, l.w.ip(t.Context(), nil, fmt.Sprintf("link add %s netns %d type veth peer name applier netns %d\n", n.name, a.hold.Process.Pid, b.hold.Process.Pid)))
		l.in("applier", "ip", fmt.Sprintf("addr add 10.255.%d.1/30 dev %s\naddr add 2001:db8:ffff:%d::1/126 dev %s nodad\nlink set %s up\n", i+1, n.name, i+1, n.name, n.name), "-batch", "-")
		batch := fmt.Sprintf("addr add 10.255.%d.2/30 dev applier\naddr add 2001:db8:ffff:%d::2/126 dev applier nodad\nlink set applier up\n", i+1, i+1)
		for _, x := range n.live {
			batch += fmt.Sprintf("addr add %s dev lo\n", x)
		}
		l.in(n.name, "ip", batch, "-batch", "-")
	}
	l.in("applier", "sh", "", "-c", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
	for i, n := range blockNeighbours {
		var c strings.Builder
		fmt.Fprintf(&c, "router id 10.255.%d.2;\nprotocol device {}\nprotocol direct { disabled; }\nprotocol kernel { ipv4 { import none; export where source = RTS_BGP; }; }\nprotocol kernel { ipv6 { import none; export where source = RTS_BGP; }; }\n", i+1)
		for _, v := range []string{"4", "6"} {
			fmt.Fprintf(&c, "protocol static { ipv%s;\n", v)
			for _, p := range n.has {
				if strings.Contains(p, ":") == (v == "6") {
					fmt.Fprintf(&c, " route %s unreachable;\n", p)
				}
			}
			c.WriteString("}\n")
		}
		for _, v := range []string{"4", "6"} {
			near, far := fmt.Sprintf("10.255.%d.2", i+1), fmt.Sprintf("10.255.%d.1", i+1)
			if v == "6" {
				near, far = fmt.Sprintf("2001:db8:ffff:%d::2", i+1), fmt.Sprintf("2001:db8:ffff:%d::1", i+1)
			}
			// To the kernel's own packets the network's own addresses are the source.
			fmt.Fprintf(&c, "protocol bgp b%s { local %s as %d; neighbor %s as 64500; ipv%s { import filter { krt_prefsrc = %s; accept; }; export where source = RTS_STATIC; }; connect retry time 1; connect delay time 1; }\n",
				v, near, n.as, far, v, map[bool]string{false: n.live[0], true: n.live[len(n.live)-1]}[v == "6"])
		}
		l.bird(n.name, c.String())
	}
	return l
}

func must0(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// in runs a command in a namespace; it must succeed.
func (l *blockLab) in(name, command, input string, args ...string) {
	l.t.Helper()
	if err := l.w.inside(l.t.Context(), l.w.nodes[name], command, args, input); err != nil {
		l.t.Fatalf("%s: %v", name, err)
	}
}

// start starts a daemon in a namespace.
func (l *blockLab) start(name, program string, args ...string) {
	l.t.Helper()
	path, err := tool(program)
	must0(l.t, err)
	n := l.w.nodes[name]
	out := &bytes.Buffer{}
	l.out[name+" "+program] = out
	c, err := l.w.spawn("nsenter", append([]string{"--target", fmt.Sprint(n.hold.Process.Pid), "--net", path}, args...), out, 0)
	must0(l.t, err)
	l.t.Cleanup(func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // its group: OpenBGPD has children
		_ = c.Wait()
		if l.t.Failed() {
			l.t.Logf("%s %s said: %s", name, program, bytes.TrimSpace(out.Bytes()))
		}
	})
}

// bird starts a BIRD.
func (l *blockLab) bird(name, conf string) {
	l.t.Helper()
	n := l.w.nodes[name]
	must0(l.t, os.WriteFile(n.conf, []byte(conf), 0o644))
	l.start(name, "bird", "-f", "-c", n.conf, "-s", n.sock, "-P", n.sock+".pid")
}

// routes are the prefixes that a BIRD holds from the applier, sorted.
func (l *blockLab) routes(name string) []string {
	var out []string
	for _, v := range []string{"4", "6"} {
		ctx, cancel := context.WithTimeout(l.t.Context(), 5*time.Second)
		lines, err := birdAsk(ctx, l.w.nodes[name].sock, "show route protocol b"+v)
		cancel()
		if err != nil {
			return []string{err.Error()}
		}
		for _, line := range lines {
			if f := strings.Fields(line); len(f) > 1 && strings.Contains(f[0], "/") {
				out = append(out, f[0])
			}
		}
	}
	slices.Sort(out)
	return out
}

// wait waits until a neighbour holds exactly some routes.
func (l *blockLab) wait(what, name string, want []string) {
	l.t.Helper()
	want = slices.Sorted(slices.Values(want))
	deadline := time.Now().Add(40 * time.Second)
	var got []string
	for time.Now().Before(deadline) {
		if got = l.routes(name); slices.Equal(got, want) {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	lines, _ := birdAsk(l.t.Context(), l.w.nodes[name].sock, "show route 10.66.0.0/24 all")
	l.t.Fatalf("%s: %s holds\n%v, not\n%v\n%s", what, name, got, want, strings.Join(lines, "\n"))
}

// reached are the addresses that answer the upstream, of all its neighbours' ones.
func (l *blockLab) reached() []string {
	type answer struct {
		addr string
		ok   bool
	}
	var all []string
	for _, n := range blockNeighbours {
		if n.name != "upstream" {
			all = append(all, n.live...)
		}
	}
	got := make(chan answer)
	for _, a := range all {
		go func() {
			from := "10.88.0.1"
			if strings.Contains(a, ":") {
				from = "2001:db8:88::1"
			}
			err := l.w.inside(l.t.Context(), l.w.nodes["upstream"], "ping", []string{"-c", "2", "-i", "0.2", "-W", "1", "-I", from, a}, "")
			got <- answer{a, err == nil}
		}()
	}
	var out []string
	for range all {
		if x := <-got; x.ok {
			out = append(out, x.addr)
		}
	}
	slices.Sort(out)
	return out
}

// forwards waits until exactly some addresses answer.
func (l *blockLab) forwards(what string, want []string) {
	l.t.Helper()
	want = slices.Sorted(slices.Values(want))
	var got []string
	for range 8 {
		if got = l.reached(); slices.Equal(got, want) {
			return
		}
	}
	l.t.Fatalf("%s: these answer\n%v, not\n%v", what, got, want)
}

// less is a list without some.
func less(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

// announcedBy is what a neighbour holds if nothing is blocked: what the two others
// announce.
func announcedTo(name string) []string {
	var out []string
	for _, n := range blockNeighbours {
		if n.name != name {
			out = append(out, n.has...)
		}
	}
	return out
}

func allLive() []string {
	return slices.Concat(blockNeighbours[0].live, blockNeighbours[2].live)
}

// blockedLive are the addresses of the target that a block of its routes cuts.
var blockedLive = []string{"10.66.0.1", "10.66.1.1", "10.66.2.1", "10.66.3.1", "2001:db8:66::1"}

// birdApplier configures the applier as a BIRD that hangs the measure into its
// neighbours' filters.
func (l *blockLab) birdApplier(m *filter.Measure, include string) {
	l.t.Helper()
	call := fmt.Sprintf("filter { if constat_%s() then reject; accept; }", m.ID())
	in := call
	switch include {
	case "blackhole":
		in, call = "all", fmt.Sprintf("filter { if constat_%s_rtbh() then reject; accept; }", m.ID())
	case "none":
		in, call = "all", "all"
	}
	var c strings.Builder
	c.WriteString("router id 10.255.0.1;\nprotocol device {}\nprotocol kernel { ipv4 { import none; export all; }; }\nprotocol kernel { ipv6 { import none; export all; }; }\nflow4 table f4; flow6 table f6;\n")
	fmt.Fprintf(&c, "include %q;\n", filepath.Join(l.dir, "measure"))
	for i, n := range blockNeighbours {
		fmt.Fprintf(&c, "protocol bgp n4_%d { local 10.255.%d.1 as 64500; neighbor 10.255.%d.2 as %d; ipv4 { import %s; export %s; }; connect retry time 1; connect delay time 1; }\n", i, i+1, i+1, n.as, in, call)
		fmt.Fprintf(&c, "protocol bgp n6_%d { local 2001:db8:ffff:%d::1 as 64500; neighbor 2001:db8:ffff:%d::2 as %d; ipv6 { import %s; export %s; }; connect retry time 1; connect delay time 1; }\n", i, i+1, i+1, n.as, in, call)
	}
	l.bird("applier", c.String())
}

// put writes the measure or its undoing where the applier includes it.
func (l *blockLab) put(m *filter.Measure, dialect string, undo bool) string {
	l.t.Helper()
	var b bytes.Buffer
	do := filter.Write
	if undo {
		do = filter.Undo
	}
	must0(l.t, do(&b, m, dialect))
	path := filepath.Join(l.dir, "measure")
	must0(l.t, os.WriteFile(path, b.Bytes(), 0o644))
	return path
}

func (l *blockLab) birdc(name, command string) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), 10*time.Second)
	defer cancel()
	_, err := birdAsk(ctx, l.w.nodes[name].sock, command)
	must0(l.t, err)
}

// TestBlockBIRD: filters of routes in BIRD, in each direction and by origin.
func TestBlockBIRD(t *testing.T) {
	playAll(t)
	for _, x := range []struct {
		name   string
		dir    block.Direction
		origin bool
		routes []string // that the upstream loses
		live   []string // that do not answer it
	}{
		{"both", block.Both, false, blocked, blockedLive},
		{"in", block.In, false, blocked, blockedLive},
		// Withheld, the applier's own routes stay: its neighbours lose them, and would
		// not send; who sends to it all the same is served. The upstream has no route.
		{"out", block.Out, false, blocked, blockedLive},
		{"by origin", block.Both, true, blockNeighbours[0].has, blockNeighbours[0].live},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			l := newBlockLab(t)
			m := blockMeasure(t, x.dir, x.origin)
			l.put(m, "bird", true)
			l.birdApplier(m, "")
			l.wait("before", "upstream", announcedTo("upstream"))
			l.wait("before", "other", announcedTo("other"))
			l.forwards("before", allLive())
			l.put(m, "bird", false)
			l.birdc("applier", "configure")
			l.wait("blocked", "upstream", less(announcedTo("upstream"), x.routes))
			l.wait("blocked", "other", less(announcedTo("other"), x.routes))
			l.wait("blocked", "target", announcedTo("target"))
			l.forwards("blocked", less(allLive(), x.live))
			l.put(m, "bird", true)
			l.birdc("applier", "configure")
			l.wait("undone", "upstream", announcedTo("upstream"))
			l.wait("undone", "other", announcedTo("other"))
			l.forwards("undone", allLive())
		})
	}
}

// TestBlockRTBHBirdLeaks: what the file warns of. BIRD passes a static route to other
// networks whatever its communities, unless the filters of these sessions reject it: the
// applier would announce the target's routes as its own.
func TestBlockRTBHBirdLeaks(t *testing.T) {
	playAll(t)
	t.Parallel()
	l := newBlockLab(t)
	m := blockMeasure(t, block.Both, false)
	l.put(m, "rtbh-bird", false)
	l.birdApplier(m, "none")
	l.wait("without the filter", "upstream", announcedTo("upstream"))
	lines, err := birdAsk(t.Context(), l.w.nodes["upstream"].sock, "show route 10.66.0.0/24 all")
	if said := strings.Join(lines, "\n"); err != nil || !strings.Contains(said, "BGP.as_path: 64500\n") {
		t.Errorf("BIRD does not pass it on any more (%v): the warning can go\n%s", err, said)
	}
}

// TestBlockRTBHBird: blackhole routes on a BIRD that forwards itself. The applier
// passes its best route on alone, and its filters stop it: from outside it looks as
// if it refused the routes, as the warning says.
func TestBlockRTBHBird(t *testing.T) {
	playAll(t)
	t.Parallel()
	l := newBlockLab(t)
	m := blockMeasure(t, block.Both, false)
	l.put(m, "rtbh-bird", true)
	l.birdApplier(m, "blackhole")
	l.wait("before", "upstream", announcedTo("upstream"))
	l.forwards("before", allLive())
	l.put(m, "rtbh-bird", false)
	l.birdc("applier", "configure")
	l.wait("blocked", "upstream", less(announcedTo("upstream"), blocked))
	l.forwards("blocked", less(allLive(), blockedLive))
	// The applier's own kernel drops what is sent to the target.
	for _, a := range []string{"10.66.2.1", "2001:db8:66::1"} {
		if err := l.w.inside(t.Context(), l.w.nodes["applier"], "ping", []string{"-c", "1", "-W", "1", a}, ""); err == nil {
			t.Errorf("%s answers the applier", a)
		}
	}
	l.put(m, "rtbh-bird", true)
	l.birdc("applier", "configure")
	l.wait("undone", "upstream", announcedTo("upstream"))
	l.forwards("undone", allLive())
}

// frrApplier starts zebra, staticd and bgpd; more are further lines of its BGP.
func (l *blockLab) frrApplier(more string) {
	l.t.Helper()
	d := filepath.Join(l.dir, "frr")
	must0(l.t, os.MkdirAll(d, 0o777))
	must0(l.t, os.Chmod(d, 0o777))
	var c strings.Builder
	c.WriteString("hostname applier\nroute-map TRANSIT permit 65535\nexit\nrouter bgp 64500\n bgp router-id 10.255.0.1\n no bgp default ipv4-unicast\n bgp route-map delay-timer 1\n")
	for i, n := range blockNeighbours {
		for _, a := range []string{fmt.Sprintf("10.255.%d.2", i+1), fmt.Sprintf("2001:db8:ffff:%d::2", i+1)} {
			fmt.Fprintf(&c, " neighbor %s remote-as %d\n neighbor %s timers connect 1\n", a, n.as, a)
		}
	}
	for v, f := range map[string]string{"4": "10.255.%d.2", "6": "2001:db8:ffff:%d::2"} {
		fmt.Fprintf(&c, " address-family ipv%s unicast\n", v)
		for i := range blockNeighbours {
			a := fmt.Sprintf(f, i+1)
			fmt.Fprintf(&c, "  neighbor %s activate\n  neighbor %s route-map TRANSIT in\n  neighbor %s route-map TRANSIT out\n", a, a, a)
		}
		c.WriteString(" exit-address-family\n")
	}
	c.WriteString(more + "exit\n")
	z := filepath.Join(d, "zserv")
	for _, x := range []struct {
		program, conf string
		more          []string
	}{{"zebra", "", nil}, {"staticd", "", nil}, {"bgpd", c.String(), []string{"-p", "179"}}} {
		conf := filepath.Join(d, x.program+".conf")
		must0(l.t, os.WriteFile(conf, []byte(x.conf), 0o644))
		program := filepath.Join(filepath.Dir(frrBGPD(l.t)), x.program)
		l.start("applier", program, append([]string{"-f", conf, "--vty_socket", d, "-i", filepath.Join(d, x.program+".pid"), "-P", "0", "-z", z, "-u", "frr", "-g", "frr"}, x.more...)...)
		deadline := time.Now().Add(20 * time.Second)
		for {
			if _, err := os.Stat(filepath.Join(d, x.program+".vty")); err == nil {
				break
			}
			if time.Now().After(deadline) {
				l.t.Fatalf("%s does not start", x.program)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
}

// frrBGPD is FRR's bgpd: OpenBGPD's has the same name.
func frrBGPD(t *testing.T) string {
	t.Helper()
	p := "/usr/lib/frr/bgpd"
	if _, err := os.Stat(p); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("FRR is absent")
	}
	return p
}

// vtysh gives a running FRR a file of commands.
func (l *blockLab) vtysh(path string) {
	l.t.Helper()
	out, err := exec.CommandContext(l.t.Context(), "vtysh", "--vty_socket", filepath.Join(l.dir, "frr"), "-f", path).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("% ")) {
		l.t.Fatalf("vtysh: %v: %s", err, out)
	}
}

// TestBlockFRR: a prefix-list, an AS-path list and a route-map that the neighbours'
// own map calls.
func TestBlockFRR(t *testing.T) {
	playAll(t)
	frrBGPD(t)
	for _, x := range []struct {
		name, dialect string
		origin        bool
		routes, live  []string
	}{
		{"filter", "frr", false, blocked, blockedLive},
		{"by origin", "frr", true, blockNeighbours[0].has, blockNeighbours[0].live},
		{"blackhole routes", "rtbh-frr", false, blocked, blockedLive},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			l := newBlockLab(t)
			m := blockMeasure(t, block.Both, x.origin)
			l.frrApplier("")
			l.wait("before", "upstream", announcedTo("upstream"))
			l.wait("before", "other", announcedTo("other"))
			l.forwards("before", allLive())
			l.vtysh(l.put(m, x.dialect, false))
			l.wait("blocked", "upstream", less(announcedTo("upstream"), x.routes))
			l.wait("blocked", "other", less(announcedTo("other"), x.routes))
			l.wait("blocked", "target", announcedTo("target"))
			l.forwards("blocked", less(allLive(), x.live))
			l.vtysh(l.put(m, x.dialect, true))
			l.wait("undone", "upstream", announcedTo("upstream"))
			l.wait("undone", "other", announcedTo("other"))
			l.forwards("undone", allLive())
		})
	}
}

// TestBlockOpenBGPD: OpenBGPD on Linux leaves the kernel's routes alone, so that the
// neighbours' tables are what is looked at.
func TestBlockOpenBGPD(t *testing.T) {
	playAll(t)
	bgpd := "/usr/sbin/bgpd"
	if _, err := os.Stat(bgpd); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("OpenBGPD is absent")
	}
	// Its processes are confined to the home of their user, which the service makes.
	who, err := user.Lookup("_openbgpd")
	must0(t, err)
	must0(t, os.MkdirAll(who.HomeDir, 0o755))
	for _, x := range []struct {
		name, dialect string
		dir           block.Direction
		origin        bool
		routes        []string
	}{
		{"filter", "openbgpd", block.Both, false, blocked},
		{"in", "openbgpd", block.In, false, blocked},
		{"out", "openbgpd", block.Out, false, blocked},
		{"by origin", "openbgpd", block.Both, true, blockNeighbours[0].has},
		{"blackhole routes", "rtbh-openbgpd", block.Both, false, blocked},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			l := newBlockLab(t)
			m := blockMeasure(t, x.dir, x.origin)
			path := l.put(m, x.dialect, true)
			must0(t, os.Chmod(path, 0o600))
			sock := filepath.Join(l.dir, "openbgpd.sock")
			var c strings.Builder
			fmt.Fprintf(&c, "AS 64500\nrouter-id 10.255.0.1\nfib-update no\nsocket %q\n", sock)
			for i, n := range blockNeighbours {
				fmt.Fprintf(&c, "neighbor 10.255.%d.2 {\n remote-as %d\n local-address 10.255.%d.1\n}\n", i+1, n.as, i+1)
				fmt.Fprintf(&c, "neighbor 2001:db8:ffff:%d::2 {\n remote-as %d\n local-address 2001:db8:ffff:%d::1\n announce IPv6 unicast\n announce IPv4 none\n}\n", i+1, n.as, i+1)
			}
			c.WriteString("allow from any\nallow to any\n")
			fmt.Fprintf(&c, "include %q\n", path)
			conf := filepath.Join(l.dir, "openbgpd.conf")
			must0(t, os.WriteFile(conf, []byte(c.String()), 0o600))
			l.start("applier", bgpd, "-d", "-f", conf)
			reload := func(undo bool) {
				l.put(m, x.dialect, undo)
				must0(t, os.Chmod(path, 0o600))
				out, err := exec.CommandContext(t.Context(), "bgpctl", "-s", sock, "reload").CombinedOutput()
				if err != nil {
					t.Fatalf("bgpctl: %v: %s", err, out)
				}
			}
			l.wait("before", "upstream", announcedTo("upstream"))
			l.wait("before", "other", announcedTo("other"))
			reload(false)
			l.wait("blocked", "upstream", less(announcedTo("upstream"), x.routes))
			l.wait("blocked", "other", less(announcedTo("other"), x.routes))
			l.wait("blocked", "target", announcedTo("target"))
			reload(true)
			l.wait("undone", "upstream", announcedTo("upstream"))
			l.wait("undone", "other", announcedTo("other"))
		})
	}
}
