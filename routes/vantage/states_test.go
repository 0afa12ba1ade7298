package vantage

import (
	"testing"

	"constat/moment"
)

// TestLosingConnection: of two connections that collide one is closed, and some
// collectors log its end under the peer's name. The session that is up stays up.
func TestLosingConnection(t *testing.T) {
	at := func(sec int64) moment.Time { return moment.Unix(sec, 0) }
	in := moment.Interval{From: at(0), Until: at(1000)}
	for _, c := range []struct {
		name   string
		states []StateChange
		want   []moment.Interval
	}{
		{"the loser is deleted", []StateChange{{At: at(10), Old: 5, New: 6}, {At: at(10), Old: 4, New: 8}}, []moment.Interval{{From: at(0), Until: at(10)}}},
		{"the session itself goes", []StateChange{{At: at(10), Old: 5, New: 6}, {At: at(20), Old: 6, New: 1}}, []moment.Interval{{From: at(0), Until: at(10)}, {From: at(20), Until: at(1000)}}},
		{"it goes, and its attempts fail", []StateChange{{At: at(20), Old: 6, New: 1}, {At: at(30), Old: 3, New: 2}, {At: at(40), Old: 5, New: 6}}, []moment.Interval{{From: at(20), Until: at(40)}}},
	} {
		p := PeerWatch{States: c.states}
		got := p.down(in, nil)
		if len(got) != len(c.want) {
			t.Errorf("%s: down %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: down %v, want %v", c.name, got, c.want)
			}
		}
	}
}
