package atlas

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
)

// The parsers must neither panic nor hang nor believe a length; what they make
// of damage must hold together.

func FuzzDelegations(f *testing.F) {
	f.Add([]byte(apnic2014))
	f.Add([]byte("2|lacnic|20140629|1|19870101|20140627|-0300\nlacnic|BR|ipv6|2800::|23|20060101|allocated\n"))
	f.Add([]byte("2.3|ripencc|1404165599|1|19830705|20140630|+0200\nripencc|FR|asn|4200000000|1|19830705|allocated|x\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := damages{file: "f"}
		_, err := readDelegations(bytes.NewReader(raw), &d, func(r delegation) error {
			if len(r.cc) != 2 || r.value == 0 {
				t.Fatalf("%+v", r)
			}
			ps := r.prefixes()
			if r.kind != "asn" && len(ps) == 0 {
				t.Fatalf("no prefix of %+v", r)
			}
			n := uint64(0)
			for _, p := range ps {
				if !p.IsValid() || p.Masked() != p {
					t.Fatalf("%v of %+v", p, r)
				}
				if p.Addr().Is4() {
					n += 1 << (32 - p.Bits())
				}
			}
			if r.kind == "ipv4" && n != r.value {
				t.Fatalf("%d addresses of %+v", n, r)
			}
			return nil
		})
		if err != nil || len(d.named) > maxNamed || d.count < len(d.named) {
			t.Fatal(err, d)
		}
	})
}

func FuzzNames(f *testing.F) {
	f.Add([]byte(`{"1": "A, US", "131279": "B, KP"}`))
	f.Add([]byte("1 LVLT-1, US\nAS7 X\n"))
	f.Add([]byte(`{"1":`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := nameList{file: "f", damaged: damages{file: "f"}}
		if err := n.read(bytes.NewReader(raw)); err == nil && n.names == nil {
			t.Fatal("nothing and no error")
		}
		looksLikeNames("asn.txt", raw)
	})
}

func FuzzSubjectFile(f *testing.F) {
	f.Add([]byte("name: North Korea\nKP # all\n+AS131279\n-175.45.178.0/24 # why\n"))
	f.Add([]byte("AS1.2\n2001:db8::/32\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		sf, err := parseSubjectFile(raw)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n") && !bytes.ContainsAny(raw, "\r\v\f\u0085\u2028\u2029") {
				t.Fatalf("an error of several lines: %q", err)
			}
			return
		}
		b := newBuilder("f", KindFile)
		for _, l := range sf.lines {
			switch {
			case l.kind == KindAS && l.off:
				b.s.Strike.Origins = append(b.s.Strike.Origins, l.asn)
			case l.kind == KindAS:
				b.addAS(l.asn, "r")
			case l.kind == KindPrefix && l.off:
				b.s.Strike.Blocks = append(b.s.Strike.Blocks, l.prefix)
			case l.kind == KindPrefix:
				b.addBlock(l.prefix, "r")
			}
		}
		s := b.done()
		for _, p := range s.Blocks {
			if !s.Match(p, 1) && len(s.Strike.Origins) == 0 {
				t.Fatalf("%v is a block and does not match", p)
			}
			for _, c := range s.Strike.Blocks {
				if p.Overlaps(c) {
					t.Fatalf("%v is struck by %v", p, c)
				}
			}
		}
		s.Why(netip.MustParsePrefix("10.0.0.0/8"), 1)
	})
}
