package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"sync"

	"constat/judge/transit"
	"constat/report/figure"
)

// chokePage is what the template of a page about chokepoints shows.
type chokePage struct {
	*chokeDoc
	c     *chokes
	Lang  Lang
	Style template.CSS
	Index string // leads to the page of all countries; empty if there is none
}

// T words a message for the template.
func (g *chokePage) T(key string, a ...any) string { return g.c.t(key, a...) }

// SVG is a drawing for the template; package figure escapes what is in it.
func (g *chokePage) SVG(d figure.FlowDrawing, label, class string) template.HTML {
	return template.HTML(d.SVG(label, class))
}

// Number reports whether column i of a table holds numbers.
func (t chokeTable) Number(i int) bool { return i < len(t.Numbers) && t.Numbers[i] }

var chokeTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("chokepoints.tmpl").ParseFS(files, "chokepoints.tmpl"))
})

// ChokepointsHTML writes the page of one subject of an answer. Index is the name of the
// page of all countries beside it; empty if there is none.
func ChokepointsHTML(w io.Writer, a *transit.Answer, subject int, index string, lang Lang) error {
	c, err := newChokes(a, lang)
	if err != nil {
		return err
	}
	return c.page(w, c.subject(a.Subjects[subject]), index)
}

// ChokepointsIndex writes the page of all countries, whose rows lead to theirs.
func ChokepointsIndex(w io.Writer, a *transit.Answer, lang Lang) error {
	c, err := newChokes(a, lang)
	if err != nil {
		return err
	}
	return c.page(w, c.ranking(true), "")
}

func (c *chokes) page(w io.Writer, d *chokeDoc, index string) error {
	var b bytes.Buffer
	g := &chokePage{chokeDoc: d, c: c, Lang: c.lang, Style: styleSheet + sheet("chokepoints.css"), Index: index}
	if err := chokeTemplate().Execute(&b, g); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	if _, err := io.WriteString(w, compact.Replace(b.String())); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	return nil
}

// ChokepointsCSV writes one table: with all a line for each country, else one for each
// way of asking who might refuse, of each subject.
func ChokepointsCSV(w io.Writer, a *transit.Answer, all bool) error {
	o := csv.NewWriter(w)
	if all {
		if err := o.Write([]string{"rank", "subject", "class", "class_by_two", "frontier", "vantages", "networks_lower", "networks_upper", "abroad_lower", "abroad_upper",
			"countries_lower", "countries_upper", "most", "most_share", "ipv4_addresses", "ipv6_48s"}); err != nil {
			return err
		}
		for i, r := range a.Subjects {
			if err := o.Write(rankRow(i+1, r)); err != nil {
				return err
			}
		}
		o.Flush()
		return o.Error()
	}
	if err := o.Write([]string{"subject", "source", "by", "abroad", "lower", "upper", "one_vantage", "members", "share"}); err != nil {
		return err
	}
	line := func(r *transit.Result, source, by string, abroad bool, c *transit.Cut) error {
		sets := c.Sets
		if len(sets) == 0 {
			sets = []transit.Set{{}}
		}
		for _, s := range sets {
			share := ""
			if s.Share != nil {
				share = strconv.FormatFloat(*s.Share, 'f', 6, 64)
			}
			if err := o.Write([]string{r.Subject, source, by, strconv.FormatBool(abroad), strconv.Itoa(c.Lower), strconv.Itoa(c.Upper), strconv.FormatBool(c.OneVantage), strings.Join(s.Members, " "), share}); err != nil {
				return err
			}
		}
		return nil
	}
	for _, r := range a.Subjects {
		for i := range r.Families {
			for j := range r.Families[i].Cuts {
				q := &r.Families[i].Cuts[j]
				if err := line(r, r.Families[i].Family, q.By, q.Abroad, &q.Cut); err != nil {
					return err
				}
			}
		}
		for i := range r.Graphs {
			for j := range r.Graphs[i].Cuts {
				q := &r.Graphs[i].Cuts[j]
				if err := line(r, r.Graphs[i].List, q.By, q.Abroad, &q.Cut); err != nil {
					return err
				}
			}
		}
	}
	o.Flush()
	return o.Error()
}

// rankRow is a country's line.
func rankRow(rank int, r *transit.Result) []string {
	row := []string{strconv.Itoa(rank), r.Subject, "", "", "", ""}
	if f := r.Frontier; f != nil {
		row[2], row[3], row[4] = f.Class, f.Sure, strconv.Itoa(f.Count)
	}
	space := map[string]string{}
	for i, f := range r.Families {
		if i == 0 {
			row[5] = strconv.Itoa(f.Vantages)
		}
		space[f.Family] = strconv.FormatInt(f.Space, 10)
	}
	for _, o := range []*transit.Observed{r.Cut(transit.Networks, false), r.Cut(transit.Networks, true), r.Cut(transit.Countries, true)} {
		if o == nil {
			row = append(row, "", "")
			continue
		}
		row = append(row, strconv.Itoa(o.Lower), strconv.Itoa(o.Upper))
	}
	who, share := r.Most()
	return append(row, who, strconv.FormatFloat(share, 'f', 6, 64), space["ipv4"], space["ipv6"])
}
