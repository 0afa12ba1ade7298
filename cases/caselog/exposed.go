package caselog

import "io/fs"

// Exposed are files of a case that others can change from outside of it. Their
// bytes hold now, and the log cannot keep them so.
type Exposed struct {
	Writable []string // anybody on the machine can write to them, or to these folders
	Linked   []string // they have other names as well: hard links
}

// see looks at one file or folder.
func (x *Exposed) see(path string, info fs.FileInfo) {
	switch mode := info.Mode(); {
	case mode.IsDir() && mode&0o002 != 0 && mode&fs.ModeSticky == 0, mode.IsRegular() && mode&0o002 != 0:
		x.Writable = append(x.Writable, path)
	}
	if info.Mode().IsRegular() && links(info) > 1 {
		x.Linked = append(x.Linked, path)
	}
}

// ExposedIn looks at all files of a folder.
func ExposedIn(fsys fs.FS) Exposed {
	var x Exposed
	_ = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // whoever reads it names the fault
		}
		if info, err := d.Info(); err == nil {
			x.see(p, info)
		}
		return nil
	})
	return x
}
