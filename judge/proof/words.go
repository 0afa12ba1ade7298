package proof

import (
	"bytes"
	"fmt"
	"strings"

	"constat/internal/locale"
)

// Lang is a language in which conclusions are worded.
type Lang = locale.Lang

// Text is a text that a file brings along, in the languages that it has.
type Text = locale.Text

// levelNames are the identifiers of the levels in findings.json; words for people
// are those of a language.
var levelNames = [...]string{
	NotEstablished: "not-established",
	Indicated:      "indicated",
	Established:    "established",
	Excluded:       "excluded",
}

// In gives the word of a level. No standard changes it.
func (l Level) In(lang Lang) string {
	if int(l) >= len(levelNames) {
		return fmt.Sprintf("level %d", uint8(l))
	}
	return locale.Must(lang).T("level." + levelNames[l])
}

// String gives the level as tables for developers have it: "not established".
func (l Level) String() string {
	if int(l) >= len(levelNames) {
		return fmt.Sprintf("level %d", uint8(l))
	}
	return strings.ReplaceAll(levelNames[l], "-", " ")
}

// MarshalText writes the identifier that findings.json uses.
func (l Level) MarshalText() ([]byte, error) {
	if int(l) >= len(levelNames) {
		return nil, fmt.Errorf("proof: there is no level %d", uint8(l))
	}
	return []byte(levelNames[l]), nil
}

// UnmarshalText reads the identifier that findings.json uses.
func (l *Level) UnmarshalText(b []byte) error {
	for i, w := range levelNames {
		if w == string(b) {
			*l = Level(i)
			return nil
		}
	}
	return fmt.Errorf("level %q: not one of established, indicated, not-established, excluded", b)
}

// Spaced is a level in the files that write it with a space, "not established": a
// weighing of evidence, which is a part of conclusion.json.
type Spaced struct{ Level }

// MarshalText writes the level with a space.
func (l Spaced) MarshalText() ([]byte, error) {
	b, err := l.Level.MarshalText()
	return bytes.ReplaceAll(b, []byte("-"), []byte(" ")), err
}

// UnmarshalText reads what MarshalText wrote.
func (l *Spaced) UnmarshalText(b []byte) error {
	return l.Level.UnmarshalText(bytes.ReplaceAll(b, []byte(" "), []byte("-")))
}
