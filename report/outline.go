package report

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/judge/proof"
)

// Outline is the page without its figures, as headings, paragraphs, lists and
// tables: what other forms than HTML are made of, so that they say the same
// numbers in the same words. Its texts are plain; whoever writes them in a
// markup escapes them.
type Outline struct {
	Lang     Lang
	Headline string
	Band     Text // of a reconstruction; empty otherwise
	Asked    Text
	Sections []OutlineSection
	Foot     Text

	Answer  []Text           // the prose of the first section
	Verdict []OutlineVerdict // what may be said of the headline loss, by level
	Losses  []string         // the other losses that were weighed, a sentence each
	Outages []string         // of each outage of the findings, in their order: times, length, loss
	Notes   []Text           // what the reader must keep in mind

	p *printer
	c *facts
}

// StatementWords are the words of the page for one statement.
type StatementWords struct {
	Who, WhoNote string // the speaker; role, for whom, on the record or not, through whom
	Does         string // what the speaker does with which proposition
	Stand, Why   string // where it stands beside the findings, and the reason, a sentence
}

// Statement words a statement that was set beside these findings.
func (o *Outline) Statement(x *Statement) StatementWords {
	l := statementLineOf(o.p, o.c, x, 0, nil)
	return StatementWords{l.Who, l.WhoNote, l.Does, l.Stand, strings.TrimSpace(l.Why + " " + l.Extra)}
}

// OutlineVerdict is what may be said at one level.
type OutlineVerdict struct {
	Level proof.Level
	Title string // the level as a heading
	Lines []string
}

// OutlineSection is one section of the page.
type OutlineSection struct {
	ID, Heading string
	Blocks      []Block
}

// Block is one of a paragraph, a list, a table, commands, or a heading.
type Block struct {
	Para     Text
	List     []Text
	Table    *Table
	Commands []string
	Heading  string
}

// Table is a table whose first column names the row.
type Table struct {
	Caption Text
	Head    []string
	Rows    [][]Text
}

// Text is text with marks.
type Text []TextSpan

// TextSpan is a run of one look.
type TextSpan struct {
	Text         string
	Strong, Code bool
}

// String is the text without marks.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Plain is text without a mark.
func Plain(s string) Text {
	if s == "" {
		return nil
	}
	return Text{{Text: s}}
}

// rich reads back the few tags that the page's own messages are worded with;
// of a link only its text stays.
func rich(h template.HTML) Text {
	var out Text
	var strong, code bool
	put := func(s string) {
		if s = html.UnescapeString(s); s != "" {
			out = append(out, TextSpan{s, strong, code})
		}
	}
	s := string(h)
	for {
		text, rest, ok := strings.Cut(s, "<")
		put(text)
		if !ok {
			return out
		}
		tag, after, _ := strings.Cut(rest, ">")
		switch tag {
		case "strong", "b":
			strong = true
		case "/strong", "/b":
			strong = false
		case "code":
			code = true
		case "/code":
			code = false
		}
		s = after
	}
}

func riches(hs []template.HTML) []Text {
	var out []Text
	for _, h := range hs {
		out = append(out, rich(h))
	}
	return out
}

// outlineSources is how many sources an outline lists: it is where their
// digests are copied from.
const outlineSources = 2000

