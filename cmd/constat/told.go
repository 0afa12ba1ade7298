package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"constat/cases/audit"
	"constat/cases/caselog"
	"constat/internal/locale"
	"constat/internal/plain"
	"constat/judge/finding"
)

// langFlag chooses the language of what a verb prints. Embed it.
type langFlag struct {
	Lang string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language of what is printed: ${languages}. ${languageHelp}"`
}

func (f *langFlag) words() *locale.Words { return locale.Must(locale.Lang(f.Lang)) }

// told gathers the lines that verify and case show print: what each is about, and
// the rest in words of the reader's language. Keys are those of verify.toml without
// their beginning.
type told struct {
	*locale.Words
	rows [][2]string
}

// t words a message.
func (t *told) t(key string, a ...any) string { return t.T("verify."+key, a...) }

// say adds a line.
func (t *told) say(what, text string) { t.rows = append(t.rows, [2]string{t.t("l." + what), text}) }

// first words "the first 5 entries".
func (t *told) first(n int64) string { return t.TN("verify.first", n, "n", n) }

// print writes the lines, the second halves below each other.
func (t *told) print(w io.Writer, indent string) error {
	wide := 13 // "countersigned"
	for _, r := range t.rows {
		wide = max(wide, utf8.RuneCountInString(r[0]))
	}
	for _, r := range t.rows {
		if _, err := plain.Fprintf(w, "%s%s %s\n", indent, pad(r[0], wide), r[1]); err != nil {
			return err
		}
	}
	return nil
}

func pad(s string, wide int) string {
	return s + strings.Repeat(" ", max(0, wide-utf8.RuneCountInString(s)))
}

// kind words what an entry is.
func kind(w *locale.Words, of string) string {
	if key := "log.kind." + of; w.Has(key) {
		return w.T(key)
	}
	return of
}

// kindWidths has the width of the longest word for a kind by language: a log has
// thousands of lines, and a language hundreds of words.
var kindWidths sync.Map

func kindWidth(words *locale.Words) int {
	if n, ok := kindWidths.Load(words.Lang); ok {
		return n.(int)
	}
	wide := 0
	for _, k := range words.Keys() {
		if strings.HasPrefix(k, "log.kind.") {
			wide = max(wide, utf8.RuneCountInString(words.T(k)))
		}
	}
	kindWidths.Store(words.Lang, wide)
	return wide
}

// entryLine is an entry in a line.
func entryLine(words *locale.Words, n int64, e *caselog.Entry) string {
	t := told{Words: words}
	var what []string
	if e.Note != "" {
		what = append(what, e.Note)
	}
	say := func(ok error, text func() string) {
		if ok == nil {
			what = append(what, text())
		}
	}
	switch e.Kind {
	case caselog.KindAsked:
		var q audit.AskedData
		say(e.DecodeData(&q), func() string { return t.t("e.asked", "subject", q.Subject, "from", q.From, "until", q.Until) })
	case caselog.KindExamined:
		var x audit.ExaminedData
		say(e.DecodeData(&x), func() string {
			answer := x.Answer
			if key := "log.answer." + finding.CurrentAnswer(answer); words.Has(key) {
				answer = words.T(key)
			}
			return t.t("e.examined", "entry", x.Asked, "answer", answer)
		})
	case caselog.KindWithdrawn:
		var d caselog.WithdrawnData
		say(e.DecodeData(&d), func() string { return t.t("e.withdrawn", "entry", d.Entry, "why", d.Why) })
	case caselog.KindStamp:
		var d caselog.StampData
		say(e.DecodeData(&d), func() string { return t.t("e.stamp", "first", t.first(d.Entries)) })
	case caselog.KindRotated:
		var d caselog.RotatedData
		say(e.DecodeData(&d), func() string { return t.t("e.rotated", "key", d.Key) })
	case caselog.KindGuardian:
		var d caselog.GuardianData
		say(e.DecodeData(&d), func() string { return t.t("e.guardian", "name", d.Name) })
	case caselog.KindParty:
		var p caselog.PartyData
		say(e.DecodeData(&p), func() string {
			if p.For == "" {
				return p.Name
			}
			return p.Name + ", " + t.t("e.party", "party", p.For)
		})
	default:
		for _, f := range e.Files {
			what = append(what, f.Path[len(caselog.ActFolder(n, e.Kind))+1:])
		}
	}
	wide := kindWidth(words)
	return strings.TrimRight(fmt.Sprintf("%5d  %s  %s  %s", n, e.Time, pad(kind(words, e.Kind), wide), strings.Join(what, ", ")), " ")
}

