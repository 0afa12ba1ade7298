package examine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"constat/cases/caselog"
	"constat/judge/assess"
	"constat/routes/atlas"
)

// Unchecked is what of a question.json rests on lists of others: a case alone does not
// show that they say so. By whom a network is operated and where it was registered can
// make the difference between indicated and established.
type Unchecked struct {
	Members []string `json:"members"` // of question.json, in its order
	Lists   []string `json:"lists"`   // that it names, with their digests or dates
}

// ReadUnchecked reads it from an examination's folder; nil if nothing rests on lists.
func ReadUnchecked(dir string) (*Unchecked, error) {
	q, err := readQuestion(dir)
	if err != nil {
		return nil, err
	}
	return q.unchecked(), nil
}

// Held is what is left unchecked of a question if all was held against lists: what stood
// in a subject file.
func (u *Unchecked) Held(a *Asked) *Unchecked {
	if u == nil || !atlas.IsFile(a.Subject) {
		return nil
	}
	return &Unchecked{Members: []string{"subject"}, Lists: []string{}}
}

func (q *question) unchecked() *Unchecked {
	u := &Unchecked{Members: []string{}, Lists: []string{}}
	for _, m := range []struct {
		name  string
		there bool
	}{
		{"subject", q.Subject.NeedsLists(q.Question.Subject)},
		{"networks", len(q.Networks) > 0},
		{"countries", len(q.Countries) > 0},
		{"operators", len(q.Operators) > 0},
		{"large", len(q.Large) > 0 || atlas.HasRegister(q.Registers, atlas.RegisterRelations)},
		{"customers", len(q.Customers) > 0},
		{"holdings", len(q.Holdings) > 0},
	} {
		if m.there {
			u.Members = append(u.Members, m.name)
		}
	}
	if len(u.Members) == 0 {
		return nil
	}
	digested := map[string]bool{}
	for _, r := range q.Registers {
		u.Lists = append(u.Lists, r.File+" (SHA-256 "+r.SHA256+")")
		digested[r.File] = true
	}
	for _, l := range q.Subject.Lists {
		if !digested[l.File] {
			u.Lists = append(u.Lists, l.String())
		}
	}
	if q.NamesOf != "" && len(q.Networks) > 0 {
		u.Lists = append(u.Lists, q.NamesOf)
	}
	return u
}

// sameLists holds what a question has of lists against what those of an atlas give for
// the same networks. What stood in a subject file no list tells.
func sameLists(was, now *question, a *atlas.Atlas) error {
	if asked := was.Question.Subject; was.Subject.NeedsLists(asked) && !atlas.IsFile(asked) {
		s, err := a.At(was.Question.From.Std()).Resolve(asked)
		if err != nil {
			return archiveFault(QuestionName, "%w", err)
		}
		if !sameJSON(was.Subject, s) {
			return archiveFault(QuestionName, "its subject is not what the lists given with --atlas have of %s", asked)
		}
	}
	for _, m := range []struct {
		name     string
		was, now any
	}{
		{"registers", was.Registers, now.Registers},
		{"countries", was.Countries, now.Countries},
		{"operators", was.Operators, now.Operators},
		{"large", was.Large, now.Large},
		{"customers", was.Customers, now.Customers},
		{"holdings", was.Holdings, now.Holdings},
		{"names_of", was.NamesOf, now.NamesOf},
		{"networks", was.Networks, now.Networks},
	} {
		if !sameJSON(m.was, m.now) {
			return archiveFault(QuestionName, "its %s are not what the lists given with --atlas have%s", m.name, firstOther(was, now, m.name))
		}
	}
	return nil
}

// firstOther names the first register that is another, since the rest follows from it.
func firstOther(was, now *question, member string) string {
	if member != "registers" {
		return ""
	}
	for _, r := range was.Registers {
		if !slices.Contains(now.Registers, r) {
			return fmt.Sprintf(": %s with SHA-256 %s is not among them", r.File, r.SHA256)
		}
	}
	for _, r := range now.Registers {
		if !slices.Contains(was.Registers, r) {
			return fmt.Sprintf(": %s with SHA-256 %s was not read for it", r.File, r.SHA256)
		}
	}
	return ""
}

// sameJSON compares as a case has them: nothing is the same as none.
func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	none := func(j []byte) bool { return len(j) <= 2 || bytes.Equal(j, []byte("null")) }
	return err == nil && err2 == nil && (bytes.Equal(x, y) || none(x) && none(y))
}

// Strange is what a question.json says that this program does not compute by.
type Strange struct {
	Member string // the first member that this version does not know; empty: none
	Rules  int    // rules newer than this program's; 0: none
}

// ReadStrange reads it from an examination's folder. It is no fault: newer versions may
// add members, and newer rules may give the same findings.
func ReadStrange(dir string) (Strange, error) {
	var out Strange
	q, err := readQuestion(dir)
	if err != nil {
		return out, err
	}
	if q.Rules > assess.Rules {
		out.Rules = q.Rules
	}
	b, err := caselog.ReadFile(dir, QuestionName)
	if err != nil {
		return out, err
	}
	var has map[string]json.RawMessage
	if err := json.Unmarshal(b, &has); err != nil {
		return out, err
	}
	known := map[string]bool{}
	for i, t := 0, reflect.TypeFor[question](); i < t.NumField(); i++ {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		known[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(has)) {
		if !known[name] {
			out.Member = name
			break
		}
	}
	return out, nil
}
