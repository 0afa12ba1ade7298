package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"constat/moment"
	"constat/routes/atlas"
)

// spanFlags are the times of a question. Embed it.
type spanFlags struct {
	From  string `placeholder:"T" help:"Start: 2010-02-27T16:00, with a zone (UTC if none is named), or seconds since 1970."`
	Until string `aliases:"to" placeholder:"T" help:"End, not included: a time, or +15m from the start on."`
	For   string `placeholder:"LENGTH" help:"Instead of an end: 15m, 2h, 3d, 1d12h."`
}

// given reports whether any of the times was given.
func (f *spanFlags) given() bool { return f.From != "" || f.Until != "" || f.For != "" }

// span reads the times. An error says which flag is wrong.
func (f *spanFlags) span() (moment.Interval, error) {
	i, err := moment.ParseSpan(f.From, f.Until, f.For)
	if err != nil {
		return i, &exitError{exitUsage, err}
	}
	if now := moment.FromTime(time.Now()); i.From > now {
		return i, usage("--from %s is yet to come: nobody has seen what happens then", i.From)
	}
	return i, nil
}

// subjectOf joins the words of a subject on the command line. Example: AS 22047
// AS3549 are two subjects, in three words.
func subjectOf(words []string) string {
	return strings.Join(words, " ")
}

// resolve says what a subject stands for on the day of the question.
func resolve(a *atlas.Atlas, asked string) (*atlas.Subject, error) {
	s, err := a.Resolve(asked)
	if errors.Is(err, atlas.ErrNotASubject) {
		return nil, &exitError{exitUsage, err}
	}
	return s, err
}

// askedAs is the subject as a case keeps it, the same however it was written; of a
// subject file its name, and no path of the machine.
func askedAs(s *atlas.Subject, asked string) string {
	if s.Kind == atlas.KindFile {
		if _, err := os.Stat(asked); err == nil {
			if base := filepath.Base(asked); atlas.IsFile(base) {
				return base
			}
			return "./" + filepath.Base(asked) // AS22047 alone would be the network
		}
	}
	return s.Name
}
