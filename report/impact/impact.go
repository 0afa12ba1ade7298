// Package impact words what a block would do, and where one seems to be in force,
// for people. It promises that every number is one of the impact's own, and that the
// hash at its end is that of the impact in JSON, byte for byte. It decides nothing.
package impact

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"text/tabwriter"

	"constat/internal/locale"
	"constat/internal/strictjson"
	"constat/judge/block"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/moment"
	"constat/report/document"
)

// Encode gives an impact in JSON and its hash: the same impact, the same bytes.
func Encode(im *block.Impact) (text []byte, hash string, err error) {
	text, err = strictjson.Indented(im)
	if err != nil {
		return nil, "", fmt.Errorf("impact: %w", err)
	}
	sum := sha256.Sum256(text)
	return text, hex.EncodeToString(sum[:]), nil
}

// page is one text being written.
type page struct {
	*locale.Words
	w    *bufio.Writer
	name func(uint32) string
}

// shown is how many lines of one kind are printed; JSON has them all.
const shown = 12

func (p *page) line(indent int, text string) {
	fmt.Fprintf(p.w, "%s%s\n", strings.Repeat("  ", indent), text)
}

func (p *page) head(key string) { fmt.Fprintf(p.w, "\n%s\n", p.T(key)) }

// as is a network with its name.
func (p *page) as(as uint32) string {
	if n := visible(p.name(as)); n != "" {
		return fmt.Sprintf("%s (%s)", number(as), n)
	}
	return number(as)
}

// visible is a name that others chose, without control characters and the marks that
// reverse text.
func visible(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return ' '
		}
		return r
	}, s))
}

func number(as uint32) string { return fmt.Sprintf("AS%d", as) }

func (p *page) list(as []uint32) string {
	var out []string
	for _, a := range as[:min(len(as), 6)] {
		out = append(out, p.as(a))
	}
	if more := len(as) - len(out); more > 0 {
		out = append(out, p.TN("block.more", int64(more), "n", p.Format.N(int64(more))))
	}
	return strings.Join(out, ", ")
}

func (p *page) more(all, printed int) {
	if all > printed {
		p.line(1, p.TN("block.more.json", int64(all-printed), "n", p.Format.N(int64(all-printed))))
	}
}

func (p *page) n(key string, n int, a ...any) string {
	return p.TN(key, int64(n), append([]any{"n", p.Format.N(int64(n))}, a...)...)
}

