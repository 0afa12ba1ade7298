package press

import (
	"cmp"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"constat/claims/statement"
)

// A page is an HTML page taken apart: its blocks of text, each with the
// element it stands in. It is read as a stream of tags, so that its size and
// depth cost no more than time in proportion.
type page struct {
	src    *source // the blocks, an empty line between them
	blocks []block
	nodes  []node
	title  string
	dated  [3]string // when it says that it was published: in its head, its data, beside its text
}

// block is a paragraph, a heading, an item of a list.
type block struct {
	from, to int // of the page's text
	node     int
	links    int // bytes that are links
}

// node is an element that holds blocks.
type node struct {
	parent int32 // -1: the page
	text   int32 // bytes of its blocks
	// skip: 'h' it holds no text (scripts), 'n' never the article's (navigation),
	// 's' its name says so ("related", "cookie"), which a page may use for its whole.
	skip  byte
	scope byte // 'a' article body, 'b' article, 'm' main, 'l' what leads to a body: its headline
	list  bool // an item of a list
}

// isHTML says whether a text is an HTML page, or a part of one.
func isHTML(text string) bool {
	head := strings.ToLower(strings.TrimLeft(text[:min(len(text), 2048)], " \t\r\n\ufeff"))
	for strings.HasPrefix(head, "<!--") || strings.HasPrefix(head, "<?xml") {
		i := strings.Index(head, ">")
		if i < 0 {
			return false
		}
		head = strings.TrimLeft(head[i+1:], " \t\r\n")
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<article", "<main", "<div", "<p>", "<p ", "<section", "<h1", "<meta", "<title", "<table", "<header", "<span", "<blockquote"} {
		if strings.HasPrefix(head, tag) {
			return true
		}
	}
	return false
}

var (
	// blocky elements begin and end a paragraph.
	blocky = words("address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html li main menu nav ol p pre section summary table tbody td tfoot th thead title tr ul video audio iframe")
	// textless elements hold no text, never those hold none of the article's.
	textless = words("script style noscript template svg math iframe object embed canvas audio video map noframes noembed applet datalist head title rp rt")
	never    = words("nav aside footer button select option textarea dialog")
	// closes lists what a tag that begins ends, where its end tag was left out.
	closes = map[string]wordSet{"li": words("li"), "p": words("p"), "dt": words("dt dd"), "dd": words("dt dd"), "tr": words("tr td th"), "td": words("td th"), "th": words("td th"), "option": words("option"), "body": words("head")}
)

// furniture are words in the class, id or role of an element that hold what is
// beside an article: words of their own, between the hyphens of a name.
var furniture = words(`nav navbar navigation menu breadcrumb breadcrumbs cookie cookies consent gdpr cmp onetrust didomi newsletter subscribe signup related recommended recommendation recommendations recirc
	share sharing sharebar social socials sidebar promo promotion advert advertisement advertising ad ads adslot sponsored sponsor outbrain taboola comment comments disqus footer banner contentinfo complementary search dialog alertdialog
	readmore lireaussi trending popular mostread latest teasers toolbar skip skiplink tags taglist byline credit copyright caption sronly visuallyhidden screenreadertext
	login vjs videojs jwplayer modal popup overlay masthead player abonnement partage authorbio bio`)

// furnitureOf says whether the attributes of an element say that it stands
// beside the article.
func furnitureOf(name string, class, id, role string) bool {
	switch name {
	case "html", "body", "main", "article":
		return false
	}
	if role != "" && furniture[role] {
		return true
	}
	for _, names := range []string{class, id} {
		for _, w := range strings.Fields(lower(names)) {
			w = strings.NewReplacer("_", "-").Replace(w)
			if furniture[strings.ReplaceAll(w, "-", "")] {
				return true
			}
			parts := strings.Split(w, "-")
			if len(parts) > 6 {
				continue
			}
			for i, p := range parts {
				// "has-sidebar", "with-ads", "no-comments" speak of the page.
				if furniture[p] && !(i > 0 && (parts[i-1] == "has" || parts[i-1] == "with" || parts[i-1] == "no" || parts[i-1] == "is")) {
					return true
				}
			}
			if strings.Contains(w, "read-more") || strings.Contains(w, "read-also") || strings.Contains(w, "lire-aussi") || strings.Contains(w, "a-lire") || strings.Contains(w, "see-also") || strings.Contains(w, "most-read") || strings.Contains(w, "you-may-like") {
				return true
			}
		}
	}
	return false
}

