package report

import (
	"cmp"
	"constat/internal/locale"
	"slices"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
)

// outagesSection lists every outage: of the whole subject in sight, of origins
// and prefixes folded away.
func outagesSection(p *printer, c *facts, o Options) []document.Block {
	if len(c.f.Outages) == 0 {
		return nil
	}
	out := []document.Block{document.Para{Text: p.h("outages.text")}}
	// In sight are all outages of the subject or, of many, the largest by address
	// space times duration, in order of time; each keeps its number in that order.
	show := map[*finding.Outage]bool{}
	most := shownRows
	if len(c.whole) <= shownRows+3 {
		most = len(c.whole)
	}
	for _, o := range c.largest(c.whole, most) {
		show[o] = true
	}
	if c.head != nil {
		show[c.head] = true
	}
	whole := p.outageTable(p.tn("outages.caption", int64(len(c.whole)), "n", p.n(int64(len(c.whole))), "days", p.days(c.f.Question.From, lastMoment(c.f.Question))))
	whole.Numbered, whole.Columns = true, document.Numbers(whole.Columns, 1, 2, 3, 4, 5)
	var rest []outageRow
	for i, o := range c.whole {
		r := p.outageRow(o, o == c.head && len(c.whole) > 1)
		r.Name, r.Number = "", i+1
		if o.Lost.Prefixes == o.Lost.Of {
			r.Size = "" // the same for all of them, and among the key figures
		}
		switch {
		case show[o]:
			whole.Rows = append(whole.Rows, r.row(false))
		case len(rest) < 4*tableRows:
			rest = append(rest, r)
		}
	}
	if len(whole.Rows) < len(c.whole) {
		whole.Caption = document.Plain(p.t("outages.longest", "k", p.n(int64(len(whole.Rows))), "n", p.n(int64(len(c.whole)))))
	}
	if len(whole.Rows) > 0 {
		out = append(out, whole)
	}
	if len(rest) > 0 {
		more := ""
		if n := len(c.whole) - len(whole.Rows) - len(rest); n > 0 {
			more = p.more(int64(n))
		}
		out = append(out, p.outageFold(p.t("outages.rest", "n", len(rest)), "no", rest, more))
	}
	n := 0
	for _, f := range []func() (string, []outageRow, int){
		func() (string, []outageRow, int) { return p.partialRows(c) },
		func() (string, []outageRow, int) { return p.scopeRows(c, "outages.origins", "origin", tableRows) },
		func() (string, []outageRow, int) { return p.scopeRows(c, "outages.prefixes", "prefix", tableRows/3) },
	} {
		summary, rows, left := f()
		if len(rows) == 0 {
			continue
		}
		more := ""
		if left > 0 {
			more = p.more(int64(left))
		}
		out = append(out, p.outageFold(summary, "no"+strconv.Itoa(n), rows, more))
		n++
	}
	if f, ok := foldedFold(p, c); ok {
		out = append(out, f)
	}
	if o.CaseName != "" {
		name := shell(o.CaseName)
		if o.Case != nil && o.Case.Log != nil { // its name here is no folder's
			name = "CASE"
		}
		out = append(out, document.Para{Text: p.h("outages.export", "command", "constat export "+name+" --as csv"), Style: document.Aside})
	}
	return out
}

func (p *printer) outageTable(caption string) document.Table {
	return document.Table{Name: "outages", Caption: document.Plain(caption),
		Columns: document.Columns(p.t("col.what"), p.t("col.onset"), p.t("col.recovery"), p.t("col.duration"), p.t("col.lost"), p.t("col.witnesses"), p.t("col.total"))}
}

// outageFold is a folded table of outages.
func (p *printer) outageFold(summary, anchor string, rows []outageRow, more string) document.Block {
	t := p.outageTable(summary + " (UTC)")
	t.Dense, t.Anchor, t.More = true, anchor, more
	for _, r := range rows {
		t.Rows = append(t.Rows, r.row(true))
	}
	return document.Fold{Summary: summary, Long: long(len(rows)), Blocks: []document.Block{t}}
}

// scopeRows are the outages of one scope, at most most of them, and how many more there
// are.
func (p *printer) scopeRows(c *facts, key, scope string, most int) (summary string, rows []outageRow, left int) {
	n := 0
	for _, o := range c.others {
		if o.Scope != scope {
			continue
		}
		n++
		if n <= most {
			rows = append(rows, p.outageRow(o, false))
		}
	}
	if scope == "prefix" {
		n += foldedOf(c.f, false)
	}
	return p.count(key, int64(n)), rows, n - len(rows)
}

