package moment

import (
	"errors"
	"strings"
	"testing"
)

func TestParseTime(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"2010-02-27T16:00:57Z", "2010-02-27T16:00:57Z"},
		{"2010-02-27T16:00:57.25Z", "2010-02-27T16:00:57.250000Z"},
		{"2010-02-27T16:00:57.1234567", "2010-02-27T16:00:57.123456Z"},
		{"2010-02-27T16:00:57+01:00", "2010-02-27T15:00:57Z"},
		{"2010-02-27T16:00+01:00", "2010-02-27T15:00:00Z"},
		{"2010-02-27T16:00", "2010-02-27T16:00:00Z"},
		{"2010-02-27 16:00", "2010-02-27T16:00:00Z"},
		{"2010-02-27", "2010-02-27T00:00:00Z"},
		{" 2010-02-27 ", "2010-02-27T00:00:00Z"},
		{"1267286400", "2010-02-27T16:00:00Z"},
		{"1267286400.25", "2010-02-27T16:00:00.250000Z"},
		{"1267286400.1234567", "2010-02-27T16:00:00.123456Z"},
	} {
		got, err := ParseTime(c.in)
		if err != nil || got.String() != c.want {
			t.Errorf("ParseTime(%q) = %v, %v; want %s", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{"", "yesterday", "16:00", "2010-02-30", "2010-02-27T25:00", "2010-02-27T16:00 Z",
		"20100227", "1267286400000", "1267286400.", "1267286400.1.2", "-1267286400", "12672864o0"} {
		if got, err := ParseTime(in); err == nil {
			t.Errorf("ParseTime(%q) = %v; want an error", in, got)
		}
	}
}

func TestParseSpan(t *testing.T) {
	const from = "2010-02-27T16:00"
	for _, c := range []struct{ from, until, length, want string }{
		{from, "2010-02-27T16:15", "", "2010-02-27T16:00:00Z/2010-02-27T16:15:00Z"},
		{from, "+15m", "", "2010-02-27T16:00:00Z/2010-02-27T16:15:00Z"},
		{from, "", "15m", "2010-02-27T16:00:00Z/2010-02-27T16:15:00Z"},
		{from, "", "+1d12h", "2010-02-27T16:00:00Z/2010-03-01T04:00:00Z"},
		{"1267286400", "1267286460", "", "2010-02-27T16:00:00Z/2010-02-27T16:01:00Z"},
		{from, "", "2d", "2010-02-27T16:00:00Z/2010-03-01T16:00:00Z"},
		{from, "+0.5s", "", "2010-02-27T16:00:00Z/2010-02-27T16:00:00.500000Z"},
	} {
		got, err := ParseSpan(c.from, c.until, c.length)
		if err != nil || got.String() != c.want {
			t.Errorf("ParseSpan(%q, %q, %q) = %v, %v; want %s", c.from, c.until, c.length, got, err, c.want)
		}
	}
	for _, c := range []struct{ from, until, length, want string }{
		{"", "2010-02-27", "", "--from: not given"},
		{from, "", "", "--until (or --for): not given"},
		{from, "+15m", "15m", "give one of them"},
		{from, "+15", "", "--until: length \"15\""},
		{from, "", "-2h", "--for: length"},
		{from, "", "0d", "--for: length"},
		{from, "", "2 hours", "want a number with its unit"},
		{from, "", "99999999d", "want a number with its unit"},
		{from, "2010-02-27T16:00", "", "is not after"},
		{"noon", "+1h", "", "--from: time"},
		{from, "noon", "", "--until: time"},
	} {
		if got, err := ParseSpan(c.from, c.until, c.length); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ParseSpan(%q, %q, %q) = %v, %v; want an error with %q", c.from, c.until, c.length, got, err, c.want)
		}
	}
	if _, err := ParseSpan("", "", ""); !errors.Is(err, ErrNoTime) {
		t.Error(err)
	}
}
