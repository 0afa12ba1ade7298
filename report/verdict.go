package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"constat/internal/locale"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/report/document"
)

// level is the word of a level, which keeps its value. No standard and no table of ours
// changes it.
func (p *printer) level(l proof.Level) document.Span {
	return document.Span{Text: l.In(p.lang), Of: document.Level(l)}
}

// verdictProse is the verdict of the headline loss in plain words. First comes
// where the announcements stopped, how far that goes, what else could explain it
// and what stood in beside it; then the rest: single acts that suffice, what is
// excluded, how sure each vantage is, and the sentence on authors.
func verdictProse(p *printer, c *facts) (first, rest []para) {
	if c.cause >= 0 {
		x := &c.f.Cause[c.cause]
		names := p.namer()
		place := placeProse(p, names, x)
		if x.Origin == 0 {
			place = append(say("verdict.together", locale.None), place...)
		} else if n := c.origins(); n > 1 {
			place = append(say("verdict.which", int64(n), "n", p.n(int64(n)), "as", p.is(x.Origin)), place...)
		} else if o := c.causeOutage(c.cause); o != nil && c.head != nil && c.event == nil && (o.From != c.head.From || c.end(nil, o) != c.end(nil, c.head)) {
			place = append(say("verdict.on", locale.None, "at", p.at(onset(o))), place...)
		}
		if x.Rival {
			place = append(place, takersProse(p, x.Takers, x.Origin)...)
		}
		first = append(first, place)
		for _, b := range x.Beside {
			s := besideProse(p, x, c.bare(c.causeOutage(c.cause)), b)
			if b.Key == finding.BesideReplaced {
				s = append(s, takersProse(p, x.Takers, x.Origin)...)
			}
			first = append(first, s)
		}
		rest = append(rest, moreProse(p, names, x)...)
	}
	for _, q := range c.f.Verdict.Propositions {
		if key := standIn(q); q.Cause == nil && key != "" {
			s := say("verdict.standin."+key, int64(len(q.Prefixes)), "n", p.n(int64(len(q.Prefixes))), "of", p.ofSubject(), "level", p.level(q.Level))
			if key == "origin" {
				s = append(s, takersProse(p, standInRoutes(c.f, q), c.only())...)
			}
			first = append(first, s)
		}
		if q.Cause == nil && q.Key == finding.PropObserver && q.Carriers > 0 {
			first = append(first, say("verdict.watching", locale.None, "share", p.of(int64(q.Reset), int64(q.Carriers)), "level", p.level(q.Level)))
		}
	}
	if c.cause >= 0 {
		rest = append(rest, say("verdict.author", locale.None))
	}
	return first, rest
}

// of is "5 of 6", and 5 alone if the whole is smaller than the part.
func (p *printer) of(k, n int64) string {
	if k > n {
		return p.n(k)
	}
	return p.t("key.of", "k", p.n(k), "n", p.n(n))
}

// origins is how many origins have losses that were weighed.
func (c *facts) origins() int {
	seen := map[uint32]bool{}
	for i := range c.f.Cause {
		seen[c.f.Cause[i].Origin] = true
	}
	return len(seen)
}

// standIn says what stood in for prefixes: "less", "more", "origin", or "" where the
// proposition is another.
func standIn(q finding.Proposition) string {
	if q.Key == finding.PropReplaced && len(q.Prefixes) > 0 {
		switch q.StandIn {
		case finding.StandInLess:
			return "less"
		case finding.StandInMore:
			return "more"
		case finding.StandInOrigin:
			return "origin"
		}
	}
	return ""
}

