package press

import (
	"strings"

	"constat/claims/statement"
)

// Two measures that others publish their figures by, so that these can be set
// side by side. Both count words alone; what is a matter of taste in gold counts
// neither for nor against.

// TrackerOverlaps are the overlaps from which the Gender Gap Tracker takes a
// quotation for found.
var TrackerOverlaps = [...]float64{.3, .8}

// TrackerTally counts as the Gender Gap Tracker does (Asr et al., PLoS ONE 16(1)
// e0245533, 2021; nlp/english/evaluation in its repository): a gold quotation is
// found if a proposal covers more than a share of its bytes, each proposal
// finding one at most. Speaker counts, of those found, the ones whose speaker is
// right: the spans of both overlap, or the names agree.
type TrackerTally struct {
	Overlap   float64 `json:"overlap"`
	Precision Share   `json:"precision"`
	Recall    Share   `json:"recall"`
	Speaker   Share   `json:"speaker"`
}

func (t *TrackerTally) sum(u TrackerTally) {
	t.Overlap = max(t.Overlap, u.Overlap)
	t.Precision.sum(u.Precision)
	t.Recall.sum(u.Recall)
	t.Speaker.sum(u.Speaker)
}

func tracker(g *Gold, ps []statement.Statement, from float64) TrackerTally {
	t := TrackerTally{Overlap: from}
	taken, taste := make([]bool, len(ps)), make([]bool, len(ps))
	for _, optional := range []bool{false, true} { // taste only takes what is left
		for li := range g.Lines {
			l := &g.Lines[li]
			if l.Optional != optional {
				continue
			}
			best, most := -1, 0.0
			for i := range ps {
				if c := covered(l.Pieces, ps[i].Read.Words); !taken[i] && c > from && c > most {
					best, most = i, c
				}
			}
			if best >= 0 {
				taken[best], taste[best] = true, optional
			}
			if optional {
				continue
			}
			t.Recall.count(best >= 0)
			if best >= 0 {
				t.Speaker.count(l.saidBy(&ps[best]))
			}
		}
	}
	for i := range ps {
		if !taste[i] {
			t.Precision.count(taken[i])
		}
	}
	return t
}

// covered is the share of gold's bytes that a proposal has.
func covered(gold [][2]int, b []statement.Span) float64 {
	common, n := 0, 0
	for _, x := range gold {
		n += x[1] - x[0]
		for _, y := range b {
			common += max(0, min(x[1], int(y.To))-max(x[0], int(y.From)))
		}
	}
	return float64(common) / float64(max(1, n))
}

// ExactTally counts as models of quotation extraction do on PolNeAR (Wang et al.,
// CofeNet, COLING 2022): a stretch of content is right if it begins and ends
// where gold's does. Marks of quotation, stops, commas and blanks at either end
// do not count, since gold has them within and the reader without; words of
// several sentences are as many stretches, as in their data.
type ExactTally struct {
	Precision Share `json:"precision"`
	Recall    Share `json:"recall"`
}

func exact(g *Gold, ps []statement.Statement, text string) ExactTally {
	var t ExactTally
	gold, taste := map[[2]int]bool{}, map[[2]int]bool{}
	for li := range g.Lines {
		l := &g.Lines[li]
		for _, p := range l.Pieces {
			for _, q := range stretches(text, p) {
				if l.Optional {
					taste[q] = true
				} else {
					gold[q] = false
				}
			}
		}
	}
	seen := map[[2]int]bool{}
	for i := range ps {
		for _, w := range ps[i].Read.Words {
			for _, p := range stretches(text, [2]int{int(w.From), int(w.To)}) {
				_, right := gold[p]
				switch {
				case seen[p] || !right && taste[p]:
					continue
				case right:
					gold[p] = true
				}
				seen[p] = true
				t.Precision.count(right)
			}
		}
	}
	for _, found := range gold {
		t.Recall.count(found)
	}
	return t
}

// sentenceEnd parts stretches of words.
var sentenceEnd = onUse(`[.!?…]["”»’]*\s+["“«‘]?\p{Lu}`)

// stretches parts words at the ends of sentences within, without marks at ends.
func stretches(text string, p [2]int) [][2]int {
	var out [][2]int
	a, b := max(0, p[0]), min(p[1], len(text))
	for a < b {
		end := b
		if m := sentenceEnd().FindStringIndex(text[a:b]); m != nil {
			end = a + m[0] + 1
		}
		if q := bare(text, [2]int{a, end}); q[0] < q[1] {
			out = append(out, q)
		}
		a = end
	}
	return out
}

// bare takes the marks off the ends of a stretch of text.
func bare(text string, p [2]int) [2]int {
	a, b := max(0, p[0]), min(p[1], len(text))
	if a >= b {
		return p
	}
	const marks = " \t\r\n\u00a0\u202f\"'“”„‟«»‹›‘’.,;:!?…–—-"
	s := text[a:b]
	t := strings.TrimLeft(s, marks)
	a += len(s) - len(t)
	return [2]int{a, a + len(strings.TrimRight(t, marks))}
}
