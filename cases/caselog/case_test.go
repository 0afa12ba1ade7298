package caselog

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/moment"
)

const noon = moment.Time(1419249600) * moment.Second // 22 December 2014

func newKey(t testing.TB, name string) *Key {
	t.Helper()
	k, err := NewKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// desk is a case with its examiner.
type desk struct {
	t testing.TB
	*Case
	key *Key
	now moment.Time
}

func open(t testing.TB) *desk {
	t.Helper()
	k := newKey(t, "examiner.example")
	c, err := New(filepath.Join(t.TempDir(), "case"), Opening{Title: "A night", Question: "Who was in a position to cut these networks?",
		Standard: Standard{Name: "clear"}}, []byte("demand = 1\n"), k, noon)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t, c, k, noon}
}

// add adds an act with files, "name=content" or "name:role=content".
func (d *desk) add(kind string, data any, files ...string) *Entry {
	d.t.Helper()
	d.now += moment.Second
	a, err := d.NewAct(kind, d.now)
	if err != nil {
		d.t.Fatal(err)
	}
	defer a.Discard()
	a.Data = data
	for _, f := range files {
		name, b, _ := strings.Cut(f, "=")
		name, role, _ := strings.Cut(name, ":")
		if err := a.WriteFile(name, role, []byte(b)); err != nil {
			d.t.Fatal(err)
		}
	}
	_, es, err := d.Add(context.Background(), d.key, a)
	if err != nil {
		d.t.Fatal(err)
	}
	return es[0]
}

func (d *desk) party(k *Key) {
	d.add(KindParty, PartyData{Name: k.public.Name, Key: k.public.Text, For: "itself"})
}

func (d *desk) check(o CheckOptions) (*Account, error) { return Check(context.Background(), d.dir, o) }

func (d *desk) must(o CheckOptions) *Account {
	d.t.Helper()
	a, err := d.check(o)
	if err != nil {
		d.t.Fatalf("the case does not hold: %v", err)
	}
	return a
}

// examination adds a small examination's folder, as others write it.
func (d *desk) examination() {
	d.t.Helper()
	a, err := d.NewAct(KindExamined, d.now)
	if err != nil {
		d.t.Fatal(err)
	}
	defer a.Discard()
	dir, err := a.Folder()
	if err != nil {
		d.t.Fatal(err)
	}
	w, err := Create(filepath.Join(dir, "AS64496"), false)
	if err != nil {
		d.t.Fatal(err)
	}
	x := w.Exhibit("rrc00", "updates.20141222.1600.gz")
	for i := range 20 {
		if err := x.Add(int64(i*100), []byte(strings.Repeat(fmt.Sprint(i%10), 40))); err != nil {
			d.t.Fatal(err)
		}
	}
	err = errors.Join(x.Close(strings.Repeat("ab", 32)), w.WriteFile("findings.json", []byte("{}\n")))
	if err == nil {
		_, err = w.Seal()
	}
	if err := errors.Join(err, w.Commit(), a.Include("AS64496", func(n string) string { return strings.TrimSuffix(n, ".json") })); err != nil {
		d.t.Fatal(err)
	}
	if _, _, err := d.Add(context.Background(), d.key, a); err != nil {
		d.t.Fatal(err)
	}
}

// full has an entry of every kind, and a party that signed everything.
func full(t testing.TB) (*desk, *Key) {
	d := open(t)
	p := newKey(t, "ministry.example/spokesman")
	d.party(p)
	d.examination()
	words := []byte("We did not do it.\n")
	sig, err := SignFile(p, d.Origin, words, noon)
	if err != nil {
		t.Fatal(err)
	}
	d.add(KindStatement, map[string]string{"speaker": "spokesman"}, "words.txt:signed="+string(words), "words.sig.note:signature="+string(sig))
	d.add(KindDocument, nil, "article.html=<p>…</p>", "empty.txt=")
	b, _, err := countersign(t, d.dir, p, noon+5*moment.Second)
	if err != nil {
		t.Fatal(err)
	}
	d.add(KindCosignature, nil, "cosigned.note:note="+string(b))
	if b, _, err = dissents(t, d.dir, p, []byte("Not so.\n\nThe second paragraph.\r\n"), noon); err != nil {
		t.Fatal(err)
	}
	d.add(KindDissent, nil, "dissent.note:note="+string(b))
	d.add(KindVerdict, map[string]string{"level": "not established"}, "verdict.json={}")
	if err := d.must(CheckOptions{}).WriteCrate(); err != nil {
		t.Fatal(err)
	}
	return d, p
}

