// Package audit puts examinations into a case ([Examine]), concludes it, and
// verifies it as a whole ([Case]): that it is intact (casefile), that
// every examination in it gives the same findings again from its exhibits
// (examine), under the standard of proof that the case declared before any
// source was read, and that its verdict says what those findings say.
//
// It promises to name the first thing that does not hold, as a
// [caselog.Fault], and to say what was not checked: who was watching
// (watch.json) is only as good as the archives, which [Options.Sources] has
// read again. Verifying needs nothing but the case and writes nothing into it. It
// does not judge whether what a party said is true.
package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/cases/page"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// Options say what a case is verified against.
type Options struct {
	caselog.CheckOptions
	// Sources opens the archives that an examination was made from. Without it
	// they are not looked at.
	Sources func(context.Context, *examine.Asked) (*source.Set, error)
	// Atlas holds what examinations have of lists against those in it, where archives
	// are read again. Without it that is not looked at ([Examination.Unchecked]).
	Atlas *atlas.Atlas
	// Scratch is a folder for what is extracted from the archives; by default a
	// temporary one.
	Scratch string
	// Reading is told of the archives' files as they are read; it may be nil.
	Reading func(file string, n, of int)
}

// Report is what a verification found to hold.
type Report struct {
	*caselog.Account
	Examinations []Examination
	Open         []AskedData // asked, and not answered by any examination
	Verdicts     []int64     // entries
	Archives     bool        // the archives were read again
	Notes        []Note      // what a reader should know though nothing failed

	answers  map[int64]int64     // entries "examined" by those that asked
	examined map[AskedData]int64 // the last entry that examined a question
}

// Examination is one examination in a case.
type Examination struct {
	Entry    int64
	Dir      string // from the case's folder
	Asked    examine.Asked
	Findings *finding.Findings
	SHA256   string // of findings.json
	// Unchecked is what of its question rests on lists and was not held against them; nil: nothing.
	Unchecked *examine.Unchecked
	// Earlier is the format of findings that an earlier method computed: they are
	// as they were logged, and not computed again. Empty for today's.
	Earlier string
}

// AskedData are the data of an entry "asked": the question of an examination,
// logged before its sources are read, so that none can be tried and forgotten.
type AskedData struct {
	Subject string      `json:"subject"`
	From    moment.Time `json:"from"`
	Until   moment.Time `json:"until"`
	Entry   int64       `json:"-"`
}

// ExaminedData are the data of an entry "examined".
type ExaminedData struct {
	Asked  int64  `json:"asked"` // the entry that asked
	Folder string `json:"folder"`
	Answer string `json:"answer"`
}

// Role is the role of a file of an examination's folder.
func Role(name string) string {
	switch name {
	case examine.QuestionName:
		return "question"
	case examine.StandardName:
		return caselog.RoleStandard
	case examine.WatchName:
		return "watch"
	case examine.ControlsName:
		return "controls"
	case examine.GroupsName:
		return "groups"
	case examine.FindingsName:
		return "findings"
	case page.Name:
		return "report"
	}
	return ""
}

// roleIn is [Role] with the manifest, which the case file knows.
func roleIn(name string) string {
	if name == caselog.ManifestName {
		return caselog.RoleExhibits
	}
	return Role(name)
}

// Case verifies a case.
func Case(ctx context.Context, dir string, o Options) (*Report, error) {
	a, err := caselog.Check(ctx, dir, o.CheckOptions)
	if err != nil {
		return nil, err
	}
	defer a.Pin()()
	r := &Report{Account: a, answers: map[int64]int64{}, examined: map[AskedData]int64{}}
	if err := r.standard(dir); err != nil {
		return nil, err
	}
	asked := map[int64]AskedData{}
	withdrawn := a.Withdrawals(a.Checkpoint.Size)
	for i, e := range a.Entries {
		n := int64(i)
		if err := checkForm(e, n); err != nil {
			return nil, err
		}
		switch e.Kind {
		case caselog.KindWithdrawn:
			var d caselog.WithdrawnData
			if err := e.DecodeData(&d); err != nil {
				return nil, &caselog.Fault{Entry: n, Err: err}
			}
			if by := withdrawn[d.Entry]; by != n {
				r.Notes = append(r.Notes, Note{Key: NoteWithdrawn, A: strconv.Itoa(i), B: strconv.FormatInt(d.Entry, 10), C: strconv.FormatInt(by, 10)})
			}
		case caselog.KindAsked:
			d := AskedData{Entry: n}
			if err := e.DecodeData(&d); err != nil {
				return nil, &caselog.Fault{Entry: n, Err: err}
			}
			asked[n] = d
		case caselog.KindExamined:
			if err := r.examination(ctx, dir, e, n, asked, o); err != nil {
				return nil, err
			}
		case caselog.KindVerdict:
			if err := r.verdict(dir, e, n); err != nil {
				return nil, err
			}
		}
		if i > 0 && e.Time < a.Entries[i-1].Time {
			r.Notes = append(r.Notes, Note{Key: NoteTimes, A: strconv.Itoa(i), B: strconv.Itoa(i - 1)})
		}
	}
	r.dated(o.Now)
	for n, e := range a.Entries {
		if d, ok := asked[int64(n)]; ok && e.Kind == caselog.KindAsked && !r.answered(d) {
			r.Open = append(r.Open, d)
		}
	}
	if err := r.checkIndex(dir); err != nil {
		return nil, err
	}
	r.Notes = append(r.Notes, exposed(a.Exposed)...)
	r.Archives = o.Sources != nil && len(r.Examinations) > 0
	return r, nil
}

