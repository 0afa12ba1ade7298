package caselog

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A private key with a passphrase is one line: this word, the number of rounds,
// the salt, and the sealed key, in base64. PBKDF2 with SHA-256 makes the key of
// AES-256-GCM, which covers what stands before it too.
const (
	sealedMarker = "constat-sealed-key/1"
	sealRounds   = 600_000 // OWASP's figure for PBKDF2 with SHA-256
	maxRounds    = 100_000_000
)

// ErrPassphrase says that a key has a passphrase, and that none was given or
// another.
var ErrPassphrase = errors.New("the key has a passphrase")

// seal encrypts a private key's text.
func seal(secret string, passphrase []byte) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	head := fmt.Sprintf("%s %d %s ", sealedMarker, sealRounds, base64.StdEncoding.EncodeToString(salt))
	gcm, err := sealer(passphrase, salt, sealRounds)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return head + base64.StdEncoding.EncodeToString(gcm.Seal(nonce, nonce, []byte(secret), []byte(head))), nil
}

// unseal is the reverse of seal.
func unseal(line string, passphrase []byte) (string, error) {
	parts := strings.Split(line, " ")
	if len(parts) != 4 || parts[0] != sealedMarker {
		return "", errors.New("a damaged private key: not in the form of one with a passphrase")
	}
	rounds, err := strconv.Atoi(parts[1])
	salt, err2 := base64.StdEncoding.Strict().DecodeString(parts[2])
	box, err3 := base64.StdEncoding.Strict().DecodeString(parts[3])
	if err := errors.Join(err, err2, err3); err != nil || rounds < 1 || rounds > maxRounds {
		return "", errors.New("a damaged private key: not in the form of one with a passphrase")
	}
	gcm, err := sealer(passphrase, salt, rounds)
	if err != nil {
		return "", err
	}
	if len(box) < gcm.NonceSize() {
		return "", errors.New("a damaged private key: it is cut off")
	}
	n := gcm.NonceSize()
	secret, err := gcm.Open(nil, box[:n], box[n:], []byte(strings.Join(parts[:3], " ")+" "))
	if err != nil {
		return "", fmt.Errorf("%w, and this is not it (or the file is damaged)", ErrPassphrase)
	}
	return string(secret), nil
}

func sealer(passphrase, salt []byte, rounds int) (cipher.AEAD, error) {
	key, err := pbkdf2.Key(sha256.New, string(passphrase), salt, rounds, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// isSealed says whether a file is a private key with a passphrase.
func isSealed(b []byte) bool { return bytes.HasPrefix(b, []byte(sealedMarker+" ")) }
