// Package moment is time as the program means it: a moment in microseconds, an
// interval, and the forms in which people write them.
//
// It promises comparable, printable values. It reads no clock, decides nothing and
// imports only the standard library.
package moment

import (
	"fmt"
	"time"
)

// Time is a moment in microseconds since 1 January 1970 UTC. MRT time stamps
// are whole seconds, or microseconds in the extended records (RFC 6396 §3);
// no archive has anything finer.
type Time int64

// Second is one second in the unit of [Time].
const Second Time = 1_000_000

// Unix returns the moment that is sec whole seconds and micro microseconds
// after the epoch.
func Unix(sec int64, micro uint32) Time { return Time(sec)*Second + Time(micro) }

// FromTime converts t, cutting what is finer than a microsecond.
func FromTime(t time.Time) Time { return Time(t.UnixMicro()) }

// Sec returns the whole seconds since the epoch, rounded down.
func (t Time) Sec() int64 {
	s := int64(t / Second)
	if t%Second < 0 {
		s--
	}
	return s
}

// SecUp returns the whole seconds since the epoch, rounded up: the first second
// that begins at the moment or after it.
func (t Time) SecUp() int64 {
	if t.Micro() > 0 {
		return t.Sec() + 1
	}
	return t.Sec()
}

// Micro returns the microseconds within the second, 0 to 999,999.
func (t Time) Micro() uint32 { return uint32(t - Time(t.Sec())*Second) }

// Std returns t as a standard time in UTC.
func (t Time) Std() time.Time { return time.UnixMicro(int64(t)).UTC() }

// String is RFC 3339 in UTC. It carries a fraction (six digits) only where the
// moment has one.
func (t Time) String() string {
	if t.Micro() == 0 {
		return t.Std().Format("2006-01-02T15:04:05Z")
	}
	return t.Std().Format("2006-01-02T15:04:05.000000Z")
}

// MarshalText writes the form of [Time.String].
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(b []byte) error {
	v, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("time %q: not RFC 3339: %w", b, err)
	}
	*t = FromTime(v)
	return nil
}

// Interval is the time from From up to, not including, Until. An interval with
// no known end has a nil Until in findings and the end of the question here.
type Interval struct {
	From  Time `json:"from"`
	Until Time `json:"until"`
}

// Contains reports whether t lies in the interval.
func (i Interval) Contains(t Time) bool { return i.From <= t && t < i.Until }

// Overlaps reports whether the two intervals share a moment.
func (i Interval) Overlaps(j Interval) bool { return i.From < j.Until && j.From < i.Until }

func (i Interval) String() string { return i.From.String() + "/" + i.Until.String() }

// Floor returns the whole second at or before t.
func (t Time) Floor() Time { return Unix(t.Sec(), 0) }

// Ceil returns the whole second at or after t.
func (t Time) Ceil() Time { return Unix(t.SecUp(), 0) }
