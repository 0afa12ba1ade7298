package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
	"constat/report"
	"constat/routes/atlas"
	"constat/routes/source"
)

type examineCmd struct {
	Subject string `arg:"" optional:"" help:"AS22047, 175.45.176.0/22, KP, or a subject file."`

	From  string `placeholder:"T" help:"Start: RFC 3339 or shorter (2010-02-27T16:00); UTC when it names no zone."`
	Until string `placeholder:"T" help:"End, not included."`
	sourceFlags
	standardFlag
	groupsFlag
	Atlas string `placeholder:"DIR" help:"Folder of delegation files and AS names." type:"path"`
	Case  string `placeholder:"DIR" help:"Where to write the case (default: a folder named after the question)." type:"path"`
	Force bool   `help:"Replace a case that is there."`
	Again string `placeholder:"CASE" help:"Recompute the findings of a case from the case alone, and compare." type:"path"`
	JSON  bool   `name:"json" help:"Print findings.json instead of a summary."`
	Lang  string `enum:"${languages}" default:"${language}" help:"Language of summary and report: ${languages}."`
}

func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// Run examines, or examines again.
func (c *examineCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	if c.Again != "" {
		if c.Subject != "" || c.From != "" || c.Until != "" || len(c.Source) > 0 || c.Case != "" || c.Groups != "" {
			return usage("--again takes the question from the case: give no subject, times, sources, --groups or --case with it")
		}
		return c.again(ctx, s, lang)
	}
	if c.Subject == "" || c.From == "" || c.Until == "" {
		return usage("examine needs a subject, --from and --until (or --again CASE)")
	}
	from, err := moment.ParseTime(c.From)
	if err != nil {
		return usage("--from: %w", err)
	}
	until, err := moment.ParseTime(c.Until)
	if err != nil {
		return usage("--until: %w", err)
	}
	if until <= from {
		return usage("--until %s is not after --from %s", until, from)
	}
	standard, err := c.standardFlag.load()
	if err != nil {
		return err
	}
	a, err := atlas.Open(c.Atlas)
	if err != nil {
		return err
	}
	subject, err := a.At(from.Std()).Resolve(c.Subject)
	if errors.Is(err, atlas.ErrNotASubject) {
		return usage("%w", err)
	}
	if err != nil {
		return err
	}
	for _, d := range subject.Damaged {
		fmt.Fprintf(s.err, "constat: %s\n", d)
	}
	groups, groupsText, err := c.groupsFlag.load(subject)
	if err != nil {
		return err
	}
	set, err := c.open(ctx, s, moment.Interval{From: from, Until: until})
	if errors.Is(err, source.ErrUsage) {
		return usage("%w", err)
	}
	if err != nil {
		return err
	}
	notes, err := recordingNotes(set)
	if err != nil {
		return err
	}
	dir := c.Case
	if dir == "" {
		dir = caseName(subject.Name, from, until)
	}
	req := examine.Request{Asked: c.asked(subject), Subject: subject, Atlas: a, From: from, Until: until, Sources: set, Standard: standard.Standard, StandardText: standard.Text, StandardHash: standard.Hash, Notes: notes, Dir: dir, Force: c.Force, Lang: lang, GroupsFile: groups, GroupsText: groupsText}
	return runExamination(ctx, s, req, c.JSON)
}

// asked is the subject as asked; of a subject file no path of the machine.
func (c *examineCmd) asked(s *atlas.Subject) string {
	if s.Kind == atlas.KindFile {
		return filepath.Base(c.Subject)
	}
	return c.Subject
}

// runExamination runs a request and prints what came of it.
func runExamination(ctx context.Context, s *streams, req examine.Request, asJSON bool) error {
	bar := newBar(s.err, "reading")
	req.Done = bar.step
	f, err := examine.Run(ctx, req)
	bar.done()
	if err != nil {
		return err
	}
	if asJSON {
		b, err := f.Encode()
		if err != nil {
			return err
		}
		if _, err := s.out.Write(b); err != nil {
			return err
		}
	} else if err := report.Summary(s.out, f, req.Lang); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "constat: case %s, report %s\n", req.Dir, filepath.Join(req.Dir, examine.ReportName))
	return exitFor(f)
}

func (c *examineCmd) again(ctx context.Context, s *streams, lang report.Lang) error {
	if caselog.HasLog(c.Again) {
		return usage("%s is a case with a log: constat verify computes all its examinations again", c.Again)
	}
	b, f, err := examine.Again(ctx, c.Again)
	var diff *examine.Difference
	var earlier *examine.Earlier
	if err != nil && !errors.As(err, &diff) && !errors.As(err, &earlier) {
		return err
	}
	if c.JSON {
		if _, err := s.out.Write(b); err != nil {
			return err
		}
	} else if err := report.Summary(s.out, f, lang); err != nil {
		return err
	}
	if diff != nil {
		return &exitError{exitFailed, fmt.Errorf("%s: %w", c.Again, diff)}
	}
	if earlier != nil {
		return &exitError{exitFailed, fmt.Errorf("%s: not computed again: %w", c.Again, earlier)}
	}
	fmt.Fprintf(s.err, "constat: %s: the same bytes again\n", c.Again)
	return nil
}

// caseName names a case's folder after its question.
func caseName(subject string, from, until moment.Time) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, subject)
	const layout = "20060102T150405Z"
	return fmt.Sprintf("%s-%s-%s", clean, from.Std().Format(layout), until.Std().Format(layout))
}

// recordingNote reads the note that a recording of the laboratory has beside
// its files, so that no finding hides that it rests on one.
func recordingNote(r io.Reader) ([]finding.Note, error) {
	var v struct {
		Note  string `json:"note"`
		Title string `json:"title"`
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return nil, fmt.Errorf("%s: %w", recordingName, err)
	}
	if v.Note == "" {
		return nil, nil
	}
	return []finding.Note{{Key: v.Note, Args: []string{v.Title}}}, nil
}

// recordingName is the file that says so.
const recordingName = "constat-recording.json"

// recordingNotes looks for recordings beside and above the files of a set.
func recordingNotes(set *source.Set) ([]finding.Note, error) {
	seen := map[string]bool{}
	var out []finding.Note
	for _, f := range set.Files {
		for dir, up := filepath.Dir(f.Path), 0; up < 4; dir, up = filepath.Dir(dir), up+1 {
			if seen[dir] {
				break
			}
			seen[dir] = true
			r, err := os.Open(filepath.Join(dir, recordingName))
			if errors.Is(err, os.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			n, err := recordingNote(r)
			r.Close()
			if err != nil {
				return nil, err
			}
			out = append(out, n...)
		}
	}
	return out, nil
}
