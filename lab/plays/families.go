package plays

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
)

// Family is a generator of events of one kind.
type Family struct {
	Name string
	What string // in a line
	play func(*World) []Question
}

// Families are all of them, in the order of tables.
var Families = []Family{
	{"cuts", "routes are withdrawn, by all or by some, once or several times", cuts},
	{"hand-overs", "a prefix goes from one network to another, and perhaps back, while others of it are lost", handOvers},
	{"hijacks", "another network announces the same prefix, before, in or through an outage", hijacks},
	{"more specifics", "another network announces a part of a prefix, before, in or through an outage", moreSpecifics},
	{"strangers", "in an outage of a country a network from elsewhere announces some of its addresses", strangers},
	{"renumberings", "one prefix goes and another comes, which is lost in its turn", renumberings},
	{"tables again", "sessions break, or seem not to, and send whole tables, with and without the prefixes", tablesAgain},
	{"tables without", "tables are without routes that no record withdraws", tablesWithout},
	{"holes", "files are missing, and routes are lost inside, before or behind", holes},
	{"copies", "the second collector's files are those of the first, with other times", copies},
	{"flapping", "many prefixes come and go, and one is out for long", flapping},
	{"several origins", "two networks announce a prefix, each at its own peers", severalOrigins},
	{"covers", "a less specific of the network stands at few peers, or comes late", covers},
	{"migrations", "a network moves from one block to another, in steps", migrations},
	{"mixtures", "any of these, and beside it resets, holes, more tables or none, stuck routes, shorter questions", nil},
}

// FamilyOf finds a family by its name.
func FamilyOf(name string) (Family, bool) {
	i := slices.IndexFunc(Families, func(f Family) bool { return f.Name == name })
	if i < 0 {
		return Family{}, false
	}
	return Families[i], true
}

// Play makes the world of a seed with the questions about it.
func (f Family) Play(seed uint64) (*World, []Question) {
	r := rand.New(rand.NewPCG(seed, uint64(len(f.Name))<<32|uint64(f.Name[0])<<8|uint64(f.Name[len(f.Name)-1])))
	w := newWorld(f.Name, seed, r)
	play := f.play
	if play == nil {
		play = mixtures
	}
	qs := play(w)
	w.order()
	for i := range qs {
		if qs[i].From == 0 {
			qs[i].From = noon + 300
		}
		if qs[i].Until == 0 {
			qs[i].Until = noon + span
		}
	}
	return w, qs
}

// minutes gives a moment by minutes after noon, moved by up to half a minute.
func (w *World) minutes(m int) int64 { return noon + int64(m)*60 + int64(w.rng.IntN(61)) - 30 }

func asked(as uint32) Question {
	return Question{Asked: fmt.Sprintf("AS%d", as), Origins: []uint32{as}}
}

func askedOf(q netip.Prefix) Question { return Question{Asked: q.String(), Prefix: q} }

// block4 is the n-th block of 1,024 addresses of the play.
func block4(n int) netip.Prefix { return prefix4(185, 10+n, 0, 0, 22) }

// some picks peers: all, all but a few, about half, or few.
func (w *World) some() func(int) bool {
	shares := []float64{1, 1, 1, 0.95, 0.75, 0.5, 0.3}
	share := shares[w.rng.IntN(len(shares))]
	in := make([]bool, len(w.Peers))
	for i := range in {
		in[i] = w.rng.Float64() < share
	}
	return func(i int) bool { return in[i] }
}

func (w *World) chance(p float64) bool { return w.rng.Float64() < p }

// lease makes the registries' lists have a block, half of the time.
func (w *World) list(q netip.Prefix, holder uint32) { w.blocks = append(w.blocks, block{q, holder}) }

func cuts(w *World) []Question {
	n := 1 + w.rng.IntN(3)
	for k := range n {
		w.has(block4(k), subjectAS)
	}
	at := 10 + w.rng.IntN(40)
	for range 1 + w.rng.IntN(3) {
		d := 1 + w.rng.IntN(25)
		from, until := w.minutes(at), w.minutes(at+d)
		who := w.some()
		for k := range n {
			if k == 0 || w.chance(0.7) {
				w.withdraw(from, block4(k), who)
				if at+d < 110 && w.chance(0.95) {
					w.announce(until+30, block4(k), subjectAS, nil)
				}
			}
		}
		at += d + 1 + w.rng.IntN(20)
		if at > 100 {
			break
		}
	}
	q := asked(subjectAS)
	if w.chance(0.2) {
		q.From = w.minutes(10 + w.rng.IntN(60))
	}
	if w.chance(0.2) {
		q.Until = w.minutes(75 + w.rng.IntN(40))
	}
	return []Question{q, askedOf(block4(0))}
}

