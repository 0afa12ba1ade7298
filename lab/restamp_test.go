package lab

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"constat/wire/mrt"
)

// record builds an MRT record; body is what follows the header.
func record(sec uint32, typ, subtype uint16, body ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, sec)
	b = binary.BigEndian.AppendUint16(b, typ)
	b = binary.BigEndian.AppendUint16(b, subtype)
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	return append(b, body...)
}

func u32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func TestRestamp(t *testing.T) {
	build := func(at func(uint32) uint32) []byte {
		return slices.Concat(
			record(at(1000), mrt.TypeTableDumpV2, 1, 192, 0, 2, 1, 0, 0, 0, 0),
			// One prefix, two routes, of which the second came earlier.
			record(at(1001), mrt.TypeTableDumpV2, 2, slices.Concat(
				u32(0), []byte{24, 175, 45, 176}, []byte{0, 2},
				[]byte{0, 0}, u32(at(990)), []byte{0, 3, 1, 2, 3},
				[]byte{0, 1}, u32(at(7)), []byte{0, 0},
			)...),
			// ADD-PATH: the path identifier looks like a time and is none.
			record(at(1001), mrt.TypeTableDumpV2, 8, slices.Concat(
				u32(1), []byte{0}, []byte{0, 1}, []byte{0, 0}, u32(at(999)), u32(999), []byte{0, 1, 0xff},
			)...),
			record(at(1002), mrt.TypeBGP4MP, 5, u32(1002)...),
			record(at(1002), mrt.TypeBGP4MPET, 4, slices.Concat(u32(999_999), u32(1002))...),
			record(at(900), mrt.TypeBGP4MP, 4), // disorder stays
		)
	}
	b := build(func(s uint32) uint32 { return s })
	if err := Restamp(b, func(s uint32) uint32 { return s + 3600 }); err != nil {
		t.Fatal(err)
	}
	if want := build(func(s uint32) uint32 { return s + 3600 }); !bytes.Equal(b, want) {
		t.Errorf("got  %x\nwant %x", b, want)
	}
}

func TestRestampDamage(t *testing.T) {
	good := record(1, mrt.TypeTableDumpV2, 2, slices.Concat(u32(0), []byte{8, 10}, []byte{0, 1}, []byte{0, 0}, u32(1), []byte{0, 1, 9})...)
	same := func(s uint32) uint32 { return s }
	if err := Restamp(slices.Clone(good), same); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(good); i++ {
		if err := Restamp(slices.Clone(good[:i]), same); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut at %d: %v", i, err)
		}
		// The same with a length that fits what is left.
		if i > mrt.HeaderLen {
			c := slices.Clone(good[:i])
			binary.BigEndian.PutUint32(c[8:], uint32(i-mrt.HeaderLen))
			if err := Restamp(c, same); !errors.Is(err, ErrDamaged) {
				t.Errorf("shortened to %d: %v", i, err)
			}
		}
	}
	for _, b := range [][]byte{record(1, 11, 0), record(1, mrt.TypeTableDumpV2, 6), append(slices.Clone(good), 1)} {
		if err := Restamp(b, same); !errors.Is(err, ErrDamaged) {
			t.Errorf("%x: %v", b, err)
		}
	}
}

// FuzzRestamp: no input makes it panic, and times are all it changes.
func FuzzRestamp(f *testing.F) {
	f.Add(record(1, mrt.TypeBGP4MP, 4, 1, 2, 3))
	f.Add(record(1, mrt.TypeTableDumpV2, 2, slices.Concat(u32(0), []byte{8, 10}, []byte{0, 1}, []byte{0, 0}, u32(1), []byte{0, 1, 9})...))
	f.Fuzz(func(t *testing.T, b []byte) {
		was := slices.Clone(b)
		if Restamp(b, func(s uint32) uint32 { return s + 1 }) == nil && Restamp(b, func(s uint32) uint32 { return s - 1 }) == nil && !bytes.Equal(b, was) {
			t.Errorf("there and back again: %x became %x", was, b)
		}
		_, _ = changes("x", b, nil)
	})
}

func TestClock(t *testing.T) {
	m := &moment{}
	c := clock{{at: 100_000, played: 1000, moment: m}, {at: 103_600, played: 1005, moment: m}, {at: 103_610, played: 1015, moment: m}}
	for in, want := range map[uint32]uint32{1000: 100_000, 1004: 100_004, 1005: 103_600, 1014: 103_609, 1015: 103_610, 1020: 103_615, 990: 99_990} {
		if got := c.at(in); got != want {
			t.Errorf("%d: got %d, want %d", in, got, want)
		}
	}
	if err := c.check(); err != nil {
		t.Error(err)
	}
	c[2].at--
	if c.check() == nil {
		t.Error("time went backwards unnoticed")
	}
}
