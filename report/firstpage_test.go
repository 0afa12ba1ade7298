package report

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"constat/judge/finding"
	"constat/report/document"
)

// TestFirstPage: the first section has the answer and the key figures before
// figure 1, figure 1 before everything else, and every paragraph once, in order.
func TestFirstPage(t *testing.T) {
	each(t, func(t *testing.T, f *finding.Findings, _ string, root *html.Node) {
		top := find(root, "section", "", "")[0]
		var order []string
		for d := range top.Descendants() {
			if d.Type != html.ElementNode {
				continue
			}
			switch {
			case strings.Contains(attr(d, "class"), "pn"):
				order = append(order, text(d))
			case d.Data == "dl":
				order = append(order, "keys")
			case d.Data == "figure":
				order = append(order, attr(d, "id"))
			case attr(d, "id") == "quote":
				order = append(order, "quote")
			}
		}
		if len(order) < 2 || order[0] != "1.1" {
			t.Fatalf("the section begins with %v", order)
		}
		at := func(s string) int {
			for i, x := range order {
				if strings.HasPrefix(x, s) {
					return i
				}
			}
			return -1
		}
		if f.Timeline.Height > 0 && !(0 < at("keys") && at("keys") < at("fig-") && at("fig-") < at("quote")) {
			t.Errorf("the order is %v", order)
		}
		n := 0
		for _, x := range order {
			if strings.HasPrefix(x, "1.") {
				if n++; x != fmt.Sprintf("1.%d", n) {
					t.Errorf("paragraph %s is the %dth", x, n)
				}
			}
		}
	})
}

// TestGlance: what stands beside the key figures has an end, and the first
// paragraph always stands there.
func TestGlance(t *testing.T) {
	of := func(small bool, sizes ...int) (all []document.Lead) {
		for _, n := range sizes {
			all = append(all, document.Lead{Text: document.Text{{Text: strings.Repeat("x", n), Strong: true}}, Small: small})
		}
		return all
	}
	for _, x := range []struct {
		all  []document.Lead
		want int
	}{{of(false, 2*glanceWords), 1}, {of(false, 2*glanceWords, 10), 1}, {of(false, glanceWords-10, 10), 2}, {of(false, glanceWords-10, 11), 1}, {append(of(false, 10), of(true, 10)...), 2}, {append(of(false, 10), of(true, glanceSmall)...), 1}} {
		if first := glance(x.all); first != x.want {
			t.Errorf("%d of %d, want %d", first, len(x.all), x.want)
		}
	}
}

// TestQuote: what is quoted is the first paragraph, with case and hash; a
// reconstruction is never quoted without saying so, and without a hash nothing is.
func TestQuote(t *testing.T) {
	f := night()
	p, err := newPrinter(English, f)
	if err != nil {
		t.Fatal(err)
	}
	c, o := gather(f), options(English)
	q := newQuote(p, c, o)
	top, _ := lead(p, c)
	if q == nil || !strings.HasPrefix(q.Words, "A reconstruction, not an archive.") || !strings.HasSuffix(q.Words, p.text(top[0])) {
		t.Fatalf("quoted is %+v", q)
	}
	for _, s := range []string{"case KP-2014-12-22", "North Korea, 22–23 December 2014", o.Findings, f.Verdict.Standard.SHA256} {
		if !strings.Contains(strings.ReplaceAll(q.Source, nbsp, " "), s) {
			t.Errorf("the source lacks %q: %s", s, q.Source)
		}
	}
	series := chile()
	if p, err = newPrinter(English, series); err != nil {
		t.Fatal(err)
	}
	if q := newQuote(p, gather(series), o); !strings.Contains(q.Words, "6 times") || !strings.Contains(q.Words, "this is indicated") {
		t.Errorf("of a series: %s", q.Words)
	}
	calm := stayed()
	if p, err = newPrinter(English, calm); err != nil {
		t.Fatal(err)
	}
	if q := newQuote(p, gather(calm), o); !strings.Contains(q.Words, "says nothing about traffic") {
		t.Errorf("of routes that stayed: %s", q.Words)
	}
	if o.Findings = ""; newQuote(p, c, o) != nil {
		t.Error("a quotation of findings whose hash is not known")
	}
	o = caseOptions(t, f, English)
	if q := newQuote(p, c, o); q == nil || !strings.Contains(strings.ReplaceAll(q.Source, nbsp, " "), "Concluded on 24 December 2014, log root "+o.Case.Log.Root) {
		t.Errorf("of a case with a log: %+v", q)
	}
}

// TestLongTablesStayFolded: a folded table of many rows is not printed, one of few
// is.
func TestLongTablesStayFolded(t *testing.T) {
	each(t, func(t *testing.T, _ *finding.Findings, _ string, root *html.Node) {
		for _, d := range find(root, "details", "", "") {
			rows := 0
			for _, b := range find(d, "tbody", "", "") {
				rows += len(find(b, "tr", "", ""))
			}
			long := attr(d, "class") == "lg"
			if rows > shownRows && !long && attr(d, "class") != "mgs" {
				t.Errorf("%d rows, long %v: %.60s", rows, long, text(d))
			}
		}
	})
}

// TestNoSwitchWithoutChoice: a page in one language names none.
func TestNoSwitchWithoutChoice(t *testing.T) {
	for _, others := range [][]Other{nil, {{French, "report.fr.html"}}} {
		o := options(English)
		o.Others = others
		var b strings.Builder
		if err := HTML(&b, night(), o); err != nil {
			t.Fatal(err)
		}
		meta := text(find(parse(t, b.String()), "p", "", "meta")[0])
		if got, want := strings.Contains(meta, "English"), len(others) > 0; got != want {
			t.Errorf("with %d other languages the page says %q", len(others), meta)
		}
	}
}

// TestLastReturn: where peers were seen to have the routes again, it is not said
// that nobody or too few were watching; and of a single prefix nothing is "not total".
func TestLastReturn(t *testing.T) {
	p, err := newPrinter(English, chile())
	if err != nil {
		t.Fatal(err)
	}
	o := *gather(chile()).whole[0]
	for censor, want := range map[string]string{"blind": "last return not seen: not all of them were watching", "end-of-data": "last return not seen: the data end"} {
		o.Censored = &censor
		if got := p.outageRow(&o, false).Censored; got != want {
			t.Errorf("%s: %q", censor, got)
		}
		o.Recovery, o.DurationS = nil, nil
		if got := p.outageRow(&o, false).Censored; got != p.censored(&o) {
			t.Errorf("%s, without a return: %q", censor, got)
		}
		o = *gather(chile()).whole[0]
	}
	o.Total, o.Lost.Of, o.Lost.Prefixes = nil, 1, 1
	if got := p.outageRow(&o, false).Total; got != "–" {
		t.Errorf("of one prefix: %q", got)
	}
}

// TestMoreLostThanCarried: a part that is larger than its whole stands alone.
func TestMoreLostThanCarried(t *testing.T) {
	f := fewLost()
	for i := range f.Outages {
		f.Outages[i].Witnesses.Lost = f.Outages[i].Witnesses.Carried + 8
	}
	page, sum := render(t, f, English)
	for _, s := range []string{sum, text(parse(t, page))} {
		if strings.Contains(s, "13 of the 5") || strings.Contains(s, "13 of 5") || !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(s, nbsp, " ")), " "), "13 peers that carried both prefixes") {
			t.Errorf("it says:\n%.600s", s)
		}
	}
}
