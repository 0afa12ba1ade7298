package main

import (
	"fmt"
	"slices"
	"strings"

	"constat/cases/caselog"
	"constat/cases/conclude"
)

// sayUncited names the documents that the statements of a case cite and that are in no
// entry of it: whoever reads the report looks for them there.
func sayUncited(s *streams, whole *conclude.Case, entries []*caselog.Entry) {
	here := map[string]bool{}
	for _, e := range entries {
		for _, f := range e.Files {
			here[f.SHA256] = true
		}
	}
	by := map[string][]string{} // document and digest: the statements
	var order []string
	for i := range whole.Report.Statements {
		st := &whole.Report.Statements[i]
		if here[st.Document.SHA256] {
			continue
		}
		d := fmt.Sprintf("%s (SHA-256 %.16s…)", st.Document.Name, st.Document.SHA256)
		if !slices.Contains(order, d) {
			order = append(order, d)
		}
		by[d] = append(by[d], st.ID)
	}
	for _, d := range order {
		ids := by[d]
		if len(ids) > 4 {
			ids = append(ids[:3:3], fmt.Sprintf("%d more", len(ids)-3))
		}
		s.note("the report cites %s, and no file in the case is it: constat case add --as source adds it (cited by %s)", d, strings.Join(ids, ", "))
	}
}
