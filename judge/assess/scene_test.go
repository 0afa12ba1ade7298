package assess

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// scene is evidence written down by hand: peers that all have a table snapshot
// twenty minutes before the question, some prefixes, and what was said. Times are
// seconds from the start of the question.
type scene struct {
	until    int64 // of the question
	peers    []rib.Peer
	prefixes []netip.Prefix // of the subject
	covers   []netip.Prefix
	inside   []netip.Prefix
	far      []netip.Prefix
	blind    []vantage.Blind
	small    int // so many peers, the first ones, tell a part of their routes only
	unlisted bool
	tables   []int64 // further snapshots, complete for every peer
	said     []said
	sent     map[int][]vantage.Transfer // tables that peers sent when their sessions came up
	origins  map[netip.Prefix][]uint32  // what differs from own
}

// said is one announcement, or one withdrawal if path is nil.
type said struct {
	at     int64
	peer   int
	prefix netip.Prefix
	path   []uint32
	table  bool  // it stands in the snapshot
	since  int64 // when the collector had learned that; 0: the snapshot does not say
}

const (
	zero     = 1_600_000_000 // when questions begin
	snapshot = -1200
	hop      = 64510 // the network behind which the origin is
	far      = 64520 // the network behind which the far controls are
)

// newScene has so many peers, each in a network of its own, half of them at each
// of two collectors.
func newScene(peers int, until int64, prefixes ...string) *scene {
	s := &scene{until: until, origins: map[netip.Prefix][]uint32{}}
	for i := range peers {
		s.peers = append(s.peers, rib.Peer{Peer: vantage.Peer{Collector: fmt.Sprintf("rrc%02d", i%2), Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)}), AS: uint32(65001 + i)},
			Begin: zero + snapshot})
	}
	for _, p := range prefixes {
		s.prefixes = append(s.prefixes, netip.MustParsePrefix(p))
	}
	return s
}

// path is that of a route of an origin behind a network as a peer has it: by one
// of twelve networks between them.
func (s *scene) path(peer int, through, origin uint32) []uint32 {
	return []uint32{s.peers[peer].AS, uint32(64530 + peer%12), through, origin}
}

// held puts a prefix of an origin into the snapshots of some peers.
func (s *scene) held(origin uint32, p string, peers ...int) *scene {
	for _, i := range peers {
		s.said = append(s.said, said{snapshot, i, netip.MustParsePrefix(p), s.path(i, hop, origin), true, 0})
	}
	return s
}

func (s *scene) announce(at int64, origin uint32, p string, peers ...int) *scene {
	for _, i := range peers {
		s.said = append(s.said, said{at, i, netip.MustParsePrefix(p), s.path(i, hop, origin), false, 0})
	}
	return s
}

// behind announces a prefix of an origin that stands behind a network.
func (s *scene) behind(at int64, through, origin uint32, p string, peers ...int) *scene {
	for _, i := range peers {
		s.said = append(s.said, said{at, i, netip.MustParsePrefix(p), s.path(i, through, origin), false, 0})
	}
	return s
}

func (s *scene) withdraw(at int64, p string, peers ...int) *scene {
	for _, i := range peers {
		s.said = append(s.said, said{at, i, netip.MustParsePrefix(p), nil, false, 0})
	}
	return s
}

// controlled gives every peer four far controls that stay.
func (s *scene) controlled() *scene {
	for k := range 4 {
		p := netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16, byte(k), 0}), 24)
		s.far = append(s.far, p)
		for i := range s.peers {
			s.said = append(s.said, said{snapshot, i, p, s.path(i, far, uint32(64600+k)), true, 0})
		}
	}
	return s
}

// cover adds a less specific prefix that somebody announced.
func (s *scene) cover(p string) *scene {
	s.covers = append(s.covers, netip.MustParsePrefix(p))
	return s
}

// within adds a more specific prefix that only others announced.
func (s *scene) within(p string) *scene {
	s.inside = append(s.inside, netip.MustParsePrefix(p))
	return s
}

// noTables takes the snapshots away.
func (s *scene) noTables() *scene {
	s.unlisted = true
	return s
}

// off ends the sight of a peer, or of a whole collector if peer is negative.
func (s *scene) off(from, until int64, collector string, peer int, reason string) *scene {
	b := vantage.Blind{Collector: collector, From: moment.Unix(zero+from, 0), Until: moment.Unix(zero+until, 0), Reason: reason, Forget: true}
	if peer >= 0 {
		p := s.peers[peer]
		b.Collector, b.Peer, b.AS = p.Collector, &p.Addr, p.AS
	}
	s.blind = append(s.blind, b)
	return s
}

// listedAt puts a prefix into later snapshots of some peers.
func (s *scene) listedAt(at int64, p string, peers ...int) *scene {
	for _, i := range peers {
		s.said = append(s.said, said{at, i, netip.MustParsePrefix(p), s.path(i, hop, own), true, 0})
	}
	return s
}

