package main

import (
	"encoding/json"

	"constat/cases/caselog"
	"constat/internal/plain"
)

type caseShowCmd struct {
	Case string `arg:"" type:"existingdir" help:"The case."`
	JSON bool   `name:"json" help:"Print opening and entries as JSON."`
}

// Run shows a case whose log and signatures hold; the files are for constat
// verify.
func (c *caseShowCmd) Run(s *streams) error {
	l, err := caselog.Ledger(c.Case)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(s.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(struct {
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
	if o.Subject != "" {
		plain.Fprintf(s.out, "subject   %s, %s to %s\n", o.Subject, o.From, o.Until)
	}
	plain.Fprintf(s.out, "case      %s\nstandard  %s, SHA-256 %s\nexaminer  %s\n", l.Origin, o.Standard.Name, o.Standard.SHA256, o.Examiner)
	for _, k := range l.Keys[1:] {
		plain.Fprintf(s.out, "          %s since entry %d\n", k.Text, k.From)
	}
	plain.Fprintln(s.out)
	for i, e := range l.Entries {
		if err := line(s, int64(i), e); err != nil {
			return err
		}
	}
	if len(l.Signed)+len(l.Cosignatures)+len(l.Dissents) > 0 {
		plain.Fprintln(s.out)
	}
	partySays(func(what, format string, args ...any) {
		plain.Fprintf(s.out, "%-13s %s\n", what, plain.Sprintf(format, args...))
	}, l)
	plain.Fprintln(s.err, "constat: the log holds; constat verify checks files and findings too")
	return nil
}
