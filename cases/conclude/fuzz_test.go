package conclude

import (
	"bytes"
	"encoding/json"
	"testing"

	"constat/cases/caselog"
	"constat/claims/statement"
)

// FuzzReadable: whatever a party adds is taken, or listed with the reason; JSON that is whole
// is never called damaged, and what is whole says the same form as any reader sees.
func FuzzReadable(f *testing.F) {
	for _, s := range []string{`{"format": "constat-statements/1", "statements": [`, `{"format":"constat-trace/1"}`, "format = \"constat-evidence/1\"\n", "constat-statements/1\n\nx\n", `{"a":{"format":"constat-trace/1"}`, "{", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range []string{caselog.KindStatement, caselog.KindEvidence, caselog.KindDocument, caselog.KindSource} {
			_ = Readable(kind, "x", b)
		}
		format, broken := says(b)
		if broken != nil && (json.Valid(b) || format == "") {
			t.Errorf("called damaged: %q, %v", format, broken)
		}
		var head struct {
			Format string `json:"format"`
		}
		if json.Unmarshal(b, &head) == nil && format != head.Format && !bytes.HasPrefix(b, []byte(statement.Format)) && formatOf(b) == "" && bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
			t.Errorf("it says %q, and was taken for %q", head.Format, format)
		}
	})
}
