package block

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// oracle is a set of addresses as an array of bits, over the last 12 bits of a
// block of either family.
const oracleBits = 12

type oracle struct {
	base netip.Prefix
	bits [1 << oracleBits]bool
}

func (o *oracle) at(p netip.Prefix) (first, n int) {
	a := p.Addr().As16()
	first = (int(a[14])<<8 | int(a[15])) & (1<<oracleBits - 1)
	return first, 1 << (p.Addr().BitLen() - p.Bits())
}

func (o *oracle) set(p netip.Prefix) {
	first, n := o.at(p)
	for i := range n {
		o.bits[first+i] = true
	}
}

// blocks counts the maximal aligned blocks in the slow, obvious way: an aligned
// block that is full and whose parent is not.
func (o *oracle) blocks() int {
	full := func(first, n int) bool { return !slices.Contains(o.bits[first:first+n], false) }
	count := 0
	for n := 1; n <= 1<<oracleBits; n *= 2 {
		for first := 0; first < 1<<oracleBits; first += n {
			up := first &^ (2*n - 1)
			if full(first, n) && (n == 1<<oracleBits || !full(up, 2*n)) {
				count++
			}
		}
	}
	return count
}

var bases = []netip.Prefix{netip.MustParsePrefix("10.1.16.0/20"), netip.MustParsePrefix("2001:db8::1:2000/116")}

// someBlock is a block inside a base.
func someBlock(r *rand.Rand, base netip.Prefix) netip.Prefix {
	long := base.Addr().BitLen()
	bits := long - int(float64(oracleBits)*r.Float64()*r.Float64())
	a := base.Addr().AsSlice()
	x := r.IntN(1 << oracleBits)
	a[len(a)-2] |= byte(x >> 8)
	a[len(a)-1] |= byte(x)
	addr, _ := netip.AddrFromSlice(a)
	return netip.PrefixFrom(addr, bits).Masked()
}

// TestAggregateOracle: 10,000 random sets of both families are equal to the set of
// bits, and as few as its maximal blocks.
func TestAggregateOracle(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	sets := 10000
	if testing.Short() {
		sets = 500
	}
	for range sets {
		var ps []netip.Prefix
		var os [2]oracle
		for f, base := range bases {
			os[f].base = base
			// Few large ones, or many small ones that touch each other.
			n := r.IntN(40)
			dense := r.IntN(2) == 0
			if dense {
				n = r.IntN(400)
			}
			for range n {
				p := someBlock(r, base)
				ps = append(ps, p)
				os[f].set(p)
			}
		}
		r.Shuffle(len(ps), func(i, j int) { ps[i], ps[j] = ps[j], ps[i] })
		got := Aggregate(ps)
		var have [2]oracle
		var count [2]int
		for _, p := range got {
			f := 0
			if p.Addr().Is6() {
				f = 1
			}
			if first, n := have[f].at(p); slices.Contains(have[f].bits[first:first+n], true) {
				t.Fatalf("%v: %s overlaps another block", ps, p)
			}
			have[f].set(p)
			count[f]++
		}
		for f := range bases {
			if have[f].bits != os[f].bits {
				t.Fatalf("%v: %v is another set of addresses", ps, got)
			}
			if want := os[f].blocks(); count[f] != want {
				t.Fatalf("%v: %d blocks, %d are enough", ps, count[f], want)
			}
		}
		if !slices.IsSortedFunc(got, compare) {
			t.Fatalf("%v is not in order", got)
		}
	}
}

// TestLargestOracle: no other k blocks inside the set hold more addresses.
func TestLargestOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var ps []netip.Prefix
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			ps = append(ps, someBlock(r, bases[0]))
		}
		all := Aggregate(ps)
		k := rapid.IntRange(1, 10).Draw(t, "k")
		kept, left := Largest(all, k)
		if len(kept) > k || len(kept)+len(left) != len(all) {
			t.Fatalf("%d kept, %d left of %d", len(kept), len(left), len(all))
		}
		if got := SizeOf(kept).V4 + SizeOf(left).V4; got != SizeOf(all).V4 {
			t.Fatalf("%d addresses of %d", got, SizeOf(all).V4)
		}
		for _, a := range kept {
			for _, b := range left {
				if b.Bits() < a.Bits() {
					t.Fatalf("%s was left and %s kept", b, a)
				}
			}
		}
	})
}

