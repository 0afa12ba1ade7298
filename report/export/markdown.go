package export

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"constat/internal/locale"
	"constat/report/document"
)

// Markdown writes a case as GitHub-flavoured Markdown: the report without its
// figures, the statements, and how to check it all.
func Markdown(c *Case, o Options) ([]byte, error) {
	m := &markdown{v: voiceOf(o.Lang)}
	outlines, err := c.outlines(o.Lang, c.reviews())
	if err != nil {
		return nil, err
	}
	title := c.Title
	if title == "" && len(outlines) > 0 {
		title = outlines[0].Title
	}
	m.heading(1, cmp.Or(title, c.Name, "Constat"))
	m.head(c, o)
	if c.Unchecked {
		m.line("> **" + m.escape(m.v.say("unchecked")) + "**")
	}
	for i := range c.Examinations {
		if older := c.Examinations[i].Older; older != "" {
			m.line("> **" + m.escape(locale.Stop(older)) + "**")
		}
	}
	for i, x := range outlines {
		if x.Band.String() != "" {
			m.line("> " + m.text(x.Band))
		}
		if len(outlines) > 1 || c.Title != "" {
			m.heading(2, x.Title)
		}
		m.para(m.text(x.Asked))
		for j := range x.Sections {
			m.section(&x.Sections[j])
			if x.Sections[j].ID == "statements" && i == 0 {
				m.documents(c)
			}
		}
	}
	if c.Log != "" {
		m.heading(2, m.v.say("verify"))
		m.para(m.escape(m.v.say("verify.text")))
		m.commands([]string{"constat verify " + shellWord(c.Name)})
	}
	m.line("---")
	for _, x := range outlines[:min(1, len(outlines))] {
		m.para(m.escape(strings.Join(x.Foot, " ")))
	}
	m.para(m.escape(m.v.say("figures")))
	return append(bytes.TrimRight(m.b.Bytes(), "\n"), '\n'), nil
}

// markdown writes blocks, each followed by an empty line.
type markdown struct {
	v       voice
	b       bytes.Buffer
	inTable bool
}

// head says of a case with a log what it was opened with.
func (m *markdown) head(c *Case, o Options) {
	var items []string
	item := func(label, value string) {
		if value != "" {
			items = append(items, "**"+m.escape(label)+"**"+m.v.colon("", m.escape(value)))
		}
	}
	item(m.v.say("question"), c.Question)
	if c.Log != "" {
		item(m.v.say("standard"), c.Standard.Name+", sha256:"+c.Standard.SHA256)
		item(m.v.say("examiner"), c.Examiner)
		item(m.v.say("log"), fmt.Sprintf("%s, %d %s", c.Log, c.Entries, m.v.say("entries")))
		item(capital(m.v.say("published on")), stamp(c.Published))
	}
	if o.URL != "" {
		items = append(items, "<"+o.URL+">")
	}
	m.list(items)
}

func (m *markdown) line(s string) { m.b.WriteString(s + "\n\n") }

func (m *markdown) para(s string) {
	if strings.TrimSpace(s) != "" {
		m.line(s)
	}
}

func (m *markdown) heading(level int, s string) {
	m.line(strings.Repeat("#", level) + " " + m.escape(s))
}

func (m *markdown) list(items []string) {
	if len(items) == 0 {
		return
	}
	for _, s := range items {
		m.b.WriteString("- " + s + "\n")
	}
	m.b.WriteByte('\n')
}

func (m *markdown) commands(lines []string) {
	if len(lines) == 0 {
		return
	}
	var text []string
	for _, l := range lines {
		text = append(text, oneLine(l))
	}
	all := strings.Join(text, "\n")
	// A fence longer than any run of backticks in it cannot be closed from inside.
	fence := strings.Repeat("`", max(3, longestRun(all, '`')+1))
	m.line(fence + "sh\n" + all + "\n" + fence)
}

