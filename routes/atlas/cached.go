package atlas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"constat/internal/durable"
	"constat/internal/fetch"
)

// CacheFolder is where below a cache the lists of a day are kept.
func CacheFolder(cache string, day time.Time) string {
	return filepath.Join(cache, "registries", day.UTC().Format(time.DateOnly))
}

// doneName is a file beside fetched lists that says that they are all.
const doneName = ".fetched.json"

// fetchedNote is what stands in it.
type fetchedNote struct {
	Seen   time.Time `json:"seen"`
	Absent []string  `json:"absent"` // registries without a list, each with the reason
}

// settled is how long after a day its lists are believed to be complete.
const settled = 24 * time.Hour

// ErrNotCached is wrapped by the error of [Cached] if there are no lists offline.
var ErrNotCached = errors.New("no delegation file of that day in the cache")

// spoiled reports whether a list of a folder changed since all of them were fetched,
// and is damaged now.
func spoiled(dir string) bool {
	done, err := os.Stat(filepath.Join(dir, doneName))
	if err != nil {
		return false
	}
	all, _ := os.ReadDir(dir)
	return slices.ContainsFunc(all, func(e os.DirEntry) bool {
		m := listFile.FindStringSubmatch(e.Name())
		st, err := e.Info()
		return m != nil && err == nil && st.ModTime().After(done.ModTime()) && checkList(filepath.Join(dir, e.Name()), m[1]) != nil
	})
}

// Cached gives the folder of the lists of a day below a cache, and the registries
// without one. What is not there is fetched, as [Update] does it; offline it is
// not, and what is there has to do. An error leaves no folder behind that has
// nothing in it.
func Cached(ctx context.Context, day time.Time, cache string, offline bool, client *fetch.Client) (dir string, absent []string, err error) {
	dir = CacheFolder(cache, day)
	var note fetchedNote
	if b, err := os.ReadFile(filepath.Join(dir, doneName)); err == nil && json.Unmarshal(b, &note) == nil &&
		(offline || !note.Seen.Before(day.Add(24*time.Hour+settled)) && !spoiled(dir)) {
		return dir, note.Absent, nil
	}
	if offline {
		if a, err := Open(dir); err != nil || len(a.Lists()) == 0 {
			return dir, nil, fmt.Errorf("%w (%s)", ErrNotCached, dir)
		}
		return dir, nil, nil
	}
	var made []string
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil || d == filepath.Dir(d) {
			break
		}
		made = append(made, d)
	}
	_, absent, err = Update(ctx, day, dir, client)
	if err != nil {
		for _, d := range made {
			if os.Remove(d) != nil { // there is something in it
				break
			}
		}
		return dir, absent, err
	}
	b, err := json.Marshal(fetchedNote{time.Now().UTC(), orEmpty(absent)})
	if err != nil {
		return dir, absent, err
	}
	return dir, absent, durable.WriteFile(filepath.Join(dir, doneName), b, 0o666)
}
