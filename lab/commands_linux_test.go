package lab

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"constat/wire/mrt"
)

// TestCommands plays every command of the language on four real routers, and
// looks at the recording: who holds which of the subject's routes, by which
// path, five minutes after each. What BIRD and FRR make of a command must be the
// same.
func TestCommands(t *testing.T) {
	playAll(t)
	bird := must(Load("testdata/commands.lab"))(t)
	src := strings.NewReplacer(`"One"`, `"One" frr`, `"Two"`, `"Two" frr`, `"Three"`, `"Three" frr`, `"Four"`, `"Four" frr`, "AS64496 at", "AS64496 frr at").Replace(string(bird.Source))
	src = strings.Replace(src, `subject "One" frr`, `subject "One"`, 1)
	frr := must(Parse("commands.lab", []byte(src)))(t)
	t.Run("BIRD", func(t *testing.T) {
		t.Parallel()
		playCommands(t, bird)
	})
	t.Run("FRR", func(t *testing.T) {
		t.Parallel()
		if err := Requirements(frr); err != nil && os.Getenv("CI") != "true" {
			t.Skip(err)
		}
		playCommands(t, frr)
	})
}

func playCommands(t *testing.T, s *Scenario) {
	out := filepath.Join(t.TempDir(), "rec")
	must(Run(t.Context(), s, Options{Out: out}))(t)

	// The first network's path at the three vantages; "-" where it is gone.
	// A number is the last digit of an AS.
	want := map[int]string{
		4:   "2:21 3:321 4:421",
		9:   "2:21 3:3421 4:421", // by way of a peer
		14:  "2:21 3:321 4:421",
		19:  "2:21 3:- 4:-",
		24:  "2:21 3:321 4:421",
		29:  "2:- 3:- 4:-",
		34:  "2:21 3:321 4:421",
		39:  "2:- 3:- 4:-",
		44:  "2:21 3:321 4:421",
		49:  "2:- 3:321 4:4321", // stuck, and whoever believes it
		54:  "2:- 3:- 4:-",
		64:  "2:21 3:321 4:421",
		69:  "2:21 3:- 4:421", // a session went down
		74:  "2:21 3:321 4:421",
		79:  "2:21 3:321 4:421 more:3",
		84:  "2:21 3:321 4:421",
		86:  "2:2111 3:32111 4:42111",
		89:  "2:21 3:321 4:421",
		94:  "2:- 3:- 4:-",
		99:  "2:241 3:341 4:41", // the second provider
		109: "2:241 3:341 4:41", // as told to the collector anew
		114: "2:241 3:341 4:41 mute:4",
	}
	type held struct{ path map[string]string }
	now := map[string]held{}
	var at int64
	check := func(until int64) {
		for ; at < until; at++ {
			w, ok := want[int(at)]
			if !ok {
				continue
			}
			var got []string
			more, mute := 0, ""
			for _, v := range []string{"2", "3", "4"} {
				p := now[v].path["198.51.100.0/24"]
				if p == "" {
					p = "-"
				}
				got = append(got, v+":"+p)
				if now[v].path["198.51.100.0/25"] != "" {
					more++
				}
				if now[v].path["10."+v+".0.0/24"] == "" {
					mute = v
				}
			}
			line := strings.Join(got, " ")
			if more > 0 {
				line += fmt.Sprintf(" more:%d", more)
			}
			if mute != "" && at > 105 {
				line += " mute:" + mute
			}
			if line != w {
				t.Errorf("after %d minutes: %s, want %s", at, line, w)
			}
		}
	}
	for _, name := range []string{"bview.20200101.0000", "updates.20200101.0000", "updates.20200101.0100"} {
		z := must(gzip.NewReader(bytes.NewReader(must(os.ReadFile(filepath.Join(out, "lab08/2020.01", name+".gz")))(t))))(t)
		r := mrt.NewReader(z)
		var w mrt.Walker
		for {
			rec, err := r.Next()
			if err != nil {
				break
			}
			if !strings.HasPrefix(name, "bview") {
				check(int64(rec.Time.Std().Sub(s.From) / time.Minute))
			}
			if _, err := w.Record(rec); err != nil {
				t.Fatal(err)
			}
			for w.Next() {
				e := w.Elem()
				if e.PeerAS == 0 {
					continue // BIRD's peer number 0
				}
				digit := func(as uint32) string { return fmt.Sprint(as - 64500) }
				v := digit(e.PeerAS)
				switch e.Kind {
				case mrt.Announce, mrt.RIBEntry:
					if now[v].path == nil {
						now[v] = held{map[string]string{}}
					}
					p := ""
					for _, as := range e.AppendPath(nil) {
						p += digit(as)
					}
					now[v].path[e.Prefix.String()] = p
				case mrt.Withdraw:
					delete(now[v].path, e.Prefix.String())
				case mrt.State:
					delete(now, v)
				}
			}
			if err := w.Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	check(120)
}
