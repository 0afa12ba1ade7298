package proof

import (
	"fmt"

	"constat/internal/locale"
)

// Lang is a language in which conclusions are worded.
type Lang = locale.Lang

// Text is a text that a file brings along, in the languages that it has.
type Text = locale.Text

// levelNames are the names of the levels in findings.json; words for people
// are those of a language.
var levelNames = [...]string{
	NotEstablished: "not established",
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

// String gives the name that findings.json uses.
func (l Level) String() string {
	if int(l) >= len(levelNames) {
		return fmt.Sprintf("level %d", uint8(l))
	}
	return levelNames[l]
}

// MarshalText writes the name that findings.json uses.
func (l Level) MarshalText() ([]byte, error) {
	if int(l) >= len(levelNames) {
		return nil, fmt.Errorf("proof: there is no level %d", uint8(l))
	}
	return []byte(levelNames[l]), nil
}

// UnmarshalText reads the name that findings.json uses.
func (l *Level) UnmarshalText(b []byte) error {
	for i, w := range levelNames {
		if w == string(b) {
			*l = Level(i)
			return nil
		}
	}
	return fmt.Errorf("level %q: not one of established, indicated, not established, excluded", b)
}
