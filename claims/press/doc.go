// Package press reads French and English press text and proposes statements for
// the register: [Read] finds who is said to have said what, when, through whom,
// in which words. A proposal enters a register only when a named person has
// accepted it ([constat/claims/statement.Accept]).
//
// It promises: the same proposals for the same text; no clock (every time is
// passed in), no network, no files; no panic and linear time on any input. Offsets
// are bytes of the text as it was given, whatever its encoding. [Score] counts how
// often it is right on texts that people have read, and docs/reading.md says so.
//
// It does not guess which hypothesis a statement is about: a person says so. Its
// rules are words and patterns, not knowledge of the world.
//
// The way through it: bytes to text, paragraphs and sentences (decode.go, segment.go
// and what stands beside them), words and verbs (lex.go, lexicon.go), verb groups and
// clauses (group.go, clause.go), what may say that somebody speaks (cue.go, frames.go,
// accord.go, cite.go), who says what (attribute.go, subject.go, content.go, right.go,
// relay.go), who that is, when it was, whether it is a denial (speaker.go, roles.go,
// when.go, kind.go), the text as a whole (collect.go, read.go).
package press
