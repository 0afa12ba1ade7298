package press

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"constat/claims/statement"
	"constat/claims/wording"
	"constat/internal/worded"
	"constat/moment"
)

// ReaderVersion names the rules by which proposals were made. It changes when
// the same text may give other proposals.
const ReaderVersion = "constat-read/6"

// Options say what the reader cannot know from a text.
type Options struct {
	// Published is the day of publication; its location is the zone in which
	// the day, and "yesterday", are meant.
	// Without it, an HTML page must give the day.
	Published time.Time
	Learned   moment.Time
	Zone      *time.Location // of a day that only the page gives; nil: as it gives it
	Lang      string         // "en", "fr"; "auto" or empty: told from the text
	Name      string         // of the document
	Outlet    string         // in which it appeared; "" where not known
	// Progress is told now and then how many bytes of the text have been read; it
	// may be nil.
	Progress func(done, of int)
}

// Reading is what was found in a text.
type Reading struct {
	Reader    string // [ReaderVersion], or the name that another reader gives itself
	Lang      string // of most of the text; empty if another reader read it
	Encoding  string // as detected: "UTF-8", "windows-1252", "UTF-16LE", "UTF-16BE"
	Document  statement.Document
	HTML      bool                  // it was an HTML page
	Title     string                // that the page gives
	PageDate  time.Time             // when the page says that it was published; zero if it does not
	PageDay   bool                  // it says the day alone
	Published time.Time             // the day that was used
	Proposals []statement.Statement // in the order of the text; nobody has accepted them
	Dropped   []statement.Span      // advertising, sharing lines and the like
	Foreign   []Foreign             // paragraphs in languages that are not read
	Refused   []Refused             // proposals of another reader
}

// MaxText is the longest text that is read.
const MaxText = 16 << 20

// What a text may hold: these keep memory below about a gigabyte, whatever is in
// it. Sixteen megabytes of news hold some 60,000 statements.
const (
	maxStatements = 100_000
	maxParas      = 500_000
)

// Errors of Read.
var (
	ErrEmpty    = errors.New("there is no text in it")
	ErrTooLong  = worded.Errorf("it is longer than %d MB", MaxText>>20)
	ErrLanguage = errors.New("the language must be en, fr or auto")
	ErrNoDay    = errors.New("the day of publication is needed")
	ErrTongue   = errors.New("too little in it tells its language: say --lang en or --lang fr")
	ErrTooMany  = worded.Errorf("it has more than %d paragraphs, or more than %d statements: give it in parts", maxParas, maxStatements)
	// ErrNoArticle: what a statement says may stand in another's, but not the whole
	// text in hundreds of them.
	ErrNoArticle = errors.New("its statements hold each other's words many times over, as in no article: give it in parts, or without its quotation marks that nothing closes")
)

// Read proposes statements from a press text.
func Read(data []byte, o Options) (*Reading, error) {
	r, out, err := begin(data, o)
	if err != nil {
		return nil, err
	}
	if r.ps, r.dropped = paragraphs(r.src.text); len(r.ps)+len(r.dropped) > maxParas {
		return nil, ErrTooMany
	}
	if err := r.sayTongues(); err != nil {
		return nil, err
	}
	switch r.read(); {
	case len(r.out) > maxStatements:
		return nil, ErrTooMany
	case r.overfull():
		return nil, ErrNoArticle
	}
	out.Lang, out.Proposals, out.Foreign = r.l.code, r.finish(), r.foreign
	for _, d := range r.dropped {
		out.Dropped = append(out.Dropped, statement.Span{From: r.src.pos(d[0]), To: r.src.end(d[1])})
	}
	slices.SortStableFunc(out.Dropped, func(a, b statement.Span) int { return cmp.Compare(a.From, b.From) })
	return out, nil
}

