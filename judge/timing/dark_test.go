package timing

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"
)

func at(t *testing.T, s string) int64 {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v.Unix()
}

// TestEgypt has the published times of 27 January 2011, given out of order:
// the networks went one by one.
func TestEgypt(t *testing.T) {
	in := Input{Onset: at(t, "2011-01-27T22:17:10Z"), Duration: -1, Admitted: true, Country: "EG"}
	for _, o := range []struct {
		as uint32
		at string
	}{
		{5536, "22:25:10"}, {8452, "22:12:43"}, {36992, "22:19:02"}, {24835, "22:13:26"}, {24863, "22:17:10"},
	} {
		in.Origins = append(in.Origins, Origin{AS: o.as, At: at(t, "2011-01-27T"+o.at+"Z")})
	}
	a := Describe(in)
	var got [][2]int64
	for _, s := range a.Order {
		got = append(got, [2]int64{int64(s.AS), s.AfterS})
	}
	want := [][2]int64{{8452, 0}, {24835, 43}, {24863, 224}, {36992, 112}, {5536, 368}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("order and spacing %v; want %v", got, want)
	}
	if a.Shape != Staggered || a.SpreadS != 747 {
		t.Errorf("%s over %d s; want staggered over 747", a.Shape, a.SpreadS)
	}
	if in.Origins[0].AS != 5536 {
		t.Error("the caller's list was sorted")
	}
}

func TestShape(t *testing.T) {
	for _, c := range []struct {
		at   []int64
		want Shape
	}{
		{nil, NoOrigin}, {[]int64{100}, OneOrigin}, {[]int64{100, 160}, Clean}, {[]int64{100, 161}, Staggered}, {[]int64{161, 130, 100}, Staggered},
	} {
		var in Input
		for i, x := range c.at {
			in.Origins = append(in.Origins, Origin{AS: uint32(i + 1), At: x})
		}
		if a := Describe(in); a.Shape != c.want {
			t.Errorf("%v is %s; want %s", c.at, a.Shape, c.want)
		}
	}
}

func TestFlapping(t *testing.T) {
	const on = 1_000_000
	flaps := []Loss{{on - 90_000, on - 89_000}, {on - 40_000, on - 39_990}, {on - 600, on - 500}}
	a := Describe(Input{Onset: on, WatchedFrom: on - 100_000, Before: append(flaps,
		Loss{on - 100_001, on - 100_000},        // before anybody watched
		Loss{on - 50, 0}, Loss{on - 50, on + 1}, // part of the outage itself
		Loss{on + 10, on + 20})})
	if want := (Flapping{true, 3, 90_000, 100_000}); a.Flapping != want {
		t.Errorf("%+v; want %+v", a.Flapping, want)
	}
	if a := Describe(Input{Onset: on, WatchedFrom: on - 100_000, Before: flaps[1:]}); a.Flapping.Present || a.Flapping.Count != 2 || a.Flapping.SpanS != 40_000 {
		t.Errorf("two losses: %+v", a.Flapping)
	}
	// Without records nothing was searched: one hole in the window, one that reaches into it,
	// one behind the onset.
	if a := Describe(Input{Onset: on, WatchedFrom: on - 300_000, Holes: []Hole{{on - 200_000, on - 170_000}, {on - 50_000, on - 20_000}, {on + 10, on + 20}}}); a.Flapping.WatchedS != flapWindow-(flapWindow-170_000)-30_000 {
		t.Errorf("beside holes %d s were searched", a.Flapping.WatchedS)
	}
	if a := Describe(Input{Onset: on, WatchedFrom: on + 5}); a.Flapping != (Flapping{}) {
		t.Errorf("nobody watched before: %+v", a.Flapping)
	}
}

func TestBursts(t *testing.T) {
	a := Describe(Input{Peers: []Peer{
		{"one", []int64{100, 100, 101}},
		{"slow", []int64{160, 100, 130}}, // steps of 30 s are one burst
		{"two", []int64{100, 131, 132}},
		{"single", []int64{100}}, // one prefix says nothing
	}})
	if want := (Bursts{Peers: 3, InOne: 2, MedianSpan: 32, LongestS: 60}); a.Bursts != want {
		t.Errorf("%+v; want %+v", a.Bursts, want)
	}
}

// TestClockAt walks an hour: both readings of the labels' grid must agree.
func TestClockAt(t *testing.T) {
	for _, c := range []struct {
		min, sec int64
		want     Clock
	}{
		{0, 0, ClockHour}, {4, 59, ClockHour}, {5, 0, ClockBorder}, {9, 59, ClockBorder}, {10, 0, ClockNeither},
		{15, 7, ClockNeither}, {24, 59, ClockNeither}, {25, 0, ClockBorder}, {28, 59, ClockBorder}, {29, 0, ClockHalf},
		{30, 0, ClockHalf}, {34, 59, ClockHalf}, {35, 0, ClockBorder}, {40, 0, ClockNeither}, {54, 59, ClockNeither},
		{55, 0, ClockBorder}, {58, 59, ClockBorder}, {59, 0, ClockHour}, {59, 59, ClockHour},
	} {
		for _, h := range []int64{0, 1, 23} {
			if got := clockAt(h*3600 + c.min*60 + c.sec); got != c.want {
				t.Errorf("%02d:%02d:%02d is %q; want %q", h, c.min, c.sec, got, c.want)
			}
		}
	}
}

