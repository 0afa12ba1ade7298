package report

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
)

// Limits of the table of hypotheses, in rows in sight; the rest is folded.
const (
	openRows     = 8
	excludedRows = 8
	settleRows   = 6
)

type hypTable struct {
	Caption string
	Text    []template.HTML
	Groups  []hypGroup
	Summary string
	Folded  []hypLine
	More    string
	Records *recordTable
}

type hypGroup struct {
	Title, Note string
	In          bool // the class
	Rows        []hypLine
}

type hypLine struct {
	Number   int
	Mark     string // in, ex, or op for what is neither
	Words    string
	Code     string
	Note     string
	Predicts string
	Against  []against
	Verdict  string
}

// against is one kind of control prefix, counted, with the address of the list.
type against struct{ Text, Href string }

// recordTable has the control prefixes behind the lines.
type recordTable struct {
	Summary string
	Lists   []recordList
}

// recordList says which control prefixes bear on one row.
type recordList struct {
	N     int
	Parts []template.HTML
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func newHypotheses(p *printer, c *facts) *hypTable {
	if len(c.hyps) == 0 {
		return nil
	}
	x := &c.f.Cause[c.cause]
	t := &hypTable{Caption: p.t("hyp.caption")}
	t.Text = hypText(p, x)
	t.Records = newRecords(p, c)
	groups := [...]hypGroup{
		inClass:    {Title: p.t("hyp.class"), Note: p.t("hyp.class.note"), In: true},
		isOpen:     {Title: p.t("hyp.open"), Note: p.t("hyp.open.note")},
		isExcluded: {Title: capital(p.t("hyp.excluded")), Note: p.t("hyp.excluded.note")},
	}
	most := [...]int{inClass: 1 << 30, isOpen: openRows, isExcluded: excludedRows}
	left := 0
	for i := range c.hyps {
		r := &c.hyps[i]
		g := &groups[r.group]
		switch line := hypLineOf(p, r, len(g.Rows) == 0); {
		case len(g.Rows) < most[r.group]:
			g.Rows = append(g.Rows, line)
		case len(t.Folded) < tableRows:
			t.Folded = append(t.Folded, line)
		default:
			left++
		}
	}
	for _, g := range groups {
		if len(g.Rows) > 0 {
			t.Groups = append(t.Groups, g)
		}
	}
	t.Summary = p.count("hyp.rest", int64(len(t.Folded)))
	if left > 0 {
		t.More = p.more(int64(left))
	}
	return t
}

// hypText says what the table cannot: what it lists, and why the places where
// one act suffices are not told apart.
func hypText(p *printer, x *finding.Cause) []template.HTML {
	out := []template.HTML{p.h("hyp.text")}
	if n := len(placesOf(x.Class, x.Hypotheses)); n > 1 {
		out = append(out, p.hn("hyp.split", int64(x.Vantages), "n", p.n(int64(n)), "vantages", p.counted("unit.vantage", int64(x.Vantages))))
	}
	return out
}

func hypLineOf(p *printer, r *hypRow, first bool) hypLine {
	l := hypLine{Number: r.number, Words: capital(rowWords(p, r)), Code: rowCode(r)}
	h := &r.hyps[0]
	for _, y := range r.places {
		if r.group == inClass && y.Joint == nil && y.Narrow && y.Wide {
			l.Note = p.t("hyp.both")
		}
		if y.Joint != nil {
			l.Note = p.t("hyp.joint")
		}
	}
	kind := place.Origin
	if len(r.places) > 0 {
		kind = r.places[0].Kind
	}
	switch {
	case r.group == inClass && !first:
		l.Predicts = p.t("hyp.predicts.same")
	case r.group == inClass:
		l.Predicts = p.t("hyp.predicts.class")
	case kind == place.Node:
		l.Predicts = p.t("hyp.predicts.node")
	default:
		l.Predicts = p.t("hyp.predicts.part")
	}
	href := "#x" + strconv.Itoa(r.number)
	add := func(key string, n int) {
		if n > 0 {
			l.Against = append(l.Against, against{p.count(key, int64(n)), href})
		}
	}
	add("against.survive", len(h.ControlsSurvive))
	add("against.lost", len(h.ControlsLost))
	switch r.group {
	case inClass:
		l.Mark, l.Verdict = "in", p.t("hyp.v.class")
	case isOpen:
		l.Mark, l.Verdict = "op", p.t("hyp.v.open")
	case isExcluded:
		l.Mark, l.Verdict = "ex", p.t("hyp.excluded")
	}
	return l
}

// rowWords names a row. Where one network's breaks share a row, it is the
// network that matters, and its link towards the origin.
func rowWords(p *printer, r *hypRow) string {
	names := p.namer()
	if r.group == inClass || len(r.places) < 2 {
		return names.prose(r.places)
	}
	at := r.places[0].A
	var to []uint32
	for _, x := range r.places {
		if x.Joint != nil || x.A != at {
			return names.prose(r.places)
		}
		if x.Kind == place.Adjacency {
			to = append(to, x.B)
		}
	}
	if len(to) != 1 {
		return names.prose(r.places)
	}
	return p.t("place.network", "as", names.as(at), "to", names.as(to[0]))
}

// rowCode writes a row's hypotheses in short: both scopes of one break are one.
func rowCode(r *hypRow) string {
	var out []string
	for _, h := range r.hyps {
		s := code(h.Hypothesis)
		if h.Joint() { // one break speaks for each part
			var parts []string
			for _, part := range h.Parts {
				if len(part) > 0 {
					parts = append(parts, code(place.Single(part[0])))
				}
			}
			s = list(parts, 4)
		}
		if !slices.Contains(out, strings.TrimSuffix(s, wideWords)) {
			out = append(out, s)
		}
	}
	return clip(list(out, 4), 240)
}

// wideWords end the string of a break of everything that crosses.
const wideWords = " for everything"

// newRecords lists the control prefixes behind each line.
func newRecords(p *printer, c *facts) *recordTable {
	t := &recordTable{}
	all := map[string]bool{}
	for _, r := range c.hyps {
		h := &r.hyps[0]
		l := recordList{N: r.number}
		controls := func(key string, ps []string) {
			if len(ps) == 0 {
				return
			}
			for _, q := range ps {
				all[q] = true
			}
			l.Parts = append(l.Parts, p.hn(key, int64(len(ps)), "which", clip(list(ps, 12), 400)))
		}
		controls("records.survive", h.ControlsSurvive)
		controls("records.lost", h.ControlsLost)
		if len(l.Parts) > 0 {
			t.Lists = append(t.Lists, l)
		}
	}
	if len(t.Lists) == 0 {
		return nil
	}
	t.Summary = p.count("records.summary", int64(len(all)))
	return t
}

// settleList is what would tell the members of the class apart.
type settleList struct {
	Text  template.HTML
	Items []settleItem
	More  string
	After []template.HTML
}

type settleItem struct {
	Title, Where string
	Lost, Kept   []int // numbers of the rows that would remain
	Note         string
}

// settleNamed is how many networks one row names that would tell the same.
const settleNamed = 6

// sameSettle are networks a vantage in any of which would tell the same.
type sameSettle struct {
	in         []uint32
	Lost, Kept []place.Hypothesis
}

// foldSettle puts networks together whose vantage would tell the same, in the order
// of the first of each.
func foldSettle(all []cause.Settle) []sameSettle {
	var out []sameSettle
	for _, s := range all {
		i := slices.IndexFunc(out, func(y sameSettle) bool { return samePlaces(y.Lost, s.Lost) && samePlaces(y.Kept, s.Kept) })
		if i < 0 {
			out = append(out, sameSettle{Lost: s.Lost, Kept: s.Kept})
			i = len(out) - 1
		}
		out[i].in = append(out[i].in, s.AS)
	}
	return out
}

func samePlaces(a, b []place.Hypothesis) bool {
	return slices.EqualFunc(a, b, func(x, y place.Hypothesis) bool { return x.Same(y) })
}

func newSettle(p *printer, c *facts) *settleList {
	if c.cause < 0 {
		return nil
	}
	x := &c.f.Cause[c.cause]
	places := placesOf(x.Class, x.Hypotheses)
	if x.Rival || len(places) < 2 && len(x.Settle) == 0 {
		return nil
	}
	t := &settleList{Text: p.h("settle.text")}
	if len(x.Settle) == 0 {
		t.Text = p.h("settle.text.none")
	}
	numbers := func(hs []place.Hypothesis) []int {
		var out []int
		for _, r := range c.hyps {
			if r.group == inClass && slices.ContainsFunc(r.hyps, func(h finding.Hypothesis) bool {
				return slices.ContainsFunc(hs, func(y place.Hypothesis) bool { return y.Same(h.Hypothesis) })
			}) {
				out = append(out, r.number)
			}
		}
		return out
	}
	// Vantages that would tell the same are one row.
	for _, s := range foldSettle(x.Settle) {
		if len(t.Items) == settleRows {
			t.More = p.more(int64(len(foldSettle(x.Settle)) - settleRows))
			break
		}
		names := p.namer()
		n := int64(len(s.in))
		it := settleItem{Title: p.tn("settle.vantage", n, "as", names.list(s.in, settleNamed)), Where: p.tn("settle.vantage.where", n)}
		it.Lost, it.Kept = numbers(s.Lost), numbers(s.Kept)
		it.Note = p.t("settle.vantage.note", "lost", names.prose(placesOf(s.Lost, x.Hypotheses)), "kept", names.prose(placesOf(s.Kept, x.Hypotheses)))
		t.Items = append(t.Items, it)
	}
	for _, k := range []string{"session", "trace", "logs"} {
		t.Items = append(t.Items, settleItem{Title: p.t("settle." + k), Where: p.t("settle." + k + ".where"), Note: p.t("settle." + k + ".note")})
	}
	has := func(k place.Kind) bool {
		return slices.ContainsFunc(places, func(y place.Place) bool { return y.Joint == nil && y.Kind == k })
	}
	if has(place.Origin) && has(place.Adjacency) && has(place.TransitImport) {
		t.After = append(t.After, p.h("settle.together", "as", p.as(x.Origin)))
	}
	t.After = append(t.After, p.h("settle.order"))
	return t
}
