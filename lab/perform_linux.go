package lab

import (
	"context"
	"fmt"
	"os"
)

// perform builds the world, plays, writes what was recorded into dir, and
// takes everything down again.
func perform(ctx context.Context, s *Scenario, dir string, progress func(done, of int, what string)) (*Recording, error) {
	software, err := versions(ctx, s)
	if err != nil {
		return nil, err
	}
	stage, err := os.MkdirTemp("", "constat-lab-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(stage)
	// A socket's name has 108 bytes (unix(7)), the longest of ours 23.
	if len(stage) > 80 {
		return nil, fmt.Errorf("the folder for temporary files, %s, has too long a name for sockets: set TMPDIR to a shorter one", stage)
	}
	w, err := newWorld(ctx, s, stage)
	if err != nil {
		return nil, err
	}
	t, err := w.play(ctx, progress)
	w.close()
	if err != nil {
		return nil, err
	}
	return t.write(s, software, dir)
}
