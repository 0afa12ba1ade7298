package filter

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// FuzzReason: whatever a stranger calls his network, what a router is told is the same.
func FuzzReason(f *testing.F) {
	f.Add(hostile)
	f.Add("*/ deny { } \r\n no router bgp 1")
	f.Add("\\\" ; drop \x00 \u2028 x")
	quoted := regexp.MustCompile(`comment "[^"]*"`)
	bare := func(s string, d *dialect) string {
		var out []string
		for _, l := range strings.FieldsFunc(s, func(r rune) bool {
			return r == '\n' || r == '\r' || r == '\u2028' || r == '\v' || r == '\f' || r == '\u0085'
		}) {
			t := strings.TrimSpace(l)
			if d.mark == "/*" && strings.HasPrefix(t, "/*") && strings.Index(t, "*/") == len(t)-2 || d.mark != "/*" && strings.HasPrefix(t, d.mark) || strings.HasPrefix(t, "#") {
				continue
			}
			out = append(out, quoted.ReplaceAllString(l, "comment"))
		}
		return strings.Join(out, "\n")
	}
	f.Fuzz(func(t *testing.T, reason string) {
		plain, evil := order(), order()
		for i := range evil.Routes {
			plain.Routes[i].Reason, evil.Routes[i].Reason = "x", reason
		}
		evil.Origins[0].Reason, evil.Target, evil.Norms = reason, reason, []string{reason}
		a, b := made(t, plain), made(t, evil)
		for i := range dialects {
			d := &dialects[i]
			for _, undo := range []bool{false, true} {
				var x, y bytes.Buffer
				if err := write(&x, a, d.name, undo); err != nil {
					t.Fatal(err)
				}
				if err := write(&y, b, d.name, undo); err != nil {
					t.Fatal(err)
				}
				if d.mark == "" {
					if !bytes.Equal(x.Bytes(), y.Bytes()) {
						t.Errorf("%s: other messages for the reason %q", d.name, reason)
					}
					continue
				}
				if p, q := bare(x.String(), d), bare(y.String(), d); p != q {
					t.Errorf("%s, undo=%v: %q tells the router something else:\n%s\n\n%s", d.name, undo, reason, p, q)
				}
			}
		}
	})
}
