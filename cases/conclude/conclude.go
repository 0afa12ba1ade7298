// Package conclude joins what a case holds into one conclusion: the statements
// beside the findings of every examination, what does not fit together among
// them, what parties signed, where facilities stood, and the log as it was; as
// conclusion.json, and as a report for people.
//
// It promises that both are computed from the first entries of a checked log
// and the files that these name, and from nothing else: the same entries give
// the same bytes, wherever the case lies and whatever was added to it since.
// It measures nothing and judges nothing: where a statement stands is for
// package finding, and how far the evidence goes for the standard of proof.
package conclude

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"constat/cases/caselog"
	"constat/claims/conduct"
	"constat/claims/statement"
	"constat/claims/trace"
	"constat/internal/locale"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/report"
)

// Names of the files, beside the verdict's.
const (
	Name   = "conclusion.json"
	Format = "constat-conclusion/1"
)

// ReportName is the file of the report in a language.
func ReportName(l report.Lang) string {
	if l == locale.Default {
		return "report.html"
	}
	return "report." + string(l) + ".html"
}

// Examination is one of the case's, computed again.
type Examination struct {
	Entry    int64
	Dir      string // from the case's folder
	SHA256   string // of findings.json
	Findings *finding.Findings
}

// Conclusion is the content of conclusion.json (docs/formats/conclusion.md).
type Conclusion struct {
	Format         string                    `json:"format"`
	Case           string                    `json:"case"`
	Entries        int64                     `json:"entries"` // it rests on the first so many
	Root           string                    `json:"root"`    // of the log at that size
	Question       string                    `json:"question"`
	Standard       caselog.Standard          `json:"standard"`
	Examinations   []Examined                `json:"examinations"`
	Shown          int64                     `json:"shown"` // entry of the examination that the report shows; -1: there is none
	Statements     []Stated                  `json:"statements"`
	Contradictions []statement.Contradiction `json:"contradictions"`
	Relabelled     []statement.Relabel       `json:"relabelled"`
	Drifts         []statement.Drift         `json:"drifts"`
	Replies        []caselog.SignedFile      `json:"replies"`
	Dissents       []caselog.DissentNote     `json:"dissents"`
	Cosignatures   []caselog.Cosignature     `json:"cosignatures"`
	Unknown        []caselog.UnknownKey      `json:"unknown_keys"` // signatures that are not counted
	Traces         []Traced                  `json:"traces"`
	Evidence       []Weighed                 `json:"evidence"`
	Codes          []Coded                   `json:"codes"`
}

// Coded is a code of conduct that the case is kept under, with what it demands
// of the case.
type Coded struct {
	Entry   int64            `json:"entry"`
	Path    string           `json:"path"`
	Name    string           `json:"name"`
	SHA256  string           `json:"sha256"`
	Demands []conduct.Demand `json:"demands"`
}

// Weighed is what people rated on one question, under the case's standard.
type Weighed struct {
	Entries  []int64         `json:"entries"` // that its files are in
	Weighing *proof.Weighing `json:"weighing"`
}

// Examined is an examination with the statements beside it, in the order of
// Conclusion.Statements.
type Examined struct {
	Entry    int64            `json:"entry"`
	Dir      string           `json:"folder"`
	Subject  string           `json:"subject"`
	From     moment.Time      `json:"from"`
	Until    moment.Time      `json:"until"`
	Answer   string           `json:"answer"`
	Findings string           `json:"findings_sha256"`
	Beside   []finding.Beside `json:"beside"`
}

// Stated says where a statement is kept.
type Stated struct {
	ID    string `json:"id"`
	Entry int64  `json:"entry"`
	Path  string `json:"path"`
}

// Traced is a trace in short.
type Traced struct {
	Entry     int64     `json:"entry"`
	Path      string    `json:"path"`
	SHA256    string    `json:"sha256"`
	Addresses int       `json:"addresses"`
	Countries []Country `json:"countries"`
}

// Country counts a trace's addresses; the code is empty where none is known.
type Country struct {
	Code      string `json:"code"`
	Addresses int    `json:"addresses"`
}

