package rib

import (
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"constat/routes/vantage"
)

// TestLacks: what complete tables say against routes that were told and not withdrawn.
func TestLacks(t *testing.T) {
	p := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	type word struct {
		at   int64
		what string
	}
	for _, c := range []struct {
		name   string
		tables []int64
		resets []vantage.Reset
		words  []word
		want   []Lack
	}{
		{"the first table speaks against nothing", []int64{0}, nil, []word{{10, "announce"}}, nil},
		{"a table without it, and one with it", []int64{0, 5000, 9000}, nil, []word{{0, "snapshot"}, {9000, "snapshot"}}, []Lack{{5000, 9000}}},
		{"a table without it, and no more word", []int64{0, 5000}, nil, []word{{0, "snapshot"}}, []Lack{{5000, 0}}},
		{"two tables without it", []int64{0, 5000, 9000}, nil, []word{{0, "snapshot"}}, []Lack{{5000, 0}}},
		{"it is announced again", []int64{0, 5000}, nil, []word{{0, "snapshot"}, {5100, "announce"}}, []Lack{{5000, 5100}}},
		{"it is withdrawn: it was held, whatever the table says", []int64{0, 5000}, nil, []word{{0, "snapshot"}, {5100, "withdraw"}}, nil},
		{"it came while the table was written", []int64{0, 5000}, nil, []word{{4500, "announce"}}, nil},
		{"it came before", []int64{0, 5000}, nil, []word{{3900, "announce"}}, []Lack{{5000, 0}}},
		{"it is listed at the beginning of the dump", []int64{0, 5000}, nil, []word{{0, "snapshot"}, {4800, "snapshot"}}, nil},
		{"it was withdrawn before", []int64{0, 5000}, nil, []word{{0, "snapshot"}, {4990, "withdraw"}}, nil},
		{"the session was down before", []int64{0, 5000}, []vantage.Reset{{From: 3000, Until: 3100, Causes: []int64{3000}}}, []word{{0, "snapshot"}}, nil},
		{"the session goes after", []int64{0, 5000}, []vantage.Reset{{From: 6000, Until: 6100, Causes: []int64{6000}}}, []word{{0, "snapshot"}, {6200, "announce"}}, []Lack{{5000, 6200}}},
	} {
		tb := NewTable([]Peer{{Peer: vantage.Peer{Collector: "rrc00"}, Resets: c.resets, Snapshots4: c.tables}}, p)
		for _, w := range c.words {
			switch w.what {
			case "announce":
				tb.Announce(w.at, 0, 0, 0, 0)
			case "withdraw":
				tb.Withdraw(w.at, 0, 0, 0)
			default:
				tb.Snapshot(w.at, 0, 0, 0, 0, 0)
			}
		}
		tb.Finish(10000)
		if got := tb.Lacks(0, 0); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if got := tb.Lacks(0, 1); len(got) > 0 {
			t.Errorf("%s: %v of a prefix of another family that nobody spoke of", c.name, got)
		}
	}
}

// TestLacksAgainstSlow: of many peers and prefixes, table by table and word by word.
func TestLacksAgainstSlow(t *testing.T) {
	type word struct {
		at   int64
		what int  // 0 announced, 1 withdrawn, 2 in a table
		gone bool // it was withdrawn when the word came, by all that was told until then
	}
	rapid.Check(t, func(t *rapid.T) {
		const end = 20000
		prefixes := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("10.0.1.0/24"), netip.MustParsePrefix("10.0.2.0/24")}
		var peers []Peer
		for i := range 3 {
			p := Peer{Peer: vantage.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}}
			for range rapid.IntRange(0, 4).Draw(t, "tables") {
				p.Snapshots4 = append(p.Snapshots4, rapid.Int64Range(0, end-1).Draw(t, "table"))
			}
			slices.Sort(p.Snapshots4)
			p.Snapshots4 = slices.Compact(p.Snapshots4)
			peers = append(peers, p)
		}
		tb := NewTable(peers, prefixes)
		said := map[[2]int][]word{}
		at := int64(0)
		for range rapid.IntRange(0, 40).Draw(t, "words") {
			if at += rapid.Int64Range(0, 1500).Draw(t, "then"); at >= end {
				break
			}
			peer, prefix, what := rapid.IntRange(0, 2).Draw(t, "peer"), rapid.IntRange(0, 2).Draw(t, "prefix"), rapid.IntRange(0, 2).Draw(t, "what")
			said[[2]int{peer, prefix}] = append(said[[2]int{peer, prefix}], word{at, what, tb.withdrawnAt(peer, prefix, at)})
			switch what {
			case 0:
				tb.Announce(at, peer, prefix, 0, 0)
			case 1:
				tb.Withdraw(at, peer, prefix, 0)
			default:
				tb.Snapshot(at, peer, prefix, 0, 0, 0)
			}
		}
		tb.Finish(end)
		for peer := range peers {
			for prefix := range prefixes {
				var want []Lack
				for i, s := range peers[peer].Snapshots4 {
					since := int64(0)
					if i > 0 {
						since = peers[peer].Snapshots4[i-1] + 1
					}
					held, told, listed := false, int64(0), false
					next := word{}
					for _, w := range said[[2]int{peer, prefix}] {
						switch {
						case w.at > s && next.at == 0:
							next = w
						case w.at > s:
						case w.what == 2:
							listed = listed || w.at >= since
							if !held && !w.gone {
								held, told = true, w.at
							}
						default:
							held, told = w.what == 0, w.at
						}
					}
					if held && told <= s-900 && s >= 900 && !listed && !(next.at > 0 && next.what == 1) && (len(want) == 0 || want[len(want)-1].Until != 0 && want[len(want)-1].Until <= s) {
						want = append(want, Lack{s, next.at})
					}
				}
				if got := tb.Lacks(peer, prefix); !slices.Equal(got, want) {
					t.Fatalf("peer %d with tables %v, prefix %d, of %v: %v, want %v", peer, peers[peer].Snapshots4, prefix, said[[2]int{peer, prefix}], got, want)
				}
			}
		}
	})
}

// withdrawnAt reports whether a route was withdrawn at or before a second, and nothing since.
func (t *Table) withdrawnAt(peer, prefix int, at int64) bool {
	return t.At(peer, prefix, at).State == RouteWithdrawn
}