func handOvers(w *World) []Question {
	a, b := uint32(subjectAS), uint32(subjectAS+1)
	moved, ownA, ownB := block4(0), block4(1), block4(2)
	w.has(moved, b)
	w.has(ownA, a)
	w.has(ownB, b)
	if w.chance(0.5) {
		w.list(moved, b)
		w.list(ownA, a)
		w.list(ownB, b)
		if w.chance(0.3) {
			w.same = []uint32{b}
		}
	}
	at := 15 + w.rng.IntN(20)
	over := w.minutes(at)
	if w.chance(0.4) { // with a gap
		w.withdraw(over, moved, nil)
		over += int64(20 + w.rng.IntN(600))
	}
	who := w.some()
	w.announce(over, moved, a, who)
	at = int(over-noon)/60 + 2 + w.rng.IntN(25)
	if w.chance(0.5) { // and back
		w.announce(w.minutes(at), moved, b, who)
		at += 3 + w.rng.IntN(15)
	}
	out := w.minutes(at)
	back := out + int64(60+w.rng.IntN(1800))
	for _, q := range []netip.Prefix{moved, ownA, ownB} {
		if !w.chance(0.6) {
			continue
		}
		held := map[int]uint32{}
		for i, p := range w.Peers {
			held[i] = lastOf(p, q)
		}
		w.withdraw(out, q, nil)
		if w.chance(0.9) {
			for _, as := range []uint32{a, b} {
				w.announce(back, q, as, func(i int) bool { return held[i] == as })
			}
		}
	}
	return []Question{asked(a), asked(b), askedOf(moved)}
}

// lastOf gives who originated the last route that a peer came to hold so far.
func lastOf(p *Peer, q netip.Prefix) uint32 {
	as, at := originOf(p.base[q]), int64(0)
	for _, c := range p.changes {
		if c.prefix == q && c.at >= at {
			as, at = originOf(c.path), c.at
		}
	}
	return as
}

// around draws when an outage begins and ends, and when another's announcement does.
func (w *World) around() (out, back, from, until int64) {
	out = w.minutes(30 + w.rng.IntN(15))
	back = out + int64(300+w.rng.IntN(2400))
	switch w.rng.IntN(5) {
	case 0: // without an outage
		from = w.minutes(20 + w.rng.IntN(40))
		until = from + int64(120+w.rng.IntN(2400))
		return 0, 0, from, until
	case 1: // begins before it and ends in it
		from = out - int64(120+w.rng.IntN(600))
		until = w.between(out+60, back-60)
	case 2: // in it
		from = w.between(out+40, back-200)
		until = w.between(from+60, back-40)
	case 3: // begins in it and ends behind it
		from = w.between(out+40, back-60)
		until = back + int64(60+w.rng.IntN(1200))
	default: // begins before it and ends behind it
		from = out - int64(120+w.rng.IntN(600))
		until = back + int64(60+w.rng.IntN(1200))
	}
	return out, back, from, until
}

// hijacks: a stranger's announcement takes the place of the holder's at some peers. Where it
// ends the holder's stands again, if the holder announces then.
func hijacks(w *World) []Question {
	q := block4(0)
	w.has(q, subjectAS)
	more := w.chance(0.5)
	if more {
		w.has(block4(1), subjectAS)
	}
	if w.chance(0.6) {
		w.list(q, subjectAS)
	}
	out, back, from, until := w.around()
	who := w.some()
	fallsBack := w.chance(0.8)
	for i, p := range w.Peers {
		var cs []change
		add := func(t int64, as uint32) {
			c := change{at: t + w.jitter(), prefix: q}
			if as != 0 {
				c.path = via(p, as)
			}
			cs = append(cs, c)
		}
		taken := func(t int64) bool { return who(i) && t >= from && t < until }
		if out > 0 && !taken(out) {
			add(out, 0)
		}
		if who(i) {
			add(from, strangerAS)
			switch {
			case out == 0 || until < out || until >= back:
				if fallsBack {
					add(until, subjectAS)
				} else {
					add(until, 0)
					add(until+90, subjectAS)
				}
			default:
				add(until, 0)
			}
		}
		if out > 0 && !taken(back) {
			add(back, subjectAS)
		}
		p.changes = append(p.changes, cs...)
	}
	if more && out > 0 {
		w.withdraw(out, block4(1), nil)
		w.announce(back, block4(1), subjectAS, nil)
	}
	other := asked(strangerAS)
	if out == 0 || from < out+300 { // the holder's stood until then
		other.Aside = map[netip.Prefix]bool{q: true}
	}
	return []Question{asked(subjectAS), other, askedOf(q)}
}

