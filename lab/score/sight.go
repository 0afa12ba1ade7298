package score

import (
	"constat/judge/cause"
	"constat/lab/sim"
)

// sight reads what a vantage saw of a loss out of its history, as from files. A
// route that others of the subject cover is not read.
func (j *judge) sight(r *reader, l *loss, p *sim.Prefix, h *sim.Route) (cause.Sight, bool) {
	steps := h.Steps
	if len(steps) == 1 && steps[0].State == sim.Present && steps[0].Path != nil && steps[0].Path[len(steps[0].Path)-1] == p.Origin {
		// Nearly all controls: the oracle of this shortcut is what follows.
		return cause.Sight{Vantage: h.Vantage, Baseline: steps[0].Path, State: cause.Kept, Now: steps[0].Path, Since: steps[0].Heard}, true
	}
	j.steps = j.steps[:0]
	for i := range steps {
		s := &steps[i]
		x := cause.Held{At: s.At, Heard: s.Heard}
		switch {
		case s.State == sim.Unknown:
		case r.ours(s, p.Origin):
			x.State, x.Path = cause.Present, cause.Path(s.Path)
		default:
			x.State = cause.Absent
			x.Displaced = s.State == sim.Present && i > 0 && r.ours(&steps[i-1], p.Origin)
		}
		j.steps = append(j.steps, x)
	}
	if p.Line >= 0 && r.gone(held(steps, l.trough), p.Origin) && r.covered(h.Vantage, p.Prefix, p.Origin, l.trough) {
		return cause.Sight{}, false
	}
	return cause.Loss{First: l.first, Converged: l.converged, Trough: l.trough}.Sight(h.Vantage, j.steps)
}
