package caselog

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"constat/internal/durable"
	"constat/moment"
)

// maxProof is the most hashes that a request may have (c2sp.org/tlog-witness).
const maxProof = 63

// WitnessRequest asks a witness to cosign the log as it was read: the body of an
// add-checkpoint request of c2sp.org/tlog-witness. Old is how many entries the
// log had when the witness cosigned it last, 0 if it never did.
func (l *Log) WitnessRequest(old int64) ([]byte, error) {
	if old < 0 || old > l.Checkpoint.Size {
		return nil, fmt.Errorf("the log never had %d entries: it has %d", old, l.Checkpoint.Size)
	}
	r := &witnessRequest{old: old}
	if old > 0 {
		p, err := tlog.ProveTree(l.Checkpoint.Size, old, l.reader())
		if err != nil {
			return nil, err
		}
		r.proof = p
	}
	var err error
	r.checkpoint, err = note.Sign(&note.Note{Text: l.Checkpoint.text(), Sigs: l.note.by})
	return r.encode(), err
}

type witnessRequest struct {
	old        int64
	proof      tlog.TreeProof
	checkpoint []byte // with its signature lines
}

func (r *witnessRequest) encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", r.old)
	for _, h := range r.proof {
		fmt.Fprintf(&b, "%s\n", h)
	}
	b.WriteByte('\n')
	b.Write(r.checkpoint)
	return b.Bytes()
}

func parseWitnessRequest(b []byte) (*witnessRequest, error) {
	if len(b) > maxNote {
		return nil, fmt.Errorf("a request has at most %d bytes, this has %d", maxNote, len(b))
	}
	head, checkpoint, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	num, ok2 := strings.CutPrefix(lines[0], "old ")
	old, err := strconv.ParseInt(num, 10, 64)
	if !ok || !ok2 || err != nil || old < 0 || strconv.FormatInt(old, 10) != num {
		return nil, errors.New("it does not begin with a line \"old SIZE\", with the proof and an empty line behind it")
	}
	if len(lines)-1 > maxProof {
		return nil, fmt.Errorf("a proof has at most %d hashes, this has %d", maxProof, len(lines)-1)
	}
	r := &witnessRequest{old: old, checkpoint: checkpoint}
	for _, line := range lines[1:] {
		h, err := decode64(line)
		if err != nil || len(h) != tlog.HashSize {
			return nil, errors.New("a hash of the proof is damaged")
		}
		r.proof = append(r.proof, tlog.Hash(h))
	}
	return r, nil
}

// Refusal is why a witness did not cosign, with the HTTP status that
// c2sp.org/tlog-witness has for it.
type Refusal struct {
	Status int
	Size   int64 // of a conflict (409): the size that the witness cosigned last
	Err    error
}

func (r *Refusal) Error() string { return r.Err.Error() }
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(status int, format string, args ...any) error {
	return &Refusal{Status: status, Err: fmt.Errorf(format, args...)}
}

