package audit

import (
	"strconv"
	"strings"

	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/internal/locale"
)

// Note is something that a reader should know though nothing failed.
type Note struct {
	Key string // one of those below
	// A, B and C are what it speaks of: a file or an entry, and by the key a format,
	// another entry, a count or a list.
	A, B, C string
}

// Keys of notes.
const (
	NoteTimes       = "times"        // entry A is dated before entry B
	NoteCosigned    = "cosigned"     // what A signed is dated before the last entry that it signs, B, at C
	NoteAhead       = "ahead"        // entry A is dated B, which has not come yet
	NoteSignedAhead = "signed.ahead" // what A signed is dated B, which has not come yet
	NoteFindings    = "findings"     // the findings A are of format B, and were not computed again
	NoteMember      = "member"       // the question A has a member that this version does not know, B
	NoteRules       = "rules"        // the question A names rules newer than this program's, B
	NoteOlder       = "older"        // the findings A are of rules B, and today's find otherwise in their members C
	NoteUnnumbered  = "unnumbered"   // the findings A are older than numbers of rules, and today's find otherwise in C
	NoteConclusion  = "conclusion"   // A concludes from findings of an earlier method
	NoteReport      = "report"       // the report A of an examination is not what this version writes
	NoteVerdict     = "verdict"      // the report A of a verdict is not what this version writes
	NoteGone        = "gone"         // the report A of an examination or a verdict is not there
	NoteUnjoined    = "unjoined"     // the conclusion A of a verdict is not there, so what it rests on was not joined again
	NoteUnvouched   = "unvouched"    // the report A of a single examination is not what this version writes
	NoteIndex       = "index"        // the case's first page A is not what this version writes
	NoteUnlisted    = "unlisted"     // the conclusion A is as earlier versions joined a case
	NoteWithdrawn   = "withdrawn"    // entry A withdraws entry B, which entry C has withdrawn
	NoteMode        = "mode"         // anybody can write to B files or folders, A the first
	NoteLinks       = "links"        // B files have other names as well, A the first
)

// In words a note.
func (n Note) In(w *locale.Words) string {
	count := locale.None
	if n.Key == NoteMode || n.Key == NoteLinks {
		count, _ = strconv.ParseInt(n.B, 10, 64)
	}
	return w.TN("verify.note."+n.Key, count, "a", n.A, "b", n.B, "c", n.C)
}

// String words a note in the default language.
func (n Note) String() string { return n.In(locale.Must(locale.Default)) }

// MarshalText gives the words in the default language, so that programs see the
// same whatever the reader's.
func (n Note) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// exposed notes which files others can change without the case's folder saying so.
// It is no fault: a copy from a medium without modes has them all.
func exposed(x caselog.Exposed) []Note {
	var out []Note
	if n := len(x.Writable); n > 0 {
		out = append(out, Note{Key: NoteMode, A: x.Writable[0], B: strconv.Itoa(n)})
	}
	if n := len(x.Linked); n > 0 {
		out = append(out, Note{Key: NoteLinks, A: x.Linked[0], B: strconv.Itoa(n)})
	}
	return out
}

// strange notes what a question says that this program does not compute by.
func strange(dir, question string) ([]Note, error) {
	x, err := examine.ReadStrange(dir)
	if err != nil {
		return nil, err
	}
	var out []Note
	if x.Member != "" {
		out = append(out, Note{Key: NoteMember, A: question, B: x.Member})
	}
	if x.Rules != 0 {
		out = append(out, Note{Key: NoteRules, A: question, B: strconv.Itoa(x.Rules)})
	}
	return out, nil
}

// OlderNotes say that today's rules find otherwise in a case of older ones, whose findings
// are called so.
func OlderNotes(c *examine.Computed, findings string) []Note {
	if c.Older == nil {
		return nil
	}
	n := Note{Key: NoteUnnumbered, A: findings, C: strings.Join(c.Older.Members, ", ")}
	if c.Older.Rules > 0 {
		n.Key, n.B = NoteOlder, strconv.Itoa(c.Older.Rules)
	}
	return []Note{n}
}

// Strict reports whether the note says that something in the case is not what this version
// writes, or finds, of what was logged. The others speak of clocks, and of who can change the files.
func (n Note) Strict() bool {
	switch n.Key {
	case NoteTimes, NoteCosigned, NoteAhead, NoteSignedAhead, NoteMode, NoteLinks:
		return false
	}
	return true
}
