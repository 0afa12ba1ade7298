package blocking

import (
	"bytes"
	"fmt"

	"constat/internal/durable"
	"constat/internal/locale"
	"constat/judge/block"
	"constat/report/html"
	"constat/report/impact"
)

// WritePage writes the page of an impact into a file, with the files that were written of
// it; m may be nil.
func WritePage(path string, im *block.Impact, hash string, m *impact.Measure, lang locale.Lang, who impact.Who) error {
	d, err := impact.Document(im, hash, m, lang, who)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	var b bytes.Buffer
	if err := html.WriteSurvey(&b, d, ""); err != nil {
		return err
	}
	return durable.WriteFile(path, b.Bytes(), 0o644)
}
