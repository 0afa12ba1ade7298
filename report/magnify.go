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

// witnessLines is how many witness networks get a line of their own; the rest
// share one.
const witnessLines = 12

// panel is an onset or a recovery, magnified: how many of its peers still (or
// again) carry the scope, to the second, and one line of ticks a witness.
type panel struct {
	ID, Letter, Title, Sub, Label string
	High                          int
	Gone                          string // path of what is gone or unknown, hanging from the top
	Blind                         []box  // hatches over what is unknown
	Edge                          string
	Left, Width, Median           string // capped line and dot, percent; Width "" where an end is missing
	First, Mid, Last              string
	Lines                         []witnessLine
	LinesHigh                     int
	Ticks                         []tickMark
}

type witnessLine struct {
	Name string
	Rule string // the line
	Path string // its ticks
}

// magnified is onset and recovery of one outage, with their table.
type magnified struct {
	ID, Title, Sub, Caption string
	Panels                  []panel
	Rows                    []witnessRow
	More                    string
}

type witnessRow struct {
	Name, Lost                      string
	First, Median, Last             string
	FirstBack, MedianBack, LastBack string
}

// group is the ticks of one witness AS.
type group struct {
	as    uint32
	ticks []finding.Tick
}

// byAS groups ticks by witness, the largest first.
func byAS(ticks []finding.Tick) []group {
	m := map[uint32][]finding.Tick{}
	for _, t := range ticks {
		m[t.AS] = append(m[t.AS], t)
	}
	out := make([]group, 0, len(m))
	for as, t := range m {
		out = append(out, group{as, t})
	}
	slices.SortFunc(out, func(a, b group) int {
		return cmp.Or(cmp.Compare(len(b.ticks), len(a.ticks)), cmp.Compare(a.as, b.as))
	})
	return out
}

func lostAt(t finding.Tick) *moment.Time { return t.Lost }
func backAt(t finding.Tick) *moment.Time { return t.Back }

// moments are the times of a group's ticks in order.
func moments(ticks []finding.Tick, at func(finding.Tick) *moment.Time) (seen []moment.Time) {
	for _, t := range ticks {
		if m := at(t); m != nil {
			seen = append(seen, *m)
		}
	}
	slices.Sort(seen)
	return seen
}

// magnify draws an outage; nil if no peer's times are known.
func magnify(p *printer, o *finding.Outage, id string, marked bool) *magnified {
	lost := moments(o.Peers, lostAt)
	if len(lost) == 0 {
		return nil
	}
	m := &magnified{ID: id}
	spread := func(x *finding.Moments) (int64, bool) {
		if x == nil {
			return 0, false
		}
		s := between(x.First, x.Last)
		if s == nil {
			return 0, false
		}
		return *s, true
	}
	a, okA := spread(&o.Onset)
	b, okB := spread(o.Recovery)
	switch {
	case okA && okB:
		m.Title = p.t("magnify.title", "lost", p.words(a), "back", p.words(b))
	case okA:
		m.Title = p.t("magnify.title.open", "lost", p.words(a))
	default:
		m.Title = p.t("magnify.title.unknown")
	}
	m.Sub = p.t("magnify.sub")
	if len(o.Total) == 0 {
		m.Sub = p.t("magnify.sub.part")
	}
	a1, b1 := "", "" // the letters of the timeline stand at the headline outage
	if marked {
		a1, b1 = "A", "B"
	}
	m.Panels = append(m.Panels, drawPanel(p, o, id+"-onset", a1, "magnify.onset", o.Onset, lostAt))
	if back := moments(o.Peers, backAt); o.Recovery != nil && len(back) > 0 {
		m.Panels = append(m.Panels, drawPanel(p, o, id+"-recovery", b1, "magnify.recovery", *o.Recovery, backAt))
	}
	m.Caption = p.t("magnify.caption", "onset", p.day(onset(o).Std()))
	groups := byAS(o.Peers)
	for i, g := range groups {
		if i == tableRows {
			m.More = p.more(int64(len(groups) - i))
			break
		}
		m.Rows = append(m.Rows, witnessTimes(p, g))
	}
	return m
}

func witnessTimes(p *printer, g group) witnessRow {
	lost := moments(g.ticks, lostAt)
	back := moments(g.ticks, backAt)
	r := witnessRow{Name: p.as(g.as), Lost: p.t("key.of", "k", p.n(int64(len(lost))), "n", p.n(int64(len(g.ticks))))}
	three := func(ts []moment.Time) (a, b, c string) {
		if len(ts) == 0 {
			return "–", "–", "–"
		}
		return p.stamp(ts[0]), p.stamp(ts[(len(ts)-1)/2]), p.stamp(ts[len(ts)-1])
	}
	r.First, r.Median, r.Last = three(lost)
	r.FirstBack, r.MedianBack, r.LastBack = three(back)
	return r
}

