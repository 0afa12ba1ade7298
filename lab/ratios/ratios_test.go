package ratios

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"constat/internal/realdata"
)

func TestMoment(t *testing.T) {
	for _, c := range []struct {
		in, want string
		odd      int
	}{
		{"Wednesday, March 17, 2021, 4:40:00 PM", "2021-03-17T16:40:00Z", 0},
		{"Sunday, May 27, 2018, 11:00 PM", "2018-05-27T23:00:00Z", 1},
		{"Monday, October 25, 2021, 2:30: AM", "2021-10-25T02:30:00Z", 1},
		{"Saturday June 2, 2018, 8:00 AM", "2018-06-02T08:00:00Z", 1},
		{"Wednesday, March 17, 2021, 12:00:00 AM", "2021-03-17T00:00:00Z", 0},
		{"Wednesday, March 17, 2021, 12:05:00 PM", "2021-03-17T12:05:00Z", 0},
		{"Thursday, March 17, 2021, 12:05:00 PM", "2021-03-17T12:05:00Z", 1},
		{"7/28/2020  17:00:00 PM", "2020-07-28T17:00:00Z", 1},
		{"4/15/2020  23:40:00 AM", "2020-04-15T23:40:00Z", 1},
		{"7/28/2020  16:1:00 PM", "", 0}, // one minute past, or ten
		{"Monday, February 30, 2021, 4:40:00 PM", "", 0},
		{"Wednesday, March 17, 2021, 4:75:00 PM", "", 0},
		{"Wednesday, March 17, 2021, 25:00:00 PM", "", 0},
		{"", "", 0}, {"N/A", "", 0}, {"yesterday", "", 0},
	} {
		got, odd, err := moment(c.in)
		if c.want == "" {
			if err == nil {
				t.Errorf("%q is read as %v", c.in, got)
			}
			continue
		}
		if err != nil || got.Format(time.RFC3339) != c.want || len(odd) != c.odd {
			t.Errorf("%q: %v, odd %q, %v; want %s", c.in, got, odd, err, c.want)
		}
	}
}

const head = "id,begin_utc,end_utc,country,scope,region,as,cause\n"

// row writes a row that begins and ends so many hours after 4 June 2018.
func row(id, country, scope, cause string, from, until float64) string {
	f := func(h float64) string {
		return time.Date(2018, 6, 4, 0, 0, 0, 0, time.UTC).Add(time.Duration(h * float64(time.Hour))).Format("Monday, January 2, 2006, 3:04:05 PM")
	}
	return fmt.Sprintf("%s,%q,%q,%q,%s,,,%s\n", id, f(from), f(until), country, scope, cause)
}

