package moment

import "testing"

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
	} {
		got, err := ParseTime(c.in)
		if err != nil || got.String() != c.want {
			t.Errorf("ParseTime(%q) = %v, %v; want %s", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{"", "yesterday", "16:00", "2010-02-30", "2010-02-27T25:00", "2010-02-27T16:00 Z", "1267286400"} {
		if got, err := ParseTime(in); err == nil {
			t.Errorf("ParseTime(%q) = %v; want an error", in, got)
		}
	}
}