// partialRows are the partial losses, the largest of many, in order of time.
func (p *printer) partialRows(c *facts) (summary string, rows []outageRow, left int) {
	for _, o := range c.largest(c.partial, tableRows) {
		r := p.outageRow(o, false)
		r.Total = "–"
		rows = append(rows, r)
	}
	n := len(c.partial) + c.foldedPartial
	return p.count("outages.partial", int64(n)), rows, n - len(rows)
}

// foldedFold lists the losses of prefixes that are counted and not told one by one.
func foldedFold(p *printer, c *facts) (document.Fold, bool) {
	all := c.f.Folded
	if len(all) == 0 {
		return document.Fold{}, false
	}
	n := int64(foldedOf(c.f, false) + foldedOf(c.f, true))
	f := document.Fold{Summary: p.count("folded", n), Long: long(len(all))}
	t := document.Table{Name: "losses", Dense: true, Anchor: "fld", Caption: document.Plain(f.Summary + " (UTC)"),
		Columns: document.Columns(p.t("col.prefix"), p.t("folded.losses"), p.t("col.from"), p.t("col.until"), p.t("col.length"), p.t("folded.longest"), p.t("folded.routes"))}
	for i, x := range all {
		if i == tableRows {
			t.More = p.more(int64(len(all) - i))
			break
		}
		losses := p.n(int64(x.Losses))
		if x.Partial {
			losses = p.t("folded.partial", "n", losses)
		}
		t.Rows = append(t.Rows, document.Row{Cells: document.Cells(clip(x.Name, 60), losses, p.stamp(x.From), p.untilStamp(x.From, &x.Until), p.exact(x.Seconds), p.exact(x.LongestS),
			p.of(int64(x.Routes.Lost), int64(x.Routes.Of)))})
	}
	f.Blocks = []document.Block{document.Para{Text: document.Plain(p.t("folded.text")), Style: document.Aside}, t}
	return f, true
}

// outageRow is one outage in words.
type outageRow struct {
	Name, Onset, Recovery, Duration, Lost, Size, Witnesses, Total, Censored, Losses string
	Number                                                                          int  // place among the outages of the whole subject; 0 for others
	Head                                                                            bool // the headline outage, where there are others
}

// row is the same for a table; a dense one says of a return that was not seen why, beside it,
// and no sizes.
func (r outageRow) row(dense bool) document.Row {
	name := r.Name
	x := document.Row{Hot: r.Head}
	if r.Number > 0 {
		name = strconv.Itoa(r.Number)
		x.ID = "o" + name
	}
	x.Cells = document.Cells(name, r.Onset, r.Recovery, r.Duration, r.Lost, r.Witnesses, r.Total)
	x.Cells[3].Note, x.Cells[3].Beside = r.Losses, dense
	x.Cells[2].Note, x.Cells[2].Beside = r.Censored, dense
	x.Cells[4].Note, x.Cells[4].Off = r.Size, dense
	return x
}

func (p *printer) outageRow(o *finding.Outage, head bool) outageRow {
	r := outageRow{Name: p.outageName(o), Onset: p.stamp(onset(o)), Recovery: "–", Duration: "–", Head: head,
		Lost:      p.of(int64(o.Lost.Prefixes), int64(o.Lost.Of)),
		Witnesses: p.witnesses(o),
		Censored:  p.censored(o)}
	if until := ended(o); until != nil {
		r.Recovery = p.stamp(*until)
		if r.Censored != "" {
			r.Censored = p.hidden(o)
		}
	}
	if s := lasted(o); s != nil {
		r.Duration = p.exact(*s)
	}
	if flaps(o) {
		r.Losses = p.count("lapse.losses", int64(o.Gone.Losses))
	}
	var size []string
	if o.Lost.V4 > 0 {
		size = append(size, p.count("unit.address", o.Lost.V4))
	}
	if o.Lost.V6 > 0 {
		size = append(size, p.count("unit.v6", o.Lost.V6))
	}
	r.Size = strings.Join(size, p.t("semicolon"))
	var total []string
	for _, s := range o.Total {
		total = append(total, p.stamp(s.From)+"–"+p.untilStamp(s.From, s.Until))
	}
	r.Total = list(total, 3)
	switch {
	case r.Total != "":
	case o.Scope == "prefix" || o.Lost.Of == 1: // of one prefix there is nothing more to be total
		r.Total = "–"
	default:
		r.Total = p.t("outages.nottotal")
	}
	return r
}

