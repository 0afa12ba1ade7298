package report

import (
	"cmp"
	"html/template"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/figure"
)

// outageTables list every outage: of the whole subject in sight, of origins
// and prefixes folded away.
type outageTables struct {
	Caption string
	Whole   []outageRow
	Folded  []outageRow // the rest of the whole subject's
	More    string
	Folds   []outageFold
	Export  template.HTML // how to get all of them as a list
}

type outageFold struct {
	Summary, Caption string
	Rows             []outageRow
	More             string
}

type outageRow struct {
	Name, Onset, Recovery, Duration, Lost, Size, Witnesses, Total, Censored string
	Number                                                                  int  // place among the outages of the whole subject; 0 for others
	Head                                                                    bool // the headline outage, where there are others
}

func newOutages(p *printer, c *facts, o Options) *outageTables {
	if len(c.f.Outages) == 0 {
		return nil
	}
	t := &outageTables{Caption: p.tn("outages.caption", int64(len(c.whole)), "n", p.n(int64(len(c.whole))), "days", p.days(c.f.Question.From, lastMoment(c.f.Question)))}
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
	for i, o := range c.whole {
		r := p.outageRow(o, o == c.head && len(c.whole) > 1)
		r.Name, r.Number = "", i+1
		if o.Lost.Prefixes == o.Lost.Of {
			r.Size = "" // the same for all of them, and among the key figures
		}
		switch {
		case show[o]:
			t.Whole = append(t.Whole, r)
		case len(t.Folded) < 4*tableRows:
			t.Folded = append(t.Folded, r)
		}
	}
	if len(t.Whole) < len(c.whole) {
		t.Caption = p.t("outages.longest", "k", p.n(int64(len(t.Whole))), "n", p.n(int64(len(c.whole))))
	}
	fold := func(key, scope string, most int) outageFold {
		var f outageFold
		n := 0
		for _, o := range c.others {
			if o.Scope != scope {
				continue
			}
			n++
			if n <= most {
				f.Rows = append(f.Rows, p.outageRow(o, false))
			}
		}
		f.Summary = p.count(key, int64(n))
		f.Caption = f.Summary + " (UTC)"
		if n > len(f.Rows) {
			f.More = p.more(int64(n - len(f.Rows)))
		}
		return f
	}
	if n := len(c.whole) - len(t.Whole) - len(t.Folded); n > 0 {
		t.More = p.more(int64(n))
	}
	if o.CaseName != "" {
		name := shell(o.CaseName)
		if o.Case != nil && o.Case.Log != nil { // its name here is no folder's
			name = "CASE"
		}
		t.Export = p.h("outages.export", "command", "constat export "+name+" --as csv")
	}
	for _, f := range []outageFold{p.partialFold(c), fold("outages.origins", "origin", tableRows), fold("outages.prefixes", "prefix", tableRows/3)} {
		if len(f.Rows) > 0 {
			t.Folds = append(t.Folds, f)
		}
	}
	return t
}

// partialFold lists the partial losses, the largest of many, in order of time.
func (p *printer) partialFold(c *facts) outageFold {
	n := int64(len(c.partial))
	f := outageFold{Summary: p.count("outages.partial", n)}
	f.Caption = f.Summary + " (UTC)"
	for _, o := range c.largest(c.partial, tableRows) {
		r := p.outageRow(o, false)
		r.Total = "–"
		f.Rows = append(f.Rows, r)
	}
	if m := n - int64(len(f.Rows)); m > 0 {
		f.More = p.more(m)
	}
	return f
}

