package caselog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"constat/moment"
)

// checkParties checks what parties signed. Their keys are those that the case
// recorded before, and those that were given.
func (a *Account) checkParties(s *store, given []PublicKey) error {
	at := map[string]int{}
	a.named = at
	for _, k := range given {
		if i, ok := at[k.Name]; ok && a.Parties[i].Text != k.Text {
			return fmt.Errorf("two different keys were given for %s", k.Name)
		} else if !ok {
			at[k.Name] = len(a.Parties)
			a.Parties = append(a.Parties, Party{PublicKey: k, Entry: -1, Given: true})
		}
	}
	for i, e := range a.Entries {
		n := int64(i)
		var err error
		switch e.Kind {
		case KindParty:
			var p PartyData
			if err := e.DecodeData(&p); err != nil {
				return &Fault{Path: a.bundleOf(n), Entry: n, Err: err}
			}
			k, err := ParsePublicKey(p.Key)
			if err == nil && k.Name != p.Name {
				err = fmt.Errorf("the key is that of %s, not of %s", k.Name, p.Name)
			}
			if err != nil {
				return &Fault{Path: a.bundleOf(n), Entry: n, Err: err}
			}
			j, ok := at[k.Name]
			switch {
			case ok && a.Parties[j].Text != k.Text && a.Parties[j].Given:
				return fault(a.bundleOf(n), n, "the case records the key %s for %s, and you gave another, %s", k.Text, k.Name, a.Parties[j].Text)
			case ok && a.Parties[j].Text != k.Text:
				return fault(a.bundleOf(n), n, "the case records two different keys for %s", k.Name)
			case ok && a.Parties[j].Entry < 0:
				a.Parties[j].Entry, a.Parties[j].For = n, p.For
			case !ok:
				at[k.Name] = len(a.Parties)
				a.Parties = append(a.Parties, Party{PublicKey: k, Entry: n, For: p.For})
			}
		case KindWithdrawn:
			var d WithdrawnData
			if err = e.DecodeData(&d); err == nil {
				err = a.MayWithdraw(d, n)
			}
			if err != nil {
				return &Fault{Path: a.bundleOf(n), Entry: n, Err: err}
			}
		case KindCosignature:
			err = a.checkNote(s, e, n, func(b []byte) (*signed, error) { return a.cosignature(b, n) })
		case KindDissent:
			err = a.checkNote(s, e, n, func(b []byte) (*signed, error) { return a.dissent(b, n) })
		}
		if err == nil {
			err = a.checkSigned(s, e, n)
		}
		if err != nil {
			return err
		}
	}
	return a.checkCheckpoint()
}

// checkCheckpoint looks at what parties whose keys are known signed on the log's
// own checkpoint: a signature that does not hold is forged, not unknown.
func (a *Account) checkCheckpoint() error {
	b, err := note.Sign(&note.Note{Text: a.note.text, Sigs: append(slices.Clone(a.note.by), a.note.unknown...)})
	if err != nil {
		return &Fault{Path: CheckpointName, Entry: -1, Err: err}
	}
	keys := append(a.verifiers(b, func(p PublicKey) note.Verifier { return p.cosigner }), a.verifiers(b, func(p PublicKey) note.Verifier { return p.verifier })...)
	keys = slices.DeleteFunc(keys, func(v note.Verifier) bool {
		return v.Name() == a.Signer().Name && v.KeyHash() == a.Signer().verifier.KeyHash()
	})
	_, n, err := a.openCheckpoint(b, keys...)
	if err != nil {
		return &Fault{Path: CheckpointName, Entry: -1, Err: err}
	}
	a.Unknown = slices.DeleteFunc(a.Unknown, func(u UnknownKey) bool { return u.Where == CheckpointName })
	a.Unknown = append(n.unknownKeys(CheckpointName), a.Unknown...)
	for _, p := range a.signers(b) {
		for _, sig := range n.by {
			if sig.Name == p.Name && sig.Hash == p.cosigner.KeyHash() {
				a.OnCheckpoint = append(a.OnCheckpoint, Cosignature{p.Name, -1, a.Checkpoint.Size, moment.Unix(cosignedAt(sig), 0)})
			}
		}
	}
	return nil
}

// signers are the parties known at this point of the log whose names a note's
// signature lines have, in the order of a.Parties. Looking them up by name keeps
// checking a case linear in its parties and notes.
func (a *Account) signers(b []byte) []*Party {
	var at []int
	if i := bytes.LastIndex(b, []byte("\n\n")); i >= 0 {
		for line := range bytes.Lines(b[i+2:]) {
			rest, _ := bytes.CutPrefix(line, []byte("— "))
			name, _, _ := bytes.Cut(rest, []byte(" "))
			if j, ok := a.named[string(name)]; ok {
				at = append(at, j)
			}
		}
	}
	slices.Sort(at)
	var out []*Party
	for _, j := range slices.Compact(at) {
		out = append(out, &a.Parties[j])
	}
	return out
}