// begin opens a document and finds the day of its publication.
func begin(data []byte, o Options) (*reader, *Reading, error) {
	x := theLexicon()
	switch {
	case len(data) > MaxText:
		return nil, nil, ErrTooLong
	case o.Lang != "" && o.Lang != "auto" && x.langs[o.Lang] == nil:
		return nil, nil, ErrLanguage
	}
	if err := notText(data); err != nil {
		return nil, nil, err
	}
	src := open(data)
	switch {
	case src.page != nil && len(src.page.blocks) > maxParas:
		return nil, nil, ErrTooMany
	case strings.TrimSpace(src.text) == "":
		return nil, nil, ErrEmpty
	}
	sum := sha256.Sum256(data)
	r := &reader{x: x, src: src, o: o, sum: hex.EncodeToString(sum[:])}
	out := &Reading{Reader: ReaderVersion, Encoding: src.enc, Document: statement.Document{Name: o.Name, SHA256: r.sum}, Dropped: src.cut}
	p := o.Published
	if src.page != nil {
		out.HTML, out.Title = true, clean(src.page.title)
		out.PageDate, out.PageDay, _ = src.page.published(o.Zone)
		if p.IsZero() && !out.PageDate.IsZero() {
			if p = out.PageDate; o.Zone != nil {
				p = p.In(o.Zone)
			}
		}
	}
	if p.IsZero() {
		return nil, nil, ErrNoDay
	}
	r.day = time.Date(p.Year(), p.Month(), p.Day(), 0, 0, 0, 0, p.Location())
	r.published = moment.Interval{From: moment.FromTime(r.day), Until: moment.FromTime(r.day.AddDate(0, 0, 1))}
	out.Published = r.day
	return r, out, nil
}

// found is a statement on its way.
type found struct {
	sp       statement.Speaker
	m        *mention
	pieces   [][2]int // bytes of the text
	direct   bool
	mixed    bool
	kind     statement.Kind
	negative bool // it asserts that something is not so
	cue      [2]int
	speaker  [][2]int
	said     *moment.Interval
	about    *moment.Interval
	outlets  []string
	para     int
	off      bool // off the record by the text's own words
	through  int  // index of the statement in which it is told; -1: none
	toks     []tok
	lang     *language
	unsure   string // why nobody should take it without a second look
	attached bool   // has a verb or the like of its own
}

type reader struct {
	x         *lexicon
	l         *language
	src       *source
	o         Options
	sum       string
	day       time.Time
	published moment.Interval

	ps      []para
	dropped [][2]int
	mem     memory
	out     []*found

	askers map[string]bool // labels of those who ask; nil: it is no interview
	asked  int             // paragraph of the first question without a label, -1
	issuer issuer

	foreign []Foreign

	office   office   // the latest office that the text has named nobody for
	known    known    // roles that the text tells elsewhere
	spokeIn  int      // the latest sentence in which somebody spoke
	topic    *mention // the subject of the latest sentence, if it is somebody
	accused  party    // whom the latest accusation is of (answersfr.go)
	document party    // who made the latest document
	intro    party    // whose quotation the next paragraph opens with (floorfr.go)
	linked   int      // the latest sentence that speaks of somebody by a pronoun
	aside    int      // the latest in which somebody speaks in a relative clause alone
	replier  party    // who answered in words that have not been given
	sentence int      // counts the sentences
	last     []tok    // of the sentence before, without its stop
	lastPara int

	lexed, kept int // tokens of the text, and of all statements
}

// overfull keeps the work on any text linear. Example: half a megabyte of
// “The bridge said with a mark of quotation before each, which never closes, is
// a hundred thousand tokens and statements of ten million.
func (r *reader) overfull() bool { return r.kept > 1<<19+r.lexed || len(r.out) > maxStatements }

