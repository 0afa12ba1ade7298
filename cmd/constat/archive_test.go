package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/routes/atlas"
)

// TestExamineArchive examines the same hour from an archive on loopback, from
// its cache, and from a folder: the findings are the same bytes.
func TestExamineArchive(t *testing.T) {
	dir := realdata.Path(t, "mrt/ris")
	srv := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer srv.Close()
	t.Setenv("CONSTAT_RIS_URL", srv.URL)
	tmp := t.TempDir()
	examine := func(name string, c examineCmd) string {
		t.Helper()
		c.Subject, c.From, c.Until, c.Lang = []string{"AS22047"}, "2010-02-27T16:00", "2010-02-27T16:15", "en"
		c.Case, c.JSON = filepath.Join(tmp, name), true
		c.Cache = filepath.Join(tmp, "cache")
		var out, errs bytes.Buffer
		if err := c.Run(context.Background(), &streams{out: &out, err: &errs}); err != nil {
			t.Fatalf("%v\n%s", err, errs.String())
		}
		return out.String()
	}
	folder := examine("folder", examineCmd{sourceFlags: sourceFlags{Source: []string{filepath.Join(dir, "rrc15")}}})
	archive := examine("archive", examineCmd{sourceFlags: sourceFlags{Source: []string{"ris:rrc15"}}})
	srv.Close()
	offline := examine("offline", examineCmd{sourceFlags: sourceFlags{Source: []string{"ris:rrc15"}, Offline: true}})
	// A file that was not given and one that the archive does not have are two
	// things; all else is the same.
	given, absent := `"reason": "file-not-given"`, `"reason": "file-not-in-archive"`
	if strings.ReplaceAll(folder, given, absent) != archive || archive != offline {
		t.Errorf("findings differ: folder %d bytes, archive %d, offline %d", len(folder), len(archive), len(offline))
	}
	if !strings.Contains(folder, given) || !strings.Contains(archive, absent) {
		t.Error("the missing file makes nobody blind")
	}
}

func TestAtlasUpdate(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"apnic/2014/delegated-apnic-extended-20141222": "2|apnic|20141222|1|19830613|20141222|+1000\napnic|KP|asn|131279|1|20091221|allocated|A9\n",
		"asnames/asn.txt": "131279 STAR-KP Ryugyong-dong, KP\n",
	} {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	srv := httptest.NewServer(http.FileServer(http.Dir(root)))
	defer srv.Close()
	t.Setenv(atlas.URLEnv, srv.URL)
	dir := filepath.Join(t.TempDir(), "lists")
	var out, errs bytes.Buffer
	if err := (&atlasUpdateCmd{Date: "2014-12-22", Dir: dir}).Run(context.Background(), &streams{out: &out, err: &errs}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "APNIC     2014-12-22  delegated-apnic-extended-20141222") || strings.Count(errs.String(), "not covered: ") != 4 {
		t.Errorf("%s\n%s", out.String(), errs.String())
	}
	out.Reset()
	if err := (&subjectCmd{Subject: []string{"KP"}, Atlas: dir}).Run(context.Background(), &streams{out: &out, err: &errs}); err != nil {
		t.Fatal(err)
	}
	if out.String() != "AS131279 STAR-KP Ryugyong-dong, KP  delegated to KP by APNIC on 2009-12-21 (delegated-apnic-extended-20141222 of 2014-12-22)\n" {
		t.Errorf("%q", out.String())
	}
	for _, date := range []string{"soon", "2999-01-01"} {
		if err := (&atlasUpdateCmd{Date: date, Dir: dir}).Run(context.Background(), &streams{out: &out, err: &errs}); err == nil {
			t.Errorf("%s was taken for a day", date)
		}
	}
}
