package locale

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"constat/internal/tomlfile"
)

// NBSP is the blank that does not break: it binds a number to its unit.
const NBSP = "\u00a0"

// Format is how a language writes names, numbers, dates and lengths, and the
// rules of its typography. Patterns have placeholders as messages have.
type Format struct {
	Name string `toml:"name"` // as a page calls the language that it is in: "English"
	Link string `toml:"link"` // as a page in another language links to it

	Number struct {
		Decimal   string `toml:"decimal"`
		Group     string `toml:"group"`
		GroupFrom int    `toml:"group_from"` // digits from which a number is grouped
		Percent   string `toml:"percent"`
	} `toml:"number"`

	Date struct {
		Months      []string `toml:"months"`
		Short       []string `toml:"months_short"`
		Number      string   `toml:"number"` // the day before its month: {d}
		First       string   `toml:"first"`  // the same of the first of a month; empty if it is no exception
		Day         string   `toml:"day"`    // {d}, which is Number, {month}, {year}
		DayMonth    string   `toml:"day_month"`
		Table       string   `toml:"table"` // in tables and on axes: {d}, the bare number, and {month} in short
		TableYear   string   `toml:"table_year"`
		Range       string   `toml:"range"`        // within a month: {from} is Number, {until} is Day
		RangeMonths string   `toml:"range_months"` // over months: {from} is DayMonth or Day
	} `toml:"date"`

	// Clock is the time of day in prose: {h}, {hh}, {mm}, {ss}.
	Clock struct {
		Second string `toml:"second"`
		Minute string `toml:"minute"` // a full minute
		Hour   string `toml:"hour"`   // a full hour
	} `toml:"clock"`

	// OfCountry is "of" a country whose name does not follow the message
	// subject.of: patterns with {name}, {code} and {subject}, which is both, and
	// after each the codes of its countries.
	OfCountry map[string]string `toml:"of_country"`

	// Length is the unit of a length in figures: "{n} h".
	Length struct {
		Day    string `toml:"day"`
		Hour   string `toml:"hour"`
		Minute string `toml:"minute"`
		Second string `toml:"second"`
	} `toml:"length"`

	// Judging are the words that state a likelihood or a confidence, in lower
	// case and without accents, and the terms that hold one and state neither.
	Judging struct {
		Likelihood []string `toml:"likelihood"`
		Confidence []string `toml:"confidence"`
		Terms      []string `toml:"terms"`
	} `toml:"judging"`

	// Rules are regular expressions of what must not stand in any message, each
	// with the rule it breaks. A test holds all words against them.
	Rules []struct {
		Never string `toml:"never"`
		Why   string `toml:"why"`
	} `toml:"rule"`
}

func readFormat(l Lang) (*Format, error) {
	name := path.Join("words", string(l), formatFile)
	b, err := box.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("locale: %w", err)
	}
	f := &Format{}
	if err := tomlfile.Decode(b, f); err != nil {
		return nil, fmt.Errorf("locale: %s: %w", name, err)
	}
	if len(f.Date.Months) != 12 || len(f.Date.Short) != 12 {
		return nil, fmt.Errorf("locale: %s: a year has 12 months", name)
	}
	return f, nil
}

// Of is "of" a country: "du Brésil (BR)", "der Schweiz (CH)"; "" if it is as of any
// other subject.
func (f *Format) Of(code, name, subject string) string {
	for pattern, codes := range f.OfCountry {
		if len(code) == 2 && slices.Contains(strings.Fields(codes), code) {
			return fill(pattern, "code", code, "name", name, "subject", subject)
		}
	}
	return ""
}

// fill puts values into a pattern, by name and value in turn.
func fill(pattern string, a ...string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(pattern, '{')
		if i < 0 {
			b.WriteString(pattern)
			return b.String()
		}
		b.WriteString(pattern[:i])
		name, rest, _ := strings.Cut(pattern[i+1:], "}")
		for j := 0; j+1 < len(a); j += 2 {
			if a[j] == name {
				b.WriteString(a[j+1])
			}
		}
		pattern = rest
	}
}

// N writes a count with its digits grouped.
func (f *Format) N(v int64) string {
	s := strconv.FormatInt(v, 10)
	sign := ""
	if v < 0 {
		sign, s = "-", s[1:]
	}
	return sign + f.group(s)
}

