package statement

import (
	"fmt"
	"slices"

	"constat/claims/wording"
	"constat/moment"
)

// Format names the form of a register, in JSON and as text.
const Format = "constat-statements/1"

// Register is a list of accepted statements.
type Register struct {
	Format     string      `json:"format"`
	Statements []Statement `json:"statements"` // sorted by ID
}

// Statement is what somebody said.
type Statement struct {
	ID      string  `json:"id"` // unique in a register: letters, digits, '-', '.', '_'
	Speaker Speaker `json:"speaker"`
	// Outlets is the chain of outlets: first the one in which it was read, each
	// next one the source of the one before. Empty where nobody stood between.
	Outlets []string `json:"outlets"`
	Record  Record   `json:"record"`

	// Said is the interval within which it was said, nil where nothing tells;
	// Published within which the document appeared. Learned is when we came
	// to know of it: what was known at a given moment is asked by it.
	Said      *moment.Interval `json:"said"`
	Published moment.Interval  `json:"published"`
	Learned   moment.Time      `json:"learned"`
	// About is the interval that the statement speaks of.
	About *moment.Interval `json:"about"`

	Kind Kind `json:"kind"` // what the speaker does with the proposition
	// Negative marks an assertion that the proposition does not hold: "the
	// phones were not working" asserts, negatively, that the phones were working.
	Negative bool   `json:"negative,omitempty"`
	Form     Form   `json:"form"`
	Lang     string `json:"lang"`  // of the words: "en", "fr", or another ISO 639 code
	Words    string `json:"words"` // as the document has them
	// Gist says the same in few words of one language for the whole register,
	// so that statements in different languages can be set side by side.
	Gist        string      `json:"gist,omitempty"`
	Proposition Proposition `json:"proposition"`
	Document    Document    `json:"document"`

	Grade Grade `json:"grade"`
	// Repeats names an earlier statement that this one passes on or says again.
	Repeats string `json:"repeats,omitempty"`
	// Through names the statement within which this one is told: A says that
	// B said.
	Through  string    `json:"through,omitempty"`
	Read     *ReadFrom `json:"read,omitempty"` // nil: entered by hand
	Accepted *Accepted `json:"accepted"`       // nil only in proposals
	Note     string    `json:"note,omitempty"`
}

// Speaker is who is said to have spoken.
type Speaker struct {
	As   string `json:"as"`             // as the document calls them: "a staff member"
	Name string `json:"name,omitempty"` // who it is, where that is known
	For  string `json:"for,omitempty"`  // on whose behalf: a ministry, a country, a company
	Role Role   `json:"role"`
}

// Label is the name, or else what the document calls the speaker.
func (s Speaker) Label() string {
	if s.Name != "" {
		return s.Name
	}
	return s.As
}

// Document is the text that the words stand in.
type Document struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // lower-case hex, of the file as it was read
}

// Grade is a pair of the Admiralty code. The two letters are given apart: the
// source from A to F, the information from 1 to 6.
type Grade struct {
	Source      string `json:"source"`
	Information string `json:"information"`
}

// Ungraded is what nobody has judged.
var Ungraded = Grade{"F", "6"}

func (g Grade) String() string { return g.Source + g.Information }

// ReadFrom says where in the document a reader found the statement.
type ReadFrom struct {
	Reader  string `json:"reader"`  // which rules: [ReaderVersion]
	Words   []Span `json:"words"`   // in the order of the text; more than one where the attribution splits a quotation
	Speaker []Span `json:"speaker"` // the mention next to the words; a pronoun's antecedent follows
	Cue     []Span `json:"cue"`     // what makes it a statement: a verb, "according to"
	// Unsure says why the reader would not stand by it: "the text does not name
	// who issued it". Empty where it would.
	Unsure string `json:"unsure,omitempty"`
}

// Span is a range of bytes in a document: from From up to, not including, To.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

func (s Span) String() string { return fmt.Sprintf("%d-%d", s.From, s.To) }

// Accepted is who let the statement into the register, and when.
type Accepted struct {
	By string      `json:"by"`
	At moment.Time `json:"at"`
}

// Proposition is what is asserted, denied, doubted, asked for or announced: a
// hypothesis or a class of them, an act, or both; Text says it in words.
type Proposition struct {
	Text string `json:"text,omitempty"`
	// Class holds hypotheses of which the statement does not say which: with
	// one member it names a hypothesis, with several a class.
	Class []Hypothesis `json:"class,omitempty"`
	Act   *Act         `json:"act,omitempty"`
}

