package caselog

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/note"
)

// TestWeakKeys: a key under which anybody can sign is none.
func TestWeakKeys(t *testing.T) {
	for _, h := range []string{
		strings.Repeat("00", 32), strings.Repeat("00", 31) + "80",
		"01" + strings.Repeat("00", 31), "01" + strings.Repeat("00", 30) + "80",
		"ec" + strings.Repeat("ff", 30) + "7f", "ec" + strings.Repeat("ff", 31),
		"ed" + strings.Repeat("ff", 30) + "7f", "ee" + strings.Repeat("ff", 31), "ff" + strings.Repeat("ff", 30) + "7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	} {
		b, err := hex.DecodeString(h)
		if err != nil {
			t.Fatal(err)
		}
		text, err := note.NewEd25519VerifierKey("ministry.example", b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParsePublicKey(text); err == nil || !strings.Contains(err.Error(), "anybody") {
			t.Errorf("%s: %v", h, err)
		}
	}
	for range 50 {
		if _, err := ParsePublicKey(newKey(t, "a.example").public.Text); err != nil {
			t.Error(err)
		}
	}
}

// TestForgedOnCheckpoint: a signature on the log's checkpoint that claims to be a
// known party's and does not hold is a fault; a true one is not unknown.
func TestForgedOnCheckpoint(t *testing.T) {
	d := open(t)
	p := newKey(t, "ministry.example")
	d.party(p)
	d.add(KindDocument, nil, "a.txt=words")
	b, _, err := countersign(t, d.dir, p, noon)
	if err != nil {
		t.Fatal(err)
	}
	honest := d.read(CheckpointName)
	d.write(CheckpointName, b)
	if a := d.must(CheckOptions{}); len(a.Unknown) > 0 || len(a.OnCheckpoint) != 1 || len(a.Cosignatures) > 0 {
		t.Errorf("unknown: %v, on the checkpoint: %v", a.Unknown, a.OnCheckpoint)
	}
	at := bytes.LastIndexByte(bytes.TrimSpace(b), ' ') + 1
	sig, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(b[at:])))
	if err != nil {
		t.Fatal(err)
	}
	sig[40] ^= 1
	d.write(CheckpointName, append(b[:at:at], base64.StdEncoding.EncodeToString(sig)+"\n"...))
	if _, err := d.check(CheckOptions{}); err == nil || !strings.HasPrefix(err.Error(), CheckpointName+": the signature by ministry.example does not hold") {
		t.Errorf("forged: %v", err)
	}
	d.write(CheckpointName, honest)
	d.must(CheckOptions{})
}

// TestOneFrame: a packed case is one frame of zstd, without anything that a
// decoder passes over, and does not unpack to hundreds of times its size.
func TestOneFrame(t *testing.T) {
	d, _ := full(t)
	b := d.pack()
	skippable := []byte("\x50\x2a\x4d\x18\x05\x00\x00\x00evil!")
	z, _ := zstd.NewWriter(nil)
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"before": {append(bytes.Clone(skippable), b...), "passed over"},
		"behind": {append(bytes.Clone(b), skippable...), "behind the packed case"},
		"empty":  {append(bytes.Clone(b), z.EncodeAll(nil, nil)...), "behind the packed case"},
		"cut":    {b[:len(b)-2], ""},
	} {
		_, err := unpackInto(t, c.b, DefaultLimits)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err := Unpack(context.Background(), iotest.OneByteReader(bytes.NewReader(c.b)), t.TempDir()+"/x", DefaultLimits); err == nil {
			t.Errorf("%s: byte by byte it was taken", name)
		}
	}
	if err := Unpack(context.Background(), iotest.OneByteReader(bytes.NewReader(b)), t.TempDir()+"/x", DefaultLimits); err != nil {
		t.Error(err)
	}
	bomb := open(t)
	bomb.add(KindDocument, nil, "zeros.bin="+strings.Repeat("\x00", 80<<20))
	packed := bomb.pack()
	if _, err := unpackInto(t, packed, DefaultLimits); err == nil || !strings.Contains(err.Error(), "times its packed size") {
		t.Errorf("%d bytes that unpack to 80 MiB: %v", len(packed), err)
	}
	if _, err := unpackInto(t, packed, Limits{Files: 1000, Bytes: 1 << 30}); err != nil {
		t.Errorf("allowed: %v", err)
	}
}

