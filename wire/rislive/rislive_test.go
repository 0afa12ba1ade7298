package rislive

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
	"constat/wire/mrt/text"
)

// lines prints what is read, damage among it.
func lines(t *testing.T, in, collector string) string {
	t.Helper()
	r := build.NewRecords(NewReader(strings.NewReader(in), collector), collector)
	var w mrt.Walker
	var form text.Line
	var out []byte
	for n := 0; ; n++ {
		rec, err := r.Next()
		if err == io.EOF {
			return string(out)
		}
		var d *mrt.Damage
		if errors.As(err, &d) {
			out = fmt.Appendf(out, "! %v\n", d)
			continue
		}
		if err != nil || n > 100_000 {
			t.Fatal(n, err)
		}
		kind, _ := w.Record(rec)
		n := 0
		for w.Next() {
			n++
			out = form.Append(out, &rec, w.Elem())
		}
		if err := w.Err(); err != nil {
			out = fmt.Appendf(out, "! %v\n", err)
		} else if n == 0 {
			out = fmt.Appendf(out, "%v %v\n", rec.Time, kind)
		}
	}
}

// sample has one line of each kind, in the shape of the service's manual.
const sample = `{"type":"ris_message","data":{"timestamp":1419264907.25,"peer":"192.0.2.1","peer_asn":"64500","id":"a","host":"rrc00","type":"UPDATE","path":[64500,4837,[131279,64999]],"community":[[64500,7],[65535,65281]],"origin":"igp","med":10,"aggregator":"64500:192.0.2.7","announcements":[{"next_hop":"192.0.2.1","prefixes":["175.45.176.0/24","175.45.177.0/24"]}],"withdrawals":["175.45.178.0/24"]}}
{"type":"ris_message","data":{"timestamp":1419264907,"peer":"2001:db8::1","peer_asn":64501,"host":"rrc01.ripe.net","type":"UPDATE","path":[64501,131279],"origin":"INCOMPLETE","announcements":[{"next_hop":"2001:db8::2,fe80::1","prefixes":["2001:db8:1::/48"]}]}}
{"type":"ris_message","data":{"timestamp":1419264908.000001,"peer":"192.0.2.1","peer_asn":"64500","host":"rrc00","type":"RIS_PEER_STATE","state":"down"}}
{"timestamp":1419264909,"peer":"192.0.2.1","peer_asn":"64500","host":"rrc00","type":"RIS_PEER_STATE","state":"connected"}
{"type":"ris_subscribe_ok","data":{"subscription":{}}}
{"type":"ris_message","data":{"timestamp":1419264910.5,"peer":"192.0.2.1","peer_asn":"64500","host":"rrc00","type":"KEEPALIVE"}}
{"type":"ris_message","data":{"timestamp":1419264911,"peer":"192.0.2.1","peer_asn":"64500","host":"rrc00","type":"UPDATE","raw":"ffffffffffffffffffffffffffffffff001f02000818af2db018af2db10000","withdrawals":["175.45.176.0/24"]}}
{"type":"ris_error","data":{"message":"too slow"}}
{"type":"ris_message","data":{"timestamp":1419264912,"peer":"192.0.2.1","pee
`

func TestLines(t *testing.T) {
	const rrc00 = `2014-12-22T16:15:07.250000Z withdraw 192.0.2.1 AS64500 175.45.178.0/24
2014-12-22T16:15:07.250000Z announce 192.0.2.1 AS64500 175.45.176.0/24 path 64500 4837 {131279,64999} origin IGP next-hop 192.0.2.1 med 10 aggregator AS64500 192.0.2.7 communities 64500:7 65535:65281
2014-12-22T16:15:07.250000Z announce 192.0.2.1 AS64500 175.45.177.0/24 path 64500 4837 {131279,64999} origin IGP next-hop 192.0.2.1 med 10 aggregator AS64500 192.0.2.7 communities 64500:7 65535:65281
`
	const rrc01 = `2014-12-22T16:15:07Z announce 2001:db8::1 AS64501 2001:db8:1::/48 path 64501 131279 origin INCOMPLETE next-hop 2001:db8::2
`
	const rest = `2014-12-22T16:15:08.000001Z state 192.0.2.1 AS64500 unknown to Idle
2014-12-22T16:15:09Z state 192.0.2.1 AS64500 Idle to Established
2014-12-22T16:15:10.500000Z keepalive
2014-12-22T16:15:11Z withdraw 192.0.2.1 AS64500 175.45.176.0/24
2014-12-22T16:15:11Z withdraw 192.0.2.1 AS64500 175.45.177.0/24
`
	const damage = `! line 8: here the service reported an error, and what it did not send is unknown: too slow
! line 9: not a JSON object: unexpected end of JSON input
`
	for collector, want := range map[string]string{"": rrc00 + rrc01 + rest + damage, "rrc00": rrc00 + rest + damage, "rrc01": rrc01 + damage} {
		if got := lines(t, sample, collector); got != want {
			t.Errorf("collector %q:\n%s\nwant\n%s", collector, got, want)
		}
	}
}

