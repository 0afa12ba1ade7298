package lab

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// needsRouters skips a test that plays for real where it cannot; on CI that is
// a failure, lest nobody notice that routers never ran.
func needsRouters(t *testing.T) {
	t.Helper()
	err := Requirements()
	switch {
	case err == nil && !testing.Short():
	case os.Getenv("CI") == "true" && err != nil:
		t.Fatalf("CI plays scenarios on real routers: %v", err)
	case err != nil:
		t.Skipf("no real routers: %v", err)
	default:
		t.Skip("no real routers: -short")
	}
}

// playAll skips a test that plays for minutes unless it is asked for.
func playAll(t *testing.T) {
	t.Helper()
	if os.Getenv("CONSTAT_PLAY") == "" {
		t.Skip("plays for minutes: CONSTAT_PLAY=1 has it run")
	}
	needsRouters(t)
}

// smallest is the smallest scenario, one of its routers and its collector an
// FRR where there is one.
func smallest(t *testing.T) *Scenario {
	t.Helper()
	s := must(Load("small"))(t)
	src := strings.NewReplacer(`"Transit two"`, `"Transit two" frr`, "lab09 AS64496", "lab09 AS64496 frr").Replace(string(s.Source))
	mixed := must(Parse("small.lab", []byte(src)))(t)
	if err := Requirements(mixed); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		return s
	}
	return mixed
}

// ours lists the processes whose command line or environment of files names a
// directory.
func ours(t *testing.T, dir string) (found []string) {
	t.Helper()
	procs, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range procs {
		b, err := os.ReadFile(p)
		if err == nil && bytes.Contains(b, []byte(dir+"/constat-lab-")) {
			found = append(found, strings.ReplaceAll(string(b), "\x00", " "))
		}
	}
	return found
}

// stage makes the lab keep its working files where the test can see them.
func stage(t *testing.T) string {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return dir
}

func nothingLeft(t *testing.T, dir string) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for len(ours(t, dir)) > 0 && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
	}
	if left := ours(t, dir); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
}

// TestPlay plays the smallest scenario on four real routers.
func TestPlay(t *testing.T) {
	needsRouters(t)
	t.Parallel()
	s := smallest(t)
	out := filepath.Join(t.TempDir(), "rec")
	rec, err := Run(t.Context(), s, Options{Out: out})
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Settled) != 2 || rec.Settled[0].Peers != 2 || !strings.HasPrefix(rec.Software[0], "BIRD ") {
		t.Errorf("%+v", rec)
	}
	net := netip.MustParsePrefix("198.51.100.0/24")
	var cs []change
	for _, a := range []string{"192.0.2.2", "192.0.2.3"} { // as the snapshot has it
		cs = append(cs, change{uint32(s.From.Unix()), vantage{"lab09", netip.MustParseAddr(a)}, net, true})
	}
	for _, f := range must(filepath.Glob(out + "/lab09/2020.01/updates.*.gz"))(t) {
		z := must(gzip.NewReader(bytes.NewReader(must(os.ReadFile(f))(t))))(t)
		cs = append(cs, must(changes("lab09", must(io.ReadAll(z))(t), []netip.Prefix{net}))(t)...)
	}
	for i, want := range rec.Settled {
		until := s.Until
		if i+1 < len(rec.Settled) {
			until = rec.Settled[i+1].Event
		}
		at, n, err := medianOf(cs, want.What == "loss", uint32(want.Event.Unix()), uint32(until.Unix()))
		if err != nil || n != 2 || int64(at) != want.Median.Unix() {
			t.Errorf("%s: %s over %d peers, %v; want %s", want.What, time.Unix(int64(at), 0).UTC(), n, err, want.Median)
		}
	}
	for _, f := range []string{RecordingFile, SubjectFile, ScenarioFile, SumsFile, "lab09/2020.01/bview.20200101.0000.gz"} {
		if _, err := os.Stat(filepath.Join(out, f)); err != nil {
			t.Error(err)
		}
	}
	// It is not replaced unasked.
	if _, err := Run(t.Context(), s, Options{Out: out}); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("a recording that is there: %v", err)
	}
}

// TestInterrupted: an interrupt in the middle leaves nothing: no process, no
// namespace, no working file, no half a recording.
func TestInterrupted(t *testing.T) {
	needsRouters(t)
	dir := stage(t)
	ctx, cancel := context.WithCancel(t.Context())
	out := filepath.Join(t.TempDir(), "rec")
	running := 0
	_, err := Run(ctx, smallest(t), Options{Out: out, Progress: func(done, _ int, _ string) {
		if done == 1 {
			running = len(ours(t, dir))
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if running != 5 {
		t.Errorf("%d routers and collectors were running, not 5", running)
	}
	nothingLeft(t, dir)
	for _, d := range []string{dir, filepath.Dir(out)} {
		if left := must(os.ReadDir(d))(t); len(left) > 0 {
			t.Errorf("left in %s: %v", d, left)
		}
	}
}

// TestKilled: not even a lab that is killed leaves a process behind; with the
// last process of a namespace the kernel takes the namespace down.
func TestKilled(t *testing.T) {
	needsRouters(t)
	dir := stage(t)
	out := filepath.Join(dir, "rec")
	c := exec.Command(os.Args[0], "-test.run=^TestHelperPlays$", "-test.v")
	c.Env = append(os.Environ(), "CONSTAT_LAB_HELPER="+out)
	pipe := must(c.StdoutPipe())(t)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	var said strings.Builder
	for !strings.Contains(said.String(), "playing") {
		n, err := pipe.Read(buf)
		said.Write(buf[:n])
		if err != nil {
			t.Fatalf("the helper ended: %s", said.String())
		}
	}
	if n := len(ours(t, dir)); n != 5 {
		t.Errorf("%d routers and collectors were running, not 5", n)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	nothingLeft(t, dir)
}

func TestHelperPlays(t *testing.T) {
	out := os.Getenv("CONSTAT_LAB_HELPER")
	if out == "" {
		t.Skip("the child of TestKilled")
	}
	_, err := Run(t.Context(), smallest(t), Options{Out: out, Progress: func(done, _ int, _ string) {
		if done == 1 {
			os.Stdout.WriteString("playing\n")
		}
	}})
	t.Fatal(err)
}

// TestRunRefuses: what cannot work is refused before anything starts.
func TestRunRefuses(t *testing.T) {
	needsRouters(t)
	s := must(Load("small"))(t)
	mine := t.TempDir()
	if err := os.WriteFile(filepath.Join(mine, "letter.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(mine, "letter.txt")
	for name, o := range map[string]Options{
		"no folder":            {},
		"the folder we are in": {Out: ".", Force: true},
		"one above it":         {Out: "..", Force: true},
		"a file":               {Out: file, Force: true},
		"somebody's folder":    {Out: mine},
		"somebody's, by force": {Out: mine, Force: true},
		"below a file":         {Out: filepath.Join(file, "rec")},
	} {
		o.Progress = func(int, int, string) { t.Errorf("%s: it started", name) }
		if _, err := Run(t.Context(), s, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
