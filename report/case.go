package report

import (
	"html/template"
	"strconv"
	"strings"

	"constat/claims/standing"
	"constat/claims/statement"
	"constat/claims/trace"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
)

// Case is what a case adds to the findings of one of its examinations. What is
// empty is not shown.
type Case struct {
	Title    string
	Question string // what the case was opened for, in a sentence
	Folder   string // of the examination that is shown, from the case's

	Statements     []Statement // in the order in which they were said
	Contradictions []statement.Contradiction
	Relabelled     []statement.Relabel
	Drifts         []statement.Drift
	Replies        []Reply // what parties signed
	Traces         []Trace
	Evidence       []Evidence
	Codes          []Code
	Documents      []Document // that codes demand
	Others         []OtherExamination
	Log            *Log
}

// Statement is what somebody said, beside the findings.
type Statement struct {
	statement.Statement
	Entry  int64 // of the log
	Beside standing.Beside
	Also   []AlsoHeld // of other examinations of the case that are about the time it speaks of
}

// AlsoHeld is where a statement stands beside an examination that the page does not
// show.
type AlsoHeld struct {
	Entry    int64 // of that examination
	Standing standing.Standing
}

// Reply is what a party signed with its own key: a statement of its own, or,
// as a dissent, why it disagrees. It is printed in full.
type Reply struct {
	Party, For string
	Entry      int64
	At         moment.Time
	Dissent    bool
	Size       int64  // of a dissent: how many entries the party had seen
	Name       string // of a file; empty for a dissent
	Text       string // empty where the file is no text
}

// Trace says where an attack's facilities stood.
type Trace struct {
	Entry int64
	*trace.Trace
}

// OtherExamination is one that the page does not show.
type OtherExamination struct {
	Entry         int64
	Asked, Answer string // Answer is one of finding's
	Href          string
}

// Log is the log of the case as it was when it was concluded.
type Log struct {
	Origin       string
	Size         int64
	Root         string
	Examiner     string // name of the key that signs
	Entries      []LogEntry
	Cosignatures []Cosignature
	Unknown      []UnknownKey // signatures that do not count
}

// Cosignature is a party's word that it has seen the case with its first Size
// entries.
type Cosignature struct {
	Party string
	Size  int64
	At    moment.Time
}

// UnknownKey is a signature by a key that the case does not know.
type UnknownKey struct {
	Where, Name, ID string
}

// LogEntry is one act.
type LogEntry struct {
	N    int64
	Time moment.Time
	Kind string
	What string
}

// limits of what a case may print; what is beyond is counted.
const (
	statementRows = 200
	saidRows      = 24
	traceRows     = 100
	logRows       = 40
	wordsShown    = 600
	replyShown    = 64 << 10
)

// casePart is what the sections of a case show.
type casePart struct {
	Asked      template.HTML
	Said       *saidFigure
	Statements *statementTable
	Trace      []*traceTable
	Evidence   []*evidencePart
	Codes      *codesPart
	Log        *logTable
}

func newCasePart(p *printer, c *facts, o Options, hyps *hypTable) *casePart {
	k := o.Case
	if k == nil {
		return nil
	}
	g := &casePart{Statements: newStatements(p, c, k, hyps), Codes: newCodes(p, k), Log: newLog(p, k)}
	if k.Question != "" {
		g.Asked = p.h("case.asked", "question", clip(k.Question, 400))
	}
	if c.f.Timeline.Height > 0 && c.f.Question.Until > c.f.Question.From {
		g.Said = drawSaid(p, c, k)
	}
	for i := range k.Traces {
		if t := newTrace(p, &k.Traces[i]); t != nil {
			g.Trace = append(g.Trace, t)
		}
	}
	for i := range k.Evidence {
		if e := newEvidence(p, &k.Evidence[i]); e != nil {
			g.Evidence = append(g.Evidence, e)
		}
	}
	return g
}

