package report

import "maps"

// tables are the words of the report. A message may have two variants,
// "singular|plural"; {verbs} are replaced by values; **strong** and `code` are
// the only marks. Every language has the same keys, and each key the same
// verbs; a test holds both.
var tables = map[Lang]map[string]string{
	English: english,
	French:  french,
}

// The words are kept in several files by what they speak of.
func init() {
	maps.Copy(english, englishCause)
	maps.Copy(french, frenchCause)
	maps.Copy(english, englishCase)
	maps.Copy(french, frenchCase)
	maps.Copy(english, englishCountry)
	maps.Copy(french, frenchCountry)
}
