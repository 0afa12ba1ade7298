package report

import (
	"cmp"
	"slices"
	"strconv"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
)

// Limits of the strip: what is beyond them is drawn together as one stack.
const (
	stripRows   = 96
	stripGroups = 24
)

// stripSection shows what each peer held.
func stripSection(p *printer, c *facts) []document.Block {
	if len(c.f.Strip) == 0 {
		return nil
	}
	return []document.Block{document.Para{Text: p.h("strip.text"), Where: document.OnPage}, drawStrip(p, c)}
}

func drawStrip(p *printer, c *facts) *document.Strip {
	q := c.f.Question
	m := map[uint32][]*finding.Row{}
	for i := range c.f.Strip {
		r := &c.f.Strip[i]
		m[r.AS] = append(m[r.AS], r)
	}
	type rows struct {
		as   uint32
		rows []*finding.Row
	}
	groups := make([]rows, 0, len(m))
	for as, rs := range m {
		slices.SortStableFunc(rs, func(a, b *finding.Row) int {
			return cmp.Or(cmp.Compare(a.Collector, b.Collector), a.Peer.Compare(b.Peer))
		})
		groups = append(groups, rows{as, rs})
	}
	slices.SortFunc(groups, func(a, b rows) int {
		return cmp.Or(cmp.Compare(len(b.rows), len(a.rows)), cmp.Compare(a.as, b.as))
	})
	s := &document.Strip{Strip: figure.Strip{
		Title: p.tn("strip.title", int64(c.networks), "peers", p.counted("unit.peer", int64(c.carriers)), "networks", p.counted("unit.network", int64(c.networks))),
		Sub:   p.t("strip.sub", "days", p.days(q.From, lastMoment(q))),
		Ticks: p.ticks(figure.Scale{From: q.From, Until: q.Until}, 6),
	}}
	s.Label = p.t("strip.label", "peers", p.counted("unit.peer", int64(c.carriers)), "share", p.percent(c.unknown))
	var rest []*finding.Row
	restGroups, drawn := 0, 0
	for i, g := range groups {
		if (i >= stripGroups || drawn+len(g.rows) > stripRows) && drawn > 0 {
			rest = append(rest, g.rows...)
			restGroups++
			continue
		}
		if len(g.rows) > stripRows { // one AS with very many peers
			s.Groups = append(s.Groups, foldRows(p, q, g.rows, p.asNumber(g.as), clip(p.network(g.as), 32)))
			drawn += stripRows / 8
			continue
		}
		s.Groups = append(s.Groups, drawRows(p, q, g.as, g.rows))
		drawn += len(g.rows)
	}
	if len(rest) > 0 {
		s.Groups = append(s.Groups, foldRows(p, q, rest, p.count("strip.others", int64(restGroups)), ""))
	}
	s.Numbers = document.Table{Dense: true, Anchor: "n3", Caption: document.Plain(p.t("strip.caption")),
		Columns: document.Columns(p.t("col.peer"), p.t("col.as"), p.t("col.prefixes"), p.t("strip.seen"), p.t("strip.part"), p.t("strip.gone"), p.t("state.blind"))}
	n := 0
	for _, g := range groups {
		for _, r := range g.rows {
			s.Inexact = s.Inexact || !r.Exact
			if n < tableRows {
				s.Numbers.Rows = append(s.Numbers.Rows, peerTimes(p, q, r))
			}
			n++
		}
	}
	if n > tableRows {
		s.Numbers.More = p.more(int64(n - tableRows))
	}
	return s
}

func (p *printer) asNumber(as uint32) string { return "AS" + strconv.FormatUint(uint64(as), 10) }

func peerTimes(p *printer, q finding.Question, r *finding.Row) document.Row {
	length := func(state string) string {
		d := inState(r, q, state)
		if d == 0 {
			return "–"
		}
		return p.exact(int64((d + moment.Second/2) / moment.Second))
	}
	return document.Row{Cells: document.Cells(r.Collector+" "+r.Peer.String(), p.as(r.AS), p.n(int64(r.Routes)),
		length(finding.Seen), length(finding.Part), length(finding.Gone), length(finding.Unknown))}
}

// drawRows draws the peers of one network.
func drawRows(p *printer, q finding.Question, as uint32, rows []*finding.Row) figure.Group {
	g := figure.Rows(q, rows)
	g.Name, g.Network, g.Note = p.asNumber(as), clip(p.network(as), 32), p.count("unit.peer", int64(len(rows)))
	return g
}

// foldRows draws many peers as one stack over time.
func foldRows(p *printer, q finding.Question, rows []*finding.Row, name, network string) figure.Group {
	g := figure.Stack(q, rows)
	g.Name, g.Network, g.Note = name, network, p.count("strip.folded", int64(len(rows)))
	return g
}
