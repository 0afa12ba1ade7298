package evidence

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"constat/internal/locale"
	"constat/internal/strictjson"
	"constat/judge/proof"
)

// Encode writes a weighing as JSON: the same weighing, the same bytes.
func (w *Weighing) Encode() ([]byte, error) {
	b, err := strictjson.Indented(w)
	if err != nil {
		return nil, fmt.Errorf("weighing: %w", err)
	}
	return b, nil
}

// Text writes a weighing for people: the hypotheses, the whole matrix, each
// rater's ranking, what was set aside, what overturns the result, and the
// verdict. In its own sentences hypotheses go by their letters.
func (w *Weighing) Text(out io.Writer, s proof.Standard, lang proof.Lang) error {
	t, err := locale.Of(lang)
	if err != nil {
		return fmt.Errorf("weighing: %w", err)
	}
	colon := t.T("colon")
	b := bufio.NewWriter(out)
	fmt.Fprintf(b, "%s%s%s\n%s%s%s (%s)\n\n%s\n", t.T("weigh.question"), colon, w.Question, t.T("weigh.standard"), colon, w.Standard, s.Title.In(lang), t.T("weigh.hypotheses"))
	for _, h := range w.Hypotheses {
		fmt.Fprintf(b, "  %s  %s – %s\n", h.Letter, h.ID, h.Text)
	}

	fmt.Fprintf(b, "\n%s\n", t.T("weigh.items"))
	for _, row := range w.Items {
		line := row.ID + " – " + row.Text
		if row.Document != "" {
			line += " [" + row.Document + ", SHA-256 " + row.SHA256 + "]"
		}
		fmt.Fprintf(b, "  %s\n", line)
		for _, r := range row.Ratings {
			if r.Why != "" {
				fmt.Fprintf(b, "    %s%s%s\n", w.Raters[r.Rater].By, colon, r.Why)
			}
		}
	}

	fmt.Fprintf(b, "\n%s\n", t.T("weigh.matrix"))
	tw := tabwriter.NewWriter(b, 0, 8, 2, ' ', 0)
	head := []string{"  " + t.T("weigh.col.item"), t.T("weigh.col.grade"), t.T("weigh.col.rater")}
	for _, h := range w.Hypotheses {
		head = append(head, h.Letter)
	}
	fmt.Fprintln(tw, strings.Join(append(head, t.T("weigh.col.source")), "\t"))
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
	fmt.Fprintf(b, "  %s\n", t.T("weigh.legend"))

	fmt.Fprintf(b, "\n%s\n", t.T("weigh.ranking"))
	for _, r := range w.Raters {
		var order []string
		for _, h := range r.Order {
			order = append(order, w.Hypotheses[h].Letter+" "+t.Format.N(int64(r.Points[h])))
		}
		fmt.Fprintf(b, "  %s\n", t.T("weigh.rank", "who", r.By, "letters", strings.Join(order, ", ")))
	}

	var aside []string
	for _, row := range w.Items {
		switch {
		case row.Aside == AsideGrade:
			aside = append(aside, row.ID+" ("+row.Grade.String()+")"+colon+t.T("weigh.aside.grade", "grade", s.Analysts.Grade))
		case row.Aside != "":
			aside = append(aside, row.ID+colon+t.T("weigh.aside."+row.Aside))
		}
		if len(row.Disputed) > 0 {
			aside = append(aside, row.ID+colon+t.T("weigh.disputed", "letters", w.letters(row.Disputed)))
		}
	}
	list(b, t.T("weigh.aside"), aside, t.T("weigh.none"))
	var flips []string
	for _, f := range w.Flips {
		then := w.letters(f.First)
		if then == "" {
			then = t.T("weigh.none")
		}
		flips = append(flips, without(t, f.Without, f.Name)+", "+t.T("weigh.first", "who", w.Raters[f.Rater].By, "letters", then))
	}
	list(b, t.T("weigh.flips"), flips, t.T("weigh.none"))

	fmt.Fprintf(b, "\n%s\n", t.T("weigh.verdict"))
	w.verdict(b, t)
	fmt.Fprintf(b, "\n%s\n", t.T("weigh.caution"))
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

func (w *Weighing) verdict(b io.Writer, t *locale.Words) {
	var by []string
	for _, r := range w.Raters {
		if r.Items > 0 {
			by = append(by, r.By)
		}
	}
	key := "weigh.not established"
	letter := ""
	if w.Lead >= 0 {
		key, letter = "weigh.indicated", w.Hypotheses[w.Lead].Letter
		if w.Level.Level == proof.Established {
			key = "weigh.established"
		}
	}
	fmt.Fprintf(b, "  %s\n", t.T(key, "who", t.And(by), "n", t.Format.N(int64(len(w.Hypotheses))), "letter", letter))
	for _, y := range w.Why {
		fmt.Fprintf(b, "  - %s\n", reason(t, y))
	}
	var out, open []string
	for i, h := range w.Hypotheses {
		switch {
		case h.Level.Level == proof.Excluded:
			out = append(out, h.Letter)
		case i != w.Lead:
			open = append(open, h.Letter)
		}
	}
	if len(out) > 0 {
		fmt.Fprintf(b, "  %s\n", t.T("weigh.excluded", "letters", strings.Join(out, ", ")))
	}
	if len(open) > 0 && w.Lead >= 0 {
		fmt.Fprintf(b, "  %s\n", t.T("weigh.open", "letters", strings.Join(open, ", ")))
	}
}

// without words what is left out.
func without(t *locale.Words, what, name string) string {
	return t.T("weigh.without."+what, "name", name)
}

// reasonArgs are the names of a reason's arguments, in their order.
var reasonArgs = map[string][]string{
	WhyTie:    {"who", "letters"},
	WhyTooFew: {"what", "have", "want"},
	WhyStrong: {"item", "who"},
	WhyFlips:  {"without", "name", "who"},
}

// reason words why a conclusion goes no further.
func reason(t *locale.Words, y Reason) string {
	var args []any
	for i, name := range reasonArgs[y.Key] {
		if i < len(y.Args) {
			args = append(args, name, y.Args[i])
		}
	}
	switch {
	case y.Key == WhyTooFew && len(y.Args) > 0:
		args[1] = t.T("weigh.demand." + y.Args[0])
	case y.Key == WhyFlips && len(y.Args) > 1:
		args[1] = without(t, y.Args[0], y.Args[1])
	case y.Key == WhyContradiction:
		var all []string
		for pair := range slices.Chunk(y.Args, 2) {
			all = append(all, t.T("weigh.first", "who", pair[0], "letters", pair[1]))
		}
		args = []any{"firsts", strings.Join(all, t.T("semicolon"))}
	}
	return t.T("weigh.why."+y.Key, args...)
}