// bodyNames are the classes by which sites mark the text of an article.
var bodyNames = onUse(`(?i)(^|[\s_-])(article-?_?_?(body|content|text)|story-?_?_?(body|content|text)|(entry|post)-?_?_?(content|body)|articlebody|storytext|body-?text|article-?_?_?paragraphs?|(texte|corps|contenu)-?_?_?article)($|[\s_-])`)

// leads are the classes of what stands between a headline and the text.
var leads = onUse(`(?i)(^|[\s_-])(standfirst|chapo|chapeau|lede|dek|stand-?first|subtitle|sub-?headline|excerpt|article-?_?_?(header|lead|intro|summary))($|[\s_-])`)

// pageReader takes a page apart.
type pageReader struct {
	page
	w     *weaver
	stack []element
	last  map[string]int // the latest open element of a name: index in the stack, -1
	open  bool           // a block has begun
	blank bool           // a blank waits to be written
	item  [2]int         // the tag of an item of a list whose text has not begun
	begin int            // of the block
	block int            // node of the block
	links int
	inA   int
	pre   int
	want  string // "title", "ld": what the next text is
}

// element is an open one.
type element struct {
	name string
	node int32
	prev int // the one of its name below it in the stack, -1
}

// takeApart reads a page.
func takeApart(s *source) *page {
	r := &pageReader{w: weave(s), last: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(s.text))
	z.SetMaxBuf(0)
	at := 0
	for len(r.blocks) <= maxParas {
		kind := z.Next()
		raw := len(z.Raw())
		switch kind {
		case html.ErrorToken:
			if z.Err() == io.EOF || raw == 0 {
				r.end(at, 0)
				r.src = r.w.source()
				return &r.page
			}
		case html.TextToken:
			r.text(at, at+raw)
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z, at, raw)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.finish(string(name), at, raw)
		}
		at += raw
	}
	r.src = r.w.source() // more than is read of any page
	return &r.page
}

// hidden says whether the open elements hide text.
func (r *pageReader) hidden() bool {
	return len(r.stack) > 0 && r.nodes[r.stack[len(r.stack)-1].node].skip == 'h'
}

// start takes a tag that begins an element.
func (r *pageReader) start(z *html.Tokenizer, at, raw int) {
	b, more := z.TagName()
	name := string(b)
	attr := map[string]string{}
	for n := 0; more && n < 100; n++ {
		var k, v []byte
		if k, v, more = z.TagAttr(); len(v) <= 4096 {
			attr[string(k)] = string(v)
		}
	}
	r.want = ""
	if r.single(name, attr, at, raw) {
		return
	}
	r.notes(name, attr, at, raw)
	if c := closes[name]; c != nil || blocky[name] && name != "head" {
		for n := len(r.stack) - 1; n >= 0 && (c[r.stack[n].name] || r.stack[n].name == "head"); n-- {
			r.closeTo(n)
		}
	}
	if blocky[name] {
		r.end(at, raw)
	}
	r.push(name, attr)
	if name == "li" && !r.hidden() {
		r.item = [2]int{at, raw}
	}
}

// single takes a tag that holds nothing, if it is one.
func (r *pageReader) single(name string, attr map[string]string, at, raw int) bool {
	switch name {
	case "meta":
		r.meta(attr)
	case "br":
		if r.open && !r.hidden() {
			r.blank = false
			r.w.put("\n", at, raw)
		}
	case "wbr", "img", "input", "link", "base", "col", "source", "track", "param", "area", "embed", "keygen", "frame":
	case "hr":
		r.end(at, raw)
	default:
		return false
	}
	return true
}

