package lab

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"
)

// weatherGap is the least time between a change of the background and
// anything else; a change is over in a second or two.
const weatherGap = 30 * time.Second

// weather makes the background's events: the same for the same scenario. One
// of the networks changes at a time – a prepend, a community, now and then a
// withdrawal until the next change – because any of these reaches every peer
// of every collector. Changes stand at the edges of every file too, so that
// a file's first and last records reach its nominal time and no examiner has to
// wonder whether somebody was watching.
func (s *Scenario) weather() []Event {
	b := s.Background
	if b == nil {
		return nil
	}
	rnd := rand.New(rand.NewPCG(b.Seed, 0))
	var at []time.Time
	for t := s.From.Add(b.Every / 2); t.Before(s.Until); {
		at = append(at, t.Truncate(time.Second))
		t = t.Add(b.Every*6/10 + time.Duration(rnd.Int64N(int64(b.Every*8/10))))
	}
	edge := s.FilesEvery / 30
	for t := s.From.Truncate(s.FilesEvery); !t.After(s.Until); t = t.Add(s.FilesEvery) {
		jitter := time.Duration(rnd.Int64N(int64(edge)))
		off := edge/2 + jitter + s.skew()
		at = append(at, t.Add(off).Truncate(time.Second), t.Add(-off).Truncate(time.Second))
	}
	slices.SortFunc(at, time.Time.Compare)

	type network struct {
		as      ASN
		prefix  netip.Prefix
		prepend int
	}
	var nets []*network
	for _, as := range b.From {
		r, _ := s.router(as)
		for _, x := range r.Announces {
			if !s.inScript(as, x) {
				nets = append(nets, &network{as: as, prefix: x})
			}
		}
	}
	if len(nets) == 0 {
		return nil
	}
	var evs []Event
	snaps := s.snapshots()
	last := s.From
	var out *network // withdrawn by the change before
	for _, t := range at {
		if t.Sub(last) < weatherGap || s.Until.Sub(t) < weatherGap || s.busy(t, snaps) {
			continue
		}
		last = t
		var c Command
		n := nets[rnd.IntN(len(nets))]
		if out != nil && s.away(out.as, t) {
			continue
		}
		// Somebody has to speak near the edges of a file.
		for tries := 0; s.away(n.as, t) && tries < len(nets); tries++ {
			n = nets[rnd.IntN(len(nets))]
		}
		if s.away(n.as, t) {
			continue
		}
		if out != nil {
			n, out = out, nil
			c = Command{Verb: Announce, Who: n.as, Prefixes: []netip.Prefix{n.prefix}}
			n.prepend = 0
		} else {
			c = Command{Verb: Tag, Who: n.as, Of: n.as, Prefixes: []netip.Prefix{n.prefix}}
			switch k := rnd.IntN(20); {
			case k < 9:
				c.N = 1 + len(evs)%65535 // never the tag it has: then nothing would change
			case k < 17:
				c.Verb, c.N = Prepend, (n.prepend+1+rnd.IntN(2))%3
				n.prepend = c.N
			default:
				c.Verb, out = Unannounce, n
			}
		}
		evs = append(evs, Event{At: t, Do: []Step{{Cmd: c}}, Background: true})
	}
	return evs
}

// skew is the worst of the collectors' clocks.
func (s *Scenario) skew() time.Duration {
	d := time.Duration(0)
	for _, c := range s.Collectors {
		d = max(d, c.Skew.Abs())
	}
	return d
}

// away reports whether the script has a router stopped or frozen at a moment.
func (s *Scenario) away(as ASN, t time.Time) bool {
	gone := false
	for _, e := range s.Script {
		if e.At.After(t) {
			break
		}
		for _, st := range e.Do {
			if st.Cmd.Who == as && st.Cmd.Name == "" {
				switch st.Cmd.Verb {
				case Stop, Freeze:
					gone = true
				case Start, Thaw:
					gone = false
				}
			}
		}
	}
	return gone
}

// inScript reports whether the script deals with a network, so that the
// background keeps off it.
func (s *Scenario) inScript(as ASN, x netip.Prefix) bool {
	for _, e := range s.Script {
		for _, st := range e.Do {
			if slices.Contains(st.Cmd.Prefixes, x) || st.Cmd.Who == as && len(st.Cmd.Prefixes) == 0 {
				return true
			}
		}
	}
	return false
}

// busy reports whether scripted events or snapshots are near a moment.
func (s *Scenario) busy(t time.Time, snaps []time.Time) bool {
	for _, e := range s.Script {
		end := e.At.Add(e.Do[len(e.Do)-1].After)
		if t.After(e.At.Add(-weatherGap)) && t.Before(end.Add(2*weatherGap)) {
			return true
		}
	}
	gap := weatherGap + s.skew()
	for _, x := range snaps {
		if d := t.Sub(x); -gap < d && d < gap {
			return true
		}
	}
	return false
}
