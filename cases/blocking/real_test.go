package blocking

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/judge/block"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/source"
)

// Real cuts: in real updates a neighbour of an origin over which vantages in two
// networks reached a prefix, and which is on nobody's path any more within three minutes.
// From what was held before it is asked what a block at that neighbour would do, and
// what is said is held against the routes two minutes after. Whether it was the
// neighbour that acted nobody knows: if the origin itself was gone, no way was left.

const (
	cutWithin  = 180 * moment.Second
	cutSettled = 120 * moment.Second
)

// tally counts what was said on one basis: how many answers, how many of them held a
// route after, and how many over the neighbour that was named.
type tally struct {
	said, held, named int
	cuts              []tally // by cut: answers about one stand and fall together
}

// interval is the 95 % interval of a share over cuts: of a ratio of sums, or three cuts
// of all if it is all or nothing.
func (n *tally) interval(part func(*tally) int) string {
	p, k, sum := float64(part(n))/float64(n.said), float64(len(n.cuts)), 0.0
	for i := range n.cuts {
		d := float64(part(&n.cuts[i])) - p*float64(n.cuts[i].said)
		sum += d * d
	}
	e := min(1, 3/k)
	if p > 0 && p < 1 && k > 1 {
		e = 1.96 * math.Sqrt(sum*k/(k-1)) / float64(n.said)
	}
	return fmt.Sprintf("%.2f (%.2f–%.2f)", p, max(0, p-e), min(1, p+e))
}

func TestRealCuts(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it reads real updates")
	}
	lists := map[string]*block.Graph{"no relations": nil}
	for _, y := range []string{"20150201", "20160101"} {
		l, err := atlas.OpenRelations(realdata.Path(t, "relations/"+y+".as-rel.txt.gz"))
		if err != nil {
			t.Fatal(err)
		}
		lists["relations of "+y[:4]] = block.NewGraph(l.Links)
	}
	all := map[string]*[2][block.Bases]tally{}
	for _, rel := range []string{"mrt/ris/rrc15", "mrt/ris/rrc04"} {
		v, spells := pastOf(t, realdata.Path(t, rel))
		n := 0
		for len(spells) > 0 {
			k := 0
			for k < len(spells) && spells[k].Prefix == spells[0].Prefix {
				k++
			}
			for _, c := range cutsOf(v, spells[:k]) {
				n++
				for name, g := range lists {
					if all[name] == nil {
						all[name] = &[2][block.Bases]tally{}
					}
					c.ask(g, all[name])
				}
			}
			spells = spells[k:]
		}
		t.Logf("%s: %d cuts", rel, n)
		if n < 20 {
			t.Errorf("%s: only %d cuts", rel, n)
		}
	}
	for _, name := range []string{"no relations", "relations of 2015", "relations of 2016"} {
		for up, of := range all[name] {
			var b strings.Builder
			for i, x := range of {
				if x.said > 0 {
					fmt.Fprintf(&b, "\n  %-12s %4d cuts, %5d answers: held after %s, over the neighbour named %s", block.Basis(i), len(x.cuts), x.said,
						x.interval(func(n *tally) int { return n.held }), x.interval(func(n *tally) int { return n.named }))
				}
			}
			t.Logf("%s, %s:%s", name, [...]string{"nobody else held it throughout", "others held it throughout"}[up], b.String())
		}
	}
	// What is called firm holds, also if it is not known whether the origin is up: in these files routes are moving
	// when it is asked, and no other path was held for five minutes.
	for name, of := range all {
		said, held := 0, 0
		for up := range of {
			for _, b := range []block.Basis{block.SeenNow, block.SeenBefore, block.WasExplored, block.ByPolicy} {
				said, held = said+of[up][b].said, held+of[up][b].held
			}
		}
		if 20*held < 19*said {
			t.Errorf("%s: of %d firm ways %d were there", name, said, held)
		}
	}
	// If others hold a prefix throughout, a network on the way that held another path
	// before the cut does not leave the vantage without.
	now := all["no relations"][1][block.SeenNow]
	if before := all["no relations"][1][block.SeenBefore]; now.said+before.said > 0 && 10*(now.held+before.held) < 8*(now.said+before.said) {
		t.Errorf("of ways that were seen too few were there: %+v %+v", now, before)
	}
}

