package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"constat/internal/strictjson"
	"constat/judge/timing"
	"constat/lab/ratios"
)

// labRatiosCmd recomputes the ratios behind "ordered or spontaneous" from a
// list of labelled outages, and sets them beside the published ones.
type labRatiosCmd struct {
	From string `required:"" placeholder:"CSV" type:"path" help:"List of labelled outages: CSV with id, begin_utc, end_utc, country, scope, cause."`
	JSON bool   `name:"json" help:"Print everything as JSON, with every value that could not be used as written."`
}

// published are the published shares by measure.
var published = map[string]timing.Published{
	ratios.OnHour: timing.OnHour, ratios.OffHour: timing.OffHour,
	ratios.OnHourOrHalf: timing.OnHourOrHalf, ratios.OffBoth: timing.OffBoth,
	ratios.Recurs: timing.Recurs, ratios.Friday: timing.Friday,
}

// Published median durations in hours.
const publishedOrderedMedian, publishedSpontaneousMedian = 5.5, 2.0

type ratiosOutput struct {
	Format        string           `json:"format"`
	Source        string           `json:"source"` // of the published values
	Rows          int              `json:"rows"`
	Used          int              `json:"used"`
	Ordered       int              `json:"ordered"`
	Explained     int              `json:"otherwise_explained"`
	SeveralZones  int              `json:"several_zones"`
	MinutesDiffer int              `json:"minutes_differ"`
	DaysDiffer    int              `json:"days_differ"`
	Sets          []ratiosSet      `json:"sets"`
	Problems      []ratios.Problem `json:"problems"`
}

type ratiosSet struct {
	Labels            string          `json:"labels"`
	Measures          []ratiosMeasure `json:"measures"`
	OrderedMedian     ratios.Median   `json:"ordered_median"`
	SpontaneousMedian ratios.Median   `json:"spontaneous_median"`
}

type ratiosMeasure struct {
	ratios.Measure
	Published *ratiosPublished `json:"published"`
}

type ratiosPublished struct {
	Ordered     float64  `json:"ordered_share"`
	Spontaneous float64  `json:"spontaneous_share"`
	Ratio       float64  `json:"ratio"`
	Difference  *float64 `json:"difference"` // recomputed ratio less published
}

func (c *labRatiosCmd) Run(s *streams) error {
	f, err := os.Open(c.From)
	if err != nil {
		return usage("--from: %w", err)
	}
	defer f.Close()
	l, err := ratios.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.From, err)
	}
	if len(l.Events) == 0 {
		return fmt.Errorf("%s: none of its %d rows can be used", c.From, l.Rows)
	}
	out := ratiosOutput{
		Format: "constat-ratios/1", Source: timing.Source, Rows: l.Rows, Used: len(l.Events),
		SeveralZones: l.SeveralZones, MinutesDiffer: l.MinutesDiffer, DaysDiffer: l.DaysDiffer, Problems: l.Problems,
	}
	for i := range l.Events {
		switch e := &l.Events[i]; {
		case e.Ordered():
			out.Ordered++
		case e.Explained():
			out.Explained++
		}
	}
	for _, labels := range []string{ratios.OthersAll, ratios.OthersExplained, ratios.WithoutTop} {
		m := ratios.Measured(l.Events, labels)
		set := ratiosSet{Labels: labels, OrderedMedian: m.OrderedMedian, SpontaneousMedian: m.SpontaneousMedian}
		for _, x := range m.Measures {
			row := ratiosMeasure{Measure: x}
			if p, ok := published[x.Key]; ok {
				row.Published = &ratiosPublished{Ordered: p.Ordered, Spontaneous: p.Spontaneous, Ratio: p.Ratio()}
				if x.Ratio != nil {
					d := *x.Ratio - p.Ratio()
					row.Published.Difference = &d
				}
			}
			set.Measures = append(set.Measures, row)
		}
		out.Sets = append(out.Sets, set)
	}
	if c.JSON {
		return strictjson.Write(s.out, out)
	}
	return out.print(s.out)
}

