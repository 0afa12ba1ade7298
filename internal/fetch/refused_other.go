//go:build !unix

package fetch

import (
	"errors"
	"strings"
	"syscall"
)

// refused reports whether nothing listens, or no way leads there. Winsock has its own
// numbers, and their texts are those of the system's language; what remains is
// retried.
func refused(err error) bool {
	return errors.Is(err, syscall.Errno(10061)) || errors.Is(err, syscall.Errno(10051)) || strings.Contains(err.Error(), "connection refused")
}
