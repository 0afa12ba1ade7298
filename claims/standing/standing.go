// Package standing says where a statement stands beside what was measured:
// supported, contradicted, neither, not testable by routes, or about another time.
//
// It promises one rule for every place in which a case says so (the report, the
// conclusion, the ClaimReview), that a statement is held only against the interval
// that it speaks of, and that the answer is a function of the findings and the
// statements: no files, no network, no clock.
//
// It does not read statements (package statement does), and a standing is not a
// judgement of a speaker: of a place inside the stretch that a verdict names,
// nobody is refuted or confirmed.
package standing

import (
	"slices"

	"constat/claims/statement"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/moment"
)

// Standing is where a statement stands beside what was measured.
type Standing string

// The five places where a statement can stand.
const (
	Supported    Standing = "supported"
	Contradicted Standing = "contradicted"
	Neither      Standing = "neither refuted nor confirmed"
	NotTestable  Standing = "not testable by routing data"
	OtherTime    Standing = "about another interval"
)

// Why a statement stands there.
const (
	WhyHolds       = "the named places are the whole stretch of the verdict"          // assertion supported, denial contradicted
	WhyExcluded    = "every named network is excluded from being down for everything" // assertion contradicted, denial supported
	WhyBeyond      = "the named place lies outside the stretch of the verdict"        // neither: it is not the cause of this loss, and may have broken all the same
	WhyUnseen      = "nothing of the kind was seen while the loss lasted"             // of what is no place: at established as excluded
	WhyInseparable = "the named place cannot be told apart from others"               // neither
	WhyInside      = "the named place lies inside the stretch of the verdict"         // neither
	WhyOpen        = "it is not established where the routes stopped"                 // neither
	WhyMeasured    = "an outage was measured in that interval"
	WhyStayed      = "routes stayed in that interval"
	WhyNotOwn      = "that routes stayed says nothing of other places"
	WhyUndecided   = "it is not known whether routes stayed in that interval"
	WhyShort       = "losses below the rules were seen"
	WhyNoClaim     = "too few were watching in that interval"
	WhyUnknown     = "too little is known of the routes in that interval"        // watching or not
	WhyLacked      = "routes were gone in that interval, in no loss that counts" // neither
	WhyAct         = "routes do not show who acted, or wanted it"
	WhyAsked       = "what somebody asks for or announces is no claim about what was"
	WhySpeech      = "a threat, a condemnation or a question is no claim about what was"
	WhyNothing     = "it names nothing that routes could show"
	WhyOutside     = "its interval is outside the question"
	WhyBefore      = "it was said before this outage began"
	WhyPartial     = "a partial loss was measured in that interval" // neither
	WhyBegun       = "an outage began as that interval ended"       // neither
	WhyNone        = "no outage was measured in that interval"
	WhyAnother     = "no outage of its interval was weighed"
)

// Beside is one statement set beside the findings.
type Beside struct {
	ID       string   `json:"id"`
	Standing Standing `json:"standing"`
	Why      string   `json:"why"`
	Outage   *int     `json:"outage"` // index of the outage it was held against; null for none
	Cause    *int     `json:"cause"`  // and of the loss that was weighed
}

// outageWords are the acts that say no more than that routes were gone.
var outageWords = []string{"outage", "offline", "down", "loss"}

// Of says of each statement where it stands beside the findings. A
// statement is held only against the interval it speaks of. Of a place inside the
// stretch that a verdict names it is neither refuted nor confirmed; nor is it of a place
// outside, which is not the cause of that loss and may have broken all the same.
func Of(f *finding.Findings, ss []statement.Statement) []Beside {
	out := make([]Beside, 0, len(ss))
	for i := range ss {
		b := beside(f, &ss[i])
		b.ID = ss[i].ID
		out = append(out, b)
	}
	return out
}

// Against chooses the examinations that a statement is held against, out of where it
// stands beside each of a case ([Of], an examination a row): all that are about the time
// it speaks of. What routes cannot show they can show in no examination, so that
// [NotTestable] is said once. It is empty if the statement is about another time than
// all of them. The case's report and its exports follow it.
func Against(beside [][]Beside, statement int) []int {
	var out []int
	for i := range beside {
		switch s := beside[i][statement].Standing; {
		case s == OtherTime, s == NotTestable && len(out) > 0:
		default:
			out = append(out, i)
		}
	}
	return out
}