// NewOutline words findings as an outline.
func NewOutline(f *finding.Findings, o Options) (*Outline, error) {
	p, err := newPrinter(o.Lang, f)
	if err != nil {
		return nil, err
	}
	c := gather(f)
	g := newPage(p, c, o)
	out := &Outline{Lang: o.Lang, Headline: rich(g.Headline).String(), Band: rich(g.Band), Asked: rich(g.Asked), Notes: riches(g.Notes), p: p, c: c}
	for _, a := range g.Answer {
		out.Answer = append(out.Answer, rich(a.HTML))
	}
	for _, l := range g.Verdict {
		v := OutlineVerdict{Title: l.Title(), Lines: l.Text}
		for _, level := range []proof.Level{proof.Established, proof.Indicated, proof.NotEstablished, proof.Excluded} {
			if p.level(level) == l.Level {
				v.Level = level
			}
		}
		if l.More != "" {
			v.Lines = append(v.Lines[:len(v.Lines):len(v.Lines)], l.More)
		}
		out.Verdict = append(out.Verdict, v)
	}
	if g.Losses != nil {
		for _, r := range g.Losses.Rows {
			out.Losses = append(out.Losses, fmt.Sprintf("%s, %s: %s. %s: %s. %s: %s.", r.At, r.Who, r.Level, p.t("col.places"), r.Size, p.t("col.why"), r.Why))
		}
	}
	for i := range f.Outages {
		out.Outages = append(out.Outages, outageLine(p, &f.Outages[i]))
	}
	foot := []string{p.t("foot")}
	if g.Credits != "" {
		foot = append(foot, g.Credits)
	}
	out.Foot = Plain(strings.Join(foot, " "))

	w := &outliner{p: p, g: g}
	for _, id := range g.Sections {
		w.blocks = nil
		switch id {
		case "verdict", "answer":
			w.first()
		case "paths":
			w.paths()
		case "hypotheses":
			w.hypotheses()
		case "settle":
			w.settle()
		case "how":
			w.how()
		case "statements":
			w.statements()
		case "trace":
			for _, t := range g.CasePart.Trace {
				w.trace(t)
			}
		case "log":
			w.log()
		case "outages":
			w.outages()
		case "country":
			w.country()
		case "operators":
			w.operators()
		case "blind":
			w.blind()
		case "subject":
			w.subject()
		case "check":
			w.check(f)
		}
		if len(w.blocks) > 0 { // what is only drawn has none
			out.Sections = append(out.Sections, OutlineSection{id, g.Heading(id), w.blocks})
		}
	}
	return out, nil
}

// outliner gathers the blocks of one section.
type outliner struct {
	p      *printer
	g      *page
	blocks []Block
}

func (w *outliner) para(ts ...Text) {
	for _, t := range ts {
		if len(t) > 0 {
			w.blocks = append(w.blocks, Block{Para: t})
		}
	}
}

func (w *outliner) plain(ss ...string) {
	for _, s := range ss {
		w.para(Plain(s))
	}
}

func (w *outliner) list(ts []Text) {
	if len(ts) > 0 {
		w.blocks = append(w.blocks, Block{List: ts})
	}
}

func (w *outliner) heading(s string) { w.blocks = append(w.blocks, Block{Heading: s}) }

func (w *outliner) table(caption Text, rows [][]Text, head ...string) {
	if len(rows) > 0 {
		w.blocks = append(w.blocks, Block{Table: &Table{caption, head, rows}})
	}
}

// cells is a row of plain cells.
func cells(ss ...string) []Text {
	out := make([]Text, len(ss))
	for i, s := range ss {
		out[i] = Plain(s)
	}
	return out
}

// beside adds what the page sets small under a cell.
func beside(s, note string) string {
	switch {
	case note == "":
		return s
	case s == "":
		return note
	}
	return s + " (" + note + ")"
}

