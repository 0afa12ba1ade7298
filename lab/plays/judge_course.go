package plays

import (
	"slices"

	"constat/judge/finding"
)

// gone holds how an outage of one prefix went that was not in one piece against its seconds.
func (j *judge) gone(name string, o *finding.Outage, all [][]line) {
	if o.Gone == nil || len(all) != 1 {
		return
	}
	from, until := sec(o.Gone.From), int(j.q.Until-noon)
	if o.Gone.Until != nil {
		until = sec(*o.Gone.Until)
	}
	var strictly, loosely, together int64
	for s := bound(from); s < min(until, span); s++ {
		if j.out(all[0], s, false) {
			strictly++
		}
		if j.out(all[0], s, true) {
			loosely++
		}
		if n, _ := j.a.count(all[0], s); n[holds]-j.coming(all[0], s) <= len(all[0])/20 {
			together++
		}
	}
	if o.Gone.Seconds > loosely+slack || o.Gone.Seconds < strictly-slack && o.Gone.Until != nil {
		j.say(FalseTime, "%s: half of it gone for %d s, and it was for %d to %d", name, o.Gone.Seconds, strictly, loosely)
	}
	if o.Gone.Together > together+slack {
		j.say(FalseTotal, "%s: all of it gone for %d s, and it was for %d", name, o.Gone.Together, together)
	}
}

// lostPrefixes holds the number of prefixes out at the trough against those that were.
func (j *judge) lostPrefixes(name string, o *finding.Outage, all [][]line) {
	most := 0
	for _, ls := range all {
		was := false
		for s := bound(sec(o.Trough) - apart); s <= bound(sec(o.Trough)+apart); s++ {
			was = was || j.out(ls, s, true) // two outages so near each other are one
		}
		if was {
			most++
		}
	}
	if o.Lost.Prefixes > most {
		j.say(FalseCount, "%s: %d prefixes out at %s, and it was %d", name, o.Lost.Prefixes, clock(sec(o.Trough)), most)
	}
}

// course holds the timeline, which figure 1 shows, against what was held at each second.
func (j *judge) course() {
	if !j.f.Timeline.Exact {
		return
	}
	var all [][]line
	for _, p := range j.f.Subject.Prefixes {
		ls := j.of(p.Prefix, "", j.who)
		if ls == nil {
			return
		}
		all = append(all, ls)
	}
	// What was truly held counts, as what is known at the second itself may be known differently
	// by a reader that errs towards blindness.
	count := func(s int) (held, gone int) {
		for k, ls := range all {
			f := &j.f.Subject.Prefixes[k]
			for i := range ls {
				x := ls[i].state[bound(s)]
				switch {
				case ls[i].truly[bound(s)] || x == stale || x == hidden, x == usual && j.a.w.several: // for five minutes a loss that is over counts as a return
					held++
				}
				if x == hidden || !ls[i].truly[bound(s)] || !j.who.has(j.a.routes[f.Prefix][i].truth[bound(s)]) {
					gone++
				}
			}
		}
		return held, gone
	}
	for k, x := range j.f.Timeline.Steps {
		s := sec(x.At)
		if until := int(j.q.Until - noon); s < 0 || s >= until || k+1 < len(j.f.Timeline.Steps) && sec(j.f.Timeline.Steps[k+1].At)-s < slack {
			continue
		}
		// What a table of the first second says is the state of that second.
		s++
		held, gone := count(s)
		if x.Seen > held {
			j.say(FalseCount, "at %s %d routes are shown as seen, and %d were held", clock(s), x.Seen, held)
			return
		}
		if x.Gone > gone {
			j.say(FalseCount, "at %s %d routes are shown as gone, and %d were", clock(s), x.Gone, gone)
			return
		}
	}
}

// watched holds the time that somebody watched against who did.
func (j *judge) watched() {
	if j.f.Answer == finding.AnswerOthers || j.f.Answer == finding.AnswerNoClaim {
		return
	}
	w := j.a.w
	nobody, known := 0, 0
	in := make([]bool, span)
	for _, x := range j.f.Watched.Spans {
		until := int(j.q.Until - noon)
		if x.Until != nil {
			until = sec(*x.Until)
		}
		for s := bound(sec(x.From)); s < min(until, span); s++ {
			in[s] = true
		}
	}
	unshown := make([]bool, span)
	if b := j.f.Below; b != nil {
		for _, x := range b.Unshown {
			for s := bound(sec(x.From)); s < bound(sec(x.Until)); s++ {
				unshown[s] = true
			}
		}
	}
	for s := int(j.q.From - noon); s < int(j.q.Until-noon); s++ {
		watching := slices.ContainsFunc(w.Peers, func(p *Peer) bool { return p.Watching[s] })
		if in[s] && !watching {
			nobody++
		}
		if !in[s] && !unshown[s] && j.allKnown(s) {
			known++
		}
	}
	if nobody > least+5 {
		j.say(FalseWatch, "%d s count as watched, in which nobody watched", nobody)
	}
	if known > int(j.f.Watched.Absent)+least+5 {
		j.say(FalseWatch, "%d s count as not watched, in which all was known", known-int(j.f.Watched.Absent))
	}
}

// allKnown reports whether of every prefix of the subject, at every peer that ever carried it, it
// is known at a second whether the peer held it, and two carried it.
func (j *judge) allKnown(s int) bool {
	for _, q := range j.all {
		n, _ := j.a.count(j.of(q, "", j.who), s)
		if n[hidden]+n[lacks]+n[usual]+n[stale] > 0 || n[holds]+n[lost] < 2 {
			return false
		}
	}
	return len(j.all) > 0
}
