package document

import "strings"

// ListName words a list as answers name it, "FILE of DATE" or "FILE (undated)", by the
// messages choke.list and choke.list.undated. Another name stays as it is.
func ListName(name string, words func(key string, args ...any) string) string {
	if file, ok := strings.CutSuffix(name, " (undated)"); ok {
		return words("choke.list.undated", "file", file)
	}
	if i := strings.LastIndex(name, " of "); i > 0 {
		return words("choke.list", "file", name[:i], "date", name[i+4:])
	}
	return name
}
