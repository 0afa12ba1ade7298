package report

import (
	"slices"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
)

// mostGroups is how many other networks the answer names; the table has all.
const mostGroups = 3

// waved is how far apart two routes may be first seen and still have come together.
const waved = 300

// ofOthers gathers the announcements of one network against others: of those that are
// set aside, and of the rest.
type ofOthers struct {
	origin  uint32
	aside   bool
	strange bool     // no operator of the country
	holders []uint32 // in order of their rows
	rows    []*finding.OtherOrigin
}

// sayable reports whether an announcement goes into the answer: it was seen to begin,
// and no relation explains it. What siblings and customers announce, and what
// stood before anybody looked, is in the table.
//
// A more specific prefix that no table shows to be new is said only if at least half of
// the networks had it that carried the subject's routes: a customer's /24 within its
// provider's /9 comes into sight at a few peers whenever its other provider fails.
func sayable(c *facts, o *finding.OtherOrigin) bool {
	if o.Aside || o.Stranger {
		return o.From.First != nil
	}
	if o.Began != finding.OtherNew && o.Began != finding.OtherWave || o.From.First == nil {
		return false
	}
	if o.Began == finding.OtherWave && o.Holder.Prefix != o.Prefix && !o.Subject && o.Holder.Stood != finding.HolderInferred && 2*o.Networks < c.networks {
		return false
	}
	if o.Relation == finding.RelationSibling || o.Relation == finding.RelationCustomer {
		return false
	}
	if o.Subject && o.Delegated != nil && o.Delegated.Origin && o.Delegated.Holder { // its own, of one holder with the other
		return false
	}
	switch o.Holder.Stood {
	case finding.HolderBefore, finding.HolderInferred:
		return true
	case finding.HolderGone:
		return o.Began == finding.OtherNew
	case finding.HolderUnknown, finding.HolderSeen:
		// Two that were first seen together, and nobody knows what stood: no
		// more was seen than that the prefix has two origins.
		d := (*o.From.First - o.Holder.First).Sec()
		return o.Began == finding.OtherNew || max(d, -d) > waved
	}
	return false
}

// groupOthers gathers what goes into the answer, those that most networks had first.
func groupOthers(rows []*finding.OtherOrigin) []ofOthers {
	var out []ofOthers
	for _, o := range rows {
		i := slices.IndexFunc(out, func(g ofOthers) bool { return g.origin == o.Origin && g.aside == o.Aside && g.strange == o.Stranger })
		if i < 0 {
			i = len(out)
			out = append(out, ofOthers{origin: o.Origin, aside: o.Aside, strange: o.Stranger})
		}
		out[i].rows = append(out[i].rows, o)
		if !slices.Contains(out[i].holders, o.Holder.Origin) {
			out[i].holders = append(out[i].holders, o.Holder.Origin)
		}
	}
	most := func(g ofOthers) int {
		n := 0
		for _, o := range g.rows {
			n = max(n, o.Networks)
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b ofOthers) int { return most(b) - most(a) })
	return out[:min(len(out), mostGroups)]
}

// othersProse says that another network announced the same or more specific
// prefixes, what stood before, and, if it was the subject that began to announce
// what lies in another's, that. It says what was seen and never what was meant.
func othersProse(p *printer, c *facts) []para {
	ours, theirs, answers := toldOthers(c)
	var out []para
	for _, g := range ours {
		s := groupProse(p, g, "others.began", answers)
		if !g.aside {
			s = append(s, endedProse(p, c, g)...)
		}
		out = append(out, s)
	}
	for _, g := range theirs {
		also := "others.also"
		if !g.rows[0].Holder.Subject {
			also = "others.began" // of a prefix that was asked about, neither is the subject
		}
		out = append(out, groupProse(p, g, also, nil))
	}
	return append(out, standsProse(p, c)...)
}

