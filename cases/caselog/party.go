package caselog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	visible "constat/internal/plain"
	"constat/moment"
)

// First lines of what parties sign. No checkpoint and no cosigned message
// begins like them, so no signature of one kind can be shown as another.
const (
	dissentHeader   = "constat-dissent/1"
	signatureHeader = "constat-signature/1"
)

// AnyCase stands for no case in particular in a party's signature.
const AnyCase = "any"

// MaxReason is the most bytes that a dissent's reason may have.
const MaxReason = 256 << 10

// Countersign gives a party's cosignature of a case as it was read
// (c2sp.org/tlog-cosignature): that at this time this was the case, consistent
// with all that the party had seen of it. Whoever signs should have checked it
// ([Check]); what is signed is what was checked, whatever lies in the folder by
// now. What it returns is also the checkpoint that the party keeps.
func (l *Log) Countersign(k *Key, at moment.Time) ([]byte, error) {
	return note.Sign(&note.Note{Text: l.Checkpoint.text(), Sigs: l.note.by}, k.cosigner(at.Sec()))
}

// Dissent gives a signed note in which a party disagrees with a case as it was
// read. The reason is plain text and becomes part of what is signed.
func (l *Log) Dissent(k *Key, reason []byte, at moment.Time) ([]byte, error) {
	text, err := plainText(reason)
	if err != nil {
		return nil, fmt.Errorf("the reason: %w", err)
	}
	body := fmt.Sprintf("%s\ncase %s\nsize %d\nroot %s\ntime %s\n\n%s", dissentHeader, l.Checkpoint.Origin, l.Checkpoint.Size, l.Checkpoint.Root, at, text)
	return note.Sign(&note.Note{Text: body}, k)
}

// plainText accepts what a signed note can carry. Line ends of other systems
// become line feeds, and nothing else is changed: these are somebody's words.
func plainText(b []byte) (string, error) {
	if len(b) > MaxReason {
		return "", fmt.Errorf("it has %d bytes, and at most %d are possible: say the essential, and add the rest as a document", len(b), MaxReason)
	}
	s := strings.ReplaceAll(string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))), "\r\n", "\n")
	if what, line, ok := visible.Find(s, true); ok {
		return "", fmt.Errorf("line %d has %s: give plain text in UTF-8", line, what)
	}
	if strings.TrimSpace(s) == "" {
		return "", errors.New("it is empty")
	}
	if !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s, nil
}

// dissent is the text of a dissent taken apart.
type dissent struct {
	Checkpoint
	at     moment.Time
	reason string
}

func parseDissent(text string) (*dissent, error) {
	head, reason, ok := strings.Cut(text, "\n\n")
	f, err := headed(head, dissentHeader, "case", "size", "root", "time")
	if err != nil || !ok {
		return nil, errors.New("not a dissent: its first lines are damaged")
	}
	if len(reason) > MaxReason+1 { // with the line feed that every reason ends with
		return nil, fmt.Errorf("dissent: its reason has %d bytes, and at most %d are possible", len(reason), MaxReason)
	}
	d := &dissent{reason: reason}
	if d.Checkpoint, err = parseCheckpoint(f[0] + "\n" + f[1] + "\n" + f[2] + "\n"); err != nil {
		return nil, fmt.Errorf("dissent: %w", err)
	}
	if err := d.at.UnmarshalText([]byte(f[3])); err != nil || d.at.String() != f[3] {
		return nil, fmt.Errorf("dissent: %q is no time", f[3])
	}
	return d, nil
}

// headed reads "key value" lines behind a header.
func headed(text, header string, keys ...string) ([]string, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != len(keys)+1 || lines[0] != header {
		return nil, fmt.Errorf("it does not begin as a %s", header)
	}
	out := make([]string, len(keys))
	for i, k := range keys {
		v, ok := strings.CutPrefix(lines[i+1], k+" ")
		if !ok {
			return nil, fmt.Errorf("it has no line %q", k)
		}
		out[i] = v
	}
	return out, nil
}

// SignFile gives a party's signature of a file's bytes for a case (by its
// origin) or for [AnyCase]. Files of any kind can be signed: the signature
// stands beside them.
func SignFile(k *Key, origin string, b []byte, at moment.Time) ([]byte, error) {
	sum := sha256Sum(b)
	text := fmt.Sprintf("%s\ncase %s\nsha256 %x\nsize %d\ntime %s\n", signatureHeader, origin, sum[:], len(b), at)
	return note.Sign(&note.Note{Text: text}, k)
}

