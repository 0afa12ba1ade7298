package caselog

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"constat/internal/durable"
	"constat/internal/worded"
)

// keyMarker begins every private key (the encoding of sumdb/note).
const keyMarker = "PRIVATE+KEY+"

// Key is a private Ed25519 key with a name. It signs notes (the log's
// checkpoints, dissents, statements) and, with a time stamp and under another
// key ID, cosignatures of other people's checkpoints.
type Key struct {
	note.Signer
	secret string
	public PublicKey
	priv   ed25519.PrivateKey
}

// PublicKey is what is given to others.
type PublicKey struct {
	Name     string
	Text     string // name+ID+base64, the verifier key of c2sp.org/signed-note
	verifier note.Verifier
	cosigner note.Verifier
}

// NewKey makes a key. The name should say who signs and must have no space and
// no "+", as in "examiner.example" or "ministry.example/spokesman".
func NewKey(random io.Reader, name string) (*Key, error) {
	// Parts such as ".." would be odd in reports, though they are in no path.
	if !validKeyName(name) || !fs.ValidPath(name) {
		return nil, worded.Errorf("%q cannot name a key: up to 80 letters, digits and . - _ / (as in examiner.example)", name)
	}
	secret, _, err := note.GenerateKey(random, name)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	return parseKey(secret)
}

// validKeyName is narrower than a signed note demands: names are printed and
// become part of file names.
func validKeyName(s string) bool {
	return s != "" && len(s) <= 80 && strings.ReplaceAll(s, "/", "_") == clean(s) && strings.Trim(s, "./-_") != ""
}

func parseKey(secret string) (*Key, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, errors.New("not a private key of Constat (PRIVATE+KEY+name+…), or a damaged one")
	}
	// name, ID and key follow; the key is base64, which may hold a "+" too.
	parts := strings.SplitN(secret, "+", 5)
	raw, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return nil, errors.New("not a private key of Constat: its length is wrong")
	}
	k := &Key{Signer: signer, secret: secret, priv: ed25519.NewKeyFromSeed(raw[1:])}
	text, err := note.NewEd25519VerifierKey(signer.Name(), k.priv.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	k.public, err = ParsePublicKey(text)
	return k, err
}

// Public returns the key to be given to others.
func (k *Key) Public() PublicKey { return k.public }

// Save writes the key to a new file that only its owner can read.
func (k *Key) Save(name string) error { return saveKey(name, k.secret) }

// SaveSealed is Save with a passphrase: whoever reads the file and does not know
// it has nothing.
func (k *Key) SaveSealed(name string, passphrase []byte) error {
	if len(passphrase) == 0 {
		return errors.New("key: an empty passphrase is none")
	}
	text, err := seal(k.secret, passphrase)
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	return saveKey(name, text)
}

func saveKey(name, text string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("key %s already exists and is not replaced", name)
	}
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	_, err = f.WriteString(text + "\n")
	err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
	if err == nil {
		err = durable.SyncDir(filepath.Dir(name))
	}
	if err != nil {
		os.Remove(name)
		return fmt.Errorf("key %s: %w", name, err)
	}
	return nil
}

// LoadKey reads a key file. It refuses one that others could read, and one that
// lies inside a case: a case is given away. One with a passphrase is
// [ErrPassphrase].
func LoadKey(name, caseDir string) (*Key, error) { return LoadKeyWith(name, caseDir, nil) }

// LoadKeyWith is LoadKey, and asks for the passphrase of a key that has one.
func LoadKeyWith(name, caseDir string, ask func(name string) ([]byte, error)) (*Key, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|patient, 0)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	if !fi.Mode().IsRegular() {
		return nil, fmt.Errorf("key %s is not a file", name)
	}
	if unsafeMode(fi.Mode()) {
		return nil, fmt.Errorf("key %s can be read or written by others (mode %#o): make a new one, or chmod 600 it if you know that nobody has read it", name, fi.Mode().Perm())
	}
	if caseDir != "" {
		if in, err := inside(name, caseDir); err != nil {
			return nil, fmt.Errorf("key: %w", err)
		} else if in {
			return nil, fmt.Errorf("key %s lies inside the case %s, which is given away: move it out", name, caseDir)
		}
	}
	b, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	text := strings.TrimSuffix(string(b), "\n")
	if isSealed(b) {
		if ask == nil {
			return nil, fmt.Errorf("key %s: %w, and none was given", name, ErrPassphrase)
		}
		pass, err := ask(name)
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", name, err)
		}
		if text, err = unseal(text, pass); err != nil {
			return nil, fmt.Errorf("key %s: %w", name, err)
		}
	}
	k, err := parseKey(text)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", name, err)
	}
	return k, nil
}

