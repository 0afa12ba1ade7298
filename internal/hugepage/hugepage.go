// Package hugepage makes slices that the system may lay out in large pages.
//
// A processor finds memory by way of tables of pages, and remembers some thousand pages
// of 4 KiB: of a gigabyte that is looked at here and there, each look costs a search of
// the tables too. Pages of 2 MiB are 512 times as few, and come with as many times fewer
// interruptions when they are used first. The system gives them if it is asked and has
// some; nothing else changes.
//
// It promises a slice like that of make, on the heap like that.
package hugepage

// Page is the size of a large page in bytes, where there are any.
const Page = 2 << 20

// Make is make([]T, n). T should hold no pointers.
func Make[T any](n int) []T {
	s := make([]T, n)
	advise(s)
	return s
}
