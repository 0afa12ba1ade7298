package assess

import (
	"net/netip"
	"testing"

	"constat/judge/outage"
)

// TestFolded: what is counted and what is told add up to what was found; nothing is counted of a
// subject that lost many prefixes once or twice, nor what the findings rest on.
func TestFolded(t *testing.T) {
	in := outage.Input{}
	for i := range 50 {
		in.Prefixes = append(in.Prefixes, outage.Prefix{Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i), 0, 0}), 24)})
	}
	e := &evidence{Evidence: &Evidence{Rules: Rules}, end: 1_000_000}
	loss := func(scope outage.Scope, prefix int, partial bool, from, long int64, lost int) outage.Outage {
		return outage.Outage{Scope: scope, Prefix: prefix, Partial: partial, From: from, Until: outage.Moment{At: from + long, Seen: true}, Duration: long, Routes: outage.Routes{Lost: lost, Of: 60}}
	}
	for name, c := range map[string]struct {
		subject, prefixes, each int
		brief, left             int
	}{
		"many prefixes, each a few times":   {300, 50, 10, 100, 0},
		"few prefixes, some dozens of them": {100, 4, 240, 0, 0},
		"flapping":                          {1000, 40, 100, 800, 40 * 2 * (100 - 2*eachTold)},
	} {
		var found []outage.Outage
		for i := range c.subject {
			found = append(found, loss(outage.ScopeSubject, -1, false, int64(1000*i), 500, i%40))
		}
		for p := range c.prefixes {
			for i := range c.each {
				found = append(found, loss(outage.ScopePrefix, p, false, int64(1000*i), 40, i%50), loss(outage.ScopePrefix, p, true, int64(1000*i+500), int64(60+i), 20))
			}
		}
		// The headline outage takes the time of 30 losses of each prefix.
		found[7].Until.At = 40_000
		head := 7
		full := map[int]bool{head: true, 3: true}
		tell := e.tell(found, &head, full)
		brief, left := 0, 0
		for i := range found {
			if tell.brief[i] {
				brief++
			}
			if tell.left[i] {
				left++
			}
			if full[i] && (tell.brief[i] || tell.left[i]) {
				t.Errorf("%s: what the findings rest on is not told", name)
			}
		}
		if d := brief - c.brief; d < -2 || d > 0 {
			t.Errorf("%s: %d brief, want %d or two fewer", name, brief, c.brief)
		}
		if left != c.left { // ten of each prefix and kind are its largest, and ten lie in the headline outage's time
			t.Errorf("%s: %d are counted alone, want %d", name, left, c.left)
		}
		n, seconds := 0, int64(0)
		for _, x := range e.folded(in, found, tell) {
			n += x.Losses
			seconds += x.Seconds
			if x.Seconds < int64(x.Losses)*x.ShortestS || x.Seconds > int64(x.Losses)*x.LongestS || x.Until <= x.From || x.Routes.Lost == 0 {
				t.Errorf("%s: %+v", name, x)
			}
		}
		all := int64(0)
		for i, o := range found {
			if tell.left[i] {
				all += o.Duration
			}
		}
		if n != left || seconds != all {
			t.Errorf("%s: %d losses of %d s are counted, %d of %d s are left", name, n, seconds, left, all)
		}
		// The largest of each are told.
		for k, i := range map[string]int{"longest": len(found) - 1} {
			if tell.left[i] {
				t.Errorf("%s: the %s is not told", name, k)
			}
		}
	}
}
