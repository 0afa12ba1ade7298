package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/report/document"
)

// Limits of the table of hypotheses, in rows in sight; the rest is folded.
const (
	openRows     = 8
	excludedRows = 8
	settleRows   = 6
)

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// hypothesesSection is the table of places at which the announcements may have stopped.
func hypothesesSection(p *printer, c *facts) []document.Block {
	if len(c.hyps) == 0 {
		return nil
	}
	var out []document.Block
	for _, t := range hypText(p, &c.f.Cause[c.cause]) {
		out = append(out, document.Para{Text: t})
	}
	columns := document.Columns(p.t("col.hypothesis"), p.t("col.predicts"), p.t("col.against"), p.t("col.verdict"))
	t := document.Table{Name: "hypotheses", Numbered: true, Caption: document.Plain(p.t("hyp.caption")), Columns: columns}
	folded := document.Table{Name: "hypotheses", Columns: columns}
	groups := [...]document.Group{
		inClass:    {Title: p.t("hyp.class"), Note: p.t("hyp.class.note"), Standing: inClass},
		isOpen:     {Title: p.t("hyp.open"), Note: p.t("hyp.open.note"), Standing: isOpen},
		isExcluded: {Title: capital(p.t("hyp.excluded")), Note: p.t("hyp.excluded.note"), Standing: isExcluded},
	}
	most := [...]int{inClass: 1 << 30, isOpen: openRows, isExcluded: excludedRows}
	left := 0
	for i := range c.hyps {
		r := &c.hyps[i]
		g := &groups[r.group]
		switch line := hypLine(p, r, len(g.Rows) == 0); {
		case len(g.Rows) < most[r.group]:
			g.Rows = append(g.Rows, line)
		case len(folded.Rows) < tableRows:
			folded.Rows = append(folded.Rows, line)
		default:
			left++
		}
	}
	for _, g := range groups {
		if len(g.Rows) > 0 {
			t.Groups = append(t.Groups, g)
		}
	}
	out = append(out, t)
	if n := len(folded.Rows); n > 0 {
		f := document.Fold{Summary: p.count("hyp.rest", int64(n)), Long: long(n)}
		folded.Caption = document.Plain(f.Summary)
		if left > 0 {
			folded.More = p.more(int64(left))
		}
		f.Blocks = []document.Block{folded}
		out = append(out, f)
	}
	if f, ok := recordsFold(p, c); ok {
		out = append(out, f)
	}
	return out
}

// hypText says what the table cannot: what it lists, and why the places where
// one act suffices are not told apart.
func hypText(p *printer, x *finding.Cause) []document.Text {
	out := []document.Text{p.h("hyp.text")}
	if n := len(placesOf(x.Class, x.Hypotheses)); n > 1 {
		out = append(out, p.hn("hyp.split", int64(x.Vantages), "n", p.n(int64(n)), "vantages", p.counted("unit.vantage", int64(x.Vantages))))
	}
	return out
}

func hypLine(p *printer, r *hypRow, first bool) document.Row {
	l := document.Place{Number: r.number, Standing: r.group, Words: capital(rowWords(p, r)), Code: rowCode(r)}
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
	predicts := p.t("hyp.predicts.part")
	switch {
	case r.group == inClass && !first:
		predicts = p.t("hyp.predicts.same")
	case r.group == inClass:
		predicts = p.t("hyp.predicts.class")
	case kind == place.Node:
		predicts = p.t("hyp.predicts.node")
	}
	against := document.Links{None: p.t("hyp.nothing")}
	add := func(key string, n int) {
		if n > 0 {
			against.To = append(against.To, document.Span{Text: p.count(key, int64(n)), To: "#x" + strconv.Itoa(r.number)})
		}
	}
	add("against.survive", len(h.ControlsSurvive))
	add("against.lost", len(h.ControlsLost))
	verdict := ""
	switch r.group {
	case inClass:
		verdict = p.t("hyp.v.class")
	case isOpen:
		verdict = p.t("hyp.v.open")
	case isExcluded:
		verdict = p.t("hyp.excluded")
	}
	n := strconv.Itoa(r.number)
	var said []string
	for _, x := range against.To {
		said = append(said, x.Text)
	}
	cells := document.Cells("", predicts, cmp.Or(strings.Join(said, "; "), against.None), verdict)
	cells[0] = document.Cell{Text: document.Text{{Text: n + ". " + document.Beside(l.Words, l.Note) + " "}, {Text: l.Code, Code: true}}, As: l}
	cells[2].As = against
	return document.Row{ID: "h" + n, Cells: cells}
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

// recordsFold lists the control prefixes behind each line.
func recordsFold(p *printer, c *facts) (document.Fold, bool) {
	t := document.Records{Heading: p.t("records.rows")}
	all := map[string]bool{}
	for _, r := range c.hyps {
		h := &r.hyps[0]
		l := document.RecordList{N: r.number}
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
	return document.Fold{Summary: p.count("records.summary", int64(len(all))), Long: long(len(t.Lists)), Blocks: []document.Block{t}}, len(t.Lists) > 0
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

// settleSection is what would tell the members of the class apart.
func settleSection(p *printer, c *facts) []document.Block {
	if c.cause < 0 {
		return nil
	}
	x := &c.f.Cause[c.cause]
	places := placesOf(x.Class, x.Hypotheses)
	if x.Rival || len(places) < 2 && len(x.Settle) == 0 {
		return nil
	}
	text := p.h("settle.text")
	if len(x.Settle) == 0 {
		text = p.h("settle.text.none")
	}
	var items document.Choices
	more := ""
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
		if len(items) == settleRows {
			more = p.more(int64(len(foldSettle(x.Settle)) - settleRows))
			break
		}
		names := p.namer()
		n := int64(len(s.in))
		it := document.Choice{Title: p.tn("settle.vantage", n, "as", names.list(s.in, settleNamed)), Where: p.tn("settle.vantage.where", n)}
		it.Lost, it.Kept = numbers(s.Lost), numbers(s.Kept)
		it.Note = p.t("settle.vantage.note", "lost", names.prose(placesOf(s.Lost, x.Hypotheses)), "kept", names.prose(placesOf(s.Kept, x.Hypotheses)))
		items = append(items, it)
	}
	for _, k := range []string{"session", "trace", "logs"} {
		items = append(items, document.Choice{Title: p.t("settle." + k), Where: p.t("settle." + k + ".where"), Note: p.t("settle." + k + ".note")})
	}
	out := []document.Block{document.Para{Text: text}, items}
	if more != "" {
		out = append(out, document.Para{Text: document.Plain(more), Style: document.Aside})
	}
	has := func(k place.Kind) bool {
		return slices.ContainsFunc(places, func(y place.Place) bool { return y.Joint == nil && y.Kind == k })
	}
	if has(place.Origin) && has(place.Adjacency) && has(place.TransitImport) {
		out = append(out, document.Para{Text: p.h("settle.together", "as", p.is(x.Origin))})
	}
	return append(out, document.Para{Text: p.h("settle.order")})
}
