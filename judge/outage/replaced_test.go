package outage

import (
	"testing"

	"pgregory.net/rapid"
)

// slowReplaced looks at every second of a loss.
func slowReplaced(in Input, o Outage) Replacement {
	x := newOracle(in)
	var r Replacement
	networks := map[uint32]bool{}
	for _, p := range o.Prefixes {
		for peer := range in.Peers {
			if !without(x.at(p, peer, o.Trough())) {
				continue
			}
			r.Lost++
			from, until := o.Trough(), o.Trough()
			for from > x.begin && without(x.at(p, peer, from-1)) {
				from--
			}
			for until < in.End && without(x.at(p, peer, until)) {
				until++
			}
			came := int64(-1)
			for t := from; t < until && came < 0; t++ {
				if x.at(p, peer, t) == Replaced {
					came = t
				}
			}
			stayed := came >= 0 && came-from <= 60
			for t := came; stayed && t < until; t++ {
				stayed = x.at(p, peer, t) == Replaced
			}
			if stayed {
				r.Replaced++
				if as := in.Peers[peer].AS; as != 0 {
					networks[as] = true
				}
			}
		}
	}
	r.Networks = len(networks)
	return r
}

func TestReplacedAgainstSlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		// Half of what is lost goes to another origin, at once, late or for a time.
		for p := range in.Prefixes {
			for k := range in.Prefixes[p].Carriers {
				c := &in.Prefixes[p].Carriers[k]
				at := map[int64]State{}
				for _, s := range c.Steps {
					at[s.At] = s.State
					if s.State == Lost && rapid.Bool().Draw(t, "taken over") {
						at[s.At+rapid.SampledFrom([]int64{0, 5, 60, 61, 100}).Draw(t, "after")] = Replaced
					}
				}
				c.Steps = steps(at)
			}
		}
		for _, o := range Find(in) {
			if o.Trough() >= in.End {
				continue
			}
			got, want := ReplacementIn(in, o), slowReplaced(in, o)
			if got != want {
				t.Fatalf("%s\n%s\ngot %+v, want %+v", describeInput(in), describe(in, o, true), got, want)
			}
		}
	})
}

// TestStood: a takeover stood in; a hijack that begins in an outage did not, nor
// did one that ends before it.
func TestStood(t *testing.T) {
	for _, x := range []struct {
		name  string
		steps string
		stood bool
	}{
		{"a takeover", "100 all replace a\n500 all hold a\n", true},
		{"after a short withdrawal", "100 all lose a\n130 all replace a\n500 all hold a\n", true},
		{"a hijack in an outage", "100 all lose a\n300 all replace a\n500 all hold a\n", false},
		{"a hijack that ends in it", "100 all replace a\n300 all lose a\n500 all hold a\n", false},
		{"at fewer than half", "100 all lose a\n100 p1 replace a\n500 all hold a\n", false},
	} {
		all, err := parseScenarios(x.name, "case x\npeer p1-p4 AS64500\nprefix a AS64496\n0 all hold a\n"+x.steps)
		if err != nil {
			t.Fatal(err)
		}
		in := all[0].input()
		os := Find(in)
		if len(os) != 3 {
			t.Fatalf("%s: %d outages", x.name, len(os))
		}
		for _, o := range os {
			if got := ReplacementIn(in, o); got.Stood() != x.stood {
				t.Errorf("%s, %s: %+v", x.name, o.Scope, got)
			}
		}
	}
}