func (w *outliner) first() {
	g, p := w.g, w.p
	for _, a := range g.Answer {
		w.para(rich(a.HTML))
	}
	var keys []Text
	for _, k := range g.Keys {
		keys = append(keys, Text{{k.Label, true, false}, {": " + k.Value + " – " + k.Note, false, false}})
	}
	w.list(keys)
	if q := g.Quote; q != nil {
		w.heading(p.t("quote"))
		w.plain(q.Words, q.Source)
	}
	for _, v := range g.Verdict {
		w.heading(v.Title())
		lines := riches(v.Lines)
		if v.More != "" {
			lines = append(lines, Plain(v.More))
		}
		w.list(lines)
	}
	if s := g.Standard; s != nil {
		caption := append(rich(s.Caption), TextSpan{Text: " "}, TextSpan{Text: "sha256:" + s.SHA256, Code: true})
		if len(s.Rows) == 0 {
			w.para(caption)
		}
		var rows [][]Text
		for _, r := range s.Rows {
			row := cells(beside(r.What, r.Note), r.Demanded, r.Found, r.Met)
			if r.Not {
				row[3] = Text{{r.Met, true, false}}
			}
			rows = append(rows, row)
		}
		w.table(caption, rows, p.t("col.asks"), p.t("col.demanded"), p.t("col.found"), p.t("col.met"))
		w.para(rich(s.Sentence))
		if len(s.Why) > 0 {
			w.heading(p.t("standard.why"))
			var why []Text
			for _, y := range s.Why {
				why = append(why, Plain(y))
			}
			w.list(why)
		}
		w.para(riches(s.Left)...)
	}
	if l := g.Losses; l != nil {
		w.para(rich(l.Text))
		var rows [][]Text
		for _, r := range l.Rows {
			rows = append(rows, cells(r.At, r.Who, r.Level, r.Size, r.Why))
		}
		w.table(Plain(l.Summary+" (UTC)"), rows, p.t("col.onset"), p.t("col.origin"), p.t("col.verdict"), p.t("col.places"), p.t("col.why"))
	}
	if len(g.Notes) > 0 {
		w.heading(p.t("notes"))
		w.list(riches(g.Notes))
	}
}

func (w *outliner) paths() {
	x := w.g.Paths
	var rows [][]Text
	for _, r := range x.Rows {
		rows = append(rows, append([]Text{{{Text: r.Path, Code: true}}}, cells(r.Peers...)...))
	}
	w.table(Plain(w.p.t("paths.caption")), rows, append([]string{w.p.t("col.path")}, x.Columns...)...)
	w.plain(x.More, x.Names)
}

func (w *outliner) hypotheses() {
	x, p := w.g.Hyps, w.p
	w.para(riches(x.Text)...)
	rows := func(ls []hypLine) (out [][]Text) {
		for _, l := range ls {
			var against []string
			for _, a := range l.Against {
				against = append(against, a.Text)
			}
			if len(against) == 0 {
				against = []string{p.t("hyp.nothing")}
			}
			row := cells("", l.Predicts, strings.Join(against, "; "), l.Verdict)
			row[0] = Text{{Text: strconv.Itoa(l.Number) + ". " + beside(l.Words, l.Note) + " "}, {Text: l.Code, Code: true}}
			out = append(out, row)
		}
		return out
	}
	head := []string{p.t("col.hypothesis"), p.t("col.predicts"), p.t("col.against"), p.t("col.verdict")}
	for _, y := range x.Groups {
		w.table(Text{{y.Title, true, false}, {": " + y.Note, false, false}}, rows(y.Rows), head...)
	}
	if len(x.Folded) > 0 {
		w.table(Plain(x.Summary), rows(x.Folded), head...)
	}
	w.plain(x.More)
	r := x.Records
	if r == nil {
		return
	}
	w.heading(p.t("records.rows"))
	var lists []Text
	for _, l := range r.Lists {
		t := Text{{strconv.Itoa(l.N) + ": ", true, false}}
		for i, part := range l.Parts {
			if i > 0 {
				t = append(t, TextSpan{Text: "; "})
			}
			t = append(t, rich(part)...)
		}
		lists = append(lists, t)
	}
	w.list(lists)
}

func (w *outliner) settle() {
	x := w.g.Settle
	w.para(rich(x.Text))
	var items []Text
	for _, i := range x.Items {
		items = append(items, Text{{i.Title, true, false}, {" (" + i.Where + "). " + i.Note, false, false}})
	}
	w.list(items)
	w.plain(x.More)
	w.para(riches(x.After)...)
}

