package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"constat/internal/regular"
	"constat/judge/proof"
)

// standardFlag is the flag of every verb that concludes. Embed it, and call
// load before any source is opened: a standard is declared first.
type standardFlag struct {
	Standard string `default:"clear" placeholder:"FILE|NAME" help:"Standard of proof: balance, clear, conclusive, or a file (docs/standards.md)."`
}

// loadedStandard is a standard with the bytes that its hash is of, so that a
// case can keep them.
type loadedStandard struct {
	proof.Standard
	Hash string // SHA-256 of Text
	Text []byte
}

// load reads the standard. A name that ships comes first; a file of the same
// name is meant by ./clear. Every refusal is wrong usage.
func (f *standardFlag) load() (*loadedStandard, error) {
	name := f.Standard
	if name == "" {
		name = proof.Default
	}
	text, ok := proof.Source(name)
	if !ok {
		var err error
		if text, err = readStandard(name); err != nil {
			return nil, err
		}
	}
	s, hash, err := proof.Parse(text)
	if err != nil {
		return nil, usage("--standard %s: %w", name, err)
	}
	return &loadedStandard{s, hash, text}, nil
}

func readStandard(name string) ([]byte, error) {
	file, err := regular.Open(name)
	if errors.Is(err, os.ErrNotExist) && !strings.ContainsAny(name, `/\.`) {
		return nil, usage("--standard %s: no standard of that name ships (there are %s), and there is no such file", name, strings.Join(proof.Names(), ", "))
	}
	if err != nil {
		return nil, usage("--standard: %w", err)
	}
	defer file.Close()
	// One byte more than allowed is enough to know that it is too much.
	text, err := io.ReadAll(io.LimitReader(file, proof.MaxSize+1))
	if err != nil {
		return nil, &exitError{exitUsage, fmt.Errorf("--standard: %w", err)}
	}
	return text, nil
}