// notes keeps what a page says about itself, and how deep in links and the like
// the text is.
func (r *pageReader) notes(name string, attr map[string]string, at, raw int) {
	if attr["itemprop"] == "datePublished" {
		r.date(0, attr["content"])
	}
	switch name {
	case "title":
		if r.title == "" && len(r.stack) < 4 {
			r.want = "title"
		}
	case "script":
		if strings.Contains(attr["type"], "ld+json") {
			r.want = "ld"
		}
	case "time":
		if !r.hidden() {
			r.date(2, attr["datetime"])
		}
	case "a":
		r.inA++
	case "pre":
		r.pre++
	case "q":
		if r.open && !r.hidden() {
			r.flushBlank(at)
			r.w.put("“", at, raw)
		}
	}
}

// push opens an element, if its end or its name will matter.
func (r *pageReader) push(name string, attr map[string]string) {
	skip, scope := r.skipOf(name, attr), byte(0)
	switch {
	case attr["itemprop"] == "articleBody" || bodyNames().MatchString(attr["class"]) || bodyNames().MatchString(attr["id"]):
		scope = 'a'
	case name == "article" || attr["role"] == "article":
		scope = 'b'
	case name == "main" || attr["role"] == "main":
		scope = 'm'
	case name == "h1" || name == "header" || leads().MatchString(attr["class"]):
		scope = 'l'
	}
	k, ok := r.last[name]
	if !ok {
		k = -1
	}
	if k < 0 && !blocky[name] && skip == 0 && scope == 0 {
		return // within a line
	}
	parent := int32(-1)
	if n := len(r.stack); n > 0 {
		if parent = r.stack[n-1].node; r.nodes[parent].skip == 'h' {
			skip = 'h'
		}
	}
	r.nodes = append(r.nodes, node{parent: parent, skip: skip, scope: scope, list: name == "li"})
	r.last[name] = len(r.stack)
	r.stack = append(r.stack, element{name, int32(len(r.nodes) - 1), k})
}

// isOpen says whether an element of a name is open.
func (r *pageReader) isOpen(name string) bool {
	k, ok := r.last[name]
	return ok && k >= 0
}

func (r *pageReader) skipOf(name string, attr map[string]string) byte {
	_, hidden := attr["hidden"]
	style := strings.ReplaceAll(attr["style"], " ", "")
	switch {
	case textless[name]:
		return 'h'
	case never[name]:
		return 'n'
	case hidden, attr["aria-hidden"] == "true", strings.Contains(style, "display:none"), strings.Contains(style, "visibility:hidden"), name == "figcaption",
		name == "header" && !r.isOpen("article") && !r.isOpen("main"), furnitureOf(name, attr["class"], attr["id"], attr["role"]):
		return 's'
	}
	return 0
}

// date keeps the first time that each part of a page gives.
func (r *pageReader) date(part int, s string) {
	if s = strings.TrimSpace(s); r.dated[part] == "" && len(s) >= 10 && len(s) < 60 {
		r.dated[part] = s
	}
}

func (r *pageReader) meta(attr map[string]string) {
	value := strings.TrimSpace(attr["content"])
	switch strings.ToLower(cmp.Or(attr["property"], attr["name"], attr["itemprop"])) {
	case "og:title":
		r.title = value[:min(len(value), 500)]
	case "article:published_time", "article:published", "datepublished", "date", "pubdate", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "parsely-pub-date", "publish-date", "sailthru.date":
		r.date(0, value)
	}
}

