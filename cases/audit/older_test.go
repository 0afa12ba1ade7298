package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"constat/cases/caselog"
	"constat/judge/finding"
)

// oldCase is a case that the program wrote when findings.json was of format 2: two
// examinations, of which one makes no claim, a statement, rated evidence and a
// verdict.
const oldCase = "testdata/case-findings-2.tar.zst"

// TestOldCase: everything in it is computed to the bytes that it has, the verdict, the
// conclusion and the reports too, and a verdict of both formats names the newer.
func TestOldCase(t *testing.T) {
	b, err := os.ReadFile(oldCase)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "case")
	if err := caselog.Unpack(context.Background(), bytes.NewReader(b), dir, caselog.DefaultLimits); err != nil {
		t.Fatal(err)
	}
	r, err := Case(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Examinations) != 2 || len(r.Verdicts) != 1 || len(r.Open) != 0 {
		t.Errorf("%d examinations, verdicts %v, open %v", len(r.Examinations), r.Verdicts, r.Open)
	}
	for _, x := range r.Examinations {
		if x.Findings.Format != finding.Format2 || x.Earlier != "" {
			t.Errorf("entry %d: findings of %s, earlier %q", x.Entry, x.Findings.Format, x.Earlier)
		}
	}
	for _, n := range r.Notes {
		// The wording of reports may change; what they say is not evidence. Today's rules
		// find otherwise, which is no fault.
		if n.Key != NoteReport && n.Key != NoteVerdict && (n.Key != NoteUnnumbered || n.C != "how") {
			t.Errorf("note %+v", n)
		}
	}
	verdict := func() (v struct {
		Format       string
		Examinations []struct {
			Answer  string
			Verdict struct{ Propositions []map[string]any }
		}
	}) {
		b, err := r.Conclude(r.Checkpoint.Size)
		if err == nil {
			err = json.Unmarshal(b, &v)
		}
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := verdict(); v.Format != VerdictFormat1 || v.Examinations[1].Answer != "no claim" || v.Examinations[0].Verdict.Propositions[0]["args"] == nil {
		t.Errorf("a verdict of old findings: %+v", v)
	}
	r.Examinations[1].Findings.Format = finding.Format
	if v := verdict(); v.Format != VerdictFormat || v.Examinations[1].Answer != "no-claim" || v.Examinations[0].Verdict.Propositions[0]["args"] == nil {
		t.Errorf("a verdict of old findings and new ones: %+v", v)
	}
}
