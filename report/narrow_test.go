package report

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/report/plain"
)

// TestNarrow: on a narrow terminal no line is wider than it, but for a word that is,
// and the words are those of the wide one.
func TestNarrow(t *testing.T) {
	for _, c := range cases {
		for _, l := range locale.All() {
			var wide bytes.Buffer
			if err := writeSummary(&wide, c.make(), l); err != nil {
				t.Fatal(err)
			}
			for _, columns := range []int{1, 20, 40, 60, 100} {
				var b bytes.Buffer
				if err := writeSummaryIn(&b, c.make(), l, columns); err != nil {
					t.Fatal(err)
				}
				if got, want := strings.Fields(b.String()), strings.Fields(wide.String()); strings.Join(got, " ") != strings.Join(want, " ") {
					t.Errorf("%s %s: %d columns have other words", c.name, l, columns)
				}
				most := min(max(columns, plain.Least), plain.Columns)
				for line := range strings.Lines(b.String()) {
					line = strings.TrimRight(line, "\n")
					// What does not break stands alone on its line.
					if n := utf8.RuneCountInString(line); n > most && columns >= 40 {
						t.Errorf("%s %s: a line of %d columns of %d: %q", c.name, l, n, most, line)
					}
				}
			}
		}
	}
}
