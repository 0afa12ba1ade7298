//go:build unix

package caselog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lock takes the lock of a folder, shared among readers or for one writer
// alone. The folder itself carries it: there is no lock file that could be left
// behind, and the kernel lets go when its holder ends, however that ends.
func lock(ctx context.Context, dir string, exclusive bool) (unlock func(), err error) {
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	f, err := tryLock(dir, how)
	for wait := time.Millisecond; errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR); wait = min(2*wait, 50*time.Millisecond) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
		f, err = tryLock(dir, how)
	}
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	return func() { f.Close() }, nil
}

// tryLock does not wait.
func tryLock(dir string, how int) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	return flock(f, how)
}

func flock(f *os.File, how int) (*os.File, error) {
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// claim marks a folder as in use by this process, as long as it lives. Whatever
// else has the name is not followed and not waited for: somebody may have put a
// link or a pipe there.
func claim(dir string) (*os.File, error) {
	f, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	return flock(f, syscall.LOCK_EX)
}

// patient opens a file without waiting for somebody to write into it.
const patient = syscall.O_NONBLOCK

// claimFile is claim for a file.
func claimFile(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|patient, 0)
	if err != nil {
		return nil, err
	}
	return flock(f, syscall.LOCK_EX)
}

// hold marks an open file as in use, as long as it is open.
func hold(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
