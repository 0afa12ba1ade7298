package figure

import (
	"fmt"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/moment"
)

// Columns is how many columns a chart of time is drawn in: a thousandth of its width is
// finer than a pixel on most screens, and coarse enough that a week of flapping stays a
// small file. A column shows the worst of what happened in it, so that no loss
// and no blindness is too short to be drawn. This is for drawing only; tables
// and prose use the times themselves.
const Columns = 1000

// hatchLeast is the least width of a hatch in columns (0.3 %).
const hatchLeast = 3

// flapLeast is from which column on of those that each went down and came up by half,
// every second one is drawn as it was at its best: what flaps is drawn as a comb, as a
// solid bar would say that it was down all the time.
const flapLeast = 4

// Cell is a column of the timeline. The three always add up to its height.
type Cell struct{ Seen, Gone, Unknown int }

// Scale maps a moment to a place on an axis.
type Scale struct{ From, Until moment.Time }

// Share is the place of t on the axis, 0 to 1.
func (s Scale) Share(t moment.Time) float64 {
	if s.Until <= s.From {
		return 0
	}
	return min(max(float64(t-s.From)/float64(s.Until-s.From), 0), 1)
}

// Percent is the place of t on the axis in percent, Fixed decimals.
func (s Scale) Percent(t moment.Time) string { return Fixed(s.Share(t) * 100) }

// Width is the distance from a to b in percent.
func (s Scale) Width(a, b moment.Time) string { return Fixed((s.Share(b) - s.Share(a)) * 100) }

// Columns are the first and the last column that [a, b) touches.
func (s Scale) Columns(a, b moment.Time) (first, last int) {
	total := int64(s.Until - s.From)
	if total <= 0 {
		return 0, Columns - 1
	}
	// Wide intervals in microseconds times a thousand still fit 63 bits for
	// 290 years.
	first = int(int64(a-s.From) * Columns / total)
	last = int((int64(b-s.From)*Columns+total-1)/total) - 1
	first = min(max(first, 0), Columns-1)
	return first, min(max(last, first), Columns-1)
}

// Fixed writes a number with at most two decimals and no more than needed.
func Fixed(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}

// EachStep walks the timeline over the whole question. Before its first step
// nothing is known: no data is never blank.
func EachStep(t *finding.Timeline, q finding.Question, do func(from, until moment.Time, c Cell)) {
	at, cur := q.From, Cell{Unknown: t.Height}
	for i := 0; i <= len(t.Steps); i++ {
		next := q.Until
		if i < len(t.Steps) {
			next = min(max(t.Steps[i].At, q.From), q.Until)
		}
		if next > at {
			do(at, next, cur)
			at = next
		}
		if i < len(t.Steps) {
			s := t.Steps[i]
			cur = Cell{s.Seen, s.Gone, s.Unknown}
		}
	}
}

// TimelineColumns folds the timeline into columns of the given height, which
// is a multiple of the timeline's: a single route can then still be drawn half
// gone and half unknown where it was both within a column.
func TimelineColumns(t *finding.Timeline, q finding.Question) (cols []Cell, high int) {
	times := max(1, (99+t.Height)/max(t.Height, 1))
	high = t.Height * times
	return foldColumns(t, q, times), high
}

func foldColumns(t *finding.Timeline, q finding.Question, times int) []Cell {
	type worst struct {
		Cell
		best Cell
		any  bool
	}
	cols := make([]worst, Columns)
	s := Scale{q.From, q.Until}
	EachStep(t, q, func(from, until moment.Time, c Cell) {
		c = Cell{c.Seen * times, c.Gone * times, c.Unknown * times}
		a, b := s.Columns(from, until)
		for i := a; i <= b; i++ {
			w := &cols[i]
			if !w.any {
				*w = worst{c, c, true}
				continue
			}
			if c.Seen > w.best.Seen {
				w.best = c
			}
			w.Seen, w.Gone, w.Unknown = min(w.Seen, c.Seen), max(w.Gone, c.Gone), max(w.Unknown, c.Unknown)
		}
	})
	out := make([]Cell, Columns)
	run := 0 // columns before this one in which more than half came and went
	for i, w := range cols {
		out[i] = visible(fit(w.Cell, t.Height*times), t.Height*times)
		if 2*(w.best.Seen-w.Seen) < t.Height*times {
			run = 0
			continue
		}
		if run++; run >= flapLeast && run%2 == 0 {
			out[i] = visible(w.best, t.Height*times)
		}
	}
	widenUnknown(out)
	return out
}

