package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"constat/judge/cause"
	"constat/judge/finding"
)

var verb = regexp.MustCompile(`\{([a-z]+)\}`)

// verbs are the distinct verbs of a message over all its variants.
func verbs(m string) []string {
	var out []string
	for _, v := range verb.FindAllStringSubmatch(m, -1) {
		out = append(out, v[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestLanguagesAreComplete(t *testing.T) {
	for k, en := range english {
		fr, ok := french[k]
		if !ok {
			t.Errorf("French lacks %q", k)
			continue
		}
		if !slices.Equal(verbs(en), verbs(fr)) {
			t.Errorf("%q: verbs %v in English, %v in French", k, verbs(en), verbs(fr))
		}
		if strings.Contains(en, "|") != strings.Contains(fr, "|") {
			t.Errorf("%q has a plural in one language only", k)
		}
		for _, m := range []string{en, fr} {
			if strings.Count(m, "|") > 1 || strings.Count(m, "{") != strings.Count(m, "}") {
				t.Errorf("%q is not well formed: %s", k, m)
			}
			for v := range strings.SplitSeq(m, "|") {
				if strings.Count(v, "**")%2+strings.Count(v, "`")%2 != 0 {
					t.Errorf("%q leaves a mark open: %s", k, v)
				}
			}
		}
	}
	for k := range french {
		if _, ok := english[k]; !ok {
			t.Errorf("English lacks %q", k)
		}
	}
}

// TestFrenchSpaces holds the typography: no ordinary space before double
// punctuation or inside guillemets.
func TestFrenchSpaces(t *testing.T) {
	bad := regexp.MustCompile(`[^\s\x{a0}\x{202f}"][;!?»]|[^\s\x{a0}]:| [;:!?»%]|« `)
	for k, m := range french {
		if bad.MatchString(m) {
			t.Errorf("%q: %s", k, m)
		}
		if strings.Contains(m, "'") {
			t.Errorf("%q has a straight apostrophe: %s", k, m)
		}
	}
}

// byValue are the keys that end in a value of the findings.
var byValue = []string{"why.", "demand.", "by.", "settle.session", "settle.trace", "settle.logs", "how.order.", "how.v.", "how.why.", "how.for.", "how.sign.", "verdict.standin.", "prop.standin.",
	"stand.", "role.", "record.", "does.", "log.kind.", "log.answer.", "codes.part.", "beside.", "acts.", "stood."}

// TestKeysAreUsed reads the package's own source: every key it words exists,
// every key that exists is worded.
func TestKeysAreUsed(t *testing.T) {
	used := map[string]bool{}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		switch {
		case strings.HasSuffix(f.Name(), "_test.go"), strings.HasPrefix(f.Name(), "messages_"):
		case strings.HasSuffix(f.Name(), ".go"):
			fs := token.NewFileSet()
			tree, err := parser.ParseFile(fs, f.Name(), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if s, err := strconv.Unquote(l.Value); err == nil {
						used[s] = true
					}
				}
				return true
			})
		case strings.HasSuffix(f.Name(), ".tmpl"):
			b, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`\.[TH] "([^"]+)"`).FindAllStringSubmatch(string(b), -1) {
				used[m[1]] = true
				if _, ok := english[m[1]]; !ok {
					t.Errorf("%s words %q, which is no message", f.Name(), m[1])
				}
			}
		}
	}
	for k := range english {
		base := k
		for _, s := range []string{".day", ".of", ".open", ".label", ".level", ".several", ".longest", ".heard"} {
			base = strings.TrimSuffix(base, s)
		}
		base = strings.TrimSuffix(base, ".longest")
		if slices.ContainsFunc(byValue, func(s string) bool { return strings.HasPrefix(k, s) }) {
			continue
		}
		if !used[k] && !used[base] && !strings.HasPrefix(k, "h.") && !strings.HasPrefix(k, "reason.") && !strings.HasPrefix(k, "note.") {
			t.Errorf("nothing words %q", k)
		}
	}
	for _, r := range []string{finding.MissingFile, finding.FileNotGiven, finding.FileNotCached, finding.FileNotArchived, finding.GapInFile, finding.TruncatedFile, finding.UnreadableRecords, finding.SessionDown, finding.TableTransfer, finding.Stale} {
		if _, ok := english["reason."+r]; !ok {
			t.Errorf("blindness by %q has no words", r)
		}
	}
}

