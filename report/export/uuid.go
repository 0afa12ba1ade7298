package export

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"

	"constat/moment"
)

// uuid is a UUID as 16 bytes.
type uuid [16]byte

// scoSpace is the namespace that STIX 2.1 section 2.9 demands for identifiers
// of cyber-observable objects; ownSpace is Constat's, for everything else.
var (
	scoSpace = mustUUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
	ownSpace = mustUUID("77e074d5-fdcb-438d-bf84-a470509a5947")
)

func mustUUID(s string) (u uuid) {
	var plain []byte
	for i := range len(s) {
		if s[i] != '-' {
			plain = append(plain, s[i])
		}
	}
	if n, err := hex.Decode(u[:], plain); err != nil || n != len(u) {
		panic("export: " + s + " is no UUID") // only constants come here
	}
	return u
}

func (u uuid) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// name makes the UUID of a name in a namespace (version 5, RFC 9562 §5.5). It
// is an identifier: nothing rests on SHA-1 being hard to forge.
func (u uuid) name(name string) uuid {
	h := sha1.New()
	h.Write(u[:])
	h.Write([]byte(name))
	var out uuid
	copy(out[:], h.Sum(nil))
	out[6] = out[6]&0x0f | 0x50
	out[8] = out[8]&0x3f | 0x80
	return out
}

// Times that RFC 3339 can write.
const (
	firstTime = moment.Time(-62135596800) * moment.Second
	lastTime  = moment.Time(253402300799) * moment.Second
)

func writable(t moment.Time) bool { return t >= firstTime && t <= lastTime }
