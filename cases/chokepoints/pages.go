package chokepoints

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"constat/internal/durable"
	"constat/internal/locale"
	"constat/judge/transit"
	"constat/report"
	"constat/report/document"
	"constat/report/html"
)

// IndexName is the page of all countries in their folder.
const IndexName = "index.html"

// WritePage writes the page of one subject of an answer into a file.
func WritePage(path string, a *transit.Answer, subject int, lang locale.Lang) error {
	d, err := report.Chokepoints(a, subject, lang)
	if err != nil {
		return err
	}
	return write(path, d, "")
}

// WritePages writes a page for each country into a folder, and one of all. A folder
// that is there keeps what else is in it.
func WritePages(dir string, a *transit.Answer, lang locale.Lang) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i, r := range a.Subjects {
		d, err := report.Chokepoints(a, i, lang)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(dir, r.Subject+".html"), d, IndexName); err != nil {
			return err
		}
	}
	d, err := report.ChokepointsIndex(a, lang)
	if err != nil {
		return err
	}
	return write(filepath.Join(dir, IndexName), d, "")
}

func write(path string, d *document.Document, index string) error {
	var b bytes.Buffer
	if err := html.WriteSurvey(&b, d, index); err != nil {
		return err
	}
	if err := durable.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("chokepoints: %w", err)
	}
	return nil
}
