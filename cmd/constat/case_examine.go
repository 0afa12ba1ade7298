package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"constat/cases/audit"
	"constat/cases/caselog"
	"constat/cases/conclude"
	"constat/cases/examine"
	"constat/cases/page"
	"constat/internal/locale"
	"constat/internal/plain"
	"constat/internal/worded"
	"constat/judge/finding"
	"constat/lab"
	"constat/moment"
	"constat/report"
	"constat/routes/source"
)

type caseExamineCmd struct {
	Case    string   `arg:"" type:"existingdir" help:"The case."`
	Subject []string `arg:"" optional:"" help:"As constat examine takes it. Default: the subject, and the times, of the case."`

	spanFlags
	Demo        bool `help:"Examine the recording in the box."`
	sourceFlags `embed:"" set:"withoutSource=Default: both archives."`
	groupsFlag
	Atlas string `placeholder:"DIR" help:"Folder of delegation files and AS names. Default: of a country, the lists of the day are fetched." type:"path"`
	Note  string `help:"A sentence about it."`
	JSON  bool   `name:"json" help:"Print findings.json instead of a summary."`
	Lang  string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language of summary and report: ${languages}. ${languageHelp}"`
	keyFlag
	timeFlag

	unpacked string // where the recording in the box is unpacked
}

// Run logs what is asked, reads the sources, and adds what came out. What was
// asked stays in the log whatever becomes of it.
func (c *caseExamineCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	cs, k, at, err := begin(s.said, c.Case, &c.keyFlag, &c.timeFlag)
	if err != nil {
		return err
	}
	req := examine.Request{Extra: page.Writer(lang)}
	if c.Demo {
		if c.unpacked, err = os.MkdirTemp("", "constat-demo-*"); err != nil {
			return err
		}
		defer os.RemoveAll(c.unpacked)
	}
	open, err := c.question(ctx, s, cs, &req)
	if err != nil {
		return err
	}
	bar := newBar(s, "reading")
	req.Done = bar.step
	x, err := audit.Examine(ctx, cs, k, at, req, caseName(req.Subject.Name, req.From, req.Until), c.Note, func(r *examine.Request) error {
		if r.Sources, err = open(); err != nil {
			return err
		}
		r.Notes, err = recordingNotes(r.Sources)
		return err
	})
	bar.done()
	if err != nil {
		return err
	}
	f := x.Findings
	if err := c.show(s, f, lang); err != nil {
		return worded.Errorf("the case has it: its log has %d entries now. Only telling it failed: %w", x.Entry+1, err)
	}
	s.note("entry %d, report %s", x.Entry, filepath.Join(c.Case, filepath.FromSlash(x.Folder), page.Name))
	return exitFor(f)
}

// show prints what came out.
func (c *caseExamineCmd) show(s *streams, f *finding.Findings, lang report.Lang) error {
	if !c.JSON {
		return s.show(report.Summary(f, lang))
	}
	b, err := f.Encode()
	if err == nil {
		_, err = s.out.Write(b)
	}
	return err
}

// question fills in what is asked and returns what opens the sources.
func (c *caseExamineCmd) question(ctx context.Context, s *streams, cs *caselog.Case, req *examine.Request) (func() (*source.Set, error), error) {
	o := cs.Opening
	if c.Demo {
		if len(c.Subject) > 0 || c.given() || len(c.Source) > 0 || c.Atlas != "" || c.Groups != "" {
			return nil, usage("--demo brings its own subject, times and sources: give none with it")
		}
		return demoQuestion(ctx, c.unpacked, req)
	}
	asked := subjectOf(c.Subject)
	if asked == "" {
		asked = o.Subject
	}
	if c.From == "" {
		c.From = o.From
	}
	if c.Until == "" && c.For == "" {
		c.Until = o.Until
	}
	if asked == "" || c.From == "" || c.Until == "" && c.For == "" {
		return nil, usage("the case was opened without a subject or times: give SUBJECT, --from and --until or --for")
	}
	q, err := c.span()
	if err != nil {
		return nil, err
	}
	req.From, req.Until = q.From, q.Until
	if req.Atlas, req.Subject, err = c.lists(c.Atlas).resolve(ctx, s, asked, req.From.Std()); err != nil {
		return nil, err
	}
	if req.GroupsFile, req.GroupsText, err = c.groupsFlag.load(req.Subject); err != nil {
		return nil, err
	}
	req.Asked = askedAs(req.Subject, asked)
	return func() (*source.Set, error) {
		return c.sourceFlags.open(ctx, s, q)
	}, nil
}

