package caselog

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"constat/moment"
)

// rotate hands a desk's case to a new key.
func (d *desk) rotate(name string) *Key {
	d.t.Helper()
	d.now += moment.Second
	k := newKey(d.t, name)
	if _, _, err := d.Rotate(context.Background(), k, d.key, nil, "The laptop was replaced.", d.now); err != nil {
		d.t.Fatal(err)
	}
	d.key = k
	return k
}

func checkpointOf(t *testing.T, d *desk) []byte { t.Helper(); return d.read(CheckpointName) }

// TestRotation: a case goes through three keys. Whoever was given any of them
// verifies it, whatever was signed under each still counts, and no key signs
// outside its time.
func TestRotation(t *testing.T) {
	d, p := full(t)
	first := d.key
	held := checkpointOf(t, d)
	second := d.rotate("examiner.example/2")
	d.add(KindDocument, nil, "b.txt=b")
	heldSecond := checkpointOf(t, d)
	b, _, err := countersign(t, d.dir, p, noon)
	if err != nil {
		t.Fatal(err)
	}
	d.add(KindCosignature, nil, "p.note:note="+string(b))
	third := d.rotate("examiner.example")
	d.add(KindDocument, nil, "c.txt=c")
	for _, k := range []*Key{first, second, third} {
		a := d.must(CheckOptions{Examiner: &k.public, Checkpoints: []Held{{Name: "first", Bytes: held}, {Name: "second", Bytes: heldSecond}}})
		if len(a.Keys) != 3 || a.Keys[1].From != 8 || a.Keys[2].From != 11 || a.Signer().Text != third.public.Text || len(a.Cosignatures) != 2 || len(a.Unknown) != 0 {
			t.Errorf("%+v", a.Keys)
		}
	}
	stranger := newKey(t, "examiner.example")
	if _, err := d.check(CheckOptions{Examiner: &stranger.public}); err == nil || !strings.Contains(err.Error(), "and was not handed to that key since") {
		t.Errorf("a stranger's key: %v", err)
	}

	// The keys that were replaced add nothing, by the program or by hand.
	for _, k := range []*Key{first, second} {
		a, err := d.NewAct(KindDocument, d.now)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Add(context.Background(), k, a); err == nil || !strings.Contains(err.Error(), "was replaced") {
			t.Errorf("added by %s: %v", k.public.Text, err)
		}
		a.Discard()
		x := d.copy()
		cp := d.must(CheckOptions{}).Checkpoint
		x.sign(k, cp)
		if _, err := x.check(CheckOptions{}); err == nil || !strings.Contains(err.Error(), "which was not the case's key at 13 entries") {
			t.Errorf("signed by %s: %v", k.public.Text, err)
		}
		// A line of a replaced key beside the true one is some key's, and breaks nothing.
		n, err := note.Open(d.read(CheckpointName), note.VerifierList(third.public.verifier))
		if err != nil {
			t.Fatal(err)
		}
		both, err := note.Sign(n, k)
		if err != nil {
			t.Fatal(err)
		}
		x.write(CheckpointName, both)
		x.key = third
		if a := x.must(CheckOptions{}); len(a.Unknown) != 1 {
			t.Errorf("%+v", a.Unknown)
		}
		x.add(KindDocument, nil, "d.txt=d")
		x.must(CheckOptions{})
	}

	// A checkpoint of the second key says that a log was rolled back to the first.
	old, err := Open(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	back := &desk{t, old, first, noon}
	back = back.copy()
	l, err := ReadLog(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	for n := int64(8); n < 13; n++ {
		os.RemoveAll(back.path(ActFolder(n, l.Entries[n].Kind)))
	}
	back.rewrite(first, l.raw[:8])
	back.must(CheckOptions{Examiner: &first.public})
	if _, err := back.check(CheckOptions{Checkpoints: []Held{{Name: "second", Bytes: heldSecond}}}); err == nil || !strings.Contains(err.Error(), "rolled back") {
		t.Errorf("rolled back: %v", err)
	}
	if _, err := back.check(CheckOptions{Examiner: &second.public}); err == nil {
		t.Error("rolled back, and verified against the second key")
	}
	if err := d.must(CheckOptions{}).WriteCrate(); err != nil {
		t.Fatal(err)
	}
	to, err := unpackInto(t, d.pack(), DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(context.Background(), to, CheckOptions{Examiner: &first.public}); err != nil {
		t.Error(err)
	}
}

// TestGuardian: a guardian's note replaces a lost key, and nobody else's does.
func TestGuardian(t *testing.T) {
	d := open(t)
	g, mallory, next := newKey(t, "guardian.example"), newKey(t, "mallory.example"), newKey(t, "examiner.example/new")
	d.add(KindDocument, nil, "a.txt=a")
	before, err := ReadLog(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := before.Handover(g, next.public, "lost", noon); err == nil || !strings.Contains(err.Error(), "signed neither by the case's key") {
		t.Errorf("not named yet: %v", err)
	}
	d.add(KindGuardian, GuardianData{Name: g.public.Name, Key: g.public.Text})
	l, err := ReadLog(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	if l.MayGuard(g.public) == nil || l.MayGuard(d.key.public) == nil {
		t.Error("the examiner, or a guardian again, may guard")
	}
	b, err := l.Handover(g, next.public, "The key was stolen on Monday.", noon)
	if err != nil {
		t.Fatal(err)
	}
	for what, why := range map[string]string{"": "says why", "a\x1bb": "the reason has"} {
		if _, err := l.Handover(g, next.public, what, noon); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v", what, err)
		}
	}
	for who, try := range map[string]func() error{
		"to a guardian": func() error { _, err := l.Handover(g, g.public, "x", noon); return err },
		"to the same":   func() error { _, err := l.Handover(g, d.key.public, "x", noon); return err },
		"by a stranger": func() error { _, err := l.Handover(mallory, next.public, "x", noon); return err },
		"another key writes it": func() error {
			_, _, err := d.Rotate(context.Background(), mallory, nil, b, "", noon)
			return err
		},
		"of another case": func() error {
			o := open(t)
			_, _, err := o.Rotate(context.Background(), next, nil, b, "", noon)
			return err
		},
	} {
		if try() == nil {
			t.Errorf("handed over %s", who)
		}
	}
	grown := d.copy()
	grown.add(KindDocument, nil, "b.txt=b")
	if _, _, err := grown.Rotate(context.Background(), next, nil, b, "", noon); err == nil || !strings.Contains(err.Error(), "made for the case as it is") {
		t.Errorf("of an earlier state: %v", err)
	}
	if _, _, err := d.Rotate(context.Background(), next, nil, b, "", noon); err != nil {
		t.Fatal(err)
	}
	a := d.must(CheckOptions{Examiner: &d.key.public})
	if k := a.Keys[1]; !k.Guardian || k.By != g.public.Text || k.Why != "The key was stolen on Monday." {
		t.Errorf("%+v", k)
	}
	d.key = next
	d.add(KindDocument, nil, "c.txt=c")

	// Forged into the log by the new key's holder: no handover, or another's.
	es := d.raw()
	forged := d.copy()
	forged.write("acts/00003-rotated/handover.note", bytes.Replace(b, []byte("Monday"), []byte("Friday"), 1))
	if _, err := forged.check(CheckOptions{}); err == nil || !strings.Contains(err.Error(), "acts/00003-rotated/handover.note") {
		t.Errorf("%v", err)
	}
	x := d.copy()
	text, _, _ := strings.Cut(string(b), "\n\n")
	note2, err := note.Sign(&note.Note{Text: strings.Replace(text+"\n", next.public.Text, mallory.public.Text, 1)}, mallory)
	if err != nil {
		t.Fatal(err)
	}
	x.write("acts/00003-rotated/handover.note", note2)
	e := &Entry{Format: EntryFormat, Kind: KindRotated, Time: noon, Data: data(RotatedData{Key: mallory.public.Text}),
		Files: []File{{Path: "acts/00003-rotated/handover.note", SHA256: Held{Bytes: note2}.sum(), Size: int64(len(note2)), Role: RoleNote}}}
	raw, err := e.encode()
	if err != nil {
		t.Fatal(err)
	}
	os.RemoveAll(x.path("acts/00004-document"))
	x.rewrite(mallory, [][]byte{es[0], es[1], es[2], raw})
	if _, err := x.check(CheckOptions{}); err == nil || !strings.Contains(err.Error(), "signed neither by the case's key") {
		t.Errorf("taken over: %v", err)
	}
}

// TestEveryByteOfARotatedCase finds a changed byte in the file where it is, also
// where the key that signs is known by the log alone.
func TestEveryByteOfARotatedCase(t *testing.T) {
	d := open(t)
	g := newKey(t, "guardian.example")
	d.add(KindGuardian, GuardianData{Name: g.public.Name, Key: g.public.Text})
	d.rotate("examiner.example")
	d.add(KindDocument, nil, "a.txt=words")
	d.rotate("third.example")
	r := rand.New(rand.NewPCG(3, 4))
	n := 0
	for _, name := range files(t, d.dir) {
		fi, err := os.Stat(filepath.Join(d.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for i := r.IntN(4); i < int(fi.Size()); i += 1 + r.IntN(8) {
			d.flip(t, name, i, 1<<r.IntN(8))
			n++
		}
	}
	d.must(CheckOptions{})
	if n < 500 {
		t.Errorf("only %d bytes", n)
	}
}

// FuzzHandover: a note hands a case over only if its key or a guardian signed it.
func FuzzHandover(f *testing.F) {
	d := open(f)
	g, next := newKey(f, "guardian.example"), newKey(f, "next.example")
	d.add(KindGuardian, GuardianData{Name: g.public.Name, Key: g.public.Text})
	l, err := ReadLog(d.dir)
	if err != nil {
		f.Fatal(err)
	}
	for _, k := range []*Key{d.key, g} {
		b, err := l.Handover(k, next.public, "lost", noon)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(handoverHeader + "\ncase x\n\n— a b\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := l.handover(b, l.Checkpoint.Size)
		if err == nil && (got.Text != next.public.Text || got.Why != "lost") {
			t.Errorf("forged: %q", b)
		}
	})
}

// TestPlantedHandover: folders that look like a handover and are in no entry do not stop
// the examiner, and nothing is said of keys that were replaced.
func TestPlantedHandover(t *testing.T) {
	stranger, party := newKey(t, "new.example"), newKey(t, "party.example")
	for _, c := range []struct {
		name   string
		folder string
		aside  bool
	}{
		{"far past the end", "00500-rotated", true},
		{"next", "", true},
		{"of another entry", "00000-rotated", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t)
			d.add(KindDocument, nil, "a.txt=a")
			d.rotate("examiner.example/2") // an honest one is there, too
			d.add(KindDocument, nil, "b.txt=b")
			l := d.must(CheckOptions{})
			folder := c.folder
			if folder == "" {
				folder = filepath.Base(ActFolder(l.Checkpoint.Size, KindRotated))
			}
			text := "constat-key/1\ncase " + l.Origin + "\nsize 500\nroot " + l.Checkpoint.Root.String() + "\nkey " + stranger.public.Text + "\ntime " + noon.String() + "\nwhy x\n"
			b, err := note.Sign(&note.Note{Text: text}, party)
			if err != nil {
				t.Fatal(err)
			}
			p := filepath.Join(d.dir, "acts", folder)
			if err := os.MkdirAll(p, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(p, handoverName), b, 0o666); err != nil {
				t.Fatal(err)
			}
			if _, err := d.check(CheckOptions{}); err == nil || !strings.Contains(err.Error(), folder) || strings.Contains(err.Error(), "replaced") {
				t.Errorf("before the next act: %v", err)
			}
			a, err := d.NewAct(KindDocument, d.now)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Discard()
			if _, _, err := d.Add(context.Background(), d.key, a); err != nil {
				t.Fatalf("the examiner: %v", err)
			}
			x, err := d.NewAct(KindDocument, d.now)
			if err != nil {
				t.Fatal(err)
			}
			defer x.Discard()
			if _, _, err := d.Add(context.Background(), stranger, x); err == nil || !strings.Contains(err.Error(), "is not the case's") {
				t.Errorf("the stranger: %v", err)
			}
			if !c.aside {
				return // an act looks at what lies past the log's end alone
			}
			x.Discard()
			if got := d.must(CheckOptions{}).Leftover; !slices.ContainsFunc(got, SetAside) {
				t.Errorf("left over: %v", got)
			}
			d.rotate("examiner.example/3")
		})
	}
}