func moreSpecifics(w *World) []Question {
	q := block4(0)
	part := prefix4(185, 10, w.rng.IntN(4), 0, 24)
	if w.chance(0.3) {
		part = prefix4(185, 10, 2*w.rng.IntN(2), 0, 23)
	}
	w.has(q, subjectAS)
	if w.chance(0.6) {
		w.list(q, subjectAS)
	}
	out, back, from, until := w.around()
	who := w.some()
	if out > 0 {
		w.withdraw(out, q, nil)
		w.announce(back, q, subjectAS, nil)
	}
	w.announce(from, part, strangerAS, who)
	w.withdraw(until, part, who)
	other := asked(strangerAS)
	ofPart := askedOf(part)
	if out == 0 || from < out+300 {
		other.Aside = map[netip.Prefix]bool{part: true}
	}
	// The part has no holder of its own: that the less specific stands makes it no outage.
	if out == 0 || from < out {
		ofPart.Aside = map[netip.Prefix]bool{part: true}
	}
	return []Question{asked(subjectAS), other, askedOf(q), ofPart}
}

func strangers(w *World) []Question {
	n := 3
	for k := range n {
		w.has(block4(k), subjectAS+uint32(k))
		w.list(block4(k), subjectAS+uint32(k))
	}
	out, back, from, until := w.around()
	target := w.rng.IntN(n)
	q := block4(target)
	who := w.some()
	stays := w.chance(0.3) // its routes stay to the end
	returns := w.chance(0.8)
	for k := range n {
		if k != target && out > 0 && w.chance(0.7) {
			w.withdraw(out, block4(k), nil)
			w.announce(back, block4(k), subjectAS+uint32(k), nil)
		}
	}
	for i, p := range w.Peers {
		var cs []change
		add := func(t int64, as uint32) {
			c := change{at: t + w.jitter(), prefix: q}
			if as != 0 {
				c.path = via(p, as)
			}
			cs = append(cs, c)
		}
		taken := func(t int64) bool { return who(i) && t >= from && (stays || t < until) }
		if out > 0 && !taken(out) {
			add(out, 0)
		}
		if who(i) {
			add(from, strangerAS)
			if !stays {
				if (out == 0 || until < out || until >= back) && returns {
					add(until, subjectAS+uint32(target))
				} else {
					add(until, 0)
				}
			}
		}
		if out > 0 && !taken(back) && returns {
			add(back, subjectAS+uint32(target))
		}
		p.changes = append(p.changes, cs...)
	}
	ua := Question{Asked: "UA", Origins: []uint32{subjectAS, subjectAS + 1, subjectAS + 2, subjectAS + 3}, Foreign: []uint32{strangerAS}}
	return []Question{ua, asked(subjectAS + uint32(target)), askedOf(q)}
}

func renumberings(w *World) []Question {
	old, now := block4(0), block4(1)
	if w.chance(0.3) {
		now = prefix4(185, 11, 0, 0, 24)
	}
	w.has(old, subjectAS)
	if w.chance(0.4) {
		w.has(block4(3), subjectAS)
	}
	at := w.minutes(20 + w.rng.IntN(15))
	w.withdraw(at, old, nil)
	came := at + int64(w.rng.IntN(900)) - 300
	w.announce(came, now, subjectAS, nil)
	if w.chance(0.6) {
		out := max(came, at) + int64(120+w.rng.IntN(1500))
		w.withdraw(out, now, nil)
		if w.chance(0.8) {
			w.announce(out+int64(60+w.rng.IntN(1200)), now, subjectAS, nil)
		}
		if w.chance(0.3) {
			w.withdraw(out+int64(w.rng.IntN(40)), block4(3), nil)
			w.announce(out+int64(90+w.rng.IntN(1200)), block4(3), subjectAS, nil)
		}
	}
	if w.chance(0.2) {
		w.announce(w.minutes(105), old, subjectAS, nil)
	}
	return []Question{asked(subjectAS), askedOf(old), askedOf(now)}
}

