package live

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"constat/internal/durable"
)

var update = flag.Bool("update", false, "write golden files anew")

func encoded(t testing.TB, s *State) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func groupsOf() Options { return Options{Groups: 5, Group: fifths} }

// TestCheckpoint: what is read is what was written, goes on like it, and is written to
// the same bytes.
func TestCheckpoint(t *testing.T) {
	for seed := range uint64(8) {
		s, o := play(t, random(seed, 20_000), false)
		b := encoded(t, s)
		back, err := Decode(bytes.NewReader(b), groupsOf())
		if err != nil {
			t.Fatal(err)
		}
		// The group of a prefix is asked for anew, with the origin that was told last.
		for q := range o.seen {
			id, _ := s.View().Find(q)
			o.seen[q] = o.group(q, s.prefixes.list.at(uint32(id)).origin.Load())
		}
		compare(t, back, o)
		if got, want := len(back.Ledger()), len(s.Ledger()); got != want {
			t.Fatalf("%d entries in the ledger, want %d", got, want)
		}
		if !bytes.Equal(encoded(t, back), b) {
			t.Fatal("written again it has other bytes")
		}
	}
}

// TestDamaged: of a checkpoint in which any byte is another, or which is cut short
// anywhere, nothing is read.
func TestDamaged(t *testing.T) {
	s, _ := play(t, random(3, 1500), false)
	b := encoded(t, s)
	for i := range b {
		x := bytes.Clone(b)
		x[i] ^= 1 << (i % 8)
		if _, err := Decode(bytes.NewReader(x), groupsOf()); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d altered: %v", i, err)
		}
		if _, err := Decode(bytes.NewReader(b[:i]), groupsOf()); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
	}
	if _, err := Decode(bytes.NewReader(append(bytes.Clone(b), 0)), groupsOf()); !errors.Is(err, ErrDamaged) {
		t.Fatalf("a byte more: %v", err)
	}
}

// TestWriteFails: if the disk is full, the checkpoint that was there stays.
func TestWriteFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state")
	s, _ := play(t, random(4, 1500), false)
	if err := s.Write(name); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left")
	durable.Fail = func(step, _ string) error {
		if step == "flush" {
			return full
		}
		return nil
	}
	defer func() { durable.Fail = nil }()
	other, _ := play(t, random(5, 1500), false)
	if err := other.Write(name); !errors.Is(err, full) {
		t.Fatalf("%v, want %v", err, full)
	}
	back, err := Read(name, groupsOf())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, back), encoded(t, s)) {
		t.Fatal("it is not the checkpoint that was there")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(name), ".tmp-*")); len(left) > 0 {
		t.Fatalf("left behind: %v", left)
	}
}

// TestGolden: a checkpoint of format 1 is read for ever.
func TestGolden(t *testing.T) {
	const name = "testdata/state-1.checkpoint"
	s, o := play(t, random(6, 4000), false)
	if *update {
		if err := os.WriteFile(name, encoded(t, s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	back, err := Read(name, groupsOf())
	if err != nil {
		t.Fatal(err)
	}
	for q := range o.seen {
		id, _ := s.View().Find(q)
		o.seen[q] = o.group(q, s.prefixes.list.at(uint32(id)).origin.Load())
	}
	compare(t, back, o)
}

func FuzzDecode(f *testing.F) {
	s, _ := play(f, random(7, 800), false)
	f.Add(encoded(f, s))
	f.Add(encoded(f, New(Options{})))
	f.Fuzz(func(t *testing.T, b []byte) {
		// Checksums would keep nearly all inputs from being looked at: they are made
		// to fit, frame by frame.
		s, err := Decode(bytes.NewReader(sealed(b)), groupsOf())
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		again, err := Decode(bytes.NewReader(encoded(t, s)), groupsOf())
		if err != nil {
			t.Fatalf("what was read and written is not read: %v", err)
		}
		if !bytes.Equal(encoded(t, s), encoded(t, again)) {
			t.Fatal("read twice it is not the same")
		}
		v := s.View()
		for id := range PeerID(v.NumPeers()) {
			for q, r := range v.Row(id) {
				v.AppendPath(nil, id, r)
				v.Visibility(q)
			}
		}
	})
}

// sealed gives every frame of a checkpoint the checksum of its content.
func sealed(b []byte) []byte {
	b = bytes.Clone(b)
	sum := uint32(0)
	for i := len(magic); i+8 <= len(b); {
		n := int(binary.LittleEndian.Uint32(b[i:]))
		if n > len(b)-i-8 {
			break
		}
		sum = crc32.Update(sum, castagnoli, b[i+8:i+8+n])
		binary.LittleEndian.PutUint32(b[i+4:], sum)
		i += 8 + n
	}
	return b
}
