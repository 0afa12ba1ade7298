package lab

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"constat/judge/block"
	"constat/report/filter"
)

// TestBlockNFTables: packets through a kernel that filters by the set. Routes stay;
// exactly the target's addresses do not answer, and those of others inside them do not
// either: a set of addresses knows no routes, and the impact says so.
func TestBlockNFTables(t *testing.T) {
	playAll(t)
	nft, err := tool("nft")
	must0(t, err)
	inside := []string{"10.66.1.129"} // another network's, inside the target's addresses
	for _, x := range []struct {
		dir     block.Direction
		expires time.Duration
		live    []string
	}{
		{block.Both, time.Hour, slices.Concat(blockedLive, inside)},
		{block.In, time.Hour, slices.Concat(blockedLive, inside)},
		{block.Out, time.Hour, slices.Concat(blockedLive, inside)},
		{block.Both, -time.Hour, nil}, // expired: it stops nothing by itself
	} {
		t.Run(fmt.Sprint(x.dir, x.expires), func(t *testing.T) {
			t.Parallel()
			l := newBlockLab(t)
			o := blockMeasure(t, x.dir, false).Order
			o.Expires = time.Now().Add(x.expires)
			m, err := filter.New(o)
			must0(t, err)
			l.put(m, "bird", true)
			l.birdApplier(m, "none")
			l.wait("before", "upstream", announcedTo("upstream"))
			l.forwards("before", allLive())
			l.in("applier", nft, "", "-f", l.put(m, "nftables", false))
			l.forwards("blocked", less(allLive(), x.live))
			l.wait("blocked", "upstream", announcedTo("upstream"))
			l.in("applier", nft, "", "-f", l.put(m, "nftables", true))
			l.forwards("undone", allLive())
		})
	}
}

// TestBlockIPSet: the same by ipset and iptables.
func TestBlockIPSet(t *testing.T) {
	playAll(t)
	for _, x := range []string{"ipset", "iptables", "ip6tables"} {
		if _, err := tool(x); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is absent, and CI must have it", x)
			}
			t.Skipf("%s is absent", x)
		}
	}
	t.Parallel()
	l := newBlockLab(t)
	m := blockMeasure(t, block.Both, false)
	l.put(m, "bird", true)
	l.birdApplier(m, "none")
	l.wait("before", "upstream", announcedTo("upstream"))
	l.forwards("before", allLive())
	// The commands in the comments are those that whoever applies it is told to give.
	run := func(path string) {
		b, err := os.ReadFile(path)
		must0(t, err)
		n := 0
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(strings.TrimPrefix(line, "#"))
			if len(f) > 1 && (f[0] == "iptables" || f[0] == "ip6tables") {
				l.in("applier", f[0], "", f[1:]...)
				n++
			}
		}
		if n != 8 {
			t.Fatalf("%d rules", n)
		}
	}
	path := l.put(m, "ipset", false)
	l.in("applier", "ipset", "", "restore", "-f", path)
	run(path)
	l.forwards("blocked", less(allLive(), append(slices.Clone(blockedLive), "10.66.1.129")))
	path = l.put(m, "ipset", true)
	run(path)
	l.in("applier", "ipset", "", "restore", "-f", path)
	l.forwards("undone", allLive())
}

// flowRules are the rules that a router should hold: destination and source blocks of
// both families.
var flowRules = []string{"dst 10.66.0.0/22", "dst 2001:db8:66::/48", "src 10.66.0.0/22", "src 2001:db8:66::/48"}

