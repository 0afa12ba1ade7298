package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/claims/standing"
	"constat/claims/statement"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
)

// standWords end the keys of a standing's words.
var standWords = map[standing.Standing]string{
	standing.Supported:    "sup",
	standing.Contradicted: "con",
	standing.Neither:      "nei",
	standing.NotTestable:  "nt",
	standing.OtherTime:    "oth",
}

// standOrder is the order of the key and of counts.
var standOrder = []standing.Standing{standing.Supported, standing.Contradicted, standing.Neither, standing.NotTestable, standing.OtherTime}

// standSigns are the shapes where there are only letters.
var standSigns = map[standing.Standing]string{
	standing.Supported:    "●",
	standing.Contradicted: "■",
	standing.Neither:      "◐",
	standing.NotTestable:  "○",
	standing.OtherTime:    "◇",
}

// doubt is how long an interval may be before it is drawn as a bar, as a share
// of the axis.
const doubt = 0.02

// roomLeast is the share of the axis that a text beside its bar needs; with
// less it stands above.
const roomLeast = 0.42

// saidAt is when a statement was said, or where nothing tells, published.
func saidAt(s *statement.Statement) (moment.Interval, bool) {
	if s.Said != nil {
		return *s.Said, true
	}
	return s.Published, false
}

// drawSaid puts each statement below the timeline at the time it was said.
func drawSaid(p *printer, c *facts, k *Case) *document.Said {
	if k == nil || len(k.Statements) == 0 {
		return nil
	}
	q := c.f.Question
	s := figure.Scale{From: q.From, Until: q.Until}
	g := &document.Said{Label: p.t("said.label")}
	seen := map[standing.Standing]bool{}
	for i := range k.Statements {
		x := &k.Statements[i]
		if i == saidRows {
			g.More = p.count("said.more", int64(len(k.Statements)-i))
			break
		}
		m, _ := saidAt(&x.Statement)
		r := document.SaidRow{Number: i + 1, Standing: x.Beside.Standing, Who: clip(who(p, &x.Speaker), 60), Lang: lang(p, x), Side: "r"}
		r.What = clip(gist(x), 90)
		r.Label = p.t("said.row", "n", p.n(int64(i+1)), "who", r.Who, "stand", p.t("stand."+standWords[x.Beside.Standing]))
		seen[r.Standing] = true
		mid := m.From + (m.Until-m.From)/2
		switch {
		case m.Until <= q.From:
			r.Left, r.Off = "0", "◂ "+p.dayShort(mid.Std())
		case m.From >= q.Until:
			r.Left, r.Off2, r.Side = "100", p.dayShort(mid.Std())+" ▸", "l"
		default:
			from, until := max(m.From, q.From), min(m.Until, q.Until)
			mid = from + (until-from)/2
			r.Left = s.Percent(mid)
			if s.Share(until)-s.Share(from) > doubt {
				r.BarLeft, r.BarW = s.Percent(from), s.Width(from, until)
				g.Bars = true
			}
			before, after := s.Share(from), 1-s.Share(until)
			switch {
			case r.BarW != "" && max(before, after) < roomLeast:
				r.Side = "up"
			case before > after:
				r.Side = "l"
			}
		}
		g.Rows = append(g.Rows, r)
	}
	for _, st := range standOrder {
		if seen[st] {
			g.Key = append(g.Key, document.SaidKey{Standing: st, Text: p.t("stand." + standWords[st])})
		}
	}
	return g
}

// who names a speaker as the document does: a name or an office stands as it
// is, a description ("a staff member") in quotation marks.
func who(p *printer, s *statement.Speaker) string {
	if s.Name != "" {
		if s.For != "" && !strings.Contains(s.Name, s.For) {
			return s.Name + ", " + s.For
		}
		return s.Name
	}
	if s.Role == statement.Official && s.For != "" {
		return s.For
	}
	if r, _ := utf8.DecodeRuneInString(s.As); !unicode.IsLower(r) {
		return s.As
	}
	return p.t("quoted", "words", s.As)
}

// gist is what was said, in few words where the register has them.
func gist(x *Statement) string {
	if x.Gist != "" {
		return x.Gist
	}
	return x.Words
}

