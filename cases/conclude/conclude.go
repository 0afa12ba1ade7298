// Package conclude joins what a case holds into one conclusion: the statements
// beside the findings of every examination, what does not fit together among
// them, what parties signed, where facilities stood, and the log as it was; as
// conclusion.json, and as a report for people.
//
// It promises that both are computed from the first entries of a checked log
// and the files that these name, and from nothing else: the same entries give
// the same bytes, wherever the case lies and whatever was added to it since.
// It measures nothing and judges nothing: where a statement stands is for
// package standing, and how far the evidence goes for the standard of proof.
package conclude

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"constat/cases/caselog"
	"constat/cases/page"
	"constat/claims/conduct"
	"constat/claims/evidence"
	"constat/claims/standing"
	"constat/claims/statement"
	"constat/claims/trace"
	"constat/internal/locale"
	"constat/internal/plain"
	"constat/internal/strictjson"
	"constat/internal/worded"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/report"
	"constat/report/html"
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

// IsReport says whether a file of a verdict has the name of a report, of whatever language.
func IsReport(name string) bool {
	return reportName.MatchString(name)
}

var reportName = regexp.MustCompile(`^report(\.[a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?\.html$`)

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
	// Unreadable are files that say that they are of a form and are not, so that
	// nothing of them is concluded from. They stop nothing: a case is only added
	// to, and whoever wrote one would have stopped it for ever.
	Unreadable []Unreadable `json:"unreadable,omitempty"`
	// Withdrawn are entries that were taken back.
	Withdrawn []Withdrawn `json:"withdrawn,omitempty"`
	// NotCompared are statements that were not held against the others for what
	// does not fit together ([statement.Comparable]).
	NotCompared []string `json:"not_compared,omitempty"`
	// PairsLeft counts the pairs that were found and are not listed ([statement.MaxPairs]).
	PairsLeft *statement.PairsLeft `json:"pairs_left,omitempty"`
}

// Withdrawn is an entry from which nothing is concluded any more.
type Withdrawn struct {
	Entry int64  `json:"entry"`
	By    int64  `json:"by"` // the entry that withdraws it
	Why   string `json:"why"`
}

// Unreadable is a file that is kept and not concluded from.
type Unreadable struct {
	Entry int64  `json:"entry"`
	Path  string `json:"path"`
	Why   string `json:"why"`

	since bool // earlier versions did not list it ([Case.EncodeEarlier])
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
	Entries  []int64            `json:"entries"` // that its files are in
	Weighing *evidence.Weighing `json:"weighing"`
}

