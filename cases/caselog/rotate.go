package caselog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	visible "constat/internal/plain"
	"constat/moment"
)

// Kinds of the entries that say whose key signs the log.
const (
	KindRotated  = "rotated"  // from this entry on another key signs
	KindGuardian = "guardian" // a key that may hand the case to another key when the examiner's is lost or stolen
)

// handoverHeader begins the note with which a case is handed to another key.
const (
	handoverHeader = "constat-key/1"
	handoverName   = "handover.note"
)

// maxGuardians bounds whose signatures are looked for in a handover.
const maxGuardians = 16

// RotatedData are the data of an entry "rotated".
type RotatedData struct {
	Key string `json:"key"` // public key that signs from this entry on
}

// GuardianData are the data of an entry "guardian".
type GuardianData struct {
	Name string `json:"name"`
	Key  string `json:"key"` // public key
}

// Tenure is a key that signs a case's log from one of its entries on.
type Tenure struct {
	PublicKey
	From     int64 // the entry that put it in force; 0 is the opening
	By       string
	Guardian bool // By is a guardian, and not the key before
	Why      string
	At       moment.Time
}

// KeyAccount is a tenure for programs.
type KeyAccount struct {
	Key      string `json:"key"`
	From     int64  `json:"from"`
	By       string `json:"by"` // public key that signed the handover; empty of the opening's key
	Guardian bool   `json:"guardian"`
	Why      string `json:"why"`
}

// KeyAccounts lists the keys that the log has had.
func (l *Log) KeyAccounts() []KeyAccount {
	var out []KeyAccount
	for _, k := range l.Keys {
		out = append(out, KeyAccount{k.Text, k.From, k.By, k.Guardian, k.Why})
	}
	return out
}

// Guardian is a key that the case names for the day on which the examiner's is
// lost or stolen.
type Guardian struct {
	PublicKey
	Entry int64
}

// Signer is the key that signs the log as it is.
func (l *Log) Signer() PublicKey { return l.Keys[len(l.Keys)-1].PublicKey }

// KeyAt is the key that signs a log of a size.
func (l *Log) KeyAt(size int64) PublicKey { return l.tenureAt(size).PublicKey }

func (l *Log) tenureAt(size int64) Tenure {
	i := len(l.Keys) - 1
	for i > 0 && l.Keys[i].From >= size {
		i--
	}
	return l.Keys[i]
}

// tenure finds a key among those that the log has had.
func (l *Log) tenure(k PublicKey) (Tenure, bool) {
	i := slices.IndexFunc(l.Keys, func(t Tenure) bool { return t.Text == k.Text })
	if i < 0 {
		return Tenure{}, false
	}
	return l.Keys[i], true
}

// openCheckpoint reads a checkpoint of this log, which must be signed by the key
// that the log had at its size.
func (l *Log) openCheckpoint(b []byte, others ...note.Verifier) (Checkpoint, *signed, error) {
	text, _, _ := strings.Cut(string(b), "\n\n")
	by := l.Signer()
	c, err := parseCheckpoint(text + "\n")
	if err == nil {
		by = l.KeyAt(c.Size)
	}
	c, n, err := openCheckpoint(b, by, others...)
	if !errors.Is(err, ErrOtherKey) {
		return c, n, err
	}
	for _, k := range l.Keys {
		if _, _, err := openCheckpoint(b, k.PublicKey); err == nil {
			return c, n, fmt.Errorf("it is signed by %s, which was not the case's key at %d entries: that was %s", k.Text, c.Size, by.Text)
		}
	}
	return c, n, err
}

// Handover gives the note with which the key of a case, or a guardian, hands the
// log as it was read to another key.
func (l *Log) Handover(k *Key, to PublicKey, why string, at moment.Time) ([]byte, error) {
	if err := sayable(why); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\ncase %s\nsize %d\nroot %s\nkey %s\ntime %s\nwhy %s\n", handoverHeader, l.Origin, l.Checkpoint.Size, l.Checkpoint.Root, to.Text, at, why)
	b, err := note.Sign(&note.Note{Text: text}, k)
	if err != nil {
		return nil, err
	}
	_, err = l.handover(b, l.Checkpoint.Size)
	return b, err
}

func sayable(why string) error {
	if what, _, ok := visible.Find(why, false); ok {
		return fmt.Errorf("the reason has %s: give one line of plain text", what)
	}
	if strings.TrimSpace(why) == "" {
		return errors.New("a handover says why")
	}
	return nil
}