func (o *ratiosOutput) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d rows, %d used: %d ordered, %d with another cause named, %d without a cause.\n\n",
		o.Rows, o.Used, o.Ordered, o.Explained, o.Used-o.Ordered-o.Explained)
	fmt.Fprintln(t, "Not as it should be:")
	var kinds []string
	count := map[string]int{}
	for _, p := range o.Problems {
		if count[p.Why]++; count[p.Why] == 1 {
			kinds = append(kinds, p.Why)
		}
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		fmt.Fprintf(t, "  %d\t%s\n", count[k], k)
	}
	for _, p := range o.Problems {
		if p.Why == ratios.BeginUnreadable || p.Why == ratios.EndUnreadable || p.Why == ratios.NoCountry || p.Why == ratios.NoScope {
			fmt.Fprintf(t, "  line %d\t%s, %s %q\n", p.Line, p.ID, p.Column, p.Value)
		}
	}
	fmt.Fprintf(t, "--json names them all.\n\nTime zones: %d outages in countries with several at the time; the first of the\ntable, mostly the most populous, decides. They differ on the minute in %d and\non the weekday in %d.\n",
		o.SeveralZones, o.MinutesDiffer, o.DaysDiffer)
	for _, s := range o.Sets {
		fmt.Fprintf(t, "\nOrdered: the list names a government's order or exams; %s.\n", s.Labels)
		fmt.Fprintln(t, "\tordered\t\tspontaneous\t\tratio\t95 %\t95 % by country\tpublished\t\t\tdifference\t")
		for _, m := range s.Measures {
			fmt.Fprintf(t, "%s\t%d/%d\t%s\t%d/%d\t%s\t%s\t%s\t%s", m.Key,
				m.Ordered, m.OrderedOf, percent(m.OrderedShare()), m.Spontaneous, m.SpontaneousOf, percent(m.SpontaneousShare()),
				number(m.Ratio), between(m.Low, m.High), between(m.ClusterLow, m.ClusterHigh))
			if p := m.Published; p != nil {
				fmt.Fprintf(t, "\t%s\t%s\t%s\t%s\t\n", percent(p.Ordered), percent(p.Spontaneous), number(&p.Ratio), signed(p.Difference))
			} else {
				fmt.Fprint(t, "\t–\t–\t–\t–\t\n")
			}
		}
		a, b := s.OrderedMedian, s.SpontaneousMedian
		fmt.Fprintf(t, "Median duration, national: ordered %.1f h (%.1f–%.1f, n = %d; published %.1f), spontaneous %.1f h (%.1f–%.1f, n = %d; published %.1f).\n",
			a.Hours, a.Low, a.High, a.N, publishedOrderedMedian, b.Hours, b.Low, b.High, b.N, publishedSpontaneousMedian)
	}
	fmt.Fprintf(t, "\nPublished: %s. Shares are of all scopes for the clock, of national outages for\nthe rest. By country: the interval if outages of one country hang together.\nWhy the figures differ, and which of them weigh: docs/ratios.md.\n", o.Source)
	return t.Flush()
}

func percent(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	d := 1
	if x < .01 && x > 0 {
		d = 2
	}
	return fmt.Sprintf("%.*f %%", d, 100*x)
}

func number(x *float64) string {
	if x == nil {
		return "–"
	}
	if *x >= 100 {
		return fmt.Sprintf("%.0f", *x)
	}
	return fmt.Sprintf("%.2f", *x)
}

func between(a, b *float64) string {
	if a == nil || b == nil {
		return "–"
	}
	return number(a) + "–" + number(b)
}

func signed(x *float64) string {
	if x == nil {
		return "–"
	}
	return strings.Replace(fmt.Sprintf("%+.2f", *x), "-", "−", 1)
}
