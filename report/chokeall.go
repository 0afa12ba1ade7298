package report

import (
	"strings"

	"constat/judge/transit"
)

// ranking words the table of all countries. With links its rows lead to their pages.
// Countries of which a part alone is known have a table of their own, without ranks.
func (c *chokes) ranking(links bool) *chokeDoc {
	d := &chokeDoc{Title: c.t("choke.h.all"), Asked: c.t("choke.at", "at", c.at(c.a.At))}
	table := func(id, title, caption string) chokeTable {
		return chokeTable{ID: id, Title: title, Caption: caption, Numbers: []bool{false, false, true, true, true, true, false, true},
			Head: []string{c.t("choke.col.country"), c.t("choke.col.class"), c.t("choke.col.frontier"), c.t("choke.col.networks"), c.t("choke.col.abroad"),
				c.t("choke.col.countries"), c.t("choke.col.most"), c.t("choke.col.space")}}
	}
	all, parts := table("all", c.t("choke.h.all"), c.t("choke.c.all")), table("parts", c.t("choke.h.parts"), c.t("choke.c.parts"))
	c.brief = true
	var of []string
	for i, r := range c.a.Subjects {
		t, first := &all, c.n(int64(i+1))+" "+c.name(r)+" ("+r.Subject+")"
		if r.RegistryAbsent != "" {
			t, first = &parts, c.name(r)+" ("+r.Subject+", "+c.t("choke.parts.without", "registry", r.RegistryAbsent)+")"
			of = append(of, r.Subject)
		}
		row := chokeRow{Cells: c.ranked(r, first)}
		if links {
			row.Href = r.Subject + ".html"
		}
		t.Rows = append(t.Rows, row)
	}
	d.Lead = append(d.Lead, c.t("choke.c.all"))
	if n := int64(len(of)); n > 0 {
		d.Lead = append(d.Lead, c.tn("choke.parts", n, "n", c.n(n), "names", strings.Join(of, ", ")))
	}
	if n := int64(len(c.a.NotSeen)); n > 0 {
		d.Lead = append(d.Lead, c.tn("choke.notseen", n, "n", c.n(n), "names", strings.Join(c.a.NotSeen, ", ")))
	}
	if len(c.a.Absent) > 0 {
		d.Lead = append(d.Lead, c.t("choke.absent", "names", c.w.And(c.a.Absent)))
	}
	d.Lead = append(d.Lead, c.blind()...)
	d.Lead = append(d.Lead, c.t("choke.registered"), c.t("choke.caution"))
	d.table(all)
	d.table(parts)
	d.table(c.changes())
	d.table(c.sources())
	return d
}

// ranked are the cells of a country.
func (c *chokes) ranked(r *transit.Result, first string) []string {
	cells := []string{first, "", "", "", "", "", "", ""}
	if r.Frontier != nil {
		cells[2] = c.n(int64(r.Frontier.Count))
		if r.RegistryAbsent == "" { // classes are for whole countries
			cells[1] = c.t("choke.word." + r.Frontier.Class)
			if r.Frontier.Sure != r.Frontier.Class {
				cells[1] += " (" + c.t("choke.onevantage") + ")"
			}
		}
	}
	for k, o := range []*transit.Cut{r.Cut(transit.Networks, false), r.Cut(transit.Networks, true), r.Cut(transit.Countries, true)} {
		if o != nil {
			cells[3+k] = c.few(o)
		}
	}
	if who, share := r.Most(); who != "" {
		cells[6] = c.member(who) + " " + c.percent(share)
		if len(r.Both) > 0 {
			cells[6] += " " + c.t("choke.most.of", "family", familyName(r.Main().Family))
		}
	}
	for _, f := range r.Families {
		if f.Family == transit.V4.String() {
			cells[7] = c.n(f.Space)
		}
	}
	return cells
}