func (w *outliner) how() {
	x, p := w.g.How, w.p
	w.para(rich(p.h("how.apart")))
	w.para(riches(x.Text)...)
	var rows [][]Text
	for _, r := range x.Order {
		rows = append(rows, cells(r.Name, r.At, r.After, r.Prefixes))
	}
	w.table(Plain(p.t("how.order.caption")), rows, p.t("col.operator"), p.t("col.onset"), p.t("col.after"), p.t("col.prefixes"))
	w.plain(x.More)
	rows = nil
	for _, r := range x.Signs {
		rows = append(rows, cells(r.What, beside(r.Here, r.Note), r.Ratio, r.Weight, beside(r.For, r.Why)))
	}
	w.table(Plain(p.t("how.caption")), rows, p.t("col.feature"), p.t("col.here"), p.t("col.ratio"), p.t("col.weight"), p.t("col.for"))
	w.para(riches(x.After)...)
}

func (w *outliner) outages() {
	x, p := w.g.Outages, w.p
	w.para(rich(p.h("outages.text")))
	rows := func(rs []outageRow) (out [][]Text) {
		for _, r := range rs {
			name := r.Name
			if r.Number > 0 {
				name = strconv.Itoa(r.Number)
			}
			row := cells(name, r.Onset, beside(r.Recovery, r.Censored), r.Duration, beside(r.Lost, r.Size), r.Witnesses, r.Total)
			if r.Head {
				row[0] = Text{{name, true, false}}
			}
			out = append(out, row)
		}
		return out
	}
	head := []string{p.t("col.what"), p.t("col.onset"), p.t("col.recovery"), p.t("col.duration"), p.t("col.lost"), p.t("col.witnesses"), p.t("col.total")}
	w.table(Plain(x.Caption), rows(x.Whole), head...)
	w.table(Plain(p.t("outages.rest", "n", len(x.Folded))+" (UTC)"), rows(x.Folded), head...)
	w.plain(x.More)
	for _, f := range x.Folds {
		w.table(Plain(f.Caption), rows(f.Rows), head...)
		w.plain(f.More)
	}
	w.para(rich(x.Export))
}

func (w *outliner) operators() {
	x, p := w.g.Operators, w.p
	w.para(rich(p.h("operators.text")))
	rows := func(rs []operatorRow) (out [][]Text) {
		for _, r := range rs {
			out = append(out, cells(r.Name, beside(r.Lost, r.Size), r.Times, r.Longest, r.Outages))
		}
		return out
	}
	head := []string{p.t("col.operator"), p.t("col.largest"), p.t("col.fromuntil"), p.t("col.longest"), p.t("col.outages")}
	w.table(Plain(x.Caption), append(rows(x.Rows), rows(x.Folded)...), head...)
	w.plain(x.More)
}

func (w *outliner) blind() {
	x, p := w.g.Blind, w.p
	t := rich(p.h("blind.text"))
	if x.Hot {
		t = append(append(t, TextSpan{Text: " "}), rich(p.h("blind.hot"))...)
	}
	w.para(t)
	var rows [][]Text
	for _, rs := range [][]blindRow{x.Rows, x.Folded} {
		for _, r := range rs {
			row := cells(fmt.Sprintf("%d · %s (%s)", r.Number, r.Who, r.Note), r.From, r.Until, r.Length, r.Reason)
			row[0][0].Strong = r.Hot
			rows = append(rows, row)
		}
	}
	w.table(Plain(x.Caption), rows, p.t("col.who"), p.t("col.from"), p.t("col.until"), p.t("col.length"), p.t("col.reason"))
	w.plain(x.More)
	w.para(rich(p.h("blind.never")))
}

