// Package report words findings for people: a terminal summary that can be
// quoted, and one self-contained HTML page, in English and French.
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
	"bytes"
	"fmt"
	"io"
	"strings"

	"constat/judge/finding"
)

// Lang is the language of a report.
type Lang string

// The languages there are.
const (
	English Lang = "en"
	French  Lang = "fr"
)

// ParseLang reads a language as people type it ("en", "fr", "fr_FR.UTF-8").
func ParseLang(s string) (Lang, error) {
	if len(s) >= 2 {
		l := Lang(s[:2])
		if _, ok := tables[l]; ok && (len(s) == 2 || s[2] == '-' || s[2] == '_') {
			return l, nil
		}
	}
	return "", fmt.Errorf("language %q: not one of en, fr", s)
}

// Options is what a page says beyond the findings.
type Options struct {
	Lang     Lang
	CaseName string    // name of the case's folder, never its path
	Other    string    // file name of the same report in the other language; "" if there is none
	Exhibits []Exhibit // what the case keeps, in the order of its manifest
	Case     *Case     // what the case adds to this examination; nil outside one
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
	p, err := newPrinter(lang, f)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	summarise(&b, p, gather(f))
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("report: summary: %w", err)
	}
	return nil
}

// HTML writes the page.
func HTML(w io.Writer, f *finding.Findings, o Options) error {
	p, err := newPrinter(o.Lang, f)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, newPage(p, gather(f), o)); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	if _, err := io.WriteString(w, compact.Replace(b.String())); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	return nil
}

// compact leaves out the end tags and the quotes that HTML lets one leave out;
// in a page of tables they are a tenth of all bytes. Text holds no "<" and no
// quote that is not written as an entity.
var compact = strings.NewReplacer("</td>", "", "</th>", "", "</tr>", "", "</li>", "",
	` role="row"`, " role=row", ` role="cell"`, " role=cell", ` role="rowheader"`, " role=rowheader", ` role="columnheader"`, " role=columnheader",
	` scope="row"`, " scope=row", ` scope="col"`, " scope=col", ` class="n"`, " class=n")
