package caselog

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestOldCases: a case of each format that was ever written is read, and holds,
// for ever. With CONSTAT_SAMPLE=DIR a new one is written there instead.
func TestOldCases(t *testing.T) {
	if to := os.Getenv("CONSTAT_SAMPLE"); to != "" {
		d, _ := full(t)
		if err := os.CopyFS(to, os.DirFS(d.dir)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+".tar.zst", d.pack(), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	dir := filepath.Join("testdata", "case-1")
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	check := func(d *desk) *Account {
		a := d.must(CheckOptions{})
		if a.Checkpoint.Size != 8 || a.Files != 11 || len(a.Cosignatures) != 1 || len(a.Dissents) != 1 || len(a.Signed) != 1 {
			t.Errorf("%+v", a)
		}
		return a
	}
	check(&desk{t, c, nil, noon})
	b, err := os.ReadFile(dir + ".tar.zst")
	if err != nil {
		t.Fatal(err)
	}
	to, err := unpackInto(t, b, DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = Open(to); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := check(&desk{t, c, nil, noon}).Pack(context.Background(), &again); err != nil {
		t.Fatal(err)
	}
	// The compressor may choose other bytes in another version; what is in the
	// pack may not.
	to2, err := unpackInto(t, again.Bytes(), DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files(t, to) {
		x, _ := os.ReadFile(filepath.Join(to, name))
		y, _ := os.ReadFile(filepath.Join(to2, name))
		if !bytes.Equal(x, y) {
			t.Errorf("%s differs", name)
		}
	}
}
