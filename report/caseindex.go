package report

import (
	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
)

// CaseIndex is what the first page of a case's folder lists.
type CaseIndex struct {
	Title, Question string // as the case was opened
	Origin          string // of its log
	Size            int64  // entries that the page speaks of
	Root            string // of the log's tree at that size
	Folder          string // the case's own name, for the command that checks it
	Examinations    []IndexedExamination
	Statements      int64          // entries that hold some
	Verdict         int64          // entry of the last; -1: there is none
	Reports         []IndexedFile  // its reports, in the order of languages
	Entries         []IndexedEntry // of the log
}

// IndexedExamination is one examination; Report is its page, from the case's folder.
type IndexedExamination struct {
	Entry     int64
	Findings  *finding.Findings
	Report    string
	Withdrawn int64 // the entry that withdrew it; -1: none did
}

// IndexedEntry is one entry of the log.
type IndexedEntry struct {
	Time       moment.Time
	Kind, Note string
	Files      []IndexedFile
}

// IndexedFile is a file of the case: what it is called, and where it lies from the
// case's folder.
type IndexedFile struct{ Name, Path string }

// indexRows bounds the files of one entry that are named.
const indexRows = 12

// NewCaseIndex makes the page. It says nothing that a report, or the log, does not say: of
// each examination the title and the first paragraph.
func NewCaseIndex(x *CaseIndex, lang Lang) (*document.Document, error) {
	w, err := locale.Of(lang)
	if err != nil {
		return nil, err
	}
	t := func(key string, a ...any) document.Text { return document.Message(w, key, locale.None, a...) }
	title := clip(x.Title, 200)
	if title == "" {
		title = clip(x.Question, 200)
	}
	d := &document.Document{Lang: lang, Language: w.Format.Name, Title: w.T("index.title", "title", title), Headline: document.Plain(title),
		Foot: []string{w.T("index.foot", "n", w.Format.N(x.Size))}}
	first := document.Section{ID: "answer", Heading: w.T("index.h.findings")}
	add := func(text document.Text) {
		first.Blocks = append(first.Blocks, document.Para{Text: text, Style: document.Bare})
	}
	if x.Title != "" {
		add(document.Plain(clip(x.Question, 500)))
	}
	for _, e := range x.Examinations {
		o, err := NewOutline(e.Findings, Options{Lang: lang})
		if err != nil {
			return nil, err
		}
		add(document.Text{{Text: o.Title, To: e.Report}})
		if e.Withdrawn >= 0 {
			add(t("index.withdrawn", "entry", w.Format.N(e.Withdrawn)))
			continue
		}
		if o.Band.String() != "" {
			add(o.Band)
		}
		if len(o.Answer) > 0 {
			add(unlinked(o.Answer[0]))
		}
	}
	if len(x.Examinations) == 0 {
		add(t("index.none"))
	}
	if x.Statements > 0 {
		add(document.Message(w, "index.statements", x.Statements, "n", w.Format.N(x.Statements)))
	}
	if x.Verdict >= 0 {
		text := t("index.verdict", "entry", w.Format.N(x.Verdict))
		for _, f := range x.Reports {
			text = append(text, document.Span{Text: " "}, document.Span{Text: f.Name, To: f.Path})
		}
		add(text)
	}
	check := document.Section{ID: "check", Heading: w.T("index.h.check"), Blocks: []document.Block{
		document.Para{Text: t("index.check"), Style: document.Bare},
		document.Listing{Label: w.T("commands"), Lines: []string{"constat verify " + shell(x.Folder)}, Commands: true},
		document.Para{Text: append(t("index.log", "origin", clip(x.Origin, 100), "n", w.Format.N(x.Size), "root", clip(x.Root, 100)), document.Span{Text: " "}, document.Span{Text: "log/checkpoint", To: "log/checkpoint"}), Style: document.Bare}}}
	log := document.Section{ID: "log", Heading: w.T("index.h.log")}
	table := document.Table{Name: "log", Caption: t("index.caption"), RowHead: 0,
		Columns: document.Columns(w.T("index.col.entry"), w.T("index.col.time"), w.T("index.col.kind"), w.T("index.col.files"))}
	for i, e := range x.Entries {
		kind := e.Kind
		if w.Has("log.kind." + kind) {
			kind = w.T("log.kind." + kind)
		}
		r := document.Row{Cells: document.Cells(w.Format.N(int64(i)), e.Time.Std().Format("2006-01-02 15:04:05"), clip(kind, 60), "")}
		r.Cells[1].Text[0].Whole = true
		r.Cells[2].Note = clip(e.Note, 200)
		for k, f := range e.Files {
			if k > 0 {
				r.Cells[3].Text = append(r.Cells[3].Text, document.Span{Text: ", "})
			}
			if k == indexRows {
				r.Cells[3].Text = append(r.Cells[3].Text, document.Span{Text: w.TN("index.files", int64(len(e.Files)-k), "n", w.Format.N(int64(len(e.Files)-k)))})
				break
			}
			r.Cells[3].Text = append(r.Cells[3].Text, document.Span{Text: clip(f.Name, 80), To: f.Path})
		}
		table.Rows = append(table.Rows, r)
	}
	log.Blocks = append(log.Blocks, table)
	d.Sections = []document.Section{first, check, log}
	return d, nil
}

// unlinked is a text of another page, whose addresses are not of this one.
func unlinked(t document.Text) document.Text {
	out := make(document.Text, len(t))
	for i, s := range t {
		s.To = ""
		out[i] = s
	}
	return out.Joined()
}
