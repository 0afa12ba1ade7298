// Package transit says on whom a subject depends to be reached: through which
// networks its addresses are announced to the rest of the world, and the refusal of
// how few networks, operators or countries would cut it off.
//
// It takes what peers hold at one moment (State), what belongs to the subject
// (Scope), who is who (Who), and graphs of relations between networks (Graph). It
// computes AS hegemony, the ways out with their shares, frontier networks, the
// smallest sets that hit every observed path, and the smallest sets that every path
// of a graph must cross that keeps to customers and providers (valley-free).
//
// It promises: the same values for the same input; IPv4 and IPv6 never added up; of
// each set whether it is exact, and if not between which bounds the number lies; of
// each number what a single vantage's network could turn over. A route that no peer
// holds is not taken for one that does not exist.
//
// It is pure: no files, no network, no clock, no chance. It does not say that a
// network did anything, only that it could.
package transit
