package press

import (
	"slices"
	"strings"
	"sync"
	"time"

	"constat/moment"
)

// when is an expression of time in a sentence: its tokens and its meaning.
type when struct {
	a, b int // tokens of the sentence
	// day is its first day counted from the day of publication, days how many
	// it names. known is false where that depends on what is past or to come
	// (a bare weekday): weekday then says which.
	day, days int
	weekday   int // 1 Monday … 7 Sunday; 0: day counts
	rel       int // of a weekday: 0 bare, -1 last, +1 next
	date      time.Time
	since     bool
	// clock is a time of day in minutes, where one is told; zone its zone, nil
	// where the words name none. local: of the place that they name.
	clock int
	timed bool
	zone  *time.Location
	local bool
}

var weekdays = map[string]int{
	"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7,
	"lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5, "samedi": 6, "dimanche": 7,
	"mon.": 1, "tue.": 2, "wed.": 3, "thu.": 4, "fri.": 5,
}

var months = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
	"november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
	"janvier": 1, "février": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "août": 8, "septembre": 9, "octobre": 10,
	"novembre": 11, "décembre": 12, "janv": 1, "févr": 2, "déc": 12,
}

var numbers = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "un": 1, "une": 1,
	"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "quinze": 15,
}

// partOfDay follows a day and belongs to it.
var partOfDay = words("morning afternoon evening night noon midday midnight matin midi après-midi soir nuit soirée")

