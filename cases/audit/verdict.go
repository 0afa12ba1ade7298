package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"constat/cases/caselog"
	"constat/cases/conclude"
	"constat/internal/locale"
	"constat/internal/strictjson"
)

// VerdictName is the file of a case's verdict. It has the verdict of each examination
// as its findings.json has it: VerdictFormat1 if all these are older than format 3, or
// if there are none, else VerdictFormat.
const (
	VerdictName    = "verdict.json"
	VerdictFormat  = "constat-verdict/2"
	VerdictFormat1 = "constat-verdict/1"
)

// Verdict is what a case concludes: for each examination what may be said
// under the declared standard, and what else was before the examiner. It holds
// nothing that cannot be computed from the entries before it.
type Verdict struct {
	Format       string             `json:"format"`
	Case         string             `json:"case"`
	Entries      int64              `json:"entries"` // how many were there
	Standard     caselog.Standard   `json:"standard"`
	Examinations []ExaminedVerdict  `json:"examinations"`
	Before       map[string][]int64 `json:"before"` // entries of each other kind
}

// ExaminedVerdict is the verdict of one examination.
type ExaminedVerdict struct {
	Entry    int64           `json:"entry"`
	Subject  string          `json:"subject"`
	Answer   string          `json:"answer"`
	Findings string          `json:"findings_sha256"`
	Verdict  json.RawMessage `json:"verdict"` // as its findings.json has it
}

// Conclude computes the verdict of a case as it is at a number of entries.
func (r *Report) Conclude(entries int64) ([]byte, error) {
	v := Verdict{Format: VerdictFormat1, Case: r.Origin, Entries: entries, Standard: r.Opening.Standard,
		Examinations: []ExaminedVerdict{}, Before: map[string][]int64{}}
	for _, x := range r.Examinations {
		if x.Entry < entries {
			if !x.Findings.Older() {
				v.Format = VerdictFormat
			}
			said, err := x.Findings.WrittenVerdict()
			if err != nil {
				return nil, err
			}
			v.Examinations = append(v.Examinations, ExaminedVerdict{x.Entry, x.Asked.Subject, x.Findings.WrittenAnswer(), x.SHA256, said})
		}
	}
	for i, e := range r.Entries[:entries] {
		switch e.Kind {
		case caselog.KindOpened, caselog.KindAsked, caselog.KindExamined:
		default:
			v.Before[e.Kind] = append(v.Before[e.Kind], int64(i))
		}
	}
	return strictjson.Indented(v)
}

// VerdictData are the data of an entry "verdict".
type VerdictData struct {
	Entries int64 `json:"entries"`
}

// verdict computes a verdict again.
func (r *Report) verdict(dir string, e *caselog.Entry, n int64) error {
	var d VerdictData
	if err := e.DecodeData(&d); err != nil {
		return &caselog.Fault{Entry: n, Err: err}
	}
	folder := caselog.ActFolder(n, e.Kind)
	path := folder + "/" + VerdictName
	if d.Entries < 1 || d.Entries > n {
		return &caselog.Fault{Entry: n, Err: fmt.Errorf("it concludes from %d entries, and there are %d before it", d.Entries, n)}
	}
	was, err := caselog.ReadFile(filepath.Join(dir, filepath.FromSlash(folder)), VerdictName)
	if err != nil {
		return &caselog.Fault{Path: path, Entry: n, Err: errors.New("it is missing")}
	}
	now, err := r.Conclude(d.Entries)
	if err != nil {
		return err
	}
	if !bytes.Equal(was, now) {
		return &caselog.Fault{Path: path, Entry: n, Err: errors.New("it is not what the findings in the case give under the declared standard")}
	}
	if err := r.conclusion(dir, e, n, d.Entries); err != nil {
		return err
	}
	r.Verdicts = append(r.Verdicts, n)
	return nil
}

// Assemble joins what the case holds in its first entries.
func (r *Report) Assemble(entries int64) (*conclude.Case, error) {
	var xs []conclude.Examination
	for _, x := range r.Examinations {
		xs = append(xs, conclude.Examination{Entry: x.Entry, Dir: x.Dir, SHA256: x.SHA256, Findings: x.Findings})
	}
	return conclude.Assemble(r.Account, entries, xs)
}

