// Package press reads French and English press text and proposes statements for
// the register: [Read] finds who is said to have said what, when, through whom,
// in which words. A proposal enters a register only when a named person has
// accepted it ([constat/claims/statement.Accept]).
//
// It promises: the same proposals for the same text; no clock (every time is
// passed in), no network, no files; no panic, linear time and bounded memory on any
// input up to [MaxText]. Places are bytes of the document as it was given, whatever
// its encoding, HTML or not: [Document.At] gives the words back. Texts in other
// languages and binary files are refused. [Score] counts how often it is right on
// texts that people have read, and docs/reading.md says so. [Outside] takes what
// another reader proposes, by the same acceptance.
//
// It does not guess which hypothesis a statement is about: a person says so. Its
// rules are words and patterns, not knowledge of the world.
//
// The way through it: refuse.go (what is no text), decode.go (bytes to text), html.go
// (pages to paragraphs), normal.go and sheets.go (one form of the text, printed
// pages), segment.go (paragraphs and sentences), language.go (of each paragraph),
// shape.go and voices.go (posts, interviews, press releases, and the text from its
// beginning to its end), lex.go and lexicon.go (words and verbs), group.go and clause.go
// (verb groups and clauses), cue.go, frames.go, accord.go and cite.go (what may say
// that somebody speaks), attribute.go, subject.go, content.go, right.go and relay.go
// (who says what; English alone: inserted.go, parenthesis.go, quoting.go, denials.go,
// english.go), house.go (texts that say "we"), speaker.go, roles.go, when.go and kind.go (who that is, when it
// was, whether it is a denial), collect.go and read.go (the text as a whole). gold.go,
// polnear.go, score.go and measure.go compare with what people found, propose.go reads
// others' proposals.
package press
