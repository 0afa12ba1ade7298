package vantage

import (
	"cmp"
	"fmt"
	"slices"

	"constat/moment"
)

// Bounds of what a watch may say: moments are MRT's, which counts seconds since
// 1970 in 32 bits (RFC 6396 §2), and a cadence is no longer than a year.
const (
	lastMoment = moment.Time(1<<32) * moment.Second
	maxCadence = 366 * 86400
)

// Check says whether the watch is one that reading files can give. Whoever
// computes with a watch that somebody else may have written calls it first.
func (w *Watch) Check() error {
	names := map[string]bool{}
	for i := range w.Collectors {
		c := &w.Collectors[i]
		if names[c.Name] {
			return fmt.Errorf("collector %s is there twice", c.Name)
		}
		names[c.Name] = true
		if err := c.check(); err != nil {
			return fmt.Errorf("collector %s: %w", c.Name, err)
		}
	}
	return nil
}

func (c *Collector) check() error {
	if c.CadenceS < 0 || c.CadenceS > maxCadence {
		return fmt.Errorf("a cadence of %d seconds", c.CadenceS)
	}
	if len(c.Why) > 0 && len(c.Why) != len(c.Missing) {
		return fmt.Errorf("missing: %d reasons of %d holes", len(c.Why), len(c.Missing))
	}
	for _, m := range c.Missing {
		// A hole is whole, and may begin before there were seconds to count.
		if m.Until <= m.From {
			return fmt.Errorf("missing: %s is no interval", m)
		}
	}
	if err := silences(c.Silent); err != nil {
		return err
	}
	for i := range c.Files {
		if err := c.Files[i].check(); err != nil {
			return fmt.Errorf("file %s: %w", c.Files[i].Name, err)
		}
	}
	seen := map[Peer]bool{}
	for i := range c.Peers {
		p := &c.Peers[i]
		for _, as := range append([]uint32{p.AS}, p.Also...) {
			k := Peer{Addr: p.Peer, AS: as}
			if !p.Peer.IsValid() || seen[k] {
				return fmt.Errorf("peer %s AS%d is none, or is there twice", p.Peer, as)
			}
			seen[k] = true
		}
		if err := p.check(); err != nil {
			return fmt.Errorf("peer %s: %w", p.Peer, err)
		}
	}
	return nil
}

func representable(t moment.Time) bool { return t >= 0 && t <= lastMoment }

// span says whether an interval is one; it may be empty.
func span(from, until moment.Time) error {
	if !representable(from) || !representable(until) || until < from {
		return fmt.Errorf("%s to %s is no interval", from, until)
	}
	return nil
}

func (f *File) check() error {
	if (f.First == nil) != (f.Last == nil) {
		return fmt.Errorf("a first record without a last, or the other way round")
	}
	if f.First != nil {
		if err := span(*f.First, *f.Last); err != nil {
			return err
		}
	}
	if f.Start != nil && f.End != nil {
		if err := span(*f.Start, *f.End); err != nil {
			return err
		}
	}
	if f.Asked != nil {
		if err := span(f.Asked.From, f.Asked.Until); err != nil {
			return fmt.Errorf("asked: %w", err)
		}
	}
	for _, l := range f.Lost {
		if err := span(l.From, l.Until); err != nil {
			return fmt.Errorf("lost: %w", err)
		}
	}
	for _, t := range f.Tables {
		if !t.Peer.IsValid() || t.V4 < 0 || t.V6 < 0 {
			return fmt.Errorf("a table of %d and %d prefixes of peer %s", t.V4, t.V6, t.Peer)
		}
	}
	return nil
}

func (p *PeerWatch) check() error {
	if err := span(p.First, p.Last); err != nil {
		return err
	}
	at := moment.Time(-1)
	for _, m := range p.Alive {
		if err := span(m.From, m.Until); err != nil || m.From <= at {
			return fmt.Errorf("alive: %s comes out of order or is no interval", m)
		}
		at = m.Until
	}
	if err := silences(p.Silent); err != nil {
		return err
	}
	for _, s := range p.States {
		if !representable(s.At) {
			return fmt.Errorf("a change of state at %s", s.At)
		}
	}
	if !slices.IsSortedFunc(p.States, func(a, b StateChange) int { return cmp.Compare(a.At, b.At) }) {
		return fmt.Errorf("changes of state out of order")
	}
	for _, t := range p.Transfers {
		if err := span(t.From, t.Until); err != nil || t.Distinct < 0 || t.Announced < 0 {
			return fmt.Errorf("a transfer of %d prefixes from %s to %s", t.Distinct, t.From, t.Until)
		}
		if t.Since != nil && (!representable(*t.Since) || *t.Since > t.From) {
			return fmt.Errorf("a transfer from %s since %s", t.From, *t.Since)
		}
	}
	return nil
}

// silences says whether intervals are some, in order.
func silences(all []moment.Interval) error {
	at := moment.Time(-1)
	for _, v := range all {
		if err := span(v.From, v.Until); err != nil || v.From <= at {
			return fmt.Errorf("silent: %s comes out of order or is no interval", v)
		}
		at = v.Until
	}
	return nil
}
