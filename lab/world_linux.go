package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Requirements says what is missing to play scenarios on this machine: an
// error that names it and what to do, or nil. Given scenarios, what these need
// beyond the usual counts, too.
func Requirements(of ...*Scenario) error {
	if os.Geteuid() != 0 {
		return errors.New("playing a scenario needs root, for network namespaces: run it as root (sudo)")
	}
	type need struct{ tool, pkg string }
	needs := []need{{"bird", "bird2"}, {"ip", "iproute2"}, {"nsenter", "util-linux"}, {"sleep", "coreutils"}}
	for _, s := range of {
		if s.usesFRR() {
			needs = append(needs, need{"bgpd", "frr"})
		}
		if s.usesLoss() {
			needs = append(needs, need{"nft", "nftables"})
		}
	}
	for _, t := range needs {
		if _, err := tool(t.tool); err != nil {
			return fmt.Errorf("playing a scenario needs the command %s: install %s (Debian's name)", t.tool, t.pkg)
		}
	}
	return nil
}

// tool finds a command; bird and ip live where a user's PATH may not look.
func tool(name string) (string, error) {
	// OpenBGPD's bgpd, which is another program of that name, lies in the path;
	// FRR's lies beside its other daemons.
	if name == "bgpd" {
		for _, d := range []string{"/usr/lib/frr", "/usr/libexec/frr"} {
			if p, err := exec.LookPath(filepath.Join(d, name)); err == nil {
				return p, nil
			}
		}
	}
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	for _, d := range []string{"/usr/sbin", "/sbin", "/usr/local/sbin", "/bin", "/usr/bin"} {
		if p, err := exec.LookPath(filepath.Join(d, name)); err == nil {
			return p, nil
		}
	}
	return "", fs.ErrNotExist
}

// versions is what the routers of a scenario say of themselves.
func versions(ctx context.Context, s *Scenario) ([]string, error) {
	v, err := birdVersion(ctx)
	if err != nil || !s.usesFRR() {
		return []string{v}, err
	}
	p, err := tool("bgpd")
	if err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, p, "--version").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", p, err)
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return []string{v, strings.Replace(line, "bgpd version", "FRR", 1)}, nil
}

// birdVersion is what "bird --version" says ("BIRD 2.0.12").
func birdVersion(ctx context.Context) (string, error) {
	p, err := tool("bird")
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(ctx, p, "--version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", p, err)
	}
	return strings.Replace(strings.TrimSpace(string(out)), "BIRD version", "BIRD", 1), nil
}

// world is the running Internet of a scenario: a namespace and a BIRD or
// an FRR for each router and collector.
//
// A namespace has no name and no mount: it lives as long as the process that
// holds it open, and that process, like every router, is killed by the kernel
// when its parent thread dies. So nothing is left even if the lab itself is
// killed; close is for the orderly way.
type world struct {
	s     *Scenario
	m     *model
	dir   string
	nodes map[string]*node
	order []string // names of the nodes, routers first

	start chan func() // work for the thread that is parent of all processes
	gone  chan struct{}

	mu   sync.Mutex
	died error // the first router that ended by itself
}

// node is a router's or collector's namespace and process.
type node struct {
	name   string
	as     ASN // 0: a collector
	coll   *Collector
	hold   *exec.Cmd
	frr    bool
	proc   *exec.Cmd     // BIRD or bgpd
	ended  chan struct{} // closed when proc has been waited for
	ending bool          // we stopped it
	conf   string
	sock   string
	mrts   []string // a collector's update files, one for each start
	errs   bytes.Buffer

	// What a bgpd was last told.
	told []frrSection
	own  map[netip.Prefix]string
}

// software is what a reader of an error knows the router by.
func (n *node) software() string {
	if n.frr {
		return "FRR"
	}
	return "BIRD"
}

