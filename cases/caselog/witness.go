package caselog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"constat/internal/durable"
	"constat/moment"
)

// Witness countersigns a case that was read and checked, as [Log.Countersign]
// does, and keeps in a folder what it signed: the newest checkpoint of each case,
// under the case's name. It refuses a case that has not grown from that, so that
// one key never vouches for a case and for its fork, nor for a state to which the
// case was rolled back (c2sp.org/tlog-witness). The folder belongs to one key.
//
// What is signed is on disk before it is given away: whoever loses the folder's
// newest file to a power cut has not handed out what it held.
func (l *Log) Witness(ctx context.Context, k *Key, at moment.Time, dir string) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("keeping what was countersigned: %w", err)
	}
	unlock, err := lock(ctx, dir, true)
	if err != nil {
		return nil, fmt.Errorf("keeping what was countersigned: %w", err)
	}
	defer unlock()
	name := filepath.Join(dir, strings.TrimPrefix(l.Origin, originPrefix)+".note")
	switch b, err := readNote(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("what this key countersigned before: %w", err)
	default:
		was, err := cosignedBy(b, k)
		if err != nil {
			return nil, fmt.Errorf("%s, which should be what this key countersigned before: %w", name, err)
		}
		if err := l.consistent(was); err != nil {
			return nil, &Fault{Path: name, Entry: -1, Err: fmt.Errorf("this key has countersigned another state of this case: %w", err)}
		}
	}
	b, err := l.Countersign(k, at)
	if err != nil {
		return nil, err
	}
	if err := durable.WriteFile(name, b, 0o600); err != nil {
		return nil, fmt.Errorf("keeping what was countersigned: %w", err)
	}
	return b, nil
}

// cosignedBy reads a checkpoint that a key cosigned. Whoever else signed it does not
// matter to whoever did.
func cosignedBy(b []byte, k *Key) (Checkpoint, error) {
	n, err := openNote(b, k.public.cosigner)
	if err != nil {
		return Checkpoint{}, err
	}
	if !n.isBy(k.public.cosigner) {
		return Checkpoint{}, fmt.Errorf("it is not signed by %s", k.public.Text)
	}
	return parseCheckpoint(n.text)
}

func readNote(name string) ([]byte, error) {
	f, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxNote+1))
	if err == nil && len(b) > maxNote {
		err = fmt.Errorf("%s has more than %d bytes", name, maxNote)
	}
	return b, err
}
