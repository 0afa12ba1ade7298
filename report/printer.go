package report

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"constat/internal/locale"
	"constat/internal/plain"
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
	"constat/routes/atlas"
)

const (
	minute = 60 * moment.Second
	hour   = 60 * minute
	day    = 24 * hour
)

// Spaces that must not break: the ordinary one binds a number to its unit, the
// narrow one stands in some languages where others have none.
const (
	nbsp  = locale.NBSP
	nnbsp = "\u202f"
)

// printer words values in one language for one set of findings.
type printer struct {
	lang   Lang
	w      *locale.Words
	f      *finding.Findings
	oneDay bool // the question lies within one UTC day: tables omit the date
	years  bool // the question crosses years: short dates name theirs
}

func newPrinter(lang Lang, f *finding.Findings) (*printer, error) {
	w, err := locale.Of(lang)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	from, last := f.Question.From.Std(), lastMoment(f.Question).Std()
	return &printer{lang: lang, w: w, f: f, oneDay: sameDay(from, last), years: from.Year() != last.Year()}, nil
}

// lastMoment is the last moment inside the question, which ends before its
// Until: a question until midnight does not touch the next day.
func lastMoment(q finding.Question) moment.Time {
	if q.Until > q.From {
		return q.Until - 1
	}
	return q.From
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// args pairs the names of a message's placeholders with their values.
type args = locale.Args

// has reports whether a key has words.
func (p *printer) has(key string) bool { return p.w.Has(key) }

// t words a message as plain text.
func (p *printer) t(key string, a ...any) string { return p.w.T(key, a...) }

// tn words a message in the variant for n.
func (p *printer) tn(key string, n int64, a ...any) string { return p.w.TN(key, n, a...) }

// h words a message with its looks.
func (p *printer) h(key string, a ...any) document.Text { return p.hn(key, locale.None, a...) }

func (p *printer) hn(key string, n int64, a ...any) document.Text {
	return document.Message(p.w, key, n, a...)
}

// n writes a count with its digits grouped.
func (p *printer) n(v int64) string { return p.w.Format.N(v) }

// count writes a number with its unit, in the right number.
func (p *printer) count(key string, v int64) string { return p.tn(key, v, "n", p.n(v)) }

// counted is count for a sentence that may ask for a form of it: "in 4 Netzen".
func (p *printer) counted(key string, v int64) locale.Phrase { return p.w.Phrase(key, v, "n", p.n(v)) }

// percent writes a share of one with one decimal.
func (p *printer) percent(share float64) string { return p.w.Format.Percent(share) }

// day is "22 December 2014".
func (p *printer) day(t time.Time) string { return p.w.Format.Day(t) }

// dayMonth is "22 December".
func (p *printer) dayMonth(t time.Time) string { return p.w.Format.DayMonth(t) }

// dayShort is "22 Dec", with the year where the question needs it.
func (p *printer) dayShort(t time.Time) string {
	return p.w.Format.DayShort(t, p.years || t.Year() != p.f.Question.From.Std().Year())
}

// dates are how the axes of figures write dates.
func (p *printer) dates() figure.Dates { return figure.Dates{Short: p.dayShort, OneDay: p.oneDay} }

// ticks marks an axis.
func (p *printer) ticks(s figure.Scale, most int) []figure.Tick {
	return figure.Ticks(s, most, p.dates())
}

// days is the range of days from a to b: "22–23 December 2014".
func (p *printer) days(a, b moment.Time) string { return p.w.Format.Days(a.Std(), b.Std()) }

// clock is the time of day for tables and axes, the same in all languages.
func clock(t moment.Time) string {
	s := t.Std().Format("15:04:05")
	if t.Micro() != 0 {
		s += strings.TrimRight(fmt.Sprintf(".%06d", t.Micro()), "0")
	}
	return s
}

// hour is the time of day for prose: "16:15:07", "16 h 15 min 07 s". A full
// minute is written without its seconds where brief.
func (p *printer) hour(t moment.Time, brief bool) string { return p.w.Format.Hour(t.Std(), brief) }

// at is a whole moment for prose: "22 December 2014 at 16:15:07 UTC".
func (p *printer) at(t moment.Time) document.Span {
	return spanOf(t, p.t("time.at", "day", p.day(t.Std()), "hour", p.hour(t, false)))
}

// spanOf is the words of a moment with the moment.
func spanOf(t moment.Time, words string) document.Span {
	return document.Span{Text: words, Of: document.Moment(t)}
}

// bound is at for the ends of a question, where full minutes are common.
func (p *printer) bound(t moment.Time) document.Span {
	return spanOf(t, p.t("time.at", "day", p.day(t.Std()), "hour", p.hour(t, true)))
}

// span is the question's time for prose: "from 10:35 to 10:45 UTC on 9
// February 2022" within a day.
func (p *printer) span() string {
	q := wholeSeconds(p.f.Question)
	if sameDay(q.From.Std(), q.Until.Std()) {
		return p.t("time.span.day", "day", p.day(q.From.Std()), "from", p.hour(q.From, true), "until", p.hour(q.Until, true))
	}
	return p.t("time.span", "from", p.bound(q.From), "until", p.bound(q.Until))
}

// wholeSeconds is a question with its first and last second whole, as it is judged.
func wholeSeconds(q finding.Question) finding.Question {
	q.From, q.Until = moment.Unix(q.From.Sec(), 0), moment.Unix(q.Until.SecUp(), 0)
	return q
}

// then is a later moment in a sentence that has named ref: the day is said
// only if it is another.
func (p *printer) then(t, ref moment.Time) document.Span {
	return p.later(t, ref, "time.then.hour", "time.then.day")
}

// later words a moment by one message if it is on the day of ref, and by another,
// which names the day, if it is not.
func (p *printer) later(t, ref moment.Time, hour, day string) document.Span {
	x, y := t.Std(), ref.Std()
	switch {
	case sameDay(x, y):
		return spanOf(t, p.t(hour, "hour", p.hour(t, false)))
	case x.Year() == y.Year():
		return spanOf(t, p.t(day, "day", p.dayMonth(x), "hour", p.hour(t, false)))
	}
	return spanOf(t, p.t(day, "day", p.day(x), "hour", p.hour(t, false)))
}

// stamp is a moment for a table cell; the table's caption names the day where
// the whole question lies in one.
func (p *printer) stamp(t moment.Time) string {
	if p.oneDay && sameDay(t.Std(), p.f.Question.From.Std()) {
		return clock(t)
	}
	return p.dayShort(t.Std()) + " " + clock(t)
}

func (p *printer) stampOr(t *moment.Time, missing string) string {
	if t == nil {
		return missing
	}
	return p.stamp(*t)
}

// brief is a length with its two largest units: "9 h 31 min". It is cut, not
// rounded: an outage is never made longer than it was.
func (p *printer) brief(s int64) string {
	parts := p.units(s)
	if len(parts) > 2 {
		parts = parts[:2]
	}
	return strings.Join(parts, nbsp)
}

// exact is a length to the second.
func (p *printer) exact(s int64) string { return strings.Join(p.units(s), " ") }

func (p *printer) units(s int64) []string { return p.w.Format.Units(s) }

// length is a length in words, of which a sentence may ask for a form.
type length []locale.Phrase

// In words the length in a form; no number is parted from its unit.
func (l length) In(form string) string {
	var out []string
	for _, x := range l {
		out = append(out, strings.ReplaceAll(x.In(form), " ", nbsp))
	}
	return strings.Join(out, " ")
}

func (l length) String() string { return l.In("") }

// words is a length in words for prose: "9 hours 31 minutes", the two largest
// units.
func (p *printer) words(s int64) length {
	s = max(s, 0)
	vals := []int64{s / 86400, s / 3600 % 24, s / 60 % 60, s % 60}
	keys := []string{"unit.day", "unit.hour", "unit.minute", "unit.second"}
	var out length
	for i, v := range vals {
		if v == 0 && len(out) > 0 || len(out) == 2 {
			break
		}
		if v == 0 {
			continue
		}
		out = append(out, p.counted(keys[i], v))
	}
	if len(out) == 0 {
		return length{p.counted("unit.second", 0)}
	}
	return out
}

// wordsBetween is a range of lengths: "28 to 30 seconds".
func (p *printer) wordsBetween(least, most int64) string {
	a, b := p.words(least).String(), p.words(most).String()
	switch {
	case a == b:
		return a
	case most < 60:
		a = p.n(least)
	}
	return p.t("range", "least", a, "most", b)
}

// network is the name of an AS, "" where none is known.
func (p *printer) network(as uint32) string {
	name := p.f.Subject.Networks[strconv.FormatUint(uint64(as), 10)]
	// Lists of names end in the country of registration: ", CL". It is not
	// part of the name, and in a sentence it reads like one more thing.
	if n := len(name); n > 4 && name[n-4:n-2] == ", " && upper(name[n-2]) && upper(name[n-1]) {
		name = name[:n-4]
	}
	// And they begin with a handle: "LVLT-3549 - Level 3". The name follows it.
	if handle, rest, ok := strings.Cut(name, " - "); ok && handle == strings.ToUpper(handle) && rest != "" {
		name = rest
	}
	return clip(name, 48)
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// as names an AS by number and, if known, name.
func (p *printer) as(as uint32) string {
	s := "AS" + strconv.FormatUint(uint64(as), 10)
	if n := p.network(as); n != "" {
		s += " (" + n + ")"
	}
	return s
}

// is names an AS in a sentence, with its number as a value.
func (p *printer) is(as uint32) document.Span {
	return document.Span{Text: p.as(as), Of: document.AS(as)}
}

// ofPrefix names a prefix in a sentence, with the prefix as a value.
func ofPrefix(x netip.Prefix) document.Span {
	return document.Span{Text: x.String(), Of: document.Prefix(x)}
}

// clip shortens a name that others chose, and takes what would turn it.
func clip(s string, n int) string { return plain.Short(s, n) }

// country is the name of a country code in the reader's language, "" where it
// is none.
func (p *printer) country(code string) string { return p.w.Country(code) }

// subject names the subject in running text.
func (p *printer) subject() string {
	s := p.f.Subject
	switch s.Kind {
	case "country":
		if c := p.country(s.Name); c != "" {
			return p.t("subject.country", "name", c, "code", s.Name)
		}
	case "as":
		if as, err := strconv.ParseUint(strings.TrimPrefix(s.Name, "AS"), 10, 32); err == nil {
			return p.as(uint32(as))
		}
	}
	return p.called()
}

// called is [Called] of the findings' subject.
func (p *printer) called() string { return Called(p.w, &p.f.Subject) }

// Called is a subject's name. One that somebody gave to a file stands in quotation
// marks: it is his, whatever it says, and ends no sentence. Example: “North Korea”. A list
// of what was asked for is none: AS22047, AS3549.
func Called(w *locale.Words, s *finding.Subject) string {
	name := clip(s.Name, 60)
	if s.Kind != atlas.KindFile || listed(w, s, name) {
		return name
	}
	return w.T("quoted", "words", marks.Replace(name))
}

// marks takes out of a name what could end its quotation.
var marks = strings.NewReplacer("“", "'", "”", "'", "„", "'", "«", "'", "»", "'", `"`, "'")

// listed reports whether a name is a list of networks, prefixes and countries of the
// subject.
func listed(w *locale.Words, s *finding.Subject, name string) bool {
	for part := range strings.SplitSeq(name, ", ") {
		if as, err := strconv.ParseUint(strings.TrimPrefix(part, "AS"), 10, 32); err == nil && strings.HasPrefix(part, "AS") && slices.Contains(s.Origins, uint32(as)) {
			continue
		}
		if _, err := netip.ParsePrefix(part); err == nil {
			continue
		}
		if len(part) != 2 || w.Country(part) == "" {
			return false
		}
	}
	return true
}

// outageName is whose an outage was: the subject's, an origin's, a prefix's.
func (p *printer) outageName(o *finding.Outage) string {
	if o.Scope == "subject" {
		return p.called()
	}
	return clip(o.Name, 60)
}

// ofSubject is "of" the subject. Some languages put the article that the name of
// a country has: "du Brésil (BR)", "d’Égypte (EG)".
func (p *printer) ofSubject() string {
	switch p.f.Subject.Kind {
	case "as":
		return p.t("subject.of.as", "subject", p.subject())
	case "file":
		return p.t("subject.of.file", "subject", p.subject())
	case "country":
		if name := p.country(p.f.Subject.Name); name != "" {
			if s := p.w.Format.Of(p.f.Subject.Name, name, p.subject()); s != "" {
				return s
			}
		}
	}
	return p.t("subject.of", "subject", p.subject())
}

// headName is the subject as a headline names it.
func (p *printer) headName() string {
	s := p.f.Subject
	switch s.Kind {
	case "country":
		if c := p.country(s.Name); c != "" {
			return c
		}
	case "as":
		if as, err := strconv.ParseUint(strings.TrimPrefix(s.Name, "AS"), 10, 32); err == nil {
			if n := p.network(uint32(as)); n != "" {
				return n + " (" + s.Name + ")"
			}
		}
	}
	return p.called()
}

// whatLost names what an outage took.
func (p *printer) whatLost(o *finding.Outage) locale.Phrase {
	of := func() string { return p.ofHeard(p.t("subject.of.as", "subject", clip(o.Name, 60)), o.Lost.Of) }
	switch {
	case o.Scope == "prefix":
		return p.phrase("what.prefix", "subject", clip(o.Name, 60))
	case o.Scope == "origin" && o.Lost.Prefixes == o.Lost.Of:
		return p.phrase("what.all", "n", p.n(int64(o.Lost.Of)), "of", of())
	case o.Scope == "origin":
		return p.phrase("what.part", "k", p.n(int64(o.Lost.Prefixes)), "n", p.n(int64(o.Lost.Of)), "of", of())
	}
	return p.what(o.Lost.Prefixes, o.Lost.Of)
}

// phrase is a message that goes into another.
func (p *printer) phrase(key string, a ...any) locale.Phrase {
	return p.w.Phrase(key, locale.None, a...)
}

// heard reports whether no table was read: the prefixes of a network are then those that
// the files speak of, and nobody knows how many more it has.
func (p *printer) heard() bool {
	return p.f.Watch.FullFeedPeers == nil && p.f.Subject.Kind != atlas.KindPrefix
}

// ofHeard is "of AS64496", and, if that is not all that it has, which of them: those that
// these files speak of, or those that are judged as its own; n of them.
func (p *printer) ofHeard(of string, n int) string {
	switch {
	case p.f.Subject.Kind != atlas.KindPrefix && slices.ContainsFunc(p.f.Others, func(o finding.OtherOrigin) bool { return o.Aside }):
		return p.tn("of.own", int64(n), "of", of)
	case p.heard():
		return p.tn("of.heard", int64(n), "of", of)
	}
	return of
}

// what names k of n prefixes: all of them, both, the only one, or a part.
func (p *printer) what(k, n int) locale.Phrase {
	of := p.ofHeard(p.ofSubject(), n)
	switch {
	case k == n && n == 1 && p.f.Subject.Kind == "prefix":
		return p.phrase("what.prefix", "subject", p.subject())
	case k == n && n == 1:
		return p.phrase("what.only", "of", of)
	case k == n && n == 2:
		return p.phrase("what.both", "of", of)
	case k == n:
		return p.phrase("what.all", "n", p.n(int64(n)), "of", of)
	}
	return p.phrase("what.part", "k", p.n(int64(k)), "n", p.n(int64(n)), "of", of)
}

// title is the headline of the report.
func (p *printer) title(c *facts) string { return p.headName() + ", " + p.titleDays(c) }

// headline is the title in which "22–23 December" does not break.
func (p *printer) headline(c *facts) document.Text {
	days := p.titleDays(c)
	if i := strings.LastIndex(days, " "); i > 0 && strings.Count(days, " ") == 1 {
		return document.Text{{Text: p.headName() + ", "}, {Text: days[:i], Whole: true}, {Text: days[i:]}}
	}
	return document.Plain(p.headName() + ", " + days)
}

func (p *printer) titleDays(c *facts) string {
	from, until := p.f.Question.From, lastMoment(p.f.Question)
	if h := c.head; h != nil {
		from, until = h.From, h.From
		if h.Until != nil {
			until = *h.Until
		}
	}
	return p.days(from, until)
}
