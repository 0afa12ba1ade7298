//go:build !linux

package main

import (
	"os"
	"time"
)

// peak is not measured here.
func peak(*os.ProcessState) int64 { return 0 }

// processorTime is not measured here.
func processorTime() time.Duration { return 0 }
