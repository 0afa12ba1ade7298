package scan

import (
	"io"
	"slices"

	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// StrayReason is why a record was left out whose time cannot be its own.
const StrayReason = "its time is more than a day from that of the records around it, or past what 32 bits can count: left out"

// Bounds of what a stray is (docs/definitions.md, "Stray records").
const (
	strayFar  = 24 * 3600 * moment.Second
	strayRun  = 16 // so many records in a row are strays, at most
	strayBase = 16 // so many must agree with each other if the file's name tells no time
)

// strayFrom is where the last whole slot of liveness ends that 32 bits can count.
const strayFrom = moment.Time((1<<32)/vantage.MarkLength*vantage.MarkLength) * moment.Second

// Steady gives the records of a file that [Read] was given, as it reads them: a
// stray comes as [*mrt.Damage] with [StrayReason], and with the record.
//
// A record is one if its time is past what 32 bits can count in slots of five
// minutes; or if it stands in a row of at most 16 that are more than a day from the
// record before them, and the record behind them is within a day of it. At the
// beginning and the end of a file the time in its name stands for the record that is
// not there; if it has none, only a single record can be a stray, beside 16 that
// are within a day of each other. In an answer to a question, whose records may lie
// years apart, only the first rule holds.
//
// Example: a record of 2106 between two of 10 March 2016, 12:40:00 and 12:40:01.
func Steady(rd Records, in Input) Records {
	s := &steady{rd: rd, answer: in.Asked != nil}
	if in.Start != 0 {
		s.slot = moment.Interval{From: in.Start, Until: max(in.Start, in.End)}
		s.named = true
	}
	return s
}

type steady struct {
	rd     Records
	slot   moment.Interval // of the file's name
	named  bool
	answer bool // to a question: what it says may lie years apart
	last   moment.Time
	n      int // records since the last jump; 0 before the first
	ahead  []look
	out    look // the one that was handed out last: its bytes are in use
}

// look is a record, or an error, that was read ahead of its time.
type look struct {
	rec   mrt.Record
	err   error
	stray bool // decided
}

func far(a, b moment.Time) bool { return a-b > strayFar || b-a > strayFar }

// ReadRecord implements [Records].
func (s *steady) ReadRecord(rec *mrt.Record) error {
	if len(s.ahead) == 0 {
		err := s.rd.ReadRecord(rec)
		if err != nil || s.n > 0 && (s.answer || !far(rec.Time, s.last)) && rec.Time < strayFrom {
			if err == nil {
				s.last = rec.Time
				s.n++
			}
			return err
		}
		l := look{rec: *rec}
		l.rec.Raw = slices.Clone(rec.Raw)
		s.ahead = append(s.ahead, l)
	}
	l := &s.ahead[0]
	if l.err == nil && !l.stray {
		s.decide()
		l = &s.ahead[0]
	}
	s.out = *l
	s.ahead = s.ahead[1:]
	if len(s.ahead) == 0 {
		s.ahead = nil
	}
	*rec = s.out.rec
	switch {
	case s.out.err != nil:
		return s.out.err
	case s.out.stray:
		return &mrt.Damage{Offset: rec.Offset, Length: int64(len(rec.Raw)), Reason: StrayReason, Resumable: true, Line: -1}
	}
	if s.n > 0 && far(rec.Time, s.last) {
		s.n = 0
	}
	s.last = rec.Time
	s.n++
	return nil
}

// at returns what comes so many behind the record at hand, and reads so far.
func (s *steady) at(i int) *look {
	for len(s.ahead) <= i {
		var l look
		if n := len(s.ahead); s.ahead[n-1].err == io.EOF {
			l.err = io.EOF
		} else if l.err = s.rd.ReadRecord(&l.rec); l.err == nil {
			l.rec.Raw = slices.Clone(l.rec.Raw)
		}
		s.ahead = append(s.ahead, l)
	}
	return &s.ahead[i]
}

// decide marks the strays of the row that begins with the record at hand.
func (s *steady) decide() {
	if s.ahead[0].rec.Time >= strayFrom {
		s.ahead[0].stray = true
		return
	}
	if s.answer {
		return
	}
	from, known := s.last, s.n > 0
	if !known && s.named {
		from, known = s.slot.From, true
	}
	if known && !s.away(s.ahead[0].rec.Time, from) {
		return
	}
	if !known {
		s.ahead[0].stray = s.lone()
		return
	}
	run := 0
	for i := 0; run <= strayRun; i++ {
		l := s.at(i)
		if l.err == io.EOF {
			if s.n > 0 && (s.named && !s.away(s.last, s.slot.From) && s.outside(i) || !s.named && run == 1 && s.n >= strayBase) {
				s.mark(i)
			}
			return
		}
		if l.err != nil || l.rec.Time >= strayFrom {
			continue
		}
		if !s.away(l.rec.Time, from) {
			s.mark(i)
			return
		}
		run++
	}
}

// away reports whether a time is far from a record's or, before the first record,
// from the file's slot.
func (s *steady) away(t, from moment.Time) bool {
	if from == s.slot.From && s.named {
		return far(t, s.slot.From) && far(t, s.slot.Until)
	}
	return far(t, from)
}

// outside reports whether the first n are all far from the file's slot.
func (s *steady) outside(n int) bool {
	for _, l := range s.ahead[:n] {
		if l.err == nil && !s.away(l.rec.Time, s.slot.From) {
			return false
		}
	}
	return true
}

// mark makes the first n strays.
func (s *steady) mark(n int) {
	for i := range s.ahead[:n] {
		s.ahead[i].stray = s.ahead[i].err == nil
	}
}

// lone reports whether the first record of a file without a time in its name is far
// from those behind it, which agree.
func (s *steady) lone() bool {
	first := s.ahead[0].rec.Time
	n, last := 0, moment.Time(0)
	for i := 1; n < strayBase; i++ {
		l := s.at(i)
		if l.err == io.EOF {
			return false
		}
		if l.err != nil || l.rec.Time >= strayFrom {
			continue
		}
		if !far(l.rec.Time, first) || n > 0 && far(l.rec.Time, last) {
			return false
		}
		last = l.rec.Time
		n++
	}
	return true
}