func (p *printer) outageRow(o *finding.Outage, head bool) outageRow {
	r := outageRow{Name: clip(o.Name, 60), Onset: p.stamp(onset(o)), Recovery: "–", Duration: "–", Head: head,
		Lost:      p.of(int64(o.Lost.Prefixes), int64(o.Lost.Of)),
		Witnesses: p.of(int64(o.Witnesses.Lost), int64(o.Witnesses.Carried)),
		Censored:  p.censored(o)}
	if o.Recovery != nil && o.Recovery.Median != nil {
		r.Recovery = p.stamp(*o.Recovery.Median)
		if r.Censored != "" {
			r.Censored = p.hidden(o)
		}
	}
	if o.DurationS != nil {
		r.Duration = p.exact(*o.DurationS)
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

// blindTable is the blindness ledger.
type blindTable struct {
	Caption, Span string
	Rows, Folded  []blindRow
	Summary, More string
	Hot           bool // some entry touches the headline outage
	// The headline outage under every bar.
	OutageLeft, OutageWidth string
}

type blindRow struct {
	Number                                 int
	Who, Note, From, Until, Length, Reason string
	Bar                                    figure.Box
	Hot                                    bool // it overlaps the headline outage
}

func newBlind(p *printer, c *facts) *blindTable {
	all := c.ledger
	if len(all) == 0 {
		return nil
	}
	q := c.f.Question
	s := figure.Scale{From: q.From, Until: q.Until}
	t := &blindTable{Caption: p.tn("blind.caption", int64(len(all)), "n", p.n(int64(len(all)))), Span: p.days(q.From, lastMoment(q))}
	var hot moment.Interval
	if h := c.head; h != nil {
		hot = moment.Interval{From: h.From, Until: c.end(nil, h)}
		t.OutageLeft, t.OutageWidth = s.Percent(hot.From), s.Width(hot.From, hot.Until)
	}
	for i, e := range all {
		r := blindRow{Number: i + 1, Who: clip(e.Collector, 40), From: p.stamp(e.From), Until: p.stamp(e.Until),
			Length: p.exact(int64((e.Until - e.From) / moment.Second)), Reason: p.reason(e.Reason),
			Bar: figure.Box{Left: s.Percent(e.From), Width: s.Width(e.From, e.Until)}}
		switch len(e.peers) {
		case 0:
			r.Note = p.t("blind.all")
		case 1:
			r.Note = e.peers[0].String()
		default:
			r.Note = p.count("unit.peer", int64(len(e.peers)))
		}
		r.Hot = c.head != nil && hot.Overlaps(moment.Interval{From: e.From, Until: e.Until})
		t.Hot = t.Hot || r.Hot
		switch {
		case i < shownRows || len(all) <= shownRows+3:
			t.Rows = append(t.Rows, r)
		case len(t.Folded) < tableRows:
			t.Folded = append(t.Folded, r)
		}
	}
	if n := len(all) - len(t.Rows) - len(t.Folded); n > 0 {
		t.More = p.more(int64(n))
	}
	t.Summary = p.count("blind.rest", int64(len(t.Folded)))
	return t
}

// reason words a reason of blindness; one it does not know is printed as is.
func (p *printer) reason(r string) string {
	if p.has("reason." + r) {
		return p.t("reason." + r)
	}
	return clip(r, 80)
}

// subjectTable is the subject list with a reason on every line.
type subjectTable struct {
	Text                        template.HTML
	Given                       string // of a country: whose lists they are from, so that no row says it again
	Reasons                     []reasonRow
	FoldReasons                 []reasonRow
	ReasonsSummary, MoreReasons string
	Caption                     string
	Counts                      bool // any prefix is covered, replaced or unknown
	Rows, Folded                []subjectRow
	Summary, More               string
	NamesOf                     string
	Stood                       []stoodRow // routes that stood in for prefixes, or may have
	StoodSummary                string
	MoreStood                   string
	Others                      *othersTable // announcements by other networks; nil: none
}

type subjectRow struct{ Prefix, Origins, Carriers, Covered, Replaced, Unknown, Standing, Reasons, Lang string }

// reasonRow is an origin or a block and why it is on the list; Lang is the language
// of the reason if it is not the page's.
type reasonRow struct{ What, Reason, Lang string }

type stoodRow struct{ Prefix, Kind, By, Origin, Peers, Times, Record string }

// stood lists the routes that stood in for prefixes, and the record behind each.
func (t *subjectTable) stood(p *printer, ps []finding.Prefix) {
	n := 0
	for i := range ps {
		for _, y := range ps[i].StandIns {
			if n++; n > tableRows {
				continue
			}
			r := stoodRow{Prefix: ps[i].Prefix.String(), Kind: clip(y.Kind, 40), By: y.Prefix.String(), Origin: "–", Peers: p.n(int64(y.Peers)),
				Times: p.stamp(y.From) + "–" + p.untilStamp(y.From, &y.Until), Record: "–"}
			if p.has("stood." + y.Kind) {
				r.Kind = p.t("stood." + y.Kind)
			}
			if y.Origin != 0 {
				r.Origin = p.asNumber(y.Origin)
			}
			if y.Exhibit != "" {
				r.Record = clip(y.Exhibit, 80) + "@" + strconv.FormatInt(y.Offset, 10)
			}
			t.Stood = append(t.Stood, r)
		}
	}
	t.StoodSummary = p.count("stood.caption", int64(n))
	if m := n - len(t.Stood); m > 0 {
		t.MoreStood = p.more(int64(m))
	}
}

func newSubject(p *printer, c *facts) *subjectTable {
	s := &c.f.Subject
	if len(s.Prefixes)+len(s.Reasons) == 0 {
		return nil
	}
	n := int64(len(s.Prefixes))
	t := &subjectTable{Text: p.hn("subject.text", n, "n", p.n(n), "of", p.ofSubject()), NamesOf: clip(s.NamesOf, 120),
		Caption: p.tn("subject.caption", n, "n", p.n(n))}
	country, lists := delegations(p.w, s)
	short := country != ""
	if short {
		t.Given = p.tn("onlist.given", int64(len(lists)), "country", country, "lists", p.and(lists))
	}
	for i, x := range s.Reasons {
		if i == tableRows {
			t.MoreReasons = p.more(int64(len(s.Reasons) - i))
			break
		}
		reason, lang := onList(p.w, x.Reason, short)
		r := reasonRow{What: clip(x.What, 60), Reason: clip(reason, 200), Lang: lang}
		if i < reasonsShown || len(s.Reasons) <= shownRows {
			t.Reasons = append(t.Reasons, r)
		} else {
			t.FoldReasons = append(t.FoldReasons, r)
		}
	}
	t.ReasonsSummary = p.count("reasons.rest", int64(len(t.FoldReasons)))
	for _, x := range s.Prefixes {
		t.Counts = t.Counts || x.Covered+x.Replaced+x.Unknown+x.Standing > 0
	}
	for i, x := range s.Prefixes {
		var origins, reasons []string
		lang := ""
		for _, o := range x.Origins {
			origins = append(origins, p.asNumber(o))
		}
		for _, y := range x.Reasons {
			reason, l := onList(p.w, y, short)
			reasons, lang = append(reasons, clip(reason, 120)), cmp.Or(lang, l)
		}
		r := subjectRow{x.Prefix.String(), list(origins, 4), p.n(int64(x.Carriers)), p.n(int64(x.Covered)), p.n(int64(x.Replaced)),
			p.n(int64(x.Unknown)), p.n(int64(x.Standing)), strings.Join(reasons, "; "), lang}
		switch {
		case i < shownRows || len(s.Prefixes) <= shownRows+3:
			t.Rows = append(t.Rows, r)
		case i < subjectCap:
			t.Folded = append(t.Folded, r)
		}
	}
	if m := len(s.Prefixes) - len(t.Rows) - len(t.Folded); m > 0 {
		t.More = p.more(int64(m))
	}
	t.Summary = p.count("subject.rest", int64(len(t.Folded)))
	t.stood(p, s.Prefixes)
	t.Others = newOthers(p, c)
	return t
}

// checkTables is what a reader needs to check the case: commands, exhibits,
// sources, and what could not be read.
type checkTables struct {
	Text                 template.HTML // what the commands do
	Commands             []string
	Exhibits             []exhibitRow
	FoldExhibits         []exhibitRow
	ExhibitsSummary      string
	MoreExhibits         string
	Sources, FoldSources []sourceRow
	SourcesCaption       string
	SourcesSummary       string
	MoreSources          string
	Unread               []unreadRow
	UnreadCaption        string
	MoreUnread           string
	ReadText             template.HTML
}

type exhibitRow struct{ Name, Records, SHA256 string }
type sourceRow struct{ Name, Collector, Kind, Records, Span, Size, SHA256 string }
type unreadRow struct{ File, Collector, Count, Offset, Reason string }

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

func newCheck(p *printer, c *facts, o Options) *checkTables {
	w := &c.f.Watch
	t := &checkTables{}
	t.commands(p, c, o)
	for i, e := range o.Exhibits {
		if i == hashRows {
			t.MoreExhibits = p.more(int64(len(o.Exhibits) - i))
			break
		}
		r := exhibitRow{clip(e.Name, 80), "–", e.SHA256}
		if e.Records >= 0 {
			r.Records = p.n(e.Records)
		}
		if i < hashShown {
			t.Exhibits = append(t.Exhibits, r)
		} else {
			t.FoldExhibits = append(t.FoldExhibits, r)
		}
	}
	t.ExhibitsSummary = p.count("exhibits.rest", int64(len(t.FoldExhibits)))
	for i, s := range w.Sources {
		r := sourceRow{clip(s.Name, 60), clip(s.Collector, 40), p.t("sources.updates"), p.n(s.Records), "–", p.bytes(s.Size), s.SHA256}
		if s.Kind == "rib" {
			r.Kind = p.t("sources.rib")
		}
		if s.First != nil && s.Last != nil {
			r.Span = p.stamp(*s.First) + "–" + p.untilStamp(*s.First, s.Last)
		}
		switch {
		case i < hashShown:
			t.Sources = append(t.Sources, r)
		case i < hashRows:
			t.FoldSources = append(t.FoldSources, r)
		default:
			t.MoreSources = p.more(int64(len(w.Sources) - i))
		}
		if t.MoreSources != "" {
			break
		}
	}
	t.SourcesCaption = p.tn("sources.caption", int64(len(w.Sources)), "n", p.n(int64(len(w.Sources))))
	t.SourcesSummary = p.count("sources.rest", int64(len(t.FoldSources)))
	t.ReadText = p.hn("read.text", w.Unreadable, "files", p.counted("unit.file", int64(w.Files)), "records", p.counted("unit.record", w.Records),
		"unread", p.n(w.Unreadable))
	for i, u := range w.Unread {
		if i == tableRows {
			t.MoreUnread = p.more(int64(len(w.Unread) - i))
			break
		}
		t.Unread = append(t.Unread, unreadRow{clip(u.File, 60), clip(u.Collector, 40), p.n(u.Count), p.n(u.Offset), clip(u.Reason, 120)})
	}
	t.UnreadCaption = p.tn("unread.caption", int64(len(w.Unread)), "n", p.n(w.Unreadable))
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