func TestLocal(t *testing.T) {
	in := Input{Onset: at(t, "2014-12-22T16:15:07Z"), Admitted: true, Offsets: []Offset{{"Asia/Pyongyang", 9 * 3600}}}
	a := Describe(in)
	if l := a.Local[0]; l.Hour != 1 || l.Minute != 15 || l.Second != 7 || weekdays[l.Weekday] != "tuesday" || a.Clock != ClockNeither {
		t.Errorf("%+v, %s", l, a.Clock)
	}
	// Half past on UTC is the hour in Iran, and neither in Nepal.
	in.Onset = at(t, "1969-12-31T20:30:01Z")
	in.Offsets = []Offset{{"Asia/Tehran", 3*3600 + 1800}}
	if a := Describe(in); a.Clock != ClockHour || weekdays[a.Local[0].Weekday] != "thursday" {
		t.Errorf("Tehran: %+v", a.Local)
	}
	in.Offsets = append(in.Offsets, Offset{"Asia/Kathmandu", 5*3600 + 2700})
	if a := Describe(in); a.Clock != ClockDiffers || sign(a, KeyClock).Weight != nil {
		t.Errorf("two zones: %s", a.Clock)
	}
	in.Offsets = nil
	if a := Describe(in); a.Clock != ClockUnknown || sign(a, KeyClock).Why != WhyUnknown {
		t.Errorf("no zone: %s", a.Clock)
	}
}

func sign(a Account, k Key) Sign {
	for _, s := range a.Signs {
		if s.Key == k {
			return s
		}
	}
	return Sign{}
}

func TestRecurrence(t *testing.T) {
	const on = 100 * day
	for _, c := range []struct {
		earlier []int64
		want    int
	}{
		{nil, 0}, {[]int64{on - day}, 1}, {[]int64{on - day + 300}, 1}, {[]int64{on - day + 301}, 0}, {[]int64{on - day - 300}, 1},
		{[]int64{on - 4*day}, 4}, {[]int64{on - 5*day}, 0}, {[]int64{on - 10}, 0},
		{[]int64{on - 2*day, on - 9*day, on + 7}, 2},
		{[]int64{on - day, on - day/2}, 0}, // only the latest counts
	} {
		if a := Describe(Input{Onset: on, Admitted: true, Earlier: c.earlier}); a.AfterDays != c.want {
			t.Errorf("earlier %v: after %d days; want %d", c.earlier, a.AfterDays, c.want)
		}
	}
}

// TestWeights has what each sign may weigh, and what all of them amount to.
func TestWeights(t *testing.T) {
	hour := at(t, "2018-05-31T00:00:20Z")
	utc := []Offset{{"UTC", 0}}
	for name, c := range map[string]struct {
		in      Input
		key     Key
		ratio   float64 // published; 0: none
		weight  float64 // 0: none
		side    Side
		overall Overall
	}{
		"the hour where ordered outages are a habit": {Input{Onset: hour, Offsets: utc, Country: "SY"}, KeyClock, 3.06, 3.06, Ordered, Overall{For: Ordered, Of: KeyClock}},
		"the hour elsewhere":                         {Input{Onset: hour, Offsets: utc, Country: "KP"}, KeyClock, 3.06, 0, Neither, Overall{For: Neither}},
		"the hour of no country":                     {Input{Onset: hour, Offsets: utc}, KeyClock, 3.06, 0, Neither, Overall{For: Neither}},
		"neither where it is a habit":                {Input{Onset: hour + 900, Offsets: utc, Country: "SY"}, KeyClock, .2512, .2512, Spontaneous, Overall{For: Spontaneous, Of: KeyClock}},
		"neither elsewhere: the recount is nearer":   {Input{Onset: hour + 900, Offsets: utc, Country: "KP"}, KeyClock, .2512, .4839, Spontaneous, Overall{For: Spontaneous, Of: KeyClock}},
		"the half-hour":                              {Input{Onset: hour + 1800, Offsets: utc, Country: "SY"}, KeyClock, .866, 0, Neither, Overall{For: Neither}},
		"recurrence is capped":                       {Input{Onset: hour, Earlier: []int64{hour - day}, Country: "IQ"}, KeyRecurrence, 398.2, Cap, Ordered, Overall{For: Ordered, Of: KeyRecurrence}},
		"recurrence elsewhere":                       {Input{Onset: hour, Earlier: []int64{hour - day}, Country: "EG"}, KeyRecurrence, 398.2, 0, Neither, Overall{For: Neither}},
		"two signs: the weaker stands for both":      {Input{Onset: hour, Offsets: utc, Earlier: []int64{hour - day}, Country: "MM"}, KeyRecurrence, 398.2, Cap, Ordered, Overall{For: Ordered, Of: KeyClock}},
		"two signs both ways: nothing":               {Input{Onset: hour + 900, Offsets: utc, Earlier: []int64{hour + 900 - day}, Country: "MM"}, KeyRecurrence, 398.2, Cap, Ordered, Overall{For: BothWays}},
		"a Friday":                                   {Input{Onset: hour + day, Offsets: utc, Country: "SY"}, KeyWeekday, .441, 0, Neither, Overall{For: Ordered, Of: KeyClock}},
		"a long one":                                 {Input{Onset: hour, Duration: 9 * 3600}, KeyDuration, 0, 0, Neither, Overall{For: Neither}},
	} {
		c.in.Admitted = true
		a := Describe(c.in)
		s := sign(a, c.key)
		eq := func(p *float64, want float64) bool {
			return p == nil && want == 0 || p != nil && math.Abs(*p-want) < .005*want
		}
		if !eq(s.Ratio, c.ratio) || !eq(s.Weight, c.weight) || s.For != c.side {
			t.Errorf("%s: %+v (ratio %v, weight %v)", name, s, s.Ratio, s.Weight)
		}
		if (s.Weight == nil) != (s.Why != Weighed) || (s.Ratio == nil) != (s.Source == "") {
			t.Errorf("%s: a sign must have a weight or a reason, and a ratio its source: %+v", name, s)
		}
		if a.Overall.For != c.overall.For || a.Overall.Of != c.overall.Of {
			t.Errorf("%s: overall %+v; want %+v", name, a.Overall, c.overall)
		}
		if o := a.Overall; (o.Weight != nil) != (o.For == Ordered || o.For == Spontaneous) {
			t.Errorf("%s: overall %+v", name, o)
		}
	}
}

