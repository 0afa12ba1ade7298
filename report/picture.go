package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/report/document"
	"constat/report/figure"
)

// NoFigure says that a page has no figure of a number that can stand alone.
type NoFigure struct {
	N   int
	Has []int // the numbers of those it has
}

func (e *NoFigure) Error() string {
	var has []string
	for _, n := range e.Has {
		has = append(has, strconv.Itoa(n))
	}
	if len(has) == 0 {
		return "this report has no figure that can stand alone"
	}
	return fmt.Sprintf("figure %d is none that can stand alone; of this report these can: %s", e.N, strings.Join(has, ", "))
}

// FigureSVG writes a figure of the page as a picture of its own, by the number that
// it has there: [figure.Picture].
func FigureSVG(w io.Writer, f *finding.Findings, o Options, n int) error {
	p, err := newPrinter(o.Lang, f)
	if err != nil {
		return err
	}
	doc := newDocument(p, gather(f), o)
	draw := map[int]func(*figure.Picture){}
	var has []int
	for i, b := range doc.Figures() {
		var do func(*figure.Picture)
		switch b := b.(type) {
		case *document.Country:
			do = func(d *figure.Picture) {
				d.Country(&b.Country, figure.Key{finding.Seen: b.SeenKey, finding.Gone: p.t("country.key.out")})
			}
		case *document.Timeline:
			do = func(d *figure.Picture) {
				d.Timeline(&b.Timeline, figure.Key{finding.Seen: p.t("state.seen"), finding.Gone: p.t("state.gone"), finding.Unknown: p.t("state.unknown")})
			}
		case *document.Strip:
			do = func(d *figure.Picture) {
				d.Strip(&b.Strip, figure.Key{finding.Seen: p.t("strip.seen"), finding.Part: p.t("strip.part"), finding.Gone: p.t("strip.gone"), finding.Unknown: p.t("state.blind")})
			}
		default:
			continue
		}
		has = append(has, i+1)
		draw[i+1] = do
	}
	do := draw[n]
	if do == nil {
		return &NoFigure{n, has}
	}
	d := figure.NewPicture(doc.Band.String())
	do(d)
	source := []string{"Constat. " + doc.Title}
	if q := doc.Quote(); q != nil {
		source[0] = q.Source
	}
	source = append(source, doc.Foot[1:]...) // the archives' owners
	if _, err = io.WriteString(w, d.SVG(source...)); err != nil {
		return fmt.Errorf("report: figure: %w", err)
	}
	return nil
}
