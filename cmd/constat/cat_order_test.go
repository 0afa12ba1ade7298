package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// say makes read functions: file i says sizes[i] bytes of its own letter, and
// complains about itself.
func say(sizes []int, errAt int) func(*voice, func()) error {
	return func(v *voice, begun func()) error {
		begun()
		line := bytes.Repeat([]byte{byte('a' + v.file%26)}, 1023)
		for n := sizes[v.file]; n > 0; n -= 1024 {
			v.out = append(append(v.out, line...), '\n')
			if v.full() {
				if err := v.pass(); err != nil {
					return err
				}
			}
		}
		fmt.Fprintf(&v.errs, "file %d\n", v.file)
		if v.file == errAt {
			return errors.New("broken")
		}
		return nil
	}
}

func TestInOrder(t *testing.T) {
	// Small ones, empty ones, and behind a long one some that together are
	// more than may be kept.
	sizes := []int{1, 0, 5000, 3 * pieceSize, 0, 12 << 20, 20 << 20, 20 << 20, 1, 1, 600 << 10}
	for i := range 200 {
		sizes = append(sizes, i*37)
	}
	var want, wantErrs strings.Builder
	for i, size := range sizes {
		for ; size > 0; size -= 1024 {
			want.WriteString(strings.Repeat(string(rune('a'+i%26)), 1023) + "\n")
		}
		fmt.Fprintf(&wantErrs, "file %d\n", i)
		if i == 5 {
			wantErrs.WriteString("broken\n")
		}
	}
	for _, workers := range []int{1, 2, 7} {
		var out, errs bytes.Buffer
		n := 0
		err := inOrder(t.Context(), len(sizes), workers, &out, &errs, say(sizes, 5), func(err error) error {
			if n++; err != nil {
				fmt.Fprintln(&errs, err)
			}
			return nil
		})
		if err != nil || n != len(sizes) {
			t.Fatalf("%d workers: %d files, %v", workers, n, err)
		}
		if out.String() != want.String() || errs.String() != wantErrs.String() {
			t.Errorf("%d workers: %d bytes and %d of complaints, want %d and %d, or in another order",
				workers, out.Len(), errs.Len(), want.Len(), wantErrs.Len())
		}
	}
}

// TestInOrderBounded: however long the first file takes, those behind it do
// not say more than is kept.
func TestInOrderBounded(t *testing.T) {
	var said atomic.Int64
	first := make(chan struct{})
	stuck := make(chan struct{}, 1)
	read := func(v *voice, begun func()) error {
		begun()
		if v.file == 0 {
			<-first
			return nil
		}
		for range 300 {
			v.out = append(v.out, make([]byte, pieceSize)...)
			if said.Add(pieceRoom) > aheadSize { // this one has to wait
				select {
				case stuck <- struct{}{}:
				default:
				}
			}
			if err := v.pass(); err != nil {
				return err
			}
		}
		return nil
	}
	var total int64
	go func() {
		<-stuck
		if n := said.Load(); n > aheadSize+2*pieceRoom {
			t.Errorf("%d bytes were said before their turn", n)
		}
		close(first)
	}()
	err := inOrder(t.Context(), 4, 3, writerFunc(func(b []byte) (int, error) { total += int64(len(b)); return len(b), nil }),
		io.Discard, read, func(err error) error { return err })
	if err != nil || total != 3*300*pieceSize {
		t.Fatalf("%d bytes, %v", total, err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// TestInOrderStops: when the writer has had enough, or we are interrupted,
// those who read are told.
func TestInOrderStops(t *testing.T) {
	forever := func(told chan<- error) func(*voice, func()) error {
		return func(v *voice, begun func()) error {
			begun()
			for {
				v.out = append(v.out, make([]byte, pieceSize)...)
				if err := v.pass(); err != nil {
					told <- err
					return err
				}
			}
		}
	}
	told := make(chan error, 3)
	n := 0
	err := inOrder(t.Context(), 9, 3, writerFunc(func(b []byte) (int, error) {
		if n++; n > 5 {
			return 0, syscall.EPIPE
		}
		return len(b), nil
	}), io.Discard, forever(told), func(error) error { return nil })
	var we *writeError
	if !errors.As(err, &we) || !errors.Is(err, syscall.EPIPE) {
		t.Fatal(err)
	}
	for range 3 {
		if err := <-told; err != errStopped {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	n = 0
	err = inOrder(ctx, 9, 3, writerFunc(func(b []byte) (int, error) {
		if n++; n == 5 {
			cancel()
		}
		return len(b), nil
	}), io.Discard, forever(told), func(error) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for range 3 {
		if err := <-told; err != errStopped {
			t.Fatal(err)
		}
	}
}
