// Package score puts the examiner on cases whose culprit is known, and counts:
// what it found, what it abstained from and why, and above all whom it accused
// falsely.
//
// It takes the nights of lab/sim, hands what vantages saw to cause as if it had
// been read from files, and compares the verdict with the truth. What could
// have been told at all is worked out here by brute force, from what routing
// did without noise, and shares no code with cause.
//
// It promises that no case is dropped from a score: those that could not be
// drawn are counted with the reason; that the same options give the same score
// on any number of cores; and that every case has a name by which it can be
// played again alone. It tunes nothing.
package score
