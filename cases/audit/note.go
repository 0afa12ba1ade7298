package audit

import (
	"strconv"

	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/internal/locale"
)

// Note is something that a reader should know though nothing failed.
type Note struct {
	Key string // one of those below
	// A and B are what it speaks of: a file or an entry, and by the key a format,
	// another entry or a count.
	A, B string
}

// Keys of notes.
const (
	NoteTimes      = "times"      // entry A is dated before entry B
	NoteCosigned   = "cosigned"   // the countersignature of A is dated before the last entry that it signs, B
	NoteFindings   = "findings"   // the findings A are of format B, and were not computed again
	NoteMember     = "member"     // the question A has a member that this version does not know, B
	NoteRules      = "rules"      // the question A names rules newer than this program's, B
	NoteConclusion = "conclusion" // A concludes from findings of an earlier method
	NoteReport     = "report"     // the report A of an examination is not what this version writes
	NoteVerdict    = "verdict"    // the report A of a verdict is not what this version writes
	NoteGone       = "gone"       // the report A of an examination or a verdict is not there
	NoteUnjoined   = "unjoined"   // the conclusion A of a verdict is not there, so what it rests on was not joined again
	NoteUnvouched  = "unvouched"  // the report A of a single examination is not what this version writes
	NoteIndex      = "index"      // the case's first page A is not what this version writes
	NoteMode       = "mode"       // anybody can write to B files or folders, A the first
	NoteLinks      = "links"      // B files have other names as well, A the first
)

// In words a note.
func (n Note) In(w *locale.Words) string {
	count := locale.None
	if n.Key == NoteMode || n.Key == NoteLinks {
		count, _ = strconv.ParseInt(n.B, 10, 64)
	}
	return w.TN("verify.note."+n.Key, count, "a", n.A, "b", n.B)
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
		out = append(out, Note{NoteMode, x.Writable[0], strconv.Itoa(n)})
	}
	if n := len(x.Linked); n > 0 {
		out = append(out, Note{NoteLinks, x.Linked[0], strconv.Itoa(n)})
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
		out = append(out, Note{NoteMember, question, x.Member})
	}
	if x.Rules != 0 {
		out = append(out, Note{NoteRules, question, strconv.Itoa(x.Rules)})
	}
	return out, nil
}

// OfReport reports whether the note says that a page for people is gone, or is not what
// this version writes.
func (n Note) OfReport() bool {
	switch n.Key {
	case NoteIndex, NoteReport, NoteVerdict, NoteGone, NoteUnvouched, NoteUnjoined:
		return true
	}
	return false
}
