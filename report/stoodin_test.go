package report

import (
	"net/netip"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
)

// TestTakerComesAgain: of routes that stood in, were let go and stood in again both are told.
func TestTakerComesAgain(t *testing.T) {
	at := moment.Unix(1_457_613_000, 0)
	prefix := netip.MustParsePrefix("185.11.0.0/22")
	first := finding.OtherRoute{Kind: finding.ReplacedBy, Prefix: prefix, Origin: 64500, Peers: 40, From: at, Until: at + 30*minute}
	for name, c := range map[string]struct {
		until moment.Time
		want  string // behind what is told of the first time
	}{
		"never again":           {at + 30*minute, ""},
		"for ten minutes":       {at + 50*minute, "They stood in after that, too; the last let them go at 13:20:00."},
		"to the question's end": {at + 80*minute, "They stood in after that, too, and still did at the end of the question."},
	} {
		f := stayedNight(finding.AnswerOutage, nil)
		f.Question.Until = at + 80*minute
		again := first
		again.Until = c.until
		f.Subject.Prefixes[0].StandIns = []finding.OtherRoute{again, {Kind: finding.ReplacedBy, Prefix: prefix, Origin: 64501, Until: f.Question.Until}}
		p, err := newPrinter(English, f)
		if err != nil {
			t.Fatal(err)
		}
		got := p.text(takersProse(p, []finding.OtherRoute{first}, 64496))
		if !strings.Contains(got, "the last let them go at 13:00:00.") || strings.Contains(got, "They stood") != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestOperatorNotOver: that half of the peers had it again is no end of an operator's outage that
// was not seen to be over.
func TestOperatorNotOver(t *testing.T) {
	from := moment.Unix(1_457_613_000, 0)
	until := from + 30*minute
	for _, lang := range locale.All() {
		p, err := newPrinter(lang, stayedNight(finding.AnswerOutage, nil))
		if err != nil {
			t.Fatal(err)
		}
		over := p.operatorTimes(&finding.Operator{From: &from, Until: &until, Outages: 1})
		open := p.operatorTimes(&finding.Operator{From: &from, Until: &until, Outages: 1, Open: true})
		if len(open) <= len(over) || !strings.HasPrefix(open, over) {
			t.Errorf("%s: %q, and not over %q", lang, over, open)
		}
		if several := p.operatorTimes(&finding.Operator{From: &from, Until: &until, Outages: 2, Open: true}); several != over {
			t.Errorf("%s: of two, which is not over is not known: %q", lang, several)
		}
	}
}

// TestOneHolderIsNoStranger: what the lists delegate to the holder of both networks is not told as
// another's.
func TestOneHolderIsNoStranger(t *testing.T) {
	f := stayed()
	o := ofYouTube(f)
	o.Subject, o.Holder.Subject = true, false
	for name, c := range map[string]struct {
		of   *finding.Delegated
		told bool
	}{
		"of neither":           {&finding.Delegated{}, true},
		"of the other's alone": {&finding.Delegated{Holder: true}, true},
		"of both":              {&finding.Delegated{Holder: true, Origin: true}, false},
	} {
		o.Delegated = c.of
		if got := sayable(gather(f), &o); got != c.told {
			t.Errorf("%s: told %v", name, got)
		}
	}
}
