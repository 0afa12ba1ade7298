package report

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"constat/cause"
	"constat/finding"
	"constat/proof"
)

// proofLang is the language of proof's words.
func (p *printer) proofLang() proof.Lang {
	if p.lang == French {
		return proof.French
	}
	return proof.English
}

// level is the word of a level. No standard and no table of ours changes it.
func (p *printer) level(l proof.Level) string { return l.In(p.proofLang()) }

// verdictProse is the verdict of the headline loss in plain words: where the
// announcements stopped as far as can be said, what is excluded about the
// networks of that class, and the sentence on authors.
func verdictProse(p *printer, c *facts) []para {
	var out []para
	if c.cause >= 0 {
		x := &c.f.Cause[c.cause]
		names := p.namer()
		place := placeProse(p, names, c, x)
		if n := c.origins(); n > 1 {
			place = append(say("verdict.which", int64(n), "n", p.n(int64(n)), "as", p.as(x.Origin)), place...)
		}
		out = append(out, place)
		if down := downProse(p, names, x); down != nil {
			out = append(out, down)
		}
	}
	for _, q := range c.f.Verdict.Propositions {
		if key := standIn(q); q.Cause == nil && key != "" {
			out = append(out, say("verdict.standin."+key, int64(len(q.Args)-1), "n", p.n(int64(len(q.Args)-1)), "level", p.level(q.Level)))
		}
		if q.Cause == nil && q.Key == finding.PropObserver && len(q.Args) == 2 {
			out = append(out, say("verdict.watching", 2, "n", clip(q.Args[0], 20), "of", clip(q.Args[1], 20), "level", p.level(q.Level)))
		}
	}
	if c.cause >= 0 {
		out = append(out, say("verdict.author", 2))
	}
	return out
}

// origins is how many origins have losses that were weighed.
func (c *facts) origins() int {
	seen := map[uint32]bool{}
	for i := range c.f.Cause {
		seen[c.f.Cause[i].Origin] = true
	}
	return len(seen)
}

// standIn says what stood in for prefixes: "less", "origin", or "" where the
// proposition is another.
func standIn(q finding.Proposition) string {
	if q.Key == finding.PropReplaced && len(q.Args) > 1 {
		switch q.Args[0] {
		case "less specific":
			return "less"
		case "other origin":
			return "origin"
		}
	}
	return ""
}

func placeProse(p *printer, names *namer, c *facts, x *finding.Cause) para {
	if class := placesOf(x.Class, x.Hypotheses); x.Rival && len(class) > 0 {
		key := "verdict.observer"
		switch class[0].Kind {
		case cause.Replaced:
			key = "verdict.replaced"
		case cause.Renumbered:
			key = "verdict.renumbered"
		}
		return say(key, 2, "as", names.as(x.Origin), "level", p.level(x.Level))
	}
	class, named := placesOf(x.Class, x.Hypotheses), placesOf(x.Named, x.Hypotheses)
	switch {
	case x.Level == proof.Established && len(class) > 0:
		return append(say("verdict.established", int64(len(class)), "n", p.n(int64(len(class))), "places", names.prose(class)), say("verdict.notonly", 2)...)
	case x.Level == proof.Indicated && x.NamedClasses > 1 && len(named) > 0:
		return append(say("verdict.union", int64(len(named)), "n", p.n(int64(len(named))), "classes", p.count("unit.class", int64(x.NamedClasses)), "places", names.prose(named)),
			say("verdict.notonly", 2)...)
	case x.Level == proof.Indicated && len(class) > 0:
		return append(say("verdict.indicated", int64(len(class)), "n", p.n(int64(len(class))), "places", names.prose(class)), say("verdict.notonly", 2)...)
	}
	if x.Level == proof.NotEstablished || len(class) == 0 {
		out := say("verdict.not", 2, "as", names.as(x.Origin), "why", reasonWords(p, x))
		if n := len(named); n > 0 {
			out = append(out, say("verdict.not.left", int64(n), "n", p.n(int64(n)), "classes", p.count("unit.class", int64(max(x.NamedClasses, 1))))...)
		}
		return out
	}
	return say("verdict.other", 2, "as", names.as(x.Origin), "level", p.level(x.Level))
}