func (f *Format) group(digits string) string {
	if f.Number.GroupFrom == 0 || len(digits) < f.Number.GroupFrom {
		return digits
	}
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(f.Number.Group)
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Decimal writes a number with least to most decimals.
func (f *Format) Decimal(v float64, least, most int) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		return strings.TrimPrefix(strconv.FormatFloat(v, 'f', -1, 64)[:1], "+") + "∞"
	}
	s := strconv.FormatFloat(v, 'f', most, 64)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, part, _ := strings.Cut(s, ".")
	for len(part) > least && part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	whole = f.group(whole)
	if part == "" {
		return sign + whole
	}
	return sign + whole + f.Number.Decimal + part
}

// Percent writes a share of one with one decimal. What is not quite nothing or
// not quite all is never rounded to it: 0.99999 is "> 99.9 %".
func (f *Format) Percent(share float64) string {
	n := f.Decimal(share*100, 1, 1)
	switch {
	case share <= 0:
		n = "0"
	case share >= 1:
		n = "100"
	case share < 0.001:
		n = "<" + NBSP + f.Decimal(0.1, 1, 1)
	case share > 0.999:
		n = ">" + NBSP + f.Decimal(99.9, 1, 1)
	}
	return fill(f.Number.Percent, "n", n)
}

// Month is the name of a month.
func (f *Format) Month(t time.Time) string { return f.Date.Months[t.Month()-1] }

// DayNumber is the day of the month as it stands before the month's name.
func (f *Format) DayNumber(t time.Time) string {
	if t.Day() == 1 && f.Date.First != "" {
		return f.Date.First
	}
	return fill(f.Date.Number, "d", strconv.Itoa(t.Day()))
}

// Day is "22 December 2014".
func (f *Format) Day(t time.Time) string {
	return fill(f.Date.Day, "d", f.DayNumber(t), "month", f.Month(t), "year", strconv.Itoa(t.Year()))
}

// DayMonth is "22 December".
func (f *Format) DayMonth(t time.Time) string {
	return fill(f.Date.DayMonth, "d", f.DayNumber(t), "month", f.Month(t))
}

// DayShort is "22 Dec" for tables and axes, with the year if it is asked for.
func (f *Format) DayShort(t time.Time, year bool) string {
	a := []string{"d", strconv.Itoa(t.Day()), "month", f.Date.Short[t.Month()-1], "year", strconv.Itoa(t.Year())}
	if year {
		return fill(f.Date.TableYear, a...)
	}
	return fill(f.Date.Table, a...)
}

// Days is the range of days from a to b: "22–23 December 2014".
func (f *Format) Days(a, b time.Time) string {
	switch {
	case a.Year() == b.Year() && a.YearDay() == b.YearDay():
		return f.Day(a)
	case a.Year() != b.Year():
		return fill(f.Date.RangeMonths, "from", f.Day(a), "until", f.Day(b))
	case a.Month() != b.Month():
		return fill(f.Date.RangeMonths, "from", f.DayMonth(a), "until", f.Day(b))
	}
	return fill(f.Date.Range, "from", f.DayNumber(a), "until", f.Day(b))
}

// Hour is the time of day in prose: "16:15:07", in French "16 h 15 min 07 s". A
// full minute is written without its seconds if brief.
func (f *Format) Hour(t time.Time, brief bool) string {
	pattern := f.Clock.Second
	switch {
	case brief && t.Second() == 0 && t.Minute() == 0:
		pattern = f.Clock.Hour
	case brief && t.Second() == 0:
		pattern = f.Clock.Minute
	}
	return fill(pattern, "h", strconv.Itoa(t.Hour()), "hh", two(t.Hour()), "mm", two(t.Minute()), "ss", two(t.Second()))
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Units is a length by its units, from the largest that it has: "9 h", "31 min",
// "07 s". Units of nothing at the end are left out.
func (f *Format) Units(seconds int64) []string {
	seconds = max(seconds, 0)
	values := [...]int64{seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60}
	patterns := [...]string{f.Length.Day, f.Length.Hour, f.Length.Minute, f.Length.Second}
	first := 0
	for first < 3 && values[first] == 0 {
		first++
	}
	last := 3
	for last > first && values[last] == 0 {
		last--
	}
	var out []string
	for i := first; i <= last; i++ {
		n := f.N(values[i])
		if i > first && i > 1 { // minutes and seconds after a larger unit have two digits
			n = two(int(values[i]))
		}
		out = append(out, fill(patterns[i], "n", n))
	}
	return out
}
