package proof

import "fmt"

// Reliability grades a source by its record, A to F, and Credibility grades
// one piece of information by what else is known, 1 to 6 (the Admiralty code,
// also the NATO system, AJP-2.1). They are rated apart: a reliable source can
// pass on something improbable, and neither grade is derived from the other.
type (
	Reliability byte
	Credibility byte
)

// What cannot be judged; also where a rating starts.
const (
	ReliabilityUnknown Reliability = 'F'
	CredibilityUnknown Credibility = '6'
)

var reliabilities = [...]Text{
	{"completely reliable", "entièrement fiable"},
	{"usually reliable", "habituellement fiable"},
	{"fairly reliable", "assez fiable"},
	{"not usually reliable", "rarement fiable"},
	{"unreliable", "non fiable"},
	{"reliability cannot be judged", "fiabilité impossible à apprécier"},
}

var credibilities = [...]Text{
	{"confirmed by other sources", "confirmé par d’autres sources"},
	{"probably true", "probablement vrai"},
	{"possibly true", "peut-être vrai"},
	{"doubtful", "douteux"},
	{"improbable", "improbable"},
	{"truth cannot be judged", "véracité impossible à apprécier"},
}

// In gives the words of a grade; of what is no grade, those of F.
func (r Reliability) In(l Lang) string {
	if r < 'A' || r > 'F' {
		r = ReliabilityUnknown
	}
	return reliabilities[r-'A'].In(l)
}

// In gives the words of a grade; of what is no grade, those of 6.
func (c Credibility) In(l Lang) string {
	if c < '1' || c > '6' {
		c = CredibilityUnknown
	}
	return credibilities[c-'1'].In(l)
}

func (r Reliability) String() string { return string(rune(r)) }
func (c Credibility) String() string { return string(rune(c)) }

// ParseGrade reads a pair such as "B2".
func ParseGrade(s string) (Reliability, Credibility, error) {
	if len(s) == 2 && s[0] >= 'A' && s[0] <= 'F' && s[1] >= '1' && s[1] <= '6' {
		return Reliability(s[0]), Credibility(s[1]), nil
	}
	return 0, 0, fmt.Errorf("grade %.20q: want the source's reliability A to F and the information's credibility 1 to 6, such as B2", s)
}
