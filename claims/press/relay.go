package press

import "strings"

// platforms are sites on which people speak for themselves; they are named as
// outlets behind "on" or "sur".
var platforms = map[string]bool{
	"twitter": true, "x": true, "facebook": true, "instagram": true, "telegram": true, "whatsapp": true, "youtube": true, "linkedin": true,
	"weibo": true, "vkontakte": true, "tiktok": true, "truth social": true, "mastodon": true, "bluesky": true, "reddit": true, "snapchat": true,
}

// common are names of outlets that are words as well: they need "told", "the"
// or a preposition in front.
var commonOutlets = words("time vice dawn fortune wired sun sky mail post journal insider liberté capital challenges map kan sabah punch vanguard express obs petra mena ap tt dh app folha quartz meduza interfax bild arte")

// relays finds the outlets and platforms that a sentence names outside what was
// said, and gives each to the nearest cue: "a déclaré à l'AFP", "sur LCI", "told
// the Daily Post", "said on Twitter".
func (t *sent) relays() {
	if len(t.cues) == 0 {
		return
	}
	for i := 0; i < len(t.s); i++ {
		a, b := t.outletAt(i)
		if b == 0 {
			continue
		}
		var best *cue
		for _, c := range t.cues {
			if len(c.content) == 0 || c.how == noone && c.unnamed {
				continue
			}
			if best == nil || best.nested && !c.nested || best.nested == c.nested && abs(c.a-a) < abs(best.a-a) {
				best = c
			}
		}
		if best != nil && (!t.taken(a, b) || t.platformIn(best, a)) {
			best.outlets = append(best.outlets, [2]int{a, b})
		}
		i = b - 1
	}
}

// taken says whether a range is somebody's words, or somebody who speaks.
func (t *sent) taken(a, b int) bool {
	for _, c := range t.cues {
		for _, k := range c.content {
			if a < k[1] && b > k[0] {
				return true
			}
		}
		if len(c.content) > 0 && (a < c.subj[1] && b > c.subj[0] || a < c.appos[1] && b > c.appos[0]) {
			return true
		}
	}
	return false
}

// outletAt reads the name of an outlet at token i.
func (t *sent) outletAt(i int) (int, int) {
	if !t.isWord(i) {
		return 0, 0
	}
	before := t.low(i - 1)
	if (t.s[i].cap || t.l.det[t.low(i)]) && t.x.heads[t.low(i)] {
		for k := min(len(t.s), i+t.x.longest); k > i; k-- {
			name := lower(t.textOf(i, k))
			if !t.x.outlets[name] || !t.s[k-1].cap && k-1 > i || k-i == 1 && !t.s[i].cap {
				continue
			}
			if commonOutlets[strings.TrimPrefix(name, "the ")] && k-i == 1 && !t.is(i-1, "told", "tells", "telling", "in", "on", "to", "with", "by", "à", "au", "sur", "dans", "par", "the", "le", "la", "l'") {
				return 0, 0
			}
			return i, k
		}
	}
	switch {
	case t.s[i].cap && t.isWord(i+1) && t.s[i+1].cap && platforms[t.low(i)+" "+t.low(i+1)]:
		return i, i + 2
	case t.s[i].cap && platforms[t.low(i)] && (t.is(i-1, "on", "sur", "via", "over", "through") || t.is(i-1, "his", "her", "its", "their", "a", "un", "son", "sa", "leur") && t.is(i+1, "page", "account", "post", "message", "compte")):
		return i, i + 1
	case t.l.code == "en" && t.s[i].caps && t.shortPaper(i):
		return i, i + 1
	case t.s[i].cap && platforms[t.low(i)] && t.is(i+1, "page", "account", "post", "feed", "accounts", "posts", "thread", "message"):
		return i, i + 1
	case t.is(i-1, "told", "tells", "telling") || t.l.det[before] && t.is(i-2, "told", "tells", "telling") || t.l.code == "fr" && (t.is(i-1, "au", "à") || t.is(i-1, "l'", "la", "ce", "cette") && t.is(i-2, "à")):
		// "told the Daily Post", "à ce quotidien", "au journal Le Quai"
		e := i
		for e < len(t.s) && e < i+7 && t.isWord(e) && (t.s[e].cap || t.x.nouns[t.low(e)].role == "outlet" || t.l.code == "fr" && e > i && t.x.nouns[t.low(e-1)].role == "outlet" && t.isWord(e+1) && t.s[e+1].cap && !t.l.prep[t.low(e)] || t.is(e, "de", "du", "of", "agence", "news", "presse", "même", "officielle", "privée", "public", "publique")) {
			e++
		}
		for e > i && !t.s[e-1].cap && t.x.nouns[t.low(e-1)].role != "outlet" {
			e--
		}
		if e == i {
			return 0, 0
		}
		if t.outletRange(i, e) {
			for k := i; k < e; k++ { // the name alone
				if x, y := t.knownAt(k, e); y > x {
					return x, y
				}
			}
			return i, e
		}
		if t.l.det[before] && t.roleIn(i, e) == "outlet" {
			return i, e
		}
	}
	return 0, 0
}

// knownAt reads a listed outlet's name at k.
func (t *sent) knownAt(k, e int) (int, int) {
	if t.isWord(k) && t.s[k].cap && t.x.heads[t.low(k)] {
		for n := e; n > k; n-- {
			if t.x.outlets[lower(t.textOf(k, n))] {
				return k, n
			}
		}
	}
	return 0, 0
}
