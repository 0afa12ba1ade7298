// Package ratios measures how outages that somebody ordered differ in their
// timing from those that nobody ordered, on a list of outages that people have
// labelled: the likelihood ratios behind how it went dark.
//
// It promises to count every row – used, or set aside with its reason – and an
// interval beside every ratio. It does not promise that the labels are right,
// and it says nothing about a single outage. The list is the reader's; nothing
// of it is kept here.
package ratios

import (
	"cmp"
	"math"
	"slices"
	"time"

	"constat/internal/zones"
)

// Event is one labelled outage of the list.
type Event struct {
	ID      string
	Begin   time.Time // UTC
	End     time.Time // zero if not known
	Country string    // ISO 3166
	Scope   Scope
	Cause   string
	zones   []zones.Offset // at Begin, in the order of the table
}

// Scope is what an outage of the list was an outage of.
type Scope uint8

// Scopes of labelled outages.
const (
	National Scope = iota
	Regional
	Network
)

// Ordered says that the list names an order as the cause.
func (e *Event) Ordered() bool { return e.Cause == "Government-Ordered" || e.Cause == "Exams" }

// Explained says that the list names a cause, of whatever kind.
func (e *Event) Explained() bool { return e.Cause != "" && e.Cause != "Unknown" }

// local is the moment on the clocks of the country's first zone.
func (e *Event) local() time.Time {
	return e.Begin.Add(time.Duration(e.zones[0].Seconds) * time.Second)
}

// Measure compares how often something is true of ordered and of spontaneous
// outages.
type Measure struct {
	Key  string `json:"key"`
	Over string `json:"over"` // what is counted: all scopes, national outages, intervals
	// Counts: so many of so many.
	Ordered       int `json:"ordered"`
	OrderedOf     int `json:"ordered_of"`
	Spontaneous   int `json:"spontaneous"`
	SpontaneousOf int `json:"spontaneous_of"`
	// Ratio of the two shares; null if nothing was counted in a share.
	Ratio *float64 `json:"ratio"`
	// Low and High bound the ratio at 95 % if every outage were independent;
	// ClusterLow and ClusterHigh if outages of one country hang together.
	Low         *float64 `json:"low"`
	High        *float64 `json:"high"`
	ClusterLow  *float64 `json:"cluster_low"`
	ClusterHigh *float64 `json:"cluster_high"`
	// Countries with at least one ordered outage among those counted, and how
	// many ordered outages the three most frequent of them have.
	Countries int `json:"ordered_countries"`
	TopThree  int `json:"ordered_in_top_three"`
}

// OrderedShare is the share among ordered outages, above the line of the ratio.
func (m *Measure) OrderedShare() float64 { return share(m.Ordered, m.OrderedOf) }

// SpontaneousShare is the share among spontaneous outages, below the line.
func (m *Measure) SpontaneousShare() float64 { return share(m.Spontaneous, m.SpontaneousOf) }

func share(k, n int) float64 {
	if n == 0 {
		return math.NaN()
	}
	return float64(k) / float64(n)
}

// trial is one thing that was counted.
type trial struct {
	country string
	ordered bool
	hit     bool
}

// measure counts trials and bounds their ratio.
func measure(key, over string, ts []trial) Measure {
	m := Measure{Key: key, Over: over}
	type counts struct{ k1, n1, k2, n2 float64 }
	by := map[string]*counts{}
	ordered := map[string]int{}
	for _, t := range ts {
		c := by[t.country]
		if c == nil {
			c = &counts{}
			by[t.country] = c
		}
		if t.ordered {
			m.OrderedOf++
			c.n1++
			ordered[t.country]++
			if t.hit {
				m.Ordered++
				c.k1++
			}
			continue
		}
		m.SpontaneousOf++
		c.n2++
		if t.hit {
			m.Spontaneous++
			c.k2++
		}
	}
	m.Countries = len(ordered)
	var most []int
	for _, n := range ordered {
		most = append(most, n)
	}
	slices.SortFunc(most, func(a, b int) int { return cmp.Compare(b, a) })
	for _, n := range most[:min(3, len(most))] {
		m.TopThree += n
	}
	if m.Ordered == 0 || m.Spontaneous == 0 {
		return m
	}
	n1, n2 := float64(m.OrderedOf), float64(m.SpontaneousOf)
	p1, p2 := float64(m.Ordered)/n1, float64(m.Spontaneous)/n2
	r := p1 / p2
	m.Ratio = &r
	// The logarithm of a ratio of two proportions is nearly normal (Katz et
	// al. 1978).
	m.Low, m.High = around(r, math.Sqrt((1-p1)/float64(m.Ordered)+(1-p2)/float64(m.Spontaneous)))
	// The same with each country as one draw: the spread of the countries'
	// contributions to the logarithm (linearisation). Summed in a fixed order,
	// so that the last digit does not depend on a map.
	var names []string
	for n := range by {
		names = append(names, n)
	}
	slices.Sort(names)
	var sum float64
	for _, n := range names {
		c := by[n]
		u := (c.k1-p1*c.n1)/(n1*p1) - (c.k2-p2*c.n2)/(n2*p2)
		sum += u * u
	}
	if g := float64(len(names)); g > 1 {
		m.ClusterLow, m.ClusterHigh = around(r, math.Sqrt(sum*g/(g-1)))
	}
	return m
}

func around(r, se float64) (low, high *float64) {
	const z = 1.959963984540054 // 95 %, two-sided
	l, h := r*math.Exp(-z*se), r*math.Exp(z*se)
	return &l, &h
}

