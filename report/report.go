// Package report makes documents of findings for people: the whole report, and the
// summary that a terminal shows and a person can quote, in every language that package
// locale has. Packages html, plain and export write them down.
//
// It promises the same values for the same findings and options (no clock, no
// map order, no generated names), no markup, and that every number in a document is in the
// findings or computed from them alone. Whatever it leaves out of a long list it counts.
//
// It measures nothing, decides nothing and reads no file: the words for an
// answer are chosen by [finding.Findings.Answer], never by the report. Why it is so, and
// how to add to it: docs/design/report.md.
package report

import "constat/internal/locale"

// Lang is the language of a report.
type Lang = locale.Lang

// Options is what a report says beyond the findings.
type Options struct {
	Lang     Lang
	CaseName string    // name of the case's folder, never its path
	Findings string    // SHA-256 of findings.json; empty if it is not known
	Others   []Other   // the same report in other languages
	Exhibits []Exhibit // what the case keeps, in the order of its manifest
	Atlas    bool      // the question was asked with registries' lists, which the findings depend on
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
