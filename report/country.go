package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
)

// A subject of several operators is told by its events: what was out at one
// moment, of what, and in which stages. The largest event is the headline.

const (
	proseStages      = 4  // stages named in a sentence
	proseTotals      = 3  // totals told one by one
	proseNames       = 3  // operators named in a sentence
	summaryStages    = 12 // stages, events and groups that the summary lists
	summaryOperators = 12
)

// headEvent is the event of which the most address space was out, of several
// alike the one whose largest stage would be the headline; nil without events.
func headEvent(c *facts) *finding.Event {
	var head *finding.Event
	for i := range c.f.Events {
		e := &c.f.Events[i]
		switch {
		case head == nil, e.Trough.Lost.Above(head.Trough.Lost):
			head = e
		case head.Trough.Lost.Above(e.Trough.Lost):
		default:
			if a, b := stageOutage(c.whole, e), stageOutage(c.whole, head); a != nil && b != nil && c.weight(a).above(c.weight(b)) {
				head = e
			}
		}
	}
	return head
}

// stageOutage is the outage of the whole subject that is the headline stage of
// an event, which figures magnify: the largest of those with a total or, without
// one, of all.
func stageOutage(whole []*finding.Outage, e *finding.Event) *finding.Outage {
	if e == nil {
		return nil
	}
	var best *finding.Outage
	var size finding.Size
	for _, s := range e.Stages {
		i := slices.IndexFunc(whole, func(o *finding.Outage) bool { return o.From == s.From && !o.Partial })
		if i < 0 {
			continue
		}
		o := whole[i]
		total := len(o.Total) > 0
		if best == nil || total && len(best.Total) == 0 || total == (len(best.Total) > 0) && s.Lost.Above(size) {
			best, size = o, s.Lost
		}
	}
	return best
}

// eventEnd is when none of an event's prefixes was out any more, or where nothing
// more was seen of it.
func (c *facts) eventEnd(e *finding.Event) moment.Time {
	if e.Until != nil {
		return *e.Until
	}
	return c.f.Question.Until
}

// heard reports whether nothing is known of what was announced before.
func heard(e *finding.Event) bool { return e.Of.By != finding.BaseSnapshot }

func heardKey(key string, e *finding.Event) string {
	if heard(e) {
		return key + ".heard"
	}
	return key
}

// until is a later moment at the end of "from … to": the day is said only if
// it is another than that of ref.
func (p *printer) until(t, ref moment.Time) document.Span {
	return p.later(t, ref, "country.until", "country.until.day")
}

