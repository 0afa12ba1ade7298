package report

import (
	"fmt"
	"html"
	"html/template"
	"io"
	"regexp"

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
			l := statementLineOf(p, c, x, i+1, nil)
			wrap(b, p.t("sum.statement", "sign", standSigns[x.Beside.Standing], "said", l.Said, "who", l.Who, "what", clip(gist(x), 160), "stand", l.Stand, "why", l.Why), "  ", "    ")
		}
	}
	for _, h := range misfits(p, k) {
		wrap(b, plain(h), "- ", "  ")
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
		if t := newTrace(p, &k.Traces[i]); t != nil {
			fmt.Fprintln(b)
			para(t.Caption)
			for _, y := range t.By {
				wrap(b, p.t("sum.country", "country", y.Country, "n", y.Addresses, "operators", y.Operators), "  ", "    ")
			}
			para(t.Caution)
		}
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

var tag = regexp.MustCompile("<[^>]*>")

// plain is a message in HTML as plain text.
func plain(h template.HTML) string { return html.UnescapeString(tag.ReplaceAllString(string(h), "")) }
