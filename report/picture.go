package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"constat/judge/finding"
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
	c := gather(f)
	g := newPage(p, c, o)
	draw := map[int]func(*figure.Picture){}
	var has []int
	add := func(id string, there bool, do func(*figure.Picture)) {
		if there {
			k := g.Figure(id)
			has, draw[k] = append(has, k), do
		}
	}
	add("country", g.Country != nil && g.Country.Plot != nil, func(d *figure.Picture) {
		d.Country(&g.Country.Plot.Country, figure.Key{finding.Seen: g.Country.Plot.SeenKey, finding.Gone: p.t("country.key.out")})
	})
	add("timeline", g.Timeline != nil, func(d *figure.Picture) {
		d.Timeline(&g.Timeline.Timeline, figure.Key{finding.Seen: p.t("state.seen"), finding.Gone: p.t("state.gone"), finding.Unknown: p.t("state.unknown")})
	})
	add("who", g.Strip != nil, func(d *figure.Picture) {
		d.Strip(&g.Strip.Strip, figure.Key{finding.Seen: p.t("strip.seen"), finding.Part: p.t("strip.part"), finding.Gone: p.t("strip.gone"), finding.Unknown: p.t("state.blind")})
	})
	do := draw[n]
	if do == nil {
		return &NoFigure{n, has}
	}
	warning := ""
	if g.Band != "" {
		warning = rich(g.Band).String()
	}
	d := figure.NewPicture(warning)
	do(d)
	source := []string{"Constat. " + g.Title}
	if g.Quote != nil {
		source[0] = g.Quote.Source
	}
	if g.Credits != "" {
		source = append(source, g.Credits)
	}
	if _, err = io.WriteString(w, d.SVG(source...)); err != nil {
		return fmt.Errorf("report: figure: %w", err)
	}
	return nil
}