func (m *markdown) section(s *document.Flat) {
	m.heading(2, s.Heading)
	for _, b := range s.Blocks {
		switch {
		case b.Heading != "":
			m.heading(3, b.Heading)
		case b.Table != nil:
			m.table(b.Table)
		case len(b.Lines) > 0:
			m.commands(b.Lines)
		case len(b.List) > 0:
			var items []string
			for _, t := range b.List {
				items = append(items, m.text(t))
			}
			m.list(items)
		default:
			m.para(m.text(b.Para))
		}
	}
}

func (m *markdown) table(t *document.FlatTable) {
	m.para(m.text(t.Caption))
	m.inTable = true
	defer func() { m.inTable = false }()
	row := func(cells []string) { m.b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	var head, rule []string
	for _, h := range t.Head {
		head, rule = append(head, m.escape(h)), append(rule, "---")
	}
	row(head)
	row(rule)
	for _, r := range t.Rows {
		cells := make([]string, len(t.Head))
		for i := range cells {
			if i < len(r) {
				cells[i] = m.text(r[i])
			}
		}
		row(cells)
	}
	m.b.WriteByte('\n')
}

// documents are what the statements stand in, with their digests.
func (m *markdown) documents(c *Case) {
	var items []string
	for _, st := range c.Statements {
		if st.Document.Name != "" {
			items = append(items, m.text(document.Text{{Text: st.ID, Code: true}, {Text: m.v.colon(" "+m.v.say("document"), st.Document.Name) + " "}, {Text: "sha256:" + st.Document.SHA256, Code: true}}))
		}
	}
	m.list(items)
	m.para(m.escape(m.v.say("author")))
}

// text writes text with its marks. A mark that would touch a blank is none in
// Markdown, so blanks stand outside of it.
func (m *markdown) text(t document.Text) string {
	var b strings.Builder
	words := slices.Clone(t)
	for i := range words { // what words stand for, and where they lead, is no look
		words[i].Of, words[i].To = nil, ""
	}
	for _, s := range words.Joined() {
		stressed := s.Strong || s.Bold
		body := strings.TrimFunc(s.Text, unicode.IsSpace)
		if body == "" || !stressed && !s.Code {
			b.WriteString(m.escape(s.Text))
			continue
		}
		before, after, _ := strings.Cut(s.Text, body)
		mark := ""
		if stressed {
			mark = "**"
		}
		if s.Code && !(m.inTable && strings.Contains(body, "|")) { // a bar ends a cell even within code
			body = codeSpan(body)
		} else {
			body = m.escape(body)
		}
		b.WriteString(oneLine(before) + mark + body + mark + oneLine(after))
	}
	return b.String()
}

// escape writes text so that no mark-up language of a page reads anything into
// it: others' words are in it, and must stay words. All on one line.
func (m *markdown) escape(s string) string {
	s = oneLine(s)
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_[]<>|~&$", r):
			b.WriteByte('\\')
		case strings.ContainsRune("#+-=", r) && strings.TrimSpace(s[:i]) == "": // would begin a block
			b.WriteByte('\\')
		case (r == '.' || r == ')') && startsNumber(s[:i]) && (i+1 == len(s) || s[i+1] == ' '): // would begin a numbered list
			b.WriteByte('\\')
		case r == ':' && strings.HasPrefix(s[i:], "://"): // would become a link by itself
			b.WriteByte('\\')
		case r == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			b.WriteByte('\\')
		case r == '@' || r == '#': // trackers would call people, and link other issues
			b.WriteString("&#" + digits(uint32(r)) + ";")
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func startsNumber(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && len(s) < 10 && strings.Trim(s, "0123456789") == ""
}

// codeSpan writes text as code.
func codeSpan(s string) string {
	s = oneLine(s)
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// oneLine turns what ends a line, and what no page should hold, into a blank.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r >= 0x7f && r < 0xa0, r == '\u2028', r == '\u2029', r == unicode.ReplacementChar:
			return ' '
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // would turn the direction of writing
			return -1
		}
		return r
	}, s)
}

func longestRun(s string, of rune) int {
	most, n := 0, 0
	for _, r := range s {
		if r == of {
			n++
			most = max(most, n)
		} else {
			n = 0
		}
	}
	return most
}

// shellWord quotes a word for a POSIX shell where it needs it.
func shellWord(s string) string {
	plain := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:+,@%="
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
