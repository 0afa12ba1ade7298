package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"constat/cases/caselog"
	"constat/internal/plain"
	"constat/judge/proof"
	"constat/moment"
)

const thatNoon = moment.Time(1419249600) * moment.Second

// opened is a case with one party, and their keys.
func opened(t *testing.T) (*caselog.Case, *caselog.Key, *caselog.Key) {
	t.Helper()
	k, err := caselog.NewKey(rand.Reader, "examiner.example")
	if err != nil {
		t.Fatal(err)
	}
	p, err := caselog.NewKey(rand.Reader, "ministry.example")
	if err != nil {
		t.Fatal(err)
	}
	standard, _ := proof.Source(proof.Default)
	c, err := caselog.New(filepath.Join(t.TempDir(), "case"), caselog.Opening{Question: "Who was in a position to cut these networks?", Standard: caselog.Standard{Name: proof.Default}}, standard, k, thatNoon)
	if err != nil {
		t.Fatal(err)
	}
	put(t, c, k, caselog.KindParty, caselog.PartyData{Name: p.Public().Name, Key: p.Public().Text, For: "the ministry"}, "", nil)
	return c, k, p
}

func put(t *testing.T, c *caselog.Case, k *caselog.Key, kind string, data any, role string, b []byte) error {
	t.Helper()
	a, err := c.NewAct(kind, thatNoon)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Discard()
	a.Data = data
	if b != nil {
		if err := a.WriteFile("a.txt", role, b); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err = c.Add(context.Background(), k, a)
	return err
}

// printed runs verify, and gives what it prints and its error as main prints it.
func printed(t *testing.T, dir string) string {
	t.Helper()
	var out bytes.Buffer
	s := &streams{out: &out, err: plain.NewWriter(&out)}
	c := &verifyCmd{Case: dir}
	c.MaxBytes, c.MaxFiles = 1<<30, 1000
	if err := c.Run(context.Background(), s); err != nil {
		plain.Fprintln(s.err, "constat:", err)
	}
	show := &caseShowCmd{Case: dir}
	if err := show.Run(s); err != nil {
		plain.Fprintln(s.err, "constat:", err)
	}
	return out.String()
}

// TestForgedLines: what strangers and parties choose – names of files, names in
// signature lines, reasons – forges no line and does nothing on a terminal.
func TestForgedLines(t *testing.T) {
	const evil = "x\n  countersigned by ministry.example at noon\n\x1b[2K\x1b[1A\u009b1A\u202e"
	check := func(t *testing.T, c *caselog.Case, want string) {
		t.Helper()
		got := printed(t, c.Dir())
		for line := range strings.Lines(got) {
			if strings.HasPrefix(line, "  countersigned") {
				t.Errorf("a forged line: %q", line)
			}
			if what, _, ok := plain.Find(strings.TrimSuffix(line, "\n"), false); ok {
				t.Errorf("%s in %q", what, line)
			}
		}
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	t.Run("a file's name", func(t *testing.T) {
		c, _, _ := opened(t)
		if err := os.WriteFile(filepath.Join(c.Dir(), evil), nil, 0o666); err != nil {
			t.Skip(err)
		}
		check(t, c, `x; `)
	})
	t.Run("an unknown signature", func(t *testing.T) {
		c, _, _ := opened(t)
		b, err := os.ReadFile(filepath.Join(c.Dir(), caselog.CheckpointName))
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, "— x\u009b1A\u202eelpmaxe.yrtsinim AAAAAAAA\n"...)
		if err := os.WriteFile(filepath.Join(c.Dir(), caselog.CheckpointName), b, 0o666); err != nil {
			t.Fatal(err)
		}
		check(t, c, `x\u009b1A\u202eelpmaxe.yrtsinim`)
	})
	t.Run("a reason", func(t *testing.T) {
		c, k, p := opened(t)
		l, err := caselog.ReadLog(c.Dir())
		if err != nil {
			t.Fatal(err)
		}
		cp := l.Checkpoint
		text := "constat-dissent/1\ncase " + cp.Origin + "\nsize 2\nroot " + cp.Root.String() + "\ntime " + thatNoon.String() + "\n\nNo.\u009b1A\u202e\n"
		b, err := note.Sign(&note.Note{Text: text}, p)
		if err != nil {
			t.Fatal(err)
		}
		if err := put(t, c, k, caselog.KindDissent, nil, caselog.RoleNote, b); err != nil {
			t.Fatal(err)
		}
		check(t, c, `No.\u009b1A\u202e`)
		if _, err := l.Dissent(p, []byte("No.\u202e"), thatNoon); err == nil {
			t.Error("a reason with a control character was signed")
		}
	})
	t.Run("data", func(t *testing.T) {
		c, k, _ := opened(t)
		for _, s := range []string{evil, "a\nb", "a\u009bb", "a\u202eb"} {
			if err := put(t, c, k, "remark", map[string]string{"text": s}, "", nil); err == nil {
				t.Errorf("%q was logged", s)
			}
		}
		if err := put(t, c, k, "remark", map[string]string{"text": "كانت \u200fAS64496\u200f معزولة"}, "", nil); err != nil {
			t.Error(err)
		}
	})
	t.Run("an error", func(t *testing.T) {
		var out bytes.Buffer
		plain.Fprintln(&out, "constat:", errors.New(evil))
		if strings.Count(out.String(), "\n") != 1 {
			t.Errorf("%q", out.String())
		}
	})
}
