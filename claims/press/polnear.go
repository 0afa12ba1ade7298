package press

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"constat/claims/statement"
)

// PolNeAR is an open set of American news texts with their attributions (Newell,
// Margolin and Ruths, LREC 2018), as its repository has it: data/test/text/NAME.txt
// and data/test/attributions/NAME_WHO.ann, stand-off annotations of the brat tool.
// It says who, by what words, and what; neither kinds nor roles nor times.

// polnear lists the articles of such a folder with their annotations.
func polnear(dir fs.FS) (map[string]string, error) {
	texts, err := fs.Glob(dir, "text/*.txt")
	if err != nil {
		return nil, err
	}
	anns, err := fs.Glob(dir, "attributions/*.ann")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, t := range texts {
		stem := strings.TrimSuffix(strings.TrimPrefix(t, "text/"), ".txt")
		// Several people annotated some: the first by name counts.
		if i, _ := slices.BinarySearch(anns, "attributions/"+stem+"_"); i < len(anns) && strings.HasPrefix(anns[i], "attributions/"+stem+"_") {
			out[stem] = anns[i]
		}
	}
	return out, nil
}

var dayInName = regexp.MustCompile(`\d{4}-\d\d-\d\d`)

// parseStandoff reads annotations of the form
//
//	T3	Content 22 51;60 70	the words
//	E1	Attribution:T4 Content:T3 Cue:T2 Source:T1
//
// whose numbers count characters of the article.
func parseStandoff(name string, data, article []byte) (*Gold, error) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return nil, err
	}
	g := &Gold{Lang: "en", HeldOut: true, Bare: true}
	if g.Published, err = time.ParseInLocation(time.DateOnly, dayInName.FindString(name), zone); err != nil {
		return nil, fmt.Errorf("its name has no day: %w", err)
	}
	var at []int // byte of each character
	for i := range string(article) {
		at = append(at, i)
	}
	at = append(at, len(article))
	spans := map[string][][2]int{}
	for n, line := range strings.Split(string(data), "\n") {
		f := strings.Split(line, "\t")
		if len(f) < 2 || f[0] == "" {
			continue
		}
		switch f[0][0] {
		case 'T':
			_, places, _ := strings.Cut(f[1], " ")
			for _, p := range strings.Split(places, ";") {
				from, to, _ := strings.Cut(p, " ")
				a, err1 := strconv.Atoi(from)
				b, err2 := strconv.Atoi(to)
				if err1 != nil || err2 != nil || a < 0 || b <= a || b >= len(at) {
					return nil, fmt.Errorf("line %d: %.40q is no place in an article of %d characters", n+1, p, len(at)-1)
				}
				spans[f[0]] = append(spans[f[0]], [2]int{at[a], at[b]})
			}
		case 'E':
			l := GoldLine{Line: n + 1, Kind: statement.Assertion, Form: statement.Indirect, Role: statement.Other}
			for _, arg := range strings.Fields(f[1]) {
				role, id, _ := strings.Cut(arg, ":")
				switch strings.TrimRight(role, "0123456789") {
				case "Content":
					l.Pieces = append(l.Pieces, spans[id]...)
				case "Source":
					l.Source = append(l.Source, spans[id]...)
				}
			}
			if len(l.Pieces) == 0 {
				continue
			}
			l.Pieces = joined(string(article), l.Pieces)
			l.Speaker = unnamedSpeaker
			if len(l.Source) > 0 {
				l.Speaker = piecesText(string(article), l.Source)
			}
			g.Lines = append(g.Lines, l)
		}
	}
	slices.SortStableFunc(g.Lines, func(a, b GoldLine) int { return a.Pieces[0][0] - b.Pieces[0][0] })
	return g, nil
}

// joined sorts pieces and joins those that only blanks part.
func joined(text string, ps [][2]int) [][2]int {
	slices.SortFunc(ps, func(a, b [2]int) int { return a[0] - b[0] })
	out := ps[:1:1]
	for _, p := range ps[1:] {
		if last := &out[len(out)-1]; p[0] <= last[1] || strings.TrimSpace(text[last[1]:p[0]]) == "" {
			last[1] = max(last[1], p[1])
		} else {
			out = append(out, p)
		}
	}
	return out
}
