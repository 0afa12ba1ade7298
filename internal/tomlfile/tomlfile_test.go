package tomlfile

import (
	"errors"
	"strings"
	"testing"
)

type doc struct {
	A int    `toml:"a"`
	B string `toml:"b"`
}

func TestDecode(t *testing.T) {
	var d doc
	if err := Decode([]byte("a = 1\nb = 'x'\n"), &d); err != nil || d != (doc{1, "x"}) {
		t.Fatal(err, d)
	}
	for in, want := range map[string]string{
		"a = 1\nc = 2\n":                  "c (line 2)",
		"a = 'x'\n":                       "a (line 1)",
		"a = [\n":                         "line 1, column 6",
		"c=1\nd=2\ne=3\nf=4\ng=5\n":       "and 2 more",
		strings.Repeat("x.", 200) + "y=1": "…",
	} {
		err := Decode([]byte(in), &d)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 400 {
			t.Errorf("%.40q: %v; want one line with %q", in, err, want)
		}
	}
	var u *Unknown
	if err := Decode([]byte("c=1\n"), &d); !errors.As(err, &u) || len(u.Keys) != 1 {
		t.Errorf("%v", err)
	}
	if m, err := Tree([]byte("c = 1\n[d]\n")); err != nil || len(m) != 2 {
		t.Errorf("%v %v", m, err)
	}
	if _, err := Tree([]byte("c = \n")); err == nil {
		t.Error("half a line was read")
	}
}

// TestLarge: large files are read as strictly as small ones.
func TestLarge(t *testing.T) {
	type inner struct {
		C int            `toml:"c"`
		M map[string]int `toml:"m"`
	}
	type outer struct {
		doc
		L []inner `toml:"l"`
		P *inner  `toml:"p"`
	}
	good := "a = 1\n[p]\nm = { x = 1 }\n" + strings.Repeat("[[l]]\nc = 1\n[l.m]\ny = 2\n", 1000)
	var v outer
	if err := Decode([]byte(good), &v); err != nil || len(good) <= strictSize || v.A != 1 || len(v.L) != 1000 || v.L[999].M["y"] != 2 {
		t.Fatal(err, v.A, len(v.L))
	}
	for in, want := range map[string]string{"\n[q]\n": "q", "\n[p.q]\nx=1\n": "p.q", "\n[[l]]\nd = 1\n": "l.d", "\n[[l]]\nC = 1\n": "l.C"} {
		var u *Unknown
		if err := Decode([]byte(good+in), &v); !errors.As(err, &u) || len(u.Keys) != 1 || u.Keys[0] != want {
			t.Errorf("%q: %v", in, err)
		}
	}
	if err := Decode([]byte(good+strings.Repeat("[[l]]\nd=1\n", 9)), &v); err == nil || !strings.Contains(err.Error(), "and 6 more") {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("a = 1\n[b]\nc = 2\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 16<<10 {
			return
		}
		var d doc
		if err := Decode(b, &d); err != nil && len(err.Error()) > 2000 {
			t.Fatalf("an error of %d bytes", len(err.Error()))
		}
	})
}
