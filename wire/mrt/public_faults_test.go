package mrt_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/realdata"
)

// TestPublicFaults: the right answer to each file that reports about other tools
// led to. Only what the rows are about is looked at.
func TestPublicFaults(t *testing.T) {
	type row struct {
		file   string
		has    []string // lines that must be there, by their beginning
		not    string   // what no line may have
		elems  int      // how many lines there are
		damage []string // what is said, in part
	}
	const a, k = "announce 192.0.2.1 AS64500 175.45.176.0/24 path ", "64500 4837 131279"
	rows := []row{
		{file: "real-rrc15-as4path.mrt", elems: 1, has: []string{"announce 200.219.130.75 AS28220 84.205.64.0/24 path 28220 28220 12956 3257 1103 1125 196613 12654"}},
		{file: "as4path-agg2.mrt", elems: 1, has: []string{a + k}},
		{file: "as4path-agg2-agg4.mrt", elems: 1, has: []string{a + "64500 4837 23456"}},
		{file: "as4path-confed-lead.mrt", elems: 1, has: []string{a + "(65001) 131279"}},
		{file: "c-as4-confed-mid.mrt", elems: 1, has: []string{a + "64500 (65001 65002) 4837 131279"}},
		{file: "addpath-type-plain-v4.mrt", elems: 4, not: "path-id", has: []string{a + k}},
		{file: "addpath-type-plain-v4-two.mrt", elems: 2, not: "path-id", has: []string{a + k, "announce 192.0.2.1 AS64500 175.45.177.0/24 path " + k}},
		{file: "guess-state-second.mrt", elems: 3, not: "path-id", has: []string{"withdraw 192.0.2.1 AS64500 198.51.100.0/24"}},
		{file: "rib-count0-with-entry.mrt", damage: []string{"counts no entries, and 36 bytes follow"}},
		{file: "rib-zero-entries.mrt", elems: 1},
		{file: "b-rib-attr-overrun.mrt", elems: 2, not: "175.45.176.0/24 since 2014-12-22T15:15:07Z path", damage: []string{"AS_PATH: attribute runs past the end of the list"}},
		{file: "b-rib-as2path.mrt", elems: 1, not: " path ", damage: []string{"AS_PATH: malformed segment"}},
		{file: "b-rib-peer-as0.mrt", elems: 1, has: []string{"rib 192.0.2.1 AS0 175.45.176.0/24"}},
		{file: "b-wd-len-too-long.mrt", elems: 2, not: "withdraw", damage: []string{"routes unreadable"}},
		{file: "as0-path.mrt", elems: 1, has: []string{"withdraw 192.0.2.1 AS64500 175.45.176.0/24 announced-malformed"}, damage: []string{"holds the AS number 0"}},
		{file: "ipv6ext-badlen.mrt", elems: 1, has: []string{"withdraw 192.0.2.1 AS64500 175.45.176.0/24 announced-malformed"}, damage: []string{"length is not a multiple of 20 (19)"}},
		{file: "unknown-types.mrt", elems: 4},
		{file: "unknown-subtype.mrt", elems: 4},
		{file: "start-die-types.mrt", elems: 2},
		{file: "b-state-frr-noaddr.mrt", elems: 2, has: []string{"state ? AS64500 Established to Idle"}},
	}
	for _, r := range rows {
		t.Run(r.file, func(t *testing.T) {
			got, damage, _ := lines(t, unpack(t, realdata.Path(t, "public-faults/"+r.file)), nil)
			if len(got) != r.elems {
				t.Errorf("%d lines, want %d: %q", len(got), r.elems, got)
			}
			for _, want := range r.has {
				if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, want) }) {
					t.Errorf("no %q in %q", want, got)
				}
			}
			if r.not != "" && slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, r.not) }) {
				t.Errorf("%q in %q", r.not, got)
			}
			if len(damage) != len(r.damage) {
				t.Fatalf("said %q, want %q", damage, r.damage)
			}
			for i := range damage {
				if !strings.Contains(damage[i], r.damage[i]) {
					t.Errorf("said %q, want %q", damage[i], r.damage[i])
				}
			}
		})
	}
}

// TestPublicFaultsPoison: the odd list is read with an identifier, and the two
// good ones as if it were not there.
func TestPublicFaultsPoison(t *testing.T) {
	got, damage, w := lines(t, unpack(t, realdata.Path(t, "public-faults/guess-poison.mrt")), nil)
	withID := 0
	for _, s := range got {
		if strings.Contains(s, "path-id") {
			withID++
		}
	}
	if len(got) != 7 || withID != 1 || w.GuessedAddPath() != 1 || len(damage) != 0 {
		t.Errorf("%q, %d guessed, damage %q", got, w.GuessedAddPath(), damage)
	}
}

// TestPublicFaultsRouters: what routers wrote into their updates is what they
// wrote into their tables.
func TestPublicFaultsRouters(t *testing.T) {
	for _, c := range []struct{ updates, table string }{
		{"frr844-as2.mrt", "frr844-as2.rib.mrt"},
		{"bird2012-as2.mrt", "bird2012-as2.rib.mrt"},
		{"frr844-v6t.mrt", "frr844-v6t.rib.mrt"},
		{"frr844-v6id.mrt", "frr844-v6id.rib.mrt"},
		// openbgpd77-as2 is left out: OpenBGPD 7.7 itself goes against RFC 6793
		// §4.2.3 and has 23456 in its table where an AGGREGATOR stands alone.
		{"openbgpd77-v6t.all.mrt", "openbgpd77-v6t.tv2.mrt"},
	} {
		updates, damage, _ := lines(t, unpack(t, realdata.Path(t, "public-faults/"+c.updates)), nil)
		table, tableDamage, _ := lines(t, unpack(t, realdata.Path(t, "public-faults/"+c.table)), nil)
		if len(damage)+len(tableDamage) > 0 || len(table) == 0 {
			t.Fatalf("%s: %q, %q, %d entries", c.updates, damage, tableDamage, len(table))
		}
		// What the updates leave standing when they have been applied in order.
		held := map[string]string{}
		for _, s := range updates {
			f := strings.Fields(s)
			key, path, _ := strings.Cut(strings.Join(f[1:], " "), " path ")
			switch f[0] {
			case "announce":
				held[key] = path
			case "withdraw":
				delete(held, key)
			}
		}
		for _, s := range table {
			f := strings.Fields(s)
			key, path, _ := strings.Cut(strings.Join(f[1:], " "), " path ")
			before, _, _ := strings.Cut(key, " since ")
			if got, ok := held[before]; !ok || got != path {
				t.Errorf("%s: %s: the table has path %q, the updates %q, %v", filepath.Base(c.updates), before, path, got, ok)
			}
			delete(held, before)
		}
		t.Logf("%s: %d entries agree; only in updates: %v", c.updates, len(table), held)
	}
}
