// Package block says what a block of some prefixes at some networks would do:
// which of the observed routes it would cut, who would find another way and on
// what evidence, what else it would hit, and with which other acts it could be
// confused from outside. It also says, of routes that somebody holds, where such
// a block seems to be in force, and it turns a target into the shortest exact lists
// of addresses and of routes that a filter is made of.
//
// It is pure: no files, no network, no clock, no chance. It promises that no list
// holds an address or a route too many or too few; that a way which was only
// derived from a graph of relations is never called seen; and that what nobody
// watches is unknown, not cut. It writes no router's language: report/filter does.
package block
