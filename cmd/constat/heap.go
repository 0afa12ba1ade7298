package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// How far the heap may grow beyond what is in use before it is collected: half as much
// as is in use, since memory is promised and a little time is not; but at least and at
// most so much. Without these a small heap is collected a hundred times in a second,
// and a large one takes far more memory than it needs.
const (
	roomLeast = 24 << 20
	roomMost  = 256 << 20
	roomPart  = 4 // or one in so many of what is in use, if that is more
)

// least is how far at least, if a command asks for more than roomLeast: one that makes much
// garbage beside little that it keeps.
var least atomic.Uint64

// tuneHeap keeps to that rule from now on, unless GOGC says otherwise. What is found
// does not depend on it.
func tuneHeap() {
	if os.Getenv("GOGC") != "" {
		return
	}
	at := collectAt(0)
	debug.SetGCPercent(at)
	again(new(cycle), at)
}

// cycle is an object that nobody holds, so that its finalizer runs after each
// collection.
type cycle struct{ _ [16]byte }

func again(c *cycle, was int) {
	runtime.SetFinalizer(c, func(c *cycle) {
		s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(s)
		at := collectAt(s[0].Value.Uint64())
		if 10*max(at-was, was-at) > was { // setting it stops everybody for a moment
			debug.SetGCPercent(at)
			was = at
		}
		again(c, was)
	})
}

// collectAt returns by how many hundredths of the bytes in use the heap may grow.
func collectAt(live uint64) int {
	live = max(live, 4<<20) // below it the runtime takes it to be so much
	room := min(max(live/2, roomLeast, least.Load()), max(roomMost, live/roomPart))
	return int(100 * room / live)
}
