package main

import (
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
)

// adviseFiles adds what the parser of flags cannot know: that an argument too many is one
// of the files that a shell made of an unquoted glob, or that what was piped in is named
// by a dash.
func adviseFiles(s *streams, args []string, err error) {
	said := err.Error()
	if arg, ok := strings.CutPrefix(said, "unexpected argument "); ok {
		_, here := os.Stat(arg)
		if here == nil && slices.ContainsFunc(args, func(a string) bool { return a == "-s" || a == "--source" || strings.HasPrefix(a, "--source=") }) {
			s.note("several files are given with --source before each, as a folder, or as a glob in quotes")
		}
		return
	}
	if len(args) == 0 || args[0] != "cat" || !strings.HasPrefix(said, "expected ") {
		return
	}
	if fi, err := os.Stdin.Stat(); err == nil && fi.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0 && !term.IsTerminal(int(os.Stdin.Fd())) {
		s.note("- stands for standard input")
	}
}