// countryProse is the answer for a subject of several operators: one sentence
// that can be printed, and what it rests on.
func countryProse(p *printer, c *facts) []para {
	e := c.event
	n := int64(e.Of.Operators)
	key, k := "country.lead", len(e.Trough.Out)
	operators := p.tn(heardKey("country.operators.all", e), n, "n", p.n(n), "of", p.ofSubject())
	more := ""
	switch {
	case k == 0:
		key, k = "country.lead.some", len(e.Trough.Partly)
	case len(e.Trough.Partly) > 0:
		m := int64(len(e.Trough.Partly))
		more = p.tn("country.more", m, "n", p.n(m))
	}
	if int64(k) < n {
		operators = p.tn(heardKey("country.operators.part", e), n, "k", p.n(int64(k)), "n", p.n(n), "of", p.ofSubject())
	}
	lead := say(key, locale.None, "at", p.at(e.Trough.At), "operators", operators, "more", more, "space", p.eventSpace(e))
	if k := len(e.Trough.Out); k > 0 && k <= proseNames && len(e.Trough.Partly) == 0 {
		var names []string
		for _, as := range e.Trough.Out {
			names = append(names, p.as(as))
		}
		lead = append(lead, say("country.names", int64(k), "names", strings.Join(names, ", "))...)
	}
	lead = append(lead, unknownProse(p, e)...)
	out := []para{append(lead, eventSentence(p, e)...)}
	out[0] = append(out[0], foreignProse(p, c)...)
	back := "country.back"
	if h := c.head; flaps(h) {
		back = "lapse.country.back"
		long := c.end(h.Gone.Until, h) - h.Gone.From
		out[0] = append(out[0], say("lapse.country", int64(h.Gone.Losses), "n", p.n(int64(h.Gone.Losses)), "length", p.words(h.Gone.Seconds),
			"share", p.percent(float64(h.Gone.Seconds)/max(1, float64(long/moment.Second))))...)
	}
	if e.Trough.Recovered != nil && len(e.Stages) > 0 {
		out[0] = append(out[0], say(back, locale.None, "at", p.then(e.Trough.At, e.From), "back", p.then(*e.Trough.Recovered, e.From))...)
	}
	if s := delegatedSentence(p, c); s != nil {
		out = append(out, s)
	}
	totals := e.Total
	if len(totals) > proseTotals {
		out, totals = append(out, totalsProse(p, c, totals)), nil
	}
	for _, t := range totals {
		said := say("country.total.unended", locale.None, "of", p.ofSubject(), "from", p.at(t.From))
		if t.Until != nil {
			said = say("country.total", locale.None, "of", p.ofSubject(), "from", p.at(t.From), "until", p.until(*t.Until, t.From))
		}
		if n, of := c.stuckRoutes(t); n > 0 {
			said = append(said, say("country.stuck", n, "n", p.n(n), "of", p.n(of))...)
		}
		out = append(out, said)
	}
	if heard(e) {
		k := int64(e.Of.Prefixes)
		out = append(out, say("country.heard", k, "n", p.n(k)))
	}
	if s := otherEvents(p, c); s != nil {
		out = append(out, s)
	}
	return out
}

// unknownProse tells of which operators nothing was known when the most was out.
func unknownProse(p *printer, e *finding.Event) para {
	n := int64(len(e.Trough.Unknown))
	if n == 0 || e.Trough.UnknownSize == nil {
		return nil
	}
	return say("country.unwatched", n, "n", p.n(n), "size", p.sizeInProse(*e.Trough.UnknownSize))
}

// foreignProse names the operators that were out and are registered in another country.
func foreignProse(p *printer, c *facts) para {
	var out para
	for _, as := range append(slices.Clone(c.event.Trough.Out), c.event.Trough.Partly...) {
		i := slices.IndexFunc(c.f.Operators, func(o finding.Operator) bool { return o.AS == as })
		if i < 0 || c.f.Operators[i].Country == "" {
			continue
		}
		if len(out) == proseNames {
			break
		}
		out = append(out, say("country.foreign", locale.None, "as", p.as(as), "code", clip(c.f.Operators[i].Country, 2), "of", p.ofSubject())...)
	}
	return out
}

// stuckRoutes counts the routes that held on throughout a total of the whole
// subject, and those that there were.
func (c *facts) stuckRoutes(t finding.Span) (n, of int64) {
	for _, o := range c.whole {
		if slices.ContainsFunc(o.Total, func(x finding.Span) bool { return x.From == t.From }) {
			return int64(o.Routes.Stuck), int64(o.Routes.Of)
		}
	}
	return 0, 0
}

// eventSpace is what was out at the trough as shares of the base.
func (p *printer) eventSpace(e *finding.Event) string {
	var parts []string
	part := func(key string, k, n int64) {
		if k > 0 && n > 0 {
			parts = append(parts, p.t(heardKey(key, e), "share", p.percent(float64(k)/float64(n)), "k", p.n(k), "n", p.n(n)))
		}
	}
	part("country.v4", e.Trough.Lost.V4, e.Of.V4)
	part("country.v6", e.Trough.Lost.V6, e.Of.V6)
	switch len(parts) {
	case 0:
		return p.size(e.Trough.Lost)
	case 1:
		return parts[0]
	}
	return p.t("country.and", "a", parts[0], "b", parts[1])
}

// size is a size in addresses and /48s; in prefixes if it has none.
func (p *printer) size(s finding.Size) string {
	var out []string
	if s.V4 > 0 {
		out = append(out, p.count("unit.address", s.V4))
	}
	if s.V6 > 0 {
		out = append(out, p.count("unit.v6", s.V6))
	}
	if len(out) == 0 {
		return p.count("country.unit.prefix", int64(s.Prefixes))
	}
	return strings.Join(out, p.t("semicolon"))
}