// interval is what a statement speaks of: as recorded, or up to the moment it
// was said, since nobody speaks of an outage that is to come.
func interval(s *statement.Statement, f *finding.Findings) (moment.Interval, bool) {
	if s.About != nil {
		return *s.About, true
	}
	if s.Said != nil {
		return moment.Interval{From: f.Question.From, Until: max(s.Said.Until, f.Question.From)}, false
	}
	return moment.Interval{From: f.Question.From, Until: f.Question.Until}, false
}

func beside(f *finding.Findings, s *statement.Statement) Beside {
	switch s.Kind {
	case statement.Threat, statement.Condemnation, statement.Question:
		return Beside{Standing: NotTestable, Why: WhySpeech}
	}
	if !s.Testable() {
		return Beside{Standing: NotTestable, Why: WhyAsked}
	}
	about, explicit := interval(s, f)
	q := moment.Interval{From: f.Question.From, Until: f.Question.Until}
	if explicit && !about.Overlaps(q) {
		return Beside{Standing: OtherTime, Why: WhyOutside}
	}
	p := s.Proposition
	isOutage := p.Act != nil && slices.Contains(outageWords, p.Act.What)
	if len(p.Class) == 0 && !isOutage {
		if p.Act != nil {
			return Beside{Standing: NotTestable, Why: WhyAct}
		}
		return Beside{Standing: NotTestable, Why: WhyNothing}
	}
	outage, loss := heldAgainst(f, about)
	if isOutage && len(p.Class) == 0 {
		if outage == nil && f.Answer == finding.AnswerStayed && f.Below != nil && f.Below.Short.Losses > 0 {
			return Beside{Standing: Neither, Why: WhyShort} // some routes were lost, by several networks
		}
		return besideOutage(f, s, outage, about)
	}
	if loss == nil {
		return besideNothing(f, s, outage, about, explicit)
	}
	b := besidePlaces(f, s, &f.Cause[*loss])
	b.Outage, b.Cause = outage, loss
	return b
}

// besideNothing holds a statement that names places against an interval of which no outage was weighed.
func besideNothing(f *finding.Findings, s *statement.Statement, outage *int, about moment.Interval, explicit bool) Beside {
	if outage != nil {
		return Beside{Standing: Neither, Why: WhyAnother, Outage: outage}
	}
	switch {
	case f.Answer == finding.AnswerUndecided:
		return Beside{Standing: Neither, Why: WhyUndecided}
	case someLost(f, about) != "":
		return Beside{Standing: Neither, Why: someLost(f, about)}
	case explicit && unshown(f, about):
		return Beside{Standing: Neither, Why: WhyUndecided}
	case len(f.Outages) > 0 && !explicit:
		return Beside{Standing: OtherTime, Why: WhyBefore}
	case len(f.Outages) > 0:
		return Beside{Standing: OtherTime, Why: WhyNone}
	case f.Answer == finding.AnswerStayed && ofSubject(f, s):
		return besideOutage(f, s, nil, about)
	case f.Answer == finding.AnswerStayed:
		return Beside{Standing: Neither, Why: WhyNotOwn}
	}
	return Beside{Standing: Neither, Why: WhyAnother}
}

// ofSubject reports whether all that a statement names would have taken the subject's own
// routes away: its origins stopped, or were down. That these routes stayed says nothing of
// any other place. Example: AS2002 fails, and the subject is reached over AS2001.
func ofSubject(f *finding.Findings, s *statement.Statement) bool {
	for _, h := range s.Proposition.Class {
		n := Named(h)
		if !n.Is(place.Origin) && !n.Is(place.Node) || !slices.Contains(f.Subject.Origins, n.Parts[0][0].A) {
			return false
		}
	}
	return true
}