// findTimes lists the expressions of time in a sentence, in order.
func findTimes(l *language, s []tok, published time.Time) []when {
	var out []when
	at := func(i int) string {
		if i >= 0 && i < len(s) {
			return s[i].low
		}
		return ""
	}
	for i := 0; i < len(s); i++ {
		if s[i].kind == mark || s[i].kind == quote {
			continue
		}
		w := when{a: i, b: i + 1, days: 1}
		ok := true
		switch t := at(i); t {
		case "lendemain", "veille":
			ok = at(i-1) == "le" || at(i-1) == "la"
			w.a, w.day, w.days = max(i-1, 0), -3, 4
		case "overnight":
			w.day, w.days = -1, 2
		case "today", "tonight", "aujourd'hui":
		case "yesterday", "hier":
			w.day = -1
			if partOfDay[at(i+1)] {
				w.b++
			}
		case "avant-hier":
			w.day = -2
		case "tomorrow", "demain":
			w.day = 1
		case "this":
			switch {
			case partOfDay[at(i+1)]:
				w.b = i + 2
			case at(i+1) == "week":
				w.b, w.day, w.days = i+2, -6, 7
			case at(i+1) == "month":
				w.b, w.day, w.days = i+2, -30, 31
			case at(i+1) == "year":
				w.b, w.day, w.days = i+2, -365, 366
			case weekdays[at(i+1)] > 0:
				w.b, w.weekday = i+2, weekdays[at(i+1)]
			default:
				ok = false
			}
		case "ce", "cette":
			switch d := weekdays[at(i+1)]; {
			case d > 0:
				w.b, w.weekday = i+2, d
				if partOfDay[at(w.b)] {
					w.b++
				}
			case partOfDay[at(i+1)]:
				w.b, w.day, w.days = i+2, 0, 1
				if at(i+1) == "nuit" {
					w.day, w.days = -1, 2
				}
			case at(i+1) == "semaine":
				w.b, w.day, w.days = i+2, -6, 7
			default:
				ok = false
			}
		case "last", "next", "earlier":
			sign := -1
			if t == "next" {
				sign = 1
			}
			j := i + 1
			if t == "earlier" && at(j) == "this" || at(j) == "on" {
				j++
			}
			switch d := weekdays[at(j)]; {
			case d > 0:
				w.b, w.weekday, w.rel = j+1, d, sign
				if t == "earlier" {
					w.rel = 0
				}
				if partOfDay[at(w.b)] {
					w.b++
				}
			case at(j) == "night" && sign < 0:
				w.b, w.day, w.days = j+1, -1, 2
			case at(j) == "week":
				w.b, w.day, w.days = j+1, -7-int(weekdayOf(published))+1, 7
				if t == "earlier" {
					w.day = -6
				} else if sign > 0 {
					w.day = 7 - int(weekdayOf(published)) + 1
				}
			case at(j) == "year" && sign < 0:
				w.b, w.day, w.days = j+1, -730, 731
			case at(j) == "month" && sign < 0:
				w.b, w.day, w.days = j+1, -61, 62
			default:
				ok = false
			}
		case "semaine", "nuit", "mois":
			last := strings.HasPrefix(at(i+1), "derni") || strings.HasPrefix(at(i+1), "passé")
			next := strings.HasPrefix(at(i+1), "prochain")
			w.b = i + 2
			switch {
			case t == "semaine" && last:
				w.day, w.days = -7-int(weekdayOf(published))+1, 7
			case t == "semaine" && next:
				w.day, w.days = 7-int(weekdayOf(published))+1, 7
			case t == "nuit" && last:
				w.day, w.days = -1, 2
			case t == "mois" && last:
				w.day, w.days = -61, 62
			default:
				ok = false
			}
			if ok && (at(i-1) == "la" || at(i-1) == "le") {
				w.a = i - 1
			}
		case "an", "année":
			ok = s[i].kind == word && (at(i-1) == "l'" && (strings.HasPrefix(at(i+1), "derni") || strings.HasPrefix(at(i+1), "passé")) || at(i-1) == "cette")
			w.a, w.b, w.day, w.days = max(i-1, 0), i+2, -730, 731
			if at(i-1) == "cette" {
				w.b, w.day, w.days = i+1, -365, 366
			}
		case "il":
			// il y a trois jours
			n := numbers[at(i+3)]
			if s[i].kind == word && at(i+1) == "y" && at(i+2) == "a" && i+4 < len(s) {
				if n == 0 && s[i+3].kind == number {
					n = small(at(i + 3))
				}
				ok = n > 0 && w.ago(n, at(i+4))
				w.b = i + 5
			} else {
				ok = false
			}
		default:
			ok = false
			if b, found := clockAt(s, i, &w); found {
				ok, w.b = true, b
				if p := at(i - 1); p == "at" || p == "à" || p == "vers" || p == "around" || p == "shortly" {
					w.a = i - 1
				}
			} else if d := weekdays[t]; d > 0 && (l.code == "fr" || s[i].cap) {
				ok, w.weekday = true, d
				switch n := at(i + 1); {
				case strings.HasPrefix(n, "dernier"):
					w.rel, w.b = -1, i+2
				case strings.HasPrefix(n, "prochain"):
					w.rel, w.b = 1, i+2
				case partOfDay[n]:
					w.b = i + 2
				}
				if at(i-1) == "the" || at(i-1) == "le" {
					w.a = i - 1
				}
				// "Monday, December 22", "lundi 22 décembre"
				j := w.b
				if at(j) == "," {
					j++
				}
				if d, b, dated := dateAt(s, j, published); dated {
					w.date, w.weekday, w.b = d, 0, b
				}
			} else if d, b, dated := dateAt(s, i, published); dated {
				ok, w.date, w.b = true, d, b
			} else if n := numbers[t]; n > 0 && at(i+2) == "ago" || s[i].kind == number && at(i+2) == "ago" {
				if n == 0 {
					n = small(t)
				}
				ok = n > 0 && w.ago(n, at(i+1))
				w.b = i + 3
			}
		}
		if !ok {
			continue
		}
		// The preposition belongs to it.
		switch p := at(w.a - 1); p {
		case "on", "by", "until", "from", "le", "d'ici", "dès", "of", "ce":
			if w.a > 0 {
				w.a--
			}
		case "late", "early", "on-", "around":
			w.a--
			if at(w.a-1) == "on" {
				w.a--
			}
		case "since", "depuis":
			w.since, w.a = true, w.a-1
		}
		if k := len(out) - 1; k >= 0 && out[k].timed != w.timed && w.a-out[k].b <= 2 && !w.since && !out[k].since && joinable(s, out[k].b, w.a) {
			// "at 09:30 GMT on May 12": the day and its minute
			p := out[k]
			day, clock := w, p
			if p.timed {
				day, clock = w, p
			} else {
				day, clock = p, w
			}
			day.a, day.b, day.timed, day.clock, day.zone, day.local = p.a, w.b, true, clock.clock, clock.zone, clock.local
			out[k] = day
			i = w.b - 1
			continue
		}
		out = append(out, w)
		i = w.b - 1
	}
	return out
}

// joinable says whether nothing but small words stands between two times.
func joinable(s []tok, a, b int) bool {
	for i := a; i < b; i++ {
		if l := s[i].low; l != "," && l != "on" && l != "le" && l != "(" && l != ")" && l != "of" {
			return false
		}
	}
	return true
}

// namedZones are abbreviations of zones with one meaning in the press.
var namedZones = map[string]int{
	"gmt": 0, "utc": 0, "tu": 0, "z": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180, "pkt": 300, "hkt": 480, "sgt": 480,
	"jst": 540, "kst": 540, "aest": 600, "aedt": 660, "est": -300, "edt": -240, "cdt": -300, "pst": -480, "pdt": -420,
}