func TestDamage(t *testing.T) {
	head := `{"timestamp":1419264907,"peer":"192.0.2.1","peer_asn":"64500","host":"rrc00",`
	for in, want := range map[string]string{
		`[1,2]`: "not a JSON object",
		`{"timestamp":"x","peer":"192.0.2.1","type":"UPDATE"}`:              "not a message of RIS Live",
		`{"timestamp":-1,"peer":"192.0.2.1","type":"UPDATE"}`:               `timestamp "-1" is no number of seconds`,
		`{"timestamp":1,"peer":"router","type":"UPDATE"}`:                   `peer "router" is no address`,
		`{"timestamp":1,"peer":"fe80::1%eth0","type":"UPDATE"}`:             "is no address",
		`{"timestamp":1,"peer":"192.0.2.1","peer_asn":"x","type":"UPDATE"}`: "is no AS number",
		head + `"type":"KEEPALIVE","peer":"192.0.2.2"}`:                     `the member "peer" is there twice`,
		head + `"type":"UPDATE","raw":"zz"}`:                                "its raw bytes",
		head + `"type":"UPDATE","raw":"00"}`:                                "too few for a BGP message",
		head + `"type":"RIS_PEER_STATE","state":"odd"}`:                     `state "odd"`,
		head + `"type":"SOMETHING"}`:                                        `message type "SOMETHING" is unknown`,
		head + `"type":"UPDATE","withdrawals":["10.0.0.0"]}`:                `prefix "10.0.0.0"`,
		head + `"type":"UPDATE","path":[-1]}`:                               "is no AS number",
		head + `"type":"UPDATE","community":[[1,70000]]}`:                   "a community is not",
		head + `"type":"UPDATE","origin":"other"}`:                          `origin "other"`,
	} {
		if got := lines(t, in+"\n", ""); !strings.HasPrefix(got, "! ") || !strings.Contains(got, want) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestRecognise(t *testing.T) {
	for in, want := range map[string]bool{
		sample:                           true,
		"\n[\n" + sample:                 true,
		`{"data":{"resource":"AS1"}}`:    false,
		`{"type":"ris_error","data":{}}`: true,
		"":                               false, "BGP4MP|1|A": false,
	} {
		if Recognise([]byte(in)) != want {
			t.Errorf("%.60q: want %v", in, want)
		}
	}
}

// TestReal: where the bytes and the fields of a message are there, both say the
// same.
func TestReal(t *testing.T) {
	b, err := os.ReadFile(realdata.Path(t, filepath.Join("json", "ris-live-stream.json")))
	if err != nil {
		t.Fatal(err)
	}
	raw := lines(t, string(b), "")
	fields := lines(t, strings.ReplaceAll(string(b), `"raw"`, `"was"`), "")
	if raw != fields || strings.Count(raw, "announce 72.22.223.9 AS11708 45.161.192.0/23 path 11708 32097 1299 52320 ") != 1 {
		t.Errorf("from the bytes\n%s\nfrom the fields\n%s", raw, fields)
	}
	if !strings.Contains(raw, "state 195.66.224.59 AS24931 unknown to Idle") || !strings.Contains(raw, "this is a test error message") {
		t.Error(raw)
	}
}

func FuzzReader(f *testing.F) {
	for l := range strings.SplitAfterSeq(sample, "\n") {
		f.Add([]byte(l))
	}
	f.Add([]byte(sample))
	f.Fuzz(func(t *testing.T, b []byte) {
		// Whatever comes, it ends, and what one collector is said to have said is
		// what all said, without the others.
		lines(t, string(b), "")
		lines(t, string(b), "rrc00")
	})
}