// heldAgainst finds the largest outage of the subject, or of an origin where
// there is none, that an interval touches, and the loss weighed for it.
func heldAgainst(f *finding.Findings, about moment.Interval) (outage, loss *int) {
	size := func(o *finding.Outage) int64 {
		until := f.Question.Until
		if o.Until != nil {
			until = *o.Until
		}
		return int64(o.Lost.Prefixes) * int64(until-o.From)
	}
	touches := func(o *finding.Outage) bool {
		return o.From < about.Until && (o.Until == nil || about.From < *o.Until)
	}
	for _, scope := range []string{"subject", "origin"} {
		for i := range f.Outages {
			o := &f.Outages[i]
			if o.Scope == scope && !o.Partial && touches(o) && (outage == nil || size(o) > size(&f.Outages[*outage])) {
				outage = &i
			}
		}
		if outage != nil {
			break
		}
	}
	if outage == nil {
		return nil, nil
	}
	at := &f.Outages[*outage]
	for i := range f.Cause {
		o := &f.Outages[f.Cause[i].Outage]
		same := o.From < orEnd(at.Until, f) && at.From < orEnd(o.Until, f)
		if same && (loss == nil || size(o) > size(&f.Outages[f.Cause[*loss].Outage])) {
			loss = &i
		}
	}
	return outage, loss
}

func orEnd(t *moment.Time, f *finding.Findings) moment.Time {
	if t == nil {
		return f.Question.Until
	}
	return *t
}

// someLost says why an interval in which no outage was is none in which all stayed: some peers
// lacked some of the subject's routes, or an outage had not quite begun as it ended. It is "" if neither.
// Example: the first peer lost them at 12:30:00 and half of them had at 12:30:10; until 12:30:05
// there was no outage, and of the one that follows it may well be known where they stopped.
func someLost(f *finding.Findings, about moment.Interval) string {
	why := ""
	for i := range f.Outages {
		o := &f.Outages[i]
		from := o.From
		if o.Onset.First != nil {
			from = min(from, *o.Onset.First)
		}
		switch {
		case from >= about.Until || about.From >= orEnd(o.Until, f):
		case o.Partial || o.From < about.Until:
			return WhyPartial
		default:
			why = WhyBegun
		}
	}
	return why
}

// unshown reports whether it is not known of a time of an interval whether routes stayed.
func unshown(f *finding.Findings, about moment.Interval) bool {
	return f.Below != nil && slices.ContainsFunc(f.Below.Unshown, func(u finding.Unshown) bool {
		return u.From < about.Until && about.From < u.Until
	})
}

// From these shares of the routes on, one in so many, nobody can say that they stayed: if they
// are gone, or if for a tenth of the time it is unknown.
const (
	gonePart = 20
	dimPart  = 10
)

// unstayed says why it was not seen of an interval that the routes stayed: it was not watched, much of
// it was unknown, or some of the routes were gone. It is "" if they stayed.
func unstayed(f *finding.Findings, about moment.Interval) string {
	about.From, about.Until = max(about.From, f.Question.From), min(about.Until, f.Question.Until)
	switch f.Answer {
	case finding.AnswerStayed, finding.AnswerOutage, finding.AnswerPartial:
	case finding.AnswerOthers:
		return WhyNone // somebody watched, and what ended was another's
	default:
		return WhyNoClaim
	}
	lacked := false
	var watched, dim moment.Time
	for _, s := range f.Watched.Spans {
		watched += max(0, min(about.Until, orEnd(s.Until, f))-max(about.From, s.From))
	}
	if len(f.Watched.Spans) == 0 && f.Watched.Whole() && f.Watched.Absent == 0 { // of findings that do not say which seconds
		watched = about.Until - about.From
	}
	if 10*watched < 9*(about.Until-about.From) {
		return WhyUnknown
	}
	for i, s := range f.Timeline.Steps {
		until := f.Question.Until
		if i+1 < len(f.Timeline.Steps) {
			until = f.Timeline.Steps[i+1].At
		}
		in := min(about.Until, until) - max(about.From, s.At)
		switch {
		case in <= 0:
		case gonePart*s.Gone > f.Timeline.Height:
			lacked = true
		case dimPart*s.Unknown > f.Timeline.Height:
			dim += in
		}
	}
	switch {
	case 10*dim >= about.Until-about.From:
		return WhyUnknown
	case lacked:
		return WhyLacked
	}
	return ""
}

