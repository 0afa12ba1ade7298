package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// report writes Markdown.
type report struct {
	w    io.Writer
	p    *programs
	seen map[string]*table
	lib  map[string]library // by input
}

// library is what the program "elements" found out.
type library struct {
	elems  int
	ns     int64
	allocs int
}

func (r *report) head(in *inputs) {
	r.seen, r.lib = map[string]*table{}, map[string]library{}
	fmt.Fprintf(r.w, "%s, %s, %d cores, load %s before.\n\n", time.Now().UTC().Format("2006-01-02"), cpu(), runtime.NumCPU(), load())
	for _, v := range r.p.versions {
		fmt.Fprintf(r.w, "- %s\n", v)
	}
	fmt.Fprintf(r.w, "\nInputs, from the attributes of %s:\n\n| input | records | elements | MB raw | MB .gz |\n| --- | --- | --- | --- | --- |\n", in.like)
	for _, i := range append([]*input{in.full, in.small, in.updates}, in.many[0]) {
		if i != nil {
			fmt.Fprintf(r.w, "| %s | %d | %d | %.1f | %.1f |\n", i.name, i.records, i.elems, float64(i.size)/1e6, float64(i.packed)/1e6)
		}
	}
	fmt.Fprintln(r.w)
}

func (r *report) table(t *table) {
	r.seen[t.key] = t
	base := t.rows[0]
	fmt.Fprintf(r.w, "### %s\n\n| program | wall s | CPU s | ratio, wall | ratio, CPU | |\n| --- | --- | --- | --- | --- | --- |\n", t.title)
	for _, row := range t.rows {
		note := row.note
		if row.line != nil && note == "" {
			note = fmt.Sprintf("%d lines", row.lines)
		}
		if t.memory && row.peak > 0 {
			note = fmt.Sprintf("%d MB", row.peak>>20)
		}
		if strings.HasPrefix(row.name, "library") {
			if l, err := runElements(row); err == nil {
				r.lib[t.key] = l
				note = fmt.Sprintf("%.1f ns an element, %d allocations a file", float64(l.ns)/float64(l.elems), l.allocs)
			}
		}
		fmt.Fprintf(r.w, "| %s | %.3f | %.3f | %.2f | %.2f | %s |\n", row.name, row.wallM.Seconds(), row.cpuM.Seconds(),
			float64(row.wallM)/float64(base.wallM), float64(row.cpuM)/float64(base.cpuM), note)
	}
	fmt.Fprintln(r.w)
}

func runElements(r *row) (l library, err error) {
	var sink int
	out, err := exec.CommandContext(context.Background(), r.args[0], r.args[1:]...).Output()
	if err == nil {
		_, err = fmt.Sscan(string(out), &l.elems, &l.ns, &l.allocs, &sink)
	}
	return l, err
}

// ratio is how many times as long one program of a table takes as another; by
// CPU if asked for. Zero if either was not run.
func (r *report) ratio(key, name, to string, byCPU bool) float64 {
	t := r.seen[key]
	if t == nil {
		return 0
	}
	var a, b *row
	for _, row := range t.rows {
		if row.name == name {
			a = row
		}
		if row.name == to {
			b = row
		}
	}
	if a == nil || b == nil {
		return 0
	}
	if byCPU {
		return float64(a.cpuM) / float64(b.cpuM)
	}
	return float64(a.wallM) / float64(b.wallM)
}

