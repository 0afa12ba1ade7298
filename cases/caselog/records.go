package caselog

import (
	"encoding/binary"
	"encoding/json"
)

// Records says where each record of an exhibit lies in the uncompressed source, in the
// order of the exhibit. There may be millions, so they are kept as distances and lengths
// of some bytes each. In JSON they are [[offset,length],…].
type Records struct {
	packed []byte
	n      int
	end    int64 // behind the last record
	listed bool  // there is a list, though it may be empty; without one JSON has null
}

// RecordsOf packs a list of [offset, length].
func RecordsOf(list [][2]int64) Records {
	r := Records{listed: list != nil}
	for _, x := range list {
		r.Add(x[0], x[1])
	}
	return r
}

// Add appends a record.
func (r *Records) Add(offset, length int64) {
	r.packed = binary.AppendVarint(r.packed, offset-r.end)
	r.packed = binary.AppendVarint(r.packed, length)
	r.n, r.end, r.listed = r.n+1, offset+length, true
}

// Len is the number of records.
func (r Records) Len() int { return r.n }

// List unpacks them.
func (r Records) List() [][2]int64 {
	if !r.listed {
		return nil
	}
	out := make([][2]int64, 0, r.n)
	for c := r.Cursor(); ; {
		offset, length, ok := c.Next()
		if !ok {
			return out
		}
		out = append(out, [2]int64{offset, length})
	}
}

// Cursor gives records one by one.
type Cursor struct {
	rest []byte
	end  int64
}

// Cursor begins before the first record.
func (r Records) Cursor() Cursor { return Cursor{rest: r.packed} }

// Next gives the next record; false behind the last one.
func (c *Cursor) Next() (offset, length int64, ok bool) {
	if len(c.rest) == 0 {
		return 0, 0, false
	}
	d, n := binary.Varint(c.rest)
	length, k := binary.Varint(c.rest[n:])
	c.rest = c.rest[n+k:]
	offset = c.end + d
	c.end = offset + length
	return offset, length, true
}

// MarshalJSON writes a list of lists.
func (r Records) MarshalJSON() ([]byte, error) { return json.Marshal(r.List()) }

// UnmarshalJSON reads it.
func (r *Records) UnmarshalJSON(b []byte) error {
	var list [][2]int64
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*r = RecordsOf(list)
	return nil
}
