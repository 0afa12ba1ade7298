package report

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Countries whose French names have no article ("de Cuba"), and those whose
// names end in a silent e and are masculine all the same ("du Mexique").
var (
	frenchBare = strings.Fields("AD AG AW BH BL CU CW CY DJ GG GI HK HT IL JE KI KN LC MC MF MG MO MT MU NR NU OM PM PR PW SG SH SM ST SX TK TO TT TV TW VC VU WF WS ZZ")
	frenchHe   = strings.Fields("BZ KH MX MZ SR ZW")
	frenchOne  = strings.Fields("HN LA") // end in s, and are no plural
)

// deCountry is French "of" before the name of a country, with the blank if there
// is one: "du " Chili, "de " Syrie, "d’" Irak, "des " Pays-Bas.
func deCountry(code, name string) string {
	first, _ := utf8.DecodeRuneInString(name)
	vowel := strings.ContainsRune("AEIOUYÉÈÊÎÔÂÅ", first) && !strings.HasPrefix(name, "Ya") && !strings.HasPrefix(name, "Ye")
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' || r == nbspRune })
	head := name
	if len(words) > 0 {
		head = words[0]
	}
	plural := strings.HasSuffix(head, "s") && !slices.Contains(frenchBare, code) && !slices.Contains(frenchOne, code)
	she := strings.HasSuffix(head, "e") && !slices.Contains(frenchHe, code) && head != "Royaume"
	switch {
	case plural && head != "Burkina" && code != "BD":
		return "des "
	case vowel:
		return "d’"
	case she || slices.Contains(frenchBare, code):
		return "de "
	}
	return "du "
}

const nbspRune = '\u00a0'
