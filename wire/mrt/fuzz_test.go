package mrt_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"testing"

	"constat/internal/realdata"
	"constat/wire/mrt"
	"constat/wire/mrt/text"
)

// seeds gives records made by hand, and from every real file, where there are
// any, a few records of each subtype and a piece of the stream.
func seeds(f *testing.F) {
	made := handMade()
	for _, name := range slices.Sorted(maps.Keys(made)) {
		f.Add(made[name])
	}
	if _, ok := realdata.Dir(); !ok {
		return
	}
	for _, path := range slices.Concat(realFiles(f), faultFiles(f)) {
		data := unpack(f, path)
		f.Add(slices.Clone(data[:min(len(data), 600)]))
		r := mrt.NewReader(bytes.NewReader(data))
		seen := map[[2]uint16]int{}
		var index []byte
		for range 20_000 {
			rec, err := r.Next()
			if err != nil {
				break
			}
			k := [2]uint16{rec.Type, rec.Subtype}
			if rec.Type == mrt.TypeTableDumpV2 && rec.Subtype == mrt.V2PeerIndexTable {
				index = slices.Clone(rec.Raw)
			}
			if seen[k]++; seen[k] <= 3 && len(rec.Raw) < 4000 {
				f.Add(slices.Concat(index, rec.Raw))
			}
		}
	}
}

// FuzzRecords: whatever a record holds, the walker and the oracle see the same
// in it.
func FuzzRecords(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := mrt.NewReader(bytes.NewReader(data))
		var w mrt.Walker
		var o oracle
		for {
			rec, err := r.Next()
			if err == io.EOF {
				return
			}
			if err == nil {
				agree(t, &w, &o, rec)
			}
		}
	})
}

// FuzzForms: whatever an element holds, every form writes exactly one line for
// it (that of bgpdump at most one), and JSON is JSON.
func FuzzForms(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var b text.Bgpdump
		var l text.Line
		j := text.NewJSON("a \"file\"\n")
		collect(data, nil, func(rec *mrt.Record, e *mrt.Elem) {
			line, obj, dump := l.Append(nil, rec, e), j.Append(nil, rec, e), b.Append(nil, rec, e)
			if bytes.Count(line, []byte{'\n'}) != 1 || !bytes.HasSuffix(line, []byte{'\n'}) {
				t.Fatalf("line %q", line)
			}
			if bytes.Count(obj, []byte{'\n'}) != 1 || !json.Valid(obj) {
				t.Fatalf("object %q", obj)
			}
			if bytes.Count(dump, []byte{'\n'}) > 1 || len(dump) > 0 && !bytes.HasSuffix(dump, []byte{'\n'}) {
				t.Fatalf("bgpdump %q", dump)
			}
		})
	})
}

// FuzzReader: every byte of a stream is in exactly one record or one piece of
// damage, in order; reading comes to an end; and how the bytes arrive makes no
// difference.
func FuzzReader(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := mrt.NewReader(bytes.NewReader(data))
		slow := mrt.NewReader(iotestOneByte{bytes.NewReader(data)})
		at := int64(0)
		for calls := 0; ; calls++ {
			if calls > 2*len(data)+2 {
				t.Fatal("no end")
			}
			rec, err := r.Next()
			rec2, err2 := slow.Next()
			if (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() || !bytes.Equal(rec.Raw, rec2.Raw) || rec.Offset != rec2.Offset {
				t.Fatalf("at %d: %v, %v; byte by byte %v, %v", at, rec, err, rec2, err2)
			}
			if err == io.EOF {
				break
			}
			var d *mrt.Damage
			switch {
			case err == nil:
				if rec.Offset != at || !bytes.Equal(rec.Raw, data[at:at+int64(len(rec.Raw))]) {
					t.Fatalf("record at %d is not what stands at %d", rec.Offset, at)
				}
				at += int64(len(rec.Raw))
			case errors.As(err, &d):
				if d.Offset != at {
					t.Fatalf("damage at %d, want %d", d.Offset, at)
				}
				at += d.Length
			default:
				t.Fatalf("error %v is no damage", err)
			}
		}
		if at != int64(len(data)) && len(data) < 1<<20 {
			t.Fatalf("%d of %d bytes accounted for", at, len(data))
		}
	})
}

// iotestOneByte gives one byte at a time.
type iotestOneByte struct{ r io.Reader }

func (o iotestOneByte) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return o.r.Read(p[:1])
}
