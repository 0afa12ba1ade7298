package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestNarrow: broken examples fit, and are the same commands for a shell.
func TestNarrow(t *testing.T) {
	const text = "Usage: constat <command>\n\n" +
		"    constat demo                                    a night in the box, its report in constat-demo/report.html\n" +
		"    constat examine AS22047 --from 2010-02-27T16:00 --for 15m --source ris:rrc15\n" +
		"    constat case open kp --question \"Who could have cut it off?\" --key keys/examiner.example.key\n" +
		"    constat pack kp -o kp.tar.zst\n\nconstat VERB --help has examples of each verb, and this line is left as it is.\n"
	if got := narrow(text, 200); got != text {
		t.Errorf("with room: %s", got)
	}
	want := "Usage: constat <command>\n\n" +
		"    # a night in the box, its report in\n    # constat-demo/report.html\n    constat demo\n" +
		"    constat examine AS22047 \\\n      --from 2010-02-27T16:00 \\\n      --for 15m --source ris:rrc15\n" +
		"    constat case open kp \\\n      --question \"Who could have cut it off?\" \\\n      --key keys/examiner.example.key\n" +
		"    constat pack kp -o kp.tar.zst\n\nconstat VERB --help has examples of each verb, and this line is left as it is.\n"
	if got := narrow(text, 40); got != want {
		t.Errorf("40 columns:\n%s", got)
	}
	for columns := 1; columns < 120; columns++ {
		got := narrow(text, columns)
		for l := range strings.SplitSeq(got, "\n") {
			if n := utf8.RuneCountInString(l); columns >= 50 && strings.HasPrefix(l, "    ") && n > columns {
				t.Errorf("%d columns: %d of %q", columns, n, l)
			}
		}
		words := func(s string) string {
			return strings.Join(strings.Fields(strings.ReplaceAll(s, "\\\n", " ")), " ")
		}
		if !strings.Contains(words(got), words("constat case open kp --question \"Who could have cut it off?\" --key keys/examiner.example.key")) {
			t.Errorf("%d columns: %s", columns, got)
		}
	}
}