// TestCausesAreWorded: every value that cause can give has words.
func TestCausesAreWorded(t *testing.T) {
	for _, k := range []string{cause.FewFacts, cause.FewPlaces, cause.OneCollector, cause.InferredOnly, cause.NotScreened, cause.NoBaseline, cause.Fragile, cause.FewVantages, cause.NoSingleAct, cause.NothingGrows, cause.Scattered, cause.CountriesUnknown, cause.OneCountry, cause.RuleUnknown, cause.OneRule, cause.ResetOfPeers, cause.OtherRoutes, cause.OtherPrefixes} {
		if _, ok := english["why."+k]; !ok {
			t.Errorf("the reason %q has no words", k)
		}
	}
	for _, k := range []string{finding.BesideReplaced, finding.BesideBegan} {
		if _, ok := english["beside."+k]; !ok {
			t.Errorf("%q beside a cut has no words", k)
		}
	}
}

// TestNothingUnworded finds keys and verbs that reached a reader.
func TestNothingUnworded(t *testing.T) {
	left := regexp.MustCompile(`\[[a-z]+(\.[a-z0-9]+)+\]|\{[a-z]+\}|<nil>|%!`)
	for _, c := range cases {
		for _, l := range []Lang{English, French} {
			page, sum := render(t, c.make(), l)
			css := strings.Index(page, "</style>")
			if m := left.FindString(page[css:]); m != "" {
				t.Errorf("%s %s: the page says %q", c.name, l, m)
			}
			if m := left.FindString(sum); m != "" {
				t.Errorf("%s %s: the summary says %q", c.name, l, m)
			}
		}
	}
}

func TestParseLang(t *testing.T) {
	for s, want := range map[string]Lang{"en": English, "fr": French, "fr_FR.UTF-8": French, "en-GB": English, "de": "", "": "", "french": "", "f": ""} {
		if got, err := ParseLang(s); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseLang(%q) = %q, %v", s, got, err)
		}
	}
}

func TestWords(t *testing.T) {
	q := &finding.Findings{Question: finding.Question{From: ts("2014-12-21T00:00:00Z"), Until: ts("2014-12-24T00:00:00Z")}}
	en, err := newPrinter(English, q)
	if err != nil {
		t.Fatal(err)
	}
	fr, err := newPrinter(French, q)
	if err != nil {
		t.Fatal(err)
	}
	sp := strings.NewReplacer(nbsp, "~", nnbsp, "_")
	for _, x := range []struct{ got, want string }{
		{en.n(1234567), "1,234,567"},
		{fr.n(1234567), "1_234_567"},
		{en.percent(0.0171), "1.7~%"},
		{fr.percent(0.0171), "1,7_%"},
		{en.percent(0), "0~%"},
		{en.percent(1), "100~%"},
		{en.percent(0.00001), "<~0.1~%"},
		{fr.percent(0.99999), ">~99,9_%"},
		{en.brief(34267), "9~h~31~min"},
		{en.exact(34267), "9~h 31~min 07~s"},
		{en.exact(34260), "9~h 31~min"},
		{en.exact(3600), "1~h"},
		{en.exact(0), "0~s"},
		{en.exact(90061), "1~d 1~h 01~min 01~s"},
		{fr.exact(90000), "1~j 1~h"},
		{en.words(34267), "9~hours 31~minutes"},
		{fr.words(3661), "1~heure 1~minute"},
		{en.words(3605), "1~hour"},
		{en.words(28), "28~seconds"},
		{en.at(ts("2014-12-22T16:15:07Z")), "22~December 2014 at 16:15:07 UTC"},
		{fr.at(ts("2014-12-22T16:15:07Z")), "22~décembre 2014 à 16~h~15~min~07~s UTC"},
		{fr.bound(ts("2015-03-01T00:00:00Z")), "1er~mars 2015 à 0~h UTC"},
		{fr.bound(ts("2015-03-01T09:05:00Z")), "1er~mars 2015 à 9~h~05 UTC"},
		{en.days(ts("2014-12-22T16:15:07Z"), ts("2014-12-23T01:46:14Z")), "22–23~December 2014"},
		{en.days(ts("2014-11-30T16:15:07Z"), ts("2014-12-02T01:46:14Z")), "30~November~– 2~December 2014"},
		{en.stamp(ts("2014-12-22T16:15:07Z")), "22~Dec 16:15:07"},
		{clock(ts("2014-12-22T16:15:07.25Z")), "16:15:07.25"},
		{en.country("KP"), "North Korea"},
		{fr.country("KP"), "Corée du Nord"},
		{clip("a\u202eb\x1b[31mc", 40), "a b [31mc"},
	} {
		if got := sp.Replace(x.got); got != x.want {
			t.Errorf("got %q, want %q", got, x.want)
		}
	}
}
