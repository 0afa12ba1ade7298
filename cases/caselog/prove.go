package caselog

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// proofHeader begins a proof of inclusion (c2sp.org/tlog-proof).
const proofHeader = "c2sp.org/tlog-proof@v1"

// ErrNoEntry says that a log has no such entry.
var ErrNoEntry = errors.New("no such entry")

// Prove gives the proof that entry n is in the log: the entry itself, the
// hashes up to the root, and the signed checkpoint. It can be checked without
// the case, and is a checkpoint too.
func (l *Log) Prove(n int64) ([]byte, error) {
	if n < 0 || n >= l.Checkpoint.Size {
		return nil, fmt.Errorf("%w: the case has the entries 0 to %d", ErrNoEntry, l.Checkpoint.Size-1)
	}
	p, err := tlog.ProveRecord(l.Checkpoint.Size, n, l.reader())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nextra %s\nindex %d\n", proofHeader, base64.StdEncoding.EncodeToString(l.raw[n]), n)
	for _, h := range p {
		fmt.Fprintf(&b, "%s\n", h)
	}
	cp, err := note.Sign(&note.Note{Text: l.Checkpoint.text(), Sigs: l.note.by})
	if err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	b.Write(cp)
	return b.Bytes(), nil
}

// IsProof says whether a file is meant as a proof.
func IsProof(b []byte) bool { return bytes.HasPrefix(b, []byte(proofHeader+"\n")) }

// cutProof gives the checkpoint of a proof.
func cutProof(b []byte) ([]byte, bool) {
	if !IsProof(b) {
		return nil, false
	}
	_, cp, ok := bytes.Cut(b, []byte("\n\n"))
	return cp, ok
}

// Proof is a proof of inclusion that holds.
type Proof struct {
	Checkpoint Checkpoint
	Index      int64
	Entry      *Entry
}

// CheckProof checks a proof against the examiner's key.
func CheckProof(b []byte, examiner PublicKey) (*Proof, error) {
	if len(b) > maxNote {
		return nil, fmt.Errorf("a proof has at most %d bytes, this has %d", maxNote, len(b))
	}
	cpNote, ok := cutProof(b)
	if !ok {
		return nil, errors.New("not a proof of inclusion, or cut off")
	}
	cp, _, err := openCheckpoint(cpNote, examiner)
	if err != nil {
		return nil, fmt.Errorf("the checkpoint in the proof: %w", err)
	}
	head := strings.Split(string(b[:len(b)-len(cpNote)-2]), "\n")
	if len(head) < 3 {
		return nil, errors.New("not a proof of inclusion: too short")
	}
	extra, ok1 := strings.CutPrefix(head[1], "extra ")
	entry, err1 := base64.StdEncoding.Strict().DecodeString(extra)
	index, ok2 := strings.CutPrefix(head[2], "index ")
	n, err2 := strconv.ParseInt(index, 10, 64)
	if !ok1 || !ok2 || err1 != nil || err2 != nil || strconv.FormatInt(n, 10) != index || n < 0 || n >= cp.Size {
		return nil, errors.New("not a proof of inclusion: the entry or its index is damaged")
	}
	var p tlog.RecordProof
	for _, line := range head[3:] {
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(h) != tlog.HashSize {
			return nil, errors.New("not a proof of inclusion: a hash is damaged")
		}
		p = append(p, tlog.Hash(h))
	}
	if err := tlog.CheckRecord(p, cp.Size, cp.Root, n, tlog.RecordHash(entry)); err != nil {
		return nil, fmt.Errorf("the proof does not hold: the entry is not number %d of the log %s at %d entries", n, short(cp.Origin), cp.Size)
	}
	e, err := DecodeEntry(n, entry)
	if err != nil {
		return nil, err
	}
	return &Proof{Checkpoint: cp, Index: n, Entry: e}, nil
}

// Names says whether the proved entry names a file. Of an exhibit it names the
// manifest, which must be held too then: it names the exhibit.
func (p *Proof) Names(h Held, held ...Held) bool {
	named := func(sum string) bool {
		return slices.ContainsFunc(p.Entry.Files, func(f File) bool { return f.SHA256 == sum })
	}
	sum := h.sum()
	if named(sum) {
		return true
	}
	for _, m := range held {
		if len(m.Bytes) == 0 || !named(m.sum()) {
			continue
		}
		if list, err := parseManifest(m.Name, m.Bytes); err == nil && slices.ContainsFunc(list.Exhibits, func(x Exhibit) bool { return x.SHA256 == sum }) {
			return true
		}
	}
	return false
}
