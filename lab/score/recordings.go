package score

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"constat/atlas"
	"constat/cause"
	"constat/examine"
	"constat/finding"
	"constat/lab"
	"constat/observe"
	"constat/proof"
	"constat/report"
	"constat/source"
)

// RecordedLoss is one loss found in a recording of real routers, held against
// the truth of its hour.
type RecordedLoss struct {
	Origin      uint32
	From, Until time.Time // Until is zero where no end was seen
	Cause       *finding.Cause
	Fact        proof.Level // of the proposition that the routes were lost
	Truth       []lab.RecordedTruth
	Fault       Fault
	// Unjudged says that no truth is written down for its hour.
	Unjudged bool
}

// RecordingOutcome is one recording.
type RecordingOutcome struct {
	Recording string
	Losses    []RecordedLoss
	// Missed are the true breaks under which somebody loses routes, during
	// which no loss was found.
	Missed []lab.RecordedTruth
}

// Recordings examines every recording below dir, as a person would who has only
// its files, and compares with the truth that lies beside them.
func Recordings(ctx context.Context, dir string, std proof.Standard) ([]RecordingOutcome, error) {
	var folders []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == lab.RecordingFile {
			folders = append(folders, filepath.Dir(path))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(folders) == 0 {
		return nil, fmt.Errorf("%s: no folder below it holds a %s: %w", dir, lab.RecordingFile, ErrOptions)
	}
	tmp, err := os.MkdirTemp("", "constat-recordings-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	var out []RecordingOutcome
	for i, f := range folders {
		name, err := filepath.Rel(dir, f)
		if err != nil {
			return nil, err
		}
		rec, found, err := ExamineRecording(ctx, f, filepath.Join(tmp, fmt.Sprint(i)), std, true)
		if err != nil {
			return nil, fmt.Errorf("recording %s: %w", name, err)
		}
		x := RecordingOutcome{Recording: name}
		x.Losses, x.Missed = JudgeRecording(rec, found)
		out = append(out, x)
	}
	return out, nil
}

// ExamineRecording examines a recording as a person would who has only its
// files, with or without its snapshots, and writes the case into a folder.
func ExamineRecording(ctx context.Context, dir, into string, std proof.Standard, snapshots bool) (*lab.Recording, *finding.Findings, error) {
	rec, err := lab.ReadRecording(os.DirFS(dir))
	if err != nil {
		return nil, nil, err
	}
	q := observe.Interval{From: observe.FromTime(rec.From), Until: observe.FromTime(rec.Until)}
	set, err := source.Open(ctx, []string{dir}, q, source.Options{})
	if err != nil {
		return nil, nil, err
	}
	if !snapshots {
		set.Files = slices.DeleteFunc(set.Files, func(f source.File) bool { return f.Kind == source.RIB })
	}
	none, err := atlas.Open("")
	if err != nil {
		return nil, nil, err
	}
	subject, err := none.At(rec.From).Resolve(filepath.Join(dir, lab.SubjectFile))
	if err != nil {
		return nil, nil, err
	}
	text, _ := proof.Source(std.Name)
	f, err := examine.Run(ctx, examine.Request{Asked: rec.Subject.Name, Subject: subject, From: q.From, Until: q.Until, Sources: set,
		Standard: std, StandardText: text, StandardHash: proof.Hash(text), Dir: into, Lang: report.English, Workers: 1})
	return rec, f, err
}

// JudgeRecording sets the losses that were weighed against the truth of their
// hour.
func JudgeRecording(rec *lab.Recording, f *finding.Findings) (losses []RecordedLoss, missed []lab.RecordedTruth) {
	losses = []RecordedLoss{}
	for i := range f.Cause {
		c := &f.Cause[i]
		o := &f.Outages[c.Outage]
		l := RecordedLoss{Origin: c.Origin, From: o.From.Std(), Cause: c}
		if o.Until != nil {
			l.Until = o.Until.Std()
		}
		for _, p := range f.Verdict.Propositions {
			if p.Key == finding.PropOutage && p.Cause != nil && *p.Cause == i {
				l.Fact = p.Level
			}
		}
		l.Truth = truths(rec, c.Origin, l.From, l.Until)
		l.Unjudged = len(l.Truth) == 0
		if !l.Unjudged {
			l.Fault = recordedFault(c, l.Truth)
		}
		losses = append(losses, l)
	}
	for _, t := range rec.Truth {
		if Lossy(t.What) && !slices.ContainsFunc(losses, func(l RecordedLoss) bool {
			return slices.ContainsFunc(l.Truth, func(x lab.RecordedTruth) bool { return x.From == t.From })
		}) {
			missed = append(missed, t)
		}
	}
	return losses, missed
}

// Lossy says whether somebody loses routes under a kind of truth.
func Lossy(what string) bool {
	switch what {
	case "origin", "adjacency", "transit-import", "transit-export", "export", "node":
		return true
	}
	return false
}

// skew is by how much a record's time may be off what happened: the slowest
// clock, and the time that routers take.
const skew = 2 * time.Minute

// truths lists the breaks that were on when a loss was.
func truths(rec *lab.Recording, origin uint32, from, until time.Time) []lab.RecordedTruth {
	var out []lab.RecordedTruth
	for _, t := range rec.Truth {
		switch {
		case t.What == "note":
		case t.What == "origin" && uint32(t.Members[0]) != origin && slices.ContainsFunc(rec.Truth, func(x lab.RecordedTruth) bool {
			return x.What == "origin" && uint32(x.Members[0]) == origin
		}): // another origin's own
		case t.From != nil && (from.After(t.Until.Add(skew)) || !until.IsZero() && until.Before(t.From.Add(-skew))):
		default:
			out = append(out, t)
		}
	}
	return out
}

// recordedFault judges one verdict on a recording.
func recordedFault(c *finding.Cause, truth []lab.RecordedTruth) Fault {
	switch {
	case slices.ContainsFunc(truth, func(t lab.RecordedTruth) bool { return t.What == "none" }):
		if c.Level == proof.Established && !c.Rival {
			return FalselyAccused
		}
		return Unfounded
	case c.Level != proof.Established && c.Level != proof.Indicated:
		return Abstained
	}
	named := slices.Clone(c.Class)
	if c.Level == proof.Indicated { // the verdict names all that are left
		named = append(named, c.Class...)
	}
	best := untrue
	for _, h := range named {
		met := map[int]bool{}
		all := len(h.Parts) > 0
		for _, part := range h.Parts {
			ok := false
			for _, b := range part {
				for k, t := range truth {
					if recordedBreak(b, t) {
						met[k], ok = true, true
					}
				}
			}
			all = all && ok
		}
		switch {
		case all && len(met) == len(truth):
			best = whole
		case all:
			best = max(best, oneOf)
		}
	}
	switch {
	case best == whole:
		return Right
	case best == oneOf:
		return OneOfTwo
	case c.Level == proof.Established:
		return FalselyAccused
	case c.Rival:
		return Missed
	}
	return FalselyPointed
}

// recordedBreak says whether a break that was named is the one that was played.
// Scripts do not say the scope: a break of everything and one of the subject's
// routes are the same place.
func recordedBreak(b cause.Break, t lab.RecordedTruth) bool {
	m := func(i int) uint32 {
		if i < len(t.Members) {
			return uint32(t.Members[i])
		}
		return 0
	}
	switch b.Kind {
	case cause.Origin: // a network that is down announces nothing of its own
		return (t.What == "origin" || t.What == "node") && b.A == m(0)
	case cause.Adjacency:
		return t.What == "adjacency" && (b.A == m(0) && b.B == m(1) || b.A == m(1) && b.B == m(0)) ||
			t.What == "export" && len(t.Members) == 2 && b.B == m(0) && b.A == m(1)
	case cause.ExportTo, cause.Export: // to all whose neighbours anybody sees
		return (t.What == "export" || t.What == "transit-export") && b.A == m(0)
	case cause.Observer, cause.Replaced, cause.Renumbered:
		return t.What == b.Kind.String()
	}
	return t.What == b.Kind.String() && b.A == m(0)
}

// Said is a verdict in one line. Scopes are left out, and what is one place to a
// reader is named once.
func Said(c *finding.Cause) string {
	if c.Level == proof.NotEstablished {
		return "not established (" + strings.Join(c.Reasons, ", ") + ")"
	}
	named := c.Class
	if c.Level == proof.Indicated && len(c.Class) > 0 {
		named = c.Class
	}
	var singles []cause.Break
	for _, h := range named {
		if !h.Joint() {
			singles = append(singles, h.Parts[0]...)
		}
	}
	var hs []string
	for _, h := range named {
		if !h.Joint() && h.Parts[0][0].Within(singles) && !slices.ContainsFunc(c.Hypotheses, func(x finding.Hypothesis) bool { return !x.Joint() && x.Has(h.Parts[0][0]) }) {
			continue // it only stands beside another
		}
		var parts []string
		for _, p := range h.Parts {
			var bs []string
			for _, b := range p {
				if x := short(b); !b.Within(p) && !slices.Contains(bs, x) {
					bs = append(bs, x)
				}
			}
			parts = append(parts, strings.Join(bs, " or "))
		}
		if x := strings.Join(parts, " and "); !slices.Contains(hs, x) {
			hs = append(hs, x)
		}
	}
	s := fmt.Sprintf("%s: %s", c.Level, strings.Join(hs, ", "))
	if len(c.Reasons) > 0 {
		s += " (" + strings.Join(c.Reasons, ", ") + ")"
	}
	return s
}

// short names a break in little room.
func short(b cause.Break) string {
	switch b.Kind {
	case cause.Adjacency:
		return fmt.Sprintf("link %d–%d", b.A, b.B)
	case cause.Import:
		return fmt.Sprintf("import %d", b.A)
	case cause.Export:
		return fmt.Sprintf("export %d", b.A)
	case cause.ExportTo:
		return fmt.Sprintf("export %d to %s", b.A, strings.Trim(fmt.Sprint(b.S), "[]"))
	case cause.Observer, cause.Replaced, cause.Renumbered:
		return b.Kind.String()
	}
	return fmt.Sprintf("%s %d", b.Kind, b.A)
}

// WordTruth names what was played.
func WordTruth(ts []lab.RecordedTruth) string {
	var out []string
	for _, t := range ts {
		if t.What == "note" {
			continue
		}
		s := t.What
		for _, m := range t.Members {
			s += fmt.Sprint(" ", uint32(m))
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, " and ")
}