func (r *reader) paragraph(p *para, pi int) {
	var waiting []*found // quotations at its head that nobody has claimed
	lastSaid := -1       // index of the paragraph's latest statement
	for _, st := range sentences(r.src.text, p, pi, r.l) {
		t := &sent{l: r.l, x: r.x, text: r.src.text, s: st.s, all: p.ts}
		if k := t.pointer(); k > 0 {
			t.s = t.s[k:]
			st.alone = len(t.s) == 1 && t.isQuote(0)
		}
		t.mark(r.day)
		if st.alone {
			if t.headlineOnly(p) {
				continue
			}
			f := r.orphan(t, p, pi)
			if f == nil {
				continue
			}
			switch {
			case lastSaid >= 0 && r.out[lastSaid].direct && r.out[lastSaid].para == pi && r.spokeIn == r.sentence:
				// It goes on where the attribution broke in. A denial that goes on
				// from something else stands by itself.
				g := r.out[lastSaid]
				if f.kind == statement.Denial && g.kind != statement.Denial || r.l.code == "fr" && standsApart(g, f) {
					f.sp, f.m, f.off, f.speaker = g.sp, g.m, g.off, g.speaker
					if r.l.code != "fr" {
						f.outlets = g.outlets
					}
					r.out = append(r.out, f)
					lastSaid = len(r.out) - 1
					continue
				}
				g.pieces = append(g.pieces, f.pieces...)
				g.toks = append(g.toks, f.toks...)
			case r.topic != nil && r.topic.sentence == r.sentence && r.topic.person && !r.topic.fromSaid && r.spokeIn != r.sentence:
				// "La porte-parole a nuancé les chiffres. « On a constaté … »"
				f.sp, f.m = r.topic.sp, r.topic
				f.speaker = [][2]int{{int(r.topic.span.From), int(r.topic.span.To)}}
				r.out = append(r.out, f)
				lastSaid = len(r.out) - 1
			case lastSaid >= 0:
				f.sp, f.m, f.outlets, f.off = r.out[lastSaid].sp, r.out[lastSaid].m, r.out[lastSaid].outlets, r.out[lastSaid].off
				f.speaker = r.out[lastSaid].speaker
				r.out = append(r.out, f)
				lastSaid = len(r.out) - 1
			default:
				waiting = append(waiting, f)
			}
			continue
		}
		t.attribute()
		t.cites()
		t.colons()
		t.relays()
		r.sentence++
		// A pronoun that speaks means somebody named before it.
		cut := len(t.s)
		for _, c := range t.cues {
			if c.pron && c.how != gerund {
				cut = min(cut, c.subj[0])
			}
		}
		r.names(t, 0, cut, pi)
		at := len(r.out)
		r.collect(t, p, pi)
		if r.overfull() {
			return
		}
		r.names(t, cut, len(t.s), pi)
		r.offices(t)
		r.learn(t)
		r.accuses(t, pi)
		r.documents(t, pi)
		r.introduces(t, pi)
		if t.l.code == "fr" && t.links() {
			r.linked = r.sentence
		}
		if t.l.code == "fr" && t.asideOnly() {
			r.aside = r.sentence
		}
		if len(r.out) == at {
			r.replied(t, pi)
		}
		if r.last, r.lastPara = t.s, pi; len(t.s) > 1 && t.isMark(len(t.s)-1) {
			r.last = t.s[:len(t.s)-1]
		}
		if len(r.out) > at {
			r.spokeIn = r.sentence
			lastSaid = len(r.out) - 1
			for lastSaid > at && r.out[lastSaid].through >= 0 {
				lastSaid-- // who told it, not who is told of
			}
			if len(waiting) > 0 && r.out[at].direct {
				g := r.out[at]
				var pieces [][2]int
				var toks []tok
				for _, w := range waiting {
					pieces, toks = append(pieces, w.pieces...), append(toks, w.toks...)
				}
				g.pieces, g.toks = append(pieces, g.pieces...), append(toks, g.toks...)
				waiting = nil
			}
		}
		if len(waiting) > 0 {
			// Quotations that nobody claims are given up.
			if r.claim(waiting, pi, at) {
				if lastSaid >= at {
					lastSaid++
				}
				lastSaid = max(lastSaid, at)
			}
			waiting = nil
		}
	}
	r.claim(waiting, pi, len(r.out))
}

