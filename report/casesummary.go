package report

import (
	"fmt"
	"io"

	"constat/judge/finding"
)

// CaseSummary writes what a case adds to a [Summary] as plain text: where each
// statement stands, the replies of the parties, where facilities stood, and
// the log.
func CaseSummary(w io.Writer, f *finding.Findings, k *Case, lang Lang) error {
	return CaseSummaryIn(w, f, k, lang, columnsWide)
}

// CaseSummaryIn is [CaseSummary] for a terminal that has fewer columns; 0 stands for
// 80.
func CaseSummaryIn(w io.Writer, f *finding.Findings, k *Case, lang Lang, columns int) error {
	p, err := newPrinter(lang, f)
	if err != nil {
		return err
	}
	b := newScreen(columns)
	c := gather(f)
	para := func(s string) { wrap(b, s, "", "") }
	if n := int64(len(k.Statements)); n > 0 {
		para(p.tn("sum.statements", n, "n", p.n(n), "counts", standCounts(p, k)))
		for i := range k.Statements {
			if i == summaryStatements && len(k.Statements) > summaryStatements+1 {
				fmt.Fprintln(b, "  "+p.count("statements.more", n-int64(i)))
				break
			}
			x := &k.Statements[i]
			l := statementLineOf(p, c, x, i+1)
			wrap(b, p.t("sum.statement", "sign", standSigns[x.Beside.Standing], "said", l.Said, "who", l.Who, "what", clip(gist(x), 160), "stand", l.Stand, "why", l.Why), "  ", "    ")
		}
	}
	for _, h := range misfits(p, k) {
		wrap(b, h.String(), "- ", "  ")
	}
	for i := range k.Replies {
		r := &k.Replies[i]
		key := "sum.reply"
		if r.Dissent {
			key = "sum.dissent"
		}
		wrap(b, p.t(key, "party", clip(r.Party, 80), "entry", p.n(r.Entry)), "- ", "  ")
	}
	for i := range k.Traces {
		t := &k.Traces[i]
		if !t.shown() {
			continue
		}
		fmt.Fprintln(b)
		para(traceAddresses(p, t).Caption.String())
		for _, r := range traceCountries(p, t).Rows {
			wrap(b, p.t("sum.country", "country", r.Cells[0].Text, "n", r.Cells[1].Text, "operators", r.Cells[2].Text), "  ", "    ")
		}
		para(t.Caution.In(p.lang))
	}
	if k.Log != nil {
		fmt.Fprintln(b)
		para(p.tn("sum.log", k.Log.Size, "n", p.n(k.Log.Size), "origin", k.Log.Origin, "root", k.Log.Root))
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("report: summary of the case: %w", err)
	}
	return nil
}

// summaryStatements is how many statements the summary lists.
const summaryStatements = 24
