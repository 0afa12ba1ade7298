package source

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"constat/moment"
)

const (
	// maxBaseline is how old a snapshot may be to serve as the baseline of a
	// question: six of RIS's intervals. Beyond it something is missing anyway.
	maxBaseline = 48 * time.Hour
	// maxLead is how much of the updates before a question is taken where
	// there is no snapshot: one interval of RIS's snapshots.
	maxLead = 8 * time.Hour
	// givenLead is how much of the updates before a question is taken of files that were given, though
	// a snapshot is nearer to it: what the snapshot lacks may have been lost shortly before. Example: 30 of 40
	// peers withdraw a route at 12:22, the snapshot is of 12:30, and so is the question; without the
	// updates before it nobody ever saw the 30 have it. It is one interval of RouteViews' snapshots.
	givenLead = 2 * time.Hour
)

func dur(d time.Duration) moment.Time { return moment.Time(d / time.Microsecond) }

// choice is what of one collector's files serves a question.
type choice struct {
	keep    []File
	outside []Skipped
	missing []Hole
	cadence Cadence
}

// before is what of a collector's files before the snapshot nearest to a question is taken.
type before struct {
	early bool        // [Options.Early]
	lead  moment.Time // the unbroken run of updates that begins at most so long before the question
}

// choose decides for one collector. files hold at least a Start each.
func choose(files []File, q moment.Interval, b before, reason, detail string) choice {
	var c choice
	if len(files) == 0 {
		return c
	}
	if files[0].Asked != nil {
		return chooseAnswers(files, q)
	}
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b File) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), strings.Compare(a.Name, b.Name))
	})
	c.cadence = cadenceOf(files, q)
	var ups, ribs []File
	for _, f := range files {
		switch f.Kind {
		case RIB:
			ribs = append(ribs, f)
		case Updates:
			ups = append(ups, f)
		default: // nobody knows what it covers; it is read unless it begins too late
			if f.Start < q.Until {
				c.keep = append(c.keep, f)
			} else {
				c.outside = append(c.outside, Skipped{f.Name, "begins after the question"})
			}
		}
	}
	step := dur(c.cadence.Updates)
	onGrid := step > 0
	for _, f := range ups {
		onGrid = onGrid && !f.guessed && f.Start%step == 0
	}
	slots(ups, step)
	// reach is how far a file may reach as far as names tell.
	reach := func(i int) moment.Time {
		switch {
		case ups[i].End > 0:
			return ups[i].End
		case step > 0: // its name is not believed; no file was ever so much longer than the others
			return ups[i].Start + 4*step
		case i+1 < len(ups) && ups[i+1].Start > ups[i].Start:
			return ups[i+1].Start
		default:
			return ups[i].Start + dur(24*time.Hour)
		}
	}

	base := -1
	for i, r := range ribs {
		if r.Start <= q.From && r.Start >= q.From-dur(maxBaseline) {
			base = i
		}
	}
	lead := q.From
	if base >= 0 {
		lead = ribs[base].Start
	} else {
		for i := len(ups) - 1; i >= 0; i-- {
			if ups[i].Start < lead && reach(i) >= lead-step/10 && ups[i].Start >= q.From-dur(maxLead) {
				lead = ups[i].Start
			}
		}
	}
	if base >= 0 {
		for i := len(ups) - 1; i >= 0; i-- {
			if ups[i].Start < lead && reach(i) >= lead-step/10 && ups[i].Start >= q.From-b.lead {
				lead = ups[i].Start
			}
		}
	}
	from := lead // what ends before is outside
	if b.early && base >= 0 && step > 0 {
		from -= step / 10 // the clock
	}
	for i, f := range ups {
		switch {
		case f.Start >= q.Until:
			c.outside = append(c.outside, Skipped{f.Name, "begins after the question"})
		case base >= 0 && reach(i) <= from:
			c.outside = append(c.outside, Skipped{f.Name, "ends before the snapshot " + ribs[base].Name})
		case base < 0 && reach(i) <= lead:
			c.outside = append(c.outside, Skipped{f.Name, "ends before the updates that lead up to the question"})
		default:
			c.keep = append(c.keep, f)
		}
	}
	for i, f := range ribs {
		switch {
		case f.Start >= q.Until:
			c.outside = append(c.outside, Skipped{f.Name, "a snapshot after the question"})
		case i == base || f.Start > q.From || base >= 0 && f.Start >= lead:
			c.keep = append(c.keep, f)
		case base >= 0:
			c.outside = append(c.outside, Skipped{f.Name, "a later snapshot, " + ribs[base].Name + ", is nearer to the question"})
		default:
			c.outside = append(c.outside, Skipped{f.Name, "a snapshot more than two days before the question"})
		}
	}
	if step > 0 {
		c.missing = holes(ups, lead, q.Until, step, onGrid)
		for i := range c.missing {
			c.missing[i].Collector = files[0].Collector
			c.missing[i].Reason, c.missing[i].Detail = reason, detail
		}
	}
	return c
}

