package examine

import (
	"testing"

	"constat/internal/mrttest"
	"constat/judge/finding"
	"constat/moment"
)

// renumberings are a move of an origin to another prefix, and what spoils it.
var renumberings = []struct {
	name      string
	old, new  string
	began     float64 // the old one is withdrawn at 100
	back      float64 // 0: never
	until     float64
	unlisted  bool // no snapshot says what there was
	renumbers bool
}{
	{"a move", "10.0.0.0/24", "10.9.0.0/24", 90, 0, 3800, false, true},
	{"a larger prefix instead", "10.0.0.0/24", "10.9.0.0/22", -400, 0, 3800, false, true},
	{"nobody could see before", "10.0.0.0/24", "10.9.0.0/24", 90, 0, 3800, true, false},
	{"an answer to the loss", "10.0.0.0/24", "10.9.0.0/24", 160, 0, 3800, false, false},
	{"announced long before", "10.0.0.0/24", "10.9.0.0/24", -550, 0, 3800, false, false},
	{"it comes back", "10.0.0.0/24", "10.9.0.0/24", 90, 3000, 3800, false, false},
	{"the data end too soon", "10.0.0.0/24", "10.9.0.0/24", 90, 0, 3600, false, false},
	{"a fraction of the size", "10.0.0.0/22", "10.9.0.0/24", 90, 0, 3800, false, false},
	{"a part of it", "10.0.0.0/22", "10.0.0.0/23", 90, 0, 3800, false, false},
}

// TestRenumbered: an origin renumbered only where everything that it takes was
// seen, and the new prefix is told with the record that announced it.
func TestRenumbered(t *testing.T) {
	for _, x := range renumberings {
		t.Run(x.name, func(t *testing.T) {
			w := newWorld(t)
			w.keeps("rrc00", -1500, x.until)
			if x.unlisted {
				for _, p := range three {
					w.announce(-1400, own, p, x.old)
				}
			} else {
				w.snapshot(-1200, own, three, x.old)
			}
			for i, p := range three {
				w.announce(x.began+float64(i), own, p, x.new)
				w.withdraw(100+float64(i), p, x.old)
				if x.back > 0 {
					w.announce(x.back+float64(i), own, p, x.old)
				}
			}
			f := w.examine("AS64496", 0, x.until)
			same(t, "answer", f.Answer, finding.AnswerOutage)
			for _, o := range f.Outages {
				want := 0
				if o.Scope == "origin" && x.renumbers {
					want = 1
				}
				if len(o.Began) != want {
					t.Errorf("%s %s began %+v, want %d", o.Scope, o.Name, o.Began, want)
				}
				if want == 1 {
					if b := o.Began[0]; b.Prefix.String() != x.new || b.Peers != 3 || b.Origin != own || b.Kind != finding.BeganWith || b.Exhibit == "" || b.From != at(x.began) {
						t.Errorf("began %+v", b)
					}
				}
			}
		})
	}
}

// TestCoveredByPieces: an aggregate that is withdrawn while its pieces stay has
// lost no address; with one piece missing it is lost, and the addresses of the
// others had a route.
func TestCoveredByPieces(t *testing.T) {
	pieces := []string{"10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/23"}
	w := base(t, append([]string{"10.0.0.0/22"}, pieces...)...)
	for i, p := range three {
		w.withdraw(100+float64(i), p, "10.0.0.0/22")
		w.withdraw(300+float64(i), p, "10.0.1.0/24")
		w.announce(400+float64(i), own, p, "10.0.1.0/24")
	}
	f := w.examine("AS64496", 0, 600)
	same(t, "outages", brief(f), `outage
subject AS64496 301-401 onset 300/301/302 recovery 400/401/402 duration 100 lost 2/4 v4 256 witnesses 3/3
origin AS64496 301-401 onset 300/301/302 recovery 400/401/402 duration 100 lost 2/4 v4 256 witnesses 3/3
prefix 10.0.0.0/22 301-401 onset 300/301/302 recovery 400/401/402 duration 100 total 302-400 lost 1/1 v4 256 witnesses 3/3
prefix 10.0.1.0/24 301-401 onset 300/301/302 recovery 400/401/402 duration 100 total 302-400 lost 1/1 v4 256 witnesses 3/3`)
	p := f.Subject.Prefixes[0]
	if p.Prefix.String() != "10.0.0.0/22" || p.Covered != 3 || len(p.StandIns) != 3 {
		t.Fatalf("prefix %+v", p)
	}
	for _, s := range p.StandIns {
		if s.Kind != finding.CoveredBy || s.Origin != own || s.Peers != 3 || s.From != at(100) || s.Until != at(600) || s.Exhibit == "" {
			t.Errorf("stand-in %+v", s)
		}
	}
}

// TestReplacedSince: another origin's less specific that comes with the loss
// replaces; and one that comes a minute and more before stood before.
func TestReplacedSince(t *testing.T) {
	for _, x := range []struct {
		came  float64
		stood bool
	}{{60, false}, {30, true}, {200, false}} {
		w := newWorld(t)
		w.keeps("rrc00", -300, 600)
		w.snapshot(-200, own, three, "10.0.0.0/24")
		for i, p := range three {
			w.announce(x.came+float64(i), other, p, "10.0.0.0/16")
			w.withdraw(100+float64(i), p, "10.0.0.0/24")
		}
		f := w.examine("AS64496", 0, 600)
		p := f.Subject.Prefixes[0]
		if replaced := p.Replaced == 3 && p.Standing == 0; replaced == x.stood || !replaced && p.Standing != 3 {
			t.Errorf("came at %v: %+v", x.came, p)
		}
		same(t, "answer", f.Answer, finding.AnswerOutage) // lost stays lost
	}
}

// TestWatched: how much of a question was watched; a session that is down at one
// of three leaves two, and a missing file nobody.
func TestWatched(t *testing.T) {
	w := base(t, "10.0.0.0/24", "10.0.1.0/24")
	w.on("rrc00", 100, func(f *mrttest.File, t moment.Time) { f.State(t, pA, 6, 1) })
	w.lacks("rrc00", 300)
	f := w.examine("AS64496", 0, 600)
	same(t, "answer", f.Answer, finding.AnswerStayed)
	if f.Watched.Whole() || f.Watched.Of != 600 || f.Watched.Seconds > 300 || f.Watched.Seconds < 290 || len(f.Watched.Spans) != 1 {
		t.Errorf("watched %+v", f.Watched)
	}
	for _, p := range f.Subject.Prefixes {
		if p.WatchedS != f.Watched.Seconds {
			t.Errorf("%s was watched for %d s, all for %d", p.Prefix, p.WatchedS, f.Watched.Seconds)
		}
	}
}
