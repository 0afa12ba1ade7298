package filter

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"constat/judge/block"
)

// irrd answers bgpq4 as a registry of routes would: the protocol of IRRd, as far as
// bgpq4 speaks it. Every AS has the same routes.
func irrd(t *testing.T, routes []netip.Prefix) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var four, six []string
	for _, p := range routes {
		if p.Addr().Is4() {
			four = append(four, p.String())
		} else {
			six = append(six, p.String())
		}
	}
	answer := func(q string) string {
		text := ""
		switch {
		case q == "!!":
			return ""
		case strings.HasPrefix(q, "!n"):
			return "C\n"
		case q == "!s-lc":
			text = "TEST"
		case strings.HasPrefix(q, "!s"):
			return "C\n"
		case strings.HasPrefix(q, "!g"):
			text = strings.Join(four, " ")
		case strings.HasPrefix(q, "!6"):
			text = strings.Join(six, " ")
		default:
			return "D\n"
		}
		return fmt.Sprintf("A%d\n%s\nC\n", len(text)+1, text)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for s := bufio.NewScanner(c); s.Scan(); {
					if strings.HasPrefix(s.Text(), "!q") {
						return
					}
					if _, err := c.Write([]byte(answer(s.Text()))); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

// notation is how a dialect writes a line of routes.
type notation struct {
	dialect string
	flags   []string // of bgpq4
	line    *regexp.Regexp
}

const (
	geLe    = `(?: ge (?P<ge>\d+))?(?: le (?P<le>\d+))?`
	aPrefix = `(?P<p>[0-9a-f.:]+/\d+)`
)

var notations = []notation{
	{"iosxr", []string{"-X"}, regexp.MustCompile(`^` + aPrefix + geLe + `(?: eq (?P<eq>\d+))?,?$`)},
	{"eos", []string{"-e"}, regexp.MustCompile(`^seq \d+ permit ` + aPrefix + geLe + `$`)},
	{"junos", []string{"-J", "-E"}, regexp.MustCompile(`^route-filter ` + aPrefix + ` (?:(?P<exact>exact)|(?P<longer>orlonger)|upto /(?P<le>\d+)|prefix-length-range /(?P<ge>\d+)-/(?P<le2>\d+));$`)},
	{"bird", []string{"-b"}, regexp.MustCompile(`^` + aPrefix + `(?:\{(?P<ge>\d+),(?P<le>\d+)\})?,?$`)},
	{"openbgpd", []string{"-B"}, regexp.MustCompile(`^(?:prefix )?` + aPrefix + `(?: prefixlen(?: =)? (?P<ge>\d+)(?: - (?P<le>\d+))?)?$`)},
}

var (
	seq     = regexp.MustCompile(`^seq \d+ `)
	statics = regexp.MustCompile(`\[|\];`)
)

// read gives the lines of a text that stand for routes, by what they stand for.
func (n notation) read(t *testing.T, text string) map[block.Range]string {
	t.Helper()
	out := map[block.Range]string{}
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if n.dialect == "bird" { // bgpq4 writes its first and last line on the brackets'
			if i := strings.LastIndex(l, "["); i >= 0 {
				l = l[i+1:]
			}
			l = strings.TrimSpace(statics.ReplaceAllString(l, ""))
		}
		m := n.line.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		p := netip.MustParsePrefix(m[n.line.SubexpIndex("p")])
		r := block.Range{Prefix: p, Ge: p.Bits(), Le: p.Bits()}
		named := map[string]string{}
		for i, name := range n.line.SubexpNames() {
			if name != "" && m[i] != "" {
				named[name] = m[i]
			}
		}
		num := func(s string) int { v, _ := strconv.Atoi(s); return v }
		if v, ok := named["ge"]; ok {
			r.Ge, r.Le = num(v), num(v)
			if n.dialect == "iosxr" || n.dialect == "eos" {
				r.Le = p.Addr().BitLen()
			}
		}
		for _, k := range []string{"le", "le2"} {
			if v, ok := named[k]; ok {
				r.Le = num(v)
			}
		}
		if v, ok := named["eq"]; ok {
			r.Ge, r.Le = num(v), num(v)
		}
		if named["longer"] != "" {
			r.Le = p.Addr().BitLen()
		}
		out[r] = strings.TrimPrefix(strings.TrimSuffix(seq.ReplaceAllString(l, ""), ","), "prefix ")
	}
	return out
}

// expand lists every route of some lines; the lines are short ranges.
func expand(t *testing.T, lines map[block.Range]string) []string {
	t.Helper()
	var out []string
	var walk func(p netip.Prefix, r block.Range)
	walk = func(p netip.Prefix, r block.Range) {
		if r.Has(p) {
			out = append(out, p.String())
		}
		if p.Bits() >= r.Le {
			return
		}
		low := netip.PrefixFrom(p.Addr(), p.Bits()+1)
		b := p.Addr().AsSlice()
		b[p.Bits()/8] |= 0x80 >> (p.Bits() % 8)
		a, _ := netip.AddrFromSlice(b)
		walk(low, r)
		walk(netip.PrefixFrom(a, p.Bits()+1), r)
	}
	for r := range lines {
		if r.Le-r.Prefix.Bits() > 12 {
			t.Fatalf("%v is too wide to be listed", r)
		}
		walk(r.Prefix, r)
	}
	slices.Sort(out)
	return out
}

// TestBgpq4: another author's program, asked for the same routes, writes lists that
// stand for the same routes, and of each line that both have the same text.
func TestBgpq4(t *testing.T) {
	t.Parallel()
	program := tool(t, "bgpq4")
	r := rand.New(rand.NewPCG(7, 8))
	lists := [][]netip.Prefix{prefixesOf(order().Routes)}
	for range 12 {
		var ps []netip.Prefix
		for range 1 + r.IntN(60) {
			ps = append(ps,
				netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(r.IntN(2)), byte(r.IntN(32)), 0}), 18+r.IntN(7)).Masked(),
				netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(r.IntN(32))}), 34+r.IntN(7)).Masked())
		}
		slices.SortFunc(ps, func(a, b netip.Prefix) int { return strings.Compare(a.String(), b.String()) })
		lists = append(lists, slices.Compact(ps))
	}
	same, all := 0, 0
	for i, ps := range lists {
		server := irrd(t, ps)
		o := order()
		o.Routes, o.Origins = nil, nil
		for _, p := range ps {
			o.Routes = append(o.Routes, Route{p, "x"})
		}
		m := made(t, o)
		for _, n := range notations {
			theirs := map[block.Range]string{}
			for _, family := range []string{"-4", "-6"} {
				for _, aggregated := range []bool{false, true} {
					// Its lines one by one stand for the same routes as its own aggregated ones.
					args := append([]string{"-h", server, family, "-m", map[string]string{"-4": "32", "-6": "128"}[family], "-l", "LIST"}, n.flags...)
					if aggregated {
						args = append(args, "-A")
					}
					b, err := exec.Command(program, append(args, "AS131279")...).Output()
					if err != nil {
						t.Fatalf("bgpq4 %v: %v", args, err)
					}
					got := n.read(t, string(b))
					if aggregated {
						for r, l := range got {
							theirs[r] = l
						}
					}
				}
			}
			ours := n.read(t, text(t, m, n.dialect, false))
			if len(ours) != len(m.lines) {
				t.Fatalf("%s: %d lines of %d were read back", n.dialect, len(ours), len(m.lines))
			}
			a, b := expand(t, ours), expand(t, theirs)
			if !slices.Equal(a, b) {
				t.Errorf("list %d, %s: we stop %v, bgpq4 would %v", i, n.dialect, a, b)
			}
			for r, l := range ours {
				all++
				if x, ok := theirs[r]; ok {
					same++
					if x != l {
						t.Errorf("%s: %q, bgpq4 writes %q", n.dialect, l, x)
					}
				}
			}
			if len(ours) > len(theirs) {
				t.Errorf("list %d, %s: %d lines, bgpq4 needs %d", i, n.dialect, len(ours), len(theirs))
			}
		}
	}
	t.Logf("%d of %d lines are bgpq4's too", same, all)
}
