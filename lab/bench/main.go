// Command bench measures Constat against the limit and against its peers, on
// the same files and in one go.
//
//	go run ./lab/bench -like FILE [-runs N] [-only WORDS] [-small]
//
// It generates inputs out of the attributes of a real MRT file, builds Constat
// (and once more with the tag isal where ISA-L is installed), runs every
// program on every input, one after another and again from the start N times,
// checks that they print the same, and writes tables in Markdown to standard
// output: medians of wall and CPU time, and ratios to the fastest decompressor.
//
// The peers are whatever of them is on the PATH: igzip and lbzip2 (the limit),
// bgpreader, bgpkit-parser, bgpdump. What is not there is left out and said to
// be. Two are built in, as they are libraries: klauspost/compress and gobgp.
//
//	go run ./lab/bench -do full -- -graph FILE [-checkpoint FILE]
//
// fills a state of everything with a thousand full tables, whose paths networks of a
// real graph choose, and says what it costs.
//
// It promises nothing about other machines, and on a busy machine nothing at
// all: it prints the load it found.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	log := func(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }
	like := flag.String("like", "", "real MRT `file` whose path attributes the inputs are made of (needed)")
	runs := flag.Int("runs", 7, "how often every program is run on every input")
	only := flag.String("only", "", "run only tables whose titles contain one of these `words`, separated by commas")
	small := flag.Bool("small", false, "leave out the full-size table, which takes half a minute to make and 1.6 GB")
	dir := flag.String("dir", "", "`folder` for the inputs, kept for the next time (default: constat-bench in the user's cache)")
	do := flag.String("do", "", "internal: be one of the `programs` that are measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	if *do != "" {
		if err := be(*do, flag.Args()); err != nil {
			log("%s: %v", *do, err)
			os.Exit(1)
		}
		return
	}
	if *like == "" || *runs < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if *dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = os.TempDir()
		}
		*dir = filepath.Join(cache, "constat-bench")
	}
	var words []string
	if *only != "" {
		words = strings.Split(*only, ",")
	}
	if err := bench(ctx, options{like: *like, dir: *dir, runs: *runs, only: words, small: *small, log: log}); err != nil {
		log("%v", err)
		os.Exit(1)
	}
}

type options struct {
	like, dir string
	runs      int
	only      []string
	small     bool
	log       func(string, ...any)
}

func (o options) wants(title string) bool {
	for _, w := range o.only {
		if strings.Contains(title, w) {
			return true
		}
	}
	return len(o.only) == 0
}

func bench(ctx context.Context, o options) error {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	p, err := findPrograms(ctx, o)
	if err != nil {
		return err
	}
	in, err := makeInputs(ctx, o, p)
	if err != nil {
		return err
	}
	r := report{w: os.Stdout, p: p}
	r.head(in)
	for _, t := range append(tables(p, in), costTables(p, in.archives, o.dir)...) {
		if !o.wants(t.title) {
			continue
		}
		o.log("%s", t.title)
		if err := t.check(ctx, o.log); err != nil {
			return fmt.Errorf("%s: %w", t.title, err)
		}
		if err := t.measure(ctx, o.runs, p.self); err != nil {
			return fmt.Errorf("%s: %w", t.title, err)
		}
		r.table(t)
	}
	r.goals()
	return ctx.Err()
}