// standsProse says which other networks announced the same prefixes all along, as tables show: with them, the subject's own
// routes are only a part of those that stayed, or were lost. What is explained by a relation, or is more specific, stands
// in the table alone.
func standsProse(p *printer, c *facts) []para {
	var rows []*finding.OtherOrigin
	for i := range c.f.Others {
		o := &c.f.Others[i]
		switch {
		case o.Began != finding.OtherStood || o.From.First == nil || o.Subject || o.Aside || o.Stranger || o.Own != nil || o.Prefix != o.Holder.Prefix:
		case o.Relation == finding.RelationSibling || o.Relation == finding.RelationCustomer || o.Holder.Stood == finding.HolderLater || o.Holder.Stood == finding.HolderGone:
		case o.Delegated != nil && o.Delegated.Origin && o.Delegated.Holder:
		case !o.Holder.Subject && (o.Peers > o.Holder.Peers || o.Peers == o.Holder.Peers && o.Origin < o.Holder.Origin): // told of the other
		default:
			rows = append(rows, o)
		}
	}
	var out []para
	for _, g := range groupOthers(rows) {
		most := g.rows[0]
		open := false
		for _, o := range g.rows {
			if o.Networks > most.Networks {
				most = o
			}
			open = open || o.Until.Last == nil
		}
		until := ""
		if !open {
			last := *most.Until.Last
			for _, o := range g.rows {
				last = max(last, *o.Until.Last)
			}
			until = p.t("others.until", "until", p.then(last, *most.From.First))
		}
		n := int64(len(g.rows))
		out = append(out, say("others.beside", n, "as", p.is(g.origin), "of", p.holders(g), "n", p.n(n), "prefix", ofPrefix(most.Prefix), "from", p.at(*most.From.First), "until", until,
			"peers", p.counted("unit.peer", int64(most.Peers)), "networks", p.counted("unit.network", int64(most.Networks)), "held", p.counted("unit.peer", int64(most.Holder.Peers))))
	}
	return out
}

// endedProse says which outages are no more than the end of what the subject had
// announced of another's addresses.
//
// Example: AS17557 announces 208.65.153.0/24 within AS36561's /22, and at 20:28 half
// of the peers go over to the /24 of AS36561. The prefix of AS17557 is out from then
// on, and nothing of AS17557 was cut.
func endedProse(p *printer, c *facts, g ofOthers) para {
	n, prefix := int64(0), ""
	for _, o := range g.rows {
		name := o.Prefix.String()
		if slices.ContainsFunc(c.f.Outages, func(x finding.Outage) bool { return x.Scope == "prefix" && x.Name == name && endedWith(o, &x) }) {
			n++
			prefix = name
		}
	}
	if n == 0 {
		return nil
	}
	return say("others.ended", n, "n", p.n(n), "prefix", prefix)
}

// endedWith reports whether a prefix went out as half of those who had an announcement of it let it go. Example: AS2 goes
// out with a prefix at 12:30, and at 12:35 AS1 announces it to the end: the outage was before that.
func endedWith(o *finding.OtherOrigin, x *finding.Outage) bool {
	if o.Until.Median == nil {
		return false
	}
	d := *o.Until.Median - onset(x)
	return max(d, -d) <= waved
}

// groupProse words one network's announcements against another's.
func groupProse(p *printer, g ofOthers, key string, answers []*finding.OtherOrigin) para {
	first, most := g.rows[0], g.rows[0]
	last, open, table := most.Until.Last, false, true
	stood := map[string]int64{}
	provider := false
	for _, o := range g.rows {
		if *o.From.First < *first.From.First {
			first = o
		}
		if o.Networks > most.Networks {
			most = o
		}
		if o.Until.Last == nil {
			open = true
		} else if last == nil || *o.Until.Last > *last {
			last = o.Until.Last
		}
		table = table && (o.Began == finding.OtherNew || o.Began == finding.OtherStood)
		stood[o.Holder.Stood]++
		provider = provider || o.Relation == finding.RelationProvider
	}
	n := int64(len(g.rows))
	until := p.t("others.until.open")
	if !open {
		until = p.t("others.until", "until", p.then(*last, *first.From.First))
	}
	of := p.holders(g)
	lies := p.t("others.same", "of", of)
	if first.Holder.Prefix != first.Prefix {
		lies = p.t("others.within", "holder", ofPrefix(first.Holder.Prefix), "of", of)
	}
	a := []any{"as", p.is(g.origin), "of", of, "n", p.n(n), "prefix", ofPrefix(first.Prefix), "lies", lies,
		"from", p.at(*first.From.First), "until", until, "peers", p.counted("unit.peer", int64(most.Peers)), "networks", p.counted("unit.network", int64(most.Networks))}
	out := say(key, n, a...)
	out = append(out, stoodProse(p, g, stood, a)...)
	out = append(out, delegatedProse(p, g, stood, a)...)
	if !table {
		out = append(out, say("others.untold", n, a...)...)
	}
	if provider {
		out = append(out, say("others.provider", locale.None, a...)...)
	}
	out = append(out, apartProse(p, g, a)...)
	// What the other announced there then, within its own.
	var replies []*finding.OtherOrigin
	for _, o := range answers {
		if slices.Contains(g.holders, o.Origin) && o.Holder.Origin == g.origin && o.From.First != nil {
			replies = append(replies, o)
		}
	}
	if k := int64(len(replies)); k > 0 {
		key := "others.reply"
		if slices.ContainsFunc(replies, func(o *finding.OtherOrigin) bool { return o.Own.Prefix != replies[0].Own.Prefix }) {
			key += ".several"
		}
		out = append(out, say(key, k, "of", p.is(replies[0].Origin), "n", p.n(k), "prefix", ofPrefix(replies[0].Prefix),
			"own", ofPrefix(replies[0].Own.Prefix), "from", p.then(*replies[0].From.First, *first.From.First))...)
	}
	return out
}