// untilStamp is the end of a span whose start was just written.
func (p *printer) untilStamp(from moment.Time, until *moment.Time) string {
	switch {
	case until == nil:
		return "…"
	case sameDay(from.Std(), until.Std()):
		return clock(*until)
	}
	return p.stamp(*until)
}

// blindSection is the blindness ledger, with the headline outage under every bar.
func blindSection(p *printer, c *facts) []document.Block {
	all := c.ledger
	if len(all) == 0 {
		return nil
	}
	q := c.f.Question
	s := figure.Scale{From: q.From, Until: q.Until}
	bars := document.Column{Head: p.days(q.From, lastMoment(q)), Page: true, Bars: true}
	t := document.Table{Name: "blind", Numbered: true, Caption: document.Plain(p.tn("blind.caption", int64(len(all)), "n", p.n(int64(len(all))))), Folded: &document.Folded{},
		Columns: document.Numbers(document.Columns(p.t("col.who"), p.t("col.from"), p.t("col.until"), p.t("col.length"), p.t("col.reason")), 1, 2, 3)}
	var hot moment.Interval
	if h := c.head; h != nil {
		hot = moment.Interval{From: h.From, Until: c.end(nil, h)}
		t.Mark = &document.Extent{Left: s.Percent(hot.From), Width: s.Width(hot.From, hot.Until)}
		bars.Key = p.t("blind.outage")
	}
	t.Columns = append(t.Columns, bars)
	anyHot := false
	for i, e := range all {
		r := document.Row{ID: "b" + strconv.Itoa(i+1), Cells: document.Cells(strconv.Itoa(i+1)+" · "+clip(e.Collector, 40), p.stamp(e.From), p.stamp(e.Until),
			p.exact(int64((e.Until-e.From)/moment.Second)), p.reason(e.Reason))}
		switch note := &r.Cells[0].Note; len(e.peers) {
		case 0:
			*note = p.t("blind.all")
		case 1:
			*note = e.peers[0].String()
		default:
			*note = p.count("unit.peer", int64(len(e.peers)))
		}
		r.Cells = append(r.Cells, document.Cell{As: document.Bar{Extent: document.Extent{Left: s.Percent(e.From), Width: s.Width(e.From, e.Until)}}})
		r.Hot = c.head != nil && hot.Overlaps(moment.Interval{From: e.From, Until: e.Until})
		anyHot = anyHot || r.Hot
		split(&t, i, len(all), tableRows, r)
	}
	p.folded(&t, "blind.rest", len(all))
	text := p.h("blind.text")
	if anyHot {
		text = document.Sentences(text, p.h("blind.hot"))
	}
	return []document.Block{document.Para{Text: text}, t, document.Para{Text: p.h("blind.never")}}
}

// split puts row i of n in sight, or else among those that are folded away.
func split(t *document.Table, i, n, folded int, r document.Row) {
	switch {
	case i < shownRows || n <= shownRows+3:
		t.Rows = append(t.Rows, r)
	case len(t.Folded.Rows) < folded:
		t.Folded.Rows = append(t.Folded.Rows, r)
	}
}

// folded says how many of n rows a table folds away, and how many it leaves out.
func (p *printer) folded(t *document.Table, key string, n int) {
	f := t.Folded
	f.Summary, f.Long = p.count(key, int64(len(f.Rows))), long(len(f.Rows))
	if left := n - len(t.Rows) - len(f.Rows); left > 0 {
		f.More = p.more(int64(left))
	}
}

// reason words a reason of blindness; one it does not know is printed as is.
func (p *printer) reason(r string) string {
	if p.has("reason." + r) {
		return p.t("reason." + r)
	}
	return clip(r, 80)
}

