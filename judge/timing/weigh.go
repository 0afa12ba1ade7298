package timing

// Side is what something speaks for. It says nothing about who, or where.
type Side string

// Sides.
const (
	Neither     Side = "neither"
	Ordered     Side = "ordered"
	Spontaneous Side = "spontaneous"
	BothWays    Side = "both-ways" // some signs for the one, some for the other
)

// Sign is one thing about how it went dark. The report words Key and Value.
type Sign struct {
	Key   Key    `json:"key"`
	Value string `json:"value"`
	// Ratio is how many times more often this is seen of ordered outages than
	// of spontaneous ones, as published; null if that was not measured.
	Ratio  *float64 `json:"ratio"`
	Source string   `json:"source"` // of the ratio; "" without one
	// Weight is what it weighs here: of the published ratio and of Constat's
	// recount for countries such as this the one nearer to 1, capped. Null
	// if it weighs nothing, and then Why says why.
	Weight *float64 `json:"weight"`
	Capped bool     `json:"capped"`
	For    Side     `json:"for"`
	Why    Why      `json:"why"`
}

// Key names a sign.
type Key string

// Signs.
const (
	KeyClock      Key = "clock"
	KeyRecurrence Key = "recurrence"
	KeyWeekday    Key = "weekday"
	KeyDuration   Key = "duration"
	KeyShape      Key = "shape"
	KeyFlapping   Key = "flapping"
	KeyBursts     Key = "bursts"
)

// Why says why a sign has no ratio.
type Why string

// Reasons.
const (
	Weighed        Why = ""
	WhyOff         Why = "timing-off"
	WhyNotMeasured Why = "not-measured"
	WhyNotHeld     Why = "not-held-when-recomputed"
	WhyFewPlaces   Why = "not-held-elsewhere"
	WhyNoOdds      Why = "as-often-of-either"
	WhyBorder      Why = "near-the-border"
	WhyUnknown     Why = "not-known-here"
	WhyNoAbsence   Why = "only-presence-measured"
)

// Overall is what all signs amount to. They hang together – one order for
// school examinations sets hour, weekday, recurrence and length at once – so
// their weights are never multiplied, and the strongest is not picked either:
// of several signs that hang together the strongest is the luckiest. Where all
// that weigh speak for one side, the weakest of them stands for all; where
// they speak both ways, nothing is said.
type Overall struct {
	For    Side     `json:"for"`
	Weight *float64 `json:"weight"`
	Of     Key      `json:"of"` // the sign that stands for all
}

func (a *Account) weigh(in Input) {
	none := func(k Key, value string, why Why) {
		if a.Off != NotOff {
			why = WhyOff
		}
		a.Signs = append(a.Signs, Sign{Key: k, Value: value, For: Neither, Why: why})
	}
	// some weighs the published ratio and a recount; recount nil: the published
	// ratio holds here, or why says that it does not.
	some := func(k Key, value string, p Published, recount *Published, why Why) {
		if a.Off != NotOff {
			none(k, value, WhyOff)
			return
		}
		r := p.Ratio()
		s := Sign{Key: k, Value: value, Ratio: &r, Source: Source, For: Neither, Why: why}
		defer func() { a.Signs = append(a.Signs, s) }()
		if why != Weighed {
			return
		}
		w := r
		if recount != nil && nearer(recount.Ratio(), w) {
			w = recount.Ratio()
		}
		if w > Cap || w < 1/Cap {
			s.Capped = true
			w = min(max(w, 1/Cap), Cap)
		}
		switch {
		case w >= Indifferent:
			s.For = Ordered
		case w <= 1/Indifferent:
			s.For = Spontaneous
		default:
			s.Why = WhyNoOdds
			return
		}
		s.Weight = &w
	}

	here := Weighed
	var offBoth *Published
	if !Habitual(in.Country) {
		here = WhyFewPlaces
		offBoth = &Elsewhere.OffBoth
	}
	switch a.Clock {
	case ClockHour:
		some(KeyClock, string(a.Clock), OnHour, nil, here)
	case ClockNeither:
		some(KeyClock, string(a.Clock), OffBoth, offBoth, Weighed)
	case ClockHalf:
		// 14.2 % against 16.4 % by the published shares.
		some(KeyClock, string(a.Clock), Published{OnHourOrHalf.Ordered - OnHour.Ordered, OnHourOrHalf.Spontaneous - OnHour.Spontaneous}, nil, Weighed)
	case ClockBorder:
		none(KeyClock, string(a.Clock), WhyBorder)
	default:
		none(KeyClock, string(a.Clock), WhyUnknown)
	}
	switch {
	case a.AfterDays > 0:
		some(KeyRecurrence, afterDays[a.AfterDays], Recurs, nil, here)
	case len(in.Earlier) > 0 && !in.Restamped:
		// The published share is over intervals between outages known to be of
		// one kind; the kind of the earlier one is not known here.
		none(KeyRecurrence, "not-after-whole-days", WhyNoAbsence)
	default:
		none(KeyRecurrence, "none-earlier-seen", WhyUnknown)
	}
	switch {
	case len(a.Local) == 0:
		none(KeyWeekday, "", WhyUnknown)
	case a.Local[0].Weekday == 5:
		some(KeyWeekday, weekdays[5], Friday, nil, WhyNotHeld)
	default:
		none(KeyWeekday, weekdays[a.Local[0].Weekday], WhyNoAbsence)
	}
	if a.DurationS != nil {
		none(KeyDuration, band(*a.DurationS), WhyNotHeld)
	}
	none(KeyShape, string(a.Shape), WhyNotMeasured)
	flap := "steady-before"
	if a.Flapping.Present {
		flap = "unstable-before"
	}
	none(KeyFlapping, flap, WhyNotMeasured)
	if a.Bursts.Peers > 0 {
		b := "in-several-bursts"
		if a.Bursts.InOne == a.Bursts.Peers {
			b = "in-one-burst"
		}
		none(KeyBursts, b, WhyNotMeasured)
	}
	a.Overall = overall(a.Signs)
}

// nearer says that x is nearer to 1 than y, as a ratio. Where they lie on
// different sides of 1 the measurements contradict each other; 1 itself would
// be the honest value, and x, the recount, is taken if it is nearer.
func nearer(x, y float64) bool { return max(x, 1/x) < max(y, 1/y) }

var afterDays = [...]string{"", "exactly-1-day", "exactly-2-days", "exactly-3-days", "exactly-4-days"}

var weekdays = [...]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// band names a duration by the published medians, 2.0 h of spontaneous and
// 5.5 h of ordered outages.
func band(s int64) string {
	switch {
	case s < 2*3600:
		return "under-2-h"
	case s < 5*3600+1800:
		return "2-h-to-5-h-30"
	}
	return "5-h-30-or-longer"
}

// overall joins the signs by the rule of [Overall].
func overall(signs []Sign) Overall {
	o := Overall{For: Neither}
	for _, s := range signs {
		switch {
		case s.For == Neither || o.For == BothWays:
		case o.For != Neither && o.For != s.For:
			o = Overall{For: BothWays}
		case o.For == Neither || nearer(*s.Weight, *o.Weight):
			w := *s.Weight
			o = Overall{s.For, &w, s.Key}
		}
	}
	return o
}
