package proof

import "fmt"

// Lang is a language in which conclusions are worded.
type Lang string

// The languages there are.
const (
	English Lang = "en"
	French  Lang = "fr"
)

var levelWords = [...]Text{
	NotEstablished: {"not established", "non établi"},
	Indicated:      {"indicated", "indiqué"},
	Established:    {"established", "établi"},
	Excluded:       {"excluded", "exclu"},
}

// In gives the word of a level. No standard changes it.
func (l Level) In(lang Lang) string {
	if int(l) >= len(levelWords) {
		return fmt.Sprintf("level %d", uint8(l))
	}
	return levelWords[l].In(lang)
}

// MarshalText writes the English word, which findings.json uses.
func (l Level) MarshalText() ([]byte, error) {
	if int(l) >= len(levelWords) {
		return nil, fmt.Errorf("proof: there is no level %d", uint8(l))
	}
	return []byte(levelWords[l].En), nil
}

// UnmarshalText reads the English word.
func (l *Level) UnmarshalText(b []byte) error {
	for i, w := range levelWords {
		if w.En == string(b) {
			*l = Level(i)
			return nil
		}
	}
	return fmt.Errorf("level %q: not one of established, indicated, not established, excluded", b)
}
