package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"constat/internal/plain"
)

// meter is a line at the foot of a terminal that says how far a wait has come. It
// stands in for a library of progress bars, which brought six modules for what
// are two control sequences.
type meter struct {
	f     *os.File
	drawn time.Time
	last  string
	unit  string // of what is counted; empty: files
	said  tongue
}

// draw shows how much of a whole is done. It draws ten times a second at most.
func (m *meter) draw(what string, n, of int, more string) {
	if now := time.Now(); now.Sub(m.drawn) < 100*time.Millisecond {
		return
	} else {
		m.drawn = now
	}
	const wide = 30
	full := 0
	if of > 0 {
		full = wide * min(max(n, 0), of) / of
	}
	format, args := m.said.Format("%s [%s%s] %d of %d %s%s", []any{m.said.Text(what), strings.Repeat("=", full), strings.Repeat("-", wide-full), n, of, m.said.Text(cmp.Or(m.unit, "files")), more})
	line := plain.Sprintf(format, args...)
	// A line that is wider than the terminal would scroll instead of staying.
	if cols, _, err := term.GetSize(int(m.f.Fd())); err == nil && cols > 1 && utf8.RuneCountInString(line) >= cols {
		line = string([]rune(line)[:cols-1])
	}
	if line != m.last {
		m.last = line
		fmt.Fprint(m.f, "\r", line, "\x1b[K")
	}
}

// clear takes the line away: what is left on the screen is the answer.
func (m *meter) clear() {
	if m.last != "" {
		fmt.Fprint(m.f, "\r\x1b[K")
		m.last = ""
	}
}

// bar shows progress on a terminal once a person has waited for two seconds.
type bar struct {
	what  string
	begun time.Time
	mu    sync.Mutex
	m     *meter // nil where there is no terminal
	over  bool
}

func newBar(s *streams, what string) *bar {
	b := &bar{what: what, begun: time.Now()}
	if f, ok := terminal(s.err); ok {
		b.m = &meter{f: f, said: s.said}
	}
	return b
}

// of counts other things than files.
func (b *bar) of(unit string) *bar {
	if b.m != nil {
		b.m.unit = unit
	}
	return b
}

func (b *bar) step(_ string, n, of int) {
	if b.m == nil || time.Since(b.begun) < progressAfter {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.over {
		b.m.draw(b.what, n, of, "")
	}
}

// steps is step where other things than files are counted.
func (b *bar) steps(unit string, n, of int) {
	if b.m != nil {
		b.m.unit = unit
	}
	b.step("", n, of)
}

func (b *bar) done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over = true; b.m != nil {
		b.m.clear()
	}
}
