package caselog

import (
	"strings"
	"testing"
)

// TestOneOrder: the files of an entry are in one order, so that there are not two forms of it.
func TestOneOrder(t *testing.T) {
	x := File{Path: "acts/00001-document/a", SHA256: strings.Repeat("0", 64)}
	y := x
	y.Path = "acts/00001-document/b"
	for _, files := range [][]File{{x, y}, {y, x}} {
		e := &Entry{Format: EntryFormat, Kind: KindDocument, Files: files}
		b, err := e.encode()
		if err != nil {
			t.Fatal(err)
		}
		_, err = DecodeEntry(1, b)
		if sorted := files[0] == x; sorted && err != nil || !sorted && (err == nil || !strings.Contains(err.Error(), "sorted by path")) {
			t.Errorf("%v: %v", files, err)
		}
	}
}

// TestLongReason: a dissent with a longer reason than one can write with this program
// is refused when it is added, and so stops nothing later.
func TestLongReason(t *testing.T) {
	head := "constat-dissent/1\ncase " + originPrefix + strings.Repeat("0", 64) + "\nsize 1\nroot " + strings.Repeat("A", 43) + "=\ntime 2020-01-01T00:00:00Z\n\n"
	for n, ok := range map[int]bool{1: true, MaxReason: true, MaxReason + 1: false} {
		_, err := parseDissent(head + strings.Repeat("x", n) + "\n")
		if ok != (err == nil) {
			t.Errorf("a reason of %d bytes: %v", n, err)
		}
	}
}
