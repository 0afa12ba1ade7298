package caselog

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func sha256Sum(parts ...[]byte) [sha256.Size]byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// maxNote is the most bytes that a signed note may have.
const maxNote = 1 << 20

// UnknownKey is a signature line whose key nobody gave. It is never counted.
type UnknownKey struct {
	Where string `json:"where"`
	Name  string `json:"name"`
	ID    string `json:"id"`
}

// errForged says that a signature by a known key is none.
var errForged = errors.New("does not hold")

// signed is a note whose signatures by the given keys hold.
type signed struct {
	text    string
	by      []note.Signature
	unknown []note.Signature
}

// openNote reads a note. Every signature by a given key must hold. Beyond what
// sumdb/note demands it accepts only one way of writing the same note: no two
// lines of one key, no loose bits in base64.
func openNote(b []byte, known ...note.Verifier) (*signed, error) {
	if len(b) > maxNote {
		return nil, fmt.Errorf("a signed note has at most %d bytes, this has %d", maxNote, len(b))
	}
	if len(b) > 0 && b[len(b)-1] != '\n' {
		return nil, errors.New("not a signed note: it is cut off")
	}
	at := bytes.LastIndex(b, []byte("\n\n"))
	if at < 0 {
		return nil, errors.New("not a signed note (a text, an empty line, signature lines)")
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(b[at+2:])) {
		rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "— ")
		name, b64, ok2 := strings.Cut(rest, " ")
		sig, err := base64.StdEncoding.Strict().DecodeString(b64)
		if !ok || !ok2 || err != nil || len(sig) < 5 {
			return nil, errors.New("a signature line is damaged")
		}
		id := name + string(sig[:4])
		if lines[id] {
			return nil, fmt.Errorf("two signature lines are by the same key, %s", name)
		}
		lines[id] = true
	}
	n, err := note.Open(b, note.VerifierList(known...))
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		n = unverified.Note
	case errors.As(err, &invalid):
		return nil, fmt.Errorf("the signature by %s %w: the text is not what was signed, or the signature is forged", invalid.Name, errForged)
	case err != nil:
		return nil, fmt.Errorf("not a signed note: %w", err)
	}
	return &signed{text: n.Text, by: n.Sigs, unknown: n.UnverifiedSigs}, nil
}

// isBy says whether the key of a verifier signed.
func (s *signed) isBy(v note.Verifier) bool {
	for _, sig := range s.by {
		if sig.Name == v.Name() && sig.Hash == v.KeyHash() {
			return true
		}
	}
	return false
}

// unknownKeys lists the lines that were not counted.
func (s *signed) unknownKeys(where string) []UnknownKey {
	var out []UnknownKey
	for _, u := range s.unknown {
		out = append(out, UnknownKey{Where: where, Name: u.Name, ID: fmt.Sprintf("%08x", u.Hash)})
	}
	return out
}

// cosignedAt is the time in a cosignature line, in seconds since the epoch.
func cosignedAt(s note.Signature) int64 {
	b, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(b) < 12 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b[4:]))
}

// originPrefix begins the name of every case's log. The rest is the hash of the
// log's first entry: two cases are never taken for one another, and the opening
// cannot be changed under a checkpoint that somebody holds.
const originPrefix = "constat/case/"

// Checkpoint says how long a case's log is and what its root is.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
}

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

func (c Checkpoint) tree() tlog.Tree { return tlog.Tree{N: c.Size, Hash: c.Root} }

// parseCheckpoint reads the text of a checkpoint (c2sp.org/tlog-checkpoint,
// without extension lines).
func parseCheckpoint(text string) (Checkpoint, error) {
	var c Checkpoint
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return c, errors.New("not a checkpoint: it has not the three lines origin, size, root")
	}
	c.Origin = lines[0]
	hash, ok := strings.CutPrefix(c.Origin, originPrefix)
	if !ok || len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return c, fmt.Errorf("%q is not the log of a case", c.Origin)
	}
	var err error
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 1 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, fmt.Errorf("%q is no size of a log", lines[1])
	}
	if c.Size > maxEntries {
		return c, fmt.Errorf("it speaks of %d entries, and a case has at most %d", c.Size, maxEntries)
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return c, fmt.Errorf("%q is no root of a log", lines[2])
	}
	c.Root = tlog.Hash(root)
	return c, nil
}

// maxEntries bounds what a forged checkpoint can make a reader do.
const maxEntries = 1 << 32

// originOf names the log that begins with an entry.
func originOf(first []byte) string {
	h := tlog.RecordHash(first)
	return fmt.Sprintf("%s%x", originPrefix, h[:])
}