func TestAggregateWhole(t *testing.T) {
	t.Parallel()
	got := Aggregate([]netip.Prefix{netip.MustParsePrefix("128.0.0.0/1"), netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("8000::/1"), netip.MustParsePrefix("::/1")})
	if len(got) != 2 || got[0].String() != "0.0.0.0/0" || got[1].String() != "::/0" {
		t.Error(got)
	}
	if s := SizeOf(got); s.V4 != 1<<32 || s.String() != "4294967296 IPv4 addresses, 281474976710656 IPv6 /48" {
		t.Error(s)
	}
	if got := Aggregate(nil); len(got) != 0 {
		t.Error(got)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"192.0.2.1/24":        "block 1, 192.0.2.1/24: host bits are set; the block is 192.0.2.0/24",
		"::ffff:192.0.2.0/96": "block 1, ::ffff:192.0.2.0/96: an IPv4 address written as IPv6; write it as IPv4",
	} {
		if err := Check([]netip.Prefix{netip.MustParsePrefix(text)}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	if err := Check([]netip.Prefix{{}}); err == nil {
		t.Error("no prefix at all")
	}
	if err := Check(bases); err != nil {
		t.Error(err)
	}
	over := Overlaps([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("10.1.2.0/24"), netip.MustParsePrefix("11.0.0.0/8"), netip.MustParsePrefix("11.0.0.0/8")})
	if len(over) != 3 || over[1][0].String() != "10.0.0.0/8" || over[2][1].String() != "11.0.0.0/8" {
		t.Error(over)
	}
}

// inside lists all routes of up to some length inside a block.
func inside(p netip.Prefix, longest int) []netip.Prefix {
	out := []netip.Prefix{p}
	if p.Bits() < longest {
		a := netip.PrefixFrom(p.Addr(), p.Bits()+1)
		b := a.Addr().AsSlice()
		b[p.Bits()/8] |= 0x80 >> (p.Bits() % 8)
		addr, _ := netip.AddrFromSlice(b)
		out = append(out, inside(a, longest)...)
		out = append(out, inside(netip.PrefixFrom(addr, p.Bits()+1), longest)...)
	}
	return out
}

// TestRoutesOracle: of all routes of a /24 and a /120 exactly the given ones are on
// the list, and exactly those that lie within the given ones.
func TestRoutesOracle(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	rounds := 300
	if testing.Short() {
		rounds = 50
	}
	for _, base := range []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/120")} {
		all := inside(base, base.Addr().BitLen())
		for range rounds {
			share := r.Float64()
			level := base.Bits() + r.IntN(7)
			var some []netip.Prefix
			given := map[netip.Prefix]bool{}
			for _, p := range all {
				near := p.Bits() == level || p.Bits() == level+1
				if near && r.Float64() < share || r.IntN(200) == 0 {
					some = append(some, p)
					given[p] = true
				}
			}
			list, within := Routes(some), Within(some)
			if len(list) > len(some) {
				t.Fatalf("%d lines for %d routes", len(list), len(some))
			}
			ix, wix := NewIndex(list), NewIndex(within)
			joined := map[netip.Prefix]int{}
			Join(list, len(all), func(i int) netip.Prefix { return all[i] }, func(i, _ int) { joined[all[i]]++ })
			for _, p := range all {
				n := 0
				for _, l := range list {
					if l.Has(p) {
						n++
					}
				}
				if (n == 1) != given[p] || n > 1 || joined[p] != n || ix.Has(p) != given[p] {
					t.Fatalf("%v: %s is on %d lines of %v", some, p, n, list)
				}
				covered := true
				for _, h := range inside(p, p.Addr().BitLen()) {
					if h.Bits() == p.Addr().BitLen() {
						covered = covered && slices.ContainsFunc(some, func(q netip.Prefix) bool { return contains(q, h) })
					}
				}
				if wix.Has(p) != covered {
					t.Fatalf("%v: %s lies within them: %v; %v", some, p, covered, within)
				}
			}
		}
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	var four []netip.Prefix
	for _, s := range []string{"175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"} {
		four = append(four, netip.MustParsePrefix(s))
	}
	if got := Routes(four); len(got) != 1 || got[0].String() != "175.45.176.0/22 ge 24 le 24" {
		t.Error(got)
	}
	if got := Routes(append(four, netip.MustParsePrefix("175.45.176.0/22"))); len(got) != 2 {
		t.Error(got)
	}
	if got := Routes(append(four, netip.MustParsePrefix("175.45.176.0/23"), netip.MustParsePrefix("175.45.178.0/23"))); len(got) != 1 || got[0].String() != "175.45.176.0/22 ge 23 le 24" {
		t.Error(got)
	}
	if got := Within(four); len(got) != 1 || got[0].String() != "175.45.176.0/22 le 32" {
		t.Error(got)
	}
}
