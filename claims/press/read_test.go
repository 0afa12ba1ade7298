package press

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"constat/claims/statement"
	"constat/internal/realdata"
	"constat/moment"
)

func at(t testing.TB, s string) moment.Time {
	t.Helper()
	v, err := moment.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func span(t testing.TB, s string) moment.Interval {
	t.Helper()
	from, until, _ := strings.Cut(s, "/")
	return moment.Interval{From: at(t, from), Until: at(t, until)}
}

func paris(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// read reads a text published on Wednesday, 24 December 2014, in Paris.
func read(t testing.TB, text string) *Reading {
	t.Helper()
	r, err := Read([]byte(text), Options{Published: time.Date(2014, 12, 24, 0, 0, 0, 0, paris(t)), Name: "test"})
	if err != nil {
		t.Fatalf("%v\n%q", err, text)
	}
	return r
}

// TestShapes has one sentence for each shape of attribution that is promised.
func TestShapes(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // kind form speaker: words
	}{
		{"“The line is up,” said Ada Quine.", []string{"assertion direct Ada Quine: The line is up"}},
		{"\"The line is up,\" Ada Quine told the Daily Bugle, \"and it stays up.\"", []string{"assertion direct Ada Quine: The line is up […] and it stays up."}},
		{"Ada Quine said that the line was up.", []string{"assertion indirect Ada Quine: the line was up"}},
		{"The line is up, according to Ada Quine.", []string{"assertion indirect Ada Quine: The line is up"}},
		{"The ministry denied that it had cut the line and called for an inquiry.", []string{"denial indirect The ministry: it had cut the line", "request indirect The ministry: an inquiry"}},
		{"An unnamed official was quoted as saying that the line was cut.", []string{"assertion indirect An unnamed official: the line was cut"}},
		{"“The line was cut,” the agency quoted him as saying.", []string{"assertion direct him: The line was cut"}},
		{"The line was reportedly cut by a ship.", []string{"assertion indirect unknown: The line was reportedly cut by a ship"}},
		{"The minister did not say who had cut the line.", nil},
		{"The operator accused the ministry of cutting the line.", []string{"assertion indirect The operator: the ministry of cutting the line"}},
		{"“I saw him and he said ‘pull the plug’,” Ada Quine recalled.", []string{"assertion direct Ada Quine: I saw him and he said ‘pull the plug’"}},
		{"Le ministre a déclaré que la ligne était rétablie.", []string{"assertion indirect Le ministre: la ligne était rétablie"}},
		{"« La ligne, a-t-il ajouté, est rétablie. »", []string{"assertion direct il: La ligne […] est rétablie."}},
		{"« La ligne est rétablie », a assuré Jeanne Roy, « et elle le restera ».", []string{"assertion direct Jeanne Roy: La ligne est rétablie […] et elle le restera"}},
		{"Selon Jeanne Roy, la ligne est rétablie.", []string{"assertion indirect Jeanne Roy: la ligne est rétablie"}},
		{"Le ministère dément avoir coupé la ligne.", []string{"denial indirect Le ministère: avoir coupé la ligne"}},
		{"La ligne aurait été coupée par un navire.", []string{"assertion indirect unknown: La ligne aurait été coupée par un navire"}},
		{"Si le navire avait mouillé là, la ligne aurait été coupée.", nil},
		{"Le maire n'a pas dit qui avait coupé la ligne.", nil},
		{"Jeanne Roy doute que la ligne soit rétablie.", []string{"doubt indirect Jeanne Roy: la ligne soit rétablie"}},
		{"Le porte-parole a annoncé la réouverture de la ligne.", []string{"announcement indirect Le porte-parole: la réouverture de la ligne"}},
		{"Le Courrier du Nord a cité une source anonyme, hier, affirmant que la ligne avait été coupée.", []string{"assertion indirect une source anonyme: la ligne avait été coupée"}},
		// An unclosed quotation ends with its paragraph, and harms no other.
		{"“The line is up, said Ada Quine.\n\nThe mayor said that it was down.", []string{"assertion indirect The mayor: it was down"}},
	} {
		var got []string
		for _, s := range read(t, c.text).Proposals {
			got = append(got, fmt.Sprintf("%s %s %s: %s", s.Kind, s.Form, s.Speaker.As, s.Words))
		}
		if !cmp.Equal(got, c.want) {
			t.Errorf("%s\n%s", c.text, cmp.Diff(c.want, got))
		}
	}
}

// TestWhen holds that times are resolved against the day and zone of
// publication, with a day's slack, and that a place shifts the zone.
func TestWhen(t *testing.T) {
	for _, c := range []struct{ text, said, about string }{
		{"Ada Quine said yesterday that the line was up.", "2014-12-21T23:00/2014-12-24T23:00", ""},
		{"Ada Quine said on Monday that the line was up.", "2014-12-20T23:00/2014-12-23T23:00", ""},
		{"Ada Quine said on Wednesday that the line was up.", "2014-12-22T23:00/2014-12-24T23:00", ""}, // not after publication
		{"Ada Quine said last Wednesday that the line was up.", "2014-12-15T23:00/2014-12-18T23:00", ""},
		{"Beijing said on Monday that the line was up.", "2014-12-20T16:00/2014-12-23T16:00", ""},
		{"Washington said on Monday that the line was up.", "2014-12-21T05:00/2014-12-24T05:00", ""},
		{"Ada Quine said the line went down on Monday night.", "", "2014-12-20T23:00/2014-12-23T23:00"},
		{"Ada Quine said the line would be back on Friday.", "", "2014-12-24T23:00/2014-12-27T23:00"},
		{"Ada Quine said the line went down on 18 December.", "", "2014-12-16T23:00/2014-12-19T23:00"},
		{"Ada Quine said the line went down on Jan. 3, 2013.", "", "2013-01-01T23:00/2013-01-04T23:00"},
		{"Jeanne Roy a déclaré jeudi dernier que la ligne était coupée.", "2014-12-16T23:00/2014-12-19T23:00", ""},
		{"Jeanne Roy a déclaré ce lundi que la ligne était coupée.", "2014-12-20T23:00/2014-12-23T23:00", ""},
		{"Jeanne Roy a déclaré que la ligne était coupée depuis dimanche.", "", "2014-12-19T23:00/2014-12-25T23:00"},
		{"Jeanne Roy a déclaré avant-hier que la ligne était coupée.", "2014-12-20T23:00/2014-12-23T23:00", ""},
		{"Jeanne Roy a déclaré que la ligne avait été coupée il y a trois jours.", "", "2014-12-19T23:00/2014-12-22T23:00"},
		{"Jeanne Roy a déclaré que la ligne était coupée.", "", ""},
	} {
		r := read(t, c.text)
		if len(r.Proposals) != 1 {
			t.Errorf("%s: %d proposals", c.text, len(r.Proposals))
			continue
		}
		check := func(what string, got *moment.Interval, want string) {
			if want == "" {
				if got != nil {
					t.Errorf("%s: %s %v; want none", c.text, what, got)
				}
				return
			}
			if w := span(t, want); got == nil || *got != w {
				t.Errorf("%s: %s %v; want %v", c.text, what, got, w)
			}
		}
		check("said", r.Proposals[0].Said, c.said)
		check("about", r.Proposals[0].About, c.about)
	}
}

func TestAnaphora(t *testing.T) {
	r := read(t, `Marta Lund, a professor of law, told reporters that nobody knew. She added that an inquiry was needed.

The ministry's spokesman, Karl Ode, said that the line was up. He said it would stay up. "That is all," the spokesman said.

Lund said: "We shall see."`)
	var got []string
	for _, s := range r.Proposals {
		got = append(got, s.Speaker.Name)
	}
	if want := []string{"Marta Lund", "Marta Lund", "Karl Ode", "Karl Ode", "Karl Ode", "Marta Lund"}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	if r.Proposals[1].Read.Speaker[1].From >= r.Proposals[1].Read.Speaker[0].From {
		t.Error("the pronoun's antecedent does not follow it:", r.Proposals[1].Read.Speaker)
	}
}

// TestEncodings holds that one article gives the same statements in every
// encoding, each with offsets of the bytes it was given.
func TestEncodings(t *testing.T) {
	text := "Le ministère a déclaré\u00a0: «\u00a0La ligne est coupée\u00a0» – d’après l’élu.\r\n\r\nPublicité\r\n\r\nJeanne Roÿ dément l'avoir coupée.\r\n"
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	base := read(t, text)
	if len(base.Proposals) != 2 || len(base.Dropped) != 1 {
		t.Fatalf("%d proposals, %d dropped", len(base.Proposals), len(base.Dropped))
	}
	for _, c := range []struct {
		enc    string
		data   string
		decode func([]byte) string
	}{
		{"UTF-8", text, func(b []byte) string { return string(b) }},
		{"UTF-8", "\ufeff" + text, func(b []byte) string { return string(b) }},
		{"windows-1252", latin, func(b []byte) string { s, _ := charmap.Windows1252.NewDecoder().Bytes(b); return string(s) }},
		{"UTF-16LE", string(wide), func(b []byte) string {
			var u []uint16
			for i := 0; i+1 < len(b); i += 2 {
				u = append(u, uint16(b[i])|uint16(b[i+1])<<8)
			}
			return string(utf16.Decode(u))
		}},
	} {
		r := read(t, c.data)
		if r.Encoding != c.enc {
			t.Errorf("%s taken for %s", c.enc, r.Encoding)
		}
		if len(r.Proposals) != len(base.Proposals) {
			t.Errorf("%s: %d proposals", c.enc, len(r.Proposals))
			continue
		}
		for i, p := range r.Proposals {
			if p.Words != base.Proposals[i].Words {
				t.Errorf("%s: %q; want %q", c.enc, p.Words, base.Proposals[i].Words)
			}
			var got []string
			for _, w := range p.Read.Words {
				got = append(got, clean(c.decode([]byte(c.data)[w.From:w.To])))
			}
			if s := strings.Join(got, " […] "); s != p.Words {
				t.Errorf("%s: offsets give %q; words are %q", c.enc, s, p.Words)
			}
		}
	}
	// One damaged letter in UTF-8 text does not make it something else.
	if r := read(t, "Le ministère a déclaré que la ligne est coup\xe9e depuis l’été.\n"); r.Encoding != "UTF-8" || len(r.Proposals) != 1 {
		t.Errorf("damaged UTF-8: %s, %d proposals", r.Encoding, len(r.Proposals))
	}
}

func TestReadRefuses(t *testing.T) {
	day := time.Date(2014, 12, 24, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		in   []byte
		o    Options
		want error
	}{
		{nil, Options{Published: day}, ErrEmpty},
		{[]byte("\ufeff \r\n\x00"), Options{Published: day}, ErrEmpty},
		{[]byte("x"), Options{}, ErrNoDay},
		{[]byte("x"), Options{Published: day, Lang: "de"}, ErrLanguage},
		{make([]byte, MaxText+1), Options{Published: day}, ErrTooLong},
		{bytes.Repeat([]byte(`“The bridge said `), 30_000), Options{Published: day}, ErrNoArticle},
	} {
		if _, err := Read(c.in, c.o); err != c.want {
			t.Errorf("%.20q: %v; want %v", c.in, err, c.want)
		}
	}
}

func TestAccept(t *testing.T) {
	r := read(t, "Ada Quine said that the line to Beijing was cut on Monday.\n\n“The line to Beijing was cut on Monday,” the mayor repeated.\n")
	if len(r.Proposals) != 2 || r.Proposals[1].Repeats != r.Proposals[0].ID {
		t.Fatalf("%+v", r.Proposals)
	}
	ids := []string{r.Proposals[1].ID}
	now := at(t, "2015-01-01")
	if _, err := statement.Accept(r.Proposals, ids, " ", now, nil); err == nil {
		t.Error("accepted by nobody")
	}
	if _, err := statement.Accept(r.Proposals, []string{"x"}, "A. Person", now, nil); err == nil {
		t.Error("accepted what was not proposed")
	}
	ss, err := statement.Accept(r.Proposals, ids, "A. Person", now, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := ss[0]; s.Repeats != "" || !strings.Contains(s.Note, "Ada Quine") || s.Learned != now || s.Accepted.By != "A. Person" {
		t.Errorf("%+v", s)
	}
	reg := &statement.Register{Format: statement.Format}
	if err := reg.Add(ss...); err != nil {
		t.Fatal(err)
	}
	if err := reg.Add(ss...); err == nil || len(reg.Statements) != 1 {
		t.Error("the same statement entered twice")
	}
	if r.Proposals[1].Accepted != nil {
		t.Error("accepting changed the proposal")
	}
}

// TestGivenArticle reads the given French article, which was not written for
// the reader, and holds what a person found in it by eye: who speaks how
// often, what kinds, which times. Its words stay where they are.
func TestGivenArticle(t *testing.T) {
	data, err := os.ReadFile(realdata.Path(t, "press/2014-12-24-sony.fr.txt"))
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, string(data))
	if r.Lang != "fr" || len(r.Dropped) != 3 {
		t.Errorf("%s, %d lines dropped; want fr, 3", r.Lang, len(r.Dropped))
	}
	type row struct {
		kind statement.Kind
		form statement.Form
		role statement.Role
	}
	var got []row
	for _, s := range r.Proposals {
		got = append(got, row{s.Kind, s.Form, s.Speaker.Role})
		if strings.Contains(s.Words, "Publicité") || strings.Contains(s.Words, "#Piratage") {
			t.Errorf("%s holds what is no text of the article: %s", s.ID, s.Words)
		}
	}
	want := []row{
		{statement.Denial, statement.Indirect, statement.Official},             // a country: no proof
		{statement.Denial, statement.Indirect, statement.Official},             // … and rejects a speculation
		{statement.Request, statement.Indirect, statement.Official},            // its spokesman: others should talk
		{statement.Denial, statement.Indirect, statement.Official},             // no proof, again
		{statement.Assertion, statement.Direct, statement.Official},            // what is needed before concluding
		{statement.Assertion, statement.Indirect, statement.AnonymousOfficial}, // an official …
		{statement.Request, statement.Indirect, statement.Official},            // … tells of a request
		{statement.Denial, statement.Indirect, statement.Official},             // a government's denial, told as such
		{statement.Denial, statement.Indirect, statement.Official},             // another's rejection
		{statement.Denial, statement.Direct, statement.Official},               // the spokesman: without foundation
		{statement.Assertion, statement.Direct, statement.Official},            // … a quotation that stands alone
		{statement.Assertion, statement.Mixed, statement.Official},             // a country affirms …
		{statement.Assertion, statement.Mixed, statement.Official},             // … that its minister upheld a position
		{statement.Assertion, statement.Direct, statement.Official},            // the country, glued to the sentence before
		{statement.Assertion, statement.Indirect, statement.Source},            // an anonymous source, through a magazine
		{statement.Doubt, statement.Indirect, statement.Expert},                // a professor doubts
		{statement.Assertion, statement.Indirect, statement.Expert},            // … and argues
	}
	if !cmp.Equal(got, want, cmp.AllowUnexported(row{})) {
		t.Error(cmp.Diff(want, got, cmp.AllowUnexported(row{})))
		return
	}
	p := r.Proposals
	if p[3].Repeats != p[0].ID {
		t.Errorf("the second time there is no proof repeats %q; want %q", p[3].Repeats, p[0].ID)
	}
	if p[6].Through != p[5].ID || p[12].Through != p[11].ID {
		t.Error("what is told within is not marked as such")
	}
	for _, i := range []int{3, 4, 9, 10} {
		if !strings.HasPrefix(p[i].Speaker.For, "minist") {
			t.Errorf("%d: the spokesman speaks for %q", i+1, p[i].Speaker.For)
		}
	}
	if len(p[14].Outlets) != 1 || p[14].Record != statement.OffRecord {
		t.Errorf("the anonymous source's outlets: %q, record %s", p[14].Outlets, p[14].Record)
	}
	// "jeudi dernier" holds 18 December, "dimanche dernier" 21 December,
	// "aujourd'hui" the two days that it may mean; "hier" the day before.
	for _, c := range []struct {
		i   int
		day string
	}{{6, "2014-12-18"}, {12, "2014-12-21"}, {0, "2014-12-23"}, {14, "2014-12-23"}} {
		d := span(t, c.day+"T12:00/"+c.day+"T13:00")
		if s := p[c.i].Said; s == nil || s.From > d.From || s.Until < d.Until {
			t.Errorf("%d: said %v; want it to hold noon of %s", c.i+1, s, c.day)
		}
	}
}

// TestHardInput holds that nothing in a text makes the reader fail.
func TestHardInput(t *testing.T) {
	for _, s := range []string{
		"\"", "«", "“”", "a-t-il", ", said", "said", "selon", "d'après", "according to", "“a” said “b” said “c”", "Q:\nA:\nQ:\nA:", "X: \n", "dit-il dit-il dit-il", "«»«»«»",
		"a déclaré", "que que que", "by by by said that", "«\x00»", "\xff\xfe", "\xfe\xff\x00", "citing", "quoted as saying", "\"\"\"\"\"", "’’’’", "'a' 'b' 'c", "(((((", ", , , , said , , ,",
		strings.Repeat("“", 500), strings.Repeat("« a ", 500), strings.Repeat("said ", 500), strings.Repeat("a déclaré que ", 300), strings.Repeat(", who said", 300), strings.Repeat("Selon X, ", 300),
		"“Quote one is here now.” The dog barked. “Quote two is here now.”", strings.Repeat("Mr. ", 300), strings.Repeat("A: b?\n", 300), "\u202e said Ada Quine, “x y z”.",
	} {
		for _, lang := range []string{"auto", "en", "fr"} {
			r, err := Read([]byte(s), Options{Published: time.Date(2014, 12, 24, 0, 0, 0, 0, time.UTC), Name: "x", Lang: lang})
			var foreign *ForeignError
			if err != nil && err != ErrEmpty && err != ErrTongue && !errors.As(err, &foreign) {
				t.Errorf("%.30q: %v", s, err)
			}
			checkReading(t, []byte(s), r)
		}
	}
}

// checkReading holds what is promised of every proposal.
func checkReading(t testing.TB, data []byte, r *Reading) {
	t.Helper()
	if r == nil {
		return
	}
	seen := map[string]bool{}
	for _, s := range r.Proposals {
		if err := s.Validate(); err != nil {
			t.Fatalf("invalid proposal: %v", err)
		}
		if seen[s.ID] {
			t.Fatalf("id %s twice", s.ID)
		}
		if s.Repeats != "" && !seen[s.Repeats] || s.Through != "" && !seen[s.Through] {
			t.Fatalf("%s points at what is not there before it: %q, %q", s.ID, s.Repeats, s.Through)
		}
		seen[s.ID] = true
		if s.Accepted != nil {
			t.Fatal("a proposal comes accepted")
		}
		for _, spans := range [][]statement.Span{s.Read.Words, s.Read.Speaker, s.Read.Cue} {
			for _, x := range spans {
				if x.To > int64(len(data)) {
					t.Fatalf("%s: span %v beyond the %d bytes given", s.ID, x, len(data))
				}
			}
		}
	}
	leadsBack(t, data, r.Proposals)
	if back, err := statement.ParseText(statement.Text(r.Proposals)); err != nil || len(back) != len(r.Proposals) {
		t.Fatalf("the editor's form cannot be read: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"en-05-translated", "fr-18-citation", "en-06-interview", "fr-15-rumeurs", "en-18-longquote"} {
		b, err := os.ReadFile("testdata/gold/" + name + ".txt")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("« La ligne, a-t-il dit, est coup\xe9e »\x00 selon \"X\"."))
	f.Add([]byte("\xff\xfes\x00a\x00i\x00d\x00"))
	f.Add([]byte(newsPage))
	f.Add([]byte("<html><p>a<li>b<q>“c”</q> said</nav> <pre>x\ny</pre>&amp;&#8220;d&#x201d; said X.<br>"))
	f.Add([]byte("The Ga-\nzette  1\n\fThe Gazette 2\nsaid that the re-\npair, e\u0301te\u0301, was \u00adso\u00adft\n\f"))
	f.Add([]byte("Ada (@a) 14 May: RT @b: x y z\n\n14:30 X said y.\n\nX made two points:\n• a b c\n• d e f\n\n— Name (@n) May 1"))
	f.Add([]byte("PRESS RELEASE: Navalis\n\nWe deny it. Our staff are safe.\n\nQ: a?\nA: b c d\nQ: e?\nA: I f g\nAbout Navalis"))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{Published: time.Date(2014, 12, 24, 0, 0, 0, 0, time.UTC), Name: "x"}
		r, err := Read(data, o)
		var foreign *ForeignError
		if errors.Is(err, ErrTongue) || errors.As(err, &foreign) {
			o.Lang = "en"
			r, err = Read(data, o)
		}
		if err != nil {
			return
		}
		checkReading(t, data, r)
		again, err := Read(bytes.Clone(data), o)
		if err != nil || !cmp.Equal(r, again) {
			t.Fatal("another reading of the same bytes differs")
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for _, lang := range []string{"en", "fr"} {
		var text []byte
		for _, name := range []string{"01-agency", "02-broadsheet", "05-translated", "07-agency", "11-analysis", "01-agence", "02-quotidien", "04-traduit", "07-agence", "08-analyse"} {
			if x, err := os.ReadFile("testdata/gold/" + lang + "-" + name + ".txt"); err == nil {
				text = append(append(text, x...), '\n')
			}
		}
		text = bytes.Repeat(text, 1<<20/len(text)+1)[:1<<20]
		b.Run(lang, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(text, Options{Published: time.Date(2014, 12, 24, 0, 0, 0, 0, time.UTC), Name: "x"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
