package proof

import (
	"constat/internal/locale"
	"constat/internal/worded"
)

// Reliability grades a source by its record, A to F (the Admiralty code, also the
// NATO system, AJP-2.1). It is rated apart from [Credibility]: a reliable source
// can pass on something improbable, and neither grade is derived from the other.
type Reliability byte

// Credibility grades one piece of information by what else is known, 1 to 6.
type Credibility byte

// What cannot be judged; also where a rating starts.
const (
	ReliabilityUnknown Reliability = 'F'
	CredibilityUnknown Credibility = '6'
)

// In gives the words of a grade; of what is no grade, those of F.
func (r Reliability) In(l Lang) string {
	if r < 'A' || r > 'F' {
		r = ReliabilityUnknown
	}
	return locale.Must(l).T("grade." + r.String())
}

// In gives the words of a grade; of what is no grade, those of 6.
func (c Credibility) In(l Lang) string {
	if c < '1' || c > '6' {
		c = CredibilityUnknown
	}
	return locale.Must(l).T("grade." + c.String())
}

func (r Reliability) String() string { return string(rune(r)) }
func (c Credibility) String() string { return string(rune(c)) }

// ParseGrade reads a pair such as "B2".
func ParseGrade(s string) (Reliability, Credibility, error) {
	if len(s) == 2 && s[0] >= 'A' && s[0] <= 'F' && s[1] >= '1' && s[1] <= '6' {
		return Reliability(s[0]), Credibility(s[1]), nil
	}
	return 0, 0, worded.Errorf("grade %.20q: want the source's reliability A to F and the information's credibility 1 to 6, such as B2", s)
}
