package caselog

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

// station is a witness for tests.
type station struct {
	t     *testing.T
	key   *Key
	dir   string
	known []PublicKey
}

func (w *station) add(request []byte) ([]byte, []byte, error) {
	return AddCheckpoint(context.Background(), w.key, w.known, request, noon, w.dir)
}

func (w *station) must(d *desk, old int64) []byte {
	w.t.Helper()
	line, b, err := w.add(request(w.t, d, old))
	if err != nil {
		w.t.Fatal(err)
	}
	if want := append(bytes.Clone(d.read(CheckpointName)), line...); !bytes.Equal(b, want) {
		w.t.Errorf("the cosigned checkpoint is not the checkpoint with the line behind it:\n%s\n%s", b, want)
	}
	return b
}

func request(t *testing.T, d *desk, old int64) []byte {
	t.Helper()
	l, err := ReadLog(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.WitnessRequest(old)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestWitness: a witness follows a case, also over a change of its key, and
// signs no rollback and no fork of it, by whichever verb it is asked.
func TestWitness(t *testing.T) {
	d := open(t)
	w := &station{t, newKey(t, "witness.example"), filepath.Join(t.TempDir(), "seen"), []PublicKey{d.key.public}}
	first := w.must(d, 0)
	w.must(d, 1) // the same again, with a proof of nothing
	d.add(KindDocument, nil, "a.txt=a")
	d.add(KindDocument, nil, "b.txt=b")
	fork := d.copy()
	d.add(KindDocument, nil, "c.txt=c")
	early := d.copy()
	w.must(d, 1)
	d.add(KindDocument, nil, "d.txt=d")
	fork.add(KindDocument, nil, "not-c.txt=c")
	fork.add(KindDocument, nil, "not-d.txt=d")

	status := func(what string, request []byte, want int, text string) {
		t.Helper()
		before, _ := os.ReadFile(filepath.Join(w.dir, strings.TrimPrefix(d.Origin, originPrefix)+".note"))
		_, _, err := w.add(request)
		var no *Refusal
		if !errors.As(err, &no) || no.Status != want || !strings.Contains(err.Error(), text) || want == 409 && no.Size != 4 {
			t.Errorf("%s: %+v", what, err)
		}
		if after, _ := os.ReadFile(filepath.Join(w.dir, strings.TrimPrefix(d.Origin, originPrefix)+".note")); !bytes.Equal(before, after) {
			t.Errorf("%s: refused, and what is kept changed", what)
		}
	}
	good := request(t, d, 4)
	status("a fork", request(t, fork, 4), 422, "forked or rewritten")
	status("a rollback", request(t, early, 3), 409, "last at 4 entries")
	status("from nothing again", request(t, d, 0), 409, "last at 4 entries")
	status("a rollback as it is", bytes.Replace(request(t, early, 3), []byte("old 3"), []byte("old 5"), 1), 400, "grows from 5 entries to 4")
	status("no proof", append([]byte("old 4\n\n"), d.read(CheckpointName)...), 422, "forked or rewritten")
	status("another log", bytes.Replace(good, []byte(originPrefix), []byte("example.com/"), 1), 404, "not the log of a case")
	status("a forged signature", forgeLast(good), 403, "forged")
	status("a stranger's", func() []byte {
		b, err := note.Sign(&note.Note{Text: noteText(d.read(CheckpointName))}, newKey(t, "mallory.example"))
		if err != nil {
			t.Fatal(err)
		}
		return append([]byte("old 4\n\n"), b...)
	}(), 403, "none of the examiners' keys")
	for _, bad := range []string{"", "old 4", "old 04\n\n", "old -1\n\n", "old 4\nAAAA\n\n", "old 4\n" + strings.Repeat("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 64) + "\n", "old 4\n\n" + originPrefix + "x\n"} {
		status("malformed", []byte(bad), 400, "")
	}

	// countersign has the same memory.
	if _, err := mustLog(t, fork).Witness(context.Background(), w.key, noon, w.dir); err == nil {
		t.Error("countersigned a fork of what was cosigned")
	}
	w.must(d, 4)
	next := d.rotate("examiner.example")
	if _, _, err := w.add(request(t, d, 5)); err == nil {
		t.Error("cosigned under a key that the witness does not know")
	}
	w.known = append(w.known, next.public)
	last := w.must(d, 5)
	d.must(CheckOptions{Checkpoints: []Held{{Name: "first", Bytes: first}, {Name: "last", Bytes: last}}})

	// A memory that was tampered with is none.
	if err := os.WriteFile(filepath.Join(w.dir, strings.TrimPrefix(d.Origin, originPrefix)+".note"), d.read(CheckpointName), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.add(request(t, d, 6)); err == nil || !strings.Contains(err.Error(), "which should be what this key cosigned") {
		t.Errorf("%v", err)
	}
}

func mustLog(t *testing.T, d *desk) *Log {
	t.Helper()
	l, err := ReadLog(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func noteText(b []byte) string {
	text, _, _ := strings.Cut(string(b), "\n\n")
	return text + "\n"
}

// forgeLast changes the last signature of a note.
func forgeLast(b []byte) []byte {
	b = bytes.Clone(b)
	if i := len(b) - 10; b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return b
}

// TestQuorum: cosignatures count once for each witness, wherever they lie, and
// must reach to the end of the case but for what witnesses added themselves.
func TestQuorum(t *testing.T) {
	d := open(t)
	var ws []*station
	var keys []PublicKey
	for _, name := range []string{"w1.example", "w2.example", "w3.example"} {
		w := &station{t, newKey(t, name), filepath.Join(t.TempDir(), "seen"), []PublicKey{d.key.public}}
		ws, keys = append(ws, w), append(keys, w.key.public)
	}
	d.add(KindDocument, nil, "a.txt=a")
	quorum := func(k int, want string, held ...[]byte) *Account {
		t.Helper()
		o := CheckOptions{Witnesses: keys, Quorum: k}
		for _, h := range held {
			o.Checkpoints = append(o.Checkpoints, Held{Name: "held", Bytes: h})
		}
		a, err := d.check(o)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("quorum %d: %v", k, err)
		}
		return a
	}
	quorum(1, "1 of 3 witnesses must have cosigned the first 2 entries, and they cosigned: w1.example 0, w2.example 0, w3.example 0")
	quorum(4, "3 were given")
	one, two := ws[0].must(d, 0), ws[1].must(d, 0)
	if a := quorum(1, "", one); len(a.Unknown) != 0 {
		t.Errorf("it is counted, and told to be not: %+v", a.Unknown)
	}
	own := &station{t, d.key, filepath.Join(t.TempDir(), "seen"), []PublicKey{d.key.public}}
	if _, _, err := own.add(request(t, d, 0)); err == nil || !strings.Contains(err.Error(), "a witness is somebody else") {
		t.Errorf("the examiner cosigned as a witness: %v", err)
	}
	if _, err := d.check(CheckOptions{Witnesses: []PublicKey{d.key.public}}); err == nil || !strings.Contains(err.Error(), "a witness is somebody else") {
		t.Errorf("the examiner was taken for a witness: %v", err)
	}
	if a := quorum(1, "", one); a.Witnessed.Size != 2 || a.Witnessed.By[0].At != noon {
		t.Errorf("%+v", a.Witnessed)
	}
	quorum(2, "2 of 3", one, one)
	quorum(2, "", one, two)
	quorum(0, "3 of 3", one, two)
	// In the log, under a party's name, and on the checkpoint.
	d.party(ws[0].key)
	d.party(ws[1].key)
	ws[0].must(d, 2)
	d.add(KindCosignature, nil, "w1.note:note="+string(ws[0].must(d, 4)))
	d.write(CheckpointName, ws[1].must(d, 2))
	a := quorum(2, "")
	if a.Witnessed.Size != 4 || a.Witnessed.By[1].Size != 5 {
		t.Errorf("%+v", a.Witnessed)
	}
	d.add(KindDocument, nil, "b.txt=b")
	quorum(1, "must have cosigned the first 6 entries, and they cosigned: w1.example 4, w2.example 0")
	// One key under two names is one witness.
	again, err := note.NewEd25519VerifierKey("w4.example", keys[0].cosigner.(*cosigVerifier).key)
	if err != nil {
		t.Fatal(err)
	}
	k, err := ParsePublicKey(again)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.check(CheckOptions{Witnesses: []PublicKey{keys[0], k}}); err == nil || !strings.Contains(err.Error(), "each counts once") {
		t.Errorf("%v", err)
	}
}

// TestWitnessKeys: a key in both of its forms.
func TestWitnessKeys(t *testing.T) {
	k := newKey(t, "witness.example/w1")
	text := k.public.WitnessText()
	again, err := ParseWitnessKey(text + "\n")
	if err != nil || again.Text != k.public.Text {
		t.Errorf("%v", err)
	}
	if again, err = ParseWitnessKey(k.public.Text); err != nil || again.WitnessText() != text {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "a+b", strings.Replace(text, "w1", "w2", 1), text[:len(text)-4], text + "A"} {
		if _, err := ParseWitnessKey(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	if _, err := ParsePublicKey(text); err == nil {
		t.Error("a witness's key is taken for a party's")
	}
}

// FuzzWitnessRequest: a request has one form, and whatever comes is answered with
// a line or a refusal.
func FuzzWitnessRequest(f *testing.F) {
	k := newKey(f, "witness.example")
	d := open(f)
	d.add(KindDocument, nil, "a.txt=a")
	l, err := ReadLog(d.dir)
	if err != nil {
		f.Fatal(err)
	}
	for old := range int64(3) {
		b, err := l.WitnessRequest(old)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("old 0\n\nx\n1\n\n\n— a b\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := parseWitnessRequest(b); err == nil && !bytes.Equal(r.encode(), b) {
			t.Errorf("%q is written %q", b, r.encode())
		}
		_, out, err := AddCheckpoint(context.Background(), k, []PublicKey{d.key.public}, b, noon, dir)
		var no *Refusal
		if err != nil && !errors.As(err, &no) {
			t.Errorf("%q: %v", b, err)
		}
		if err == nil {
			if c, err := cosignedBy(out, k); err != nil || l.consistent(c) != nil {
				t.Errorf("cosigned what the examiner did not sign: %q", out)
			}
		}
	})
}
