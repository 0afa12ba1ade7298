package press

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// NotTextError refuses what is no text, and says what to do.
type NotTextError struct{ What, Do string }

func (e *NotTextError) Error() string { return fmt.Sprintf("it is %s, not text: %s", e.What, e.Do) }

// magic are the first bytes of files that people keep articles in, or take for
// one by mistake.
var magic = []struct{ head, what, do string }{
	{"%PDF-", "a PDF file", "make text of it first, as with pdftotext -layout FILE.pdf FILE.txt, and read that"},
	{"{\\rtf", "a rich text file (RTF)", "save it as plain text or HTML from the program that wrote it"},
	{"PK\x03\x04", "a ZIP archive, as .docx, .odt and .epub are", "unpack it; of a document, save it as plain text or HTML from the program that wrote it"},
	{"\xd0\xcf\x11\xe0", "a document of an old Microsoft program", "save it as plain text or HTML"},
	{"\x89PNG", "a picture (PNG)", "type or recognise its text first, as with tesseract FILE.png OUT"},
	{"\xff\xd8\xff", "a picture (JPEG)", "type or recognise its text first, as with tesseract FILE.jpg OUT"},
	{"GIF8", "a picture (GIF)", "type or recognise its text first"},
	{"II*\x00", "a picture (TIFF)", "type or recognise its text first"},
	{"MM\x00*", "a picture (TIFF)", "type or recognise its text first"},
	{"RIFF", "a picture, sound or film (RIFF)", "write down its words first"},
	{"ID3", "a sound (MP3)", "write down its words first"},
	{"OggS", "a sound or film (Ogg)", "write down its words first"},
	{"\x1f\x8b", "compressed (gzip)", "unpack it with gunzip first"},
	{"BZh", "compressed (bzip2)", "unpack it with bunzip2 first"},
	{"\xfd7zXZ", "compressed (xz)", "unpack it with unxz first"},
	{"\x28\xb5\x2f\xfd", "compressed (zstd)", "unpack it with unzstd first"},
	{"7z\xbc\xaf", "a 7z archive", "unpack it first"},
	{"Rar!", "a RAR archive", "unpack it first"},
	{"bplist", "a web archive of a browser", "save the page as HTML only"},
	{"\x7fELF", "a program", "give an article"},
	{"MZ\x90", "a program", "give an article"},
	{"SQLite format", "a database", "give an article"},
	{"From: <Saved by", "a page saved with all its parts (MHTML)", "save it as HTML only"},
}

// notText refuses binary files. A text may hold a few control characters, and
// is read all the same; a file with many is no text.
func notText(data []byte) error {
	for _, m := range magic {
		if bytes.HasPrefix(data, []byte(m.head)) {
			if (m.head == "BZh" || m.head == "RIFF" || m.head == "ID3" || m.head == "GIF8" || m.head == "Rar!" || m.head == "bplist" || m.head == "SQLite format") && utf8.Valid(data[:min(len(data), 64)]) && controls(data[:min(len(data), 64)]) == 0 {
				continue // a word that begins so
			}
			return &NotTextError{m.what, m.do}
		}
	}
	if len(data) >= 8 && string(data[4:8]) == "ftyp" {
		return &NotTextError{"a film or picture (MP4, HEIC)", "write down its words first"}
	}
	head := data[:min(len(data), 1<<16)]
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		if bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")) {
			return &NotTextError{"in UTF-32", "turn it into UTF-8 first, as with iconv -f UTF-32 -t UTF-8"}
		}
		return nil // UTF-16 with its mark
	}
	if order := wide(head); order != "" {
		return &NotTextError{"in " + order + " without a mark, as it seems", "turn it into UTF-8 first, as with iconv -f " + order + " -t UTF-8"}
	}
	if n := controls(head); n > 8 && n*50 > len(head) {
		return &NotTextError{"a binary file", "give its text, in UTF-8 or another usual encoding, or as HTML"}
	}
	return nil
}

// controls counts control characters that no text has.
func controls(b []byte) (n int) {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			n++
		}
	}
	return n
}

// wide finds two bytes a character: zeros in every other place.
func wide(b []byte) string {
	var zero, other [2]int
	for i, c := range b {
		if c == 0 {
			zero[i&1]++
		} else {
			other[i&1]++
		}
	}
	for i, order := range []string{"UTF-16BE", "UTF-16LE"} {
		if zero[i] >= 4 && zero[i] > 2*other[i] && zero[1-i]*8 < other[1-i] {
			return order
		}
	}
	return ""
}
