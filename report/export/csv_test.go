package export

import (
	"bytes"
	"encoding/csv"
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"constat/judge/finding"
)

// TestCSV: a line for each outage of the findings with their numbers, and nothing
// that a spreadsheet would compute.
func TestCSV(t *testing.T) {
	f := night(t)
	f.Outages = append(f.Outages, finding.Outage{Scope: "origin", Name: "=HYPERLINK(\"x\")\n,", From: f.Question.From})
	c := Alone("night", Examination{SHA256: madeFinding, Findings: f}, nil)
	b, err := CSV(c, Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(f.Outages)+1 {
		t.Fatalf("%d lines of %d outages", len(rows)-1, len(f.Outages))
	}
	at := func(row []string, column string) string { return row[slices.Index(csvHead, column)] }
	for i := range f.Outages {
		o, r := &f.Outages[i], rows[i+1]
		if at(r, "from") != o.From.String() || at(r, "prefixes_lost") != strconv.Itoa(o.Lost.Prefixes) || at(r, "peers_carried") != strconv.Itoa(o.Witnesses.Carried) || at(r, "findings_sha256") != madeFinding || at(r, "examination") != "night" {
			t.Errorf("line %d: %q", i+1, r)
		}
		if o.DurationS != nil && at(r, "duration_s") != strconv.FormatInt(*o.DurationS, 10) || o.Until == nil && at(r, "until") != "" {
			t.Errorf("line %d: %q", i+1, r)
		}
	}
	if got := at(rows[len(rows)-1], "name"); got != `'=HYPERLINK("x") ,` {
		t.Errorf("a name became %q", got)
	}
	f.Folded = []finding.Folded{{Scope: "prefix", Name: "198.51.100.0/24", Partial: true, Losses: 196, From: f.Question.From, Until: f.Question.Until, Seconds: 9000, Routes: finding.Routes{Lost: 17, Of: 60}}}
	if b, err = CSV(c, Options{Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	if rows, err = csv.NewReader(bytes.NewReader(b)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	last := rows[len(rows)-1]
	if at(last, "name") != "198.51.100.0/24" || at(last, "losses") != "196" || at(last, "gone_s") != "9000" || at(last, "most_gone") != "17" || at(last, "note") != "folded" || at(last, "partial") != "true" {
		t.Errorf("what is only counted: %q", last)
	}
	if again, err := CSV(c, Options{Lang: "fr"}); err != nil || !bytes.Equal(b, again) {
		t.Error("the list depends on the language")
	}
}

// TestCSVAnnouncements: each announcement of the same addresses by several networks has a line,
// before the outages where the report tells it first, and in its own columns.
func TestCSVAnnouncements(t *testing.T) {
	for peers, first := range map[int]bool{5000: true, 2: false} {
		f := night(t)
		from := f.Question.From
		f.Others = []finding.OtherOrigin{{Origin: 17557, Prefix: netip.MustParsePrefix("208.0.0.0/5"), Began: finding.OtherNew, From: finding.Moments{First: &from, Median: &from, Last: &from},
			Peers: peers, Networks: peers, Holder: finding.Holder{Origin: 36561, Prefix: netip.MustParsePrefix("208.0.0.0/4"), Subject: true, Stood: finding.HolderBefore}}}
		b, err := CSV(Alone("night", Examination{SHA256: madeFinding, Findings: f}, nil), Options{Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil || len(rows) != len(f.Outages)+2 {
			t.Fatalf("%d lines of %d outages and an announcement: %v", len(rows)-1, len(f.Outages), err)
		}
		at := len(rows) - 1
		if first {
			at = 1
		}
		got := map[string]string{}
		for i, column := range csvHead {
			got[column] = rows[at][i]
		}
		for column, want := range map[string]string{"scope": "announcement", "name": "208.0.0.0/5", "announced_by": "AS17557", "beside": "AS36561", "beside_prefix": "208.0.0.0/4",
			"peers_carried": strconv.Itoa(peers), "from": from.String(), "until": "", "prefixes_lost": "", "began": "new", "stood": "before", "set_aside": "false"} {
			if got[column] != want {
				t.Errorf("%d peers: %s is %q, want %q", peers, column, got[column], want)
			}
		}
	}
}