// sizeInProse is a size in a sentence.
func (p *printer) sizeInProse(s finding.Size) string {
	if s.V4 > 0 && s.V6 > 0 {
		return p.t("country.and", "a", p.counted("unit.address", s.V4), "b", p.counted("unit.v6", s.V6))
	}
	return p.size(s)
}

// sizeOf is a part of a size.
func (p *printer) sizeOf(k, n finding.Size) string {
	var out []string
	if n.V4 > 0 && k.V4 > 0 {
		out = append(out, p.tn("country.of.v4", n.V4, "k", p.n(k.V4), "n", p.n(n.V4)))
	}
	if n.V6 > 0 && k.V6 > 0 {
		out = append(out, p.tn("country.of.v6", n.V6, "k", p.n(k.V6), "n", p.n(n.V6)))
	}
	return strings.Join(out, p.t("semicolon"))
}

func eventSentence(p *printer, e *finding.Event) para {
	n := int64(len(e.Stages))
	var stages []string
	for i, s := range e.Stages {
		if i == proseStages && len(e.Stages) > proseStages+1 {
			k := int64(len(e.Stages) - i)
			stages = append(stages, p.tn("country.stage.more", k, "n", p.n(k)))
			break
		}
		k := int64(s.Lost.Prefixes)
		stages = append(stages, p.tn("country.stage", k, "n", p.n(k), "at", p.until(s.From, e.From)))
	}
	a := []any{"n", p.n(n), "from", p.at(e.From), "stages", strings.Join(stages, ", ")}
	if e.Until == nil {
		return say("country.event.unended", n, append(a, "why", p.eventCensored(e))...)
	}
	return say("country.event", n, append(a, "until", p.until(*e.Until, e.From), "length", p.words(int64((*e.Until-e.From)/moment.Second)))...)
}

// eventCensored says why no end of an event was seen.
func (p *printer) eventCensored(e *finding.Event) string {
	return p.censored(&finding.Outage{Censored: e.Censored})
}

func delegatedSentence(p *printer, c *facts) para {
	s := c.f.Space
	if s == nil || s.Delegated == nil || s.Delegated.V4+s.Delegated.V6 == 0 {
		return nil
	}
	var lists []string
	for _, l := range s.Lists {
		day := l.Date
		if t, err := time.Parse(time.DateOnly, l.Date); err == nil {
			day = p.day(t)
		}
		lists = append(lists, p.t("country.list", "registry", clip(l.Registry, 20), "day", day))
	}
	d := *s.Delegated
	out := say("country.delegated", locale.None, "of", p.ofSubject(), "all", p.sizeInProse(d), "lists", strings.Join(lists, p.t("semicolon")))
	lost, of := c.event.Trough.Lost, c.event.Trough.Delegated
	if of == nil { // findings of before
		return out
	}
	var shares []string
	part := func(k, n, out int64, unit string) {
		if n > 0 && out > 0 {
			shares = append(shares, p.t("country.delegated.share", "share", p.percent(float64(k)/float64(n)), "unit", p.t(unit)))
		}
	}
	part(of.V4, d.V4, lost.V4, "country.unit.v4")
	part(of.V6, d.V6, lost.V6, "country.unit.v6")
	switch len(shares) {
	case 0:
		return out
	case 2:
		shares[0] = p.t("country.and", "a", shares[0], "b", shares[1])
	}
	out = append(out, say("country.delegated.out", locale.None, "at", p.then(c.event.Trough.At, c.event.Trough.At), "shares", shares[0])...)
	if beyond := (finding.Size{V4: lost.V4 - of.V4, V6: lost.V6 - of.V6}); beyond.V4+beyond.V6 > 0 {
		out = append(out, say("country.delegated.beyond", locale.None, "size", p.sizeInProse(beyond))...)
	}
	return out
}

