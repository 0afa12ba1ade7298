package proof

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Encode writes a weighing as JSON: the same weighing, the same bytes.
func (w *Weighing) Encode() ([]byte, error) {
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	j.SetIndent("", " ")
	if err := j.Encode(w); err != nil {
		return nil, fmt.Errorf("weighing: %w", err)
	}
	return b.Bytes(), nil
}

// weighWords are the words of a weighing in a language.
type weighWords struct {
	question, standard, hypotheses, matrix, ranking, aside, flips, verdict string
	none, and                                                              string
	established, indicated, notEstablished                                 string // of the conclusion
	excluded, open                                                         string
	caution                                                                string
	item, grade, source, rater, points                                     string
	asides                                                                 map[string]string
	why                                                                    map[string]string
	demand                                                                 map[string]string
	without                                                                map[string]string
	first, disputed, rankLine, legend, items, semicolon                    string
}

var weighEnglish = weighWords{
	question: "Question", standard: "Standard of proof", hypotheses: "Hypotheses that the case declares, in its own words",
	matrix: "The matrix: how each item goes with each hypothesis", ranking: "Ranking by what speaks against them, for each rater apart",
	aside: "Set aside", flips: "What, left out, changes what a rater has first", verdict: "Verdict",
	none: "none", and: " and ",
	established:    "Established, as the conclusion of %s: of the %s hypotheses declared, it is %s. It speaks of these hypotheses alone; the truth may be one that nobody declared.",
	indicated:      "Indicated, as the conclusion of %s: of the %s hypotheses declared, it is %s, but this goes no further:",
	notEstablished: "Not established: the ratings do not give one conclusion under this standard; that is no finding in favour of anybody.",
	excluded:       "Excluded: %s.", open: "Not established: %s.",
	caution: "This is what the raters conclude from the items before them, not what Constat has measured. Constat adds no judgement, and names nobody as author.",
	item:    "ITEM", grade: "GRADE", source: "SOURCE", rater: "RATER", points: "POINTS AGAINST",
	asides: map[string]string{AsideGrade: "its grade is below the %s that this standard demands", AsideUnrated: "nobody rated it",
		AsideAlike: "it speaks against all hypotheses alike, so it tells nothing apart"},
	why: map[string]string{
		WhyNoRating: "nobody rated an item that counts and tells hypotheses apart", WhyTie: "%s has several first: %s",
		WhyContradiction: "the raters contradict each other: %s", WhyTooFew: "%s: %s, and this standard demands %s",
		WhyStrong: "item %s is very inconsistent with it (%s)", WhyFlips: "it does not stand %s (%s)"},
	demand:  map[string]string{"raters": "raters", "items": "items that count and tell hypotheses apart", "sources": "distinct sources", "margin": "points between the first and the next"},
	without: map[string]string{WithoutItem: "without item %s", WithoutSource: "without the source %s", WithoutDisputed: "without the items on which raters oppose each other%s"},
	first:   "%s has %s first", disputed: "raters oppose each other on %s", rankLine: "%s: %s",
	items: "Items, and what the raters say of them", semicolon: "; ",
	legend: "CC very consistent, C consistent, N neutral, NA not applicable, I inconsistent (1 point), II very inconsistent (2 points)",
}

