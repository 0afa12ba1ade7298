package build

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"
)

func TestDoubled(t *testing.T) {
	for s, want := range map[string]string{
		`{}`: "", `[]`: "", `"a"`: "", `1`: "", ` { "a" : 1 , "b" : [ 1 , { "a" : 2 } ] } `: "",
		`[{"a":1},{"a":2}]`:                                 "",
		`{"a":{"a":{"a":"a"}}}`:                             "",
		`{"a":1,"a":1}`:                                     `"a"`,
		`{"a":1,"A":1}`:                                     `"a"`,
		`{"a":1,"\u0061":1}`:                                `"a"`,
		`{"x":[{"y":{"path":[],"path":1}}]}`:                `"path"`,
		`{"a":"\",\"a\":1","b":1}`:                          "",
		strings.Repeat("[", 100) + strings.Repeat("]", 100): "nested",
	} {
		err := Doubled([]byte(s))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// TestDoubledMany: an object of many members is read in linear time, and its last
// member can be its first again.
func TestDoubledMany(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"0":0`)
	for i := 1; i < 300_000; i++ {
		b.WriteString(`,"` + strconv.Itoa(i) + `":0`)
	}
	if err := Doubled([]byte(b.String() + "}")); err != nil {
		t.Error(err)
	}
	for _, last := range []string{"0", "16", "299999"} {
		if err := Doubled([]byte(b.String() + `,"` + last + `":1}`)); err == nil {
			t.Errorf("%s twice was not seen", last)
		}
	}
}

// slowDoubled is the oracle: the tokens of encoding/json, with a set of names an
// object.
func slowDoubled(s string) bool {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	type open struct {
		object, value bool
		names         map[string]bool
	}
	var at []*open
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return false
		}
		if err != nil {
			return false
		}
		top := func() *open { return at[len(at)-1] }
		if c, ok := tok.(json.Delim); ok {
			switch c {
			case '{', '[':
				if len(at) > 0 {
					top().value = false
				}
				at = append(at, &open{object: c == '{', names: map[string]bool{}})
			default:
				at = at[:len(at)-1]
			}
			continue
		}
		if len(at) == 0 || !top().object {
			continue
		}
		if top().value = !top().value; !top().value {
			continue // it was a value
		}
		name := strings.ToLower(tok.(string))
		if top().names[name] {
			return true
		}
		top().names[name] = true
	}
}

func FuzzDoubled(f *testing.F) {
	f.Add(`{"a":1,"b":[{"c":2,"C":3}]}`)
	f.Add(`{"a":"\"","b":1}`)
	f.Fuzz(func(t *testing.T, s string) {
		if !json.Valid([]byte(s)) || strings.Count(s, "[")+strings.Count(s, "{") > mostDeep {
			return
		}
		if got, want := Doubled([]byte(s)) != nil, slowDoubled(s); got != want {
			t.Errorf("%q: %v, the oracle says %v", s, got, want)
		}
	})
}