// fit makes the worst of several moments add up again: the least seen stays,
// gone and unknown share the rest, and neither vanishes.
func fit(c Cell, height int) Cell {
	rest := height - c.Seen
	sum := c.Gone + c.Unknown
	if sum == rest {
		return c
	}
	if sum == 0 || rest <= 0 {
		return Cell{c.Seen, rest, 0}
	}
	gone := int(int64(c.Gone) * int64(rest) / int64(sum))
	if c.Gone > 0 && gone == 0 {
		gone = 1
	}
	if c.Unknown > 0 && gone == rest && rest > 1 {
		gone = rest - 1
	}
	return Cell{c.Seen, gone, rest - gone}
}

// visible gives gone and unknown a least height of a hundredth, at the cost of
// what was seen.
func visible(c Cell, height int) Cell {
	least := max(1, height/100)
	if d := min(least-c.Gone, c.Seen); c.Gone > 0 && d > 0 {
		c.Gone, c.Seen = c.Gone+d, c.Seen-d
	}
	if d := min(least-c.Unknown, c.Seen); c.Unknown > 0 && d > 0 {
		c.Unknown, c.Seen = c.Unknown+d, c.Seen-d
	}
	return c
}

// widenUnknown gives a hatch its least width by taking from the neighbours
// what was seen there, never what was gone.
func widenUnknown(cols []Cell) {
	for i := 0; i < len(cols); {
		if cols[i].Unknown == 0 {
			i++
			continue
		}
		j, high := i, 0
		for j < len(cols) && cols[j].Unknown > 0 {
			high = max(high, cols[j].Unknown)
			j++
		}
		for k := j; k < len(cols) && k < i+hatchLeast && cols[k].Unknown == 0; k++ {
			take := min(high, cols[k].Seen)
			cols[k].Seen -= take
			cols[k].Unknown += take
			j = k + 1
		}
		for k := i - 1; k >= 0 && j-k <= hatchLeast && cols[k].Unknown == 0; k-- {
			take := min(high, cols[k].Seen)
			cols[k].Seen -= take
			cols[k].Unknown += take
		}
		i = j
	}
}

// Skyline is the path of the area from the bottom up to height(i) in each
// column, in a box Columns wide and high high.
func Skyline(n, high int, height func(i int) int) string {
	var b strings.Builder
	last, drawn := 0, false
	fmt.Fprintf(&b, "M0 %d", high)
	for i := range n {
		if h := height(i); h != last {
			if i > 0 {
				fmt.Fprintf(&b, "H%d", i)
			}
			fmt.Fprintf(&b, "V%d", high-h)
			last, drawn = h, true
		}
	}
	if !drawn {
		return ""
	}
	fmt.Fprintf(&b, "H%dV%dz", n, high)
	return b.String()
}

// Box is a rectangle in percent of its plot. Shape, if not "", is the polygon
// within it that is filled.
type Box struct{ Left, Top, Width, Height, Shape string }