// conclusion joins again what a verdict rested on. The wording of the report
// changes from version to version, so a difference there is said and is no
// fault. What is no part of a verdict is one: a reader would take it for what the
// case concludes.
func (r *Report) conclusion(dir string, e *caselog.Entry, n, entries int64) error {
	folder := caselog.ActFolder(n, e.Kind)
	there := func(name string) bool {
		return slices.ContainsFunc(e.Files, func(f caselog.File) bool { return f.Path == folder+"/"+name })
	}
	for _, f := range e.Files {
		switch name := strings.TrimPrefix(f.Path, folder+"/"); {
		case name == VerdictName || name == conclude.Name:
		case conclude.IsReport(name):
			if !slices.ContainsFunc(locale.All(), func(l locale.Lang) bool { return name == conclude.ReportName(l) }) {
				r.Notes = append(r.Notes, Note{Key: NoteVerdict, A: f.Path}) // of a language that this version has not
			}
		default:
			return &caselog.Fault{Path: f.Path, Entry: n, Err: errors.New("it lies in the verdict and is no part of one")}
		}
	}
	if !there(conclude.Name) {
		// Verdicts had none before there were findings that this version computes again.
		if !slices.ContainsFunc(r.Examinations, func(x Examination) bool { return x.Entry < entries && x.Earlier != "" }) {
			return &caselog.Fault{Path: folder + "/" + conclude.Name, Entry: n, Err: errors.New("it is missing")}
		}
		r.Notes = append(r.Notes, Note{Key: NoteUnjoined, A: folder + "/" + conclude.Name})
		return nil
	}
	if slices.ContainsFunc(r.Examinations, func(x Examination) bool { return x.Earlier != "" }) {
		r.Notes = append(r.Notes, Note{Key: NoteConclusion, A: folder + "/" + conclude.Name})
		return nil
	}
	c, err := r.Assemble(entries)
	if err != nil {
		return err
	}
	now, err := c.Encode()
	if err != nil {
		return err
	}
	here := filepath.Join(dir, filepath.FromSlash(folder))
	was, err := caselog.ReadFile(here, conclude.Name)
	if err == nil && !bytes.Equal(was, now) {
		if now, err = c.EncodeEarlier(); err == nil && bytes.Equal(was, now) {
			r.Notes = append(r.Notes, Note{Key: NoteUnlisted, A: folder + "/" + conclude.Name})
		}
	}
	if err != nil || !bytes.Equal(was, now) {
		return &caselog.Fault{Path: folder + "/" + conclude.Name, Entry: n, Err: errors.New("it is not what the entries before it give")}
	}
	// A case is held against the languages that it was written in: a later
	// version may have more, and would link to them.
	written := slices.DeleteFunc(locale.All(), func(l locale.Lang) bool { return !there(conclude.ReportName(l)) })
	if len(written) == 0 {
		if now, err := c.Page(locale.Default, locale.All()); err != nil || now != nil {
			r.Notes = append(r.Notes, Note{Key: NoteGone, A: folder + "/" + conclude.ReportName(locale.Default)})
		}
	}
	for _, l := range written {
		name := conclude.ReportName(l)
		was, err := caselog.ReadFile(here, name)
		if err != nil {
			return &caselog.Fault{Path: folder + "/" + name, Entry: n, Err: err}
		}
		if now, err := c.Page(l, written); err != nil || !bytes.Equal(was, now) {
			r.Notes = append(r.Notes, Note{Key: NoteVerdict, A: folder + "/" + name})
		}
	}
	return nil
}

// Missing is something that must be in a case before it is concluded.
type Missing struct {
	What string // as a person would look for it
	Why  string // who demands it
}

// A Demand looks for what is missing. Codes of conduct add theirs.
type Demand func(*Report) []Missing

// demands that every case must meet.
var demands = []Demand{somethingExamined, nothingForgotten}

// Demanded lists what is still missing, by the demands that every case must
// meet and by further ones.
func (r *Report) Demanded(more ...Demand) []Missing {
	var out []Missing
	for _, d := range append(demands[:len(demands):len(demands)], more...) {
		out = append(out, d(r)...)
	}
	return out
}

func somethingExamined(r *Report) []Missing {
	if len(r.Examinations) > 0 {
		return nil
	}
	gone := r.Withdrawals(r.Checkpoint.Size)
	for i, e := range r.Entries {
		if _, taken := gone[int64(i)]; e.Kind == caselog.KindEvidence && !taken {
			return nil
		}
	}
	return []Missing{{"an examination (constat case examine) or evidence (constat case add --as evidence)", "a verdict rests on something"}}
}

func nothingForgotten(r *Report) []Missing {
	var out []Missing
	for _, q := range r.Open {
		out = append(out, Missing{fmt.Sprintf("the examination that entry %d asked for: %s from %s until %s", q.Entry, q.Subject, q.From, q.Until),
			"what was asked is answered, whatever comes out"})
	}
	return out
}
