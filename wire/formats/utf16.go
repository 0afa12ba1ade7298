package formats

import (
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Windows' PowerShell writes what a program prints as UTF-16 (version 5, with >), a mark
// before it. Texts in it are read; places in them are those of the same text in UTF-8.

var (
	markLE = []byte{0xff, 0xfe}
	markBE = []byte{0xfe, 0xff}
)

// isUTF16 reports whether a stream begins with the mark of UTF-16. As the time of an MRT
// record the two bytes are a moment of 2105 or 2106.
func isUTF16(head []byte) bool {
	return bytes.HasPrefix(head, markLE) || bytes.HasPrefix(head, markBE)
}

// utf16Reader gives a text in UTF-8 that comes in UTF-16. What is no character is U+FFFD.
type utf16Reader struct {
	r    io.Reader
	big  bool
	in   []byte // read and not decoded: less than a character
	out  []byte // decoded and not given
	buf  []byte
	mark bool // was passed
	err  error
}

func newUTF16(r io.Reader, head []byte) *utf16Reader {
	return &utf16Reader{r: r, big: bytes.HasPrefix(head, markBE)}
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if u.buf == nil {
		u.buf = make([]byte, 32<<10)
	}
	for tries := 0; len(u.out) == 0; tries++ {
		switch {
		case u.err != nil:
			return 0, u.err
		case tries > 100:
			return 0, io.ErrNoProgress
		}
		var n int
		n, u.err = u.r.Read(u.buf)
		u.in = append(u.in, u.buf[:n]...)
		u.decode()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// decode takes the whole characters of what was read, and at the end what is left.
func (u *utf16Reader) decode() {
	u.out = u.out[:0]
	i := 0
	unit := func(i int) rune {
		if u.big {
			return rune(u.in[i])<<8 | rune(u.in[i+1])
		}
		return rune(u.in[i+1])<<8 | rune(u.in[i])
	}
	for ; i+2 <= len(u.in); i += 2 {
		c := unit(i)
		if !u.mark {
			u.mark = true
			continue
		}
		if utf16.IsSurrogate(c) {
			if i+4 > len(u.in) && u.err == nil {
				break
			}
			c2 := utf8.RuneError
			if i+4 <= len(u.in) {
				c2 = utf16.DecodeRune(c, unit(i+2))
			}
			if c = c2; c != utf8.RuneError {
				i += 2
			}
		}
		u.out = utf8.AppendRune(u.out, c)
	}
	u.in = append(u.in[:0], u.in[i:]...)
	if u.err == io.EOF && len(u.in) > 0 { // half a character
		u.out, u.in = utf8.AppendRune(u.out, utf8.RuneError), u.in[:0]
	}
}