func newWorld(ctx context.Context, s *Scenario, dir string) (w *world, err error) {
	w = &world{s: s, m: newModel(s), dir: dir, nodes: map[string]*node{}, start: make(chan func()), gone: make(chan struct{})}
	go func() {
		// Pdeathsig follows the thread that started the process, not the
		// program: this one stays until the end.
		runtime.LockOSThread()
		defer close(w.gone)
		for f := range w.start {
			f()
		}
	}()
	defer func() {
		if err != nil {
			w.close()
			w = nil
		}
	}()
	for _, r := range s.Routers {
		w.add(&node{name: r.AS.String(), as: r.AS, frr: r.FRR})
	}
	for i := range s.Collectors {
		w.add(&node{name: s.Collectors[i].Name, coll: &s.Collectors[i], frr: s.Collectors[i].FRR})
	}
	for _, name := range w.order {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := w.nodes[name]
		if n.hold, err = w.spawn("sleep", []string{"infinity"}, nil, syscall.CLONE_NEWNET); err != nil {
			return nil, fmt.Errorf("a network namespace for %s: %w (in a container, CAP_SYS_ADMIN and CAP_NET_ADMIN are needed)", name, err)
		}
	}
	if err := w.cable(ctx); err != nil {
		return nil, err
	}
	for _, name := range w.order {
		if err := w.boot(w.nodes[name]); err != nil {
			return nil, err
		}
	}
	return w, w.converge(ctx, w.order, time.Now().Add(90*time.Second))
}

func (w *world) add(n *node) {
	n.conf = filepath.Join(w.dir, n.name+".conf")
	n.sock = filepath.Join(w.dir, n.name+".ctl")
	if n.frr {
		n.sock = filepath.Join(w.dir, n.name+".d", "bgpd.vty") // bgpd takes a folder
	}
	w.nodes[n.name] = n
	w.order = append(w.order, n.name)
}

// spawn starts a process that dies with the lab.
func (w *world) spawn(name string, args []string, out *bytes.Buffer, flags uintptr) (*exec.Cmd, error) {
	path, err := tool(name)
	if err != nil {
		return nil, err
	}
	c := exec.Command(path, args...)
	// A group of its own: an interrupt from the keyboard is the lab's alone to
	// handle.
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Cloneflags: flags, Setpgid: true}
	if out != nil {
		c.Stdout, c.Stderr = out, out
	}
	done := make(chan error)
	w.start <- func() { done <- c.Start() }
	return c, <-done
}

// ip runs a batch of ip commands in a node's namespace (nil: the lab's own,
// for cables between namespaces).
func (w *world) ip(ctx context.Context, n *node, batch string) error {
	return w.inside(ctx, n, "ip", []string{"-batch", "-"}, batch)
}

// inside runs a command in a node's namespace, or in the lab's own.
func (w *world) inside(ctx context.Context, n *node, command string, args []string, input string) error {
	path, err := tool(command)
	if err != nil {
		return err
	}
	args = append([]string{path}, args...)
	if n != nil {
		nsenter, err := tool("nsenter")
		if err != nil {
			return err
		}
		args = append([]string{nsenter, "--target", fmt.Sprint(n.hold.Process.Pid), "--net"}, args...)
	}
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	c.Stdin = strings.NewReader(input)
	out, err := c.CombinedOutput()
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s: %w: %s", command, err, bytes.TrimSpace(out))
	}
	return nil
}

