package formats

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"

	"constat/wire/mrt"
)

// inUTF16 writes a text as Windows does.
func inUTF16(s string, order binary.AppendByteOrder) string {
	b := order.AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// TestOther: what people give by mistake is named, with what to do.
func TestOther(t *testing.T) {
	tar := make([]byte, 512)
	copy(tar, "updates.20141222.1615")
	copy(tar[257:], "ustar\x0000")
	for in, want := range map[string]string{
		"\xfd7zXZ\x00\x00\x04\xe6\xd6\xb4\x46":           "packed with xz",
		"\x04\x22\x4d\x18\x64\x40\xa7":                   "packed with lz4",
		"\x1f\x9d\x90\x47\x0e":                           "packed with compress (.Z)",
		"PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\x00": "a zip archive",
		string(tar):                                "a tar archive",
		"\x1f\x8b\x08\x00\x00\x00\x00\x00":         "packed twice",
		"BZh91AY&SY\x00\x00":                       "packed twice",
		"%PDF-1.4\n":                               "a PDF document",
		"TIME: 12/22/14 16:15:08\nTYPE: BGP4MP/ME": "bgpdump's long text, which is not read: make it with -m",
		"BGP4MP|12/22/14 16:15:08|W|192.0.2.1|64500|10.0.0.0/8\n":                                            "times that people read (-M)",
		"BGP table version is 7, local router ID is 192.0.2.1\n":                                             "what a router shows",
		"<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>404\n Not Found</title>": "a web page (\"404 Not Found\") in place of records",
		"\ufeff\n<html><head><title>Index of /rrc00</title></head>":                                          "a web page that lists a folder",
		"<html>":                          "a web page in place of records",
		"<?xml version=\"1.0\"?><Error/>": "XML, and no records",
		"2|apnic|20141222|4|19830613|20141222|+1000\n":                "a registry's list of delegations",
		"1.0.0.0\t24\t13335\n":                                        "pfx2as",
		"A|1419264908.0|192.0.2.1|64500|10.0.0.0/8|64500 64501|IGP\n": "the output of bgpkit-parser",
		"update|A|1419264908.0|ris|rrc00|None|None|64500|192.0.2.1|10.0.0.0/8|192.0.2.1|64500|None|None|None\n":            "pybgpstream's text",
		"2014-12-22T16:15:08Z announce 192.0.2.1 AS64500 10.0.0.0/8 path 64500\n":                                          "what constat cat prints",
		`{"file":"a","offset":0,"record":"BGP4MP/MESSAGE","kind":"withdraw","time":"","peer":"192.0.2.1","peer_as":64500}`: "what constat cat prints",
		`{"message":"Not Found"}`:    "JSON that is neither",
		"[]":                         "JSON that is neither",
		"\n":                         "blank lines",
		"time,peer\n1,2\n":           `its first line is "time,peer"`,
		"Données\n":                  "text in none of the forms",
		strings.Repeat("é", headLen): "text in none of the forms",
		inUTF16("TIME: 12/22/14\n", binary.LittleEndian):               "text in UTF-16: bgpdump's long text",
		inUTF16("\x1f\u2039\x08\x00\x00\x00\x02", binary.LittleEndian): "PowerShell",
	} {
		r, f := NewReader(strings.NewReader(in), "")
		_, err := r.Next()
		d, ok := err.(*mrt.Damage)
		if f != MRT || !ok || !strings.Contains(d.Reason, want) || d.Resumable || d.Offset != 0 {
			t.Errorf("%.40q: %s, %v; want %q", in, f, err, want)
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("%.40q: then %v", in, err)
		}
		if got := What(strings.NewReader(in)); !strings.Contains(got, want) {
			t.Errorf("%.40q: %q", in, got)
		}
	}
	// What is read is not named otherwise, nor what may be records behind damage.
	for _, s := range append([]string{"", "\x00", "\x54\x98\x00\x00\xff\xff\x00\x00\x00\x00\x00\x01" + samples[MRT],
		"PK\x03\x04\x00\x10\x00\x04\x00\x00\x00\x20" + strings.Repeat("\x00", 32)}, samples[MRT]) {
		if got := What(strings.NewReader(s)); got != "" {
			t.Errorf("%.40q: %q", s, got)
		}
	}
}

// TestUTF16: a text in UTF-16 is read as the same text in UTF-8 is.
func TestUTF16(t *testing.T) {
	for _, f := range []Format{RISLive, RIPEstat, Bgpdump, Bgpreader} {
		want := strings.ReplaceAll(samples[f], "64500", "64500") + "# \U0001f310 é\n"
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			in := inUTF16(want, order)
			for _, r := range []io.Reader{strings.NewReader(in), iotest.OneByteReader(strings.NewReader(in)), iotest.DataErrReader(strings.NewReader(in))} {
				got, r := Recognise(r)
				b, err := io.ReadAll(r)
				if got != f || string(b) != want || err != nil {
					t.Errorf("%s: %s, %q, %v", f, got, b, err)
				}
			}
		}
	}
	_, r := Recognise(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(inUTF16(samples[RISLive], binary.LittleEndian)))))
	if _, err := io.ReadAll(r); err != iotest.ErrTimeout && err != nil {
		t.Error(err)
	}
}

func FuzzUTF16(f *testing.F) {
	f.Add([]byte(inUTF16(samples[Bgpdump], binary.LittleEndian)))
	f.Add([]byte(inUTF16("\U0001f310", binary.BigEndian)[:5]))
	f.Add([]byte("\xff\xfe\x00\xd8\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !isUTF16(b) {
			return
		}
		whole, err := io.ReadAll(newUTF16(bytes.NewReader(b), b))
		if err != nil || !utf8.Valid(whole) {
			t.Fatalf("%q: %q, %v", b, whole, err)
		}
		bytewise, err := io.ReadAll(newUTF16(iotest.OneByteReader(bytes.NewReader(b)), b))
		if err != nil || !bytes.Equal(whole, bytewise) {
			t.Fatalf("%q: %q, byte by byte %q, %v", b, whole, bytewise, err)
		}
		// As the library of the language decodes it.
		var units []uint16
		for i := 2; i+2 <= len(b); i += 2 {
			u := binary.LittleEndian.Uint16(b[i:])
			if b[0] == 0xfe {
				u = binary.BigEndian.Uint16(b[i:])
			}
			units = append(units, u)
		}
		want := string(utf16.Decode(units))
		if len(b)%2 == 1 {
			want += "\ufffd"
		}
		if string(whole) != want {
			t.Fatalf("%q: %q, want %q", b, whole, want)
		}
	})
}

// FuzzOther: whatever a stream begins with, what is said of it is one line, and it ends.
func FuzzOther(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s))
	}
	f.Add([]byte("<title>\u0130</title>"))
	f.Add([]byte("<html><TITLE>a</title>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if what := Other(b[:min(len(b), headLen)]); strings.ContainsAny(what, "\n\r\x00") {
			t.Errorf("%q: %q", b, what)
		}
	})
}
