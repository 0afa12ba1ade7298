package examine

import (
	"fmt"
	"slices"
	"testing"

	"constat/internal/mrttest"
	"constat/internal/realdata"
	"constat/judge/finding"
	"constat/moment"
)

// equal compares values as they print.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	same(t, what, fmt.Sprint(got), fmt.Sprint(want))
}

// sameButFiles compares two examinations that read the same messages in
// different files.
func sameButFiles(t *testing.T, what string, a, b *finding.Findings) {
	t.Helper()
	equal(t, what+": answer", a.Answer, b.Answer)
	equal(t, what+": outages", len(a.Outages), len(b.Outages))
	equal(t, what+": prefixes", len(a.Subject.Prefixes), len(b.Subject.Prefixes))
	for i := range min(len(a.Outages), len(b.Outages)) {
		x, y := a.Outages[i], b.Outages[i]
		equal(t, what+": "+x.Name, x.Witnesses.Lost, y.Witnesses.Lost)
		equal(t, what+": "+x.Name+" from", x.From, y.From)
		equal(t, what+": "+x.Name+" lost", x.Lost, y.Lost)
	}
}

// TestPublicFaultsRead: examinations whose answer hung on how records are read.
func TestPublicFaultsRead(t *testing.T) {
	t.Run("as4: paths of two-byte sessions", func(t *testing.T) {
		f := publicFault(t, "as4")
		equal(t, "answer", f.Answer, finding.AnswerOutage)
		equal(t, "witnesses", f.Outages[*f.Head].Witnesses.Lost, 6)
	})
	t.Run("ap9: ADD-PATH by the family of the transport", func(t *testing.T) {
		f := publicFault(t, "ap9")
		equal(t, "answer", f.Answer, finding.AnswerOutage)
		sameButFiles(t, "ap9 and ap4", f, publicFault(t, "ap4"))
	})
	t.Run("statebird: losses named by AS", func(t *testing.T) {
		f, named := publicFault(t, "statebird"), publicFault(t, "statenamed")
		equal(t, "answer", f.Answer, named.Answer)
		sameButFiles(t, "statebird and statenamed", f, named)
		equal(t, "blind", len(f.Watch.Blind), len(named.Watch.Blind))
	})
	t.Run("ribbad: a path that cannot be read", func(t *testing.T) {
		f, good := publicFault(t, "ribbad"), publicFault(t, "ribgood")
		if f.Watch.Unreadable == 0 || good.Watch.Unreadable != 0 {
			t.Errorf("unreadable %d and %d", f.Watch.Unreadable, good.Watch.Unreadable)
		}
		sameButFiles(t, "ribbad and ribgood", f, good)
		for _, o := range f.Outages {
			if o.Paths == nil {
				continue
			}
			for _, p := range o.Paths.Before {
				if len(p.Path) < 3 {
					t.Errorf("%s: a path %v that nobody announced", o.Name, p.Path)
				}
			}
		}
		for _, p := range f.Subject.Prefixes {
			for _, s := range p.StandIns {
				if s.Kind == finding.ReplacedBy {
					t.Errorf("%s: replaced by %+v", p.Prefix, s)
				}
			}
		}
	})
	t.Run("set3: every route ends in a set", func(t *testing.T) {
		f := publicFault(t, "set3")
		equal(t, "prefixes", len(f.Subject.Prefixes), 1)
		equal(t, "answer", f.Answer, finding.AnswerOutage)
	})
	t.Run("setmix: some routes end in a set", func(t *testing.T) {
		f := publicFault(t, "setmix")
		equal(t, "answer", f.Answer, finding.AnswerOutage)
		o := f.Outages[*f.Head]
		equal(t, "witnesses", o.Witnesses.Lost, o.Witnesses.Carried)
		equal(t, "witnesses", o.Witnesses.Lost, 6)
	})
	t.Run("as0: peers without an AS", func(t *testing.T) {
		f := publicFault(t, "as0")
		equal(t, "answer", f.Answer, finding.AnswerOutage)
		equal(t, "networks", f.Outages[*f.Head].Witnesses.ASes, 6)
		if !slices.ContainsFunc(f.Notes, func(n finding.Note) bool { return n.Key == finding.NoteASFromPaths && len(n.Peers) == 6 }) {
			t.Errorf("not said: %+v", f.Notes)
		}
	})
	t.Run("caida: collectors in file names", func(t *testing.T) {
		f := publicFault(t, "caida")
		equal(t, "collectors", len(f.Watch.Collectors), 2)
		equal(t, "pch", len(publicFault(t, "pch").Watch.Collectors), 2)
	})
	t.Run("openbgpd: sessions in reverse", func(t *testing.T) {
		f := askReal(t, "AS131279", "2026-11-29T08:55", "2026-11-29T08:56", "", realdata.Path(t, "public-faults/openbgpd77-v6t.all.mrt"))
		down := 0
		for _, b := range f.Watch.Blind {
			if b.Reason == finding.SessionDown {
				down++
			}
		}
		if down == 0 {
			t.Errorf("nobody was blind: %+v", f.Watch.Blind)
		}
	})
}