// clockAt reads a time of day: "09:30 GMT", "6:15 p.m.", "18h45, heure de Paris".
func clockAt(s []tok, i int, w *when) (int, bool) {
	if s[i].kind != number {
		return 0, false
	}
	at := func(i int) string {
		if i < len(s) {
			return s[i].low
		}
		return ""
	}
	t, b := s[i].low, i+1
	half := ""
	for _, h := range []string{"am", "pm"} {
		if x, ok := strings.CutSuffix(t, h); ok {
			t, half = x, h
		}
	}
	h, m := 0, 0
	switch {
	case strings.HasSuffix(t, "h"):
		h = small(t[:len(t)-1])
		if b < len(s) && s[b].kind == number && s[b].from == s[i].to && len(at(b)) == 2 {
			m = small(at(b))
			b++
		}
	case strings.Count(t, ":") == 1 || strings.Count(t, ".") == 1 && (half != "" || at(b) == "am" || at(b) == "pm" || at(b) == "a.m" || at(b) == "p.m" || at(b) == "a.m." || at(b) == "p.m."):
		x, y, _ := strings.Cut(strings.ReplaceAll(t, ".", ":"), ":")
		if len(y) != 2 || len(x) > 2 {
			return 0, false
		}
		h, m = small(x), small(y)
	case half != "" || at(b) == "a.m" || at(b) == "p.m" || at(b) == "a.m." || at(b) == "p.m." || at(b) == "am" || at(b) == "pm":
		h = small(t)
		if h == 0 {
			return 0, false
		}
	default:
		return 0, false
	}
	if half == "" && b < len(s) {
		switch strings.TrimSuffix(at(b), ".") {
		case "am", "a.m":
			half = "am"
		case "pm", "p.m":
			half = "pm"
		}
		if half != "" {
			b++
			if at(b) == "." && b+1 < len(s) && !s[b+1].cap {
				b++
			} else if at(b) == "." && b+1 < len(s) && (namedZones[at(b+1)] != 0 || at(b+1) == "gmt" || at(b+1) == "utc") {
				b++
			}
		}
	}
	if half == "pm" && h < 12 {
		h += 12
	} else if half == "am" && h == 12 {
		h = 0
	}
	if h > 24 || m > 59 {
		return 0, false
	}
	w.clock, w.timed = h*60+m, true
	k := b
	if at(k) == "," || at(k) == "(" {
		k++
	}
	if off, ok := namedZones[at(k)]; ok && k < len(s) && s[k].caps {
		w.zone, b = time.FixedZone(strings.ToUpper(at(k)), off*60), k+1
		if at(b) == ")" {
			b++
		}
	} else if at(k) == "heure" && (at(k+1) == "de" || at(k+1) == "d'" || at(k+1) == "locale") {
		w.local, b = true, k+2
		if at(k+1) != "locale" {
			b++
		}
	} else if at(k) == "local" && at(k+1) == "time" {
		w.local, b = true, k+2
	} else if k < len(s) && s[k].cap && at(k+1) == "time" {
		w.local, b = true, k+2
	}
	return b, true
}

// ago is n units before the publication; a unit that is not known is no time.
func (w *when) ago(n int, unit string) bool {
	if n > 400 {
		return false
	}
	switch strings.TrimSuffix(unit, "s") {
	case "minute", "hour", "heure":
		w.day, w.days = -(n/24)-1, 2
	case "day", "jour":
		w.day = -n
	case "week", "semaine":
		w.day, w.days = -7*n-3, 7
	case "month", "moi":
		w.day, w.days = -31*n-15, 31
	default:
		return false
	}
	return true
}