// reasonWords lists why the level is not higher.
func reasonWords(p *printer, x *finding.Cause) string {
	var out []string
	for _, r := range x.Reasons {
		out = append(out, p.why(r))
	}
	if len(out) == 0 {
		return p.t("why.none")
	}
	return strings.Join(out, p.t("semicolon"))
}

// why words one reason; what has no words is printed as it is.
func (p *printer) why(key string) string {
	if _, ok := p.table["why."+key]; ok {
		return p.t("why." + key)
	}
	return clip(key, 80)
}

// downProse says which networks of the class were not down as a whole.
func downProse(p *printer, names *namer, x *finding.Cause) para {
	at := map[uint32]bool{}
	for _, y := range placesOf(x.Class, x.Hypotheses) {
		at[y.A] = true
	}
	var down []uint32
	controls := map[string]bool{}
	for _, h := range x.Hypotheses {
		if h.Joint() || len(h.Parts) == 0 || len(h.Parts[0]) == 0 {
			continue
		}
		if b := h.Parts[0][0]; b.Kind == cause.Node && h.Excluded && h.By == "controls survive" && at[b.A] {
			down = append(down, b.A)
			for _, q := range h.ControlsSurvive {
				controls[q] = true
			}
		}
	}
	if len(down) == 0 {
		return nil
	}
	return say("verdict.down", int64(len(down)), "as", names.list(down, 4), "controls", p.count("unit.control", int64(len(controls))))
}

// verdictColumn is one level with its propositions, one a line.
type verdictColumn struct {
	Level string
	Mark  string // est, ind, not, exc
	Lines []template.HTML
	Text  []string // the same without marks, for the terminal
	More  string
}

// Title is the level as a heading.
func (c verdictColumn) Title() string { return capital(c.Level) }

// verdictLines is how many lines a column shows of one kind.
const verdictLines = 6

// verdictColumns sorts what may be said of the headline loss, and of the whole
// question, by level.
func verdictColumns(p *printer, c *facts) []verdictColumn {
	var out []verdictColumn
	for _, l := range []struct {
		level proof.Level
		mark  string
	}{{proof.Established, "est"}, {proof.Indicated, "ind"}, {proof.NotEstablished, "not"}, {proof.Excluded, "exc"}} {
		col := verdictColumn{Level: p.level(l.level), Mark: l.mark}
		more := 0
		for _, q := range c.f.Verdict.Propositions {
			if q.Level != l.level || q.Cause != nil && *q.Cause != c.cause {
				continue
			}
			if q.Key == finding.PropMember && c.cause >= 0 && c.f.Cause[c.cause].Level == proof.NotEstablished {
				continue // of a class that is not named there is no member to ask for
			}
			if len(col.Lines) == verdictLines && q.Key == finding.PropNode {
				more++
				continue
			}
			words := proposition(p, c, q)
			col.Lines, col.Text = append(col.Lines, p.html(words)), append(col.Text, p.text(words))
		}
		if more > 0 {
			col.More = p.count("verdict.more", int64(more))
		}
		if len(col.Lines) > 0 {
			out = append(out, col)
		}
	}
	return out
}