// AddCheckpoint answers an add-checkpoint request as a witness: it cosigns the
// checkpoint of a case that one of the given examiners' keys signed and that has
// grown from the one that it cosigned last, which it keeps in a folder as
// [Log.Witness] does. It never saw the case: its word is that of one log it has
// cosigned one history.
//
// The answer is the cosignature's line, and the checkpoint with it, which is on
// disk before either is given away. A refusal is a [*Refusal].
func AddCheckpoint(ctx context.Context, k *Key, examiners []PublicKey, request []byte, at moment.Time, dir string) (line, cosigned []byte, err error) {
	r, err := parseWitnessRequest(request)
	if err != nil {
		return nil, nil, &Refusal{Status: 400, Err: err}
	}
	if at.Sec() <= 0 {
		return nil, nil, errors.New("a cosignature has a time after 1970")
	}
	for _, x := range examiners {
		if sameKey(x, k.public) {
			return nil, nil, fmt.Errorf("%s is the examiner whose cases are to be cosigned: a witness is somebody else", x.Name)
		}
	}
	if origin, _, _ := bytes.Cut(r.checkpoint, []byte("\n")); !bytes.HasPrefix(origin, []byte(originPrefix)) {
		return nil, nil, refuse(404, "%q is not the log of a case", origin[:min(len(origin), 200)])
	}
	var trusted []note.Verifier
	for _, x := range examiners {
		trusted = append(trusted, x.verifier)
	}
	n, err := openNote(r.checkpoint, trusted...)
	switch {
	case errors.Is(err, errForged):
		return nil, nil, &Refusal{Status: 403, Err: err}
	case err != nil:
		return nil, nil, &Refusal{Status: 400, Err: err}
	}
	cp, err := parseCheckpoint(n.text)
	switch {
	case err != nil:
		return nil, nil, &Refusal{Status: 400, Err: err}
	case len(n.by) == 0:
		return nil, nil, refuse(403, "none of the examiners' keys that this witness knows signed the checkpoint of %s", short(cp.Origin))
	case r.old > cp.Size:
		return nil, nil, refuse(400, "it grows from %d entries to %d", r.old, cp.Size)
	}

	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("keeping what was cosigned: %w", err)
	}
	// Looking at what was cosigned and keeping what is cosigned now are one step:
	// of two requests at once the second sees what the first left.
	unlock, err := lock(ctx, dir, true)
	if err != nil {
		return nil, nil, fmt.Errorf("keeping what was cosigned: %w", err)
	}
	defer unlock()
	name := filepath.Join(dir, strings.TrimPrefix(cp.Origin, originPrefix)+".note")
	var was Checkpoint
	switch b, err := readNote(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, nil, fmt.Errorf("what this key cosigned before: %w", err)
	default:
		if was, err = cosignedBy(b, k); err == nil && was.Origin != cp.Origin {
			err = errors.New("it is of another case")
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s, which should be what this key cosigned before: %w", name, err)
		}
	}
	switch {
	case r.old != was.Size:
		return nil, nil, &Refusal{409, was.Size, fmt.Errorf("this witness cosigned %s last at %d entries, and the request grows from %d", short(cp.Origin), was.Size, r.old)}
	case was.Size == 0 && len(r.proof) > 0:
		return nil, nil, refuse(422, "it grows from nothing, and that needs no proof")
	case was.Size > 0:
		if err := tlog.CheckTree(r.proof, cp.Size, cp.Root, was.Size, was.Root); err != nil {
			return nil, nil, refuse(422, "the log of %d entries does not hold, by this proof, the %d that this witness cosigned: the case was forked or rewritten, or the proof is wrong", cp.Size, was.Size)
		}
	}
	out, err := note.Sign(&note.Note{Text: n.text, Sigs: n.by}, k.cosigner(at.Sec()))
	if err != nil {
		return nil, nil, err
	}
	if err := durable.WriteFile(name, out, 0o600); err != nil {
		return nil, nil, fmt.Errorf("keeping what was cosigned: %w", err)
	}
	return out[bytes.LastIndexByte(out[:len(out)-1], '\n')+1:], out, nil
}

// WithCosignature puts the line of one witness, out of those that it answered, behind
// the checkpoint of the log as it was read. Lines of other keys are left out.
func (l *Log) WithCosignature(lines []byte, w PublicKey) ([]byte, error) {
	own, err := note.Sign(&note.Note{Text: l.Checkpoint.text(), Sigs: l.note.by})
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 || lines[len(lines)-1] != '\n' {
		return nil, errors.New("what the witness answered is no cosignature: it is empty, or cut off")
	}
	n, err := openNote(append(own, lines...), w.cosigner)
	switch {
	case err != nil:
		return nil, fmt.Errorf("what the witness answered is no cosignature of this checkpoint: %w", err)
	case n.text != l.Checkpoint.text() || len(n.by) != 1:
		return nil, fmt.Errorf("what the witness answered has no cosignature by the key %s", w.Name)
	}
	return note.Sign(&note.Note{Text: n.text, Sigs: append(slices.Clone(l.note.by), n.by...)})
}

