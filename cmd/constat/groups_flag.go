package main

import (
	"path/filepath"

	"constat/routes/atlas"
)

// groupsFlag is for commands that examine a country or a list.
type groupsFlag struct {
	Groups string `placeholder:"FILE" help:"Regions or kinds of networks, each to be given a row: prefix or AS, and its group." type:"path"`
}

// load reads the grouping file: its base name and its text, nil without one.
func (c *groupsFlag) load(s *atlas.Subject) (name string, text []byte, err error) {
	if c.Groups == "" {
		return "", nil, nil
	}
	if k := s.Kind; k != atlas.KindCountry && k != atlas.KindFile {
		return "", nil, usage("--groups goes with a country or a subject file, not with %s", s.Name)
	}
	text, _, err = atlas.ReadGroups(c.Groups)
	return filepath.Base(c.Groups), text, err
}