// TestOff: re-stamped times weigh nothing under any standard and do not say
// where on the clock they lie; times that a standard does not admit are
// described and weigh nothing.
func TestOff(t *testing.T) {
	in := Input{
		Onset: at(t, "2018-05-31T00:00:20Z"), Duration: 9 * 3600, Country: "SY", Offsets: []Offset{{"Asia/Damascus", 3 * 3600}},
		Earlier: []int64{at(t, "2018-05-30T00:00:20Z")}, Admitted: true, Origins: []Origin{{AS: 1, At: 5}, {AS: 2, At: 500}},
	}
	if a := Describe(in); a.Off != NotOff || a.Overall.For != Ordered {
		t.Fatalf("this input must weigh, or the rest tests nothing: %+v", a.Overall)
	}
	weighs := func(a Account) bool {
		return a.Overall.For != Neither || slices.ContainsFunc(a.Signs, func(s Sign) bool { return s.Weight != nil || s.Ratio != nil || s.Why != WhyOff })
	}
	in.Restamped = true
	a := Describe(in)
	if a.Off != OffRestamped || weighs(a) || len(a.Local) != 0 || a.Clock != ClockUnknown || a.AfterDays != 0 || a.Shape != Staggered {
		t.Errorf("re-stamped: %+v", a)
	}
	in.Restamped, in.Admitted = false, false
	a = Describe(in)
	if a.Off != OffStandard || weighs(a) || a.Clock != ClockHour || a.AfterDays != 1 {
		t.Errorf("not admitted: %+v", a)
	}
}

// FuzzDescribe: no input panics, nothing weighs more than the cap, and the
// order of lists does not matter.
func FuzzDescribe(f *testing.F) {
	f.Add(int64(1_419_264_907), int64(34_267), int64(86_400), int32(32_400), true, false)
	f.Add(int64(-5), int64(-1), int64(0), int32(-43_200), false, true)
	f.Add(int64(1)<<61, int64(1)<<61, -int64(1)<<61, int32(math.MaxInt32), true, false)
	f.Fuzz(func(t *testing.T, onset, duration, back int64, offset int32, admitted, restamped bool) {
		in := Input{
			Onset: onset, Duration: duration, Admitted: admitted, Restamped: restamped, Country: "SY",
			Offsets: []Offset{{"a", int(offset)}}, Earlier: []int64{onset - back, onset - 7},
			Origins: []Origin{{1, onset, 1}, {2, onset - back, 1}}, Before: []Loss{{onset - back, onset - 1}},
			Peers: []Peer{{"p", []int64{onset, onset - back}}},
		}
		a := Describe(in)
		for _, s := range a.Signs {
			if s.Weight != nil && (*s.Weight > Cap || *s.Weight < 1/Cap || math.IsNaN(*s.Weight) || a.Off != NotOff) {
				t.Fatalf("%+v weighs %v", s, *s.Weight)
			}
		}
		slices.Reverse(in.Earlier)
		slices.Reverse(in.Origins)
		if b := Describe(in); !reflect.DeepEqual(a, b) {
			t.Fatalf("the order of lists matters:\n%+v\n%+v", a, b)
		}
	})
}