func tablesAgain(w *World) []Question {
	n := 1 + w.rng.IntN(3)
	for k := range n {
		w.has(block4(k), subjectAS)
	}
	cut := w.minutes(30)
	back := cut + int64(120+w.rng.IntN(2700))
	lose := 0
	switch w.rng.IntN(4) {
	case 0: // nothing is cut
	case 1:
		lose = n
	default:
		lose = 1 + w.rng.IntN(n)
	}
	for k := range lose {
		w.withdraw(cut, block4(k), nil)
		if w.chance(0.9) {
			w.announce(back, block4(k), subjectAS, nil)
		}
	}
	who := w.some()
	noted, marked := w.chance(0.6), w.chance(0.5)
	silent := !noted && w.chance(0.6)
	down := cut - 60 + int64(w.rng.IntN(90))
	length := int64(30 + w.rng.IntN(300))
	one := w.chance(0.3)
	for i, p := range w.Peers {
		if !who(i) || one && p.Collector == 1 {
			continue
		}
		from := down + w.jitter()
		p.breaks = append(p.breaks, rest{from: from, until: from + length, noted: noted, marked: marked, silent: silent})
		if silent { // what it lost meanwhile was lost with the session before
			for k := range p.changes {
				if c := &p.changes[k]; c.path == nil && c.at >= from && c.at < from+length {
					c.mute = true
				}
			}
		}
	}
	if w.chance(0.4) {
		w.tables = append(w.tables, noon+3600)
	}
	return []Question{asked(subjectAS), askedOf(block4(0))}
}

func tablesWithout(w *World) []Question {
	n := 1 + w.rng.IntN(2)
	for k := range n {
		w.has(block4(k), subjectAS)
	}
	cut := w.minutes(22 + w.rng.IntN(20))
	back := cut + int64(600+w.rng.IntN(2700))
	who := w.some()
	mute := w.rng.Float64()
	w.withdraw(cut, block4(0), who)
	for _, p := range w.Peers {
		if w.chance(mute) {
			for k := range p.changes {
				p.changes[k].mute = true
			}
		}
	}
	if w.chance(0.9) {
		w.announce(back, block4(0), subjectAS, nil)
	}
	if n > 1 && w.chance(0.5) {
		out := w.minutes(85)
		w.withdraw(out, block4(1), nil)
		w.announce(out+int64(60+w.rng.IntN(600)), block4(1), subjectAS, nil)
	}
	w.tables = append(w.tables, noon+2700)
	if w.chance(0.5) {
		w.tables = append(w.tables, noon+4800)
	}
	return []Question{asked(subjectAS), askedOf(block4(0))}
}

func holes(w *World) []Question {
	n := 1 + w.rng.IntN(3)
	for k := range n {
		w.has(block4(k), subjectAS)
	}
	from := int64(noon + slot*(4+w.rng.IntN(5)))
	until := from + int64(slot*(1+w.rng.IntN(5)))
	c := -1
	if w.chance(0.4) {
		c = w.rng.IntN(2)
	}
	w.holes = append(w.holes, hole{c, from, until})
	cut := w.between(from-400, until+400)
	back := cut + int64(60+w.rng.IntN(3000))
	who := w.some()
	for k := range n {
		if k == 0 || w.chance(0.5) {
			w.withdraw(cut, block4(k), who)
			if w.chance(0.85) {
				w.announce(back, block4(k), subjectAS, nil)
			}
		}
	}
	for m := range 3 {
		if t := until + int64(slot*(1+3*m)); w.chance(0.5) && t < noon+span {
			w.tables = append(w.tables, t)
		}
	}
	if w.chance(0.3) {
		again := w.minutes(95)
		w.withdraw(again, block4(n-1), nil)
		w.announce(again+int64(60+w.rng.IntN(300)), block4(n-1), subjectAS, nil)
	}
	return []Question{asked(subjectAS), askedOf(block4(0))}
}