// Case is a case assembled.
type Case struct {
	Conclusion
	Report *report.Case
	shown  *Examination
	codes  []*conduct.Code // of Conclusion.Codes
	facts  conduct.Facts
	dir    string
	id     string
}

// most is the size of the largest file that is read as a register or a trace.
const most = 64 << 20

// Assemble joins the first entries of a checked case. Of its examinations, the
// last that measured an outage is shown in the report, or else the last; the
// others are listed with their answers.
func Assemble(a *caselog.Account, entries int64, xs []Examination) (*Case, error) {
	at, err := a.At(entries)
	if err != nil {
		return nil, err
	}
	c := &Case{dir: a.Dir(), id: a.ID(), Report: &report.Case{Title: a.Opening.Title, Question: a.Opening.Question}}
	c.Conclusion = Conclusion{Format: Format, Case: a.Origin, Entries: entries, Root: at.Root.String(), Question: a.Opening.Question, Standard: a.Opening.Standard,
		Examinations: []Examined{}, Shown: -1, Statements: []Stated{}, Replies: []caselog.SignedFile{}, Dissents: []caselog.DissentNote{},
		Cosignatures: []caselog.Cosignature{}, Unknown: []caselog.UnknownKey{}, Traces: []Traced{}, Evidence: []Weighed{}, Codes: []Coded{}}
	var all []held
	var rated []ratedFile
	for n, e := range a.Entries[:entries] {
		switch e.Kind {
		case caselog.KindStatement, caselog.KindEvidence, caselog.KindDocument, "source":
			for _, f := range e.Files {
				if err := c.take(int64(n), e.Kind, f, &all, &rated); err != nil {
					return nil, &caselog.Fault{Path: f.Path, Entry: int64(n), Err: err}
				}
			}
		}
	}
	if err := c.statements(all); err != nil {
		return nil, err
	}
	if err := c.weigh(rated); err != nil {
		return nil, err
	}
	c.examinations(entries, xs)
	c.conduct()
	if err := c.signed(a, entries); err != nil {
		return nil, err
	}
	c.log(a, at)
	return c, nil
}

// held is a statement with its place in the case.
type held struct {
	statement.Statement
	entry int64
	path  string
}

// ratedFile is a file of analysts' evidence.
type ratedFile struct {
	*proof.Evidence
	entry int64
	path  string
}

// weigh weighs the evidence on each question under the case's standard, in the
// order in which the questions came.
func (c *Case) weigh(rated []ratedFile) error {
	if len(rated) == 0 {
		return nil
	}
	b, err := c.read(caselog.ActFolder(0, caselog.KindOpened) + "/standard.toml")
	if err != nil {
		return fmt.Errorf("the standard of proof of the case: %w", err)
	}
	standard, _, err := proof.Parse(b)
	if err != nil {
		return fmt.Errorf("the standard of proof of the case: %w", err)
	}
	for len(rated) > 0 {
		first := rated[0]
		var es []*proof.Evidence
		x := Weighed{}
		rated = slices.DeleteFunc(rated, func(r ratedFile) bool {
			if r.Question != first.Question {
				return false
			}
			es = append(es, r.Evidence)
			if !slices.Contains(x.Entries, r.entry) {
				x.Entries = append(x.Entries, r.entry)
			}
			return true
		})
		joined, err := proof.JoinEvidence(es...)
		if err == nil {
			x.Weighing, err = proof.Weigh(joined, standard)
		}
		if err != nil {
			return &caselog.Fault{Path: first.path, Entry: first.entry, Err: err}
		}
		c.Evidence = append(c.Evidence, x)
		c.Report.Evidence = append(c.Report.Evidence, report.Evidence{Entries: x.Entries, Weighing: x.Weighing, Standard: standard})
	}
	return nil
}