func pastOf(t *testing.T, dir string) (*live.View, []live.Spell) {
	t.Helper()
	set, err := source.Open(context.Background(), []string{dir}, moment.Interval{From: 0, Until: moment.Unix(1<<32, 0)}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &live.Past{Keep: func(netip.Prefix, []uint32) bool { return true }}
	s, _, err := live.Load(context.Background(), live.Loading{Set: set, Past: p})
	if err != nil {
		t.Fatal(err)
	}
	v := s.View()
	return v, p.Spells(v)
}

// cut is a neighbour of an origin that was lost for a prefix.
type cut struct {
	v      *live.View
	gate   uint32
	spells []live.Spell // of the prefix
	at     moment.Time  // before it
	after  moment.Time
}

func gateOf(path []uint32) uint32 {
	if len(path) < 2 || path[len(path)-1] == 0 {
		return 0
	}
	return path[len(path)-2]
}

// cutsOf finds the cuts of a prefix.
func cutsOf(v *live.View, spells []live.Spell) []cut {
	gates := map[uint32]bool{}
	end := moment.Time(0)
	for i := range spells {
		if g := gateOf(spells[i].Path); g != 0 {
			gates[g] = true
		}
		end = max(end, spells[i].Since, spells[i].Until)
	}
	end = max(end, v.At())
	var out []cut
	for _, g := range sorted(gates) {
		last := map[live.PeerID]live.Spell{}
		for _, x := range spells {
			if gateOf(x.Path) == g {
				last[x.Peer] = x
			}
		}
		c := cut{v: v, gate: g, spells: spells}
		nets := map[uint32]bool{}
		first, ended := moment.Time(0), true
		for id, x := range last {
			switch {
			case x.Until == 0 || x.Blind:
				ended = false
			default:
				if first == 0 || x.Until < first {
					first = x.Until
				}
				c.after = max(c.after, x.Until)
				nets[v.Peer(id).AS] = true
			}
		}
		if !ended || len(nets) < 2 || c.after-first > cutWithin || c.after+cutSettled > end {
			continue
		}
		c.at, c.after = first-moment.Second, c.after+cutSettled
		// A network that passes the prefix on over others does not block it.
		if slices.ContainsFunc(spells, func(x live.Spell) bool {
			return x.Since <= c.after && (x.Until == 0 || x.Until > c.after) && slices.Contains(x.Path, g)
		}) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// held is what a peer held at a moment.
func (c *cut) held(id live.PeerID, at moment.Time) *live.Spell {
	for i := range c.spells {
		if x := &c.spells[i]; x.Peer == id && x.Since <= at && (x.Until == 0 || x.Until > at) {
			return x
		}
	}
	return nil
}

// ask counts what is said of the cut.
func (c *cut) ask(g *block.Graph, out *[2][block.Bases]tally) {
	in := &block.Input{Target: "x", At: []uint32{c.gate}, Graph: g, Old: true}
	peers := map[live.PeerID]int{}
	var ids []live.PeerID
	up := 0
	for i := range c.spells {
		x := &c.spells[i]
		if _, ok := peers[x.Peer]; !ok {
			peers[x.Peer] = len(ids)
			ids = append(ids, x.Peer)
			p := c.v.Peer(x.Peer)
			in.Vantages = append(in.Vantages, block.Vantage{Name: p.Peer.String(), Collector: p.Collector, AS: p.AS})
		}
		if x.Since > c.at || len(x.Path) == 0 || slices.Contains(x.Path, 0) {
			continue
		}
		r := block.Route{Vantage: peers[x.Peer], Prefix: x.Prefix, Path: x.Path}
		if x.Until != 0 && x.Until <= c.at {
			r.Past = block.Before
			if x.Until-x.Since < tried && !x.Older {
				r.Past = block.Explored
			}
		} else {
			r.Fresh = c.at-x.Since < tried && !x.Older
			if gateOf(x.Path) != c.gate && (x.Until == 0 || x.Until > c.after) {
				up = 1
			}
		}
		in.Routes = append(in.Routes, r)
	}
	block.MarkBack(in.Routes)
	var mine [block.Bases]tally
	defer func() {
		for b, n := range mine {
			if n.said > 0 {
				all := &out[up][b]
				all.said, all.held, all.named, all.cuts = all.said+n.said, all.held+n.held, all.named+n.named, append(all.cuts, n)
			}
		}
	}()
	for _, a := range block.Predict(in) {
		if a.Basis == block.Untouched {
			continue
		}
		// Of whoever stopped watching meanwhile nothing is known.
		x := c.held(ids[a.Vantage], c.after)
		if x == nil && slices.ContainsFunc(c.spells, func(y live.Spell) bool {
			return y.Peer == ids[a.Vantage] && y.Blind && y.Until > c.at && y.Until <= c.after
		}) {
			continue
		}
		n := &mine[a.Basis]
		n.said++
		if x != nil {
			n.held++
			if len(a.Path) > 1 && gateOf(x.Path) == gateOf(a.Path) {
				n.named++
			}
		}
	}
}
