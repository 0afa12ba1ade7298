// Package page makes the report of one examination: the findings in its folder, as
// a page for people.
//
// It promises that the page is a function of the findings, the manifest, the name
// of the folder and the language. It computes no findings (examine does) and words
// nothing (report does); the report of a case as a whole is made by conclude.
package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"

	"constat/cases/caselog"
	"constat/internal/durable"
	"constat/judge/finding"
	"constat/report"
	"constat/report/html"
)

// Name is the page's name in the folder of the examination.
const Name = "report.html"

// Render gives the page. dir is where the examination lies, name what its folder
// is called.
func Render(dir, name string, f *finding.Findings, lang report.Lang) ([]byte, error) {
	xs, err := Exhibits(dir)
	if err != nil {
		return nil, err
	}
	written, err := caselog.ReadFile(dir, "findings.json")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(written)
	d, err := report.New(f, report.Options{Lang: lang, CaseName: name, Findings: hex.EncodeToString(sum[:]), Exhibits: xs, Atlas: Atlas(dir)})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := html.Write(&b, d); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Atlas reports whether the question in a folder was asked with lists of registries,
// names or relations: without them, asked anew, the findings may be others.
func Atlas(dir string) bool {
	var q struct {
		NamesOf   string            `json:"names_of"`
		Registers []json.RawMessage `json:"registers"`
		Subject   struct {
			Lists []json.RawMessage `json:"lists"`
		} `json:"subject"`
	}
	b, err := caselog.ReadFile(dir, "question.json")
	return err == nil && json.Unmarshal(b, &q) == nil && (q.NamesOf != "" || len(q.Registers) > 0 || len(q.Subject.Lists) > 0)
}

// Exhibits are those of the manifest in a folder, as a page lists them.
func Exhibits(dir string) ([]report.Exhibit, error) {
	m, err := caselog.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	var xs []report.Exhibit
	for _, x := range m.Exhibits {
		xs = append(xs, report.Exhibit{Name: x.Name, Records: int64(x.Records.Len()), SHA256: x.SHA256})
	}
	return xs, nil
}

// Writer writes the page into a folder that is being made. It is what an
// examination is asked to write besides its findings.
func Writer(lang report.Lang) func(dir, name string, f *finding.Findings) error {
	return func(dir, name string, f *finding.Findings) error {
		b, err := Render(dir, name, f, lang)
		if err != nil {
			return err
		}
		return durable.WriteFile(filepath.Join(dir, Name), b, 0o644)
	}
}
