package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"constat/internal/realdata"
	"constat/lab/gen"
	"constat/moment"
)

// TestFullDisk examines onto a disk that is full.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=32k"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("a small disk cannot be mounted (%v), and CI must try one", err)
		}
		t.Skipf("a small disk cannot be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	src := t.TempDir()
	if err := writeArchive(src); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("constat", "examine", "AS64496", "--from", "2020-03-01T12:00", "--until", "2020-03-01T12:10",
		"--source", src, "--case", filepath.Join(disk, "case")).CombinedOutput()
	if e, ok := err.(*exec.ExitError); !ok || e.ExitCode() != exitFailed || !strings.Contains(string(out), "no space left") {
		t.Errorf("%v\n%s", err, out)
	}
	noLeftovers(t, disk)
}

// TestLargeInput examines an input of more than a hundred megabytes in less
// than 300 MB of memory (complaint 9: gigabytes for two hours of updates).
func TestLargeInput(t *testing.T) {
	if os.Getenv("CONSTAT_LARGE") != "1" {
		t.Skip("CONSTAT_LARGE=1 examines a large input")
	}
	like, err := os.Open(realdata.Path(t, "mrt/routeviews/updates.20220119.1645.first-6s.et.mrt"))
	if err != nil {
		t.Fatal(err)
	}
	defer like.Close()
	pool, err := gen.ReadPool(like)
	if err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(t.TempDir(), "rrc00")
	if err := os.Mkdir(src, 0o777); err != nil {
		t.Fatal(err)
	}
	var size int64
	write := func(name string, do func(io.Writer, *gen.Pool, gen.Shape) (gen.Stats, error), s gen.Shape) {
		f, err := os.Create(filepath.Join(src, name))
		if err != nil {
			t.Fatal(err)
		}
		st, err := do(f, pool, s)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		size += st.Bytes
	}
	shape := gen.Shape{Seed: 1, V4: 80_000, V6: 10_000, Peers: 20, Start: noon, Elements: 400_000}
	write("bview.20200301.1200", gen.Table, shape)
	write("updates.20200301.1200", gen.Updates, shape)
	shape.Start += 900 * moment.Second
	write("updates.20200301.1215", gen.Updates, shape)
	if size < 100<<20 {
		t.Fatalf("the input has only %d bytes", size)
	}
	work := t.TempDir()
	cmd := exec.Command("constat", "examine", "175.45.176.0/22", "--from", "2020-03-01T12:00", "--until", "2020-03-01T12:30", "--source", src, "--case", filepath.Join(work, "case"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// On Linux in units of 1,024 bytes.
	if mb := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10; mb >= 300 {
		t.Errorf("%d MB of memory for %d MB of input", mb, size>>20)
	} else {
		t.Logf("%d MB of memory for %d MB of input", mb, size>>20)
	}
}