// dateAt reads "22 December 2014", "December 22, 2014", "Dec. 22", "le 22
// décembre". Without a year it is the nearest one to the publication.
func dateAt(s []tok, i int, published time.Time) (time.Time, int, bool) {
	at := func(i int) string {
		if i < len(s) {
			return s[i].low
		}
		return ""
	}
	num := func(i int) int {
		if i < len(s) && s[i].kind == number {
			return small(strings.TrimRight(s[i].low, "sthnder"))
		}
		return 0
	}
	day, month, b := 0, 0, 0
	switch {
	case num(i) > 0 && months[at(i+1)] > 0:
		day, month, b = num(i), months[at(i+1)], i+2
	case i < len(s) && s[i].cap && months[at(i)] > 0 && num(i+1) > 0:
		day, month, b = num(i+1), months[at(i)], i+2
	case i < len(s) && s[i].cap && months[at(i)] > 0 && at(i+1) == "." && num(i+2) > 0:
		day, month, b = num(i+2), months[at(i)], i+3
	}
	if day < 1 || day > 31 {
		return time.Time{}, 0, false
	}
	j := b
	if at(j) == "," {
		j++
	}
	if y := num(j); y >= 1900 && y < 2200 {
		d := time.Date(y, time.Month(month), day, 0, 0, 0, 0, published.Location())
		return d, j + 1, d.Day() == day
	}
	best := time.Time{}
	for y := published.Year() - 1; y <= published.Year()+1; y++ {
		d := time.Date(y, time.Month(month), day, 0, 0, 0, 0, published.Location())
		if d.Day() == day && (best.IsZero() || d.Sub(published).Abs() < best.Sub(published).Abs()) {
			best = d
		}
	}
	return best, b, !best.IsZero()
}

// small reads up to four digits.
func small(s string) int {
	if len(s) == 0 || len(s) > 4 {
		return 0
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// weekdayOf counts Monday as 1 and Sunday as 7.
func weekdayOf(t time.Time) time.Weekday {
	if t.Weekday() == time.Sunday {
		return 7
	}
	return t.Weekday()
}

// slack is how far beyond the day named an interval reaches at both ends:
// newspapers print what was written the day before, and translate "today".
const slack = 24 * time.Hour

// interval gives the interval that an expression means: its days in each of
// the zones, and the slack around. future asks a bare weekday for the next
// one, not the last.
func (w when) interval(published time.Time, in []*time.Location, future bool) moment.Interval {
	var out moment.Interval
	exact := w.timed && (w.zone != nil || w.local && len(in) == 1) && w.days == 1 && !w.since
	if exact && w.zone != nil {
		in = []*time.Location{w.zone}
	}
	for i, z := range in {
		p := time.Date(published.Year(), published.Month(), published.Day(), 0, 0, 0, 0, z)
		d := p.AddDate(0, 0, w.day)
		switch {
		case !w.date.IsZero():
			d = time.Date(w.date.Year(), w.date.Month(), w.date.Day(), 0, 0, 0, 0, z)
		case w.weekday > 0:
			back := (int(weekdayOf(p)) - w.weekday + 7) % 7
			switch {
			case w.rel > 0 || w.rel == 0 && future:
				d = p.AddDate(0, 0, (7-back-1)%7+1)
			case w.rel < 0 && back == 0:
				d = p.AddDate(0, 0, -7)
			default:
				d = p.AddDate(0, 0, -back)
			}
		}
		if exact {
			from := time.Date(d.Year(), d.Month(), d.Day(), w.clock/60, w.clock%60, 0, 0, z)
			return moment.Interval{From: moment.FromTime(from), Until: moment.FromTime(from.Add(time.Minute))}
		}
		end := d.AddDate(0, 0, w.days)
		if w.since {
			end = p.AddDate(0, 0, 1)
		}
		from, until := moment.FromTime(d.Add(-slack)), moment.FromTime(end.Add(slack))
		if i == 0 || from < out.From {
			out.From = from
		}
		if i == 0 || until > out.Until {
			out.Until = until
		}
	}
	return out
}

// zonesIn gives the time zones of the places that a range of tokens names, or
// the given one.
func zonesIn(t *sent, a, b int, def *time.Location) []*time.Location {
	var out []*time.Location
	for i := a; i < b; i++ {
		p, n := t.placeAt(i)
		if n == 0 || p.zone == "" {
			continue
		}
		if z := location(p.zone); z != nil && !slices.Contains(out, z) {
			out = append(out, z)
		}
		i += n - 1
	}
	if out == nil && def != nil {
		return []*time.Location{def}
	}
	return out
}

// placeAt reads a place's name of up to three words, or a nationality.
func (t *sent) placeAt(i int) (place, int) {
	if !t.isWord(i) {
		return place{}, 0
	}
	if t.s[i].cap && t.isWord(i+1) {
		two := t.s[i].low + "_" + t.s[i+1].low
		if t.isWord(i + 2) {
			if p, ok := t.x.places[two+"_"+t.s[i+2].low]; ok {
				return p, 3
			}
		}
		if p, ok := t.x.places[two]; ok {
			return p, 2
		}
	}
	p, ok := t.x.places[t.s[i].low]
	if !ok || !t.s[i].cap && !p.demonym {
		return place{}, 0
	}
	return p, 1
}

var locations sync.Map // loading one reads a file

func location(name string) *time.Location {
	if z, ok := locations.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	locations.Store(name, z)
	return z
}
