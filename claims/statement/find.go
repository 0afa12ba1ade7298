package statement

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"constat/claims/wording"
	"constat/moment"
)

// How much is compared with each other. Every statement is compared with every
// other, so the work grows with the square of their number; a case with more is
// read, and only its first so many are compared.
const (
	MaxCompared      = 1000
	MaxComparedWords = 100_000 // of all of them
)

// MaxPairs is how many pairs of each kind are listed. Among a thousand statements that
// are alike there are half a million; an honest register has a few.
const MaxPairs = 10_000

// Pairs are what does not fit together among statements.
type Pairs struct {
	Contradictions []Contradiction
	Relabelled     []Relabel
	Drifts         []Drift
	Left           PairsLeft
}

// PairsLeft counts what was found beyond a bound and is not listed.
type PairsLeft struct {
	Contradictions int `json:"contradictions"`
	Relabelled     int `json:"relabelled"`
	Drifts         int `json:"drifts"`
}

// Sum counts all of them.
func (l PairsLeft) Sum() int { return l.Contradictions + l.Relabelled + l.Drifts }

// Between finds what does not fit together among statements, and lists at most so many
// pairs of each kind: the first of what [Contradictions], [Relabelled] and [Drifts] give.
func Between(ss []Statement, most int) Pairs {
	p := Pairs{Contradictions: Contradictions(ss), Relabelled: Relabelled(ss)}
	p.Contradictions, p.Left.Contradictions = first(p.Contradictions, most)
	p.Relabelled, p.Left.Relabelled = first(p.Relabelled, most)
	p.Drifts, p.Left.Drifts = drifts(ss, most)
	return p
}

// first gives the first so many, and how many follow.
func first[T any](all []T, most int) ([]T, int) {
	n := min(len(all), most)
	return all[:n:n], len(all) - n
}

// Comparable gives the statements that are compared with each other – the first
// [MaxCompared], as long as they have [MaxComparedWords] together – and the ids
// of the others.
func Comparable(ss []Statement) (in []Statement, left []string) {
	words := 0
	for i := range ss {
		n := len(strings.Fields(ss[i].Words))
		if len(in) == MaxCompared || words+n > MaxComparedWords {
			left = append(left, ss[i].ID)
			continue
		}
		words += n
		in = append(in, ss[i])
	}
	return in, left
}

// Contradiction is a pair of statements of which one asserts, announces or
// claims what the other denies, doubts or says is not so.
type Contradiction struct {
	Affirms string `json:"affirms"` // ids
	Denies  string `json:"denies"`
	// Doubt says that the second only doubts: a tension, not a contradiction.
	Doubt bool `json:"doubt"`
	// SameSpeaker says that one person or body says both, SameParty that both
	// are said on behalf of the same one.
	SameSpeaker bool `json:"same_speaker"`
	SameParty   bool `json:"same_party"`
}

// Contradictions finds statements about the same named proposition, and about
// intervals that overlap where both name one, that cannot both hold. A request
// contradicts nothing. They come sorted by ids.
func Contradictions(ss []Statement) []Contradiction {
	var out []Contradiction
	for i := range ss {
		a := &ss[i]
		if !a.Affirms() && a.Kind != Announcement || !a.Proposition.Named() {
			continue
		}
		for j := range ss {
			b := &ss[j]
			if !b.Disputes() && b.Kind != Doubt || !a.Proposition.Same(b.Proposition) || !mayMeet(a.About, b.About) {
				continue
			}
			out = append(out, Contradiction{
				Affirms: a.ID, Denies: b.ID, Doubt: b.Kind == Doubt,
				SameSpeaker: sameSpeaker(a.Speaker, b.Speaker), SameParty: sameParty(a.Speaker, b.Speaker),
			})
		}
	}
	slices.SortFunc(out, func(x, y Contradiction) int {
		return cmp.Or(cmp.Compare(x.Affirms, y.Affirms), cmp.Compare(x.Denies, y.Denies))
	})
	return out
}

// Relabel is a statement whose source changed its name on the way.
type Relabel struct {
	First     string  `json:"first"` // ids, in the order in which they were published
	Later     string  `json:"later"`
	FirstAs   string  `json:"first_as"`
	LaterAs   string  `json:"later_as"`
	FirstRole Role    `json:"first_role"`
	LaterRole Role    `json:"later_role"`
	Linked    bool    `json:"linked"`     // the later one is recorded as repeating the first
	Alike     float64 `json:"similarity"` // of words, or of gists where the languages differ: 0 to 1
}

// Relabelled finds statements that say the same – one is recorded as
// repeating the other, or their words or gists are alike – and are attributed
// differently: another description, role or party. Two people with different
// names are two sources, not one relabelled, unless the link says so.
func Relabelled(ss []Statement) []Relabel {
	var out []Relabel
	eachAlike(ss, func(a, b *Statement, linked bool, alike float64) {
		x, y := a.Speaker, b.Speaker
		if !linked && (alike < wording.AlikeFrom || a.Kind != b.Kind || a.Negative != b.Negative || x.Name != "" && y.Name != "" || !mayMeet(a.Said, b.Said)) {
			return
		}
		if x.Name != "" && wording.Fold(x.Name) == wording.Fold(y.Name) {
			return
		}
		if x.Role == y.Role && wording.Fold(x.As) == wording.Fold(y.As) && wording.Fold(x.For) == wording.Fold(y.For) {
			return
		}
		out = append(out, Relabel{a.ID, b.ID, x.As, y.As, x.Role, y.Role, linked, alike})
	})
	return out
}

