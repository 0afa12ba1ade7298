// Package conduct applies codes of conduct to a case. A code is a file of
// rules, each with its source, what in a case engages it, and what it then
// demands: a section that must not be empty, a notice to an operator, or a
// caution that must be printed. Two ship: the norms of the UN Group of
// Governmental Experts of 2015, and the code of conduct that States of the
// Shanghai Cooperation Organization proposed in the same year.
//
// It promises that what is demanded follows from the case and the file alone,
// that every demand names its rule and the rule's source, and that a file with
// an unknown key, fact or kind of demand is refused with the place. A code asks
// for care in what a case says; the package never judges whether a State has
// kept to a norm, and names nobody.
package conduct

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"constat/claims/evidence"
	"constat/claims/statement"
	"constat/claims/trace"
	"constat/internal/locale"
	"constat/judge/finding"
	"constat/judge/proof"
)

// Facts that a rule may ask for. What stands beside a fact is of what it is
// true: networks ("AS3269"), countries, statements.
const (
	FactOutage       = "outage"       // an outage was measured; its scopes
	FactCountryCut   = "country-cut"  // all routes of a country were gone at once; its code
	FactPlace        = "place"        // a verdict names where the break lies; its networks
	FactFacilities   = "facilities"   // a trace names facilities of an attack; the networks that originated them
	FactTerritory    = "territory"    // … the countries they were registered to
	FactStateOwned   = "state-owned"  // … the networks of them that a list has as owned by a State
	FactEvidence     = "evidence"     // people rated evidence
	FactConclusion   = "conclusion"   // … and agree on a hypothesis
	FactDisagreement = "disagreement" // … and contradict each other
	FactStatement    = "statement"    // somebody said something; the statements
	FactAccusation   = "accusation"   // a statement asserts that somebody did something
	FactRequest      = "request"      // a statement asks for an act
	FactAnnouncement = "announcement" // a statement announces an act
)

// facts lists them; those of networks can be the subject of notices.
var facts = map[string]bool{
	FactOutage: false, FactCountryCut: false, FactPlace: true, FactFacilities: true, FactTerritory: false, FactStateOwned: true,
	FactEvidence: false, FactConclusion: false, FactDisagreement: false, FactStatement: false, FactAccusation: false,
	FactRequest: false, FactAnnouncement: false,
}

// Sections of a case that a rule may demand. Some are what a case holds anyway,
// others are documents that somebody writes, named after the section:
// "context.md". Such a document also fills a section of the first kind, for the
// case in which there is nothing and that has to be said.
const (
	SectionExamination  = "examination"  // an examination of routing data
	SectionStatements   = "statements"   // the register of statements
	SectionEvidence     = "evidence"     // rated evidence
	SectionTrace        = "trace"        // where facilities stood
	SectionContext      = "context"      // the larger context of the event
	SectionConsequences = "consequences" // what it did, to whom
	SectionReplies      = "replies"      // what those concerned answered when asked, or that they did not
)

var sections = []string{SectionExamination, SectionStatements, SectionEvidence, SectionTrace, SectionContext, SectionConsequences, SectionReplies}

// Facts are what is true of a case, as far as codes ask.
type Facts struct {
	True     map[string][]string // facts, each with of what it is true, sorted
	Sections map[string]bool     // that are not empty
	Notices  map[string]bool     // networks whose operators were given notice: "AS3269"
}

func (f *Facts) is(fact string, of ...string) {
	if f.True == nil {
		f.True = map[string][]string{}
	}
	all := append(f.True[fact], of...)
	slices.Sort(all)
	f.True[fact] = slices.Compact(all)
}

func (f *Facts) has(section string) {
	if f.Sections == nil {
		f.Sections = map[string]bool{}
	}
	f.Sections[section] = true
}

// Examined adds the findings of an examination.
func (f *Facts) Examined(x *finding.Findings) {
	f.has(SectionExamination)
	for _, o := range x.Outages {
		f.is(FactOutage, o.Scope+" "+o.Name)
		if x.Subject.Kind == "country" && o.Scope == "subject" && len(o.Total) > 0 {
			f.is(FactCountryCut, x.Question.Subject)
		}
	}
	for _, p := range x.Verdict.Propositions {
		if p.Key != finding.PropPlace || p.Level != proof.Established && p.Level != proof.Indicated {
			continue
		}
		f.is(FactPlace)
		for _, h := range p.Class {
			for _, part := range h.Parts {
				for _, b := range part {
					// Not the neighbours from which a network withheld routes:
					// they did nothing.
					for _, as := range []uint32{b.A, b.B} {
						if as != 0 {
							f.is(FactPlace, network(as))
						}
					}
				}
			}
		}
	}
}

// Traced adds a trace of an attack's facilities.
func (f *Facts) Traced(t *trace.Trace) {
	f.has(SectionTrace)
	for _, c := range t.Countries {
		if c.Code != "" {
			f.is(FactTerritory, c.Code)
		}
	}
	for i := range t.Facilities {
		x := &t.Facilities[i]
		if x.Special != "" {
			continue
		}
		f.is(FactFacilities)
		for _, o := range x.Origins {
			f.is(FactFacilities, network(o.AS))
			if len(o.Owners) > 0 {
				f.is(FactStateOwned, network(o.AS))
			}
		}
	}
}

