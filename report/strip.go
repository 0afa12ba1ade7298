package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/moment"
)

// Limits of the strip: what is beyond them is drawn together as one stack.
const (
	stripRows   = 96
	stripGroups = 24
)

// stripGroup is the rows of one witness AS.
type stripGroup struct {
	Name, Network, Note string
	Rows                int
	Gone                string // path over rows of 12 units, gone and the missing share of part
	Gaps                string // the white lines between rows
	Blind               []box  // hatches
	Edge                string // lower edge of the hatch of a folded stack
	EdgeHigh            int
}

// High is the height of the group's drawing in its own units.
func (g stripGroup) High() int { return g.Rows * rowHigh }

// rowHigh is the height of a row in drawing units, so that a part can be drawn
// in twelfths.
const rowHigh = 12

type stripFigure struct {
	Title, Sub, Label string
	Groups            []stripGroup
	Ticks             []tickMark
	Rows              []peerRow
	More              string
	Inexact           bool
}

type peerRow struct {
	Who, AS, Routes           string
	Seen, Part, Gone, Unknown string
}

func drawStrip(p *printer, c *facts) *stripFigure {
	if len(c.f.Strip) == 0 {
		return nil
	}
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
	s := &stripFigure{
		Title: p.tn("strip.title", int64(c.networks), "peers", p.counted("unit.peer", int64(c.carriers)), "networks", p.counted("unit.network", int64(c.networks))),
		Sub:   p.t("strip.sub", "days", p.days(q.From, lastMoment(q))),
		Ticks: p.ticks(scale{q.From, q.Until}, 6),
	}
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
	n := 0
	for _, g := range groups {
		for _, r := range g.rows {
			s.Inexact = s.Inexact || !r.Exact
			if n < tableRows {
				s.Rows = append(s.Rows, peerTimes(p, q, r))
			}
			n++
		}
	}
	if n > tableRows {
		s.More = p.more(int64(n - tableRows))
	}
	return s
}

func (p *printer) asNumber(as uint32) string { return "AS" + strconv.FormatUint(uint64(as), 10) }

func peerTimes(p *printer, q finding.Question, r *finding.Row) peerRow {
	length := func(state string) string {
		d := inState(r, q, state)
		if d == 0 {
			return "–"
		}
		return p.exact(int64((d + moment.Second/2) / moment.Second))
	}
	return peerRow{Who: r.Collector + " " + r.Peer.String(), AS: p.as(r.AS), Routes: p.n(int64(r.Routes)),
		Seen: length(finding.Seen), Part: length(finding.Part), Gone: length(finding.Gone), Unknown: length(finding.Unknown)}
}

// span is a stretch of columns [from, until) of one row, from off to off+depth
// of its height.
type span struct{ from, until, off, depth int }

// full reports whether a span takes all of its row's height.
func (s span) full() bool { return s.depth == rowHigh }

