package mrt_test

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	gobgp "github.com/osrg/gobgp/v4/pkg/packet/bgp"

	"constat/wire/bgp"
	"constat/wire/mrt"
)

// TestGoBGP: a third opinion on UPDATEs, that of gobgp's packet code. It is
// asked about the messages that say by themselves how to read them: undamaged,
// and without AS4_PATH, which it leaves unmerged, or path identifiers, which it
// would have to be told of.
func TestGoBGP(t *testing.T) {
	asked := 0
	for _, path := range realFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			r := mrt.NewReader(bytes.NewReader(unpack(t, path)))
			var w mrt.Walker
			for n := 0; n < 4000; {
				rec, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					continue
				}
				guessed := w.GuessedAddPath()
				kind, err := w.Record(rec)
				if kind != mrt.KindUpdate || err != nil || rec.Type == mrt.TypeBGP || w.GuessedAddPath() != guessed {
					continue
				}
				two := rec.Subtype == mrt.MPMessage || rec.Subtype == mrt.MPMessageLocal
				i := bytes.Index(rec.Raw, bytes.Repeat([]byte{0xff}, 16))
				msg, err := gobgp.ParseBGPMessage(rec.Raw[i:], &gobgp.MarshallingOption{Use2ByteAS: two, ExtendedMessage: true})
				if err != nil {
					t.Fatalf("record at %d: gobgp: %v", rec.Offset, err)
				}
				n++
				want := gobgpElems(msg.Body.(*gobgp.BGPUpdate))
				var got []string
				skip := false
				for w.Next() {
					e := w.Elem()
					s := fmt.Sprintf("%v %v", e.Kind, e.Prefix)
					if e.Kind == mrt.Announce {
						_, path4 := e.Attrs().RawPaths()
						skip = skip || !path4.Empty()
						s += fmt.Sprintf(" path %v hop %v", e.AppendPath(nil), e.NextHop())
						for i := range e.Attrs().NumCommunities() {
							s += fmt.Sprintf(" %d", e.Attrs().Community(i))
						}
						if e.Attrs().Has(bgp.AttrMED) {
							s += fmt.Sprintf(" med %d", e.Attrs().MED)
						}
					}
					if e.Kind != mrt.EndOfRIB {
						got = append(got, s)
					}
				}
				if skip {
					continue
				}
				asked++
				if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
					t.Fatalf("record at %d:\n%s\ngobgp:\n%s", rec.Offset, g, w)
				}
			}
		})
	}
	t.Logf("%d messages", asked)
}

// gobgpElems puts gobgp's view of an UPDATE into words, in the walker's order.
func gobgpElems(u *gobgp.BGPUpdate) (out []string) {
	var path []uint32
	hop, rest := "", ""
	var reach *gobgp.PathAttributeMpReachNLRI
	for _, p := range u.WithdrawnRoutes {
		out = append(out, "withdraw "+p.NLRI.String())
	}
	for _, a := range u.PathAttributes {
		switch a := a.(type) {
		case *gobgp.PathAttributeMpUnreachNLRI:
			for _, p := range a.Value {
				out = append(out, "withdraw "+p.NLRI.String())
			}
		case *gobgp.PathAttributeMpReachNLRI:
			reach = a
		case *gobgp.PathAttributeAsPath:
			for _, s := range a.Value {
				path = append(path, s.GetAS()...)
			}
		case *gobgp.PathAttributeNextHop:
			hop = a.Value.String()
		case *gobgp.PathAttributeCommunities:
			for _, c := range a.Value {
				rest += fmt.Sprintf(" %d", c)
			}
		}
	}
	for _, a := range u.PathAttributes {
		if a, ok := a.(*gobgp.PathAttributeMultiExitDisc); ok {
			rest += fmt.Sprintf(" med %d", a.Value)
		}
	}
	for _, p := range u.NLRI {
		out = append(out, fmt.Sprintf("announce %s path %v hop %s%s", p.NLRI, path, hop, rest))
	}
	if reach != nil {
		for _, p := range reach.Value {
			out = append(out, fmt.Sprintf("announce %s path %v hop %s%s", p.NLRI, path, reach.Nexthop, rest))
		}
	}
	return out
}
