package main

import (
	"errors"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestStandardScripts loads standards as a verb with [standardFlag] does. The
// command "standard NAME|FILE" prints name and hash, or the refusal; it fails
// as a verb fails and insists that the refusal is wrong usage.
func TestStandardScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/standard",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"standard": func(ts *testscript.TestScript, neg bool, args []string) {
				name := ""
				if len(args) > 0 {
					name = args[0]
				}
				if _, err := os.Stat(ts.MkAbs(name)); name != "" && err == nil {
					name = ts.MkAbs(name)
				}
				f := standardFlag{Standard: name}
				s, err := f.load()
				if (err != nil) != neg {
					ts.Fatalf("standard %q: %v", args, err)
				}
				if err == nil {
					ts.Check(os.WriteFile(ts.MkAbs("out"), []byte(s.Name+" "+s.Hash+"\n"), 0o666))
					return
				}
				var ee *exitError
				if !errors.As(err, &ee) || ee.code != exitUsage {
					ts.Fatalf("standard %q: not wrong usage: %v", args, err)
				}
				ts.Check(os.WriteFile(ts.MkAbs("out"), []byte(err.Error()+"\n"), 0o666))
			},
		},
	})
}
