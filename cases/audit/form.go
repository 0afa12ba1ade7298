package audit

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"constat/cases/caselog"
	"constat/cases/conclude"
)

// form is what an entry of a kind has (docs/formats/case-log.md, "Entries"): whether it has
// data, how many files, and their roles. No program ever wrote another, so an entry of another
// form was made by hand. A reader could take what it has besides for something that
// Constat said. Example: a document with the data {"signed":"by the minister"}.
type form struct {
	data  bool
	files [2]int // least and most
	roles []string
}

// many is no bound but the size of an entry.
const many = caselog.MaxEntry

var forms = map[string]form{
	caselog.KindOpened:      {true, [2]int{1, 1}, []string{caselog.RoleStandard}},
	caselog.KindParty:       {true, [2]int{0, 0}, nil},
	caselog.KindAsked:       {true, [2]int{0, 0}, nil},
	caselog.KindExamined:    {true, [2]int{0, many}, nil}, // by name: [Report.examination]
	caselog.KindStatement:   {false, [2]int{1, many}, []string{roleStatement, caselog.RoleSigned, caselog.RoleSignature}},
	caselog.KindDocument:    {false, [2]int{1, 1}, []string{""}},
	caselog.KindSource:      {false, [2]int{1, 1}, []string{""}},
	caselog.KindEvidence:    {false, [2]int{1, 1}, []string{""}},
	caselog.KindWithdrawn:   {true, [2]int{0, 0}, nil},
	caselog.KindCosignature: {false, [2]int{1, 1}, []string{caselog.RoleNote}},
	caselog.KindDissent:     {false, [2]int{1, 1}, []string{caselog.RoleNote}},
	caselog.KindStamp:       {true, [2]int{1, 1}, []string{caselog.RoleStamp}},
	caselog.KindGuardian:    {true, [2]int{0, 0}, nil},
	caselog.KindRotated:     {true, [2]int{1, 1}, []string{caselog.RoleNote}},
	caselog.KindVerdict:     {true, [2]int{1, many}, nil}, // by name, too
}

// roleStatement is a register of statements that nobody signed.
const roleStatement = "statement"

// checkForm holds an entry against the form of its kind. A kind that this version does
// not know has any.
func checkForm(e *caselog.Entry, n int64) error {
	f, ok := forms[e.Kind]
	if !ok {
		return nil
	}
	bad := func(path, format string, args ...any) error {
		return &caselog.Fault{Path: path, Entry: n, Err: fmt.Errorf(format, args...)}
	}
	switch {
	case f.data && len(e.Data) == 0:
		return bad("", "an entry %q has data, and this one has none", e.Kind)
	case !f.data && len(e.Data) > 0:
		return bad("", "an entry %q has no data, and this one has: %s", e.Kind, e.Data)
	case len(e.Files) < f.files[0] || len(e.Files) > f.files[1]:
		return bad("", "an entry %q has %s, and this one has %d", e.Kind, files(f.files), len(e.Files))
	}
	for _, x := range e.Files {
		if want := verdictRole(path.Base(x.Path)); e.Kind == caselog.KindVerdict && x.Role != want {
			return bad(x.Path, "its role is %q, and that of such a file is %q", x.Role, want)
		}
		if f.roles != nil && !slices.Contains(f.roles, x.Role) {
			return bad(x.Path, "its role is %q, and the files of an entry %q have the role %s", x.Role, e.Kind, quoted(f.roles))
		}
	}
	if e.Kind == caselog.KindStatement {
		return checkSides(e, bad)
	}
	return nil
}

// verdictRole is the role of a file of a verdict. What is no part of one is refused elsewhere.
func verdictRole(name string) string {
	switch name {
	case VerdictName:
		return "verdict"
	case conclude.Name:
		return "conclusion"
	}
	return "report"
}

// checkSides wants of a statement one register, or one file with its signature: a
// file said to be signed without a signature beside it would be taken for signed.
func checkSides(e *caselog.Entry, bad func(path, format string, args ...any) error) error {
	by := map[string][]string{}
	for _, x := range e.Files {
		by[x.Role] = append(by[x.Role], x.Path)
	}
	switch signed, plain := by[caselog.RoleSigned], by[roleStatement]; {
	case len(signed) == 1 && len(by[caselog.RoleSignature]) == 0:
		return bad(signed[0], "it is said to be signed, and no signature stands beside it")
	case len(signed)+len(plain) != 1 || len(plain) == 1 && len(e.Files) > 1:
		return bad("", "a statement has one register, or one signed file with its signatures")
	}
	return nil
}

func files(n [2]int) string {
	switch {
	case n[0] == n[1] && n[0] == 1:
		return "one file"
	case n[1] == 0:
		return "no files"
	}
	return "files"
}

func quoted(roles []string) string {
	var out []string
	for _, r := range roles {
		out = append(out, fmt.Sprintf("%q", r))
	}
	return strings.Join(out, ", ")
}
