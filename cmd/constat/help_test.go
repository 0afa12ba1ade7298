package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"constat/internal/locale"
)

// parser is the parser of flags as main makes it.
func parser(t *testing.T) *kong.Kong {
	t.Helper()
	k, err := kong.New(&cli{}, kong.Name("constat"), kong.Description(description), kong.ExplicitGroups(headings()),
		kong.Vars{"languages": locale.Codes(), "language": "", "languageHelp": languageHelp})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestExamplesInHelp: the help of every verb that people use has an example.
func TestExamplesInHelp(t *testing.T) {
	n := 0
	for _, leaf := range parser(t).Model.Leaves(true) {
		name := leaf.FullPath()
		if strings.HasPrefix(name, "constat lab ") || strings.HasPrefix(name, "constat version") || leaf.Hidden {
			continue
		}
		n++
		h, ok := leaf.Target.Addr().Interface().(kong.HelpProvider)
		if !ok || !strings.Contains(h.Help(), "Example") || !strings.Contains(h.Help(), strings.SplitN(name, " [", 2)[0]) {
			t.Errorf("%s --help has no example", name)
		}
	}
	if n < 25 {
		t.Errorf("%d verbs", n)
	}
}

// helpSentences are all sentences of the help, as they are translated.
func helpSentences(t *testing.T) []string {
	t.Helper()
	var out []string
	add := func(s ...string) {
		for _, s := range s {
			if s != "" && !slices.Contains(out, s) && s != locale.Codes() && strings.Trim(s, "0123456789") != "" {
				out = append(out, s)
			}
		}
	}
	text := func(s string) {
		for p, is := range parts(s) {
			if is == sentence {
				add(p)
			}
		}
	}
	add(frame...)
	_ = kong.Visit(parser(t).Model, func(v kong.Visitable, next kong.Next) error {
		switch v := v.(type) {
		case *kong.Application:
			text(v.Help)
		case *kong.Node:
			if v.Group != nil {
				add(v.Group.Title)
			}
			text(v.Help)
			text(v.Detail)
		case *kong.Value:
			add(v.OrigHelp)
			if v.Flag == nil {
				add("<" + v.Name + ">")
			}
			for k, s := range v.Tag.Vars {
				if k == "withoutSource" {
					add(s)
				}
			}
		}
		return next(nil)
	})
	add(languageHelp)
	return out
}

// same is what stands in every language as it is: flags, places for values, numbers with
// what hangs on them, addresses, files, command lines, and names in capital letters.
var same = regexp.MustCompile(`--[a-z][a-z-]*|\$\{[a-zA-Z]+\}|bgpdump -m|[A-Za-z./:+]*[0-9][A-Za-z0-9./:]*(?:-[0-9][A-Za-z0-9./:]*)*|[a-z]+://\S*[a-z]|` +
	`[a-z/]+\.(?:html|json|md|key|pub|tar\.zst|example)\b|[A-Z]+[a-z-]*\.(?:sig|note|key|pub|seen|json)|` +
	`constat (?:atlas|case|verify|examine|countersign|demo|man)(?: (?:update|key|new|prove|sign|stamp|conclude|index|handover|rotate))*|\b[A-Z]{2,}\b`)

// literals are what a text has of it, in order. Of "ASes" no other language has a plural.
func literals(s string) []string {
	found := same.FindAllString(strings.ReplaceAll(s, "ASes", "AS"), -1)
	for i := range found {
		found[i] = strings.Trim(found[i], ".:/")
	}
	slices.Sort(found)
	return found
}

// TestHelpSpeaksEveryLanguage: each sentence of the help has its translation, with the
// same flags, places, numbers and command lines, and nothing is translated that the help
// does not say.
func TestHelpSpeaksEveryLanguage(t *testing.T) {
	said := helpSentences(t)
	if len(said) < 300 {
		t.Errorf("%d sentences of help", len(said))
	}
	for _, l := range locale.All() {
		in, err := locale.SentencesOf(l, locale.HelpFile)
		if err != nil {
			t.Error(err)
			continue
		}
		if l == locale.Default {
			continue
		}
		for _, s := range said {
			to, ok := in[s]
			if !ok {
				t.Errorf("%s: nobody translated %q", l, s)
				continue
			}
			if a, b := literals(s), literals(to); !slices.Equal(a, b) {
				t.Errorf("%s: %q has %q; its translation %q has %q", l, s, a, to, b)
			}
		}
		for _, s := range slices.Sorted(maps.Keys(in)) {
			if !slices.Contains(said, s) {
				t.Errorf("%s translates %q, which the help does not say", l, s)
			}
		}
	}
}
