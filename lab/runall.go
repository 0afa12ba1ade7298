package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Outcome is how one of several runs went.
type Outcome struct {
	Scenario  string
	Recording *Recording // nil on error, and if it was there already
	Err       error
	Took      time.Duration
}

// Recorded lists the scenarios of the box whose recordings are kept together;
// the demo's is kept by itself ([Demo]).
func Recorded() []string {
	var names []string
	for _, n := range Scenarios() {
		if n != DemoScenario {
			names = append(names, n)
		}
	}
	return names
}

// RunAll plays scenarios, some at a time, and writes each recording into a
// folder of out that has its name. One that is there already is left alone
// unless forced. What cannot be played is refused before anything starts; of
// those that fail in playing the others are told apart by done, which is called
// as each ends. A performance that left its script ([ErrOffScript]), as it does
// if several are played on a busy machine, is played again by itself after the
// others, twice at most; done is told of the last.
func RunAll(ctx context.Context, names []string, jobs int, o Options, done func(Outcome)) error {
	var ss []*Scenario
	for _, n := range names {
		s, err := Load(n)
		if err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(o.Out, s.Name, RecordingFile)); err == nil && !o.Force {
			done(Outcome{Scenario: s.Name})
			continue
		}
		ss = append(ss, s)
	}
	if err := Requirements(ss...); err != nil {
		return err
	}
	var (
		mu     sync.Mutex
		wg     sync.WaitGroup
		failed []string
		again  []*Scenario
		queue  = make(chan *Scenario)
	)
	for range max(1, jobs) {
		wg.Go(func() {
			for s := range queue {
				began := time.Now()
				rec, err := Run(ctx, s, Options{Out: filepath.Join(o.Out, s.Name), Force: o.Force})
				mu.Lock()
				switch {
				case errors.Is(err, ErrOffScript):
					again = append(again, s)
				case err != nil:
					failed = append(failed, s.Name)
					fallthrough
				default:
					done(Outcome{s.Name, rec, err, time.Since(began)})
				}
				mu.Unlock()
			}
		})
	}
	for _, s := range ss {
		select {
		case queue <- s:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(queue)
	wg.Wait()
	for _, s := range again {
		began := time.Now()
		rec, err := alone(ctx, s, Options{Out: filepath.Join(o.Out, s.Name), Force: o.Force})
		if err != nil {
			failed = append(failed, s.Name)
		}
		done(Outcome{s.Name, rec, err, time.Since(began)})
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d of %d were not recorded: %s", len(failed), len(ss), strings.Join(failed, ", "))
	}
	return nil
}

// alone plays a scenario that left its script beside others, twice at most.
func alone(ctx context.Context, s *Scenario, o Options) (*Recording, error) {
	rec, err := Run(ctx, s, o)
	if errors.Is(err, ErrOffScript) {
		rec, err = Run(ctx, s, o)
	}
	return rec, err
}