// conduct asks the codes what they demand.
func (c *Case) conduct() {
	for i := range c.Report.Statements {
		c.facts.Said(&statement.Register{Statements: []statement.Statement{c.Report.Statements[i].Statement}})
	}
	for _, t := range c.Report.Traces {
		c.facts.Traced(t.Trace)
	}
	for _, w := range c.Evidence {
		c.facts.Weighed(w.Weighing)
	}
	for i, code := range c.codes {
		x := &c.Codes[i]
		x.Demands = some(code.Demanded(&c.facts))
		c.Report.Codes = append(c.Report.Codes, report.Code{Name: code.Name, Title: code.Title, Status: code.Status, Entry: x.Entry, Demands: x.Demands})
	}
}

// Missing is what the codes of the case demand and nobody has added; a case is
// not concluded while there is any.
func (c *Case) Missing() []conduct.Demand {
	var all []conduct.Demand
	for _, x := range c.Codes {
		all = append(all, x.Demands...)
	}
	return conduct.Missing(all)
}

// formatOf is what a file in TOML says that it is.
func formatOf(b []byte) string {
	for l := range bytes.Lines(b[:min(len(b), 4096)]) {
		k, v, ok := bytes.Cut(l, []byte("="))
		if ok && string(bytes.TrimSpace(k)) == "format" {
			for _, f := range []string{proof.EvidenceFormat, conduct.Format} {
				if strings.HasPrefix(string(bytes.TrimSpace(v)), strconv.Quote(f)) {
					return f
				}
			}
			return ""
		}
	}
	return ""
}

// written are the sections that a code may demand as a document.
var written = []string{conduct.SectionContext, conduct.SectionConsequences, conduct.SectionReplies}

// take reads one file of an entry, if it is a register, a trace, evidence, a
// code or what a code demands.
func (c *Case) take(n int64, kind string, f caselog.File, all *[]held, rated *[]ratedFile) error {
	if f.Role == caselog.RoleSignature || f.Role == caselog.RoleNote || f.Size > most {
		return nil
	}
	b, err := c.read(f.Path)
	if err != nil {
		return err
	}
	var head struct {
		Format string `json:"format"`
	}
	text := bytes.HasPrefix(b, []byte(statement.Format))
	if kind != caselog.KindStatement {
		c.facts.Document(path.Base(f.Path), f.Size)
		section, _, _ := strings.Cut(strings.ToLower(path.Base(f.Path)), ".")
		if slices.Contains(written, section) && f.Size > 0 {
			d := report.Document{Section: section, Name: path.Base(f.Path), Entry: n}
			if utf8.Valid(b) && !bytes.ContainsRune(b, 0) {
				d.Text = string(b)
			}
			c.Report.Documents = append(c.Report.Documents, d)
		}
	}
	if toml := formatOf(b); !text && toml != "" {
		head.Format = toml
	} else if !text && (!bytes.HasPrefix(bytes.TrimLeft(b, " \r\n\t"), []byte("{")) || json.Unmarshal(b, &head) != nil) {
		return nil
	}
	switch {
	case text || head.Format == statement.Format:
		ss, err := register(b, text)
		if err != nil {
			return err
		}
		for _, s := range ss {
			*all = append(*all, held{s, n, f.Path})
		}
	case head.Format == conduct.Format && kind != caselog.KindStatement:
		code, err := conduct.Parse(b)
		if err != nil {
			return err
		}
		c.codes = append(c.codes, code)
		c.Codes = append(c.Codes, Coded{Entry: n, Path: f.Path, Name: code.Name, SHA256: f.SHA256})
	case head.Format == proof.EvidenceFormat && kind == caselog.KindEvidence:
		e, err := proof.ParseEvidence(b)
		if err != nil {
			return err
		}
		*rated = append(*rated, ratedFile{e, n, f.Path})
	case head.Format == trace.Format && kind != caselog.KindStatement:
		t, err := trace.Decode(b)
		if err != nil {
			return err
		}
		x := Traced{Entry: n, Path: f.Path, SHA256: f.SHA256, Addresses: len(t.Facilities), Countries: []Country{}}
		for _, y := range t.Countries {
			x.Countries = append(x.Countries, Country{y.Code, y.Addresses})
		}
		c.Traces = append(c.Traces, x)
		c.Report.Traces = append(c.Report.Traces, report.Trace{Entry: n, Trace: t})
	}
	return nil
}

