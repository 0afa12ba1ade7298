package block

import (
	"constat/internal/worded"
)

// Direction is which way a network stops the target's routes. Of packets, In are
// those from the target, Out those to it.
type Direction uint8

// Directions of a block.
const (
	Both Direction = iota
	In             // routes are refused on import: the applier has none, and passes none on
	Out            // routes are withheld on export: the applier keeps its own
)

var directions = [...]string{"both", "in", "out"}

func (d Direction) String() string { return directions[d] }

// ParseDirection reads a direction as a person writes it.
func ParseDirection(s string) (Direction, error) {
	for i, n := range directions {
		if s == n {
			return Direction(i), nil
		}
	}
	return 0, worded.Errorf("direction %.20q: not one of both, in, out", s)
}
