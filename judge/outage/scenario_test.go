package outage

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"constat/routes/vantage"
)

// describe writes an outage as the scenarios of testdata expect it, in one
// line:
//
//	subject 100-200 onset 100/100/105 recovery 200/200/- duration 100 censored blind
//	total 105-200 lost 2/3 witnesses 3/4 ases 3 zombies p20
//
// A moment that was not seen is "-"; "?" behind a time says that sight ended
// there. witnesses are those that lost it, of those that carried it. "partial"
// stands behind the name. "touched" counts the prefixes that were out at any
// time, if these are more; "routes" those lost at the trough, if the outage is
// partial or routes are stuck. What does not apply is left out. With ticks each
// peer's own loss and return follow.
func describe(in Input, o Outage, ticks bool) string {
	var b strings.Builder
	moment := func(m Moment) string {
		if !m.Seen {
			return "-"
		}
		return strconv.FormatInt(m.At, 10)
	}
	three := func(m Moments) string {
		return moment(m.First) + "/" + moment(m.Median) + "/" + moment(m.Last)
	}
	ended := func(t int64, seen bool) string {
		s := strconv.FormatInt(t, 10)
		if !seen {
			s += "?"
		}
		return s
	}
	switch o.Scope {
	case ScopeSubject:
		b.WriteString("subject")
	case ScopeOrigin:
		fmt.Fprintf(&b, "AS%d", o.Origin)
	case ScopePrefix:
		b.WriteString(in.Prefixes[o.Prefix].Prefix.String())
	}
	if o.Partial {
		b.WriteString(" partial")
	}
	fmt.Fprintf(&b, " %d-%s onset %s", o.From, ended(o.Until.At, o.Until.Seen), three(o.Onset))
	if o.Recovery.First.Seen {
		fmt.Fprintf(&b, " recovery %s", three(o.Recovery))
	}
	if o.Duration >= 0 {
		fmt.Fprintf(&b, " duration %d", o.Duration)
	}
	switch o.Censored {
	case EndOfData:
		b.WriteString(" censored end")
	case Blind:
		b.WriteString(" censored blind")
	}
	for _, t := range o.Total {
		fmt.Fprintf(&b, " total %d-%s", t.From, ended(t.Until, t.Ended))
	}
	fmt.Fprintf(&b, " lost %d/%d", len(o.Prefixes), o.Of)
	if o.Touched != len(o.Prefixes) {
		fmt.Fprintf(&b, " touched %d", o.Touched)
	}
	fmt.Fprintf(&b, " witnesses %d/%d ases %d", len(o.Ticks), o.Carried, o.ASes)
	if o.Partial || o.Routes.Stuck > 0 {
		fmt.Fprintf(&b, " routes %d/%d", o.Routes.Lost, o.Routes.Of)
	}
	if len(o.Zombies) > 0 {
		b.WriteString(" zombies")
		for _, z := range o.Zombies {
			b.WriteString(" " + in.Peers[z].Collector)
		}
	}
	if ticks {
		fmt.Fprintf(&b, " prefixes %v zombies %v trough %d routes %v", o.Prefixes, o.Zombies, o.Trough(), o.Routes)
		ts := slices.Clone(o.Ticks)
		slices.SortFunc(ts, func(a, b Tick) int { return a.Peer - b.Peer })
		for _, t := range ts {
			fmt.Fprintf(&b, " [%d: %s %s why %d]", t.Peer, moment(t.Lost), moment(t.Back), t.why)
		}
	}
	return b.String()
}

// scenario is one case of a file of testdata. The language:
//
//	# a comment
//	case NAME OF THE CASE
//	question 0 1000              start and end in seconds; 0 1000 unless told otherwise
//	peer p1 AS64500              a peer; "p1-p40 AS64500" numbers names and ASes on
//	prefix a AS64496 AS64497     a prefix and the origins it was seen under; "a-c" makes three
//	0 all hold all               at second 0, all peers, all prefixes
//	100 p1 p2-p9 lose a          states: hold, lose, cover, replace, forget, absent
//	expect                       then a line for each outage, as describe writes it;
//	subject …                    prefixes by their letter
//
// Peers are named by their collector's name, for shortness. A case that expects
// nothing is one in which no claim or no loss is made.
type scenario struct {
	name   string
	in     Input
	want   []string
	expect bool
	steps  []map[int]map[int64]State // prefix → peer → second → state
	line   int
}