// cable lays the cables: one between two linked routers, one from a collector
// to each peer.
func (w *world) cable(ctx context.Context) error {
	var laid strings.Builder
	inside := map[*node]*strings.Builder{}
	lay := func(a, b *node, devA, devB string) {
		fmt.Fprintf(&laid, "link add %s netns %d type veth peer name %s netns %d\n", devA, a.hold.Process.Pid, devB, b.hold.Process.Pid)
	}
	in := func(n *node, format string, args ...any) {
		if inside[n] == nil {
			inside[n] = &strings.Builder{}
			inside[n].WriteString("link set lo up\n")
		}
		fmt.Fprintf(inside[n], format+"\n", args...)
	}
	for i, l := range w.s.Links {
		a, b := w.nodes[l.A.String()], w.nodes[l.B.String()]
		lay(a, b, b.name, a.name) // a cable is called after the far end
		if !l.Down {
			in(a, "%s", w.plug(i, l.A))
			in(b, "%s", w.plug(i, l.B))
		}
	}
	for i := range w.s.Collectors {
		c := &w.s.Collectors[i]
		n := w.nodes[c.Name]
		for j, p := range c.Peers {
			r := w.nodes[p.String()]
			lay(n, r, r.name, n.name)
			for _, end := range []struct {
				n            *node
				mine, theirs netip.Addr
				dev          string
			}{{n, c.Addr, c.peerAddr(j), r.name}, {r, c.peerAddr(j), c.Addr, n.name}} {
				in(end.n, "addr add %s peer %s dev %s%s", end.mine, end.theirs, end.dev, w.nodad())
				in(end.n, "link set %s up", end.dev)
				if w.s.v6() { // the kernel makes a route to the peer for IPv4 only
					in(end.n, "route replace %s/128 dev %s", end.theirs, end.dev)
				}
			}
		}
	}
	if err := w.ip(ctx, nil, laid.String()); err != nil {
		return fmt.Errorf("laying cables: %w", err)
	}
	for _, name := range w.order {
		n := w.nodes[name]
		if b := inside[n]; b != nil {
			if err := w.ip(ctx, n, b.String()); err != nil {
				return fmt.Errorf("addresses of %s: %w", name, err)
			}
		}
	}
	return nil
}

// plug is the commands that give a router its end of cable i.
func (w *world) plug(i int, as ASN) string {
	l := w.s.Links[i]
	mine, theirs := linkAddrs(i, w.s.v6())
	bits := 31
	if w.s.v6() {
		bits = 127
	}
	far := l.B
	if as == l.B {
		mine, far = theirs, l.A
	}
	// An interface that goes down loses its IPv6 addresses, so they are given
	// anew every time.
	return fmt.Sprintf("addr replace %s/%d dev %s%s\nlink set %s up", mine, bits, far, w.nodad(), far)
}

// nodad keeps the kernel from looking for duplicates of an IPv6 address: until
// it has, nobody can use it.
func (w *world) nodad() string {
	if w.s.v6() {
		return " nodad"
	}
	return ""
}

// configure writes a node's configuration from the model. What a running bgpd
// has to be told for it is returned.
func (w *world) configure(n *node) (tell []string, err error) {
	var text string
	switch {
	case n.coll != nil && n.frr:
		text = w.m.frrCollector(w.dir, n.mrts[len(n.mrts)-1], n.coll)
	case n.coll != nil:
		text = w.m.collectorConfig(w.dir, n.mrts[len(n.mrts)-1], n.coll)
	case n.frr:
		fixed, changing, own := w.m.frrConfig(w.dir, n.as)
		tell = frrChange(n.as, w.s.v6(), n.told, changing, n.own, own)
		n.told, n.own = changing, own
		text = frrText(fixed, changing)
	default:
		text = w.m.routerConfig(w.dir, n.as)
	}
	return tell, os.WriteFile(n.conf, []byte(text), 0o600)
}

// dump makes a collector write its table.
func (w *world) dump(ctx context.Context, n *node, file string) error {
	if n.frr {
		_, err := frrAsk(ctx, n.sock, "configure terminal", "dump bgp routes-mrt "+file, "no dump bgp routes-mrt", "end")
		return err
	}
	table := "master4"
	if w.s.v6() {
		table = "master6"
	}
	_, err := birdAsk(ctx, n.sock, fmt.Sprintf("mrt dump table %q to %q", table, file))
	return err
}

// up asks a router how many of its sessions are established, and what it says
// of them.
func (w *world) up(ctx context.Context, n *node) (int, string, error) {
	if n.frr {
		text, err := frrAsk(ctx, n.sock, "show bgp summary json")
		return frrUp(text), text, err
	}
	lines, err := birdAsk(ctx, n.sock, "show protocols")
	return sessionsUp(lines), strings.Join(lines, "\n"), err
}