// TestWithdrawals: an examiner whose own tools withdraw what is not the
// examiner's to withdraw has a case that does not hold.
func TestWithdrawals(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a whole case for each withdrawal, on disk")
	}
	for _, c := range []struct {
		d    WithdrawnData
		want string
	}{
		{WithdrawnData{4, "Added twice."}, ""},
		{WithdrawnData{3, "It displeases."}, "signed by a party"},
		{WithdrawnData{2, "It displeases."}, "only statements"},
		{WithdrawnData{0, "It displeases."}, "opens the case"},
		{WithdrawnData{8, "Itself."}, "there is no entry"},
		{WithdrawnData{99, "Nothing."}, "there is no entry"},
		{WithdrawnData{-1, "Nothing."}, "there is no entry"},
		{WithdrawnData{4, ""}, "without a reason"},
	} {
		d, _ := full(t)
		d.add(KindWithdrawn, c.d)
		a, err := d.check(CheckOptions{})
		switch {
		case c.want == "" && (err != nil || a.Withdrawals(9)[c.d.Entry] != 8 || len(a.Withdrawals(8)) != 0):
			t.Errorf("%+v: %v", c.d, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%+v: %v", c.d, err)
		}
	}
}

// TestSealedKeys: a key with a passphrase comes back with it and with nothing
// else, whatever byte of its file is changed.
func TestSealedKeys(t *testing.T) {
	k := newKey(t, "examiner.example")
	name := t.TempDir() + "/k.key"
	if err := k.SaveSealed(name, []byte("open sesame")); err != nil {
		t.Fatal(err)
	}
	with := func(p string) func(string) ([]byte, error) {
		return func(string) ([]byte, error) { return []byte(p), nil }
	}
	back, err := LoadKeyWith(name, "", with("open sesame"))
	if err != nil || back.secret != k.secret {
		t.Fatal(err)
	}
	if _, err := LoadKeyWith(name, "", with("open barley")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("another passphrase: %v", err)
	}
	if _, err := LoadKey(name, ""); !errors.Is(err, ErrPassphrase) {
		t.Errorf("no passphrase: %v", err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !holdsPrivateKey(b) {
		t.Error("a sealed key may be added to a case")
	}
	if k.SaveSealed(name+"2", nil) == nil {
		t.Error("an empty passphrase was taken")
	}
	line := strings.TrimSuffix(string(b), "\n")
	for _, bad := range []string{"", sealedMarker, line[:len(line)-8], strings.Replace(line, " 600000 ", " 0 ", 1), strings.Replace(line, " 600000 ", " 999999999999 ", 1),
		strings.Replace(line, " 600000 ", " 600001 ", 1), line + " x", sealedMarker + " 1 AA== AA=="} {
		if _, err := unseal(bad, []byte("open sesame")); err == nil {
			t.Errorf("opened: %s", bad)
		}
	}
}

// TestManyParties: a note is checked with the keys of those whose names are in
// its signature lines, however many parties the case has.
func TestManyParties(t *testing.T) {
	d := open(t)
	var acts []*Act
	var keys []*Key
	for i := range 300 {
		k := newKey(t, fmt.Sprintf("p%d.example", i))
		keys = append(keys, k)
		acts = append(acts, &Act{Kind: KindParty, Time: noon, dir: d.dir, Data: PartyData{Name: k.public.Name, Key: k.public.Text}})
	}
	if _, _, err := d.Add(context.Background(), d.key, acts...); err != nil {
		t.Fatal(err)
	}
	a := d.must(CheckOptions{})
	b, _, err := countersign(t, d.dir, keys[250], noon)
	if err != nil {
		t.Fatal(err)
	}
	if s := a.signers(b); len(s) != 1 || s[0].Name != "p250.example" {
		t.Errorf("%d signers", len(s))
	}
	d.add(KindCosignature, nil, "a.note:note="+string(b))
	if a := d.must(CheckOptions{}); len(a.Cosignatures) != 1 || a.Cosignatures[0].Party != "p250.example" {
		t.Errorf("%v", a.Cosignatures)
	}
}
