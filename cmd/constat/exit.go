package main

import (
	"slices"

	"constat/cases/audit"
	"constat/judge/finding"
)

// Exit codes of the program; 0 says that the question was answered, also by a
// partial loss. Those of an examination follow its answer (docs/definitions.md,
// "The answer").
const (
	exitFailed  = 1   // an error, damage included
	exitUsage   = 2   // wrong usage
	exitNobody  = 3   // nobody was watching
	exitNoClaim = 4   // no claim: nowhere two networks that were known to carry a prefix
	exitPartly  = 5   // the routes stayed while that is known, which is less than nine tenths of what was asked; or it is not known whether they did
	exitReport  = 6   // with --strict: a report is gone, or the case has what this version would not write; everything else holds
	exitSignals = 130 // interrupted
)

// exitFor is what an examination exits with.
func exitFor(f *finding.Findings) error {
	switch {
	case f.Answer == finding.AnswerNobodyWatching:
		return &exitError{code: exitNobody}
	case f.Answer == finding.AnswerNoClaim:
		return &exitError{code: exitNoClaim}
	case f.Answer == finding.AnswerUndecided, f.Answer == finding.AnswerStayed && !f.Watched.Whole():
		return &exitError{code: exitPartly}
	}
	return nil
}

// strictFlag makes of a note a code of its own. It is not the default: no
// report is evidence, and what a version words or finds otherwise than the one before is no
// fault, so that cases of last year would fail. Embed it.
type strictFlag struct {
	Strict bool `help:"Exit with 6 if a report is gone, or something is noted of the case that this version would not write: a page that was edited or is of an earlier version, findings of older rules where today’s find otherwise."`
}

// exit is the code for notes.
func (f *strictFlag) exit(notes ...audit.Note) error {
	if f.Strict && slices.ContainsFunc(notes, audit.Note.Strict) {
		return &exitError{code: exitReport}
	}
	return nil
}
