//go:build !unix

package caselog

import "io/fs"

// unsafeMode cannot tell where modes say nothing about who may read.
func unsafeMode(fs.FileMode) bool { return false }

// links is how many names a file has; it is not known here.
func links(fs.FileInfo) uint64 { return 1 }