// TestMeasured has a list small enough to count by hand.
func TestMeasured(t *testing.T) {
	list := head +
		row("a", "Syria", "Country", "Exams", 0, 6) + // 03:00 in Damascus
		row("b", "Syria", "Country", "Exams", 24, 25) + // one day later
		row("c", "Iran", "Country", "Government-Ordered", 0, 6) + // 04:30 in Tehran
		row("d", "Togo", "Country", "Cable-Cut", 1.25, 3) +
		row("e", "Togo", "Country", "", 96, 97) + // the hour
		row("f", "Togo", "Country", "", 96, 98) + // the same start again
		row("g", "Togo", "Region (Maritime)", "Unknown", 97.5, 98.5) +
		row("h", "Atlantis", "Country", "", 0, 1)
	l, err := Read(strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	if l.Rows != 8 || len(l.Events) != 7 || len(l.Problems) != 1 || l.Problems[0].Why != NoCountry || l.Problems[0].Line != 9 {
		t.Fatalf("%d rows, %d events, problems %+v", l.Rows, len(l.Events), l.Problems)
	}
	want := map[string][4]int{
		OnHour: {2, 3, 2, 4}, OffHour: {1, 3, 2, 4}, OnHalf: {1, 3, 1, 4}, OnHourOrHalf: {3, 3, 3, 4}, OffBoth: {0, 3, 1, 4},
		Recurs: {1, 1, 0, 1}, Friday: {0, 3, 2, 3}, NotFriday: {3, 3, 1, 3}, Short: {1, 3, 2, 3}, Long: {2, 3, 0, 3},
	}
	s := Measured(l.Events, OthersAll)
	for _, m := range s.Measures {
		if got := [4]int{m.Ordered, m.OrderedOf, m.Spontaneous, m.SpontaneousOf}; got != want[m.Key] {
			t.Errorf("%s: %v; want %v", m.Key, got, want[m.Key])
		}
		delete(want, m.Key)
	}
	if len(want) > 0 {
		t.Errorf("not measured: %v", want)
	}
	if s.OrderedMedian.Hours != 6 || s.OrderedMedian.N != 3 {
		t.Errorf("median %+v", s.OrderedMedian)
	}
	if m := Measured(l.Events, OthersExplained).Measures[0]; m.SpontaneousOf != 1 {
		t.Errorf("with a named cause: %d spontaneous; want the cable alone", m.SpontaneousOf)
	}
	if got := top(l.Events, 3); strings.Join(got, " ") != "SY IR" {
		t.Errorf("ordered most: %v", got)
	}
}

// TestIntervals checks the intervals against values worked out apart, and
// that countries which hang together widen them.
func TestIntervals(t *testing.T) {
	var ts []trial
	for i := range 100 { // 60 of 100 against 30 of 100
		ts = append(ts, trial{fmt.Sprint(i), true, i < 60}, trial{fmt.Sprint(i + 100), false, i < 30})
	}
	m := measure("", "", ts)
	// log(2) ± 1.96·√(0.4/60 + 0.7/30)
	if *m.Ratio != 2 || math.Abs(*m.Low-1.4243) > 1e-4 || math.Abs(*m.High-2.8084) > 1e-4 {
		t.Errorf("ratio %v, %v to %v", *m.Ratio, *m.Low, *m.High)
	}
	// Each country one outage: as if independent, but for g/(g-1).
	if math.Abs(*m.ClusterLow-*m.Low) > .01 || math.Abs(*m.ClusterHigh-*m.High) > .01 {
		t.Errorf("by country %v to %v; want about %v to %v", *m.ClusterLow, *m.ClusterHigh, *m.Low, *m.High)
	}
	for i := range ts {
		if ts[i].ordered {
			ts[i].country = map[bool]string{true: "all hits", false: "no hits"}[ts[i].hit]
		}
	}
	if w := measure("", "", ts); *w.ClusterHigh < 2**w.High {
		t.Errorf("two countries that decide everything: up to %v; independent up to %v", *w.ClusterHigh, *w.High)
	}
	if m := measure("", "", []trial{{"a", true, true}, {"b", false, false}}); m.Ratio != nil || m.Low != nil {
		t.Errorf("nothing against something has no ratio: %+v", m)
	}
}

func TestReadRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "the list is empty",
		"id,begin_utc\n":         `no column "end_utc"`,
		head + "a,b\n":           "after 0 rows",
		head + "\"a,b,c,d,e\n\n": "after 0 rows",
	} {
		if l, err := Read(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", in, l, err, want)
		}
	}
}

// TestRealList holds the counts that docs/ratios.md reports.
func TestRealList(t *testing.T) {
	f, err := os.Open(realdata.Path(t, "truth/ioda-investigated-outages-2018-2022.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	if l.Rows != 1704 || len(l.Events) != 1702 {
		t.Errorf("%d rows, %d used", l.Rows, len(l.Events))
	}
	problems := map[string]int{}
	for _, p := range l.Problems {
		problems[p.Why]++
	}
	for why, want := range map[string]int{BeginUnreadable: 1, NoCountry: 1, EndUnreadable: 3, EndMissing: 33, EndNotAfter: 78, SecondsMissing: 56, HourOver12: 7, WrongWeekday: 4, NoScope: 0} {
		if problems[why] != want {
			t.Errorf("%s: %d; docs/ratios.md says %d", why, problems[why], want)
		}
	}
	want := map[string]map[string][4]int{
		OthersAll: {
			OnHour: {128, 166, 356, 1536}, OnHourOrHalf: {151, 166, 611, 1536}, OffBoth: {15, 166, 925, 1536},
			Recurs: {107, 146, 1, 593}, Friday: {8, 164, 101, 751}, Long: {93, 160, 153, 705},
		},
		OthersExplained: {OnHour: {128, 166, 18, 78}, Long: {93, 160, 25, 50}},
		WithoutTop:      {OnHour: {8, 24, 346, 1508}, OffBoth: {7, 24, 909, 1508}, Recurs: {0, 7, 1, 590}},
	}
	for labels, of := range want {
		got := map[string][4]int{}
		for _, m := range Measured(l.Events, labels).Measures {
			got[m.Key] = [4]int{m.Ordered, m.OrderedOf, m.Spontaneous, m.SpontaneousOf}
		}
		for k, w := range of {
			if got[k] != w {
				t.Errorf("%s, %s: %v; docs/ratios.md says %v", labels, k, got[k], w)
			}
		}
	}
	if got := strings.Join(top(l.Events, 3), " "); got != "MM SY IQ" {
		t.Errorf("ordered most: %s", got)
	}
}

func FuzzMoment(f *testing.F) {
	for _, s := range []string{"Wednesday, March 17, 2021, 4:40:00 PM", "7/28/2020  17:00:00 PM", "Monday, October 25, 2021, 2:30: AM", "N/A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, odd, err := moment(s)
		if err == nil && (at.Nanosecond() != 0 || at.Location() != time.UTC || len(odd) > 3) {
			t.Fatalf("%q is read as %v, %q", s, at, odd)
		}
	})
}
