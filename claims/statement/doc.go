// Package statement keeps who said what: the register.
//
// A [Register] holds [Statement]s: who spoke, for whom, through which outlets,
// on the record or not, when, about which interval, in which words, in which
// document, and which proposition was asserted, denied, doubted, asked for or
// announced. [Contradictions], [Relabelled] and [Drifts] point at what does not
// fit together. Somebody has accepted each statement: what claims/press proposes
// becomes one only by [Accept].
//
// It promises the same bytes for the same register, and that what it writes it
// reads again; no clock (every time is passed in), no network, no files.
//
// It does not judge whether a statement is true: claims/standing puts it beside
// findings. It reads no press text.
package statement
