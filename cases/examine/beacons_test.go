package examine

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/judge/assess"
	"constat/judge/cause"
	"constat/judge/outage"
	"constat/judge/place"
	"constat/judge/proof"
)

// risOrigin announces and withdraws RIS's beacons by a published clock: whoever
// watches, it is the culprit of their outages.
const risOrigin = 12654

// TestBeaconsOfAll weighs the outages of every RIS beacon on the night of 24
// February 2008, and those of the origin as a whole, as seen by all peers and by
// random subsets of them: the origin is never left out of a place nor excluded,
// nothing is called no cut, and few peers establish nothing.
func TestBeaconsOfAll(t *testing.T) {
	list, err := os.ReadFile(realdata.Path(t, "events/ris-routing-beacons.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	subjects := []string{"AS12654"}
	for line := range strings.Lines(string(list)) {
		if f := strings.Fields(line); len(f) > 0 {
			if p, err := netip.ParsePrefix(f[0]); err == nil && p.Addr().Is4() {
				subjects = append(subjects, p.String())
			}
		}
	}
	if len(subjects) < 10 {
		t.Fatalf("only %d beacons are listed", len(subjects)-1)
	}
	if testing.Short() {
		subjects = subjects[:3]
	}
	dir := realdata.Path(t, "events/rv2-2008-02-24")
	std := proof.Clear()
	weighed, claims, few := 0, 0, 0
	for i, subject := range append(subjects, subjects...) {
		from, until := "2008-02-24T05:00", "2008-02-24T08:12"
		if i >= len(subjects) {
			from, until = "2008-02-24T18:00", "2008-02-24T21:00"
		}
		f, at := ask(t, asked{subject: subject, from: float64(instant(t, from)-noon) / 1e6, until: float64(instant(t, until)-noon) / 1e6,
			specs: []string{dir}})
		if len(f.Outages) == 0 {
			continue // nobody in this collector heard the beacon
		}
		ev, err := load(context.Background(), at)
		if err != nil {
			t.Fatal(err)
		}
		in := assess.Input(ev)
		r := rand.New(rand.NewPCG(uint64(len(subject)), 12654))
		for _, o := range outage.Find(in) {
			if o.Scope != outage.ScopeOrigin || o.Origin != risOrigin {
				continue
			}
			whole := assess.CauseInput(ev, in, o)
			for k := range 24 {
				ci := whole
				n := len(ci.Vantages)
				if k > 0 {
					n = 3 + r.IntN(18)
					ci = subset(whole, r.Perm(len(ci.Vantages))[:min(n, len(ci.Vantages))])
				}
				res := cause.Examine(ci, std)
				weighed++
				if res.Rival {
					t.Errorf("%s, %d peers: called %v", subject, n, res.Class)
				}
				for _, z := range res.Weighed {
					// Its other prefixes say of the origin that it was not down for
					// everything; nothing else may be excluded of it.
					if z.Excluded && z.Parts[0][0].A == risOrigin && !slices.ContainsFunc(ci.Near, func(p cause.Prefix) bool { return p.Origin == risOrigin }) {
						t.Errorf("%s, %d peers: the origin is excluded", subject, n)
					}
					if z.Excluded && z.Parts[0][0].Kind != place.Node {
						t.Errorf("%s, %d peers: %v is excluded", subject, n, z.Hypothesis)
					}
				}
				if res.Level == proof.NotEstablished {
					few++
					continue
				}
				claims++
				if !slices.Contains(res.Region.Networks, risOrigin) {
					t.Errorf("%s, %d peers: %v at %v leaves the origin out", subject, n, res.Level, res.Region.Networks)
				}
				if res.Level == proof.Established {
					t.Errorf("%s, %d peers of one collector: established", subject, n)
				}
				if res.Lost < 8 {
					t.Errorf("%s: a place by %d vantages", subject, res.Lost)
				}
			}
		}
	}
	t.Logf("%d subjects, %d weighed, %d places named, %d abstentions", len(subjects), weighed, claims, few)
	if weighed == 0 || claims == 0 {
		t.Error("the night says nothing of the beacons")
	}
}

// subset leaves the sights of some vantages alone.
func subset(ci cause.Input, keep []int) cause.Input {
	cut := func(ps []cause.Prefix) []cause.Prefix {
		var out []cause.Prefix
		for _, p := range ps {
			q := p
			q.Sights = nil
			for _, s := range p.Sights {
				if slices.Contains(keep, s.Vantage) {
					q.Sights = append(q.Sights, s)
				}
			}
			out = append(out, q)
		}
		return out
	}
	ci.Subject, ci.Near, ci.Far = cut(ci.Subject), cut(ci.Near), cut(ci.Far)
	return ci
}
