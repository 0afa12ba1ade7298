package report

import (
	"constat/claims/conduct"
	"constat/judge/proof"
	"constat/report/document"
)

// Code is a code of conduct that the case was kept under.
type Code struct {
	Name    string
	Title   proof.Text
	Status  proof.Text
	Entry   int64
	Demands []conduct.Demand
}

// Document is a part of the case that a code demands and somebody wrote. It is
// printed in full.
type Document struct {
	Section string // one of conduct's
	Name    string
	Entry   int64
	Text    string
}

// codesSection is what each code of conduct demands of the case, and the documents that
// they demand.
func codesSection(p *printer, k *Case) []document.Block {
	if len(k.Codes) == 0 {
		return nil
	}
	out := []document.Block{document.Para{Text: p.h("codes.text")}}
	for i := range k.Codes {
		c := &k.Codes[i]
		out = append(out, document.Heading{Text: clip(c.Title.In(p.lang), 200)})
		if s := clip(c.Status.In(p.lang), 400); s != "" {
			out = append(out, document.Para{Text: document.Plain(s), Style: document.Aside})
		}
		for _, d := range conduct.Cautions(c.Demands) {
			out = append(out, document.Para{Text: document.Text{{Text: clip(d.Text.In(p.lang), 600), Strong: true}}, Style: document.Prose})
		}
		if t := codeTable(p, c); len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	for _, d := range k.Documents {
		out = append(out, quoted(p, document.Quotation{Title: capital(p.section(d.Section)), Note: p.t("codes.document", "name", clip(d.Name, 120), "entry", p.n(d.Entry))}, d.Text))
	}
	return out
}

func codeTable(p *printer, c *Code) document.Table {
	t := document.Table{Name: "codes", Caption: document.Plain(p.t("codes.caption")), Columns: document.Columns(p.t("col.rule"), p.t("col.demanded"), p.t("col.met"))}
	for _, d := range c.Demands {
		if d.Kind == conduct.KindCaution {
			continue
		}
		what, met := p.t("codes.section", "what", p.section(d.What)), p.t("codes.met")
		if d.Kind == conduct.KindNotice {
			what = p.t("codes.notice", "what", clip(d.What, 40))
		}
		if !d.Met {
			met = p.t("codes.missing")
		}
		cells := document.Cells(clip(d.Rule, 40), what, met)
		cells[0].Note, cells[1].Note = clip(d.Source, 160), clip(d.Text.In(p.lang), 400)
		cells[2].Text[0].Bold = !d.Met
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	return t
}

// section names a part of a case that a code can demand.
func (p *printer) section(name string) string {
	if p.has("codes.part." + name) {
		return p.t("codes.part." + name)
	}
	return clip(name, 60)
}