// Drift is a quotation whose words changed on the way.
type Drift struct {
	First  string   `json:"first"` // ids, in the order in which they were published
	Later  string   `json:"later"`
	Linked bool     `json:"linked"`
	Alike  float64  `json:"similarity"` // of the sequences of words: 0 to 1
	Gone   []string `json:"gone"`       // words only the first has, in its order
	New    []string `json:"new"`        // words only the later has
}

// Drifts finds quotations of the same origin – one repeats the other, or the
// same speaker is quoted with words that are alike – whose words are not the
// same. Case, accents, punctuation and marks of quotation do not count; words
// in different languages are not compared.
func Drifts(ss []Statement) []Drift {
	out, _ := drifts(ss, math.MaxInt)
	return out
}

// drifts is [Drifts] for the first so many, and the count of the others.
func drifts(ss []Statement, most int) (out []Drift, left int) {
	var work int // cells of the tables of all pairs
	read := map[*Statement][]string{}
	words := func(s *Statement) []string {
		w, ok := read[s]
		if !ok {
			w = wording.Words(s.Words)
			read[s] = w
		}
		return w
	}
	eachAlike(ss, func(a, b *Statement, linked bool, alike float64) {
		if a.Lang != b.Lang || a.Form == Indirect || b.Form == Indirect {
			return
		}
		if !linked && (alike < wording.AlikeFrom || !sameSpeaker(a.Speaker, b.Speaker) || !mayMeet(a.Said, b.Said)) {
			return
		}
		aw, bw := words(a), words(b)
		if slices.Equal(aw, bw) {
			return
		}
		if len(out) == most {
			left++
			return
		}
		gone, added, common := wording.Diff(aw, bw, &work)
		out = append(out, Drift{a.ID, b.ID, linked, wording.Ratio(common, len(aw), len(bw)), gone, added})
	})
	return out, left
}

// eachAlike calls f for each pair, earlier publication first, that is linked
// or shares enough words to be worth a look. Pairs come in a fixed order.
func eachAlike(ss []Statement, f func(a, b *Statement, linked bool, alike float64)) {
	order := make([]*Statement, len(ss))
	for i := range ss {
		order[i] = &ss[i]
	}
	slices.SortFunc(order, func(a, b *Statement) int {
		return cmp.Or(cmp.Compare(a.Published.From, b.Published.From), cmp.Compare(a.Published.Until, b.Published.Until), cmp.Compare(a.ID, b.ID))
	})
	words, gists := make([]wording.Bag, len(order)), make([]wording.Bag, len(order))
	for i, s := range order {
		words[i], gists[i] = wording.Count(s.Words), wording.Count(s.Gist)
	}
	root := roots(ss)
	for j := range order {
		for i := range j {
			a, b := order[i], order[j]
			linked := root[a.ID] == root[b.ID]
			alike := gists[i].Alike(gists[j])
			if a.Lang == b.Lang {
				alike = max(alike, words[i].Alike(words[j]))
			}
			if linked || alike >= wording.AlikeFrom {
				f(a, b, linked, alike)
			}
		}
	}
}

// roots gives for each statement the first of its chain of repetitions. A
// chain that goes round, which no valid register has, ends where it closes.
func roots(ss []Statement) map[string]string {
	next := map[string]string{}
	for i := range ss {
		next[ss[i].ID] = ss[i].Repeats
	}
	root := map[string]string{}
	var find func(id string, steps int) string
	find = func(id string, steps int) string {
		if r, ok := root[id]; ok {
			return r
		}
		r := id
		if up := next[id]; up != "" && steps < len(ss) {
			if _, ok := next[up]; ok {
				r = find(up, steps+1)
			} else {
				r = up
			}
		}
		root[id] = r
		return r
	}
	for i := range ss {
		find(ss[i].ID, 0)
	}
	return root
}

// mayMeet says whether two intervals overlap or one of them is not known.
func mayMeet(a, b *moment.Interval) bool { return a == nil || b == nil || a.Overlaps(*b) }

func unnamed(s Speaker) bool {
	return s.Name == "" && (s.Role == AnonymousOfficial || s.Role == Source || s.Role == Staff || s.Role == Other || s.Role == Expert)
}

// sameSpeaker says whether two mentions are of one person or body. Two unnamed
// sources may always be two.
func sameSpeaker(a, b Speaker) bool {
	if unnamed(a) || unnamed(b) {
		return false
	}
	if a.Name != "" || b.Name != "" {
		return wording.Fold(a.Name) == wording.Fold(b.Name)
	}
	return wording.Fold(a.As) == wording.Fold(b.As) && (wording.Fold(a.For) == wording.Fold(b.For) || a.For == "" || b.For == "")
}

func sameParty(a, b Speaker) bool {
	return a.For != "" && wording.Fold(a.For) == wording.Fold(b.For) || sameSpeaker(a, b)
}
