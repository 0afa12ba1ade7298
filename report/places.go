package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/report/figure"
)

// placesOf merges hypotheses into places; weighed are those that were weighed on
// their own.
func placesOf(hs []place.Hypothesis, weighed []finding.Hypothesis) []place.Place {
	ws := make([]place.Hypothesis, len(weighed))
	for i, w := range weighed {
		ws[i] = w.Hypothesis
	}
	return place.Places(hs, ws)
}

// namer names a network with its name the first time and by number after, as
// prose does.
type namer struct {
	p    *printer
	seen map[uint32]bool
}

func (p *printer) namer() *namer { return &namer{p, map[uint32]bool{}} }

func (n *namer) as(as uint32) string {
	if n.seen[as] {
		return "AS" + strconv.FormatUint(uint64(as), 10)
	}
	n.seen[as] = true
	return n.p.as(as)
}

func (n *namer) list(as []uint32, most int) string {
	var out []string
	for i, a := range as {
		if i == most && len(as) > most+1 {
			out = append(out, n.p.count("place.more", int64(len(as)-i)))
			break
		}
		out = append(out, n.as(a))
	}
	return n.p.and(out)
}

// and joins a few words: "a, b and c".
func (p *printer) and(s []string) string {
	if len(s) < 2 {
		return strings.Join(s, "")
	}
	return p.t("and", "most", strings.Join(s[:len(s)-1], ", "), "last", s[len(s)-1])
}

// place words one place as it stands after "the announcements stopped …".
func (n *namer) place(x place.Place) string {
	p := n.p
	if x.Joint != nil {
		var as []uint32
		for _, part := range x.Joint {
			if len(part) > 0 {
				as = append(as, part[0].A)
			}
		}
		return p.tn("place.joint", int64(len(as)), "list", n.list(as, 4))
	}
	switch x.Kind {
	case place.Origin:
		return p.t("place.origin", "as", n.as(x.A))
	case place.Adjacency:
		// The side nearer to the origin is named last, and is most often known
		// by then.
		b := n.as(x.B)
		key := "place.link"
		switch {
		case x.Wide && !x.Narrow:
			key = "place.link.wide"
		case !x.Wide:
			key = "place.link.narrow"
		}
		return p.t(key, "a", n.as(x.A), "b", b)
	case place.TransitImport:
		return p.t("place.import", "as", n.as(x.A))
	case place.TransitExport:
		return p.t("place.export", "as", n.as(x.A))
	case place.Export:
		return p.t("place.exportto", "as", n.as(x.A), "list", n.list(x.S, 4))
	case place.Node:
		return p.t("place.node", "as", n.as(x.A))
	case place.Observer:
		return p.t("place.observer")
	case place.Replaced:
		return p.t("place.replaced")
	case place.Renumbered:
		return p.t("place.renumbered")
	}
	return clip(x.Break.String(), 80)
}

// each words places one by one, for a sentence that counts them.
func (n *namer) each(xs []place.Place) string {
	var out []string
	for _, x := range xs {
		out = append(out, n.place(x))
	}
	return strings.Join(out, n.p.t("semicolon"))
}

// prose words places for one sentence. What one network may have done with the
// routes is said together, and so is its being down.
func (n *namer) prose(xs []place.Place) string {
	xs = slices.Clone(xs)
	slices.SortStableFunc(xs, func(a, b place.Place) int { return cmp.Compare(min(1, len(a.Joint)), min(1, len(b.Joint))) })
	var out []string
	done := map[int]bool{}
	has := func(k place.Kind, as uint32) int {
		return slices.IndexFunc(xs, func(x place.Place) bool { return x.Joint == nil && x.Kind == k && x.A == as })
	}
	for i, x := range xs {
		if done[i] {
			continue
		}
		done[i] = true
		if x.Joint == nil && (x.Kind == place.TransitImport || x.Kind == place.TransitExport || x.Kind == place.Node) {
			im, ex, nd := has(place.TransitImport, x.A), has(place.TransitExport, x.A), has(place.Node, x.A)
			key := ""
			switch {
			case im >= 0 && ex >= 0 && nd >= 0:
				key = "place.transit.node"
				done[nd] = true
			case im >= 0 && ex >= 0 && x.Kind != place.Node:
				key = "place.transit"
			}
			if key != "" {
				done[im], done[ex] = true, true
				out = append(out, n.p.t(key, "as", n.as(x.A)))
				continue
			}
		}
		out = append(out, n.place(x))
	}
	return strings.Join(out, n.p.t("semicolon"))
}

