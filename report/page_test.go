package report

import (
	"io"

	"constat/judge/finding"
	"constat/judge/transit"
	"constat/report/html"
)

// HTML writes the page of findings.
func HTML(w io.Writer, f *finding.Findings, o Options) error {
	d, err := New(f, o)
	if err != nil {
		return err
	}
	return html.Write(w, d)
}

// ChokepointsHTML writes the page of a subject of an answer.
func ChokepointsHTML(w io.Writer, a *transit.Answer, subject int, index string, lang Lang) error {
	d, err := Chokepoints(a, subject, lang)
	if err != nil {
		return err
	}
	return html.WriteSurvey(w, d, index)
}

// chokepointsIndex writes the page of all countries.
func chokepointsIndex(w io.Writer, a *transit.Answer, lang Lang) error {
	d, err := ChokepointsIndex(a, lang)
	if err != nil {
		return err
	}
	return html.WriteSurvey(w, d, "")
}
