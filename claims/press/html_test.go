package press

import (
	"slices"
	"strings"
	"testing"
	"time"

	"constat/claims/statement"
)

// A page in the manner of news sites, written for this test: everything that
// stands around an article.
const newsPage = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Bridge closed &#8211; The Gazette</title>
<meta property="og:title" content="Bridge closed &amp; guarded">
<meta property="article:published_time" content="2031-05-13T23:30:00-04:00">
<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2031-05-14T05:30:00Z","articleBody":"The script said that it was the article."}</script>
<style>p { content: "The style said so." }</style></head>
<body class="has-sidebar single">
<div id="cookie-banner"><p>We said that we use cookies. The minister said that you must accept.</p></div>
<header class="site"><nav><ul><li><a href="/">Home</a></li><li><a href="/p">The minister said politics</a></li></ul></nav></header>
<main><article class="post">
<header><h1>Bridge closed</h1><p class="standfirst">The port said on Tuesday that the bridge was unsafe.</p></header>
<figure><img src="x.jpg" alt="The bridge said"><figcaption>The photographer said that the light was good.</figcaption></figure>
<div class="article-body"><p>&ldquo;The bridge is <em>clo&shy;sed</em>,&rdquo; the mayor,
   Paul&nbsp;Serre, said.</p>
<aside class="related-box"><h3>Read also</h3><p>The rival said that the bridge was open.</p></aside>
<p>Lena Ward denied that she had closed it.<br>The guards said that they were <a href="/g">asleep</a>.</p>
<div class="newsletter"><p>The editor said that you should subscribe.</p></div>
<ul class="read-more"><li><a href="/1">The minister said that the port was lost</a></li></ul>
<script>document.write("<p>The script said that nobody read it.</p>")</script>
<noscript><p>The minister said that scripts are needed.</p></noscript>
<p>According to the police, the road is open.</p></div>
<footer><p>The owner said that all rights are reserved.</p></footer>
</article></main>
<div class="sidebar"><p>The columnist said that spring had come.</p></div>
<footer><p>The publisher said that this is the end.</p></footer>
</body></html>`

// TestPage holds that of a page its article is read, each place leads back to
// the page's bytes, and the page's own title and day are used.
func TestPage(t *testing.T) {
	r, err := Read([]byte(newsPage), Options{Name: "page.html"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range r.Proposals {
		got = append(got, p.Speaker.As+": "+p.Words)
	}
	want := []string{"The port: the bridge was unsafe", "the mayor, Paul Serre: The bridge is closed", "Lena Ward: she had closed it", "The guards: they were asleep", "the police: the road is open"}
	for i, w := range want {
		if i >= len(got) || got[i] != w {
			t.Errorf("%q; want %q", got, want)
			break
		}
	}
	if !slices.ContainsFunc(r.Dropped, func(s statement.Span) bool {
		return strings.Contains(newsPage[s.From:s.To], "The rival said") && !strings.Contains(newsPage[s.From:s.To], "Lena Ward")
	}) {
		t.Error("the box beside the article is not listed as left out")
	}
	if !r.HTML || r.Title != "Bridge closed & guarded" || r.Published.Format("2006-01-02 -0700") != "2031-05-13 -0400" {
		t.Errorf("%v, title %q, published %v", r.HTML, r.Title, r.Published)
	}
	checkReading(t, []byte(newsPage), r)
	for _, p := range r.Proposals {
		if s := newsPage[p.Read.Words[0].From:p.Read.Words[0].To]; strings.HasPrefix(s, " ") || strings.HasSuffix(s, ">") {
			t.Errorf("%q stands at %q", p.Words, s)
		}
	}
	// Whoever gives the day has the last word; what the page says is told.
	r, err = Read([]byte(newsPage), Options{Published: someDay})
	if err != nil || !r.Published.Equal(someDay) || r.PageDate.Equal(someDay) {
		t.Errorf("%v, %v, %v", err, r.Published, r.PageDate)
	}
}

// TestPageDay holds that a page which says a day alone means that day wherever it
// is read, and one which says the time means the day of a zone.
func TestPageDay(t *testing.T) {
	west := time.FixedZone("W", -8*3600)
	for _, c := range []struct {
		said string
		zone *time.Location
		want string
	}{
		{"2031-05-14", nil, "2031-05-14 +0000"}, {"2031-05-14", west, "2031-05-14 -0800"}, {"2031-05-14T02:00:00Z", west, "2031-05-13 -0800"}, {"2031-05-14T23:30:00-04:00", nil, "2031-05-14 -0400"},
	} {
		r, err := Read([]byte(`<html><meta name="date" content="`+c.said+`"><p>The mayor said that it was so.</p></html>`), Options{Zone: c.zone})
		if err != nil || r.Published.Format("2006-01-02 -0700") != c.want {
			t.Errorf("%s in %v: %v, %v; want %s", c.said, c.zone, err, r, c.want)
		}
	}
}

// TestPageShapes holds shapes of pages that are easily misread.
func TestPageShapes(t *testing.T) {
	for _, c := range []struct{ name, page, want string }{
		{"no article", "<html><body><div>The mayor said that it was so.</div><div>The judge said no.</div></body></html>", "The mayor said that it was so.\n\nThe judge said no."},
		{"all in a sidebar", `<html><body><div class="sidebar layout"><p>The mayor said that it was so, and that it would stay so.</p></div></body></html>`, "The mayor said that it was so, and that it would stay so."},
		{"a teaser is no article", `<body><article><p>Teaser.</p></article><div><p>` + strings.Repeat("The mayor said that it was so. ", 9) + `</p></div></body>`, "Teaser.\n\n" + strings.TrimSpace(strings.Repeat("The mayor said that it was so. ", 9))},
		{"left open", "<html><body><p>One.<p>Two.<ul><li>three<li>four</ul>Five.", "One.\n\nTwo.\n\n• three\n\n• four\n\nFive."},
		{"crossed", "<html><p>a <b>b <i>c</b> d</i> e</p><p>f</p>", "a b c d e\n\nf"},
		{"ends nobody began", "<html></div></p><body></span>One.</div></body></html>", "One."},
		{"body in parts", `<html><body><p>Ad text here.</p><article><div class="story-body"><p>One is long enough to be text.</p></div><div>x</div><div class="story-body"><p>Two is long enough too.</p></div></article></body></html>`, "One is long enough to be text.\n\nTwo is long enough too."},
		{"entities", "<html><p>R&amp;D &lt;b&gt; &eacute;t&#233; AT&T &copy 5 &unknown;</p>", "R&D <b> été AT&T © 5 &unknown;"},
		{"quoted", "<html><p>She said <q>no</q> to it.</p>", "She said “no” to it."},
		{"unclosed head", "<html><head><title>T</title><p>One.</p>", "One."},
		{"links", `<html><body><p>One <a href="x">link</a> in text.</p><div><a href=1>A</a> <a href=2>B</a></div></body></html>`, "One link in text."},
	} {
		s := open([]byte(c.page))
		if s.text != c.want {
			t.Errorf("%s: %q; want %q", c.name, s.text, c.want)
		}
	}
	for _, s := range []string{"The mayor said <b>so</b>.", "<< The mayor said so. >>", "5 < 6, the mayor said."} {
		if isHTML(s) {
			t.Errorf("%q taken for HTML", s)
		}
	}
}
