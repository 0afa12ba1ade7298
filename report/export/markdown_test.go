package export

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"constat/report"
	"constat/report/plain"
)

// cellBars are the bars that divide a row of a table.
func cellBars(row string) int {
	n := 0
	for i := 0; i < len(row); i++ {
		switch row[i] {
		case '\\':
			i++
		case '|':
			n++
		}
	}
	return n
}

// outsideCode leaves out what stands between runs of as many backticks.
func outsideCode(md string) string {
	var out strings.Builder
	for i := 0; i < len(md); {
		n := len(md[i:]) - len(strings.TrimLeft(md[i:], "`"))
		switch {
		case md[i] == '\\' && i+1 < len(md):
			out.WriteString(md[i : i+2])
			i += 2
			continue
		case n == 0:
			out.WriteByte(md[i])
			i++
			continue
		}
		i += n
		for i < len(md) {
			end := len(md[i:]) - len(strings.TrimLeft(md[i:], "`"))
			i += max(end, 1)
			if end == n {
				break
			}
		}
	}
	return out.String()
}

// tablesAreWhole says whether every row of every table has its header's cells.
func tablesAreWhole(md string) error {
	want, fence := 0, ""
	for i, l := range strings.Split(md, "\n") {
		if fence != "" || strings.HasPrefix(l, "```") {
			switch {
			case fence == "":
				fence = strings.TrimSuffix(l, "sh")
			case l == fence:
				fence = ""
			}
			continue
		}
		switch {
		case !strings.HasPrefix(l, "| "):
			want = 0
		case want == 0:
			want = cellBars(l)
		case cellBars(l) != want:
			return fmt.Errorf("line %d has %d bars, its table %d: %s", i+1, cellBars(l), want, l)
		}
	}
	if fence != "" {
		return fmt.Errorf("a block of commands is not closed")
	}
	return nil
}

// TestMarkdownHoldsWords: what others said stays words – no tag, link, mention,
// table cell or heading comes of it.
func TestMarkdownHoldsWords(t *testing.T) {
	m := &markdown{}
	for in, want := range map[string]string{
		"<script>alert(1)</script>": `\<script\>alert(1)\</script\>`,
		"[a](http://x.example)":     `\[a\](http\://x.example)`,
		"a | b":                     `a \| b`,
		"# head":                    `\# head`,
		"see #12 and @all":          `see &#35;12 and &#64;all`,
		"- item":                    `\- item`,
		"1. item":                   `1\. item`,
		"175.45.176.0/24":           `175.45.176.0/24`,
		"a - b":                     `a - b`,
		"two\nlines\u2028more":      `two lines more`,
		"&lt;b&gt;":                 `\&lt;b\&gt;`,
		"www.example.org":           `www\.example.org`,
		"**bold** _x_ `y` ~~z~~":    "\\*\\*bold\\*\\* \\_x\\_ \\`y\\` \\~\\~z\\~\\~",
		"left\u202eright":           "leftright",
		"\\":                        `\\`,
	} {
		if got := m.escape(in); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"a": "`a`", "a`b": "``a`b``", "`": "`` ` ``"} {
		if got := codeSpan(in); got != want {
			t.Errorf("code %q is written %q, want %q", in, got, want)
		}
	}
	m.commands([]string{"echo ```\n# x"})
	if got := m.b.String(); got != "````sh\necho ``` # x\n````\n\n" {
		t.Errorf("commands %q", got)
	}
}

// TestMarkdownSaysTheSame: every number of the summary is in the Markdown, in
// both languages, and so are the digests of what was read.
func TestMarkdownSaysTheSame(t *testing.T) {
	number := regexp.MustCompile(`[0-9][0-9:.,\x{202f}]*[0-9]|[0-9]`)
	for _, l := range languages {
		c := madeCase(t, night(t))
		md, err := Markdown(c, Options{Lang: l})
		if err != nil {
			t.Fatal(err)
		}
		if err := tablesAreWhole(string(md)); err != nil {
			t.Error(err)
		}
		var sum bytes.Buffer
		short, err := report.Summary(c.Examinations[0].Findings, l)
		if err != nil {
			t.Fatal(err)
		}
		if err := plain.Write(&sum, short, 0); err != nil {
			t.Fatal(err)
		}
		// The summary writes ordinary spaces where others write such that do not break.
		flat := func(s string) string { return strings.NewReplacer("\u202f", "", "\u00a0", " ").Replace(s) }
		text := flat(string(md))
		numbers := number.FindAllString(flat(sum.String()), -1)
		if len(numbers) < 10 {
			t.Fatalf("only %d numbers in the summary:\n%s", len(numbers), sum.String())
		}
		for _, n := range numbers {
			if strings.HasPrefix(madeSHA, n) || l == "fr" && len(n) > 3 {
				continue // the summary cuts digests, and groups French digits by blanks
			}
			if !strings.Contains(text, n) {
				t.Errorf("%s: the summary's %s is not in the Markdown", l, n)
			}
		}
		for _, want := range []string{madeSHA, "constat verify night", "constat examine --again night/acts/00002-examined/kp", "`ministry-denial`", "examiner.example"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", l, want)
			}
		}
	}
}