// subjectSection is the subject list with a reason on every line.
func subjectSection(p *printer, c *facts) []document.Block {
	s := &c.f.Subject
	if len(s.Prefixes)+len(s.Reasons) == 0 {
		return nil
	}
	n := int64(len(s.Prefixes))
	text := p.hn("subject.text", n, "n", p.n(n), "of", p.ofSubject())
	country, lists := delegations(p.w, s)
	short := country != ""
	given := ""
	if short { // of a country: whose lists they are from, so that no row says it again
		given = p.tn("onlist.given", int64(len(lists)), "country", country, "lists", p.and(lists))
	}
	out := []document.Block{document.Para{Text: document.Sentences(text, document.Plain(given)), Where: document.OnPage},
		document.Para{Text: text, Where: document.OffPage}, document.Para{Text: document.Plain(given), Where: document.OffPage}}
	if t := reasonTable(p, s, short); len(t.Rows) > 0 {
		out = append(out, t)
	}
	if t := prefixTable(p, s, short); len(t.Rows) > 0 {
		out = append(out, t)
	}
	if f, ok := stoodFold(p, s.Prefixes); ok {
		out = append(out, f)
	}
	if f, ok := othersFold(p, c); ok {
		out = append(out, f)
	}
	if s.NamesOf != "" {
		out = append(out, document.Para{Text: document.Plain(p.t("names", "of", clip(s.NamesOf, 120))), Style: document.Aside})
	}
	return out
}

// reasonTable lists the origins and blocks with why they are on the list.
func reasonTable(p *printer, s *finding.Subject, short bool) document.Table {
	t := document.Table{Name: "reasons", Numbered: true, Caption: document.Plain(p.t("reasons.caption")), Columns: document.Columns(p.t("col.onlist"), p.t("col.reason")), Folded: &document.Folded{}}
	for i, x := range s.Reasons {
		if i == tableRows {
			t.Folded.More = p.more(int64(len(s.Reasons) - i))
			break
		}
		reason, lang := onList(p.w, x.OnList, short)
		r := document.Row{Cells: document.Cells(clip(x.Name(), 60), clip(reason, 200))}
		r.Cells[1].Lang = lang
		if i < reasonsShown || len(s.Reasons) <= shownRows {
			t.Rows = append(t.Rows, r)
		} else {
			t.Folded.Rows = append(t.Folded.Rows, r)
		}
	}
	t.Folded.Summary, t.Folded.Long = p.count("reasons.rest", int64(len(t.Folded.Rows))), long(len(t.Folded.Rows))
	return t
}

// prefixTable lists the prefixes of the subject.
func prefixTable(p *printer, s *finding.Subject, short bool) document.Table {
	n := int64(len(s.Prefixes))
	counts := slices.ContainsFunc(s.Prefixes, func(x finding.Prefix) bool { return x.Covered+x.Replaced+x.Unknown+x.Standing > 0 })
	heads := []string{p.t("col.prefix"), p.t("col.origin"), p.t("col.carriers")}
	numbers := []int{2}
	if counts {
		heads = append(heads, p.t("col.covered"), p.t("col.replaced"), p.t("col.unknown"), p.t("col.standing"))
		numbers = []int{2, 3, 4, 5, 6}
	}
	t := document.Table{Name: "subject", Numbered: true, Caption: document.Plain(p.tn("subject.caption", n, "n", p.n(n))), Folded: &document.Folded{},
		Columns: document.Numbers(document.Columns(append(heads, p.t("col.reason"))...), numbers...)}
	for i, x := range s.Prefixes[:min(len(s.Prefixes), subjectCap)] {
		var origins, reasons []string
		lang := ""
		for _, o := range x.Origins {
			origins = append(origins, p.asNumber(o))
		}
		for _, y := range x.Reasons {
			reason, l := onList(p.w, y, short)
			reasons, lang = append(reasons, clip(reason, 120)), cmp.Or(lang, l)
		}
		cells := document.Cells(x.Prefix.String(), list(origins, 4), p.n(int64(x.Carriers)))
		if counts {
			cells = append(cells, document.Cells(p.n(int64(x.Covered)), p.n(int64(x.Replaced)), p.n(int64(x.Unknown)), p.n(int64(x.Standing)))...)
		}
		cells = append(cells, document.Cell{Text: document.Plain(strings.Join(reasons, "; ")), Lang: lang})
		split(&t, i, len(s.Prefixes), subjectCap-shownRows, document.Row{Cells: cells})
	}
	p.folded(&t, "subject.rest", len(s.Prefixes))
	return t
}

