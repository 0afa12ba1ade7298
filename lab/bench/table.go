package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// table is one comparison: programs that do the same to the same files.
type table struct {
	title string
	key   string // by which goals refer to it
	rows  []*row // the first is what ratios are to
	elems int
	// same says that the outputs must be equal byte for byte, not only in
	// the number of lines.
	same bool
	// memory prints the peaks of resident memory too.
	memory bool
}

// row is one program.
type row struct {
	name string
	args []string
	env  []string
	// line says which lines of the output are elements; nil if it prints none.
	line func(string) bool
	slow bool // run it only a third as often
	// answers says that exit codes 3 to 5 are no failure, as those of an examination.
	answers bool

	note        string // what the check found
	wall, cpu   []time.Duration
	lines       int
	sum         [32]byte
	wallM, cpuM time.Duration
	peak        int64 // bytes, the largest of all runs
}

func (t *table) add(path, name string, line func(string) bool, args ...string) *row {
	if path == "" {
		return &row{} // not installed: not in the table
	}
	r := &row{name: name, args: append([]string{path}, args...), line: line}
	t.rows = append(t.rows, r)
	return r
}

func anyLine(string) bool { return true }

// elemLine picks what bgpreader prints for an element from what it prints for
// a record.
func elemLine(s string) bool {
	return strings.HasPrefix(s, "R|R|") || strings.HasPrefix(s, "U|A|") || strings.HasPrefix(s, "U|W|")
}

// tables lists the comparisons.
func tables(p *programs, in *inputs) []*table {
	var all []*table
	add := func(key, title string, elems int) *table {
		t := &table{key: key, title: title, elems: elems}
		all = append(all, t)
		return t
	}
	option := func(i *input) string {
		if i.table {
			return "rib-file="
		}
		return "upd-file="
	}
	filter := []string{"cat", "--prefix", in.prefix}
	constats := func(t *table, args ...string) {
		t.add(p.constat, "constat", anyLine, args...)
		t.add(p.isal, "constat, tag isal", anyLine, args...)
	}

	for _, i := range []*input{in.full, in.small, in.updates} {
		if i == nil {
			continue
		}
		t := add("gz "+i.name, fmt.Sprintf("Filter .gz, %s", i.name), i.elems)
		t.add(p.igzip, "igzip alone", nil, "-dc", i.gz)
		constats(t, append(slices.Clone(filter), i.gz)...)
		t.add(p.self, "our inflate alone", nil, "-do", "unpack", i.gz)
		t.add(p.self, "klauspost/compress alone", nil, "-do", "klauspost", i.gz)
		t.add(p.bgpreader, "bgpreader", elemLine, "-d", "singlefile", "-o", option(i)+i.gz, "-k", in.prefix)
		t.add(p.bgpkit, "bgpkit-parser", anyLine, "--prefix", in.prefix, "--include-sub", i.gz).slow = i.fullSize
		t.add(p.self, "gobgp", anyLine, "-do", "gobgp", in.prefix, i.gz).slow = true
		if !i.fullSize && p.bgpdump != "" {
			r := t.add("sh", "bgpdump -m \\| grep", anyLine, "-c", `"$0" -m "$1" 2>/dev/null | grep -E "$2"`, p.bgpdump, i.gz, in.prefixPattern)
			r.env, r.slow = bgpdumpEnv, true
		}
	}

	if in.small.bz2 != "" {
		t := add("bz2", "Filter .bz2, one file (rib small)", in.small.elems)
		t.add(p.lbzip2, "lbzip2 alone", nil, "-dc", in.small.bz2)
		constats(t, append(slices.Clone(filter), in.small.bz2)...)
		t.add(p.bgpreader, "bgpreader", elemLine, "-d", "singlefile", "-o", option(in.small)+in.small.bz2, "-k", in.prefix)
		t.add(p.bgpkit, "bgpkit-parser", anyLine, "--prefix", in.prefix, "--include-sub", in.small.bz2)

		var files []string
		elems := 0
		for _, i := range in.many {
			files = append(files, i.bz2)
			elems += i.elems
		}
		t = add("bz2 many", fmt.Sprintf("Filter .bz2, %d files", len(files)), elems)
		t.add(p.lbzip2, "lbzip2 alone", nil, append([]string{"-dc"}, files...)...)
		constats(t, append(slices.Clone(filter), files...)...)
		if p.bgpreader != "" {
			t.add("sh", "bgpreader, two at a time", elemLine, append([]string{"-c",
				`for f; do echo "$f"; done | xargs -P 2 -I {} "$BGPREADER" -d singlefile -o rib-file={} -k ` + in.prefix, "sh"}, files...)...).env =
				[]string{"BGPREADER=" + p.bgpreader}
		}
	}

	for _, i := range []*input{in.small, in.updates} {
		t := add("text "+i.name, fmt.Sprintf("Text, cat -m, %s .gz", i.name), i.elems)
		t.same = true
		t.add(p.constat, "constat", anyLine, "cat", "-m", i.gz)
		t.add(p.isal, "constat, tag isal", anyLine, "cat", "-m", i.gz)
		t.add(p.bgpreader, "bgpreader -m (lines of its own)", func(s string) bool { return strings.Contains(s, "|") }, "-d", "singlefile", "-o", option(i)+i.gz, "-m").slow = true
		r := t.add(p.bgpdump, "bgpdump -m", anyLine, "-m", i.gz)
		r.env, r.slow = bgpdumpEnv, true
	}

	for _, i := range []*input{in.small, in.updates} {
		t := add("elements "+i.name, fmt.Sprintf("Bytes to all elements, %s, uncompressed", i.name), i.elems)
		t.add(p.constat, "constat (a filter that lets nothing through, after decoding)", anyLine, "cat", "--path-has", "4294967294", i.plain)
		// A community that no route has: all elements are made, none printed.
		t.add(p.bgpreader, "bgpreader (the same)", elemLine, "-d", "singlefile", "-o", option(i)+i.plain, "-y", "65535:65535")
		t.add(p.self, "library, five times in memory", nil, "-do", "elements", i.plain)
	}
	return all
}

