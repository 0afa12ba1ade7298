package report

import (
	"testing"

	"constat/internal/locale"
	"constat/judge/finding"
)

// TestCalled: a name that somebody gave is quoted, and cannot end its quotation.
func TestCalled(t *testing.T) {
	for _, c := range []struct {
		kind, name string
		lang       locale.Lang
		want       string
	}{
		{"file", "North Korea", "en", "“North Korea”"},
		{"file", "North Korea", "de", "„North Korea“"},
		{"file", "North Korea", "fr", "«\u00a0North Korea\u00a0»"},
		{"file", "it” was nobody. “So", "en", "“it' was nobody. 'So”"},
		{"file", "a\nb\u202e", "en", "“a b”"},
		{"file", "AS1, AS2", "en", "AS1, AS2"},
		{"file", "AS1, AS3", "en", "“AS1, AS3”"},
		{"file", "AS3", "en", "“AS3”"},
		{"file", "AS1, 192.0.2.0/24, KP", "en", "AS1, 192.0.2.0/24, KP"},
		{"as", "AS3", "en", "AS3"},
		{"prefix", "192.0.2.0/24", "fr", "192.0.2.0/24"},
	} {
		if got := Called(locale.Must(c.lang), &finding.Subject{Kind: c.kind, Name: c.name, Origins: []uint32{1, 2}}); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.lang, c.name, got, c.want)
		}
	}
}