func TestWholeCase(t *testing.T) {
	d, p := full(t)
	a := d.must(CheckOptions{Parties: []PublicKey{p.public}, Examiner: &d.key.public})
	if a.Checkpoint.Size != 8 || len(a.Cosignatures) != 1 || len(a.Dissents) != 1 || len(a.Signed) != 1 || len(a.Unknown)+len(a.Leftover) != 0 {
		t.Errorf("account %+v", a)
	}
	if c := a.Cosignatures[0]; c.Party != p.public.Name || c.Size != 5 || c.Entry != 5 || c.At != noon+5*moment.Second {
		t.Errorf("cosignature %+v", c)
	}
	if got := a.Dissents[0]; got.Reason != "Not so.\n\nThe second paragraph.\n" || got.Size != 6 {
		t.Errorf("dissent %+v", got)
	}
	if a.Files != 11 {
		t.Errorf("%d files", a.Files)
	}
	if _, err := os.Stat(filepath.Join(d.dir, unfinishedDir)); err == nil {
		t.Error("something unfinished was left")
	}
}

// naive is the tree hash of RFC 6962 §2.1 as it is defined there.
func naive(entries [][]byte) [32]byte {
	switch n := len(entries); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, entries[0]...))
	default:
		k := 1
		for 2*k < n {
			k *= 2
		}
		l, r := naive(entries[:k]), naive(entries[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, l[:], r[:]))
	}
}

// TestTilesAgainstNaive holds every tile and the root against the definition in
// c2sp.org/tlog-tiles, over sizes around the edges of tiles and in leaps.
func TestTilesAgainstNaive(t *testing.T) {
	dir := t.TempDir()
	var all [][]byte
	cp := Checkpoint{Origin: originPrefix + strings.Repeat("0", 64)}
	s, err := openStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, leap := range []int{1, 1, 3, 250, 1, 1, 255, 256, 300, 1, 65536 - 1070, 1, 1, 700} {
		var more [][]byte
		for range leap {
			more = append(more, fmt.Appendf(nil, "entry %d", len(all)+len(more)))
		}
		tiles, next, err := s.appendEntries(cp, more)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, more...)
		for _, x := range tiles {
			name := filepath.Join(dir, x.path)
			os.MkdirAll(filepath.Dir(name), 0o777)
			if err := os.WriteFile(name, x.data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range superseded(cp.Size, next.Size) {
			if err := os.Remove(filepath.Join(dir, p)); err != nil {
				t.Errorf("at %d: %v", next.Size, err)
			}
		}
		cp = next
		if got := naive(all); got != cp.Root || cp.Size != int64(len(all)) {
			t.Fatalf("root at %d entries is wrong", len(all))
		}
	}
	want := map[string]bool{}
	for level, span := 0, 1; span <= len(all); level, span = level+1, span*256 {
		for n := 0; n*span*256 < len(all); n++ {
			var tile []byte
			w := 0
			for i := n * 256; i < (n+1)*256 && (i+1)*span <= len(all); i++ {
				h := naive(all[i*span : (i+1)*span])
				tile = append(tile, h[:]...)
				w++
			}
			if w == 0 {
				continue
			}
			num := fmt.Sprintf("%03d", n)
			if n >= 1000 {
				t.Fatal("the test needs larger numbers")
			}
			if w < 256 {
				num += fmt.Sprintf(".p/%d", w)
			}
			p := fmt.Sprintf("log/tile/%d/%s", level, num)
			want[p] = true
			if got, err := os.ReadFile(filepath.Join(dir, p)); err != nil || !bytes.Equal(got, tile) {
				t.Errorf("%s is wrong (%v)", p, err)
			}
			if level == 0 {
				var bundle []byte
				for _, e := range all[n*256 : n*256+w] {
					bundle = append(binary.BigEndian.AppendUint16(bundle, uint16(len(e))), e...)
				}
				p := "log/tile/entries/" + num
				want[p] = true
				if got, err := os.ReadFile(filepath.Join(dir, p)); err != nil || !bytes.Equal(got, bundle) {
					t.Errorf("%s is wrong (%v)", p, err)
				}
			}
		}
	}
	filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if rel, _ := filepath.Rel(dir, p); err == nil && !d.IsDir() && !want[rel] {
			t.Errorf("%s is there and needed by nobody", rel)
		}
		return err
	})
	if len(want) < 500 {
		t.Errorf("only %d tiles were looked at", len(want))
	}
}

