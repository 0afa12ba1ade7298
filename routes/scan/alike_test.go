package scan

import (
	"testing"

	"constat/internal/mrttest"
)

// TestSentAsItWas: a small table that is sent again as it was is one, also without an End-of-RIB; what is news is none.
func TestSentAsItWas(t *testing.T) {
	p := peersOf(1)[0]
	same, other := []uint32{64500, 64496}, []uint32{64500, 64497, 64496}
	say := func(f *mrttest.File, at int64, path []uint32, from, n int) {
		for i, q := range block(from, n) {
			f.Announce(sec(at+int64(i/20)), p, path, q.String())
		}
	}
	cases := []struct {
		name, want string
		make       func(f *mrttest.File)
	}{
		{"nearly all of it", "192.0.2.1 since 20 for 100-102 38", func(f *mrttest.File) { say(f, 100, same, 0, 38) }},
		{"and another prefix as well", "192.0.2.1 since 20 for 100-104 39", func(f *mrttest.File) {
			say(f, 100, same, 0, 38)
			f.Announce(sec(103), p, other, "10.9.0.0/24")
		}},
		{"too little of it", "", func(f *mrttest.File) { say(f, 100, same, 0, 34) }},
		{"in pieces", "", func(f *mrttest.File) {
			say(f, 100, same, 0, 20)
			say(f, 110, same, 20, 20)
		}},
		{"by another way", "", func(f *mrttest.File) { say(f, 100, other, 0, 40) }},
		{"by another way, and back", "", func(f *mrttest.File) {
			say(f, 100, other, 0, 40)
			say(f, 160, same, 0, 40)
		}},
		{"by another way, and that again", "192.0.2.1 since 200 for 300-302 40", func(f *mrttest.File) {
			say(f, 100, other, 0, 40)
			f.Announce(sec(200), p, other, "10.9.0.0/24")
			say(f, 300, other, 0, 40)
		}},
		{"a third by another way", "192.0.2.1 since 20 for 100-102 40", func(f *mrttest.File) {
			say(f, 100, same, 0, 28)
			say(f, 101, other, 28, 12)
		}},
		{"after it was withdrawn", "", func(f *mrttest.File) {
			for _, q := range block(0, 40) {
				f.Withdraw(sec(50), p, q.String())
			}
			say(f, 100, same, 0, 40)
		}},
		{"each twice", "", func(f *mrttest.File) {
			say(f, 100, same, 0, 40)
			say(f, 102, same, 0, 40)
		}},
		{"behind an opening it is that session's", "", func(f *mrttest.File) {
			f.State(sec(50), p, 6, 1).State(sec(99), p, 5, 6)
			say(f, 100, same, 0, 40)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := new(mrttest.File).Announce(sec(20), p, same, "10.9.0.0/24")
			c.make(f)
			got := mustJoin("rrc00", 600, nil, []*Scan{scan(t, 0, 600, listing(40, p)), scan(t, 600, 1200, f)})
			if again(got) != c.want {
				t.Errorf("got %q, want %q", again(got), c.want)
			}
			if err := watch(got).Check(); err != nil {
				t.Error(err)
			}
		})
	}
	// Without a snapshot nobody knows how large the table is, and a large one is told by its size alone.
	f := new(mrttest.File)
	say(f, 100, same, 0, 40)
	say(f, 300, same, 0, 40)
	if got := again(mustJoin("rrc00", 600, nil, []*Scan{scan(t, 0, 600, f)})); got != "" {
		t.Errorf("no snapshot: %q", got)
	}
	if got := again(mustJoin("rrc00", 600, nil, []*Scan{scan(t, 0, 600, listing(500, p)), scan(t, 600, 1200, f)})); got != "" {
		t.Errorf("a large table: %q", got)
	}
}
