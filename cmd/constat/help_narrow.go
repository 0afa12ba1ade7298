package main

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// Help is wrapped by the parser of flags, but for command lines of examples, which it
// leaves as they are. On a narrow terminal they are broken here as a shell wants it, with
// a backslash at the end of each line but the last, so that they can still be pasted.

// exampleMark is how the line of an example begins in help.
const exampleMark = "    constat "

// narrowed gives help whose examples fit into columns.
func narrowed(print kong.HelpPrinter, columns int) kong.HelpPrinter {
	if columns <= 0 {
		return print
	}
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		var b bytes.Buffer
		out := ctx.Stdout
		ctx.Stdout = &b
		err := print(options, ctx)
		ctx.Stdout = out
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, narrow(b.String(), columns))
		return err
	}
}

// narrow breaks the command lines in a text that are wider than so many columns.
func narrow(text string, columns int) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		line := strings.TrimSuffix(l, "\n")
		if strings.HasPrefix(line, exampleMark) && utf8.RuneCountInString(line) > columns {
			lines[i] = broken(line, columns) + "\n"
		}
	}
	return strings.Join(lines, "")
}

// broken is a command line over several lines. A remark behind it becomes a comment
// before it.
func broken(line string, columns int) string {
	var b strings.Builder
	if m := remark.FindStringSubmatch(line); m != nil {
		line = strings.TrimRight(m[1], " ")
		fill(&b, strings.Fields(m[2]), "    # ", "\n    # ", columns)
		b.WriteByte('\n')
	}
	fill(&b, together(line), "    ", " \\\n      ", columns)
	return b.String()
}

// fill writes words into lines of at most so many columns, if they fit at all.
func fill(b *strings.Builder, words []string, begin, between string, columns int) {
	ending, indent, _ := strings.Cut(between, "\n")
	b.WriteString(begin)
	at := len(begin)
	for i, w := range words {
		n := utf8.RuneCountInString(w)
		room := columns - len(ending)
		if i == len(words)-1 {
			room = columns
		}
		switch {
		case i == 0:
		case at+1+n > room:
			b.WriteString(between)
			at = len(indent)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(w)
		at += n
	}
}

// together parts a command line into what stands on one line: a flag and its value,
// and what is in quotes.
func together(line string) []string {
	var out []string
	quoted := false
	flag := false // the last was a flag that may have a value
	for _, w := range strings.Fields(line) {
		switch {
		case quoted || flag && !strings.HasPrefix(w, "-"):
			out[len(out)-1] += " " + w
			flag = false
		default:
			out = append(out, w)
			flag = strings.HasPrefix(w, "-") && len(w) > 1
		}
		if strings.Count(w, `"`)%2 == 1 {
			quoted = !quoted
		}
	}
	return out
}
