package assess

import (
	"fmt"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/moment"
)

const (
	another = 64999 // another network
	block   = "10.0.0.0/22"
	part    = "10.0.1.0/24"
)

// othersOf are the announcements that are told, one a line: who announced what, how it
// began, at how many peers; beside whose prefix, and how that stood; the network's own.
func othersOf(f *finding.Findings) string {
	var out []string
	for _, o := range f.Others {
		l := fmt.Sprintf("AS%d %s %s %d/%d at %d beside AS%d %s %s", o.Origin, o.Prefix, o.Began, o.Peers, o.Networks,
			(*o.From.First - moment.Unix(zero, 0)).Sec(), o.Holder.Origin, o.Holder.Prefix, o.Holder.Stood)
		if o.Own != nil {
			l += fmt.Sprintf(" own %s %s", o.Own.Prefix, o.Own.Stood)
		}
		if o.Subject {
			l = "subject " + l
		}
		if o.Relation != "" {
			l += " " + o.Relation
		}
		if o.Aside {
			l += " aside"
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// TestOthers: announcements of the same addresses by another network are told with who
// stood before, whichever side is asked, and nothing is told of what nobody saw.
func TestOthers(t *testing.T) {
	part1 := func(s *scene) *scene { return s.within(part) }
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"another announces a part of what stands": {
			part1(newScene(6, 3600, block)).held(own, block, all(6)...).announce(600, another, part, 0, 1, 2, 3),
			"AS64999 10.0.1.0/24 new 4/4 at 600 beside AS64496 10.0.0.0/22 before"},
		"another announces what stands": {
			newScene(6, 3600, block).held(own, block, all(6)...).announce(600, another, block, 0, 1, 2),
			"AS64999 10.0.0.0/22 new 3/3 at 600 beside AS64496 10.0.0.0/22 before"},
		"the subject announces a part of another's": {
			newScene(6, 3600, part).cover(block).held(another, block, all(6)...).announce(600, own, part, 0, 1, 2, 3),
			"subject AS64496 10.0.1.0/24 new 4/4 at 600 beside AS64999 10.0.0.0/22 before aside"},
		"the other answers within its own": {
			newScene(6, 3600, part).cover(block).held(another, block, all(6)...).announce(600, own, part, all(6)...).announce(1200, another, part, 0, 1, 2),
			"subject AS64496 10.0.1.0/24 new 6/6 at 600 beside AS64999 10.0.0.0/22 before aside\n" +
				"AS64999 10.0.1.0/24 new 3/3 at 1200 beside AS64496 10.0.1.0/24 before own 10.0.0.0/22 before"},
		"the same asked of the other": {
			newScene(6, 3600, block, part).held(own, block, all(6)...).announce(600, another, part, all(6)...).announce(1200, own, part, 0, 1, 2),
			"AS64999 10.0.1.0/24 new 6/6 at 600 beside AS64496 10.0.0.0/22 before"},
		"both stand in the table": {
			newScene(6, 3600, block).held(own, block, 0, 1, 2).held(another, block, 3, 4, 5),
			"AS64999 10.0.0.0/22 stood 3/3 at -1200 beside AS64496 10.0.0.0/22 unknown"},
		"one network alone has it": {
			part1(newScene(6, 3600, block)).held(own, block, all(6)...).announce(600, another, part, 0), ""},
		"it is over before the question": {
			part1(newScene(6, 3600, block)).held(own, block, all(6)...).announce(-900, another, part, 0, 1).withdraw(-600, part, 0, 1), ""},
		"a network that had it is gone and comes back": {
			newScene(6, 3600, block).held(own, block, all(6)...).withdraw(300, block, all(6)...).announce(600, own, block, all(6)...), ""},
		// Whoever was out when the subject began, and came back, had not given it up.
		"the other is out meanwhile": {
			newScene(6, 7200, block).held(another, block, all(6)...).withdraw(60, block, all(6)...).announce(900, own, block, all(6)...).
				withdraw(1500, block, all(6)...).announce(2400, another, block, all(6)...),
			"AS64999 10.0.0.0/22 stood 6/6 at -1200 beside AS64496 10.0.0.0/22 later\n" +
				"subject AS64496 10.0.0.0/22 new 6/6 at 900 beside AS64999 10.0.0.0/22 gone aside"},
		"the other is out meanwhile, and back before it ends": {
			newScene(6, 7200, part).cover(block).held(another, block, all(6)...).withdraw(60, block, all(6)...).announce(900, own, part, all(6)...).
				announce(1800, another, block, all(6)...).withdraw(3000, part, all(6)...),
			"subject AS64496 10.0.1.0/24 new 6/6 at 900 beside AS64999 10.0.0.0/22 gone aside"},
		"the other does not come back": {
			newScene(6, 7200, block).held(another, block, all(6)...).withdraw(60, block, all(6)...).announce(900, own, block, all(6)...).
				withdraw(1500, block, all(6)...), "AS64999 10.0.0.0/22 stood 6/6 at -1200 beside AS64496 10.0.0.0/22 later"},
		"the other comes back at one peer alone": {
			newScene(6, 7200, block).held(another, block, all(6)...).withdraw(60, block, all(6)...).announce(900, own, block, all(6)...).
				withdraw(1500, block, all(6)...).announce(2400, another, block, 0), "AS64999 10.0.0.0/22 stood 6/6 at -1200 beside AS64496 10.0.0.0/22 later"},
		// Without a table nobody knows who was first of two that announce one
		// prefix: who comes back after a hijack comes later, and is no newcomer.
		"no table, the subject comes after": {
			newScene(6, 3600, block).noTables().announce(600, another, block, all(6)...).announce(1200, own, block, all(6)...),
			"AS64999 10.0.0.0/22 wave 6/6 at 600 beside AS64496 10.0.0.0/22 unknown"},
		"no table, the other comes after": {
			newScene(6, 3600, block).noTables().announce(600, own, block, all(6)...).announce(1200, another, block, all(6)...),
			"subject AS64496 10.0.0.0/22 wave 6/6 at 600 beside AS64999 10.0.0.0/22 unknown aside\n" +
				"AS64999 10.0.0.0/22 wave 6/6 at 1200 beside AS64496 10.0.0.0/22 seen"},
	} {
		if got := othersOf(c.s.findings(t)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestOthersHaveRecords: a record that announced it is named, with when the peers had it.
func TestOthersHaveRecords(t *testing.T) {
	s := newScene(6, 3600, block).within(part).held(own, block, all(6)...).announce(600, another, part, 0, 1).announce(630, another, part, 2).withdraw(1200, part, 0, 1, 2)
	f := s.findings(t)
	if len(f.Others) != 1 {
		t.Fatalf("others %+v", f.Others)
	}
	o := f.Others[0]
	if o.Exhibit != "exhibit" || o.Offset == 0 || o.Collectors != 2 {
		t.Errorf("record %q %d, %d collectors", o.Exhibit, o.Offset, o.Collectors)
	}
	for _, c := range []struct {
		what string
		got  *moment.Time
		want int64
	}{{"first", o.From.First, 600}, {"median", o.From.Median, 600}, {"last", o.From.Last, 630}, {"let go", o.Until.First, 1200}, {"last let go", o.Until.Last, 1200}} {
		if c.got == nil || *c.got != moment.Unix(zero+c.want, 0) {
			t.Errorf("%s: %v, want %d", c.what, c.got, c.want)
		}
	}
	if f.Answer != finding.AnswerStayed {
		t.Errorf("answer %q", f.Answer)
	}
}

// TestOthersRelations: a route that runs through the holder is its customer's, and
// siblings are said to be siblings.
func TestOthersRelations(t *testing.T) {
	through := newScene(6, 3600, block).within(part).held(own, block, all(6)...)
	for i := range 4 {
		through.said = append(through.said, said{600, i, through.inside[0], []uint32{through.peers[i].AS, own, another}, false, 0})
	}
	if got := othersOf(through.findings(t)); !strings.HasSuffix(got, " customer") {
		t.Errorf("through the holder: %s", got)
	}
	ev := newScene(6, 3600, block).within(part).held(own, block, all(6)...).announce(600, another, part, all(6)...).evidence(t)
	ev.Operator = map[uint32]uint32{own: own, another: own}
	if got := othersOf(Findings(ev)); !strings.HasSuffix(got, " sibling") {
		t.Errorf("one organisation: %s", got)
	}
	ev.Operator = nil
	ev.Customers = map[[2]uint32]bool{{another, own}: true}
	if got := othersOf(Findings(ev)); !strings.HasSuffix(got, " provider") {
		t.Errorf("by a list of relations: %s", got)
	}
}

// TestStoodUnspoken: a route that is told later stood before if a peer that it ran
// through was watching all the time and never spoke of it.
func TestStoodUnspoken(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*scene)
		want   string
	}{
		"it was watching":           {func(*scene) {}, finding.HolderInferred},
		"its session had been down": {func(s *scene) { s.off(100, 200, "", 5, "session down") }, finding.HolderInferred},
		"its session went down":     {func(s *scene) { s.off(900, 1000, "", 5, "session down") }, finding.HolderUnknown},
		"it speaks of it itself":    {func(s *scene) { s.announce(2400, own, block, 5) }, finding.HolderUnknown},
		"it tells nothing of such addresses": {func(s *scene) {
			s.said = s.said[:len(s.said)-1]
		}, finding.HolderUnknown},
	} {
		s := newScene(6, 3600, block).within(part).noTables().announce(600, another, part, 0, 1, 2, 3)
		s.said = append(s.said, said{2000, 0, s.prefixes[0], []uint32{s.peers[0].AS, s.peers[5].AS, own}, false, 0})
		s.announce(610, another, part, 5)
		c.change(s)
		f := s.findings(t)
		if len(f.Others) != 1 || f.Others[0].Holder.Stood != c.want {
			t.Errorf("%s: %s, want %s", name, othersOf(f), c.want)
			continue
		}
		if through := f.Others[0].Holder.Through; (through == s.peers[5].AS) != (c.want == finding.HolderInferred) {
			t.Errorf("%s: through AS%d", name, through)
		}
	}
}
