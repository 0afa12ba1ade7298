// Package report words findings for people: a terminal summary that can be
// quoted, and one self-contained HTML page, in every language that package locale
// has.
//
// It promises the same bytes for the same findings and options (no clock, no
// map order, no generated names), a page that needs no script and makes no
// request, and that every number it prints is in the findings or computed from
// them alone. Whatever it leaves out of a long list it counts.
//
// It measures nothing, decides nothing and reads no file: the words for an
// answer are chosen by [finding.Findings.Answer], never by the report.
package report

import (
	"fmt"
	"io"

	"constat/internal/locale"
	"constat/judge/finding"
)

// Lang is the language of a report.
type Lang = locale.Lang

// Options is what a page says beyond the findings.
type Options struct {
	Lang     Lang
	CaseName string    // name of the case's folder, never its path
	Findings string    // SHA-256 of findings.json; empty if it is not known
	Others   []Other   // the same report in other languages
	Exhibits []Exhibit // what the case keeps, in the order of its manifest
	Case     *Case     // what the case adds to this examination; nil outside one
}

// Other is the same report in another language.
type Other struct {
	Lang Lang
	File string // its name, in the same folder
}

// Exhibit is one file of the case.
type Exhibit struct {
	Name    string
	Records int64 // negative: it has no records (findings.json, watch.json)
	SHA256  string
}

// Summary writes the answer as plain text of at most 80 columns, in the words
// a person can quote.
func Summary(w io.Writer, f *finding.Findings, lang Lang) error {
	return SummaryIn(w, f, lang, columnsWide)
}

// SummaryIn is [Summary] for a terminal that has fewer columns; 0 stands for 80.
func SummaryIn(w io.Writer, f *finding.Findings, lang Lang, columns int) error {
	p, err := newPrinter(lang, f)
	if err != nil {
		return err
	}
	b := newScreen(columns)
	summarise(b, p, gather(f))
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("report: summary: %w", err)
	}
	return nil
}

// VerdictIn writes only what a [Summary] says of the verdict: whose it is, and how far
// the evidence goes for each proposition; without propositions, the answer.
func VerdictIn(w io.Writer, f *finding.Findings, lang Lang, columns int) error {
	p, err := newPrinter(lang, f)
	if err != nil {
		return err
	}
	b, c := newScreen(columns), gather(f)
	heading(b, p.title(c))
	if len(verdicts(p, c)) > 0 {
		summariseVerdict(b, p, c)
	} else {
		top, _ := lead(p, c)
		for _, s := range top {
			fmt.Fprintln(b)
			wrap(b, p.text(s), "", "")
		}
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("report: verdict: %w", err)
	}
	return nil
}
