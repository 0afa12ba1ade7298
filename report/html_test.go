package report

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"constat/internal/locale"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/moment"
)

func render(t *testing.T, f *finding.Findings, l Lang) (page, summary string) {
	t.Helper()
	var a, b bytes.Buffer
	if err := HTML(&a, f, options(l)); err != nil {
		t.Fatal(err)
	}
	if err := writeSummary(&b, f, l); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String()
}

func parse(t *testing.T, page string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// find are the elements with the given name and, if not "", id or class.
func find(n *html.Node, name, id, class string) (out []*html.Node) {
	for d := range n.Descendants() {
		if d.Type != html.ElementNode || name != "" && d.Data != name || id != "" && attr(d, "id") != id {
			continue
		}
		if class == "" || strings.Contains(" "+attr(d, "class")+" ", " "+class+" ") {
			out = append(out, d)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' || r == '\n' }), " ")
}

// each runs a check on every case in every language.
func each(t *testing.T, do func(t *testing.T, f *finding.Findings, page string, root *html.Node)) {
	for _, c := range cases {
		for _, l := range locale.All() {
			t.Run(c.name+"."+string(l), func(t *testing.T) {
				f := c.make()
				page, _ := render(t, f, l)
				do(t, f, page, parse(t, page))
			})
		}
	}
}

// TestSelfContained: no script, nothing that makes a request, and a policy
// that would forbid it.
func TestSelfContained(t *testing.T) {
	each(t, func(t *testing.T, _ *finding.Findings, page string, root *html.Node) {
		for d := range root.Descendants() {
			if d.Type != html.ElementNode {
				continue
			}
			switch d.Data {
			case "script", "link", "img", "iframe", "object", "embed", "image", "use", "base", "form", "video", "audio", "source":
				t.Errorf("an element %s", d.Data)
			}
			for _, a := range d.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "srcset" {
					t.Errorf("%s has %s=%q", d.Data, a.Key, a.Val)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && a.Val != "report.html" && a.Val != "report.fr.html" {
					t.Errorf("a link to %q", a.Val)
				}
				if strings.Contains(a.Val, "ZgotmplZ") {
					t.Errorf("%s has a value the template refused: %s", d.Data, a.Key)
				}
			}
		}
		for _, s := range []string{"url(", "@import", "http://", "https://"} {
			if strings.Contains(page, s) {
				t.Errorf("the page contains %q", s)
			}
		}
		policy := false
		for _, m := range find(root, "meta", "", "") {
			policy = policy || attr(m, "http-equiv") == "Content-Security-Policy" && strings.HasPrefix(attr(m, "content"), "default-src 'none';")
		}
		if !policy {
			t.Error("no policy of the page's content")
		}
	})
}

// TestStructure: unique ids, links that lead somewhere, headings, figures with
// a sentence and a table, tables with caption and scope.
func TestStructure(t *testing.T) {
	each(t, func(t *testing.T, _ *finding.Findings, _ string, root *html.Node) {
		ids := map[string]bool{}
		for d := range root.Descendants() {
			if id := attr(d, "id"); id != "" {
				if ids[id] {
					t.Errorf("the id %q twice", id)
				}
				ids[id] = true
			}
		}
		for _, a := range find(root, "a", "", "") {
			if h := attr(a, "href"); strings.HasPrefix(h, "#") && !ids[h[1:]] {
				t.Errorf("%s leads nowhere", h)
			}
		}
		for d := range root.Descendants() {
			if l := attr(d, "aria-labelledby"); l != "" && !ids[l] {
				t.Errorf("labelled by %q, which is not there", l)
			}
		}
		if n := len(find(root, "h1", "", "")); n != 1 {
			t.Errorf("%d headings of the first order", n)
		}
		for _, s := range find(root, "section", "", "") {
			if len(find(s, "h2", "", "")) != 1 || len(find(s, "p", "", "")) == 0 {
				t.Errorf("section %s is empty or has no heading", attr(s, "id"))
			}
		}
		for _, f := range find(root, "figure", "", "") {
			if len(find(f, "figcaption", "", "")) != 1 || len(find(f, "table", "", "")) == 0 {
				t.Errorf("figure %s lacks caption or table", attr(f, "id"))
			}
			for _, s := range find(f, "svg", "", "") {
				if attr(s, "aria-hidden") == "" && attr(s, "aria-label") == "" {
					t.Errorf("figure %s has a picture without words", attr(f, "id"))
				}
			}
		}
		for _, x := range find(root, "table", "", "") {
			if c := find(x, "caption", "", ""); len(c) != 1 || text(c[0]) == "" {
				t.Errorf("a table without caption: %.60s", text(x))
			}
			for _, h := range find(x, "th", "", "") {
				if attr(h, "scope") == "" {
					t.Errorf("a heading without scope: %s", text(h))
				}
			}
			wide := len(find(find(x, "thead", "", "")[0], "th", "", ""))
			for _, body := range find(x, "tbody", "", "") {
				for _, r := range find(body, "tr", "", "") {
					n := 0
					for _, d := range slices.Concat(find(r, "th", "", ""), find(r, "td", "", "")) {
						span, err := strconv.Atoi(cmp.Or(attr(d, "colspan"), "1"))
						if err != nil {
							t.Fatal(err)
						}
						n += span
					}
					if n != wide {
						t.Errorf("a row of %d cells under %d headings: %s", n, wide, text(r))
					}
				}
			}
		}
	})
}

var digits = regexp.MustCompile(`[^0-9]`)

func figureOf(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(digits.ReplaceAllString(s, ""))
	if err != nil {
		t.Fatalf("no number: %q", s)
	}
	return n
}

// TestTimelineAddsUp: seen, gone and unknown make the height in every line.
func TestTimelineAddsUp(t *testing.T) {
	each(t, func(t *testing.T, f *finding.Findings, _ string, root *html.Node) {
		fig := find(root, "figure", "fig-timeline", "")
		if len(fig) == 0 {
			if f.Timeline.Height > 0 {
				t.Error("no timeline")
			}
			return
		}
		rows := find(find(fig[0], "tbody", "", "")[0], "tr", "", "")
		if len(rows) == 0 || len(rows) > tableRows+1 {
			t.Errorf("%d lines", len(rows))
		}
		for _, r := range rows {
			sum := 0
			for _, d := range find(r, "td", "", "") {
				sum += figureOf(t, text(d))
			}
			if sum != f.Timeline.Height {
				t.Errorf("%s: %d, want %d", text(r), sum, f.Timeline.Height)
			}
		}
	})
}

// TestNumbersAreTheFindings compares what the page says with the values.
func TestNumbersAreTheFindings(t *testing.T) {
	f := night()
	page, sum := render(t, f, English)
	root := parse(t, page)
	c := gather(f)
	h := c.head
	p, err := newPrinter(English, f)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.whole) != 22 || c.before != 21 || !c.dominant || *h.DurationS != 34267 {
		t.Fatalf("the case is not what it should be: %d outages, %d before, %d s", len(c.whole), c.before, *h.DurationS)
	}
	plain := strings.NewReplacer(nbsp, " ", nnbsp, " ").Replace
	for _, want := range []string{"9 h 31 min", "4 of 4", "43 of 44", "1,024 of 1,024 addresses", "21 smaller outages", "16:15:07", "01:46:14"} {
		if !strings.Contains(plain(text(root)), want) || !strings.Contains(strings.Join(strings.Fields(sum), " "), want) {
			t.Errorf("page or summary lacks %q", want)
		}
	}
	// The captions of the figures.
	caption := func(id string) string {
		return plain(text(find(find(root, "figure", id, "")[0], "figcaption", "", "")[0]))
	}
	if got, want := caption("fig-timeline"), fmt.Sprintf("%d short outages, then gone for %s", c.before, plain(p.brief(*h.DurationS))); !strings.Contains(got, want) {
		t.Errorf("figure 1 says %q, want %q", got, want)
	}
	lost := (*h.Onset.Last - *h.Onset.First) / moment.Second
	back := (*h.Recovery.Last - *h.Recovery.First) / moment.Second
	if got, want := caption("fig-magnified"), fmt.Sprintf("Lost within %d seconds, regained within %d seconds", lost, back); !strings.Contains(got, want) {
		t.Errorf("figure 2 says %q, want %q", got, want)
	}
	if got, want := caption("fig-who"), fmt.Sprintf("What %d peers in %d networks held", len(f.Strip), 7); !strings.Contains(got, want) {
		t.Errorf("figure 3 says %q, want %q", got, want)
	}
	if got := caption("fig-paths"); !strings.Contains(got, "Every route ran through AS4837 (China Unicom)") {
		t.Errorf("figure 4 says %q", got)
	}
	// The times of the peers add up to the question.
	var all moment.Time
	for i := range f.Strip {
		var one moment.Time
		for _, s := range []string{finding.Seen, finding.Part, finding.Gone, finding.Unknown} {
			one += inState(&f.Strip[i], f.Question, s)
		}
		if one != f.Question.Until-f.Question.From {
			t.Errorf("row %d covers %d", i, one)
		}
		all += one
	}
	dark := blindTime(f)
	if dark <= 0 || c.unknown != c.blind {
		t.Errorf("unknown %v, blind %v: in this case all that is unknown is blindness", c.unknown, c.blind)
	}
	if want := plain(p.percent(float64(dark) / float64(all))); !strings.Contains(plain(text(find(root, "dl", "", "keys")[0])), want) {
		t.Errorf("the key figures lack the blindness of %s", want)
	}
	// Ticks: one for each peer that lost it; peers of one network in the same
	// second share theirs.
	ticks, distinct := 0, map[[2]int64]bool{}
	for _, k := range h.Peers {
		if k.Lost != nil {
			distinct[[2]int64{int64(k.AS), int64(*k.Lost)}] = true
		}
	}
	for _, x := range find(find(root, "div", "fig-magnified-onset", "")[0], "path", "", "t") {
		ticks += strings.Count(attr(x, "d"), "M")
	}
	if ticks != len(distinct) {
		t.Errorf("%d ticks, want %d", ticks, len(distinct))
	}
	french, _ := render(t, f, French)
	if n := max(len(page), len(french)); n > 124_000 {
		t.Errorf("the page has %d bytes", n)
	}
}

// TestNothingIsDroppedSilently: what a table leaves out it counts.
func TestNothingIsDroppedSilently(t *testing.T) {
	for _, f := range []*finding.Findings{night(), nation()} {
		droppedSilently(t, f)
	}
}

func droppedSilently(t *testing.T, f *finding.Findings) {
	t.Helper()
	page, _ := render(t, f, English)
	root := parse(t, page)
	more := regexp.MustCompile(`… and ([0-9,]+) more`)
	left := func(n *html.Node) (sum int) {
		for _, m := range more.FindAllStringSubmatch(text(n), -1) {
			sum += figureOf(t, m[1])
		}
		return sum
	}
	rows := func(n *html.Node, class string) (sum int) {
		for _, x := range find(n, "table", "", class) {
			sum += len(find(find(x, "tbody", "", "")[0], "tr", "", ""))
		}
		return sum
	}
	for _, x := range []struct {
		section, class string
		want           int
	}{
		{"outages", "", len(f.Outages)},
		{"operators", "ops", len(f.Operators)},
		{"subject", "sbj", len(f.Subject.Prefixes) + len(f.Subject.Reasons)},
		{"check", "ex", len(f.Watch.Sources) + 2},
		{"who", "num", len(f.Strip)},
	} {
		there := find(root, "section", x.section, "")
		if len(there) == 0 && x.section == "operators" && len(f.Operators) < 2 {
			continue
		}
		s := there[0]
		if got := rows(s, x.class) + left(s); got != x.want {
			t.Errorf("%s: %d lines and %d left out, want %d", x.section, rows(s, x.class), left(s), x.want)
		}
	}
	if len(page) > 600_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
	// The strip draws 500 peers: those with a row, and the rest as a stack.
	peers := 0
	for _, e := range find(find(root, "section", "who", "")[0], "em", "", "") {
		peers += figureOf(t, text(e))
	}
	if peers != len(f.Strip) {
		t.Errorf("the strip speaks of %d peers, want %d", peers, len(f.Strip))
	}
}

// TestHostileNames: names that others chose stay text.
func TestHostileNames(t *testing.T) {
	f := night()
	evil := `</text></svg><script>alert(1)</script> "x" 'y' {{.}} ** & ` + "`"
	f.Subject.Networks["131279"], f.Subject.Networks["4837"], f.Subject.Networks["1239"] = evil, evil, evil
	f.Subject.Name, f.Subject.Kind, f.Subject.NamesOf = evil, "file", evil
	f.Question.Subject = evil
	f.Watch.Sources[0].Name, f.Watch.Unread[0].Reason, f.Watch.Blind[0].Reason = evil, evil, evil
	f.Subject.Prefixes[0].Reasons[0], f.Subject.Reasons[0].OnList = finding.NewOnList(evil), finding.NewOnList(evil)
	f.Notes = append(f.Notes, finding.Note{Key: evil, Other: []string{evil}})
	f.Outages[3].Name = evil
	page, _ := render(t, f, French)
	root := parse(t, page)
	if n := len(find(root, "script", "", "")); n > 0 {
		t.Fatalf("%d scripts", n)
	}
	if strings.Count(page, "<svg") != strings.Count(page, "</svg>") {
		t.Error("a name closed a picture")
	}
	if !strings.Contains(text(root), "<script>alert(1)</script>") {
		t.Error("the name is not shown as text")
	}
}

// TestBandIsFirst: a reconstruction is said before anything else, and a case
// that is none has no band.
func TestBandIsFirst(t *testing.T) {
	page, sum := render(t, night(), English)
	body := find(parse(t, page), "body", "", "")[0]
	first := find(body, "div", "", "")[0]
	if attr(first, "class") != "mock" || !strings.Contains(text(first), "A reconstruction, not an archive.") {
		t.Errorf("the first thing on the page is %s", text(first))
	}
	sum = strings.Join(strings.Fields(sum), " ")
	if i, j := strings.Index(sum, "A reconstruction, not an archive."), strings.Index(sum, "were gone from"); i < 0 || j < i {
		t.Error("the summary says it too late")
	}
	page, _ = render(t, chile(), English)
	if strings.Contains(page, "A reconstruction, not an archive.") {
		t.Error("an archive is called a reconstruction")
	}
}

// TestUnknownNoteIsPrinted: no warning is lost for want of words.
func TestUnknownNoteIsPrinted(t *testing.T) {
	page, sum := render(t, noClaim(), French)
	if !strings.Contains(page, "something new") || !strings.Contains(sum, "something new") {
		t.Error("the note is lost")
	}
}

// TestNoOutageSaysNothingOfTraffic holds the sentence that must be there.
func TestNoOutageSaysNothingOfTraffic(t *testing.T) {
	page, sum := render(t, stayed(), English)
	for _, s := range []string{text(parse(t, page)), strings.Join(strings.Fields(sum), " ")} {
		if !strings.Contains(s, "This says nothing about traffic") {
			t.Error("the sentence on traffic is missing")
		}
	}
	for _, id := range []string{"outages", "operators", "blind"} {
		if len(find(parse(t, page), "section", id, "")) > 0 {
			t.Errorf("an empty section %s", id)
		}
	}
}

// tokens reads the colours of one theme from the style sheet.
func tokens(css string) map[string]string {
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z0-9]+):(#[0-9a-f]{6})`).FindAllStringSubmatch(css, -1) {
		out[m[1]] = m[2]
	}
	return out
}