// handover checks the note of an entry "rotated" with the number n: whoever may
// hand the case over signed that the first n entries are the case, and that from
// then on another key signs.
func (l *Log) handover(b []byte, n int64) (*Tenure, error) {
	last := l.Keys[len(l.Keys)-1]
	keys := []note.Verifier{last.verifier}
	for _, g := range l.Guardians {
		keys = append(keys, g.verifier)
	}
	s, err := openNote(b, keys...)
	if err != nil {
		return nil, err
	}
	f, err := headed(strings.TrimSuffix(s.text, "\n"), handoverHeader, "case", "size", "root", "key", "time", "why")
	if err != nil {
		return nil, fmt.Errorf("not a handover: %w", err)
	}
	c, err := parseCheckpoint(f[0] + "\n" + f[1] + "\n" + f[2] + "\n")
	if err != nil {
		return nil, fmt.Errorf("handover: %w", err)
	}
	t := &Tenure{From: n, Why: f[5]}
	if t.PublicKey, err = ParsePublicKey(f[3]); err != nil {
		return nil, fmt.Errorf("handover: %w", err)
	}
	if err := t.At.UnmarshalText([]byte(f[4])); err != nil || t.At.String() != f[4] {
		return nil, fmt.Errorf("handover: %q is no time", f[4])
	}
	if err := sayable(t.Why); err != nil {
		return nil, err
	}
	if c.Origin != l.Origin {
		return nil, fmt.Errorf("it hands over the case %s, and this is %s", short(c.Origin), short(l.Origin))
	}
	if c.Size != n {
		return nil, fmt.Errorf("it hands over a log of %d entries, and before it there are %d: it is made for the case as it is, and again if the case has grown", c.Size, n)
	}
	if root, err := tlog.TreeHash(n, l.reader()); err != nil || root != c.Root {
		return nil, fmt.Errorf("it hands over another log: the first %d entries are not those of which it was made", n)
	}
	if err := l.mayTakeOver(t.PublicKey); err != nil {
		return nil, err
	}
	switch {
	case s.isBy(last.verifier):
		t.By = last.Text
	case len(s.by) > 0:
		i := slices.IndexFunc(l.Guardians, func(g Guardian) bool { return s.isBy(g.verifier) })
		t.By, t.Guardian = l.Guardians[i].Text, true
	default:
		return nil, fmt.Errorf("it is signed neither by the case's key, %s, nor by a guardian that the case named", last.Text)
	}
	return t, nil
}

// mayTakeOver says why a key cannot sign the case from now on.
func (l *Log) mayTakeOver(k PublicKey) error {
	if was, ok := l.tenure(k); ok {
		return fmt.Errorf("%s was the case's key since entry %d already: a case is handed to a new key", k.Text, was.From)
	}
	if slices.ContainsFunc(l.Guardians, func(g Guardian) bool { return g.Text == k.Text }) {
		return fmt.Errorf("%s is a guardian's key, and a guardian hands the case to others", k.Text)
	}
	return nil
}

// MayGuard says why a key cannot be named a guardian by the next entry.
func (l *Log) MayGuard(k PublicKey) error {
	if err := l.mayTakeOver(k); err != nil {
		return fmt.Errorf("it cannot be a guardian: %w", err)
	}
	if slices.ContainsFunc(l.Guardians, func(g Guardian) bool { return g.Name == k.Name }) {
		return fmt.Errorf("%s is a guardian already", k.Name)
	}
	if len(l.Guardians) == maxGuardians {
		return fmt.Errorf("a case has at most %d guardians", maxGuardians)
	}
	return nil
}

// readKeys follows the keys of a log whose entries were read, from that of the
// opening on.
func (l *Log) readKeys(s *store) error {
	l.Keys = []Tenure{{PublicKey: l.Examiner, At: l.Opened}}
	for i, e := range l.Entries {
		n := int64(i)
		switch e.Kind {
		case KindGuardian:
			var d GuardianData
			err := e.DecodeData(&d)
			var k PublicKey
			if err == nil {
				k, err = ParsePublicKey(d.Key)
			}
			if err == nil && k.Name != d.Name {
				err = fmt.Errorf("the key is that of %s, not of %s", k.Name, d.Name)
			}
			if err == nil {
				err = l.MayGuard(k)
			}
			if err != nil {
				return &Fault{Path: l.bundleOf(n), Entry: n, Err: err}
			}
			l.Guardians = append(l.Guardians, Guardian{k, n})
		case KindRotated:
			var d RotatedData
			if err := e.DecodeData(&d); err != nil {
				return &Fault{Path: l.bundleOf(n), Entry: n, Err: err}
			}
			if len(e.Files) != 1 || e.Files[0].Role != RoleNote || e.Files[0].Path != ActFolder(n, e.Kind)+"/"+handoverName {
				return fault(l.bundleOf(n), n, "an entry %q has one file, %s with the role %q", e.Kind, handoverName, RoleNote)
			}
			b, err := s.logged(e.Files[0])
			var t *Tenure
			if err == nil {
				t, err = l.handover(b, n)
			}
			if err == nil && t.Text != d.Key {
				err = fmt.Errorf("it hands the case to %s, and the entry says to %s", t.Text, d.Key)
			}
			if err != nil {
				return &Fault{Path: e.Files[0].Path, Entry: n, Err: err}
			}
			l.Keys = append(l.Keys, *t)
		}
	}
	return nil
}

