package caselog

import (
	"bytes"
	"encoding/json"
)

// scanManifest reads a manifest in the form in which it is written: an exhibit
// a line, its records last. A gigabyte of exhibits has ten million records, and
// encoding/json takes longer over them than hashing the gigabyte does. Whatever
// is not in that form is not read; encoding/json then has the last word.
func scanManifest(b []byte) (*Manifest, bool) {
	rest, ok := bytes.CutPrefix(b, []byte(`{"format":"`+ManifestFormat+`","exhibits":[`+"\n"))
	m := &Manifest{Format: ManifestFormat, Exhibits: []Exhibit{}}
	if !ok {
		return nil, false
	}
	for {
		line, after, ok := bytes.Cut(rest, []byte("\n"))
		if !ok {
			return nil, false
		}
		if string(line) == "]}" { // without an exhibit before it, or not as it is written
			return m, len(m.Exhibits) == 0 && len(after) == 0
		}
		line, more := bytes.CutSuffix(line, []byte(","))
		x, ok := scanExhibit(line)
		if !ok || !more && string(after) != "]}\n" {
			return nil, false
		}
		m.Exhibits = append(m.Exhibits, x)
		rest = after
		if !more {
			return m, true
		}
	}
}

func scanExhibit(line []byte) (x Exhibit, ok bool) {
	head, rec, ok := bytes.Cut(line, []byte(`,"records":[`))
	if !ok || len(head) < 2 || json.Unmarshal(append(bytes.Clone(head), '}'), &x) != nil || x.Records != nil {
		return x, false
	}
	// Members that are doubled, or spelt otherwise, are another form.
	if again, err := json.Marshal(x); err != nil || string(again) != string(head)+`,"records":null}` {
		return x, false
	}
	if x.Records, rec, ok = scanRecords(rec); !ok || string(rec) != "]}" {
		return x, false
	}
	return x, true
}

// scanRecords reads [offset,length],… up to the closing bracket.
func scanRecords(b []byte) ([][2]int64, []byte, bool) {
	out := make([][2]int64, 0, bytes.Count(b, []byte("[")))
	for len(b) > 0 && b[0] == '[' {
		var r [2]int64
		b = b[1:]
		for i, end := range [2]byte{',', ']'} {
			n, digits := int64(0), 0
			for digits < len(b) && b[digits]-'0' <= 9 && digits < 18 {
				n = n*10 + int64(b[digits]-'0')
				digits++
			}
			if digits == 0 || digits > 1 && b[0] == '0' || digits == len(b) || b[digits] != end {
				return nil, nil, false
			}
			r[i], b = n, b[digits+1:]
		}
		out = append(out, r)
		if len(b) > 1 && b[0] == ',' && b[1] == '[' {
			b = b[1:]
		} else if len(b) == 0 || b[0] != ']' {
			return nil, nil, false
		}
	}
	return out, b, len(out) > 0
}
