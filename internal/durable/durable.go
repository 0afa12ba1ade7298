// Package durable writes files and folders so that they are there whole or not
// at all, also after a power cut: data are flushed before the name appears, and
// the folder that holds the name is flushed after.
package durable

import (
	"fmt"
	"os"
	"path/filepath"
)

// WriteFile writes data under a temporary name, flushes it, and renames it to
// name in the same folder.
func WriteFile(name string, data []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return SyncDir(filepath.Dir(name))
}

// SyncDir flushes a folder's list of names.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	return err
}
