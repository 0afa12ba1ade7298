// Package prefetch asks the processor for memory before it is needed.
//
// A program that looks up many places that are far apart waits for each of them, if it
// looks at one after the other. Asked for together they come together: a processor
// fetches a dozen or more lines at once. On processors for which there is no such
// request here, nothing happens: results are the same everywhere.
//
// It promises to read nothing: an address that is not the program's, or not any more,
// does no harm.
package prefetch