func (c *Case) read(p string) ([]byte, error) {
	name := filepath.Join(c.dir, filepath.FromSlash(p))
	return caselog.ReadFile(filepath.Dir(name), filepath.Base(name))
}

// register reads a register in either form. Proposals that nobody accepted are
// none.
func register(b []byte, text bool) ([]statement.Statement, error) {
	if !text {
		r, err := statement.Decode(b)
		if err != nil {
			return nil, err
		}
		return r.Statements, nil
	}
	ss, err := statement.ParseText(b)
	if err != nil {
		return nil, err
	}
	for i := range ss {
		if err := ss[i].Validate(); err != nil {
			return nil, err
		}
		if ss[i].Accepted == nil {
			return nil, &statement.FieldError{ID: ss[i].ID, Field: "accepted", Why: "nobody accepted it; a proposal enters a case only when a person has"}
		}
	}
	return ss, nil
}

// said is when a statement was said, or else published.
func said(s *statement.Statement) moment.Interval {
	if s.Said != nil {
		return *s.Said
	}
	return s.Published
}

// statements puts the statements of all registers in the order in which they
// were said.
func (c *Case) statements(all []held) error {
	slices.SortStableFunc(all, func(a, b held) int {
		x, y := said(&a.Statement), said(&b.Statement)
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.Until, y.Until), cmp.Compare(a.ID, b.ID))
	})
	at := map[string]held{}
	ss := make([]statement.Statement, 0, len(all))
	for _, h := range all {
		if was, ok := at[h.ID]; ok {
			return &caselog.Fault{Path: h.path, Entry: h.entry, Err: fmt.Errorf("statement %q is in entry %d already", h.ID, was.entry)}
		}
		at[h.ID] = h
		ss = append(ss, h.Statement)
		c.Statements = append(c.Statements, Stated{h.ID, h.entry, h.path})
		c.Report.Statements = append(c.Report.Statements, report.Statement{Statement: h.Statement, Entry: h.entry})
	}
	for _, h := range all {
		if _, ok := at[h.Repeats]; h.Repeats != "" && !ok {
			return &caselog.Fault{Path: h.path, Entry: h.entry, Err: fmt.Errorf("statement %q repeats %q, which is not in the case", h.ID, h.Repeats)}
		}
	}
	c.Contradictions, c.Relabelled, c.Drifts = some(statement.Contradictions(ss)), some(statement.Relabelled(ss)), some(statement.Drifts(ss))
	c.Report.Contradictions, c.Report.Relabelled, c.Report.Drifts = c.Contradictions, c.Relabelled, c.Drifts
	return nil
}

// examinations sets the statements beside each examination and chooses the one
// that is shown.
func (c *Case) examinations(entries int64, xs []Examination) {
	ss := make([]statement.Statement, 0, len(c.Report.Statements))
	for _, s := range c.Report.Statements {
		ss = append(ss, s.Statement)
	}
	show := -1
	for i := range xs {
		x := &xs[i]
		if x.Entry >= entries {
			continue
		}
		f := x.Findings
		c.facts.Examined(f)
		c.Examinations = append(c.Examinations, Examined{x.Entry, x.Dir, f.Question.Subject, f.Question.From, f.Question.Until, f.Answer, x.SHA256, finding.SetBeside(f, ss)})
		if show < 0 || f.Answer == finding.AnswerOutage || c.shown.Findings.Answer != finding.AnswerOutage {
			show = len(c.Examinations) - 1
			c.shown = x
		}
	}
	for i, x := range c.Examinations {
		if i == show {
			c.Shown = x.Entry
			c.Report.Folder = x.Dir
			for j := range c.Report.Statements {
				c.Report.Statements[j].Beside = x.Beside[j]
			}
			continue
		}
		c.Report.Others = append(c.Report.Others, report.OtherExamination{Entry: x.Entry, Answer: x.Answer, Href: "../../" + x.Dir + "/report.html",
			Asked: fmt.Sprintf("%s, %s – %s", x.Subject, x.From, x.Until)})
	}
}

