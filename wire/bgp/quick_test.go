package bgp

import (
	"slices"
	"strconv"
	"testing"
)

// The ways through a path and a list of attributes that go over bytes are
// judged here by slow ones that go segment by segment and attribute by
// attribute.

func slowAppend(p Path, dst []uint32) []uint32 {
	for {
		s, rest, ok := p.Cut()
		if !ok {
			return dst
		}
		for i := range s.Len() {
			dst = append(dst, s.At(i))
		}
		p = rest
	}
}

func slowText(p Path) string {
	out := ""
	for i := 0; ; i++ {
		s, rest, ok := p.Cut()
		if !ok {
			return out
		}
		if i > 0 {
			out += " "
		}
		marks := [...][3]string{SegSet: {"{", ",", "}"}, SegSequence: {"", " ", ""}, SegConfedSequence: {"(", " ", ")"}, SegConfedSet: {"[", ",", "]"}}[s.Type]
		out += marks[0]
		for k := range s.Len() {
			if k > 0 {
				out += marks[1]
			}
			out += strconv.FormatUint(uint64(s.At(k)), 10)
		}
		out += marks[2]
		p = rest
	}
}

// slowOrigins are the last AS or the last set of a path, confederations aside.
func slowOrigins(p Path) (out []uint32) {
	for {
		s, rest, ok := p.Cut()
		if !ok {
			return out
		}
		p = rest
		if s.Type != SegSequence && s.Type != SegSet {
			continue
		}
		if s.Type == SegSequence && s.Len() == 0 {
			continue // says nothing
		}
		out = nil
		for i := range s.Len() {
			out = append(out, s.At(i))
		}
		if s.Type == SegSequence {
			out = out[len(out)-1:]
		}
	}
}

// checkPathWays compares every way through a path, whatever its bytes.
func checkPathWays(t *testing.T, p Path) {
	t.Helper()
	want := slowAppend(p, []uint32{7})
	if got := p.Append([]uint32{7}); !slices.Equal(got, want) {
		t.Fatalf("%x: Append %v, by segments %v", p.b, got, want)
	}
	if got := p.Append(append(make([]uint32, 0, 600), 7)); !slices.Equal(got, want) {
		t.Fatalf("%x: Append with room %v, by segments %v", p.b, got, want)
	}
	if got, want := string(p.AppendText(nil)), slowText(p); got != want {
		t.Fatalf("%x: AppendText %q, by segments %q", p.b, got, want)
	}
	if got, want := p.HasZero(), slices.Contains(want[1:], 0); got != want {
		t.Fatalf("%x: HasZero %v", p.b, got)
	}
	if got, want := p.AppendOrigins([]uint32{7}), slowOrigins(p); !slices.Equal(got[1:], want) {
		t.Fatalf("%x: AppendOrigins %v, by segments %v", p.b, got, want)
	}
	for _, as := range []uint32{0, 1, 64500, ASTrans, 131279, want[len(want)-1]} {
		if got, want := p.Has(as), slices.Contains(want[1:], as); got != want {
			t.Fatalf("%x: Has(%d) %v", p.b, as, got)
		}
	}
}

// checkAppendPath4 compares the path appended at once with the path found and
// then appended.
func checkAppendPath4(t *testing.T, b []byte) {
	t.Helper()
	if got, want := AppendPath4(nil, b), slowAppend(FindPath4(b), nil); !slices.Equal(got, want) {
		t.Fatalf("%x: AppendPath4 %v, found first %v", b, got, want)
	}
}

// slowFaults counts what is wrong with attributes without MP attributes among
// them; false if there are some.
func slowFaults(b []byte, as4 bool) (n int, ok bool) {
	met := map[byte]bool{}
	for len(b) > 0 {
		head := 3
		if b[0]&FlagExtended != 0 {
			head = 4
		}
		if len(b) < 3 || len(b) < head {
			return n + 1, true
		}
		size := int(b[2])
		if head == 4 {
			size = int(be16(b[2:]))
		}
		if len(b) < head+size {
			return n + 1, true
		}
		flags, code, v := b[0], b[1], b[head:head+size]
		b = b[head+size:]
		if code == AttrMPReach || code == AttrMPUnreach {
			return 0, false
		}
		act, _, _ := checkAttr(flags, code, v, as4)
		if met[code] || act != 0 {
			n++
		}
		met[code] = true
	}
	return n, true
}

func checkFaults(t *testing.T, attrs []byte, as4 bool) {
	t.Helper()
	want, ok := slowFaults(attrs, as4)
	if !ok || len(attrs) > 0xffff {
		return
	}
	var u Update
	u.Parse(cat([]byte{0, 0, byte(len(attrs) >> 8), byte(len(attrs))}, attrs), as4)
	if _, n := u.Err(); n != want {
		t.Fatalf("%x: %d faults, one by one %d", attrs, n, want)
	}
	if found := findPath(attrs, as4); u.Path().String() != found.String() && found.Check() == nil {
		t.Fatalf("%x: path %v, by itself %v", attrs, u.Path(), found)
	}
	if got, want := u.AppendPath(nil), slowAppend(u.Path(), nil); !slices.Equal(got, want) {
		t.Fatalf("%x: AppendPath %v, by segments %v", attrs, got, want)
	}
}

// TestQuickWays takes every code with right and wrong flags and lengths.
func TestQuickWays(t *testing.T) {
	origin := attr(0x40, AttrOrigin, 0)
	for code := range 256 {
		for _, flags := range []byte{0, 0x40, 0x80, 0xc0, 0x50, 0x90, 0xd0, 0xe0, 0x4f} {
			for n := range 26 {
				a := []byte{flags, byte(code), byte(n)}
				if flags&FlagExtended != 0 {
					a = []byte{flags, byte(code), 0, byte(n)}
				}
				a = append(a, slices.Repeat([]byte{2, 1, 0, 1}, 8)[:n]...)
				for _, as4 := range []bool{true, false} {
					checkFaults(t, a, as4)
					checkFaults(t, cat(origin, a, attr(0x40, AttrNextHop, 1, 2, 3, 4)), as4)
					checkFaults(t, cat(a, a), as4)
					checkFaults(t, cat(a, a[:min(len(a), 5)]), as4)
				}
				checkAppendPath4(t, a)
				checkAppendPath4(t, cat(origin, a))
				checkAppendPath4(t, cat(attr(0x40, AttrOrigin, 2), a, a)[:4+len(a)])
			}
		}
	}
	for _, size := range []int{2, 4} {
		var b []byte
		for n := range 12 {
			as := make([]uint32, n)
			for i := range as {
				as[i] = uint32(i*i*i) + 1
			}
			b = append(b, seg(byte(n%4)+1, size, as...)...)
			for cut := range b {
				checkPathWays(t, Path{b[:cut], size})
			}
			checkPathWays(t, Path{seg(SegSequence, size, as...), size})
			if size == 4 {
				one := seg(SegSequence, 4, as...)
				checkAppendPath4(t, cat(origin, attr(0x40, AttrASPath, one...)))
				checkAppendPath4(t, cat(attr(0x40, AttrNextHop, 1, 2, 3, 4), attr(0x50, AttrASPath, one...)))
			}
		}
	}
}
