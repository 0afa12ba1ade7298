package source

import (
	"path/filepath"

	"constat/internal/worded"
	"constat/moment"
)

// IsArchive reports whether a spec names a public archive rather than something
// on this machine. The error is of a spec that begins like an archive's and is
// none, and is an [ErrUsage].
func IsArchive(spec string) (bool, error) {
	a, _, err := parseArchive(spec)
	if err != nil {
		return false, usage{err}
	}
	return a != nil, nil
}

// List finds the files that a spec stands for on this machine – a file, a
// folder with all below it, a glob – for those who read them one after another
// and ask no question that a file could lie outside of. A file that was named
// is listed whatever it holds; what was only found, and holds no records, is
// in skipped, with the reason.
func List(spec string) (files []string, skipped []Skipped, err error) {
	paths, named, err := expand(spec)
	if err != nil {
		return nil, nil, err
	}
	if named {
		return paths, nil, nil
	}
	for _, p := range paths {
		if why := unlisted(p); why != "" {
			skipped = append(skipped, Skipped{filepath.Base(p), why})
			continue
		}
		files = append(files, p)
	}
	if len(files) == 0 {
		return nil, nil, usage{worded.Errorf("source %s: %w", spec, nothing(skipped))}
	}
	return files, skipped, nil
}

// unlisted says why a file that was found is not read; empty if it is.
func unlisted(path string) string {
	_, why, err := holds(path, Options{})
	if err != nil {
		return "" // whoever opens it says why it cannot be
	}
	return why
}

// bare leaves of what was chosen of an archive's collector only the updates of
// the question itself: no table, and nothing that leads up to it.
func (c *choice) bare(q moment.Interval) {
	var keep []File
	for _, f := range c.keep {
		if f.Kind == Updates && f.Start < q.Until && (f.End == 0 || f.End > q.From) {
			keep = append(keep, f)
		}
	}
	var missing []Hole
	for _, h := range c.missing {
		if h.From < q.Until && h.Until > q.From {
			missing = append(missing, h)
		}
	}
	c.keep, c.missing = keep, missing
}