func luminance(hex string) float64 {
	var l float64
	for i, w := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			panic(err)
		}
		x := float64(v) / 255
		if x <= 0.04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+0.055)/1.055, 2.4)
		}
		l += w * x
	}
	return l
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestColours: contrast of the tokens in both themes, and the hatch never in
// the colour of gone.
func TestColours(t *testing.T) {
	page, _ := render(t, night(), English)
	_, css, _ := strings.Cut(page, "<style>")
	css, _, _ = strings.Cut(css, "</style>")
	light, dark, ok := strings.Cut(css, "@media screen and (prefers-color-scheme:dark)")
	if !ok {
		t.Fatal("no dark theme")
	}
	dark, _, _ = strings.Cut(dark, "}}")
	for theme, c := range map[string]map[string]string{"light": tokens(light), "dark": tokens(dark)} {
		for _, x := range []struct {
			a, b  string
			least float64
		}{
			{"ink", "paper", 12}, {"ink2", "paper", 7}, {"ink3", "paper", 4.5}, {"link", "paper", 4.5},
			{"ink", "tint", 4.9}, {"ink2", "tint", 4.9}, {"ink3", "tint", 4.9},
			{"seen", "paper", 3}, {"gone", "paper", 3}, {"hatch", "paper", 3}, {"gone", "seen", 3}, {"rule2", "paper", 3},
		} {
			if got := contrast(c[x.a], c[x.b]); got < x.least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", theme, x.a, x.b, got, x.least)
			}
		}
		if c["hatch"] == c["gone"] || c["hatch"] == c["seen"] {
			t.Errorf("%s: the hatch has the colour of a state", theme)
		}
	}
	for _, m := range regexp.MustCompile(`[^{}]*\.blind[^{}]*\{[^}]*\}`).FindAllString(css, -1) {
		if strings.Contains(m, "--gone") || strings.Contains(m, "--ink") || strings.Contains(m, "--seen") {
			t.Errorf("the hatch is painted in another state's colour: %s", m)
		}
	}
	// Three states, three textures, in the page too.
	for _, x := range find(parse(t, page), "", "", "blind") {
		if s := attr(x, "style"); strings.Contains(s, "color") || strings.Contains(s, "background") || strings.Contains(attr(x, "class"), "gone") {
			t.Errorf("a hatch of its own: %s %s", attr(x, "class"), s)
		}
	}
}