// finish closes an element. What was left open within it closes with it; an end
// without a beginning closes nothing.
func (r *pageReader) finish(name string, at, raw int) {
	r.want = ""
	switch name {
	case "a":
		r.inA = max(0, r.inA-1)
	case "pre":
		r.pre = max(0, r.pre-1)
	case "li":
		r.item = [2]int{}
	case "q":
		if r.open && !r.hidden() {
			r.w.put("”", at, raw)
		}
	}
	if blocky[name] {
		r.end(at, raw)
		r.inA = 0
	}
	if r.isOpen(name) {
		r.closeTo(r.last[name])
	}
}

// closeTo closes the open elements from the k-th of the stack on.
func (r *pageReader) closeTo(k int) {
	for n := len(r.stack) - 1; n >= k; n-- {
		r.last[r.stack[n].name] = r.stack[n].prev
	}
	r.stack = r.stack[:k]
}

// begins begins a block if none has.
func (r *pageReader) begins(at int) {
	if r.open {
		return
	}
	r.open, r.blank, r.links = true, false, 0
	r.begin = r.w.b.Len()
	r.block = -1
	if len(r.stack) > 0 {
		r.block = int(r.stack[len(r.stack)-1].node)
	}
	if r.item[1] > 0 {
		r.w.put("• ", r.item[0], r.item[1])
		r.item = [2]int{}
	}
}

// end ends a block; the tag that does so stands for the empty line behind it.
func (r *pageReader) end(at, raw int) {
	if !r.open {
		return
	}
	r.open = false
	to := r.w.b.Len()
	if raw > 0 {
		r.w.put("\n\n", at, raw)
	}
	r.blocks = append(r.blocks, block{r.begin, to, r.block, r.links})
}

func (r *pageReader) flushBlank(at int) {
	if r.blank && r.open {
		r.blank = false
		r.w.put(" ", at-1, 1)
	}
}

var published = regexp.MustCompile(`"datePublished"\s*:\s*"([^"\\]{10,40})"`)

// text takes a stretch of text between tags: blanks become one, entities what
// they stand for.
func (r *pageReader) text(a, b int) {
	s := r.w.from.text
	switch {
	case r.want == "title":
		r.title = strings.Join(strings.Fields(html.UnescapeString(s[a:min(b, a+1000)])), " ")
	case r.want == "ld":
		if m := published.FindStringSubmatch(s[a:b]); m != nil {
			r.date(1, m[1])
		}
	}
	if r.hidden() {
		return
	}
	from := r.w.b.Len()
	for i := a; i < b; {
		j := i
		for j < b && s[j] != '&' && s[j] != ' ' && s[j] != '\n' && s[j] != '\t' && s[j] != '\r' && s[j] != '\f' {
			j++
		}
		if j > i {
			r.begins(i)
			r.flushBlank(i)
			r.w.keep(i, j)
			i = j
			continue
		}
		if s[i] != '&' {
			if r.pre > 0 && r.open && s[i] == '\n' {
				r.w.keep(i, i+1)
			} else if r.open && !r.blank {
				r.blank = true
			}
			i++
			continue
		}
		j = i + 1
		for j < b && j < i+34 && (letterByte(s[j]) || s[j] >= '0' && s[j] <= '9' || s[j] == '#') {
			j++
		}
		if j < b && s[j] == ';' {
			j++
		}
		r.begins(i)
		r.flushBlank(i)
		if u := html.UnescapeString(s[i:j]); u != s[i:j] {
			r.w.put(u, i, j-i)
		} else {
			r.w.keep(i, j)
		}
		i = j
	}
	if r.inA > 0 {
		r.links += r.w.b.Len() - from
	}
}