var weighFrench = weighWords{
	question: "Question", standard: "Norme de preuve", hypotheses: "Hypothèses que déclare le dossier, dans ses propres termes",
	matrix: "La matrice\u00a0: comment chaque élément s’accorde avec chaque hypothèse", ranking: "Classement par ce qui s’y oppose, pour chaque évaluateur séparément",
	aside: "Mis de côté", flips: "Ce dont le retrait change ce qu’un évaluateur place en premier", verdict: "Verdict",
	none: "aucune", and: " et ",
	established:    "Établi, comme conclusion de %s\u00a0: parmi les %s hypothèses déclarées, c’est %s. Cela ne parle que de ces hypothèses\u202f; la vérité peut en être une que personne n’a déclarée.",
	indicated:      "Indiqué, comme conclusion de %s\u00a0: parmi les %s hypothèses déclarées, c’est %s, mais cela ne va pas plus loin\u00a0:",
	notEstablished: "Non établi\u00a0: les évaluations ne donnent pas une conclusion unique selon cette norme\u202f; ce n’est une constatation en faveur de personne.",
	excluded:       "Exclu\u00a0: %s.", open: "Non établi\u00a0: %s.",
	caution: "C’est ce que les évaluateurs concluent des éléments qu’ils avaient, non ce que Constat a mesuré. Constat n’y ajoute aucun jugement et ne désigne personne comme auteur.",
	item:    "ÉLÉMENT", grade: "COTE", source: "SOURCE", rater: "ÉVALUATEUR", points: "POINTS CONTRE",
	asides: map[string]string{AsideGrade: "sa cote est inférieure à %s, que cette norme exige", AsideUnrated: "personne ne l’a évalué",
		AsideAlike: "il s’oppose à toutes les hypothèses de la même façon et ne distingue donc rien"},
	why: map[string]string{
		WhyNoRating: "personne n’a évalué d’élément qui compte et distingue les hypothèses", WhyTie: "%s en place plusieurs en premier\u00a0: %s",
		WhyContradiction: "les évaluateurs se contredisent\u00a0: %s", WhyTooFew: "%s\u00a0: %s, et cette norme en exige %s",
		WhyStrong: "l’élément %s lui est très incompatible (%s)", WhyFlips: "elle ne tient pas %s (%s)"},
	demand:  map[string]string{"raters": "évaluateurs", "items": "éléments qui comptent et distinguent les hypothèses", "sources": "sources distinctes", "margin": "points entre la première et la suivante"},
	without: map[string]string{WithoutItem: "sans l’élément %s", WithoutSource: "sans la source %s", WithoutDisputed: "sans les éléments sur lesquels les évaluateurs s’opposent%s"},
	first:   "%s place %s en premier", disputed: "les évaluateurs s’opposent sur %s", rankLine: "%s\u00a0: %s",
	items: "Éléments, et ce qu’en disent les évaluateurs", semicolon: "\u202f; ",
	legend: "CC très compatible, C compatible, N neutre, NA sans objet, I incompatible (1 point), II très incompatible (2 points)",
}

// Text writes a weighing for people: the hypotheses, the whole matrix, each
// rater's ranking, what was set aside, what overturns the result, and the
// verdict. In its own sentences hypotheses go by their letters.
func (w *Weighing) Text(out io.Writer, s Standard, lang Lang) error {
	t, tag := &weighEnglish, language.English
	if lang == French {
		t, tag = &weighFrench, language.French
	}
	p := message.NewPrinter(tag)
	n := func(v int) string { return p.Sprint(number.Decimal(v)) }
	b := bufio.NewWriter(out)
	colon := ":"
	if lang == French {
		colon = "\u00a0:"
	}
	fmt.Fprintf(b, "%s%s %s\n%s%s %s (%s)\n\n%s\n", t.question, colon, w.Question, t.standard, colon, w.Standard, s.Title.In(lang), t.hypotheses)
	for _, h := range w.Hypotheses {
		fmt.Fprintf(b, "  %s  %s – %s\n", h.Letter, h.ID, h.Text)
	}

	fmt.Fprintf(b, "\n%s\n", t.items)
	for _, row := range w.Items {
		line := row.ID + " – " + row.Text
		if row.Document != "" {
			line += " [" + row.Document + ", SHA-256 " + row.SHA256 + "]"
		}
		fmt.Fprintf(b, "  %s\n", line)
		for _, r := range row.Ratings {
			if r.Why != "" {
				fmt.Fprintf(b, "    %s%s %s\n", w.Raters[r.Rater].By, colon, r.Why)
			}
		}
	}

	fmt.Fprintf(b, "\n%s\n", t.matrix)
	tw := tabwriter.NewWriter(b, 0, 8, 2, ' ', 0)
	head := []string{"  " + t.item, t.grade, t.rater}
	for _, h := range w.Hypotheses {
		head = append(head, h.Letter)
	}
	fmt.Fprintln(tw, strings.Join(append(head, t.source), "\t"))
	for _, row := range w.Items {
		for i, r := range row.Ratings {
			cells := []string{"  " + row.ID, row.Grade.String()}
			if i > 0 {
				cells = []string{"", ""}
			}
			cells = append(cells, w.Raters[r.Rater].By)
			for _, v := range r.Of {
				cells = append(cells, string(v))
			}
			if i == 0 {
				cells = append(cells, row.Source)
			}
			fmt.Fprintln(tw, strings.Join(cells, "\t"))
		}
	}
	tw.Flush()
	fmt.Fprintf(b, "  %s\n", t.legend)

	fmt.Fprintf(b, "\n%s\n", t.ranking)
	for _, r := range w.Raters {
		var order []string
		for _, h := range r.Order {
			order = append(order, w.Hypotheses[h].Letter+" "+n(r.Points[h]))
		}
		fmt.Fprintf(b, "  "+t.rankLine+"\n", r.By, strings.Join(order, ", "))
	}

	var aside []string
	for _, row := range w.Items {
		switch {
		case row.Aside == AsideGrade:
			aside = append(aside, row.ID+" ("+row.Grade.String()+")"+colon+" "+fmt.Sprintf(t.asides[AsideGrade], s.Analysts.Grade))
		case row.Aside != "":
			aside = append(aside, row.ID+colon+" "+t.asides[row.Aside])
		}
		if len(row.Disputed) > 0 {
			aside = append(aside, row.ID+colon+" "+fmt.Sprintf(t.disputed, w.letters(row.Disputed)))
		}
	}
	list(b, t.aside, aside, t.none)
	var flips []string
	for _, f := range w.Flips {
		then := w.letters(f.First)
		if then == "" {
			then = t.none
		}
		flips = append(flips, fmt.Sprintf(t.without[f.Without], f.Name)+", "+fmt.Sprintf(t.first, w.Raters[f.Rater].By, then))
	}
	list(b, t.flips, flips, t.none)

	fmt.Fprintf(b, "\n%s\n", t.verdict)
	w.verdict(b, t, n)
	fmt.Fprintf(b, "\n%s\n", t.caution)
	return b.Flush()
}