func drawRows(p *printer, q finding.Question, as uint32, rows []*finding.Row) stripGroup {
	g := stripGroup{Name: p.asNumber(as), Network: clip(p.network(as), 32), Note: p.count("unit.peer", int64(len(rows))), Rows: len(rows)}
	gone := make([][]span, len(rows))
	blind := make([][]span, len(rows))
	for i, r := range rows {
		tiles := rowColumns(r, q)
		for a := 0; a < len(tiles); {
			b := a + 1
			for b < len(tiles) && tiles[b] == tiles[a] {
				b++
			}
			switch t := tiles[a]; t.state {
			case finding.Gone:
				gone[i] = append(gone[i], span{a, b, 0, rowHigh})
			case finding.Part: // what is unknown at the top, below it what is gone
				u, g := parts(t.held, t.unknown, r.Routes)
				if u > 0 {
					blind[i] = append(blind[i], span{a, b, 0, u})
				}
				if g > 0 {
					gone[i] = append(gone[i], span{a, b, u, g})
				}
			case finding.Unknown:
				blind[i] = append(blind[i], span{a, b, 0, rowHigh})
			}
			a = b
		}
	}
	var d strings.Builder
	stack(gone, func(s span, top, n int) {
		high := (n-1)*rowHigh + s.depth
		fmt.Fprintf(&d, "M%d %dh%dv%dh-%dz", s.from, top*rowHigh+s.off, s.until-s.from, high, s.until-s.from)
	})
	g.Gone = d.String()
	stack(blind, func(s span, top, n int) {
		g.Blind = append(g.Blind, box{
			Left: fixed(float64(s.from) * 100 / columnCount), Width: fixed(float64(s.until-s.from) * 100 / columnCount),
			Top: fixed(float64(top) * 100 / float64(len(rows))), Height: fixed((float64(n-1) + float64(s.depth)/rowHigh) * 100 / float64(len(rows))),
		})
	})
	var gaps strings.Builder
	for i := 1; i < len(rows); i++ {
		fmt.Fprintf(&gaps, "M0 %dH%d", i*rowHigh, columnCount)
	}
	g.Gaps = gaps.String()
	return g
}

// parts are the depths of what is unknown and of what is gone in a row, in
// drawing units. Neither vanishes, and something is left of what is held.
func parts(held, unknown, routes int) (u, g int) {
	if routes <= 0 {
		return 0, rowHigh / 2
	}
	gone := max(routes-held-unknown, 0)
	depth := func(n int) int {
		if n == 0 {
			return 0
		}
		return min(max(n*rowHigh/routes, 2), rowHigh-2)
	}
	u, g = depth(unknown), depth(gone)
	for most := rowHigh - 2*min(held, 1); u+g > most; {
		if u >= g {
			u--
		} else {
			g--
		}
	}
	return u, g
}

// stack joins equal spans of neighbouring rows into one. Only full spans join:
// the depth of a part belongs to its own row.
func stack(rows [][]span, do func(s span, top, n int)) {
	open := map[span]int{} // span → first row
	for i := 0; i <= len(rows); i++ {
		now := map[span]bool{}
		if i < len(rows) {
			for _, s := range rows[i] {
				now[s] = true
			}
		}
		var done []span
		for s := range open {
			if !now[s] {
				done = append(done, s)
			}
		}
		slices.SortFunc(done, func(a, b span) int {
			return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.until, b.until), cmp.Compare(a.off, b.off), cmp.Compare(a.depth, b.depth))
		})
		for _, s := range done {
			do(s, open[s], i-open[s])
			delete(open, s)
		}
		if i == len(rows) {
			break
		}
		for _, s := range rows[i] {
			if !s.full() {
				do(s, i, 1)
				continue
			}
			if _, ok := open[s]; !ok {
				open[s] = i
			}
		}
	}
}

// foldRows draws many peers as one stack over time: how many hold all or some,
// how many hold nothing, how many are unknown.
func foldRows(p *printer, q finding.Question, rows []*finding.Row, name, network string) stripGroup {
	cols := make([]cell, columnCount)
	for _, r := range rows {
		for i, t := range rowColumns(r, q) {
			switch t.state {
			case finding.Gone:
				cols[i].gone++
			case finding.Unknown:
				cols[i].unknown++
			default:
				cols[i].seen++
			}
		}
	}
	g := stripGroup{Name: name, Network: network, Note: p.count("strip.folded", int64(len(rows))), Rows: 6}
	high := g.High() * 10
	depth := make([]int, columnCount)
	for i := range cols {
		d := (len(rows) - cols[i].seen) * high / len(rows)
		if d == 0 && cols[i].seen < len(rows) {
			d = 1
		}
		depth[i] = (d + 9) / 10
	}
	g.Gone = hanging(depth)
	g.Blind, g.Edge = hatches(cols, len(rows))
	g.EdgeHigh = len(rows)
	return g
}
