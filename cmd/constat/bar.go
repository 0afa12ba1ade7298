package main

import (
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bar shows progress on a terminal once a person has waited for two seconds.
type bar struct {
	w     io.Writer
	what  string
	begun time.Time
	mu    sync.Mutex
	p     *mpb.Progress
	b     *mpb.Bar
}

func newBar(w io.Writer, what string) *bar { return &bar{w: w, what: what, begun: time.Now()} }

func (b *bar) step(_ string, n, of int) {
	f, ok := terminal(b.w)
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.p == nil {
		if time.Since(b.begun) < 2*time.Second {
			return
		}
		b.p = mpb.New(mpb.WithOutput(f), mpb.WithWidth(40))
		b.b = b.p.AddBar(int64(of), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(b.what+" ")),
			mpb.AppendDecorators(decor.CountersNoUnit("%d of %d files")))
	}
	b.b.SetCurrent(int64(n))
}

func (b *bar) done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.p != nil {
		b.b.Abort(true)
		b.p.Wait()
	}
}
