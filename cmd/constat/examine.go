package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"constat/cases/audit"
	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/cases/page"
	"constat/internal/locale"
	"constat/internal/worded"
	"constat/judge/finding"
	"constat/moment"
	"constat/report"
	"constat/routes/source"
)

type examineCmd struct {
	Subject []string `arg:"" optional:"" help:"AS22047, 175.45.176.0/22, KP, several of them, or a subject file."`

	spanFlags
	sourceFlags `embed:"" set:"withoutSource=Default: both archives."`
	standardFlag
	groupsFlag
	Atlas string `placeholder:"DIR" help:"Folder of delegation files and AS names. Default: of a country, the lists of the day are fetched." type:"path"`
	Case  string `placeholder:"DIR" help:"Where to write the case (default: a folder named after the question)." type:"path"`
	Force bool   `help:"Replace a case that is there."`
	Again string `placeholder:"CASE" help:"Recompute the findings of a case from the case alone, and compare."`
	strictFlag
	JSON bool   `name:"json" help:"Print findings.json instead of a summary."`
	Lang string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language of summary and report: ${languages}. ${languageHelp}"`
}

func usage(format string, args ...any) error {
	return &exitError{exitUsage, worded.Errorf(format, args...)}
}

// Run examines, or examines again.
func (c *examineCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	if c.Again != "" {
		if len(c.Subject) > 0 || c.given() || len(c.Source) > 0 || c.Case != "" || c.Groups != "" {
			return usage("--again takes the question from the case: give no subject, times, sources, --groups or --case with it")
		}
		return c.again(ctx, s, lang)
	}
	if len(c.Subject) == 0 || c.From == "" || c.Until == "" && c.For == "" {
		return usage("examine needs a subject, --from and --until or --for (or --again CASE)")
	}
	q, err := c.span()
	if err != nil {
		return err
	}
	standard, err := c.standardFlag.load()
	if err != nil {
		return err
	}
	asked := subjectOf(c.Subject)
	a, subject, err := c.lists(c.Atlas).resolve(ctx, s, asked, q.From.Std())
	if err != nil {
		return err
	}
	for _, d := range subject.Damaged {
		s.note("%s", d)
	}
	groups, groupsText, err := c.groupsFlag.load(subject)
	if err != nil {
		return err
	}
	set, err := c.open(ctx, s, q)
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
		dir = caseName(subject.Name, q.From, q.Until)
	}
	if err := outsideCases(dir); err != nil {
		return err
	}
	req := examine.Request{Asked: askedAs(subject, asked), Subject: subject, Atlas: a, From: q.From, Until: q.Until, Sources: set, Standard: standard.Standard, StandardText: standard.Text, StandardHash: standard.Hash, Notes: notes, Dir: dir, Force: c.Force, Extra: page.Writer(lang), GroupsFile: groups, GroupsText: groupsText}
	return runExamination(ctx, s, req, lang, c.JSON)
}

// runExamination runs a request and prints what came of it.
func runExamination(ctx context.Context, s *streams, req examine.Request, lang report.Lang, asJSON bool) error {
	bar := newBar(s, "reading")
	req.Done = bar.step
	var same copied
	req.Copied = same.add
	f, err := examine.Run(ctx, req)
	bar.done()
	same.print(s)
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
	} else if err := s.show(report.Summary(f, lang)); err != nil {
		return err
	}
	s.note("case %s, report %s", req.Dir, filepath.Join(req.Dir, page.Name))
	return exitFor(f)
}

// copied gathers the files that were left out because they have the bytes of another
// collector's.
type copied struct {
	first worded.Phrase
	n     int
}

func (c *copied) add(file, of source.File) {
	if c.n++; c.n == 1 {
		c.first = worded.Phrasef("%s of %s is %s of %s", file.Name, file.Collector, of.Name, of.Collector)
	}
}

func (c *copied) print(s *streams) {
	if c.n > 0 {
		s.note("files that another collector has to the byte, left out: %d; the first: %s, under another name", c.n, c.first)
	}
}

func (c *examineCmd) again(ctx context.Context, s *streams, lang report.Lang) error {
	if caselog.HasLog(c.Again) {
		return usage("%s is a case with a log: constat verify computes all its examinations again", c.Again)
	}
	if _, err := os.Stat(c.Again); errors.Is(err, os.ErrNotExist) {
		return worded.Errorf("%s: there is no such case", c.Again)
	}
	x, err := examine.CheckAgain(ctx, c.Again)
	var diff *examine.Difference
	var earlier *examine.Earlier
	if err != nil && !errors.As(err, &diff) && !errors.As(err, &earlier) {
		return err
	}
	if c.JSON {
		if _, err := s.out.Write(x.Bytes); err != nil {
			return err
		}
	} else if err := s.show(report.Summary(x.Findings, lang)); err != nil {
		return err
	}
	if diff != nil { // a report of other findings is another report: which is no fault of its own
		return &exitError{exitFailed, fmt.Errorf("%s: %w", c.Again, diff)}
	}
	// Nothing vouches for the report, and it is what people read.
	notes := audit.OlderNotes(x, examine.FindingsName)
	note, err := audit.ReportNote(c.Again, x.Findings, earlier)
	switch { // it is no part of what is compared
	case err != nil:
		s.note("%s: note: %v", c.Again, err)
	case note != nil:
		notes = append(notes, *note)
	}
	for _, n := range notes {
		s.note("%s: note: %s", c.Again, n.In(locale.Must(lang)))
	}
	if earlier != nil {
		return &exitError{exitFailed, worded.Errorf("%s: not computed again: %w", c.Again, earlier)}
	}
	s.note("%s: the same bytes again", c.Again)
	return c.exit(notes...)
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
	return []finding.Note{finding.NewNote(v.Note, []string{v.Title})}, nil
}

// recordingName is the file that says so.
const recordingName = "constat-recording.json"

// recordingNotes looks for recordings beside and above the files of a set. One
// above a file counts if the list of digests beside it has the file: in a folder
// that others can write to, such as /tmp, a stranger's constat-recording.json
// would otherwise stand in every finding.
func recordingNotes(set *source.Set) ([]finding.Note, error) {
	seen := map[string]bool{}
	var out []finding.Note
	for _, f := range set.Files {
		for dir, up := filepath.Dir(f.Path), 0; up < 4; dir, up = filepath.Dir(dir), up+1 {
			if seen[dir] {
				break
			}
			name := filepath.Join(dir, recordingName)
			if fi, err := os.Stat(name); err != nil || !fi.Mode().IsRegular() {
				seen[dir] = true
				continue
			}
			if up > 0 && !listed(dir, f.Path) {
				continue // of another file it may be the recording
			}
			seen[dir] = true
			b, err := readSmall(name)
			if err != nil {
				return nil, err
			}
			n, err := recordingNote(bytes.NewReader(b))
			if err != nil {
				return nil, err
			}
			out = append(out, n...)
		}
	}
	return out, nil
}

// listed says whether a recording's SHA256SUMS names a file.
func listed(dir, file string) bool {
	name := filepath.Join(dir, "SHA256SUMS")
	if fi, err := os.Stat(name); err != nil || !fi.Mode().IsRegular() {
		return false
	}
	b, err := readSmall(name)
	rel, err2 := filepath.Rel(dir, file)
	if err != nil || err2 != nil {
		return false
	}
	for line := range strings.Lines(string(b)) {
		if _, p, ok := strings.Cut(strings.TrimRight(line, "\r\n"), " "); ok && strings.TrimLeft(p, " *") == filepath.ToSlash(rel) {
			return true
		}
	}
	return false
}