func list(w io.Writer, title string, lines []string, none string) {
	if len(lines) == 0 {
		lines = []string{none}
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for _, l := range lines {
		fmt.Fprintf(w, "  - %s\n", l)
	}
}

func (w *Weighing) verdict(b io.Writer, t *weighWords, n func(int) string) {
	var by []string
	for _, r := range w.Raters {
		if r.Items > 0 {
			by = append(by, r.By)
		}
	}
	names := strings.Join(by, ", ")
	if k := len(by); k > 1 {
		names = strings.Join(by[:k-1], ", ") + t.and + by[k-1]
	}
	switch {
	case w.Lead >= 0 && w.Level == Established:
		fmt.Fprintf(b, "  "+t.established+"\n", names, n(len(w.Hypotheses)), w.Hypotheses[w.Lead].Letter)
	case w.Lead >= 0:
		fmt.Fprintf(b, "  "+t.indicated+"\n", names, n(len(w.Hypotheses)), w.Hypotheses[w.Lead].Letter)
	default:
		fmt.Fprintf(b, "  %s\n", t.notEstablished)
	}
	for _, y := range w.Why {
		fmt.Fprintf(b, "  - %s\n", t.reason(y, n))
	}
	var out, open []string
	for i, h := range w.Hypotheses {
		switch {
		case h.Level == Excluded:
			out = append(out, h.Letter)
		case i != w.Lead:
			open = append(open, h.Letter)
		}
	}
	if len(out) > 0 {
		fmt.Fprintf(b, "  "+t.excluded+"\n", strings.Join(out, ", "))
	}
	if len(open) > 0 && w.Lead >= 0 {
		fmt.Fprintf(b, "  "+t.open+"\n", strings.Join(open, ", "))
	}
}

// reason words why a conclusion goes no further.
func (t *weighWords) reason(y Reason, n func(int) string) string {
	var args []any
	switch y.Key {
	case WhyTooFew:
		args = []any{t.demand[y.Args[0]], y.Args[1], y.Args[2]}
	case WhyFlips:
		args = []any{fmt.Sprintf(t.without[y.Args[0]], y.Args[1]), y.Args[2]}
	case WhyContradiction:
		var all []string
		for pair := range slices.Chunk(y.Args, 2) {
			all = append(all, fmt.Sprintf(t.first, pair[0], pair[1]))
		}
		args = []any{strings.Join(all, t.semicolon)}
	default:
		for _, a := range y.Args {
			args = append(args, a)
		}
	}
	return fmt.Sprintf(t.why[y.Key], args...)
}
