package formats

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"constat/wire/mrt"
)

// Other says what a stream is that begins like no format that is read, and what to do
// with it; empty if it begins like an MRT record, or like nothing that is known. It is
// for words alone: nothing is read otherwise because of it but what could not be read.
func Other(head []byte) string {
	if len(head) == 0 || likeMRT(head) {
		return ""
	}
	for _, m := range magics {
		if len(head) >= m.at+len(m.magic) && string(head[m.at:m.at+len(m.magic)]) == m.magic {
			return m.what
		}
	}
	if isUTF16(head) {
		return otherUTF16(head)
	}
	text, ok := printable(head)
	if !ok {
		return ""
	}
	return otherText(text)
}

// likeMRT reports whether a stream begins with the header of a record that may be one
// (RFC 6396 §2, §4): of a known type, and not longer than a record can be.
func likeMRT(head []byte) bool {
	if len(head) < mrt.HeaderLen {
		return false
	}
	typ, length := binary.BigEndian.Uint16(head[4:]), binary.BigEndian.Uint32(head[8:])
	return (typ <= 17 || typ >= 32 && typ <= 65) && length <= 1<<26
}

// What is said, with %s for what differs. [Says] lists them, for translators.
const (
	packed      = "packed with %s, which is not read: unpack it (%s) and give what comes out, or pack it with gzip, bzip2 or zstd"
	anArchive   = "a %s archive, which is not read: unpack it (%s) and give what comes out"
	twice       = "packed twice: unpack it once (%s) and give what comes out"
	picture     = "a picture, and no records"
	pdf         = "a PDF document, and no records"
	program     = "a program, and no records"
	script      = "a script, and no records"
	database    = "a SQLite database, and no records"
	parquet     = "a Parquet file, which is not read"
	inUTF16Text = "text in UTF-16: %s"
	lost        = "bytes that a program took for text and rewrote as UTF-16, as PowerShell does with >: they are lost, so fetch the file again (curl -o FILE)"
	long        = "bgpdump's long text, which is not read: make it with -m (bgpdump -m FILE), or give the MRT file itself"
	dates       = "bgpdump's text with times that people read (-M), which is not read: make it with -m (bgpdump -m FILE)"
	shown       = "what a router shows (show ip bgp), which is not read: MRT, BMP or bgpdump -m text is"
	pointer     = "a pointer of Git LFS, and not the file that it stands for (git lfs pull)"
	listing     = "a web page that lists a folder: fetch the files that it names, and give those"
	titled      = "a web page (%s) in place of records: fetch the file again"
	page        = "a web page in place of records: fetch the file again"
	blank       = "blank lines, and no records"
	anXML       = "XML, and no records: if it was fetched, fetch it again"
	plainText   = "text in none of the forms that are read; its first line is %s"
	pybgpstream = "pybgpstream's text, which is not read: bgpreader's is, and so is bgpdump -m text"
	others      = "the output of %s, which is not read: give the MRT file itself, or bgpdump -m text"
	delegations = "a registry's list of delegations, and no records: --atlas names its folder"
	pfx2as      = "a list of prefixes and their origins (pfx2as), and no records"
	ownText     = "what constat cat prints, which is not read: give the file that it was printed from, or print it with -m (constat cat -m FILE)"
	ownCase     = "a file of a case, and no records: the sources of the case are"
	otherObject = "JSON that is neither an answer of RIPEstat nor of RIS Live; it begins with %s"
)

// Says lists the formats of what [Other] says.
func Says() []string {
	return []string{packed, anArchive, twice, picture, pdf, program, script, database, parquet, inUTF16Text, lost, long, dates, shown, pointer,
		listing, titled, page, blank, anXML, plainText, pybgpstream, others, delegations, pfx2as, ownText, ownCase, otherObject}
}

var magics = []struct {
	at          int
	magic, what string
}{
	{0, "\xfd7zXZ\x00", fmt.Sprintf(packed, "xz", "xz -dk FILE")},
	{0, "\x04\x22\x4d\x18", fmt.Sprintf(packed, "lz4", "lz4 -d FILE")},
	{0, "\x1f\x9d", fmt.Sprintf(packed, "compress (.Z)", "gzip -dk FILE")},
	{0, "LZIP", fmt.Sprintf(packed, "lzip", "lzip -dk FILE")},
	{0, "PK\x03\x04", fmt.Sprintf(anArchive, "zip", "unzip FILE")},
	{0, "7z\xbc\xaf\x27\x1c", fmt.Sprintf(anArchive, "7-Zip", "7z x FILE")},
	{0, "Rar!", fmt.Sprintf(anArchive, "RAR", "unrar x FILE")},
	{257, "ustar", fmt.Sprintf(anArchive, "tar", "tar xf FILE")},
	{0, "\x1f\x8b", fmt.Sprintf(twice, "gzip -dk FILE")},
	{0, "BZh91AY&SY", fmt.Sprintf(twice, "bzip2 -dk FILE")},
	{0, "\x28\xb5\x2f\xfd", fmt.Sprintf(twice, "zstd -d FILE")},
	{0, "\x89PNG", picture},
	{0, "\xff\xd8\xff", picture},
	{0, "GIF8", picture},
	{0, "%PDF-", pdf},
	{0, "\x7fELF", program},
	{0, "SQLite format 3", database},
	{0, "PAR1", parquet},
}

