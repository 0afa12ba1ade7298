package report

import (
	"io"

	"constat/judge/finding"
	"constat/judge/transit"
	"constat/report/document"
	"constat/report/html"
	"constat/report/plain"
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

func writeSummary(w io.Writer, f *finding.Findings, l Lang) error { return writeSummaryIn(w, f, l, 0) }

func writeSummaryIn(w io.Writer, f *finding.Findings, l Lang, columns int) error {
	s, err := Summary(f, l)
	return written(w, s, err, columns)
}

func writeCaseSummary(w io.Writer, f *finding.Findings, k *Case, l Lang) error {
	return writeCaseSummaryIn(w, f, k, l, 0)
}

func writeCaseSummaryIn(w io.Writer, f *finding.Findings, k *Case, l Lang, columns int) error {
	s, err := CaseSummary(f, k, l)
	return written(w, s, err, columns)
}

func writeChokepointsIn(w io.Writer, a *transit.Answer, l Lang, columns int, all bool) error {
	s, err := ChokepointsSummary(a, l, all)
	return written(w, s, err, columns)
}

func written(w io.Writer, s document.Summary, err error, columns int) error {
	if err != nil {
		return err
	}
	return plain.Write(w, s, columns)
}
