package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// programs is what is there to be measured: paths, empty if absent.
type programs struct {
	self          string // this program
	constat, isal string
	igzip, lbzip2 string
	bzip2         string
	bgpreader     string
	bgpkit        string
	bgpdump       string
	versions      []string // of all of them, and what is absent
}

func findPrograms(ctx context.Context, o options) (*programs, error) {
	p := &programs{}
	var err error
	if p.self, err = os.Executable(); err != nil {
		return nil, err
	}
	build := func(name string, args ...string) (string, error) {
		out := filepath.Join(o.dir, name)
		cmd := exec.CommandContext(ctx, "go", append(append([]string{"build", "-o", out}, args...), "constat/cmd/constat")...)
		if b, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("go build %s: %w\n%s", strings.Join(args, " "), err, b)
		}
		return out, nil
	}
	if p.constat, err = build("constat"); err != nil {
		return nil, err
	}
	if p.isal, err = build("constat-isal", "-tags", "isal"); err != nil {
		p.isal = ""
		o.log("without the tag isal: %v", err)
	}
	p.versions = append(p.versions, "constat "+revision(ctx)+" "+runtime.Version())
	find := func(name string, ask ...string) string {
		path, err := exec.LookPath(name)
		if err != nil {
			p.versions = append(p.versions, name+": not installed")
			return ""
		}
		cmd := exec.CommandContext(ctx, path, ask...)
		b, _ := cmd.CombinedOutput() // some exit with 1 after saying
		p.versions = append(p.versions, version(name, string(b)))
		return path
	}
	p.igzip = find("igzip", "--version")
	p.lbzip2 = find("lbzip2", "--version")
	p.bzip2 = find("bzip2", "--version")
	p.bgpreader = find("bgpreader", "-v")
	p.bgpkit = find("bgpkit-parser", "--version")
	p.bgpdump = find("bgpdump")
	p.versions = append(p.versions, libraries()...)
	if p.igzip == "" {
		return nil, errors.New("igzip is not installed: there is nothing to measure ratios to")
	}
	return p, nil
}

// version picks the line of a program's answer that has a number in it.
func version(name, answer string) string {
	for line := range strings.Lines(answer) {
		line = strings.TrimSpace(line)
		if strings.ContainsAny(line, "0123456789") && len(line) < 100 {
			if strings.Contains(line, "logging") { // bgpdump's chatter
				continue
			}
			if strings.HasPrefix(line, name) {
				return line
			}
			return name + ": " + line
		}
	}
	return name + ": does not say its version"
}

func revision(ctx context.Context) string {
	b, err := exec.CommandContext(ctx, "git", "log", "-1", "--format=%h").Output()
	if err != nil {
		return "(unknown revision)"
	}
	return strings.TrimSpace(string(b))
}

// cpu names the processor.
func cpu() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(b)) {
			if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == "model name" {
				return strings.TrimSpace(v)
			}
		}
	}
	return runtime.GOARCH
}

func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}
