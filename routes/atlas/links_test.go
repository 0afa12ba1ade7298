package atlas

import (
	"bytes"
	"slices"
	"testing"

	"constat/internal/realdata"
)

func TestReadLinks(t *testing.T) {
	t.Parallel()
	var d damages
	var got []Link
	readLinks(bytes.NewReader([]byte("# x\n1|2|-1\n2|3|0|bgp\n4|1|1\n5|6\nx|1|0\n1|2|7\n")), &d, func(l Link) { got = append(got, l) })
	want := []Link{{1, 2, false}, {2, 3, true}, {1, 4, false}}
	if !slices.Equal(got, want) || d.count != 3 {
		t.Errorf("%v, %d damaged", got, d.count)
	}
}

func TestRealLinks(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"20150201.as-rel.txt.gz", "20150101.whole-internet-rel.txt.gz"} {
		l, err := ReadLinks(realdata.Path(t, "relations/"+file))
		if err != nil {
			t.Fatal(err)
		}
		if l.Unread > 0 || len(l.Links) < 150_000 || !slices.Contains(l.Links, Link{4837, 131279, false}) {
			t.Errorf("%s: %d links, %d unread", file, len(l.Links), l.Unread)
		}
		if second := slices.Contains(l.Links, Link{22351, 131279, false}); second != (file[:8] == "20150101") {
			t.Errorf("%s: AS22351 is a provider: %v", file, second)
		}
	}
}

func FuzzLinks(f *testing.F) {
	f.Add([]byte("# x\n1|2|-1\n2|3|0|bgp\n4|1|1\n5|6\nx|1|0\n1|2|7\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d damages
		lines := bytes.Count(raw, []byte("\n")) + 1
		n := 0
		readLinks(bytes.NewReader(raw), &d, func(l Link) {
			if l.A == 0 || l.B == 0 {
				t.Errorf("AS0 in %+v", l)
			}
			n++
		})
		if n+d.count > lines {
			t.Errorf("%d links and %d damaged of %d lines", n, d.count, lines)
		}
	})
}