func placeProse(p *printer, names *namer, x *finding.Cause) para {
	if class := placesOf(x.Class, x.Hypotheses); x.Rival && len(class) > 0 {
		key := "verdict.observer"
		switch class[0].Kind {
		case place.Replaced:
			key = "verdict.replaced"
		case place.Renumbered:
			key = "verdict.renumbered"
		}
		if x.Origin == 0 && key != "verdict.renumbered" {
			return say(key+".several", locale.None, "level", p.level(x.Level))
		}
		return say(key, locale.None, "as", names.who(x), "level", p.level(x.Level))
	}
	if !namesPlace(x) {
		if x.Origin == 0 {
			return say("verdict.not.several", locale.None, "why", reasonWords(p, x))
		}
		return say("verdict.not", locale.None, "as", names.who(x), "why", reasonWords(p, x))
	}
	key := "verdict.place.indicated"
	if x.Level == proof.Established {
		key = "verdict.place.established"
	}
	region := names.region(x)
	unless := unlessWords(p, names, x)
	out := say(key, locale.None, "region", region, "level", p.level(x.Level), "unless", unless)
	out = append(out, actsProse(p, x)...)
	if x.Level == proof.Indicated && len(x.Reasons) > 0 {
		out = append(out, say("verdict.lacks", locale.None, "why", reasonWords(p, x))...)
	}
	return out
}

// acts is the entry of a verdict's fewest acts by what acts together; nil if it
// has none, or none could be counted.
func acts(x *finding.Cause, by string) *cause.Acts {
	for i := range x.Acts {
		if a := &x.Acts[i]; a.By == by && (a.AtLeast > 0 || a.Found > 0) {
			return a
		}
	}
	return nil
}

// unlessWords is the smallest other explanation that was found, as the end of a
// sentence; "" if none was.
func unlessWords(p *printer, names *namer, x *finding.Cause) string {
	if a := acts(x, "networks"); a != nil && a.Found > 0 && len(a.Who)+len(a.In) > 0 {
		if len(a.In) > 0 { // the networks of the country itself, which act as one
			home := cmp.Or(p.country(a.In[0]), clip(a.In[0], 20))
			if len(a.Who) == 0 {
				return p.tn("verdict.unless.countries", 1, "who", home)
			}
			return p.t("verdict.unless.home", "home", home, "who", names.list(a.Who, 4))
		}
		if len(a.Who) == 2 {
			return p.t("verdict.unless.both", "who", names.list(a.Who, 2))
		}
		return p.tn("verdict.unless", int64(len(a.Who)), "who", names.list(a.Who, 4))
	}
	if a := acts(x, "countries"); a != nil && a.Found > 0 && len(a.In) > 0 {
		var in []string
		for i, code := range a.In {
			if i == 4 && len(a.In) > 5 {
				in = append(in, p.count("place.more.countries", int64(len(a.In)-i)))
				break
			}
			in = append(in, cmp.Or(p.country(code), clip(code, 20), p.t("country.unknown")))
		}
		return p.tn("verdict.unless.countries", int64(len(a.In)), "who", p.and(in))
	}
	return ""
}

// actsProse says how few others would have had to act together.
func actsProse(p *printer, x *finding.Cause) para {
	nets, lands := acts(x, "networks"), acts(x, "countries")
	least := func(a *cause.Acts) int64 { return int64(max(a.AtLeast, 1)) }
	switch {
	case nets != nil && lands != nil:
		return say("verdict.acts.both", least(lands), "networks", p.counted("unit.network", least(nets)), "n", p.n(least(lands)))
	case nets != nil:
		return say("verdict.acts.networks", least(nets), "networks", p.counted("unit.network", least(nets)))
	case lands != nil:
		return say("verdict.acts.countries", least(lands), "n", p.n(least(lands)))
	}
	return nil
}

