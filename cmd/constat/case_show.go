package main

import (
	"constat/cases/caselog"
	"constat/internal/plain"
	"constat/internal/strictjson"
)

type caseShowCmd struct {
	Case string `arg:"" type:"existingdir" help:"The case."`
	JSON bool   `name:"json" help:"Print opening and entries as JSON."`
	langFlag
}

// Run shows a case whose log and signatures hold; the files are for constat
// verify.
func (c *caseShowCmd) Run(s *streams) error {
	l, err := caselog.Ledger(c.Case)
	if err != nil {
		return err
	}
	if c.JSON {
		return strictjson.Write(s.out, struct {
			Case    string           `json:"case"`
			Size    int64            `json:"size"`
			Root    string           `json:"root"`
			Entries []*caselog.Entry `json:"entries"`
		}{l.Origin, l.Checkpoint.Size, l.Checkpoint.Root.String(), l.Entries})
	}
	o := l.Opening
	if o.Title != "" {
		plain.Fprintln(s.out, o.Title)
	}
	plain.Fprintln(s.out, o.Question)
	t := &told{Words: c.words()}
	if o.Subject != "" {
		t.say("subject", t.t("show.asked", "subject", o.Subject, "from", o.From, "until", o.Until))
	}
	t.say("case", l.Origin)
	t.say("standard", t.t("show.standard", "name", o.Standard.Name, "sum", o.Standard.SHA256))
	t.say("examiner", o.Examiner)
	for _, k := range l.Keys[1:] {
		t.say("examiner", t.t("show.since", "key", k.Text, "entry", k.From))
	}
	if err := t.print(s.out, ""); err != nil {
		return err
	}
	plain.Fprintln(s.out)
	for i, e := range l.Entries {
		if err := line(s, t.Words, int64(i), e); err != nil {
			return err
		}
	}
	if len(l.Signed)+len(l.Cosignatures)+len(l.Dissents) > 0 {
		plain.Fprintln(s.out)
	}
	t.rows = nil
	t.parties(l)
	if err := t.print(s.out, ""); err != nil {
		return err
	}
	s.note("the log holds; constat verify checks files and findings too")
	return nil
}
