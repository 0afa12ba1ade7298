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

import "constat/internal/locale"

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
