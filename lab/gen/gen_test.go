package gen_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/lab/gen"
	"constat/moment"
	"constat/wire/mrt"
)

// seedFile is an MRT file of one UPDATE with 2-byte AS numbers and one with
// 4-byte ones, written out by hand.
func seedFile() []byte {
	message := func(subtype uint16, peer, attrs []byte) []byte {
		body := append(bytes.Clone(peer), 0, 0, 0, 1)
		body = append(body, 10, 0, 0, 1, 10, 0, 0, 2)
		nlri := []byte{24, 192, 0, 2}
		body = append(body, bytes.Repeat([]byte{0xff}, 16)...)
		body = binary.BigEndian.AppendUint16(body, uint16(19+4+len(attrs)+len(nlri)))
		body = append(body, 2, 0, 0)
		body = binary.BigEndian.AppendUint16(body, uint16(len(attrs)))
		body = append(append(body, attrs...), nlri...)
		rec := binary.BigEndian.AppendUint32(nil, 1_400_000_000)
		rec = binary.BigEndian.AppendUint16(rec, 16)
		rec = binary.BigEndian.AppendUint16(rec, subtype)
		rec = binary.BigEndian.AppendUint32(rec, uint32(len(body)))
		return append(rec, body...)
	}
	narrow := []byte{0x40, 1, 1, 0, 0x40, 2, 6, 2, 2, 0xfc, 0, 0xfc, 1, 0x40, 3, 4, 10, 0, 0, 1, 0xc0, 7, 6, 0xfc, 1, 10, 0, 0, 9}
	wide := []byte{0x40, 1, 1, 0, 0x40, 2, 10, 2, 2, 0, 0, 0xfc, 0, 0, 2, 0, 0xcf, 0x40, 3, 4, 10, 0, 0, 1, 0xc0, 8, 4, 0xfc, 0, 0, 7}
	return append(message(1, []byte{0xfc, 0, 0xfc, 2}, narrow), message(4, []byte{0, 0, 0xfc, 0, 0, 0, 0xfc, 2}, wide)...)
}

func pool(t *testing.T) *gen.Pool {
	t.Helper()
	p, err := gen.ReadPool(bytes.NewReader(seedFile()))
	if err != nil {
		t.Fatal(err)
	}
	if p.Len() != 2 {
		t.Fatalf("%d announcements in the pool, want 2", p.Len())
	}
	return p
}

var shape = gen.Shape{Seed: 7, V4: 5000, V6: 1000, Peers: 40, Start: 1_767_225_600 * moment.Second, Elements: 20_000}

// tally reads what was made with the reader of the house.
type tally struct {
	records, elements, home, withdrawals, v6, complaints int
	prefixes                                             map[netip.Prefix]bool
}

func read(t *testing.T, b []byte) tally {
	t.Helper()
	home := netip.MustParsePrefix("175.45.176.0/22")
	c := tally{prefixes: map[netip.Prefix]bool{}}
	r := mrt.NewReader(bytes.NewReader(b))
	var w mrt.Walker
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return c
		}
		if err != nil {
			t.Error(err)
			c.complaints++
			continue
		}
		c.records++
		w.Record(rec)
		for w.Next() {
			e := w.Elem()
			c.elements++
			p := e.Prefix
			c.prefixes[p] = true
			if p != p.Masked() {
				t.Errorf("%s has bits beyond its length", p)
			}
			if home.Overlaps(p) {
				c.home++
			}
			if p.Addr().Is6() {
				c.v6++
			}
			if e.Kind == mrt.Withdraw {
				c.withdrawals++
			}
		}
		if err := w.Err(); err != nil {
			t.Error(err)
			c.complaints++
		}
		if c.complaints > 10 {
			t.FailNow()
		}
	}
}

func TestTable(t *testing.T) {
	var b bytes.Buffer
	st, err := gen.Table(&b, pool(t), shape)
	if err != nil {
		t.Fatal(err)
	}
	c := read(t, b.Bytes())
	if c.records != st.Records || c.elements != st.Elements || int64(b.Len()) != st.Bytes {
		t.Errorf("read %d records, %d elements, %d bytes; said to be %+v", c.records, c.elements, b.Len(), st)
	}
	if len(c.prefixes) != 6000 || c.records != 6001 {
		t.Errorf("%d prefixes in %d records, want 6000 in 6001", len(c.prefixes), c.records)
	}
	if mean := float64(c.elements) / 6000; mean < 17 || mean > 21 {
		t.Errorf("%.1f entries a prefix, want about 19", mean)
	}
	if c.home < 5*18 {
		t.Errorf("%d entries of 175.45.176.0/22, want 18 or more of each of its five prefixes", c.home)
	}
}

