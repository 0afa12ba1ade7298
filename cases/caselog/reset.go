package caselog

import (
	"fmt"
	"os"
	"path/filepath"
)

// Reset removes the exhibits written so far, so that they can be made anew.
func (w *Writer) Reset() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	dir := filepath.Join(w.tmp, ExhibitDir)
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("exhibits: %w", err)
	}
	w.names, w.exhibits = map[string]bool{}, nil
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("exhibits: %w", err)
	}
	return nil
}
