package caselog

import "fmt"

// Fault is the first thing of a case that does not hold. Path is the file, from
// the case's folder; Entry is the number of the log's entry, -1 where none is
// concerned.
type Fault struct {
	Path  string
	Entry int64
	Err   error
}

func (f *Fault) Error() string {
	switch {
	case f.Path == "":
		return fmt.Sprintf("entry %d: %v", f.Entry, f.Err)
	case f.Entry < 0:
		return fmt.Sprintf("%s: %v", f.Path, f.Err)
	}
	return fmt.Sprintf("%s (entry %d): %v", f.Path, f.Entry, f.Err)
}

func (f *Fault) Unwrap() error { return f.Err }

func fault(path string, entry int64, format string, args ...any) error {
	return &Fault{Path: path, Entry: entry, Err: fmt.Errorf(format, args...)}
}
