package timing

// Published is a published comparison of ordered and spontaneous outages, with
// the ratio that follows from the two shares.
type Published struct {
	Ordered, Spontaneous float64 // shares
}

// Ratio is the likelihood ratio, ordered over spontaneous.
func (p Published) Ratio() float64 { return p.Ordered / p.Spontaneous }

// Source of the published shares.
const Source = "Bischof et al., Destination Unreachable, SIGCOMM 2023"

// The published shares. Constat's own count on the authors' list, and why it
// differs, is in docs/ratios.md; `constat lab ratios` repeats it.
var (
	OnHour       = Published{.706, .231}
	OnHourOrHalf = Published{.848, .395}
	Recurs       = Published{.677, .0017}
	Friday       = Published{.060, .136}
)

// OffHour and OffBoth are what follows from them for the contrary.
var (
	OffHour = Published{1 - OnHour.Ordered, 1 - OnHour.Spontaneous}
	OffBoth = Published{1 - OnHourOrHalf.Ordered, 1 - OnHourOrHalf.Spontaneous}
)

// Elsewhere are Constat's own shares, on the authors' list, without the three
// countries that have 142 of its 166 ordered outages. There the hour says
// nothing (ratio 1.45, interval 0.8 to 2.6), the half-hour the contrary of what
// is published, and no ordered outage of seven followed another after exactly
// 1 to 4 days.
var Elsewhere = struct{ OnHour, OffBoth Published }{
	Published{8. / 24, 346. / 1508},
	Published{7. / 24, 909. / 1508},
}

// Habitual says that a country is one of those three, from which nearly all of
// the published difference comes: Iraq, Myanmar and Syria, 2018 to 2022.
func Habitual(country string) bool {
	return country == "IQ" || country == "MM" || country == "SY"
}

// Cap is the most that any one sign may weigh, either way. It is a choice. The
// published ratio for recurrence is near 400, but it rests on one outage among
// hundreds, on a handful of countries with school examinations, and on labels
// that were given because of the recurrence.
const Cap = 10.0

// Indifferent is how near to 1 a ratio must come to be taken for nothing. It
// is a choice: with less than two to one either way no reader should be moved.
const Indifferent = 2.0
