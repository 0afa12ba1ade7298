package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"constat/internal/strictjson"
)

// release is the version of a release, set by the linker when one is built
// (RELEASING.md). Without it the version is that of the module or of the commit.
var release string

type versionCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// build is what the program knows of its own making.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Time     string `json:"time,omitempty"` // of the commit
	Modified bool   `json:"modified"`       // there were changes beside the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// built reads it from the binary.
func built() build {
	b := build{Version: release, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value
			case "vcs.time":
				b.Time = s.Value
			case "vcs.modified":
				b.Modified = s.Value == "true"
			}
		}
		if b.Version == "" {
			b.Version = info.Main.Version
		}
	}
	if b.Version == "" || b.Version == "(devel)" {
		b.Version = "development"
	}
	return b
}

func (c *versionCmd) Run(s *streams) error {
	b := built()
	if c.JSON {
		return strictjson.Write(s.out, b)
	}
	_, err := fmt.Fprintln(s.out, b)
	return err
}

// String is the version in a line.
func (b build) String() string {
	out := "constat " + b.Version
	if b.Commit != "" {
		out += fmt.Sprintf(", commit %.12s of %s", b.Commit, b.Time)
		if b.Modified {
			out += " with changes"
		}
	}
	return out + ", " + b.Go + " " + b.Platform
}
