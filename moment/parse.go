package moment

import (
	"fmt"
	"time"
)

// timeForms are the forms that people write a moment in, longest first. A form
// without a zone means UTC.
var timeForms = []string{
	time.RFC3339Nano, // also reads a fraction where the layout shows none
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04",
	"2006-01-02 15:04",
	"2006-01-02",
}

// ParseTime reads a moment as a person writes it: RFC 3339, or a shorter form
// of it down to the day ("2010-02-27T16:00", "2010-02-27 16:00",
// "2010-02-27"). UTC where no zone is named; what is finer than a microsecond
// is cut.
func ParseTime(s string) (Time, error) {
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil {
			return FromTime(t), nil
		}
	}
	return 0, fmt.Errorf("time %q: want RFC 3339 or a shorter form of it, such as 2010-02-27T16:00:00Z, 2010-02-27T16:00 or 2010-02-27 (UTC where no zone is named)", s)
}
