// Package sim holds simulated Internets: route propagation over an AS graph
// in which networks break, and what vantages placed in it would have seen. It
// is where cases with known culprits come from by the ten thousand.
//
// A [Graph] is read from a file of AS relationships or generated in the same
// shape. Routes spread by the usual rules – from customers before from peers
// before from providers, then the shortest, then the lowest neighbour – and a
// tenth of the networks break these rules ([Manners]), so that an examiner who
// assumes them is not graded by his own assumptions. A [World] adds vantages;
// a [Case] adds a subject, breaks and noise; [World.Play] says what was seen,
// and [Player.WriteArchive] writes it as
// collectors do.
//
// It promises that the same seed gives the same case, whatever the machine and
// the number of cores; that every route it shows is one that the networks on
// it would have passed on, but for what a case declares to be stuck, stale or
// forged; and that the truth of a case is written beside it. It knows nothing
// of how a case is judged: it imports neither the examiner nor its hypotheses.
//
// It does not simulate time inside the routing system: states are those after
// convergence, and the seconds and the paths explored between them are drawn.
package sim
