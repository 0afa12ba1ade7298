package atlas

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/internal/regular"
	"constat/internal/worded"
)

// A subject file is what people keep about a subject; docs/formats/subject.md
// describes it. One thing a line:
//
//	# whole-line comment
//	name: North Korea
//	KP                   # everything delegated to the country
//	+AS131279            # reason
//	-175.45.178.0/24     # reason

type subjectLine struct {
	item
	off     bool
	comment string
	line    int
}

type subjectFile struct {
	name  string
	lines []subjectLine
}

// maxSubjectFile bounds a subject file; a line for every AS there is fits.
const maxSubjectFile = 16 << 20

func readSubjectFile(path string) ([]byte, error) {
	f, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSubjectFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxSubjectFile {
		return nil, worded.Errorf("larger than %d bytes: that is no list kept by hand", maxSubjectFile)
	}
	return b, nil
}

// parseSubjectFile reads a subject file. An error names the line.
func parseSubjectFile(raw []byte) (*subjectFile, error) {
	if !utf8.Valid(raw) || strings.ContainsRune(string(raw), 0) {
		return nil, errors.New("not a text file (UTF-8): subjects are AS131279, 175.45.176.0/22, KP or a list of them")
	}
	text := strings.TrimPrefix(string(raw), "\ufeff")
	sf := &subjectFile{}
	seen := map[string]subjectLine{}
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		fail := func(format string, args ...any) error {
			return fmt.Errorf("line %d: %w", n, fmt.Errorf(format, args...))
		}
		body, comment, _ := strings.Cut(line, "#")
		body, comment = strings.TrimSpace(body), strings.Join(strings.Fields(comment), " ")
		if body == "" {
			continue
		}
		if key, value, ok := strings.Cut(body, ":"); ok && strings.EqualFold(strings.TrimSpace(key), "name") {
			value = strings.TrimSpace(value)
			switch {
			case value == "":
				return nil, fail("a name line without a name")
			case sf.name != "":
				return nil, fail("a second name; the first is %q", sf.name)
			}
			sf.name = value
			continue
		}
		l := subjectLine{comment: comment, line: n}
		word := body
		switch body[0] {
		case '-':
			l.off, word = true, strings.TrimSpace(body[1:])
		case '+':
			word = strings.TrimSpace(body[1:])
		}
		if word == "" {
			return nil, fail("a sign with nothing after it")
		}
		if strings.ContainsAny(word, " \t") {
			return nil, fail("%q: one thing a line; a reason is written after #", clip(word))
		}
		it, err := parseItem(word)
		if errors.Is(err, errNoItem) {
			return nil, fail("%q is neither an AS (AS131279), a prefix (175.45.176.0/22) nor a country (KP)", clip(word))
		}
		if err != nil {
			return nil, fail("%w", err)
		}
		l.item = it
		if l.kind == KindCountry && l.off {
			return nil, fail("-%s: a country cannot be struck; strike its origins and prefixes", l.cc)
		}
		id := l.id()
		if before, twice := seen[id]; twice {
			if before.off != l.off {
				return nil, fail("%s is added and struck; the other line is %d", word, before.line)
			}
			return nil, fail("%s is there twice; the other line is %d", word, before.line)
		}
		seen[id] = l
		sf.lines = append(sf.lines, l)
	}
	if len(sf.lines) == 0 {
		return nil, errors.New("no subject in it: every line is empty or a comment")
	}
	return sf, nil
}

// mayBeCalled refuses a name that is another's: an AS number or a prefix that the file
// does not add stands nowhere in it, nor is it, whole, the code of a country that the
// file does not add. In a sentence such a name would say something else than what was
// examined. Example: AS131279 for a file that has AS396001 alone.
func (sf *subjectFile) mayBeCalled(name string) error {
	added := map[string]bool{}
	for _, l := range sf.lines {
		if !l.off {
			added[l.id()] = true
		}
	}
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".:/", r)
	})
	for i, w := range words {
		w = strings.Trim(w, ".:/")
		if i > 0 && strings.EqualFold(words[i-1], "as") && allDigits(w) {
			w = "AS" + w
		} else if allDigits(w) || len(w) == 2 && len(words) > 1 {
			continue // a year, a word
		}
		it, err := parseItem(w)
		if errors.Is(err, errNoItem) || err != nil && len(w) == 2 {
			continue
		}
		if err != nil || !added[it.id()] {
			return worded.Errorf("the name %q says %s, which no line of the file adds: call it something else (name: TEXT)", clip(name), w)
		}
	}
	return nil
}

// id tells items apart.
func (it item) id() string { return fmt.Sprint(it.kind, it.asn, it.prefix, it.cc) }
