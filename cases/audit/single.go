package audit

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/cases/page"
	"constat/internal/locale"
	"constat/judge/finding"
)

// Alone is what verifying an examination that is in no case found to hold.
type Alone struct {
	Findings *finding.Findings
	Earlier  *examine.Earlier // the findings are of an earlier method, and were not computed again
	Notes    []Note
	// Unchecked is what of its question rests on lists; nil: nothing.
	Unchecked *examine.Unchecked
}

// Single verifies an examination that is in no case: that its folder holds the
// files of an examination and no other, that its exhibits are what the manifest
// lists, and that they give the same findings again. Nothing vouches for its
// report; a note says if it is gone, or not what this version writes.
func Single(ctx context.Context, dir string) (*Alone, error) {
	m, err := caselog.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	if err := alone(dir, m); err != nil {
		return nil, err
	}
	if err := oneReading(dir); err != nil {
		return nil, err
	}
	a := &Alone{}
	c, err := examine.CheckAgain(ctx, dir)
	if err != nil && !errors.As(err, &a.Earlier) {
		return nil, err
	}
	a.Findings = c.Findings
	if a.Unchecked, err = examine.ReadUnchecked(dir); err != nil {
		return nil, err
	}
	if a.Notes, err = strange(dir, examine.QuestionName); err != nil {
		return nil, err
	}
	a.Notes = append(a.Notes, OlderNotes(c, examine.FindingsName)...)
	note, err := ReportNote(dir, a.Findings, a.Earlier)
	if err != nil {
		return nil, err
	}
	if note != nil {
		a.Notes = append(a.Notes, *note)
	}
	a.Notes = append(a.Notes, exposed(caselog.ExposedIn(os.DirFS(dir)))...)
	return a, nil
}

// ReportNote says what a reader should know of the report of an examination that is
// in no case: that it is gone, or not what this version writes. It is nil if the
// report is what this version writes of the findings.
func ReportNote(dir string, f *finding.Findings, earlier *examine.Earlier) (*Note, error) {
	b, err := caselog.ReadFile(dir, page.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Note{Key: NoteGone, A: page.Name}, nil
	case err != nil:
		return nil, err
	case earlier != nil || !written(dir, f, b):
		return &Note{Key: NoteUnvouched, A: page.Name}, nil
	}
	return nil, nil
}

// alone refuses what is no part of an examination.
func alone(dir string, m *caselog.Manifest) error {
	known := map[string]bool{caselog.ManifestName: true}
	for _, n := range []string{examine.QuestionName, examine.StandardName, examine.GroupsName, examine.ControlsName, examine.WatchName, examine.FindingsName, page.Name} {
		known[n] = true
	}
	for _, x := range m.Exhibits {
		known[caselog.ExhibitDir+"/"+x.Name] = true
	}
	return fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (p == "." || p == caselog.ExhibitDir):
		case !known[p]:
			return &caselog.Fault{Path: p, Entry: -1, Err: errors.New("it lies in the examination and is no part of one")}
		case !d.Type().IsRegular():
			return &caselog.Fault{Path: p, Entry: -1, Err: fmt.Errorf("it is no ordinary file (%s)", d.Type())}
		}
		return nil
	})
}

// oneReading refuses an examination whose files say two things, of which a
// reader takes the one and another the other.
func oneReading(dir string) error {
	for _, n := range []string{examine.QuestionName, examine.ControlsName, examine.WatchName} {
		b, err := caselog.ReadFile(dir, n)
		if errors.Is(err, fs.ErrNotExist) {
			continue // whether it may be absent is for package examine
		}
		if err == nil {
			err = caselog.Unambiguous(b)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", n, err)
		}
	}
	return nil
}

// written says whether a report is what this version writes, in some language. It
// names the folder as it was called when it was written; folders are renamed.
func written(dir string, f *finding.Findings, was []byte) bool {
	names := []string{filepath.Base(dir)}
	if m := folderName.FindSubmatch(was); m != nil {
		names = append(names, html.UnescapeString(string(m[1])))
	}
	for _, name := range slices.Compact(names) {
		if slices.ContainsFunc(locale.All(), func(l locale.Lang) bool {
			p, err := page.Render(dir, name, f, l)
			return err == nil && string(p) == string(was)
		}) {
			return true
		}
	}
	return false
}

// folderName finds the name of the folder in a report.
var folderName = regexp.MustCompile(`<p class="?meta"?>[^<]*<b>([^<]*)</b>`)
