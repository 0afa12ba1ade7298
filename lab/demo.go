package lab

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed demo
var demoFiles embed.FS

//go:embed nightatlas
var demoAtlas embed.FS

// What to ask about the recording that comes with the program. The subject needs no atlas and
// no network; [SubjectFile] in the recording names the origin as well.
const (
	DemoScenario = "night-2014"
	DemoSubject  = "175.45.176.0/22"
	DemoFrom     = "2014-12-21T12:00:00Z"
	DemoUntil    = "2014-12-23T06:00:00Z"
)

// Demo is the recording that comes with the program: a night like 22-23 December 2014, played by
// routers in a laboratory. It holds the collectors' folders (lab00/2014.12/…),
// and the files [RecordingFile], [SubjectFile], [ScenarioFile] and [SumsFile].
func Demo() fs.FS {
	sub, err := fs.Sub(demoFiles, "demo")
	if err != nil {
		panic(err) // the directory is part of the program
	}
	return sub
}

// DemoAtlas says in which countries the networks of the demo's recording were
// registered in 2014, and how many customers they had: delegation files and a
// list of the few that appear in it, to be written to a folder and opened as an
// atlas.
func DemoAtlas() fs.FS {
	sub, err := fs.Sub(demoAtlas, "nightatlas")
	if err != nil {
		panic(err) // the directory is part of the program
	}
	return sub
}

// ReadRecording reads the description of a recording's folder. A folder that
// has none gives an error that is fs.ErrNotExist: it is no recording of ours.
func ReadRecording(dir fs.FS) (*Recording, error) {
	r := new(Recording)
	if err := readFormat(dir, RecordingFile, RecordingFormat, r, &r.Format); err != nil {
		return nil, err
	}
	return r, nil
}

// readFormat reads a JSON file of a known format; got is where v keeps its own.
func readFormat(dir fs.FS, name, format string, v any, got *string) error {
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if *got != format {
		return fmt.Errorf("%s: format %q is not known here: %w", name, *got, errors.ErrUnsupported)
	}
	return nil
}
