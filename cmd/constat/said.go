package main

import (
	"io"
	"sync"

	"constat/internal/locale"
	"constat/internal/plain"
	"constat/internal/worded"
	"constat/wire/formats"
)

// foreign are formats of messages of which the program has only the text: those of the
// parser of flags and of the system, and reasons that are handed on as text. Their
// translations are in errors.toml, as those of the program's own errors are.
var foreign = append([]string{
	// The parser of flags.
	"%s, did you mean one of %s?",
	"%s, did you mean %s?",
	"unknown flag %s",
	"unexpected argument %s",
	"missing flags: %s",
	"expected one of %s",
	"expected %s",
	"%s must be one of %s but got %s",
	"%s and %s can't be used together",
	// The system.
	"lookup %s: no such host",
	// What package moment says, which imports nothing, and reasons handed on as text.
	"time %q: want RFC 3339 or a shorter form of it, such as 2010-02-27T16:00:00Z, 2010-02-27T16:00 or 2010-02-27 (UTC where no zone is named), or seconds since 1970",
	"length %q: want a number with its unit, such as 90s, 15m, 2h, 3d or 1d12h",
	"--until %s is not after --from %s",
	"%s: its archive has no list of that time",
	// What a cached file was found to be.
	"the archive's own copy is damaged: %s",
	"its copy in the cache is damaged (%s), and --offline was asked for: what cannot be read of it counts as blindness; the same command without --offline fetches it again",
	"its copy in the cache was damaged (%s) and was fetched again",
	"the copy that was there was damaged (%s) and was fetched again",
	"%s: damaged at or before compressed byte %s: %s",
	"%s: truncated after %s compressed bytes",
	"offset %s: %s",
	"offset %s",
	"line %s",
	"%s without a route: no peer is known to have spoken of what was asked for",
	"a capture of %s packets, and no TCP stream in it holds BMP (RFC 7854; BGP itself is not read from captures)",
	"not an MRT file: no record begins here (type %s, subtype %s, length %s)",
	// Errors of a type of their own.
	"figure %s is none that can stand alone; of this report these can: %s",
	"%s addresses have no time of their own (the first is %s): who stood behind an address is a question about a moment",
	"it is %s, not text: %s",
	"it is in %s; only English and French are read: give a translation, or what another reader finds in it as --proposals",
	// What is wrong in TOML and JSON.
	"something follows the end, at byte %s",
	"%s: unknown member %s, at byte %s",
	"%s: member %s is there twice, at byte %s",
	"%s: member %s is missing, at byte %s",
	"line %s, column %s: %s",
}, formats.Says()...)

// tongue says what is no result – errors, notes, progress – in a language.
type tongue struct{ *worded.Tongue }

// tongueOf is the tongue of a language. Its words are read when the first is needed.
func tongueOf(lang locale.Lang) tongue {
	if lang == locale.Default {
		return tongue{}
	}
	in := sync.OnceValue(func() locale.Sentences {
		s, err := locale.SentencesOf(lang, locale.ErrorsFile)
		if err != nil {
			return nil // a test reads all of them; without words there is still the text
		}
		return s
	})
	of := func(source string) (string, bool) {
		s, ok := in()[source]
		return s, ok
	}
	return tongue{&worded.Tongue{Of: of, Foreign: foreign}}
}

// note writes a line on standard error, or where it goes to in its turn.
func (t tongue) note(w io.Writer, format string, args ...any) {
	format, args = t.Format(format, args)
	plain.Fprintf(w, "constat: "+format+"\n", args...)
}

// line is what note writes, without its end.
func (t tongue) line(format string, args ...any) string {
	format, args = t.Format(format, args)
	return plain.Sprintf("constat: "+format, args...)
}

// note writes a line on standard error.
func (s *streams) note(format string, args ...any) { s.said.note(s.err, format, args...) }
