package caselog

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/note"
)

// FuzzEntry: what is read as an entry is written as the same bytes, and its
// paths stay in its folder.
func FuzzEntry(f *testing.F) {
	b, _ := (&Entry{Format: EntryFormat, Kind: KindDocument, Time: noon, Files: []File{{Path: "acts/00003-document/x", SHA256: strings.Repeat("0", 64)}}}).encode()
	f.Add(int64(3), b)
	f.Add(int64(0), []byte(`{"format":"constat-entry/1","kind":"opened","time":"2014-12-22T12:00:00Z","data":{}}`))
	f.Fuzz(func(t *testing.T, n int64, b []byte) {
		e, err := DecodeEntry(n, b)
		if err != nil {
			return
		}
		again, err := e.encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%q is written %q (%v)", b, again, err)
		}
		for _, x := range e.Files {
			if !strings.HasPrefix(x.Path, ActFolder(n, e.Kind)+"/") || strings.Contains(x.Path, "..") {
				t.Errorf("path %q", x.Path)
			}
		}
	})
}

// FuzzCheckpoint: a note that the examiner signed is one of those it signed, and
// a checkpoint has one form.
func FuzzCheckpoint(f *testing.F) {
	k := newKey(f, "examiner.example")
	cp := Checkpoint{Origin: originPrefix + strings.Repeat("a", 64), Size: 7}
	for _, text := range []string{cp.text(), dissentHeader + "\ncase x\n"} {
		b, err := note.Sign(&note.Note{Text: text}, k)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("x\n\n— a b\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := openNote(b, k.public.verifier)
		if err != nil {
			return
		}
		c, err := parseCheckpoint(n.text)
		if err == nil && c.text() != n.text {
			t.Errorf("%q is written %q", n.text, c.text())
		}
		if n.isBy(k.public.verifier) && n.text != cp.text() && n.text != dissentHeader+"\ncase x\n" {
			t.Errorf("forged: %q", b)
		}
		parseDissent(n.text)
		parseFileSignature(n.text)
		NoteKind(b)
		CheckProof(b, k.public)
		ParsePublicKey(string(b))
	})
}

// FuzzBundle: what is split is joined to the same bytes.
func FuzzBundle(f *testing.F) {
	f.Add([]byte{0, 1, 'x', 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		es, err := splitBundle(b)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range es {
			again = appendBundle(again, e)
		}
		if !bytes.Equal(again, b) {
			t.Errorf("%x is joined to %x", b, again)
		}
	})
}

// FuzzPack: a packed case from anybody ends within its limits and hands over
// nothing but safe names.
func FuzzPack(f *testing.F) {
	for _, names := range [][]string{{"log/checkpoint"}, {"a", "b/c"}, {"../x"}} {
		var b bytes.Buffer
		z, _ := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(packWindow))
		w := tar.NewWriter(z)
		for _, n := range names {
			if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "constat-case-01234567/" + n, Size: 1}); err != nil {
				f.Fatal(err)
			}
			w.Write([]byte("x"))
		}
		w.Close()
		z.Close()
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l := Limits{Files: 100, Bytes: 1 << 20}
		var files, total int64
		err := readPack(context.Background(), bytes.NewReader(b), l, func(name string, in io.Reader) error {
			if !safePath(name) {
				t.Errorf("name %q", name)
			}
			files++
			n, err := io.Copy(io.Discard, in)
			total += n
			return err
		})
		if files > int64(l.Files) || total > l.Bytes {
			t.Errorf("%d files, %d bytes (%v)", files, total, err)
		}
	})
}

// FuzzManifest: the fast reader of manifests reads what encoding/json reads, or
// nothing.
func FuzzManifest(f *testing.F) {
	m := &Manifest{Format: ManifestFormat, Exhibits: []Exhibit{
		{Name: "a.mrt", SHA256: "00", Size: 7, Source: Source{"a", "rrc00", "11"}, Records: RecordsOf([][2]int64{{0, 3}, {1000000, 4}})},
		{Name: "b,\"records\":[[.mrt", Records: RecordsOf([][2]int64{{5, 6}})}}}
	for n := range 3 {
		b, err := encodeManifest(&Manifest{Format: m.Format, Exhibits: m.Exhibits[:n]})
		if err != nil {
			f.Fatal(err)
		}
		if _, ok := scanManifest(bytes.NewReader(b)); !ok {
			f.Errorf("what is written is not read fast: %s", b)
		}
		f.Add(b)
	}
	f.Add([]byte("{\"format\":\"x\",\"exhibits\":[\n{\"records\":[[1,2]],\"records\":[[01,2]]}\n]}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fast, ok := scanManifest(bytes.NewReader(b))
		if !ok {
			return
		}
		var slow Manifest
		if err := json.Unmarshal(b, &slow); err != nil {
			t.Fatalf("%q: read fast, and no JSON: %v", b, err)
		}
		x, err1 := json.Marshal(fast)
		y, err2 := json.Marshal(&slow)
		if err1 != nil || err2 != nil || !bytes.Equal(x, y) {
			t.Errorf("%q:\nfast %s\nslow %s", b, x, y)
		}
	})
}
