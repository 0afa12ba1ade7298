//go:build unix

package caselog

import "io/fs"

// unsafeMode says whether anybody but the owner can read or write a key file.
func unsafeMode(m fs.FileMode) bool { return m.Perm()&0o077 != 0 }