// traceTable is a trace by country and by address.
type traceTable struct {
	Caption, ByCaption string
	Caution            string
	Rows               []facilityLine
	More               string
	By                 []countryLine
	Unknown            []string
	From               string
}

type facilityLine struct {
	Address, At, Ports string
	Country, Of        string
	Prefix, Operator   string
	Routed             string
}

type countryLine struct{ Country, Addresses, Operators string }

func newTrace(p *printer, t *Trace) *traceTable {
	if t.Trace == nil || t.Indicators == nil || len(t.Facilities) == 0 {
		return nil
	}
	g := &traceTable{Caution: t.Caution.In(p.lang)}
	n := int64(len(t.Facilities))
	g.Caption = p.tn("trace.caption", n, "n", p.n(n), "file", clip(t.Indicators.File, 60), "entry", p.n(t.Entry))
	countryOf := func(code string) string {
		if code == "" {
			return p.t("trace.unknown")
		}
		if s := p.country(code); s != "" {
			return s
		}
		return clip(code, 12)
	}
	var nowhere []string
	for i := range t.Facilities {
		x := &t.Facilities[i]
		codes := x.Codes()
		if len(codes) == 0 && x.Special == "" {
			nowhere = append(nowhere, x.Address.String())
		}
		if i >= traceRows {
			continue
		}
		l := facilityLine{Address: x.Address.String(), At: "–", Ports: clip(strings.Join(x.Ports, ", "), 40), Prefix: x.Prefix, Operator: "–"}
		if x.At != nil {
			l.At = p.stamp(*x.At)
		}
		var names []string
		for _, s := range codes {
			names = append(names, countryOf(s))
		}
		if len(names) == 0 {
			names = []string{p.t("trace.unknown")}
		}
		l.Country = strings.Join(names, ", ")
		for _, h := range x.Holders {
			if l.Of == "" {
				l.Of = clip(h.List, 60)
			}
		}
		var ops []string
		for _, o := range x.Origins {
			ops = append(ops, p.operator(o.AS, o.Name))
		}
		if len(ops) > 0 {
			l.Operator = list(ops, 3)
		}
		switch x.Routed.State {
		case trace.IsRouted:
			l.Routed = p.t("trace.routed")
		case trace.NotRouted:
			l.Routed = p.t("trace.notrouted")
		default:
			l.Routed = p.t("trace.unknown")
		}
		g.Rows = append(g.Rows, l)
	}
	if n > traceRows {
		g.More = p.more(n - traceRows)
	}
	m := int64(len(t.Countries))
	g.ByCaption = p.tn("trace.by", m, "n", p.n(m))
	for _, y := range t.Countries {
		l := countryLine{Country: countryOf(y.Code), Addresses: p.n(int64(y.Addresses))}
		var ops []string
		for _, o := range y.Operators {
			if o.AS == 0 {
				ops = append(ops, p.t("trace.noorigin"))
				continue
			}
			ops = append(ops, p.operator(o.AS, o.Name))
		}
		l.Operators = list(ops, 6)
		g.By = append(g.By, l)
	}
	if k := int64(len(nowhere)); k > 0 {
		of := p.t("trace.nolist")
		if len(t.Lists.Absent) > 0 {
			of = p.t("trace.absent", "lists", list(t.Lists.Absent, 5))
		}
		g.Unknown = append(g.Unknown, p.tn("trace.nocountry", k, "which", list(nowhere, 12), "of", of))
	}
	if t.Routing == nil {
		g.Unknown = append(g.Unknown, p.t("trace.norouting"))
	}
	if t.Indicators.Unread > 0 {
		k := int64(t.Indicators.Unread)
		g.Unknown = append(g.Unknown, p.tn("trace.unread", k, "n", p.n(k)))
	}
	var from []string
	for _, ls := range [][]string{t.Lists.Delegations, t.Lists.Origins, t.Lists.Names, t.Lists.Relations, t.Lists.StateOwned} {
		from = append(from, ls...)
	}
	if len(from) > 0 {
		g.From = p.t("trace.from", "lists", clip(list(from, 12), 400))
	}
	return g
}

