package source

import (
	"slices"
	"testing"
	"time"

	"constat/moment"
)

// TestEarly: the updates that end where the snapshot begins are taken if that is asked
// for, and no others.
func TestEarly(t *testing.T) {
	day := moment.FromTime(time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC))
	at := func(minutes int) moment.Time { return day + dur(time.Duration(minutes)*time.Minute) }
	var files []File
	for m := 0; m <= 10; m += 5 {
		files = append(files, File{Collector: "rrc92", Name: "updates." + at(m).Std().Format("20060102.1504"), Kind: Updates, Start: at(m)})
	}
	files = append(files, File{Collector: "rrc92", Name: "bview.20150101.0010", Kind: RIB, Start: at(10)})
	for early, want := range map[bool][]string{
		false: {"updates.20150101.0010", "bview.20150101.0010"},
		true:  {"updates.20150101.0005", "updates.20150101.0010", "bview.20150101.0010"},
	} {
		c := choose(files, moment.Interval{From: at(10), Until: at(15)}, early, NotGiven, "")
		var got []string
		for _, f := range c.keep {
			got = append(got, f.Name)
		}
		if !slices.Equal(got, want) || len(c.missing) != 0 {
			t.Errorf("early %v: %v, want %v; missing %v", early, got, want, c.missing)
		}
	}
}
