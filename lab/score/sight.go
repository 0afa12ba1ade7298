package score

import (
	"slices"

	"constat/cause"
	"constat/lab/sim"
)

// stableLeast is how long a path must have been held to be a baseline.
const stableLeast = 120

// sight reads what a vantage saw of a loss out of its history.
func sight(l *loss, vantage int, steps []sim.Held, origin uint32) (cause.Sight, bool) {
	s := cause.Sight{Vantage: vantage}
	if len(steps) == 1 && steps[0].State == sim.Present && steps[0].Path != nil && steps[0].Path[len(steps[0].Path)-1] == origin {
		s.Baseline, s.Now, s.State, s.Since = steps[0].Path, steps[0].Path, cause.Kept, steps[0].Heard
		return s, true
	}
	ours := func(h *sim.Held) bool {
		return h.State == sim.Present && (h.Path == nil || h.Path[len(h.Path)-1] == origin)
	}
	had := false
	for i := range steps {
		h := &steps[i]
		if h.At >= l.first || !ours(h) {
			continue
		}
		had = true
		end := l.first
		if i+1 < len(steps) {
			end = min(end, steps[i+1].At)
		}
		if h.Path != nil && (s.Baseline == nil || end-h.At >= stableLeast) {
			s.Baseline = h.Path
		}
	}
	if !had {
		return s, false
	}
	if s.Baseline == nil {
		for i := range steps {
			if h := &steps[i]; h.At > l.trough && ours(h) && h.Path != nil {
				s.Baseline, s.Inferred = h.Path, true
				break
			}
		}
		if s.Baseline == nil {
			return s, false
		}
	}
	now := held(steps, l.trough)
	switch {
	case now == nil || now.State == sim.Unknown:
	case !ours(now):
		s.State = cause.Gone
		for i := range steps {
			if steps[i].At > l.trough {
				break
			}
			switch {
			case ours(&steps[i]):
				s.Lost = 0
			case s.Lost == 0 && steps[i].State != sim.Unknown:
				s.Lost = steps[i].At
			}
		}
	case now.Path == nil || slices.Equal(now.Path, s.Baseline):
		s.State, s.Now, s.Since = cause.Kept, s.Baseline, now.Heard
	default:
		s.State, s.Now, s.Since = cause.Moved, now.Path, now.Heard
	}
	for i := range steps {
		if h := &steps[i]; h.At >= l.first && h.At <= l.trough && h.State == sim.Present && h.Path != nil && !slices.Equal(h.Path, s.Baseline) {
			s.Explored = append(s.Explored, cause.Hop{At: h.At, Path: h.Path})
		}
	}
	return s, true
}
