package report

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"constat/claims/evidence"
	"constat/judge/proof"
)

// Evidence is what people rated, weighed under the standard of the case.
type Evidence struct {
	Entries  []int64 // of the log, that its files are in
	Weighing *evidence.Weighing
	Standard proof.Standard
}

// evidenceRows is how many items a matrix shows.
const evidenceRows = 60

// evidencePart is one weighing: its matrix, and what proof says of it in its
// own words.
type evidencePart struct {
	Question string
	Caption  string
	Letters  []matrixHead
	Rows     []matrixRow
	More     string
	Blocks   []evidenceBlock
}

type matrixHead struct{ Letter, Text string }

type matrixRow struct {
	Item, Source, Grade string
	Rater               string
	Of                  []string
}

type evidenceBlock struct {
	Title string
	Lines []string
}

// newEvidence takes the sentences of a weighing from package evidence, so that a case
// says the same on the terminal and on the page; only the matrix is laid out
// anew.
func newEvidence(p *printer, e *Evidence) *evidencePart {
	w := e.Weighing
	if w == nil || len(w.Hypotheses) == 0 {
		return nil
	}
	n := int64(len(w.Items))
	g := &evidencePart{Question: clip(w.Question, 400), Caption: p.tn("evidence.caption", n, "n", p.n(n), "standard", clip(w.Standard, 40))}
	for _, h := range w.Hypotheses {
		g.Letters = append(g.Letters, matrixHead{h.Letter, clip(h.Text, 200)})
	}
	for i, x := range w.Items {
		if i == evidenceRows {
			g.More = p.count("statements.more", n-evidenceRows)
			break
		}
		for j, r := range x.Ratings {
			row := matrixRow{Rater: clip(w.Raters[r.Rater].By, 60)}
			if j == 0 {
				row.Item, row.Source, row.Grade = clip(x.Text, 300), clip(x.Source, 80), x.Grade.String()
			} else {
				row.Item = p.t("evidence.same")
			}
			for _, v := range r.Of {
				row.Of = append(row.Of, string(v))
			}
			g.Rows = append(g.Rows, row)
		}
	}
	var b bytes.Buffer
	if w.Text(&b, e.Standard, p.lang) != nil {
		return g
	}
	// Blocks of lines, each under its title; the first is the question. Of the
	// matrix, which ends in its legend, only that is taken.
	for i, block := range strings.Split(strings.TrimSpace(b.String()), "\n\n") {
		title, rest, _ := strings.Cut(block, "\n")
		if i == 0 {
			continue
		}
		x := evidenceBlock{Title: clip(title, 200)}
		if rest == "" { // the last: whose conclusion it is
			x, rest = evidenceBlock{}, title
		}
		lines := strings.Split(rest, "\n")
		if matrix := strings.HasPrefix(rest, "  "+p.t("weigh.col.item")+" "); matrix {
			lines = lines[len(lines)-1:]
		}
		for _, l := range lines {
			if l = strings.TrimPrefix(clip(l, utf8.RuneCountInString(l)+1), "- "); l != "" {
				x.Lines = append(x.Lines, l)
			}
		}
		g.Blocks = append(g.Blocks, x)
	}
	return g
}
