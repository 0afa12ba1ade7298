package report

import (
	"cmp"
	"strconv"
	"strings"

	"constat/claims/standing"
	"constat/claims/statement"
	"constat/claims/trace"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/report/document"
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
	PairsLeft      int     // pairs of these three kinds that are not among them
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

// traceSection is each trace, by country and by address.
func traceSection(p *printer, k *Case) []document.Block {
	var out []document.Block
	for i := range k.Traces {
		t := &k.Traces[i]
		if !t.shown() {
			continue
		}
		first := len(out) == 0
		by, rows := traceCountries(p, t), traceAddresses(p, t)
		by.Numbered, rows.Numbered = first, first
		out = append(out, document.Para{Text: document.Text{{Text: t.Caution.In(p.lang), Strong: true}}}, by, rows)
		for _, s := range traceLeft(p, t) {
			out = append(out, document.Para{Text: document.Plain(s), Style: document.Aside})
		}
	}
	return out
}

// shown reports whether there is anything to show of a trace.
func (t *Trace) shown() bool { return t.Trace != nil && t.Indicators != nil && len(t.Facilities) > 0 }

// traceCountry is the name of a country; a code that has none stands for itself.
func traceCountry(p *printer, code string) string {
	return cmp.Or(p.country(code), clip(code, 12), p.t("trace.unknown"))
}

// traceAddresses is where each facility stood.
func traceAddresses(p *printer, t *Trace) document.Table {
	n := int64(len(t.Facilities))
	g := document.Table{Name: "countries", Caption: document.Plain(p.tn("trace.caption", n, "n", p.n(n), "file", clip(t.Indicators.File, 60), "entry", p.n(t.Entry))),
		Columns: document.Columns(p.t("col.address"), p.t("col.country"), p.t("col.covering"), p.t("col.origins"), p.t("col.routed"))}
	g.Columns[2].Dash = true
	for i := range t.Facilities[:min(len(t.Facilities), traceRows)] {
		x := &t.Facilities[i]
		at, operator, of := "–", "–", ""
		if x.At != nil {
			at = p.stamp(*x.At)
		}
		if ports := clip(strings.Join(x.Ports, ", "), 40); ports != "" {
			at += "; " + ports
		}
		var names, ops []string
		for _, s := range x.Codes() {
			names = append(names, traceCountry(p, s))
		}
		if len(names) == 0 {
			names = []string{p.t("trace.unknown")}
		}
		for _, h := range x.Holders {
			of = cmp.Or(of, clip(h.List, 60))
		}
		for _, o := range x.Origins {
			ops = append(ops, p.operator(o.AS, o.Name))
		}
		if len(ops) > 0 {
			operator = list(ops, 3)
		}
		routed := p.t("trace.unknown")
		switch x.Routed.State {
		case trace.IsRouted:
			routed = p.t("trace.routed")
		case trace.NotRouted:
			routed = p.t("trace.notrouted")
		}
		cells := document.Cells(x.Address.String(), strings.Join(names, ", "), x.Prefix, operator, routed)
		cells[0].Note, cells[1].Note = at, of
		g.Rows = append(g.Rows, document.Row{Cells: cells})
	}
	return g
}

// traceCountries is the facilities by country.
func traceCountries(p *printer, t *Trace) document.Table {
	n := int64(len(t.Countries))
	g := document.Table{Name: "trace", Caption: document.Plain(p.tn("trace.by", n, "n", p.n(n))),
		Columns: document.Numbers(document.Columns(p.t("col.country"), p.t("col.addresses"), p.t("col.operators")), 1)}
	for _, y := range t.Countries {
		var ops []string
		for _, o := range y.Operators {
			if o.AS == 0 {
				ops = append(ops, p.t("trace.noorigin"))
				continue
			}
			ops = append(ops, p.operator(o.AS, o.Name))
		}
		g.Rows = append(g.Rows, document.Row{Cells: document.Cells(traceCountry(p, y.Code), p.n(int64(y.Addresses)), list(ops, 6))})
	}
	return g
}

// traceLeft is what is missing of a trace, and what it rests on.
func traceLeft(p *printer, t *Trace) []string {
	var out, nowhere []string
	if n := int64(len(t.Facilities)); n > traceRows {
		out = append(out, p.more(n-traceRows))
	}
	for i := range t.Facilities {
		if x := &t.Facilities[i]; len(x.Codes()) == 0 && x.Special == "" {
			nowhere = append(nowhere, x.Address.String())
		}
	}
	if k := int64(len(nowhere)); k > 0 {
		of := p.t("trace.nolist")
		if len(t.Lists.Absent) > 0 {
			of = p.t("trace.absent", "lists", list(t.Lists.Absent, 5))
		}
		out = append(out, p.tn("trace.nocountry", k, "which", list(nowhere, 12), "of", of))
	}
	if t.Routing == nil {
		out = append(out, p.t("trace.norouting"))
	}
	if k := int64(t.Indicators.Unread); k > 0 {
		out = append(out, p.tn("trace.unread", k, "n", p.n(k)))
	}
	var from []string
	for _, ls := range [][]string{t.Lists.Delegations, t.Lists.Origins, t.Lists.Names, t.Lists.Relations, t.Lists.StateOwned} {
		from = append(from, ls...)
	}
	if len(from) > 0 {
		out = append(out, p.t("trace.from", "lists", clip(list(from, 12), 400)))
	}
	return out
}

// operator names an AS by number and the name that a list of its own gives.
func (p *printer) operator(as uint32, name string) string {
	s := "AS" + strconv.FormatUint(uint64(as), 10)
	if name = clip(name, 48); name != "" {
		s += " (" + name + ")"
	}
	return s
}

// logSection is the log as it was when the case was concluded.
func logSection(p *printer, k *Case) []document.Block {
	l := k.Log
	if l == nil || len(l.Entries) == 0 {
		return nil
	}
	checkpoint := p.t("log.checkpoint")
	out := []document.Block{document.Para{Text: p.hn("log.text", l.Size, "n", p.n(l.Size), "examiner", clip(l.Examiner, 80))}, document.Heading{Text: checkpoint},
		document.Listing{Label: checkpoint, Lines: strings.Split(l.Origin+"\n"+strconv.FormatInt(l.Size, 10)+"\n"+l.Root, "\n")}}
	for _, s := range logSeen(p, k) {
		out = append(out, document.Para{Text: document.Plain(s), Style: document.Aside})
	}
	if ts := logUnknown(p, l); len(ts) > 0 {
		out = append(out, document.List{Heading: p.t("log.unknown.title"), Items: ts, Reasons: true})
	}
	if ts := otherExaminations(p, k); len(ts) > 0 {
		out = append(out, document.List{Heading: p.t("log.others"), Items: ts, Reasons: true})
	}
	t := document.Table{Name: "log", Numbered: true, Caption: document.Plain(p.tn("log.caption", l.Size, "n", p.n(l.Size))), Folded: &document.Folded{},
		Columns: document.Columns(p.t("col.entry"), p.t("col.time"), p.t("col.act"), p.t("col.kept"))}
	t.Columns[3].Dash = true
	for i, e := range l.Entries {
		kind := e.Kind
		if p.has("log.kind." + kind) {
			kind = p.t("log.kind." + kind)
		}
		split(&t, i, len(l.Entries), logRows, document.Row{Cells: document.Cells(p.n(e.N), p.stampMinute(e.Time), clip(kind, 40), clip(e.What, 160))})
	}
	f := t.Folded
	f.Summary, f.Long = p.count("log.rest", int64(len(f.Rows))), long(len(f.Rows))
	out = append(out, t)
	if n := int64(len(l.Entries) - len(t.Rows) - len(f.Rows)); n > 0 {
		out = append(out, document.Para{Text: document.Plain(p.count("log.more", n)), Style: document.Aside})
	}
	return out
}

// logSeen is who has seen the log, and how many disagree.
func logSeen(p *printer, k *Case) []string {
	var out []string
	for _, s := range k.Log.Cosignatures {
		out = append(out, p.tn("log.seen", s.Size, "party", clip(s.Party, 80), "at", p.at(s.At), "n", p.n(s.Size)))
	}
	if len(out) == 0 {
		out = []string{p.t("log.seen.none")}
	}
	var dissents int64
	for _, r := range k.Replies {
		if r.Dissent {
			dissents++
		}
	}
	if dissents == 0 {
		return append(out, p.t("log.dissent.none"))
	}
	return append(out, p.count("log.dissent", dissents))
}

// logUnknown is the signatures that do not count.
func logUnknown(p *printer, l *Log) []document.Text {
	var out []document.Text
	for _, u := range l.Unknown[:min(len(l.Unknown), tableRows)] {
		out = append(out, document.Plain(p.t("log.unknown", "name", clip(u.Name, 80), "id", clip(u.ID, 16), "where", clip(u.Where, 120))))
	}
	return out
}

// otherExaminations is the examinations of the case that the document is not of.
func otherExaminations(p *printer, k *Case) []document.Text {
	var out []document.Text
	for _, x := range k.Others {
		t := p.h("log.other", "entry", p.n(x.Entry), "asked", clip(x.Asked, 120), "answer", p.answerWord(x.Answer))
		if x.Href != "" {
			t = document.Sentences(t, document.Text{{Text: p.t("log.other.see"), To: x.Href}})
		}
		out = append(out, t)
	}
	return out
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