// operator names an AS by number and the name that a list of its own gives.
func (p *printer) operator(as uint32, name string) string {
	s := "AS" + strconv.FormatUint(uint64(as), 10)
	if name = clip(name, 48); name != "" {
		s += " (" + name + ")"
	}
	return s
}

// logTable is the log as it was when the case was concluded.
type logTable struct {
	Text, Signed    template.HTML
	Note            string
	Caption         string
	Rows, Folded    []logLine
	Summary, More   string
	Seen            []string
	Unknown         []string
	Others          []template.HTML
	Commands        []string
	CommandsSummary string
}

type logLine struct{ N, Time, Kind, What string }

func newLog(p *printer, k *Case) *logTable {
	l := k.Log
	if l == nil || len(l.Entries) == 0 {
		return nil
	}
	g := &logTable{Note: l.Origin + "\n" + strconv.FormatInt(l.Size, 10) + "\n" + l.Root}
	g.Text = p.hn("log.text", l.Size, "n", p.n(l.Size), "examiner", clip(l.Examiner, 80))
	g.Caption = p.tn("log.caption", l.Size, "n", p.n(l.Size))
	for i, e := range l.Entries {
		kind := e.Kind
		if p.has("log.kind." + kind) {
			kind = p.t("log.kind." + kind)
		}
		r := logLine{p.n(e.N), p.stampMinute(e.Time), clip(kind, 40), clip(e.What, 160)}
		switch {
		case i < shownRows || len(l.Entries) <= shownRows+3:
			g.Rows = append(g.Rows, r)
		case i < shownRows+logRows:
			g.Folded = append(g.Folded, r)
		}
	}
	if n := int64(len(l.Entries) - len(g.Rows) - len(g.Folded)); n > 0 {
		g.More = p.count("log.more", n)
	}
	g.Summary = p.count("log.rest", int64(len(g.Folded)))
	for _, s := range l.Cosignatures {
		g.Seen = append(g.Seen, p.tn("log.seen", s.Size, "party", clip(s.Party, 80), "at", p.at(s.At), "n", p.n(s.Size)))
	}
	if len(g.Seen) == 0 {
		g.Seen = []string{p.t("log.seen.none")}
	}
	var dissents int64
	for _, r := range k.Replies {
		if r.Dissent {
			dissents++
		}
	}
	if dissents == 0 {
		g.Seen = append(g.Seen, p.t("log.dissent.none"))
	} else {
		g.Seen = append(g.Seen, p.count("log.dissent", dissents))
	}
	for i, u := range l.Unknown {
		if i == tableRows {
			break
		}
		g.Unknown = append(g.Unknown, p.t("log.unknown", "name", clip(u.Name, 80), "id", clip(u.ID, 16), "where", clip(u.Where, 120)))
	}
	for _, x := range k.Others {
		key := "log.other"
		a := []any{"entry", p.n(x.Entry), "asked", clip(x.Asked, 120), "answer", p.answerWord(x.Answer)}
		s := p.h(key, a...)
		if x.Href != "" {
			s += template.HTML(` <a href="` + template.HTMLEscapeString(x.Href) + `">` + template.HTMLEscapeString(p.t("log.other.see")) + `</a>`)
		}
		g.Others = append(g.Others, s)
	}
	return g
}

func (p *printer) answerWord(a string) string {
	if key := "log.answer." + finding.CurrentAnswer(a); p.has(key) {
		return p.t(key)
	}
	return clip(a, 60)
}

// stampMinute is a moment with its day, to the minute.
func (p *printer) stampMinute(t moment.Time) string {
	return p.dayShort(t.Std()) + " " + t.Std().Format("15:04")
}

// gradeWords words a grade of the Admiralty code.
func (p *printer) gradeWords(g statement.Grade) (source, information string) {
	r, c, err := proof.ParseGrade(g.String())
	if err != nil {
		return "", ""
	}
	return r.In(p.lang), c.In(p.lang)
}
