package report

import (
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
)

// magnified reports whether an outage can be magnified: a peer's time is known.
func magnified(o *finding.Outage) bool { return len(figure.Moments(o.Peers, figure.LostAt)) > 0 }

// magnify draws an outage; nil if no peer's times are known.
func magnify(p *printer, o *finding.Outage, id string, marked bool) *document.Magnification {
	if !magnified(o) {
		return nil
	}
	m := &document.Magnification{ID: id}
	spread := func(x *finding.Moments) (int64, bool) {
		if x == nil {
			return 0, false
		}
		s := between(x.First, x.Last)
		if s == nil {
			return 0, false
		}
		return *s, true
	}
	a, okA := spread(&o.Onset)
	b, okB := spread(o.Recovery)
	switch {
	case okA && okB:
		m.Title = p.t("magnify.title", "lost", p.words(a), "back", p.words(b))
	case okA:
		m.Title = p.t("magnify.title.open", "lost", p.words(a))
	default:
		m.Title = p.t("magnify.title.unknown")
	}
	m.Sub = p.t("magnify.sub")
	if len(o.Total) == 0 {
		m.Sub = p.t("magnify.sub.part")
	}
	a1, b1 := "", "" // the letters of the timeline stand at the headline outage
	if marked {
		a1, b1 = "A", "B"
	}
	m.Panels = append(m.Panels, drawPanel(p, o, id+"-onset", a1, "magnify.onset", o.Onset))
	if back := figure.Moments(o.Peers, figure.BackAt); o.Recovery != nil && len(back) > 0 {
		m.Panels = append(m.Panels, drawPanel(p, o, id+"-recovery", b1, "magnify.recovery", *o.Recovery))
	}
	m.Numbers = document.Table{Dense: true, Anchor: id + "n", Caption: document.Plain(p.t("magnify.caption", "onset", p.day(onset(o).Std()))),
		Columns: document.Columns(p.t("col.witness"), p.t("col.lost"), p.t("col.first"), p.t("col.median"), p.t("col.last"), p.t("col.firstback"), p.t("col.median"), p.t("col.last"))}
	groups := figure.ByAS(o.Peers)
	for i, g := range groups {
		if i == tableRows {
			m.Numbers.More = p.more(int64(len(groups) - i))
			break
		}
		m.Numbers.Rows = append(m.Numbers.Rows, witnessTimes(p, g))
	}
	return m
}

func witnessTimes(p *printer, g figure.Witness) document.Row {
	lost := figure.Moments(g.Ticks, figure.LostAt)
	row := []string{p.as(g.AS), p.t("key.of", "k", p.n(int64(len(lost))), "n", p.n(int64(len(g.Ticks))))}
	for _, ts := range [][]moment.Time{lost, figure.Moments(g.Ticks, figure.BackAt)} {
		if len(ts) == 0 {
			row = append(row, "–", "–", "–")
			continue
		}
		row = append(row, p.stamp(ts[0]), p.stamp(ts[(len(ts)-1)/2]), p.stamp(ts[len(ts)-1]))
	}
	return document.Row{Cells: document.Cells(row...)}
}

func drawPanel(p *printer, o *finding.Outage, id, letter, title string, mm finding.Moments) figure.Panel {
	x := figure.NewPanel(p.f, o, title == "magnify.onset", p.dates(), func(n int) string { return p.count("magnify.others", int64(n)) })
	var mid moment.Time
	if mm.Median != nil {
		mid = *mm.Median
	} else {
		mid = firstOf(o, title == "magnify.onset", mm)
	}
	x.ID, x.Letter, x.Title, x.Sub = id, letter, p.t(title, "day", p.day(mid.Std())), p.count("magnify.peers", int64(len(o.Peers)))
	x.Label = p.t(title+".label", "n", p.n(int64(len(o.Peers))), "first", stampOr(mm.First, p), "median", stampOr(mm.Median, p), "last", stampOr(mm.Last, p))
	if mm.Median != nil {
		x.Mid = clock(*mm.Median)
	}
	if mm.First != nil {
		x.First = clock(*mm.First)
	}
	x.Last = p.t("unknown")
	if mm.Last != nil {
		x.Last = clock(*mm.Last)
		if !sameDay(mm.Last.Std(), mid.Std()) {
			x.Last = p.dayShort(mm.Last.Std()) + nbsp + x.Last
		}
	}

	return x
}

// firstOf is the earliest moment that is known of an onset or a recovery.
func firstOf(o *finding.Outage, onset bool, mm finding.Moments) moment.Time {
	at := figure.BackAt
	if onset {
		at = figure.LostAt
	}
	first := figure.Moments(o.Peers, at)[0]
	for _, t := range []*moment.Time{mm.First, mm.Last} {
		if t != nil {
			first = min(first, *t)
		}
	}
	return first
}

func stampOr(t *moment.Time, p *printer) string { return p.stampOr(t, p.t("unknown")) }