func copies(w *World) []Question {
	w.Peers = slices.DeleteFunc(w.Peers, func(p *Peer) bool { return p.Collector == 1 })
	w.has(block4(0), subjectAS)
	cut := w.minutes(25 + w.rng.IntN(20))
	w.withdraw(cut, block4(0), nil)
	w.announce(cut+int64(120+w.rng.IntN(2400)), block4(0), subjectAS, nil)
	by, start := int64(1+w.rng.IntN(30)), int64(noon+slot*w.rng.IntN(24))
	c := &copied{}
	switch w.rng.IntN(4) {
	case 0: // the same bytes
		c.shift = func(int64) int64 { return 0 }
	case 1: // one second and more, all of it
		c.shift = func(int64) int64 { return by }
	case 2: // from a file on
		c.shift = func(s int64) int64 {
			if s >= start {
				return by
			}
			return 0
		}
	default: // one file
		c.shift = func(s int64) int64 {
			if s == start {
				return by
			}
			return 0
		}
	}
	if w.chance(0.4) {
		c.skip = int64(noon + slot*w.rng.IntN(24))
	}
	w.copied = c
	q := asked(subjectAS)
	q.Single = true
	p := askedOf(block4(0))
	p.Single = true
	return []Question{q, p}
}

func flapping(w *World) []Question {
	long := block4(0)
	if w.chance(0.5) {
		long = prefix4(185, 10, 0, 0, 24)
	}
	w.has(long, subjectAS)
	n := 1 + w.rng.IntN(12)
	until := w.minutes(20 + w.rng.IntN(80))
	for k := range n {
		q := prefix4(186, k, 0, 0, 24)
		w.has(q, subjectAS)
		at := w.minutes(6 + w.rng.IntN(20))
		for range 5 + w.rng.IntN(20) {
			d := int64(5 + w.rng.IntN(50))
			for i, p := range w.Peers {
				late := int64(i % 4)
				p.changes = append(p.changes, change{at: at + late, prefix: q}, change{at: at + d + late, prefix: q, path: via(p, subjectAS)})
			}
			at += d + int64(20+w.rng.IntN(100))
			if at > until {
				break
			}
		}
	}
	out := w.minutes(25 + w.rng.IntN(30))
	w.withdraw(out, long, w.some())
	w.announce(out+int64(300+w.rng.IntN(2400)), long, subjectAS, nil)
	return []Question{asked(subjectAS), askedOf(long)}
}

func severalOrigins(w *World) []Question {
	q := block4(0)
	share := 0.2 + 0.6*w.rng.Float64()
	first := make([]bool, len(w.Peers))
	for i, p := range w.Peers {
		first[i] = w.rng.Float64() < share
		if first[i] {
			p.base[q] = via(p, subjectAS)
		} else {
			p.base[q] = via(p, strangerAS)
		}
	}
	w.several = true
	if w.chance(0.4) {
		w.has(block4(1), subjectAS)
	}
	out := w.minutes(25 + w.rng.IntN(20))
	back := out + int64(120+w.rng.IntN(2400))
	mine := func(i int) bool { return first[i] }
	theirs := func(i int) bool { return !first[i] }
	switch w.rng.IntN(4) {
	case 0: // the first is gone, and its peers take the other's
		w.announce(out, q, strangerAS, mine)
		w.announce(back, q, subjectAS, mine)
	case 1: // its routes are withdrawn
		w.withdraw(out, q, mine)
		w.announce(back, q, subjectAS, mine)
	case 2: // both go
		w.withdraw(out, q, nil)
		w.announce(back, q, subjectAS, mine)
		w.announce(back+int64(w.rng.IntN(300)), q, strangerAS, theirs)
	default: // the other's for some seconds, then nothing
		w.announce(out, q, strangerAS, mine)
		w.withdraw(out+20+int64(w.rng.IntN(60)), q, mine)
		w.announce(back, q, subjectAS, mine)
	}
	return []Question{asked(subjectAS), asked(strangerAS), askedOf(q)}
}

