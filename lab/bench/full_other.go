//go:build !linux

package main

import "errors"

func beFullTable([]string) error {
	return errors.New("the full table is measured on Linux only, which tells a thread's time and what is resident")
}