// besideOutage holds a statement that routes were gone, or were not, against
// what was measured.
func besideOutage(f *finding.Findings, s *statement.Statement, outage *int, about moment.Interval) Beside {
	affirms := s.Affirms()
	switch {
	case outage != nil && affirms:
		return Beside{Standing: Supported, Why: WhyMeasured, Outage: outage}
	case outage != nil:
		return Beside{Standing: Contradicted, Why: WhyMeasured, Outage: outage}
	case someLost(f, about) != "":
		return Beside{Standing: Neither, Why: someLost(f, about)}
	case f.Answer == finding.AnswerUndecided || unshown(f, about):
		return Beside{Standing: Neither, Why: WhyUndecided}
	}
	if why := unstayed(f, about); why != "" {
		return Beside{Standing: Neither, Why: why}
	}
	if affirms {
		return Beside{Standing: Contradicted, Why: WhyStayed}
	}
	return Beside{Standing: Supported, Why: WhyStayed}
}

// besidePlaces holds the places that a statement names against the stretch of
// the routes that the verdict names. Inside it nothing is told apart, so that
// nobody is contradicted or cleared there, save of being down for everything.
// What it says of a place outside may have happened: alone it is not the cause of this
// loss, and the routes that were lost say no more of it. For
// example, with a stretch from AS131279 to what AS4837 passes on, established
// unless three networks acted together: "AS4837 refused the routes" is neither
// refuted nor confirmed, for they are told apart from nothing; "AS6453 was down" is
// neither, for that is not what these routes stopped at, and AS6453 may have been down as
// well. That nothing was cut, as the watching broke off or another route stood in, is
// contradicted if a cut is established and nothing of the kind was seen.
func besidePlaces(f *finding.Findings, s *statement.Statement, c *finding.Cause) Beside {
	named := make([]place.Hypothesis, 0, len(s.Proposition.Class))
	for _, h := range s.Proposition.Class {
		named = append(named, Named(h))
	}
	stand := func(holds bool, why string) Beside {
		if holds == s.Affirms() {
			return Beside{Standing: Supported, Why: why}
		}
		return Beside{Standing: Contradicted, Why: why}
	}
	excluded, beyond, inside, inClass := 0, 0, false, false
	for _, h := range named {
		switch {
		case downExcluded(c, h):
			excluded++
		case touchesRegion(&c.Region, h):
			inside = true
		case len(h.Parts) < max(fewest(c), 2):
			beyond++
		}
		inClass = inClass || slices.ContainsFunc(c.Class, func(x place.Hypothesis) bool { return x.Means(h) })
	}
	placed := !c.Rival && len(c.Region.Sessions) > 0 && (c.Level == proof.Established || c.Level == proof.Indicated)
	switch {
	case len(named) > 0 && excluded == len(named):
		return stand(false, WhyExcluded)
	case !placed:
		return Beside{Standing: Neither, Why: WhyOpen}
	case c.Level == proof.Established && whole(c, named):
		return stand(true, WhyHolds)
	case inClass:
		return Beside{Standing: Neither, Why: WhyInseparable}
	case inside:
		return Beside{Standing: Neither, Why: WhyInside}
	case excluded+beyond < len(named):
		return Beside{Standing: Neither, Why: WhyOpen}
	case !slices.ContainsFunc(named, noCut):
		return Beside{Standing: Neither, Why: WhyBeyond}
	case c.Level == proof.Established && !slices.ContainsFunc(named, func(h place.Hypothesis) bool { return !noCut(h) || kindSeen(f, c, h, s.About) }):
		return stand(false, WhyUnseen)
	}
	return Beside{Standing: Neither, Why: WhyOpen}
}

// noCut reports whether what a statement names is no place: that nothing was cut.
func noCut(h place.Hypothesis) bool {
	return h.Is(place.Observer) || h.Is(place.Replaced) || h.Is(place.Renumbered)
}

