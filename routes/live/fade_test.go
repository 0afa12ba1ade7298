package live

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/moment"
)

// TestFade: a table that no updates reach watches at its own moment alone; what it told
// stands.
func TestFade(t *testing.T) {
	t.Parallel()
	const midnight = 1419206400
	table := func(at int64, peer string) string {
		return fmt.Sprintf("TABLE_DUMP2|%d|B|%s|64541|198.51.100.0/24|64541 64510 64500|IGP|192.0.2.1|0|0||NAG||\n", at, peer)
	}
	updates := func(at ...int64) (out string) {
		for _, a := range at {
			out += fmt.Sprintf("BGP4MP|%d|A|192.0.2.1|64541|198.51.100.0/24|64541 64510 64500|IGP|192.0.2.1|0|0||NAG||\n", a)
		}
		return out
	}
	one := map[string]string{"rrc01/bview.20141222.0000.txt": table(midnight, "192.0.2.1")}
	two := map[string]string{"rrc01/bview.20141222.0000.txt": table(midnight, "192.0.2.1"), "rrc02/bview.20141222.0800.txt": table(midnight+8*3600, "192.0.2.2")}
	beside := map[string]string{"rrc01/bview.20141222.0000.txt": table(midnight, "192.0.2.1"),
		"rrc02/updates.20141222.0000.txt": updates(midnight, midnight+299), "rrc02/updates.20141222.0005.txt": updates(midnight+300, midnight+599)}
	ended := map[string]string{"rrc01/bview.20141222.0000.txt": table(midnight, "192.0.2.1"), "rrc01/updates.20141222.0000.txt": updates(midnight, midnight+299)}
	for name, c := range map[string]struct {
		files        map[string]string
		asked, until int64 // seconds from midnight
		want         string
	}{
		"the table's own moment":                {one, 0, 0, "rrc01 true"},
		"minutes later":                         {one, 240, 241, "rrc01 true"},
		"two days later":                        {one, 47 * 3600, 47*3600 + 1, "rrc01 false"},
		"tables of two moments":                 {two, -1, 0, "rrc01 false, rrc02 true"},
		"at the first of them":                  {two, 0, 1, "rrc01 true"},
		"others have updates":                   {beside, -1, 0, "rrc01 false, rrc02 true"},
		"with more files no less than with one": {ended, 47 * 3600, 47*3600 + 1, "rrc01 false"},
	} {
		dir := t.TempDir()
		for file, text := range c.files {
			to := filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		at := func(s int64) moment.Time { return moment.Unix(midnight+s, 0) }
		l := Loading{Set: opened(t, at(-86400), at(2*86400), dir)}
		if c.asked >= 0 {
			l.Asked = at(c.asked)
		}
		if c.until > 0 {
			l.Until = at(c.until)
		}
		s, _, err := Load(context.Background(), l)
		if err != nil {
			t.Fatal(err)
		}
		v := s.View()
		var got []string
		for i := range v.NumPeers() {
			p := v.Peer(PeerID(i))
			got = append(got, fmt.Sprint(p.Collector, " ", p.Watching))
			if hole := name == "with more files no less than with one"; p.Held4 != 1 && !hole { // what is behind a hole is not known
				t.Errorf("%s: %s holds %d", name, p.Collector, p.Held4)
			}
		}
		if strings.Join(got, ", ") != c.want && (len(got) != 2 || got[1]+", "+got[0] != c.want) {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}