// holders names those beside whom a group announced.
func (p *printer) holders(g ofOthers) any {
	if len(g.holders) == 1 {
		return p.is(g.holders[0])
	}
	return p.namer().list(g.holders, 8)
}

// stoodProse says of how many of a group's prefixes it is known that they were the
// others' before, and how; stood counts the rows by what is known.
func stoodProse(p *printer, g ofOthers, stood map[string]int64, a []any) para {
	n, first := int64(len(g.rows)), g.rows[0]
	before := stood[finding.HolderBefore] + stood[finding.HolderInferred]
	if len(g.holders) > 1 {
		switch {
		case before == 0:
			return say("others.several.unknown", n, a...)
		case before < n:
			return say("others.several.some", before, append(a, "k", p.n(before))...)
		}
		return say("others.several.before", n, a...)
	}
	through := slices.IndexFunc(g.rows, func(o *finding.OtherOrigin) bool { return o.Holder.Through != 0 })
	switch {
	case stood[finding.HolderGone] == n && first.Holder.Gone != nil:
		return say("others.stood.gone", n, append(a, "gone", p.at(*first.Holder.Gone))...)
	case stood[finding.HolderLater] == n && first.Began == finding.OtherStood:
		return say("others.stood.own", n, append(a, "table", p.at(*first.From.First), "first", p.then(first.Holder.First, *first.From.First))...)
	case stood[finding.HolderLater] == n:
		return say("others.stood.later", n, append(a, "first", p.then(first.Holder.First, *first.From.First))...)
	case stood[finding.HolderSeen] == n:
		return say("others.stood.seen", n, a...)
	case before == 0:
		return say("others.stood.unknown", n, a...)
	case before < n:
		return say("others.stood.some", before, append(a, "k", p.n(before))...)
	case stood[finding.HolderInferred] > 0 && through >= 0:
		return say("others.stood.inferred", n, append(a, "through", p.is(g.rows[through].Holder.Through))...)
	case !slices.ContainsFunc(g.rows, func(o *finding.OtherOrigin) bool { return o.Holder.Table == nil }):
		return say("others.stood.table", n, append(a, "table", p.at(*first.Holder.Table))...)
	}
	return say("others.stood.before", n, a...)
}

// delegatedProse says to whom the addresses were delegated. Where a table alone tells who
// stood before, it says that nothing was asked of the registries.
func delegatedProse(p *printer, g ofOthers, stood map[string]int64, a []any) para {
	of := map[string]int64{}
	var one *finding.Delegated
	tables := false
	for _, o := range g.rows {
		tables = tables || o.Holder.Table != nil
		d := o.Delegated
		switch {
		case d == nil:
			continue
		case d.Origin && d.Holder:
			of["both"]++
		case d.Origin && (stood[finding.HolderBefore] > 0 || stood[finding.HolderInferred] > 0):
			of["otherwise"]++
		case d.Holder && !d.Origin && o.Began == finding.OtherStood:
			of["against"]++
		case d.Origin:
			of["origin"]++
		case d.Holder:
			of["holder"]++
		default:
			of["neither"]++
		}
		one = d
	}
	if one == nil {
		if tables {
			return say("others.delegated.unasked", locale.None, a...)
		}
		return nil
	}
	var out para
	for _, k := range []string{"holder", "against", "origin", "otherwise", "both", "neither"} {
		if of[k] > 0 {
			out = append(out, say("others.delegated."+k, int64(len(g.rows)), append(a, "k", p.n(of[k]), "block", ofPrefix(one.Block), "list", clip(one.List, 80))...)...)
		}
	}
	return out
}

