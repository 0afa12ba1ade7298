// Package durable writes files and folders so that they are there whole or not
// at all, also after a power cut: data are flushed before the name appears, and
// the folder that holds the name is flushed after.
package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrLeft says that a file in the making (.tmp-…) could not be removed after
// writing failed.
var ErrLeft = errors.New("a temporary file was left behind")

// Fail is asked before each step that changes the disk, by the step's name and
// the file's. Tests set it to be a disk that is full or broken; it is nil
// otherwise.
var Fail func(step, name string) error

func step(what, name string) error {
	if Fail == nil {
		return nil
	}
	return Fail(what, name)
}

// WriteFile writes data under a temporary name, flushes it, and renames it to
// name in the same folder. The umask takes from mode what it takes from every
// new file.
func WriteFile(name string, data []byte, mode os.FileMode) error {
	return Write(name, mode, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Write is [WriteFile] for data that are written by and by. If content returns an
// error there is no such file, or the one that was there before.
func Write(name string, mode os.FileMode, content func(io.Writer) error) error {
	f, err := create(filepath.Dir(name), mode)
	if err != nil {
		return err
	}
	if err = step("write", name); err == nil {
		err = content(f)
	}
	if err == nil {
		err = step("flush", name)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = Rename(f.Name(), name)
	}
	if err != nil {
		err = fmt.Errorf("writing %s: %w", name, err)
		if e := Remove(f.Name()); e != nil {
			err = errors.Join(err, fmt.Errorf("%w: %w", ErrLeft, e))
		}
		return err
	}
	return SyncDir(filepath.Dir(name))
}

// create makes a temporary file that no other has. os.CreateTemp would make it
// with a mode of its own, and giving it another afterwards passes the umask by:
// with umask 077 a file that only its owner should read was readable for all.
func create(dir string, mode os.FileMode) (*os.File, error) {
	for {
		name := filepath.Join(dir, ".tmp-"+rand.Text())
		if err := step("create", name); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// Rename gives a file or folder another name. It is durable when the folders of
// both names were flushed.
func Rename(from, to string) error {
	if err := step("rename", to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// Mkdir makes a folder. It is durable when the folder above it was flushed.
func Mkdir(name string) error {
	if err := step("make", name); err != nil {
		return err
	}
	return os.Mkdir(name, 0o755)
}

// Remove removes a file, if it is there.
func Remove(name string) error {
	err := step("remove", name)
	if err == nil {
		err = os.Remove(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// SyncDir flushes a folder's list of names.
func SyncDir(dir string) error {
	if err := step("flush folder", dir); err != nil {
		return err
	}
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
