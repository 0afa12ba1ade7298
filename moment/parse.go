package moment

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// timeForms are the forms that people write a moment in, longest first. A form
// without a zone means UTC.
var timeForms = []string{
	time.RFC3339Nano, // also reads a fraction where the layout shows none
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04",
	"2006-01-02 15:04",
	"2006-01-02",
}

// ParseTime reads a moment as a person writes it: RFC 3339, a shorter form of it
// down to the day ("2010-02-27T16:00", "2010-02-27 16:00", "2010-02-27"), or
// seconds since 1970 as files and logs have them ("1267286400", "1267286400.25").
// UTC if no zone is named; what is finer than a microsecond is cut.
func ParseTime(s string) (Time, error) {
	s = strings.TrimSpace(s)
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil {
			return FromTime(t), nil
		}
	}
	if t, ok := parseEpoch(s); ok {
		return t, nil
	}
	return 0, fmt.Errorf("time %q: want RFC 3339 or a shorter form of it, such as 2010-02-27T16:00:00Z, 2010-02-27T16:00 or 2010-02-27 (UTC where no zone is named), or seconds since 1970", s)
}

// parseEpoch reads seconds since 1970, of nine to eleven digits: from 1973 to
// 5138. Shorter numbers are years or slips, longer ones milliseconds.
func parseEpoch(s string) (Time, bool) {
	whole, frac, dot := strings.Cut(s, ".")
	if len(whole) < 9 || len(whole) > 11 || strings.Trim(s, "0123456789.") != "" || dot && (frac == "" || strings.Contains(frac, ".")) {
		return 0, false
	}
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, false
	}
	micro, err := strconv.ParseUint((frac + "000000")[:6], 10, 32)
	if err != nil {
		return 0, false
	}
	return Unix(sec, uint32(micro)), true
}

// ErrNoTime is wrapped by the error of [ParseSpan] for a start or an end that is not
// given at all.
var ErrNoTime = errors.New("not given")

// ParseSpan reads an interval as a person writes it: a start, and an end or a
// length. The end may be written from the start on. Example: "2010-02-27T16:00" with
// the end "2010-02-27T16:15", with the end "+15m", or with the length "15m".
func ParseSpan(from, until, length string) (Interval, error) {
	if from == "" {
		return Interval{}, fmt.Errorf("--from: %w", ErrNoTime)
	}
	var i Interval
	var err error
	if i.From, err = ParseTime(from); err != nil {
		return Interval{}, fmt.Errorf("--from: %w", err)
	}
	flag := "--until"
	switch rest, relative := strings.CutPrefix(until, "+"); {
	case until != "" && length != "":
		return Interval{}, errors.New("--until and --for both say when it ends: give one of them")
	case until == "" && length == "":
		return Interval{}, fmt.Errorf("--until (or --for): %w", ErrNoTime)
	case length != "":
		flag, rest = "--for", strings.TrimPrefix(length, "+")
		fallthrough
	case relative:
		d, err := parseLength(rest)
		if err != nil {
			return Interval{}, fmt.Errorf("%s: %w", flag, err)
		}
		i.Until = i.From + d
	default:
		if i.Until, err = ParseTime(until); err != nil {
			return Interval{}, fmt.Errorf("--until: %w", err)
		}
	}
	if i.Until <= i.From {
		return Interval{}, fmt.Errorf("--until %s is not after --from %s", i.Until, i.From)
	}
	return i, nil
}

// parseLength reads a length as Go writes it, and days: "90s", "2h", "1d12h".
func parseLength(s string) (Time, error) {
	bad := func() (Time, error) {
		return 0, fmt.Errorf("length %q: want a number with its unit, such as 90s, 15m, 2h, 3d or 1d12h", s)
	}
	rest, days := s, 0
	if n, after, ok := strings.Cut(s, "d"); ok {
		d, err := strconv.Atoi(n)
		if err != nil || d < 0 || d > 36500 {
			return bad()
		}
		rest, days = after, d
	}
	t := Time(days) * 86400 * Second
	if rest != "" || days == 0 {
		d, err := time.ParseDuration(rest)
		if err != nil {
			return bad()
		}
		t += Time(d.Microseconds())
	}
	if t <= 0 || t > 36500*86400*Second {
		return bad()
	}
	return t, nil
}
