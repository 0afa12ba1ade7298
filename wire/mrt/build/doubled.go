package build

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// mostDeep is how deep a line of JSON may be nested before [Doubled] gives up: no
// format that is read here needs more than six.
const mostDeep = 64

// Doubled looks for an object in b, which is valid JSON, that has a member twice: of
// the two one reader takes the first and another the last. It returns an error that
// names the member. Example: {"path": [1, 2], "path": [1, 3]}.
func Doubled(b []byte) error {
	_, err := doubled(b, 0, 0)
	return err
}

// doubled walks the value that begins at i or behind it, and returns where it ends.
func doubled(b []byte, i, depth int) (int, error) {
	if depth > mostDeep {
		return len(b), fmt.Errorf("nested more than %d deep", mostDeep)
	}
	i = Blank(b, i)
	if i >= len(b) {
		return i, nil
	}
	switch b[i] {
	case '"':
		end, _ := Text(b, i)
		return end, nil
	case '[', '{':
	default:
		for i < len(b) && !bytes.ContainsRune([]byte(",]} \t\r\n"), rune(b[i])) {
			i++
		}
		return i, nil
	}
	object := b[i] == '{'
	var room [16][]byte // enough for what is read here; more are hostile, and must not cost their square
	keys, more := room[:0], map[string]bool(nil)
	for i++; ; {
		if i = Blank(b, i); i >= len(b) {
			return i, nil
		}
		switch b[i] {
		case ']', '}':
			return i + 1, nil
		case ',':
			i++
			continue
		}
		if object {
			end, _ := Text(b, i)
			key := name(b[i:end])
			if more[string(key)] || slices.ContainsFunc(keys, func(k []byte) bool { return bytes.Equal(k, key) }) {
				return end, fmt.Errorf("the member %.40q is there twice, and which of the two holds is not known", key)
			}
			switch {
			case len(keys) < len(room):
				keys = append(keys, key)
			case more == nil:
				more = map[string]bool{}
				fallthrough
			default:
				more[string(key)] = true
			}
			if i = Blank(b, end); i < len(b) {
				i++ // the colon
			}
		}
		var err error
		if i, err = doubled(b, i, depth+1); err != nil {
			return i, err
		}
	}
}

// name is a member's name without its quotes, and without escapes: they write
// nothing that could not be written otherwise.
func name(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') >= 0 {
		var s string
		if json.Unmarshal(quoted, &s) == nil {
			quoted = []byte(s)
			return bytes.ToLower(quoted)
		}
	}
	// encoding/json takes a member under another case of its name too.
	return bytes.ToLower(bytes.Trim(quoted, `"`))
}

// Blank returns where the next byte of JSON is that is no blank, from i on.
func Blank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// Text returns where the string of JSON that begins at i ends; false if the bytes end
// first.
func Text(b []byte, i int) (int, bool) {
	for j := i + 1; j < len(b); j++ {
		switch b[j] {
		case '\\':
			j++
		case '"':
			return j + 1, true
		}
	}
	return len(b), false
}