// claim gives quotations that stand alone to who spoke last, if somebody did.
func (r *reader) claim(waiting []*found, pi, at int) bool {
	if len(waiting) == 0 {
		return false
	}
	if m := r.intro.m; m != nil && r.intro.in == pi-1 {
		f := asOne(waiting)
		f.outlets, f.off, f.speaker = nil, false, nil
		f.giveTo(m)
		r.insert(at, f)
		return true
	}
	// the latest statement before this paragraph
	k := at - 1
	for k >= 0 && (r.out[k].para == pi || r.out[k].through >= 0) {
		k--
	}
	if k < 0 || r.out[k].para < pi-2 || r.out[k].m == nil {
		return false
	}
	g := r.out[k]
	f := asOne(waiting)
	f.sp, f.m, f.outlets, f.off, f.speaker = g.sp, g.m, g.outlets, g.off, nil
	f.speaker = append(f.speaker, g.speaker...)
	r.insert(at, f)
	return true
}

// asOne makes one statement of quotations that follow each other.
func asOne(waiting []*found) *found {
	f := waiting[0]
	for _, w := range waiting[1:] {
		f.pieces, f.toks = append(f.pieces, w.pieces...), append(f.toks, w.toks...)
	}
	return f
}

// insert puts a statement where it stands in the order of the text.
func (r *reader) insert(at int, f *found) {
	r.out = slices.Insert(r.out, at, f)
	for _, h := range r.out[at+1:] {
		if h.through >= at {
			h.through++
		}
	}
}

// orphan makes a statement of a sentence that is nothing but quotations.
func (r *reader) orphan(t *sent, p *para, pi int) *found {
	f := &found{para: pi, direct: true, kind: statement.Assertion, through: -1}
	n := 0
	for i := range t.s {
		if t.isQuote(i) {
			q := &t.s[i]
			from, to := t.bounds(i, i+1)
			f.pieces = append(f.pieces, [2]int{from, to})
			f.toks = append(f.toks, p.ts[q.in0:q.in1]...)
			n += int(q.in1 - q.in0)
		}
	}
	if n < 3 {
		return nil
	}
	f.lang = r.langOf(r.l, r.src.text[f.pieces[0][0]:f.pieces[0][1]])
	j := t.judge(statement.Assertion, f.toks, statement.Speaker{}, true)
	f.kind, f.negative = j.kind, j.negative
	return f
}

// topic is the subject of a sentence's first main clause, if it may be somebody: it
// has an office or a name.
func (t *sent) topic(from, to int) (int, int) {
	if from != 0 {
		return 0, 0
	}
	for i := range t.clauses {
		c := &t.clauses[i]
		if c.kind != mainClause || c.group < 0 || c.parent >= 0 {
			continue
		}
		s, _ := t.subjectOf(c)
		a, b := s[0], s[1]
		if a >= b || b > to || b-a > 14 || t.isQuote(a) || t.l.pron[t.low(a)] || t.l.first[t.low(a)] {
			return 0, 0
		}
		if t.speaks(a, b) || t.thingSpeaks(a, b, &t.groups[c.group]) {
			return a, b
		}
		if t.namesOnly(a, b) && !(a == 0 && b == 1 && t.l.spared[t.low(a)]) || t.calledBy(a, b) {
			return a, b
		}
		return 0, 0
	}
	return 0, 0
}

// speaks says whether a phrase has an office or the like as its head.
func (t *sent) speaks(a, b int) bool {
	r := t.roleIn(a, b)
	if t.l.code == "en" && r != "" && t.find(a, b, "in") > a && t.headRole(a, b) == "" {
		return false // "Shares in the company"
	}
	return r != "" && r != "document" && r != "outlet"
}

// thingSpeaks says whether an English subject is a thing that "it" may mean: "The trust
// has not said". g is its verb.
func (t *sent) thingSpeaks(a, b int, g *group) bool {
	return t.l.code == "en" && t.is(a, "the") && b-a <= 4 && t.roleIn(a, b) == "" && !t.documentIn(a, b) && (t.l.have[t.low(g.a)] || g.speech(t))
}

