package main

import (
	"errors"

	"constat/internal/worded"
	"constat/wire/formats"
	"constat/wire/mrt"
)

// seeker looks for the record that begins at a byte of a stream.
type seeker struct {
	want          int64
	found         bool
	before, after int64 // where the nearest records begin; -1: there is none
	inOrder       bool  // offsets never decrease
}

func newSeeker(want int64, kind formats.Format) *seeker {
	// In other formats than MRT several records are made of one place, and some
	// are put in the order of their times.
	return &seeker{want: want, before: -1, after: -1, inOrder: kind == formats.MRT}
}

// at reports whether a record is sought.
func (s *seeker) at(r *mrt.Record) bool {
	switch {
	case r.Offset == s.want:
		s.found = true
		return true
	case r.Offset < s.want:
		s.before = max(s.before, r.Offset)
	case s.after < 0 || r.Offset < s.after:
		s.after = r.Offset
	}
	return false
}

// past reports whether nothing that is sought comes any more.
func (s *seeker) past(r *mrt.Record) bool {
	if !s.inOrder || r.Offset <= s.want {
		return false
	}
	s.at(r)
	return true
}

// in reports whether an error is of the place that is sought.
func (s *seeker) in(err error) bool {
	var d *mrt.Damage
	if !errors.As(err, &d) {
		return true
	}
	return d.Offset == s.want || d.Offset < s.want && s.want < d.Offset+d.Length
}

// missing says where records begin if none begins where it was sought.
func (s *seeker) missing() error {
	switch {
	case s.found:
		return nil
	case s.before < 0 && s.after < 0:
		return worded.Errorf("no record begins at byte %d, nor anywhere else", s.want)
	case s.before < 0:
		return worded.Errorf("no record begins at byte %d; the first begins at %d", s.want, s.after)
	case s.after < 0:
		return worded.Errorf("no record begins at byte %d; the last begins at %d", s.want, s.before)
	}
	return worded.Errorf("no record begins at byte %d; the nearest begin at %d and %d", s.want, s.before, s.after)
}

// peerIndex reports whether a record is a table's list of peers (RFC 6396 §4.3.1).
func peerIndex(r *mrt.Record) bool {
	return r.Type == mrt.TypeTableDumpV2 && r.Subtype == mrt.V2PeerIndexTable
}
