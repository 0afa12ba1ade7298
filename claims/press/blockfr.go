package press

import "strings"

// French texts that give a body's words without marks: behind a label ("Message de
// Novatel : Nous faisons face à …") or behind a sentence that announces them ("Le
// ministère a répondu en ces termes :"), in the form of "nous".

// issuedBy is such a label. Its group is who speaks.
var issuedBy = onUse(`^(?i:message|déclaration|communiqué|réponse|mise au point|annonce|texte|position)(?i: officielle?| publique?| de presse| commune?| du jour)* (?i:du |des |de |d['’])((?:la |l['’])?[\pL\pN][\pL\pN&'’() -]{1,80}?)\s?:(?:\s|$)`)

// block reads the words behind a label or an announcement at paragraph pi. It gives the
// number of paragraphs that it took; 0: there is none.
func (r *reader) block(pi int) int {
	if r.l.code != "fr" || r.issuer.is && r.issuer.who[1] > 0 {
		return 0
	}
	p := &r.ps[pi]
	s := r.src.text[p.from:p.to]
	if m := issuedBy().FindStringSubmatchIndex(s[:min(len(s), 200)]); m != nil && strings.ToLower(s[m[2]:m[3]]) != s[m[2]:m[3]] {
		who := shift(p.from, m[2], m[3])
		if strings.TrimSpace(s[m[1]:]) == "" {
			if n := r.weFrom(pi+1, who); n > 0 {
				return n + 1
			}
			return 0
		}
		if !r.saysWe(s[m[1]:]) {
			return 0
		}
		r.wePara(p, pi, p.from+m[1], who)
		return 1
	}
	if end := strings.TrimRight(s, " \u00a0\u202f"); !strings.HasSuffix(end, ":") || pi+1 >= len(r.ps) || !r.saysWe(r.src.text[r.ps[pi+1].from:r.ps[pi+1].to]) {
		return 0
	}
	who, ok := r.announced(p, pi)
	if !ok {
		return 0
	}
	if n := r.weFrom(pi+1, who); n > 0 {
		return n + 1
	}
	return 0
}

// saysWe says whether words without marks at their beginning speak of "nous".
func (r *reader) saysWe(s string) bool {
	ts := lex(s, 0, min(len(s), 1200), nil)
	for i := range ts {
		switch ts[i].low {
		case "nous", "notre", "nos":
			return true
		}
		if ts[i].kind == quote && i < 3 {
			return false
		}
	}
	return false
}

// weFrom reads paragraphs from pi on as words of who is named at who, as long as they
// say "nous"; it gives how many.
func (r *reader) weFrom(pi int, who [2]int) int {
	n := 0
	for pi+n < len(r.ps) && n < 40 {
		p := &r.ps[pi+n]
		if p.foreign != "" || !r.saysWe(r.src.text[p.from:p.to]) {
			break
		}
		r.wePara(p, pi+n, p.from, who)
		n++
	}
	return n
}

// wePara reads a paragraph from a byte on: prose first, then the sentences that say
// "nous" and that nobody has claimed.
func (r *reader) wePara(p *para, pi, from int, who [2]int) {
	q := *p
	q.from = from
	q.ts = lex(r.src.text, q.from, q.to, nil)
	r.lexed += len(q.ts)
	at := len(r.out)
	r.paragraph(&q, pi)
	was := r.issuer
	r.issuer = issuer{is: true, who: who, until: len(r.ps)}
	r.ownWords(&q, pi, at)
	r.issuer = was
}

// announcing are verbs of a sentence that ends in a colon before somebody's words.
var announcing = words("répondu répond écrit publié publie déclaré diffusé réagi réagit adressé envoyé annoncé communiqué transmis posté indiqué fait livré rendu")

// announced gives the bytes of who gives the words that a sentence ending in a colon
// announces.
func (r *reader) announced(p *para, pi int) ([2]int, bool) {
	ts := lex(r.src.text, p.from, p.to, nil)
	q := &para{from: p.from, to: p.to, ts: ts}
	sts := sentences(r.src.text, q, pi, r.l)
	if len(sts) != 1 || sts[0].alone {
		return [2]int{}, false
	}
	t := &sent{l: r.l, x: r.x, text: r.src.text, s: sts[0].s, all: ts}
	t.mark(r.day)
	t.parse()
	for i := range t.clauses {
		c := &t.clauses[i]
		if c.kind != mainClause || c.group < 0 || c.parent >= 0 {
			continue
		}
		s, _ := t.subjectOf(c)
		if s[0] >= s[1] || !announcing[t.low(t.groups[c.group].head)] || t.roleIn(s[0], s[1]) == "" && !t.hasCap(s[0], s[1]) && !t.namesOnly(s[0], s[1]) {
			return [2]int{}, false
		}
		a, b := t.bounds(s[0], s[1])
		return [2]int{a, b}, b > a
	}
	return [2]int{}, false
}

// headlineOnly says whether a paragraph is nothing but a few words in marks without a
// stop: a heading, which nobody says.
func (t *sent) headlineOnly(p *para) bool {
	if t.l.code != "fr" || len(t.s) != 1 || !t.isQuote(0) {
		return false
	}
	s := strings.TrimSpace(t.text[p.from:p.to])
	q := &t.s[0]
	in := strings.TrimSpace(t.text[q.from:q.to])
	return int(q.outTo-q.outFrom) >= len(s) && q.in1-q.in0 <= 12 && in != "" && strings.IndexByte(".!?", in[len(in)-1]) < 0 && !strings.HasSuffix(in, "…")
}