// ParseWitnessKey reads the public key of a witness: one of Constat, or a vkey of
// the type of cosignatures, as C2SP's witnesses publish theirs.
func ParseWitnessKey(s string) (PublicKey, error) {
	s = strings.TrimSuffix(s, "\n")
	parts := strings.SplitN(s, "+", 3)
	if len(parts) != 3 {
		return ParsePublicKey(s)
	}
	raw, err := decode64(parts[2])
	if err == nil && len(raw) > 0 && raw[0] == 6 {
		return PublicKey{}, errors.New("a witness's key of the type ML-DSA-44: only Ed25519 is read")
	}
	if err != nil || len(raw) != 33 || raw[0] != cosignatureType {
		return ParsePublicKey(s)
	}
	text, err := note.NewEd25519VerifierKey(parts[0], raw[1:])
	if err != nil {
		return PublicKey{}, err
	}
	k, err := ParsePublicKey(text)
	if err == nil && k.WitnessText() != s {
		err = errors.New("not a witness's key, or a damaged one: its ID is wrong")
	}
	return k, err
}

// WitnessText is the key as witnesses publish theirs: a vkey of the type of
// cosignatures.
func (k PublicKey) WitnessText() string {
	v := k.cosigner.(*cosigVerifier)
	id := binary.BigEndian.AppendUint32(nil, v.id)
	return fmt.Sprintf("%s+%x+%s", k.Name, id, base64.StdEncoding.EncodeToString(append([]byte{cosignatureType}, v.key...)))
}

// Witnessed is what the witnesses that were given cosigned of a case.
type Witnessed struct {
	Quorum int             `json:"quorum"` // so many were asked for
	Size   int64           `json:"size"`   // that many entries have the quorum's cosignatures
	By     []CosignedState `json:"by"`     // of each witness the longest state, in the order given
	// Impossible are cosignatures that are not counted, since they say a time at which they
	// cannot have been made.
	Impossible []CosignedState `json:"impossible,omitempty"`
}

// CosignedState is the longest state of a case that a witness cosigned.
type CosignedState struct {
	Witness string      `json:"witness"`
	Size    int64       `json:"size"` // 0: none
	At      moment.Time `json:"at"`
}

// jury are the witnesses that were given, and what they cosigned.
type jury struct {
	*Witnessed
	keys []note.Verifier
	at   map[string]int // of the witnesses, by name
	ids  []uint32       // of their cosignatures
	now  moment.Time
}

// summon checks that the witnesses that were given are different, and others than the
// examiner.
func (a *Account) summon(o CheckOptions) (*jury, error) {
	w := &jury{Witnessed: &Witnessed{Quorum: o.Quorum}, at: map[string]int{}, now: o.Now}
	if w.Quorum == 0 {
		w.Quorum = len(o.Witnesses)
	}
	if w.Quorum < 0 || w.Quorum > len(o.Witnesses) {
		return nil, fmt.Errorf("a quorum of %d witnesses, and %d were given", w.Quorum, len(o.Witnesses))
	}
	for i, k := range o.Witnesses {
		for _, x := range a.Keys {
			if sameKey(x.PublicKey, k) {
				return nil, fmt.Errorf("the witness %s is the examiner of this case: a witness is somebody else", k.Name)
			}
		}
		for _, before := range o.Witnesses[:i] {
			// The message does not name the witness: one key under two names would count twice.
			if sameKey(before, k) || before.Name == k.Name {
				return nil, fmt.Errorf("the witnesses %s and %s have one name or one key: each counts once", before.Name, k.Name)
			}
		}
		w.keys, w.ids = append(w.keys, k.cosigner), append(w.ids, k.cosigner.KeyHash())
		w.at[k.Name] = i
		w.By = append(w.By, CosignedState{Witness: k.Name})
	}
	return w, nil
}

