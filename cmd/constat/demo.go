package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"constat/atlas"
	"constat/examine"
	"constat/lab"
	"constat/observe"
	"constat/report"
	"constat/source"
)

type demoCmd struct {
	Case  string `placeholder:"DIR" default:"constat-demo" help:"Where to write the case." type:"path"`
	Force bool   `help:"Replace a case that is there."`
	JSON  bool   `name:"json" help:"Print findings.json instead of a summary."`
	Lang  string `enum:"en,fr" default:"en" help:"Language of summary and report: en or fr."`
	standardFlag
}

// Run examines the recording in the box. It unpacks it into a temporary folder,
// so that it is read like any other archive; nothing of that folder's place gets
// into the case.
func (c *demoCmd) Run(ctx context.Context, s *streams) error {
	lang, err := report.ParseLang(c.Lang)
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
	if err := os.CopyFS(tmp, lab.Demo()); err != nil {
		return fmt.Errorf("unpacking the recording: %w", err)
	}
	return examineRecording(ctx, s, tmp, lab.DemoFrom, lab.DemoUntil, func(req *examine.Request) {
		req.Dir, req.Force, req.Lang = c.Case, c.Force, lang
		req.Standard, req.StandardText, req.StandardHash = standard.Standard, standard.Text, standard.Hash
	}, c.JSON)
}

// examineRecording examines a recording's folder about the subject that lies in
// it.
func examineRecording(ctx context.Context, s *streams, dir, from, until string, set func(*examine.Request), asJSON bool) error {
	a, err := scenarioNames(dir)
	if err != nil {
		return err
	}
	subject, err := a.Resolve(filepath.Join(dir, lab.SubjectFile))
	if err != nil {
		return err
	}
	q := observe.Interval{}
	if q.From, err = observe.ParseTime(from); err != nil {
		return err
	}
	if q.Until, err = observe.ParseTime(until); err != nil {
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
	return runExamination(ctx, s, req, asJSON)
}

// scenarioNames makes a list of AS names of the labels in a recording's
// scenario.
func scenarioNames(dir string) (*atlas.Atlas, error) {
	sc, err := lab.Load(filepath.Join(dir, lab.ScenarioFile))
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
	tmp, err := os.MkdirTemp("", "constat-names-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	if err := os.WriteFile(filepath.Join(tmp, "scenario.txt"), []byte(b.String()), 0o666); err != nil {
		return nil, err
	}
	return atlas.Open(tmp)
}
