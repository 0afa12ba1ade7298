// Package examine is the main job as one function: a question and sources in,
// findings and a case out; and the same findings again from the case alone.
//
// It works in two stages with a wall between them. Collecting reads every
// source whole, keeps who was watching (watch.json) and copies the records that
// bear on the subject into exhibits. Then the case that was just written, and
// nothing else, is loaded as the evidence from which package assess computes the
// findings; only which prefixes the subject comes to is not read out of it twice.
// So [Again] is the second stage, and a case cannot say less than what its findings
// rest on. [VerifyArchives] is the first stage once more, held against what the case
// has.
//
// It promises: the same question over the same sources gives the same bytes,
// whatever the machine, the number of cores and where the files lie; nothing
// that could not be read is left out of the findings; a case appears whole or
// not at all. It does not fetch (source does), judge (assess does) or word: what
// a case holds for people is handed in ([Request.Extra]).
package examine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"

	"constat/cases/caselog"
	"constat/internal/worded"
	"constat/judge/assess"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// Request is a question and where to look.
type Request struct {
	Asked   string // the subject as the person wrote it
	Subject *atlas.Subject
	Atlas   *atlas.Atlas // for names; may be nil
	From    moment.Time
	Until   moment.Time
	Sources *source.Set
	// The standard of proof, with the bytes of its file and their digest. It is
	// written before any source is read.
	Standard     proof.Standard
	StandardText []byte
	StandardHash string
	// A grouping file, kept in the case; see [atlas.ParseGroups].
	GroupsFile string // its base name
	GroupsText []byte // nil: none
	Notes      []finding.Note
	Dir        string // of the case
	Force      bool
	// Extra writes more files into the case, such as its report, before the case
	// appears: dir is where it lies until then, name what its folder will be
	// called. May be nil.
	Extra   func(dir, name string, f *finding.Findings) error
	Workers int                          // files read at once; 0: as many as there are processors
	Done    func(file string, n, of int) // progress, called from several goroutines; may be nil
	// Copied is told of a file that is left out because it has the bytes of another
	// collector's; may be nil.
	Copied func(file, of source.File)

	// opened is told of each time that a source is opened; for tests, nil else.
	opened func(file string)
}