func covers(w *World) []Question {
	q, over := block4(0), prefix4(185, 8, 0, 0, 14)
	if w.chance(0.3) {
		over = prefix4(185, 10, 0, 0, 21)
	}
	w.has(q, subjectAS)
	who := w.some()
	by := uint32(subjectAS)
	if w.chance(0.3) {
		by = providerAS + 665 // another network's: the stranger
	}
	out := w.minutes(25 + w.rng.IntN(20))
	back := out + int64(120+w.rng.IntN(2400))
	switch w.rng.IntN(4) {
	case 0: // it stands
		for i, p := range w.Peers {
			if who(i) {
				p.base[over] = via(p, by)
			}
		}
	case 1: // it is told before the loss
		w.announce(out-int64(60+w.rng.IntN(900)), over, by, who)
	case 2: // in it
		w.announce(w.between(out+30, back), over, by, who)
	default: // it goes with the prefix
		for i, p := range w.Peers {
			if who(i) {
				p.base[over] = via(p, by)
			}
		}
		w.withdraw(out+int64(w.rng.IntN(60)), over, nil)
	}
	w.withdraw(out, q, w.some())
	w.announce(back, q, subjectAS, nil)
	if w.chance(0.4) {
		w.withdraw(w.between(back, back+900), over, nil)
	}
	if w.chance(0.3) { // more specifics take its place
		w.announce(out-10, prefix4(185, 10, 0, 0, 23), subjectAS, nil)
		if w.chance(0.6) {
			w.announce(out-10, prefix4(185, 10, 2, 0, 23), subjectAS, nil)
		}
	}
	if w.chance(0.3) {
		w.tables = nil
		for _, p := range w.Peers { // all is told in the first minutes instead
			for _, x := range slices.SortedFunc(maps.Keys(p.base), byPrefix) {
				p.changes = append(p.changes, change{at: noon + 10 + w.jitter(), prefix: x, path: p.base[x]})
			}
		}
	}
	return []Question{asked(subjectAS), askedOf(q)}
}

func migrations(w *World) []Question {
	n := 2 + w.rng.IntN(3)
	at := w.minutes(15 + w.rng.IntN(10))
	gap := int64(w.rng.IntN(600))
	for k := range n {
		w.has(block4(k), subjectAS)
		w.withdraw(at, block4(k), nil)
		if gap%3 == 0 { // make before break
			w.announce(at-60, block4(10+k), subjectAS, nil)
		} else {
			w.announce(at+gap, block4(10+k), subjectAS, nil)
		}
		at += int64(w.rng.IntN(900))
	}
	out := at + gap + int64(300+w.rng.IntN(1200))
	if w.chance(0.6) {
		back := out + int64(60+w.rng.IntN(1200))
		for k := range n {
			if k == 0 || w.chance(0.8) {
				w.withdraw(out, block4(10+k), nil)
				w.announce(back, block4(10+k), subjectAS, nil)
			}
		}
	}
	if w.chance(0.3) { // one of the old ones comes back
		w.announce(w.minutes(100), block4(0), subjectAS, nil)
	}
	return []Question{asked(subjectAS), askedOf(block4(0)), askedOf(block4(10))}
}

// mixtures are any of the others with things beside that happen to collectors anywhere. Whose a
// prefix is may then not be known, so that nothing is set aside beforehand.
func mixtures(w *World) []Question {
	f := Families[w.rng.IntN(len(Families)-1)]
	qs := f.play(w)
	for i := range qs {
		qs[i].Aside = nil
	}
	if w.chance(0.5) { // sessions of some break, where they had not yet
		who := w.some()
		noted, marked := w.chance(0.7), w.chance(0.5)
		down, length := w.minutes(10+w.rng.IntN(100)), int64(20+w.rng.IntN(400))
		for i, p := range w.Peers {
			if who(i) && len(p.breaks) == 0 && w.chance(0.7) {
				from := down + w.jitter()
				p.breaks = append(p.breaks, rest{from: from, until: from + length, noted: noted, marked: marked})
			}
		}
	}
	if w.chance(0.3) && len(w.holes) == 0 && w.copied == nil {
		from := int64(noon + slot*(2+w.rng.IntN(18)))
		w.holes = append(w.holes, hole{w.rng.IntN(2), from, from + int64(slot*(1+w.rng.IntN(3)))})
	}
	switch {
	case w.chance(0.3):
		for range 1 + w.rng.IntN(3) {
			if t := int64(noon + slot*(1+w.rng.IntN(22))); !slices.Contains(w.tables, t) {
				w.tables = append(w.tables, t)
			}
		}
	case w.chance(0.15):
		w.tables = nil
	}
	if w.chance(0.3) { // one keeps what it had
		p := w.Peers[w.rng.IntN(len(w.Peers))]
		p.changes = slices.DeleteFunc(p.changes, func(c change) bool { return c.path == nil })
	}
	if w.chance(0.4) {
		from := w.minutes(6 + w.rng.IntN(50))
		until := from + int64(900+w.rng.IntN(3600))
		for i := range qs {
			qs[i].From, qs[i].Until = from, min(until, noon+span)
		}
	}
	return qs
}
