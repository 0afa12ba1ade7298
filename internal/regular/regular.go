// Package regular opens files that somebody named to be read. It waits for nobody:
// what is no ordinary file, such as a pipe that no one writes into, is refused,
// unless a shell handed it over.
package regular

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Open opens a file for reading. Example: a named pipe among the files of a folder
// is refused; what a shell makes of <(zcat a.gz) is /dev/fd/63, and is read once.
func Open(name string) (*os.File, error) {
	const waits = fs.ModeNamedPipe | fs.ModeSocket | fs.ModeDevice | fs.ModeCharDevice
	if fi, err := os.Stat(name); err == nil && fi.Mode()&waits != 0 && !handed(name) {
		return nil, fmt.Errorf("%s is no ordinary file: a pipe is given as standard input", name)
	}
	return os.Open(name)
}

func handed(name string) bool {
	return name == "/dev/stdin" || name == os.DevNull || strings.HasPrefix(name, "/dev/fd/") || strings.HasPrefix(name, "/proc/self/fd/")
}

// ReadFile reads a file whole.
func ReadFile(name string) ([]byte, error) {
	f, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
