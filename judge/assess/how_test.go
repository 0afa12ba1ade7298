package assess

import (
	"slices"
	"testing"

	"constat/judge/timing"
)

// A network that loses its prefixes in two outages is one network: of its outages the largest
// says when it went, of equals the first.
func TestWentOnce(t *testing.T) {
	var got []timing.Origin
	for _, o := range []timing.Origin{{AS: 1, At: 100, Prefixes: 2}, {AS: 2, At: 150, Prefixes: 3}, {AS: 1, At: 190, Prefixes: 5}, {AS: 2, At: 120, Prefixes: 3}, {AS: 2, At: 300, Prefixes: 1}} {
		got = wentOnce(got, o)
	}
	if want := []timing.Origin{{AS: 1, At: 190, Prefixes: 5}, {AS: 2, At: 120, Prefixes: 3}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if a := timing.Describe(timing.Input{Origins: wentOnce(wentOnce(nil, timing.Origin{AS: 1, At: 100, Prefixes: 2}), timing.Origin{AS: 1, At: 194, Prefixes: 5})}); a.Shape != timing.OneOrigin {
		t.Errorf("shape %s", a.Shape)
	}
}