// Examined is an examination with the statements beside it, in the order of
// Conclusion.Statements.
type Examined struct {
	Entry    int64             `json:"entry"`
	Dir      string            `json:"folder"`
	Subject  string            `json:"subject"`
	From     moment.Time       `json:"from"`
	Until    moment.Time       `json:"until"`
	Answer   string            `json:"answer"`
	Findings string            `json:"findings_sha256"`
	Beside   []standing.Beside `json:"beside"`
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
	Report  *report.Case
	shown   *Examination
	codes   []*conduct.Code // of Conclusion.Codes
	facts   conduct.Facts
	account *caselog.Account

	compared []statement.Statement // of Report.Statements, in the order of the log
	dir      string
	id       string
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
	defer a.Pin()()
	c := &Case{account: a, dir: a.Dir(), id: a.ID(), Report: &report.Case{Title: a.Opening.Title, Question: a.Opening.Question}}
	c.Conclusion = Conclusion{Format: Format, Case: a.Origin, Entries: entries, Root: at.Root.String(), Question: a.Opening.Question, Standard: a.Opening.Standard,
		Examinations: []Examined{}, Shown: -1, Statements: []Stated{}, Replies: []caselog.SignedFile{}, Dissents: []caselog.DissentNote{},
		Cosignatures: []caselog.Cosignature{}, Unknown: []caselog.UnknownKey{}, Traces: []Traced{}, Evidence: []Weighed{}, Codes: []Coded{}}
	var all []*registerFile
	var rated []ratedFile
	gone := a.Withdrawals(entries)
	for n, e := range a.Entries[:entries] {
		if by, ok := gone[int64(n)]; ok {
			var d caselog.WithdrawnData
			if err := a.Entries[by].DecodeData(&d); err != nil {
				return nil, &caselog.Fault{Entry: by, Err: err}
			}
			c.Withdrawn = append(c.Withdrawn, Withdrawn{int64(n), by, d.Why})
			continue
		}
		switch e.Kind {
		case caselog.KindStatement, caselog.KindEvidence, caselog.KindDocument, caselog.KindSource:
			for _, f := range e.Files {
				if err := c.take(int64(n), e.Kind, f, &all, &rated); err != nil {
					return nil, &caselog.Fault{Path: f.Path, Entry: int64(n), Err: err}
				}
			}
		}
	}
	c.statements(c.whole(all))
	if err := c.weigh(rated); err != nil {
		return nil, err
	}
	c.examinations(entries, xs)
	c.conduct()
	if err := c.signed(a, entries); err != nil {
		return nil, err
	}
	slices.SortStableFunc(c.Unreadable, func(x, y Unreadable) int { return cmp.Or(cmp.Compare(x.Entry, y.Entry), cmp.Compare(x.Path, y.Path)) })
	c.log(a, at)
	return c, nil
}

// held is a statement with its place in the case.
type held struct {
	statement.Statement
	entry int64
	path  string
}

// registerFile is a register in the case. It is taken whole or not at all.
type registerFile struct {
	statements []statement.Statement
	entry      int64
	path       string
	left       bool // not taken
}

// unreadable lists a file from which nothing is concluded.
func (c *Case) unreadable(n int64, path string, why error) {
	c.Unreadable = append(c.Unreadable, Unreadable{Entry: n, Path: path, Why: plain.Error(why)})
}

// passedOver is unreadable for what earlier versions did not list.
func (c *Case) passedOver(n int64, path string, why error) {
	c.unreadable(n, path, why)
	c.Unreadable[len(c.Unreadable)-1].since = true
}

// whole leaves out the registers that do not fit with those before them: whose
// statements have ids that are taken, or repeat what is not in the case. The
// others' come back. The work grows with the number of statements.
func (c *Case) whole(files []*registerFile) []held {
	of := map[string]*registerFile{}
	leave := func(f *registerFile, err error) {
		f.left = true
		c.unreadable(f.entry, f.path, err)
	}
	for _, f := range files {
		for i := range f.statements {
			if was, ok := of[f.statements[i].ID]; ok {
				leave(f, fmt.Errorf("statement %q is in entry %d already", f.statements[i].ID, was.entry))
				break
			}
		}
		if f.left {
			continue
		}
		for i := range f.statements {
			of[f.statements[i].ID] = f
		}
	}
	// Leaving one out may leave others without what they repeat.
	type repeat struct {
		f        *registerFile
		id, what string
	}
	by := map[string][]repeat{}
	var missing []string
	for _, f := range files {
		for i := range f.statements {
			if s := &f.statements[i]; !f.left && s.Repeats != "" {
				by[s.Repeats] = append(by[s.Repeats], repeat{f, s.ID, s.Repeats})
				if of[s.Repeats] == nil {
					missing = append(missing, s.Repeats)
				}
			}
		}
	}
	for len(missing) > 0 {
		id := missing[0]
		missing = missing[1:]
		for _, r := range by[id] {
			if r.f.left {
				continue
			}
			leave(r.f, fmt.Errorf("statement %q repeats %q, which is not in the case", r.id, r.what))
			for i := range r.f.statements {
				missing = append(missing, r.f.statements[i].ID)
			}
		}
	}
	var out []held
	for _, f := range files {
		for i := range f.statements {
			if !f.left {
				out = append(out, held{f.statements[i], f.entry, f.path})
			}
		}
	}
	return out
}

