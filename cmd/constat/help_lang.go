package main

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"constat/internal/locale"
)

// Help stands in English where its verbs and flags do: in their tags, and in help.go.
// Other languages translate it sentence by sentence (help.toml of the language): a
// flag's description, a verb's, a heading, and each paragraph of a longer text.
// Command lines in examples, names of flags and placeholders (DIR, FILE) are the same
// in every language. What has no translation stands in English; a test finds it.

// frame is what the parser of flags writes around the texts that it is given.
var frame = []string{usageMark, commandMark, flagsMark, "Arguments:", "Flags:", "Commands:",
	`Run "constat <command> --help" for more information on a command.`}

// What of it stands within a line.
const (
	usageMark   = "Usage:"
	commandMark = "<command>"
	flagsMark   = "[flags]"
)

// helpIn prints help in a language.
func helpIn(lang locale.Lang) kong.HelpPrinter {
	if lang == locale.Default {
		return kong.DefaultHelpPrinter
	}
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		in, err := locale.SentencesOf(lang, locale.HelpFile)
		if err != nil {
			return err
		}
		translateHelp(ctx.Model, in)
		var b bytes.Buffer
		out := ctx.Stdout
		ctx.Stdout = &b
		err = kong.DefaultHelpPrinter(options, ctx)
		ctx.Stdout = out
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, framed(b.String(), in))
		return err
	}
}

// framed translates what stands around the texts, and puts the blanks back that lines
// were not to be broken at.
func framed(help string, in locale.Sentences) string {
	lines := strings.SplitAfter(help, "\n")
	for i, l := range lines {
		text := strings.TrimSuffix(l, "\n")
		if slices.Contains(frame, text) {
			lines[i] = in.Of(text) + "\n"
			continue
		}
		if rest, ok := strings.CutPrefix(text, usageMark); ok && i == 0 {
			text = in.Of(usageMark) + rest
		}
		if rest, ok := strings.CutSuffix(text, " "+flagsMark); ok { // a usage line, or that of a verb in a list
			lines[i] = strings.Replace(rest, " "+commandMark, " "+in.Of(commandMark), 1) + " " + in.Of(flagsMark) + "\n"
		}
	}
	return unglue.Replace(strings.Join(lines, ""))
}

// The parser of flags breaks lines at every blank, at those before a colon too; two
// signs that no text has stand for blanks that it must keep.
var (
	glue   = strings.NewReplacer("\u00a0", "\ue000", "\u202f", "\ue001")
	unglue = strings.NewReplacer("\ue000", "\u00a0", "\ue001", "\u202f")
)

// translateHelp puts the texts of all verbs and flags into another language.
func translateHelp(app *kong.Application, in locale.Sentences) {
	groups := map[*kong.Group]bool{}
	_ = kong.Visit(app, func(v kong.Visitable, next kong.Next) error { // nothing in it fails
		switch v := v.(type) {
		case *kong.Application:
			v.Help, v.Detail = translated(v.Help, in), translated(v.Detail, in)
		case *kong.Node:
			v.Help, v.Detail = translated(v.Help, in), translated(v.Detail, in)
			if g := v.Group; g != nil && !groups[g] {
				groups[g] = true
				g.Title = glue.Replace(in.Of(g.Title))
			}
		case *kong.Value: // of a flag too
			v.Help = filled(v.OrigHelp, v.Help, in)
			if v.Flag == nil {
				v.Name = argumentName(v.Name, in)
			}
		}
		return next(nil)
	})
}

// argumentName is the name of an argument: "subject" of <subject>.
func argumentName(name string, in locale.Sentences) string {
	return strings.Trim(in.Of("<"+name+">"), "<>")
}

// translated is a text of paragraphs in another language.
func translated(text string, in locale.Sentences) string {
	var b strings.Builder
	if text == "" {
		return ""
	}
	for p, is := range parts(text) {
		if is == sentence {
			p = glue.Replace(in.Of(p))
		}
		b.WriteString(p)
	}
	return b.String()
}

// Parts of a longer text.
const (
	asItIs   = iota // command lines, and what stands between paragraphs
	sentence        // what people read, in one line
)

// remark is a command line with a remark behind it: "  constat demo    a night in the box".
var remark = regexp.MustCompile(`^(\s+\S.*?\S {2,})(\S.*)$`)

// parts gives the parts of a text in their order. A paragraph is one sentence, however
// its lines are broken. Lines that begin with a blank are command lines.
func parts(text string) func(yield func(string, int) bool) {
	return func(yield func(string, int) bool) {
		var paragraph []string
		flush := func() bool {
			p := strings.Join(paragraph, " ")
			paragraph = nil
			return p == "" || yield(p, sentence) && yield("\n", asItIs)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if line != "" && line[0] != ' ' {
				paragraph = append(paragraph, line)
				continue
			}
			if !flush() {
				return
			}
			m := remark.FindStringSubmatch(line)
			if m == nil {
				m = []string{"", line, ""}
			}
			if !yield(m[1], asItIs) || m[2] != "" && !yield(m[2], sentence) || !yield("\n", asItIs) {
				return
			}
		}
		flush()
	}
}

// variable is a place in a flag's description for a value.
var variable = regexp.MustCompile(`\$\{[a-zA-Z]+\}`)

// filled is a flag's description in another language, with the values that the parser of
// flags put into the one in the default language. A value that is a sentence itself is
// translated too.
func filled(source, text string, in locale.Sentences) string {
	if source == "" {
		return ""
	}
	out := in.Of(source)
	names := variable.FindAllString(source, -1)
	if len(names) > 0 {
		pattern := regexp.QuoteMeta(source)
		for _, n := range names {
			pattern = strings.Replace(pattern, regexp.QuoteMeta(n), "(.*)", 1)
		}
		values := regexp.MustCompile("^" + pattern + "$").FindStringSubmatch(text)
		if values == nil {
			return text
		}
		for i, n := range names {
			out = strings.ReplaceAll(out, n, in.Of(values[i+1]))
		}
	}
	return glue.Replace(out)
}