// signed gathers what parties signed.
func (c *Case) signed(a *caselog.Account, entries int64) error {
	of := map[string]string{}
	for _, p := range a.PartyAccounts() {
		of[p.Name] = p.For
	}
	for _, s := range a.Signed {
		if s.Entry >= entries {
			continue
		}
		c.Replies = append(c.Replies, s)
		b, err := c.read(s.Path)
		if err != nil {
			return &caselog.Fault{Path: s.Path, Entry: s.Entry, Err: err}
		}
		r := report.Reply{Party: s.Party, For: of[s.Party], Entry: s.Entry, At: s.At, Name: path.Base(s.Path)}
		if utf8.Valid(b) && !bytes.ContainsRune(b, 0) {
			r.Text = string(b)
		}
		c.Report.Replies = append(c.Report.Replies, r)
	}
	for _, d := range a.Dissents {
		if d.Entry < entries {
			c.Dissents = append(c.Dissents, d)
			c.Report.Replies = append(c.Report.Replies, report.Reply{Party: d.Party, For: of[d.Party], Entry: d.Entry, At: d.At, Dissent: true, Size: d.Size, Text: d.Reason})
		}
	}
	slices.SortStableFunc(c.Report.Replies, func(x, y report.Reply) int { return cmp.Compare(x.Entry, y.Entry) })
	for _, s := range a.Cosignatures {
		if s.Entry < entries {
			c.Cosignatures = append(c.Cosignatures, s)
		}
	}
	for _, u := range a.Unknown {
		if n := slices.IndexFunc(a.Entries[:entries], func(e *caselog.Entry) bool {
			return slices.ContainsFunc(e.Files, func(f caselog.File) bool { return f.Path == u.Where })
		}); n >= 0 {
			c.Unknown = append(c.Unknown, u)
		}
	}
	return nil
}

// log is the log as it was.
func (c *Case) log(a *caselog.Account, at caselog.Checkpoint) {
	l := &report.Log{Origin: at.Origin, Size: at.Size, Root: at.Root.String(), Examiner: a.Examiner.Name, Cosignatures: c.Cosignatures, Unknown: c.Unknown}
	for n, e := range a.Entries[:at.Size] {
		x := report.LogEntry{N: int64(n), Time: e.Time, Kind: e.Kind, What: e.Note}
		if x.What == "" {
			var names []string
			for _, f := range e.Files {
				names = append(names, strings.TrimPrefix(f.Path, caselog.ActFolder(int64(n), e.Kind)+"/"))
			}
			if len(names) > 3 {
				names = append(names[:3], "…")
			}
			x.What = strings.Join(names, ", ")
		}
		l.Entries = append(l.Entries, x)
	}
	c.Report.Log = l
}

// Encode gives the bytes of conclusion.json.
func (c *Conclusion) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(c); err != nil {
		return nil, fmt.Errorf("conclusion: %w", err)
	}
	return b.Bytes(), nil
}

// Shows is the examination that the report shows; nil where there is none, and
// then there is no report.
func (c *Case) Shows() *finding.Findings {
	if c.shown == nil {
		return nil
	}
	return c.shown.Findings
}

// Page renders the report in a language, with links to the same in the other
// languages that it is written in; nil without an examination.
func (c *Case) Page(lang report.Lang, written []report.Lang) ([]byte, error) {
	if c.shown == nil {
		return nil, nil
	}
	o := report.Options{Lang: lang, CaseName: c.id, Case: c.Report}
	for _, l := range written {
		if l != lang {
			o.Others = append(o.Others, report.Other{Lang: l, File: ReportName(l)})
		}
	}
	m, err := caselog.ReadManifest(filepath.Join(c.dir, filepath.FromSlash(c.shown.Dir)))
	if err != nil {
		return nil, err
	}
	for _, x := range m.Exhibits {
		o.Exhibits = append(o.Exhibits, report.Exhibit{Name: x.Name, Records: int64(len(x.Records)), SHA256: x.SHA256})
	}
	var b bytes.Buffer
	if err := report.HTML(&b, c.shown.Findings, o); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func some[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}