func otherUTF16(head []byte) string {
	b := make([]byte, headLen)
	n, _ := newUTF16(bytes.NewReader(head), head).Read(b)
	if text, ok := printable(b[:n]); ok {
		if what := otherText(text); what != "" {
			return fmt.Sprintf(inUTF16Text, what)
		}
	}
	return lost
}

// printable returns what a head is as text; false if it is none.
func printable(head []byte) (string, bool) {
	s := strings.TrimPrefix(string(head), "\ufeff")
	if len(head) >= headLen { // the last character may be cut
		for i := 0; i < 3 && !utf8.ValidString(s); i++ {
			s = s[:len(s)-1]
		}
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && !strings.ContainsRune("\t\r\n\f", r) || r == 0x7f
	}) {
		return "", false
	}
	return strings.TrimLeft(s, " \t\r\n"), true
}

// texts are known by how their first line begins.
var texts = []struct{ begins, what string }{
	{"TIME: ", long},
	{"BGP table version is ", shown},
	{"version https://git-lfs", pointer},
	{"#!", script},
}

// pages are known by how they begin, in lower case.
var pages = []string{"<!doctype html", "<html", "<head", "<body"}

func otherText(s string) string {
	low := strings.ToLower(s[:min(len(s), 32)])
	for _, p := range pages {
		if !strings.HasPrefix(low, p) {
			continue
		}
		if strings.Contains(s, "Index of ") || strings.Contains(s, "Directory listing") {
			return listing
		}
		if t := title(s); t != "" {
			return fmt.Sprintf(titled, fmt.Sprintf("%.60q", t))
		}
		return page
	}
	for _, t := range texts {
		if strings.HasPrefix(s, t.begins) {
			return t.what
		}
	}
	line, _, _ := strings.Cut(s, "\n")
	line = strings.TrimSpace(line)
	switch {
	case line == "":
		return blank
	case line[0] == '<':
		return anXML
	case line[0] == '{' || line[0] == '[':
		return otherJSON(s)
	}
	if what := otherLine(line); what != "" {
		return what
	}
	return fmt.Sprintf(plainText, fmt.Sprintf("%.60q", line))
}

func title(s string) string {
	low := strings.ToLower(s)
	i := strings.Index(low, "<title>")
	j := strings.Index(low, "</title>")
	if len(low) != len(s) || i < 0 || j < i+7 {
		return ""
	}
	return strings.Join(strings.Fields(s[i+7:j]), " ")
}

// otherLine knows the lines of other programs, and of other files of the field.
func otherLine(line string) string {
	f := strings.Split(line, "|")
	number := func(s string) bool { return s != "" && strings.Trim(s, "0123456789.") == "" }
	switch {
	case len(f) >= 6 && (strings.HasPrefix(f[0], "BGP4MP") || strings.HasPrefix(f[0], "TABLE_DUMP")) && strings.Contains(f[1], "/"):
		return dates
	case len(f) >= 10 && (f[0] == "update" || f[0] == "rib") && len(f[1]) == 1:
		return pybgpstream
	case len(f) >= 5 && (f[0] == "A" || f[0] == "W") && number(f[1]):
		return fmt.Sprintf(others, "bgpkit-parser")
	case len(f) >= 6 && (f[0] == "+" || f[0] == "-" || f[0] == "=") && strings.Contains(f[1], "/"):
		return fmt.Sprintf(others, "bgpscanner")
	case len(f) >= 6 && (f[0] == "2" || strings.HasPrefix(f[0], "2.")) && number(f[2]):
		return delegations
	}
	if t := strings.Split(line, "\t"); len(t) == 3 && number(t[0]) && number(t[1]) {
		return pfx2as
	}
	if t := strings.Fields(line); len(t) > 3 && strings.HasSuffix(t[0], "Z") && slices.Contains([]string{"announce", "withdraw", "rib", "state"}, t[1]) {
		return ownText
	}
	return ""
}

func otherJSON(s string) string {
	has := func(key string) bool { return strings.Contains(s, `"`+key+`"`) }
	switch {
	case has("file") && has("offset") && has("peer_as"):
		return ownText
	case has("elem_type") && has("peer_ip"):
		return fmt.Sprintf(others, "bgpkit-parser")
	case has("findings") || has("question") && has("format"):
		return ownCase
	}
	return fmt.Sprintf(otherObject, fmt.Sprintf("%.60q", strings.Join(strings.Fields(s[:min(len(s), 200)]), " ")))
}
