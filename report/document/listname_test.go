package document

import "testing"

func TestListName(t *testing.T) {
	words := func(key string, args ...any) string {
		out := key
		for i := 0; i < len(args); i += 2 {
			out += " " + args[i].(string) + "=" + args[i+1].(string)
		}
		return out
	}
	for in, want := range map[string]string{
		"20150201.as-rel.txt of 2015-02-01": "choke.list file=20150201.as-rel.txt date=2015-02-01",
		"list of mine (undated)":            "choke.list.undated file=list of mine",
		"list of mine of 2015-02-01":        "choke.list file=list of mine date=2015-02-01",
		"list":                              "list",
	} {
		if got := ListName(in, words); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