// dated notes times that cannot be right: what a party signed is dated before the last entry
// that it signs, or somebody's clock is ahead of this one by more than a day.
func (r *Report) dated(now moment.Time) {
	ahead := func(t moment.Time) bool { return r.Impossible(0, t, now) }
	for i, e := range r.Entries {
		if ahead(e.Time) {
			r.Notes = append(r.Notes, Note{Key: NoteAhead, A: strconv.Itoa(i), B: e.Time.String()})
			break // the rest of them follows
		}
	}
	type signed struct {
		party string
		size  int64 // 0: of no state of the log
		at    moment.Time
	}
	var all []signed
	for _, c := range slices.Concat(r.OnCheckpoint, r.Cosignatures) {
		all = append(all, signed{c.Party, c.Size, c.At})
	}
	for _, d := range r.Dissents {
		all = append(all, signed{d.Party, d.Size, d.At})
	}
	for _, s := range r.Signed {
		all = append(all, signed{s.Party, 0, s.At})
	}
	for _, s := range all {
		// A signature's time is what the signer says, in whole seconds.
		if last := s.size - 1; last >= 0 && s.at < r.Entries[last].Time-r.Entries[last].Time%moment.Second {
			r.Notes = append(r.Notes, Note{Key: NoteCosigned, A: s.party, B: strconv.FormatInt(last, 10), C: s.at.String()})
		}
		if ahead(s.at) {
			r.Notes = append(r.Notes, Note{Key: NoteSignedAhead, A: s.party, B: s.at.String()})
		}
	}
}

// standard holds the name of the standard of proof that the case declared against its
// file: a reader takes the name for it. Example: the thresholds of "balance" under the name
// "conclusive".
func (r *Report) standard(dir string) error {
	for _, f := range r.Entries[0].Files {
		if f.Role != caselog.RoleStandard || f.SHA256 != r.Opening.Standard.SHA256 {
			continue
		}
		b, err := caselog.ReadFile(dir, f.Path)
		var s proof.Standard
		if err == nil {
			s, _, err = proof.Parse(b)
		}
		if err == nil && s.Name != r.Opening.Standard.Name {
			err = fmt.Errorf("its name is %q, and the case was opened under one named %q", s.Name, r.Opening.Standard.Name)
		}
		if err != nil {
			return &caselog.Fault{Path: f.Path, Entry: 0, Err: err}
		}
	}
	return nil
}

func (r *Report) answered(d AskedData) bool {
	return r.examined[AskedData{Subject: d.Subject, From: d.From, Until: d.Until}] > d.Entry
}

