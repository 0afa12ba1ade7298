package main

import (
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"constat/cases/caselog"
	"constat/cases/witness"
	"constat/internal/realdata"
	"constat/moment"
	"constat/routes/atlas"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"constat": func() { os.Exit(run()) }})
}

// archiveURLs move everything that is fetched; nowhere is where nothing listens. So no
// test asks anybody for anything.
var archiveURLs = []string{"CONSTAT_RIS_URL", "CONSTAT_ROUTEVIEWS_URL", atlas.URLEnv}

const nowhere = "http://127.0.0.1:1"

// TestScripts runs the verbs as a person would. A script that needs real data
// begins with
//
//	[!data] skip 'real data is absent (../shared/data beside the module)'
//
// and finds it under $DATA; the examples are under $EXAMPLES. Small binary files are written into scripts in hex:
// "unhex IN OUT" turns them back, "archive DIR" lays down a small archive, "serve VARIABLE DIR" serves a folder on loopback and sets the variable to its address,
// "edit FILE OLD NEW" replaces the first OLD in a file,
// and "station VARIABLE KEY EXAMINER" does that for a witness with a private key, of an
// examiner's public one.
func TestScripts(t *testing.T) {
	dir, have := realdata.Dir()
	if !have && os.Getenv("CI") == "true" {
		t.Fatal("real data is absent (../shared/data beside the module), and CI must have it")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			if have {
				e.Setenv("DATA", dir)
			}
			e.Setenv("LC_ALL", "C") // what a script expects does not depend on the machine's language
			e.Setenv("COLUMNS", "")
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			for _, name := range archiveURLs {
				e.Setenv(name, nowhere)
			}
			examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
			e.Setenv("EXAMPLES", examples)
			if err != nil {
				return err
			}
			old, err := filepath.Abs(filepath.Join("..", "..", "cases", "examine", "testdata"))
			e.Setenv("OLDCASES", old)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"archive": archive,
			"serve": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 2 {
					ts.Fatalf("usage: serve VARIABLE DIR")
				}
				srv := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs(args[1]))))
				ts.Defer(srv.Close)
				ts.Setenv(args[0], srv.URL)
			},
			"station": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 3 {
					ts.Fatalf("usage: station VARIABLE KEY EXAMINER")
				}
				k, err := caselog.LoadKey(ts.MkAbs(args[1]), "")
				ts.Check(err)
				h := &witness.Handler{Key: k, Seen: ts.MkAbs("station.seen"), Now: func() moment.Time { return moment.FromTime(time.Now()) },
					Examiners: func() ([]caselog.PublicKey, error) {
						p, err := caselog.ParsePublicKey(strings.TrimSpace(ts.ReadFile(args[2])))
						return []caselog.PublicKey{p}, err
					}}
				srv := httptest.NewServer(h)
				ts.Defer(srv.Close)
				ts.Setenv(args[0], srv.URL)
			},
			"edit": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 3 {
					ts.Fatalf("usage: edit FILE OLD NEW")
				}
				was := ts.ReadFile(args[0])
				if !strings.Contains(was, args[1]) {
					ts.Fatalf("%s has no %q", args[0], args[1])
				}
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(was, args[1], args[2], 1)), 0o644))
			},
			"unhex": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 2 {
					ts.Fatalf("usage: unhex IN OUT")
				}
				b, err := hex.DecodeString(strings.Join(strings.Fields(ts.ReadFile(args[0])), ""))
				ts.Check(err)
				ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o644))
			},
		},
		Condition: func(cond string) (bool, error) {
			if cond == "data" {
				return have, nil
			}
			return false, nil
		},
	})
}
