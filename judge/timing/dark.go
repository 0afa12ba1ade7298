// Package timing describes how a network went dark: at once or origin by origin,
// after flapping or out of the blue, in one session's burst or in many, on the
// hour that clocks there showed, again after so many days. And it weighs what
// of this bears on whether somebody ordered it.
//
// It is pure: plain values in, plain values out; the caller knows the time
// zones. It promises that nothing it says bears on where announcements stopped
// – origin, link or transit – which is cause's; that no sign weighs more than
// [Cap]; that signs which hang together are never multiplied; that a sign
// without a measured ratio is described and not weighed; and that times which
// were re-stamped, or that a standard does not admit, weigh nothing. Times
// from the press are no input. Ordered is not ordered by whom.
package timing

import (
	"cmp"
	"slices"
)

// Input is what is known about one outage and about what went before. All
// times are seconds since 1970 UTC.
type Input struct {
	Onset    int64 // median over peers
	Duration int64 // between the medians of onset and recovery; -1 if not seen
	// WatchedFrom is when the records begin: what happened earlier is unknown.
	WatchedFrom int64
	// Holes are the times since then, in order and apart, of which no collector has a record:
	// files that were not given, or are lost.
	Holes []Hole
	// Origins holds the networks that were lost, each once, with the median of its
	// own onset.
	Origins []Origin
	// Peers holds, for each peer that lost the subject, when it lost each of
	// its prefixes in this onset.
	Peers []Peer
	// Before holds earlier losses of anything of the subject: what flapped.
	Before []Loss
	// Earlier holds the onsets of earlier outages of the same scope.
	Earlier []int64
	// Country is the subject's by ISO 3166; "" if it has none. The measured
	// ratios hold in few: see [Habitual].
	Country string
	// Offsets are what the clocks of the subject's country showed at the
	// onset; empty if it has no country.
	Offsets []Offset
	// Restamped says that times are not those of the events (the note
	// "reconstruction").
	Restamped bool
	// Admitted is the standard's word on timing evidence.
	Admitted bool
}

// Origin is an origin AS and when it went.
type Origin struct {
	AS       uint32
	At       int64
	Prefixes int
}

// Peer is one peer's part: when it lost each prefix, in any order.
type Peer struct {
	Name   string
	Losses []int64
}

// Loss is an earlier loss, of a prefix, an origin or everything.
type Loss struct {
	From, Until int64 // Until 0 if not seen to end
}

// Offset is a time zone's offset from UTC, east positive.
type Offset struct {
	Zone    string `json:"zone"`
	Seconds int    `json:"seconds"`
}

// Off says why timing does not weigh.
type Off string

// Reasons.
const (
	NotOff       Off = ""
	OffRestamped Off = "times-re-stamped"
	OffStandard  Off = "not-admitted-by-standard"
)

// Shape is how the networks of the subject went.
type Shape string

// Shapes.
const (
	OneOrigin Shape = "one-origin"
	Clean     Shape = "clean"     // all origins within cleanSpread
	Staggered Shape = "staggered" // origin by origin
	NoOrigin  Shape = "unknown"
)

// Choices of description; none of them weighs.
const (
	cleanSpread = 60        // seconds; withdrawals take seconds to a minute to reach every peer
	burstGap    = 30        // seconds; the customary interval between advertisements to one neighbour (RFC 4271 §10)
	flapWindow  = 48 * 3600 // seconds before the onset that are searched for flapping
	flapsFrom   = 3         // earlier losses that make it flapping
)

// Step is one origin's turn.
type Step struct {
	AS       uint32 `json:"as"`
	At       int64  `json:"at"`
	AfterS   int64  `json:"after_s"` // since the origin before it; 0 for the first
	Prefixes int    `json:"prefixes"`
}

// Hole is a time without records.
type Hole struct{ From, Until int64 }

// Flapping is instability before the onset.
type Flapping struct {
	Present  bool  `json:"present"`
	Count    int   `json:"count"`
	SpanS    int64 `json:"span_s"`    // from the first such loss to the onset
	WatchedS int64 `json:"watched_s"` // how much of the window before the onset was watched
}

// Bursts says whether each peer lost everything in one go. One burst at every
// peer is what a single session or router looks like from outside; several
// peers with several bursts mean that more than one thing went.
type Bursts struct {
	Peers      int   `json:"peers"`           // peers that lost two prefixes or more
	InOne      int   `json:"in_one"`          // of them, those that lost all in one burst
	MedianSpan int64 `json:"median_spread_s"` // lower median over them, from a peer's first loss to its last
	LongestS   int64 `json:"longest_spread_s"`
}

// Clock is where on the hour the onset lies.
type Clock string

// Positions.
const (
	ClockHour    Clock = "on-the-hour"
	ClockHalf    Clock = "on-the-half-hour"
	ClockNeither Clock = "on-neither"
	ClockBorder  Clock = "too-near-to-tell"
	ClockUnknown Clock = "no-local-time"
	ClockDiffers Clock = "time-zones-differ"
)

// Local is the onset on the clocks of one zone.
type Local struct {
	Offset
	Clock   Clock `json:"clock"`
	Hour    int   `json:"hour"`
	Minute  int   `json:"minute"`
	Second  int   `json:"second"`
	Weekday int   `json:"weekday"` // 0 is Sunday
}

