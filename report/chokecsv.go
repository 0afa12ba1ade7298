package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"constat/judge/transit"
	"constat/report/document"
)

// Chokepoints words what an answer says of one of its subjects.
func Chokepoints(a *transit.Answer, subject int, lang Lang) (*document.Document, error) {
	c, err := newChokes(a, lang)
	if err != nil {
		return nil, err
	}
	return c.document(c.subject(a.Subjects[subject])), nil
}

// ChokepointsIndex words the table of all countries, whose rows lead to their pages.
func ChokepointsIndex(a *transit.Answer, lang Lang) (*document.Document, error) {
	c, err := newChokes(a, lang)
	if err != nil {
		return nil, err
	}
	return c.document(c.ranking(true)), nil
}

// ChokepointsCSV writes one table: with all a line for each country, else one for each
// way of asking who might refuse, of each subject.
func ChokepointsCSV(w io.Writer, a *transit.Answer, all bool) error {
	o := csv.NewWriter(w)
	if all {
		if err := o.Write([]string{"rank", "subject", "class", "class_by_two", "frontier", "vantages", "networks_lower", "networks_upper", "abroad_lower", "abroad_upper",
			"countries_lower", "countries_upper", "most", "most_share", "ipv4_addresses", "ipv6_48s", "registry_absent",
			"before", "class_before", "frontier_before", "networks_lower_before", "networks_upper_before", "new", "shown_by_new_alone", "gone", "unseen", "vantages_new", "vantages_lost"}); err != nil {
			return err
		}
		for i, r := range a.Subjects {
			if err := o.Write(append(rankRow(i+1, r), changeCells(a, r)...)); err != nil {
				return err
			}
		}
		o.Flush()
		return o.Error()
	}
	if err := o.Write([]string{"subject", "source", "by", "abroad", "lower", "upper", "one_vantage", "members", "share", "more"}); err != nil {
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
			if err := o.Write([]string{r.Subject, source, by, strconv.FormatBool(abroad), strconv.Itoa(c.Lower), strconv.Itoa(c.Upper), strconv.FormatBool(c.OneVantage), strings.Join(s.Members, " "), share, strconv.Itoa(c.More)}); err != nil {
				return err
			}
		}
		return nil
	}
	for _, r := range a.Subjects {
		for i := range r.Both {
			if err := line(r, "both", r.Both[i].By, r.Both[i].Abroad, &r.Both[i].Cut); err != nil {
				return err
			}
		}
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
	if err := changeLines(o, a); err != nil {
		return err
	}
	o.Flush()
	return o.Error()
}

// changeLines are lines of what changed: the source is the moment before, and who has
// changed is asked by "new", "gone" and so on.
func changeLines(o *csv.Writer, a *transit.Answer) error {
	for _, x := range a.Changes {
		for _, l := range []struct {
			what string
			ases []uint32
		}{{"new", x.New}, {"shown_by_new_alone", x.FreshAlone}, {"gone", x.Gone}, {"unseen", x.Unseen}, {"vantages_new", x.Fresh}, {"vantages_lost", x.Lost}} {
			if len(l.ases) == 0 {
				continue
			}
			if err := o.Write([]string{x.Subject, "since " + x.Before, l.what, "", "", "", "", csvNets(l.ases), "", ""}); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeCells are the cells of a country's line that say what changed.
func changeCells(a *transit.Answer, r *transit.Result) []string {
	cells := make([]string, 11)
	for _, x := range a.Changes {
		if x.Subject != r.Subject {
			continue
		}
		cells[0] = x.Before
		if x.Class != nil {
			cells[1] = *x.Class
		}
		if x.Frontier != nil {
			cells[2] = strconv.Itoa(*x.Frontier)
		}
		if x.Cut != nil {
			cells[3], cells[4] = strconv.Itoa(x.Cut.Lower), strconv.Itoa(x.Cut.Upper)
		}
		for i, ases := range [][]uint32{x.New, x.FreshAlone, x.Gone, x.Unseen, x.Fresh, x.Lost} {
			cells[5+i] = csvNets(ases)
		}
	}
	return cells
}

func csvNets(ases []uint32) string {
	var out []string
	for _, as := range ases {
		out = append(out, transit.Name(as))
	}
	return strings.Join(out, " ")
}

// rankRow is a country's line. One of which a part alone is known has no rank and no class.
func rankRow(rank int, r *transit.Result) []string {
	row := []string{strconv.Itoa(rank), r.Subject, "", "", "", ""}
	if f := r.Frontier; f != nil {
		row[2], row[3], row[4] = f.Class, f.Sure, strconv.Itoa(f.Count)
	}
	if r.RegistryAbsent != "" {
		row[0], row[2], row[3] = "", "", ""
	}
	space := map[string]string{}
	for i, f := range r.Families {
		if i == 0 {
			row[5] = strconv.Itoa(f.Vantages)
		}
		space[f.Family] = strconv.FormatInt(f.Space, 10)
	}
	for _, o := range []*transit.Cut{r.Cut(transit.Networks, false), r.Cut(transit.Networks, true), r.Cut(transit.Countries, true)} {
		if o == nil {
			row = append(row, "", "")
			continue
		}
		row = append(row, strconv.Itoa(o.Lower), strconv.Itoa(o.Upper))
	}
	who, share := r.Most()
	return append(row, who, strconv.FormatFloat(share, 'f', 6, 64), space["ipv4"], space["ipv6"], r.RegistryAbsent)
}