// apartProse says of what is set aside that its end is no outage, with when that was.
func apartProse(p *printer, g ofOthers, a []any) para {
	if g.strange {
		return say("others.apart.stranger", int64(len(g.rows)), append(a, "country", p.ofSubject())...)
	}
	if !g.aside {
		return nil
	}
	n, first := int64(len(g.rows)), g.rows[0]
	switch {
	case !first.Subject && first.Holder.Subject:
		return say("others.apart.taken", n, a...)
	case !first.Subject && slices.ContainsFunc(p.f.Subject.Prefixes, func(x finding.Prefix) bool { return x.Prefix == first.Prefix }):
		return say("others.apart.counted", n, append(a, "subject", p.subject())...) // somebody else announced it, too
	case !first.Subject && first.Prefix.String() == p.f.Subject.Name:
		return nil // nothing else is told of what was asked about
	case !first.Subject:
		return say("others.apart.within", n, append(a, "subject", p.subject())...)
	}
	var last *moment.Time
	for _, o := range g.rows {
		if t := o.Until.Median; t != nil && (last == nil || *t > *last) {
			last = t
		}
		if *o.From.First < *first.From.First {
			first = o
		}
	}
	if last == nil || slices.ContainsFunc(g.rows, func(o *finding.OtherOrigin) bool { return o.Until.Median == nil }) {
		return say("others.apart", n, a...)
	}
	return say("others.apart.ended", n, append(a, "ended", p.then(*last, *first.From.First))...)
}

// othersFold lists every announcement by another network.
func othersFold(p *printer, c *facts) (document.Fold, bool) {
	n := int64(max(len(c.f.Others), c.f.OthersOf))
	f := document.Fold{Summary: p.count("others.caption", n)}
	t := document.Table{Name: "others", Dense: true, Anchor: "oth", Caption: document.Plain(f.Summary + " (UTC)"), Short: document.Plain(f.Summary),
		Columns: document.Columns(p.t("col.as"), p.t("col.prefix"), p.t("col.span"), p.t("col.peers"), p.t("col.holder"), p.t("col.stood"), p.t("col.relation"), p.t("col.record"))}
	for i := range c.f.Others {
		o := &c.f.Others[i]
		if i == tableRows {
			t.More = p.more(n - int64(i))
			break
		}
		prefix, times, relation := o.Prefix.String(), "", "–"
		if o.From.First != nil {
			times = p.stamp(*o.From.First) + "–" + p.untilStamp(*o.From.First, o.Until.Last)
		}
		stood := clip(o.Holder.Stood, 40)
		if p.has("others.holder." + o.Holder.Stood) {
			stood = p.t("others.holder." + o.Holder.Stood)
		}
		if o.Own != nil {
			stood = p.t("others.own", "prefix", ofPrefix(o.Own.Prefix))
		}
		switch {
		case o.Stranger:
			stood += p.t("semicolon") + p.t("others.stranger")
		case o.Aside:
			stood += p.t("semicolon") + p.t("others.aside")
		}
		if p.has("others.began." + o.Began) {
			prefix = document.Beside(prefix, p.t("others.began."+o.Began))
		}
		if p.has("others.relation." + o.Relation) {
			relation = p.t("others.relation." + o.Relation)
		}
		cells := document.Cells(p.as(o.Origin), prefix, times, p.n(int64(o.Peers))+" ("+p.n(int64(o.Networks))+")", o.Holder.Prefix.String()+", "+p.asNumber(o.Holder.Origin), stood, relation)
		t.Rows = append(t.Rows, document.Row{Cells: append(cells, document.Cell{Text: record(o.Exhibit, o.Offset)})})
	}
	text := p.t("others.text")
	if c.f.OthersOf > 0 {
		text += " " + p.t("others.listed", "n", p.n(n), "k", p.n(int64(len(c.f.Others))))
	}
	f.Blocks = []document.Block{document.Para{Text: document.Plain(text), Style: document.Bare}, t}
	return f, len(t.Rows) > 0
}
