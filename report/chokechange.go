package report

import (
	"cmp"
	"slices"
	"strings"

	"constat/judge/transit"
)

// What changed between two moments, and how far they can be compared.

// change is the table of what changed.
func (c *chokes) change(r *transit.Result, x *transit.Change) chokeTable {
	now := r.Vantages()
	t := chokeTable{ID: "change", Title: c.t("choke.h.change", "at", x.Before), Numbers: []bool{false, true, true},
		Caption: c.t("choke.c.change", "vantages", c.count("choke.vantages", int64(x.Vantages)), "now", c.n(int64(now))) + c.lost(x),
		Head:    []string{c.t("choke.col.what"), c.t("choke.col.before"), c.t("choke.col.now")}}
	for _, row := range c.changeRows(r, x) {
		t.Rows = append(t.Rows, chokeRow{Cells: row})
	}
	moved := slices.Clone(x.Moved)
	slices.SortStableFunc(moved, func(a, b transit.Movement) int {
		return -cmp.Compare(abs(a.Now-a.Before), abs(b.Now-b.Before))
	})
	for _, m := range moved[:min(len(moved), chokeWeights)] {
		t.Rows = append(t.Rows, chokeRow{Cells: []string{c.t("choke.change.hegemony", "who", c.net(m.AS), "family", familyName(m.Family)),
			c.atMost(m.Before, m.BeforeMost), c.atMost(m.Now, m.NowMost)}})
	}
	if len(t.Rows) == 0 {
		t.Rows = append(t.Rows, chokeRow{Cells: []string{c.t("choke.change.nothing"), "", ""}})
	}
	return t
}

// atMost is a hegemony, or the most that it can be.
func (c *chokes) atMost(h float64, most bool) string {
	s := c.w.Format.Decimal(h, 2, 2)
	if most {
		return "≤\u00a0" + s
	}
	return s
}

// changeRows are what changed but hegemony: what, before and now. If other vantage networks
// look, that stands first.
func (c *chokes) changeRows(r *transit.Result, x *transit.Change) (out [][]string) {
	add := func(what, before, now string) { out = append(out, []string{what, before, now}) }
	if x.Frontier != nil && r.Frontier != nil && *x.Frontier != r.Frontier.Count {
		add(c.t("choke.change.frontier"), c.n(int64(*x.Frontier)), c.n(int64(r.Frontier.Count)))
	}
	if o := r.Cut(transit.Networks, r.Frontier == nil); x.Cut != nil && o != nil && (x.Cut.Lower != o.Lower || x.Cut.Upper != o.Upper) {
		add(c.t("choke.change.cut"), c.few(x.Cut), c.few(o))
	}
	if len(x.New) > 0 {
		add(c.t("choke.change.new"), "", c.nets(x.New))
	}
	if len(x.FreshAlone) > 0 {
		add(c.t("choke.change.fresh"), c.t("choke.change.unknown"), c.nets(x.FreshAlone))
	}
	if len(x.Gone) > 0 {
		add(c.t("choke.change.gone"), c.nets(x.Gone), "")
	}
	if len(x.Unseen) > 0 {
		add(c.t("choke.change.unseen"), c.nets(x.Unseen), c.t("choke.change.unknown"))
	}
	if len(out) > 0 && !x.Comparable() {
		out = slices.Insert(out, 0, []string{c.t("choke.change.others"), c.count("choke.change.others.lost", int64(len(x.Lost))), c.count("choke.change.others.new", int64(len(x.Fresh)))})
	}
	return out
}

// changes is the table of what changed in all countries.
func (c *chokes) changes() chokeTable {
	t := chokeTable{ID: "change", Numbers: []bool{false, false, true, true},
		Head: []string{c.t("choke.col.country"), c.t("choke.col.what"), c.t("choke.col.before"), c.t("choke.col.now")}}
	quiet := 0
	for _, x := range c.a.Changes {
		t.Title, t.Caption = c.t("choke.h.change", "at", x.Before), c.t("choke.c.changes")
		i := slices.IndexFunc(c.a.Subjects, func(r *transit.Result) bool { return r.Subject == x.Subject })
		if i < 0 {
			continue
		}
		rows := c.changeRows(c.a.Subjects[i], x)
		if len(rows) == 0 {
			quiet++
		}
		for _, row := range rows {
			t.Rows = append(t.Rows, chokeRow{Cells: append([]string{c.name(c.a.Subjects[i]) + " (" + x.Subject + ")"}, row...)})
		}
	}
	if quiet > 0 {
		t.More = c.count("choke.change.quiet", int64(quiet))
		if len(t.Rows) == 0 {
			t.Rows = append(t.Rows, chokeRow{Cells: []string{t.More, "", "", ""}})
			t.More = ""
		}
	}
	return t
}

// lost says how many of those who looked then do not look now, and the other way round.
func (c *chokes) lost(x *transit.Change) string {
	var out []string
	if n := int64(len(x.Lost)); n > 0 {
		out = append(out, c.tn("choke.c.lost", n, "n", c.n(n)))
	}
	if n := int64(len(x.Fresh)); n > 0 {
		out = append(out, c.tn("choke.c.fresh", n, "n", c.n(n)))
	}
	if len(out) == 0 {
		return ""
	}
	return " " + strings.Join(out, " ")
}
