//go:build unix

package fetch

import (
	"context"
	"os"
	"syscall"
	"time"
)

// lock keeps two processes from fetching the same file at once. The lock goes
// with its holder; the file that carries it is removed by the last holder.
func lock(ctx context.Context, path string) (func(), error) {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o666)
		if err != nil {
			return nil, err
		}
		for {
			err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
			if err != syscall.EWOULDBLOCK && err != syscall.EINTR {
				break
			}
			if err := sleep(ctx, 100*time.Millisecond); err != nil {
				f.Close()
				return nil, err
			}
		}
		if err != nil {
			f.Close()
			return nil, &os.PathError{Op: "lock", Path: path, Err: err}
		}
		// The holder before us may have removed the file that we locked.
		mine, err1 := f.Stat()
		there, err2 := os.Stat(path)
		if err1 == nil && err2 == nil && os.SameFile(mine, there) {
			return func() { os.Remove(path); f.Close() }, nil
		}
		f.Close()
	}
}
