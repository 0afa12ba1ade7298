package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"constat/judge/finding"
	"constat/moment"
)

// A summary has columnsWide columns, or as few as a terminal has, down to
// columnsLeast. With fewer than columnsBeside a label stands above its text and not
// beside it.
const (
	columnsWide   = 80
	columnsLeast  = 20
	columnsBeside = 60
)

// screen is what a summary is written on.
type screen struct {
	bytes.Buffer
	columns int
}

func newScreen(columns int) *screen {
	if columns <= 0 || columns > columnsWide {
		columns = columnsWide
	}
	return &screen{columns: max(columns, columnsLeast)}
}

// summaryOutages is how many outages the summary lists.
const summaryOutages = 12

// summarise writes the terminal summary: the headline, the band of a
// reconstruction, the answer in the words of the page, the key figures, the
// outages of the whole subject, and what the reader must keep in mind.
func summarise(w *screen, p *printer, c *facts) {
	heading(w, p.title(c))
	if a, ok := c.note(noteReconstruction); ok {
		fmt.Fprintln(w)
		wrap(w, p.text(p.note(finding.Note{Key: noteReconstruction, Args: a})), "", "")
	}
	top, rest := lead(p, c)
	for _, s := range slices.Concat(top, rest) {
		fmt.Fprintln(w)
		wrap(w, p.text(s), "", "")
	}
	fmt.Fprintln(w)
	wide := 0
	figs := keyFigures(p, c)
	for _, k := range figs {
		wide = max(wide, utf8.RuneCountInString(k.Label))
	}
	for _, k := range figs {
		labelled(w, k.Label, wide, k.Value+" – "+k.Note)
	}
	summariseVerdict(w, p, c)
	if c.event != nil {
		summariseCountry(w, p, c)
	} else if len(c.whole) > 1 {
		fmt.Fprintln(w)
		show := c.largest(c.whole, summaryOutages)
		if len(show) < len(c.whole) {
			wrap(w, p.t("sum.outages.largest", "k", p.n(int64(len(show))), "n", p.n(int64(len(c.whole)))), "", "")
		} else {
			wrap(w, p.t("sum.outages"), "", "")
		}
		for _, o := range show {
			wrap(w, outageLine(p, o), "  ", "    ")
		}
	}
	if n := len(c.partial); n > 1 || n > 0 && c.f.Answer == finding.AnswerOutage {
		fmt.Fprintln(w)
		wrap(w, p.t("sum.partial"), "", "")
		show := c.largest(c.partial, summaryOutages)
		for _, o := range show {
			wrap(w, clip(o.Name, 60)+p.t("colon")+outageLine(p, o), "  ", "    ")
		}
		if len(show) < n {
			fmt.Fprintln(w, "  "+p.more(int64(n-len(show))))
		}
	}
	if ns := notes(p, c); len(ns) > 0 {
		fmt.Fprintln(w)
		for _, s := range ns {
			wrap(w, p.text(s), "- ", "  ")
		}
	}
}

// laterStamp is a moment after another that was just written.
func (p *printer) laterStamp(from, t moment.Time) string { return p.untilStamp(from, &t) }

// outageLine is one outage in a line: from its first prefix out until none is
// out, then the medians over the peers.
func outageLine(p *printer, o *finding.Outage) string {
	a := []any{"from", p.stamp(o.From), "until", p.untilStamp(o.From, o.Until), "onset", p.laterStamp(o.From, onset(o)),
		"lost", p.of(int64(o.Lost.Prefixes), int64(o.Lost.Of)), "witnesses", p.of(int64(o.Witnesses.Lost), int64(o.Witnesses.Carried))}
	if o.DurationS == nil || o.Recovery == nil || o.Recovery.Median == nil {
		return p.t("sum.list.open", append(a, "why", p.censored(o))...)
	}
	line := p.t("sum.list", append(a, "recovery", p.untilStamp(onset(o), o.Recovery.Median), "length", p.exact(*o.DurationS))...)
	if o.Recovery.Last == nil && o.Censored != nil {
		line += p.t("semicolon") + p.hidden(o)
	}
	return line
}

// hidden says why the last return of an outage was not seen though others were:
// whoever saw those was watching.
func (p *printer) hidden(o *finding.Outage) string {
	if o.Censored != nil && *o.Censored == "end of data" {
		return p.t("sum.hidden.end")
	}
	return p.t("sum.hidden")
}

// summariseVerdict writes the propositions on the headline loss by level.
func summariseVerdict(w *screen, p *printer, c *facts) {
	vs := verdicts(p, c)
	if len(vs) == 0 {
		return
	}
	s := c.f.Verdict.Standard
	fmt.Fprintln(w)
	wrap(w, p.t("sum.verdict", "name", clip(s.Name, 40), "sha", clip(s.SHA256, 16)), "", "")
	for _, v := range vs {
		fmt.Fprintln(w, "  "+v.Title)
		for _, l := range v.Lines {
			wrap(w, l.String(), "  - ", "    ")
		}
		if v.More != "" {
			wrap(w, v.More, "    ", "    ")
		}
	}
}

// heading writes a line as it is if it fits.
func heading(w *screen, text string) {
	if utf8.RuneCountInString(text) <= w.columns {
		fmt.Fprintln(w, text)
		return
	}
	wrap(w, text, "", "")
}

// labelled writes text beside its label, in a column behind the widest label, or
// below it on a narrow screen.
func labelled(w *screen, label string, wide int, text string) {
	if w.columns < columnsBeside {
		wrap(w, label, "  ", "  ")
		wrap(w, text, "    ", "    ")
		return
	}
	wrap(w, text, "  "+label+strings.Repeat(" ", wide-utf8.RuneCountInString(label)+2), strings.Repeat(" ", wide+4))
}

// wrap writes text in lines of at most the screen's width, breaking at ordinary
// spaces only; the spaces that must not break are written as ordinary ones, as
// terminals and clipboards know them best.
func wrap(w *screen, text, first, rest string) {
	line, empty := first, true
	for word := range strings.SplitSeq(text, " ") {
		word = strings.NewReplacer(nbsp, " ", nnbsp, " ").Replace(word)
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > w.columns {
			fmt.Fprintln(w, strings.TrimRight(line, " "))
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	fmt.Fprintln(w, strings.TrimRight(line, " "))
}
