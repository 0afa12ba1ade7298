package caselog

import (
	"crypto/x509"
	"errors"
	"fmt"

	"constat/moment"
	"constat/wire/stamp"
)

// RoleStamp is a time stamp, the file of an entry "stamp".
const RoleStamp = "stamp"

// StampData are the data of an entry "stamp".
type StampData struct {
	Entries int64 `json:"entries"` // the checkpoint that is stamped had so many
}

// TimeStamp says that an authority saw the case up to a size at a time.
type TimeStamp struct {
	Entry  int64       `json:"entry"`
	Size   int64       `json:"size"`
	At     moment.Time `json:"at"`
	Signer string      `json:"signer"` // as its certificate names it; empty where none is known
	// Trusted: its certificate is, or comes from, one that was given. Otherwise Why
	// says why it is not counted.
	Trusted bool   `json:"trusted"`
	Why     string `json:"why,omitempty"`
}

// StampRequest asks a time-stamping authority (RFC 3161) to stamp the log as it
// was read: the SHA-256 of the three lines of its checkpoint, without signatures.
func (l *Log) StampRequest() []byte { return stamp.Request(sha256Sum([]byte(l.Checkpoint.text()))) }

// Stamped says how many entries the log had when it was as an authority's reply
// stamps it.
func (l *Log) Stamped(reply []byte) (int64, error) {
	t, err := stamp.Parse(reply)
	if err != nil {
		return 0, err
	}
	if t.Signer() == nil {
		return 0, errors.New("it does not bring the authority's certificate along: ask for it (constat case stamp does)")
	}
	for size := l.Checkpoint.Size; size > 0; size-- {
		c, err := l.At(size)
		if err != nil {
			return 0, err
		}
		if sha256Sum([]byte(c.text())) == t.SHA256 {
			return size, nil
		}
	}
	return 0, fmt.Errorf("it stamps the SHA-256 %x, and this case was at no time a checkpoint of that", t.SHA256)
}

// checkStamps checks the time stamps in the log: each is of the log as it was,
// and signed. Whether its authority is one to be trusted, the reader says.
func (a *Account) checkStamps(s *store, trusted []*x509.Certificate) error {
	counted := 0
	for i, e := range a.Entries {
		n := int64(i)
		if e.Kind != KindStamp {
			continue
		}
		var d StampData
		err := e.DecodeData(&d)
		if err == nil && (len(e.Files) != 1 || e.Files[0].Role != RoleStamp) {
			err = fmt.Errorf("a stamp has one file, with the role %q", RoleStamp)
		}
		if err == nil && (d.Entries < 1 || d.Entries > n) {
			err = fmt.Errorf("it stamps %d entries, and there were %d before it", d.Entries, n)
		}
		if err != nil {
			return &Fault{Path: a.bundleOf(n), Entry: n, Err: err}
		}
		f := e.Files[0]
		b, err := s.logged(f)
		var t *stamp.Token
		if err == nil {
			t, err = stamp.Parse(b)
		}
		if err == nil {
			var c Checkpoint
			if c, err = a.At(d.Entries); err == nil && sha256Sum([]byte(c.text())) != t.SHA256 {
				err = fmt.Errorf("it stamps something else than the log of %d entries", d.Entries)
			}
		}
		if err != nil {
			return &Fault{Path: f.Path, Entry: n, Err: err}
		}
		x := TimeStamp{Entry: n, Size: d.Entries, At: t.Time}
		if c := t.Signer(); c != nil {
			x.Signer = c.Subject.String()
		}
		switch err := t.Verify(trusted); {
		case len(trusted) == 0:
			x.Why = "no certificate of an authority was given"
		case err != nil:
			x.Why = err.Error()
		default:
			x.Trusted = true
			counted++
		}
		a.Stamps = append(a.Stamps, x)
	}
	if len(trusted) > 0 && counted == 0 {
		why := "it has none"
		if len(a.Stamps) > 0 {
			why = fmt.Sprintf("of the newest: %s", a.Stamps[len(a.Stamps)-1].Why)
		}
		return fault(CheckpointName, -1, "no time stamp in the case is by an authority that was given: %s", why)
	}
	return nil
}