// boot starts a node's router.
func (w *world) boot(n *node) error {
	if n.coll != nil {
		n.mrts = append(n.mrts, filepath.Join(w.dir, fmt.Sprintf("%s.%d.mrt", n.name, len(n.mrts))))
	}
	if _, err := w.configure(n); err != nil {
		return err
	}
	program, args := "bird", []string{"-f", "-c", n.conf, "-s", n.sock, "-P", n.sock + ".pid"}
	if n.frr {
		// It runs as root in its namespace: to change its user would lose the
		// signal that ends it with the lab (prctl(2), PR_SET_PDEATHSIG).
		program, args = "bgpd", []string{"-f", n.conf, "--vty_socket", filepath.Dir(n.sock), "-i", n.sock + ".pid", "-P", "0", "-Z", "-n", "-S"}
		if err := os.MkdirAll(filepath.Dir(n.sock), 0o700); err != nil {
			return err
		}
	}
	path, err := tool(program)
	if err != nil {
		return err
	}
	_ = os.Remove(n.sock)
	c, err := w.spawn("nsenter", append([]string{"--target", fmt.Sprint(n.hold.Process.Pid), "--net", path}, args...), &n.errs, 0)
	if err != nil {
		return fmt.Errorf("starting %s for %s: %w", n.software(), n.name, err)
	}
	w.mu.Lock()
	n.proc, n.ended, n.ending = c, make(chan struct{}), false
	w.mu.Unlock()
	go func(ended chan struct{}) {
		err := c.Wait()
		w.mu.Lock()
		if !n.ending && w.died == nil {
			w.died = fmt.Errorf("%s of %s ended by itself (%v): %s", n.software(), n.name, err, bytes.TrimSpace(n.errs.Bytes()))
		}
		w.mu.Unlock()
		close(ended)
	}(n.ended)
	return nil
}

// halt ends a node's router without a farewell, as a power cut would.
func (w *world) halt(n *node) {
	w.mu.Lock()
	n.ending = true
	w.mu.Unlock()
	_ = n.proc.Process.Kill()
	<-n.ended
}

// fault returns the error of the first router that ended by itself.
func (w *world) fault() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.died
}

// sessions is how many sessions a node should have, as the model is now.
func (w *world) sessions(name string) int {
	n := 0
	count := func(a, b string) {
		if (a == name || b == name) && w.alive(w.nodes[a]) && w.alive(w.nodes[b]) {
			n++
		}
	}
	for i, l := range w.s.Links {
		if w.m.plugged[i] && w.m.lossy[i] == 0 {
			count(l.A.String(), l.B.String())
		}
	}
	for _, c := range w.s.Collectors {
		for _, p := range c.Peers {
			count(c.Name, p.String())
		}
	}
	return n
}

