package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/vantage"
)

// mustJoin joins scans as they are, twice, and after they were put aside: it must be
// the same.
func mustJoin(name string, cadenceS int64, missing []moment.Interval, scans []*Scan) vantage.Collector {
	var aside []*Scan
	for _, s := range scans {
		c := *s
		if err := c.Shelve(keepBytes); err != nil {
			panic(err)
		}
		if c.peers != nil || c.logged != nil {
			panic("it was not let go of")
		}
		aside = append(aside, &c)
	}
	b, err := join(name, cadenceS, missing, aside)
	if err != nil {
		panic(err)
	}
	a, err := join(name, cadenceS, missing, scans)
	if err != nil {
		panic(err)
	}
	was, _ := json.Marshal(a)
	if a, err = join(name, cadenceS, missing, scans); err != nil {
		panic(err)
	}
	if again, _ := json.Marshal(a); string(again) != string(was) {
		panic(fmt.Sprintf("joined again:\n%s\nfirst:\n%s", again, was))
	}
	is, _ := json.Marshal(b)
	if string(was) != string(is) {
		panic(fmt.Sprintf("put aside:\n%s\nin memory:\n%s", is, was))
	}
	return a
}

func keepBytes(b []byte) (func() ([]byte, error), error) {
	b = slices.Clone(b)
	return func() ([]byte, error) { return b, nil }, nil
}

// TestShelve: random files of a collector, with sessions that go and come, peers whose
// AS is not named and bursts across the border of files, give the same whether they are
// kept in memory or put aside; what was damaged meanwhile is an error.
func TestShelve(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 9))
		var scans []*Scan
		for k := range int64(1 + r.IntN(4)) {
			f := new(mrttest.File)
			for s := range int64(300) {
				p := mrttest.P(fmt.Sprintf("192.0.2.%d", 1+r.IntN(3)), []uint32{64500, 64501, 0, 23456}[r.IntN(4)])
				switch r.IntN(12) {
				case 0:
					f.State(sec(300*k+s), p, uint16(1+r.IntN(6)), uint16(1+r.IntN(6)))
				case 1, 2, 3:
					f.Announce(sec(300*k+s), p, []uint32{64500 + uint32(r.IntN(2)), 64496}, "10.0.0.0/24")
				case 4:
					f.Withdraw(sec(300*k+s), p, "10.0.0.0/24")
				}
			}
			if r.IntN(2) == 0 {
				send(f, 300*k+297, mrttest.P("192.0.2.1", 64500), 800, block(r.IntN(5000), 100+r.IntN(60_000)))
			}
			scans = append(scans, scan(t, 300*k, 300*k+300, f))
		}
		mustJoin("rrc00", 300, nil, scans)

		s := *scans[0]
		var kept []byte
		s.Shelve(func(b []byte) (func() ([]byte, error), error) {
			kept = b
			return func() ([]byte, error) { return kept, nil }, nil
		})
		all := kept
		for _, kept = range [][]byte{all[:len(all)-1], append(slices.Clone(all), 0), all[:len(all)/2]} {
			if _, err := join("rrc00", 300, nil, []*Scan{&s}); !errors.Is(err, errShelf) {
				t.Fatalf("seed %d: %v for %d of %d bytes", seed, err, len(kept), len(all))
			}
		}
	}
}
