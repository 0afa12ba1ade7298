package report

import (
	"math"
	"strings"
	"unicode/utf8"

	"constat/judge/transit"
	"constat/report/figure"
	"constat/routes/atlas"
)

// flow makes the figure of a family; nil without ways.
func (c *chokes) flow(r *transit.Result, f *transit.InFamily) *figure.Flow {
	pick := func(w transit.Way) [2]uint32 {
		return [2]uint32{flowPlace(w.First, w.FirstSet), flowPlace(w.Second, w.SecondSet)}
	}
	if r.Frontier != nil {
		pick = func(w transit.Way) [2]uint32 {
			return [2]uint32{flowPlace(w.Frontier, w.FrontierSet), flowPlace(w.First, w.FirstSet)}
		}
	}
	sum := 0.0
	share := map[[2]uint32]float64{}
	for _, w := range f.Ways {
		if w.Share != nil {
			share[pick(w)] += *w.Share
			sum += *w.Share
		}
	}
	if sum <= 0 {
		return nil
	}
	g := figure.NewFlows(share)
	g.Sum = sum
	if r.Frontier == nil {
		// The two columns are networks of others; a way that ends at the first is heard directly.
		for i := range g.Columns[1] {
			if g.Columns[1][i].AS == 0 && g.Columns[1][i].Rest <= 1 {
				g.Columns[1][i].Rest = 0
			}
		}
	}
	fig := &figure.Flow{ID: "fig-flow-" + f.Family, Label: c.t("choke.fig.label"),
		Sub: c.t("choke.fig.sub", "family", c.t("choke.family."+f.Family), "vantages", c.count("choke.vantages", int64(f.Voices)))}
	k := 0
	if len(g.Columns[0]) == 1 && r.Frontier != nil {
		k = 1 // that everything leaves through the only network there is says nothing
	}
	top := g.Columns[k][0]
	if top.AS == 0 && len(g.Columns[k]) > 1 {
		top = g.Columns[k][1]
	}
	fig.Title = c.t("choke.fig", "share", c.percent(figure.Part(top.Share, sum)), "who", c.flowName(&top, r, k))
	if top.AS == flowNobody {
		fig.Title = c.t("choke.fig.nobody", "share", c.percent(figure.Part(top.Share, sum)))
	}
	fig.Wide, fig.Narrow = g.Draw(func(b figure.FlowBar, column int, full bool) (name, note string) {
		return c.flowText(&b, r, f, column, sum, full)
	})
	return fig
}

// flowNobody is the bar of what names no single network: sets of ASes, and numbers that
// several networks may write.
const flowNobody = math.MaxUint32

func flowPlace(as uint32, set []uint32) uint32 {
	if len(set) > 0 || as != 0 && !atlas.One(as) {
		return flowNobody
	}
	return as
}

// flowName is what a bar is called in a sentence.
func (c *chokes) flowName(b *figure.FlowBar, r *transit.Result, col int) string {
	switch {
	case b.AS == flowNobody:
		return c.t("choke.nobody")
	case b.AS != 0:
		return c.net(b.AS)
	case b.Rest > 0:
		return c.count("choke.rest", int64(b.Rest))
	case col == 0 && r.Frontier != nil:
		return c.t("choke.foreign")
	}
	return c.t("choke.direct")
}

// flowText are the two lines beside a bar; on narrow pages numbers stand for names.
func (c *chokes) flowText(b *figure.FlowBar, r *transit.Result, f *transit.InFamily, col int, sum float64, full bool) (name, note string) {
	switch {
	case col == 0:
		name = c.name(r)
		if !full {
			name = r.Subject
		}
		return clip(name, 28), c.count("choke.origins", int64(len(r.Origins)))
	case col == 3:
		return c.t("choke.everybody"), c.count("choke.peers", int64(f.Peers))
	case b.AS == 0 || b.AS == flowNobody:
		name = c.flowName(b, r, col-1)
		if !full && utf8.RuneCountInString(name) > 16 {
			name = clip(name, 16)
		}
		return name, c.percent(figure.Part(b.Share, sum))
	}
	name, note = short(b.AS), c.percent(figure.Part(b.Share, sum))
	if n := c.who[b.AS]; n != nil && full {
		var parts []string
		most := 20
		if len(n.State) > 0 {
			most = 15
		}
		if w := plainName(n.Name); w != "" {
			parts = append(parts, clip(w, most))
		}
		if n.Country != "" {
			parts = append(parts, n.Country)
		}
		for _, s := range n.State[:min(len(n.State), 1)] {
			parts = append(parts, c.owned(s.Country, n.Country))
		}
		note = strings.Join(append(parts, note), " · ")
	}
	return name, note
}
