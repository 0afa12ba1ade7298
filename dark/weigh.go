package dark

// Side is what something speaks for. It says nothing about who, or where.
type Side string

// Sides.
const (
	Neither     Side = "neither"
	Ordered     Side = "ordered"
	Spontaneous Side = "spontaneous"
	BothWays    Side = "both ways" // some signs for the one, some for the other
)

// Sign is one thing about how it went dark. The report words Key and Value.
type Sign struct {
	Key   Key    `json:"key"`
	Value string `json:"value"`
	// Ratio is how many times more often this is seen of ordered outages than
	// of spontaneous ones, capped; null where it was not measured, or where
	// what was measured does not hold up: Why says which.
	Ratio  *float64 `json:"ratio"`
	Capped bool     `json:"capped"`
	For    Side     `json:"for"`
	Source string   `json:"source"` // of the ratio; "" without one
	Why    Why      `json:"why"`    // why there is no ratio; "" with one
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
	WhyOff         Why = "timing evidence is off"
	WhyNotMeasured Why = "nobody has measured how often this is seen of either"
	WhyNotHeld     Why = "the published difference does not hold when recomputed"
	WhyBorder      Why = "too near to the border to tell"
	WhyUnknown     Why = "not known here"
	WhyNoAbsence   Why = "only its presence was measured"
)

// Overall is what all signs amount to. They hang together – one order for
// school examinations sets hour, weekday, recurrence and length at once – so
// their ratios are never multiplied, and the strongest is not picked either:
// of several signs that hang together the strongest is the luckiest. Where all
// that weigh speak for one side, the weakest of them stands for all; where
// they speak both ways, nothing is said.
type Overall struct {
	For   Side     `json:"for"`
	Ratio *float64 `json:"ratio"`
	Of    Key      `json:"of"` // the sign that stands for all
}

func (a *Account) weigh(in Input) {
	none := func(k Key, value string, why Why) {
		if a.Off != NotOff {
			why = WhyOff
		}
		a.Signs = append(a.Signs, Sign{Key: k, Value: value, For: Neither, Why: why})
	}
	some := func(k Key, value string, p Published) {
		if a.Off != NotOff {
			none(k, value, WhyOff)
			return
		}
		s := Sign{Key: k, Value: value, For: Neither, Source: Source}
		r := p.Ratio()
		if r > Cap || r < 1/Cap {
			s.Capped = true
			r = min(max(r, 1/Cap), Cap)
		}
		s.Ratio = &r
		switch {
		case r >= Indifferent:
			s.For = Ordered
		case r <= 1/Indifferent:
			s.For = Spontaneous
		}
		a.Signs = append(a.Signs, s)
	}

	switch a.Clock {
	case ClockHour:
		some(KeyClock, string(a.Clock), OnHour)
	case ClockNeither:
		some(KeyClock, string(a.Clock), OffBoth)
	case ClockHalf:
		// 14.2 % against 16.4 % by the published shares: no difference.
		some(KeyClock, string(a.Clock), Published{OnHourOrHalf.Ordered - OnHour.Ordered, OnHourOrHalf.Spontaneous - OnHour.Spontaneous})
	case ClockBorder:
		none(KeyClock, string(a.Clock), WhyBorder)
	default:
		none(KeyClock, string(a.Clock), WhyUnknown)
	}
	switch {
	case a.AfterDays > 0:
		some(KeyRecurrence, "exactly "+[]string{"", "1", "2", "3", "4"}[a.AfterDays]+" days", Recurs)
	case len(in.Earlier) > 0 && !in.Restamped:
		// The published share is over intervals between outages known to be of
		// one kind; the kind of the earlier one is not known here.
		none(KeyRecurrence, "not after whole days", WhyNoAbsence)
	default:
		none(KeyRecurrence, "none earlier seen", WhyUnknown)
	}
	if len(a.Local) > 0 {
		none(KeyWeekday, weekdays[a.Local[0].Weekday], WhyNotHeld)
	}
	if a.DurationS != nil {
		none(KeyDuration, band(*a.DurationS), WhyNotHeld)
	}
	none(KeyShape, string(a.Shape), WhyNotMeasured)
	flap := "steady before"
	if a.Flapping.Present {
		flap = "unstable before"
	}
	none(KeyFlapping, flap, WhyNotMeasured)
	if a.Bursts.Peers > 0 {
		b := "in several bursts"
		if a.Bursts.InOne == a.Bursts.Peers {
			b = "in one burst"
		}
		none(KeyBursts, b, WhyNotMeasured)
	}
	a.Overall = overall(a.Signs)
}

var weekdays = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}

// band names a duration by the published medians, 2.0 h of spontaneous and
// 5.5 h of ordered outages.
func band(s int64) string {
	switch {
	case s < 2*3600:
		return "shorter than 2 h"
	case s < 5*3600+1800:
		return "2 h to 5.5 h"
	}
	return "5.5 h or longer"
}

// overall joins the signs by the rule of [Overall].
func overall(signs []Sign) Overall {
	o := Overall{For: Neither}
	weaker := func(x, y float64) bool { // both on one side of 1
		if x < 1 {
			x, y = 1/x, 1/y
		}
		return x < y
	}
	for _, s := range signs {
		switch {
		case s.For == Neither || o.For == BothWays:
		case o.For == Neither:
			r := *s.Ratio
			o = Overall{s.For, &r, s.Key}
		case o.For != s.For:
			o = Overall{For: BothWays}
		case weaker(*s.Ratio, *o.Ratio):
			r := *s.Ratio
			o = Overall{s.For, &r, s.Key}
		}
	}
	return o
}