// Median is a median with the interval that its order statistics give at 95 %.
type Median struct {
	N     int     `json:"n"`
	Hours float64 `json:"hours"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func median(hours []float64) Median {
	slices.Sort(hours)
	n := len(hours)
	if n == 0 {
		return Median{}
	}
	d := 1.959963984540054 * math.Sqrt(float64(n)) / 2
	at := func(x float64) float64 { return hours[max(0, min(n-1, int(x)))] }
	return Median{N: n, Hours: hours[(n-1)/2], Low: at(math.Floor(float64(n)/2 - d)), High: at(math.Ceil(float64(n)/2 + d))}
}

// Set is everything measured under one reading of the labels.
type Set struct {
	Labels   string    `json:"labels"`
	Measures []Measure `json:"measures"`
	// Median durations of national outages.
	OrderedMedian     Median `json:"ordered_median"`
	SpontaneousMedian Median `json:"spontaneous_median"`
}

// Readings of the labels.
const (
	// OthersAll takes every outage that is not labelled ordered for
	// spontaneous, as the published figures do.
	OthersAll = "spontaneous: every other outage"
	// OthersExplained takes only those for which another cause was found.
	OthersExplained = "spontaneous: only where another cause is named"
	// WithoutTop is OthersAll without the three countries that have most of
	// the ordered outages: what is left is what holds elsewhere.
	WithoutTop = "spontaneous: every other outage; without the three countries that were ordered most"
)

// Keys of the measures.
const (
	OnHour       = "on the local hour"
	OffHour      = "not on the local hour"
	OnHalf       = "on the half-hour, not the hour"
	OnHourOrHalf = "on the hour or half-hour"
	OffBoth      = "on neither hour nor half-hour"
	Recurs       = "exactly 1-4 days after the one before"
	Friday       = "on a Friday"
	NotFriday    = "not on a Friday"
	Short        = "shorter than 2 h"
	Long         = "5.5 h or longer"
)

// Measured compares ordered and spontaneous among the events.
func Measured(events []Event, labels string) Set {
	s := Set{Labels: labels}
	var all, national []*Event
	out := map[string]bool{}
	if labels == WithoutTop {
		for _, c := range top(events, 3) {
			out[c] = true
		}
	}
	for i := range events {
		e := &events[i]
		if out[e.Country] {
			continue
		}
		if labels == OthersExplained && !e.Explained() {
			continue
		}
		all = append(all, e)
		if e.Scope == National {
			national = append(national, e)
		}
	}
	count := func(key, over string, es []*Event, keep, hit func(*Event) bool) {
		var ts []trial
		for _, e := range es {
			if keep(e) {
				ts = append(ts, trial{e.Country, e.Ordered(), hit(e)})
			}
		}
		s.Measures = append(s.Measures, measure(key, over, ts))
	}
	any := func(*Event) bool { return true }
	minute := func(want ...int) func(*Event) bool {
		return func(e *Event) bool { return slices.Contains(want, e.local().Minute()) }
	}
	not := func(f func(*Event) bool) func(*Event) bool { return func(e *Event) bool { return !f(e) } }

	const scopes = "all scopes"
	count(OnHour, scopes, all, any, minute(0))
	count(OffHour, scopes, all, any, not(minute(0)))
	count(OnHalf, scopes, all, any, minute(30))
	count(OnHourOrHalf, scopes, all, any, minute(0, 30))
	count(OffBoth, scopes, all, any, not(minute(0, 30)))

	s.Measures = append(s.Measures, measure(Recurs, "intervals between national outages of one label and country", recurrences(national)))

	friday := func(e *Event) bool { return e.local().Weekday() == time.Friday }
	count(Friday, "national", national, any, friday)
	count(NotFriday, "national", national, any, not(friday))

	closed := func(e *Event) bool { return e.End.After(e.Begin) }
	hours := func(e *Event) float64 { return e.End.Sub(e.Begin).Hours() }
	count(Short, "national, end known", national, closed, func(e *Event) bool { return hours(e) < 2 })
	count(Long, "national, end known", national, closed, func(e *Event) bool { return hours(e) >= 5.5 })
	var of [2][]float64
	for _, e := range national {
		if closed(e) {
			i := 0
			if e.Ordered() {
				i = 1
			}
			of[i] = append(of[i], hours(e))
		}
	}
	s.OrderedMedian, s.SpontaneousMedian = median(of[1]), median(of[0])
	return s
}

// top names the n countries with most ordered outages, the most first.
func top(events []Event, n int) []string {
	count := map[string]int{}
	var names []string
	for i := range events {
		if e := &events[i]; e.Ordered() {
			if count[e.Country]++; count[e.Country] == 1 {
				names = append(names, e.Country)
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	return names[:min(n, len(names))]
}

// recurrences has a trial for each interval between consecutive starts in one
// country under one label; starts at the same moment are one.
func recurrences(es []*Event) []trial {
	type group struct {
		country string
		ordered bool
	}
	starts := map[group][]time.Time{}
	for _, e := range es {
		g := group{e.Country, e.Ordered()}
		starts[g] = append(starts[g], e.Begin)
	}
	var out []trial
	for g, ts := range starts {
		slices.SortFunc(ts, time.Time.Compare)
		ts = slices.Compact(ts)
		for i := 1; i < len(ts); i++ {
			d := ts[i].Sub(ts[i-1])
			const day = 24 * time.Hour
			out = append(out, trial{g.country, g.ordered, d%day == 0 && d >= day && d <= 4*day})
		}
	}
	return out
}
