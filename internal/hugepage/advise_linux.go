package hugepage

import (
	"syscall"
	"unsafe"
)

// advise asks for large pages for those that lie in a slice as a whole. That it is
// refused changes nothing.
func advise[T any](s []T) {
	var t T
	n := uintptr(len(s)) * unsafe.Sizeof(t)
	if n < 2*Page {
		return
	}
	at := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	skip := -at & (Page - 1)
	b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), n)
	_ = syscall.Madvise(b[skip:skip+(n-skip)&^(Page-1)], syscall.MADV_HUGEPAGE)
}
