package ripestat

import (
	"bytes"
	"encoding/json"

	"constat/wire/mrt/build"
)

// Answers are walked here rather than decoded whole: so that each element has an
// offset, a truncated answer gives what it holds, and those of other collectors
// are passed over without decoding.

// skip returns where the value at i ends; false if the text ends first.
func skip(b []byte, i int) (int, bool) {
	if i >= len(b) {
		return i, false
	}
	switch b[i] {
	case '"':
		return build.Text(b, i)
	case '{', '[':
	default:
		n := bytes.IndexAny(b[i:], ",]} \t\r\n")
		return i + max(n, 0), n > 0
	}
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end, ok := build.Text(b, i)
			if !ok {
				return end, false
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return i, false
}

// object calls f with each key of the object at i and where its value begins,
// also for one that is cut off. It reports whether the object is whole.
func (x *Reader) object(i int, f func(key string, at int)) bool {
	b := x.body
	if i >= len(b) || b[i] != '{' {
		return false
	}
	i = build.Blank(b, i+1)
	for i < len(b) && b[i] == '"' {
		end, ok := build.Text(b, i)
		if !ok {
			return false
		}
		key, ok := jsonText(b[:end], i)
		i = build.Blank(b, end)
		if !ok || i >= len(b) || b[i] != ':' {
			return false
		}
		i = build.Blank(b, i+1)
		if i >= len(b) {
			return false
		}
		f(key, i)
		if i, ok = skip(b, i); !ok {
			return false
		}
		if i = build.Blank(b, i); i < len(b) && b[i] == ',' {
			i = build.Blank(b, i+1)
		}
	}
	return i < len(b) && b[i] == '}'
}

// element returns where the next element of a list begins and ends, from behind
// its bracket or its last element on; false if there is none that is whole.
func element(b []byte, i int) (from, to int, ok bool) {
	if i = build.Blank(b, i); i < len(b) && b[i] == ',' {
		i = build.Blank(b, i+1)
	}
	if i >= len(b) || b[i] == ']' || b[i] == '}' || b[i] == ':' {
		return 0, 0, false
	}
	to, ok = skip(b, i)
	return i, to, ok && to > i
}

// elements lists those of the list at i.
func elements(b []byte, i int) [][2]int {
	if i >= len(b) || b[i] != '[' {
		return nil
	}
	var out [][2]int
	for i++; ; {
		from, to, ok := element(b, i)
		if !ok {
			return out
		}
		out = append(out, [2]int{from, to})
		i = to
	}
}

// value is the value at i, as far as it is there.
func value(b []byte, i int) []byte {
	if end, ok := skip(b, i); ok {
		return b[i:end]
	}
	return bytes.TrimSpace(b[min(i, len(b)):])
}

// jsonText reads a JSON string.
func jsonText(b []byte, i int) (s string, ok bool) {
	if i >= len(b) || b[i] != '"' {
		return "", false
	}
	return s, json.Unmarshal(value(b, i), &s) == nil
}
