package caselog

import (
	"os"
	"path/filepath"
	"strings"
)

// packPrefix begins the name of a file into which a case is being packed. It is
// hidden and has no name of a case.
const packPrefix = ".constat-unfinished-pack-"

// PackFile makes a file in a folder, in which a case is packed until it is whole,
// and clears away those that were left by a kill. One whose maker lives is held
// by it, and stays; so does every other file.
func PackFile(dir string) (*os.File, error) {
	es, _ := os.ReadDir(dir) // a folder that cannot be listed may still be written into
	for _, e := range es {
		if !e.Type().IsRegular() || !strings.HasPrefix(e.Name(), packPrefix) {
			continue
		}
		name := filepath.Join(dir, e.Name())
		if f, err := claimFile(name); err == nil {
			os.Remove(name)
			f.Close()
		}
	}
	for tries := 0; ; tries++ {
		f, err := os.CreateTemp(dir, packPrefix+"*")
		if err != nil {
			return nil, err
		}
		// Another packing may have taken it for left over before it was held.
		if err = hold(f); err == nil && sameFile(f, f.Name()) || tries == 100 {
			return f, err
		}
		f.Close()
	}
}
