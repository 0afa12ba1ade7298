package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
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