// demoQuestion is the question of the recording in the box.
func demoQuestion(ctx context.Context, tmp string, req *examine.Request) (func() (*source.Set, error), error) {
	var err error
	recording := filepath.Join(tmp, "recording")
	if err := os.CopyFS(recording, lab.Demo()); err != nil {
		return nil, fmt.Errorf("unpacking the recording: %w", err)
	}
	if req.Atlas, err = scenarioAtlas(filepath.Join(tmp, "atlas"), recording, lab.DemoAtlas()); err != nil {
		return nil, err
	}
	if req.Subject, err = req.Atlas.Resolve(filepath.Join(recording, lab.SubjectFile)); err != nil {
		return nil, err
	}
	if req.From, err = moment.ParseTime(lab.DemoFrom); err != nil {
		return nil, err
	}
	if req.Until, err = moment.ParseTime(lab.DemoUntil); err != nil {
		return nil, err
	}
	req.Asked = req.Subject.Name
	return func() (*source.Set, error) {
		return source.Open(ctx, []string{recording}, moment.Interval{From: req.From, Until: req.Until}, source.Options{})
	}, nil
}

type caseConcludeCmd struct {
	Case string `arg:"" type:"existingdir" help:"The case."`
	Note string `help:"A sentence about it."`
	Lang string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language of what is printed: ${languages}. The report is written in all of them. ${languageHelp}"`
	keyFlag
	timeFlag
}

// Run verifies the case, looks for what is missing, and writes the verdict that
// the findings give. The examiner adds no level of its own.
func (c *caseConcludeCmd) Run(ctx context.Context, s *streams) error {
	cs, k, at, err := begin(s.said, c.Case, &c.keyFlag, &c.timeFlag)
	if err != nil {
		return err
	}
	r, err := audit.Case(ctx, c.Case, audit.Options{})
	if err != nil {
		return worded.Errorf("not concluded, since the case does not hold: %w", err)
	}
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	whole, err := r.Assemble(r.Checkpoint.Size)
	if err != nil {
		return worded.Errorf("not concluded: %w", err)
	}
	for _, u := range whole.Unreadable {
		s.note("nothing is concluded from %s (entry %d): %s", u.Path, u.Entry, u.Why)
	}
	sayUncited(s, whole, r.Entries)
	codes := func(*audit.Report) (out []audit.Missing) {
		for _, d := range whole.Missing() {
			out = append(out, audit.Missing{What: d.Say(lang), Why: "rule " + d.Rule + " of " + d.Code})
		}
		return out
	}
	if missing := r.Demanded(codes); len(missing) > 0 {
		var lines []string
		for _, m := range missing {
			lines = append(lines, fmt.Sprintf("missing is %s: %s", m.What, m.Why))
		}
		return worded.Errorf("not concluded: %s", strings.Join(lines, "; "))
	}
	b, err := r.Conclude(r.Checkpoint.Size)
	if err != nil {
		return err
	}
	a, err := cs.NewAct(caselog.KindVerdict, at)
	if err != nil {
		return err
	}
	defer a.Discard()
	a.Note, a.Data = c.Note, audit.VerdictData{Entries: r.Checkpoint.Size}
	if err := a.WriteFile(audit.VerdictName, "verdict", b); err != nil {
		return err
	}
	if b, err = whole.Encode(); err != nil {
		return err
	}
	if err := a.WriteFile(conclude.Name, "conclusion", b); err != nil {
		return err
	}
	for _, l := range locale.All() {
		page, err := whole.Page(l, locale.All())
		if err != nil {
			return err
		}
		if page == nil {
			continue
		}
		if err := a.WriteFile(conclude.ReportName(l), "report", page); err != nil {
			return err
		}
	}
	cp, entries, err := cs.Add(ctx, k, a)
	if err != nil {
		return err
	}
	// From here on the verdict is in the case, whatever becomes of telling it.
	if err := c.told(ctx, s, r, whole, lang, cp.Size-1, entries[0]); err != nil {
		return fmt.Errorf("the verdict was written and is entry %d, and then: %w", cp.Size-1, err)
	}
	return nil
}

// told prints what was concluded, and describes the case anew.
func (c *caseConcludeCmd) told(ctx context.Context, s *streams, r *audit.Report, whole *conclude.Case, lang report.Lang, n int64, e *caselog.Entry) error {
	if err := line(s, locale.Must(lang), n, e); err != nil {
		return err
	}
	for _, x := range r.Examinations {
		if _, err := plain.Fprintln(s.out); err != nil {
			return err
		}
		if err := s.show(report.VerdictSummary(x.Findings, lang)); err != nil {
			return err
		}
	}
	if f := whole.Shows(); f != nil {
		if _, err := plain.Fprintln(s.out); err != nil {
			return err
		}
		if err := s.show(report.CaseSummary(f, whole.Report, lang)); err != nil {
			return err
		}
		s.note("report %s", filepath.Join(c.Case, filepath.FromSlash(caselog.ActFolder(r.Checkpoint.Size, caselog.KindVerdict)), conclude.ReportName(lang)))
	}
	checked, err := caselog.Check(ctx, c.Case, caselog.CheckOptions{})
	if err != nil {
		return err
	}
	if err := checked.WriteCrate(); err != nil {
		return err
	}
	return writeIndex(s, &audit.Report{Account: checked, Examinations: r.Examinations}, c.Case, lang)
}
