package examine

import (
	"encoding/json"
	"fmt"

	"constat/cases/caselog"
	"constat/internal/strictjson"
	"constat/internal/worded"
	"constat/judge/finding"
	"constat/routes/atlas"
	"constat/routes/vantage"
)

// Names of the files of a case beside its exhibits.
const (
	FindingsName = "findings.json"
	QuestionName = "question.json"
	WatchName    = "watch.json"
	StandardName = "standard.toml"
	GroupsName   = "groups.txt"
)

// QuestionFormat names the version of question.json.
const QuestionFormat = "constat-question/2"

// questionFormat1 has its notes as findings of formats 1 and 2 do.
const questionFormat1 = "constat-question/1"

// question is question.json: what was asked, and everything about the subject
// that does not come from the sources.
type question struct {
	Format   string            `json:"format"`
	Rules    int               `json:"rules,omitempty"` // [assess.Rules] of the program that made the findings; 0: older than numbers
	Question finding.Question  `json:"question"`
	Standard finding.Standard  `json:"standard"` // of standard.toml, declared before any source was read
	Subject  *atlas.Subject    `json:"subject"`
	Networks map[string]string `json:"networks"` // names of ASes, by number
	NamesOf  string            `json:"names_of"`
	Notes    []finding.Note    `json:"notes"`

	// Of the ASes met on the routes of the subject and of the controls, as far as
	// the lists that Registers names tell; see [atlas.Actors].
	Countries map[string]string `json:"countries,omitempty"` // ISO 3166 code of registration, by AS number
	Operators map[string]string `json:"operators,omitempty"` // identifier of the organisation, by AS number
	Large     []uint32          `json:"large,omitempty"`     // sorted; says nothing without a register of relations
	Customers [][2]uint32       `json:"customers,omitempty"` // provider and customer, of which one is an origin of the subject
	Registers []atlas.Register  `json:"registers,omitempty"`

	// Delegated blocks of which several networks announced addresses; see [atlas.Atlas.Holdings].
	Holdings []atlas.Holding `json:"holdings,omitempty"`

	Groups *groupsOf `json:"groups,omitempty"` // of groups.txt
}

// groupsOf names the grouping file of a case.
type groupsOf struct {
	File   string `json:"file"` // base name of the file that was given
	SHA256 string `json:"sha256"`
}

// encode gives indented JSON with a line feed at the end.
func encode(v any) ([]byte, error) {
	return strictjson.Indented(v)
}

func readJSON(dir, name, format string, v any, got *string) error {
	b, err := caselog.ReadFile(dir, name)
	if err != nil {
		return worded.Errorf("not a whole case: %w", err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if *got != format {
		return fmt.Errorf("%s: format %q is not %q", name, *got, format)
	}
	return nil
}

func readQuestion(dir string) (*question, error) {
	var q struct {
		question
		Notes json.RawMessage `json:"notes"`
	}
	b, err := caselog.ReadFile(dir, QuestionName)
	if err != nil {
		return nil, fmt.Errorf("not a whole case: %w", err)
	}
	if err := json.Unmarshal(b, &q); err != nil {
		return nil, fmt.Errorf("%s: %w", QuestionName, err)
	}
	switch q.Format {
	case QuestionFormat:
		err = json.Unmarshal(notesOrNull(q.Notes), &q.question.Notes)
	case questionFormat1:
		q.question.Notes, err = finding.OlderNotes(notesOrNull(q.Notes))
	default:
		err = fmt.Errorf("format %q is neither %q nor %q", q.Format, QuestionFormat, questionFormat1)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", QuestionName, err)
	}
	if q.Subject == nil {
		return nil, fmt.Errorf("%s: no subject", QuestionName)
	}
	if err := q.Subject.Answers(q.Question.Subject); err != nil {
		return nil, fmt.Errorf("%s: %w", QuestionName, err)
	}
	if q.Rules < 0 {
		return nil, fmt.Errorf("%s: rules are numbered from 1, and these are %d", QuestionName, q.Rules)
	}
	if q.Question.Until <= q.Question.From {
		return nil, fmt.Errorf("%s: the question ends before it begins", QuestionName)
	}
	return &q.question, nil
}

// oneAge refuses a question that no program wrote beside findings of a format: numbers
// of rules and format 3 of findings are younger than format 1 of questions, and format 2
// came with format 3 of findings. Whoever gives findings an older format has less
// computed of them, or nothing.
func (q *question) oneAge(findings string) error {
	switch older := findings == finding.Format1 || findings == finding.Format2; {
	case older != (q.Format == questionFormat1):
		return fmt.Errorf("%s is of format %s and %s of format %s: no program wrote the two together", QuestionName, q.Format, FindingsName, findings)
	case q.Format == questionFormat1 && q.Rules > 0:
		return fmt.Errorf("%s is of format %s and of rules %d: questions of that format are older than numbers of rules", QuestionName, q.Format, q.Rules)
	}
	return nil
}

// notesOrNull stands in for notes that a question has not.
func notesOrNull(b json.RawMessage) json.RawMessage {
	if b == nil {
		return json.RawMessage("null")
	}
	return b
}

func readWatch(dir string) (*vantage.Watch, error) {
	b, err := caselog.ReadFile(dir, WatchName)
	if err != nil {
		return nil, fmt.Errorf("not a whole case: %w", err)
	}
	w, err := vantage.ReadWatch(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", WatchName, err)
	}
	return w, nil
}