// Hatches are the areas of what is unknown, hanging from the top: a box where
// it has one height, else a box with a shape. The lower edges of the shapes are
// one path, as a shape has no frame of its own.
func Hatches(cols []Cell, height int) (boxes []Box, edge string) {
	var line strings.Builder
	percent := func(part, whole int) string { return Fixed(float64(part) * 100 / float64(whole)) }
	for i := 0; i < len(cols); {
		if cols[i].Unknown == 0 {
			i++
			continue
		}
		j, high, even := i, 0, true
		for ; j < len(cols) && cols[j].Unknown > 0; j++ {
			even = even && cols[j].Unknown == cols[i].Unknown
			high = max(high, cols[j].Unknown)
		}
		b := Box{Left: percent(i, len(cols)), Top: "0", Width: percent(j-i, len(cols)), Height: percent(high, height)}
		if !even {
			var shape strings.Builder
			shape.WriteString("0 0")
			fmt.Fprintf(&line, "M%d 0", i)
			last := -1
			for k := i; k < j; k++ {
				u := cols[k].Unknown
				if u == last {
					continue
				}
				x := percent(k-i, j-i)
				if last >= 0 {
					fmt.Fprintf(&shape, ",%s%% %s%%", x, percent(last, high))
					fmt.Fprintf(&line, "H%d", k)
				}
				fmt.Fprintf(&shape, ",%s%% %s%%", x, percent(u, high))
				fmt.Fprintf(&line, "V%d", u)
				last = u
			}
			fmt.Fprintf(&shape, ",100%% %s%%,100%% 0", percent(last, high))
			fmt.Fprintf(&line, "H%dV0", j)
			b.Shape = shape.String()
		}
		boxes = append(boxes, b)
		i = j
	}
	return boxes, line.String()
}

// EachRun walks a row's runs clipped to the question, without gaps.
func EachRun(r *finding.Row, q finding.Question, do func(from, until moment.Time, run finding.Run)) {
	at := q.From
	state := finding.Run{At: q.From, State: finding.Unknown}
	for i := 0; i <= len(r.Runs); i++ {
		next := q.Until
		if i < len(r.Runs) {
			next = min(max(r.Runs[i].At, q.From), q.Until)
		}
		if next > at {
			do(at, next, state)
			at = next
		}
		if i < len(r.Runs) {
			state = r.Runs[i]
		}
	}
}

// tile is one column of one row of the strip.
type tile struct {
	state   string
	held    int // of routes, where part
	unknown int // of routes, where part
}

// rowColumns folds a row into columns. Gone wins over seen and part; unknown
// wins over seen and part too, and between gone and unknown the one with the
// shorter run keeps the column, so that neither is hidden by the other.
func rowColumns(r *finding.Row, q finding.Question) []tile {
	type column struct {
		gone, unknown, part, seen bool
		held, blind               int // of the part with the fewest held
		goneRun, unknownRun       int
	}
	cols := make([]column, Columns)
	s := Scale{q.From, q.Until}
	EachRun(r, q, func(from, until moment.Time, run finding.Run) {
		a, b := s.Columns(from, until)
		for i := a; i <= b; i++ {
			c := &cols[i]
			switch run.State {
			case finding.Gone:
				c.gone, c.goneRun = true, max(c.goneRun, b-a+1)
			case finding.Unknown:
				c.unknown, c.unknownRun = true, max(c.unknownRun, b-a+1)
			case finding.Part:
				if !c.part || run.Held < c.held || run.Held == c.held && run.Unknown < c.blind {
					c.held, c.blind = run.Held, run.Unknown
				}
				c.part = true
			default:
				c.seen = true
			}
		}
	})
	out := make([]tile, Columns)
	for i, c := range cols {
		switch {
		case c.gone && (!c.unknown || c.goneRun <= c.unknownRun):
			out[i].state = finding.Gone
		case c.unknown:
			out[i].state = finding.Unknown
		case c.part:
			out[i] = tile{finding.Part, c.held, c.blind}
		default:
			out[i].state = finding.Seen
		}
	}
	// Least width of a hatch, at the cost of what was seen only.
	for i := 0; i < len(out); {
		if out[i].state != finding.Unknown {
			i++
			continue
		}
		j := i
		for j < len(out) && out[j].state == finding.Unknown {
			j++
		}
		for j < len(out) && j < i+hatchLeast && out[j].state == finding.Seen {
			out[j].state = finding.Unknown
			j++
		}
		for k := i - 1; k >= 0 && j-k <= hatchLeast && out[k].state == finding.Seen; k-- {
			out[k].state = finding.Unknown
		}
		i = j
	}
	return out
}