var words = map[string]State{"hold": Held, "lose": Lost, "cover": Covered, "replace": Replaced, "forget": Unknown, "absent": Absent}

func parseScenarios(name, text string) ([]*scenario, error) {
	var all []*scenario
	var s *scenario
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		fail := func(format string, args ...any) error {
			return fmt.Errorf("%s:%d: %s", name, n+1, fmt.Sprintf(format, args...))
		}
		if f[0] == "case" {
			s = &scenario{name: strings.Join(f[1:], " "), in: Input{End: 1000}, line: n + 1}
			all = append(all, s)
			continue
		}
		if s == nil {
			return nil, fail("no case yet")
		}
		if s.expect {
			s.want = append(s.want, strings.Join(f, " "))
			continue
		}
		switch f[0] {
		case "question":
			if len(f) != 3 {
				return nil, fail("want question START END")
			}
			s.in.Start, _ = strconv.ParseInt(f[1], 10, 64)
			s.in.End, _ = strconv.ParseInt(f[2], 10, 64)
		case "peer":
			as, err := strconv.ParseUint(strings.TrimPrefix(f[2], "AS"), 10, 32)
			if err != nil {
				return nil, fail("%v", err)
			}
			from, to, numbered := strings.Cut(f[1], "-")
			if !numbered {
				s.peer(from, uint32(as))
				break
			}
			a, errA := strconv.Atoi(strings.TrimLeft(from, "p"))
			b, errB := strconv.Atoi(strings.TrimLeft(to, "p"))
			if errA != nil || errB != nil {
				return nil, fail("%s numbers nothing", f[1])
			}
			for i := a; i <= b; i++ {
				s.peer(fmt.Sprintf("p%d", i), uint32(as)+uint32(i-a))
			}
		case "prefix":
			from, to, many := strings.Cut(f[1], "-")
			if !many {
				to = from
			}
			for c := from[0]; c <= to[0]; c++ {
				p := Prefix{Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, c - 'a', 0}), 24)}
				for _, o := range f[2:] {
					as, err := strconv.ParseUint(strings.TrimPrefix(o, "AS"), 10, 32)
					if err != nil {
						return nil, fail("%v", err)
					}
					p.Origins = append(p.Origins, uint32(as))
					if !slices.Contains(s.in.Origins, uint32(as)) {
						s.in.Origins = append(s.in.Origins, uint32(as))
					}
				}
				s.in.Prefixes = append(s.in.Prefixes, p)
				s.steps = append(s.steps, map[int]map[int64]State{})
			}
		case "expect":
			s.expect = true
		default:
			at, err := strconv.ParseInt(f[0], 10, 64)
			if err != nil {
				return nil, fail("%q: neither a word of the language nor a second", f[0])
			}
			verb := slices.IndexFunc(f, func(w string) bool { _, ok := words[w]; return ok })
			if verb < 2 || verb+1 >= len(f) {
				return nil, fail("want SECOND PEER… STATE PREFIX…")
			}
			peers, err := s.peers(f[1:verb])
			if err != nil {
				return nil, fail("%v", err)
			}
			prefixes, err := s.prefixes(f[verb+1:])
			if err != nil {
				return nil, fail("%v", err)
			}
			for _, p := range prefixes {
				for _, q := range peers {
					if s.steps[p][q] == nil {
						s.steps[p][q] = map[int64]State{}
					}
					s.steps[p][q][at] = words[f[verb]]
				}
			}
		}
	}
	return all, nil
}

