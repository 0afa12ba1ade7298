package bunzip

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// columnBlock is a block with the given last column, as entropy leaves it.
func columnBlock(column []byte, origin int) *block {
	b := &block{column: append(bytes.Clone(column), make([]byte, slack)...), n: len(column), origin: origin}
	for _, v := range column {
		b.count[v]++
	}
	return b
}

// Columns that no transform wrote: the lanes must walk as one would.
func TestInvert(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const n = 20 * minPart
	columns := map[string][]byte{"random": make([]byte, n), "two": make([]byte, n), "same": make([]byte, n)}
	for i := range n {
		columns["random"][i] = byte(r.Uint32())
		columns["two"][i] = byte(r.Uint32() & 1)
	}
	// Rows lead to the row d further on, so the rows fall into d rings. For
	// an even d, all marks are on one of the rings, and the origin's ring, if
	// it is another one, is one long part.
	for _, d := range []int{1, 2, 4, 7} {
		c := make([]byte, n)
		for i := range d {
			c[i] = 1
		}
		columns["steps of "+string(rune('0'+d))] = c
	}
	for name, c := range columns {
		for _, origin := range []int{0, 1, minPart, n - 1} {
			fast, slow := columnBlock(c, origin), columnBlock(c, origin)
			fast.invert()
			table := make([]uint32, n)
			slow.text = make([]byte, n)
			slow.sort(table)
			slow.walk(table)
			if !bytes.Equal(fast.text, slow.text) {
				t.Errorf("%s, origin %d: other text", name, origin)
			}
		}
	}
}
