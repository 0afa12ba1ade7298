package report

import (
	"io"

	"constat/judge/transit"
)

// ChokepointsIn placeholder
func ChokepointsIn(w io.Writer, a *transit.Answer, lang Lang, columns int, all bool) error { return nil }

// ChokepointsCSV placeholder
func ChokepointsCSV(w io.Writer, a *transit.Answer, all bool) error { return nil }
