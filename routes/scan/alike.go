package scan

import (
	"cmp"
	"slices"

	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/bgp"
)

// A small table that is sent again without an End-of-RIB looks like news, and is told from it by what it says: nearly
// all routes that the peer has, each once and nearly all as they were, with hardly a withdrawal before or in it. No news is like
// that: a peer that goes another way has other paths, and one that had lost its routes has withdrawn them. What such a
// table leaves out is as doubtful as behind an End-of-RIB, whether the session was reset or the peer was asked for its routes.
//
// Example: a table of 12:00 has 41 routes of a peer, which speaks every 40 s until 12:29:30, and then at 12:34:04 with 40 of
// them. The one that it leaves out was withdrawn by others at 12:30:30: nobody knows that it was held until then.

const (
	alikeLeast = 16  // prefixes: fewer are often sent at once
	alikeMost  = 512 // more are told from news by their number
	sketchSize = 32
	alikeKept  = 3 // tellings of a peer in a file, the largest
)

// telling is what a peer told without a pause of [runPause], or what a snapshot lists of it, of some hundred prefixes at most.
type telling struct {
	from, last, before   moment.Time // before: when the peer was last heard in the file before it; 0 if it was not
	announced, withdrawn int64
	distinct             int64
	gone                 int64 // withdrawn in the file before it, or over all files
	snapshot             bool
	sketch               []uint32 // the least sums of a prefix and its path, in order
}

// told is one in the making.
type told struct {
	routes    []uint64 // the position of a prefix, and the sum of it with its path
	withdrawn int64
	gone      int64 // before it
	over      bool  // it is too large
}

// reset begins the next one.
func (p *told) reset(gone int64) { *p = told{routes: p.routes[:0], gone: gone} }

// pather knows the path of a message.
type pather interface{ AppendPath([]uint32) []uint32 }

// add notes the prefixes of a list.
func (p *told) add(e pather, l bgp.NLRI, path []uint32) []uint32 {
	if p.over || l.SAFI == 2 {
		return path
	}
	path = e.AppendPath(path[:0])
	sum := pathSum(path)
	for b := l.Bytes; ; {
		q, _, rest, ok := l.Next(b)
		if !ok {
			return path
		}
		b = rest
		if p.one(position(q), sum); p.over {
			return path
		}
	}
}

func (p *told) one(at uint32, path uint64) {
	if len(p.routes) == alikeMost {
		p.over = true
		return
	}
	sum := (uint64(at) ^ path) * fnvPrime
	sum ^= sum >> 29
	sum *= 0xbf58476d1ce4e5b9
	p.routes = append(p.routes, uint64(at)<<32|sum>>32)
}

func pathSum(path []uint32) uint64 {
	h := fnvBegin
	for _, as := range path {
		h = (h ^ uint64(as)) * fnvPrime
	}
	return h
}

// telling ends it; not ok if it is too small or too large to be told from news.
func (p *told) telling() (telling, bool) {
	if p.over || len(p.routes) < alikeLeast {
		return telling{}, false
	}
	slices.Sort(p.routes)
	t := telling{announced: int64(len(p.routes)), withdrawn: p.withdrawn, gone: p.gone}
	sums := make([]uint32, 0, len(p.routes))
	for i, r := range p.routes {
		if i == 0 || r>>32 != p.routes[i-1]>>32 {
			t.distinct++
		}
		sums = append(sums, uint32(r))
	}
	slices.Sort(sums)
	sums = slices.Compact(sums)
	t.sketch = slices.Clone(sums[:min(len(sums), sketchSize)])
	return t, t.distinct >= alikeLeast
}

// like estimates whether two tellings have as many routes in common as all routes of both that one has alone, by the
// least sums of both.
func (t *telling) like(o *telling) bool {
	n, both := 0, 0
	for i, j := 0, 0; n < sketchSize && i < len(t.sketch) && j < len(o.sketch); n++ {
		switch c := cmp.Compare(t.sketch[i], o.sketch[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			i, j, both = i+1, j+1, both+1
		}
	}
	return n > 0 && 2*both >= n
}

// endRun keeps the run at hand if it may be a whole table.
func (p *peerScan) endRun() {
	t, ok := p.now.telling()
	p.now.reset(p.wd)
	if !ok {
		return
	}
	t.from, t.last, t.before = p.run.from, p.run.last, p.run.before
	p.tellings = append(p.tellings, t)
	if len(p.tellings) > alikeKept {
		least := 0
		for i, x := range p.tellings {
			if x.distinct < p.tellings[least].distinct {
				least = i
			}
		}
		p.tellings = slices.Delete(p.tellings, least, least+1)
	}
}

// endTelling ends what is in the making with the file: a run of updates, and the list of a snapshot.
func (p *peerScan) endTelling(part bool) {
	p.endRun()
	if t, ok := p.list.telling(); ok && !part {
		t.from, t.last, t.snapshot = p.first, p.last, true
		p.tellings = append(p.tellings, t)
	}
	p.now, p.list, p.path = told{}, told{}, nil
}

// tell takes over what a file has. Of a large table nothing is kept.
func (j *joined) tell(p *peerScan) {
	if j.table >= transferTable {
		j.tellings = nil
	} else {
		for _, t := range p.tellings {
			t.gone += j.Withdrawn
			j.tellings = append(j.tellings, t)
		}
	}
	j.Withdrawn += p.wd
}

// alikeTransfers adds the small tables that were sent again as they were.
func (j *joined) alikeTransfers() {
	slices.SortStableFunc(j.tellings, func(a, b telling) int { return cmp.Compare(a.last, b.last) })
	var ref *telling
	for i := range j.tellings {
		t := &j.tellings[i]
		if t.snapshot {
			ref = t
			continue
		}
		if 10*t.distinct < 9*j.table || 100*t.announced > 105*t.distinct || 50*t.withdrawn > t.announced {
			continue
		}
		was := ref
		ref = t
		if was == nil || j.table < alikeLeast || j.table >= transferTable || !t.like(was) || 10*(t.gone-was.gone) >= j.table {
			continue
		}
		if j.openedWithin(t.from-3600*moment.Second, t.last) || slices.ContainsFunc(j.Transfers, func(x vantage.Transfer) bool {
			return x.From <= t.last+openingWait && t.from <= x.Until+openingWait
		}) {
			continue
		}
		since := t.before
		if since == 0 {
			since = j.heardBefore(t.from)
		}
		j.Transfers = append(j.Transfers, vantage.Transfer{From: t.from, Until: t.last + moment.Second, Announced: t.announced, Since: &since})
	}
}