// examination recomputes one examination.
func (r *Report) examination(ctx context.Context, dir string, e *caselog.Entry, n int64, asked map[int64]AskedData, o Options) error {
	var d ExaminedData
	if err := e.DecodeData(&d); err != nil {
		return &caselog.Fault{Entry: n, Err: err}
	}
	folder := caselog.ActFolder(n, e.Kind) + "/" + d.Folder
	x := Examination{Entry: n, Dir: folder}
	for _, f := range e.Files {
		switch {
		case !strings.HasPrefix(f.Path, folder+"/"):
			return &caselog.Fault{Path: f.Path, Entry: n, Err: errors.New("it lies outside the examination's folder")}
		case f.Role != roleIn(strings.TrimPrefix(f.Path, folder+"/")):
			return &caselog.Fault{Path: f.Path, Entry: n, Err: fmt.Errorf("its role is %q, and that of such a file is %q", f.Role, roleIn(strings.TrimPrefix(f.Path, folder+"/")))}
		case f.Path == folder+"/"+examine.FindingsName:
			x.SHA256 = f.SHA256
		case f.Path == folder+"/"+examine.StandardName && f.SHA256 != r.Opening.Standard.SHA256:
			return &caselog.Fault{Path: f.Path, Entry: n, Err: fmt.Errorf("it is not the standard of proof that the case declared when it was opened: its SHA-256 is %s, declared was %s", f.SHA256, r.Opening.Standard.SHA256)}
		}
	}
	if x.SHA256 == "" || d.Folder == "" {
		// The paths of an entry's files are known to be safe, and so is the folder
		// then: it may come from somebody who wants another one read.
		return &caselog.Fault{Entry: n, Err: fmt.Errorf("it has no findings in %q", folder)}
	}
	here := filepath.Join(dir, filepath.FromSlash(folder))
	if err := wholeExamination(here, folder, n); err != nil {
		return err
	}
	a, err := examine.ReadAsked(here)
	if err != nil {
		return &caselog.Fault{Path: folder, Entry: n, Err: trim(err, here)}
	}
	x.Asked = *a
	if x.Unchecked, err = examine.ReadUnchecked(here); err != nil {
		return &caselog.Fault{Path: folder, Entry: n, Err: trim(err, here)}
	}
	notes, err := strange(here, path.Join(folder, examine.QuestionName))
	if err != nil {
		return &caselog.Fault{Path: folder, Entry: n, Err: trim(err, here)}
	}
	r.Notes = append(r.Notes, notes...)
	if was, ok := r.answers[d.Asked]; ok {
		return &caselog.Fault{Entry: n, Err: fmt.Errorf("it answers entry %d, which entry %d has answered: what is asked is examined once", d.Asked, was)}
	}
	r.answers[d.Asked] = n
	if q, ok := asked[d.Asked]; !ok || q.Subject != a.Subject || q.From != a.From || q.Until != a.Until {
		return &caselog.Fault{Path: folder + "/" + examine.QuestionName, Entry: n, Err: fmt.Errorf("it is not the question that entry %d logged before the sources were read", d.Asked)}
	}
	c, err := examine.Recompute(ctx, here)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var earlier *examine.Earlier
	if errors.As(err, &earlier) {
		x.Earlier = earlier.Format
		r.Notes = append(r.Notes, Note{Key: NoteFindings, A: folder + "/" + examine.FindingsName, B: earlier.Format})
		err = nil
	}
	if err != nil {
		where := folder
		var diff *examine.Difference
		if errors.As(err, &diff) {
			where += "/" + examine.FindingsName
		}
		return &caselog.Fault{Path: where, Entry: n, Err: trim(err, here)}
	}
	f := c.Findings
	x.Findings = f
	r.Notes = append(r.Notes, OlderNotes(c, path.Join(folder, examine.FindingsName))...)
	if said := f.WrittenAnswer(); said != d.Answer {
		return &caselog.Fault{Entry: n, Err: fmt.Errorf("it says that the answer is %q, and the findings say %q", d.Answer, said)}
	}
	if x.Earlier == "" {
		r.page(here, &x)
	}
	if o.Sources != nil {
		if err := r.archives(ctx, here, &x, o); err != nil {
			return err
		}
	}
	if o.Sources != nil && o.Atlas != nil {
		x.Unchecked = x.Unchecked.Held(&x.Asked)
	}
	r.Examinations = append(r.Examinations, x)
	r.examined[AskedData{Subject: a.Subject, From: a.From, Until: a.Until}] = n
	return nil
}

// wholeExamination refuses a folder that holds what is no part of an examination: a
// reader would take it for what was logged as computed. It refuses files of two readings, too.
func wholeExamination(here, folder string, n int64) error {
	m, err := caselog.ReadManifest(here)
	if err == nil {
		err = alone(here, m)
	}
	if err == nil {
		err = oneReading(here)
	}
	var f *caselog.Fault
	switch {
	case errors.As(err, &f):
		return &caselog.Fault{Path: path.Join(folder, f.Path), Entry: n, Err: f.Err}
	case err != nil:
		return &caselog.Fault{Path: folder, Entry: n, Err: trim(err, here)}
	}
	return nil
}

// trim takes the place on this machine out of an error.
func trim(err error, here string) error {
	return errors.New(strings.ReplaceAll(strings.ReplaceAll(err.Error(), here+string(filepath.Separator), ""), here, "."))
}

// page renders the report again. Wording changes from version to version, so a
// difference is said and is no fault: the findings are what counts.
func (r *Report) page(here string, x *Examination) {
	b, err := caselog.ReadFile(here, page.Name)
	key := NoteReport
	switch {
	case errors.Is(err, fs.ErrNotExist):
		key = NoteGone
	case err == nil && written(here, x.Findings, b):
		return
	}
	r.Notes = append(r.Notes, Note{Key: key, A: path.Join(x.Dir, page.Name)})
}

// archives holds one examination against its sources.
func (r *Report) archives(ctx context.Context, here string, x *Examination, o Options) error {
	set, err := o.Sources(ctx, &x.Asked)
	if err != nil {
		return fmt.Errorf("%s: opening its sources again: %w", x.Dir, err)
	}
	scratch, err := os.MkdirTemp(o.Scratch, "constat-verify-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	err = examine.VerifyArchives(ctx, here, set, o.Atlas, scratch, o.Reading)
	var f *caselog.Fault
	if errors.As(err, &f) {
		return &caselog.Fault{Path: path.Join(x.Dir, f.Path), Entry: x.Entry, Err: f.Err}
	}
	return err
}
