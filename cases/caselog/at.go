package caselog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// At is what the checkpoint of a log said when the log had a number of
// entries.
func (l *Log) At(size int64) (Checkpoint, error) {
	if size < 1 || size > l.Checkpoint.Size {
		return Checkpoint{}, fmt.Errorf("the log never had %d entries: it has %d", size, l.Checkpoint.Size)
	}
	root, err := tlog.TreeHash(size, l.reader())
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the root of the first %d entries: %w", size, err)
	}
	return Checkpoint{Origin: l.Origin, Size: size, Root: root}, nil
}
