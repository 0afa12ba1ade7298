package outage

// withLoss is how many seconds after the loss of a route another's may come and
// still be said to have come with it: paths are explored for some tens of
// seconds.
const withLoss = 60

// Replacement says how much of an outage is explained by routes of another
// origin that stood in for what was lost.
type Replacement struct {
	Lost     int // routes gone at the trough
	Replaced int // of these, those for which another's came with the loss and stayed while it lasted
	Networks int // distinct ASes of the peers with such a route
}

// Stood reports whether another origin's routes stood in for more than half of
// what was lost, seen by at least two networks: evidence that the subject was
// replaced. A hijack that begins in an outage, or that ends before it, stood in
// at times and explains nothing of the loss.
func (r Replacement) Stood() bool { return r.Networks >= 2 && 2*r.Replaced > r.Lost }

// ReplacementIn measures the replacement in an outage found in the input. A peer's
// route was replaced if it became so at most 60 s after the peer lost it, and
// stayed so until the peer had the subject's route again or stopped watching.
func ReplacementIn(in Input, o Outage) Replacement {
	var r Replacement
	var as asCount
	for _, p := range o.Prefixes {
		for _, c := range in.Prefixes[p].Carriers {
			if !c.at(o.Trough()).gone() {
				continue
			}
			r.Lost++
			if c.replacedAt(o.Trough(), in.End) {
				r.Replaced++
				as.add(in.Peers[c.Peer].AS, 1)
			}
		}
	}
	r.Networks = len(as.n)
	return r
}

// replacedAt reports whether the loss that a carrier is in at a second was one to
// another origin's route.
func (c Carrier) replacedAt(t, end int64) bool {
	first := 0 // the step that began the loss
	for i, s := range c.Steps {
		if s.At > t {
			break
		}
		if !s.State.gone() {
			first = i + 1
		}
	}
	began := false
	for _, s := range c.Steps[first:] {
		switch {
		case s.At >= end || !s.State.gone():
			return began
		case s.State == Replaced:
			if !began && s.At > c.Steps[first].At+withLoss {
				return false
			}
			began = true
		case began: // lost again, and nothing stands in
			return false
		}
	}
	return began
}