// Act is something that somebody does to somebody. What is a short word that
// the register uses throughout: "attack", "cut", "block", "investigate".
type Act struct {
	What string `json:"what"`
	By   string `json:"by,omitempty"`
	On   string `json:"on,omitempty"`
}

// Named says whether the proposition can be compared with others.
func (p Proposition) Named() bool { return len(p.Class) > 0 || p.Act != nil }

// Same says whether two propositions name the same class or the same act. A
// text alone names nothing.
func (p Proposition) Same(q Proposition) bool {
	if len(p.Class) > 0 && len(q.Class) > 0 && slices.EqualFunc(canonical(p.Class), canonical(q.Class), Hypothesis.same) {
		return true
	}
	return p.Act != nil && q.Act != nil && p.Act.same(*q.Act)
}

func (a Act) same(b Act) bool {
	return wording.Fold(a.What) == wording.Fold(b.What) && wording.Fold(a.By) == wording.Fold(b.By) && wording.Fold(a.On) == wording.Fold(b.On)
}

func (a Act) String() string {
	s := a.What
	if a.By != "" {
		s += " by " + a.By
	}
	if a.On != "" {
		s += " on " + a.On
	}
	return s
}

// Role is what the speaker is, as far as the document tells.
type Role string

// Roles. Source is an unnamed source of which no more is said.
const (
	Official          Role = "official"
	AnonymousOfficial Role = "anonymous official"
	Source            Role = "anonymous source"
	Staff             Role = "staff"
	Expert            Role = "expert"
	Company           Role = "company"
	Outlet            Role = "outlet"
	Other             Role = "other"
)

// Roles lists the roles in the order in which they are documented.
var Roles = []Role{Official, AnonymousOfficial, Source, Staff, Expert, Company, Outlet, Other}

// Record says whether the speaker stands to it by name or office.
type Record string

// On the record, off it, or not told.
const (
	OnRecord      Record = "on"
	OffRecord     Record = "off"
	RecordUnknown Record = "unknown"
)

// Records lists them.
var Records = []Record{OnRecord, OffRecord, RecordUnknown}

// Kind is what the speaker does with the proposition.
type Kind string

// Kinds. A denial is an act of speech: it answers a charge or a report. A
// negation that answers nobody is an assertion with Negative set.
const (
	Assertion    Kind = "assertion"
	Denial       Kind = "denial"
	Doubt        Kind = "doubt"
	Request      Kind = "request"
	Announcement Kind = "announcement"
	Threat       Kind = "threat"       // what the speaker will do to others, often unless they yield
	Condemnation Kind = "condemnation" // blame for an act, whoever did it
	Claim        Kind = "claim-of-responsibility"
	Question     Kind = "question"
)

// Kinds lists them.
var Kinds = []Kind{Assertion, Denial, Doubt, Request, Announcement, Threat, Condemnation, Claim, Question}

// Affirms reports whether the speaker says that the proposition holds. Whoever
// claims responsibility for an act says that it was done.
func (s *Statement) Affirms() bool { return s.Kind == Assertion && !s.Negative || s.Kind == Claim }

// Disputes reports whether the speaker says that the proposition does not
// hold: "we did not cut the line" as well as "the line is not cut".
func (s *Statement) Disputes() bool { return s.Kind == Denial || s.Kind == Assertion && s.Negative }

// Testable reports whether the speaker says of something that it is so, is not
// so or is unlikely. A threat, a promise or a question says nothing of the kind.
func (s *Statement) Testable() bool { return s.Affirms() || s.Disputes() || s.Kind == Doubt }

// Form says whose words they are.
type Form string

// Forms. Mixed is reported speech with quoted pieces in it.
const (
	Direct   Form = "direct"
	Indirect Form = "indirect"
	Mixed    Form = "mixed"
)

// Forms lists them.
var Forms = []Form{Direct, Indirect, Mixed}

// ByID returns the statement of that name, or nil.
func (r *Register) ByID(id string) *Statement {
	for i := range r.Statements {
		if r.Statements[i].ID == id {
			return &r.Statements[i]
		}
	}
	return nil
}

// Known returns the statements that were known at t.
func (r *Register) Known(t moment.Time) []Statement {
	var out []Statement
	for _, s := range r.Statements {
		if s.Learned <= t {
			out = append(out, s)
		}
	}
	return out
}
