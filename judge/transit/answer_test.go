package transit

import (
	"bytes"
	"testing"
)

// FuzzDecode: what is read as an earlier answer can be written and compared.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"format":"constat-chokepoints/1","at":"2015-10-23T02:01:55Z","subjects":[{"subject":"KP","frontier":{"count":1,"class":"severe"},"families":[{"family":"ipv4","ways":[{"frontier":1,"first":2}],"hegemony":[{"as":2,"hegemony":1}],"cuts":[{"by":"networks","lower":1,"upper":1}]}]}]}`))
	f.Add([]byte(`{"format":"constat-chokepoints/1","subjects":[null]}`))
	f.Add([]byte(`{"format":"constat-chokepoints/1","subjects":[{"subject":"KP","families":[{"cuts":[{"by":"networks","sets":[{}]}]}]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := Decode(raw)
		if err != nil {
			return
		}
		b, err := a.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		c, err := again.Encode()
		if err != nil || !bytes.Equal(b, c) {
			t.Fatalf("%v\n%s\n%s", err, b, c)
		}
		if len(a.Subjects) > 0 {
			if err := a.Since(again); err != nil || len(a.Changes) == 0 {
				t.Fatal(err)
			}
		}
	})
}