// claimed are the keys that sign the log by its own word, the newest last: that
// of the opening, and those of the entries "rotated". It finds these by the names
// of their folders, since every act asks and no act may cost more as a case
// grows. Whether they were rightly handed the case is for [Log.readKeys].
//
// Anybody can make a folder. One numbered at or past the size that the checkpoint says
// counts for nothing, and is cleared away or set aside as all that lies there; one
// below it counts if the log has that entry. Example: acts/00500-rotated in a log of ten
// entries, or what a handover left that was killed before its checkpoint. Whoever reads
// the log as a whole takes the word of a note also where the entry says otherwise: which
// of the two is damaged is seen later.
func (s *store) claimed(c *Case, reading bool) []PublicKey {
	out := []PublicKey{c.Examiner}
	names, err := fs.ReadDir(s.root.FS(), actsDir)
	if err != nil {
		return out
	}
	size := s.claimedSize()
	var entries []int64
	for _, d := range names {
		if n, ok := actNumber(d.Name()); ok && n < size && d.IsDir() && ActFolder(n, KindRotated) == actsDir+"/"+d.Name() {
			entries = append(entries, n)
		}
	}
	slices.Sort(entries)
	claims := func(text string) {
		k, err := ParsePublicKey(text)
		if err == nil && !slices.ContainsFunc(out, func(x PublicKey) bool { return x.Text == k.Text }) {
			out = append(out, k)
		}
	}
	tiles := map[int64][][]byte{}
	for _, n := range entries {
		at := n / tileWidth
		if _, ok := tiles[at]; !ok {
			tiles[at] = nil
			if p := s.bundlePath(at); p != "" {
				if b, err := s.read(p, maxBundle); err == nil {
					tiles[at], _ = splitBundle(b)
				}
			}
		}
		var e *Entry
		if n%tileWidth < int64(len(tiles[at])) {
			e, _ = DecodeEntry(n, tiles[at][n%tileWidth])
		}
		if e != nil && e.Kind != KindRotated && !reading {
			continue
		}
		// The note says it and the entry does: where one is damaged it is still
		// known which of the case's files is.
		if b, err := s.read(ActFolder(n, KindRotated)+"/"+handoverName, maxNote); err == nil {
			_, rest, _ := bytes.Cut(b, []byte("\nkey "))
			line, _, _ := bytes.Cut(rest, []byte("\n"))
			claims(string(line))
		}
		var r RotatedData
		if e != nil && e.Kind == KindRotated && e.DecodeData(&r) == nil {
			claims(r.Key)
		}
	}
	return out
}

// Rotate hands a case to another key: from the entry that it adds on, that key
// signs. Either the key that signs now is given, or the note of a guardian
// ([Log.Handover]).
func (c *Case) Rotate(ctx context.Context, next, now *Key, handover []byte, why string, at moment.Time) (Checkpoint, *Entry, error) {
	unlock, err := lock(ctx, c.dir, true)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	defer unlock()
	s, err := openStore(c.dir)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	defer s.Close()
	l, err := s.readLocked(nil)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	if now != nil {
		if now.public.Text != l.Signer().Text {
			return Checkpoint{}, nil, fmt.Errorf("the key %s does not sign this case: that is %s", now.public.Text, l.Signer().Text)
		}
		if handover, err = l.Handover(now, next.public, why, at); err != nil {
			return Checkpoint{}, nil, err
		}
	}
	t, err := l.handover(handover, l.Checkpoint.Size)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("the handover: %w", err)
	}
	if t.Text != next.public.Text {
		return Checkpoint{}, nil, fmt.Errorf("the handover is to the key %s, not to %s", t.Text, next.public.Text)
	}
	a, err := c.NewAct(KindRotated, at)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	defer a.Discard()
	a.Data = RotatedData{Key: t.Text}
	if err := a.WriteFile(handoverName, RoleNote, handover); err != nil {
		return Checkpoint{}, nil, err
	}
	if err := recoverFrom(c.dir, l.Checkpoint.Size, []*Act{a}); err != nil {
		return Checkpoint{}, nil, fmt.Errorf("case %s: clearing away what is in no log: %w", c.dir, err)
	}
	cp, es, err := (&writer{dir: c.dir, key: next, now: l.Checkpoint, store: s}).add([]*Act{a})
	if err != nil {
		return cp, nil, err
	}
	return cp, es[0], nil
}

// IsHandover says whether a file is meant as the note of a handover.
func IsHandover(b []byte) bool { return bytes.HasPrefix(b, []byte(handoverHeader+"\n")) }
