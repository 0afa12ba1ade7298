package chokepoints

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"constat/internal/durable"
	"constat/internal/locale"
	"constat/judge/transit"
	"constat/report"
)

// IndexName is the page of all countries in their folder.
const IndexName = "index.html"

// WritePage writes the page of one subject of an answer into a file.
func WritePage(path string, a *transit.Answer, subject int, lang locale.Lang) error {
	return write(path, func(w io.Writer) error { return report.ChokepointsHTML(w, a, subject, "", lang) })
}

// WritePages writes a page for each country into a folder, and one of all. A folder
// that is there keeps what else is in it.
func WritePages(dir string, a *transit.Answer, lang locale.Lang) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i, r := range a.Subjects {
		err := write(filepath.Join(dir, r.Subject+".html"), func(w io.Writer) error {
			return report.ChokepointsHTML(w, a, i, IndexName, lang)
		})
		if err != nil {
			return err
		}
	}
	return write(filepath.Join(dir, IndexName), func(w io.Writer) error { return report.ChokepointsIndex(w, a, lang) })
}

func write(path string, page func(io.Writer) error) error {
	var b bytes.Buffer
	if err := page(&b); err != nil {
		return err
	}
	if err := durable.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("chokepoints: %w", err)
	}
	return nil
}
