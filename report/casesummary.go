package report

import (
	"constat/judge/finding"
	"constat/report/document"
)

// CaseSummary words what a case adds to a [Summary]: where each
// statement stands, the replies of the parties, where facilities stood, and
// the log.
func CaseSummary(f *finding.Findings, k *Case, lang Lang) (document.Summary, error) {
	p, err := newPrinter(lang, f)
	if err != nil {
		return nil, err
	}
	b, c := &brief{}, gather(f)
	b.part()
	if n := int64(len(k.Statements)); n > 0 {
		b.words(p.tn("sum.statements", n, "n", p.n(n), "counts", standCounts(p, k)))
		for i := range k.Statements {
			if i == summaryStatements && len(k.Statements) > summaryStatements+1 {
				b.whole(p.count("statements.more", n-int64(i)))
				break
			}
			x := &k.Statements[i]
			l := statementLineOf(p, c, x, i+1)
			b.item(p.t("sum.statement", "sign", standSigns[x.Beside.Standing], "said", l.Said, "who", l.Who, "what", clip(gist(x), 160), "stand", l.Stand, "why", l.Why))
		}
	}
	for _, t := range misfits(p, k) {
		b.add(document.Line{Text: t, Bullet: true})
	}
	for i := range k.Replies {
		r := &k.Replies[i]
		key := "sum.reply"
		if r.Dissent {
			key = "sum.dissent"
		}
		b.bullet(p.t(key, "party", clip(r.Party, 80), "entry", p.n(r.Entry)))
	}
	for i := range k.Traces {
		t := &k.Traces[i]
		if !t.shown() {
			continue
		}
		b.para(traceAddresses(p, t).Caption)
		for _, r := range traceCountries(p, t).Rows {
			b.item(p.t("sum.country", "country", r.Cells[0].Text, "n", r.Cells[1].Text, "operators", r.Cells[2].Text))
		}
		b.words(t.Caution.In(p.lang))
	}
	if k.Log != nil {
		b.part()
		b.words(p.tn("sum.log", k.Log.Size, "n", p.n(k.Log.Size), "origin", k.Log.Origin, "root", k.Log.Root))
	}
	return b.Summary, nil
}

// summaryStatements is how many statements the summary lists.
const summaryStatements = 24
