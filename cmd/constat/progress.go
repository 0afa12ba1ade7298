package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"constat/internal/plain"
)

// progressAfter is how long a wait is before it is worth a bar.
const progressAfter = 2 * time.Second

// progress tells on standard error how a fetch goes on: a bar where that is a
// terminal, a line where it is not, and neither for a short wait.
type progress struct {
	mu     sync.Mutex
	w      io.Writer
	m      *meter // nil where there is no terminal
	closed bool
	timer  *time.Timer

	files, done int
	planned     int64
	gotten      int64
	waiting     string
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if f, ok := terminal(w); ok {
		p.m = &meter{f: f}
	}
	return p
}

// Plan implements fetch.Progress.
func (p *progress) Plan(files int, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files += files
	p.planned += bytes
	if p.timer == nil && !p.closed {
		p.timer = time.AfterFunc(progressAfter, p.show)
	}
}

// Received implements fetch.Progress.
func (p *progress) Received(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gotten += n
	p.waiting = ""
}

// Finished implements fetch.Progress.
func (p *progress) Finished(string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
}

// Waiting implements fetch.Progress.
func (p *progress) Waiting(name string, d time.Duration, why error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = plain.Sprintf(" %s: %v; trying again", name, why)
}

// show begins to tell, and on a terminal goes on five times a second.
func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed || p.done >= p.files && p.m == nil:
	case p.m == nil:
		plain.Fprintf(p.w, "constat: fetching, %d files so far%s\n", p.files, about(p.planned))
	default:
		p.m.draw("fetching", p.done, p.files, ", "+size(p.gotten)+p.waiting)
		p.timer = time.AfterFunc(200*time.Millisecond, p.show)
	}
}

// close removes the bar: what is left on the screen is the answer.
func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.m != nil {
		p.m.clear()
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
