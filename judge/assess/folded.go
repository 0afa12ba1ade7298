package assess

import (
	"cmp"
	"slices"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
)

// Of a subject that flaps there may be many thousands of losses, each with a line for each peer: more than
// anybody reads, and more bytes than the records that they are found in. So from manyLosses of single
// prefixes on, the lesser of a prefix are counted and not written one by one, and from manyTold of the whole
// subject or an origin on the lesser have no lines for their peers. Nothing is found otherwise.
const (
	manyLosses = 2000 // losses of single prefixes
	eachTold   = 10   // of so many, those of a prefix and kind that are told one by one
	manyTold   = 200  // losses of one scope that are told in full
)

// telling says how the outages that were found are written.
type telling struct {
	brief []bool // without lines for peers, and paths
	left  []bool // counted in folded
}

// lossKind is of what a loss was, and whether it was one in part.
type lossKind struct {
	scope   outage.Scope
	of      int // prefix or origin
	partial bool
}

func kindOf(o *outage.Outage) lossKind {
	k := lossKind{o.Scope, o.Prefix, o.Partial}
	if o.Scope == outage.ScopeOrigin {
		k.of = int(o.Origin)
	}
	return k
}

// lasted is how long an outage was seen to last, in seconds.
func (e *evidence) lasted(o *outage.Outage) int64 {
	if s := o.Lasted(); s >= 0 {
		return s
	}
	return max(0, min(o.Until.At, e.end)-o.From)
}

// tell chooses. What the findings rest on – the headline outage with what lies within its time, and
// whatever was weighed or described – is told in full.
func (e *evidence) tell(found []outage.Outage, head *int, full map[int]bool) telling {
	t := telling{make([]bool, len(found)), make([]bool, len(found))}
	if e.Rules < 2 {
		return t // a case of before lists them all
	}
	of := map[lossKind][]int{}
	prefixes := 0
	for i := range found {
		k := kindOf(&found[i])
		of[k] = append(of[k], i)
		if k.scope == outage.ScopePrefix {
			prefixes++
		}
	}
	for k, all := range of {
		most := manyTold
		if k.scope == outage.ScopePrefix {
			most = eachTold
		}
		if len(all) <= most || k.scope == outage.ScopePrefix && prefixes <= manyLosses {
			continue
		}
		size := map[int]int64{}
		for _, i := range all {
			size[i] = e.lasted(&found[i]) * int64(max(1, found[i].Routes.Lost))
		}
		slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(size[b], size[a]) })
		within := 0
		for _, i := range all[most:] {
			switch o := &found[i]; {
			case full[i]:
			case head != nil && k.scope == outage.ScopePrefix && within < eachTold && overlap(*o, found[*head]):
				within++
			case k.scope == outage.ScopePrefix:
				t.left[i] = true
			default:
				t.brief[i] = true
			}
		}
	}
	return t
}

// folded counts what is not told one by one, by prefix and kind.
func (e *evidence) folded(in outage.Input, found []outage.Outage, t telling) []finding.Folded {
	var out []finding.Folded
	at := map[lossKind]int{}
	for i := range found {
		if !t.left[i] {
			continue
		}
		o := &found[i]
		k := kindOf(o)
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, finding.Folded{Scope: o.Scope.String(), Name: in.Prefixes[o.Prefix].Prefix.String(), Partial: o.Partial, From: moment.Unix(o.From, 0), ShortestS: e.lasted(o)})
		}
		x := &out[n]
		s := e.lasted(o)
		x.Losses++
		x.Seconds += s
		x.ShortestS, x.LongestS = min(x.ShortestS, s), max(x.LongestS, s)
		x.From = min(x.From, moment.Unix(o.From, 0))
		x.Until = max(x.Until, moment.Unix(min(o.Until.At, e.end), 0))
		if !o.Until.Seen {
			x.Open++
		}
		if o.Routes.Lost > x.Routes.Lost {
			x.Routes = finding.Routes{Lost: o.Routes.Lost, Stuck: o.Routes.Stuck, Of: o.Routes.Of}
		}
	}
	return out
}
