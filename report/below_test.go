package report

import (
	"net/netip"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/judge/place"
	"constat/moment"
)

// stayedNight is a finding of routes that stayed, and what lies below the rules.
func stayedNight(answer string, b *finding.Below) *finding.Findings {
	from := moment.Unix(1_457_611_500, 0)
	until := from + 6900*moment.Second
	f := &finding.Findings{Format: finding.Format, Answer: answer, Below: b,
		Question: finding.Question{Subject: "AS64496", From: from, Until: until},
		Subject:  finding.Subject{Name: "AS64496", Kind: "as", Origins: []uint32{64496}, Prefixes: []finding.Prefix{{Carriers: 40}, {Carriers: 40}}},
		Watched:  finding.Watched{Seconds: 6900, Of: 6900, Spans: []finding.Span{{From: from, Until: &until}}}}
	f.Timeline = finding.Timeline{Height: 80, Exact: true, Steps: []finding.Step{{At: from, Seen: 80}}}
	for i := range 40 {
		f.Strip = append(f.Strip, finding.Row{Collector: "rrc00", AS: uint32(65000 + i), Routes: 2, Exact: true, Runs: []finding.Run{{At: from, State: finding.Seen, Held: 2}}})
	}
	return f
}

// TestBelowIsTold: what lies below the rules stands in every language in the answer, and in
// what is to be quoted.
func TestBelowIsTold(t *testing.T) {
	at := moment.Unix(1_457_613_007, 0)
	left := finding.Unshown{From: at, Until: at + 233*moment.Second, Why: finding.UnshownLeft, Prefixes: 1, Without: 2, Watching: 2, Away: 38, Doubt: true}
	unlisted := finding.Unshown{From: at, Until: at + 2400*moment.Second, Why: finding.UnshownUnlisted, Prefixes: 2, Without: 40, Watching: 40, Doubt: true}
	open := finding.Unshown{From: at, Until: at + 5*moment.Second, Why: finding.UnshownOpen, Prefixes: 1, Without: 8, Watching: 40, Doubt: true}
	for _, c := range []struct {
		name, answer string
		below        *finding.Below
		want         map[Lang][]string
	}{
		{"two watched on", finding.AnswerUndecided, &finding.Below{Losses: 2, Peers: 2, Most: 2, Of: 2, MostAt: &at, Unshown: []finding.Unshown{left}, UnshownOf: 1, Doubt: true}, map[Lang][]string{
			"en": {"is not known. For 3 minutes 53 seconds from", "both peers of which it was known what they held were without the routes. Of 38 peers that had carried them it is not known what they held then. That is so of 1 of 2 prefixes."},
			"fr": {"On ne sait pas si", "aucun des deux pairs dont on savait ce qu’ils tenaient"},
			"de": {"ist nicht bekannt", "keiner der beiden Peers, von denen bekannt war, was sie hielten, eine der Routen. Was 38 Peers, die sie geführt hatten, da hielten, ist nicht bekannt."}}},
		{"tables lack it", finding.AnswerUndecided, &finding.Below{Unshown: []finding.Unshown{unlisted}, UnshownOf: 1, Doubt: true}, map[Lang][]string{
			"en": {"is not known. For 40 minutes from", "40 of the 40 peers lack them by their complete tables, though no withdrawal was recorded"}}},
		{"the data end", finding.AnswerUndecided, &finding.Below{Losses: 8, Peers: 8, Most: 8, Of: 40, MostAt: &at, Unshown: []finding.Unshown{open, left, left}, UnshownOf: 7, Doubt: true}, map[Lang][]string{
			"en": {"There are 6 more such times."}}},
		{"nineteen of forty for less than a minute", finding.AnswerStayed,
			&finding.Below{Losses: 1330, Peers: 19, Most: 19, Of: 40, MostAt: &at, Short: finding.Short{Losses: 70, Seconds: 4130, Longest: 59}}, map[Lang][]string{
				"en": {"stayed", "But not at all peers: 19 of the 40 peers were without them at some time, at most 19 of 40 at once", "70 times peers in several networks were without them for less than a minute (59 seconds at the longest, 1 hour 8 minutes in all). That is fewer, or for less long, than what counts as a loss. Somebody was watching all the time."},
				"fr": {"Mais pas chez tous les pairs", "70 fois"},
				"de": {"Aber nicht bei allen Peers", "70-mal"}}},
		{"nothing", finding.AnswerStayed, nil, map[Lang][]string{"en": {"UTC on 10 March 2016. Somebody was watching all the time."}}},
	} {
		for lang, want := range c.want {
			p, err := newPrinter(lang, stayedNight(c.answer, c.below))
			if err != nil {
				t.Fatal(err)
			}
			fs := gather(p.f)
			plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace
			said := ""
			for _, s := range answer(p, fs) {
				said += p.text(s) + " "
			}
			quoted := newQuote(p, fs, Options{CaseName: "night", Findings: strings.Repeat("ab", 32)})
			for _, w := range want {
				if !strings.Contains(plain(said), w) {
					t.Errorf("%s, %s: %q is not in %q", c.name, lang, w, said)
				}
				if quoted == nil || !strings.Contains(plain(quoted.Words), w) {
					t.Errorf("%s, %s: %q is not quoted: %+v", c.name, lang, w, quoted)
				}
			}
		}
	}
}

