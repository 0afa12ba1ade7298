package scan

import (
	"fmt"
	"testing"

	"constat/moment"
	"constat/routes/vantage"
)

// TestSilences: what a silence of everybody is, and one of many; and what is only quiet.
func TestSilences(t *testing.T) {
	at := func(sec int64) moment.Time { return moment.Unix(1_457_607_600+sec, 0) }
	type world struct {
		peers, end int64
		every      func(peer, sec int64) bool // whether a peer speaks in a second
		cut        []int64                    // files begin there; 0 and end, too
	}
	each := func(n int64) func(peer, sec int64) bool {
		return func(peer, sec int64) bool { return (sec+peer)%n == 0 }
	}
	but := func(f func(peer, sec int64) bool, peers, from, until int64) func(peer, sec int64) bool {
		return func(peer, sec int64) bool { return f(peer, sec) && (peer >= peers || sec < from || sec >= until) }
	}
	run := func(w world) string {
		var times []*fileTime
		c := &vantage.Collector{}
		var peers []*joined
		for n := range w.peers {
			j := &joined{}
			for sec := range w.end {
				if w.every(n, sec) {
					j.mark(at(sec).Sec() / vantage.MarkLength)
					if k := len(j.bursts); k > 0 && at(sec)-j.bursts[k-1].last < quietPause {
						j.bursts[k-1].last = at(sec)
					} else {
						j.bursts = append(j.bursts, burst{from: at(sec), last: at(sec)})
					}
				}
			}
			j.finish()
			peers = append(peers, j)
		}
		f := &fileTime{}
		cuts := append([]int64{0}, w.cut...)
		for sec := range w.end {
			speaks := false
			for n := range w.peers {
				speaks = speaks || w.every(n, sec)
			}
			if len(cuts) > 0 && sec >= cuts[0] {
				f, cuts = nil, cuts[1:]
			}
			switch {
			case !speaks:
			case f == nil || f.until == 0:
				f = &fileTime{from: at(sec), until: at(sec)}
				times = append(times, f)
			default:
				if at(sec)-f.until >= pauseLeast {
					f.pauses = append(f.pauses, moment.Interval{From: f.until, Until: at(sec)})
				}
				f.until = at(sec)
			}
		}
		silences(c, times, peers)
		n, of := 0, ""
		for _, j := range peers {
			for _, s := range j.Silent {
				n, of = n+1, fmt.Sprintf("%d-%d", s.From.Sec()-at(0).Sec(), s.Until.Sec()-at(0).Sec())
			}
		}
		out := ""
		for _, s := range c.Silent {
			out += fmt.Sprintf("all %d-%d ", s.From.Sec()-at(0).Sec(), s.Until.Sec()-at(0).Sec())
		}
		if n > 0 {
			out += fmt.Sprintf("%d %s", n, of)
		}
		return out
	}
	quiet := func(peer, sec int64) bool { return sec%600 < 30 } // all at once, as at an exchange at night
	for _, c := range []struct {
		name string
		world
		want string
	}{
		{"no silence", world{12, 3600, each(1), nil}, ""},
		{"a minute of twelve that speak each second", world{12, 3600, but(each(1), 12, 1800, 1861), nil}, "all 1800-1861 "},
		{"half a minute", world{12, 3600, but(each(1), 12, 1800, 1830), nil}, ""},
		{"twenty minutes", world{12, 3600, but(each(1), 12, 1800, 3000), nil}, "all 1800-3000 "},
		{"across the borders of files", world{12, 3600, but(each(1), 12, 1700, 2500), []int64{900, 1800, 2700}}, "all 1700-2500 "},
		{"two hours, half an hour behind the beginning", world{12, 14400, but(each(10), 12, 1800, 9000), nil}, "all 1800-9000 "},
		{"twice, with a hundred seconds between", world{12, 3600, but(but(each(1), 12, 1500, 1800), 12, 1900, 2200), nil}, "all 1500-1800 all 1900-2200 "},
		{"two peers", world{2, 3600, but(each(1), 2, 1800, 2000), nil}, ""},
		{"bursts with ten minutes between", world{12, 7200, quiet, nil}, ""},
		{"one message in two minutes, ten minutes", world{12, 7200, but(func(p, s int64) bool { return s%120 == 0 }, 12, 1800, 2400), nil}, ""},
		{"seven of twelve, twenty minutes", world{12, 3600, but(each(1), 7, 1800, 3000), nil}, "7 1800-3000"},
		{"half of twelve", world{12, 3600, but(each(1), 6, 1800, 3000), nil}, "6 1800-3000"},
		{"five of twelve", world{12, 3600, but(each(1), 5, 1800, 3000), nil}, ""},
		{"seven of twelve, four minutes", world{12, 3600, but(each(1), 7, 1800, 2040), nil}, ""},
		{"seven of twelve, up to the end", world{12, 3600, but(each(1), 7, 1800, 3600), nil}, "7 1800-3599"},
		{"seven of twelve that speak two minutes apart, fourteen minutes", world{12, 7200, but(each(121), 7, 1800, 2640), nil}, ""},
		{"seven of twelve, each for itself", world{12, 7200, func(p, s int64) bool { return p >= 7 || s < 1000+300*p || s >= 1600+300*p }, nil}, ""},
	} {
		if got := run(c.world); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
