package main

import (
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"constat/internal/mrttest"
	"constat/moment"
)

// archive lays down two files of a collector rrc00 from 12:00 on 1 March 2020,
// in which AS64496 leaves at 12:01:40 and comes back at 12:03:20 on three peers.
func archive(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: archive DIR")
	}
	ts.Check(writeArchive(ts.MkAbs(args[0])))
}

var noon = moment.FromTime(time.Date(2020, 3, 1, 12, 0, 0, 0, time.UTC))

func writeArchive(dir string) error {
	dir = filepath.Join(dir, "rrc00", "2020.03")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	second := func(s int64) moment.Time { return noon + moment.Time(s)*moment.Second }
	peers := []mrttest.Peer{mrttest.P("192.0.2.1", 64501), mrttest.P("192.0.2.2", 64502), mrttest.P("2001:db8::3", 64503)}
	each := func(f *mrttest.File, s int64, do func(p mrttest.Peer, at moment.Time)) {
		for i, p := range peers {
			do(p, second(s+int64(i)))
		}
	}
	f, g := new(mrttest.File), new(mrttest.File)
	route := func(p mrttest.Peer, at moment.Time) {
		f.Announce(at, p, []uint32{p.AS, 64510, 64496}, "10.0.0.0/24", "10.0.1.0/24")
	}
	each(f, 0, route)
	each(f, 100, func(p mrttest.Peer, at moment.Time) { f.Withdraw(at, p, "10.0.0.0/24", "10.0.1.0/24") })
	each(f, 200, route)
	f.Keepalive(second(299), peers[0])
	g.Keepalive(second(300), peers[0]).Keepalive(second(599), peers[0])
	return errors.Join(os.WriteFile(filepath.Join(dir, "updates.20200301.1200"), f.Bytes(), 0o666),
		os.WriteFile(filepath.Join(dir, "updates.20200301.1205"), g.Bytes(), 0o666))
}

// noLeftovers says that nothing is left in a folder but what is expected.
func noLeftovers(t *testing.T, dir string, but ...string) {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		ok := false
		for _, b := range but {
			ok = ok || e.Name() == b
		}
		if !ok {
			t.Errorf("%s is left", e.Name())
		}
	}
}

// TestInterrupt interrupts an examination while it writes its exhibits.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no SIGINT on windows")
	}
	src := filepath.Join(t.TempDir(), "rrc00")
	if err := os.Mkdir(src, 0o777); err != nil {
		t.Fatal(err)
	}
	// Large enough that copying its records takes a while.
	f := new(mrttest.File)
	p := mrttest.P("192.0.2.1", 64501)
	var many []netip.Prefix
	for i := range 900 {
		many = append(many, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0}), 24))
	}
	for i := range 12_000 {
		f.Update(noon+moment.Time(i/40)*moment.Second, p, mrttest.Update{Announce: many, Path: []uint32{64501, 64496}})
	}
	if err := os.WriteFile(filepath.Join(src, "updates.20200301.1200"), f.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	cmd := exec.Command("constat", "examine", "AS64496", "--from", "2020-03-01T12:00", "--until", "2020-03-01T12:05", "--source", src, "--case", filepath.Join(work, "case"))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for writing := false; !writing; {
		select {
		case err := <-done:
			t.Fatalf("it was done before it could be interrupted: %v\n%s", err, stderr.String())
		case <-time.After(time.Millisecond):
			m, _ := filepath.Glob(filepath.Join(work, ".constat-unfinished-*", "exhibits", "*.mrt"))
			writing = len(m) > 0
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	<-done
	if code := cmd.ProcessState.ExitCode(); code != exitSignals || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("exit code %d, want %d\n%s", code, exitSignals, stderr.String())
	}
	noLeftovers(t, work)
}