// TestProofs: every entry can be proved, and a proof of another entry, another
// tree or another examiner is none.
func TestProofs(t *testing.T) {
	d, _ := full(t)
	l, err := ReadLog(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	for n := range l.Checkpoint.Size {
		b, err := l.Prove(n)
		if err != nil {
			t.Fatal(err)
		}
		p, err := CheckProof(b, d.key.public)
		if err != nil || p.Index != n || p.Entry.Kind != l.Entries[n].Kind {
			t.Fatalf("entry %d: %v %+v", n, err, p)
		}
		if _, err := CheckProof(b, newKey(t, "examiner.example").public); err == nil {
			t.Error("a proof held under another key")
		}
		for i := range b {
			c := slices.Clone(b)
			c[i] ^= 1 << (i % 8)
			if _, err := CheckProof(c, d.key.public); err == nil {
				t.Fatalf("a proof held with byte %d changed from %q to %q", i, b[i], c[i])
			}
		}
		d.must(CheckOptions{Checkpoints: []Held{{Name: "proof", Bytes: b}}})
	}
	// An exhibit is in the case through its manifest.
	const folder = "acts/00002-examined/AS64496/"
	exhibit, err := HoldFile(d.path(folder + "exhibits/rrc00.updates.20141222.1600.mrt"))
	if err != nil {
		t.Fatal(err)
	}
	a := d.must(CheckOptions{Files: []Held{exhibit}})
	n, err := l.Find(exhibit)
	if err != nil || n != 2 || a.HeldFiles[exhibit.Name] != 2 {
		t.Errorf("the exhibit is in entry %d: %v; checking says %v", n, err, a.HeldFiles)
	}
	b, _ := l.Prove(2)
	p, err := CheckProof(b, d.key.public)
	if err != nil {
		t.Fatal(err)
	}
	manifest := Held{Name: "manifest.json", Bytes: d.read(folder + ManifestName)}
	if p.Names(exhibit) || !p.Names(manifest) || !p.Names(exhibit, manifest) || p.Names(Held{Name: "x", Bytes: []byte("x")}, manifest) {
		t.Error("the proof of an examination names its manifest, and with it the exhibit, and nothing else")
	}
	if _, err := l.Find(Held{Name: "x", Bytes: []byte("x")}); err == nil {
		t.Error("found what is not in the case")
	}
	for _, n := range []int64{-1, l.Checkpoint.Size} {
		if _, err := l.Prove(n); !errors.Is(err, ErrNoEntry) {
			t.Errorf("entry %d: %v", n, err)
		}
	}
}

func TestRefusedActs(t *testing.T) {
	d := open(t)
	a, err := d.NewAct(KindDocument, noon)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Discard()
	for _, name := range []string{"", "..", "../x", "/x", "a/../b", ".hidden", "a b", "ü", "x\\y", "a//b", "x.", strings.Repeat("x", 300)} {
		if err := a.WriteFile(name, "", nil); err == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
	if err := a.WriteFile("key", "", []byte("look: "+d.key.secret)); err == nil || !strings.Contains(err.Error(), "private key") {
		t.Errorf("a private key got into the case: %v", err)
	}
	big := filepath.Join(t.TempDir(), "big")
	os.WriteFile(big, append(bytes.Repeat([]byte("x"), 32<<10-5), d.key.secret...), 0o600)
	if err := a.CopyFile("big", "", big); err == nil || !strings.Contains(err.Error(), "private key") {
		t.Errorf("a private key across a seam got into the case: %v", err)
	}
	if err := a.WriteFile("x", "", nil); err != nil {
		t.Error(err)
	}
	if err := a.WriteFile("X", "", nil); err == nil {
		t.Error("two spellings of a name were taken")
	}
	add := func(a *Act) error {
		_, _, err := d.Add(context.Background(), d.key, a)
		return err
	}
	b, _ := d.NewAct(KindDocument, noon)
	defer b.Discard()
	b.Note = strings.Repeat("n", MaxEntry)
	if err := add(b); err == nil || !strings.Contains(err.Error(), "65535") {
		t.Errorf("too long an entry: %v", err)
	}
	b.Note, b.Kind = "", "Document"
	if err := add(b); err == nil {
		t.Error("a kind in capitals was taken")
	}
	b.Kind = KindOpened
	if err := add(b); err == nil {
		t.Error("a case was opened twice")
	}
	b.Kind = KindDocument
	if _, _, err := d.Add(context.Background(), newKey(t, "examiner.example"), b); err == nil || !strings.Contains(err.Error(), "only its examiner") {
		t.Errorf("another's key: %v", err)
	}
	if a := d.must(CheckOptions{}); a.Checkpoint.Size != 1 {
		t.Errorf("%d entries after nothing but refusals", a.Checkpoint.Size)
	}
	if _, err := New(d.dir, Opening{}, nil, d.key, noon); !errors.Is(err, ErrExists) {
		t.Errorf("opened over a case: %v", err)
	}
}

func TestKeys(t *testing.T) {
	dir := t.TempDir()
	k := newKey(t, "examiner.example/desk-1")
	name := filepath.Join(dir, "k.key")
	if err := k.Save(name); err != nil {
		t.Fatal(err)
	}
	if fi, _ := os.Stat(name); fi.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", fi.Mode())
	}
	if err := k.Save(name); err == nil {
		t.Error("a key was replaced")
	}
	got, err := LoadKey(name, "")
	if err != nil || got.public != got.Public() || got.public.Text != k.public.Text {
		t.Fatalf("%v", err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o620, 0o644, 0o601} {
		os.Chmod(name, mode)
		if _, err := LoadKey(name, ""); err == nil || !strings.Contains(err.Error(), "by others") {
			t.Errorf("mode %#o: %v", mode, err)
		}
	}
	d := open(t)
	inCase := filepath.Join(d.dir, "log", "k.key")
	if err := k.Save(inCase); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	os.Symlink(inCase, link)
	for _, n := range []string{inCase, link} {
		if _, err := LoadKey(n, d.dir); err == nil || !strings.Contains(err.Error(), "inside the case") {
			t.Errorf("%s: %v", n, err)
		}
	}
	os.Remove(inCase)
	for _, name := range []string{"", "a b", "a+b", "é", "//", "../x", "a/../b", "/a", "a/", "./a", strings.Repeat("a", 81)} {
		if _, err := NewKey(rand.Reader, name); err == nil {
			t.Errorf("a key was named %q", name)
		}
	}
	b := []byte(k.public.Text)
	for i := range b {
		c := slices.Clone(b)
		c[i] ^= 1 << (i % 7)
		if _, err := ParsePublicKey(string(c)); err == nil {
			t.Errorf("a public key with byte %d changed was taken: %s", i, c)
		}
	}
	if _, err := ParsePublicKey(k.secret); err == nil || !strings.Contains(err.Error(), "private") {
		t.Errorf("a private key as a public one: %v", err)
	}
}

// TestEntryForm: an entry has one form, and nothing else is read.
func TestEntryForm(t *testing.T) {
	e := Entry{Format: EntryFormat, Kind: KindDocument, Time: noon, Note: "<é>\u2028", Data: json.RawMessage(`{"a":1}`),
		Files: []File{{Path: "acts/00003-document/x", SHA256: strings.Repeat("0", 64), Size: 1}}}
	b, err := e.encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeEntry(3, b); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to string }{
		{`"kind":`, `"kind": `}, {`"kind":"document"`, `"kind":"document","kind":"verdict"`}, {`{"format"`, `{"more":1,"format"`},
		{`"kind"`, `"Kind"`}, {`document/x`, `document/../x`}, {`00003`, `00004`}, {`"size":1`, `"size":-1`}, {`"size":1`, `"size":1.0`},
		{`acts/`, `/acts/`}, {"}]", `},{"path":"acts/00003-document/X","sha256":"` + strings.Repeat("0", 64) + `","size":1}]`}, {"0000000000", "000000000A"},
		{"<", `\u003c`}, {`{"a":1}`, `{"a": 1}`}, {"2014-12-22T12:00:00Z", "2014-12-22T13:00:00+01:00"},
	} {
		n := strings.Replace(string(b), c.from, c.to, 1)
		if n == string(b) {
			t.Errorf("the entry does not hold %s: %s", c.from, b)
		}
		if _, err := DecodeEntry(3, []byte(n)); err == nil {
			t.Errorf("read: %s", n)
		}
	}
	if _, err := DecodeEntry(3, append(slices.Clone(b), '\n')); err == nil {
		t.Error("read with a line feed")
	}
}

// TestAddingDoesNotGrow: what an entry makes the log write is bounded by the
// width of a tile and the number of levels, however long the log is.
func TestAddingDoesNotGrow(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a log of thousands of entries")
	}
	s, err := openStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cp := Checkpoint{Origin: originPrefix + strings.Repeat("0", 64)}
	grow := func(entries [][]byte) (files, size int) {
		tiles, next, err := s.appendEntries(cp, entries)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range tiles {
			name := filepath.Join(s.dir, filepath.FromSlash(x.path))
			os.MkdirAll(filepath.Dir(name), 0o777)
			if err := os.WriteFile(name, x.data, 0o666); err != nil {
				t.Fatal(err)
			}
			files, size = files+1, size+len(x.data)
		}
		cp = next
		return files, size
	}
	entry := []byte(strings.Repeat("e", 300))
	for _, upTo := range []int64{10, 250, 1000, 100_000} {
		var more [][]byte
		for range upTo - cp.Size {
			more = append(more, entry)
		}
		grow(more)
		for range 260 { // over at least one edge
			files, size := grow([][]byte{entry})
			if files > 4 || size > tileWidth*(2+len(entry))+3*tileWidth*32 {
				t.Fatalf("at %d entries one more writes %d files with %d bytes", cp.Size, files, size)
			}
		}
	}
}

