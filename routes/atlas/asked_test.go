package atlas

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// again reads a subject as a case has it, with something changed.
func again(t *testing.T, s *Subject, change func(m map[string]any)) *Subject {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(m)
	}
	if b, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	out := &Subject{}
	if err := json.Unmarshal(b, out); err != nil {
		t.Fatal(err)
	}
	return out
}

func subjectFileOf(t *testing.T, name, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestAnswersWhatWasAsked: whatever is resolved answers its question, as it was resolved
// and as a case has it.
func TestAnswersWhatWasAsked(t *testing.T) {
	a := folder(t, map[string]string{"delegated-apnic-20150101": "2|apnic|20150101|3|19920101|20150101|+0000\napnic|KP|asn|131279|1|20091221|allocated\n" +
		"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\napnic|KR|asn|9318|1|20091221|allocated\n"})
	for _, c := range []struct{ asked, kept string }{
		{"AS22047", "AS22047"}, {"22047", "AS22047"}, {"as 22047", "AS22047"},
		{"175.45.176.0/22", "175.45.176.0/22"}, {"2001:DB8::/32", "2001:db8::/32"},
		{"AS22047, AS3549", "AS22047, AS3549"}, {"AS3549 22047 AS3549", "AS3549, AS22047"}, {"AS1,AS1", "AS1"},
		{"AS1,192.0.2.0/25,192.0.2.128/25", "AS1, 192.0.2.0/25, 192.0.2.128/25"},
		{"KP", "KP"}, {"kp,KP", "KP"}, {"AS131279,KP", "AS131279, KP"}, {"KP AS22047", "KP, AS22047"},
		{subjectFileOf(t, "list.subject", "AS22047\n-AS3549\n192.0.2.0/24\n-192.0.2.0/25 # not theirs\n"), "list.subject"},
		{subjectFileOf(t, "AS22047", "AS22047\n"), "./AS22047"},
		{subjectFileOf(t, "kp.txt", "KP\n"), "kp.txt"},
		{subjectFileOf(t, "a list", "name: North Korea\nKP\nAS22047\n"), "a list"},
	} {
		s, err := a.Resolve(c.asked)
		if err != nil {
			t.Errorf("%s: %v", c.asked, err)
			continue
		}
		if err := s.Answers(c.kept); err != nil {
			t.Errorf("%s: %v", c.asked, err)
		}
		if err := again(t, s, nil).Answers(c.kept); err != nil {
			t.Errorf("%s, read again: %v", c.asked, err)
		}
		if needs := strings.Contains(c.kept, "KP") || strings.ContainsAny(c.asked[:1], "/"); s.NeedsLists(c.kept) != needs {
			t.Errorf("%s: needs lists: %v", c.kept, !needs)
		}
	}
}

// TestAnswersOthersName: a subject under another's name, or with another's routes, is
// refused wherever no list is needed to see it.
func TestAnswersOthersName(t *testing.T) {
	a := folder(t, map[string]string{"delegated-apnic-20150101": "2|apnic|20150101|3|19920101|20150101|+0000\napnic|KP|asn|131279|1|20091221|allocated\n" +
		"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\napnic|KR|asn|9318|1|20091221|allocated\n"})
	set := func(kv ...any) func(map[string]any) {
		return func(m map[string]any) {
			for i := 0; i < len(kv); i += 2 {
				m[kv[i].(string)] = kv[i+1]
			}
		}
	}
	why := func(kv ...string) []any {
		out := []any{}
		for i := 0; i < len(kv); i += 2 {
			out = append(out, map[string]any{"what": kv[i], "reason": kv[i+1]})
		}
		return out
	}
	nums := func(n ...float64) []any {
		var out []any
		for _, x := range n {
			out = append(out, x)
		}
		return out
	}
	file := subjectFileOf(t, "list.subject", "name: Chile’s\nAS22047\n")
	for _, c := range []struct {
		of, asked string
		change    func(map[string]any)
		want      string
	}{
		{"AS22047", "AS3549", nil, "called"},
		{"AS22047", "AS3549", set("name", "AS3549"), "AS22047 as asked for"},
		{"AS22047", "AS3549", set("name", "AS3549", "reasons", why("AS3549", "asked for")), "origins are AS22047"},
		{"AS22047", "AS22047", set("origins", nums(3549, 22047)), "origins are"},
		{"AS22047", "AS22047", set("origins", nums(3549, 22047), "reasons", why("AS3549", "asked for", "AS22047", "asked for")), "AS3549 as asked for"},
		{"AS22047", "AS22047", set("origins", nums(3549, 22047), "reasons", why("AS3549", "added by hand", "AS22047", "asked for")), "added by hand"},
		{"AS22047", "AS22047", set("origins", nums(3549, 22047), "reasons", why("AS3549", "delegated to CL by LACNIC", "AS22047", "asked for")), "delegated to CL"},
		{"AS22047", "AS22047", set("name", "Chile"), "called"},
		{"AS22047", "AS22047", set("kind", "prefix"), "kind"},
		{"AS22047", "AS22047", set("kind", "country"), "kind"},
		{"AS22047", "AS22047", set("blocks", []any{"192.0.2.0/24"}), "blocks are 192.0.2.0/24"},
		{"AS22047", "AS22047", set("origins", []any{}, "reasons", []any{}), "lacks AS22047"},
		{"AS22047", "AS22047", set("struck", map[string]any{"origins": []any{}, "blocks": []any{"192.0.2.0/24"}, "reasons": why("192.0.2.0/24", "struck by hand")}), "struck"},
		{"AS22047", "AS22047", set("struck", map[string]any{"origins": []any{}, "blocks": []any{"192.0.2.0/24"}, "reasons": []any{}}), "struck"},
		{"AS22047", "AS22047", set("left_off", why("AS5", "delegated")), "needs no lists"},
		{"AS22047", "chile.txt", nil, "kind"},
		{"AS22047", "chile.txt", set("kind", "file", "name", "AS3549"), "not on its list"},
		{"AS22047", "CL", set("kind", "country", "name", "CL"), "AS22047 as asked for"},
		{"AS22047", "", nil, "kind"},
		{"192.0.2.0/24", "198.51.100.0/24", set("name", "198.51.100.0/24"), "as asked for"},
		{"192.0.2.0/24", "192.0.2.0/24", set("blocks", []any{"192.0.2.0/25"}), "blocks are"},
		{"192.0.2.0/24", "AS1", set("name", "AS1"), "kind"},
		{"AS1,AS2", "AS1, AS2", set("origins", nums(1), "reasons", why("AS1", "asked for")), "lacks AS2"},
		{"AS1,AS2", "AS1, AS2", set("name", "AS2, AS1"), "called"},
		{"AS1,AS2", "AS1, AS2", set("kind", "as"), "kind"},
		{"KP", "KR", nil, "called"},
		{"KP", "KR", set("name", "KR"), "delegated to KP"},
		{"KP", "KP", set("kind", "as"), "kind"},
		{"KP", "KP", func(m map[string]any) { m["origins"] = append(nums(5), m["origins"].([]any)...) }, "origins are"},
		{file, "list.subject", set("origins", nums(3549)), "origins are"},
		{file, "list.subject", set("name", "AS3549"), "not on its list"},
		{file, "list.subject", set("kind", "as"), "kind"},
		{file, "AS22047", nil, "called"},
	} {
		s, err := a.Resolve(c.of)
		if err != nil {
			t.Fatal(err)
		}
		if err := again(t, s, c.change).Answers(c.asked); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s asked as %s: %v, want %q", c.of, c.asked, err, c.want)
		}
	}
}