// verifiers are keys of the signers of a note. Recorded names that are given too
// have the given key.
func (a *Account) verifiers(b []byte, which func(PublicKey) note.Verifier) []note.Verifier {
	var out []note.Verifier
	for _, p := range a.signers(b) {
		out = append(out, which(p.PublicKey))
	}
	return out
}

func (a *Account) checkNote(s *store, e *Entry, n int64, check func([]byte) (*signed, error)) error {
	if len(e.Files) != 1 || e.Files[0].Role != RoleNote {
		return fault(a.bundleOf(n), n, "a %s has one file, with the role %q", e.Kind, RoleNote)
	}
	f := e.Files[0]
	b, err := s.logged(f)
	if err != nil {
		return &Fault{Path: f.Path, Entry: n, Err: err}
	}
	note, err := check(b)
	if err != nil {
		return &Fault{Path: f.Path, Entry: n, Err: err}
	}
	a.Unknown = append(a.Unknown, note.unknownKeys(f.Path)...)
	return nil
}

// logged reads a note as it was logged.
func (s *store) logged(f File) ([]byte, error) {
	b, err := s.read(f.Path, maxNote)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, fmt.Errorf("it is not what was logged: it has %d bytes with SHA-256 %x, logged are %d with %s", len(b), sum, f.Size, f.SHA256)
	}
	return b, nil
}

// cosignature checks a cosigned checkpoint that is or shall be entry n.
func (a *Account) cosignature(b []byte, n int64) (*signed, error) {
	keys := a.verifiers(b, func(p PublicKey) note.Verifier { return p.cosigner })
	c, s, err := a.openCheckpoint(b, keys...)
	if err != nil {
		return nil, err
	}
	if err := a.consistent(c); err != nil {
		return nil, err
	}
	if c.Size > n {
		return nil, fmt.Errorf("it cosigns %d entries, more than there were before it", c.Size)
	}
	for _, p := range a.signers(b) {
		if s.isBy(p.cosigner) {
			for _, sig := range s.by {
				if sig.Name == p.Name && sig.Hash == p.cosigner.KeyHash() {
					a.Cosignatures = append(a.Cosignatures, Cosignature{p.Name, n, c.Size, moment.Unix(cosignedAt(sig), 0)})
				}
			}
		}
	}
	return s, nil
}

// dissent checks a dissent that is or shall be entry n.
func (a *Account) dissent(b []byte, n int64) (*signed, error) {
	s, err := openNote(b, a.verifiers(b, func(p PublicKey) note.Verifier { return p.verifier })...)
	if err != nil {
		return nil, err
	}
	d, err := parseDissent(s.text)
	if err != nil {
		return nil, err
	}
	if err := a.consistent(d.Checkpoint); err != nil {
		return nil, err
	}
	if d.Size > n {
		return nil, fmt.Errorf("it speaks of %d entries, more than there were before it", d.Size)
	}
	for _, sig := range s.by {
		a.Dissents = append(a.Dissents, DissentNote{sig.Name, n, d.Size, d.at, d.reason})
	}
	return s, nil
}

// checkSigned checks the signatures of a file by parties.
func (a *Account) checkSigned(s *store, e *Entry, n int64) error {
	var what []File
	for _, f := range e.Files {
		if f.Role == RoleSigned {
			what = append(what, f)
		}
	}
	for _, f := range e.Files {
		if f.Role != RoleSignature {
			continue
		}
		if len(what) != 1 {
			return fault(f.Path, n, "it stands beside %d files with the role %q, and one is needed", len(what), RoleSigned)
		}
		b, err := s.logged(f)
		if err != nil {
			return &Fault{Path: f.Path, Entry: n, Err: err}
		}
		note, at, err := a.fileSignature(b, what[0])
		if err != nil {
			return &Fault{Path: f.Path, Entry: n, Err: err}
		}
		a.Unknown = append(a.Unknown, note.unknownKeys(f.Path)...)
		for _, sig := range note.by {
			a.Signed = append(a.Signed, SignedFile{sig.Name, n, what[0].Path, at})
		}
	}
	return nil
}

func (a *Account) fileSignature(b []byte, f File) (*signed, moment.Time, error) {
	n, err := openNote(b, a.verifiers(b, func(p PublicKey) note.Verifier { return p.verifier })...)
	if err != nil {
		return nil, 0, err
	}
	s, err := parseFileSignature(n.text)
	if err == nil {
		err = s.matches(a.Origin, f)
	}
	if err != nil {
		return nil, 0, err
	}
	return n, s.at, nil
}
