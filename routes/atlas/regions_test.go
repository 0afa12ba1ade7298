package atlas

import (
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/realdata"
)

func TestHomeRegistry(t *testing.T) {
	for cc, want := range map[string]string{"CA": "arin", "KY": "arin", "KP": "apnic", "BR": "lacnic", "ZA": "afrinic", "FR": "ripencc", "AP": "", "": ""} {
		if got := HomeRegistry(cc); got != want {
			t.Errorf("%s: %q, want %q", cc, got, want)
		}
	}
	seen := map[string]string{}
	for r, all := range regions {
		for cc := range strings.FieldsSeq(all) {
			if seen[cc] != "" {
				t.Errorf("%s is in two regions, %s and %s", cc, seen[cc], r)
			}
			seen[cc] = r
		}
	}
}

// TestRegionsAreReal: of a country, the registry that serves it has the most delegations in
// the real lists. Countries of a registry whose list is not there cannot be checked.
func TestRegionsAreReal(t *testing.T) {
	type counts map[string]int
	by := map[string]counts{}
	have := map[string]bool{}
	for _, path := range realdata.Glob(t, "registry/delegated-2014-06-30/*") {
		r, done, err := openPacked(path)
		if err != nil {
			t.Fatal(err)
		}
		registry := strings.Split(filepath.Base(path), "-")[1]
		have[registry] = true
		if _, err := readDelegations(r, &damages{}, func(d delegation) error {
			if isCountry(d.cc) {
				if by[d.cc] == nil {
					by[d.cc] = counts{}
				}
				by[d.cc][registry]++
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		done()
	}
	checked := 0
	for cc, n := range by {
		home := HomeRegistry(cc)
		if home == "" && cc != "AP" { // the code of APNIC's whole region
			t.Errorf("%s is in no region: %v", cc, n)
		}
		if !have[home] {
			continue
		}
		checked++
		for r, k := range n {
			if k > n[home] {
				t.Errorf("%s is said to be %s's, which has %d delegations there, %s %d", cc, home, n[home], r, k)
			}
		}
	}
	if checked < 180 {
		t.Errorf("%d countries checked", checked)
	}
}