// stoodAt puts a prefix into later snapshots of some peers, learned long before anything was read.
func (s *scene) stoodAt(at int64, p string, peers ...int) *scene {
	for _, i := range peers {
		s.said = append(s.said, said{at, i, netip.MustParsePrefix(p), s.path(i, hop, own), true, snapshot - 3600})
	}
	return s
}

// reset ends the sessions of peers, which are up again at second until and have then sent so many
// prefixes of their 500,000.
func (s *scene) reset(from, until, sent int64, peers ...int) *scene {
	if s.sent == nil {
		s.sent = map[int][]vantage.Transfer{}
	}
	for _, i := range peers {
		s.off(from, until-5, "", i, vantage.SessionDown).off(until-5, until, "", i, vantage.TableTransfer)
		s.sent[i] = append(s.sent[i], vantage.Transfer{From: moment.Unix(zero+until-5, 0), Until: moment.Unix(zero+until, 0), Announced: sent, Opened: true})
	}
	return s
}

func all(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (s *scene) evidence(t testing.TB) *Evidence {
	t.Helper()
	from, until := moment.Unix(zero, 0), moment.Unix(zero+s.until, 0)
	ev := &Evidence{Rules: Rules, Question: finding.Question{Subject: "AS64496", From: from, Until: until},
		Subject:  &atlas.Subject{Name: "AS64496", Kind: atlas.KindAS, Origins: []uint32{own}},
		Standard: proof.Clear(), Declared: finding.Standard{Name: "clear"},
		Prefixes: slices.Clone(s.prefixes), Origins: map[netip.Prefix][]uint32{}, Covers: s.covers, Inside: s.inside, Far: s.far, Networks: map[string]string{},
		Locate: func(record int64) (string, int64) {
			if record == 0 {
				return "", 0
			}
			return "exhibit", record
		}}
	slices.SortFunc(ev.Prefixes, netip.Prefix.Compare)
	for _, p := range ev.Prefixes {
		ev.Origins[p] = []uint32{own}
	}
	ev.Ledger = vantage.Ledger{Blind: s.blind}
	watch := map[string]*vantage.Collector{}
	peers := slices.Clone(s.peers)
	for i := range peers {
		p := &peers[i]
		p.Resets = ev.Ledger.Resets(p.Peer)
		c := watch[p.Collector]
		if c == nil {
			first := moment.Unix(zero+snapshot, 0)
			c = &vantage.Collector{Name: p.Collector, Files: []vantage.File{{Name: "rib", Kind: "rib", First: &first, Last: &first}}}
			watch[p.Collector] = c
			ev.Ledger.Begin = append(ev.Ledger.Begin, first)
		}
		c.Peers = append(c.Peers, vantage.PeerWatch{Peer: p.Addr, AS: p.AS, First: moment.Unix(zero+snapshot, 0), Last: until, Announced: 1, Transfers: s.sent[i]})
		if !s.unlisted {
			p.Snapshots4 = []int64{zero + snapshot}
			for _, at := range s.tables {
				p.Snapshots4 = append(p.Snapshots4, zero+at)
			}
			size := int64(500_000)
			if i < s.small {
				size = 10
			}
			c.Files[0].Tables = append(c.Files[0].Tables, vantage.TableSize{Peer: p.Addr, AS: p.AS, V4: size})
		}
	}
	ev.Watch = &vantage.Watch{}
	for _, n := range []string{"rrc00", "rrc01"} {
		if c := watch[n]; c != nil {
			ev.Watch.Collectors = append(ev.Watch.Collectors, *c)
		}
	}
	follow := slices.Concat(ev.Prefixes, s.covers, s.inside, s.far)
	slices.SortFunc(follow, netip.Prefix.Compare)
	ev.Table = rib.NewTable(peers, slices.Compact(follow))
	slices.SortStableFunc(s.said, func(a, b said) int { return cmp.Compare(a.at, b.at) })
	for i, x := range s.said {
		ev.Table.Record = int64(i + 1)
		at, p := zero+x.at, ev.Table.Index(x.prefix)
		if p < 0 {
			t.Fatalf("%s is no prefix of the scene", x.prefix)
		}
		switch {
		case x.path == nil:
			ev.Table.Withdraw(at, x.peer, p, 0)
		case x.table:
			var learned int64
			if x.since != 0 {
				learned = zero + x.since
			}
			ev.Table.Snapshot(at, x.peer, p, 0, ev.Table.Paths.ID(x.path), learned)
		default:
			ev.Table.Announce(at, x.peer, p, 0, ev.Table.Paths.ID(x.path))
		}
	}
	ev.Table.Finish(zero + s.until)
	return ev
}

func (s *scene) findings(t testing.TB) *finding.Findings {
	t.Helper()
	return Findings(s.evidence(t))
}

// propositions are those of a verdict in words: "place established".
func propositions(f *finding.Findings) string {
	var out []string
	for _, p := range f.Verdict.Propositions {
		out = append(out, p.Key+" "+p.Level.String())
	}
	return strings.Join(out, ", ")
}