// totalsProse tells many totals as one.
func totalsProse(p *printer, c *facts, ts []finding.Span) para {
	sum, last := moment.Time(0), moment.Time(0)
	for _, t := range ts {
		until := c.eventEnd(c.event)
		if t.Until != nil {
			until = *t.Until
		}
		sum, last = sum+until-t.From, max(last, until)
	}
	return say("lapse.country.totals", locale.None, "n", p.n(int64(len(ts))), "from", p.at(ts[0].From), "until", p.until(last, ts[0].From),
		"length", p.words(int64(sum/moment.Second)), "of", p.ofSubject())
}

// otherEvents counts the events beside the headline.
func otherEvents(p *printer, c *facts) para {
	var first, last, most *finding.Event
	n, unended := int64(0), false
	for i := range c.f.Events {
		e := &c.f.Events[i]
		if e == c.event {
			continue
		}
		n++
		unended = unended || e.Until == nil
		if first == nil {
			first = e
		}
		if last == nil || c.eventEnd(e) > c.eventEnd(last) {
			last = e
		}
		if most == nil || e.Trough.Lost.Above(most.Trough.Lost) {
			most = e
		}
	}
	switch {
	case n == 0:
		return nil
	case unended:
		return say("country.others.unended", n, "n", p.n(n), "from", p.at(first.From), "size", p.sizeInProse(most.Trough.Lost))
	}
	return say("country.others", n, "n", p.n(n), "from", p.at(first.From), "until", p.until(c.eventEnd(last), first.From), "size", p.sizeInProse(most.Trough.Lost))
}

// countryFigures are the numbers under the answer for a subject of several
// operators.
func countryFigures(p *printer, c *facts, blind keyFigure) []keyFigure {
	e := c.event
	n := int64(e.Of.Operators)
	ops := keyOf(p.t("country.key.operators"), p.t("key.of", "k", p.n(int64(len(e.Trough.Out))), "n", p.n(n)), p.tn("country.key.operators.note", n))
	if m := int64(len(e.Trough.Partly)); m > 0 {
		ops.Note += p.tn("country.key.operators.more", m, "n", p.n(m))
	}
	space := spaceFigure(p, c)
	length := p.brief(int64((c.eventEnd(e) - e.From) / moment.Second))
	event := keyOf(p.t("country.key.event"), length, "")
	if e.Until == nil {
		event.Value = "≥" + nbsp + length
		event.Note = p.t("country.key.event.unended", "from", p.stamp(e.From), "why", p.eventCensored(e))
	} else {
		event.Note = p.t("country.key.event.note", "from", p.stamp(e.From), "until", p.untilStamp(e.From, e.Until))
	}
	if h := c.head; flaps(h) {
		event.Note += p.tn("lapse.country.key", int64(h.Gone.Losses), "n", p.n(int64(h.Gone.Losses)), "length", p.brief(h.Gone.Seconds))
	}
	return []keyFigure{ops, space, event, blind}
}

// spaceFigure is how much address space was out: the share of what was
// announced or, if that is not known, the number. A share of what was heard would
// be one of what moved.
func spaceFigure(p *printer, c *facts) keyFigure {
	e := c.event
	out, of, six := e.Trough.Lost.V4, e.Of.V4, false
	if out == 0 {
		out, of, six = e.Trough.Lost.V6, e.Of.V6, true
	}
	k := keyFigure{Label: p.t("country.key.space")}
	if !heard(e) && of > 0 {
		k.Value = p.percent(float64(out) / float64(of))
		k.Note = p.t("country.key.space.note", "size", p.sizeOf(e.Trough.Lost, e.Of.Size))
		return k
	}
	k.Value, k.Note = p.n(out), p.tn("country.key.space.heard", out, "n", p.n(of))
	if six {
		k.Note = p.tn("country.key.space.heardsix", out, "n", p.n(of))
	}
	if s := c.f.Space; s != nil && s.Delegated != nil {
		if d := *s.Delegated; six && d.V6 > 0 {
			k.Note += p.t("country.key.space.delegated", "size", p.n(d.V6))
		} else if !six && d.V4 > 0 {
			k.Note += p.t("country.key.space.delegated", "size", p.n(d.V4))
		}
	}
	return k
}

