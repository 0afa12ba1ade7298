package caselog

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
)

// scanManifest reads a manifest in the form in which it is written: an exhibit
// a line, its records last. A gigabyte of exhibits has ten million records, and
// encoding/json takes longer over them than hashing the gigabyte does. Whatever
// is not in that form is not read; encoding/json then has the last word. In memory
// there is, beside the manifest, a line at a time.
func scanManifest(r io.Reader) (*Manifest, bool) {
	in := lines{r: bufio.NewReaderSize(r, 1<<16)}
	m := &Manifest{Format: ManifestFormat, Exhibits: []Exhibit{}}
	if first, ok := in.next(); !ok || string(first) != `{"format":"`+ManifestFormat+`","exhibits":[` {
		return nil, false
	}
	for {
		line, ok := in.next()
		if !ok {
			return nil, false
		}
		if string(line) == "]}" { // without an exhibit before it, or not as it is written
			return m, len(m.Exhibits) == 0 && in.ended()
		}
		line, more := bytes.CutSuffix(line, []byte(","))
		x, ok := scanExhibit(line)
		if !ok {
			return nil, false
		}
		m.Exhibits = append(m.Exhibits, x)
		if !more {
			last, ok := in.next()
			return m, ok && string(last) == "]}" && in.ended()
		}
	}
}

// lines gives lines that end with a newline, one until the next is asked for.
type lines struct {
	r   *bufio.Reader
	buf []byte
}

func (l *lines) next() (line []byte, ok bool) {
	for l.buf = l.buf[:0]; ; {
		part, err := l.r.ReadSlice('\n')
		l.buf = append(l.buf, part...)
		if err == nil {
			return l.buf[:len(l.buf)-1], true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, false
		}
	}
}

func (l *lines) ended() bool {
	_, err := l.r.ReadByte()
	return err == io.EOF
}

// readManifest is scanManifest of a file of a case, read as [ReadFile] reads it. The
// manifest is nil if the file is not in the form.
func readManifest(dir string) (*Manifest, error) {
	f, want, err := openExpected(filepath.Join(dir, ManifestName))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	m, ok := scanManifest(io.TeeReader(io.LimitReader(f, maxFile), h))
	switch {
	case !ok:
		return nil, nil
	case !asExpected(want, h.Sum(nil)):
		return nil, fmt.Errorf("%s: %w", ManifestName, errSwapped)
	}
	return m, nil
}

func scanExhibit(line []byte) (x Exhibit, ok bool) {
	head, rec, ok := bytes.Cut(line, []byte(`,"records":[`))
	if !ok || len(head) < 2 || json.Unmarshal(append(bytes.Clone(head), '}'), &x) != nil || x.Records.listed {
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
func scanRecords(b []byte) (out Records, rest []byte, ok bool) {
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
				return out, nil, false
			}
			r[i], b = n, b[digits+1:]
		}
		out.Add(r[0], r[1])
		if len(b) > 1 && b[0] == ',' && b[1] == '[' {
			b = b[1:]
		} else if len(b) == 0 || b[0] != ']' {
			return out, nil, false
		}
	}
	out.packed = bytes.Clone(out.packed) // without room for more
	return out, b, out.n > 0
}

// writeManifest writes one exhibit a line, so that thousands of records stay
// readable by line tools.
func writeManifest(w io.Writer, m *Manifest) error {
	b := fmt.Appendf(nil, "{\"format\":%q,\"exhibits\":[", m.Format)
	for i, x := range m.Exhibits {
		// The records, of which there may be millions, stand last.
		records := x.Records
		x.Records = Records{}
		j, err := json.Marshal(x)
		if err != nil {
			return err
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		if !records.listed {
			b = append(b, j...)
			continue
		}
		b = append(append(b, bytes.TrimSuffix(j, []byte("null}"))...), '[')
		for c, first := records.Cursor(), true; ; first = false {
			offset, length, ok := c.Next()
			if !ok {
				break
			}
			if !first {
				b = append(b, ',')
			}
			b = append(strconv.AppendInt(append(b, '['), offset, 10), ',')
			b = append(strconv.AppendInt(b, length, 10), ']')
		}
		b = append(b, "]}"...)
		if _, err := w.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	_, err := w.Write(append(b, "\n]}\n"...))
	return err
}

func encodeManifest(m *Manifest) ([]byte, error) {
	var b bytes.Buffer
	err := writeManifest(&b, m)
	return b.Bytes(), err
}