func (s *scenario) peer(name string, as uint32) {
	n := len(s.in.Peers)
	s.in.Peers = append(s.in.Peers, Peer{vantage.Peer{Collector: name, Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(n)})}, as})
}

func (s *scenario) peers(ws []string) ([]int, error) {
	var out []int
	find := func(w string) int {
		return slices.IndexFunc(s.in.Peers, func(p Peer) bool { return p.Collector == w })
	}
	for _, w := range ws {
		from, to, many := strings.Cut(w, "-")
		if !many {
			to = from
		}
		a, b := find(from), find(to)
		if w == "all" {
			a, b = 0, len(s.in.Peers)-1
		}
		if a < 0 || b < a {
			return nil, fmt.Errorf("%q: no such peer", w)
		}
		for i := a; i <= b; i++ {
			out = append(out, i)
		}
	}
	return out, nil
}

func (s *scenario) prefixes(ws []string) ([]int, error) {
	var out []int
	for _, w := range ws {
		a, b := int(w[0]-'a'), int(w[len(w)-1]-'a')
		if w == "all" {
			a, b = 0, len(s.in.Prefixes)-1
		}
		if a < 0 || b < a || b >= len(s.in.Prefixes) {
			return nil, fmt.Errorf("%q: no such prefix", w)
		}
		for i := a; i <= b; i++ {
			out = append(out, i)
		}
	}
	return out, nil
}

func (s *scenario) input() Input {
	in := s.in
	in.Name = "S"
	in.Prefixes = slices.Clone(in.Prefixes)
	for p := range in.Prefixes {
		for peer := range in.Peers {
			if st := steps(s.steps[p][peer]); len(st) > 0 {
				in.Prefixes[p].Carriers = append(in.Prefixes[p].Carriers, Carrier{peer, st})
			}
		}
	}
	return in
}

func loadScenarios(t *testing.T) map[string][]*scenario {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	out := map[string][]*scenario{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all, err := parseScenarios(f, string(b))
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".txt")] = all
	}
	return out
}

// TestScenarios plays testdata/*.txt. The oracle must agree with each, so that
// no expectation rests on the code it checks.
func TestScenarios(t *testing.T) {
	t.Parallel()
	for file, all := range loadScenarios(t) {
		for _, s := range all {
			t.Run(file+"/"+s.name, func(t *testing.T) {
				if !s.expect {
					t.Fatalf("%s.txt:%d: the case expects nothing, not even nothing", file, s.line)
				}
				in := s.input()
				lines := func(os []Outage) string {
					var out []string
					for _, o := range os {
						l := describe(in, o, false)
						for i, p := range in.Prefixes {
							l = strings.ReplaceAll(l, p.Prefix.String(), string(rune('a'+i)))
						}
						out = append(out, l)
					}
					return strings.Join(out, "\n")
				}
				want := strings.Join(s.want, "\n")
				if got := lines(Find(in)); got != want {
					t.Errorf("%s.txt:%d\ngot:\n%s\nwant:\n%s", file, s.line, got, want)
				}
				if got := lines(newOracle(in).find()); got != want {
					t.Errorf("%s.txt:%d: the oracle says\n%s\nwant:\n%s", file, s.line, got, want)
				}
			})
		}
	}
}

// TestOrderOfInput: "the order of its input lists does not change its result
// beyond the order of its output".
func TestOrderOfInput(t *testing.T) {
	for file, all := range loadScenarios(t) {
		for _, s := range all {
			in := s.input()
			back := in
			back.Prefixes = nil
			for _, p := range slices.Backward(in.Prefixes) {
				p.Carriers = slices.Clone(p.Carriers)
				slices.Reverse(p.Carriers)
				back.Prefixes = append(back.Prefixes, p)
			}
			var a, b []string
			for _, o := range Find(in) {
				a = append(a, describe(in, o, false))
			}
			for _, o := range Find(back) {
				b = append(b, describe(back, o, false))
			}
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s.txt:%d %s\nin order:\n%s\nreversed:\n%s", file, s.line, s.name, strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
		}
	}
}
