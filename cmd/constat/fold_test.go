package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	fold := func(kinds string) string {
		var b strings.Builder
		var f folder
		for i, k := range kinds {
			f.say(&b, string(k), fmt.Sprint(i), fmt.Sprintf("x: %d: %c", i, k))
		}
		f.end(&b, "x: ")
		return strings.TrimSuffix(strings.ReplaceAll(b.String(), "\n", "|"), "|")
	}
	for in, want := range map[string]string{
		"":         "",
		"aaa":      "x: 0: a|x: 1: a|x: 2: a",
		"aaaa":     "x: 0: a|x: 1: a|x: 2: a|x: 3: a",
		"aaaaa":    "x: 0: a|x: 1: a|x: 2: a|x: … and 2 more of the same, the last at 4: a",
		"aabaaaba": "x: 0: a|x: 1: a|x: 2: b|x: 3: a|x: 6: b|x: … and 3 more of the same, the last at 7: a",
	} {
		if got := fold(in); got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
	// What comes in too many kinds is neither lost nor kept.
	var b strings.Builder
	var f folder
	for i := range 3 * foldKinds {
		f.say(&b, fmt.Sprint(i), "", "line")
	}
	f.end(&b, "")
	if n := strings.Count(b.String(), "line\n"); n != 3*foldKinds || len(f.kinds) != 0 {
		t.Errorf("%d lines, %d kinds kept", n, len(f.kinds))
	}
}
