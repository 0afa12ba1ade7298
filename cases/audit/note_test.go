package audit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"constat/cases/caselog"
	"constat/internal/locale"
)

// TestNotesAreWorded: every note has words in every language, with what it names.
func TestNotesAreWorded(t *testing.T) {
	for _, l := range locale.All() {
		w := locale.Must(l)
		for _, key := range []string{NoteTimes, NoteCosigned, NoteAhead, NoteSignedAhead, NoteOlder, NoteUnnumbered, NoteWithdrawn, NoteUnlisted, NoteUnjoined, NoteFindings, NoteConclusion, NoteReport, NoteVerdict, NoteGone, NoteUnvouched, NoteMode, NoteLinks} {
			if !w.Has("verify.note." + key) {
				t.Errorf("%s: no words for the note %q", l, key)
			}
		}
	}
	b, err := json.Marshal([]Note{{Key: NoteTimes, A: "3", B: "2"}})
	if want := `["entry 3 gives an earlier time than entry 2: the log proves the order, not the times"]`; err != nil || string(b) != want {
		t.Errorf("%s %v", b, err)
	}
}

// TestExposed: files that others can change from outside are told, and hold.
func TestExposed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes and links are told of Unix file systems")
	}
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"kept": 0o644, "open": 0o646, "linked": 0o644} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	if notes := exposed(caselog.ExposedIn(os.DirFS(dir))); len(notes) != 1 || notes[0] != (Note{Key: NoteMode, A: "open", B: "1"}) {
		t.Errorf("%q", notes)
	}
	if err := os.Link(filepath.Join(dir, "linked"), filepath.Join(t.TempDir(), "elsewhere")); err != nil {
		t.Skip("no hard links here:", err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	notes := exposed(caselog.ExposedIn(os.DirFS(dir)))
	if len(notes) != 2 || notes[0] != (Note{Key: NoteMode, A: ".", B: "2"}) || notes[1] != (Note{Key: NoteLinks, A: "linked", B: "1"}) {
		t.Errorf("%q", notes)
	}
}