// stoodFold lists the routes that stood in for prefixes, and the record behind each.
func stoodFold(p *printer, ps []finding.Prefix) (document.Fold, bool) {
	t := document.Table{Name: "stood", Dense: true, Anchor: "sto",
		Columns: document.Columns(p.t("col.prefix"), p.t("col.kind"), p.t("col.by"), p.t("col.origin"), p.t("col.peers"), p.t("col.span"), p.t("col.record"))}
	n := 0
	for i := range ps {
		for _, y := range ps[i].StandIns {
			if n++; n > tableRows {
				continue
			}
			kind, origin := clip(y.Kind, 40), "–"
			if p.has("stood." + y.Kind) {
				kind = p.t("stood." + y.Kind)
			}
			if y.Origin != 0 {
				origin = p.asNumber(y.Origin)
			}
			cells := document.Cells(ps[i].Prefix.String(), kind, y.Prefix.String(), origin, p.n(int64(y.Peers)), p.stamp(y.From)+"–"+p.untilStamp(y.From, &y.Until))
			t.Rows = append(t.Rows, document.Row{Cells: append(cells, document.Cell{Text: record(y.Exhibit, y.Offset)})})
		}
	}
	f := document.Fold{Summary: p.count("stood.caption", int64(n)), Long: long(len(t.Rows))}
	t.Caption, t.Short = document.Plain(f.Summary+" (UTC)"), document.Plain(f.Summary)
	if m := n - len(t.Rows); m > 0 {
		t.More = p.more(int64(m))
	}
	f.Blocks = []document.Block{t}
	return f, len(t.Rows) > 0
}

// record names a record of an exhibit.
func record(exhibit string, offset int64) document.Text {
	if exhibit == "" {
		return document.Text{{Text: "–", Code: true}}
	}
	return document.Text{{Text: clip(exhibit, 80) + "@" + strconv.FormatInt(offset, 10), Code: true, Of: document.Record{Exhibit: exhibit, Offset: offset}}}
}

// onsetExhibit is the exhibit whose records hold the onset of the headline outage
// at one collector; empty if there is none.
func onsetExhibit(c *facts, exhibits []Exhibit) string {
	if c.head == nil {
		return ""
	}
	at := c.head.From
	if m := c.head.Onset.Median; m != nil {
		at = *m
	}
	for _, s := range c.f.Watch.Sources {
		if s.Kind != "updates" || s.First == nil || s.Last == nil || *s.First > at || *s.Last < at {
			continue
		}
		base, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(s.Name, ".gz"), ".bz2"), "/")
		for _, e := range exhibits {
			if e.Records > 0 && strings.HasPrefix(e.Name, s.Collector) && strings.Contains(e.Name, base) {
				return e.Name
			}
		}
	}
	return ""
}

// textSources is how many sources are listed where length is no matter: it is where
// their digests are copied from.
const textSources = 2000

// checkSection is what a reader needs to check the case: commands, exhibits,
// sources, and what could not be read.
func checkSection(p *printer, c *facts, o Options) []document.Block {
	w := &c.f.Watch
	text, commands := checkCommands(p, c, o)
	out := []document.Block{document.Para{Text: text}, document.Listing{Label: p.t("commands"), Lines: commands, Commands: true}}
	if len(o.Exhibits) > 0 {
		out = append(out, exhibitTable(p, o.Exhibits))
		if n := len(o.Exhibits) - hashRows; n > 0 {
			out = append(out, document.Para{Text: document.Plain(p.more(int64(n))), Style: document.Aside})
		}
	}
	out = append(out, document.Para{Text: p.hn("read.text", w.Unreadable, "files", p.counted("unit.file", int64(w.Files)), "records", p.counted("unit.record", w.Records),
		"unread", p.n(w.Unreadable))})
	if len(w.Sources) > 0 {
		out = append(out, sourceTable(p, w))
		if n := len(w.Sources) - hashRows; n > 0 {
			out = append(out, document.Para{Text: document.Plain(p.more(int64(n))), Style: document.Aside, Where: document.OnPage})
		}
		if n := len(w.Sources) - textSources; n > 0 {
			out = append(out, document.Para{Text: document.Plain(p.more(int64(n))), Style: document.Aside, Where: document.OffPage})
		}
	}
	if len(w.Unread) > 0 {
		out = append(out, unreadTable(p, w))
	}
	return out
}