// converge waits until every session that should be up at some nodes is.
func (w *world) converge(ctx context.Context, names []string, deadline time.Time) error {
	for _, name := range names {
		want := w.sessions(name)
		for {
			if err := w.fault(); err != nil {
				return err
			}
			asked, cancel := context.WithTimeout(ctx, 10*time.Second)
			up, said, err := w.up(asked, w.nodes[name])
			cancel()
			if err == nil && up >= want {
				break
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if time.Now().After(deadline) {
				if err != nil {
					return fmt.Errorf("%s does not answer: %w", name, err)
				}
				return fmt.Errorf("%s has %d of %d sessions; it says:\n%s", name, up, want, said)
			}
			if err := sleep(ctx, 100*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}

// do carries out one command.
func (w *world) do(ctx context.Context, c Command) error {
	if err := w.m.apply(c); err != nil {
		return err // the script was tried on a model: this is a bug
	}
	switch c.Verb {
	case Cut, Mend:
		a, b := w.nodes[c.Who.String()], w.nodes[c.Whom.AS.String()]
		i := w.s.link(c.Who, c.Whom.AS)
		for _, n := range []*node{a, b} {
			batch := w.plug(i, n.as) + "\n"
			if c.Verb == Cut {
				far := a
				if n == a {
					far = b
				}
				batch = fmt.Sprintf("link set %s down\n", far.name)
			}
			if err := w.ip(ctx, n, batch); err != nil {
				return err
			}
			if c.Verb == Cut && n.frr && w.alive(n) {
				// Without zebra nobody tells bgpd that the cable is out; with it,
				// the session would end at once, as BIRD's does.
				x, y := linkAddrs(i, w.s.v6())
				if w.s.Links[i].A == n.as {
					x = y
				}
				if _, err := frrAsk(ctx, n.sock, fmt.Sprintf("clear bgp %s", x)); err != nil {
					return err
				}
			}
		}
		return nil
	case Lose:
		a, b := w.nodes[c.Who.String()], w.nodes[c.Whom.AS.String()]
		return errors.Join(w.lose(ctx, a, b.name, c.N), w.lose(ctx, b, a.name, c.N))
	case Stop, Start, Freeze, Thaw:
		n := w.nodes[c.Who.String()]
		if c.Name != "" {
			n = w.nodes[c.Name]
		}
		switch c.Verb {
		case Stop:
			w.halt(n)
		case Start:
			return w.boot(n)
		case Freeze:
			return n.proc.Process.Signal(syscall.SIGSTOP)
		case Thaw:
			return n.proc.Process.Signal(syscall.SIGCONT)
		}
		return nil
	}
	n := w.nodes[c.Who.String()]
	tell, err := w.configure(n)
	if err != nil {
		return err
	}
	if n.frr {
		_, err = frrAsk(ctx, n.sock, tell...)
	} else {
		_, err = birdAsk(ctx, n.sock, "configure")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.Who, err)
	}
	return nil
}

// lose has a node's kernel drop so many of a hundred packets that come in over
// an interface, at random.
func (w *world) lose(ctx context.Context, n *node, dev string, percent int) error {
	// Adding before deleting makes the deletion safe the first time, too.
	rules := fmt.Sprintf("add table inet lossy_%[1]s\ndelete table inet lossy_%[1]s\n", dev)
	if percent > 0 {
		which := fmt.Sprintf("numgen random mod 100 < %d", percent)
		if percent == 100 {
			which = "" // the kernel's comparison ends at 99
		}
		rules += fmt.Sprintf("table inet lossy_%s {\n chain in {\n  type filter hook input priority 0;\n  iifname %q %s drop\n }\n}\n", dev, dev, which)
	}
	return w.inside(ctx, n, "nft", []string{"-f", "-"}, rules)
}

// alive reports whether a router or collector is running now.
func (w *world) alive(n *node) bool {
	if n.coll != nil {
		return w.m.coll[n.name] == running
	}
	return w.m.routers[n.as].run == running
}

// written is how much the collectors have written.
func (w *world) written() []int64 {
	var sizes []int64
	for i := range w.s.Collectors {
		var sum int64
		files, _ := filepath.Glob(filepath.Join(w.dir, w.s.Collectors[i].Name+".*.mrt"))
		for _, f := range files {
			if st, err := os.Stat(f); err == nil {
				sum += st.Size()
			}
		}
		sizes = append(sizes, sum)
	}
	return sizes
}

// close ends every process that was started, and waits for them; the
// namespaces go with the last process in each.
func (w *world) close() {
	for _, name := range slices.Backward(w.order) {
		if n := w.nodes[name]; n.proc != nil {
			w.halt(n)
		}
	}
	for _, name := range w.order {
		if n := w.nodes[name]; n.hold != nil && n.hold.Process != nil {
			_ = n.hold.Process.Kill()
			_ = n.hold.Wait()
		}
	}
	close(w.start)
	<-w.gone
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
