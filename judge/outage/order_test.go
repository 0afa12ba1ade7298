package outage

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestByTime: the order is that of a stable sort, of few and of many, of near times and of
// those that are as far apart as numbers go.
func TestByTime(t *testing.T) {
	type thing struct {
		at int64
		n  int
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		all := make([]thing, r.IntN(200))
		span := []int64{3, 1000, math.MaxInt64}[r.IntN(3)]
		for i := range all {
			all[i] = thing{r.Int64N(span) - r.Int64N(span), i}
		}
		if r.IntN(4) == 0 {
			slices.SortStableFunc(all, func(a, b thing) int { return cmp.Compare(a.at, b.at) })
		}
		want := slices.Clone(all)
		slices.SortStableFunc(want, func(a, b thing) int { return cmp.Compare(a.at, b.at) })
		if got := byTime(all, func(x *thing) int64 { return x.at }); !slices.Equal(got, want) {
			t.Fatalf("%v\nwant %v", got, want)
		}
	}
}

// TestLevels: whether what changes is counted by its second or sorted, at each second the
// routes are those that looking at each carrier finds.
func TestLevels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	states := []State{Unknown, Absent, Held, Covered, Lost, Replaced}
	dense := 0
	for range 300 {
		f := &finder{in: Input{End: 1000, Peers: make([]Peer, 6)}}
		steps := r.IntN(40)
		for p := range 4 {
			var cs []Carrier
			for peer := range 6 {
				c := Carrier{Peer: peer}
				for at := int64(r.IntN(50)); len(c.Steps) < steps && at < 900; at += int64(1 + r.IntN(40)) {
					c.Steps = append(c.Steps, Step{At: at, State: states[r.IntN(len(states))]})
				}
				cs = append(cs, c)
			}
			f.in.Prefixes = append(f.in.Prefixes, Prefix{Carriers: cs})
			f.like = append(f.like, p)
		}
		of := []int{0, 2, 3}
		from := int64(1 + r.IntN(300))
		until := from + int64(1+r.IntN(600))
		levels := f.levels(of, from, until)
		changes := map[int64]bool{}
		count := 0
		for _, p := range of {
			for _, c := range f.in.Prefixes[p].Carriers {
				for _, s := range c.Steps {
					if s.At > from && s.At < until {
						changes[s.At] = true
						count++
					}
				}
			}
		}
		if count >= 64 && (until-from)/8 < int64(count) {
			dense++
		}
		if len(levels) != len(changes)+1 {
			t.Fatalf("%d levels, want one at the start and one at each of %d seconds", len(levels), len(changes))
		}
		i := 0
		for at := from; at < until; at++ {
			if i+1 < len(levels) && levels[i+1].at == at {
				i++
			}
			want := level{at: levels[i].at}
			for _, p := range of {
				for _, c := range f.in.Prefixes[p].Carriers {
					if s := c.at(at); s.counted() {
						want.of++
						if s.gone() {
							want.lost++
						}
					}
				}
			}
			if levels[i] != want {
				t.Fatalf("at %d: %+v, want %+v", at, levels[i], want)
			}
		}
	}
	if dense < 50 {
		t.Fatalf("only %d of the cases have many changes", dense)
	}
}