// line prints an entry in a line.
func line(s *streams, words *locale.Words, n int64, e *caselog.Entry) error {
	_, err := plain.Fprintln(s.out, entryLine(words, n, e))
	return err
}

// keys tells whose keys signed the log, from the first on.
func (t *told) keys(l *caselog.Log, given *caselog.PublicKey) {
	for i, k := range l.Keys {
		by := t.t("key.prior")
		if k.Guardian {
			by = t.t("key.guardian", "name", k.By)
		}
		isGiven := given != nil && given.Text == k.Text
		var who string
		switch {
		case isGiven && i > 0:
			who = t.t("key.given.since", "entry", k.From, "why", k.Why, "by", by)
		case isGiven:
			who = t.t("key.given")
		case i > 0:
			who = t.t("key.since", "who", t.t("key.handed", "by", by), "entry", k.From, "why", k.Why)
		case given != nil:
			who = t.t("key.before")
		default:
			who = t.t("key.own")
		}
		t.say("examiner", t.t("key", "key", k.Text, "who", who))
	}
	for _, g := range l.Guardians {
		t.say("guardian", t.t("guardian", "key", g.Text, "entry", g.Entry))
	}
}

// parties tells what parties signed.
func (t *told) parties(a *caselog.Account) {
	for _, x := range a.Signed {
		t.say("signed", t.t("signed", "path", x.Path, "party", x.Party))
	}
	for _, x := range a.Cosignatures {
		t.say("countersigned", t.t("countersigned", "party", x.Party, "at", x.At, "first", t.first(x.Size)))
	}
	for _, x := range a.OnCheckpoint {
		t.say("countersigned", t.TN("verify.countersigned.checkpoint", x.Size, "party", x.Party, "at", x.At, "n", x.Size))
	}
	for _, x := range a.Dissents {
		reason, _, more := strings.Cut(strings.TrimSuffix(x.Reason, "\n"), "\n")
		if more {
			reason += " …"
		}
		t.say("dissent", t.TN("verify.dissent", x.Size, "party", x.Party, "at", x.At, "n", x.Size, "reason", reason))
	}
}

// witnesses tells what the witnesses that were given cosigned.
func (t *told) witnesses(w *caselog.Witnessed) {
	if w == nil {
		return
	}
	for _, x := range w.By {
		if x.Size == 0 {
			t.say("witness", t.t("witness.none", "name", x.Witness))
			continue
		}
		t.say("witness", t.t("witness", "name", x.Witness, "first", t.first(x.Size), "at", x.At))
	}
	n := int64(len(w.By))
	t.say("quorum", t.TN("verify.quorum", n, "k", w.Quorum, "n", n, "first", t.first(w.Size)))
}

// stamps tells what authorities stamped.
func (t *told) stamps(stamps []caselog.TimeStamp) {
	for _, x := range stamps {
		who := x.Signer
		if who == "" {
			who = t.t("unnamed")
		}
		if x.Trusted {
			t.say("stamped", t.t("stamped", "first", t.first(x.Size), "at", x.At, "who", who))
			continue
		}
		t.say("notcounted", t.t("stamp", "entry", x.Entry, "first", t.first(x.Size), "at", x.At, "who", who, "why", x.Why))
	}
}