// kindSeen reports whether anything of what would have been instead of a cut was seen while a
// loss lasted, or in the time that a statement is about: a session reset, another network's route,
// a new prefix.
//
// Example: a loss lasts from 12:07 to 12:59, and at 13:08 all sessions are reset. That the watching
// broke off between 12:05 and 13:55 is not contradicted.
func kindSeen(f *finding.Findings, c *finding.Cause, h place.Hypothesis, about *moment.Interval) bool {
	o := &f.Outages[c.Outage]
	loss := moment.Interval{From: o.From, Until: orEnd(o.Until, f)}
	if o.Onset.First != nil {
		loss.From = min(loss.From, *o.Onset.First)
	}
	within := func(from, until moment.Time) bool {
		return from < loss.Until && loss.From < until || about != nil && from < about.Until && about.From < until
	}
	switch {
	case h.Is(place.Observer):
		return slices.ContainsFunc(f.Watch.Blind, func(b finding.Blind) bool {
			return (b.Reason == finding.SessionDown || b.Reason == finding.TableTransfer) && within(b.From, b.Until)
		})
	case h.Is(place.Renumbered):
		return len(o.Began) > 0 || slices.ContainsFunc(f.Outages, func(x finding.Outage) bool { return len(x.Began) > 0 && within(x.From, orEnd(x.Until, f)) })
	}
	return o.Bare != nil || len(c.Beside) > 0 || slices.ContainsFunc(f.Others, func(x finding.OtherOrigin) bool {
		from, until := f.Question.From, f.Question.Until
		if x.From.First != nil {
			from = *x.From.First
		}
		if x.Until.Last != nil {
			until = *x.Until.Last
		}
		return within(from, until)
	}) || slices.ContainsFunc(f.Subject.Prefixes, func(p finding.Prefix) bool { return p.Replaced > 0 || p.Covered > 0 || p.Unknown > 0 })
}

// downExcluded reports whether what a statement names is excluded: a network
// down for everything. Nothing narrower ever is.
func downExcluded(c *finding.Cause, h place.Hypothesis) bool {
	return h.Is(place.Node) && slices.ContainsFunc(c.Hypotheses, func(x finding.Hypothesis) bool { return x.Excluded && x.Means(h) })
}

// fewest is the least number of networks outside the region that were not ruled
// out to have acted together; 0 if it was not counted.
func fewest(c *finding.Cause) int {
	for _, a := range c.Acts {
		if a.By == "networks" {
			return a.AtLeast
		}
	}
	return 0
}

// whole reports whether places cover the region and every place in it where one
// act suffices.
func whole(c *finding.Cause, named []place.Hypothesis) bool {
	for _, x := range c.Class {
		if !slices.ContainsFunc(named, func(h place.Hypothesis) bool {
			return x.Means(h) || x.Is(place.Export) && h.Is(place.TransitExport) && x.Parts[0][0].A == h.Parts[0][0].A
		}) {
			return false
		}
	}
	for _, s := range c.Region.Sessions {
		if !slices.ContainsFunc(named, func(h place.Hypothesis) bool { return !h.Joint() && h.Over(s) }) {
			return false
		}
	}
	return len(c.Class) > 0 && len(c.Region.Sessions) > 0
}

// touchesRegion reports whether a hypothesis would stop routes inside a region.
func touchesRegion(r *cause.Region, h place.Hypothesis) bool {
	return slices.ContainsFunc(r.Sessions, func(s place.Session) bool { return h.Over(s) })
}

// Named is a statement's hypothesis in the form in which places are weighed. A
// kind of break that is not known stays a part that nothing matches.
func Named(h statement.Hypothesis) place.Hypothesis {
	var out place.Hypothesis
	for _, part := range h.Parts {
		var bs []place.Break
		for _, b := range part {
			var k place.Kind
			if k.UnmarshalText([]byte(b.Kind)) != nil {
				continue
			}
			bs = append(bs, place.Break{Kind: k, A: b.A, B: b.B, S: b.S, Wide: b.Wide})
		}
		out.Parts = append(out.Parts, bs)
	}
	return out
}