// Said adds statements.
func (f *Facts) Said(r *statement.Register) {
	for _, s := range r.Statements {
		f.has(SectionStatements)
		f.is(FactStatement, s.ID)
		act := s.Proposition.Act
		switch {
		case (s.Kind == statement.Assertion && !s.Negative || s.Kind == statement.Condemnation) && act != nil && act.By != "":
			f.is(FactAccusation, s.ID)
		case s.Kind == statement.Request && act != nil:
			f.is(FactRequest, s.ID)
		case s.Kind == statement.Announcement && act != nil:
			f.is(FactAnnouncement, s.ID)
		}
	}
}

// Weighed adds what people rated.
func (f *Facts) Weighed(w *evidence.Weighing) {
	if len(w.Raters) == 0 {
		return
	}
	f.has(SectionEvidence)
	f.is(FactEvidence)
	switch {
	case w.Contradiction:
		f.is(FactDisagreement)
	case w.Lead >= 0:
		f.is(FactConclusion, w.Hypotheses[w.Lead].Letter)
	}
}

// Document adds a document of the case by its name, if it is not empty:
// "context.md" is the section of that name, "notice-AS3269.txt" the notice that
// the operator of AS3269 was given.
func (f *Facts) Document(name string, size int64) {
	if size == 0 {
		return
	}
	base := strings.ToLower(path.Base(name))
	if i := strings.IndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	switch as, ok := strings.CutPrefix(base, "notice-as"); {
	case ok && as != "" && len(as) <= 10 && strings.Trim(as, "0123456789") == "":
		if f.Notices == nil {
			f.Notices = map[string]bool{}
		}
		f.Notices["AS"+strings.TrimLeft(as, "0")] = true
	case written(base):
		f.has(base)
	}
}

// written reports whether a document can fill a section. What was measured
// nobody can write.
func written(section string) bool {
	return slices.Contains(sections, section) && section != SectionExamination && section != SectionTrace
}

func network(as uint32) string { return fmt.Sprintf("AS%d", as) }

// Kinds of demands.
const (
	KindSection = "section" // a section that must not be empty
	KindNotice  = "notice"  // a notice to an operator
	KindCaution = "caution" // a sentence that must be printed
)

// Demand is one thing that a rule demands of a case.
type Demand struct {
	Code   string     `json:"code"`   // name of the code
	Rule   string     `json:"rule"`   // id of the rule
	Source string     `json:"source"` // of the rule, as it is cited
	Kind   string     `json:"kind"`
	What   string     `json:"what"` // the section; the network to whose operator notice is due; empty for a caution
	Text   proof.Text `json:"text"` // what is demanded and why, or the caution itself
	By     []string   `json:"by"`   // facts that engaged the rule
	Met    bool       `json:"met"`  // a section or notice is there; cautions are met by printing them
}

// Demanded lists what a code demands of a case, in the order of the file;
// notices by network.
func (c *Code) Demanded(f *Facts) []Demand {
	out := []Demand{}
	for i := range c.Rules {
		r := &c.Rules[i]
		by := r.engaged(f)
		if by == nil {
			continue
		}
		for _, d := range r.Demands {
			one := Demand{Code: c.Name, Rule: r.ID, Source: r.Source, Kind: d.Kind, Text: d.Text, By: by}
			switch d.Kind {
			case KindSection:
				one.What, one.Met = d.What, f.Sections[d.What]
			case KindNotice:
				for _, as := range f.True[d.What] {
					n := one
					n.What, n.Met = as, f.Notices[as]
					out = append(out, n)
				}
				continue
			}
			out = append(out, one)
		}
	}
	return out
}

// engaged gives the facts by which a case engages a rule; nil if it does not.
// Each line of the file's list is a set of facts that must all be true; any one
// line is enough.
func (r *Rule) engaged(f *Facts) []string {
	var by []string
	for _, all := range r.Engaged {
		ok := true
		for _, fact := range all {
			_, is := f.True[fact]
			ok = ok && is
		}
		if ok {
			by = append(by, all...)
		}
	}
	slices.Sort(by)
	return slices.Compact(by)
}

// Missing are the demands whose section or notice is not there. A case is not
// concluded while there are any.
func Missing(ds []Demand) []Demand {
	return slices.DeleteFunc(slices.Clone(ds), func(d Demand) bool { return d.Met || d.Kind == KindCaution })
}

// Cautions are the sentences that must be printed, each once.
func Cautions(ds []Demand) []Demand {
	out := []Demand{}
	for _, d := range ds {
		if d.Kind == KindCaution && !slices.ContainsFunc(out, func(e Demand) bool { return maps.Equal(e.Text, d.Text) }) {
			out = append(out, d)
		}
	}
	return out
}

// Say words a missing demand in one line: what is missing, how it is given, and
// whose rule it is.
func (d Demand) Say(l proof.Lang) string {
	how := ""
	switch {
	case d.Kind == KindNotice:
		how = "notice-" + d.What + ".txt"
	case written(d.What):
		how = d.What + ".md"
	}
	w := locale.Must(l)
	what := w.T("codes.say."+d.Kind, "what", d.What)
	if how != "" {
		what = w.T("codes.say.how", "what", what, "file", how)
	}
	return w.T("codes.say", "what", what, "text", d.Text.In(l), "source", d.Source)
}
