package scan

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand"
	"testing"
	"testing/iotest"
)

// TestContentWithoutTimes: records are the same whatever times they are stamped with, and
// nothing else of them may differ; what is no MRT is summed up byte by byte.
func TestContentWithoutTimes(t *testing.T) {
	record := func(at uint32, kind uint16, body string) []byte {
		b := binary.BigEndian.AppendUint32(nil, at)
		b = binary.BigEndian.AppendUint16(b, kind)
		b = binary.BigEndian.AppendUint16(b, 4)
		b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
		return append(b, body...)
	}
	file := func(shift uint32, micro string, last string) []byte {
		return bytes.Join([][]byte{record(100+shift, 16, "first of all"), record(101+shift, 17, micro+"with microseconds"), record(102+shift, 13, ""), record(103+shift, 16, last)}, nil)
	}
	sum := func(b []byte, chop bool) content {
		t.Helper()
		var r io.Reader = bytes.NewReader(b)
		if chop {
			r = iotest.OneByteReader(r)
		}
		c := newContents(r)
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatal(err)
		}
		return c.sum()
	}
	one := sum(file(0, "\x00\x00\x00\x01", "last"), false)
	for name, c := range map[string]struct {
		b    []byte
		same bool
	}{
		"a second later":         {file(1, "\x00\x00\x00\x01", "last"), true},
		"a year later":           {file(31_536_000, "\x00\x00\x00\x01", "last"), true},
		"other microseconds":     {file(0, "\x00\x01\x00\x01", "last"), true},
		"another message":        {file(1, "\x00\x00\x00\x01", "lost"), false},
		"a byte more":            {append(file(1, "\x00\x00\x00\x01", "last"), 0), false},
		"a record cut short":     {file(1, "\x00\x00\x00\x01", "last")[:80], false},
		"another kind of record": {bytes.Replace(file(0, "\x00\x00\x00\x01", "last"), []byte{0, 16, 0, 4}, []byte{0, 17, 0, 4}, 1), false},
	} {
		if got := sum(c.b, false); (got == one) != c.same {
			t.Errorf("%s: the same is %v, want %v", name, got == one, c.same)
		}
		if got := sum(c.b, true); (got == one) != c.same {
			t.Errorf("%s, byte by byte: the same is %v, want %v", name, got == one, c.same)
		}
	}
	text := []byte("BGP4MP|1457611200|W|192.0.2.1|64500|198.51.100.0/24\nBGP4MP|1457611201|W|192.0.2.1|64500|198.51.101.0/24\n")
	r := rand.New(rand.NewSource(1))
	for range 100 {
		other := bytes.Clone(text)
		other[4+r.Intn(len(text)-4)] ^= 1
		if sum(text, false) == sum(other, true) {
			t.Errorf("one text is another: %q", other)
		}
	}
}
