package worded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

var other = map[string]string{
	"no file":                 "kein File",
	"%s: %w":                  "must not be looked up twice: %v",
	"case %s has %d files":    "%[2]d files a %[1]s",
	"case %s: %w":             "Akte %s: %w",
	"%w; try %s":              "nimm %[2]s; %[1]w",
	"and %d more":             "und %d weitere",
	"not read: %s%s":          "ungelesen: %s %s",
	"open %s: %w":             "öffne %s: %w",
	"file does not exist":     "gibt es nicht",
	"unknown flag %s":         "Flag %s unbekannt",
	"%s, did you mean %s?":    "%s, etwa %s?",
	"context deadline passed": "x",
}

var tongue = &Tongue{Of: func(s string) (string, bool) { t, ok := other[s]; return t, ok && s != "%s: %w" },
	Foreign: []string{"%s, did you mean %s?", "unknown flag %s", "unknown verb %s"}}

func TestSay(t *testing.T) {
	leaf := errors.New("no file")
	for _, c := range []struct {
		err  any
		want string
	}{
		{leaf, "kein File"},
		{fmt.Errorf("x: %w", leaf), "x: kein File"},
		{fmt.Errorf("no file x: %w; no file y", leaf), "no file x: no file; kein File y"}, // the last place is the best guess there is
		{Errorf("case %s has %d files", "a", 2), "2 files a a"},
		{Errorf("case %s: %w", "a", leaf), "Akte a: kein File"},
		{Errorf("untranslated %s: %w", "a", leaf), "untranslated a: kein File"},
		{Errorf("untranslated %s: %v", "a", leaf), "untranslated a: kein File"},
		{fmt.Errorf("k: %w", Errorf("case %s: %w", "a", fmt.Errorf("l: %w", leaf))), "k: Akte a: l: kein File"},
		{Errorf("%w; try %s", leaf, "100%"), "nimm 100%; kein File"},
		{Errorf("not read: %s%s", "a", Phrasef("and %d more", 3)), "ungelesen: a und 3 weitere"},
		{errors.Join(leaf, Errorf("case %s: %w", "a", leaf)), "kein File\nAkte a: kein File"},
		{&fs.PathError{Op: "open", Path: "a", Err: fs.ErrNotExist}, "öffne a: gibt es nicht"},
		{&fs.PathError{Op: "stat", Path: "a", Err: fs.ErrNotExist}, "stat a: gibt es nicht"},
		{errors.New("unknown flag --x, did you mean --y?"), "Flag --x unbekannt, etwa --y?"},
		{errors.New("unknown verb x"), "unknown verb x"},
		{context.DeadlineExceeded, "context deadline exceeded"},
		{Phrasef("and %d more", 3), "und 3 weitere"},
		{Phrasef("but %d", 3), "but 3"},
		{7, "7"},
	} {
		if got := tongue.Say(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
		was := fmt.Sprint(c.err)
		for _, none := range []*Tongue{nil, {}} {
			if got := none.Say(c.err); got != was {
				t.Errorf("in the language of the code %q is %q", was, got)
			}
		}
	}
}

// TestErrorfIsFmt: an error with words is what fmt makes of it, for whoever asks.
func TestErrorfIsFmt(t *testing.T) {
	leaf := errors.New("leaf")
	e, f := Errorf("a %d: %w", 1, leaf), fmt.Errorf("a %d: %w", 1, leaf)
	if e.Error() != f.Error() || !errors.Is(e, leaf) {
		t.Errorf("%v, %v", e, f)
	}
	var path *fs.PathError
	if !errors.As(Errorf("x: %w", fmt.Errorf("%w and %w", leaf, &fs.PathError{Op: "open", Path: "a", Err: leaf})), &path) {
		t.Error("what is wrapped is not found")
	}
	if s := Phrasef("and %d more", 3).String(); s != "and 3 more" {
		t.Error(s)
	}
}

// FuzzForeign: whatever the text, a message of a library comes back whole: as it is, or
// with each of its parts.
func FuzzForeign(f *testing.F) {
	f.Add("unknown flag --x, did you mean --y?")
	f.Add("a, did you mean b, did you mean c?")
	f.Fuzz(func(t *testing.T, s string) {
		got := tongue.Say(errors.New("unknown flag " + s))
		if s != "" && !strings.Contains(s, "did you mean") && !strings.HasPrefix(s, "unknown") && got != "Flag "+s+" unbekannt" {
			t.Errorf("%q: %q", s, got)
		}
	})
}