// ratedFile is a file of analysts' evidence.
type ratedFile struct {
	*evidence.Matrix
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
		var es []*evidence.Matrix
		var these []ratedFile
		x := Weighed{}
		rated = slices.DeleteFunc(rated, func(r ratedFile) bool {
			if r.Question != first.Question {
				return false
			}
			es, these = append(es, r.Matrix), append(these, r)
			if !slices.Contains(x.Entries, r.entry) {
				x.Entries = append(x.Entries, r.entry)
			}
			return true
		})
		joined, err := evidence.Join(es...)
		if err == nil {
			x.Weighing, err = evidence.Weigh(joined, standard)
		}
		if err != nil {
			for _, r := range these {
				c.unreadable(r.entry, r.path, fmt.Errorf("with the other files on its question it cannot be weighed: %w", err))
			}
			continue
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
			for _, f := range []string{evidence.Format, conduct.Format} {
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
// code or what a code demands. One that says so and is none is listed.
func (c *Case) take(n int64, kind string, f caselog.File, all *[]*registerFile, rated *[]ratedFile) error {
	if f.Role == caselog.RoleSignature || f.Role == caselog.RoleNote || f.Size > most {
		return nil
	}
	b, err := c.read(f.Path)
	if err != nil {
		return err
	}
	c.takeBytes(n, kind, f, b, all, rated)
	return nil
}

func (c *Case) takeBytes(n int64, kind string, f caselog.File, b []byte, all *[]*registerFile, rated *[]ratedFile) {
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
	text := bytes.HasPrefix(b, []byte(statement.Format))
	format, broken := says(b)
	switch {
	case broken != nil:
		c.passedOver(n, f.Path, fmt.Errorf("it says that it is %s, and is damaged: %w", format, broken))
	case text || format == statement.Format:
		ss, err := register(b, text)
		if err != nil {
			c.unreadable(n, f.Path, err)
			return
		}
		*all = append(*all, &registerFile{statements: ss, entry: n, path: f.Path})
	case format == conduct.Format && kind != caselog.KindStatement:
		code, err := conduct.Parse(b)
		if err != nil {
			c.unreadable(n, f.Path, err)
			return
		}
		c.codes = append(c.codes, code)
		c.Codes = append(c.Codes, Coded{Entry: n, Path: f.Path, Name: code.Name, SHA256: f.SHA256})
	case format == evidence.Format && kind == caselog.KindEvidence:
		e, err := evidence.Parse(b)
		if err != nil {
			c.unreadable(n, f.Path, err)
			return
		}
		*rated = append(*rated, ratedFile{e, n, f.Path})
	case format == trace.Format && kind != caselog.KindStatement:
		t, err := trace.Decode(b)
		if err != nil {
			c.unreadable(n, f.Path, err)
			return
		}
		x := Traced{Entry: n, Path: f.Path, SHA256: f.SHA256, Addresses: len(t.Facilities), Countries: []Country{}}
		for _, y := range t.Countries {
			x.Countries = append(x.Countries, Country{y.Code, y.Addresses})
		}
		c.Traces = append(c.Traces, x)
		c.Report.Traces = append(c.Report.Traces, report.Trace{Entry: n, Trace: t})
	case kind == caselog.KindStatement && slices.Contains(forms, format):
		c.passedOver(n, f.Path, fmt.Errorf("it says that it is %s, and of a statement nothing but a register (%s) is concluded from", format, statement.Format))
	case format == evidence.Format:
		c.passedOver(n, f.Path, fmt.Errorf("it says that it is %s, and was added as a %s: only what is added as evidence is weighed", format, kind))
	}
}

// forms are those that something is concluded from.
var forms = []string{statement.Format, conduct.Format, evidence.Format, trace.Format}

// says is the form that a file says it is of, empty if of none. The error says what is
// wrong with JSON that says so and breaks off or is damaged further on.
func says(b []byte) (format string, broken error) {
	if bytes.HasPrefix(b, []byte(statement.Format)) {
		return statement.Format, nil
	}
	if toml := formatOf(b); toml != "" {
		return toml, nil
	}
	if !bytes.HasPrefix(bytes.TrimLeft(b, " \r\n\t"), []byte("{")) {
		return "", nil
	}
	var head struct {
		Format string `json:"format"`
	}
	err := json.Unmarshal(b, &head)
	if err == nil {
		return head.Format, nil
	}
	if f := firstFormat(b); slices.Contains(forms, f) {
		return f, err
	}
	return "", nil
}

// firstFormat is the member "format" of an object as far as it can be read.
func firstFormat(b []byte) string {
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		return ""
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return ""
		}
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return ""
		}
		var format string
		if name == "format" && json.Unmarshal(v, &format) == nil {
			return format
		}
	}
	return ""
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
func (c *Case) statements(all []held) {
	compared := make([]statement.Statement, 0, len(all))
	for _, h := range all { // in the order of the log
		compared = append(compared, h.Statement)
	}
	compared, c.NotCompared = statement.Comparable(compared)
	slices.SortStableFunc(all, func(a, b held) int {
		x, y := said(&a.Statement), said(&b.Statement)
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.Until, y.Until), cmp.Compare(a.ID, b.ID))
	})
	for _, h := range all {
		c.Statements = append(c.Statements, Stated{h.ID, h.entry, h.path})
		c.Report.Statements = append(c.Report.Statements, report.Statement{Statement: h.Statement, Entry: h.entry})
	}
	x := statement.Between(compared, statement.MaxPairs)
	c.compared, c.Contradictions, c.Relabelled, c.Drifts = compared, some(x.Contradictions), some(x.Relabelled), some(x.Drifts)
	if c.Report.PairsLeft = x.Left.Sum(); c.Report.PairsLeft > 0 {
		c.PairsLeft = &x.Left
	}
	c.Report.Contradictions, c.Report.Relabelled, c.Report.Drifts = c.Contradictions, c.Relabelled, c.Drifts
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
		c.Examinations = append(c.Examinations, Examined{x.Entry, x.Dir, f.Question.Subject, f.Question.From, f.Question.Until, f.WrittenAnswer(), x.SHA256, standing.Of(f, ss)})
		if show < 0 || f.Answer == finding.AnswerOutage || c.shown.Findings.Answer != finding.AnswerOutage {
			show = len(c.Examinations) - 1
			c.shown = x
		}
	}
	var beside [][]standing.Beside
	for _, x := range c.Examinations {
		beside = append(beside, x.Beside)
	}
	for j := range c.Report.Statements {
		for _, i := range standing.Against(beside, j) {
			// That routes cannot show it is said of the shown one already.
			if s := beside[i][j].Standing; i != show && (s != standing.NotTestable || beside[show][j].Standing != s) {
				c.Report.Statements[j].Also = append(c.Report.Statements[j].Also, report.AlsoHeld{Entry: c.Examinations[i].Entry, Standing: s})
			}
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
		c.Report.Others = append(c.Report.Others, report.OtherExamination{Entry: x.Entry, Answer: x.Answer, Href: "../../" + x.Dir + "/" + page.Name,
			Asked: fmt.Sprintf("%s, %s – %s", x.Subject, x.From, x.Until)})
	}
}

