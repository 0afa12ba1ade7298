package examine

import (
	"testing"

	"constat/internal/realdata"
	"constat/judge/finding"
)

// TestArrivedIsSaid: what was not there at the beginning is told since when it is, by whom and
// whose it may be, and nobody's routes are said to have stayed before.
func TestArrivedIsSaid(t *testing.T) {
	const p, q = "10.0.0.0/24", "10.1.0.0/24"
	w := newWorld(t)
	w.keeps("rrc00", 0, 3600)
	w.snapshot(1, own, eight, q)
	for i, peer := range eight {
		w.announce(1200+float64(i), own, peer, p)
	}
	src := w.write()
	for subject, c := range map[string]struct{ says, neither []string }{
		p: {[]string{"10.0.0.0/24 was not seen to be announced before 1 March 2020 at 12:20:00 UTC: then AS64496 was first seen to announce it, and 8 peers in 8 networks came to have it. " +
			"The tables of 1 March 2020 at 12:00:01 UTC do not have it", "From then on the routes stayed to the end, at 13:00:00"}, []string{"stayed from 12:01"}},
		"10.0.0.0/20": {[]string{"No route to 10.0.0.0/20 itself was seen: what is told here is of 10.0.0.0/24, which lies within it."}, []string{"the prefix 10.0.0.0/20", "stayed from 12:01"}},
		"AS64496": {[]string{"The routes to 1 of 2 prefixes of AS64496 stayed", "AS64496 was not seen to announce 10.0.0.0/24 before 1 March 2020 at 12:20:00 UTC",
			"From then on its routes stayed."}, []string{"both prefixes"}},
	} {
		f, _ := ask(t, asked{subject: subject, from: 60, until: 3600, specs: []string{src}})
		same(t, subject, f.Answer, finding.AnswerStayed)
		holds(t, subject, told(t, f, "en"), c.says, c.neither)
	}
	f, _ := ask(t, asked{subject: "10.0.0.0/20", from: 60, until: 3600, specs: []string{src}})
	holds(t, "French", told(t, f, "fr"), []string{"Aucune annonce de 10.0.0.0/24 n’a été vue avant le 1er mars 2020 à 12 h 20", "Aucune route vers 10.0.0.0/20 même n’a été vue"}, nil)
	holds(t, "German", told(t, f, "de"), []string{"Eine Ankündigung von 10.0.0.0/24 wurde vor dem 1. März 2020 um 12:20:00 UTC nicht gesehen", "Eine Route zu 10.0.0.0/20 selbst wurde nicht gesehen"}, nil)
}

// TestBornWithin: AS64497 announces a /24 for half an hour within a /22 of AS64496 that stands.
// Whoever is asked, its end is no outage.
func TestBornWithin(t *testing.T) {
	const block, part = "10.0.0.0/22", "10.0.1.0/24"
	w := newWorld(t)
	w.keeps("rrc00", 0, 3600)
	w.snapshot(1, own, eight, block)
	for i, peer := range eight {
		w.announce(600+float64(i), other, peer, part)
		w.withdraw(2400+float64(i), peer, part)
	}
	src := w.write()
	for subject, answer := range map[string]string{"AS64497": finding.AnswerOthers, part: finding.AnswerOthers, "AS64496": finding.AnswerStayed, block: finding.AnswerStayed} {
		f, _ := ask(t, asked{subject: subject, from: 60, until: 3600, specs: []string{src}})
		same(t, subject, f.Answer, answer)
		if len(f.Outages) > 0 {
			t.Errorf("%s: outages %+v", subject, f.Outages)
		}
		holds(t, subject, told(t, f, "en"), []string{"announced 10.0.1.0/24, which lies within 10.0.0.0/22 of AS64496: 8 peers in 8 networks had it"}, []string{"prefix that it announced from 12:01 to 13:00 UTC on 1 March 2020 was gone"})
	}
}

// TestYouTubeBefore: asked of the hour before anybody answered, the page names who announced
// the prefix, and says of nothing that it stayed from the beginning.
func TestYouTubeBefore(t *testing.T) {
	dir := realdata.Path(t, "events/rv2-2008-02-24")
	for _, subject := range []string{"208.65.153.0/24", "208.65.152.0/22"} {
		f := askReal(t, subject, "2008-02-24T18:30", "2008-02-24T20:00", "", dir)
		if len(f.Arrived) != 1 || f.Arrived[0].Origin != 17557 || f.Arrived[0].Peers != 42 || f.Arrived[0].Began != finding.OtherWave {
			t.Errorf("%s: arrived %+v", subject, f.Arrived)
		}
		holds(t, subject, told(t, f, "en"), []string{"208.65.153.0/24 was not seen to be announced before 24 February 2008 at 18:47:57 UTC: then AS17557 was first seen to announce it, and 42 peers in 36 networks came to have it.",
			"Whether it had been announced before, and by whom, nothing that was read says"}, []string{"The routes to the prefix"})
	}
}

// TestToldFirst: an announcement that is larger than the loss comes first; where it is not, the
// loss does, with the network whose routes took the place.
func TestToldFirst(t *testing.T) {
	f := askReal(t, "AS17557", "2008-02-24T18:00", "2008-02-24T22:00", "", realdata.Path(t, "events/rv2-2008-02-24"))
	holds(t, "AS17557", told(t, f, "en"), []string{"AS17557, 24 February 2008 AS17557 announced 208.65.153.0/24, which lies within 208.65.152.0/22 of AS36561",
		"40 outages, each of 1 of 277 prefixes of AS17557 that are judged as its own, were measured"}, nil)
	dir := realdata.Path(t, "events/telegram-2026-06-16")
	f = askReal(t, "AS62014", "2026-06-16T00:00", "2026-06-17T00:00", "", dir)
	holds(t, "AS62014", told(t, f, "en"), []string{"AS62014, 16 June 2026 On 16 June 2026 at 09:37:15 UTC, 1 of 4 prefixes", "Routes of AS62041 stood in at 33 vantages.",
		"The other network is AS62041: its routes stood in at 33 vantages, the first from 16 June 2026 at 09:24:53 UTC", "In all, 170 peers in 128 networks had its route to 91.108.56.0/23, the first from 16 June 2026 at 08:21:47 UTC"}, nil)
	f = askReal(t, "AS62041", "2026-06-16T00:00", "2026-06-17T00:00", "", dir)
	holds(t, "AS62041", told(t, f, "en"), []string{"AS62041, 16 June 2026 Another network, AS18101, announced 26 prefixes of AS62041"}, nil)
}
