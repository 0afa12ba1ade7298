package report

import (
	"constat/claims/conduct"
	"constat/judge/proof"
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

type codesPart struct {
	Codes     []codePart
	Documents []replyBox
}

type codePart struct {
	Number        int
	Title, Status string
	Cautions      []string
	Rows          []demandLine
}

type demandLine struct {
	Rule, Source string
	What, Text   string
	Met          string
	Not          bool
}

func newCodes(p *printer, k *Case) *codesPart {
	if len(k.Codes) == 0 {
		return nil
	}
	g := &codesPart{}
	for i := range k.Codes {
		c := &k.Codes[i]
		x := codePart{Number: i + 1, Title: clip(c.Title.In(p.lang), 200), Status: clip(c.Status.In(p.lang), 400)}
		for _, d := range conduct.Cautions(c.Demands) {
			x.Cautions = append(x.Cautions, clip(d.Text.In(p.lang), 600))
		}
		for _, d := range c.Demands {
			if d.Kind == conduct.KindCaution {
				continue
			}
			l := demandLine{Rule: clip(d.Rule, 40), Source: clip(d.Source, 160), Text: clip(d.Text.In(p.lang), 400), Met: p.t("codes.met"), Not: !d.Met}
			l.What = p.t("codes.section", "what", p.section(d.What))
			if d.Kind == conduct.KindNotice {
				l.What = p.t("codes.notice", "what", clip(d.What, 40))
			}
			if !d.Met {
				l.Met = p.t("codes.missing")
			}
			x.Rows = append(x.Rows, l)
		}
		g.Codes = append(g.Codes, x)
	}
	for _, d := range k.Documents {
		b := replyBox{Title: capital(p.section(d.Section)), Note: p.t("codes.document", "name", clip(d.Name, 120), "entry", p.n(d.Entry)), Text: safeLines(d.Text, replyShown)}
		if b.Text == "" {
			b.More = p.t("reply.notext")
		} else if len(d.Text) > replyShown {
			b.More = p.t("reply.cut")
		}
		g.Documents = append(g.Documents, b)
	}
	return g
}

// section names a part of a case that a code can demand.
func (p *printer) section(name string) string {
	if p.has("codes.part." + name) {
		return p.t("codes.part." + name)
	}
	return clip(name, 60)
}
