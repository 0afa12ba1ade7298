package finding

import "testing"

func TestParseOnList(t *testing.T) {
	for reason, kind := range map[string]string{
		"asked for": OnListAsked,
		"delegated to KP by APNIC on 2009-12-21 (delegated-apnic-latest of 2014-06-30)":                         OnListDelegated,
		"delegated to FR by RIPE NCC (delegated-ripencc-latest (undated))":                                      OnListDelegated,
		"announced by AS6471, delegated to CL by LACNIC on 1996-04-25 (delegated-lacnic-latest of 2014-06-27)":  OnListDelegated,
		"within 65.169.64.0/20, delegated to CL by ARIN on 1996-04-25 (delegated-arin-latest of 2014-06-27)":    OnListDelegated,
		"holds 200.14.66.0/24, delegated to CL by LACNIC on 1994-11-01 (delegated-lacnic-latest of 2014-06-27)": OnListDelegated,
		"added by hand":                    OnListByHand,
		"added by hand: asked for (twice)": OnListByHand,
		"struck by hand: not in use":       OnListStruck,
		"within 2001:db8::/32, asked for":  OnListAsked,
	} {
		o, ok := ParseOnList(reason)
		if !ok || o.Kind != kind || o.String() != reason {
			t.Errorf("%q: %+v %v, again %q", reason, o, ok, o.String())
		}
	}
	for _, reason := range []string{"", "because", "announced by AS6471", "announced by AS06471, asked for", "announced by AS99999999999, asked for",
		"within 10.0.0.0/99, asked for", "delegated to KP by APNIC on 2009-13-21 (x)", "added by hand: ", "announced by AS0, asked for"} {
		if o, ok := ParseOnList(reason); ok {
			t.Errorf("%q was taken for %+v", reason, o)
		}
	}
}

func FuzzParseOnList(f *testing.F) {
	f.Add("announced by AS6471, delegated to CL by LACNIC on 1996-04-25 (delegated-lacnic-latest of 2014-06-27)")
	f.Add("within 2001:db8::/32, added by hand: x")
	f.Fuzz(func(t *testing.T, s string) {
		if o, ok := ParseOnList(s); ok && o.String() != s {
			t.Errorf("%q came back as %q", s, o.String())
		}
	})
}
