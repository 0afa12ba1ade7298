package examine

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"constat/judge/assess"
	"constat/routes/rib"
)

// ControlsName is the file that lists the controls of a case.
const (
	ControlsName   = "controls.json"
	ControlsFormat = "constat-controls/1"
)

// controls are prefixes of others: they tell what else went with the subject. They
// are chosen by their paths before the loss, so that nobody chooses them by what
// became of them. A hash draws a sample of each network's prefixes, the same whatever
// the order in which they come, and of the sample those are taken that most peers
// had.
type controls struct {
	Format string         `json:"format"`
	Near   []nearControl  `json:"near"`
	Far    []netip.Prefix `json:"far"`
}

// nearControl is a prefix whose paths cross networks that the subject's cross.
type nearControl struct {
	Prefix netip.Prefix `json:"prefix"`
	AS     []uint32     `json:"as"` // the networks it was chosen for
}

// How many controls are chosen, and out of how many.
const (
	nearPerAS = 8
	nearCore  = 64 // of the two networks next to the origin, where it matters most
	farTotal  = 40
	// … and so many for each session that carried the subject, twice what it takes
	// to be a vantage.
	farPerSession = 6
	poolNear      = 64
	poolFar       = 512
)

// trunk says which networks' other routes are near, and which are so near to
// the subject that far controls must avoid them.
type trunk struct {
	near, core map[uint32]bool
	origins    map[uint32]bool
}

// trunkOf reads the subject's paths: every network on them is near; the core
// are the two next to the origin.
func trunkOf(ev *assess.Evidence) trunk {
	t := trunk{near: map[uint32]bool{}, core: map[uint32]bool{}, origins: map[uint32]bool{}}
	for _, p := range ev.Prefixes {
		for _, o := range ev.Origins[p] {
			t.origins[o] = true
		}
	}
	for _, p := range ev.Prefixes {
		i := ev.Table.Index(p)
		for _, peer := range ev.Table.Carriers(i) {
			for _, s := range ev.Table.Steps(peer, i) {
				if s.State != rib.RouteHeld || s.Path == rib.NoPath {
					continue
				}
				path := ev.Table.Paths.Path(s.Path)
				for j, a := range path {
					if a == 0 || t.origins[a] {
						continue
					}
					t.near[a] = true
					if d := len(path) - 1 - j; j > 0 && d <= 2 || d == 1 {
						t.core[a] = true
					}
				}
			}
		}
	}
	return t
}

// familyOf is 0 for IPv4 and 1 for IPv6.
func familyOf(p netip.Prefix) int {
	if p.Addr().Is6() {
		return 1
	}
	return 0
}

// choose reads the sources once more for controls. They are chosen by who had
// them before the first loss, in each family that the subject has and for each
// session that carried it, and before it is known what became of them.
func choose(ctx context.Context, r *Request, ev *assess.Evidence, keepers []*keeper, first int64, done func(string)) (*controls, error) {
	t := trunkOf(ev)
	own := new(nest)
	for _, q := range ev.Prefixes {
		own.add(q)
	}
	avoid := own.has
	if len(ev.Prefixes) > 64 { // what covers one of so many is nothing to avoid
		avoid = own.holds
	}
	all := newSampler(t, avoid)
	var mu sync.Mutex
	samplers := sync.Pool{New: func() any { return newSampler(t, avoid) }}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Workers)
	for i := range r.Sources.Files {
		f := &r.Sources.Files[i]
		g.Go(func() error {
			s := samplers.Get().(*sampler)
			defer samplers.Put(s)
			mu.Lock()
			s.begin(all)
			mu.Unlock()
			rd, c, err := keepers[i].open(f)
			if err != nil {
				return err
			}
			defer c.Close()
			if err := s.read(gctx, rd, r.Until, first); err != nil {
				return err
			}
			mu.Lock()
			all.join(s)
			mu.Unlock()
			done(f.Name)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	c := &controls{Format: ControlsFormat, Near: []nearControl{}, Far: []netip.Prefix{}}
	of := map[netip.Prefix][]uint32{}
	for _, a := range slices.Sorted(maps.Keys(t.near)) {
		n := nearPerAS
		if t.core[a] {
			n = nearCore
		}
		// A network's own prefixes speak for it first.
		l := all.lane(a)
		for _, from := range []*pool{l.own, l.others} {
			for _, p := range from.best(n) {
				if !slices.Contains(of[p], a) {
					of[p] = append(of[p], a)
				}
			}
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(of), netip.Prefix.Compare) {
		c.Near = append(c.Near, nearControl{p, of[p]})
	}
	for f, peers := range sessions(ev) {
		if len(peers) > 0 {
			var numbers []int
			for _, a := range peers {
				n, ok := all.peers.of[a]
				if !ok {
					n = -1
				}
				numbers = append(numbers, n)
			}
			far := &all.far[f]
			c.Far = append(c.Far, far.perSession(far.best(farTotal), numbers, farPerSession)...)
		}
	}
	slices.SortFunc(c.Far, netip.Prefix.Compare)
	return c, nil
}

// sessions lists, by family, the addresses of the peers that carried a prefix of
// the subject.
func sessions(ev *assess.Evidence) [2][]netip.Addr {
	var set [2]map[netip.Addr]bool
	for _, p := range ev.Prefixes {
		f := familyOf(p)
		if set[f] == nil {
			set[f] = map[netip.Addr]bool{}
		}
		for _, peer := range ev.Table.Carriers(ev.Table.Index(p)) {
			set[f][ev.Table.Peers[peer].Addr] = true
		}
	}
	var out [2][]netip.Addr
	for f := range set {
		out[f] = slices.SortedFunc(maps.Keys(set[f]), netip.Addr.Compare)
	}
	return out
}
