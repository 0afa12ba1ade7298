package live

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
)

// TestPastSeveral: of a peer that sends several routes to a prefix (RFC 7911) each is held
// until it is withdrawn, or its identifier names another; what the peer took back by its
// identifier it gave up, unless it holds the same route by another.
func TestPastSeveral(t *testing.T) {
	const night = 1419206400
	at := func(s int64) moment.Time { return moment.Unix(night+s, 0) }
	p := mrttest.P("192.0.2.1", 64541)
	over := func(as uint32) []uint32 { return []uint32{64541, as, 64500} }
	f := &mrttest.File{}
	say := func(s int64, id uint32, path []uint32) {
		u := mrttest.Update{AddPath: true, ID: id, Path: path}
		if path == nil {
			u.Withdraw = mrttest.Prefixes("198.51.100.0/24")
		} else {
			u.Announce = mrttest.Prefixes("198.51.100.0/24")
		}
		f.Update(at(s), p, u)
	}
	say(0, 1, over(64510))
	say(10, 2, over(64511))
	say(20, 3, over(64511)) // the same way by another identifier
	say(100, 1, nil)        // gave up the first way
	say(110, 2, nil)        // and goes on over the same
	say(120, 3, over(64512))
	say(130, 3, over(64510)) // the identifier names another: no word about the way before
	say(140, 4, over(64513))
	say(295, 4, over(64513))
	dir := filepath.Join(t.TempDir(), "rrc00")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "updates.20141222.0000"), f.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	past := &Past{Keep: keepAll}
	s, _, err := Load(context.Background(), Loading{Set: opened(t, at(-86400), at(86400), dir), Past: past})
	if err != nil {
		t.Fatal(err)
	}
	type spell struct {
		over         uint32
		since, until int64
		up, beside   bool
	}
	want := []spell{
		{64510, 0, 100, true, false},
		{64511, 10, 110, false, false},
		{64511, 20, 120, false, false},
		{64512, 120, 130, false, false},
		{64510, 130, -1, false, true},
		{64513, 140, -1, false, false},
	}
	got := past.Spells(s.View())
	if len(got) != len(want) {
		t.Fatalf("%d spells, not %d: %+v", len(got), len(want), got)
	}
	for i, x := range got {
		g := spell{x.Path[1], x.Since.Sec() - night, x.Until.Sec() - night, x.GivenUp, x.Beside}
		if x.Until == 0 {
			g.until = -1
		}
		if g != want[i] {
			t.Errorf("spell %d: %+v, want %+v", i, g, want[i])
		}
	}
}