// proposition words one proposition so that it reads under any level.
func proposition(p *printer, c *facts, q finding.Proposition) para {
	as := ""
	if len(q.Args) > 0 {
		as = clip(q.Args[0], 60)
		if n, err := strconv.ParseUint(strings.TrimPrefix(as, "AS"), 10, 32); err == nil {
			as = p.as(uint32(n))
		}
	}
	var weighed []finding.Hypothesis
	if q.Cause != nil && *q.Cause >= 0 && *q.Cause < len(c.f.Cause) {
		weighed = c.f.Cause[*q.Cause].Hypotheses
	}
	places := placesOf(q.Class, weighed)
	n := int64(len(places))
	switch q.Key {
	case finding.PropOutage:
		if slices.Contains(q.Args, finding.FewFullFeeds) {
			return say("prop.outage.few", 2, "as", as)
		}
		if c.cause >= 0 {
			if o := c.causeOutage(c.cause); o != nil {
				return say("prop.outage.at", 2, "as", as, "at", p.at(onset(o)))
			}
		}
		return say("prop.outage", 2, "as", as)
	case finding.PropTotal:
		return say("prop.total", 2)
	case finding.PropPlace:
		if q.Level == proof.NotEstablished || n == 0 {
			return say("prop.place.not", 2, "as", as)
		}
		if c.cause >= 0 && q.Level == proof.Indicated && c.f.Cause[c.cause].NamedClasses > 1 {
			m := int64(len(placesOf(c.f.Cause[c.cause].Named, c.f.Cause[c.cause].Hypotheses)))
			return say("prop.place.union", m, "n", p.n(m))
		}
		if n == 1 {
			return say("prop.place.one", 2, "place", p.namer().prose(places))
		}
		return say("prop.place", n, "n", p.n(n))
	case finding.PropMember:
		if q.Level == proof.Indicated && n > 0 {
			return say("prop.member.points", 2, "place", p.namer().prose(places))
		}
		if c.cause >= 0 && c.f.Cause[c.cause].NamedClasses > 1 {
			return say("prop.member.union", 2)
		}
		return say("prop.member", 2)
	case finding.PropNode:
		return say("prop.node", 2, "as", as)
	case finding.PropObserver:
		if q.Cause == nil && len(q.Args) == 2 {
			return say("prop.watching", 2, "n", clip(q.Args[0], 20), "of", clip(q.Args[1], 20))
		}
		return say("prop.observer", 2)
	case finding.PropReplaced:
		if key := standIn(q); key != "" {
			return say("prop.standin."+key, int64(len(q.Args)-1), "n", p.n(int64(len(q.Args)-1)))
		}
		return say("prop.replaced", 2, "as", as)
	case finding.PropRenumber:
		return say("prop.renumbered", 2, "as", as)
	case finding.PropAuthor:
		return say("prop.author", 2)
	}
	return say("prop.other", 2, "key", clip(q.Key, 60), "args", clip(strings.Join(q.Args, ", "), 120))
}

// standardTable is what the standard demanded beside what was found.
type standardTable struct {
	Caption  template.HTML
	SHA256   string
	Sentence template.HTML // what the standard says of the level reached
	Rows     []standardRow
	Why      []string        // what made the level not higher
	Left     []template.HTML // on sensitivity, screening and blindness
}

type standardRow struct {
	What, Note, Demanded, Found, Met string
	Not                              bool
}

func newStandard(p *printer, c *facts) *standardTable {
	s := c.f.Verdict.Standard
	if s.Name == "" && s.SHA256 == "" {
		return nil
	}
	t := &standardTable{SHA256: clip(s.SHA256, 64)}
	title := ""
	if std, hash, err := proof.Load(s.Name); err == nil && hash == s.SHA256 {
		title = std.Title.In(p.proofLang())
		if c.cause >= 0 && !c.f.Cause[c.cause].Rival {
			l := c.f.Cause[c.cause].Level
			t.Sentence = p.h("standard.sentence", "level", p.level(l), "text", std.Demand(l).In(p.proofLang()))
		}
	}
	if title != "" {
		t.Caption = p.h("standard.caption.title", "name", clip(s.Name, 40), "title", title)
	} else {
		t.Caption = p.h("standard.caption", "name", clip(s.Name, 40))
	}
	if c.cause < 0 {
		return t
	}
	x := &c.f.Cause[c.cause]
	for _, d := range x.Demands {
		t.Rows = append(t.Rows, p.demand(d))
	}
	if n := len(placesOf(x.Class, x.Hypotheses)); n > 0 && !x.Rival {
		t.Rows = append(t.Rows, standardRow{What: p.t("demand.members"), Note: p.t("demand.members.note"), Demanded: p.n(1), Found: p.n(int64(n)), Met: p.met(n == 1), Not: n != 1})
	}
	for _, r := range x.Reasons {
		if !x.Rival { // of a rival they say what it is, and so does the verdict
			t.Why = append(t.Why, p.why(r))
		}
	}
	if x.Vantages > 0 {
		t.Left = append(t.Left, p.hn("standard.seen", int64(x.Vantages), "vantages", p.count("unit.vantage", int64(x.Vantages)), "lost", p.n(int64(x.Lost)), "kept", p.n(int64(x.Kept)), "moved", p.n(int64(x.Moved))))
	}
	if n := len(x.Blind); n > 0 {
		var who []string
		for _, b := range x.Blind {
			who = append(who, clip(b, 60))
		}
		t.Left = append(t.Left, p.hn("standard.blind", int64(n), "n", p.n(int64(n)), "who", list(who, 6)))
	} else if x.Screened {
		t.Left = append(t.Left, p.h("standard.screened"))
	}
	return t
}