// lang is the language of the words, where it is not the page's.
func lang(p *printer, x *Statement) string {
	if x.Gist == "" && x.Lang != string(p.lang) {
		return x.Lang
	}
	return ""
}

// statementLine is a statement in words.
type statementLine struct {
	Number         int
	ID             string
	Said, SaidNote string
	Who, WhoNote   string
	Words, Lang    string
	Does, Note     string
	Standing       standing.Standing
	Stand          string
	Why            string
	Extra          string
	Links          []document.Text
	Grade          string
}

// row is the same for a table.
func (l *statementLine) row(p *printer) document.Row {
	n := strconv.Itoa(l.Number)
	note := ""
	if l.Note != "" {
		note = p.t("statements.note", "note", l.Note)
	}
	stand := document.Stand{Standing: l.Standing, Word: l.Stand, Why: document.Sentences(document.Plain(l.Why), document.Plain(l.Extra))}
	stand.Why = document.Sentences(append([]document.Text{stand.Why}, l.Links...)...)
	text := document.Sentences(append([]document.Text{{{Text: l.Stand, Strong: true}, {Text: p.t("colon") + l.Why}}, document.Plain(l.Extra)}, l.Links...)...)
	return document.Row{ID: "s" + n, Cells: []document.Cell{
		{Text: document.Text{{Text: n, Bold: true}, {Text: " " + l.Said}}, Note: l.SaidNote},
		{Text: document.Plain(l.Who), Note: l.WhoNote},
		{Text: document.Text{{Text: l.ID, Code: true}, {Text: " " + document.Beside(l.Words, l.Does)}}, As: document.Words{Text: l.Words, Lang: l.Lang, Notes: []string{l.Does, note}}},
		{Text: text, As: stand},
		{Text: document.Plain(l.Grade)},
	}}
}

// statementsSection is who said what and where each claim stands, what does not fit
// together, and what parties replied.
func statementsSection(p *printer, c *facts, k *Case) []document.Block {
	if len(k.Statements)+len(k.Replies) == 0 {
		return nil
	}
	var out []document.Block
	if n := int64(len(k.Statements)); n > 0 {
		text := []document.Text{p.h("statements.text")}
		if slices.ContainsFunc(k.Statements, func(x Statement) bool { return ownDenial(&x) }) {
			text = append(text, p.h("statements.denial"))
		}
		if _, ok := c.note(finding.NoteReconstruction); ok {
			text = append(text, p.h("statements.reconstruction"))
		}
		out = append(out, document.Para{Text: document.Sentences(text...)}, document.Para{Text: p.h("statements.counts", "counts", standCounts(p, k))})
		out = append(out, statementTable(p, c, k)...)
	}
	if ts := misfits(p, k); len(ts) > 0 {
		out = append(out, document.List{Heading: p.t("between"), Items: ts, Reasons: true})
	}
	if len(k.Replies) > 0 {
		out = append(out, document.Heading{Text: p.t("replies")})
	}
	for i := range k.Replies {
		r := &k.Replies[i]
		b := document.Quotation{Title: clip(r.Party, 120)}
		if r.For != "" {
			b.Title = p.t("reply.for", "party", clip(r.Party, 80), "for", clip(r.For, 120))
		}
		if r.Dissent {
			b.Note = p.tn("reply.dissent", r.Size, "at", p.at(r.At), "n", p.n(r.Size), "entry", p.n(r.Entry))
		} else {
			b.Note = p.t("reply.signed", "at", p.at(r.At), "name", clip(r.Name, 120), "entry", p.n(r.Entry))
		}
		out = append(out, quoted(p, b, r.Text))
	}
	if len(k.Replies) == 0 {
		// That no party replied is said elsewhere only if the whole log was looked at.
		none := document.Para{Text: document.Plain(p.t("reply.none")), Style: document.Prose, Where: document.OnPage}
		if k.Log != nil && len(k.Log.Entries) > 0 {
			none.Where = document.Everywhere
		}
		out = append(out, none)
	}
	return out
}

// quoted is what somebody else wrote, as far as it can be shown.
func quoted(p *printer, q document.Quotation, text string) document.Quotation {
	q.Words = safeLines(text, replyShown)
	if q.Words == "" {
		q.More = p.t("reply.notext")
	} else if len(text) > replyShown {
		q.More = p.t("reply.cut")
	}
	return q
}

