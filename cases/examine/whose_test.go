package examine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/report"
)

// delegatedTo is a folder with a list in which a block and an AS number have one holder.
func delegatedTo(t *testing.T, block, as string) string {
	t.Helper()
	dir := t.TempDir()
	list := "2|ripencc|20200229|3|19830705|20200229|+0100\nripencc|UA|asn|" + as + "|1|20050101|allocated|holder\n" +
		"ripencc|UA|ipv4|" + block + "|1024|20050101|allocated|holder\nripencc|DE|ipv4|10.9.0.0|256|20050101|allocated|another\n"
	if err := os.WriteFile(filepath.Join(dir, "delegated-ripencc-extended-20200229"), []byte(list), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// holds reports what of some sentences a summary lacks, and what it has of others.
func holds(t *testing.T, name, text string, says, neither []string) {
	t.Helper()
	for _, s := range says {
		if !strings.Contains(text, s) {
			t.Errorf("%s: %q is not in: %s", name, s, text)
		}
	}
	for _, s := range neither {
		if strings.Contains(text, s) {
			t.Errorf("%s: %q is in: %s", name, s, text)
		}
	}
}

// TestTableAndDelegation: the table of noon has AS64497 with a prefix that is delegated to the
// holder of AS64496, which announces it at 12:20. Table and delegation disagree: that is
// said to whoever asks, nobody's announcement is an outage's cause or the intruder's.
func TestTableAndDelegation(t *testing.T) {
	const p = "10.0.0.0/24"
	w := newWorld(t)
	w.keeps("rrc00", 0, 3600)
	w.snapshot(1, other, eight, p)
	for i, q := range eight {
		w.announce(1200+float64(i), own, q, p)
	}
	src, list := w.write(), delegatedTo(t, "10.0.0.0", "64496")
	disagree := "10.0.0.0/22 is delegated to the holder of AS64496, and not to that of AS64497. The two disagree, and whose the addresses are is not decided here."
	for subject, c := range map[string]struct {
		answer        string
		says, neither []string
	}{
		"AS64497": {finding.AnswerOthers, []string{"No outage of AS64497: the only prefix that it announced", "AS64497 stood with these addresses in the table of 1 March 2020 at 12:00:01 UTC; AS64496 is first seen to announce them at 12:20:00", disagree,
			"That this announcement ended is no outage of AS64497."}, []string{"An outage of", "had announced these addresses before", "gone from"}},
		"AS64496": {finding.AnswerStayed, []string{"Until 1 March 2020 at 12:20:04 UTC, at least half of the 8 peers that had a route of AS64496 to 10.0.0.0/24 at some time are known to have had none. From then on the routes stayed to the end, at 13:00:00, as far as anybody watched: 39 minutes 56 seconds",
			"AS64497 stood with these addresses in the table of 1 March 2020 at 12:00:01 UTC. The registry’s list says otherwise: " + disagree}, []string{"nothing is known", "had announced these addresses before"}},
		p: {finding.AnswerStayed, []string{"AS64496 announced 10.0.0.0/24, which AS64497 announced too", disagree}, []string{"Another network", "had announced these addresses before"}},
	} {
		f, _ := ask(t, asked{subject: subject, from: 60, until: 3600, atlas: list, specs: []string{src}})
		same(t, subject, f.Answer, c.answer)
		holds(t, subject, told(t, f, "en"), c.says, c.neither)
	}
	f, _ := ask(t, asked{subject: "AS64496", from: 60, until: 3600, specs: []string{src}})
	holds(t, "without a list", told(t, f, "en"), []string{"Whose they are by registration was not asked: no list of delegations that was given says."}, []string{"disagree"})
	f, _ = ask(t, asked{subject: "AS64497", from: 60, until: 3600, atlas: list, specs: []string{src}})
	holds(t, "French", told(t, f, "fr"), []string{"Pas de coupure pour AS64497", "10.0.0.0/22 est délégué au titulaire d’AS64496, et non à celui d’AS64497", "n’est pas une coupure d’AS64497"}, nil)
	holds(t, "German", told(t, f, "de"), []string{"Kein Ausfall bei AS64497", "10.0.0.0/22 ist an den Inhaber von AS64496 delegiert, und nicht an den von AS64497", "ist kein Ausfall von AS64497"}, nil)
}

// TestStrangerInOutage: while 10.0.0.0/22 is out for half an hour a stranger announces a
// /24 in it for ten minutes. Asked of the prefix, its outage lasts the half hour; asked of
// either, the stranger is told.
func TestStrangerInOutage(t *testing.T) {
	const block, part = "10.0.0.0/22", "10.0.1.0/24"
	w := newWorld(t)
	w.keeps("rrc00", 0, 3600)
	w.snapshot(1, own, eight, block)
	w.dark(1200, 3000, own, eight, block)
	for i, q := range eight {
		w.announce(1800+float64(i), other, q, part)
		w.withdraw(2400+float64(i), q, part)
	}
	src := w.write()
	for _, subject := range []string{"AS64496", block} {
		f, _ := ask(t, asked{subject: subject, from: 60, until: 3600, specs: []string{src}})
		holds(t, subject, told(t, f, "en"), []string{"announced 10.0.1.0/24, which lies within 10.0.0.0/22 of AS64496: 8 peers in 8 networks had it, the first from 1 March 2020 at 12:30:00 UTC; the last let it go at 12:40:07",
			"AS64496 had announced these addresses before, until 1 March 2020 at 12:20:07 UTC", "after 30 minutes", "1 of 1 – prefix"}, []string{"both prefixes", "2 times"})
	}
	f, _ := ask(t, asked{subject: block, from: 60, until: 3600, specs: []string{src}})
	holds(t, "the prefix", told(t, f, "en"), []string{"It does not count as a route to 10.0.0.0/22."}, nil)
	holds(t, "French", told(t, f, "fr"), []string{"Il ne compte pas comme une route vers 10.0.0.0/22."}, nil)
	holds(t, "German", told(t, f, "de"), []string{"Es zählt nicht als Route zu 10.0.0.0/22."}, nil)
}

// TestFilesWithoutATable: of a network that only updates speak of nobody knows all prefixes.
func TestFilesWithoutATable(t *testing.T) {
	const p = "10.0.0.7/32"
	w := newWorld(t)
	w.keeps("rrc00", 0, 3600)
	for i, q := range eight {
		w.announce(60+float64(i), own, q, p)
		w.withdraw(2400+float64(i), q, p)
	}
	f := w.examine("AS64496", 60, 3600)
	for lang, says := range map[string][]string{
		"en": {"the only prefix of AS64496 that these files speak of was gone from all 8 networks", "1 of 1 – prefix that these files speak of", "A total loss of the prefixes that these files speak of"},
		"fr": {"le seul préfixe d’AS64496 dont parlent ces fichiers avait disparu", "1 sur 1 – préfixe dont parlent ces fichiers", "Une perte totale des préfixes dont parlent ces fichiers"},
		"de": {"das einzige Präfix von AS64496, von dem diese Dateien sprechen, verschwunden", "1 von 1 – Präfix, von dem diese Dateien sprechen", "Ein vollständiger Verlust der Präfixe, von denen diese Dateien sprechen"},
	} {
		holds(t, lang, told(t, f, report.Lang(lang)), says, nil)
	}
	w.snapshot(1, own, eight, "10.9.0.0/24")
	f = w.examine("AS64496", 60, 3600)
	holds(t, "with a table", told(t, f, "en"), []string{"1 of 2 prefixes of AS64496"}, []string{"these files speak of"})
}