// goals answers the goals one by one.
func (r *report) goals() {
	fmt.Fprint(r.w, "### Goals\n\n| goal | measured | |\n| --- | --- | --- |\n")
	say := func(goal string, v float64, atMost bool, limit float64) {
		verdict, shown := "met", fmt.Sprintf("%.2f", v)
		switch {
		case v == 0:
			verdict, shown = "not measured", "–"
		case atMost && v > limit || !atMost && v < limit:
			verdict = "**missed**"
		}
		fmt.Fprintf(r.w, "| %s | %s | %s |\n", goal, shown, verdict)
	}
	const own, isal = "constat", "constat, tag isal"
	gz := func(size string) string { return "gz rib " + size }
	say("filter .gz, rib full, to igzip: at most 2.7", r.ratio(gz("full"), own, "igzip alone", false), true, 2.7)
	say("the same, in the end: at most 1.5", r.ratio(gz("full"), own, "igzip alone", false), true, 1.5)
	say("filter .gz, rib small, to igzip: at most 3.2", r.ratio(gz("small"), own, "igzip alone", false), true, 3.2)
	say("the same, in the end: at most 1.5", r.ratio(gz("small"), own, "igzip alone", false), true, 1.5)
	say("filter .gz, rib full, to klauspost's inflate alone: at most 1.2", r.ratio(gz("full"), own, "klauspost/compress alone", false), true, 1.2)
	for _, i := range []string{"gz rib full", "gz rib small", "gz updates big"} {
		say("bgpreader to filter ."+i+", wall: at least 1.4", r.ratio(i, "bgpreader", own, false), false, 1.4)
		say("bgpreader to filter ."+i+", CPU: at least 2", r.ratio(i, "bgpreader", own, true), false, 2)
	}
	say("isal, filter .gz, rib full, to igzip: at most 1.15", r.ratio(gz("full"), isal, "igzip alone", false), true, 1.15)
	say("isal, filter .gz, rib small, to igzip: at most 1.6", r.ratio(gz("small"), isal, "igzip alone", false), true, 1.6)
	say("bgpreader to isal, rib full: at least 3", r.ratio(gz("full"), "bgpreader", isal, false), false, 3)
	say("bgpkit-parser to isal, rib full: at least 6", r.ratio(gz("full"), "bgpkit-parser", isal, false), false, 6)
	say("gobgp to isal, rib full: at least 15", r.ratio(gz("full"), "gobgp", isal, false), false, 15)
	say("filter .bz2, many files, to lbzip2: at most 1.25", r.ratio("bz2 many", own, "lbzip2 alone", false), true, 1.25)
	for _, i := range []string{"rib small", "updates big"} {
		l := r.lib["elements "+i]
		var ns float64
		if l.elems > 0 {
			ns = float64(l.ns) / float64(l.elems)
		}
		say("bytes to all elements, "+i+", ns an element: at most 25", ns, true, 25)
		say("allocations a file, "+i+": at most 100", float64(l.allocs), true, 100)
		if t := r.seen["elements "+i]; t != nil && ns > 0 {
			for _, row := range t.rows {
				if strings.HasPrefix(row.name, "bgpreader") {
					each := float64(row.wallM.Nanoseconds()) / float64(t.elems)
					say("bgpreader to library, "+i+", an element: at least 4", each/ns, false, 4)
				}
			}
		}
	}
	for _, i := range []string{"rib small", "updates big"} {
		say("bgpreader -m to cat -m, "+i+": at least 4", r.ratio("text "+i, "bgpreader -m (lines of its own)", own, false), false, 4)
		say("bgpdump -m to cat -m, "+i+": at least 7", r.ratio("text "+i, "bgpdump -m", own, false), false, 7)
	}
	for _, h := range lengths {
		key := fmt.Sprintf("cost %d", h)
		say(fmt.Sprintf("examine to cat, %d hours, nothing lost: at most 1.2", h), r.ratio(key, "examine, nothing lost", "cat --prefix", false), true, 1.2)
		say(fmt.Sprintf("examine to cat, %d hours, a loss: at most 2", h), r.ratio(key, "examine, a loss", "cat --prefix", false), true, 2)
		var mb float64
		if t := r.seen[key]; t != nil {
			for _, row := range t.rows[1:] {
				mb = max(mb, float64(row.peak)/(1<<20))
			}
		}
		say(fmt.Sprintf("examine, %d hours, peak MB: at most 150", h), mb, true, 150)
	}
	fmt.Fprintln(r.w)
}
