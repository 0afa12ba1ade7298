package caselog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"constat/internal/durable"
	"constat/internal/strictjson"
)

// CrateName is the file that describes a case as an RO-Crate 1.2
// (https://w3id.org/ro/crate/1.2). It is computed from the log and can be
// computed again, so it needs no entry of its own; it describes the case up to
// the size of the log that it names.
const CrateName = "ro-crate-metadata.json"

// IndexName is the page that a reader opens first. It is computed from the log and the
// findings, and is neither in the log nor packed; whether it is what they give says the
// one who knows them (package audit).
const IndexName = "index.html"

// unlogged reports whether a file may lie in a case without an entry.
func unlogged(path string) bool { return path == CrateName || path == IndexName }

const crateVersion = "https://w3id.org/ro/crate/1.2"

// maxCrate bounds the file that is compared.
const maxCrate = 1 << 30

// crate describes the first entries of a case. The same entries give the same
// bytes.
func (a *Account) crate(size int64) ([]byte, error) {
	type ref struct {
		ID string `json:"@id"`
	}
	type object = map[string]any // encoding/json sorts its keys
	var files, acts []any
	var parts, mentions []ref
	for i, e := range a.Entries[:size] {
		action := object{
			"@id": fmt.Sprintf("#entry-%d", i), "@type": "Action", "name": e.Kind,
			"endTime": e.Time, "agent": ref{"#examiner"},
		}
		if e.Note != "" {
			action["description"] = e.Note
		}
		var results []ref
		add := func(path, sum string, size int64, what string) {
			f := object{"@id": path, "@type": "File", "name": path[strings.LastIndexByte(path, '/')+1:],
				"contentSize": fmt.Sprint(size), "sha256": sum, "encodingFormat": mediaType(path)}
			if what != "" {
				f["description"] = what
			}
			files = append(files, f)
			parts = append(parts, ref{path})
			results = append(results, ref{path})
		}
		for _, f := range e.Files {
			add(f.Path, f.SHA256, f.Size, f.Role)
			for _, x := range a.manifests[f.Path] {
				add(x.Path, x.SHA256, x.Size, fmt.Sprintf("exhibit: %d records of %s %s", x.records, x.source.Collector, x.source.Name))
			}
		}
		if results != nil {
			action["result"] = results
		}
		acts = append(acts, action)
		mentions = append(mentions, ref{fmt.Sprintf("#entry-%d", i)})
	}
	title := a.Opening.Title
	if title == "" {
		title = a.Opening.Question
	}
	graph := []any{
		object{"@id": CrateName, "@type": "CreativeWork", "conformsTo": ref{crateVersion}, "about": ref{"./"}},
		object{"@id": "./", "@type": "Dataset", "name": title, "description": a.Opening.Question,
			"identifier": a.Origin, "version": size, "dateCreated": a.Opened, "datePublished": a.Entries[size-1].Time,
			"creator": ref{"#examiner"}, "hasPart": parts, "mentions": mentions},
		object{"@id": "#examiner", "@type": "Organization", "name": a.Examiner.Name, "identifier": a.Examiner.Text},
	}
	graph = append(append(graph, files...), acts...)
	return strictjson.Indented(object{"@context": crateVersion + "/context", "@graph": graph})
}

// mediaType is the format of a file by its name.
func mediaType(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json":
		return "application/json"
	case ".html":
		return "text/html"
	case ".toml":
		return "application/toml"
	case ".txt", ".note":
		return "text/plain"
	case ".pdf":
		return "application/pdf"
	case ".csv":
		return "text/csv"
	case ".md":
		return "text/markdown"
	}
	return "application/octet-stream"
}

// WriteCrate writes the description of a checked case into its folder.
func (a *Account) WriteCrate() error {
	b, err := a.crate(a.Checkpoint.Size)
	if err != nil {
		return err
	}
	return a.put(CrateName, b)
}

// WriteIndex writes the page that a reader of a checked case opens first.
func (a *Account) WriteIndex(b []byte) error { return a.put(IndexName, b) }

// put writes a file that no entry names, or replaces it.
func (a *Account) put(name string, b []byte) error {
	// A kill must not leave a file in the making beside it, where none belongs.
	stage, err := newAct(a.dir, "crate", 0)
	if err != nil {
		return err
	}
	defer stage.Discard()
	tmp := filepath.Join(stage.stage, name)
	if err := durable.WriteFile(tmp, b, 0o644); err != nil {
		return err
	}
	if err := durable.Rename(tmp, filepath.Join(a.dir, name)); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return durable.SyncDir(a.dir)
}

// checkCrate computes the description again, if there is one.
func (a *Account) checkCrate(s *store) error {
	b, err := s.read(CrateName, maxCrate)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &Fault{Path: CrateName, Entry: -1, Err: err}
	}
	var v struct {
		Graph []struct {
			ID      string `json:"@id"`
			Version any    `json:"version"`
		} `json:"@graph"`
	}
	size := a.Checkpoint.Size
	if json.Unmarshal(b, &v) == nil {
		for _, e := range v.Graph {
			if n, ok := e.Version.(float64); ok && e.ID == "./" && n >= 1 && n <= float64(size) {
				size = int64(n)
			}
		}
	}
	want, err := a.crate(size)
	if err != nil {
		return err
	}
	if !bytes.Equal(b, want) {
		return fault(CrateName, -1, "it is not what the log gives, first in line %d", differAt(b, want))
	}
	return nil
}

// differAt is the first line in which two texts differ.
func differAt(a, b []byte) int {
	line := 1
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '\n' {
			line++
		}
	}
	return line
}