// sortOperators puts the largest losses first.
func sortOperators(ops []finding.Operator) []finding.Operator {
	ops = slices.Clone(ops)
	slices.SortStableFunc(ops, func(a, b finding.Operator) int {
		return cmp.Or(cmp.Compare(b.Lost.V4, a.Lost.V4), cmp.Compare(b.Lost.V6, a.Lost.V6), cmp.Compare(b.Lost.Prefixes, a.Lost.Prefixes),
			cmp.Compare(b.V4, a.V4), cmp.Compare(b.V6, a.V6), cmp.Compare(b.Prefixes, a.Prefixes), cmp.Compare(a.AS, b.AS))
	})
	return ops
}

// operatorTimes is when an operator's largest outage was.
func (p *printer) operatorTimes(o *finding.Operator) string {
	switch {
	case o.From == nil:
		return ""
	case o.Until == nil:
		return p.t("country.stamps.unended", "from", p.stamp(*o.From))
	}
	key := "country.stamps"
	if o.Open && o.Outages == 1 { // half of its peers had it again then, and others never
		key = "country.stamps.open"
	}
	times := p.t(key, "from", p.stamp(*o.From), "until", p.untilStamp(*o.From, o.Until))
	if s := o.LongestS; o.Outages == 1 && s != nil && moment.Time(2**s)*moment.Second < *o.Until-*o.From { // it came and went
		times += p.t("lapse.country.gone", "length", p.brief(*s))
	}
	return times
}

// operatorLost is what an operator's largest outage took of what was heard.
func (p *printer) operatorLost(o *finding.Operator) (prefixes, size string) {
	of := finding.Size{Prefixes: o.Prefixes, V4: max(o.V4, o.Lost.V4), V6: max(o.V6, o.Lost.V6)}
	return p.t("key.of", "k", p.n(int64(o.Lost.Prefixes)), "n", p.n(int64(o.Lost.Of))),
		p.sizeOf(finding.Size{V4: o.Lost.V4, V6: o.Lost.V6}, of)
}

// groupName names a group of the grouping file.
func (p *printer) groupName(g *finding.GroupLoss) string {
	if g.Group == "" {
		return p.t("country.group.rest", "grouping", clip(g.Grouping, 60))
	}
	return p.t("country.group", "grouping", clip(g.Grouping, 60), "group", clip(g.Group, 60))
}