// code is a hypothesis as findings.json and the literature write it.
func code(h place.Hypothesis) string { return strings.ReplaceAll(h.String(), "AS", "") }

// theCause is the cause that the page shows in full: of the losses within the
// headline outage the one of the most prefixes, then the longest; -1 without.
func (c *facts) theCause() int {
	best := -1
	// The headline's own time before what only overlaps it, and that before the rest:
	// a place that was found for ten minutes is not printed under an hour.
	rank := func(i int) (near, lost int, w weight) {
		o := c.causeOutage(i)
		if o == nil {
			return -1, 0, weight{}
		}
		if c.head != nil && o.From < c.end(nil, c.head) && c.end(nil, o) > c.head.From {
			near = 1
			if o.From == c.head.From && c.end(nil, o) == c.end(nil, c.head) {
				near = 2
			}
		}
		return near, o.Lost.Prefixes, c.weight(o)
	}
	for i := range c.f.Cause {
		if best < 0 {
			best = i
			continue
		}
		near, lost, w := rank(i)
		bnear, blost, bw := rank(best)
		switch {
		case near != bnear:
			if near > bnear {
				best = i
			}
		case lost > blost, lost == blost && w.above(bw):
			best = i
		}
	}
	return best
}

// placed is the cause that is shown in full, if it names where the routes
// stopped.
func (c *facts) placed() *finding.Cause {
	if c.cause < 0 {
		return nil
	}
	if x := &c.f.Cause[c.cause]; namesPlace(x) {
		return x
	}
	return nil
}

// namesPlace reports whether a verdict names a stretch of the routes.
func namesPlace(x *finding.Cause) bool {
	return !x.Rival && len(x.Region.Sessions) > 0 && (x.Level == proof.Established || x.Level == proof.Indicated)
}

// causeOutage is the outage that a cause speaks of; nil if it is not there.
func (c *facts) causeOutage(i int) *finding.Outage {
	if n := c.f.Cause[i].Outage; n >= 0 && n < len(c.f.Outages) {
		return &c.f.Outages[n]
	}
	return nil
}

// hypRow is one row of the table of hypotheses: hypotheses that the same
// records contradict in the same way, and that the reader need not tell apart.
type hypRow struct {
	number int
	group  figure.Standing
	hyps   []finding.Hypothesis
	places []place.Place
}

// Groups of rows, in the order of the table.
const (
	inClass    = figure.InClass
	isOpen     = figure.IsOpen
	isExcluded = figure.IsExcluded
)

// hypRows arranges the hypotheses of a cause into numbered rows.
func hypRows(c *finding.Cause) []hypRow {
	in := func(h place.Hypothesis, list []place.Hypothesis) bool {
		return slices.ContainsFunc(list, func(x place.Hypothesis) bool { return x.Same(h) })
	}
	var rows []hypRow
	index := map[string]int{}
	for _, h := range c.Hypotheses {
		r := hypRow{group: isOpen}
		switch {
		case in(h.Hypothesis, c.Class):
			r.group = inClass
		case h.Excluded:
			r.group = isExcluded
		}
		var key string
		switch {
		case h.Joint() || len(h.Parts) == 0 || len(h.Parts[0]) == 0:
			key = fmt.Sprint("joint ", len(rows))
		case r.group == inClass: // a row a place
			b := h.Parts[0][0]
			key = fmt.Sprint("class ", b.Kind, b.A, b.B, b.S)
		default:
			// One network's breaks that the same records contradict. A link
			// belongs to the network on the side of the vantages.
			key = fmt.Sprint(r.group, " ", h.Parts[0][0].A, h.By, h.Crossing, h.ControlsSurvive, h.ControlsLost)
		}
		i, ok := index[key]
		if !ok {
			i = len(rows)
			index[key] = i
			rows = append(rows, r)
		}
		rows[i].hyps = append(rows[i].hyps, h)
	}
	// Several breaks at once are read after the single ones they are made of.
	joint := func(r hypRow) int { return min(1, len(r.hyps[0].Parts)-1) }
	slices.SortStableFunc(rows, func(a, b hypRow) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(joint(a), joint(b)))
	})
	for i := range rows {
		rows[i].number = i + 1
		var hs []place.Hypothesis
		for _, h := range rows[i].hyps {
			hs = append(hs, h.Hypothesis)
		}
		rows[i].places = placesOf(hs, c.Hypotheses)
	}
	return rows
}
