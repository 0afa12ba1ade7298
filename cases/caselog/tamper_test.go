package caselog

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

// mkfifo makes a pipe, where there are any.
var mkfifo func(string, uint32) error

// files lists all files of a case.
func files(t testing.TB, dir string) []string {
	var out []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// flip changes one byte of a file, checks that the check names the file, and
// changes it back.
func (d *desk) flip(t *testing.T, name string, pos int, with byte) {
	t.Helper()
	p := filepath.Join(d.dir, name)
	f, err := os.OpenFile(p, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b [1]byte
	f.ReadAt(b[:], int64(pos))
	was := b[0]
	b[0] ^= with
	f.WriteAt(b[:], int64(pos))
	_, err = d.check(CheckOptions{})
	var fault *Fault
	if !errors.As(err, &fault) {
		t.Errorf("%s: byte %d changed from %q to %q was not found (%v)", name, pos, was, b[0], err)
	} else if fault.Path != name {
		t.Errorf("%s: byte %d changed from %q to %q: the fault names %s: %v", name, pos, was, b[0], fault.Path, err)
	}
	f.WriteAt([]byte{was}, int64(pos))
}

// TestEveryByte changes single bytes in every file of a case, small files
// throughout, and finds each change in the file where it was made. With
// CONSTAT_FLIPS it makes that many in every file.
func TestEveryByte(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a case for every byte")
	}
	small, _ := full(t)
	large, _ := full(t)
	var acts []*Act
	for i := range 300 {
		acts = append(acts, &Act{Kind: KindDocument, Time: noon, Note: fmt.Sprint("no file ", i), dir: large.dir})
	}
	if _, _, err := large.Add(context.Background(), large.key, acts...); err != nil {
		t.Fatal(err)
	}
	if err := large.must(CheckOptions{}).WriteCrate(); err != nil {
		t.Fatal(err)
	}
	each := 60
	if s := os.Getenv("CONSTAT_FLIPS"); s != "" {
		each, _ = strconv.Atoi(s)
	}
	r := rand.New(rand.NewPCG(1, 2))
	n := 0
	for _, c := range []struct {
		d     *desk
		whole int // files up to this size are changed at every byte
		each  int
	}{{small, 700, each * 4}, {large, 0, each / 2}} {
		for _, name := range files(t, c.d.dir) {
			fi, err := os.Stat(filepath.Join(c.d.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			size := int(fi.Size())
			if size == 0 {
				continue
			}
			if size <= c.whole {
				for i := range size {
					c.d.flip(t, name, i, 1<<r.IntN(8))
					n++
				}
				continue
			}
			for range c.each {
				c.d.flip(t, name, r.IntN(size), byte(1+r.IntN(255)))
				n++
			}
		}
		if a := c.d.must(CheckOptions{}); len(a.Leftover) > 0 {
			t.Errorf("left over: %v", a.Leftover)
		}
	}
	t.Logf("%d bytes changed one at a time, each found and its file named", n)
	if n < 3000 {
		t.Errorf("only %d bytes were changed", n)
	}
}

// copyCase copies a case with its examiner.
func (d *desk) copy() *desk {
	d.t.Helper()
	to := filepath.Join(d.t.TempDir(), "case")
	if err := os.CopyFS(to, os.DirFS(d.dir)); err != nil {
		d.t.Fatal(err)
	}
	c, err := Open(to)
	if err != nil {
		d.t.Fatal(err)
	}
	return &desk{d.t, c, d.key, d.now}
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

func (d *desk) read(name string) []byte {
	d.t.Helper()
	b, err := os.ReadFile(d.path(name))
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *desk) write(name string, b []byte) {
	d.t.Helper()
	os.MkdirAll(filepath.Dir(d.path(name)), 0o777)
	if err := os.WriteFile(d.path(name), b, 0o666); err != nil {
		d.t.Fatal(err)
	}
}

// rewrite makes the log anew with other entries, as somebody would who can
// write to the case and holds a key.
func (d *desk) rewrite(key *Key, entries [][]byte) {
	d.t.Helper()
	os.RemoveAll(d.path("log"))
	os.Remove(d.path(CrateName))
	s, err := openStore(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	defer s.Close()
	tiles, cp, err := s.appendEntries(Checkpoint{Origin: originOf(entries[0])}, entries)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, x := range tiles {
		d.write(x.path, x.data)
	}
	d.sign(key, cp)
}

func (d *desk) sign(key *Key, cp Checkpoint) {
	d.t.Helper()
	b, err := note.Sign(&note.Note{Text: cp.text()}, key)
	if err != nil {
		d.t.Fatal(err)
	}
	d.write(CheckpointName, b)
}

func (d *desk) raw() [][]byte {
	d.t.Helper()
	l, err := ReadLog(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	return l.raw
}

// TestTampering tampers with a case in every way that came to mind and expects
// the first thing that does not hold, named.
func TestTampering(t *testing.T) {
	whole, party := full(t)
	cp := whole.must(CheckOptions{}).Checkpoint
	held := whole.read(CheckpointName)
	const entries, leaves = "log/tile/entries/000.p/8", "log/tile/0/000.p/8"
	const words = "acts/00003-statement/words.txt"
	for _, c := range []struct {
		name string
		do   func(*testing.T, *desk) CheckOptions
		want string
	}{
		{"a file is missing", func(t *testing.T, d *desk) CheckOptions {
			os.Remove(d.path(words))
			return CheckOptions{}
		}, words + " (entry 3): it is missing"},
		{"a file is altered in place", func(t *testing.T, d *desk) CheckOptions {
			d.write(words, []byte("We certainly did it."))
			return CheckOptions{}
		}, words + " (entry 3): it is not what was logged: it has 20 bytes"},
		{"a file is a link to the same bytes", func(t *testing.T, d *desk) CheckOptions {
			out := filepath.Join(t.TempDir(), "out")
			os.WriteFile(out, d.read(words), 0o666)
			os.Remove(d.path(words))
			os.Symlink(out, d.path(words))
			return CheckOptions{}
		}, words + " (entry 3): it is no ordinary file"},
		{"a file is a pipe", func(t *testing.T, d *desk) CheckOptions {
			os.Remove(d.path(words))
			if mkfifo == nil {
				t.Skip("no pipes here")
			}
			if err := mkfifo(d.path(words), 0o666); err != nil {
				t.Fatal(err)
			}
			return CheckOptions{}
		}, words + " (entry 3): it is no ordinary file"},
		{"a folder of an act is a link", func(t *testing.T, d *desk) CheckOptions {
			out := filepath.Join(t.TempDir(), "out")
			os.Rename(d.path("acts/00003-statement"), out)
			os.Symlink(out, d.path("acts/00003-statement"))
			return CheckOptions{}
		}, "acts/00003-statement/words.sig.note (entry 3): "},
		{"an exhibit is missing", func(t *testing.T, d *desk) CheckOptions {
			os.Remove(d.path("acts/00002-examined/AS64496/exhibits/rrc00.updates.20141222.1600.mrt"))
			return CheckOptions{}
		}, "rrc00.updates.20141222.1600.mrt (entry 2): it is missing"},
		{"a file is slipped in", func(t *testing.T, d *desk) CheckOptions {
			d.write("acts/00003-statement/more.txt", nil)
			return CheckOptions{}
		}, "acts/00003-statement/more.txt: it lies in the case, and the log does not have it"},
		{"a file is slipped in beside", func(t *testing.T, d *desk) CheckOptions {
			d.write("README", nil)
			return CheckOptions{}
		}, "README: it lies in the case"},
		{"an exhibit is slipped in", func(t *testing.T, d *desk) CheckOptions {
			d.write("acts/00002-examined/AS64496/exhibits/x.mrt", nil)
			return CheckOptions{}
		}, "exhibits/x.mrt: it lies in the case"},
		{"a file is slipped into the log", func(t *testing.T, d *desk) CheckOptions {
			d.write("log/x", nil)
			return CheckOptions{}
		}, "log/x: it lies in the case"},
		{"a link is slipped in", func(t *testing.T, d *desk) CheckOptions {
			os.Symlink("/etc/passwd", d.path("acts/passwd"))
			return CheckOptions{}
		}, "acts/passwd: it is no ordinary file"},
		{"the tile of entries is cut off", func(t *testing.T, d *desk) CheckOptions {
			b := d.read(entries)
			d.write(entries, b[:len(b)-1])
			return CheckOptions{}
		}, entries + ": its entry 7 is cut off"},
		{"the last entry is cut off", func(t *testing.T, d *desk) CheckOptions {
			b := d.read(entries)
			es, _ := splitBundle(b)
			d.write(entries, b[:len(b)-2-len(es[7])])
			return CheckOptions{}
		}, entries + ": it has 7 entries and should have 8"},
		{"the log is truncated with its tiles", func(t *testing.T, d *desk) CheckOptions {
			d.rewrite(d.key, d.raw()[:6])
			d.write(CheckpointName, held)
			return CheckOptions{}
		}, entries + ": it is missing"},
		{"a tile is missing", func(t *testing.T, d *desk) CheckOptions {
			os.Remove(d.path(leaves))
			return CheckOptions{}
		}, leaves + ": it is missing"},
		{"a tile is too long", func(t *testing.T, d *desk) CheckOptions {
			d.write(leaves, append(d.read(leaves), make([]byte, 32)...))
			return CheckOptions{}
		}, leaves + ": it has more than the 256 bytes"},
		{"the checkpoint is missing", func(t *testing.T, d *desk) CheckOptions {
			os.Remove(d.path(CheckpointName))
			return CheckOptions{}
		}, CheckpointName + ": it is missing"},
		{"two entries are swapped", func(t *testing.T, d *desk) CheckOptions {
			es, _ := splitBundle(d.read(entries))
			es[4], es[7] = es[7], es[4]
			var b []byte
			for _, e := range es {
				b = appendBundle(b, e)
			}
			d.write(entries, b)
			return CheckOptions{}
		}, entries + " (entry 4): it is not the entry that was signed"},
		{"two entries are swapped, tiles too", func(t *testing.T, d *desk) CheckOptions {
			es := d.raw()
			es[4], es[7] = es[7], es[4]
			crate := d.read(CrateName)
			d.rewrite(d.key, es)
			d.write(CrateName, crate)
			d.write(CheckpointName, held)
			return CheckOptions{}
		}, CheckpointName + ": the root it signs is not that of the 8 entries in the log: the log was rewritten"},
		{"two entries are swapped and the examiner signs again", func(t *testing.T, d *desk) CheckOptions {
			es := d.raw()
			es[4], es[7] = es[7], es[4]
			d.rewrite(d.key, es)
			return CheckOptions{}
		}, entries + ` (entry 4): it names "acts/00007-verdict/verdict.json"`},
		{"two entries without files are swapped and the examiner signs again", func(t *testing.T, d *desk) CheckOptions {
			es := d.raw()
			es = slices.Insert(es[:8:8], 8, [][]byte{line("a"), line("b")}...)
			d.rewrite(d.key, es)
			kept := d.read(CheckpointName)
			es[8], es[9] = es[9], es[8]
			d.rewrite(d.key, es)
			return CheckOptions{Checkpoints: []Held{{Name: "kept", Bytes: kept}}}
		}, "kept: the first 10 entries are not those of which it was made: the case was forked or rewritten"},
		{"another key of the same name signs the checkpoint", func(t *testing.T, d *desk) CheckOptions {
			d.sign(newKey(t, "examiner.example"), cp)
			return CheckOptions{}
		}, CheckpointName + ": it has no signature by the examiner's key"},
		{"another key signs, with the examiner's ID", func(t *testing.T, d *desk) CheckOptions {
			other := newKey(t, "examiner.example")
			d.sign(other, cp)
			text, line, _ := strings.Cut(string(d.read(CheckpointName)), "— examiner.example ")
			mine := strings.Fields(strings.SplitAfter(string(held), "— examiner.example ")[1])[0]
			a, _ := base64.StdEncoding.DecodeString(mine)
			b, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
			d.write(CheckpointName, []byte(text+"— examiner.example "+base64.StdEncoding.EncodeToString(append(a[:4:4], b[4:]...))+"\n"))
			return CheckOptions{}
		}, CheckpointName + ": the signature by examiner.example does not hold"},
		{"the examiner signs another root", func(t *testing.T, d *desk) CheckOptions {
			n := cp
			n.Root[5] ^= 1
			d.sign(d.key, n)
			return CheckOptions{}
		}, CheckpointName + ": the root it signs is not that of the 8 entries in the log"},
		{"the checkpoint is of another case", func(t *testing.T, d *desk) CheckOptions {
			n := cp
			n.Origin = originPrefix + strings.Repeat("7", 64)
			d.sign(d.key, n)
			return CheckOptions{}
		}, CheckpointName + ": it is of the log constat/case/77777777…"},
		{"a shorter checkpoint of the same log", func(t *testing.T, d *desk) CheckOptions {
			d.write(CheckpointName, []byte(noteOf(d.read("acts/00005-cosignature/cosigned.note"))))
			return CheckOptions{}
		}, "log/tile/entries/000.p/5: it is missing"},
		{"the opening is changed and all is signed again by the examiner", func(t *testing.T, d *desk) CheckOptions {
			es := d.raw()
			es[0] = bytes.Replace(es[0], []byte("in a position to"), []byte("guilty of trying"), 1)
			d.rewrite(d.key, es)
			return CheckOptions{Checkpoints: []Held{{Name: "kept", Bytes: held}}}
		}, "acts/00003-statement/words.sig.note (entry 3): it was signed for another case"},
		{"the opening is changed, what parties signed is taken out, and all is signed again", func(t *testing.T, d *desk) CheckOptions {
			es := d.raw()
			es[0] = bytes.Replace(es[0], []byte("in a position to"), []byte("guilty of trying"), 1)
			d.rewrite(d.key, es[:3])
			for _, a := range []string{"00003-statement", "00004-document", "00005-cosignature", "00006-dissent", "00007-verdict"} {
				os.RemoveAll(d.path("acts/" + a))
			}
			d.must(CheckOptions{}) // a new case, and nothing in it tells
			return CheckOptions{Checkpoints: []Held{{Name: "kept", Bytes: held}}}
		}, "kept: it is of the case " + short(whole.Origin)},
		{"all is made anew with another key", func(t *testing.T, d *desk) CheckOptions {
			other := newKey(t, "examiner.example")
			es := d.raw()
			es[0] = bytes.Replace(es[0], []byte(d.key.public.Text), []byte(other.public.Text), 1)
			d.rewrite(other, es[:3])
			for _, a := range []string{"00003-statement", "00004-document", "00005-cosignature", "00006-dissent", "00007-verdict"} {
				os.RemoveAll(d.path("acts/" + a))
			}
			d.must(CheckOptions{})
			return CheckOptions{Examiner: &d.key.public}
		}, "log/tile/entries/000.p/3 (entry 0): the case was opened with the key"},
		{"a statement is left out and the examiner signs again", func(t *testing.T, d *desk) CheckOptions {
			es := d.raw()
			d.rewrite(d.key, es[:3])
			for _, a := range []string{"00003-statement", "00004-document", "00005-cosignature", "00006-dissent", "00007-verdict"} {
				os.RemoveAll(d.path("acts/" + a))
			}
			d.must(CheckOptions{})
			return CheckOptions{Files: []Held{{Name: "words.txt", Bytes: []byte("We did not do it.\n")}}}
		}, "words.txt: it is not in the case"},
		{"a statement is altered and logged anew", func(t *testing.T, d *desk) CheckOptions {
			es := d.raw()
			d.write(words, []byte("We did do it.\n"))
			old, altered := sha256Sum([]byte("We did not do it.\n")), sha256Sum([]byte("We did do it.\n"))
			es[3] = bytes.Replace(es[3], fmt.Appendf(nil, "%x", old[:]), fmt.Appendf(nil, "%x", altered[:]), 1)
			es[3] = bytes.Replace(es[3], []byte(`"size":18`), []byte(`"size":14`), 1)
			d.rewrite(d.key, es)
			return CheckOptions{}
		}, "acts/00003-statement/words.sig.note (entry 3): it is the signature of another file"},
		{"an older copy against a newer checkpoint", func(t *testing.T, d *desk) CheckOptions {
			d.add(KindDocument, nil, "x=y")
			kept := d.read(CheckpointName)
			es := d.raw()
			crate := d.read(CrateName)
			os.RemoveAll(d.path("acts/00008-document"))
			d.rewrite(d.key, es[:8])
			d.write(CrateName, crate)
			d.must(CheckOptions{})
			return CheckOptions{Checkpoints: []Held{{Name: "kept", Bytes: kept}}}
		}, "kept: it is of a log with 9 entries, and this one has 8: the case was rolled back"},
		{"a checkpoint that nobody signed", func(t *testing.T, d *desk) CheckOptions {
			n := cp
			b, _ := note.Sign(&note.Note{Text: n.text()}, newKey(t, "examiner.example"))
			return CheckOptions{Checkpoints: []Held{{Name: "forged", Bytes: b}}}
		}, "forged: it proves nothing: it has no signature by the examiner's key"},
		{"no checkpoint at all", func(t *testing.T, d *desk) CheckOptions {
			return CheckOptions{Checkpoints: []Held{{Name: "x", Bytes: []byte("hello\n")}}}
		}, "x: no checkpoint of a case"},
		{"another key is known of a party", func(t *testing.T, d *desk) CheckOptions {
			return CheckOptions{Parties: []PublicKey{newKey(t, party.public.Name).public}}
		}, entries + " (entry 1): the case records the key"},
		{"the case is described otherwise", func(t *testing.T, d *desk) CheckOptions {
			d.write(CrateName, bytes.Replace(d.read(CrateName), []byte("A night"), []byte("A crime"), 1))
			return CheckOptions{}
		}, CrateName + ": it is not what the log gives, first in line "},
		{"a leaf hash and its entry are both changed", func(t *testing.T, d *desk) CheckOptions {
			es, _ := splitBundle(d.read(entries))
			es[7] = bytes.Replace(es[7], []byte("not established"), []byte("established !!!"), 1)
			var b []byte
			for _, e := range es {
				b = appendBundle(b, e)
			}
			d.write(entries, b)
			l := d.read(leaves)
			l[3*32] ^= 1
			d.write(leaves, l)
			return CheckOptions{}
		}, entries + " (entry 3): it is not the entry that was signed, and the hashes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := whole.copy()
			d.t = t
			_, err := d.check(c.do(t, d))
			if err == nil {
				t.Fatal("it was not found")
			}
			if !strings.HasPrefix(err.Error(), c.want) && !strings.HasSuffix(strings.SplitAfterN(err.Error(), ": ", 2)[0], c.want) && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if !IsFault(err) {
				t.Errorf("no fault: %v", err)
			}
		})
	}
}

// line is an entry without files.
func line(s string) []byte {
	b, err := (&Entry{Format: EntryFormat, Kind: KindDocument, Time: noon, Note: s}).encode()
	if err != nil {
		panic(err)
	}
	return b
}

// noteOf drops all signatures of a note but the first.
func noteOf(b []byte) string {
	text, sigs, _ := strings.Cut(string(b), "\n\n")
	first, _, _ := strings.Cut(sigs, "\n")
	return text + "\n\n" + first + "\n"
}

// TestForgedNotes: what a party is said to have signed counts only if its key
// did. The examiner helps with the forgery: it adds whatever it likes.
func TestForgedNotes(t *testing.T) {
	whole, party := full(t)
	other := newKey(t, party.public.Name) // the same name
	mine, _, err := countersign(t, whole.dir, party, noon)
	if err != nil {
		t.Fatal(err)
	}
	foreign, _ := full(t)
	elsewhere, _, err := countersign(t, foreign.dir, party, noon)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(k *Key, text string) []byte {
		b, err := note.Sign(&note.Note{Text: text}, k)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	lineOf := func(b []byte, n int) string {
		return strings.Split(strings.SplitN(string(b), "\n\n", 2)[1], "\n")[n] + "\n"
	}
	text := strings.SplitN(string(mine), "\n\n", 2)[0] + "\n"
	examinerLine, partyLine := lineOf(mine, 0), lineOf(mine, 1)
	dissent, _, err := dissents(t, whole.dir, party, []byte("No."), noon)
	if err != nil {
		t.Fatal(err)
	}
	byOther, _, err := countersign(t, whole.dir, other, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, kind string
		note       string
		want       string // "": it holds, and counts
	}{
		{"as it was signed", KindCosignature, string(mine), ""},
		{"by another key of the same name", KindCosignature, string(byOther), "not counted"},
		{"no party at all", KindCosignature, text + "\n" + examinerLine, "not counted"},
		{"with a line of an unknown key", KindCosignature, string(mine) + lineOf(byOther, 1), "counted, and a line is listed"},
		{"without the examiner", KindCosignature, text + "\n" + partyLine, "no signature by the examiner's key"},
		{"the party's line twice", KindCosignature, string(mine) + partyLine, "two signature lines are by the same key"},
		{"of another case", KindCosignature, string(elsewhere), "it has no signature by the examiner's key"},
		{"a signature of another text", KindCosignature, strings.Replace(string(mine), "\n8\n", "\n7\n", 1), "does not hold"},
		{"another time", KindCosignature, text + "\n" + examinerLine + shifted(t, partyLine), "does not hold"},
		{"loose bits", KindCosignature, strings.TrimSuffix(string(mine), "==\n") + "\n", "damaged"},
		{"a note signed, not a cosignature", KindCosignature, text + "\n" + examinerLine + lineOf(sign(party, text), 0), "not counted"},
		{"cut off", KindCosignature, string(mine[:len(mine)-1]), "cut off"},
		{"empty", KindCosignature, "", "not a signed note"},
		{"dissent as it was signed", KindDissent, string(dissent), ""},
		{"dissent with another reason", KindDissent, strings.Replace(string(dissent), "No.", "Yes", 1), "does not hold"},
		{"dissent by another key of the same name", KindDissent, string(sign(other, strings.SplitN(string(dissent), "\n\n— ", 2)[0]+"\n")), "not counted"},
		{"dissent from more than there was", KindDissent, string(sign(party, strings.Replace(strings.SplitN(string(dissent), "\n\n— ", 2)[0]+"\n", "size 8", "size 9", 1))), "forked or rewritten"},
		{"a checkpoint as a dissent", KindDissent, string(mine), "not a dissent"},
		{"a dissent as a checkpoint", KindCosignature, string(dissent), "not a checkpoint"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := whole.copy()
			d.t = t
			before := d.must(CheckOptions{})
			d.add(c.kind, nil, "x.note:note="+c.note)
			a, err := d.check(CheckOptions{})
			ledger, lerr := Ledger(whole.dir)
			if lerr != nil {
				t.Fatal(lerr)
			}
			_, refused := ledger.Accept([]byte(c.note), nil)
			switch {
			case c.want == "":
				if err != nil || len(a.Cosignatures)+len(a.Dissents) != len(before.Cosignatures)+len(before.Dissents)+1 || len(a.Unknown) > 0 {
					t.Errorf("%v, %+v", err, a)
				}
				if refused != nil {
					t.Error(refused)
				}
			case strings.HasSuffix(c.want, "listed"):
				if err != nil || len(a.Cosignatures) != len(before.Cosignatures)+1 || len(a.Unknown) != 1 || a.Unknown[0].Name != other.public.Name {
					t.Errorf("%v, %+v", err, a)
				}
			case c.want == "not counted":
				if err != nil || len(a.Cosignatures)+len(a.Dissents) != len(before.Cosignatures)+len(before.Dissents) {
					t.Errorf("%v, %+v", err, a)
				}
				if refused == nil {
					t.Error("the verb would have added it")
				}
			default:
				if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "x.note (entry 8): ") {
					t.Errorf("got %v, want %q", err, c.want)
				}
				if refused == nil && NoteKind([]byte(c.note)) == c.kind {
					t.Error("the verb would have added it")
				}
			}
		})
	}
}

// shifted is a cosignature line with its time a second later.
func shifted(t *testing.T, line string) string {
	t.Helper()
	i := strings.LastIndexByte(line, ' ') + 1
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(line[i:]))
	if err != nil {
		t.Fatal(err)
	}
	b[11]++
	return line[:i] + base64.StdEncoding.EncodeToString(b) + "\n"
}

// TestUnknownLine: a line of an unknown key under the log's checkpoint is
// tolerated and listed.
func TestUnknownLine(t *testing.T) {
	d, party := full(t)
	witness := newKey(t, "witness.example")
	b := d.read(CheckpointName)
	n, err := note.Open(b, note.VerifierList(d.key.public.verifier))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = note.Sign(n, witness.cosigner(5)); err != nil {
		t.Fatal(err)
	}
	d.write(CheckpointName, b)
	if a := d.must(CheckOptions{}); len(a.Unknown) != 1 || a.Unknown[0].Name != "witness.example" || a.Unknown[0].Where != CheckpointName || len(a.Cosignatures) != 1 {
		t.Errorf("%+v", a.Unknown)
	}
	_ = party
	d.add(KindDocument, nil)
	if a := d.must(CheckOptions{}); len(a.Unknown) != 0 {
		t.Errorf("the next checkpoint still has the line: %+v", a.Unknown)
	}
}

// TestReasons: what a dissent can carry, and what is refused with its place.
func TestReasons(t *testing.T) {
	d := open(t)
	k := newKey(t, "party.example")
	for in, want := range map[string]string{
		"":                                  "empty",
		" \n\n":                             "empty",
		"fine\nbell\a":                      "line 2 has the control character U+0007",
		"tab\there":                         "line 1 has the control character U+0009",
		"caf\xe9":                           "line 1 has the byte 0xe9, which is no UTF-8",
		"\x00":                              "U+0000",
		strings.Repeat("x", MaxReason+1):    "at most",
		"plain":                             "",
		"«non»\r\n\r\n— x y\r\n":            "",
		"\n\n— examiner.example AAAAAAAA\n": "",
		"\xef\xbb\xbfwith a mark":           "",
	} {
		b, _, err := dissents(t, d.dir, k, []byte(in), noon)
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", in, err)
				continue
			}
			n, err := openNote(b, k.public.verifier)
			if err != nil || !n.isBy(k.public.verifier) {
				t.Errorf("%q: %v", in, err)
				continue
			}
			x, err := parseDissent(n.text)
			w := strings.ReplaceAll(strings.TrimPrefix(in, "\xef\xbb\xbf"), "\r\n", "\n")
			if err != nil || strings.TrimSuffix(x.reason, "\n") != strings.TrimSuffix(w, "\n") {
				t.Errorf("%q came back as %q (%v)", in, x.reason, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", in[:min(len(in), 20)], err, want)
		}
	}
}
