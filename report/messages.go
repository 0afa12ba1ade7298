package report

// tables are the words of the report. A message may have two variants,
// "singular|plural"; {verbs} are replaced by values; **strong** and `code` are
// the only marks. Every language has the same keys, and each key the same
// verbs; a test holds both.
var tables = map[Lang]map[string]string{
	English: english,
	French:  french,
}