// TestOutline keeps the words of the pages in order, without the charts.
func TestOutline(t *testing.T) {
	for _, c := range cases {
		if c.name == "nation" { // large, and nothing in it that others lack
			continue
		}
		for _, l := range locale.All() {
			page, _ := render(t, c.make(), l)
			var b strings.Builder
			for d := range parse(t, page).Descendants() {
				if d.Type != html.ElementNode {
					continue
				}
				switch d.Data {
				case "h1", "h2", "h3", "caption", "figcaption", "dt", "dd", "summary", "title", "li":
				case "p":
					if attr(d, "class") == "pn" {
						continue
					}
				case "svg":
					if l := attr(d, "aria-label"); l != "" {
						fmt.Fprintf(&b, "svg: %s\n", l)
					}
					continue
				default:
					continue
				}
				fmt.Fprintf(&b, "%s: %s\n", d.Data, text(d))
			}
			golden(t, c.name+"."+string(l)+".outline", []byte(b.String()))
		}
	}
}

// TestPaths: one layout in all panels, what is gone dotted and never removed.
func TestPaths(t *testing.T) {
	page, _ := render(t, night(), English)
	panels := find(find(parse(t, page), "figure", "fig-paths", "")[0], "svg", "", "pg")
	if len(panels) != 3 {
		t.Fatalf("%d panels", len(panels))
	}
	shape := func(n *html.Node) (rects, edges, off int) {
		lines := func(class string) (sum int) {
			for _, x := range find(n, "path", "", class) {
				if class == "sub" || strings.Contains(attr(x, "class"), "sub") {
					sum += strings.Count(attr(x, "d"), "M")
				}
			}
			return sum
		}
		return len(find(n, "rect", "", "")), lines("sub"), lines("off")
	}
	r, e, off := shape(panels[0])
	if off != 0 {
		t.Errorf("%d dotted before", off)
	}
	r1, e1, off1 := shape(panels[1])
	if r1 != r || e1 != e || off1 != e-3 {
		t.Errorf("the trough has %d nodes, %d edges, %d dotted; want %d, %d, %d", r1, e1, off1, r, e, e-3)
	}
	for _, x := range panels {
		if attr(x, "viewBox") != attr(panels[0], "viewBox") {
			t.Error("panels of two sizes")
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	f := nation()
	for b.Loop() {
		var w bytes.Buffer
		if err := HTML(&w, f, options(English)); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOddFindings: values that examine should not give must not break a page.
func TestOddFindings(t *testing.T) {
	for name, change := range map[string]func(*finding.Findings){
		"nothing":            func(f *finding.Findings) { *f = finding.Findings{} },
		"no time":            func(f *finding.Findings) { f.Question.Until = f.Question.From },
		"time backwards":     func(f *finding.Findings) { f.Question.Until = f.Question.From - day },
		"an unknown answer":  func(f *finding.Findings) { f.Answer = "perhaps" },
		"answer, no outages": func(f *finding.Findings) { f.Outages = nil },
		"bare outages": func(f *finding.Findings) {
			for i := range f.Outages {
				f.Outages[i] = finding.Outage{Scope: f.Outages[i].Scope, From: f.Outages[i].From}
			}
		},
		"no peers' times": func(f *finding.Findings) {
			for i := range f.Outages {
				f.Outages[i].Peers = nil
			}
		},
		"recovery without moments": func(f *finding.Findings) {
			for i := range f.Outages {
				f.Outages[i].Recovery = &finding.Moments{}
			}
		},
		"only prefixes": func(f *finding.Findings) {
			for i := range f.Outages {
				f.Outages[i].Scope, f.Outages[i].Name = "prefix", "192.0.2.0/24"
			}
		},
		"empty paths": func(f *finding.Findings) { f.Outages[0].Paths = &finding.Paths{Before: []finding.Path{{}}} },
		"empty rows":  func(f *finding.Findings) { f.Strip = make([]finding.Row, 3) },
		"loops": func(f *finding.Findings) {
			f.Learned, f.Outages = []finding.Path{{Path: []uint32{1, 2, 1, 2, 1}, Peers: 2}}, nil
		},
		"causes of nothing": func(f *finding.Findings) {
			for i := range f.Cause {
				f.Cause[i].Outage = 1 << 20
			}
		},
		"bare causes": func(f *finding.Findings) {
			f.Cause = make([]finding.Cause, 3)
			f.Cause[0].Rival = true
		},
		"empty hypotheses": func(f *finding.Findings) {
			none := place.Hypothesis{Parts: [][]place.Break{{}}}
			for i := range f.Cause {
				c := &f.Cause[i]
				c.Rival = i == len(f.Cause)-1
				c.Class = []place.Hypothesis{{}, none, {Parts: [][]place.Break{{}, {}}}}
				c.Hypotheses = []finding.Hypothesis{{}, {Hypothesis: none, Excluded: true}, {Hypothesis: place.Hypothesis{Parts: [][]place.Break{{}, {}}}}}
				c.Settle = []cause.Settle{{}}
			}
		},
		"causes, no verdict":   func(f *finding.Findings) { f.Verdict = finding.Verdict{} },
		"verdict, no causes":   func(f *finding.Findings) { f.Cause = nil },
		"no how":               func(f *finding.Findings) { f.How = []finding.How{{Outage: -1}, {Outage: 1 << 20}, {}} },
		"a year-long question": func(f *finding.Findings) { f.Question.Until += 5000 * day },
	} {
		for _, l := range locale.All() {
			t.Run(name+"."+string(l), func(t *testing.T) {
				f := night()
				change(f)
				page, sum := render(t, f, l)
				if len(page) == 0 || len(sum) == 0 || strings.Contains(page, "NaN") || strings.Contains(page, "Inf%") {
					t.Error("the page is not whole")
				}
			})
		}
	}
}

// TestBlindTimeCountsOnce: entries of a peer and of its collector overlap.
func TestBlindTimeCountsOnce(t *testing.T) {
	f := stayed()
	q := f.Question
	a := f.Strip[0].Peer
	f.Watch.Blind = []finding.Blind{
		{Collector: "rrc04", Peer: &a, From: q.From, Until: q.From + 2*minute},
		{Collector: "rrc04", From: q.From + minute, Until: q.From + 3*minute},
		{Collector: "rrc99", From: q.From, Until: q.Until},
	}
	if got, want := blindTime(f), 3*minute+5*2*minute; got != want {
		t.Errorf("%d s, want %d s", got/moment.Second, want/moment.Second)
	}
}

// TestStayedSaysHowMuchWasUnknown: four of 28 routes whose sessions were reset
// and did not speak of the prefix again could be lost unseen.
func TestStayedSaysHowMuchWasUnknown(t *testing.T) {
	f := stayed()
	q := f.Question
	of := int64((q.Until - q.From) / moment.Second)
	f.Watched.Seconds, f.Watched.Of = of, of
	f.Timeline.Height = 28
	for _, tc := range []struct {
		name  string
		steps []finding.Step
		want  string
	}{
		{"four of 28", []finding.Step{{At: q.From}, {At: q.From + 2*minute, Unknown: 4}}, "what became of 14.3 % of these routes is unknown from 9 February 2022 at 10:37:00 UTC, for 8 minutes: a loss there would not be seen"},
		{"the worst", []finding.Step{{At: q.From, Unknown: 5}, {At: q.From + 2*minute}, {At: q.From + 3*minute, Unknown: 7}, {At: q.From + 5*minute}}, "what became of 25.0 % of these routes is unknown from 9 February 2022 at 10:38:00 UTC, for 2 minutes"},
		{"most for a second", []finding.Step{{At: q.From}, {At: q.From + 2*minute, Unknown: 27}, {At: q.From + 2*minute + moment.Second, Unknown: 7}},
			"unknown from 9 February 2022 at 10:37:00 UTC, for 8 minutes: of 25.0 % or more for at least half of that time, and of 96.4 % for 1 second from 9 February 2022 at 10:37:00 UTC. A loss"},
		{"few", []finding.Step{{At: q.From}, {At: q.From + 2*minute, Unknown: 2}}, ""},
		{"short", []finding.Step{{At: q.From}, {At: q.From + 2*minute, Unknown: 9}, {At: q.From + 2*minute + 59*moment.Second}}, ""},
		// All of them unknown is a time in which nobody watched; that is said elsewhere.
		{"all", []finding.Step{{At: q.From}, {At: q.From + 2*minute, Unknown: 28}}, ""},
	} {
		f.Timeline.Steps = tc.steps
		_, sum := render(t, f, English)
		got := strings.Join(strings.Fields(sum), " ")
		if tc.want == "" && strings.Contains(got, "would not be seen") || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %s", tc.name, got)
		}
	}
}
