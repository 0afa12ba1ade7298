package main

import (
	"io"
	"sync"
	"time"

	"constat/internal/plain"
	"constat/internal/worded"
)

// progressAfter is how long a wait is before it is worth a bar.
const progressAfter = 2 * time.Second

// progress tells on standard error how a fetch goes on: a bar where that is a
// terminal, a line where it is not, and neither for a short wait.
type progress struct {
	mu     sync.Mutex
	w      io.Writer
	said   tongue
	m      *meter // nil where there is no terminal
	closed bool
	timer  *time.Timer

	files, done int
	planned     int64
	gotten      int64
	waiting     string

	checked, checking int // files of the cache
}

func newProgress(s *streams) *progress {
	p := &progress{w: s.err, said: s.said}
	if f, ok := terminal(s.err); ok {
		p.m = &meter{f: f, said: s.said}
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

// Checking tells how many files of the cache have been checked, before anything is
// fetched.
func (p *progress) Checking(done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.checked, p.checking = done, of
	if done == of {
		p.checked, p.checking = 0, 0 // of the next archive
	}
	if p.timer == nil && !p.closed {
		p.timer = time.AfterFunc(progressAfter, p.show)
	}
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
	format, args := p.said.Format(" %s: %v; trying again", []any{name, why})
	p.waiting = plain.Sprintf(format, args...)
}

// show begins to tell, and on a terminal goes on five times a second.
func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
	case p.checking > 0:
		if p.m != nil {
			p.m.draw("checking the cache", p.checked, p.checking, "")
		}
		p.timer = time.AfterFunc(200*time.Millisecond, p.show)
	case p.done >= p.files && p.m == nil:
	case p.m == nil:
		p.said.note(p.w, "fetching, %d files so far%s", p.files, about(p.planned))
	default:
		p.m.draw("fetching", p.done, p.files, ", "+p.said.Say(size(p.gotten))+p.waiting)
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

func about(bytes int64) worded.Phrase {
	if bytes == 0 {
		return worded.Phrasef("")
	}
	return worded.Phrasef(", about %s", size(bytes))
}

// size writes bytes as people do.
func size(n int64) worded.Phrase {
	switch {
	case n >= 1e9:
		return worded.Phrasef("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return worded.Phrasef("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return worded.Phrasef("%.1f kB", float64(n)/1e3)
	}
	return worded.Phrasef("%d bytes", n)
}