func exhibitTable(p *printer, exhibits []Exhibit) document.Table {
	t := document.Table{Name: "exhibits", Numbered: true, Caption: document.Plain(p.t("exhibits.caption")), Folded: &document.Folded{Long: true, Dense: true, Anchor: "nex"},
		Columns: document.Numbers(document.Columns(p.t("col.item"), p.t("col.records"), "SHA-256"), 1)}
	for i, e := range exhibits[:min(len(exhibits), hashRows)] {
		records := "–"
		if e.Records >= 0 {
			records = p.n(e.Records)
		}
		r := document.Row{Cells: append(document.Cells(clip(e.Name, 80), records), document.Cell{Text: document.Text{{Text: e.SHA256, Code: true}}})}
		if i < hashShown {
			t.Rows = append(t.Rows, r)
		} else {
			t.Folded.Rows = append(t.Folded.Rows, r)
		}
	}
	t.Folded.Summary = p.count("exhibits.rest", int64(len(t.Folded.Rows)))
	return t
}

func sourceTable(p *printer, w *finding.Watch) document.Table {
	n := int64(len(w.Sources))
	t := document.Table{Name: "sources", Numbered: true, Caption: document.Plain(p.tn("sources.caption", n, "n", p.n(n))), Folded: &document.Folded{Long: true, Dense: true, Anchor: "nso"},
		Columns: document.Numbers(document.Columns(p.t("col.file"), p.t("col.records"), p.t("col.span"), "SHA-256"), 1)}
	t.Columns[2].Page = true
	for i, s := range w.Sources[:min(len(w.Sources), textSources)] {
		kind, span := p.t("sources.updates"), "–"
		if s.Kind == "rib" {
			kind = p.t("sources.rib")
		}
		if s.First != nil && s.Last != nil {
			span = p.stamp(*s.First) + "–" + p.untilStamp(*s.First, s.Last)
		}
		r := document.Row{Cells: append(document.Cells(clip(s.Name, 60), p.n(s.Records), span), document.Cell{Text: document.Text{{Text: clip(s.SHA256, 64), Code: true}}})}
		r.Cells[0].Note = clip(s.Collector, 40) + ", " + kind + ", " + p.bytes(s.Size)
		switch {
		case i < hashShown:
			t.Rows = append(t.Rows, r)
		case i < hashRows:
			t.Folded.Rows = append(t.Folded.Rows, r)
		default:
			t.Rest = append(t.Rest, r)
		}
	}
	t.Folded.Summary = p.count("sources.rest", int64(len(t.Folded.Rows)))
	return t
}

func unreadTable(p *printer, w *finding.Watch) document.Table {
	n := int64(len(w.Unread))
	t := document.Table{Name: "unread", Numbered: true, Caption: document.Plain(p.tn("unread.caption", n, "n", p.n(w.Unreadable))),
		Columns: document.Numbers(document.Columns(p.t("col.file"), p.t("col.count"), p.t("col.offset"), p.t("col.reason")), 1, 2)}
	for i, u := range w.Unread {
		if i == tableRows {
			t.More = p.more(n - int64(i))
			break
		}
		r := document.Row{Cells: document.Cells(clip(u.File, 60), p.n(u.Count), p.n(u.Offset), clip(u.Reason, 120))}
		r.Cells[0].Note, r.Cells[3].Lang = clip(u.Collector, 40), string(locale.Default)
		t.Rows = append(t.Rows, r)
	}
	return t
}

// bytes is a size as stored.
func (p *printer) bytes(n int64) string {
	switch {
	case n < 10_000:
		return p.count("unit.byte", n)
	case n < 10_000_000:
		return p.n(n/1000) + nbsp + p.t("unit.kb")
	}
	return p.n(n/1_000_000) + nbsp + p.t("unit.mb")
}

// credits names the owners of the archives the collectors belong to.
func credits(p *printer, collectors []string) string {
	var ris, views bool
	for _, c := range collectors {
		ris = ris || len(c) == 5 && strings.HasPrefix(c, "rrc")
		views = views || strings.HasPrefix(c, "route-views")
	}
	var out []string
	if ris {
		out = append(out, "RIPE NCC RIS")
	}
	if views {
		out = append(out, "RouteViews (CC"+nbsp+"BY"+nbsp+"4.0)")
	}
	if len(out) == 0 {
		return ""
	}
	return p.t("credits", "archives", strings.Join(out, ", "))
}