// names remembers the people whom a sentence names, for pronouns and surnames.
func (r *reader) names(t *sent, from, to, pi int) {
	if a, b := t.topic(from, to); b > a {
		// "The minister of ports, Hugo Kane, toured the quay."
		appos := [2]int{}
		if t.is(b, ",") {
			e := b + 1
			for e < to && e < b+7 && !t.isMark(e) && !t.isQuote(e) {
				e++
			}
			if t.is(e, ",") && t.namesOnly(b+1, e) {
				appos = [2]int{b + 1, e}
			}
		}
		_, m := t.describe(a, b, appos, &r.mem, pi)
		m.subject, m.sentence = true, r.sentence
		r.remember(m.sp.Name, m.sp.Role)
		r.mem.add(m)
		from = max(from, b, appos[1])
		r.topic = m
	}
	for i := from; i < to; i++ {
		if !t.isWord(i) || !t.s[i].cap {
			continue
		}
		e := i
		for e < to && !(e > i && t.l.code == "en" && t.isTime(e)) && (t.isWord(e) && t.s[e].cap || e > i && e+1 < to && t.isWord(e+1) && t.s[e+1].cap && (t.is(e, "al", "el", "bin", "ben", "von", "van", "der", "den", "dos", "da", "ibn") || t.is(e, ".") && titles[t.low(e-1)])) {
			e++
		}
		if e-i >= 4 && t.cries(i, e) {
			i = e - 1
			continue // "HOLM LEADS IN PORT POLLS"
		}
		first := 0
		if e-i >= 3 && t.is(i-1, "au", "à") {
			i = e - 2 // "affirme au Quai Lena Ward"
			first = i
		}
		titled := e-i >= 2 && titles[t.low(i)]
		if e-i >= 2 && e-i < 7 {
			if t.l.code == "en" && t.is(i-1, "a", "an") && e < len(t.s) && t.x.nouns[t.low(e)].role != "" && !t.s[e].cap {
				i = e
				continue // "a Harbour Office minister"
			}
			name, a, b := t.nameIn(i, e)
			if name != "" && (b-a >= 2 || titled) && !t.outletRange(a, b) {
				lo := a
				for lo > first && lo > a-6 && t.isWord(lo-1) && !t.finite(lo-1) && !t.l.sub[t.low(lo-1)] && (t.x.nouns[t.low(lo-1)].role != "" || t.l.det[t.low(lo-1)] || t.s[lo-1].cap) {
					lo--
				}
				hi := b
				appos := [2]int{}
				if t.is(lo-1, ",") && lo > first+1 && lo == a {
					// "la secrétaire d'État, Marina Ferrari,": the office stands before
					k := lo - 1
					for k > 0 && k > lo-14 && t.isWord(k-1) && t.groupAt[k-1] < 0 && !t.l.sub[t.low(k-1)] {
						k--
					}
					for k < lo-1 && !t.l.det[t.low(k)] {
						k++
					}
					if r := t.roleIn(k, lo-1); k < lo-2 && (r == "official" || r == "person" || r == "expert" || r == "company") {
						appos = [2]int{lo, hi}
						lo, hi = k, lo-1
					}
				}
				if appos[1] == 0 && t.is(b, ",") {
					k := b + 1
					for k < len(t.s) && !t.isMark(k) && !t.isQuote(k) && !t.finite(k) && !(t.l.code == "en" && t.groupAt[k] >= 0) {
						k++
					}
					if r := t.roleIn(b+1, k); r != "" && k < b+16 && !t.l.prep[t.low(b+1)] && !(t.l.code == "en" && endsIn(t.low(b+1), "ing") && !t.s[b+1].cap) {
						appos = [2]int{b + 1, k}
					}
				}
				_, m := t.describe(lo, hi, appos, &r.mem, pi)
				if t.l.code == "fr" && lo < a && m.sp.Role == statement.Other && t.is(a-1, "du", "des", "le", "la", "l'", "les", "au", "aux") {
					m.person, m.thing = false, true // "la Primeira Liga"
				}
				if t.l.code == "en" && t.bodyByLetters(a, b) {
					m.person, m.thing = false, true
				}
				if m.name != "" {
					if role, ok := t.bySelf(lo, hi, appos); ok && t.l.code == "en" {
						m.sp.Role = role
					}
					m.sentence = r.sentence
					r.remember(m.sp.Name, m.sp.Role)
					m.oblique = lo > 0 && t.l.prep[t.low(lo-1)] || t.inTold(lo)
					r.mem.add(m)
				}
			}
		}
		i = e - 1 + b2i(e == i)
	}
}

