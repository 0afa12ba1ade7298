package main

import (
	"cmp"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"constat/internal/locale"
	"constat/report/document"
	summary "constat/report/plain"
)

// languageHelp ends the help of every --lang.
const languageHelp = "Default: as LC_ALL, LC_MESSAGES or LANG says, else " + string(locale.Default) + "."

// language is the language that an environment asks for: that of the first of
// LC_ALL, LC_MESSAGES and LANG that is set, and the default if the program has no
// words of it. Example: LC_ALL=C and LANG=fr_FR.UTF-8 ask for English.
func language(getenv func(string) string) locale.Lang {
	said := cmp.Or(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"))
	if i := strings.IndexAny(said, ".@"); i >= 0 {
		said = said[:i]
	}
	l, err := locale.Parse(said) // C and POSIX are no languages
	if err != nil {
		return locale.Default
	}
	return l
}

// chosen tells the languages that a command line asks for, before it is parsed: the
// default of every --lang, and that of help and errors. A --lang before the verb is for
// all that people read, and is taken off the arguments that are left to parse. One behind
// the verb is for help and errors too, but behind read, whose --lang is the article's.
// Examples: constat --lang fr cat x; constat examine --help --lang fr.
func chosen(args []string, getenv func(string) string) (rest []string, def, texts locale.Lang) {
	def = language(getenv)
	rest = args
	for {
		said, n := langArgument(rest)
		l, err := locale.Parse(said)
		if n == 0 || err != nil {
			break // an unknown language is for the parser to refuse
		}
		def, rest = l, rest[n:]
	}
	texts = def
	if len(rest) > 0 && rest[0] == "read" {
		return rest, def, texts
	}
	for i, a := range rest {
		if a == "--" {
			break
		}
		if said, n := langArgument(rest[i:]); n > 0 {
			if l, err := locale.Parse(said); err == nil {
				texts = l
			}
		}
	}
	return rest, def, texts
}

// langArgument reads a --lang at the beginning of arguments, and says how many it takes.
func langArgument(args []string) (said string, n int) {
	const flag = "--lang"
	switch {
	case len(args) > 1 && args[0] == flag:
		return args[1], 2
	case len(args) > 0 && strings.HasPrefix(args[0], flag+"="):
		return args[0][len(flag)+1:], 1
	}
	return "", 0
}

// columns is how wide what people read may be: as wide as the terminal that it goes
// to, or else as COLUMNS says. 0 says that nobody knows.
func (s *streams) columns() int {
	if f, ok := terminal(s.out); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	n, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// show writes a summary for people, in as many columns as there are.
func (s *streams) show(x document.Summary, err error) error {
	if err != nil {
		return err
	}
	return summary.Write(s.text(), x, s.columns())
}
