package main

import "constat/judge/finding"

// Exit codes of the program; 0 says that the question was answered, also by a
// partial loss. Those of an examination follow its answer (docs/definitions.md,
// "The answer").
const (
	exitFailed  = 1   // an error, damage included
	exitUsage   = 2   // wrong usage
	exitNobody  = 3   // nobody was watching
	exitNoClaim = 4   // no claim: nowhere two networks that were known to carry a prefix
	exitPartly  = 5   // the routes stayed while somebody watched, which is less than nine tenths of what was asked
	exitSignals = 130 // interrupted
)

// exitFor is what an examination exits with.
func exitFor(f *finding.Findings) error {
	switch {
	case f.Answer == finding.AnswerNobodyWatching:
		return &exitError{code: exitNobody}
	case f.Answer == finding.AnswerNoClaim:
		return &exitError{code: exitNoClaim}
	case f.Answer == finding.AnswerStayed && !f.Watched.Whole():
		return &exitError{code: exitPartly}
	}
	return nil
}
