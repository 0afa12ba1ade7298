package figure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"constat/judge/finding"
)

// Strip shows what each peer held over time, the peers of one network together.
type Strip struct {
	Title, Sub, Label string
	Groups            []Group
	Ticks             []Tick
}

// Group is the rows of one network, or many peers as one stack.
type Group struct {
	Name, Network, Note string
	Rows                int
	Gone                string // path over rows of 12 units, gone and the missing share of part
	Gaps                string // the white lines between rows
	Blind               []Box  // hatches
	Edge                string // lower edge of the hatch of a stack
	EdgeHigh            int
}

// High is the height of the group's drawing in its own units.
func (g Group) High() int { return g.Rows * rowHigh }

// rowHigh is the height of a row in drawing units, so that a part can be drawn
// in twelfths.
const rowHigh = 12

// span is a stretch of columns [from, until) of one row, from off to off+depth
// of its height.
type span struct{ from, until, off, depth int }

// full reports whether a span takes all of its row's height.
func (s span) full() bool { return s.depth == rowHigh }

// Rows draws a row for each peer, one below the other. The names are the caller's.
func Rows(q finding.Question, rows []*finding.Row) Group {
	g := Group{Rows: len(rows)}
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
		g.Blind = append(g.Blind, Box{
			Left: Fixed(float64(s.from) * 100 / Columns), Width: Fixed(float64(s.until-s.from) * 100 / Columns),
			Top: Fixed(float64(top) * 100 / float64(len(rows))), Height: Fixed((float64(n-1) + float64(s.depth)/rowHigh) * 100 / float64(len(rows))),
		})
	})
	var gaps strings.Builder
	for i := 1; i < len(rows); i++ {
		fmt.Fprintf(&gaps, "M0 %dH%d", i*rowHigh, Columns)
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

// Stack draws many peers as one stack over time: how many hold all or some,
// how many hold nothing, how many are unknown.
func Stack(q finding.Question, rows []*finding.Row) Group {
	cols := make([]Cell, Columns)
	for _, r := range rows {
		for i, t := range rowColumns(r, q) {
			switch t.state {
			case finding.Gone:
				cols[i].Gone++
			case finding.Unknown:
				cols[i].Unknown++
			default:
				cols[i].Seen++
			}
		}
	}
	g := Group{Rows: 6}
	high := g.High() * 10
	depth := make([]int, Columns)
	for i := range cols {
		d := (len(rows) - cols[i].Seen) * high / len(rows)
		if d == 0 && cols[i].Seen < len(rows) {
			d = 1
		}
		depth[i] = (d + 9) / 10
	}
	g.Gone = Hanging(depth)
	g.Blind, g.Edge = Hatches(cols, len(rows))
	g.EdgeHigh = len(rows)
	return g
}
