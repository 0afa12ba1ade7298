package main

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"constat/internal/realdata"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"constat": func() { os.Exit(run()) }})
}

// TestScripts runs the verbs as a person would. A script that needs real data
// begins with
//
//	[!data] skip 'real data is absent (../shared/data beside the module)'
//
// and finds it under $DATA; the examples are under $EXAMPLES. Small binary files are written into scripts in hex:
// "unhex IN OUT" turns them back, and "archive DIR" lays down a small archive.
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
			examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
			e.Setenv("EXAMPLES", examples)
			if err != nil {
				return err
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"archive": archive,
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
