package plays

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
)

// stayed looks for times in which at least half of those of whom it is known lacked a prefix,
// for a minute and longer, and which are told as such nowhere.
func (j *judge) stayed() {
	switch j.f.Answer {
	case finding.AnswerOthers, finding.AnswerNoClaim, finding.AnswerNobodyWatching:
		return
	}
	in := func(spans []finding.Span, s int) bool {
		return slices.ContainsFunc(spans, func(x finding.Span) bool {
			return s >= sec(x.From) && (x.Until == nil || s < sec(*x.Until))
		})
	}
	var unshown, out []finding.Span
	if b := j.f.Below; b != nil {
		for _, x := range b.Unshown {
			unshown = append(unshown, finding.Span{From: x.From, Until: &x.Until})
		}
	}
	for _, o := range j.f.Outages {
		if o.Scope != "prefix" && !o.Partial {
			out = append(out, finding.Span{From: o.From, Until: o.Until})
		}
	}
	for _, q := range j.all {
		ls := j.of(q, "", j.who)
		run, bare, words := 0, 0, 0
		for s := int(j.q.From - noon); s < int(j.q.Until-noon); s++ {
			n, networks := j.a.count(ls, s)
			gone := n[lost] + n[lacks]
			if networks < 2 || n[holds]+n[stale] > gone || in(unshown, s) || in(out, s) {
				run, bare, words = 0, 0, 0
				continue
			}
			run++
			if in(j.f.Watched.Spans, s) {
				bare++
			}
			if n[lacks] == 0 {
				words++
			}
			watched := j.f.Answer == finding.AnswerStayed && bare == least
			if watched {
				j.say(FalseStay, "stayed, and of %s %d of %d lacked it from %s on", q, gone, gone+n[holds], clock(s-run+1))
				break
			}
			if words == least && bare > 0 {
				j.say(NotTold, "answer %s: %s was out from %s on, at %d of %d", j.f.Answer, q, clock(s-run+1), gone, gone+n[holds])
				break
			}
			if bare == least {
				j.say(NotTold, "answer %s: tables lack %s from %s on, at %d of %d", j.f.Answer, q, clock(s-run+1), gone, gone+n[holds])
				break
			}
		}
	}
}

// wasOut gives the first second of the question from which on a prefix was out for a minute,
// by what is known; -1: none. Of another origin's routes it is asked whether they stood.
func (j *judge) wasOut(q netip.Prefix, orAnothers bool) int {
	ls := j.of(q, "", j.who)
	run := 0
	for s := int(j.q.From - noon); s < int(j.q.Until-noon); s++ {
		gone, held, networks := 0, 0, map[uint32]bool{}
		for i := range ls {
			switch ls[i].state[s] {
			case holds, stale:
				held++
			case lost, lacks:
				if orAnothers && j.a.routes[q][i].truth[s] != 0 {
					held++
					continue
				}
				gone++
				networks[j.a.w.Peers[i].AS] = true
			}
		}
		if run++; held > gone || len(networks) < 2 {
			run = 0
		}
		if run == least {
			return s - least + 1
		}
	}
	return -1
}

// propositions holds what is concluded against the world.
func (j *judge) propositions() {
	for _, p := range j.f.Verdict.Propositions {
		if p.Level != proof.Established {
			continue
		}
		switch p.Key {
		case finding.PropOutage, finding.PropTotal:
			if j.q.Single {
				j.say(FalseTwo, "%s of AS%d is established, and one collector saw it", p.Key, p.Origin)
			}
		case finding.PropObserver:
			for _, q := range j.all {
				if s := j.wasOut(q, false); s >= 0 && p.Cause == nil {
					j.say(FalseNoCut, "it was the observers, and %s was out from %s on", q, clock(s))
					break
				}
			}
		case finding.PropReplaced:
			ps := p.Prefixes
			if len(ps) == 0 {
				ps = j.all
			}
			for _, q := range ps {
				if j.a.routes[q] == nil {
					continue
				}
				if s := j.wasOut(q, p.StandIn == finding.StandInOrigin || p.Cause != nil); s >= 0 {
					j.say(FalseNoCut, "another route stood in (%s), and %s was out from %s on", p.StandIn, q, clock(s))
					break
				}
			}
		}
	}
	for _, c := range j.f.Cause {
		for _, h := range c.Hypotheses {
			if !h.Excluded || len(h.Parts) != 1 || len(h.Parts[0]) != 1 || h.Parts[0][0].Kind != place.Node {
				continue
			}
			for _, d := range j.a.w.down {
				if at := c.At.Sec(); d.as == h.Parts[0][0].A && d.from <= at && at < d.until {
					j.say(FalseExcluded, "AS%d was down for everything at %s", d.as, clock(int(at-noon)))
				}
			}
		}
	}
}

