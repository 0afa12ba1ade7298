// Package live holds the routes of everybody at one moment: of a thousand peers and
// both families, in about five bytes a route.
//
// A peer's routes are a row of numbers, one a prefix. A number stands for an AS path,
// and paths are a tree that grows from the origins, so that paths share their ends:
// `64500 3356 1299 4837 131279` and `64501 2914 1299 4837 131279` have the node of
// `1299 4837 131279` in common. A parent has a smaller number than its children, so
// "all that crosses AS1299" is one pass over the nodes. Who holds a prefix, and who
// carried it, are two bitsets of peers; a session that falls is one bit less in the
// set of those that watch, whatever it carried.
//
// It promises the rules of package rib: what a peer withdraws it must have carried, if it
// sends one path for each prefix and does not say so twice;
// what is behind a hole, a lost session or a table transfer is unknown, which is not
// absent; where updates have spoken, a snapshot says nothing new. Several goroutines
// may feed it, if no two feed the same peer. A checkpoint (docs/formats/checkpoint.md)
// restarts it.
//
// It keeps no attribute but the path, and no history but of prefixes that somebody asks
// for while it is loaded ([Past]). It decides nothing: what a moment means is for
// whoever reads it.
package live