// region words the stretch of the routes that a verdict names as it stands after
// "the routes stopped": from the origin to what its outermost networks pass on.
func (n *namer) region(x *finding.Cause) string {
	p, r := n.p, &x.Region
	if len(r.Sessions) == 1 {
		s := r.Sessions[0]
		return p.t("region.session", "near", n.as(s.Near), "far", n.as(s.Far))
	}
	near, far := map[uint32]bool{}, map[uint32]bool{}
	for _, s := range r.Sessions {
		near[s.Near], far[s.Far] = true, true
	}
	// Origins pass on what nobody passed to them.
	origins, out := map[uint32]bool{}, map[uint32]bool{}
	for _, s := range r.Sessions {
		if s.Near == x.Origin || x.Origin == 0 && !far[s.Near] {
			origins[s.Near] = true
		} else if !near[s.Far] {
			out[s.Near] = true
		}
	}
	var list []uint32
	for _, as := range r.Networks {
		if out[as] {
			list = append(list, as)
			delete(out, as)
		}
	}
	for _, s := range r.Sessions { // sorted; what the list of networks does not have
		if out[s.Near] {
			list = append(list, s.Near)
			delete(out, s.Near)
		}
	}
	several := ""
	origin := x.Origin
	switch {
	case len(origins) > 1 || x.Origin == 0 && len(origins) == 0:
		several = ".several"
	case x.Origin == 0:
		for as := range origins {
			origin = as
		}
	}
	switch {
	case len(list) == 0 && several != "":
		return p.t("region.several.origins")
	case len(list) == 0:
		return p.t("region.origin", "as", n.as(origin))
	case several != "":
		return p.tn("region.several", int64(len(list)), "list", n.list(list, 4))
	}
	as := n.as(origin)
	return p.tn("region.between", int64(len(list)), "as", as, "list", n.list(list, 4))
}

// who names the origin of a cause, or says that there are several.
func (n *namer) who(x *finding.Cause) string {
	if x.Origin == 0 {
		return n.p.t("cause.together")
	}
	return n.as(x.Origin)
}

// besideProse says what stood in beside a cut: it does not undo the cut. In the bare time, if
// there was one, nothing stood in.
func besideProse(p *printer, x *finding.Cause, bare *finding.Bare, b finding.BesideCut) para {
	key := "beside." + b.Key
	switch {
	case b.Key != finding.BesideReplaced:
	case slices.Contains(x.Reasons, cause.AllDisplaced) && bare != nil && bare.Stood == 0:
		return say("beside.instead.bare", int64(len(b.Prefixes)), "prefixes", p.prefixes(b.Prefixes), "length", p.words(bare.Seconds))
	case slices.Contains(x.Reasons, cause.AllDisplaced):
		key = "beside.instead"
	case slices.Contains(x.Reasons, cause.OtherRoutes) && slices.Contains(x.Reasons, cause.NotScreened):
		key = "beside.most"
	case len(x.Demands) == 0 && x.Level == proof.NotEstablished:
		key = "beside.open" // nothing was weighed, so that nothing says that there was a cut
	}
	if !p.has(key) {
		return say("beside", locale.None, "key", clip(b.Key, 60), "prefixes", p.prefixes(b.Prefixes))
	}
	return say(key, int64(len(b.Prefixes)), "as", p.namer().who(x), "prefixes", p.prefixes(b.Prefixes))
}

// prefixes names a few prefixes; none of them breaks within a line.
func (p *printer) prefixes(ps []string) string {
	var out []string
	for i, q := range ps {
		if i == 3 && len(ps) > 4 {
			out = append(out, p.count("what.more", int64(len(ps)-i)))
			break
		}
		out = append(out, clip(q, 60))
	}
	if len(out) == 0 {
		return "–"
	}
	return p.and(out)
}

