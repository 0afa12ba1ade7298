package press

// Lists of things that somebody denies or condemns, and what stands between dashes.

// listEnd gives where a list of things goes on to that the comma at i is within, up to its
// last item; i if none does. Example: "denied leaks, outages and bribes in a letter" goes on to "in".
// A verb behind the last item shows that the comma ended what was denied: "denied the charges,
// police and prosecutors said". After is where the things begin behind the verb.
func (t *sent) listEnd(after, i, hi int) int {
	if t.l.code != "en" || !t.is(i, ",") || i <= after || !t.itemAt(i+1) {
		return i
	}
	for k := i + 1; k < hi && k < i+24; k++ {
		switch {
		case t.is(k, "and", "or", "nor"):
			if e := t.lastItem(k, hi); e > k && k-1 != i {
				return e
			}
			return i
		case t.is(k, ","):
			if !t.is(k+1, "and", "or") && !t.itemAt(k+1) {
				return i
			}
		case !t.isWord(k), t.groupAt[k] >= 0, t.isTime(k), t.l.sub[t.low(k)], t.l.rel[t.low(k)]:
			return i
		}
	}
	return i
}

// lastItem gives where the last thing of a list ends, behind "and" at k; k if a verb shows that
// it is the subject of something else.
func (t *sent) lastItem(k, hi int) int {
	if !t.itemAt(k + 1) {
		return k
	}
	e := k + 2
	for e < hi && e < k+8 && t.isWord(e) && t.groupAt[e] < 0 && !t.l.prep[t.low(e)] && !t.isTime(e) && !t.l.sub[t.low(e)] && !t.l.conj[t.low(e)] {
		e++
	}
	if e >= len(t.s) {
		return e
	}
	// Behind a preposition or a form in -ed no verb of the sentence follows.
	open := t.isWord(e) && (t.l.prep[t.low(e)] || endsIn(t.low(e), "ed"))
	if t.is(e, ":") || t.isWord(e) && t.groupAt[e] >= 0 && !open || t.saysIn(k, min(e+4, hi)) || t.groupAhead(e, 4) && !open {
		return k
	}
	return e
}

// itemAt says whether what begins at i may be a thing in a list: no preposition, pronoun,
// participle or name, which begin something else behind a comma.
func (t *sent) itemAt(i int) bool {
	w := t.low(i)
	return t.isWord(i) && !t.l.prep[w] && !t.l.pron[w] && !t.l.first[w] && !t.l.rel[w] && !t.l.sub[w] && !t.l.conj[w] && !t.adverb(i) && !t.isTime(i) && t.groupAt[i] < 0 && !remarks[w] && !t.s[i].cap &&
		(!endsIn(w, "ing") || t.x.claims["claim"][w])
}

// dashedAside gives the dash that closes what the dash at i opens, within twenty tokens; i if
// none does.
func (t *sent) dashedAside(i, hi int) int {
	if !t.is(i, "–") {
		return i
	}
	for k := i + 1; k < hi && k < i+20; k++ {
		if t.is(k, "–") {
			return k
		}
		if t.is(k, ";", ":") {
			break
		}
	}
	return i
}