// statementTable is the table of statements, and what their grades mean.
func statementTable(p *printer, c *facts, k *Case) []document.Block {
	n := int64(len(k.Statements))
	t := document.Table{Name: "statements", Numbered: true, RowHead: 1, Caption: document.Plain(p.tn("statements.caption", n, "n", p.n(n))),
		Columns: document.Columns(p.t("col.said"), p.t("col.speaker"), p.t("col.words"), p.t("col.beside"), p.t("col.grade"))}
	var grades []string
	for i := range k.Statements[:min(len(k.Statements), statementRows)] {
		x := &k.Statements[i]
		l := statementLineOf(p, c, x, i+1)
		l.Links = links(p, c, x)
		t.Rows = append(t.Rows, l.row(p))
		source, information := p.gradeWords(x.Grade)
		for _, y := range [][2]string{{x.Grade.Source, source}, {x.Grade.Information, information}} {
			if s := y[0] + p.t("colon") + y[1]; y[1] != "" && !slices.Contains(grades, s) {
				grades = append(grades, s)
			}
		}
	}
	out := []document.Block{t}
	if n > statementRows {
		out = append(out, document.Para{Text: document.Plain(p.count("statements.more", n-statementRows)), Style: document.Aside})
	}
	if len(grades) > 0 {
		slices.Sort(grades)
		slices.SortStableFunc(grades, func(a, b string) int { // letters, then figures
			digit := func(s string) int {
				if s[0] <= '9' {
					return 1
				}
				return 0
			}
			return digit(a) - digit(b)
		})
		out = append(out, document.Para{Text: document.Plain(p.t("statements.grades", "grades", strings.Join(grades, p.t("semicolon")))), Style: document.Aside})
	}
	return out
}

