//go:build unix

package caselog

import (
	"io/fs"
	"syscall"
)

// unsafeMode says whether anybody but the owner can read or write a key file.
func unsafeMode(m fs.FileMode) bool { return m.Perm()&0o077 != 0 }

// links is how many names a file has.
func links(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Nlink)
	}
	return 1
}
