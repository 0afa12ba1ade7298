package score

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

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

// RecordingOutcome is one loss of one recording of real routers, or a recording
// in which nothing was found.
type RecordingOutcome struct {
	Recording string   `json:"recording"`
	From      string   `json:"from,omitempty"`
	Truth     []string `json:"truth"`
	Level     string   `json:"level,omitempty"`
	Class     []string `json:"class"`
	Reasons   []string `json:"reasons"`
	Fault     Fault    `json:"fault"`
	Unjudged  bool     `json:"unjudged"` // no truth is written down for its hour
	Missed    int      `json:"missed"`   // true breaks during which no loss was found
}

// recordingFile tells a folder that it holds a recording.
const recordingFile = "constat-recording.json"

// Recordings examines every recording below dir, as a person would who has only
// its files, and compares with the truth that lies beside them.
func Recordings(ctx context.Context, dir string, std proof.Standard) ([]RecordingOutcome, error) {
	var folders []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == recordingFile {
			folders = append(folders, filepath.Dir(path))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(folders) == 0 {
		return nil, fmt.Errorf("%s: no folder below it holds a %s: %w", dir, recordingFile, ErrOptions)
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
		x, err := recording(ctx, f, filepath.Join(tmp, fmt.Sprint(i)), std)
		if err != nil {
			return nil, fmt.Errorf("recording %s: %w", name, err)
		}
		for k := range x {
			x[k].Recording = name
		}
		out = append(out, x...)
	}
	return out, nil
}

func recording(ctx context.Context, dir, into string, std proof.Standard) ([]RecordingOutcome, error) {
	b, err := os.ReadFile(filepath.Join(dir, recordingFile))
	if err != nil {
		return nil, err
	}
	var rec lab.Recording
	if err := json.Unmarshal(b, &rec); err != nil {
		return nil, fmt.Errorf("%s: %w", recordingFile, err)
	}
	q := observe.Interval{From: observe.FromTime(rec.From), Until: observe.FromTime(rec.Until)}
	set, err := source.Open(ctx, []string{dir}, q, source.Options{})
	if err != nil {
		return nil, err
	}
	none, err := atlas.Open("")
	if err != nil {
		return nil, err
	}
	subject, err := none.At(rec.From).Resolve(filepath.Join(dir, "subject.txt"))
	if err != nil {
		return nil, err
	}
	text, _ := proof.Source(std.Name)
	f, err := examine.Run(ctx, examine.Request{Asked: rec.Subject.Name, Subject: subject, From: q.From, Until: q.Until, Sources: set,
		Standard: std, StandardText: text, StandardHash: proof.Hash(text), Dir: into, Lang: report.English})
	if err != nil {
		return nil, err
	}
	return compare(&rec, f), nil
}

// compare sets the losses that were weighed against the truth of their hour.
func compare(rec *lab.Recording, f *finding.Findings) []RecordingOutcome {
	overlaps := func(t lab.RecordedTruth, o *finding.Outage) bool {
		if t.From == nil || t.Until == nil {
			return true
		}
		return o.From.Sec() <= t.Until.Unix()+converges && (o.Until == nil || o.Until.Sec() >= t.From.Unix())
	}
	met := map[int]bool{}
	var out []RecordingOutcome
	for i := range f.Cause {
		c := &f.Cause[i]
		o := &f.Outages[c.Outage]
		x := RecordingOutcome{From: o.From.String(), Level: c.Level.String(), Truth: []string{}, Class: []string{}, Reasons: slices.Clone(c.Reasons)}
		var truth []lab.RecordedTruth
		for k, t := range rec.Truth {
			if t.What != "note" && overlaps(t, o) {
				met[k] = true
				truth = append(truth, t)
				x.Truth = append(x.Truth, wordTruth(t))
			}
		}
		for _, h := range c.Class {
			x.Class = append(x.Class, h.String())
		}
		x.Unjudged = len(truth) == 0
		if !x.Unjudged {
			x.Fault = recordedFault(c, truth)
		}
		out = append(out, x)
	}
	rest := RecordingOutcome{Truth: []string{}, Class: []string{}, Reasons: []string{}}
	for k, t := range rec.Truth {
		if !met[k] && t.What != "note" {
			rest.Truth = append(rest.Truth, wordTruth(t))
			switch t.What {
			case "none", cause.Observer.String(), cause.Replaced.String(), cause.Renumbered.String():
			default:
				rest.Missed++
			}
		}
	}
	if len(rest.Truth) > 0 {
		out = append(out, rest)
	}
	return out
}

// converges is how long after a break a loss may still begin, in seconds.
const converges = 300

func wordTruth(t lab.RecordedTruth) string {
	var as []string
	for _, m := range t.Members {
		as = append(as, fmt.Sprintf("AS%d", m))
	}
	return fmt.Sprintf("%s(%s)", t.What, strings.Join(as, ", "))
}

// recordedFault judges one verdict on a recording.
func recordedFault(c *finding.Cause, truth []lab.RecordedTruth) Fault {
	if c.Level == proof.NotEstablished || c.Level == proof.Excluded {
		return Abstained
	}
	best := untrue
	for _, h := range c.Class {
		covered := map[int]bool{}
		all := len(h.Parts) > 0
		for _, part := range h.Parts {
			ok := false
			for _, b := range part {
				for k, t := range truth {
					if recordedBreak(b, t) {
						covered[k], ok = true, true
					}
				}
			}
			all = all && ok
		}
		switch {
		case all && len(covered) == len(truth):
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

// recordedBreak says whether a break is the one that was played. Scripts do not
// say the scope.
func recordedBreak(b cause.Break, t lab.RecordedTruth) bool {
	if b.Kind.String() != t.What {
		return false
	}
	m := make([]uint32, len(t.Members))
	for i, a := range t.Members {
		m[i] = uint32(a)
	}
	switch b.Kind {
	case cause.Observer, cause.Replaced, cause.Renumbered:
		return true
	case cause.Adjacency:
		return len(m) == 2 && (b.A == m[0] && b.B == m[1] || b.A == m[1] && b.B == m[0])
	case cause.ExportTo:
		return len(m) > 1 && b.A == m[0] && !slices.ContainsFunc(b.S, func(s uint32) bool { return !slices.Contains(m[1:], s) })
	}
	return len(m) > 0 && b.A == m[0]
}