// inside says whether a file lies in or below a folder, links resolved.
func inside(name, dir string) (bool, error) {
	real := func(p string) (string, error) {
		p, err := filepath.Abs(p)
		if err != nil {
			return "", err
		}
		return filepath.EvalSymlinks(p)
	}
	n, err := real(name)
	if err != nil {
		return false, err
	}
	d, err := real(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // the case is not there yet
	}
	if err != nil {
		return false, err
	}
	rel, err := filepath.Rel(d, n)
	return err == nil && filepath.IsLocal(rel), nil
}

// ParsePublicKey reads a public key: one line, name+ID+base64.
func ParsePublicKey(s string) (PublicKey, error) {
	s = strings.TrimSuffix(s, "\n")
	if strings.HasPrefix(s, keyMarker) {
		return PublicKey{}, errors.New("this is a private key: keep it, and give the public one")
	}
	v, err := note.NewVerifier(s)
	if err != nil || !validKeyName(v.Name()) {
		return PublicKey{}, errors.New("not a public key of Constat (name+ID+base64), or a damaged one")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.SplitN(s, "+", 3)[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		return PublicKey{}, errors.New("not a public key of Constat: its length is wrong")
	}
	if again, err := note.NewEd25519VerifierKey(v.Name(), raw[1:]); err != nil || again != s {
		return PublicKey{}, errors.New("not a public key of Constat: not in the one form that it has")
	}
	if weakPoint(raw[1:]) {
		return PublicKey{}, errors.New("not a public key of Constat: it is a point for which anybody can make signatures")
	}
	return PublicKey{Name: v.Name(), Text: s, verifier: v, cosigner: newCosigVerifier(v.Name(), raw[1:])}, nil
}

// weakPoint says whether bytes encode a point of small order of the curve, or are
// not the one encoding of a point. One signature holds under a key of small order
// for many messages, so whoever names such a key has signed nothing.
func weakPoint(key []byte) bool {
	y := [ed25519.PublicKeySize]byte(key)
	y[31] &= 0x7f // the sign of x
	big := slices.Clone(y[:])
	slices.Reverse(big)
	if hex.EncodeToString(big) >= "7f"+strings.Repeat("ff", 30)+"ed" { // the prime 2^255-19, and above
		return true
	}
	switch hex.EncodeToString(y[:]) {
	case strings.Repeat("00", 32), "01" + strings.Repeat("00", 31), // of order 4 and 1
		"ec" + strings.Repeat("ff", 30) + "7f",                             // of order 2
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", // of order 8
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a":
		return true
	}
	return false
}

// LooksLikePublicKey says whether a file's bytes are meant to be a public key.
func LooksLikePublicKey(b []byte) bool {
	_, err := ParsePublicKey(string(b))
	return len(b) < 1024 && err == nil
}

// holdsPrivateKey looks for a private key where it must not be.
func holdsPrivateKey(b []byte) bool {
	return bytes.Contains(b, []byte(keyMarker)) || bytes.Contains(b, []byte(sealedMarker+" "))
}

// Cosignatures follow c2sp.org/tlog-cosignature (Ed25519): the key ID is made
// with the byte 4, and what is signed begins with a line of its own and a time.
const cosignatureType = 4

func cosigMessage(at uint64, text []byte) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", at), text...)
}

type cosigVerifier struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func newCosigVerifier(name string, key []byte) *cosigVerifier {
	h := sha256Sum([]byte(name), []byte{'\n', cosignatureType}, key)
	return &cosigVerifier{name, binary.BigEndian.Uint32(h[:4]), key}
}

func (v *cosigVerifier) Name() string    { return v.name }
func (v *cosigVerifier) KeyHash() uint32 { return v.id }
func (v *cosigVerifier) Verify(text, sig []byte) bool {
	return len(sig) == 8+ed25519.SignatureSize && binary.BigEndian.Uint64(sig) <= lastCosigned &&
		ed25519.Verify(v.key, cosigMessage(binary.BigEndian.Uint64(sig), text), sig[8:])
}

// lastCosigned is the last second of the year 9999, the last that RFC 3339 can say. A
// time behind it would be shown as another.
const lastCosigned = 253402300799

// cosigner signs with a time, in seconds since the epoch.
type cosigner struct {
	*cosigVerifier
	priv ed25519.PrivateKey
	at   int64
}

func (c *cosigner) Sign(text []byte) ([]byte, error) {
	sig := binary.BigEndian.AppendUint64(nil, uint64(c.at))
	return append(sig, ed25519.Sign(c.priv, cosigMessage(uint64(c.at), text))...), nil
}

func (k *Key) cosigner(at int64) *cosigner {
	return &cosigner{k.public.cosigner.(*cosigVerifier), k.priv, at}
}