// cries says whether a range is a heading in capitals.
func (t *sent) cries(a, b int) bool {
	n := 0
	for i := a; i < b; i++ {
		if !t.s[i].caps {
			return false
		}
		n += b2i(runeLen(t.s[i].low) > 4)
	}
	return n > 1
}

// inTold says whether a token stands in what somebody is reported to have said.
func (t *sent) inTold(i int) bool {
	for _, c := range t.cues {
		if t.inContent(c, i) {
			return true
		}
	}
	return false
}

// finish gives the statements their ids and their final form.
func (r *reader) finish() []statement.Statement {
	var out []statement.Statement
	type earlier struct {
		b  wording.Bag
		id string
	}
	var said []earlier
	ids := make([]string, len(r.out))
	r.agree()
	r.redenies()
	n := 0
	for i, f := range r.out {
		s := r.statement(f)
		n++
		s.ID = fmt.Sprintf("%s-%02d", r.sum[:8], n)
		if f.through >= 0 && f.through < i {
			s.Through = ids[f.through]
		}
		if s.Validate() != nil {
			n--
			continue
		}
		ids[i] = s.ID
		b := wording.Count(s.Words)
		if s.Through == "" {
			for k := len(said) - 1; k >= 0 && k >= len(said)-40; k-- {
				if b.Repeats(said[k].b) {
					s.Repeats = said[k].id
					break
				}
			}
		}
		said = append(said, earlier{b, s.ID})
		out = append(out, s)
	}
	return out
}

func (r *reader) statement(f *found) statement.Statement {
	s := statement.Statement{
		Speaker: f.sp, Record: statement.RecordUnknown, Said: f.said, About: f.about, Published: r.published, Learned: r.o.Learned,
		Kind: f.kind, Negative: f.negative && f.kind == statement.Assertion, Form: statement.Indirect, Lang: f.lang.code, Document: statement.Document{Name: r.o.Name, SHA256: r.sum}, Grade: statement.Ungraded, Outlets: []string{},
	}
	switch {
	case f.direct:
		s.Form = statement.Direct
	case f.mixed:
		s.Form = statement.Mixed
	}
	var words []string
	read := &statement.ReadFrom{Reader: ReaderVersion, Unsure: f.unsure, Words: []statement.Span{}, Speaker: []statement.Span{}, Cue: []statement.Span{}}
	for _, p := range f.pieces {
		words = append(words, clean(r.src.text[p[0]:p[1]]))
		read.Words = append(read.Words, r.span(p))
	}
	s.Words = strings.Join(words, " […] ")
	for _, p := range f.speaker {
		if p[1] > p[0] {
			read.Speaker = append(read.Speaker, r.span(p))
		}
	}
	if f.cue[1] > f.cue[0] {
		read.Cue = append(read.Cue, r.span(f.cue))
	}
	s.Read = read
	s.Speaker.As, s.Speaker.Name, s.Speaker.For = clean(s.Speaker.As), clean(s.Speaker.Name), clean(s.Speaker.For)
	for _, o := range append([]string{r.o.Outlet}, f.outlets...) {
		if o = clean(o); o != "" && !slices.Contains(s.Outlets, o) {
			s.Outlets = append(s.Outlets, o)
		}
	}
	switch {
	case f.off || s.Speaker.Role == statement.AnonymousOfficial || s.Speaker.Role == statement.Source:
		s.Record = statement.OffRecord
	case s.Speaker.Name != "" || s.Speaker.Role == statement.Official || s.Speaker.Role == statement.Company || s.Speaker.Role == statement.Outlet:
		s.Record = statement.OnRecord
	}
	return s
}

func (r *reader) span(p [2]int) statement.Span {
	return statement.Span{From: r.src.pos(p[0]), To: r.src.end(p[1])}
}

// clean makes one line of a piece of text, without characters that control.
func clean(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\n' || r == '\t' || r == '\r' || statement.Barred(r)
	}), " ")
}
