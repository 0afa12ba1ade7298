package report

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/claims/standing"
	"constat/claims/statement"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/moment"
	"constat/report/figure"
)

// marks of a standing: a shape, a colour and a word each.
var standMarks = map[standing.Standing]string{
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

// saidFigure stands below the timeline: each statement at the time it was said.
type saidFigure struct {
	Label string
	Rows  []saidRow
	Key   []saidKey
	Bars  bool
	More  string
}

type saidRow struct {
	Number        int
	Mark          string
	Left          string // in percent
	Side          string // r, l or up: on which side of its mark the text stands
	Off, Off2     string // the date of one that is off the axis, before or after the text
	BarLeft, BarW string
	Who, What     string
	Lang, Label   string
}

type saidKey struct{ Mark, Text string }

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

func drawSaid(p *printer, c *facts, k *Case) *saidFigure {
	if len(k.Statements) == 0 {
		return nil
	}
	q := c.f.Question
	s := figure.Scale{From: q.From, Until: q.Until}
	g := &saidFigure{Label: p.t("said.label")}
	seen := map[string]bool{}
	for i := range k.Statements {
		x := &k.Statements[i]
		if i == saidRows {
			g.More = p.count("said.more", int64(len(k.Statements)-i))
			break
		}
		m, _ := saidAt(&x.Statement)
		r := saidRow{Number: i + 1, Mark: standMarks[x.Beside.Standing], Who: clip(who(p, &x.Speaker), 60), Lang: lang(p, x), Side: "r"}
		r.What = clip(gist(x), 90)
		r.Label = p.t("said.row", "n", p.n(int64(i+1)), "who", r.Who, "stand", p.t("stand."+standMarks[x.Beside.Standing]))
		seen[r.Mark] = true
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
		if m := standMarks[st]; seen[m] {
			g.Key = append(g.Key, saidKey{m, p.t("stand." + m)})
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

// statementTable is who said what and where each claim stands.
type statementTable struct {
	Text    []template.HTML
	Caption string
	Rows    []statementLine
	More    string
	Grades  string
	Between []template.HTML
	Replies []replyBox
	NoReply string
}

type statementLine struct {
	Number         int
	ID             string
	Said, SaidNote string
	Who, WhoNote   string
	Words, Lang    string
	Does, Note     string
	Mark, Stand    string
	Why            string
	Extra          string
	Links          []template.HTML
	Grade          string
}

type replyBox struct {
	Title, Note, Text string
	More              string
}

func newStatements(p *printer, c *facts, k *Case, hyps *hypTable) *statementTable {
	if len(k.Statements)+len(k.Replies) == 0 {
		return nil
	}
	n := int64(len(k.Statements))
	t := &statementTable{}
	if n > 0 {
		t.Text = append(t.Text, p.h("statements.text"))
		if slices.ContainsFunc(k.Statements, func(x Statement) bool { return ownDenial(&x) }) {
			t.Text[0] += " " + p.h("statements.denial")
		}
		if _, ok := c.note(noteReconstruction); ok {
			t.Text[0] += " " + p.h("statements.reconstruction")
		}
		t.Text = append(t.Text, p.h("statements.counts", "counts", standCounts(p, k)))
		t.Caption = p.tn("statements.caption", n, "n", p.n(n))
	}
	var grades []string
	for i := range k.Statements {
		x := &k.Statements[i]
		if i == statementRows {
			t.More = p.count("statements.more", n-statementRows)
			break
		}
		t.Rows = append(t.Rows, statementLineOf(p, c, x, i+1, hyps))
		source, information := p.gradeWords(x.Grade)
		for _, y := range [][2]string{{x.Grade.Source, source}, {x.Grade.Information, information}} {
			if s := y[0] + p.t("colon") + y[1]; y[1] != "" && !slices.Contains(grades, s) {
				grades = append(grades, s)
			}
		}
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
		t.Grades = p.t("statements.grades", "grades", strings.Join(grades, p.t("semicolon")))
	}
	t.Between = misfits(p, k)
	for i := range k.Replies {
		r := &k.Replies[i]
		b := replyBox{Title: clip(r.Party, 120)}
		if r.For != "" {
			b.Title = p.t("reply.for", "party", clip(r.Party, 80), "for", clip(r.For, 120))
		}
		if r.Dissent {
			b.Note = p.tn("reply.dissent", r.Size, "at", p.at(r.At), "n", p.n(r.Size), "entry", p.n(r.Entry))
		} else {
			b.Note = p.t("reply.signed", "at", p.at(r.At), "name", clip(r.Name, 120), "entry", p.n(r.Entry))
		}
		b.Text = safeLines(r.Text, replyShown)
		if b.Text == "" {
			b.More = p.t("reply.notext")
		} else if len(r.Text) > replyShown {
			b.More = p.t("reply.cut")
		}
		t.Replies = append(t.Replies, b)
	}
	if len(k.Replies) == 0 {
		t.NoReply = p.t("reply.none")
	}
	return t
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
			out = append(out, p.tn("stand.count."+standMarks[st], int64(n), "n", p.n(int64(n))))
		}
	}
	return strings.Join(out, p.t("semicolon"))
}

func statementLineOf(p *printer, c *facts, x *Statement, number int, hyps *hypTable) statementLine {
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
	l.Mark, l.Stand = standMarks[b.Standing], capital(p.t("stand."+standMarks[b.Standing]))
	l.Why = whyWords(p, x)
	if h := c.head; h != nil && s.Said != nil && s.Said.Until <= h.From && b.Standing != standing.OtherTime {
		l.Extra = p.t("said.before", "at", p.at(h.From))
	}
	for _, y := range x.Also {
		l.Extra = strings.TrimSpace(l.Extra + " " + p.t("said.also", "entry", p.n(y.Entry), "stand", p.t("stand."+standMarks[y.Standing])))
	}
	l.Links = links(p, c, x, hyps)
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
		standing.WhyNoClaim:     "saidwhy.noclaim",
		standing.WhyAct:         "saidwhy.act",
		standing.WhyAsked:       "saidwhy.asked",
		standing.WhySpeech:      "saidwhy.speech",
		standing.WhyNothing:     "saidwhy.nothing",
		standing.WhyOutside:     "saidwhy.outside",
		standing.WhyBefore:      "saidwhy.before",
		standing.WhyAnother:     "saidwhy.another",
	}[x.Beside.Why]
	switch {
	case key == "":
		return clip(x.Beside.Why, 120)
	case ownDenial(x):
		key = "saidwhy.denial"
	case x.Beside.Why == standing.WhyBeyond && x.Beside.Standing == standing.Neither:
		key = "saidwhy.beyond.indicated"
	case x.Beside.Why == standing.WhyBeyond:
		n := 0
		if i := x.Beside.Cause; i != nil && *i >= 0 && *i < len(p.f.Cause) {
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
func links(p *printer, c *facts, x *Statement, hyps *hypTable) []template.HTML {
	var out []template.HTML
	b := &x.Beside
	link := func(href, text string) {
		out = append(out, template.HTML(`<a href="`+href+`">`+template.HTMLEscapeString(text)+`</a>`))
	}
	if b.Cause != nil && *b.Cause == c.cause && hyps != nil {
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
func misfits(p *printer, k *Case) []template.HTML {
	number := map[string]int{}
	for i := range k.Statements {
		number[k.Statements[i].ID] = i + 1
	}
	ref := func(id string) template.HTML {
		n := number[id]
		if n == 0 || n > statementRows {
			return template.HTML(template.HTMLEscapeString(clip(id, 60)))
		}
		s := strconv.Itoa(n)
		return template.HTML(`<a href="#s` + s + `">` + s + `</a>`)
	}
	var out []template.HTML
	for _, x := range k.Contradictions {
		key := "between.contradicts"
		if x.Doubt {
			key = "between.doubts"
		}
		h := p.h(key, "a", ref(x.Affirms), "b", ref(x.Denies))
		switch {
		case x.SameSpeaker:
			h += " " + p.h("between.speaker")
		case x.SameParty:
			h += " " + p.h("between.party")
		}
		out = append(out, h)
	}
	for _, x := range k.Relabelled {
		h := p.h("between.relabelled", "a", ref(x.First), "b", ref(x.Later), "first", clip(x.FirstAs, 80), "later", clip(x.LaterAs, 80))
		if x.FirstRole != x.LaterRole {
			h += " " + p.h("between.roles", "first", p.t("role."+string(x.FirstRole)), "later", p.t("role."+string(x.LaterRole)))
		}
		out = append(out, h)
	}
	for _, x := range k.Drifts {
		h := p.h("between.drift", "a", ref(x.First), "b", ref(x.Later))
		if len(x.Gone) > 0 {
			h += " " + p.h("between.gone", "words", clip(list(x.Gone, 12), 200))
		}
		if len(x.New) > 0 {
			h += " " + p.h("between.new", "words", clip(list(x.New, 12), 200))
		}
		out = append(out, h)
	}
	if len(out) > tableRows {
		more := int64(len(out) - tableRows)
		out = append(out[:tableRows], template.HTML(template.HTMLEscapeString(p.count("statements.more", more))))
	}
	return out
}
