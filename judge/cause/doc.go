// Package cause says where in the routing graph announcements stopped: which
// breaks are possible, what each would have made every vantage see, which of
// them the observations exclude, and which cannot be told apart by anybody who
// was watching.
//
// It is pure – no files, no network, no clock, no randomness. It promises that
// a verdict names a class, never a member of it; that nothing is excluded by
// what a single vantage, collector or stuck network could have faked; and that
// it abstains if the evidence does not reach the standard. A place in the
// graph is not an author: cause knows nothing of persons or governments, and
// never says that the break it names was the only one.
package cause
