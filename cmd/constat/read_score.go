package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"constat/claims/press"
	"constat/internal/plain"
	"constat/internal/regular"
	"constat/internal/strictjson"
)

// scorePart is a part of the gold set whose figures stand together.
type scorePart struct {
	Name  string       `json:"part"`
	Tally *press.Tally `json:"counts"`
}

// score measures the reader, or another's proposals, by a folder with gold.
func (c *readCmd) score(s *streams) error {
	propose := press.ByRead
	if c.Proposals != "" {
		propose = press.ByOutside(func(name string) ([]byte, error) {
			return regular.ReadFile(filepath.Join(c.Proposals, strings.TrimSuffix(name, ".txt")+".json"))
		})
	}
	all, err := press.Score(os.DirFS(c.Score), propose)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Score, err)
	}
	w := s.text()
	for _, a := range all {
		if a.Refused != "" {
			s.note("%s was not read, and counts as one in which nothing was found: %s", a.Name, a.Refused)
		}
	}
	if c.Details {
		for _, a := range all {
			if a.HeldOut {
				continue
			}
			for _, l := range a.Missed {
				plain.Fprintf(w, "%s: missed: %s\n", a.Name, l)
			}
			for _, l := range a.Wrong {
				plain.Fprintf(w, "%s: wrong: %s\n", a.Name, l)
			}
			for _, l := range a.Kinds {
				plain.Fprintf(w, "%s: kind: %s\n", a.Name, l)
			}
		}
	}
	var langs []string
	for _, a := range all {
		if !slices.Contains(langs, a.Lang) {
			langs = append(langs, a.Lang)
		}
	}
	slices.Sort(langs)
	var parts []scorePart
	for _, held := range []bool{false, true} {
		name := map[bool]string{false: "tuned", true: "held out"}[held]
		for _, lang := range append(langs, "") {
			t := press.Sum(all, func(a *press.ArticleScore) bool { return a.HeldOut == held && (lang == "" || a.Lang == lang) })
			if t.Articles > 0 {
				parts = append(parts, scorePart{strings.TrimSuffix(name+", "+lang, ", "), t})
			}
		}
	}
	if c.JSON {
		return strictjson.Write(s.out, struct {
			Format string      `json:"format"`
			Parts  []scorePart `json:"parts"`
		}{"constat-score-of-reading/1", parts})
	}
	return showScore(w, parts)
}

// measured is a line of the table: a figure of each part.
type measured struct {
	name string
	of   func(*press.Tally) press.Share
}

var measures = []struct {
	heading string
	lines   []measured
}{
	{"Half overlap and speaker", []measured{
		{"precision", func(t *press.Tally) press.Share { return press.Share{N: t.Right, Of: t.Proposed} }},
		{"recall", func(t *press.Tally) press.Share { return press.Share{N: t.Found, Of: t.Gold} }},
		{"misattributed", func(t *press.Tally) press.Share { return t.Misattributed }},
		{"no speaker", func(t *press.Tally) press.Share { return t.NoSpeaker }},
		{"denials found", func(t *press.Tally) press.Share { return t.DenialFound }},
		{"denials right", func(t *press.Tally) press.Share { return t.DenialRight }},
		{"kind", func(t *press.Tally) press.Share { return t.Kind }},
		{"negative", func(t *press.Tally) press.Share { return t.Negative }},
		{"role", func(t *press.Tally) press.Share { return t.Role }},
		{"form", func(t *press.Tally) press.Share { return t.Form }},
		{"time", func(t *press.Tally) press.Share { return t.Time }},
		{"outlets", func(t *press.Tally) press.Share { return t.Outlet }},
	}},
	{"Gender Gap Tracker, overlap above 0.3", trackerLines(0)},
	{"Gender Gap Tracker, overlap above 0.8", trackerLines(1)},
	{"PolNeAR, exact content", []measured{
		{"precision", func(t *press.Tally) press.Share { return t.Exact.Precision }},
		{"recall", func(t *press.Tally) press.Share { return t.Exact.Recall }},
	}},
}

func trackerLines(i int) []measured {
	return []measured{
		{"precision", func(t *press.Tally) press.Share { return t.Tracker[i].Precision }},
		{"recall", func(t *press.Tally) press.Share { return t.Tracker[i].Recall }},
		{"speaker", func(t *press.Tally) press.Share { return t.Tracker[i].Speaker }},
	}
}

// showScore prints the measures, a column a part: the share, how many of how
// many, and where it lies with 95 % (Wilson).
func showScore(w io.Writer, parts []scorePart) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name string, cell func(scorePart) string) {
		plain.Fprintf(t, "%s", name)
		for _, p := range parts {
			plain.Fprintf(t, "\t%s", cell(p))
		}
		plain.Fprintln(t)
	}
	row("", func(p scorePart) string { return p.Name })
	row("articles", func(p scorePart) string {
		if p.Tally.Refused > 0 {
			return plain.Sprintf("%d, %d not read", p.Tally.Articles, p.Tally.Refused)
		}
		return fmt.Sprint(p.Tally.Articles)
	})
	row("statements", func(p scorePart) string { return fmt.Sprint(p.Tally.Gold) })
	for _, m := range measures {
		plain.Fprintln(t, m.heading)
		for _, l := range m.lines {
			row("  "+l.name, func(p scorePart) string {
				s := l.of(p.Tally)
				if s.Of == 0 {
					return "-"
				}
				low, high := s.Wilson()
				return fmt.Sprintf("%.3f  %d/%d  (%.2f-%.2f)", s.Value(), s.N, s.Of, low, high)
			})
		}
	}
	return t.Flush()
}