// summariseCountry words what the summary lists of a subject of several
// operators: its events, the stages of the headline, its operators and groups.
func summariseCountry(b *brief, p *printer, c *facts) {
	e := c.event
	rest := func(n int) {
		if n > 0 {
			b.whole(p.more(int64(n)))
		}
	}
	if len(c.f.Events) > 1 {
		b.part()
		b.title(p.t("sum.country.events"))
		show := largestEvents(c.f.Events)
		for _, x := range show {
			when := p.stamp(x.From) + " – " + p.untilStamp(x.From, x.Until)
			what := []string{p.count("country.unit.operator", int64(len(x.Trough.Out)+len(x.Trough.Partly))), p.count("country.unit.prefix", int64(x.Trough.Lost.Prefixes))}
			if x.Trough.Lost.V4+x.Trough.Lost.V6 > 0 {
				what = append(what, p.size(x.Trough.Lost))
			}
			b.item(p.t("sum.country.event", "when", when, "what", strings.Join(what, ", ")))
		}
		rest(len(c.f.Events) - len(show))
	}
	if len(e.Stages) > 1 {
		b.part()
		b.title(p.t("sum.country.stages"))
		for i, s := range e.Stages {
			if i == summaryStages {
				rest(len(e.Stages) - i)
				break
			}
			b.item(p.stageLine(&s))
		}
	}
	if len(c.f.Operators) > 1 {
		b.part()
		b.words(p.t("sum.country.operators"))
		ops := sortOperators(c.f.Operators)
		lost := slices.DeleteFunc(slices.Clone(ops), func(o finding.Operator) bool { return o.Outages == 0 })
		var names []string
		for i := range lost[:min(len(lost), summaryOperators)] {
			names = append(names, clip(p.as(lost[i].AS), 34))
		}
		for i, name := range names {
			o := &lost[i]
			_, size := p.operatorLost(o)
			line := p.tn("country.of.prefixes", int64(o.Lost.Of), "k", p.n(int64(o.Lost.Prefixes)), "n", p.n(int64(o.Lost.Of)))
			if size != "" {
				line += ", " + size
			}
			if times := p.operatorTimes(o); times != "" {
				line += p.t("semicolon") + times
			}
			if o.Outages > 1 {
				line += " (" + p.count("country.times", int64(o.Outages)) + ")"
			}
			if n := int64(o.HandedOver); n > 0 {
				line += p.t("semicolon") + p.tn("country.handed", n, "n", p.n(n))
			}
			b.labelled(name, line)
		}
		rest(len(lost) - len(names))
		unknown, undecided, silent := int64(0), int64(0), int64(0)
		for i := range ops {
			switch {
			case ops[i].Outages > 0:
			case slices.Contains(e.Trough.Unknown, ops[i].AS):
				unknown++
			case ops[i].Undecided > 0:
				undecided++
			case slices.Contains(e.Silent, ops[i].AS): // the shares are not of it
				silent++
			}
		}
		if n := int64(len(ops)-len(lost)) - unknown - undecided - silent; n > 0 {
			b.title("  " + p.tn("sum.country.operators.whole", n, "n", p.n(n)))
		}
		if silent > 0 {
			b.title("  " + p.tn("sum.country.operators.silent", silent, "n", p.n(silent)))
		}
		if unknown > 0 {
			b.title("  " + p.tn("sum.country.operators.unknown", unknown, "n", p.n(unknown)))
		}
		if undecided > 0 {
			b.title("  " + p.tn("sum.country.operators.undecided", undecided, "n", p.n(undecided)))
		}
	}
	if len(e.Groups) > 0 {
		b.part()
		b.title(p.t("sum.country.groups"))
		for i := range e.Groups {
			if i == 2*summaryStages {
				rest(len(e.Groups) - i)
				break
			}
			g := &e.Groups[i]
			line := p.t("country.nothing")
			if g.At != nil {
				line = p.tn("country.of.prefixes", int64(g.Of.Prefixes), "k", p.n(int64(g.Lost.Prefixes)), "n", p.n(int64(g.Of.Prefixes)))
				if s := p.sizeOf(g.Lost, g.Of); s != "" {
					line += ", " + s
				}
				line += p.t("semicolon") + p.stamp(*g.At)
			}
			b.item(p.t("sum.country.event", "when", p.groupName(g), "what", line))
		}
	}
}

// stageLine is a stage in a line.
func (p *printer) stageLine(s *finding.Stage) string {
	back := p.t("sum.country.stage.unended")
	if s.Until != nil {
		back = p.t("sum.country.stage.back", "until", p.untilStamp(s.From, s.Until))
	}
	what := []string{p.count("country.unit.operator", int64(len(s.Operators))), p.count("country.unit.prefix", int64(s.Lost.Prefixes))}
	if s.Lost.V4+s.Lost.V6 > 0 {
		what = append(what, p.size(s.Lost))
	}
	return p.t("sum.country.stage", "from", p.stamp(s.From), "latest", p.untilStamp(s.From, &s.Latest), "what", strings.Join(what, ", "), "back", back)
}

// largestEvents are the largest of many events, in order of time.
func largestEvents(events []finding.Event) []*finding.Event {
	var out []*finding.Event
	for i := range events {
		out = append(out, &events[i])
	}
	slices.SortStableFunc(out, func(a, b *finding.Event) int {
		switch {
		case a.Trough.Lost.Above(b.Trough.Lost):
			return -1
		case b.Trough.Lost.Above(a.Trough.Lost):
			return 1
		}
		return 0
	})
	out = out[:min(len(out), summaryStages)]
	slices.SortStableFunc(out, func(a, b *finding.Event) int { return cmp.Compare(a.From, b.From) })
	return out
}
