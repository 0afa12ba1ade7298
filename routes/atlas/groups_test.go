package atlas

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

const groupsText = `# Where networks of the country are.
[region]
AS53113            Nordeste
AS64500  Sul                  # two words are one name below
186.251.128.0/21   Rio  Grande
186.251.128.0/24   Sul
2001:db8::/32      Nordeste

[kind]
AS53113            mobile
`

func TestGroups(t *testing.T) {
	g, err := ParseGroups([]byte(groupsText))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Groupings) != 2 || g.Groupings[1].Name != "kind" || !slices.Equal(g.Groupings[0].Names, []string{"Nordeste", "Sul", "Rio Grande"}) {
		t.Fatalf("%+v", g)
	}
	for _, x := range []struct {
		grouping int
		prefix   string
		origins  []uint32
		want     string
	}{
		{0, "10.0.0.0/24", []uint32{53113}, "Nordeste"},
		{0, "10.0.0.0/24", []uint32{1}, ""},
		{0, "10.0.0.0/24", []uint32{64500, 53113}, "Nordeste"}, // the lowest
		{0, "10.0.0.0/24", []uint32{64500, 3}, "Sul"},          // the lowest that has one
		{0, "186.251.129.0/24", []uint32{53113}, "Rio Grande"}, // a prefix before its origin
		{0, "186.251.128.0/25", []uint32{53113}, "Sul"},        // the longest
		{0, "186.251.128.0/20", []uint32{53113}, "Nordeste"},   // it is not within the /21
		{0, "2001:db8:1::/48", nil, "Nordeste"},
		{1, "186.251.129.0/24", []uint32{53113}, "mobile"},
		{1, "186.251.129.0/24", []uint32{64500}, ""},
	} {
		if got := g.Groupings[x.grouping].Of(netip.MustParsePrefix(x.prefix), x.origins); got != x.want {
			t.Errorf("%d %s %v: %q, want %q", x.grouping, x.prefix, x.origins, got, x.want)
		}
	}
}

func TestGroupsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "no grouping in it",
		"# nothing\n":                         "no grouping in it",
		"AS1 x\n":                             "line 1: no heading",
		"[a]\n":                               "line 1: [a] has no lines",
		"[a]\nAS1 x\n[b]\n":                   "line 3: [b] has no lines",
		"[a]\nAS1 x\n[a]\n":                   "line 3: [a] is there twice; the other line is 1",
		"[a\nAS1 x\n":                         "line 1: \"[a\" is no heading",
		"[]\nAS1 x\n":                         "is no heading",
		"[a]\nAS1\n":                          "line 2: AS1: no group behind it",
		"[a]\nAS1 # x\n":                      "line 2: AS1: no group behind it",
		"[a]\nAS1 x\nAS1 y\n":                 "line 3: AS1 is in [a] twice; the other line is 2",
		"[a]\n1 x\n":                          "AS number is written with AS before it",
		"[a]\nKP x\n":                         "line 2: \"KP\" is neither an AS",
		"[a]\nfoo x\n":                        "line 2: \"foo\" is neither an AS",
		"[a]\n10.0.0.1/24 x\n":                "line 2: 10.0.0.1/24: there are address bits",
		"[a]\nAS1 \u202ex\n":                  "cannot be printed",
		"[a]\nAS1 \xff\n":                     "not a text file",
		"[a]\nAS1 " + strings.Repeat("x", 61): "at most 60 characters",
	} {
		if _, err := ParseGroups([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	// One AS may be in several groupings.
	if _, err := ParseGroups([]byte("[a]\nAS1 x\n[b]\nAS1 x\n")); err != nil {
		t.Error(err)
	}
}

func FuzzGroups(f *testing.F) {
	f.Add([]byte(groupsText))
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := ParseGroups(raw)
		if err != nil {
			return
		}
		for _, x := range g.Groupings {
			if x.Name == "" || len(x.Names) == 0 {
				t.Fatalf("%+v", x)
			}
			for p, name := range x.block {
				if got := x.Of(p, nil); got != name {
					t.Fatalf("%s: %q, want %q", p, got, name)
				}
			}
		}
	})
}