// Text writes an impact for people. name gives the name of a network, or nothing.
func Text(out io.Writer, im *block.Impact, hash string, lang locale.Lang, name func(uint32) string) error {
	t, err := locale.Of(lang)
	if err != nil {
		return fmt.Errorf("impact: %w", err)
	}
	p := &page{t, bufio.NewWriter(out), name}
	p.line(0, p.title(im))
	p.line(0, p.n("block.seen", len(im.Vantages), "at", p.when(im.Moment)))
	if im.Relations != "" {
		p.line(0, p.T("block.relations", "list", document.ListName(im.Relations, p.T)))
	}
	if im.Match == block.MatchWithin {
		p.line(0, p.T("block.match.within"))
	}
	if len(im.ByOrigin) > 0 {
		p.line(0, p.T("block.match.origin", "list", p.list(im.ByOrigin)))
	}
	p.outcomes(im)
	p.ways(im)
	p.vantages(im)
	p.collateral(im)
	p.confusable(im)
	p.warnings(im)
	switch {
	case im.Empty() || len(im.Filtered()) == 0:
		fmt.Fprintln(p.w)
		p.line(0, p.T("block.hash.none"))
	case hash != "":
		fmt.Fprintln(p.w)
		p.line(0, p.T("block.hash", "hash", hash))
	}
	return p.w.Flush()
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// when is a moment with its day, as the language writes it.
func (p *page) when(s string) string {
	t, err := moment.ParseTime(s)
	if err != nil {
		return s
	}
	return p.Format.Day(t.Std()) + ", " + t.Std().UTC().Format("15:04:05") + " UTC"
}

func (p *page) outcomes(im *block.Impact) {
	p.head("block.h.outcome")
	totals := im.Totals()
	for _, r := range []string{block.Lost, block.Partly, block.Elsewhere, block.Uncertain, block.Stays, block.Kept, block.Unheld} {
		if totals[r] == 0 {
			continue
		}
		p.line(1, p.n("block.result."+r, totals[r]))
		tw := tabwriter.NewWriter(p.w, 0, 8, 2, ' ', 0)
		printed := 0
		for _, o := range im.Prefixes {
			if o.Result != r || printed == shown {
				continue
			}
			printed++
			thin := ""
			if o.Blind > 0 {
				thin = p.T("block.counts.blind", "n", p.Format.N(int64(o.Blind)))
			}
			if o.Thin > 0 {
				thin += p.T("block.thin", "thin", p.Format.N(int64(o.Thin)))
			}
			fmt.Fprintf(tw, "    %s\t%s\t%s%s\n", o.Prefix, p.by(&o, p.as),
				p.T("block.counts", "held", p.Format.N(int64(o.Held)), "cut", p.Format.N(int64(o.Cut)), "lost", p.Format.N(int64(o.Lost)), "found", p.Format.N(int64(o.Found)), "unknown", p.Format.N(int64(o.Unknown))), thin)
		}
		_ = tw.Flush()
		p.more(totals[r], printed)
	}
}

// by is who announces a prefix: those that stand in a set at the end of its routes as what
// they are, one of which announces it, and each once.
func (p *page) by(o *block.Outcome, name func(uint32) string) string {
	names := func(of []uint32) []string {
		var out []string
		for _, as := range of[:min(len(of), shown)] {
			out = append(out, name(as))
		}
		if len(of) > shown {
			out = append(out, "…")
		}
		return out
	}
	alone := slices.DeleteFunc(slices.Clone(o.Origins), func(as uint32) bool { return slices.Contains(o.Set, as) })
	switch {
	case len(o.Set) == 0:
		return strings.Join(names(alone), ", ")
	case len(alone) == 0:
		return p.T("choke.set", "names", p.And(names(o.Set)))
	}
	return strings.Join(names(alone), ", ") + ", " + p.T("block.set.too", "names", p.And(names(o.Set)))
}

// onWay is a way that routes would go on, for all prefixes that go the same way on the
// same evidence.
type onWay struct {
	through            uint32
	basis              block.Basis
	prefixes, vantages int
	example            []uint32
}

// waysOf are the ways of an impact, the most used first.
func waysOf(im *block.Impact) []onWay {
	type id struct {
		through uint32
		basis   block.Basis
	}
	at := map[id]int{}
	var out []onWay
	for _, o := range im.Prefixes {
		for _, w := range o.Ways {
			k := id{w.Through, w.Basis}
			i, ok := at[k]
			if !ok {
				i = len(out)
				at[k] = i
				out = append(out, onWay{through: w.Through, basis: w.Basis, example: w.Example})
			}
			out[i].prefixes++
			out[i].vantages = max(out[i].vantages, w.Vantages)
		}
	}
	slices.SortStableFunc(out, func(a, b onWay) int { return b.prefixes*b.vantages - a.prefixes*a.vantages })
	return out
}

// ways says through whom what is cut would go on.
func (p *page) ways(im *block.Impact) {
	ways := waysOf(im)
	p.head("block.h.ways")
	if len(ways) == 0 {
		p.line(1, p.T("block.ways.none"))
		return
	}
	for _, s := range ways[:min(len(ways), shown)] {
		p.line(1, p.n("block.way", s.prefixes, "as", p.through(s), "basis", p.T("block.basis."+s.basis.String()), "vantages", p.n("block.vantages", s.vantages), "path", path(s.example)))
	}
	p.more(len(ways), min(len(ways), shown))
}

// through is the neighbour over which a way would lead. Of ways that nobody was seen to
// use it was rarely the one in real cuts (docs/block.md).
func (p *page) through(w onWay) string {
	switch {
	case w.through == 0 && len(w.example) > 1:
		return p.T("block.ways.set")
	case w.through == 0:
		return p.T("block.ways.itself")
	case w.basis == block.ByPolicy, w.basis == block.ThinPolicy:
		return p.T("block.perhaps", "as", p.as(w.through))
	}
	return p.as(w.through)
}

func path(as []uint32) string {
	var out []string
	for _, a := range as {
		if a == 0 {
			out = append(out, "{…}") // the set in which it ends
			continue
		}
		out = append(out, fmt.Sprint(a))
	}
	return strings.Join(out, " ")
}

func (p *page) vantages(im *block.Impact) {
	p.head("block.h.vantages")
	tw := tabwriter.NewWriter(p.w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%s\t%s\n", p.T("block.col.vantage"), p.T("block.col.network"), p.T("block.col.held"), p.T("block.col.lost"), p.T("block.col.found"), p.T("block.col.unknown"))
	by := slices.Clone(im.Vantages)
	slices.SortStableFunc(by, func(a, b block.Seen) int { return b.Lost - a.Lost })
	for i, v := range by {
		if i == shown {
			break
		}
		who := p.as(v.AS)
		if v.Country != "" {
			who += ", " + v.Country
		}
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%s\t%s\n", v.Name, who, p.Format.N(int64(v.Held)), p.Format.N(int64(v.Lost)), p.Format.N(int64(v.Found)), p.Format.N(int64(v.Unknown)))
	}
	_ = tw.Flush()
	p.more(len(by), min(len(by), shown))
	if len(im.Blind) == 0 {
		return
	}
	p.line(1, p.n("block.blind", len(im.Blind)))
	for i, u := range im.Blind {
		if i == shown {
			break
		}
		one := "block.blind.one"
		if u.Again {
			one = "block.blind.again"
		}
		p.line(2, p.T(one, "vantage", u.Name, "as", p.as(u.AS), "why", p.T("reason."+finding.Blindness(u.Reason)), "since", p.when(u.Since), "held", p.Format.N(int64(u.Held))))
	}
	p.more(len(im.Blind), min(len(im.Blind), shown))
}

func (p *page) collateral(im *block.Impact) {
	p.head("block.h.collateral")
	c := &im.Collateral
	none := true
	say := func(key string, hit []block.Other) {
		if len(hit) > 0 {
			none = false
			p.line(1, p.n(key, len(hit)))
			p.others(hit)
		}
	}
	for _, m := range im.Measures() {
		say("block.hit."+m, c.HitBy(m))
	}
	if none {
		p.line(1, p.T("block.hit.none"))
	}
	if own := im.OwnHit(); len(own) > 0 {
		say("block.hit.own", own)
	} else if im.Match == block.MatchExact {
		say("block.hit.else", c.HitBy(block.Inside))
	}
	if over := im.Covering(); len(over) > 0 {
		p.line(1, p.n("block.covers", len(over)))
		p.others(over)
	}
	if behind := c.OnlyBehind(); len(behind) > 0 {
		p.line(1, p.n("block.behind", len(behind), "list", p.list(networks(behind))))
	}
	if len(c.Shared) > 0 {
		p.line(1, p.n("block.shared", len(c.Shared), "list", p.list(networks(c.Shared))))
	}
	for _, x := range c.Beside {
		p.line(1, p.n("block.beside", x.Prefixes, "as", p.as(x.AS), "list", prefixes(x.Routes)))
	}
	p.leftOut(im)
	if len(c.Countries) > 1 {
		var names []string
		for _, x := range c.Countries {
			names = append(names, fmt.Sprintf("%s %s", cmpOr(p.Country(x.Country), x.Country), p.Format.N(int64(x.Prefixes))))
		}
		p.line(1, p.T("block.countries", "list", strings.Join(names, ", ")))
	}
	for _, x := range im.Critical {
		key := "block.critical"
		if x.Never {
			key = "block.critical.never"
		}
		p.line(1, p.T(key, "name", x.Name, "what", x.What))
	}
}

func networks(of []block.Customer) []uint32 {
	var out []uint32
	for _, x := range of {
		out = append(out, x.AS)
	}
	return out
}

// leftOut names the prefixes that no filter has, by reason.
func (p *page) leftOut(im *block.Impact) {
	by := map[string][]string{}
	for _, l := range im.LeftOut {
		by[l.Why] = append(by[l.Why], l.Prefix.String())
	}
	for _, why := range []string{block.LeftOwn, block.LeftSpecial, block.LeftMapped, block.LeftDefault, block.LeftUnheld} {
		if n := len(by[why]); n > 0 {
			list := strings.Join(by[why][:min(n, shown)], " ")
			if n > shown {
				list += " …"
			}
			p.line(1, p.n("block.left."+why, n, "list", list))
		}
	}
}

func (p *page) others(os []block.Other) {
	for i, o := range os {
		if i == shown {
			break
		}
		p.line(2, p.T("block.other", "prefix", o.Prefix.String(), "by", p.list(o.Origins), "held", p.Format.N(int64(o.Vantages)), "through", p.Format.N(int64(o.Through))))
	}
	p.more(len(os), min(len(os), shown))
}

func (p *page) confusable(im *block.Impact) {
	c := &im.Confusable
	p.head("block.h.confusable")
	if c.Vantages == 0 {
		moved, open := 0, 0
		for _, v := range im.Vantages {
			if v.Found > 0 {
				moved++
			}
			if v.Unknown > 0 {
				open++
			}
		}
		if moved == 0 && open == 0 {
			p.line(1, p.T("block.confusable.unseen"))
		}
		if moved > 0 {
			p.line(1, p.n("block.confusable.moved", moved))
		}
		if open > 0 {
			p.line(1, p.n("block.confusable.unknown", open))
		}
		return
	}
	switch {
	case len(c.Places) == 0 && slices.Contains(c.Reasons, block.ReasonSets):
		p.line(1, p.T("block.confusable.sets"))
		return
	case len(c.Places) == 0 && slices.ContainsFunc(c.Reasons, func(r string) bool {
		return r == cause.Former(cause.NotScreened) || r == cause.Former(cause.FamilyUnscreened)
	}):
		p.line(1, p.T("block.confusable.unscreened"))
		return
	case len(c.Places) == 0:
		p.line(1, p.T("block.confusable.none"))
	default:
		p.line(1, p.T("block.confusable.places"))
		for _, h := range c.Places {
			p.line(2, "- "+p.hypothesis(h))
		}
	}
	if c.Level == "established" || c.Level == "indicated" {
		p.line(1, p.T("block.confusable."+c.Level, "list", p.list(c.Region)))
	} else {
		p.line(1, p.n("block.confusable.open", c.Vantages))
	}
	for _, a := range c.Acts {
		if a.By == "networks" && a.Found > 0 {
			p.line(1, p.n("block.confusable.acts", a.Found, "list", p.list(a.Who)))
		}
	}
}

func (p *page) hypothesis(h place.Hypothesis) string {
	var out []string
	for _, part := range h.Parts {
		for _, b := range part {
			switch b.Kind {
			case place.Origin:
				out = append(out, p.T("place.origin", "as", p.as(b.A)))
			case place.Adjacency:
				out = append(out, p.T("place.link", "a", p.as(b.A), "b", p.as(b.B)))
			case place.TransitImport:
				out = append(out, p.T("place.import", "as", p.as(b.A)))
			case place.TransitExport:
				out = append(out, p.T("place.export", "as", p.as(b.A)))
			case place.Export:
				out = append(out, p.T("place.exportto", "as", p.as(b.A), "list", p.list(b.S)))
			case place.Node:
				out = append(out, p.T("place.node", "as", p.as(b.A)))
			default:
				out = append(out, b.String())
			}
		}
	}
	return strings.Join(out, ", ")
}

func (p *page) warnings(im *block.Impact) {
	if len(im.Warnings) == 0 {
		return
	}
	p.head("block.h.warnings")
	for _, w := range im.Warnings {
		p.line(1, "- "+p.T("block.warn."+w))
	}
}

// EncodeDetected gives what was detected in JSON.
func EncodeDetected(d *block.Detected) ([]byte, error) {
	b, err := strictjson.Indented(d)
	if err != nil {
		return nil, fmt.Errorf("detected: %w", err)
	}
	return b, nil
}

// TextDetected writes what was detected for people.
func TextDetected(out io.Writer, d *block.Detected, lang locale.Lang, name func(uint32) string) error {
	t, err := locale.Of(lang)
	if err != nil {
		return fmt.Errorf("detected: %w", err)
	}
	p := &page{t, bufio.NewWriter(out), name}
	p.line(0, p.T("block.detect.title", "target", d.Target, "at", p.when(d.Moment)))
	lack, gone, nothing, unknown, unexplained, long := 0, 0, 0, 0, 0, 0
	for _, h := range d.Prefixes {
		switch {
		case h.Hold == 0 && h.Lack == 0:
			nothing++
		case h.Hold == 0:
			gone++
		case h.Lack > 0:
			lack++
		}
		if h.Unexplained > 0 {
			unexplained++
		}
		if h.Long {
			long++
		} else {
			unknown = max(unknown, h.Unknown)
		}
	}
	p.line(1, p.n("block.detect.prefixes", len(d.Prefixes), "lack", p.Format.N(int64(lack)), "gone", p.Format.N(int64(gone))))
	if unknown > 0 {
		p.line(1, p.n("block.detect.unknown", unknown))
	}
	if long > 0 {
		p.line(1, p.n("block.detect.long", long))
	}
	if gone > 0 {
		p.line(1, p.n("block.detect.gone", gone))
	}
	if nothing > 0 {
		p.line(1, p.n("block.detect.nothing", nothing))
	}
	p.head("block.detect.h")
	if len(d.Suspects) == 0 {
		p.line(1, p.T("block.detect.none"))
	}
	for i, s := range d.Suspects {
		if i == shown {
			break
		}
		key := "block.detect.one"
		if len(s.Networks) > 1 {
			key = "block.detect.several"
		}
		had := p.T("block.detect.nopast")
		if !d.NoPast {
			had = p.n("block.detect.had", len(s.Prefixes), "before", p.Format.N(int64(s.Before)))
		}
		p.line(1, p.n(key, len(s.Prefixes), "list", p.list(s.Networks), "prefixes", prefixes(s.Prefixes), "lack", p.Format.N(int64(s.Lack)), "behind", p.Format.N(int64(s.Behind)), "had", had))
		if s.Keeps {
			p.line(2, p.T("block.detect.keeps"))
		}
	}
	p.more(len(d.Suspects), min(len(d.Suspects), shown))
	if unexplained > 0 {
		p.line(1, p.n("block.detect.unexplained", unexplained))
	}
	if len(d.Drawn) > 0 {
		p.head("block.detect.drawn.h")
		for _, x := range d.Drawn[:min(len(d.Drawn), shown)] {
			p.line(1, p.n("block.detect.drawn", x.Vantages, "prefix", x.Prefix.String(), "as", p.list([]uint32{x.AS}), "around", x.Around.String(), "of", p.list([]uint32{x.Of})))
		}
		p.more(len(d.Drawn), min(len(d.Drawn), shown))
		p.line(1, p.T("block.detect.drawn.means"))
	}
	fmt.Fprintln(p.w)
	p.line(0, p.T("block.detect.caution"))
	return p.w.Flush()
}

func prefixes(ps []netip.Prefix) string {
	var out []string
	for _, x := range ps[:min(len(ps), 4)] {
		out = append(out, x.String())
	}
	if len(ps) > 4 {
		out = append(out, "…")
	}
	return strings.Join(out, " ")
}
