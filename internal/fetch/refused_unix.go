//go:build unix

package fetch

import (
	"errors"
	"syscall"
)

// refused reports whether nothing listens, or no way leads there.
func refused(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EHOSTUNREACH)
}