func (w *outliner) subject() {
	x, p := w.g.Subject, w.p
	w.para(rich(x.Text))
	w.plain(x.Given)
	var rows [][]Text
	for _, r := range slices.Concat(x.Reasons, x.FoldReasons) {
		rows = append(rows, cells(r.What, r.Reason))
	}
	w.table(Plain(p.t("reasons.caption")), rows, p.t("col.onlist"), p.t("col.reason"))
	w.plain(x.MoreReasons)
	rows = nil
	head := []string{p.t("col.prefix"), p.t("col.origin"), p.t("col.carriers")}
	if x.Counts {
		head = append(head, p.t("col.covered"), p.t("col.replaced"), p.t("col.unknown"), p.t("col.standing"))
	}
	for _, rs := range [][]subjectRow{x.Rows, x.Folded} {
		for _, r := range rs {
			row := []string{r.Prefix, r.Origins, r.Carriers}
			if x.Counts {
				row = append(row, r.Covered, r.Replaced, r.Unknown, r.Standing)
			}
			rows = append(rows, cells(append(row, r.Reasons)...))
		}
	}
	w.table(Plain(x.Caption), rows, append(head, p.t("col.reason"))...)
	w.plain(x.More)
	if len(x.Stood) > 0 {
		rows = nil
		for _, r := range x.Stood {
			row := cells(r.Prefix, r.Kind, r.By, r.Origin, r.Peers, r.Times, "")
			row[6] = Text{{Text: r.Record, Code: true}}
			rows = append(rows, row)
		}
		w.table(Plain(x.StoodSummary), rows, p.t("col.prefix"), p.t("col.kind"), p.t("col.by"), p.t("col.origin"), p.t("col.peers"), p.t("col.span"), p.t("col.record"))
		w.plain(x.MoreStood)
	}
	if y := x.Others; y != nil {
		w.plain(y.Text)
		rows = nil
		for _, r := range y.Rows {
			row := cells(r.Network, r.Prefix, r.Times, r.Peers, r.Beside, r.Stood, r.Relation, "")
			row[7] = Text{{Text: r.Record, Code: true}}
			rows = append(rows, row)
		}
		w.table(Plain(y.Summary), rows, p.t("col.as"), p.t("col.prefix"), p.t("col.span"), p.t("col.peers"), p.t("col.holder"), p.t("col.stood"), p.t("col.relation"), p.t("col.record"))
		w.plain(y.More)
	}
	if x.NamesOf != "" {
		w.plain(p.t("names", "of", x.NamesOf))
	}
}

func (w *outliner) check(f *finding.Findings) {
	x, p := w.g.Check, w.p
	w.para(rich(x.Text))
	w.blocks = append(w.blocks, Block{Commands: x.Commands})
	var rows [][]Text
	for _, rs := range [][]exhibitRow{x.Exhibits, x.FoldExhibits} {
		for _, r := range rs {
			row := cells(r.Name, r.Records, "")
			row[2] = Text{{Text: r.SHA256, Code: true}}
			rows = append(rows, row)
		}
	}
	w.table(Plain(p.t("exhibits.caption")), rows, p.t("col.item"), p.t("col.records"), "SHA-256")
	w.plain(x.MoreExhibits)
	w.para(rich(x.ReadText))
	rows = nil
	for i, s := range f.Watch.Sources {
		if i == outlineSources {
			break
		}
		kind := p.t("sources.updates")
		if s.Kind == "rib" {
			kind = p.t("sources.rib")
		}
		row := cells(beside(clip(s.Name, 60), clip(s.Collector, 40)+", "+kind+", "+p.bytes(s.Size)), p.n(s.Records), "")
		row[2] = Text{{Text: clip(s.SHA256, 64), Code: true}}
		rows = append(rows, row)
	}
	w.table(Plain(x.SourcesCaption), rows, p.t("col.file"), p.t("col.records"), "SHA-256")
	if n := len(f.Watch.Sources) - outlineSources; n > 0 {
		w.plain(p.more(int64(n)))
	}
	rows = nil
	for _, r := range x.Unread {
		rows = append(rows, cells(beside(r.File, r.Collector), r.Count, r.Offset, r.Reason))
	}
	w.table(Plain(x.UnreadCaption), rows, p.t("col.file"), p.t("col.count"), p.t("col.offset"), p.t("col.reason"))
	w.plain(x.MoreUnread)
}