// fileSignature is the text of a file's signature taken apart.
type fileSignature struct {
	origin, sha256 string
	size           int64
	at             moment.Time
}

func parseFileSignature(text string) (*fileSignature, error) {
	f, err := headed(strings.TrimSuffix(text, "\n"), signatureHeader, "case", "sha256", "size", "time")
	if err != nil {
		return nil, fmt.Errorf("not the signature of a file: %w", err)
	}
	s := &fileSignature{origin: f[0], sha256: f[1]}
	if s.size, err = strconv.ParseInt(f[2], 10, 64); err != nil {
		return nil, fmt.Errorf("not the signature of a file: %q is no size", f[2])
	}
	if err := s.at.UnmarshalText([]byte(f[3])); err != nil {
		return nil, fmt.Errorf("not the signature of a file: %q is no time", f[3])
	}
	return s, nil
}

// matches says what is wrong with the signature of a file in a case.
func (s *fileSignature) matches(origin string, f File) error {
	switch {
	case s.origin != AnyCase && s.origin != origin:
		return fmt.Errorf("it was signed for another case, %s", short(s.origin))
	case s.sha256 != f.SHA256 || s.size != f.Size:
		return fmt.Errorf("it is the signature of another file: %d bytes with SHA-256 %s; %s has %d with %s", s.size, s.sha256, f.Path, f.Size, f.SHA256)
	}
	return nil
}

// NoteKind says what a party's note is: KindCosignature, KindDissent,
// RoleSignature, or nothing.
func NoteKind(b []byte) string {
	first, _, _ := strings.Cut(string(b[:min(len(b), 256)]), "\n")
	switch {
	case first == dissentHeader:
		return KindDissent
	case first == signatureHeader:
		return RoleSignature
	case strings.HasPrefix(first, originPrefix):
		return KindCosignature
	}
	return ""
}

// Ledger reads a case's log and what parties signed in it, for whoever is about
// to add to it. It does not hash the case's files.
func Ledger(dir string) (*Account, error) {
	s, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	l, err := s.readLog(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	a := &Account{Log: l}
	return a, a.checkParties(s, nil)
}

// Know makes a key that is about to be recorded known.
func (a *Account) Know(p PartyData) error {
	k, err := ParsePublicKey(p.Key)
	if err != nil {
		return err
	}
	if j, ok := a.named[k.Name]; ok {
		have := a.Parties[j]
		if have.Text == k.Text {
			return fmt.Errorf("the case has the key of %s already (entry %d)", k.Name, have.Entry)
		}
		return fmt.Errorf("the case has another key for %s (entry %d): %s", k.Name, have.Entry, have.Text)
	}
	a.named[k.Name] = len(a.Parties)
	a.Parties = append(a.Parties, Party{PublicKey: k, For: p.For, Entry: a.Checkpoint.Size})
	return nil
}

// Accept says who signed a party's note that is about to be added, or why the
// case would not hold with it. For the signature of a file the file is given.
func (a *Account) Accept(b []byte, signedFile []byte) (party string, err error) {
	var n *signed
	switch NoteKind(b) {
	case KindCosignature:
		if n, err = a.cosignature(b, a.Checkpoint.Size); err == nil {
			n.by = slices.DeleteFunc(n.by, func(s note.Signature) bool {
				return slices.ContainsFunc(a.Keys, func(k Tenure) bool { return s.Name == k.Name && s.Hash == k.verifier.KeyHash() })
			})
		}
	case KindDissent:
		n, err = a.dissent(b, a.Checkpoint.Size)
	case RoleSignature:
		sum := sha256Sum(signedFile)
		n, _, err = a.fileSignature(b, File{Path: "the file", SHA256: fmt.Sprintf("%x", sum[:]), Size: int64(len(signedFile))})
	default:
		return "", errors.New("not a cosignature, dissent or signature of Constat")
	}
	if err != nil {
		return "", err
	}
	if len(n.by) == 0 {
		who := "nobody"
		if len(n.unknown) > 0 {
			who = n.unknown[0].Name
		}
		return "", fmt.Errorf("it is signed by %s, whose key the case does not record: add the public key first (constat case add CASE KEY.pub)", who)
	}
	return n.by[0].Name, nil
}