func (p *printer) met(ok bool) string {
	if ok {
		return p.t("yes")
	}
	return p.t("no")
}

// demand words one line of the standard. What has no words is printed as it is.
func (p *printer) demand(d cause.Demand) standardRow {
	r := standardRow{What: clip(d.What, 80), Met: p.met(d.Met), Not: !d.Met}
	if _, ok := p.table["demand."+d.What]; ok {
		r.What = p.t("demand." + d.What)
	}
	if _, ok := p.table["demand."+d.What+".note"]; ok {
		r.Note = p.t("demand." + d.What + ".note")
	}
	least := "≥" + nbsp
	switch d.What {
	case "share lost":
		r.Demanded, r.Found = least+p.percent(d.Demanded), p.percent(d.Found)
	case "far controls":
		r.Demanded, r.Found = p.t("yes"), p.met(d.Found >= 1)
	case "classes left":
		r.Demanded, r.Found = p.n(int64(d.Demanded)), p.n(int64(d.Found))
	case "inferred baselines":
		r.Demanded, r.Found = p.t("none"), p.n(int64(d.Found))
	default:
		r.Demanded, r.Found = least+p.n(int64(d.Demanded)), p.n(int64(d.Found))
	}
	return r
}

// lossRow is one other loss that was weighed.
type lossRow struct {
	At, Who, Level, Size, Why string
}

// lossTable lists the losses that the page does not show in full.
type lossTable struct {
	Summary string
	Text    template.HTML
	Rows    []lossRow
}

func newLosses(p *printer, c *facts) *lossTable {
	if c.cause < 0 || len(c.f.Cause) < 2 {
		return nil
	}
	n := int64(len(c.f.Cause))
	t := &lossTable{Summary: p.count("losses.summary", n-1)}
	t.Text = p.hn("losses.text", n, "n", p.n(n))
	var order []int
	for i := range c.f.Cause {
		if i != c.cause {
			order = append(order, i)
		}
	}
	start := func(i int) int64 {
		if o := c.causeOutage(i); o != nil {
			return int64(onset(o))
		}
		return int64(c.f.Cause[i].At)
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(min(1, max(-1, start(a)-start(b)))) })
	for _, i := range order {
		x := &c.f.Cause[i]
		r := lossRow{At: p.stamp(x.At), Who: "AS" + strconv.FormatUint(uint64(x.Origin), 10), Level: p.level(x.Level), Why: reasonWords(p, x)}
		if o := c.causeOutage(i); o != nil {
			r.At = p.stamp(onset(o))
		}
		switch {
		case x.Rival && len(x.Class) > 0:
			r.Level = p.t("losses.nocut", "level", r.Level)
			r.Size = "–"
		case len(x.Class) == 0:
			r.Size = "–"
		case x.NamedClasses > 1:
			r.Size = p.t("losses.union", "n", p.n(int64(len(placesOf(x.Class, x.Hypotheses)))), "of", p.n(int64(len(placesOf(x.Named, x.Hypotheses)))))
		default:
			r.Size = p.n(int64(len(placesOf(x.Class, x.Hypotheses))))
		}
		if len(x.Reasons) == 0 {
			r.Why = "–"
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}
