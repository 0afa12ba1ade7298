package lab

import (
	"fmt"
	"slices"
	"time"
)

// moment is a point of the script's time that is played: an event, a snapshot,
// or both.
type moment struct {
	at       time.Time
	event    *Event // nil: a snapshot, or the beginning
	snapshot bool
}

// segment joins a moment to when it was played. Between two of them the
// recording's clock runs as the wall's did.
type segment struct {
	at     int64 // scenario's time, Unix seconds
	played int64 // wall clock, Unix seconds
	moment *moment
}

// take is what one performance of a scenario left behind.
type take struct {
	segments  []segment
	updates   map[string][]string // by collector, in order
	snapshots map[string]map[int64]string
	seconds   float64
}

func (s *Scenario) moments() []moment {
	evs := s.events()
	snaps := s.snapshots()
	ms := []moment{{at: s.From}}
	if len(snaps) > 0 && snaps[0].Equal(s.From) {
		ms[0].snapshot = true
		snaps = snaps[1:]
	}
	for _, t := range snaps {
		ms = append(ms, moment{at: t, snapshot: true})
	}
	for i := range evs {
		ms = append(ms, moment{at: evs[i].At, event: &evs[i]})
	}
	slices.SortStableFunc(ms, func(a, b moment) int { return a.at.Compare(b.at) })
	return ms
}

func (m *moment) describe() string {
	switch {
	case m.event == nil && m.snapshot:
		return "snapshot"
	case m.event == nil:
		return "beginning"
	}
	s := m.event.Do[0].Cmd.String()
	for _, st := range m.event.Do[1:] {
		s += fmt.Sprintf("; +%v: %s", st.After, st.Cmd)
	}
	return s
}

// clock turns the wall clock of a take into the scenario's time.
type clock []segment

// at is the scenario's time of a second of the wall clock. Before the
// beginning it counts backwards from there: the routes of the first snapshot
// are older than it.
func (c clock) at(sec uint32) uint32 {
	i := len(c) - 1
	for i > 0 && c[i].played > int64(sec) {
		i--
	}
	return uint32(c[i].at + int64(sec) - c[i].played)
}

// settle moves events to where their measured medians belong, and returns what
// it did. cs holds the changes of the subject's prefixes on the wall clock.
func (c clock) settle(cs []change) ([]Settled, error) {
	var done []Settled
	for i := range c {
		m := c[i].moment
		if m.event == nil || m.event.Settle == nil {
			continue
		}
		// The event's consequences last until the script's next event.
		end := int64(1<<32 - 1)
		for _, next := range c[i+1:] {
			if next.moment.event != nil && !next.moment.event.Background {
				end = next.played
				break
			}
		}
		st := m.event.Settle
		at, n, err := medianOf(cs, st.Loss, uint32(c[i].played), uint32(end))
		if err != nil {
			return nil, fmt.Errorf("event at %s cannot be settled: %w", m.at.Format(time.RFC3339), err)
		}
		moved := st.On.Unix() - (c[i].at + int64(at) - c[i].played)
		c[i].at += moved
		done = append(done, Settled{Event: m.at, What: map[bool]string{true: "loss", false: "return"}[st.Loss], Median: st.On, Peers: n, MovedS: moved})
	}
	return done, c.check()
}

// moved is where a time of the scenario came to stand: an event's own time goes
// where the event went.
func (c clock) moved(t time.Time) time.Time {
	for _, seg := range c {
		if e := seg.moment.event; e != nil && e.At.Equal(t) {
			return time.Unix(seg.at, 0).UTC()
		}
	}
	return t
}

// check makes sure that time only goes forward: the last second that was
// played before a moment must come before it in the scenario, too.
func (c clock) check() error {
	for i := range len(c) - 1 {
		length := c[i+1].played - c[i].played
		if c[i].at+length > c[i+1].at {
			return fmt.Errorf("what began at %s took %d s to play and runs into what begins at %s: give the scenario more room there",
				time.Unix(c[i].at, 0).UTC().Format(time.RFC3339), length, time.Unix(c[i+1].at, 0).UTC().Format(time.RFC3339))
		}
	}
	return nil
}