// saidIn is the answer in a language, with plain spaces.
func saidIn(t *testing.T, l Lang, f *finding.Findings) string {
	t.Helper()
	p, err := newPrinter(l, f)
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, s := range answer(p, gather(f)) {
		said += p.text(s) + " "
	}
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(said)
}

// TestDoubtBeside: beside an outage the other times are told of which it is not known whether the
// routes stayed, and operators of which it is not known are not said to have had no outage.
func TestDoubtBeside(t *testing.T) {
	f := night()
	at := f.Question.From + 60*moment.Second
	if s := saidIn(t, English, f); strings.Contains(s, "Beside that it is") {
		t.Errorf("without a doubt: %s", s)
	}
	f.Below = &finding.Below{Doubt: true, UnshownOf: 1, Unshown: []finding.Unshown{
		{From: at, Until: at + 240*moment.Second, Why: finding.UnshownUnlisted, Prefixes: 1, Without: 7, Watching: 9, Doubt: true}}}
	for l, want := range map[Lang]string{
		"en": "Beside that it is **not known** of some routes whether they stayed. For 4 minutes from",
		"de": "Daneben ist von einigen Routen **nicht bekannt**, ob sie blieben.",
		"fr": "À part cela, on **ne sait pas** de certaines routes si elles sont restées."} {
		if s := saidIn(t, l, f); !strings.Contains(s, strings.ReplaceAll(want, "**", "")) {
			t.Errorf("%s: %q is not in %s", l, want, s)
		}
	}
	f = nation()
	i := 0
	for f.Operators[i].Outages > 0 {
		if i++; i == len(f.Operators) {
			t.Skip("every operator of the nation has an outage")
		}
	}
	f.Operators[i].Undecided = 1
	var b strings.Builder
	if err := writeSummary(&b, f, English); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(strings.Fields(b.String()), " "), "Of 1 other operator it is not known whether its routes stayed all the time.") {
		t.Errorf("not told of the operator:\n%s", b.String())
	}
}

// TestWithdrawnUnder: of what was withdrawn under other routes of the subject it is told what, when, and
// whether it is there where the data end.
func TestWithdrawnUnder(t *testing.T) {
	q := netip.MustParsePrefix("192.0.2.0/24")
	for _, c := range []struct {
		until moment.Time
		want  string
	}{
		{300 * moment.Second, "But 192.0.2.0/24 was withdrawn, first on 10 March 2016 at 12:07:00 UTC; other routes of AS64496 still led to the same addresses."},
		{6900 * moment.Second, "But 192.0.2.0/24 was withdrawn, first on 10 March 2016 at 12:07:00 UTC, and is not there where the data end; other routes"},
	} {
		f := stayedNight(finding.AnswerStayed, nil)
		f.Subject.Prefixes[1].Prefix, f.Subject.Prefixes[1].Covered = q, 40
		f.Subject.Prefixes[1].StandIns = []finding.OtherRoute{{Kind: finding.CoveredBy, Prefix: netip.MustParsePrefix("192.0.0.0/16"), Origin: 64496, Peers: 40,
			From: f.Question.From + 120*moment.Second, Until: f.Question.From + c.until}}
		f.Verdict.Propositions = []finding.Proposition{{Key: finding.PropReplaced, StandIn: finding.StandInLess, Prefixes: []netip.Prefix{q},
			Class: []place.Hypothesis{place.Single(place.Break{Kind: place.Replaced})}}}
		if s := saidIn(t, English, f); !strings.Contains(s, c.want) {
			t.Errorf("%q is not in %s", c.want, s)
		}
	}
}