// safeLines keeps the lines of a text that others wrote and takes what could
// reorder them.
func safeLines(s string, most int) string {
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	var out []string
	for l := range strings.SplitSeq(strings.TrimRight(s, "\r\n\t "), "\n") {
		out = append(out, clip(l, utf8.RuneCountInString(l)+1))
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n")
}

// ownDenial reports whether a party denies an act that the statement names as
// its own, at a place that cannot be told apart from others.
func ownDenial(x *Statement) bool {
	a := x.Proposition.Act
	return x.Kind == statement.Denial && x.Beside.Why == standing.WhyInseparable && a != nil && a.By != "" && strings.EqualFold(a.By, x.Speaker.For)
}

func standCounts(p *printer, k *Case) string {
	var out []string
	for _, st := range standOrder {
		n := 0
		for i := range k.Statements {
			if k.Statements[i].Beside.Standing == st {
				n++
			}
		}
		if n > 0 {
			out = append(out, p.tn("stand.count."+standWords[st], int64(n), "n", p.n(int64(n))))
		}
	}
	return strings.Join(out, p.t("semicolon"))
}

func statementLineOf(p *printer, c *facts, x *Statement, number int) statementLine {
	s := &x.Statement
	l := statementLine{Number: number, ID: clip(s.ID, 60), Who: clip(who(p, &s.Speaker), 120), Grade: s.Grade.String()}
	m, said := saidAt(s)
	l.Said = p.between(m)
	switch {
	case !said:
		l.SaidNote = p.t("said.published")
	case m.From%day == 0 && m.Until%day == 0:
		l.SaidNote = p.t("said.day")
	case m.Until-m.From >= 2*hour:
		l.SaidNote = p.t("said.within")
	}
	var note []string
	if !strings.Contains(l.Who, clip(s.Speaker.As, 120)) {
		note = append(note, p.t("quoted", "words", clip(s.Speaker.As, 80)))
	}
	note = append(note, p.t("role."+string(s.Speaker.Role)))
	if s.Speaker.For != "" && !strings.Contains(l.Who, s.Speaker.For) {
		note = append(note, p.t("for", "party", clip(s.Speaker.For, 80)))
	}
	if s.Record != statement.RecordUnknown {
		note = append(note, p.t("record."+string(s.Record)))
	}
	l.WhoNote = strings.Join(note, p.t("semicolon"))
	if len(s.Outlets) > 0 {
		chain := make([]string, 0, len(s.Outlets))
		for _, o := range s.Outlets {
			chain = append(chain, clip(o, 60))
		}
		l.WhoNote += p.t("semicolon") + p.t("through", "outlets", strings.Join(chain, p.t("after")))
	}
	words := clip(s.Words, wordsShown)
	if s.Form == statement.Direct {
		words = p.t("quoted", "words", words)
	}
	l.Words = words
	if s.Lang != string(p.lang) {
		l.Lang = s.Lang
	}
	l.Does = p.t("does." + string(s.Kind))
	if s.Negative {
		l.Does = p.t("does.negative")
	}
	if w := proposed(p, s); w != "" {
		l.Does += p.t("colon") + clip(w, 240)
	}
	l.Note = clip(s.Note, 300)
	b := &x.Beside
	l.Standing, l.Stand = b.Standing, capital(p.t("stand."+standWords[b.Standing]))
	l.Why = whyWords(p, x)
	if h := c.head; h != nil && s.Said != nil && s.Said.Until <= h.From && b.Standing != standing.OtherTime {
		l.Extra = p.t("said.before", "at", p.at(h.From))
	}
	for _, y := range x.Also {
		l.Extra = strings.TrimSpace(l.Extra + " " + p.t("said.also", "entry", p.n(y.Entry), "stand", p.t("stand."+standWords[y.Standing])))
	}
	return l
}

// proposed is what a statement is about: in words, or else by the hypotheses
// or the act it names.
func proposed(p *printer, s *statement.Statement) string {
	if s.Proposition.Text != "" {
		return s.Proposition.Text
	}
	var hs []place.Hypothesis
	for _, h := range s.Proposition.Class {
		hs = append(hs, standing.Named(h))
	}
	switch places := placesOf(hs, nil); {
	case len(places) > 0:
		return p.t("said.places", "places", p.namer().prose(places))
	case s.Proposition.Act != nil:
		return s.Proposition.Act.String()
	}
	return ""
}

// whyWords is the reason of a standing.
func whyWords(p *printer, x *Statement) string {
	key := map[string]string{
		standing.WhyHolds:       "saidwhy.holds",
		standing.WhyExcluded:    "saidwhy.excluded",
		standing.WhyInseparable: "saidwhy.inseparable",
		standing.WhyOpen:        "saidwhy.open",
		standing.WhyInside:      "saidwhy.inside",
		standing.WhyBeyond:      "saidwhy.beyond",
		standing.WhyMeasured:    "saidwhy.measured",
		standing.WhyStayed:      "saidwhy.stayed",
		standing.WhyNotOwn:      "saidwhy.notown",
		standing.WhyUndecided:   "saidwhy.undecided",
		standing.WhyShort:       "saidwhy.short",
		standing.WhyNoClaim:     "saidwhy.noclaim",
		standing.WhyUnknown:     "saidwhy.unknown",
		standing.WhyLacked:      "saidwhy.lacked",
		standing.WhyAct:         "saidwhy.act",
		standing.WhyAsked:       "saidwhy.asked",
		standing.WhySpeech:      "saidwhy.speech",
		standing.WhyNothing:     "saidwhy.nothing",
		standing.WhyOutside:     "saidwhy.outside",
		standing.WhyBefore:      "saidwhy.before",
		standing.WhyAnother:     "saidwhy.another",
		standing.WhyUnseen:      "saidwhy.unseen",
		standing.WhyPartial:     "saidwhy.partial",
		standing.WhyNone:        "saidwhy.none",
		standing.WhyBegun:       "saidwhy.begun",
	}[x.Beside.Why]
	switch {
	case key == "":
		return clip(x.Beside.Why, 120)
	case ownDenial(x):
		key = "saidwhy.denial"
	case x.Beside.Why == standing.WhyBeyond:
		n := 0
		if i := x.Beside.Cause; i != nil && *i >= 0 && *i < len(p.f.Cause) {
			if p.f.Cause[*i].Level == proof.Indicated {
				return p.t("saidwhy.beyond.indicated")
			}
			if a := acts(&p.f.Cause[*i], "networks"); a != nil {
				n = a.AtLeast
			}
		}
		if n < 2 {
			return p.t("saidwhy.beyond.plain")
		}
		return p.t(key, "networks", p.counted("unit.network", int64(n)))
	}
	return p.t(key)
}

// links lead from a standing to what it rests on: the rows of the acts, the
// outage.
func links(p *printer, c *facts, x *Statement) []document.Text {
	var out []document.Text
	b := &x.Beside
	link := func(href, text string) {
		out = append(out, document.Text{{Text: text, To: href}})
	}
	if b.Cause != nil && *b.Cause == c.cause && len(c.hyps) > 0 {
		var rows []int
		for _, h := range x.Proposition.Class {
			for _, r := range c.hyps {
				if slices.ContainsFunc(r.hyps, func(y finding.Hypothesis) bool { return y.Means(standing.Named(h)) }) && !slices.Contains(rows, r.number) {
					rows = append(rows, r.number)
				}
			}
		}
		slices.Sort(rows)
		for _, n := range rows {
			link("#h"+strconv.Itoa(n), p.t("link.hypothesis", "n", p.n(int64(n))))
		}
	} else if b.Outage != nil {
		link("#outages", p.t("link.outage"))
	}
	return out
}

// between words an interval for a table: a day, a stretch of days, or hours.
func (p *printer) between(m moment.Interval) string {
	last := m.Until - 1
	if m.From%day == 0 && m.Until%day == 0 {
		if m.Until-m.From <= day {
			return p.dayShort(m.From.Std())
		}
		return p.dayShort(m.From.Std()) + " – " + p.dayShort(last.Std())
	}
	if m.Until-m.From <= minute {
		return p.stampMinute(m.From)
	}
	until := m.Until.Std().Format("15:04")
	if !sameDay(m.From.Std(), m.Until.Std()) {
		until = p.stampMinute(m.Until)
	}
	return p.stampMinute(m.From) + " – " + until
}

// misfits words what does not fit together: statements that contradict each
// other, sources that changed their name, words that changed on the way.
func misfits(p *printer, k *Case) []document.Text {
	number := map[string]int{}
	for i := range k.Statements {
		number[k.Statements[i].ID] = i + 1
	}
	ref := func(id string) document.Text {
		n := number[id]
		if n == 0 || n > statementRows {
			return document.Plain(clip(id, 60))
		}
		s := strconv.Itoa(n)
		return document.Text{{Text: s, To: "#s" + s}}
	}
	// No more are worded than are shown.
	all := int64(len(k.Contradictions)+len(k.Relabelled)+len(k.Drifts)) + int64(k.PairsLeft)
	var out []document.Text
	contradictions, relabelled, drifts := upTo(k.Contradictions, tableRows), upTo(k.Relabelled, tableRows), upTo(k.Drifts, tableRows)
	for _, x := range contradictions {
		key := "between.contradicts"
		if x.Doubt {
			key = "between.doubts"
		}
		h := p.h(key, "a", ref(x.Affirms), "b", ref(x.Denies))
		switch {
		case x.SameSpeaker:
			h = document.Sentences(h, p.h("between.speaker"))
		case x.SameParty:
			h = document.Sentences(h, p.h("between.party"))
		}
		out = append(out, h)
	}
	for _, x := range relabelled {
		h := p.h("between.relabelled", "a", ref(x.First), "b", ref(x.Later), "first", clip(x.FirstAs, 80), "later", clip(x.LaterAs, 80))
		if x.FirstRole != x.LaterRole {
			h = document.Sentences(h, p.h("between.roles", "first", p.t("role."+string(x.FirstRole)), "later", p.t("role."+string(x.LaterRole))))
		}
		out = append(out, h)
	}
	for _, x := range drifts {
		h := p.h("between.drift", "a", ref(x.First), "b", ref(x.Later))
		if len(x.Gone) > 0 {
			h = document.Sentences(h, p.h("between.gone", "words", clip(list(x.Gone, 12), 200)))
		}
		if len(x.New) > 0 {
			h = document.Sentences(h, p.h("between.new", "words", clip(list(x.New, 12), 200)))
		}
		out = append(out, h)
	}
	out = upTo(out, tableRows)
	if more := all - int64(len(out)); more > 0 {
		out = append(out, document.Plain(p.count("statements.more", more)))
	}
	return out
}

// upTo gives the first so many.
func upTo[T any](all []T, most int) []T { return all[:min(len(all), most)] }
