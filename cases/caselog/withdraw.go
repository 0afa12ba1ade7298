package caselog

import (
	"errors"
	"fmt"
	"slices"
)

// WithdrawnData are the data of an entry "withdrawn".
type WithdrawnData struct {
	Entry int64  `json:"entry"` // from which nothing is concluded any more
	Why   string `json:"why"`
}

// Withdrawals gives for each entry that one of the first so many withdraws the
// first that does. A log is only added to: what is withdrawn stays in it, is
// shown, and is no longer concluded from.
func (l *Log) Withdrawals(entries int64) map[int64]int64 {
	out := map[int64]int64{}
	for i, e := range l.Entries[:entries] {
		var d WithdrawnData
		if e.Kind != KindWithdrawn || e.DecodeData(&d) != nil {
			continue
		}
		if _, ok := out[d.Entry]; !ok {
			out[d.Entry] = int64(i)
		}
	}
	return out
}

// MayWithdraw says why an entry cannot be withdrawn by entry n: the examiner
// takes back what was added by mistake, and nothing that a party signed, that
// was measured or concluded, or that says what was asked.
func (l *Log) MayWithdraw(d WithdrawnData, n int64) error {
	switch {
	case d.Entry == 0:
		return errors.New("entry 0 opens the case, and cannot be withdrawn")
	case d.Entry < 0 || d.Entry >= n:
		return fmt.Errorf("there is no entry %d to be withdrawn: the case has those from 0 to %d", d.Entry, n-1)
	}
	if d.Why == "" {
		return fmt.Errorf("entry %d cannot be withdrawn without a reason", d.Entry)
	}
	e := l.Entries[d.Entry]
	switch e.Kind {
	case KindStatement, KindEvidence, KindDocument, KindSource:
	default:
		return fmt.Errorf("entry %d is %q, and only statements, documents, sources and evidence are withdrawn", d.Entry, e.Kind)
	}
	if slices.ContainsFunc(e.Files, func(f File) bool { return f.Role == RoleSignature }) {
		return fmt.Errorf("entry %d was signed by a party: its words are not the examiner's to withdraw", d.Entry)
	}
	return nil
}