// TestSetOfOrigins: "A route whose origin is an AS_SET is the subject's if one of
// the set is." It is found, carried and lost like any other.
func TestSetOfOrigins(t *testing.T) {
	for name, set := range map[string][]uint32{"first of the set": {own, 64999}, "last of the set": {64999, own}, "alone": {own}, "not in it": {64998, 64999}} {
		w := newWorld(t)
		w.keeps("rrc00", -300, 900)
		for i, p := range three {
			w.on("rrc00", 1, func(f *mrttest.File, at moment.Time) {
				f.Update(at, p, mrttest.Update{Announce: mrttest.Prefixes("10.0.0.0/24"), Path: []uint32{p.AS, 64510}, Set: set})
			})
			w.on("rrc00", 100+float64(i), func(f *mrttest.File, at moment.Time) { f.Withdraw(at, p, "10.0.0.0/24") })
		}
		f := w.examine("AS64496", 0, 300)
		want := finding.AnswerOutage
		if name == "not in it" {
			want = finding.AnswerNoClaim
		}
		same(t, name, f.Answer, want)
		for _, o := range f.Outages {
			equal(t, name, o.Witnesses.Lost, 3)
			if o.Paths != nil {
				equal(t, name, o.Paths.Before[0].Path[2:], set)
			}
		}
	}
	// The AS in front of a set is not its origin.
	w := newWorld(t)
	w.keeps("rrc00", -300, 900)
	for i, p := range three {
		w.on("rrc00", 1, func(f *mrttest.File, at moment.Time) {
			f.Update(at, p, mrttest.Update{Announce: mrttest.Prefixes("10.0.0.0/24"), Path: []uint32{p.AS, own}, Set: []uint32{64998, 64999}})
		})
		w.on("rrc00", 100+float64(i), func(f *mrttest.File, at moment.Time) { f.Withdraw(at, p, "10.0.0.0/24") })
	}
	same(t, "in front of the set", w.examine("AS64496", 0, 300).Answer, finding.AnswerNoClaim)
}

// TestOneAddressTwoASes: two sessions with one address are two peers. What one
// says is not the other's, and both bear witness.
func TestOneAddressTwoASes(t *testing.T) {
	a, b := mrttest.P("192.0.2.1", 64501), mrttest.P("192.0.2.1", 64502)
	w := newWorld(t)
	w.keeps("rrc00", -300, 900)
	for _, p := range []mrttest.Peer{a, b} {
		w.announce(1, own, p, "10.0.0.0/24", "10.0.1.0/24")
		w.withdraw(100, p, "10.0.0.0/24")
		w.announce(200, own, p, "10.0.0.0/24")
	}
	f := w.examine("AS64496", 0, 300)
	same(t, "both lose it", f.Answer, finding.AnswerOutage)
	equal(t, "witnesses", f.Outages[*f.Head].Witnesses.ASes, 2)
	equal(t, "rows", len(f.Strip), 2)

	w = newWorld(t)
	w.keeps("rrc00", -300, 900)
	for _, p := range []mrttest.Peer{a, b} {
		w.announce(1, own, p, "10.0.0.0/24")
	}
	w.on("rrc00", 100, func(f *mrttest.File, at moment.Time) { f.State(at, a, 6, 1) })
	f = w.examine("AS64496", 0, 300)
	n := 0
	for _, x := range f.Watch.Blind {
		if x.Peer != nil && x.Reason == finding.SessionDown {
			n++
		}
	}
	equal(t, "blind", n, 1)
	equal(t, "still held by the other", f.Strip[1].Runs[len(f.Strip[1].Runs)-1].Held, 1)
}
