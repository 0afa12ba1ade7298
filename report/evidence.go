package report

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"constat/claims/evidence"
	"constat/judge/proof"
	"constat/report/document"
)

// Evidence is what people rated, weighed under the standard of the case.
type Evidence struct {
	Entries  []int64 // of the log, that its files are in
	Weighing *evidence.Weighing
	Standard proof.Standard
}

// evidenceRows is how many items a matrix shows.
const evidenceRows = 60

// evidenceSection is what was rated. It takes the sentences of a weighing from package
// evidence, so that a case says the same on the terminal and on the page; only the matrix
// is laid out anew.
func evidenceSection(p *printer, k *Case) []document.Block {
	var out []document.Block
	n := 0
	for i := range k.Evidence {
		e := &k.Evidence[i]
		if e.Weighing == nil || len(e.Weighing.Hypotheses) == 0 {
			continue
		}
		t := matrix(p, e.Weighing)
		t.Numbered, t.Anchor = n == 0, "ev"+strconv.Itoa(n)
		n++
		question := document.Text{{Text: clip(e.Weighing.Question, 400), Strong: true}}
		out = append(out, document.Para{Text: document.Sentences(p.h("evidence.text"), question)}, t)
		if left := int64(len(e.Weighing.Items)) - evidenceRows; left > 0 {
			out = append(out, document.Para{Text: document.Plain(p.count("statements.more", left)), Style: document.Aside})
		}
		out = append(out, weighingWords(p, e)...)
	}
	return out
}

// matrix is the ratings of each item by each rater.
func matrix(p *printer, w *evidence.Weighing) document.Table {
	n := int64(len(w.Items))
	t := document.Table{Name: "evidence", Dense: true, Caption: document.Plain(p.tn("evidence.caption", n, "n", p.n(n), "standard", clip(w.Standard, 40))),
		Columns: document.Columns(p.t("col.item"), p.t("col.rater"))}
	for _, h := range w.Hypotheses {
		t.Columns = append(t.Columns, document.Column{Head: h.Letter, Means: clip(h.Text, 200)})
	}
	t.Columns = append(t.Columns, document.Column{Head: p.t("col.grade")})
	for _, x := range w.Items[:min(len(w.Items), evidenceRows)] {
		for j, r := range x.Ratings {
			item, source, grade := p.t("evidence.same"), "", ""
			if j == 0 {
				item, source, grade = clip(x.Text, 300), clip(x.Source, 80), x.Grade.String()
			}
			row := []string{item, clip(w.Raters[r.Rater].By, 60)}
			for _, v := range r.Of {
				row = append(row, string(v))
			}
			cells := document.Cells(append(row, grade)...)
			cells[0].Note = source
			t.Rows = append(t.Rows, document.Row{Cells: cells})
		}
	}
	return t
}

// weighingWords are the sentences of a weighing: blocks of lines, each under its title;
// the first is the question. Of the matrix, which ends in its legend, only that is taken.
func weighingWords(p *printer, e *Evidence) []document.Block {
	var b bytes.Buffer
	if e.Weighing.Text(&b, e.Standard, p.lang) != nil {
		return nil
	}
	var out []document.Block
	for i, block := range strings.Split(strings.TrimSpace(b.String()), "\n\n") {
		title, rest, _ := strings.Cut(block, "\n")
		if i == 0 {
			continue
		}
		l := document.List{Heading: clip(title, 200), Reasons: true}
		if rest == "" { // the last: whose conclusion it is
			l.Heading, rest = "", title
		}
		lines := strings.Split(rest, "\n")
		if strings.HasPrefix(rest, "  "+p.t("weigh.col.item")+" ") {
			lines = lines[len(lines)-1:]
		}
		for _, s := range lines {
			if s = strings.TrimPrefix(clip(s, utf8.RuneCountInString(s)+1), "- "); s != "" {
				l.Items = append(l.Items, document.Plain(s))
			}
		}
		out = append(out, l)
	}
	return out
}
