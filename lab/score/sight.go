package score

import (
	"constat/cause"
	"constat/lab/sim"
)

// sight reads what a vantage saw of a loss out of its history, as the examiner
// of files does. A route of another origin is no route of the subject; if it
// came without a withdrawal, it displaced one.
func sight(l *loss, vantage int, steps []sim.Held, origin uint32) (cause.Sight, bool) {
	ours := func(h *sim.Held) bool {
		return h.State == sim.Present && (h.Path == nil || h.Path[len(h.Path)-1] == origin)
	}
	if len(steps) == 1 && ours(&steps[0]) && steps[0].Path != nil && steps[0].At < l.first-cause.StableFor {
		p := steps[0].Path
		return cause.Sight{Vantage: vantage, Baseline: p, Now: p, State: cause.Kept, Since: steps[0].Heard}, true
	}
	held := make([]cause.Held, len(steps))
	for i := range steps {
		h := &steps[i]
		held[i].At = h.At
		switch {
		case h.State == sim.Unknown:
		case ours(h):
			held[i].State, held[i].Path, held[i].Heard = cause.Present, h.Path, h.Heard
		default:
			held[i].State = cause.Absent
			held[i].Displaced = h.State == sim.Present && i > 0 && ours(&steps[i-1])
		}
	}
	return cause.Loss{First: l.first, Converged: l.converged, Trough: l.trough}.Sight(vantage, held)
}
