package source

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"

	"constat/internal/regular"
)

// Stored reads a file as it is stored, packed or not, and computes its SHA-256
// on the way. It is not safe for concurrent use.
type Stored struct {
	f *os.File
	h hash.Hash
	n int64
}

// Open opens the stored bytes.
func (f *File) Open() (*Stored, error) {
	r, err := regular.Open(f.Path)
	if err != nil {
		return nil, err
	}
	return &Stored{f: r, h: sha256.New()}, nil
}

func (s *Stored) Read(p []byte) (int, error) {
	n, err := s.f.Read(p)
	s.h.Write(p[:n])
	s.n += int64(n)
	return n, err
}

// Sum reads what has not been read – a decoder stops at damage – and returns
// the SHA-256 of the whole file in hexadecimal, and its size.
func (s *Stored) Sum() (sum string, size int64, err error) {
	n, err := io.Copy(s.h, s.f)
	s.n += n
	if err != nil {
		return "", s.n, err
	}
	return hex.EncodeToString(s.h.Sum(nil)), s.n, nil
}

// Close closes the file.
func (s *Stored) Close() error { return s.f.Close() }
