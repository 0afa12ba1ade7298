package assess

import (
	"slices"

	"constat/judge/finding"
)

// formatNotes says what sources that are not MRT cannot tell.
func (e *evidence) formatNotes() []finding.Note {
	var answers, others []string
	for _, c := range e.Watch.Collectors {
		for _, f := range c.Files {
			switch {
			case f.Asked != nil && !slices.Contains(answers, f.Format):
				answers = append(answers, f.Format)
			case f.Asked == nil && f.Format != "" && !slices.Contains(others, f.Format):
				others = append(others, f.Format)
			}
		}
	}
	var out []finding.Note
	if len(answers) > 0 {
		slices.Sort(answers)
		out = append(out, finding.Note{Key: "answers", Args: answers})
	}
	if len(others) > 0 {
		slices.Sort(others)
		out = append(out, finding.Note{Key: "not mrt", Args: others})
	}
	return out
}
