package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"constat/internal/plain"
)

// progressAfter is how long a wait is before it is worth a bar.
const progressAfter = 2 * time.Second

// progress tells on standard error how a fetch goes on: a bar where that is a
// terminal, a line where it is not, and neither for a short wait.
type progress struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	closed   bool
	timer    *time.Timer
	bars     *mpb.Progress
	bar      *mpb.Bar

	files, done int
	planned     int64

	// What the bar's own goroutine reads has a lock of its own: the bar is
	// spoken to under mu and may be waiting for that goroutine.
	text    sync.Mutex
	gotten  int64
	waiting string
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if f, ok := terminal(w); ok {
		p.w, p.terminal = f, true
	}
	return p
}

// Plan implements fetch.Progress.
func (p *progress) Plan(files int, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files += files
	p.planned += bytes
	if p.bar != nil {
		p.bar.SetTotal(int64(p.files), false)
	}
	if p.timer == nil && !p.closed {
		p.timer = time.AfterFunc(progressAfter, p.show)
	}
}

// Received implements fetch.Progress.
func (p *progress) Received(n int64) {
	p.text.Lock()
	defer p.text.Unlock()
	p.gotten += n
	p.waiting = ""
}

// Finished implements fetch.Progress.
func (p *progress) Finished(string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.bar != nil {
		p.bar.SetCurrent(int64(p.done))
	}
}

// Waiting implements fetch.Progress.
func (p *progress) Waiting(name string, d time.Duration, why error) {
	p.text.Lock()
	defer p.text.Unlock()
	p.waiting = plain.Sprintf(" %s: %v; trying again", name, why)
}

// show begins to tell.
func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.done >= p.files {
		return
	}
	if !p.terminal {
		plain.Fprintf(p.w, "constat: fetching, %d files so far%s\n", p.files, about(p.planned))
		return
	}
	p.bars = mpb.New(mpb.WithOutput(p.w), mpb.WithWidth(40))
	p.bar = p.bars.AddBar(int64(p.files),
		mpb.PrependDecorators(decor.Name("fetching "), decor.CountersNoUnit("%d / %d files")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
			p.text.Lock()
			defer p.text.Unlock()
			return size(p.gotten) + p.waiting
		})))
	p.bar.SetCurrent(int64(p.done))
}

// close removes the bar: what is left on the screen is the answer.
func (p *progress) close() {
	p.mu.Lock()
	p.closed = true
	if p.timer != nil {
		p.timer.Stop()
	}
	bars, bar := p.bars, p.bar
	p.mu.Unlock()
	if bar != nil {
		bar.Abort(true)
		bars.Wait()
	}
}

func about(bytes int64) string {
	if bytes == 0 {
		return ""
	}
	return ", about " + size(bytes)
}

// size writes bytes as people do.
func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d bytes", n)
}