func TestUpdates(t *testing.T) {
	var b bytes.Buffer
	st, err := gen.Updates(&b, pool(t), shape)
	if err != nil {
		t.Fatal(err)
	}
	c := read(t, b.Bytes())
	if c.records != st.Records || c.elements != st.Elements || c.elements != shape.Elements {
		t.Errorf("read %d records, %d elements; said to be %+v", c.records, c.elements, st)
	}
	if c.withdrawals < c.elements/20 || c.withdrawals > c.elements/5 || c.v6 == 0 {
		t.Errorf("%d withdrawals and %d of IPv6 in %d", c.withdrawals, c.v6, c.elements)
	}
}

// Same seed, same bytes; on any machine, so the sum is written down.
func TestDeterministic(t *testing.T) {
	make := func(s gen.Shape) string {
		h := sha256.New()
		if _, err := gen.Table(h, pool(t), s); err != nil {
			t.Fatal(err)
		}
		if _, err := gen.Updates(h, pool(t), s); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%x", h.Sum(nil)[:8])
	}
	const want = "3bc9cfe2407ce1d9"
	if got := make(shape); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	other := shape
	other.Seed++
	if make(other) == want {
		t.Error("another seed gives the same bytes")
	}
}

// Shapes at the edges.
func TestShapes(t *testing.T) {
	for _, s := range []gen.Shape{
		{V4: 1, Peers: 1}, {V6: 1, Peers: 1}, {V4: 3, V6: 3, Peers: 1000}, {V4: 6, Peers: 2},
		{V4: 300_000, Peers: 1, Seed: 3},
	} {
		var b bytes.Buffer
		if _, err := gen.Table(&b, pool(t), s); err != nil {
			t.Fatal(err)
		}
		if c := read(t, b.Bytes()); len(c.prefixes) != s.V4+s.V6 {
			t.Errorf("%+v: %d prefixes", s, len(c.prefixes))
		}
	}
	for _, s := range []gen.Shape{{V4: 1}, {Peers: 1}, {V4: -1, Peers: 1}, {V4: 1 << 30, Peers: 1}, {V4: 1, Peers: 1, Start: -1}} {
		if _, err := gen.Table(io.Discard, pool(t), s); err == nil {
			t.Errorf("%+v was accepted", s)
		}
	}
}

func TestReadPoolRefuses(t *testing.T) {
	for name, b := range map[string][]byte{"empty": nil, "text": []byte("not MRT, but long enough for a header"), "cut": seedFile()[:50]} {
		if _, err := gen.ReadPool(bytes.NewReader(b)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Attributes of real files pass through without complaint.
func TestRealPool(t *testing.T) {
	for _, name := range realdata.Glob(t,
		"mrt/routeviews/rib.20140523.0600.first-1MB.bz2",
		"mrt/bgpdump-suite/input/bview.20020722.2337.gz",
		"mrt/ris/rrc04/2022.02/updates.*.gz") {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := decompress.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := gen.ReadPool(d)
		d.Close()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := gen.Table(&b, p, shape); err != nil {
			t.Fatal(err)
		}
		if _, err := gen.Updates(&b, p, shape); err != nil {
			t.Fatal(err)
		}
		read(t, b.Bytes())
	}
}

func FuzzReadPool(f *testing.F) {
	f.Add(seedFile())
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := gen.ReadPool(bytes.NewReader(b))
		if err != nil {
			return
		}
		s := shape
		s.V4, s.V6, s.Elements = 20, 20, 100
		if _, err := gen.Table(io.Discard, p, s); err != nil {
			t.Error(err)
		}
	})
}

var errFull = errors.New("no space left")

type full struct{ n int }

func (f *full) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestFullDisk(t *testing.T) {
	if _, err := gen.Table(&full{n: 100_000}, pool(t), shape); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}
