package impact

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/judge/block"
	"constat/judge/relation"
	"constat/moment"
	"constat/report/html"
)

// some is an impact with everything that a page can have.
func some(t *testing.T) (*block.Impact, string) {
	t.Helper()
	target, second := netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("198.51.100.0/24")
	in := &block.Input{Target: "AS1", At: []uint32{10}, Match: block.MatchExact, Behind: map[uint32]int{7: 2}, Shared: map[uint32]int{8: 1}, ByOrigin: []uint32{1}, Beside: map[uint32][]netip.Prefix{1: {netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24")}},
		Critical: []block.Critical{{AS: 1, Name: "the <only> hospital"}}, Relations: "rel.txt (undated)"}
	for i, path := range [][]uint32{{100, 10, 1}, {200, 20, 1}, {300, 20, 10, 1}, {400, 10, 1}} {
		in.Vantages = append(in.Vantages, block.Vantage{Name: "rrc00 192.0.2." + string(rune('1'+i)), Collector: "rrc00", AS: path[0]})
		in.Routes = append(in.Routes, block.Route{Vantage: i, Prefix: target, Path: path})
	}
	in.Vantages = append(in.Vantages, block.Vantage{Name: "rrc00 192.0.2.9", Collector: "rrc00", AS: 900, Blind: "session down", Since: "2014-12-22T00:00:00Z"})
	in.Routes = append(in.Routes, block.Route{Vantage: 4, Prefix: second, Path: []uint32{900, 10, 1}, Past: block.Before}, block.Route{Vantage: 0, Prefix: netip.MustParsePrefix("127.0.0.0/8"), Path: []uint32{100, 10, 1}})
	in.Others = []block.Route{{Vantage: 0, Prefix: netip.MustParsePrefix("203.0.113.128/25"), Path: []uint32{100, 10, 5}}, {Vantage: 0, Prefix: netip.MustParsePrefix("203.0.112.0/22"), Path: []uint32{100, 30, 6}}}
	in.Graph = block.NewGraph([]relation.Link{{A: 10, B: 1}, {A: 20, B: 300}, {A: 10, B: 100}, {A: 10, B: 20, Peer: true}, {A: 10, B: 400}})
	im := block.Assess(in)
	im.Moment = "2014-12-22T00:10:00Z"
	im.Sources = []block.Source{{Collector: "rrc00", Name: "bview.gz", SHA256: strings.Repeat("ab", 32)}}
	_, hash, err := Encode(im)
	if err != nil {
		t.Fatal(err)
	}
	return im, hash
}

// TestPage: in each language the page says what is hit first, has every prefix, vantage,
// way, route of others, file and digest, no word is missing, and what strangers wrote is
// no markup.
func TestPage(t *testing.T) {
	t.Parallel()
	im, hash := some(t)
	m := &Measure{ID: hash[:8], Expires: moment.Unix(1419424500, 0), Files: []File{{Dialect: "bird", Name: "bird.conf", SHA256: strings.Repeat("1a", 32), Undo: "undo-bird.conf", UndoSHA: strings.Repeat("2b", 32)},
		{Dialect: "nftables", Name: "nftables.nft", SHA256: strings.Repeat("3c", 32), Undo: "undo-nftables.nft", UndoSHA: strings.Repeat("4d", 32), EndsByItself: true}}}
	who := func(as uint32) string {
		if as == 20 {
			return `evil "</svg><script>x` + "\u202e"
		}
		return ""
	}
	first := map[locale.Lang]string{"en": "1 route of others would be hit by address, 0 by lists of routes.", "fr": "1 route d’autrui serait touchée par adresse, 0 par des listes", "de": "1 Route anderer würde nach Adressen getroffen, 0 von Routenlisten."}
	for _, lang := range locale.All() {
		page := func(m *Measure) string {
			d, err := Document(im, hash, m, lang, who)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(d.Headline.String(), first[lang]) {
				t.Errorf("%s: the page begins with %q", lang, d.Headline)
			}
			var b bytes.Buffer
			if err := html.WriteSurvey(&b, d, ""); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		s := page(m)
		if s != page(m) {
			t.Errorf("%s: not the same bytes again", lang)
		}
		for _, want := range []string{hash, m.Files[0].SHA256, m.Files[0].UndoSHA, m.Files[1].SHA256, m.Files[1].UndoSHA, "undo-bird.conf", "bview.gz", im.Sources[0].SHA256,
			"203.0.113.0/24", "198.51.100.0/24", "127.0.0.0/8", "203.0.113.128/25", "203.0.112.0/22", "rrc00 192.0.2.1", "rrc00 192.0.2.9", "AS7", "AS8", "hospital", "300 20 1", `id="fig-before"`, `id="fig-after"`} {
			if !strings.Contains(s, want) {
				t.Errorf("%s: no %s", lang, want)
			}
		}
		for _, bad := range []string{"<script", "block.", "reason.s", "<only>", "\u202e", "..", "….", "\u00a0.", "\u202f.", " .<", "%!"} {
			if strings.Contains(s, bad) {
				i := strings.Index(s, bad)
				t.Errorf("%s: %q: …%s…", lang, bad, s[max(0, i-60):min(len(s), i+60)])
			}
		}
		if none := page(nil); strings.Contains(none, "undo-bird.conf") || !strings.Contains(none, hash) || !strings.Contains(none, "--acknowledge") {
			t.Errorf("%s: a page without a measure", lang)
		}
	}
}

// TestPageOfNothing: an impact of a target that nobody holds has a page that says so.
func TestPageOfNothing(t *testing.T) {
	t.Parallel()
	in := &block.Input{Target: "AS1", At: []uint32{10}, Vantages: []block.Vantage{{Name: "a", AS: 100}}, Routes: []block.Route{{Prefix: netip.MustParsePrefix("203.0.113.0/24"), Path: []uint32{100, 10, 1}, Past: block.Before}}}
	im := block.Assess(in)
	im.Moment = "2014-12-22T00:10:00Z"
	for _, lang := range locale.All() {
		d, err := Document(im, strings.Repeat("0", 64), nil, lang, func(uint32) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := html.WriteSurvey(&b, d, ""); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "<svg") || len(d.Sections) == 0 || d.Headline.String() == "" {
			t.Errorf("%s: %s", lang, d.Headline)
		}
	}
}

// TestLanes: what is lost goes nowhere, and every route is in both figures.
func TestLanes(t *testing.T) {
	t.Parallel()
	im, _ := some(t)
	sum := func(ls []block.Lane) (n int) {
		for _, l := range ls {
			n += l.Routes
		}
		return n
	}
	held := 0
	for _, o := range im.Prefixes {
		held += o.Held
	}
	if sum(im.Flow.Before) != held || sum(im.Flow.After) != held {
		t.Errorf("%d held, %+v", held, im.Flow)
	}
	lost, of := 0, 0
	for _, l := range im.Flow.After {
		if l.State == block.LaneLost {
			lost += l.Routes
		}
		if slices.Contains(im.At, l.First) || slices.Contains(im.At, l.Second) {
			t.Errorf("after the block routes go over %+v", l)
		}
	}
	for _, o := range im.Prefixes {
		of += o.Lost
	}
	if lost != of {
		t.Errorf("%d lost, %d drawn", of, lost)
	}
}
