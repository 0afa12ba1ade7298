package lab

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// base is a scenario that can be played; tests spoil it.
const base = `scenario base
summary Nothing happened
from  2020-01-01T00:00:00Z
until 2020-01-01T01:00:00Z
files every 10m
subject "it" AS1 198.51.100.0/24
router AS1 "One" announces 198.51.100.0/24
router AS2 "Two" pace 2s announces 10.2.0.0/24
router AS3 "Three"
link AS1 -> AS2 hold 9s
link AS2 -- AS3
collector lab00 AS64496 at 192.0.2.1 peers AS2 AS3
`

func TestScenariosInTheBox(t *testing.T) {
	for _, name := range Scenarios() {
		s, err := Load(name)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if s.Name != name {
			t.Errorf("%s calls itself %s", name, s.Name)
		}
		if len(s.Truth) == 0 && s.Act == "" {
			t.Errorf("%s says neither what is true nor which act is played", name)
		}
	}
}

func TestParseCommands(t *testing.T) {
	src := base + `
at 60s: AS1 stops announcing                   # everything
at 90s: AS1 announces 198.51.100.0/24 203.0.113.0/24
then 3s: AS2 refuses AS1 from AS1
settle loss on 2020-01-01T00:01:40Z
at 5m: AS2 accepts AS1 from AS1
at 6m: AS2 withholds 198.51.100.0/24
  203.0.113.0/24 from peers
at 7m: AS2 passes 198.51.100.0/24 203.0.113.0/24 to peers
at 8m: cut AS1 AS2
at 2020-01-01T00:09:00Z: mend AS2 AS1
at 10m: freeze AS3
at 11m: thaw AS3
at 12m: stop lab00
at 13m: start lab00
at 14m: AS3 announces 198.51.100.0/25
at 15m: AS1 prepends 3
at 16m: AS2 tags 7 10.2.0.0/24
at 17m: AS2 withholds AS2 from AS64496
at 18m: AS1 tags 2:666 198.51.100.0/24
at 19m: lose 95% AS2 AS1
`
	s, err := Parse("x.lab", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"AS1 stops announcing", "AS1 announces 198.51.100.0/24 203.0.113.0/24", "AS2 refuses AS1 from AS1",
		"AS2 accepts AS1 from AS1", "AS2 withholds 198.51.100.0/24 203.0.113.0/24 from peers",
		"AS2 passes 198.51.100.0/24 203.0.113.0/24 to peers", "cut AS1 AS2", "mend AS2 AS1", "freeze AS3", "thaw AS3",
		"stop lab00", "start lab00", "AS3 announces 198.51.100.0/25", "AS1 prepends 3", "AS2 tags 7 10.2.0.0/24",
		"AS2 withholds AS2 from AS64496", "AS1 tags 2:666 198.51.100.0/24", "lose 95% AS2 AS1",
	}
	var got []string
	for _, e := range s.Script {
		for _, st := range e.Do {
			got = append(got, st.Cmd.String())
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if e := s.Script[1]; e.Settle == nil || !e.Settle.Loss || e.Do[1].After != 3*time.Second {
		t.Errorf("second event: %+v", e)
	}
}

func TestParseRefuses(t *testing.T) {
	replace := func(old, new string) string {
		if !strings.Contains(base, old) {
			t.Fatalf("%q is not in the base", old)
		}
		return strings.Replace(base, old, new, 1)
	}
	for name, c := range map[string]struct{ src, want string }{
		"empty":                {"", `"scenario" is missing`},
		"no end":               {replace("until 2020-01-01T01:00:00Z\n", ""), `"until" is missing`},
		"ends first":           {replace("01:00:00Z", "00:00:00Z"), "before it begins"},
		"unknown statement":    {base + "routr AS9\n", `line 13: unknown statement "routr"`},
		"unknown command":      {base + "at 60s: explode AS1\n", `line 13: unknown command "explode"`},
		"unknown AS command":   {base + "at 60s: AS1 sulks\n", `line 13: unknown command "sulks"`},
		"trailing words":       {base + "at 60s: cut AS1 AS2 AS3\n", `"AS3": nothing more`},
		"no router":            {base + "at 60s: AS9 announces 10.0.0.0/8\n", "there is no router AS9"},
		"no link":              {base + "at 60s: cut AS1 AS3\n", "AS1 and AS3 are not linked"},
		"no neighbour":         {base + "at 60s: AS1 refuses AS2 from AS3\n", "AS3 is no neighbour of AS1"},
		"mend what is whole":   {base + "at 60s: mend AS1 AS2\n", "is up already"},
		"cut twice":            {base + "at 60s: cut AS1 AS2\nat 90s: cut AS2 AS1\n", "line 14: the link between AS2 and AS1 is cut already"},
		"undo nothing":         {base + "at 60s: AS2 accepts AS1\n", "nothing to undo"},
		"announce twice":       {base + "at 60s: AS1 announces 198.51.100.0/24\n", "already"},
		"stop what is not":     {base + "at 60s: AS3 stops announcing\n", "AS3 announces nothing"},
		"thaw what runs":       {base + "at 60s: thaw AS1\n", "AS1 is running"},
		"command while frozen": {base + "at 60s: freeze AS1\nat 90s: AS1 stops announcing\n", "not running"},
		"unknown collector":    {base + "at 60s: stop lab77\n", "no collector lab77"},
		"too late":             {base + "at 2h: cut AS1 AS2\n", "is not between"},
		"too early":            {base + "at 2019-12-31T23:59:59Z: cut AS1 AS2\n", "is not between"},
		"out of order":         {base + "at 90s: cut AS1 AS2\nat 60s: mend AS1 AS2\n", "before the event on line 13 is over"},
		"no colon":             {base + "at 60s cut AS1 AS2\n", "a colon is missing"},
		"then first":           {base + "then 3s: cut AS1 AS2\n", "none above"},
		"settle first":         {base + "settle loss on 2020-01-01T00:01:40Z\n", "there is none"},
		"settle far":           {base + "at 60s: cut AS1 AS2\nsettle loss on 2020-01-01T00:41:40Z\n", "10 minutes"},
		"own customer's":       {base + "link AS2 -> AS4\nrouter AS4 \"Four\"\nlink AS4 -> AS1\n", "customer of its own customers"},
		"BIRD dampens":         {base + "router AS4 \"Four\" dampens\n", "AS4 dampens: only an FRR can"},
		"FRR graceful":         {base + "router AS4 \"Four\" frr\nlink AS4 -> AS1 graceful\n", "a graceful link has a BIRD at either end"},
		"one end of a stop":    {base + "truth stop AS1\n", "2 members are needed"},
		"three ends of a stop": {base + "truth stop AS1 AS2 AS3\n", "the two ends of one session"},
		"two acts":             {base + "act curfew\nact curfew\n", `a second "act"`},
		"self link":            {base + "link AS1 -> AS1\n", "linked to itself"},
		"link twice":           {base + "link AS2 -> AS1\n", "linked already"},
		"link to nobody":       {base + "link AS1 -> AS7\n", "no router AS7"},
		"link arrow":           {base + "link AS1 => AS3\n", `"=>"`},
		"router twice":         {base + "router AS1 \"Again\"\n", "one router an AS"},
		"two owners":           {base + "router AS4 \"Four\" announces 10.2.0.0/24\n", "is announced by AS2 and by AS4"},
		"host bits":            {base + "router AS4 \"Four\" announces 10.2.0.1/24\n", "did you mean 10.2.0.0/24"},
		"two families":         {base + "router AS4 \"Four\" announces 2001:db8::/32\n", "one family"},
		"collector's family":   {base + "collector lab01 AS64497 at 2001:db8::1 peers AS2\n", "another family"},
		"lossless link":        {base + "at 60s: lose 90% AS2 AS3\n", "no hold time"},
		"lose nothing":         {base + "link AS1 -- AS3 hold 9s\nat 60s: lose 0% AS1 AS3\n", "loses 0% already"},
		"lose too much":        {base + "at 60s: lose 120% AS1 AS2\n", "how much is lost"},
		"hold":                 {base + "link AS1 -- AS3 hold 1s\n", "hold 1s"},
		"skew":                 {base + "collector lab01 AS64497 skew 3h at 192.0.2.9 peers AS2\n", "skew"},
		"partial nobody":       {base + "collector lab01 AS64497 at 192.0.2.9 peers AS2 partial AS3\n", "no peer of it"},
		"add-path by FRR":      {base + "collector lab01 AS64497 frr add-path at 192.0.2.9 peers AS2\n", "needs a BIRD"},
		"a collector's option": {base + "collector lab01 AS64497 blue at 192.0.2.9 peers AS2\n", `"blue"`},
		"a router's option":    {base + "router AS4 \"Four\" blue\n", `"blue"`},
		"server with networks": {base + "router AS4 \"Four\" route-server announces 10.4.0.0/24\n", "announces and blackholes nothing"},
		"server's customer":    {base + "router AS4 \"Four\" route-server\nlink AS3 -> AS4\n", "members of a route server"},
		"FRR that blackholes":  {base + "router AS4 \"Four\" frr blackholes 666\n", "only a BIRD"},
		"community":            {base + "at 60s: AS1 tags x:7\n", "is written 666 or"},
		"cables' addresses":    {base + "router AS4 \"Four\" announces 100.64.0.0/24\n", "cables"},
		"collector's name":     {base + "collector ../x AS64497 at 192.0.2.9 peers AS2\n", "names a folder"},
		"collector's address":  {base + "collector lab01 AS64497 at 192.0.2.3 peers AS2\n", "taken by"},
		"collector's peer":     {base + "collector lab01 AS64497 at 192.0.2.9 peers AS9\n", "no router AS9"},
		"nobody listens":       {replace("collector lab00 AS64496 at 192.0.2.1 peers AS2 AS3\n", ""), "no collector"},
		"pace":                 {base + "router AS4 \"Four\" pace 3h\n", "pace"},
		"AS 0":                 {base + "router AS0 \"Zero\"\n", "is written AS4837"},
		"AS too large":         {base + "router AS4294967296 \"Big\"\n", "is written AS4837"},
		"unclosed quote":       {base + "router AS4 \"Four\n", "closing double quote"},
		"files":                {replace("files every 10m", "files every 7m"), "equal parts"},
		"snapshots":            {base + "snapshots every 15m\n", "beginning of a file"},
		"indented first":       {"  scenario x\n", "none"},
		"twice":                {base + "until 2020-01-01T01:00:00Z\n", "a second"},
		"truth":                {base + "truth sabotage AS1\n", "unknown break"},
		"truth members":        {base + "truth adjacency AS1\n", "2 members"},
		"weather from nowhere": {base + "background every 5m seed 1 from AS3\n", "cannot make weather"},
		"weather too dense":    {base + "background every 5s seed 1 from AS2\n", "at least"},
		"not text":             {"\xff\xfe", "not a text file"},
		"binary":               {"a\x00b", "not a text file"},
		"year 2200":            {replace("until 2020", "until 2200"), "MRT cannot date it"},
		"a month and more":     {replace("until 2020", "until 2021"), "31 days"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x.lab", []byte(c.src))
			var se *ScenarioError
			if !errors.As(err, &se) {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestWeather(t *testing.T) {
	s, err := Load("night-2014")
	if err != nil {
		t.Fatal(err)
	}
	evs, again := s.events(), s.events()
	m := newModel(s)
	edge := map[time.Time][2]bool{}
	var last time.Time
	for i, e := range evs {
		if again[i].Do[0].Cmd.String() != e.Do[0].Cmd.String() || !again[i].At.Equal(e.At) {
			t.Fatal("the weather is not the same twice")
		}
		for _, st := range e.Do {
			if err := m.apply(st.Cmd); err != nil {
				t.Fatalf("%s: %v", e.At, err)
			}
		}
		if gap := e.At.Sub(last); gap > 12*time.Minute && !last.IsZero() {
			t.Errorf("nobody speaks for %v before %s", gap, e.At)
		}
		last = e.At
		slot := e.At.Truncate(s.FilesEvery)
		v := edge[slot]
		v[0] = v[0] || e.At.Sub(slot) < s.FilesEvery/10
		v[1] = v[1] || slot.Add(s.FilesEvery).Sub(e.At) < s.FilesEvery/10
		edge[slot] = v
	}
	for at := s.From; at.Before(s.Until); at = at.Add(s.FilesEvery) {
		if edge[at] != [2]bool{true, true} {
			t.Errorf("file %s: its edges are not covered: %v", at, edge[at])
		}
	}
}

func TestLoadNames(t *testing.T) {
	if _, err := Load("no-such-night"); err == nil || !strings.Contains(err.Error(), "night-2014") {
		t.Errorf("got %v; the names in the box should be listed", err)
	}
	f := filepath.Join(t.TempDir(), "mine.lab")
	if err := os.WriteFile(f, []byte(base), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(f); err != nil {
		t.Error(err)
	}
}

func frrOf(m *model, as ASN) (string, []frrSection) {
	fixed, changing, _ := m.frrConfig("/tmp", as)
	return fixed, changing
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(base))
	f.Add([]byte(base + "at 60s: AS2 withholds AS1 from AS64496\nthen 1s: cut AS1 AS2\nsettle loss on 2020-01-01T00:01:40Z\n"))
	for _, name := range Scenarios() {
		s, err := Load(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(s.Source)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("fuzz.lab", src)
		if err != nil {
			var se *ScenarioError
			if !errors.As(err, &se) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		// What was accepted can be configured, and its commands read back.
		m := newModel(s)
		for _, r := range s.Routers {
			if strings.ContainsAny(m.routerConfig("/tmp", r.AS)+frrText(frrOf(m, r.AS)), "\x00\r") {
				t.Fatal("control characters in a configuration")
			}
		}
		for _, e := range s.Script {
			for _, st := range e.Do {
				p := &parser{words: strings.Fields(st.Cmd.String()), s: s}
				if c := p.command(); c.String() != st.Cmd.String() {
					t.Fatalf("%q reads back as %q", st.Cmd, c)
				}
			}
		}
	})
}

// TestOptionsReachRouters: damping and graceful restart stand in the
// configurations of the routers that have them, and of no others.
func TestOptionsReachRouters(t *testing.T) {
	s := must(Parse("x.lab", []byte(base+"act damping\nrouter AS4 \"Four\" frr dampens\nlink AS4 -> AS3\nrouter AS5 \"Five\"\nlink AS5 -> AS2 AS3 graceful hold 9s\n")))(t)
	m := newModel(s)
	if s.Act != "damping" {
		t.Errorf("act %q", s.Act)
	}
	for as, want := range map[ASN]int{1: 0, 2: 1, 3: 1, 5: 2} {
		if n := strings.Count(m.routerConfig("/tmp", as), "graceful restart on"); n != want {
			t.Errorf("%s: %d graceful sessions, expected %d", as, n, want)
		}
	}
	if !strings.Contains(frrText(frrOf(m, 4)), "bgp dampening") || strings.Contains(frrText(frrOf(m, 3)), "bgp dampening") {
		t.Error("AS4 dampens, AS3 does not")
	}
}
