package assess

import (
	"slices"

	"constat/judge/finding"
)

// formatNotes says what sources that are not MRT cannot tell.
func (e *evidence) formatNotes() []finding.Note {
	var answers, others, order []string
	for _, c := range e.Watch.Collectors {
		for _, f := range c.Files {
			// An archive's own files go backwards by a moment now and then; a file that
			// somebody kept may have been put together in any order.
			if f.Format != "" && f.Backwards > 0 && !slices.Contains(order, f.Name) {
				order = append(order, f.Name)
			}
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
		out = append(out, finding.Note{Key: finding.NoteAnswers, Formats: answers})
	}
	if len(others) > 0 {
		slices.Sort(others)
		out = append(out, finding.Note{Key: finding.NoteNotMRT, Formats: others})
	}
	if len(order) > 0 {
		slices.Sort(order)
		out = append(out, finding.Note{Key: finding.NoteOrder, Files: order})
	}
	return out
}
