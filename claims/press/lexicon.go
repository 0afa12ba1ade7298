package press

import (
	"embed"
	"strings"
	"sync"
	"unicode/utf8"

	"constat/claims/statement"
	"constat/internal/zones"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// verb is a verb that introduces what somebody said.
type verb struct {
	lemma, particle string
	kind            statement.Kind
	flags           string
}

func (v *verb) has(flag byte) bool { return strings.IndexByte(v.flags, flag) >= 0 }

// form is one inflected form of a verb; the same spelling may be several.
type form struct {
	v                            *verb
	fin, past, part, ger, inf, s bool
}

type wordSet map[string]bool

func words(s string) wordSet {
	m := wordSet{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// language is what the reader knows of one language.
type language struct {
	code  string
	verbs map[string][]form
	// common are verbs that tell nothing; they say where a clause has its verb.
	common map[string][]form

	det, poss, prep, pron, first, conj, rel, sub, adv, have, be, modal, neg wordSet
	light                                                                   wordSet // frequent words, to tell the language by
	spared                                                                  wordSet // words with a capital that are no names
}

// noun is what a noun says about the one it stands for.
type noun struct {
	role string // a line's name in lexicon/nouns.txt
}

// lexicon is everything in lexicon/, read once.
type lexicon struct {
	langs   map[string]*language
	nouns   map[string]noun
	outlets map[string]bool // folded names, blanks between words
	longest int             // words in the longest outlet's name
	places  map[string]place
	claims  map[string]wordSet // lexicon/claims.txt by the lines' names
	given   map[string]byte    // first names: 'm', 'f'
	// companies and bodies are names in lower case, blanks between words.
	companies, bodies map[string]bool
	heads             map[string]bool // first words of all those names and of outlets'
}

type place struct {
	code, zone string
	demonym    bool
}

var theLexicon = sync.OnceValue(func() *lexicon {
	x := &lexicon{langs: map[string]*language{}, nouns: map[string]noun{}, outlets: map[string]bool{}, places: map[string]place{}, claims: map[string]wordSet{}, companies: map[string]bool{}, bodies: map[string]bool{}, given: map[string]byte{}}
	for line := range lines("firstnames") {
		for _, w := range strings.Fields(line[2:]) {
			x.given[w] = line[0]
		}
	}
	for file, set := range map[string]map[string]bool{"companies": x.companies, "bodies": x.bodies} {
		for line := range lines(file) {
			for _, w := range strings.Split(line, "|") {
				set[lower(w)] = true
			}
		}
	}
	for line := range lines("claims") {
		name, list, _ := strings.Cut(line, ":")
		if x.claims[name] == nil {
			x.claims[name] = wordSet{}
		}
		for _, w := range strings.Fields(list) {
			x.claims[name][w] = true
		}
	}
	for line := range lines("nouns") {
		role, list, _ := strings.Cut(line, ":")
		for _, w := range strings.Fields(list) {
			if _, ok := x.nouns[w]; !ok {
				x.nouns[w] = noun{role}
			}
		}
	}
	for line := range lines("outlets") {
		w := lower(line)
		x.outlets[w] = true
		x.longest = max(x.longest, len(strings.Fields(w)))
	}
	x.heads = map[string]bool{}
	for _, set := range []map[string]bool{x.outlets, x.companies, x.bodies} {
		for name := range set {
			head := strings.Fields(name)[0]
			if k := strings.IndexByte(head, '\''); k > 0 {
				x.heads[head[:k+1]] = true
			}
			x.heads[head] = true
		}
	}
	for line := range lines("places") {
		f := strings.SplitN(line, "|", 3)
		head := strings.Fields(f[0])
		zone := ""
		if len(head) > 1 {
			zone = head[1]
		} else if z := zones.Of(head[0]); len(z) > 0 {
			zone = z[0]
		}
		for i, list := range f[1:] {
			for _, w := range strings.Fields(list) {
				x.places[lower(w)] = place{head[0], zone, i == 1}
			}
		}
	}
	en := &language{
		code: "en", verbs: map[string][]form{}, common: map[string][]form{},
		det:    words("the a an this that these those its his her their our my your some any no all both several many most few each every another other such one two three four five six"),
		poss:   words("its his her their our my your"),
		prep:   words("of in on at to for from by with without about against between among during after before since until over under into through within via per as despite amid following across near behind beyond inside outside upon toward towards"),
		pron:   words("he she they it"),
		first:  words("i we you me us"),
		conj:   words("and but or nor yet so"),
		rel:    words("who which whom whose that where"),
		sub:    words("that who which whom whose where when while as because if although though since unless whether until before after what how why than"),
		adv:    words("also then later again even still already earlier once now yet too not never n't further furthermore moreover besides likewise elsewhere otherwise afterwards however meanwhile instead therefore thus nevertheless nonetheless reportedly allegedly separately today yesterday tonight always often just only simply perhaps itself himself herself themselves soon twice first outright"),
		have:   words("has have had having 've"),
		be:     words("is are was were be been being 're 'm"),
		modal:  words("will would could can may might shall should must did does do to won't wouldn't couldn't can't cannot 'll 'd"),
		neg:    words("not never no n't didn't doesn't don't hasn't haven't hadn't neither nor isn't wasn't aren't weren't won't wouldn't can't couldn't cannot nobody nothing none"),
		light:  words("the of and to in that is was for it with as his on be at by had not are but from have they which this you were her all she there would their we him been has when who will more if no out so said what up its about into than them can only other"),
		spared: words("the a an this that these those his her their our its i he she they it we you in on at for from by with but and or so yet as if when while after before since until meanwhile however although though because not no nobody none nothing others some many most several both each every all another one two three four five there here what who why how which then now still even also only such is was were are have has had do does did asked read share follow more according per last next today yesterday monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december late early earlier later replying speaking instead intelligence cyber western internet forensics"),
	}
	for line := range lines("en-verbs") {
		for v, forms := range verbLine(line) {
			en.conjugate(en.verbs, v, forms)
		}
	}
	for line := range lines("en-common") {
		for v, forms := range verbLine(":" + line) {
			en.conjugate(en.common, v, forms)
		}
	}
	fr := &language{
		code: "fr", verbs: map[string][]form{}, common: map[string][]form{},
		det:    words("le la les l' un une des du ce cet cette ces son sa ses leur leurs notre nos votre vos mon ma mes plusieurs certains certaines quelques différents différentes divers diverses aucun aucune chaque tout toute tous toutes deux trois quatre cinq six l'un l'une autre"),
		poss:   words("son sa ses leur leurs notre nos mon ma mes"),
		prep:   words("de d' du des à au aux en dans par pour sur sous avec sans chez vers contre entre depuis pendant avant après devant derrière lors dès jusque jusqu' selon malgré parmi durant via outre face grâce"),
		pron:   words("il elle ils elles on celui-ci celle-ci ceux-ci celles-ci"),
		first:  words("je j' nous vous tu"),
		conj:   words("et mais ou or car ni donc"),
		rel:    words("qui que qu' dont où lequel laquelle lesquels lesquelles auquel auxquelles auxquels duquel desquels desquelles"),
		sub:    words("que qu' qui dont où quand lorsque lorsqu' alors tandis parce puisque puisqu' si comme quoique quoiqu' lequel laquelle lesquels lesquelles auquel auxquelles auxquels duquel desquels desquelles afin pourquoi comment"),
		adv:    words("aussi également toujours encore déjà toutefois pourtant ensuite alors ainsi cependant notamment par ailleurs plus tard aussitôt enfin même bien mieux souvent jamais pas ne n' hier aujourd'hui désormais lui-même elle-même eux-mêmes néanmoins ensuite tantôt puis peu après revanche maintenant"),
		have:   words("a ont avait avaient aurait auraient ait aient eut eurent aura auront ayant ai avons avions avais avez"),
		be:     words("est sont était étaient serait seraient soit soient fut furent sera seront été être étant sommes suis étions étais"),
		modal:  words("peut peuvent pourrait pourraient doit doivent devrait devraient veut veulent va vont"),
		neg:    words("ne n' pas jamais aucun aucune rien ni personne nul nulle point"),
		light:  words("le la les de des du et un une est que qui dans pour pas sur au aux par plus ne se ce il elle en son sa ses avec sont été cette mais ou où leur nous vous avait était ont a d' l' qu' n' s' c'"),
		spared: words("le la les l' un une des du ce cet cette ces son sa ses leur leurs il elle ils elles on je nous vous en dans à au aux de d' pour par sur selon mais et ou or car si quand lorsque alors comme après avant depuis lors hier aujourd'hui plusieurs certains différents différentes divers diverses beaucoup tous toutes deux trois quatre personne rien aucun aucune ni qui que qu' dont où pourquoi comment interrogé interrogée contacté contactée questionné questionnée joint jointe plus devant pendant depuis malgré sans celui-ci celle-ci l'un lire partager suivez-nous publicité lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre autre autres d'une d'autre cela c' n' s' j' y"),
	}
	for line := range lines("fr-verbs") {
		for v, forms := range verbLine(line) {
			fr.conjugateFR(fr.verbs, v, forms)
		}
	}
	for line := range lines("fr-common") {
		for v, forms := range verbLine(":" + line) {
			fr.conjugateFR(fr.common, v, forms)
		}
	}
	x.langs["en"], x.langs["fr"] = en, fr
	return x
})

// lines gives the lines of a file of the lexicon without comments.
func lines(name string) func(func(string) bool) {
	data, err := lexiconFiles.ReadFile("lexicon/" + name + ".txt")
	if err != nil {
		panic(err) // it is compiled in
	}
	return func(yield func(string) bool) {
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// verbLine reads "KIND FLAGS: verb verb(forms)~flags verb+particle".
func verbLine(line string) func(func(*verb, []string) bool) {
	head, list, _ := strings.Cut(line, ":")
	kind, flags, _ := strings.Cut(head, " ")
	return func(yield func(*verb, []string) bool) {
		for _, f := range strings.Fields(list) {
			f, extra, _ := strings.Cut(f, "~")
			var forms []string
			name, in, ok := strings.Cut(f, "(")
			if ok {
				forms = strings.Split(strings.TrimSuffix(in, ")"), ",")
			}
			v := &verb{kind: statement.Kind(kind), flags: strings.TrimSpace(flags) + extra}
			v.lemma, v.particle, _ = strings.Cut(name, "+")
			if !yield(v, forms) {
				return
			}
		}
	}
}

func put(m map[string][]form, w string, f form) { m[w] = append(m[w], f) }

// conjugate adds the forms of an English verb; forms are 3rd person, past,
// participle, -ing.
func (l *language) conjugate(m map[string][]form, v *verb, forms []string) {
	b := v.lemma
	if b == "be" {
		return
	}
	vowel := func(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }
	if forms == nil {
		third, past, ing := b+"s", b+"ed", b+"ing"
		switch {
		case strings.HasSuffix(b, "e"):
			past, ing = b+"d", b[:len(b)-1]+"ing"
		case strings.HasSuffix(b, "y") && !vowel(b[len(b)-2]):
			third, past = b[:len(b)-1]+"ies", b[:len(b)-1]+"ied"
		case strings.HasSuffix(b, "s"), strings.HasSuffix(b, "sh"), strings.HasSuffix(b, "ch"), strings.HasSuffix(b, "x"):
			third = b + "es"
		}
		forms = []string{third, past, past, ing}
	}
	put(m, b, form{v: v, fin: true, inf: true})
	put(m, forms[0], form{v: v, fin: true, s: true})
	put(m, forms[1], form{v: v, fin: true, past: true, part: forms[1] == forms[2]})
	if forms[2] != forms[1] {
		put(m, forms[2], form{v: v, part: true})
	}
	put(m, forms[3], form{v: v, ger: true})
}

// conjugateFR adds the forms of a French verb; forms are present singular and
// plural, participle, present participle, passé simple singular and plural,
// imparfait singular and plural.
func (l *language) conjugateFR(m map[string][]form, v *verb, forms []string) {
	b := v.lemma
	if strings.HasPrefix(b, "s'") || b == "se" {
		return // the verb stands without its pronoun as well
	}
	if forms == nil {
		r := strings.TrimSuffix(b, "er")
		soft := r // before a
		switch {
		case strings.HasSuffix(r, "c"):
			soft = r[:len(r)-1] + "ç"
		case strings.HasSuffix(r, "g"):
			soft = r + "e"
		}
		open := r // before a silent e: "opère", "cède"
		if k := strings.LastIndex(r, "é"); k >= 0 && len(r)-k-len("é") >= 1 && len(r)-k-len("é") <= 2 && !strings.ContainsAny(r[k+len("é"):], "aeiouyéè") {
			open = r[:k] + "è" + r[k+len("é"):]
		}
		forms = []string{open + "e", open + "ent", r + "é", soft + "ant", soft + "a", r + "èrent", soft + "ait", soft + "aient"}
	}
	for i, f := range forms {
		switch i {
		case 0:
			put(m, f, form{v: v, fin: true, s: true})
		case 2:
			for _, end := range []string{"", "e", "s", "es"} {
				if end == "s" && strings.HasSuffix(f, "s") {
					continue
				}
				put(m, f+end, form{v: v, part: true})
			}
		case 3:
			put(m, f, form{v: v, ger: true})
		default:
			put(m, f, form{v: v, fin: true, past: i > 3})
		}
	}
	put(m, b, form{v: v, inf: true})
}

// endsIn says whether a word ends in one of the endings and is longer.
func endsIn(w string, ends ...string) bool {
	for _, e := range ends {
		if len(w) > len(e)+2 && strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

func runeLen(s string) int { return utf8.RuneCountInString(s) }
