package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"constat/cases/examine"
	"constat/cases/page"
	"constat/internal/locale"
	"constat/lab"
	"constat/moment"
	"constat/report"
	"constat/routes/atlas"
	"constat/routes/source"
)

type demoCmd struct {
	Case  string `placeholder:"DIR" default:"constat-demo" help:"Where to write the case." type:"path"`
	Force bool   `help:"Replace a case that is there."`
	JSON  bool   `name:"json" help:"Print findings.json instead of a summary."`
	Lang  string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language of summary and report: ${languages}. ${languageHelp}"`
	standardFlag
}

// Run examines the recording in the box. It unpacks it into a temporary folder,
// so that it is read like any other archive; nothing of that folder's place gets
// into the case.
func (c *demoCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	standard, err := c.load()
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "constat-demo-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	recording := filepath.Join(tmp, "recording")
	if err := os.CopyFS(recording, lab.Demo()); err != nil {
		return fmt.Errorf("unpacking the recording: %w", err)
	}
	a, err := scenarioAtlas(filepath.Join(tmp, "atlas"), recording, lab.DemoAtlas())
	if err != nil {
		return err
	}
	return examineRecording(ctx, s, recording, a, lab.DemoFrom, lab.DemoUntil, func(req *examine.Request) {
		req.Dir, req.Force, req.Extra = c.Case, c.Force, page.Writer(lang)
		req.Standard, req.StandardText, req.StandardHash = standard.Standard, standard.Text, standard.Hash
	}, lang, c.JSON)
}

// examineRecording examines a recording's folder about the subject that lies in
// it.
func examineRecording(ctx context.Context, s *streams, dir string, a *atlas.Atlas, from, until string, set func(*examine.Request), lang report.Lang, asJSON bool) error {
	subject, err := a.Resolve(filepath.Join(dir, lab.SubjectFile))
	if err != nil {
		return err
	}
	q := moment.Interval{}
	if q.From, err = moment.ParseTime(from); err != nil {
		return err
	}
	if q.Until, err = moment.ParseTime(until); err != nil {
		return err
	}
	files, err := source.Open(ctx, []string{dir}, q, source.Options{})
	if err != nil {
		return err
	}
	notes, err := recordingNotes(files)
	if err != nil {
		return err
	}
	req := examine.Request{Asked: subject.Name, Subject: subject, Atlas: a, From: q.From, Until: q.Until, Sources: files, Notes: notes}
	set(&req)
	return runExamination(ctx, s, req, lang, asJSON)
}

// scenarioAtlas writes an atlas into a folder and opens it: AS names, from the
// labels in a recording's scenario, and the lists that are handed over.
func scenarioAtlas(dir, recording string, lists fs.FS) (*atlas.Atlas, error) {
	sc, err := lab.Load(filepath.Join(recording, lab.ScenarioFile))
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("# AS names, from the labels of the scenario\n")
	for _, r := range sc.Routers {
		if r.Label != "" {
			fmt.Fprintf(&b, "%d %s\n", r.AS, r.Label)
		}
	}
	if err := os.CopyFS(dir, lists); err != nil {
		return nil, fmt.Errorf("unpacking the atlas: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "scenario.txt"), []byte(b.String()), 0o666); err != nil {
		return nil, err
	}
	return atlas.Open(dir)
}