// countersign and dissents sign a case as it lies in a folder.
func countersign(t testing.TB, dir string, k *Key, at moment.Time) ([]byte, Checkpoint, error) {
	t.Helper()
	l, err := ReadLog(dir)
	if err != nil {
		return nil, Checkpoint{}, err
	}
	b, err := l.Countersign(k, at)
	return b, l.Checkpoint, err
}

func dissents(t testing.TB, dir string, k *Key, reason []byte, at moment.Time) ([]byte, Checkpoint, error) {
	t.Helper()
	l, err := ReadLog(dir)
	if err != nil {
		return nil, Checkpoint{}, err
	}
	b, err := l.Dissent(k, reason, at)
	return b, l.Checkpoint, err
}

// TestDataForm: the data of an entry have one form, too, so that no two readers
// see another examiner, party or answer in it.
func TestDataForm(t *testing.T) {
	k, other := newKey(t, "a.example").public.Text, newKey(t, "a.example").public.Text
	for _, raw := range []string{
		`{"name":"a.example","key":"` + k + `","for":"x","key":"` + other + `"}`,
		`{"name":"a.example","Key":"` + other + `","key":"` + k + `","for":"x"}`,
		`{"name":"a.example","\u006bey":"` + k + `","for":"x"}`,
		`{"name":"a.example","KEY":"` + k + `","for":"x"}`,
		`{"name":"a.example","key":"` + k + `"}`,
		`{"key":"` + k + `","name":"a.example","for":"x"}`,
		`{"name":"a.example","key":"` + k + `","for":"\u0078"}`,
		`{"name":"a.example","key":"` + k + `","for":"x","more":1}`,
		`{"name":"a.example","key":"` + k + `","for":"x"}{}`,
	} {
		d := open(t)
		a, err := d.NewAct(KindParty, noon)
		if err != nil {
			t.Fatal(err)
		}
		a.Data = json.RawMessage(raw)
		_, _, err = d.Add(context.Background(), d.key, a)
		a.Discard()
		if err == nil {
			_, err = d.check(CheckOptions{})
		}
		if err == nil {
			t.Errorf("taken: %s", raw)
		}
	}
	for raw, want := range map[string]bool{
		`{"a":1,"b":{"a":1,"c":[{"a":1},{"a":2}]},"c":["a","a"]}`: true,
		`{"a":1,"a":1}`:                    false,
		`{"b":[{"x":{"a":1,"A":2}}]}`:      false,
		`{"k":1,"\u212a":2}`:               false, // the sign for kelvin
		`{"a":{},"b":[],"c":"x","A":null}`: false,
	} {
		d := open(t)
		a, err := d.NewAct("remark", noon)
		if err != nil {
			t.Fatal(err)
		}
		a.Data = json.RawMessage(raw)
		if _, _, err = d.Add(context.Background(), d.key, a); (err == nil) != want {
			t.Errorf("%s: %v", raw, err)
		}
		a.Discard()
	}
}