// slots gives the files whose names are believed their slots. ups are sorted by start.
//
// A file lasts one step. If the next one begins later than that, but too soon for another
// file to have been between them, the collector itself was late to begin it, and the
// former reaches as far as the next. Whether it did is for its records to say
// ([vantage.Watch.Ledger]). Example: route-views2 of 2008 stops for two minutes every two hours,
// while it writes its table; its files are named 18:07, 18:24, 18:39.
func slots(ups []File, step moment.Time) {
	if step <= 0 {
		return
	}
	for i := range ups {
		f := &ups[i]
		if f.guessed {
			continue
		}
		f.End = f.Start + step
		if i+1 < len(ups) && !ups[i+1].guessed {
			if late := ups[i+1].Start - f.End; late > 0 && late <= step/3 {
				f.End = ups[i+1].Start
			}
		}
	}
}

// holes finds where updates should be and are not, from lead to until. ups are
// sorted by start.
func holes(ups []File, lead, until, step moment.Time, onGrid bool) []Hole {
	var out []Hole
	add := func(from, to moment.Time, n int) {
		if k := len(out); k > 0 && out[k-1].Until == from {
			out[k-1].Until, out[k-1].Files = to, out[k-1].Files+n
			return
		}
		out = append(out, Hole{From: from, Until: to, Files: n})
	}
	if onGrid {
		have := map[moment.Time]bool{}
		for _, f := range ups {
			have[f.Start] = true
		}
		first := lead - lead%step // times are after 1970
		for t := first; t < until; t += step {
			if !have[t] {
				add(t, t+step, 1)
			}
		}
		return out
	}
	// Files whose rotation began with the collector's daemon, at any minute. A
	// name says when a file began, to the minute; a tenth of the cadence is the
	// clock, not a missing file.
	slack := max(step/10, 60*moment.Second)
	cur := lead
	for _, f := range ups {
		end := max(f.End, f.Start+step)
		if end <= lead {
			continue
		}
		if f.Start >= until {
			break
		}
		if f.Start > cur+slack {
			add(cur, f.Start, max(1, int((f.Start-cur+step/2)/step)))
		}
		cur = max(cur, end)
	}
	if until > cur+slack {
		add(cur, until, int((until-cur+step-1)/step))
	}
	return out
}

// risFiveMinutes is when RIS began to write updates every five minutes.
var risFiveMinutes = moment.FromTime(time.Date(2003, 7, 23, 0, 0, 0, 0, time.UTC))

// nominal is the cadence of an archive at a time.
//
// RIS began a new file of updates every 15 minutes until July 2003 and every 5
// since, and dumps tables every 8 hours; RouteViews rotates updates every 15
// minutes and dumps every 2 hours, "beginning when the daemon is started"
// (RIS's and RouteViews' own descriptions of their archives). The day in July
// 2003, the 23rd, could not be checked; where three names or more are at hand
// they decide ([cadenceOf]).
func nominal(archive string, at moment.Time) Cadence {
	switch archive {
	case "ris":
		if at < risFiveMinutes {
			return Cadence{15 * time.Minute, 8 * time.Hour}
		}
		return Cadence{5 * time.Minute, 8 * time.Hour}
	case "routeviews":
		return Cadence{15 * time.Minute, 2 * time.Hour}
	}
	return Cadence{}
}

// cadenceOf is the cadence of one collector's files around the question: the
// archive's, corrected by the steps between names where enough of them agree.
// For files of no archive it is their smallest step if all others are
// multiples of it, or if more than half of them are as short.
func cadenceOf(files []File, q moment.Interval) Cadence {
	c := nominal(files[0].Archive, q.From)
	day := dur(24 * time.Hour)
	var starts []moment.Time
	for _, f := range files {
		if f.Kind == Updates && !f.guessed && f.Start >= q.From-day && f.Start < q.Until+day {
			starts = append(starts, f.Start)
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	if len(starts) < 3 {
		return c
	}
	count := map[moment.Time]int{}
	least := moment.Time(0)
	for i := 1; i < len(starts); i++ {
		d := starts[i] - starts[i-1]
		count[d]++
		if least == 0 || d < least {
			least = d
		}
	}
	if least > dur(time.Hour) {
		return c
	}
	if files[0].Archive == "ris" && q.From > risFiveMinutes-7*day && q.From < risFiveMinutes+7*day {
		// The day of the change is not known for sure, nor its hour: what the
		// names say within two hours of the question goes before the table.
		near := moment.Time(0)
		same := true
		for i := 1; i < len(starts); i++ {
			if starts[i] < q.From-day/12 || starts[i-1] > q.Until+day/12 {
				continue
			}
			same = same && (near == 0 || near == starts[i]-starts[i-1])
			near = starts[i] - starts[i-1]
		}
		if same && (near == dur(5*time.Minute) || near == dur(15*time.Minute)) {
			c.Updates = time.Duration(near) * time.Microsecond
			return c
		}
	}
	if c.Updates > 0 {
		// A collector's own rhythm: most steps are of one length.
		for d, n := range count {
			if 2*n > len(starts)-1 && d < dur(c.Updates) && dur(c.Updates)%d == 0 {
				c.Updates = time.Duration(d) * time.Microsecond
			}
		}
		return c
	}
	if ownStep(count, least) {
		c.Updates = time.Duration(least) * time.Microsecond
	}
	return c
}

// ownStep reports whether the smallest step between files of no archive is their collector's: all steps are multiples of
// it, or more than half are as short. A collector that is late now and then, or lacks files, has steps that are longer than its own, and none
// that are shorter.
func ownStep(count map[moment.Time]int, least moment.Time) bool {
	all, multiples := 0, true
	for d, n := range count {
		all += n
		multiples = multiples && d%least == 0
	}
	return multiples || 2*count[least] > all
}