func drawPanel(p *printer, o *finding.Outage, id, letter, title string, mm finding.Moments, at func(finding.Tick) *moment.Time) panel {
	seen := moments(o.Peers, at)
	a, b := seen[0], seen[len(seen)-1]
	for _, t := range []*moment.Time{mm.First, mm.Median, mm.Last} {
		if t != nil {
			a, b = min(a, *t), max(b, *t)
		}
	}
	s := axis(a, b)
	mid := a
	if mm.Median != nil {
		mid = *mm.Median
	}
	x := panel{ID: id, Letter: letter, Title: p.t(title, "day", p.day(mid.Std())), Sub: p.count("magnify.peers", int64(len(o.Peers))),
		High: len(o.Peers), Ticks: p.ticks(s, 4)}
	x.Label = p.t(title+".label", "n", p.n(int64(len(o.Peers))), "first", stampOr(mm.First, p), "median", stampOr(mm.Median, p), "last", stampOr(mm.Last, p))

	// The stack is drawn from the peers' own times: before a peer's loss its
	// unit is seen, after it gone, and the other way round in a recovery. A
	// peer that never lost it, or whose return was not seen, keeps its state
	// while it was watching; then it is unknown.
	cols := make([]cell, columnCount)
	for i := range cols {
		cols[i].seen = len(o.Peers)
	}
	for _, t := range o.Peers {
		from, until := 0, 0
		onsetPanel := title == "magnify.onset"
		m := at(t)
		switch {
		case onsetPanel && m == nil, !onsetPanel && t.Lost == nil:
		case onsetPanel:
			from, until = int(s.share(*m)*columnCount), columnCount
		case m == nil:
			until = columnCount
		default:
			until = int(s.share(*m) * columnCount)
		}
		dark := blindColumns(p.f, t, s)
		for i := range cols {
			switch {
			case dark != nil && dark[i]:
				cols[i].seen--
				cols[i].unknown++
			case i >= from && i < until:
				cols[i].seen--
				cols[i].gone++
			}
		}
	}
	depth := make([]int, columnCount)
	for i, c := range cols {
		depth[i] = c.gone + c.unknown
	}
	x.Gone = hanging(depth)
	x.Blind, x.Edge = hatches(cols, len(o.Peers))
	if mm.First != nil && mm.Last != nil {
		x.Left, x.Width = s.percent(*mm.First), s.width(*mm.First, *mm.Last)
	}
	if mm.Median != nil {
		x.Median, x.Mid = s.percent(*mm.Median), clock(*mm.Median)
	}
	if mm.First != nil {
		x.First = clock(*mm.First)
	}
	x.Last = p.t("unknown")
	if mm.Last != nil {
		x.Last = clock(*mm.Last)
		if !sameDay(mm.Last.Std(), mid.Std()) {
			x.Last = p.dayShort(mm.Last.Std()) + nbsp + x.Last
		}
	}

	groups := byAS(o.Peers)
	for i, g := range groups {
		name := strconv.FormatUint(uint64(g.as), 10)
		ticks := g.ticks
		if i == witnessLines-1 && len(groups) > witnessLines {
			name = p.count("magnify.others", int64(len(groups)-i))
			for _, h := range groups[i+1:] {
				ticks = append(slices.Clone(ticks), h.ticks...)
			}
		}
		if i == witnessLines || i == witnessLines-1 && len(groups) > witnessLines && len(x.Lines) == witnessLines {
			break
		}
		ts := moments(ticks, at)
		var d strings.Builder
		last := -1
		for _, t := range ts {
			if c := int(s.share(t) * columnCount); c != last {
				fmt.Fprintf(&d, "M%d %dv6", c, i*10+2)
				last = c
			}
		}
		x.Lines = append(x.Lines, witnessLine{name, fmt.Sprintf("M0 %dH%d", i*10+5, columnCount), d.String()})
	}
	x.LinesHigh = len(x.Lines) * 10
	return x
}

// blindColumns are the columns of an axis in which it is unknown what a peer
// held; nil if there are none. A column counts if all of it is unknown.
func blindColumns(f *finding.Findings, t finding.Tick, s scale) []bool {
	var out []bool
	for i := range f.Strip {
		r := &f.Strip[i]
		if r.Collector != t.Collector || r.Peer != t.Peer || r.AS != t.AS {
			continue
		}
		eachRun(r, f.Question, func(from, until moment.Time, run finding.Run) {
			if run.State != finding.Unknown || until <= s.from || from >= s.until {
				return
			}
			if out == nil {
				out = make([]bool, columnCount)
			}
			for k := int(s.share(from)*columnCount + 0.999); k < int(s.share(until)*columnCount); k++ {
				out[k] = true
			}
		})
	}
	return out
}

func stampOr(t *moment.Time, p *printer) string { return p.stampOr(t, p.t("unknown")) }

// hanging is the path of an area hanging from the top, one depth a column.
func hanging(cols []int) string {
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
