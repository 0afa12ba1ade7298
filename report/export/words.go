package export

import (
	"strconv"
	"strings"
	"time"

	"constat/claims/statement"
	"constat/internal/locale"
	"constat/judge/proof"
	"constat/moment"
	"constat/report"
)

// voice words things in one language. What this package says itself is worded
// under the keys export.…; all else is worded by report and proof.
type voice struct {
	lang report.Lang
	w    *locale.Words
}

func voiceOf(l report.Lang) voice { return voice{l, locale.Must(l)} }

func (v voice) say(key string, a ...any) string { return v.w.T("export."+key, a...) }

// colon joins a label and what it labels.
func (v voice) colon(label, text string) string { return label + v.w.T("colon") + text }

// quote puts words between the marks of the language.
func (v voice) quote(s string) string { return v.w.T("quoted", "words", s) }

func capital(s string) string {
	if s == "" {
		return s
	}
	for i := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
	}
	return strings.ToUpper(s)
}

// stamp is a time as people on both sides of a border read it.
func stamp(t moment.Time) string { return t.Std().Format("2006-01-02 15:04:05 UTC") }

// span is an interval: the day where it is one day of any place on earth.
func span(i moment.Interval) string {
	if d, ok := dayOf(i); ok {
		return d
	}
	return stamp(i.From) + " – " + stamp(i.Until)
}

// dayOf is the date of an interval that is one day of a place. The middle of a
// day of any zone up to twelve hours from Greenwich lies in the UTC day of the
// same date.
func dayOf(i moment.Interval) (string, bool) {
	const day = 24 * 3600 * moment.Second
	if l := i.Until - i.From; l < day || l > day+2*3600*moment.Second {
		return "", false
	}
	t := i.From + (i.Until-i.From)/2
	if !writable(t) {
		return "", false
	}
	return t.Std().Format(time.DateOnly), true
}

// times is when it was said, published, and what time it is about.
func (v voice) times(s *statement.Statement) string {
	var out []string
	if s.Said != nil {
		out = append(out, v.say("said on")+" "+span(*s.Said))
	}
	out = append(out, v.say("published on")+" "+span(s.Published))
	if s.About != nil {
		out = append(out, v.say("about")+" "+stamp(s.About.From)+" – "+stamp(s.About.Until))
	}
	return strings.Join(out, "; ")
}

// grade words the two grades of the Admiralty code, apart.
func (v voice) grade(g statement.Grade) string {
	if g == statement.Ungraded || len(g.Source) != 1 || len(g.Information) != 1 {
		return ""
	}
	return v.say("grade", "source", g.Source, "sourcewords", proof.Reliability(g.Source[0]).In(v.lang),
		"information", g.Information, "informationwords", proof.Credibility(g.Information[0]).In(v.lang))
}

func digits[T ~int | ~int64 | ~uint32](n T) string { return strconv.FormatInt(int64(n), 10) }