// Account is how it went dark.
type Account struct {
	Off      Off      `json:"off"` // why nothing below weighs; "" if it may
	Shape    Shape    `json:"shape"`
	SpreadS  int64    `json:"spread_s"` // from the first origin to the last
	Order    []Step   `json:"order"`
	Flapping Flapping `json:"flapping"`
	Bursts   Bursts   `json:"bursts"`
	Clock    Clock    `json:"clock"`
	Local    []Local  `json:"local"`
	// AfterDays is how many days after the latest earlier outage this one
	// began, 1 to 4 exactly; 0 otherwise.
	AfterDays int     `json:"after_days"`
	DurationS *int64  `json:"duration_s"`
	Signs     []Sign  `json:"signs"`
	Overall   Overall `json:"overall"`
}

// Describe says how it went dark.
func Describe(in Input) Account {
	a := Account{Order: []Step{}, Local: []Local{}, Signs: []Sign{}}
	switch {
	case in.Restamped: // first: no standard could admit them
		a.Off = OffRestamped
	case !in.Admitted:
		a.Off = OffStandard
	}
	a.order(in.Origins)
	a.flapping(in)
	a.bursts(in.Peers)
	if in.Duration >= 0 {
		d := in.Duration
		a.DurationS = &d
	}
	// Re-stamping keeps how far apart events are, but not their time of day, which
	// comes from whoever chose the times.
	a.Clock = ClockUnknown
	if !in.Restamped {
		a.clock(in)
		a.recurrence(in)
	}
	a.weigh(in)
	return a
}

func (a *Account) order(os []Origin) {
	os = slices.Clone(os)
	slices.SortFunc(os, func(x, y Origin) int {
		return cmp.Or(cmp.Compare(x.At, y.At), cmp.Compare(x.AS, y.AS))
	})
	for i, o := range os {
		s := Step{AS: o.AS, At: o.At, Prefixes: o.Prefixes}
		if i > 0 {
			s.AfterS = o.At - os[i-1].At
		}
		a.Order = append(a.Order, s)
	}
	switch n := len(os); {
	case n == 0:
		a.Shape = NoOrigin
	case n == 1:
		a.Shape = OneOrigin
	default:
		a.SpreadS = os[n-1].At - os[0].At
		a.Shape = Clean
		if a.SpreadS > cleanSpread {
			a.Shape = Staggered
		}
	}
}

func (a *Account) flapping(in Input) {
	from := max(in.Onset-flapWindow, in.WatchedFrom)
	f := &a.Flapping
	f.WatchedS = max(0, in.Onset-from)
	for _, h := range in.Holes {
		f.WatchedS -= max(0, min(h.Until, in.Onset)-max(h.From, from))
	}
	first := in.Onset
	for _, l := range in.Before {
		// What had not ended by the onset belongs to it, or is another story.
		if l.From < from || l.From >= in.Onset || l.Until == 0 || l.Until > in.Onset {
			continue
		}
		f.Count++
		first = min(first, l.From)
	}
	f.SpanS = in.Onset - first
	f.Present = f.Count >= flapsFrom
}

func (a *Account) bursts(ps []Peer) {
	var spans []int64
	for _, p := range ps {
		if len(p.Losses) < 2 {
			continue
		}
		at := slices.Clone(p.Losses)
		slices.Sort(at)
		one := true
		for i := 1; i < len(at); i++ {
			one = one && at[i]-at[i-1] <= burstGap
		}
		a.Bursts.Peers++
		if one {
			a.Bursts.InOne++
		}
		spans = append(spans, at[len(at)-1]-at[0])
	}
	if len(spans) > 0 {
		slices.Sort(spans)
		a.Bursts.MedianSpan = spans[(len(spans)-1)/2]
		a.Bursts.LongestS = spans[len(spans)-1]
	}
}

const day = 24 * 3600

// mod is the remainder that is never negative.
func mod(a, b int64) int64 { return ((a % b) + b) % b }

func (a *Account) clock(in Input) {
	for i, o := range in.Offsets {
		t := in.Onset + int64(o.Seconds)
		s := mod(t, day)
		l := Local{Offset: o, Clock: clockAt(s), Hour: int(s / 3600), Minute: int(s / 60 % 60), Second: int(s % 60)}
		l.Weekday = int(mod((t-s)/day+4, 7)) // 1 January 1970 was a Thursday
		a.Local = append(a.Local, l)
		if i == 0 {
			a.Clock = l.Clock
		} else if l.Clock != a.Clock {
			a.Clock = ClockDiffers
		}
	}
}

// clockAt judges a second of the local day. The labels behind the ratios lie
// on a grid of ten minutes, and whether they were rounded or cut to it is not
// known. So an onset is on the hour only if both readings say so – from the
// hour to five minutes past, and a minute before it for the clocks' sake – and
// on neither only if both say that.
func clockAt(s int64) Clock {
	near := func(of int64) (in, border bool) {
		d := mod(s-of+1800, 3600) - 1800 // -1800 … 1799 from the mark
		return d >= -60 && d < 300, d >= -300 && d < 600
	}
	hour, hourBorder := near(0)
	half, halfBorder := near(1800)
	switch {
	case hour:
		return ClockHour
	case half:
		return ClockHalf
	case hourBorder || halfBorder:
		return ClockBorder
	}
	return ClockNeither
}

// exactly is how far, in seconds, an interval may be from whole days: half the
// grid of the labels.
const exactly = 300

// recurrence looks at the latest earlier outage alone, as the published
// intervals are between consecutive ones.
func (a *Account) recurrence(in Input) {
	var last int64
	found := false
	for _, e := range in.Earlier {
		if e < in.Onset && (!found || e > last) {
			last, found = e, true
		}
	}
	if !found {
		return
	}
	d := in.Onset - last
	n := (d + day/2) / day
	if n >= 1 && n <= 4 && max(d-n*day, n*day-d) <= exactly {
		a.AfterDays = int(n)
	}
}
