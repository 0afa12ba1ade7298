// Package filter writes a block in the languages of those who would apply it:
// filters of routes for routers, blackhole routes (RFC 5635, RFC 7999), FlowSpec
// rules (RFC 8955, RFC 8956), sets of addresses for hosts and servers – and, for
// each, the undoing.
//
// It promises that nothing is written without an expiry, a reason for each line,
// the hash of the impact that was acknowledged and the norms of the case; that
// lists of routes stand for exactly the target's routes and sets of addresses for
// exactly its addresses; that nothing a stranger wrote, such as an operator's name,
// can leave its comment; and that the same measure gives the same bytes. The files
// are in English and ASCII, since routers read them. It applies nothing, and it
// does not know whether a router's other policy undoes what it writes.
package filter