// Run examines, writes the case and returns its findings.
func Run(ctx context.Context, r Request) (*finding.Findings, error) {
	if r.Until <= r.From {
		return nil, worded.Errorf("the question ends at %s, not after its start %s", r.Until, r.From)
	}
	if len(r.Sources.Files) == 0 && len(r.Sources.Missing) == 0 {
		return nil, errors.New("no source holds a file for this question")
	}
	if r.Workers <= 0 {
		r.Workers = runtime.GOMAXPROCS(0)
	}
	w, err := caselog.Create(r.Dir, r.Force)
	if err != nil {
		return nil, err
	}
	defer w.Abort()
	if r.StandardText == nil {
		r.StandardText, _ = proof.Source(proof.Default)
		if r.Standard, r.StandardHash, err = proof.Parse(r.StandardText); err != nil {
			return nil, err
		}
	}
	// They go into the question, so that a case says for ever what was known when
	// it was made, whatever becomes known later.
	ds, err := r.Sources.Defects()
	if err != nil {
		return nil, err
	}
	r.Notes = slices.Clone(r.Notes)
	for _, d := range ds {
		r.Notes = append(r.Notes, finding.NewDefect(d.What, finding.Defect{Collector: d.Collector, Peer: d.Peer, AS: d.AS, From: d.During.From, Until: d.During.Until, Source: d.Source}))
	}
	if tables := r.Sources.Begins(moment.Interval{From: r.From, Until: r.Until}); len(tables) > 0 {
		r.Notes = append(r.Notes, finding.Note{Key: finding.NoteBegins, Files: tables})
	}
	if err := w.WriteFile(StandardName, r.StandardText); err != nil {
		return nil, err
	}
	if r.GroupsText != nil {
		if err := w.WriteFile(GroupsName, r.GroupsText); err != nil {
			return nil, err
		}
	}
	of, err := collect(ctx, &r, w)
	if err != nil {
		return nil, err
	}
	ev, err := loadWith(ctx, w.Dir(), of)
	if err != nil {
		return nil, err
	}
	f := assess.Findings(ev)
	b, err := f.Encode()
	if err != nil {
		return nil, err
	}
	if err := w.WriteFile(FindingsName, b); err != nil {
		return nil, err
	}
	if r.Extra != nil {
		if err := r.Extra(w.Dir(), filepath.Base(filepath.Clean(r.Dir)), f); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f, w.Commit()
}

// Difference says that findings computed again are not those of the case. Rules are
// those that made it, as the case says ([assess.Rules]); 0 if it is older than their numbers.
type Difference struct{ Line, Rules int }

func (d *Difference) Error() string {
	why := fmt.Sprintf("it was edited, or made by other rules: its own are older than their numbers, this program's are %d", assess.Rules)
	switch {
	case d.Rules == assess.Rules:
		why = fmt.Sprintf("case and program have the same rules (%d), so it was edited, or the program is no release", d.Rules)
	case d.Rules > assess.Rules:
		why = fmt.Sprintf("it was edited, or made by newer rules: its own are %d, this program's %d", d.Rules, assess.Rules)
	case d.Rules > 0:
		why = fmt.Sprintf("it was edited, or made by older rules: its own are %d, this program's %d (docs/rules.md)", d.Rules, assess.Rules)
	}
	return fmt.Sprintf("the findings computed from the case differ from its %s, first in line %d: %s", FindingsName, d.Line, why)
}

// Earlier says that the findings of a case were computed by an earlier method, as
// their format tells. What a case holds can be checked against its
// digests, its log and its signatures for ever; the same bytes are computed again
// only by a program of that method. For format 1 it is the last one before
// regions: it weighed a list of single breaks and pairs, and was found to be
// wrong in places of acts that were on no list (docs/score.md).
type Earlier struct{ Format string }

func (e *Earlier) Error() string {
	return fmt.Sprintf("%s is of format %s: it was computed by an earlier method, and this program computes %s; a program of then computes it again", FindingsName, e.Format, finding.Format)
}

// Computed are the findings of a case, computed from it again.
type Computed struct {
	Bytes    []byte
	Findings *finding.Findings
	// Older is nil if the case is of this program's rules, or of older ones and these
	// find the same.
	Older *Older
}

// Older says that a case was computed by older rules, and that today's find otherwise
// in it. It is no fault. But whoever takes the number out of a case of today has it
// computed as one of then, without what was looked for since. Example: routes of which
// nobody knows whether they stayed are said to have stayed.
type Older struct {
	Rules   int      // of the case; 0: older than their numbers
	Members []string // of findings.json that today's rules give otherwise, by name; of "answer" with theirs
}

// Again computes the findings of a case from the case alone and writes
// nothing, as [Recompute] does, once the exhibits are those that the manifest lists.
func Again(ctx context.Context, dir string) ([]byte, *finding.Findings, error) {
	c, err := CheckAgain(ctx, dir)
	if c == nil {
		return nil, nil, err
	}
	return c.Bytes, c.Findings, err
}

// CheckAgain is [Again] for who asks what today's rules find otherwise, too.
func CheckAgain(ctx context.Context, dir string) (*Computed, error) {
	m, err := caselog.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	if err := m.Check(dir); err != nil {
		return nil, err
	}
	return Recompute(ctx, dir)
}

// Aged reports whether a case was computed by older rules than today's, or by none that have a
// number.
func Aged(dir string) (bool, error) {
	q, err := readQuestion(dir)
	return err == nil && q.Rules < assess.Rules, err
}

// Recompute computes the findings of a case whose exhibits were held against their
// digests a moment ago. The error is a [*Difference] if they are not the same bytes as those in
// the case; the computed ones are returned all the same. It is an [*Earlier] if
// those in the case are of an earlier method; they are returned as they are. Findings
// of format 2 are of the present method, and are written in format 2 again; those of
// format 3 and older than numbers that have no outage with "gone" are also held against what is
// computed without it.
func Recompute(ctx context.Context, dir string) (*Computed, error) {
	was, err := caselog.ReadFile(dir, FindingsName)
	if err != nil {
		return nil, fmt.Errorf("not a whole case: %w", err)
	}
	q, err := readQuestion(dir)
	if err != nil {
		return nil, err
	}
	format := finding.FormatOf(was)
	if err := q.oneAge(format); err != nil {
		return nil, err
	}
	if format == finding.Format1 {
		if _, err := readStandard(dir, q); err != nil {
			return nil, err
		}
		f, err := finding.Decode(was)
		if err != nil {
			return nil, err
		}
		return &Computed{Bytes: was, Findings: f}, &Earlier{format}
	}
	ev, err := load(ctx, dir)
	if err != nil {
		return nil, err
	}
	f, b, err := findings(ev, format)
	if err != nil {
		return nil, err
	}
	if string(b) != string(was) && f.Format == finding.Format && ev.Rules == 0 {
		// Of before it was looked for how an outage went that was not in one piece. What is
		// computed now has it, so that it is told. Findings of rules with a number have lost it
		// by somebody's hand.
		if old, err := f.InFormat2().Encode(); err == nil && string(old) == string(was) {
			b = was
		}
	}
	c := &Computed{Bytes: b, Findings: f}
	if string(b) != string(was) {
		line := 1
		for i := 0; i < len(b) && i < len(was) && b[i] == was[i]; i++ {
			if b[i] == '\n' {
				line++
			}
		}
		return c, &Difference{line, q.Rules}
	}
	if ev.Rules < assess.Rules {
		if format == finding.Format2 {
			x := f.InFormat2()
			x.Format = finding.Format
			if was, err = x.Encode(); err != nil {
				return nil, err
			}
		}
		c.Older, err = older(ev, was)
	}
	return c, err
}

// findings computes them and encodes them in a format.
func findings(ev *assess.Evidence, format string) (*finding.Findings, []byte, error) {
	f := assess.Findings(ev)
	if format == finding.Format2 { // computed by the same method, and written as they were
		f.Format = format
	}
	b, err := f.Encode()
	return f, b, err
}

// older holds the findings of a case of older rules, in format 3, against what today's give. What
// format 2 cannot say is found otherwise, too, if there is something of it.
func older(ev *assess.Evidence, was []byte) (*Older, error) {
	today := *ev
	today.Rules = assess.Rules
	f, b, err := findings(&today, finding.Format)
	if err != nil {
		return nil, err
	}
	members, err := otherMembers(was, b)
	if err != nil || len(members) == 0 {
		return nil, err
	}
	if i := slices.Index(members, "answer"); i >= 0 {
		members[i] += " (" + f.WrittenAnswer() + ")"
	}
	return &Older{ev.Rules, members}, nil
}

// otherMembers lists the members in which two objects differ, by name.
func otherMembers(a, b []byte) ([]string, error) {
	var was, now map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(a, &was), json.Unmarshal(b, &now)); err != nil {
		return nil, err
	}
	var out []string
	all := maps.Clone(was)
	maps.Copy(all, now)
	for _, m := range slices.Sorted(maps.Keys(all)) {
		if !bytes.Equal(was[m], now[m]) {
			out = append(out, m)
		}
	}
	return out, nil
}
