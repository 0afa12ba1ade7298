package audit

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/cases/examine"
	"constat/routes/atlas"
)

// TestListsNotChecked: what of a question rests on lists is said not to be checked, and
// is held against the lists where these are given.
func TestListsNotChecked(t *testing.T) {
	write := func(text string) *atlas.Atlas {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "delegated-ripencc-20200101"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		a, err := atlas.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	const list = "2|ripencc|20200101|1|19920101|20200101|+0000\nripencc|FR|asn|64496|100|20100101|allocated\n"
	lists, others := write(list), write(strings.Replace(list, "FR", "DE", 1))
	d := open(t, world(t))
	r := d.request()
	r.Atlas = lists
	var err error
	if r.Sources, err = d.set(d.src); err != nil {
		t.Fatal(err)
	}
	r.Dir = filepath.Join(t.TempDir(), "one")
	if _, err := examine.Run(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		with       *atlas.Atlas
		pairs      []string
	}{
		{"as it was", "", lists, nil},
		{"without lists", "", nil, []string{`"64496": "FR"`, `"64496": "CU"`}},
		{"another country", "countries are not", lists, []string{`"64496": "FR"`, `"64496": "CU"`}},
		{"a network more", "countries are not", lists, []string{`"64496": "FR"`, `"64495": "CU", "64496": "FR"`}},
		{"large networks", "large are not", lists, []string{`"registers"`, `"large": [64496], "registers"`}},
		{"other lists", "delegated-ripencc-20200101 with SHA-256 ", others, nil},
		{"a list that was not read", "with SHA-256 ab is not among them", lists, []string{`"registers": [`, `"registers": [{"what": "relations", "file": "x", "date": "", "sha256": "ab", "unread": 0},`}},
	} {
		dir := filepath.Join(t.TempDir(), "one")
		if err := os.CopyFS(dir, os.DirFS(r.Dir)); err != nil {
			t.Fatal(err)
		}
		renamed(t, dir, c.pairs...)
		again(t, dir)
		a, err := Single(context.Background(), dir)
		if err != nil || a.Unchecked == nil || !slices.Contains(a.Unchecked.Members, "countries") || !strings.Contains(strings.Join(a.Unchecked.Lists, " "), "delegated-ripencc-20200101 (SHA-256 ") {
			t.Errorf("%s: %v, %+v", c.name, err, a)
			continue
		}
		set, err := d.set(d.src)
		if err != nil {
			t.Fatal(err)
		}
		err = examine.VerifyArchives(context.Background(), dir, set, c.with, t.TempDir(), nil)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	x := d.examine() // without lists
	if a, err := Single(context.Background(), filepath.Join(d.Dir(), filepath.FromSlash(x.Folder))); err != nil || a.Unchecked != nil {
		t.Errorf("without lists: %v, %+v", err, a)
	}
	o := d.archives(d.src)
	o.Atlas = lists
	if r, err := Case(context.Background(), d.Dir(), o); err != nil || r.Examinations[0].Unchecked != nil {
		t.Errorf("a case without lists against some: %v", err)
	}
}
