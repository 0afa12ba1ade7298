package figure

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/moment"
)

// witnessLines is how many witness networks get a line of their own; the rest
// share one.
const witnessLines = 12

// Panel is an onset or a recovery, magnified: how many of its peers still (or
// again) carry the scope, to the second, and one line of ticks a witness.
type Panel struct {
	ID, Letter, Title, Sub, Label string
	High                          int
	Gone                          string // path of what is gone or unknown, hanging from the top
	Blind                         []Box  // hatches over what is unknown
	Edge                          string
	Left, Width, Median           string // capped line and dot, percent; Width "" where an end is missing
	First, Mid, Last              string
	Lines                         []WitnessLine
	LinesHigh                     int
	Ticks                         []Tick
}

// WitnessLine is the ticks of one witness.
type WitnessLine struct {
	Name string
	Rule string // the line
	Path string // its ticks
}

// Witness is the ticks of one witness AS.
type Witness struct {
	AS    uint32
	Ticks []finding.Tick
}

// ByAS groups ticks by witness, the largest first.
func ByAS(ticks []finding.Tick) []Witness {
	m := map[uint32][]finding.Tick{}
	for _, t := range ticks {
		m[t.AS] = append(m[t.AS], t)
	}
	out := make([]Witness, 0, len(m))
	for as, t := range m {
		out = append(out, Witness{as, t})
	}
	slices.SortFunc(out, func(a, b Witness) int {
		return cmp.Or(cmp.Compare(len(b.Ticks), len(a.Ticks)), cmp.Compare(a.AS, b.AS))
	})
	return out
}

// LostAt is when a peer lost the routes.
func LostAt(t finding.Tick) *moment.Time { return t.Lost }

// BackAt is when a peer had them back.
func BackAt(t finding.Tick) *moment.Time { return t.Back }

// Moments are the times of ticks in order.
func Moments(ticks []finding.Tick, at func(finding.Tick) *moment.Time) (seen []moment.Time) {
	for _, t := range ticks {
		if m := at(t); m != nil {
			seen = append(seen, *m)
		}
	}
	slices.Sort(seen)
	return seen
}

// NewPanel draws the onset of an outage, or else its recovery, from the peers of which
// a moment is known; there must be one. The caller words it; others words how many
// witnesses share a line.
func NewPanel(f *finding.Findings, o *finding.Outage, onset bool, d Dates, others func(n int) string) Panel {
	mm, at := o.Onset, LostAt
	if !onset {
		mm, at = *o.Recovery, BackAt
	}
	seen := Moments(o.Peers, at)
	a, b := seen[0], seen[len(seen)-1]
	for _, t := range []*moment.Time{mm.First, mm.Median, mm.Last} {
		if t != nil {
			a, b = min(a, *t), max(b, *t)
		}
	}
	s := Around(a, b)
	x := Panel{High: len(o.Peers), Ticks: Ticks(s, 4, d)}

	// The stack is drawn from the peers' own times: before a peer's loss its
	// unit is seen, after it gone, and the other way round in a recovery. A
	// peer that never lost it, or whose return was not seen, keeps its state
	// while it was watching; then it is unknown.
	cols := make([]Cell, Columns)
	for i := range cols {
		cols[i].Seen = len(o.Peers)
	}
	for _, t := range o.Peers {
		from, until := 0, 0
		m := at(t)
		switch {
		case onset && m == nil, !onset && t.Lost == nil:
		case onset:
			from, until = int(s.Share(*m)*Columns), Columns
		case m == nil:
			until = Columns
		default:
			until = int(s.Share(*m) * Columns)
		}
		dark := blindColumns(f, t, s)
		for i := range cols {
			switch {
			case dark != nil && dark[i]:
				cols[i].Seen--
				cols[i].Unknown++
			case i >= from && i < until:
				cols[i].Seen--
				cols[i].Gone++
			}
		}
	}
	depth := make([]int, Columns)
	for i, c := range cols {
		depth[i] = c.Gone + c.Unknown
	}
	x.Gone = Hanging(depth)
	x.Blind, x.Edge = Hatches(cols, len(o.Peers))
	if mm.First != nil && mm.Last != nil {
		x.Left, x.Width = s.Percent(*mm.First), s.Width(*mm.First, *mm.Last)
	}
	if mm.Median != nil {
		x.Median = s.Percent(*mm.Median)
	}

	groups := ByAS(o.Peers)
	for i, g := range groups {
		name := strconv.FormatUint(uint64(g.AS), 10)
		ticks := g.Ticks
		if i == witnessLines-1 && len(groups) > witnessLines {
			name = others(len(groups) - i)
			for _, h := range groups[i+1:] {
				ticks = append(slices.Clone(ticks), h.Ticks...)
			}
		}
		if i == witnessLines || i == witnessLines-1 && len(groups) > witnessLines && len(x.Lines) == witnessLines {
			break
		}
		ts := Moments(ticks, at)
		var d strings.Builder
		last := -1
		for _, t := range ts {
			if c := int(s.Share(t) * Columns); c != last {
				fmt.Fprintf(&d, "M%d %dv6", c, i*10+2)
				last = c
			}
		}
		x.Lines = append(x.Lines, WitnessLine{name, fmt.Sprintf("M0 %dH%d", i*10+5, Columns), d.String()})
	}
	x.LinesHigh = len(x.Lines) * 10
	return x
}

// blindColumns are the columns of an axis in which it is unknown what a peer
// held; nil if there are none. A column counts if all of it is unknown.
func blindColumns(f *finding.Findings, t finding.Tick, s Scale) []bool {
	var out []bool
	for i := range f.Strip {
		r := &f.Strip[i]
		if r.Collector != t.Collector || r.Peer != t.Peer || r.AS != t.AS {
			continue
		}
		EachRun(r, f.Question, func(from, until moment.Time, run finding.Run) {
			if run.State != finding.Unknown || until <= s.From || from >= s.Until {
				return
			}
			if out == nil {
				out = make([]bool, Columns)
			}
			for k := int(s.Share(from)*Columns + 0.999); k < int(s.Share(until)*Columns); k++ {
				out[k] = true
			}
		})
	}
	return out
}

// Hanging is the path of an area hanging from the top, one depth a column.
func Hanging(cols []int) string {
	var b strings.Builder
	b.WriteString("M0 0")
	last := 0
	for i, v := range cols {
		if v != last {
			if i > 0 {
				fmt.Fprintf(&b, "H%d", i)
			}
			fmt.Fprintf(&b, "V%d", v)
			last = v
		}
	}
	fmt.Fprintf(&b, "H%dV0z", len(cols))
	return b.String()
}
