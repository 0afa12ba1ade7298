package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"constat/internal/locale"
)

// TestExamplesInHelp: the help of every verb that people use has an example.
func TestExamplesInHelp(t *testing.T) {
	k, err := kong.New(&cli{}, kong.Name("constat"), kong.ExplicitGroups(headings()), kong.Vars{"languages": locale.Codes(), "language": "", "languageHelp": languageHelp})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, leaf := range k.Model.Leaves(true) {
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
