// Package plays plays events that people who had not read the examiner's code found it to
// be wrong in: hand-overs, hijacks, strangers in a country, renumbering, whole tables sent
// again, tables without a route, holes, copies of a collector, flapping, several origins,
// covers and migrations. Each family is a generator: a seed gives a world, which is written
// as the files of collectors, and questions about it.
//
// What is true of a world is known second by second, as the world is made of what each peer
// holds and not of records. [Judge] holds the findings against that and against what any
// complete reading of the files can know. It is written from docs/definitions.md, looks at
// every second, and shares no code with the examiner.
//
// It promises that a seed gives the same files, truth and questions on every machine, and
// that what it calls false is contradicted by the world. It does not demand that the
// examiner says all that could be said; only a clear outage that is not told counts.
package plays