func (w *outliner) statements() {
	x, p := w.g.CasePart.Statements, w.p
	w.para(riches(x.Text)...)
	var rows [][]Text
	for _, r := range x.Rows {
		stand := Text{{r.Stand, true, false}, {p.t("colon") + r.Why, false, false}}
		if r.Extra != "" {
			stand = append(stand, TextSpan{Text: " " + r.Extra})
		}
		for _, l := range r.Links {
			stand = append(append(stand, TextSpan{Text: " "}), rich(l)...)
		}
		rows = append(rows, []Text{{{strconv.Itoa(r.Number) + " ", true, false}, {beside(r.Said, r.SaidNote), false, false}}, Plain(beside(r.Who, r.WhoNote)),
			{{r.ID, false, true}, {" " + beside(r.Words, r.Does), false, false}}, stand, Plain(r.Grade)})
	}
	w.table(Plain(x.Caption), rows, p.t("col.said"), p.t("col.speaker"), p.t("col.words"), p.t("col.beside"), p.t("col.grade"))
	w.plain(x.More, x.Grades)
	if len(x.Between) > 0 {
		w.heading(p.t("between"))
		w.list(riches(x.Between))
	}
	if len(x.Replies) > 0 {
		w.heading(p.t("replies"))
		for _, r := range x.Replies {
			w.para(Text{{r.Title, true, false}, {". " + r.Note, false, false}})
			for l := range strings.SplitSeq(r.Text, "\n") {
				w.plain(l)
			}
			w.plain(r.More)
		}
	}
	// That no party replied is said only where the whole log was looked at.
	if w.g.CasePart.Log != nil {
		w.plain(x.NoReply)
	}
}

func (w *outliner) trace(t *traceTable) {
	p := w.p
	w.para(Text{{t.Caution, true, false}})
	var rows [][]Text
	for _, r := range t.By {
		rows = append(rows, cells(r.Country, r.Addresses, r.Operators))
	}
	w.table(Plain(t.ByCaption), rows, p.t("col.country"), p.t("col.addresses"), p.t("col.operators"))
	rows = nil
	for _, r := range t.Rows {
		at := r.At
		if r.Ports != "" {
			at += "; " + r.Ports
		}
		rows = append(rows, cells(beside(r.Address, at), beside(r.Country, r.Of), r.Prefix, r.Operator, r.Routed))
	}
	w.table(Plain(t.Caption), rows, p.t("col.address"), p.t("col.country"), p.t("col.covering"), p.t("col.origins"), p.t("col.routed"))
	w.plain(t.More)
	w.plain(t.Unknown...)
	w.plain(t.From)
}

func (w *outliner) log() {
	x, p := w.g.CasePart.Log, w.p
	w.para(rich(x.Text))
	w.heading(p.t("log.checkpoint"))
	w.blocks = append(w.blocks, Block{Commands: strings.Split(x.Note, "\n")})
	w.plain(x.Seen...)
	for _, l := range []struct {
		key   string
		items []Text
	}{{"log.unknown.title", plains(x.Unknown)}, {"log.others", riches(x.Others)}} {
		if len(l.items) > 0 {
			w.heading(p.t(l.key))
			w.list(l.items)
		}
	}
	var rows [][]Text
	for _, rs := range [][]logLine{x.Rows, x.Folded} {
		for _, r := range rs {
			rows = append(rows, cells(r.N, r.Time, r.Kind, r.What))
		}
	}
	w.table(Plain(x.Caption), rows, p.t("col.entry"), p.t("col.time"), p.t("col.act"), p.t("col.kept"))
	w.plain(x.More)
}

func plains(ss []string) []Text {
	var out []Text
	for _, s := range ss {
		out = append(out, Plain(s))
	}
	return out
}