// watch holds the ledger of who was not watching against who was.
func (j *judge) watch() {
	w := j.a.w
	for _, b := range j.f.Watch.Blind {
		wrong := 0
		for s := bound(sec(b.From)); s < bound(sec(b.Until)); s++ {
			blind, silent := false, true
			for _, p := range w.Peers {
				if w.Collectors[p.Collector] != b.Collector && w.copied == nil {
					continue
				}
				if b.Peer != nil && p.Addr != *b.Peer {
					continue
				}
				if b.Peer == nil {
					silent = silent && !p.Watching[s] // nobody's session was up: the file is empty
					blind = blind || w.missing(p.Collector, int64(noon+s)) || w.copied != nil
					continue
				}
				silent = false
				blind = !p.Watching[s] || p.sending(int64(noon+s))
			}
			if !blind && !silent {
				wrong++
			}
		}
		if wrong > least+5 {
			who := "all"
			if b.Peer != nil {
				who = b.Peer.String()
			}
			j.say(FalseWatch, "%s %s %s–%s (%s): it watched %d s of it", b.Collector, who, clock(sec(b.From)), clock(sec(b.Until)), b.Reason, wrong)
			return
		}
	}
}

// others holds what is said of announcements, and of what arrived, against the world.
func (j *judge) others() {
	had := func(q netip.Prefix, o origins) (first, last int, peers int) {
		first, last = -1, -1
		for i := range j.a.w.Peers {
			any := false
			for s, as := range j.a.routes[q][i].truth[:j.q.Until-noon] {
				if s >= j.start && o.has(as) && j.a.routes[q][i].know[s] == told {
					if first < 0 || s < first {
						first = s
					}
					last, any = max(last, s), true
				}
			}
			if any {
				peers++
			}
		}
		return first, last, peers
	}
	for _, x := range j.f.Arrived {
		if j.a.routes[x.Prefix] == nil || x.From.First == nil {
			continue
		}
		first, _, peers := had(x.Prefix, j.who)
		if first >= 0 && first < sec(*x.From.First)-slack && x.Began == finding.OtherNew && x.Table != nil {
			j.say(FalseNew, "%s arrived at %s, and stood at %s", x.Prefix, clock(sec(*x.From.First)), clock(first))
		}
		if x.Peers > peers {
			j.say(FalseCount, "%s arrived at %d peers, and was at %d", x.Prefix, x.Peers, peers)
		}
	}
	for _, x := range j.f.Others {
		if j.a.routes[x.Prefix] == nil {
			continue
		}
		first, last, peers := had(x.Prefix, of(x.Origin))
		name := fmt.Sprintf("AS%d's %s", x.Origin, x.Prefix)
		if first < 0 {
			if !j.a.ever(x.Prefix, of(x.Origin)) {
				j.say(FalseNew, "%s: it never announced it", name)
			}
			continue
		}
		if x.Began == finding.OtherNew && x.From.First != nil && first < sec(*x.From.First)-slack {
			j.say(FalseNew, "%s is new at %s, and stood at %s", name, clock(sec(*x.From.First)), clock(first))
		}
		if x.Until.Last != nil && last > sec(*x.Until.Last)+slack {
			j.say(FalseNew, "%s: the last let it go at %s, and it was held at %s", name, clock(sec(*x.Until.Last)), clock(last))
		}
		if x.Until.Last != nil && last < sec(*x.Until.Last)-slack && len(j.a.w.holes) == 0 {
			j.say(FalseNew, "%s: the last let it go at %s, and nobody held it after %s", name, clock(sec(*x.Until.Last)), clock(last))
		}
		if x.Peers > peers {
			j.say(FalseCount, "%s had %d peers, and it was %d", name, x.Peers, peers)
		}
	}
}

// operators holds the rows of a country against each operator's own routes.
func (j *judge) operators() {
	if !j.country() {
		return
	}
	for _, r := range j.f.Operators {
		if slices.Contains(j.q.Foreign, r.AS) {
			if r.Outages > 0 {
				j.say(FalseSubject, "AS%d is a stranger, and has %d outages as an operator", r.AS, r.Outages)
			}
			continue
		}
		if r.Outages == 0 {
			continue
		}
		key, own := fmt.Sprintf("AS%d", r.AS), of(r.AS)
		was := false
		for _, q := range j.a.subject(own, nil, j.q.Until) {
			ls := j.of(q, key, own)
			for s := range span {
				was = was || j.out(ls, s, true)
			}
		}
		if !was {
			j.say(FalseOutage, "operator AS%d has %d outages, and its routes were never out", r.AS, r.Outages)
		}
	}
	for _, e := range j.f.Events {
		for _, as := range slices.Concat(e.Trough.Out, e.Trough.Partly) {
			if slices.Contains(j.q.Foreign, as) {
				j.say(FalseSubject, "AS%d is a stranger, and an operator that was out", as)
				continue
			}
			key, own := fmt.Sprintf("AS%d", as), of(as)
			was := false
			for _, q := range j.a.subject(own, nil, j.q.Until) {
				ls := j.of(q, key, own)
				for s := bound(sec(e.Trough.At) - slack); s <= bound(sec(e.Trough.At)+slack); s++ {
					was = was || j.out(ls, s, true)
				}
			}
			if !was {
				j.say(FalseOutage, "operator AS%d was out at %s, and its routes were there", as, clock(sec(e.Trough.At)))
			}
		}
	}
}

func (j *judge) country() bool {
	return !j.q.Prefix.IsValid() && !strings.HasPrefix(j.q.Asked, "AS")
}