// moreProse is what goes with the place: the single acts that suffice, networks
// that were not down, paths that had changed, and what noise leaves open.
func moreProse(p *printer, names *namer, x *finding.Cause) []para {
	var out []para
	class := placesOf(x.Class, x.Hypotheses)
	if namesPlace(x) {
		if n := int64(len(class)); n > 0 {
			out = append(out, append(say("verdict.class", n, "n", p.n(n), "places", names.each(class)), say("verdict.notonly", locale.None)...))
		} else {
			out = append(out, append(say("verdict.class.none", locale.None), say("verdict.notonly", locale.None)...))
		}
		if a := acts(x, "rule"); a != nil && a.Found > 0 {
			out = append(out, say("verdict.rule", locale.None))
		}
		if n := int64(x.Noise); n > 0 {
			out = append(out, say("verdict.noise", n, "n", p.n(n), "lost", p.n(int64(x.Lost))))
		}
	}
	if y := x.Elsewhere; y != nil && len(y.At) > 0 {
		out = append(out, say("verdict.elsewhere", int64(y.Prefixes), "n", p.n(int64(y.Prefixes)), "vantages", p.counted("unit.vantage", int64(y.Vantages)), "at", names.list(y.At, 4)))
	}
	if y := x.Changed; y != nil && y.Vantages > 0 {
		key := "verdict.changed"
		if len(y.From) == 0 || len(y.To) == 0 {
			key = "verdict.changed.plain"
		}
		out = append(out, say(key, int64(y.Vantages), "n", p.n(int64(y.Vantages)), "since", p.at(y.Since), "from", names.list(y.From, 3), "to", names.list(y.To, 3)))
	}
	if down := downProse(p, names, x); down != nil && !x.Rival {
		out = append(out, down)
	}
	return out
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

// why words one reason; what has no words is printed as older formats have it.
func (p *printer) why(key string) string {
	if p.has("why." + key) {
		return p.t("why." + key)
	}
	return clip(cause.Former(key), 80)
}

// downProse says which networks of the stretch were not down as a whole.
func downProse(p *printer, names *namer, x *finding.Cause) para {
	at := map[uint32]bool{}
	for _, y := range placesOf(x.Class, x.Hypotheses) {
		at[y.A] = true
	}
	for _, s := range x.Region.Sessions {
		at[s.Near] = true
	}
	var down []uint32
	controls, went := map[string]bool{}, map[string]bool{}
	for i := range x.Hypotheses {
		h := &x.Hypotheses[i]
		if h.Joint() || len(h.Parts) == 0 || len(h.Parts[0]) == 0 {
			continue
		}
		if b := h.Parts[0][0]; b.Kind == place.Node && h.Excluded && len(h.ControlsSurvive) > 0 && at[b.A] && !slices.Contains(down, b.A) {
			down = append(down, b.A)
			for _, q := range h.ControlsSurvive {
				controls[q] = true
			}
			for _, q := range h.ControlsLost {
				went[q] = true
			}
		}
	}
	if len(down) == 0 {
		return nil
	}
	out := say("verdict.down", int64(len(down)), "as", names.list(down, 4), "controls", p.counted("unit.control", int64(len(controls))))
	if n := int64(len(went)); n > 0 {
		// Others that went with the subject, behind a network that stood: its
		// customers' side, or each of them.
		out = append(out, say("verdict.down.others", n, "n", p.n(n), "as", names.list(down, 4))...)
	}
	return out
}

// verdictLines is how many lines a level shows of one kind.
const verdictLines = 6

// verdicts sorts what may be said of the headline loss, and of the whole
// question, by level.
func verdicts(p *printer, c *facts) document.Verdicts {
	var out document.Verdicts
	total := c.totalShown()
	for _, level := range []proof.Level{proof.Established, proof.Indicated, proof.NotEstablished, proof.Excluded} {
		v := document.Verdict{Level: level, Title: capital(level.In(p.lang))}
		more := 0
		for i, q := range c.f.Verdict.Propositions {
			if q.Level != level || i != total && (q.Cause != nil && *q.Cause != c.cause || q.Key == finding.PropTotal && total >= 0) {
				continue
			}
			if q.Key == finding.PropMember && c.cause >= 0 && c.f.Cause[c.cause].Level == proof.NotEstablished {
				continue // of a class that is not named there is no member to ask for
			}
			if len(v.Lines) == verdictLines && q.Key == finding.PropNode {
				more++
				continue
			}
			v.Lines = append(v.Lines, p.prose(proposition(p, c, q)))
		}
		if more > 0 {
			v.More = p.count("verdict.more", int64(more))
		}
		if len(v.Lines) > 0 {
			out = append(out, v)
		}
	}
	return out
}

// totalProse words that a loss was total: what noise leaves are no routes that were announced
// after it began, so that those are named.
func totalProse(p *printer, c *facts, q finding.Proposition, as string) (out para) {
	o := c.head
	if q.Cause != nil && *q.Cause >= 0 && *q.Cause < len(c.f.Cause) {
		o = c.causeOutage(*q.Cause)
		out = p.totalWords(c, o, c.totalShown() >= 0)
	}
	switch {
	case out != nil:
	case c.head != nil && len(c.head.Total) == 0 && as != "": // of an origin among others that stayed
		out = say("prop.total.of", locale.None, "as", as)
	case p.heard():
		out = say("prop.total.heard", locale.None)
	default:
		out = say("prop.total", locale.None)
	}
	if o != nil && len(o.Witnesses.Renewed) > 0 {
		n := int64(len(o.Witnesses.Renewed))
		out = append(out, say("prop.total.renewed", n, "n", p.n(n))...)
	}
	return out
}

// proposition words one proposition so that it reads under any level.
func proposition(p *printer, c *facts, q finding.Proposition) para {
	as := ""
	switch {
	case q.Origin != 0:
		as = p.as(q.Origin)
	case q.Network != 0:
		as = p.as(q.Network)
	case q.Cause != nil: // of several origins
		as = p.named()
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
		if q.UnseenBefore {
			return say("prop.outage.unseen", locale.None, "as", as)
		}
		if q.FewFullFeeds {
			return say("prop.outage.few", locale.None, "as", as)
		}
		if n := int64(q.Untold); n > 0 {
			return say("prop.outage.untold", n, "as", as, "n", p.n(n))
		}
		at := c.cause
		if q.Cause != nil && *q.Cause >= 0 && *q.Cause < len(c.f.Cause) {
			at = *q.Cause
		}
		if at >= 0 {
			if o := c.causeOutage(at); o != nil {
				return append(say("prop.outage.at", locale.None, "as", as, "at", p.at(onset(o))), leftProse(p, c, o)...)
			}
		}
		return say("prop.outage", locale.None, "as", as)
	case finding.PropTotal:
		return totalProse(p, c, q, as)
	case finding.PropPlace:
		if q.Level == proof.NotEstablished || q.Cause == nil || len(c.f.Cause[*q.Cause].Region.Sessions) == 0 {
			s := say("prop.place.not", locale.None, "as", as)
			if q.Cause != nil {
				s = append(s, takersLine(p, &c.f.Cause[*q.Cause])...)
			}
			return s
		}
		if c.f.Cause[*q.Cause].Origin == 0 {
			return say("prop.place.several", locale.None, "region", p.namer().region(&c.f.Cause[*q.Cause]))
		}
		return say("prop.place", locale.None, "as", as, "region", p.namer().region(&c.f.Cause[*q.Cause]))
	case finding.PropMember:
		if q.Level == proof.Indicated && n > 0 {
			return say("prop.member.points", n, "n", p.n(n), "place", p.namer().each(places))
		}
		return say("prop.member", max(n, 1), "n", p.n(n))
	case finding.PropNode:
		return say("prop.node", locale.None, "as", as)
	case finding.PropObserver:
		if q.Cause == nil && q.Carriers > 0 {
			return say("prop.watching", locale.None, "share", p.of(int64(q.Reset), int64(q.Carriers)))
		}
		return say("prop.observer", locale.None)
	case finding.PropReplaced:
		if key := standIn(q); key != "" {
			return say("prop.standin."+key, int64(len(q.Prefixes)), "n", p.n(int64(len(q.Prefixes))), "of", p.ofSubject())
		}
		s := say("prop.replaced", locale.None, "as", as)
		if q.Cause != nil {
			s = append(s, takersLine(p, &c.f.Cause[*q.Cause])...)
		}
		return s
	case finding.PropRenumber:
		return say("prop.renumbered", locale.None, "as", as)
	case finding.PropAuthor:
		return say("prop.author", locale.None)
	}
	key, args := q.Key, q.Other
	if key == finding.PropOther && len(args) > 0 {
		key, args = args[0], args[1:]
	}
	return say("prop.other", locale.None, "key", clip(key, 60), "args", clip(strings.Join(args, ", "), 120))
}

// standardBlocks are what the standard demanded beside what was found, why the level is
// not higher, and what sensitivity, screening and blindness leave.
func standardBlocks(p *printer, c *facts) []document.Block {
	s := c.f.Verdict.Standard
	if s.Name == "" && s.SHA256 == "" {
		return nil
	}
	aside := func(t document.Text) document.Block { return document.Para{Text: t, Style: document.Aside} }
	title, sentence := "", document.Text(nil)
	if std, hash, err := proof.Load(s.Name); err == nil && hash == s.SHA256 {
		title = std.Title.In(p.lang)
		if c.cause >= 0 && !c.f.Cause[c.cause].Rival {
			l := c.f.Cause[c.cause].Level
			sentence = p.h("standard.sentence", "level", p.level(l), "text", std.Demand(l).In(p.lang))
		}
	}
	caption := p.h("standard.caption", "name", clip(s.Name, 40))
	if title != "" {
		caption = p.h("standard.caption.title", "name", clip(s.Name, 40), "title", title)
	}
	caption = append(caption, document.Span{Text: " "}, document.Span{Text: "sha256:" + clip(s.SHA256, 64), Code: true})
	t := document.Table{Name: "standard", Numbered: true, Dense: true, Anchor: "std-c", Caption: caption,
		Columns: document.Numbers(document.Columns(p.t("col.asks"), p.t("col.demanded"), p.t("col.found"), p.t("col.met")), 1, 2)}
	var out []document.Block
	var why, left []document.Text
	if c.cause >= 0 {
		x := &c.f.Cause[c.cause]
		for _, d := range x.Demands {
			t.Rows = append(t.Rows, p.demand(d))
		}
		for _, r := range x.Reasons {
			if !x.Rival { // of a rival they say what it is, and so does the verdict
				why = append(why, document.Plain(p.why(r)))
			}
		}
		left = standardLeft(p, x)
	}
	if len(t.Rows) > 0 {
		out = append(out, t)
	} else {
		out = append(out, aside(caption))
	}
	if len(sentence) > 0 {
		out = append(out, aside(sentence))
	}
	if len(why) > 0 {
		out = append(out, document.List{Heading: p.t("standard.why"), Items: why, Reasons: true})
	}
	for _, l := range left {
		out = append(out, aside(l))
	}
	return out
}

// standardLeft is how many vantages saw the loss, who else would have had to act, and
// what blindness and screening leave open.
func standardLeft(p *printer, x *finding.Cause) []document.Text {
	var out []document.Text
	if x.Vantages > 0 {
		out = append(out, p.hn("standard.seen", int64(x.Vantages), "vantages", p.counted("unit.vantage", int64(x.Vantages)), "lost", p.n(int64(x.Lost)), "kept", p.n(int64(x.Kept)), "moved", p.n(int64(x.Moved))))
	}
	if t := actsWords(p, x); t != nil && !x.Rival {
		out = append(out, t)
	}
	if n := len(x.Blind); n > 0 {
		var who []string
		for _, b := range x.Blind {
			who = append(who, clip(b.String(), 60))
		}
		out = append(out, p.hn("standard.blind", int64(n), "n", p.n(int64(n)), "who", list(who, 6)))
	} else if x.Screened {
		out = append(out, p.h("standard.screened"))
	}
	return out
}

// actsWords counts in one line what would have had to act together outside the
// stretch, by networks, by countries and by a rule.
func actsWords(p *printer, x *finding.Cause) document.Text {
	var out document.Text
	for i := range x.Acts {
		a := &x.Acts[i]
		key := "acts." + a.By
		if !p.has(key) {
			continue
		}
		value := p.t("unknown")
		switch {
		case a.Found > 0 && a.Found == a.AtLeast:
			value = p.n(int64(a.Found))
		case a.AtLeast > 0:
			value = "≥" + nbsp + p.n(int64(a.AtLeast))
		case a.Found > 0:
			value = "≤" + nbsp + p.n(int64(a.Found))
		}
		if a.By == "rule" {
			value = p.t("acts.rule.no")
			if a.Found > 0 {
				value = p.t("acts.rule.yes")
			}
		}
		between := p.t("semicolon")
		if len(out) == 0 {
			between = p.t("acts") + p.t("colon")
		}
		out = append(out, document.Span{Text: between + p.t(key) + p.t("colon")}, document.Span{Text: value, Bold: true})
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, document.Span{Text: "."})
}

func (p *printer) met(ok bool) string {
	if ok {
		return p.t("yes")
	}
	return p.t("no")
}

// demand words one line of the standard. What has no words is printed as it is.
func (p *printer) demand(d cause.Demand) document.Row {
	r := struct{ What, Note, Demanded, Found string }{What: clip(cause.Former(d.What), 80)}
	if p.has("demand." + d.What) {
		r.What = p.t("demand." + d.What)
	}
	if p.has("demand." + d.What + ".note") {
		r.Note = p.t("demand." + d.What + ".note")
	}
	least := "≥" + nbsp
	switch d.What {
	case cause.DemandFarControls, cause.DemandSingleAct, cause.DemandNoOtherActs, cause.DemandOnePlace, cause.DemandRule:
		r.Demanded, r.Found = p.t("yes"), p.met(d.Found >= 1)
	case cause.DemandCountries:
		r.Demanded, r.Found = least+p.n(int64(d.Demanded)), p.n(int64(d.Found))
		if !d.Met && d.Found == 0 { // by its words it is said below whether one is enough or nothing is known
			r.Found = "–"
		}
	case "share-lost": // this and the next of format 1 alone
		r.Demanded, r.Found = least+p.percent(d.Demanded), p.percent(d.Found)
	case cause.DemandInferred, cause.DemandDisplaced, "classes-left":
		r.Demanded, r.Found = "≤"+nbsp+p.n(int64(d.Demanded)), p.n(int64(d.Found))
	default:
		r.Demanded, r.Found = least+p.n(int64(d.Demanded)), p.n(int64(d.Found))
	}
	cells := document.Cells(r.What, r.Demanded, r.Found, p.met(d.Met))
	cells[0].Note = r.Note
	cells[3].Text[0].Bold = !d.Met
	return document.Row{Cells: cells}
}

// lossesFold lists the losses that the page does not show in full.
func lossesFold(p *printer, c *facts) (document.Fold, bool) {
	all := weighedLosses(p, c)
	if len(all) == 0 {
		return document.Fold{}, false
	}
	n := int64(len(all))
	f := document.Fold{Summary: p.count("losses.summary", n), Long: long(len(all))}
	t := document.Table{Name: "losses", Dense: true, Anchor: "los", Caption: document.Plain(f.Summary + " (UTC)"),
		Columns: document.Columns(p.t("col.onset"), p.t("col.origin"), p.t("col.verdict"), p.t("col.places"), p.t("col.why"))}
	for _, l := range all {
		cells := document.Cells(l.At, l.Who, "", l.Size, l.Why)
		cells[2].Text = l.Level
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	f.Blocks = []document.Block{document.Para{Text: p.hn("losses.text", n+1, "n", p.n(n+1)), Style: document.Aside}, t}
	return f, true
}

// weighedLoss is one other loss that was weighed.
type weighedLoss struct {
	At, Who string
	Level   document.Text
	Size    string
	Why     string
}

// weighedLosses are the losses that were weighed beside that of the page, in order of
// time.
func weighedLosses(p *printer, c *facts) []weighedLoss {
	if c.cause < 0 {
		return nil
	}
	var out []weighedLoss
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
		r := weighedLoss{At: p.stamp(x.At), Who: p.namer().who(x), Level: document.Text{p.level(x.Level)}, Why: reasonWords(p, x)}
		if o := c.causeOutage(i); o != nil {
			r.At = p.stamp(onset(o))
		}
		r.Size = "–"
		if x.Rival && len(x.Class) > 0 {
			r.Level = p.h("losses.nocut", "level", p.level(x.Level))
		} else if namesPlace(x) {
			r.Size = p.namer().region(x)
		}
		if len(x.Reasons) == 0 {
			r.Why = "–"
		}
		out = append(out, r)
	}
	return out
}
