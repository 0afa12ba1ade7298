package ratios

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"constat/internal/zones"
)

// Problem is a value of a row that could not be used, or not as written.
type Problem struct {
	Line   int    `json:"line"`
	ID     string `json:"id"`
	Column string `json:"column"`
	Value  string `json:"value"`
	Why    string `json:"why"`
}

// Kinds of problems. The first group costs the row or its end; the second was
// read all the same.
const (
	BeginUnreadable = "begin cannot be read: row set aside"
	NoCountry       = "no country with a time zone: row set aside"
	NoScope         = "unknown scope: row set aside"
	EndUnreadable   = "end cannot be read: no duration"
	EndMissing      = "no end: no duration"
	EndNotAfter     = "end is not after begin: no duration"

	SecondsMissing = "seconds are missing: read as :00"
	HourOver12     = "a 24-hour clock with AM or PM: the letters ignored"
	WrongWeekday   = "the weekday is not that of the date: the date taken"
)

// List is a list of labelled outages as read.
type List struct {
	Rows     int
	Events   []Event
	Problems []Problem
	// SeveralZones counts the events used whose country had more than one
	// offset at the time, MinutesDiffer those whose offsets differ by
	// other than whole hours, and DaysDiffer those where they put the start on
	// different days: there the first zone decides.
	SeveralZones, MinutesDiffer, DaysDiffer int
	Zoned                                   map[string]int // events by country with several offsets
}

var columns = []string{"id", "begin_utc", "end_utc", "country", "scope", "cause"}

// Read reads a list in CSV with the columns id, begin_utc, end_utc, country,
// scope and cause; further columns are ignored.
func Read(r io.Reader) (*List, error) {
	c := csv.NewReader(r)
	head, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the list is empty; want CSV with the columns " + strings.Join(columns, ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("the list is not CSV: %w", err)
	}
	at := map[string]int{}
	for i, h := range head {
		at[strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))] = i
	}
	for _, k := range columns {
		if _, ok := at[k]; !ok {
			return nil, fmt.Errorf("the list has no column %q; want CSV with the columns %s", k, strings.Join(columns, ", "))
		}
	}
	l := &List{Zoned: map[string]int{}}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return nil, fmt.Errorf("after %d rows: %w", l.Rows, err)
		}
		l.Rows++
		line, _ := c.FieldPos(0)
		l.row(line, func(k string) string { return strings.TrimSpace(row[at[k]]) })
	}
}

func (l *List) row(line int, get func(string) string) {
	e := Event{ID: get("id"), Cause: get("cause")}
	problem := func(column, why string) {
		l.Problems = append(l.Problems, Problem{line, e.ID, column, get(column), why})
	}
	begin, odd, err := moment(get("begin_utc"))
	if err != nil {
		problem("begin_utc", BeginUnreadable)
		return
	}
	for _, o := range odd {
		problem("begin_utc", o)
	}
	e.Begin = begin
	e.Country = codeOf(get("country"))
	e.zones = zones.At(e.Country, begin)
	if len(e.zones) == 0 {
		problem("country", NoCountry)
		return
	}
	switch s := get("scope"); {
	case s == "Country":
		e.Scope = National
	case strings.HasPrefix(s, "Region"):
		e.Scope = Regional
	case strings.HasPrefix(s, "AS"):
		e.Scope = Network
	default:
		problem("scope", NoScope)
		return
	}
	switch end, odd, err := moment(get("end_utc")); {
	case get("end_utc") == "" || get("end_utc") == "N/A":
		problem("end_utc", EndMissing)
	case err != nil:
		problem("end_utc", EndUnreadable)
	default:
		for _, o := range odd {
			problem("end_utc", o)
		}
		if !end.After(begin) {
			problem("end_utc", EndNotAfter)
			break
		}
		e.End = end
	}
	l.zone(&e)
	l.Events = append(l.Events, e)
}

func (l *List) zone(e *Event) {
	if len(e.zones) < 2 {
		return
	}
	l.SeveralZones++
	l.Zoned[e.Country]++
	minutes, days := false, false
	first := e.local()
	for _, z := range e.zones[1:] {
		t := e.Begin.Add(time.Duration(z.Seconds) * time.Second)
		minutes = minutes || t.Minute() != first.Minute()
		days = days || t.Weekday() != first.Weekday()
	}
	if minutes {
		l.MinutesDiffer++
	}
	if days {
		l.DaysDiffer++
	}
}

var (
	long  = regexp.MustCompile(`^([A-Z][a-z]+),? ([A-Z][a-z]+ \d{1,2}, \d{4}), (\d{1,2}):(\d\d)(?::(\d\d)?)? ([AP]M)$`)
	short = regexp.MustCompile(`^(\d{1,2}/\d{1,2}/\d{4}) +(\d{1,2}):(\d\d):(\d\d) ([AP]M)$`)
)

var errMoment = errors.New("not a moment")

// moment reads a time as the list writes it ("Wednesday, March 17, 2021,
// 4:40:00 PM") and says what was odd about it. What could be read in two ways
// is not read: "16:1:00" may be one minute past or ten.
func moment(s string) (time.Time, []string, error) {
	var odd []string
	var day time.Time
	var err error
	var hour, minute, second, half string
	if m := long.FindStringSubmatch(s); m != nil {
		if day, err = time.Parse("January 2, 2006", m[2]); err != nil {
			return time.Time{}, nil, errMoment
		}
		if day.Weekday().String() != m[1] {
			odd = append(odd, WrongWeekday)
		}
		hour, minute, second, half = m[3], m[4], m[5], m[6]
		if second == "" {
			odd = append(odd, SecondsMissing)
			second = "0"
		}
	} else if m := short.FindStringSubmatch(s); m != nil {
		if day, err = time.Parse("1/2/2006", m[1]); err != nil {
			return time.Time{}, nil, errMoment
		}
		hour, minute, second, half = m[2], m[3], m[4], m[5]
	} else {
		return time.Time{}, nil, errMoment
	}
	h, _ := strconv.Atoi(hour)
	mi, _ := strconv.Atoi(minute)
	sec, _ := strconv.Atoi(second)
	switch {
	case h > 23 || mi > 59 || sec > 59:
		return time.Time{}, nil, errMoment
	case h == 0 || h > 12:
		odd = append(odd, HourOver12)
	case half == "PM" && h < 12:
		h += 12
	case half == "AM" && h == 12:
		h = 0
	}
	return day.Add(time.Duration(h)*time.Hour + time.Duration(mi)*time.Minute + time.Duration(sec)*time.Second), odd, nil
}

// fold makes spellings of a country alike.
func fold(s string) string {
	s = strings.NewReplacer("&", "and", "-", " ").Replace(strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}

var byName = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(codes) {
		if code, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			m[name] = code
		}
	}
	return m
})

// codeOf is the ISO 3166 code of a country, "" if it is not known.
func codeOf(country string) string { return byName()[fold(country)] }