// count counts the cosignatures on one checkpoint.
func (w *jury) count(a *Account, path string, n int64, b []byte) error {
	c, note, err := a.openCheckpoint(b, w.keys...)
	if err == nil {
		err = a.consistent(c)
	}
	if err != nil {
		return &Fault{Path: path, Entry: n, Err: err}
	}
	for _, sig := range note.by {
		i, ok := w.at[sig.Name]
		if !ok || sig.Hash != w.ids[i] {
			continue
		}
		// It is counted here, by whatever else it was unknown.
		a.Unknown = slices.DeleteFunc(a.Unknown, func(u UnknownKey) bool {
			return u.Where == path && u.Name == sig.Name && u.ID == fmt.Sprintf("%08x", sig.Hash)
		})
		x := CosignedState{sig.Name, c.Size, moment.Unix(cosignedAt(sig), 0)}
		if a.Impossible(x.Size, x.At, w.now) {
			w.Impossible = append(w.Impossible, x)
			continue
		}
		if x.Size > w.By[i].Size || x.Size == w.By[i].Size && x.At > w.By[i].At {
			w.By[i] = x
		}
	}
	return nil
}

// checkWitnesses counts the cosignatures of the witnesses that were given: on the
// log's checkpoint, in its entries, and on the checkpoints that are held against
// it.
func (a *Account) checkWitnesses(s *store, o CheckOptions) error {
	if len(o.Witnesses) == 0 {
		if o.Quorum != 0 {
			return errors.New("a quorum of witnesses needs witnesses")
		}
		return nil
	}
	w, err := a.summon(o)
	if err != nil {
		return err
	}
	if err := w.count(a, CheckpointName, -1, a.rawNote); err != nil {
		return err
	}
	for i, e := range a.Entries {
		if e.Kind != KindCosignature {
			continue
		}
		b, err := s.logged(e.Files[0]) // checkNote has seen that there is one
		if err != nil {
			return &Fault{Path: e.Files[0].Path, Entry: int64(i), Err: err}
		}
		if err := w.count(a, e.Files[0].Path, int64(i), b); err != nil {
			return err
		}
	}
	for _, h := range o.Checkpoints {
		b := h.Bytes
		if p, ok := cutProof(b); ok {
			b = p
		}
		if NoteKind(b) != KindCosignature {
			continue
		}
		if err := w.count(a, h.Name, -1, b); err != nil {
			return err
		}
	}
	var sizes []int64
	var told []string
	for _, x := range w.By {
		sizes = append(sizes, x.Size)
		told = append(told, fmt.Sprintf("%s %d", x.Witness, x.Size))
	}
	slices.Sort(sizes)
	w.Size = sizes[len(sizes)-w.Quorum]
	// What witnesses signed is in no state that they signed.
	need := a.Checkpoint.Size
	for need > 1 && (a.Entries[need-1].Kind == KindCosignature || a.Entries[need-1].Kind == KindStamp) {
		need--
	}
	if w.Size < need {
		for _, x := range w.Impossible {
			told = append(told, fmt.Sprintf("%s %d, which is not counted, since it is dated %s", x.Witness, x.Size, x.At))
		}
		return fault(CheckpointName, -1, "%d of %d witnesses must have cosigned the first %d entries, and they cosigned: %s", w.Quorum, len(w.By), need, strings.Join(told, ", "))
	}
	a.Witnessed = w.Witnessed
	return nil
}

// sameKey reports whether two public keys are one, whatever they are called.
func sameKey(a, b PublicKey) bool {
	return bytes.Equal(a.cosigner.(*cosigVerifier).key, b.cosigner.(*cosigVerifier).key)
}

// Earlier says how many entries a checkpoint has that this log must have grown
// from.
func (l *Log) Earlier(b []byte) (int64, error) {
	c, _, err := l.openCheckpoint(b)
	if err == nil {
		err = l.consistent(c)
	}
	return c.Size, err
}

// decode64 reads base64 that has one form: no loose bits, and no ends of lines,
// which the decoder of the standard library passes over.
func decode64(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, errors.New("an end of line within base64")
	}
	return base64.StdEncoding.Strict().DecodeString(s)
}
