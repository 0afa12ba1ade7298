// Package lab makes routing recordings whose culprit is known: it builds a
// small Internet of real BIRD and FRR routers in network namespaces of their own,
// plays a timed script of events on it and keeps what the route collectors in
// it wrote, as MRT files in an archive's layout beside the truth of the
// scenario.
//
// It promises that the updates are what real routers sent each other, that a
// scenario which cannot be played is refused before anything starts, and that
// no process and no namespace outlives a run, however it ends. Nothing leaves
// the machine: the routers talk over virtual cables between namespaces that
// have no other interface.
//
// A night is played in minutes: idle time is stretched afterwards and the time
// stamps are rewritten (nothing else is), so that inside an event the seconds
// are real and the hours between events are not. docs/design/lab.md says what
// such a recording can show and what it cannot.
//
// It does not examine anything: what a recording proves is for the packages
// above it to find out.
package lab

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

//go:embed scenarios/*.lab
var scenarioFiles embed.FS

// scenarioExt ends the name of every scenario file.
const scenarioExt = ".lab"

// Scenarios lists the names of the scenarios that come with the program, sorted.
func Scenarios() []string {
	var names []string
	entries, err := fs.ReadDir(scenarioFiles, "scenarios")
	if err != nil {
		panic(err) // the directory is part of the program
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), scenarioExt))
	}
	return names
}

// Load reads a scenario: a file, or one that comes with the program, by its name.
func Load(nameOrFile string) (*Scenario, error) {
	b, err := os.ReadFile(nameOrFile)
	if err == nil {
		return Parse(filepath.Base(nameOrFile), b)
	}
	if !strings.ContainsAny(nameOrFile, `/\`) {
		base := strings.TrimSuffix(nameOrFile, scenarioExt) + scenarioExt
		if inBox, boxErr := scenarioFiles.ReadFile("scenarios/" + base); boxErr == nil {
			return Parse(base, inBox)
		}
	}
	return nil, fmt.Errorf("scenario %q: %w; in the box are %s", nameOrFile, err, strings.Join(Scenarios(), ", "))
}