// article gives the text of the article in a page, as paragraphs; what is beside
// it is listed as cut.
func (p *page) article() *source {
	total := 0
	for _, b := range p.blocks {
		total += b.to - b.from
		if b.node >= 0 {
			p.nodes[b.node].text += int32(b.to - b.from)
		}
	}
	for i := len(p.nodes) - 1; i >= 0; i-- {
		if n := &p.nodes[i]; n.parent >= 0 {
			p.nodes[n.parent].text += n.text
		}
	}
	// Elements that their names call furniture are, unless most of the page is in
	// one: "page-with-sidebar".
	out := make([]bool, len(p.nodes))
	for i := range p.nodes {
		n := &p.nodes[i]
		out[i] = n.skip == 'h' || n.skip == 'n' || n.skip == 's' && int(n.text)*2 <= total || n.parent >= 0 && out[n.parent]
	}
	in, all := p.scope(out)
	w, done := weave(p.src), 0
	var cut []statement.Span
	joins := false // the last block was cut too
	for _, b := range p.blocks {
		n, text := b.node, strings.Trim(p.src.text[b.from:b.to], "• \n\u00a0")
		if text == "" {
			continue
		}
		size := b.to - b.from
		if n < 0 && !all || n >= 0 && (!in[n] || out[n]) || b.links*10 > size*7 && (size < 300 || n >= 0 && p.nodes[n].list) {
			x := statement.Span{From: p.src.pos(b.from), To: p.src.end(b.to)}
			if joins {
				cut[len(cut)-1].To = x.To
			} else {
				cut = append(cut, x)
			}
			joins = true
			continue
		}
		joins = false
		if w.b.Len() > 0 {
			w.put("\n\n", done, b.from-done)
		}
		w.keep(b.from, b.to)
		done = b.to
	}
	s := w.source()
	s.cut, s.page = cut, p
	return s
}

// scope marks the elements that hold the article: its marked body, which may be
// in parts, or an article, or the main part; all of the page if these hold less
// than two fifths of its text. Example: a teaser marked as an article is none.
func (p *page) scope(out []bool) (in []bool, all bool) {
	kept := 0
	text := make([]int, len(p.nodes)) // of blocks that stay
	for _, b := range p.blocks {
		if b.node >= 0 && out[b.node] || b.links*2 >= b.to-b.from {
			continue
		}
		kept += b.to - b.from
		if b.node >= 0 {
			text[b.node] += b.to - b.from
		}
	}
	for i := len(p.nodes) - 1; i >= 0; i-- {
		if p.nodes[i].parent >= 0 {
			text[p.nodes[i].parent] += text[i]
		}
	}
	in = make([]bool, len(p.nodes))
	mark := func(is func(i int) bool) (size int) {
		for i := range p.nodes {
			within := p.nodes[i].parent >= 0 && in[p.nodes[i].parent]
			if in[i] = within || !out[i] && is(i); in[i] && !within {
				size += text[i]
			}
		}
		return size
	}
	for _, kind := range []byte("abm") {
		best := -1
		for i := range p.nodes {
			if p.nodes[i].scope == kind && !out[i] && (best < 0 || text[i] > text[best]) {
				best = i
			}
		}
		if mark(func(i int) bool { return i == best || kind == 'a' && p.nodes[i].scope == kind })*5 >= kept*2 && best >= 0 {
			if first := slices.Index(in, true); kind == 'a' {
				for i := range first {
					in[i] = !out[i] && p.nodes[i].scope == 'l' || p.nodes[i].parent >= 0 && in[p.nodes[i].parent]
				}
			}
			return in, false
		}
	}
	mark(func(int) bool { return true })
	return in, true
}

// published reads the time that a page gives for its publication. What it gives
// as a day alone is that day in the zone given.
func (p *page) published(zone *time.Location) (t time.Time, day, ok bool) {
	if zone == nil {
		zone = time.UTC
	}
	for _, s := range p.dated {
		for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04-0700", "2006-01-02 15:04:05 -0700", time.RFC1123Z, time.RFC1123} {
			if t, err := time.Parse(form, s); err == nil {
				return t, false, true
			}
		}
		if len(s) >= 10 { // without a zone: the day as it is written
			if t, err := time.ParseInLocation(time.DateOnly, s[:10], zone); err == nil {
				return t, true, true
			}
		}
	}
	return time.Time{}, false, false
}