// birdFlows reads a BIRD's rules.
func (l *blockLab) birdFlows(sock string) []string {
	var out []string
	for _, table := range []string{"f4", "f6"} {
		ctx, cancel := context.WithTimeout(l.t.Context(), 5*time.Second)
		lines, err := birdAsk(ctx, sock, "show route table "+table)
		cancel()
		if err != nil {
			return []string{err.Error()}
		}
		for _, line := range lines {
			if _, rest, ok := strings.Cut(line, "{ "); ok {
				rule, _, _ := strings.Cut(rest, ";")
				out = append(out, rule)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (l *blockLab) waitFlows(what string, read func() []string, want []string) {
	l.t.Helper()
	var got []string
	for range 150 {
		if got = read(); slices.Equal(got, want) {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	l.t.Fatalf("%s: the rules are\n%v, not\n%v", what, got, want)
}

// TestBlockFlowSpecBIRD: a BIRD that holds the rules passes them on inside the network;
// a second BIRD and an FRR hold exactly them, and none after the undoing.
func TestBlockFlowSpecBIRD(t *testing.T) {
	playAll(t)
	frrBGPD(t)
	t.Parallel()
	l := newBlockLab(t)
	m := blockMeasure(t, block.Both, false)
	l.put(m, "flowspec-bird", true)
	var c strings.Builder
	fmt.Fprintf(&c, "router id 10.255.1.2;\nprotocol device {}\nflow4 table f4; flow6 table f6;\ninclude %q;\n", filepath.Join(l.dir, "measure"))
	// On cables of their own, next to those of the other tests.
	for i, name := range []string{"applier", "second"} {
		addr := []string{"10.255.1.1", "10.254.0.1"}[i]
		local := []string{"10.255.1.2", "10.254.0.2"}[i]
		fmt.Fprintf(&c, "protocol bgp p_%s { local %s as 64500; neighbor %s as 64500; flow4 { table f4; import none; export all; }; flow6 { table f6; import none; export all; }; connect retry time 1; connect delay time 1; }\n", name, local, addr)
	}
	// The second BIRD shares the other's namespace; a cable joins it to the target's.
	a, b := l.w.nodes["other"], l.w.nodes["target"]
	must0(t, l.w.ip(t.Context(), nil, fmt.Sprintf("link add flow netns %d type veth peer name flow netns %d\n", a.hold.Process.Pid, b.hold.Process.Pid)))
	l.in("other", "ip", "addr add 10.254.0.1/30 dev flow\nlink set flow up\n", "-batch", "-")
	l.in("target", "ip", "addr add 10.254.0.2/30 dev flow\nlink set flow up\n", "-batch", "-")
	trigger := &node{name: "trigger", hold: b.hold, conf: filepath.Join(l.dir, "trigger.conf"), sock: filepath.Join(l.dir, "trigger.ctl")}
	second := &node{name: "second", hold: a.hold, conf: filepath.Join(l.dir, "second.conf"), sock: filepath.Join(l.dir, "second.ctl")}
	for _, n := range []*node{trigger, second} {
		l.w.nodes[n.name] = n
	}
	l.t.Cleanup(func() { delete(l.w.nodes, "trigger"); delete(l.w.nodes, "second") })
	// The namespaces' own BIRDs hold port 179 of their addresses.
	for _, name := range []string{"target", "other"} {
		_, _ = birdAsk(t.Context(), l.w.nodes[name].sock, "down") // it ends before it answers
	}
	time.Sleep(500 * time.Millisecond)
	l.frrFlow()
	l.bird("second", "router id 10.254.0.1;\nprotocol device {}\nflow4 table f4; flow6 table f6;\nprotocol bgp told { local 10.254.0.1 as 64500; neighbor 10.254.0.2 as 64500; flow4 { table f4; import all; export none; }; flow6 { table f6; import all; export none; }; connect retry time 1; connect delay time 1; }\n")
	l.bird("trigger", c.String())
	defer func() {
		if t.Failed() {
			b, _ := exec.Command("vtysh", "--vty_socket", filepath.Join(l.dir, "frr"), "-c", "show bgp ipv6 flowspec detail").CombinedOutput()
			t.Logf("FRR: %s", b)
		}
	}()
	ofBIRD := func() []string { return l.birdFlows(second.sock) }
	time.Sleep(2 * time.Second)
	l.waitFlows("BIRD before", ofBIRD, nil)
	l.put(m, "flowspec-bird", false)
	l.birdc("trigger", "configure")
	l.waitFlows("BIRD", ofBIRD, flowRules)
	l.waitFlows("FRR", l.frrFlows, flowRules)
	l.put(m, "flowspec-bird", true)
	l.birdc("trigger", "configure")
	l.waitFlows("BIRD undone", ofBIRD, nil)
	l.waitFlows("FRR undone", l.frrFlows, nil)
}

// frrFlows reads an FRR's rules.
func (l *blockLab) frrFlows() []string {
	var out []string
	for _, family := range []string{"ipv4", "ipv6"} {
		b, err := exec.Command("vtysh", "--vty_socket", filepath.Join(l.dir, "frr"), "-c", "show bgp "+family+" flowspec detail").CombinedOutput()
		if err != nil {
			return []string{err.Error(), string(b)}
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line)
			if len(f) < 3 {
				continue
			}
			for k, name := range map[string]string{"Destination": "dst", "Source": "src"} {
				if i := slices.Index(f, k); i >= 0 {
					out = append(out, name+" "+strings.TrimSuffix(f[2], "/off"))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// frrFlow starts a bgpd that takes rules from inside the network.
func (l *blockLab) frrFlow() {
	l.t.Helper()
	d := filepath.Join(l.dir, "frr")
	must0(l.t, os.MkdirAll(d, 0o777))
	must0(l.t, os.Chmod(d, 0o777))
	conf := filepath.Join(d, "bgpd.conf")
	must0(l.t, os.WriteFile(conf, []byte("router bgp 64500\n bgp router-id 10.255.1.1\n no bgp default ipv4-unicast\n neighbor 10.255.1.2 remote-as 64500\n neighbor 10.255.1.2 timers connect 1\n"+
		" address-family ipv4 flowspec\n  neighbor 10.255.1.2 activate\n exit-address-family\n address-family ipv6 flowspec\n  neighbor 10.255.1.2 activate\n exit-address-family\nexit\n"), 0o644))
	l.start("applier", frrBGPD(l.t), "-f", conf, "--vty_socket", d, "-i", filepath.Join(d, "pid"), "-P", "0", "-Z", "-n", "-S")
	for range 100 {
		if _, err := os.Stat(filepath.Join(d, "bgpd.vty")); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	l.t.Fatal("bgpd does not start")
}

// TestBlockFlowSpecBytes: a BIRD on the loopback is told the messages as they were
// written, and holds exactly their rules; then the undoing's, and holds none.
func TestBlockFlowSpecBytes(t *testing.T) {
	playAll(t)
	t.Parallel()
	l := newBlockLab(t)
	m := blockMeasure(t, block.Both, false)
	conf, sock := filepath.Join(l.dir, "loop.conf"), filepath.Join(l.dir, "loop.ctl")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must0(t, err)
	port := free.Addr().(*net.TCPAddr).Port
	must0(t, free.Close())
	must0(t, os.WriteFile(conf, fmt.Appendf(nil, "router id 192.0.2.9;\nprotocol device {}\nflow4 table f4; flow6 table f6;\nprotocol bgp told { local 127.0.0.1 port %d as 64500; neighbor 127.0.0.1 as 64500; multihop; passive; strict bind; flow4 { table f4; import all; export none; }; flow6 { table f6; import all; export none; }; }\n", port), 0o644))
	said := &bytes.Buffer{}
	bird, err := l.w.spawn("bird", []string{"-f", "-c", conf, "-s", sock, "-P", sock + ".pid"}, said, 0)
	must0(t, err)
	t.Cleanup(func() { _ = bird.Process.Kill(); _ = bird.Wait(); t.Logf("BIRD said: %s", said.Bytes()) })
	var c net.Conn
	for range 100 {
		if c, err = net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	must0(t, err)
	defer c.Close()
	send := func(typ byte, body []byte) {
		b := bytes.Repeat([]byte{0xff}, 16)
		b = binary.BigEndian.AppendUint16(b, uint16(19+len(body)))
		_, err := c.Write(append(append(b, typ), body...))
		must0(t, err)
	}
	// OPEN: capabilities multiprotocol for both families of rules, and AS numbers of
	// four bytes (RFC 5492, RFC 4760, RFC 6793).
	caps := []byte{1, 4, 0, 1, 0, 133, 1, 4, 0, 2, 0, 133, 65, 4, 0, 0, 0xfb, 0xf4}
	open := []byte{4, 0xfb, 0xf4, 0, 0, 192, 0, 2, 10, byte(len(caps) + 2), 2, byte(len(caps))}
	send(1, append(open, caps...))
	send(4, nil)
	go func() { // what it says is of no interest
		buf := make([]byte, 4096)
		for {
			if _, err := c.Read(buf); err != nil {
				return
			}
		}
	}()
	tell := func(undo bool) {
		b, err := os.ReadFile(l.put(m, "flowspec-bgp", undo))
		must0(t, err)
		_, err = c.Write(b)
		must0(t, err)
	}
	time.Sleep(time.Second)
	tell(false)
	l.waitFlows("told", func() []string { return l.birdFlows(sock) }, flowRules)
	tell(true)
	l.waitFlows("undone", func() []string { return l.birdFlows(sock) }, nil)
}

// TestBlockFlowSpecForwards: what becomes of packets at an FRR that routes and is told
// the rules by a BIRD inside the network. FRR holds them, says that they are not
// installed, and forwards everything: its zebra has nothing that would put a rule to
// discard into the kernel (FRR issues 3160 and 22571). The files say so. The rules that
// it holds are right all the same: given to its kernel line by line, by nftables,
// exactly the target's addresses do not answer – those of others inside them do not
// either –, routes stay as they were, and all answer again without them.
func TestBlockFlowSpecForwards(t *testing.T) {
	playAll(t)
	frrBGPD(t)
	nft, err := tool("nft")
	must0(t, err)
	for _, dir := range []block.Direction{block.Both, block.In, block.Out} {
		t.Run(fmt.Sprint(dir), func(t *testing.T) {
			t.Parallel()
			l := newBlockLab(t)
			m := blockMeasure(t, dir, false)
			l.tellFRR(m)
			l.wait("before", "upstream", announcedTo("upstream"))
			l.wait("before", "other", announcedTo("other"))
			l.forwards("before", allLive())
			want := slices.DeleteFunc(slices.Clone(flowRules), func(r string) bool {
				return dir == block.In && strings.HasPrefix(r, "dst") || dir == block.Out && strings.HasPrefix(r, "src")
			})
			l.put(m, "flowspec-bird", false)
			l.birdc("trigger", "configure")
			l.waitFlows("FRR", l.frrFlows, want)
			b, err := exec.Command("vtysh", "--vty_socket", filepath.Join(l.dir, "frr"), "-c", "show bgp ipv4 flowspec detail", "-c", "show bgp ipv6 flowspec detail").CombinedOutput()
			must0(t, err)
			if n := bytes.Count(b, []byte("not installed in PBR")); n != len(want) {
				t.Errorf("FRR installed a rule, so its files' warning is out of date:\n%s", b)
			}
			l.forwards("told", allLive())

			rules := "table inet told {\n chain forward { type filter hook forward priority 0;\n"
			for _, r := range l.frrFlows() {
				way, block, _ := strings.Cut(r, " ")
				family := map[bool]string{false: "ip", true: "ip6"}[strings.Contains(block, ":")]
				rules += fmt.Sprintf("  %s %s %s drop\n", family, map[string]string{"dst": "daddr", "src": "saddr"}[way], block)
			}
			l.in("applier", nft, rules+" }\n}\n", "-f", "-")
			l.forwards("in the kernel", less(allLive(), append(slices.Clone(blockedLive), "10.66.1.129")))
			l.wait("in the kernel", "upstream", announcedTo("upstream"))

			l.put(m, "flowspec-bird", true)
			l.birdc("trigger", "configure")
			l.waitFlows("FRR undone", l.frrFlows, nil)
			l.in("applier", nft, "", "delete", "table", "inet", "told")
			l.forwards("undone", allLive())
		})
	}
}

// tellFRR makes the applier an FRR that routes, and beside the other neighbour's BIRD one
// that tells it the measure's rules: over a cable and on a port of its own, since 179
// is the first one's.
func (l *blockLab) tellFRR(m *filter.Measure) {
	l.t.Helper()
	a, b := l.w.nodes["applier"], l.w.nodes["other"]
	must0(l.t, l.w.ip(l.t.Context(), nil, fmt.Sprintf("link add flow netns %d type veth peer name flow netns %d\n", a.hold.Process.Pid, b.hold.Process.Pid)))
	l.in("applier", "ip", "addr add 10.254.0.1/30 dev flow\nlink set flow up\n", "-batch", "-")
	l.in("other", "ip", "addr add 10.254.0.2/30 dev flow\nlink set flow up\n", "-batch", "-")
	l.w.nodes["trigger"] = &node{name: "trigger", hold: b.hold, conf: filepath.Join(l.dir, "trigger.conf"), sock: filepath.Join(l.dir, "trigger.ctl")}
	l.t.Cleanup(func() { delete(l.w.nodes, "trigger") })
	l.put(m, "flowspec-bird", true)
	var c strings.Builder
	c.WriteString(" neighbor 10.254.0.2 remote-as 64500\n neighbor 10.254.0.2 port 1790\n neighbor 10.254.0.2 timers connect 1\n")
	for _, v := range []string{"4", "6"} {
		fmt.Fprintf(&c, " address-family ipv%s flowspec\n  neighbor 10.254.0.2 activate\n exit-address-family\n", v)
	}
	l.frrApplier(c.String())
	l.bird("trigger", fmt.Sprintf("router id 10.254.0.2;\nprotocol device {}\nflow4 table f4; flow6 table f6;\ninclude %q;\n"+
		"protocol bgp told { local 10.254.0.2 port 1790 as 64500; neighbor 10.254.0.1 as 64500; passive; strict bind; flow4 { table f4; import none; export all; }; flow6 { table f6; import none; export all; }; }\n",
		filepath.Join(l.dir, "measure")))
}