// signed gathers what parties signed whose keys the case records.
func (c *Case) signed(a *caselog.Account, entries int64) error {
	a = a.Own()
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
	there := map[string]bool{}
	for _, e := range a.Entries[:entries] {
		for _, f := range e.Files {
			there[f.Path] = true
		}
	}
	for _, u := range a.Unknown {
		if there[u.Where] {
			c.Unknown = append(c.Unknown, u)
		}
	}
	return nil
}

// log is the log as it was.
func (c *Case) log(a *caselog.Account, at caselog.Checkpoint) {
	l := &report.Log{Origin: at.Origin, Size: at.Size, Root: at.Root.String(), Examiner: a.KeyAt(at.Size).Name}
	for _, x := range c.Cosignatures {
		l.Cosignatures = append(l.Cosignatures, report.Cosignature{Party: x.Party, Size: x.Size, At: x.At})
	}
	for _, x := range c.Unknown {
		l.Unknown = append(l.Unknown, report.UnknownKey{Where: x.Where, Name: x.Name, ID: x.ID})
	}
	for n, e := range a.Entries[:at.Size] {
		x := report.LogEntry{N: int64(n), Time: e.Time, Kind: e.Kind, What: e.Note}
		var d caselog.WithdrawnData
		if e.Kind == caselog.KindWithdrawn && e.DecodeData(&d) == nil {
			x.What = fmt.Sprintf("%d: %s", d.Entry, d.Why)
		}
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
	b, err := strictjson.Indented(c)
	if err != nil {
		return nil, fmt.Errorf("conclusion: %w", err)
	}
	return b, nil
}

// EncodeEarlier gives the bytes of conclusion.json as versions wrote it that did not list
// all files that say that they are of a form and are not, and listed all pairs of statements
// that do not fit together; nil if these are the bytes of today.
func (c *Case) EncodeEarlier() ([]byte, error) {
	was := c.Conclusion
	was.Unreadable = slices.DeleteFunc(slices.Clone(c.Unreadable), func(u Unreadable) bool { return u.since })
	if len(was.Unreadable) == len(c.Unreadable) && c.PairsLeft == nil {
		return nil, nil
	}
	if c.PairsLeft != nil {
		x := statement.Between(c.compared, math.MaxInt)
		was.Contradictions, was.Relabelled, was.Drifts, was.PairsLeft = some(x.Contradictions), some(x.Relabelled), some(x.Drifts), nil
	}
	return was.Encode()
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
	o := report.Options{Lang: lang, CaseName: c.id, Findings: c.shown.SHA256, Case: c.Report}
	for _, l := range written {
		if l != lang {
			o.Others = append(o.Others, report.Other{Lang: l, File: ReportName(l)})
		}
	}
	defer c.account.Pin()()
	var err error
	if o.Exhibits, err = page.Exhibits(filepath.Join(c.dir, filepath.FromSlash(c.shown.Dir))); err != nil {
		return nil, err
	}
	o.Atlas = page.Atlas(filepath.Join(c.dir, filepath.FromSlash(c.shown.Dir)))
	d, err := report.New(c.shown.Findings, o)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := html.Write(&b, d); err != nil {
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

// ErrNoRegister is wrapped by the error of [Register] for a file that does not even
// say that it is a register.
var ErrNoRegister = worded.Errorf("no register of statements: it does not begin with %s", statement.Format)

// Register says why nothing would be concluded from a file as a register of
// statements; nil if it is one.
func Register(b []byte) error {
	var head struct {
		Format string `json:"format"`
	}
	text := bytes.HasPrefix(b, []byte(statement.Format))
	if !text && (json.Unmarshal(b, &head) != nil || head.Format != statement.Format) {
		return ErrNoRegister
	}
	ss, err := register(b, text)
	if err == nil && len(ss) == 0 {
		err = errors.New("there is no statement in it")
	}
	return err
}

// Readable says what is wrong with a file that says that it is of a form that
// is concluded from ([Unreadable]); nil also for a file that says nothing.
func Readable(kind, name string, b []byte) error {
	var all []*registerFile
	var rated []ratedFile
	c := &Case{Report: &report.Case{}}
	c.takeBytes(0, kind, caselog.File{Path: name, Size: int64(len(b))}, b, &all, &rated)
	if len(c.Unreadable) > 0 {
		return errors.New(c.Unreadable[0].Why)
	}
	return nil
}
