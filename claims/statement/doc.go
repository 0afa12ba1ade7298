// Package statement keeps who said what, and reads press text for it.
//
// A [Register] holds [Statement]s: who spoke, for whom, through which outlets,
// on the record or not, when, about which interval, in which words, in which
// document, and which proposition was asserted, denied, doubted, asked for or
// announced. [Contradictions], [Relabelled] and [Drifts] point at what does not
// fit together. [Read] proposes statements from French and English press text;
// a proposal enters a register only when a named person has accepted it.
//
// It promises: the same bytes for the same register, and the same proposals
// for the same text; no clock (every time is passed in), no network, no files;
// no panic and linear time on any input. Offsets are bytes of the text as it
// was given, whatever its encoding.
//
// It does not judge whether a statement is true – that is for the findings
// beside it – and it does not guess which hypothesis a statement is about: a
// person says so. The rules of the reader are words and patterns, not
// knowledge of the world; what they find and miss is in docs/reading.md.
package statement