// bgpdumpEnv keeps glibc from giving memory back all the time, which would be
// most of what is measured.
var bgpdumpEnv = []string{
	"MALLOC_TRIM_THRESHOLD_=100000000", "MALLOC_TOP_PAD_=16000000", "MALLOC_MMAP_THRESHOLD_=1000000000",
}

func (r *row) command(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, r.args[0], r.args[1:]...)
	cmd.Env = append(os.Environ(), r.env...)
	return cmd
}

// check runs every program once and compares what they print.
func (t *table) check(ctx context.Context, log func(string, ...any)) error {
	var first *row
	for _, r := range t.rows {
		if r.line == nil {
			continue
		}
		if err := r.capture(ctx); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		switch {
		case first == nil:
			first = r
		case t.same && strings.HasPrefix(r.name, "bgpreader"):
			if r.lines != first.lines {
				r.note = fmt.Sprintf("%d lines", r.lines)
			}
		case t.same && r.sum != first.sum:
			r.note = "**prints something else**"
		case r.lines != first.lines:
			r.note = fmt.Sprintf("**finds %d, not %d**", r.lines, first.lines)
		}
		if r.note != "" {
			log("%s, %s: %s", t.title, r.name, r.note)
		}
	}
	return nil
}

func (r *row) capture(ctx context.Context) error {
	cmd := r.command(ctx)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		return err
	}
	h := sha256.New()
	buf := make([]byte, 0, 1<<20)
	for {
		n, err := pipe.Read(buf[len(buf):cap(buf)])
		h.Write(buf[len(buf) : len(buf)+n])
		buf = buf[:len(buf)+n]
		at := 0
		for {
			i := bytes.IndexByte(buf[at:], '\n')
			if i < 0 {
				break
			}
			if r.line(string(buf[at : at+i])) {
				r.lines++
			}
			at += i + 1
		}
		buf = append(buf[:0], buf[at:]...)
		if len(buf) == cap(buf) {
			return fmt.Errorf("a line of more than %d bytes", cap(buf))
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	r.sum = [32]byte(h.Sum(nil))
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(complaints.String()))
	}
	return nil
}

// measure runs the programs in turn, so that what disturbs one disturbs all.
func (t *table) measure(ctx context.Context, runs int, self string) error {
	for i := range runs {
		for _, r := range t.rows {
			if r.slow && i%3 != 0 {
				continue
			}
			cmd := r.command(ctx)
			var complaints bytes.Buffer
			cmd.Stderr = &complaints
			start := time.Now()
			err := cmd.Run()
			took := time.Since(start)
			if c := cmd.ProcessState.ExitCode(); err != nil && !(r.answers && 3 <= c && c <= 5) {
				return fmt.Errorf("%s: %w: %s", r.name, err, strings.TrimSpace(complaints.String()))
			}
			r.wall = append(r.wall, took)
			r.cpu = append(r.cpu, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
		}
	}
	for _, r := range t.rows {
		r.wallM, r.cpuM = median(r.wall), median(r.cpu)
		if t.memory {
			if err := r.weigh(ctx, self); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	return nil
}

// weigh runs a program once more for its memory. A program that is started by this one
// begins with the peak of this one, which has been making archives; so a small one
// stands between them.
func (r *row) weigh(ctx context.Context, self string) error {
	cmd := exec.CommandContext(ctx, self, append([]string{"-do", "peak", "--"}, r.args...)...)
	cmd.Env = append(os.Environ(), r.env...)
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	_, err = fmt.Sscan(string(out), &r.peak)
	return err
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}
