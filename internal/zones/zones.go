// Package zones knows the time zones of countries, so that a moment can be put
// on the clocks that people there read.
//
// It promises every zone of a country, not a favourite one: where they differ
// the caller has to say so. The rules of the zones are compiled in, so that a
// machine without a time zone database gives the same answer. It reads no
// file, and it takes no position on whose territory a place is.
package zones

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the rules, for machines that have none
)

var byCode = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(table) {
		if f := strings.Fields(line); len(f) > 1 {
			m[f[0]] = f[1:]
		}
	}
	return m
})

// Of lists the zones of a country by its ISO 3166 code ("KP"), nil if it has
// none in the table.
func Of(country string) []string { return byCode()[strings.ToUpper(country)] }

// Offset is how far the clocks of a zone were ahead of UTC at a moment.
type Offset struct {
	Zone    string
	Seconds int // east of Greenwich
}

// At gives the offsets of all zones of a country at a moment, in the order of
// [Of]; zones with the same offset as one before are left out.
func At(country string, t time.Time) []Offset {
	var out []Offset
	seen := map[int]bool{}
	for _, z := range Of(country) {
		l, err := time.LoadLocation(z)
		if err != nil { // a test loads them all
			continue
		}
		_, s := t.In(l).Zone()
		if !seen[s] {
			seen[s] = true
			out = append(out, Offset{z, s})
		}
	}
	return out
}
